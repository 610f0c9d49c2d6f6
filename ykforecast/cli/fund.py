"""``ykforecast fund``: contributions, benefits and balances of the pension schemes, and what moves them."""

from __future__ import annotations

import argparse
from typing import Any

from ykforecast.cli.arguments import add_as_of, add_draws, add_json, add_language, add_model, print_json
from ykforecast.cli.calibrated import asked_date, calibrated
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages


def add(commands: Any) -> None:
    """Add the command to the parser."""
    fund = commands.add_parser("fund", help="income, spending and balances of the pension schemes")
    fund.add_argument("--scenario", action="append", metavar="NAME", help="repeat it; default plan")
    add_as_of(fund)
    add_draws(fund, 2_000)
    add_model(fund)
    add_language(fund, "the tables")
    add_json(fund, "print records in base units as JSON")
    fund.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.present.fund_table import fund_rows, plain_fund
        from ykforecast.simulate.scenarios import resolve

        as_of = asked_date(options)
        model = yk.load_model(options.model)
        scenarios = [one.name for one in resolve(model, options.scenario or ["plan"])]
        calibration = calibrated(options, model, as_of, stage)
        stage(f"accounts of {len(scenarios)} scenarios, {options.draws} draws")
        found = yk.fund_outlook(calibration, scenarios, options.draws, options.seed, progress=stage.advance)
    if options.json:
        print_json({"attributes": dict(found.attrs), **fund_rows(found)})
    else:
        print("\n\n".join(plain_fund(found, name, options.lang) for name in found["scenario"].values.tolist()))
    return DONE
