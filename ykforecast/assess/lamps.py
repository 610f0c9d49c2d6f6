"""Lamps of unemployment from paths of a rate: breaches, grades of signals, and the five lamps. Arrays only.

Every function looks back only, but for :func:`breach_ahead`, which says what happened after a month and serves to
estimate and to score.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ykforecast.spec.warning import LAMPS, WarningTable

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Grades = npt.NDArray[np.int64]

#: Months that a change is taken over.
CHANGE_MONTHS = 3


def in_breach(values: Floats, line: float, periods: int = 1, *, below: bool = False) -> Flags:
    """Whether a line is broken in each period, for so many on end; (..., period) as ``values``.

    Parameters
    ----------
    values : ndarray (..., period)
        Rates, fractions.
    line : float
        Broken at or above it, or ``below`` it.
    periods : int
        The last so many all have to be beyond the line.
    """
    return _throughout(values < line if below else values >= line, periods)


def _throughout(flags: Flags, periods: int) -> Flags:
    """Whether each of the last ``periods`` was true; false where there are not so many."""
    every = flags.copy()
    for back in range(1, periods):
        every[..., back:] &= flags[..., :-back]
        every[..., :back] = False
    return every


def breach_ahead(breach: Flags, horizon: int) -> Flags:
    """Whether a breach stands in any of the ``horizon`` months after each, (..., month - horizon)."""
    counted = np.cumsum(breach, axis=-1)
    return np.asarray(counted[..., horizon:] > counted[..., :-horizon])


def first_breach(breach: Flags) -> Grades:
    """Position of the first breach of each path; the number of periods where there is none."""
    return np.asarray(np.where(breach.any(axis=-1), breach.argmax(axis=-1), breach.shape[-1]), dtype=np.int64)


def change(values: Floats, months: int = CHANGE_MONTHS) -> Floats:
    """Change of each month against ``months`` before, NaN where that is before the path; shape as ``values``."""
    moved = np.full_like(values, np.nan)
    moved[..., months:] = values[..., months:] - values[..., :-months]
    return moved


def grade(values: Floats, cuts: tuple[float, ...]) -> Grades:
    """Grade from 1 (below all cuts) to one more than there are cuts (at or above the last)."""
    return np.searchsorted(np.asarray(cuts), values, side="right") + 1


def lamp_score(level: Floats, moved: Floats, chance: Floats, rules: WarningTable) -> Grades:
    """Sum of the three grades, 3 to 15; arrays of one shape, without NaN."""
    signals = ((level, rules.level), (moved, rules.change), (chance, rules.chance))
    return np.asarray(sum(grade(values, cut.cuts) for values, cut in signals))


def lamps(score: Grades, rules: WarningTable) -> Grades:
    """Lamp of each month as a position in ``spec.warning.LAMPS``; (..., month) as ``score``.

    It rises at once and drops only when the signals have been lower for ``hold`` months on end: the lamp is the
    highest that the signals of the last ``hold`` months light.
    """
    raw = np.searchsorted(np.asarray(rules.lamp.cuts), score, side="left")
    held = raw.copy()
    for back in range(1, rules.hold.value):
        held[..., back:] = np.maximum(held[..., back:], raw[..., :-back])
    return held


def lamp_shares(lamp: Grades) -> Floats:
    """Share of paths that show each lamp in each month: (path, month) to (month, lamp)."""
    return np.stack([(lamp == place).mean(axis=0) for place in range(len(LAMPS))], axis=-1)
