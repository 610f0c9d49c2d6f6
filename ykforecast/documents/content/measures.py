"""三、重点任务与工程推进: what the plan orders, who is in charge, and what they have to report."""

from __future__ import annotations

from ykforecast.documents.blocks import Column, Section, Span, Table
from ykforecast.documents.bound import NOTHING
from ykforecast.documents.content.draft import Draft


def measures(draft: Draft) -> Section:
    """The chapter: one table for each chapter of the plan that holds measures."""
    said = draft.say(
        "规划共列{count}项任务与工程。以下按规划章节列出责任部门和规划列明的数量，推进情况由责任部门填报。",
        "The plan contains {count} measures. They are listed by chapter with the departments in charge and the "
        "quantities that the plan prints; the departments report what has been done.",
        count=draft.results.count("facts", "measures"),
    )
    chapters = {
        "2": ("就业任务与工程", "Employment"),
        "3": ("社会保障任务与工程", "Social security"),
        "4": ("公共服务任务与工程", "Public services"),
    }
    places = _places(draft)
    sections = tuple(
        Section(f"tasks_{chapter}", draft.pick(zh, en), (_table(draft, chapter, places[chapter], zh, en),))
        for chapter, (zh, en) in chapters.items()
        if places.get(chapter)
    )
    return Section("measures", draft.pick("重点任务与工程推进情况", "Measures"), (said,), sections)


def _places(draft: Draft) -> dict[str, list[int]]:
    """Measures by chapter; a box belongs to the chapter of the section before it."""
    found: dict[str, list[int]] = {}
    chapter = ""
    for number, section in enumerate(draft.results.group("measures")["section"].values.tolist()):
        chapter = section.partition(".")[0] if "." in section else chapter
        found.setdefault(chapter, []).append(number)
    return found


def _table(draft: Draft, chapter: str, numbers: list[int], zh: str, en: str) -> Table:
    rows: list[tuple[Span, ...]] = []
    for number in numbers:
        variable = draft.pick("departments", "departments_en")
        named = draft.results.text("measures", variable, measure=number)
        figures = draft.results.text("measures", f"figures_{draft.lang}", measure=number)
        rows.append(
            (
                draft.results.text("measures", draft.pick("section", "place_en"), measure=number),
                draft.results.text("measures", f"title_{draft.lang}", measure=number),
                named if named.value else NOTHING,
                figures if figures.value else NOTHING,
                draft.missing(
                    str(named.value).partition(draft.pick("、", "; "))[0]
                    or draft.pick("责任部门", "department in charge")
                ),
            )
        )
    return Table(
        f"measures_{chapter}",
        draft.pick(f"{zh}进展（填报）", f"{en}: measures (to be filled in)"),
        (
            Column(draft.pick("章节", "section"), "center", 0.95),
            Column(draft.pick("任务与工程", "measure"), "left", 2.5),
            # English names of departments are long.
            Column(draft.pick("责任部门", "departments"), "left", 1.5 if draft.lang == "zh" else 2.8),
            Column(draft.pick("规划列明的数量", "quantities in the plan"), "left", 1.5),
            Column(draft.pick("推进情况", "progress"), "left", 2.1),
        ),
        tuple(rows),
        notes=(
            draft.say("注：“—”为规划未列明责任部门或数量。", "—: the plan names no department or quantity.", "note"),
        ),
    )
