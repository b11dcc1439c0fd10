"""Variance that comes from values too rare for the draws: where it is large, intervals from replicates are too narrow.

A replicate that has met no such value knows nothing of it, nor do sixteen that agree. So what is rare is taken from
the distributions themselves where these are known, and else from the outcome that lies furthest away.
"""

from __future__ import annotations

from math import exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from soemrisk.closed_form import conditional_coefficients, parts
from soemrisk.design import Plan
from soemrisk.moments import moments, nodes_of
from soemrisk.pick_freeze import is_rounding
from soemrisk.product_values import function_values
from soemrisk.products import Products, outcomes_of

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

RARE = 0.01  # share of the variance from rare values up to which nothing is said
AS_NORMAL = 2  # times the share of a normal distribution up to which nothing is said
ONE_OUTCOME = 1 / 64  # share of the variance that is much for one outcome: a quarter of one of 16 replicates
FAR = 10.0  # standard deviations from the mean up to which nothing is said of one outcome, however few there are


def rare_shares(products: Products, design: Plan) -> Floats:
    """Share of the variance from values so far out that each end is expected at most once in all draws.

    Parameters
    ----------
    products : Products
    design : Plan
        Its draws; moments of inputs that depend on each other are from its first replicate.

    Returns
    -------
    (b, k) float64
        By block and actor, of Var E[net | θ]; 0 for blocks of inputs that depend on each other, and without spread.

    Notes
    -----
    (Var h − ∫ (h − E h)² du) / V over u from 1/n to 1 − 1/n, h the mean of the net result given the input at level u:
    exact up to the quadrature, nothing is drawn. The measure is ours.
    """
    known = moments(products, design, 0)
    every = parts(products, known)
    net = slice(None, None, outcomes_of(products.model))
    constant = is_rounding(every.variance[net], every.mean[net])
    variance = np.where(constant, np.inf, every.variance[net])
    end = 1 / design.draws
    found = np.zeros((len(products.blocks), len(variance)))
    for b, (block, table) in enumerate(zip(products.blocks, conditional_coefficients(products, known), strict=True)):
        if block.vector:
            continue
        own = nodes_of(products, block, (end, 1 - end))
        inside = (own.levels > end) & (own.levels < 1 - end)
        apart = (function_values(products, block, own.values) - known.means[b]) @ table[:, net]
        found[b] = (every.first[b, net] - own.weights[inside] @ apart[inside] ** 2) / variance
    return np.maximum(found, 0.0)


def rare_share_of_normal(draws: int) -> float:
    """Share of the variance of a normal distribution from values beyond the levels 1/draws and 1 − 1/draws.

    Examples
    --------
    >>> round(rare_share_of_normal(4096), 4)
    0.0069
    """
    from scipy.special import ndtri

    z = float(-ndtri(1 / draws))
    return 2 * (z * exp(-z * z / 2) / sqrt(2 * pi) + 1 / draws)


def is_rare_heavy(share: Floats, draws: int) -> Truths:
    """Whether rare values have so much of the variance that intervals from as many draws are too narrow."""
    found: Truths = share > max(RARE, AS_NORMAL * rare_share_of_normal(draws))
    return found


def is_outcome_heavy(share: Floats, evaluations: int) -> Truths:
    """Whether one outcome has so much of the sum of squares of all that intervals are too narrow."""
    found: Truths = (share > ONE_OUTCOME) & (share * evaluations > FAR**2)
    return found
