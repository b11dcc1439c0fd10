"""Consequences, costs and grants of a scenario as rows of weights: what one unit of each input is worth, to whom, when.

Apart from ``compilation`` because this is where the words of the language become kroner by actor and year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import NONE, Input, frozen, ints
from soemrisk.rules import at
from soemrisk.scenario import Consequence, Cost, Scenario, Service

Floats = NDArray[np.float64]


def cohort_years(scenario: Scenario) -> tuple[int, ...]:
    """Years in which somebody completes."""
    return tuple(sorted(year for year, count in scenario.participants.completers.items() if count > 0))


def price_factor(scenario: Scenario, price_year: int | None) -> float:
    """Factor from a price year to the calculation's: p_target = p_own × NPI_target / NPI_own."""
    target = scenario.settings.price_year
    if price_year is None or price_year == target:
        return 1.0
    index = scenario.settings.price_index
    assert index is not None
    return index.values[target] / index.values[price_year]


def benefit_terms(scenario: Scenario, inputs: tuple[Input, ...], position: Mapping[str, int]) -> dict[str, Any]:
    """One term for each consequence and price step of its service."""
    years = scenario.years
    factors, areas, weights, persistence, ages, variation, individual = [], [], [], [], [], [], []
    varying = tuple(key for key in sorted(scenario.consequences) if _individual_sd(inputs, position, key) > 0)
    for key in sorted(scenario.consequences):
        consequence = scenario.consequences[key]
        service = scenario.services[consequence.service]
        change = position[f"consequences.{key}.change"]
        profile = inputs[change].distribution.profile or _shape(consequence, len(years))
        kept = NONE if consequence.persistence is None else position[f"consequences.{key}.persistence"]
        group = NONE if consequence.group is None else position[f"groups.{consequence.group}.factor"]
        sign = 1.0 if service.income else -1.0  # fewer days cost less; more income gives more
        by_year = _units_by_year(profile, consequence, scenario)  # (c, y)
        borne = list(_borne(scenario, consequence.service, position))  # share input, (a, y)
        for number, step in enumerate(service.price):
            until = service.price[number + 1].from_ if number + 1 < len(service.price) else math.inf
            assert until is not None
            since = -math.inf if step.from_ is None else step.from_
            inside = np.array([1.0 if since <= year < until else 0.0 for year in years])
            price = position[f"services.{consequence.service}.price{at(step.from_)}"]
            kroner = sign * price_factor(scenario, service.price_year)
            for share, shares in borne:
                if not (shares * inside).any():
                    continue
                persistence.append(kept)
                ages.append(_years_since(consequence, scenario))
                factors.append((group, change, price, share))
                areas.append(tuple(scenario.areas).index(service.area))
                variation.append(varying.index(key) if key in varying else NONE)
                individual.append(_individual_sd(inputs, position, key))
                weights.append(kroner * by_year[:, None, :] * (shares * inside)[None, :, :])
    shape = (0, len(cohort_years(scenario)), len(scenario.actors) + 1, len(years))
    return {
        "factors": ints(factors).reshape(-1, 4),
        "varying": varying,
        "variation": ints(variation),
        "individual_sd": frozen(np.array(individual, dtype=np.float64)),
        "term_area": ints(areas),
        "persistence": ints(persistence),
        "since": frozen(np.array(ages, dtype=np.float64).reshape(-1, len(cohort_years(scenario)), len(years))),
        "weights": frozen(np.array(weights) if weights else np.zeros(shape)),
    }


def _individual_sd(inputs: tuple[Input, ...], position: Mapping[str, int], key: str) -> float:
    return inputs[position[f"consequences.{key}.change"]].distribution.individual_sd


