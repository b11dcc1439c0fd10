"""Uncertain shares that add up to 1: the Dirichlet distribution from points of the unit cube, and one share moved.

Apart from the family table, because a draw is a vector. No rejection and no random number is needed, so that it works
with Sobol' points as with random ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from soemrisk.family import Array
from soemrisk.inverses import beta_inverse


def dirichlet(alphas: ArrayLike, cube: ArrayLike) -> Array:
    """Shares of a Dirichlet distribution, by breaking a stick.

    Parameters
    ----------
    alphas : (k,) array_like
        At least two, each from 0.001 to 1e9, 1e9 in all. The mean of share i is alphas[i] / sum(alphas).
    cube : (n, k − 1) array_like
        Points strictly inside the unit cube; column i decides which part of what is left share i takes.

    Returns
    -------
    (n, k) float64
        Not negative, 1 in each row but for rounding; the last share is what is left.

    Raises
    ------
    ValueError
        Alphas or points are not as described.

    Notes
    -----
    v_i ~ Beta(alpha_i, alpha_(i+1) + … + alpha_k), independent; share_i = v_i Π_(j<i) (1 − v_j): Connor and Mosimann
    1969, J. Am. Stat. Assoc. 64:194, section 3. Each factor 1 − v keeps its digits where v is close to 1. A larger
    point in column i gives share i more and all later ones less; the order of the shares changes the draws and not
    their distribution.

    Examples
    --------
    >>> dirichlet([1, 1], [[0.25], [0.75]]).tolist()
    [[0.25, 0.75], [0.75, 0.25]]
    """
    weights = np.asarray(alphas, dtype=np.float64)
    points = np.asarray(cube, dtype=np.float64)
    if weights.ndim != 1 or len(weights) < 2 or not np.all(weights >= 1e-3) or not np.sum(weights) <= 1e9:
        raise ValueError("alphas are two or more numbers from 0.001, at most 1e9 in all")
    if points.ndim != 2 or points.shape[1] != len(weights) - 1:
        raise ValueError(f"the points of {len(weights)} shares have {len(weights) - 1} columns, got {points.shape}")
    if not np.all((points > 0) & (points < 1)):
        raise ValueError("points must lie strictly between 0 and 1")
    shares = np.empty((len(points), len(weights)))
    left = np.ones(len(points))
    for i in range(len(weights) - 1):
        part, rest = beta_inverse(float(weights[i]), float(np.sum(weights[i + 1 :])), points[:, i])
        shares[:, i] = left * part
        left = left * rest
    shares[:, -1] = left
    return shares


def with_share(shares: ArrayLike, i: int, value: ArrayLike, usual: ArrayLike) -> Array:
    """Shares with one of them moved; the others keep their proportions, so that all still add up to 1.

    Parameters
    ----------
    shares : (n, k) array_like
        Not negative, 1 in each row.
    i : int
        The share that is moved.
    value : (n,) array_like or float
        What it becomes; also outside 0 to 1, where the line goes on.
    usual : (k,) array_like
        Proportions of the others where they are all 0; positive.

    Returns
    -------
    (n, k) float64
        Our convention: what one payer bears more, the others bear less in the proportions in which they bear it.

    Examples
    --------
    >>> with_share([[0.5, 0.3, 0.2]], 0, 0.75, [1, 1, 1]).round(3).tolist()
    [[0.75, 0.15, 0.1]]
    """
    moved = np.array(shares, dtype=np.float64)
    moved[:, i] = 0.0
    whole = moved.sum(axis=1, keepdims=True)
    fallback = np.array(usual, dtype=np.float64)
    fallback[i] = 0.0
    proportions = np.where(whole > 0, moved / np.where(whole > 0, whole, 1.0), fallback / fallback.sum())
    found: Array = proportions * (1.0 - np.reshape(value, (-1, 1)))
    found[:, i] = value
    return found
