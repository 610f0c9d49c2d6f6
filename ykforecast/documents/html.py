"""A report as one HTML file that works offline: both languages, charts that answer, tables that sort, print on A4.

Scripts, styles and pictures are inside the file and a content security policy forbids everything else, so opening
the page tells nobody. Without scripts both languages are shown with still pictures.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

from ykforecast.data.files import write_text
from ykforecast.documents.blocks import Document
from ykforecast.documents.html_blocks import Blocks, contents_html, span_html
from ykforecast.documents.html_figures import json_for_html
from ykforecast.documents.numbering import headings
from ykforecast.present.palette import CLASS_COLOURS, SCENARIO_COLOURS, TARGET
from ykforecast.present.text import check_language
from ykforecast.vocabulary.errors import RequestError

#: Language of a document -> how the page names it (BCP 47) and itself.
_LANGUAGES: Final = {"zh": ("zh-CN", "中文"), "en": ("en", "English")}
_WORDS: Final = {
    "zh": {
        "contents": "目录",
        "theme": "深色／浅色",
        "sources": "标出数据来源",
        "print": "打印",
        "source": "数值来源",
        "raw": "原值",
        "data": "数据",
        "sort": "点击排序",
        "skip": "跳到正文",
        "none": "—",
        "sum": "合计",
    },
    "en": {
        "contents": "Contents",
        "theme": "Dark / light",
        "sources": "Mark sources",
        "print": "Print",
        "source": "Source of the figure",
        "raw": "value",
        "data": "Data",
        "sort": "click to sort",
        "skip": "Skip to the text",
        "none": "—",
        "sum": "total",
    },
}


def write_html(documents: Mapping[str, Document], path: Path, *, first: str = "zh") -> Path:
    """Write the page.

    Parameters
    ----------
    documents : mapping of str to Document
        The report in each language, ``zh`` and ``en`` or one of them.
    path : Path
        The file; replaced whole or not at all.
    first : str
        Language in which the page opens.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    RequestError
        Another language, or a document under a language that is not its own.
    OutputError
        The file cannot be written.
    """
    write_text(path, html_page(documents, first=first))
    return path


def html_page(documents: Mapping[str, Document], *, first: str = "zh") -> str:
    """The page as text; parameters and errors as for :func:`write_html`."""
    for lang, document in documents.items():
        if check_language(lang) != document.lang:
            raise RequestError("a document of another language", key=lang, value=document.lang, remedy=f"Give {lang}.")
    if first not in documents:
        raise RequestError("no document in this language", key="first", value=first, remedy=f"One of {[*documents]}.")
    # A content security policy takes a script by its digest, so no other one runs, not even one hidden in a name.
    script = "\n".join(_asset(name) for name in ("charts.js", "report.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    editions = "\n".join(
        _edition(document, list(documents), hidden=lang != first) for lang, document in documents.items()
    )
    words = {lang: _WORDS[lang] for lang in documents}
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[first][0]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(documents[first].title)}</title>\n"
        f"<style>\n{_colours()}\n{_asset('report.css')}</style>\n"
        f"<noscript><style>.edition{{display:grid!important}}.chart,.tools{{display:none!important}}</style></noscript>\n"
        f"<script>{script}</script>\n</head>\n<body>\n{editions}\n"
        '<output id="source" hidden></output><div id="readout" role="status" hidden></div>\n'
        f'<script type="application/json" id="words">{json_for_html(words)}</script>\n'
        "</body>\n</html>\n"
    )


def _edition(document: Document, languages: list[str], *, hidden: bool) -> str:
    lang, words = document.lang, _WORDS[document.lang]
    blocks = Blocks(document)
    body = "\n".join(blocks.section(section, depth, number) for section, depth, number in headings(document))
    others = "".join(
        f'<a class="language" href="#{other}" data-lang="{other}" hreflang="{_LANGUAGES[other][0]}"'
        f' lang="{_LANGUAGES[other][0]}">{_LANGUAGES[other][1]}</a>'
        for other in languages
        if other != lang
    )
    pressed = {"theme": ' aria-pressed="false"', "sources": ' aria-pressed="false"', "print": ""}
    buttons = "".join(
        f'<button type="button" data-do="{name}"{state}>{words[name]}</button>' for name, state in pressed.items()
    )
    front = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{span_html(span, lang)}</dd></div>" for label, span in document.front
    )
    subtitle = f'<p class="subtitle">{escape(document.subtitle)}</p>' if document.subtitle else ""
    organ = span_html(document.organ, lang)
    signed = (
        f'<footer class="signed"><p>{organ}</p><p>{escape(document.date)}</p></footer>'
        if organ or document.date
        else ""
    )
    return (
        f'<div class="edition" id="{lang}" lang="{_LANGUAGES[lang][0]}" data-lang="{lang}"'
        f' data-title="{escape(document.title)}"{" hidden" if hidden else ""}>\n'
        f'<a class="skip" href="#{lang}-text">{words["skip"]}</a>\n'
        f'<nav aria-label="{words["contents"]}"><div class="tools">{others}{buttons}</div>\n'
        f"<details open><summary>{words['contents']}</summary>\n{contents_html(document)}\n</details></nav>\n"
        f'<main id="{lang}-text" tabindex="-1">\n<header><h1>{escape(document.title)}</h1>{subtitle}'
        f'<dl class="front">{front}</dl></header>\n{body}\n{signed}\n</main>\n</div>'
    )


def _asset(name: str) -> str:
    return (files("ykforecast.documents") / "assets" / name).read_text(encoding="utf-8")


def _colours() -> str:
    """Colours that printed figures and the screen share, by role."""
    roles = {
        **{str(number): colour for number, colour in enumerate(SCENARIO_COLOURS)},
        **dict(zip(("early", "ahead", "course", "behind"), CLASS_COLOURS.values(), strict=True)),
        "target": TARGET,
    }
    return ":root{" + "".join(f"--tone-{role}:{colour};" for role, colour in roles.items()) + "}"
