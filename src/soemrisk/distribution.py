"""What a statement means: each way of stating a number becomes one row of the family table.

The stated ``value`` is the base case; a distribution need not have it as mean, and no distribution is ever moved to
have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from soemrisk.families import FAMILIES, Parameters
from soemrisk.quantity import MEANINGS, Domain, Quantity, default_family, spread_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """A resolved quantity.

    Attributes
    ----------
    base : float
        The value of the base case; 1 where ``profile`` carries the values by year.
    family : str or None
        Row of the family table; None when the quantity counts as certain.
    parameters : mapping
        The family's parameters.
    profile : tuple of float, or None
        Values by year since success, all moved by the one factor.
    individual_sd : float
        Standard deviation between persons, in the units of the base value; a part of chance and not of what is not
        known.
    """

    base: float
    family: str | None
    parameters: Parameters
    profile: tuple[float, ...] | None = None
    individual_sd: float = 0.0

    @property
    def mean(self) -> float:
        """Mean of the distribution; the base value of a certain one."""
        return self.base if self.family is None else FAMILIES[self.family].mean(self.parameters)


def resolve(quantity: Quantity, domain: Domain) -> Uncertain:
    """Turn a statement without findings into a base value and a distribution.

    Parameters
    ----------
    quantity : Quantity
        A statement for which ``findings`` is empty.
    domain : Domain
        What kind of number it is; it decides the default family.

    Returns
    -------
    Uncertain

    Raises
    ------
    ValueError
        No distribution of the family fits the statement.

    Notes
    -----
    Counts are read as Beta(s + ½, n − s + ½), Jeffreys' prior (Brown, Cai and DasGupta 2001, Stat. Sci. 16:101).
    *Significant* is read as listed: mean at the estimate and the largest se with which it is significant,
    |b| / z(1 − α/2); the true se is smaller or equal.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> estimate = Quantity(value=-10, unit="day", source="x", significant=0.05)
    >>> round(resolve(estimate, DOMAINS["change"]).parameters["sd"], 3)
    5.102
    """
    value = quantity.value
    profile = value if isinstance(value, tuple) else None
    if profile is not None:
        base = 1.0
    elif value is None:
        assert quantity.counts is not None
        base = quantity.counts.successes / quantity.counts.of
    else:
        assert isinstance(value, float)
        base = value
    kind = spread_kind(quantity)
    if kind == "certain":
        return Uncertain(base=base, family=None, parameters=MappingProxyType({}), profile=profile)
    family = quantity.family or default_family(quantity, domain)
    try:
        parameters = _parameters(quantity, kind, family, base)
    except ArithmeticError:
        raise ValueError("the numbers are too far apart") from None
    failed = FAMILIES[family].valid(parameters)
    if failed:
        raise ValueError(f"{family}: {failed}")
    return Uncertain(base=base, family=family, parameters=MappingProxyType(parameters), profile=profile)


def _parameters(quantity: Quantity, kind: str, family: str, base: float) -> dict[str, object]:
    if kind == "parameters":
        return {k: tuple(v) if isinstance(v, list) else v for k, v in (quantity.parameters or {}).items()}
    if kind == "counts":
        assert quantity.counts is not None
        s, n = quantity.counts.successes, quantity.counts.of
        return {"a": s + 0.5, "b": n - s + 0.5}
    if kind == "significant":
        assert quantity.significant is not None
        return {"mean": base, "sd": abs(base) / _normal_point(1 - quantity.significant / 2)}
    if kind == "se":
        assert quantity.se is not None
        return _from_moments(family, base, quantity.se)
    assert quantity.low is not None
    assert quantity.high is not None
    ends: dict[str, object] = {"low": quantity.low, "high": quantity.high}
    if kind == "hard":
        return ends if family == "uniform" else {**ends, "mode": base}
    coverage = MEANINGS[quantity.meaning or "hard"]
    assert coverage is not None
    return _from_interval(family, (quantity.low, quantity.high), coverage)


def _normal_point(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def _from_moments(family: str, mean: float, se: float) -> dict[str, object]:
    if family == "normal":
        return {"mean": mean, "sd": se}
    if family == "lognormal":
        if mean <= 0:
            raise ValueError("a lognormal needs a mean above 0")
        variance = math.log1p((se / mean) ** 2)
        return {"mu": math.log(mean) - variance / 2, "sigma": math.sqrt(variance)}
    if not 0 < mean < 1 or se**2 >= mean * (1 - mean):
        raise ValueError("a beta needs 0 < mean < 1 and se² < mean (1 − mean)")
    weight = mean * (1 - mean) / se**2 - 1
    return {"a": mean * weight, "b": (1 - mean) * weight}


def _from_interval(family: str, ends: tuple[float, float], coverage: float) -> dict[str, object]:
    """Parameters with which the two ends are the quantiles (1 − coverage)/2 and (1 + coverage)/2."""
    low, high = ends
    z = _normal_point((1 + coverage) / 2)
    if family == "normal":
        return {"mean": (low + high) / 2, "sd": (high - low) / (2 * z)}
    if family == "lognormal":
        return {"mu": (math.log(low) + math.log(high)) / 2, "sigma": (math.log(high) - math.log(low)) / (2 * z)}
    from scipy.optimize import root
    from scipy.special import betainc

    tail = (1 - coverage) / 2
    middle, spread = (low + high) / 2, (high - low) / (2 * z)
    weight = max(middle * (1 - middle) / spread**2 - 1, 0.5)

    def misses(logs: Any) -> list[float]:
        a, b = math.exp(min(logs[0], 50.0)), math.exp(min(logs[1], 50.0))
        return [float(betainc(a, b, low)) - tail, float(betainc(b, a, 1 - high)) - tail]

    fit = root(misses, [math.log(middle * weight), math.log((1 - middle) * weight)], tol=1e-14)
    if max(abs(miss) for miss in misses(fit.x)) > 1e-9:
        raise ValueError("no beta has these two quantiles")
    return {"a": math.exp(fit.x[0]), "b": math.exp(fit.x[1])}
