"""The calculation compiled: the fast twin of ``reference``, block by block of draws, no array of draws × terms.

Plain loops over the arrays of ``sparse_model``, in a fixed order, without fastmath. Draws lie side by side in memory,
so that the innermost loop is over draws and works on several at a time; every draw has the same bytes in a block of
any size. Every array is an argument.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.chance_kernel import heads
from soemrisk.compiling import compiled, inner, is_kept
from soemrisk.model import Model
from soemrisk.reference import Outcome
from soemrisk.sparse_model import sparse

Floats = NDArray[np.float64]
BLOCK = 128  # draws that are worked on at a time: what is kept of them fits in the nearest memory


def evaluate(model: Model, values: Floats, chance: Floats | None, moved: Floats | None = None) -> Outcome:
    """Evaluate the model at n points, as ``reference.evaluate_points``.

    Parameters
    ----------
    model : Model
    values : (n, q) float64
        Value of every quantity.
    chance : (n, 3 c + v c) float64 or None
        Points for the number of completers and successes with and without, cohort by cohort, then for each amount
        that differs from person to person and each cohort; None: no chance.
    moved : (n, q) float64, optional
        Values at which ``Outcome.correlated`` is evaluated, with the same successes; those of ``values`` if left out.

    Returns
    -------
    Outcome
        Views of arrays in which the draws lie side by side.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> round(float(evaluate(model, model.base[None], None).expected[0, 1]))
    225612
    """
    n, a, c, y = len(values), len(model.actors), len(model.completers), len(model.years)
    table = np.ascontiguousarray(values.T)
    points, scores = None, np.zeros((0, n))
    if chance is not None:
        points = np.ascontiguousarray(chance[:, : 3 * c].T)
        scores = _normal_scores(np.ascontiguousarray(chance[:, 3 * c :].T))
    people = heads(model, table, points)
    area, year = np.zeros((len(model.areas), a, n)), np.zeros((y, a, n))
    by_actor, successes = np.zeros((6, a, n)), np.zeros(n)
    _evaluate(
        (table, table if moved is None else np.ascontiguousarray(moved.T), moved is not None),
        (people.completers, people.net, people.drawn, people.changed, people.rate, scores),
        *_arrays(model),
        (area, year, by_actor, successes),
        BLOCK,
    )
    expected, at_zero, per_rate, chance_variance, net, correlated = by_actor.transpose(0, 2, 1)
    return Outcome(
        area=area.transpose(2, 0, 1),
        year=year.transpose(2, 0, 1),
        net=net,
        correlated=net if moved is None else correlated,
        expected=expected,
        at_zero=at_zero,
        per_rate=per_rate,
        chance_variance=chance_variance,
        rate=people.rate,
        lowest_rate=people.lowest,
        successes=successes,
        by_cohort=people.drawn.T,
        changed=people.changed.T,
    )


@lru_cache(maxsize=4)
def _arrays(model: Model) -> tuple[tuple[Any, ...], ...]:
    """What the kernel knows of a model; fresh arrays, so that all models have the same types and compile once."""
    found = sparse(model)
    grouped = (
        (model.discount, model.years_at_rate, model.cohort_positions),
        (found.patterns, found.persistence, found.powers, found.power),
        (found.slot_pattern, found.slot_varying, len(model.varying)),
        (found.changes, found.others, found.others_from, model.individual_sd),
        (found.entry_sum, found.entry_weight, found.entries_from, found.sum_slot, found.sum_area, found.sum_actor),
        (found.paid_by, model.cost_quantity, model.cost_area, model.cost_discounted, model.cost_by_turnout,
         model.cost_weights, model.turnout),
        (model.rates, model.one_rate, model.independent_chance),
    )  # fmt: skip
    return tuple(tuple(np.array(x, order="C") if isinstance(x, np.ndarray) else x for x in group) for group in grouped)


def _normal_scores(points: Floats) -> Floats:
    if points.shape[1] == 0:
        return np.zeros(points.shape)
    from scipy.special import ndtri

    scores: Floats = ndtri(np.ascontiguousarray(points))
    return scores


def is_ready() -> bool:
    """Whether a compiled kernel lies in the cache, so that a run starts at once."""
    return is_kept(_evaluate)


@inner
def _is_steady(values: Any, discount_at: Any, kept_at: Any) -> bool:  # pragma: no cover
    """Whether discount rates and persistence are the same in all draws."""
    for n in range(len(discount_at) + len(kept_at)):
        q = discount_at[n] if n < len(discount_at) else kept_at[n - len(discount_at)]
        if q >= 0:
            for i in range(1, values.shape[1]):
                if values[q, i] != values[q, 0]:
                    return False
    return True


@inner
def _discount(values: Any, first: int, size: int, steady: bool, frame: Any, out: Any) -> None:  # pragma: no cover
    at, years_at_rate, _ = frame
    for y in range(out.shape[0]):
        for i in range(size):
            out[y, i] = 1.0
            for s in range(len(at)):
                if years_at_rate[s, y] != 0.0:
                    out[y, i] *= (1.0 + values[at[s], 0 if steady else first + i]) ** -years_at_rate[s, y]


@inner
def _left(
    values: Any, first: int, size: int, k: int, pattern: Any, discount: Any, kept: Any, out: Any
) -> None:  # pragma: no cover
    """Kr. of a success of each cohort in each year by pattern: discounted, with what is left of the change."""
    patterns, persistence, powers, power = pattern
    for m in range(powers.shape[1] if persistence[k] >= 0 else 0):
        for i in range(size):
            kept[m, i] = values[persistence[k], first + i] ** powers[k, m]
    for c in range(out.shape[0]):
        for y in range(out.shape[1]):
            for i in range(size):
                out[c, y, i] = patterns[k, c, y] * discount[y, i]
            if persistence[k] >= 0:
                for i in range(size):
                    out[c, y, i] *= kept[power[k, c, y], i]


@inner
def _spend(pattern: Any, left: Any, number: Any, size: int, out: Any) -> None:  # pragma: no cover
    """What all cohorts leave in each year: the number that counts for each, times what is left; and in all years."""
    by_year, whole = out
    for i in range(size):
        whole[i] = 0.0
        for y in range(by_year.shape[0]):
            by_year[y, i] = 0.0
    for c in range(left.shape[0]):
        for y in range(left.shape[1]):
            if pattern[c, y] != 0.0:
                if left.shape[2] == 1:
                    for i in range(size):
                        by_year[y, i] += number[c, i] * left[c, y, 0]
                else:
                    for i in range(size):
                        by_year[y, i] += number[c, i] * left[c, y, i]
    for y in range(left.shape[1]):
        for i in range(size):
            whole[i] += by_year[y, i]


@inner
def _sum_products(
    values: Any, first: int, size: int, terms: Any, entries: Any, slot_varying: Any, work: Any
) -> None:  # pragma: no cover
    """Products of the factors of all terms, each added where its entries say; ``work`` has two rows more."""
    changes, others, others_from, individual_sd = terms
    entry_sum, entry_weight, entries_from, sum_slot, _, _ = entries
    sums = len(sum_slot)
    product, apart = sums, sums + 1
    for s in range(sums):
        for i in range(size):
            work[s, i] = 0.0
    for t in range(len(changes)):
        for i in range(size):
            work[apart, i] = 1.0
        for f in range(others_from[t], others_from[t + 1]):
            for i in range(size):
                work[apart, i] *= values[others[f], first + i]
        for i in range(size):
            work[product, i] = work[apart, i] * (values[changes[t], first + i] if changes[t] >= 0 else 1.0)
            work[apart, i] *= individual_sd[t]
        for e in range(entries_from[t], entries_from[t + 1]):
            s = entry_sum[e]
            row = product if slot_varying[sum_slot[s]] < 0 else apart
            for i in range(size):
                work[s, i] += entry_weight[e] * work[row, i]


@inner
def _pay(values: Any, first: int, size: int, discount: Any, cost: Any, out: Any) -> None:  # pragma: no cover
    paid_by, quantity, area_of, discounted, by_turnout, weights, turnout = cost
    area, year, at_zero = out
    for p in range(len(paid_by)):
        u, a = paid_by[p]
        for y in range(weights.shape[2]):
            if weights[u, a, y] == 0.0:
                continue
            for i in range(size):
                kroner = values[quantity[u], first + i] * weights[u, a, y]
                if by_turnout[u] and turnout >= 0:
                    kroner *= values[turnout, first + i]
                if discounted[u]:
                    kroner *= discount[y, i]
                year[y, a, first + i] += kroner
                area[area_of[u], a, first + i] += kroner
                at_zero[a, first + i] += kroner


@inner
def _count_heads(people: Any, first: int, size: int, varying: int, out: Any) -> None:  # pragma: no cover
    """What a slot counts: net successes, or how far amounts that differ from person to person are from their mean."""
    _, _, drawn, changed, _, scores = people
    cohorts = drawn.shape[0]
    for c in range(cohorts):
        for i in range(size):
            if varying < 0:
                out[c, i] = drawn[c, first + i]
            elif scores.shape[0] == 0:
                out[c, i] = 0.0
            else:
                out[c, i] = math.sqrt(changed[c, first + i]) * scores[varying * cohorts + c, first + i]


@inner
def _variances(
    values: Any, first: int, size: int, people: Any, c: int, rates: Any, out: Any
) -> None:  # pragma: no cover
    """Variance of a cohort's successes given its rates, and expected number of persons whose use changes."""
    rate_at, _, independent = rates
    for i in range(size):
        persons, net = people[0][c, first + i], people[1][c, first + i]
        spread, share = abs(net) * (1.0 - abs(net)), abs(net)
        if independent:
            high = values[rate_at[c, 0], first + i]
            low = values[rate_at[c, 1], first + i] if rate_at[c, 1] >= 0 else 0.0
            spread, share = high * (1.0 - high) + low * (1.0 - low), high + low
        fraction = persons - math.floor(persons)
        out[0, i] = spread * persons + net * net * fraction * (1.0 - fraction)
        out[1, i] = persons * share


