"""Published counts of several districts together, to which the split by district is fitted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ykforecast.spec.record import FromList, Name, Reasoned, Record, Text


class DistrictsTogether(Record):
    """Districts that publications count together (市辖区).

    Attributes
    ----------
    place : str
        As in tables with a column ``place``.
    label_zh, label_en : str
    districts : tuple of str
        Names of districts of the model.
    """

    place: Name
    label_zh: Text
    label_en: Text
    districts: Annotated[tuple[Name, ...], FromList, Field(min_length=1)]


class DistrictMargin(Reasoned):
    """A count that is published for the districts together and for the whole place.

    Attributes
    ----------
    publication, table, variable : str
    year : int
        The base year.
    """

    publication: Name
    table: Name
    variable: Name
    year: int
