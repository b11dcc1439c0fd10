"""What drives a result, as one object: everything that ``drivers`` prints, draws and writes is taken from here.

Variance shares and values of information are those of E[net | θ]: what could be found out. Chance stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compilation import compile_scenario
from soemrisk.contributions import euler_split
from soemrisk.design import Plan
from soemrisk.digest import Digest, share_of_chance
from soemrisk.element_tables import bars_of_elements
from soemrisk.evidence_levels import level_of
from soemrisk.families import FAMILIES
from soemrisk.information_tables import information_tables
from soemrisk.messages import Phrase, phrase
from soemrisk.model import Model
from soemrisk.priorities import Element, Thresholds, elements
from soemrisk.priority_tables import priority_tables
from soemrisk.quantity import Effort
from soemrisk.reference import Evaluate
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.shared_draws import by_place
from soemrisk.simulation import Simulation, simulate_model
from soemrisk.threshold_tables import break_even_tables, chance_tables, finite, pair_table
from soemrisk.thresholds import rate_quantiles
from soemrisk.tornado import Bar, by_ten_percent, by_uncertainty
from soemrisk.variance_tables import Analysis, analysed, errors_of, group_variances, variance_by, variance_of

Floats = NDArray[np.float64]
Named = dict[str, Any]

SCHEMA = 1
MULTIPLE = "×"  # unit of a change that is stated by year: what moves is a factor on all of its values
KEPT = 2**17  # draws of which parts are split; more say no more
SMALL = 2**13  # draws of what is asked many times: lines of an input, widths, chances over the rate
IMPORTANCE = ("evppi", "total", "elasticity")


def drivers(
    scenario: Scenario,
    simulated: tuple[Digest, Simulation | None],
    *,
    evaluate: Evaluate,
    thresholds: Thresholds | None = None,
    importance: str = "evppi",
    pair: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Build the answer.

    Parameters
    ----------
    scenario : Scenario
    simulated : (Digest, Simulation)
        A run of the scenario, and its draws where they were kept.
    evaluate : callable
    thresholds, importance
        Of the 2×2: from where on is high; axis of betydning, ``evppi``, ``total`` or ``elasticity``.
    pair : (path, path), optional
        Two uncertain inputs whose table is added.

    Returns
    -------
    dict
        As ``docs/output.md``; infinite values are None.
    """
    digest, kept = simulated
    model, plan = digest.model, digest.plan
    simulation = simulate_model(model, _part(plan, KEPT), evaluate=evaluate) if kept is None else kept
    small = _part(plan, SMALL)
    analysis = analysed(model, small)
    listed = elements(scenario, analysis.products)
    bars = {"p10_p90": by_uncertainty(model, evaluate), "ten_percent": by_ten_percent(model, evaluate)}
    grouped = bars_of_elements(analysis, listed, evaluate)
    information = information_tables(analysis, listed, plan, small, efforts=_efforts(scenario))
    variances = _variances(analysis, listed, digest, simulation)
    swings = bars["ten_percent"], grouped["ten_percent"]
    found = (swings, variances["variance"], information)
    return {
        "schema": SCHEMA,
        "scenario": scenario.id,
        "seed": plan.seed,
        "draws": plan.draws,
        "sampler": plan.sampler,
        "sampled": analysis.sampled,
        "base": _by_actor(model, evaluate(model, model.base[None], None).expected[0]),
        "inputs": _inputs(scenario, model, analysis, listed),
        **variances,
        "tornado": {kind: [_bar(model, bar) for bar in several] for kind, several in bars.items()},
        "tornado_elements": grouped,
        "success_rate": rate_quantiles(model, small),
        "break_even": break_even_tables(analysis.products, small, evaluate),
        "chance_of_gain": chance_tables(model, small, evaluate),
        "information": information,
        "priorities": priority_tables(analysis, listed, (digest, small), found, (thresholds, importance)),
        "split": {"draws": simulation.plan.draws, **_splits(simulation)},
        "pair": {} if pair is None else pair_table(model, pair, evaluate),
    }


def _variances(analysis: Analysis, listed: Sequence[Element], digest: Digest, simulation: Simulation) -> Named:
    """Where the variance of each actor comes from, and that of each area and year."""
    model, groups = analysis.products.model, group_variances(analysis, listed)
    parts = zip(simulation.chance_variance.mean(axis=1), simulation.expected.var(axis=1), strict=True)
    errors = errors_of([share_of_chance(chance, ignorance) for chance, ignorance in parts])
    years = [str(year) for year in model.years]
    return {
        "variance": {
            actor: variance_of(analysis, groups, a, (float(digest.chance_share[a]), float(errors[a])))
            for a, actor in enumerate(model.actors)
        },
        "variance_by_area": variance_by(analysis, groups, model.areas, 1, simulation.area),
        "variance_by_year": variance_by(analysis, groups, years, 1 + len(model.areas), simulation.year),
    }


def _part(plan: Plan, draws: int) -> Plan:
    """A plan with so many draws at most."""
    return Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, draws // plan.replicates))


