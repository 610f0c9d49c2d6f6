"""``ykforecast form``: the empty form for a department's own figures (自报数据表)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ykforecast.cli.arguments import add_model
from ykforecast.cli.exit_codes import DONE


def add(commands: Any) -> None:
    """Add the command to the parser."""
    form = commands.add_parser("form", help="write the empty form for a department's own figures")
    form.add_argument("path", type=Path, metavar="PATH", help="file to write, ending .csv or .xlsx")
    form.add_argument("--department", metavar="NAME", help="only what one department reports, such as 市人社局")
    add_model(form)
    form.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ykforecast.data.blank_form import write_form
    from ykforecast.vocabulary.errors import OutputError

    if options.path.exists():
        raise OutputError(
            "the file is there already", file=options.path, remedy="Another name: a filled form is never overwritten"
        )
    write_form(options.path, options.model, options.department)
    print(options.path)
    return DONE
