"""Definition steps still to come: the probability of each target were the counting to change as often as it has.

A forecast counts as the last published figures do. What the departments will print also changes when they count
otherwise, which no measure brings about: the probability that is judged leaves such steps out, and this one stands
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.attainment import attained, on_basis, probability_of_attainment
from ykforecast.assess.definition_steps import ENTERPRISE, GOVERNMENT, TOTAL
from ykforecast.vocabulary.dims import BASE_YEAR, YEAR_ENDS

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.measurement import StepPrior
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

#: Seed of data that name none: the base year, as of a run.
_SEED: Final = BASE_YEAR


def with_future_steps(
    data: xr.Dataset, model: ModelSpec, observations: Sequence[Observation]
) -> dict[str, xr.DataArray]:
    """Probability of each target with definition steps drawn for the years that no figure describes yet.

    Parameters
    ----------
    data : Dataset
        Indicators, dims (scenario, draw, year), base units.
    model : ModelSpec
        Its registry of observations has the prior of a step in each series (``step``).
    observations : sequence of Observation
        Figures after the base year that ``data`` is conditioned on: their years bring no step that is not in it.

    Returns
    -------
    dict of str to DataArray
        ``future_steps_probability`` and its error ``future_steps_probability_error``, dims (indicator, scenario), NaN
        for indicators whose series declares no step. Empty where none does.

    Notes
    -----
    Each year brings a step with the series' probability, whose log ratio has a Student-t distribution; it stays.
    Every series is taken by itself: what one change of system does to several of them together does not alter the
    probability of each.
    """
    import xarray as xr

    keys = list(model.indicators)
    found = np.full((2, len(keys), data.sizes["scenario"]), np.nan)
    years = np.array(YEAR_ENDS)
    last = _last_years(model, observations)
    seed = int(data.attrs.get("seed", _SEED))
    draws = data["draw"].values
    for row, key in enumerate(keys):
        measured = model.observations.get(key)
        if measured is None or measured.step is None:
            continue
        steps = _log_steps(measured.step, key, seed, draws)
        steps[:, years <= last[key]] = 0.0
        coords = {"draw": draws, "year": years}
        ratio = xr.DataArray(np.exp(np.cumsum(steps, axis=1)), coords, ("draw", "year"))
        target = model.targets[key]
        met = attained(on_basis(data[key] * ratio, target), target)
        found[:, row] = [share.values for share in probability_of_attainment(met)]
    if np.isnan(found).all():
        return {}
    dims, names = ("indicator", "scenario"), ("future_steps_probability", "future_steps_probability_error")
    labels = {"indicator": keys, "scenario": data["scenario"].values}
    return {name: xr.DataArray(values, labels, dims) for name, values in zip(names, found, strict=True)}


def _last_years(model: ModelSpec, observations: Sequence[Observation]) -> dict[str, int]:
    """Year of the last figure of each indicator, or of another series of the same quantity; else the base year.

    A figure of the two pension schemes together speaks for the enterprise scheme, as a step in it does, unless either
    scheme has figures of its own.
    """
    years = {one.quantity: one.year for one in sorted(observations, key=lambda one: one.ends)}
    measured = {key: model.observations[key].quantity for key in model.indicators if key in model.observations}
    found = {key: years.get(quantity, BASE_YEAR) for key, quantity in measured.items()}
    if {TOTAL, ENTERPRISE} <= found.keys() and not {measured.get(ENTERPRISE), measured.get(GOVERNMENT)} & years.keys():
        found[ENTERPRISE] = found[TOTAL]
    return found


def _log_steps(prior: StepPrior, key: str, seed: int, draws: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Log ratios (draw, year) of the steps of a series, nought in most years."""
    from scipy.special import stdtrit

    from ykforecast.simulate.sampling import uniform

    place = uniform(seed, 0, int(draws.max()) + 1, f"future_step:{key}", len(YEAR_ENDS))[draws]
    # Numbers below the probability of a step are uniform once more and say its size; the median is no step.
    size = np.where(place < prior.probability, place / prior.probability, 0.5)
    return np.asarray(prior.scale * stdtrit(prior.degrees_of_freedom, size))
