"""How results are taken apart: measures by section, uncertain numbers by theme, statistics one might collect."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ykforecast.spec.measurement import ErrorSize, Quantity
from ykforecast.spec.record import FromList, Key, Record, Text
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON

#: Noise processes that a run of the city draws from.
PROCESSES: Final = (
    "fertility",
    "migration",
    "cycle",
    "recession",
    "gdp",
    "ui",
    "injury",
    "medical",
    "training",
    "poverty",
    "urban_share",
    "survey",
    "new_jobs",
)


class MeasureGroup(Record):
    """Measures that are taken together when a plan is attributed.

    Attributes
    ----------
    label_zh, label_en : str
    sections : tuple of str
        Sections of the plan, as the levers' ``where`` begins.
    """

    label_zh: Text
    label_en: Text
    sections: Annotated[tuple[Text, ...], FromList, Field(min_length=1)]


class Theme(Record):
    """Uncertain numbers of one theme.

    Attributes
    ----------
    label_zh, label_en : str
    family : str
        Themes that are taken together where not all orders of themes can be tried.
    parameters : tuple of str
        Names of parameters; ``*`` stands for any letters, as in ``theta_*``.
    processes : tuple of str
        Of :data:`PROCESSES`.
    """

    label_zh: Text
    label_en: Text
    family: Key
    parameters: Annotated[tuple[Text, ...], FromList] = ()
    processes: Annotated[tuple[Key, ...], FromList] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.parameters or self.processes):
            raise ValueError("name at least one parameter or process")
        return self

    def holds(self, kind: str, name: str) -> bool:
        """Whether a ``parameter`` or ``process`` belongs here."""
        patterns = self.parameters if kind == "parameter" else self.processes
        return any(fnmatchcase(name, pattern) for pattern in patterns)


class Statistic(Record):
    """A statistic that could be collected or published.

    Attributes
    ----------
    label_zh, label_en : str
    quantities : tuple of str
        Model series that it tells, written as in observations.
    year : int
        That they describe.
    error : ErrorSize
        Of each figure.
    """

    label_zh: Text
    label_en: Text
    quantities: Annotated[tuple[Quantity, ...], FromList, Field(min_length=1)]
    year: Annotated[int, Field(ge=BASE_YEAR, le=HORIZON)]
    error: ErrorSize


class AnalysisTable(Record):
    """The tables of ``analysis.toml``."""

    measures: dict[Key, MeasureGroup] = {}
    themes: dict[Key, Theme] = {}
    statistics: dict[Key, Statistic] = {}
