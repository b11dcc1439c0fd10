"""A scenario compiled to a model: names become positions once, and are never looked up again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.actor_tree import depth, in_order
from soemrisk.correlations import correlated_pairs
from soemrisk.dependence import connected, matrix_of, nearest_correlations, triangular_factor
from soemrisk.derived_rates import DerivedRate
from soemrisk.distribution import Uncertain
from soemrisk.level_scaling import is_scaled
from soemrisk.model import NONE, Copula, Input, Model, Simplex, frozen, ints
from soemrisk.outcome_terms import Derived, outcome_terms
from soemrisk.rules import at, moving_quantities
from soemrisk.scenario import Scenario
from soemrisk.terms import (
    Cohort,
    benefit_terms,
    cohorts_of,
    cost_terms,
    stated_input,
    uncertain_shares,
    uncertain_subgroups,
)

Floats = NDArray[np.float64]

STRUCTURAL = (
    "success",
    "subgroups",
    "participants",
    "costs",
    "grants",
    "settings",
    "groups",
    "relatives",
)  # first among Sobol' dimensions


def compile_scenario(scenario: Scenario) -> Model:
    """Compile a scenario to arrays.

    Parameters
    ----------
    scenario : Scenario
        Valid: read from a file, or checked by ``rules.broken_rules``.

    Returns
    -------
    Model

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> compile_scenario(read("act-randers")).actors
    ('total', 'kommune', 'region', 'stat')
    """
    actors = ("total", *in_order(scenario.actors))
    inputs = _inputs(scenario)
    position = {one.path: n for n, one in enumerate(inputs)}
    reciprocals, cohorts = _reciprocals(scenario, position), cohorts_of(scenario)
    bundles = _bundles(scenario, position)
    shared = {n for bundle in bundles for n in bundle}
    drawn = {n for bundle in bundles for n in bundle[:-1]}  # the last share is what is left of 1
    uncertain = [n for n, one in enumerate(inputs) if one.distribution.family is not None and n not in shared]
    columns = tuple(dict.fromkeys(inputs[n].draw_key for n in sorted({*uncertain, *drawn})))
    column = {n: columns.index(inputs[n].draw_key) for n in {*uncertain, *drawn}}
    divided = {f"1/{inputs[q].path}": n for n, q in enumerate(reciprocals, len(inputs))}
    terms = benefit_terms(scenario, inputs, {**position, **divided})
    behind = len(inputs) + len(reciprocals) + sum(math.prod(one.shape) for one in terms["bands"])
    following = [place for place, one in sorted(scenario.success_by_place.items()) if one.effect is not None]
    derived = {f"{place}.with": n for n, place in enumerate(following, behind)}
    return Model(
        scenario_id=scenario.id,
        actors=actors,
        roots=ints([n for n, name in enumerate(actors[1:], 1) if depth(scenario.actors, name) == 0]),
        areas=tuple(scenario.areas),
        years=scenario.years,
        inputs=inputs,
        uncertain=ints(uncertain),
        column=ints([column[n] for n in uncertain]),
        columns=columns,
        copulas=_copulas(scenario, inputs, columns),
        simplexes=tuple(_simplex(inputs, bundle, column) for bundle in bundles),
        draw_name=scenario.draws_id,
        rates=ints([_rates(scenario, one, {**position, **derived}) for one in cohorts]),
        derived_rates=tuple(_derived_rate(scenario, place.rpartition(".")[0], position) for place in derived),
        discount=ints([position[f"settings.discount_rate{at(s.from_)}"] for s in scenario.settings.discount_rate]),
        years_at_rate=frozen(_years_at_rate(scenario)),
        cohort_names=tuple(one.name for one in cohorts),
        cohort_years=ints([one.year for one in cohorts]),
        turnout=position.get("participants.factor", NONE),
        reciprocals=reciprocals,
        **_persons(cohorts, scenario, position),
        independent_chance=scenario.settings.chance == "independent",
        **terms,
        **cost_terms(scenario, position),
        **outcome_terms(scenario, inputs, terms["varying"], Derived(behind + len(derived), divided, terms["bands"])),
    )


def _reciprocals(scenario: Scenario, position: Mapping[str, int]) -> tuple[int, ...]:
    """Positions of what changes are divided by: the use of those studied, where nothing is derived with it."""
    return tuple(
        position[f"consequences.{key}.level_studied"]
        for key, one in sorted(scenario.consequences.items())
        if is_scaled(scenario, one) and scenario.services[one.service].bands is None
    )


def _persons(cohorts: Sequence[Cohort], scenario: Scenario, position: Mapping[str, int]) -> dict[str, Any]:
    """Those who complete of each cohort; the uncertain share of its subgroup: its position, and what is stated."""
    stated = dict(uncertain_subgroups(scenario))
    paths = [f"subgroups.{one.subgroup}.share" for one in cohorts]
    return {
        "completers": frozen(np.array([one.persons for one in cohorts])),
        "share": ints([position[path] if path in stated else NONE for path in paths]),
        "share_base": frozen(np.array([stated.get(path, 1.0) for path in paths])),
    }


def _rates(scenario: Scenario, cohort: Cohort, position: Mapping[str, int]) -> tuple[int, int]:
    """Positions of the rate with of a cohort and the rate without; of a net rate and nothing."""
    own = f"subgroups.{cohort.subgroup}.success"
    place = own if own in scenario.success_by_place else "success"
    if scenario.success_by_place[place].net is not None:
        return position[f"{place}.net"], NONE
    return position[f"{place}.with"], position[f"{place}.without"]


def _derived_rate(scenario: Scenario, place: str, position: Mapping[str, int]) -> DerivedRate:
    success = scenario.success_by_place[place]
    assert success.effect is not None
    assert success.effect.scale is not None
    return DerivedRate(
        without=position[f"{place}.without"],
        effect=position[f"{place}.effect"],
        scale=success.effect.scale,
        conversion=success.conversion,
    )


def _inputs(scenario: Scenario) -> tuple[Input, ...]:
    """All quantities in canonical order: structural sections first, then by key; the order of the file is nothing."""
    listed = [stated_input(scenario, *one) for one in moving_quantities(scenario)]

    def rank(one: Input) -> tuple[int, str, str]:
        section = one.path.split(".")[0]
        return (STRUCTURAL.index(section) if section in STRUCTURAL else len(STRUCTURAL), one.key, one.path)

    return tuple(sorted([*listed, *_share_inputs(scenario)], key=rank))


class _Whole(NamedTuple):
    """Uncertain shares that add up to 1: places and values, how much is behind them, and where they are from."""

    shares: list[tuple[str, float]]
    weight: float
    sources: list[str]


def _wholes(scenario: Scenario) -> Iterator[_Whole]:
    """Shares of the subgroups, then of each service and step, in the order of their ids."""
    of_subgroups = uncertain_subgroups(scenario)
    if of_subgroups and scenario.participants.shares_concentration is not None:
        sources = [scenario.subgroups[path.split(".")[1]].share_source for path, _ in of_subgroups]
        yield _Whole(of_subgroups, scenario.participants.shares_concentration, sources)
    for key, service in sorted(scenario.services.items()):
        for step in service.shares if service.shares_concentration is not None else ():
            shares = uncertain_shares(step.shares)
            if shares and service.shares_concentration is not None:
                named = [(f"services.{key}.shares.{actor}{at(step.from_)}", share) for actor, share in shares]
                yield _Whole(named, service.shares_concentration, [service.shares_source] * len(named))


def _share_inputs(scenario: Scenario) -> list[Input]:
    """Uncertain shares as inputs; the margin of each is a beta distribution."""
    return [
        Input(
            key=f"{scenario.draws_id}/{path.replace('.', '/')}",
            path=path,
            unit="andel",
            source=source,
            distribution=Uncertain(
                base=share,
                family="beta",
                parameters=MappingProxyType({"a": whole.weight * share, "b": whole.weight * (1 - share)}),
            ),
        )
        for whole in _wholes(scenario)
        for (path, share), source in zip(whole.shares, whole.sources, strict=True)
    ]


def _bundles(scenario: Scenario, position: Mapping[str, int]) -> list[list[int]]:
    """Positions of the shares of each whole."""
    return [[position[path] for path, _ in whole.shares] for whole in _wholes(scenario)]


def _simplex(inputs: tuple[Input, ...], bundle: list[int], column: Mapping[int, int]) -> Simplex:
    alphas = [inputs[n].distribution.parameters["a"] for n in bundle]
    return Simplex(
        inputs=ints(bundle),
        columns=ints([column[n] for n in bundle[:-1]]),
        alphas=frozen(np.array(alphas, dtype=np.float64)),
    )


def _copulas(scenario: Scenario, inputs: tuple[Input, ...], columns: tuple[str, ...]) -> tuple[Copula, ...]:
    """One copula for each group of inputs that correlations connect, in the order of the columns."""
    keys = {one.path: one.draw_key for one in inputs}
    pairs = {frozenset(keys[path] for path in pair): rank for pair, rank in correlated_pairs(scenario).items()}
    found = []
    for group in connected(pairs):
        members = sorted(group, key=columns.index)
        matrix = matrix_of(members, pairs)
        if scenario.settings.impossible_correlations == "nearest":
            matrix = nearest_correlations(matrix)
        found.append(
            Copula(columns=ints([columns.index(key) for key in members]), factor=frozen(triangular_factor(matrix)))
        )
    return tuple(found)


TIMING = {"start": 0.0, "mid": 0.5, "end": 1.0}  # part of a year that its kroner are discounted for beyond its start


def _years_at_rate(scenario: Scenario) -> Floats:
    """Years that each step of the discount rate discounts each year of the window, (s, y).

    The years since the base year are counted one by one, each at the rate of its step; the part of a year that the
    timing adds, and years before the base year, at the rate of the year itself.
    """
    settings = scenario.settings
    starts = [step.from_ or 0 for step in settings.discount_rate]
    counted = np.zeros((len(starts), len(scenario.years)))
    for y, year in enumerate(scenario.years):
        since = year - settings.discounted_to
        for t in range(1, since + 1):
            counted[_step_at(starts, t), y] += 1
        counted[_step_at(starts, since), y] += TIMING[settings.timing] + min(since, 0)
    return counted


def _step_at(starts: list[int], since: int) -> int:
    """Number of the step in force; the first one before all others."""
    return max([n for n, start in enumerate(starts) if start <= since], default=0)
