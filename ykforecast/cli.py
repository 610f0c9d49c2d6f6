"""The command line: arguments in, exit codes out; no science.

Exit codes: 0 done, 1 a finding (``check``), 2 bad input or a place that cannot be written, 130 interrupted.
Results go to standard output, messages and progress to standard error.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.vocabulary.errors import YkforecastError

if TYPE_CHECKING:
    import xarray as xr

DONE: Final = 0
FINDING: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
REGISTRIES: Final = ("indicators", "levers", "scenarios", "parameters", "sources")
MAIN_SCENARIOS: Final = ("baseline", "plan")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it, those of the process.

    Returns
    -------
    int
        Exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another encoding (GBK) shows what it can instead of failing.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except YkforecastError as error:
        notes = "".join(f"\n  {note}" for note in getattr(error, "__notes__", ()))
        return _refuse(f"{error}{notes}")
    except BrokenPipeError:
        # The reader has seen enough (`| head`); what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{place}{error.strerror or error}")
    except KeyboardInterrupt:
        print("ykforecast: interrupted", file=sys.stderr)
        return INTERRUPTED


def _refuse(message: str) -> int:
    print(f"ykforecast: {message}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    from ykforecast import __version__

    parser = argparse.ArgumentParser(prog="ykforecast", description="Forecasts of the plan's sixteen indicators.")
    parser.add_argument("--version", action="version", version=f"ykforecast {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    forecast = commands.add_parser("forecast", help="run scenarios, print the table and write the files")
    forecast.add_argument("--scenario", action="append", metavar="NAME", help="repeat it; joined by + run together")
    forecast.add_argument("--draws", type=_count, default=10_000, metavar="N", help="default %(default)s")
    forecast.add_argument("--seed", type=_natural, default=2020, metavar="K", help="default %(default)s")
    forecast.add_argument("--as-of", metavar="DATE", help="judge progress at this date, such as 2023-06-30")
    forecast.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="default %(default)s/")
    forecast.add_argument("--model", metavar="DIR", help="a shipped place or a folder; default yingkou")
    forecast.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the table")
    forecast.add_argument("--json", action="store_true", help="print the rows as JSON")
    forecast.set_defaults(run=_forecast)

    check = commands.add_parser("check", help="schema, sources and identities of a model")
    check.add_argument("model", nargs="?", metavar="MODEL_DIR", help="a shipped place or a folder; default yingkou")
    check.add_argument("--json", action="store_true", help="print the findings as JSON")
    check.set_defaults(run=_check)

    listing = commands.add_parser("list", help="what the model holds")
    listing.add_argument("registry", choices=REGISTRIES)
    listing.add_argument("--model", metavar="DIR", help="a shipped place or a folder; default yingkou")
    listing.add_argument("--json", action="store_true", help="print the records as JSON")
    listing.set_defaults(run=_list)
    return parser


def _count(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError(f"at least 1 is needed: {text!r}")
    return number


def _natural(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"not a whole number from 0 to 999999999: {text!r}")
    return int(text)


def _check(options: argparse.Namespace) -> int:
    from ykforecast.assess.model_check import check_folder
    from ykforecast.data.model_files import model_folder

    model, findings = check_folder(model_folder(options.model))
    if options.json:
        fields = ("file", "key", "problem", "value", "remedy")
        rows = [{name: _plain(getattr(finding, name)) for name in fields} for finding in findings]
        _print_json({"ok": not findings, "findings": rows})
    elif findings:
        for finding in findings:
            print(finding)
        print(f"{len(findings)} finding(s)")
    else:
        print(f"{model!r}\nnothing wrong")
    return FINDING if findings else DONE


def _list(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    import ykforecast as yk

    registry = getattr(yk.load_model(options.model), options.registry)
    if options.json:
        _print_json(
            [
                {"key": key} | (record.model_dump(mode="json") if hasattr(record, "model_dump") else asdict(record))
                for key, record in registry.items()
            ]
        )
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(registry)
    else:
        print(repr(registry))
    return DONE


def _forecast(options: argparse.Namespace) -> int:
    from ykforecast.data.files import prepare_folder

    names = options.scenario or list(MAIN_SCENARIOS)
    with _stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.assess.progress import plan_date
        from ykforecast.simulate.scenarios import resolve

        # Everything that can be refused is refused before anything is computed.
        as_of = None if options.as_of is None else plan_date(options.as_of).isoformat()
        model = yk.load_model(options.model)
        resolve(model, names)
        folder = prepare_folder(options.out)
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        stage(f"projecting {len(names)} scenario(s), {options.draws} draws")
        runs = yk.project(calibration, scenarios=names, draws=options.draws, seed=options.seed, progress=stage.advance)
        indicators = yk.indicators(runs, model)
        stage("evaluating")
        card = yk.evaluate(indicators, model, as_of=as_of)
        stage("writing")
        rows = _write(folder, options, names, as_of, model, indicators, card)
    if options.json:
        _print_json({"scenarios": names, "as_of": as_of, "rows": rows})
    else:
        from ykforecast.present.tables import print_tables

        print_tables(card, lang=options.lang)
    return DONE


def _write(
    folder: Path,
    options: argparse.Namespace,
    names: list[str],
    as_of: str | None,
    model: Any,
    indicators: xr.Dataset,
    card: xr.Dataset,
) -> list[dict[str, Any]]:
    """Write the three files and give back the rows of ``indicators.csv``."""
    import csv

    from ykforecast.data.files import sweep, write_text
    from ykforecast.present.tables import indicators_csv
    from ykforecast.simulate.storage import write_groups, write_manifest

    sweep(folder)
    groups = {"indicators": indicators, "scorecard": card}
    forecast, table = folder / "forecast.nc", folder / "indicators.csv"
    write_groups(forecast, groups, indicators.attrs)
    text = indicators_csv(indicators, card)
    write_text(table, text)
    # The manifest comes last: where it stands, everything it names was written before.
    write_manifest(
        folder / "manifest.json",
        model=model,
        scenarios=names,
        draws=options.draws,
        seed=options.seed,
        as_of=as_of,
        values=groups,
        files=[forecast, table],
    )
    numeric = {"year": int, "median": float, "p10": float, "p90": float, "probability": float}
    return [
        {key: (numeric.get(key, str)(cell) if cell else None) for key, cell in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]


class _Stages:
    """The stage at work and a bar of the draws done: on a terminal, on standard error; else silence."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None) if bar is not None else None

    def __call__(self, text: str) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=text, total=None, completed=0)

    def advance(self, done: int, total: int) -> None:
        """Show how many draws of all scenarios are done."""
        if self._bar is not None:
            self._bar.update(self._task, total=total, completed=done)


@contextmanager
def _stages() -> Iterator[_Stages]:
    if not sys.stderr.isatty():
        yield _Stages()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Stages(bar)


def _plain(value: Any) -> Any:
    # JSON has no NaN and no infinity.
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | str | None) else str(value)


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))


if __name__ == "__main__":
    sys.exit(main())
