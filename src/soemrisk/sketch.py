"""A result's draws counted in bins: what is kept of them, and the figures that follow.

Of each bin the number of its draws is known, and of some results their sum. A quantile lies inside one bin, as if the
draws of the bin lay evenly in it: off by less than the width of a bin, however skewed the result is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.bins import Bins, bin_of
from soemrisk.statistics import LEVELS, REPORTED, standard_errors

Floats = NDArray[np.float64]
Counts = NDArray[np.signedinteger[Any]]
Places = NDArray[np.int64]


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


def _limits(found: Sketch, s: Places, b: Counts) -> tuple[Floats, Floats]:
    """Between which the draws of some bins lie, both of the shape of ``b``; ``s``, the results, broadcasts with it."""
    low, high, last = found.low[s], found.high[s], found.edges.shape[1]
    begins = np.where(b == 0, low, found.edges[s, b - 1])
    ends = np.where(b == last, high, np.nextafter(found.edges[s, np.minimum(b, last - 1)], -np.inf))
    begins, ends = np.clip(begins, low, high), np.clip(ends, low, high)
    return begins, np.maximum(begins, ends)


def _quantiles(found: Sketch, s: range, each: Sequence[Counts], levels: Floats) -> Floats:
    """Type 5 quantiles, as ``statistics.sorted_quantile``, the draws of a bin evenly between its lowest and highest.

    Of neighbouring results, (r, s, l), from their running sums in each of r replicates, (s, b).
    """
    whole = int(each[0][0, -1])
    place = np.clip(levels * whole - 0.5, 0.0, whole - 1.0)
    first = np.floor(place)
    wanted = np.concatenate([first, np.minimum(first + 1, whole - 1)])
    of_type = wanted.astype(each[0].dtype)
    b = np.array([[row.searchsorted(of_type, side="right") for row in upto] for upto in each])
    rows = np.arange(len(s))[:, None]
    before = np.where(b == 0, 0, np.array([upto[rows, at - 1] for upto, at in zip(each, b, strict=True)]))
    part = (wanted - before + 0.5) / (np.array([upto[rows, at] for upto, at in zip(each, b, strict=True)]) - before)
    begins, ends = _limits(found, np.arange(s.start, s.stop)[:, None], b)
    values = begins + part * (ends - begins)
    below, above = values[..., : len(levels)], values[..., len(levels) :]
    between: Floats = below + (place - first) * (above - below)
    return between


def _pooled(found: Sketch, s: range, levels: Floats) -> Floats:
    """Quantiles of neighbouring results over all replicates, (s, l)."""
    pooled: Floats = _quantiles(found, s, [found.upto_all[s.start : s.stop]], levels)[0]
    return pooled


def _by_replicate(found: Sketch, s: range, levels: Floats) -> Floats:
    """Quantiles of neighbouring results in each replicate, (r, s, l)."""
    return _quantiles(found, s, [upto[s.start : s.stop] for upto in found.upto], levels)


def pooled_quantile(found: Sketch, s: int, level: float) -> float:
    """Quantile of one result over all replicates."""
    return float(_pooled(found, range(s, s + 1), np.array([level]))[0, 0])


def replicate_quantiles(found: Sketch, s: int, level: float) -> Floats:
    """Quantile of one result in each replicate, (r,)."""
    return _by_replicate(found, range(s, s + 1), np.array([level]))[:, 0, 0]


def replicate_quantile(found: Sketch, s: int, r: int, level: float) -> float:
    """Quantile of one result in one replicate."""
    return float(_quantiles(found, range(s, s + 1), [found.upto[r][s : s + 1]], np.array([level]))[0, 0, 0])


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
    low, high = (float(limit[0]) for limit in _limits(found, np.array([s]), np.array([b])))
    mean = float(sums[b]) / int(counts[b]) - (high - low) * (1 - part) / 2  # draws lie evenly in a bin
    mean = max(mean, low - float(found.origin[s]))
    return float(found.origin[s]) + (lowest + (wanted - before) * mean) / wanted


def sketch_statistics(found: Sketch, s: range) -> list[dict[str, float]]:
    """Summarise neighbouring results as ``statistics.statistics`` does with the draws of each.

    Parameters
    ----------
    found : Sketch
    s : range
        Positions of the results.

    Returns
    -------
    list of dict
        The same keys.
    """
    at = slice(s.start, s.stop)
    means, positive, draws = found.means[:, at], found.positive[:, at], int(found.upto_all[0, -1])
    mean = means.mean(axis=0)
    sd = np.sqrt(np.maximum(found.squares[at] - np.square(mean), 0.0))
    sd[found.high[at] == found.low[at]] = 0.0
    of_positive = standard_errors(positive)
    columns = {"mean": found.origin[at] + mean, "sd": sd}
    columns |= {
        f"p{level * 100:.0f}": row for level, row in zip(LEVELS, _pooled(found, s, np.array(LEVELS)).T, strict=True)
    }
    columns |= {"prob_positive": positive.mean(axis=0), "mcse_mean": standard_errors(means)}
    columns["mcse_prob"] = np.where((of_positive > 0) | (sd == 0), of_positive, 1 / draws)
    each = standard_errors(_by_replicate(found, s, np.array(REPORTED)))
    columns |= {f"mcse_p{level * 100:.0f}": row for level, row in zip(REPORTED, each.T, strict=True)}
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]
