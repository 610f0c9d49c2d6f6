"""``ykforecast batch``: many scenarios, vintages and draws from one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from ykforecast.cli.arguments import add_json, add_language, count, print_json
from ykforecast.cli.exit_codes import DONE
from ykforecast.cli.stages import stages

_DONE: Final = {
    "zh": "{pieces}个结果块齐备（本次计算{computed}个），汇总见 {folder}/summary.csv，一览见 {folder}/index.html。",
    "en": "{pieces} pieces stand, {computed} of them computed now; summary: {folder}/summary.csv, page: "
    "{folder}/index_en.html.",
}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    batch = commands.add_parser("batch", help="run many scenarios and vintages from one file")
    batch.add_argument("file", type=Path, metavar="BATCH.toml", help="scenarios, vintages, draws")
    batch.add_argument("--out", type=Path, required=True, metavar="DIR", help="new or empty; else --resume")
    where = batch.add_mutually_exclusive_group()
    where.add_argument("--workers", type=count, metavar="N", help="processes; default one for each processor")
    where.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster, such as tcp://node1:8786")
    batch.add_argument("--resume", action="store_true", help="go on with the batch in DIR")
    add_language(batch, "the last line")
    add_json(batch, "print what was done as JSON")
    batch.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with stages() as stage:
        stage("running the batch")
        import ykforecast as yk

        done = yk.run_batch(
            options.file,
            options.out,
            workers=options.workers,
            dask=options.dask,
            resume=options.resume,
            progress=stage.advance,
        )
    said = done._asdict() | {"folder": str(done.folder)}
    if options.json:
        print_json(said)
    else:
        print(_DONE[options.lang].format(**said))
    return DONE
