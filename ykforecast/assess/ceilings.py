"""How far an indicator can go at all (可行上限): nobody is insured who is not there to be insured.

A ceiling is the number of those who could be counted, by draw and year, from stocks that every run keeps; of a ratio
that is to fall it is the floor. The series themselves stop there, whatever the dose: a test holds both together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ykforecast.assess.definition_steps import Counting, definition_steps

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Best value that an indicator can take.

    Attributes
    ----------
    label_zh, label_en : str
        What sets it.
    value : callable
        Of the series of a run to the ceiling, dims (scenario, draw, year_end), base units.
    """

    label_zh: str
    label_en: str
    value: Callable[[xr.Dataset], xr.DataArray]


def _whole(series: xr.Dataset) -> xr.DataArray:
    ones: xr.DataArray = series["population"] * 0.0 + 1.0
    return ones


def _enterprise_pension(series: xr.Dataset) -> xr.DataArray:
    workers = series["employed"] - series["government_contributors"]
    return workers + series["interrupted"] + series["enterprise_retirees"]


def _employees_pension(series: xr.Dataset) -> xr.DataArray:
    return series["employed"] + series["interrupted"] + series["enterprise_retirees"] + series["government_retirees"]


#: By indicator. Of the others none is known: person-times may repeat, and the register of people lifted out of
#: poverty prints no size; schooling stops at the shares of entrants, see ``processes.education``.
CEILINGS: Final = {
    "pension_employees_total": Ceiling(
        "就业人员、断缴人员与离退休人员", "workers, interrupted contributors and retirees", _employees_pension
    ),
    "pension_enterprise": Ceiling(
        "机关事业单位以外的就业人员、断缴人员与企业离退休人员",
        "workers outside public posts, interrupted contributors and retirees",
        _enterprise_pension,
    ),
    "medical_coverage": Ceiling("全体常住人口", "all residents", _whole),
    "unemployment_insured": Ceiling(
        "企业职工和应参保的机关事业单位人员",
        "employees of enterprises and insurable staff of public institutions",
        lambda series: series["unemployment_insurable"],
    ),
    "work_injury_insured": Ceiling(
        "企业职工和机关事业单位人员",
        "employees of enterprises and public servants",
        lambda series: series["enterprise_employees"] + series["public_employees"],
    ),
    "dibao_ratio": Ceiling("城乡标准一致（1倍）", "equal standards in town and country (1)", _whole),
    "veteran_card_issuance": Ceiling("全体应发对象", "all who are entitled", _whole),
    "social_security_cards": Ceiling(
        "常住人口与持卡的在外户籍人口",
        "residents and registered leavers who keep their card",
        lambda series: series["card_entitled"],
    ),
}


def ceilings(runs: xr.DataTree, model: ModelSpec, *, counting: Counting = "published") -> xr.Dataset:
    """Ceilings of those indicators of a run that have one.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project`.
    model : ModelSpec
        Names the indicators.
    counting : {"published", "base"}
        As in :func:`ykforecast.indicators`: a definition step that widened the count widened the ceiling by as much.

    Returns
    -------
    Dataset
        One variable per key, dims (scenario, draw, year), years 2020-2025, base units.
    """
    import xarray as xr

    series = runs["series"].to_dataset()
    steps = definition_steps(runs, model) if counting == "published" else {}
    found = {}
    for key, spec in model.indicators.items():
        if key not in CEILINGS:
            continue
        value = CEILINGS[key].value(series).rename(year_end="year") + steps.get(key, 0.0)
        found[key] = value.transpose("scenario", "draw", "year").assign_attrs(
            long_name=f"ceiling of {spec.label_en}: {CEILINGS[key].label_en}",
            label_zh=f"{spec.label_zh}上限：{CEILINGS[key].label_zh}",
            units=spec.base_unit,
        )
    return xr.Dataset(found)
