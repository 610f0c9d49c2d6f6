"""``ykforecast forecast``: run scenarios, print the table of sixteen and write the files."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ykforecast.cli.arguments import count, natural, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import Stages, stages

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration, Evidence
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

#: As in ``infer.assimilation``, which help does not load.
METHODS: Final = ("es-mda", "smc")
MAIN_SCENARIOS: Final = ("baseline", "plan")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    forecast = commands.add_parser("forecast", help="run scenarios, print the table and write the files")
    forecast.add_argument("--scenario", action="append", metavar="NAME", help="repeat it; joined by + run together")
    forecast.add_argument("--draws", type=count, default=10_000, metavar="N", help="default %(default)s")
    forecast.add_argument("--seed", type=natural, default=2020, metavar="K", help="default %(default)s")
    forecast.add_argument("--as-of", metavar="DATE", help="use the figures known by then, such as 2023-06-30")
    forecast.add_argument("--own", type=Path, metavar="FORM", help="with --as-of: a filled form of `ykforecast form`")
    forecast.add_argument(
        "--method", choices=METHODS, default=METHODS[0], help="of --as-of; smc is slow: some hundred draws"
    )
    forecast.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="default %(default)s/")
    forecast.add_argument("--model", metavar="DIR", help="a shipped place or a folder; default yingkou")
    forecast.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the table")
    forecast.add_argument("--json", action="store_true", help="print the rows as JSON")
    forecast.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ykforecast.data.files import prepare_folder

    names = options.scenario or list(MAIN_SCENARIOS)
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.assess.progress import plan_date
        from ykforecast.simulate.scenarios import resolve

        # Everything that can be refused is refused before anything is computed.
        as_of = None if options.as_of is None else plan_date(options.as_of)
        model = yk.load_model(options.model)
        resolve(model, names)
        observations = _observations(options, model, as_of)
        folder = prepare_folder(options.out)
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        if as_of is not None:
            stage(f"conditioning on {len(observations)} figure(s), {options.draws} draws")
            calibration = yk.assimilate(
                calibration,
                as_of,
                observations=observations,
                draws=options.draws,
                seed=options.seed,
                method=options.method,
            )
        stage(f"projecting {len(names)} scenario(s), {options.draws} draws")
        runs = yk.project(calibration, scenarios=names, draws=options.draws, seed=options.seed, progress=stage.advance)
        indicators = yk.indicators(runs, model)
        stage("evaluating")
        result = Result(
            model,
            calibration.evidence,
            indicators,
            yk.evaluate(indicators, model, as_of=None if as_of is None else as_of.isoformat()),
            _revision(calibration, names, stage),
        )
        stage("writing")
        rows = _write(folder, options, names, result)
    if options.json:
        _print_rows(names, as_of, result, rows)
    else:
        _print_tables(result, options.lang)
    return DONE


def _observations(options: argparse.Namespace, model: ModelSpec, as_of: date | None) -> tuple[Observation, ...]:
    """Figures known by the date asked for; a faulty form is refused line by line."""
    from ykforecast.data.observations import load_observations
    from ykforecast.vocabulary.errors import RequestError

    if as_of is not None:
        return load_observations(model.folder, as_of=as_of, own=options.own)
    if options.own is not None:
        raise RequestError(
            "figures of a form need a date", key="own", value=str(options.own), remedy="Add --as-of 2023-06-30"
        )
    return ()


def _revision(calibration: Calibration, names: list[str], stage: Stages) -> xr.Dataset | None:
    """What the figures changed; None where there were none."""
    from ykforecast.assess.revision import revision

    if calibration.latent is None:
        return None
    stage("comparing with the forecast of 2020")
    return revision(calibration, names)


class Result(NamedTuple):
    """What one command has computed."""

    model: ModelSpec
    evidence: Evidence | None
    indicators: xr.Dataset
    card: xr.Dataset
    revised: xr.Dataset | None


def _write(folder: Path, options: argparse.Namespace, names: list[str], result: Result) -> list[dict[str, Any]]:
    """Write the files and give back the rows of ``indicators.csv``."""
    from ykforecast.data.files import sweep, write_text
    from ykforecast.present.revision_table import revision_csv
    from ykforecast.present.tables import indicators_csv
    from ykforecast.simulate.storage import write_groups, write_manifest

    sweep(folder)
    groups = {"indicators": result.indicators, "scorecard": result.card}
    forecast, table, changes = (folder / name for name in ("forecast.nc", "indicators.csv", "revision.csv"))
    write_groups(forecast, groups, result.indicators.attrs)
    text = indicators_csv(result.indicators, result.card)
    write_text(table, text)
    files = [forecast, table]
    # That of an earlier command would speak of another forecast.
    changes.unlink(missing_ok=True)
    if result.revised is not None:
        write_text(changes, revision_csv(result.revised, result.card))
        files.append(changes)
    # The manifest comes last: where it stands, everything it names was written before.
    write_manifest(
        folder / "manifest.json",
        model=result.model,
        scenarios=names,
        draws=options.draws,
        seed=options.seed,
        as_of=None if options.as_of is None else result.card.attrs["as_of"],
        values=groups,
        files=files,
        evidence=result.evidence,
        form=options.own,
    )
    return _rows(text, {"year": int, "median": float, "p10": float, "p90": float, "probability": float})


def _rows(text: str, numeric: Mapping[str, Callable[[str], Any]]) -> list[dict[str, Any]]:
    """Rows of a CSV text, with numbers; empty cells are None."""
    import csv

    return [
        {key: (numeric.get(key, str)(cell) if cell else None) for key, cell in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]


def _print_rows(names: list[str], as_of: date | None, result: Result, rows: list[dict[str, Any]]) -> None:
    from ykforecast.present.revision_table import CSV_COLUMNS, revision_csv

    report: dict[str, Any] = {
        "scenarios": names,
        "as_of": None if as_of is None else as_of.isoformat(),
        "rows": rows,
    }
    if result.evidence is not None:
        found = result.evidence.findings
        report["figures"] = [{"verdict": one.verdict, "text_zh": one.text_zh} for one in found]
    if result.revised is not None:
        numbers = [name for name in CSV_COLUMNS if name.endswith(("p10", "p50", "p90", "share"))]
        report["revision"] = _rows(revision_csv(result.revised, result.card), dict.fromkeys(numbers, float))
    print_json(report)


def _print_tables(result: Result, lang: str) -> None:
    from ykforecast.present.revision_table import plain_findings, plain_revision
    from ykforecast.present.tables import print_tables

    print_tables(result.card, lang=lang)
    if result.revised is not None:
        for scenario in result.card["scenario"].values.tolist():
            print(plain_revision(result.revised, result.card, scenario, lang) + "\n")
    if result.evidence is not None:
        print(plain_findings(result.evidence.findings, result.card.attrs["as_of"], lang))
