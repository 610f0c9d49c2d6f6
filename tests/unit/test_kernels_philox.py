"""Random numbers by meaning: known answers, accuracy, and independence of the cutting into blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from ykforecast.kernels.philox import normals, philox, stream_id, uniforms

#: Random123, file kat_vectors: counter, key, output of philox4x32-10.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    """The published vectors: a wrong constant or rotation cannot give them."""
    assert tuple(int(x) for x in philox(*(np.uint64(word) for word in (*counter, *key)))) == answer


def test_inverse_normal_equals_scipy():
    """AS 241 against an independent inverse, tails included, at the same uniform numbers."""
    stream = stream_id("tails")
    u, z = uniforms(3, 0, 2000, stream, 51), normals(3, 0, 2000, stream, 51)
    np.testing.assert_allclose(z, ndtri(u), rtol=1e-12, atol=1e-14)
    assert np.abs(z).max() > 4.0


def test_numbers_belong_to_draw_stream_and_index():
    """Any block of draws, and fewer numbers a draw, give the same numbers."""
    whole = normals(2020, 0, 300, stream_id("a"), 60)
    np.testing.assert_array_equal(normals(2020, 120, 50, stream_id("a"), 60), whole[120:170])
    np.testing.assert_array_equal(normals(2020, 0, 300, stream_id("a"), 7), whole[:, :7])
    assert not np.array_equal(normals(2021, 0, 300, stream_id("a"), 60), whole)
    assert not np.array_equal(normals(2020, 0, 300, stream_id("b"), 60), whole)


def test_streams_are_uncorrelated_and_standard():
    """A million numbers: moments within five standard errors, no correlation between streams or indices."""
    a, b = (normals(11, 0, 5000, stream_id(name), 100).ravel() for name in ("one", "two"))
    error = 1 / np.sqrt(a.size)
    for z in (a, b):
        assert abs(z.mean()) < 5 * error
        assert abs(z.var() - 1) < 5 * np.sqrt(2) * error
    assert abs((a * b).mean()) < 5 * error
    assert abs((a[:-1] * a[1:]).mean()) < 5 * error


def test_ends_of_the_unit_interval_never_come():
    """The first and last middle of the 2**52 intervals are proper numbers: rounded to 1, a normal is infinite."""
    from ykforecast.kernels.philox import UNIT, inverse_normal

    first, last = 0.5 * UNIT, (float(2**52 - 1) + 0.5) * UNIT
    assert 0.0 < first < last < 1.0
    assert inverse_normal(last) == -inverse_normal(first)
    assert np.isfinite(inverse_normal(first))


def test_uniforms_fill_the_interval_evenly():
    """Counts in 100 classes within five standard errors."""
    u = uniforms(5, 0, 1000, stream_id("even"), 100)
    counts = np.histogram(u, bins=100, range=(0, 1))[0]
    assert abs(counts - 1000).max() < 5 * np.sqrt(1000)
    assert u.min() > 0.0 and u.max() < 1.0


def test_impossible_counters_are_refused():
    """A negative seed would wrap round to another seed without a word."""
    with pytest.raises(ValueError, match="seed"):
        uniforms(-1, 0, 1, 0, 1)
