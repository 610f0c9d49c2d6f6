"""Charts of a screen from datasets of results, in the plan's units and in one language: see `documents.charts`.

Each has a sister in `present` that draws the same with matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ykforecast.documents import charts
from ykforecast.documents.charts import Chart
from ykforecast.present.figures_by_age import people_by_age
from ykforecast.present.figures_effort import curve_doses, dose_axis
from ykforecast.present.figures_evaluation import marked_names
from ykforecast.present.text import CLASSES_EN, percent, printed_target, unit_label
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, LABELS_ZH
from ykforecast.vocabulary.units import forecast_decimals, from_base

if TYPE_CHECKING:
    import xarray as xr


#: Central intervals of a fan, widest first: name and quantiles.
_FAN: Final = (("95%", 0.025, 0.975), ("80%", 0.1, 0.9), ("50%", 0.25, 0.75))
_TONES: Final = dict(zip(CLASSES_EN, ("early", "ahead", "course", "behind"), strict=True))
_WORDS: Final = {
    "zh": {
        "median": "中位数",
        "base": "规划基期",
        "observed": "公布数",
        "target": "目标",
        "elapsed": "时间进度",
        "progress": "完成进度",
        "withheld": "不计进度",
        "age": "岁",
        "people": "千人",
        "at": "{}年末",
        "chance": "达标概率",
        "asked": "所求概率",
        "now": "现有力度",
    },
    "en": {
        "median": "median",
        "base": "base of the plan",
        "observed": "published",
        "target": "target",
        "elapsed": "time elapsed",
        "progress": "progress made",
        "withheld": "not counted",
        "age": "years old",
        "people": "thousand persons",
        "at": "end of {}",
        "chance": "probability of attainment",
        "asked": "asked for",
        "now": "present dose",
    },
}


def fan_chart(
    paths: xr.Dataset,
    card: xr.Dataset,
    key: str,
    scenario: str,
    lang: str = "zh",
    observed: Mapping[int, float] | None = None,
) -> Chart:
    """Fan of one indicator with its base, its target and published figures.

    Parameters
    ----------
    paths : Dataset
        Of :func:`ykforecast.assess.dossier.indicator_paths`; sums since 2021 where the target is a sum.
    card : Dataset
        Scorecard, for the target.
    key, scenario : str
    lang : {"zh", "en"}
    observed : mapping of int to float, optional
        Published figures after the base year by year, base units, on the basis of the target.
    """
    words, one = _WORDS[lang], paths.sel(indicator=key)
    unit, decimals, summed = _unit_of(one)
    years, path = _path(one.sel(scenario=scenario), summed)
    bands = [
        charts.band(name, _shown(path.sel(quantile=low), unit), _shown(path.sel(quantile=high), unit), decimals)
        for name, low, high in _FAN
    ]
    middle = charts.line(words["median"], _shown(path.sel(quantile=0.5), unit), decimals, bands=bands)
    marks = [
        charts.mark(words["observed"], year, from_base(value, unit), decimals)
        for year, value in (observed or {}).items()
    ]
    base = str(one["base_printed"].item())
    if base and not summed:
        marks.insert(0, charts.mark(words["base"], BASE_YEAR, float(base), decimals, tone="quiet"))
    target, name = _target(card, key, lang)
    marks.append(charts.mark(name, HORIZON, target, decimals, shape="diamond", tone="target"))
    levels = [charts.level(words["target"], target, decimals)]
    return charts.lines(years, [middle], unit=unit_label(unit, lang), decimals=decimals, marks=marks, levels=levels)


def scenario_chart(paths: xr.Dataset, card: xr.Dataset, key: str, lang: str = "zh") -> Chart:
    """Medians of every scenario with their 80 % intervals, one indicator; parameters as for :func:`fan_chart`."""
    words, one = _WORDS[lang], paths.sel(indicator=key)
    unit, decimals, summed = _unit_of(one)
    years: list[int] = []
    series = []
    names = zip(card["scenario"].values.tolist(), card[f"scenario_{lang}"].values.tolist(), strict=True)
    for number, (scenario, name) in enumerate(names):
        years, path = _path(one.sel(scenario=scenario), summed)
        low, middle, high = (_shown(path.sel(quantile=at), unit) for at in (0.1, 0.5, 0.9))
        bands = [charts.band("80%", low, high, decimals)]
        series.append(charts.line(name, middle, decimals, bands=bands, tone=number % 6))
    levels = [charts.level(words["target"], _target(card, key, lang)[0], decimals)]
    return charts.lines(years, series, unit=unit_label(unit, lang), decimals=decimals, levels=levels)


def attainment_chart(card: xr.Dataset, scenario: str, lang: str = "zh") -> Chart:
    """Probability of attainment of every indicator, coloured by its class; • marks the binding ones."""
    one = card.sel(scenario=scenario)
    chances, verdicts = one["probability"].values.tolist(), one["class"].values.tolist()
    words = {name: name if lang == "zh" else CLASSES_EN[name] for name in CLASSES_EN if name in verdicts}
    return charts.bars(
        marked_names(one, lang),
        [100.0 * chance for chance in chances],
        unit="%",
        decimals=1,
        tones=[_TONES[verdict] for verdict in verdicts],
        notes=[words[verdict] for verdict in verdicts],
        shown=[percent(chance) for chance in chances],
        legend={_TONES[name]: word for name, word in words.items()},
        high=100.0,
    )


def effort_chart(answer: xr.Dataset, lang: str = "zh") -> Chart:
    """Probability of attainment by dose with twice its standard error; ``answer`` of :func:`ykforecast.seek`."""
    words = _WORDS[lang]
    chance, error = (100.0 * answer[f"curve_{name}"].values for name in ("probability", "error"))
    levels = [
        ("asked", answer.attrs["asked_probability"], "target"),
        ("now", answer["base_probability"].item(), "quiet"),
    ]
    return charts.lines(
        curve_doses(answer),
        [
            charts.line(
                words["chance"], chance, 1, bands=[charts.band("±2 SE", chance - 2 * error, chance + 2 * error, 1)]
            )
        ],
        unit="%",
        decimals=1,
        x_label=dose_axis(answer, lang),
        levels=[charts.level(words[name], 100.0 * value, 1, tone) for name, value, tone in levels],
        low=0.0,
        high=100.0,
    )


def progress_chart(card: xr.Dataset, scenario: str, lang: str = "zh") -> Chart:
    """Progress of every indicator against the time elapsed; progress that says nothing is named as withheld."""
    one, words = card.sel(scenario=scenario), _WORDS[lang]
    made = (100.0 * one["progress"]).values.tolist()
    return charts.dumbbells(
        marked_names(one, lang),
        [100.0 * float(card["elapsed"])] * len(made),
        made,
        (words["elapsed"], words["progress"]),
        unit="%",
        decimals=0,
        notes=["" if share == share else words["withheld"] for share in made],
        low=-50.0,
        high=150.0,
    )


def pyramid_chart(population: xr.DataArray, years: Sequence[int] = (BASE_YEAR, HORIZON), lang: str = "zh") -> Chart:
    """Population pyramid of two year-ends; ``population`` as for `present.figures_by_age.pyramid`."""
    words = _WORDS[lang]
    people = people_by_age(population) / 1e3
    axis = "year_end" if "year_end" in people.dims else "year"
    before, after = (people.sel({axis: year}) for year in (years[0], years[-1]))
    return charts.pyramid(
        people["age"].values.tolist(),
        {
            LABELS_ZH[sex] if lang == "zh" else sex: (
                before.sel(sex=sex).values.tolist(),
                after.sel(sex=sex).values.tolist(),
            )
            for sex in ("male", "female")
        },
        (words["at"].format(years[0]), words["at"].format(years[-1])),
        age_label=words["age"],
        unit=words["people"],
        decimals=2,
    )


def _unit_of(one: xr.Dataset) -> tuple[str, int, bool]:
    unit = str(one["printed_unit"].item())
    return unit, forecast_decimals(unit, int(one["decimals"])), str(one["basis"].item()) == "cumulative"


def _path(one: xr.Dataset, summed: bool) -> tuple[list[int], xr.DataArray]:
    """Years and quantiles of the level, or of the sums since 2021, where there are any."""
    path = one["cumulated" if summed else "value"].dropna("year", how="all")
    return path["year"].values.tolist(), path


def _shown(values: xr.DataArray, unit: str) -> list[float]:
    return [from_base(value, unit) for value in values.values.tolist()]


def _target(card: xr.Dataset, key: str, lang: str) -> tuple[float, str]:
    """Target in the printed unit, and its name as the plan prints it."""
    one = card.sel(indicator=key)
    printed = printed_target(str(one["target_printed"].item()), lang)
    return from_base(float(one["target"]), str(one["printed_unit"].item())), f"{_WORDS[lang]['target']} {printed}"
