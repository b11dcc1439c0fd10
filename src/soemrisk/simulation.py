"""From points to outcomes: each replicate is drawn, put through the quantile functions and evaluated on its own.

Replicates are independent pieces of work with a fixed size and order, so the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.bands import is_capped
from soemrisk.derived_rates import beyond_a_rate
from soemrisk.design import Plan, points
from soemrisk.model import Model
from soemrisk.own_units import Headcount, all_units
from soemrisk.reference import Evaluate, Outcome, completers, discount_factors, net_rates
from soemrisk.transform import (
    Signs,
    asked_columns,
    chance_columns,
    columns,
    common_column,
    correlated_values,
    directions,
    values_at,
    with_own,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Outcomes of all replicates; r replicates, n points each, other letters as in ``reference``.

    Attributes
    ----------
    net : (r, n, a)
        Net result, chance included.
    correlated : (r, n, a)
        The same if all consequences were fully rank-correlated.
    expected, at_zero, per_rate, chance_variance : (r, n, a)
        As ``reference.Outcome``.
    area : (r, n, h, a)
    year : (r, n, y, a)
    rate, lowest_rate : (r, n)
    successes : (r, n)
        As ``reference.Outcome``.
    capped : (r, j)
        Share of the draws in which more would be saved than is used, for each of ``model.bands`` and ``uncapped``.
    beyond : (r, e)
        Share of the draws in which an effect would lead to a rate outside 0 to 1, for each of ``model.derived_rates``.
    own : (r, n, o, y)
        Units of each outcome that is no money by year, chance included.
    own_expected : (r, n, o)
        The same over all years, given θ, without chance.
    """

    model: Model
    plan: Plan
    net: Floats
    correlated: Floats
    expected: Floats
    at_zero: Floats
    per_rate: Floats
    chance_variance: Floats
    area: Floats
    year: Floats
    rate: Floats
    lowest_rate: Floats
    successes: Floats
    capped: Floats
    beyond: Floats
    own: Floats
    own_expected: Floats


