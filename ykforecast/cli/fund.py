"""``ykforecast fund``: contributions, benefits and balances of the pension schemes, and what moves them."""

from __future__ import annotations

import argparse
from typing import Any

from ykforecast.cli.arguments import count, natural, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages


def add(commands: Any) -> None:
    """Add the command to the parser."""
    fund = commands.add_parser("fund", help="income, spending and balances of the pension schemes")
    fund.add_argument("--scenario", action="append", metavar="NAME", help="repeat it; default plan")
    fund.add_argument("--as-of", metavar="DATE", help="use the figures known by then, such as 2023-06-30")
    fund.add_argument("--draws", type=count, default=2_000, metavar="N", help="default %(default)s")
    fund.add_argument("--seed", type=natural, default=2020, metavar="K", help="default %(default)s")
    fund.add_argument("--model", metavar="DIR", help="a shipped place or a folder; default yingkou")
    fund.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the tables")
    fund.add_argument("--json", action="store_true", help="print records in base units as JSON")
    fund.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.assess.progress import plan_date
        from ykforecast.present.fund_table import fund_rows, plain_fund
        from ykforecast.simulate.scenarios import resolve

        as_of = None if options.as_of is None else plan_date(options.as_of)
        model = yk.load_model(options.model)
        scenarios = [one.name for one in resolve(model, options.scenario or ["plan"])]
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        if as_of is not None:
            stage(f"conditioning on figures, {options.draws} draws")
            calibration = yk.assimilate(calibration, as_of, draws=options.draws, seed=options.seed)
        stage(f"accounts of {len(scenarios)} scenarios, {options.draws} draws")
        found = yk.fund_outlook(calibration, scenarios, options.draws, options.seed, progress=stage.advance)
    if options.json:
        print_json({"attributes": dict(found.attrs), **fund_rows(found)})
    else:
        print("\n\n".join(plain_fund(found, name, options.lang) for name in found["scenario"].values.tolist()))
    return DONE
