"""The mid-term evaluation as files: Word, Excel and HTML from one content, with the results that they quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.dossier import Dossier
from ykforecast.assess.gathering import FURTHER_DRAWS, gather
from ykforecast.data.files import prepare_folder, sweep
from ykforecast.documents.blocks import Document
from ykforecast.documents.content import compose
from ykforecast.documents.record import write_record
from ykforecast.present.text import LANGUAGES, check_language
from ykforecast.simulate.storage import write_groups
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration

#: The results that the documents quote, by the paths of their cells.
RESULTS_FILE: Final = "results.nc"


@dataclass(frozen=True)
class Report:
    """A dossier and the documents that are made of it.

    Attributes
    ----------
    dossier : Dossier
    lang : {"zh", "en"}
        Of Word and Excel, and the first of the page, which holds both.
    """

    dossier: Dossier
    lang: str = "zh"

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """The document in each language."""
        return {lang: compose(self.dossier, lang) for lang in LANGUAGES}


def _word(made: Report, path: Path) -> None:
    from ykforecast.documents.word import write_word

    write_word(made.documents[made.lang], path)


def _excel(made: Report, path: Path) -> None:
    from ykforecast.documents.excel import write_annex

    write_annex(made.documents[made.lang], made.dossier, path)


def _html(made: Report, path: Path) -> None:
    from ykforecast.documents.html import write_html

    write_html(made.documents, path, first=made.lang)


#: Format -> name of the file and what writes it.
FORMATS: Final[Mapping[str, tuple[str, Callable[[Report, Path], None]]]] = {
    "docx": ("report.docx", _word),
    "xlsx": ("annex.xlsx", _excel),
    "html": ("report.html", _html),
}


def report(
    runs: xr.DataTree,
    card: xr.Dataset | None = None,
    *,
    to: str | Path,
    formats: Iterable[str] = tuple(FORMATS),
    lang: str = "zh",
    calibration: Calibration | None = None,
    draws: int = FURTHER_DRAWS,
    own: Path | None = None,
    since: xr.Dataset | None = None,
    run: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> list[Path]:
    """Write the mid-term evaluation report of a run.

    Parameters
    ----------
    runs : DataTree
        Of :func:`ykforecast.project`.
    card : Dataset, optional
        Of :func:`ykforecast.evaluate`; made here if left out.
    to : str or Path
        Folder; files of an earlier report in it are replaced.
    formats : iterable of {"docx", "xlsx", "html"}
    lang : {"zh", "en"}
    calibration : Calibration, optional
        That the runs were made with; needed where they were conditioned on interim figures, made anew otherwise.
    draws : int
        Of the analyses that run the model again.
    own : Path, optional
        Form of a department's own figures that the run was conditioned on.
    since : Dataset, optional
        Of :func:`ykforecast.since_last`: the change since the previous forecast. Without it the report says that this
        is the first.
    run : mapping, optional
        Manifest of the run, for the record.
    progress : callable, optional
        Called with the name of each step before it is taken.

    Returns
    -------
    list of Path
        The files that were written: ``results.nc`` with every group of results that is quoted, the documents, and
        the record of the run: model card, assumptions book, RO-Crate and manifest.

    Raises
    ------
    RequestError
        An unknown format or language, a library that is missing, or no calibration for a conditioned run.
    OutputError
        A file cannot be written.
    """
    chosen = _chosen(formats)
    check_language(lang)
    folder = prepare_folder(Path(to))
    sweep(folder)
    if calibration is None:
        calibration = _calibrated(runs)
    dossier = gather(calibration, runs, card, draws=draws, own=own, since=since, run=run, progress=progress)
    made, files = Report(dossier, lang), [folder / RESULTS_FILE]
    progress(RESULTS_FILE)
    groups = {node.path.strip("/"): node.to_dataset() for node in dossier.tree().subtree if node.path != "/"}
    write_groups(files[0], groups, {"as_of": dossier.card.attrs["as_of"]})
    for name in chosen:
        file, write = FORMATS[name]
        progress(file)
        write(made, folder / file)
        files.append(folder / file)
    progress("record")
    return [*files, *write_record(dossier, folder, [file.name for file in files])]


def _chosen(formats: Iterable[str]) -> list[str]:
    names = [formats] if isinstance(formats, str) else list(formats)
    for name in names:
        if name not in FORMATS:
            raise RequestError("no such format", key="formats", value=name, remedy=f"Use {', '.join(FORMATS)}")
    return names


def _calibrated(runs: xr.DataTree) -> Calibration:
    from ykforecast.data.model_files import model_of_run
    from ykforecast.infer.calibration import calibrate

    if "as_of" in runs.attrs:
        raise RequestError(
            "the runs are conditioned on interim figures",
            key="calibration",
            value=runs.attrs["as_of"],
            remedy="Give what yk.assimilate returned, as the argument 'calibration'",
        )
    return calibrate(model_of_run(runs.attrs))
