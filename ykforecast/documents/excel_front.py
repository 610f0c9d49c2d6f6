"""Sheets before the tables: cover, contents with links, and notes on how to read them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from ykforecast.assess.classes import RULES_FILE, ClassRules, RuleRecord
from ykforecast.data.toml_files import read_toml
from ykforecast.data.workbook import put_text
from ykforecast.documents.excel_sheet import CONTENTS, write_grid, write_notes, write_title
from ykforecast.documents.excel_style import across, dress, set_page, set_widths
from ykforecast.present.model_words import GRADES, plain, zh
from ykforecast.spec.parameter import grade_counts

if TYPE_CHECKING:
    from ykforecast.assess.dossier import Dossier
    from ykforecast.documents.blocks import Document
    from ykforecast.documents.excel_sheet import Annex

COVER: Final = {"zh": "封面", "en": "Cover"}
NOTES: Final = {"zh": "说明", "en": "Notes"}
_ANNEX: Final = {"zh": "数据附表", "en": "Data annex"}
_HEADS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "contents": {"zh": ("序号", "工作表", "内容", "单位", "键"), "en": ("No.", "Sheet", "Content", "Unit", "Key")},
    "classes": {"zh": ("界限", "取值", "等级", "理由"), "en": ("Cut-off", "Value", "Grade", "Reason")},
    "grades": {"zh": ("等级", "参数个数"), "en": ("Grade", "Parameters")},
    "conflicts": {"zh": ("指标", "须注意"), "en": ("Indicator", "To note")},
}
_TITLES: Final = {
    "reading": {"zh": "一、怎样读这些表", "en": "How to read the tables"},
    "classes": {"zh": "二、评估类别的界限", "en": "Cut-offs of the classes"},
    "grades": {"zh": "三、参数的依据", "en": "What the parameters stand on"},
    "conflicts": {"zh": "四、数据与口径须注意之处", "en": "Definitions and conflicts of sources"},
}
_CUTOFFS: Final = {
    "early": "提前实现：完成概率",
    "faster_anticipatory": "快于预期（预期性）：完成概率",
    "faster_binding": "快于预期（约束性）：完成概率",
    "on_course_anticipatory": "基本符合预期（预期性）：完成概率",
    "on_course_binding": "基本符合预期（约束性）：完成概率",
    "lead": "快于预期：进度超前",
    "errors_of_change": "计进度的最小规划变动（数据误差的倍数）",
    "fast": "最快变动的界限",
    "midterm": "预测进度的时点",
    "errors_apart": "类别可分辨的标准误倍数",
}
_READING: Final = {
    "zh": (
        "预测数为各次抽样的中位数，区间为中心区间；概率是抽样中达到目标的比例，并附抽样误差。",
        "基准情景按2020年政策不变推算；情景之间使用同一组随机数，差别只来自政策与冲击。",
        "单元格里是结果的原值，按所印小数位显示；每个数在结果文件中的位置见“数据索引”，变量的含义见“数据字典”。",
        "黄色单元格供填写；橙色单元格是待部门补充的内容。",
        "填报表（名称以“填报”开头的工作表）填好后可连同本文件直接读入；有错时逐格指出，整份不予采用。",
        "区间和概率只包含模型中写明的不确定性；统计口径调整、行政区划变动、未出台的政策等没有量化。",
    ),
    "en": (
        "Forecasts are medians of the draws, intervals central; a probability is the share of draws that meet the "
        "target, with its Monte Carlo error.",
        "The baseline keeps the policies of 2020. Scenarios share their random numbers: they differ by policy and "
        "shocks only.",
        "Cells hold the values of the results, shown with the decimals printed; 'Cells' says where each stands in the "
        "results, 'Dictionary' what the variables mean.",
        "Yellow cells are to be filled in; orange ones wait for a department.",
        "Forms (sheets whose names begin with 填报) are read back from this very file; faults are named cell by "
        "cell and nothing is used of a form that has one.",
        "Intervals and probabilities hold the uncertainty that the model states; changes of definition, of districts, "
        "and policies not yet made are not quantified.",
    ),
}


def write_cover(annex: Annex, document: Document) -> None:
    """Title, date, organ and what the figures rest on."""
    lang = annex.lang
    sheet = annex.new_sheet(COVER[lang], document.title)
    set_widths(sheet, (26.0, 70.0))
    for row, text, height in ((2, document.title, 60), (3, document.subtitle, 26), (4, _ANNEX[lang], 40)):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        put_text(sheet.cell(row, 1), text)
        dress(sheet.cell(row, 1), lang, "title", "center")
        sheet.row_dimensions[row].height = height
    row = 6
    for label, span in document.front:
        put_text(sheet.cell(row, 1), label)
        dress(sheet.cell(row, 1), lang)
        annex.put(sheet, row, 2, span, label=label)
        row += 1
    for span in (document.organ, document.date):
        row += 1
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        put_text(sheet.cell(row, 1), str(span))
        dress(sheet.cell(row, 1), lang, "plain", "right")
    set_page(sheet, lang, landscape=False)


def write_contents(annex: Annex) -> None:
    """The contents, second in the book: a link to every sheet; written last, when all are known."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    lang = annex.lang
    sheet = annex.book.create_sheet(CONTENTS[lang], 1)
    total = set_widths(sheet, (7.0, 26.0, 62.0, 18.0, 24.0))
    put_text(sheet.cell(1, 1), CONTENTS[lang])
    dress(sheet.cell(1, 1), lang, "title", "center")
    across(sheet, 1, 5, CONTENTS[lang], total)
    sheet.row_dimensions[1].height = 30
    rows = [(float(number), *row) for number, row in enumerate(annex.contents, 1)]
    write_grid(annex, sheet, 2, _HEADS["contents"][lang], rows)
    for row, (title, *_) in enumerate(annex.contents, 3):
        cell = sheet.cell(row, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!A1")
        dress(cell, lang, "link")
    sheet.freeze_panes = "A3"
    set_page(sheet, lang, head=(1, 2))


def write_reading_notes(annex: Annex, dossier: Dossier) -> None:
    """How to read the tables, cut-offs, grades of the parameters, and where sources disagree."""
    lang, model = annex.lang, dossier.model
    sheet = annex.new_sheet(NOTES[lang], NOTES[lang])
    total = set_widths(sheet, (36.0, 12.0, 10.0, 90.0))
    write_title(annex, sheet, NOTES[lang], "", 4, total)

    def heading(row: int, part: str) -> int:
        put_text(sheet.cell(row, 1), _TITLES[part][lang])
        dress(sheet.cell(row, 1), lang, "subtitle", wrap=False)
        return row + 1

    row = write_notes(annex, sheet, heading(3, "reading"), _READING[lang], 4, total)
    table = read_toml(model.folder / RULES_FILE).table
    rules = {one.name: RuleRecord.of(**table[one.name]) for one in fields(ClassRules)}
    row = write_grid(
        annex,
        sheet,
        heading(row + 1, "classes"),
        _HEADS["classes"][lang],
        [
            (
                _CUTOFFS.get(key, key) if lang == "zh" else key,
                plain(rule.value),
                GRADES[rule.grade] if lang == "zh" else rule.grade,
                zh(rule, "reason") if lang == "zh" else rule.reason,
            )
            for key, rule in rules.items()
        ],
    )
    counts = grade_counts(model.parameters)
    names = [(GRADES[grade] if lang == "zh" else grade, float(count)) for grade, count in counts.items()]
    row = write_grid(annex, sheet, heading(row + 1, "grades"), _HEADS["grades"][lang], names)
    row = heading(row + 1, "conflicts")
    notes = [
        f"{spec.label_zh if lang == 'zh' else spec.label_en}: {text}"
        for spec in model.indicators.values()
        for text in (spec.conflicts_zh if lang == "zh" and spec.conflicts_zh else spec.conflicts)
    ]
    write_notes(annex, sheet, row, notes, 4, total)
    set_page(sheet, lang)
