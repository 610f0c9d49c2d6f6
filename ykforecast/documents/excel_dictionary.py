"""The data dictionary of the annex: what each variable of the results is, and where each printed figure stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ykforecast.data.workbook import put_text
from ykforecast.documents.excel_sheet import HEAD_ROW, write_grid, write_title
from ykforecast.documents.excel_style import dress, set_page, set_widths

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier
    from ykforecast.documents.excel_sheet import Annex

_DICTIONARY: Final = {"zh": "数据字典", "en": "Dictionary"}
_INDEX: Final = {"zh": "数据索引", "en": "Cells"}
_HEADS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "dictionary": {
        "zh": ("变量", "名称", "英文名称", "单位", "维度", "来源或等级", "附表中出现次数"),
        "en": ("Variable", "Chinese name", "Name", "Unit", "Dimensions", "Source or grade", "Cells in the annex"),
    },
    "index": {
        "zh": ("工作表", "单元格", "列", "所印", "结果中的值（基本单位）", "所印单位", "在结果中的位置"),
        "en": ("Sheet", "Cell", "Column", "As printed", "Value, base units", "Printed unit", "Place in the results"),
    },
}
_TITLES: Final = {
    "dictionary": {"zh": "数据字典：结果中的每个变量", "en": "Dictionary: every variable of the results"},
    "index": {"zh": "数据索引：每个数在结果中的位置", "en": "Where each figure stands in the results"},
}


def write_dictionary(annex: Annex, dossier: Dossier) -> None:
    """Variables of every group with names, units and dimensions."""
    lang = annex.lang
    quoted = Counter(cell.path.partition("[")[0] for *_, cell in annex.entries)
    rows: list[tuple[str | float, ...]] = []
    for node in dossier.tree().subtree:
        group = node.path.strip("/")
        for name, data in node.to_dataset().data_vars.items():
            path, notes = f"{group}/{name}", data.attrs
            grounds = "；".join(str(notes[key]) for key in ("source", "grade") if key in notes)
            texts = [str(notes.get(key, "")) for key in ("label_zh", "long_name", "units")]
            rows.append((path, *texts, ", ".join(map(str, data.dims)), grounds, float(quoted[path])))
    sheet = annex.new_sheet(_DICTIONARY[lang], _TITLES["dictionary"][lang])
    total = set_widths(sheet, (34.0, 30.0, 44.0, 26.0, 36.0, 20.0, 12.0))
    write_title(annex, sheet, _TITLES["dictionary"][lang], "", 7, total)
    write_grid(annex, sheet, HEAD_ROW, _HEADS["dictionary"][lang], rows)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    set_page(sheet, lang, head=(1, HEAD_ROW))


def write_index(annex: Annex) -> None:
    """Every figure of the annex with its cell, its value in base units and its path."""
    lang = annex.lang
    sheet = annex.new_sheet(_INDEX[lang], _TITLES["index"][lang])
    total = set_widths(sheet, (20.0, 9.0, 24.0, 16.0, 22.0, 14.0, 80.0))
    write_title(annex, sheet, _TITLES["index"][lang], "", 7, total)
    for place, label in enumerate(_HEADS["index"][lang]):
        put_text(sheet.cell(HEAD_ROW, place + 1), label)
        dress(sheet.cell(HEAD_ROW, place + 1), lang, "head", "center")
    # Thousands of rows: values only, no lines around each.
    for row, (title, place_of, label, cell) in enumerate(annex.entries, HEAD_ROW + 1):
        for column, text in enumerate((title, place_of, label, cell.text, "", cell.unit, cell.path), 1):
            if text:
                put_text(sheet.cell(row, column), text)
        value = sheet.cell(row, 5)
        if isinstance(cell.value, str):
            put_text(value, cell.value)
        elif cell.value == cell.value:
            value.value = cell.value
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 1)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:G{HEAD_ROW + len(annex.entries)}"
    set_page(sheet, lang, head=(1, HEAD_ROW))
