"""Variance and its parts in closed form, from first and second moments of a sum of products.

With independent blocks E[f f'] of two products is a product over blocks: of second moments for the blocks that are
held together, of means for the others. Every index is such a matrix between two vectors of weights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.moments import Moments
from soemrisk.products import Products

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 1e-6  # of the root mean square: a mean below it is no divisor
AT_ONCE = 16  # outcomes of an actor
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
    """Products with functions in units of their root mean square, sorted by what they are made of.

    A block is *light* if it has one function whose mean is no small part of its root mean square: products over light
    blocks are then exponentials of sums. Letters: s sets of light blocks, h combinations of functions of heavy blocks,
    l light blocks, k outcomes.

    Attributes
    ----------
    light, heavy : tuple of int
        Numbers of the blocks.
    ratios : (l,)
        Variance of each light block relative to its squared mean.
    touched : (s, l)
        1 where a set has the block.
    means : (s,)
        Product of the means of a set.
    members : tuple of (n,) int
        Sets that have each light block.
    functions : (h, number of heavy blocks) int
    heavy_means, heavy_spreads : tuple of (m,) and (m, m)
    weights : (s, h, k)
    """

    light: tuple[int, ...]
    heavy: tuple[int, ...]
    ratios: Floats
    touched: Floats
    means: Floats
    members: tuple[Ints, ...]
    functions: Ints
    heavy_means: tuple[Floats, ...]
    heavy_spreads: tuple[Floats, ...]
    weights: Floats


def _scaled(products: Products, moments: Moments) -> _Scaled:
    pairs = list(zip(moments.means, moments.deviations, strict=True))
    sizes = [np.sqrt(deviations.diagonal() + means**2) for means, deviations in pairs]
    sizes = [np.where(size > 0, size, 1.0) for size in sizes]
    count, blocks = products.functions.shape
    scale = np.ones(count)
    for b in range(blocks):
        scale *= sizes[b][products.functions[:, b]]
    means = [mean / size for (mean, _), size in zip(pairs, sizes, strict=True)]
    spreads = [spread / (size[:, None] * size) for (_, spread), size in zip(pairs, sizes, strict=True)]
    is_light = np.array([len(mean) == 2 and abs(mean[1]) > SMALL for mean in means], dtype=np.bool_)
    light, heavy = np.flatnonzero(is_light), np.flatnonzero(~is_light)
    sets, of_set = _distinct(products.functions[:, light])
    combinations, of_combination = _distinct(products.functions[:, heavy])
    weights = np.zeros((len(sets), len(combinations), _outcomes(products)))
    own = products.weights.reshape(count, _outcomes(products)) * scale[:, None]
    np.add.at(weights, (of_set, of_combination), own)
    light_means = np.array([means[b][1] for b in light])
    return _Scaled(
        light=tuple(light.tolist()),
        heavy=tuple(heavy.tolist()),
        ratios=np.array([spreads[b][1, 1] for b in light]) / light_means**2,
        touched=sets.astype(np.float64),
        means=np.prod(np.where(sets > 0, light_means, 1.0), axis=1),
        members=tuple(column.nonzero()[0] for column in sets.T),
        functions=combinations,
        heavy_means=tuple(means[b] for b in heavy),
        heavy_spreads=tuple(spreads[b] for b in heavy),
        weights=weights,
    )


def _distinct(rows: Ints) -> tuple[Ints, Ints]:
    """Rows that differ, and which of them each row is; as ``np.unique`` by rows, and much faster on short numbers."""
    if rows.size == 0:
        return rows[:1], np.zeros(len(rows), dtype=np.int64)
    packed = np.ascontiguousarray(rows.astype(np.uint16))
    keys = packed.view(np.dtype((np.void, packed.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], which.reshape(-1)


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
    with one_thread():
        for b in range(blocks):
            chosen = products.functions[:, b] == np.arange(len(moments.means[b]))[:, None]
            found.append((chosen * (before[b] * after[b + 1])) @ weights)
    return tuple(found)


def _light_pairs(scaled: _Scaled, together: Floats) -> Floats:
    """Product over the light blocks of m m' + t C, for each pair of sets, (s, s); t by block."""
    logs = np.log1p(together[list(scaled.light)] * scaled.ratios)
    found: Floats = np.exp((scaled.touched * logs) @ scaled.touched.T)
    found *= scaled.means[:, None]
    found *= scaled.means
    return found


