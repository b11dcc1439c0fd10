"""The calculation compiled: the fast twin of ``reference``.

What goes into compiled code and comes out of it; the calculation itself is in ``evaluation_kernel``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.chance_kernel import heads
from soemrisk.compiling import is_kept
from soemrisk.evaluation_kernel import evaluate_blocks
from soemrisk.model import NONE, Model
from soemrisk.reference import Outcome
from soemrisk.sparse_model import sparse

Floats = NDArray[np.float64]
BLOCK = 256  # draws that are worked on at a time: what is kept of them fits in the nearest memory


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
        Of the inputs, only those of ``model.changes`` may differ from ``values``.

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
    n, c = len(values), len(model.completers)
    table = np.ascontiguousarray(values.T)
    points, scores = None, np.zeros((0, n))
    if chance is not None:
        points = np.ascontiguousarray(chance[:, : 3 * c].T)
        scores = _normal_scores(np.ascontiguousarray(chance[:, 3 * c :].T))
    people = heads(model, table, points)
    area, year, by_actor, successes, rows = _room(model, n)
    both = table, table if moved is None else np.ascontiguousarray(moved.T), moved is not None
    who = people.completers, people.net, people.drawn, people.changed, people.rate, scores
    known = _arrays(model)
    out, whole, steady = (area, year, by_actor, successes, rows), n // BLOCK * BLOCK, _is_steady(model, table)
    for part in ((0, whole, BLOCK), (whole, n, n - whole)):
        if part[1] > part[0]:
            evaluate_blocks(both, who, *known, out, part, _work(known, len(model.actors), part[2], steady))
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


def _room(model: Model, n: int) -> tuple[Floats, ...]:
    """Rows to be filled: net result by area, by year, the six of each actor, and successes; last all of them."""
    h, y, a = len(model.areas), len(model.years), len(model.actors)
    rows = np.empty(((h + y + 6) * a + 1, n))
    area, year, by_actor = rows[: h * a], rows[h * a : (h + y) * a], rows[(h + y) * a : -1]
    return area.reshape(h, a, n), year.reshape(y, a, n), by_actor.reshape(6, a, n), rows[-1], rows


def _is_steady(model: Model, table: Floats) -> bool:
    """Whether discount rates and persistence are the same in all draws."""
    at = [*model.discount.tolist(), *(q for q in model.persistence.tolist() if q != NONE)]
    return all((table[q] == table[q, :1]).all() for q in set(at))


def _work(known: tuple[tuple[Any, ...], ...], a: int, size: int, steady: bool) -> tuple[Floats, ...]:
    """Memory in which so many draws are evaluated at a time, as ``evaluate_blocks`` takes it apart."""
    _, pattern, slots, bases, terms, _, places, _, _ = known
    (k, c, y), j = pattern[0].shape, len(slots[0])
    rows = (
        *((len(bases[0]) + len(terms[2]),), (len(places[0]),), (j, a)),  # products, sums, by slot
        *((j, y), (j,), (c,), (1 + slots[2], a), (4,)),  # spent by year and in all, number, worth, work
        *((y,), (pattern[2].shape[1],)),  # discount factors, and what is kept
    )
    left = np.empty((k, c, y, 1 if steady else size))
    return (*(np.empty((*shape, size)) for shape in rows), left, np.empty((k, c, size)))


@lru_cache(maxsize=4)
def _arrays(model: Model) -> tuple[tuple[Any, ...], ...]:
    """What the kernel knows of a model; fresh arrays, so that all models have the same types and compile once."""
    found = sparse(model)
    grouped = (
        (model.discount, model.years_at_rate, model.cohort_positions),
        (found.patterns, found.persistence, found.powers, found.power),
        (found.slot_pattern, found.slot_varying, len(model.varying)),
        (np.ones_like(found.moves), found.moves),
        (found.factors, found.factors_from, found.product_base, found.product_change),
        (found.entry_product, found.entry_weight, found.entries_from),
        (found.sum_slot, found.sum_area, found.sum_actor),
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
    return is_kept(evaluate_blocks)
