"""The pension funds over the plan's years: accounts, deficits, and what moves them (养老保险基金收支).

Balances are of current contributions against benefits. Transfers between places under provincial and national pooling
(省级统筹、全国统筹), fiscal subsidies to the employees' schemes, interest and the balance accumulated before 2021 are
not published for the city and are left out; what governments pay into the residents' scheme is its subsidy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import probability_of_attainment
from ykforecast.assess.fund_changes import CELLS, all_cases, effects
from ykforecast.assess.intervals import central_intervals
from ykforecast.assess.seek_question import movable_years
from ykforecast.simulate.fund import SCHEMES
from ykforecast.simulate.fund_runs import Accounts, run_accounts
from ykforecast.simulate.request import requested
from ykforecast.simulate.scenarios import resolve
from ykforecast.simulate.series_table import SCHEME_ZH
from ykforecast.spec.parameter import grade_counts
from ykforecast.vocabulary.dims import YEAR_ENDS, YEARS

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.simulate.calibrated import Calibration
    from ykforecast.spec.scenario import Scenario

DEFAULT_DRAWS: Final = 2_000
#: The enterprise and the government scheme together, 城镇职工基本养老保险.
EMPLOYEES: Final = "employees"
ALL_SCHEMES: Final = (*SCHEMES[:2], EMPLOYEES, SCHEMES[2])
NEVER: Final = "none"
_SCHEME_EN: Final = {
    "enterprise": "enterprise employees",
    "government": "government and public institutions",
    EMPLOYEES: "urban employees, both schemes",
    "resident": "urban and rural residents",
}
#: Accounts by year: English name, Chinese name, unit.
ACCOUNTS: Final = {
    "contributions": ("contributions", "缴费收入", "yuan"),
    "benefits": ("benefits", "待遇支出", "yuan"),
    "subsidy": ("subsidy of the residents' scheme by governments", "财政补助（城乡居民养老保险）", "yuan"),
    "base_pension": ("of which for the base pension", "其中：基础养老金财政负担", "yuan"),
    "balance": ("current balance", "当期结余", "yuan"),
    "cumulative_balance": ("sum of current balances since 2021", "2021年以来累计结余", "yuan"),
    "cover": ("contributions and subsidy over benefits", "收支比（缴费收入和补助与待遇支出之比）", "1"),
    "support_ratio": ("paying contributors per pensioner", "抚养比（缴费人数与领取人数之比）", "1"),
    "insured_ratio": (
        "insured below pension per pensioner, as published: those interrupted are counted",
        "参保口径抚养比（在职参保人数含断缴，与领取人数之比）",
        "1",
    ),
    "mean_benefit": ("mean pension", "月人均养老金", "yuan/month"),
    "paying": ("paying contributors", "缴费人数", "persons"),
    "pensioners": ("pensioners", "领取人数", "persons"),
}
NOTE: Final = (
    "Current contributions against benefits: transfers under provincial and national pooling, fiscal subsidies to the "
    "employees' schemes, interest and the balance accumulated before 2021 are left out, since none is published for "
    "the city. A deficit is what pooling and budgets have to close, not a pension unpaid. 2020 is a full year at the "
    "people, wages and pensions of its end, without the relief of that year."
)
NOTE_ZH: Final = (
    "只计当期缴费收入与待遇支出：省级统筹、全国统筹的调剂和转移，财政对职工养老保险的补助，利息，以及2021年以前的滚存结余，"
    "本市均未公布，未计入。缺口须由统筹调剂和财政弥补，并非养老金停发。2020年按年末人数、工资和养老金折算全年，不计当年减免。"
)


def fund_outlook(
    calibration: Calibration,
    scenarios: Iterable[str | Scenario] | str | Scenario = ("baseline", "plan"),
    draws: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Accounts of the pension schemes, their deficits, and what a change of each kind is worth.

    Parameters
    ----------
    calibration : Calibration
        From :func:`ykforecast.calibrate` or :func:`ykforecast.assimilate`.
    scenarios : str, Scenario or iterable of these
        As for :func:`ykforecast.project`. Each is run with the retirement ages as they were and by the rule of 2025,
        whatever it says of them itself.
    draws, seed : int, optional
        2,000 draws and the seed 2020 if left out, or those of the conditioned draws.
    threads : int, optional
    progress : callable, optional
        Called with (draws done, draws in all), scenarios counted one by one.

    Returns
    -------
    Dataset
        Dims (scenario, ages, adjustment, scheme, year, level, bound, first_year, change, account). Money in yuan a
        year, people in persons at the year end.

        ==============================  ==========================================  =================================
        variable                        dims                                        meaning
        ==============================  ==========================================  =================================
        contributions .. pensioners     scenario, ages, adjustment, scheme, year    medians, 2020 to 2025, of
                                                                                    :data:`ACCOUNTS`
        ..._interval                    the same, level, bound                      central intervals
        deficit_probability, ..._error  scenario, ages, adjustment, scheme, year    of a negative current balance
        first_deficit, ..._error        ..., scheme, first_year                     distribution of the first year of
                                                                                    one; ``none`` is "not by 2025"
        effect                          scenario, change, account, scheme, year     paired: what one unit of a change
                                                                                    from its first year on is worth
        effect_interval                 the same, level, bound                      central intervals
        effect_paying, .._pensioners    scenario, change, scheme, year              the same in persons
        linearity                       scenario, change, year                      effect of the whole unit over twice
                                                                                    that of half of it, less one
        ==============================  ==========================================  =================================

        The unit of each change is in its label; changes are listed in :data:`ykforecast.assess.fund_changes.CHANGES`.
        ``attrs`` say what balances leave out and when changes begin.

    Raises
    ------
    RequestError
        Draws or seed are impossible, no year can be moved, or the model has no switch of the retirement rule.
    ScenarioError
        A scenario does not fit the model.
    """
    import xarray as xr

    draws, seed = requested(calibration, draws, seed, DEFAULT_DRAWS, threads=threads)
    evidence = calibration.evidence
    resolved = resolve(calibration.model, scenarios, None if evidence is None else evidence.past)
    first_year = movable_years(calibration, None)[0]
    parts: list[xr.Dataset] = []
    for scenario in resolved:
        held: dict[str, list[xr.Dataset]] = {}
        for start, found in run_accounts(
            calibration, scenario, all_cases(), draws, seed, first_year=first_year, threads=threads
        ):
            for name, accounts in found.items():
                held.setdefault(name, []).append(_labelled(accounts, start))
            if progress is not None:
                done = start + held[name][-1].sizes["draw"]
                progress(len(parts) * draws + done, len(resolved) * draws)
        parts.append(_reduced({name: xr.concat(blocks, "draw") for name, blocks in held.items()}, first_year))
    whole = xr.concat(parts, "scenario").assign_coords(
        scenario=[one.name for one in resolved],
        scenario_zh=("scenario", [one.label_zh for one in resolved]),
        scenario_en=("scenario", [one.label_en for one in resolved]),
        scheme_zh=("scheme", [{**SCHEME_ZH, EMPLOYEES: "城镇职工养老保险合计"}[one] for one in ALL_SCHEMES]),
        scheme_en=("scheme", [_SCHEME_EN[one] for one in ALL_SCHEMES]),
    )
    model = calibration.model
    money = {name: spec for name, spec in model.parameters.items() if name.startswith(("fund_", "resident_"))}
    whole.attrs = {
        "title": "Pension funds",
        "title_zh": f"{model.plan_zh}养老保险基金收支",
        "note": NOTE,
        "note_zh": NOTE_ZH,
        "changes_from": first_year,
        "draws": draws,
        "seed": seed,
        "model": model.name,
        "model_digest": model.digest,
        "money_parameter_grades": [f"{grade} {count}" for grade, count in grade_counts(money).items()],
        **({} if evidence is None else {"as_of": evidence.as_of.isoformat()}),
    }
    return _described(whole)


