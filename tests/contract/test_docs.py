"""The documentation: printed pages repeat the model, pages name what exists, everything builds."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ykforecast as yk
from ykforecast.assess.classes import ClassRules
from ykforecast.assess.lever_effects import doses_shown
from ykforecast.present import model_words as words
from ykforecast.spec.parameter import ParameterSpec

DOCS = Path(__file__).resolve().parents[2] / "docs"


def docs_module(name):
    """A module of the documentation, as when it is run: its own modules stand beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS)
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def printed():
    return docs_module("print_model").pages(yk.load_model())


def test_one_command_renews_every_page_and_picture():
    # A page that is renewed by hand is the one that says an old number after the model has moved.
    recipe = (DOCS.parent / "Makefile").read_text(encoding="utf-8").split("\nresults:")[1].split("\n\n")[0]
    looped = re.search(r"for picture in ([^;]+);", recipe)[1].split()
    named = {*re.findall(r"docs/((?:figures/)?\w+)\.py", recipe), *(f"figures/{name}" for name in looped)}
    makers = {path.stem for path in DOCS.glob("print_*.py")} | {
        f"figures/{path.stem}" for path in DOCS.glob("figures/*.py")
    }
    assert makers <= named, sorted(makers - named)


def test_printed_pages_repeat_the_model(printed):
    # A page that says another number than the model is worse than no page.
    stale = [name for name, text in printed.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: python docs/print_model.py"


def test_printed_pages_leave_nothing_out(printed):
    # Every indicator, lever, parameter, scenario and source stands on its page under its key.
    model = yk.load_model()
    for name in ("indicators", "levers", "parameters", "observations", "scenarios", "sources"):
        page = printed[f"model/{name}.md"]
        assert [key for key in getattr(model, name) if f"`{key}`" not in page] == []


def test_every_lever_and_scenario_has_a_page_and_no_other_is_left():
    # A page of what the model no longer holds would go on being read.
    model = yk.load_model()
    for folder in ("levers", "scenarios"):
        assert {path.stem for path in (DOCS / "model" / folder).glob("*.md")} == set(getattr(model, folder))


def test_effects_on_the_pages_of_levers_are_of_the_doses_that_the_model_has():
    # The result is stored: a changed dose or direction asks for a new run of the command that it names.
    model = yk.load_model()
    stored = docs_module("model_levers").EFFECTS
    found = json.loads(stored.read_text(encoding="utf-8"))["levers"]
    assert set(found) == set(model.levers)
    for key, lever in model.levers.items():
        name, doses = doses_shown(model, key)
        assert (found[key]["scenario"], found[key]["doses"]) == (name, {str(y): dose for y, dose in doses.items()}), key
        assert set(found[key]["moves"]) == set(lever.moves), key
        for moved, way in lever.direction.items():
            mean = found[key]["moves"][moved]["mean"]
            assert mean != 0 if way == "either" else (mean > 0) == (way == "up"), (key, moved)


def test_printed_pages_speak_chinese(printed):
    # Officials read them: English sentences stay in the model files, numbers are written without exponents.
    named = re.compile(r"`[^`]*`|<!--.*?-->|\(.*?\)|python -m [\w.]+|Global Data Lab|China Census", re.DOTALL)
    for name, page in printed.items():
        text = named.sub("", page)
        assert re.findall(r"[A-Za-z][a-z]+(?: [A-Za-z]+){2,}", text) == [], name
        assert re.findall(r"\d[eE][-+]?\d", text) == [], name


def test_numbers_are_printed_for_readers():
    # No exponents, no noughts that say nothing, a unit once, years with the same dose together.
    assert [words.plain(value) for value in (1e-5, 0.30, -0.0, 41_700, 5_000)] == [
        "0.00001",
        "0.3",
        "0",
        "4.17万",
        "5000",
    ]
    assert words.interval((0.0, 60_000.0), lambda value: words.amount(value, "persons/year")) == "0～6万人/年"
    assert words.interval((0.012, 0.03), lambda value: words.amount(value, "1/year")) == "1.2～3%/年"
    doses = {2021: 0.02, 2022: 0.02, 2024: 0.02, 2025: 0.03}
    assert words.path(doses, lambda value: words.dose(value, "1")) == "2021—2022年：2%；2024年：2%；2025年：3%"
    assert words.error_size(0.0005, "%") == "0.05个百分点"


def test_priors_are_said_in_words():
    # The interval is the one that draws fall into nine times in ten, in the unit of the page.
    said = {"label_zh": "比重", "unit": "1", "grade": "assumed", "reason": "made up"}
    prior = {"dist": "uniform", "low": 0.36, "high": 0.46}
    share = ParameterSpec.of(**said, role="uncertainty", prior=prior)
    assert words.prior_words(share) == "均匀分布，0.36～0.46"
    assert words.typical("share", share) == "0.41（0.365～0.455）"
    age = ParameterSpec.of(**said | {"label_zh": "起始年龄", "unit": "years"}, role="constant", value=19.0)
    assert (words.typical("age", age), words.prior_words(age)) == ("19岁", "固定值")
    # A model without the Chinese sentence is printed with the one that it has.
    assert words.reasoned(share) == "假定：made up"


def test_tables_of_the_printed_pages_are_whole(printed):
    # A bar or a line break inside a cell would shift every cell after it.
    for name, text in printed.items():
        for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, (name, block[:200])


def test_modules_named_in_the_method_exist():
    # Readers follow these names into the code.
    named = set()
    for page in (DOCS / "method").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        named |= set(re.findall(r"`((?:processes|kernels|assess|simulate|infer)\.\w+)`", text))
    assert len(named) > 10
    assert [name for name in sorted(named) if importlib.util.find_spec(f"ykforecast.{name}") is None] == []


def test_cut_offs_in_the_method_are_those_of_the_model():
    # The page explains the four classes with their numbers: they are choices, and choices change.
    rules = ClassRules.read(yk.load_model().folder)
    text = (DOCS / "method" / "evaluation.md").read_text(encoding="utf-8")
    ahead = rf"$p\geq\tau+{rules.lead:.2f}$ 且 "
    rows = (
        ("提前实现", f"截止日已达标且 $P\\geq {rules.early:.2f}$", "同左"),
        (
            "快于预期",
            f"{ahead}$P\\geq {rules.faster_anticipatory:.2f}$",
            f"{ahead}$P\\geq {rules.faster_binding:.2f}$",
        ),
        ("基本符合预期", f"$P\\geq {rules.on_course_anticipatory:.2f}$", f"$P\\geq {rules.on_course_binding:.2f}$"),
    )
    for row in rows:
        assert f"| {' | '.join(row)} |" in text
    assert f"不足一个数字标准误{rules.errors_of_change:g}倍" in text
    assert f"第{rules.fast:.0%}分位" in text


def test_pages_name_no_machine_and_no_draft():
    # Addresses of a machine and notes to oneself do not belong in what is published.
    for page in [*DOCS.rglob("*.md"), *DOCS.glob("*.py")]:
        if "_build" not in page.parts:
            text = page.read_text(encoding="utf-8")
            assert not re.search(r"/work\b|/tmp\b|TODO|FIXME|XXX", text), page


@pytest.mark.slow
def test_documentation_builds_without_a_warning(tmp_path):
    # A broken link or a page outside every table of contents is a warning, and here an error.
    for needed in ("sphinx", "myst_parser", "furo", "jieba"):
        pytest.importorskip(needed)
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    assert "营口" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<svg" in (tmp_path / "method" / "labour.html").read_text(encoding="utf-8")
