"""The scorecard of a mid-term evaluation: where each indicator stands, and how probable its target is.

Two numbers are always given together, realised progress against elapsed time and
the probability of meeting the target, because either alone misleads: the straight line
says nothing where the target lies within the noise of the base, and a probability alone
hides where the city stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ykforecast.assess.attainment import attained, joint_attainment, on_basis, probability_of_attainment
from ykforecast.assess.card_variables import DESCRIBED
from ykforecast.assess.card_words import disagreement, with_words
from ykforecast.assess.classes import CLASSES, ClassRules, class_index, class_range
from ykforecast.assess.definition_steps import at_base_definitions
from ykforecast.assess.future_steps import with_future_steps
from ykforecast.assess.gaps import latest_turn, shortfall
from ykforecast.assess.indicator_labels import indicator_labels
from ykforecast.assess.intervals import QUANTILES, central_intervals
from ykforecast.assess.likelihood import LikelihoodScale
from ykforecast.assess.measurement_error import measurement_error
from ykforecast.assess.named import named
from ykforecast.assess.progress import START, elapsed, plan_date, standing, years_passed
from ykforecast.assess.published_figures import last_figures
from ykforecast.assess.rate_judgement import RATE, rate_judgement, true_rate
from ykforecast.data.observations import load_observations
from ykforecast.vocabulary.dims import BASE_YEAR, YEAR_ENDS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from ykforecast.assess.progress import Standing
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

_LEADING: Final = ("scenario", "indicator", "rate", "span", "year", "level", "bound", "quantile")


def evaluate(
    source: xr.Dataset | xr.DataTree,
    model: ModelSpec | None = None,
    as_of: str | None = None,
    rules: ClassRules | None = None,
    *,
    observations: Sequence[Observation] | None = None,
) -> xr.Dataset:
    """Judge every indicator of a model against its target, per scenario.

    Parameters
    ----------
    source : xr.Dataset or xr.DataTree
        Indicators, dims (scenario, draw, year) in base units with years 2020..2025, or runs from which
        they are computed.
    model : ModelSpec, optional
        Its ``indicators`` and ``targets``; by default the shipped model that the runs were made with.
        Needed for a model of one's own.
    as_of : str, optional
        ISO date up to which figures were known when ``source`` was made. Without it, or at the base
        date, nothing is realised yet: progress is NaN and the class is by forecast, with the forecast
        of mid-term and of the end of 2024 in the place of what has been reached.
    rules : ClassRules, optional
        Cut-offs of the classes; the model's own (``evaluation.toml``) by default.
    observations : sequence of Observation, optional
        Figures known by ``as_of``; by default the published ones of the model's registry.

    Returns
    -------
    xr.Dataset
        Dims (scenario, indicator, year, level, bound). Values of indicators are in base units.

        =================  =================================  ========================================
        variable           dims                               meaning
        =================  =================================  ========================================
        median             scenario, indicator, year          median of the draws, yearly series
        interval           ..., year, level, bound            central 50, 80, 95 % intervals of the same
        outcome_median     scenario, indicator                on the target's basis
        outcome_interval   scenario, indicator, level, bound  on the target's basis
        target, threshold  indicator                          as printed; as judged, with the tolerance
        probability        scenario, indicator                of meeting the target in 2025
        probability_error  scenario, indicator                its Monte Carlo standard error
        progress           scenario, indicator                share of the planned change reached
        elapsed            (none)                             share of 2021-2025 that has passed
        pace               scenario, indicator                change a year so far
        required_pace      scenario, indicator                change a year still required
        pace_ratio         scenario, indicator                the latter over the former; why not: ``pace_note``
        figure_error       indicator                          standard deviation of one figure
        progress_withheld  scenario, indicator                why progress is not shown, as a code
        shortfall          ..., quantile                      distance to attainment of the draws that miss
        latest_turn        scenario, indicator                last year end to change the trend; ``turn_note``
        likelihood_zh ...  scenario, indicator                calibrated term, phrase, rounded probability
        disagreement       scenario, indicator                why progress and probability disagree, as a code
        rate_probability   scenario, rate, span, year         of the unemployment rate at target, with its error
        rate_value         ..., quantile                      the rate itself, 10, 50 and 90 %
        class              scenario, indicator                one of the four official classes
        class_range        scenario, indicator                the same, or two that are not told apart
        joint_probability  scenario                           all binding targets met together
        definition_step    scenario, indicator                median step in the outcome, where there is one
        base_outcome_...   scenario, indicator                median without it, at the definitions of 2020
        base_probability   scenario, indicator                of meeting the target so counted
        future_steps_...   scenario, indicator                of meeting it were the counting to change again
        published, ..year  indicator                          last published level, its year; only with ``as_of``
        check_definition   scenario, indicator                滞后 although that figure attains the target
        =================  =================================  ========================================

        Every code has its words beside it, ``<name>_zh`` and ``<name>_en``. The true unemployment rate stands beside
        the published one where ``source`` holds the group ``series`` of a run.

    Raises
    ------
    RequestError
        Indicators missing from ``source``, years missing, a date outside the plan, or no model given
        for runs of a model that is not shipped.
    """
    import xarray as xr

    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(source.attrs)
    rules, scale = rules or ClassRules.read(model.folder), LikelihoodScale.of_folder(model.folder)
    when = plan_date(as_of)
    if observations is None:
        observations = load_observations(model.folder, as_of=when) if when > START else ()
    data = _indicators(source, model)
    keys = list(model.indicators)
    targets = [model.targets[key] for key in keys]
    outcomes = {key: on_basis(data[key], target) for key, target in zip(keys, targets, strict=True)}
    met = {key: attained(outcomes[key], target) for key, target in zip(keys, targets, strict=True)}
    stood = [
        standing(data[key], target, when, rules, partial(measurement_error, model, key))
        for key, target in zip(keys, targets, strict=True)
    ]

    series = data[keys].sel(year=list(YEAR_ENDS)).to_dataarray("indicator")
    outcome = _stacked(outcomes)
    probability, error = probability_of_attainment(_stacked(met))
    card = xr.Dataset(
        {
            "median": series.median("draw", skipna=False),
            "interval": central_intervals(series),
            "outcome_median": outcome.median("draw", skipna=False),
            "outcome_interval": central_intervals(outcome),
            "target": ("indicator", [target.value for target in targets]),
            "threshold": ("indicator", [target.threshold for target in targets]),
            "probability": probability,
            "probability_error": error,
            "elapsed": ((), elapsed(when)),
            **_standings(stood),
            **_gaps(data, outcomes, met, model, when, rules),
            **at_base_definitions(data, model),
            **with_future_steps(data, model, observations),
        },
        coords=indicator_labels(model)
        | {"quantile": list(QUANTILES)}
        | {f"scenario_{lang}": ("scenario", scenario_labels(data, model, lang)) for lang in ("zh", "en")},
        attrs={
            "title": "Scorecard of the plan's indicators",
            "title_zh": "规划指标评估表",
            "as_of": when.isoformat(),
            # Progress is the median of the forecast, whether figures of the years since have moved it or not.
            "class_basis": "forecast of progress, and probability" if when > START else "forecast",
            "draws": int(data.sizes["draw"]),
            "classes": " ".join(CLASSES),
        },
    )
    binding = [key for key in keys if model.targets[key].nature == "binding"]
    if binding:
        joint, joint_error = probability_of_attainment(joint_attainment(met, binding))
        card["joint_probability"], card["joint_probability_error"] = joint, joint_error
        card.attrs["binding"] = binding
    if RATE in keys:
        judged = rate_judgement(data[RATE], true_rate(source), model)
        card = card.merge(judged.reindex(year=card["year"].values))
    card = _classed(card.transpose(*_LEADING, missing_dims="ignore"), stood, rules)
    card["disagreement"] = disagreement(card, rules)
    return named(_beside_figures(with_words(card, scale), model, when, observations), DESCRIBED)


def _beside_figures(card: xr.Dataset, model: ModelSpec, when: date, observations: Sequence[Observation]) -> xr.Dataset:
    """The card with the last published figures, and a mark where one attains the target of a class behind."""
    if when == START:
        return card
    figures, attained_already = last_figures(model, observations)
    card = card.assign(figures)
    met = card["published"].copy(data=attained_already)
    card["check_definition"] = (card["class"] == CLASSES[-1]) & met
    return card


def _stacked(arrays: dict[str, xr.DataArray]) -> xr.DataArray:
    """Arrays of common dims (scenario, draw) side by side along ``indicator``; attributes dropped."""
    import xarray as xr

    first = next(iter(arrays.values()))
    values = np.stack([array.transpose(*first.dims).values for array in arrays.values()])
    coords = {"indicator": list(arrays), "scenario": first["scenario"].values}
    return xr.DataArray(values, dims=("indicator", *first.dims), coords=coords)


def _standings(stood: list[Standing]) -> dict[str, tuple[tuple[str, ...], Any]]:
    names = ("progress", "progress_withheld", "pace", "required_pace", "pace_ratio", "pace_note")
    found: dict[str, tuple[tuple[str, ...], Any]] = {
        name: (("indicator", "scenario"), np.stack([getattr(one, name) for one in stood])) for name in names
    }
    return found | {"figure_error": (("indicator",), [one.figure_error for one in stood])}


def _gaps(
    data: xr.Dataset,
    outcomes: dict[str, xr.DataArray],
    met: dict[str, xr.DataArray],
    model: ModelSpec,
    when: date,
    rules: ClassRules,
) -> dict[str, tuple[tuple[str, ...], Any]]:
    """What the draws that miss lack, and the last year in which the trend can change."""
    axes, lacking, turns = ("scenario", "draw"), [], []
    for key, outcome in outcomes.items():
        target, attains = model.targets[key], met[key].transpose(*axes).values
        lacking.append(shortfall(outcome.transpose(*axes).values, attains, target))
        turns.append(latest_turn(data[key], attains, target, BASE_YEAR + years_passed(when)[0], rules.fast))
    both = ("indicator", "scenario")
    return {
        "shortfall": ((*both, "quantile"), np.stack(lacking)),
        "latest_turn": (both, np.stack([year for year, _ in turns])),
        "turn_note": (both, np.stack([note for _, note in turns])),
    }


def _classed(card: xr.Dataset, stood: list[Standing], rules: ClassRules) -> xr.Dataset:
    """The card with the official classes, and what the Monte Carlo error leaves open."""
    chance = card["probability"].transpose("indicator", "scenario").values
    slack = rules.errors_apart * card["probability_error"].transpose("indicator", "scenario").values
    classes, ranges = [], []
    for row, nature in enumerate(card["nature"].values.tolist()):

        def index(probability: Any, one: Standing = stood[row], binding: bool = nature == "binding") -> Any:
            return class_index(probability, one.lead, one.met_early, binding=binding, rules=rules)

        classes.append([CLASSES[place] for place in index(chance[row])])
        ends = zip(index(chance[row] + slack[row]), index(chance[row] - slack[row]), strict=True)
        ranges.append([class_range(int(best), int(worst)) for best, worst in ends])
    card["class"] = ("indicator", "scenario"), np.array(classes)
    card["class_range"] = ("indicator", "scenario"), np.array(ranges)
    return card.transpose(*_LEADING, missing_dims="ignore")


def scenario_labels(data: xr.Dataset, model: ModelSpec, lang: str) -> list[str]:
    """Names of the scenarios of a run in Chinese (``zh``) or English (``en``), in their order.

    The run carries the names, as scenarios of the user's own and joined ones are not in the model; data
    without them take the model's name, or else the key.
    """
    # A file gives back a list of one text as the text.
    keys, made = (np.atleast_1d(data.attrs.get(name, [])) for name in ("scenarios", f"scenario_labels_{lang}"))
    known = {key: scenario.label(lang) for key, scenario in model.scenarios.items()}
    names = known | dict(zip(map(str, keys), map(str, made), strict=False))
    return [names.get(key, key) for key in map(str, data["scenario"].values)]


def _indicators(source: xr.Dataset | xr.DataTree, model: ModelSpec) -> xr.Dataset:
    import xarray as xr

    if not isinstance(source, xr.DataTree):
        data = source
    elif "indicators" in source.children:
        data = source.children["indicators"].to_dataset()
    else:
        from ykforecast.assess.indicators import indicators

        data = indicators(source, model, breakdowns=False)
    missing = [key for key in model.indicators if key not in data]
    if missing:
        raise RequestError(
            "indicators are missing",
            key="indicators",
            value=missing,
            remedy="Pass what yk.project or yk.indicators returned, unreduced.",
        )
    for dim in ("draw", "year"):
        if dim not in data.dims:
            raise RequestError(
                f"no dimension {dim!r}",
                key="indicators",
                value=list(data.dims),
                remedy="Keep draws and years.",
            )
    if "scenario" not in data.dims:
        name = str(data["scenario"].item()) if "scenario" in data.coords else "run"
        data = data.drop_vars("scenario", errors="ignore").expand_dims(scenario=[name])
    return data
