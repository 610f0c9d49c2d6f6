"""Model folders: TOML files in, one cross-checked specification out, and the digest of what was read.

``python -m ykforecast.data.model_files`` writes the present digest of a model into the scenarios made for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ykforecast.data.files import digest_of_texts, write_text
from ykforecast.data.sources import load_sources
from ykforecast.data.toml_files import TomlFile, read_toml
from ykforecast.spec.indicator import IndicatorSpec
from ykforecast.spec.lever import LeverSpec
from ykforecast.spec.measure import MeasureTable
from ykforecast.spec.model import ModelSpec, ModelTable, cross_check
from ykforecast.spec.observation import ObservationTable
from ykforecast.spec.parameter import ParameterSpec
from ykforecast.spec.record import Complaint, Record
from ykforecast.spec.registry import Registry
from ykforecast.spec.scenario import Scenario
from ykforecast.spec.target import TargetSpec
from ykforecast.vocabulary.errors import ModelError, RequestError, YkforecastError, nearest

#: The place that is modelled when none is named.
DEFAULT_PLACE = "yingkou"
#: Environment variable that names another folder of models.
ENVIRONMENT_VARIABLE = "YKFORECAST_MODELS"
_PACKAGE = Path(__file__).resolve().parents[1]
_PLACE_FILES = ("model", "parameters", "indicators", "targets", "levers", "measures", "observations")
RecordT = TypeVar("RecordT", bound=Record)
_DIGEST = re.compile(r'(digest\s*=\s*")(sha256:[0-9a-f]{64})(")')


def models_root() -> Path:
    """Folder of the shipped models: inside the installed package, or at the root of a checkout.

    Raises
    ------
    ModelError
        If there is none.
    """
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    candidates = [Path(given)] if given else [_PACKAGE / "_models", _PACKAGE.parent / "models"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise ModelError(
        "folder of models not found",
        file=candidates[0],
        remedy=f"Reinstall the package or set {ENVIRONMENT_VARIABLE} to an existing folder",
    )


def model_folder(place: str | os.PathLike[str] | None = None) -> Path:
    """Folder of a model: a shipped place by name, or a folder by path.

    Raises
    ------
    ModelError
        If the folder holds no ``model.toml``.
    RequestError
        If there is neither; names the nearest shipped place.
    """
    name = DEFAULT_PLACE if place is None else os.fspath(place)
    root = models_root()
    shipped = {path.parent.name: path.parent for path in root.glob("*/model.toml")}
    if name in shipped:
        return shipped[name]
    if Path(name).is_dir():
        if (Path(name) / "model.toml").is_file():
            return Path(name)
        remedy = f"A model's folder holds {', '.join(f'{stem}.toml' for stem in _PLACE_FILES)}"
        raise ModelError("the file is missing", file=Path(name) / "model.toml", remedy=remedy)
    if place is None:
        raise ModelError("the file is missing", file=root / name / "model.toml", remedy="Reinstall the package")
    remedy = f"Give a folder that holds model.toml, or a shipped place. {nearest(name, shipped)}"
    raise RequestError("no such model", key="model", value=name, remedy=remedy)


def load_model(place: str | os.PathLike[str] | None = None) -> ModelSpec:
    """Specification of a place: indicators, targets, levers, parameters, observations, scenarios and sources.

    Parameters
    ----------
    place : str or path, optional
        Name of a shipped place, or a folder with the same files; without it ``yingkou``. The
        scenarios are those beside the folder, in ``scenarios/``, that name this model as their base.

    Returns
    -------
    ModelSpec
        Cross-checked records; ``model.digest`` is the digest of the folder's TOML files.

    Raises
    ------
    ModelError
        With file, line, key, value and remedy, if a file is missing or wrong.
    RequestError
        If there is no such place.
    """
    read = read_model(model_folder(place))
    if read.model is None or read.errors:
        first = read.errors[0]
        if len(read.errors) > 1:
            first.add_note(f"{len(read.errors) - 1} more; `ykforecast check` lists them all")
        raise first
    return read.model


def model_of_run(attributes: Mapping[Any, Any]) -> ModelSpec:
    """Shipped model that a result was made with, by the name and the digest that the result carries.

    Raises
    ------
    RequestError
        If the result was made with other files: a model of the user's own, or an earlier version.
    """
    model = load_model(attributes.get("model"))
    made_with = attributes.get("model_digest", model.digest)
    if made_with != model.digest:
        raise RequestError(
            f"made with other files than those of the shipped model {model.name!r}",
            key="model",
            value=made_with[:19],
            remedy="Give the model that it was made with, as the argument 'model'",
        )
    return model


@dataclass(slots=True)
class Reading:
    """What came of reading a model folder: the model, if it could be put together, and every fault."""

    model: ModelSpec | None = None
    errors: list[YkforecastError] = field(default_factory=list)
    files: dict[str, TomlFile] = field(default_factory=dict)


def read_model(folder: Path) -> Reading:
    """Read every file of a model and go on after a fault, so that all faults are known at once."""
    reading = Reading()
    for stem in _PLACE_FILES:
        _open(reading, stem, folder / f"{stem}.toml")
    head = _record(reading, "model", ModelTable)
    indicators = _records(reading, "indicators", IndicatorSpec)
    targets = _records(reading, "targets", TargetSpec)
    levers = _records(reading, "levers", LeverSpec)
    parameters = _records(reading, "parameters", ParameterSpec)
    measures = _record(reading, "measures", MeasureTable)
    observations = _record(reading, "observations", ObservationTable)
    scenarios = _scenarios(reading, folder, head.name) if head is not None else {}
    try:
        sources = load_sources()
    except YkforecastError as error:
        reading.errors.append(error)
        return reading
    for key, lever in levers.items():
        for name, way in lever.ways(key):
            if name in parameters:
                complaint = Complaint(name, "the name is taken by the effect of a lever", name, "Rename the parameter")
                reading.errors.append(_error(reading, "parameters", complaint))
            elif way.effect is not None:
                parameters[name] = way.effect
    if head is None or measures is None or observations is None or reading.errors:
        return reading
    reading.model = ModelSpec(
        **dict(head),
        measures=measures,
        indicators=Registry("indicators", indicators, ("number", "label_zh", "unit", "basis", "method")),
        targets=Registry("targets", targets, ("base_printed", "printed", "relation", "nature", "basis")),
        levers=Registry("levers", levers, ("label_zh", "dose_unit", "bounds", "moves", "implemented")),
        parameters=Registry("parameters", parameters, ("label_zh", "prior_text", "unit", "grade", "source")),
        observations=Registry("observations", observations.series, ("label_zh", "quantity", "kind", "unit")),
        publications=observations.publications,
        scenarios=Registry("scenarios", scenarios, ("label_zh", "kind", "note")),
        sources=Registry("sources", sources, ("title", "publisher", "published", "grade")),
        digest=model_digest(folder),
        folder=folder,
    )
    reading.errors += [_error(reading, stem, complaint) for stem, complaint in cross_check(reading.model)]
    return reading


def model_digest(folder: Path) -> str:
    """Digest of every TOML file of a model's folder, ``sha256:`` and 64 hexadecimal digits."""
    return digest_of_texts(folder, (path.name for path in folder.glob("*.toml")))


