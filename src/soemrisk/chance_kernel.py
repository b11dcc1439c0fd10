"""How many complete, and how many succeed, compiled: the fast twin of ``reference.draw_chance``.

Whole persons from points of the unit cube, so that chance is drawn as everything else is. Draws lie side by side in
memory, and every array is an argument.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled, inner
from soemrisk.model import Model

Floats = NDArray[np.float64]
RECIPROCALS = 1.0 / np.maximum(np.arange(4098.0), 1.0)  # of whole numbers; cohorts of up to one less are counted up


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Persons in n draws.

    Attributes
    ----------
    completers, net : (c, n)
        Those who complete, and the net success rate, by cohort.
    drawn, changed : (c, n)
        Net number of successes, and persons whose use changes; without chance what is expected, and nobody.
    rate, lowest : (n,)
        Net success rate over all who complete, and that of the cohort with the lowest.
    """

    completers: Floats
    net: Floats
    drawn: Floats
    changed: Floats
    rate: Floats
    lowest: Floats


def heads(model: Model, table: Floats, points: Floats | None) -> Heads:
    """Count persons.

    Parameters
    ----------
    model : Model
    table : (q, n) float64
        Values of all quantities.
    points : (3 c, n) float64 or None
        For the number of completers and successes with and without, cohort by cohort; None: no chance.

    Returns
    -------
    Heads
    """
    n, c = table.shape[1], len(model.completers)
    completers, net, drawn, changed = np.zeros((4, c, n))
    rate, lowest = np.zeros(n), np.full(n, np.inf)
    who = _arrays(model)
    _people(table, who, (completers, net, rate, lowest))
    if points is None:
        drawn = net * completers
    else:
        of = (points, who[0], model.independent_chance, RECIPROCALS)
        _draw(table, completers, of, (drawn, changed))
    return Heads(completers=completers, net=net, drawn=drawn, changed=changed, rate=rate, lowest=lowest)


@lru_cache(maxsize=4)
def _arrays(model: Model) -> tuple[Any, ...]:
    """What is needed of a model; fresh arrays, so that all models have the same types and compile once."""
    known = (model.rates, model.one_rate, model.turnout, model.completers, model.share, model.share_base)
    return tuple(np.array(x, order="C") if isinstance(x, np.ndarray) else x for x in known)


def successes(points: Floats, completers: Floats, rates: Floats, *, independent: bool) -> Floats:
    """Net number of successes of one cohort, and number of persons whose use changes, as ``reference.draw_chance``.

    Parameters
    ----------
    points : (n, 3) float64
        For the number of completers, the successes with, and without.
    completers : (n,) float64
    rates : (n, 2) float64
        With and without; (net, 0) for a net rate.
    independent : bool

    Returns
    -------
    (2, n) float64

    Examples
    --------
    >>> rates, half = np.array([[0.5, 0.0]]), np.array([[0.5, 0.5, 0.5]])
    >>> successes(half, np.array([4.0]), rates, independent=False).tolist()
    [[2.0], [2.0]]
    """
    found = np.empty((2, len(points)))
    beside = np.ascontiguousarray(points.T), np.ascontiguousarray(rates.T)
    _successes_of(beside[0], completers, beside[1], independent, RECIPROCALS, found)
    return found


@inner
def _walked(point: float, number: float, rate: float) -> float:  # pragma: no cover - compiled
    """Smallest m with P(M ≤ m) ≥ point for M ~ Binomial(number, rate), walking from the middle: O(√number)."""
    n = int(number)
    if n == 0 or rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return float(n)
    middle = min(int(n * rate), n)
    odds = rate / (1.0 - rate)
    log_mass = (
        math.lgamma(n + 1.0)
        - math.lgamma(middle + 1.0)
        - math.lgamma(n - middle + 1.0)
        + middle * math.log(rate)
        + (n - middle) * math.log1p(-rate)
    )
    mass = math.exp(log_mass)
    below, lower = mass, mass  # P(M ≤ middle), from the largest term down
    m = middle
    while m > 0 and lower > 1e-18 * below:
        lower *= m / ((n - m + 1.0) * odds)
        below += lower
        m -= 1
    m = middle
    if below < point:
        while m < n and below < point:
            mass *= (n - m) / (m + 1.0) * odds
            m += 1
            if below + mass == below:  # the rest is lost in rounding: a point this near to 1 lies here
                break
            below += mass
        return float(m)
    while m > 0 and below - mass >= point and mass > 1e-18:
        below -= mass
        mass *= m / ((n - m + 1.0) * odds)
        m -= 1
    return float(m)


