"""The sheet of scenarios: what each assumes year by year, with its grounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ykforecast.documents.excel_sheet import write_grid, write_notes, write_title
from ykforecast.documents.excel_style import set_page, set_widths
from ykforecast.present.model_words import reasoned, shocks, suffix, zh
from ykforecast.present.text import scenario_label
from ykforecast.spec.scenario_expression import read_scenario
from ykforecast.vocabulary.dims import YEARS
from ykforecast.vocabulary.errors import YkforecastError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ykforecast.assess.dossier import Dossier
    from ykforecast.documents.excel_sheet import Annex
    from ykforecast.spec.lever import LeverSpec
    from ykforecast.spec.scenario import Scenario
    from ykforecast.spec.scenario_table import DoseReason

_SHEET: Final = {"zh": "情景", "en": "Scenarios"}
_TITLE: Final = {"zh": "情景与措施剂量", "en": "Scenarios and doses of their measures"}
_HEAD: Final = {
    "zh": ("情景", "措施", "单位", *(f"{year}年" for year in YEARS), "依据"),
    "en": ("Scenario", "Measure", "Unit", *map(str, YEARS), "Grounds"),
}
_OWN: Final = {
    "zh": "{name}：模型中没有这个情景，剂量见运行记录",
    "en": "{name}: not a scenario of the model, see the record of the run",
}
_NO_DOSES: Final = {
    "zh": "{name}：不增加措施，沿用2020年的政策",
    "en": "{name}: no measures beyond the policies of 2020",
}
#: Units of doses whose numbers are printed with another factor or word than elsewhere.
_UNITS: Final = {"1": ("%", 100.0), "1/year": ("个百分点", 100.0), "switch": ("施行为1", 1.0)}


def write_scenarios(annex: Annex, dossier: Dossier) -> None:
    """Doses of every scenario of the run by measure and year, and what happens from outside."""
    lang = annex.lang
    sheet = annex.new_sheet(_SHEET[lang], _TITLE[lang])
    widths = (24.0, 34.0, 12.0, *(10.0 for _ in YEARS), 70.0)
    total = set_widths(sheet, widths)
    write_title(annex, sheet, _TITLE[lang], "", len(widths), total)
    rows: list[tuple[str | float, ...]] = []
    notes: list[str] = []
    for key in dossier.card["scenario"].values.tolist():
        label, scenario = scenario_label(dossier.card, key, lang), _found(dossier, key)
        if scenario is None:
            notes.append(_OWN[lang].format(name=label))
            continue
        if not scenario.doses:
            notes.append(_NO_DOSES[lang].format(name=label))
        if scenario.note:
            notes.append(f"{label}: {zh(scenario, 'note') if lang == 'zh' else scenario.note}")
        if lang == "zh":
            notes += [f"{label}：{sentence}" for sentence in shocks(scenario)]
        rows += [
            _dose_row(label, dossier.model.levers[lever], doses, scenario.reasons.get(lever), lang)
            for lever, doses in scenario.doses.items()
        ]
    row = write_grid(annex, sheet, 3, _HEAD[lang], rows)
    write_notes(annex, sheet, row, notes, len(widths), total)
    sheet.freeze_panes = "C4"
    set_page(sheet, lang, head=(1, 3))


def _found(dossier: Dossier, key: str) -> Scenario | None:
    """Scenario of the model by its name or expression; None for one of the user's own."""
    try:
        return read_scenario(key, dossier.model.scenarios)
    except YkforecastError:
        return None


def _dose_row(
    label: str, lever: LeverSpec, doses: Mapping[int, float], grounds: DoseReason | None, lang: str
) -> tuple[str | float, ...]:
    unit, factor = _UNITS.get(lever.dose_unit) or suffix(lever.dose_unit, lever.label_zh)
    if lang == "en":
        unit, factor = lever.dose_unit, 1.0
    said = "" if grounds is None else reasoned(grounds) if lang == "zh" else f"{grounds.grade}: {grounds.reason}"
    name = lever.label_zh if lang == "zh" else lever.label_en
    # Twelve digits: 0.07 * 100 is not to be shown as 7.000000000000001.
    years = [float(f"{factor * doses.get(year, 0.0):.12g}") for year in YEARS]
    return (label, name, unit, *years, said)
