"""Renew the worked examples of the page on scenarios: what ``ykforecast compare`` prints, and Okun's ratios.

Run it when a number of the model moves; it takes a minute::

    python docs/print_scenarios.py
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import numpy as np

import ykforecast as yk
from ykforecast.cli import main as ykforecast

PAGE = Path(__file__).resolve().parent / "method" / "scenarios.md"
#: A command in the text, and the block behind it that holds what it prints.
BLOCK = re.compile(r"(```\nykforecast (compare [^\n]+)\n```\n\n```text\n).*?(\n```)", re.DOTALL)

OKUN = re.compile(r"(<!-- printed: okun -->\n).*?(<!-- end -->)", re.DOTALL)


def okun(draws: int = 1000) -> str:
    """Fall of output, of its cyclical part and rise of unemployment in two scenarios, and their ratios, as a table."""
    calibration = yk.calibrate(yk.load_model())
    runs = yk.project(calibration, ["baseline", "slow-growth", "mass-unemployment"], draws, 2020, keep="series")
    series = runs["series"].to_dataset()
    response = calibration.model.parameters["gdp_cycle"].median
    rows = [
        "| 情景 | 年份 | 产出% | 其中景气% | 失业率（百分点） | 每1%产出 | 每1%景气产出 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    rate = series["unemployment_rate"].values[..., -series.sizes["year"] :]
    output = np.log1p(series["gdp_growth"].values).cumsum(axis=2)
    for row, label, years in ((1, "低增长", (2022, 2023, 2025)), (2, "规模性失业", (2023,))):
        for year in years:
            at = year - 2021
            lost, less, more = (
                100.0 * float((one[row, :, at] - one[0, :, at]).mean())
                for one in (output, response * series["cycle"].values, rate)
            )
            rows.append(
                f"| {label} | {year} | {lost:.1f} | {less:.1f} | {more:.2f} | {-more / lost:.2f} | {-more / less:.2f} |"
            )
    return "\n".join(rows) + "\n"


def printed(command: str) -> str:
    """Standard output of a command."""
    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        ykforecast(shlex.split(command))
    return page.getvalue().rstrip()


def main() -> None:
    """Run every command of the page and write what it prints below it."""
    text = PAGE.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda found: found[1] + printed(found[2]) + found[3], text)
    text = OKUN.sub(lambda found: found[1] + okun() + found[2], text)
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
