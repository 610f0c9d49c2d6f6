"""The command line: arguments in, exit codes out; no science.

Exit codes: 0 done, 1 a finding (``check``, ``replay``), 2 bad input or a place that cannot be written, 130 interrupted.
Results go to standard output, messages and progress to standard error. One module a command: ``add`` puts
its arguments into the parser.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from ykforecast.cli import (
    attribute,
    backtest,
    batch,
    check,
    compare,
    evaluate,
    forecast,
    form,
    fund,
    impact,
    listing,
    replay,
    report,
    seek,
    sensitivity,
    targets,
    vintages,
    warn,
)
from ykforecast.cli.exit_codes import BAD_INPUT, DONE, INTERRUPTED
from ykforecast.cli.parser import Parser
from ykforecast.vocabulary.errors import YkforecastError

#: In the order of the help.
COMMANDS: Final = (
    forecast,
    evaluate,
    batch,
    compare,
    form,
    seek,
    attribute,
    sensitivity,
    targets,
    impact,
    warn,
    fund,
    backtest,
    vintages,
    report,
    replay,
    check,
    listing,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it, those of the process.

    Returns
    -------
    int
        Exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another encoding (GBK) shows what it can instead of failing.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except YkforecastError as error:
        notes = "".join(f"\n  {note}" for note in getattr(error, "__notes__", ()))
        return _refuse(f"{error}{notes}")
    except BrokenPipeError:
        # The reader has seen enough (`| head`); what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{place}{error.strerror or error}")
    except KeyboardInterrupt:
        print("ykforecast: interrupted", file=sys.stderr)
        return INTERRUPTED


def _refuse(message: str) -> int:
    print(f"ykforecast: {message}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    from ykforecast import __version__

    parser = Parser(prog="ykforecast", description="Forecasts of the plan's sixteen indicators.")
    parser.add_argument("--version", action="version", version=f"ykforecast {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
