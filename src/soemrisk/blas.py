"""Matrix products on one thread: their last digit then does not depend on how many threads a library would use."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    assert np.__version__  # its library of matrix products must be there to be found
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Context in which matrix products of numpy run on one thread.

    Returns
    -------
    context manager

    Examples
    --------
    >>> with one_thread():
    ...     float((np.eye(2) @ np.eye(2)).sum())
    2.0
    """
    found: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return found
