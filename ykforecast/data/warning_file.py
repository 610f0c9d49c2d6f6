"""``warning.toml`` of a model: lines of breach, signals and lamps."""

from __future__ import annotations

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.record import Complaint
from ykforecast.spec.warning import WarningTable
from ykforecast.vocabulary.errors import nearest

NAME = "warning.toml"


def load_warning(model: ModelSpec) -> WarningTable:
    """Rules of warning of a model.

    Raises
    ------
    ModelError
        The file is missing or wrong, or names a source without a record.
    """
    file = read_toml(model.folder / NAME)
    table, complaints = WarningTable.read(file.table)
    if table is None:
        raise file.error(complaints[0])
    for key, source in table.sources().items():
        if source not in model.sources:
            raise file.error(Complaint(key, "no such source", source, nearest(source, model.sources)))
    return table
