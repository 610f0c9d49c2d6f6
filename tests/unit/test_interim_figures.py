"""Interim figures on the city model: no figure, no bit; a figure moves what it speaks to; nothing is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import ykforecast as yk
from ykforecast.assess.attainment import on_basis
from ykforecast.assess.definition_steps import STEP
from ykforecast.assess.revision import revision
from ykforecast.data.observations import independent, load_observations
from ykforecast.infer import assimilation
from ykforecast.infer.forward import ForwardModel
from ykforecast.present.revision_table import CSV_COLUMNS, plain_findings, plain_revision, revision_csv, revision_table
from ykforecast.present.tables import plain_table
from ykforecast.simulate.block_run import run_block
from ykforecast.simulate.scenarios import Past, resolve
from ykforecast.spec.scenario import Downturn, Scenario, Shocks
from ykforecast.vocabulary.errors import RequestError, ScenarioError

MIDTERM = "2023-06-30"
DRAWS = 200


@pytest.fixture(scope="module")
def late(calibration):
    return yk.assimilate(calibration, MIDTERM, draws=DRAWS)


@pytest.fixture(scope="module")
def runs(late):
    return yk.project(late, ["baseline", "plan"])


@pytest.fixture(scope="module")
def published(runs, model):
    return yk.indicators(runs, model)


@pytest.fixture(scope="module")
def counted(runs, model):
    return yk.indicators(runs, model, counting="base")


@pytest.fixture(scope="module")
def before(calibration, model):
    return yk.indicators(yk.project(calibration, ["baseline", "plan"], draws=DRAWS, keep="series"), model)


@pytest.fixture(scope="module")
def revised(late):
    return revision(late)


@pytest.fixture(scope="module")
def late_card(published, model):
    return yk.evaluate(published, model, as_of=MIDTERM)


def own(model, series, value, *, year=2022, first=None, month=None, published="2023-02-01"):
    """A department's figure in base units."""
    return model.observations[series].observed(
        series,
        value,
        years=(first or year, year),
        month=month,
        rounding=1.0,
        published=date.fromisoformat(published),
        source="人社局",
        grade="observed",
    )


def figures(model, *given, as_of=MIDTERM):
    return [*given, *load_observations(model.folder, as_of=date.fromisoformat(as_of))]


# --- no figure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2020-12-31", "2022-05-30"])
def test_a_day_on_which_no_figure_was_known_changes_no_bit(calibration, day):
    # The first figures of 2021 came out on 31 May 2022; nothing known is nothing learned.
    early = yk.assimilate(calibration, day, draws=40)
    assert (early.evidence.observations, early.latent, early.evidence.past) == ((), None, None)
    prior, found = (
        yk.project(one, ["baseline", "plan+slow-growth"], draws=40, seed=5, keep="totals")
        for one in (calibration, early)
    )
    for group in ("series", "stocks", "flows"):
        for name, values in prior[group].to_dataset().data_vars.items():
            assert found[f"{group}/{name}"].values.tobytes() == values.values.tobytes(), name


def test_the_last_day_known_is_the_last_publication(calibration):
    late = yk.assimilate(calibration, draws=20, observations=[own(calibration.model, "unemployment_insured", 245e3)])
    assert late.evidence.as_of == date(2023, 2, 1)


# --- the same bits --------------------------------------------------------------------------------------


def test_blocks_and_threads_do_not_matter(late):
    whole = yk.project(late, "plan", keep="series")
    cut = yk.project(late, "plan", keep="series", block=37, threads=1)
    for name, values in whole["series"].to_dataset().data_vars.items():
        assert cut[f"series/{name}"].values.tobytes() == values.values.tobytes(), name


def test_the_ensemble_does_not_depend_on_threads_or_blocks(calibration, model, monkeypatch):
    given = [own(model, "gdp_growth", 0.02, year=2021), own(model, "unemployment_insured", 340_000)]
    whole = yk.assimilate(calibration, draws=100, observations=given)
    monkeypatch.setattr("ykforecast.infer.forward.BLOCK", 33)
    cut = yk.assimilate(calibration, draws=100, observations=given, threads=1)
    for name, numbers in whole.latent.streams.items():
        assert cut.latent.streams[name].tobytes() == numbers.tobytes(), name


def test_coordinates_reach_every_random_number_of_a_run(calibration, model):
    # The prior as a matrix and the prior as streams must be one run: a stream left out could learn nothing.
    [plan] = resolve(model, "plan")
    ensemble = ForwardModel(
        model,
        lambda sampled: run_block(calibration, plan, sampled, threads=1).series,
        [],
        2020,
        learned=calibration.learned,
    )
    found = ensemble.series(ensemble.prior(20))
    runs = yk.project(calibration, "plan", draws=20, keep="series")
    for name, values in runs["series"].to_dataset().data_vars.items():
        assert found[name].tobytes() == values.isel(scenario=0).values.tobytes(), name
    assert any(not np.array_equal(ensemble.series(-ensemble.prior(20))[name], found[name]) for name in found)


