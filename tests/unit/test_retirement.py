"""Statutory retirement: a person's age, and the months of a cohort counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.retirement import (
    minimum_contribution_months,
    not_yet_at_age,
    pension_entry,
    retirement_reach,
    statutory_retirement,
)
from ykforecast.vocabulary.errors import RequestError

JANUARY_2025 = 48


def reached(category: str, delayed: bool) -> np.ndarray:
    """Birth months that reach the age in each of the sixty months, all cohorts together."""
    start, end = not_yet_at_age(category, delayed)
    return np.rint((start - end).sum(axis=1) * 12).astype(int)


@pytest.mark.parametrize(("category", "birth_months"), [("male", 9), ("female55", 9), ("female50", 8)])
def test_the_rule_of_2025_lets_nine_or_eight_birth_months_through_in_its_first_year(category, birth_months):
    """Four birth months share a month of delay, so one month in five sees nobody (two in three for 50)."""
    assert reached(category, delayed=True)[JANUARY_2025:].sum() == birth_months


@pytest.mark.parametrize("category", ["male", "female55", "female50"])
def test_under_the_original_ages_one_birth_month_reaches_the_age_every_month(category):
    assert (reached(category, delayed=False) == 1).all()


def test_months_of_2025_without_retirements_counted_by_hand():
    """Born 1964-12 retires 2024-12; 1965-01..04 one month late (Feb-May); 1965-05..08 two (Jul-Oct);
    1965-09 three (December): January, June and November are empty."""
    men = reached("male", delayed=True)[JANUARY_2025:]
    assert men.tolist() == [0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1]
    women_50 = reached("female50", delayed=True)[JANUARY_2025:]
    assert women_50.tolist() == [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]


def test_delay_changes_nothing_before_january_2025():
    """The rule is in force from 1 January 2025: a scenario with it must not move earlier months."""
    for late, original in zip(
        retirement_reach(0.3, 0.8, delayed=True), retirement_reach(0.3, 0.8, delayed=False), strict=True
    ):
        np.testing.assert_array_equal(late[:, :JANUARY_2025], original[:, :JANUARY_2025])


def test_reached_and_passed_add_up_through_a_year():
    """Passed at the start of a month is what was reached in all earlier months of the same cohort."""
    reach, passed = retirement_reach(0.3, 0.8, delayed=True)
    for category in range(3):
        for year in range(5):
            months = slice(12 * year, 12 * year + 12)
            before = np.cumsum(reach[category, months], axis=0) - reach[category, months]
            np.testing.assert_allclose(
                passed[category, months], passed[category, 12 * year] + before, rtol=0, atol=1e-12
            )


def test_share_of_the_cohort_that_reaches_the_age_in_2025_by_hand():
    """Of the men born in 1965 nine months of twelve, of the women-50 born in 1975 eight, of women-55 nine."""
    reach, passed = retirement_reach(0.0, 1.0, delayed=True)
    assert reach[0, JANUARY_2025:, 59].sum() == pytest.approx(9 / 12)
    assert reach[1, JANUARY_2025:, 49].sum() == pytest.approx(8 / 12)
    assert reach[2, JANUARY_2025:, 54].sum() == pytest.approx(9 / 12)
    assert passed[0, 0, 60] == 1.0 and passed[0, 0, 59] == 0.0


def test_pooled_women_retire_by_their_shares_at_50_and_the_rest_at_55():
    reach, passed = retirement_reach(0.3, 0.8, delayed=False)
    assert reach[1, :12, 49].sum() == pytest.approx(0.7)
    assert reach[1, :12, 54].sum() == pytest.approx(0.3)
    assert passed[1, 0, 52] == pytest.approx(0.7)
    assert np.flatnonzero(reach[1].sum(axis=0)).tolist() == [49, 54]


def test_shares_by_cohort_follow_the_cohort_as_it_ages():
    """A cohort keeps its posts: the woman aged 47 at the jump-off turns 50 in 2023 with her own share."""
    share = np.full(101, 0.5)
    share[47] = 0.9
    reach, _ = retirement_reach(share, 0.5, delayed=False)
    assert reach[1, 24:36, 49].sum() == pytest.approx(0.1)
    assert reach[1, 12:24, 49].sum() == pytest.approx(0.5)


def test_pension_entry_leaves_exactly_the_unentitled_after_a_year():
    """Followed through the year in which men turn 60, one in five is not entitled and none draws late."""
    entry = pension_entry(0.0, entitlement=(0.8, 0.6), late=0.0, delayed=False)
    assert np.prod(1 - entry[0, :12, 59]) == pytest.approx(0.2)
    assert np.prod(1 - entry[1, :12, 49]) == pytest.approx(0.4)
    # January by hand: one twelfth reaches the age, four fifths of them are entitled, none had passed.
    assert entry[0, 0, 59] == pytest.approx(0.8 / 12)


def test_pension_entry_past_the_age_is_the_late_hazard_of_those_without_the_period():
    """Past the age only the unentitled are left in the stock: all of it draws at the late hazard."""
    entry = pension_entry(0.0, entitlement=0.8, late=0.01, delayed=False)
    assert entry[0, 0, 65] == pytest.approx(0.01)
    assert (entry[:, :, :45] == 0).all() and (entry <= 1).all()


def test_full_entitlement_leaves_nobody_to_draw_late():
    entry = pension_entry(0.5, entitlement=1.0, late=0.5, delayed=True)
    assert entry[0, 0, 70] == 0.0 and np.isfinite(entry).all()


def test_flexible_window_does_not_start_before_the_original_age():
    """Measures article 3: up to three years early, never before 60, 55 or 50."""
    person = statutory_retirement("1965-09", "male")
    assert (person.flexible_earliest, person.flexible_latest) == ("2025-09", "2028-12")
    late = statutory_retirement("1984-11", "female50")
    assert (late.retirement_month, late.flexible_earliest) == ("2039-11", "2036-11")


def test_original_rule_has_no_delay_and_no_window():
    person = statutory_retirement("1984-11", "female50", rule="original")
    assert (person.delay_months, person.age) == (0, (50, 0))
    assert person.flexible_earliest == person.flexible_latest == person.retirement_month == "2034-11"


def test_minimum_contribution_period_by_year():
    """Article 2: 15 years to 2029, six months more a year from 2030, 20 years from 2039."""
    assert [minimum_contribution_months(y) for y in (2025, 2029, 2030, 2038, 2039, 2050)] == [
        180,
        180,
        186,
        234,
        240,
        240,
    ]


@pytest.mark.parametrize("month", ["1965-13", "1965-00", "1965-9", "196509", "1765-01", 1965, "1965-09-31"])
def test_impossible_months_are_refused_with_a_remedy(month):
    with pytest.raises(RequestError, match="birth_month"):
        statutory_retirement(month, "male")


def test_ambiguous_woman_is_told_her_two_choices():
    with pytest.raises(RequestError, match="female55.*female50"):
        statutory_retirement("1970-01", "female")


def test_unknown_category_and_rule_are_refused():
    with pytest.raises(RequestError, match="category"):
        statutory_retirement("1970-01", "civil servant")
    with pytest.raises(RequestError, match="rule"):
        statutory_retirement("1970-01", "male", rule="2030")  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), [0.1, 0.2]])
def test_impossible_shares_are_refused(share):
    with pytest.raises(RequestError, match="share_female_55"):
        retirement_reach(share, 0.5, delayed=False)
    with pytest.raises(RequestError):
        pension_entry(0.5, entitlement=1.2, late=0.0, delayed=False)
