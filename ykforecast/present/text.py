"""Words and widths: printed numbers, East Asian column widths, sentences of the table.

Every sentence here is a fixed phrase with a number put in, so that a report made twice reads the same.
"""

from __future__ import annotations

import math
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable
from html import escape as html_escape
from typing import TYPE_CHECKING, Final

from ykforecast.assess.classes import CLASSES_EN as CLASSES_EN
from ykforecast.vocabulary.errors import RequestError
from ykforecast.vocabulary.units import UNITS_EN, UNITS_ZH, from_base
from ykforecast.vocabulary.units import forecast_decimals as forecast_decimals
from ykforecast.vocabulary.units import printed_target as printed_target

if TYPE_CHECKING:
    import xarray as xr


LANGUAGES: Final = ("zh", "en")


def check_language(lang: str) -> str:
    """``lang`` itself when it is one of :data:`LANGUAGES`.

    Raises
    ------
    RequestError
        Another language.
    """
    if lang not in LANGUAGES:
        raise RequestError("no such language", key="lang", value=lang, remedy="Use 'zh' or 'en'.")
    return lang


#: Less than any share of draws can be off a half: takes up binary fractions.
_HAIR: Final = 1e-9


def percent(probability: float, decimals: int = 0) -> str:
    """Probability in per cent, whole unless decimals are asked for; the ends are never printed as certainty."""
    if math.isnan(probability):
        return ""
    # Halves go up as spreadsheets have them, so that one probability prints alike in every file.
    steps, least = 100.0 * probability * 10.0**decimals, 10.0**-decimals
    text = f"{math.floor(steps + 0.5 + _HAIR) * least:.{decimals}f}"
    if float(text) >= 100.0:
        return f">{100.0 - least:.{decimals}f}"
    return text if steps > 0.5 + _HAIR else f"<{least:.{decimals}f}"


def percent_error(error: float) -> str:
    """Monte Carlo error of a probability in points to one decimal; never printed as none."""
    return percent(error, 1)


def chance(probability: float, error: float) -> str:
    """Probability in per cent to one decimal with its Monte Carlo error in points, as in ``86.0%±1.7``."""
    return f"{percent(probability, 1)}%±{percent_error(error)}"


def figure(value: float, unit: str, decimals: int) -> str:
    """Value in base units as the plan prints it: in ``unit``, rounded to ``decimals``; NaN is blank."""
    return "" if math.isnan(value) else f"{from_base(value, unit):.{decimals}f}"


def signed(value: float, unit: str, decimals: int) -> str:
    """A change as the plan prints figures, with its sign; one that rounds to nought has none."""
    text = figure(value, unit, decimals)
    return text.lstrip("-") if float(text) == 0.0 else text if text.startswith("-") else f"+{text}"


def unit_label(unit: str, lang: str = "zh") -> str:
    """Printed unit in the language of the table."""
    return (UNITS_ZH if lang == "zh" else UNITS_EN).get(unit, unit)


def width(text: str) -> int:
    """Columns that a text takes on a terminal: East Asian wide and full-width characters take two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Text filled with blanks to a width in terminal columns, to its left when ``right``."""
    fill = " " * max(columns - width(text), 0)
    return fill + text if right else text + fill


def even_lines(head: Iterable[str], rows: Iterable[Iterable[str]], left: Container[int] = ()) -> list[str]:
    """Lines of a table of even columns, the heading first; columns are flush right but for those in ``left``."""
    cells = [[*head], *([*row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            pad(cell, columns, right=position not in left)
            for position, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def html_rows(head: Iterable[str], rows: Iterable[Iterable[str]], caption: str = "") -> str:
    """A table in HTML; every text is escaped."""

    def row(cells: Iterable[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html_escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    title = f"<caption>{html_escape(caption)}</caption>" if caption else ""
    body = "".join(row(cells, "td") for cells in rows)
    return f"<table>{title}<thead>{row(head, 'th')}</thead><tbody>{body}</tbody></table>"


def wrapped(text: str, columns: int) -> str:
    """English text in lines of at most so many characters; Chinese, which has no blanks, as it is."""
    return "\n".join(textwrap.wrap(text, columns)) if text.isascii() or " " in text.lstrip("• ") else text


def class_counts(card: xr.Dataset, scenario: str) -> dict[str, int]:
    """Indicators per official class of one scenario, all four classes in their order."""
    counted = Counter(card["class"].sel(scenario=scenario).values.tolist())
    return {name: counted.get(name, 0) for name in CLASSES_EN}


def scenario_label(card: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """Name of a scenario in the language of the table, its key in brackets where it does not end with it."""
    label = str(card[f"scenario_{lang}"].sel(scenario=scenario).item())
    return label if label.endswith(scenario) else f"{label} ({scenario})"


def headline(card: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """One sentence that answers first: indicators in each class, and all binding targets together.

    It says how many of the classes rest on a count that holds a definition step, and how many are behind although
    the last published figure is at the target.

    Parameters
    ----------
    card : xr.Dataset
        Scorecard of :func:`ykforecast.evaluate`.
    scenario : str
        Its name in ``card``.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    counts, name = class_counts(card, scenario), scenario_label(card, scenario, lang)
    total, joint, steps, checks = card.sizes["indicator"], "", 0, 0
    if "definition_step" in card:
        steps = int((abs(card["definition_step"].sel(scenario=scenario)) > 0.0).sum())
    if "check_definition" in card:
        checks = int(card["check_definition"].sel(scenario=scenario).sum())
    if "joint_probability" in card:
        joint = percent(float(card["joint_probability"].sel(scenario=scenario)))
    if lang == "zh":
        parts = "，".join(f"{key}{number}项" for key, number in counts.items())
        about = {"<1": "不足1", ">99": "超过99"}.get(joint, f"约{joint}")
        tail = f"（其中{steps}项的数含统计口径变动，见※）" if steps else ""
        tail += f"（滞后项中有{checks}项公布数已达目标、口径待核，见◇）" if checks else ""
        tail += f"；约束性指标全部完成的概率{about}%" if joint else ""
        return f"{name}：{total}项指标中{parts}{tail}。"
    parts = ", ".join(f"{number} {CLASSES_EN[key]}" for key, number in counts.items())
    tail = f" ({steps} of them counted with a definition step, see ※)" if steps else ""
    tail += f" ({checks} behind with the published figure at target, see ◇)" if checks else ""
    tail += f"; all binding targets are met together with probability {joint} %" if joint else ""
    return f"{name}: of {total} indicators {parts}{tail}."
