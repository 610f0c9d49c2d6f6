"""Frozen record of a publication: who printed what, when, under which licence, how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from ykforecast.spec.record import Grade

#: observed: about this city; borrowed: about the province or the country; derived: computed
#: from printed figures; assumed: a choice with a reason.
GRADES: Final[tuple[str, ...]] = get_args(Grade)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A figure that another source contradicts, and the reading chosen; both sentences may stand in Chinese too."""

    variable: str
    other: str
    difference: str
    reading: str
    difference_zh: str = ""
    reading_zh: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """A sum that has to hold within a publication.

    ``variable`` of ``table``, summed over the columns ``over``, equals ``total_variable``
    of ``total_table`` where those columns are empty. When one of the columns is ``place``,
    ``parts`` are summed and ``whole`` is their total. With ``variables``, a common beginning of
    names, every variable that begins so is summed, the total itself excepted.
    """

    table: str
    over: tuple[str, ...]
    variable: str = ""
    variables: str = ""
    total_table: str = ""
    total_variable: str = ""
    parts: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One publication of ``calibration_data``.

    ``published`` is a date as well as it is known (``2022``, ``2022-09`` or ``2022-09-02``).
    ``after_base`` marks figures about a time after 31 December 2020: the base forecast never reads them.
    ``tables`` are the names of the CSV files beside the record. The texts that pages print may stand there in Chinese
    too, under names that end in ``_zh``.
    """

    id: str
    publisher: str
    title: str
    table: str
    year: str
    published: str
    address: str
    licence: str
    grade: str
    digitised_from: str
    notes: str
    after_base: bool = False
    tables: tuple[str, ...] = ()
    publisher_zh: str = ""
    title_zh: str = ""
    table_zh: str = ""
    licence_zh: str = ""
    conflicts: tuple[Conflict, ...] = ()
    margins: tuple[Margin, ...] = ()

    def __repr__(self) -> str:
        return f"Source({self.id}: {self.title}; {self.publisher}; published {self.published}; {self.grade})"
