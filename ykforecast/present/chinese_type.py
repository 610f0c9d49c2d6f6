"""The typeface of every figure: a Chinese face that travels with the package.

A machine without a Chinese font would draw empty boxes. The face is attached to each text
element as it is made, so neither rcParams nor matplotlib's register of fonts changes.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FONT_FILE: Final = "NotoSansSC-GB2312.ttf"
SIZES: Final = {"title": 11.0, "label": 9.0, "small": 8.0}


@cache
def _font_path() -> str:
    with as_file(files("ykforecast.present") / "fonts" / FONT_FILE) as path:
        return str(path)


@cache
def characters() -> frozenset[int]:
    """Code points that the packaged face can draw."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(_font_path()).get_charmap())


def typeface(size: float | str = "label") -> FontProperties:
    """Font properties of the packaged face.

    Parameters
    ----------
    size : float or str
        Points, or a name in :data:`SIZES`.
    """
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font_path(), size=SIZES[size] if isinstance(size, str) else size)


def drawable(text: str) -> str:
    """Text with each character that the face lacks replaced by □: seen, and not a warning."""
    known = characters()
    return "".join(sign if sign == "\n" or ord(sign) in known else "□" for sign in text)


def set_type(owner: Axes | Figure | Artist, size: float | str | None = None) -> None:
    """Give every text of a figure, of axes or of a legend the packaged face; sizes stay unless one is given.

    Parameters
    ----------
    owner : matplotlib artist
        Whatever holds the texts; those in it now are set, tick labels among them.
    size : float or str, optional
        Points, or a name in :data:`SIZES`.
    """
    from matplotlib.text import Text

    for text in owner.findobj(Text):
        kept = text.get_fontsize() if size is None else size
        colour, shown = text.get_color(), drawable(text.get_text())
        if shown != text.get_text():
            text.set_text(shown)
        text.set_fontproperties(typeface(kept))
        text.set_color(colour)
