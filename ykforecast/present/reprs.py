"""Results that answer when they are shown: a scorecard shows its sixteen rows, a run those of its scorecard.

Both stay what they are in xarray; only what is printed of them differs. Whatever is
selected or computed from them, and no longer has all it needs, shows itself as xarray does.
"""

from __future__ import annotations

from typing import Final

import xarray as xr

from ykforecast.present.tables import html_table, plain_table

#: Group of a run that holds the scorecard.
SCORECARD: Final = "scorecard"
_NEEDED: Final = ("median", "outcome_median", "outcome_interval", "probability", "class")


def _shows(card: xr.Dataset) -> bool:
    return all(name in card for name in _NEEDED) and {"scenario", "indicator", "year"} <= set(card.dims)


class Scorecard(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`ykforecast.evaluate` that prints the table of sixteen of each scenario."""

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
    """Runs of :func:`ykforecast.project` that print the sixteen rows of their group ``scorecard``."""

    __slots__ = ()

    def __repr__(self) -> str:  # type: ignore[override]  # declared loosely in xarray
        card = self._card()
        return super().__repr__() if card is None else f"{card!r}\n{self._contents()}"

    def _repr_html_(self) -> str:
        card = self._card()
        if card is None:
            return str(super()._repr_html_())  # type: ignore[no-untyped-call]
        return card._repr_html_() + f"<p><small>{self._contents()}</small></p>"

    def _card(self) -> Scorecard | None:
        if SCORECARD not in self.children:
            return None
        card = Scorecard.of(self[SCORECARD].to_dataset())
        return card if _shows(card) else None

    def _contents(self) -> str:
        return "groups: " + ", ".join(sorted(name for name in self.children if name != SCORECARD))
