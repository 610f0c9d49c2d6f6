"""Scores of the last back-test, as a report quotes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.data.score_file import read_scores

if TYPE_CHECKING:
    import xarray as xr

    from ykforecast.spec.model import ModelSpec

#: Variable -> its description, in English and in Chinese.
_VARIABLES: Final = {
    "crps": ("continuous ranked probability score, relative", "连续分级概率评分（相对）"),
    "absolute_error": ("mean absolute error, relative", "平均绝对误差（相对）"),
    "coverage": ("share inside the 80 % interval", "落入80%区间的比例"),
    "cases": ("cases", "案例数"),
}
#: The one back-test of many starts; the others start in the year that they are called by.
_ROLLING_ZH: Final = "逐年滚动"
#: Model that was tested: the present one, or other files than the present ones.
PRESENT, EARLIER = "present", "earlier"


def stored_scores(model: ModelSpec) -> xr.Dataset | None:
    """The model beside every naive rival, over all cases of each back-test.

    Parameters
    ----------
    model : ModelSpec

    Returns
    -------
    Dataset, optional
        Dims (backtest, forecaster); fractions of the published figure or of the cases, NaN where a forecaster has no
        such score. Its attribute ``model`` says whether the files of the model are those that were tested
        (:data:`PRESENT`) or have changed since (:data:`EARLIER`). None where no scores are stored beside the model.

    Raises
    ------
    ModelError
        The file of scores is malformed.
    """
    import numpy as np
    import xarray as xr

    stored = read_scores(model.folder)
    if stored is None or not stored.backtests:
        return None
    tests = stored.backtests
    names = list(dict.fromkeys(name for one in tests for name in one.overall))
    table = np.full((len(_VARIABLES), len(tests), len(names)), np.nan)
    for row, one in enumerate(tests):
        for name, found in one.overall.items():
            coverage = found.coverage.get("0.80", np.nan)
            table[:, row, names.index(name)] = found.crps, found.mean_absolute_error, coverage, found.cases
    starts = [str(one.base_year) for one in tests]
    return xr.Dataset(
        {
            name: (("backtest", "forecaster"), values, {"long_name": long_name, "label_zh": label_zh, "units": "1"})
            for (name, (long_name, label_zh)), values in zip(_VARIABLES.items(), table, strict=True)
        },
        coords={
            "backtest": starts,
            "forecaster": names,
            "backtest_zh": ("backtest", [f"{start}年" if start.isdigit() else _ROLLING_ZH for start in starts]),
            "backtest_en": ("backtest", starts),
        },
        attrs={"model": PRESENT if stored.model_digest == model.digest else EARLIER},
    )
