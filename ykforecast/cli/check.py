"""``ykforecast check``: schema, sources and identities of a model."""

from __future__ import annotations

import argparse
from typing import Any

from ykforecast.cli.arguments import add_json, plain, print_json
from ykforecast.cli.exit_codes import DONE, FINDING


def add(commands: Any) -> None:
    """Add the command to the parser."""
    check = commands.add_parser("check", help="schema, sources and identities of a model")
    check.add_argument("model", nargs="?", metavar="MODEL_DIR", help="a shipped place or a folder; default yingkou")
    add_json(check, "print the findings as JSON")
    check.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from ykforecast.assess.model_check import check_folder, notes
    from ykforecast.data.model_files import model_folder

    model, findings = check_folder(model_folder(options.model))
    noted = notes(model) if model is not None and not findings else []
    if options.json:
        fields = ("file", "key", "problem", "value", "remedy")
        # A value at fault is told as it stands in the file: "nan" is what is wrong with it.
        rows = [{name: _told(getattr(finding, name)) for name in fields} for finding in findings]
        print_json({"ok": not findings, "findings": rows, "notes": noted})
    elif findings:
        for finding in findings:
            print(finding)
        print(f"{len(findings)} finding(s)")
    else:
        print("\n".join([f"{model!r}", *(f"note: {one}" for one in noted), "nothing wrong"]))
    return FINDING if findings else DONE


def _told(value: object) -> int | float | str | None:
    told: int | float | str | None = plain(value)
    return str(value) if told is None and value is not None else told
