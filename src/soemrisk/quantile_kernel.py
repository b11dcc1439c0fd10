"""Tables of quantile functions read in compiled code: the fast twins of the slow ways, to the bit.

Short loops over a few hundred points, so that the compiler can use wide registers and what they hand on stays in the
nearest cache. What takes longest is to look up coefficients point by point. Points of a Sobol' sequence lie one in each
of as many equal intervals: they are put in order without comparing any, and then neighbours mostly share a cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from soemrisk.compiling import compiled, inner


def room(size: int) -> tuple[Any, ...]:
    """Memory that the functions here work in, for so many points at a time; a call needs its own."""
    size = -(-size // 16) * 16  # whole groups
    tail, whole, ordered, values = np.empty((4, size))
    cell, rank = np.empty((2, size), dtype=np.int64)
    placing = cell, tail, tail.view(np.int64), whole.view(np.int64)
    grouped = cell.reshape(-1, 16), whole.reshape(-1, 16), values.reshape(-1, 16)
    return cell, whole, placing, (rank, ordered, ordered.view(np.int64), values), grouped


@inner
def _placed(  # pragma: no cover - compiled
    points: Any, layout: Any, room: Any
) -> None:
    """Row of the table of each point, and its place in the cell from 1 to 2."""
    parts, cells = layout
    cell, tail, tail_bits, argument_bits = room
    first = (1023 - 53) << parts  # exponent and first bits of the mantissa of 2^-53
    for i in range(len(points)):
        below = points[i]
        above = 1.0 - below
        tail[i] = min(below, above)
        cell[i] = cells + 3 if below > above else 1
    for i in range(len(points)):
        place = (tail_bits[i] >> (52 - parts)) - first
        cell[i] += min(max(place, -1), cells)
        argument_bits[i] = ((tail_bits[i] << parts) & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000


@inner
def _value(coefficients: Any, c: int, whole: float) -> float:  # pragma: no cover - compiled
    """Polynomial of a cell at a place from 1 to 2."""
    t = whole - 1.5
    square = t * t
    even, odd = coefficients[c, 8], coefficients[c, 9]
    even, odd = even * square + coefficients[c, 6], odd * square + coefficients[c, 7]
    even, odd = even * square + coefficients[c, 4], odd * square + coefficients[c, 5]
    even, odd = even * square + coefficients[c, 2], odd * square + coefficients[c, 3]
    even, odd = even * square + coefficients[c, 0], odd * square + coefficients[c, 1]
    found: float = even + t * odd
    return found


@compiled
def read(  # pragma: no cover - compiled
    coefficients: Any, points: Any, layout: Any, room: Any, found: Any
) -> None:
    """Values of a table at points of the unit interval, as ``quantile_tables.read_slowly``.

    Parameters
    ----------
    coefficients : (2 (c + 2), 10) float64
        Of the polynomials, cell by cell; NaN where the exact function is asked.
    points : (n,) float64
    layout : tuple of int
        Bits of the mantissa that choose the cell, and c, the number of cells of a tail.
    room : tuple
        From ``room``.
    found : (n,) float64
        Filled.
    """
    cell, whole, placing, _, _ = room
    size = len(cell)
    for start in range(0, len(points), size):
        part = points[start : start + size]
        _placed(part, layout, placing)
        out = found[start : start + size]
        for i in range(len(out)):
            out[i] = _value(coefficients, cell[i], whole[i])


@inner
def _put_in_order(points: Any, rank: Any, ordered: Any, taken: Any) -> bool:  # pragma: no cover - compiled
    """Order points that lie one in each of n equal intervals, n a power of two; False where they do not."""
    count = len(points)
    for i in range(count):
        rank[i] = min(max(np.int64(points[i] * count), 0), count - 1)
        taken[i] = 0
    for i in range(count):
        ordered[rank[i]] = points[i]
    free = 0
    for i in range(count):
        free += 1 if taken[i] == 0 else 0
    return free == 0


@inner
def _in_groups(  # pragma: no cover - compiled
    coefficients: Any, cell: Any, whole: Any, found: Any, groups: int
) -> None:
    """Values at rising points, (g, 16): a group that begins and ends in one cell is in it."""
    for g in range(groups):
        if cell[g, 0] == cell[g, 15]:
            c = cell[g, 0]
            even_0, even_2, even_4 = coefficients[c, 0], coefficients[c, 2], coefficients[c, 4]
            even_6, even_8, odd_1 = coefficients[c, 6], coefficients[c, 8], coefficients[c, 1]
            odd_3, odd_5, odd_7, odd_9 = coefficients[c, 3], coefficients[c, 5], coefficients[c, 7], coefficients[c, 9]
            for j in range(16):  # as ``_value``, with what is looked up in registers
                t = whole[g, j] - 1.5
                square = t * t
                even = even_8 * square + even_6
                even = even * square + even_4
                even = even * square + even_2
                even = even * square + even_0
                odd = odd_9 * square + odd_7
                odd = odd * square + odd_5
                odd = odd * square + odd_3
                odd = odd * square + odd_1
                found[g, j] = even + t * odd
        else:
            for j in range(16):
                found[g, j] = _value(coefficients, cell[g, j], whole[g, j])


@compiled
def read_columns(  # pragma: no cover - compiled
    tables: Any, places: Any, points: Any, frame: Any, room: Any, found: Any, missing: Any
) -> None:
    """Values of several tables, each at points of its own, as ``quantile_columns.read_columns_slowly``.

    Parameters
    ----------
    tables : (t, 2 (c + 2), 10) float64
    places : (t, 2) int64
        Row of the points that each table is read at, and row of what is found.
    points : (d, n) float64
    frame : tuple of int
        Bits of the mantissa that choose the cell, c, and how many points are taken at once.
    room : tuple
        From ``room``.
    found : (r, n) float64
        Filled in the rows of ``places``.
    missing : (t,) int64
        How many values are NaN, filled.
    """
    layout, size = (frame[0], frame[1]), frame[2]
    cell, whole, placing, ordering, grouped = room
    rank, ordered, taken, values = ordering
    for t in range(len(tables)):
        missing[t] = 0
    for start in range(0, points.shape[1], size):
        source, in_order = -1, False
        for t in range(len(tables)):
            part, out = points[places[t, 0], start : start + size], found[places[t, 1], start : start + size]
            count = len(part)
            if places[t, 0] != source:  # else it is known where its points lie
                source = places[t, 0]
                in_order = count >= 16 and count & (count - 1) == 0 and _put_in_order(part, rank, ordered, taken)
                _placed(ordered[:count] if in_order else part, layout, placing)
            if in_order:
                _in_groups(tables[t], grouped[0], grouped[1], grouped[2], count // 16)
                for i in range(count):
                    out[i] = values[rank[i]]
            else:
                for i in range(count):
                    out[i] = _value(tables[t], cell[i], whole[i])
            absent = 0
            for i in range(count):
                absent += 1 if out[i] != out[i] else 0
            missing[t] += absent
