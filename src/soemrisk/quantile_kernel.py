"""Tables of quantile functions read in compiled code: the fast twin of ``quantile_tables.read_slowly``, to the bit.

Three short loops over a few hundred points, so that the compiler can use wide registers in the first two and what they
hand on stays in the nearest cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from soemrisk.compiling import compiled


@compiled
def read(  # pragma: no cover - compiled
    coefficients: Any, points: Any, layout: Any, found: Any
) -> None:
    """Values of a table at points of the unit interval, as ``quantile_tables.read_slowly``.

    Parameters
    ----------
    coefficients : (2 (c + 2), 10) float64
        Of the polynomials, cell by cell; NaN where the exact function is asked.
    points : (n,) float64
    layout : tuple of int
        Bits of the mantissa that choose the cell, and c, the number of cells of a tail.
    found : (n,) float64
        Filled.
    """
    parts, cells = layout
    size = 256
    tail, whole = np.empty(size), np.empty(size)
    tail_bits, argument_bits = tail.view(np.int64), whole.view(np.int64)
    cell = np.empty(size, np.int64)
    first = (1023 - 53) << parts  # exponent and first bits of the mantissa of 2^-53
    for start in range(0, len(points), size):
        count = min(size, len(points) - start)
        for i in range(count):
            below = points[start + i]
            above = 1.0 - below
            tail[i] = min(below, above)
            cell[i] = cells + 3 if below > above else 1
        for i in range(count):
            place = (tail_bits[i] >> (52 - parts)) - first
            cell[i] += min(max(place, -1), cells)
            argument_bits[i] = ((tail_bits[i] << parts) & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000
        for i in range(count):
            c, t = cell[i], whole[i] - 1.5
            square = t * t
            even = coefficients[c, 8]
            even = even * square + coefficients[c, 6]
            even = even * square + coefficients[c, 4]
            even = even * square + coefficients[c, 2]
            even = even * square + coefficients[c, 0]
            odd = coefficients[c, 9]
            odd = odd * square + coefficients[c, 7]
            odd = odd * square + coefficients[c, 5]
            odd = odd * square + coefficients[c, 3]
            odd = odd * square + coefficients[c, 1]
            found[start + i] = even + t * odd
