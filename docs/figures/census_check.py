"""Draw the census check: 2010 carried to 2020 on withheld ages and districts, beside naive rivals.

Writes ``docs/_static/census_check.png`` and the numbers, ``docs/figures/census_check.csv``::

    python docs/figures/census_check.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import ykforecast as yk
from ykforecast.assess.census_check import METHODS, TESTS, CensusCheck, census_check
from ykforecast.processes.population_assumptions import PopulationAssumptions
from ykforecast.vocabulary.dims import SEX

HERE = Path(__file__).resolve().parent
LABELS = {
    "model": "model",
    "unchanged": "2010 count of the same age",
    "survival": "survival without migration",
}
STYLES = {"model": "o-", "unchanged": "s:", "survival": "^--"}


def write_numbers(check: CensusCheck, file: Path) -> None:
    """One row for each test, method, sex and age group; the rows of all ages hold the mean absolute error."""
    errors, means = check.relative_errors(), check.mean_absolute_error()
    with open(file, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["test", "method", "sex", "age_group", "counted", "predicted", "relative_error"])
        for t, test in enumerate(TESTS):
            for m, method in enumerate(METHODS):
                writer.writerow([test, method, "both", "all", "", "", f"{means[m, t]:.4f}"])
                for s, sex in enumerate(SEX):
                    for g, group in enumerate(check.groups):
                        counted, predicted = check.counted[t, s, g], check.predicted[m, t, s, g]
                        error = f"{errors[m, t, s, g]:.4f}"
                        writer.writerow([test, method, sex, group, f"{counted:.0f}", f"{predicted:.0f}", error])


def draw(check: CensusCheck, file: Path) -> None:
    """Relative error by age group, one panel for each test and sex."""
    errors, means = check.relative_errors(), check.mean_absolute_error()
    figure, axes = plt.subplots(len(SEX), len(TESTS), figsize=(13, 7), sharex=True, sharey=True)
    for t, test in enumerate(TESTS):
        for s, sex in enumerate(SEX):
            axis = axes[s, t]
            for m, method in enumerate(METHODS):
                label = f"{LABELS[method]} ({means[m, t]:.1%})"
                axis.plot(check.groups, 100 * errors[m, t, s], STYLES[method], label=label, markersize=4)
            axis.axhline(0.0, color="0.4", linewidth=0.8)
            axis.set_ylim(-50, 75)
            axis.set_title(f"{test}, {sex}", fontsize=10)
            axis.tick_params(axis="x", rotation=90)
            if s == 0:
                axis.legend(fontsize=8, title="mean absolute error, both sexes", title_fontsize=8)
    figure.supxlabel("age in 2020")
    figure.supylabel("error against the census of 2020, %")
    figure.tight_layout()
    figure.savefig(file, dpi=130)
    plt.close(figure)


def main() -> None:
    """Compute, write and draw."""
    check = census_check(PopulationAssumptions.of_model(yk.load_model()))
    static = HERE.parent / "_static"
    static.mkdir(exist_ok=True)
    write_numbers(check, HERE / "census_check.csv")
    draw(check, static / "census_check.png")


if __name__ == "__main__":
    main()
