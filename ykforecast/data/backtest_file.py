"""``findings/backtest.toml``: which series the back-tests score, and the reasons found for what the model loses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.record import Complaint, FromList, Key, Name, Record, Text
from ykforecast.vocabulary.errors import nearest

_PLACE = ("findings", "backtest.toml")


class DefinitionStep(Record):
    """A jump of a published series that is no behaviour.

    Attributes
    ----------
    year : int
    step : float
        Figure on the new definition less that on the old one, base units.
    reason_zh : str
    """

    year: int
    step: float
    reason_zh: Text


class BacktestFile(Record):
    """What a back-test scores.

    Attributes
    ----------
    series : tuple of str
        Keys in the registry of observations.
    left_out : mapping of str to str
        Series that a run speaks to and that are not scored, with the reason.
    definition_steps : mapping of str to DefinitionStep
    losses : mapping of str to mapping of str to str
        By back-test and series: why a naive rival is better.
    """

    series: Annotated[tuple[Key, ...], FromList, Field(min_length=1)]
    left_out: Mapping[Key, Text] = {}
    definition_steps: Mapping[Key, DefinitionStep] = {}
    losses: Mapping[Name, Mapping[str, Text]] = {}


def load_backtest_file(folder: Path, known: Mapping[str, object]) -> BacktestFile:
    """The file of a model.

    Parameters
    ----------
    folder : Path
        Of the model.
    known : mapping
        Registry of observations, whose keys the file may name.

    Raises
    ------
    ModelError
        The file is missing or wrong, or names a series that is not in the registry.
    """
    file = read_toml(folder.joinpath(*_PLACE))
    record, complaints = BacktestFile.read(file.table, "")
    if record is None:
        raise file.error(complaints[0])
    for name in (*record.series, *record.left_out, *record.definition_steps):
        if name not in known:
            raise file.error(Complaint(name, "no such series of observations", None, nearest(name, known)))
    return record
