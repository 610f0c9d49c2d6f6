"""How much effort each target that is behind still needs: one answer of ``seek`` a row (达标所需力度)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.classes import CLASSES
from ykforecast.assess.named import named
from ykforecast.assess.seek import seek
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

#: Chance that the effort is to bring, as `ykforecast.seek` asks for by default.
ASKED: Final = 0.8
_DESCRIBED: Final = {
    "reached": ("whether the chance is reached within bounds, 1 or 0", "力度上限内能否达到", "1"),
    "dose": (
        "dose of the lever that reaches it, else with which the chance is greatest",
        "所需力度",
        "unit of the lever",
    ),
    "plan_dose": ("largest dose of the base scenario", "规划情景的力度", "unit of the lever"),
    "upper_bound": ("largest dose that the model allows", "力度上限", "unit of the lever"),
    "probability": ("probability of attainment at that dose", "该力度下的完成概率", "1"),
    "probability_error": ("Monte Carlo standard error of it", "完成概率的抽样误差", "1"),
    "base_probability": ("probability under the base scenario", "现有力度下的完成概率", "1"),
    "asked": ("probability that was asked for", "所求完成概率", "1"),
}


def efforts(
    calibration: Calibration, card: xr.Dataset, scenario: str, *, probability: float = ASKED, draws: int | None = None
) -> dict[str, xr.Dataset]:
    """Answers of ``seek`` for every target that is behind, each sought by itself.

    Parameters
    ----------
    calibration : Calibration
    card : Dataset
        Of :func:`ykforecast.evaluate`.
    scenario : str
        In ``card``; what is done beside the levers.
    probability : float
    draws : int, optional
        By default those of `ykforecast.seek`.

    Returns
    -------
    dict of str to Dataset
        Of :func:`ykforecast.seek` by indicator; without those that no lever moves.
    """
    behind = (card["class"] == CLASSES[-1]) & (card["probability"] < probability)
    answers = {}
    for key in card["indicator"].values[behind.sel(scenario=scenario).values].tolist():
        try:
            answers[key] = seek(calibration, key, probability=probability, base=scenario, draws=draws)
        except RequestError:  # no lever moves it, or none helps
            continue
    return answers


def needed_effort(answers: Mapping[str, xr.Dataset], model: ModelSpec) -> xr.Dataset:
    """The answers as one table.

    Parameters
    ----------
    answers : mapping of str to Dataset
        Of :func:`efforts`, one or more.
    model : ModelSpec

    Returns
    -------
    Dataset
        Dims (indicator, lever), NaN where a lever takes no part: ``dose``, ``plan_dose``, ``upper_bound`` in the unit
        of the lever; (indicator): ``reached``, ``probability`` with ``_error``, ``base_probability``; ``asked``.
    """
    import xarray as xr

    first = next(iter(answers.values()))
    levers = list(dict.fromkeys(lever for one in answers.values() for lever in one["lever"].values.tolist()))
    table = np.full((3, len(answers), len(levers)), np.nan)
    for row, one in enumerate(answers.values()):
        places = [levers.index(lever) for lever in one["lever"].values.tolist()]
        table[:, row, places] = one["dose"], one["base_dose"].max("year"), one["bounds"].sel(bound="upper")
    variables: dict[str, Any] = {
        name: (("indicator", "lever"), values)
        for name, values in zip(("dose", "plan_dose", "upper_bound"), table, strict=True)
    }
    variables["reached"] = ("indicator", [int(one["reached"]) for one in answers.values()])
    for name in ("probability", "probability_error", "base_probability"):
        variables[name] = ("indicator", [float(one[name]) for one in answers.values()])
    found = xr.Dataset(
        variables | {"asked": ((), first.attrs["asked_probability"])},
        coords={
            "indicator": list(answers),
            "lever": levers,
            "lever_zh": ("lever", [model.levers[one].label_zh for one in levers]),
            "lever_en": ("lever", [model.levers[one].label_en for one in levers]),
            "dose_unit": ("lever", [model.levers[one].dose_unit for one in levers]),
        },
        attrs={"base": first.attrs["base"], "start_year": int(first.attrs["start_year"])},
    )
    return named(found, _DESCRIBED, _DESCRIBED)
