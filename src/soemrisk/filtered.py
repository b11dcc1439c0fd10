"""What is known of an effect whose estimate is known only because it was significant.

With a flat prior, an estimate b with standard error se that is listed if |b| ≥ c se leaves the effect with the density

    g(m) ∝ φ(b/se − m) / D(m),      D(m) = Φ(m − c) + Φ(−m − c),      m = effect/se

D is the probability to be listed: estimates of small effects are listed seldom, so that one that is listed speaks for
them more than it seems. (The density of b given that it is listed is φ/D; with a flat prior that is the posterior.) g
is log-concave, since (ln D)″ > −1: D is a sum of two functions with that property.

Everything is calculated in u = m − b/se, where φ has its centre, and for b > 0; the mirror has b < 0. Both tails are
tables of their logarithms, made once for each pair (b/se, c) by quadrature of positive numbers and read by polynomials.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from soemrisk.family import FAR, Array, Family, Parameters, number, places, require, scales

REACH = 37.5  # |u| at which φ is about to leave the range of doubles
TABLED = 31.0  # |u| up to which tails are tabled: beyond they are below 1e-200
STEP = 0.0625  # width of a cell of the table: with c = 8, D has zeros at a distance of π/16 from the line
NODES = 12  # of a cell: interpolation of the logarithms to all digits
PLAIN = 40.0  # b/se − c from which D is 1 wherever g is not 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """Logarithms of both tails over u, cell by cell; what g must be divided by; mean and sd of u."""

    low: Array
    high: Array
    size: float
    mean: float
    sd: float


def _ratio(q: Parameters) -> float:
    return abs(number(q, "estimate")) / number(q, "se")


def _density(u: Array, z: float, c: float) -> Array:
    """φ(u)/D(z + u), not yet divided by its integral."""
    from scipy.special import ndtr

    m = z + u
    return np.exp(-(u**2) / 2) / (ndtr(m - c) + ndtr(-m - c)) if z - c < PLAIN else np.exp(-(u**2) / 2)


def _nodes() -> Array:
    """Chebyshev's points on (0, 1), rising."""
    return (1 - np.cos((np.arange(NODES) + 0.5) * math.pi / NODES)) / 2


@lru_cache(maxsize=256)
def _tails(z: float, c: float) -> Tails:
    """Table of the tails for b/se = z and critical value c: sums from the far end of each tail inwards."""
    cells = round(2 * REACH / STEP)
    edges = -REACH + STEP * np.arange(cells + 1)
    points, weights = np.polynomial.legendre.leggauss(16)
    points, weights = (points + 1) / 2, weights / 2
    u = edges[:-1, None] + STEP * points
    g = _density(u, z, c) * (STEP * weights)
    mass = g.sum(axis=1)
    size = float(mass.sum())
    mean = float((g * u).sum()) / size
    sd = math.sqrt(float((g * (u - mean) ** 2).sum()) / size)
    below = np.concatenate([[0.0], np.cumsum(mass)])[:-1]
    above = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])[1:]
    share = _nodes()
    parts = share[:, None] * points  # quadrature points between the left edge of a cell and each node, as shares of it
    rests = 1 - (1 - share)[:, None] * points
    left = (_density(edges[:-1, None, None] + STEP * parts, z, c) @ weights) * (STEP * share)
    right = (_density(edges[:-1, None, None] + STEP * rests, z, c) @ weights) * (STEP * (1 - share))
    inner = slice(round((REACH - TABLED) / STEP), round((REACH + TABLED) / STEP))
    low = np.log((below[:, None] + left)[inner] / size)
    high = np.log((above[:, None] + right)[inner] / size)
    matrix = np.linalg.inv(np.polynomial.chebyshev.chebvander(2 * share - 1, NODES - 1)).T
    return Tails(low=low @ matrix, high=high @ matrix, size=size, mean=mean, sd=sd)


