"""Outcomes of a scenario as patterns of units by cohort and year; what is stated becomes an input of its own.

These inputs stand behind those that move a krone, and so do their draws: an outcome more changes no other figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.bands import Bands
from soemrisk.distribution import resolve
from soemrisk.level_scaling import is_scaled
from soemrisk.model import NONE, Input, frozen, ints
from soemrisk.outcome_rules import outcome_quantities
from soemrisk.own_units import OwnUnit, Pattern
from soemrisk.profiles import change_by_year
from soemrisk.quantity import DOMAINS
from soemrisk.scenario import Scenario
from soemrisk.terms import cohorts_of, stated_input, years_since

Floats = NDArray[np.float64]
Inputs = tuple[Input, ...]


def own_inputs(scenario: Scenario) -> Inputs:
    """What outcomes state as inputs, in the order of their keys."""
    listed = [stated_input(scenario, *one) for one in outcome_quantities(scenario)]
    return tuple(sorted(listed, key=lambda one: (one.key, one.path)))


def outcome_terms(scenario: Scenario, inputs: Inputs, varying: tuple[str, ...], behind: Derived) -> dict[str, Any]:
    """Fields of the model that are about outcomes.

    Parameters
    ----------
    scenario : Scenario
    inputs : tuple of Input
        Those that move a krone.
    varying : tuple of str
        Consequences that differ from person to person.
    behind : Derived
        What is derived from the inputs; values of outcomes stand behind that.

    Returns
    -------
    dict
        ``outcomes``, ``own_inputs``, ``own_columns`` and ``own_column``.
    """
    own = own_inputs(scenario)
    same = {one.key: n for n, one in enumerate(inputs)}  # a library entry that is an input already is that input
    position = {**{one.path: n for n, one in enumerate(inputs)}, **behind.divided}
    position |= {one.path: same.get(one.key, n) for n, one in enumerate(own, behind.width)}
    drawn = [one.key if one.distribution.family is not None and one.key not in same else None for one in own]
    columns = tuple(dict.fromkeys(key for key in drawn if key is not None))
    firsts = _firsts(scenario, len(inputs) + len(behind.divided), behind.bands)
    places = _Places(position=position, varying=varying, bands=firsts)
    return {
        "outcomes": tuple(
            OwnUnit(
                name=key,
                per_participant=one.per == "participant",
                discounted=one.discounted,
                patterns=tuple(_patterns(scenario, key, places)),
            )
            for key, one in scenario.outcomes.items()
        ),
        "own_inputs": own,
        "own_columns": columns,
        "own_column": ints([NONE if key is None else columns.index(key) for key in drawn]),
    }


class Derived(NamedTuple):
    """Where derived values end, the inputs before them included; reciprocals by place; those of services with bands."""

    width: int
    divided: Mapping[str, int]
    bands: tuple[Bands, ...]


class _Places(NamedTuple):
    """Where values stand: inputs by path, consequences that differ between persons, derived values of bands."""

    position: Mapping[str, int]
    varying: tuple[str, ...]
    bands: Mapping[str, tuple[int, int]]  # position of the first value, and how many each year has


def _firsts(scenario: Scenario, first: int, bands: tuple[Bands, ...]) -> dict[str, tuple[int, int]]:
    """Where the derived values of each consequence of a service with bands begin, and how many a year has."""
    keys = [key for key, one in sorted(scenario.consequences.items()) if scenario.services[one.service].bands]
    found = {}
    for key, one in zip(keys, bands, strict=True):
        found[key] = (first, math.prod(one.shape[1:]))
        first += math.prod(one.shape)
    return found


def _patterns(scenario: Scenario, key: str, places: _Places) -> Iterator[Pattern]:
    outcome = scenario.outcomes[key]
    if outcome.gain is not None:
        group = () if outcome.group is None else (places.position[f"groups.{outcome.group}.factor"],)
        stated = outcome.gain.value if isinstance(outcome.gain.value, tuple) else (1.0,)
        by_year = [0.0] * min(outcome.onset, scenario.horizon) + list(stated)
        yield Pattern(
            factors=(*group, places.position[f"outcomes.{key}.gain"]),
            weights=frozen(_on_calendar(scenario, outcome.subgroup, by_year)),
        )
    sign = -1.0 if outcome.less_of else 1.0
    for one in sorted(outcome.counted):
        yield from (
            _counted_with_bands(scenario, one, sign, places)
            if one in places.bands
            else [_counted(scenario, one, sign, places)]
        )


def _on_calendar(scenario: Scenario, subgroup: str | None, by_year: Sequence[float]) -> Floats:
    """Units by cohort and calendar year, (c, y), from those by year since completion; nothing past the window."""
    cohorts = cohorts_of(scenario)
    weights = np.zeros((len(cohorts), len(scenario.years)))
    for c, cohort in enumerate(cohorts):
        for y, year in enumerate(scenario.years):
            if subgroup in {None, cohort.subgroup} and 0 <= year - cohort.year < min(len(by_year), scenario.horizon):
                weights[c, y] = by_year[year - cohort.year]
    return weights


def _counted(scenario: Scenario, key: str, sign: float, places: _Places) -> Pattern:
    """Units that a consequence changes, as its kroner are counted."""
    consequence, position = scenario.consequences[key], places.position
    group = () if consequence.group is None else (position[f"groups.{consequence.group}.factor"],)
    number = () if consequence.relatives is None else (position[f"relatives.{consequence.relatives}.number"],)
    places_of_scale = (f"consequences.{key}.level", f"1/consequences.{key}.level_studied")
    scaled = [position[place] for place in places_of_scale] if is_scaled(scenario, consequence) else []
    beside = (*group, *number, *scaled)
    by_year = change_by_year(consequence, scenario.horizon)
    return Pattern(
        factors=(*beside, position[f"consequences.{key}.change"]),
        weights=frozen(sign * _on_calendar(scenario, consequence.subgroup, by_year)),
        persistence=position.get(f"consequences.{key}.persistence"),
        since=frozen(years_since(consequence, scenario)),
        differing=places.varying.index(key) if key in places.varying else None,
        individual_sd=resolve(consequence.change, DOMAINS["change"]).individual_sd,
    )


def _counted_with_bands(scenario: Scenario, key: str, sign: float, places: _Places) -> Iterator[Pattern]:
    """Units that a consequence changes where they are derived values: nobody uses less than nothing."""
    first, in_a_year = places.bands[key]
    for k in range(scenario.horizon):
        weights = sign * _on_calendar(scenario, scenario.consequences[key].subgroup, [0.0] * k + [1.0])
        if weights.any():
            yield Pattern(factors=(first + k * in_a_year,), weights=frozen(weights))
