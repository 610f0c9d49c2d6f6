"""The employment impact assessment of a project (就业影响评估) as text: scale, structure, quality, chances, risks."""

from __future__ import annotations

import os
from functools import wraps
from typing import Any, Final

import numpy as np
import xarray as xr

from ykforecast.assess.impact import impact as _impact
from ykforecast.assess.intervals import QUANTILES
from ykforecast.data.project_file import load_project
from ykforecast.present.text import check_language, even_lines, percent, percent_error
from ykforecast.spec.project import ProjectSpec
from ykforecast.vocabulary.dims import HORIZON, YEARS

#: Central interval that is printed: 80 %.
HUNDRED_MILLION: Final = 1e8
_WORDS: Final = {
    "zh": {
        "title": "就业影响评估：{name}（对照：{base}）",
        "fictitious": "【示例，项目纯属虚构】",
        "scale": "一、规模",
        "held": "年末岗位（人）",
        "phase": "阶段",
        "sector": "行业",
        "net": "其中本地净增",
        "net_note": "净增岗位=岗位×（1−无谓比例）×本地用工比例，另计带动（如有）与挤出；括号内为80%区间。",
        "investment": "每亿元投资：岗位{posts}个，净增本地岗位{net}个（2025年末；投资{amount}亿元，{source}）。",
        "structure": "二、结构",
        "origin": "招用来源（人次，含补员）",
        "sum": "2021—2025年合计",
        "skill": "技能（2025年末或最后岗位）",
        "effect": "三、对全市的影响（有项目减无项目，中位数）",
        "outcome": "指标",
        "interval": "2025年80%区间",
        "quality": "四、质量",
        "of_phase": "{phase}：{parts}",
        "and": "；",
        "contract": "签订劳动合同{contract}，参保按企业职工",
        "wage": "月工资{wage:,.0f}元，为2020年本市在岗职工平均工资{city:,.0f}元的{ratio:.2f}倍",
        "no_wage": "未填工资",
        "chances": "五、规划目标的完成概率（变动超过两倍抽样误差的）",
        "chance": "{label}：{before}%→{after}%（±{error}）",
        "no_chance": "没有一项的变动超过抽样误差。",
        "risks": "六、风险",
        "ends": "{phase}：最多时{peak:,.0f}个岗位，2025年末剩{left:,.0f}个，其间减少{closed:,.0f}个",
        "lost": "{phase}：最多时减少{most:,.0f}个岗位，2025年末仍少{left:,.0f}个",
        "unmet": "推演未能落实的招用和离职：五年共{count:,.0f}人次",
        "strain": "招用压力：{year}年新增招用为失业和其他非劳动力人数的{share:.1f}%，超过预警线{limit:g}%："
        "工资与迁入须随之变动，本模型不计",
        "pressure": "招用压力：{skill} {year}年为基期同类招用的{share:.1f}%",
        "assumed": "七、项目和评估单位填写的比例",
        "deadweight": "无谓比例",
        "displacement": "挤出比例",
        "multiplier": "带动系数",
        "local": "{phase}本地用工比例",
        "contract_share": "{phase}合同用工比例",
        "default": "增加的岗位用模型参数 displacement_posts，减少的岗位为零",
        "note": "注：模型的政策乘子按年，年内招用均匀；外来人员只计入招用，不改变居民的各项结果；"
        "参保按模型的参保速度，不因签订合同而立即参保；"
        "转来的灵活就业、务农人员离开后的位置不补；城镇新增就业为部门登记口径，低于招用人次。",
    },
    "en": {
        "title": "Employment impact assessment: {name} (against: {base})",
        "fictitious": "[example: the project is made up]",
        "scale": "1. Scale",
        "held": "posts at year end (persons)",
        "phase": "phase",
        "sector": "sector",
        "net": "additional, residents",
        "net_note": "additional = posts x (1 - deadweight) x local share, with multiplier (if any) and displacement; "
        "80 % intervals in brackets.",
        "investment": "For each 100 million yuan: {posts} posts, {net} additional posts of residents (end of 2025; "
        "{amount} x 100 million yuan, {source}).",
        "structure": "2. Structure",
        "origin": "recruits from (persons, replacements included)",
        "sum": "2021-2025",
        "skill": "skill (end of 2025, or the last posts)",
        "effect": "3. Effect on the city (with less without, median)",
        "outcome": "outcome",
        "interval": "80 % interval in 2025",
        "quality": "4. Quality",
        "of_phase": "{phase}: {parts}",
        "and": "; ",
        "contract": "with a contract {contract}, insured as enterprise employees",
        "wage": "{wage:,.0f} yuan a month, {ratio:.2f} times the {city:,.0f} of on-post staff in 2020",
        "no_wage": "no wage given",
        "chances": "5. Chances of the targets (changes beyond twice their sampling error)",
        "chance": "{label}: {before} % to {after} % (±{error})",
        "no_chance": "None changes beyond its sampling error.",
        "risks": "6. Risks",
        "ends": "{phase}: {peak:,.0f} posts at most, {left:,.0f} left at the end of 2025, {closed:,.0f} closed",
        "lost": "{phase}: {most:,.0f} posts lost at most, {left:,.0f} fewer at the end of 2025",
        "unmet": "Recruits and dismissals that the run could not bring: {count:,.0f} in five years",
        "strain": "Recruiting: {share:.1f} % of the unemployed and inactive in {year}, beyond the limit of {limit:g} "
        "%: pay and in-migration would have to move, which the model leaves as they are",
        "pressure": "Recruiting: {skill} in {year} {share:.1f} % of the recruits of 2020",
        "assumed": "7. Shares filled in by applicant and assessor",
        "deadweight": "deadweight",
        "displacement": "displacement",
        "multiplier": "multiplier",
        "local": "{phase}, local share",
        "contract_share": "{phase}, share with a contract",
        "default": "parameter displacement_posts of the model for posts gained, none for posts lost",
        "note": "Recruits of a year come evenly over its months; people from elsewhere change no result of residents; "
        "enrolment comes at the pace of the model; "
        "the places of flexible and farm workers who join are not filled again; new urban jobs are as registered, "
        "fewer than hires.",
    },
}


