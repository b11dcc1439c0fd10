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
from soemrisk.design import Plan, points
from soemrisk.model import Model
from soemrisk.reference import Outcome
from soemrisk.transform import Signs, columns, correlated_values, directions, values_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
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
    rate, lowest_rate : (r, n)
    successes : (r, n)
        As ``reference.Outcome``.
    capped : (r, j)
        Share of the draws in which more would be saved than is used, for each of ``model.bands`` and ``uncapped``.
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


def evaluate_at(model: Model, cube: Floats, signs: Signs, evaluate: Evaluate) -> tuple[Outcome, Floats, Flags]:
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
    (Outcome, (n, a) float64, (n, j) bool)
        The outcome as stated; the net result if all consequences were fully correlated; where more would be saved than
        is used, for each of ``model.bands`` and then of ``model.uncapped``.
    """
    d = len(model.columns)
    chance = cube[:, d:-1]
    values = values_at(model, cube[:, :d])
    outcome = evaluate(model, values, chance)
    limited = [is_capped(one, values) for one in (*model.bands, *model.uncapped)]
    capped = np.array(limited, dtype=np.bool_).reshape(-1, len(cube)).T
    if len(signs) < 2:
        return outcome, outcome.year.sum(axis=1), capped
    both = evaluate(model, correlated_values(model, values, cube[:, -1], signs), chance)
    return outcome, both.year.sum(axis=1), capped


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
    keys = columns(model)
    signs = directions(model)

    def replicate(r: int) -> tuple[Outcome, Floats, Flags]:
        cube = points(plan, keys, r) if among is None else _part_of(points(plan, among, r), keys, among)
        found = evaluate_at(model, cube, signs, evaluate)
        if tick is not None:
            tick()
        return found

    if threads == 1:
        done = [replicate(r) for r in range(plan.replicates)]
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            done = list(pool.map(replicate, range(plan.replicates)))
    outcomes = [outcome for outcome, _, _ in done]
    year = np.stack([outcome.year for outcome in outcomes])
    return Simulation(
        model=model,
        plan=plan,
        net=year.sum(axis=2),
        correlated=np.stack([both for _, both, _ in done]),
        capped=np.stack([capped.mean(axis=0) for _, _, capped in done]),
        year=year,
        area=np.stack([outcome.area for outcome in outcomes]),
        **{
            name: np.stack([getattr(outcome, name) for outcome in outcomes])
            for name in ("expected", "at_zero", "per_rate", "chance_variance", "rate", "lowest_rate", "successes")
        },
    )
