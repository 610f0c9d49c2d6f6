"""``ykforecast list``: what the model holds."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from ykforecast.cli.arguments import add_json, add_model, print_json
from ykforecast.cli.exit_codes import DONE

REGISTRIES: Final = ("indicators", "levers", "scenarios", "parameters", "sources")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    listing = commands.add_parser("list", help="what the model holds")
    listing.add_argument("registry", choices=REGISTRIES)
    add_model(listing)
    add_json(listing, "print the records as JSON")
    listing.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    import ykforecast as yk

    registry = getattr(yk.load_model(options.model), options.registry)
    if options.json:
        print_json(
            [
                {"key": key} | (record.model_dump(mode="json") if hasattr(record, "model_dump") else asdict(record))
                for key, record in registry.items()
            ]
        )
    elif sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(registry)
    else:
        print(repr(registry))
    return DONE
