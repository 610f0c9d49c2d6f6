"""Sphinx extension: equations as inline SVG drawn by matplotlib: pages need no script from elsewhere."""

from __future__ import annotations

import io
import re
from typing import Any
from zlib import crc32

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import math_to_image

SIZE = 11.5
_TAGS = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)


def svg(equation: str) -> tuple[str, float]:
    """Inline SVG of an equation and its depth below the baseline in points."""
    page = io.BytesIO()
    plain = " ".join(equation.split())
    if not plain.isascii():
        raise ValueError(f"the typeface of equations has no such signs; write words beside the equation: {plain}")
    face = FontProperties(family="DejaVu Sans", math_fontfamily="stix", size=SIZE)
    depth = math_to_image(f"${plain}$", page, prop=face, dpi=72, format="svg", color="#010203")
    drawing = _TAGS.sub("", page.getvalue().decode("utf-8")).strip()
    # The colour of the surrounding text, whatever the reader's theme.
    drawing = drawing.replace("#010203", "currentColor")
    # Drawings share one page: their internal names must not meet.
    prefix = f"eq{crc32(plain.encode())}-"
    for name in set(re.findall(r'id="([^"]+)"', drawing)):
        drawing = drawing.replace(f'id="{name}"', f'id="{prefix}{name}"').replace(f'"#{name}"', f'"#{prefix}{name}"')
    return drawing, depth


def _inline(self: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    drawing, depth = svg(node.astext())
    self.body.append(drawing.replace("<svg ", f'<svg style="vertical-align: -{depth:.1f}pt" role="img" ', 1))
    raise SkipNode


def _block(self: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    for equation in filter(None, (part.strip() for part in node.astext().split("\\\\"))):
        # Fractions on a line of their own are set at full size.
        drawing, _ = svg(equation.replace("\\frac", "\\dfrac"))
        self.body.append(f'<div class="math" style="margin: 0.6em 0 0.6em 2em; overflow-x: auto">{drawing}</div>\n')
    raise SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Register the renderer under the name ``mathtext``."""
    app.add_html_math_renderer("mathtext", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
