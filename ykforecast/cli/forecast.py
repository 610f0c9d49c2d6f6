"""``ykforecast forecast``: run scenarios, print the table of sixteen and write the files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.cli.arguments import add_as_of, add_draws, add_json, add_language, add_model
from ykforecast.cli.calibrated import asked_date
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.forecast_output import Made, Result, print_rows, print_tables, write_files
from ykforecast.cli.stages import Stages, stages
from ykforecast.cli.vintages import file_vintage, issue_date

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.observation import Observation

#: As in ``infer.assimilation``, which help does not load.
METHODS: Final = ("es-mda", "smc")
MAIN_SCENARIOS: Final = ("baseline", "plan")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    forecast = commands.add_parser("forecast", help="run scenarios, print the table and write the files")
    forecast.add_argument(
        "--scenario", action="append", metavar="NAME", help="repeat it; made of others: 'plan*0.5+slow-growth'"
    )
    add_draws(forecast, 10_000)
    add_as_of(forecast)
    forecast.add_argument("--own", type=Path, metavar="FORM", help="with --as-of: a filled form of `ykforecast form`")
    forecast.add_argument(
        "--method", choices=METHODS, help="of --as-of, default es-mda; smc is slow: some hundred draws"
    )
    forecast.add_argument("--rivals", action="store_true", help="show the naive rivals beside the model")
    forecast.add_argument("--archive", type=Path, metavar="DIR", help="file the forecast there as a vintage")
    forecast.add_argument("--issued", metavar="DATE", help="with --archive: day of issue; default today")
    forecast.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="default %(default)s/")
    add_model(forecast)
    add_language(forecast, "the table")
    add_json(forecast, "print the rows as JSON")
    forecast.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    made = make(options)
    if options.json:
        print_rows(made)
    else:
        print_tables(made.result, options.lang, made.filed)
    return DONE


def make(options: argparse.Namespace) -> Made:
    """Compute what was asked for and write the files."""
    from ykforecast.data.files import prepare_folder

    names = options.scenario or list(MAIN_SCENARIOS)
    with stages() as stage:
        stage("reading the model")
        import xarray as xr

        import ykforecast as yk
        from ykforecast.infer.kept_posterior import keep
        from ykforecast.simulate.scenarios import resolve

        # Everything that can be refused is refused before anything is computed.
        as_of = asked_date(options)
        issued = issue_date(options, as_of)
        model = yk.load_model(options.model)
        resolve(model, names)
        observations = known_figures(options, model, as_of)
        folder = prepare_folder(options.out)
        if issued is not None:
            prepare_folder(options.archive)
        calibration = conditioned(options, model, as_of, observations, stage)
        stage(f"projecting {len(names)} scenario(s), {options.draws} draws")
        runs = yk.project(calibration, scenarios=names, draws=options.draws, seed=options.seed, progress=stage.advance)
        indicators = yk.indicators(runs, model)
        stage("evaluating")
        result = Result(
            model,
            calibration.evidence,
            indicators,
            yk.evaluate(
                # With the series, which hold the true unemployment rate beside the published one.
                xr.DataTree.from_dict({"indicators": indicators, "series": runs["series"].to_dataset()}),
                model,
                as_of=None if as_of is None else as_of.isoformat(),
                observations=observations,
            ),
            keep(calibration),
            _revision(calibration, names, stage),
            _rivals(options, model) if options.rivals else None,
        )
        stage("writing")
        rows, manifest = write_files(folder, options, names, result)
        filed = None if issued is None else file_vintage(options.archive, indicators, issued, as_of, manifest)
    return Made(names, as_of, result, rows, manifest, filed)


def known_figures(options: argparse.Namespace, model: ModelSpec, as_of: date | None) -> tuple[Observation, ...]:
    """Figures known by the date asked for; a faulty form is refused line by line."""
    from ykforecast.data.observations import load_observations
    from ykforecast.vocabulary.errors import RequestError

    if as_of is not None:
        return load_observations(model.folder, as_of=as_of, own=options.own)
    for key, given in (("own", options.own), ("method", options.method)):
        if given is not None:
            raise RequestError("figures need a date", key=key, value=str(given), remedy="Add --as-of 2023-06-30")
    return ()


def conditioned(
    options: argparse.Namespace,
    model: ModelSpec,
    as_of: date | None,
    observations: tuple[Observation, ...],
    stage: Stages,
    kept: xr.Dataset | None = None,
) -> Calibration:
    """The base year met, and what the figures known by the date taught (or have taught: ``kept``)."""
    import ykforecast as yk

    stage("calibrating to 2020")
    calibration = yk.calibrate(model)
    if as_of is not None:
        if kept is None:
            stage(f"conditioning on {len(observations)} figure(s), {options.draws} draws")
        calibration = yk.assimilate(
            calibration,
            as_of,
            observations=observations,
            draws=options.draws,
            seed=options.seed,
            method=options.method or METHODS[0],
            kept=kept,
        )
    return calibration if options.own is None else _with_unused(options, model, calibration)


def _with_unused(options: argparse.Namespace, model: ModelSpec, calibration: Calibration) -> Calibration:
    """Nothing that a department reports is dropped in silence."""
    from ykforecast.data.observation_form import form_observations
    from ykforecast.infer.assimilation import with_unused

    return with_unused(calibration, form_observations(options.own, model))


def _revision(calibration: Calibration, names: list[str], stage: Stages) -> xr.Dataset | None:
    """What the figures changed; None where there were none."""
    from ykforecast.assess.revision import revision

    if calibration.latent is None:
        return None
    stage("comparing with the forecast of 2020")
    return revision(calibration, names)


def _rivals(options: argparse.Namespace, model: ModelSpec) -> xr.Dataset:
    """Naive rivals that read what the model could know."""
    from ykforecast.assess.naive_forecasts import naive_forecasts

    # Their draws cost nothing: as many as ever, however few the model is asked for.
    return naive_forecasts(model, as_of=options.as_of, own=options.own, seed=options.seed)
