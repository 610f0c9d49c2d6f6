"""What every chapter is drafted from: the results, the language, and sentences whose figures are cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from ykforecast.assess.dossier import Dossier, base_scenario, main_scenario
from ykforecast.documents.blocks import Cell, Gap, Paragraph, Span
from ykforecast.documents.bound import Results
from ykforecast.present.text import unit_label
from ykforecast.vocabulary.departments import departments_en
from ykforecast.vocabulary.units import forecast_decimals

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec


#: Units that English names with the indicator: nobody can read "23.9 10,000 persons".
_IN_TITLE: Final = ("10k persons", "10k person-times")
#: The figure in a target as it is printed.
_NUMBER: Final = re.compile(r"\d+(?:\.(?P<decimals>\d+))?")


def filled(template: str, **spans: Span) -> tuple[Span, ...]:
    """Spans of a template such as ``截至{date}，……{count}项``; empty ones are left out."""
    found: list[Span] = []
    for text, name, _, _ in Formatter().parse(template):
        found += [text] if text else []
        found += [spans[name]] if name else []
    return tuple(span for span in found if span != "")


@dataclass(frozen=True)
class Draft:
    """One report in one language, while it is written.

    Attributes
    ----------
    dossier : Dossier
    lang : {"zh", "en"}
    """

    dossier: Dossier
    lang: str = "zh"

    @cached_property
    def results(self) -> Results:
        """The only way to a figure."""
        return Results(self.dossier.tree())

    @property
    def model(self) -> ModelSpec:
        """The place and its plan."""
        return self.dossier.model

    @cached_property
    def scenarios(self) -> list[str]:
        """All scenarios of the run."""
        names: list[str] = self.dossier.card["scenario"].values.tolist()
        return names

    @cached_property
    def main(self) -> str:
        """Scenario that the report speaks of."""
        return main_scenario(self.scenarios)

    @cached_property
    def base(self) -> str | None:
        """Scenario that it is compared with."""
        return base_scenario(self.scenarios)

    @cached_property
    def as_of(self) -> date:
        """Date of the evaluation."""
        return date.fromisoformat(self.dossier.card.attrs["as_of"])

    @cached_property
    def realised(self) -> bool:
        """Whether part of the plan has passed; before, every judgement is a forecast."""
        return float(self.dossier.card["elapsed"]) > 0.0

    @property
    def plan(self) -> str:
        """Name of the plan in the language of the report."""
        years = f"{self.model.base_year + 1}–{self.model.horizon}"
        english = f"the {self.model.label_en} Employment and Social Security Plan ({years})"
        return self.pick(f"《{self.model.plan_zh}》", english)

    @property
    def day(self) -> str:
        """Date of the evaluation as it is written out."""
        return self.written(self.as_of)

    def written(self, when: date) -> str:
        """A date as it is written out."""
        return self.pick(f"{when.year}年{when.month}月{when.day}日", when.isoformat())

    @cached_property
    def lead(self) -> str:
        """Department that the plan names most often for its indicators."""
        named = Counter(name for spec in self.model.indicators.values() for name in spec.department)
        return self.called([named.most_common(1)[0][0]]) if named else self.pick("牵头部门", "lead department")

    def pick(self, zh: str, en: str) -> str:
        """The text in the language of the report."""
        return zh if self.lang == "zh" else en

    def say(self, zh: str, en: str, kind: str = "body", /, **spans: Span) -> Paragraph:
        """A paragraph: the template of the language with its spans put in."""
        return Paragraph(filled(self.pick(zh, en), **spans), kind)

    def phrase(self, zh: str, en: str, /, **spans: Span) -> tuple[Span, ...]:
        """Part of a paragraph."""
        return filled(self.pick(zh, en), **spans)

    def name(self, key: str) -> str:
        """Name of an indicator."""
        spec = self.model.indicators[key]
        return self.pick(spec.label_zh, spec.label_en)

    def titled(self, key: str) -> str:
        """Name of an indicator where its sentence begins, in English with a unit that its figures then leave out."""
        name, unit = self.name(key), self.model.indicators[key].unit
        said = name[0].upper() + name[1:] + ("" if unit not in _IN_TITLE else f" ({unit_label(unit, 'en')})")
        return self.pick(name, said)

    def unit(self, key: str) -> str:
        """Unit behind a figure of an indicator, in English with a blank before it unless its name holds the unit."""
        unit = self.model.indicators[key].unit
        label = unit_label(unit, self.lang)
        return self.pick(label, "" if unit in (*_IN_TITLE, "ratio") else f" {label}")

    def points(self, key: str) -> str:
        """Unit of a difference: percentage points where the indicator is in per cent."""
        return self.pick("个百分点", " percentage points") if self.model.indicators[key].unit == "%" else self.unit(key)

    def level(self, group: str, variable: str, key: str, /, *, sign: bool = False, **at: Any) -> Cell:
        """A figure of an indicator in the unit and with the decimals that the plan prints, or more for a forecast."""
        spec = self.model.indicators[key]
        decimals = forecast_decimals(spec.unit, spec.decimals)
        return self.results.number(group, variable, unit=spec.unit, decimals=decimals, sign=sign, indicator=key, **at)

    def outcome(self, key: str, scenario: str | None = None) -> Cell:
        """Median of 2025 on the basis of the target."""
        return self.level("scorecard", "outcome_median", key, scenario=scenario or self.main)

    def bound(self, key: str, bound: str, scenario: str | None = None) -> Cell:
        """An end of the central 80 % interval on the basis of the target."""
        at: dict[str, Any] = {"scenario": scenario or self.main, "level": 0.8, "bound": bound}
        return self.level("scorecard", "outcome_interval", key, **at)

    def printed(self, key: str, what: str) -> Cell:
        """``base`` or ``target`` as the plan prints it."""
        if what == "target" and self.lang == "en":
            return self.results.text("tally", "target_en", indicator=key)
        return self.results.text("scorecard", f"{what}_printed", indicator=key)

    def aim(self, key: str) -> tuple[Span, ...]:
        """Target in a sentence: 不低于34万人, 五年累计超过9万人; at least 34, more than 9 over five years."""
        target = self.model.targets[key]
        basis = {
            "cumulative": self.pick("五年累计", " over five years"),
            "annual_mean": self.pick("年均", " a year on average"),
            "level": "",
        }[target.basis]
        relation = {
            ">": self.pick("超过", "more than "),
            ">=": self.pick("不低于", "at least "),
            "<=": self.pick("不超过", "at most "),
            "about": self.pick("", "about "),
        }.get(target.relation, "")
        printed = _NUMBER.search(target.printed)
        decimals = len(printed["decimals"] or "") if printed else self.model.indicators[key].decimals
        value = self.results.number(
            "scorecard", "target", unit=self.model.indicators[key].unit, decimals=decimals, indicator=key
        )
        around = "左右" if target.relation == "about" else ""
        return self.phrase(
            "{basis}{relation}{value}{unit}{around}",
            "{relation}{value}{unit}{basis}",
            basis=basis,
            relation=relation,
            value=value,
            unit=self.unit(key),
            around=around,
        )

    def probability(self, key: str, scenario: str | None = None) -> Cell:
        """Probability of attainment in whole per cent; never printed as certain."""
        return self.results.share("scorecard", "probability", scenario=scenario or self.main, indicator=key)

    def made(self, key: str) -> Cell:
        """Share of the planned change that is made, in whole per cent; may be below nought or above a hundred."""
        at: dict[str, Any] = {"scenario": self.main, "indicator": key}
        return self.results.number("scorecard", "progress", unit="%", decimals=0, **at)

    def chance(self, key: str, scenario: str | None = None) -> tuple[Span, ...]:
        """Probability as a sentence gives it: rounded, with its word where the scorecard has words."""
        at = {"scenario": scenario or self.main, "indicator": key}
        if f"likelihood_{self.lang}" not in self.dossier.card:
            return self.phrase("{p}%", "{p} %", p=self.probability(key, scenario))
        word = self.results.text("scorecard", f"likelihood_{self.lang}", **at)
        rounded = self.results.text("scorecard", f"probability_{self.lang}", **at)
        return self.phrase("{p}（{word}）", "{p} ({word})", p=rounded, word=word)

    def roughly(self, share: Cell) -> str:
        """约 before a probability that is a whole figure, nothing before < and >; English says neither."""
        return self.pick("约" if share.text.isdigit() else "", "")

    def steps(self) -> list[str]:
        """Indicators whose forecast counts a definition step as if it were a change."""
        card = self.dossier.card
        if "definition_step" not in card:
            return []
        found = abs(card["definition_step"].sel(scenario=self.main)) > 0.0
        return [key for key in self.model.indicators if bool(found.sel(indicator=key))]

    def verdict(self, key: str) -> Span:
        """Class, or the two that the sampling error does not tell apart."""
        return self.results.text("tally", f"verdict_{self.lang}", scenario=self.main, indicator=key)

    def count(self, variable: str, nature: str = "all", **at: Any) -> Cell:
        """A count of the group ``tally`` for the scenario of the report."""
        where = at if variable == "total" else {"scenario": self.main, **at}
        return self.results.count("tally", variable, nature=nature, **where)

    def department(self, key: str) -> str:
        """Departments that the plan names for an indicator."""
        return self.called(self.model.indicators[key].department) or self.pick("责任部门", "department in charge")

    def called(self, departments: Iterable[str]) -> str:
        """Departments in the language of the report."""
        return self.pick("、".join(departments), departments_en(departments, self.model.label_zh, self.model.label_en))

    def owner(self, key: str) -> Span:
        """Departments of an indicator in a table; a gap where the plan names none."""
        named = self.model.indicators[key].department
        return self.department(key) if named else self.missing(self.lead, self.pick("责任部门", "department"))

    def gap(self, key: str, what_zh: str, what_en: str) -> Gap:
        """What only the department of an indicator can say."""
        return self.missing(self.department(key), self.pick(what_zh, what_en))

    def missing(self, department: str, what: str = "") -> Gap:
        """What only a department can say, both in the language of the report."""
        return Gap(department, what, self.lang)

    def behind(self) -> list[str]:
        """Indicators behind, binding ones first, then by probability."""
        card = self.dossier.card.sel(scenario=self.main)
        keys = [key for key in self.model.indicators if str(card["class"].sel(indicator=key).item()) == "滞后"]
        chance = {key: float(card["probability"].sel(indicator=key)) for key in keys}
        return sorted(keys, key=lambda key: (self.model.targets[key].nature != "binding", chance[key]))

    def warning(self) -> xr.DataTree:
        """Groups of early warning under the names that their figures know."""
        import xarray as xr

        names = {"unemployment": "warning", "skill": "warning_skill", "history": "warning_history", "stress": "stress"}
        return xr.DataTree.from_dict({name: self.results.group(group) for name, group in names.items()})
