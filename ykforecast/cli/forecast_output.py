"""What ``ykforecast forecast`` has computed: its files, its tables, and the same as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ykforecast.cli.arguments import print_json

if TYPE_CHECKING:
    from datetime import date

    import xarray as xr

    from ykforecast.cli.vintages import Filed
    from ykforecast.simulate.calibrated import Evidence
    from ykforecast.spec.model import ModelSpec


class Result(NamedTuple):
    """What one command has computed."""

    model: ModelSpec
    evidence: Evidence | None
    indicators: xr.Dataset
    card: xr.Dataset
    posterior: xr.Dataset | None
    revised: xr.Dataset | None
    rivals: xr.Dataset | None


class Made(NamedTuple):
    """The same with what was written of it."""

    scenarios: list[str]
    as_of: date | None
    result: Result
    rows: list[dict[str, Any]]
    manifest: dict[str, Any]
    filed: Filed | None


def write_files(
    folder: Path, options: argparse.Namespace, names: list[str], result: Result
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Write the files and give back the rows of ``indicators.csv`` and the manifest."""
    from ykforecast.data.files import sweep, write_text
    from ykforecast.infer.kept_posterior import GROUP
    from ykforecast.present.revision_table import revision_csv
    from ykforecast.present.rivals_table import rivals_csv
    from ykforecast.present.tables import indicators_csv
    from ykforecast.simulate.storage import write_groups, write_manifest

    sweep(folder)
    groups = {"indicators": result.indicators, "scorecard": result.card}
    if result.revised is not None:
        groups["revision"] = result.revised
    if result.posterior is not None:
        groups[GROUP] = result.posterior
    forecast, table = folder / "forecast.nc", folder / "indicators.csv"
    write_groups(forecast, groups, result.indicators.attrs)
    text = indicators_csv(result.indicators, result.card)
    write_text(table, text)
    files = [forecast, table]
    for path, content, as_csv in (
        (folder / "revision.csv", result.revised, revision_csv),
        (folder / "rivals.csv", result.rivals, rivals_csv),
    ):
        # That of an earlier command would speak of another forecast.
        path.unlink(missing_ok=True)
        if content is not None:
            write_text(path, as_csv(content, result.card))
            files.append(path)
    # The manifest comes last: where it stands, everything it names was written before.
    manifest = write_manifest(
        folder / "manifest.json",
        model=result.model,
        scenarios=names,
        draws=options.draws,
        seed=options.seed,
        as_of=None if options.as_of is None else result.card.attrs["as_of"],
        values=groups,
        files=files,
        evidence=result.evidence,
        form=options.own,
    )
    rows = _rows(text, {"year": int, "median": float, "p10": float, "p90": float, "probability": float})
    return rows, manifest


def _rows(text: str, numeric: Mapping[str, Callable[[str], Any]]) -> list[dict[str, Any]]:
    """Rows of a CSV text, with numbers; empty cells are None."""
    import csv

    return [
        {key: (numeric.get(key, str)(cell) if cell else None) for key, cell in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]


def print_rows(made: Made) -> None:
    """Print everything as one JSON document."""
    from ykforecast.present.revision_table import CSV_COLUMNS, revision_csv
    from ykforecast.present.rivals_table import rivals_csv

    names, as_of, result, rows, _, filed = made
    report: dict[str, Any] = {
        "scenarios": names,
        "as_of": None if as_of is None else as_of.isoformat(),
        "rows": rows,
    }
    if "check_definition" in result.card:
        figures = ["published", "published_year"]
        marked = result.card[[*figures, "check_definition"]].to_dataframe().query("check_definition").reset_index()
        report["check_definition"] = marked[["scenario", "indicator", *figures]].to_dict("records")
    if result.evidence is not None:
        found = result.evidence.findings
        report["figures"] = [{"verdict": one.verdict, "text_zh": one.text_zh} for one in found]
    if result.revised is not None:
        numbers = [name for name in CSV_COLUMNS if name.endswith(("p10", "p50", "p90", "share"))]
        report["revision"] = _rows(revision_csv(result.revised, result.card), dict.fromkeys(numbers, float))
    if result.rivals is not None:
        kinds: dict[str, Callable[[str], Any]] = dict.fromkeys(("p10", "p50", "p90", "probability"), float)
        kinds |= dict.fromkeys(("figures", "first_year", "last_year"), int)
        report["rivals"] = _rows(rivals_csv(result.rivals, result.card), kinds)
    if filed is not None:
        report["vintage"] = filed._asdict()
    print_json(report)


def print_tables(result: Result, lang: str, filed: Filed | None) -> None:
    """Print the tables, one line for each figure that was used, and where the forecast was filed."""
    from ykforecast.present import tables
    from ykforecast.present.revision_table import plain_findings, plain_revision
    from ykforecast.present.rivals_table import plain_rivals

    tables.print_tables(result.card, lang=lang)
    if result.revised is not None:
        for scenario in result.card["scenario"].values.tolist():
            print(plain_revision(result.revised, result.card, scenario, lang) + "\n")
    if result.rivals is not None:
        print(plain_rivals(result.rivals, result.card, lang) + "\n")
    if result.evidence is not None:
        print(plain_findings(result.evidence.findings, result.card.attrs["as_of"], lang))
    if filed is not None:
        print(filed.said(lang))
