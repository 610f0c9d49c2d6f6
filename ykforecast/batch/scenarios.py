"""The scenarios of a batch as records: named, written out, and made of combinations of doses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ykforecast.simulate.scenarios import resolve
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.errors import RequestError, nearest

if TYPE_CHECKING:
    from ykforecast.spec.batch import BatchSpec, Grid
    from ykforecast.spec.model import ModelSpec

#: Marks between base and doses, and between doses.
_MARKS: Final = {"zh": ("：", "，"), "en": (": ", ", ")}


def batch_scenarios(spec: BatchSpec, model: ModelSpec) -> list[Scenario]:
    """Every scenario of a batch, in the order of the file: by name, written out, made of grids.

    Raises
    ------
    RequestError
        An unknown name, or one that stands twice.
    ScenarioError
        A lever or a dose that the model does not allow.
    """
    wanted: list[str | Scenario] = [
        *spec.scenarios,
        *(Scenario(**dict(table)) for table in spec.own),
        *(made for grid in spec.grid for made in _made(grid, model)),
    ]
    return [one.spec for one in resolve(model, wanted)]


def _made(grid: Grid, model: ModelSpec) -> Iterator[Scenario]:
    for lever in grid.levers:
        if lever not in model.levers:
            raise RequestError(
                "unknown lever", key=f"grid {grid.name}", value=lever, remedy=nearest(lever, model.levers)
            )
    base = Scenario(grid.name) if grid.base is None else resolve(model, grid.base)[0].spec
    for name, doses in grid.combinations():
        made = base.with_doses({lever: dict.fromkeys(grid.years, dose) for lever, dose in doses.items()})
        yield made.named(name, _label(grid, base, doses, model, "zh"), _label(grid, base, doses, model, "en"))


def _label(grid: Grid, base: Scenario, doses: Mapping[str, float], model: ModelSpec, lang: str) -> str:
    """The base, and the doses beside it."""
    colon, comma = _MARKS[lang]
    names = {lever: getattr(model.levers[lever], f"label_{lang}") for lever in doses}
    said = comma.join(f"{names[lever]} {dose:.12g}" for lever, dose in doses.items())
    return said if grid.base is None else base.label(lang) + colon + said
