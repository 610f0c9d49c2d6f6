"""The report beside the previous one: what changed, from what, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import ykforecast as yk
from tests.unit import reports, synthetic
from ykforecast.assess.finished_forecast import FinishedForecast
from ykforecast.documents.blocks import Paragraph, Table
from ykforecast.documents.bound import look_up
from ykforecast.documents.content.changes import changes
from ykforecast.documents.content.draft import Draft
from ykforecast.present.text import figure

KEY = "new_urban_jobs"


def finished(name, indicators, as_of=None):
    return FinishedForecast(
        name=name, as_of=as_of, made_of={"draws": 400}, indicators=indicators, card=None, revised=None
    )


@pytest.fixture(scope="module")
def dossiers(model):
    """A report without and with a previous forecast, in which one indicator stood well below its target."""
    now = synthetic.indicators()
    lower = now.assign({KEY: now[KEY] * 0.5})
    since = yk.since_last(finished("now", now, date(2023, 6, 30)), finished("before", lower), model)
    plain = reports.dossier(model)
    return plain, replace(plain, groups={"since_last": since})


def blocks(dossier, lang="zh"):
    return changes(Draft(dossier, lang))


@pytest.mark.parametrize(("lang", "said"), [("zh", "本次为首次预测"), ("en", "This is the first forecast")])
def test_the_first_report_says_that_it_is_the_first(dossiers, lang, said):
    """An empty section would look as if nothing had changed."""
    [only] = blocks(dossiers[0], lang)
    assert said in str(only)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_moved_stands_beside_what_it_was_with_its_cause(dossiers, lang):
    """Leaders ask first what is new since they were last told: before, now and why, each figure from the results."""
    dossier = dossiers[1]
    found = blocks(dossier, lang)
    [table] = [block for block in found if isinstance(block, Table)]
    assert list(table.row_keys) == list(dossier.model.indicators)
    before, now = table.rows[table.row_keys.index(KEY)][2:4]
    assert look_up(dossier.tree(), before.path) == pytest.approx(look_up(dossier.tree(), now.path) / 2)
    assert before.text == figure(before.value, before.unit, len(before.text.partition(".")[2]))
    # Only that one was moved, and by nothing but what went in.
    causes = [row[-2:] for row in table.rows]
    moved = [key for key, (cause, _) in zip(table.row_keys, causes, strict=True) if str(cause) != "—"]
    assert moved == [KEY]


def test_a_class_that_changed_is_named_and_no_other(dossiers):
    """A class is what officials answer for: one that moved unseen, or is said to have moved, does harm."""
    one = dossiers[1].groups["since_last"].sel(scenario="plan")
    changed = one["indicator"].values[(one["before_class"] != one["now_class"]).values].tolist()
    assert changed == [KEY]
    said = "".join(str(block) for block in blocks(dossiers[1]) if isinstance(block, Paragraph))
    named = [key for key, spec in dossiers[1].model.indicators.items() if f"{spec.label_zh}由“" in said]
    assert named == changed


def test_a_previous_forecast_of_other_scenarios_is_not_compared(dossiers):
    """The change of another scenario would be read as that of the one the report speaks of."""
    since = dossiers[1].groups["since_last"].sel(scenario=["baseline"])
    [only] = blocks(replace(dossiers[1], groups={"since_last": since}))
    assert "不作比较" in str(only)
