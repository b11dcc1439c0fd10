"""The calculation in plain numpy, readable beside the formulas of docs/methods.md: the slow twin of ``kernel``.

Letters of the shapes: n draws, q quantities, t benefit terms, c cohorts, a actors (0 = total), h areas, y years.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import NONE, Model

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the calculation gives for n points, in kr., present value.

    Attributes
    ----------
    area : (n, h, a)
        Net result by area, chance included.
    year : (n, y, a)
        Net result by calendar year, chance included.
    net : (n, a)
        Net result, chance included.
    correlated : (n, a)
        The same at values that were moved, with the same successes; ``net`` where none were.
    expected : (n, a)
        Net result given what we do not know, without chance: E[net | θ].
    at_zero : (n, a)
        E[net | θ] at a success rate of 0: the costs.
    per_rate : (n, a)
        What E[net | θ] gains when the success rate, the mean over those who complete, goes from 0 to 1; rates of
        cohorts in proportion.
    chance_variance : (n, a)
        Var(net | θ).
    rate : (n,)
        Net success rate, the mean over those who complete.
    lowest_rate : (n,)
        That of the cohort with the lowest.
    successes : (n,)
        Net number of successes, chance included, each discounted from the year in which its cohort completes.
    by_cohort : (n, c)
        Net number of successes of each cohort, chance included, not discounted.
    changed : (n, c)
        Persons whose use changes, where chance is drawn; else 0.
    """

    area: Floats
    year: Floats
    net: Floats
    correlated: Floats
    expected: Floats
    at_zero: Floats
    per_rate: Floats
    chance_variance: Floats
    rate: Floats
    lowest_rate: Floats
    successes: Floats
    by_cohort: Floats
    changed: Floats


class Evaluate(Protocol):
    """``kernel.evaluate``, or its slow twin ``reference.evaluate_points``."""

    def __call__(self, model: Model, values: Floats, chance: Floats | None, moved: Floats | None = None, /) -> Outcome:
        """Evaluate points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Chance, drawn.

    Attributes
    ----------
    successes : (n, c)
        Net number of successes of each cohort.
    persons : (n, c)
        Persons whose use changes: successes with and, where they are drawn apart, without.
    scores : (n, v, c)
        Standard normal scores of the amounts that differ from person to person.
    """

    successes: Floats
    persons: Floats
    scores: Floats


def discount_factors(model: Model, values: Floats) -> Floats:
    """d(y) = Π_s (1 + r_s)^−years at rate s, (n, y); 1 in the base year where kroner fall at the start of a year."""
    rates = values[:, model.discount]
    factors: Floats = np.prod((1.0 + rates[:, :, None]) ** -model.years_at_rate[None, :, :], axis=1)
    return factors


def net_rates(model: Model, values: Floats) -> Floats:
    """Share who succeed because of the intervention, by cohort, (n, c): rate with minus rate without."""
    gross, without = model.rates.T
    return values[:, gross] - np.where(without != NONE, values[:, np.maximum(without, 0)], 0.0)


def net_rate(model: Model, values: Floats) -> Floats:
    """Share of all who complete that succeed because of the intervention, (n,)."""
    rates = net_rates(model, values)
    if model.one_rate:
        return rates[:, 0]
    people = completers_of_all(model, values)
    found: Floats = (rates * people).sum(axis=1) / people.sum(axis=1)
    return found


def completers_of_all(model: Model, values: Floats) -> Floats:
    """Number of those who complete by cohort, (n, c), before turnout: as stated, with the drawn shares of subgroups."""
    drawn = values[:, np.maximum(model.share, 0)] / model.share_base
    return model.completers * np.where(model.share != NONE, drawn, 1.0)


def completers(model: Model, values: Floats) -> Floats:
    """Number of those who complete by cohort, (n, c): as stated, times the turnout where that is uncertain."""
    turnout = values[:, model.turnout] if model.turnout != NONE else np.ones(len(values))
    return turnout[:, None] * completers_of_all(model, values)


