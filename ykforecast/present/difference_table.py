"""The difference of two scenarios: as a table with its causes, as even text, in HTML and as a frame of numbers."""

from __future__ import annotations

from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any, Final

import xarray as xr

from ykforecast.assess.difference import BOTH, LEVER, SHOCK, SIDE_EFFECT, UNCHANGED
from ykforecast.assess.difference import difference as _difference
from ykforecast.present.doses import UNITS, dose_change
from ykforecast.present.text import (
    check_language,
    even_lines,
    forecast_decimals,
    html_rows,
    percent,
    percent_error,
    scenario_label,
    signed,
    unit_label,
)
from ykforecast.vocabulary.dims import YEARS

if TYPE_CHECKING:
    import pandas as pd

_NEEDED: Final = ("change", "outcome_change", "probability_change", "explanation", "dose", "moves")
#: A difference is smaller than what it is a difference of: so many decimals more than a forecast.
_MORE: Final = 1
_HEADINGS: Final = {
    "zh": ("序号", "指标", "单位", "目标口径（80%区间）", "增加%", "概率%", "概率变化", "由来"),
    "en": ("no.", "indicator", "unit", "on target's basis (80 %)", "% above 0", "prob. %", "change", "cause"),
}
_COMMAS: Final = {"zh": "、", "en": ", "}
_CAUSES: Final = {
    "zh": {LEVER: "措施", SHOCK: "冲击", BOTH: "措施、冲击", SIDE_EFFECT: "传导", UNCHANGED: "未变"},
    "en": {
        LEVER: "measures",
        SHOCK: "shock",
        BOTH: "measures, shock",
        SIDE_EFFECT: "side effect",
        UNCHANGED: "unchanged",
    },
}
_SHOCKS: Final = {
    "zh": {"downturns": "外部下行", "gdp_growth": "给定的增速", "migration": "人口迁移"},
    "en": {"downturns": "downturns", "gdp_growth": "given growth", "migration": "migration"},
}
_LEVER_HEADINGS: Final = {
    "zh": ("措施", "剂量之差", "申报影响的指标"),
    "en": ("measure", "change of dose", "declared to move"),
}
_SENTENCES: Final = {
    "zh": {
        "title": "{second} 减 {first}：{total}项指标中{moved}项变动，其中{lever}项有不同的措施申报{side}{joint}。",
        "shock": "，{count}项随外部冲击而变",
        "side": "，{count}项经队列模型传导",
        "joint": "；约束性指标全部完成的概率由{before}%变为{after}%",
        "note": "注：各年为同一抽样两情景之差的中位数，{draws}次抽样共用随机数；“增加%”为差大于零的抽样比例；"
        "概率变化为百分点及其抽样误差；序号见上表。",
        "shocks": "外部冲击不同：{names}。由来记作“措施、冲击”的，二者未分开。",
        "side_effects": "没有不同的措施申报、经队列模型传导而变：{names}。",
        "unmoved": "有不同的措施申报而未变：{names}。",
        "fund": "基金收支",
        "no_levers": "两情景的措施相同。",
    },
    "en": {
        "title": "{second} less {first}: of {total} indicators {moved} change, {lever} of them by measures declared to "
        "do so{side}{joint}.",
        "shock": ", {count} with the shock",
        "side": ", {count} as a side effect through the cohort model",
        "joint": "; all binding targets together {before} to {after} %",
        "note": "Years are medians of the difference of both scenarios in the same draw, {draws} draws with common "
        "random numbers; '% above 0' is the share of draws that rise; changes of probability are points with their "
        "Monte Carlo error; numbers refer to the table above.",
        "shocks": "Shocks that differ: {names}; where measures differ too, both are not told apart.",
        "side_effects": "Changed through the cohort model, declared by no measure that differs: {names}.",
        "unmoved": "Declared by a measure that differs, and not changed: {names}.",
        "fund": "fund balance",
        "no_levers": "Both scenarios have the same measures.",
    },
}


