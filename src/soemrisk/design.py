"""All randomness: points in the unit cube, keyed by (seed, key, replicate), the point by its index.

A column belongs to the key of an input, so that nothing but the key, the seed and the sampler decides what it
holds (for ``sobol`` also its position among the inputs, which is the dimension). Errors come from independent
replicates; a replicate is 2^m points of one scrambled Sobol' sequence, a Latin hypercube, or plain Monte Carlo.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from soemrisk.streams import first_words

REPLICATES = 16
BITS = 32
SAMPLERS = ("sobol", "random", "lhs")
MOST_DIMENSIONS = 4096

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

_MAKING = threading.Lock()  # threads that need the same constants wait for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many points are drawn, and how.

    Attributes
    ----------
    sampler : str
        ``sobol``, ``random`` or ``lhs``.
    seed : int
        Any integer from 0; 0 is a seed like any other.
    size : int
        Points of one replicate; a power of two for ``sobol``.
    replicates : int
        Independent repetitions, from which the errors come.
    """

    sampler: str
    seed: int
    size: int
    replicates: int = REPLICATES

    @property
    def draws(self) -> int:
        """Number of points in all."""
        return self.size * self.replicates


def plan(draws: int, seed: int, sampler: str = "sobol") -> Plan:
    """Plan at least ``draws`` points.

    Parameters
    ----------
    draws : int
        Total wanted, at least 1; rounded up to replicates × size, for ``sobol`` with a size of 2^m.
    seed : int
        From 0.
    sampler : {"sobol", "random", "lhs"}

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> plan(1000, 0).draws
    1024
    """
    if sampler not in SAMPLERS:
        raise ValueError(f"sampler {sampler!r} is none of {', '.join(SAMPLERS)}")
    if draws < 1 or not 0 <= seed < 1 << 63:
        raise ValueError("draws must be at least 1, and the seed from 0 to 2^63 − 1")
    size = max(2, -(-draws // REPLICATES))
    if sampler == "sobol":
        size = 1 << (size - 1).bit_length()
    if size > 1 << BITS:
        raise ValueError(f"at most {REPLICATES << BITS} draws")
    return Plan(sampler=sampler, seed=seed, size=size)


def points(
    design: Plan,
    keys: Sequence[str | None],
    replicate: int,
    part: tuple[int, int] | None = None,
    room: Floats | None = None,
) -> Floats:
    """Points of one replicate, one column a key.

    Parameters
    ----------
    design : Plan
        Sampler, seed and size.
    keys : sequence of str or None, length d
        Names of the columns, all different; for ``sobol`` the position is the dimension. A column without a name is
        asked of by nobody: it is not drawn, all its points are ½, and all others are what they would be.
    replicate : int
        From 0 to ``design.replicates − 1``.
    part : (start, stop), optional
        Only the points with these indices; for ``sobol`` the first is a multiple of a power of two from which on the
        part ends, for ``random`` of four.
    room : (d, size) float64, optional
        What it is filled in, for ``sobol``, and given back turned; without it new memory is taken each time.

    Returns
    -------
    (size, d) float64, Fortran order
        Strictly inside (0, 1); the same points whatever the part.

    Raises
    ------
    ValueError
        More keys than there are Sobol' dimensions.

    Notes
    -----
    ``sobol``: direction numbers of Joe and Kuo (2008), each column scrambled on its own (nested uniform scrambling),
    so that every point is uniform; all points are kept. ``lhs``: each column a random order of one point in each of n
    intervals (McKay, Beckman and Conover 1979, Technometrics 21:239). A linear scrambling would do for the variance,
    but its error sits in rare replicates, and sixteen of them would print an error of 0 (Pan and Owen 2023, Math.
    Comp. 92:805).

    Examples
    --------
    >>> points(plan(64, 0), ["x", "y"], 0).shape
    (4, 2)
    """
    start, stop = part if part is not None else (0, design.size)
    if design.sampler == "lhs":
        return _latin_hypercube(design, keys, replicate)[start:stop]
    if design.sampler == "random":
        return _random(design, keys, replicate, (start, stop))
    room = np.empty((len(keys), stop - start)) if room is None else room
    for d, key in enumerate(keys):
        if key is None:
            room[d] = 0.5
    asked = {d: key for d, key in enumerate(keys) if key is not None}
    _fill_sobol(design, asked, replicate, (start, room), tuple(asked))
    return room.T


def point_column(design: Plan, key: str, dimension: int, replicate: int) -> Floats:
    """One column of the points of a replicate, without the others.

    Parameters
    ----------
    design, replicate
        As ``points``.
    key : str
        Name of the column.
    dimension : int
        Its position among all keys.

    Returns
    -------
    (size,) float64
        The column of ``points``.

    Examples
    --------
    >>> both = points(plan(64, 0), ["x", "y"], 3)
    >>> bool((point_column(plan(64, 0), "y", 1, 3) == both[:, 1]).all())
    True
    """
    if design.sampler != "sobol":
        return points(design, [key], replicate)[:, 0]
    column = np.empty(design.size)
    _fill_sobol(design, {dimension: key}, replicate, (0, column[None]))
    return column


def blocks(design: Plan, keys: Sequence[str | None], replicate: int, size: int) -> Iterator[Floats]:
    """Yield the points of one replicate in parts of ``size``, in order; only ``lhs`` holds all of them at once.

    Parameters
    ----------
    design, keys, replicate
        As ``points``.
    size : int
        A power of two from 4.

    Yields
    ------
    (size or what is left, d) float64, Fortran order
    """
    whole = points(design, keys, replicate) if design.sampler == "lhs" else None
    for start in range(0, design.size, size):
        stop = min(start + size, design.size)
        yield points(design, keys, replicate, (start, stop)) if whole is None else whole[start:stop]


def _random(design: Plan, keys: Sequence[str | None], replicate: int, part: tuple[int, int]) -> Floats:
    """Plain Monte Carlo: the points from one index to another of the stream of each column."""
    start, stop = part
    assert start % 4 == 0  # a step of the counter gives four words
    columns = np.full((stop - start, len(keys)), 0.5, order="F")
    for d, key in enumerate(keys):
        if key is not None:
            raw = _stream(design.seed, key, replicate).advance(start // 4).random_raw(stop - start)
            columns[:, d] = ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return columns


def _latin_hypercube(design: Plan, keys: Sequence[str | None], replicate: int) -> Floats:
    """One point in each of n intervals of every column, the order and place of each drawn for the column's key."""
    columns = np.full((design.size, len(keys)), 0.5, order="F")
    for d, key in enumerate(keys):
        if key is None:
            continue
        raw = _stream(design.seed, key, replicate).random_raw(2 * design.size)
        interval = np.argsort(raw[: design.size], kind="stable")
        inside = ((raw[design.size :] >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
        columns[:, d] = np.minimum((interval + inside) / design.size, 1.0 - 2.0**-53)
    return columns


def _stream(seed: int, key: str, replicate: int) -> np.random.Philox:
    """Counter-based generator of one column (Salmon et al. 2011); its key is a digest of what names the column."""
    return np.random.Philox(key=int.from_bytes(_named(seed, [key], replicate), "little"))


def _named(seed: int, keys: Sequence[str], replicate: int) -> bytes:
    """Digests of what names columns, 16 bytes each."""
    before, behind, digest = f"{seed}\0", f"\0{replicate}", hashlib.blake2b
    return b"".join([digest((before + key + behind).encode(), digest_size=16).digest() for key in keys])


def _fill_sobol(
    design: Plan,
    keys: Mapping[int, str],
    replicate: int,
    room: tuple[int, Floats],
    rows: tuple[int, ...] = (0,),
) -> None:
    """Fill rows with the columns of some dimensions, by their keys; ``room``: the first index, and (d, n) to fill."""
    needed = max(keys, default=-1) + 1
    if needed > MOST_DIMENSIONS:
        raise ValueError(f"sobol has at most {MOST_DIMENSIONS} dimensions, {needed} are needed: use the random sampler")
    from soemrisk.point_kernel import sobol_columns

    start, out = room
    assert start % (1 << (out.shape[1] - 1).bit_length()) == 0
    constants = _constants(design.seed, tuple(keys.values()), replicate)
    sobol_columns(_numbers(tuple(keys)), constants, np.array(rows, dtype=np.int64), start, out)


def sobol_columns_slowly(numbers: Words, constants: Words, start: int, size: int) -> Floats:
    """Columns of a scrambled Sobol' sequence in plain numpy: the slow twin of ``point_kernel.sobol_columns``."""
    levels = (size - 1).bit_length()
    columns = np.empty((size, len(numbers)), order="F")
    mirrored = np.zeros(1 << levels, dtype=np.uint64)
    for d, own in enumerate(numbers):
        ones = [level for level in range(levels, BITS) if start >> level & 1]
        mirrored[0] = np.bitwise_xor.reduce(own[ones])
        for level in range(levels):  # the point of index i is the XOR of the numbers at the bits of i
            half = 1 << level
            mirrored[half : 2 * half] = mirrored[:half] ^ own[level]
        scrambled = _from_mirrored(_nested_scramble(mirrored[:size], constants[d]))
        columns[:, d] = ((scrambled >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return columns


ROUNDS = 4  # enough that the mean of x has the variance of full nested scrambling, 1/(12 n³): tests/unit/test_design.py


def _constants(seed: int, keys: tuple[str, ...], replicate: int) -> Words:
    """What the scrambling of columns is made of, (d, 3 rounds): the first words of the stream of each."""
    several, own = divmod(replicate, REPLICATES)
    with _MAKING:
        found: Words = _constants_of_several(seed, keys, several)[own]
    return found


@lru_cache(maxsize=64)
def _constants_of_several(seed: int, keys: tuple[str, ...], several: int) -> Words:
    """The same of as many replicates as mostly follow, (r, d, 3 rounds): all at once cost little more than one."""
    replicates = range(several * REPLICATES, (several + 1) * REPLICATES)
    named = np.frombuffer(b"".join([_named(seed, keys, r) for r in replicates]), dtype="<u8").astype(np.uint64)
    constants = first_words(named.reshape(-1, 2), 3 * ROUNDS).reshape(REPLICATES, len(keys), 3 * ROUNDS)
    constants.setflags(write=False)
    return constants


def _nested_scramble(mirrored: Words, constants: Words) -> Words:
    """Flip each bit by a hash of the bits above it: nested uniform scrambling (Owen 1995) by hashing (Burley 2020).

    On mirrored words (first digit lowest) adding, multiplying by an odd number and ``x ^= x × even`` let a bit depend
    on earlier digits only, so every round permutes within nested intervals; all constants are drawn for the column.
    """
    add, odd, even = (
        constants[:ROUNDS],
        constants[ROUNDS : 2 * ROUNDS] | np.uint64(1),
        constants[2 * ROUNDS :] & ~np.uint64(1),
    )
    words = mirrored.copy()
    for r in range(ROUNDS):
        words += add[r]
        words *= odd[r]
        words ^= words * even[r]
    return words


def _from_mirrored(words: Words) -> Words:
    """Reverse the order of the 64 bits of each word."""
    for shift, mask in ((1, 0x5555555555555555), (2, 0x3333333333333333), (4, 0x0F0F0F0F0F0F0F0F)):
        words = ((words >> np.uint64(shift)) & np.uint64(mask)) | ((words & np.uint64(mask)) << np.uint64(shift))
    return words.byteswap()


@lru_cache(maxsize=1)
def _table() -> tuple[str, ...]:
    text = (resources.files("soemrisk") / "sobol_directions.txt").read_text(encoding="ascii")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))


@lru_cache(maxsize=64)
def _numbers(dimensions: tuple[int, ...]) -> Words:
    """Direction numbers of several dimensions, (d, 32)."""
    numbers = np.array([_directions(dimension) for dimension in dimensions], dtype=np.uint64).reshape(-1, BITS)
    numbers.setflags(write=False)
    return numbers


@lru_cache(maxsize=MOST_DIMENSIONS)
def _directions(dimension: int) -> Words:
    """Mirrored direction numbers of a dimension, (32,), (Bratley and Fox 1988).

    Number k is m_k / 2^(k+1) as binary digits; the first digit after the point is the lowest bit.
    """
    polynomial, *first = (int(word) for word in _table()[dimension].split())
    degree = polynomial.bit_length() - 1
    odd = list(first) if degree else [1] * BITS
    for k in range(len(odd), BITS):
        value = odd[k - degree] ^ (odd[k - degree] << degree)
        for j in range(1, degree):
            if polynomial >> (degree - j) & 1:
                value ^= odd[k - j] << j
        odd.append(value)
    numbers = np.array([int(f"{m:0{k + 1}b}"[::-1], 2) for k, m in enumerate(odd)], dtype=np.uint64)
    numbers.setflags(write=False)
    return numbers