def test_more_draws_or_another_seed_than_conditioned_are_refused(late):
    for asked in ({"draws": DRAWS + 1}, {"seed": 7}):
        with pytest.raises(RequestError, match="conditioned"):
            yk.project(late, "plan", **asked)


# --- what a figure moves --------------------------------------------------------------------------------


def test_one_figure_moves_what_it_speaks_to(calibration, model, before):
    # Two per cent more residents than expected, with an error of 0.3 per cent: the city is larger, posts are not.
    expected = float(before["medical_coverage"].sel(year=2021).mean())
    assert 0 < expected < 1
    prior = yk.project(calibration, "plan", draws=DRAWS, keep="series")["series/population"].isel(scenario=0)
    there = float(prior.sel(year_end=2021).mean()) + 12_000
    late = yk.assimilate(calibration, draws=DRAWS, observations=[own(model, "population", there, year=2021)])
    found = yk.project(late, "plan", keep="series")["series"]
    moved = found["population"].isel(scenario=0) - prior
    assert 0.2 * 12_000 < float(moved.sel(year_end=2021).mean()) < 12_000
    assert float(moved.sel(year_end=2025).mean()) > 0
    spread = float(found["population"].sel(year_end=2021).std() / prior.sel(year_end=2021).std())
    assert spread < 0.95
    dibao = yk.project(calibration, "plan", draws=DRAWS, keep="series")["series/dibao_ratio"]
    np.testing.assert_allclose(found["dibao_ratio"].mean("draw"), dibao.mean("draw"), rtol=0.01)


def test_slow_growth_of_two_years_lowers_the_mean_of_five(model, before, published):
    target = model.targets["labour_productivity_growth"]
    early, now = (on_basis(one["labour_productivity_growth"], target) for one in (before, published))
    assert (now.mean("draw") < early.mean("draw") - 0.02).all()
    assert (now.std("draw") < early.std("draw")).all()


def test_what_was_done_is_the_same_in_every_scenario(published):
    # Both scenarios share the years that have passed, and differ in those to come.
    series = published["subsidised_training"]
    gap = abs(series.sel(scenario="plan") - series.sel(scenario="baseline")).mean("draw")
    assert (gap.sel(year=[2021, 2022]) == 0).all()
    assert (gap.sel(year=[2023, 2024, 2025]) > 0).all()


def falls(*starts):
    downturns = tuple(
        Downturn.of(kind=ScenarioError, start=start, depth=2.0, fall=2, hold=2, recover=8) for start in starts
    )
    return Shocks.of(kind=ScenarioError, downturns=downturns)


def test_a_fall_of_a_passed_year_counts_only_where_it_came(model):
    # Half a fall that was to begin in 2022 would hit January 2023 out of nowhere.
    imagined = Scenario("imagined", shocks=falls("2022-11", "2024-03"))
    [then] = resolve(model, imagined, Past("plan", 2022))
    [alone] = resolve(model, Scenario("later", shocks=falls("2024-03")))
    np.testing.assert_array_equal(then.downturns, alone.downturns)
    [stress] = resolve(model, "mass-unemployment", Past("plan", 2022))
    assert stress.downturns.any(), "a fall of 2023 is still to come"
    [past] = resolve(model, "plan", Past("mass-unemployment", 2023))
    [whole] = resolve(model, "mass-unemployment")
    np.testing.assert_array_equal(past.downturns, whole.downturns)


# --- definition steps -----------------------------------------------------------------------------------


def test_a_jump_goes_into_the_published_count_and_not_into_behaviour(before, published, counted):
    # +42.7 % in 2022 with no stated cause: what the departments count holds it, what people do does not.
    jump = 100_000
    early, now, plain = (one["unemployment_insured"].sel(scenario="plan") for one in (before, published, counted))
    assert float(now.sel(year=2022).median()) == pytest.approx(341_563, rel=0.03)
    assert abs(float(plain.sel(year=2022).median() - early.sel(year=2022).median())) < 0.1 * jump
    step = published[f"unemployment_insured{STEP}"]
    np.testing.assert_allclose(now - plain, step, rtol=1e-9)
    assert (step.sel(year=2020) == 0).all()
    np.testing.assert_array_equal(step.sel(year=2025), step.sel(year=2022))


def test_eight_is_nine_and_ten_in_every_draw(published):
    gap = published["pension_employees_total"] - published["pension_enterprise"] - published["pension_government"]
    np.testing.assert_allclose(gap, 0.0, atol=1e-6)
    assert float(abs(published[f"pension_enterprise{STEP}"]).max()) > 50_000


