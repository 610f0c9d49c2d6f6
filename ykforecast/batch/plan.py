"""What a batch will compute: its inputs, its scenarios, and the key of every piece, before anything runs.

A key is the SHA-256 of everything that decides the numbers of a piece and of nothing else. A piece that stands under
its key need never be computed again, and one made of other inputs can never be taken for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ykforecast.batch.scenarios import batch_scenarios
from ykforecast.data.model_files import load_model, model_folder, models_root
from ykforecast.simulate.storage import code_digest, input_digests, versions
from ykforecast.vocabulary.errors import RequestError

if TYPE_CHECKING:
    from ykforecast.spec.batch import BatchSpec
    from ykforecast.spec.model import ModelSpec
    from ykforecast.spec.scenario import Scenario

#: Draws of one piece: about 1.5 MB of indicators and half a second of work.
PIECE_DRAWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class PieceSpec:
    """One piece: the draws ``first`` to ``first + draws - 1`` of a scenario, on the figures of a day.

    Attributes
    ----------
    key : str
        64 hexadecimal digits, the name of its file.
    scenario : Scenario
    as_of : date or None
    first, draws : int
    """

    key: str
    scenario: Scenario
    as_of: date | None
    first: int
    draws: int

    def says(self) -> dict[str, Any]:
        """What the piece is of, as JSON."""
        as_of = None if self.as_of is None else self.as_of.isoformat()
        return {"scenario": self.scenario.name, "as_of": as_of, "first": self.first, "draws": self.draws}


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch as it will be computed.

    Attributes
    ----------
    model : ModelSpec
    place : str
        How another process, or another machine, finds the model: a shipped place, else a folder.
    spec : BatchSpec
    scenarios : tuple of Scenario
    made_of : dict
        Digests of the model, of every file that is read, of the code, and the versions of what computes.
    vintages : dict of date to str
        Key of the conditioned ensemble of each vintage.
    pieces : tuple of PieceSpec
        By vintage, first draw and scenario, in this order.
    """

    model: ModelSpec
    place: str
    spec: BatchSpec
    scenarios: tuple[Scenario, ...]
    made_of: dict[str, Any]
    vintages: dict[date, str]
    pieces: tuple[PieceSpec, ...]

    @property
    def made_of_digest(self) -> str:
        """Digest of ``made_of``, by which a worker knows that it computes the same."""
        return key_of(self.made_of)

    def record(self) -> dict[str, Any]:
        """The plan as JSON: enough to compute the batch again, and to tell two batches apart."""
        return {
            **self.made_of,
            "draws": self.spec.draws,
            "seed": self.spec.seed,
            "keep": self.spec.keep,
            "vintages": [day.isoformat() for day in self.vintages],
            "scenarios": [_recorded(scenario) for scenario in self.scenarios],
        }


def key_of(content: Any) -> str:
    """SHA-256 of what JSON knows, 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()).hexdigest()


def _recorded(scenario: Scenario) -> dict[str, Any]:
    record: dict[str, Any] = scenario.model_dump(mode="json", exclude_defaults=True)
    return record


def made_of(model: ModelSpec) -> dict[str, Any]:
    """Everything but the request that can move a digit of a result."""
    return {
        "model": {"name": model.name, "digest": model.digest},
        "inputs": input_digests(model),
        "code": code_digest(),
        "versions": versions(),
    }


def plan_batch(spec: BatchSpec, scenarios: Sequence[Scenario] | None = None) -> Plan:
    """Work out what a batch computes.

    Parameters
    ----------
    spec : BatchSpec
    scenarios : sequence of Scenario, optional
        In place of those that ``spec`` asks for.

    Raises
    ------
    ModelError, RequestError, ScenarioError
        The model, a scenario, a lever, a dose or a vintage that cannot be used; nothing was computed.
    """
    from ykforecast.assess.progress import plan_date
    from ykforecast.infer.assimilation import LEAST_DRAWS

    model = load_model(spec.model)
    for day in spec.vintages:
        plan_date(day.isoformat())
    if spec.vintages and spec.draws < LEAST_DRAWS:
        remedy = f"Conditioning on figures needs at least {LEAST_DRAWS}"
        raise RequestError("too few draws for a vintage", key="draws", value=spec.draws, remedy=remedy)
    chosen = tuple(batch_scenarios(spec, model) if scenarios is None else scenarios)
    inputs = made_of(model)
    digest = key_of(inputs)
    vintages = {
        day: key_of({"made_of": digest, "as_of": day.isoformat(), "seed": spec.seed, "draws": spec.draws})
        for day in spec.vintages
    }
    folder = model_folder(spec.model).resolve()
    return Plan(
        model=model,
        place=folder.name if folder.parent == models_root().resolve() else str(folder),
        spec=spec,
        scenarios=chosen,
        made_of=inputs,
        vintages=vintages,
        pieces=tuple(_pieces(spec, chosen, digest, vintages)),
    )


def _pieces(
    spec: BatchSpec, scenarios: Sequence[Scenario], digest: str, vintages: Mapping[date, str]
) -> Iterator[PieceSpec]:
    for day in vintages or (None,):
        for first in range(0, spec.draws, PIECE_DRAWS):
            draws = min(PIECE_DRAWS, spec.draws - first)
            for scenario in scenarios:
                content = {
                    "made_of": digest,
                    "scenario": _recorded(scenario),
                    "vintage": None if day is None else vintages[day],
                    "seed": spec.seed,
                    "first": first,
                    "draws": draws,
                    "keep": spec.keep,
                }
                yield PieceSpec(key_of(content), scenario, day, first, draws)
