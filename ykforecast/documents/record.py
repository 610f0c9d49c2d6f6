"""The record that goes with a report: model card, assumptions book, research object, and digests of every file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.data.files import digest_of_file, write_text
from ykforecast.documents.record_assumptions import assumptions_csv
from ykforecast.documents.record_card import model_card
from ykforecast.documents.record_crate import CRATE, crate
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier

CARD: Final = "model_card.md"
ASSUMPTIONS: Final = "assumptions.csv"
#: Not ``manifest.json``: a report may lie in the folder of its run, which has one.
MANIFEST: Final = "report_manifest.json"


def write_record(
    dossier: Dossier,
    folder: str | os.PathLike[str],
    files: Iterable[str | os.PathLike[str]],
    *,
    issued: str | None = None,
) -> list[Path]:
    """Write the record of a report beside its files; the same run gives the same bytes.

    Parameters
    ----------
    dossier : Dossier
        What the report quotes, with the manifest of the run as ``run``.
    folder : path
        Folder of the report, which exists.
    files : iterable of path
        Files of the report that are already written in it.
    issued : str, optional
        ISO date of issue; no time is told without it.

    Returns
    -------
    list of Path
        ``model_card.md``, ``assumptions.csv``, ``ro-crate-metadata.json``, ``report_manifest.json``; the last names
        every file of the report with its digest, and is written last.

    Raises
    ------
    RequestError
        A file does not lie in the folder.
    ModelError
        What history taught was computed from other numbers than the model has.
    OutputError
        A file cannot be written.
    """
    folder = Path(folder)
    names = [_inside(folder, Path(file)) for file in files]
    write_text(folder / CARD, model_card(dossier))
    # With a byte order mark, as spreadsheets expect of Chinese text.
    write_text(folder / ASSUMPTIONS, "\ufeff" + assumptions_csv(dossier.model))
    names += [CARD, ASSUMPTIONS]
    _write_json(folder / CRATE, crate(dossier, folder, names, issued))
    names.append(CRATE)
    files_written = {name: digest_of_file(folder / name) for name in sorted(names)}
    _write_json(folder / MANIFEST, {"files": files_written, "run": dict(dossier.run)})
    return [folder / name for name in (CARD, ASSUMPTIONS, CRATE, MANIFEST)]


def _inside(folder: Path, file: Path) -> str:
    """Name of a file relative to the folder."""
    path = file if file.is_absolute() else folder / file
    try:
        name = path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        name = ""
    if not name or not path.is_file():
        raise RequestError(
            "not a file of the report", key="files", value=str(file), remedy=f"Write it into {folder} first"
        )
    return name


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
