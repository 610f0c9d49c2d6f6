"""Employment impact of a project (就业影响评估): posts, who fills them, and what changes in the city."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import attained, change_of_attainment, on_basis, probability_of_attainment
from ykforecast.assess.indicators import indicators
from ykforecast.data.project_file import load_project
from ykforecast.simulate.assemble import month_labels
from ykforecast.simulate.project_hires import origin_of_recruits
from ykforecast.simulate.project_run import ProjectRuns, run_project
from ykforecast.simulate.request import requested
from ykforecast.spec.project import SECTORS_ZH, SKILLS, SKILLS_ZH, ProjectSpec
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.dims import LABELS_ZH, MONTHS_A_YEAR, YEARS
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration

DEFAULT_DRAWS: Final = 2_000
#: Series of a run whose change is reported, in this order.
OUTCOMES: Final = (
    "employed",
    "enterprise_employees",
    "public_employees",
    "flexible_workers",
    "farm_workers",
    "unemployed_urban",
    "unemployment_rate",
    "new_urban_jobs",
    "urban_employment_share_plan",
    "contributors",
    "unemployment_insured",
    "work_injury_insured",
)
#: Recruits who come from elsewhere, beside the labour states.
OUTSIDE: Final = "outside"


def impact(
    calibration: Calibration,
    project: ProjectSpec | str | os.PathLike[str],
    base: str | Scenario = "plan",
    draws: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Effect of a project on the city: a scenario with it less the same without it, draw by draw.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate` or :func:`ykforecast.assimilate`.
    project : ProjectSpec or path
        A record, or its TOML file.
    base : str or Scenario
        Policies of both runs.
    draws, seed : int, optional
        2,000 draws of seed 2020, or as many as were conditioned on figures.
    threads : int, optional
    progress : callable, optional
        Called with (draws done, draws in all).

    Returns
    -------
    Dataset
        Persons and fractions.

        ===================  ============================  ====================================================
        variable             dims                          meaning
        ===================  ============================  ====================================================
        posts                phase, month, skill           posts that the project holds, deadweight included
        recruits             origin, draw, year            whom it recruits, replacements of leavers included
        recruit_pressure     skill, year                   recruits over those of the base year, mean of the draws
        recruitment_strain   year                          added recruits over the unemployed and inactive, mean
        net_posts            draw, month                   additional posts of residents, other firms included
        unmet                draw, year                    moves asked for that the flows of the city did not bring
        change               outcome, draw, year           with less without the project
        probability          side, indicator               of meeting the targets without and with it
        probability_error    indicator                     standard error of the paired difference of the two
        ===================  ============================  ====================================================

    Raises
    ------
    RequestError
        Impossible draws or seed, an unknown scenario, posts in years that have passed, or beyond what the flows of
        the city can bring.
    ModelError
        The file of the project is faulty.

    Notes
    -----
    The odds of the model change by year, so recruits of a year come evenly over its months; ``posts`` and
    ``net_posts`` keep the months of the project. People from elsewhere are counted as recruits and are no residents
    of the model: they change none of the outcomes.
    """
    import xarray as xr

    spec = project if isinstance(project, ProjectSpec) else load_project(project)
    evidence = calibration.evidence
    draws, seed = requested(calibration, draws, seed, DEFAULT_DRAWS, threads=threads)
    if evidence is not None and evidence.past is not None and _first_year(spec) <= evidence.past.through:
        raise RequestError(
            "posts in years whose figures are known already hold the project",
            key="posts",
            value=f"{_first_year(spec)}",
            remedy=f"Write posts from {evidence.past.through + 1}-01 on, or leave out as_of",
        )
    runs = run_project(calibration, spec, base, draws, seed, threads=threads, progress=progress)
    parts = (_posts(spec), _recruits(spec, runs), _strain(calibration, runs), _changes(runs))
    found = xr.Dataset({name: one for part in parts for name, one in part.items()} | _chances(calibration, runs))
    found = found.assign_coords(
        sector=("phase", [phase.sector for phase in spec.phases]),
        phase_zh=("phase", [phase.label_zh for phase in spec.phases]),
        phase_en=("phase", [phase.label_en for phase in spec.phases]),
        sector_zh=("phase", [SECTORS_ZH[phase.sector] for phase in spec.phases]),
        skill_zh=("skill", [SKILLS_ZH[skill] for skill in SKILLS]),
    )
    return found.assign_attrs({**runs.tree.attrs, "project": spec.name, "city_wage": calibration.pension_terms.wage})


def _first_year(spec: ProjectSpec) -> int:
    return YEARS[0] + spec.first_month // MONTHS_A_YEAR


def _posts(spec: ProjectSpec) -> dict[str, xr.DataArray]:
    import xarray as xr

    held = np.stack([np.outer(phase.path(), phase.mix) for phase in spec.phases])
    coords = {"phase": [phase.key for phase in spec.phases], "month": month_labels(), "skill": list(SKILLS)}
    attrs = {"units": "persons", "label_zh": "项目岗位", "long_name": "posts of the project"}
    return {"posts": xr.DataArray(held, coords, ("phase", "month", "skill"), attrs=attrs)}


