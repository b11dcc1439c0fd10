"""What it is worth to know each input, as tables by actor and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.block_worth import of_replicates
from soemrisk.closed_form import conditional_coefficients
from soemrisk.design import Plan
from soemrisk.element_tables import worth_by_year
from soemrisk.information import (
    Worth,
    of_blocks,
    of_everything,
    of_groups,
    of_net,
    sample_information,
    step_of,
)
from soemrisk.model import Model
from soemrisk.priorities import Element
from soemrisk.products import Block, Products
from soemrisk.quantity import Effort
from soemrisk.sample_sizes import best_number, hours_of, numbers_of_curve, worth_by_number
from soemrisk.statistics import standard_error
from soemrisk.variance_tables import Analysis, errors_of

Floats = NDArray[np.float64]
Named = dict[str, Any]

FOLLOWED = (5, 10, 25, 50, 100, 250)  # observations for which sample information is told


NO_EFFORTS: Mapping[str, Effort] = MappingProxyType({})


def information_tables(
    analysis: Analysis,
    listed: Sequence[Element],
    plan: Plan,
    small: Plan,
    *,
    efforts: Mapping[str, Effort] = NO_EFFORTS,
) -> Named:
    """EVPI, EVPPI of inputs and of elements, and what following more of them is worth, for each actor's decision.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element
    plan : Plan
        Draws of groups and of everything together.
    small : Plan
        Draws of inputs that depend on each other.
    efforts : mapping of str to Effort
        What it takes to learn more, by input.

    Returns
    -------
    dict
        By actor: ``evpi``, ``evppi`` by input, ``elements``, each with ``value`` and ``mcse``; ``by_year``, the EVPPI
        if the window ended in a year, ``by_year_mcse``, and ``elements_by_year`` of what is sampled; ``evsi`` by input
        and number of observations; kr. ``steps`` by input: what is observed, what numbers of it are worth, and take,
        and which number pays best.
    """
    products = analysis.products
    model = products.model
    several = [one for one in listed if len(one.blocks) > 1]
    sampled = of_groups(products, [range(len(products.blocks)), *(one.blocks for one in several)], plan)
    by_block = of_blocks(products, small)
    by_element = {one.key: by_block[one.blocks[0]] for one in listed}
    by_element |= {one.key: worth for one, worth in zip(several, sampled[1:], strict=True)}
    everything = of_everything(sampled[0], [*by_block, *by_element.values()])
    net = of_net(products)
    by_replicate = [conditional_coefficients(net, known) for known in analysis.moments]
    by_year, together = _by_year(analysis), worth_by_year(analysis, listed, small)
    evsi: dict[str, dict[int, Floats]] = {}
    steps: dict[str, list[Named]] = {}
    for b, block in enumerate(net.blocks):
        if step_of(block, net) is not None:
            of_block = [tables[b] for tables in by_replicate]
            evsi[block.path] = _evsi(block, net, of_block)
            steps[block.path] = _steps(block, net, of_block, evsi[block.path], efforts.get(block.path))
    found = {}
    for a, actor in enumerate(model.actors):
        found[actor] = {
            "evpi": _worth(everything, a),
            "evppi": {block.path: _worth(worth, a) for block, worth in zip(products.blocks, by_block, strict=True)},
            "elements": {key: _worth(worth, a) for key, worth in by_element.items()},
            "by_year": {path: _over_years(model, values[a]) for path, (values, _) in by_year.items()},
            "by_year_mcse": {path: _over_years(model, errors[a]) for path, (_, errors) in by_year.items()},
            "elements_by_year": together[a],
            "evsi": {path: {str(n): float(one[a]) for n, one in row.items()} for path, row in evsi.items()},
            "steps": {path: by_actor[a] for path, by_actor in steps.items()},
        }
    return found


def _over_years(model: Model, values: Floats) -> dict[str, float]:
    return {str(year): float(value) for year, value in zip(model.years, values, strict=True)}


def _worth(worth: Worth, a: int) -> Named:
    return {"value": float(worth.value[a]), "mcse": float(worth.error[a])}


def _evsi(block: Block, net: Products, tables: Sequence[Floats]) -> dict[int, Floats]:
    """Values of some numbers of observations by actor; tables: coefficients by replicate of the moments."""
    found = {}
    for n in FOLLOWED:
        values = [sample_information(block, net, table, n) for table in tables]
        found[n] = np.mean([one for one in values if one is not None], axis=0)
    return found


def _steps(
    block: Block, net: Products, tables: Sequence[Floats], evsi: Mapping[int, Floats], effort: Effort | None
) -> list[Named]:
    """What is observed of one input, what numbers of observations take, and which number pays best, by actor."""
    kind = step_of(block, net)
    full = of_replicates(net, block, tables).mean(axis=0)
    found = []
    for a in range(len(net.model.actors)):
        by_number = {str(n): _figures(n, float(value[a]), effort) for n, value in evsi.items()}
        lines = [(float(table[0, a]), float(table[1, a])) for table in tables]
        best = None if effort is None else _best(block, net, lines, float(full[a]), effort)
        told = {n: float(value[a]) for n, value in evsi.items()}
        curve = _curve(block, net, lines, (told, best))
        found.append({"kind": kind, "by_number": by_number, "best": best, "curve": curve})
    return found


def _curve(
    block: Block, net: Products, lines: Sequence[tuple[float, float]], known: tuple[Mapping[int, float], Named | None]
) -> Named:
    """Numbers of observations of one input and what they are worth to one actor, through what is told of them."""
    told, best = known
    numbers = numbers_of_curve(FOLLOWED, None if best is None else best["n"]).tolist()
    values = _worth_of_numbers(block, net, lines, numbers[-1]).mean(axis=0)
    told = told if best is None else {**told, best["n"]: best["value"]}
    return {"n": numbers, "value": [told.get(n, float(values[n])) for n in numbers]}


def _worth_of_numbers(block: Block, net: Products, lines: Sequence[tuple[float, float]], most: int) -> Floats:
    """EVSI of 0 to ``most`` observations for the line of each replicate, (replicates, most + 1), kr."""
    kind = step_of(block, net)
    assert kind is not None
    meant = net.model.inputs[int(block.inputs[0])].distribution
    return np.array([worth_by_number(kind, meant, line, most) for line in lines])


def _best(block: Block, net: Products, lines: Sequence[tuple[float, float]], full: float, effort: Effort) -> Named:
    """The number of observations that pays best for one actor, and its figures with the error of the moments."""
    n = best_number(lambda most: _worth_of_numbers(block, net, lines, most).mean(axis=0), full, effort)
    values = _worth_of_numbers(block, net, lines, n)[:, n]
    return {"n": n, **_figures(n, float(values.mean()), effort), "mcse": standard_error(values)}


def _figures(n: int, value: float, effort: Effort | None) -> Named:
    """What n observations are worth, take and cost, kr. and hours."""
    if effort is None:
        return {"value": value}
    hours = float(hours_of(effort, np.array(float(n))))
    by_hour = {"hours": hours, "value_per_hour": value / hours if n else None}
    cost = {} if effort.hourly is None else {"cost": effort.hourly * hours, "net": value - effort.hourly * hours}
    return {"value": value, **by_hour, **cost}


def _by_year(analysis: Analysis) -> dict[str, tuple[Floats, Floats]]:
    """EVPPI of each input if the window ended in a year, and its error, (a, y); blocks drawn from one point."""
    products, model = analysis.products, analysis.products.model
    shape = (len(model.actors), -1)
    by_replicate = [conditional_coefficients(products, known) for known in analysis.moments]
    found = {}
    for b, block in enumerate(products.blocks):
        if block.vector:
            continue
        cumulated = []
        for tables in by_replicate:
            shaped = tables[b].reshape(len(tables[b]), len(model.actors), -1)
            cumulated.append(np.cumsum(shaped[:, :, 1 + len(model.areas) :], axis=2).reshape(len(tables[b]), -1))
        each = of_replicates(products, block, cumulated).reshape(len(cumulated), *shape)
        found[block.path] = (each.mean(axis=0), errors_of(each))
    return found
