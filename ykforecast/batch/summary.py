"""The summary of a batch: one row a scenario, vintage, indicator and year."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from ykforecast.assess.attainment import attained, on_basis, probability_of_attainment
from ykforecast.data.form_cells import escaped
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON
from ykforecast.vocabulary.units import from_base

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Decimals beyond those that the plan prints: readers compare scenarios that differ by less than a table shows.
_FURTHER_DECIMALS: Final = 3


class SummaryRow(NamedTuple):
    """What a batch says of one indicator in one year; figures in the unit of the plan.

    Attributes
    ----------
    vintage : str
        Last day of which figures were known, or ``base``.
    median, p10, p90 : str
        Of the draws; the figure of 2020 is the printed one, blank where the plan prints none.
    probability, probability_error : str
        Of meeting the target of 2025, a fraction, and its Monte Carlo standard error; on the rows of 2025 only.
    """

    vintage: str
    scenario: str
    indicator: str
    year: int
    median: str
    p10: str
    p90: str
    unit: str
    target: str
    probability: str
    probability_error: str


def summary_rows(indicators: xr.Dataset, model: ModelSpec, vintage: str) -> Iterator[SummaryRow]:
    """Rows of some scenarios of one vintage, by scenario, indicator and year.

    Parameters
    ----------
    indicators : Dataset
        As of :func:`ykforecast.indicators`, dims (scenario, draw, year), base units.
    """
    import numpy as np

    found = {}
    for key, target in model.targets.items():
        met = attained(on_basis(indicators[key], target), target)
        points = np.quantile(indicators[key].transpose("draw", ...).values, (0.5, 0.1, 0.9), axis=0)
        found[key] = points, *(one.values for one in probability_of_attainment(met))
    years = indicators["year"].values.tolist()
    for place, scenario in enumerate(indicators["scenario"].values.tolist()):
        for key, spec in model.indicators.items():
            target, (points, chance, error) = model.targets[key], found[key]
            decimals = spec.decimals + _FURTHER_DECIMALS
            for at, year in enumerate(years):
                said = [f"{from_base(one, spec.unit):.{decimals}f}" for one in points[:, place, at]]
                median, p10, p90 = [target.base_printed or ""] * 3 if year == BASE_YEAR else said
                judged = (target.printed, f"{chance[place]:.4f}", f"{error[place]:.4f}")
                yield SummaryRow(
                    vintage,
                    scenario,
                    key,
                    year,
                    median,
                    p10,
                    p90,
                    spec.unit,
                    *(judged if year == HORIZON else ("", "", "")),
                )


def summary_csv(rows: Iterable[SummaryRow]) -> str:
    """The rows as CSV; text that a spreadsheet would run as a formula is preceded by an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(SummaryRow._fields)
    writer.writerows(row._replace(target=escaped(row.target)) for row in rows)
    return buffer.getvalue()
