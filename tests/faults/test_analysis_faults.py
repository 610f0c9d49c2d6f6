"""Faults in ``analysis.toml``: each is named with its key, and `ykforecast check` finds it."""

from __future__ import annotations

import pytest

from ykforecast.data.analysis_file import NAME, load_analysis
from ykforecast.data.check_model import check_model
from ykforecast.data.model_files import load_model
from ykforecast.vocabulary.errors import ModelError

FAULTS = {
    "in two themes": (
        'parameters = ["take_up_hazard", "take_up_trend", "continued_contribution", "account_before"]',
        'parameters = ["take_up_hazard", "take_up_*", "gdp_trend"]',
    ),
    "no theme holds": (
        'parameters = ["take_up_hazard", "take_up_trend", "continued_contribution", "account_before"]',
        'parameters = ["take_up_hazard"]',
    ),
    "in two groups": ('sections = ["2.1"]', 'sections = ["2.1", "2.2"]'),
    "no lever is of this section": ('sections = ["2.1"]', 'sections = ["2.1", "99.9"]'),
    "no such parameter": ('parameters = ["fund_*", "resident_*"]', 'parameters = ["fund_*", "resident_*", "fnud_*"]'),
    "no such process": ('processes = ["gdp"]', 'processes = ["gdp", "nonsense_process"]'),
    "missing": ('family = "people"\n', ""),
    "at least one parameter or process": ('parameters = ["fund_*", "resident_*"]\n', ""),
    "less than or equal to 2025": ("year = 2022\n", "year = 2026\n"),
    "exactly one of relative and absolute": (
        "error = { relative = 0.01,",
        "error = { relative = 0.01, absolute = 1.0,",
    ),
}


@pytest.mark.parametrize("problem", FAULTS)
def test_a_fault_is_named_and_found_by_the_check(model_copy, problem):
    good, bad = FAULTS[problem]
    file = model_copy / NAME
    text = file.read_text(encoding="utf-8")
    assert good in text
    file.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ModelError, match=problem) as caught:
        load_analysis(load_model(model_copy))
    assert NAME in str(caught.value)
    _, findings = check_model(model_copy)
    assert any(problem in str(finding) for finding in findings)


def test_a_model_may_do_without_until_it_is_needed(model_copy):
    (model_copy / NAME).unlink()
    assert not any(NAME in str(finding) for finding in check_model(model_copy)[1])
    with pytest.raises(ModelError, match="the file is missing"):
        load_analysis(load_model(model_copy))
