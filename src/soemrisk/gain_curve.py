"""The chance of a gain over the success rate: a curve with points where it turns, not only where a ruler has marks.

Gaps between neighbours are halved where the curve is steep and where it crosses a chance that is told, as far as the
draws can tell points apart. All points have the same draws of everything but the rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import Plan, points
from soemrisk.model import NONE, Model
from soemrisk.reference import Evaluate, completers_of_all, net_rates
from soemrisk.transform import chance_columns, columns, values_at

Floats = NDArray[np.float64]

STEEP = 0.1  # chance between neighbours from which their gap is halved
TOLD = (0.5, 0.7, 0.9)  # chances whose rates are read off the curve
CLOSE = 0.5  # standard errors between neighbours: nearer than that, the draws do not tell where between them it crosses
ROUNDS = 14  # halvings of one gap at most
MOST = 401  # points at most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Everything but the rates, as drawn in one replicate: values, derived ones too, net rates, points of chance."""

    values: Floats
    rates: Floats  # (n, c)
    chance: Floats


def chance_of_gain(model: Model, plan: Plan, rates: Floats, evaluate: Evaluate) -> tuple[Floats, Floats]:
    """P(net > 0) over the success rate for each actor, chance included.

    Parameters
    ----------
    model : Model
    plan : Plan
    rates : (k,) float64
        Net success rates from 0 to 1.
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    (prob, error) : each (k, a) float64
        Probabilities and standard errors from the replicates; everything but the rate is as drawn.
    """
    return _chances(model, _draw(model, plan), rates, evaluate)


def curve_of_gain(model: Model, plan: Plan, rates: Floats, evaluate: Evaluate) -> tuple[Floats, Floats, Floats]:
    """P(net > 0) over the success rate, with more points where it is steep and where it crosses 50, 70 and 90 %.

    Parameters
    ----------
    model : Model
    plan : Plan
    rates : (k,) float64
        Rising net success rates from 0 to 1, at most 401; all of them are points of the curve.
    evaluate : callable

    Returns
    -------
    (rates, prob, error) : (m,), (m, a), (m, a) float64
        As ``chance_of_gain`` at m ≥ k rates, at most 401. Neighbours differ by at most 0.1, and around a crossing by
        at most half a standard error, or lie 1/16,384 of their first distance apart, or the points are used up.
    """
    drawn = _draw(model, plan)
    prob, error = _chances(model, drawn, rates, evaluate)
    for _ in range(ROUNDS):
        gaps = _to_halve(prob, error)[: MOST - len(rates)]
        if not len(gaps):
            break
        middle = (rates[gaps] + rates[gaps + 1]) / 2
        more, its_error = _chances(model, drawn, middle, evaluate)
        order = np.argsort(np.concatenate([rates, middle]), kind="stable")
        rates = np.concatenate([rates, middle])[order]
        prob, error = np.concatenate([prob, more])[order], np.concatenate([error, its_error])[order]
    return rates, prob, error


def _to_halve(prob: Floats, error: Floats) -> NDArray[np.int64]:
    """Gaps that are too wide for some actor, those with the largest steps first."""
    steps = np.abs(np.diff(prob, axis=0))
    low, high = np.minimum(prob[1:], prob[:-1]), np.maximum(prob[1:], prob[:-1])
    crossed = np.any([(low < chance) & (chance <= high) for chance in TOLD], axis=0)
    open_ = crossed & (steps > CLOSE * np.maximum(error[1:], error[:-1]))
    gaps = np.flatnonzero(((steps > STEEP) | open_).any(axis=1))
    return gaps[np.argsort(-steps[gaps].max(axis=1), kind="stable")]


def _draw(model: Model, plan: Plan) -> list[_Drawn]:
    keys, d = columns(model), len(model.columns)
    found = []
    for r in range(plan.replicates):
        cube = points(plan, keys, r)
        values = values_at(model, cube[:, :d])
        found.append(_Drawn(values=values, rates=net_rates(model, values), chance=chance_columns(model, cube)))
    return found


def _chances(model: Model, drawn: list[_Drawn], rates: Floats, evaluate: Evaluate) -> tuple[Floats, Floats]:
    found = np.empty((len(drawn), len(rates), len(model.actors)))
    for r, one in enumerate(drawn):
        values = one.values.copy(order="F")  # and what is derived from them: no rate moves any of it but a rate
        for k, rate in enumerate(rates):
            wanted = _in_proportion(model, one.rates, completers_of_all(model, one.values), rate)
            for c, (gross, without) in enumerate(model.rates):
                apart = one.values[:, without] if without != NONE else 0.0
                values[:, gross] = np.minimum(apart + wanted[:, c], 1.0)
                if without != NONE:
                    values[:, without] = values[:, gross] - wanted[:, c]
            outcome = evaluate(model, values, one.chance)
            found[r, k] = (outcome.net > 0).mean(axis=0)
    error = found.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    resolution = 1 / (len(drawn) * len(drawn[0].values))
    return found.mean(axis=0), np.where(error > 0, error, resolution)


def _in_proportion(model: Model, drawn: Floats, people: Floats, rate: float) -> Floats:
    """Net rates of the cohorts with a given mean, (n, c): as drawn in proportion to each other, none above 1.

    Where the drawn ones have no mean above 0, or one of them is below 0, all are the same.
    """
    alike = np.full(drawn.shape, rate)
    if model.one_rate:
        return alike
    weights = people / people.sum(axis=1, keepdims=True)
    possible = (drawn.min(axis=1) >= 0) & ((drawn * weights).sum(axis=1) > 0)
    found = np.where(possible[:, None], drawn, 1.0)
    full = np.zeros(drawn.shape, dtype=np.bool_)
    scale = np.ones(len(drawn))
    for _ in range(drawn.shape[1]):
        left, base = rate - (full * weights).sum(axis=1), (np.where(full, 0.0, found) * weights).sum(axis=1)
        scale = np.where(base > 0, left / np.where(base > 0, base, 1.0), scale)
        full |= found * scale[:, None] >= 1.0
    wanted = np.where(full, 1.0, np.minimum(found * scale[:, None], 1.0))
    room = (~full * weights).sum(axis=1)  # of those drawn at 0, who rise when all others are at 1
    rest = np.where(room > 0, (rate - (wanted * weights).sum(axis=1)) / np.where(room > 0, room, 1.0), 0.0)
    wanted = np.where(full, wanted, np.minimum(wanted + rest[:, None], 1.0))
    return np.where(possible[:, None], wanted, alike)
