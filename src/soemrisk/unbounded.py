"""Families without an end on one side or both: normal, lognormal, gamma, Weibull, Student's t."""

from __future__ import annotations

import math

import numpy as np

from soemrisk.family import Array, Family, Parameters, number, places, require, scales
from soemrisk.inverses import beta_inverse, beta_tails, gamma_inverse, gamma_tails

WHOLE_LINE = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)


# Normal: mean, sd -----------------------------------------------------------------------------------------------


def _normal_quantile(p: Array, q: Parameters) -> Array:
    from scipy.special import ndtri

    return number(q, "mean") + number(q, "sd") * ndtri(p)


def _normal_cdf(x: Array, q: Parameters) -> Array:
    from scipy.special import ndtr

    return ndtr((x - number(q, "mean")) / number(q, "sd"))


def _normal_sf(x: Array, q: Parameters) -> Array:
    from scipy.special import ndtr

    return ndtr((number(q, "mean") - x) / number(q, "sd"))


NORMAL = Family(
    parameters=("mean", "sd"),
    valid=lambda q: require({**scales(q, "sd"), **places(q, "mean")}),
    quantile=_normal_quantile,
    cdf=_normal_cdf,
    sf=_normal_sf,
    mean=lambda q: number(q, "mean"),
    sd=lambda q: number(q, "sd"),
    support=lambda _: WHOLE_LINE,
    standard=lambda q: (number(q, "mean"), number(q, "sd"), {"mean": 0.0, "sd": 1.0}),
)


# Lognormal: mu and sigma of the logarithm -----------------------------------------------------------------------


def _logarithm(q: Parameters) -> Parameters:
    """The normal distribution of log x."""
    return {"mean": q["mu"], "sd": q["sigma"]}


def _log_of_positive(x: Array) -> Array:
    """Natural logarithm, −∞ for what is not positive."""
    return np.log(x, where=x > 0, out=np.full_like(x, -np.inf))


def _lognormal_mean(q: Parameters) -> float:
    return math.exp(number(q, "mu") + number(q, "sigma") ** 2 / 2)


LOGNORMAL = Family(
    parameters=("mu", "sigma"),
    valid=lambda q: require(
        {
            "0 < sigma ≤ 5": 0 < number(q, "sigma") <= 5,
            "sigma ≥ 1e-100": number(q, "sigma") >= 1e-100,
            "|mu| ≤ 100": abs(number(q, "mu")) <= 100,
        }
    ),
    quantile=lambda p, q: np.exp(_normal_quantile(p, _logarithm(q))),
    cdf=lambda x, q: _normal_cdf(_log_of_positive(x), _logarithm(q)),
    sf=lambda x, q: _normal_sf(_log_of_positive(x), _logarithm(q)),
    mean=_lognormal_mean,
    sd=lambda q: _lognormal_mean(q) * math.sqrt(math.expm1(number(q, "sigma") ** 2)),
    support=lambda _: POSITIVE,
)


# Gamma: shape, scale --------------------------------------------------------------------------------------------


def _gamma_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    return gamma_tails(number(q, "shape"), np.maximum(x, 0.0) / number(q, "scale"))


GAMMA = Family(
    parameters=("shape", "scale"),
    valid=lambda q: require({**scales(q, "shape", "scale"), "0.001 ≤ shape ≤ 1e9": 1e-3 <= number(q, "shape") <= 1e9}),
    quantile=lambda p, q: number(q, "scale") * gamma_inverse(number(q, "shape"), p),
    cdf=lambda x, q: _gamma_tails(x, q)[0],
    sf=lambda x, q: _gamma_tails(x, q)[1],
    mean=lambda q: number(q, "shape") * number(q, "scale"),
    sd=lambda q: math.sqrt(number(q, "shape")) * number(q, "scale"),
    support=lambda _: POSITIVE,
)


# Weibull: shape, scale; P(X > x) = exp(−(x/scale)^shape), Weibull (1951), J. Appl. Mech. 18:293 ---------------------


