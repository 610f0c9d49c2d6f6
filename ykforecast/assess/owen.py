r"""Owen values (Owen 1977), which share out a difference among players that belong to groups.

Owen, G. (1977), Values of games with a priori unions, in Mathematical Economics and Game Theory, Lecture Notes
in Economics and Mathematical Systems 141, Springer. With one player a group, or one group, they are the values of
Shapley (1953).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import factorial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
T = TypeVar("T")
Coalition = frozenset[str]


def owen_weights(groups: Sequence[Sequence[str]]) -> dict[Coalition, dict[str, float]]:
    r"""Weight of the worth of each coalition in the value of each player.

    Parameters
    ----------
    groups : sequence of sequences of str
        Players by group, each in one group.

    Returns
    -------
    dict of frozenset to dict of str to float
        Value of player ``i`` is the sum over coalitions ``S`` of ``weight[S][i] * worth(S)``. Only coalitions of
        whole groups and a part of one more occur.

    Notes
    -----
    With :math:`G` groups, ``i`` in a group :math:`B` of :math:`m`:
    :math:`\sum_{R\not\ni B}\sum_{T\subseteq B\setminus i}\frac{|R|!(G-1-|R|)!}{G!}\frac{|T|!(m-1-|T|)!}{m!}
    \big(v(R\cup T\cup i)-v(R\cup T)\big)`.
    """
    found: dict[Coalition, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for number, group in enumerate(groups):
        others = [one for place, one in enumerate(groups) if place != number]
        for outside, outer in _orders(others):
            whole = frozenset(player for one in outside for player in one)
            for player in group:
                for inside, inner in _orders([other for other in group if other != player]):
                    without = whole | frozenset(inside)
                    found[without | {player}][player] += outer * inner
                    found[without][player] -= outer * inner
    return {coalition: dict(weights) for coalition, weights in found.items()}


def shared_out(groups: Sequence[Sequence[str]], worth: Callable[[Coalition], Floats]) -> dict[str, Floats]:
    """Value of each player, in the shape and unit of ``worth``; the values add up to what all bring together.

    ``worth`` is called once for each coalition that :func:`owen_weights` names.
    """
    found: dict[str, Floats] = {}
    for coalition, weights in owen_weights(groups).items():
        whole = worth(coalition)
        for player, weight in weights.items():
            found[player] = found.get(player, 0.0) + weight * whole
    return {player: found[player] for group in groups for player in group}


def coalition_count(groups: Sequence[Sequence[str]]) -> int:
    """How many coalitions :func:`owen_weights` needs: those of whole groups, and those of a part of one."""
    partial = sum(2 ** len(group) - 2 for group in groups)
    return int(2 ** len(groups) + partial * 2 ** (len(groups) - 1))


def _orders(others: Sequence[T]) -> Iterator[tuple[tuple[T, ...], float]]:
    """Subsets of the others with the chance that exactly they come before, when all orders are alike."""
    count = len(others) + 1
    for size in range(count):
        weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
        for chosen in combinations(others, size):
            yield chosen, weight
