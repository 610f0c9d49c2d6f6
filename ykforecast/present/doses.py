"""Doses of levers in words: fractions in per cent, fractions added each year in points, counts by year."""

from __future__ import annotations

import math
from typing import Final

#: Dose unit -> factor to the number that is shown.
FACTORS: Final = {"1": 100.0, "1/year": 100.0}
#: Dose unit -> what stands behind the number; nothing behind a switch.
UNITS: Final = {
    "zh": {
        "1": "%",
        "1/year": "个百分点/年",
        "jobs/year": "个/年",
        "posts/year": "个/年",
        "persons/year": "人/年",
        "person-times/year": "人次/年",
        "entrepreneurs/year": "人/年",
        "switch": "",
    },
    "en": {
        "1": "%",
        "1/year": "points a year",
        "jobs/year": "jobs a year",
        "posts/year": "posts a year",
        "persons/year": "persons a year",
        "person-times/year": "person-times a year",
        "entrepreneurs/year": "entrepreneurs a year",
        "switch": "",
    },
}
_SWITCH: Final = {"zh": ("不施行", "施行"), "en": ("off", "on")}


def shown_dose(value: float, unit: str) -> float:
    """A dose as it is shown: points in place of fractions."""
    return value * FACTORS.get(unit, 1.0)


def dose_number(value: float, unit: str) -> str:
    """The number of a dose without its unit and without needless noughts."""
    if math.isinf(value):
        return "∞"
    text = f"{shown_dose(value, unit):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def dose_change(value: float, unit: str) -> str:
    """A change of dose with its sign and without its unit; no change is blank."""
    text = dose_number(value, unit)
    return "" if text == "0" else text if text.startswith("-") else f"+{text}"


def dose_text(value: float, unit: str, lang: str = "zh") -> str:
    """One dose with its unit."""
    if unit == "switch":
        return _SWITCH[lang][round(value)]
    return dose_number(value, unit) + ("" if lang == "zh" else " ") + UNITS[lang][unit]
