"""The 2×2 of usikkerhed × betydning: which elements of a calculation are the most important ones for an actor.

*Usikkerhed* is the relative width from P10 to P90 of what an element gives. *Betydning* is what it does to the
decision: the value of knowing it (EVPPI), its share of the variance, or how far ±10 % moves the result. Lines that were
calibrated to published totals are taken together by area: their ranking would say something about the calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import Plan, points
from soemrisk.families import FAMILIES
from soemrisk.moments import Moments, moments
from soemrisk.product_values import evaluate_products
from soemrisk.products import Products
from soemrisk.scenario import Scenario
from soemrisk.statistics import standard_error
from soemrisk.transform import values_at

Floats = NDArray[np.float64]

MOST, LESS, NOT, OPEN = "most", "less", "not", "open"
CALIBRATED = "calibrated to"
SETTLED = 0.01  # of the size of the expected net result: what full knowledge must be worth, or the decision is settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on an axis counts as high. Our convention.

    Attributes
    ----------
    width : float
        Width from P10 to P90 as a part of the size of what an element gives.
    evppi : float
        Part of the EVPI.
    total : float
        Part of the variance, interactions included.
    elasticity : float
        How far ±10 % moves the result, as a part of its P10–P90 width.
    """

    width: float = 1 / 3
    evppi: float = 0.1
    total: float = 0.1
    elasticity: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What is ranked: a block of inputs, or calibrated lines of one area.

    Attributes
    ----------
    key : str
        Place of its input, or ``calibrated/<area>``.
    blocks : tuple of int
    calibrated : bool
    """

    key: str
    blocks: tuple[int, ...]
    calibrated: bool


def elements(scenario: Scenario, products: Products) -> tuple[Element, ...]:
    """Blocks of inputs, calibrated consequences of one area as one.

    Parameters
    ----------
    scenario : Scenario
    products : Products
        Of the scenario.

    Returns
    -------
    tuple of Element
        In the order of their first blocks; a single calibrated line of an area stands in a group of its own.
    """
    grouped: dict[str, list[int]] = {}
    for b, block in enumerate(products.blocks):
        grouped.setdefault(_key(scenario, products, block.path, block.inputs), []).append(b)
    return tuple(
        Element(key=key, blocks=tuple(blocks), calibrated=key.startswith("calibrated/"))
        for key, blocks in grouped.items()
    )


def _key(scenario: Scenario, products: Products, path: str, inputs: NDArray[np.int64]) -> str:
    sources = [products.model.inputs[int(q)].source for q in inputs]
    if not path.startswith("consequences.") or not any(CALIBRATED in source for source in sources):
        return path
    service = scenario.services[scenario.consequences[path.split(".")[1]].service]
    return f"calibrated/{service.area}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """Relative width of what elements give, with standard errors; (e, a), inf where an element gives nothing."""

    value: Floats
    error: Floats


def widths(products: Products, listed: Sequence[Element], plan: Plan) -> Width:
    """Width from P10 to P90 of what each element gives, relative to its size.

    Parameters
    ----------
    products : Products
    listed : sequence of Element
    plan : Plan
        Replicates and points of the sample.

    Returns
    -------
    Width
        Everything else at its mean; the size is the absolute mean of what the element gives. Of one input that
        enters as itself it is (P90 − P10) / abs(mean), without an error; else it is sampled.
    """
    estimates = np.empty((plan.replicates, len(listed), len(products.model.actors)))
    for e, one in enumerate(listed):
        if _is_plain(products, one):
            estimates[:, e] = _of_quantiles(products, one)
    sampled = [(e, one, _own_part(products, one)) for e, one in enumerate(listed) if not _is_plain(products, one)]
    for r in range(plan.replicates if sampled else 0):
        known = moments(products, plan, r)
        values = values_at(products.model, points(plan, products.model.columns, r))
        for e, one, own in sampled:
            given = _given(own, known, values, one)
            low, high = np.quantile(given, (0.1, 0.9), axis=0)
            estimates[r, e] = _relative(high - low, np.abs(given.mean(axis=0)))
    finite = np.isfinite(estimates).all(axis=0)
    safe = np.where(finite, estimates, 0.0)
    error = np.apply_along_axis(standard_error, 0, safe) if safe.size else safe[0]
    return Width(value=np.where(finite, safe.mean(axis=0), np.inf), error=error)


def _relative(width: Floats, size: Floats) -> Floats:
    """Width relative to a size; infinite of nothing, 0 where nothing varies."""
    ratio = np.divide(width, size, out=np.full_like(size, np.inf), where=size > 0)
    return np.where(width == 0, 0.0, ratio)


def _is_plain(products: Products, one: Element) -> bool:
    """Whether an element is one input that enters as itself: what it gives is then as wide as it is."""
    return len(one.blocks) == 1 and products.blocks[one.blocks[0]].plain


def _of_quantiles(products: Products, one: Element) -> Floats:
    distribution = products.model.inputs[int(products.blocks[one.blocks[0]].inputs[0])].distribution
    assert distribution.family is not None
    row = FAMILIES[distribution.family]
    low, high = row.quantile(np.array([0.1, 0.9]), distribution.parameters)
    return _relative(np.array([high - low]), np.array([abs(distribution.mean)]))


def _own_part(products: Products, element: Element) -> Products:
    """Only the products that an element is a factor of."""
    touched = (products.functions[:, list(element.blocks)] > 0).any(axis=1)
    weights = products.weights[touched][:, :, :1]
    return replace(products, functions=products.functions[touched], weights=weights)


def _given(own: Products, known: Moments, values: Floats, element: Element) -> Floats:
    held = {b: known.means[b] for b in range(len(own.blocks)) if b not in element.blocks}
    return evaluate_products(own, values, held)[:, :, 0]


def category(width: tuple[float, float], importance: tuple[float, float], thresholds: tuple[float, float]) -> str:
    """Place of an element in the 2×2.

    Parameters
    ----------
    width, importance : (value, half-width of its 95 % interval)
    thresholds : (of the width, of the importance)

    Returns
    -------
    {"most", "less", "not", "open"}
        Both high, one high, both low; ``open`` where an interval crosses its threshold and that decides.

    Examples
    --------
    >>> category((0.8, 0.0), (0.2, 0.0), (0.5, 0.1)), category((0.8, 0.0), (0.11, 0.05), (0.5, 0.1))
    ('most', 'open')
    """
    found = set()
    for one in _sides(*width, thresholds[0]):
        for other in _sides(*importance, thresholds[1]):
            found.add((NOT, LESS, MOST)[one + other])
    return found.pop() if len(found) == 1 else OPEN


def _sides(value: float, half: float, threshold: float) -> set[int]:
    """Whether a value is high, for both ends of its interval."""
    return {int(value - half >= threshold), int(value + half >= threshold)}


def importance_of(kind: str, figures: Mapping[str, float], whole: Mapping[str, float]) -> tuple[float, float]:
    """One axis of betydning, in the unit of its threshold, with its standard error.

    Parameters
    ----------
    kind : {"evppi", "total", "elasticity"}
    figures : mapping
        ``evppi``, ``evppi_error``, ``total``, ``total_error``, ``ten_percent`` of the element.
    whole : mapping
        ``evpi``, ``evpi_error``, ``size`` (of the expected net result), ``width`` (P10–P90 of the net result) and
        ``width_error`` of the actor. Where the EVPI is below 1 % of the size, the decision is settled, and nothing is
        important for it.

    Returns
    -------
    (value, error)
    """
    if kind == "total":
        return figures["total"], figures["total_error"]
    if kind == "elasticity":
        return _ratio((figures["ten_percent"], 0.0), (whole["width"], whole["width_error"]))
    if whole["evpi"] <= SETTLED * whole["size"]:
        return 0.0, 0.0
    return _ratio((figures["evppi"], figures["evppi_error"]), (whole["evpi"], whole["evpi_error"]))


def _ratio(part: tuple[float, float], whole: tuple[float, float]) -> tuple[float, float]:
    """Part of a whole with its standard error, to first order; 0 of nothing."""
    if whole[0] <= 0:
        return 0.0, 0.0
    ratio = part[0] / whole[0]
    return ratio, float(np.hypot(part[1], ratio * whole[1]) / whole[0])
