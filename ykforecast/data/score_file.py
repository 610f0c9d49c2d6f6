"""``findings/scores.json``: how the model scored in its back-tests, computed once and stored beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from ykforecast.data.files import write_text
from ykforecast.spec.record import FromList, Record, Text
from ykforecast.vocabulary.errors import ModelError

_PLACE: Final = ("findings", "scores.json")
COMMAND: Final = "ykforecast backtest --store"


class Score(Record):
    """One forecaster over all cases of a back-test.

    Attributes
    ----------
    cases : int
    crps, mean_absolute_error : float
        Fractions of the published figure; of rates, differences.
    coverage : mapping of str to float
        Share of cases inside each interval, by its nominal level; empty for a forecaster without intervals.
    """

    cases: Annotated[int, Field(ge=1)]
    crps: Annotated[float, Field(ge=0)]
    mean_absolute_error: Annotated[float, Field(ge=0)]
    coverage: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = {}


class StoredBacktest(Record):
    """Scores of one back-test.

    Attributes
    ----------
    base_year : int or "rolling"
    draws, seed : int
        It was made with.
    overall : mapping of str to Score
        The model and each naive rival.
    """

    base_year: int | Literal["rolling"]
    draws: int
    seed: int
    overall: Annotated[Mapping[str, Score], Field(min_length=1)]


class StoredScores(Record):
    """All that is stored.

    Attributes
    ----------
    command : str
        It was made by.
    model_digest : str
        Of the model that was tested, as in :class:`ykforecast.spec.model.ModelSpec`.
    backtests : tuple of StoredBacktest
    """

    command: Text
    model_digest: Text
    backtests: Annotated[tuple[StoredBacktest, ...], FromList]


def scores_file(folder: Path) -> Path:
    """Where the scores of the model in ``folder`` stand."""
    return folder.joinpath(*_PLACE)


def read_scores(folder: Path) -> StoredScores | None:
    """Scores stored beside the model in ``folder``; None where it holds no such file.

    Raises
    ------
    ModelError
        The file is no such file.
    """
    path = scores_file(folder)
    if not path.is_file():
        return None
    remedy = f"Run {COMMAND} --model {folder}, or delete the file"
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError("not JSON", file=path, key="file", value=str(error), remedy=remedy) from None
    if not isinstance(table, dict):
        raise ModelError("no scores of back-tests", file=path, key="file", value=table, remedy=remedy)
    record, complaints = StoredScores.read(table)
    if record is None:
        raise replace(complaints[0], remedy=remedy).error(ModelError, path)
    return record


def write_scores(folder: Path, model_digest: str, backtests: Iterable[Mapping[str, Any]]) -> Path:
    """Store the scores of back-tests beside the model in ``folder``; the path of the file.

    Parameters
    ----------
    folder : Path
        Of the model.
    model_digest : str
        Of the model that was tested.
    backtests : iterable of mapping
        With the keys of :class:`StoredBacktest`, and others that are not stored.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    stored = [
        {
            **{key: one[key] for key in ("base_year", "draws", "seed")},
            "overall": {
                name: {key: found[key] for key in Score.model_fields if key in found}
                for name, found in one["overall"].items()
            },
        }
        for one in backtests
    ]
    path = scores_file(folder)
    content = {"command": COMMAND, "model_digest": model_digest, "backtests": stored}
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return path
