"""Faults in the files on districts: each is named with its key, and the check of the model folder finds it."""

from __future__ import annotations

import pytest

from ykforecast.data.check_model import check_model
from ykforecast.data.district_margins import NAME as MARGINS
from ykforecast.data.district_rules import NAME

FAULTS_OF_MARGINS = {
    "districts: no such district": ('"laobian"]', '"laobien"]'),
    "unknown count": ("[unemployment_insured]", "[unemployment_insurd]"),
    "no such": ('variable = "unemployment_insured"', 'variable = "unemployment_insurd"'),
    "label_en": ('label_en = "city districts"', ""),
    "reason": ('reason = "172,931 of 239,171"', ""),
    "hold no part of the place": ('place = "yingkou_city_districts"', 'place = "yingkou"'),
}
FAULTS = {
    "unknown stock 'enterprse'": ('stocks = ["enterprise", "public", "flexible"]', 'stocks = ["enterprse"]'),
    "at least 1 item": ('stocks = ["farm"]', "stocks = []"),
    "unknown key": ('stocks = ["farm"]', 'stock = ["farm"]'),
}


@pytest.mark.parametrize("problem", FAULTS)
def test_a_fault_is_named_and_found_by_the_check(model_copy, problem):
    good, bad = FAULTS[problem]
    file = model_copy / NAME
    text = file.read_text(encoding="utf-8")
    assert good in text
    file.write_text(text.replace(good, bad, 1), encoding="utf-8")
    [finding] = [str(one) for one in check_model(model_copy)[1] if NAME in str(one)]
    assert problem in finding


@pytest.mark.parametrize("problem", FAULTS_OF_MARGINS)
def test_a_fault_of_a_margin_is_named_and_found_by_the_check(model_copy, problem):
    good, bad = FAULTS_OF_MARGINS[problem]
    file = model_copy / MARGINS
    text = file.read_text(encoding="utf-8")
    assert good in text
    file.write_text(text.replace(good, bad, 1), encoding="utf-8")
    assert any(problem in str(one) for one in check_model(model_copy)[1])
