"""Indicators with known answers: sixteen rows of the plan, straight paths and normal draws around them.

Nothing here is a forecast: the numbers are chosen so that a test can say what must come out.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from ykforecast.data.model_files import load_model
from ykforecast.vocabulary.dims import YEAR_ENDS
from ykforecast.vocabulary.units import to_base

#: Yearly values in the plan's units: 2020 as printed, then 2021 and 2025; straight in between.
PATHS = {
    "new_urban_jobs": (1.97, 1.9, 1.85),
    "surveyed_unemployment_rate": (5.8, 5.7, 5.4),
    "urban_employment_share": (66.38, 66.6, 67.9),
    "poverty_alleviated_workers": (4966.0, 4970.0, 5010.0),
    "labour_productivity_growth": (np.nan, 6.5, 5.8),
    "subsidised_training": (4.17, 3.0, 2.5),
    "mean_years_schooling": (np.nan, 10.7, 11.3),
    "pension_employees_total": (97.35, 98.4, 102.6),
    "pension_enterprise": (87.3, 88.3, 92.3),
    "pension_government": (10.05, 10.1, 10.3),
    "medical_coverage": (89.7, 90.4, 94.2),
    "unemployment_insured": (23.9, 24.6, 28.2),
    "work_injury_insured": (33.8, 34.2, 36.0),
    "dibao_ratio": (1.39, 1.37, 1.28),
    "veteran_card_issuance": (np.nan, 20.0, 99.0),
    "social_security_cards": (208.0, 210.2, 219.5),
}


def indicators(scenarios: tuple[str, ...] = ("baseline", "plan"), draws: int = 400, seed: int = 1) -> xr.Dataset:
    """Sixteen series, dims (scenario, draw, year), base units; the second scenario is 2 % higher in 2025."""
    rng = np.random.default_rng(seed)
    model = load_model()
    noise = rng.standard_normal((len(PATHS), draws))
    variables = {}
    for row, (key, (base, first, last)) in enumerate(PATHS.items()):
        spec = model.indicators[key]
        path = np.array([base, *np.linspace(first, last, 5)])
        spread = np.array([0.0, *np.linspace(0.004, 0.02, 5)]) * last
        values = np.stack(
            [
                (path + spread * noise[row][:, None]) * (1.0 + 0.02 * number * np.arange(6) / 5.0)
                for number in range(len(scenarios))
            ]
        )
        variables[key] = (
            ("scenario", "draw", "year"),
            to_base(1.0, spec.unit) * values,
            {"long_name": spec.label_en, "label_zh": spec.label_zh},
        )
    return xr.Dataset(
        variables, coords={"scenario": list(scenarios), "draw": np.arange(draws), "year": list(YEAR_ENDS)}
    )
