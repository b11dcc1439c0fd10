"""What changed since last time: the difference between two versions of a scenario, split over what is different.

Each change gets its Shapley value: what it adds on average over all orders in which the changes could have been made
(Shapley 1953), so that the parts add up to the whole difference and no order is preferred.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from soemrisk import kernel
from soemrisk.common_draws import NO_NUMBER, together
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan
from soemrisk.receipt import content
from soemrisk.rules import broken_rules
from soemrisk.scenario import Scenario
from soemrisk.simulation import simulate_model
from soemrisk.transform import columns

Floats = NDArray[np.float64]
Place = tuple[str, ...]
Made = frozenset[int]
MOST_TIED = 4  # places that are tried as one change; more only where all that is left is one
ALL_SETS = 8  # changes up to which all their sets are calculated
ORDERS = 64  # orders that are drawn of more changes, each with its reverse
WORDS = {"schema", "id", "draws_as", "lang", "name", "facts", "promised"}  # what moves no figure
KEYED = {"actors", "areas", "subgroups", "costs", "grants", "groups", "relatives", "services", "consequences"}
FIGURES = ("base", "mean", "prob_positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different; several places where one alone would make no valid scenario.

    Attributes
    ----------
    places : tuple of tuple of str
        Keys of the file: ``("services", "herberg", "price")``.
    kind : {"changed", "added", "removed"}
    """

    places: tuple[Place, ...]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The difference of two versions, k changes, f figures (``FIGURES``), a actors (0 = total).

    Attributes
    ----------
    changes : tuple of Change, length k
    actors : tuple of str
    before, after, error_before, error_after : (f, a) float64
        Kr., and a probability, and their standard errors.
    parts, errors : (k, f, a) float64
        Shapley values, which add up to ``after`` − ``before``, and their standard errors: over replicates, and over
        orders where these were drawn.
    orders : int
        Orders that were drawn; 0 where all sets were calculated.
    """

    changes: tuple[Change, ...]
    actors: tuple[str, ...]
    before: Floats
    after: Floats
    error_before: Floats
    error_after: Floats
    parts: Floats
    errors: Floats
    orders: int


def explained(old: Scenario, new: Scenario, plan: Plan) -> Explained:
    """Split the difference of two versions over what is different in them.

    Parameters
    ----------
    old, new : Scenario
        Both are drawn with the keys of ``old``, so that what is the same has the same draws.
    plan : Plan
        For mean and chance of a gain; the base case needs none.

    Returns
    -------
    Explained

    Examples
    --------
    >>> from soemrisk.design import plan
    >>> from soemrisk.reading import read
    >>> act = read("act-randers")
    >>> fewer = act.participants.model_copy(update={"completers": {2019: 6, 2020: 6, 2021: 7}})
    >>> found = explained(act, act.model_copy(update={"participants": fewer}), plan(1024, 0))
    >>> [".".join(place) for change in found.changes for place in change.places]
    ['participants.completers']
    """
    start, end = (json.loads(content(one)) for one in (old, new))
    found = list(_differences(start, end))
    whole = Change(places=tuple(place for place, _ in found), kind="changed")
    try:
        return _explained((start, end), tuple(_tied(start, end, found)), plan, (old, new))
    except NoVersionError:  # there are changes that can be made in no order: one change
        return _explained((start, end), (whole,), plan, (old, new))


def _explained(
    versions: tuple[Mapping[str, Any], Mapping[str, Any]],
    changes: tuple[Change, ...],
    plan: Plan,
    scenarios: tuple[Scenario, Scenario],
) -> Explained:
    start, end = versions
    old, new = scenarios
    actors = ("total", *dict.fromkeys([*old.actors, *new.actors]))
    keys = _all_keys(start, end, changes)

    def figures(made: Made) -> Floats:
        scenario = _version(start, end, [place for n in sorted(made) for place in changes[n].places])
        return _figures(scenario, plan, keys, actors)

    every: dict[Made, Floats] = {}

    def known(made: Made) -> Floats:
        if made not in every:
            every[made] = figures(made)
        return every[made]

    count = len(changes)
    whole = frozenset(range(count))
    if count <= ALL_SETS:
        parts, drawn = over_all_sets(count, known), list[list[int]]()
        of_orders = np.zeros_like(parts)
    else:
        drawn = list(_orders(count, plan.seed))
        parts, of_orders = over_orders(drawn, known)
    return Explained(
        changes=changes,
        actors=actors,
        before=known(frozenset()).mean(axis=-1),
        after=known(whole).mean(axis=-1),
        error_before=_error(known(frozenset())),
        error_after=_error(known(whole)),
        parts=parts.mean(axis=-1),
        errors=np.hypot(_error(parts), of_orders.mean(axis=-1)),
        orders=len(drawn),
    )


def _error(by_replicate: Floats) -> Floats:
    """Standard error of a mean over replicates, the last axis."""
    found: Floats = by_replicate.std(axis=-1, ddof=1) / np.sqrt(by_replicate.shape[-1])
    return found


def _all_keys(start: Mapping[str, Any], end: Mapping[str, Any], changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Keys of every version that may be drawn: what one change brings may need what another brings."""
    whole = range(len(changes))
    made = {(), tuple(whole), *((n,) for n in whole), *combinations(whole, 2)}
    made |= {tuple(m for m in whole if m != n) for n in whole}
    versions = [
        _version(start, end, [place for n in one for place in changes[n].places])
        for one in sorted(made)
        if len(changes) <= ALL_SETS or len(one) != 2
    ]
    return together(versions).keys


