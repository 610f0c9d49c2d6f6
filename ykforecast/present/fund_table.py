"""The pension funds in tables (养老保险基金收支表): accounts by scheme, deficits, what changes are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final

import numpy as np
import xarray as xr

from ykforecast.assess.fund_changes import NO_ADJUSTMENT, YEARLY
from ykforecast.assess.fund_outlook import ACCOUNTS, EMPLOYEES, NEVER
from ykforecast.assess.fund_outlook import fund_outlook as _fund_outlook
from ykforecast.present.text import check_language, even_lines, figure, percent, percent_error, signed
from ykforecast.simulate.fund_runs import ORIGINAL, RULE_2025
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEARS

#: Printed unit and decimals by base unit.
_PRINTED: Final = {"yuan": ("100m yuan", 1), "1": ("ratio", 2), "yuan/month": ("yuan/month", 0)}
_MORE: Final = 1
_SHOWN: Final = (
    "contributions",
    "benefits",
    "subsidy",
    "base_pension",
    "balance",
    "cumulative_balance",
    "cover",
    "support_ratio",
    "insured_ratio",
    "mean_benefit",
)
#: Rows that say nothing beside another of the same scheme: subsidies, but for residents; the insured, where none lapse.
_RESIDENT_ONLY: Final = ("subsidy", "base_pension")
_INTERRUPTED: Final = ("enterprise", EMPLOYEES)
_ENDS: Final = {
    (ORIGINAL, YEARLY): ("退休年龄不变，逐年调整", "ages as they were, yearly adjustment"),
    (ORIGINAL, NO_ADJUSTMENT): ("退休年龄不变，不作调整", "ages as they were, no adjustment"),
    (RULE_2025, YEARLY): ("2025年起延迟退休，逐年调整", "rule of 2025, yearly adjustment"),
    (RULE_2025, NO_ADJUSTMENT): ("2025年起延迟退休，不作调整", "rule of 2025, no adjustment"),
}
_WORDS: Final[dict[str, dict[str, Any]]] = {
    "zh": {
        "title": "{scenario}：城镇职工养老保险2025年当期结余{balance}亿元（80%区间{interval}），"
        "缴费收入为待遇支出的{cover}%，五年累计{total}亿元；2025年每名领取者对应{support}名缴费者（2020年{before}名）。",
        "account": ("制度", "科目（亿元；月人均养老金为元）", "2020折算", "2025年80%区间"),
        "cells": ("城镇职工养老保险当期结余（亿元）", "五年累计"),
        "deficit": ("首个当期收不抵支年份的概率（%）", "到2025年没有"),
        "change": (
            "自{year}年起的变动：对城镇职工当期结余的影响（亿元）",
            "80%区间",
            "缴费人数",
            "领取人数",
            "线性偏离%",
        ),
        "change_note": "影响为同一抽样之差的中位数；人数为2025年末；覆盖面一行按当年实际提高的百分点折算；"
        "退休年龄推迟1年是设问，不是已出台的办法。",
        "draws": "各年为中位数，{draws}次抽样；分项的中位数相加不一定等于合计的中位数，每次抽样内相加恒等。",
    },
    "en": {
        "title": "{scenario}: the employees' schemes end 2025 with a current balance of {balance} (100 million yuan; "
        "80 % {interval}); contributions cover {cover} % of benefits; five years together {total}; {support} "
        "contributors for a pensioner in 2025 ({before} in 2020).",
        "account": ("scheme", "account (100 million yuan; mean pension in yuan)", "2020, full year", "80 % in 2025"),
        "cells": ("current balance of the employees' schemes (100 million yuan)", "five years"),
        "deficit": ("probability of the first year with a deficit (%)", "not by 2025"),
        "change": (
            "change from {year} on: effect on the employees' current balance (100 million yuan)",
            "80 %",
            "contributors",
            "pensioners",
            "bend %",
        ),
        "change_note": "Effects are medians of differences in the same draw; people at the end of 2025; coverage by "
        "the points that came of it in the year; a year of later retirement is a question, no rule that was decided.",
        "draws": "Medians of {draws} draws; medians of parts need not add up to the median of a total, draws do.",
    },
}


class FundOutlook(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`fund_outlook` that prints its tables."""

    __slots__ = ()

    def __repr__(self) -> str:
        whole = {"balance", "balance_interval", "first_deficit", "effect"} <= set(self.data_vars)
        if not whole or not {"scenario", "ages", "adjustment", "scheme", "year"} <= set(self.dims):
            return super().__repr__()
        return "\n\n".join(plain_fund(self, name) for name in self["scenario"].values.tolist())


@wraps(_fund_outlook)
def fund_outlook(*arguments: Any, **options: Any) -> FundOutlook:  # noqa: D103  # the docstring is the wrapped one's
    found = _fund_outlook(*arguments, **options)
    return FundOutlook(dict(found.data_vars), coords=found.coords, attrs=found.attrs)


def plain_fund(found: xr.Dataset, scenario: str, lang: str = "zh") -> str:
    """Tables of one scenario as text of even columns.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.fund_outlook`.
    scenario : str
        Its name in ``found``.
    lang : str
        ``zh`` or ``en``.
    """
    words = _WORDS[check_language(lang)]
    one = found.sel(scenario=scenario)
    here = one.sel(ages=ORIGINAL, adjustment=YEARLY)
    years = [str(year) for year in YEARS]
    scheme, account, first, interval = words["account"]
    cells, five = words["cells"]
    deficit, never = words["deficit"]
    change, *behind = words["change"]
    labels = [str(name) for name in found["first_year"].values]
    tables = [
        even_lines([scheme, account, first, *years, interval], _account_rows(here, lang), left={0, 1}),
        even_lines([cells, *years, five], _cell_rows(one, lang), left={0}),
        even_lines([deficit, *(never if name == NEVER else name for name in labels)], _deficit_rows(here, lang), {0}),
        even_lines([change.format(year=found.attrs["changes_from"]), *years, *behind], _change_rows(one, lang), {0}),
    ]
    notes = [words["change_note"], words["draws"].format(**found.attrs)]
    note = found.attrs["note_zh" if lang == "zh" else "note"]
    return "\n\n".join([_title(here, words, lang), *("\n".join(lines) for lines in tables), "\n".join([*notes, note])])


