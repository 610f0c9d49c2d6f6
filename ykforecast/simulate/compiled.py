"""Whether the kernels have to be compiled, which many processes at once should not do."""

from __future__ import annotations

from ykforecast.kernels.compile_cache import cache_folder


def kernels_are_compiled() -> bool:
    """Whether an earlier process has left the machine code of the cohort loops."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("cohort_loops.project-*.nbi"))
