"""A dossier of indicators with known answers, and a small document that quotes it."""

from __future__ import annotations

import ykforecast as yk
from tests.unit import synthetic
from ykforecast.assess.dossier import Dossier, indicator_paths
from ykforecast.documents.blocks import Column, Document, Gap, Paragraph, Section, Table
from ykforecast.documents.bound import Results


def dossier(model, as_of="2023-06-30", scenarios=("baseline", "plan")):
    indicators = synthetic.indicators(scenarios)
    card = yk.evaluate(indicators, model, as_of=as_of, observations=())
    run = {
        "model": {"name": model.name, "digest": model.digest},
        "scenarios": list(scenarios),
        "draws": 400,
        "seed": 1,
        "as_of": as_of,
        "inputs": {"yingkou/model.toml": "sha256:" + "0" * 64},
        "versions": {"python": "3.11.0", "machine": "any", "ykforecast": "0.1.0", "numpy": "2.1.0"},
    }
    return Dossier(model, card, indicator_paths(indicators, model), run=run)


def document(found, lang="zh", title="中期评估报告", note="注：〔〕内为五年累计数。"):
    results = Results(found.tree())
    scenario = found.card["scenario"].values[0].item()
    columns = (Column("指标", "left", 3.0), Column("2025年预测"), Column("概率%"), Column("原因", "left"))
    rows = tuple(
        (
            results.text("scorecard", f"label_{lang}", indicator=key),
            results.number(
                *("scorecard", "outcome_median"),
                unit=spec.unit,
                decimals=spec.decimals,
                scenario=scenario,
                indicator=key,
            ),
            results.share("scorecard", "probability", scenario=scenario, indicator=key),
            Gap("市人社局"),
        )
        for key, spec in found.model.indicators.items()
    )
    table = Table("main", "主要指标完成情况", columns, rows, "单位：万人、%", (Paragraph((note,), "note"),))
    front = (("评估时点", results.text("scorecard", "scenario_zh", scenario=scenario)),)
    return Document(title, (Section("progress", "进展", (table,)),), front=front, lang=lang)
