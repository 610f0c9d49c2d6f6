"""Which published figure a number of the base year is read from."""

from __future__ import annotations

from pydantic import Field

from ykforecast.spec.record import Name, Record, Text


class PrintedTable(Record):
    """A table of a publication.

    Attributes
    ----------
    publication : str
        Folder under ``calibration_data``.
    table : str
        File without ``.csv``.
    """

    publication: Name
    table: Name


class PrintedFigure(PrintedTable):
    """One figure, or the ratio of two of the same table, year and place.

    Attributes
    ----------
    variable, over : str
        Variable read, and the one that it is divided by, if any.
    year : int or str
        As printed: ``2020``, ``"2016-2020"``.
    years : int
        Years that a sum covers: it is divided by them.
    place : str, optional
        Where it is another place than the one that is modelled.
    reason, reason_zh : str, optional
        Why this figure, where another publication prints it too.
    """

    variable: Name
    year: int | str
    over: Name | None = None
    years: int = Field(default=1, ge=1)
    place: Name | None = None
    reason: Text | None = None
    reason_zh: Text | None = None


class PrintedYear(PrintedTable):
    """All figures of one year of a table.

    Attributes
    ----------
    year : int
    """

    year: int