def _title(here: xr.Dataset, words: dict[str, Any], lang: str) -> str:
    both = here.sel(scheme=EMPLOYEES)
    last = both.sel(year=HORIZON)
    low, high = (figure(float(x), "100m yuan", 1) for x in last["balance_interval"].sel(level=0.8))
    return str(words["title"]).format(
        scenario=here[f"scenario_{lang}"].item(),
        balance=figure(float(last["balance"]), "100m yuan", 1),
        interval=f"{low}~{high}",
        cover=figure(float(last["cover"]), "%", 0),
        total=figure(float(last["cumulative_balance"]), "100m yuan", 0),
        support=figure(float(last["support_ratio"]), "ratio", 2),
        before=figure(float(both["support_ratio"].sel(year=BASE_YEAR)), "ratio", 2),
    )


def _account_rows(here: xr.Dataset, lang: str) -> Iterator[list[str]]:
    for scheme in here["scheme"].values.tolist():
        one, name = here.sel(scheme=scheme), str(here[f"scheme_{lang}"].sel(scheme=scheme).item())
        for key in _SHOWN:
            if key in _RESIDENT_ONLY and scheme != "resident" or key == "insured_ratio" and scheme not in _INTERRUPTED:
                continue
            english, chinese, base = ACCOUNTS[key]
            unit, decimals = _PRINTED[base]
            low, high = (figure(float(x), unit, decimals) for x in one[f"{key}_interval"].sel(level=0.8, year=HORIZON))
            values = [figure(float(value), unit, decimals) for value in one[key]]
            yield [name, chinese if lang == "zh" else english, *values, f"{low}~{high}"]
            name = ""


def _cell_rows(one: xr.Dataset, lang: str) -> Iterator[list[str]]:
    both = one.sel(scheme=EMPLOYEES, year=list(YEARS))
    for (ages, adjustment), names in _ENDS.items():
        cell = both.sel(ages=ages, adjustment=adjustment)
        values = [figure(float(value), "100m yuan", 1) for value in cell["balance"]]
        total = figure(float(cell["cumulative_balance"].sel(year=HORIZON)), "100m yuan", 1)
        yield [names[lang == "en"], *values, total]


def _deficit_rows(here: xr.Dataset, lang: str) -> Iterator[list[str]]:
    for scheme in here["scheme"].values.tolist():
        one = here.sel(scheme=scheme)
        pairs = zip(one["first_deficit"].values, one["first_deficit_error"].values, strict=True)
        cells = [f"{percent(float(chance))}±{percent_error(float(error))}" for chance, error in pairs]
        yield [str(one[f"scheme_{lang}"].item()), *cells]


def _change_rows(one: xr.Dataset, lang: str) -> Iterator[list[str]]:
    money: Callable[[Any], str] = lambda value: signed(float(value), "100m yuan", 1 + _MORE)  # noqa: E731
    for change in one["change"].values.tolist():
        row = one.sel(change=change, scheme=EMPLOYEES)
        balance = row.sel(account="balance")
        low, high = map(money, balance["effect_interval"].sel(level=0.8, year=HORIZON))
        bend = float(row["linearity"].sel(year=HORIZON))
        yield [
            str(row[f"change_{lang}"].item()),
            *("—" if np.isnan(value) else money(value) for value in balance["effect"].sel(year=list(YEARS)).values),
            f"{low}~{high}",
            *(signed(float(row[f"effect_{who}"].sel(year=HORIZON)), "persons", 0) for who in ("paying", "pensioners")),
            "—" if np.isnan(bend) else f"{100 * bend:+.1f}",
        ]


def fund_rows(found: xr.Dataset) -> dict[str, list[dict[str, Any]]]:
    """Records in base units: ``accounts``, ``first_deficit`` and ``effects``; what is not defined is None."""
    shared = ("scenario", "ages", "adjustment", "scheme")
    accounts = {
        name: {"median": found[name]}
        | {
            label: found[f"{name}_interval"].sel(level=0.8, bound=bound, drop=True)
            for label, bound in (("p10", "lower"), ("p90", "upper"))
        }
        for name in ACCOUNTS
    }
    effect = {"median": found["effect"]} | {
        label: found["effect_interval"].sel(level=0.8, bound=bound, drop=True)
        for label, bound in (("p10", "lower"), ("p90", "upper"))
    }
    return {
        "accounts": [
            {"account": name, "unit": ACCOUNTS[name][2], **row}
            for name, values in accounts.items()
            for row in _records(values, (*shared, "year"))
        ],
        "first_deficit": _records(
            {"probability": found["first_deficit"], "error": found["first_deficit_error"]}, (*shared, "first_year")
        ),
        "effects": _records(effect, ("scenario", "change", "account", "scheme", "year")),
    }


def _records(values: dict[str, xr.DataArray], dims: tuple[str, ...]) -> list[dict[str, Any]]:
    plain = xr.Dataset({name: array.reset_coords(drop=True) for name, array in values.items()})
    rows = plain.to_dataframe(dim_order=list(dims)).reset_index().to_dict("records")
    return [{str(key): None if value != value else value for key, value in row.items()} for row in rows]
