"""The calculation compiled: the fast twin of ``reference``, one pass over the draws, no array per term.

Plain loops over the model's arrays, in a fixed order, without fastmath: the same bytes for any number of threads,
because a call works on one replicate alone and holds no state. Every array is an argument (numba's cache does not
see globals).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled
from soemrisk.model import Model
from soemrisk.reference import Outcome
from soemrisk.sketch import Bins, Counted

Floats = NDArray[np.float64]


def evaluate(model: Model, values: Floats, chance: Floats | None) -> Outcome:
    """Evaluate the model at n points, as ``reference.evaluate`` on ``reference.draw_chance``.

    Parameters
    ----------
    model : Model
    values : (n, q) float64
        Value of every quantity.
    chance : (n, 3 c + v c) float64 or None
        Points for the number of completers and successes with and without, cohort by cohort, then for each amount
        that differs from person to person and each cohort; None: no chance.

    Returns
    -------
    Outcome

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> round(float(evaluate(model, model.base[None], None).expected[0, 1]))
    225612
    """
    n, actors = len(values), len(model.actors)
    by_actor = ("expected", "at_zero", "per_rate", "chance_variance")
    outcome = Outcome(
        area=np.zeros((n, len(model.areas), actors)),
        year=np.zeros((n, len(model.years), actors)),
        **{name: np.zeros((n, actors)) for name in by_actor},
        **{name: np.zeros(n) for name in ("rate", "lowest_rate", "successes")},
        **{name: np.zeros((n, len(model.completers))) for name in ("by_cohort", "changed")},
    )
    cohorts = len(model.completers)
    points, scores = np.zeros((n, 0)), np.zeros((n, 0))
    if chance is not None:
        points = np.ascontiguousarray(chance[:, : 3 * cohorts])
        scores = _normal_scores(chance[:, 3 * cohorts :])
    _evaluate(
        np.ascontiguousarray(values),
        (points, scores, chance is None),
        (model.discount, model.years_at_rate, model.independent_chance),
        (
            (model.rates, model.one_rate, model.cohort_positions),
            (model.turnout, model.completers, model.share, model.share_base),
        ),
        (model.factors, model.term_area, model.weights, (model.weights != 0).any(axis=(1, 3))),
        (model.persistence, model.since, model.variation, model.individual_sd, len(model.varying)),
        (model.cost_quantity, model.cost_area, model.cost_discounted, model.cost_by_turnout, model.cost_weights),
        (outcome.area, outcome.year, *(getattr(outcome, name) for name in by_actor)),
        (outcome.rate, outcome.lowest_rate, outcome.successes, outcome.by_cohort, outcome.changed),
    )
    return outcome


def count(results: Floats, bins: Bins, into: Counted) -> None:
    """Count draws in the bins of their results, as ``sketch.count_slowly``.

    Parameters
    ----------
    results : (n, s) float64
    bins : Bins
    into : Counted
        Added to in place.
    """
    _count(
        results,
        bins.edges,
        bins.origin,
        (into.counts, into.low, into.high, into.sums, into.squares, into.positive),
    )


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
    _successes_of(np.ascontiguousarray(points), completers, np.ascontiguousarray(rates), independent, found)
    return found


def _normal_scores(points: Floats) -> Floats:
    if points.shape[1] == 0:
        return np.zeros(points.shape)
    from scipy.special import ndtri

    scores: Floats = ndtri(np.ascontiguousarray(points))
    return scores


def is_ready() -> bool:
    """Whether a compiled kernel lies in the cache, so that a run starts at once."""
    cache = _evaluate.stats.cache_path
    return cache is not None and any(Path(cache).glob("kernel._evaluate-*.nbi"))


@compiled
def _binomial(point: float, number: float, rate: float) -> float:  # pragma: no cover - compiled
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
def _successes(points: Any, completers: float, rates: Any, independent: bool) -> Any:  # pragma: no cover - compiled
    """Net number of successes, and number of persons whose use changes."""
    whole = math.floor(completers)
    number = whole + (1.0 if points[0] < completers - whole else 0.0)
    if independent:
        gained = _binomial(points[1], number, rates[0])
        lost = _binomial(points[2], number, rates[1])
        return gained - lost, gained + lost
    net = rates[0] - rates[1]
    drawn = _binomial(points[1], number, abs(net))
    return (drawn if net >= 0.0 else -drawn), drawn


@compiled
def _successes_of(  # pragma: no cover - compiled
    points: Any, completers: Any, rates: Any, independent: bool, out: Any
) -> None:
    for i in range(len(points)):
        out[0, i], out[1, i] = _successes(points[i], completers[i], rates[i], independent)


@compiled
def _variance(completers: float, rates: Any, independent: bool) -> Any:  # pragma: no cover - compiled
    fraction = completers - math.floor(completers)
    net = rates[0] - rates[1]
    spread = abs(net) * (1.0 - abs(net))
    if independent:
        spread = rates[0] * (1.0 - rates[0]) + rates[1] * (1.0 - rates[1])
    return spread * completers + net * net * fraction * (1.0 - fraction)


@compiled
def _changing(completers: float, rates: Any, independent: bool) -> float:  # pragma: no cover - compiled
    """Expected number of persons whose use changes."""
    share: float = rates[0] + rates[1] if independent else abs(rates[0] - rates[1])
    return completers * share


@compiled
def _discount(values: Any, rates: Any, years_at_rate: Any, out: Any) -> None:  # pragma: no cover - compiled
    for y in range(len(out)):
        out[y] = 1.0
        for s in range(len(rates)):
            if years_at_rate[s, y] != 0.0:
                out[y] *= (1.0 + values[rates[s]]) ** -years_at_rate[s, y]


@compiled
def _people(values: Any, persons: Any, out: Any) -> float:  # pragma: no cover - compiled
    """Those who complete of each cohort, with the drawn shares of subgroups; returns the turnout."""
    turnout, stated, share_at, share_base = persons
    for c in range(len(out)):
        out[c] = stated[c] * (values[share_at[c]] / share_base[c] if share_at[c] >= 0 else 1.0)
    return values[turnout] if turnout >= 0 else 1.0


@compiled
def _rates(values: Any, rate_at: Any, rates: Any, net: Any) -> Any:  # pragma: no cover - compiled
    """Rates with and without of each cohort, and their difference; returns the lowest difference."""
    for c in range(len(net)):
        rates[c, 0] = values[rate_at[c, 0]]
        rates[c, 1] = values[rate_at[c, 1]] if rate_at[c, 1] >= 0 else 0.0
        net[c] = rates[c, 0] - rates[c, 1]
    return net.min()


@compiled
def _count(results: Any, edges: Any, origin: Any, into: Any) -> None:  # pragma: no cover - compiled
    counts, low, high, sums, squares, positive = into
    for i in range(results.shape[0]):
        for s in range(results.shape[1]):
            draw = results[i, s]
            place, above = 0, edges.shape[1]  # the number of edges that are not above the draw, by halving
            while place < above:
                middle = (place + above) // 2
                if edges[s, middle] <= draw:
                    place = middle + 1
                else:
                    above = middle
            deviation = draw - origin[s]
            counts[s, place] += 1
            low[s, place] = min(low[s, place], draw)
            high[s, place] = max(high[s, place], draw)
            sums[s, place] += deviation
            squares[s] += deviation * deviation
            if draw > 0.0:
                positive[s] += 1


@compiled
def _product(values: Any, factors: Any, individual_sd: float, out: Any) -> None:  # pragma: no cover - compiled
    """Product of the factors, and the same with the standard deviation between persons in the place of the change."""
    out[0] = 1.0
    out[1] = individual_sd
    for f in range(len(factors)):
        if factors[f] >= 0:
            out[0] *= values[factors[f]]
            if f != 1:
                out[1] *= values[factors[f]]


@compiled
def _earn(left: Any, weights: Any, moved: float, year: Any, at: Any) -> float:  # pragma: no cover - compiled
    """Add what moves to each year, and return what one unit is worth over all years; no views, which take time."""
    t, c, a, i = at
    whole = 0.0
    for y in range(len(left)):
        kroner = left[y] * weights[t, c, a, y]
        whole += kroner
        year[i, y, a] += moved * kroner
    return whole


@compiled
def _pay(values: Any, scale: Any, cost: Any, out: Any) -> None:  # pragma: no cover - compiled
    quantity, area_of, discounted, by_turnout, weights = cost
    discount, came = scale
    year, area, at_zero = out
    for u in range(weights.shape[0]):
        amount = values[quantity[u]] * (came if by_turnout[u] else 1.0)
        for a in range(weights.shape[1]):
            for y in range(weights.shape[2]):
                kroner = amount * weights[u, a, y] * (discount[y] if discounted[u] else 1.0)
                year[y, a] += kroner
                area[area_of[u], a] += kroner
                at_zero[a] += kroner


@compiled
def _evaluate(  # pragma: no cover - compiled
    values: Any, chance: Any, frame: Any, who: Any, benefit: Any, lasting: Any, cost: Any, out: Any, told: Any
) -> None:
    points, scores, no_chance = chance
    discount_at, years_at_rate, independent = frame
    (rate_at, one_rate, completed_at), persons = who
    factors, term_area, weights, borne = benefit
    persistence, since, variation, individual_sd, varying = lasting
    area, year, expected, at_zero, per_rate, chance_variance = out
    rate_out, lowest, successes, by_cohort, changed_out = told
    terms, cohorts, actors, years = weights.shape
    discount, left = np.empty(years), np.empty(years)  # left of a krone: discounted, with what is left of the change
    product, rates, net = np.empty(2), np.zeros((cohorts, 2)), np.empty(cohorts)
    worth, people = np.empty((cohorts, actors)), np.empty(cohorts)  # people: who complete, before turnout
    drawn, completers, changed = np.empty(cohorts), np.empty(cohorts), np.zeros(cohorts)  # changed: whose use changes
    differing = np.empty((varying, cohorts, actors))  # kr. of one standard deviation between persons
    for i in range(values.shape[0]):
        _discount(values[i], discount_at, years_at_rate, discount)
        worth[:] = 0.0
        differing[:] = 0.0
        came = _people(values[i], persons, people)
        lowest[i] = _rates(values[i], rate_at, rates, net)
        for c in range(cohorts):
            completers[c] = came * people[c]
            if no_chance:
                drawn[c] = net[c] * completers[c]
            else:
                drawn[c], changed[c] = _successes(points[i, 3 * c : 3 * c + 3], completers[c], rates[c], independent)
            successes[i] += drawn[c] * discount[completed_at[c]]
            by_cohort[i, c], changed_out[i, c] = drawn[c], changed[c]
        rate_out[i] = net[0] if one_rate else (net * people).sum() / people.sum()
        for t in range(terms):
            _product(values[i], factors[t], individual_sd[t], product)
            for c in range(cohorts):
                apart = 0.0
                if variation[t] >= 0 and not no_chance:
                    apart = math.sqrt(changed[c]) * scores[i, variation[t] * cohorts + c]
                for y in range(years):
                    left[y] = discount[y]
                    if persistence[t] >= 0:
                        left[y] *= values[i, persistence[t]] ** since[t, c, y]
                moved = drawn[c] * product[0] + apart * product[1]
                for a in range(actors):
                    if borne[t, a]:
                        whole = _earn(left, weights, moved, year, (t, c, a, i))
                        area[i, term_area[t], a] += moved * whole
                        worth[c, a] += product[0] * whole
                        if variation[t] >= 0:
                            differing[variation[t], c, a] += product[1] * whole
        _pay(values[i], (discount, came), cost, (year[i], area[i], at_zero[i]))
        for a in range(actors):
            gained = 0.0
            for c in range(cohorts):
                of_mean = 1.0 if one_rate or rate_out[i] == 0.0 else net[c] / rate_out[i]
                per_rate[i, a] += of_mean * completers[c] * worth[c, a]
                gained += net[c] * completers[c] * worth[c, a]
                chance_variance[i, a] += _variance(completers[c], rates[c], independent) * worth[c, a] ** 2
                for v in range(varying):
                    chance_variance[i, a] += _changing(completers[c], rates[c], independent) * differing[v, c, a] ** 2
            expected[i, a] = at_zero[i, a] + (net[0] * per_rate[i, a] if one_rate else gained)