def test_breakdowns_add_up_with_steps_in_them(published):
    for key in ("pension_employees_total", "pension_enterprise"):
        for axis in ("sex", "age_group", "district"):
            np.testing.assert_allclose(published[f"{key}_by_{axis}"].sum(axis), published[key], rtol=1e-9)


def test_the_table_shows_both_readings(late_card, counted, model):
    text = plain_table(late_card, "plan")
    target = model.targets["unemployment_insured"]
    plain = on_basis(counted["unemployment_insured"].sel(scenario="plan"), target)
    [note] = [line for line in text.splitlines() if line.startswith("※12 ")]
    assert "失业保险参保人数※" in text
    assert f"按2020年口径中位数为{float(plain.median()) / 1e4:.1f}万人" in note
    here = late_card.sel(scenario="plan", indicator="unemployment_insured")
    assert float(here["base_probability"]) == pytest.approx(float((plain >= target.threshold).mean()), abs=1e-9)
    assert float(here["base_probability"]) < 0.1 < float(here["probability"])
    assert "※16" not in text
    assert "其中3项的数含统计口径变动" in text.splitlines()[0]
    assert "※12" in plain_table(late_card, "plan", "en")


def test_a_forecast_without_figures_says_nothing_of_steps(card):
    assert "definition_step" not in card
    assert "※" not in plain_table(card, "plan")


def test_a_departments_own_count_of_a_scheme_decides_where_a_step_is(calibration, model):
    # The yearbook's total jumps, the department's count of the enterprise scheme does not: no step in indicator 9.
    mine = own(model, "pension_enterprise", 910_000)
    late = yk.assimilate(calibration, MIDTERM, draws=100, observations=figures(model, mine))
    found = yk.indicators(yk.project(late, "plan", keep="series"), model)
    assert float(found["pension_enterprise"].sel(year=2022).median()) == pytest.approx(910_000, rel=0.03)


# --- one quantity, one figure ---------------------------------------------------------------------------


def test_a_departments_figure_stands_alone_beside_the_yearbooks(model):
    # Both are counts of one register: used twice, one error would be halved for nothing.
    mine = own(model, "pension_employees_total", 995_000, year=2021)
    chosen = independent(model, figures(model, mine))
    pension = [one for one in chosen if one.quantity == mine.quantity and one.year == 2021]
    assert [one.series for one in pension] == ["pension_employees_total"]
    [other] = pension[0].contradictions
    assert (other.source, other.value) == ("china_city_yearbook_after_base", 998_632)
    assert "own figure" in other.reading
    assert [one.year for one in chosen if one.series == "employee_pension_insured"] == [2022]


def test_without_a_department_the_first_of_the_registry_stands(model):
    one = own(model, "pension_employees_total", 995_000)
    listed = [replace(one, source=next(iter(model.sources))), *figures(model)]
    chosen = [found for found in independent(model, reversed(listed)) if found.quantity == one.quantity]
    assert [(found.series, found.year) for found in chosen] == [
        ("employee_pension_insured", 2021),
        ("pension_employees_total", 2022),
    ]


def test_a_sum_of_known_years_stands_aside(model):
    # 2021, 2022 and their sum are two figures, not three; a sum of years not known alone stays.
    years = [own(model, "new_urban_jobs", 20_000, year=year) for year in (2021, 2022)]
    total = own(model, "new_urban_jobs", 40_000, first=2021)
    assert independent(model, [*years, total]) == tuple(years)
    assert len(independent(model, [years[0], total])) == 2


def test_months_of_one_year_are_figures_of_their_own(calibration, model):
    # A department that reports in March and in June must not be told that it reports one figure twice.
    given = [own(model, "unemployment_insured", 240_000.0, month=month) for month in (3, 6)]
    given.append(own(model, "new_urban_jobs", 10_500.0, month=6))
    late = yk.assimilate(calibration, MIDTERM, draws=40, observations=given)
    assert [one.month for one in late.evidence.observations] == [6, 3, 6]
    assert "至6月" in late.evidence.findings[0].text_zh


# --- conflicts and requests -----------------------------------------------------------------------------


def test_an_impossible_figure_is_left_out_and_named_first(calibration, model):
    # A slip of a digit, 290 for 230: kept, it would drag every parameter to its edge.
    slip, growth = own(model, "population", 2_900_000), own(model, "gdp_growth", 0.02, year=2021)
    found = yk.assimilate(calibration, draws=100, observations=[growth, slip])
    without = yk.assimilate(calibration, draws=100, observations=[growth])
    first, *others = found.evidence.findings
    assert (first.verdict, first.observation) == ("conflict", slip)
    assert "年末常住人口（2022年）" in first.text_zh
    assert "290万人" in first.text_zh
    assert slip not in found.evidence.observations
    assert [one.verdict for one in others] == ["fits"]
    for name, numbers in without.latent.streams.items():
        np.testing.assert_array_equal(found.latent.streams[name], numbers)


