"""Definition steps still to come: how often, how large, and in which years a probability takes them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from ykforecast.assess.future_steps import with_future_steps
from ykforecast.data.observations import load_observations
from ykforecast.present.table_notes import future_steps_note
from ykforecast.vocabulary.dims import YEAR_ENDS

KEY, DRAWS = "unemployment_insured", 20_000


def level(model, share: float) -> xr.Dataset:
    """All indicators flat at a share of their targets' thresholds, so that nothing but steps differs between draws."""
    coords = {"scenario": ["plan"], "draw": range(DRAWS), "year": list(YEAR_ENDS)}
    shape = (1, DRAWS, len(YEAR_ENDS))
    return xr.Dataset(
        {
            key: (("scenario", "draw", "year"), np.full(shape, share * model.targets[key].threshold))
            for key in model.indicators
        },
        coords,
    )


def found(model, share: float, observations=()) -> xr.DataArray:
    return with_future_steps(level(model, share), model, observations)["future_steps_probability"].sel(scenario="plan")


def test_the_chance_of_a_jump_is_that_of_its_prior(model):
    # With one year left the chance is the prior's: the year brings a step, and that is larger than what lacks.
    lacking, prior = 0.7, model.observations[KEY].step
    known = [one for one in load_observations(model.folder, as_of=date(2023, 6, 30)) if one.series == KEY]
    last = replace(known[-1], first_year=2024, year=2024)
    expected = prior.probability * stats.t.sf(-np.log(lacking) / prior.scale, prior.degrees_of_freedom)
    chance = float(found(model, lacking, [last]).sel(indicator=KEY))
    assert chance == pytest.approx(expected, abs=4 * np.sqrt(expected / DRAWS))


def test_steps_go_both_ways(model):
    # A step that takes insured persons away makes a target that is reached uncertain: the note is no excuse only.
    short, ahead = (float(found(model, share).sel(indicator=KEY)) for share in (0.9, 1.1))
    assert 0.0 < short < 0.3 and 0.7 < ahead < 1.0


def test_years_with_a_figure_bring_no_further_step(model):
    # Steps of the years that figures describe are in the forecast already: drawn again, they would count twice.
    observations = load_observations(model.folder, as_of=date(2023, 6, 30))
    before, after = found(model, 0.9), found(model, 0.9, observations)
    for key in (KEY, "pension_employees_total", "pension_enterprise"):  # the last by the figure of both schemes
        assert float(after.sel(indicator=key)) < float(before.sel(indicator=key))
    assert float(after.sel(indicator="pension_government")) == float(before.sel(indicator="pension_government"))


def test_only_series_that_declare_steps_have_the_probability(model):
    # A series in which a step is out of the question has one probability.
    steps = [key for key in model.indicators if model.observations[key].step is not None]
    chance = found(model, 0.9)
    assert chance["indicator"].values[chance.notnull().values].tolist() == steps
    assert {KEY, "medical_coverage"} <= set(steps)


def test_the_table_says_what_steps_to_come_would_do(card):
    # An official who reads "<1 %" must see that the departments' count may jump, as it did before.
    card = card.copy(deep=True)
    card["probability"].loc[{"indicator": KEY}], card["future_steps_probability"].loc[{"indicator": KEY}] = 0.001, 0.12
    scenario = card["scenario"].values[0]
    for lang, said in (("zh", "失业保险参保人数 <1%→12%"), ("en", "insured persons <1%→12%")):
        (note,) = future_steps_note(card, scenario, lang)
        assert said in note
    same = card.assign(future_steps_probability=card["probability"])
    assert future_steps_note(same, scenario, "zh") == []