OF_DRAWS = (
    *("net", "correlated", "expected", "at_zero", "per_rate", "chance_variance"),
    *("area", "year", "rate", "lowest_rate", "successes"),
)  # what an outcome and a simulation both have, by the same name


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What points of the unit cube give.

    Attributes
    ----------
    outcome : Outcome
        As stated; ``correlated`` with all consequences fully correlated.
    capped : (n, j)
        Where more would be saved than is used, for each of ``model.bands``.
    beyond : (n, e)
        Where an effect would lead to a rate outside 0 to 1, for each of ``model.derived_rates``.
    own, own_expected : (n, o, y), (n, o)
        Units of the outcomes that are no money, with chance by year, and without it.
    """

    outcome: Outcome
    capped: Flags
    beyond: Flags
    own: Floats
    own_expected: Floats


def evaluate_at(model: Model, cube: Floats, signs: Signs, evaluate: Evaluate) -> Evaluated:
    """Evaluate points of the unit cube, as stated and with all consequences fully correlated.

    Parameters
    ----------
    model : Model
    cube : (n, d) float64
        A column for each key of ``transform.columns``.
    signs : mapping
        From ``transform.directions``.
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    Evaluated
    """
    chance = chance_columns(model, cube)
    values = values_at(model, cube[:, : len(model.columns)])
    moved = correlated_values(model, values, common_column(model, cube), signs) if len(signs) > 1 else None
    outcome = evaluate(model, values, chance, moved)
    units = np.zeros((len(cube), 0, len(model.years))), np.zeros((len(cube), 0))
    if model.outcomes:
        own = with_own(model, values, cube)
        heads = drawn_heads(model, values, outcome, chance), expected_heads(model, values)
        units = own_units(model, own, heads[0]), own_units(model, own, heads[1]).sum(axis=2)
    return Evaluated(
        outcome=outcome,
        capped=_flags([is_capped(one, values) for one in (*model.bands, *model.uncapped)], len(cube)),
        beyond=_flags([beyond_a_rate(one, values) for one in model.derived_rates], len(cube)),
        own=units[0],
        own_expected=units[1],
    )


def _flags(columns: list[Flags], n: int) -> Flags:
    return np.array(columns, dtype=np.bool_).reshape(-1, n).T


def own_units(model: Model, values: Floats, heads: Headcount) -> Floats:
    """Units of the outcomes that are no money, (n, o, y), at values from ``with_own``."""
    return all_units(model.outcomes, values, heads, discount_factors(model, values))


def expected_heads(model: Model, values: Floats) -> Headcount:
    """Persons that outcomes are counted by, without chance."""
    persons = completers(model, values)
    nothing = np.zeros((len(model.varying), *persons.shape))
    return Headcount(successes=net_rates(model, values) * persons, completers=persons, apart=nothing)


def drawn_heads(model: Model, values: Floats, outcome: Outcome, chance: Floats) -> Headcount:
    """Persons that outcomes are counted by, from the chance with which the outcome was drawn."""
    from scipy.special import ndtri

    persons = completers(model, values)
    cohorts = persons.shape[1]
    whole = np.floor(persons)
    scores = ndtri(chance[:, 3 * cohorts :]).reshape(len(values), len(model.varying), cohorts).transpose(1, 0, 2)
    return Headcount(
        successes=outcome.by_cohort,
        completers=whole + (chance[:, 0 : 3 * cohorts : 3] < persons - whole),
        apart=np.sqrt(outcome.changed) * scores,
    )


def _part_of(cube: Floats, keys: Sequence[str], among: Sequence[str]) -> Floats:
    """Columns of some keys of a design."""
    return np.asfortranarray(cube[:, [among.index(key) for key in keys]])


def simulate_model(
    model: Model,
    plan: Plan,
    *,
    evaluate: Evaluate,
    threads: int = 1,
    tick: Callable[[], object] | None = None,
    among: Sequence[str] | None = None,
) -> Simulation:
    """Draw and evaluate all replicates.

    Parameters
    ----------
    model : Model
    plan : Plan
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.
    threads : int
        Replicates evaluated at the same time; changes no byte of the result.
    tick : callable, optional
        Called after each replicate, in any order.
    among : sequence of str, optional
        All keys of the design, where other models are drawn from it too; those of the model if left out.

    Returns
    -------
    Simulation
    """
    signs = directions(model)

    def replicate(r: int) -> Evaluated:
        if among is None:
            cube = points(plan, asked_columns(model), r)
        else:
            cube = _part_of(points(plan, among, r), columns(model), among)
        found = evaluate_at(model, cube, signs, evaluate)
        if tick is not None:
            tick()
        return found

    if threads == 1:
        done = [replicate(r) for r in range(plan.replicates)]
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            done = list(pool.map(replicate, range(plan.replicates)))
    return _gathered(model, plan, done)


def _gathered(model: Model, plan: Plan, done: Sequence[Evaluated]) -> Simulation:
    """All replicates in their order; draws stay side by side in memory, whatever the order of the axes."""
    outcomes = [one.outcome for one in done]

    def stacked(arrays: Sequence[Floats]) -> Floats:
        beside = np.stack([np.moveaxis(one, 0, -1) for one in arrays], axis=-2)  # (…, r, n)
        return np.moveaxis(beside, (-2, -1), (0, 1))

    return Simulation(
        model=model,
        plan=plan,
        capped=np.stack([one.capped.mean(axis=0) for one in done]),
        beyond=np.stack([one.beyond.mean(axis=0) for one in done]),
        own=np.stack([one.own for one in done]),
        own_expected=np.stack([one.own_expected for one in done]),
        **{name: stacked([getattr(outcome, name) for outcome in outcomes]) for name in OF_DRAWS},
    )
