"""How far evidence carries: what is kept of an effect and how much wider it is, by level of evidence and by match.

The table is a convention of soemrisk, off unless a number asks for it, and a scenario can replace every row of it.
Apart from ``distribution`` because it is about a place and not about a statement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from soemrisk.families import FAMILIES, Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Part of the effect that is kept, and factor on its standard deviation; docs/scenario.md has the reasons."""

    keep: float
    spread: float


EVIDENCE: Mapping[str, Row] = MappingProxyType(
    {"1": Row(keep=1.0, spread=1.0), "2": Row(keep=0.8, spread=1.25), "3": Row(keep=0.5, spread=1.5)}
)
MATCH: Mapping[str, Row] = MappingProxyType(
    {"same": Row(keep=1.0, spread=1.0), "near": Row(keep=0.8, spread=1.25), "far": Row(keep=0.6, spread=1.5)}
)
ABOUT_NOTHING = ("change", "net_rate", "rate_difference", "ratio", "effect_size")  # kinds in which no effect is 0, or 1


def factors_of(level: int | None, match: str | None) -> tuple[float, float]:
    """Part that is kept and factor on the standard deviation, from the table of soemrisk.

    Examples
    --------
    >>> factors_of(2, "near")
    (0.64, 1.5625)
    """
    rows = [*([EVIDENCE[str(level)]] if level is not None else []), *([MATCH[match]] if match is not None else [])]
    return round(math.prod(row.keep for row in rows), 12), round(math.prod(row.spread for row in rows), 12)


TAILED = ("student_t", "truncated_student_t", "log_student_t")


def discounted(
    family: str, parameters: Parameters, kind: str, factors: tuple[float, float]
) -> tuple[str, dict[str, object]]:
    """Distribution of an effect elsewhere: its mean moved towards no effect, its standard deviation widened.

    Parameters
    ----------
    family, parameters : str, mapping
        What its statement means.
    kind : str
        One of ``ABOUT_NOTHING``.
    factors : (keep, spread)

    Returns
    -------
    (family, parameters)
        Normal, or t where it was; cut at −1 and 1 for rates. Of a ratio the median's logarithm is kept in part, and the
        logarithm is as wide as between its quantiles at Φ(∓1), times ``spread``: lognormal.

    Examples
    --------
    >>> discounted("normal", {"mean": -60.0, "sd": 10.0}, "change", (0.8, 1.5))
    ('normal', {'mean': -48.0, 'sd': 15.0})
    """
    keep, spread = factors
    if factors == (1.0, 1.0):
        return family, dict(parameters)
    row = FAMILIES[family]
    if family in TAILED:  # tails as heavy as they were found, and the same ends
        placed = {name: float(str(parameters[name])) * by for name, by in (("location", keep), ("scale", spread))}
        return family, {**parameters, **placed}
    if kind == "ratio":
        low, middle, high = np.log(row.quantile(np.array([0.15865525393145707, 0.5, 0.8413447460685429]), parameters))
        return "lognormal", {"mu": keep * float(middle), "sigma": spread * float(high - low) / 2}
    moved: dict[str, object] = {"mean": keep * row.mean(parameters), "sd": spread * row.sd(parameters)}
    if kind in {"net_rate", "rate_difference"}:
        return "truncated_normal", {**moved, "low": -1.0, "high": 1.0}
    return "normal", moved


def with_discounts(document: dict[str, Any]) -> dict[str, Any]:
    """Put the rows that a scenario states in its settings in place of the table, number by number.

    Parameters
    ----------
    document : dict
        A TOML document, right or wrong.

    Returns
    -------
    dict
        A copy in which every ``discount`` has ``keep`` and ``spread``; the document itself where no row is stated.

    Examples
    --------
    >>> own = {"match": {"near": {"keep": 0.5, "spread": 2.0, "reason": "x"}}}
    >>> asked = {"settings": {"discounts": own}, "change": {"discount": {"match": "near"}}}
    >>> with_discounts(asked)["change"]["discount"]
    {'keep': 0.5, 'spread': 2.0, 'match': 'near'}
    """
    settings = document.get("settings")
    stated = settings.get("discounts") if isinstance(settings, dict) else None
    if not isinstance(stated, dict) or not all(isinstance(one, dict) for one in stated.values()):
        return document

    def filled(value: Any, key: str) -> Any:
        if isinstance(value, list):
            return [filled(one, key) for one in value]
        if not isinstance(value, dict):
            return value
        if key == "discount":
            return _own(value, stated)
        return {name: one if name == "discounts" else filled(one, name) for name, one in value.items()}

    found: dict[str, Any] = filled(document, "")
    return found


def _own(discount: dict[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """A discount with the factors of the scenario's own rows; those of the table where it states none."""
    found = {"keep": 1.0, "spread": 1.0}
    for name, table in (("evidence", EVIDENCE), ("match", MATCH)):
        asked = str(discount.get(name))
        rows = stated.get(name, {})
        own = rows.get(asked, {}) if isinstance(rows, dict) else {}
        for factor in found:
            value = own.get(factor) if isinstance(own, dict) else None
            usual = getattr(table.get(asked), factor, 1.0)
            found[factor] *= value if isinstance(value, int | float) else usual
    return {**{factor: float(f"{value:.12g}") for factor, value in found.items()}, **discount}
