"""Which of several interventions: differences on common draws, how often each is best, and what a wrong choice costs.

Differences of the same draw: what two interventions share cancels, so that a difference may be sure where both results
are not (docs/methods.md, comparison).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk import kernel
from soemrisk.common_draws import Together, simulate_together, together
from soemrisk.design import Plan, plan
from soemrisk.disappointment import shrunk
from soemrisk.model import NONE, Model
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation
from soemrisk.statistics import public, standard_error, statistics

Floats = NDArray[np.float64]
SCHEMA = 1
PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several scenarios simulated together; s scenarios, a actors (0 = total), r replicates of n draws.

    Attributes
    ----------
    names : tuple of str, length s
        What tells them apart: their ids.
    actors : tuple of str
        Of any scenario; an actor that a scenario does not have has 0 in it.
    per : {"total", "participant"}
        Whether figures are of the whole or of each who completes.
    base : (s, a)
        The SØM number.
    net, expected : (a, s, r, n)
        Net result with chance, and given the inputs.
    """

    scenarios: tuple[Scenario, ...]
    models: tuple[Model, ...]
    names: tuple[str, ...]
    actors: tuple[str, ...]
    plan: Plan
    per: str
    shared: tuple[str, ...]
    base: Floats
    net: Floats
    expected: Floats

    @property
    def families(self) -> tuple[str, ...]:
        """Which scenarios are versions of one intervention: those that share its draws."""
        return tuple(one.draws_id for one in self.scenarios)


def comparison_of(
    scenarios: Sequence[Scenario],
    design: Plan,
    *,
    names: Sequence[str] | None = None,
    per: str = "total",
    threads: int = 1,
    tick: Callable[[], object] | None = None,
) -> Comparison:
    """Simulate several scenarios on common draws.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more, in kroner of the same price year and base year (see ``not_comparable``).
    design : Plan
    names : sequence of str, optional
        What tells them apart; their ids if left out.
    per : {"total", "participant"}
    threads : int
        Changes the time and nothing else.
    tick : callable, optional
        Called after each replicate of each scenario.

    Returns
    -------
    Comparison
    """
    found: Together = together(scenarios)
    simulated = simulate_together(found, design, evaluate=kernel.evaluate, threads=threads, tick=tick)
    actors = tuple(dict.fromkeys(actor for model in found.models for actor in model.actors))
    sizes = [persons(model) if per == PARTICIPANT else 1.0 for model in found.models]
    base = [kernel.evaluate(model, model.base[None], None).expected[0] for model in found.models]
    return Comparison(
        scenarios=tuple(scenarios),
        models=found.models,
        names=tuple(names) if names is not None else tuple(one.id for one in scenarios),
        actors=actors,
        plan=design,
        per=per,
        shared=found.shared,
        base=np.array(
            [_for_actors(row, m.actors, actors) / n for row, m, n in zip(base, found.models, sizes, strict=True)]
        ),
        net=_stacked([one.net for one in simulated], simulated, actors, sizes),
        expected=_stacked([one.expected for one in simulated], simulated, actors, sizes),
    )


def persons(model: Model) -> float:
    """Those who complete, as stated: with the turnout of the base case.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> persons(compile_scenario(read("act-randers")))
    25.0
    """
    return float(model.completers.sum()) * (float(model.base[model.turnout]) if model.turnout != NONE else 1.0)


def not_comparable(
    scenarios: Sequence[Scenario], names: Sequence[str] | None = None
) -> list[tuple[str, dict[str, object]]]:
    """What stands in the way of a comparison, as text ids with their values: kroner of different years.

    Parameters
    ----------
    scenarios : sequence of Scenario
    names : sequence of str, optional
        What tells them apart; their ids if left out.

    Returns
    -------
    list of (str, dict)
        Empty where they can be compared.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> not_comparable([read("act-randers"), read("cti-aarhus")])
    []
    """
    found: list[tuple[str, dict[str, object]]] = []
    if len(scenarios) < 2:
        found.append(("compare-one", {}))
    for key, setting in (("compare-price-years", "price_year"), ("compare-base-years", "discounted_to")):
        years = [getattr(one.settings, setting) for one in scenarios]
        if len(set(years)) > 1:
            told = zip(names or [one.id for one in scenarios], years, strict=True)
            found.append((key, {"years": ", ".join(f"{name}: {year}" for name, year in told)}))
    return found


def compared(found: Comparison, deciding: str | None = None, spread: float | None = None) -> dict[str, Any]:
    """All figures of a comparison as plain values.

    Parameters
    ----------
    found : Comparison
    deciding : str, optional
        Actor whose choice it is; the first one of the first scenario if left out.
    spread : float, optional
        As ``disappointment.shrunk``.

    Returns
    -------
    dict
        As docs/output.md says: JSON types only.
    """
    pairs, actors = list(combinations(range(len(found.names)), 2)), list(enumerate(found.actors))
    versions = len(set(found.families)) == 1  # of one intervention nothing is picked
    return {
        "schema": SCHEMA,
        "scenarios": list(found.names),
        "seed": found.plan.seed,
        "draws": found.plan.draws,
        "sampler": found.plan.sampler,
        "per": found.per,
        "deciding": deciding or found.actors[1],
        "shared": list(found.shared),
        "base": {
            name: dict(zip(found.actors, map(float, row), strict=True))
            for name, row in zip(found.names, found.base, strict=True)
        },
        "net": {
            name: {actor: public(statistics(found.net[a, s])) for a, actor in enumerate(found.actors)}
            for s, name in enumerate(found.names)
        },
        "differences": [_difference(found, first, second) for first, second in pairs],
        "choice": {} if versions else {actor: _choice(found.names, found.expected[a]) for a, actor in actors},
        "ranking": {} if versions else {actor: _ranking(found, a, spread) for a, actor in actors},
    }


