"""Assumptions that say they come from figures do: take-up of cards, and the dose that a target needs."""

from __future__ import annotations

import pytest
from scipy import stats

import ykforecast as yk
from ykforecast.data.tables import figure


@pytest.fixture(scope="module")
def model():
    return yk.load_model()


def test_card_take_up_admits_the_country_and_a_city_that_lags(model):
    # Fall of the share without a card: the country's last year, and what the city's own target supposes by 2025.
    shares = {
        when: figure("social_security_cards_china", "social_security_card_share", when, place="china")
        for when in ("2016-03", "2019-10", "2020-10")
    }
    nation = 1.0 - (1.0 - shares["2020-10"]) / (1.0 - shares["2019-10"])
    whole = 1.0 - ((1.0 - shares["2020-10"]) / (1.0 - shares["2016-03"])) ** (12.0 / 55.0)
    residents = 232.86  # census of 2020, 10k persons
    city = 1.0 - ((residents - 220.0) / (residents - 208.0)) ** 0.2
    assert (nation, whole, city) == pytest.approx((0.27, 0.34, 0.124), abs=0.005)
    prior = model.parameters["card_take_up"].prior
    low, middle, high = stats.lognorm(prior.sigma, scale=prior.median).ppf([0.1, 0.5, 0.9])
    assert low < city < middle < nation < whole < high


def test_the_dose_of_unemployment_insurance_is_what_the_target_needs(model):
    # A dose below what the target needs would make the target unattainable by construction.
    runs = yk.project(yk.calibrate(model), scenarios=["plan"], draws=50, seed=2020)
    insurable = runs["series"]["unemployment_insurable"].median("draw").squeeze("scenario").values
    target = model.targets["unemployment_insured"]
    needed = (target.value / insurable[-1] - target.base / insurable[0]) / 4.0
    doses = model.scenarios["plan"].doses["ui_expansion"]
    assert len(doses) == 4 and set(doses.values()) == {0.071}
    assert needed == pytest.approx(0.071, abs=0.003)
    assert model.levers["ui_expansion"].bounds[1] == pytest.approx(2 * 0.071)
