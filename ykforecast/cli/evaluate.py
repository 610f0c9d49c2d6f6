"""``ykforecast evaluate``: the scorecard of a finished forecast, and what changed since the previous one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ykforecast.cli.arguments import add_as_of, add_json, add_language, add_model_of_run, plain, print_json
from ykforecast.cli.exit_codes import DONE

if TYPE_CHECKING:
    import xarray as xr


def add(commands: Any) -> None:
    """Add the command to the parser."""
    evaluate = commands.add_parser("evaluate", help="the scorecard of a finished forecast, with pace and words")
    evaluate.add_argument("folder", type=Path, metavar="DIR", help="of `ykforecast forecast --out DIR`")
    add_as_of(evaluate, "later than the figures it knew: progress by forecast")
    evaluate.add_argument(
        "--previous", type=Path, metavar="DIR", help="compare with this forecast, vintage, or last of an archive"
    )
    evaluate.add_argument("--scenario", action="append", metavar="NAME", help="repeat it; default all")
    add_model_of_run(evaluate)
    add_language(evaluate, "the tables")
    add_json(evaluate, "print records in base units as JSON")
    evaluate.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    import ykforecast as yk
    from ykforecast.assess.finished_forecast import previous_forecast, read_finished, scorecard
    from ykforecast.assess.since_last import since_last
    from ykforecast.data.model_files import model_of_run
    from ykforecast.present import since_last_table, verdict_table

    forecast = read_finished(options.folder)
    made_with = forecast.indicators.attrs
    model = model_of_run(made_with) if options.model is None else yk.load_model(options.model)
    card = scorecard(forecast, model, options.as_of)
    scenarios = _scenarios(options.scenario, card)
    change = None
    if options.previous is not None:
        change = since_last(forecast, previous_forecast(options.previous, forecast), model)
    compared = [] if change is None else [name for name in scenarios if name in change["scenario"].values]
    if options.json:
        report: dict[str, Any] = {
            "as_of": card.attrs["as_of"],
            "known": card.attrs["known"],
            "elapsed": card["elapsed"].item(),
            "rows": verdict_table.verdict_records(card.sel(scenario=scenarios)),
            "unemployment_rate": verdict_table.rate_records(card.sel(scenario=scenarios)),
        }
        if change is not None:
            names = ("before", "now", "before_as_of", "now_as_of", "changed", "changed_files")
            report["since_last"] = {name: change.attrs[name] for name in names}
            report["since_last"]["rows"] = since_last_table.change_records(change.sel(scenario=compared))
        print_json(_strict(report))
        return DONE
    parts = [verdict_table.plain_verdict(card, name, options.lang) for name in scenarios]
    if change is not None:
        parts += [since_last_table.plain_since_last(change, name, options.lang) for name in compared]
    print("\n\n".join(parts))
    return DONE


def _scenarios(asked: list[str] | None, card: xr.Dataset) -> list[str]:
    from ykforecast.vocabulary.errors import RequestError, nearest

    held = card["scenario"].values.tolist()
    for name in asked or ():
        if name not in held:
            raise RequestError(
                "no such scenario in the forecast", key="scenario", value=name, remedy=nearest(name, held)
            )
    return asked or held


def _strict(value: Any) -> Any:
    """Nested records as JSON has them."""
    if isinstance(value, dict):
        return {name: _strict(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_strict(one) for one in value]
    return plain(value.item() if hasattr(value, "item") else value)
