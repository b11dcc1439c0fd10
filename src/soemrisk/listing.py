"""Listed because significant: the two ends between which the filter leaves the mean.

SØM's database has no standard errors, so how much its listed values exaggerate is not known. At one end they are taken
as listed; at the other each is corrected as if it were just significant, or by its se where one is stated.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from soemrisk.digest import Digest
from soemrisk.families import FAMILIES
from soemrisk.quantity import Quantity
from soemrisk.reference import evaluate
from soemrisk.scales import critical_point
from soemrisk.scenario import Scenario

LARGEST_CRITICAL = 8.0  # what ``filtered`` accepts; the part hardly changes from there


def listed_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Changes that are taken as listed, by path."""
    for key, consequence in scenario.consequences.items():
        if consequence.change.significant is not None and not consequence.change.corrected:
            yield f"consequences.{key}.change", consequence.change


def corrected_part(quantity: Quantity) -> float:
    """Mean of a listed effect as a part of its estimate, if it is just significant or has the stated se.

    Parameters
    ----------
    quantity : Quantity
        With ``significant``.

    Returns
    -------
    float
        0.56 for an estimate of 1.96 standard errors; nearer to 1 for more (docs/methods.md, corrected for the filter).

    Examples
    --------
    >>> round(corrected_part(Quantity(value=-10, unit="day", source="x", significant=0.05)), 2)
    0.56
    """
    assert quantity.significant is not None
    critical = min(critical_point(quantity.significant), LARGEST_CRITICAL)
    size = critical
    if quantity.se is not None and isinstance(quantity.value, float):
        size = abs(quantity.value) / quantity.se
    return FAMILIES["filtered"].mean({"estimate": 1.0, "se": 1.0 / size, "critical": critical})


def ends_of_listing(scenario: Scenario, digest: Digest) -> dict[str, dict[str, float]]:
    """Mean of the net result at both ends, by actor.

    Parameters
    ----------
    scenario : Scenario
    digest : Digest
        Of a simulation of the scenario.

    Returns
    -------
    dict of actor to dict
        ``as_listed``: the mean of the result, kr.; ``just_significant``: the same with the means of all listed changes
        corrected. Empty where nothing is listed.
    """
    model = digest.model
    position = {one.path: n for n, one in enumerate(model.inputs)}
    parts = {position[path]: corrected_part(quantity) for path, quantity in listed_quantities(scenario)}
    if not parts:
        return {}
    stated = np.array([[one.distribution.mean for one in model.inputs]] * 2)
    for q, part in parts.items():
        stated[1, q] *= part
    as_listed, corrected = evaluate(model, model.derive(stated)).expected
    return {
        actor: {"as_listed": stats["mean"], "just_significant": stats["mean"] + float(corrected[a] - as_listed[a])}
        for a, (actor, stats) in enumerate(zip(model.actors, digest.expected, strict=True))
    }
