"""``district_targets.toml`` of a model: what each indicator follows across districts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ykforecast.data.toml_files import read_toml
from ykforecast.spec.district_rule import DistrictRule

NAME: Final = "district_targets.toml"


def district_rules(folder: Path) -> dict[str, DistrictRule]:
    """Rules of ``district_targets.toml`` by indicator.

    Raises
    ------
    ModelError
        The file is missing or not TOML, a rule is without a reason, or names an unknown stock.
    """
    file = read_toml(folder / NAME)
    rules = {}
    for key, table in file.table.items():
        rule, complaints = DistrictRule.read(table if isinstance(table, Mapping) else {"stocks": table}, key)
        if rule is None:
            raise file.error(complaints[0])
        rules[key] = rule
    return rules
