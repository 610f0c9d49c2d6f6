"""Simulation-based calibration of the city model itself, on the kinds of figures that the years 2021-2022 brought.

``python -m ykforecast.infer.city_ranks --replications 100 --draws 200 --out FILE.json``

A hundred times a city is drawn from the prior, its figures with their errors and steps from the city, and an
ensemble conditioned on them: the rank of what really became of 2025 must be uniform.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from copy import copy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.data.model_files import load_model
from ykforecast.data.observations import independent, load_observations
from ykforecast.data.result_file import write_result
from ykforecast.infer.assimilation import DEFAULT_PAST, smoothed
from ykforecast.infer.calibration import calibrate
from ykforecast.infer.error_model import ErrorModel
from ykforecast.infer.forward import ForwardModel
from ykforecast.infer.posterior import Forward, Posterior
from ykforecast.infer.simulation_based_calibration import ranks, summary
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.scenarios import resolve

if TYPE_CHECKING:
    from ykforecast.simulate.calibrated import Calibration

#: Figures that speak: enrolment, output, population.
FIGURES: Final = ("employee_pension_insured", "unemployment_insured", "gdp_growth", "population")
AS_OF: Final = date(2023, 6, 30)
#: What is ranked: series of a run at the end of 2025.
RANKED: Final = ("contributors", "enterprise_retirees", "unemployment_insured", "work_injury_insured", "population")


class City:
    """The forward model and what is ranked, from one run for both."""

    def __init__(self, calibration: Calibration, seed: int) -> None:
        model = calibration.model
        [reference] = resolve(model, DEFAULT_PAST)
        figures = independent(model, load_observations(model.folder, as_of=AS_OF))
        self.ensemble = ForwardModel(
            model,
            lambda sampled: run_block(calibration, reference, sampled).series,
            [one for one in figures if one.series in FIGURES],
            seed,
            learned=calibration.learned,
        )
        self._latent = np.empty((0, 0))
        self._series: dict[str, np.ndarray] = {}

    def _run(self, latent: np.ndarray) -> dict[str, np.ndarray]:
        if latent is not self._latent:
            self._latent, self._series = latent, self.ensemble.series(latent)
        return self._series

    def forward(self, latent: np.ndarray) -> np.ndarray:
        """Predicted figures (draw, obs)."""
        return self.ensemble.predicted(self._run(latent))

    def quantities(self, latent: np.ndarray) -> np.ndarray:
        """Series of 2025, and the growth of five years (draw, quantity)."""
        series = self._run(latent)
        return np.column_stack([*(series[name][:, -1] for name in RANKED), np.log1p(series["gdp_growth"]).sum(axis=1)])

    def conditioned(
        self,
        latent: np.ndarray,
        forward: Forward,
        observed: np.ndarray,
        error: ErrorModel,
        *,
        seed: int,
        first_draw: int,
    ) -> Posterior:
        """The draws conditioned as :func:`ykforecast.assimilate` does, on made figures."""
        ensemble = copy(self.ensemble)
        ensemble.observed, ensemble.error = observed, error
        return smoothed(ensemble, latent, forward(latent), seed, first_draw)

    @property
    def names(self) -> list[str]:
        """Of the quantities, and of the likelihood that ``ranks`` adds."""
        return [*(f"{name} 2025" for name in RANKED), "gdp_growth 2021-2025", "likelihood"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: run and write the result with the command that made it."""
    parser = argparse.ArgumentParser(prog="python -m ykforecast.infer.city_ranks")
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    city = City(calibrate(load_model()), chosen.seed)
    shares = ranks(
        city.conditioned,
        city.forward,
        city.ensemble.error,
        city.quantities,
        coordinates=len(city.ensemble.coordinates.names),
        replications=chosen.replications,
        draws=chosen.draws,
        seed=chosen.seed,
    )
    command = (
        f"{parser.prog} --replications {chosen.replications} --draws {chosen.draws} "
        f"--seed {chosen.seed} --out {chosen.out.name}"
    )
    result = {
        "replications": chosen.replications,
        "draws": chosen.draws,
        "seed": chosen.seed,
        "figures": list(city.ensemble.error.names),
        "coordinates": len(city.ensemble.coordinates.names),
        "cases": {"esmda": summary(city.names, shares, chosen.seed)},
    }
    write_result(chosen.out, command, result)


if __name__ == "__main__":
    main()
