"""The model card (模型说明卡): what a run may be used for, what it rests on, how it scored and where it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.stored_scores import EARLIER
from ykforecast.data.score_file import COMMAND
from ykforecast.present.backtest_report import METHODS_ZH, TITLES_ZH
from ykforecast.present.model_words import GRADES
from ykforecast.present.text import headline
from ykforecast.spec.parameter import grade_counts

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.dossier import Dossier

_USE: Final = (
    "为规划实施的年度监测、中期评估和总结评估测算各项指标的走势、完成概率和所需力度。",
    "比较政策情景：各情景用同一组随机数，差别只来自政策与冲击。",
    "供部门核对数据口径，提示来源之间不一致之处。",
)
_OUT_OF_SCOPE: Final = (
    "不用于预测个人、单位或项目的结果，不作为待遇核定、考核问责的唯一依据。",
    "不用于规划期之外的年份；县（市）区一级只作参考。",
    "不替代官方公布数：公布数与预测不一致时，以公布数为准并核对口径。",
)
_LIMITS: Final = (
    "区间和概率只包含模型写明的不确定性；统计口径调整、行政区划变动和未出台的政策没有量化。",
    "模型描述的是条件推算；措施效果多为假定，不能据此断言因果。",
    "本市公布的分组数据少，多数参数为假定，见假设清单。",
)


def model_card(dossier: Dossier) -> str:
    """The card in Markdown, in Chinese.

    Parameters
    ----------
    dossier : Dossier
        Scores are those of its group ``scores``.
    """
    model, card, run = dossier.model, dossier.card, dossier.run
    counts = grade_counts(model.parameters)
    grades = "、".join(f"{GRADES[grade]}{count}个" for grade, count in counts.items())
    scenarios = card["scenario"].values.tolist()
    settings = [("评估时点", card.attrs["as_of"]), ("抽样次数", card.attrs["draws"]), ("情景", "、".join(scenarios))]
    settings += [(label, run[key]) for key, label in (("seed", "随机种子"),) if key in run]
    if "model" in run:
        settings.append(("模型摘要", run["model"]["digest"]))
    return (
        "\n\n".join(
            [
                f"# 模型说明卡：{_plain(model.label_zh)}",
                _list(f"{label}：{_plain(value)}" for label, value in settings),
                "## 用途",
                _list(_USE),
                "## 不适用的用途",
                _list(_OUT_OF_SCOPE),
                "## 影响结果的因素",
                f"人口队列（性别、年龄、城乡）、劳动状态的流动、景气、参保行为、{len(model.levers)}项政策措施与外部冲击。"
                f"共{len(model.parameters)}个参数：{grades}。",
                "## 结果",
                _list(_plain(headline(card, scenario)) for scenario in scenarios),
                "## 检验得分",
                _scores(dossier.groups.get("scores")),
                "## 数据",
                f"{len(model.sources)}种出版物，{len(model.observations)}列观测；"
                f"{model.base_year}年之后的数据只在评估时点之前已公布的才使用。",
                _list(
                    f"{_plain(spec.label_zh)}：{_plain(text)}"
                    for spec in model.indicators.values()
                    for text in (spec.conflicts_zh or spec.conflicts)
                ),
                "## 局限",
                _list(_LIMITS),
                "## 复现",
                "用同一模型、同一随机种子和同一版本的软件重算，结果逐位相同；摘要见 `report_manifest.json`。",
            ]
        )
        + "\n"
    )


def _scores(scores: xr.Dataset | None) -> str:
    """Table of the model beside its rivals, all cases of each back-test."""
    if scores is None:
        return f"本模型没有存下检验得分；得分由 `{COMMAND}` 计算。"
    titles = {str(base): title for base, title in TITLES_ZH.items()}
    rows = []
    for test in scores["backtest"].values.tolist():
        for method in scores["forecaster"].values.tolist():
            one = {name: values.item() for name, values in scores.sel(backtest=test, forecaster=method).items()}
            if math.isnan(one["cases"]):
                continue
            measures = (f"{one['cases']:.0f}", f"{one['crps']:.4f}", f"{one['absolute_error']:.4f}")
            covered = "—" if math.isnan(one["coverage"]) else f"{one['coverage']:.0%}"
            rows.append((titles.get(test, test), METHODS_ZH.get(method, method), *measures, covered))
    head = ("检验", "方法", "案例", "CRPS", "平均绝对误差", "80%覆盖")
    lines = [head, ("---",) * len(head), *rows]
    shown = "\n".join("| " + " | ".join(map(_plain, line)) + " |" for line in lines)
    return (
        f"模型文件在回测之后有改动，下列得分属于此前的版本。\n\n{shown}" if scores.attrs["model"] == EARLIER else shown
    )


def _list(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _plain(text: object) -> str:
    """Text of one line that Markdown takes for no mark of its own."""
    line = " ".join(str(text).split())
    for sign in "\\`*_[]<>|#":
        line = line.replace(sign, f"\\{sign}")
    return line
