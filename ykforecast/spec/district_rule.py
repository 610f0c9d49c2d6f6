"""What an indicator's targets follow across districts (分解到县区)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from ykforecast.spec.record import FromList, Key, Reasoned
from ykforecast.vocabulary.dims import STOCKS
from ykforecast.vocabulary.errors import nearest


def _known(stock: str) -> str:
    if stock not in STOCKS:
        raise ValueError(f"unknown stock {stock!r}. {nearest(stock, STOCKS)}")
    return stock


class DistrictRule(Reasoned):
    """What an indicator's targets follow across districts.

    Attributes
    ----------
    stocks : tuple of str, optional
        Stocks of the model; each district's part of their sum is its part of the target. None where the model splits
        the indicator itself: its own parts are followed.
    """

    stocks: Annotated[tuple[Annotated[Key, AfterValidator(_known)], ...], FromList, Field(min_length=1)] | None = None
