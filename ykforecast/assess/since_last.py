"""What changed since the previous forecast, and why (与上次预测比较)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.attainment import on_basis
from ykforecast.assess.evaluation import evaluate
from ykforecast.assess.finished_forecast import FinishedForecast, read_finished
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.intervals import QUANTILES, quantiles
from ykforecast.assess.named import named
from ykforecast.data.manifests import differences
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from ykforecast.spec.model import ModelSpec

Forecast = str | os.PathLike[str] | FinishedForecast
#: Cause of all that no figure explains: files of the model and data, versions, settings, and the draws themselves.
INPUTS: Final = "inputs"
_INPUTS_ZH: Final = "模型、数据文件或设定的变化（含抽样）"
_BASE: Final = "base units of the indicator"
#: Of a manifest: what came out, not what went in.
_OUTCOME: Final = {"results", "values"}
_DESCRIBED: Final = {
    "before": ("quantiles of the previous outcome", "上次预测的分位数（目标口径）", _BASE),
    "now": ("quantiles of the present outcome", "本次预测的分位数（目标口径）", _BASE),
    "median_change": ("change of the median", "中位数的变动", _BASE),
    "mean_change": ("change of the mean", "均值的变动", _BASE),
    "share": ("part of the change of the mean", "各原因在均值变动中的份额", _BASE),
    "before_probability": ("previous probability of attainment", "上次完成概率", "1"),
    "now_probability": ("present probability of attainment", "本次完成概率", "1"),
    "probability_change": ("change of the probability", "完成概率的变动", "1"),
    "probability_change_error": ("Monte Carlo standard error of the change", "概率变动的抽样误差", "1"),
    "before_class": ("previous class", "上次类别", None),
    "now_class": ("present class", "本次类别", None),
    "new_figures": ("figures used now and not then", "新采用的公布数", None),
}


def since_last(now: Forecast, before: Forecast, model: ModelSpec) -> xr.Dataset:
    """Compare a forecast with an earlier one, both judged by the same targets and cut-offs.

    Parameters
    ----------
    now, before : path or FinishedForecast
        Folder of ``ykforecast forecast`` or of one vintage, or what was read of it.
    model : ModelSpec
        Its targets and rules judge both, so that what changes is the forecast.

    Returns
    -------
    xr.Dataset
        Dims (scenario, indicator, quantile, cause); scenarios of both, outcomes on the basis of the target, base units.
        ``before``, ``now`` (10, 50, 90 %), ``median_change``, ``before_probability``, ``now_probability``,
        ``probability_change`` with ``probability_change_error``, ``before_class``, ``now_class``, ``mean_change``
        and its ``share`` by cause, ``new_figures`` (indicator). Causes: each series of figures, past measures,
        definition steps and the remainder of the conditioning, as :func:`ykforecast.assess.revision.revision` has
        them, now less then; ``inputs``, what is left. Shares are NaN where one of the two learned of figures and kept
        none.
        Attributes: ``changed``, places at which the two manifests differ; ``changed_files``, input files of them.

    Raises
    ------
    RequestError
        No scenario in common.

    Notes
    -----
    The two may have other draws; the error of the change takes them as independent, which is too wide where they
    share a seed.
    """
    import xarray as xr

    now, before = (one if isinstance(one, FinishedForecast) else read_finished(one) for one in (now, before))
    scenarios = [name for name in now.indicators["scenario"].values.tolist() if name in before.indicators["scenario"]]
    if not scenarios:
        found = before.indicators["scenario"].values.tolist()
        raise RequestError("no scenario in common", key="previous", value=found, remedy="Run the same scenarios")
    sides = {name: one.indicators.sel(scenario=scenarios) for name, one in (("before", before), ("now", now))}
    cards = {name: evaluate(sides[name], model, _day(one), observations=()) for name, one in _pair(before, now)}
    outcomes = {
        name: np.stack(
            [on_basis(data[key], model.targets[key]).transpose("scenario", "draw") for key in model.indicators], 1
        )
        for name, data in sides.items()
    }
    axes = ("scenario", "indicator")
    means = {name: values.mean(axis=2) for name, values in outcomes.items()}
    change = means["now"] - means["before"]
    causes, share = _shares(now, before, scenarios, change)
    error = sum(card["probability_error"] ** 2 for card in cards.values()) ** 0.5
    changed = differences(_went_in(before), _went_in(now))
    found = xr.Dataset(
        {
            **{name: ((*axes, "quantile"), quantiles(values, 2)) for name, values in outcomes.items()},
            "median_change": (axes, np.median(outcomes["now"], axis=2) - np.median(outcomes["before"], axis=2)),
            "mean_change": (axes, change),
            "share": ((*axes, "cause"), share),
            **{
                f"{name}_{kind}": (axes, card[kind].values)
                for kind in ("probability", "class")
                for name, card in cards.items()
            },
            "probability_change": (axes, (cards["now"]["probability"] - cards["before"]["probability"]).values),
            "probability_change_error": (axes, error.values),
            "new_figures": ("indicator", _new_figures(now, before, model)),
        },
        coords=indicator_labels(model)
        | {
            "scenario": scenarios,
            **{name: ("scenario", cards["now"][name].values) for name in ("scenario_zh", "scenario_en")},
            "quantile": list(QUANTILES),
            "cause": list(causes),
            "cause_zh": ("cause", list(causes.values())),
        },
        attrs={
            "title": "Change since the previous forecast",
            "title_zh": "与上次预测比较",
            "before": before.name,
            "now": now.name,
            "before_as_of": _day(before) or "",
            "now_as_of": _day(now) or "",
            "before_draws": int(before.indicators.sizes["draw"]),
            "now_draws": int(now.indicators.sizes["draw"]),
            "changed": " ".join(changed),
            "changed_files": " ".join(
                place.removeprefix("inputs.") for place in changed if place.startswith("inputs.")
            ),
        },
    )
    return named(found, _DESCRIBED, _DESCRIBED)


def _pair(before: FinishedForecast, now: FinishedForecast) -> tuple[tuple[str, FinishedForecast], ...]:
    return ("before", before), ("now", now)


def _went_in(forecast: FinishedForecast) -> dict[str, Any]:
    return {key: value for key, value in forecast.made_of.items() if key not in _OUTCOME}


def _day(forecast: FinishedForecast) -> str | None:
    return None if forecast.as_of is None else forecast.as_of.isoformat()


def _shares(
    now: FinishedForecast, before: FinishedForecast, scenarios: list[str], change: np.ndarray
) -> tuple[dict[str, str], np.ndarray]:
    """Causes with their Chinese names, and the part of each in the change of the mean (scenario, indicator, cause)."""
    causes: dict[str, str] = {}
    for one in (before, now):
        if one.revised is not None:
            causes |= zip(one.revised["cause"].values.tolist(), one.revised["cause_zh"].values.tolist(), strict=True)
    share = np.zeros((*change.shape, len(causes) + 1))
    for sign, one in ((-1.0, before), (1.0, now)):
        if one.revised is not None:
            values = one.revised["share"].sel(scenario=scenarios).transpose("scenario", "indicator", "cause")
            places = [list(causes).index(cause) for cause in values["cause"].values.tolist()]
            share[..., places] += sign * values.values
    share[..., -1] = change - share[..., :-1].sum(axis=-1)
    if any(one.revised is None and "assimilation" in one.made_of for one in (before, now)):
        share[:] = np.nan
    return causes | {INPUTS: _INPUTS_ZH}, share


def _figures(made_of: Mapping[str, Any]) -> set[tuple[str, int]]:
    return {(one["series"], one["year"]) for one in made_of.get("assimilation", {}).get("used", ())}


def _new_figures(now: FinishedForecast, before: FinishedForecast, model: ModelSpec) -> list[str]:
    """Years of the figures of each indicator itself that the earlier forecast did not know."""
    new = sorted(_figures(now.made_of) - _figures(before.made_of))
    return [" ".join(str(year) for series, year in new if series == key) for key in model.indicators]
