"""Recruitment into public posts, year by year, that brings the posts which a draw asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ykforecast.kernels import draw_columns
from ykforecast.kernels.cohort import STOCKS, CohortTotals, run_cohorts
from ykforecast.kernels.flow_table import FLOWS
from ykforecast.processes.policy_bands import BANDS
from ykforecast.vocabulary.dims import MONTHS, STRATA, YEARS

#: Recruitment cannot fall below this share of the base year's: posts are cut by leaving vacancies. A guard: the
#: bounds of the lever stop at half of the recruits, and the prior of posts lies four standard deviations above.
LEAST_RECRUITMENT: Final = 0.05
_RECRUIT, _TILTS = draw_columns.COLUMNS["recruit"], draw_columns.COLUMNS["w"]
#: Step in a parameter for the response to it.
_STEP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Recruitment:
    """Public posts of each year end over those of the base year: who stays, and who was recruited since.

    ``ratio(y) = stay(y) + sum over years f of factor(f) * brought(f, y)``, where ``stay`` is linear and ``brought``
    log-linear in what else differs between draws.

    Attributes
    ----------
    row : ndarray (column,)
        Parameters of the kernel where the lines touch: central values, posts growing at their median pace.
    stay : ndarray (year,)
        Posts without recruits, over those of the base year.
    stay_response : ndarray (column, year)
        Change of it per unit of each parameter.
    brought : ndarray (year of recruitment, year)
        What recruitment at a factor of one brings and leaves, over the posts of the base year.
    brought_response : ndarray (column, year of recruitment, year)
        Change of its log per unit of each parameter.
    base, base_tilt : float and ndarray (tilt,)
        Posts of the base year, and what a weight of one adds to them, persons.
    """

    row: np.ndarray
    stay: np.ndarray
    stay_response: np.ndarray
    brought: np.ndarray
    brought_response: np.ndarray
    base: float
    base_tilt: np.ndarray

    def fill(self, parameters: np.ndarray, growth: np.ndarray, added: np.ndarray) -> None:
        """Set the factors on recruitment that bring the posts (编制) which draws ask for, in place.

        Parameters
        ----------
        parameters : ndarray (draw, column)
            Of the kernel, all others as they will be.
        growth : ndarray (draw,)
            Log growth of posts a year.
        added : ndarray (draw or 1, year)
            Net new posts of a scenario, persons a year; they stay.
        """
        base = self.base + _response(parameters[:, _TILTS], self.base_tilt)
        asked = np.exp(growth[:, None] * np.arange(1, len(YEARS) + 1)) + np.cumsum(added, axis=1) / base[:, None]
        parameters[:, _RECRUIT] = self.row[_RECRUIT]
        apart = parameters - self.row
        missing = asked - self.stay - _response(apart, self.stay_response)
        brought = self.brought * np.exp(_response(apart, self.brought_response))
        parameters[:, _RECRUIT] = _factors(missing, brought)


def _factors(missing: np.ndarray, brought: np.ndarray) -> np.ndarray:
    """Factors (draw, year) on recruitment that fill what is missing at each year end, ``brought`` as in Recruitment."""
    factors = np.zeros_like(missing)
    # Year by year, so that nothing which comes later is foreseen.
    for year in range(len(YEARS)):
        needed = missing[:, year] - (factors[:, :year] * brought[:, :year, year]).sum(axis=1)
        factors[:, year] = np.maximum(needed / brought[:, year, year], LEAST_RECRUITMENT)
    return factors


def _response(apart: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Sum over columns of ``apart`` (draw, column) times ``response`` (column, ...).

    One column after the other: the bits of a draw depend neither on a BLAS nor on the number of draws.
    """
    total = np.zeros((len(apart), *response.shape[1:]))
    for column in np.flatnonzero(response.reshape(len(response), -1).any(axis=1)):
        total += np.multiply.outer(apart[:, column], response[column])
    return total


def central_run(shared: Mapping[str, np.ndarray], rows: np.ndarray) -> CohortTotals:
    """Runs without a cycle under the policies of the base year; rows of parameters (run, column)."""
    return run_cohorts(
        shared,
        rows,
        np.zeros((len(rows), MONTHS)),
        np.ones((1, len(YEARS), len(FLOWS), len(STRATA), BANDS)),
        np.ones((1, len(YEARS), 3)),
    )


def solve_recruitment(shared: Mapping[str, np.ndarray], row: np.ndarray, growth: float) -> Recruitment:
    """Posts as lines in what differs between draws, drawn where they grow at a pace.

    Parameters
    ----------
    shared : mapping of str to ndarray
        Inputs of the cohort kernel.
    row : ndarray (column,)
        Its parameters at their central values; recruitment from which to start.
    growth : float
        Log growth of posts a year.
    """
    row = row.copy()
    _, stay, brought = _posts(shared, row[None])
    row[_RECRUIT] = _factors(np.exp(growth * np.arange(1, len(YEARS) + 1)) - stay, brought)[0]
    base, stay, brought = _posts(shared, row + np.concatenate([np.zeros((1, row.size)), _STEP * np.eye(row.size)]))
    # Recruits of a year bring nothing to the years before it: there the log stays zero.
    later = np.triu(np.ones(brought.shape[1:]))
    change = np.log(np.where(later, brought[1:], 1.0) / np.where(later, brought[0], 1.0))
    return Recruitment(
        row=row,
        stay=stay[0],
        stay_response=(stay[1:] - stay[0]) / _STEP,
        brought=brought[0] * later,
        brought_response=change / _STEP,
        base=float(base[0]),
        base_tilt=(base[1:] - base[0])[_TILTS] / _STEP,
    )


def _posts(shared: Mapping[str, np.ndarray], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At rows of parameters: posts of the base year (row,), ``stay`` and ``brought``, from runs one step apart."""
    steps = _STEP * np.eye(rows.shape[1])[_RECRUIT]
    runs = rows[:, None] + np.concatenate([np.zeros((1, rows.shape[1])), steps])
    posts = central_run(shared, runs.reshape(-1, rows.shape[1])).stocks_by_stratum[:, :, STOCKS.index("public")]
    posts = posts.sum(axis=2).reshape(*runs.shape[:2], -1)
    ratio = posts[:, :, 1:] / posts[:, :, :1]
    brought = (ratio[:, 1:] - ratio[:, :1]) / _STEP
    return posts[:, 0, 0], ratio[:, 0] - np.einsum("rf,rfy->ry", rows[:, _RECRUIT], brought), brought
