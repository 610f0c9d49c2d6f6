"""What a projection needs: the solved base year, rates, recruitment and the central path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ykforecast.data.base_figures import BaseFigures, JumpOffFigures
from ykforecast.data.district_margins import DistrictMargins
from ykforecast.data.pension_rules import PensionFigures
from ykforecast.data.profiles import Profiles
from ykforecast.processes.education import SchoolingBasis
from ykforecast.processes.population_inputs import PopulationInputs
from ykforecast.processes.turnover import BaseOdds
from ykforecast.simulate.recruitment import Recruitment
from ykforecast.simulate.sampled import Latent, Learned
from ykforecast.simulate.scenarios import Past
from ykforecast.spec.observation import Observation

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class BaseYear:
    """Solved base year.

    Attributes
    ----------
    labour0, child0, pension0 : ndarray
        (stratum, state, age), (stratum, age), (stratum, stock, age), persons, on the last day of the year.
    unemployed_urban : float
        Mean of the year, which the odds stand for, persons.
    labour_tilt, pension_tilt, odds_tilt : ndarray (tilt, stratum, ..., age)
        What a weight of one adds.
    odds : BaseOdds
        Monthly odds of every flow and the yearly flows they imply.
    entry16 : ndarray (stratum, state)
        States of people who turn 16, fractions.
    retire_share : ndarray (stratum, state)
        Share of those reaching the statutory age who stop work with a pension.
    public_early : ndarray (stratum, age)
        Share a month of those in public posts who retire ahead of the statutory age.
    kappa : ndarray (stratum, state)
        Coverable share of workers.
    """

    labour0: np.ndarray
    child0: np.ndarray
    pension0: np.ndarray
    unemployed_urban: float
    labour_tilt: np.ndarray
    pension_tilt: np.ndarray
    odds: BaseOdds
    odds_tilt: np.ndarray
    entry16: np.ndarray
    retire_share: np.ndarray
    public_early: np.ndarray
    kappa: np.ndarray


@dataclass(frozen=True, slots=True)
class CentralPath:
    """The run at central parameters: no cycle, policies of the base year.

    Attributes
    ----------
    annual_take_up : float
        New contributors to the employees' pension in the first year, persons.
    employment : ndarray (year_end,)
        Employed persons.
    """

    annual_take_up: float
    employment: np.ndarray


@dataclass(frozen=True, slots=True, repr=False)
class JumpOff:
    """A base year solved and ready to run: what the cohort kernel and the series of work and insurance need.

    Attributes
    ----------
    model : ModelSpec
    figures : JumpOffFigures
        Figures that are met.
    profiles : Profiles
        Age shapes that the base year was solved with.
    population : PopulationInputs
        Base population and the rates of its change.
    base : BaseYear
        Solved stocks, odds and tilts.
    shared : mapping of str to ndarray
        Inputs of the cohort kernel common to all draws, original statutory ages.
    early_draw : ndarray (stratum, age)
        Share a month of the insured who draw a pension ahead of the statutory rule.
    return_hazard : float
        Share of the interrupted who return in a month: keeps their number level in the base year.
    interruption_odds : float
        Monthly odds of lapsing at the age where they are largest.
    take_up_pool : ndarray (stratum, state, age)
        Where new contributors come from in the base year, shares of one.
    recruitment : Recruitment
        Public posts as a line in what differs between draws.
    central : CentralPath
        The run at central parameters.
    """

    model: ModelSpec
    figures: JumpOffFigures
    profiles: Profiles
    population: PopulationInputs
    base: BaseYear
    shared: Mapping[str, np.ndarray]
    early_draw: np.ndarray
    return_hazard: float
    interruption_odds: float
    take_up_pool: np.ndarray
    recruitment: Recruitment
    central: CentralPath

    def __repr__(self) -> str:
        people = self.base.labour0.sum() + self.base.child0.sum()
        return (
            f"<{type(self).__name__} of {self.model.name}: {people:,.0f} residents at the end of "
            f"{self.model.base_year}; largest gap of a base-year share {self.base.odds.residual:.1e}>"
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What the model says of one figure.

    Attributes
    ----------
    observation : Observation
    verdict : str
        ``fits``; ``step``, rather a change of definition; ``conflict``, not explained even by one and left out;
        ``unused``, a department's own figure that says nothing here.
    text_zh : str
        One Chinese sentence.
    """

    observation: Observation
    verdict: str
    text_zh: str


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What interim figures taught: the ensemble that they moved.

    Attributes
    ----------
    as_of : datetime.date
        Last day of which figures were known.
    observations : tuple of Observation
        Figures that were used, base units.
    method : str or None
        Algorithm that conditioned on them.
    latent : Latent or None
        Moved numbers; None where no figure was known, so that draws are those of the prior.
    past : Past or None
        Years that the figures describe, and the scenario that they followed.
    figure_steps : ndarray (draw, obs)
        Definition step contained in each figure that was used, unit of the figure.
    steps : mapping of str to ndarray (draw, year_end)
        Definition steps by the model quantity that the figures measure, base units; they stay.
    findings : tuple of Finding
        One for each figure that a run speaks to, conflicts first.
    expected : ndarray (draw, obs)
        What the draws said of the figures before they were known, base units.
    """

    as_of: date
    observations: tuple[Observation, ...]
    method: str | None = None
    latent: Latent | None = None
    past: Past | None = None
    figure_steps: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    steps: Mapping[str, np.ndarray] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    expected: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))


@dataclass(frozen=True, slots=True, repr=False)
class Calibration(JumpOff):
    """A model whose base year gives every published figure of 2020.

    Attributes
    ----------
    figures : BaseFigures
        Published figures that are met.
    delayed : mapping of str to ndarray
        The entries of ``shared`` that the retirement rule of 2025 replaces.
    delayed_recruitment : Recruitment
        Public posts under that rule: whoever stays leaves no vacancy.
    enterprise_staff : float
        Enterprise employees of 2020, persons.
    employee_share : float
        Employees among the contributors of the enterprise scheme in 2020, fraction; the others are flexible.
    pension_terms : PensionFigures
        Published rates, mean pensions and wages of 2020.
    schooling : SchoolingBasis
        Mean years of schooling by reporting age group, linear in its parameters.
    district_share : ndarray (year_end, stock, district, age group)
        Share of each district in each stock of the kernel, fraction.
    district_margins : DistrictMargins or None
        Published shares of some districts together in the insured, which breakdowns keep to.
    learned : Learned or None
        What history taught of the parameters; None for their priors.
    evidence : Evidence or None
        What figures after the base year taught, see :func:`ykforecast.assimilate`.
    """

    figures: BaseFigures
    delayed: Mapping[str, np.ndarray]
    delayed_recruitment: Recruitment
    enterprise_staff: float
    employee_share: float
    pension_terms: PensionFigures
    schooling: SchoolingBasis
    district_share: np.ndarray
    district_margins: DistrictMargins | None
    learned: Learned | None = None
    evidence: Evidence | None = None

    @property
    def latent(self) -> Latent | None:
        """Numbers that figures after the base year have moved, if any."""
        return None if self.evidence is None else self.evidence.latent
