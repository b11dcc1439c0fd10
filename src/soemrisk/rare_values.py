"""Variance that comes from values too rare for the draws: where it is large, intervals from replicates are too narrow.

A replicate that has met no such value knows nothing of it, nor do sixteen that agree. So what is rare is taken from
the distributions themselves where these are known, and else from the outcome that lies furthest away.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from soemrisk.closed_form import conditional_coefficients, parts
from soemrisk.design import Plan
from soemrisk.families import FAMILIES
from soemrisk.model import Input
from soemrisk.moments import moments, nodes_of
from soemrisk.pick_freeze import is_rounding
from soemrisk.product_values import column_values, function_values
from soemrisk.products import Products
from soemrisk.quadrature import panel_rule
from soemrisk.transform import values_at

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

SMOOTH = 1e-6  # of the standard deviation: what the highest terms of a panel may hold, else it is halved
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
    net = replace(products, weights=products.weights[:, :, :1])
    known = moments(net, design, 0)
    every = parts(net, known)
    constant = is_rounding(every.variance, every.mean)
    variance = np.where(constant, np.inf, every.variance)
    end = 1 / design.draws
    low, width = _panels(end)
    places, weights, coefficients = panel_rule()
    levels = (low[:, None] + width[:, None] * places).ravel()
    cube = np.empty((len(levels), len(net.model.columns)), order="F")
    cube[:] = levels[:, None]
    values = column_values(values_at(net.model, cube))
    found = np.zeros((len(net.blocks), len(variance)))
    for b, (block, table) in enumerate(zip(net.blocks, conditional_coefficients(net, known), strict=True)):
        if block.vector:
            continue
        functions, masses = function_values(net, block, values), (width[:, None] * weights).ravel()
        by_panel = functions[:, 1:].T.reshape(-1, len(low), len(places))
        rough = np.abs(by_panel @ coefficients[-3:].T).sum(axis=2) * width
        jumps = any(len(_jumps(net.model.inputs[int(q)])) for q in block.inputs)
        if jumps or np.any(rough > SMOOTH * np.sqrt(np.diag(known.deviations[b])[1:, None])):
            own = nodes_of(net, block, (end, 1 - end))
            inside = (own.levels > end) & (own.levels < 1 - end)
            functions, masses = function_values(net, block, own.values)[inside], own.weights[inside]
        apart = (functions - known.means[b]) @ table
        found[b] = (every.first[b] - masses @ apart**2) / variance
    return np.maximum(found, 0.0)


def _jumps(one: Input) -> Floats:
    """Values with a probability of their own."""
    assert one.distribution.family is not None
    return FAMILIES[one.distribution.family].jumps(one.distribution.parameters)


def _panels(end: float) -> tuple[Floats, Floats]:
    """Panels of the probability from ``end`` to 1 − ``end``, narrower towards both: their low ends and widths."""
    lower = np.geomspace(end, 0.5, 1 + ceil(log(0.5 / end, 4)))
    edges = np.concatenate([lower, 1 - lower[-2::-1]])
    return edges[:-1], np.diff(edges)


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