def over_all_sets(count: int, value: Callable[[Made], Floats]) -> Floats:
    """Shapley values from the value of every set.

    Parameters
    ----------
    count : int
        Of the players.
    value : callable
        Of a set of them; an array.

    Returns
    -------
    (count, ...) float64

    Examples
    --------
    >>> over_all_sets(2, lambda made: np.array(float(len(made) == 2))).tolist()
    [0.5, 0.5]
    """
    parts = np.zeros((count, *np.shape(value(frozenset()))))
    for n in range(count):
        others = [m for m in range(count) if m != n]
        for before in _subsets(others):
            weight = 1 / (count * comb(count - 1, len(before)))
            parts[n] += weight * (value(frozenset({*before, n})) - value(frozenset(before)))
    return parts


def over_orders(orders: Iterable[list[int]], value: Callable[[Made], Floats]) -> tuple[Floats, Floats]:
    """Shapley values from some orders, each followed by its reverse, and their standard errors over those pairs.

    Parameters
    ----------
    orders : iterable of list of int
        An even number of them: an order and its reverse.
    value : callable
        As ``over_all_sets``.

    Returns
    -------
    (k, ...) float64, (k, ...) float64

    Examples
    --------
    >>> parts, errors = over_orders([[0, 1], [1, 0]], lambda made: np.array(float(len(made) == 2)))
    >>> parts.tolist(), errors.tolist()
    ([0.5, 0.5], [0.0, 0.0])
    """
    added = []
    for order in orders:
        made: Made = frozenset()
        of_each: dict[int, Floats] = {}
        for n in order:
            of_each[n] = value(made | {n}) - value(made)
            made |= {n}
        added.append(np.stack([of_each[n] for n in sorted(of_each)]))
    pairs = (np.stack(added[::2]) + np.stack(added[1::2])) / 2
    spread = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)) if len(pairs) > 1 else np.zeros(pairs.shape[1:])
    return pairs.mean(axis=0), spread


