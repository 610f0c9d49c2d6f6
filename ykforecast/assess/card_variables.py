"""What each variable of a scorecard is: English and Chinese name, and unit."""

from __future__ import annotations

from typing import Final

from ykforecast.assess.indicator_labels import INDICATOR_WORDS, SCENARIO_WORDS


def in_words(name: str, long_name: str, label_zh: str) -> dict[str, tuple[str, str, None]]:
    """A reason that a card holds as a code and in both languages."""
    return {
        name: (long_name, f"{label_zh}（代码）", None),
        f"{name}_zh": (f"{long_name}, in Chinese", label_zh, None),
        f"{name}_en": (f"{long_name}, in English", f"{label_zh}（英文）", None),
    }


#: Values of indicators of different units side by side: the coordinate ``unit`` says which.
_BASE: Final = "base units of the indicator"
#: English name, Chinese name and unit (none for texts and labels) of all that a scorecard holds.
DESCRIBED: Final = {
    "median": ("median of the draws", "中位数", _BASE),
    "interval": ("central intervals of the draws", "中心区间", _BASE),
    "outcome_median": ("median on the basis of the target", "目标口径的中位数", _BASE),
    "outcome_interval": ("central intervals on the basis of the target", "目标口径的中心区间", _BASE),
    "target": ("target as printed", "目标值", _BASE),
    "threshold": ("threshold of attainment, tolerance included", "达标界限（含容差）", _BASE),
    "probability": ("probability of attainment", "完成概率", "1"),
    "probability_error": ("Monte Carlo standard error of the probability", "完成概率的抽样误差", "1"),
    "joint_probability": ("probability that all binding targets are met together", "约束性指标全部完成的概率", "1"),
    "joint_probability_error": ("Monte Carlo standard error of the joint probability", "全部完成概率的抽样误差", "1"),
    "definition_step": ("definition step in the outcome, median", "目标口径中的统计口径变动（中位数）", _BASE),
    "base_outcome_median": ("median at the definitions of 2020", "按2020年口径的中位数", _BASE),
    "base_probability": ("probability of attainment at the definitions of 2020", "按2020年口径的完成概率", "1"),
    "future_steps_probability": (
        "probability of attainment with definition steps still to come",
        "计入今后统计口径变动的完成概率",
        "1",
    ),
    "future_steps_probability_error": ("Monte Carlo standard error of that probability", "该概率的抽样误差", "1"),
    "elapsed": ("share of 2021-2025 that has passed", "时间进度", "1"),
    "progress": ("share of the planned change reached", "完成进度", "1"),
    "pace": ("change a year so far", "年均变动", f"{_BASE} a year"),
    "required_pace": ("change a year still required", "余下各年所需年均变动", f"{_BASE} a year"),
    "pace_ratio": ("required change a year over that so far", "所需年均变动为此前年均的倍数", "1"),
    "figure_error": ("standard deviation of one figure", "一个数字的标准误", _BASE),
    **in_words("progress_withheld", "why progress is not shown", "不列完成进度的原因"),
    **in_words("pace_note", "why the ratio of paces is not shown", "不列倍数的原因"),
    "shortfall": ("distance to attainment among the draws that miss", "未达标抽样的缺口", _BASE),
    "latest_turn": ("last year end by which the trend has to change, 0 for none", "最迟须扭转的年末（0为无）", None),
    **in_words("turn_note", "what the latest turn says", "最迟扭转年份的说明"),
    "likelihood_zh": ("calibrated term in Chinese", "概率用语", None),
    "likelihood_en": ("calibrated term", "概率用语（英文）", None),
    "phrase_zh": ("phrase of an evaluation in Chinese", "评估用语", None),
    "phrase_en": ("phrase of an evaluation", "评估用语（英文）", None),
    "probability_zh": ("rounded probability in Chinese", "取整后的完成概率", None),
    "probability_en": ("rounded probability in words", "取整后的完成概率（英文）", None),
    **in_words("disagreement", "why progress and probability disagree", "进度与概率不一致的原因"),
    "rate_probability": ("probability that the rate is at the target or below", "失业率达到控制目标的概率", "1"),
    "rate_probability_error": ("Monte Carlo standard error of that probability", "该概率的抽样误差", "1"),
    "rate_value": ("quantiles of the rate", "失业率的分位数", "1"),
    "class": ("class of a mid-term evaluation", "评估类别", None),
    "class_range": ("class, or the two that are not told apart", "评估类别（含误差范围）", None),
    "published": ("last published figure", "最新公布数", _BASE),
    "published_year": ("year of the last published figure", "最新公布数年份", None),
    "check_definition": ("behind, with the published figure at the target", "滞后而公布数已达目标、口径待核", None),
    **SCENARIO_WORDS,
    **INDICATOR_WORDS,
    "year": ("year", "年份", None),
    "quantile": ("share of draws below", "分位", "1"),
    "rate": ("published estimate or true rate", "公布值或真值", None),
    "rate_zh": ("Chinese name of the rate", "失业率口径", None),
    "rate_en": ("English name of the rate", "失业率口径（英文）", None),
    "span": ("the year itself, or the mean of 2021 up to it", "当年或2021年起的平均", None),
    "level": ("probability inside the central interval", "区间概率", "1"),
    "bound": ("end of the interval", "区间端点", None),
}
