"""Outcomes of one cell of a batch study from shared columns, without the years and areas that a table of cells drops.

Where discount rates and persistence are certain, what a success is worth is a sum of products with weights that no draw
changes: one matrix product in place of a loop over years. All other models go through ``kernel.evaluate``, the twin of
the short way. Letters as in ``reference``; r replicates of n draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk import kernel
from soemrisk.batch_draws import Columns, Made, column, input_columns, number_or_column
from soemrisk.blas import one_thread
from soemrisk.model import NONE, Model
from soemrisk.reference import discount_factors
from soemrisk.transform import columns as keys_of

Floats = NDArray[np.float64]
Values = Floats | float  # one number where all draws have it


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOutcome:
    """Results of a cell, each (a, r, n) in kr.; ``chance_variance`` (a,) is the mean of Var(net | θ)."""

    net: Floats
    expected: Floats
    at_zero: Floats
    per_rate: Floats
    chance_variance: Floats


def cell_outcome(model: Model, columns: Columns, *, correlated: bool) -> CellOutcome:
    """Evaluate a cell.

    Parameters
    ----------
    model : Model
    columns : Columns
        Of the study that the cell is in.
    correlated : bool
        Whether all consequences err in the same direction.

    Returns
    -------
    CellOutcome

    Examples
    --------
    >>> from soemrisk.batch_draws import columns_for
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.design import plan
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> few = columns_for(plan(64, 0), keys_of(model))
    >>> cell_outcome(model, few, correlated=False).net.shape
    (4, 16, 4)
    """
    made = input_columns(model, correlated=correlated)
    return short_way(model, columns, made) if is_short(model, made) else long_way(model, columns, made)


def is_short(model: Model, made: list[Made]) -> bool:
    """Whether weights over the years are the same for all draws."""
    if model.bands or model.derived_rates or model.reciprocals or (model.share != NONE).any():
        return False
    yearly = {*model.discount.tolist(), *model.persistence.tolist()} - {NONE}
    return all(made[q][0] == "constant" for q in yearly)


def long_way(model: Model, columns: Columns, made: list[Made]) -> CellOutcome:
    """Outcomes of a cell by the general kernel, replicate by replicate."""
    plan = columns.plan
    by_actor = np.empty((4, len(model.actors), plan.replicates, plan.size))
    chance_variance = np.zeros(len(model.actors))
    inputs = [column(columns, one) for one in made]
    first, behind = len(model.columns), 1 + len(model.own_columns)
    chance = [column(columns, ("points", key)) for key in keys_of(model)[first:-behind]]
    for r in range(plan.replicates):
        values = np.empty((plan.size, len(inputs)), order="F")
        for q, one in enumerate(inputs):
            values[:, q] = one[r]
        found = kernel.evaluate(model, model.derive(values), np.stack([one[r] for one in chance], axis=1))
        for n, one in enumerate((found.net, found.expected, found.at_zero, found.per_rate)):
            by_actor[n, :, r] = one.T
        chance_variance += found.chance_variance.mean(axis=0) / plan.replicates
    net, expected, at_zero, per_rate = by_actor
    return CellOutcome(
        net=net, expected=expected, at_zero=at_zero, per_rate=per_rate, chance_variance=chance_variance
    )  # fmt: skip


def short_way(model: Model, columns: Columns, made: list[Made]) -> CellOutcome:
    """Outcomes of a cell whose weights over the years are the same for all draws."""
    shape = (columns.plan.replicates, columns.plan.size)
    a, cohorts = len(model.actors), len(model.completers)
    certain = np.array([[one[1] if one[0] == "constant" else 0.0 for one in made]])
    discount = discount_factors(model, certain)[0]
    weights = _yearless(model, certain[0], discount)
    worth = _worth([_factors(row, made) for row in model.factors], weights, columns)
    came = None if model.turnout == NONE else column(columns, made[model.turnout])
    at_zero = _costs(model, columns, made, (discount, came))
    expected, net, rate_line = at_zero.copy(), at_zero.copy(), np.zeros((a, *shape))
    variance = np.zeros(a)
    rates = [_rates(columns, made, row) for row in model.rates]
    stated = model.completers
    gains = [with_ - without for with_, without in rates]
    mean_rate = sum(share * gained for share, gained in zip(stated / stated.sum(), gains, strict=True))
    divisor = np.where(mean_rate == 0, 1.0, mean_rate)
    differing = [
        _worth(*_apart(model, made, weights, v), columns) for v in range(len(model.varying))
    ]  # kr. of one standard deviation between persons
    for c in range(cohorts):
        with_, without = rates[c]
        gained = gains[c]
        persons = stated[c] if came is None else came * stated[c]
        drawn, changed = column(columns, _successes(model, made, c))
        of_mean = 1.0 if model.one_rate else np.where(mean_rate == 0, 1.0, gained / divisor)
        spread = _spread(persons, (with_, without), independent=model.independent_chance)
        changing = persons * (with_ + without if model.independent_chance else np.abs(gained))
        for n in range(a):
            one = worth[c, n]
            net[n] += drawn * one
            expected[n] += gained * persons * one
            rate_line[n] += of_mean * persons * one
            variance[n] += float((spread * one**2).mean())
            for v, of_person in enumerate(differing):
                key = f"{model.draw_name}/chance/{model.cohort_names[c]}/persons/{model.varying[v]}"
                net[n] += np.sqrt(changed) * column(columns, ("scores", key)) * of_person[c, n]
                variance[n] += float((changing * of_person[c, n] ** 2).mean())
    return CellOutcome(net=net, expected=expected, at_zero=at_zero, per_rate=rate_line, chance_variance=variance)


def _yearless(model: Model, certain: Floats, discount: Floats) -> Floats:
    """Discounted kr. of a unit of each term's product over all years, (t, c, a)."""
    kept = np.where(model.persistence != NONE, certain[np.maximum(model.persistence, 0)], 1.0)
    left = kept[:, None, None] ** model.since * discount  # (t, c, y)
    summed: Floats = (model.weights * left[:, :, None, :]).sum(axis=3)
    return summed