@inner
def _expect(
    first: int, size: int, people: Any, c: int, variances: Any, worth: Any, one_rate: bool, out: Any
) -> None:  # pragma: no cover
    """Add a cohort to E[net | θ], its line over the rate, and Var(net | θ); ``worth`` (1 + v, a, size)."""
    expected, _, per_rate, chance_variance, _, _ = out
    completers, net, _, _, rate, _ = people
    for a in range(worth.shape[1]):
        for i in range(size):
            at = first + i
            of_mean = 1.0 if one_rate or rate[at] == 0.0 else net[c, at] / rate[at]
            gained = completers[c, at] * worth[0, a, i]
            per_rate[a, at] += of_mean * gained
            expected[a, at] += net[c, at] * gained
            chance_variance[a, at] += variances[0, i] * worth[0, a, i] ** 2
        for v in range(1, worth.shape[0]):
            for i in range(size):
                chance_variance[a, first + i] += variances[1, i] * worth[v, a, i] ** 2


@inner
def _worth(left_whole: Any, c: int, slots: Any, by_slot: Any, size: int, out: Any) -> None:  # pragma: no cover
    """Kr. of one success of a cohort, and of one standard deviation between persons, by actor."""
    slot_pattern, slot_varying, _ = slots
    for v in range(out.shape[0]):
        for a in range(out.shape[1]):
            for i in range(size):
                out[v, a, i] = 0.0
    for j in range(len(slot_pattern)):
        for a in range(out.shape[1]):
            for i in range(size):
                out[slot_varying[j] + 1, a, i] += left_whole[slot_pattern[j], c, i] * by_slot[j, a, i]


