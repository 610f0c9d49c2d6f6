"""四 养老保险基金: income and spending by scheme, with later retirement and without, and what one unit is worth."""

from __future__ import annotations

from typing import Any, Final

from ykforecast.documents.blocks import Block, Cell, Column, Figure, Span, Table
from ykforecast.documents.content.draft import Draft
from ykforecast.vocabulary.dims import YEAR_ENDS

#: As the policy of the base year has it: ages of old, pensions adjusted every year.
_POLICY: Final[dict[str, Any]] = {"ages": "original", "adjustment": "yearly"}


def fund(draft: Draft) -> tuple[Block, ...]:
    """Blocks of the section."""
    if "fund" not in draft.results:
        return (draft.say("本次运行未测算养老保险基金。", "Pension funds were not computed in this run."),)
    year = draft.model.horizon
    total: dict[str, Any] = {"scheme": "employees", "year": year}
    later = draft.results.number(
        "fund",
        "balance",
        unit="100m yuan",
        decimals=1,
        scenario=draft.main,
        **{**_POLICY, "ages": "rule_2025"},
        **total,
    )
    said = draft.say(
        "{scenario}下，2025年城镇职工养老保险缴费收入为{income}亿元，待遇支出为{spending}亿元，当期结余为{balance}亿元"
        "（80%区间为{low}亿元～{high}亿元）；缴费人数与领取人数之比由2020年的{ratio0}降为{ratio1}。若假定2025年起"
        "渐进式延迟法定退休年龄，当年结余为{later}亿元。",
        "Under the {scenario} scenario, contributions to the employees' schemes in 2025 are {income} (100 million "
        "yuan) and benefits {spending}, a current balance of {balance} (80 % interval {low} to {high}); "
        "contributors per pensioner go from {ratio0} in 2020 to {ratio1}. If statutory retirement ages were raised "
        "gradually from 2025, the balance of that year would be {later}.",
        scenario=draft.results.text("scorecard", f"scenario_{draft.lang}", scenario=draft.main),
        income=_money(draft, "contributions", **total),
        spending=_money(draft, "benefits", **total),
        balance=_money(draft, "balance", **total),
        low=_money(draft, "balance_interval", level=0.8, bound="lower", **total),
        high=_money(draft, "balance_interval", level=0.8, bound="upper", **total),
        ratio0=_ratio(draft, scheme="employees", year=draft.model.base_year),
        ratio1=_ratio(draft, **total),
        later=later,
    )
    sure = draft.results.share(
        "fund", "deficit_probability", scenario=draft.main, scheme="enterprise", year=2020, **_POLICY
    )
    deficit = draft.say(
        "按本口径，企业职工养老保险2020年即收不抵支的概率{about}{sure}%；缺口由省级统筹调剂和财政补助弥补，下表不含两者。"
        "本市未公布基金收支，上述数由人数、工资、费率和待遇推算，{gap}。",
        "On this basis the enterprise scheme already spent more than it took in in 2020 with probability {sure} %; "
        "transfers under provincial pooling and subsidies, which fill the gap, are not included. The city publishes "
        "no accounts: these figures are derived from headcounts, wages, contribution rates and benefits. {gap}.",
        sure=sure,
        about=draft.roughly(sure),
        gap=draft.gap("pension_enterprise", "2020年以来基金收支决算", "accounts of the funds since 2020"),
    )
    return (said, deficit, _table(draft), _figure(draft), _worth(draft))


def _money(draft: Draft, variable: str, **at: Any) -> Cell:
    return draft.results.number("fund", variable, unit="100m yuan", decimals=1, scenario=draft.main, **_POLICY, **at)


def _ratio(draft: Draft, **at: Any) -> Cell:
    return draft.results.number("fund", "support_ratio", unit="ratio", decimals=2, scenario=draft.main, **_POLICY, **at)


