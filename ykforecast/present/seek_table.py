"""The answer to the question of effort as text: one sentence, the doses, the targets, the curve (达标力度表)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ykforecast.present.doses import UNITS, dose_number, dose_text
from ykforecast.present.text import (
    chance,
    check_language,
    even_lines,
    figure,
    forecast_decimals,
    percent,
    percent_error,
    printed_target,
    unit_label,
)
from ykforecast.vocabulary.dims import HORIZON

if TYPE_CHECKING:
    import xarray as xr

#: Points of the curve that are printed, about.
_POINTS: Final = 11
_HEADINGS: Final = {
    "zh": (
        ("措施", "单位", "力度", "95%抽样区间", "基础情景", "界限"),
        ("指标", "单位", "目标", "基础情景概率%", "概率%", "所求概率下可达", "差距", "可行上限", "到上限%"),
        ("概率%", "误差"),
    ),
    "en": (
        ("lever", "unit", "dose", "95 % interval", "base", "bounds"),
        ("indicator", "unit", "target", "base prob. %", "prob. %", "reached", "gap", "ceiling", "at it %"),
        ("prob. %", "error"),
    ),
}
_WORDS: Final = {
    "zh": {
        "all": "{n}项指标全部达标",
        "one": "{name}达到{target}{unit}",
        "reached": "{what}的概率要达到{p}%，{years}各年需{doses}；届时概率为{found}（{base}为{before}）。",
        "out": "{what}：界限之内达不到{p}%的概率。{years}各年{doses}时概率最高，为{found}（{base}为{before}）。",
        "already": "{what}：不加力度，概率已为{found}，不低于所求的{p}%（{base}为{before}）。",
        "cut": "{what}：{years}各年{doses}（负数为削减）时，概率仍为{found}，不低于所求的{p}%（{base}为{before}）。",
        "step": "{name}的公布数含统计口径变动约{step}{unit}，不是参保行为；另请看2020年口径的答案（--counting base）。",
        "base_count": "按2020年口径，不计统计口径变动。",
        "years": "{first}—{last}年",
        "cost": "总费用{total}（按给定单价）",
        "balanced": "，各措施按界限同比例时为{balanced}",
        "least": "单项概率最低的是{name}（{chance}%），联合概率不会更高。",
        "gap": "{name}以{p}%的概率只能达到{reached}{unit}，差{gap}{gap_unit}。",
        "capped": "其可行上限（{why}）本身达标的概率只有{chance}%，再加力度也不够；{at}%的抽样已到上限。",
        "open": "限制在力度的界限和效果，不在可行上限：上限（{why}）本身达标的概率为{chance}%，到上限的抽样占{at}%。",
        "lever": "措施{n}（{unit}）",
        "curve": "力度与概率：",
        "note": "注：力度在可变动的年份替代基础情景中同一措施的力度，其余措施不变；同一组抽样，{draws}次。"
        "误差为蒙特卡罗标准误，不含假定的误差。",
        "as_of": "截至{day}的公布数。",
        "sep": "、",
        "end": "。",
        "points": "个百分点",
    },
    "en": {
        "all": "all {n} targets are met",
        "one": "{name} reaches {target} {unit}",
        "reached": "For {p} % that {what}: {doses}, in each of {years}. The probability is then {found} ({base}: "
        "{before}).",
        "out": "Out of reach within bounds: {p} % that {what}. The probability is greatest, {found}, with {doses} in "
        "each of {years} ({base}: {before}).",
        "already": "{p} % that {what}: {found} without any dose ({base}: {before}).",
        "cut": "{p} % that {what}: still {found} after a cut, {doses}, in each of {years} ({base}: {before}).",
        "step": "The figure of {name} holds a definition step of about {step} {unit}, which is no behaviour: see the "
        "answer at the definitions of 2020 too (--counting base).",
        "base_count": "At the definitions of 2020, without definition steps.",
        "years": "{first}-{last}",
        "cost": "Total cost {total} at the prices given",
        "balanced": "; {balanced} for equal shares of the bounds",
        "least": "Least probable is {name} ({chance} %): all together cannot be more so.",
        "gap": "{name} reaches only {reached} {unit} with {p} %, {gap} {gap_unit} short.",
        "capped": "Its ceiling ({why}) itself meets the target with {chance} % only, so more of the dose is not "
        "enough; {at} % of the draws are there.",
        "open": "Bounds and effects of the doses hold it back, not its ceiling: that ({why}) meets the target with "
        "{chance} %, and {at} % of the draws are there.",
        "lever": "lever {n}, {unit}",
        "curve": "Dose and probability:",
        "note": "A dose stands in place of that of the base scenario in the years that can still be moved, all else as "
        "there; the same {draws} draws. Errors are Monte Carlo standard errors, not those of assumptions.",
        "as_of": "Figures known by {day}.",
        "sep": ", ",
        "end": ".",
        "points": "points",
    },
}


def plain_seek(answer: xr.Dataset, lang: str = "zh") -> str:
    """The whole answer as text: sentence, doses, targets, curve, note.

    Parameters
    ----------
    answer : xr.Dataset
        From :func:`ykforecast.seek`.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    levers, targets, _ = _HEADINGS[lang]
    parts = [
        *sentences(answer, lang),
        "",
        *even_lines(levers, _lever_rows(answer, lang), left={0, 1}),
        "",
        *even_lines(targets, _target_rows(answer, lang), left={0, 1}),
        "",
        _WORDS[lang]["curve"],
        *_curve_lines(answer, lang),
        _WORDS[lang]["note"].format(draws=answer.attrs["draws"]),
    ]
    return "\n".join(parts)


