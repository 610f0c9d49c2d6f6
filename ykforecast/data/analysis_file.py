"""``analysis.toml`` of a model: how its results are taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.analysis import PROCESSES, AnalysisTable, Theme
from ykforecast.spec.model import ModelSpec
from ykforecast.spec.record import Complaint
from ykforecast.vocabulary.errors import nearest

NAME = "analysis.toml"


def load_analysis(model: ModelSpec) -> AnalysisTable:
    """Groups of measures, themes of uncertain numbers and candidate statistics of a model.

    Raises
    ------
    ModelError
        The file is missing or wrong; a parameter stands in no theme or in two, or a section in two groups; a section,
        parameter or process that is named does not exist.
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
    held = {lever.where.split()[0] for lever in model.levers.values()}
    for section in sections:
        if section not in held:
            yield Complaint("measures", "no lever is of this section", section, nearest(section, held))
        if sections.count(section) > 1:
            yield Complaint("measures", "the section stands in two groups", section, "Leave it in one")
    for key, theme in table.themes.items():
        yield from _unknown(key, theme, model)
    for name, spec in model.parameters.items():
        themes = [key for key, theme in table.themes.items() if theme.holds("parameter", name)]
        if spec.role == "uncertainty" and len(themes) != 1:
            problem = "the uncertain parameter stands in two themes" if themes else "no theme holds the parameter"
            yield Complaint("themes", problem, name, "Name it in exactly one")


def _unknown(key: str, theme: Theme, model: ModelSpec) -> Iterator[Complaint]:
    """What a theme names and nothing answers to."""
    for pattern in theme.parameters:
        if not any(fnmatchcase(name, pattern) for name in model.parameters):
            problem, remedy = "no such parameter", nearest(pattern, model.parameters)
            yield Complaint(f"themes.{key}.parameters", problem, pattern, remedy)
    for process in theme.processes:
        if process not in PROCESSES:
            yield Complaint(f"themes.{key}.processes", "no such process", process, nearest(process, PROCESSES))
