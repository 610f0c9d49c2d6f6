"""``ykforecast report``: the mid-term evaluation report of a finished forecast, in Word, Excel and HTML."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.cli import forecast
from ykforecast.cli.arguments import add_language, add_model_of_run
from ykforecast.cli.calibrated import asked_date
from ykforecast.cli.exit_codes import DONE, FINDING
from ykforecast.cli.replay import forecast_again, is_forecast
from ykforecast.cli.stages import Stages, stages

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: As in ``documents.report``, which help does not load.
FORMATS: Final = ("docx", "xlsx", "html")
_OTHER: Final = {
    "zh": "重算结果与{manifest}的记录不同（{places}），未写报告；请先用replay核对版本和输入。",
    "en": "Computed again, the forecast differs from {manifest} ({places}); no report is written. Ask `replay` why.",
}
_OFF_FORMAT: Final = {
    "zh": "Word报告与公文格式（GB/T 9704-2012）不符：{fault}",
    "en": "the Word report departs from GB/T 9704-2012: {fault}",
}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    report = commands.add_parser("report", help="write the evaluation report of a finished forecast")
    report.add_argument("folder", type=Path, metavar="DIR", help="of `forecast`, with its manifest.json")
    report.add_argument("--to", type=Path, metavar="TO", help="folder of the report; default DIR/report")
    report.add_argument(
        "--format", type=_formats, default=FORMATS, metavar="F,F", help="docx, xlsx, html; default all of them"
    )
    report.add_argument(
        "--previous", type=Path, metavar="DIR", help="compare with this forecast, vintage, or last of an archive"
    )
    add_language(report, "Word and Excel")
    add_model_of_run(report)
    report.add_argument("--own", type=Path, metavar="FORM", help="the form, if the forecast had one")
    report.set_defaults(run=_run)


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    for name in names:
        if name not in FORMATS:
            raise argparse.ArgumentTypeError(f"no such format: {name!r}; use {', '.join(FORMATS)}")
    return names


def _run(options: argparse.Namespace) -> int:
    from ykforecast.data.files import prepare_folder
    from ykforecast.data.manifests import read_manifest
    from ykforecast.documents.word_check import check_docx
    from ykforecast.vocabulary.errors import DataError

    manifest = options.folder / "manifest.json"
    record = read_manifest(manifest)
    if not is_forecast(record):
        raise DataError("not the manifest of a forecast", file=manifest, remedy="Run `ykforecast forecast` first")
    to = prepare_folder(options.to or options.folder / "report")
    with stages() as stage:
        written = _written(options, record, to, stage)
    if isinstance(written, str):
        print(_OTHER[options.lang].format(manifest=manifest, places=written))
        return FINDING
    for path in written:
        print(path)
    faults = [fault for path in written if path.suffix == ".docx" for fault in check_docx(path)]
    for fault in faults:
        print(_OFF_FORMAT[options.lang].format(fault=fault))
    return FINDING if faults else DONE


def _written(options: argparse.Namespace, record: Mapping[str, Any], to: Path, stage: Stages) -> list[Path] | str:
    """Files that were written, or the places at which the forecast made now differs from the record."""
    import xarray as xr

    import ykforecast as yk
    from ykforecast.assess.finished_forecast import previous_forecast, read_finished
    from ykforecast.data.manifests import differences
    from ykforecast.simulate.storage import values_digest

    again = forecast_again(record, options.model, options.own, to)
    stage("reading the model")
    as_of = asked_date(again)
    model = yk.load_model(again.model)
    since = None
    if options.previous is not None:
        now = read_finished(options.folder)
        since = yk.since_last(now, previous_forecast(options.previous, now), model)
    observations = forecast.known_figures(again, model, as_of)
    calibration = forecast.conditioned(again, model, as_of, observations, stage, _kept(options.folder, record, model))
    stage("projecting")
    # Without months: adding them up in another order would move the last digit of what the record digests.
    runs = yk.project(calibration, again.scenario, again.draws, again.seed, progress=stage.advance)
    indicators = yk.indicators(runs, model)
    runs["indicators"] = xr.DataTree(indicators)  # whatever asks for them later finds them there
    card = yk.evaluate(runs, model, again.as_of, observations=observations)
    made = {"indicators": values_digest(indicators), "scorecard": values_digest(card)}
    known = record["values"]
    differs = differences({"values": {name: known.get(name) for name in made}}, {"values": made})
    if differs:
        return ", ".join(differs)
    return yk.report(
        runs,
        card,
        to=to,
        formats=options.format,
        lang=options.lang,
        calibration=calibration,
        own=options.own,
        since=since,
        run=record,
        progress=stage,
    )


def _kept(folder: Path, record: Mapping[str, Any], model: ModelSpec) -> xr.Dataset | None:
    """What the figures taught when the forecast was made; None where it kept nothing, or of another model."""
    from ykforecast.infer.kept_posterior import GROUP
    from ykforecast.simulate.storage import read_group, values_digest

    if GROUP not in record["values"]:
        return None
    kept = read_group(folder / "forecast.nc", GROUP)
    return kept if values_digest(kept) == record["values"][GROUP] and kept.attrs["model"] == model.digest else None
