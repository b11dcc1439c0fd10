"""A scenario compiled to a sum of products: index arrays and yearly weights, nothing by name any more.

    benefit term t of cohort c:  Π_i x[factors[t, i]] × weights[t, c, a, y]      kr. per success, + is gain
    cost term u:                 x[cost_quantity[u]] × cost_weights[u, a, y]     kr., − is cost
    net[a, y] = Σ_c successes_c Σ_t term × d(y) + Σ_u term × d(y) or 1

This one structure is what ``reference``, ``kernel`` and every closed form work on. Actor 0 is the total: it has
weights of its own (the undivided kroner), so that moving a payer cannot change a byte of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from soemrisk.distribution import Uncertain, resolve
from soemrisk.quantity import DOMAINS
from soemrisk.rules import at, quantities
from soemrisk.scenario import Consequence, Cost, Scenario, Service

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE = -1  # "no quantity here": the factor is 1

STRUCTURAL = (
    "success",
    "participants",
    "costs",
    "grants",
    "settings",
    "groups",
)  # first among Sobol' dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A quantity of the model: its key, what the file says, and the distribution that this means."""

    key: str
    path: str
    unit: str
    source: str
    distribution: Uncertain

    @property
    def draw_key(self) -> str:
        """What its draws are keyed by: steps of one quantity over calendar years share one draw."""
        return self.key.split("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A scenario as arrays. Letters: q quantities, t benefit terms, c cohorts, a actors (0 = total), y years, u costs.

    Attributes
    ----------
    inputs : tuple of Input, length q
        All quantities, certain ones included, in canonical order.
    uncertain : (d,) int
        Positions of the inputs with a spread.
    column : (d,) int
        Column of the points that each of them is drawn from; steps of one quantity share one.
    rates : (2,) int
        Positions of the rate with and the rate without; (net, NONE) for a net rate.
    discount : (s,) int
        Positions of the discount rates, one for each step of the rate.
    years_at_rate : (s, y)
        Years for which each rate discounts the year: d(y) = Π_s (1 + r_s)^−years_at_rate[s, y].
    cohort_years, completers : (c,)
        Calendar year and number of those who complete, as stated.
    turnout : int
        Position of the factor on the number of those who complete; NONE where it is as stated.
    factors : (t, 3) int
        Positions of common factor, change and price; NONE where there is none.
    term_area : (t,) int
    persistence : (t,) int
        Position of the share of the change that is kept from year to year; NONE where all of it is.
    since : (t, c, y)
        Years since the change began, 0 before: the power of the persistence.
    weights : (t, c, a, y)
        Kr. per success, undiscounted, in the calculation's price year.
    cost_quantity, cost_area, cost_discounted, cost_by_turnout : (u,)
        Amount, area, whether it is discounted, and whether it is for each completer, so that turnout multiplies it.
    cost_weights : (u, a, y)
    """

    scenario_id: str
    actors: tuple[str, ...]
    areas: tuple[str, ...]
    years: tuple[int, ...]
    inputs: tuple[Input, ...]
    uncertain: Ints
    column: Ints
    rates: Ints
    discount: Ints
    years_at_rate: Floats
    cohort_years: Ints
    completers: Floats
    turnout: int
    factors: Ints
    term_area: Ints
    persistence: Ints
    since: Floats
    weights: Floats
    cost_quantity: Ints
    cost_area: Ints
    cost_discounted: NDArray[np.bool_]
    cost_by_turnout: NDArray[np.bool_]
    cost_weights: Floats
    independent_chance: bool

    @property
    def base(self) -> Floats:
        """Base value of every quantity, shape (q,)."""
        return np.array([one.distribution.base for one in self.inputs])

    @property
    def means(self) -> Floats:
        """Mean of every quantity, shape (q,)."""
        return np.array([one.distribution.mean for one in self.inputs])

    def base_of(self, path: str) -> float:
        """Base value of the quantity at a path of the scenario, for example ``success.with``."""
        return next(one.distribution.base for one in self.inputs if one.path == path)

    @property
    def columns(self) -> int:
        """Number of columns of the points that the inputs take."""
        return int(self.column.max(initial=-1)) + 1

    @property
    def changes(self) -> Ints:
        """Positions of the uncertain consequences, one each."""
        return np.array(sorted(set(self.factors[:, 1]) & set(self.uncertain)), dtype=np.int64)


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
    actors = ("total", *scenario.actors)
    areas = tuple(scenario.areas)
    inputs = _inputs(scenario)
    position = {one.path: n for n, one in enumerate(inputs)}
    years = scenario.years
    cohorts = _cohorts(scenario)
    rates = ("success.net", "") if scenario.success.net is not None else ("success.with", "success.without")
    uncertain = [n for n, one in enumerate(inputs) if one.distribution.family is not None]
    draw_keys = list(dict.fromkeys(inputs[n].draw_key for n in uncertain))
    return Model(
        scenario_id=scenario.id,
        actors=actors,
        areas=areas,
        years=years,
        inputs=inputs,
        uncertain=_ints(uncertain),
        column=_ints([draw_keys.index(inputs[n].draw_key) for n in uncertain]),
        rates=_ints([position.get(path, NONE) for path in rates]),
        discount=_ints([position[f"settings.discount_rate{at(s.from_)}"] for s in scenario.settings.discount_rate]),
        years_at_rate=_frozen(_years_at_rate(scenario)),
        cohort_years=_ints(cohorts),
        turnout=position.get("participants.factor", NONE),
        completers=_frozen(np.array([scenario.participants.completers[year] for year in cohorts])),
        independent_chance=scenario.settings.chance == "independent",
        **_benefit_terms(scenario, inputs, position),
        **_cost_terms(scenario, position),
    )


def _ints(values: object) -> Ints:
    return _frozen(np.array(values, dtype=np.int64))


Scalar = TypeVar("Scalar", bound=np.generic)


def _frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.setflags(write=False)
    return array


def _inputs(scenario: Scenario) -> tuple[Input, ...]:
    """All quantities in canonical order: structural sections first, then by key; the order of the file is nothing."""
    listed = [
        Input(
            key=f"{scenario.id}/{path.replace('.', '/')}",
            path=path,
            unit=quantity.unit,
            source=quantity.source,
            distribution=resolve(quantity, DOMAINS[domain]),
        )
        for path, quantity, domain in quantities(scenario)
    ]

    def rank(one: Input) -> tuple[int, str]:
        section = one.path.split(".")[0]
        return (STRUCTURAL.index(section) if section in STRUCTURAL else len(STRUCTURAL), one.key)

    return tuple(sorted(listed, key=rank))


def price_factor(scenario: Scenario, price_year: int | None) -> float:
    """Factor from a price year to the calculation's: p_target = p_own × NPI_target / NPI_own."""
    target = scenario.settings.price_year
    if price_year is None or price_year == target:
        return 1.0
    index = scenario.settings.price_index
    assert index is not None
    return index.values[target] / index.values[price_year]


def _benefit_terms(scenario: Scenario, inputs: tuple[Input, ...], position: Mapping[str, int]) -> dict[str, Any]:
    """One term for each consequence and price step of its service."""
    years = scenario.years
    factors, areas, weights, persistence, ages = [], [], [], [], []
    for key in sorted(scenario.consequences):
        consequence = scenario.consequences[key]
        service = scenario.services[consequence.service]
        change = position[f"consequences.{key}.change"]
        profile = inputs[change].distribution.profile or _shape(consequence, len(years))
        kept = NONE if consequence.persistence is None else position[f"consequences.{key}.persistence"]
        group = NONE if consequence.group is None else position[f"groups.{consequence.group}.factor"]
        sign = 1.0 if service.income else -1.0  # fewer days cost less; more income gives more
        by_year = _units_by_year(profile, consequence, scenario)  # (c, y)
        shares = _shares_by_year(scenario, service)  # (a, y)
        for number, step in enumerate(service.price):
            until = service.price[number + 1].from_ if number + 1 < len(service.price) else math.inf
            assert until is not None
            since = -math.inf if step.from_ is None else step.from_
            inside = np.array([1.0 if since <= year < until else 0.0 for year in years])
            persistence.append(kept)
            ages.append(_years_since(consequence, scenario))
            factors.append((group, change, position[f"services.{consequence.service}.price{at(step.from_)}"]))
            areas.append(tuple(scenario.areas).index(service.area))
            kroner = sign * price_factor(scenario, service.price_year)
            weights.append(kroner * by_year[:, None, :] * (shares * inside)[None, :, :])
    shape = (0, len(_cohorts(scenario)), len(scenario.actors) + 1, len(years))
    return {
        "factors": _ints(factors).reshape(-1, 3),
        "term_area": _ints(areas),
        "persistence": _ints(persistence),
        "since": _frozen(np.array(ages, dtype=np.float64).reshape(-1, len(_cohorts(scenario)), len(years))),
        "weights": _frozen(np.array(weights) if weights else np.zeros(shape)),
    }


def _shape(consequence: Consequence, longest: int) -> tuple[float, ...]:
    """Change in each year in units of the first year's: 1, or rising by ``yearly`` units a year."""
    value = consequence.change.value
    step = consequence.yearly / value if consequence.yearly != 0 and isinstance(value, float) else 0.0
    return tuple(1.0 + step * k for k in range(longest))


def _years_since(consequence: Consequence, scenario: Scenario) -> Floats:
    """Years since the change began for each cohort, (c, y); 0 before."""
    began = np.array(_cohorts(scenario)) + consequence.onset
    years = np.array(scenario.years, dtype=np.float64)
    ages: Floats = np.maximum(years[None, :] - began[:, None], 0.0)
    return ages


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


def _units_by_year(profile: tuple[float, ...], consequence: Consequence, scenario: Scenario) -> Floats:
    """change[k] for cohort c in calendar year y, (c, y), k = y − c − onset; 0 before, after list and duration."""
    cohorts = _cohorts(scenario)
    longest = scenario.horizon - consequence.onset if scenario.settings.window == "cohort" else len(scenario.years)
    lasts = min(len(profile), longest, *(() if consequence.duration is None else (consequence.duration,)))
    units = np.zeros((len(cohorts), len(scenario.years)))
    for c, cohort in enumerate(cohorts):
        for y, year in enumerate(scenario.years):
            since = year - cohort - consequence.onset
            if 0 <= since < lasts:
                units[c, y] = profile[since]
    return units


def _cohorts(scenario: Scenario) -> tuple[int, ...]:
    """Years in which somebody completes."""
    return tuple(sorted(year for year, count in scenario.participants.completers.items() if count > 0))


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


def _cost_terms(scenario: Scenario, position: Mapping[str, int]) -> dict[str, Any]:
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
        "cost_quantity": _ints(quantity),
        "cost_area": _ints(area),
        "cost_by_turnout": _frozen(np.array(by_turnout, dtype=np.bool_)),
        "cost_discounted": _frozen(np.full(len(quantity), scenario.settings.costs_discounted)),
        "cost_weights": _frozen(np.array(weights) if weights else np.zeros(shape)),
    }