def _factors(row: NDArray[np.int64], made: list[Made], but: int | None = None) -> Made:
    """What a term is the product of; without one of its factors."""
    return ("product", *(made[q] for n, q in enumerate(row) if q != NONE and n != but))


def _worth(terms: list[Made], weights: Floats, columns: Columns) -> Floats:
    """Kr. of one success by cohort and actor, (c, a, r, n)."""
    t, c, a = weights.shape
    plan = columns.plan
    if not terms:
        return np.zeros((c, a, plan.replicates, plan.size))
    products = np.stack([column(columns, one).reshape(-1) for one in terms])
    with one_thread():
        found: Floats = weights.reshape(t, c * a).T @ products
    return found.reshape(c, a, plan.replicates, plan.size)


def _apart(model: Model, made: list[Made], weights: Floats, v: int) -> tuple[list[Made], Floats]:
    """Terms of a change that differs from person to person, and what one standard deviation of it weighs."""
    rows = np.flatnonzero(model.variation == v)
    weighed: Floats = weights[rows] * model.individual_sd[rows, None, None]
    return [_factors(model.factors[t], made, but=1) for t in rows], weighed


def _costs(model: Model, columns: Columns, made: list[Made], scale: tuple[Floats, Floats | None]) -> Floats:
    discount, came = scale
    found = np.zeros((len(model.actors), columns.plan.replicates, columns.plan.size))
    for u, q in enumerate(model.cost_quantity):
        weights = (model.cost_weights[u] * (discount if model.cost_discounted[u] else 1.0)).sum(axis=1)
        amount = number_or_column(columns, made[q])
        paid = amount * came if model.cost_by_turnout[u] and came is not None else amount
        for n in np.flatnonzero(weights):
            found[n] += paid * weights[n]
    return found


def _rates(columns: Columns, made: list[Made], row: NDArray[np.int64]) -> tuple[Values, Values]:
    with_, without = (0.0 if q == NONE else number_or_column(columns, made[q]) for q in row)
    return with_, without


def _successes(model: Model, made: list[Made], c: int) -> Made:
    """What the successes of a cohort are drawn from."""
    with_, without = (("constant", 0.0) if q == NONE else made[q] for q in model.rates[c])
    turnout = ("constant", 1.0) if model.turnout == NONE else made[model.turnout]
    name = f"{model.draw_name}/chance/{model.cohort_names[c]}"
    return ("successes", name, (with_, without), (turnout, float(model.completers[c])), model.independent_chance)


def _spread(persons: Values, rates: tuple[Values, Values], *, independent: bool) -> Values:
    """Variance of the number of successes of a cohort given the rates, as ``reference.success_variance``."""
    with_, without = rates
    gained = np.abs(with_ - without)
    part = persons - np.floor(persons)
    one = with_ * (1 - with_) + without * (1 - without) if independent else gained * (1 - gained)
    found: Values = one * persons + gained**2 * part * (1 - part)
    return found
