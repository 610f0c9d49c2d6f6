"""Canonical axes of the model: names, order and Chinese labels.

Every array of the package uses these names and this order; an axis that is not
listed here does not exist. Stocks live at ``year_end``, flows in a ``year``.
"""

from __future__ import annotations

from typing import Final

SEX: Final = ("male", "female")
RESIDENCE: Final = ("urban", "rural")
#: Strata in packed arrays: residence is the slow index, sex the fast one.
STRATA: Final = (("urban", "male"), ("urban", "female"), ("rural", "male"), ("rural", "female"))
OPEN_AGE: Final = 100
AGES: Final = tuple(range(OPEN_AGE + 1))
WORKING_AGE: Final = 16

#: Labour states of residents aged 16 and over; below 16 all are ``child``.
LABOUR_STATES: Final = (
    "student",
    "inactive",
    "unemployed",
    "enterprise",
    "public",
    "flexible",
    "farm",
    "retired",
)
EMPLOYED_STATES: Final = ("enterprise", "public", "flexible", "farm")
#: Stocks of the employees' pension that live on single ages.
PENSION_STOCKS: Final = ("contributor", "interrupted", "retiree", "government_retiree")
#: All stocks of the cohorts, in the order of their axis.
STOCKS: Final = (*LABOUR_STATES, "child", *PENSION_STOCKS)
EDUCATION_LEVELS: Final = ("none", "primary", "junior", "senior", "college", "university")

#: Reporting groups: name, first age, last age (inclusive).
AGE_GROUPS: Final = (
    ("0-15", 0, 15),
    ("16-24", 16, 24),
    ("25-34", 25, 34),
    ("35-44", 35, 44),
    ("45-54", 45, 54),
    ("55-59", 55, 59),
    ("60-64", 60, 64),
    ("65+", 65, OPEN_AGE),
)

BASE_YEAR: Final = 2020
HORIZON: Final = 2025
YEARS: Final = tuple(range(BASE_YEAR + 1, HORIZON + 1))
YEAR_ENDS: Final = tuple(range(BASE_YEAR, HORIZON + 1))
MONTHS_A_YEAR: Final = 12
MONTHS: Final = MONTHS_A_YEAR * len(YEARS)

LABELS_ZH: Final = {
    "male": "男",
    "female": "女",
    "urban": "城镇",
    "rural": "乡村",
    "child": "16岁以下",
    "student": "在学",
    "inactive": "其他非劳动力",
    "unemployed": "失业",
    "enterprise": "企业单位就业",
    "public": "机关事业单位就业",
    "flexible": "灵活就业",
    "farm": "农业",
    "retired": "离退休",
    "contributor": "企业职工养老保险缴费人员",
    "interrupted": "断缴人员",
    "retiree": "企业离退休人员",
    "government_retiree": "机关事业单位离退休人员",
    "none": "未上过学",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "college": "大学专科",
    "university": "大学本科及以上",
    "sex": "性别",
    "residence": "城乡",
    "age": "年龄",
    "age_group": "年龄组",
    "district": "县（市）区",
    "year": "年份",
    "year_end": "年末",
    "month": "月份",
    "draw": "抽样",
    "scenario": "情景",
    "lever": "措施",
    "state": "劳动状态",
    "stock": "存量",
    "flow": "流量",
    "monthly_stock": "月末存量",
    "transition": "状态转移",
    "standard_name": "标准名称",
    "quantity": "观测量",
}