def value_of_success(model: Model, values: Floats, change: Floats | None = None) -> Floats:
    """Discounted kr. of one success by term, cohort, actor and year, (n, t, c, a, y); ``change`` (t,) in its place."""
    factors = [np.where(column != NONE, values[:, np.maximum(column, 0)], 1.0) for column in model.factors.T]
    if change is not None:
        factors[1] = np.broadcast_to(change, factors[1].shape)
    products = np.prod(factors, axis=0)  # (n, t)
    discount = discount_factors(model, values)
    shares = np.where(model.persistence != NONE, values[:, np.maximum(model.persistence, 0)], 1.0)
    kept = shares[:, :, None, None] ** model.since[None]  # (n, t, c, y)
    worth: Floats = products[:, :, None, None, None] * model.weights[None] * discount[:, None, None, None, :]
    return worth * kept[:, :, :, None, :]


def costs(model: Model, values: Floats) -> Floats:
    """Costs as negative kr. by term, actor and year: (n, u, a, y)."""
    turnout = values[:, model.turnout] if model.turnout != NONE else np.ones(len(values))
    amounts = values[:, model.cost_quantity] * np.where(model.cost_by_turnout[None, :], turnout[:, None], 1.0)
    discount = np.where(model.cost_discounted[None, :, None], discount_factors(model, values)[:, None, :], 1.0)
    return amounts[:, :, None, None] * model.cost_weights[None] * discount[:, :, None, :]


def evaluate(model: Model, values: Floats, drawn: Drawn | None = None) -> Outcome:
    """Evaluate the model at n points.

    Parameters
    ----------
    model : Model
    values : (n, q) float64
        Value of every quantity, in its unit.
    drawn : Drawn, optional
        Chance; without it every number of successes is its expectation.

    Returns
    -------
    Outcome

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> [round(x) for x in evaluate(model, model.base[None]).expected[0]]
    [3705454, 225612, 777915, 2701926]
    """
    rates, rate = net_rates(model, values), net_rate(model, values)
    worth = value_of_success(model, values)
    paid = costs(model, values)
    persons = completers(model, values)
    successes = rates * persons if drawn is None else drawn.successes
    gains = worth * successes[:, None, :, None, None]
    differing = value_of_success(model, values, model.individual_sd)
    if drawn is not None and model.varying:
        scores = drawn.scores[:, model.variation] * (model.variation != NONE)[None, :, None]  # (n, t, c)
        gains = gains + differing * (np.sqrt(drawn.persons)[:, None, :] * scores)[..., None, None]
    area = np.zeros((len(values), len(model.areas), len(model.actors)))
    for t, h in enumerate(model.term_area):
        area[:, h] += gains[:, t].sum(axis=(1, 3))
    for u, h in enumerate(model.cost_area):
        area[:, h] += paid[:, u].sum(axis=2)
    year = (gains.sum(axis=(1, 2)) + paid.sum(axis=1)).transpose(0, 2, 1)
    by_cohort = worth.sum(axis=(1, 4))  # (n, c, a)
    moving = (rate != 0)[:, None]
    of_mean = np.where(moving, rates / np.where(moving, rate[:, None], 1.0), 1.0)  # in proportion to each other
    per_rate = np.einsum("nca,nc->na", by_cohort, persons * of_mean)
    at_zero = paid.sum(axis=(1, 3))
    return Outcome(
        area=area,
        year=year,
        net=year.sum(axis=1),
        correlated=year.sum(axis=1),
        expected=at_zero + np.einsum("nca,nc->na", by_cohort, persons * rates),
        at_zero=at_zero,
        per_rate=per_rate,
        chance_variance=np.einsum("nc,nca->na", success_variance(model, values), by_cohort**2)
        + amount_variance(model, values, differing.sum(axis=4)),
        rate=rate,
        lowest_rate=rates.min(axis=1),
        successes=(successes * discount_factors(model, values)[:, model.cohort_positions]).sum(axis=1),
        by_cohort=successes,
        changed=np.zeros(successes.shape) if drawn is None else drawn.persons,
    )