def sentences(answer: xr.Dataset, lang: str = "zh") -> list[str]:
    """What is to be done, or what is missing and which ceiling binds, one sentence each."""
    words, attrs, reached = _WORDS[lang], answer.attrs, bool(answer["reached"])
    first, last = attrs["start_year"], HORIZON
    columns = (
        answer[f"lever_{lang}"].values.tolist(),
        answer["dose"].values.tolist(),
        answer["dose_unit"].values.tolist(),
    )
    space = "" if lang == "zh" else " "
    doses = (f"{name}{space}{dose_text(dose, unit, lang)}" for name, dose, unit in zip(*columns, strict=True))
    base = attrs[f"base_{lang}"]
    text = words[_kind(answer)].format(
        what=_what(answer, lang),
        p=_asked(answer),
        years=str(last) if first == last else words["years"].format(first=first, last=last),
        doses=words["sep"].join(doses),
        found=chance(float(answer["probability"]), float(answer["probability_error"])),
        base=base if base.endswith(attrs["base"]) else f"{base} ({attrs['base']})",
        before=chance(float(answer["base_probability"]), float(answer["base_probability_error"])),
    )
    said = [words["as_of"].format(day=attrs["as_of"])] if "as_of" in attrs else []
    if attrs["counting"] == "base":
        said.append(words["base_count"])
    said.append(text)
    if "total_cost" in answer:
        total, balanced = (f"{float(answer[name]):,.6g}" for name in ("total_cost", "balanced_cost"))
        even = words["balanced"].format(balanced=balanced) if answer.sizes["lever"] > 1 else ""
        said.append(words["cost"].format(total=total) + even + words["end"])
    return [*said, *([] if reached else _missing(answer, lang)), *_steps(answer, lang)]


def _kind(answer: xr.Dataset) -> str:
    """Which sentence answers: a lower bound may lie below nought, so that the least dose is a cut."""
    if not answer["reached"]:
        return "out"
    if (answer["dose"] < 0.0).any():
        return "cut"
    return "reached" if answer["dose"].any() else "already"


def _steps(answer: xr.Dataset, lang: str) -> list[str]:
    """Definition steps that outcomes hold."""
    said = []
    for place, name in enumerate(answer[f"label_{lang}"].values.tolist()):
        one = answer.isel(target=place)
        unit, decimals = _printed(one)
        step = figure(float(one["definition_step"]), unit, decimals)
        if step:
            said.append(_WORDS[lang]["step"].format(name=name, step=step, unit=unit_label(unit, lang)))
    return said


def _what(answer: xr.Dataset, lang: str) -> str:
    """What is to be reached."""
    words, names = _WORDS[lang], answer[f"label_{lang}"].values.tolist()
    if len(names) > 1:
        return words["all"].format(n=len(names))
    one = answer.isel(target=0)
    target = printed_target(str(one["target_printed"].item()), lang)
    return words["one"].format(name=names[0], target=target, unit=unit_label(_printed(one)[0], lang))


