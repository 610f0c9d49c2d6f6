"""Reasons and likelihoods of a scorecard in words: each number beside the word that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.classes import ClassRules
from ykforecast.assess.gaps import TURN_NOTES
from ykforecast.assess.likelihood import LikelihoodScale
from ykforecast.assess.progress import PACE_NOTES, WITHHELD

if TYPE_CHECKING:
    import xarray as xr

#: Why progress and probability point different ways, in Chinese and in English.
DISAGREEMENTS: Final = {
    "behind_speeding_up": (
        "进度落后而完成概率高：预测余下各年变动快于此前，概率取决于后期措施如期见效",
        "progress is behind and the probability high: the forecast moves faster in the years left than so far",
    ),
    "behind_within_reach": (
        "进度落后而完成概率高：余下各年保持此前步伐即可达到达标界限",
        "progress is behind and the probability high: the pace so far is enough to reach the threshold",
    ),
    "ahead_slowing_down": (
        "进度超前而完成概率低：预测余下各年变动慢于此前，前期成果可能回落",
        "progress is ahead and the probability low: the forecast moves more slowly in the years left than so far",
    ),
    "ahead_uncertain": (
        "进度超前而完成概率低：预测中位数已近目标，但不确定性大，不足以达到该类指标的概率要求",
        "progress is ahead and the probability low: the median is close to the target, the spread is wide",
    ),
}
#: Reasons that a card holds as codes.
REASONS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "progress_withheld": WITHHELD,
    "pace_note": PACE_NOTES,
    "turn_note": TURN_NOTES,
    "disagreement": DISAGREEMENTS,
}


def disagreement(card: xr.Dataset, rules: ClassRules) -> xr.DataArray:
    """Where progress and probability point different ways: keys of :data:`DISAGREEMENTS`, else empty.

    Progress is behind or ahead where it parts from elapsed time by the margin ``lead`` of the rules; the probability is
    high where it suffices for 基本符合预期, by the nature of the target. Nothing is said where progress is withheld.
    The reason compares the pace that the median of the forecast has in the years left with that so far.
    """
    lead = card["progress"] - card["elapsed"]
    enough = np.where(card["nature"] == "binding", rules.on_course_binding, rules.on_course_anticipatory)
    likely = card["probability"] >= card["target"].copy(data=enough)
    falls = (card["target"] < card["median"].isel(year=0)) & (card["basis"] == "level")
    quicker, slower = _forecast_pace(card) > card["pace"], _forecast_pace(card) < card["pace"]
    faster = (falls & slower) | (~falls & quicker)
    behind, ahead = (lead <= -rules.lead) & likely, (lead >= rules.lead) & ~likely
    codes = np.select(
        [behind & faster, behind, ahead & ~faster, ahead],
        ["behind_speeding_up", "behind_within_reach", "ahead_slowing_down", "ahead_uncertain"],
        default="",
    )
    return lead.copy(data=codes)


def _forecast_pace(card: xr.Dataset) -> xr.DataArray:
    """Change a year of the median in the years left; NaN at the end of the plan."""
    years = 5.0 * card["elapsed"]
    base = card["median"].isel(year=0, drop=True).where(card["basis"] == "level", 0.0)
    left = card["outcome_median"] - base - card["pace"] * years
    return left / (5.0 - years).where(years < 5.0)


def with_words(card: xr.Dataset, scale: LikelihoodScale) -> xr.Dataset:
    """The card with every reason and every probability in words, Chinese and English.

    Parameters
    ----------
    card : xr.Dataset
        Holds the codes named in :data:`REASONS` and ``probability``.
    scale : LikelihoodScale

    Returns
    -------
    xr.Dataset
        ``<reason>_zh``, ``<reason>_en``; ``likelihood_zh``, ``likelihood_en`` (term), ``phrase_zh``, ``phrase_en`` (as
        an evaluation of a plan says it), ``probability_zh``, ``probability_en`` (rounded, with 约).
    """
    found = {}
    for name, words in REASONS.items():
        for place, lang in enumerate(("zh", "en")):
            said = {code: pair[place] for code, pair in words.items()} | {"": ""}
            found[f"{name}_{lang}"] = _each(card[name], said.__getitem__)
    chance = card["probability"]
    for lang in ("zh", "en"):
        found[f"likelihood_{lang}"] = _each(chance, lambda p, key=f"term_{lang}": getattr(scale.term(p), key))
        found[f"phrase_{lang}"] = _each(chance, lambda p, key=f"phrase_{lang}": getattr(scale.term(p), key))
        found[f"probability_{lang}"] = _each(chance, lambda p, lang=lang: scale.about(p, lang))
    return card.assign(found)


def _each(values: xr.DataArray, word: Callable[..., str]) -> xr.DataArray:
    words = np.array([word(value) for value in values.values.ravel().tolist()])
    return values.copy(data=words.reshape(values.shape))