def _weibull_quantile(p: Array, q: Parameters) -> Array:
    hazard = -np.log1p(-p)
    return number(q, "scale") * hazard ** (1 / number(q, "shape"))


def _weibull_hazard(x: Array, q: Parameters) -> Array:
    """Cumulated hazard (x/scale)^shape, infinite where it is beyond doubles."""
    with np.errstate(over="ignore"):
        return (np.maximum(x, 0.0) / number(q, "scale")) ** number(q, "shape")


def _weibull_mean(q: Parameters) -> float:
    return number(q, "scale") * math.gamma(1 + 1 / number(q, "shape"))


def _weibull_sd(q: Parameters) -> float:
    """sd² = mean² (Γ(1 + 2e)/Γ(1 + e)² − 1), e = 1/shape; for small e from ln Γ(1 + e) = −γe + Σ ζ(k)(−e)^k/k."""
    inverse = 1 / number(q, "shape")
    if inverse > 0.2:
        excess = math.gamma(1 + 2 * inverse) / math.gamma(1 + inverse) ** 2 - 1
    else:
        from scipy.special import zeta

        powers = np.arange(2, 60)
        excess = math.expm1(float(np.sum(zeta(powers) * (-inverse) ** powers * (2.0**powers - 2) / powers)))
    return _weibull_mean(q) * math.sqrt(excess)


WEIBULL = Family(
    parameters=("shape", "scale"),
    valid=lambda q: require({**scales(q, "shape", "scale"), "0.05 ≤ shape ≤ 1e6": 0.05 <= number(q, "shape") <= 1e6}),
    quantile=_weibull_quantile,
    cdf=lambda x, q: -np.expm1(-_weibull_hazard(x, q)),
    sf=lambda x, q: np.exp(-_weibull_hazard(x, q)),
    mean=_weibull_mean,
    sd=_weibull_sd,
    support=lambda _: POSITIVE,
    tabled=False,
)


# Student's t: df, location, scale -------------------------------------------------------------------------------
# With w = df/(df + t²), 2 P(T > |t|) = I_w(df/2, 1/2): Abramowitz and Stegun 26.7.1; w and 1 − w keep their digits.


def student_quantile(p: Array, q: Parameters) -> Array:
    """Quantiles of Student's t; for df from 1 and p from 1e-140 on both sides, and for df above 2 everywhere."""
    df = number(q, "df")
    tail = np.minimum(p, 1.0 - p)
    inside = np.where(tail < 0.5, tail, 0.25)  # the median is 0, where the beta function has no inverse in (0, 1)
    w, rest = beta_inverse(df / 2, 0.5, 2.0 * inside)
    distance = np.where(tail < 0.5, math.sqrt(df) * np.sqrt(rest) / np.sqrt(w), 0.0)
    return number(q, "location") + number(q, "scale") * np.copysign(distance, p - 0.5)


def student_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    """P(X ≤ x) and P(X > x) of Student's t, the smaller one with all its digits."""
    df = number(q, "df")
    t = np.clip((x - number(q, "location")) / number(q, "scale"), -1e150, 1e150)
    w, rest = df / (df + t**2), t**2 / (df + t**2)
    inner, outer = beta_tails(0.5, df / 2, rest, w)
    low, high = outer / 2, 0.5 + inner / 2
    return np.where(t < 0, low, high), np.where(t < 0, high, low)


STUDENT_T = Family(
    parameters=("df", "location", "scale"),
    valid=lambda q: require(
        {
            "df > 2": number(q, "df") > 2,
            "df ≤ 1e9": number(q, "df") <= 1e9,
            **places(q, "location"),
            **scales(q, "scale"),
        }
    ),
    quantile=student_quantile,
    cdf=lambda x, q: student_tails(x, q)[0],
    sf=lambda x, q: student_tails(x, q)[1],
    mean=lambda q: number(q, "location"),
    sd=lambda q: number(q, "scale") * math.sqrt(number(q, "df") / (number(q, "df") - 2)),
    support=lambda _: WHOLE_LINE,
)
