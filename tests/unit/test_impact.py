"""Employment impact of a project: posts stay posts, people are conserved, nothing is invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import ykforecast as yk
from ykforecast.data.project_file import load_project
from ykforecast.present.impact_report import as_json, impact_report
from ykforecast.simulate.project_hires import recruit_shares
from ykforecast.spec.project import MOST_POSTS, SKILLS, ProjectSpec
from ykforecast.vocabulary.errors import ModelError, RequestError

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "project.toml"
REASON = {"grade": "assumed", "reason": "a test"}


def plant(posts, *, sector="manufacturing", local=1.0, dead=0.0, displaced=0.0, **fields) -> ProjectSpec:
    """One phase whose shares leave nothing to chance."""
    phase = {
        "key": "one",
        "label_zh": "阶段",
        "label_en": "phase",
        "sector": sector,
        "posts": posts,
        "skills": {"unskilled": 0.5, "skilled": 0.3, "professional": 0.2},
        "local_share": {"share": local, **REASON},
    }
    if sector not in {"agriculture", "public"}:
        phase["contract_share"] = {"share": 1.0, **REASON}
    return ProjectSpec.of(
        name="test",
        label_zh="测试",
        label_en="test",
        deadweight={"share": dead, **REASON},
        displacement={"share": displaced, **REASON},
        phases=[phase],
        **fields,
    )


def run(calibration, project):
    return yk.impact(calibration, project, draws=40)


@pytest.fixture(scope="module")
def plain(calibration):
    return run(calibration, plant({"2022-01": 1000.0}))


@pytest.fixture(scope="module")
def example(calibration):
    return yk.impact(calibration, load_project(EXAMPLE), draws=40)


def test_posts_stay_filled(plain):
    """A post is a person as long as it lasts: without displacement enterprises employ so many more, every year.

    Not to the person: the project's staff leaves at the rate of all workers of its kind, whatever its age.
    """
    more = plain["change"].sel(outcome="enterprise_employees").median("draw")
    assert float(more.sel(year=2021)) == 0.0
    assert more.sel(year=[2022, 2023, 2024, 2025]).values == pytest.approx([1000.0] * 4, rel=0.03)


def test_five_rounds_leave_little_unmet(plain):
    """Four would leave thirty-eight moves of a thousand posts in a draw and year."""
    assert float(plain["unmet"].max()) < 15.0


@pytest.mark.parametrize(
    ("sector", "posts", "outcome"),
    [
        ("manufacturing", MOST_POSTS, "enterprise_employees"),
        ("manufacturing", -MOST_POSTS, "enterprise_employees"),
        ("agriculture", MOST_POSTS, "farm_workers"),
        ("agriculture", -MOST_POSTS, "farm_workers"),
        ("public", MOST_POSTS, "public_employees"),
    ],
)
def test_the_largest_projects_are_followed_too(calibration, sector, posts, outcome):
    """Within the tenth that the method promises, in every year: clamped odds would fall short unsaid."""
    found = run(calibration, plant({"2022-01": posts}, sector=sector))
    held = found["change"].sel(outcome=outcome, year=[2022, 2023, 2024, 2025]).median("draw")
    assert held.values == pytest.approx([posts] * 4, rel=0.1)


def test_posts_that_the_city_cannot_bring_are_refused(calibration):
    """Public posts are cut by leaving vacancies, and there are not ten thousand in a year."""
    with pytest.raises(RequestError, match="do not bring") as error:
        run(calibration, plant({"2022-01": -10_000.0}, sector="public"))
    assert error.value.key == "posts"


def test_nobody_appears(plain):
    """More work is less unemployment, flexible or farm work or inactivity: residents are the same persons."""
    change = plain["change"].sel(year=2025).median("draw")
    employed = float(change.sel(outcome="employed"))
    assert 0.0 < employed < 1000.0
    assert float(change.sel(outcome="unemployed_urban")) < 0.0
    parts = ("enterprise_employees", "public_employees", "flexible_workers", "farm_workers")
    assert employed == pytest.approx(sum(float(change.sel(outcome=name)) for name in parts), abs=15.0)


def test_recruits_fill_the_posts_and_replace_leavers(plain):
    recruits = plain["recruits"].sum("origin").median("draw")
    assert float(recruits.sel(year=2021)) == 0.0
    assert 1000.0 < float(recruits.sel(year=2022)) < 1250.0
    assert 80.0 < float(recruits.sel(year=2025)) < 250.0
    assert float(plain["recruits"].sel(origin="outside").max()) == 0.0


def test_what_would_have_come_anyway_changes_nothing(calibration):
    """All deadweight or all from elsewhere: the city is as it was, and no chance is known to have changed.

    Nor is it known that none has: draws that agree are finitely many, and their error is not nought.
    """
    for project in (plant({"2022-01": 800.0}, dead=1.0), plant({"2022-01": 800.0}, local=0.0)):
        found = run(calibration, project)
        assert float(abs(found["change"]).max()) == pytest.approx(0.0, abs=1e-6)
        assert (found["probability"].sel(side="with") == found["probability"].sel(side="without")).all()
        assert float(found["probability_error"].min()) > 0.0


def test_one_post_lost_for_each_gained_changes_the_mix_alone(calibration):
    """Other firms lose what the project gains: no post more is held, but theirs were flexible work in part."""
    found = run(calibration, plant({"2022-01": 800.0}, displaced=1.0))
    assert float(abs(found["net_posts"]).max()) == pytest.approx(0.0, abs=1e-6)
    change = found["change"].sel(year=2025).median("draw")
    assert abs(float(change.sel(outcome="employed"))) < 40.0
    assert float(change.sel(outcome="enterprise_employees")) > 200.0
    assert float(change.sel(outcome="flexible_workers")) < -200.0


def test_displacement_and_multiplier_work_against_each_other(calibration):
    source = {"source": "a study", "posts": 0.4, **REASON}
    lost = run(calibration, plant({"2022-01": 800.0}, displaced=0.5))
    gained = run(calibration, plant({"2022-01": 800.0}, displaced=0.5, multiplier=source))
    assert float(lost["net_posts"].isel(month=-1).median()) == pytest.approx(400.0)
    assert float(gained["net_posts"].isel(month=-1).median()) == pytest.approx(720.0)
    employed = [float(one["change"].sel(outcome="employed", year=2025).median()) for one in (lost, gained)]
    assert employed[0] < employed[1]


def test_a_closure_is_a_project_with_posts_lost(calibration):
    closure = plant({"2023-01": -600.0})
    found = run(calibration, closure)
    change = found["change"].median("draw")
    lost = change.sel(outcome="enterprise_employees")
    assert float(lost.sel(year=2023)) == pytest.approx(-600.0, rel=0.02)
    assert float(lost.sel(year=2025)) == pytest.approx(-600.0, rel=0.1)
    assert float(change.sel(outcome="unemployed_urban", year=2023)) > 50.0
    assert float(change.sel(outcome="employed", year=2025)) < 0.0
    risks = impact_report(found, closure).split("六、风险\n")[1].split("七、")[0]
    assert "阶段：最多时减少600个岗位，2025年末仍少600个" in risks
    assert "招用压力" not in risks  # nobody is recruited
    assert "-" not in risks


def test_other_firms_do_not_hire_because_one_closes(calibration):
    """Displacement of new posts says nothing of lost ones: left out, nobody takes on the dismissed beyond the usual."""
    closure = plant({"2023-01": -600.0}, dead=0.0).model_copy(update={"displacement": None})
    net = run(calibration, closure)["net_posts"].isel(month=-1)
    assert net.values == pytest.approx(-600.0)


def test_recruits_beyond_the_limit_are_warned_of(calibration, plain):
    """The model moves neither pay nor in-migration, so it must say where a project would need them."""
    strained = plain.assign(recruitment_strain=plain["recruitment_strain"] + 0.1)
    strained["recruitment_strain"].attrs = plain["recruitment_strain"].attrs
    project = plant({"2022-01": 1000.0})
    assert "超过预警线5%" in impact_report(strained, project)
    assert "预警线" not in impact_report(plain, project)
    assert 0.0 < float(plain["recruitment_strain"].max()) < 0.01


def test_every_phase_has_its_name_in_the_report(calibration):
    """Posts without a contract of employment too: a bare "no wage given" says nothing of whose wage."""
    public = plant({"2022-01": 50.0}, sector="public")
    found = run(calibration, public)
    assert "\n阶段：未填工资\n" in impact_report(found, public)
    assert "\nphase: no wage given\n" in impact_report(found, public, "en")


def test_posts_that_end_leave_nothing_behind(calibration):
    change = run(calibration, plant({"2022-01": 500.0, "2024-01": 0.0}, sector="construction"))["change"].median("draw")
    more = change.sel(outcome="enterprise_employees")
    assert float(more.sel(year=2023)) == pytest.approx(500.0, rel=0.05)
    assert abs(float(more.sel(year=2025))) < 25.0


@pytest.mark.parametrize(("sector", "outcome"), [("public", "public_employees"), ("agriculture", "farm_workers")])
def test_other_kinds_of_work(calibration, sector, outcome):
    change = run(calibration, plant({"2022-01": 200.0}, sector=sector))["change"].median("draw")
    assert float(change.sel(outcome=outcome, year=2024)) == pytest.approx(200.0, rel=0.1)
    assert float(change.sel(outcome="employed", year=2024)) > 0.0


def test_without_a_displacement_of_its_own_that_of_the_model_holds(example, calibration):
    shares = (example["net_posts"] / example["posts"].sum(["phase", "skill"])).isel(month=-1)
    assert float(shares.std()) > 0.05
    assert 0.2 < float(shares.median()) < 0.8


def test_shares_of_recruits_are_whole(calibration):
    """The more is asked of a recruit, the more come from school, and the fewer from farms."""
    shares = recruit_shares(calibration)
    for kind, table in shares.shares.items():
        assert table.sum(axis=(1, 2)) == pytest.approx(np.ones(len(SKILLS))), kind
    flows = shares.shares["enterprise"].sum(axis=2)
    assert flows[0, 2] < flows[2, 2]
    assert flows[0, 19] > flows[2, 19]


def test_other_draws_leave_a_draw_as_it_is(calibration, plain):
    """A share drawn by its name: the first draws of a longer run are those of the shorter one."""
    few = yk.impact(calibration, plant({"2022-01": 1000.0}), draws=10)
    assert few["change"].values.tolist() == plain["change"].isel(draw=slice(10)).values.tolist()


def test_the_report_says_all(example):
    text = repr(example)
    project = load_project(EXAMPLE)
    for word in ("示例", "规模", "结构", "质量", "风险", "每亿元投资", "外来", "建设期：最多时600个岗位"):
        assert word in text
    assert "Employment impact assessment" in impact_report(example, project, "en")
    figures = as_json(example)
    assert figures["posts"]["operation"]["2025-12"] == 1200.0
    assert figures["change"]["employed"]["2025"][0] < figures["change"]["employed"]["2025"][2]


def test_chances_are_never_printed_as_certain(example):
    """A few draws that all agree are no certainty."""
    certain = example.copy()
    certain["probability"] = xr.zeros_like(example["probability"])
    certain["probability"].loc[{"side": "with"}] = 1.0
    certain["probability_error"] = xr.zeros_like(example["probability_error"])
    project = load_project(EXAMPLE)
    assert "<0.1%→>99.9%（±<0.1）" in impact_report(certain, project)
    assert "<0.1 % to >99.9 % (±<0.1)" in impact_report(certain, project, "en")


def test_a_project_is_laid_on_one_scenario(calibration):
    with pytest.raises(RequestError, match="base"):
        yk.impact(calibration, plant({"2022-01": 10.0}), ["plan", "baseline"], draws=2)


def test_years_whose_figures_are_known_are_not_counted_twice(calibration):
    late = yk.assimilate(calibration, "2023-06-30", draws=60)
    with pytest.raises(RequestError, match="2023-01"):
        yk.impact(late, plant({"2022-01": 100.0}), draws=20)
    assert float(yk.impact(late, plant({"2024-01": 100.0}), draws=20)["posts"].max()) > 0.0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("deadweight]", "deadwieght]", "deadweight"),
        ("share = [0.0, 0.2]", "share = [0.4, 0.2]", "share from 0 to 1"),
        ("unskilled = 0.65", "unskilled = 0.75", "add up to 1.1"),
        ('sector = "construction"', 'sector = "public"', "contract_share is left out"),
        ("2022-07 = 600", "2022-07 = -600", "both gained and lost"),
        ("2022-07 = 600", "2026-07 = 600", "2026-07"),
        ("2022-07 = 600", "2022-07 = 60000", "30000"),
    ],
)
def test_a_faulty_project_is_refused_with_its_place(tmp_path, old, new, said):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "project.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError) as error:
        load_project(path)
    assert said in str(error.value)
    assert "project.toml" in str(error.value)
