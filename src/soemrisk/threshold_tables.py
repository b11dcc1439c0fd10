"""Where results turn, as tables by actor: break-even of every input, chance of a gain over the rate, two inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import zero_of_line
from soemrisk.design import Plan
from soemrisk.gain_curve import curve_of_gain
from soemrisk.model import Model
from soemrisk.product_values import line_in_block, terms_at
from soemrisk.products import Products
from soemrisk.reference import Evaluate
from soemrisk.shared_draws import drawn_with
from soemrisk.thresholds import (
    Lines,
    base_line,
    break_even_of,
    drawn_values,
    is_line,
    lines,
    roots,
    zero_over_pair,
)
from soemrisk.tornado import LEVELS, table_of_pair

Floats = NDArray[np.float64]
Named = dict[str, Any]

PROPORTIONAL = "proportional"  # what the other shares do when one of them moves
RATES = np.round(np.linspace(0, 1, 41), 3)
FINER = np.round(np.linspace(0.1, 0.9, 41), 2)  # levels between which a line net = 0 is drawn


def finite(value: float) -> float | None:
    """The value, or None where it is infinite, as JSON has it."""
    return float(value) if np.isfinite(value) else None


def break_even_tables(products: Products, plan: Plan, evaluate: Evaluate) -> Named:
    """Break-even of every input: with its distribution where it has a spread, all roots where it is no line.

    Parameters
    ----------
    products : Products
    plan : Plan
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    dict
        By input and actor; of a share of several the others keep their proportions, and ``others`` says so; what one
        draw moves with an input is in ``together_with``.
    """
    model = products.model
    plain = {int(block.inputs[0]): b for b, block in enumerate(products.blocks) if block.plain}
    drawn = drawn_values(model, plan)
    terms = [terms_at(products, values, np.ones(len(products.functions)), {}) for values in drawn]
    found: Named = {}
    for q, one in enumerate(model.inputs):

        def known(q: int = q) -> Lines:
            return _lines(products, drawn, terms, plain[q]) if q in plain else lines(model, drawn, q, evaluate)

        with_it: Named = {} if model.simplex_of(q) is None else {"others": PROPORTIONAL}
        others = [model.inputs[k].path for k in drawn_with(model, q) if k != q]
        with_it |= {"together_with": others} if others else {}
        by_actor = [
            {name: value if name == "roots" else finite(value) for name, value in row.items()} | with_it
            for row in break_evens_of_input(model, q, known, evaluate)
        ]
        found[one.path] = dict(zip(model.actors, by_actor, strict=True))
    return found


def break_evens_of_input(model: Model, q: int, known: Callable[[], Lines], evaluate: Evaluate) -> list[Named]:
    """Break-even of one input by actor: with its distribution where it has a spread, all roots where it is no line.

    Parameters
    ----------
    model : Model
    q : int
        Position of the input.
    known : callable
        Lines of the draws in it, asked for where they are needed.
    evaluate : callable

    Returns
    -------
    list of dict, one an actor
        As ``thresholds.break_even_of``, infinite where there is none; of a certain input ``base`` and ``slope``;
        ``roots`` of the base case where the net result is no line in it.
    """
    if not is_line(model, q):
        return [{"roots": list(every)} for every in roots(model, q, evaluate)]
    if model.inputs[q].distribution.family is not None:
        return [dict(row) for row in break_even_of(model, known(), q, evaluate)]
    at_zero, slope = base_line(model, q, evaluate)
    zeros = zero_of_line(at_zero, slope)
    return [{"base": float(zero), "slope": float(one)} for zero, one in zip(zeros, slope, strict=True)]


def _lines(products: Products, drawn: Floats, terms: Sequence[Floats], b: int) -> Lines:
    """Lines of the draws from the products that a block is a factor of: no evaluation of the whole model."""
    pairs = [line_in_block(products, values, one, b) for values, one in zip(drawn, terms, strict=True)]
    return Lines(
        at_zero=np.stack([at_zero for at_zero, _ in pairs]),
        per_unit=np.stack([per_unit for _, per_unit in pairs]),
        values=drawn[:, :, int(products.blocks[b].inputs[0])],
    )


def chance_tables(model: Model, plan: Plan, evaluate: Evaluate) -> Named:
    """P(net > 0) over the success rate by actor, chance included.

    Parameters
    ----------
    model : Model
    plan : Plan
    evaluate : callable

    Returns
    -------
    dict
        ``rate`` (2.5 % apart, and more where a curve is steep or crosses 50, 70 or 90 %), ``draws``, and by actor
        ``prob`` and ``mcse``.
    """
    rates, prob, error = curve_of_gain(model, plan, RATES, evaluate)
    by_actor = {
        actor: {"prob": prob[:, a].tolist(), "mcse": error[:, a].tolist()} for a, actor in enumerate(model.actors)
    }
    return {"rate": rates.tolist(), "draws": plan.draws, **by_actor}


def pair_table(model: Model, pair: tuple[str, str], evaluate: Evaluate) -> Named:
    """Net result over two inputs at their quantiles, and what the second must be for the net result to be 0.

    Parameters
    ----------
    model : Model
    pair : (path, path)
        Two uncertain inputs that can be moved apart.
    evaluate : callable

    Returns
    -------
    dict
        ``inputs``, ``levels``, ``first``, ``second`` (values; of steps those of the first that is uncertain), ``net``
        by actor, and ``zero`` by actor for each value of the first; no ``zero`` where the second has steps or enters in
        another way. ``finer``: the same at 41 levels, each value once, for lines net = 0.
    """
    xs, ys, net = table_of_pair(model, pair, evaluate)
    zeros = zero_over_pair(model, pair[1], ys, net)
    return {
        "inputs": list(pair),
        "levels": list(LEVELS),
        **_values_and_net(model, xs, ys, net),
        "finer": _each_once(model, *table_of_pair(model, pair, evaluate, FINER.tolist())),
        "zero": {}
        if zeros is None
        else {actor: [finite(x) for x in zeros[:, a]] for a, actor in enumerate(model.actors)},
    }


def _values_and_net(model: Model, xs: Floats, ys: Floats, net: Floats) -> Named:
    by_actor = {actor: net[:, :, a].tolist() for a, actor in enumerate(model.actors)}
    return {"first": xs.tolist(), "second": ys.tolist(), "net": by_actor}


def _each_once(model: Model, xs: Floats, ys: Floats, net: Floats) -> Named:
    """A table without rows and columns that are there twice: several quantiles of what has few values are one value."""
    across, up = np.unique(xs, return_index=True)[1], np.unique(ys, return_index=True)[1]
    return _values_and_net(model, xs[across], ys[up], net[np.ix_(across, up)])
