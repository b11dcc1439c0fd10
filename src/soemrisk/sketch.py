"""A result's draws counted in bins: what is kept of them, and the figures that follow.

The bins hold about equally many draws of a pilot, and a value that the pilot has more than once has a bin of its own.
Of each bin the number, the smallest, the largest and the sum of its draws are known, so a quantile lies between two
draws of its bin, however skewed the result is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import Model
from soemrisk.statistics import LEVELS, REPORTED, standard_error

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BINS = 2048  # of equal probability
MOST_COUNTERS = 2**20  # of all results and bins of a replicate; with more results there are fewer bins of each
FEWEST_BINS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Bins of s results.

    Attributes
    ----------
    edges : (s, b − 1)
        Rising; a bin begins at each, one more lies before the first. Filled up with inf.
    origin : (s,)
        What deviations are summed from.
    """

    edges: Floats
    origin: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Draws of s results in b bins; arrays are added to in place.

    Attributes
    ----------
    counts : (s, b) int64
    low, high, sums : (s, b)
        Smallest and largest draw of each bin, and the sum of their deviations from the origin.
    squares : (s,)
        Sum of squared deviations.
    positive : (s,) int64
        Draws above 0.
    """

    counts: Counts
    low: Floats
    high: Floats
    sums: Floats
    squares: Floats
    positive: Counts


Count = Callable[[Floats, Bins, Counted], None]


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
    upto : r times (s, b) int64
        Running sums over the bins of the number of draws, by replicate.
    upto_all : (s, b) int64
        The same over all replicates.
    low, high, sums : (s, b)
        Over all replicates.
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
    low: Floats
    high: Floats
    sums: Floats
    means: Floats
    squares: Floats
    origin: Floats
    positive: Floats
    told: Floats
    paid_back: Counts


def bins_of(pilot: Floats) -> Bins:
    """Bins that hold equally many draws of a pilot, with a bin for each value that it has more than once.

    Parameters
    ----------
    pilot : (n, s) float64
        Some draws of each result.

    Returns
    -------
    Bins
    """
    number = int(np.clip(MOST_COUNTERS // pilot.shape[1] // 2, FEWEST_BINS, BINS))
    ranks = np.unique(np.linspace(0, len(pilot) - 1, number).astype(np.int64))
    rows = []
    for ordered in np.sort(pilot, axis=0).T:
        values, times = np.unique(ordered, return_counts=True)
        often = np.argsort(-times, kind="stable")[:number]
        atoms = values[often[times[often] > 1]]
        rows.append(np.unique(np.concatenate([ordered[ranks], atoms, np.nextafter(atoms, np.inf)])))
    edges = np.full((len(rows), max(len(row) for row in rows)), np.inf)
    for s, row in enumerate(rows):
        edges[s, : len(row)] = row
    return Bins(edges=edges, origin=pilot[0].copy())


def part_of(whole: Bins | Counted, start: int, stop: int) -> Any:
    """Bins or counts of some of the results, without a copy: what is added to them is added to the whole."""
    return type(whole)(**{one.name: getattr(whole, one.name)[start:stop] for one in fields(whole)})


def empty_tally(bins: Bins, told: int, model: Model) -> Tally:
    """A tally of no draws."""
    shape = (len(bins.edges), bins.edges.shape[1] + 1)
    counted = Counted(
        counts=np.zeros(shape, dtype=np.int64),
        low=np.full(shape, np.inf),
        high=np.full(shape, -np.inf),
        sums=np.zeros(shape),
        squares=np.zeros(shape[0]),
        positive=np.zeros(shape[0], dtype=np.int64),
    )
    paid_back = np.zeros((len(model.actors), len(model.years) + 1), dtype=np.int64)
    return Tally(counted=counted, told=np.zeros(told), paid_back=paid_back)


def count_slowly(results: Floats, bins: Bins, into: Counted) -> None:
    """Count draws, none of them NaN, in plain numpy: the slow twin of ``count_kernel.count``.

    Parameters
    ----------
    results : (n, s) float64
    bins : Bins
    into : Counted
        Added to in place.
    """
    for s, draws in enumerate(results.T):
        place = np.searchsorted(bins.edges[s], draws, side="right")
        deviation = draws - bins.origin[s]
        into.counts[s] += np.bincount(place, minlength=into.counts.shape[1])
        into.sums[s] += np.bincount(place, weights=deviation, minlength=into.counts.shape[1])
        np.minimum.at(into.low[s], place, draws)
        np.maximum.at(into.high[s], place, draws)
        into.squares[s] += (deviation**2).sum()
        into.positive[s] += int((draws > 0).sum())


def sketch(tallies: Iterable[Tally], bins: Bins) -> Sketch:
    """Put the tallies of replicates together, in their order; each is forgotten when it is added."""
    upto, means, positive, told, paid_back = [], [], [], [], []
    low, high, sums, squares = (np.array(one) for one in (np.inf, -np.inf, 0.0, 0.0))
    for tally in tallies:
        one = tally.counted
        draws = int(one.counts[0].sum())
        upto.append(np.cumsum(one.counts, axis=1))
        # one after the other: a sum in pairs would depend on how many bins another result has
        means.append(np.cumsum(one.sums, axis=1)[:, -1] / draws)
        positive.append(one.positive / draws)
        told.append(tally.told)
        low, high = np.minimum(low, one.low), np.maximum(high, one.high)
        sums, squares = sums + one.sums, squares + one.squares / draws
        paid_back.append(tally.paid_back)
    upto_all = np.sum(upto, axis=0)
    return Sketch(
        upto=tuple(upto),
        upto_all=upto_all,
        low=low,
        high=high,
        sums=sums,
        means=np.stack(means),
        squares=squares / len(upto),
        origin=bins.origin,
        positive=np.stack(positive),
        told=np.stack(told),
        paid_back=np.stack(paid_back),
    )


def _quantile(upto: Counts, low: Floats, high: Floats, level: float) -> float:
    """Type 5 quantile, as ``statistics.sorted_quantile``, the draws of a bin evenly between its lowest and highest."""
    whole = int(upto[-1])
    place = min(max(level * whole - 0.5, 0.0), whole - 1.0)
    first = int(place)
    values = []
    for k in (first, min(first + 1, whole - 1)):
        b = int(np.searchsorted(upto, k, side="right"))
        before = int(upto[b - 1]) if b else 0
        part = (k - before + 0.5) / (int(upto[b]) - before)
        values.append(float(low[b] + part * (high[b] - low[b])))
    return values[0] + (place - first) * (values[1] - values[0])


def pooled_quantile(found: Sketch, s: int, level: float) -> float:
    """Quantile of one result over all replicates."""
    return _quantile(found.upto_all[s], found.low[s], found.high[s], level)


def replicate_quantiles(found: Sketch, s: int, level: float) -> Floats:
    """Quantile of one result in each replicate, (r,)."""
    return np.array([_quantile(upto[s], found.low[s], found.high[s], level) for upto in found.upto])


def replicate_quantile(found: Sketch, s: int, r: int, level: float) -> float:
    """Quantile of one result in one replicate."""
    return _quantile(found.upto[r][s], found.low[s], found.high[s], level)


def mean_of_lowest(found: Sketch, s: int, share: float) -> float:
    """Mean of the lowest share of the draws of one result: whole bins, and the lower part of the next one."""
    return _lowest(found, s, (np.diff(found.upto_all[s], prepend=0), found.sums[s]), share)


def means_of_lowest(found: Sketch, s: int, share: float) -> Floats:
    """The same in each replicate, (r,), with the mean of each bin over all replicates."""
    whole = np.diff(found.upto_all[s], prepend=0)
    means = np.divide(found.sums[s], whole, out=np.zeros_like(found.sums[s]), where=whole > 0)
    counted = [np.diff(upto[s], prepend=0) for upto in found.upto]
    return np.array([_lowest(found, s, (counts, counts * means), share) for counts in counted])


def _lowest(found: Sketch, s: int, counted: tuple[Counts, Floats], share: float) -> float:
    """Mean of the lowest share of what is counted: numbers and sums by bin."""
    counts, sums = counted
    wanted = share * int(counts.sum())
    upto = np.cumsum(counts)
    b = int(np.searchsorted(upto, wanted, side="left"))
    before = int(upto[b - 1]) if b else 0
    lowest = float(sums[:b].sum())
    part = (wanted - before) / int(counts[b])
    spread = float(found.high[s, b] - found.low[s, b])
    mean = float(sums[b]) / int(counts[b]) - spread * (1 - part) / 2  # draws lie evenly in a bin
    mean = max(mean, float(found.low[s, b] - found.origin[s]))
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
    sd = float(np.sqrt(max(found.squares[s] - mean**2, 0.0)))
    if found.high[s].max() == found.low[s].min():
        sd = 0.0
    result = {"mean": float(found.origin[s]) + mean, "sd": sd}
    for level in LEVELS:
        result[f"p{level * 100:.0f}"] = pooled_quantile(found, s, level)
    positive = found.positive[:, s]
    result["prob_positive"] = float(positive.mean())
    result["mcse_mean"] = standard_error(found.means[:, s])
    error = standard_error(positive)
    draws = int(found.upto_all[s, -1])
    result["mcse_prob"] = error if error > 0 or sd == 0 else 1 / draws
    for level in REPORTED:
        result[f"mcse_p{level * 100:.0f}"] = standard_error(replicate_quantiles(found, s, level))
    return result
