"""Arithmetic inside the kernels, and the folder that keeps their machine code."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from ykforecast.kernels import compile_cache
from ykforecast.kernels.arithmetic import exp_row


def exponential(x):
    """``x`` padded to a row, through the kernel's exponential."""
    size = -(-len(x) // 8) * 8
    s = np.zeros(2 * size)
    s[: len(x)] = x
    exp_row(s, s.view(np.int64), 0, size, size)
    return s[: len(x)]


def test_exponential_is_exact():
    """Fast-math that reorders sums cancels its rounding trick and leaves errors of 27 per cent: never again."""
    x = np.concatenate([np.linspace(-700, 700, 20001), np.linspace(-1e-3, 1e-3, 1001), [0.0]])
    np.testing.assert_allclose(exponential(x), np.exp(x), rtol=1e-15)


def test_exponential_keeps_nan_and_bounds():
    """NaN must stay NaN; beyond the range the bound's value, not garbage of the exponent's bits."""
    found = exponential(np.array([np.nan, np.inf, -np.inf, 1e300, 0.0]))
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1:], np.exp([708.0, -708.0, 708.0, 0.0]), rtol=1e-15)


@pytest.fixture
def fresh_cache():
    compile_cache.cache_folder.cache_clear()
    yield
    compile_cache.cache_folder.cache_clear()


def test_cache_folder_is_named_by_the_sources(tmp_path, monkeypatch, fresh_cache):
    """numba alone would serve stale code when a constant changes in another file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compile_cache.cache_folder()
    assert folder is not None and folder.name.endswith(compile_cache.source_digest())
    before = numba.config.CACHE_DIR
    compile_cache.kernel(_double)(2.0)
    assert before == numba.config.CACHE_DIR
    assert any(folder.rglob("*.nbi"))


def test_without_a_writable_folder_kernels_still_run(tmp_path, monkeypatch, fresh_cache):
    """A read-only home must cost time, not the forecast."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert compile_cache.cache_folder() is None
    assert compile_cache.kernel(_double)(2.0) == 4.0


def _double(x):
    return 2.0 * x
