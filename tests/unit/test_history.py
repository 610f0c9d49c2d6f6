"""The model at the end of 2015: between the censuses, and as it could be known then."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

from ykforecast.data.check_model import check_model
from ykforecast.data.history_file import load_history_file
from ykforecast.data.tables import Table
from ykforecast.infer.history_base import history_calibration, history_model
from ykforecast.infer.history_population import carry, population_between_censuses, stratified
from ykforecast.kernels import draw_columns
from ykforecast.kernels.cohort import run_cohorts
from ykforecast.kernels.flow_table import FLOWS as FLOW_TABLE
from ykforecast.processes.jump_off import year_end_array
from ykforecast.processes.labour_base import E, F, G
from ykforecast.processes.policy_bands import BANDS
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.simulate.city_series import RESIDENTS
from ykforecast.simulate.controls import central_row
from ykforecast.simulate.history_run import PastDraws, predict_history
from ykforecast.simulate.sampled import Sampled
from ykforecast.vocabulary.dims import MONTHS, STRATA, YEARS
from ykforecast.vocabulary.errors import ModelError, RequestError


@pytest.fixture(scope="module")
def assumed(model):
    return PopulationAssumptions.of_model(model)


@pytest.fixture(scope="module")
def between(assumed):
    return population_between_censuses(assumed)


@pytest.fixture(scope="module", params=["all", "then"])
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def history(model, mode):
    return history_calibration(model, mode)


@pytest.fixture(scope="module")
def predicted(history, mode):
    return predict_history(history, Sampled(history.model.parameters, 3, 0, 60), mode)


def _groups(people, width=5):
    return np.add.reduceat(people, np.arange(0, people.shape[-1] - 1, width), axis=-1)


def test_residents_of_2015_lie_between_the_censuses(between, assumed):
    """The city shrinks and its towns grow: the middle of the decade lies between its ends."""
    end = stratified(year_end_array(assumed).sum(axis=0))
    counted_2010, urban_2010 = 2_428_534, 1_429_218
    assert end.sum() < between.people.sum() < counted_2010
    assert urban_2010 / counted_2010 < between.people[:2].sum() / between.people.sum() < end[:2].sum() / end.sum()
    assert between.people.min() >= 0
    # Nobody is born into a cohort of five or more: those of 2020 and 2015 differ by five years of deaths and moves.
    older, younger = _groups(end.sum(axis=0))[1:-1], _groups(between.people.sum(axis=0))[:-2]
    assert np.all(older[:9] > 0.8 * younger[:9])
    assert np.all(older < 1.15 * younger)


def test_the_way_from_2015_ends_in_the_census_of_2020(between, assumed):
    """Births and closing errors are fitted to that count; single ages are not, for a rate belongs to an age."""
    end = stratified(year_end_array(assumed).sum(axis=0))
    reached = carry(between)[-1]
    assert reached.sum() == pytest.approx(end.sum(), rel=5e-4)
    np.testing.assert_allclose(reached.sum(axis=1), end.sum(axis=1), rtol=2e-3)
    np.testing.assert_allclose(_groups(reached.sum(axis=0)), _groups(end.sum(axis=0)), rtol=0.02)
    # Children below five: births of each year and residence are solved for.
    children = [x.reshape(2, 2, -1)[..., :5].sum(axis=1) for x in (reached, end)]
    np.testing.assert_allclose(*children, rtol=1e-3)


def test_the_kernel_takes_the_same_way(history):
    """The forward step here and the kernel's year end are one arithmetic, in the order of events too."""
    model = history.model
    row = central_row(model, history.return_hazard, history.interruption_odds)
    run = run_cohorts(
        history.shared,
        row[None],
        np.zeros((1, MONTHS)),
        np.ones((1, len(YEARS), len(FLOW_TABLE), len(STRATA), BANDS)),
        np.ones((1, len(YEARS), 3)),
        cohorts=True,
    )
    people = run.cohort_stocks[0, :, RESIDENTS].sum(axis=1)
    level = row[draw_columns.COLUMNS["move_level"]][0]
    moved = replace(history.population, moves=level * history.population.moves)
    np.testing.assert_allclose(people, carry(moved), rtol=1e-7)


def test_published_figures_of_2015_are_met(history):
    """As for 2020: totals are solved, not approached."""
    base, figures = history.base, history.figures
    assert figures.enterprise_insured == 775_285
    assert base.pension0[:, :3].sum() == pytest.approx(figures.enterprise_insured, rel=1e-9)
    workers = base.labour0[:, [E, G, F, F + 1]].sum(axis=(1, 2))
    assert workers.sum() == pytest.approx(figures.employed_share * history.population.people[:, 15:].sum(), rel=1e-9)
    assert workers[:2].sum() / workers.sum() == pytest.approx(figures.urban_employment_share, rel=1e-9)
    people = base.labour0.sum() + base.child0.sum()
    assert people == pytest.approx(history.population.people.sum(), rel=1e-12)
    # The age shapes that could be known in 2015 are rougher: at most ages a share is met to a thousandth of this.
    assert base.odds.residual < 0.015


