"""The report chapter by chapter, from the dossier: one content for Word, Excel and HTML."""

from __future__ import annotations

from ykforecast.assess.dossier import Dossier
from ykforecast.documents.blocks import Document
from ykforecast.documents.content.annex import annex
from ykforecast.documents.content.basis import basis
from ykforecast.documents.content.draft import Draft
from ykforecast.documents.content.measures import measures
from ykforecast.documents.content.outlook import outlook
from ykforecast.documents.content.problems import problems
from ykforecast.documents.content.progress import progress
from ykforecast.documents.content.proposals import proposals
from ykforecast.documents.content.risks import risks
from ykforecast.documents.content.summary import summary
from ykforecast.documents.content.technical import technical
from ykforecast.present.text import check_language

#: Chapters in reading order: another one is another line.
CHAPTERS = (summary, basis, progress, measures, outlook, risks, problems, proposals, annex, technical)


def compose(dossier: Dossier, lang: str = "zh") -> Document:
    """The mid-term evaluation report of a run.

    Parameters
    ----------
    dossier : Dossier
        Of `assess.gathering.gather`.
    lang : str
        ``zh`` or ``en``.
    """
    check_language(lang)
    draft = Draft(dossier, lang)
    model = draft.model
    return Document(
        title=draft.pick(
            f"{model.plan_zh}" + ("实施情况中期评估报告" if draft.realised else "目标前景预评估报告"),
            f"Mid-term evaluation of {draft.plan}",
        ),
        subtitle=draft.pick("（征求意见稿）", "(draft for comment)"),
        sections=tuple(chapter(draft) for chapter in CHAPTERS),
        front=(
            (draft.pick("评估时点", "As of"), draft.day),
            (draft.pick("情景", "Scenario"), draft.results.text("scorecard", f"scenario_{lang}", scenario=draft.main)),
            (draft.pick("模型摘要码", "Digest of the model"), draft.results.text("facts", "digest")),
        ),
        lang=lang,
        organ=draft.missing(draft.lead, draft.pick("署名", "signature")),
        date=draft.pick("　　　　年　　月　　日", ""),
    )
