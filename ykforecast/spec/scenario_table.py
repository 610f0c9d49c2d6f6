"""What a scenario file holds: doses of levers by year, shocks from outside, and where both come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import index
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from ykforecast.spec.months import Month
from ykforecast.spec.record import FromList, Key, Name, Reasoned, Record, Text
from ykforecast.vocabulary.dims import YEARS


def plain_integer(number: Any) -> Any:
    """A built-in integer for whatever can index, such as a NumPy integer; all else as it is."""
    return number if isinstance(number, bool) or not hasattr(number, "__index__") else index(number)


def _by_year(table: Any) -> Any:
    """Years as integers: the keys of TOML are texts."""
    if not isinstance(table, Mapping):
        return table
    return {
        int(year) if isinstance(year, str) and year.isdecimal() else plain_integer(year): plain_integer(v)
        for year, v in table.items()
    }


Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])]
_ByYear = BeforeValidator(_by_year)


class ModelReference(Record):
    """The model that a scenario was written for: its name and the digest of its files."""

    model: Name
    digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class Downturn(Record):
    """A recession from outside: the cyclical state falls, stays low and comes back.

    Attributes
    ----------
    start : str
        First month, ``2023-01``.
    depth : float
        Fall of the cyclical state at the trough, in its own units: the first months of 2020 were about 2.5 down.
    fall, hold, recover : int
        Months of falling, at the trough, and of recovering; each stretch is a straight line.
    """

    start: Month
    depth: Annotated[float, Field(gt=0, le=8)]
    fall: Annotated[int, Field(ge=1, le=24)]
    hold: Annotated[int, Field(ge=0, le=60)] = 0
    recover: Annotated[int, Field(ge=1, le=60)]


class Shocks(Record):
    """What happens to the city without being a measure.

    Attributes
    ----------
    downturns : tuple of Downturn
        Recessions of the cyclical state, by month.
    gdp_growth : mapping of year to float
        Real growth that a year is conditioned on (若GDP增速为X), fraction a year; years left out stay free.
    migration : mapping of year to float
        Added to the net migration rate of the year, fraction of the population a year.
    """

    downturns: Annotated[tuple[Downturn, ...], FromList] = ()
    gdp_growth: Annotated[dict[Year, Annotated[float, Field(ge=-0.15, le=0.20)]], _ByYear] = {}
    migration: Annotated[dict[Year, Annotated[float, Field(ge=-0.03, le=0.03)]], _ByYear] = {}

    def __bool__(self) -> bool:
        return bool(self.kinds())

    def kinds(self) -> list[str]:
        """Kinds of events that there are."""
        return [name for name in type(self).model_fields if getattr(self, name)]

    def only(self, kinds: Iterable[str]) -> Shocks:
        """Events of these kinds alone."""
        return Shocks(**{name: getattr(self, name) for name in kinds})

    def shifted(self, years: int) -> Shocks:
        """Events so many years later, without what falls outside the years of the plan."""
        moved = [(int(one.start[:4]) + years, one) for one in self.downturns]
        return Shocks(
            downturns=tuple(
                one.model_copy(update={"start": f"{year}{one.start[4:]}"}) for year, one in moved if year in YEARS
            ),
            gdp_growth=later(self.gdp_growth, years),
            migration=later(self.migration, years),
        )


#: Kinds of shocks, as scenarios, their parts and attributions name them.
SHOCKS: Final = tuple(Shocks.model_fields)


def later(path: Mapping[int, float], years: int) -> dict[int, float]:
    """A path by year so many years later, without what falls outside the years of the plan."""
    return {year + years: value for year, value in path.items() if year + years in YEARS}


class DoseReason(Reasoned):
    """Where the doses of one lever come from."""

    source: Name | None = None


class ScenarioTable(Record):
    """The keys of a scenario file."""

    name: Name
    doses: dict[Key, Annotated[dict[Year, float], _ByYear]] = {}
    label_zh: Text | None = None
    label_en: Text | None = None
    note: Text | None = None
    note_zh: Text | None = None
    kind: Literal["reference", "policy", "stress"] = "policy"
    shocks: Shocks = Shocks()
    reasons: dict[Key, DoseReason] = {}
    base: ModelReference | None = None
