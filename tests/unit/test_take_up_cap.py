"""Take-up stays a share year by year: what a scenario does in one year does not reach back to those before it."""

from __future__ import annotations

import numpy as np

import ykforecast as yk
from ykforecast.simulate.block_run import keep_take_up_a_share
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths


def test_a_dose_of_the_last_year_leaves_the_years_before_it_bit_for_bit(calibration):
    """At the bound some draws pass what a share can be: once their take-up fell in every year, the first included."""
    late = yk.Scenario("late", {"universal_enrolment": {2025: 2.0}})
    runs = yk.project(calibration, ["baseline", late], draws=1000, keep="series")["series"].to_dataset()
    contributors = runs["contributors"].values
    assert (contributors[1, :, :5] == contributors[0, :, :5]).all()
    assert (contributors[1, :, 5] >= contributors[0, :, 5]).all()


def test_only_the_years_that_pass_a_share_are_lowered():
    policy = PolicyPaths()
    policy.scale_pension(TAKE_UP, np.array([[0.0, 0.0, 1.0, 4.0, 0.0]]))
    keep_take_up_a_share(policy, np.array([0.01, 0.04]), np.array([1.0, 10.0]))
    np.testing.assert_allclose(policy.pension[:, :, TAKE_UP], [[1, 1, 2, 5, 1], [1, 1, 2, 2.5, 1]], rtol=1e-9)
    assert (0.04 * 10.0 * policy.pension[1, :, TAKE_UP] < 1.0).all()
