"""What figures after the base year changed in a forecast, and which of them did (预测修订说明)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import on_basis
from ykforecast.assess.definition_steps import COUNTINGS
from ykforecast.assess.indicators import indicators
from ykforecast.assess.intervals import QUANTILES, quantiles
from ykforecast.infer.lessons import shares_of_change
from ykforecast.infer.measurement import error_model
from ykforecast.simulate.projection import project
from ykforecast.simulate.scenarios import resolve
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration

#: Causes beside the series of figures: measures of the years that have passed, definition steps, what is
#: left by normality and linearity.
PAST, STEP, REST = "past_measures", "definition_step", "remainder"
CAUSES_ZH: Final = {PAST: "已过年份假定规划措施已落实", STEP: "统计口径变动", REST: "其余（非线性）"}


def revision(
    late: Calibration,
    scenarios: Iterable[str | Scenario] | str | Scenario = ("baseline", "plan"),
    *,
    threads: int | None = None,
) -> xr.Dataset:
    """The forecast before and after the figures, side by side, with the share of each series of figures.

    Parameters
    ----------
    late : Calibration
        From :func:`ykforecast.assimilate`.
    scenarios : str, Scenario or iterable of these
    threads : int, optional

    Returns
    -------
    Dataset
        Dims (scenario, indicator, quantile, cause); outcomes on the basis of the target (level of 2025, five-year
        sum or mean), base units. ``before`` and ``after``: quantiles 0.1, 0.5, 0.9, the latter as published.
        ``mean_change``, and ``share`` by cause, which adds up to it. Causes: each series of figures;
        ``past_measures``, the scenario of the years that have passed; ``definition_step``; ``remainder``.

    Raises
    ------
    RequestError
        The calibration has learned of no figure.

    Notes
    -----
    The shares of figures are those of a regression over the draws before they were known; measures and definition
    steps are differences of runs with the same draws. What all of them leave is the remainder.
    """
    import xarray as xr

    evidence = late.evidence
    if evidence is None or evidence.latent is None:
        raise RequestError("no figures to explain", key="late", remedy="Give what yk.assimilate returned.")
    model, draws, seed = late.model, evidence.latent.draws, evidence.latent.seed
    asked = [scenarios] if isinstance(scenarios, str | Scenario) else list(scenarios)

    def outcomes(calibration: Calibration) -> list[np.ndarray]:
        """Outcomes (scenario, draw, indicator) as published, and at the definitions of the base year."""
        runs = project(calibration, asked, draws, seed, keep="series", threads=threads)
        found = []
        for counting in COUNTINGS:
            values = indicators(runs, model, counting=counting)
            columns = [on_basis(values[key], target).transpose("scenario", "draw") for key, target in targets]
            found.append(np.stack([column.to_numpy() for column in columns], axis=2))
        return found

    targets = list(model.targets.items())
    before, _ = outcomes(replace(late, evidence=None))
    passed, _ = outcomes(replace(late, evidence=replace(evidence, latent=None, steps={})))
    after, behaviour = outcomes(late)
    series = [one.series for one in evidence.observations]
    error = error_model(evidence.observations, model.observations, model.base_year)
    observed = np.array([one.value for one in evidence.observations])
    causes = [*dict.fromkeys(series), PAST, STEP, REST]
    share = np.zeros((len(asked), len(targets), len(causes)))
    for row, quantities in zip(share, passed, strict=True):
        by_figure = shares_of_change(quantities, evidence.expected, observed, error)
        for column, name in zip(by_figure.T, series, strict=True):
            row[:, causes.index(name)] += column
    share[..., causes.index(PAST)] = (passed - before).mean(axis=1)
    share[..., causes.index(STEP)] = (after - behaviour).mean(axis=1)
    change = after.mean(axis=1) - before.mean(axis=1)
    share[..., causes.index(REST)] = change - share.sum(axis=2)
    labels = [CAUSES_ZH.get(name) or model.observations[name].label_zh for name in causes]

    return xr.Dataset(
        {
            "before": (("scenario", "indicator", "quantile"), quantiles(before, 1)),
            "after": (("scenario", "indicator", "quantile"), quantiles(after, 1)),
            "mean_change": (("scenario", "indicator"), change),
            "share": (("scenario", "indicator", "cause"), share),
        },
        coords={
            "scenario": [one.name for one in resolve(model, asked)],
            "indicator": list(model.targets),
            "quantile": list(QUANTILES),
            "cause": causes,
            "cause_zh": ("cause", labels),
        },
        attrs={"as_of": evidence.as_of.isoformat()},
    )