def test_only_conflicts_leave_the_prior(calibration, model):
    found = yk.assimilate(calibration, draws=60, observations=[own(model, "population", 2_900_000)])
    assert found.latent is None
    assert [one.verdict for one in found.evidence.findings] == ["conflict"]
    with pytest.raises(RequestError, match="no figures"):
        revision(found)


def test_requests_that_contradict_themselves_are_refused(calibration, late, tmp_path):
    with pytest.raises(RequestError, match="conditioned before"):
        yk.assimilate(late, MIDTERM)
    with pytest.raises(RequestError, match="method"):
        yk.assimilate(calibration, MIDTERM, method="kalman")
    with pytest.raises(RequestError, match="not a date"):
        yk.assimilate(calibration, "June")
    with pytest.raises(RequestError, match="two answers"):
        yk.assimilate(calibration, MIDTERM, observations=[], own=tmp_path / "own.csv")


def test_figures_published_later_are_not_used(calibration, model):
    soon = own(model, "unemployment_insured", 245_000, published="2023-07-01")
    late = yk.assimilate(calibration, MIDTERM, draws=20, observations=[soon])
    assert late.evidence.observations == ()


def test_the_methods_share_one_door(calibration, model, monkeypatch):
    called = []

    def spy(ensemble, latent, expected, seed):
        called.append(ensemble.observed)
        return assimilation.METHODS["es-mda"](ensemble, latent, expected, seed)

    monkeypatch.setattr(assimilation, "METHODS", {**assimilation.METHODS, "smc": spy})
    given = [own(model, "gdp_growth", 0.02, year=2021)]
    late = yk.assimilate(calibration, draws=40, observations=given, method="smc")
    assert late.evidence.method == "smc"
    np.testing.assert_array_equal(called, [[0.02]])


# --- what moved each figure -----------------------------------------------------------------------------


def test_shares_add_up_to_the_change(revised):
    np.testing.assert_allclose(revised["share"].sum("cause"), revised["mean_change"], rtol=1e-9, atol=1e-12)
    assert (revised["before"].diff("quantile") >= 0).all()


def test_before_and_after_are_those_of_the_two_forecasts(revised, before, published, model):
    for key in ("unemployment_insured", "labour_productivity_growth", "new_urban_jobs"):
        for name, forecast in (("before", before), ("after", published)):
            outcome = on_basis(forecast[key], model.targets[key])
            np.testing.assert_allclose(
                revised[name].sel(indicator=key, quantile=0.5), outcome.median("draw"), rtol=1e-9, err_msg=key
            )


def test_each_change_has_its_cause(revised):
    share = revised["share"]
    main = share.sel(indicator="unemployment_insured", scenario="plan")
    assert abs(main).idxmax("cause") == "definition_step"
    growth = share.sel(indicator="labour_productivity_growth", scenario="plan")
    assert abs(growth).idxmax("cause") == "gdp_growth"
    # The plan did what the plan says; for the baseline two years of it are news.
    assert (share.sel(scenario="plan", cause="past_measures") == 0).all()
    assert float(share.sel(scenario="baseline", cause="past_measures", indicator="subsidised_training")) > 0


def test_the_revision_is_printed_side_by_side(revised, late_card):
    table = revision_table(revised, late_card, "plan")
    assert list(table.columns) == ["序号", "指标", "单位", "基期预测", "最新预测", "变动", "主要原因"]
    assert len(table) == 16
    row = table.loc["unemployment_insured"]
    assert row["变动"].startswith("+")
    assert row["主要原因"].startswith("统计口径变动+")
    text = plain_revision(revised, late_card, "plan")
    assert MIDTERM in text.splitlines()[0]
    assert "definition step+" in plain_revision(revised, late_card, "plan", "en")


def test_the_csv_of_the_revision_holds_every_cause(revised, late_card):
    lines = revision_csv(revised, late_card).splitlines()
    assert lines[0] == ",".join(CSV_COLUMNS)
    assert len(lines) == 1 + 2 * 16 * revised.sizes["cause"]
    shares = [float(line.split(",")[-1]) for line in lines if line.startswith("plan,unemployment_insured,")]
    one = revised["mean_change"].sel(scenario="plan", indicator="unemployment_insured")
    assert sum(shares) == pytest.approx(float(one) / 1e4, abs=0.05)


def test_each_figure_has_a_line(late):
    lines = plain_findings(late.evidence.findings, MIDTERM).splitlines()
    assert len(lines) == len(late.evidence.findings) >= 9
    assert sum(line.startswith("【口径变动】") for line in lines) == 2
    assert "逐位相同" in plain_findings((), MIDTERM)
    english = plain_findings(late.evidence.findings, MIDTERM, "en")
    assert "[definition step] unemployment insured 2022" in english
