"""Names of the parts of an attribution in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ykforecast.assess.revision import CAUSES_ZH, PAST, STEP
from ykforecast.data.analysis_file import load_analysis

if TYPE_CHECKING:
    from ykforecast.spec.model import ModelSpec

Labels = Mapping[str, tuple[str, str]]
#: Shocks of a scenario, and the group that they form.
SHOCK_LABELS: Final[Labels] = {
    "downturns": ("经济下行冲击", "downturns"),
    "gdp_growth": ("给定的经济增速", "given growth"),
    "migration": ("净迁移变化", "change of net migration"),
    "shocks": ("外部冲击", "shocks from outside"),
}
CAUSE_LABELS: Final[Labels] = {
    "ageing": ("年龄结构变化", "ageing"),
    "deaths": ("死亡", "deaths"),
    "births": ("出生", "births"),
    "migration": ("净迁移", "net migration"),
    "moves": ("农村人口进城", "rural-to-urban moves"),
    "participation": ("劳动参与率", "participation"),
    "work": ("就业结构与流动", "work and turnover"),
    "retirement": ("退休领取率", "retirement"),
    "enrolment": ("参保与覆盖", "enrolment and coverage"),
    "education": ("新老人群学历更替", "schooling of cohorts"),
    "ledgers": ("业务自身趋势", "administrative counts and trends"),
    "cycle": ("经济景气", "business cycle"),
    "measures": ("规划措施", "measures"),
    "shocks": ("外部冲击", "shocks from outside"),
    "chance": ("年度随机波动", "random variation by year"),
    "definition": ("统计口径变动", "change of definition"),
    "population": ("人口", "population"),
    "behaviour": ("参与、就业与参保", "behaviour"),
    "events": ("经济景气、措施与其他", "cycle, measures and others"),
}
_FIGURE_LABELS: Final[Labels] = {
    PAST: (CAUSES_ZH[PAST], "measures of past years"),
    STEP: (CAUSES_ZH[STEP], "change of definition"),
    "people": ("人口", "population"),
    "work": ("劳动与经济", "work and economy"),
    "insurance": ("参保", "insurance"),
    "counts": ("台账与口径", "ledgers and definitions"),
    "policy": ("措施", "measures"),
}


def part_labels(over: str, model: ModelSpec) -> Labels:
    """Chinese and English name by key of the parts and groups of one way of attribution."""
    if over == "causes":
        return CAUSE_LABELS
    table = load_analysis(model)
    if over == "figures":
        return {**_FIGURE_LABELS, **{key: (one.label_zh, one.label_en) for key, one in table.themes.items()}}
    levers = {key: (one.label_zh, one.label_en) for key, one in model.levers.items()}
    return {**SHOCK_LABELS, **levers, **{key: (one.label_zh, one.label_en) for key, one in table.measures.items()}}
