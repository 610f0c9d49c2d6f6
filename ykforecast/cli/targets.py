"""``ykforecast targets``: yearly targets that add up to the five-year ones, by district if asked for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from ykforecast.cli.arguments import add_as_of, add_draws, add_json, add_language, add_model, print_json
from ykforecast.cli.calibrated import asked_date, calibrated
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

#: As in ``assess.target_paths``, which help does not load.
WAYS: Final = ("even", "growth", "capacity")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    targets = commands.add_parser("targets", help="yearly targets from the five-year ones")
    targets.add_argument(
        "--how", choices=WAYS, default=WAYS[0], help="equal steps, a constant rate, or the same chance each year"
    )
    add_as_of(targets, "divide what is left after the years passed by then")
    targets.add_argument("--own", type=Path, metavar="FORM", help="with --as-of: a filled form of `ykforecast form`")
    targets.add_argument("--least", type=float, metavar="P", help="no year before the last asks for less chance than P")
    targets.add_argument("--districts", action="store_true", help="also by district")
    targets.add_argument("--scenario", default="plan", metavar="NAME", help="what chances are of; default %(default)s")
    add_draws(targets, 2_000)
    add_model(targets)
    targets.add_argument("--csv", type=Path, metavar="FILE", help="also write a long table")
    add_language(targets, "the tables")
    add_json(targets, "print the rows as JSON")
    targets.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.data.files import prepare_folder, write_text
        from ykforecast.present.targets_table import plain_targets, target_rows, targets_csv
        from ykforecast.simulate.scenarios import resolve
        from ykforecast.vocabulary.errors import RequestError

        as_of = asked_date(options)
        if as_of is None and options.own is not None:
            raise RequestError(
                "figures need a date", key="own", value=str(options.own), remedy="Add --as-of 2023-06-30"
            )
        model = yk.load_model(options.model)
        resolve(model, options.scenario)
        if options.csv is not None:
            prepare_folder(options.csv.resolve().parent)
        calibration = calibrated(options, model, as_of, stage)
        stage(f"projecting {options.draws} draws")
        found = yk.annual_targets(
            calibration,
            options.how,
            options.scenario,
            options.draws,
            options.seed,
            least=options.least,
            districts=options.districts,
            progress=stage.advance,
        )
        if options.csv is not None:
            write_text(options.csv, targets_csv(found))
    if options.json:
        print_json({"how": options.how, "as_of": options.as_of, "rows": list(target_rows(found))})
    else:
        print(plain_targets(found, options.lang))
    return DONE
