"""Every analysis that a mid-term evaluation quotes, made from one run and put into its dossier.

One small function a group, in the table :data:`GROUPS`: another analysis is another line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.attribution import attribute
from ykforecast.assess.breakdown_summary import breakdowns
from ykforecast.assess.difference import difference
from ykforecast.assess.dossier import Dossier, base_scenario, indicator_paths, main_scenario
from ykforecast.assess.fund_outlook import fund_outlook
from ykforecast.assess.indicators import indicators
from ykforecast.assess.labour_supply import labour_supply
from ykforecast.assess.main_causes import main_causes
from ykforecast.assess.naive_forecasts import naive_forecasts
from ykforecast.assess.needed_effort import efforts, needed_effort
from ykforecast.assess.plan_texts import conflict_texts, evidence_texts, measure_texts, model_facts
from ykforecast.assess.revision import revision
from ykforecast.assess.stored_scores import stored_scores
from ykforecast.assess.tally import tally
from ykforecast.assess.warning import warn
from ykforecast.simulate.projection import project

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

#: Draws of the analyses that run the model again.
FURTHER_DRAWS: Final = 200
#: Warning counts rare months: so many times the draws of the others.
WARNING_TIMES: Final = 4


@dataclass(frozen=True)
class Run:
    """What groups are made from.

    Attributes
    ----------
    calibration : Calibration
        That the runs were made with.
    runs : DataTree
        Of :func:`ykforecast.project`.
    indicators, card : Dataset
        Made from them.
    draws : int
        Of analyses that run the model again.
    own : Path, optional
        Form of a department's own figures.
    """

    calibration: Calibration
    runs: xr.DataTree
    indicators: xr.Dataset
    card: xr.Dataset
    draws: int = FURTHER_DRAWS
    own: Path | None = None

    @property
    def model(self) -> ModelSpec:
        """Model of the run."""
        return self.calibration.model

    @property
    def scenarios(self) -> list[str]:
        """Names of its scenarios."""
        names: list[str] = self.card["scenario"].values.tolist()
        return names

    @property
    def main(self) -> str:
        """Scenario that the report speaks of."""
        return main_scenario(self.scenarios)

    @property
    def base(self) -> str | None:
        """Scenario that it is compared with."""
        return base_scenario(self.scenarios)


def _difference(run: Run) -> xr.Dataset | None:
    return None if run.base is None else difference(run.runs, run.base, run.main, run.model)


def _revision(run: Run) -> xr.Dataset | None:
    if run.calibration.latent is None:
        return None
    return revision(run.calibration, run.scenarios)


def _evidence(run: Run) -> xr.Dataset | None:
    evidence = run.calibration.evidence
    return None if evidence is None else evidence_texts(evidence, run.model)


def _rivals(run: Run) -> xr.Dataset:
    return naive_forecasts(run.model, as_of=run.card.attrs["as_of"], own=run.own)


def _effort(run: Run) -> Mapping[str, xr.Dataset]:
    """The table of all targets behind, and each answer with its curve."""
    answers = efforts(run.calibration, run.card, run.main, draws=run.draws)
    if not answers:
        return {}
    return {"effort": needed_effort(answers, run.model), **{f"effort_{key}": one for key, one in answers.items()}}


def _causes(run: Run) -> xr.Dataset:
    return main_causes(attribute(run.calibration, run.main, run.base or run.main, over="causes", draws=run.draws))


def _breakdown(by: str) -> Callable[[Run], xr.Dataset]:
    return lambda run: breakdowns(run.indicators, by, run.model)


def _fund(run: Run) -> xr.Dataset:
    return fund_outlook(run.calibration, run.scenarios, run.draws)


def _supply(run: Run) -> xr.Dataset:
    return labour_supply(project(run.calibration, run.scenarios, run.draws, keep="cohorts"))


def _warning(run: Run) -> Mapping[str, xr.Dataset]:
    """Lamps, their skill, the plan's own warning list and stress, in runs by month; none without a base scenario."""
    model = run.model
    shocks = [name for name, one in model.scenarios.items() if one.kind == "stress" and name not in run.scenarios]
    draws = run.draws * WARNING_TIMES
    if run.calibration.latent is not None:
        draws = min(draws, run.calibration.latent.draws)
    runs = project(run.calibration, [*run.scenarios, *shocks], draws, monthly=True)
    found = warn(runs, run.base or run.main, model)
    names = {"unemployment": "warning", "skill": "warning_skill", "history": "warning_history", "plan": "plan_warning"}
    return {names.get(name, name): node.to_dataset() for name, node in found.children.items()}


#: Group -> what makes it; None where the run has nothing to make it from.
GROUPS: Final[Mapping[str, Callable[[Run], xr.Dataset | None]]] = {
    "tally": lambda run: tally(run.card, run.model),
    "facts": lambda run: model_facts(run.model, run.card.attrs["draws"]),
    "measures": lambda run: measure_texts(run.model),
    "conflicts": lambda run: conflict_texts(run.model),
    "evidence": _evidence,
    "difference": _difference,
    "revision": _revision,
    "rivals": _rivals,
    "scores": lambda run: stored_scores(run.model),
    "causes": _causes,
    "fund": _fund,
    "supply": _supply,
    **{f"by_{by}": _breakdown(by) for by in ("sex", "age_group", "district")},
}
#: The same for what comes in several groups.
SEVERAL: Final[Mapping[str, Callable[[Run], Mapping[str, xr.Dataset]]]] = {
    "effort": _effort,
    "warning": _warning,
}


def gather(
    calibration: Calibration,
    runs: xr.DataTree,
    card: xr.Dataset | None = None,
    *,
    draws: int = FURTHER_DRAWS,
    own: Path | None = None,
    since: xr.Dataset | None = None,
    run: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Dossier:
    """Make every group of the dossier.

    Parameters
    ----------
    calibration : Calibration
        That the runs were made with.
    runs : DataTree
        Of :func:`ykforecast.project`.
    card : Dataset, optional
        Of :func:`ykforecast.evaluate`; made here if left out.
    draws : int
        Of analyses that run the model again; on interim figures the first of those that were conditioned.
    own : Path, optional
        Form of a department's own figures, which the naive rivals may read too.
    since : Dataset, optional
        Of :func:`ykforecast.since_last`: the change since the previous forecast.
    run : mapping, optional
        Manifest of the run.
    progress : callable, optional
        Called with the name of each group before it is made.

    Returns
    -------
    Dossier
    """
    from ykforecast.assess.evaluation import evaluate

    model, evidence = calibration.model, calibration.evidence
    if calibration.latent is not None:
        draws = min(draws, calibration.latent.draws)
    values = indicators(runs, model)
    if card is None:
        as_of = None if evidence is None else evidence.as_of.isoformat()
        figures = None if evidence is None else evidence.observations
        card = evaluate(runs, model, as_of, observations=figures)
    source = Run(calibration, runs, values, card, draws, own)
    groups: dict[str, xr.Dataset] = {} if since is None else {"since_last": since}
    for name, make in GROUPS.items():
        progress(name)
        found = make(source)
        if found is not None:
            groups[name] = found
    for name, make_several in SEVERAL.items():
        progress(name)
        groups |= make_several(source)
    return Dossier(model, card, indicator_paths(values, model), groups, dict(run or {}))