def check_request(scenario: Scenario, actor: str | None, pair: Sequence[str]) -> list[tuple[str, Named]]:
    """What is wrong with an actor or a pair of inputs that somebody asks for.

    Parameters
    ----------
    scenario : Scenario
    actor : str or None
    pair : sequence of str

    Returns
    -------
    list of (id of a message, what fills it)
    """
    model = compile_scenario(scenario)
    places = dict.fromkeys(one.path.split("@")[0] for one in model.inputs)
    uncertain = _ends(model)
    known = [path for path, (low, high) in uncertain.items() if low < high]
    found: list[tuple[str, Named]] = []
    if actor is not None and actor not in model.actors:
        found.append(
            ("unknown-actor-asked", {"found": actor, "known": model.actors, "near": _near(actor, model.actors)})
        )
    for path in dict.fromkeys(pair):
        if path not in places:
            found.append(("unknown-pair", {"found": path, "near": _near(path, known), "known": tuple(known)}))
        elif path not in known:
            key = "flat-pair" if path in uncertain else "certain-pair"
            found.append((key, {"found": path, "known": tuple(known)}))
    if len(pair) > len(set(pair)):
        found.append(("same-pair", {"found": pair[0]}))
    elif len(pair) == 2 and any(_both_in(model, simplex.inputs.tolist(), pair) for simplex in model.simplexes):
        found.append(("shares-pair", {"found": pair[0], "other": pair[1]}))
    elif len(pair) == 2 and by_place(model).get(pair[0]) == by_place(model).get(pair[1], ()):
        found.append(("one-number-pair", {"found": pair[0], "other": pair[1]}))
    return found


def _ends(model: Model) -> dict[str, tuple[float, float]]:
    """P10 and P90 of each uncertain input; of steps those of the first that is uncertain."""
    ends: dict[str, tuple[float, float]] = {}
    for one in model.inputs:
        if one.distribution.family is not None:
            row = FAMILIES[one.distribution.family]
            low, high = row.quantile(np.array([0.1, 0.9]), one.distribution.parameters)
            ends.setdefault(one.path.split("@")[0], (float(low), float(high)))
    return ends


def _near(word: str, known: Iterable[str]) -> Phrase | str:
    """A question whether something like it was meant; nothing where nothing is like it."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return phrase("did-you-mean", suggestion=close[0]) if close else ""


def _both_in(model: Model, inputs: Sequence[int], pair: Sequence[str]) -> bool:
    return set(pair) <= {model.inputs[q].path.split("@")[0] for q in inputs}


def _efforts(scenario: Scenario) -> dict[str, Effort]:
    return {path: one.effort for path, one, _ in quantities(scenario) if one.effort is not None}


def _by_actor(model: Model, values: Sequence[float] | Floats | NDArray[np.bool_]) -> dict[str, Any]:
    return {
        actor: (bool(one) if isinstance(one, np.bool_) else finite(float(one)))
        for actor, one in zip(model.actors, values, strict=True)
    }


def _inputs(scenario: Scenario, model: Model, analysis: Analysis, listed: Sequence[Element]) -> Named:
    """What is known of each uncertain input: stated value, P10, P90, level of evidence, where it is ranked."""
    stated = {path.split("@")[0]: quantity for path, quantity, _ in quantities(scenario)}
    of_block, ends = {b: one for one in listed for b in one.blocks}, _ends(model)
    found: Named = {}
    for b, block in enumerate(analysis.products.blocks):
        for q in block.inputs:
            one = model.inputs[int(q)]
            path = one.path.split("@")[0]
            low, high = ends[path]
            found.setdefault(
                path,
                {
                    "unit": one.unit if one.distribution.profile is None else MULTIPLE,
                    "base": one.distribution.base,
                    "mean": one.distribution.mean,
                    "p10": low,
                    "p90": high,
                    "evidence": level_of(stated[path]) if path in stated else None,
                    "element": of_block[b].key,
                    "together_with": [other for other in _paths(model, block.inputs) if other != path],
                },
            )
    return found


def _paths(model: Model, inputs: NDArray[np.int64]) -> list[str]:
    return list(dict.fromkeys(model.inputs[int(q)].path.split("@")[0] for q in inputs))


def _bar(model: Model, bar: Bar) -> Named:
    return {
        "input": bar.path,
        "together_with": [other for other in bar.places if other != bar.path],
        "low": bar.low,
        "high": bar.high,
        "at_low": _by_actor(model, bar.at_low),
        "at_high": _by_actor(model, bar.at_high),
        "monotone": _by_actor(model, bar.monotone),
    }


def _splits(simulation: Simulation) -> Named:
    """Where the risk of the total comes from, chance included: by actor (those inside another apart), area and year."""
    model = simulation.model
    by = {
        "actor": ([model.actors[a] for a in model.roots], simulation.net[:, :, model.roots]),
        "area": (list(model.areas), simulation.area[:, :, :, 0]),
        "year": ([str(year) for year in model.years], simulation.year[:, :, :, 0]),
    }
    found: Named = {}
    inside = [a for a in range(1, len(model.actors)) if a not in model.roots]
    if inside:
        by["actor_inside"] = ([model.actors[a] for a in inside], simulation.net[:, :, inside])
    for name, (labels, draws) in by.items():
        split = euler_split(draws, simulation.net[:, :, 0])
        columns = {"sd": split.sd, "sd_mcse": split.sd_error, "cvar10": split.tail, "cvar10_mcse": split.tail_error}
        found[name] = {
            label: {column: float(values[n]) for column, values in columns.items()} for n, label in enumerate(labels)
        }
    return found
