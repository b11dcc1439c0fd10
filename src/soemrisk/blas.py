"""Matrix products on one thread: their last digit then does not depend on how many threads a library would use.

numpy and scipy each bring a library of their own, and only those that are loaded can be found.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=2)
def _controller(with_scipy: bool) -> ThreadpoolController:
    assert np.__version__  # its library of matrix products must be there to be found
    assert not with_scipy or "scipy.linalg" in sys.modules
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Context in which matrix products of numpy, and of scipy where ``scipy.linalg`` is loaded, run on one thread.

    Returns
    -------
    context manager

    Examples
    --------
    >>> with one_thread():
    ...     float((np.eye(2) @ np.eye(2)).sum())
    2.0
    """
    found: AbstractContextManager[Any] = _controller("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas")
    return found
