"""Variance and its parts in closed form, from first and second moments of a sum of products.

With independent blocks E[f f'] of two products is a product over blocks: of second moments for the blocks that are
held together, of means for the others. Every index is such a matrix between two vectors of weights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.moments import Moments
from soemrisk.products import Products

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 1e-6  # of the root mean square: a mean below it is no divisor
NEGLIGIBLE = 1e-120  # stands for a mean of 0 where one divides and multiplies again


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Mean, variance and what each block contributes. Letters: b blocks, k outcomes.

    Attributes
    ----------
    mean, variance : (k,)
        In kr. and kr. squared.
    first, total, shapley : (b, k)
        Variance of a block alone, with all its interactions, and with each interaction shared equally between those
        that interact; kr. squared. The Shapley effects add up to the variance.
    """

    mean: Floats
    variance: Floats
    first: Floats
    total: Floats
    shapley: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scaled:
    """Products with functions in units of their root mean square. Letters: p products, b blocks, m functions.

    Attributes
    ----------
    functions : (p, b) int
    members : tuple of (n,) int
        Products that each block is a factor of.
    means, spreads : tuple of (m,) and (m, m)
        Means and covariances.
    light : (b,) bool
        One function whose mean is no small part of its root mean square: products over blocks are then sums of logs.
    weights : (p, k)
    """

    functions: Ints
    members: tuple[Ints, ...]
    means: tuple[Floats, ...]
    spreads: tuple[Floats, ...]
    light: NDArray[np.bool_]
    weights: Floats


def _scaled(products: Products, moments: Moments) -> _Scaled:
    pairs = list(zip(moments.means, moments.deviations, strict=True))
    sizes = [np.sqrt(np.diag(deviations) + means**2) for means, deviations in pairs]
    sizes = [np.where(size > 0, size, 1.0) for size in sizes]
    count, blocks = products.functions.shape
    scale = np.ones(count)
    for b in range(blocks):
        scale *= sizes[b][products.functions[:, b]]
    means = tuple(mean / size for (mean, _), size in zip(pairs, sizes, strict=True))
    return _Scaled(
        functions=products.functions,
        members=tuple(np.flatnonzero(column) for column in products.functions.T),
        means=means,
        spreads=tuple(spread / np.outer(size, size) for (_, spread), size in zip(pairs, sizes, strict=True)),
        light=np.array([len(mean) == 2 and abs(mean[1]) > SMALL for mean in means], dtype=np.bool_),
        weights=products.weights.reshape(count, _outcomes(products)) * scale[:, None],
    )


def _outcomes(products: Products) -> int:
    return int(np.prod(products.weights.shape[1:]))


def conditional_coefficients(products: Products, moments: Moments) -> tuple[Floats, ...]:
    """What the functions of a block are worth when all other blocks are at their means.

    Parameters
    ----------
    products : Products
    moments : Moments

    Returns
    -------
    tuple of (m, k) float64
        E[f | block b] = functions of b @ coefficients; the first function is 1.
    """
    count, blocks = products.functions.shape
    weights = products.weights.reshape(count, _outcomes(products))
    gathered = [moments.means[b][products.functions[:, b]] for b in range(blocks)]
    before, after = np.ones((blocks + 1, count)), np.ones((blocks + 1, count))
    for b in range(blocks):
        before[b + 1] = before[b] * gathered[b]
        after[blocks - 1 - b] = after[blocks - b] * gathered[blocks - 1 - b]
    found = []
    for b in range(blocks):
        weighted = weights * (before[b] * after[b + 1])[:, None]
        table = np.zeros((len(moments.means[b]), weights.shape[1]))
        np.add.at(table, products.functions[:, b], weighted)
        found.append(table)
    return tuple(found)


def _light_pairs(scaled: _Scaled, together: Floats) -> Floats:
    """Product over the light blocks of m m' + t C, for each pair of products, (p, p)."""
    mean = np.ones(len(scaled.functions))
    touched = np.zeros(scaled.functions.shape)
    logs = np.zeros(len(scaled.members))
    for b in np.flatnonzero(scaled.light):
        rows = scaled.members[b]
        mean[rows] *= scaled.means[b][1]
        touched[rows, b] = 1.0
        logs[b] = np.log1p(together[b] * scaled.spreads[b][1, 1] / scaled.means[b][1] ** 2)
    found: Floats = np.exp((touched * logs) @ touched.T)
    found *= mean[:, None]
    found *= mean
    return found


def _between(scaled: _Scaled, b: int, together: float, rows: Ints) -> Floats:
    """Means to second moments of one block, m m' + t C, for each pair of some products, (n, n)."""
    at = scaled.functions[rows, b]
    mean = scaled.means[b][at]
    found: Floats = np.outer(mean, mean) + together * scaled.spreads[b][np.ix_(at, at)]
    return found


def _pairs(scaled: _Scaled, together: Floats) -> tuple[Floats, Floats]:
    """Products over the light blocks, and over all, for each pair of products."""
    light = _light_pairs(scaled, together)
    every = np.arange(len(light))
    full = light.copy()
    for b in np.flatnonzero(~scaled.light):
        full *= _between(scaled, int(b), together[b], every)
    return light, full


