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

from soemrisk.compiling import compiled
from soemrisk.model import Model

Floats = NDArray[np.float64]
RECIPROCALS = 1.0 / np.maximum(np.arange(4097.0), 1.0)  # of whole numbers; cohorts up to this size are counted up


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
    both = np.ascontiguousarray(points), np.ascontiguousarray(rates)
    _successes_of(both[0], completers, both[1], independent, RECIPROCALS, found)
    return found


@compiled
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


@compiled
def _binomial(point: float, number: float, rate: float, reciprocals: Any) -> float:  # pragma: no cover - compiled
    """Smallest m with P(M ≤ m) ≥ point for M ~ Binomial(number, rate): counted up from 0, of the rarer outcome."""
    n = int(number)
    if n == 0 or rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return float(n)
    turned = rate > 0.5
    rare = 1.0 - rate if turned else rate
    if n >= len(reciprocals) or n * rare > 64.0:
        walked: float = _walked(point, number, rate)
        return walked
    odds = rare / (1.0 - rare)
    mass = math.exp(n * math.log1p(-rare))
    wanted = 1.0 - point if turned else point
    below, m = mass, 0
    while m < n and (below <= wanted if turned else below < wanted):
        mass *= (n - m) * reciprocals[m + 1] * odds
        m += 1
        if below + mass == below:  # the rest is lost in rounding: a point this near to 1 lies here
            break
        below += mass
    found: float = float(n - m if turned else m)
    return found


@compiled
def _successes(
    points: Any, completers: float, rates: Any, independent: bool, reciprocals: Any
) -> Any:  # pragma: no cover - compiled
    """Net number of successes, and number of persons whose use changes."""
    came, first, second = points
    high, low = rates
    whole = math.floor(completers)
    number = whole + (1.0 if came < completers - whole else 0.0)
    if independent:
        gained = _binomial(first, number, high, reciprocals)
        lost = _binomial(second, number, low, reciprocals)
        return gained - lost, gained + lost
    net = high - low
    drawn = _binomial(first, number, abs(net), reciprocals)
    return (drawn if net >= 0.0 else -drawn), drawn


@compiled
def _successes_of(  # pragma: no cover - compiled
    points: Any, completers: Any, rates: Any, independent: bool, reciprocals: Any, out: Any
) -> None:
    for i in range(len(points)):
        three, both = (points[i, 0], points[i, 1], points[i, 2]), (rates[i, 0], rates[i, 1])
        out[0, i], out[1, i] = _successes(three, completers[i], both, independent, reciprocals)


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
    for c in range(completers.shape[0]):
        for i in range(values.shape[1]):
            three = points[3 * c, i], points[3 * c + 1, i], points[3 * c + 2, i]
            without = values[rate_at[c, 1], i] if rate_at[c, 1] >= 0 else 0.0
            both = values[rate_at[c, 0], i], without
            drawn[c, i], changed[c, i] = _successes(three, completers[c, i], both, independent, reciprocals)
