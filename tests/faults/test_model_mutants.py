"""Model files damaged at random: a typed refusal or a valid model, never another exception."""

from __future__ import annotations

import random

import pytest

from ykforecast.data import model_files
from ykforecast.data.model_files import read_model
from ykforecast.vocabulary.errors import YkforecastError

TOKENS = (
    "nan inf -1 1e400 true [] {} '' \"x\" [[ ]] = # \\ 0x10 2021-01-01 12:30:00 营口 \u202e [1,[2]]".split(" "),
    ["\n", "9" * 400, "{ a = 1 }", "'''"],
)


def mutant(text: str, rng: random.Random) -> str:
    """The text with a line dropped, doubled or elsewhere, a value replaced, or a mark put in."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    token = rng.choice([*TOKENS[0], *TOKENS[1]])
    match rng.randrange(4):
        case 0:
            del lines[at]
        case 1 if "=" in lines[at]:
            lines[at] = lines[at].split("=", 1)[0] + "= " + token
        case 2:
            lines.insert(at, lines[rng.randrange(len(lines))])
        case _:
            column = rng.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:column] + token + lines[at][column:]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(3))
def test_a_random_fault_never_escapes(seed, model_copy, monkeypatch):
    """People edit these files by hand; whatever they type, the answer is a message about it."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    sources = model_files.load_sources()
    monkeypatch.setattr(model_files, "load_sources", lambda: sources)  # not what is tested here
    files = sorted([*model_copy.glob("*.toml"), *(model_copy.parent / "scenarios").glob("*.toml")])
    for _ in range(8):
        path = rng.choice(files)
        text = path.read_text(encoding="utf-8")
        path.write_text(mutant(text, rng), encoding="utf-8")
        reading = read_model(model_copy)
        assert reading.model is not None or reading.errors
        assert all(isinstance(error, YkforecastError) and str(error) for error in reading.errors)
        path.write_text(text, encoding="utf-8")
