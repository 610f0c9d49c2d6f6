"""Print the tables of the page on back-tests into it, from the stored result of the command that the page names::

ykforecast backtest --base all --store --json > docs/results/backtest.json
python docs/print_backtest.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ykforecast.assess.backtest_scores import STEPPED
from ykforecast.assess.case_scores import MODEL
from ykforecast.assess.scores import pit_band
from ykforecast.data.model_files import load_model
from ykforecast.present.backtest_report import METHODS_ZH, PARTS_ZH, SERIES_ZH, TITLES_ZH

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "backtest.json"
PAGE = HERE / "method" / "backtest.md"
#: What stands between these marks is printed.
_PRINTED = re.compile(r"(<!-- print (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def results(file: Path = RESULT) -> dict[str, dict[str, Any]]:
    """Back-tests of the stored result by base year."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    return {str(one["base_year"]): one for one in stored["backtests"]}


def page(text: str, found: Mapping[str, dict[str, Any]]) -> str:
    """The page with every printed part made anew."""
    parts = {
        "command": command(found),
        "coverage": coverage(found),
        **{f"scores_{base}": scores(one) for base, one in found.items()},
        **{f"split_{base}": split(one) for base, one in found.items()},
        "losses": losses(found),
    }
    return _PRINTED.sub(lambda mark: f"{mark[1]}{parts[mark[2]]}{mark[3]}", text)


def command(found: Mapping[str, dict[str, Any]]) -> str:
    """How the stored result was made."""
    first = next(iter(found.values()))
    options = f"--base all --draws {first['draws']} --seed {first['seed']} --store --json"
    return f"```\nykforecast backtest {options} > docs/results/backtest.json\npython docs/print_backtest.py\n```\n"


def coverage(found: Mapping[str, dict[str, Any]]) -> str:
    """Coverage of the three intervals, and the PIT, of each back-test and of all."""
    rows = []
    inside, cases = {level: 0.0 for level in ("0.50", "0.80", "0.95")}, 0
    for base, one in found.items():
        values = [case["pit"] for case in one["cases"] if case["pit"] is not None]
        share = one["overall"][MODEL]["coverage"]
        held = "在带内" if pit_band(len(values)).holds(values) else "出带"
        rows.append((TITLES_ZH[_key(base)], str(len(values)), *(f"{x:.0%}" for x in share.values()), held))
        inside = {level: inside[level] + share[level] * len(values) for level in inside}
        cases += len(values)
    rows.append(("合计", str(cases), *(f"{x / cases:.0%}" for x in inside.values()), ""))
    return _table(("回测", "有区间的案例", "50%", "80%", "95%", "PIT与95%同时带"), rows)


def scores(one: Mapping[str, Any]) -> str:
    """Model by series, and the difference from each rival: below zero the model is better."""
    rivals = [name for name in one["overall"] if name not in (MODEL, STEPPED)]
    groups = [("全部", one["overall"])]
    if any(case["steps_of_definition"] for case in one["cases"]):
        groups.append(("全部，不计2022年两次口径变动", one["without_steps"]))
    groups += [(_label(name), found) for name, found in one["by_series"].items()]
    rows = []
    for title, found in groups:
        model = found[MODEL]
        measures = [model[name] for name in ("mean_error", "mean_absolute_error", "root_mean_square_error")]
        spread, right, cover = model["two_thirds_spread"], model.get("right_direction"), model.get("coverage")
        rows.append(
            (
                title,
                str(model["cases"]),
                f"{model['crps']:.4f}",
                f"{measures[0]:+.3f}",
                f"{measures[1]:.3f}",
                f"{measures[2]:.3f}",
                f"{spread:.3f}",
                "—" if right is None else f"{right:.0%}",
                "—" if cover is None else f"{cover['0.80']:.0%}",
                *(_difference(found.get(rival)) for rival in rivals),
            )
        )
    headings = ("序列", "案例", "CRPS", "平均误差", "平均绝对误差", "均方根误差", "三分之二范围", "方向正确", "80%覆盖")
    return _table((*headings, *(METHODS_ZH[rival] for rival in rivals)), rows)


def _difference(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "无"
    error = found["error"]
    return f"{found['difference']:+.4f}" + (f"±{error:.4f}" if error is not None else "")


def split(one: Mapping[str, Any]) -> str:
    """Mean error of each series by cause, shares of the figure or differences of rates."""
    parts = list(dict.fromkeys(part for case in one["cases"] for part in case["split"]))
    rows = []
    for name in one["by_series"]:
        cases = [case for case in one["cases"] if case["series"] == name and None not in case["split"].values()]
        if not cases:
            continue
        own = [case["observed"] if case["relative"] else 1.0 for case in cases]
        error = sum((case["median"] - case["observed"]) / size for case, size in zip(cases, own, strict=True))
        shares = [
            sum(case["split"][part] / size for case, size in zip(cases, own, strict=True)) / len(cases)
            for part in parts
        ]
        rows.append((_label(name), str(len(cases)), f"{error / len(cases):+.3f}", *(f"{x:+.3f}" for x in shares)))
    return _table(("序列", "案例", "平均误差", *(PARTS_ZH[part] for part in parts)), rows)


def losses(found: Mapping[str, dict[str, Any]]) -> str:
    """Every series that the model loses, to whom, by how much and why."""
    rows = []
    for base, one in found.items():
        for name in dict.fromkeys(loss["series"] for loss in one["losses"]):
            lost = [loss for loss in one["losses"] if loss["series"] == name]
            rivals = "、".join(f"{METHODS_ZH[loss['rival']]}（{_difference(loss)}）" for loss in lost)
            rows.append((TITLES_ZH[_key(base)], _label(name), rivals, lost[0]["reason"]))
    return _table(("回测", "序列", "输给（CRPS之差）", "原因"), rows)


def _key(base: str) -> Any:
    return int(base) if base.isdigit() else base


def _label(name: str) -> str:
    observations = load_model().observations
    return observations[name].label_zh if name in observations else SERIES_ZH[name]


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines) + "\n"


def main() -> None:
    """Renew the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), results()), encoding="utf-8")


if __name__ == "__main__":
    main()