def _between(scaled: _Scaled, n: int, together: float) -> Floats:
    """Means to second moments of one heavy block, m m' + t C, for each pair of combinations, (h, h)."""
    at = scaled.functions[:, n]
    mean = scaled.heavy_means[n][at]
    found: Floats = np.outer(mean, mean) + together * scaled.heavy_spreads[n][np.ix_(at, at)]
    return found


def _heavy_pairs(scaled: _Scaled, together: Floats) -> tuple[Floats, list[Floats]]:
    """Product over the heavy blocks of m m' + t C, for each pair of combinations, (h, h); and without each of them."""
    size = len(scaled.functions)
    between = [_between(scaled, n, together[b]) for n, b in enumerate(scaled.heavy)]
    before, after = [np.ones((size, size))], [np.ones((size, size))]
    for one, last in zip(between, reversed(between), strict=True):
        before.append(before[-1] * one)
        after.append(after[-1] * last)
    without = [first * last for first, last in zip(before, after[-2::-1], strict=False)]
    return before[-1], without


def _form(light: Floats, right: Floats, weights: Floats) -> Floats:
    """Σ w light w', by outcome, (k,); ``right`` (s, h, k) are the weights times the heavy pairs."""
    moved = np.tensordot(light, right, axes=(1, 0))
    found: Floats = np.einsum("shk,shk->k", weights, moved)
    return found


def _times(heavy: Floats, weights: Floats) -> Floats:
    """Weights times the heavy pairs, (s, h, k)."""
    found: Floats = np.matmul(heavy, weights)
    return found


