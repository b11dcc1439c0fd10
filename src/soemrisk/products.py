"""E[net | θ] as a sum of products of functions of independent inputs, the form that closed forms work on.

    outcome o = Σ_p weights[p, o] Π_b g_{b, functions[p, b]}(block b)

A block is one uncertain input, or several that are not independent of each other and are taken as one vector: members
of a correlation group, uncertain shares of one service, steps of one price, what bands join. Function 0 of every block
is the constant 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.model import NONE, Model, ints

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Factor(NamedTuple):
    """One factor of a product: an input or what is derived from it, to a power; or a part of the discount factors."""

    kind: str  # "value" or "discount"
    position: int  # among the inputs; number of the part
    power: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Inputs that are independent of all others.

    Attributes
    ----------
    path : str
        Place of its input in the scenario; of the first one where there are several.
    inputs : (k,) int
        Positions of its inputs.
    columns : (c,) int
        Columns of the points that they are drawn from; more than one: a vector.
    functions : tuple of tuple of Factor
        Factors of each function; none for the first, the constant 1.
    """

    path: str
    inputs: Ints
    columns: Ints
    functions: tuple[tuple[Factor, ...], ...]

    @property
    def vector(self) -> bool:
        """Whether it is drawn from more than one point."""
        return len(self.columns) > 1

    @property
    def plain(self) -> bool:
        """Whether its only function is the value of its only input."""
        return len(self.inputs) == 1 and self.functions[1:] == ((Factor("value", int(self.inputs[0])),),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # of arrays: equal to itself alone
class Products:
    """A model as a sum of products. Letters: p products, b blocks, a actors (0 = total), o = 1 + areas + years.

    Attributes
    ----------
    model : Model
    blocks : tuple of Block
        In the order of their first columns; blocks that move nothing are left out.
    functions : (p, b) int
        Which function of each block is a factor.
    weights : (p, a, o)
        Kr.; o: the net result, then by area, then by year.
    parts : (y, l)
        Orthonormal columns; the discount factors of all years, d, are parts @ (d @ parts).
    """

    model: Model
    blocks: tuple[Block, ...]
    functions: Ints
    weights: Floats
    parts: Floats

    @property
    def paths(self) -> tuple[str, ...]:
        """Place of each block's first input."""
        return tuple(block.path for block in self.blocks)


def blocks_of(model: Model) -> list[tuple[Ints, Ints]]:
    """Columns that are not independent of each other go together, with the inputs that are drawn from them.

    Parameters
    ----------
    model : Model

    Returns
    -------
    list of (columns, inputs)
        In the order of the first column.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> len(blocks_of(model)) == len(model.columns)
    True
    """
    of_input = columns_of_inputs(model)
    bound = [set(copula.columns.tolist()) for copula in model.copulas]
    bound += [set(simplex.columns.tolist()) for simplex in model.simplexes]
    for bands in model.bands:
        bound.append({column for q in bands.inputs for column in of_input.get(q, ())})
    for rate in model.derived_rates:
        bound.append({column for q in (rate.without, rate.effect) for column in of_input.get(q, ())})
    bound.append({column for q in model.discount.tolist() for column in of_input.get(q, ())})
    groups: list[set[int]] = [{column} for column in range(len(model.columns))]
    for one in bound:
        touched = [group for group in groups if group & one]
        if touched:
            groups = [group for group in groups if not group & one] + [set().union(*touched)]
    groups = sorted(groups, key=min)
    home = {column: n for n, group in enumerate(groups) for column in group}
    inputs: list[list[int]] = [[] for _ in groups]
    for q, columns in sorted(of_input.items()):
        for n in {home[column] for column in columns}:
            inputs[n].append(q)
    return [(ints(sorted(group)), ints(own)) for group, own in zip(groups, inputs, strict=True)]


def columns_of_inputs(model: Model) -> dict[int, tuple[int, ...]]:
    """Columns of the points that each uncertain input is drawn from, by its position."""
    found: dict[int, tuple[int, ...]] = {
        int(q): (int(column),) for q, column in zip(model.uncertain, model.column, strict=True)
    }
    for simplex in model.simplexes:
        found |= {int(q): tuple(simplex.columns.tolist()) for q in simplex.inputs}
    return found


def _homes(model: Model, listed: Sequence[tuple[Ints, Ints]]) -> dict[str | int, int]:
    """Number of the block of each uncertain input, of what is derived from it, and of the discount factors."""
    homes: dict[str | int, int] = {int(q): b for b, (_, inputs) in enumerate(listed) for q in inputs}
    first = len(model.inputs)
    homes |= {n: homes[q] for n, q in enumerate(model.reciprocals, first) if q in homes}
    first += len(model.reciprocals)
    for bands in model.bands:
        size = math.prod(bands.shape)
        found = [homes[q] for q in bands.inputs if q in homes]
        homes |= dict.fromkeys(range(first, first + size if found else first), found[0] if found else 0)
        first += size
    for behind, rate in enumerate(model.derived_rates, first):
        known = [q for q in (rate.without, rate.effect) if q in homes]
        homes |= {behind: homes[known[0]]} if known else {}
    rates = [homes[int(q)] for q in model.discount if int(q) in homes]
    return homes | ({"discount": rates[0]} if rates else {})


_Sorted = tuple[tuple[int, tuple[Factor, ...]], ...]  # block, its factors


def as_products(model: Model, parts: Floats | None = None) -> Products:
    """Take a model apart into products.

    Parameters
    ----------
    model : Model
    parts : (y, l) float64, optional
        How discount factors by year are made of fewer parts, from ``discount_parts``; without it each year is a part.
        Not needed where the discount rates are certain.

    Returns
    -------
    Products

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> found = as_products(compile_scenario(read("act-randers")))
    >>> found.paths[:2]
    ('success.with', 'success.without')
    """
    parts = np.eye(len(model.years)) if parts is None else parts
    return gathered(model, parts, _rows(model, parts), outcomes_of(model))


Row = tuple[tuple[Factor, ...], Floats]  # factors of a product, and its weights by actor and outcome


def gathered(model: Model, parts: Floats, rows: Iterable[Row], outcomes: int) -> Products:
    """Sort the factors of products into blocks, and put together what has the same factors.

    Parameters
    ----------
    model : Model
    parts : (y, l) float64
        As in ``Products``.
    rows : iterable of (factors, weights)
        Factors of inputs that are certain too; weights (a, o), kr., of any outcomes by actor.
    outcomes : int
        o.

    Returns
    -------
    Products
    """
    listed = blocks_of(model)
    homes = _homes(model, listed)
    table: dict[_Sorted, Floats] = {}
    for several, weights in rows:
        factors, weight = _split(model, several, homes)
        own = weight * weights
        table[factors] = table[factors] + own if factors in table else own
    found: dict[int, set[tuple[Factor, ...]]] = {}
    for factors in table:
        for b, one in factors:
            found.setdefault(b, set()).add(one)
    used = sorted(found)
    functions = {b: sorted(found[b]) for b in used}
    places = {b: n for n, b in enumerate(used)}
    ranks = {b: {one: n for n, one in enumerate(several, 1)} for b, several in functions.items()}
    numbers = np.zeros((len(table), len(used)), dtype=np.int64)
    for p, factors in enumerate(table):
        for b, one in factors:
            numbers[p, places[b]] = ranks[b][one]
    return Products(
        model=model,
        blocks=tuple(
            Block(
                path=model.inputs[listed[b][1][0]].path.split("@")[0],
                inputs=listed[b][1],
                columns=listed[b][0],
                functions=((), *functions[b]),
            )
            for b in used
        ),
        functions=ints(numbers),
        weights=np.array(list(table.values())).reshape(len(table), len(model.actors), outcomes),
        parts=parts,
    )


def _split(model: Model, several: Sequence[Factor], homes: Mapping[str | int, int]) -> tuple[_Sorted, float]:
    """Factors of a product by block, and the factors that are certain as one number."""
    weight = 1.0
    by_block: dict[int, list[Factor]] = {}
    for factor in several:
        block = homes.get("discount" if factor.kind == "discount" else factor.position)
        if block is None:
            weight *= model.base[factor.position] ** factor.power
        else:
            by_block.setdefault(block, []).append(factor)
    return tuple((b, tuple(sorted(by_block[b]))) for b in sorted(by_block)), weight


def outcomes_of(model: Model) -> int:
    """Number of outcomes of an actor: the net result, then by area, then by year."""
    return 1 + len(model.areas) + len(model.years)


def discount_is_certain(model: Model) -> bool:
    """Whether no discount rate has a spread."""
    return not set(model.discount.tolist()) & set(model.uncertain.tolist())


def discounts(model: Model, values: Mapping[int, Floats]) -> Floats:
    """Discount factors of the years of the window, (n, y), from the values of the inputs by position."""
    stated = model.stated
    columns = np.broadcast_arrays(*(np.atleast_1d(values.get(int(q), stated[q])) for q in model.discount))
    rates = np.stack(columns, axis=-1)
    found: Floats = np.prod((1.0 + rates[:, :, None]) ** -model.years_at_rate[None, :, :], axis=1)
    return found


def _rows(model: Model, parts: Floats) -> Iterator[Row]:
    sides, fixed = list(_sides(model)), _fixed(model)
    turnout = () if model.turnout == NONE else (Factor("value", model.turnout),)
    for t, factors in enumerate(model.factors):
        own = tuple(Factor("value", int(q)) for q in factors if q != NONE)
        weights = model.weights[t] * (model.completers / model.share_base)[:, None, None]  # (c, a, y)
        for lasting, by_cohort in _over_years(model, t, weights, (parts, fixed)):
            for sign, who, cohorts in sides:
                outcomes = _outcomes(model, int(model.term_area[t]), by_cohort[cohorts].sum(axis=0))
                yield (*own, *lasting, *turnout, *who), sign * outcomes
    for u, q in enumerate(model.cost_quantity):
        come = turnout if model.cost_by_turnout[u] else ()
        whether = bool(model.cost_discounted[u])
        for later, by_year in _by_discount(model.cost_weights[u], fixed, parts, discounted=whether):
            yield (Factor("value", int(q)), *come, *later), _outcomes(model, int(model.cost_area[u]), by_year)


def _sides(model: Model) -> Iterator[tuple[float, tuple[Factor, ...], NDArray[np.bool_]]]:
    """Each rate with and, taken off, each rate without: sign, with the share of its persons, and which cohorts."""
    for sign, rates in ((1.0, model.rates[:, 0]), (-1.0, model.rates[:, 1])):
        for rate, share in sorted(set(zip(rates.tolist(), model.share.tolist(), strict=True))):
            if rate != NONE:
                own = () if share == NONE else (Factor("value", share),)
                yield sign, (Factor("value", rate), *own), (rates == rate) & (model.share == share)


def _outcomes(model: Model, area: int, by_year: Floats) -> Floats:
    """Weights of the net result, of each area and of each year, (a, o), from those by actor and year."""
    found = np.zeros((len(model.actors), outcomes_of(model)))
    found[:, 1 + len(model.areas) :] = by_year
    found[:, 0] = found[:, 1 + area] = by_year.sum(axis=1)
    return found


def over_years(model: Model, t: int, weights: Floats, parts: Floats) -> Iterator[tuple[tuple[Factor, ...], Floats]]:
    """Weights of a term by cohort, actor and year, discounted, (c, a, y); apart for each factor that depends on years.

    Parameters
    ----------
    model : Model
    t : int
        Number of the term.
    weights : (c, a, y) float64
    parts : (y, l) float64
        As in ``Products``.

    Yields
    ------
    (factors, weights)
        Powers of the persistence, and parts of uncertain discount factors.
    """
    yield from _over_years(model, t, weights, (parts, _fixed(model)))


def _over_years(
    model: Model, t: int, weights: Floats, discounting: tuple[Floats, Floats | None]
) -> Iterator[tuple[tuple[Factor, ...], Floats]]:
    """As ``over_years``; parts of uncertain discount factors, and the factors where they are certain."""
    parts, fixed = discounting
    for kept, by_year in _by_persistence(model, t, weights):
        for later, discounted in _by_discount(by_year, fixed, parts, discounted=True):
            yield (*kept, *later), discounted


def _fixed(model: Model) -> Floats | None:
    """Discount factors of the years where they are certain."""
    return discounts(model, {})[0] if discount_is_certain(model) else None


def _by_persistence(model: Model, t: int, weights: Floats) -> Iterator[tuple[tuple[Factor, ...], Floats]]:
    """Weights of a term, (c, a, y), apart for each power of the persistence."""
    q = int(model.persistence[t])
    if q == NONE:
        yield (), weights
        return
    since = model.since[t][:, None, :]
    for power in np.unique(model.since[t]):
        part = np.where(since == power, weights, 0.0)
        if part.any():
            yield ((Factor("value", q, float(power)),) if power else ()), part


def _by_discount(
    by_year: Floats, fixed: Floats | None, parts: Floats, *, discounted: bool
) -> Iterator[tuple[tuple[Factor, ...], Floats]]:
    """Discounted weights, (…, y); apart for each part of uncertain discount factors."""
    if not discounted:
        yield (), by_year
    elif fixed is not None:
        yield (), by_year * fixed
    else:
        for part in range(parts.shape[1]):
            weighted = by_year * parts[:, part]
            if weighted.any():
                yield (Factor("discount", part),), weighted
