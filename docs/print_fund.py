"""Renew what the page on pension money shows: the answers of its commands, the comparison and the pictures.

python docs/print_fund.py
"""

from __future__ import annotations

from pathlib import Path

from print_seek import _ANSWER, answered
from print_targets import renewed

import ykforecast as yk
from ykforecast.data.tables import read_table
from ykforecast.present.figures_fund import pension_balance, support_ratios
from ykforecast.present.text import even_lines

HERE = Path(__file__).resolve().parent
PAGE = HERE / "method" / "pension_money.md"
STATIC = HERE / "_static"
#: Years in which the table of the province has people, income and spending together.
YEARS = ("2008", "2010", "2016")
HEADINGS = (
    "",
    "在职参保／领取",
    "领取者占参保%",
    "收入／支出",
    "在职参保者人均收入（元/年）",
    "领取者人均支出（元/月）",
)


def comparison(found) -> str:
    """The province as published beside the city's full year 2020: both employees' schemes together."""
    table = read_table("social_insurance_china_liaoning", "social_insurance")

    def published(variable: str) -> dict[str, float]:
        return table.series("year", variable=f"urban_employee_pension_{variable}", place="liaoning")

    workers, pensioners, income, spending = map(
        published, ("contributors", "retirees", "fund_revenue", "fund_expenditure")
    )
    rows = [(f"辽宁省{y}（公布）", workers[y], pensioners[y], income[y], spending[y]) for y in YEARS]
    city = found.sel(scenario="plan", ages="original", adjustment="yearly", scheme="employees", year=2020)
    people = float(city["pensioners"])
    insured = people * float(city["insured_ratio"])
    rows.append(("本市2020（模型折算）", insured, people, float(city["contributions"]), float(city["benefits"])))
    lines = [
        (
            name,
            f"{active / drawing:.2f}",
            f"{100 * drawing / (active + drawing):.1f}",
            f"{received / paid:.2f}",
            f"{received / active:.0f}",
            f"{paid / drawing / 12:.0f}",
        )
        for name, active, drawing, received, paid in rows
    ]
    return "\n".join(even_lines(HEADINGS, lines, left={0}))


def main() -> None:
    """Run every command of the page, compare with the province and draw the pictures."""
    text = PAGE.read_text(encoding="utf-8")
    text = _ANSWER.sub(lambda block: f"{block[1]}{answered(block[2])}\n```", text)
    found = yk.fund_outlook(yk.calibrate(yk.load_model()), "plan")
    text = renewed(text, "province", comparison(found))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    pension_balance(found, "plan").figure.savefig(STATIC / "pension_balance.png", dpi=110)
    support_ratios(found, "plan").figure.savefig(STATIC / "pension_support.png", dpi=110)


if __name__ == "__main__":
    main()