def _labelled(accounts: Accounts, start: int) -> xr.Dataset:
    """Draws by scheme and year, the employees' total among the schemes."""
    import xarray as xr

    given = {name: values for name, values in accounts.items() if name != "mean_benefit"}
    # Not a sum over schemes: the mean of the total is that of its people.
    given["paid"] = accounts["mean_benefit"] * accounts["pensioners"]
    summed = {
        name: np.stack([values[0], values[1], values[0] + values[1], values[2]]) for name, values in given.items()
    }
    draws = np.arange(start, start + given["paid"].shape[1])
    coords = {"scheme": list(ALL_SCHEMES), "draw": draws, "year": list(YEAR_ENDS)}
    found = xr.Dataset({name: (("scheme", "draw", "year"), values) for name, values in summed.items()}, coords)
    since = found["balance"].where(found["year"] >= YEARS[0], 0.0).cumsum("year")
    return found.drop_vars("paid").assign(
        cumulative_balance=since.where(found["year"] >= YEARS[0]),
        cover=(found["contributions"] + found["subsidy"]) / found["benefits"],
        support_ratio=found["paying"] / found["pensioners"],
        insured_ratio=found["insured"] / found["pensioners"],
        mean_benefit=found["paid"] / found["pensioners"],
    )


def _reduced(cases: dict[str, xr.Dataset], first_year: int) -> xr.Dataset:
    """Medians, intervals, chances and effects of one scenario."""
    import xarray as xr

    ages, adjustments = (list(dict.fromkeys(cell[axis] for cell in CELLS.values())) for axis in (0, 1))
    by_name = {cell: cases[name] for name, cell in CELLS.items()}
    rows = [xr.concat([_summary(by_name[age, one]) for one in adjustments], "adjustment") for age in ages]
    found = xr.concat(rows, "ages").assign_coords(ages=ages, adjustment=adjustments)
    return found.merge(effects(cases, first_year))


