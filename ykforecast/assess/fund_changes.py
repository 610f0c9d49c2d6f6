"""What moves the pension funds, and what one unit of it is worth in yuan a year: differences in the same draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ykforecast.assess.intervals import central_intervals
from ykforecast.simulate.fund_runs import ORIGINAL, RULE_2025, Cases, Money, People
from ykforecast.vocabulary.dims import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

YEARLY, NO_ADJUSTMENT = "yearly", "none"
_POINT: Final = 0.01
#: Relative rise of the hazard of joining by which a point of coverage is measured: enough to see, small beside one.
_TAKE_UP: Final = 0.2
#: The outlook itself: case -> (statutory ages, adjustment).
CELLS: Final[Mapping[str, tuple[str, str]]] = {
    "as_is": (ORIGINAL, YEARLY),
    "frozen": (ORIGINAL, NO_ADJUSTMENT),
    "delayed": (RULE_2025, YEARLY),
    "delayed_frozen": (RULE_2025, NO_ADJUSTMENT),
}
#: Accounts that effects are told of, and their Chinese names.
EFFECT_ACCOUNTS: Final[Mapping[str, str]] = {
    "contributions": "缴费收入",
    "subsidy": "财政补助",
    "benefits": "待遇支出",
    "balance": "当期结余",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the funds.

    Attributes
    ----------
    label_zh, label_en : str
        The change, its unit in it.
    case : str
        Case of the whole unit.
    half : str
        Case of half of it; empty where a change is on or off.
    """

    label_zh: str
    label_en: str
    case: str
    half: str = ""


CHANGES: Final[Mapping[str, Change]] = {
    "collection": Change(
        "企业养老保险征缴率提高1个百分点",
        "a point more of contributions due collected",
        "collection",
        "collection_half",
    ),
    "coverage": Change(
        "缴费人员占企业职工和灵活就业人员的比重提高1个百分点",
        "a point more contributors among enterprise employees and flexible workers",
        "coverage",
        "coverage_half",
    ),
    "later_year": Change("法定退休年龄推迟1年", "statutory ages a year later", "later", "later_half"),
    "adjustment": Change("养老金年度调整幅度提高1个百分点", "a point more of yearly adjustment", "rise", "rise_half"),
    "rule_2025": Change("假定2025年起渐进式延迟退休", "the retirement rule of 2025", "delayed"),
    "no_adjustment": Change("不作年度调整", "no yearly adjustment", "frozen"),
}


def all_cases() -> Cases:
    """Every case that the outlook needs, by name."""
    ages = {cell: People(ages=age) for cell, (age, _) in CELLS.items()}
    money = {cell: Money(adjustment=None if how == NO_ADJUSTMENT else 0.0) for cell, (_, how) in CELLS.items()}
    return {cell: (ages[cell], money[cell]) for cell in CELLS} | {
        "collection": (People(), Money(collection=_POINT)),
        "collection_half": (People(), Money(collection=_POINT / 2)),
        "rise": (People(), Money(adjustment=_POINT)),
        "rise_half": (People(), Money(adjustment=_POINT / 2)),
        "coverage": (People(take_up=_TAKE_UP), Money()),
        "coverage_half": (People(take_up=_TAKE_UP / 2), Money()),
        "later": (People(ages=MONTHS_A_YEAR), Money()),
        "later_half": (People(ages=MONTHS_A_YEAR // 2), Money()),
    }


def effects(cases: Mapping[str, xr.Dataset], first_year: int) -> xr.Dataset:
    """Paired effects of every change on accounts and people.

    Parameters
    ----------
    cases : mapping of str to Dataset
        Draws (scheme, draw, year) of each case of :func:`all_cases`.
    first_year : int
        First year that a change can move.

    Returns
    -------
    Dataset
        ``effect``, ``effect_interval``, ``effect_paying``, ``effect_pensioners`` and ``linearity``, dims as in
        :func:`ykforecast.fund_outlook`.
    """
    import xarray as xr

    base = cases["as_is"]

    def unit_effect(case: str, size: float) -> xr.Dataset:
        """Differences of the draws for one unit."""
        moved: xr.Dataset = (cases[case] - base)[[*EFFECT_ACCOUNTS, "paying", "pensioners"]]
        if case.startswith("coverage"):
            # Hazards are moved, coverage answers: the unit is what came of it in the same draw and year.
            points = (_coverage(cases[case]) - _coverage(base)) / _POINT
            return moved / points.where(points["year"] >= first_year)
        return moved / size

    found = []
    for change in CHANGES.values():
        whole = unit_effect(change.case, 1.0)
        money = whole[list(EFFECT_ACCOUNTS)].to_dataarray("account")
        told = xr.Dataset(
            {
                "effect": money.median("draw", skipna=False),
                "effect_interval": central_intervals(money),
                "effect_paying": whole["paying"].median("draw", skipna=False),
                "effect_pensioners": whole["pensioners"].median("draw", skipna=False),
            }
        )
        both = whole["balance"].sel(scheme="employees", drop=True).median("draw", skipna=False)
        if change.half:
            half = unit_effect(change.half, 0.5)["balance"].sel(scheme="employees", drop=True)
            bent = both / half.median("draw", skipna=False).where(both["year"] >= first_year) - 1.0
        else:
            bent = xr.full_like(both, float("nan"))
        found.append(told.assign(linearity=bent))
    return xr.concat(found, "change").assign_coords(
        change=list(CHANGES),
        change_zh=("change", [one.label_zh for one in CHANGES.values()]),
        change_en=("change", [one.label_en for one in CHANGES.values()]),
        account_zh=("account", list(EFFECT_ACCOUNTS.values())),
    )


def _coverage(case: xr.Dataset) -> xr.DataArray:
    """Contributors of the enterprise scheme among those who could be, mean of the year: (draw, year)."""
    one = case.sel(scheme="enterprise", drop=True)
    # Two years are summed on both sides; 2020 has no year before it.
    ratio: xr.DataArray = one["paying"].rolling(year=2).sum() / one["workers"].rolling(year=2).sum()
    return ratio
