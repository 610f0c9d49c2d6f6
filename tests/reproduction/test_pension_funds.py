"""The pension funds of 2020 beside what is published of the province: only what can be compared is."""

from __future__ import annotations

import numpy as np

from ykforecast.data.tables import read_table
from ykforecast.simulate.fund_runs import Money, People, run_accounts
from ykforecast.simulate.scenarios import resolve_one


def test_2020_stands_on_the_line_of_the_province(calibration):
    """Pensioners among the insured rose by a point a year in the province; the city is no other world.

    And what is collected cannot pass the province's receipts for an insured worker, which hold subsidies too, even at
    the wage growth of the city between.
    """
    table = read_table("social_insurance_china_liaoning", "social_insurance")

    def published(name, year):
        return table.one(variable=f"urban_employee_pension_{name}", place="liaoning", year=year)

    ((_, found),) = run_accounts(
        calibration, resolve_one(calibration.model, "baseline"), {"": (People(), Money())}, 200, 5, first_year=2022
    )
    insured, pensioners, received = (
        found[""][name][:2, :, 0].sum(axis=0) for name in ("insured", "pensioners", "contributions")
    )
    shares = [published("retirees", year) / published("insured_total", year) for year in (2010, 2016)]
    expected = shares[1] + (2020 - 2016) * (shares[1] - shares[0]) / (2016 - 2010)
    low, high = np.quantile(pensioners / (insured + pensioners), [0.05, 0.95])
    assert low < expected < high
    wages = read_table("china_city_yearbook", "series")
    wage = {
        year: wages.one(variable="onpost_staff_average_wage", place="yingkou", year=year, edition=year + 1)
        for year in (2016, 2020)
    }
    ceiling = published("fund_revenue", 2016) / published("contributors", 2016) * wage[2020] / wage[2016]
    assert np.median(received / insured) < ceiling
