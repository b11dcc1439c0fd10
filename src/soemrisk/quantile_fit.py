"""Which distribution has the stated quantiles, as nearly as possible: least squares over families.

Apart because it seeks where other statements have a formula, and because how well it met them must be shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from soemrisk.families import FAMILIES
from soemrisk.family import Array
from soemrisk.messages import Phrase, phrase
from soemrisk.quantity import Domain
from soemrisk.scales import normal_point

Stated = tuple[tuple[float, float], ...]
WORST_MISS = 0.10  # of the range of the quantiles; more is no fit
WORST_SHIFT = 0.15  # of probability: what a miss of that size is in the middle of p10, p50 and p90 of a normal
AS_GOOD = 1e-6  # of the range: families that differ by less meet the quantiles equally well


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a distribution meets stated quantiles.

    Attributes
    ----------
    family : str
    parameters : dict
    probabilities, stated, fitted : tuple of float
        Quantile by quantile, in rising order.
    miss : float
        Root mean square of fitted − stated, as a share of the range of the stated ones.
    reached : tuple of float
        Probability that the distribution has up to each stated quantile.
    """

    family: str
    parameters: dict[str, object]
    probabilities: tuple[float, ...]
    stated: tuple[float, ...]
    fitted: tuple[float, ...]
    miss: float
    reached: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A family with two free parameters: where a search starts, and what two plain numbers mean.

    ``start(p, x)`` is exact or near for quantiles x at probabilities p; ``parameters(u, v, domain)`` takes any numbers.
    """

    start: Callable[[Array, Array], tuple[float, float]]
    parameters: Callable[[float, float, Domain], dict[str, object]]


def fitted(stated: Stated, domain: Domain, family: str | None = None) -> Fit | None:
    """Family and parameters whose quantiles are nearest to the stated ones.

    Parameters
    ----------
    stated : tuple of (probability, value)
        At least two, both rising; values inside the domain.
    domain : Domain
        What kind of number it is; only families without impossible values are tried.
    family : str, optional
        The family to take; ``metalog`` goes through all of them.

    Returns
    -------
    Fit or None
        The smallest sum of squares; of equals the family that the kind of number means by default. None if no family
        could be brought near.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> found = fitted(((0.1, -20.0), (0.5, -10.0), (0.9, 0.0)), DOMAINS["change"])
    >>> found.family, round(found.parameters["sd"], 3), round(found.miss, 12)
    ('normal', 7.803, 0.0)
    """
    return _fitted(stated, domain, family)


@lru_cache(maxsize=256)
def _fitted(stated: Stated, domain: Domain, family: str | None) -> Fit | None:
    if family == "metalog":
        return _through_all(stated, domain)
    names = candidates(stated, domain) if family is None else (family,)
    found = [fit for name in names if (fit := _nearest(name, stated, domain)) is not None]
    least = min((fit.miss for fit in found), default=math.inf)
    return next((fit for fit in found if fit.miss <= least + AS_GOOD), None)


def candidates(stated: Stated, domain: Domain) -> tuple[str, ...]:
    """Families whose values are possible for the kind of number, its default first."""
    low, high = stated[0][1], stated[-1][1]
    positive = ("lognormal", "gamma", "weibull")
    if domain.low == -math.inf:
        return ("normal", *(positive if low > 0 else ()))
    if domain.high == math.inf:
        return positive
    return (*(("beta", "logit_normal") if low > 0 and high < 1 else ()), "truncated_normal")


def misfit(fit: Fit) -> Phrase | None:
    """In what a fit misses the stated quantiles by too much, if it does.

    Over their range, which the outermost of them may make so long that nothing else counts; and in probability, where
    it does not matter how far apart they lie.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> found = fitted(((0.1, 850.0), (0.2, 851.0), (0.5, 900.0), (0.9, 100_000.0)), DOMAINS["price"])
    >>> round(found.miss, 3), misfit(found).in_("en")
    (0.006, 'has 850 as p48, not as p10: more than 15 percentage points away')
    """
    if fit.miss > WORST_MISS:
        return phrase("fit-off-range", miss=f"{100 * fit.miss:.0f}", most=f"{100 * WORST_MISS:.0f}")
    shifts = [abs(there - p) for p, there in zip(fit.probabilities, fit.reached, strict=True)]
    worst = shifts.index(max(shifts))
    if shifts[worst] > WORST_SHIFT:
        found, p, there = fit.stated[worst], fit.probabilities[worst], fit.reached[worst]
        most = f"{100 * WORST_SHIFT:.0f}"
        return phrase("fit-off-probability", found=found, there=f"{100 * there:.0f}", stated=100 * p, most=most)
    return None


def _through_all(stated: Stated, domain: Domain) -> Fit:
    ends = {"lower": domain.low, "upper": domain.high}
    probabilities, values = zip(*stated, strict=True)
    parameters = {
        "probabilities": probabilities,
        "values": values,
        **{name: end for name, end in ends.items() if math.isfinite(end)},
    }
    return Fit(
        family="metalog",
        parameters=parameters,
        probabilities=probabilities,
        stated=values,
        fitted=values,
        miss=0.0,
        reached=probabilities,
    )


def _nearest(name: str, stated: Stated, domain: Domain) -> Fit | None:
    """Least squares over the two numbers behind a family."""
    from scipy.optimize import least_squares

    row, shape = FAMILIES[name], SHAPES[name]
    p, x = np.array(stated).T
    width = x[-1] - x[0]

    def misses(free: Any) -> Array:
        parameters = shape.parameters(float(free[0]), float(free[1]), domain)
        if row.valid(parameters) is not None:
            return np.full(len(stated), 1e6)
        with np.errstate(all="ignore"):
            found: Array = (row.quantile(p, parameters) - x) / width
        return np.clip(np.nan_to_num(found, nan=1e6), -1e6, 1e6)

    try:
        start = shape.start(p, x)
    except ValueError:  # no logarithm of a stated value
        return None
    free = least_squares(misses, start, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=2000).x
    miss = float(np.sqrt(np.mean(misses(free) ** 2)))
    if not miss < 1:
        return None
    parameters = shape.parameters(float(free[0]), float(free[1]), domain)
    return Fit(
        family=name,
        parameters=parameters,
        probabilities=tuple(p.tolist()),
        stated=tuple(x.tolist()),
        fitted=tuple(row.quantile(p, parameters).tolist()),
        miss=miss,
        reached=tuple(row.cdf(x, parameters).tolist()),
    )


# Starts: a straight line through the quantiles, on the scale on which those of the family are nearly straight -------


def _line(along: Array, up: Array) -> tuple[float, float]:
    """Intercept and slope of least squares."""
    slope, level = np.polyfit(along, up, 1)
    return float(level), float(slope)


def _normal_points(p: Array) -> Array:
    return np.array([normal_point(float(one)) for one in p])


def _logarithms(x: Array) -> Array:
    if np.any(x <= 0):
        raise ValueError("no logarithm")
    return np.log(x)


def _normal_start(p: Array, x: Array) -> tuple[float, float]:
    level, slope = _line(_normal_points(p), x)
    return level, math.log(slope)


def _lognormal_start(p: Array, x: Array) -> tuple[float, float]:
    level, slope = _line(_normal_points(p), _logarithms(x))
    return level, math.log(slope)


def _gamma_start(p: Array, x: Array) -> tuple[float, float]:
    """From the mean and the variation of the lognormal with these quantiles."""
    level, slope = _line(_normal_points(p), _logarithms(x))
    variation = math.expm1(min(slope, 2.0) ** 2)
    return -math.log(variation), level + math.log(variation)


def _weibull_start(p: Array, x: Array) -> tuple[float, float]:
    level, slope = _line(np.log(-np.log1p(-p)), _logarithms(x))
    return -math.log(slope), level


def _logit_start(p: Array, x: Array) -> tuple[float, float]:
    level, slope = _line(_normal_points(p), _logarithms(x) - _logarithms(1 - x))
    return level, math.log(slope)


def _beta_start(p: Array, x: Array) -> tuple[float, float]:
    """From the middle of the logit-normal and its spread there."""
    level, slope = _line(_normal_points(p), _logarithms(x) - _logarithms(1 - x))
    middle = 1 / (1 + math.exp(-level))
    weight = max(1 / (slope**2 * middle * (1 - middle)) - 1, 0.5)
    return math.log(weight * middle), math.log(weight * (1 - middle))


def _exp(x: float) -> float:
    return math.exp(min(max(x, -300.0), 300.0))


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "normal": Shape(start=_normal_start, parameters=lambda u, v, _: {"mean": u, "sd": _exp(v)}),
        "lognormal": Shape(start=_lognormal_start, parameters=lambda u, v, _: {"mu": u, "sigma": _exp(v)}),
        "gamma": Shape(start=_gamma_start, parameters=lambda u, v, _: {"shape": _exp(u), "scale": _exp(v)}),
        "weibull": Shape(start=_weibull_start, parameters=lambda u, v, _: {"shape": _exp(u), "scale": _exp(v)}),
        "logit_normal": Shape(start=_logit_start, parameters=lambda u, v, _: {"mu": u, "sigma": _exp(v)}),
        "beta": Shape(start=_beta_start, parameters=lambda u, v, _: {"a": _exp(u), "b": _exp(v)}),
        "truncated_normal": Shape(
            start=_normal_start,
            parameters=lambda u, v, domain: {"mean": u, "sd": _exp(v), "low": domain.low, "high": domain.high},
        ),
    }
)
