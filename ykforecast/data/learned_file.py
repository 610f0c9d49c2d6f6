"""``learned.toml``: what history taught of the parameters, computed once and stored beside the model.

The file says from which numbers it was computed: a model whose numbers have changed since is refused until
the lesson is computed anew, instead of being forecast with somebody else's past.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ykforecast.data.files import digest_of_file, write_text
from ykforecast.data.locate import calibration_root
from ykforecast.data.toml_files import read_toml
from ykforecast.spec.record import Complaint

NAME: Final = "learned.toml"
COMMAND: Final = "python -m ykforecast.infer.history_posterior"
#: Files whose numbers the lesson depends on.
INPUTS: Final = ("base_figures.toml", "parameters.toml", "profiles.toml", "history.toml", "observations.toml")
#: Words about numbers, which teach nothing.
_WORDS: Final = ("reason", "source", "grade", "note", "meaning", "label", "file", "unit", "left_out")
_KEYS: Final = ("inputs", "names", "mean", "root")


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFile:
    """Normal distribution of the standard normal numbers of parameters.

    Attributes
    ----------
    names : tuple of str
    mean : ndarray (name,)
    root : ndarray (name, name)
        Symmetric square root of the covariance.
    """

    names: tuple[str, ...]
    mean: np.ndarray
    root: np.ndarray


def inputs_digest(folder: Path) -> str:
    """Digest of the published figures, of whose population is read, and of the numbers of the input files.

    Words, comments and the order of tables do not count.
    """
    figures = sorted(path for path in calibration_root().glob("*/*.csv"))
    tables: dict[str, Any] = {f"{path.parent.name}/{path.name}": digest_of_file(path) for path in figures}
    tables |= {name: _numbers(read_toml(folder / name).table) for name in INPUTS if (folder / name).is_file()}
    tables["population"] = _numbers(read_toml(folder / "model.toml").table["population"])
    text = json.dumps(tables, sort_keys=True, ensure_ascii=False, default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _numbers(table: Any) -> Any:
    if isinstance(table, Mapping):
        return {
            key: _numbers(value)
            for key, value in table.items()
            if not key.endswith(("_zh", "_en", "_reason", "_grade")) and key not in _WORDS
        }
    return [_numbers(value) for value in table] if isinstance(table, list) else table


def read_learned(folder: Path) -> LearnedFile | None:
    """What history taught, or None where the folder holds no such file: then priors stand.

    Raises
    ------
    ModelError
        The file is malformed, or was computed from other numbers than the folder holds.
    """
    if not (folder / NAME).is_file():
        return None
    file = read_toml(folder / NAME)
    for key in _KEYS:
        if key not in file.table:
            raise file.error(Complaint(key, "missing", None, f"Run {COMMAND} {folder}"))
    if file.table["inputs"] != inputs_digest(folder):
        remedy = f"Run {COMMAND} {folder}, or delete the file to forecast from the priors"
        problem = "computed from other numbers than the model has now"
        raise file.error(Complaint("inputs", problem, file.table["inputs"], remedy))
    names = tuple(file.table["names"])
    try:
        mean = np.array(file.table["mean"], dtype=float)
        root = np.array(file.table["root"], dtype=float)
        fits = mean.shape == (len(names),) and root.shape == (len(names), len(names))
    except (TypeError, ValueError):
        fits = False
    if not fits or not np.isfinite(root).all() or not np.isfinite(mean).all():
        raise file.error(Complaint("root", "not a square of finite numbers", None, f"Run {COMMAND} {folder}"))
    return LearnedFile(names, mean, root)


def write_learned(folder: Path, learned: LearnedFile, remarks: Mapping[str, str]) -> Path:
    """Write the file, with a remark for readers on each parameter; its path."""
    lines = [
        f"# What 2016-2020 taught of the parameters. Computed by: {COMMAND}",
        "# 由2016—2020年数据学得的参数分布（程序生成，请勿手改）。标准正态坐标下：均值 mean，协方差的对称平方根 root。",
        f'inputs = "{inputs_digest(folder)}"',
        "names = [",
        *(f'    "{name}",  # {remarks[name]}' for name in learned.names),
        "]",
        f"mean = [{', '.join(f'{x:.6f}' for x in learned.mean)}]",
        "root = [",
        *(f"    [{', '.join(f'{x:.6f}' for x in row)}]," for row in learned.root),
        "]",
    ]
    path = folder / NAME
    write_text(path, "\n".join(lines) + "\n")
    return path