def _with_spread(scaled: _Scaled, together: float) -> Floats:
    """Σ w w' C_i Π_{j ≠ i} (m m' + t C_j) of each block i, (b, k): its own part at t = 0, its total at t = 1."""
    count = len(scaled.members)
    light, full = _pairs(scaled, np.full(count, together))
    heavy = [int(b) for b in np.flatnonzero(~scaled.light)]
    found = np.zeros((count, scaled.weights.shape[1]))
    for b, rows in enumerate(scaled.members):
        at = scaled.functions[rows, b]
        if scaled.light[b]:
            variance = scaled.spreads[b][1, 1]
            others = full[np.ix_(rows, rows)] * (variance / (scaled.means[b][1] ** 2 + together * variance))
        else:
            others = light[np.ix_(rows, rows)] * scaled.spreads[b][np.ix_(at, at)]
            for other in heavy:
                if other != b:
                    others *= _between(scaled, other, together, rows)
        weights = scaled.weights[rows]
        found[b] = np.einsum("pk,pk->k", others @ weights, weights)
    return found


def parts(products: Products, moments: Moments) -> Parts:
    """Mean, variance, and the part of each block, of every outcome.

    Parameters
    ----------
    products : Products
    moments : Moments

    Returns
    -------
    Parts

    Notes
    -----
    Total: Σ w w' C_i Π_{j≠i} E[g_j g_j'] over pairs of products. Shapley effect: Σ_u V_u/|u| =
    ∫₀¹ Σ w w' C_i Π_{j≠i} (m_j m_j' + t C_j) dt, a polynomial in t, by a Gauss rule that is exact for its degree (Owen
    2014, SIAM/ASA J. Uncertainty Quantification 2:245, for the effect; the integral for sums of products is ours). The
    variance is their sum, so that a large mean takes no digits from it.
    """
    scaled = _scaled(products, moments)
    coefficients = conditional_coefficients(products, moments)
    degree = int((products.functions > 0).sum(axis=1).max(initial=1))
    places, weights = np.polynomial.legendre.leggauss(-(-degree // 2))
    shapley = sum(
        (0.5 * weight * _with_spread(scaled, 0.5 + 0.5 * place) for place, weight in zip(places, weights, strict=True)),
        start=np.zeros((len(scaled.members), scaled.weights.shape[1])),
    )
    first = [
        np.einsum("mk,mn,nk->k", table, deviations, table)
        for table, deviations in zip(coefficients, moments.deviations, strict=True)
    ]
    return Parts(
        mean=_mean(products, moments),
        variance=shapley.sum(axis=0),
        first=np.array(first).reshape(shapley.shape),
        total=_with_spread(scaled, 1.0),
        shapley=shapley,
    )


def _mean(products: Products, moments: Moments) -> Floats:
    terms = np.ones(len(products.functions))
    for b, means in enumerate(moments.means):
        terms *= means[products.functions[:, b]]
    found: Floats = terms @ products.weights.reshape(len(terms), _outcomes(products))
    return found


def second_order(products: Products, moments: Moments, outcomes: Ints) -> Floats:
    """Variance that only two blocks together give, V_ij.

    Parameters
    ----------
    products : Products
    moments : Moments
    outcomes : (k',) int
        Positions among the outcomes.

    Returns
    -------
    (b, b, k') float64, kr. squared
        Symmetric, 0 on the diagonal.
    """
    scaled = _scaled(products, moments)
    starts: list[int] = []
    columns: list[Floats] = []
    weights = scaled.weights[:, outcomes].copy()
    for b, rows in enumerate(scaled.members):
        mean = np.where(scaled.means[b] == 0, NEGLIGIBLE, scaled.means[b])
        sizes, directions = np.linalg.eigh(scaled.spreads[b])
        root = directions * np.sqrt(np.maximum(sizes, 0.0))
        starts.append(len(columns))
        at = scaled.functions[rows, b]
        for k in range(root.shape[1]):
            column = np.zeros(len(scaled.functions))
            column[rows] = root[at, k] / mean[at]
            columns.append(column)
        weights[rows] *= mean[at, None]
    table = np.array(columns).reshape(len(columns), len(scaled.functions))
    found = np.empty((len(starts), len(starts), len(outcomes)))
    for k, weight in enumerate(weights.T if starts else ()):
        squares = ((table * weight) @ table.T) ** 2
        found[:, :, k] = np.add.reduceat(np.add.reduceat(squares, starts, axis=0), starts, axis=1)
        np.fill_diagonal(found[:, :, k], 0.0)
    return found


def of_group(products: Products, moments: Moments, group: Collection[int]) -> tuple[Floats, Floats]:
    """Variance of E[f | group], and what is lost when the group is known last.

    Parameters
    ----------
    products : Products
    moments : Moments
    group : collection of int
        Numbers of blocks.

    Returns
    -------
    (closed, total) : each (k,) float64, kr. squared
    """
    scaled = _scaled(products, moments)
    count = len(scaled.members)
    inside = np.isin(np.arange(count), list(group)).astype(np.float64)
    levels = {}
    for name, together in (("none", 0 * inside), ("inside", inside), ("outside", 1 - inside), ("all", 1 + 0 * inside)):
        _, full = _pairs(scaled, together)
        levels[name] = full
    weights = scaled.weights

    def between(more: str, less: str) -> Floats:
        found: Floats = np.einsum("pk,pk->k", (levels[more] - levels[less]) @ weights, weights)
        return found

    return between("inside", "none"), between("all", "outside")