def uncertain_shares(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    """Shares above 0 by actor, in the order of ids; none where one actor bears all, which leaves nothing open."""
    positive = sorted((actor, share) for actor, share in shares.items() if share > 0)
    return positive if len(positive) > 1 else []


def _borne(scenario: Scenario, key: str, position: Mapping[str, int]) -> Iterator[tuple[int, Floats]]:
    """Who bears a service: position of an uncertain share, and the shares that go with it by actor and year.

    Certain shares go together in one table. An uncertain share has one of its own, with 1 at its actor, and the
    total, which no share moves, stays with the certain ones.
    """
    service = scenario.services[key]
    table = _shares_by_year(scenario, service)
    if service.shares_concentration is None:
        yield NONE, table
        return
    alone = []
    actors = tuple(scenario.actors)
    for number, step in enumerate(service.shares):
        until = service.shares[number + 1].from_ if number + 1 < len(service.shares) else None
        inside = [(step.from_ or 0) <= year < (until or 9999) for year in scenario.years]
        for actor, _ in uncertain_shares(step.shares):
            own = np.zeros_like(table)
            own[actors.index(actor) + 1, inside] = 1.0
            table[actors.index(actor) + 1, inside] = 0.0
            alone.append((position[f"services.{key}.shares.{actor}{at(step.from_)}"], own))
    yield NONE, table
    yield from alone


def _shape(consequence: Consequence, longest: int) -> tuple[float, ...]:
    """Change in each year in units of the first year's: 1, or rising by ``yearly`` units a year."""
    value = consequence.change.value
    step = consequence.yearly / value if consequence.yearly != 0 and isinstance(value, float) else 0.0
    return tuple(1.0 + step * k for k in range(longest))


def _years_since(consequence: Consequence, scenario: Scenario) -> Floats:
    """Years since the change began for each cohort, (c, y); 0 before."""
    began = np.array(cohort_years(scenario)) + consequence.onset
    years = np.array(scenario.years, dtype=np.float64)
    ages: Floats = np.maximum(years[None, :] - began[:, None], 0.0)
    return ages


def _units_by_year(profile: tuple[float, ...], consequence: Consequence, scenario: Scenario) -> Floats:
    """change[k] for cohort c in calendar year y, (c, y), k = y − c − onset; 0 before, after list and duration."""
    cohorts = cohort_years(scenario)
    longest = scenario.horizon - consequence.onset if scenario.settings.window == "cohort" else len(scenario.years)
    lasts = min(len(profile), longest, *(() if consequence.duration is None else (consequence.duration,)))
    units = np.zeros((len(cohorts), len(scenario.years)))
    for c, cohort in enumerate(cohorts):
        for y, year in enumerate(scenario.years):
            since = year - cohort - consequence.onset
            if 0 <= since < lasts:
                units[c, y] = profile[since]
    return units


def _shares_by_year(scenario: Scenario, service: Service) -> Floats:
    """share[a, y]; the total's is 1."""
    table = np.ones((len(scenario.actors) + 1, len(scenario.years)))
    for y, year in enumerate(scenario.years):
        step = [one for one in service.shares if one.from_ is None or one.from_ <= year][-1]
        table[1:, y] = [step.shares.get(actor, 0.0) for actor in scenario.actors]
    return table


def _times(cost: Cost, scenario: Scenario) -> Mapping[int, float]:
    """How often the amount of a cost falls in each year."""
    if cost.per == "completer":
        return scenario.participants.completers
    if cost.per == "starter":
        return scenario.participants.starters or scenario.participants.completers
    assert cost.years is not None
    return cost.years


def cost_terms(scenario: Scenario, position: Mapping[str, int]) -> dict[str, Any]:
    """Costs as negative terms; a booked grant is a gain of its receiver, a cost of its payer, nothing in total."""
    quantity, area, weights, by_turnout = [], [], [], []
    actors = tuple(scenario.actors)
    for key in sorted(scenario.costs):
        cost = scenario.costs[key]
        payer = np.array([1.0, *(cost.payer.get(actor, 0.0) for actor in actors)])
        by_year = np.array([_times(cost, scenario).get(year, 0.0) for year in scenario.years])
        quantity.append(position[f"costs.{key}.amount"])
        without_starters = cost.per == "starter" and scenario.participants.starters is None
        by_turnout.append(cost.per == "completer" or without_starters)
        area.append(tuple(scenario.areas).index(cost.area))
        weights.append(
            (1.0 if cost.saved else -1.0) * price_factor(scenario, cost.price_year) * payer[:, None] * by_year[None, :]
        )
    for key in sorted(scenario.grants):
        grant = scenario.grants[key]
        if grant.booked:
            moved = np.array([0.0, *((actor == grant.receiver) - (actor == grant.payer) for actor in actors)])
            by_year = np.array([grant.years.get(year, 0.0) for year in scenario.years])
            quantity.append(position[f"grants.{key}.amount"])
            by_turnout.append(False)
            area.append(tuple(scenario.areas).index(grant.area))
            weights.append(moved[:, None] * by_year[None, :])
    shape = (0, len(actors) + 1, len(scenario.years))
    return {
        "cost_quantity": ints(quantity),
        "cost_area": ints(area),
        "cost_by_turnout": frozen(np.array(by_turnout, dtype=np.bool_)),
        "cost_discounted": frozen(np.full(len(quantity), scenario.settings.costs_discounted)),
        "cost_weights": frozen(np.array(weights) if weights else np.zeros(shape)),
    }
