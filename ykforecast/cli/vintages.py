"""``ykforecast vintages``: forecasts filed by date of issue, and their scores; ``forecast --archive`` files them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ykforecast.cli.arguments import add_json, add_model, print_json
from ykforecast.cli.exit_codes import DONE

if TYPE_CHECKING:
    import xarray as xr

#: Of the manifest: digests of files that differ with the options of a command, not with the forecast.
_FILES: Final = "results"
_SAID: Final = {
    ("zh", True): "已存入预测版本{key}。",
    ("zh", False): "预测版本{key}已在其中，未作改动。",
    ("en", True): "Filed as vintage {key}.",
    ("en", False): "Vintage {key} was there already; nothing was changed.",
}


class Filed(NamedTuple):
    """Where a forecast was filed, and whether it is new there."""

    key: str
    new: bool

    def said(self, lang: str) -> str:
        """One sentence."""
        return _SAID[lang, self.new].format(key=self.key)


def add(commands: Any) -> None:
    """Add the command to the parser."""
    vintages = commands.add_parser("vintages", help="list the forecasts filed in an archive, and score them")
    vintages.add_argument("folder", type=Path, metavar="DIR", help="the archive of `ykforecast forecast --archive`")
    vintages.add_argument("--score", action="store_true", help="score them on the figures published since")
    vintages.add_argument("--scenario", default="baseline", metavar="NAME", help="that is scored; default %(default)s")
    add_model(vintages)
    add_json(vintages, "print records as JSON")
    vintages.set_defaults(run=_run)


def issue_date(options: argparse.Namespace, as_of: date | None) -> date | None:
    """Day of issue of the vintage that ``forecast`` is to file: as asked, or today; None without an archive."""
    from ykforecast.assess.vintages import check_dates
    from ykforecast.vocabulary.errors import RequestError

    text = options.issued
    if options.archive is None:
        if text is not None:
            raise RequestError("nothing is issued", key="issued", value=text, remedy="Add --archive DIR")
        return None
    try:
        issued = date.today() if text is None else date.fromisoformat(text)
    except ValueError:
        raise RequestError("not a date", key="issued", value=text, remedy="Write it as 2023-06-30") from None
    check_dates(issued, as_of)
    return issued


def file_vintage(
    folder: Path, indicators: xr.Dataset, issued: date, as_of: date | None, manifest: Mapping[str, Any]
) -> Filed:
    """File a forecast in an archive."""
    from ykforecast.assess.vintages import VintageArchive

    archive = VintageArchive(folder)
    before = archive.list()
    made_of = {name: content for name, content in manifest.items() if name != _FILES}
    key = archive.add(indicators, issued=issued, as_of=as_of, manifest=made_of)
    return Filed(key, key not in before)


def _run(options: argparse.Namespace) -> int:
    import ykforecast as yk
    from ykforecast.assess.vintage_scores import vintage_scores
    from ykforecast.present import vintages_table as table
    from ykforecast.vocabulary.errors import RequestError

    archive = yk.VintageArchive(options.folder)
    vintages = [archive.open(key) for key in archive.list()]
    if not vintages:
        remedy = "File a forecast with ykforecast forecast --archive DIR"
        raise RequestError("no vintage here", key="archive", value=str(options.folder), remedy=remedy)
    model = yk.load_model(options.model)
    scored = vintage_scores(archive, model, scenario=options.scenario) if options.score else None
    if options.json:
        scores = {} if scored is None else {"scores": table.score_rows(scored), "means": table.score_means(scored)}
        print_json({"vintages": table.vintage_rows(vintages), **scores})
    else:
        print(table.plain_vintages(vintages))
        if scored is not None:
            print("\n" + table.plain_scores(scored, model))
    return DONE
