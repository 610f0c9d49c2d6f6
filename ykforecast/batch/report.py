"""What a batch leaves beside its pieces: the summary, the page, and the manifest that closes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ykforecast.batch.folder import MANIFEST, BatchFolder
from ykforecast.batch.plan import PieceSpec, Plan
from ykforecast.batch.results import BASE, assembled
from ykforecast.batch.summary import SummaryRow, summary_csv, summary_rows
from ykforecast.data.files import digest_of_file, write_text
from ykforecast.present.batch_page import batch_page

if TYPE_CHECKING:
    from ykforecast.spec.scenario import Scenario

SUMMARY: Final = "summary.csv"
PAGES: Final = {"zh": "index.html", "en": "index_en.html"}
#: Draws that are looked at together: what does not fit is done in parts.
_DRAWS: Final = 40_000


def write_report(plan: Plan, folder: BatchFolder) -> None:
    """Summary, pages and manifest of a batch of which every piece stands.

    Raises
    ------
    DataError
        A piece is missing or damaged.
    OutputError
        The disk is full.
    """
    rows = list(_rows(plan, folder))
    texts = {SUMMARY: summary_csv(rows)}
    texts |= {name: batch_page(rows, plan.model, plan.scenarios, lang) for lang, name in PAGES.items()}
    for name, text in texts.items():
        write_text(folder.path / name, text)
    folder.write_record(
        MANIFEST,
        {
            "batch": plan.record(),
            "vintages": {
                day.isoformat(): {"key": key, "digest": digest_of_file(folder.piece(key))}
                for day, key in plan.vintages.items()
            },
            "pieces": [
                {"key": one.key, **one.says(), "digest": digest_of_file(folder.piece(one.key))} for one in plan.pieces
            ],
            "results": {name: digest_of_file(folder.path / name) for name in texts},
        },
    )


def _rows(plan: Plan, folder: BatchFolder) -> Iterator[SummaryRow]:
    """Rows by vintage and scenario, in the order of the plan."""
    by_run: dict[tuple[date | None, str], list[PieceSpec]] = {}
    for one in plan.pieces:
        by_run.setdefault((one.as_of, one.scenario.name), []).append(one)
    many = max(1, _DRAWS // plan.spec.draws)
    for day in plan.vintages or (None,):
        for at in range(0, len(plan.scenarios), many):
            wanted = [row for scenario in plan.scenarios[at : at + many] for row in _said(by_run, day, scenario)]
            _, groups = assembled(folder, wanted)
            yield from summary_rows(groups["indicators"], plan.model, BASE if day is None else day.isoformat())


def _said(
    by_run: dict[tuple[date | None, str], list[PieceSpec]], day: date | None, scenario: Scenario
) -> list[dict[str, Any]]:
    return [{"key": one.key, **one.says()} for one in by_run[day, scenario.name]]
