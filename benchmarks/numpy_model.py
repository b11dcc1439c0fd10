"""A SØM calculation in plain numpy, as a researcher would write it for speed; knows nothing of soemrisk.

Reads the scenario file itself, and covers what the measured scenarios use: success rates, costs for the whole
period, groups, services with one price and fixed shares, changes that hold in every year. Whatever else a file
states is refused. Draws are made in chunks that stay in the cache; the outcomes of all draws are kept, because exact
quantiles need them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Source = Callable[[int], tuple[dict[str, Floats], Floats | None]]
CHUNK = 8192
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An uncertain number: name, family and parameters as ``scipy.stats`` and ``numpy.random`` need them."""

    name: str
    family: str
    parameters: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """A scenario as arrays; t services, a actors (the total last), h areas, y years, c cohorts, u costs."""

    inputs: tuple[Input, ...]
    base: dict[str, float]
    actors: tuple[str, ...]
    areas: tuple[str, ...]
    years: tuple[int, ...]
    completers: Floats  # (c,)
    alive: Floats  # (c, y) 1 in the years in which a success of the cohort counts
    terms: tuple[tuple[str | None, str, str], ...]  # names of factor, change and price of each service
    worth: Floats  # (t, h × a) kr. of the product of the three, by area and actor
    cost_names: tuple[str, ...]
    cost_worth: Floats  # (u, h, a, y) negative
    discount: Floats  # (y,)
    cost_discount: Floats  # (y,)


CERTAIN = {"value", "unit", "source"}
SETTINGS = {
    *("first_year", "last_year", "base_year", "price_year", "price_index", "discount_rate"),
    *("costs_discounted", "costs_discounted_source"),
}
COST = {"name", "area", "amount", "years", "payer", "payer_source"}
SERVICE = {"name", "area", "unit", "price", "price_year", "shares", "shares_source", "user_defined"}
CONSEQUENCE = {"service", "group", "change"}


def not_covered(file: dict[str, Any]) -> set[str]:
    """Keys of a scenario that this model would pass over."""
    found = set(file["settings"]) - SETTINGS | set(file["settings"]["discount_rate"]) - CERTAIN
    found |= set(file["participants"]) - {"completers", "source"}
    found |= set(file) & {"correlations"} | {key for one in file["actors"].values() for key in set(one) - {"name"}}
    for section, known in (("costs", COST), ("services", SERVICE), ("consequences", CONSEQUENCE)):
        found |= {key for one in file[section].values() for key in set(one) - known}
    found |= {name for name, grant in file.get("grants", {}).items() if grant["booked"]}
    return found | {key for key, one in file["consequences"].items() if isinstance(one["change"]["value"], list)}


def load(path: Path) -> Calculation:
    """Read a scenario file.

    Raises
    ------
    ValueError
        The scenario states something that this model does not know.
    """
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    if not_covered(file):
        raise ValueError(f"not covered here: {', '.join(sorted(not_covered(file)))}")
    settings = file["settings"]
    years = tuple(range(settings["first_year"], settings["last_year"] + 1))
    actors, areas = (*file["actors"], "total"), tuple(file["areas"])
    rate = settings["discount_rate"]["value"]
    discount = (1.0 + rate) ** -(np.array(years) - settings.get("base_year", years[0]))
    cohorts = {int(year): float(number) for year, number in file["participants"]["completers"].items()}
    stated = dict(_stated(file))
    index = settings.get("price_index", {"values": {}})["values"]

    terms, worth = [], []
    for name, consequence in file["consequences"].items():
        service = file["services"][consequence["service"]]
        group = consequence.get("group")
        terms.append((
            None if group is None else f"groups.{group}.factor",
            f"consequences.{name}.change",
            f"services.{consequence['service']}.price",
        ))  # fmt: skip
        one = np.zeros((len(areas), len(actors)))
        one[areas.index(service["area"])] = -_shares(service["shares"], actors)
        if service["price_year"] != settings["price_year"]:
            one *= index[str(settings["price_year"])] / index[str(service["price_year"])]
        worth.append(one.ravel())

    cost_worth = np.zeros((len(file["costs"]), len(areas), len(actors), len(years)))
    for u, cost in enumerate(file["costs"].values()):
        by_year = np.array([cost["years"].get(str(year), 0.0) for year in years])
        cost_worth[u, areas.index(cost["area"])] = -_shares(cost["payer"], actors)[:, None] * by_year
    return Calculation(
        inputs=tuple(one for one in (_input(*item) for item in stated.items()) if one is not None),
        base={name: _base(quantity) for name, quantity in stated.items()},
        actors=actors,
        areas=areas,
        years=years,
        completers=np.array(list(cohorts.values())),
        alive=np.array([[1.0 if year >= cohort else 0.0 for year in years] for cohort in cohorts]),
        terms=tuple(terms),
        worth=np.array(worth),
        cost_names=tuple(f"costs.{name}.amount" for name in file["costs"]),
        cost_worth=cost_worth,
        discount=discount,
        cost_discount=discount if settings["costs_discounted"] else np.ones(len(years)),
    )


