"""Where quantile functions are asked to make tables of them, and how coefficients follow: the same for all families.

Next to the median each cell has nodes of its own. Further out, where a tail is close to a power of v, cells share nodes
in pieces of log2 v. Nodes are those of Chebyshev and Lobatto, with the borders among them, so that what is made from
them meets its neighbours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DEGREE = 9
PARTS = 2  # bits of the mantissa that choose the cell
OCTAVES = 52  # from 2^-53 to 1/2
CELLS = OCTAVES << PARTS  # of one tail
OWN = 5 << PARTS  # cells with nodes of their own: 97 % of all points
WIDE = ((24, 53), (16, 24), (10, 16), (6, 10))  # pieces in −log2 v whose cells share nodes
WIDE_NODES = 16
CHECKS = (0.0, 0.3125)  # of a cell with its own nodes, from −½ to ½


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where a quantile function is asked, and what coefficients follow from.

    Attributes
    ----------
    points : (2 (m + k),) float64
        Of the lower tail m nodes and k checks, then of the upper one.
    nodes : int
        m.
    pieces : (4,)
        Where in the nodes the next piece begins, the last being that of the cells with nodes of their own.
    wide : tuple of (10 r, 16)
        For each piece whose cells share nodes, from the values at those to the values at the nodes of r cells.
    monomial : (10, 10)
        From the values at the nodes of a cell to coefficients of powers of t, which goes from −½ to ½.
    bernstein : (10, 10)
        From coefficients of powers to those of Bernstein's polynomials.
    together : (2 (c + 2),) int
        For each row of a table a number that the rows have in common whose cells share nodes.
    """

    points: Array
    nodes: int
    pieces: NDArray[np.int64]
    wide: tuple[Array, ...]
    monomial: Array
    bernstein: Array
    together: NDArray[np.int64]


@cache
def grid() -> Grid:
    """Points and matrices, made once in a process.

    Returns
    -------
    Grid

    Examples
    --------
    >>> len(grid().points)
    728
    """
    t = _lobatto(DEGREE) / 2
    places = [_places(at) for at in (t, *CHECKS)]
    shared, between, matrices = [], [], []
    together = np.arange(2 * (CELLS + 2)).reshape(2, -1)
    for near, far in WIDE:
        v = _representable(2.0 ** ((far - near) / 2 * _lobatto(WIDE_NODES - 1) - (near + far) / 2))
        first, last = (53 - far) << PARTS, (53 - near) << PARTS
        shared.append(v)
        between.append(np.sqrt(v[1:] * v[:-1]))
        matrices.append(_interpolation(np.log2(v), np.log2(places[0][first:last].ravel())))
        together[:, first + 1 : last + 1] = together[:, first + 1 : first + 2]
    own = [place[-OWN:].ravel() for place in places]
    nodes, checks = np.concatenate([*shared, own[0]]), np.concatenate([*between, *own[1:]])
    upper = 1.0 - np.floor(np.concatenate([nodes, checks]) * 2.0**53) / 2.0**53  # nodes are such multiples already
    monomial, bernstein = _bases(t)
    return Grid(
        points=np.concatenate([nodes, checks, upper]),
        nodes=len(nodes),
        pieces=np.cumsum([WIDE_NODES] * len(WIDE)),
        wide=tuple(matrices),
        monomial=monomial,
        bernstein=bernstein,
        together=together.ravel(),
    )


def _places(at: Array | float) -> Array:
    """Places from −½ to ½ in all cells of a tail, as v, rising: (c, 1) or (c, n)."""
    cell = np.arange(CELLS)[:, None]
    found: Array = 2.0 ** (cell // 2**PARTS - 53) * (1 + (cell % 2**PARTS + 0.5 + at) / 2**PARTS)
    return found


def _lobatto(degree: int) -> Array:
    """Points of Chebyshev and Lobatto on (−1, 1), rising, with 20 bits, so that 1 − v is exact."""
    found: Array = np.round(-np.cos(np.pi * np.arange(degree + 1) / degree) * 2**20) / 2**20
    return found


def _representable(v: Array) -> Array:
    """Multiples of 2^-53 with 20 bits, all different: 1 − v is then exact."""
    unit = np.maximum(2.0 ** (np.floor(np.log2(v)) - 20), 2.0**-53)
    found: Array = np.round(v / unit) * unit
    least = 2.0**-53 * np.arange(1, len(v) + 1)  # the nodes next to 2^-53 are nearer to each other than such multiples
    spread: Array = np.maximum(found, least)
    return spread


def _interpolation(nodes: Array, at: Array) -> Array:
    """Values at other places from those at nodes: the barycentric formula (Berrut and Trefethen 2004, SIAM Rev. 46)."""
    gaps = nodes[:, None] - nodes + np.eye(len(nodes))
    weights = 1.0 / np.prod(gaps / (nodes[-1] - nodes[0]) * 4, axis=1)
    away = at[:, None] - nodes
    hit = away == 0
    parts = weights / np.where(hit, 1.0, away)
    found: Array = np.where(hit.any(axis=1, keepdims=True), hit, parts / parts.sum(axis=1, keepdims=True))
    return found


def _bases(nodes: Array) -> tuple[Array, Array]:
    """Matrices from values at nodes to coefficients of powers, and on to Bernstein's on (−½, ½), in fractions."""
    exact = [Fraction(float(t)) for t in nodes]
    columns = []
    for j, own in enumerate(exact):
        product = [Fraction(1)]
        for k, other in enumerate(exact):
            if k != j:
                shifted, kept = [Fraction(0), *product], [*product, Fraction(0)]
                product = [(a - other * b) / (own - other) for a, b in zip(shifted, kept, strict=True)]
        columns.append([float(one) for one in product])
    return np.array(columns).T, np.array(_bernstein())


def _bernstein() -> list[list[float]]:
    """Powers of t = s − ½ in Bernstein's polynomials of s: s^m is Σ_i C(i, m)/C(n, m) B_i, and t^k by the binomial."""
    half = Fraction(-1, 2)
    return [
        [
            float(
                sum(
                    math.comb(k, m) * half ** (k - m) * Fraction(math.comb(i, m), math.comb(DEGREE, m))
                    for m in range(min(i, k) + 1)
                )
            )
            for k in range(DEGREE + 1)
        ]
        for i in range(DEGREE + 1)
    ]
