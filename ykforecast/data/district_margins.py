"""``district_margins.toml`` of a model: published shares of several districts together in the insured of the place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ykforecast.data.tables import figure
from ykforecast.data.toml_files import TomlFile, read_toml
from ykforecast.spec.district_margin import DistrictMargin, DistrictsTogether
from ykforecast.spec.record import Complaint
from ykforecast.vocabulary.errors import nearest

NAME: Final = "district_margins.toml"
#: Counts that may be published by district: the first fits stocks, the others lie beside them.
ENTERPRISE, UNEMPLOYMENT, MEDICAL = "enterprise_insured", "unemployment_insured", "employee_medical_insured"
COUNTS: Final = (ENTERPRISE, UNEMPLOYMENT, MEDICAL)


@dataclass(frozen=True)
class DistrictMargins:
    """Districts taken together and their shares of what is insured in the place.

    Attributes
    ----------
    together : DistrictsTogether
    margins : mapping of DistrictMargin by count
    shares : mapping of float by count
        Persons insured in these districts over those of the place, fractions.
    """

    together: DistrictsTogether
    margins: Mapping[str, DistrictMargin]
    shares: Mapping[str, float]


def district_margins(folder: Path, place: str, districts: Sequence[str]) -> DistrictMargins | None:
    """Margins of ``district_margins.toml``, or None where a model has no such file.

    Parameters
    ----------
    folder : Path
        Of the model.
    place : str
        Name of the place in tables with a column ``place``.
    districts : sequence of str
        Districts of the model.

    Raises
    ------
    ModelError
        The file is not TOML, a margin is wrong, or a district is none of the model's.
    DataError
        A figure is missing or malformed.
    """
    if not (folder / NAME).is_file():
        return None
    file = read_toml(folder / NAME)
    head = {key: entry for key, entry in file.table.items() if not isinstance(entry, Mapping)}
    together, complaints = DistrictsTogether.read(head)
    if together is None:
        raise file.error(complaints[0])
    for name in together.districts:
        if name not in districts:
            raise file.error(Complaint("districts", "no such district", name, nearest(name, districts)))
    margins = {key: _margin(file, key) for key, entry in file.table.items() if isinstance(entry, Mapping)}

    def printed(margin: DistrictMargin, where: str) -> float:
        return figure(margin.publication, margin.variable, margin.year, table=margin.table, place=where)

    shares = {key: printed(margin, together.place) / printed(margin, place) for key, margin in margins.items()}
    for key, share in shares.items():
        if not 0.0 < share < 1.0:
            raise file.error(Complaint(key, "these districts hold no part of the place", share, "Check both counts"))
    return DistrictMargins(together, margins, shares)


def _margin(file: TomlFile, key: str) -> DistrictMargin:
    if key not in COUNTS:
        raise file.error(Complaint(key, "unknown count", None, nearest(key, COUNTS)))
    margin, complaints = DistrictMargin.read(file.table[key], key)
    if margin is None:
        raise file.error(complaints[0])
    return margin
