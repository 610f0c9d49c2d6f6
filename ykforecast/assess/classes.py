"""The four official classes of a mid-term evaluation, and the rules that sort indicators into them.

提前实现 (met ahead of time), 快于预期 (faster than expected), 基本符合预期 (broadly as expected) and
滞后 (behind) are the words of the State Council's mid-term report on the 14th five-year plan (December
2023). That report gives the words, not the cut-offs, which are choices and stand with the model.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.record import Complaint, Reasoned
from ykforecast.vocabulary.errors import nearest

CLASSES: Final = ("提前实现", "快于预期", "基本符合预期", "滞后")
CLASSES_EN: Final = dict(zip(CLASSES, ("met early", "ahead", "on course", "behind"), strict=True))
#: Printed between two classes that the Monte Carlo error cannot tell apart.
BETWEEN: Final = "介于{upper}与{lower}之间"
RULES_FILE: Final = "evaluation.toml"
#: Rules that count standard errors; all others are shares.
_MULTIPLES: Final = {"errors_apart", "errors_of_change"}


class RuleRecord(Reasoned):
    """One cut-off with where it comes from."""

    value: Annotated[float, Field(ge=0.0, le=10.0)]


@dataclass(frozen=True, kw_only=True)
class ClassRules:
    """Cut-offs of the four classes, as ``evaluation.toml`` of a model states them with their reasons.

    Attributes
    ----------
    early : float
        Probability in 2025 required of 提前实现, both natures.
    faster_anticipatory, faster_binding : float
        Probability required of 快于预期.
    on_course_anticipatory, on_course_binding : float
        Probability required of 基本符合预期; below it an indicator is 滞后.
    lead : float
        Progress must exceed elapsed time by this much for 快于预期 (fraction).
    errors_of_change : float
        Planned changes below so many standard errors of one figure have no meaningful progress: the ratio
        would divide by noise.
    midterm : float
        Share of 2021-2025 at which forecast progress is compared with elapsed time when no later
        figures are in.
    errors_apart : float
        Standard errors of the probability within which two classes count as not told apart.
    fast : float
        Share of draws that bring less than the fastest change still thought possible.
    """

    early: float
    faster_anticipatory: float
    faster_binding: float
    on_course_anticipatory: float
    on_course_binding: float
    lead: float
    errors_of_change: float
    midterm: float
    errors_apart: float
    fast: float

    @classmethod
    def read(cls, folder: Path) -> ClassRules:
        """Rules of the model in ``folder``.

        Raises
        ------
        ModelError
            The file is missing or not TOML, a rule is missing, unknown, without a reason or out of range.
        """
        file = read_toml(folder / RULES_FILE)
        known = [field.name for field in fields(cls)]
        values = {}
        for key, table in file.table.items():
            if key not in known:
                raise file.error(Complaint(key, "unknown rule", key, nearest(key, known)))
            record, complaints = RuleRecord.read(table if isinstance(table, dict) else {"value": table}, key)
            if record is None:
                raise file.error(complaints[0])
            if key not in _MULTIPLES and record.value > 1.0:
                raise file.error(Complaint(f"{key}.value", "a cut-off is a share", record.value, "Give 0 to 1"))
            values[key] = record.value
        for key in known:
            if key not in values:
                raise file.error(Complaint(key, "the rule is missing", None, f"Add the table [{key}]"))
        return cls(**values)


def class_index(
    probability: npt.NDArray[np.float64],
    lead: npt.NDArray[np.float64],
    met_early: npt.NDArray[np.bool_],
    *,
    binding: bool,
    rules: ClassRules,
) -> npt.NDArray[np.int64]:
    """Positions in :data:`CLASSES`.

    Parameters
    ----------
    probability : ndarray
        Probability of meeting the target in 2025, any shape.
    lead : ndarray
        Progress less elapsed time (fraction), NaN where progress has no meaning; same shape.
    met_early : ndarray of bool
        Whether the target is met before its date; same shape.
    binding : bool
        Stricter cut-offs when true.
    rules : ClassRules

    Returns
    -------
    ndarray of int
        0 提前实现, 1 快于预期, 2 基本符合预期, 3 滞后.
    """
    faster = rules.faster_binding if binding else rules.faster_anticipatory
    on_course = rules.on_course_binding if binding else rules.on_course_anticipatory
    ahead = np.nan_to_num(lead, nan=-np.inf) >= rules.lead
    chosen: npt.NDArray[np.int64] = np.select(
        [met_early & (probability >= rules.early), ahead & (probability >= faster), probability >= on_course],
        [0, 1, 2],
        default=3,
    ).astype(np.int64)
    return chosen


def class_range(best: int, worst: int) -> str:
    """Label of a class, or of the two that the Monte Carlo error leaves open."""
    if best == worst:
        return CLASSES[best]
    return BETWEEN.format(upper=CLASSES[best], lower=CLASSES[worst])
