"""The whole answer to one run as one object: the JSON contract (docs/output.md).

Everything that is printed, drawn or written is taken from here, so that terminal, files and memo cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import break_even_statistics
from soemrisk.compilation import compile_scenario
from soemrisk.correlations import changed_correlations
from soemrisk.messages import text
from soemrisk.reference import evaluate
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation
from soemrisk.statistics import payback, payback_statistics, public, risk, statistics

Floats = NDArray[np.float64]
SCHEMA = 1


def base_case(simulation: Simulation) -> dict[str, Any]:
    """The calculation at every quantity's stated value, by actor, area and year."""
    model = simulation.model
    one = evaluate(model, model.base[None])
    return {
        "net": _by_actor(model.actors, one.year[0].sum(axis=0)),
        "area": {area: _by_actor(model.actors, one.area[0, h]) for h, area in enumerate(model.areas)},
        "year": {str(year): _by_actor(model.actors, one.year[0, y]) for y, year in enumerate(model.years)},
    }


def _by_actor(actors: Sequence[str], values: Floats) -> dict[str, float]:
    return {actor: float(value) for actor, value in zip(actors, values, strict=True)}


def _stats(actors: Sequence[str], draws: Floats) -> dict[str, dict[str, float]]:
    """STATS by actor of draws (r, n, a)."""
    return {actor: public(statistics(draws[:, :, a])) for a, actor in enumerate(actors)}


def answer(scenario: Scenario, simulation: Simulation, lang: str) -> dict[str, Any]:
    """Build the answer.

    Parameters
    ----------
    scenario : Scenario
    simulation : Simulation
    lang : {"da", "en"}
        Language of the warnings.

    Returns
    -------
    dict
        As ``docs/output.md``; only JSON types, no NaN, infinite values are None.

    Raises
    ------
    ValueError
        The simulation is of another scenario.
    """
    model, plan = simulation.model, simulation.plan
    if (model.scenario_id, model.actors) != (scenario.id, ("total", *scenario.actors)):
        raise ValueError(f"the simulation is of {model.scenario_id}, not of {scenario.id}")
    actors = model.actors
    base = base_case(simulation)
    cumulated = np.cumsum(simulation.year, axis=2)
    return {
        "schema": SCHEMA,
        "scenario": scenario.id,
        "seed": plan.seed,
        "draws": plan.draws,
        "sampler": plan.sampler,
        "base": base,
        "net": _stats(actors, simulation.net),
        "net_expected": _stats(actors, simulation.expected),
        "net_correlated": _stats(actors, simulation.correlated),
        "chance_share": chance_share(simulation),
        "area": {area: _stats(actors, simulation.area[:, :, h]) for h, area in enumerate(model.areas)},
        "year": {str(year): _stats(actors, simulation.year[:, :, y]) for y, year in enumerate(model.years)},
        "cumulated": {str(year): _stats(actors, cumulated[:, :, y]) for y, year in enumerate(model.years)},
        "payback": _finite(paybacks(simulation)),
        "break_even": {"success_rate": _finite(break_evens(simulation))},
        "risk": {
            actor: risk(simulation.net[:, :, a], scenario.promised.get(actor, base["net"][actor]))
            for a, actor in enumerate(actors)
        },
        "drivers": {},
        "warnings": warnings(scenario, simulation, lang),
    }


def chance_share(simulation: Simulation) -> dict[str, float]:
    """Share of the variance that is plain chance: E Var(net | θ) / Var(net), by actor; 0 where nothing varies."""
    chance = simulation.chance_variance.mean(axis=(0, 1))
    ignorance = simulation.expected.var(axis=(0, 1))
    whole = chance + ignorance
    share = np.divide(chance, whole, out=np.zeros_like(chance), where=whole > 0)
    return _by_actor(simulation.model.actors, share)


Table = dict[str, dict[str, float]]


