"""The monthly cyclical state, from the national surveyed urban unemployment rate of 2018-2020.

One downturn is in sight. It fixes the unit of the state and says how fast it fades; how often and how deep
others are it can hardly say. Unemployment is a stock: what it says about the odds behind it needs turnover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.data.tables import figure
from ykforecast.infer.economy_models import (
    Estimate,
    Grid,
    History,
    Posterior,
    log_moments,
    normal_priors,
    posterior,
    smoothed,
)
from ykforecast.processes.labour_base import U
from ykforecast.processes.turnover import DESTINATIONS, FIND, ORIGINS
from ykforecast.vocabulary.dims import MONTHS_A_YEAR

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.parameter import ParameterSpec
    from ykforecast.spec.registry import Registry

RATE_YEARS = (2018, 2019, 2020)
#: February 2020 in the months of these years: the month in which the national rate jumped.
SHOCK = 25
#: Waves of the season: one and two a year.
WAVES = (1, 2)
URBAN = slice(0, 2)
#: Half-lives of the state from two months, below which it is noise, to the three years of the figures, beyond which
#: it cannot be told from the normal level.
PERSISTENCE = tuple(np.linspace(0.68, 0.98, 16))
#: Shocks in scales of their half-normal prior: nineteen twentieths of it lie below two of them.
SHOCK_SCALES = np.linspace(0.2, 2.0, 13)
#: Noise in the same scales: the rate of a country, printed to a tenth of a point, wanders more than it errs.
NOISE_SCALES = np.array([0.3, 0.45, 0.6, 0.8, 1.0])


@dataclass(frozen=True)
class Turnover:
    """Monthly turnover of urban unemployment in the base year.

    Attributes
    ----------
    outflow : float
        Share of the unemployed who leave unemployment in a month.
    separations, finds : float
        Those who lose and who find work in a month, shares of the labour force.
    """

    outflow: float
    separations: float
    finds: float


def national_rate() -> np.ndarray:
    """National surveyed urban unemployment rate, January 2018 to December 2020, (month,), fractions."""
    return np.array(
        [
            figure(
                "nbs_urban_unemployment",
                "surveyed_unemployment_rate",
                f"{year}-{month:02d}",
                place="china",
                residence="urban",
            )
            for year in RATE_YEARS
            for month in range(1, MONTHS_A_YEAR + 1)
        ]
    )


def rate_posterior(priors: Registry[ParameterSpec]) -> Posterior:
    """Normal level, season, and a persistent state that jumps in February 2020, of the national rate."""
    rate = national_rate()
    months = np.arange(len(rate))
    waves = [wave(2 * np.pi * k * months / MONTHS_A_YEAR) for k in WAVES for wave in (np.cos, np.sin)]
    design = np.column_stack([np.ones(len(rate)), *waves, np.zeros(len(rate))])
    entering = np.zeros_like(design)
    entering[SHOCK, -1] = 1.0
    names = ("rate_normal", *["rate_season"] * len(waves), "rate_jump")
    scale = priors["rate_sd"].median
    history = History(
        rate,
        (names[0], *(f"season_{k}" for k in range(len(waves))), names[-1]),
        design,
        entering,
        *normal_priors(priors, names),
        start_sd=priors["rate_start"].median,
    )
    grid = Grid(PERSISTENCE, tuple(scale * SHOCK_SCALES), tuple(scale * NOISE_SCALES), scale)
    return posterior(history, grid)


def base_turnover(calibration: Calibration) -> Turnover:
    """Turnover of urban unemployment in the base year of a calibrated city."""
    flows = calibration.base.odds.annual_flows[URBAN].sum(axis=(0, 2)) / MONTHS_A_YEAR
    unemployed = calibration.base.unemployed_urban
    labour_force = unemployed / calibration.figures.unemployment_rate
    leaving, joining = ORIGINS == U, DESTINATIONS == U
    at_work = np.isin(ORIGINS, [origin for origin in set(DESTINATIONS[FIND])])
    return Turnover(
        outflow=float(flows[leaving].sum() / unemployed),
        separations=float(flows[joining & at_work].sum() / labour_force),
        finds=float(flows[FIND].sum() / labour_force),
    )


def yearly_excess(found: Posterior) -> np.ndarray:
    """Mean excess of the national rate over its normal level, (year,) of :data:`RATE_YEARS`, fractions."""
    return np.asarray(smoothed(found).reshape(len(RATE_YEARS), MONTHS_A_YEAR).mean(axis=1))


def cycle_estimates(found: Posterior, depth: float) -> dict[str, Estimate]:
    """The cyclical state as unemployment shows it, in units of which the jump of February 2020 counts ``depth``.

    Persistence and monthly noise; change of the yearly mean from 2018 to 2019 and from 2019 to 2020; and how far
    December 2020 lay above the mean of its year, in which the normal level, which three years hardly fix, drops out.
    """
    jump, jump_sd = found.coefficient("rate_jump")
    unit, relative = -depth / jump, jump_sd / jump
    means = unit * yearly_excess(found)
    noise, noise_sd = found.node(1)

    def scaled(value: float, sd: float = 0.0) -> Estimate:
        return Estimate(float(value), float(np.hypot(sd, relative * value)))

    return {
        "persistence": Estimate(*found.node(0)),
        "noise": scaled(abs(unit) * noise, abs(unit) * noise_sd),
        "change_2019": scaled(means[1] - means[0]),
        "change_2020": scaled(means[2] - means[1]),
        "recovery_2020": scaled(unit * found.mixed(found.mean[:, 0], found.covariance[:, 0, 0])[0] - means[2]),
    }


def odds_response(found: Posterior, turnover: Turnover, depth: float) -> Estimate:
    """Response of finding and of losing work to the state that lets a downturn raise the rate as far as 2020 did.

    With odds that shift by ``beta * z`` and a state that falls by ``depth`` and fades, the excess of unemployment
    ``x(t) = (1 - outflow) x(t-1) + (separations + finds) beta (-z(t))`` is highest after some months; that peak
    is set to the jump of February 2020. Median, and standard deviation of the log.
    """
    persistence = found.nodes[:, 0]
    stock = np.zeros_like(persistence)
    highest = stock
    for month in range(24):
        stock = (1.0 - turnover.outflow) * stock + (turnover.separations + turnover.finds) * depth * persistence**month
        highest = np.maximum(highest, stock)
    jump = found.mean[:, -1]
    estimate = log_moments(found, jump / highest)
    relative = found.coefficient("rate_jump")[1] / found.coefficient("rate_jump")[0]
    return Estimate(estimate.mean, float(np.hypot(estimate.sd, relative)))


def state_behind_2020(found: Posterior, turnover: Turnover, response: Estimate) -> Estimate:
    """State that would keep unemployment for good where it stood on average in 2020.

    The base odds are those of a year at rest with the unemployment of 2020: ``-excess * outflow / ((separations +
    finds) * beta)``, with the excess of the national rate over its normal level.
    """
    excess, excess_sd = yearly_excess(found)[-1], found.coefficient("rate_normal")[1]
    state = -excess * turnover.outflow / ((turnover.separations + turnover.finds) * response.mean)
    return Estimate(float(state), float(abs(state) * np.hypot(excess_sd / excess, response.sd)))


def pulse_estimates(found: Posterior, turnover: Turnover, depth: float) -> dict[str, Estimate]:
    """Separation pulse for ``processes.economy.separation_pulse`` that gives the national path of 2020.

    In the month of the shock separations are higher by the jump of the rate. Left alone the excess would fade
    at ``1 - outflow``; it faded at the persistence of the state, so the difference was called back.
    """
    jump, jump_sd = found.coefficient("rate_jump")
    persistence, persistence_sd = found.node(0)
    hit = jump / turnover.separations
    gap = jump * (1.0 - turnover.outflow - persistence) / turnover.separations
    gap_sd = jump * persistence_sd / turnover.separations
    return {
        "size": Estimate(float(hit) / depth, jump_sd / turnover.separations / depth),
        "recall": Estimate(float(gap) / depth, gap_sd / depth),
        "fading": Estimate(persistence, persistence_sd),
    }


def downturn_hazard(priors: Registry[ParameterSpec]) -> tuple[float, float]:
    """Shapes of the beta posterior of the monthly hazard of a downturn: Jeffreys' prior and the months seen."""
    seen, months = priors["downturns_seen"].median, priors["months_watched"].median
    return seen + 0.5, months - seen + 0.5


def switching_regimes() -> dict[str, Estimate]:
    """Two levels of the national rate that switch (Hamilton 1989), by statsmodels: levels and monthly hazards.

    From the usual start the optimiser ends at a point without meaning, so it starts at the two levels in sight.

    Raises
    ------
    RuntimeError
        The optimiser did not converge.
    """
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

    rate = 100.0 * national_rate()
    model = MarkovRegression(rate, k_regimes=2)
    start = [1 - 1 / SHOCK, 1 / 8, np.median(rate[:SHOCK]), rate[SHOCK], np.var(rate[:SHOCK])]
    result = model.fit(start_params=start, disp=False)
    if not result.mle_retvals["converged"]:
        raise RuntimeError("the switching model did not converge")
    (stay, back, calm, high, _), errors = result.params, result.bse
    return {
        "calm_level": Estimate(calm / 100.0, errors[2] / 100.0),
        "downturn_level": Estimate(high / 100.0, errors[3] / 100.0),
        "hazard": Estimate(1.0 - stay, errors[0]),
        "recovery_hazard": Estimate(back, errors[1]),
    }
