"""What is known of the outcomes when the draws are forgotten: every figure that an answer is made of.

The same object comes from draws that are kept (here) and from draws that are counted as they come (``tally``), so that
nothing downstream can tell which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import break_even_statistics
from soemrisk.design import Plan
from soemrisk.model import Model
from soemrisk.outcome_figures import OwnFigures, figures_of_draws
from soemrisk.payments import payment_needed, payment_statistics
from soemrisk.reference import Outcome, evaluate
from soemrisk.simulation import Simulation, expected_heads, own_units
from soemrisk.statistics import cumulated, payback, payback_statistics, risk, standard_error, statistics
from soemrisk.transform import with_own

Floats = NDArray[np.float64]
Figures = Mapping[str, float]
ByActor = tuple[Figures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Figures of a run, by position of actor (0 = total), area and year.

    Attributes
    ----------
    model : Model
    plan : Plan
    net, expected, correlated : by actor
        As ``statistics``: with chance, without, and if all consequences were fully rank-correlated.
    area, year, cumulated : by area or year, then by actor
        As ``statistics``.
    risk, payback, break_even : by actor
        As the functions of ``statistics`` and ``break_evens``.
    payment : by actor
        As ``payments.payment_statistics``.
    chance_share : (a,)
        E Var(net | θ) / Var(net); 0 where nothing varies.
    falling : (a,)
        Share of draws in which a higher success rate is a loss although there is a gain at 0.
    negative_rate : float
        Share of draws with a negative net success rate.
    capped : (j,)
        Share of draws in which more would be saved than is used, for each of ``model.bands`` and ``uncapped``.
    beyond : (e,)
        Share of draws in which an effect would lead to a rate outside 0 to 1, for each of ``model.derived_rates``.
    joint : mapping
        Chances of ``JOINT``, each as (probability, standard error).
    loses_while_total_gains : by actor
        The same, of a loss of the actor while the total is a gain.
    own : tuple of OwnFigures
        Figures of the outcomes that are no money.
    """

    model: Model
    plan: Plan
    net: ByActor
    expected: ByActor
    correlated: ByActor
    area: tuple[ByActor, ...]
    year: tuple[ByActor, ...]
    cumulated: tuple[ByActor, ...]
    risk: ByActor
    payback: ByActor
    break_even: ByActor
    payment: ByActor
    chance_share: Floats
    falling: Floats
    negative_rate: float
    capped: Floats
    beyond: Floats
    joint: Mapping[str, Figures]
    loses_while_total_gains: ByActor
    own: tuple[OwnFigures, ...]


JOINT = ("all_gain", "none_gains")


@lru_cache(maxsize=4)
def base_outcome(model: Model) -> Outcome:
    """The calculation at every quantity's stated value: asked for by each table of each actor, made once."""
    return evaluate(model, model.base[None])


def base_units(model: Model) -> tuple[Floats, Floats]:
    """Net result by actor, (a,), and units by outcome and year, (o, y), of the base case."""
    values = model.base[None]
    units = own_units(model, with_own(model, values), expected_heads(model, values))
    return base_outcome(model).expected[0], units[0]


def base_payback(model: Model, a: int) -> float:
    """Payback year of the base case for one actor; inf where it is not in the window."""
    return float(payback(base_outcome(model).year[0, :, a], model.years[0]))


def base_line(model: Model, a: int) -> tuple[float, float]:
    """Net result of the base case at a success rate of 0, and what it gains from 0 to 1."""
    one = base_outcome(model)
    return float(one.at_zero[0, a]), float(one.per_rate[0, a])


def falls(at_zero: Floats, per_rate: Floats) -> NDArray[np.bool_]:
    """Whether more successes are a loss although there is a gain without any."""
    return (per_rate < 0) & (at_zero >= 0)


def share_of_chance(chance: Floats, ignorance: Floats) -> Floats:
    """Chance as a share of both variances; 0 where nothing varies."""
    whole = chance + ignorance
    return np.divide(chance, whole, out=np.zeros_like(chance), where=whole > 0)


