"""Early warning: of mass unemployment (失业预警) and of the plan (规划实施预警), with what either is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.assess.plan_warning import plan_warning
from ykforecast.assess.stress import stress, stress_scenarios
from ykforecast.assess.unemployment_paths import HORIZONS, Reader, UnemploymentPaths, known_now
from ykforecast.assess.unemployment_warning import unemployment_warning
from ykforecast.assess.warning_history import warning_history
from ykforecast.assess.warning_skill import warning_skill
from ykforecast.data.warning_file import load_warning

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Parameter that holds the error of the city's survey.
_SURVEY_ERROR: Final = "survey_error"


def warn(runs: xr.DataTree, base: str | None = None, model: ModelSpec | None = None) -> xr.DataTree:
    """Warnings that a run gives, as known in each month, and how often such warnings are right.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project` with ``monthly=True``.
    base : str, optional
        Scenario of a reader who foresees no shock: chances are estimated and alarms are scored on its draws. The
        first of the run by default.
    model : ModelSpec, optional
        By default the shipped model that the run was made with; its ``warning.toml`` holds the lines and signals.

    Returns
    -------
    DataTree
        ``unemployment`` (lamps, chances of a breach, rules of other places), ``skill`` (hits, false alarms, lead
        time), ``history`` (the same rules on published figures to 2020), ``plan`` (the warning list, and what it is
        worth) and, where the run holds scenarios of stress, ``stress``.

    Raises
    ------
    RequestError
        The run kept no months, or does not hold the base.
    ModelError
        ``warning.toml`` is missing or wrong.
    """
    import xarray as xr

    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(runs.attrs)
    rules, paths = load_warning(model), UnemploymentPaths.of(runs)
    base = paths.scenarios[0] if base is None else base
    rate = paths.rate[paths.place(base)]
    reader = Reader.of(rate, known_now(rate), rules, HORIZONS)
    survey_error = model.parameters[_SURVEY_ERROR].median
    found = {
        "unemployment": unemployment_warning(runs, paths, reader, base, model),
        "skill": warning_skill(runs, paths, reader, base, survey_error),
        "history": warning_history(reader, model),
        "plan": plan_warning(runs, model, runs.attrs.get("as_of"), base),
    }
    if stress_scenarios(paths.scenarios, base, model):
        found["stress"] = stress(runs, base, model=model)
    return xr.DataTree.from_dict(found | {"/": xr.Dataset(attrs=dict(runs.attrs))})
