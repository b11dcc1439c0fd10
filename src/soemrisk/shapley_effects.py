"""Shapley effects where inputs depend on each other: the variance shared between the members of a correlation group.

    effect_i = ∫₀¹ Σ w w' D_i(t) Π_{other blocks} (m m' + C(t)) dt

C(t) is the covariance of the functions of a block given that each of its members is known with the chance t, D_i(t)
what it gains when member i is known too. A block of one member has C(t) = t C exactly; those of a group are sampled,
and what is known of the others once a member is known is exact, because normal scores given others are normal again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from soemrisk.dependence import LARGEST_POINT, triangular_factor
from soemrisk.design import Plan, points
from soemrisk.model import Model
from soemrisk.moments import moments
from soemrisk.product_values import column_values, function_values
from soemrisk.products import Block, Products
from soemrisk.transform import values_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENUMERATED = 8  # members up to which every set of them is evaluated
ORDERS = 8  # random orders of a larger group in each replicate, each also backwards
SINGULAR = 1e-9  # of an eigenvalue of correlations: below, one score is a sum of others


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Shapley effects by replicate. Letters: r replicates, i members, a actors (0 = total).

    Attributes
    ----------
    paths : tuple of tuple of str
        Inputs of each member.
    effects : (r, i, a)
        Kr. squared; one replicate where nothing is sampled. They add up to the variance.
    means : (r, a)
        Kr.
    """

    paths: tuple[tuple[str, ...], ...]
    effects: Floats
    means: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Covariance of the functions of a block by how many of its g members are known; m functions.

    Attributes
    ----------
    level : (g + 1, m, m)
        Mean over all sets of a size.
    steps : (g, g, m, m)
        What member i adds to sets of a size that are without it, summed over the places that it can take.
    """

    level: Floats
    steps: Floats


def shapley_effects(products: Products, plan: Plan) -> Effects:
    """Shapley effects of every input on the net result by actor.

    Parameters
    ----------
    products : Products
    plan : Plan
        Pairs of draws for groups; not used where all inputs are independent.

    Returns
    -------
    Effects

    Notes
    -----
    Owen and Prieur 2017, SIAM/ASA J. Uncertainty Quantification 5:986, for dependent inputs; Song, Nelson and Staum
    2016, same journal 4:1060, for sampling of conditional distributions. Only groups are sampled, the rest is exact.
    """
    alone = moments(products, replace(plan, size=2), 0)
    groups = {b: members_of(products.model, block) for b, block in enumerate(products.blocks) if block.vector}
    paths = tuple(
        member_paths(products.model, block, members)
        for b, block in enumerate(products.blocks)
        for members in groups.get(b, [block.columns])
    )
    effects, means = [], []
    for replicate in range(plan.replicates if groups else 1):
        middle, known = list(alone.means), {}
        for b, group in groups.items():
            middle[b], known[b] = _sampled(products, products.blocks[b], group, plan, replicate)
        effects.append(_integrated(products, tuple(middle), alone.deviations, known))
        means.append(_mean(products, middle))
    return Effects(paths=paths, effects=np.array(effects), means=np.array(means))


def members_of(model: Model, block: Block) -> list[Ints]:
    """Columns of each member of a block: one column, or all of the shares that add up to 1."""
    together = [simplex.columns for simplex in model.simplexes if set(simplex.columns) <= set(block.columns)]
    bound = {int(column) for columns in together for column in columns}
    members = together + [np.array([column]) for column in block.columns if int(column) not in bound]
    return sorted(members, key=lambda columns: int(columns[0]))


def member_paths(model: Model, block: Block, columns: Ints) -> tuple[str, ...]:
    """Paths of the inputs that are drawn from some columns of a block."""
    if set(columns) == set(block.columns):
        positions = block.inputs.tolist() if block.vector else [int(block.inputs[0])]
    else:
        drawn = [int(q) for q, at in zip(model.uncertain, model.column, strict=True) if at in columns]
        shares = [int(q) for one in model.simplexes if set(one.columns) <= set(columns) for q in one.inputs]
        positions = drawn + shares
    return tuple(dict.fromkeys(model.inputs[q].path.split("@")[0] for q in positions))


def _sampled(
    products: Products, block: Block, members: Sequence[Ints], plan: Plan, replicate: int
) -> tuple[Floats, _Known]:
    """Means of the functions of a group, and their covariances by which members are known."""
    model = products.model
    names = [model.columns[column] for column in block.columns]
    both = points(plan, [key for name in names for key in (name, f"{name}/again")], replicate)
    places = [np.searchsorted(block.columns, columns) for columns in members]
    matrix = _correlations(model, block)
    scores, others = (_scores(one, matrix) for one in (both[:, 0::2], both[:, 1::2]))
    values = _block_values(model, block)
    functions = function_values(products, block, values(scores))
    middle: Floats = functions.mean(axis=0)
    apart: Floats = functions - middle
    whole: Floats = apart.T @ apart / len(apart)

    def covariance(subset: frozenset[int]) -> Floats:
        if not subset:
            return np.zeros_like(whole)
        if len(subset) == len(members):
            return whole
        known = np.concatenate([places[i] for i in sorted(subset)])
        again = function_values(products, block, values(given(scores, others, matrix, known)))
        one_way: Floats = apart.T @ (again - middle) / len(apart)
        found: Floats = (one_way + one_way.T) / 2
        return found

    if len(members) <= ENUMERATED:
        return middle, _over_all_sets(len(members), covariance)
    return middle, _over_orders(len(members), covariance, _orders(len(members), plan, replicate, names[0]))


def _correlations(model: Model, block: Block) -> Floats:
    """Correlations of the normal scores of the columns of a block."""
    matrix = np.eye(len(block.columns))
    for copula in model.copulas:
        if set(copula.columns) <= set(block.columns):
            places = np.searchsorted(block.columns, copula.columns)
            matrix[np.ix_(places, places)] = copula.factor @ copula.factor.T
    return matrix


def _scores(cube: Floats, matrix: Floats) -> Floats:
    """Normal scores with the correlations of a group, (n, c), from independent points."""
    from scipy.special import ndtri

    found: Floats = ndtri(cube) @ triangular_factor(matrix).T
    return found


def given(scores: Floats, others: Floats, matrix: Floats, known: Ints) -> Floats:
    """Normal scores with some of them known, the rest drawn anew from what is then known of them.

    Parameters
    ----------
    scores : (n, c) float64
        Draws whose known columns are kept.
    others : (n, c) float64
        Independent draws of the same.
    matrix : (c, c) float64
        Correlations; may be singular.
    known : (u,) int
        Columns that are kept.

    Returns
    -------
    (n, c) float64

    Notes
    -----
    z'_j + R_jk R_kk⁺ (z_k − z'_k) has the distribution of z_j given z_k (Matheron's rule; Journel and Huijbregts 1978,
    *Mining Geostatistics*, section VII.A).

    Examples
    --------
    >>> matrix = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> given(np.array([[1.0, 0.0]]), np.array([[0.0, 0.5]]), matrix, np.array([0])).tolist()
    [[1.0, 1.0]]
    """
    inverse = np.linalg.pinv(matrix[np.ix_(known, known)], rcond=SINGULAR, hermitian=True)
    found = others + (scores[:, known] - others[:, known]) @ (matrix[:, known] @ inverse).T
    found[:, known] = scores[:, known]
    return found


def _block_values(model: Model, block: Block) -> Callable[[Floats], dict[int, Floats]]:
    """Values of the inputs of a block, and of what is derived from them, at its scores."""
    from scipy.special import ndtr

    moving = set(block.inputs.tolist())
    kept = np.array([int(q) in moving for q in model.uncertain], dtype=np.bool_)
    own = replace(model, copulas=(), uncertain=model.uncertain[kept], column=model.column[kept])

    def values(scores: Floats) -> dict[int, Floats]:
        cube = np.full((len(scores), len(model.columns)), 0.5, order="F")
        cube[:, block.columns] = np.clip(ndtr(scores), np.finfo(np.float64).tiny, LARGEST_POINT)
        return column_values(values_at(own, cube))

    return values


def _over_all_sets(size: int, covariance: Callable[[frozenset[int]], Floats]) -> _Known:
    every = {frozenset(one): np.empty(0) for k in range(size + 1) for one in combinations(range(size), k)}
    every = {subset: covariance(subset) for subset in every}
    level = [np.mean([one for subset, one in every.items() if len(subset) == k], axis=0) for k in range(size + 1)]
    steps = [
        [
            np.mean([every[v | {i}] - one for v, one in every.items() if len(v) == k and i not in v], axis=0)
            for k in range(size)
        ]
        for i in range(size)
    ]
    return _Known(level=np.array(level), steps=np.array(steps))


def _orders(size: int, plan: Plan, replicate: int, name: str) -> list[Ints]:
    """Random orders of the members, each also backwards."""
    keys = [f"{name}/order/{k}" for k in range(ORDERS)]
    drawn = points(Plan(sampler="random", seed=plan.seed, size=size), keys, replicate)
    orders = [np.argsort(column, kind="stable") for column in drawn.T]
    return orders + [order[::-1] for order in orders]


def _over_orders(size: int, covariance: Callable[[frozenset[int]], Floats], orders: Iterable[Ints]) -> _Known:
    """The same from some orders: what each member adds when it becomes known in its turn."""
    listed = list(orders)
    empty = covariance(frozenset())
    level = np.zeros((size + 1, *empty.shape))
    steps = np.zeros((size, size, *empty.shape))
    for order in listed:
        before = empty
        for k, i in enumerate(order):
            after = covariance(frozenset(int(one) for one in order[: k + 1]))
            steps[i, k] += (after - before) * size / len(listed)
            level[k + 1] += after / len(listed)
            before = after
    return _Known(level=level, steps=steps)


def _integrated(
    products: Products, means: tuple[Floats, ...], deviations: tuple[Floats, ...], known: dict[int, _Known]
) -> Floats:
    """Integral over t of what each member adds, (i, k), by a Gauss rule that is exact for its degree."""
    sizes = np.array([len(known[b].steps) if b in known else 1 for b in range(len(products.blocks))])
    degree = int(((products.functions > 0) * sizes).sum(axis=1).max(initial=1))
    places, weights = np.polynomial.legendre.leggauss(-(-degree // 2))
    found = np.zeros((int(sizes.sum()), products.weights.shape[1]))
    for place, weight in zip(0.5 + 0.5 * places, 0.5 * weights, strict=True):
        spreads = [_at(known[b].level, place) if b in known else place * one for b, one in enumerate(deviations)]
        row = 0
        for b, size in enumerate(sizes):
            gains = [_at(one, place) for one in known[b].steps] if b in known else [deviations[b]]
            found[row : row + size] += weight * _added(products, means, spreads, b, gains)
            row += size
    return found


def _at(by_size: Floats, place: float) -> Floats:
    """Mean over sets in which each member is with the chance ``place``, from the mean of each size."""
    count = len(by_size) - 1
    shares = [comb(count, k) * place**k * (1 - place) ** (count - k) for k in range(count + 1)]
    found: Floats = np.tensordot(np.array(shares), by_size, axes=1)
    return found


def _added(
    products: Products, means: Sequence[Floats], spreads: Sequence[Floats], b: int, gains: Sequence[Floats]
) -> Floats:
    """Σ w w' D_i Π_{j ≠ b} (m m' + C_j) of each member of one block, (i, k)."""
    rows = np.flatnonzero(products.functions[:, b])
    others = np.ones((len(rows), len(rows)))
    for j, mean in enumerate(means):
        at = products.functions[rows, j]
        own = np.flatnonzero(at)
        if j == b or not len(own):
            continue
        middle, pairs = mean[at[own]], np.ix_(own, own)
        both = others[pairs] * (np.outer(middle, middle) + spreads[j][np.ix_(at[own], at[own])])
        others[own] *= middle[:, None]
        others[:, own] *= middle
        others[pairs] = both
    at = products.functions[rows, b]
    weights = products.weights[rows][:, :, 0]
    return np.array([np.einsum("pk,pk->k", (others * gain[np.ix_(at, at)]) @ weights, weights) for gain in gains])


def _mean(products: Products, means: Sequence[Floats]) -> Floats:
    terms = np.ones(len(products.functions))
    for b, mean in enumerate(means):
        terms *= mean[products.functions[:, b]]
    found: Floats = terms @ products.weights[:, :, 0]
    return found