def _finite(table: Table) -> dict[str, dict[str, float | None]]:
    """The table with None where a value is infinite, as JSON has it."""
    return {row: {k: v if np.isfinite(v) else None for k, v in values.items()} for row, values in table.items()}


def paybacks(simulation: Simulation) -> Table:
    """Payback year by actor; inf where the money is not earned back in the window."""
    first = simulation.model.years[0]
    base = base_case(simulation)
    result = {}
    for a, actor in enumerate(simulation.model.actors):
        stated = np.array([base["year"][str(year)][actor] for year in simulation.model.years])
        result[actor] = payback_statistics(float(payback(stated, first)), payback(simulation.year[..., a], first))
    return result


def break_evens(simulation: Simulation) -> Table:
    """Break-even of the success rate by actor; inf: never a gain, −inf: a gain at every rate."""
    model = simulation.model
    one = evaluate(model, model.base[None])
    return {
        actor: break_even_statistics(
            (float(one.at_zero[0, a]), float(one.per_rate[0, a])),
            (simulation.at_zero[..., a], simulation.per_rate[..., a]),
            simulation.expected[..., a],
        )
        for a, actor in enumerate(model.actors)
    }


def grants_booked(scenario: Scenario, key: str) -> dict[str, float]:
    """Base case by actor if one grant were booked: a gain of its receiver, a cost of its payer."""
    grants = {**scenario.grants, key: scenario.grants[key].model_copy(update={"booked": True})}
    model = compile_scenario(scenario.model_copy(update={"grants": grants}))
    return _by_actor(model.actors, evaluate(model, model.base[None]).expected[0])


def mean_minus_base(simulation: Simulation) -> dict[str, tuple[float, float]]:
    """The two parts of mean − base by actor: [f(E X) − base, E f(X) − f(E X)]."""
    model = simulation.model
    both = evaluate(model, np.stack([model.base, model.means])).expected
    mean = simulation.expected.mean(axis=(0, 1))
    return {
        actor: (float(both[1, a] - both[0, a]), float(mean[a] - both[1, a])) for a, actor in enumerate(model.actors)
    }


def price_line(scenario: Scenario, key: str, lang: str) -> str:
    """A text that names the window, price year, index and base year of a scenario."""
    settings = scenario.settings
    index = settings.price_index.name.in_(lang) if settings.price_index is not None else text("fixed-prices", lang)
    years = {"first": settings.first_year, "last": settings.last_year, "price_year": settings.price_year}
    return text(key, lang, index=index, base_year=settings.discounted_to, **years)


NOTABLE = 0.001  # share of the draws from which a warning is worth its line


def warnings(scenario: Scenario, simulation: Simulation, lang: str) -> list[str]:
    """What the reader must know before using the figures."""
    found = []
    negative = float((simulation.rate < 0).mean())
    if negative > 0 and not simulation.model.independent_chance:
        key = "negative-net-rate" if scenario.success.net is not None else "negative-rate"
        found.append(text(key, lang, share=_share(negative, lang)))
    falling = ((simulation.per_rate < 0) & (simulation.at_zero >= 0)).mean(axis=(0, 1))
    for actor, share in zip(simulation.model.actors[1:], falling[1:], strict=True):
        if share >= NOTABLE:
            name = scenario.actors[actor].name.in_(lang)
            found.append(text("falling-line", lang, actor=name, share=_share(float(share), lang)))
    for one, other, stated, used in changed_correlations(scenario):
        values = {"one": one, "other": other, "stated": stated, "used": float(f"{used:.3f}")}
        found.append(text("correlation-changed", lang, **values))
    if not simulation.model.columns:
        found.append(text("nothing-uncertain", lang))
    return found


def _share(share: float, lang: str) -> str:
    """A small share as per cent with two digits."""
    shown = f"{share * 100:.2g}"
    return (shown.replace(".", ",") if lang == "da" else shown) + "\u00a0%"
