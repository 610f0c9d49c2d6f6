"""Print the page on what history taught, from the stored result of the command that it names::

python -m ykforecast.infer.history_posterior --report docs/results/history_posterior.json
python docs/print_history.py
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ykforecast.data.learned_file import read_learned
from ykforecast.data.model_files import load_model
from ykforecast.data.toml_files import read_toml
from ykforecast.present.model_words import GRADES
from ykforecast.spec.model import ModelSpec

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "history_posterior.json"
PAGE = HERE / "model" / "learned.md"
VERDICTS = {"fits": "相符", "step": "口径变动", "conflict": "冲突，未采用"}


def number(value: float) -> str:
    """Whole persons, or four figures."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def interval(values: list[float]) -> str:
    """Median with the 80 % interval."""
    low, middle, high = values
    return f"{number(middle)}（{number(low)} – {number(high)}）"


def page(model: ModelSpec, found: dict[str, Any]) -> str:
    """The page for a model and a stored result."""

    def series(name: str) -> str:
        return model.observations[name].label_zh

    figures = []
    for one in found["figures"]:
        name, year = one["name"].rsplit(":", 1)
        before = f"{number(one['expected'])} ± {number(one['spread'])}"
        after = interval(one["fitted"]) if one["fitted"] else "—"
        row = (series(name), year, number(one["observed"]), before, after, VERDICTS[one["verdict"]])
        figures.append("| " + " | ".join(row) + " |")
    parameters = []
    for one in found["parameters"]:
        spec = model.parameters[one["name"]]
        shares = sorted(one["taught"].items(), key=lambda item: -abs(item[1]))
        taught = "；".join(f"{series(name)} {share:+.2f}" for name, share in shares if abs(share) >= 0.05)
        carried = f"均值 {one['carried_mean']:+.2f}，标准差 {one['carried_sd']:.2f}"
        row = (f"`{one['name']}` {spec.label_zh}", interval(one["prior"]), interval(one["past"]), carried, taught)
        parameters.append("| " + " | ".join(row) + " |")
    learned = {one["name"] for one in found["parameters"]}
    uncertain = {key: spec for key, spec in model.parameters.items() if spec.role == "uncertainty"}
    grades = Counter(spec.grade for key, spec in uncertain.items() if key not in learned)
    prior_driven = "、".join(f"{GRADES[grade]} {grades[grade]} 项" for grade in GRADES if grades[grade])
    evidence = read_toml(model.folder / "history.toml").table["evidence"]
    left_out = evidence["left_out"] | evidence.get("left_out_zh", {})
    reasons = [f"- {series(name)}（`{name}`）：{why}" for name, why in left_out.items()]
    transfer = model.parameters["history_transfer"].median
    return f"""<!-- Printed by docs/print_history.py from docs/results/history_posterior.json: edit neither by hand. -->
# 历史教会了什么

```
{found["command"].replace("FILE", "docs/results/history_posterior.json")}
python docs/print_history.py
```

从2015年末起运行到2020年，以公布数为条件（集合平滑，见[数据同化](../method/assimilation.md)），得到各参数在2016—2020年的后验；
今后五年与前五年的相关取 {transfer:g}（`history_transfer`，假定），因此只有一部分延续下来。
基期2020年各公布数仍逐次抽样精确满足。

## 数字：先验预测与条件之后

| 序列 | 年份 | 公布 | 先验预测 ± 标准差 | 条件之后（80%） | 判断 |
| --- | --- | --- | --- | --- | --- |
{chr(10).join(figures)}

## 参数：先验与后验

“延续”以先验标准差计：0与1即等于先验。最后一列是各序列对后验均值移动的贡献（先验标准差）。

| 参数 | 先验中位数（80%） | 2016—2020年后验 | 延续到2021—2025年 | 由谁教 |
| --- | --- | --- | --- | --- |
{chr(10).join(parameters)}

其余 {len(uncertain) - len(learned)} 个不确定参数未从这些序列学到可辨认的东西，仍由先验决定：{prior_driven}。
其中经济部分（增速、工资、景气）另由状态空间模型估计，见[经济](../method/economy.md)。

## 未用于条件的序列与理由

{chr(10).join(reasons)}
"""


if __name__ == "__main__":
    shipped = load_model()
    read_learned(shipped.folder)
    PAGE.write_text(page(shipped, json.loads(RESULT.read_text(encoding="utf-8"))), encoding="utf-8")
