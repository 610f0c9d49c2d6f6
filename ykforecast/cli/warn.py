"""``ykforecast warn``: warning lamps of unemployment, the warning list of the plan, stress tests."""

from __future__ import annotations

import argparse
from typing import Any, Final

from ykforecast.cli.arguments import add_as_of, add_draws, add_json, add_language, add_model, plain_values, print_json
from ykforecast.cli.calibrated import asked_date, calibrated
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

#: The first is the base: a reader who foresees none of the others.
SCENARIOS: Final = ("baseline", "plan", "mass-unemployment", "slow-growth", "ai-displacement")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    warn = commands.add_parser("warn", help="warning lamps of unemployment, warning list of the plan, stress tests")
    warn.add_argument(
        "--scenario", action="append", metavar="NAME", help=f"repeat it, the base first; default {' '.join(SCENARIOS)}"
    )
    add_as_of(warn)
    add_draws(warn, 2_000)
    add_model(warn)
    add_language(warn, "the tables")
    add_json(warn, "print numbers in base units as JSON")
    warn.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    names = options.scenario or list(SCENARIOS)
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.data.warning_file import load_warning
        from ykforecast.present.warning_table import plain_warning
        from ykforecast.simulate.scenarios import resolve

        # Everything that can be refused is refused before anything is computed.
        as_of = asked_date(options)
        model = yk.load_model(options.model)
        names = [one.name for one in resolve(model, names)]
        load_warning(model)
        calibration = calibrated(options, model, as_of, stage)
        stage(f"projecting {len(names)} scenario(s), {options.draws} draws")
        runs = yk.project(calibration, names, options.draws, options.seed, monthly=True, progress=stage.advance)
        stage("warning")
        found = yk.warn(runs, model=model)
    if options.json:
        print_json({group: _records(found[group].to_dataset()) for group in sorted(found.children)})
    else:
        print(plain_warning(found, options.lang))
    return DONE


def _records(data: Any) -> dict[str, Any]:
    """Variables by name, each with its dims, unit and values; coordinates beside them."""
    return {
        str(name): {
            "dims": list(one.dims),
            "units": one.attrs.get("units", ""),
            "values": plain_values(one.values.tolist()),
        }
        for name, one in data.variables.items()
    }
