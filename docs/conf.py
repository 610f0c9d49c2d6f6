"""Documentation of ykforecast: ``python -m sphinx -W -b html docs docs/_build/html``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

project = "ykforecast"
author = "The ykforecast authors"
project_copyright = "The ykforecast authors"
try:
    release = version("ykforecast")
except PackageNotFoundError:  # built from a checkout that is not installed
    release = "0.1.0"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "figures"]
language = "zh_CN"  # the search index cuts Chinese words with jieba
html_theme = "furo"
html_title = "ykforecast"
html_static_path = ["_static"]
html_theme_options = {"navigation_with_keys": True}
# Equations are drawn by the browser from MathML: no script from another host.
html_math_renderer = "mathjax"
mathjax_path = ""
myst_enable_extensions = ["amsmath", "dollarmath", "deflist"]
myst_heading_anchors = 3
# Tables of the model and results do not turn "--" and quotes into typography.
smartquotes = False
nitpicky = True
