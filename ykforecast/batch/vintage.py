"""What interim figures taught, as a piece: conditioned once, read by every worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from ykforecast.data.pieces import Piece, pack
from ykforecast.simulate.calibrated import Evidence, Finding
from ykforecast.simulate.sampled import Latent
from ykforecast.simulate.scenarios import Past
from ykforecast.spec.observation import Contradiction, Observation


def pack_evidence(key: str, evidence: Evidence) -> bytes:
    """Seal what figures taught: the moved numbers, the steps, and each figure with its finding."""
    latent, past = evidence.latent, evidence.past
    header = {
        "key": key,
        "as_of": evidence.as_of.isoformat(),
        "method": evidence.method,
        "seed": None if latent is None else latent.seed,
        "past": None if past is None else asdict(past),
        "used": [_stated(one) for one in evidence.observations],
        "findings": [
            {"observation": _stated(one.observation), "verdict": one.verdict, "text_zh": one.text_zh}
            for one in evidence.findings
        ],
    }
    arrays = {"expected": evidence.expected}
    arrays |= {f"step/{name}": values for name, values in evidence.steps.items()}
    arrays |= {} if latent is None else {f"latent/{name}": values for name, values in latent.streams.items()}
    return pack(header, arrays)


def evidence_of(piece: Piece) -> Evidence:
    """What `pack_evidence` sealed."""
    header = piece.header
    groups: dict[str, dict[str, Any]] = {"step": {}, "latent": {}}
    for name, values in piece.arrays.items():
        group, _, rest = name.partition("/")
        if rest:
            groups[group][rest] = values
    return Evidence(
        as_of=date.fromisoformat(header["as_of"]),
        observations=tuple(map(_observation, header["used"])),
        method=header["method"],
        latent=None if header["seed"] is None else Latent(header["seed"], groups["latent"]),
        past=None if header["past"] is None else Past(**header["past"]),
        steps=groups["step"],
        findings=tuple(
            Finding(_observation(one["observation"]), one["verdict"], one["text_zh"]) for one in header["findings"]
        ),
        expected=piece.arrays["expected"],
    )


def _stated(one: Observation) -> dict[str, Any]:
    return asdict(one) | {"published": one.published.isoformat()}


def _observation(stated: Mapping[str, Any]) -> Observation:
    return Observation(
        **dict(stated)
        | {
            "published": date.fromisoformat(stated["published"]),
            "contradictions": tuple(Contradiction(**one) for one in stated["contradictions"]),
        }
    )
