"""Points of scrambled Sobol' sequences, compiled: one pass over a column, whole numbers until the last step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled, inner

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


def first_words(keys: Words, count: int) -> Words:
    """First words of counter-based generators, as ``numpy.random.Philox(key=…).random_raw``; many keys at once.

    Parameters
    ----------
    keys : (d, 2) uint64
        Low and high half of each key.
    count : int
        A multiple of four.

    Returns
    -------
    (d, count) uint64

    Notes
    -----
    Philox 4×64 with ten rounds (Salmon, Moraes, Dror and Shaw 2011, SC '11, section 3.3).

    Examples
    --------
    >>> own = first_words(np.array([[7, 0]], dtype=np.uint64), 8)[0]
    >>> bool((own == np.random.Philox(key=7).random_raw(8)).all())
    True
    """
    words = np.empty((len(keys), count), dtype=np.uint64)
    _philox(np.ascontiguousarray(keys), words)
    return words


@inner
def _product(one: Any, other: Any) -> Any:  # pragma: no cover - compiled
    """High and low half of the product of two words."""
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    a, b, c, d = one >> half, one & low, other >> half, other & low
    middle = a * d + ((b * d) >> half)
    sum_of = (middle & low) + b * c
    return a * c + (middle >> half) + (sum_of >> half), one * other


@compiled
def _philox(keys: Any, out: Any) -> None:  # pragma: no cover - compiled
    for n in range(keys.shape[0]):
        for block in range(out.shape[1] // 4):
            a, b, c, d = np.uint64(block + 1), np.uint64(0), np.uint64(0), np.uint64(0)
            first, second = keys[n, 0], keys[n, 1]
            for _ in range(10):
                high, low = _product(np.uint64(0xD2E7470EE14C6C93), a)
                above, below = _product(np.uint64(0xCA5A826395121157), c)
                a, b, c, d = above ^ b ^ first, below, high ^ d ^ second, low
                first += np.uint64(0x9E3779B97F4A7C15)
                second += np.uint64(0xBB67AE8584CAA73B)
            out[n, 4 * block], out[n, 4 * block + 1], out[n, 4 * block + 2], out[n, 4 * block + 3] = a, b, c, d


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
