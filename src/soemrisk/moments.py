"""Means and second moments of the functions of each block: all that variances of a sum of products need.

One input has them from the family table, or from nodes of its quantile function; a vector has them from draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.design import Plan, points
from soemrisk.families import FAMILIES
from soemrisk.model import Model, ints
from soemrisk.product_values import column_values, function_values
from soemrisk.products import Block, Factor, Products, as_products, blocks_of, discount_is_certain, discounts
from soemrisk.quadrature import nodes
from soemrisk.transform import values_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PARTS = 1e-14  # of the largest singular value of the discount factors: below is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """First and second moments of the functions of each block.

    Attributes
    ----------
    means : tuple of (m,)
        1 for function 0.
    deviations : tuple of (m, m)
        Covariances; the second moments are these and the products of the means.
    """

    means: tuple[Floats, ...]
    deviations: tuple[Floats, ...]


def products_of(model: Model) -> Products:
    """Take a model apart, with as few parts of uncertain discount factors as their nodes need.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Products
    """
    if discount_is_certain(model):
        return as_products(model)
    of_rates = [one for one in blocks_of(model) if set(one[1].tolist()) & set(model.discount.tolist())]
    (columns, inputs), *others = of_rates
    assert not others, "discount rates are one block"
    if len(columns) > 1:
        return as_products(model)
    found = nodes([_distribution(model, int(q)) for q in inputs])
    values = dict(zip(inputs.tolist(), found.values, strict=True))
    weighted = np.sqrt(found.weights)[:, None] * discounts(model, values)
    _, sizes, directions = np.linalg.svd(weighted, full_matrices=False)
    return as_products(model, directions[sizes > PARTS * sizes[0]].T)


def _distribution(model: Model, q: int) -> tuple[str, Mapping[str, object]]:
    distribution = model.inputs[q].distribution
    assert distribution.family is not None
    return distribution.family, distribution.parameters


def moments(products: Products, plan: Plan, replicate: int) -> Moments:
    """Moments of all blocks.

    Parameters
    ----------
    products : Products
    plan : Plan
        Draws of the vectors; not used where there are none.
    replicate : int

    Returns
    -------
    Moments
    """
    drawn = _drawn(products, plan, replicate)
    means, deviations = [], []
    for block in products.blocks:
        if block.plain:
            family, parameters = _distribution(products.model, int(block.inputs[0]))
            means.append(np.array([1.0, FAMILIES[family].mean(parameters)]))
            deviations.append(np.array([[0.0, 0.0], [0.0, FAMILIES[family].sd(parameters) ** 2]]))
            continue
        found = None if block.vector else nodes_of(products, block)
        functions = function_values(products, block, drawn if found is None else found.values)
        weights = np.full(len(functions), 1 / len(functions)) if found is None else found.weights
        with one_thread():
            mean_of = weights @ functions
            apart = functions - mean_of
            spread = apart.T @ (apart * weights[:, None])
        if not block.vector:
            _set_known(products, block, mean_of, spread)
        means.append(mean_of)
        deviations.append(spread)
    return Moments(means=tuple(means), deviations=tuple(deviations))


def _set_known(products: Products, block: Block, mean: Floats, spread: Floats) -> None:
    """Put mean and sd of the family where a function is the value of one input: nodes cut the furthest tails."""
    for m, factors in enumerate(block.functions):
        q = factors[0].position if len(factors) == 1 and factors[0] == Factor("value", factors[0].position) else None
        if q is not None and q < len(products.model.inputs):
            family, parameters = _distribution(products.model, q)
            mean[m] = FAMILIES[family].mean(parameters)
            ratio = FAMILIES[family].sd(parameters) / np.sqrt(spread[m, m]) if spread[m, m] > 0 else 1.0
            spread[m] *= ratio
            spread[:, m] *= ratio


def pooled(several: Sequence[Moments]) -> Moments:
    """Mean of the moments of all replicates, for what has no error of its own."""
    return Moments(
        means=tuple(np.mean(parts, axis=0) for parts in zip(*(one.means for one in several), strict=True)),
        deviations=tuple(np.mean(parts, axis=0) for parts in zip(*(one.deviations for one in several), strict=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNodes:
    """Nodes of a block that is drawn from one point.

    Attributes
    ----------
    levels, weights : (n,)
        As ``quadrature.Nodes``.
    values : mapping of int to (n,)
        By position of the input or of what is derived from it.
    """

    levels: Floats
    weights: Floats
    values: Mapping[int, Floats]


def nodes_of(
    products: Products,
    block: Block,
    breaks: Sequence[float] | Floats = (),
    between: tuple[float, float] = (0.0, 1.0),
) -> BlockNodes:
    """Nodes of the inputs of a block that is drawn from one point.

    Parameters
    ----------
    products : Products
    block : Block
        Not a vector.
    breaks : sequence of float
        Levels at which what is to be integrated has a kink.
    between : (low, high)
        Levels between which it is integrated.

    Returns
    -------
    BlockNodes
    """
    model = products.model

    def made(values: Floats) -> Floats:
        return function_values(products, block, _with_derived(model, block, values))[:, 1:]

    pairs = [_distribution(model, int(q)) for q in block.inputs]
    found = nodes(pairs, breaks, None if block.plain else made, between)
    values = _with_derived(model, block, found.values)
    return BlockNodes(levels=found.levels, weights=found.weights, values=values)


def block_values(model: Model, block: Block, levels: Floats) -> dict[int, Floats]:
    """Values of the inputs of a block that is drawn from one point, and of what is derived from them.

    Parameters
    ----------
    model : Model
    block : Block
        Not a vector.
    levels : (n,) float64
        Strictly between 0 and 1.

    Returns
    -------
    dict of int to (n,) float64
        By position.
    """
    pairs = [_distribution(model, int(q)) for q in block.inputs]
    return _with_derived(model, block, np.array([FAMILIES[name].quantile(levels, own) for name, own in pairs]))


def _with_derived(model: Model, block: Block, values: Floats) -> dict[int, Floats]:
    """Values by position; of two shares the one that is not drawn is what the other leaves."""
    for simplex in model.simplexes:
        if set(simplex.inputs.tolist()) <= set(block.inputs.tolist()):
            drawn, left = (block.inputs.tolist().index(int(q)) for q in simplex.inputs)  # more would be a vector
            values = values.copy()
            values[left] = 1.0 - values[drawn]
    if not (model.bands or model.derived_rates or model.reciprocals):
        return dict(zip(block.inputs.tolist(), values, strict=True))
    stated = np.tile(model.stated, (values.shape[1], 1))
    stated[:, block.inputs] = values.T
    return column_values(model.derive(stated))


def all_moments(products: Products, plan: Plan) -> tuple[Moments, ...]:
    """Moments from each replicate where vectors are sampled; else once, since nothing depends on draws.

    Parameters
    ----------
    products : Products
    plan : Plan

    Returns
    -------
    tuple of Moments
        One, or ``plan.replicates``.
    """
    sampled = any(block.vector for block in products.blocks)
    return tuple(moments(products, plan, r) for r in range(plan.replicates if sampled else 1))


def _drawn(products: Products, plan: Plan, replicate: int) -> dict[int, Floats]:
    """Draws of all vectors of one replicate, by position of the input or of what is derived from it."""
    vectors = tuple(block for block in products.blocks if block.vector)
    if not vectors:
        return {}
    model = products.model
    columns = sorted({int(column) for block in vectors for column in block.columns})
    drawn = points(plan, [model.columns[column] for column in columns], replicate)
    return vector_values(model, vectors, dict(zip(columns, drawn.T, strict=True)))


def vector_values(model: Model, vectors: Sequence[Block], points_of: Mapping[int, Floats]) -> dict[int, Floats]:
    """Values of the inputs of vectors at points of the columns that they are drawn from; all others as stated.

    Parameters
    ----------
    model : Model
    vectors : sequence of Block
        At least one.
    points_of : mapping of int to (n,) float64
        By column of the model, for each column of the vectors.

    Returns
    -------
    dict of int to (n,) float64
        By position of the input or of what is derived from it.
    """
    columns = tuple(sorted(points_of))
    moving = frozenset(int(q) for block in vectors for q in block.inputs)
    cube = np.stack([points_of[column] for column in columns], axis=1)
    return column_values(values_at(_only(model, moving, columns), cube))


@lru_cache(maxsize=4)
def _only(model: Model, moving: frozenset[int], columns: tuple[int, ...]) -> Model:
    """The model with these inputs as the only uncertain ones, and these columns, which they are drawn from, alone."""
    kept = np.array([int(q) in moving for q in model.uncertain], dtype=np.bool_)
    places = {column: place for place, column in enumerate(columns)}

    def moved(own: Ints) -> Ints:
        return ints([places[int(column)] for column in own])

    def inside(own: Ints) -> bool:
        return set(own.tolist()) <= places.keys()

    return replace(
        model,
        uncertain=model.uncertain[kept],
        column=moved(model.column[kept]),
        columns=tuple(model.columns[column] for column in columns),
        copulas=tuple(replace(one, columns=moved(one.columns)) for one in model.copulas if inside(one.columns)),
        simplexes=tuple(replace(one, columns=moved(one.columns)) for one in model.simplexes if inside(one.columns)),
    )
