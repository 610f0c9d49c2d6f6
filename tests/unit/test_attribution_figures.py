"""Pictures of attribution: what is drawn adds up, and nothing is drawn that is not there."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from ykforecast.present.attribution_table import attribution_rows, plain_attribution
from ykforecast.present.figures_attribution import sobol_bars, waterfall
from ykforecast.vocabulary.errors import RequestError


@pytest.fixture(scope="module")
def made():
    """Two large parts and a small one, of which the means add up to three thousand persons."""
    share = np.array([[[4000.0, 6000.0]], [[-2000.0, -2000.0]], [[0.0, 0.0]]])
    names = ["one", "two", "three"]
    coords = {"part": names, "indicator": ["new_urban_jobs"], "draw": [0, 1], "group": ("part", ["a", "a", "three"])}
    coords |= {f"part_{lang}": ("part", names) for lang in ("zh", "en")}
    coords |= {f"group_{lang}": coords["group"] for lang in ("zh", "en")}
    return xr.Dataset(
        {"share": (("part", "indicator", "draw"), share), "difference": (("indicator", "draw"), share.sum(axis=0))},
        coords=coords,
        attrs={"over": "causes", "scenario_zh": "某", "scenario_en": "some", "year": 2025, "draws": 2},
    )


def test_bars_stand_one_after_the_other(made, model):
    ax = waterfall(made, "new_urban_jobs", model)
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert ends == [(0.0, 0.5), pytest.approx((0.5, 0.3)), pytest.approx((0.0, 0.3))]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two", "合计"]


def test_small_parts_are_drawn_as_one(made, model):
    small = made.copy(deep=True)
    small["share"].loc[{"part": "three"}] = 60.0
    ax = waterfall(small, "new_urban_jobs", model, "en")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two", "others", "all"]


def test_only_themes_that_matter_are_drawn(model):
    total = np.array([[0.7], [0.0], [0.3]])
    found = xr.Dataset(
        {name: (("theme", "indicator"), total) for name in ("first", "total")}
        | {
            f"{name}_interval": (("bound", "theme", "indicator"), np.stack([total, total]))
            for name in ("first", "total")
        },
        coords={"theme": ["a", "b", "c"], "theme_zh": ("theme", ["甲", "乙", "丙"]), "indicator": ["dibao_ratio"]},
    )
    ax = sobol_bars(found, "dibao_ratio", model)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["甲", "丙"]
    with pytest.raises(RequestError, match="not in the result"):
        sobol_bars(found, "new_urban_jobs", model)


def test_the_table_prints_the_unit_of_the_plan_and_a_group_once(made, model):
    lines = plain_attribution(made, model, "en").splitlines()
    assert [line.split() for line in lines[2:6]] == [
        ["a", "one", "+0.500", "+0.420~+0.580"],
        ["two", "-0.200", "-0.200~-0.200"],
        ["—", "three", "0.000", "0.000~0.000"],
        ["all", "+0.300", "+0.220~+0.380"],
    ]
    assert [row["mean"] for row in attribution_rows(made)] == [5000.0, -2000.0, 0.0]
