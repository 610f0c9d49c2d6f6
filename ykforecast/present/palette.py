"""Colours of the figures, readable with red-green blindness and in grey print."""

from __future__ import annotations

from typing import Final

INK: Final = "#222222"
GREY: Final = "#8a8a8a"
#: Grid lines, and the part of a bar that is not filled.
RULE: Final = "#ececec"
TARGET: Final = "#b3261e"
#: Fan from the widest interval to the median.
BLUES: Final = ("#dbe7f3", "#a9c8e4", "#6ba3d0", "#0b4a82")
#: Okabe and Ito's eight colours (2008) without black and yellow, the two that print badly as lines on white.
SCENARIO_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
CLASS_COLOURS: Final = {
    "提前实现": "#00694f",
    "快于预期": "#3f9b86",
    "基本符合预期": "#5b8db8",
    "滞后": "#c4501b",
}
#: Lamps of warning from calm to grave, told apart in grey print by lightness as well.
LAMP_COLOURS: Final = {
    "blue": "#2b5d9e",
    "light_blue": "#9cc9ea",
    "green": "#5fae8b",
    "yellow": "#f0c23b",
    "red": "#b3261e",
}
