"""Checks the inputs of the cohort kernel and lays them out in its flat buffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ykforecast.kernels import draw_columns, layout
from ykforecast.kernels.flow_table import RETIRING, STATES

Floats = NDArray[np.float64]

#: Shape of every shared input; ``J`` is the number of tilts, at most ``draw_columns.TILTS``.
SHARED_SHAPES: Final[dict[str, tuple[int | str, ...]]] = {
    "labour0": (4, 8, 101),
    "child0": (4, 101),
    "pension0": (4, 4, 101),
    "labour_tilt": ("J", 4, 8, 101),
    "pension_tilt": ("J", 4, 4, 101),
    "base_odds": (4, 25, 101),
    "odds_tilt": ("J", 4, 25, 101),
    "entry16": (4, 8),
    "q": (5, 4, 101),
    "q_birth": (5, 4),
    "fert": (5, 2, 101),
    "srb": (5,),
    "mig0": (4, 101),
    "mig1": (4, 101),
    "mv": (2, 101),
    "retire_reach": (3, 60, 101),
    "retire_passed": (3, 60, 101),
    "pension_entry": (4, 60, 101),
    "retire_share": (4, 8),
    "public_early": (4, 101),
    "kappa": (4, 8),
    "take_up_shape": (4, 101),
    "interrupt_shape": (4, 101),
    "contract_cover": (4, 101),
    "age_band": (101,),
}
#: First and last age at which statutory retirement and entry to a pension may happen.
RETIRING_AGES: Final = tuple(
    layout.ADULT + layout.BLOCK * n + shift for n, shift in zip(layout.WINDOW, (0, -1), strict=True)
)
#: Inputs laid out by block of ages, and the axis of the blocks.
_BLOCKED: Final = {
    "mv_stocks": 1,
    "cover": 1,
    "stocks0": 1,
    "stocks_tilt": 2,
    "base_odds": 1,
    "odds_tilt": 2,
    "leaving": 1,
}
#: Share of a stock taken as empty, so that nobody is divided by nobody.
NOBODY: Final = 1e-12
_NO_CHILDREN: Final = ("labour0", "pension0", "labour_tilt", "pension_tilt")
_SHARES: Final = (
    "entry16",
    "q",
    "q_birth",
    "mv",
    "retire_reach",
    "retire_passed",
    "pension_entry",
    "retire_share",
    "public_early",
    "kappa",
    "interrupt_shape",
    "contract_cover",
)


def aligned(length: int) -> Floats:
    """Zeros whose first lies on a cache line, so that no vector is split over two."""
    buffer = np.zeros(length + 8)
    skip = (-buffer.ctypes.data % 64) // 8
    return buffer[skip : skip + length]


def checked(name: str, value: Any, shape: tuple[int, ...]) -> Floats:
    """``value`` as C-contiguous float64 of the given shape, all numbers finite.

    Raises
    ------
    ValueError
        Wrong shape, or a number that is not finite.
    """
    array = np.ascontiguousarray(value, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has numbers that are not finite")
    return array


def pack_shared(shared: Mapping[str, Any]) -> tuple[Floats, int, NDArray[np.int64] | None]:
    """Check the inputs common to all draws and lay them out.

    Parameters
    ----------
    shared : mapping
        Arrays by name with the shapes of ``SHARED_SHAPES``.

    Returns
    -------
    tuple
        The flat buffer described by ``layout.SHARED``, the number of tilts, and the blocks
        of ages of ``extents``.

    Raises
    ------
    ValueError
        A name is missing or unknown, a shape is wrong, a number is not finite or
        outside what it can mean.
    """
    if set(shared) != set(SHARED_SHAPES):
        missing, extra = set(SHARED_SHAPES) - set(shared), set(shared) - set(SHARED_SHAPES)
        raise ValueError(f"shared inputs: missing {sorted(missing)}, unknown {sorted(extra)}")
    tilts = int(np.shape(shared["labour_tilt"])[0])
    if tilts > draw_columns.TILTS:
        raise ValueError(f"at most {draw_columns.TILTS} tilts, not {tilts}")
    arrays = {
        name: checked(name, shared[name], tuple(tilts if n == "J" else int(n) for n in shape))
        for name, shape in SHARED_SHAPES.items()
    }
    _check_meaning(arrays)
    bands = arrays.pop("age_band")
    arrays["band_mask"] = np.stack([np.where(bands == band, 1.0, 0.0) for band in range(layout.BANDS)])
    names = ("retire_reach", "retire_passed", "retire_share", "public_early")
    rates = retirement_rates(*(arrays.pop(name) for name in names))
    entry = arrays.pop("pension_entry")[:, :, None]
    arrays["leaving"] = np.concatenate([rates, entry], axis=2)
    extent = extents(arrays)
    covers = ("take_up_shape", "interrupt_shape", "contract_cover")
    arrays["cover"] = np.stack([arrays.pop(name) for name in covers], axis=1)
    people = arrays["labour0"].sum(axis=1)
    arrays["per_resident"] = np.divide(1.0, people, out=np.zeros_like(people), where=people > 0.0)
    arrays["mv_stocks"] = np.repeat(arrays["mv"][:, None], layout.STOCKS, axis=1)
    arrays["stocks0"] = np.concatenate([arrays.pop("labour0"), arrays.pop("pension0")], axis=-2)
    arrays["stocks_tilt"] = np.concatenate([arrays.pop("labour_tilt"), arrays.pop("pension_tilt")], axis=-2)
    flat = aligned(layout.SHARED_LENGTH)
    for name, shape in layout.SHARED:
        block = _padded(name, arrays[name], shape)
        at = layout.SHARED_AT[name]
        flat[at : at + block.size] = block.ravel()
    return flat, tilts, extent


def extents(arrays: Mapping[str, Floats]) -> NDArray[np.int64] | None:
    """Blocks of ages where the parts of life begin and retirement happens, (4 strata, ``layout.EXTENT``).

    Only exact zeros count: of stocks and odds, of every tilt of them, and of stocks five
    years on, so that leaving out what a part of life has not changes no result. None if the
    inputs do not have such parts: students at the ages of retirement, say.
    """
    students = _blocks_with(arrays["labour0"][:, 0]) | _blocks_with(arrays["labour_tilt"][:, :, 0])
    if arrays["entry16"][:, 0].any():
        students[0] = True
    middle = _after(students)
    # Nobody who is there now, or turns 16, is a block further on before the last month.
    middle += middle > 0
    late = np.setdiff1d(layout.MIDDLE_FLOWS, layout.YOUNG_FLOWS)
    work = np.setdiff1d(layout.MIDDLE_FLOWS, layout.OLD_FLOWS)
    used = [_blocks_with(arrays["base_odds"][:, k]) | _blocks_with(arrays["odds_tilt"][:, :, k]) for k in (late, work)]
    leaving = np.stack([_blocks_with(x) for x in arrays["leaving"]])
    last_young = min(_before(used[0]), *(_before(row) for row in leaving))
    if middle > last_young:
        return None
    covered = _blocks_with(arrays["contract_cover"])
    old = max(_after(used[1]), _after(covered), middle, *(_after(row) for row in leaving))
    return np.array([[middle, old, _before(row), _after(row)] for row in leaving], dtype=np.int64)


def _blocks_with(array: Floats) -> NDArray[np.bool_]:
    """Blocks of ages from 16 up in which any number along the last axis differs from zero."""
    ages = np.zeros(layout.LANES, dtype=bool)
    ages[: layout.AGES - layout.ADULT] = (array != 0.0).reshape(-1, layout.AGES)[:, layout.ADULT :].any(axis=0)
    return np.asarray(ages.reshape(layout.BLOCKS, layout.BLOCK).any(axis=1))


def _before(blocks: NDArray[np.bool_]) -> int:
    """First block that is set; the number of blocks if none is."""
    return int(blocks.argmax()) if blocks.any() else layout.BLOCKS


def _after(blocks: NDArray[np.bool_]) -> int:
    """One past the last block that is set; zero if none is."""
    return layout.BLOCKS - int(blocks[::-1].argmax()) if blocks.any() else 0


def retirement_rates(retire_reach: Floats, retire_passed: Floats, retire_share: Floats, public_early: Floats) -> Floats:
    """Share of each stock that retires, (4 strata, 60 months, 5 origins, 101 ages).

    Of those who reach the age in a month the share ``rho`` leaves; the stock still holds the ``1 - rho``
    of those who reached it before, so that ``rho * reach / (1 - rho * passed)`` of the stock leaves.
    Men follow row 0, women row 1, women in public posts row 2. Public posts are left early as well.
    """
    rates = np.empty((layout.STRATA, layout.MONTHS, layout.RETIRING_COUNT, layout.AGES))
    for g in range(layout.STRATA):
        for j, origin in enumerate(RETIRING):
            row = 0 if g % 2 == 0 else 2 if origin == "public" else 1
            rho = retire_share[g, STATES.index(origin)]
            left = np.maximum(1.0 - rho * retire_passed[row], NOBODY)
            rates[g, :, j] = np.minimum(rho * retire_reach[row] / left, 1.0)
            if origin == "public":
                rates[g, :, j] = 1.0 - (1.0 - rates[g, :, j]) * (1.0 - public_early[g])
    return rates


def _padded(name: str, array: Floats, shape: tuple[int, ...]) -> Floats:
    """Cut or fill the ages, split them into blocks where the month loops read them, fill up tilts."""
    if shape[-1] == layout.ADULT:
        return array[..., : layout.ADULT]
    if name in _BLOCKED:
        first, last = layout.WINDOW if name == "leaving" else (0, layout.BLOCKS)
        adults = np.zeros((*array.shape[:-1], layout.LANES))
        adults[..., : array.shape[-1] - layout.ADULT] = array[..., layout.ADULT :]
        split = adults.reshape(*array.shape[:-1], layout.BLOCKS, layout.BLOCK)[..., first:last, :]
        # The block of ages comes right after the stratum (or sex), ahead of flow or month.
        array = np.moveaxis(split, -2, _BLOCKED[name])
    elif shape[-1] == layout.LANES:
        array = array[..., layout.ADULT :]
    block = np.zeros(shape)
    block[tuple(slice(n) for n in array.shape)] = array
    return block


def _check_meaning(arrays: Mapping[str, Floats]) -> None:
    first, last = RETIRING_AGES
    for name in ("retire_reach", "pension_entry", "public_early"):
        if arrays[name][..., :first].any() or arrays[name][..., last + 1 :].any():
            raise ValueError(f"{name} may differ from zero at ages {first} to {last} only")
    for name in _NO_CHILDREN:
        if arrays[name][..., : layout.ADULT].any():
            raise ValueError(f"{name} must be zero below age {layout.ADULT}")
    if arrays["child0"][:, layout.ADULT :].any():
        raise ValueError(f"child0 must be zero from age {layout.ADULT}")
    for name in _SHARES:
        if arrays[name].min() < 0.0 or arrays[name].max() > 1.0:
            raise ValueError(f"{name} must lie between 0 and 1")
    for name in ("base_odds", "fert", "srb", "take_up_shape"):
        if arrays[name].min() < 0.0:
            raise ValueError(f"{name} must not be negative")
    bands = arrays["age_band"]
    if not np.isin(bands[layout.ADULT :], np.arange(layout.BANDS)).all():
        raise ValueError(f"age_band must be 0 to {layout.BANDS - 1} from age {layout.ADULT}")


def check_draws(params: Floats, pension_policy: Floats, mv: Floats, take_up_shape: Floats) -> None:
    """Check that shares of a stock stay shares in every draw.

    NaN is let through: it comes out as NaN, which says more than a refusal of the batch.

    Raises
    ------
    ValueError
        A share below 0 or above 1, or a level that cannot be.
    """
    column = draw_columns.COLUMNS
    up = params[:, column["up_level"]] * pension_policy[..., 0] * float(take_up_shape.max())
    kept = params[:, column["rho"]] * pension_policy[..., 1] + params[:, column["omega"]]
    for name, share in (
        ("up_level * take_up_shape * pension_policy[:, :, 0]", up),
        ("rho * pension_policy[:, :, 1] + omega", kept),
        ("move_level * mv", params[:, column["move_level"]] * float(mv.max())),
        ("2 * shed", 2.0 * params[:, column["shed"]]),
        ("follow", params[:, column["follow"]]),
        ("account", params[:, column["account"]]),
    ):
        if (share < 0.0).any() or (share > 1.0).any():
            raise ValueError(f"{name} must lie between 0 and 1")
    for name in ("delta", "omega", "rho", "up_level", "recruit", "joiners", "fert_level"):
        if (params[:, column[name]] < 0.0).any():
            raise ValueError(f"{name} must not be negative")
    if (params[:, column["mort"]] <= 0.0).any():
        raise ValueError("mort must be positive")
