"""Renew what the page on effort shows: the answer of each command that it names, and the picture; two minutes or so.

python docs/print_seek.py
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import ykforecast as yk
from ykforecast.cli import main as command_line
from ykforecast.present.figures_effort import effort_curve

HERE = Path(__file__).resolve().parent
PAGE = HERE / "method" / "seek.md"
PICTURE = HERE / "_static" / "seek.png"
#: A block that begins with a command is that command's answer.
_ANSWER = re.compile(r"^(```text\n\$ ykforecast (.*)\n)(?:(?!```).*\n)*```$", re.MULTILINE)


def answered(command: str) -> str:
    """What a command prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = command_line(shlex.split(command))
    if code:
        raise SystemExit(f"ykforecast {command}: exit code {code}")
    return printed.getvalue().rstrip()


def main() -> None:
    """Run every command of the page and draw the picture."""
    text = PAGE.read_text(encoding="utf-8")
    text, count = _ANSWER.subn(lambda block: f"{block[1]}{answered(block[2])}\n```", text)
    if not count:
        raise SystemExit(f"{PAGE}: no command found")
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    calibration = yk.calibrate(yk.load_model())
    answer = yk.seek(calibration, "work_injury_insured", "injury_expansion")
    effort_curve(answer).figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    main()
