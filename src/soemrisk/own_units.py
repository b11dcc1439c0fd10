"""Outcomes that are no money: how much of them there is, in a unit of their own, by year.

They never enter a krone. Apart from ``model`` because it is arithmetic on plain arrays. Letters: n draws, c cohorts, y
years, v consequences that differ from person to person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One product of values, and the units that it is worth by cohort and year.

    Attributes
    ----------
    factors : tuple of int
        Positions of the values that are multiplied.
    weights : (c, y)
        Units per success, or per person who completes, at a product of 1; signed, plus is more of the outcome.
    persistence : int or None
        Position of the share that is kept from year to year.
    since : (c, y)
        Years since the change began: the power of the persistence.
    differing : int or None
        Which of the consequences that differ from person to person it is.
    individual_sd : float
        Standard deviation between persons; it stands in the place of the change, the last of the factors.
    """

    factors: tuple[int, ...]
    weights: Floats
    persistence: int | None = None
    since: Floats | None = None
    differing: int | None = None
    individual_sd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnUnit:
    """An outcome of a model: what it is called, whom and how it counts."""

    name: str
    per_participant: bool
    discounted: bool
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """Persons that outcomes are counted by.

    Attributes
    ----------
    successes : (n, c)
        Net number of successes.
    completers : (n, c)
        Those who complete.
    apart : (v, n, c)
        How far the sum of what differs from person to person is from its mean, in standard deviations of one person.
    """

    successes: Floats
    completers: Floats
    apart: Floats


def units_by_year(outcome: OwnUnit, values: Floats, heads: Headcount, discount: Floats) -> Floats:
    """Units of an outcome in each year.

    Parameters
    ----------
    outcome : OwnUnit
    values : (n, q) float64
        Values at the positions that the patterns name.
    heads : Headcount
    discount : (n, y) float64
        Discount factors; used where the outcome is discounted.

    Returns
    -------
    (n, y) float64

    Examples
    --------
    >>> nights = Pattern(factors=(0,), weights=np.array([[1.0, 0.5]]))
    >>> outcome = OwnUnit(name="nights", per_participant=False, discounted=False, patterns=(nights,))
    >>> three = Headcount(successes=np.array([[3.0]]), completers=np.array([[9.0]]), apart=np.zeros((0, 1, 1)))
    >>> units_by_year(outcome, np.array([[60.0]]), three, np.ones((1, 2))).tolist()
    [[180.0, 90.0]]
    """
    found = np.zeros_like(discount)
    persons = heads.completers if outcome.per_participant else heads.successes
    for one in outcome.patterns:
        product = np.prod(values[:, list(one.factors)], axis=1)
        counted = product[:, None] * persons
        if one.differing is not None:
            beside = np.prod(values[:, list(one.factors[:-1])], axis=1)
            counted = counted + (one.individual_sd * beside)[:, None] * heads.apart[one.differing]
        found += _over_years(one, values, counted)
    return found * discount if outcome.discounted else found


def _over_years(one: Pattern, values: Floats, counted: Floats) -> Floats:
    """Units by year, (n, y), of what each cohort counts, (n, c)."""
    if one.persistence is None:
        return counted @ one.weights
    assert one.since is not None
    kept = values[:, one.persistence, None]
    found = np.zeros((len(values), one.weights.shape[1]))
    for c, weights in enumerate(one.weights):
        found += counted[:, [c]] * weights * kept ** one.since[c]
    return found


def all_units(outcomes: Sequence[OwnUnit], values: Floats, heads: Headcount, discount: Floats) -> Floats:
    """Units of all outcomes by year, (n, o, y); as ``units_by_year``."""
    found = np.zeros((len(values), len(outcomes), discount.shape[1]))
    for o, outcome in enumerate(outcomes):
        found[:, o] = units_by_year(outcome, values, heads, discount)
    return found
