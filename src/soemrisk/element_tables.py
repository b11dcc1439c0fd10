"""What elements of several inputs do, taken together: bars of a tornado, and what they are worth to know by year.

A sum of swings is no swing, and a sum of values of information is no value of information.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from soemrisk.design import Plan
from soemrisk.information import of_groups_by_outcome
from soemrisk.priorities import Element
from soemrisk.reference import Evaluate
from soemrisk.tornado import Bar, together_by_ten_percent, together_by_uncertainty
from soemrisk.variance_tables import Analysis


def bars_of_elements(
    analysis: Analysis, listed: Sequence[Element], evaluate: Evaluate
) -> dict[str, list[dict[str, Any]]]:
    """Calibrated lines of an area, low and high at the same time.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    dict
        ``p10_p90`` and ``ten_percent``: a list of ``element``, ``inputs``, and ``at_low``, ``at_high`` (net result in
        kr.) and ``monotone`` by actor.
    """
    model = analysis.products.model
    groups = {one.key: paths_of(analysis, one) for one in listed if one.calibrated}
    found = {
        "p10_p90": together_by_uncertainty(model, groups, evaluate),
        "ten_percent": together_by_ten_percent(model, groups, evaluate),
    }
    return {kind: [_bar(model.actors, bar, groups) for bar in bars] for kind, bars in found.items()}


def paths_of(analysis: Analysis, one: Element) -> list[str]:
    """Places of the inputs of an element; steps of one quantity are one place."""
    model = analysis.products.model
    inputs = (int(q) for b in one.blocks for q in analysis.products.blocks[b].inputs)
    return list(dict.fromkeys(model.inputs[q].path.split("@")[0] for q in inputs))


def _bar(actors: Sequence[str], bar: Bar, groups: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "element": bar.path,
        "inputs": groups[bar.path],
        "at_low": dict(zip(actors, bar.at_low.tolist(), strict=True)),
        "at_high": dict(zip(actors, bar.at_high.tolist(), strict=True)),
        "monotone": dict(zip(actors, bar.monotone.tolist(), strict=True)),
    }


def worth_by_year(analysis: Analysis, listed: Sequence[Element], plan: Plan) -> list[dict[str, Any]]:
    """EVPPI of each element that is sampled, if the window ended in a year.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element
    plan : Plan
        Replicates and points of the sample.

    Returns
    -------
    list of dict, one an actor
        By element and year ``value`` and ``mcse``, kr.; elements of several blocks, or of one that is a vector.
    """
    products, model = analysis.products, analysis.products.model
    asked = [one for one in listed if len(one.blocks) > 1 or products.blocks[one.blocks[0]].vector]
    if not asked:
        return [{} for _ in model.actors]
    weights = np.cumsum(products.weights[:, :, 1 + len(model.areas) :], axis=2)
    worth = of_groups_by_outcome(replace(products, weights=weights), [one.blocks for one in asked], plan)
    shape = (len(model.actors), len(model.years))
    tables = {
        one.key: (known.value.reshape(shape), known.error.reshape(shape))
        for one, known in zip(asked, worth, strict=True)
    }
    return [
        {
            key: {
                str(year): {"value": float(value[a, y]), "mcse": float(error[a, y])}
                for y, year in enumerate(model.years)
            }
            for key, (value, error) in tables.items()
        }
        for a in range(len(model.actors))
    ]
