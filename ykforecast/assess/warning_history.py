"""The lamps on what was published up to 2020: the national rate by month, the city's registered unemployed by year.

There are few cases. Counts are given as they are, with exact binomial intervals, and no error is claimed beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ykforecast.assess.alarm_scores import exact_interval, lead_times
from ykforecast.assess.lamps import first_breach, in_breach, lamps
from ykforecast.assess.named import named
from ykforecast.assess.unemployment_paths import FIRST, Reader
from ykforecast.data.observations import published_figures
from ykforecast.data.tables import read_table
from ykforecast.spec.warning import LAMPS
from ykforecast.vocabulary.dims import BASE_YEAR

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

_NATION: Final = ("nbs_urban_unemployment", "unemployment_rate")
_REGISTERED: Final = "registered_unemployed"
_WORDS: Final = {
    "national_rate": ("surveyed urban unemployment rate of the country", "全国城镇调查失业率", "1"),
    "national_lamp": ("lamp by the rules of the city", "按本市规则的灯号", None),
    "national_chance": ("chance of a breach as known in the month", "当月所知的突破概率", "1"),
    "national_breach": ("whether the line is broken", "是否突破警戒线", None),
    "national_lead": ("months that a yellow lamp had stood before", "突破前黄灯已亮月数", "months"),
    "registered": ("registered unemployed at the end of the year", "年末城镇登记失业人数", "persons"),
    "alarm": ("rise on the year before", "较上年增加（报警）", None),
    "event": ("marked rise in the year after", "次年大幅增加（应预警）", None),
    "hits": ("alarms before a marked rise", "命中次数", "years"),
    "events": ("marked rises", "应预警次数", "years"),
    "false_alarms": ("alarms without a marked rise after", "误报次数", "years"),
    "calm": ("years without a marked rise after", "平静年数", "years"),
    "hit_interval": ("exact 90 % interval of the hit rate", "命中率的90%精确区间", "1"),
    "false_alarm_interval": ("exact 90 % interval of the false alarm rate", "误报率的90%精确区间", "1"),
    "month": ("month", "月份", None),
    "year": ("year", "年份", None),
    "bound": ("end of the interval", "区间端点", None),
}


def warning_history(reader: Reader, model: ModelSpec) -> xr.Dataset:
    """What the rules would have said up to the base date.

    Parameters
    ----------
    reader : Reader
        Chances are those estimated on the city's ensemble.
    model : ModelSpec
        Its observations hold the registered unemployed; without them that part is left out.

    Returns
    -------
    Dataset
        Dims (month, year, bound). ``national_lead`` is NaN where the line was never broken. A year is an alarm when
        registered unemployed rose in it, an event when they rise in the next by ``marked_rise`` or more.
    """
    import xarray as xr

    rules = reader.rules
    table = read_table(*_NATION)
    urban = table.mask(variable="surveyed_unemployment_rate", age="", residence="urban", place="china")
    known = sorted(
        (str(when), value)
        for when, value in zip(np.array(table.columns["year"])[urban], table.values[urban], strict=True)
        if "-" in when
    )
    months, rate = [when for when, _ in known], np.array([value for _, value in known])
    chance = reader.chance_outside(rate, rules.horizon.value)
    lamp = lamps(reader.score(rate, chance), rules)
    breach = in_breach(rate, rules.breach.line, rules.breach.periods)
    lit = np.concatenate([np.zeros(FIRST, dtype=np.int64), lamp])
    lead = lead_times((lit >= LAMPS.index("yellow"))[None], first_breach(breach[None]))[0] if breach.any() else np.nan
    found = xr.Dataset(
        {
            "national_rate": ("month", rate),
            "national_lamp": ("month", np.array(["", *LAMPS])[np.r_[[0] * FIRST, lamp + 1]]),
            "national_chance": ("month", chance),
            "national_breach": ("month", breach),
            "national_lead": ((), float(lead)),
            **_registered(model, rules.marked_rise.value),
        },
        coords={"month": months},
        attrs={"title": "The lamps on published history", "title_zh": "历史数据上的预警灯号"},
    )
    return named(found, _WORDS)


def _registered(model: ModelSpec, marked: float) -> dict[str, object]:
    """Alarms and events of the yearly figures up to the base date; empty without figures of three years."""
    import xarray as xr

    if _REGISTERED not in model.observations:
        return {}
    known = {one.year: one.value for one in published_figures(model, _REGISTERED) if one.year <= BASE_YEAR}
    years = [year for year in sorted(known) if {year - 1, year + 1} <= set(known)]
    if not years:
        return {}
    alarm = np.array([known[year] > known[year - 1] for year in years])
    event = np.array([known[year + 1] >= (1.0 + marked) * known[year] for year in years])
    hits, events = int((alarm & event).sum()), int(event.sum())
    false, calm = int((alarm & ~event).sum()), int((~event).sum())

    def along(values: object) -> xr.DataArray:
        return xr.DataArray(values, dims="year", coords={"year": years})

    return {
        "registered": along([known[year] for year in years]),
        "alarm": along(alarm),
        "event": along(event),
        "hits": ((), hits),
        "events": ((), events),
        "false_alarms": ((), false),
        "calm": ((), calm),
        "hit_interval": xr.DataArray(
            list(exact_interval(hits, events)), dims="bound", coords={"bound": ["lower", "upper"]}
        ),
        "false_alarm_interval": ("bound", list(exact_interval(false, calm))),
    }
