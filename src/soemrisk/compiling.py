"""Compiled on first use, and kept on disk: how every kernel (``kernel`` and ``*_kernel``) is compiled.

numba looks at the file of a function alone to see whether what it kept is still true. So a kernel calls compiled
functions of its own file only, and has no global but those: whatever else it depends on is an argument.
"""

from __future__ import annotations

from typing import Any

from numba import njit


def compiled(function: Any) -> Any:
    """Compile on first use, without fastmath, and keep the result on disk where there is a place for it."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no writable folder beside the package, nor for the user: compile anew in each process
        return njit(nogil=True)(function)


def inner(function: Any) -> Any:
    """Compile what compiled functions of the same file call and nobody else: kept on disk inside those."""
    return njit(nogil=True)(function)