class ImpactReport(xr.Dataset):  # type: ignore[no-untyped-call]  # xarray's __init_subclass__
    """Dataset of :func:`impact` that prints the assessment."""

    __slots__ = ("project",)

    def __repr__(self) -> str:
        project = getattr(self, "project", None)
        return super().__repr__() if project is None else impact_report(self, project)


@wraps(_impact)
def impact(  # noqa: D103  # the docstring is the wrapped one's
    calibration: Any, project: ProjectSpec | str | os.PathLike[str], *arguments: Any, **options: Any
) -> ImpactReport:
    spec = project if isinstance(project, ProjectSpec) else load_project(project)
    found = _impact(calibration, spec, *arguments, **options)
    report = ImpactReport(dict(found.data_vars), coords=found.coords, attrs=found.attrs)
    object.__setattr__(report, "project", spec)
    return report


def impact_report(found: xr.Dataset, project: ProjectSpec, lang: str = "zh") -> str:
    """The assessment of a project as text.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.assess.impact.impact`.
    project : ProjectSpec
        The same project.
    lang : str
        ``zh`` or ``en``.
    """
    words = _WORDS[check_language(lang)]
    title = words["title"].format(
        name=getattr(project, f"label_{lang}"), base=found.attrs[f"scenario_labels_{lang}"][0]
    )
    parts = [
        [title + (words["fictitious"] if project.fictitious else "")],
        [words["scale"], *_scale(found, project, words, lang)],
        [words["structure"], *_structure(found, words, lang)],
        [words["effect"], *_effects(found, words, lang)],
        [words["quality"], *_quality(found, project, words, lang)],
        [words["chances"], *_chances(found, words, lang)],
        [words["risks"], *_risks(found, words, lang)],
        [words["assumed"], *_assumed(project, words, lang)],
        [words["note"]],
    ]
    return "\n".join(line for part in parts for line in part)


def _year_ends(values: xr.DataArray) -> xr.DataArray:
    return values.sel(month=[f"{year}-12" for year in YEARS])


