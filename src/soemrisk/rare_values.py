"""Variance that comes from values too rare for the draws: where it is large, intervals from replicates are too narrow.

A replicate that has met no such value knows nothing of it, nor do sixteen that agree. So what is rare is taken from
the distributions themselves where these are known, and else from the outcome that lies furthest away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.closed_form import conditional_coefficients, parts
from soemrisk.design import Plan
from soemrisk.families import FAMILIES
from soemrisk.model import Input
from soemrisk.moments import Moments, moments, nodes_of
from soemrisk.pick_freeze import is_rounding
from soemrisk.product_values import column_values, function_values, plain_column
from soemrisk.products import Block, Products
from soemrisk.quadrature import panel_rule
from soemrisk.quantile_columns import quantile_columns, read_columns
from soemrisk.transform import values_at

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

SMOOTH = 1e-6  # of the standard deviation: what the highest terms of a panel may hold, else it is halved
RARE = 0.01  # share of the variance from rare values up to which nothing is said
AS_NORMAL = 2  # times the share of a normal distribution up to which nothing is said
ONE_OUTCOME = 1 / 64  # share of the variance that is much for one outcome: a quarter of one of 16 replicates
KEPT = 4  # shares, of products and numbers of draws
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
    drawn = any(block.vector for block in products.blocks)
    return _shares(products, design if drawn else replace(design, seed=0, sampler="sobol"))  # no draws: any seed does


@lru_cache(maxsize=KEPT)
def _shares(products: Products, design: Plan) -> Floats:
    """Shares of these very products, kept: calls with other seeds ask for them again."""
    net = replace(products, weights=products.weights[:, :, :1])
    known = moments(net, design, 0)
    tables = conditional_coefficients(net, known)
    every = parts(net, known, tables)
    variance = np.where(is_rounding(every.variance, every.mean), np.inf, every.variance)
    rule = _rule(1 / design.draws)
    smooth = _smooth_squares(net, known, rule)
    found = np.zeros((len(net.blocks), len(variance)))
    for b, (block, table) in enumerate(zip(net.blocks, tables, strict=True)):
        if block.vector:
            continue
        if b in smooth:
            within = smooth[b] * table[1] ** 2
        else:
            functions, masses = _functions_within(net, block, known.deviations[b], rule)
            within = masses @ ((functions - known.means[b]) @ table) ** 2
        found[b] = (every.first[b] - within) / variance
    found = np.maximum(found, 0.0)
    found.setflags(write=False)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """Levels from ``end`` to 1 − ``end`` in panels, (p, 16), the mass of each, and the width of the panels."""

    end: float
    levels: Floats
    masses: Floats
    width: Floats


def _rule(end: float) -> _Rule:
    low, width = _panels(end)
    places, weights, _ = panel_rule()
    return _Rule(end=end, levels=low[:, None] + width[:, None] * places, masses=width[:, None] * weights, width=width)


def _is_rough(functions: Floats, rule: _Rule, deviations: Floats) -> Truths:
    """Whether functions at the levels, (m, n), are no polynomials of low degree in some panel, (m,)."""
    highest = panel_rule()[2][-3:]
    by_panel = functions.reshape(len(functions), *rule.levels.shape)
    rough = np.abs(by_panel @ highest.T).sum(axis=2) * rule.width
    found: Truths = (rough > SMOOTH * deviations[:, None]).any(axis=1)
    return found


def _smooth_squares(net: Products, known: Moments, rule: _Rule) -> dict[int, float]:
    """∫ (x − E x)² du between the ends, by number of block, for plain blocks that the levels suffice for."""
    plain = [b for b, block in enumerate(net.blocks) if block.plain and not _has_jumps(net, block)]
    columns = [plain_column(net, net.blocks[b], 0, row) for row, b in enumerate(plain)]
    values = np.empty((len(plain), rule.levels.size))
    read_columns(quantile_columns(columns), rule.levels.reshape(1, -1), values)
    rough = _is_rough(values, rule, np.sqrt(np.array([known.deviations[b][1, 1] for b in plain])))
    with one_thread():
        squares = (values - np.array([[known.means[b][1]] for b in plain]).reshape(-1, 1)) ** 2 @ rule.masses.ravel()
    return {b: square for b, square, no in zip(plain, squares.tolist(), rough.tolist(), strict=True) if not no}


def _functions_within(net: Products, block: Block, spread: Floats, rule: _Rule) -> tuple[Floats, Floats]:
    """Functions of a block at levels between the ends, (n, m), and the masses of these."""
    if not _has_jumps(net, block) and not block.plain:
        cube = np.empty((rule.levels.size, len(net.model.columns)), order="F")
        cube[:] = rule.levels.reshape(-1, 1)
        functions = function_values(net, block, column_values(values_at(net.model, cube)))
        if not _is_rough(functions[:, 1:].T, rule, np.sqrt(spread.diagonal()[1:])).any():
            return functions, rule.masses.ravel()
    exact = nodes_of(net, block, (rule.end, 1 - rule.end))
    inside = (exact.levels > rule.end) & (exact.levels < 1 - rule.end)
    return function_values(net, block, exact.values)[inside], exact.weights[inside]


def _has_jumps(net: Products, block: Block) -> bool:
    """Whether an input of a block has values with a probability of their own."""
    return any(len(_jumps(net.model.inputs[int(q)])) for q in block.inputs)


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
