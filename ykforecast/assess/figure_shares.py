"""What interim figures changed in the outcomes, by the theme of the numbers that they moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ykforecast.assess.outcomes import Outcomes
from ykforecast.assess.owen import Coalition, coalition_count, shared_out
from ykforecast.assess.revision import PAST, STEP
from ykforecast.assess.shares import Shares
from ykforecast.data.analysis_file import load_analysis
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.blocks import BLOCK
from ykforecast.simulate.sampled import PARAMETER, PROCESS, Latent, Sampled
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.simulate.scenarios import ResolvedScenario
    from ykforecast.spec.analysis import Theme

Floats = npt.NDArray[np.float64]
#: Family of the effects of measures, to which the measures of the years that have passed belong.
POLICY: Final = "policy"


def figure_shares(
    calibration: Calibration,
    before: ResolvedScenario,
    after: ResolvedScenario,
    keys: Sequence[str],
    year: int,
    draws: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Shares:
    """Parts of the change of the outcomes by theme.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.assimilate`.
    before, after : ResolvedScenario
        The scenario without, and with the measures of the years that have passed.
    keys : sequence of str
        Indicators.
    year, draws : int
    threads : int, optional
    progress : callable, optional
        Called with (runs done, runs in all).

    Returns
    -------
    Shares
        Base units, of the outcomes on the basis of their targets, of the same draws without the figures and with
        them. Parts are themes by family, the family ``policy`` with the measures of years that have passed, and
        the definition steps.

    Raises
    ------
    RequestError
        The calibration has learned of no figure.

    Notes
    -----
    Figures move the numbers behind each draw (:class:`Latent`). In a coalition the streams of some themes are as
    the figures left them and all others as before; Owen values over families of themes.
    """
    evidence = calibration.evidence
    if evidence is None or evidence.latent is None:
        raise RequestError("no figures to explain", key="calibration", remedy="Give what yk.assimilate returned.")
    latent, themes = evidence.latent, load_analysis(calibration.model).themes
    streams = {name: [one for one in latent.streams if _belongs(one, theme)] for name, theme in themes.items()}
    groups: dict[str, tuple[str, ...]] = {}
    for name, theme in themes.items():
        if streams[name]:
            groups[theme.family] = (*groups.get(theme.family, ()), name)
    groups[POLICY] = (*groups.get(POLICY, ()), PAST)
    behaviour, published = Outcomes(calibration, keys, year, steps=False), Outcomes(calibration, keys, year)
    runs, done = coalition_count(list(groups.values())) + 3, 0

    def worth(chosen: Coalition, read: Outcomes = behaviour) -> Floats:
        nonlocal done
        moved = {one: latent.streams[one] for name in chosen if name in streams for one in streams[name]}
        scenario = after if PAST in chosen else before
        found = []
        for first in range(0, draws, BLOCK):
            count = min(BLOCK, draws - first)
            sampled = Sampled(
                calibration.model.parameters,
                latent.seed,
                first,
                count,
                calibration.learned,
                Latent(latent.seed, moved) if moved else None,
            )
            found.append(read(run_block(calibration, scenario, sampled, threads=threads).series, first))
        done += 1
        if progress is not None:
            progress(done, runs)
        return np.concatenate(found)

    shares = shared_out(list(groups.values()), worth)
    everything = frozenset(name for members in groups.values() for name in members)
    first, last = worth(frozenset()), worth(everything, published)
    # Definition steps are added to what people do, so they take no part in the game.
    steps = last - worth(everything)
    return Shares({**groups, STEP: (STEP,)}, shares | {STEP: steps}, first, last)


def _belongs(stream: str, theme: Theme) -> bool:
    kind = "parameter" if stream.startswith(PARAMETER) else "process"
    return theme.holds(kind, stream.removeprefix(PARAMETER).removeprefix(PROCESS))