def _table(draft: Draft) -> Table:
    data = draft.results.group("fund")
    rows: list[tuple[Span, ...]] = []
    for scheme in data["scheme"].values.tolist():
        for variable, word in (
            ("contributions", draft.pick("缴费收入", "contributions")),
            ("benefits", draft.pick("待遇支出", "benefits")),
            ("balance", draft.pick("当期结余", "balance")),
        ):
            name: Span = (
                draft.results.text("fund", f"scheme_{draft.lang}", scheme=scheme) if variable == "contributions" else ""
            )
            rows.append((name, word, *(_money(draft, variable, scheme=scheme, year=year) for year in YEAR_ENDS)))
    return Table(
        "fund",
        draft.pick("养老保险基金收支", "Pension funds: contributions, benefits and balance"),
        (
            Column(draft.pick("险种", "scheme"), "left", 3.4),
            Column(draft.pick("项目", "item"), "left", 1.4),
            *(Column(f"{year}年" if draft.lang == "zh" else f"{year}") for year in YEAR_ENDS),
        ),
        tuple(rows),
        unit=draft.pick("单位：亿元", "100 million yuan"),
        notes=(
            draft.say(
                "注：中位数，收支之差的中位数不等于中位数之差；2020年为按当年人数、工资和待遇折算的全年数，不含社保费减免；"
                "居民养老保险的结余含财政补助，其余不含补助和统筹调剂。",
                "Medians, whose differences need not agree. 2020 is a full year at that year's headcounts, wages "
                "and pensions, without the contribution relief. The balance of the residents' scheme includes "
                "subsidies; the others include neither subsidies nor pooling transfers.",
                "note",
            ),
        ),
    )


def _figure(draft: Draft) -> Figure:
    from ykforecast.documents.charts import stacked
    from ykforecast.present.figures_fund import pension_balance

    found = draft.results.group("fund")
    one = found.sel({"scenario": draft.main, "scheme": "employees", **_POLICY})
    series = {
        draft.pick("缴费收入", "contributions"): (one["contributions"] / 1e8).values.tolist(),
        draft.pick("待遇支出", "benefits"): (-one["benefits"] / 1e8).values.tolist(),
    }
    balance = {draft.pick("当期结余", "balance"): (one["balance"] / 1e8).values.tolist()}
    return Figure(
        "fund_employees",
        draft.pick("城镇职工养老保险收支与当期结余", "Employees' schemes: contributions, benefits and balance"),
        lambda: pension_balance(found, draft.main, "employees", draft.lang),
        stacked(
            one["year"].values.tolist(),
            series,
            unit=draft.pick("亿元", "100 million yuan"),
            decimals=1,
            over=balance,
        ),
        text=draft.pick("柱为收入与支出，线为当期结余。", "Bars: contributions and benefits; line: current balance."),
    )


def _worth(draft: Draft) -> Table:
    data = draft.results.group("fund")
    year = draft.model.horizon
    rows = tuple(
        (
            draft.results.text("fund", f"change_{draft.lang}", change=change),
            *(
                draft.results.number(
                    "fund",
                    "effect",
                    unit="100m yuan",
                    decimals=2,
                    sign=True,
                    scenario=draft.main,
                    change=change,
                    account=account,
                    scheme="employees",
                    year=year,
                )
                for account in ("contributions", "benefits", "balance")
            ),
        )
        for change in data["change"].values.tolist()
    )
    return Table(
        "fund_worth",
        draft.pick("一个单位变动对2025年收支的影响", "Effect of a one-unit change on 2025"),
        (
            Column(draft.pick("变动", "change"), "left", 4.2),
            Column(draft.pick("缴费收入", "contributions")),
            Column(draft.pick("待遇支出", "benefits")),
            Column(draft.pick("当期结余", "balance")),
        ),
        rows,
        unit=draft.pick("单位：亿元", "100 million yuan"),
        notes=(
            draft.say(
                "注：城镇职工两险种合计，同一抽样下成对差的中位数。",
                "Both employees' schemes together; medians of paired differences from the same draws.",
                "note",
            ),
        ),
    )
