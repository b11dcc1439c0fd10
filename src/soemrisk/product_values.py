"""A sum of products at values of its inputs: all of it, with some blocks held, or as a line in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.products import Block, Products, discounts
from soemrisk.quantile_columns import Column

Floats = NDArray[np.float64]

TINY = 1e-9  # of the largest value: what one divides by is above it


def function_values(products: Products, block: Block, values: Mapping[int, Floats]) -> Floats:
    """Functions of a block at values of its inputs.

    Parameters
    ----------
    products : Products
    block : Block
    values : mapping of int to (n,) float64
        By position of the inputs and of what is derived from them.

    Returns
    -------
    (n, m) float64
        The first column is 1.
    """
    model = products.model
    size = len(values[int(block.inputs[0])])
    found = np.ones((size, len(block.functions)))
    needs_discount = any(one.kind == "discount" for factors in block.functions for one in factors)
    rates = discounts(model, values) @ products.parts if needs_discount else None
    for m, factors in enumerate(block.functions):
        for factor in factors:
            if factor.kind == "discount":
                assert rates is not None
                found[:, m] *= rates[:, factor.position]
            else:
                found[:, m] *= values[factor.position] ** factor.power
    return found


def plain_column(products: Products, block: Block, source: int, target: int) -> Column:
    """What the only input of a plain block is drawn from, for ``quantile_columns``: its points, and where values go."""
    distribution = products.model.inputs[int(block.inputs[0])].distribution
    assert distribution.family is not None
    return Column(distribution.family, distribution.parameters, source, target)


def column_values(values: Floats) -> dict[int, Floats]:
    """Columns of a matrix of values by position."""
    return dict(enumerate(values.T))


def evaluate_products(products: Products, values: Floats, held: Mapping[int, Floats] | None = None) -> Floats:
    """The sum of products at n points.

    Parameters
    ----------
    products : Products
    values : (n, q + derived) float64
        From ``transform.values_at``.
    held : mapping of int to (m,) float64, optional
        Blocks that are not drawn: functions' values to use instead, for example their means.

    Returns
    -------
    (n, a, o) float64, kr.
    """
    scale = np.ones(len(products.functions))
    drawn = terms_at(products, values, scale, held or {})
    with one_thread():
        found: Floats = np.tensordot(drawn, products.weights * scale[:, None, None], axes=(0, 0))
    return found


def terms_at(products: Products, values: Floats, scale: Floats, held: Mapping[int, Floats]) -> Floats:
    """Each product of functions at n points, (p, n); what is held is multiplied into ``scale``, (p,), instead."""
    terms = np.ones((len(products.functions), len(values)))
    by_position = column_values(values)
    for b, block in enumerate(products.blocks):
        rows = np.flatnonzero(products.functions[:, b])
        if not len(rows):
            continue
        at = products.functions[rows, b]
        if b in held:
            scale[rows] *= held[b][at]
        else:
            terms[rows] *= function_values(products, block, by_position)[:, at].T
    return terms


def line_in_block(products: Products, values: Floats, terms: Floats, b: int) -> tuple[Floats, Floats]:
    """Net result as a line in the input of a plain block, everything else as given.

    Parameters
    ----------
    products : Products
    values : (n, q + derived) float64
        From ``transform.values_at``.
    terms : (p, n) float64
        From ``terms_at``, nothing held.
    b : int
        Number of a plain block.

    Returns
    -------
    (at zero, per unit) : each (n, a) float64, kr.
    """
    own = values[:, int(products.blocks[b].inputs[0])]
    slopes, constants = np.flatnonzero(products.functions[:, b]), np.flatnonzero(products.functions[:, b] == 0)
    if np.abs(own).min() > TINY * np.abs(own).max():
        others = terms[slopes] / own
    else:
        part = replace(products, functions=products.functions[slopes], weights=products.weights[slopes])
        others = terms_at(part, values, np.ones(len(slopes)), {b: np.ones(2)})
    with one_thread():
        return terms[constants].T @ products.weights[constants, :, 0], others.T @ products.weights[slopes, :, 0]
