"""Predictions for 2016-2020 from the base year 2015, by the processes of the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.data.figure_map import load_figure_map
from ykforecast.data.history_figures import FOLLOWED, PAST
from ykforecast.data.history_file import PAST_YEARS
from ykforecast.kernels.cohort import FLOWS, STOCKS, run_cohorts
from ykforecast.kernels.flow_table import LEDGER
from ykforecast.processes.labour_base import URBAN
from ykforecast.simulate.block_run import economy, keep_take_up_a_share, kernel_parameters
from ykforecast.simulate.city_series import city_series
from ykforecast.simulate.policy import TAKE_UP, PolicyPaths
from ykforecast.vocabulary.dims import MONTHS, MONTHS_A_YEAR, YEARS

if TYPE_CHECKING:
    from ykforecast.data.history_file import Known
    from ykforecast.kernels.cohort import CohortTotals
    from ykforecast.simulate.calibrated import JumpOff
    from ykforecast.simulate.sampling import Draws

#: The shock of February 2020, the one recession of the five years: months after December 2015.
SHOCK_MONTH: Final = (2020 - PAST_YEARS[0]) * MONTHS_A_YEAR + 1
#: Streams of random numbers of the past differ from those of the forecast by this prefix.
_STREAM = "past:"
_TRANSFERS = [k for k, name in enumerate(LEDGER) if name.endswith(" transfer")]


@dataclass(frozen=True, slots=True)
class PastDraws:
    """Draws with the noise of the past: same parameters, other streams than the forecast of the same seed."""

    given: Draws

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.given.draws

    def value(self, name: str) -> np.ndarray:
        """Values (draw,) of a parameter."""
        return self.given.value(name)

    def noise(self, name: str, count: int) -> np.ndarray:
        """Standard normal numbers (draw, count) of a process in 2016-2020."""
        return self.given.noise(f"{_STREAM}{name}", count)

    def uniform(self, name: str, count: int) -> np.ndarray:
        """Uniform numbers (draw, count) of a process in 2016-2020."""
        return self.given.uniform(f"{_STREAM}{name}", count)


def predict_history(
    history: JumpOff, sampled: Draws, known: Known = "all", threads: int | None = None
) -> dict[str, np.ndarray]:
    """Predicted series of 2016-2020.

    Parameters
    ----------
    history : JumpOff
        From :func:`ykforecast.infer.history_base.history_calibration`.
    sampled : Draws
        Of the parameters of 2015, or values from elsewhere under the same names. A parameter whose prior of 2015 is
        that of 2020 has the values of a forecast of the same seed. Noise is drawn from streams of its own.
    known : {"all", "then"}
        With ``all`` the path of the national cycle is given: no recession but that of February 2020, whose
        depth is the parameter's, and monthly noise around it. With ``then`` recessions come by chance, as in
        a forecast.
    threads : int, optional

    Returns
    -------
    dict of str to ndarray (draw, year)
        Years 2016-2020; stocks at the year's end. Every series of
        :func:`ykforecast.simulate.city_series.city_series`, in base units, and ``enterprise_insured``,
        ``government_insured``, ``units_employed``, ``private_and_self_employed``, ``registered_unemployed``,
        ``urban_nonfarm_employed``, ``reemployed`` and ``rural_transfers`` (persons).

    Notes
    -----
    The kernel does not tell employees of private firms from those of other units. ``units_employed`` is the
    published figure of 2015 times the growth of urban employees and of the share of units among them,
    ``private_and_self_employed`` the residual of urban work outside farms times the published figure of 2015 over
    that residual in 2015, ``registered_unemployed`` the urban unemployed times the registered of 2015 over those
    of 2015.
    """
    past = PastDraws(sampled)
    value = past.value
    entries = past.uniform("recession", MONTHS)
    if known == "all":
        entries = np.ones((past.draws, MONTHS))
        entries[:, SHOCK_MONTH] = 0.0
    macro = economy(past, entries, downturn=np.zeros(MONTHS), fixed=(None,) * len(YEARS))
    policy = PolicyPaths()
    # The hazard of take-up stands at its level of the end of the five years; before, it was on its way there.
    before = np.arange(len(YEARS), 0, -1) - 0.5
    policy.scale_pension(TAKE_UP, np.expm1(-value("take_up_trend")[:, None] * before))
    parameters = kernel_parameters(history, past)
    history.recruitment.fill(parameters, value("public_posts_growth"), policy.amount("public_posts"))
    keep_take_up_a_share(policy, value("take_up_hazard"), history.shared["take_up_shape"])
    totals = run_cohorts(
        history.shared,
        parameters,
        macro.lasting,
        policy.factors(),
        policy.pension,
        pulse=macro.pulse,
        monthly=True,  # asks for the ledger of flows too
        threads=threads,
    )
    found = city_series(history, totals, value, policy, macro, past.noise)
    printed = load_figure_map(history.model.folder).values("past", PAST, FOLLOWED)
    found |= _published_kinds(totals, found["units_employed"], printed)
    return {name: series[:, -len(YEARS) :] for name, series in found.items()}


def _published_kinds(totals: CohortTotals, units: np.ndarray, printed: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Counts as departments and the yearbook make them, persons, (draw, year_end) or (draw, year).

    ``printed`` are what the yearbook prints for the base year of those in ``FOLLOWED``.
    """
    if totals.ledger is None:
        raise ValueError("the run kept no ledger of flows")

    def stock(name: str, strata: slice = slice(None)) -> np.ndarray:
        return np.asarray(totals.stocks_by_stratum[:, :, STOCKS.index(name), strata].sum(axis=-1))

    nonfarm = stock("enterprise", URBAN) + stock("public", URBAN) + stock("flexible", URBAN)
    private = nonfarm - units
    unemployed = stock("unemployed", URBAN)
    return {
        "enterprise_insured": stock("contributor") + stock("interrupted") + stock("retiree"),
        "government_insured": stock("public") + stock("government_retiree"),
        "private_and_self_employed": printed["private_and_self_employed"] * private / private[:, :1],
        "registered_unemployed": printed["registered_unemployed"] * unemployed / unemployed[:, :1],
        "urban_nonfarm_employed": nonfarm,
        "reemployed": np.asarray(totals.flows_by_stratum[:, :, FLOWS.index("finds")].sum(axis=-1)),
        "rural_transfers": np.asarray(totals.ledger[:, :, _TRANSFERS].sum(axis=(2, 3))),
    }
