"""Figures of a page: what a script draws, and a picture for pages without one."""

from __future__ import annotations

import io
import json
import re
from html import escape
from typing import TYPE_CHECKING, Any, Final, cast

from ykforecast.documents.blocks import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_UNUSED: Final = re.compile(r"<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)
_NAMESPACES: Final = re.compile(r' xmlns(?::xlink)?="[^"]*"')
_IDS: Final = re.compile(r'(\bid="|href="#|url\(#)')


def figure_body(figure: Figure, place: str) -> str:
    """The drawing of a figure: the picture, and beside it the chart that takes its place where scripts run.

    Parameters
    ----------
    figure : Figure
    place : str
        Its id in the page.
    """
    picture = f'<div class="picture" role="img" aria-label="{escape(figure.text or figure.caption)}">'
    picture += f"{_picture(figure, place)}</div>"
    if figure.chart is None:
        return picture
    return (
        f'<div class="chart" data-name="{escape(figure.text or figure.caption)}"></div>{picture}'
        f'<script type="application/json">{json_for_html(figure.chart)}</script>'
    )


def json_for_html(content: Any) -> str:
    """JSON that no text in it can end: within a script element ``<`` is written as an escape.

    Raises
    ------
    ValueError
        A number that JSON does not have (NaN, infinity).
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _picture(figure: Figure, place: str) -> str:
    """The figure as SVG that may stand in a page more than once: no names twice, no addresses, text kept as text."""
    from matplotlib import rc_context

    stream = io.StringIO()
    # Text as text: a third of the size of outlines, found by a search, set in the reader's own typeface.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": place}):
        cast("Canvas", figure.draw().figure).savefig(stream, format="svg", metadata={"Date": None})
    svg = _NAMESPACES.sub("", _UNUSED.sub("", stream.getvalue())).replace("xlink:href", "href").strip()
    return _IDS.sub(rf"\g<1>{escape(place)}.", svg)