def _interval(draws: Any, digits: int = 0, scale: float = 1.0) -> str:
    low, middle, high = (_number(scale * float(x), digits) for x in np.quantile(draws, QUANTILES))
    return middle if low == middle == high else f"{middle} ({low}~{high})"


def _number(value: float, digits: int = 0) -> str:
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not float(text.replace(",", "")) else text


def _scale(found: xr.Dataset, project: ProjectSpec, words: dict[str, str], lang: str) -> list[str]:
    posts = _year_ends(found["posts"].sum("skill"))
    sector = [str(name) for name in found["sector_zh" if lang == "zh" else "sector"].values]
    rows = [
        [str(name), sector[row], *(_number(float(x)) for x in posts.isel(phase=row))]
        for row, name in enumerate(found[f"phase_{lang}"].values)
    ]
    net = _year_ends(found["net_posts"])
    rows.append([words["net"], "", *(_interval(net.isel(month=place)) for place in range(len(YEARS)))])
    lines = even_lines([words["phase"], words["sector"], *map(str, YEARS)], rows, left={0, 1})
    lines = [words["held"], *lines, words["net_note"]]
    if project.investment is not None:
        units = project.investment.amount / HUNDRED_MILLION
        line = words["investment"].format(
            posts=_number(float(posts.isel(month=-1).sum()) / units, 1),
            net=_interval(net.isel(month=-1), 1, 1.0 / units),
            amount=_number(units, 2),
            source=project.investment.source,
        )
        lines.append(line)
    return lines


def _structure(found: xr.Dataset, words: dict[str, str], lang: str) -> list[str]:
    names = found["origin_zh" if lang == "zh" else "origin"].values
    recruits = found["recruits"]
    rows = [
        [
            str(name),
            *(_number(float(one.sel(year=year).median("draw"))) for year in YEARS),
            _interval(one.sum("year").values),
        ]
        for name, one in zip(names, recruits, strict=True)
        if bool((abs(one) > 0.0).any())
    ]
    lines = even_lines([words["origin"], *map(str, YEARS), words["sum"]], rows, left={0})
    # Skills of the posts that stay, or of the last ones there were.
    by_skill = found["posts"].sum("phase")
    held = by_skill.isel(month=int(np.flatnonzero(by_skill.sum("skill").values)[-1]))
    labels = found["skill_zh" if lang == "zh" else "skill"].values
    parts = ", ".join(f"{label} {_number(float(x))}" for label, x in zip(labels, held, strict=True))
    return [*lines, f"{words['skill']}: {parts}"]


def _effects(found: xr.Dataset, words: dict[str, str], lang: str) -> list[str]:
    rows = []
    for one in found["change"]:
        share = one["unit"].item() == "1"
        digits, scale = (2, 1e2) if share else (0, 1.0)
        label = str(one[f"outcome_{lang}"].item()) + ((" (百分点)" if lang == "zh" else " (points)") if share else "")
        medians = [_number(scale * float(one.sel(year=year).median("draw")), digits) for year in YEARS]
        rows.append([label, *medians, _interval(one.sel(year=HORIZON).values, digits, scale)])
    return even_lines([words["outcome"], *map(str, YEARS), words["interval"]], rows, left={0})


def _quality(found: xr.Dataset, project: ProjectSpec, words: dict[str, str], lang: str) -> list[str]:
    lines = []
    for phase in project.phases:
        parts = []
        if phase.contract_share is not None:
            parts.append(words["contract"].format(contract=_share(phase.contract_share.share)))
        city = float(found.attrs["city_wage"])
        parts.append(
            words["no_wage"]
            if phase.wage is None
            else words["wage"].format(wage=phase.wage, city=city, ratio=phase.wage / city)
        )
        lines.append(words["of_phase"].format(phase=getattr(phase, f"label_{lang}"), parts=words["and"].join(parts)))
    return lines


