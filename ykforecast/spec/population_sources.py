"""Of whom the population of a place is made up, and which publications and which province it is read from."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from ykforecast.spec.record import FromList, Name, Record, Text

#: Fields that name a publication.
PUBLICATIONS: Final = ("county_2010", "county_2020", "province_bulletins")


class District(Record):
    """A district (县（市）区), a county-level unit of the census.

    Attributes
    ----------
    name : str
        As in tables with a column ``place``, and on the axis ``district``.
    label_zh, label_en : str
    """

    name: Name
    label_zh: Text
    label_en: Text


def _unlike(districts: tuple[District, ...]) -> tuple[District, ...]:
    names = [district.name for district in districts]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the district {name!r} stands twice")
    return districts


class PopulationSources(Record):
    """The table ``[population]`` of ``model.toml``; hashable, so that arrays are made once for each place.

    Attributes
    ----------
    province : str
        Province of the place, as in tables with a column ``place``: its patterns by age and residence, its life
        expectancy and its sex ratio at birth are borrowed.
    province_bulletins : str
        Publication with the yearly population of the province.
    county_2010, county_2020 : str
        County volumes of the two censuses; they hold the place, its districts and the province.
    districts : tuple of District
        In the order of the axis ``district``; they add up to the place.
    """

    province: Name
    province_bulletins: Name
    county_2010: Name
    county_2020: Name
    districts: Annotated[tuple[District, ...], FromList, Field(min_length=2), AfterValidator(_unlike)]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the districts in the order of their axis."""
        return tuple(district.name for district in self.districts)
