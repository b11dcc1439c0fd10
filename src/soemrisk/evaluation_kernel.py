"""The calculation in compiled loops over the arrays of ``sparse_model``, block by block, no array of draws × terms.

In a fixed order, without fastmath. Draws lie side by side in memory, and whatever is done is done with a row of them,
so that the compiler works on several at a time; every draw has the same bytes in a block of any size. Every array is
an argument.
"""

from __future__ import annotations

import math
from typing import Any

from soemrisk.compiling import compiled, inner


@inner
def _discount(values: Any, first: int, size: int, frame: Any, out: Any) -> None:  # pragma: no cover
    at, years_at_rate, _ = frame
    for y in range(out.shape[0]):
        for i in range(size):
            out[y, i] = 1.0
            for s in range(len(at)):
                if years_at_rate[s, y] != 0.0:
                    out[y, i] *= (1.0 + values[at[s], first + i]) ** -years_at_rate[s, y]
        for i in range(size, out.shape[1]):
            out[y, i] = out[y, size - 1]


@inner
def _clear(out: Any) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] = 0.0


@inner
def _copy(out: Any, one: Any) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] = one[i]


@inner
def _add(out: Any, one: Any) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] += one[i]


@inner
def _add_times(out: Any, one: Any, number: float) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] += one[i] * number


@inner
def _add_product(out: Any, one: Any, other: Any) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] += one[i] * other[i]


@inner
def _multiply(out: Any, one: Any, other: Any) -> None:  # pragma: no cover
    for i in range(len(out)):
        out[i] = one[i] * other[i]


@inner
def _left(
    values: Any, first: int, size: int, k: int, pattern: Any, discount: Any, kept: Any, out: Any
) -> None:  # pragma: no cover
    """Kr. of a success of each cohort by pattern, discounted, with what is left of the change: by year, and in all."""
    patterns, persistence, powers, power = pattern
    left, whole = out
    for m in range(powers.shape[1] if persistence[k] >= 0 else 0):
        for i in range(size):
            kept[m, i] = values[persistence[k], first + i] ** powers[k, m]
    for c in range(left.shape[1]):
        for i in range(whole.shape[2]):
            whole[k, c, i] = 0.0
        for y in range(left.shape[2]):
            for i in range(left.shape[3]):
                left[k, c, y, i] = patterns[k, c, y] * discount[y, i]
                if persistence[k] >= 0:
                    left[k, c, y, i] *= kept[power[k, c, y], i]
            for i in range(whole.shape[2]):
                whole[k, c, i] += left[k, c, y, min(i, left.shape[3] - 1)]


@inner
def _spend(pattern: Any, left: Any, number: Any, out: Any) -> None:  # pragma: no cover
    """What all cohorts leave in each year: the number that counts for each, times what is left; and in all years."""
    by_year, whole = out
    _clear(whole)
    for y in range(by_year.shape[0]):
        spent = by_year[y]
        _clear(spent)
        for c in range(left.shape[0]):
            if pattern[c, y] != 0.0:
                if left.shape[2] == 1:
                    _add_times(spent, number[c], left[c, y, 0])
                else:
                    _add_product(spent, number[c], left[c, y])
        _add(whole, spent)


@inner
def _multiply_all(values: Any, first: int, last: int, wanted: Any, terms: Any, out: Any) -> None:  # pragma: no cover
    """Each product of factors, the change last; those without their change are made where they are wanted."""
    factors, factors_from, product_base, product_change = terms
    bases = len(wanted)
    for b in range(bases):
        if wanted[b]:
            base, f, end = out[b], factors_from[b], factors_from[b + 1]
            if f < end:
                _copy(base, values[factors[f], first:last])
            else:
                for i in range(len(base)):
                    base[i] = 1.0
            for g in range(f + 1, end):
                _multiply(base, base, values[factors[g], first:last])
    for r in range(len(product_base)):
        _multiply(out[bases + r], out[product_base[r]], values[product_change[r], first:last])


@inner
def _sum(products: Any, entries: Any, sums: Any) -> None:  # pragma: no cover
    """Products times their weights, added in their order: four at a time, so that the sum is fetched less often."""
    of, weights, entries_from = entries
    for s in range(len(sums)):
        out, e = sums[s], entries_from[s]
        _clear(out)
        while e + 4 <= entries_from[s + 1]:
            one, two, three, four = products[of[e]], products[of[e + 1]], products[of[e + 2]], products[of[e + 3]]
            w, x, y, z = weights[e], weights[e + 1], weights[e + 2], weights[e + 3]
            for i in range(len(out)):
                out[i] = out[i] + one[i] * w + two[i] * x + three[i] * y + four[i] * z
            e += 4
        while e < entries_from[s + 1]:
            _add_times(out, products[of[e]], weights[e])
            e += 1


