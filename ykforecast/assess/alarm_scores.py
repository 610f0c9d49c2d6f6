"""How good alarms are: hits, false alarms, lead time, the area under the ROC curve. Arrays only.

Months of one draw are not independent cases, so every error is that of whole draws.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Groups of draws whose areas tell the error of the area.
_GROUPS: Final = 10


def rate_of(part: Flags, whole: Flags) -> tuple[float, float]:
    """Share of the cases ``whole`` that are also ``part``, with its standard error over draws; both (draw, case).

    The error is that of a ratio of two sums over draws, linearised (Cochran 1977, chapter 6); NaN without a case.
    """
    cases = whole.reshape(len(whole), -1).sum(axis=1)
    inside = (part & whole).reshape(len(whole), -1).sum(axis=1)
    if not cases.sum():
        return np.nan, np.nan
    share = float(inside.sum() / cases.sum())
    return share, float(np.sqrt(((inside - share * cases) ** 2).sum()) / cases.sum())


def roc_area(signal: Floats, happened: Flags) -> float:
    """Probability that a case with the event has the higher signal, ties half; NaN where all cases are alike."""
    from scipy.stats import rankdata

    events = int(happened.sum())
    others = happened.size - events
    if not events or not others:
        return np.nan
    ranks = rankdata(signal)[happened.ravel()].sum()
    return float((ranks - events * (events + 1) / 2.0) / (events * others))


def roc_area_with_error(signal: Floats, happened: Flags, at_risk: Flags) -> tuple[float, float]:
    """Area under the ROC curve over the cases at risk, and its standard error over draws; all (draw, case).

    The error is the spread of the areas of ten groups of draws over the root of their number.
    """
    area = roc_area(signal[at_risk], happened[at_risk])
    group = np.arange(len(signal)) % _GROUPS
    areas = []
    for one in range(_GROUPS):
        cases = at_risk & (group == one)[:, None]
        areas.append(roc_area(signal[cases], happened[cases]))
    known = np.asarray(areas)[np.isfinite(areas)]
    return area, float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else np.nan


def lead_times(alarm: Flags, first: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Months on end that the alarm had stood when the first event came, by draw; nought where it had not.

    Parameters
    ----------
    alarm : ndarray of bool (draw, month)
    first : ndarray of int (draw,)
        Month of the first event, one or more and at most the number of months.
    """
    lead = np.zeros(len(alarm), dtype=np.int64)
    standing = np.ones(len(alarm), dtype=bool)
    rows = np.arange(len(alarm))
    for back in range(1, alarm.shape[1] + 1):
        month = first - back
        standing &= (month >= 0) & alarm[rows, np.maximum(month, 0)]
        lead += standing
    return lead


def exact_interval(hits: int, cases: int, level: float = 0.90) -> tuple[float, float]:
    """Exact binomial interval of a share (Clopper and Pearson 1934); nought to one without a case."""
    from scipy.stats import beta

    tail = (1.0 - level) / 2.0
    low = float(beta.ppf(tail, hits, cases - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1.0 - tail, hits + 1, cases - hits)) if hits < cases else 1.0
    return low, high
