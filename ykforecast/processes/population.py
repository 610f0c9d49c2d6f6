"""Cohort-component projection of a population by sex and single age (or any other age step).

Preston, Heuveline and Guillot, Demography (2001), chapter 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ykforecast.vocabulary.dims import SEX
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
_FEMALE = SEX.index("female")


def _plain(name: str, given: Any, ndim: int, *, minimum: float | None = None) -> Array:
    """Numbers of an argument, sexes in the order of the package, checked to be finite."""
    if hasattr(given, "coords") and "sex" in given.dims:
        if "sex" in given.coords:
            missing = set(SEX) - {str(sex) for sex in given["sex"].values}
            if missing:
                raise RequestError("sex missing", key=name, value=sorted(missing), remedy=f"Label the sexes {SEX}")
            given = given.sel(sex=list(SEX))
        order = [dim for dim in given.dims if dim not in ("sex", "age")] + ["sex", "age"]
        given = given.transpose(*[dim for dim in order if dim in given.dims])
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise RequestError("not an array of numbers", key=name, remedy="Give numbers") from None
    if array.ndim != ndim:
        raise RequestError(f"needs {ndim} axes", key=name, value=array.shape, remedy="See the documented shape")
    if not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0].tolist()
        raise RequestError("not a finite number", key=name, value=where, remedy="Fill the gap at this place")
    if minimum is not None and array.size and array.min() < minimum:
        where = np.argwhere(array < minimum)[0].tolist()
        raise RequestError(f"below {minimum:g} at {where}", key=name, value=float(array.min()), remedy="Correct it")
    return array


def _shaped(name: str, array: Array, shape: tuple[int, ...], axes: str) -> Array:
    if array.shape != shape:
        raise RequestError(
            f"shape differs from {axes} = {shape}",
            key=name,
            value=array.shape,
            remedy="Align it with population",
        )
    return array


def project_population(
    population: Any,
    survival: Any,
    fertility: Any,
    sex_ratio_at_birth: Any,
    net_migration: Any,
    migration: Literal["end", "half"] = "end",
) -> xr.DataArray:
    """Project a population by sex and age with given rates, for any country and any step.

    Parameters
    ----------
    population : array_like or DataArray (sex, age)
        Persons at the start; sexes male, female; the last age is open.
    survival : array_like or DataArray (year, sex, age + 1)
        Entry ``a`` is the share that survives into age ``a``: entry 0 from birth, the others from the age
        below; one further entry is the share of the open age that stays in it.
    fertility : array_like or DataArray (year, age)
        Births per woman and step.
    sex_ratio_at_birth : array_like or DataArray (year,)
        Boys per girl.
    net_migration : array_like or DataArray (year, sex, age)
        Net migrants of the step, persons, by age at its end.
    migration : {"end", "half"}
        ``"end"``: all migrants at the end of the step, after births and deaths. ``"half"``: half of each
        age before survival, at that age, and half at the end.

    Returns
    -------
    DataArray (year_end, sex, age), persons
        The start included. ``year_end`` is 0 for it, or one less than the first ``year`` where the
        rates carry that coordinate.

    Raises
    ------
    RequestError
        Shapes that do not fit, negative population or fertility, survival outside [0, 1], a sex ratio of
        zero or less, a number that is not finite, migrants that leave fewer than nobody.

    Notes
    -----
    Births of a step are ``sum(fertility * (women at start + women at end) / 2)``. With ``"end"`` the women
    at the end are counted before migration. With ``"half"`` the women at the start have the first half of
    the migrants, and those at the end both halves (Preston, Heuveline and Guillot, 2001, box 6.2). The step
    is a year when survival and fertility are given per year, five years when they are given per five years
    and age group.
    """
    import xarray as xr

    start = _plain("population", population, 2, minimum=0.0)
    if start.shape[0] != len(SEX):
        raise RequestError("needs two sexes", key="population", value=start.shape, remedy="First axis: male, female")
    ages = start.shape[1]
    if ages < 2:
        raise RequestError("needs two ages or more", key="population", value=start.shape)
    born = _plain("fertility", fertility, 2, minimum=0.0)
    steps = born.shape[0]
    _shaped("fertility", born, (steps, ages), "(year, age)")
    alive = _plain("survival", survival, 3, minimum=0.0)
    _shaped("survival", alive, (steps, len(SEX), ages + 1), "(year, sex, age + 1)")
    if alive.size and alive.max() > 1.0:
        where = np.argwhere(alive > 1.0)[0].tolist()
        raise RequestError(
            f"above 1 at {where}", key="survival", value=float(alive.max()), remedy="Survival is a share"
        )
    ratio = np.asarray(_plain("sex_ratio_at_birth", np.atleast_1d(np.asarray(sex_ratio_at_birth)), 1))
    if ratio.shape == (1,):
        ratio = np.repeat(ratio, steps)
    _shaped("sex_ratio_at_birth", ratio, (steps,), "(year,)")
    if (ratio <= 0).any():
        raise RequestError("not positive", key="sex_ratio_at_birth", value=float(ratio.min()), remedy="Boys per girl")
    moved = _plain("net_migration", net_migration, 3)
    _shaped("net_migration", moved, (steps, len(SEX), ages), "(year, sex, age)")
    if migration not in ("end", "half"):
        raise RequestError("unknown timing", key="migration", value=migration, remedy="Use 'end' or 'half'")

    path = np.empty((steps + 1, len(SEX), ages))
    path[0] = start
    for t in range(steps):
        path[t + 1] = _step(path[t], alive[t], born[t], float(ratio[t]), moved[t], migration)
        if path[t + 1].min() < 0:
            where = np.argwhere(path[t + 1] < 0)[0].tolist()
            raise RequestError(
                f"more persons leave than there are in step {t} at {where}",
                key="net_migration",
                value=float(path[t + 1].min()),
                remedy="Lower the out-migration",
            )

    coords: dict[str, Any] = {"year_end": np.arange(steps + 1), "sex": list(SEX), "age": np.arange(ages)}
    for given in (survival, fertility, net_migration):
        if hasattr(given, "coords") and "year" in given.coords and steps:
            years = np.asarray(given["year"].values)
            coords["year_end"] = np.concatenate([[years[0] - 1], years])
            break
    if hasattr(population, "coords") and "age" in population.coords:
        coords["age"] = population["age"].values
    return xr.DataArray(
        path,
        dims=("year_end", "sex", "age"),
        coords=coords,
        name="population",
        attrs={"units": "persons", "long_name": "population", "label_zh": "人口"},
    )


def _step(start: Array, alive: Array, fertility: Array, ratio: float, moved: Array, timing: str) -> Array:
    before, after = (moved / 2.0, moved / 2.0) if timing == "half" else (np.zeros_like(moved), moved)
    exposed = start + before
    end = np.zeros_like(start)
    end[:, 1:] = exposed[:, :-1] * alive[:, 1:-1]
    end[:, -1] += exposed[:, -1] * alive[:, -1]
    women_at_end = end[_FEMALE] + (after[_FEMALE] if timing == "half" else 0.0)
    births = float((fertility * (exposed[_FEMALE] + women_at_end)).sum()) / 2.0
    end[:, 0] = births * np.array([ratio, 1.0]) / (1.0 + ratio) * alive[:, 0]
    return end + after
