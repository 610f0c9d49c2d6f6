"""The answer to the question of effort, under labels: dose, chance, what is missing, which ceiling binds, the curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.attainment import probability_of_attainment
from ykforecast.assess.ceilings import CEILINGS
from ykforecast.assess.dose_path import DosePath, Floats
from ykforecast.assess.effort import DoseOutcomes, Effort, crossing_interval, quantile_reached
from ykforecast.assess.indicator_labels import INDICATOR_WORDS, plan_table
from ykforecast.assess.named import named
from ykforecast.vocabulary.dims import YEARS

if TYPE_CHECKING:
    import xarray as xr

_BASE: Final = "base units of the indicator"
_DOSE: Final = "unit of the dose"
#: English name, Chinese name and unit (none for labels) of all that an answer holds.
#: Of the plan's table, beside each target.
_PLAN_TABLE: Final = ("label_zh", "label_en", "unit", "printed_unit", "decimals", "target_printed")
_DESCRIBED: Final = {
    "reached": ("whether doses within bounds reach the probability", "界限内能否达到所求概率", "1"),
    "dose": ("dose in every year that can still be moved", "余下各年的力度", _DOSE),
    "dose_interval": ("95 % interval of the dose from the Monte Carlo error", "力度的95%抽样区间", _DOSE),
    "base_dose": ("dose of the base scenario", "基础情景的力度", _DOSE),
    "bounds": ("bounds of the dose", "力度的界限", _DOSE),
    "probability": ("probability of meeting the targets together", "全部达标的概率", "1"),
    "probability_error": ("its Monte Carlo standard error", "概率的抽样误差", "1"),
    "base_probability": ("probability under the base scenario", "基础情景下全部达标的概率", "1"),
    "base_probability_error": ("its Monte Carlo standard error", "基础情景概率的抽样误差", "1"),
    "target_probability": ("probability of meeting each target", "各指标达标的概率", "1"),
    "base_target_probability": ("the same under the base scenario", "基础情景下各指标达标的概率", "1"),
    "threshold": ("threshold of attainment", "达标界限", _BASE),
    "quantile": ("outcome reached with the wanted probability", "以所求概率可达到的数", _BASE),
    "gap": ("by which that falls short of the threshold", "距达标界限的差距", _BASE),
    "ceiling": ("ceiling of the indicator in 2025, median", "2025年的可行上限（中位数）", _BASE),
    "at_ceiling": ("share of draws in which the indicator stands at its ceiling", "到达上限的抽样比例", "1"),
    "ceiling_probability": ("probability that the ceiling itself meets the target", "上限本身达标的概率", "1"),
    "definition_step": ("definition step in the outcome, median", "其中的统计口径变动（中位数）", _BASE),
    "share": ("how far along all doses that could be tried the answer lies", "答案在全部可试力度中的位置", "1"),
    "curve_share": ("the same of each dose that was tried", "各试算力度的位置", "1"),
    "curve_dose": ("doses that were tried", "试算的力度", _DOSE),
    "curve_probability": ("probability at these doses", "试算力度下的概率", "1"),
    "curve_error": ("Monte Carlo standard error of these", "试算概率的抽样误差", "1"),
    "unit_cost": ("cost of a unit of dose in a year, as given", "每单位力度每年的费用（用户给出）", "as given"),
    "total_cost": ("cost of all doses in all years", "各年力度的总费用", "as given"),
    "balanced_cost": ("cost of the balanced effort that suffices", "均衡力度的总费用", "as given"),
    "target": ("indicator", "指标", None),
    "lever": ("lever", "措施", None),
    "bound": ("end of an interval", "区间端点", None),
    "year": ("year", "年份", None),
    "point": ("number of the trial", "试算序号", None),
    **{name: INDICATOR_WORDS[name] for name in _PLAN_TABLE},
    "ceiling_zh": ("what sets the ceiling, in Chinese", "上限由何决定", None),
    "ceiling_en": ("what sets the ceiling", "上限由何决定（英文）", None),
    "lever_zh": ("Chinese name of the lever", "措施名称", None),
    "lever_en": ("English name of the lever", "措施英文名称", None),
    "dose_unit": ("unit of a dose", "力度单位", None),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was tried along a path of doses.

    Attributes
    ----------
    path : DosePath
    tried : mapping of int to DoseOutcomes
        By position.
    position : int or None
        Smallest that suffices; None where none does.
    """

    path: DosePath
    tried: Mapping[int, DoseOutcomes]
    position: int | None

    @property
    def best(self) -> int:
        """Position of the answer: the smallest that suffices, else the first of those with the greatest chance."""
        return (
            max(sorted(self.tried), key=lambda n: self.tried[n].probability) if self.position is None else self.position
        )

    @property
    def shares(self) -> Floats:
        """Doses of the answer as shares (lever,) of the upper bounds."""
        return np.array([*self.path(self.best).values()]) / self.path.high

    def cost(self, price: Floats) -> float:
        """Cost of the answer, given that of a unit of each dose in all years."""
        return float(price @ np.array([*self.path(self.best).values()]))


