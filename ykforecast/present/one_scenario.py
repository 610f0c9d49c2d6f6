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
    if "scenario" not in data.dims:
        return data
    names = data["scenario"].values.tolist()
    if scenario is None and len(names) == 1:
        scenario = names[0]
    if scenario not in names:
        raise RequestError("no such scenario", key="scenario", value=scenario, remedy=f"One of {names}.")
    return data.sel(scenario=scenario)