def _recruits(spec: ProjectSpec, runs: ProjectRuns) -> dict[str, xr.DataArray]:
    import xarray as xr

    origins, by_origin = origin_of_recruits(runs.changes)
    outside = runs.changes.outside.sum(axis=1)[None]
    hired = np.concatenate([by_origin, outside])
    mix = np.array([phase.mix for phase in spec.phases])
    residents = runs.changes.direct.sum(axis=3).mean(axis=0)
    usual = sum(runs.shares.yearly[kind] for kind in sorted({kind for phase in spec.phases for kind in phase.kinds}))
    pressure = np.einsum("py,ps->sy", residents, mix) / np.asarray(usual)[:, None]
    draws = np.arange(hired.shape[1])
    names = [*origins, OUTSIDE]
    labels = [LABELS_ZH[name] for name in origins] + ["外来"]
    return {
        "recruits": xr.DataArray(
            hired,
            {"origin": names, "draw": draws, "year": list(YEARS), "origin_zh": ("origin", labels)},
            ("origin", "draw", "year"),
            attrs={"units": "persons", "label_zh": "项目招用（含补员）", "long_name": "recruits of the project"},
        ),
        "recruit_pressure": xr.DataArray(
            pressure,
            {"skill": list(SKILLS), "year": list(YEARS)},
            ("skill", "year"),
            attrs={"units": "1", "label_zh": "项目招用占基期同类招用之比", "long_name": "recruits over those of 2020"},
        ),
        "net_posts": xr.DataArray(
            runs.changes.net_posts,
            {"draw": draws, "month": month_labels()},
            ("draw", "month"),
            attrs={
                "units": "persons",
                "label_zh": "净增岗位（本地居民）",
                "long_name": "additional posts of residents",
            },
        ),
        "unmet": xr.DataArray(
            runs.unmet,
            {"draw": draws, "year": list(YEARS)},
            ("draw", "year"),
            attrs={"units": "persons", "label_zh": "未能落实的招用与离职", "long_name": "moves left unmet"},
        ),
    }


def _strain(calibration: Calibration, runs: ProjectRuns) -> dict[str, xr.DataArray]:
    """Recruits that the project adds over those whom they could come from, mean of the draws."""
    import xarray as xr

    added = np.maximum(runs.changes.recruits.sum(axis=(2, 3)), 0.0)
    attrs = {
        "units": "1",
        "label_zh": "新增招用与失业及其他非劳动力之比",
        "long_name": "added recruits over the unemployed and inactive",
        "limit": calibration.model.parameters["recruitment_limit"].median,
    }
    return {
        "recruitment_strain": xr.DataArray(
            (added / runs.changes.idle).mean(axis=0), {"year": list(YEARS)}, ("year",), attrs=attrs
        )
    }


def _changes(runs: ProjectRuns) -> dict[str, xr.DataArray]:
    import xarray as xr

    series = runs.tree["series"].to_dataset()
    kept = [series[name].sel(year_end=list(YEARS)).transpose("scenario", "draw", "year_end") for name in OUTCOMES]
    values = np.stack([one.values[1] - one.values[0] for one in kept])
    coords = {
        "outcome": list(OUTCOMES),
        "draw": series["draw"].values,
        "year": list(YEARS),
        "outcome_zh": ("outcome", [one.attrs["label_zh"] for one in kept]),
        "outcome_en": ("outcome", [one.attrs["long_name"] for one in kept]),
        "unit": ("outcome", [one.attrs["units"] for one in kept]),
    }
    attrs = {"units": "base unit of the outcome", "label_zh": "项目引起的变动", "long_name": "change by the project"}
    return {"change": xr.DataArray(values, coords, ("outcome", "draw", "year"), attrs=attrs)}


def _chances(calibration: Calibration, runs: ProjectRuns) -> dict[str, xr.DataArray]:
    import xarray as xr

    model = calibration.model
    data = indicators(runs.tree, model)
    met = xr.concat(
        [attained(on_basis(data[key], target), target) for key, target in model.targets.items()], "indicator"
    ).transpose("scenario", "indicator", "draw")
    chance, _ = probability_of_attainment(met)
    _, error = change_of_attainment(met.isel(scenario=0, drop=True), met.isel(scenario=1, drop=True))
    coords = {
        "indicator": list(model.targets),
        "label_zh": ("indicator", [model.indicators[key].label_zh for key in model.targets]),
        "label_en": ("indicator", [model.indicators[key].label_en for key in model.targets]),
    }
    return {
        "probability": xr.DataArray(
            chance.values,
            {**coords, "side": ["without", "with"]},
            ("side", "indicator"),
            attrs={"units": "1", "label_zh": "完成概率", "long_name": "probability of attainment"},
        ),
        "probability_error": xr.DataArray(
            error.values,
            coords,
            ("indicator",),
            attrs={"units": "1", "label_zh": "概率之差的抽样误差", "long_name": "standard error"},
        ),
    }
