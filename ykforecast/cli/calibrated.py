"""The model as a command runs it: met in the base year, conditioned on figures where a date is given."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from ykforecast.cli.stages import Stages

if TYPE_CHECKING:
    from datetime import date

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

#: Options that conditioning shares with a command, where it has them and they are given.
_SHARED: Final = ("draws", "seed", "own")


def asked_date(options: argparse.Namespace) -> date | None:
    """Date of ``--as-of``, which must lie within the plan; None without one."""
    from ykforecast.assess.progress import plan_date

    return None if options.as_of is None else plan_date(options.as_of)


def calibrated(options: argparse.Namespace, model: ModelSpec, as_of: date | None, stage: Stages) -> Calibration:
    """Calibration to 2020, conditioned on the figures known by ``as_of`` where that is given."""
    import ykforecast as yk

    stage("calibrating to 2020")
    calibration = yk.calibrate(model)
    if as_of is None:
        return calibration
    stage("conditioning on figures")
    given = {name: getattr(options, name, None) for name in _SHARED}
    return yk.assimilate(calibration, as_of, **{name: value for name, value in given.items() if value is not None})
