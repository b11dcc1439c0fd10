"""Consequences, costs and grants of a scenario as rows of weights: what one unit of each input is worth, to whom, when.

Apart from ``compilation`` because this is where the words of the language become kroner by actor and year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import groupby, product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.actor_tree import in_order, lineage, rolled_up
from soemrisk.bands import Bands
from soemrisk.distribution import resolve, stated_source
from soemrisk.level_scaling import is_scaled
from soemrisk.model import NONE, Input, frozen, ints
from soemrisk.profiles import change_by_year, level_by_year
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.rules import at
from soemrisk.scenario import Consequence, Cost, Scenario, Service, ShareStep

Floats = NDArray[np.float64]
FACTORS = 7  # of a term, as ``Model.factors`` has them


def stated_input(scenario: Scenario, path: str, quantity: Quantity, domain: str) -> Input:
    """What a scenario states at a place as an input of the model: its key is its library id, else its place."""
    return Input(
        key=quantity.library or f"{scenario.draws_id}/{path.replace('.', '/')}",
        path=path,
        unit=quantity.unit.in_(scenario.lang),
        source=stated_source(quantity),
        distribution=resolve(quantity, DOMAINS[domain]),
    )


class Cohort(NamedTuple):
    """Those who complete in a year: all, or those of one subgroup."""

    year: int
    subgroup: str | None
    persons: float

    @property
    def name(self) -> str:
        """What its chance is keyed by."""
        return str(self.year) if self.subgroup is None else f"{self.subgroup}/{self.year}"


def cohorts_of(scenario: Scenario) -> tuple[Cohort, ...]:
    """Everybody who completes, by year and subgroup; the order of the file is nothing."""
    subgroups: list[tuple[str | None, float]] = [(key, one.share) for key, one in sorted(scenario.subgroups.items())]
    found = (
        Cohort(year, subgroup, count * share)
        for year, count in sorted(scenario.participants.completers.items())
        for subgroup, share in subgroups or [(None, 1.0)]
    )
    return tuple(one for one in found if one.persons > 0)


def price_factor(scenario: Scenario, price_year: int | None) -> float:
    """Factor from a price year to the calculation's: p_target = p_own × NPI_target / NPI_own."""
    target = scenario.settings.price_year
    if price_year is None or price_year == target:
        return 1.0
    index = scenario.settings.price_index
    levels = None if index is None else (index.level(target), index.level(price_year))
    assert levels is not None
    assert levels[0] is not None
    assert levels[1] is not None
    return levels[0] / levels[1]


def price_years(scenario: Scenario) -> set[int]:
    """Years of the price index that the conversion of prices uses: none where all are the calculation's."""
    own = {item.price_year for items in (scenario.services, scenario.costs) for item in items.values()}
    years = own - {None, scenario.settings.price_year}
    return {year for year in (*years, scenario.settings.price_year) if year is not None} if years else set()


class _Term(NamedTuple):
    """One row of the benefit terms; the fields are those of ``Model``."""

    factors: tuple[int, ...]
    area: int
    persistence: int
    since: Floats
    weights: Floats
    varying: str | None = None
    individual_sd: float = 0.0


def benefit_terms(scenario: Scenario, inputs: tuple[Input, ...], position: Mapping[str, int]) -> dict[str, Any]:
    """One term for each consequence and price step of its service; with bands one for each derived value."""
    rows: list[_Term] = []
    all_bands: list[Bands] = []
    uncapped: list[Bands] = []
    first = len(inputs) + sum(path.startswith("1/") for path in position)
    for key in sorted(scenario.consequences):
        if scenario.services[scenario.consequences[key].service].bands is None:
            individual_sd = inputs[position[f"consequences.{key}.change"]].distribution.individual_sd
            rows += _plain_terms(scenario, key, position, individual_sd)
            uncapped += [bands_of(scenario, key, position)] if is_scaled(scenario, scenario.consequences[key]) else []
        else:
            bands = bands_of(scenario, key, position)
            rows += _banded_terms(scenario, key, position, (bands, first))
            all_bands.append(bands)
            first += math.prod(bands.shape)
    varying = tuple(dict.fromkeys(row.varying for row in rows if row.varying is not None))
    shape = (0, len(cohorts_of(scenario)), len(scenario.actors) + 1, len(scenario.years))
    return {
        "bands": tuple(all_bands),
        "uncapped": tuple(uncapped),
        "factors": ints([row.factors for row in rows]).reshape(-1, FACTORS),
        "varying": varying,
        "variation": ints([NONE if row.varying is None else varying.index(row.varying) for row in rows]),
        "individual_sd": frozen(np.array([row.individual_sd for row in rows], dtype=np.float64)),
        "term_area": ints([row.area for row in rows]),
        "persistence": ints([row.persistence for row in rows]),
        "since": frozen(np.array([row.since for row in rows], dtype=np.float64).reshape(-1, shape[1], shape[3])),
        "weights": frozen(np.array([row.weights for row in rows]) if rows else np.zeros(shape)),
    }


