"""``ykforecast attribute``: what each measure or cause brings."""

from __future__ import annotations

import argparse
from typing import Any, Final

from ykforecast.cli.arguments import add_as_of, add_draws, add_json, add_language, add_model, count, print_json
from ykforecast.cli.calibrated import asked_date, calibrated
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

#: As in ``assess.attribution``, which help does not load.
WAYS: Final = ("levers", "causes", "figures")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    attribute = commands.add_parser("attribute", help="share out a difference among measures, or a change among causes")
    attribute.add_argument("scenario", nargs="?", default="plan", metavar="SCENARIO", help="default %(default)s")
    attribute.add_argument("--base", default="baseline", metavar="NAME", help="compared with; default %(default)s")
    attribute.add_argument("--over", choices=WAYS, default="levers", help="default %(default)s")
    attribute.add_argument("--indicator", action="append", metavar="KEY", help="repeat it; one alone shows every part")
    attribute.add_argument("--lever", action="append", metavar="KEY", help="repeat it; only these take part")
    add_as_of(attribute, "use the figures known by then; needed for figures")
    attribute.add_argument("--year", type=count, default=2025, metavar="Y", help="default %(default)s")
    add_draws(attribute, 500)
    add_model(attribute)
    add_language(attribute, "the table")
    add_json(attribute, "print records as JSON")
    attribute.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.assess.attribution import check_levers
        from ykforecast.assess.outcomes import check_year, known_indicators
        from ykforecast.present.attribution_table import attribution_rows, plain_attribution
        from ykforecast.simulate.scenarios import resolve_one
        from ykforecast.vocabulary.errors import RequestError

        as_of = asked_date(options)
        if as_of is None and options.over == "figures":
            raise RequestError("figures need a date", key="over", value=options.over, remedy="Add --as-of 2023-06-30")
        check_year(options.year)
        model = yk.load_model(options.model)
        known_indicators(model, options.indicator)
        base, scenario = (resolve_one(model, name) for name in (options.base, options.scenario))
        if options.over == "levers":
            check_levers(base, scenario, options.lever)
        calibration = calibrated(options, model, as_of, stage)
        stage(f"{options.over} of {options.scenario}")
        found = yk.attribute(
            calibration,
            options.scenario,
            options.base,
            options.over,
            indicators=options.indicator,
            levers=options.lever,
            year=options.year,
            draws=options.draws,
            seed=options.seed,
            progress=stage.advance,
        )
    if options.json:
        print_json({"attributes": dict(found.attrs), "parts": attribution_rows(found)})
    else:
        print(plain_attribution(found, model, options.lang))
    return DONE