def _shares(stated: dict[str, float], actors: tuple[str, ...]) -> Floats:
    return np.array([*(stated.get(actor, 0.0) for actor in actors[:-1]), 1.0])


def _stated(file: dict[str, Any]) -> Any:
    """Every quantity that can be uncertain here, by its path."""
    yield from ((f"success.{key}", one) for key, one in file["success"].items())
    yield from ((f"costs.{key}.amount", one["amount"]) for key, one in file["costs"].items())
    yield from ((f"groups.{key}.factor", one["factor"]) for key, one in file.get("groups", {}).items())
    yield from ((f"services.{key}.price", one["price"]) for key, one in file["services"].items())
    yield from ((f"consequences.{key}.change", one["change"]) for key, one in file["consequences"].items())


def _base(quantity: dict[str, Any]) -> float:
    if "value" in quantity:
        return float(quantity["value"])
    return float(quantity["counts"]["successes"] / quantity["counts"]["of"])


def _input(name: str, quantity: dict[str, Any]) -> Input | None:
    """What a statement means, from docs/scenario.md, section 3."""
    value, low, high = _base(quantity), quantity.get("low"), quantity.get("high")
    if "counts" in quantity:
        successes, of = quantity["counts"]["successes"], quantity["counts"]["of"]
        return Input(name=name, family="beta", parameters=(successes + 0.5, of - successes + 0.5, 0.0, 1.0))
    if quantity.get("meaning") == "hard":
        a = 1.0 + 4.0 * (value - low) / (high - low)
        return Input(name=name, family="beta", parameters=(a, 6.0 - a, low, high - low))
    if quantity.get("meaning") == "90%":
        z = NormalDist().inv_cdf(0.95)
        middle, spread = math.log(low * high) / 2.0, math.log(high / low) / (2.0 * z)
        return Input(name=name, family="lognormal", parameters=(middle, spread))
    if "significant" in quantity:
        z = NormalDist().inv_cdf(1.0 - quantity["significant"] / 2.0)
        return Input(name=name, family="normal", parameters=(value, abs(value) / z))
    if "se" in quantity:
        return Input(name=name, family="normal", parameters=(value, quantity["se"]))
    if set(quantity) - CERTAIN:
        raise ValueError(f"not covered here: {name}")
    return None


