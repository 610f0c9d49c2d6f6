"""Scenarios: doses of levers by year and shocks from outside, over a named model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import index
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from ykforecast.spec.record import Complaint, FromList, Key, Name, Reasoned, Record, Text, complaints
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import ScenarioError


def _plain_integer(number: Any) -> Any:
    """A built-in integer for whatever can index, such as a NumPy integer; all else as it is."""
    return number if isinstance(number, bool) or not hasattr(number, "__index__") else index(number)


def _by_year(table: Any) -> Any:
    """Years as integers: the keys of TOML are texts."""
    if not isinstance(table, Mapping):
        return table
    return {
        int(year) if isinstance(year, str) and year.isdecimal() else _plain_integer(year): _plain_integer(v)
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

    start: Annotated[str, Field(pattern=rf"^(?:{'|'.join(map(str, YEARS))})-(?:0[1-9]|1[0-2])$")]
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
        return bool(self.downturns or self.gdp_growth or self.migration)


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


class Scenario(ScenarioTable):
    """A named set of doses, over the policies of the base year.

    Parameters
    ----------
    name : str
        Lower-case letters, digits, dots, hyphens and underscores.
    doses : mapping of lever to mapping of year to float, optional
        Dose of each lever in each year, in the lever's unit; a year left out has dose zero.
    label_zh, label_en, note, note_zh : str, optional
        Names for tables and a word on the purpose; without them tables say 自设情景 and own scenario, and the key.
    shocks : Shocks or mapping, optional
        Events from outside.
    reasons : mapping of lever to DoseReason, optional
        Source, grade and reason of the doses.
    base : ModelReference, optional
        Model that the scenario was written for.

    Examples
    --------
    >>> Scenario("mine", {"skills": {2023: 15_000}}).doses["skills"][2023]
    15000.0
    """

    def __init__(self, name: str, doses: Mapping[str, Mapping[int, float]] | None = None, **fields: Any) -> None:
        try:
            super().__init__(**{"name": name, "doses": doses or {}, **fields})
        except ValidationError as error:
            first = complaints(ScenarioTable, error)[0]
            raise first.error(ScenarioError, f"scenario {name!r}") from None

    @classmethod
    def read(cls, table: Mapping[str, Any], key: str = "") -> tuple[Any, list[Complaint]]:
        """Scenario of a table, or every complaint about it."""
        checked, found = ScenarioTable.read(table, key)
        return (None if checked is None else cls(**table)), found

    def label(self, lang: str) -> str:
        """Name for tables in Chinese (``zh``) or English (``en``), made of the key where none is given."""
        given = {"zh": self.label_zh, "en": self.label_en}[lang]
        return given or {"zh": "自设情景", "en": "own scenario "}[lang] + self.name

    def dose_rows(self) -> Iterator[tuple[str, int, float]]:
        """Lever, year and dose of every entry."""
        for lever, path in self.doses.items():
            for year, dose in path.items():
                yield lever, year, dose
