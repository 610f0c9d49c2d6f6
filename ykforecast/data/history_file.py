"""``history.toml``: how the model at the end of 2015 differs from that of 2020."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from ykforecast.data.profiles import Profile, parse_curves
from ykforecast.data.toml_files import TomlFile, read_toml
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.record import Complaint
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import nearest

#: Base year of the model's past, and the years that it is run over.
PAST_BASE: Final = 2015
PAST_YEARS: Final = tuple(range(PAST_BASE + 1, PAST_BASE + 1 + len(YEARS)))
#: ``all``: both censuses and every series. ``then``: what was published for years up to 2015.
Known = Literal["all", "then"]
MODES: Final = ("all", "then")
_EITHER = "both"
_SECTIONS = ("figures", "parameters", "profiles", "evidence")
_EVIDENCE = ("series", "left_out", "left_out_zh")
#: What a changed parameter says anew, so that no old source or sentence stands beside a new number.
_STATED = ("value", "prior", "source", "role", "reason_zh")


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """What one mode says about the end of 2015.

    Attributes
    ----------
    figures : mapping of str to ParameterSpec
        Figures of the base year that nobody printed.
    parameters : mapping of str to ParameterSpec
        Parameters of the model with other values or priors than in ``parameters.toml``.
    curves : mapping of str to Profile
        Age shapes with other knots than in ``profiles.toml``.
    evidence : tuple of str
        Series of observations that the parameters are conditioned on.
    """

    figures: Mapping[str, ParameterSpec]
    parameters: Mapping[str, ParameterSpec]
    curves: Mapping[str, Profile]
    evidence: tuple[str, ...]


def history_path(model: ModelSpec) -> Path:
    """Where a model's ``history.toml`` stands, if it has one."""
    return model.folder / "history.toml"


def load_history_file(model: ModelSpec, known: Known) -> HistoryFile:
    """Records of one mode, those for either mode included.

    Raises
    ------
    ModelError
        The file is missing or not TOML, a record is wrong, or a changed parameter is not one of the model.
    """
    file = read_toml(history_path(model))
    for section, table in file.table.items():
        if section not in _SECTIONS:
            raise file.error(Complaint(section, "unknown key", None, nearest(section, _SECTIONS)))
        if section == "evidence":
            continue
        for mode in table:
            if mode not in (_EITHER, *MODES):
                key = f"{section}.{mode}"
                raise file.error(Complaint(key, "unknown mode", None, nearest(mode, (_EITHER, *MODES))))

    def tables(section: str) -> dict[str, tuple[str, Any]]:
        """Name, and place in the file and content, of every table of a section."""
        found = file.table.get(section, {})
        return {
            name: (f"{section}.{mode}.{name}", table)
            for mode in (_EITHER, known)
            for name, table in found.get(mode, {}).items()
        }

    parameters = {}
    for name, (place, table) in tables("parameters").items():
        if name not in model.parameters:
            raise file.error(Complaint(place, "no such parameter", None, nearest(name, model.parameters)))
        kept = model.parameters[name].model_dump(exclude=set(_STATED), exclude_none=True)
        role = "uncertainty" if "prior" in table else "constant"
        parameters[name] = _record(file, place, {**kept, "role": role, **table})
    return HistoryFile(
        figures={name: _record(file, place, table) for name, (place, table) in tables("figures").items()},
        parameters=parameters,
        curves=parse_curves(str(file.path), {name: table for name, (_, table) in tables("profiles").items()}),
        evidence=_evidence(file, model),
    )


def _evidence(file: TomlFile, model: ModelSpec) -> tuple[str, ...]:
    """Series to condition on; each series left out says why."""
    table = file.table.get("evidence", {})
    for key in table:
        if key not in _EVIDENCE:
            raise file.error(Complaint(f"evidence.{key}", "unknown key", None, nearest(key, _EVIDENCE)))
    names = (*table.get("series", ()), *table.get("left_out", {}))
    for name in names:
        if name not in model.observations:
            remedy = nearest(name, model.observations)
            raise file.error(Complaint("evidence.series", "no such series of observations", name, remedy))
    return tuple(table.get("series", ()))


def _record(file: TomlFile, place: str, table: Mapping[str, Any]) -> ParameterSpec:
    record, complaints = ParameterSpec.read(table, place)
    if record is None:
        raise file.error(complaints[0])
    return record