@inner
def _binomials(  # pragma: no cover - compiled
    points: Any, numbers: Any, rates: Any, reciprocals: Any, at: Any
) -> Any:
    """Smallest m with P(M ≤ m) ≥ point for M ~ Binomial(number, rate), counted up from 0 of the rarer outcome.

    All draws step by step together; those that have found theirs wait, as what is added to them changes nothing. In
    ``at`` lie, 64 of each: up to where is counted, P(m), P(M ≤ m), odds, m found, numbers, and whether it is turned.
    """
    count = len(points)
    for i in range(count):
        turned = rates[i] > 0.5
        rare = max(1.0 - rates[i] if turned else rates[i], 0.0)
        at[i] = 1.0 - points[i] if turned else points[i]
        at[64 + i], at[128 + i], at[192 + i], at[256 + i] = 1.0, 1.0 - rare, rare / (1.0 - rare), 0.0
        at[320 + i], at[384 + i] = numbers[i], 1.0 if turned else 0.0
    many, most = 0, 0
    for i in range(count):
        most = max(most, int(numbers[i]))
        mean = numbers[i] * min(rates[i], 1.0 - rates[i])
        many += 1 if mean > 64.0 else 0
    bit = 1
    while bit <= most:  # a power by squaring
        for i in range(count):
            factor = at[128 + i]
            at[64 + i] *= factor if int(numbers[i]) & bit else 1.0
            at[128 + i] = factor * factor
        bit *= 2
    for i in range(count):
        at[128 + i] = at[64 + i]
    found = at[256 : 256 + count]
    if many > 0 or most >= len(reciprocals) - 1:
        for i in range(count):
            found[i] = _walked(points[i], numbers[i], rates[i])
        return found
    steps, m = count, 0
    while steps > 0:
        steps, known, next_one = 0, float(m), reciprocals[m + 1]
        for i in range(count):
            limit, mass, below, number = at[i], at[64 + i], at[128 + i], at[320 + i]
            lower = (below < limit) | ((at[384 + i] > 0.0) & (below == limit))
            step = lower & (at[256 + i] == known) & (known < number)
            at[256 + i] += 1.0 if step else 0.0
            steps += 1 if step else 0
            mass *= (number - known) * next_one * at[192 + i]
            # what is lost in rounding ends the count: a point this near to 1 lies here
            at[i] = limit if below + mass != below else -1.0
            at[64 + i], at[128 + i] = mass, below + mass
        m += 1
    for i in range(count):
        found[i] = numbers[i] - found[i] if rates[i] > 0.5 else found[i]
    return found


@inner
def _successes(  # pragma: no cover - compiled
    points: Any, row: int, place: Any, completers: Any, both: Any, independent: bool, reciprocals: Any, work: Any,
    out: Any,
) -> None:  # fmt: skip
    """Net number of successes, and number of persons whose use changes, of the draws at a place."""
    start, end = place
    came, first, second = points[row, start:end], points[row + 1, start:end], points[row + 2, start:end]
    completers, high, low = completers[start:end], both[0][start:end], both[1][start:end]
    numbers, rates, of_binomials = work
    drawn, changed = out[0][start:end], out[1][start:end]
    for i in range(len(came)):
        whole = math.floor(completers[i])
        numbers[i] = whole + (1.0 if came[i] < completers[i] - whole else 0.0)
        rates[i] = high[i] if independent else abs(high[i] - low[i])
    found = _binomials(first, numbers, rates, reciprocals, of_binomials)
    if independent:
        for i in range(len(came)):
            drawn[i], changed[i] = found[i], found[i]
            rates[i] = low[i]
        found = _binomials(second, numbers, rates, reciprocals, of_binomials)
        for i in range(len(came)):
            drawn[i] -= found[i]
            changed[i] += found[i]
        return
    for i in range(len(came)):
        drawn[i] = found[i] if high[i] - low[i] >= 0.0 else -found[i]
        changed[i] = found[i]


@compiled
def _successes_of(  # pragma: no cover - compiled
    points: Any, completers: Any, rates: Any, independent: bool, reciprocals: Any, out: Any
) -> None:
    work = np.empty(64), np.empty(64), np.empty(448)
    for start in range(0, points.shape[1], 64):
        place = start, min(start + 64, points.shape[1])
        both = rates[0], rates[1]
        _successes(points, 0, place, completers, both, independent, reciprocals, work, (out[0], out[1]))


@compiled
def _people(values: Any, who: Any, out: Any) -> None:  # pragma: no cover - compiled
    rate_at, one_rate, turnout, stated, share_at, share_base = who
    completers, net, rate, lowest = out
    whole = np.zeros(values.shape[1])
    for c in range(len(stated)):
        for i in range(values.shape[1]):
            people = stated[c]
            if share_at[c] >= 0:
                people = stated[c] * (values[share_at[c], i] / share_base[c])
            net[c, i] = values[rate_at[c, 0], i]
            if rate_at[c, 1] >= 0:
                net[c, i] -= values[rate_at[c, 1], i]
            lowest[i] = min(lowest[i], net[c, i])
            rate[i] += net[c, i] * people
            whole[i] += people
            completers[c, i] = people * values[turnout, i] if turnout >= 0 else people
    for i in range(values.shape[1]):
        rate[i] = net[0, i] if one_rate else rate[i] / whole[i]


@compiled
def _draw(values: Any, completers: Any, of: Any, out: Any) -> None:  # pragma: no cover - compiled
    points, rate_at, independent, reciprocals = of
    drawn, changed = out
    work, nobody = (np.empty(64), np.empty(64), np.empty(448)), np.zeros(values.shape[1])
    for c in range(completers.shape[0]):
        both = values[rate_at[c, 0]], values[rate_at[c, 1]] if rate_at[c, 1] >= 0 else nobody
        for start in range(0, values.shape[1], 64):
            place = start, min(start + 64, values.shape[1])
            _successes(
                points, 3 * c, place, completers[c], both, independent, reciprocals, work, (drawn[c], changed[c])
            )
