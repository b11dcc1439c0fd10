"""Quantiles for draws, by tables: what a table is, how it is made and checked, and the one door for all that draws.

With v = min(u, 1 − u), the exponent of v and the first two bits of its mantissa choose a cell, and the rest of the
mantissa is the argument of a polynomial of degree 9; both tails have cells of their own, down to v = 2^-53. So a cell
is never wider than a quarter of its distance from the end, where a quantile function bends most. A cell whose
polynomial misses the exact function, or does not rise, is empty, and its points go to the exact function; so do points
outside all cells. Kinks, plateaus and steps are therefore exact.

Apart from ``families``, whose functions are exact: whatever is no draw asks them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soemrisk.families import FAMILIES
from soemrisk.family import Array, Family, Parameters
from soemrisk.quantile_grid import CELLS, DEGREE, PARTS, grid

Cells = NDArray[np.int64]

ACCEPTED = 5e-11  # largest error at a check, of max(|x|, IQR/1000): a twentieth, which a hidden step shows at least
NEAR_ZERO = 4e-10  # and of the smallest of that among the cells that share nodes: smooth errors are alike there
FALL = 8 * 2.0**-52  # of the largest value of a cell: what rounding may take from a rising polynomial
MOST_TABLES = 4096  # kept in a process, 34 kB each; Sobol' points have as many dimensions
FEW = 2**20  # points that the slow twin reads in less time than the compiler takes to load
MANTISSA, ONE = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000

_BUILDING = threading.Lock()  # threads that need the same table wait for it


def values(family: str, parameters: Parameters, points: ArrayLike) -> Array:
    r"""Quantiles as ``families.quantile`` has them, fast: what every draw is made by.

    Parameters
    ----------
    family : str
        A key of the family table.
    parameters : mapping
        Accepted ones: they are not looked at again.
    points : array_like
        Probabilities strictly between 0 and 1, any shape.

    Returns
    -------
    ndarray of float64, shape of ``points``
        Within 1e-9 of max(\|x\|, IQR/1000) of the exact function. A value depends on its point alone, not on what else
        is asked with it.

    Notes
    -----
    Families whose exact function costs no more than a look-up (``Family.tabled``) are asked themselves.

    Examples
    --------
    >>> values("normal", {"mean": 10.0, "sd": 2.0}, [0.5, 0.9]).round(6).tolist()
    [10.0, 12.563103]
    """
    row = FAMILIES[family]
    shaped = np.asarray(points, dtype=np.float64)
    if not row.tabled:
        return np.asarray(row.quantile(shaped, parameters), dtype=np.float64)
    flat = np.ascontiguousarray(shaped.ravel())
    location, scale, standard = row.standard(parameters)
    found = location + scale * read(coefficients(family, standard), flat)
    empty = np.flatnonzero(np.isnan(found))
    if empty.size:
        found[empty] = row.quantile(flat[empty], parameters)
    return found.reshape(shaped.shape)


def read(table: Array, points: Array) -> Array:
    """Values of a table; NaN where the exact function has to be asked.

    Parameters
    ----------
    table : (2 (c + 2), 10) float64
        From ``coefficients``.
    points : (n,) float64

    Returns
    -------
    (n,) float64
        The same bytes from the compiled twin and the slow one, so that it does not matter which is used: a process
        that has compiled code at hand uses it, another one loads it for many points only.
    """
    if len(points) < FEW and "numba" not in sys.modules:
        return read_slowly(table, points)
    from soemrisk import quantile_kernel

    found = np.empty(len(points))
    quantile_kernel.read(table, points, (PARTS, CELLS), quantile_kernel.room(256), found)
    return found


def read_slowly(table: Array, points: Array) -> Array:
    """Values of a table in plain numpy, as ``quantile_kernel.read``.

    Parameters
    ----------
    table : (2 (c + 2), 10) float64
    points : (n,) float64

    Returns
    -------
    (n,) float64
    """
    cell, t = _placed(points)
    chosen = table[cell].T
    square = t * t
    even, odd = chosen[DEGREE - 1], chosen[DEGREE]
    for power in range(DEGREE - 3, -1, -2):
        even = even * square + chosen[power]
        odd = odd * square + chosen[power + 1]
    found: Array = even + t * odd
    return found


def _placed(points: Array) -> tuple[Cells, Array]:
    """Row of the table, and place in the cell from −½ to ½."""
    above = 1.0 - points
    bits = np.minimum(points, above).view(np.int64)
    place = (bits >> (52 - PARTS)) - ((1023 - 53) << PARTS)
    cell = np.clip(place, -1, CELLS) + np.where(points > above, CELLS + 3, 1)
    return cell, (((bits << PARTS) & MANTISSA) | ONE).view(np.float64) - 1.5


def coefficients(family: str, parameters: Parameters) -> Array:
    """Table of a quantile function, made once in a process.

    Parameters
    ----------
    family : str
    parameters : mapping
        Accepted ones.

    Returns
    -------
    (2 (c + 2), 10) float64, read-only
        Coefficients of rising powers, cell by cell from 2^-53 to the median, the lower tail first. Before and after
        the c cells of a tail one row for points outside. NaN: ask the exact function.
    """
    with _BUILDING:
        return _coefficients(family, _frozen(parameters))


@lru_cache(maxsize=MOST_TABLES)
def _coefficients(family: str, frozen: Hashable) -> Array:
    found = build(FAMILIES[family], _thawed(frozen))
    found.setflags(write=False)
    return found


def side_by_side(distributions: Sequence[tuple[str, Parameters]]) -> tuple[Array, Cells, Array]:
    """Tables of several quantile functions as one array; kept until others are asked for.

    Parameters
    ----------
    distributions : sequence of (family, parameters)
        Accepted ones, of families with tables; t of them.

    Returns
    -------
    tables : (k, 2 (c + 2), 10) float64, read-only
        Those that differ.
    which : (t,) int64, read-only
        The table of each distribution.
    scales : (t, 2) float64, read-only
        What is added to its values, and what these are multiplied by.
    """
    with _BUILDING:
        return _side_by_side(tuple((family, _frozen(parameters)) for family, parameters in distributions))


@lru_cache(maxsize=1)
def _side_by_side(distributions: tuple[tuple[str, Hashable], ...]) -> tuple[Array, Cells, Array]:
    different: dict[tuple[str, Hashable], int] = {}
    which, scales = np.empty(len(distributions), dtype=np.int64), np.empty((len(distributions), 2))
    for t, (family, frozen) in enumerate(distributions):
        *scales[t], standard = FAMILIES[family].standard(_thawed(frozen))
        which[t] = different.setdefault((family, _frozen(standard)), len(different))
    tables = np.empty((len(different), 2 * (CELLS + 2), DEGREE + 1))
    for table, (family, frozen) in zip(tables, different, strict=True):
        table[:] = _coefficients(family, frozen)
    for found in (tables, which, scales):
        found.setflags(write=False)
    return tables, which, scales


def _frozen(value: object) -> Hashable:
    if isinstance(value, float | int | str):  # most are, and to ask whether it is a mapping takes long
        return value
    if isinstance(value, Mapping):
        return frozenset((name, _frozen(one)) for name, one in value.items())
    if isinstance(value, list | tuple | np.ndarray):
        return tuple(map(_frozen, value))
    return value


def _thawed(frozen: Hashable) -> Parameters:
    return {name: _alive(one) for name, one in frozen}  # type: ignore[attr-defined]


def _alive(value: Hashable) -> object:
    if isinstance(value, frozenset):
        return _thawed(value)
    return tuple(map(_alive, value)) if isinstance(value, tuple) else value


# Building -------------------------------------------------------------------------------------------------------


def build(row: Family, parameters: Parameters) -> Array:
    """Make a table, and check it.

    Parameters
    ----------
    row : Family
    parameters : mapping
        Accepted ones.

    Returns
    -------
    (2 (c + 2), 10) float64

    Notes
    -----
    A cell is kept if its polynomial is close to the exact function between the nodes, and if it rises between the ends
    of the support, as the coefficients of Bernstein's polynomials show: it is a mean of them (Farouki 2012, Comput.
    Aided Geom. Des. 29:379). Cells that share nodes stand or fall together. So what is kept meets its
    neighbours in a node, and whatever the exact function does there, the whole rises as that does.
    """
    on = grid()
    x = np.asarray(row.quantile(on.points, parameters), dtype=np.float64).reshape(2, -1)
    nodes, exact = x[:, : on.nodes], x[:, on.nodes :].ravel()
    table, sizes = _fitted(nodes, row.support(parameters))
    iqr = np.ptp(x.ravel()[np.isin(on.points, (0.25, 0.75))])
    smallest = np.full(len(table), np.inf)  # of all cells that share nodes: where x passes 0, the IQR counts
    np.minimum.at(smallest, on.together, np.maximum(sizes, iqr / 1000))
    checked = on.points.reshape(2, -1)[:, on.nodes :].ravel()
    cell = _placed(checked)[0]
    wrong = np.isnan(table[:, 0])
    here = ACCEPTED * np.maximum(np.abs(exact), iqr / 1000)
    allowed = np.minimum(here, NEAR_ZERO * smallest[on.together[cell]])
    wrong[cell[~(np.abs(read_slowly(table, checked) - exact) <= allowed)]] = True
    lost = np.zeros(len(table), dtype=np.bool_)
    lost[on.together[wrong]] = True
    table[lost[on.together]] = np.nan
    return table


def _fitted(nodes: Array, ends: tuple[float, float]) -> tuple[Array, Array]:
    """Coefficients from the values at the nodes of both tails, NaN where a polynomial does not rise inside the ends.

    And the smallest |x| of each row.
    """
    on = grid()
    pieces = np.split(nodes, on.pieces, axis=1)
    at_nodes = [_applied(matrix, piece) for matrix, piece in zip(on.wide, pieces, strict=False)]
    cells = np.concatenate([*at_nodes, pieces[-1]], axis=1).reshape(2, CELLS, DEGREE + 1)
    origin = cells[:, :, :1]
    table = np.full((2, CELLS + 2, DEGREE + 1), np.nan)
    with np.errstate(invalid="ignore", over="ignore"):
        found = _applied(on.monomial, cells - origin)
        bounds = _applied(on.bernstein, found)
        steps = np.diff(bounds, axis=2) * np.array([1.0, -1.0])[:, None, None]
        rises = steps >= -FALL * np.abs(cells).max(axis=2, keepdims=True)
        bounds += origin
        found[:, :, :1] += origin
        inside = (bounds >= ends[0]) & (bounds <= ends[1])
    table[:, 1:-1] = np.where((rises.all(axis=2) & inside.all(axis=2))[:, :, None], found, np.nan)
    sizes = np.full((2, CELLS + 2), np.inf)
    sizes[:, 1:-1] = np.maximum(np.maximum(cells.min(axis=2), -cells.max(axis=2)), 0.0)
    return table.reshape(-1, DEGREE + 1), sizes.ravel()


def _applied(matrix: Array, rows: Array) -> Array:
    """Product of a matrix with each row, in an order of sums that no library decides."""
    found: Array = np.einsum("ij,...j->...i", matrix, rows, optimize=False)
    return found
