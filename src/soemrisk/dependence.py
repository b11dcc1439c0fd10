"""Rank correlations: a Gaussian copula moves the points of a group before any quantile function sees them.

Each margin stays exactly what was stated, and Sobol' points stay Sobol' points in the first input of the group.
Reordering draws afterwards (Iman and Conover) would break both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOLERANCE = 1e-10  # of an eigenvalue: what rounding may leave below 0
NOTHING = 1e-13  # of an eigenvalue, or of the length of what is left of a row of length 1
LARGEST_POINT = 1.0 - 2.0**-53


def normal_correlation(rank: Floats | float) -> Floats:
    """Pearson correlation of normal scores whose rank correlation (Spearman) is ``rank``: 2 sin(πρ/6).

    Source: Pearson 1907, "On further methods of determining correlation"; Kruskal 1958, J. Am. Stat. Assoc. 53:814.

    Examples
    --------
    >>> normal_correlation(np.array([-1.0, 0.0, 1.0])).round(12).tolist()
    [-1.0, 0.0, 1.0]
    """
    found: Floats = 2.0 * np.sin(np.pi * np.asarray(rank, dtype=np.float64) / 6.0)
    return found


def rank_correlation(normal: Floats | float) -> Floats:
    """Rank correlation of normal scores with this Pearson correlation: (6/π) arcsin(r/2).

    Examples
    --------
    >>> float(rank_correlation(normal_correlation(0.3)).round(12))
    0.3
    """
    found: Floats = 6.0 / np.pi * np.arcsin(np.asarray(normal, dtype=np.float64) / 2.0)
    return found


def matrix_of(members: Sequence[str], pairs: Mapping[frozenset[str], float]) -> Floats:
    """Matrix of the normal scores of a group, (g, g); pairs that are not stated are independent."""
    matrix = np.eye(len(members))
    for i, one in enumerate(members):
        for j, other in enumerate(members[:i]):
            matrix[i, j] = matrix[j, i] = float(normal_correlation(pairs.get(frozenset((one, other)), 0.0)))
    return matrix


def connected(pairs: Iterable[frozenset[str]]) -> list[set[str]]:
    """Groups of what is connected by a chain of pairs, in the order of their smallest member.

    Examples
    --------
    >>> [sorted(group) for group in connected([frozenset("ab"), frozenset("cd"), frozenset("bc"), frozenset("xy")])]
    [['a', 'b', 'c', 'd'], ['x', 'y']]
    """
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + [set(pair).union(*touched)]
    return sorted(groups, key=min)


def smallest_eigenvalue(matrix: Floats) -> float:
    """Smallest eigenvalue of a symmetric matrix; below 0 no distribution has these correlations."""
    return float(np.linalg.eigvalsh(matrix)[0])


def nearest_correlations(matrix: Floats) -> Floats:
    """Correlation matrix that is nearest to a symmetric one in the Frobenius norm.

    Parameters
    ----------
    matrix : (g, g) float64
        Symmetric with 1 on the diagonal; its eigenvalues may be negative.

    Returns
    -------
    (g, g) float64
        Symmetric, 1 on the diagonal, no eigenvalue below −1e-10.

    Notes
    -----
    Alternating projections with Dykstra's correction: Higham 2002, IMA J. Numer. Anal. 22:329, algorithm 3.3. They
    converge slowly, so what is left below 0 at the end is taken away by mixing with the identity.

    Examples
    --------
    >>> nearest_correlations(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])).round(3)[0].tolist()
    [1.0, 0.761, 0.157]
    """
    found = matrix.copy()
    correction = np.zeros_like(matrix)
    for _ in range(1000):
        before = found
        moved = found - correction
        values, vectors = np.linalg.eigh(moved)
        positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = positive - moved
        found = (positive + positive.T) / 2.0
        np.fill_diagonal(found, 1.0)
        if np.abs(found - before).max() < 1e-13:
            break
    lowest = smallest_eigenvalue(found)
    if lowest < 0.0:
        found = (found - lowest * np.eye(len(found))) / (1.0 - lowest)
        np.fill_diagonal(found, 1.0)
    return found


def triangular_factor(matrix: Floats) -> Floats:
    """Lower triangular L with L Lᵀ = R, for correlations of which some may be exactly ±1.

    Parameters
    ----------
    matrix : (g, g) float64
        Correlation matrix, no eigenvalue below −1e-10.

    Returns
    -------
    (g, g) float64
        Each row has length 1, so that every margin stays standard normal.

    Raises
    ------
    ValueError
        No distribution has these correlations.

    Notes
    -----
    Gram and Schmidt, twice (Giraud, Langou, Rozložník, van den Eshof 2005, Numer. Math. 101:87), on the rows of V √Λ,
    whose products are R = V Λ Vᵀ: the L of Cholesky, without its pivots. A pivot is a difference of numbers near 1 and
    has lost its digits where the matrix is nearly singular; the length of a remainder has not.

    Examples
    --------
    >>> triangular_factor(np.array([[1.0, -1.0], [-1.0, 1.0]])).tolist()
    [[1.0, 0.0], [-1.0, 0.0]]
    """
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -TOLERANCE:
        raise ValueError("no distribution has these correlations: the matrix has a negative eigenvalue")
    rows = vectors * np.sqrt(np.where(values > NOTHING, values, 0.0))
    size = len(matrix)
    factor, axes = np.zeros((size, size)), np.zeros((size, size))
    for j in range(size):
        rest = rows[j].copy()
        for _ in range(2):  # the second time takes away what rounding left
            along = axes[:j] @ rest
            factor[j, :j] += along
            rest -= along @ axes[:j]
        length = np.linalg.norm(rest)
        if length > NOTHING:  # else input j is a sum of those before it, and has no part of its own
            factor[j, j], axes[j] = length, rest / length
    lengths: Floats = np.linalg.norm(factor, axis=1, keepdims=True)
    return np.asarray(factor / lengths, dtype=np.float64)


def joined(points: Floats, factor: Floats) -> Floats:
    """Points of a group with the dependence of its factor.

    Parameters
    ----------
    points : (n, g) float64
        Independent, strictly inside the unit cube.
    factor : (g, g) float64
        From ``triangular_factor``.

    Returns
    -------
    (n, g) float64, Fortran order
        Each column uniform on (0, 1); the first one as it was.

    Examples
    --------
    >>> joined(np.array([[0.25, 0.9]]), np.array([[1.0, 0.0], [-1.0, 0.0]])).round(12).tolist()
    [[0.25, 0.75]]
    """
    from scipy.special import ndtr, ndtri

    scores = ndtri(points)
    moved = np.empty(points.shape, order="F")
    moved[:, 0] = points[:, 0]
    for g in range(1, points.shape[1]):
        sum_of = np.zeros(len(points))
        for k in range(g + 1):  # one after the other: a matrix product may round otherwise for other block sizes
            sum_of += factor[g, k] * scores[:, k]
        moved[:, g] = np.clip(ndtr(sum_of), np.finfo(np.float64).tiny, LARGEST_POINT)
    return moved
