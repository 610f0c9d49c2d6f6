"""Parameters: a value or a prior, with unit, support, source, grade and reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from ykforecast.spec.record import FromList, Grade, Name, Reasoned, Record, Text
from ykforecast.vocabulary.errors import nearest
from ykforecast.vocabulary.units import UNITS

#: Units that a parameter may carry beside the base units of :mod:`ykforecast.vocabulary.units`.
RATE_UNITS: Final = (
    "1/month",
    "1/year",
    "1/year2",
    "log odds",
    "log odds/year",
    "log ratio",
    "persons/month",
    "persons per job",
    "persons per post",
    "persons per person",
    "jobs per entrepreneur",
    "yuan/year",
    "yuan/person",
    "elasticity",
    "switch",
    "days",
)
PARAMETER_UNITS: Final = frozenset({base for base, _ in UNITS.values()} | set(RATE_UNITS))


def _known_unit(unit: str) -> str:
    if unit not in PARAMETER_UNITS:
        raise ValueError(f"unknown unit. {nearest(unit, PARAMETER_UNITS)}")
    return unit


ParameterUnit = Annotated[str, AfterValidator(_known_unit)]
Positive = Annotated[float, Field(gt=0)]
Interval = Annotated[tuple[float, float], FromList]


class Normal(Record):
    """Normal prior by mean and standard deviation."""

    dist: Literal["normal"]
    mean: float
    sd: Positive

    @property
    def median(self) -> float:
        """Value that half of the prior lies below."""
        return self.mean


class LogNormal(Record):
    """Log-normal prior: ``log x ~ Normal(log median, sigma)``."""

    dist: Literal["lognormal"]
    median: Positive
    sigma: Positive


class Uniform(Record):
    """Uniform prior between ``low`` and ``high``."""

    dist: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError("low must lie below high")
        return self

    @property
    def median(self) -> float:
        """Value that half of the prior lies below."""
        return (self.low + self.high) / 2


class Beta(Record):
    """Beta prior on (0, 1) with shapes ``alpha`` and ``beta``, both at least 1: one mode, inside."""

    dist: Literal["beta"]
    alpha: Annotated[float, Field(ge=1)]
    beta: Annotated[float, Field(ge=1)]

    @property
    def median(self) -> float:
        """Median, by the approximation (alpha - 1/3) / (alpha + beta - 2/3) for shapes of at least 1."""
        return (self.alpha - 1 / 3) / (self.alpha + self.beta - 2 / 3)


class TruncNormal(Record):
    """Normal prior with ``mean`` and ``sd`` before it is cut to ``low`` .. ``high``."""

    dist: Literal["truncnormal"]
    mean: float
    sd: Positive
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mean <= self.high or self.low == self.high:
            raise ValueError("the mean must lie between low and high, and low below high")
        return self

    @property
    def median(self) -> float:
        """Median of the cut distribution."""
        from statistics import NormalDist

        free = NormalDist(self.mean, self.sd)
        return free.inv_cdf((free.cdf(self.low) + free.cdf(self.high)) / 2)


class Fixed(Record):
    """A single value written as a prior: the parameter does not vary."""

    dist: Literal["fixed"]
    value: float

    @property
    def median(self) -> float:
        """The value."""
        return self.value


Prior = Annotated[
    Normal | LogNormal | Uniform | Beta | TruncNormal | Fixed,
    Field(discriminator="dist"),
]


class ParameterSpec(Reasoned):
    """One number of the model, or its prior.

    Attributes
    ----------
    label_zh : str
        What it is, in the field's Chinese term.
    unit : str
        Base unit, or one of :data:`RATE_UNITS`.
    value, prior : float or Prior
        Exactly one of the two.
    support : (float, float), optional
        Interval that no draw may leave; the whole line if left out.
    role : "constant" or "uncertainty"
        A constant is the same in every draw; an uncertainty has a prior that spreads.
    source : str, optional
        Key of a record of the sources; only an assumed number may do without.
    """

    label_zh: Text
    unit: ParameterUnit
    value: float | None = None
    prior: Prior | None = None
    support: Interval | None = None
    role: Literal["constant", "uncertainty"]
    source: Name | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.value is None) == (self.prior is None):
            raise ValueError("give exactly one of value and prior")
        spreads = self.prior is not None and not isinstance(self.prior, Fixed)
        if spreads != (self.role == "uncertainty"):
            raise ValueError("a role of uncertainty needs a prior that spreads, a constant a value")
        low, high = self.support or (-math.inf, math.inf)
        if not low <= self.median <= high:
            raise ValueError(f"the central value {self.median:g} lies outside support [{low:g}, {high:g}]")
        if isinstance(self.prior, Uniform | TruncNormal) and not low <= self.prior.low < self.prior.high <= high:
            raise ValueError("the prior reaches beyond the support")
        if self.source is None and self.grade != "assumed":
            raise ValueError(f"a number that is {self.grade} needs a source")
        return self

    @property
    def median(self) -> float:
        """Central value: the constant, or the median of the prior."""
        if self.prior is not None:
            return self.prior.median
        if self.value is None:  # unreachable: the validator demands one of the two
            raise AssertionError
        return self.value

    @property
    def prior_text(self) -> str:
        """The value or prior in one cell of a table."""
        if self.prior is None:
            return f"{self.value:g}"
        fields = {key: number for key, number in self.prior if key != "dist"}
        return f"{self.prior.dist}({', '.join(f'{key}={number:g}' for key, number in fields.items())})"


def grade_counts(parameters: Mapping[str, ParameterSpec]) -> dict[str, int]:
    """How many parameters stand on figures of this city, on computations, on other places, on assumptions."""
    return {grade: sum(spec.grade == grade for spec in parameters.values()) for grade in get_args(Grade)}