def _difference(found: Comparison, first: int, second: int) -> dict[str, Any]:
    """First minus second by actor; ``prob_first`` is the chance that the first is better."""
    by_actor = {}
    for a, actor in enumerate(found.actors):
        with_chance = statistics(found.net[a, first] - found.net[a, second])
        expected = statistics(found.expected[a, first] - found.expected[a, second])
        behind = statistics(found.net[a, second] - found.net[a, first])
        by_actor[actor] = {
            "base": float(found.base[first, a] - found.base[second, a]),
            **public(with_chance),
            "prob_first": with_chance["prob_positive"],
            "prob_second": behind["prob_positive"],
            "expected": public(expected),
        }
    return {"first": found.names[first], "second": found.names[second], "net": by_actor}


def _choice(names: Sequence[str], expected: Floats) -> dict[str, Any]:
    """How often each has the highest E[net | θ], and what is lost on average by choosing it: (s, r, n)."""
    best = expected.max(axis=0)
    winners = expected == best
    share = winners / winners.sum(axis=0)  # alternatives that are alike share the first place
    result = {}
    for s, name in enumerate(names):
        prob, loss = share[s].mean(axis=1), (best - expected[s]).mean(axis=1)
        error = standard_error(prob)
        settled = error == 0 and bool(np.ptp(expected.reshape(len(expected), -1), axis=1).max() > 0)
        result[name] = {
            "prob_best": float(prob.mean()),
            "mcse_prob_best": 1 / best.size if settled else error,
            "expected_loss": float(loss.mean()),
            "mcse_expected_loss": standard_error(loss),
        }
    return result


def _ranking(found: Comparison, a: int, spread: float | None) -> dict[str, Any]:
    """Scenarios from the highest mean down: what each promises, and what to expect once the best was picked."""
    draws = found.expected[a].reshape(len(found.names), -1)
    means = found.expected[a].mean(axis=(1, 2))
    errors = [standard_error(one.mean(axis=1)) for one in found.expected[a]]
    pulled = shrunk(means, np.atleast_2d(np.cov(draws)), spread)
    order = sorted(range(len(found.names)), key=lambda s: (-means[s], s))
    listed = [
        {
            "scenario": found.names[s],
            "base": float(found.base[s, a]),
            "mean": float(means[s]),
            "mcse_mean": errors[s],
            "sd": float(pulled.errors[s]),
            "delivered": float(pulled.delivered[s]),
        }
        for s in order
    ]
    first = order[0]
    return {
        "order": listed,
        "common_mean": pulled.mean,
        "spread": pulled.spread,
        "spread_from": pulled.how,
        "disappointment": float(means[first] - pulled.delivered[first]),
    }


def _for_actors(values: Floats, own: Sequence[str], actors: Sequence[str]) -> Floats:
    """Values of the actors of one scenario, last axis, for the actors of all: 0 for those that it does not have."""
    out = np.zeros((*values.shape[:-1], len(actors)))
    for a, actor in enumerate(own):
        out[..., actors.index(actor)] = values[..., a]
    return out


def _stacked(
    values: Sequence[Floats], simulated: Sequence[Simulation], actors: Sequence[str], sizes: Sequence[float]
) -> Floats:
    """(a, s, r, n) from one (r, n, a) for each scenario."""
    rows = [
        np.moveaxis(_for_actors(one, simulation.model.actors, actors), -1, 0) / size
        for one, simulation, size in zip(values, simulated, sizes, strict=True)
    ]
    return np.stack(rows, axis=1)


def compare(
    scenarios: Sequence[Scenario],
    *,
    draws: int = 65_536,
    seed: int = 1,
    sampler: str = "sobol",
    per: str = "total",
    deciding: str | None = None,
    spread: float | None = None,
    threads: int = 1,
) -> Mapping[str, Any]:
    """Compare several scenarios: what ``soemrisk compare --json`` prints, as plain values.

    Parameters
    ----------
    scenarios : sequence of Scenario
    draws, seed, sampler, threads
        As ``simulate``.
    per : {"total", "participant"}
        Kroner in all, or for each who completes.
    deciding : str, optional
        Actor whose choice it is; the first one if left out.
    spread : float, optional
        Standard deviation of what is true between interventions, kr.; see ``disappointment.shrunk``.

    Returns
    -------
    dict
        Keys as in docs/output.md.

    Raises
    ------
    ValueError
        Fewer than two scenarios, kroner of different years, an unknown actor, or ``per`` that is neither.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = compare([read("act-randers"), read("cti-aarhus")], draws=1024, seed=0)
    >>> found["differences"][0]["net"]["total"]["prob_first"] > 0.9
    True
    """
    from soemrisk.messages import text

    problems = [text(key, "en", **values) for key, values in not_comparable(scenarios)]
    actors = [actor for one in scenarios for actor in ("total", *one.actors)]
    if deciding is not None and deciding not in actors:
        problems.append(f"{deciding} is no actor of the scenarios: {', '.join(dict.fromkeys(actors))}")
    if per not in {"total", PARTICIPANT}:
        problems.append(f"per is total or participant, not {per}")
    if problems:
        raise ValueError("; ".join(problems))
    return compared(comparison_of(scenarios, plan(draws, seed, sampler), per=per, threads=threads), deciding, spread)
