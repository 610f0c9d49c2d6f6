"""No dose takes an indicator past those who could be counted, nor a ratio below its floor."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import ykforecast as yk
from ykforecast.assess.ceilings import CEILINGS, ceilings
from ykforecast.vocabulary.dims import YEARS

MODEL = yk.load_model()
#: Measures that add insured persons, holders or points.
ADDING = [
    key
    for key, lever in MODEL.levers.items()
    if lever.effect is not None and set(lever.moves) & set(CEILINGS) and lever.implemented
]


def held(runs) -> None:
    found, limits = yk.indicators(runs, MODEL), ceilings(runs, MODEL)
    assert set(limits) == set(CEILINGS)
    for key in limits:
        passed = found[key] - limits[key] if MODEL.targets[key].sense == "at_least" else limits[key] - found[key]
        # Nobody loses a card because others have left: then holders may stay above a ceiling that fell.
        room = np.maximum(limits[key], found[key].shift(year=1).fillna(0.0)) - limits[key]
        assert (passed <= room + 1e-9 * limits[key]).all(), key


def test_indicators_stay_below_their_ceilings_at_any_doses(calibration):
    """Doses of several measures at once, the ends of the bounds included."""

    @settings(deadline=None, max_examples=20, derandomize=True)
    @given(
        shares=st.dictionaries(st.sampled_from(ADDING), st.floats(0.0, 1.0), min_size=1),
        seed=st.integers(0, 2**63 - 1),
    )
    def holds(shares: dict[str, float], seed: int) -> None:
        doses = {key: dict.fromkeys(YEARS, share * MODEL.levers[key].bounds[1]) for key, share in shares.items()}
        held(yk.project(calibration, [yk.Scenario("made", doses)], draws=8, seed=seed, keep="series"))

    holds()


def test_doses_that_would_pass_every_ceiling_end_at_it(calibration):
    """Full doses from 2021 on, in enough draws that some would pass: the series saturate, and some stand there."""
    doses = {key: dict.fromkeys(YEARS, lever.bounds[1]) for key, lever in MODEL.levers.items() if key in ADDING}
    runs = yk.project(calibration, [yk.Scenario("all", doses)], draws=300, keep="series")
    held(runs)
    found, limits = yk.indicators(runs, MODEL).sel(year=2025), ceilings(runs, MODEL).sel(year=2025)
    for key in ("unemployment_insured", "work_injury_insured", "medical_coverage", "dibao_ratio"):
        assert bool(np.isclose(found[key], limits[key], rtol=1e-9).any()), key


def test_a_ceiling_grows_with_the_count_that_a_definition_step_widened(calibration):
    """As published in 2022 more are insured than the definition of 2020 could hold: so is their ceiling."""
    late = yk.assimilate(calibration, "2023-06-30", draws=60)
    runs = yk.project(late, ["plan"], keep="series")
    wide, narrow = (ceilings(runs, MODEL, counting=how)["unemployment_insured"] for how in ("published", "base"))
    step = yk.indicators(runs, MODEL)["unemployment_insured_definition_step"]
    np.testing.assert_allclose(
        (wide - narrow).transpose(*step.dims, ...).sel(scenario="plan"), step, rtol=1e-9, atol=1e-3
    )
    held(runs)
