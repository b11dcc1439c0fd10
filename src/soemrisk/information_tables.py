"""What it is worth to know each input, as tables by actor and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.closed_form import conditional_coefficients
from soemrisk.design import Plan
from soemrisk.element_tables import worth_by_year
from soemrisk.information import Worth, of_blocks, of_groups, of_net, of_one_block, sample_information
from soemrisk.moments import pooled
from soemrisk.priorities import Element
from soemrisk.products import Block, Products
from soemrisk.variance_tables import Analysis

Floats = NDArray[np.float64]
Named = dict[str, Any]

FOLLOWED = (5, 10, 25, 50, 100, 250)  # observations for which sample information is told


def information_tables(analysis: Analysis, listed: Sequence[Element], plan: Plan, small: Plan) -> Named:
    """EVPI, EVPPI of inputs and of elements, and what following more of them is worth, for each actor's decision.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element
    plan : Plan
        Draws of groups and of everything together.
    small : Plan
        Draws of inputs that depend on each other.

    Returns
    -------
    dict
        By actor: ``evpi``, ``evppi`` by input, ``elements``, each with ``value`` and ``mcse``; ``by_year``, the EVPPI
        if the window ended in a year, and ``elements_by_year`` of what is sampled; ``evsi`` by input and number of
        observations; kr.
    """
    products = analysis.products
    model = products.model
    several = [one for one in listed if len(one.blocks) > 1]
    sampled = of_groups(products, [range(len(products.blocks)), *(one.blocks for one in several)], plan)
    by_block = of_blocks(products, small)
    by_element = {one.key: by_block[one.blocks[0]] for one in listed}
    by_element |= {one.key: worth for one, worth in zip(several, sampled[1:], strict=True)}
    net = of_net(products)
    tables = conditional_coefficients(net, pooled(analysis.moments))
    by_year, together = _by_year(analysis), worth_by_year(analysis, listed, small)
    found = {}
    for a, actor in enumerate(model.actors):
        found[actor] = {
            "evpi": _worth(sampled[0], a),
            "evppi": {block.path: _worth(worth, a) for block, worth in zip(products.blocks, by_block, strict=True)},
            "elements": {key: _worth(worth, a) for key, worth in by_element.items()},
            "by_year": {path: values[a] for path, values in by_year.items()},
            "elements_by_year": together[a],
            "evsi": {
                block.path: {str(n): float(value[a]) for n, value in steps.items()}
                for block, steps in (
                    (block, _steps(block, net, table)) for block, table in zip(net.blocks, tables, strict=True)
                )
                if steps
            },
        }
    return found


def _worth(worth: Worth, a: int) -> Named:
    return {"value": float(worth.value[a]), "mcse": float(worth.error[a])}


def _steps(block: Block, net: Products, table: Floats) -> dict[int, Floats]:
    found = {n: sample_information(block, net, table, n) for n in FOLLOWED}
    return {n: value for n, value in found.items() if value is not None}


def _by_year(analysis: Analysis) -> dict[str, list[dict[str, float]]]:
    """EVPPI of each input if the window ended in a year, by actor; blocks that are drawn from one point."""
    products, model = analysis.products, analysis.products.model
    tables = conditional_coefficients(products, pooled(analysis.moments))
    found = {}
    for block, table in zip(products.blocks, tables, strict=True):
        if block.vector:
            continue
        shaped = table.reshape(len(table), len(model.actors), -1)
        cumulated = np.cumsum(shaped[:, :, 1 + len(model.areas) :], axis=2)
        values = of_one_block(products, block, cumulated.reshape(len(table), -1)).reshape(len(model.actors), -1)
        found[block.path] = [
            {str(year): float(value) for year, value in zip(model.years, row, strict=True)} for row in values
        ]
    return found
