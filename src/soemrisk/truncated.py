"""The normal distribution between two ends.

Apart because a window far from the mean, or a narrow one, has no digits left in Φ(high) − Φ(low). Everything is
therefore calculated as a distance from an end, in standard deviations, with one integral that never cancels:

    J(rate, d) = ∫₀ᵈ exp(−rate t − t²/2) dt,      P(u < Z < u + d) = φ(u) J(u, d)

A window left of the mean is looked at in the mirror.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from soemrisk.family import FAR, Array, Family, Parameters, ends, ends_apart, number, places, require, scales
from soemrisk.inverses import settle
from soemrisk.messages import Phrase

NARROW = 1.5  # the density varies at most by about e^±4.5 over a narrow window
ROOT_HALF = math.sqrt(0.5)
ROOT_HALF_PI = math.sqrt(math.pi / 2)


@cache
def _rule() -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre on (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    return (nodes + 1) / 2, weights / 2


def _window(q: Parameters) -> tuple[float, float, float]:
    """Ends as distances from the mean, and the width, in standard deviations."""
    low, high = ends(q)
    mean, sd = number(q, "mean"), number(q, "sd")
    return (low - mean) / sd, (high - mean) / sd, (high - low) / sd


def _mirrored(q: Parameters) -> Parameters:
    low, high = ends(q)
    return {"mean": -number(q, "mean"), "sd": q["sd"], "low": -high, "high": -low}


def _integral(rate: Array, d: Array) -> Array:
    """J: by Gauss-Legendre where the exponent stays small, else from scaled complementary error functions."""
    from scipy.special import erfcx

    rate, d = np.broadcast_arrays(rate, d)
    flat = np.abs(rate) * d + d**2 / 2 <= 4 * NARROW
    found = np.empty(d.shape)
    nodes, weights = _rule()
    t = d[flat][:, None] * nodes
    found[flat] = d[flat] * np.einsum("ij,j->i", np.exp(-rate[flat][:, None] * t - t**2 / 2), weights)
    rate, d = rate[~flat], d[~flat]
    with np.errstate(over="ignore"):
        whole = erfcx(rate * ROOT_HALF) - np.exp(-rate * d - d**2 / 2) * erfcx((rate + d) * ROOT_HALF)
    found[~flat] = ROOT_HALF_PI * whole
    return found


def _quantile(p: Array, q: Parameters) -> Array:
    low, high = ends(q)
    a, b, width = _window(q)
    below = np.ravel(p)
    if max(a, -b, 0.0) * width + width * width / 2 <= NARROW:
        left = below <= 0.5
        share = np.where(left, below, 1.0 - below)
        distance = np.empty_like(share)
        distance[left] = _from_end(a, width, share[left], share[left] * width)
        distance[~left] = _from_end(-b, width, share[~left], share[~left] * width)
    elif a >= 0:
        left, distance = np.full(below.shape, fill_value=True), _away_from_mean(a, width, below, 1.0 - below)
    elif b <= 0:
        left, distance = np.full(below.shape, fill_value=False), _away_from_mean(-b, width, 1.0 - below, below)
    else:
        return np.clip(number(q, "mean") + number(q, "sd") * _around_mean(a, b, p), low, high)
    length = number(q, "sd") * distance
    return np.clip(np.where(left, low + length, high - length), low, high).reshape(np.shape(p))


def _from_end(rate: float, width: float, share: Array, start: Array) -> Array:
    """Distance d from an end with J(rate, d) = share × J(rate, width)."""
    whole = _integral(np.array(rate), np.array(width))

    def tails(d: Array) -> tuple[Array, Array, Array]:
        d = np.minimum(d, width)
        lower = np.minimum(_integral(np.array(rate), d) / whole, 1.0)
        return lower, 1.0 - lower, d * np.exp(-rate * d - d**2 / 2) / whole

    return np.minimum(settle(np.maximum(start, FAR), share, 1.0 - share, tails), width)


def _away_from_mean(rate: float, width: float, below: Array, above: Array) -> Array:
    """Distance from the end that is nearer to the mean, at ``rate`` ≥ 0 from it.

    Notes
    -----
    Solves ln Q(rate + d) − ln Q(rate) = ln(above + below Q(rate + width)/Q(rate)), Q = 1 − Φ. The left side is concave
    and falls, so that Newton's steps from a bound on the right come down without passing the solution. What is close
    to the end is then settled with J, which keeps the digits of small distances.
    """
    from scipy.special import erfcx

    here = float(erfcx(rate * ROOT_HALF))
    fall = rate * width + width * width / 2
    beyond = math.exp(-fall) * float(erfcx((rate + width) * ROOT_HALF)) / here
    near = below <= 0.5
    lost = np.clip(below, FAR, 0.5) * (1.0 - beyond)
    log_tail = np.where(near, np.log1p(-lost), np.log(above + below * beyond))
    d = np.minimum(
        -log_tail * here * ROOT_HALF_PI,  # the tangent at the end
        -2.0 * log_tail / (rate + np.sqrt(rate**2 - 2.0 * log_tail)),  # Q(rate + d)/Q(rate) ≤ exp(−rate d − d²/2)
    )
    todo = np.arange(d.size)
    for _ in range(30):
        at = d[todo]
        there = erfcx((rate + at) * ROOT_HALF)
        step = (np.log(there / here) - rate * at - at**2 / 2 - log_tail[todo]) * there * ROOT_HALF_PI
        d[todo] = np.maximum(at + step, 0.0)
        todo = todo[np.abs(step) > 1e-9 * d[todo] + 1e-15 * here]  # each point on its own, whatever else is asked
        if todo.size == 0:
            break
    d[near] = _from_end(rate, width, below[near], d[near])
    return d


def _around_mean(a: float, b: float, p: Array) -> Array:
    """Normal point of the quantile in a wide window with the mean inside; both tails are sums of positive numbers."""
    from scipy.special import ndtr, ndtri

    below = (1.0 - p) * ndtr(a) + p * ndtr(b)
    above = (1.0 - p) * ndtr(-a) + p * ndtr(-b)
    return np.where(below <= 0.5, ndtri(below), -ndtri(above))


def _tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    """Lower and upper tail, each a ratio of integrals in which nothing cancels."""
    a, b, _ = _window(q)
    if b <= 0:
        lower, upper = _tails(-x, _mirrored(q))
        return upper, lower
    low, high = ends(q)
    inside = np.clip(x, low, high)
    left, right = (inside - low) / number(q, "sd"), (high - inside) / number(q, "sd")
    if a >= 0:
        lower = _integral(np.array(a), left)
        upper = np.exp(-a * left - left**2 / 2) * _integral(a + left, right)
    else:
        z = (inside - number(q, "mean")) / number(q, "sd")
        density, zero = np.exp(-(z**2) / 2), np.zeros_like(z)
        outer_left, outer_right = _integral(np.maximum(-z, 0.0), left), _integral(np.maximum(z, 0.0), right)
        inner_left, inner_right = _integral(zero, np.maximum(-z, 0.0)), _integral(zero, np.maximum(z, 0.0))
        lower = np.where(z <= 0, density * outer_left, _integral(zero, zero - a) + inner_right)
        upper = np.where(z >= 0, density * outer_right, _integral(zero, zero + b) + inner_left)
    return lower / (lower + upper), upper / (lower + upper)


def _moments(q: Parameters) -> tuple[float, float]:
    """Mean and sd by Gauss-Legendre over the part of the window that counts (density above e^-50 of the largest)."""
    a, b, width = _window(q)
    if b <= 0:
        mean, sd = _moments(_mirrored(q))
        return -mean, sd
    rate = max(a, 0.0)
    reach = 100.0 / (rate + math.sqrt(rate**2 + 100.0))
    first, last = (0.0, min(width, reach)) if a >= 0 else (max(a, -reach), min(b, reach))
    panel = (last - first) / 64
    nodes, weights = _rule()
    t = (first + panel * (np.arange(64)[:, None] + nodes)).ravel()
    density = np.tile(weights, 64) * np.exp(-rate * t - t**2 / 2)
    centre = float(density @ t / density.sum())
    spread = math.sqrt(float(density @ (t - centre) ** 2 / density.sum()))
    origin = number(q, "low") if a >= 0 else number(q, "mean")
    return origin + number(q, "sd") * centre, number(q, "sd") * spread


def _valid(q: Parameters) -> Phrase | None:
    failed = require({**scales(q, "sd"), **places(q, "mean"), **ends_apart(q)})
    if failed is not None:
        return failed
    a, b, _ = _window(q)
    return require({"low ≤ mean + 1e6 sd": a <= 1e6, "high ≥ mean − 1e6 sd": b >= -1e6})


TRUNCATED_NORMAL = Family(
    parameters=("mean", "sd", "low", "high"),
    valid=_valid,
    quantile=_quantile,
    cdf=lambda x, q: _tails(x, q)[0],
    sf=lambda x, q: _tails(x, q)[1],
    mean=lambda q: _moments(q)[0],
    sd=lambda q: _moments(q)[1],
    support=ends,
)
