"""What a project asks of the labour flows: recruits by origin, age and skill, dismissals, and hires of other firms.

Additional posts follow the gross-to-net rule of project appraisal (English Partnerships, Additionality Guide,
3rd edition, 2008): posts times one less deadweight, times the share of residents; other firms gain the multiplier and
lose the displacement. Whoever is recruited has the origin and age that recruits of the same education have in the base
year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.data.figure_map import load_figure_map
from ykforecast.kernels.flow_table import DESTINATION, FLOWS, HIRES, ORIGIN, RETIRING, STATES
from ykforecast.processes.policy_bands import AGE_BAND, BANDS
from ykforecast.processes.schooling import level_shares_by_age
from ykforecast.spec.project import ONE_KIND, SKILL_LEVELS, SKILLS, Phase, ProjectSpec
from ykforecast.vocabulary.dims import EDUCATION_LEVELS, MONTHS_A_YEAR, SEX, STRATA, YEARS

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.sampling import Draws

KINDS: Final = ("enterprise", "flexible", "public", "farm")
#: Flows that bring a recruit into each kind of work. Nobody leaves an enterprise for work without a contract here: such
#: a post would be filled again, and nothing be gained.
INTO: Final = {
    kind: tuple(
        k
        for k in range(len(FLOWS))
        if STATES[DESTINATION[k]] == kind
        and STATES[ORIGIN[k]] not in {"public", *(["enterprise"] if kind != "public" else [])}
    )
    for kind in KINDS
}
#: Flows by which the dismissed leave; public posts are cut by recruiting less.
OUT_OF: Final = {
    kind: tuple(
        k
        for k in range(len(FLOWS))
        if STATES[ORIGIN[k]] == kind and STATES[DESTINATION[k]] in {"unemployed", "inactive"}
    )
    for kind in KINDS
}
#: Leavers from school whom a post reaches would have left it anyway, for unemployment or inactivity.
IDLE_LEAVERS: Final = tuple(
    k
    for k in range(len(FLOWS))
    if STATES[ORIGIN[k]] == "student" and STATES[DESTINATION[k]] in {"unemployed", "inactive"}
)
#: Flows that keep the persons of the run without the project, plus the project's; all others follow their odds.
STEERED: Final = sorted({*HIRES, *IDLE_LEAVERS, *(k for flows in INTO.values() for k in flows)})
_INTO_PUBLIC_POSTS: Final = tuple(k for k in INTO["public"] if STATES[ORIGIN[k]] == "enterprise")


@dataclass(frozen=True, slots=True)
class RecruitShares:
    """Whom recruits of the base year are, by what they learned.

    Attributes
    ----------
    shares : mapping of kind of work to ndarray (skill, flow, band)
        Fractions of the recruits of one skill; they add up to one.
    yearly : mapping of kind of work to ndarray (skill,)
        Recruits of the base year, persons.
    flows : ndarray (flow, band)
        All flows of the base year, persons.
    """

    shares: Mapping[str, np.ndarray]
    yearly: Mapping[str, np.ndarray]
    flows: np.ndarray


def recruit_shares(calibration: Calibration) -> RecruitShares:
    """Recruits of the base year by skill, flow and age band.

    Education depends on sex and age only: the city's census does not cross it with the state of labour.
    """
    model = calibration.model
    place = load_figure_map(model.folder).place
    levels = level_shares_by_age(calibration.population.people, model.folder, place, model.population)
    by_sex = np.stack(
        [levels[..., [EDUCATION_LEVELS.index(level) for level in SKILL_LEVELS[skill]]].sum(axis=2) for skill in SKILLS]
    )
    sexes = [SEX.index(sex) for _, sex in STRATA]
    annual = calibration.base.odds.annual_flows
    by_skill = np.einsum("gka,sga->ska", annual, by_sex[:, sexes])
    bands = np.zeros((len(SKILLS), len(FLOWS), BANDS))
    flows = np.zeros((len(FLOWS), BANDS))
    for band in range(BANDS):
        bands[..., band] = by_skill[..., band == AGE_BAND].sum(axis=2)
        flows[:, band] = annual[..., band == AGE_BAND].sum(axis=(0, 2))
    shares, yearly = {}, {}
    for kind in KINDS:
        recruits = np.zeros_like(bands)
        recruits[:, INTO[kind]] = bands[:, INTO[kind]]
        yearly[kind] = recruits.sum(axis=(1, 2))
        shares[kind] = recruits / yearly[kind][:, None, None]
    return RecruitShares(shares, yearly, flows)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a project adds to the flows of a block of draws.

    Attributes
    ----------
    recruits : ndarray (draw, year, flow, band)
        Added to the persons who move by each flow into work; negative where posts are lost.
    dismissals : ndarray (draw, year, flow)
        Added to separations, persons.
    elsewhere : ndarray (draw, year)
        Added to the hires of other firms, persons.
    direct : ndarray (draw, phase, year, flow)
        Residents whom the project itself recruits, deadweight included, persons.
    outside : ndarray (draw, phase, year)
        Recruits from elsewhere, who are no residents of the model, persons.
    net_posts : ndarray (draw, month)
        Additional posts held by residents, the project's and those of other firms, persons.
    idle : ndarray (draw, year)
        Unemployed and inactive residents at the start of the year without the project, persons.
    """

    recruits: np.ndarray
    dismissals: np.ndarray
    elsewhere: np.ndarray
    direct: np.ndarray
    outside: np.ndarray
    net_posts: np.ndarray
    idle: np.ndarray

    @classmethod
    def joined(cls, blocks: Sequence[Changes]) -> Changes:
        """All draws of several blocks in their order."""
        return cls(*(np.concatenate([getattr(one, field.name) for one in blocks]) for field in fields(cls)))


