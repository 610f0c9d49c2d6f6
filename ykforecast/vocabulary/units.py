"""Printed units and base units: persons, yuan, fractions, years, months.

Published tables keep their units; they are converted once where they are read
and once where results are shown.
"""

from __future__ import annotations

from typing import Final

from ykforecast.vocabulary.errors import DataError, nearest

#: Printed unit -> (base unit, factor to the base unit).
UNITS: Final[dict[str, tuple[str, float]]] = {
    "persons": ("persons", 1.0),
    "person-times": ("person-times", 1.0),
    "10k persons": ("persons", 1e4),
    "10k person-times": ("person-times", 1e4),
    "10k cards": ("persons", 1e4),
    "thousand persons": ("persons", 1e3),
    "%": ("1", 1e-2),
    "per mille": ("1", 1e-3),
    "per 1000": ("1", 1e-3),
    "fraction": ("1", 1.0),
    "1": ("1", 1.0),
    "ratio": ("1", 1.0),
    "per 100 women": ("1", 1e-2),
    "years": ("years", 1.0),
    "months": ("months", 1.0),
    "yuan": ("yuan", 1.0),
    "yuan/month": ("yuan/month", 1.0),
    "yuan/year": ("yuan/month", 1.0 / 12.0),
    "10k yuan": ("yuan", 1e4),
    "100m yuan": ("yuan", 1e8),
    "per person-year": ("1/year", 1.0),
    "births per woman": ("1", 1.0),
    "persons/year": ("persons/year", 1.0),
}

#: Printed unit -> Chinese unit, where one is in use.
UNITS_ZH: Final[dict[str, str]] = {
    "10k persons": "万人",
    "10k person-times": "万人次",
    "persons": "人",
    "person-times": "人次",
    "%": "%",
    "per mille": "‰",
    "years": "年",
    "ratio": "倍",
    "yuan/month": "元/月",
    "yuan/year": "元/年",
    "yuan": "元",
    "10k yuan": "万元",
    "100m yuan": "亿元",
}

#: Printed unit -> English unit, where readers expect another than the key.
UNITS_EN: Final[dict[str, str]] = {
    "10k persons": "10,000 persons",
    "10k person-times": "10,000 person-times",
    "10k cards": "10,000 cards",
    "10k yuan": "10,000 yuan",
    "100m yuan": "100 million yuan",
}

#: Least decimals of a forecast: the plan prints some figures (6 %, 208 万人) rounder than they move.
FORECAST_DECIMALS: Final = {"%": 1, "10k persons": 1, "years": 1, "ratio": 2}


def forecast_decimals(unit: str, decimals: int) -> int:
    """Decimals of a forecast: the plan's, or more where it prints rounder than a year moves."""
    return max(decimals, FORECAST_DECIMALS.get(unit, 0))


def printed_target(printed: str, lang: str = "zh") -> str:
    """Target as the plan prints it; in English 左右 becomes "about"."""
    return printed if lang == "zh" or "左右" not in printed else "about " + printed.replace("左右", "")


def unit_named(text: str) -> str:
    """Printed unit that a text names, by its key or in Chinese; full-width marks count as plain ones.

    Raises
    ------
    DataError
        If there is no such unit; names the nearest.
    """
    from unicodedata import normalize

    wanted = normalize("NFKC", text).strip()
    keys = {zh: unit for unit, zh in UNITS_ZH.items()} | {unit: unit for unit in UNITS}
    if wanted not in keys:
        raise DataError("unknown unit", key="unit", value=text, remedy=nearest(wanted, [*UNITS_ZH.values(), *UNITS]))
    return keys[wanted]


def _entry(unit: str) -> tuple[str, float]:
    try:
        return UNITS[unit]
    except KeyError:
        raise DataError("unknown unit", key="unit", value=unit, remedy=nearest(unit, UNITS)) from None


def base_unit(unit: str) -> str:
    """Base unit that a printed unit converts to."""
    return _entry(unit)[0]


def to_base(value: float, unit: str) -> float:
    """Value in base units of a figure printed in ``unit``."""
    return value * _entry(unit)[1]


def rounding_step(printed: str, unit: str) -> float:
    """Unit of the last digit of a printed number, in base units: 0.01 of 10k persons is 100 persons."""
    decimals = len(printed.strip().partition(".")[2])
    return to_base(10.0**-decimals, unit)


def from_base(value: float, unit: str) -> float:
    """Figure to print in ``unit`` of a value in base units."""
    return value / _entry(unit)[1]
