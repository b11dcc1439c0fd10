"""Means and second moments of the functions of each block: all that variances of a sum of products need.

One input has them from the family table, or from nodes of its quantile function; a vector has them from draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import Plan, points
from soemrisk.families import FAMILIES
from soemrisk.model import Model
from soemrisk.products import (
    Block,
    Products,
    as_products,
    blocks_of,
    column_values,
    discount_is_certain,
    discounts,
    function_values,
)
from soemrisk.quadrature import nodes
from soemrisk.transform import values_at

Floats = NDArray[np.float64]

SAMPLE = 2**14  # points of each replicate for vectors
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
    of_rates = [inputs for _, inputs in blocks_of(model) if set(inputs.tolist()) & set(model.discount.tolist())]
    found = nodes([_distribution(model, int(q)) for q in of_rates[0]])
    values = dict(zip(of_rates[0].tolist(), found.values, strict=True))
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
            mean, spread = FAMILIES[family].mean(parameters), FAMILIES[family].sd(parameters)
            means.append(np.array([1.0, mean]))
            deviations.append(np.diag([0.0, spread**2]))
            continue
        values, weights = (drawn, None) if block.vector else nodes_of(products.model, block)
        functions = function_values(products, block, values)
        mean_of = np.average(functions, axis=0, weights=weights)
        apart = functions - mean_of
        means.append(mean_of)
        deviations.append(apart.T @ (apart if weights is None else apart * weights[:, None]) / _mass(weights, apart))
    return Moments(means=tuple(means), deviations=tuple(deviations))


def _mass(weights: Floats | None, apart: Floats) -> float:
    return float(len(apart)) if weights is None else float(weights.sum())


def nodes_of(model: Model, block: Block, breaks: Sequence[float] = ()) -> tuple[dict[int, Floats], Floats]:
    """Nodes of the inputs of a block that is drawn from one point.

    Parameters
    ----------
    model : Model
    block : Block
    breaks : sequence of float
        Levels at which what is to be integrated has a kink.

    Returns
    -------
    (values, weights)
        Values (n,) by position of the input or of what is derived from it; weights (n,).
    """
    found = nodes([_distribution(model, int(q)) for q in block.inputs], breaks)
    if not model.bands:
        return dict(zip(block.inputs.tolist(), found.values, strict=True)), found.weights
    stated = np.tile(model.stated, (len(found.weights), 1))
    stated[:, block.inputs] = found.values.T
    return column_values(model.derive(stated)), found.weights


def _drawn(products: Products, plan: Plan, replicate: int) -> dict[int, Floats]:
    """Draws of all vectors of one replicate, by position of the input or of what is derived from it."""
    vectors = [block for block in products.blocks if block.vector]
    if not vectors:
        return {}
    columns = sorted({int(column) for block in vectors for column in block.columns})
    model = products.model
    cube = np.full((plan.size, len(model.columns)), 0.5, order="F")
    cube[:, columns] = points(plan, [model.columns[column] for column in columns], replicate)
    moving = {int(q) for block in vectors for q in block.inputs}
    kept = np.array([int(q) in moving for q in model.uncertain], dtype=np.bool_)
    values = values_at(replace(model, uncertain=model.uncertain[kept], column=model.column[kept]), cube)
    return column_values(values)