def _chances(found: xr.Dataset, words: dict[str, str], lang: str) -> list[str]:
    lines = []
    for key in found["indicator"].values:
        here = found.sel(indicator=key)
        before, after = (float(x) for x in here["probability"])
        error = float(here["probability_error"])
        if abs(after - before) > 2.0 * error:
            chances = {"before": percent(before, 1), "after": percent(after, 1), "error": percent_error(error)}
            lines.append(words["chance"].format(label=here[f"label_{lang}"].item(), **chances))
    return lines or [words["no_chance"]]


def _risks(found: xr.Dataset, words: dict[str, str], lang: str) -> list[str]:
    lines = []
    for row, name in enumerate(found[f"phase_{lang}"].values):
        path = found["posts"].isel(phase=row).sum("skill").values
        closed = float(np.maximum(-np.diff(path, prepend=0.0), 0.0).sum())
        if path.min() < 0.0:
            lines.append(words["lost"].format(phase=name, most=-float(path.min()), left=abs(float(path[-1]))))
        elif closed:
            peak, left = float(path.max()), float(path[-1])
            lines.append(words["ends"].format(phase=name, peak=peak, left=left, closed=closed))
    labels = found["skill_zh" if lang == "zh" else "skill"].values
    for label, one in zip(labels, found["recruit_pressure"], strict=True):
        most = one.isel(year=int(one.argmax("year")))
        if most > 0.0:
            lines.append(words["pressure"].format(skill=label, year=int(most["year"]), share=100.0 * float(most)))
    strain, limit = found["recruitment_strain"], found["recruitment_strain"].attrs["limit"]
    worst = strain.isel(year=int(strain.argmax("year")))
    if worst > limit:
        lines.append(words["strain"].format(year=int(worst["year"]), share=100.0 * float(worst), limit=100.0 * limit))
    lines.append(words["unmet"].format(count=float(found["unmet"].sum("year").mean())))
    return lines


def _share(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return f"{low:g}" if low == high else f"{low:g}~{high:g}"


def _assumed(project: ProjectSpec, words: dict[str, str], lang: str) -> list[str]:
    rows: list[tuple[str, Any]] = [(words["deadweight"], project.deadweight)]
    lines = []
    if project.displacement is None:
        lines.append(f"{words['displacement']}: {words['default']}")
    else:
        rows.append((words["displacement"], project.displacement))
    if project.multiplier is not None:
        lines.append(f"{words['multiplier']}: {_share(project.multiplier.posts)} ({project.multiplier.source})")
    for phase in project.phases:
        name = getattr(phase, f"label_{lang}")
        rows.append((words["local"].format(phase=name), phase.local_share))
        if phase.contract_share is not None:
            rows.append((words["contract_share"].format(phase=name), phase.contract_share))
    given = [
        f"{label}: {_share(one.share)} ({(one.reason_zh if lang == 'zh' else None) or one.reason})"
        for label, one in rows
    ]
    return [*given, *lines]


def as_json(found: xr.Dataset) -> dict[str, Any]:
    """The figures of an assessment for machines: base units, 10, 50 and 90 % of the draws."""

    def quantiles(draws: xr.DataArray) -> list[float]:
        return [float(x) for x in np.quantile(draws, QUANTILES)]

    net = _year_ends(found["net_posts"])
    return {
        "project": found.attrs["project"],
        "scenario": found.attrs["scenarios"][0],
        "posts": {
            phase: dict(zip(found["month"].values.tolist(), one.sum("skill").values.tolist(), strict=True))
            for phase, one in zip(found["phase"].values.tolist(), found["posts"], strict=True)
        },
        "net_posts": {str(year): quantiles(net.isel(month=place)) for place, year in enumerate(YEARS)},
        "recruits": {
            origin: {str(year): quantiles(one.sel(year=year)) for year in YEARS}
            for origin, one in zip(found["origin"].values.tolist(), found["recruits"], strict=True)
        },
        "change": {
            outcome: {str(year): quantiles(one.sel(year=year)) for year in YEARS}
            for outcome, one in zip(found["outcome"].values.tolist(), found["change"], strict=True)
        },
        "probability": {
            key: [
                *found["probability"].sel(indicator=key).values.tolist(),
                float(found["probability_error"].sel(indicator=key)),
            ]
            for key in found["indicator"].values.tolist()
        },
    }
