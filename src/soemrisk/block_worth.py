"""What it is worth to know one block before the decision, as a one-dimensional integral of what is avoided.

Apart from ``information``, which asks for many blocks and for groups of them. All outcomes of a block, and all
replicates of the moments of other blocks, are one integral: its nodes depend on the distribution alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.families import FAMILIES
from soemrisk.moments import BlockNodes, block_values, nodes_of
from soemrisk.product_values import function_values
from soemrisk.products import Block, Products
from soemrisk.quadrature import FIRST, LAST

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALVINGS = 60  # of the interval in which a sign changes
AT_ONCE = 64  # outcomes of a curve that are integrated over the same nodes: each may add a panel for all of them


def avoided(conditional: Floats, mean: Floats) -> Floats:
    """What is avoided by deciding anew: losses if one would say yes, gains if one would say no.

    Parameters
    ----------
    conditional : (n, k) float64
        Expected net result given what has been found out, kr.
    mean : (k,) float64
        Expected net result now, kr.

    Returns
    -------
    (n, k) float64
        Not negative; its mean is E max(conditional, 0) − max(mean, 0), since the conditional means average to the
        mean (Raiffa and Schlaifer 1961, *Applied Statistical Decision Theory*, ch. 4).

    Examples
    --------
    >>> avoided(np.array([[-1.0], [3.0]]), np.array([1.0])).ravel().tolist()
    [1.0, 0.0]
    """
    return np.maximum(np.where(mean > 0, -conditional, conditional), 0.0)


def of_one_block(products: Products, block: Block, coefficients: Floats) -> Floats:
    """EVPPI of a block that is drawn from one point, as a one-dimensional integral.

    Parameters
    ----------
    products : Products
    block : Block
        Not a vector.
    coefficients : (m, k) float64
        Of its functions, for example from ``closed_form.conditional_coefficients``; E[f | block] by outcome.

    Returns
    -------
    (k,) float64, kr.
        To about ten digits of the standard deviation; panels of the integral end where the sign changes.
    """
    with one_thread():
        if block.plain:
            return _of_lines(products, block, coefficients)
        found = nodes_of(products, block)
        functions = function_values(products, block, found.values)
        several = np.array_split(coefficients, max(1, -(-coefficients.shape[1] // AT_ONCE)), axis=1)
        return np.concatenate([_of_curves(products, block, (found, functions), some) for some in several])


def of_replicates(products: Products, block: Block, tables: Sequence[Floats]) -> Floats:
    """As ``of_one_block``, for coefficients (m, k) of several replicates at once, (r, k)."""
    return of_one_block(products, block, np.concatenate(tables, axis=1)).reshape(len(tables), -1)


def _of_lines(products: Products, block: Block, coefficients: Floats) -> Floats:
    """EVPPI of an input that net is a line in: sums of its nodes from one end up to the zero of each outcome.

    c + s x has the other sign than its mean on one side of its zero, so only that side is integrated, and sums over
    the nodes of w and of w x do for all outcomes: Σ w (c + s x) = c Σ w + s Σ w x, with x from its mean.
    """
    distribution = products.model.inputs[int(block.inputs[0])].distribution
    assert distribution.family is not None
    family, parameters = FAMILIES[distribution.family], distribution.parameters
    centre = family.mean(parameters)
    slope, mean = coefficients[1], coefficients[0] + coefficients[1] * centre
    sloping = np.flatnonzero(slope)
    zeros = -coefficients[0][sloping] / slope[sloping]
    levels = np.asarray(family.cdf(zeros, parameters))
    below = (mean[sloping] > 0) == (slope[sloping] > 0)  # where the sign is another
    kept = np.where(below, levels > FIRST, levels < LAST)
    sloping, zeros, levels, below = sloping[kept], zeros[kept], levels[kept], below[kept]
    value = np.zeros(len(slope))
    if not len(sloping):
        return value
    between = (0.0 if below.any() else float(levels.min()), float(levels.max()) if below.all() else 1.0)
    found = nodes_of(products, block, np.unique(levels), between)
    apart = found.values[int(block.inputs[0])] - centre
    count = np.searchsorted(apart, zeros - centre)
    weighted = np.stack([found.weights, found.weights * apart])
    upwards = np.cumsum(np.pad(weighted, ((0, 0), (1, 0))), axis=1)[:, count]
    downwards = np.cumsum(np.pad(weighted[:, ::-1], ((0, 0), (1, 0))), axis=1)[:, weighted.shape[1] - count]
    weight, moment = np.where(below, upwards, downwards)
    value[sloping] = avoided(mean[sloping] * weight + slope[sloping] * moment, mean[sloping])
    return value


def _of_curves(products: Products, block: Block, known: tuple[BlockNodes, Floats], coefficients: Floats) -> Floats:
    """EVPPI of other blocks, from their nodes and the functions at these, (n, m)."""
    found, functions = known

    def conditional(levels: Floats, outcomes: Ints) -> Floats:
        values = block_values(products.model, block, levels)
        drawn: Floats = np.einsum("nm,mn->n", function_values(products, block, values), coefficients[:, outcomes])
        return drawn

    at_nodes = functions @ coefficients
    breaks = _changes_of_sign(found.levels, at_nodes, conditional)
    if len(breaks):
        found = nodes_of(products, block, breaks)
        at_nodes = function_values(products, block, found.values) @ coefficients
    value: Floats = found.weights @ avoided(at_nodes, found.weights @ at_nodes)
    return value


def _changes_of_sign(levels: Floats, at_nodes: Floats, conditional: Callable[[Floats, Ints], Floats]) -> Floats:
    """Levels between nodes at which some outcome changes its sign, by halving."""
    positive = at_nodes > 0
    before, outcome = np.nonzero(positive[1:] != positive[:-1])
    if not len(before):
        return np.empty(0)
    low, high = levels[before], levels[before + 1]
    start = positive[before, outcome]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = (conditional(middle, outcome) > 0) == start
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.unique(high)
