"""What a sum of products gains when some of its blocks are drawn anew: only the products that they touch change.

    f(A_B) − f(A) = Σ_{p touched} weights[p] (Π_{swapped} g(B) − Π_{swapped} g(A)) Π_{others} g(A)

So all inputs of a scenario cost little more than one evaluation. Two ways that agree: by this formula as arrays of
outcomes (``swaps_of_products``), and compiled, with sums that products share taken out (``sums_of_products``). Letters:
n points, p products, k outcomes, m functions of all blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.pick_freeze import PIECE, Drawn, PieceSums, Source, Summing, Swaps
from soemrisk.product_values import column_values, function_values, plain_column
from soemrisk.products import Products
from soemrisk.quantile_columns import quantile_columns, read_columns
from soemrisk.shared_sums import SharedSums, shared_sums, steps_of
from soemrisk.transform import values_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KEPT = 2  # sums of the last products
NO_ROOM = np.empty((0, 0))  # nothing to fill: new memory is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touched:
    """Products that the swap of some blocks changes. Rows of the functions of all blocks; row 0 is 1.

    Attributes
    ----------
    inside, outside : (e, p) int
        Factors of each product among the swapped blocks and among the others, filled up with row 0.
    weights : (k, p)
    """

    inside: Ints
    outside: Ints
    weights: Floats


def block_names(products: Products) -> tuple[str, ...]:
    """Name of each block: the path of its input; those of all its inputs, joined by " + ", where it is a vector."""
    names = []
    for block in products.blocks:
        paths = members(products, block.inputs) if block.vector else (block.path,)
        names.append(" + ".join(paths))
    return tuple(names)


def members(products: Products, inputs: Ints) -> tuple[str, ...]:
    """Paths of inputs; steps of one quantity have one path."""
    return tuple(dict.fromkeys(products.model.inputs[int(q)].path.split("@")[0] for q in inputs))


def net_weights(products: Products) -> Floats:
    """Weights of the net result by actor, (k, p); the total first."""
    return np.ascontiguousarray(products.weights[:, :, 0].T)


def swaps_of_products(products: Products, groups: Sequence[Collection[int]], *, back: bool) -> Source:
    """Source of the net result of a scenario by actor.

    Parameters
    ----------
    products : Products
    groups : sequence of collection of int
        Numbers of the blocks that are swapped together, one collection for each input.
    back : bool
        Whether swaps from A into B are evaluated too.

    Returns
    -------
    callable
        Source for ``accumulate``; coordinates are the columns of the model. The slow twin of ``sums_of_products``.
    """
    rows = _function_rows(products)
    weights = net_weights(products)
    whole = _whole(rows, weights)
    touched = [_touched(rows, weights, group) for group in groups]
    table_at = function_tables(products)

    def source(a_points: Floats, b_points: Floats) -> Swaps:
        a, b = (table_at(points, len(points), NO_ROOM) for points in (a_points, b_points))
        gains = np.array([_gain(one, a, b) for one in touched]).reshape(len(touched), len(weights), len(a_points))
        returns = np.array([_gain(one, b, a) for one in touched]).reshape(gains.shape) if back else None
        return Swaps(at_a=_sum_of(whole, a), at_b=_sum_of(whole, b), gains=gains, back=returns)

    return source


def sums_of_products(products: Products, groups: Sequence[Collection[int]], *, back: bool) -> Summing:
    """Sums of the net result of a scenario by actor, as ``swaps_of_products`` and without its arrays.

    Parameters
    ----------
    products, groups, back
        As ``swaps_of_products``.

    Returns
    -------
    callable
        For ``accumulate_sums``; coordinates are the columns of the model.
    """
    from soemrisk.swap_kernel import TILE, gain_sums

    whole, shared = _shared(products)
    steps = steps_of(shared, _rows_of_blocks(products), groups)
    table_at = function_tables(products)

    def summing(drawn: Drawn) -> Iterator[tuple[Floats, Sequence[PieceSums]]]:
        origin: Floats | None = None
        table = NO_ROOM
        for points, size in drawn:
            table, pieces, tiles = table_at(points, size, table), len(points) // size // 2, -(-size // TILE)
            origin = _sum_of(whole, table[:, :size]).mean(axis=1) if origin is None else origin
            tiled: Floats = table
            if size % TILE:  # fill up the one tile of each piece
                tiled = np.pad(table.reshape(len(table), 2 * pieces, size), ((0, 0), (0, 0), (0, TILE - size)))
            tiled = tiled.reshape(len(table), 2 * pieces * tiles, TILE)
            starts = [(piece * tiles, (pieces + piece) * tiles, size) for piece in range(pieces)]
            yield origin, [gain_sums(tiled, at, shared, steps, origin, back=back) for at in starts]

    return summing


@lru_cache(maxsize=KEPT)
def _shared(products: Products) -> tuple[_Touched, SharedSums]:
    """The whole sum, and what its products share; kept, since both are the same whatever is swapped."""
    rows, weights = _function_rows(products), net_weights(products)
    return _whole(rows, weights), shared_sums(rows, weights)


def _whole(rows: Ints, weights: Floats) -> _Touched:
    return _Touched(inside=_packed(rows), outside=_packed(rows[:, :0]), weights=weights)


def _rows_of_blocks(products: Products) -> list[range]:
    """Rows of each block in the table of all functions; row 0 is the constant 1."""
    ends = np.cumsum([1] + [len(block.functions) - 1 for block in products.blocks]).tolist()
    return [range(first, end) for first, end in pairwise(ends)]


def _function_rows(products: Products) -> Ints:
    """Row of each factor in the table of all functions, (p, b); 0, the constant 1, where a block is no factor."""
    before = np.array([rows.start - 1 for rows in _rows_of_blocks(products)], dtype=np.int64)
    rows: Ints = np.where(products.functions > 0, products.functions + before, 0).astype(np.int64)
    return rows


def function_tables(products: Products) -> Callable[[Floats, int, Floats], Floats]:
    """From points of the unit cube to values of the functions of all blocks.

    Parameters
    ----------
    products : Products

    Returns
    -------
    callable
        From points, (n, d), how many of them in turn are evenly spread, and a table to fill, to the table, (1 + m, n);
        its first row is 1. A table of another shape than the one to fill is a new one.
    """
    model = products.model
    listed = list(zip(products.blocks, _rows_of_blocks(products), strict=True))
    columns = [(block, int(block.columns[0]), rows.start) for block, rows in listed if block.plain]
    plain = quantile_columns([plain_column(products, *one) for one in columns])
    others = [(block, slice(rows.start, rows.stop)) for block, rows in listed if not block.plain]
    kept = np.isin(model.uncertain, [q for block, _ in others for q in block.inputs])
    rest = replace(model, uncertain=model.uncertain[kept], column=model.column[kept])
    size = listed[-1][1].stop if listed else 1

    def table_at(points: Floats, together: int, room: Floats) -> Floats:
        table = room if room.shape == (size, len(points)) else np.empty((size, len(points)))
        table[0] = 1.0
        read_columns(plain, np.ascontiguousarray(points.T), table, together)
        by_position = column_values(values_at(rest, points)) if others else {}
        for block, rows in others:
            table[rows] = function_values(products, block, by_position)[:, 1:].T
        return table

    return table_at


def net_outcomes(products: Products, points: Floats) -> Floats:
    """Net result by actor given the inputs at points of the unit cube, (k, n)."""
    whole = _whole(_function_rows(products), net_weights(products))
    table_at = function_tables(products)
    pieces = [points[at : at + PIECE] for at in range(0, len(points), PIECE)]
    return np.concatenate([_sum_of(whole, table_at(piece, len(piece), NO_ROOM)) for piece in pieces], axis=1)


def _touched(rows: Ints, weights: Floats, group: Collection[int]) -> _Touched:
    inside = np.isin(np.arange(rows.shape[1]), list(group))
    those = np.flatnonzero((rows[:, inside] > 0).any(axis=1))
    return _Touched(
        inside=_packed(rows[np.ix_(those, np.flatnonzero(inside))]),
        outside=_packed(rows[np.ix_(those, np.flatnonzero(~inside))]),
        weights=np.ascontiguousarray(weights[:, those]),
    )


def _packed(rows: Ints) -> Ints:
    """Factors of each product side by side, (e, p), with 0 for none where a product has fewer than the longest."""
    longest = int((rows > 0).sum(axis=1).max(initial=0))
    return np.ascontiguousarray(-np.sort(-rows, axis=1)[:, :longest].T)


def _product(rows: Ints, table: Floats, count: int) -> Floats:
    found = np.ones((count, table.shape[1]))
    for one in rows:
        found *= table[one]
    return found


def _sum_of(whole: _Touched, table: Floats) -> Floats:
    with one_thread():
        found: Floats = whole.weights @ _product(whole.inside, table, whole.weights.shape[1])
    return found


def _gain(touched: _Touched, base: Floats, other: Floats) -> Floats:
    count = touched.weights.shape[1]
    moved = _product(touched.inside, other, count) - _product(touched.inside, base, count)
    with one_thread():
        found: Floats = touched.weights @ (moved * _product(touched.outside, base, count))
    return found