def _subsets(members: list[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(members, size) for size in range(len(members) + 1))


def _orders(count: int, seed: int) -> Iterator[list[int]]:
    """Random orders, each followed by its reverse."""
    stream = np.random.Generator(np.random.Philox(key=[seed, count]))
    for _ in range(ORDERS // 2):
        order = stream.permutation(count).tolist()
        yield order
        yield order[::-1]


def _figures(scenario: Scenario, plan: Plan, keys: tuple[str, ...], actors: tuple[str, ...]) -> Floats:
    """Base case, mean and chance of a gain by actor and replicate, (f, a, r); 0 for an actor that is not there."""
    model = compile_scenario(scenario)
    if not set(columns(model)) <= set(keys):
        raise NoVersionError  # what only three changes together bring has no draws of its own
    simulated = simulate_model(model, plan, evaluate=kernel.evaluate, among=keys)
    base = kernel.evaluate(model, model.base[None], None).expected[0]
    found = np.zeros((len(FIGURES), len(actors), plan.replicates))
    for a, actor in enumerate(model.actors):
        at = actors.index(actor)
        found[0, at] = base[a]
        found[1, at] = simulated.expected[:, :, a].mean(axis=1)
        found[2, at] = (simulated.net[:, :, a] > 0).mean(axis=1)
    return found


def _differences(start: Mapping[str, Any], end: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Places where two contents differ in more than words, down to the number, and how."""
    for section in sorted({*start, *end} - WORDS):
        old, new = start.get(section), end.get(section)
        if not isinstance(old, dict) or not isinstance(new, dict):
            if _figures_of(old) != _figures_of(new):
                yield (section,), _kind(old, new)
            continue
        for key in sorted(one for one in {*old, *new} if section in KEYED or not _is_words(one)):  # ids are no words
            one, other = old.get(key), new.get(key)
            if section in KEYED and isinstance(one, dict) and isinstance(other, dict):
                for name in sorted(part for part in {*one, *other} if not _is_words(part)):
                    if _figures_of(one.get(name)) != _figures_of(other.get(name)):
                        yield (section, key, name), _kind(one.get(name), other.get(name))
            elif _figures_of(one) != _figures_of(other):
                yield (section, key), _kind(one, other)


def _kind(old: object, new: object) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _figures_of(value: Any) -> Any:
    """The same without words: sources, names and notes move no figure."""
    if isinstance(value, dict):
        return {key: _figures_of(one) for key, one in value.items() if not _is_words(key)}
    return [_figures_of(one) for one in value] if isinstance(value, list) else value


def _is_words(key: str) -> bool:
    return key in {*NO_NUMBER, "name", "note", "unit", "label", "reason"} or key.endswith("_source")


def _tied(start: Mapping[str, Any], end: Mapping[str, Any], found: list[tuple[Place, str]]) -> Iterator[Change]:
    """Changes that can be made one by one; what can only be made together is one change, of as few places as do."""
    kinds = dict(found)
    left = list(kinds)

    def stands_alone(places: tuple[Place, ...]) -> bool:
        return _valid(start, end, places) and _valid(start, end, [one for one in kinds if one not in places])

    groups: list[tuple[Place, ...]] = [(place,) for place in left if stands_alone((place,))]
    left = [place for place in left if (place,) not in groups]
    while left:
        tied = [one for size in range(2, MOST_TIED + 1) for one in combinations(left, size) if left[0] in one]
        group = next((one for one in tied if stands_alone(one)), tuple(left))
        groups.append(group)
        left = [place for place in left if place not in group]
    if any(not _valid(start, end, [*one, *other]) for one, other in combinations(groups, 2)):
        groups = [tuple(kinds)]  # they lean on each other in pairs: nothing can be told apart
    for group in sorted(groups):
        named = {kinds[place] for place in group}
        yield Change(places=group, kind=named.pop() if len(named) == 1 else "changed")


def _valid(start: Mapping[str, Any], end: Mapping[str, Any], places: Iterable[Place]) -> bool:
    try:
        _version(start, end, places)
    except NoVersionError:
        return False
    return True


def _version(start: Mapping[str, Any], end: Mapping[str, Any], places: Iterable[Place]) -> Scenario:
    """The first version with what stands at some places of the second; NoVersionError where that is no scenario."""
    document = copy.deepcopy({key: value for key, value in start.items() if key != "promised"})
    for place in places:
        _put(document, place, _at(end, place))
    try:
        scenario = Scenario.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise NoVersionError from error
    known = {section: tuple(document.get(section, {})) for section in KEYED}
    for path, rule, _ in broken_rules(scenario, known):
        raise NoVersionError(f"{path}: {rule}")
    return scenario


class NoVersionError(Exception):
    """Some changes, made without others, give no valid scenario."""


def _at(document: Mapping[str, Any], place: Place) -> Any:
    found: Any = document
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    return copy.deepcopy(found)


def _put(document: dict[str, Any], place: Place, value: Any) -> None:
    """Set what stands at a place; None takes it away."""
    for key in place[:-1]:
        document = document.setdefault(key, {})
    if value is None:
        document.pop(place[-1], None)
    else:
        document[place[-1]] = value
