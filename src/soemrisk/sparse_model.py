"""A model with what is alike written once: patterns over the years that terms and actors share, and no zeros.

    weights[t, c, a, y] = Σ over the entries of t and a: weight × patterns[pattern of the slot, c, y]

So a draw costs as much as there are inputs, entries, and cohorts × years; not terms × cohorts × actors × years. The
total's patterns come first and depend on nothing else, so that moving a payer cannot change a byte of the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import NONE, Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
DIGITS = 13  # to which two patterns are alike; every weight of a pattern is at most 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """Letters as in ``Model``; k patterns, j slots, b and r products, e entries, s sums, p payments.

    Attributes
    ----------
    patterns : (k, c, y) float64
        Kr. of a cohort in a year for each krone of its largest.
    persistence : (k,) int
        As ``Model`` has it, for each pattern.
    powers, power : (k, m), (k, c, y) int
        Different powers of the persistence, filled up with 0, and which of them a cohort has in a year.
    slot_pattern, slot_varying : (j,) int
        A slot is what successes are counted by: a pattern, and which amounts differ from person to person; NONE: none.
    factors, factors_from : (f,), (b + 1,) int
        Positions of the factors of each different product without its change; those of b from ``factors_from[b]``.
    moves : (b,) bool
        Whether one of them is a change of another term, or may depend on one.
    product_base, product_change : (r,) int
        Which of them a product with a change begins with, and the position of the change.
    entry_product, entry_weight, entries_from : (e,) int, (e,) float64, (s + 1,) int
        Which product an entry of a sum adds, the b without a change before the r with one, and its weight; those of
        sum s from ``entries_from[s]``, in the order of the terms.
    sum_slot, sum_area, sum_actor : (s,) int
        Sums of products that go to the same slot, area and actor.
    paid_by : (p, 2) int
        Cost and actor of each payment that is not zero in all years.
    """

    patterns: Floats
    persistence: Ints
    powers: Floats
    power: Ints
    slot_pattern: Ints
    slot_varying: Ints
    factors: Ints
    factors_from: Ints
    moves: Flags
    product_base: Ints
    product_change: Ints
    entry_product: Ints
    entry_weight: Floats
    entries_from: Ints
    sum_slot: Ints
    sum_area: Ints
    sum_actor: Ints
    paid_by: Ints


def sparse(model: Model) -> Sparse:
    """The same model, sparse.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Sparse

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> found = sparse(compile_scenario(read("act-randers")))
    >>> found.patterns.shape, found.slot_varying.tolist()
    ((1, 4, 10), [-1])
    """
    patterns: dict[tuple[int, bytes, bytes], tuple[int, Floats, Floats]] = {}
    slots: dict[tuple[int, int], int] = {}
    bases: dict[tuple[int, ...], int] = {}
    sums: dict[tuple[int, int, int], list[tuple[int, int, float]]] = {}
    for a in range(len(model.actors)):
        for t, weights in enumerate(model.weights[:, :, a]):
            if not weights.any():
                continue
            largest = weights.flat[int(np.abs(weights).argmax())]
            pattern, since = weights / largest, model.since[t] * float(model.persistence[t] != NONE)
            key = (int(model.persistence[t]), since.tobytes(), (np.round(pattern, DIGITS) + 0.0).tobytes())
            k = patterns.setdefault(key, (len(patterns), pattern, since))[0]
            base = bases.setdefault(_others(model, t), len(bases))
            for v, of, weight in _counted(model, t, largest):
                j = slots.setdefault((k, v), len(slots))
                sums.setdefault((j, int(model.term_area[t]), a), []).append((base, of, weight))
    entries = [entry for several in sums.values() for entry in several]
    products = {key: r for r, key in enumerate(dict.fromkeys((b, q) for b, q, _ in entries if q != NONE))}
    shape = (-1, len(model.completers), len(model.years))
    powers, power = _powers([one[2] for one in patterns.values()])
    return Sparse(
        patterns=np.array([one[1] for one in patterns.values()], dtype=np.float64).reshape(shape),
        persistence=_ints([key[0] for key in patterns]),
        powers=powers,
        power=power.reshape(shape),
        slot_pattern=_ints([k for k, _ in slots]),
        slot_varying=_ints([v for _, v in slots]),
        factors=_ints([q for factors in bases for q in factors]),
        factors_from=_starts(bases),
        moves=_moving(model, bases),
        product_base=_ints([base for base, _ in products]),
        product_change=_ints([change for _, change in products]),
        entry_product=_ints([b if q == NONE else len(bases) + products[b, q] for b, q, _ in entries]),
        entry_weight=np.array([weight for _, _, weight in entries], dtype=np.float64),
        entries_from=_starts(sums.values()),
        sum_slot=_ints([j for j, _, _ in sums]),
        sum_area=_ints([h for _, h, _ in sums]),
        sum_actor=_ints([a for _, _, a in sums]),
        paid_by=_ints(np.argwhere((model.cost_weights != 0).any(axis=2))).reshape(-1, 2),
    )


def _others(model: Model, t: int) -> tuple[int, ...]:
    """Positions of the factors of a term but its change."""
    return tuple(int(q) for f, q in enumerate(model.factors[t]) if f != 1 and q != NONE)


def _counted(model: Model, t: int, weight: float) -> Iterator[tuple[int, int, float]]:
    """What a term is counted by, its change, and its weight: successes, then an amount that differs between persons."""
    yield int(NONE), int(model.factors[t, 1]), weight
    if model.variation[t] != NONE:
        yield int(model.variation[t]), int(NONE), model.individual_sd[t] * weight


def _moving(model: Model, products: Iterable[tuple[int, ...]]) -> Flags:
    """Which products have a factor that is an uncertain change, or is derived from inputs."""
    changes = set(model.changes.tolist())
    return np.array([any(q in changes or q >= len(model.inputs) for q in factors) for factors in products], np.bool_)


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64)


def _starts(rows: Iterable[Sized]) -> Ints:
    return _ints(np.cumsum([0, *map(len, rows)]))


def _powers(since: list[Floats]) -> tuple[Floats, Ints]:
    """Different values of each pattern, (k, m), and where each of its cohorts and years finds its own, (k, …)."""
    found = [np.unique(one, return_inverse=True) for one in since]
    powers = np.zeros((len(found), max((len(values) for values, _ in found), default=0)))
    for k, (values, _) in enumerate(found):
        powers[k, : len(values)] = values
    return powers, _ints([np.reshape(place, -1) for _, place in found])
