"""Municipal departments as Chinese plans shorten them, and their English names (部门名称)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: Short name -> English; ``{zh}`` and ``{en}`` stand for the city.
_NAMES: Final = {
    "市人社局": "Human Resources and Social Security Bureau",
    "市医保局": "Healthcare Security Bureau",
    "市财政局": "Finance Bureau",
    "市税务局": "Tax Bureau",
    "市民政局": "Civil Affairs Bureau",
    "市教育局": "Education Bureau",
    "市农业农村局": "Agriculture and Rural Affairs Bureau",
    "市乡村振兴局": "Rural Revitalization Bureau",
    "市退役军人局": "Veterans Affairs Bureau",
    "市卫健委": "Health Commission",
    "市统计局": "Bureau of Statistics",
    "市市场监管局": "Market Regulation Bureau",
    "市工信局": "Industry and Information Technology Bureau",
    "市商务局": "Commerce Bureau",
    "市国资委": "State-owned Assets Commission",
    "市金融发展局": "Financial Development Bureau",
    "市残联": "Disabled Persons' Federation",
    "国家统计局{zh}调查队": "{en} Survey Office of the National Bureau of Statistics",
    "人民银行{zh}市中心支行": "People's Bank of China, {en} Central Sub-branch",
    "{zh}理工学院": "{en} Institute of Technology",
    "{zh}职业技术学院": "{en} Vocational and Technical College",
}


def departments_en(departments: Iterable[str], city_zh: str, city_en: str) -> str:
    """English names, separated by semicolons; a department without one keeps its Chinese name.

    Parameters
    ----------
    departments : iterable of str
        Short Chinese names.
    city_zh, city_en : str
        Name of the city with or without 市, and in English.
    """
    city = city_zh.removesuffix("市")
    names = {zh.format(zh=city): en.format(en=city_en) for zh, en in _NAMES.items()}
    return "; ".join(names.get(one, one) for one in departments)
