"""Small pieces of arithmetic inside the kernels."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from ykforecast.kernels.compile_cache import inner
from ykforecast.kernels.layout import SCRATCH_AT

STRAND = SCRATCH_AT["strand"]
LOG2E = 1.4426950408889634
#: ln 2 in two parts, the first with trailing zeros, so that k * LN2_HIGH is exact.
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
#: Adding it rounds to an integer and leaves that integer in the low bits.
ROUNDER = 6755399441055744.0


@intrinsic
def wide(typingctx: Any) -> Any:
    """Ask LLVM for the machine's widest vectors in the function that says so.

    LLVM prefers 256 bits on many processors that have 512; these loops are long enough to gain.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        # llvmlite only knows attributes without values; the set below prints any text as it is.
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), codegen


@inner
def index(i: int) -> int:
    """``i``, which is not negative, in a form that shows LLVM so.

    numba counts negative indices from the end; unless LLVM can prove that there are
    none, that turns each contiguous load into a gather.
    """
    return i & 0xFFFFFFFFFFFF


@inner
def positive(x: float) -> float:
    """The larger of x and zero; NaN stays NaN."""
    return 0.0 if x <= 0.0 else x


@inner
def strand_sum(s: Any, at: int) -> float:
    """Sum of the eight lanes from ``at``, in a fixed order."""
    return ((s[at] + s[at + 4]) + (s[at + 2] + s[at + 6])) + ((s[at + 1] + s[at + 5]) + (s[at + 3] + s[at + 7]))


@inner
def row_sum(x: Any, at: int, blocks: int, s: Any) -> float:
    """Sum of ``blocks`` times eight numbers of ``x``: first by lane, then over the eight lanes."""
    wide()
    at = index(at)
    for i in range(8):
        s[STRAND + i] = x[at + i]
    for block in range(1, blocks):
        for i in range(8):
            s[STRAND + i] += x[at + 8 * block + i]
    return strand_sum(s, STRAND)


@inner
def exp_row(s: Any, bits: Any, at: int, power: int, count: int) -> None:
    """Replace ``s[at:at+count]`` by its exponential, to about one unit in the last place.

    The libraries numba comes with have no vectorised exponential. Written in base two:
    exp(x) = 2**k * exp(r) with |r| <= ln(2)/2 and a Taylor polynomial of degree 13.
    ``bits`` is the same memory as ``s`` seen as int64; ``power`` is a free row for 2**k.
    Beyond +-708 the result is that of the bound; NaN stays NaN.
    """
    wide()
    at = index(at)
    power = index(power)
    count = index(count)
    for i in range(count):
        x = s[at + i]
        x = 708.0 if x > 708.0 else x
        x = -708.0 if x < -708.0 else x
        s[at + i] = x
        s[power + i] = x * LOG2E + ROUNDER
    for i in range(count):
        x = s[at + i]
        k = s[power + i] - ROUNDER
        r = (x - k * LN2_HIGH) - k * LN2_LOW
        p = 1.0 / 6227020800.0
        p = p * r + 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        p = p * r + 1.0
        s[at + i] = p * r + 1.0
    for i in range(count):
        bits[power + i] = (bits[power + i] + 1023) << 52
    for i in range(count):
        s[at + i] *= s[power + i]
