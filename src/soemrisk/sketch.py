"""A result's draws counted in bins: what is kept of them, and the figures that follow.

Of each bin the number of its draws is known, and of some results their sum. A quantile lies inside one bin, as if the
draws of the bin lay evenly in it: off by less than the width of a bin, however skewed the result is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.bins import Bins, bin_of
from soemrisk.statistics import LEVELS, REPORTED, standard_error, standard_errors

Floats = NDArray[np.float64]
Counts = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Draws of s results in b bins; arrays are added to in place.

    Attributes
    ----------
    counts : (s, b) int32, or int64 where there may be more draws than that holds
    sums : (m, b)
        Of the first m results: deviations from the origin, by bin.
    total, squares : (s,)
        Sums of the deviations, and of their squares.
    low, high : (s,)
        Smallest and largest draw.
    positive : (s,) int64
        Draws above 0.
    """

    counts: Counts
    sums: Floats
    total: Floats
    squares: Floats
    low: Floats
    high: Floats
    positive: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one replicate leaves: counted results, sums of k other quantities (k,), draws by payback year (a, y + 1)."""

    counted: Counted
    told: Floats
    paid_back: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What all replicates leave; r replicates, s results, b bins.

    Attributes
    ----------
    upto : r times (s, b) int
        Running sums over the bins of the number of draws, by replicate.
    upto_all : (s, b) int64
        The same over all replicates.
    edges : (s, b − 1)
        As ``Bins.edges``.
    low, high : (s,)
        Smallest and largest draw.
    sums : (r, m, b)
        As ``Counted.sums``.
    means : (r, s)
        Mean deviations from the origin.
    squares : (s,)
        Mean squared deviations.
    origin : (s,)
    positive : (r, s)
        Share of draws above 0.
    told : (r, k)
    paid_back : (r, a, y + 1)
    """

    upto: tuple[Counts, ...]
    upto_all: Counts
    edges: Floats
    low: Floats
    high: Floats
    sums: Floats
    means: Floats
    squares: Floats
    origin: Floats
    positive: Floats
    told: Floats
    paid_back: Counts


def empty_tally(bins: Bins, draws: int, summed: int, told: int, paid_back: tuple[int, int]) -> Tally:
    """A tally of no draws.

    Parameters
    ----------
    bins : Bins
    draws : int
        How many will be counted.
    summed : int
        Of how many results sums by bin are kept: those of ``mean_of_lowest``.
    told : int
    paid_back : tuple of int
        Shape of ``Tally.paid_back``.

    Returns
    -------
    Tally
    """
    s, b = len(bins.edges), bins.edges.shape[1] + 1
    counted = Counted(
        counts=np.zeros((s, b), dtype=np.int32 if draws < 2**31 else np.int64),
        sums=np.zeros((summed, b)),
        total=np.zeros(s),
        squares=np.zeros(s),
        low=np.full(s, np.inf),
        high=np.full(s, -np.inf),
        positive=np.zeros(s, dtype=np.int64),
    )
    return Tally(counted=counted, told=np.zeros(told), paid_back=np.zeros(paid_back, dtype=np.int64))


def count_slowly(rows: Floats, bins: Bins, into: Counted) -> None:
    """Count draws, none of them NaN, in plain numpy: the slow twin of what ``tally_kernel`` does.

    Parameters
    ----------
    rows : (s, n) float64
    bins : Bins
    into : Counted
        Added to in place.
    """
    for s, draws in enumerate(rows):
        at = bin_of(draws, bins, s)
        deviation = draws - bins.origin[s]
        into.counts[s] += np.bincount(at, minlength=into.counts.shape[1])
        if s < len(into.sums):
            into.sums[s] += np.bincount(at, weights=deviation, minlength=into.counts.shape[1])
        into.total[s] += deviation.sum()
        into.squares[s] += (deviation**2).sum()
        into.low[s] = min(into.low[s], draws.min())
        into.high[s] = max(into.high[s], draws.max())
        into.positive[s] += int((draws > 0).sum())


def sketch(tallies: Iterable[Tally], bins: Bins) -> Sketch:
    """Put the tallies of replicates together, in their order; each is forgotten when it is added."""
    upto: list[Counts] = []
    means, positive, told, paid_back, sums = [], [], [], [], []
    low, high, squares = (np.array(one) for one in (np.inf, -np.inf, 0.0))
    upto_all: Counts = np.zeros((len(bins.edges), bins.edges.shape[1] + 1), dtype=np.int64)
    for tally in tallies:
        one = tally.counted
        running = np.cumsum(one.counts, axis=1, dtype=one.counts.dtype, out=one.counts)  # nobody counts on
        draws = int(running[0, -1])
        upto_all += running
        upto.append(running)
        means.append(one.total / draws)
        positive.append(one.positive / draws)
        told.append(tally.told)
        low, high = np.minimum(low, one.low), np.maximum(high, one.high)
        sums.append(one.sums)
        squares = squares + one.squares / draws
        paid_back.append(tally.paid_back)
    return Sketch(
        upto=tuple(upto),
        upto_all=upto_all,
        edges=bins.edges,
        low=low,
        high=high,
        sums=np.stack(sums),
        means=np.stack(means),
        squares=squares / len(upto),
        origin=bins.origin,
        positive=np.stack(positive),
        told=np.stack(told),
        paid_back=np.stack(paid_back),
    )


