"""Cumulated weights without rounding errors.

A step or a plateau of a distribution lies where a sum of weights equals p, so the difference of the two decides.
Sums are made in whole numbers and kept as two doubles, of which the second is what the first has lost.
"""

from __future__ import annotations

import numpy as np

from soemrisk.family import Array
from soemrisk.messages import Phrase


def weights_add_up(weights: Array) -> dict[str | Phrase, bool]:
    """Conditions on weights; they need not add up to 1."""
    return {
        "weights-not-negative": bool(np.all(weights >= 0)),
        "some-weight-positive": bool(np.any(weights > 0)),
        "weights-in-reach": bool(np.all((weights == 0) | ((weights >= 1e-100) & (weights <= 1e100)))),
    }


def whole_numbers(weights: Array) -> list[int]:
    """Weights as whole numbers in the same proportions; doubles are fractions with a power of two below."""
    fractions = [float(weight).as_integer_ratio() for weight in weights]
    common = max(below for _, below in fractions)
    return [above * (common // below) for above, below in fractions]


def ratio(part: int, whole: int) -> tuple[float, float]:
    """Quotient of whole numbers as two doubles that together have twice the digits."""
    first = part / whole  # rounded correctly, however large the numbers
    above, below = first.as_integer_ratio()
    return first, (part * below - above * whole) / (whole * below)


def levels(weights: Array) -> tuple[Array, Array]:
    """Share of the total weight up to and including each weight.

    Parameters
    ----------
    weights : (n,) float64
        Not negative, not all 0.

    Returns
    -------
    (n,), (n,) float64
        The shares, correctly rounded, and what the rounding took away.

    Examples
    --------
    >>> levels(np.array([1.0, 2.0, 1.0]))[0].tolist()
    [0.25, 0.75, 1.0]
    """
    parts = whole_numbers(weights)
    total, done = sum(parts), 0
    found = np.empty((2, len(parts)))
    for k, part in enumerate(parts):
        done += part
        found[:, k] = ratio(done, total)
    return found[0], found[1]
