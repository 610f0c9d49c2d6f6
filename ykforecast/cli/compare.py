"""``ykforecast compare``: what one scenario changes beside another, draw by draw."""

from __future__ import annotations

import argparse
from typing import Any

from ykforecast.cli.arguments import add_draws, add_json, add_language, add_model, plain, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages


def add(commands: Any) -> None:
    """Add the command to the parser."""
    compare = commands.add_parser("compare", help="what one scenario changes beside another, draw by draw")
    compare.add_argument("first", metavar="A", help="a scenario, such as baseline")
    compare.add_argument("second", metavar="B", help="the other, such as 'plan*0.5+slow-growth'")
    add_draws(compare, 10_000)
    add_model(compare)
    add_language(compare, "the table")
    add_json(compare, "print numbers in base units as JSON")
    compare.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.present.difference_table import plain_difference
        from ykforecast.simulate.scenarios import resolve

        model = yk.load_model(options.model)
        first, second = (one.name for one in resolve(model, [options.first, options.second]))
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        stage(f"projecting 2 scenarios, {options.draws} draws")
        runs = yk.project(
            calibration, [first, second], options.draws, options.seed, keep="series", progress=stage.advance
        )
        found = yk.difference(runs, first, second, model)
    if options.json:
        print_json(_report(found))
    else:
        print(plain_difference(found, options.lang))
    return DONE


def _report(found: Any) -> dict[str, Any]:
    """Numbers and causes in base units."""
    rows = found.to_frame().reset_index().to_dict("records")
    pair = found["scenario"].values.tolist()
    levers = [
        {
            "lever": key,
            "unit": str(one["dose_unit"].item()),
            "doses": {name: one["dose"].sel(scenario=name).values.tolist() for name in pair},
            "moves": found["indicator"].values[one["moves"].values].tolist(),
        }
        for key in found["lever"].values.tolist()
        for one in [found.sel(lever=key)]
    ]
    return {
        "first": pair[0],
        "second": pair[1],
        "draws": found.attrs["draws"],
        "seed": found.attrs["seed"],
        "rows": [{name: plain(value) for name, value in row.items()} for row in rows],
        "levers": levers,
        "shocks": found.attrs["shocks"],
    }
