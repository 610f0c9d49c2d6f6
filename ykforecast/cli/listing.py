"""``ykforecast list``: what the model holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ykforecast.cli.arguments import add_json, add_model, print_json
from ykforecast.cli.exit_codes import DONE

if TYPE_CHECKING:
    from ykforecast.spec.registry import Registry

REGISTRIES: Final = ("indicators", "levers", "scenarios", "parameters", "sources")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    listing = commands.add_parser("list", help="what the model holds")
    listing.add_argument("registry", nargs="?", choices=REGISTRIES, help="default: a line on each")
    add_model(listing)
    add_json(listing, "print the records as JSON")
    listing.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    import ykforecast as yk

    model = yk.load_model(options.model)
    if options.registry is None:
        return _overview([getattr(model, name) for name in REGISTRIES], options.json)
    registry = getattr(model, options.registry)
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


def _overview(registries: Sequence[Registry[Any]], as_json: bool) -> int:
    """A line on each registry: name, number of records, and what is shown of a record."""
    if as_json:
        print_json([{"registry": each.name, "records": len(each), "columns": each.columns} for each in registries])
        return DONE
    for each in registries:
        print(f"{each.name:<10}  {len(each):>3}  {', '.join(('key', *each.columns))}")
    return DONE
