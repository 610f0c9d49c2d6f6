"""``ykforecast impact``: what a project changes in the city's employment."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ykforecast.cli.arguments import add_draws, add_json, add_language, add_model, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages


def add(commands: Any) -> None:
    """Add the command to the parser."""
    impact = commands.add_parser("impact", help="employment impact assessment of a project")
    impact.add_argument("project", type=Path, metavar="PROJECT.toml", help="posts by month and phase, see the docs")
    impact.add_argument("--scenario", default="plan", metavar="NAME", help="policies of both runs; default %(default)s")
    add_draws(impact, 2_000)
    add_model(impact)
    add_language(impact, "the report")
    add_json(impact, "print the figures as JSON")
    impact.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("reading the project")
        import ykforecast as yk
        from ykforecast.data.project_file import load_project
        from ykforecast.present.impact_report import as_json, impact_report
        from ykforecast.simulate.scenarios import resolve

        project = load_project(options.project)
        model = yk.load_model(options.model)
        resolve(model, options.scenario)
        stage("calibrating to 2020")
        calibration = yk.calibrate(model)
        stage(f"running {options.draws} draws without and with the project")
        found = yk.impact(calibration, project, options.scenario, options.draws, options.seed, progress=stage.advance)
    if options.json:
        print_json(as_json(found))
    else:
        print(impact_report(found, project, options.lang))
    return DONE
