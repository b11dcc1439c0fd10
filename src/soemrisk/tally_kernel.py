"""A block of draws counted and averaged, compiled: the fast twin of ``block_results.add_slowly``.

Result by result, so that the bins of one stay in the nearest memory. Sums are taken in 64 lanes, which the compiler
puts side by side, and their order is the same for every block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.block_results import Frame, own_results, rarely_told
from soemrisk.compiling import compiled, inner, is_kept
from soemrisk.simulation import Evaluated
from soemrisk.sketch import Tally

Floats = NDArray[np.float64]


def add(found: Evaluated, frame: Frame, tally: Tally) -> None:
    """Add a block of draws to a tally, as ``block_results.add_slowly``.

    Parameters
    ----------
    found : Evaluated
        From ``kernel.evaluate``.
    frame : Frame
    tally : Tally
        Added to in place.
    """
    outcome, model, bins, counted = found.outcome, frame.model, frame.bins, tally.counted
    by_actor = outcome.net, outcome.expected, outcome.correlated, outcome.at_zero, outcome.per_rate
    rare = rarely_told(found).sum(axis=1)
    often = len(tally.told) - len(rare)
    _add(
        (
            *(_beside(one) for one in (*by_actor, outcome.chance_variance)),
            *(_beside(one) for one in (outcome.area, outcome.year)),
            np.ascontiguousarray(own_results(found, frame.typical)),
            outcome.successes,
            outcome.lowest_rate,
        ),
        (frame.promised, np.asarray(model.roots, dtype=np.int64), frame.typical[-1]),
        (bins.edges, bins.origin, bins.low, bins.scale, bins.cells, bins.even, bins.first, bins.steps, bins.upto),
        (
            *(counted.counts, counted.sums, counted.total, counted.squares),
            *(counted.low, counted.high, counted.positive),
        ),
        (tally.told[:often], tally.paid_back),
    )
    tally.told[often:] += rare


def _beside(part: Floats) -> Floats:
    """The same with the draws on the last axis, side by side."""
    return np.ascontiguousarray(part.transpose(*range(1, part.ndim), 0))


def is_ready() -> bool:
    """Whether compiled code lies in the cache, so that counting starts at once."""
    return is_kept(_add)


@inner
def _summed(x: Any, centre: float, lanes: Any) -> Any:  # pragma: no cover - compiled
    """Sum of deviations and of their squares, smallest, largest, and how many are above 0."""
    first, second, low, high = lanes
    for i in range(64):
        first[i], second[i], low[i], high[i] = 0.0, 0.0, np.inf, -np.inf
    whole = len(x) // 256 * 256
    for start in range(0, whole, 256):
        part = x[start : start + 256]
        a, b, c, d = part[:64], part[64:128], part[128:192], part[192:]
        for i in range(64):
            one, two, three, four = a[i], b[i], c[i], d[i]
            least, most, next_least, next_most = min(one, two), max(one, two), min(three, four), max(three, four)
            least, most = min(least, next_least), max(most, next_most)
            low[i], high[i] = min(low[i], least), max(high[i], most)
            one, two, three, four = one - centre, two - centre, three - centre, four - centre
            first[i] += (one + two) + (three + four)
            second[i] += (one * one + two * two) + (three * three + four * four)
    for i in range(whole, len(x)):
        deviation = x[i] - centre
        first[0] += deviation
        second[0] += deviation * deviation
        low[0], high[0] = min(low[0], x[i]), max(high[0], x[i])
    positive = 0
    for i in range(len(x)):
        positive += 1 if x[i] > 0.0 else 0
    for i in range(16):  # lanes are put together side by side too
        first[i] = (first[i] + first[16 + i]) + (first[32 + i] + first[48 + i])
        second[i] = (second[i] + second[16 + i]) + (second[32 + i] + second[48 + i])
    for i in range(16):
        least, most = min(low[i], low[16 + i]), max(high[i], high[16 + i])
        next_least, next_most = min(low[32 + i], low[48 + i]), max(high[32 + i], high[48 + i])
        low[i], high[i] = min(least, next_least), max(most, next_most)
    total, squares, smallest, largest = 0.0, 0.0, np.inf, -np.inf
    for i in range(16):
        total += first[i]
        squares += second[i]
        smallest, largest = min(smallest, low[i]), max(largest, high[i])
    return total, squares, smallest, largest, positive


@inner
def _places(x: Any, s: int, bins: Any, at: Any) -> None:  # pragma: no cover - compiled
    """The bin of every draw, as ``bins.bin_of``."""
    edges, _, lows, scales, cells, even, firsts, widths, uptos = bins
    low, scale, top = lows[s], scales[s], cells[s]
    if even[s]:
        for i in range(len(x)):
            at[i] = np.int32(max(min((x[i] - low) * scale, top), -1.0) + 1.0)
        return
    first, steps, upto = firsts[s], widths[s], uptos[s]
    for i in range(len(x)):
        cell = max(min((x[i] - low) * scale, top), -1.0) + 1.0
        whole = int(cell)
        at[i] = np.int32(first[whole] + (cell - whole) * steps[whole])
    for i in range(len(x)):
        here, last = upto[at[i]], upto[at[i] + 1] - 1
        while here < last:
            middle = (here + last) // 2
            if x[i] >= edges[s, middle]:
                here = middle + 1
            else:
                last = middle
        at[i] = here


@inner
def _count(x: Any, s: int, bins: Any, into: Any, work: Any) -> None:  # pragma: no cover - compiled
    counts, sums, total, squares, low, high, positive = into
    at, lanes = work
    centre = bins[1][s]
    found = _summed(x, centre, lanes)
    total[s] += found[0]
    squares[s] += found[1]
    low[s], high[s] = min(low[s], found[2]), max(high[s], found[3])
    positive[s] += found[4]
    alike = found[2] == found[3]  # then they lie in one bin, to which nothing has to be added again and again
    _places(x[:1] if alike else x, s, bins, at)
    of_bin = counts[s]
    if alike:
        of_bin[at[0]] += len(x)
    for i in range(0 if alike else len(x)):
        of_bin[at[i]] += 1
    if s < len(sums):
        of_sums = sums[s]
        for i in range(len(x)):
            of_sums[at[0 if alike else i]] += x[i] - centre


@inner
def _break_even(zero: float, slope: float) -> float:  # pragma: no cover - compiled
    """As ``break_evens.break_even``."""
    if slope <= 0.0 and zero < 0.0:
        return np.inf
    if slope == 0.0:
        return -np.inf
    found: float = 0.0 - zero / slope
    return found


@inner
def _fold(x: Any) -> None:  # pragma: no cover - compiled
    for i in range(len(x)):
        size = abs(x[i])
        x[i] = (1.0 if x[i] > 0.0 else -1.0) if size == np.inf else x[i] / (1.0 + size)


@inner
def _mean_gaps(net: Any, promised: float, told: Any, lane: Any) -> None:  # pragma: no cover - compiled
    """Sums of how far the result stays below and goes above what was promised."""
    for k in range(2):
        sign = -1.0 if k == 0 else 1.0
        for i in range(64):
            lane[i] = 0.0
        for start in range(0, len(net), 64):
            part = net[start : start + 64]
            for i in range(len(part)):
                lane[i] += max(sign * (part[i] - promised), 0.0)
        for i in range(64):
            told[k] += lane[i]


@inner
def _tell(outcome: Any, a: int, known: Any, told: Any, lane: Any) -> None:  # pragma: no cover - compiled
    """Each of ``block_results.TOLD`` for one actor; ``told`` (12, a)."""
    net, expected, _, at_zero, per_rate, variance, _, _, _, successes, _ = outcome
    promised = known[0][a]
    below, wrong, always, never, above, reached, falling, loses, reachable = 0, 0, 0, 0, 0, 0, 0, 0, 0
    own, whole, zeros, slopes, persons = net[a], net[0], at_zero[a], per_rate[a], successes
    for i in range(len(own)):
        below += own[i] - promised < 0.0
        wrong += (promised > 0.0 and own[i] <= 0.0) or (promised < 0.0 and own[i] >= 0.0)
        reached += expected[a, i] >= 0.0
        loses += (own[i] < 0.0) & (whole[i] > 0.0)
        reachable += (own[i] > 0.0) | (persons[i] > 0.0)
    for i in range(len(own)):
        zero, slope = zeros[i], slopes[i]
        always += (zero >= 0.0) & (zero + slope >= 0.0)
        never += (slope <= 0.0) & (zero < 0.0)
        falling += (slope < 0.0) & (zero >= 0.0)
        above += (slope > 0.0) & (0.0 - zero / (slope if slope != 0.0 else 1.0) > 1.0)
    gaps = np.zeros(2)
    _mean_gaps(own, promised, gaps, lane)
    for i in range(64):
        lane[i] = 0.0
    for start in range(0, len(own), 64):
        part = variance[a, start : start + 64]
        for i in range(len(part)):
            lane[i] += part[i]
    chance = 0.0
    for i in range(64):
        chance += lane[i]
    told[0, a] += below
    told[3, a] += wrong
    told[4, a] += always
    told[5, a] += never
    told[6, a] += above
    told[7, a] += reached
    told[8, a] += falling
    told[9, a] += loses
    told[10, a] += reachable
    told[1, a] += gaps[0]
    told[2, a] += gaps[1]
    told[11, a] += chance


@inner
def _tell_all(outcome: Any, roots: Any, gains: Any, told: Any) -> None:  # pragma: no cover - compiled
    """How often all actors that are no part of another gain, how often none, and how often a rate is negative."""
    net, lowest = outcome[0], outcome[10]
    for i in range(len(gains)):
        gains[i] = 0.0
    for r in range(len(roots)):
        own = net[roots[r]]
        for i in range(len(gains)):
            gains[i] += 1.0 if own[i] > 0.0 else 0.0
    every, none, negative = 0, 0, 0
    for i in range(len(gains)):
        every += 1 if gains[i] == len(roots) else 0
        none += 1 if gains[i] == 0.0 else 0
        negative += 1 if lowest[i] < 0.0 else 0
    told[0] += every
    told[1] += none
    told[2] += negative


@compiled
def _add(outcome: Any, known: Any, bins: Any, counted: Any, into: Any) -> None:  # pragma: no cover - compiled
    net, expected, correlated, at_zero, per_rate, _, area, year, own, successes, _ = outcome
    told, paid_back = into
    actors, count = net.shape
    at, x, last = np.empty(count, np.int32), np.empty(count), np.empty(count)
    lanes = np.empty(64), np.empty(64), np.empty(64), np.empty(64)
    work = at, lanes
    by_actor = told[: 12 * actors].reshape(12, actors)
    s, years = 3 * actors, year.shape[0]
    for a in range(actors):
        _count(net[a], a, bins, counted, work)
        _count(expected[a], actors + a, bins, counted, work)
        _count(correlated[a], 2 * actors + a, bins, counted, work)
        _tell(outcome, a, known, by_actor, lanes[0])
        for h in range(len(area)):
            _count(area[h, a], s + h * actors + a, bins, counted, work)
        for i in range(count):
            x[i], last[i] = 0.0, 0.0
        for y in range(years):
            of_year, place = year[y, a], y + 1.0
            _count(of_year, s + (len(area) + y) * actors + a, bins, counted, work)
            for i in range(count):
                running = x[i] + of_year[i]
                x[i] = running
                last[i] = place if running < 0.0 else last[i]
            if 0 < y < years - 1:
                _count(x, s + (len(area) + years + y - 1) * actors + a, bins, counted, work)
        for i in range(count):
            paid_back[a, int(last[i])] += 1
    s += (len(area) + years + max(years - 2, 0)) * actors
    for m in range(len(own)):
        _count(own[m], s + m, bins, counted, work)
    s += len(own)
    for a in range(actors):
        for i in range(count):
            x[i] = _break_even(at_zero[a, i], per_rate[a, i])
        _fold(x)
        _count(x, s + a, bins, counted, work)
        for i in range(count):
            if successes[i] > 0.0:
                x[i] = (0.0 - net[a, i]) / successes[i] / known[2][a]
            else:
                x[i] = -np.inf if net[a, i] > 0.0 else np.inf
        _fold(x)
        _count(x, s + actors + a, bins, counted, work)
    _tell_all(outcome, known[1], x, told[12 * actors :])
