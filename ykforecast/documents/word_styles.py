"""How an official report looks in Word: page, typefaces and line pitch of GB/T 9704-2012, as styles.

The page is A4 with margins of 37, 35, 28 and 26 mm; text is 仿宋 of size 3 (16 pt) on lines of 28 pt, the title 小标宋
of size 2 (22 pt), headings 黑体, 楷体 and 仿宋 of size 3, page numbers size 4 (14 pt). The standard speaks of Chinese
type: the English edition has its page, and text of 12 pt, for 16 pt of Latin letters holds eight words a line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ykforecast.documents.word_fields import element

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section as WordSection

#: Millimetres: width and height of an upright page, its margins.
PAGE: Final = (210.0, 297.0)
MARGINS: Final = {"top_margin": 37.0, "bottom_margin": 35.0, "left_margin": 28.0, "right_margin": 26.0}
#: What may follow the two switches of automatic space, in the order that the format prescribes.
_AFTER_AUTO_SPACE: Final = (
    *("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents"),
    *("w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
    *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
#: Points from line to line.
LINE_PITCH: Final = 28.0
LATIN: Final = "Times New Roman"
SONG: Final = "方正小标宋简体"
FANG_SONG: Final = "仿宋"
KAI: Final = "楷体"
HEI: Final = "黑体"


@dataclass(frozen=True, slots=True)
class Look:
    """One style.

    Attributes
    ----------
    east : str
        Typeface of Chinese text.
    size : float
        Points.
    pitch : float or None
        Exact distance of lines in points; None for single lines (pictures and tables).
    align : {"both", "left", "center", "right"}
    indent : int
        Characters before the first line.
    before, after : float
        Points of space.
    keep : bool
        Stays on the page of the next paragraph.
    bold : bool
    """

    east: str
    size: float
    pitch: float | None = LINE_PITCH
    align: str = "both"
    indent: int = 0
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    bold: bool = False


#: Name of the style -> its look in Chinese. The names of Word's own styles keep the navigation pane and fields at work.
LOOKS: Final = {
    "Normal": Look(FANG_SONG, 16.0, indent=2),
    "Title": Look(SONG, 22.0, 36.0, "center", before=28.0),
    "Subtitle": Look(KAI, 16.0, align="center", after=14.0),
    "Heading 1": Look(HEI, 16.0, indent=2, keep=True),
    "Heading 2": Look(KAI, 16.0, indent=2, keep=True),
    "Heading 3": Look(FANG_SONG, 16.0, indent=2, keep=True, bold=True),
    "Caption": Look(HEI, 12.0, 20.0, "center", before=6.0, after=3.0),
    "Front": Look(FANG_SONG, 10.5, 18.0, "center"),
    "Unit": Look(FANG_SONG, 10.5, 16.0, "right", keep=True),
    "Table Text": Look(FANG_SONG, 10.5, None, "left"),
    "Table Head": Look(HEI, 10.5, None, "center"),
    "Wide Text": Look(FANG_SONG, 9.0, None, "left"),
    "Wide Head": Look(HEI, 9.0, None, "center"),
    "Note": Look(FANG_SONG, 10.5, 16.0, after=6.0),
    "Picture": Look(FANG_SONG, 10.5, None, "center", before=6.0, keep=True),
    "Sign": Look(FANG_SONG, 16.0, align="right"),
    "Page Number": Look("宋体", 14.0, None, "left"),
}
#: Points that size and pitch have in English, by those of the Chinese style.
_ENGLISH_SIZES: Final = {22.0: 18.0, 16.0: 12.0, 14.0: 10.5, 12.0: 10.5, 10.5: 9.5, 9.0: 8.5}
_ENGLISH_PITCHES: Final = {36.0: 26.0, LINE_PITCH: 19.0, 20.0: 16.0, 18.0: 15.0, 16.0: 13.0}


def looks(lang: str) -> dict[str, Look]:
    """Name of every style -> its look in a language."""
    if lang == "zh":
        return dict(LOOKS)
    return {
        name: replace(
            look,
            size=_ENGLISH_SIZES[look.size],
            pitch=look.pitch and _ENGLISH_PITCHES[look.pitch],
            # A Chinese heading is told by its typeface, a Latin one has the same and needs weight.
            bold=look.bold or name.startswith(("Title", "Heading")) or name.endswith("Head"),
            align="left" if name.startswith("Heading") else look.align,
            indent=0 if name.startswith("Heading") else look.indent,
            before=10.0 if name.startswith("Heading") else look.before,
            after=4.0 if name in {"Heading 1", "Heading 2", "Normal"} else look.after,
        )
        for name, look in LOOKS.items()
    }


def add_styles(word: WordDocument, lang: str) -> dict[str, str]:
    """Put every look of a language into the document, made anew where Word has no such style.

    Returns
    -------
    dict of str to str
        Name of each style -> its identifier, which is what a paragraph refers to.
    """
    from docx.enum.style import WD_STYLE_TYPE

    known, identifiers = {style.name for style in word.styles}, {}
    for name, look in looks(lang).items():
        style = word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name != "Normal":
            style.base_style = word.styles["Normal"]
        _apply(style, look)
        identifiers[name] = style.style_id
    return identifiers


def margins_of_page(*, landscape: bool) -> dict[str, float]:
    """Margins in millimetres; the binding edge, left of an upright page, is the top of a wide one."""
    names = ("top_margin", "right_margin", "bottom_margin", "left_margin")
    upright = [MARGINS[name] for name in names]
    return dict(zip(names, [upright[3], *upright[:3]] if landscape else upright, strict=True))


def set_page(section: WordSection, *, landscape: bool = False) -> None:
    """Size and margins of a section."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    width, height = PAGE[::-1] if landscape else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for name, value in margins_of_page(landscape=landscape).items():
        setattr(section, name, Mm(value))
    section.header_distance, section.footer_distance = Mm(15), Mm(20 if landscape else 28)


def text_width(*, landscape: bool) -> float:
    """Width of the text area in millimetres."""
    upright = PAGE[0] - MARGINS["left_margin"] - MARGINS["right_margin"]
    return PAGE[1] - MARGINS["top_margin"] - MARGINS["bottom_margin"] if landscape else upright


def _apply(style: Any, look: Look) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = LATIN, Pt(look.size)
    style.font.bold, style.font.italic, style.font.color.rgb = look.bold, False, RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    # Font.name sets the Latin faces only.
    fonts.set(qn("w:eastAsia"), look.east)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)
    layout = style.paragraph_format
    layout.alignment = {
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[look.align]
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.keep_with_next, layout.widow_control = look.keep, False
    if look.pitch is None:
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)
    paragraph = style.element.get_or_add_pPr()
    # No gap between Chinese and figures: Word would put one before plain text and none before a content control.
    for name in ("autoSpaceDE", "autoSpaceDN"):
        paragraph.insert_element_before(element(name, val="0"), *_AFTER_AUTO_SPACE)
    indent = paragraph.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * look.indent))
    indent.set(qn("w:firstLine"), str(int(20 * look.size * look.indent)))