def _missing(answer: xr.Dataset, lang: str) -> list[str]:
    """What each target lacks, and whether its ceiling or the bounds of the doses hold it back."""
    words, wanted, said = _WORDS[lang], answer.attrs["asked_probability"], []
    if answer.sizes["target"] > 1:
        least = answer.isel(target=int(answer["target_probability"].values.argmin()))
        lowest = percent(float(least["target_probability"]))
        said.append(words["least"].format(name=least[f"label_{lang}"].item(), chance=lowest))
    for place, name in enumerate(answer[f"label_{lang}"].values.tolist()):
        one = answer.isel(target=place)
        if float(one["gap"]) == 0.0:
            continue
        unit, decimals = _printed(one)
        text = words["gap"].format(
            name=name,
            p=_asked(answer),
            reached=figure(float(one["quantile"]), unit, decimals),
            gap=figure(float(one["gap"]), unit, decimals),
            unit=unit_label(unit, lang),
            gap_unit=words["points"] if unit == "%" else unit_label(unit, lang),
        )
        able = float(one["ceiling_probability"])
        if not math.isnan(able):
            text += "" if lang == "zh" else " "
            text += words["capped" if able < wanted else "open"].format(
                why=one[f"ceiling_{lang}"].item(), chance=percent(able), at=percent(float(one["at_ceiling"]))
            )
        said.append(text)
    return said


def _lever_rows(answer: xr.Dataset, lang: str) -> list[list[str]]:
    rows = []
    for place in range(answer.sizes["lever"]):
        one = answer.isel(lever=place)
        unit = str(one["dose_unit"].item())
        rows.append(
            [
                f"{place + 1} {one[f'lever_{lang}'].item()}",
                UNITS[lang][unit] or "—",
                dose_number(float(one["dose"]), unit),
                _ends(one["dose_interval"].values.tolist(), unit),
                _base_doses(one, unit),
                _ends(one["bounds"].values.tolist(), unit),
            ]
        )
    return rows


def _base_doses(one: xr.Dataset, unit: str) -> str:
    """Doses of the base scenario in the years that can be moved: one number where they are the same."""
    values = one["base_dose"].sel(year=slice(one.attrs["start_year"], None)).values.tolist()
    return "/".join(dose_number(value, unit) for value in (values if len(set(values)) > 1 else values[:1]))


def _ends(ends: list[float], unit: str) -> str:
    return "—" if math.isnan(ends[0]) else "~".join(dose_number(end, unit) for end in ends)


def _target_rows(answer: xr.Dataset, lang: str) -> list[list[str]]:
    rows = []
    for place in range(answer.sizes["target"]):
        one = answer.isel(target=place)
        unit, decimals = _printed(one)
        rows.append(
            [
                str(one[f"label_{lang}"].item()),
                unit_label(unit, lang),
                printed_target(str(one["target_printed"].item()), lang),
                percent(float(one["base_target_probability"])),
                percent(float(one["target_probability"])),
                figure(float(one["quantile"]), unit, decimals),
                figure(float(one["gap"]), unit, decimals),
                figure(float(one["ceiling"]), unit, decimals) or "—",
                percent(float(one["at_ceiling"])) or "—",
            ]
        )
    return rows


def _curve_lines(answer: xr.Dataset, lang: str) -> list[str]:
    """The tried doses nearest to evenly spread ones, and the answer."""
    units = answer["dose_unit"].values.tolist()
    doses = answer["curve_dose"].transpose("point", "lever").values.tolist()
    shares = answer["curve_share"].values
    spread = [*(number / (_POINTS - 1) for number in range(_POINTS)), float(answer["share"])]
    shown = sorted({int(abs(shares - share).argmin()) for share in spread})
    rows = [
        [
            *(dose_number(dose, unit) for dose, unit in zip(doses[place], units, strict=True)),
            percent(float(answer["curve_probability"][place]), 1),
            percent_error(float(answer["curve_error"][place])),
        ]
        for place in shown
    ]
    names = (_WORDS[lang]["lever"].format(n=n + 1, unit=UNITS[lang][unit] or "0/1") for n, unit in enumerate(units))
    return even_lines((*names, *_HEADINGS[lang][2]), rows)


def _printed(one: xr.Dataset) -> tuple[str, int]:
    unit = str(one["printed_unit"].item())
    return unit, forecast_decimals(unit, int(one["decimals"]))


def _asked(answer: xr.Dataset) -> str:
    return f"{100.0 * answer.attrs['asked_probability']:g}"