def _summary(case: xr.Dataset) -> xr.Dataset:
    """What is told of the draws of one case."""
    import xarray as xr

    found = {}
    for name in ACCOUNTS:
        found[name] = case[name].median("draw", skipna=False)
        found[f"{name}_interval"] = central_intervals(case[name])
    deficit = case["balance"] < 0.0
    found["deficit_probability"], found["deficit_probability_error"] = probability_of_attainment(deficit)
    # The first of the years, or none of them: the place of the first True after which a True is added.
    never = xr.ones_like(deficit.isel(year=[0])).assign_coords(year=[YEAR_ENDS[-1] + 1])
    first = xr.concat([deficit, never], "year").argmax("year")
    labels = [*map(str, YEAR_ENDS), NEVER]
    is_first = first == xr.DataArray(np.arange(len(labels)), coords={"first_year": labels}, dims="first_year")
    found["first_deficit"], found["first_deficit_error"] = probability_of_attainment(is_first)
    return xr.Dataset(found)


def _described(found: xr.Dataset) -> xr.Dataset:
    """Names and units of every variable."""
    described = dict(ACCOUNTS) | {
        "deficit_probability": ("probability of a negative current balance", "当期收不抵支的概率", "1"),
        "first_deficit": ("probability that a year is the first with a deficit", "首个收不抵支年份的概率", "1"),
        "effect": ("paired effect of one unit of a change", "一个单位变动的成对影响", "yuan"),
        "effect_paying": ("effect on paying contributors", "对缴费人数的影响", "persons"),
        "effect_pensioners": ("effect on pensioners", "对领取人数的影响", "persons"),
        "linearity": ("effect of a whole unit over twice that of half of it, less one", "线性检验（偏离）", "1"),
    }
    endings = {
        "_interval": (", central intervals", "（中心区间）"),
        "_error": (", Monte Carlo standard error", "（抽样误差）"),
        "": ("", ""),
    }
    for name in map(str, found.data_vars):
        ending = next(end for end in endings if name.endswith(end) and name.removesuffix(end) in described)
        long_name, label_zh, units = described[name.removesuffix(ending)]
        english, chinese = endings[ending]
        found[name].attrs = {"long_name": long_name + english, "label_zh": label_zh + chinese, "units": units}
        if found[name].dims[-1] == "year" and units == "yuan":
            found[name].attrs["cell_methods"] = "year: sum"
    return found
