"""Scenarios, and the algebra by which they are made of others.

What is made of scenarios by name is named by the expression that makes it anew, see `spec.scenario_expression`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from ykforecast.spec.record import Complaint, complaints
from ykforecast.spec.scenario_table import DoseReason, later, plain_integer
from ykforecast.spec.scenario_table import Downturn as Downturn
from ykforecast.spec.scenario_table import ScenarioTable as ScenarioTable
from ykforecast.spec.scenario_table import Shocks as Shocks
from ykforecast.spec.scenario_table import Year as Year
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import ScenarioError, nearest

#: Joins the names of scenarios that are run together: ``plan+slow-growth``.
JOINT: Final = "+"
#: Reason of joint doses that no single scenario has: what is printed of one of them says nothing of the mixture.
MIXED: Final = DoseReason(
    grade="assumed",
    reason="in each year the strongest dose of the scenarios that are joined",
    reason_zh="各年取相加各情景中最强的剂量",
)


class Scenario(ScenarioTable):
    """A named set of doses, over the policies of the base year.

    Scenarios are made of others by ``a + b``, :meth:`scaled`, :meth:`shifted`, :meth:`only`, :meth:`without` and
    :meth:`with_doses`. Doses are checked against the levers of a model when a scenario is run.

    Parameters
    ----------
    name : str
        Lower-case letters, digits, dots, hyphens and underscores.
    doses : mapping of lever to mapping of year to float, optional
        Dose of each lever in each year, in the lever's unit; a year left out has dose zero.
    label_zh, label_en, note, note_zh : str, optional
        Names for tables and a word on the purpose; without them tables say 自设情景 and own scenario, and the key.
    shocks : Shocks or mapping, optional
        Events from outside.
    reasons : mapping of lever to DoseReason, optional
        Source, grade and reason of the doses.
    base : ModelReference, optional
        Model that the scenario was written for.

    Examples
    --------
    >>> Scenario("mine", {"skills": {2023: 15_000}}).doses["skills"][2023]
    15000.0
    """

    def __init__(self, name: str, doses: Mapping[str, Mapping[int, float]] | None = None, **fields: Any) -> None:
        try:
            super().__init__(**{"name": name, "doses": doses or {}, **fields})
        except ValidationError as error:
            first = complaints(ScenarioTable, error)[0]
            raise first.error(ScenarioError, f"scenario {name!r}") from None

    @classmethod
    def read(cls, table: Mapping[str, Any], key: str = "") -> tuple[Any, list[Complaint]]:
        """Scenario of a table, or every complaint about it."""
        checked, found = ScenarioTable.read(table, key)
        return (None if checked is None else cls(**table)), found

    def label(self, lang: str) -> str:
        """Name for tables in Chinese (``zh``) or English (``en``), made of the key where none is given."""
        given = {"zh": self.label_zh, "en": self.label_en}[lang]
        return given or {"zh": "自设情景", "en": "own scenario "}[lang] + self.name

    def dose_rows(self) -> Iterator[tuple[str, int, float]]:
        """Lever, year and dose of every entry."""
        for lever, path in self.doses.items():
            for year, dose in path.items():
                yield lever, year, dose

    def parts(self) -> list[str]:
        """Levers with doses, and kinds of shocks."""
        return [*self.doses, *self.shocks.kinds()]

    def __add__(self, other: Scenario) -> Scenario:
        """Both scenarios together.

        Of two doses of the same lever in the same year the stronger one holds: both are additions to the
        policies of the base year, and a fuller programme contains a smaller one. Changes of migration add up.
        A lever keeps the reason of the scenario whose doses hold in every year.

        Raises
        ------
        ScenarioError
            If both condition the growth of the same year.
        """
        if not isinstance(other, Scenario):
            return NotImplemented
        name, ours, theirs = f"{self.name}{JOINT}{other.name}", self.shocks, other.shocks
        twice = set(ours.gdp_growth) & set(theirs.gdp_growth)
        if twice:
            raise ScenarioError(
                "both scenarios fix the growth of the same year",
                file=f"scenario {name!r}",
                key="shocks.gdp_growth",
                value=min(twice),
                remedy="Combine scenarios of which only one does",
            )
        doses = {
            lever: _stronger(self.doses.get(lever, {}), other.doses.get(lever, {}))
            for lever in dict.fromkeys([*self.doses, *other.doses])
        }
        reasons = {lever: self._reason_of_joint(other, lever, path) for lever, path in doses.items()}
        return self._made(
            name,
            zh="＋".join(one.label("zh") for one in (self, other)),
            en=" + ".join(one.label("en") for one in (self, other)),
            doses=doses,
            kind="policy" if "stress" not in {self.kind, other.kind} else "stress",
            shocks=Shocks.of(
                kind=ScenarioError,
                downturns=ours.downturns + theirs.downturns,
                gdp_growth=ours.gdp_growth | theirs.gdp_growth,
                migration=_sum(ours.migration, theirs.migration),
            ),
            reasons={lever: reason for lever, reason in reasons.items() if reason is not None},
        )

    def scaled(self, factor: float) -> Scenario:
        """All doses times a factor; shocks are no measures and stay as they are.

        Parameters
        ----------
        factor : float
            Nought or more. A switch has no half: in between 0 and 1 it is refused when the scenario is run.

        Raises
        ------
        ScenarioError
            An impossible factor, or a scenario that holds shocks and no dose.
        """
        factor = float(factor)
        file = f"scenario {self.name!r}"
        if not math.isfinite(factor) or factor < 0:
            raise ScenarioError("not a factor", file=file, value=factor, remedy="Give a number of nought or more")
        if self.shocks and not self.doses:
            remedy = "Scale the scenario with the measures before this one is added"
            raise ScenarioError("no dose to scale, and shocks are not scaled", file=file, remedy=remedy)
        if factor == 1:
            return self
        times = format(Decimal(repr(factor)).normalize(), "f")
        return self._made(
            f"{self._term()}*{times}",
            zh=f"{self.label('zh')}×{times}",
            en=f"{self.label('en')} × {times}",
            doses={lever: {year: factor * dose for year, dose in path.items()} for lever, path in self.doses.items()},
            reasons=self._because(f"{times} times the dose of {self.name}", f"情景{self.name}剂量的{times}倍"),
        )

    def shifted(self, years: int = 1) -> Scenario:
        """Doses and shocks so many years later, or earlier where ``years`` is below nought.

        What falls outside the years of the plan is left out, and the label says so.
        """
        years = plain_integer(years)
        if isinstance(years, bool) or not isinstance(years, int):
            remedy = "Give a whole number, below nought for earlier"
            raise ScenarioError("not a number of years", file=f"scenario {self.name!r}", value=years, remedy=remedy)
        if years == 0:
            return self
        size, outside = abs(years), f"{YEARS[0]}-{YEARS[-1]}"
        mark, zh, en = (">>", "推迟", "later") if years > 0 else ("<<", "提前", "earlier")
        moved = {lever: later(path, years) for lever, path in self.doses.items()}
        return self._made(
            f"{self._term()}{mark}{size}",
            zh=f"{self.label('zh')}（{zh}{size}年，{outside}年以外的舍去）",
            en=f"{self.label('en')} ({size} year{'s' * (size > 1)} {en}, what falls outside {outside} left out)",
            doses={lever: path for lever, path in moved.items() if path},
            shocks=self.shocks.shifted(years),
            reasons=self._because(f"the dose of {self.name}, {size} years {en}", f"情景{self.name}的剂量{zh}{size}年"),
        )

    def only(self, *parts: str) -> Scenario:
        """Some parts alone: levers, or shocks by their kind (``downturns``, ``gdp_growth``, ``migration``).

        Raises
        ------
        ScenarioError
            The scenario has no such part, or none is named.
        """
        return self._restricted(parts, parts, "", "仅", "only")

    def without(self, *parts: str) -> Scenario:
        """All but some parts, named as in :meth:`only`.

        Raises
        ------
        ScenarioError
            The scenario has no such part, or none is named.
        """
        return self._restricted(parts, tuple(one for one in self.parts() if one not in parts), "-", "不含", "without")

    def with_doses(self, doses: Mapping[str, Mapping[int, float]]) -> Scenario:
        """These doses in place of those of the same lever and year; all others stay.

        Raises
        ------
        ScenarioError
            Doses that are no numbers, or of years outside the plan.
        """
        given = Scenario("own-doses", doses).doses
        if not given:
            return self
        return self._made(
            f"{self._term()}~{'~'.join(given)}",
            zh=f"{self.label('zh')}（另定{'、'.join(given)}）",
            en=f"{self.label('en')} (own doses of {', '.join(given)})",
            doses=self.doses | {lever: self.doses.get(lever, {}) | path for lever, path in given.items()},
            reasons={lever: reason for lever, reason in self.reasons.items() if lever not in given},
        )

    def named(self, name: str, label_zh: str | None = None, label_en: str | None = None) -> Scenario:
        """The same under a name of one's own."""
        checked = Scenario(name, label_zh=label_zh, label_en=label_en)
        return self._made(checked.name, zh=checked.label("zh"), en=checked.label("en"))

    def _term(self) -> str:
        """The name, in brackets where it joins several."""
        depth = 0
        for sign in self.name:
            depth += (sign == "(") - (sign == ")")
            if sign == JOINT and not depth:
                return f"({self.name})"
        return self.name

    def _restricted(self, named: tuple[str, ...], kept: tuple[str, ...], sign: str, zh: str, en: str) -> Scenario:
        file = f"scenario {self.name!r}"
        if not named:
            raise ScenarioError("no part is named", file=file, remedy=f"Name some of {', '.join(self.parts())}")
        for part in named:
            if part not in self.parts():
                remedy = nearest(part, self.parts()) if self.parts() else "It has neither doses nor shocks"
                raise ScenarioError("no such part", file=file, key="parts", value=part, remedy=remedy)
        return self._made(
            f"{self._term()}[{','.join(sign + part for part in named)}]",
            zh=f"{self.label('zh')}（{zh}{'、'.join(named)}）",
            en=f"{self.label('en')} ({en} {', '.join(named)})",
            doses={lever: path for lever, path in self.doses.items() if lever in kept},
            shocks=self.shocks.only(kind for kind in self.shocks.kinds() if kind in kept),
        )

    def _reason_of_joint(self, other: Scenario, lever: str, joint: Mapping[int, float]) -> DoseReason | None:
        """Reason of the joint doses of a lever: that of a scenario that has these doses already."""
        holding = [
            one for one in (self, other) if _stronger(one.doses.get(lever, {}), dict.fromkeys(joint, 0.0)) == joint
        ]
        told = [reason for one in holding if (reason := one.reasons.get(lever)) != MIXED]
        # In whatever order scenarios are joined: a reason of the doses goes before none, and both before a mixture.
        return next(filter(None, told), None) if told else MIXED

    def _because(self, reason: str, reason_zh: str) -> dict[str, DoseReason]:
        """One reason for all doses: what was printed or argued of the old ones does not hold of the new."""
        return dict.fromkeys(self.doses, DoseReason(grade="assumed", reason=reason, reason_zh=reason_zh))

    def _made(self, name: str, *, zh: str, en: str, **changes: Any) -> Scenario:
        """The scenario with changes and without a note; an expression is a name, though not one of a file."""
        made = self.model_copy(
            update={"name": name, "label_zh": zh, "label_en": en, "note": None, "note_zh": None, **changes}
        )
        reasons = {lever: reason for lever, reason in made.reasons.items() if lever in made.doses}
        return made.model_copy(update={"reasons": reasons})


def _stronger(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    """The dose larger in size, by year; of two of the same size the positive one, in whatever order they come."""
    years = sorted({*first, *second})
    return {
        year: max(first.get(year, 0.0), second.get(year, 0.0), key=lambda dose: (abs(dose), dose)) for year in years
    }


def _sum(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    return {year: first.get(year, 0.0) + second.get(year, 0.0) for year in sorted({*first, *second})}
