"""Sensitivity (敏感性分析): which uncertain numbers an indicator hangs on, and what would be worth knowing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.information import Narrowing, narrowing
from ykforecast.assess.outcomes import Outcomes, known_indicators
from ykforecast.assess.pick_freeze import Design
from ykforecast.assess.regional import separation, terciles
from ykforecast.assess.sobol import SobolIndices, sobol_indices
from ykforecast.data.analysis_file import load_analysis
from ykforecast.infer.measurement import quantity_path
from ykforecast.simulate.request import DEFAULT_SEED, check_request
from ykforecast.simulate.sampled import PARAMETER
from ykforecast.simulate.sampling import normal_stream
from ykforecast.simulate.scenarios import resolve_one
from ykforecast.vocabulary.dims import HORIZON
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.analysis import Statistic, Theme
    from ykforecast.spec.scenario import Scenario

Floats = npt.NDArray[np.float64]
DEFAULT_DRAWS: Final = 4096
#: Standard errors on either side of a 90 % interval.
REACH: Final = 1.6449
LEAST_DRAWS: Final = 100


def sensitivity(
    calibration: Calibration,
    scenario: str | Scenario = "baseline",
    indicators: Iterable[str] | str | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """What the outcome of 2025 and the chance of each target hang on, and what would narrow them.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate`, without interim figures.
    scenario : str or Scenario
    indicators : str or iterable of str, optional
        All of them if left out.
    draws : int
        Of each of two samples; a run of each and one for every theme.
    seed : int
    threads : int, optional
    progress : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    Dataset
        Of outcomes on the basis of the target, dims (theme, indicator): Sobol indices ``first`` and ``total`` of
        themes of uncertain numbers, and ``first_met``, ``total_met`` of the attainment, which is 0 or 1, each with
        ``<name>_interval`` (bound). Dims (parameter, indicator): ``third_probability`` (third), the chance of the
        target by thirds of the parameter, ``separation``, the Kolmogorov-Smirnov distance between its values where the
        target is met and missed, and ``parameter_share``, ``parameter_share_met``, the shares of the variance that
        are gone once it is known, each with ``<name>_interval``. Dims (statistic, indicator): ``statistic_share``
        and ``statistic_share_met``, the same for statistics that could be collected, error of the figures
        included; ``statistic_resolution`` is their share in the sum of ``P (1 - P)`` over the indicators.

    Raises
    ------
    RequestError
        An unknown scenario or indicator, too few draws, or a calibration on interim figures.
    """
    import xarray as xr

    check_request(draws, seed, threads=threads)
    if draws < LEAST_DRAWS:
        remedy = f"Give at least {LEAST_DRAWS}."
        raise RequestError("too few draws to tell shares of a variance", key="draws", value=draws, remedy=remedy)
    if calibration.latent is not None:
        raise RequestError(
            "interim figures make the themes depend on each other",
            key="calibration",
            value=str(calibration.evidence and calibration.evidence.as_of),
            remedy="Give what yk.calibrate returned; yk.attribute(..., over='figures') says what the figures changed.",
        )
    model = calibration.model
    keys = known_indicators(model, indicators)
    resolved = resolve_one(model, scenario)
    table = load_analysis(model)
    design = Design(calibration, resolved, draws, seed, threads)
    outcomes = Outcomes(calibration, keys)
    themes = design.themes(table.themes)
    quantities = sorted({(name, one.year) for one in table.statistics.values() for name in one.quantities})

    def with_quantities(series: Mapping[str, Floats], first: int) -> Floats:
        told = [quantity_path(name, series)[:, year - HORIZON - 1] for name, year in quantities]
        return np.column_stack([outcomes(series, first), *told])

    def with_met(values: Floats) -> Floats:
        return np.column_stack([values, outcomes.met(values)])

    runs: list[Callable[[], Floats]] = [
        partial(design.first, with_quantities),
        partial(design.second, with_quantities),
        *(partial(design.mixed, streams, outcomes) for streams in themes.values()),
    ]
    found = []
    for run in runs:
        found.append(run())
        if progress is not None:
            progress(len(found), len(runs))
    samples, mixed = found[:2], np.stack([with_met(one) for one in found[2:]])
    first, second = (with_met(one[:, : len(keys)]) for one in samples)
    indices = sobol_indices(first, second, mixed, seed=seed)
    ensemble = np.concatenate(samples)
    results = with_met(ensemble[:, : len(keys)])
    met = results[:, len(keys) :] > 0.0
    told = dict(zip(quantities, ensemble[:, len(keys) :].T, strict=True))
    names = [stream.removeprefix(PARAMETER) for stream in design.streams() if stream.startswith(PARAMETER)]
    numbers = design.parameters(names, 2 * draws)
    figures = [_figures(key, one, told, seed) for key, one in table.statistics.items()]
    by_statistic = [narrowing(results, one) for one in figures]
    chance = met.mean(axis=0)
    return xr.Dataset(
        {
            "deviation": ("indicator", results[:, : len(keys)].std(axis=0, ddof=1)),
            "probability": ("indicator", chance),
            **_indices(indices, len(keys)),
            **_known("parameter", [narrowing(results, column[:, None]) for column in numbers.T], len(keys)),
            "third_probability": (("third", "parameter", "indicator"), terciles(numbers, met)),
            "separation": (("parameter", "indicator"), separation(numbers, met)),
            **_known("statistic", by_statistic, len(keys)),
            "statistic_resolution": ("statistic", _resolution(by_statistic, chance)),
        },
        coords={
            "indicator": list(keys),
            **_labelled("theme", {key: table.themes[key] for key in themes}),
            "parameter": names,
            "parameter_zh": ("parameter", [model.parameters[name].label_zh for name in names]),
            "third": ["lower", "middle", "upper"],
            **_labelled("statistic", table.statistics),
            "bound": ["low", "high"],
        },
        attrs={
            "scenario": resolved.name,
            "scenario_zh": resolved.label_zh,
            "scenario_en": resolved.label_en,
            "draws": draws,
            "seed": seed,
        },
    )


def _figures(key: str, statistic: Statistic, told: Mapping[tuple[str, int], Floats], seed: int) -> Floats:
    """Figures that a statistic would print in each draw, error included, (draw, figure)."""
    true = np.stack([told[name, statistic.year] for name in statistic.quantities], axis=1)
    error = normal_stream(seed, 0, len(true), f"statistic:{key}", len(statistic.quantities))
    sd = np.array([statistic.error.sd(float(np.median(column))) for column in true.T])
    return np.asarray(true + sd * error)


def _indices(found: SobolIndices, count: int) -> dict[str, Any]:
    """Sobol indices of outcomes, and of their attainment which stands in the columns after them."""
    variables: dict[str, Any] = {}
    for suffix, columns in (("", slice(count)), ("_met", slice(count, None))):
        for name in ("first", "total"):
            interval = getattr(found, f"{name}_interval")[..., columns]
            variables[f"{name}{suffix}"] = (("theme", "indicator"), getattr(found, name)[:, columns])
            variables[f"{name}{suffix}_interval"] = (("bound", "theme", "indicator"), interval)
    return variables


def _known(what: str, found: Sequence[Narrowing], count: int) -> dict[str, Any]:
    """Shares of the variance that knowing each of some things takes away, of outcomes and of their attainment."""
    share, error = np.stack([one.share for one in found]), np.stack([one.error for one in found])
    interval = np.stack([share - REACH * error, share + REACH * error])
    variables: dict[str, Any] = {}
    for suffix, columns in (("", slice(count)), ("_met", slice(count, None))):
        variables[f"{what}_share{suffix}"] = ((what, "indicator"), share[:, columns])
        variables[f"{what}_share{suffix}_interval"] = (("bound", what, "indicator"), interval[..., columns])
    return variables


def _resolution(found: Sequence[Narrowing], chance: Floats) -> Floats:
    """Share of the sum of ``P (1 - P)`` over the indicators that each statistic takes away, (statistic,)."""
    open_still = chance * (1.0 - chance)
    shares = np.stack([np.nan_to_num(one.share[len(chance) :]) for one in found])
    return np.asarray((shares * open_still).sum(axis=1) / open_still.sum())


def _labelled(what: str, records: Mapping[str, Theme] | Mapping[str, Statistic]) -> dict[str, Any]:
    return {
        what: list(records),
        f"{what}_zh": (what, [one.label_zh for one in records.values()]),
        f"{what}_en": (what, [one.label_en for one in records.values()]),
    }
