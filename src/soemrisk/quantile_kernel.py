"""Tables of quantile functions read in compiled code: the fast twins of the slow ways, to the bit.

Short loops, so that the compiler can use wide registers and what they hand on stays in the nearest cache. What takes
longest is to look up coefficients point by point. Points of a Sobol' sequence lie one in each of as many equal
intervals: they are put in order without comparing any, and then all that share a cell lie in a known place, one run of
neighbours, whose coefficients are read once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from soemrisk.compiling import compiled, inner


def room(size: int) -> tuple[Any, ...]:
    """Memory that the functions here work in, for so many points at a time; a call needs its own."""
    tail, whole, ordered, ends, values = np.empty((5, size))
    cell, rank = np.empty((2, size), dtype=np.int64)
    placing = cell, tail, tail.view(np.int64), whole.view(np.int64)
    return cell, whole, placing, (rank, ordered, ends), values


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
def _put_in_order(points: Any, rank: Any, ordered: Any) -> bool:  # pragma: no cover - compiled
    """Order points that lie one inside each of n equal intervals; False where they do not."""
    count, amiss = len(points), 0
    for i in range(count):
        ordered[i] = -1.0
    for i in range(count):
        place = points[i] * count
        rank[i] = min(max(np.int64(place), 0), count - 1)
        amiss += 1 if rank[i] == place else 0  # on an edge it might lie in the cell before
    for i in range(count):
        ordered[rank[i]] = points[i]
    for i in range(count):
        amiss += 1 if ordered[i] < 0.0 else 0
    return amiss == 0


@inner
def _outermost(count: int, parts: int) -> int:  # pragma: no cover - compiled
    """How many of n ordered points at each end share their cell with too few others, n a power of two."""
    narrow = count // 2
    while narrow >> (parts + 1) >= 16:
        narrow //= 2
    return narrow


@inner
def _along(  # pragma: no cover - compiled
    row: Any, points: Any, slope: float, shift: float, found: Any
) -> None:
    """Polynomial of one cell, as ``_value``, its coefficients in registers; slope and shift give the same argument."""
    even_0, even_2, even_4, even_6, even_8 = row[0], row[2], row[4], row[6], row[8]
    odd_1, odd_3, odd_5, odd_7, odd_9 = row[1], row[3], row[5], row[7], row[9]
    for i in range(len(points)):
        t = points[i] * slope + shift
        square = t * t
        even = even_8 * square + even_6
        even = even * square + even_4
        even = even * square + even_2
        even = even * square + even_0
        odd = odd_9 * square + odd_7
        odd = odd * square + odd_5
        odd = odd * square + odd_3
        odd = odd * square + odd_1
        found[i] = even + t * odd


@inner
def _in_runs(  # pragma: no cover - compiled
    table: Any, layout: Any, ordered: Any, placed: Any, found: Any
) -> int:
    """Values at ordered points, cell by cell, the outermost as ``placed``; how many are NaN."""
    parts, cells = layout
    cell, whole = placed
    count, absent = len(ordered), 0
    outermost = _outermost(count, parts)
    narrow, row = count // 2, 1 + cells
    while narrow > outermost:
        narrow //= 2  # v from narrow to twice as many n-ths
        width = narrow >> parts
        row -= 1 << parts
        steep = float(count // width)
        for part in range(2 << parts):  # of the lower tail, then of the upper one
            upper = part >> parts
            own = part - (upper << parts)
            first, place, of_cell = (
                narrow + own * width,
                own + (1 << parts) + 0.5,
                table[row + own + upper * (cells + 2)],
            )
            if upper:
                first = count - first - width
            slope, shift = (-steep, steep - place) if upper else (steep, -place)
            _along(of_cell, ordered[first : first + width], slope, shift, found[first : first + width])
            absent += width if math.isnan(of_cell[0]) else 0
    for i in range(outermost):
        low, high = _value(table, cell[i], whole[i]), _value(table, cell[outermost + i], whole[outermost + i])
        found[i], found[count - outermost + i] = low, high
        absent += (1 if math.isnan(low) else 0) + (1 if math.isnan(high) else 0)
    return absent


@inner
def _looked_up(table: Any, placed: Any, found: Any) -> int:  # pragma: no cover - compiled
    """Values point by point; how many are NaN."""
    cell, whole = placed
    absent = 0
    for i in range(len(found)):
        found[i] = _value(table, cell[i], whole[i])
    for i in range(len(found)):
        absent += 1 if found[i] != found[i] else 0
    return absent


@compiled
def read_columns(  # pragma: no cover - compiled
    tables: Any, places: Any, scales: Any, points: Any, frame: Any, room: Any, found: Any, missing: Any
) -> None:
    """Values of several inputs, each at points of its own, as ``quantile_columns.read_columns_slowly``.

    Parameters
    ----------
    tables : (k, 2 (c + 2), 10) float64
    places : (t, 3) int64
        Row of the points that each input is read at, row of what is found, and its table.
    scales : (t, 2) float64
        What is added to values of the table, and what these are multiplied by.
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
    cell, whole, placing, ordering, room_of_values = room
    rank, room_in_order, ends = ordering
    outermost = 0
    for t in range(len(places)):
        missing[t] = 0
    for start in range(0, points.shape[1], size):
        source, which, in_order, absent = -1, -1, False, 0
        for t in range(len(places)):
            part, out = points[places[t, 0], start : start + size], found[places[t, 1], start : start + size]
            count = len(part)
            ordered, values = room_in_order[:count], room_of_values[:count]
            if places[t, 0] != source:  # else it is known where its points lie
                source, which = places[t, 0], -1
                in_order = count >= 32 and count & (count - 1) == 0 and _put_in_order(part, rank, ordered)
                if in_order:
                    outermost = _outermost(count, frame[0])
                    for i in range(outermost):
                        ends[i], ends[outermost + i] = ordered[i], ordered[count - outermost + i]
                _placed(ends[: 2 * outermost] if in_order else part, layout, placing)
            if places[t, 2] != which:  # else its values are those of the table that was read
                which = places[t, 2]
                if in_order:
                    absent = _in_runs(tables[which], layout, ordered, (cell, whole), values)
                else:
                    absent = _looked_up(tables[which], (cell, whole), values)
            location, scale = scales[t, 0], scales[t, 1]
            if in_order:
                for i in range(count):
                    out[i] = location + scale * values[rank[i]]
            else:
                for i in range(count):
                    out[i] = location + scale * values[i]
            missing[t] += absent