def test_people_and_states_add_up_in_the_past(predicted):
    """The identities of the forecast hold in its past: same kernel, same series."""
    change = np.diff(predicted["population"], axis=1)
    flows = predicted["births"] - predicted["deaths"] + predicted["net_migration"]
    np.testing.assert_allclose(change, flows[:, 1:], rtol=1e-6, atol=1e-3)
    kinds = ("enterprise_employees", "public_employees", "flexible_workers", "farm_workers")
    np.testing.assert_allclose(sum(predicted[name] for name in kinds), predicted["employed"], rtol=1e-9)
    insured = predicted["contributors"] + predicted["interrupted"] + predicted["enterprise_retirees"]
    np.testing.assert_allclose(insured, predicted["enterprise_insured"], rtol=1e-9)
    assert all(series.shape == (60, len(YEARS)) and np.isfinite(series).all() for series in predicted.values())
    assert all(predicted[name].min() > 0 for name in ("units_employed", "private_and_self_employed", "reemployed"))


def test_the_shock_of_2020_is_given_only_where_it_is_known(model, history, predicted, mode):
    """Calibration on the past must not explain February 2020 by parameters; a forecast of 2015 cannot know it."""
    fall = predicted["cycle"][:, 4] - predicted["cycle"][:, 3]
    assert (np.median(fall) < -0.8) == (mode == "all")


def _forget():
    for name, module in list(sys.modules.items()):
        if name.startswith("ykforecast."):
            for found in vars(module).values():
                if callable(getattr(found, "cache_clear", None)):
                    found.cache_clear()


def test_the_backtest_reads_no_later_figure(model, monkeypatch):
    """Every row that is read is of 2015 or before, and of a publication that was not computed later."""
    read = set()
    mask = Table.mask

    def recording(table, **keys):
        found = mask(table, **keys)
        years = table.columns.get("year")
        for row in np.flatnonzero(found):
            read.add((table.file.parent.name, years[row] if years else table.columns.get("period", ("?",))[row]))
        return found

    monkeypatch.setattr(Table, "mask", recording)
    _forget()
    history = history_calibration(model, "then")
    predict_history(history, Sampled(history.model.parameters, 1, 0, 2), "then")
    assert ("china_city_yearbook", "2015") in read
    assert ("census_2010_county", "2010") in read
    assert not {(name, year) for name, year in read if not year.isdigit() or int(year) > 2015}
    assert not {name for name, _ in read} & {"wpp_2022", "census_2020_county", "census_2020_yearbook"}
    _forget()
    history_calibration(model, "all")
    assert ("census_2020_county", "2020") in read  # the recorder sees later figures where they are used


def test_parameters_of_the_past_are_those_of_the_forecast(model, mode):
    """Learning carries over by name: only what history.toml changes differs, and at the same quantile."""
    past, file = history_model(model, mode), load_history_file(model, mode)
    assert list(past.parameters) == list(model.parameters)
    same = {name for name, spec in model.parameters.items() if past.parameters[name] is spec}
    assert set(model.parameters) - same == set(file.parameters)
    split = past.parameters["enterprise_retiree_share"]
    assert split.prior != model.parameters["enterprise_retiree_share"].prior
    assert split.unit == model.parameters["enterprise_retiree_share"].unit
    assert split.reason != model.parameters["enterprise_retiree_share"].reason


def test_noise_of_the_past_is_not_that_of_the_forecast(history):
    """The same shocks in 2016-2020 and in 2021-2025 would make the past foretell them."""
    draws = Sampled(history.model.parameters, 9, 0, 50)
    assert not np.any(PastDraws(draws).noise("cycle", 5) == draws.noise("cycle", 5))
    assert np.array_equal(PastDraws(draws).value("theta_exit"), draws.value("theta_exit"))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[parameters.all.move_level]", "[parameters.all.move_lvel]", "move_lvel"),
        ("[parameters.all.move_level]", "[parameters.al.move_level]", "al"),
        ("[figures.all.unemployment_rate]", "[figure.all.unemployment_rate]", "figure"),
        ("value = 97000", 'value = "97000"', "government_insured"),
    ],
)
def test_slips_in_the_file_are_refused(model, tmp_path, old, new, key):
    """A parameter that is not the model's would silently change nothing."""
    text = (model.folder / "history.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "history.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError, match=key):
        load_history_file(replace(model, folder=tmp_path), "all")


def test_other_modes_are_refused(model):
    with pytest.raises(RequestError, match="then"):
        history_calibration(model, "2015")


def test_the_check_names_a_source_without_a_record(model, tmp_path):
    """A number of 2015 rests on a publication that exists, like every other number of the model."""
    folder = tmp_path / model.folder.name
    shutil.copytree(model.folder, folder)
    file = folder / "history.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('source = "liaoning_population"', 'source = "liaoning_populaton"', 1), encoding="utf-8"
    )
    assert "liaoning_populaton" in file.read_text(encoding="utf-8")
    found = [str(finding) for finding in check_model(folder)[1]]
    assert any("history.toml" in finding and "liaoning_populaton" in finding for finding in found)
