"""What each lever does by itself: the paired effect of a dose on the indicators that the lever is meant to move.

``python -m ykforecast.assess.lever_effects --out docs/results/lever_effects.json`` computes what the pages of the
levers print.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.attainment import on_basis
from ykforecast.assess.indicators import indicators
from ykforecast.assess.intervals import QUANTILES
from ykforecast.spec.lever import FUND_BALANCE
from ykforecast.spec.model import PLAN_SCENARIO
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.dims import HORIZON

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.model import ModelSpec

REFERENCE: Final = "baseline"
#: Series behind the balance that levers of the funds move, yuan in the year.
BALANCE: Final = "enterprise_balance"


def doses_shown(model: ModelSpec, key: str) -> tuple[str, Mapping[int, float]]:
    """Doses at which a lever is shown, and the scenario that they are taken from.

    Those of the plan; those of the first scenario that uses the lever where the plan does not; else half of its
    upper bound in every year of the plan's other measures.
    """
    for name in (PLAN_SCENARIO, *model.scenarios):
        doses = model.scenarios[name].doses.get(key)
        if doses:
            return name, doses
    half = 0.5 * model.levers[key].bounds[1]
    return "", dict.fromkeys(range(model.base_year + 2, model.horizon + 1), half)


def outcome(runs: xr.DataTree, model: ModelSpec, key: str) -> xr.DataArray:
    """Values (scenario, draw) of an indicator on the basis of its target, or of the fund balance of 2025."""
    if key == FUND_BALANCE:
        balance: xr.DataArray = runs["series"].to_dataset()[BALANCE].sel(year=HORIZON, drop=True)
        return balance
    return on_basis(indicators(runs, model)[key], model.targets[key])


def paired(values: xr.DataArray, scenario: str, reference: str) -> xr.DataArray:
    """Differences (draw,) of one scenario from another in the same draws."""
    change: xr.DataArray = values.sel(scenario=scenario, drop=True) - values.sel(scenario=reference, drop=True)
    return change


def lever_effects(calibration: Calibration, *, draws: int, seed: int) -> dict[str, dict[str, Any]]:
    """Effect of each lever alone, against the reference scenario in the same draws.

    Parameters
    ----------
    calibration : Calibration
    draws, seed : int

    Returns
    -------
    dict
        By lever: ``scenario`` and ``doses`` that were run, and by indicator under ``moves`` the ``unit`` in which
        the indicator is kept (base unit), its ``basis``, the 0.1, 0.5 and 0.9 quantiles of the paired difference as
        ``low``, ``median``, ``high``, and its ``mean``.
    """
    from ykforecast.simulate.projection import project

    model = calibration.model
    shown = {key: doses_shown(model, key) for key in model.levers}
    alone = [Scenario(_name(key), {key: doses}) for key, (_, doses) in shown.items()]
    runs = project(calibration, [REFERENCE, *alone], draws, seed, keep="series")
    found: dict[str, dict[str, Any]] = {
        key: {"scenario": name, "doses": {str(year): dose for year, dose in doses.items()}, "moves": {}}
        for key, (name, doses) in shown.items()
    }
    for moved in dict.fromkeys(name for lever in model.levers.values() for name in lever.moves):
        values = outcome(runs, model, moved)
        for key, lever in model.levers.items():
            if moved not in lever.moves:
                continue
            change = paired(values, _name(key), REFERENCE)
            low, median, high = (float(x) for x in change.quantile(QUANTILES, "draw"))
            found[key]["moves"][moved] = {
                "unit": "yuan" if moved == FUND_BALANCE else model.indicators[moved].base_unit,
                "basis": "level" if moved == FUND_BALANCE else model.targets[moved].basis,
                "low": low,
                "median": median,
                "high": high,
                "mean": float(change.mean()),
            }
    return found


def _name(key: str) -> str:
    return key.replace("_", "-")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: run and write the result with the command that made it."""
    from ykforecast.data.model_files import load_model
    from ykforecast.data.result_file import write_result
    from ykforecast.infer.calibration import calibrate

    parser = argparse.ArgumentParser(prog="python -m ykforecast.assess.lever_effects")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    levers = lever_effects(calibrate(load_model()), draws=chosen.draws, seed=chosen.seed)
    command = f"{parser.prog} --draws {chosen.draws} --seed {chosen.seed} --out {chosen.out.name}"
    write_result(chosen.out, command, {"draws": chosen.draws, "seed": chosen.seed, "levers": levers})


if __name__ == "__main__":
    main()
