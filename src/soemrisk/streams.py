"""First words of many counter-based generators at once: numpy makes one generator at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

FACTORS = np.array([0xD2E7470EE14C6C93, 0xCA5A826395121157], dtype=np.uint64).reshape(2, 1, 1)
STEPS = np.array([0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B], dtype=np.uint64).reshape(2, 1, 1)
ROUNDS = 10
LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


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
    key = np.ascontiguousarray(keys.T).reshape(2, -1, 1)
    factored = np.zeros((2, len(keys), count // 4), dtype=np.uint64)  # the words that a round multiplies …
    factored[0] = np.arange(1, count // 4 + 1, dtype=np.uint64)
    other = np.zeros_like(factored)  # … and the two others
    for _ in range(ROUNDS):
        high, low = _product(factored)
        factored, other = high[::-1] ^ other ^ key, low[::-1]
        key = key + STEPS
    return np.stack([factored[0], other[0], factored[1], other[1]], axis=-1).reshape(len(keys), count)


def _product(words: Words) -> tuple[Words, Words]:
    """High and low half of the products with the factors of a round."""
    a, b, c, d = FACTORS >> HALF, FACTORS & LOW, words >> HALF, words & LOW
    middle = a * d + ((b * d) >> HALF)
    sum_of = (middle & LOW) + b * c
    return a * c + (middle >> HALF) + (sum_of >> HALF), FACTORS * words
