"""Compiled on first use, and kept on disk: how every kernel (``kernel`` and ``*_kernel``) is compiled.

numba looks at the file of a function alone to see whether what it kept is still true. So a kernel calls compiled
functions of its own file only, and has no global but those: whatever else it depends on is an argument. How they are
compiled is said here and not seen by numba: who changes a flag changes a line of every kernel too.
"""

from __future__ import annotations

from typing import Any

from numba import njit

UNCALLED: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: Any) -> Any:
    """Compile on first use, without fastmath, and keep the result on disk where there is a place for it."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no writable folder beside the package, nor for the user: compile anew in each process
        return njit(nogil=True)(function)


def inner(function: Any) -> Any:
    """Compile what compiled functions of the same file call and nobody else: kept on disk inside those.

    Without what Python and C would need to call it, which takes an eighth of the time of a first run.
    """
    return njit(nogil=True, **UNCALLED)(function)


def is_kept(function: Any) -> bool:
    """Whether the compiled form of a function lies on disk and is still true of its file."""
    try:
        return bool(function._cache._cache_file._load_index())  # noqa: SLF001 - no public way to ask
    except (AttributeError, OSError):  # nothing is kept, or another version of numba looks elsewhere
        return False
