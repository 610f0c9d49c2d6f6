"""``analysis.toml`` of a model: how its results are taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.analysis import AnalysisTable
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.record import Complaint

NAME = "analysis.toml"


def load_analysis(model: ModelSpec) -> AnalysisTable:
    """Groups of measures, themes of uncertain numbers and candidate statistics of a model.

    Raises
    ------
    ModelError
        The file is missing or wrong; a parameter stands in no theme or in two, or a section in two groups.
    """
    file = read_toml(model.folder / NAME)
    table, complaints = AnalysisTable.read(file.table)
    if table is None:
        raise file.error(complaints[0])
    for complaint in _loose_ends(table, model):
        raise file.error(complaint)
    return table


def _loose_ends(table: AnalysisTable, model: ModelSpec) -> Iterator[Complaint]:
    sections = list(chain.from_iterable(group.sections for group in table.measures.values()))
    for section in sections:
        if sections.count(section) > 1:
            yield Complaint("measures", "the section stands in two groups", section, "Leave it in one")
    for name, spec in model.parameters.items():
        themes = [key for key, theme in table.themes.items() if theme.holds("parameter", name)]
        if spec.role == "uncertainty" and len(themes) != 1:
            problem = "the uncertain parameter stands in two themes" if themes else "no theme holds the parameter"
            yield Complaint("themes", problem, name, "Name it in exactly one")
