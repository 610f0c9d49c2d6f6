"""The census of 2020 forecast from that of 2010: the city by sex and age group, and its districts.

Two kinds of cases. ``forecast``: nothing after the census of 2010 is known, migration is zero at the centre.
``withheld``: half of the census of 2020, ages or districts, gives the migration profile of the other half
(:mod:`ykforecast.assess.census_check`); a point forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.census_check import TESTS, census_check
from ykforecast.assess.error_split import shapley_parts
from ykforecast.data.census import COUNTY_AGE_STARTS, group_sums
from ykforecast.data.history_file import load_history_file
from ykforecast.data.tables import figure
from ykforecast.infer.history_base import history_model
from ykforecast.infer.history_population import carry, fit_births, stratified
from ykforecast.infer.population_then import census_known_then
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.migration import migration_profile
from ykforecast.processes.mortality import death_probabilities
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.simulate.sampled import Sampled
from ykforecast.vocabulary.dims import RESIDENCE, SEX

if TYPE_CHECKING:
    from ykforecast.processes.population_inputs import PopulationInputs
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.population_sources import PopulationSources

Floats = npt.NDArray[np.float64]

CENSUS_YEARS: Final = (2010, 2020)
AGE_SEX, BY_DISTRICT = "forecast by age and sex", "forecast by district"
#: Draws carried forward at a time: single ages of every district for ten years are large.
_BLOCK: Final = 200
LAST, SURVIVAL, GROWTH = "last_value", "survival", "same_growth"


@dataclass(frozen=True, kw_only=True, eq=False)
class CensusCase:
    """One count of 2020, persons.

    Attributes
    ----------
    series : str
        Kind of case.
    cell : str
        Sex and age group, or district.
    observed, last : float
        Counts of 2020 and of the same cell in 2010.
    draws : mapping of str to ndarray (draw,)
        Forecasts by method; one draw is a point forecast.
    parts : mapping of str to float
        Causes of the error of the model, persons; empty where no split is made.
    """

    series: str
    cell: str
    observed: float
    last: float
    draws: Mapping[str, Floats]
    parts: Mapping[str, float]


def census_cases(model: ModelSpec, draws: int, seed: int) -> list[CensusCase]:
    """All cases: 36 of sex and age, the districts, and the withheld halves of ages and of districts."""
    assumed = PopulationAssumptions.of_model(model)
    return [*_forecast(model, assumed, draws, seed), *_withheld(assumed)]


def _cells(people: Floats) -> tuple[Floats, Floats]:
    """Counts by sex and age group (..., sex x group), and by district, of (..., district, stratum, age)."""
    by_sex = people.reshape(*people.shape[:-2], len(RESIDENCE), len(SEX), -1).sum(axis=-3)
    groups = group_sums(by_sex.sum(axis=-3))
    return groups.reshape(*groups.shape[:-2], -1), by_sex.sum(axis=(-2, -1))


def _names(sources: PopulationSources) -> tuple[tuple[str, ...], tuple[str, ...]]:
    starts = COUNTY_AGE_STARTS
    ends = [f"{a}-{b - 1}" for a, b in zip(starts, starts[1:], strict=False)] + [f"{starts[-1]}+"]
    return tuple(f"{sex} {group}" for sex in SEX for group in ends), sources.names


def _forecast(model: ModelSpec, assumed: PopulationAssumptions, draws: int, seed: int) -> list[CensusCase]:
    spread = load_history_file(model, "then").figures["migration_spread"].median
    decade = census_known_then(assumed, spread, 0.0)
    end = stratified(year_end_array(assumed))
    parameters = history_model(model, "then").parameters
    blocks = [
        _cells(carry(_drawn(decade, Sampled(parameters, seed, first, min(_BLOCK, draws - first)), assumed.sources))[-1])
        for first in range(0, draws, _BLOCK)
    ]
    central = replace(decade, fertility=decade.fertility * parameters["fertility_level"].median)
    causes = _causes(central, assumed)
    still = replace(decade, fertility=np.zeros_like(decade.fertility))
    found = []
    for kind, names in enumerate(_names(assumed.sources)):
        counted, start, survivors = (_cells(people)[kind] for people in (end, decade.people, carry(still)[-1]))
        forecast = np.concatenate([block[kind] for block in blocks])
        for i, name in enumerate(names):
            error = float(np.median(forecast[:, i]) - counted[i])
            split = {cause: float(parts[kind][i]) for cause, parts in causes.items()}
            cell = {"model": forecast[:, i], LAST: start[i : i + 1], SURVIVAL: survivors[i : i + 1]}
            found.append(
                CensusCase(
                    series=(AGE_SEX, BY_DISTRICT)[kind],
                    cell=name,
                    observed=float(counted[i]),
                    last=float(start[i]),
                    # Nobody born since is a survivor: there the rival has no answer.
                    draws={method: one for method, one in cell.items() if one.max() > 0.0},
                    parts=split | {"rest": error - sum(split.values())},
                )
            )
    return found


def _drawn(decade: PopulationInputs, sampled: Sampled, sources: PopulationSources) -> PopulationInputs:
    """Rates of each draw, with axes (draw, district) before the stratum."""

    def value(name: str) -> Floats:
        return sampled.value(name)[:, None, None, None]

    years = len(decade.deaths)
    odds, deaths, infants = value("mortality_odds"), decade.deaths[:, None, None], decade.infant_deaths[:, None, None]
    steps = sampled.noise("census fertility", years).cumsum(axis=1).T[:, :, None, None, None]
    births = value("fertility_level") * np.exp(value("fertility_step") * steps)
    city = sampled.value("migration_level")[:, None, None, None] * decade.migration_spread
    district = _district_spread(sources) * sampled.noise("census district", len(sources.districts))[:, :, None, None]
    return replace(
        decade,
        people=np.broadcast_to(decade.people, (sampled.draws, *decade.people.shape)),
        deaths=deaths * odds / (1.0 - deaths + deaths * odds),
        infant_deaths=infants * odds[..., 0] / (1.0 - infants + infants * odds[..., 0]),
        fertility=decade.fertility[:, None, None] * births,
        migration=city + district,
    )


def _causes(then: PopulationInputs, assumed: PopulationAssumptions) -> dict[str, tuple[Floats, Floats]]:
    """Part of each cause in the error of the central forecast (kind of cell: cell), persons.

    The rates of the decade are put in the place of those forecast, one after another in every order; births at the
    level that leaves the children counted.
    """
    deaths, infants = death_probabilities(assumed, tuple(range(CENSUS_YEARS[0] + 1, CENSUS_YEARS[1] + 1)))
    came = replace(then, deaths=deaths, infant_deaths=infants, migration=migration_profile(assumed))
    city = fit_births(replace(came, people=then.people.sum(axis=0)), stratified(year_end_array(assumed).sum(axis=0)))
    factors = {
        "deaths": ("deaths", "infant_deaths"),
        "births": ("fertility",),
        "migration": ("migration",),
    }

    def mixture(forecast: tuple[str, ...]) -> tuple[Floats, Floats]:
        fields = {name: getattr(then, name) for cause in forecast for name in factors[cause]}
        return _cells(carry(replace(came, **{"fertility": city.fertility, **fields}))[-1])

    names = sorted(factors)
    worth = {chosen: mixture(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)}
    split: list[dict[str, list[float]]] = [{cause: [] for cause in factors} for _ in worth[()]]
    for kind, found in enumerate(split):
        for cell in range(len(worth[()][kind])):

            def value(mix: Mapping[str, Floats], kind: int = kind, cell: int = cell) -> float:
                return float(worth[tuple(name for name in names if mix[name] > 0.0)][kind][cell])

            for cause, part in shapley_parts(value, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0)).items():
                found[cause].append(part)
    return {cause: (np.array(split[0][cause]), np.array(split[1][cause])) for cause in factors}


def _district_spread(sources: PopulationSources) -> float:
    """Standard deviation of the migration of a district about that of the city, share of its people a year.

    How far the districts lay apart in 2010 in residents registered in another county, as if they had come in ten years.
    """

    def counted(variable: str, place: str) -> float:
        return figure(sources.county_2010, variable, CENSUS_YEARS[0], place=place)

    came = [
        (counted("registered_elsewhere_same_province", place) + counted("registered_elsewhere_other_province", place))
        / counted("population", place)
        for place in sources.names
    ]
    return float(np.std(came, ddof=1)) / (CENSUS_YEARS[1] - CENSUS_YEARS[0])


def _withheld(assumed: PopulationAssumptions) -> list[CensusCase]:
    """Cells of the census of 2020 that the profile predicting them was not shown, beside the rivals."""
    check = census_check(assumed)
    found = []
    for t, test in enumerate(TESTS):
        model, unchanged, survival = check.predicted[:, t]
        # All cells grow as their sum did: the growth that the half shown tells of.
        growth = check.counted[t].sum() / unchanged.sum()
        for s, sex in enumerate(SEX):
            for g, group in enumerate(check.groups):
                forecasts = {
                    "model": model[s, g],
                    LAST: unchanged[s, g],
                    SURVIVAL: survival[s, g],
                    GROWTH: unchanged[s, g] * growth,
                }
                found.append(
                    CensusCase(
                        series=test,
                        cell=f"{sex} {group}",
                        observed=float(check.counted[t, s, g]),
                        last=float(unchanged[s, g]),
                        draws={method: np.array([one]) for method, one in forecasts.items()},
                        parts={},
                    )
                )
    return found
