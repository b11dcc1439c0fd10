"""Uncertain shares that add up to 1: the Dirichlet distribution from points of the unit cube.

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
