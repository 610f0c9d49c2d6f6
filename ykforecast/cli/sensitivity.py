"""``ykforecast sensitivity``: what each indicator hangs on, and which statistics would narrow it."""

from __future__ import annotations

import argparse
from typing import Any

from ykforecast.cli.arguments import add_draws, add_json, add_language, add_model, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages


def add(commands: Any) -> None:
    """Add the command to the parser."""
    sensitivity = commands.add_parser("sensitivity", help="what the indicators hang on, and what is worth knowing")
    sensitivity.add_argument("--scenario", default="baseline", metavar="NAME", help="default %(default)s")
    sensitivity.add_argument("--indicator", action="append", metavar="KEY", help="repeat it; one alone shows all of it")
    add_draws(sensitivity, 4096)
    add_model(sensitivity)
    add_language(sensitivity, "the tables")
    add_json(sensitivity, "print records as JSON")
    sensitivity.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.present.sensitivity_table import plain_sensitivity, sensitivity_rows

        model = yk.load_model(options.model)
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        stage("runs with one theme exchanged")
        found = yk.sensitivity(
            calibration,
            options.scenario,
            options.indicator,
            draws=options.draws,
            seed=options.seed,
            progress=stage.advance,
        )
    if options.json:
        print_json({"attributes": dict(found.attrs), **sensitivity_rows(found)})
    else:
        print(plain_sensitivity(found, model, options.lang))
    return DONE
