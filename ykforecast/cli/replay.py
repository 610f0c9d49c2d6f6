"""``ykforecast replay``: compute a forecast or a batch again from its manifest, and say whether the same came out."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ykforecast.cli import forecast
from ykforecast.cli.arguments import add_json, add_language, add_model_of_run, count, print_json
from ykforecast.cli.exit_codes import DONE, FINDING
from ykforecast.cli.stages import stages

_OF_A_BATCH: Final = {"batch", "vintages", "pieces", "results"}
_OF_A_FORECAST: Final = {"model", "scenarios", "draws", "seed", "as_of", "results"}
_SAID: Final = {
    ("zh", True): "重算结果与记录逐字节一致。",
    ("en", True): "The same came out, byte for byte.",
    ("zh", False): "与记录不同的有{count}处：\n{places}",
    ("en", False): "{count} places differ from the record:\n{places}",
}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    replay = commands.add_parser("replay", help="compute a result again from its manifest and compare")
    replay.add_argument("manifest", type=Path, metavar="DIR", help="of `forecast` or `batch`, or its manifest.json")
    add_model_of_run(replay)
    replay.add_argument("--own", type=Path, metavar="FORM", help="the form, if the forecast had one")
    replay.add_argument("--workers", type=count, metavar="N", help="processes for a batch")
    add_language(replay, "the answer")
    add_json(replay, "print the places that differ as JSON")
    replay.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ykforecast.data.manifests import read_manifest
    from ykforecast.vocabulary.errors import DataError

    place = options.manifest / "manifest.json" if options.manifest.is_dir() else options.manifest
    record = read_manifest(place)
    if _OF_A_BATCH <= set(record):
        found = _batch(options, record)
    elif is_forecast(record):
        found = _forecast(options, record)
    else:
        raise DataError("not the manifest of a forecast or a batch", file=place)
    if options.json:
        print_json({"same": not found, "differs": found})
    else:
        places = "\n".join(f"  {place}" for place in found)
        print(_SAID[options.lang, not found].format(count=len(found), places=places))
    return FINDING if found else DONE


def _batch(options: argparse.Namespace, record: Mapping[str, Any]) -> list[str]:
    with stages() as stage:
        stage("running the batch again")
        from ykforecast.batch.replay import replay_batch

        return replay_batch(record, model=options.model, workers=options.workers, progress=stage.advance)


def _forecast(options: argparse.Namespace, record: Mapping[str, Any]) -> list[str]:
    """Places at which the manifest of the same forecast, made now, differs."""
    from ykforecast.data.manifests import differences

    with tempfile.TemporaryDirectory(prefix="ykforecast-replay-") as folder:
        again = forecast_again(record, options.model, options.own, Path(folder))
        return differences(record, forecast.make(again).manifest)


def forecast_again(record: Mapping[str, Any], model: str | None, own: Path | None, folder: Path) -> argparse.Namespace:
    """Options of the forecast that a manifest records.

    Parameters
    ----------
    record : mapping
        The manifest.
    model : str, optional
        Folder of the model, if it is not a shipped one.
    own : Path, optional
        Form of own figures that the forecast had.
    folder : Path
        Where it is to write.

    Raises
    ------
    RequestError
        The forecast had a form of own figures and none is given.
    """
    from ykforecast.vocabulary.errors import RequestError

    learned = record.get("assimilation", {})
    if "form" in learned and own is None:
        name = learned["form"]["name"]
        raise RequestError("the forecast had a form of own figures", key="own", value=name, remedy=f"Add --own {name}")
    parser = argparse.ArgumentParser()
    forecast.add(parser.add_subparsers())
    again = ["forecast", "--out", str(folder), "--model", model or record["model"]["name"]]
    again += ["--draws", str(record["draws"]), "--seed", str(record["seed"])]
    again += [part for name in record["scenarios"] for part in ("--scenario", name)]
    again += ["--as-of", record["as_of"]] if learned else []
    again += ["--method", learned["method"]] if learned.get("method") else []
    again += ["--own", str(own)] if own else []
    again += ["--rivals"] if "rivals.csv" in record["results"] else []
    return parser.parse_args(again)


def is_forecast(record: Mapping[str, Any]) -> bool:
    """Whether a manifest is that of a forecast."""
    return set(record) >= _OF_A_FORECAST
