"""The whole check of a model folder: its records, and the files that later layers read themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ykforecast.assess.classes import ClassRules
from ykforecast.assess.likelihood import LikelihoodScale
from ykforecast.data.check_model import check_model
from ykforecast.data.score_file import COMMAND, read_scores, scores_file
from ykforecast.data.toml_files import read_toml
from ykforecast.processes.attainment import AttainmentAssumptions
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.record import Complaint
from ykforecast.spec.source import GRADES
from ykforecast.vocabulary.errors import YkforecastError, nearest

EDUCATION_FILE = "education.toml"


def check_folder(folder: Path) -> tuple[ModelSpec | None, list[YkforecastError]]:
    """The model of a folder, if it could be put together, and everything wrong with the folder.

    Beside what `ykforecast.data.check_model.check_model` finds: cut-offs of the classes and words for
    probabilities that cannot be read, and assumptions on education that cannot be read or have no grade or reason.
    """
    model, findings = check_model(folder)
    for read in (ClassRules.read, LikelihoodScale.of_folder):
        try:
            read(folder)
        except YkforecastError as error:
            findings.append(error)
    try:
        findings += _education(folder)
    except YkforecastError as error:
        findings.append(error)
    return model, findings


def notes(model: ModelSpec) -> list[str]:
    """What a reader of the model should know and nobody has to mend: scores of files that have changed since."""
    stored = read_scores(model.folder)
    if stored is None or stored.model_digest == model.digest:
        return []
    return [
        f"{scores_file(model.folder)}: the model's files have changed since these scores were computed; "
        f"reports say so. Run {COMMAND} --model {model.folder} to renew them"
    ]


def _education(folder: Path) -> Iterator[YkforecastError]:
    file = read_toml(folder / EDUCATION_FILE)
    for key, table in file.table.items():
        stated = table if isinstance(table, Mapping) else {}
        if stated.get("grade") not in GRADES:
            found = stated.get("grade")
            yield file.error(Complaint(f"{key}.grade", "no such grade", found, nearest(str(found), GRADES)))
        if not stated.get("reason"):
            yield file.error(Complaint(f"{key}.reason", "missing", None, "Say why this number"))
    AttainmentAssumptions.from_model(file.table, file.path)
