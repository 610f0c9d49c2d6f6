"""Scenarios as texts: names and what is made of them, wherever the name of a scenario is asked for.

    expression = term { "+" term }
    term       = ( name | "(" expression ")" ) { "*" number | ">>" years | "<<" years | "[" parts "]" }
    parts      = part { "," part }  |  "-" part { "," "-" part }

``plan*0.5+slow-growth`` is half of the plan's measures in a time of slow growth, ``plan>>1`` the plan a year late,
``plan[skills,hr_market]`` two of its measures and ``plan[-skills]`` all but one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NoReturn

from ykforecast.spec.scenario import JOINT, Scenario
from ykforecast.vocabulary.errors import RequestError, nearest

_TOKEN: Final = re.compile(r"\s*(>>|<<|[^\W_][\w.-]*|[-+*()\[\],])")
_NUMBER: Final = re.compile(r"\d+(\.\d+)?")
#: Far longer than any use, and short enough for brackets within brackets.
_LONGEST: Final = 1000
_GRAMMAR: Final = (
    "Write names joined by +, each with *0.5 (scaled), >>1 (a year later), [lever] (only) or [-lever] (without), "
    "such as plan[-skills]*0.5+slow-growth"
)


def read_scenario(expression: str, scenarios: Mapping[str, Scenario]) -> Scenario:
    """Scenario that an expression makes of named ones.

    Parameters
    ----------
    expression : str
        A name, or names with operators as above; blanks do not matter. Operators after a name bind more closely
        than ``+`` and work from left to right.
    scenarios : mapping of str to Scenario
        The named ones.

    Raises
    ------
    RequestError
        The text cannot be read, or names a scenario that is not there: the nearest one is named.
    ScenarioError
        What is asked for cannot be made, such as a part that the scenario does not have.
    """
    return _Reader(expression, scenarios).whole()


class _Reader:
    """One pass over the tokens, one method a rule of the grammar."""

    def __init__(self, expression: str, scenarios: Mapping[str, Scenario]) -> None:
        self._text, self._scenarios = expression, scenarios
        text = expression.rstrip()
        self._tokens: list[str] = []
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or len(text) > _LONGEST:
                self._refuse(text[place : place + 20])
            self._tokens.append(found.group(1))
            place = found.end()
        self._tokens.reverse()

    def whole(self) -> Scenario:
        scenario = self._sum()
        if self._tokens:
            self._refuse(self._tokens[-1])
        return scenario

    def _sum(self) -> Scenario:
        scenario = self._term()
        while self._take(JOINT):
            scenario += self._term()
        return scenario

    def _term(self) -> Scenario:
        if self._take("("):
            scenario = self._sum()
            self._expect(")")
        else:
            scenario = self._named(self._word())
        while True:
            if self._take("*"):
                scenario = scenario.scaled(float(self._number()))
            elif self._take(">>"):
                scenario = scenario.shifted(self._years())
            elif self._take("<<"):
                scenario = scenario.shifted(-self._years())
            elif self._take("["):
                scenario = self._parts(scenario)
            else:
                return scenario

    def _parts(self, scenario: Scenario) -> Scenario:
        left_out = self._take("-")
        parts = [self._word()]
        while self._take(","):
            if left_out:
                self._expect("-")
            parts.append(self._word())
        self._expect("]")
        return scenario.without(*parts) if left_out else scenario.only(*parts)

    def _named(self, name: str) -> Scenario:
        if name in self._scenarios:
            return self._scenarios[name]
        remedy = nearest(name, self._scenarios)
        for known, scenario in self._scenarios.items():
            part = name.removeprefix(f"{known}-")
            if part != name and part in scenario.parts():
                remedy = f"Parts are left out by {known}[-{part}]"
        raise RequestError("no such scenario", key="scenarios", value=name, remedy=remedy)

    def _word(self) -> str:
        word = self._tokens.pop() if self._tokens else ""
        if not word[:1].isalnum():
            self._refuse(word)
        return word

    def _number(self) -> str:
        word = self._word()
        if not (word.isascii() and _NUMBER.fullmatch(word)):
            self._refuse(word)
        return word

    def _years(self) -> int:
        word = self._number()
        if "." in word:
            self._refuse(word)
        return int(word)

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[-1] == token:
            self._tokens.pop()
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            self._refuse(self._tokens[-1] if self._tokens else "")

    def _refuse(self, found: str) -> NoReturn:
        where = f"cannot be read at {found!r}" if found else "ends too soon"
        raise RequestError(f"the name of a scenario {where}", key="scenarios", value=self._text, remedy=_GRAMMAR)
