"""The yearly series that every run keeps: names, axes, units, labels, and how each stands for its time."""

from __future__ import annotations

from collections.abc import Hashable

from ykforecast.processes.education import SCHOOLING_GROUPS
from ykforecast.simulate.fund import ACCOUNTS, SCHEMES
from ykforecast.vocabulary.dims import AGE_GROUPS, LABELS_ZH, SEX

#: Chinese names of the pension schemes.
SCHEME_ZH = {"enterprise": "企业职工养老保险", "government": "机关事业单位养老保险", "resident": "城乡居民养老保险"}

#: Series kept by every run: name, axis (``year_end`` stocks, ``year`` flows), unit, Chinese name.
SERIES: tuple[tuple[str, str, str, str], ...] = (
    ("population", "year_end", "persons", "常住人口"),
    ("population_urban", "year_end", "persons", "城镇常住人口"),
    ("working_age_population", "year_end", "persons", "16-59岁人口"),
    ("elderly_population", "year_end", "persons", "60岁及以上人口"),
    ("births", "year", "persons", "出生人数"),
    ("deaths", "year", "persons", "死亡人数"),
    ("net_migration", "year", "persons", "净迁入人数"),
    ("urban_moves", "year", "persons", "乡村转入城镇人数"),
    ("employed", "year_end", "persons", "就业人数"),
    ("employed_urban", "year_end", "persons", "城镇就业人数"),
    ("urban_employment_share_plan", "year_end", "1", "城镇就业占比（规划口径）"),
    ("unemployed_urban", "year_end", "persons", "城镇失业人数"),
    ("unemployment_rate", "year_end", "1", "城镇失业率（真值，年均）"),
    ("unemployment_rate_published", "year_end", "1", "城镇调查失业率（公布值）"),
    ("enterprise_employees", "year_end", "persons", "企业单位就业人数"),
    ("public_employees", "year_end", "persons", "机关事业单位就业人数"),
    ("units_employed", "year_end", "persons", "城镇非私营单位从业人员（按城镇雇员的增长及其所占比重推算）"),
    ("flexible_workers", "year_end", "persons", "灵活就业人数"),
    ("farm_workers", "year_end", "persons", "务农人数"),
    ("hires_urban", "year", "persons", "城镇招用人次"),
    ("statutory_retirements", "year", "persons", "到龄退出劳动人数"),
    ("new_urban_jobs", "year_end", "persons", "城镇新增就业人数"),
    ("gdp_growth", "year", "1", "地区生产总值增速"),
    ("productivity_growth", "year", "1", "全员劳动生产率增速"),
    ("cycle", "year", "1", "景气指数（年均；以基年2020年的状态为0，2020年初的骤降约为2.5）"),
    ("contributors", "year_end", "persons", "企业养老保险缴费人员"),
    ("interrupted", "year_end", "persons", "企业养老保险断缴人员"),
    ("enterprise_retirees", "year_end", "persons", "企业离退休人员"),
    ("government_contributors", "year_end", "persons", "机关事业单位养老保险在职人员"),
    ("government_retirees", "year_end", "persons", "机关事业单位离退休人员"),
    ("new_pensions", "year", "persons", "企业新增退休人员"),
    ("new_government_pensions", "year", "persons", "机关事业单位新增退休人员"),
    ("resident_contributors", "year_end", "persons", "城乡居民养老保险参保缴费人员"),
    ("resident_recipients", "year_end", "persons", "城乡居民养老保险领取人员"),
    ("unemployment_insured", "year_end", "persons", "失业保险参保人数"),
    ("unemployment_insurable", "year_end", "persons", "失业保险应参保人数（企业职工，机关事业单位人员按比重计入）"),
    ("work_injury_insured", "year_end", "persons", "工伤保险参保人数"),
    ("medical_employee_insured", "year_end", "persons", "职工医保参保人数"),
    ("medical_insured", "year_end", "persons", "基本医疗保险参保人数"),
    ("card_holders", "year_end", "persons", "社会保障卡持卡人数"),
    ("card_entitled", "year_end", "persons", "可持社会保障卡人数（常住人口与在外户籍人口）"),
    ("training", "year_end", "person-times", "补贴性职业技能培训人次"),
    ("poverty_workers", "year_end", "persons", "脱贫人口务工规模"),
    ("dibao_ratio", "year_end", "1", "城乡低保标准比例"),
    ("dibao_urban_standard", "year_end", "yuan/month", "城市低保平均标准"),
    ("dibao_rural_standard", "year_end", "yuan/month", "农村低保平均标准"),
    ("resident_base_pension", "year_end", "yuan/month", "城乡居民养老保险基础养老金最低标准"),
    ("veteran_card_share", "year_end", "1", "优待证发放率"),
    ("mean_years_schooling", "year_end", "years", "劳动年龄人口平均受教育年限（普查口径）"),
    ("mean_years_schooling_plan", "year_end", "years", "劳动年龄人口平均受教育年限（规划口径）"),
    *(
        (
            f"mean_years_schooling_{name}",
            "year_end",
            "years",
            f"平均受教育年限（规划口径）：{LABELS_ZH.get(name, name)}",
        )
        for name in (*SEX, *(AGE_GROUPS[place][0] for place in SCHOOLING_GROUPS))
    ),
    ("working_age_women", "year_end", "persons", "16-59岁女性人口（各年龄组内的性别构成按参考人口）"),
    *(
        (f"{scheme}_{account}", axis, unit, f"{SCHEME_ZH[scheme]}{label}")
        for scheme in SCHEMES
        for account, axis, unit, label in ACCOUNTS
    ),
)

#: What a name alone does not say.
LONG_NAMES = {
    "cycle": "business cycle index, mean of the year: zero is the state of 2020, the fall early that year about 2.5"
}
#: Series that are means over the months of their year.
YEARLY_MEANS = ("cycle", "unemployment_rate", "unemployment_rate_published")
#: Flows of a year on the axis of year ends, because the plan prints that of 2020 as well.
FLOWS_FROM_2020 = ("new_urban_jobs", "training")


def cell_methods(name: str, dims: tuple[Hashable, ...], units: str) -> str:
    """How the values of a variable stand for their time, as CF ``cell_methods``; none for rates of growth.

    Flows are what a year brings, so their unit is that of a stock (persons, yuan) and they are sums over
    the year; stocks hold at the end of the year or month.
    """
    axis = next((dim for dim in ("year", "year_end", "month") if dim in dims), None)
    if axis is None:
        return ""
    if name in YEARLY_MEANS:
        return f"{axis}: mean"
    if name in FLOWS_FROM_2020 or (axis == "year" and units != "1"):
        return f"{axis}: sum"
    return "" if axis == "year" else f"{axis}: point"
