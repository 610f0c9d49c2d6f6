"""Age profiles: knots in ``models/<place>/profiles.toml`` joined by a monotone cubic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.source import GRADES
from ykforecast.vocabulary.dims import AGES
from ykforecast.vocabulary.errors import ModelError, nearest

#: First word of the units whose values cannot exceed one.
FRACTION = "fraction"
#: What every profile states.
KEYS = ("label_zh", "unit", "ages", "values", "grade", "source", "reason")
#: The reason in Chinese, which a model may leave out.
REASON_ZH = "reason_zh"


@dataclass(frozen=True, slots=True)
class Profile:
    """A curve over single ages 0..100, with where it comes from.

    Attributes
    ----------
    name : str
    values : ndarray (age,)
        In ``unit``; zero below the first knot, the last knot's value above the last.
    """

    name: str
    label_zh: str
    unit: str
    values: np.ndarray
    grade: str
    source: str
    reason: str
    reason_zh: str


def _number(file: str, key: str, value: Any) -> float:
    """A finite number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        remedy = "Write a number of zero or more"
        raise ModelError("not a finite, non-negative number", file=file, key=key, value=value, remedy=remedy)
    return float(value)


def _curve(file: str, name: str, table: Mapping[str, Any]) -> np.ndarray:
    ages, values = table["ages"], table["values"]
    if len(ages) != len(values) or len(ages) < 2:
        raise ModelError(
            "knots do not pair up",
            file=file,
            key=name,
            value=(len(ages), len(values)),
            remedy="Give as many values as ages, two at least.",
        )
    ages = [_number(file, f"{name}.ages", age) for age in ages]
    values = [_number(file, f"{name}.values", value) for value in values]
    if table["unit"].startswith(FRACTION) and max(values) > 1:
        remedy = "Write 0.05 for five per cent"
        raise ModelError("fraction above one", file=file, key=f"{name}.values", value=max(values), remedy=remedy)
    if any(b <= a for a, b in zip(ages, ages[1:], strict=False)):
        remedy = "Put the knots in the order of age"
        raise ModelError("ages of the knots must rise", file=file, key=f"{name}.ages", value=ages, remedy=remedy)
    from scipy.interpolate import PchipInterpolator

    grid = np.clip(np.asarray(AGES, dtype=float), ages[0], ages[-1])
    curve: np.ndarray = PchipInterpolator(np.asarray(ages), np.asarray(values))(grid)
    curve[np.asarray(AGES) < ages[0]] = 0.0
    curve[curve < 0] = 0.0
    return curve


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of a place by dotted name, and the prior turnover levels."""

    file: str
    curves: Mapping[str, Profile]
    turnover: Mapping[str, float]

    def __getitem__(self, name: str) -> np.ndarray:
        try:
            return self.curves[name].values
        except KeyError:
            raise ModelError("unknown profile", file=self.file, key=name, remedy=nearest(name, self.curves)) from None


def parse_curves(file: str, content: Mapping[str, Any]) -> dict[str, Profile]:
    """Curves by dotted name from the nested tables of a TOML file.

    Raises
    ------
    ModelError
        A knot or a record is missing, not finite, negative or out of order.
    """
    curves: dict[str, Profile] = {}

    def walk(prefix: str, table: Any) -> None:
        if not isinstance(table, Mapping):
            raise ModelError("stray key", file=file, key=prefix, value=table, remedy="Remove it.")
        if "ages" in table:
            for key in table:
                if key not in (*KEYS, REASON_ZH):
                    remedy = nearest(key, (*KEYS, REASON_ZH))
                    raise ModelError("unknown key", file=file, key=f"{prefix}.{key}", value=table[key], remedy=remedy)
            for key in KEYS:
                if key not in table:
                    raise ModelError("profile is incomplete", file=file, key=f"{prefix}.{key}", remedy="Add it.")
            if table["grade"] not in GRADES:
                raise ModelError(
                    "unknown grade",
                    file=file,
                    key=f"{prefix}.grade",
                    value=table["grade"],
                    remedy=nearest(table["grade"], GRADES),
                )
            curves[prefix] = Profile(
                name=prefix,
                label_zh=table["label_zh"],
                unit=table["unit"],
                values=_curve(file, prefix, table),
                grade=table["grade"],
                source=table["source"],
                reason=table["reason"],
                reason_zh=table.get(REASON_ZH, ""),
            )
            return
        for key, child in table.items():
            walk(f"{prefix}.{key}", child)

    for key, table in content.items():
        walk(key, table)
    return curves


def parse_profiles(file: str, content: Mapping[str, Any]) -> Profiles:
    """Profiles from the parsed TOML of ``profiles.toml``.

    Raises
    ------
    ModelError
        A knot or a record is missing, not finite, negative or out of order.
    """
    curves = parse_curves(file, {key: table for key, table in content.items() if key != "turnover"})
    levels = content.get("turnover", {}).get("level")
    if not isinstance(levels, Mapping):
        raise ModelError("missing", file=file, key="turnover.level", remedy="Give the monthly odds of every flow.")
    turnover = {name: _number(file, f"turnover.level.{name}", value) for name, value in levels.items()}
    return Profiles(file=file, curves=curves, turnover=turnover)


def load_profiles(folder: Path) -> Profiles:
    """Profiles of a model's folder.

    Raises
    ------
    ModelError
        The file is missing, not TOML, or a profile is wrong.
    """
    file = read_toml(folder / "profiles.toml")
    return parse_profiles(str(file.path), file.table)
