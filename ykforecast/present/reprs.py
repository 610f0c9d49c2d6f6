"""Results that answer when they are shown: a scorecard shows its sixteen rows, and so does a run.

Both stay what they are in xarray; only what is printed of them differs. Whatever is
selected or computed from them, and no longer has all it needs, shows itself as xarray does.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Final

import xarray as xr

from ykforecast.assess.evaluation import evaluate as _evaluate
from ykforecast.assess.seek import seek as _seek
from ykforecast.present.accessor import SCORECARD as SCORECARD  # registers `.yk` on every result
from ykforecast.present.seek_table import plain_seek
from ykforecast.present.tables import html_table, plain_table
from ykforecast.simulate.projection import project as _project
from ykforecast.vocabulary.errors import YkforecastError

_NEEDED: Final = ("median", "outcome_median", "outcome_interval", "probability", "class")


def _shows(card: xr.Dataset) -> bool:
    return all(name in card for name in _NEEDED) and {"scenario", "indicator", "year"} <= set(card.dims)


class Scorecard(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`evaluate` that prints the table of sixteen of each scenario."""

    __slots__ = ()

    @classmethod
    def of(cls, card: xr.Dataset) -> Scorecard:
        """The same variables, coordinates and attributes."""
        return cls(dict(card.data_vars), coords=card.coords, attrs=card.attrs)

    def __repr__(self) -> str:
        if not _shows(self):
            return super().__repr__()
        return "\n\n".join(plain_table(self, name) for name in self["scenario"].values.tolist())

    def _repr_html_(self) -> str:
        if not _shows(self):
            return super()._repr_html_()
        return "".join(html_table(self, name) for name in self["scenario"].values.tolist())


class Runs(xr.DataTree):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Runs of :func:`project` that print their sixteen rows and the groups they hold."""

    __slots__ = ()

    @classmethod
    def of(cls, tree: xr.DataTree) -> Runs:
        """The same groups and attributes; no array is copied."""
        return cls.from_dict(tree.to_dict(), name=tree.name)

    def __repr__(self) -> str:  # type: ignore[override]  # declared loosely in xarray
        card = self._card()
        return super().__repr__() if card is None else f"{card!r}\n{self._contents()}"

    def _repr_html_(self) -> str:
        card = self._card()
        if card is None:
            return str(super()._repr_html_())  # type: ignore[no-untyped-call]
        return card._repr_html_() + f"<p><small>{self._contents()}</small></p>"

    def _card(self) -> Scorecard | None:
        """The stored scorecard, or one made now; none for a part of a run."""
        if SCORECARD in self.children:
            card = self.children[SCORECARD].to_dataset()
        elif {"indicators", "series"} & set(self.children):
            try:
                card = _evaluate(self)
            except YkforecastError:
                return None  # showing a result never fails
        else:
            return None
        return Scorecard.of(card) if _shows(card) else None

    def _contents(self) -> str:
        return "groups: " + ", ".join(sorted(name for name in self.children if name != SCORECARD))


class EffortAnswer(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`seek` that prints its answer."""

    __slots__ = ()

    def __repr__(self) -> str:
        return plain_seek(self) if {"dose", "curve_share"} <= set(self.data_vars) else super().__repr__()


@wraps(_evaluate)
def evaluate(*arguments: Any, **options: Any) -> Scorecard:  # noqa: D103  # the docstring is the wrapped one's
    return Scorecard.of(_evaluate(*arguments, **options))


@wraps(_project)
def project(*arguments: Any, **options: Any) -> Runs:  # noqa: D103  # the docstring is the wrapped one's
    return Runs.of(_project(*arguments, **options))


@wraps(_seek)
def seek(*arguments: Any, **options: Any) -> EffortAnswer:  # noqa: D103  # the docstring is the wrapped one's
    answer = _seek(*arguments, **options)
    return EffortAnswer(dict(answer.data_vars), coords=answer.coords, attrs=answer.attrs)
