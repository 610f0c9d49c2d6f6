"""Print the page of the mid-term forecast: the sixteen as of 2020 and as of 30 June 2023, and what moved each.

Run it when a number of the model moves; the comparison of methods takes a minute or two::

    python docs/print_forecast_2023.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import xarray as xr

import ykforecast as yk
from ykforecast.assess.attainment import on_basis
from ykforecast.assess.naive_forecasts import naive_forecasts
from ykforecast.assess.revision import revision
from ykforecast.present.revision_table import plain_findings, revision_table
from ykforecast.present.rivals_table import rivals_note, rivals_table
from ykforecast.present.table_notes import class_label, has_step, table_notes
from ykforecast.present.text import figure, forecast_decimals, headline, percent
from ykforecast.simulate.series_table import SERIES

HERE = Path(__file__).resolve().parent
AS_OF = "2023-06-30"
SCENARIOS = ("baseline", "plan")
#: Ensembles of three times the coordinates, and of fewer than coordinates.
RANKS = (HERE / "results" / "city_ranks_900.json", HERE / "results" / "city_ranks.json")
TAILS = ("p_chi_squared", "p_envelope")
#: Tail that makes a single test noteworthy, and the probability that one of all tests fails by chance.
SINGLE = 0.01
FAMILY = 0.05
#: Draws of the comparison of both methods.
COMPARED = 500
COLUMNS = ("指标", "目标", "基期预测", "概率%", "类别", "最新预测", "概率%", "类别", "变动", "主要原因")


def row(cells) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(head, rows) -> str:
    return "\n".join([row(head), row("---" for _ in head), *map(row, rows)])


def side_by_side(revised: xr.Dataset, early: xr.Dataset, late: xr.Dataset, scenario: str) -> str:
    """The sixteen rows with both forecasts."""
    lines = []
    cards = [card.sel(scenario=scenario) for card in (early, late)]
    for key, cells in revision_table(revised, late, scenario).iterrows():
        then, now = (card.sel(indicator=key) for card in cards)
        judged = [[percent(float(one["probability"])), class_label(one, "zh")] for one in (then, now)]
        mark = "※" if has_step(now) else ""
        lines.append(
            [
                f"{cells['序号']} {cells['指标']}{mark}（{cells['单位']}）",
                now["target_printed"].item(),
                cells["基期预测"],
                *judged[0],
                cells["最新预测"],
                *judged[1],
                cells["变动"],
                cells["主要原因"] or "—",
            ]
        )
    return table(COLUMNS, [[str(cell).replace("~", "—") for cell in line] for line in lines])


def beside_rivals(model, cards: dict[str, xr.Dataset]) -> str:
    """The model beside the naive rivals at each date."""
    parts = ["对手只看一个指标自己的公布数，用其中同一口径、截至该日已可知的年度数（`ykforecast forecast --rivals`）。"]
    for day, card in cards.items():
        beside = rivals_table(naive_forecasts(model, as_of=day), card)
        parts += [f"### 截至{day}", table(beside.columns, beside.values.tolist())]
    return "\n\n".join([*parts, rivals_note()])


def comparison(model, calibration) -> str:
    """Posterior medians of the smoother beside those of tempered sequential Monte Carlo."""
    outcomes = {}
    for method in ("es-mda", "smc"):
        late = yk.assimilate(calibration, AS_OF, draws=COMPARED, method=method)
        values = yk.indicators(yk.project(late, "plan", keep="series"), model)
        outcomes[method] = {
            key: on_basis(values[key], target).isel(scenario=0).to_numpy() for key, target in model.targets.items()
        }
    rows = []
    for key in model.targets:
        spec = model.indicators[key]
        decimals = forecast_decimals(spec.unit, spec.decimals)
        smooth, exact = (outcomes[method][key] for method in ("es-mda", "smc"))
        gap = (np.median(smooth) - np.median(exact)) / exact.std(ddof=1)
        rows.append(
            [
                spec.label_zh,
                *(figure(float(np.median(one)), spec.unit, decimals) for one in (smooth, exact)),
                f"{gap:+.2f}",
                f"{smooth.std(ddof=1) / exact.std(ddof=1):.2f}",
            ]
        )
    head = ("指标", "es-mda", "smc", "中位数之差（后验标准差）", "标准差之比")
    error = np.sqrt(np.pi / COMPARED)  # of a difference of two medians of normal draws, in their sd
    note = (
        f"各{COMPARED}次抽样，规划情景，目标口径；smc 用时为 es-mda 的十倍左右。两者都有抽样误差：中位数之差的标准误"
        f"约{error:.2f}个标准差，"
        "`smc` 的抽样彼此相关，误差还要大些。"
    )
    return f"{note}\n\n{table(head, rows)}"


def ranks() -> str:
    """What simulation-based calibration of the city model found, with large ensembles and with small ones."""
    return "\n\n".join(map(_ranked, RANKS))


def _ranked(path: Path) -> str:
    stored = json.loads(path.read_text(encoding="utf-8"))
    labels = {name: label for name, _, _, label in SERIES} | {"likelihood": "似然"}
    cases = {}
    for name, one in stored["cases"]["esmda"].items():
        series, _, years = name.partition(" ")
        cases[f"{labels[series]} {years}".strip()] = one
    columns = ("mean_rank", "variance_over_uniform", *TAILS)
    rows = [[label, *(one[column] for column in columns)] for label, one in cases.items()]
    head = ("量", "平均秩（应为0.5）", "秩的方差比（应为1）", "χ² 尾概率", "包络尾概率")
    error = float(np.sqrt(1 / 12 / stored["replications"]))
    return (
        f"`{stored['command']}`：{stored['replications']}次重复，每次{stored['draws']}次抽样，"
        f"{stored['coordinates']}个坐标；公布数为{len(stored['figures'])}个（参保、经济增长、人口，含口径变动）。"
        f"结果在 `docs/results/{path.name}`。平均秩的标准误约{error:.3f}。\n\n"
        f"{table(head, rows)}\n\n"
        f"{_verdict(cases, error)}"
    )


def _verdict(cases: dict[str, dict[str, float]], error: float) -> str:
    """What the ranks say, by the tails that are printed above: each for itself, and all of them taken together."""
    count = len(TAILS) * len(cases)
    together = FAMILY / count
    said = []
    for rule, limit in (
        (f"逐项看，尾概率低于{SINGLE}的", SINGLE),
        (f"{count}项检验合按{FAMILY:.0%}（单项界限{together:.4f}），偏离均匀的", together),
    ):
        bad = [label for label, one in cases.items() if min(one[tail] for tail in TAILS) < limit]
        said.append(f"{rule}：{'、'.join(bad) or '无'}")
    off = cases["似然"]["mean_rank"] - 0.5
    side = "无可见偏差" if abs(off) < 2.0 * error else "偏松，更新略嫌保守" if off > 0.0 else "偏紧，更新略嫌大胆"
    return f"{'；'.join(said)}。似然的平均秩{side}。"


def main(draws: int = 4_000) -> None:
    """Run both forecasts and write the page."""
    model = yk.load_model()
    calibration = yk.calibrate(model)
    late = yk.assimilate(calibration, AS_OF, draws=draws)
    early_card, late_card = (
        yk.evaluate(yk.indicators(yk.project(one, SCENARIOS, draws=draws, keep="series"), model), model, as_of=day)
        for one, day in ((calibration, None), (late, AS_OF))
    )
    revised = revision(late, SCENARIOS)
    parts = [
        "# 2023年年中的预测",
        "本页由 `python docs/print_forecast_2023.py` 生成，数字不手写。同样的结果可由命令得到：",
        f"```\nykforecast forecast --draws {draws}\nykforecast forecast --as-of {AS_OF} --draws {draws}\n```",
        f"第一条只用截至2020年底的公布数，第二条再用2021—2022年中截至{AS_OF}已可知的公布数"
        "（公布日期见[观测序列](model/observations.md)）。已过的年份在两个情景中都按规划的措施推演。"
        "下表并列两次预测（中位数与80%区间，目标口径）；“主要原因”是各公布序列在均值变动中的份额，"
        "全部份额在 `revision.csv`，逐项相加等于均值的变动。",
    ]
    for scenario in SCENARIOS:
        parts += [
            f"## {late_card['scenario_zh'].sel(scenario=scenario).item()}",
            f"截至2020年底：{headline(early_card, scenario)}",
            f"截至{AS_OF}：{headline(late_card, scenario)}",
            side_by_side(revised, early_card, late_card, scenario),
            "\n".join(f"- {note}" for note in table_notes(late_card, scenario, "zh")[1:]),
        ]
    parts += [
        "## 与朴素对手并列",
        beside_rivals(model, {card.attrs["as_of"]: card for card in (early_card, late_card)}),
        "## 每个公布数说明了什么",
        "\n".join(f"- {line}" for line in plain_findings(late.evidence.findings, AS_OF).splitlines()),
        "带※的指标，2025年评估时部门的数会含有口径变动，主表因此按公布口径；变动不是参保行为，"
        "不应算作成绩，故同时给出按2020年口径的中位数与概率。2022年两项跳升的原因没有公布，模型只说"
        "“更像口径变动”：若部门能说明是扩面，可用自报表填入各项人数，再更新一次。",
        "## 两种方法",
        comparison(model, calibration),
        "## 更新是否可信：基于模拟的校准",
        ranks(),
    ]
    text = "\n\n".join(part for part in parts if part)
    (HERE / "forecast_2023.md").write_text(text.replace("~", "—") + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
