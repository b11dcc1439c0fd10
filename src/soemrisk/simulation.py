"""From points to outcomes: each replicate is drawn, put through the quantile functions and evaluated on its own.

Replicates are independent pieces of work with a fixed size and order, so the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import Plan, points
from soemrisk.families import FAMILIES
from soemrisk.model import Model
from soemrisk.reference import Outcome, discount_factors

Floats = NDArray[np.float64]
Evaluate = Callable[[Model, Floats, Floats | None], Outcome]


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
    rate : (r, n)
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


def columns(model: Model) -> tuple[str, ...]:
    """Keys of the columns of the unit cube: uncertain inputs, chance by cohort, common point of the correlated band.

    Chance has three points for each cohort: completers, successes with, successes without.
    """
    inputs = dict.fromkeys(model.inputs[q].draw_key for q in model.uncertain)
    parts = ("completers", "with", "without")
    chance = [f"{model.draws_id}/chance/{year}/{part}" for year in model.cohort_years for part in parts]
    return (*inputs, *chance, f"{model.draws_id}/correlated")


def values_at(model: Model, cube: Floats) -> Floats:
    """Values of all quantities at points of the unit cube.

    Parameters
    ----------
    model : Model
    cube : (n, d) float64
        A column for each uncertain input; steps of one quantity share one.

    Returns
    -------
    (n, q) float64, Fortran order
    """
    values = np.empty((len(cube), len(model.inputs)), order="F")
    values[:] = model.base
    for d, q in zip(model.column, model.uncertain, strict=True):
        distribution = model.inputs[q].distribution
        assert distribution.family is not None
        values[:, q] = FAMILIES[distribution.family].quantile(cube[:, d], distribution.parameters)
    return values


def correlate(model: Model, cube: Floats, common: Floats) -> Floats:
    """Points with which all consequences err in the same direction: one point moves them all.

    A high point is a high gain: a change is turned round where more of it gives less, as use of a service does.
    """
    moved = cube.copy(order="F")
    base = model.base
    position = {int(q): int(d) for d, q in zip(model.column, model.uncertain, strict=True)}
    discount = discount_factors(model, base[None])[0]
    worth = np.einsum("tcy,c,y->t", model.weights[:, :, 0], model.completers, discount)
    for q in model.changes:
        terms = np.flatnonzero(model.factors[:, 1] == q)
        gain = float(worth[terms] @ base[model.factors[terms, 2]])
        moved[:, position[int(q)]] = common if gain > 0 else 1.0 - common
    return moved


def simulate_model(
    model: Model, plan: Plan, *, evaluate: Evaluate, threads: int = 1, tick: Callable[[], object] | None = None
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

    Returns
    -------
    Simulation
    """
    keys = columns(model)
    d = model.columns

    def replicate(r: int) -> tuple[Outcome, Floats]:
        cube = points(plan, keys, r)
        chance = cube[:, d:-1]
        outcome = evaluate(model, values_at(model, cube[:, :d]), chance)
        if len(model.changes) < 2:
            both = outcome
        else:
            both = evaluate(model, values_at(model, correlate(model, cube[:, :d], cube[:, -1])), chance)
        if tick is not None:
            tick()
        return outcome, both.year.sum(axis=1)

    if threads == 1:
        done = [replicate(r) for r in range(plan.replicates)]
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            done = list(pool.map(replicate, range(plan.replicates)))
    outcomes = [outcome for outcome, _ in done]
    year = np.stack([outcome.year for outcome in outcomes])
    return Simulation(
        model=model,
        plan=plan,
        net=year.sum(axis=2),
        correlated=np.stack([both for _, both in done]),
        year=year,
        area=np.stack([outcome.area for outcome in outcomes]),
        **{
            name: np.stack([getattr(outcome, name) for outcome in outcomes])
            for name in ("expected", "at_zero", "per_rate", "chance_variance", "rate")
        },
    )
