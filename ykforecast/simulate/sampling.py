"""Draws of the uncertain parameters: one stream of random numbers per name.

A draw of a parameter is a function of (seed, draw, name) only: another parameter, another chunk of
draws or another scenario leaves it as it was.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ykforecast.spec.parameter import Beta, Fixed, LogNormal, Normal, ParameterSpec, TruncNormal, Uniform

#: Open interval for quantile transforms: keeps a quantile finite.
_EDGE = 1e-12


class Draws(Protocol):
    """What a block of draws offers: values of parameters, and noise."""

    @property
    def draws(self) -> int:
        """Number of draws."""

    def value(self, name: str) -> np.ndarray:
        """Values (draw,) of a parameter."""

    def noise(self, name: str, count: int) -> np.ndarray:
        """Standard normal numbers (draw, count)."""

    def uniform(self, name: str, count: int) -> np.ndarray:
        """Uniform numbers (draw, count)."""


def _quantile(prior: Normal | LogNormal | Uniform | Beta | TruncNormal | Fixed, normal: np.ndarray) -> np.ndarray:
    """Values of a prior at the probabilities of standard normal numbers."""
    from scipy import special

    match prior:
        case Normal():
            return prior.mean + prior.sd * normal
        case LogNormal():
            return prior.median * np.exp(prior.sigma * normal)
        case Uniform():
            return prior.low + (prior.high - prior.low) * special.ndtr(normal)
        case Beta():
            inside = np.clip(special.ndtr(normal), _EDGE, 1 - _EDGE)
            return np.asarray(special.betaincinv(prior.alpha, prior.beta, inside))
        case TruncNormal():
            low, high = special.ndtr((np.array([prior.low, prior.high]) - prior.mean) / prior.sd)
            inside = np.clip(low + (high - low) * special.ndtr(normal), _EDGE, 1 - _EDGE)
            return np.asarray(np.clip(prior.mean + prior.sd * special.ndtri(inside), prior.low, prior.high))
        case Fixed():
            return np.full_like(normal, prior.value)


def normal_stream(seed: int, first_draw: int, draws: int, stream: str, count: int) -> np.ndarray:
    """Standard normal numbers (draw, count) of a stream by its full name."""
    from ykforecast.kernels.philox import normals, stream_id

    return normals(seed, first_draw, draws, stream_id(stream), count)


def quantile(name: str, spec: ParameterSpec, normal: np.ndarray) -> np.ndarray:
    """Values (draw,) of an uncertain parameter at standard normal numbers (draw,)."""
    if spec.prior is None:
        raise ValueError(f"{name} is a constant: nothing to draw")
    values = _quantile(spec.prior, normal)
    # The tails of a normal or log-normal prior may reach past the interval that no draw may leave.
    return values if spec.support is None else np.clip(values, *spec.support)


def noise(seed: int, first_draw: int, draws: int, name: str, count: int) -> np.ndarray:
    """Standard normal numbers (draw, count) of a named process."""
    return normal_stream(seed, first_draw, draws, f"process:{name}", count)


def uniform(seed: int, first_draw: int, draws: int, name: str, count: int) -> np.ndarray:
    """Uniform numbers (draw, count) of a named process."""
    from ykforecast.kernels.philox import stream_id, uniforms

    return uniforms(seed, first_draw, draws, stream_id(f"process:{name}"), count)
