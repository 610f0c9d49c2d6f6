"""Numbers, units and priors of a model in Chinese words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

import numpy as np

from ykforecast.present.text import unit_label
from ykforecast.simulate.sampling import quantile
from ykforecast.simulate.series_table import SERIES
from ykforecast.spec.observation import quantity_parts
from ykforecast.spec.parameter import Beta, LogNormal, Normal, ParameterSpec, TruncNormal, Uniform
from ykforecast.spec.scenario import Scenario
from ykforecast.vocabulary.units import from_base

GRADES: Final = {"observed": "观测", "derived": "推算", "borrowed": "借用", "assumed": "假定"}
#: Unit of a model file -> what is printed behind a number, and the factor that the number is printed with.
SUFFIXES: Final[Mapping[str, tuple[str, float]]] = {
    "1/year": ("%/年", 100.0),
    "1/month": ("%/月", 100.0),
    "persons": ("人", 1.0),
    "persons/year": ("人/年", 1.0),
    "person-times/year": ("人次/年", 1.0),
    "posts/year": ("个/年", 1.0),
    "jobs/year": ("个/年", 1.0),
    "entrepreneurs/year": ("人/年", 1.0),
    "yuan/person": ("元/人", 1.0),
    "yuan/month": ("元/月", 1.0),
}
#: Units that need a word beside the name, because their numbers carry none.
NAMED_UNITS: Final = {
    "log odds": "对数比数",
    "log ratio": "对数比",
    "persons per job": "人/岗",
    "persons per post": "人/岗",
    "persons per person": "人/人次",
    "jobs per entrepreneur": "岗/人",
}
#: Standard normal quantiles between which nine draws in ten lie.
NINE_IN_TEN: Final = np.array([-1.6448536, 1.6448536])


def zh(record: object, field: str) -> Any:
    """Text of a field in Chinese; as it stands where the record has no Chinese one."""
    return getattr(record, f"{field}_zh") or getattr(record, field)


def plain(value: float, decimals: int = 6) -> str:
    """A number without exponent and without needless noughts; from ten thousand on in 万."""
    rounded = round(value, decimals)
    if abs(rounded) >= 1e4:
        return plain(rounded / 1e4) + "万"
    # Through an integer nought: no minus stands before it.
    return f"{Decimal(f'{rounded:.10g}') + 0:f}"


def suffix(unit: str, label: str) -> tuple[str, float]:
    """What stands behind a number, and its factor; ages are told from lengths of time by the label."""
    return ("岁" if "年龄" in label else "年", 1.0) if unit == "years" else SUFFIXES.get(unit, ("", 1.0))


def amount(value: float, unit: str, label: str = "") -> str:
    """A number in base units with its Chinese unit."""
    behind, factor = suffix(unit, label)
    return plain(value * factor) + behind


def interval(ends: Iterable[float], show: Callable[[float], str] = plain) -> str:
    """Both ends of an interval; the unit stands once where both have the same."""
    low, high = map(show, ends)
    unit = high.lstrip("-.0123456789")
    if low.startswith("0") and not low.startswith("0."):
        low = "0"  # needs no unit, in 万 or not
    return f"{low.removesuffix(unit)}～{high}"


def dose(value: float, unit: str) -> str:
    """One dose with its unit: fractions in per cent, fractions added each year in points."""
    if unit == "switch":
        return "施行" if value else "不施行"
    if unit == "1":
        return plain(100 * value) + "%"
    return plain(100 * value) + "个百分点" if unit == "1/year" else amount(value, unit)


def change_words(value: float, unit: str) -> str:
    """A change in base units with its sign, two figures of it, in the printed unit."""
    shown = from_base(value, unit)
    decimals = max(1 - math.floor(math.log10(abs(shown))), 0) if shown else 0
    return ("+" if shown > 0 else "") + plain(shown, decimals)


def dose_interval(bounds: tuple[float, float], unit: str) -> str:
    """Bounds of a dose."""
    return "施行或不施行" if unit == "switch" else interval(bounds, partial(dose, unit=unit))


def path(values: Mapping[int, float], show: Callable[[float], str]) -> str:
    """Values by year; years that follow one another with the same value are drawn together."""
    runs: list[list[int]] = []
    for year in sorted(values):
        if runs and runs[-1][-1] == year - 1 and values[runs[-1][-1]] == values[year]:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "；".join(
        f"{run[0]}年：{show(values[run[0]])}" if len(run) == 1 else f"{run[0]}—{run[-1]}年：{show(values[run[0]])}"
        for run in runs
    )


def shocks(scenario: Scenario) -> list[str]:
    """Sentences on what happens to the city without being a measure."""
    sentences = [
        f"冲击：{one.start[:4]}年{int(one.start[5:])}月起经济下行，景气下降{plain(one.depth)}个单位（2020年初约为2.5）；"
        f"下行{one.fall}个月，持续{one.hold}个月，恢复{one.recover}个月。"
        for one in scenario.shocks.downturns
    ]
    for label, values in (
        ("地区生产总值增速", scenario.shocks.gdp_growth),
        ("净迁移率的增减", scenario.shocks.migration),
    ):
        if values:
            sentences.append(f"{label}：{path(values, lambda value: plain(100 * value) + '%')}。")
    return sentences


def error_size(value: float, unit: str) -> str:
    """An error in base units, in the printed unit of its series; of per cents in points."""
    shown = plain(from_base(value, unit))
    return shown + ("个百分点" if unit == "%" else unit_label(unit))


def typical(name: str, spec: ParameterSpec) -> str:
    """Median of a parameter, and where nine draws in ten lie, to a twentieth of the distance."""
    behind, factor = suffix(spec.unit, spec.label_zh)
    if spec.prior is None:
        return amount(spec.median, spec.unit, spec.label_zh)
    ends = factor * quantile(name, spec, NINE_IN_TEN)
    decimals = math.ceil(-math.log10((ends[1] - ends[0]) / 20))

    def show(value: float) -> str:
        return plain(value, decimals) + behind

    return f"{show(factor * spec.median)}（{interval(ends, show)}）"


def prior_words(spec: ParameterSpec) -> str:
    """The prior of a parameter in words."""
    show = partial(amount, unit=spec.unit, label=spec.label_zh)
    match spec.prior:
        case Normal() as prior:
            return f"正态分布，均值{show(prior.mean)}，标准差{show(prior.sd)}"
        case LogNormal() as prior:
            return f"对数正态分布，中位数{show(prior.median)}，对数标准差{plain(prior.sigma)}"
        case Uniform() as prior:
            return f"均匀分布，{interval((prior.low, prior.high), show)}"
        case Beta() as prior:
            return f"贝塔分布（{plain(prior.alpha)}，{plain(prior.beta)}）"
        case TruncNormal() as prior:
            ends = interval((prior.low, prior.high), show)
            return f"截尾正态分布，均值{show(prior.mean)}，标准差{show(prior.sd)}，限于{ends}"
    return "固定值"


def quantity_words(quantity: str) -> str:
    """Model series that a figure is compared with, by their Chinese names."""
    names = {name: label for name, _, _, label in SERIES}
    added, divided = (" + ".join(names.get(part, part) for part in parts) for parts in quantity_parts(quantity))
    return f"{added} ÷ {divided}" if divided else added


def tally(records: Iterable[Any], of: str = "grade") -> str:
    """How many records have each grade."""
    counts = Counter(getattr(record, of) for record in records)
    return "、".join(f"{word}{counts[grade]}个" for grade, word in GRADES.items() if counts[grade])


def reasoned(record: Any) -> str:
    """Grade and reason in one cell."""
    return f"{GRADES[record.grade]}：{zh(record, 'reason')}"
