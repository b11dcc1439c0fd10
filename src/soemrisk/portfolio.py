"""Which interventions together, under a yearly budget: whole interventions, the highest expected net result.

A choice of 0 or 1 for each, so that it is a mixed-integer linear programme (SciPy's HiGHS). How often an intervention
is in the best set when what is not known is drawn says how sure the choice of it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import Model
from soemrisk.statistics import standard_error

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TRIED = 12  # interventions up to which all sets are tried
SOLVED, SOLVED_ONE_BY_ONE = 8192, 256  # draws for which the best set is sought: at once, or each by the solver
AT_ONCE = 1024  # draws, so that the table of draws and sets stays small
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The best set, and how often each intervention is in the best set of a draw.

    Attributes
    ----------
    chosen : (s,) bool
    value : float
        Sum of the values of those chosen, kr.
    prob_in_best, mcse : (s,) float64
    solved : int
        Draws for which the best set was sought.
    """

    chosen: Flags
    value: float
    prob_in_best: Floats
    mcse: Floats
    solved: int


def yearly_costs(model: Model, actor: str) -> dict[int, float]:
    """What an actor pays for the intervention in each calendar year, in kr. of the price year, as stated.

    Parameters
    ----------
    model : Model
    actor : str
        0 in all years for one that the model does not have.

    Returns
    -------
    dict of int to float

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> round(sum(yearly_costs(compile_scenario(read("act-randers")), "kommune").values()))
    7510650
    """
    if actor not in model.actors:
        return dict.fromkeys(model.years, 0.0)
    amounts = model.base[model.cost_quantity]
    paid = np.einsum("u,uy->y", amounts, model.cost_weights[:, model.actors.index(actor)])
    return {year: 0.0 - float(one) for year, one in zip(model.years, paid, strict=True)}


def best_set(values: Floats, costs: Floats, budget: float, families: Sequence[str] = ()) -> Flags:
    """Choose interventions with the highest sum of values whose costs stay within the budget in every year.

    Parameters
    ----------
    values : (s,) float64
        Kr.
    costs : (s, y) float64
        Kr. of each year.
    budget : float
        Kr. a year, the same in every year.
    families : sequence of str, length s, optional
        Of those of one family (versions of one intervention) one at most is chosen.

    Returns
    -------
    (s,) bool
        None of a value of 0 or less is chosen.

    Examples
    --------
    >>> best_set(np.array([6.0, 5.0, 4.0]), np.array([[5.0], [3.0], [3.0]]), 6.0).tolist()
    [False, True, True]
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    worth = values > 0
    if not worth.any():
        return worth
    size = max(budget, 1.0)
    with _without_output():
        found = milp(
            -values / float(np.abs(values).max()),
            constraints=[
                LinearConstraint(costs.T / size, -np.inf, budget / size),
                LinearConstraint(_membership(families, len(values)), -np.inf, 1.0),
            ],
            integrality=np.ones(len(values), dtype=np.int64),
            bounds=Bounds(0, worth.astype(float)),
            options={"mip_rel_gap": 0.0},
        )
    assert found.x is not None, found.message
    chosen: Flags = found.x > 0.5
    return chosen


def best_sets(values: Floats, costs: Floats, budget: float, families: Sequence[str] = ()) -> Flags:
    """As ``best_set`` for many values at once, by trying all sets that the budget allows.

    Parameters
    ----------
    values : (n, s) float64
        Kr.; s is ``TRIED`` at most.
    costs : (s, y) float64
    budget : float
    families : sequence of str, length s, optional

    Returns
    -------
    (n, s) bool

    Examples
    --------
    >>> best_sets(np.array([[6.0, 5.0, 4.0], [6.0, 1.0, -1.0]]), np.array([[5.0], [3.0], [3.0]]), 6.0).tolist()
    [[False, True, True], [True, False, False]]
    """
    count = values.shape[1]
    every = ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(bool)
    one_of_each = (every @ _membership(families, count).T <= 1).all(axis=1)
    allowed = every[(every @ costs <= budget * (1 + ROUNDING)).all(axis=1) & one_of_each]
    chosen = np.zeros(values.shape, dtype=bool)
    for start in range(0, len(values), AT_ONCE):
        part = values[start : start + AT_ONCE]
        best = allowed[np.argmax(part @ allowed.T.astype(float), axis=1)]
        chosen[start : start + AT_ONCE] = best & (part > 0)
    return chosen


def _membership(families: Sequence[str], count: int) -> Floats:
    """Which intervention is in which family, (f, s); each in one of its own where none are stated."""
    named = list(families) or [str(n) for n in range(count)]
    return np.array([[float(one == family) for one in named] for family in dict.fromkeys(named)])


@contextmanager
def _without_output() -> Iterator[None]:
    """Silence of standard output: the solver writes a line of its own now and then, and a result is one object."""
    sys.stdout.flush()
    kept, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nothing)


def portfolio(expected: Floats, costs: Floats, budget: float, families: Sequence[str] = ()) -> Portfolio:
    """Find the best set of the means, and how often each is in the best set of a draw.

    Parameters
    ----------
    expected : (s, r, n) float64
        E[net | θ] of each intervention, kr.
    costs : (s, y) float64
    budget : float
        Kr. a year.
    families : sequence of str, length s, optional
        As ``best_set``.

    Returns
    -------
    Portfolio

    Examples
    --------
    >>> draws = np.stack([np.full((2, 4), 3.0), np.array([[2.0, 4.0, 2.0, 4.0]] * 2)])
    >>> portfolio(draws, np.array([[1.0], [1.0]]), 1.0).prob_in_best.tolist()
    [0.5, 0.5]
    """
    means = expected.mean(axis=(1, 2))
    chosen = best_set(means, costs, budget, families)
    few = len(expected) <= TRIED
    each = max(1, min(expected.shape[2], (SOLVED if few else SOLVED_ONE_BY_ONE) // expected.shape[1]))
    part = expected[:, :, :each]
    values = part.reshape(len(expected), -1).T
    found = (
        best_sets(values, costs, budget, families)
        if few
        else np.array([best_set(one, costs, budget, families) for one in values])
    )
    sets = found.reshape(*part.shape[1:], len(expected))
    by_replicate = sets.mean(axis=1)  # (r, s)
    probability = by_replicate.mean(axis=0)
    solved = int(part[0].size)
    errors = np.array([standard_error(column) for column in by_replicate.T])
    settled = (errors == 0) & bool(np.ptp(values, axis=0).max() > 0)
    return Portfolio(
        chosen=chosen,
        value=float(means[chosen].sum()),
        prob_in_best=probability,
        mcse=np.where(settled, 1 / solved, errors),
        solved=solved,
    )
