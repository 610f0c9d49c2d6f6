"""The cheapest mix of doses that meets targets with a probability.

The chance of a mix is known from runs only, and each takes a while. So the runs vary one lever at a time around a
mix; what each target gains in each draw is added up over the levers (exact where they do not act on one another),
the cheapest mix of that sum nearby is found by shedding and exchanging doses, and it is taken where a run confirms
that it costs less; else less of a change is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Shares of its bound at which each lever is run (measures saturate smoothly), and further ones about that of the mix.
KNOTS: Final = np.linspace(0.0, 1.0, 5)
NEAR: Final = np.array([-1.0, 0.0, 1.0]) / 16.0
#: Times that a cheaper mix is looked for; the change of a share that is tried first; a saving not worth another look.
ROUNDS: Final = 4
REACH: Final = 0.5
SMALL: Final = 0.005
#: Multiples of a mix that are run to see which of them is enough.
SCALES: Final = np.linspace(0.91, 1.21, 11)
#: Exchanges begin with this part of a bound, which is halved down to the finest.
COARSEST: Final = 0.25
FINEST: Final = 1.0 / 512.0


@dataclass(frozen=True, slots=True, eq=False)
class AddedGains:
    """Margins around a mix, as the sum of what each lever alone changes.

    Attributes
    ----------
    centre : ndarray (draw, target)
        Margins of the mix itself.
    knots : sequence of ndarray (knot,), one a lever
        Shares at which the lever was run, that of the mix among them.
    gains : sequence of ndarray (knot, draw, target), one a lever
        Change of the margins when that lever alone has another share.
    """

    centre: Floats
    knots: Sequence[Floats]
    gains: Sequence[Floats]

    def probability(self, mix: Floats) -> float:
        """Share of draws in which no margin is negative."""
        margins = self.centre.copy()
        for share, knots, gains in zip(mix, self.knots, self.gains, strict=True):
            place = min(int(np.searchsorted(knots, share, side="right")), len(knots) - 1)
            weight = (share - knots[place - 1]) / (knots[place] - knots[place - 1])
            margins += (1.0 - weight) * gains[place - 1] + weight * gains[place]
        return _chance(margins)


def around(mix: Floats, margins: Callable[[Sequence[Floats]], list[Floats]]) -> AddedGains:
    """Gains of each lever alone around a mix; ``margins`` runs mixes and gives (draw, target) of each."""
    knots = [np.union1d(KNOTS, np.clip(share + NEAR, 0.0, 1.0)) for share in mix]
    mixes = [mix]
    for place, shares in enumerate(knots):
        for share in shares:
            one = mix.copy()
            one[place] = share
            mixes.append(one)
    centre, *others = margins(mixes)
    gains, first = [], 0
    for shares in knots:
        gains.append(np.stack(others[first : first + len(shares)]) - centre)
        first += len(shares)
    return AddedGains(centre, knots, gains)


def least_share(enough: Callable[[Floats], bool], mix: Floats, lever: int, low: float, high: float) -> float | None:
    """Least share of one lever between two, with which a mix is enough; None if none is."""
    trial = mix.copy()

    def suffices(share: float) -> bool:
        trial[lever] = share
        return enough(trial)

    if suffices(low):
        return low
    if not suffices(high):
        return None
    while high - low > FINEST / 8.0:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def exchange(price: Floats, enough: Callable[[Floats], bool], low: Floats, high: Floats) -> Floats:
    """Cheapest mix that is enough, by shedding doses and exchanging one for another.

    Parameters
    ----------
    price : ndarray (lever,)
        Cost of the whole bound of each lever.
    enough : callable
        Whether a mix meets the demand; more of a lever never hurts.
    low, high : ndarray (lever,)
        Least and greatest shares of the bounds; ``high`` is enough.

    Returns
    -------
    ndarray (lever,)
        A mix that is enough, from which no exchange of two doses saves anything: where the mixes that are enough form
        a convex set, the cheapest, to the size of the finest exchange.
    """
    mix, size = high.copy(), COARSEST
    while size >= FINEST:
        saved = False
        for less, more in permutations(range(len(mix)), 2):
            trial = mix.copy()
            trial[less] = max(mix[less] - size, low[less])
            share = least_share(enough, trial, more, mix[more], high[more])
            if share is None:
                continue
            trial[more] = share
            if price @ trial < (price @ mix) * (1.0 - 1e-9):
                mix, saved = trial, True
        if not saved:
            size /= 2.0
    for lever in np.argsort(-price, kind="stable").tolist():
        share = least_share(enough, mix, lever, low[lever], mix[lever])
        mix[lever] = mix[lever] if share is None else share
    return mix


def cheapest_mix(
    margins: Callable[[Sequence[Floats]], list[Floats]], price: Floats, probability: float, start: Floats
) -> Floats:
    """Cheapest mix of shares with which every margin is non-negative with a probability.

    Parameters
    ----------
    margins : callable
        Runs mixes, each an array (lever,) of shares of the bounds; margins (draw, target) of each.
    price : ndarray (lever,)
        Cost of the whole bound of each lever, zero or more.
    probability : float
    start : ndarray (lever,)
        A mix that is enough, such as equal shares.

    Returns
    -------
    ndarray (lever,)
        As the draws of ``margins`` see it: to be verified with more of them.
    """

    def scaled(mix: Floats) -> Floats | None:
        """Least multiple of a mix that is enough in a run."""
        mixes = [np.minimum(scale * mix, 1.0) for scale in SCALES]
        able = (one for one, found in zip(mixes, margins(mixes), strict=True) if _chance(found) >= probability)
        return next(able, None)

    best, reach = start, REACH
    gains = around(best, margins)
    for _ in range(ROUNDS):
        low, high = np.clip(best - reach, 0.0, 1.0), np.clip(best + reach, 0.0, 1.0)
        mix = exchange(price, lambda one, gains=gains: gains.probability(one) >= probability, low, high)  # type: ignore[misc]
        found = scaled(mix)
        if found is None or price @ found >= price @ best:
            reach /= 2.0
            continue
        little = price @ found > (1.0 - SMALL) * (price @ best)
        best = found
        if little:
            break
        gains = around(best, margins)
    return best


def _chance(margins: Floats) -> float:
    return float((margins >= 0.0).all(axis=1).mean())