def evaluate_points(model: Model, values: Floats, chance: Floats | None, moved: Floats | None = None) -> Outcome:
    """Evaluate the model with chance from points of the unit cube: the slow twin of ``kernel.evaluate``.

    Parameters
    ----------
    model : Model
    values : (n, q)
    chance : (n, 3 c + v c) or None
        As ``draw_chance``.
    moved : (n, q), optional
        Values at which ``Outcome.correlated`` is evaluated.

    Returns
    -------
    Outcome
    """
    drawn = None if chance is None else draw_chance(model, values, chance)
    found = evaluate(model, values, drawn)
    return found if moved is None else replace(found, correlated=evaluate(model, moved, drawn).net)


def success_variance(model: Model, values: Floats) -> Floats:
    """Variance of the number of successes given the rates, by cohort, (n, c).

    N of a fractional number of completers is ⌊n⌋ + Bernoulli(f): Var = E N s(1 − s) + f(1 − f) s².
    """
    persons = completers(model, values)
    fraction = persons - np.floor(persons)
    rates = net_rates(model, values)
    gross, without = model.rates.T
    if model.independent_chance:
        high, low = values[:, gross], values[:, without]
        spread = high * (1 - high) + low * (1 - low)
    else:
        spread = np.abs(rates) * (1 - np.abs(rates))
    return spread * persons + rates**2 * (fraction * (1 - fraction))


def amount_variance(model: Model, values: Floats, differing: Floats) -> Floats:
    """Variance of amounts that differ from person to person, (n, a): Σ_c E[persons_c] Σ_v (Σ_t of v worth)²."""
    gross, without = model.rates.T
    changed = np.abs(net_rates(model, values))
    if model.independent_chance:
        changed = values[:, gross] + values[:, without]
    persons = changed * completers(model, values)
    found = np.zeros((len(values), len(model.actors)))
    for v in range(len(model.varying)):
        of_person = differing[:, model.variation == v].sum(axis=1)  # (n, c, a)
        found += np.einsum("nc,nca->na", persons, of_person**2)
    return found


def draw_chance(model: Model, values: Floats, chance: Floats) -> Drawn:
    """Successes of each cohort, and how far their amounts differ, from points of the unit cube.

    M ~ Binomial(N, s), "nobody is harmed"; with ``independent`` Binomial(N, s_with) − Binomial(N, s_without). A drawn
    negative net rate is read as its mirror image, −Binomial(N, −s), and the result says how often it occurred.

    Parameters
    ----------
    model : Model
    values : (n, q)
    chance : (n, 3 c + v c)
        For each cohort a point for the number of completers, the successes with, and without; then one for each
        differing amount and cohort. The sum of M amounts is drawn as normal with variance M σ².
    """
    from scipy.special import bdtr, ndtri

    def binomial(points: Floats, number: Floats, rate: Floats) -> Floats:
        """Smallest m with P(M ≤ m) ≥ point, by counting up from 0."""
        found = np.zeros(len(points))
        for m in range(int(number.max(initial=0))):
            found += (bdtr(m, number.astype(int), rate) < points) & (m < number)
        return found

    rates = net_rates(model, values)
    cohorts = len(model.completers)
    result, changed = np.empty((2, len(values), cohorts))
    for c, persons in enumerate(completers(model, values).T):
        points = chance[:, 3 * c : 3 * c + 3]
        whole = np.floor(persons)
        number = whole + (points[:, 0] < persons - whole)
        if model.independent_chance:
            with_ = binomial(points[:, 1], number, values[:, model.rates[c, 0]])
            without = binomial(points[:, 2], number, values[:, model.rates[c, 1]])
            result[:, c], changed[:, c] = with_ - without, with_ + without
        else:
            changed[:, c] = binomial(points[:, 1], number, np.abs(rates[:, c]))
            result[:, c] = np.sign(rates[:, c]) * changed[:, c]
    scores = ndtri(chance[:, 3 * cohorts :]).reshape(len(values), len(model.varying), cohorts)
    return Drawn(successes=result, persons=changed, scores=scores)
