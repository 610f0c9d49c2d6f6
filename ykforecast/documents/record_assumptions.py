"""The assumptions book (假设清单): every parameter with its prior, what history taught, its grade and its grounds."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.data.form_cells import escaped
from ykforecast.data.learned_file import read_learned
from ykforecast.present.model_words import GRADES, NINE_IN_TEN, prior_words, zh
from ykforecast.simulate.sampling import quantile

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.parameter import ParameterSpec

COLUMNS: Final = (
    *("parameter", "label_zh", "unit", "role", "prior", "prior_zh", "median", "p05", "p95"),
    *("learned_median", "learned_p05", "learned_p95", "grade", "grade_zh", "source", "reason", "reason_zh"),
)


def assumptions_csv(model: ModelSpec) -> str:
    """One row a parameter under :data:`COLUMNS`, base units; learned columns where history moved the prior.

    Nine draws in ten lie between ``p05`` and ``p95``. A constant has its value as median and no interval.

    Raises
    ------
    ModelError
        What history taught was computed from other numbers.
    """
    learned = _learned_normals(model)
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, spec in model.parameters.items():
        row = {
            "parameter": name,
            "label_zh": spec.label_zh,
            "unit": spec.unit,
            "role": spec.role,
            "prior": spec.prior_text,
            "prior_zh": prior_words(spec),
            "median": f"{spec.median:.8g}",
            "grade": spec.grade,
            "grade_zh": GRADES[spec.grade],
            "source": spec.source or "",
            "reason": spec.reason,
            "reason_zh": zh(spec, "reason"),
        }
        if spec.role == "uncertainty":
            row["p05"], row["p95"] = _numbers(name, spec, NINE_IN_TEN)
        if name in learned:
            ends = _numbers(name, spec, learned[name])
            row |= dict(zip(("learned_p05", "learned_median", "learned_p95"), ends, strict=True))
        # A minus before a number is no formula.
        writer.writerow([cell if _is_number(cell) else escaped(cell) for cell in (row.get(key, "") for key in COLUMNS)])
    return page.getvalue()


def _learned_normals(model: ModelSpec) -> dict[str, np.ndarray]:
    """Standard normal numbers (5 %, median, 95 %) of each parameter that history moved."""
    learned = read_learned(model.folder)
    if learned is None:
        return {}
    spread = np.sqrt(np.sum(learned.root**2, axis=1))
    around = np.array([NINE_IN_TEN[0], 0.0, NINE_IN_TEN[1]])
    return {
        name: middle + width * around for name, middle, width in zip(learned.names, learned.mean, spread, strict=True)
    }


def _numbers(name: str, spec: ParameterSpec, normal: np.ndarray) -> list[str]:
    return [f"{value:.8g}" for value in quantile(name, spec, normal)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