@inner
def _gather(
    first: int, size: int, sums: Any, entries: Any, spent: Any, by_slot: Any, out: Any
) -> None:  # pragma: no cover
    """Kroner by area and year from the sums of products and what their slots have spent."""
    _, _, _, sum_slot, sum_area, sum_actor = entries
    by_year, whole = spent
    area, year = out
    for j in range(by_slot.shape[0]):
        for a in range(by_slot.shape[1]):
            for i in range(size):
                by_slot[j, a, i] = 0.0
    for s in range(len(sum_slot)):
        j, h, a = sum_slot[s], sum_area[s], sum_actor[s]
        for i in range(size):
            by_slot[j, a, i] += sums[s, i]
            area[h, a, first + i] += sums[s, i] * whole[j, i]
    for j in range(by_slot.shape[0]):
        for y in range(by_year.shape[1]):
            for a in range(by_slot.shape[1]):
                for i in range(size):
                    year[y, a, first + i] += by_slot[j, a, i] * by_year[j, y, i]


@inner
def _correlate(first: int, size: int, sums: Any, entries: Any, whole: Any, out: Any) -> None:  # pragma: no cover
    """Net result by actor from the sums of products at moved values."""
    sum_slot, sum_actor = entries[3], entries[5]
    _, at_zero, _, _, _, correlated = out
    for a in range(correlated.shape[0]):
        for i in range(first, first + size):
            correlated[a, i] = at_zero[a, i]
    for s in range(len(sum_slot)):
        for i in range(size):
            correlated[sum_actor[s], first + i] += sums[s, i] * whole[sum_slot[s], i]