class Difference(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`difference` that prints its table and what explains it."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Numbers by indicator and year.

        Returns
        -------
        pandas.DataFrame
            Index (indicator, year). ``median``, ``p2.5`` .. ``p97.5`` of the paired difference in base units,
            ``share_positive``, and of the indicator its ``unit`` (base), ``probability_change``, its error
            ``probability_change_error``, and ``explanation``.
        """
        bounds = {
            f"p{50.0 + side * 50.0 * level:g}": self["change_interval"].sel(level=level, bound=bound, drop=True)
            for level in self["level"].values.tolist()
            for bound, side in (("lower", -1), ("upper", 1))
        }
        named = sorted(bounds, key=lambda name: float(name[1:]))
        columns = {"median": self["change"], **{name: bounds[name] for name in named}}
        columns |= {name: self[name] for name in ("share_positive", *_NEEDED[2:4], "probability_change_error")}
        # Plain arrays: the labels of the table would be columns of their own.
        table = xr.Dataset({name: values.reset_coords(drop=True) for name, values in columns.items()})
        frame = table.to_dataframe(dim_order=["indicator", "year"])
        frame.insert(0, "unit", self["unit"].to_series().reindex(frame.index, level="indicator"))
        return frame

    def __repr__(self) -> str:
        return plain_difference(self) if _shows(self) else super().__repr__()

    def _repr_html_(self) -> str:
        return html_difference(self) if _shows(self) else super()._repr_html_()


def _shows(found: xr.Dataset) -> bool:
    return all(name in found for name in _NEEDED) and {"scenario", "indicator", "year", "lever"} <= set(found.dims)


@wraps(_difference)
def difference(*arguments: Any, **options: Any) -> Difference:  # noqa: D103  # the docstring is the wrapped one's
    found = _difference(*arguments, **options)
    return Difference(dict(found.data_vars), coords=found.coords, attrs=found.attrs)


def difference_table(found: xr.Dataset, lang: str = "zh") -> pd.DataFrame:
    """Rows of the sixteen: what the second scenario changes, in the units of the plan.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.difference`.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    pandas.DataFrame
        Text cells, indexed by key: number, name, unit, median differences of 2021..2025, difference on the basis of
        the target with its 80 % interval, share of draws that rise, probabilities, their change, cause. Differences of
        an indicator that no draw changes are blank.
    """
    import pandas as pd

    number, name, unit, outcome, rises, chance, change, cause = _HEADINGS[check_language(lang)]
    rows = []
    for key in found["indicator"].values.tolist():
        here = found.sel(indicator=key)
        printed_unit, why = str(here["printed_unit"].item()), str(here["explanation"].item())
        decimals = forecast_decimals(printed_unit, int(here["decimals"])) + _MORE

        def shown(value: Any, unit: str = printed_unit, decimals: int = decimals, same: bool = why == UNCHANGED) -> str:
            return "" if same else signed(float(value), unit, decimals)

        low, high = map(shown, here["outcome_change_interval"].sel(level=0.8))
        before, after = (percent(float(one)) for one in here["probability"])
        points, error = 100.0 * float(here["probability_change"]), float(here["probability_change_error"])
        same = why == UNCHANGED
        rows.append(
            {
                number: str(here["number"].item()),
                name: str(here[f"label_{lang}"].item()),
                unit: unit_label(printed_unit, lang),
                **{str(year): shown(here["change"].sel(year=year)) for year in YEARS},
                outcome: "" if same else f"{shown(here['outcome_change'])} ({low}~{high})",
                rises: "" if same else f"{100.0 * float(here['outcome_share_positive']):.0f}",
                chance: before if same else f"{before}→{after}",
                change: "" if same else f"{points:+.1f}±{percent_error(error)}",
                cause: _CAUSES[lang][why],
            }
        )
    return pd.DataFrame(rows, index=pd.Index(found["indicator"].values.tolist(), name="key"))


def lever_table(found: xr.Dataset, lang: str = "zh") -> pd.DataFrame:
    """Measures that differ: change of dose by year, and the numbers of the indicators they are declared to move."""
    import pandas as pd

    label, unit, moves = _LEVER_HEADINGS[check_language(lang)]
    before, after = found["dose"]
    numbers = found["number"].values
    rows = []
    for place, measured in enumerate(found["dose_unit"].values.tolist()):
        doses = (after - before).isel(lever=place)
        rows.append(
            {
                label: str(found[f"lever_{lang}"].values[place]),
                unit: UNITS[lang][measured],
                **{str(year): dose_change(float(doses.sel(year=year)), measured) for year in YEARS},
                moves: _COMMAS[lang].join(map(str, numbers[found["moves"].values[place]])) or _SENTENCES[lang]["fund"],
            }
        )
    return pd.DataFrame(rows, index=pd.Index(found["lever"].values.tolist(), name="key"))


def plain_difference(found: xr.Dataset, lang: str = "zh") -> str:
    """Both tables and what the causes leave open, as text of even columns."""
    table, levers = difference_table(found, lang), lever_table(found, lang)
    lines = [_headline(found, lang), *even_lines(table.columns, table.values.tolist(), {1, 2, len(table.columns) - 1})]
    lines += [_SENTENCES[lang]["note"].format(draws=found.attrs["draws"]), ""]
    if len(levers):
        lines += even_lines(levers.columns, levers.values.tolist(), {0, 1, len(levers.columns) - 1})
    return "\n".join([*lines, *_open(found, lang)])


def html_difference(found: xr.Dataset, lang: str = "zh") -> str:
    """The same as an HTML fragment; every text is escaped."""
    table, levers = difference_table(found, lang), lever_table(found, lang)
    notes = [_SENTENCES[lang]["note"].format(draws=found.attrs["draws"]), *_open(found, lang)]
    parts = [html_rows(table.columns, table.values.tolist(), _headline(found, lang))]
    if len(levers):
        parts.append(html_rows(levers.columns, levers.values.tolist()))
    return "".join([*parts, "<p><small>", "<br>".join(map(escape, notes)), "</small></p>"])


def _headline(found: xr.Dataset, lang: str) -> str:
    says = _SENTENCES[lang]
    why = found["explanation"].values.tolist()
    side = "".join(
        says[word].format(count=why.count(kind))
        for word, kind in (("shock", SHOCK), ("side", SIDE_EFFECT))
        if kind in why
    )
    joint = ""
    if "joint_probability" in found:
        before, after = (percent(float(one)) for one in found["joint_probability"])
        joint = says["joint"].format(before=before, after=after)
    first, second = (scenario_label(found, name, lang) for name in found["scenario"].values.tolist())
    moved = len(why) - why.count(UNCHANGED)
    return says["title"].format(
        first=first,
        second=second,
        total=len(why),
        moved=moved,
        lever=why.count(LEVER) + why.count(BOTH),
        side=side,
        joint=joint,
    )


def _open(found: xr.Dataset, lang: str) -> list[str]:
    """What the table of measures does not say: shocks, side effects, declared effects that did not come."""
    says, why = _SENTENCES[lang], found["explanation"]
    declared = found["moves"].any("lever")
    shocks = [_SHOCKS[lang][kind] for kind in found.attrs["shocks"]]
    lists = (
        ("shocks", shocks),
        ("side_effects", _names(found, why == SIDE_EFFECT, lang)),
        ("unmoved", _names(found, declared & (why == UNCHANGED), lang)),
    )
    lines = [] if found.sizes["lever"] else [says["no_levers"]]
    return lines + [says[key].format(names=_COMMAS[lang].join(names)) for key, names in lists if names]


def _names(found: xr.Dataset, chosen: xr.DataArray, lang: str) -> list[str]:
    numbers, labels = found["number"].values[chosen.values], found[f"label_{lang}"].values[chosen.values]
    return [f"{number} {label}" for number, label in zip(numbers, labels, strict=True)]
