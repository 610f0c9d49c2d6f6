"""Calibrated words for probabilities (概率用语): one term, one phrase and one rounded number for each.

The scale is that of the IPCC's guidance note on uncertainty (Mastrandrea et al. 2010); the words and where they come
from stand with the model, in ``likelihood.toml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.record import FromList, Reasoned, Record, Text

LIKELIHOOD_FILE: Final = "likelihood.toml"
_ABOUT: Final = {"zh": "约{:.0f}%", "en": "about {:.0f} %"}
_LESS: Final = {"zh": "不足{:.0f}%", "en": "less than {:.0f} %"}
_MORE: Final = {"zh": "超过{:.0f}%", "en": "more than {:.0f} %"}
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Step = Annotated[float, Field(gt=0.0, le=0.5)]


class Term(Record):
    """One step of the scale.

    Attributes
    ----------
    least : float
        Probability from which on the term holds.
    term_zh, term_en : str
        How likely it is.
    phrase_zh, phrase_en : str
        The same as an evaluation of a plan says it.
    """

    least: Share
    term_zh: Text
    term_en: Text
    phrase_zh: Text
    phrase_en: Text


class Rounding(Reasoned):
    """How a probability is rounded where it stands in a sentence: by ``fine_step`` outside ``ends`` .. 1 - ``ends``."""

    step: Step
    fine_step: Step
    ends: Step


class LikelihoodScale(Record):
    """The tables of ``likelihood.toml``: terms from the most to the least probable, rounding, and their grounds."""

    scale: Reasoned
    translation: Reasoned
    phrases: Reasoned
    rounding: Rounding
    terms: Annotated[tuple[Term, ...], FromList, Field(min_length=2)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        bounds = [term.least for term in self.terms]
        if any(below >= above for above, below in zip(bounds, bounds[1:], strict=False)):
            raise ValueError("terms stand from the most to the least probable")
        if bounds[-1] != 0.0:
            raise ValueError("the last term holds from nought on")
        return self

    @classmethod
    def of_folder(cls, folder: Path) -> LikelihoodScale:
        """Scale of the model in ``folder``.

        Raises
        ------
        ModelError
            The file is missing or not TOML, a key is missing, unknown or out of range, the terms are out of order.
        """
        file = read_toml(folder / LIKELIHOOD_FILE)
        scale, complaints = cls.read(file.table)
        if scale is None:
            raise file.error(complaints[0])
        return scale

    def term(self, probability: float) -> Term:
        """The term of a probability."""
        return next(term for term in self.terms if probability >= term.least)

    def about(self, probability: float, lang: str = "zh") -> str:
        """A probability as a sentence gives it: rounded, with 约 or "about"; the ends are never certainty.

        Parameters
        ----------
        probability : float
            Fraction.
        lang : str
            ``zh`` or ``en``.
        """
        rule = self.rounding
        if probability < rule.fine_step:
            return _LESS[lang].format(100.0 * rule.fine_step)
        if probability > 1.0 - rule.fine_step:
            return _MORE[lang].format(100.0 * (1.0 - rule.fine_step))
        step = rule.step if rule.ends <= probability <= 1.0 - rule.ends else rule.fine_step
        return _ABOUT[lang].format(100.0 * step * round(probability / step))
