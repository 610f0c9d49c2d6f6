"""A batch: which scenarios, as of which days, with how many draws, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ykforecast.spec.record import FromList, Key, Name, Record, Text
from ykforecast.spec.scenario import ScenarioTable, Year
from ykforecast.vocabulary.dims import YEARS

#: More scenarios than this are a slip of the pen: the product of a grid grows fast.
MOST_SCENARIOS = 10_000
#: Groups of a run that a batch can keep of every draw.
BatchKeep = Literal["indicators", "series", "totals"]


def _as_date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _dates(values: Any) -> Any:
    """Days as TOML has them, or as texts."""
    return tuple(map(_as_date, values)) if isinstance(values, list | tuple) else values


class Grid(Record):
    """Every combination of some doses of some levers, each a scenario of its own.

    Attributes
    ----------
    name : str
        Scenarios are named after it and their doses: ``reach_5000_0.04``, in the order of the levers.
    base : str, optional
        Scenario whose measures hold beside them, by name or expression. Without it there are none.
    years : tuple of int
        Years in which the doses stand, in place of those of the base; all five without it.
    levers : mapping of lever to tuple of float
        Doses of each lever, in its unit.
    """

    name: Annotated[Name, Field(max_length=40)]
    base: Text | None = None
    years: Annotated[tuple[Year, ...], FromList, Field(min_length=1)] = YEARS
    levers: Annotated[
        dict[Key, Annotated[tuple[float, ...], FromList, Field(min_length=1)]],
        Field(min_length=1),
    ]

    @property
    def size(self) -> int:
        """Number of combinations."""
        return prod(map(len, self.levers.values()))

    def combinations(self) -> Iterator[tuple[str, Mapping[str, float]]]:
        """Name and dose by lever of each combination, the last lever fastest."""
        for doses in product(*self.levers.values()):
            yield "_".join([self.name, *(f"{dose:.12g}" for dose in doses)]), dict(zip(self.levers, doses, strict=True))


class BatchSpec(Record):
    """The keys of a batch file.

    Attributes
    ----------
    model : str, optional
        A shipped place or a folder; ``yingkou`` without it.
    draws : int
        Draws of each scenario and vintage.
    seed : int
        Of every stream of random numbers.
    scenarios : tuple of str
        Scenarios of the model by name or expression, such as ``plan*0.5+slow-growth``.
    own : tuple of ScenarioTable
        Scenarios written out in the batch file, with the keys of a scenario file.
    grid : tuple of Grid
        Scenarios made of combinations of doses.
    vintages : tuple of date
        Each scenario is run on the figures known by each of these days; without any, from the base year alone.
    keep : {"indicators", "series", "totals"}
        What is kept of every draw: the sixteen indicators; also the yearly series; also stocks and flows.
    """

    model: Text | None = None
    draws: Annotated[int, Field(ge=1, le=1_000_000)]
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 2020
    scenarios: Annotated[tuple[Text, ...], FromList] = ()
    own: Annotated[tuple[ScenarioTable, ...], FromList] = ()
    grid: Annotated[tuple[Grid, ...], FromList] = ()
    vintages: Annotated[tuple[date, ...], BeforeValidator(_dates)] = ()
    keep: BatchKeep = "indicators"

    @model_validator(mode="after")
    def _sizeable(self) -> Self:
        asked = len(self.scenarios) + len(self.own) + sum(one.size for one in self.grid)
        if not asked:
            raise ValueError("no scenario is asked for: name some, write [[own]] or [[grid]]")
        if asked > MOST_SCENARIOS:
            raise ValueError(f"{asked:,} scenarios are asked for, at most {MOST_SCENARIOS:,} are run in one batch")
        if len(set(self.vintages)) < len(self.vintages):
            raise ValueError("a vintage stands twice")
        return self