def project_changes(
    project: ProjectSpec, shares: RecruitShares, sampled: Draws, ledger: np.ndarray, stocks: np.ndarray
) -> Changes:
    """Recruits and dismissals of a project in each draw.

    Parameters
    ----------
    project : ProjectSpec
    shares : RecruitShares
    sampled : Draws
    ledger : ndarray (draw, year, row of ``flow_table.LEDGER``)
        Persons moved by each flow without the project.
    stocks : ndarray (draw, year_end, state)
        Residents by labour state without the project.
    """
    draws = len(ledger)
    leaving = {kind: leaving_share(kind, ledger, stocks) for kind in KINDS}

    def judged(name: str, bounds: tuple[float, float]) -> np.ndarray:
        low, high = bounds
        chance = sampled.uniform(f"project:{name}", 1)[:, 0]
        return low + (high - low) * chance

    additional = 1.0 - judged("deadweight", project.deadweight.share)
    displaced = (
        sampled.value("displacement_posts")
        if project.displacement is None
        else judged("displacement", project.displacement.share)
    )
    multiplied = 0.0 if project.multiplier is None else judged("multiplier", project.multiplier.posts)

    def kinds(phase: Phase) -> dict[str, np.ndarray]:
        """Share of the posts of a phase in each kind of work, by draw."""
        if phase.contract_share is None:
            return {ONE_KIND[phase.sector]: np.ones(draws)}
        contract = judged(f"{phase.key} contract", phase.contract_share.share)
        return {"enterprise": contract, "flexible": 1.0 - contract}

    recruits = np.zeros((draws, len(YEARS), *shares.flows.shape))
    dismissals = np.zeros((draws, len(YEARS), len(FLOWS)))
    elsewhere = np.zeros((draws, len(YEARS)))
    direct = np.zeros((draws, len(project.phases), len(YEARS), len(FLOWS)))
    outside = np.zeros((draws, len(project.phases), len(YEARS)))
    net_posts = np.zeros((draws, len(YEARS) * MONTHS_A_YEAR))
    for row, phase in enumerate(project.phases):
        path = np.array(phase.path())
        # What new posts take from other firms says nothing of a closure: those firms do not hire more because of it.
        mirrored = project.displacement is not None or path.min() >= 0.0
        spread = multiplied - displaced * mirrored
        opened, closed, held = posts_by_year(path)
        local = judged(f"{phase.key} local", phase.local_share.share)
        skills = np.array(phase.mix)
        for kind, part in kinds(phase).items():
            dismiss = bool(OUT_OF[kind])
            hired = opened + leaving[kind] * held - (0.0 if dismiss else closed)
            who = np.einsum("s,skb->kb", skills, shares.shares[kind])
            direct[:, row] += ((local * part)[:, None] * hired)[:, :, None] * who.sum(axis=1)
            outside[:, row] += ((1.0 - local) * part)[:, None] * hired
            scale = (additional * local * part)[:, None]
            recruits += (scale * hired)[:, :, None, None] * who
            # An enterprise post that someone leaves for a public one is filled again.
            elsewhere += scale * hired * who[list(_INTO_PUBLIC_POSTS)].sum()
            if dismiss:
                dismissals += (scale * closed)[:, :, None] * _ways(ledger, OUT_OF[kind])
        # Other firms gain and lose by recruiting more or less; nobody is dismissed for them.
        elsewhere += (additional * spread)[:, None] * (opened - closed + leaving["enterprise"] * held)
        net_posts += (additional * (local + spread))[:, None] * path
    idle = stocks[:, :-1, [STATES.index("unemployed"), STATES.index("inactive")]].sum(axis=2)
    return Changes(recruits, dismissals, elsewhere, direct, outside, net_posts, idle)