def _plain_terms(scenario: Scenario, key: str, position: Mapping[str, int], individual_sd: float) -> Iterator[_Term]:
    """Terms of a consequence whose shares do not depend on how much is used."""
    consequence = scenario.consequences[key]
    service = scenario.services[consequence.service]
    kept = NONE if consequence.persistence is None else position[f"consequences.{key}.persistence"]
    group = NONE if consequence.group is None else position[f"groups.{consequence.group}.factor"]
    number = NONE if consequence.relatives is None else position[f"relatives.{consequence.relatives}.number"]
    scaled = (NONE, NONE)
    if is_scaled(scenario, consequence):
        scaled = (position[f"consequences.{key}.level"], position[f"1/consequences.{key}.level_studied"])
    by_year = _units_by_year(consequence, scenario)  # (c, y)
    borne = list(_borne(scenario, consequence.service, position))  # share input, (a, y)
    for price, inside in _prices(scenario, consequence.service, position):
        for share, shares in borne:
            if (shares * inside).any():
                yield _Term(
                    factors=(group, position[f"consequences.{key}.change"], price, share, number, *scaled),
                    area=tuple(scenario.areas).index(service.area),
                    persistence=kept,
                    since=years_since(consequence, scenario),
                    weights=_gain_of_a_unit(scenario, service) * by_year[:, None, :] * (shares * inside)[None, :, :],
                    varying=key if individual_sd > 0 else None,
                    individual_sd=individual_sd,
                )


def _gain_of_a_unit(scenario: Scenario, service: Service) -> float:
    """Sign and price index: fewer days cost less; more income gives more."""
    return (1.0 if service.income else -1.0) * price_factor(scenario, service.price_year)


def _prices(scenario: Scenario, key: str, position: Mapping[str, int]) -> Iterator[tuple[int, Floats]]:
    """Position of each step of a price, and 1 in the years in which it holds, (y,)."""
    steps = scenario.services[key].price
    for number, step in enumerate(steps):
        until = steps[number + 1].from_ if number + 1 < len(steps) else math.inf
        assert until is not None
        since = -math.inf if step.from_ is None else step.from_
        inside = np.array([1.0 if since <= year < until else 0.0 for year in scenario.years])
        yield position[f"services.{key}.price{at(step.from_)}"], inside


def bands_of(scenario: Scenario, key: str, position: Mapping[str, int]) -> Bands:
    """A consequence of a service with bands, its shares rolled up by actor."""
    consequence = scenario.consequences[key]
    service = scenario.services[consequence.service]
    assert consequence.level is not None
    regimes = _regimes(service)
    bounds = np.full((len(regimes), max(len(steps) for steps in regimes)), np.inf)
    shares = np.zeros((*bounds.shape, len(scenario.actors) + 1))
    for r, steps in enumerate(regimes):
        for b, step in enumerate(steps):
            bounds[r, b] = step.above or 0
            shares[r, b] = [1.0, *rolled_up(scenario.actors, step.shares)]
    return Bands(
        change=position[f"consequences.{key}.change"],
        level=position[f"consequences.{key}.level"],
        factor=None if consequence.group is None else position[f"groups.{consequence.group}.factor"],
        persistence=position.get(f"consequences.{key}.persistence"),
        before=position.get(f"consequences.{key}.level_before"),
        studied=position.get(f"consequences.{key}.level_studied"),
        changes=frozen(np.array(change_by_year(consequence, scenario.horizon))),
        levels=frozen(np.array(level_by_year(consequence.level, scenario.horizon))),
        since=frozen(np.maximum(np.arange(scenario.horizon) - float(consequence.onset), 0.0)),
        spell=service.bands == "spell",
        bounds=frozen(bounds),
        shares=frozen(shares),
    )


def _regimes(service: Service) -> list[list[ShareStep]]:
    """Steps of shares by the year from which they hold, the bands of each in rising order."""
    return [list(steps) for _, steps in groupby(service.shares, key=lambda step: step.from_)]


