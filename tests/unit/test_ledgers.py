"""Ledgers by hand: ceilings hold, nobody is insured above the pool, 2020 stays as published."""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.ledgers import (
    card_holders,
    coverage_of_pool,
    cumulated,
    issued_share,
    medical_coverage,
)

ONE_YEAR = np.zeros((1, 1))


def test_an_index_starts_at_one_and_compounds():
    index = cumulated(np.log(np.array([[1.1, 1.2]])))
    np.testing.assert_allclose(index, [[1.0, 1.1, 1.32]])


def test_insured_follow_pool_share_and_points_by_hand():
    """40 of 100 insured; pool 110, share +10 %: 0.44, five points more: 0.49 of 110 is 53.9."""
    found = coverage_of_pool(40.0, np.array([[100.0, 110.0]]), np.log([[1.1]]), np.array([[0.05]]))
    np.testing.assert_allclose(found, [[40.0, 53.9]])


def test_nobody_is_insured_above_the_pool():
    found = coverage_of_pool(90.0, np.array([[100.0, 120.0]]), np.log([[1.5]]), np.array([[0.5]]))
    np.testing.assert_allclose(found, [[90.0, 120.0]])


def test_a_pool_smaller_than_the_published_count_keeps_its_ratio():
    """The published insured may exceed the resident pool: 2020 stays as printed and the ratio never rises."""
    found = coverage_of_pool(120.0, np.array([[100.0, 50.0]]), np.log([[1.5]]), ONE_YEAR)
    np.testing.assert_allclose(found, [[120.0, 60.0]])


def test_medical_coverage_by_hand():
    """100 residents, 40 employees, 90 % insured: 10 uninsured of 60. A fifth of them enrols: 8 of 60.

    A year later 110 residents and 50 employees: 8 of 60 others are uninsured, 102 insured.
    """
    people, employees = np.array([[100.0, 110.0]]), np.array([[40.0, 50.0]])
    found = medical_coverage(employees, people, 0.9, np.array([[0.2]]), ONE_YEAR, ONE_YEAR)
    np.testing.assert_allclose(found, [[90.0, 102.0]])
    more = medical_coverage(employees, people, 0.9, np.array([[0.2]]), ONE_YEAR, np.array([[0.03]]))
    np.testing.assert_allclose(more - found, [[0.0, 3.3]])


@pytest.mark.parametrize(("added", "expected"), [(0.5, 110.0), (-0.9, 50.0)])
def test_medical_coverage_is_bounded_by_the_residents_and_the_employees(added, expected):
    people, employees = np.array([[100.0, 110.0]]), np.array([[40.0, 50.0]])
    found = medical_coverage(employees, people, 0.9, np.array([[0.2]]), ONE_YEAR, np.array([[added]]))
    assert found[0, 1] == expected


def cards(**changes):
    given = {
        "base": 80.0,
        "population": np.array([[100.0, 102.0]]),
        "births": np.array([[5.0]]),
        "deaths": np.array([[10.0]]),
        "ceiling": np.array([1.0]),
        "take_up": np.array([0.1]),
        "newborn_share": np.array([0.8]),
        "cancelled": np.array([0.5]),
        "issued": ONE_YEAR,
    }
    return card_holders(**(given | changes))


def test_card_holders_by_hand():
    """80 less 4 (half of the 8 cards of the dead) plus 4 newborn is 80; a tenth of the 22 without is 2.2."""
    np.testing.assert_allclose(cards(), [[80.0, 82.2]])
    np.testing.assert_allclose(cards(issued=np.array([[3.0]])), [[80.0, 85.2]])


def test_cards_stop_at_the_ceiling():
    """However many are issued, nobody gets a second card."""
    np.testing.assert_allclose(cards(issued=np.array([[500.0]])), [[80.0, 102.0]])


def test_a_ceiling_below_the_holders_takes_no_card_away():
    """Only the dead leave: 80 less 4."""
    np.testing.assert_allclose(cards(ceiling=np.array([0.3]), issued=np.array([[9.0]])), [[80.0, 76.0]])


def test_each_draw_has_its_own_ledger():
    """Two draws together give what each gives alone."""
    both = cards(
        population=np.array([[100.0, 102.0]] * 2),
        births=np.array([[5.0], [5.0]]),
        deaths=np.array([[10.0], [0.0]]),
        ceiling=np.array([1.0, 0.9]),
        take_up=np.array([0.1, 0.3]),
        newborn_share=np.array([0.8, 0.5]),
        cancelled=np.array([0.5, 0.9]),
    )
    np.testing.assert_allclose(both[0], cards()[0])
    # 80 plus 2.5 newborn; ceiling 91.8, three tenths of the 9.3 below it.
    np.testing.assert_allclose(both[1], [80.0, 82.5 + 0.3 * 9.3])


def test_issuance_begins_at_its_opening_and_saturates():
    """Opening in mid 2022: nothing by the end of 2021, half a year of pace by the end of 2022."""
    years = np.array([2020.0, 2021.0, 2022.0, 2060.0])
    found = issued_share(np.array([0.9]), np.array([2022.5]), np.array([2.0]), np.zeros((1, 3)), years)
    np.testing.assert_allclose(found, [[0.0, 0.0, 0.9 * (1 - np.exp(-1.0)), 0.9]])


def test_policy_reaches_a_share_of_those_left_out_and_only_after_the_opening():
    years = np.array([2020.0, 2021.0, 2022.0])
    args = np.array([0.9]), np.array([2022.0]), np.array([50.0])
    found = issued_share(*args, np.array([[0.5, 0.5]]), years)
    np.testing.assert_allclose(found, [[0.0, 0.0, 0.95]])
    everyone = issued_share(*args, np.array([[3.0, 3.0]]), years)
    assert everyone[0, 2] == 1.0
