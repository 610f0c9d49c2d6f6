"""Columns of the matrix of parameters that differ from draw to draw: (draw, column), float64."""

from __future__ import annotations

from typing import Final

from ykforecast.kernels.flow_table import CLASSES

#: Most patterns by which the base year may be tilted; unused weights are ignored.
TILTS: Final = 5
_YEARS: Final = 5

#: Name, number of columns, what it is (unit 1 unless said).
PARAMETERS: Final = (
    ("w", TILTS, "weight of each tilt of the base year's stocks and odds"),
    ("theta", len(CLASSES), "log level of a class of flows"),
    ("beta", len(CLASSES), "response of the log odds of a class to the cyclical state z"),
    ("pulse", len(CLASSES), "response of the log odds of a class to the pulse of a downturn"),
    ("beta_delta", 1, "response of the log odds of interruption to z"),
    ("up_level", 1, "share of the uncovered who take up insurance where the shape by age is one, per month"),
    ("rho", 1, "share of the interrupted who return, per month"),
    ("delta", 1, "odds of interruption where the shape by age is one, per month"),
    ("shed", 1, "share of contributors beyond the coverable who interrupt, per month"),
    ("follow", 1, "share of those with a contract post who pay no more when it goes"),
    ("account", 1, "share of them with an account already, so that it is interrupted or resumed"),
    ("omega", 1, "share of the interrupted who leave by lump sum or transfer, per month"),
    ("mort", 1, "odds ratio of dying against the life table"),
    ("recruit", _YEARS, "factor on the odds of recruitment into public posts in each year"),
    ("joiners", _YEARS, "persons whom policy brings into insurance in each year beside the hazard of take-up"),
    ("move_level", _YEARS, "factor on the rural to urban moves of each year"),
    ("fert_level", _YEARS, "factor on the fertility rates of each year"),
    ("mig_level", _YEARS, "level of the second migration pattern in each year"),
)

#: Name -> first column.
FIRST: Final[dict[str, int]] = {}
#: Name -> columns, for ``params[:, COLUMNS["theta"]]``.
COLUMNS: Final[dict[str, slice]] = {}
_next = 0
for _name, _width, _ in PARAMETERS:
    FIRST[_name] = _next
    COLUMNS[_name] = slice(_next, _next + _width)
    _next += _width

#: Number of columns.
WIDTH: Final = _next
