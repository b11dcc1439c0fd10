"""A scenario compiled to a sum of products: index arrays and yearly weights, nothing by name any more.

    benefit term t of cohort c:  Π_i x[factors[t, i]] × weights[t, c, a, y]      kr. per success, + is gain
    cost term u:                 x[cost_quantity[u]] × cost_weights[u, a, y]     kr., − is cost
    net[a, y] = Σ_c successes_c Σ_t term × d(y) + Σ_u term × d(y) or 1

This one structure is what ``reference``, ``kernel`` and every closed form work on. Actor 0 is the total: it has
weights of its own (the undivided kroner), so that moving a payer cannot change a byte of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from soemrisk.bands import Bands, with_derived
from soemrisk.derived_rates import DerivedRate, with_rates
from soemrisk.distribution import Uncertain
from soemrisk.own_units import OwnUnit
from soemrisk.reciprocals import with_reciprocals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)
NONE = -1  # "no quantity here": the factor is 1


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
class Copula:
    """Columns of the points that are correlated, (g,), and the factor of their correlations, (g, g)."""

    columns: Ints
    factor: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplex:
    """Shares that add up to 1: positions of the inputs, (k,), columns of their points, (k − 1,), Dirichlet weights."""

    inputs: Ints
    columns: Ints
    alphas: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # of arrays: a model is equal to itself alone
class Model:
    """A scenario as arrays. Letters: q quantities, t benefit terms, c cohorts, a actors (0 = total), y years, u costs.

    Attributes
    ----------
    actors : tuple of str
        ``total``, then the actors, each followed by those inside it.
    roots : (a',) int
        Positions of the actors that are inside no other; they add up to the total.
    inputs : tuple of Input, length q
        All quantities that move a figure, certain ones included, in canonical order.
    uncertain : (d,) int
        Positions of the inputs with a spread of their own; shares that add up to 1 are in ``simplexes``.
    column : (d,) int
        Column of the points that each of them is drawn from; steps of one quantity share one.
    columns : tuple of str
        Key of each column of the points.
    copulas : tuple of Copula
        Groups of columns with rank correlations.
    simplexes : tuple of Simplex
        Uncertain shares.
    draw_name : str
        First part of the keys of all draws; that of another scenario where its draws are shared.
    rates : (c, 2) int
        Positions of each cohort's rate with and rate without; (net, NONE) for a net rate.
    derived_rates : tuple of DerivedRate
        How rates with follow from rates without; they are then the last columns of the derived values.
    discount : (s,) int
        Positions of the discount rates, one for each step of the rate.
    years_at_rate : (s, y)
        Years for which each rate discounts the year: d(y) = Π_s (1 + r_s)^−years_at_rate[s, y].
    cohort_names : tuple of str
        What the chance of each cohort is keyed by: a year, with its subgroup where there are some.
    cohort_years, completers : (c,)
        Calendar year and number of those who complete, as stated.
    share : (c,) int
        Position of the uncertain share of each cohort's subgroup; NONE where it is as stated.
    share_base : (c,)
        That share as stated, from which ``completers`` are; 1 where it is certain.
    turnout : int
        Position of the factor on the number of those who complete; NONE where it is as stated.
    bands : tuple of Bands
        Consequences of services with bands; their derived values are columns after the inputs (``bands``).
    uncapped : tuple of Bands
        Other consequences that are scaled to the use here, which could save more than is used: nothing is derived.
    reciprocals : tuple of int
        Positions of the inputs that are divided by; the reciprocals are the first columns after the inputs.
    factors : (t, 7) int
        Positions of common factor, change, price, uncertain share, number of relatives, level, and reciprocal of the
        level of those studied; NONE where there is none.
    term_area : (t,) int
    persistence : (t,) int
        Position of the share of the change that is kept from year to year; NONE where all of it is.
    since : (t, c, y)
        Years since the change began, 0 before: the power of the persistence.
    weights : (t, c, a, y)
        Kr. per success, undiscounted, in the calculation's price year.
    varying : tuple of str
        Consequences that differ from person to person.
    variation : (t,) int
        Which of them a term belongs to; NONE where all persons have the same.
    individual_sd : (t,)
        Standard deviation of the change between persons, in the units of the change; 0 where there is none.
    cost_quantity, cost_area, cost_discounted, cost_by_turnout : (u,)
        Amount, area, whether it is discounted, and whether it is for each completer, so that turnout multiplies it.
    cost_weights : (u, a, y)
    outcomes : tuple of OwnUnit
        Outcomes that are no money; the positions that they name are those of the values, then of ``own_inputs``.
    own_inputs : tuple of Input, length p
        What outcomes state; moves no krone.
    own_columns : tuple of str
        Keys of their columns of points, the last ones of a cube.
    own_column : (p,) int
        Column among them that each is drawn from; NONE where it is certain, or an input that moves a krone too.
    """

    scenario_id: str
    actors: tuple[str, ...]
    roots: Ints
    areas: tuple[str, ...]
    years: tuple[int, ...]
    inputs: tuple[Input, ...]
    uncertain: Ints
    column: Ints
    columns: tuple[str, ...]
    copulas: tuple[Copula, ...]
    simplexes: tuple[Simplex, ...]
    draw_name: str
    rates: Ints
    derived_rates: tuple[DerivedRate, ...]
    discount: Ints
    years_at_rate: Floats
    cohort_names: tuple[str, ...]
    cohort_years: Ints
    completers: Floats
    share: Ints
    share_base: Floats
    turnout: int
    bands: tuple[Bands, ...]
    uncapped: tuple[Bands, ...]
    reciprocals: tuple[int, ...]
    factors: Ints
    term_area: Ints
    persistence: Ints
    since: Floats
    weights: Floats
    varying: tuple[str, ...]
    variation: Ints
    individual_sd: Floats
    cost_quantity: Ints
    cost_area: Ints
    cost_discounted: NDArray[np.bool_]
    cost_by_turnout: NDArray[np.bool_]
    cost_weights: Floats
    independent_chance: bool
    outcomes: tuple[OwnUnit, ...]
    own_inputs: tuple[Input, ...]
    own_columns: tuple[str, ...]
    own_column: Ints

    @property
    def stated(self) -> Floats:
        """Base value of every input, shape (q,)."""
        return np.array([one.distribution.base for one in self.inputs])

    @property
    def base(self) -> Floats:
        """Base value of every input, and what is derived from them, shape (q + derived,)."""
        values: Floats = self.derive(self.stated[None])[0]
        return values

    @property
    def means(self) -> Floats:
        """Mean of every input, and what is derived from the means, shape (q + derived,)."""
        means = np.array([[one.distribution.mean for one in self.inputs]])
        return np.array(self.derive(means)[0])

    def derive(self, stated: Floats) -> Floats:
        """Values of the inputs, (n, q), and what is derived from them, (n, q + derived)."""
        divided = with_reciprocals(stated, self.reciprocals)
        return with_rates(with_derived(divided, self.bands), stated, self.derived_rates)

    @property
    def one_rate(self) -> bool:
        """Whether all cohorts succeed at the same rate."""
        return len(np.unique(self.rates, axis=0)) == 1

    @property
    def whole_completers(self) -> NDArray[np.bool_]:
        """Whether the number of completers of each cohort is the same whole number in all draws, (c,)."""
        stated = (self.share == NONE) & (self.turnout == NONE)
        return np.asarray(stated & (self.completers == np.floor(self.completers)))

    @property
    def cohort_positions(self) -> Ints:
        """Position among the years of the year in which each cohort completes, (c,)."""
        return np.searchsorted(np.array(self.years), self.cohort_years).astype(np.int64)

    def simplex_of(self, q: int) -> Simplex | None:
        """The shares that add up to 1 with an input; None where it is no such share."""
        return next((simplex for simplex in self.simplexes if q in simplex.inputs), None)

    def base_of(self, path: str) -> float:
        """Base value of the quantity at a path of the scenario, for example ``success.with``."""
        return next(one.distribution.base for one in self.inputs if one.path == path)

    @property
    def changes(self) -> Ints:
        """Positions of the uncertain consequences, one each."""
        moving = {*self.factors[:, 1], *(bands.change for bands in self.bands)}
        return np.array(sorted(moving & set(self.uncertain)), dtype=np.int64)


def ints(values: object) -> Ints:
    """Read-only positions."""
    return frozen(np.array(values, dtype=np.int64))


def frozen(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The same array, read-only."""
    array.setflags(write=False)
    return array
