"""Points of the unit cube become values: copulas first, then quantile functions, then shares that add up to 1.

What a column of the cube is for is decided here, by key; how its points are made is in ``design``.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soemrisk.dependence import joined
from soemrisk.model import NONE, Model
from soemrisk.quantile_columns import Column, QuantileColumns, quantile_columns, read_columns
from soemrisk.quantile_tables import values as quantiles
from soemrisk.reference import discount_factors
from soemrisk.simplex import dirichlet

Floats = NDArray[np.float64]
Signs = dict[int, bool]


def columns(model: Model) -> tuple[str, ...]:
    """Keys of the columns of the unit cube: uncertain inputs, chance, common point of the correlated band, outcomes.

    Chance has three points for each cohort: completers, successes with, successes without; and one for each
    consequence that differs from person to person. What outcomes in own units state stands last, so that an outcome
    more changes no other draw.
    """
    name = model.draw_name
    parts = ("completers", "with", "without")
    chance = [f"{name}/chance/{cohort}/{part}" for cohort in model.cohort_names for part in parts]
    chance += [f"{name}/chance/{cohort}/persons/{of}" for of in model.varying for cohort in model.cohort_names]
    return (*model.columns, *chance, f"{name}/correlated", *model.own_columns)


@lru_cache(maxsize=4)
def asked_columns(model: Model) -> tuple[str | None, ...]:
    """``columns``, but None where no outcome depends on the points.

    The number of completers where it is certain and whole, the successes without where nobody is harmed, and the common
    point where nothing is correlated by it.
    """
    keys: list[str | None] = list(columns(model))
    first, last = len(model.columns), len(keys) - len(model.own_columns)
    for c, whole in enumerate(model.whole_completers):
        if whole:
            keys[first + 3 * c] = None
        if not model.independent_chance:
            keys[first + 3 * c + 2] = None
    if len(directions(model)) < 2:
        keys[last - 1] = None
    return tuple(keys)


def chance_columns(model: Model, cube: Floats) -> Floats:
    """Points for chance, (n, 3 c + v c)."""
    first, last = len(model.columns), cube.shape[1] - len(model.own_columns)
    return cube[:, first : last - 1]


def common_column(model: Model, cube: Floats) -> Floats:
    """Common point of the correlated band, (n,)."""
    return cube[:, cube.shape[1] - len(model.own_columns) - 1]


def values_at(model: Model, cube: Floats) -> Floats:
    """Values of all quantities at points of the unit cube.

    Parameters
    ----------
    model : Model
    cube : (n, d) float64
        A column for each key of ``model.columns``; steps of one quantity share one.

    Returns
    -------
    (n, q + derived) float64, Fortran order
    """
    for copula in model.copulas:
        cube = cube.copy(order="F")
        cube[:, copula.columns] = joined(cube[:, copula.columns], copula.factor)
    values = np.empty((len(cube), len(model.inputs)), order="F")
    for q in _certain(model):
        values[:, q] = model.stated[q]
    read_columns(_own_columns(model), np.ascontiguousarray(cube.T), values.T)
    for simplex in model.simplexes:
        values[:, simplex.inputs] = dirichlet(simplex.alphas, cube[:, simplex.columns])
    return model.derive(values)


def with_own(model: Model, values: Floats, cube: Floats | None = None) -> Floats:
    """Append the values of what outcomes in own units state.

    Parameters
    ----------
    model : Model
    values : (n, q + derived) float64
        From ``values_at``, or ``Model.derive``.
    cube : (n, d) float64, optional
        Points by the keys of ``columns``; without them every number has its base value.

    Returns
    -------
    (n, q + derived + p) float64
    """
    own = np.empty((len(values), len(model.own_inputs)))
    for p, (one, column) in enumerate(zip(model.own_inputs, model.own_column, strict=True)):
        distribution = one.distribution
        own[:, p] = distribution.base
        if cube is not None and column != NONE:
            assert distribution.family is not None
            points = cube[:, cube.shape[1] - len(model.own_columns) + column]
            own[:, p] = quantiles(distribution.family, distribution.parameters, points)
    return np.concatenate([values, own], axis=1)


@lru_cache(maxsize=4)
def _own_columns(model: Model) -> QuantileColumns:
    """Inputs that are drawn, each from its column."""
    pairs = zip(model.uncertain.tolist(), model.column.tolist(), strict=True)
    return quantile_columns([_column(model, q, d) for q, d in pairs])


@lru_cache(maxsize=4)
def _certain(model: Model) -> tuple[int, ...]:
    """Inputs that are not drawn."""
    drawn = {*model.uncertain.tolist(), *(int(q) for simplex in model.simplexes for q in simplex.inputs)}
    return tuple(q for q in range(len(model.inputs)) if q not in drawn)


@lru_cache(maxsize=4)
def _kept(model: Model, moved: frozenset[int]) -> tuple[slice, ...]:
    """Inputs that stay, neighbours together: what is no more than that is copied fast."""
    stay = [q for q in range(len(model.inputs)) if q not in moved]
    first = [q for q in stay if q - 1 not in stay]
    return tuple(slice(one, next(q for q in range(one, len(model.inputs) + 1) if q not in stay)) for one in first)


@lru_cache(maxsize=4)
def _moved_columns(model: Model, signs: tuple[tuple[int, bool], ...]) -> QuantileColumns:
    """Consequences that move together: those of which more is a gain with the common point, the others against it."""
    one, other = ([_column(model, q, k) for q, gains in signs if gains is (k == 0)] for k in (0, 1))
    return quantile_columns([*one, *other])


def _column(model: Model, q: int, source: int) -> Column:
    distribution = model.inputs[q].distribution
    assert distribution.family is not None
    return Column(distribution.family, distribution.parameters, source, q)


def directions(model: Model) -> Signs:
    """Uncertain consequences by position, and whether more of each is a gain in total."""
    base = model.base
    discount = discount_factors(model, base[None])[0]
    worth = np.einsum("tcy,c,y->t", model.weights[:, :, 0], model.completers, discount)
    steps = np.eye(len(model.inputs))[model.changes] * (1.0 + np.abs(model.stated))
    more = model.derive(model.stated + steps) - base
    gains = (more[:, model.factors[:, 1]] * base[model.factors[:, 2]]) @ worth
    return {int(q): bool(gain > 0) for q, gain in zip(model.changes, gains, strict=True)}


def correlated_values(model: Model, values: Floats, common: Floats, signs: Signs) -> Floats:
    """Values with which all consequences err in the same direction: one point moves them all.

    A high point is a high gain: a change is turned round where more of it gives less, as use of a service does.

    Parameters
    ----------
    model : Model
    values : (n, q + derived) float64
        From ``values_at``; all other inputs stay as they are.
    common : (n,) float64
        Points in (0, 1).
    signs : mapping
        From ``directions``.

    Returns
    -------
    (n, q + derived) float64, Fortran order
    """
    moved = np.empty((len(values), len(model.inputs)), order="F")
    for kept in _kept(model, frozenset(signs)):
        moved[:, kept] = values[:, kept]
    read_columns(_moved_columns(model, tuple(signs.items())), np.stack([common, 1.0 - common]), moved.T)
    return model.derive(moved)