def _with_spread(scaled: _Scaled, together: float) -> Floats:
    """Σ w w' C_i Π_{j ≠ i} (m m' + t C_j) of each block i, (b, k): its own part at t = 0, its total at t = 1."""
    count = len(scaled.light) + len(scaled.heavy)
    everywhere = np.full(count, together)
    light, weights = _light_pairs(scaled, everywhere), scaled.weights
    found = np.zeros((count, weights.shape[2]))
    heavy, without = _heavy_pairs(scaled, everywhere)
    right = _times(heavy, weights)
    sizes = np.array([len(rows) for rows in scaled.members], dtype=np.int64)
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        for part in np.array_split(alike, -(-len(alike) * int(size) ** 2 // len(weights) ** 2)):
            rows = np.stack([scaled.members[n] for n in part])  # (blocks, n)
            pairs = light[rows[:, :, None], rows[:, None, :]]
            moved = np.matmul(pairs, right[rows].reshape(*rows.shape, -1)).reshape(*rows.shape, *right.shape[1:])
            found[np.array(scaled.light)[part]] = np.einsum("bshk,bshk->bk", weights[rows], moved)
    own = scaled.ratios / (1.0 + together * scaled.ratios)
    found[list(scaled.light)] *= own[:, None]
    for n, b in enumerate(scaled.heavy):
        found[b] = _of_heavy(scaled, n, light, without[n])
    return found


def _of_heavy(scaled: _Scaled, n: int, light: Floats, without: Floats) -> Floats:
    """Σ w w' C_i times the pairs of all other blocks, for one heavy block, (k,)."""
    have = np.flatnonzero(scaled.functions[:, n])
    at = scaled.functions[have, n]
    others = without[np.ix_(have, have)] * scaled.heavy_spreads[n][np.ix_(at, at)]
    weights = scaled.weights[:, have]
    touched = np.flatnonzero(weights.any(axis=(1, 2)))
    weights = weights[touched]
    return _form(light[np.ix_(touched, touched)], _times(others, weights), weights)


def _of_one(scaled: _Scaled, together: Floats, b: int) -> Floats:
    """Σ w w' C_i Π_{j ≠ i} (m m' + t_j C_j) of one block, (k,); t by block, its own is not used."""
    light = _light_pairs(scaled, np.where(np.arange(len(together)) == b, 0.0, together))
    heavy, without = _heavy_pairs(scaled, together)
    if b in scaled.heavy:
        n = scaled.heavy.index(b)
        return _of_heavy(scaled, n, light, without[n])
    n = scaled.light.index(b)
    rows = scaled.members[n]
    weights = scaled.weights[rows]
    found: Floats = scaled.ratios[n] * _form(light[np.ix_(rows, rows)], _times(heavy, weights), weights)
    return found


def parts(products: Products, moments: Moments, coefficients: tuple[Floats, ...] | None = None) -> Parts:
    """Mean, variance, and the part of each block, of every outcome.

    Parameters
    ----------
    products : Products
    moments : Moments
    coefficients : tuple of (m, k) float64, optional
        From ``conditional_coefficients``, where the caller needs them too.

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
    with one_thread():
        return _parts(products, moments, coefficients or conditional_coefficients(products, moments))


def _parts(products: Products, moments: Moments, coefficients: tuple[Floats, ...]) -> Parts:
    scaled = _scaled(products, moments)
    degree = int((products.functions > 0).sum(axis=1).max(initial=1))
    places, weights = _gauss(-(-degree // 2))
    shapley = sum(
        (0.5 * weight * _with_spread(scaled, 0.5 + 0.5 * place) for place, weight in zip(places, weights, strict=True)),
        start=np.zeros((len(products.blocks), scaled.weights.shape[2])),
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


@lru_cache(maxsize=64)
def _gauss(count: int) -> tuple[Floats, Floats]:
    places, weights = np.polynomial.legendre.leggauss(count)
    return places, weights


def _mean(products: Products, moments: Moments) -> Floats:
    terms = np.ones(len(products.functions))
    for b, means in enumerate(moments.means):
        terms *= means[products.functions[:, b]]
    found: Floats = terms @ products.weights.reshape(len(terms), _outcomes(products))
    return found


def mean_squares(products: Products, moments: Moments) -> Floats:
    """E f² of each outcome: Σ w w' Π_b E[g_b g_b'] over pairs of products.

    Parameters
    ----------
    products : Products
    moments : Moments

    Returns
    -------
    (k,) float64, kr. squared
    """
    together, found = np.ones(len(products.blocks)), np.zeros((products.weights.shape[1], products.weights.shape[2]))
    for first in range(0, found.shape[1], AT_ONCE):  # most outcomes have few of the products
        weights = products.weights[:, :, first : first + AT_ONCE]
        rows = np.flatnonzero(weights.any(axis=(1, 2)))
        if not len(rows):
            continue
        scaled = _scaled(replace(products, functions=products.functions[rows], weights=weights[rows]), moments)
        with one_thread():
            heavy, _ = _heavy_pairs(scaled, together)
            squares = _form(_light_pairs(scaled, together), _times(heavy, scaled.weights), scaled.weights)
        found[:, first : first + AT_ONCE] = squares.reshape(len(found), -1)
    return found.ravel()


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
    count, blocks = len(products.functions), len(products.blocks)
    weights = products.weights.reshape(count, _outcomes(products))[:, outcomes].copy()
    touched = [np.flatnonzero(products.functions[:, b]) for b in range(blocks)]  # others have the constant 1
    starts = np.cumsum([0, *(len(mean) for mean in moments.means)])
    table = np.zeros((count, int(starts[-1])))
    for b, (mean, spread) in enumerate(zip(moments.means, moments.deviations, strict=True)):
        size = np.sqrt(np.diag(spread) + mean**2)
        safe = np.where(mean == 0, NEGLIGIBLE * np.where(size > 0, size, 1.0), mean)
        lengths, directions = np.linalg.eigh(spread)
        root = directions * np.sqrt(np.maximum(lengths, 0.0)) / safe[:, None]
        at = products.functions[touched[b], b]
        table[touched[b], starts[b] : starts[b + 1]] = root[at]
        weights[touched[b]] *= safe[at, None]
    found = np.zeros((blocks, blocks, len(outcomes)))
    with one_thread():
        for b, rows in enumerate(touched):
            own = table[rows, starts[b] : starts[b + 1]].T[:, None] * weights[rows].T  # (m, k', rows)
            squares = (own.reshape(-1, len(rows)) @ table[rows]) ** 2
            by_outcome = squares.reshape(-1, len(outcomes), table.shape[1]).sum(axis=0)
            found[b, :b] = np.add.reduceat(by_outcome, starts[:-1], axis=1)[:, :b].T
    return found + found.swapaxes(0, 1)


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
        As sums of what each block adds to those before it: differences of large numbers would lose digits.
    """
    scaled = _scaled(products, moments)
    members = sorted(group)
    outside = (~np.isin(np.arange(len(products.blocks)), members)).astype(np.float64)
    closed = total = np.zeros(scaled.weights.shape[2])
    before = np.zeros(len(products.blocks))
    for b in members:
        with one_thread():
            closed = closed + _of_one(scaled, before, b)
            total = total + _of_one(scaled, before + outside, b)
        before[b] = 1.0
    return closed, total
