"""Figures that the base year 2015 is solved from, in base units: printed, carried between censuses, or declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

import numpy as np

from ykforecast.data.base_figures import BASE, JumpOffFigures
from ykforecast.data.base_population import census_base_array
from ykforecast.data.figure_map import FigureMap
from ykforecast.data.history_file import Known
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.population_sources import PopulationSources
from ykforecast.vocabulary.errors import ModelError

_FIRST_CENSUS = 2010
#: Ages that the long forms count the employed against: 16 and over in 2010, 15 and over in 2020.
_ADULT_2010, _ADULT = 16, 15
#: End of 2015 between the censuses of 1 November.
_ELAPSED = (5.0 + 1.0 / 6.0) / 10.0
_OF_2015: Final = (
    "units_employed",
    "college_students",
    "enterprise_insured",
    "unemployment_insured",
    "employee_medical_insured",
)
#: Counts of 2015 that predictions of the past start from: the model follows them by a proxy.
FOLLOWED: Final = ("private_and_self_employed", "registered_unemployed")
#: Figures of ``[past]``: shares of the first census, counts of 2015, and the sum of new jobs over 2016-2020.
PAST: Final = ("employed_share", "farm_share", *_OF_2015, *FOLLOWED, "new_urban_jobs")


def history_figures(
    printed: FigureMap,
    known: Known,
    people: np.ndarray,
    declared: Mapping[str, ParameterSpec],
    sources: PopulationSources,
) -> JumpOffFigures:
    """Figures of the end of 2015.

    Parameters
    ----------
    printed : FigureMap
        Where the published figures stand.
    known : {"all", "then"}
        With ``all`` the shares of employed and of farm work lie between the long forms of 2010 and 2020,
        log-linear in time, and yearly counts are means of 2016-2020; with ``then`` those of 2010 are moved by
        declared changes.
    people : ndarray (stratum, age)
        Residents at 31 December 2015, persons.
    declared : mapping of str to ParameterSpec
        Figures that nobody printed; ``urban_employment_ratio`` is the employed share of adults in towns over
        that in the country.
    sources : PopulationSources
        Where the residents of the first census are printed.

    Raises
    ------
    DataError
        A printed figure is missing.
    ModelError
        A figure is neither printed nor declared, or both.
    """
    # In the mode `then` no figure of a later year is read.
    past = printed.values("past", PAST, PAST if known == "all" else ("employed_share", "farm_share", *_OF_2015))
    values = {name: record.median for name, record in declared.items()}
    employed_share, farm_share = past["employed_share"], past["farm_share"]
    residents = census_base_array(_FIRST_CENSUS, sources).sum(axis=(0, 1, 2))
    employed_share *= float(residents[_ADULT_2010:].sum() / residents[_ADULT:].sum())
    later = printed.values("base", BASE) if known == "all" else {}
    if known == "all":
        employed_share *= (later["employed_share"] / employed_share) ** _ELAPSED
        farm_share *= (later["farm_share"] / farm_share) ** _ELAPSED
    else:
        employed_share *= values.pop("employed_share_change")
        farm_share *= values.pop("farm_share_change")
    adults = people[:, _ADULT:].sum(axis=1)
    urban = values.pop("urban_employment_ratio") * float(adults[:2].sum())
    read = {
        "employed_share": employed_share,
        "farm_share": farm_share,
        "urban_employment_share": urban / (urban + float(adults[2:].sum())),
        **{name: past[name] for name in _OF_2015},
    }
    if known == "all":
        # Means of 2016-2020; new jobs are those of 2016-2019.
        read["new_urban_jobs"] = (past["new_urban_jobs"] - later["new_urban_jobs"]) / 4
        read |= {name: later[name] for name in ("reemployed_a_year", "rural_transfers_a_year")}
    wanted = {field.name for field in fields(JumpOffFigures)}
    for problem, names in (
        ("figures neither printed nor declared", wanted - set(read) - set(values)),
        ("declared figures that are printed or unknown", set(values) - (wanted - set(read))),
    ):
        if names:
            raise ModelError(problem, file="history.toml", key=f"figures.{known}", value=sorted(names))
    return JumpOffFigures(**read, **values)
