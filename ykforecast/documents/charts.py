"""What a screen draws: specifications of interactive charts as plain lists and numbers (`Figure.chart`).

One function per kind. Numbers come in printed units and are kept to two digits more than are printed; what is not
there (NaN) becomes None and is drawn as a gap. ``assets/charts.js`` draws the kinds; `documents.result_charts` makes
them from datasets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Chart = dict[str, Any]


def band(name: str, low: Iterable[float], high: Iterable[float], decimals: int) -> Chart:
    """An interval around a line, such as ``80%``; put the widest first."""
    return {"name": name, "low": _plain(low, decimals), "high": _plain(high, decimals)}


def line(
    name: str,
    values: Iterable[float],
    decimals: int,
    *,
    bands: Sequence[Chart] = (),
    tone: int | str = 0,
    dashed: bool = False,
) -> Chart:
    """One line of :func:`lines` with its bands; ``tone`` is a series, 0 to 5, or a role of ``assets/report.css``."""
    return {
        "name": name,
        "values": _plain(values, decimals),
        "bands": list(bands),
        "tone": str(tone),
        "dashed": dashed,
    }


def mark(name: str, x: float, y: float, decimals: int, *, shape: str = "circle", tone: str = "ink") -> Chart:
    """A point of :func:`lines`: a published figure (``circle``) or a target (``diamond``)."""
    return {"name": name, "x": x, "y": _number(y, decimals), "shape": shape, "tone": tone}


def level(name: str, value: float, decimals: int, tone: str = "target") -> Chart:
    """A level line across :func:`lines` or :func:`stacked`: a target, a warning line."""
    return {"name": name, "value": _number(value, decimals), "tone": tone}


def lines(
    x: Sequence[float] | Sequence[str],
    series: Sequence[Chart],
    *,
    unit: str,
    decimals: int,
    x_label: str = "",
    marks: Sequence[Chart] = (),
    levels: Sequence[Chart] = (),
    low: float | None = None,
    high: float | None = None,
) -> Chart:
    """Lines with bands over years, doses or named months: fans, comparisons of scenarios, stress, effort curves.

    Parameters
    ----------
    x : sequence of float or str
        Positions, or names at even distances.
    series : sequence of :func:`line`
    unit : str
        Printed unit in the language of the document.
    decimals : int
        Of the values as they are read out.
    x_label : str
    marks : sequence of :func:`mark`
    levels : sequence of :func:`level`
    low, high : float, optional
        Ends of the axis; by default what is drawn, with a margin.

    Raises
    ------
    ValueError
        A series or a band is not as long as ``x``.
    """
    for one in series:
        for name, values in _runs(one):
            _as_long(f"{one['name']} {name}", values, x)
    return {
        "kind": "lines",
        "x": list(x),
        "xLabel": x_label,
        "series": list(series),
        "marks": list(marks),
        "levels": list(levels),
        "low": low,
        "high": high,
        **_unit(unit, decimals),
    }


def bars(
    names: Sequence[str],
    values: Sequence[float],
    *,
    unit: str,
    decimals: int,
    tones: Sequence[str] | None = None,
    notes: Sequence[str] | None = None,
    shown: Sequence[str] | None = None,
    legend: Mapping[str, str] | None = None,
    high: float | None = None,
) -> Chart:
    """Horizontal bars from nought: probabilities of attainment, shares.

    Parameters
    ----------
    names, values : sequence
        One bar each.
    unit, decimals
        As for :func:`lines`.
    tones, notes : sequence of str, optional
        Role of colour and a word for the read-out (the class) of each bar.
    shown : sequence of str, optional
        Figures as printed, where rounding has rules of its own (never 0 or 100 %).
    legend : mapping of str to str, optional
        Name of each tone.
    high : float, optional
        Length of a whole bar, drawn pale behind each.
    """
    for other in (values, tones, notes, shown):
        if other is not None:
            _as_long("bars", other, names)
    rows = [
        {
            "name": name,
            "value": _number(value, decimals),
            "tone": tones[at] if tones else "course",
            "note": notes[at] if notes else "",
            "shown": shown[at] if shown else None,
        }
        for at, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    return {"kind": "bars", "rows": rows, "legend": dict(legend or {}), "high": high, **_unit(unit, decimals)}


def dumbbells(
    names: Sequence[str],
    first: Sequence[float],
    second: Sequence[float],
    labels: tuple[str, str],
    *,
    unit: str,
    decimals: int,
    notes: Sequence[str] | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Chart:
    """Two values on one line for each name: time elapsed against progress made, before against after.

    ``notes`` say for each row why one of them is missing; a value beyond ``low`` or ``high`` is an arrow at the end.
    """
    for other in (first, second, notes):
        if other is not None:
            _as_long("dumbbells", other, names)
    rows = [
        {
            "name": name,
            "first": _number(first[at], decimals),
            "second": _number(second[at], decimals),
            "note": notes[at] if notes else "",
        }
        for at, name in enumerate(names)
    ]
    return {
        "kind": "dumbbells",
        "rows": rows,
        "labels": list(labels),
        "low": low,
        "high": high,
        **_unit(unit, decimals),
    }


def lamps(
    columns: Sequence[str],
    rows: Mapping[str, Sequence[str]],
    states: Mapping[str, tuple[str, str]],
    notes: Mapping[str, Sequence[str]] | None = None,
) -> Chart:
    """A grid of lamps, one row per index, one column per month or year.

    Parameters
    ----------
    columns : sequence of str
    rows : mapping of str to sequence of str
        State by row and column; an empty state is no lamp.
    states : mapping of str to (str, str)
        Name and colour (``#rrggbb``) of each state, the gravest last.
    notes : mapping of str to sequence of str, optional
        What each lamp stands for, for the read-out.

    Raises
    ------
    ValueError
        A row of another length, or a state that is not in ``states``.
    """
    for name, row in rows.items():
        _as_long(name, row, columns)
        if strange := {*row} - {*states, ""}:
            raise ValueError(f"lamps: {name} has the unknown states {sorted(strange)}")
    return {
        "kind": "lamps",
        "columns": list(columns),
        "rows": [
            {"name": name, "states": list(row), "notes": list(notes[name]) if notes else [""] * len(columns)}
            for name, row in rows.items()
        ],
        "states": {state: {"name": name, "colour": colour} for state, (name, colour) in states.items()},
    }


def pyramid(
    ages: Sequence[int],
    sides: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    labels: tuple[str, str],
    *,
    age_label: str,
    unit: str,
    decimals: int,
) -> Chart:
    """Population by age at two times.

    ``sides`` hold for the left and for the right sex the numbers before (outline) and after (filled).
    """
    for name, (before, after) in sides.items():
        _as_long(name, before, ages)
        _as_long(name, after, ages)
    return {
        "kind": "pyramid",
        "ages": list(ages),
        "ageLabel": age_label,
        "sides": [
            {"name": name, "before": _plain(before, decimals), "after": _plain(after, decimals)}
            for name, (before, after) in sides.items()
        ],
        "labels": list(labels),
        **_unit(unit, decimals),
    }


def waterfall(
    names: Sequence[str],
    steps: Sequence[float],
    *,
    total: str,
    unit: str,
    decimals: int,
    start: tuple[str, float] | None = None,
) -> Chart:
    """Steps one after the other and their sum: the parts of a change, or from ``start`` to the last forecast."""
    _as_long("waterfall", steps, names)
    return {
        "kind": "waterfall",
        "start": {"name": start[0], "value": _number(start[1], decimals)} if start else None,
        "rows": [{"name": name, "value": _number(step, decimals)} for name, step in zip(names, steps, strict=True)],
        "total": total,
        **_unit(unit, decimals),
    }


def stacked(
    x: Sequence[str] | Sequence[int],
    series: Mapping[str, Sequence[float]],
    *,
    unit: str,
    decimals: int,
    over: Mapping[str, Sequence[float]] | None = None,
    levels: Sequence[Chart] = (),
    colours: Sequence[str] | None = None,
) -> Chart:
    """Columns of signed parts (income up, expenditure down), with lines over them such as the balance.

    ``colours`` (``#rrggbb``) are those of the series where a colour is what the series is called, as lamps are.
    """
    for name, values in {**series, **(over or {})}.items():
        _as_long(name, values, x)
    if colours is not None:
        _as_long("colours", colours, list(series))
    return {
        "kind": "stacked",
        "x": list(x),
        "series": [
            {"name": name, "values": _plain(values, decimals), "colour": colours[at] if colours else None}
            for at, (name, values) in enumerate(series.items())
        ],
        "over": [{"name": name, "values": _plain(values, decimals)} for name, values in (over or {}).items()],
        "levels": list(levels),
        **_unit(unit, decimals),
    }


def _unit(unit: str, decimals: int) -> Chart:
    return {"unit": unit, "decimals": decimals}


def _number(value: float, decimals: int) -> float | None:
    value = float(value)
    return round(value, decimals + 2) if math.isfinite(value) else None


def _plain(values: Iterable[float], decimals: int) -> list[float | None]:
    return [_number(value, decimals) for value in values]


def _runs(series: Chart) -> Iterable[tuple[str, list[float | None]]]:
    yield "values", series["values"]
    for one in series["bands"]:
        yield one["name"], one["low"]
        yield one["name"], one["high"]


def _as_long(name: str, values: Sequence[Any], x: Sequence[Any]) -> None:
    if len(values) != len(x):
        raise ValueError(f"chart: {name} has {len(values)} entries where {len(x)} are drawn")
