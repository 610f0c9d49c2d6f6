"""What the second of two scenarios changes, draw by draw, and which of its measures are declared to do so.

Both scenarios have the same random numbers, so the difference of a draw is policy (or a shock) and never noise: its
spread is what is not known of the effect, far smaller than that of either forecast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.attainment import (
    attained,
    change_of_attainment,
    joint_attainment,
    on_basis,
    probability_of_attainment,
)
from ykforecast.assess.evaluation import scenario_labels
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.indicators import indicators
from ykforecast.assess.intervals import central_intervals
from ykforecast.assess.named import named
from ykforecast.spec.scenario_table import SHOCKS
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Why an indicator changes: a lever that differs is declared to move it; the shocks differ; both; neither, so that it
#: is a side effect through the cohort model.
LEVER, SHOCK, BOTH, SIDE_EFFECT, UNCHANGED = "lever", "shock", "lever_and_shock", "side_effect", "unchanged"
_BASE: Final = "base units of the indicator"
_DESCRIBED: Final = {
    "change": ("median of the paired differences", "成对差的中位数", _BASE),
    "change_interval": ("central intervals of the paired differences", "成对差的中心区间", _BASE),
    "share_positive": ("share of draws with a difference above nought", "差大于零的抽样比例", "1"),
    "outcome_change": ("median difference on the basis of the target", "目标口径成对差的中位数", _BASE),
    "outcome_change_interval": ("central intervals on the basis of the target", "目标口径成对差的中心区间", _BASE),
    "outcome_share_positive": ("share above nought on the basis of the target", "目标口径差大于零的抽样比例", "1"),
    "probability": ("probability of attainment", "完成概率", "1"),
    "probability_change": ("change of the probability of attainment", "完成概率之差", "1"),
    "probability_change_error": ("Monte Carlo standard error of the change", "完成概率之差的抽样误差", "1"),
    "joint_probability": ("probability that all binding targets are met together", "约束性指标全部完成的概率", "1"),
    "joint_probability_change": ("change of the joint probability", "全部完成概率之差", "1"),
    "joint_probability_change_error": ("Monte Carlo standard error of that change", "全部完成概率之差的抽样误差", "1"),
    "explanation": ("why the indicator changes", "变动由来", None),
    "dose": ("dose of the levers that differ", "不同的措施剂量", "unit of the lever"),
    "moves": ("whether the lever is declared to move the indicator", "措施是否申报影响该指标", None),
}


def difference(runs: xr.DataTree, first: str, second: str, model: ModelSpec | None = None) -> xr.Dataset:
    """Compare two scenarios of one run, draw by draw.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project`, with both scenarios.
    first, second : str
        Their names in the run; differences are second less first.
    model : ModelSpec, optional
        By default the shipped model that the run was made with.

    Returns
    -------
    Dataset
        Dims (indicator, year, level, bound, scenario, lever); indicators in base units.

        ==========================  ================================  ===========================================
        variable                    dims                              meaning
        ==========================  ================================  ===========================================
        change, change_interval     indicator, year (level, bound)    paired difference: median, central intervals
        share_positive              indicator, year                   share of draws in which it is above nought
        outcome_change, ...         indicator (level, bound)          the same on the basis of the target
        probability                 scenario, indicator               of meeting the target
        probability_change          indicator                         its change; ``..._error`` is Monte Carlo's
        joint_probability, ...      (scenario)                        the same of all binding targets together
        dose                        scenario, lever, year             of the levers that differ, as written
        moves                       lever, indicator                  whether the lever is declared to move it
        explanation                 indicator                         lever, shock, lever_and_shock, side_effect or
                                                                      unchanged
        ==========================  ================================  ===========================================

        ``attrs["shocks"]`` names the kinds of shocks that differ.

    Raises
    ------
    RequestError
        Not a run, a scenario that it does not hold, or twice the same.
    """
    import xarray as xr

    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(runs.attrs)
    data = indicators(runs, model, breakdowns=False)[list(model.indicators)]
    pair = [_held(name, data) for name in (first, second)]
    if pair[0] == pair[1]:
        raise RequestError("a scenario does not differ from itself", key="second", value=second, remedy="Name another")
    data, policy = data.sel(scenario=pair), runs["policy"].to_dataset().sel(scenario=pair)
    before, after = (data.sel(scenario=name, drop=True) for name in pair)
    change = (after - before).sel(year=list(YEARS)).to_dataarray("indicator")
    levers = [key for key in model.levers if not _same(policy["dose"].sel(lever=key))]
    shocks = [kind for kind in SHOCKS if not _same(policy[kind])]
    moves = np.array([[key in model.levers[one].moves for key in model.indicators] for one in levers], dtype=bool)
    moves = moves.reshape(len(levers), len(model.indicators))
    found = xr.Dataset(
        {
            "change": change.median("draw"),
            "change_interval": central_intervals(change),
            "share_positive": (change > 0.0).mean("draw"),
            **_judged(before, after, model),
            "dose": policy["dose"].sel(lever=levers),
            "moves": (("lever", "indicator"), moves),
            "explanation": ("indicator", _explained((change != 0.0).any(["draw", "year"]).values, moves, bool(shocks))),
        },
        coords=indicator_labels(model)
        | {
            "scenario": pair,
            **{f"scenario_{lang}": ("scenario", scenario_labels(data, model, lang)) for lang in ("zh", "en")},
            "lever_zh": ("lever", [model.levers[key].label_zh for key in levers]),
            "lever_en": ("lever", [model.levers[key].label_en for key in levers]),
            "dose_unit": ("lever", [model.levers[key].dose_unit for key in levers]),
        },
        attrs={
            "title": f"{pair[1]} less {pair[0]}",
            "draws": int(data.sizes["draw"]),
            "shocks": shocks,
            **{name: runs.attrs[name] for name in ("model", "model_digest", "seed", "as_of") if name in runs.attrs},
        },
    )
    return named(found, _DESCRIBED, found.data_vars)


def _judged(before: xr.Dataset, after: xr.Dataset, model: ModelSpec) -> dict[str, xr.DataArray]:
    """Differences on the basis of the targets, and of the probabilities to meet them."""
    import xarray as xr

    sides = [{key: on_basis(one[key], model.targets[key]) for key in model.indicators} for one in (before, after)]
    met = [{key: attained(one[key], model.targets[key]) for key in one} for one in sides]
    first, second = (xr.Dataset(side).to_dataarray("indicator") for side in sides)
    outcome = second - first
    found = {
        "outcome_change": outcome.median("draw"),
        "outcome_change_interval": central_intervals(outcome),
        "outcome_share_positive": (outcome > 0.0).mean("draw"),
        **_chances("probability", [xr.Dataset(one).to_dataarray("indicator") for one in met]),
    }
    binding = [key for key in model.indicators if model.targets[key].nature == "binding"]
    if binding:
        found |= _chances("joint_probability", [joint_attainment(one, binding) for one in met])
    return found


def _chances(name: str, met: list[xr.DataArray]) -> dict[str, xr.DataArray]:
    """Probability in both scenarios, its change and the error of that."""
    import xarray as xr

    change, error = change_of_attainment(met[0], met[1])
    both = xr.concat([probability_of_attainment(one)[0] for one in met], "scenario")
    return {name: both, f"{name}_change": change, f"{name}_change_error": error}


def _same(values: xr.DataArray) -> bool:
    """Whether both scenarios hold the same; what is free in both is the same."""
    return bool(np.array_equal(values[0], values[1], equal_nan=True))


def _held(name: str, data: xr.Dataset) -> str:
    """Name of a scenario of the run; blanks in an expression do not matter."""
    names = data["scenario"].values.tolist()
    plain = "".join(name.split())
    if plain not in names:
        raise RequestError("no such scenario in the run", key="scenario", value=name, remedy=nearest(plain, names))
    return plain


def _explained(changed: npt.NDArray[np.bool_], moves: npt.NDArray[np.bool_], shocks: bool) -> list[str]:
    """Why each indicator changes."""
    with_lever, without = (BOTH, SHOCK) if shocks else (LEVER, SIDE_EFFECT)
    return [
        (with_lever if declared else without) if moved else UNCHANGED
        for moved, declared in zip(changed.tolist(), np.any(moves, axis=0).tolist(), strict=True)
    ]
