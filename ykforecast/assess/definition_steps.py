"""Definition steps in the indicators: what the departments' count holds beyond the behaviour that is modelled.

The evaluation of 2025 will read the departments' count. A jump of that count which the model takes for a
change of definition or coverage stays in it, so it belongs to the indicator as published; the indicator at
the definition of the base year is the same without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import numpy as np

from ykforecast.assess.attainment import attained, on_basis, probability_of_attainment

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Labelled or plain.
Array = TypeVar("Array", bound=Any)
Counting = Literal["published", "base"]
COUNTINGS: Final[tuple[Counting, ...]] = ("published", "base")
#: Ends the name of the variable that holds the step of an indicator.
STEP: Final = "_definition_step"
TOTAL, ENTERPRISE, GOVERNMENT = "pension_employees_total", "pension_enterprise", "pension_government"


def definition_steps(runs: xr.DataTree, model: ModelSpec) -> dict[str, xr.DataArray]:
    """Step in each indicator that has one, dims (draw, year), in the unit of the indicator."""
    if "definition_steps" not in runs.children:
        return {}
    steps = runs["definition_steps/definition_step"].rename(year_end="year")
    found = {quantity: steps.sel(quantity=quantity, drop=True) for quantity in steps["quantity"].values.tolist()}
    return steps_of_indicators(found, model)


def steps_of_indicators(steps: Mapping[str, Array], model: ModelSpec) -> dict[str, Array]:
    """Steps by model quantity as steps by indicator.

    A figure measures an indicator where the registry of observations gives both the same quantity. A step
    of the two pension schemes together counts as one of the enterprise scheme, whose insured are nine in ten,
    unless figures of either scheme say themselves whether they had one.
    """
    found = {
        key: steps[model.observations[key].quantity]
        for key in model.indicators
        if key in model.observations and model.observations[key].quantity in steps
    }
    if TOTAL in found and ENTERPRISE not in found and GOVERNMENT not in found:
        found[ENTERPRISE] = found[TOTAL]
    parts = [found[key] for key in (ENTERPRISE, GOVERNMENT) if key in found]
    if parts:
        found[TOTAL] = sum(parts[1:], parts[0])
    return found


def with_steps(variables: Mapping[str, xr.DataArray], steps: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Indicators and their breakdowns with the steps in them, and the steps beside them.

    A breakdown rises in proportion to its indicator. The step of each indicator follows as ``<key>_definition_step``,
    dims (draw, year).
    """
    found = {}
    for name, values in variables.items():
        key = name.split("_by_")[0]
        if key in steps:
            added = values + steps[key] if name == key else values * (1 + steps[key] / variables[key])
            found[name] = added.transpose(*values.dims).assign_attrs(values.attrs)
        else:
            found[name] = values
    for key, step in steps.items():
        label = f"{variables[key].attrs['label_zh']}中的统计口径变动"
        named = f"definition step in {variables[key].attrs['long_name']}"
        units = variables[key].attrs["units"]
        found[f"{key}{STEP}"] = step.assign_attrs(units=units, label_zh=label, long_name=named)
    return found


def at_base_definitions(data: xr.Dataset, model: ModelSpec) -> dict[str, xr.DataArray]:
    """Outcomes counted as in the base year, beside those that hold definition steps.

    Parameters
    ----------
    data : Dataset
        From :func:`ykforecast.indicators`, as published; dims (scenario, draw, year).
    model : ModelSpec

    Returns
    -------
    dict of str to DataArray
        Empty where there is no step. Dims (indicator, scenario), on the basis of the target, NaN for indicators
        without steps: ``definition_step`` and ``base_outcome_median`` (medians, base units), ``base_probability``.
    """
    import xarray as xr

    keys = list(model.indicators)
    if not any(f"{key}{STEP}" in data for key in keys):
        return {}
    shape = (len(keys), data.sizes["scenario"])
    names = ("definition_step", "base_outcome_median", "base_probability")
    found = {name: np.full(shape, np.nan) for name in names}
    for row, key in enumerate(keys):
        if f"{key}{STEP}" not in data:
            continue
        target = model.targets[key]
        published, counted = on_basis(data[key], target), on_basis(data[key] - data[f"{key}{STEP}"], target)
        found["definition_step"][row] = (published - counted).median("draw")
        found["base_outcome_median"][row] = counted.median("draw")
        found["base_probability"][row] = probability_of_attainment(attained(counted, target))[0]
    coords = {"indicator": keys, "scenario": data["scenario"].values}
    return {name: xr.DataArray(values, coords, ("indicator", "scenario")) for name, values in found.items()}
