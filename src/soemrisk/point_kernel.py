"""Points of scrambled Sobol' sequences, compiled: one pass over a column, whole numbers until the last step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Rows = NDArray[np.int64]


def sobol_columns(numbers: Words, constants: Words, rows: Rows, start: int, columns: Floats) -> None:
    """Columns of a scrambled Sobol' sequence, as ``design.sobol_columns_slowly``.

    Parameters
    ----------
    numbers : (k, 32) uint64
        Mirrored direction numbers of each column.
    constants : (k, 3 r) uint64
        Of r rounds of scrambling: what is added, odd factors, even factors.
    rows : (k,) int64
        Row that the points of each column are put in.
    start : int
        Index of the first point, a multiple of the power of two from n on.
    columns : (d, n) float64
        Filled in these rows, strictly inside (0, 1).
    """
    _fill(numbers, constants, rows, start, columns)


@compiled
def _fill(numbers: Any, constants: Any, rows: Any, start: int, out: Any) -> None:  # pragma: no cover - compiled
    size, rounds = out.shape[1], constants.shape[1] // 3
    words = np.empty(size, dtype=np.uint64)
    one, top, half = np.uint64(1), np.uint64(12), np.uint64(32)
    for d in range(len(rows)):
        row = out[rows[d]]
        words[0] = np.uint64(0)
        level = 0
        while (1 << level) < size:
            level += 1
        for bit in range(level, numbers.shape[1]):
            if (start >> bit) & 1:
                words[0] ^= numbers[d, bit]
        for bit in range(level):  # the point of index i is the XOR of the numbers at the bits of i
            first, number = 1 << bit, numbers[d, bit]
            for i in range(min(first, size - first)):
                words[first + i] = words[i] ^ number
        for r in range(rounds):  # each bit is turned by a hash of the bits above it (mirrored: of those before it)
            add, odd, even = constants[d, r], constants[d, rounds + r] | one, constants[d, 2 * rounds + r] & ~one
            for i in range(size):
                word = (words[i] + add) * odd
                words[i] = word ^ (word * even)
        for i in range(size):
            word = words[i]
            word = ((word >> one) & np.uint64(0x5555555555555555)) | ((word & np.uint64(0x5555555555555555)) << one)
            two, four, eight, sixteen = np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16)
            word = ((word >> two) & np.uint64(0x3333333333333333)) | ((word & np.uint64(0x3333333333333333)) << two)
            word = ((word >> four) & np.uint64(0x0F0F0F0F0F0F0F0F)) | ((word & np.uint64(0x0F0F0F0F0F0F0F0F)) << four)
            word = ((word >> eight) & np.uint64(0x00FF00FF00FF00FF)) | ((word & np.uint64(0x00FF00FF00FF00FF)) << eight)
            word = ((word >> sixteen) & np.uint64(0x0000FFFF0000FFFF)) | (
                (word & np.uint64(0x0000FFFF0000FFFF)) << sixteen
            )
            word = (word >> half) | (word << half)
            row[i] = (np.float64(word >> top) + 0.5) * 2.0**-52