def with_error(by_replicate: Floats, draws: int) -> dict[str, float]:
    """A probability and its standard error from its value in each replicate; as ``statistics``, never an error of 0."""
    prob = float(by_replicate.mean())
    error = standard_error(by_replicate)
    return {"prob": prob, "mcse": error if error > 0 else 1 / draws}


def digest_draws(simulation: Simulation, promised: Floats) -> Digest:
    """Digest draws that are kept; ``promised`` (a,) is the figure on which the decision rests, by actor, kr.

    Parameters
    ----------
    simulation : Simulation
    promised : (a,) float64

    Returns
    -------
    Digest

    Examples
    --------
    >>> from soemrisk import kernel
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.design import plan
    >>> from soemrisk.reading import read
    >>> from soemrisk.simulation import simulate_model
    >>> act = simulate_model(compile_scenario(read("act-randers")), plan(256, 0), evaluate=kernel.evaluate)
    >>> digest_draws(act, np.zeros(4)).net[1]["sd"] > 0
    True
    """
    model, plan = simulation.model, simulation.plan
    needed = payment_needed(simulation.net, simulation.successes)
    reachable = ((simulation.net > 0) | (simulation.successes[..., None] > 0)).mean(axis=(0, 1))
    actors = range(len(model.actors))

    def by_actor(draws: Floats) -> ByActor:
        return tuple(statistics(draws[..., a]) for a in actors)

    def by_row(draws: Floats) -> tuple[ByActor, ...]:
        return tuple(by_actor(draws[:, :, row]) for row in range(draws.shape[2]))

    return Digest(
        model=model,
        plan=plan,
        net=by_actor(simulation.net),
        expected=by_actor(simulation.expected),
        correlated=by_actor(simulation.correlated),
        area=by_row(simulation.area),
        year=by_row(simulation.year),
        cumulated=by_row(cumulated(simulation.year, 2)),
        risk=tuple(risk(simulation.net[..., a], float(promised[a])) for a in actors),
        payback=tuple(
            payback_statistics(base_payback(model, a), payback(simulation.year[..., a], model.years[0])) for a in actors
        ),
        break_even=tuple(
            break_even_statistics(
                base_line(model, a),
                (simulation.at_zero[..., a], simulation.per_rate[..., a]),
                simulation.expected[..., a],
            )
            for a in actors
        ),
        payment=tuple(payment_statistics(needed[..., a], float(reachable[a])) for a in actors),
        own=_own(simulation),
        **_shares(simulation),
        **_together(simulation),
    )


def _own(simulation: Simulation) -> tuple[OwnFigures, ...]:
    """Figures of the outcomes that are no money."""
    net, units = base_units(simulation.model)
    return tuple(
        figures_of_draws(
            (net, units[o]), simulation.expected, simulation.own[:, :, o], simulation.own_expected[:, :, o]
        )
        for o in range(len(units))
    )


def _shares(simulation: Simulation) -> dict[str, Any]:
    """Chance as a share of the variance, and shares of draws of which a reader is warned."""
    chance, ignorance = simulation.chance_variance.mean(axis=(0, 1)), simulation.expected.var(axis=(0, 1))
    return {
        "chance_share": share_of_chance(chance, ignorance),
        "falling": falls(simulation.at_zero, simulation.per_rate).mean(axis=(0, 1)),
        "capped": simulation.capped.mean(axis=0),
        "beyond": simulation.beyond.mean(axis=0),
        "negative_rate": float((simulation.lowest_rate < 0).mean()),
    }


def _together(simulation: Simulation) -> dict[str, Any]:
    """Chances of what several actors meet at the same time."""
    draws = simulation.plan.draws
    gains = simulation.net > 0
    roots = gains[..., simulation.model.roots]  # those inside others are a part of them
    told = {"all_gain": roots.all(axis=-1), "none_gains": ~roots.any(axis=-1)}
    loses = ((simulation.net < 0) & gains[..., :1]).mean(axis=1)  # (r, a)
    return {
        "joint": {name: with_error(told[name].mean(axis=1), draws) for name in JOINT},
        "loses_while_total_gains": tuple(with_error(one, draws) for one in loses.T),
    }
