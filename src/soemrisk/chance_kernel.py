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
Ints = NDArray[np.int64]
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
        _draw(table, completers, (*of, *_together(model)), (drawn, changed))
    return Heads(completers=completers, net=net, drawn=drawn, changed=changed, rate=rate, lowest=lowest)


@lru_cache(maxsize=4)
def _arrays(model: Model) -> tuple[Any, ...]:
    """What is needed of a model; fresh arrays, so that all models have the same types and compile once."""
    known = (model.rates, model.one_rate, model.turnout, model.completers, model.share, model.share_base)
    return tuple(np.array(x, order="C") if isinstance(x, np.ndarray) else x for x in known)


@lru_cache(maxsize=4)
def _together(model: Model) -> tuple[Ints, Ints]:
    """Cohorts that are counted together, one group after another, and where each group starts.

    They have the same rates and the same whole number of completers in all draws.
    """
    groups: dict[tuple[float, ...], list[int]] = {}
    known = zip(model.completers.tolist(), model.rates.tolist(), model.whole_completers, strict=True)
    for c, (number, rates, whole) in enumerate(known):
        groups.setdefault((*rates, number) if whole else (c,), []).append(c)
    order = np.array([c for group in groups.values() for c in group], dtype=np.int64)
    return order, np.cumsum([0, *map(len, groups.values())], dtype=np.int64)


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
    found = np.zeros((2, 1, len(points)))
    of = np.ascontiguousarray(points.T), np.array([[0, 1]]), independent, RECIPROCALS, np.array([0]), np.array([0, 1])
    _draw(np.ascontiguousarray(rates.T), np.ascontiguousarray(completers)[None], of, (found[0], found[1]))
    return found[:, 0]


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
def _binomials(count: int, several: int, reciprocals: Any, work: Any) -> None:  # pragma: no cover - compiled
    """Smallest m with P(M ≤ m) ≥ point for M ~ Binomial(number, rate), counted up from 0 of the rarer outcome.

    All draws step by step together; those that have found theirs wait. Several cohorts that share numbers and rates
    have a row of points each, and the masses are found once for all. ``work`` are the points, which become what is
    counted up to, what is found, numbers, rates, and room for P(m), P(M ≤ m) and odds.
    """
    limits, found, of_draw = work
    numbers, rates, mass, below, odds = of_draw[0], of_draw[1], of_draw[2], of_draw[3], of_draw[4]
    many, most = 0, 0
    for i in range(count):
        most = max(most, int(numbers[i]))
        many += 1 if numbers[i] * min(rates[i], 1.0 - rates[i]) > 64.0 else 0
    if many > 0 or most >= len(reciprocals) - 1:
        for c in range(several):
            for i in range(count):
                found[c, i] = _walked(limits[c, i], numbers[i], rates[i])
        return
    for i in range(count):
        rare = max(1.0 - rates[i] if rates[i] > 0.5 else rates[i], 0.0)
        mass[i], below[i], odds[i] = 1.0, 1.0 - rare, rare / (1.0 - rare)
    bit = 1
    while bit <= most:  # a power by squaring
        for i in range(count):
            factor = below[i]
            mass[i] *= factor if int(numbers[i]) & bit else 1.0
            below[i] = factor * factor
        bit *= 2
    for i in range(count):
        below[i] = mass[i] if numbers[i] > 0.0 else np.inf
    for c in range(several):
        for i in range(count):  # turned, a point at a step lies above it: the next number is counted up to
            limit = 1.0 - limits[c, i]
            after = limit + (1.1102230246251568e-16 * limit + 5e-324)
            limits[c, i] = after if rates[i] > 0.5 else limits[c, i]
            found[c, i] = 0.0
    steps, m = count, 0
    while steps > 0:
        steps, known, next_one = 0, float(m), reciprocals[m + 1]
        for c in range(several):
            for i in range(count):
                lower = below[i] < limits[c, i]
                found[c, i] += 1.0 if lower else 0.0
                steps += 1 if lower else 0
        for i in range(count):
            mass[i] *= (numbers[i] - known) * next_one * odds[i]
            # what is lost in rounding ends the count, a point this near to 1 lies here; and so does the last number
            goes_on = (below[i] + mass[i] != below[i]) & (known + 1.0 < numbers[i])
            below[i] = below[i] + mass[i] if goes_on else np.inf
        m += 1
    for c in range(several):
        for i in range(count):
            found[c, i] = numbers[i] - found[c, i] if rates[i] > 0.5 else found[c, i]


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
    """Net number of successes, and number of persons whose use changes, by cohort, (c, n); 0 before.

    Cohorts that ``order`` names together have the same rates and the same whole number of completers.
    """
    points, rate_at, independent, reciprocals, order, order_from = of
    nobody, cohorts = np.zeros(values.shape[1]), completers.shape[0]
    work = np.empty((cohorts, 64)), np.empty((cohorts, 64)), np.empty((5, 64))
    limits, found, numbers, rates = work[0], work[1], work[2][0], work[2][1]
    for g in range(len(order_from) - 1):
        who = order[order_from[g] : order_from[g + 1]]
        high_rates = values[rate_at[who[0], 0]]
        low_rates = values[rate_at[who[0], 1]] if rate_at[who[0], 1] >= 0 else nobody
        for start in range(0, values.shape[1], 64):
            end = min(start + 64, values.shape[1])
            number, high, low = completers[who[0], start:end], high_rates[start:end], low_rates[start:end]
            came = points[3 * who[0], start:end]
            for i in range(len(came)):
                whole = math.floor(number[i])
                numbers[i] = whole + (1.0 if came[i] < number[i] - whole else 0.0)
            for part in range(2 if independent else 1):
                for i in range(len(came)):
                    rates[i] = low[i] if part == 1 else high[i] if independent else abs(high[i] - low[i])
                for n in range(len(who)):
                    point = points[3 * who[n] + 1 + part, start:end]
                    for i in range(len(came)):
                        limits[n, i] = point[i]
                _binomials(len(came), len(who), reciprocals, work)
                for n in range(len(who)):
                    drawn, changed = out[0][who[n], start:end], out[1][who[n], start:end]
                    for i in range(len(came)):
                        less = part == 1 or (not independent and high[i] - low[i] < 0.0)
                        one = -found[n, i] if less else found[n, i]
                        drawn[i] = drawn[i] + one if part == 1 else one
                        changed[i] += found[n, i]
