"""What a command says to the shell."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FINDING: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
