"""The parser of the command line: a misspelt option, choice or command is answered with the nearest that there is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ykforecast.vocabulary.errors import nearest


class Parser(argparse.ArgumentParser):
    """As argparse has it, with remedies; the parsers of the commands are made by the same class."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """Refuse here what is not known: the top parser has neither the options of a command nor its usage."""
        known, extra = super().parse_known_args(args, namespace)
        options = [text.partition("=")[0] for text in extra if text.startswith("-")]
        if options:
            remedy = nearest(options[0], (name for name in self._option_string_actions if name.startswith("--")))
            self.error(f"no such option: {options[0]}. {remedy}")
        if extra:
            self.error(f"one argument too many: {extra[0]}")
        return known, extra

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"no such choice: {value!r}. {nearest(value, action.choices)}")