def _banded_terms(
    scenario: Scenario, key: str, position: Mapping[str, int], banded: tuple[Bands, int]
) -> Iterator[_Term]:
    """One term for each price step, year since success, regime and actor: the derived value is what the actor bears."""
    bands, first = banded
    service_key = scenario.consequences[key].service
    service = scenario.services[service_key]
    consequence = scenario.consequences[key]
    cohorts, years = np.array([one.year for one in cohorts_of(scenario)]), np.array(scenario.years)
    concerned = np.array([_concerns(consequence, one) for one in cohorts_of(scenario)])
    starts = np.array([steps[0].from_ or 0 for steps in _regimes(service)])
    regime = np.searchsorted(starts, years, side="right") - 1
    last, regimes, actors = bands.shape
    for price, inside in _prices(scenario, service_key, position):
        for k, r in product(range(last), range(regimes)):
            falls = (years[None, :] - cohorts[:, None] == k) & ((regime == r) & (inside > 0))[None, :]
            falls &= concerned[:, None]
            for a in np.flatnonzero(bands.shares[r].any(axis=0)) if falls.any() else ():
                weights = np.zeros((len(cohorts), actors, len(years)))
                weights[:, a] = _gain_of_a_unit(scenario, service) * falls
                yield _Term(
                    factors=(NONE, first + (k * regimes + r) * actors + int(a), price, *[NONE] * (FACTORS - 3)),
                    area=tuple(scenario.areas).index(service.area),
                    persistence=NONE,
                    since=np.zeros(falls.shape),
                    weights=weights,
                )


def uncertain_subgroups(scenario: Scenario) -> list[tuple[str, float]]:
    """Places of the shares of subgroups and what they are, in the order of ids, where they are uncertain."""
    if scenario.participants.shares_concentration is None:
        return []
    shares = {f"subgroups.{key}.share": one.share for key, one in scenario.subgroups.items()}
    return uncertain_shares(shares)


def uncertain_shares(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    """Shares above 0 by actor, in the order of ids; none where one actor bears all, which leaves nothing open."""
    positive = sorted((actor, share) for actor, share in shares.items() if share > 0)
    return positive if len(positive) > 1 else []


def _borne(scenario: Scenario, key: str, position: Mapping[str, int]) -> Iterator[tuple[int, Floats]]:
    """Who bears a service: position of an uncertain share, and the shares that go with it by actor and year.

    Certain shares go together in one table. An uncertain share has one of its own, with 1 at its actor and at those
    that the actor is inside of. The total, which no share moves, stays with the certain ones.
    """
    service = scenario.services[key]
    table = _shares_by_year(scenario, service)
    if service.shares_concentration is None:
        yield NONE, table
        return
    alone = []
    actors = in_order(scenario.actors)
    for number, step in enumerate(service.shares):
        until = service.shares[number + 1].from_ if number + 1 < len(service.shares) else None
        inside = [(step.from_ or 0) <= year < (until or 9999) for year in scenario.years]
        for actor, _ in uncertain_shares(step.shares):
            rows = [actors.index(one) + 1 for one in lineage(scenario.actors, actor)]
            own = np.zeros_like(table)
            own[np.ix_(rows, inside)] = 1.0
            table[np.ix_(rows, inside)] = 0.0
            alone.append((position[f"services.{key}.shares.{actor}{at(step.from_)}"], own))
    yield NONE, table
    yield from alone


def years_since(consequence: Consequence, scenario: Scenario) -> Floats:
    """Years since the change began for each cohort, (c, y); 0 before."""
    began = np.array([one.year for one in cohorts_of(scenario)]) + consequence.onset
    years = np.array(scenario.years, dtype=np.float64)
    ages: Floats = np.maximum(years[None, :] - began[:, None], 0.0)
    return ages


def _units_by_year(consequence: Consequence, scenario: Scenario) -> Floats:
    """Change in each year since success for cohort c in calendar year y, (c, y); 0 before it and past the horizon."""
    cohorts, by_year = cohorts_of(scenario), change_by_year(consequence, scenario.horizon)
    units = np.zeros((len(cohorts), len(scenario.years)))
    years = np.array(scenario.years)
    for filled, cohort in zip(units, cohorts, strict=True):
        if _concerns(consequence, cohort):
            since = years - cohort.year
            inside = (since >= 0) & (since < len(by_year))
            filled[inside] = np.array(by_year)[since[inside]]
    return units


def _concerns(consequence: Consequence, cohort: Cohort) -> bool:
    """Whether a success of a cohort has a consequence."""
    return consequence.subgroup is None or consequence.subgroup == cohort.subgroup


def _shares_by_year(scenario: Scenario, service: Service) -> Floats:
    """share[a, y]; the total's is 1, a parent's includes those inside it."""
    table = np.ones((len(scenario.actors) + 1, len(scenario.years)))
    years = np.array(scenario.years)
    for step in service.shares:  # each holds until the next one
        table[1:, years >= (step.from_ or 0)] = np.array(rolled_up(scenario.actors, step.shares))[:, None]
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
    actors = in_order(scenario.actors)
    for key in sorted(scenario.costs):
        cost = scenario.costs[key]
        payer = np.array([1.0, *rolled_up(scenario.actors, cost.payer)])
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
            received, paid = (lineage(scenario.actors, who) for who in (grant.receiver, grant.payer))
            moved = np.array([0.0, *(float(actor in received) - float(actor in paid) for actor in actors)])
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
