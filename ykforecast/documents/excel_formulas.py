"""Formulas of one indicator on the sheet of main indicators: the arithmetic of `assess.progress` in a spreadsheet.

They read cells of their row and six names of the workbook: ``as_of``, ``run_as_of``, ``whole_years``, ``year_part``,
``elapsed_share``, ``errors_of_change``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ykforecast.assess.progress import PLAN_YEARS
from ykforecast.documents.bound import NOTHING
from ykforecast.vocabulary.dims import BASE_YEAR, HORIZON, YEARS

if TYPE_CHECKING:
    from ykforecast.spec.target import TargetSpec

#: What the names that depend on the date stand for.
WHOLE_YEARS: Final = f"YEAR(as_of+1)-{BASE_YEAR + 1}"
_YEAR_END: Final = f"DATE({BASE_YEAR}+whole_years,12,31)"
YEAR_PART: Final = f"(as_of-{_YEAR_END})/(DATE({BASE_YEAR + 1}+whole_years,12,31)-{_YEAR_END})"
ELAPSED_SHARE: Final = f"(whole_years+year_part)/{PLAN_YEARS}"
#: In the place of a number that means nothing, Chinese and English.
_WITHHELD: Final = ("不计", "withheld")
_NO_RAMP: Final = ("不适用", "n/a")
_TURN: Final = ("需转向", "must turn")
_DONE: Final = ("已达目标", "at target")


@dataclass(frozen=True)
class RowFormulas:
    """One indicator in one row of the sheet.

    Attributes
    ----------
    at : dict of str to str
        Address of each cell of the row, by the key of its column.
    target : TargetSpec
    lang : int
        0 for Chinese, 1 for English texts.
    """

    at: dict[str, str]
    target: TargetSpec
    lang: int

    def formulas(self, run_figure: bool, *, withheld: bool) -> dict[str, str]:
        """Formula of each column that has one; texts where a ratio means nothing."""
        cell, sign = self.at, "1" if self.target.direction == "up" else "-1"
        mean = self.target.basis == "annual_mean"
        between = self._mean_to_date() if mean else self._between_years()
        figure = f'IFERROR({between},"{NOTHING}")'
        pace = f"({cell['used']}-{cell['base']})/(whole_years+year_part)"
        left = f"{PLAN_YEARS}-whole_years-year_part"
        required = f"({cell['target']}-{cell['used']})/({left})"
        if mean:
            pace, required = cell["used"], self._mean_required()
        ratio = f'IF({cell["pace"]}*{sign}>0,{cell["required"]}/{cell["pace"]},"{_TURN[self.lang]}")'
        if not mean:  # what has been reached of a mean may yet be lost
            ratio = f'IF(({cell["target"]}-{cell["used"]})*{sign}<=0,"{_DONE[self.lang]}",{ratio})'
        nothing_passed = "whole_years=0" if mean else "whole_years+year_part=0"
        return {
            "model": f"=IF(as_of=run_as_of,{cell['run']},{figure})" if run_figure else f"={figure}",
            "used": f"=IF(ISNUMBER({cell['actual']}),{cell['actual']},{cell['model']})",
            "progress": _WITHHELD[self.lang] if withheld else self._progress(),
            "lead": f'=IF(ISNUMBER({cell["progress"]}),{cell["progress"]}-elapsed_share,"{NOTHING}")',
            "pace": f'=IF({nothing_passed},"{NOTHING}",IFERROR({pace}+0,"{NOTHING}"))',
            "required": f'=IFERROR({required},"{NOTHING}")',
            "ratio": f'=IFERROR({ratio},"{NOTHING}")',
        }

    def _years(self) -> str:
        return f"{self.at['base']}:{self.at[f'y{HORIZON}']}"

    def _between_years(self) -> str:
        """The yearly figure before the date, and the part of the way to the next."""
        before, after = (f"INDEX({self._years()},whole_years+{step})" for step in (1, 2))
        return f"{before}+IF(year_part=0,0,year_part*({after}-{before}))"

    def _mean_to_date(self) -> str:
        """Geometric mean of the growth rates, per cent, of the whole years passed."""
        first, last = self.at[f"y{YEARS[0]}"], self.at[f"y{HORIZON}"]
        rates = f"{first}:INDEX({first}:{last},whole_years)"
        return f"(EXP(SUMPRODUCT(LN(1+{rates}/100)))^(1/whole_years)-1)*100"

    def _mean_required(self) -> str:
        """Growth rate, per cent, of the years left that brings the mean of all to the target."""
        target, used = self.at["target"], self.at["used"]
        left = f"({PLAN_YEARS}-whole_years)"
        whole = f"(1+{target}/100)^{PLAN_YEARS}/(1+{used}/100)^whole_years"
        return f"IF(whole_years=0,{target},(({whole})^(1/{left})-1)*100)"

    def _progress(self) -> str:
        target, base, used = (self.at[name] for name in ("target", "base", "used"))
        if self.target.basis == "annual_mean" or self.target.relation == "about":
            return _NO_RAMP[self.lang]
        share = f"({used}-{base})/({target}-{base})"
        least = f"errors_of_change*N({self.at['error']})"
        share = f'IF(ABS({target}-{base})<{least},"{_WITHHELD[self.lang]}",{share})'
        return f'=IF(whole_years+year_part=0,"{NOTHING}",IFERROR({share},"{NOTHING}"))'
