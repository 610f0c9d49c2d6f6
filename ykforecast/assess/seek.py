"""What to do to reach a target: the smallest dose, the balanced effort or the cheapest mix (达标所需力度)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.cheapest_mix import cheapest_mix
from ykforecast.assess.definition_steps import Counting
from ykforecast.assess.dose_path import DosePath, Floats
from ykforecast.assess.effort import Effort, smallest
from ykforecast.assess.seek_answer import Bill, Found, answer
from ykforecast.assess.seek_question import movable_years, question

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.lever import LeverSpec
    from ykforecast.spec.scenario import Scenario

#: Draws that a cheapest mix is sought with; it is verified with all of them.
SEARCH_DRAWS: Final = 1000
#: A cheapest mix is followed up to this multiple of itself: draws that were not searched may ask for more.
BEYOND: Final = 2.0


def seek(
    calibration: Calibration,
    target: str | Iterable[str],
    lever: str | Iterable[str] | None = None,
    probability: float = 0.8,
    *,
    base: str | Scenario = "plan",
    costs: Mapping[str, float] | None = None,
    start_year: int | None = None,
    counting: Counting = "published",
    draws: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Find the smallest effort that meets targets of 2025 with a probability, or say how far effort goes.

    A dose is constant over the years that can still be moved and stands **in place of** that of the base scenario
    there; all else, other levers too, stays as in the base scenario. The same draws are used throughout.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate`, or :func:`ykforecast.assimilate`.
    target : str or iterable of str
        An indicator; several, or ``"binding"`` for all binding ones, are to be met together, in the same draw.
    lever : str or iterable of str, optional
        One lever: its smallest dose. Several: the same share of the upper bound of each, or with ``costs`` the
        cheapest mix. By default every lever that says it moves one of the targets. Of several, switches are left to
        the base scenario, and those that help none of the targets are left as they are there.
    probability : float
        Between 0 and 1.
    base : str or Scenario
        What is done beside the levers.
    costs : mapping of lever to float, optional
        Cost of one unit of dose in one year, in any currency, zero or more; one for each lever.
    start_year : int, optional
        First year that can still be moved: by default 2022, or the year after the date of the evidence.
    counting : {"published", "base"}
        Whether a definition step counts towards the target, as in :func:`ykforecast.indicators`.
    draws, seed, threads, progress : optional
        As in :func:`ykforecast.project`.

    Returns
    -------
    Dataset
        Dims (target, lever, bound, year, point); doses in the unit of the lever, outcomes in base units.

        ===================  ===============  ==========================================================
        variable             dims             meaning
        ===================  ===============  ==========================================================
        reached              (none)           whether the probability is reached within bounds
        dose                 lever            that reaches it, else with which the chance is greatest
        dose_interval        lever, bound     95 % interval from the Monte Carlo error, along the doses tried
        probability          (none)           at that dose, all targets together; ``_error``: standard error
        base_probability     (none)           under the base scenario, unchanged
        target_probability   target           of each target
        quantile, gap        target           what is reached with the asked probability; what is missing then
        ceiling              target           median of the ceiling in 2025, NaN where there is none
        at_ceiling           target           share of draws that stand there
        ceiling_probability  target           that the ceiling itself meets the target
        definition_step      target           median step that the outcome holds, NaN where there is none
        curve_dose           lever, point     all doses tried on the way, rising, with their probability and error
        total_cost           (none)           with ``costs``; beside it the cost of the balanced effort
        ===================  ===============  ==========================================================

    Raises
    ------
    RequestError
        An unknown indicator, lever or scenario; a probability, cost or year that cannot be.

    Notes
    -----
    The answer is the smallest multiple of a step of about a thousandth of the bounds, so it carries a probability
    slightly above the one asked for. A chance that falls again with more dose is answered with its first crossing.
    """
    asked = question(calibration.model, target, lever, probability, base=base, costs=costs)
    years = movable_years(calibration, start_year)
    effort = Effort(calibration, asked.base, asked.targets, years, draws, seed, counting, threads, progress)
    quick, levers = effort.with_draws(SEARCH_DRAWS), asked.levers
    if len(levers) > 1:
        levers = _helpful(quick, levers)

    def along(path: DosePath) -> Found:
        return Found(path, *smallest(lambda places: effort.of([path(n) for n in places]), path.last, probability))

    one_by_one = len(levers) == 1
    chosen = along(DosePath.of_one(*next(iter(levers.items()))) if one_by_one else DosePath.together(levers))
    if costs is None:
        return answer(effort, probability, chosen)
    price = np.array([costs[key] for key in levers], dtype=float) * len(years)
    even = chosen
    if not one_by_one and chosen.position is not None:
        shares = _cheapest(quick, levers, price, probability, chosen.shares)
        mix = along(DosePath.together(levers, BEYOND * shares))
        if mix.position is not None and mix.cost(price) < chosen.cost(price):
            chosen = mix
    return answer(effort, probability, chosen, Bill(price / len(years), chosen.cost(price), even.cost(price)))


def _helpful(effort: Effort, levers: Mapping[str, LeverSpec]) -> dict[str, LeverSpec]:
    """Levers that raise the mean margin of a target when all others are at their bounds; all if none does."""
    path = DosePath.together(levers)
    most = path(path.last)
    everything, *without = effort.of([most, *({**most, key: 0.0} for key in levers)])
    margins = effort.margins(everything).mean(axis=0)
    helping = {
        key: spec
        for (key, spec), outcomes in zip(levers.items(), without, strict=True)
        if (effort.margins(outcomes).mean(axis=0) < margins).any()
    }
    return helping or dict(levers)


def _cheapest(
    effort: Effort, levers: Mapping[str, LeverSpec], price: Floats, probability: float, start: Floats
) -> Floats:
    """Shares of the bounds of the cheapest mix, as few draws see it."""
    bounds = np.array([spec.bounds[1] for spec in levers.values()])

    def margins(mixes: Sequence[Floats]) -> list[Floats]:
        doses = [dict(zip(levers, (mix * bounds).tolist(), strict=True)) for mix in mixes]
        return [effort.margins(outcomes) for outcomes in effort.of(doses)]

    return cheapest_mix(margins, price * bounds, probability, start)