def _open(reading: Reading, stem: str, path: Path) -> None:
    try:
        reading.files[stem] = read_toml(path)
    except YkforecastError as error:
        reading.errors.append(error)


def _error(reading: Reading, stem: str, complaint: Complaint) -> YkforecastError:
    file = reading.files.get(stem)
    return file.error(complaint) if file else complaint.error(ModelError, stem)


def _record(reading: Reading, stem: str, kind: type[RecordT]) -> RecordT | None:
    file = reading.files.get(stem)
    if file is None:
        return None
    record, complaints = kind.read(file.table)
    reading.errors += [file.error(complaint) for complaint in complaints]
    return record


def _records(reading: Reading, stem: str, kind: type[RecordT]) -> dict[str, RecordT]:
    """One record for each table of a file."""
    file = reading.files.get(stem)
    records: dict[str, RecordT] = {}
    for key, table in (file.table if file else {}).items():
        complaints = [Complaint(key, "not a table", table, f"Write [{key}] and its keys below")]
        if isinstance(table, Mapping):
            record, complaints = kind.read(table, key)
            if record is not None:
                records[key] = record
        reading.errors += [_error(reading, stem, complaint) for complaint in complaints]
    return records


def _scenarios(reading: Reading, folder: Path, model_name: str) -> dict[str, Scenario]:
    """Scenarios beside the model's folder that name it as their base, ``baseline`` and ``plan`` first."""
    found: dict[str, Scenario] = {}
    for path in sorted((folder.parent / "scenarios").glob("*.toml")):
        stem = f"scenarios/{path.stem}"
        _open(reading, stem, path)
        file = reading.files.get(stem)
        if file is None or _base_name(file.table) not in {model_name, None}:
            continue
        scenario, complaints = Scenario.read(file.table)
        if scenario is not None and scenario.name != path.stem:
            text = "the name differs from that of the file"
            complaints.append(Complaint("name", text, scenario.name, f"Write {path.stem!r}"))
        if scenario is not None and scenario.base is None:
            complaints.append(Complaint("base", "missing", None, f'base = {{ model = "{model_name}", digest = … }}'))
        reading.errors += [file.error(complaint) for complaint in complaints]
        if scenario is not None:
            found[scenario.name] = scenario
    first = [name for name in ("baseline", "plan") if name in found]
    return {name: found[name] for name in (*first, *sorted(set(found) - set(first)))}


def _base_name(table: Mapping[str, Any]) -> str | None:
    base = table.get("base")
    return base.get("model") if isinstance(base, Mapping) else None


def renew_digests(folder: Path) -> list[Path]:
    """Write the model's present digest into the scenarios made for it; the files that changed."""
    digest, changed = model_digest(folder), []
    name = read_toml(folder / "model.toml").table.get("name")
    for path in sorted((folder.parent / "scenarios").glob("*.toml")):
        file = read_toml(path)
        if _base_name(file.table) != name:
            continue
        text = _DIGEST.sub(rf"\g<1>{digest}\g<3>", file.text, count=1)
        if text != file.text:
            write_text(path, text)
            changed.append(path)
    return changed


if __name__ == "__main__":
    for model_file in sorted(models_root().glob("*/model.toml")):
        for renewed in renew_digests(model_file.parent):
            print(f"renewed {renewed}")
