"""Months of the plan as files write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ykforecast.vocabulary.dims import MONTHS_A_YEAR, YEARS

#: ``2021-01`` .. ``2025-12``.
Month = Annotated[str, Field(pattern=rf"^(?:{'|'.join(map(str, YEARS))})-(?:0[1-9]|1[0-2])$")]


def month_index(text: str) -> int:
    """Position of a month ``2021-01`` .. ``2025-12`` among those of the plan, from 0."""
    year, month = (int(part) for part in text.split("-"))
    return (year - YEARS[0]) * MONTHS_A_YEAR + month - 1