def _read(table: Array, u: Array) -> Array:
    """Value of a table at u: Chebyshev polynomials by Clenshaw's recurrence."""
    place = np.clip((u + TABLED) / STEP, 0.0, len(table))
    cell = np.minimum(place.astype(np.intp), len(table) - 1)
    t = 2 * (place - cell) - 1
    later, last = np.zeros_like(t), np.zeros_like(t)
    for k in range(NODES - 1, 0, -1):
        later, last = table[cell, k] + 2 * t * later - last, later
    found: Array = table[cell, 0] + t * later - last
    return found


def _below_and_above(x: Array, q: Parameters) -> tuple[Array, Array]:
    tails = _tails(_ratio(q), number(q, "critical"))
    sign = math.copysign(1.0, number(q, "estimate"))
    u = sign * (np.asarray(x, dtype=np.float64) - number(q, "estimate")) / number(q, "se")
    low = np.where(u > -TABLED, np.exp(_read(tails.low, u)), 0.0)
    high = np.where(u < TABLED, np.exp(_read(tails.high, u)), 0.0)
    return (low, high) if sign > 0 else (high, low)


def _quantile(p: Array, q: Parameters) -> Array:
    """Newton's steps on the logarithm of the smaller tail, which is concave, from a straight line between cells."""
    z, c = _ratio(q), number(q, "critical")
    tails = _tails(z, c)
    mirrored = number(q, "estimate") < 0
    flat = np.ravel(p)
    below, above = (1.0 - flat, flat) if mirrored else (flat, 1.0 - flat)
    lower = below <= above
    exact = np.where(lower, below, above)
    wanted = np.log(np.maximum(exact, FAR))
    grid: Array = -TABLED + STEP * np.arange(len(tails.low) + 1.0)
    low, high = _read(tails.low, grid), _read(tails.high, grid)
    u = np.where(lower, np.interp(wanted, low, grid), np.interp(-wanted, -high, grid))
    sign = np.where(lower, 1.0, -1.0)
    todo = np.arange(u.size)
    for _ in range(60):
        at = u[todo]
        tail = np.where(lower[todo], _read(tails.low, at), _read(tails.high, at))
        slope = _density(at, z, c) / tails.size * np.exp(-tail)
        step = sign[todo] * (wanted[todo] - tail) / slope
        u[todo] = np.clip(at + step, -TABLED, TABLED)
        todo = todo[np.abs(step) > 1e-8]  # the error after a step is about its square
        if todo.size == 0:
            break
    far = np.flatnonzero(exact < FAR)  # further out along the tangent
    if far.size:
        tail = np.where(lower[far], _read(tails.low, u[far]), _read(tails.high, u[far]))
        slope = _density(u[far], z, c) / tails.size * np.exp(-tail)
        u[far] += sign[far] * (np.log(exact[far]) - wanted[far]) / slope
    moved = -u if mirrored else u
    found: Array = (number(q, "estimate") + number(q, "se") * moved).reshape(np.shape(p))
    return found


def _moments(q: Parameters) -> tuple[float, float]:
    tails = _tails(_ratio(q), number(q, "critical"))
    sign = math.copysign(1.0, number(q, "estimate"))
    return number(q, "estimate") + sign * number(q, "se") * tails.mean, number(q, "se") * tails.sd


FILTERED = Family(
    parameters=("estimate", "se", "critical"),
    valid=lambda q: require(
        {
            **scales(q, "se"),
            **places(q, "estimate"),
            "0 ≤ critical ≤ 8": 0 <= number(q, "critical") <= 8,
            "|estimate| ≥ critical × se": abs(number(q, "estimate"))
            >= number(q, "critical") * number(q, "se") * (1 - 1e-9),
        }
    ),
    quantile=_quantile,
    cdf=lambda x, q: _below_and_above(x, q)[0],
    sf=lambda x, q: _below_and_above(x, q)[1],
    mean=lambda q: _moments(q)[0],
    sd=lambda q: _moments(q)[1],
    support=lambda _: (-math.inf, math.inf),
)