@dataclass(frozen=True, slots=True)
class Bill:
    """Costs, in the currency that was given.

    Attributes
    ----------
    unit : ndarray (lever,)
        Of one unit of dose in one year.
    total, balanced : float
        Of all doses in all years, and of the balanced effort.
    """

    unit: Floats
    total: float
    balanced: float


def answer(effort: Effort, probability: float, found: Found, bill: Bill | None = None) -> xr.Dataset:
    """Dataset of :func:`ykforecast.seek`.

    Parameters
    ----------
    effort : Effort
    probability : float
        That was asked for.
    found : Found
    bill : Bill, optional
    """
    import xarray as xr

    model, keys = effort.calibration.model, list(effort.targets)
    path, tried = found.path, found.tried
    here = tried[found.best]
    [base] = effort.of([{}])
    order = sorted(tried)
    quantile, gap = quantile_reached(here, effort.margins(here), probability)
    levers = [model.levers[key] for key in path.levers]

    def doses(position: float) -> list[float]:
        return list(path(position).values())

    def chance(met: np.ndarray) -> tuple[Any, Any]:
        return probability_of_attainment(xr.DataArray(met, dims=(*("target", "point")[: met.ndim - 1], "draw")))

    ends = crossing_interval(tried, probability) if found.position is not None else (np.nan, np.nan)
    reached, reached_error = chance(here.met)
    before, before_error = chance(base.met)
    curve, curve_error = (value.to_numpy() for value in chance(np.stack([tried[n].met for n in order])))
    at_ceiling = np.abs(here.outcome - here.ceiling) <= 1e-9 * np.abs(here.ceiling)
    limited = np.isfinite(here.ceiling).all(axis=1)
    variables: dict[str, Any] = {
        "reached": ((), found.position is not None),
        "dose": ("lever", doses(found.best)),
        "dose_interval": (("lever", "bound"), np.array([doses(end) for end in ends]).T),
        "base_dose": (
            ("lever", "year"),
            [[effort.base.doses.get(key, {}).get(year, 0.0) for year in YEARS] for key in path.levers],
        ),
        "bounds": (("lever", "bound"), [spec.bounds for spec in levers]),
        "probability": ((), float(reached)),
        "probability_error": ((), float(reached_error)),
        "base_probability": ((), float(before)),
        "base_probability_error": ((), float(before_error)),
        "target_probability": ("target", here.each.mean(axis=1)),
        "base_target_probability": ("target", base.each.mean(axis=1)),
        "threshold": ("target", [model.targets[key].threshold for key in keys]),
        "quantile": ("target", quantile),
        "gap": ("target", gap),
        "ceiling": ("target", np.median(here.ceiling, axis=1)),
        "at_ceiling": ("target", np.where(limited, at_ceiling.mean(axis=1), np.nan)),
        "ceiling_probability": ("target", here.ceiling_met.mean(axis=1)),
        "definition_step": ("target", np.median(here.step, axis=1)),
        "share": ((), found.best / path.last),
        "curve_share": ("point", np.array(order) / path.last),
        "curve_dose": (("lever", "point"), np.array([doses(n) for n in order]).T),
        "curve_probability": ("point", curve),
        "curve_error": ("point", curve_error),
    }
    if bill is not None:
        variables |= {
            "unit_cost": ("lever", bill.unit),
            "total_cost": ((), bill.total),
            "balanced_cost": ((), bill.balanced),
        }
    evidence = effort.calibration.evidence
    made = xr.Dataset(
        variables,
        coords={
            "bound": ["lower", "upper"],
            "year": list(YEARS),
            "point": np.arange(len(order)),
            **_target_labels(effort),
            "lever": list(path.levers),
            **{
                f"lever_{lang}": ("lever", [getattr(spec, f"label_{lang}") for spec in levers]) for lang in ("zh", "en")
            },
            "dose_unit": ("lever", [spec.dose_unit for spec in levers]),
        },
        attrs={
            "title": "Effort that reaches a target",
            "title_zh": "达标所需力度",
            "model": model.name,
            "model_digest": model.digest,
            "asked_probability": probability,
            "base": effort.base.name,
            "base_zh": effort.base.label("zh"),
            "base_en": effort.base.label("en"),
            "start_year": effort.years[0],
            "counting": effort.counting,
            "draws": int(here.met.size),
            **({} if evidence is None else {"as_of": evidence.as_of.isoformat()}),
        },
    )
    return named(made, _DESCRIBED)


def _target_labels(effort: Effort) -> dict[str, Any]:
    """What a table prints beside the numbers of a target."""
    model, keys = effort.calibration.model, list(effort.targets)
    printed = plan_table(model, keys)
    columns: dict[str, list[Any]] = {
        "target": keys,
        **{name: printed[name] for name in _PLAN_TABLE},
        "ceiling_zh": [CEILINGS[key].label_zh if key in CEILINGS else "" for key in keys],
        "ceiling_en": [CEILINGS[key].label_en if key in CEILINGS else "" for key in keys],
    }
    return {name: ("target", values) for name, values in columns.items()}
