"""What chance adds to the variance, E Var(net | θ), from moments instead of draws.

Var(net | θ) = Σ_c Var(successes_c | rates, turnout) v_c², and the same with the persons whose use changes for amounts
that differ from person to person. v_c, the kroner of one success, is a sum of products like the net result, without
rates and turnout: where these are independent of it, each expectation is a product of two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.closed_form import mean_squares
from soemrisk.design import Plan
from soemrisk.families import FAMILIES
from soemrisk.family import Parameters
from soemrisk.model import NONE, Model
from soemrisk.moments import all_moments, nodes_of
from soemrisk.products import Block, Factor, Products, Row, columns_of_inputs, gathered, over_years

Floats = NDArray[np.float64]

GAUSS = 4  # nodes between neighbouring places
TAIL = 2.0 ** -np.arange(60, 7, -1.0)  # levels from where distribution functions are steep or flat
LEVELS = np.concatenate([TAIL, np.linspace(1 / 128, 127 / 128, 253), 1 - TAIL[TAIL > 1e-15][::-1]])
MOST_BREAKS = 2048  # whole numbers of completers between which expectations are taken apart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """Moments of the net rate s, and of the variance and the number of persons that one completer stands for."""

    square: float  # E s²
    spread: float  # E |s| (1 − |s|), or of both rates where they are drawn apart
    changed: float  # E |s|, or of both rates


def expected_chance(products: Products, plan: Plan) -> Floats | None:
    """E Var(net | θ) of each actor.

    Parameters
    ----------
    products : Products
        The model taken apart.
    plan : Plan
        Draws of inputs that depend on each other, whose moments are sampled; not used where there are none.

    Returns
    -------
    (r, a) float64, kr. squared, or None
        One row where nothing is sampled, else one for each replicate; None where rates or the number of completers
        are drawn together with anything else, as with uncertain shares of subgroups, so that no expectation is a
        product.

    Notes
    -----
    With N completers, N = ⌊n⌋ + Bernoulli(f): Var(successes) = n s(1 − s) + f(1 − f) s², docs/methods.md, "Ignorance
    and chance". The square of v_c is a double sum over products, as the variance of the net result is.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.design import plan
    >>> from soemrisk.moments import products_of
    >>> from soemrisk.reading import read
    >>> found = expected_chance(products_of(compile_scenario(read("act-randers"))), plan(1024, 1))
    >>> found.shape
    (1, 4)
    """
    model = products.model
    outcomes = (1 + len(model.varying)) * len(model.completers)
    of_success = gathered(model, products.parts, _worths(model, products.parts), outcomes)
    own = _own_blocks(products, of_success)
    if own is None:
        return None
    if not len(of_success.functions):
        return np.zeros((1, len(model.actors)))
    persons, fractions = _persons(model), _fractions(products, own)
    by_rates = {pair: _rates(products, own, pair) for pair in set(map(tuple, model.rates.tolist()))}
    each = [by_rates[pair] for pair in map(tuple, model.rates.tolist())]
    spread, square, changed = (
        np.array([getattr(one, name) for one in each]) for name in ("spread", "square", "changed")
    )
    of_amounts = [changed * persons] * len(model.varying)
    weights = np.concatenate([spread * persons + square * fractions, *of_amounts])
    squares = [mean_squares(of_success, known) for known in all_moments(of_success, plan)]
    return np.array([one.reshape(len(model.actors), -1) @ weights for one in squares])


def _worths(model: Model, parts: Floats) -> Iterator[Row]:
    """Kr. of one success of each cohort, then those of one standard deviation between persons, by consequence."""
    cohorts = len(model.completers)
    shape = (len(model.actors), 1 + len(model.varying), cohorts)
    for t, factors in enumerate(model.factors):
        whole = tuple(Factor("value", int(q)) for q in factors if q != NONE)
        without_change = tuple(Factor("value", int(q)) for n, q in enumerate(factors) if q != NONE and n != 1)
        for lasting, weights in over_years(model, t, model.weights[t], parts):
            by_cohort = weights.sum(axis=2).T  # (a, c)
            outcomes = np.zeros(shape)
            outcomes[:, 0] = by_cohort
            yield (*whole, *lasting), outcomes.reshape(len(outcomes), -1)
            if model.variation[t] != NONE:
                apart = np.zeros(shape)
                apart[:, 1 + model.variation[t]] = model.individual_sd[t] * by_cohort
                yield (*without_change, *lasting), apart.reshape(len(apart), -1)


def _own_blocks(products: Products, of_success: Products) -> dict[int, Block] | None:
    """Block of each uncertain rate and of the turnout; None where one is a vector, derived, or holds anything else."""
    model = products.model
    following = {q for one in model.derived_rates for q in (one.without, one.effect)}
    if following & set(columns_of_inputs(model)) or (model.share != NONE).any():
        return None
    named = {*model.rates.ravel().tolist(), model.turnout} - {NONE}
    used = {int(column) for block in of_success.blocks for column in block.columns}
    found = {}
    for block in products.blocks:
        members = named & set(block.inputs.tolist())
        if members and (block.vector or used & set(block.columns.tolist()) or {model.turnout} < members):
            return None
        found.update(dict.fromkeys(members, block))
    return found


def _rates(products: Products, own: dict[int, Block], pair: tuple[int, int]) -> _Rates:
    model, (gross, without) = products.model, pair
    high, low = _rate(model, own, gross), _rate(model, own, without)
    apart, base = high, low
    if gross in own and own.get(without) is own[gross]:  # one draw moves both
        found = nodes_of(products, own[gross])
        apart, base = _discrete(found.values[gross] - found.values[without], found.weights), _rate(model, own, NONE)
    square = apart.square - 2 * apart.mean * base.mean + base.square
    if model.independent_chance:
        changed, taken_off = high.mean + low.mean, high.square + low.square
    else:
        changed, taken_off = _mean_distance(apart, base), square
    return _Rates(square=square, spread=changed - taken_off, changed=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate:
    """A rate: mean, mean square, places between which its distribution function is smooth, and its row of the table.

    Without a family it is a discrete distribution on its places, with their weights.
    """

    mean: float
    square: float
    places: Floats
    weights: Floats
    family: str | None
    parameters: Parameters

    def below(self, places: Floats) -> Floats:
        """Probability of a rate up to each place."""
        if self.family is None:
            steps = (self.places <= places[:, None]) @ self.weights
            return np.asarray(steps)
        return np.asarray(FAMILIES[self.family].cdf(places, self.parameters))


def _discrete(values: Floats, weights: Floats) -> _Rate:
    mean, square = float(weights @ values), float(weights @ values**2)
    return _Rate(mean=mean, square=square, places=values, weights=weights, family=None, parameters={})


def _rate(model: Model, own: dict[int, Block], q: int) -> _Rate:
    """A rate; 0 for none."""
    if q not in own:
        return _discrete(np.array([0.0 if q == NONE else model.base[q]]), np.ones(1))
    stated = model.inputs[q].distribution
    assert stated.family is not None
    row, parameters = FAMILIES[stated.family], stated.parameters
    mean = row.mean(parameters)
    places = np.concatenate([np.asarray(row.quantile(LEVELS, parameters)), row.jumps(parameters)])
    square = row.sd(parameters) ** 2 + mean**2
    weights = np.zeros(0)
    return _Rate(mean=mean, square=square, places=places, weights=weights, family=stated.family, parameters=parameters)


def _mean_distance(one: _Rate, other: _Rate) -> float:
    """E |x − y| of independent x and y: ∫ F (1 − G) + G (1 − F), by Gauss rules between neighbouring places of both."""
    if one.places.min() >= other.places.max() or one.places.max() <= other.places.min():
        return abs(one.mean - other.mean)
    edges = np.unique(np.concatenate([one.places, other.places]))
    places, weights = np.polynomial.legendre.leggauss(GAUSS)
    widths = np.diff(edges)
    at = (edges[:-1, None] + widths[:, None] * (places + 1) / 2).ravel()
    below, others = one.below(at), other.below(at)
    between = below * (1 - others) + others * (1 - below)
    return float(widths @ (between.reshape(-1, GAUSS) @ weights) / 2)


def _persons(model: Model) -> Floats:
    """Expected number of completers of each cohort."""
    come: Floats = model.completers * (1.0 if model.turnout == NONE else model.means[model.turnout])
    return come


def _fractions(products: Products, own: dict[int, Block]) -> Floats:
    """Expectation of f(1 − f), f the fraction of a completer, of each cohort."""
    model = products.model
    if model.turnout not in own:
        apart = _persons(model) % 1.0
        return apart * (1.0 - apart)
    turnout = model.inputs[model.turnout].distribution
    assert turnout.family is not None
    row = FAMILIES[turnout.family]
    low, high = (float(row.quantile(np.array(level), turnout.parameters)) for level in (1e-12, 1 - 1e-12))
    found = np.zeros(len(model.completers))
    for c, stated in enumerate(model.completers):
        first, last = np.ceil(low * stated), np.floor(high * stated)
        whole = np.arange(first, min(last, first + MOST_BREAKS) + 1)
        breaks = np.asarray(row.cdf(whole / stated, turnout.parameters)) if stated > 0 else np.zeros(0)
        block = nodes_of(products, own[model.turnout], breaks[(breaks > 0) & (breaks < 1)])
        apart = block.values[model.turnout] * stated % 1.0
        found[c] = block.weights @ (apart * (1.0 - apart))
    return found
