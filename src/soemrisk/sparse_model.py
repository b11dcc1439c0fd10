"""A model with what is alike written once: patterns over the years that terms and actors share, and no zeros.

    weights[t, c, a, y] = Σ over the entries of t and a: weight × patterns[pattern of the slot, c, y]

So a draw costs as much as there are inputs, entries, and cohorts × years; not terms × cohorts × actors × years. The
total's patterns come first and depend on nothing else, so that moving a payer cannot change a byte of the total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import NONE, Model

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DIGITS = 13  # to which two patterns are alike; every weight of a pattern is at most 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """Letters as in ``Model``; k patterns, j slots, e entries, s sums, p payments.

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
    changes : (t,) int
        Position of each term's change; NONE where there is none.
    others, others_from : (f,), (t + 1,) int
        Positions of its other factors, those of term t from ``others_from[t]``.
    entry_sum, entry_weight, entries_from : (e,) int, (e,) float64, (t + 1,) int
        Which sum an entry of a term adds to, and its weight.
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
    changes: Ints
    others: Ints
    others_from: Ints
    entry_sum: Ints
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
    sums: dict[tuple[int, int, int], int] = {}
    entries: list[list[tuple[int, float]]] = [[] for _ in model.term_area]
    for a in range(len(model.actors)):
        for t, weights in enumerate(model.weights[:, :, a]):
            if not weights.any():
                continue
            largest = weights.flat[int(np.abs(weights).argmax())]
            pattern, since = weights / largest, model.since[t] * float(model.persistence[t] != NONE)
            key = (int(model.persistence[t]), since.tobytes(), (np.round(pattern, DIGITS) + 0.0).tobytes())
            k = patterns.setdefault(key, (len(patterns), pattern, since))[0]
            j = slots.setdefault((k, int(NONE)), len(slots))
            entries[t].append((sums.setdefault((j, int(model.term_area[t]), a), len(sums)), largest))
            if model.variation[t] != NONE:
                j = slots.setdefault((k, int(model.variation[t])), len(slots))
                entries[t].append((sums.setdefault((j, int(model.term_area[t]), a), len(sums)), largest))
    others = [[int(q) for f, q in enumerate(row) if f != 1 and q != NONE] for row in model.factors]
    shape = (-1, len(model.completers), len(model.years))
    powers, power = _powers([one[2] for one in patterns.values()])
    return Sparse(
        patterns=np.array([one[1] for one in patterns.values()], dtype=np.float64).reshape(shape),
        persistence=_ints([key[0] for key in patterns]),
        powers=powers,
        power=power.reshape(shape),
        slot_pattern=_ints([k for k, _ in slots]),
        slot_varying=_ints([v for _, v in slots]),
        changes=_ints(model.factors[:, 1]),
        others=_ints([q for row in others for q in row]),
        others_from=_starts(others),
        entry_sum=_ints([s for row in entries for s, _ in row]),
        entry_weight=np.array([weight for row in entries for _, weight in row], dtype=np.float64),
        entries_from=_starts(entries),
        sum_slot=_ints([j for j, _, _ in sums]),
        sum_area=_ints([h for _, h, _ in sums]),
        sum_actor=_ints([a for _, _, a in sums]),
        paid_by=_ints(np.argwhere((model.cost_weights != 0).any(axis=2))).reshape(-1, 2),
    )


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64)


def _starts(rows: list[list[int]] | list[list[tuple[int, float]]]) -> Ints:
    return _ints(np.cumsum([0, *map(len, rows)]))


def _powers(since: list[Floats]) -> tuple[Floats, Ints]:
    """Different values of each pattern, (k, m), and where each of its cohorts and years finds its own, (k, …)."""
    found = [np.unique(one, return_inverse=True) for one in since]
    powers = np.zeros((len(found), max((len(values) for values, _ in found), default=0)))
    for k, (values, _) in enumerate(found):
        powers[k, : len(values)] = values
    return powers, _ints([np.reshape(place, -1) for _, place in found])
