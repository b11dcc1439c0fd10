"""Break-even of any input: what it must be for an actor's net result to be 0, alone, in pairs, and how sure that is.

Most inputs enter linearly: two evaluations give the line, in the base case and in every draw of the rest. Inputs that
one draw moves (a library entry in several places, steps of a price) keep their proportions to each other. One share
of several moves while the others keep theirs, which is a line too. For what is left (discount rate, persistence, what
bands join) all roots on the support are sought in the base case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import line_statistics, zero_of_line
from soemrisk.design import Plan, points
from soemrisk.families import FAMILIES
from soemrisk.model import NONE, Model
from soemrisk.reference import Evaluate, net_rate
from soemrisk.shared_draws import by_place, drawn_with, place_of
from soemrisk.simplex import with_share
from soemrisk.statistics import sorted_quantile
from soemrisk.transform import values_at

Floats = NDArray[np.float64]

GRID = 257  # points between which roots are sought
HALVINGS = 60
WIDE = 4.0  # times what is stated: how far roots are sought in an input that is certain
ROUNDING = 1e-12  # of the largest result: below it is nothing
EXTREME = 1e-9  # levels between which roots are sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Net result of each draw as a line in one input.

    Attributes
    ----------
    at_zero, per_unit : (r, n, a)
        α and β of net = α + β x, without chance, kr. and kr. per unit of the input.
    values : (r, n)
        What was drawn for the input itself.
    """

    at_zero: Floats
    per_unit: Floats
    values: Floats


def is_line(model: Model, q: int) -> bool:
    """Whether the net result is a line in an input, everything else given.

    Parameters
    ----------
    model : Model
    q : int
        Position among the inputs.

    Returns
    -------
    bool
        Of shares that add up to 1: where one moves and the others keep their proportions. Of inputs that one draw
        moves: where all of them move in proportion; two factors of one product make it a parabola.
    """
    moving = {*drawn_with(model, q)}
    of_bands = {p for one in model.bands for p in one.inputs}
    powers = {*model.discount.tolist(), *model.persistence.tolist()}
    of_rates = {p for one in model.derived_rates for p in (one.without, one.effect)}
    bent = of_bands | powers | of_rates | set(model.reciprocals)
    return not moving & bent and not any(len(moving & factors) > 1 for factors in _multiplied(model))


def _multiplied(model: Model) -> Iterator[set[int]]:
    """Positions of the inputs that are factors of one product, benefits and costs."""
    for factors in model.factors.tolist():
        for rate in np.unique(model.rates).tolist():
            yield {*factors, rate, model.turnout} - {NONE}
    for q, by_turnout in zip(model.cost_quantity.tolist(), model.cost_by_turnout, strict=True):
        yield {q, model.turnout if by_turnout else NONE} - {NONE}


def base_line(model: Model, q: int, evaluate: Evaluate) -> tuple[Floats, Floats]:
    """Line of the base case in one input by actor: α and β, each (a,)."""
    at_zero, per_unit = _line(model, model.stated[None], q, evaluate)
    return at_zero[0], per_unit[0]


def _line(model: Model, stated: Floats, q: int, evaluate: Evaluate) -> tuple[Floats, Floats]:
    at_zero, at_one = (_net_at(model, stated, q, x, evaluate) for x in (0.0, _unit(model, q)))
    return at_zero, (at_one - at_zero) / _unit(model, q)


def _unit(model: Model, q: int) -> float:
    """A step of the size of the input itself, so that no digits are lost."""
    return abs(float(model.stated[q])) or 1.0


def _net_at(model: Model, stated: Floats, q: int, x: float | Floats, evaluate: Evaluate) -> Floats:
    """Net result without chance with one input at x, (n, a), and in proportion what its draw moves too.

    Of shares that add up to 1 the others keep their proportions.
    """
    moved = stated[:, : len(model.inputs)].copy(order="F")
    simplex = model.simplex_of(q)
    if simplex is None:
        for k in drawn_with(model, q):
            moved[:, k] = x * _proportion(model, stated, k, q)
    else:
        i = simplex.inputs.tolist().index(q)
        moved[:, simplex.inputs] = with_share(moved[:, simplex.inputs], i, x, simplex.alphas)
    return evaluate(model, model.derive(moved), None).expected


def _proportion(model: Model, values: Floats, k: int, q: int) -> Floats:
    """What one input is for each unit of another that is drawn with it, (n,); of 0 as stated, and 1 of nothing."""
    of_stated = model.stated[k] / model.stated[q] if model.stated[q] else 1.0
    found: Floats = np.divide(values[:, k], values[:, q], out=np.full(len(values), of_stated), where=values[:, q] != 0)
    return found


def drawn_values(model: Model, plan: Plan) -> Floats:
    """Values of all inputs in every draw, (r, n, q + derived); once for all inputs that are asked about."""
    return np.stack([values_at(model, points(plan, model.columns, r)) for r in range(plan.replicates)])


def lines(model: Model, drawn: Floats, q: int, evaluate: Evaluate) -> Lines:
    """Net result of each draw as a line in one input.

    Parameters
    ----------
    model : Model
    drawn : (r, n, q + derived) float64
        From ``drawn_values``.
    q : int
        Position of an input that enters linearly.
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    Lines
    """
    pairs = [_line(model, values, q, evaluate) for values in drawn]
    return Lines(
        at_zero=np.stack([at_zero for at_zero, _ in pairs]),
        per_unit=np.stack([per_unit for _, per_unit in pairs]),
        values=drawn[:, :, q],
    )


