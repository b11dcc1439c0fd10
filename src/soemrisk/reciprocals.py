"""What is divided by: the reciprocal of an input as a column behind the inputs, so that products stay products.

Apart from ``bands`` and ``derived_rates``, the other derived values, because each is of one input alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def with_reciprocals(stated: Floats, positions: Sequence[int]) -> Floats:
    """Append 1/x of some inputs.

    Parameters
    ----------
    stated : (n, q) float64
        The inputs.
    positions : sequence of int
        Positions of those that are divided by.

    Returns
    -------
    (n, q + len(positions)) float64, Fortran order
        ``stated`` itself where there are none. inf where an input is 0, which no distribution of one draws.

    Examples
    --------
    >>> with_reciprocals(np.array([[2.0, 4.0]]), [1]).tolist()
    [[2.0, 4.0, 0.25]]
    """
    if not len(positions):
        return stated
    with np.errstate(divide="ignore"):  # break-even asks for the result at 0
        return np.asfortranarray(np.column_stack([stated, 1.0 / stated[:, list(positions)]]))
