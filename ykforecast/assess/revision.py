"""What figures after the base year changed in a forecast, and which of them did (预测修订说明)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import on_basis
from ykforecast.assess.indicators import indicators
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.lessons import shares_of_change
from ykforecast.infer.measurement import figure_error
from ykforecast.simulate.projection import project
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration

#: Causes beside the series of figures: measures of the years that have passed, definition steps, what is
#: left by normality and linearity.
PAST, STEP, REST = "past_measures", "definition_step", "remainder"
CAUSES_ZH: Final = {PAST: "已过年份按实际口径", STEP: "统计口径变动", REST: "其余（非线性）"}


def revision(late: Calibration, scenario: str | Scenario = "baseline", *, threads: int | None = None) -> xr.Dataset:
    """The forecast before and after the figures, side by side, with the share of each series of figures.

    Parameters
    ----------
    late : Calibration
        From :func:`ykforecast.assimilate`.
    scenario : str or Scenario
    threads : int, optional

    Returns
    -------
    Dataset
        Dims (indicator, quantile, cause); outcomes on the basis of the target (level of 2025, five-year sum
        or mean), base units. ``before`` and ``after``: quantiles 0.1, 0.5, 0.9. ``mean_change``, and
        ``share`` by cause, which adds up to it.

    Raises
    ------
    RequestError
        The calibration has learned of no figure.
    """
    import xarray as xr

    evidence = late.evidence
    if evidence is None or evidence.latent is None:
        raise RequestError("no figures to explain", key="late", remedy="Give what yk.assimilate returned.")
    model, draws, seed = late.model, evidence.latent.draws, evidence.latent.seed

    def outcomes(calibration: Calibration, counting: str) -> np.ndarray:
        runs = project(calibration, scenario, draws, seed, keep="series", threads=threads)
        values = indicators(runs, model, counting=counting)  # type: ignore[arg-type]
        columns = [on_basis(values[key].isel(scenario=0), target).to_numpy() for key, target in model.targets.items()]
        return np.stack(columns, axis=1)

    before = outcomes(replace(late, evidence=None), "base")
    passed = outcomes(replace(late, evidence=replace(evidence, latent=None, steps={})), "base")
    behaviour, after = outcomes(late, "base"), outcomes(late, "published")
    series = [one.series for one in evidence.observations]
    error = ErrorModel([figure_error(one, model.observations[one.series]) for one in evidence.observations])
    observed = np.array([one.value for one in evidence.observations])
    by_figure = shares_of_change(passed, evidence.expected, observed, error)
    causes = [*dict.fromkeys(series), PAST, STEP, REST]
    share = np.zeros((len(model.targets), len(causes)))
    for column, name in zip(by_figure.T, series, strict=True):
        share[:, causes.index(name)] += column
    share[:, causes.index(PAST)] = passed.mean(axis=0) - before.mean(axis=0)
    share[:, causes.index(STEP)] = after.mean(axis=0) - behaviour.mean(axis=0)
    change = after.mean(axis=0) - before.mean(axis=0)
    share[:, causes.index(REST)] = change - share.sum(axis=1)
    labels = [CAUSES_ZH.get(name) or model.observations[name].label_zh for name in causes]
    levels = [0.1, 0.5, 0.9]
    return xr.Dataset(
        {
            "before": (("indicator", "quantile"), np.quantile(before, levels, axis=0).T),
            "after": (("indicator", "quantile"), np.quantile(after, levels, axis=0).T),
            "mean_change": ("indicator", change),
            "share": (("indicator", "cause"), share),
        },
        coords={
            "indicator": list(model.targets),
            "quantile": levels,
            "cause": ("cause", causes),
            "cause_zh": ("cause", labels),
        },
        attrs={"as_of": evidence.as_of.isoformat(), "scenario": str(getattr(scenario, "name", scenario))},
    )
