"""Draws of a batch study: each column of points and of values is made once and shared by all cells that have it.

A column is named by what it is made of, so that two cells share it exactly where it is the same numbers. How many are
kept is bounded by their size; what is dropped is made again, with the same bytes.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk import chance_kernel
from soemrisk.dependence import joined
from soemrisk.design import Plan, point_column
from soemrisk.model import Model
from soemrisk.quantile_tables import values as quantiles
from soemrisk.simplex import dirichlet
from soemrisk.transform import directions

Floats = NDArray[np.float64]
Made = tuple[Any, ...]  # what a column is made of
CHANCE = ("completers", "with", "without")  # points of a cohort
MOST_BYTES = 2**28  # of columns that are kept in a process
FEWEST = 96  # columns that are kept however large they are: about what one scenario has


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns of a study: how points are drawn, the dimension of each key, and those that are kept, latest last."""

    plan: Plan
    dimensions: Mapping[str, int]
    kept: OrderedDict[Made, Floats] = field(default_factory=OrderedDict)


def columns_for(plan: Plan, keys: tuple[str, ...]) -> Columns:
    """Columns of a study with these keys, none made yet."""
    return Columns(plan=plan, dimensions={key: d for d, key in enumerate(keys)})


def column(columns: Columns, made: Made) -> Floats:
    """Values of a column in all replicates, (r, n), read-only.

    Parameters
    ----------
    columns : Columns
    made : tuple
        ``("points", key)``, ``("turned", key)`` (1 − the same), ``("joined", keys, factor, position)``,
        ``("value", made, family, parameters)``, ``("share", keys, weights, position)``, ``("constant", number)``,
        ``("product", made, …)``, ``("scores", key)``, or ``("successes", cohort, rates, persons, independent)``.

    Returns
    -------
    (r, n) float64
        Of successes (2, r, n): their number, and that of the persons whose use changes.

    Examples
    --------
    >>> from soemrisk.design import plan
    >>> few = columns_for(plan(64, 0), ("x",))
    >>> column(few, ("points", "x")).shape
    (16, 4)
    """
    if made in columns.kept:
        columns.kept.move_to_end(made)
        return columns.kept[made]
    found = np.ascontiguousarray(_MAKERS[made[0]](columns, *made[1:]))
    found.setflags(write=False)
    columns.kept[made] = found
    while len(columns.kept) > max(FEWEST, MOST_BYTES // (8 * columns.plan.draws)):
        columns.kept.popitem(last=False)
    return found


def number_or_column(columns: Columns, made: Made) -> Floats | float:
    """Values of a column, or the one number that all of them are."""
    return float(made[1]) if made[0] == "constant" else column(columns, made)


def _points(columns: Columns, key: str) -> Floats:
    plan, d = columns.plan, columns.dimensions[key]
    return np.stack([point_column(plan, key, d, r) for r in range(plan.replicates)])


def _turned(columns: Columns, key: str) -> Floats:
    return 1.0 - column(columns, ("points", key))


def _joined(columns: Columns, keys: tuple[str, ...], factor: tuple[tuple[float, ...], ...], position: int) -> Floats:
    group = np.stack([column(columns, ("points", key)) for key in keys], axis=-1)
    return np.stack([joined(points, np.array(factor))[:, position] for points in group])


def _value(columns: Columns, points: Made, family: str, parameters: str) -> Floats:
    stated = {name: tuple_of(value) for name, value in json.loads(parameters).items()}
    return quantiles(family, stated, column(columns, points))


def tuple_of(value: Any) -> Any:
    """What a parameter was before it was spelt: lists were tuples."""
    if isinstance(value, list):
        return tuple(tuple_of(one) for one in value)
    return {key: tuple_of(one) for key, one in value.items()} if isinstance(value, dict) else value


def _share(columns: Columns, keys: tuple[str, ...], alphas: tuple[float, ...], position: int) -> Floats:
    cube = np.stack([column(columns, ("points", key)) for key in keys], axis=-1)
    return np.stack([dirichlet(np.array(alphas), points)[:, position] for points in cube])


def _constant(columns: Columns, value: float) -> Floats:
    return np.full((columns.plan.replicates, columns.plan.size), value)


def _product(columns: Columns, *factors: Made) -> Floats:
    found = np.ones((columns.plan.replicates, columns.plan.size))
    for factor in factors:
        found *= number_or_column(columns, factor)
    return found


def _scores(columns: Columns, key: str) -> Floats:
    from scipy.special import ndtri

    scores: Floats = ndtri(column(columns, ("points", key)))
    return scores


def _successes(
    columns: Columns, name: str, rates: tuple[Made, Made], persons: tuple[Made, float], independent: bool
) -> Floats:
    """Successes of a cohort and persons whose use changes, (2, r, n)."""
    turnout, stated = persons
    points = np.stack([column(columns, ("points", f"{name}/{part}")).ravel() for part in CHANCE], axis=1)
    both = np.stack([column(columns, one).ravel() for one in rates], axis=1)
    found = chance_kernel.successes(points, column(columns, turnout).ravel() * stated, both, independent=independent)
    return found.reshape(2, columns.plan.replicates, columns.plan.size)


_MAKERS: Mapping[str, Any] = {
    "points": _points,
    "turned": _turned,
    "joined": _joined,
    "value": _value,
    "share": _share,
    "constant": _constant,
    "product": _product,
    "scores": _scores,
    "successes": _successes,
}


def input_columns(model: Model, *, correlated: bool) -> list[Made]:
    """What the values of each input are made of, in the order of the inputs.

    Parameters
    ----------
    model : Model
    correlated : bool
        Whether all consequences err in the same direction.

    Returns
    -------
    list of tuple
        For ``column``.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> input_columns(compile_scenario(read("act-randers")), correlated=False)[0][:2]
    ('value', ('points', 'act-randers/success/with'))
    """
    points: dict[int, Made] = {d: ("points", key) for d, key in enumerate(model.columns)}
    for copula in model.copulas:
        keys = tuple(model.columns[d] for d in copula.columns)
        factor = tuple(map(tuple, copula.factor.tolist()))
        points |= {int(d): ("joined", keys, factor, n) for n, d in enumerate(copula.columns)}
    found: list[Made] = [("constant", one.distribution.base) for one in model.inputs]
    for d, q in zip(model.column, model.uncertain, strict=True):
        found[q] = _drawn(model, int(q), points[int(d)])
    for simplex in model.simplexes:
        keys = tuple(model.columns[d] for d in simplex.columns)
        for n, q in enumerate(simplex.inputs):
            found[q] = ("share", keys, tuple(simplex.alphas.tolist()), n)
    common = f"{model.draw_name}/correlated"
    signs = directions(model) if correlated else {}
    for q, gains in signs.items() if len(signs) > 1 else ():
        found[q] = _drawn(model, q, ("points" if gains else "turned", common))
    return found


def _drawn(model: Model, q: int, points: Made) -> Made:
    distribution = model.inputs[q].distribution
    assert distribution.family is not None
    return ("value", points, distribution.family, json.dumps(dict(distribution.parameters), default=dict))
