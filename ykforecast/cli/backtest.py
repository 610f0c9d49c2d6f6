"""``ykforecast backtest``: forecasts from the past beside what came and beside naive rivals."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from ykforecast.cli.arguments import add_draws, add_json, add_model, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

if TYPE_CHECKING:
    from ykforecast.assess.backtest import BaseYear

ALL: Final = "all"
#: As in ``assess.backtest``, which help does not load.
BASES: Final[dict[str, BaseYear]] = {"2015": 2015, "rolling": "rolling", "2010": 2010}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    backtest = commands.add_parser("backtest", help="score forecasts from the past beside naive rivals")
    backtest.add_argument("--base", choices=(*BASES, ALL), default=ALL, help="default %(default)s")
    add_draws(backtest, 2_000, seed=2015)
    add_model(backtest)
    add_json(backtest, "print scores and cases as JSON")
    backtest.add_argument("--store", action="store_true", help="keep the scores beside the model, for its reports")
    backtest.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.data.files import prepare_folder
        from ykforecast.data.score_file import scores_file, write_scores
        from ykforecast.present.backtest_report import as_json

        model = yk.load_model(options.model)
        if options.store:
            prepare_folder(scores_file(model.folder).parent)
        found = []
        for name in BASES if options.base == ALL else (options.base,):

            def progress(origin: str, name: str = name) -> None:
                stage(f"back-test {name}: from the end of {origin}")

            found.append(yk.backtest(model, BASES[name], draws=options.draws, seed=options.seed, progress=progress))
    scores = [as_json(one) for one in found]
    if options.store:
        write_scores(model.folder, model.digest, scores)
    if options.json:
        print_json({"backtests": scores})
    else:
        print("\n\n".join(repr(one) for one in found))
    return DONE
