"""What the figures of 2010-2020 say about growth, wages, employment and the cycle.

``python -m ykforecast.infer.economy_history`` prints the estimates beside what the model holds, and the
diagnostics of each series. Ten yearly figures fix little: the priors are weak and stand in
``economy_history.toml`` of the model, and every interval carries the uncertainty of what was estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.model_files import load_model
from ykforecast.data.toml_files import read_toml
from ykforecast.infer.calibration import calibrate
from ykforecast.infer.economy_models import Estimate, Posterior, standardised_errors
from ykforecast.infer.economy_monthly import (
    Turnover,
    base_turnover,
    cycle_estimates,
    downturn_hazard,
    odds_response,
    pulse_estimates,
    rate_posterior,
    state_behind_2020,
    switching_regimes,
)
from ykforecast.infer.economy_yearly import (
    STOCKS,
    five_year_trend,
    growth_posterior,
    stock_posterior,
    yearly_noise,
    yearly_rate,
)
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.registry import Registry

PRIORS_FILE = "economy_history.toml"
WAGE = STOCKS[0]
#: Lags of the test of Ljung and Box: a quarter of ten years, a year of months.
LAGS = {"yearly": 3, "monthly": 12}


@dataclass(frozen=True)
class EconomyHistory:
    """Posteriors of every series.

    Attributes
    ----------
    rate : Posterior
        National surveyed urban unemployment rate, monthly.
    growth : Posterior
        Real growth of GDP of the city.
    stocks : dict of str to Posterior
        Wages and counts of persons, by their variable in the yearbook.
    depth : float
        Units of the cycle that the jump of February 2020 counts.
    hazard : tuple of float
        Shapes of the beta posterior of the monthly hazard of a downturn.
    """

    rate: Posterior
    growth: Posterior
    stocks: dict[str, Posterior]
    depth: float
    hazard: tuple[float, float]

    def parameters(self, turnover: Turnover) -> dict[str, Estimate]:
        """Estimates by the parameter of the model that they stand for.

        Means and standard deviations; of log-normal parameters the median and the standard deviation of the
        log, of ``recession_hazard`` the two shapes of a beta distribution.
        """
        cycle = cycle_estimates(self.rate, self.depth)
        response = odds_response(self.rate, turnover, self.depth)
        return {
            "gdp_trend": five_year_trend(self.growth),
            "gdp_cycle": Estimate(*self.growth.coefficient("growth_response")),
            "gdp_noise": yearly_noise(self.growth),
            "wage_growth": yearly_rate(self.stocks[WAGE.variable]),
            "cycle_persistence": cycle["persistence"],
            "cycle_noise": Estimate(cycle["noise"].mean, cycle["noise"].sd / cycle["noise"].mean),
            "cycle_recovery_2020": cycle["recovery_2020"],
            "cycle_2020": state_behind_2020(self.rate, turnover, response),
            "recession_hazard": Estimate(*self.hazard),
            "beta_find": response,
            "beta_separate": response,
        }


def read_priors(folder: Path) -> Registry[ParameterSpec]:
    """Weak priors of the estimates, from ``economy_history.toml`` of a model.

    Raises
    ------
    ModelError
        The file is missing or not TOML, or an entry is wrong.
    """
    file = read_toml(folder / PRIORS_FILE)
    found = {}
    for key, table in file.table.items():
        record, complaints = ParameterSpec.read(table, key)
        if record is None:
            raise file.error(complaints[0])
        found[key] = record
    return Registry("priors of the history", found, ("label_zh", "prior_text", "grade"))


def economy_history(model: ModelSpec) -> EconomyHistory:
    """Estimate every series of the economy with the weak priors of a model.

    Raises
    ------
    ModelError
        ``economy_history.toml`` of the model is missing or wrong.
    DataError
        A published series is missing.
    """
    priors, printed = read_priors(model.folder), load_figure_map(model.folder)
    depth = model.parameters["recession_depth"].median
    rate = rate_posterior(priors)
    return EconomyHistory(
        rate=rate,
        growth=growth_posterior(printed, priors, cycle_estimates(rate, depth)),
        stocks={stock.variable: stock_posterior(printed, stock, priors) for stock in STOCKS},
        depth=depth,
        hazard=downturn_hazard(priors),
    )


def diagnostics(found: Posterior, lags: int) -> tuple[int, float, float]:
    """Number of one-step errors, and the p-values of Ljung and Box's and of Jarque and Bera's test of them."""
    from scipy.stats import jarque_bera
    from statsmodels.stats.diagnostic import acorr_ljungbox

    errors = standardised_errors(found)
    independent = acorr_ljungbox(errors, lags=[lags])["lb_pvalue"].iloc[0]
    return len(errors), float(independent), float(jarque_bera(errors).pvalue)


def report(model: ModelSpec, found: EconomyHistory, turnover: Turnover) -> str:
    """Every estimate beside what the model holds, and the diagnostics, as plain text."""
    lines = [f"{'parameter':22}{'estimate':>12}{'sd':>10}   in the model"]
    for name, estimate in found.parameters(turnover).items():
        held = model.parameters[name]
        lines.append(f"{name:22}{estimate.mean:12.4f}{estimate.sd:10.4f}   {held.prior_text} ({held.grade})")
    correlation = found.growth.correlation("growth_mean", "growth_response")
    lines += [f"correlation of mean growth and response: {correlation:.2f}", "", "separation pulse"]
    lines += _rows(pulse_estimates(found.rate, turnover, found.depth))
    lines += ["", "two regimes of the national rate (Hamilton)", *_rows(switching_regimes()), ""]
    lines.append(f"{'series':46}{'trend':>9}{'sd':>9}{'errors':>8}{'Ljung-Box p':>13}{'Jarque-Bera p':>15}")
    series = {"gdp_growth": (found.growth, "growth_mean"), "surveyed_unemployment_rate": (found.rate, "rate_normal")}
    series |= {name: (posterior, "trend") for name, posterior in found.stocks.items()}
    for name, (posterior, coefficient) in series.items():
        mean, sd = posterior.coefficient(coefficient)
        count, independent, normal = diagnostics(posterior, LAGS["monthly" if posterior is found.rate else "yearly"])
        lines.append(f"{name:46}{mean:9.4f}{sd:9.4f}{count:8d}{independent:13.2f}{normal:15.2f}")
    lines += ["", "log-likelihood of growth by persistence, best = 0"]
    lines += [f"{value:8.2f}{loss:8.2f}" for value, loss in zip(*found.growth.profile(0), strict=True)]
    return "\n".join(lines)


def _rows(found: dict[str, Estimate]) -> list[str]:
    return [f"{name:22}{estimate.mean:12.4f}{estimate.sd:10.4f}" for name, estimate in found.items()]


def main() -> None:
    """Estimate the shipped model's economy and print the report."""
    model = load_model()
    print(report(model, economy_history(model), base_turnover(calibrate(model))))


if __name__ == "__main__":
    main()
