"""What an indicator is composed of: residents by cell, their participation, work, pensions and enrolment.

An indicator of a year end is written as a formula in factors, exact in both years, so that its change is shared out
by putting factors of the one year beside factors of the other: Das Gupta (1993), Standardization and Decomposition of
Rates, U.S. Bureau of the Census, Current Population Reports P23-186. Cells are sex, residence and single age.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.outcomes import paths
from ykforecast.processes.education import SCHOOLING_GROUPS, mean_years_by_group
from ykforecast.processes.labour_base import URBAN
from ykforecast.vocabulary.dims import (
    AGE_GROUPS,
    EMPLOYED_STATES,
    LABOUR_STATES,
    STOCKS,
    WORKING_AGE,
    YEAR_ENDS,
)

if TYPE_CHECKING:
    from ykforecast.simulate.assemble import Results
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.sampling import Draws

Floats = npt.NDArray[np.float64]
Factors = dict[str, Floats]
_WORKING: Final = slice(WORKING_AGE, 60)
_SCHOOL_AGES: Final = tuple(AGE_GROUPS[group][1:] for group in SCHOOLING_GROUPS)
#: Parts of the change of residents by cell.
POPULATION: Final = ("ageing", "deaths", "births", "migration", "moves")
#: Factors beside residents that each cause holds; what else an indicator has belongs to the ledgers.
FACTORS: Final[Mapping[str, tuple[str, ...]]] = {
    "participation": ("participation",),
    "work": ("unemployed", "enterprise", "public", "flexible", "within_year", "hiring"),
    "retirement": ("retiree", "government_retiree"),
    "enrolment": (
        "contributing",
        "interrupted",
        "unemployment_insured",
        "work_injury_insured",
        "medical_workers",
        "medical_residents",
        "cards",
    ),
    "education": ("schooling",),
    "ledgers": ("counted_jobs", "ledger"),
}
STRUCTURE: Final = (*POPULATION, *FACTORS)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Above over below; nought in cells without people, where all that is below a cell is nought too."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)


def _city(cells: Floats) -> Floats:
    """Sum of cells (draw, stratum, age) over the city."""
    return np.asarray(cells.sum(axis=(1, 2)))


def _town(cells: Floats) -> Floats:
    return np.asarray(cells[:, URBAN].sum(axis=(1, 2)))


def at_year_end(path: Floats, at: int) -> Floats:
    """Figure (draw,) at a position of the year ends; a rate of growth, of which 2020 has no figure, is nought there."""
    if path.shape[1] == len(YEAR_ENDS):
        return path[:, at]
    return path[:, at - 1] if at else np.zeros(len(path))


class Composition:
    """Indicators of one run in the base year and in a later year, as formulas in the same factors.

    Parameters
    ----------
    calibration : Calibration
    sampled : Draws
    college_entry : ndarray (draw or 1, year)
        What measures add to the share who enter college.
    run : Results
        With cohorts.
    keys : sequence of str
        Indicators, in the order of the columns.
    year : int
    """

    def __init__(
        self,
        calibration: Calibration,
        sampled: Draws,
        college_entry: Floats,
        run: Results,
        keys: Sequence[str],
        year: int,
    ) -> None:
        self._calibration, self._sampled, self._keys, self._run = calibration, sampled, keys, run
        then = YEAR_ENDS.index(year)
        self._start, self._changes = residents(run, then)
        schooling = _schooling(calibration, sampled, college_entry)
        self._factors = tuple(self._read(schooling[:, at], at) for at in (0, then))

    def worth(self, chosen: Collection[str]) -> Floats:
        """Indicators (draw, indicator) with the chosen of :data:`STRUCTURE` as in the year, the rest as in 2020."""
        people = np.asarray(self._start + sum(self._changes[name] for name in POPULATION if name in chosen))
        factors = {name: self._factors[cause in chosen][name] for cause, names in FACTORS.items() for name in names}
        made = self._formulas(people, factors)
        ledger = factors["ledger"]
        return np.stack([made.get(key, ledger[:, column]) for column, key in enumerate(self._keys)], axis=1)

    def _read(self, schooling: Floats, at: int) -> Factors:
        """Factors of one year end."""
        figures = {name: at_year_end(path, at) for name, path in self._run.series.items()}
        cells = cells_at(self._run, at)
        people, force = _people(cells), np.asarray(sum(cells[name] for name in ("unemployed", *EMPLOYED_STATES)))
        count = {name: _city(cell) for name, cell in cells.items()}
        hires = figures["hires_urban"] if at else np.full(len(people), self._calibration.base.odds.hires_urban)
        employee = figures["medical_employee_insured"]
        pensioned = count["contributor"] + count["retiree"] + count["public"] + count["government_retiree"]
        found = {
            "participation": _ratio(force, people),
            **{name: _ratio(cells[name], force) for name in ("unemployed", "enterprise", "public", "flexible")},
            "within_year": figures["unemployment_rate"] * _town(force) / _town(cells["unemployed"]),
            "hiring": hires / _town(people[..., _WORKING]),
            **{name: _ratio(cells[name], people) for name in ("retiree", "government_retiree", "interrupted")},
            "contributing": _ratio(cells["contributor"], cells["enterprise"] + cells["flexible"]),
            "unemployment_insured": figures["unemployment_insured"] / self._pool(count["enterprise"], count["public"]),
            "work_injury_insured": figures["work_injury_insured"] / (count["enterprise"] + count["public"]),
            "medical_workers": employee / pensioned,
            "medical_residents": (figures["medical_insured"] - employee) / (_city(people) - employee),
            "cards": figures["card_holders"] / _city(people),
            "schooling": schooling,
            "counted_jobs": figures["new_urban_jobs"] / hires,
            "ledger": np.stack([at_year_end(path, at) for path in paths(self._run.series, self._keys)], axis=1),
        }
        return found

    def _pool(self, enterprise: Floats, public: Floats) -> Floats:
        return enterprise + self._sampled.value("ui_public_weight") * public

    def _formulas(self, people: Floats, x: Mapping[str, Floats]) -> dict[str, Floats]:
        """Every indicator that has a formula in the factors."""
        force = people * x["participation"]
        working = force * (1.0 - x["unemployed"])
        enterprise, public, flexible = (force * x[name] for name in ("enterprise", "public", "flexible"))
        contributors, retirees = _city((enterprise + flexible) * x["contributing"]), _city(people * x["retiree"])
        government = _city(public) + _city(people * x["government_retiree"])
        scheme = contributors + _city(people * x["interrupted"]) + retirees
        employee = (contributors + retirees + government) * x["medical_workers"]
        whole = _city(people)
        base = self._calibration.figures.urban_employment_share
        response = self._sampled.value("urban_share_response")
        groups = np.stack([people[..., first : last + 1].sum(axis=(1, 2)) for first, last in _SCHOOL_AGES], axis=1)
        return {
            "new_urban_jobs": x["counted_jobs"] * x["hiring"] * _town(people[..., _WORKING]),
            "surveyed_unemployment_rate": x["within_year"] * _town(force * x["unemployed"]) / _town(force),
            "urban_employment_share": base + response * (_town(working) / _city(working) - base),
            "mean_years_schooling": (groups * x["schooling"]).sum(axis=1) / groups.sum(axis=1),
            "pension_employees_total": scheme + government,
            "pension_enterprise": scheme,
            "pension_government": government,
            "medical_coverage": (employee + x["medical_residents"] * (whole - employee)) / whole,
            "unemployment_insured": x["unemployment_insured"] * self._pool(_city(enterprise), _city(public)),
            "work_injury_insured": x["work_injury_insured"] * (_city(enterprise) + _city(public)),
            "social_security_cards": x["cards"] * whole,
        }


def cells_at(run: Results, at: int) -> dict[str, Floats]:
    """Stocks (draw, stratum, age) of one year end by name."""
    if run.totals.cohort_stocks is None:  # unreachable: the run kept its cohorts
        raise AssertionError
    return dict(zip(STOCKS, np.moveaxis(run.totals.cohort_stocks[:, at], 1, 0), strict=True))


def _people(cells: Mapping[str, Floats]) -> Floats:
    return np.asarray(sum(cells[name] for name in (*LABOUR_STATES, "child")))


def residents(run: Results, then: int) -> tuple[Floats, dict[str, Floats]]:
    """Residents by cell (draw, stratum, age) of the base year, and what each of :data:`POPULATION` changed."""
    totals = run.totals
    deaths, migration, moves = totals.cohort_deaths, totals.cohort_net_migration, totals.cohort_moves
    if deaths is None or migration is None or moves is None:  # unreachable: the run kept its cohorts
        raise AssertionError
    people = np.stack([_people(cells_at(run, at)) for at in range(then + 1)], axis=1)
    return population_changes(people, deaths, migration, moves, then)


def population_changes(
    people: Floats, deaths: Floats, migration: Floats, moves: Floats, then: int
) -> tuple[Floats, dict[str, Floats]]:
    """Residents of the base year, and what each of :data:`POPULATION` changed of them up to a later year end.

    ``ageing`` moves everybody of 2020 up by the years that passed. Whoever dies, is born, migrates or moves to town
    later counts in the cell where the person would stand at the end.

    Parameters
    ----------
    people : ndarray (draw, year_end, stratum, age)
        Residents, persons.
    deaths, migration, moves : ndarray (draw, year, stratum, age)
        As in :class:`ykforecast.kernels.cohort.CohortTotals`.
    then : int
        Position of the later year end.
    """
    start = people[:, 0]
    aged = start
    changes = {name: np.zeros_like(start) for name in POPULATION}
    for year in range(then):
        aged, changes = older(aged), {name: older(one) for name, one in changes.items()}
        changes["deaths"] -= older(deaths[:, year])
        changes["migration"] += migration[:, year]
        changes["moves"] += moves[:, year]
        newborn = people[:, year + 1, :, 0]
        changes["births"][..., 0] = newborn - migration[:, year, :, 0] - moves[:, year, :, 0]
    return start, changes | {"ageing": aged - start}


def older(cells: Floats) -> Floats:
    """The same persons a year later; the open age keeps its own."""
    moved = np.zeros_like(cells)
    moved[..., 1:] = cells[..., :-1]
    moved[..., -1] += cells[..., -1]
    return moved


def _schooling(calibration: Calibration, sampled: Draws, college_entry: Floats) -> Floats:
    """Mean years of schooling by year end and reporting group, as the plan counts, (draw, year end, group)."""
    years = mean_years_by_group(
        calibration.schooling,
        tilt=sampled.value("schooling_gradient"),
        senior_entry=sampled.value("senior_entry_change"),
        college_entry=sampled.value("college_entry_change")[:, None] + college_entry,
    )
    return np.asarray(years + sampled.value("schooling_definition")[:, None, None])