@inner
def _pay(
    values: Any, first: int, last: int, discount: Any, cost: Any, kroner: Any, out: Any
) -> None:  # pragma: no cover
    paid_by, quantity, area_of, discounted, by_turnout, weights, turnout = cost
    area, year, at_zero = out
    for p in range(len(paid_by)):
        u, a = paid_by[p]
        for y in range(weights.shape[2]):
            if weights[u, a, y] == 0.0:
                continue
            _clear(kroner)
            _add_times(kroner, values[quantity[u], first:last], weights[u, a, y])
            if by_turnout[u] and turnout >= 0:
                _multiply(kroner, kroner, values[turnout, first:last])
            if discounted[u]:
                _multiply(kroner, kroner, discount[y])
            _add(year[y, a, first:last], kroner)
            _add(area[area_of[u], a, first:last], kroner)
            _add(at_zero[a, first:last], kroner)


@inner
def _count_heads(people: Any, first: int, last: int, varying: int, out: Any) -> None:  # pragma: no cover
    """What a slot counts: net successes, or how far amounts that differ from person to person are from their mean."""
    _, _, drawn, changed, _, scores = people
    cohorts = drawn.shape[0]
    for c in range(cohorts):
        if varying < 0:
            _copy(out[c], drawn[c, first:last])
        elif scores.shape[0] == 0:
            _clear(out[c])
        else:
            several, score = changed[c, first:last], scores[varying * cohorts + c, first:last]
            for i in range(len(several)):
                out[c, i] = math.sqrt(several[i]) * score[i]


@inner
def _variances(
    values: Any, first: int, last: int, people: Any, c: int, rates: Any, out: Any
) -> None:  # pragma: no cover
    """Variance of a cohort's successes given its rates, and expected number of persons whose use changes."""
    rate_at, _, independent = rates
    of_successes, of_persons = out
    persons, net = people[0][c, first:last], people[1][c, first:last]
    high, low = values[rate_at[c, 0], first:last], values[max(rate_at[c, 1], 0), first:last]
    for i in range(last - first):
        spread, share = abs(net[i]) * (1.0 - abs(net[i])), abs(net[i])
        if independent:
            without = low[i] if rate_at[c, 1] >= 0 else 0.0
            spread, share = high[i] * (1.0 - high[i]) + without * (1.0 - without), high[i] + without
        fraction = persons[i] - math.floor(persons[i])
        of_successes[i] = spread * persons[i] + net[i] * net[i] * fraction * (1.0 - fraction)
        of_persons[i] = persons[i] * share


@inner
def _expect(
    first: int, last: int, people: Any, c: int, worth: Any, one_rate: bool, work: Any, out: Any
) -> None:  # pragma: no cover
    """Add a cohort to E[net | θ], its line over the rate and Var(net | θ); ``worth`` (1 + v, a, n), ``work`` (4, n)."""
    expected, _, per_rate, chance_variance, _, _ = out
    completers, net, rate = people[0][c, first:last], people[1][c, first:last], people[4][first:last]
    expected_heads, line_heads = work[2], work[3]
    for i in range(last - first):
        of_mean = 1.0 if one_rate or rate[i] == 0.0 else net[i] / rate[i]
        line_heads[i] = of_mean * completers[i]
        expected_heads[i] = net[i] * completers[i]
    for a in range(worth.shape[1]):
        _add_product(per_rate[a, first:last], line_heads, worth[0, a])
        if not one_rate:
            _add_product(expected[a, first:last], expected_heads, worth[0, a])
        for v in range(worth.shape[0]):
            variance, kroner, of_net = work[min(v, 1)], worth[v, a], chance_variance[a, first:last]
            for i in range(len(of_net)):
                of_net[i] += variance[i] * kroner[i] * kroner[i]


@inner
def _worth(left_whole: Any, c: int, slots: Any, by_slot: Any, out: Any) -> None:  # pragma: no cover
    """Kr. of one success of a cohort, and of one standard deviation between persons, by actor."""
    slot_pattern, slot_varying, _ = slots
    for a in range(out.shape[1]):
        for v in range(out.shape[0]):
            _clear(out[v, a])
        for j in range(len(slot_pattern)):
            _add_product(out[slot_varying[j] + 1, a], left_whole[slot_pattern[j], c], by_slot[j, a])


