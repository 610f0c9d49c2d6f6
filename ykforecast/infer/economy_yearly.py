"""Growth, wages and counts of persons of the city, 2010-2020, as short series around a state that wanders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ykforecast.data.figure_map import FigureMap
from ykforecast.infer.economy_models import Estimate, Grid, History, Posterior, log_moments, normal_priors, posterior
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.registry import Registry
from ykforecast.vocabulary.dims import YEARS

HISTORY_YEARS = tuple(range(2010, 2021))
#: GDP of 2016 was corrected by the province: growth of that year is an outlier, not a recession.
CORRECTED = 2016
#: Units counted from 2011 on include those that were left out before.
UNITS_REDEFINED = 2011
#: Private and self-employed persons jump by four fifths and back.
PRIVATE_OUTLIER = 2011
#: Half-lives of growth from seven months, below which it is noise, to beyond the eleven years of the figures, where it
#: cannot be told from the mean.
PERSISTENCE = tuple(np.linspace(0.3, 0.95, 14))
#: A stock is a random walk around its trend: what moves it once stays.
WALK = (1.0,)
#: Shocks and noise of growth in scales of their half-normal prior: one in a hundred of it lies beyond the last.
GROWTH_SCALES = np.geomspace(0.1, 2.5, 12)
#: The same of stocks, from nearer nought: some are counted almost without error, others jump.
STOCK_SCALES = np.geomspace(0.03, 3.0, 20)


@dataclass(frozen=True)
class Stock:
    """A yearly count or wage in logarithms: a trend, a wandering level, and declared steps and outliers.

    Attributes
    ----------
    variable : str
        Series of the yearbook.
    label_zh : str
    trend : str
        Prior of the trend.
    steps, outliers : tuple of int
        Years from which on the definition differs, and single years that are off.
    """

    variable: str
    label_zh: str
    trend: str = "stock_trend"
    steps: tuple[int, ...] = ()
    outliers: tuple[int, ...] = ()


STOCKS = (
    Stock("onpost_staff_average_wage", "在岗职工平均工资", trend="wage_trend"),
    Stock("employed_urban_units_year_end", "城镇单位就业人数", steps=(UNITS_REDEFINED,)),
    Stock("employed_urban_private_and_self_employed", "城镇私营和个体从业人数", outliers=(PRIVATE_OUTLIER,)),
    Stock("registered_unemployed_urban", "城镇登记失业人数"),
)


def yearly(printed: FigureMap, variable: str) -> np.ndarray:
    """Figures of the city, (year,) of :data:`HISTORY_YEARS` in base units; NaN where none was printed."""
    series = printed.yearbook(variable)
    return np.array([series.get(str(year), np.nan) for year in HISTORY_YEARS])


def growth_posterior(printed: FigureMap, priors: Registry[ParameterSpec], cycle: dict[str, Estimate]) -> Posterior:
    """Growth of GDP: a mean, what is left of the fast years before 2015, the cycle, and the correction of 2016."""
    years = np.array(HISTORY_YEARS)
    change = np.zeros(len(years))  # before 2018 no monthly rate was published: no change is known
    change[years == 2019] = cycle["change_2019"].mean
    change[years == 2020] = cycle["change_2020"].mean
    design = np.column_stack([np.ones(len(years)), change, years == CORRECTED])
    names = ("growth_mean", "growth_response", "growth_correction")
    scale = priors["growth_sd"].median
    history = History(
        yearly(printed, "gdp_growth"),
        names,
        design,
        np.zeros_like(design),
        *normal_priors(priors, names),
        start_sd=priors["growth_start"].median,
    )
    spread = tuple(scale * GROWTH_SCALES)
    return posterior(history, Grid(PERSISTENCE, spread, spread, scale))


def stock_posterior(printed: FigureMap, stock: Stock, priors: Registry[ParameterSpec]) -> Posterior:
    """Logarithm of a stock: level, trend counted from the last year, steps and outliers, around a random walk."""
    years, values = np.array(HISTORY_YEARS), np.log(yearly(printed, stock.variable))
    dummies = [years >= year for year in stock.steps] + [years == year for year in stock.outliers]
    design = np.column_stack([np.ones(len(years)), years - years[-1], *dummies]).astype(float)
    trend, trend_sd = normal_priors(priors, (stock.trend,))
    step, step_sd = normal_priors(priors, ("stock_step",) * len(dummies))
    scale = priors["stock_sd"].median
    history = History(
        values,
        ("level", "trend", *(f"step_{k}" for k in range(len(dummies)))),
        design,
        np.zeros_like(design),
        # The level is known from the figures alone: a prior around the first of them as wide as all steps.
        np.concatenate([values[:1], trend, step]),
        np.concatenate([np.full(1, np.nanmax(values) - np.nanmin(values) + 1.0), trend_sd, step_sd]),
        start_sd=0.0,
    )
    spread = tuple(scale * STOCK_SCALES)
    return posterior(history, Grid(WALK, spread, spread, scale))


def five_year_trend(found: Posterior) -> Estimate:
    """Mean growth of 2021-2025 at an unchanged cycle, noise of single years apart."""
    weights = np.full(len(YEARS), 1.0 / len(YEARS))
    return Estimate(*found.mixed(*found.ahead(weights, _free_years(found), noise=False)))


def yearly_noise(found: Posterior) -> Estimate:
    """Standard deviation of a year's growth around the mean of the five years: median, and sd of its log."""
    years = len(YEARS)
    moments = [found.ahead(np.eye(years)[k] - 1.0 / years, _free_years(found), noise=True) for k in range(years)]
    return log_moments(found, np.sqrt(sum(mean**2 + variance for mean, variance in moments) / (years - 1)))


def yearly_rate(found: Posterior) -> Estimate:
    """Growth a year, a fraction, from the figure printed for 2020 to that of 2025."""
    years = len(YEARS)
    design = np.tile(found.history.design[-1], (years, 1))
    design[:, 1] = np.arange(1, years + 1)
    mean, variance = found.ahead(np.eye(years)[-1], design, noise=True)
    printed = found.history.values[-1]
    rate = Estimate(*found.mixed((mean - printed) / years, variance / years**2))
    return Estimate(float(np.expm1(rate.mean + rate.sd**2 / 2)), float(np.exp(rate.mean) * rate.sd))


def _free_years(found: Posterior) -> np.ndarray:
    """Regressors of years without a change of the cycle and without a correction."""
    design = np.zeros((len(YEARS), len(found.history.names)))
    design[:, 0] = 1.0
    return design