@compiled
def _evaluate(
    both: Any, people: Any, frame: Any, pattern: Any, slots: Any, terms: Any, entries: Any, cost: Any, rates: Any,
    out: Any, block: int,
) -> None:  # pragma: no cover  # fmt: skip
    values, moved, is_moved = both
    completed_at = frame[2]
    area, year, by_actor, successes = out
    cohorts, years = pattern[0].shape[1], pattern[0].shape[2]
    slot, actors = len(slots[0]), area.shape[1]
    steady = _is_steady(values, frame[0], pattern[1])
    discount, number = np.empty((years, block)), np.empty((cohorts, block))
    left = np.empty((len(pattern[1]), cohorts, years, 1 if steady else block))
    left_whole, kept = np.empty((len(pattern[1]), cohorts, block)), np.empty((pattern[2].shape[1], block))
    sums, by_slot = np.empty((len(entries[3]) + 2, block)), np.empty((slot, actors, block))
    by_year, whole = np.empty((slot, years, block)), np.empty((slot, block))
    worth, variances = np.empty((1 + slots[2], actors, block)), np.empty((2, block))
    for first in range(0, values.shape[1], block):
        size = min(block, values.shape[1] - first)
        if first == 0 or not steady:
            _discount(values, first, size, steady, frame, discount)
            for k in range(len(left)):
                _left(values, first, 1 if steady else size, k, pattern, discount, kept, left[k])
                _add_years(left[k], size, left_whole[k])
        _sum_products(values, first, size, terms, entries, slots[1], sums)
        for j in range(slot):
            _count_heads(people, first, size, slots[1][j], number)
            k = slots[0][j]
            _spend(pattern[0][k], left[k], number, size, (by_year[j], whole[j]))
        _gather(first, size, sums, entries, (by_year, whole), by_slot, (area, year))
        _pay(values, first, size, discount, cost, (area, year, by_actor[1]))
        for c in range(cohorts):
            for i in range(size):
                successes[first + i] += people[2][c, first + i] * discount[completed_at[c], i]
            _worth(left_whole, c, slots, by_slot, size, worth)
            _variances(values, first, size, people, c, rates, variances)
            _expect(first, size, people, c, variances, worth, rates[1], by_actor)
        _finish(first, size, year, people, rates[1], by_actor)
        if is_moved:
            _sum_products(moved, first, size, terms, entries, slots[1], sums)
            _correlate(first, size, sums, entries, whole, by_actor)


@inner
def _add_years(left: Any, size: int, out: Any) -> None:  # pragma: no cover
    for c in range(left.shape[0]):
        for i in range(size):
            out[c, i] = 0.0
        for y in range(left.shape[1]):
            for i in range(size):
                out[c, i] += left[c, y, 0 if left.shape[2] == 1 else i]


@inner
def _finish(first: int, size: int, year: Any, people: Any, one_rate: bool, out: Any) -> None:  # pragma: no cover
    """E[net | θ] from its line, and the net result over all years."""
    expected, at_zero, per_rate, _, net, _ = out
    for a in range(expected.shape[0]):
        for i in range(first, first + size):
            gained = people[1][0, i] * per_rate[a, i] if one_rate else expected[a, i]
            expected[a, i] = at_zero[a, i] + gained
        for y in range(year.shape[0]):
            for i in range(first, first + size):
                net[a, i] += year[y, a, i]
