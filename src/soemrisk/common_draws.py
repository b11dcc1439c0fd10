"""Several scenarios on common draws: what is the same number in two of them has the same points in both.

The same number is one with the same key (its library id, or ``draws_as``), or one that is stated alike at the same
place: a price, a discount rate, a consequence taken from one source. What belongs to the intervention itself (success,
participants, costs, grants) is shared by key alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soemrisk.compilation import STRUCTURAL, compile_scenario
from soemrisk.design import Plan
from soemrisk.model import Model
from soemrisk.reference import Evaluate
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation, simulate_model
from soemrisk.transform import columns

OWN = {"success", "subgroups", "participants", "costs", "grants", "relatives"}  # sections of the intervention itself
NO_NUMBER = {"source", "effort", "evidence_level"}  # keys of a quantity that do not change what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Models whose columns have common keys, all keys in one order, and the places that several scenarios share."""

    models: tuple[Model, ...]
    keys: tuple[str, ...]
    shared: tuple[str, ...]


def together(scenarios: Sequence[Scenario]) -> Together:
    """Compile scenarios so that what is the same number has one key.

    Parameters
    ----------
    scenarios : sequence of Scenario

    Returns
    -------
    Together
        ``shared`` are places of uncertain inputs that two or more scenarios have in common, in alphabetical order.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = together([read("act-randers"), read("cti-aarhus")])
    >>> "services.herberg.price" in found.shared, "success.with" in found.shared
    (True, False)
    """
    models = [compile_scenario(scenario) for scenario in scenarios]
    stated = [_of_columns(scenario, model) for scenario, model in zip(scenarios, models, strict=True)]
    named = _classes(models, stated)
    renamed = tuple(replace(model, columns=tuple(named.get(key, key) for key in model.columns)) for model in models)
    return Together(models=renamed, keys=_in_order(renamed), shared=tuple(_shared(renamed, models)))


def _classes(models: Sequence[Model], stated: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Each key by the first of its class: keys are of one class if they are the same or say the same number.

    A class with two keys of one model is left as it is: one draw would move two of its inputs.
    """
    parent: dict[str, str] = {}

    def first(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for names in stated:
        for key, statement in names.items():
            one, other = sorted((first(key), first(f"\uffff{statement}")))  # statements sort behind keys
            parent[other] = one
    classes = {key: first(key) for names in stated for key in names}
    counts = [Counter(classes[key] for key in model.columns if key in classes) for model in models]
    return {key: root for key, root in classes.items() if all(count[root] <= 1 for count in counts)}


def _shared(renamed: Sequence[Model], models: Sequence[Model]) -> list[str]:
    """Places of inputs that have the same draws in two or more models: same key, and correlated alike."""
    ways: dict[str, list[object]] = {}
    of_key: dict[str, set[str]] = {}
    for model, old in zip(renamed, models, strict=True):
        places = {one.draw_key: one.path.split("@")[0] for one in old.inputs}
        groups = {
            int(column): (tuple(model.columns[c] for c in copula.columns), copula.factor.tobytes())
            for copula in model.copulas
            for column in copula.columns
        }
        for n, (key, own) in enumerate(zip(model.columns, old.columns, strict=True)):
            ways.setdefault(key, []).append(groups.get(n))
            of_key.setdefault(key, set()).add(places[own])
    alike = [key for key, several in ways.items() if len(several) > 1 and len(set(several)) == 1]
    return sorted({place for key in alike for place in of_key[key]})


def simulate_together(
    found: Together,
    plan: Plan,
    *,
    evaluate: Evaluate,
    threads: int = 1,
    tick: Callable[[], object] | None = None,
) -> list[Simulation]:
    """Simulate every scenario on the points of one design over all keys.

    Parameters
    ----------
    found : Together
    plan : Plan
    evaluate : callable
        As ``simulation.simulate_model``.
    threads : int
        Changes the time and nothing else.
    tick : callable, optional
        Called after each replicate of each scenario.

    Returns
    -------
    list of Simulation
        Draw i of replicate r has the same value of what is shared in all of them.
    """
    return [
        simulate_model(model, plan, evaluate=evaluate, threads=threads, tick=tick, among=found.keys)
        for model in found.models
    ]


def _of_columns(scenario: Scenario, model: Model) -> dict[str, str]:
    """What the number behind each column is, by the key of the column; only of those that may be shared."""
    stated = _statements(scenario)
    places = {one.draw_key: one.path.split("@")[0] for one in model.inputs}
    return {key: stated[places[key]] for key in model.columns if places[key] in stated}


def _statements(scenario: Scenario) -> Mapping[str, str]:
    """What each number outside the intervention's own sections is, by its place: all steps, without their source."""
    steps: dict[str, list[object]] = {}
    for path, quantity, domain in quantities(scenario):
        if path.split(".")[0] not in OWN:
            said = quantity.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=NO_NUMBER)
            steps.setdefault(path.split("@")[0], []).append([path, domain, said])
    for key, service in scenario.services.items():
        if service.shares_concentration is not None:
            said = service.model_dump(mode="json", include={"shares", "shares_concentration"})
            for actor in scenario.actors:
                steps[f"services.{key}.shares.{actor}"] = [f"services.{key}.shares.{actor}", said]
    return {place: json.dumps(said, sort_keys=True) for place, said in steps.items()}


def _in_order(models: Sequence[Model]) -> tuple[str, ...]:
    """All keys in canonical order: structural inputs, others, chance, the point of the correlated band, outcomes."""
    rank: dict[str, tuple[int, str]] = {}
    for model in models:
        keys = columns(model)
        sections = _sections(model)
        for n, key in enumerate(keys):
            if n < len(model.columns):
                section = sections[n]
                place = STRUCTURAL.index(section) if section in STRUCTURAL else len(STRUCTURAL)
            else:
                behind = n - (len(keys) - len(model.own_columns) - 1)  # 0: the point of the correlated band
                place = len(STRUCTURAL) + 2 + int(np.sign(behind))
            rank[key] = min(rank.get(key, (place, key)), (place, key))
    return tuple(sorted(rank, key=lambda key: rank[key]))


def _sections(model: Model) -> list[str]:
    """Section of the file that each column of the model comes from."""
    section = dict[int, str]()
    for column, q in zip(model.column.tolist(), model.uncertain.tolist(), strict=True):
        section[column] = model.inputs[q].path.split(".")[0]
    for simplex in model.simplexes:
        for column, q in zip(simplex.columns.tolist(), simplex.inputs.tolist()[:-1], strict=True):
            section[column] = model.inputs[q].path.split(".")[0]
    return [section[n] for n in range(len(model.columns))]