def _limits(found: Sketch, s: int, b: Counts) -> tuple[Floats, Floats]:
    """Between which the draws of some bins of a result lie, both of the shape of ``b``."""
    edges, low, high = found.edges[s], found.low[s], found.high[s]
    begins = np.where(b == 0, low, edges[b - 1])
    ends = np.where(b == len(edges), high, np.nextafter(edges[np.minimum(b, len(edges) - 1)], -np.inf))
    begins, ends = np.clip(begins, low, high), np.clip(ends, low, high)
    return begins, np.maximum(begins, ends)


def _quantiles(found: Sketch, s: int, each: Counts, levels: Floats) -> Floats:
    """Type 5 quantiles, as ``statistics.sorted_quantile``, the draws of a bin evenly between its lowest and highest.

    Of one result, (r, l), from its running sums in each of r replicates, (r, b).
    """
    whole = int(each[0, -1])
    place = np.clip(levels * whole - 0.5, 0.0, whole - 1.0)
    first = np.floor(place)
    wanted = np.concatenate([first, np.minimum(first + 1, whole - 1)])
    of_type = wanted.astype(each.dtype)
    b = np.array([upto.searchsorted(of_type, side="right") for upto in each])
    r = np.arange(len(each))[:, None]
    before = np.where(b == 0, 0, each[r, b - 1])
    part = (wanted - before + 0.5) / (each[r, b] - before)
    begins, ends = _limits(found, s, b)
    values = begins + part * (ends - begins)
    below, above = values[:, : len(levels)], values[:, len(levels) :]
    between: Floats = below + (place - first) * (above - below)
    return between


def pooled_quantile(found: Sketch, s: int, level: float) -> float:
    """Quantile of one result over all replicates."""
    return float(_quantiles(found, s, found.upto_all[s][None], np.array([level]))[0, 0])


def replicate_quantiles(found: Sketch, s: int, level: float) -> Floats:
    """Quantile of one result in each replicate, (r,)."""
    return _by_replicate(found, s, np.array([level]))[:, 0]


def _by_replicate(found: Sketch, s: int, levels: Floats) -> Floats:
    """Quantiles of one result in each replicate, (r, l)."""
    return _quantiles(found, s, np.stack([upto[s] for upto in found.upto]), levels)


def replicate_quantile(found: Sketch, s: int, r: int, level: float) -> float:
    """Quantile of one result in one replicate."""
    return float(_quantiles(found, s, found.upto[r][s][None], np.array([level]))[0, 0])


def mean_of_lowest(found: Sketch, s: int, share: float) -> float:
    """Mean of the lowest share of the draws of one result: whole bins, and the lower part of the next one."""
    return _lowest(found, s, (np.diff(found.upto_all[s], prepend=0), found.sums[:, s].sum(axis=0)), share)


def means_of_lowest(found: Sketch, s: int, share: float) -> Floats:
    """The same in each replicate, (r,)."""
    counted = [(np.diff(upto[s], prepend=0), sums[s]) for upto, sums in zip(found.upto, found.sums, strict=True)]
    return np.array([_lowest(found, s, one, share) for one in counted])


def _lowest(found: Sketch, s: int, counted: tuple[Counts, Floats], share: float) -> float:
    """Mean of the lowest share of what is counted: numbers and sums by bin."""
    counts, sums = counted
    wanted = share * int(counts.sum())
    upto = np.cumsum(counts)
    b = int(np.searchsorted(upto, wanted, side="left"))
    before = int(upto[b - 1]) if b else 0
    lowest = float(sums[:b].sum())
    part = (wanted - before) / int(counts[b])
    low, high = (float(limit[0]) for limit in _limits(found, s, np.array([b])))
    mean = float(sums[b]) / int(counts[b]) - (high - low) * (1 - part) / 2  # draws lie evenly in a bin
    mean = max(mean, low - float(found.origin[s]))
    return float(found.origin[s]) + (lowest + (wanted - before) * mean) / wanted


def sketch_statistics(found: Sketch, s: int) -> dict[str, float]:
    """Summarise one result as ``statistics.statistics`` does with its draws.

    Parameters
    ----------
    found : Sketch
    s : int
        Position of the result.

    Returns
    -------
    dict
        The same keys.
    """
    mean = float(found.means[:, s].mean())
    sd = float(np.sqrt(np.maximum(found.squares[s] - np.square(mean), 0.0)))
    if found.high[s] == found.low[s]:
        sd = 0.0
    result = {"mean": float(found.origin[s]) + mean, "sd": sd}
    pooled = _quantiles(found, s, found.upto_all[s][None], np.array(LEVELS))[0]
    for level, value in zip(LEVELS, pooled.tolist(), strict=True):
        result[f"p{level * 100:.0f}"] = value
    positive = found.positive[:, s]
    result["prob_positive"] = float(positive.mean())
    result["mcse_mean"] = standard_error(found.means[:, s])
    error = standard_error(positive)
    draws = int(found.upto_all[s, -1])
    result["mcse_prob"] = error if error > 0 or sd == 0 else 1 / draws
    each = _by_replicate(found, s, np.array(REPORTED))
    for level, error in zip(REPORTED, standard_errors(each).tolist(), strict=True):
        result[f"mcse_p{level * 100:.0f}"] = error
    return result
