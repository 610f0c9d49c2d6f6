"""Stress tests (压力情景): what a shock does to work and insurance, draw by draw beside the same future without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.attainment import share_error
from ykforecast.assess.evaluation import scenario_labels
from ykforecast.assess.intervals import QUANTILES, quantiles
from ykforecast.assess.lamps import in_breach
from ykforecast.assess.named import named
from ykforecast.assess.unemployment_paths import UnemploymentPaths
from ykforecast.data.warning_file import load_warning
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.assess.lamps import Floats, Grades
    from ykforecast.spec.model import ModelSpec

#: A shock is over when so much of its largest effect on the rate is left.
RECOVERED: Final = 0.1
#: Effects on the rate below this are none: the published rate is rounded to a tenth of a point.
_NOTICED: Final = 0.0005
#: Insured persons at the end of the plan, and balances summed over it.
_AT_END: Final = {
    "pension_insured": ("contributors", "interrupted", "enterprise_retirees"),
    "unemployment_insured": ("unemployment_insured",),
    "work_injury_insured": ("work_injury_insured",),
    "employed_urban": ("employed_urban",),
}
_SUMMED: Final = {"fund_balance": "enterprise_balance", "contributions": "enterprise_contributions"}
_WORDS: Final = {
    "rate": ("urban unemployment rate", "城镇失业率", "1"),
    "base_rate": ("urban unemployment rate without the shock", "无冲击时的城镇失业率", "1"),
    "effect": ("change of the rate by the shock", "冲击引起的失业率变动", "1"),
    "peak_rate": ("highest rate from the shock on", "冲击后失业率最高值", "1"),
    "peak_month": ("month of the largest effect, median of the draws", "影响最大的月份（各抽样中位数）", None),
    "peak_effect": ("largest effect on the rate", "失业率最大升幅", "1"),
    "extra_unemployed": ("most additional unemployed", "失业人数最大增加", "persons"),
    "extra_months": ("additional person-months of unemployment", "增加的失业人月", "person-months"),
    "breach_months": ("additional months in breach", "增加的突破月数", "months"),
    "breached": ("probability of a breach", "期内突破警戒线的概率", "1"),
    "breached_error": ("Monte Carlo standard error of it", "该概率的抽样误差", "1"),
    "base_breached_error": ("Monte Carlo standard error of it", "该概率的抽样误差", "1"),
    "recovered_error": ("Monte Carlo standard error of it", "该比例的抽样误差", "1"),
    "base_breached": ("probability of a breach without the shock", "无冲击时突破的概率", "1"),
    "recovery": ("months from the largest effect until a tenth is left", "由最大影响到余一成的月数", "months"),
    "recovered": ("share of draws that recover within the plan", "期内恢复的比例", "1"),
    "pension_insured": ("change of enterprise pension insured in 2025", "2025年企业养老参保人数变动", "persons"),
    "unemployment_insured": ("change of unemployment insured in 2025", "2025年失业保险参保人数变动", "persons"),
    "work_injury_insured": ("change of work-injury insured in 2025", "2025年工伤保险参保人数变动", "persons"),
    "employed_urban": ("change of urban employed in 2025", "2025年城镇就业人数变动", "persons"),
    "fund_balance": (
        "change of the enterprise pension balance, sum of the plan",
        "企业养老当期结余变动（五年合计）",
        "yuan",
    ),
    "contributions": ("change of enterprise pension contributions, sum", "企业养老缴费收入变动（五年合计）", "yuan"),
    "scenario": ("scenario", "情景", None),
    "label_zh": ("Chinese name of the scenario", "情景名称", None),
    "label_en": ("English name of the scenario", "情景英文名称", None),
    "month": ("month", "月份", None),
    "quantile": ("quantile over the draws", "分位", "1"),
}


def stress(
    runs: xr.DataTree, base: str = "baseline", scenarios: list[str] | None = None, model: ModelSpec | None = None
) -> xr.Dataset:
    """Effects of shocks, paired draw by draw with the base scenario on the same random numbers.

    Parameters
    ----------
    runs : DataTree
        From :func:`ykforecast.project` with ``monthly=True``: the base and at least one other scenario.
    base : str
        What the others are compared with; name a shock over it as ``plan+mass-unemployment``.
    scenarios : list of str, optional
        Shocks; without it every other scenario whose effect is one of stress, ``kind = "stress"`` or made with one.
    model : ModelSpec, optional
        By default the shipped model that the run was made with.

    Returns
    -------
    Dataset
        Dims (scenario, month, quantile); 10, 50 and 90 % quantiles of paired differences. Persons, fractions, yuan.

    Raises
    ------
    RequestError
        The run kept no months, does not hold a scenario, or holds none of stress.
    """
    import xarray as xr

    if model is None:
        from ykforecast.data.model_files import model_of_run

        model = model_of_run(runs.attrs)
    paths, line = UnemploymentPaths.of(runs), load_warning(model).breach
    names = stress_scenarios(paths.scenarios, base, model) if scenarios is None else scenarios
    if not names:
        raise RequestError(
            "the run holds no scenario of stress",
            key="scenarios",
            value=paths.scenarios,
            remedy=f"Add one of {[key for key, one in model.scenarios.items() if one.kind == 'stress']}",
        )
    here, there = paths.place(base), [paths.place(name) for name in names]
    series = runs["series"].to_dataset().transpose("scenario", "draw", ...)
    effect = paths.rate[there] - paths.rate[here]
    breach = in_breach(paths.rate, line.line, line.periods)
    extra = paths.unemployed[there] - paths.unemployed[here]
    recovery = np.stack([recovery_months(one) for one in effect])
    ever, recovered, draws = breach.any(axis=2).mean(axis=1), np.isfinite(recovery).mean(axis=1), effect.shape[1]
    first = [_first_struck(one) for one in effect]
    values = {
        "peak_rate": np.stack(
            [paths.rate[one, :, start:].max(axis=1) for one, start in zip(there, first, strict=True)]
        ),
        "peak_effect": effect.max(axis=2),
        "extra_unemployed": extra.max(axis=2),
        "extra_months": extra.sum(axis=2),
        "breach_months": breach[there].sum(axis=2) - breach[here].sum(axis=1).astype(float),
        **{
            name: _paired(series[list(parts)].to_dataarray().sum("variable").values[..., -1], here, there)
            for name, parts in _AT_END.items()
        },
        **{name: _paired(series[part].values.sum(axis=2), here, there) for name, part in _SUMMED.items()},
    }
    labels = series.assign_attrs(runs.attrs)
    found = xr.Dataset(
        {
            "rate": (("scenario", "month", "quantile"), quantiles(paths.rate[there], 1)),
            "base_rate": (("month", "quantile"), quantiles(paths.rate[here], 0)),
            "effect": (("scenario", "month", "quantile"), quantiles(effect, 1)),
            **{name: (("scenario", "quantile"), quantiles(one, 1)) for name, one in values.items()},
            "peak_month": ("scenario", [_middle(one.argmax(axis=1), paths.months) for one in effect]),
            "breached": ("scenario", ever[there]),
            "breached_error": ("scenario", share_error(ever[there], draws)),
            "base_breached": ((), ever[here]),
            "base_breached_error": ((), share_error(ever[here], draws)),
            "recovery": ("scenario", [_median(one) for one in recovery]),
            "recovered": ("scenario", recovered),
            "recovered_error": ("scenario", share_error(recovered, draws)),
        },
        coords={
            "scenario": names,
            **{
                f"label_{lang}": ("scenario", np.array(scenario_labels(labels, model, lang))[there])
                for lang in ("zh", "en")
            },
            "month": paths.months,
            "quantile": list(QUANTILES),
        },
        attrs={"title": "Stress tests", "title_zh": "压力情景", "base": base, "draws": draws},
    )
    return named(found, _WORDS)


def stress_scenarios(held: list[str], base: str, model: ModelSpec) -> list[str]:
    """Scenarios of a run, other than the base, that hold one of stress."""
    kinds = {key for key, one in model.scenarios.items() if one.kind == "stress"}
    return [name for name in held if name != base and kinds & set(name.replace("*", "+").split("+"))]


def recovery_months(effect: Floats) -> Floats:
    """Months from the largest effect until a tenth of it is left (draw,); infinite within the path, NaN without any.

    Parameters
    ----------
    effect : ndarray (draw, month)
        Change of the rate by the shock, fraction.
    """
    peak = effect.argmax(axis=1)
    largest = effect.max(axis=1)
    months = np.arange(effect.shape[1])
    over = (effect <= RECOVERED * largest[:, None]) & (months > peak[:, None])
    left = np.where(over.any(axis=1), over.argmax(axis=1) - peak, np.inf)
    return np.where(largest >= _NOTICED, left, np.nan)


def _first_struck(effect: Floats) -> int:
    """First month in which any draw (draw, month) is changed; nought where none is."""
    return int((effect != 0.0).any(axis=0).argmax())


def _paired(values: Floats, here: int, there: list[int]) -> Floats:
    return np.asarray(values[there] - values[here])


def _middle(position: Grades, months: list[str]) -> str:
    return months[int(np.sort(position)[(len(position) - 1) // 2])]


def _median(recovery: Floats) -> float:
    """Median over draws, infinity where most do not recover; NaN where the shock shows in none."""
    shown = np.sort(recovery[~np.isnan(recovery)])
    return float(shown[(len(shown) - 1) // 2]) if len(shown) else np.nan