def roots(model: Model, q: int, evaluate: Evaluate) -> tuple[tuple[float, ...], ...]:
    """All values on the support of an input at which the base case is 0, by actor.

    Parameters
    ----------
    model : Model
    q : int
        Position of any input; of a certain one a discount rate or what persists from 0 to 1, anything else from 0 to
        four times what is stated.
    evaluate : callable

    Returns
    -------
    tuple of tuple of float, one an actor
        In the unit of the input; found where the sign changes between neighbours of 257 quantiles.
    """
    grid = _grid(model, q)

    def net(x: Floats) -> Floats:
        return _net_at(model, np.tile(model.stated, (len(x), 1)), q, x, evaluate)

    at_grid = net(grid)
    found = []
    for a in range(len(model.actors)):
        signs = np.where(np.abs(at_grid[:, a]) > ROUNDING * np.abs(at_grid[:, a]).max(), np.sign(at_grid[:, a]), 0.0)
        told = np.flatnonzero(signs)  # nothing at an end of the support is no change of sign
        before, after = (told[one] for one in _changes(signs[told]))
        low, high = grid[before], grid[after]
        for _ in range(HALVINGS if len(before) else 0):
            middle = (low + high) / 2
            same = (net(middle)[:, a] > 0) == (at_grid[before, a] > 0)
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found.append(tuple(high.tolist()))
    return tuple(found)


def _changes(signs: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Neighbours of different sign."""
    before = np.flatnonzero(signs[1:] != signs[:-1])
    return before, before + 1


def _grid(model: Model, q: int) -> Floats:
    """Values of an input between which roots are sought."""
    distribution = model.inputs[q].distribution
    if distribution.family is None:
        part = q in {*model.discount.tolist(), *model.persistence.tolist()}
        return np.sort(np.linspace(0.0, 1.0 if part else WIDE * (distribution.base or 1.0), GRID))
    levels = np.concatenate([[EXTREME], np.linspace(0, 1, GRID)[1:-1], [1 - EXTREME]])
    return np.unique(FAMILIES[distribution.family].quantile(levels, distribution.parameters))


def break_even_of(model: Model, known: Lines, q: int, evaluate: Evaluate) -> tuple[dict[str, float], ...]:
    """Break-even of one input by actor: base case, quantiles and chances.

    Parameters
    ----------
    model : Model
    known : Lines
        Of the draws, in this input.
    q : int
        Position of an input that enters linearly.
    evaluate : callable

    Returns
    -------
    tuple of dict, one an actor
        As ``break_evens.line_statistics``, in the unit of the input.
    """
    alpha, beta = base_line(model, q, evaluate)
    ends = support(model, q)
    return tuple(
        line_statistics(
            (float(alpha[a]), float(beta[a])),
            (known.at_zero[..., a], known.per_unit[..., a]),
            known.values,
            ends,
        )
        for a in range(len(model.actors))
    )


def support(model: Model, q: int) -> tuple[float, float]:
    """Lowest and highest possible value of an input; of a certain one from 0 on, on the side of its value."""
    distribution = model.inputs[q].distribution
    if distribution.family is None:
        return (0.0, np.inf) if distribution.base >= 0 else (-np.inf, 0.0)
    return FAMILIES[distribution.family].support(distribution.parameters)


def zero_over_pair(model: Model, path: str, ys: Floats, net: Floats) -> Floats | None:
    """The line net = 0 over two inputs in the base case: what the second must be for each value of the first.

    Parameters
    ----------
    model : Model
    path : str
        Place of the second input.
    ys : (m,) float64
        Values of the second.
    net : (n, m, a) float64
        Net result over both, from ``tornado.table_of_pair``.

    Returns
    -------
    (n, a) float64, or None
        As ``break_evens.zero_of_line``; None where the second input has steps, one value, or enters in another way.
    """
    members = by_place(model)[path]
    q = next(k for k in members if place_of(model.inputs[k].path) == path)
    same = all(model.inputs[k].distribution == model.inputs[q].distribution for k in members)
    if not same or drawn_with(model, q) != members or not is_line(model, q) or ys[0] == ys[-1]:
        return None
    slope = (net[:, -1] - net[:, 0]) / (ys[-1] - ys[0])
    return zero_of_line(net[:, 0] - slope * ys[0], slope)


def rate_quantiles(model: Model, plan: Plan) -> dict[str, float]:
    """What is known of the success rate (with minus without): as stated, mean and quantiles.

    Parameters
    ----------
    model : Model
    plan : Plan

    Returns
    -------
    dict of str to float
        ``base``, ``mean``, ``p5``, ``p10``, ``p25``, ``p50``, ``p75``, ``p90``, ``p95``.
    """
    rates = net_rate(model, np.concatenate(drawn_values(model, plan)))
    levels = (5, 10, 25, 50, 75, 90, 95)
    ordered = np.sort(rates)[None]
    return {
        "base": float(net_rate(model, model.base[None])[0]),
        "mean": float(rates.mean()),
        **{f"p{level}": float(sorted_quantile(ordered, level / 100)[0]) for level in levels},
    }
