"""What drives a result, as one object: everything that ``drivers`` prints, draws and writes is taken from here.

Variance shares and values of information are those of E[net | θ]: what could be found out. Chance stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import zero_of_line
from soemrisk.compilation import compile_scenario
from soemrisk.contributions import euler_split
from soemrisk.design import Plan
from soemrisk.digest import Digest
from soemrisk.element_tables import bars_of_elements, paths_of
from soemrisk.families import FAMILIES
from soemrisk.information_tables import information_tables
from soemrisk.model import Model
from soemrisk.priorities import OPEN, Element, Thresholds, category, elements, importance_of, widths
from soemrisk.quantity import Effort
from soemrisk.reference import Outcome
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation, simulate_model
from soemrisk.statistics import interval_factor
from soemrisk.thresholds import (
    base_line,
    break_even_of,
    chance_of_gain,
    drawn_values,
    is_line,
    is_share,
    rate_quantiles,
    roots,
    two_way,
)
from soemrisk.tornado import LEVELS, Bar, by_ten_percent, by_uncertainty, table_of_pair
from soemrisk.variance_tables import Analysis, analysed, variance_by, variance_of

Floats = NDArray[np.float64]
Evaluate = Callable[[Model, Floats, Floats | None], Outcome]
Named = dict[str, Any]

SCHEMA = 1
KEPT = 2**17  # draws of which parts are split; more say no more
SMALL = 2**13  # draws of what is asked many times: lines of an input, widths, chances over the rate
RATES = np.round(np.linspace(0, 1, 41), 3)
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
    few = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, KEPT // plan.replicates))
    simulation = simulate_model(model, few, evaluate=evaluate) if kept is None else kept
    small = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, SMALL // plan.replicates))
    analysis = analysed(model, small)
    listed = elements(scenario, analysis.products)
    bars = {"p10_p90": by_uncertainty(model, evaluate), "ten_percent": by_ten_percent(model, evaluate)}
    information = information_tables(analysis, listed, plan, small, efforts=_efforts(scenario))
    variance = {
        actor: variance_of(analysis, listed, a, float(digest.chance_share[a])) for a, actor in enumerate(model.actors)
    }
    return {
        "schema": SCHEMA,
        "scenario": scenario.id,
        "seed": plan.seed,
        "draws": plan.draws,
        "sampler": plan.sampler,
        "sampled": analysis.sampled,
        "base": _by_actor(model, evaluate(model, model.base[None], None).expected[0]),
        "inputs": _inputs(scenario, model, analysis, listed),
        "variance": variance,
        "variance_by_area": variance_by(analysis, listed, model.areas, 1),
        "variance_by_year": variance_by(analysis, listed, [str(year) for year in model.years], 1 + len(model.areas)),
        "tornado": {kind: [_bar(model, bar) for bar in several] for kind, several in bars.items()},
        "tornado_elements": bars_of_elements(analysis, listed, evaluate),
        "success_rate": rate_quantiles(model, small),
        "break_even": _break_evens(model, small, evaluate),
        "chance_of_gain": _chances(model, small, evaluate),
        "information": information,
        "priorities": _priorities(
            analysis, listed, (digest, small), (bars["ten_percent"], information), (thresholds, importance)
        ),
        "split": {"draws": simulation.plan.draws, **_splits(simulation)},
        "pair": {} if pair is None else _pair(model, pair, evaluate),
    }


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
    known = [model.inputs[int(q)].path.split("@")[0] for q in model.uncertain]
    found: list[tuple[str, Named]] = []
    if actor is not None and actor not in model.actors:
        found.append(("unknown-actor-asked", {"found": actor, "known": model.actors}))
    found += [
        ("unknown-pair", {"found": path, "example": known[0] if known else "–"}) for path in pair if path not in known
    ]
    return found


def _pair(model: Model, pair: tuple[str, str], evaluate: Evaluate) -> Named:
    """Net result over two inputs at their quantiles, and what the second must be for the net result to be 0."""
    xs, ys, net = table_of_pair(model, pair, evaluate)
    first, second = (next(q for q, one in enumerate(model.inputs) if one.path.split("@")[0] == path) for path in pair)
    zeros = two_way(model, (first, second), xs, evaluate) if is_line(model, second) else None
    return {
        "inputs": list(pair),
        "levels": list(LEVELS),
        "first": xs.tolist(),
        "second": ys.tolist(),
        "net": {actor: net[:, :, a].tolist() for a, actor in enumerate(model.actors)},
        "zero": {}
        if zeros is None
        else {actor: [finite(float(x)) for x in zeros[:, a]] for a, actor in enumerate(model.actors)},
    }


def _efforts(scenario: Scenario) -> dict[str, Effort]:
    return {path: one.effort for path, one, _ in quantities(scenario) if one.effort is not None}


def _by_actor(model: Model, values: Sequence[float] | Floats | NDArray[np.bool_]) -> dict[str, Any]:
    return {
        actor: (bool(one) if isinstance(one, np.bool_) else finite(float(one)))
        for actor, one in zip(model.actors, values, strict=True)
    }


def finite(value: float) -> float | None:
    """The value, or None where it is infinite, as JSON has it."""
    return value if np.isfinite(value) else None


def _inputs(scenario: Scenario, model: Model, analysis: Analysis, listed: Sequence[Element]) -> Named:
    """What is known of each uncertain input: stated value, P10, P90, level of evidence, where it is ranked."""
    stated = {path.split("@")[0]: quantity for path, quantity, _ in quantities(scenario)}
    of_block = {b: one for one in listed for b in one.blocks}
    found: Named = {}
    for b, block in enumerate(analysis.products.blocks):
        for q in block.inputs:
            one = model.inputs[int(q)]
            path = one.path.split("@")[0]
            assert one.distribution.family is not None
            row = FAMILIES[one.distribution.family]
            low, high = row.quantile(np.array([0.1, 0.9]), one.distribution.parameters)
            found.setdefault(
                path,
                {
                    "unit": one.unit,
                    "base": one.distribution.base,
                    "mean": one.distribution.mean,
                    "p10": float(low),
                    "p90": float(high),
                    "evidence": stated[path].evidence if path in stated else None,
                    "element": of_block[b].key,
                    "together_with": [p for p in _paths(model, block.inputs) if p != path] if block.vector else [],
                },
            )
    return found


def _paths(model: Model, inputs: NDArray[np.int64]) -> list[str]:
    return list(dict.fromkeys(model.inputs[int(q)].path.split("@")[0] for q in inputs))


def _bar(model: Model, bar: Bar) -> Named:
    return {
        "input": bar.path,
        "low": bar.low,
        "high": bar.high,
        "at_low": _by_actor(model, bar.at_low),
        "at_high": _by_actor(model, bar.at_high),
        "monotone": _by_actor(model, bar.monotone),
    }


def _break_evens(model: Model, plan: Plan, evaluate: Evaluate) -> Named:
    """Break-even of every input: with its distribution where it has a spread, all roots where it is no line."""
    found: Named = {}
    uncertain = set(model.uncertain.tolist())
    drawn = drawn_values(model, plan)
    for q, one in enumerate(model.inputs):
        if is_share(model, q):
            continue
        if not is_line(model, q):
            if q in uncertain:
                all_roots = roots(model, q, evaluate)
                found[one.path] = {
                    actor: {"roots": list(every)} for actor, every in zip(model.actors, all_roots, strict=True)
                }
        elif q in uncertain:
            rows = break_even_of(model, drawn, q, evaluate)
            found[one.path] = {
                actor: {name: finite(value) for name, value in row.items()}
                for actor, row in zip(model.actors, rows, strict=True)
            }
        else:
            at_zero, slope = base_line(model, q, evaluate)
            zeros = _by_actor(model, zero_of_line(at_zero, slope))
            found[one.path] = {
                actor: {"base": zeros[actor], "slope": float(slope[a])} for a, actor in enumerate(model.actors)
            }
    return found


def _chances(model: Model, plan: Plan, evaluate: Evaluate) -> Named:
    """P(net > 0) over the success rate by actor, chance included."""
    prob, error = chance_of_gain(model, plan, RATES, evaluate)
    return {
        "rate": RATES.tolist(),
        "draws": plan.draws,
        **{actor: {"prob": prob[:, a].tolist(), "mcse": error[:, a].tolist()} for a, actor in enumerate(model.actors)},
    }


def _priorities(
    analysis: Analysis,
    listed: Sequence[Element],
    run: tuple[Digest, Plan],
    found: tuple[Sequence[Bar], Named],
    settings: tuple[Thresholds | None, str],
) -> Named:
    """The 2×2 by actor: each element with both axes, their errors, and its place."""
    digest, small = run
    bars, information = found
    thresholds, importance = settings[0] or Thresholds(), settings[1]
    model = analysis.products.model
    width = widths(analysis.products, listed, small)
    factor = interval_factor(small.replicates)
    ten = {bar.path: bar.swing for bar in bars}
    rows: Named = {}
    for a, actor in enumerate(model.actors):
        net = digest.net[a]
        variance = variance_of(analysis, listed, a, 0.0)
        whole = {
            "evpi": information[actor]["evpi"]["value"],
            "size": abs(variance["mean"]),
            "width": net["p90"] - net["p10"],
        }
        rows[actor] = {}
        for e, one in enumerate(listed):
            if not _moves(analysis, one, a):
                continue
            paths = paths_of(analysis, one)
            worth = information[actor]["elements"][one.key]
            figures = {
                "evppi": worth["value"],
                "evppi_error": worth["mcse"],
                "total": variance["elements"][one.key]["total"]
                if one.calibrated
                else variance["inputs"][one.key]["total"],
                "shapley": sum(variance["inputs"][analysis.products.paths[b]]["shapley"] for b in one.blocks),
                "ten_percent": float(sum(ten[path][a] for path in paths if path in ten)),
            }
            value, error = importance_of(importance, figures, whole)
            alone = one.calibrated and len(one.blocks) == 1  # its place would be that of a calibration
            spread = (float(width.value[e, a]), factor * float(width.error[e, a]))
            limits = (thresholds.width, getattr(thresholds, importance))
            rows[actor][one.key] = {
                "inputs": paths,
                "width": finite(spread[0]),
                "width_mcse": float(width.error[e, a]),
                **figures,
                "importance": value,
                "importance_mcse": error,
                "category": OPEN if alone else category(spread, (value, factor * error), limits),
            }
    return {
        "importance": importance,
        "thresholds": {"width": thresholds.width, "importance": getattr(thresholds, importance)},
        "actors": rows,
    }


def _moves(analysis: Analysis, one: Element, a: int) -> bool:
    """Whether an element is a factor of anything that an actor bears or gains."""
    products = analysis.products
    touched = (products.functions[:, list(one.blocks)] > 0).any(axis=1)
    return bool(products.weights[touched, a].any())


def _splits(simulation: Simulation) -> Named:
    """Where the risk of the total comes from, chance included: by actor, area and year."""
    model = simulation.model
    by = {
        "actor": ([model.actors[a] for a in model.roots], simulation.net[:, :, model.roots]),
        "area": (list(model.areas), simulation.area[:, :, :, 0]),
        "year": ([str(year) for year in model.years], simulation.year[:, :, :, 0]),
    }
    found: Named = {}
    for name, (labels, draws) in by.items():
        split = euler_split(draws)
        columns = {"sd": split.sd, "sd_mcse": split.sd_error, "cvar10": split.tail, "cvar10_mcse": split.tail_error}
        found[name] = {
            label: {column: float(values[n]) for column, values in columns.items()} for n, label in enumerate(labels)
        }
    return found
