"""Counter-based random numbers: each is a function of (seed, draw, stream, index) and of nothing else.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3) with the
seed as key and draw, index and stream as counter; normal numbers by the inverse of the normal distribution
(Wichura 1988, Applied Statistics algorithm AS 241, PPND16, relative accuracy 1e-16).
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.kernels.compile_cache import inner, kernel
from ykforecast.kernels.streams import stream_id as stream_id

MULTIPLIER_0: Final = np.uint64(0xD2511F53)
MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
WEYL_0: Final = np.uint64(0x9E3779B9)
WEYL_1: Final = np.uint64(0xBB67AE85)
LOW: Final = np.uint64(0xFFFFFFFF)
HALF_WORD: Final = np.uint64(32)
ROUNDS: Final = 10
#: 2**-52: the 52 high bits of a word, put at the middle of their interval so that 0 and 1
#: never come. With 53 bits the last middle would be rounded up to 1, whose normal is infinite.
UNIT: Final = 1.0 / 4503599627370496.0


@inner
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Four 32-bit words (as uint64) of a counter under a key."""
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            ((p1 >> HALF_WORD) ^ c1 ^ k0) & LOW,
            p1 & LOW,
            ((p0 >> HALF_WORD) ^ c3 ^ k1) & LOW,
            p0 & LOW,
        )
        k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


#: Coefficients of PPND16, highest power first: numerator and denominator for the centre and two tails.
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


@inner
def _ratio(x: float, numerator: Any, denominator: Any) -> float:
    """Ratio of two polynomials by Horner's rule."""
    above, below = 0.0, 0.0
    for coefficient in numerator:
        above = above * x + coefficient
    for coefficient in denominator:
        below = below * x + coefficient
    return above / below


@inner
def inverse_normal(p: float) -> float:
    """Normal deviate with lower tail area ``p`` in (0, 1)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, *_CENTRE)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    x = _ratio(r - 1.6, *_TAIL) if r <= 5.0 else _ratio(r - 5.0, *_FAR_TAIL)
    return -x if q < 0.0 else x


@kernel
def _fill(seed: Any, first_draw: Any, stream: Any, normal: int, out: Any) -> None:
    """Fill ``out`` (draw, index) with uniform numbers, or with normal ones if ``normal``."""
    k0, k1 = seed & LOW, seed >> HALF_WORD
    s0, s1 = stream & LOW, stream >> HALF_WORD
    draws, count = out.shape
    for row in range(draws):
        draw = first_draw + np.uint64(row)
        for block in range((count + 1) // 2):
            a, b, c, d = philox(draw & LOW, np.uint64(block), s0, s1 ^ (draw >> HALF_WORD), k0, k1)
            for half in range(2):
                i = 2 * block + half
                if i < count:
                    high, low = (a, b) if half == 0 else (c, d)
                    word = (high << HALF_WORD) | low
                    number = (float(word >> np.uint64(12)) + 0.5) * UNIT
                    out[row, i] = inverse_normal(number) if normal else number


def _numbers(seed: int, first_draw: int, draws: int, stream: int, count: int, normal: int) -> NDArray[np.float64]:
    if not (0 <= seed < 2**64 and 0 <= first_draw < 2**63 and 0 <= stream < 2**63 and 0 <= count < 2**32):
        raise ValueError("seed below 2**64, first_draw and stream below 2**63, count below 2**32; none negative")
    out = np.empty((draws, count))
    _fill(np.uint64(seed), np.uint64(first_draw), np.uint64(stream), normal, out)
    return out


def uniforms(seed: int, first_draw: int, draws: int, stream: int, count: int) -> NDArray[np.float64]:
    """Uniform numbers in (0, 1) by draw and index, (draw, count).

    Parameters
    ----------
    seed : int
        Below 2**64.
    first_draw, draws : int
        Number of the first draw, and how many.
    stream : int
        From :func:`stream_id`.
    count : int
        Numbers a draw.
    """
    return _numbers(seed, first_draw, draws, stream, count, 0)


def normals(seed: int, first_draw: int, draws: int, stream: int, count: int) -> NDArray[np.float64]:
    """Standard normal numbers by draw and index, (draw, count); parameters as in :func:`uniforms`."""
    return _numbers(seed, first_draw, draws, stream, count, 1)
