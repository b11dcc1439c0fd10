"""In which of the ways the spread of a number is stated, and the family that this means where none is named.

Apart from ``quantity`` because checks and meaning must read a statement in the same way, and its shape says no way.
"""

from __future__ import annotations

import math

from soemrisk.quantity import Domain, Quantity


def spread_kind(quantity: Quantity) -> str:
    """Way in which the spread is stated: ``certain``, ``hard``, ``interval``, or the key that states it.

    Examples
    --------
    >>> spread_kind(Quantity(value=3, unit="day", source="x", se=1))
    'se'
    """
    kind = next(iter(ways(quantity)), "certain")
    if kind == "range":
        return "hard" if quantity.meaning == "hard" else "interval"
    return kind


WAYS = (
    *("se", "sd", "cv", "counts", "quantiles", "ci", "evidence", "observations", "significant", "studies"),
    "parameters",
)


def ways(quantity: Quantity) -> tuple[str, ...]:
    """Keys that state the spread, ``range`` for low, high and meaning; a sound quantity has at most one.

    A standard error beside ``significant`` belongs to it.
    """
    ranged = any(one is not None for one in (quantity.low, quantity.high, quantity.meaning))
    found = [name for name in WAYS if getattr(quantity, name) is not None]
    if "significant" in found and "se" in found:
        found.remove("se")
    return (*(("range",) if ranged else ()), *found)


def default_family(quantity: Quantity, domain: Domain) -> str | None:
    """Family that a statement means when it names none; None where it is sought (docs/scenario.md, statements)."""
    kind = spread_kind(quantity)
    if kind in {"ci", "observations", "significant"}:
        return _family_by_choice(quantity, domain)
    return {"hard": "pert", "counts": "beta", "quantiles": None, "studies": None}.get(kind, domain.interval_family)


def _family_by_choice(quantity: Quantity, domain: Domain) -> str:
    """Family of a statement that has choices of its own: a scale, what observations stand for, the filter."""
    if quantity.ci is not None:
        ends = math.isfinite(domain.low) and math.isfinite(domain.high)
        difference = "truncated_normal" if ends else "normal"
        return {"difference": difference, "log-ratio": "lognormal", "logit": "logit_normal"}[quantity.ci.scale]
    if quantity.observations is not None:
        of_mean = "student_t" if domain.low == -math.inf else domain.interval_family
        return "empirical" if quantity.of == "one" else of_mean
    if quantity.z is not None:
        return "mixture"
    return "filtered" if quantity.corrected else "normal"
