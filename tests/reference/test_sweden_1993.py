"""Sweden 1993-1998, females: the worked projection of a textbook, reproduced to the person.

Preston, Heuveline and Guillot, Demography (2001), box 6.2: one step of five years, half of the migrants
before survival and half at the end. The male column applies the same inputs to males.
"""

from __future__ import annotations

import numpy as np
import pytest

from ykforecast.processes.population import project_population

# Age group: women 1993, person-years L, fertility, net migrants of five years, women 1998, men 1998.
BOX_6_2 = np.array(
    [
        (293395, 497487, 0.0, 6840, 302392, 317340),
        (248369, 497138, 0.0, 4150, 298682, 298682),
        (240012, 496901, 0.0, 3365, 252007, 252007),
        (261346, 496531, 0.0120, 5270, 244150, 244150),
        (285209, 495902, 0.0908, 9240, 268267, 268267),
        (314388, 495168, 0.1499, 8230, 293515, 293515),
        (281290, 494213, 0.1125, 5470, 320624, 320624),
        (286923, 492760, 0.0441, 3155, 284767, 284767),
        (304108, 490447, 0.0074, 1770, 288031, 288031),
        (324946, 486613, 0.0003, 1115, 303166, 303166),
        (247613, 480665, 0.0, 1075, 322062, 322062),
        (211351, 471786, 0.0, 845, 243989, 243989),
        (215140, 457852, 0.0, 645, 205841, 205841),
        (221764, 436153, 0.0, 530, 205516, 205516),
        (223506, 402775, 0.0, 465, 205270, 205270),
        (183654, 350358, 0.0, 300, 194771, 194771),
        (141990, 271512, 0.0, 250, 142565, 142565),
        (112424, 291707, 0.0, 175, 131966, 131966),
    ]
)
BIRTHS = {3: 15244, 4: 126688, 5: 229354, 6: 170057, 7: 63203, 8: 10971, 9: 472}


def both_sexes(column: int) -> np.ndarray:
    return np.stack([BOX_6_2[:, column]] * 2)


def projected(migration: str = "half") -> np.ndarray:
    years = BOX_6_2[:, 1]
    survival = np.empty(len(years) + 1)
    survival[0] = years[0] / 500_000
    survival[1:-2] = years[1:-1] / years[:-2]
    survival[-2:] = years[-1] / (years[-2] + years[-1])
    path = project_population(
        both_sexes(0),
        np.stack([survival, survival])[None],
        5.0 * BOX_6_2[None, :, 2],
        [1.05],
        both_sexes(3)[None],
        migration=migration,
    )
    return path.values[1]


@pytest.mark.parametrize(("sex", "column"), [(1, 4), (0, 5)])
def test_every_printed_number_of_1998(sex: int, column: int) -> None:
    """A different timing of migrants or births changes the printed figures by thousands."""
    np.testing.assert_array_equal(np.rint(projected()[sex]), BOX_6_2[:, column])


def test_births_by_age_of_mother() -> None:
    """Births are printed too: they use women at the start with half, at the end with all the migrants."""
    women = BOX_6_2[:, 0] + BOX_6_2[:, 3] / 2 + projected()[1]
    births = 5.0 * BOX_6_2[:, 2] * women / 2.0
    assert {age: round(births[age]) for age in BIRTHS} == BIRTHS


def test_timing_at_the_end_differs() -> None:
    """The two timings are two models: if they agreed here, this case would prove nothing."""
    end = projected("end")
    assert abs(end[1, 5] - BOX_6_2[5, 4]) > 1.0
    assert abs(end[1, 0] - BOX_6_2[0, 4]) > 100.0
