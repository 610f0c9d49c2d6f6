"""Renew the worked example of the page on scenarios: what ``ykforecast compare`` prints.

Run it when a number of the model moves; it takes half a minute::

    python docs/print_scenarios.py
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

from ykforecast.cli import main as ykforecast

PAGE = Path(__file__).resolve().parent / "method" / "scenarios.md"
#: A command in the text, and the block behind it that holds what it prints.
BLOCK = re.compile(r"(```\nykforecast (compare [^\n]+)\n```\n\n```text\n).*?(\n```)", re.DOTALL)


def printed(command: str) -> str:
    """Standard output of a command."""
    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        ykforecast(shlex.split(command))
    return page.getvalue().rstrip()


def main() -> None:
    """Run every command of the page and write what it prints below it."""
    text = PAGE.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda found: found[1] + printed(found[2]) + found[3], text)
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
