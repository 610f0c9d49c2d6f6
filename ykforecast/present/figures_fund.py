"""Pictures of the pension funds: income, spending and balance of a scheme; support ratios (养老保险基金图)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.assess.fund_changes import YEARLY
from ykforecast.present.axes import TITLE_SIZE, finish, new_axes, year_ticks
from ykforecast.present.palette import BLUES, GREY, INK, SCENARIO_COLOURS
from ykforecast.present.text import check_language
from ykforecast.simulate.fund import SCHEMES
from ykforecast.simulate.fund_runs import ORIGINAL, RULE_2025
from ykforecast.vocabulary.units import to_base

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_BAR: Final = 0.36
#: Lines of the 50, 80 and 95 % intervals, points.
_WIDTHS: Final = (6.0, 3.0, 1.0)
_WORDS: Final = {
    "zh": {
        "income": "缴费收入",
        "subsidy": "财政补助",
        "benefits": "待遇支出",
        "balance": "当期结余（50%、80%、95%区间）",
        "title": "{scheme}收支（亿元，{scenario}）",
        "rule": "2025年起延迟退休",
        "ratio": "每名领取者对应的缴费人数（{scenario}；带为80%区间）",
    },
    "en": {
        "income": "contributions",
        "subsidy": "subsidy",
        "benefits": "benefits",
        "balance": "current balance (50, 80, 95 %)",
        "title": "{scheme}: income and spending, 100 million yuan ({scenario})",
        "rule": "by the rule of 2025",
        "ratio": "Paying contributors per pensioner ({scenario}; bands 80 %)",
    },
}


def pension_balance(
    found: xr.Dataset,
    scenario: str,
    scheme: str = "employees",
    lang: str = "zh",
    ax: Axes | None = None,
    *,
    ages: str = ORIGINAL,
    adjustment: str = YEARLY,
) -> Axes:
    """Income and spending as bars, the current balance with its 50, 80 and 95 % intervals below or above nought.

    Parameters
    ----------
    found : xr.Dataset
        From :func:`ykforecast.fund_outlook`.
    scenario, scheme, ages, adjustment : str
        What to draw, by its names in ``found``. 2020 is a full year at its end.
    lang : str
        ``zh`` or ``en``.
    ax : Axes, optional
        Where to draw.
    """
    words = _WORDS[check_language(lang)]
    one = found.sel(scenario=scenario, scheme=scheme, ages=ages, adjustment=adjustment)
    years = one["year"].values
    scale = to_base(1.0, "100m yuan")
    ax = ax or new_axes(6.6, 3.8)
    income, subsidy, benefits = (one[name].values / scale for name in ("contributions", "subsidy", "benefits"))
    ax.bar(years - _BAR / 2, income, _BAR, color=SCENARIO_COLOURS[2], alpha=0.85, label=words["income"])
    if subsidy.any():
        ax.bar(years - _BAR / 2, subsidy, _BAR, income, color=SCENARIO_COLOURS[4], alpha=0.85, label=words["subsidy"])
    ax.bar(years + _BAR / 2, benefits, _BAR, color=SCENARIO_COLOURS[1], alpha=0.75, label=words["benefits"])
    # A fan as bars of three widths: a band would hide the columns of a scheme that is in surplus.
    for level, wide in zip(one["level"].values, _WIDTHS, strict=True):
        low, high = (one["balance_interval"].sel(level=level, bound=bound).values for bound in ("lower", "upper"))
        ax.vlines(years, low / scale, high / scale, color=BLUES[-1], linewidth=wide, zorder=3)
    ax.plot(years, one["balance"].values / scale, "o-", color=BLUES[-1], markersize=3, zorder=4, label=words["balance"])
    ax.axhline(0.0, color=INK, linewidth=0.8)
    year_ticks(ax, years)
    named = {"scheme": one[f"scheme_{lang}"].item(), "scenario": one[f"scenario_{lang}"].item()}
    ax.set_title(words["title"].format(**named), loc="left", fontsize=TITLE_SIZE)
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=4, fontsize=8, handlelength=1.3)
    return finish(ax)


def support_ratios(found: xr.Dataset, scenario: str, lang: str = "zh", ax: Axes | None = None) -> Axes:
    """Support ratio of each of the three schemes with its 80 % interval, dotted by the retirement rule of 2025.

    Parameters are those of :func:`pension_balance`.
    """
    words = _WORDS[check_language(lang)]
    one = found.sel(scenario=scenario, adjustment=YEARLY)
    years = one["year"].values
    ax = ax or new_axes(6.2, 3.5)
    for scheme, colour in zip(SCHEMES, SCENARIO_COLOURS, strict=False):
        here = one.sel(scheme=scheme)
        as_is, interval = (here[name].sel(ages=ORIGINAL) for name in ("support_ratio", "support_ratio_interval"))
        low, high = interval.sel(level=0.8).transpose("bound", "year").values
        ax.fill_between(years, low, high, color=colour, alpha=0.12, linewidth=0)
        ax.plot(years, as_is.values, color=colour, linewidth=1.8, label=str(here[f"scheme_{lang}"].item()))
        ax.plot(years, here["support_ratio"].sel(ages=RULE_2025).values, ":", color=colour, linewidth=1.4)
    ax.plot([], [], ":", color=INK, linewidth=1.4, label=words["rule"])
    ax.axhline(1.0, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    year_ticks(ax, years)
    title = words["ratio"].format(scenario=one[f"scenario_{lang}"].item())
    ax.set_title(title, loc="left", fontsize=TITLE_SIZE)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    return finish(ax)
