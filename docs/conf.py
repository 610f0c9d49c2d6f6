"""Documentation of ykforecast: ``python -m sphinx -W -b html docs docs/_build/html``."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

project = "ykforecast"
author = "The ykforecast authors"
project_copyright = "The ykforecast authors"
try:
    release = metadata.version("ykforecast")
except metadata.PackageNotFoundError:  # built from a checkout that is not installed
    release = "0.1.0"

extensions = ["myst_parser", "equations"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "figures", "reports/*"]
language = "zh_CN"  # the search index cuts Chinese words with jieba
html_theme = "furo"
html_title = "ykforecast"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_math_renderer = "mathtext"
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
smartquotes = False
nitpicky = True


def _join_chinese_lines(app: Any, name: str, source: list[str]) -> None:
    """A line break between two Chinese characters is none: a browser would show it as a blank."""
    source[0] = re.sub(
        r"(?<=[\u3001-\u301b\u4e00-\u9fff\uff01-\uff5e])\n(?=[\u300a\u4e00-\u9fff\uff08“])", "", source[0]
    )


def setup(app: Any) -> None:
    """Connect what this documentation adds."""
    app.connect("source-read", _join_chinese_lines)
