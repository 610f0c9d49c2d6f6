"""One scenario of a result: the one that is named, or the only one."""

from __future__ import annotations

from typing import Any

from ykforecast.vocabulary.errors import RequestError


def one_scenario(data: Any, scenario: str | None) -> Any:
    """Select a scenario of a Dataset or DataArray; what has no such axis is returned as it is.

    Raises
    ------
    RequestError
        No such scenario, or several and none named.
    """
    return data.sel(scenario=chosen_scenario(data, scenario)) if "scenario" in data.dims else data


def chosen_scenario(data: Any, scenario: str | None) -> str:
    """Name of the scenario that is asked for, or of the only one.

    Raises
    ------
    RequestError
        No such scenario, or several and none named.
    """
    names: list[str] = data["scenario"].values.tolist()
    if scenario is None and len(names) == 1:
        return names[0]
    if scenario is None or scenario not in names:
        raise RequestError("no such scenario", key="scenario", value=scenario, remedy=f"One of {names}.")
    return scenario