def posts_by_year(path: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posts opened, closed and held in each year, ndarray (year,) each.

    Held is the mean of both ends of the year: the model's recruits come evenly between them.
    """
    change = np.diff(path, prepend=0.0).reshape(len(YEARS), MONTHS_A_YEAR)
    opened: np.ndarray = np.maximum(change, 0.0).sum(axis=1)
    closed: np.ndarray = np.maximum(-change, 0.0).sum(axis=1)
    ends = np.cumsum(change.sum(axis=1))
    return opened, closed, ends - 0.5 * change.sum(axis=1)


def moved_by_project(changes: Changes, ledger: np.ndarray) -> np.ndarray:
    """Persons (draw, year, flow) by which the project moves the flows into work, other firms' hires included.

    Whom it takes from school would have left school in any case: fewer leave it for unemployment or inactivity.
    """
    added: np.ndarray = changes.recruits.sum(axis=3)
    added += changes.elsewhere[:, :, None] * _ways(ledger, HIRES)
    from_school = [k for k in range(len(FLOWS)) if STATES[ORIGIN[k]] == "student" and k not in IDLE_LEAVERS]
    placed = added[:, :, from_school].sum(axis=2)
    added -= placed[:, :, None] * _ways(ledger, IDLE_LEAVERS)
    return added


def origin_of_recruits(changes: Changes) -> tuple[tuple[str, ...], np.ndarray]:
    """Labour states that residents are recruited from, and how many: ndarray (state, draw, year), persons."""
    by_flow = changes.direct.sum(axis=1)
    states = tuple(dict.fromkeys(STATES[ORIGIN[k]] for kind in KINDS for k in INTO[kind]))
    counts = [by_flow[:, :, [k for k in range(len(FLOWS)) if STATES[ORIGIN[k]] == name]].sum(axis=2) for name in states]
    return states, np.stack(counts)


def _ways(ledger: np.ndarray, flows: tuple[int, ...]) -> np.ndarray:
    """Shares (draw, year, flow) of some flows in their sum; zero for all others."""
    chosen = np.zeros_like(ledger[:, :, : len(FLOWS)])
    chosen[:, :, flows] = ledger[:, :, flows]
    shares: np.ndarray = chosen / chosen.sum(axis=2, keepdims=True)
    return shares


def leaving_share(state: str, ledger: np.ndarray, stocks: np.ndarray) -> np.ndarray:
    """Persons who leave a labour state in a year over those in it, ndarray (draw, year); may pass one."""
    rows = [k for k in range(len(FLOWS)) if STATES[ORIGIN[k]] == state]
    if state in RETIRING:
        rows.append(len(FLOWS) + RETIRING.index(state))
    held = stocks[:, :, STATES.index(state)]
    share: np.ndarray = ledger[:, :, rows].sum(axis=2) / (0.5 * (held[:, 1:] + held[:, :-1]))
    return share
