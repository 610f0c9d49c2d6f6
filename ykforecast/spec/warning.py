"""Warning of unemployment: lines of breach with their sources, and what lights which lamp."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from ykforecast.spec.record import FromList, Key, Name, Reasoned, Record, Text
from ykforecast.vocabulary.dims import MONTHS_A_YEAR
from ykforecast.vocabulary.errors import nearest

#: Lamps from calm to grave, with their colours' names; a lamp is its position.
LAMPS: Final = ("blue", "light_blue", "green", "yellow", "red")
LAMPS_ZH: Final = ("蓝灯", "浅蓝灯", "绿灯", "黄灯", "红灯")
#: Signals whose grades add up to the value of the lamp.
SIGNALS: Final = ("level", "change", "chance")
Share = Annotated[float, Field(ge=-1.0, le=1.0)]
Cut = Annotated[float, Field(ge=-1.0, le=15.0)]


class Preset(Reasoned):
    """A rule of some place that says when unemployment is grave.

    Attributes
    ----------
    label_zh, label_en : str
    measure : str
        What is watched: a rate by month, or the yearly growth of urban employment.
    line : float
        Fraction.
    below : bool
        The line is broken below it, and not at or above it.
    periods : int
        Months, or years, on end that make a breach.
    left_out_zh, left_out_en : str, optional
        Conditions of the rule that no cohort model can tell.
    source : str, optional
        Key of the source record.
    """

    label_zh: Text
    label_en: Text
    measure: Literal["surveyed_rate", "registered_rate", "urban_employment_growth"]
    line: Share
    below: bool = False
    periods: Annotated[int, Field(ge=1, le=12)]
    left_out_zh: Text | None = None
    left_out_en: Text | None = None
    source: Name | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.source is None and self.grade != "assumed":
            raise ValueError(f"a rule that is {self.grade} needs a source")
        return self


class Cuts(Reasoned):
    """Four rising cuts that make five grades."""

    cuts: Annotated[tuple[Cut, ...], FromList, Field(min_length=4, max_length=4)]
    source: Name | None = None

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if any(low >= high for low, high in pairwise(self.cuts)):
            raise ValueError("the cuts do not rise")
        return self


class Number(Reasoned):
    """One positive number."""

    value: Annotated[float, Field(gt=0.0)]
    source: Name | None = None


class Months(Reasoned):
    """A whole number of months, up to a year."""

    value: Annotated[int, Field(ge=1, le=MONTHS_A_YEAR)]


class WarningTable(Record):
    """The tables of ``warning.toml``.

    Attributes
    ----------
    use : str
        The preset whose line counts as a breach.
    presets : dict of str to Preset
    level, change, chance : Cuts
        Of the urban unemployment rate (fraction), its change over three months (fraction) and the probability of a
        breach within ``horizon`` months.
    lamp : Cuts
        Of the sum of the three grades: a lamp reaches up to its cut, the cut included.
    hold : Months
        On end that the signals must stay lower before the lamp drops.
    horizon : Months
    registered : Number, optional
        Registered unemployed at the base date, persons; without it rules on the registered rate are left out.
    overlap : Number
        Variance of an annual survey mean over a twelfth of that of a month.
    marked_rise : Number
        Growth of the yearly registered unemployed that should have been warned of, fraction.
    """

    use: Key
    presets: dict[Key, Preset]
    level: Cuts
    change: Cuts
    chance: Cuts
    lamp: Cuts
    hold: Months
    horizon: Months
    registered: Number | None = None
    overlap: Number
    marked_rise: Number

    @model_validator(mode="after")
    def _used(self) -> Self:
        if self.use not in self.presets:
            raise ValueError(f"`use` names no preset. {nearest(self.use, self.presets)}")
        used = self.presets[self.use]
        if used.measure != "surveyed_rate" or used.below:
            raise ValueError("the preset in `use` needs a line of the surveyed rate that is broken from below")
        return self

    @property
    def breach(self) -> Preset:
        """The rule whose line counts as a breach."""
        return self.presets[self.use]

    def sources(self) -> dict[str, str]:
        """Source records that are named, by the dotted key that names them."""
        named = {f"presets.{key}": preset.source for key, preset in self.presets.items()}
        named |= {"lamp": self.lamp.source, "registered": self.registered.source if self.registered else None}
        return {f"{key}.source": source for key, source in named.items() if source is not None}
