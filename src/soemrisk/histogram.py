"""A histogram: weights of adjacent bins, flat inside each.

Apart because a quantile inside a bin hangs on the difference of p and a level, which must not cancel.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from soemrisk.family import Array, Family, Parameters, numbers, require
from soemrisk.levels import levels, weights_add_up, whole_numbers
from soemrisk.messages import Phrase


def _bins(q: Parameters) -> tuple[Array, Array, Array]:
    """Left and right edges and weights of the bins that are not empty."""
    edges, weights = numbers(q, "edges"), numbers(q, "weights")
    some = weights > 0
    return edges[:-1][some], edges[1:][some], weights[some]


def _quantile(p: Array, q: Parameters) -> Array:
    left, right, weights = _bins(q)
    upto, lost = levels(weights)
    share = weights / weights.sum()
    flat = np.ravel(p)
    k = np.searchsorted(upto[:-1], flat, side="left")
    below, below_lost = np.concatenate([[0.0], upto])[k], np.concatenate([[0.0], lost])[k]
    from_left = np.clip(((flat - below) - below_lost) / share[k], 0.0, 1.0)
    from_right = np.clip(((upto[k] - flat) + lost[k]) / share[k], 0.0, 1.0)
    width = right[k] - left[k]
    x = np.where(from_left <= from_right, left[k] + width * from_left, right[k] - width * from_right)
    for i in np.flatnonzero(np.abs(x) < 1e-3 * np.minimum(np.abs(left[k]), np.abs(right[k]))):
        x[i] = _exactly(float(flat[i]), int(k[i]), q)  # 0 lies inside a bin that reaches far on both sides
    found: Array = np.clip(x, left[k], right[k]).reshape(np.shape(p))
    return found


def _exactly(p: float, k: int, q: Parameters) -> float:
    """The quantile in bin k in fractions: slow, and rounded once."""
    left, right, weights = _bins(q)
    parts = whole_numbers(weights)
    share = (Fraction(p) * sum(parts) - sum(parts[:k])) / parts[k]
    start, end = Fraction(left[k]), Fraction(right[k])
    return float(start + (end - start) * min(max(share, Fraction(0)), Fraction(1)))


def _cdf(x: Array, q: Parameters) -> Array:
    left, right, weights = _bins(q)
    return _mass_below(x, left, right, weights)


def _sf(x: Array, q: Parameters) -> Array:
    left, right, weights = _bins(q)
    return _mass_below(-np.asarray(x), -right[::-1], -left[::-1], weights[::-1])


def _mass_below(x: Array, left: Array, right: Array, weights: Array) -> Array:
    upto = np.concatenate([[0.0], levels(weights)[0]])
    k = np.searchsorted(left, x, side="right") - 1  # the bin that x lies in, or behind
    inside = np.clip((x - left[k]) / (right[k] - left[k]), 0.0, 1.0)
    return np.where(k < 0, 0.0, np.where(inside < 1, upto[k] + inside * weights[k] / weights.sum(), upto[k + 1]))


def _mean(q: Parameters) -> float:
    left, right, weights = _bins(q)
    return float(weights @ ((left + right) / 2) / weights.sum())


def _sd(q: Parameters) -> float:
    left, right, weights = _bins(q)
    squares = ((left + right) / 2 - _mean(q)) ** 2 + (right - left) ** 2 / 12
    return math.sqrt(float(weights @ squares / weights.sum()))


def _valid(q: Parameters) -> Phrase | None:
    edges, weights = numbers(q, "edges"), numbers(q, "weights")
    return require(
        {
            "one-edge-more": len(edges) == len(weights) + 1 and len(weights) > 0,
            "edges-rise": bool(np.all(np.diff(edges) > 0)),
            "|edges| ≤ 1e100": bool(np.all(np.abs(edges) <= 1e100)),
            "edges-apart": bool(np.all(np.diff(edges) >= 1e-100)),
            **weights_add_up(weights),
        }
    )


HISTOGRAM = Family(
    parameters=("edges", "weights"),
    lists=("edges", "weights"),
    valid=_valid,
    quantile=_quantile,
    cdf=_cdf,
    sf=_sf,
    mean=_mean,
    sd=_sd,
    support=lambda q: (float(_bins(q)[0][0]), float(_bins(q)[1][-1])),
    tabled=False,
)
