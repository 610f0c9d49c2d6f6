"""``ykforecast seek``: the effort that reaches a target, or how far effort goes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from ykforecast.cli.arguments import (
    add_as_of,
    add_json,
    add_language,
    add_model,
    add_seed,
    count,
    plain,
    plain_values,
    print_json,
)
from ykforecast.cli.calibrated import asked_date, calibrated
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: As in ``assess.definition_steps``, which help does not load.
COUNTINGS: Final = ("published", "base")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    seek = commands.add_parser("seek", help="the smallest effort that reaches a target with a probability")
    seek.add_argument(
        "target", nargs="+", metavar="INDICATOR", help="several are to be met together; `binding`: all binding ones"
    )
    seek.add_argument("--lever", action="append", metavar="L", help="repeat it; default every lever that moves them")
    seek.add_argument(
        "--cost",
        action="append",
        type=_cost,
        metavar="L=X",
        help="cost of one unit of dose in one year, of one percentage point where a dose is a share: cheapest mix",
    )
    seek.add_argument("--probability", type=float, default=0.8, metavar="P", help="default %(default)s")
    seek.add_argument("--base", default="plan", metavar="NAME", help="what is done beside; default %(default)s")
    seek.add_argument("--from", dest="start_year", type=int, metavar="YEAR", help="first year that can be moved")
    add_as_of(seek)
    seek.add_argument(
        "--counting",
        choices=COUNTINGS,
        default=COUNTINGS[0],
        help="with definition steps, or as in 2020; default %(default)s",
    )
    seek.add_argument("--draws", type=count, metavar="N", help="default 10000, with --as-of 4000")
    add_seed(seek)
    add_model(seek)
    add_language(seek, "the answer")
    add_json(seek, "print the answer as JSON, in base units")
    seek.set_defaults(run=_run)


def _cost(text: str) -> tuple[str, float]:
    """A lever and the cost of one unit of its dose, as shown."""
    lever, _, number = text.partition("=")
    try:
        cost = float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not of the form LEVER=NUMBER: {text!r}") from None
    if not cost >= 0.0:
        raise argparse.ArgumentTypeError(f"a cost is a number from 0 on: {text!r}")
    return lever, cost


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the model")
        import ykforecast as yk
        from ykforecast.assess.seek_question import question

        as_of = asked_date(options)
        model = yk.load_model(options.model)
        asked = {
            "target": options.target,
            "lever": options.lever,
            "probability": options.probability,
            "base": options.base,
            "costs": None if options.cost is None else _base_costs(model, options.cost),
        }
        # What can be refused is refused before anything is computed.
        question(model, **asked)
        calibration = calibrated(options, model, as_of, stage)
        stage("seeking")
        answer = yk.seek(
            calibration,
            **asked,
            start_year=options.start_year,
            counting=options.counting,
            draws=options.draws,
            seed=options.seed,
            progress=stage.advance,
        )
    if options.json:
        print_json(_record(answer))
    else:
        from ykforecast.present.seek_table import plain_seek

        print(plain_seek(answer, options.lang))
    return DONE


def _base_costs(model: ModelSpec, costs: list[tuple[str, float]]) -> dict[str, float]:
    """Costs of one unit of dose as the model counts it: of a whole where a percentage point was meant."""
    from ykforecast.present.doses import shown_dose

    return {lever: shown_dose(cost, model.levers[lever].dose_unit) for lever, cost in costs}


def _record(answer: xr.Dataset) -> dict[str, Any]:
    """The answer as plain mappings, in base units."""

    def cells(dim: str) -> list[dict[str, Any]]:
        names = [str(name) for name, values in answer.variables.items() if values.dims[:1] == (dim,)]
        return [
            {name: plain_values(answer[name].isel({dim: place}).values.tolist()) for name in names}
            for place in range(answer.sizes[dim])
        ]

    single = {str(name): plain(values.item()) for name, values in answer.data_vars.items() if not values.dims}
    return {
        **{str(name): plain(value) for name, value in answer.attrs.items()},
        **single,
        "levers": cells("lever"),
        "targets": cells("target"),
        "curve": cells("point"),
    }
