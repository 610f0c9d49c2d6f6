"""Definition steps in the indicators: what the departments' count holds beyond the behaviour that is modelled.

The evaluation of 2025 will read the departments' count. A jump of that count which the model takes for a
change of definition or coverage stays in it, so it belongs to the indicator as published; the indicator at
the definition of the base year is the same without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

Counting = Literal["published", "base"]
COUNTINGS = ("published", "base")
TOTAL, ENTERPRISE, GOVERNMENT = "pension_employees_total", "pension_enterprise", "pension_government"


def definition_steps(runs: xr.DataTree, model: ModelSpec) -> dict[str, xr.DataArray]:
    """Step in each indicator that has one, dims (draw, year), in the unit of the indicator.

    A figure measures an indicator where the registry of observations gives both the same quantity. A step
    of the two pension schemes together that none of them shows for itself is one of the enterprise scheme,
    whose insured are nine in ten.
    """
    if "definition_steps" not in runs.children:
        return {}
    steps = runs["definition_steps/definition_step"].rename(year_end="year")
    known = set(steps["quantity"].values.tolist())
    found = {
        key: steps.sel(quantity=model.observations[key].quantity, drop=True)
        for key in model.indicators
        if key in model.observations and model.observations[key].quantity in known
    }
    if TOTAL in found and ENTERPRISE not in found and GOVERNMENT not in found:
        found[ENTERPRISE] = found[TOTAL]
    parts = [found[key] for key in (ENTERPRISE, GOVERNMENT) if key in found]
    if parts:
        found[TOTAL] = sum(parts[1:], parts[0])
    return found


def with_steps(variables: Mapping[str, xr.DataArray], steps: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Indicators and their breakdowns with the steps of the indicators in them; a breakdown rises in proportion."""
    found = {}
    for name, values in variables.items():
        key = name.split("_by_")[0]
        if key in steps:
            added = values + steps[key] if name == key else values * (1 + steps[key] / variables[key])
            found[name] = added.transpose(*values.dims).assign_attrs(values.attrs)
        else:
            found[name] = values
    return found