def drawn(calculation: Calculation, n: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Inputs drawn with numpy's own samplers: plain Monte Carlo, no quantile function."""
    found = {}
    for one in calculation.inputs:
        if one.family == "beta":
            a, b, low, width = one.parameters
            found[one.name] = low + width * rng.beta(a, b, n)
        else:
            found[one.name] = getattr(rng, one.family)(*one.parameters, n)
    return found


def quantiles(calculation: Calculation, points: Floats) -> dict[str, Floats]:
    """Inputs as quantile functions of ``scipy.stats`` at points (n, d) of the unit cube."""
    from scipy import stats

    found = {}
    for d, one in enumerate(calculation.inputs):
        u = points[:, d]
        if one.family == "beta":
            a, b, low, width = one.parameters
            found[one.name] = stats.beta.ppf(u, a, b, loc=low, scale=width)
        elif one.family == "lognormal":
            found[one.name] = stats.lognorm.ppf(u, one.parameters[1], scale=math.exp(one.parameters[0]))
        else:
            found[one.name] = stats.norm.ppf(u, *one.parameters)
    return found


def net_rate(calculation: Calculation, values: dict[str, Floats], n: int) -> Floats:
    """The net rate, or the rate with minus the rate without, (n,)."""
    rates = {key: values.get(key, base) for key, base in calculation.base.items() if key.startswith("success.")}
    found = rates["success.net"] if "success.net" in rates else rates["success.with"] - rates["success.without"]
    return np.broadcast_to(found, n)


def outcomes(calculation: Calculation, values: dict[str, Floats], successes: Floats) -> tuple[Floats, Floats]:
    """Net result by area and by year, (n, h, a) and (n, y, a), for the successes of each cohort (n, c)."""
    n, base = len(successes), calculation.base
    products = np.empty((n, len(calculation.terms)))
    for t, (factor, change, price) in enumerate(calculation.terms):
        products[:, t] = values.get(change, base[change]) * values.get(price, base[price])
        if factor is not None:
            products[:, t] *= values.get(factor, base[factor])
    actors = len(calculation.actors)
    one_success = (products @ calculation.worth).reshape(n, -1, actors)  # kr. a year, by area and actor
    living = (successes @ calculation.alive) * calculation.discount  # successes by year, discounted
    area = one_success * living.sum(axis=1)[:, None, None]
    year = living[:, :, None] * one_success.sum(axis=1)[:, None, :]
    for u, name in enumerate(calculation.cost_names):
        amount = np.broadcast_to(values.get(name, base[name]), n)
        paid = calculation.cost_worth[u] * calculation.cost_discount  # (h, a, y)
        area += amount[:, None, None] * paid.sum(axis=2)
        year += amount[:, None, None] * paid.sum(axis=0).T
    return area, year


def summarised(draws: Floats) -> dict[str, Floats]:
    """Mean, standard deviation, seven quantiles and the share above 0 of each column."""
    return {
        "mean": draws.mean(axis=0),
        "sd": draws.std(axis=0),
        "quantiles": np.quantile(draws, LEVELS, axis=0),
        "positive": (draws > 0).mean(axis=0),
    }


def simulated(calculation: Calculation, draws: int, source: Source, rng: np.random.Generator, *, few: bool) -> Floats:
    """Simulate in chunks.

    Parameters
    ----------
    calculation : Calculation
    draws : int
    source : callable
        Where draws of the inputs come from: ``source(n)`` gives their values by name, each (n,), and points of the unit
        cube for the successes of the cohorts (n, c), or None for numpy's own sampler of them.
    rng : Generator
        Of the successes.
    few : bool
        Only the net result by actor, and the totals by area and by year; else each by actor, E[net | θ] by actor, and
        the cumulated net result by year and actor, which is what soemrisk summarises for its stated band.

    Returns
    -------
    (draws, outputs)
        The net result by actor comes first.
    """
    kept: Floats | None = None
    for start in range(0, draws, CHUNK):
        n = min(CHUNK, draws - start)
        values, points = source(n)
        rate = net_rate(calculation, values, n)
        found = _succeeded(calculation, np.abs(rate)[:, None], points, rng)
        area, year = outcomes(calculation, values, np.sign(rate)[:, None] * found)
        parts = [year.sum(axis=1)]
        if few:
            parts += [area[:, :, -1], year[:, :, -1]]
        else:
            expected, _ = outcomes(calculation, values, rate[:, None] * calculation.completers)
            parts += [expected.sum(axis=1), area.reshape(n, -1), year.reshape(n, -1)]
            parts += [year.cumsum(axis=1).reshape(n, -1)]
        row = np.concatenate(parts, axis=1)
        kept = np.empty((draws, row.shape[1])) if kept is None else kept
        kept[start : start + n] = row
    assert kept is not None
    return kept


def _succeeded(calculation: Calculation, rate: Floats, points: Floats | None, rng: np.random.Generator) -> Any:
    """How many of each cohort succeed, (n, c)."""
    if points is None:
        return rng.binomial(calculation.completers.astype(int), rate)
    from scipy.stats import binom

    return binom.ppf(points, calculation.completers, rate)