@inner
def _gather(
    first: int, last: int, sums: Any, places: Any, spent: Any, by_slot: Any, out: Any
) -> None:  # pragma: no cover
    """Kroner by area and year from the sums of products and what their slots have spent."""
    sum_slot, sum_area, sum_actor = places
    by_year, whole = spent
    area, year = out
    for j in range(by_slot.shape[0]):
        for a in range(by_slot.shape[1]):
            _clear(by_slot[j, a])
    for s in range(len(sum_slot)):
        j, h, a = sum_slot[s], sum_area[s], sum_actor[s]
        _add(by_slot[j, a], sums[s])
        _add_product(area[h, a, first:last], sums[s], whole[j])
    for j in range(by_slot.shape[0]):
        for y in range(by_year.shape[1]):
            for a in range(by_slot.shape[1]):
                _add_product(year[y, a, first:last], by_slot[j, a], by_year[j, y])


@inner
def _correlate(first: int, last: int, sums: Any, places: Any, whole: Any, out: Any) -> None:  # pragma: no cover
    """Net result by actor from the sums of products at moved values."""
    sum_slot, _, sum_actor = places
    _, at_zero, _, _, _, correlated = out
    for a in range(correlated.shape[0]):
        _copy(correlated[a, first:last], at_zero[a, first:last])
    for s in range(len(sum_slot)):
        _add_product(correlated[sum_actor[s], first:last], sums[s], whole[sum_slot[s]])


@inner
def _finish(first: int, last: int, year: Any, people: Any, one_rate: bool, out: Any) -> None:  # pragma: no cover
    """E[net | θ] from its line, and the net result over all years."""
    expected, at_zero, per_rate, _, net, _ = out
    for a in range(expected.shape[0]):
        if one_rate:
            _multiply(expected[a, first:last], people[1][0, first:last], per_rate[a, first:last])
        _add(expected[a, first:last], at_zero[a, first:last])
        for y in range(year.shape[0]):
            _add(net[a, first:last], year[y, a, first:last])


@compiled
def evaluate_blocks(
    both: Any, people: Any, frame: Any, pattern: Any, slots: Any, bases: Any, terms: Any, entries: Any, places: Any,
    cost: Any, rates: Any, out: Any, part: Any, room: Any,
) -> None:  # pragma: no cover  # fmt: skip
    """Evaluate n draws, as ``reference.evaluate_points``.

    Parameters
    ----------
    both : tuple
        Values of all quantities, (q, n), those at which everything is correlated, and whether there are such.
    people : tuple
        From ``chance_kernel.heads``: completers, net, drawn and changed, (c, n), the rate, (n,), and normal scores of
        amounts that differ from person to person, (v c, n).
    frame, pattern, slots, bases, terms, entries, places, cost, rates : tuple
        What ``kernel`` knows of a model; ``bases`` are all products without a change, and those that move with one.
    out : tuple
        To be filled: net result by area (h, a, n), by year (y, a, n), the six of each actor (6, a, n), and
        discounted successes (n,); last the array of all these rows, in which they lie one after another.
    part : tuple of int
        The first of these draws, the one behind the last, and how many are worked on at a time, which divides them.
    room : tuple
        Memory to work in, from ``kernel``; one place for what is left of a krone by year, where it is the same in all
        draws.
    """
    values, moved, is_moved = both
    area, year, six, successes, rows = out
    by_actor = six[0], six[1], six[2], six[3], six[4], six[5]
    cohorts, slot = pattern[0].shape[1], len(slots[0])
    products, sums, by_slot, by_year, whole, number, worth, work, discount, kept, left, left_whole = room
    size, steady = part[2], left.shape[3] == 1 and part[2] > 1
    for first in range(part[0], part[1], size):
        last = first + size
        if first == part[0] or not steady:
            _discount(values, first, 1 if steady else size, frame, discount)
            for k in range(len(left)):
                _left(values, first, 1 if steady else size, k, pattern, discount, kept, (left, left_whole))
        for row in range(len(rows)):
            _clear(rows[row, first:last])
        _multiply_all(values, first, last, bases[0], terms, products)
        _sum(products, entries, sums)
        for j in range(slot):
            _count_heads(people, first, last, slots[1][j], number)
            _spend(pattern[0][slots[0][j]], left[slots[0][j]], number, (by_year[j], whole[j]))
        _gather(first, last, sums, places, (by_year, whole), by_slot, (area, year))
        _pay(values, first, last, discount, cost, work[0], (area, year, by_actor[1]))
        for c in range(cohorts):
            _add_product(successes[first:last], people[2][c, first:last], discount[frame[2][c]])
            _worth(left_whole, c, slots, by_slot, worth)
            _variances(values, first, last, people, c, rates, (work[0], work[1]))
            _expect(first, last, people, c, worth, rates[1], work, by_actor)
        _finish(first, last, year, people, rates[1], by_actor)
        if is_moved:
            _multiply_all(moved, first, last, bases[1], terms, products)
            _sum(products, entries, sums)
            _correlate(first, last, sums, places, whole, by_actor)
