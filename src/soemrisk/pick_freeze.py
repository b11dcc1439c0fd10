"""Sobol' indices from points of which some coordinates are drawn anew: running sums, and ratios of them with errors.

What is evaluated is not known here: a source says what the outcome is at the points A and B of a piece, and what it
gains when an input of A is taken from B; or it says the sums of a piece at once. Only sums by replicate are kept, so
memory does not grow with the draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import REPLICATES, Plan, plan, points
from soemrisk.statistics import interval_factor

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

ESTIMATORS = ("saltelli", "jansen", "janon")
PIECE = 1024  # points that are evaluated and summed at once; sums are the same whatever is drawn at once
DRAWN = 1024  # points (A, B) that are drawn at once, of several replicates where these are small
ROUNDING = 1e-12  # of the root mean square of the outcome: a smaller change is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """Outcomes of one piece of points. Letters: k outcomes, n points, i inputs.

    Attributes
    ----------
    at_a, at_b : (k, n)
        Outcome at the points A and B.
    gains : (i, k, n)
        What the outcome at A gains when the input is taken from B.
    back : (i, k, n) or None
        What the outcome at B gains when the input is taken from A; only for second order.
    """

    at_a: Floats
    at_b: Floats
    gains: Floats
    back: Floats | None = None


PieceSums = Mapping[str, Floats]  # names as in ``Sums``, not divided by the number of points; and ``farthest``
Source = Callable[[Floats, Floats], Swaps]  # points A and B of a piece, each (n, d)
# Points A above points B, (2 n, d), in the same memory each time, and the size of a piece: the origin, sums by piece
Drawn = Iterator[tuple[Floats, int]]
Summing = Callable[[Drawn], Iterator[tuple[Floats, Sequence[PieceSums]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Means over the points of each replicate. Letters: r replicates, i inputs, k outcomes.

    Attributes
    ----------
    origin : (k,)
        What is subtracted from every outcome before any product.
    farthest : (k,)
        Largest distance of an outcome, at A or B, from the origin.
    a, b, aa, bb, ab : (r, k)
        Means of the outcomes at A and B, and of their products.
    d, dd, ad, bd : (r, i, k)
        Means of the gains, their squares, and their products with the outcomes at A and B.
    pairs : (r, i, i, k) or None
        Means of products of a gain back (first) and a gain (second).
    """

    origin: Floats
    farthest: Floats
    a: Floats
    b: Floats
    aa: Floats
    bb: Floats
    ab: Floats
    d: Floats
    dd: Floats
    ad: Floats
    bd: Floats
    pairs: Floats | None

    @property
    def centre(self) -> Floats:
        """Pooled mean of all outcomes, less the origin, (k,)."""
        centre: Floats = (self.a.mean(axis=0) + self.b.mean(axis=0)) / 2
        return centre

    @property
    def largest_square(self) -> Floats:
        """Square of the largest distance over the mean square of all, (k,); 0 where that is 0."""
        mean = ((self.aa + self.bb) / 2).mean(axis=0)
        found: Floats = np.divide(self.farthest**2, mean, out=np.zeros_like(mean), where=mean > 0)
        return found

    @property
    def variance(self) -> Floats:
        """Variance of the outcome about the pooled mean, by replicate, (r, k)."""
        found: Floats = (self.aa + self.bb) / 2 - self.centre * (self.a + self.b) + self.centre**2
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure, its standard error and its 95 % interval; arrays of one shape."""

    value: Floats
    se: Floats
    low: Floats
    high: Floats


def swap_plan(draws: int, seed: int, sampler: str) -> Plan:
    """Plan the base sample: 16 replicates of a power of two.

    Parameters
    ----------
    draws : int
        Wanted in all; rounded up.
    seed : int
    sampler : {"sobol", "random"}

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> swap_plan(1000, 0, "random").draws
    1024
    """
    if sampler not in {"sobol", "random"}:
        raise ValueError(f"sampler {sampler!r} is none of sobol, random: swapped points need independent coordinates")
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or not isinstance(seed, int | np.integer):
        raise ValueError("draws and seed must be whole numbers")
    wanted = plan(int(draws), int(seed), "sobol")
    return Plan(sampler=sampler, seed=int(seed), size=wanted.size, replicates=REPLICATES)


def accumulate(design: Plan, keys: Sequence[str], source: Source, drawn: int = DRAWN) -> Sums:
    """Sum over all points the outcomes and gains that a source gives, piece by piece; see ``accumulate_sums``."""
    return accumulate_sums(design, keys, summed(source), drawn)


def accumulate_sums(design: Plan, keys: Sequence[str], summing: Summing, drawn: int = DRAWN) -> Sums:
    """Sum over all points, piece by piece.

    Parameters
    ----------
    design : Plan
        Of a power of two in each replicate.
    keys : sequence of str, length d
        Of the coordinates of one point.
    summing : callable
        Sums of each piece.
    drawn : int
        Points that are drawn at once, a power of two from 1024; changes the memory and nothing else.

    Returns
    -------
    Sums

    Notes
    -----
    A and B are one sequence of 2 d dimensions: two consecutive parts of a d-dimensional one are no independent points
    (Dakota #207, OpenTURNS #1000). The two coordinates of an input are neighbours, so that early inputs have early,
    good dimensions in both A and B; with A in the first half and B in the second, errors of a scenario with 23 inputs
    were up to six times as large.
    """
    both = [name for key in keys for name in (key, f"{key}/again")]
    totals: list[dict[str, Floats]] = [{} for _ in range(design.replicates)]
    origin: Floats | None = None
    farthest: Floats | float = 0.0
    size, done = min(PIECE, design.size), 0
    for found, pieces in summing((cube, size) for cube in _drawn(design, both, max(PIECE, drawn))):
        origin = found
        for sums in pieces:
            total = totals[done * size // design.size]
            done += 1
            for name, sum_of in sums.items():
                if name == "farthest":
                    farthest = np.maximum(farthest, sum_of)
                else:
                    total[name] = total[name] + sum_of if name in total else sum_of
    assert origin is not None
    means = {name: np.array([total[name] for total in totals]) / design.size for name in totals[0]}
    return Sums(origin=origin, farthest=np.asarray(farthest), pairs=means.pop("pairs", None), **means)


def _drawn(design: Plan, both: Sequence[str], drawn: int) -> Iterator[Floats]:
    """Points A above points B, (2 n, d) in Fortran order: of several replicates, or a part of one; in their order.

    The columns of an input at A and B are neighbours, so a part of one replicate is only read in another shape. All
    parts are in the same memory: new memory for each costs more than the points in it.
    """
    together, inputs = max(1, drawn // design.size), len(both) // 2
    count = min(drawn, design.size)
    room = np.empty((len(both), count))
    for first in range(0, design.replicates, together):
        for start in range(0, design.size, count):
            shaped = []
            for replicate in range(first, min(first + together, design.replicates)):
                cube = points(design, both, replicate, (start, start + count), room if together == 1 else None)
                shaped.append(cube.T.reshape(inputs, 2, count))
            found = shaped[0] if together == 1 else np.concatenate(shaped, axis=2)
            yield found.reshape(inputs, 2 * found.shape[2]).T


def summed(source: Source) -> Summing:
    """Sums of what a source gives piece by piece."""

    def summing(drawn: Drawn) -> Iterator[tuple[Floats, Sequence[PieceSums]]]:
        origin: Floats | None = None
        for cube, size in drawn:
            half = len(cube) // 2
            found = []
            for at in range(0, half, size):
                swaps = source(cube[at : at + size], cube[half + at : half + at + size])
                origin = swaps.at_a.mean(axis=1) if origin is None else origin
                found.append(piece_sums(swaps, origin))
            assert origin is not None
            yield origin, found

    return summing


def piece_sums(swaps: Swaps, origin: Floats) -> PieceSums:
    """Sums over a piece of outcomes less the origin, gains, and their products, (k,), (i, k) and (i, i, k)."""
    a, b = swaps.at_a - origin[:, None], swaps.at_b - origin[:, None]
    gains = swaps.gains
    found = {"a": a, "b": b, "aa": a * a, "bb": b * b, "ab": a * b}
    found |= {"d": gains, "dd": gains * gains, "ad": gains * a, "bd": gains * b}
    sums = {name: one.sum(axis=-1) for name, one in found.items()}
    if swaps.back is not None:
        sums["pairs"] = np.einsum("ikn,jkn->ijk", swaps.back, gains)
    return sums | {"farthest": np.maximum(np.abs(a).max(axis=1), np.abs(b).max(axis=1))}


def first_order_effect(sums: Sums, estimator: str) -> tuple[Floats, Floats]:
    """Numerator and denominator of S1, by replicate, each (r, i, k).

    Parameters
    ----------
    sums : Sums
    estimator : {"saltelli", "jansen", "janon"}

    Notes
    -----
    With f centred by the pooled mean and δ = f(A_B) − f(A):

    - Saltelli et al. 2010, Comput. Phys. Commun. 181:259, table 2 (b): mean(f(B) δ) / V;
    - Jansen 1999, Comput. Phys. Commun. 117:35: 1 − mean((f(B) − f(A_B))²) / 2V;
    - Janon et al. 2014, ESAIM: Probab. Stat. 18:342, eq. 6: with c the mean of f(B) and f(A_B) together,
      mean((f(B) − c)(f(A_B) − c)) / mean(((f(B) − c)² + (f(A_B) − c)²) / 2).
    """
    variance = np.broadcast_to(sums.variance[:, None], sums.d.shape)
    if estimator == "saltelli":
        return sums.bd - sums.centre * sums.d, variance
    a, b, aa, bb, ab = (one[:, None] for one in (sums.a, sums.b, sums.aa, sums.bb, sums.ab))
    if estimator == "jansen":
        apart = aa + bb - 2 * ab - 2 * (sums.bd - sums.ad) + sums.dd
        return variance - apart / 2, variance
    if estimator != "janon":
        raise ValueError(f"estimator {estimator!r} is none of {', '.join(ESTIMATORS)}")
    swapped, squares, product = a + sums.d, aa + 2 * sums.ad + sums.dd, ab + sums.bd
    centre = ((b + swapped) / 2).mean(axis=0)
    about = centre * (b + swapped) - centre**2
    return product - about, (bb + squares) / 2 - about


def total_effect(sums: Sums) -> tuple[Floats, Floats]:
    """Numerator and denominator of ST by Jansen 1999: mean(δ²) / 2V; by replicate, each (r, i, k)."""
    return sums.dd / 2, np.broadcast_to(sums.variance[:, None], sums.dd.shape)


def second_order_effect(sums: Sums) -> tuple[Floats, Floats]:
    """Numerator and denominator of S2, by replicate, each (r, i, i, k); symmetric, 0 on the diagonal.

    Notes
    -----
    mean((f(B_A^i) − f(B)) (f(A_B^j) − f(A))) has the mean V_ij: of its four products one has the closed index of both
    inputs, two those of one, and one none. This is the estimator of Saltelli 2002 (Comput. Phys. Commun. 145:280) with
    the first-order parts from the same points, and no centre is needed.
    """
    assert sums.pairs is not None
    both = (sums.pairs + sums.pairs.transpose(0, 2, 1, 3)) / 2
    own = np.arange(both.shape[1])
    both[:, own, own] = 0.0
    return both, np.broadcast_to(sums.variance[:, None, None], both.shape)


def mean_of(by_replicate: Floats) -> Estimate:
    """Pooled estimate of what is a mean over replicates, (r, …) → (…)."""
    return ratio(by_replicate, np.ones_like(by_replicate))


def ratio(numerator: Floats, denominator: Floats) -> Estimate:
    """Pooled ratio of two means with its error from the replicates.

    Parameters
    ----------
    numerator, denominator : (r, …) float64
        Denominators are positive, or 0 in all replicates: the ratio is then 0, without an error.

    Returns
    -------
    Estimate

    Notes
    -----
    The error is that of the mean of numerator − ratio × denominator (a ratio of means, linearised: Cochran 1977,
    *Sampling Techniques*, section 6.4). Points inside a replicate are not independent of each other, so they are never
    resampled. The interval is Student's t with r − 1 degrees of freedom.
    """
    below = denominator.mean(axis=0)
    safe = np.where(below > 0, below, 1.0)
    value = np.where(below > 0, numerator.mean(axis=0) / safe, 0.0)
    rest = np.where(below > 0, numerator - value * denominator, 0.0)
    count = len(numerator)
    se = rest.std(axis=0, ddof=1) / np.sqrt(count) / safe
    margin = interval_factor(count) * se
    return Estimate(value=value, se=se, low=value - margin, high=value + margin)


def is_rounding(variance: Floats, mean: Floats) -> Truths:
    """Whether a standard deviation, or a root mean square of gains, is rounding of outcomes with such a mean."""
    found: Truths = variance <= ROUNDING**2 * (variance + mean**2)
    return found


def without_spread(sums: Sums) -> Truths:
    """Outcomes whose standard deviation is rounding, relative to their root mean square, (k,)."""
    return is_rounding(sums.variance.mean(axis=0), sums.origin + sums.centre)


def without_gain(sums: Sums) -> Truths:
    """Inputs whose gains are rounding, relative to the root mean square of the outcome, (i, k)."""
    squares = sums.variance.mean(axis=0) + (sums.origin + sums.centre) ** 2
    found: Truths = sums.dd.mean(axis=0) <= ROUNDING**2 * squares
    return found


def settled(numerator: Floats, denominator: Floats, constant: Truths) -> Estimate:
    """``ratio``, and 0 without an error where the outcome is constant (last axis)."""
    return ratio(np.where(constant, 0.0, numerator), np.where(constant, 0.0, denominator))


def swaps_of_function(
    function: Callable[[Floats], Floats],
    values: Callable[[Floats], Floats],
    columns: Sequence[Sequence[int]],
    *,
    back: bool,
) -> Source:
    """Source of any vectorised function.

    Parameters
    ----------
    function : callable
        From values, (n, v), to outcomes, (k, n); it may change the array that it is given.
    values : callable
        From points of the unit cube, (n, d), to values.
    columns : sequence of sequence of int
        Columns of the values that are swapped together, one sequence for each input.
    back : bool
        Whether swaps from A into B are evaluated too.

    Returns
    -------
    callable
        Source for ``accumulate``.
    """

    def swapped(base: Floats, other: Floats, moved: Sequence[int]) -> Floats:
        mixed = base.copy()
        mixed[:, moved] = other[:, moved]
        return function(mixed)

    def source(a_points: Floats, b_points: Floats) -> Swaps:
        a, b = values(a_points), values(b_points)
        at_a, at_b = function(a.copy()), function(b.copy())
        shape = (len(columns), *at_a.shape)
        gains = np.array([swapped(a, b, moved) - at_a for moved in columns]).reshape(shape)
        returns = np.array([swapped(b, a, moved) - at_b for moved in columns]).reshape(shape) if back else None
        return Swaps(at_a=at_a, at_b=at_b, gains=gains, back=returns)

    return source
