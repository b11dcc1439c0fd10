"""Families between two ends: uniform, log-uniform, triangular, beta, PERT, logit-normal.

Near an end a quantile is the end plus or minus something small. Each half is therefore measured from its own end,
with the probability of its own tail.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from soemrisk.family import Array, Family, Parameters, ends, ends_apart, number, places, require
from soemrisk.inverses import beta_inverse, beta_tails
from soemrisk.messages import Phrase


def _between(q: Parameters, share: Array, rest: Array) -> Array:
    """Low plus a share of the width, counted from the nearer end; rounding does not lead outside."""
    low, high = ends(q)
    width = high - low
    return np.clip(np.where(share <= rest, low + width * share, high - width * rest), low, high)


def _shares(x: Array, q: Parameters) -> tuple[Array, Array]:
    """Share of the width below x, and above."""
    low, high = ends(q)
    return np.clip((x - low) / (high - low), 0.0, 1.0), np.clip((high - x) / (high - low), 0.0, 1.0)


def _mode_between(q: Parameters) -> Phrase | None:
    low, mode, high = (number(q, name) for name in ("low", "mode", "high"))
    return require({"low < high": low < high, "low ≤ mode ≤ high": low <= mode <= high, **ends_apart(q)})


# Uniform --------------------------------------------------------------------------------------------------------


UNIFORM = Family(
    parameters=("low", "high"),
    valid=lambda q: require(ends_apart(q)),
    quantile=lambda p, q: _between(q, p, 1.0 - p),
    cdf=lambda x, q: _shares(x, q)[0],
    sf=lambda x, q: _shares(x, q)[1],
    mean=lambda q: (number(q, "low") + number(q, "high")) / 2,
    sd=lambda q: (number(q, "high") - number(q, "low")) / math.sqrt(12),
    support=ends,
    tabled=False,
)


# Log-uniform: the logarithm is uniform --------------------------------------------------------------------------


def _log_width(q: Parameters) -> float:
    low, high = ends(q)
    return math.log1p((high - low) / low) if high < 2 * low else math.log(high) - math.log(low)


def _log_uniform_quantile(p: Array, q: Parameters) -> Array:
    low, high = ends(q)
    width = _log_width(q)
    found = np.where(p <= 0.5, low * np.exp(p * width), high * np.exp((p - 1.0) * width))
    return np.clip(found, low, high)


def _log_uniform_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    low, high = ends(q)
    inside = np.clip(x, low, high)
    return np.log1p((inside - low) / low) / _log_width(q), np.log1p((high - inside) / inside) / _log_width(q)


def _log_uniform_mean(q: Parameters) -> float:
    low, high = ends(q)
    return (high - low) / _log_width(q)


def _log_uniform_sd(q: Parameters) -> float:
    """From E X² = (high² − low²)/(2 w), w the width of the logarithm: sd² = mean² (w/2 coth(w/2) − 1)."""
    half = _log_width(q) / 2
    series = half**2 / 3 - half**4 / 45 + 2 * half**6 / 945
    excess = series if half < 0.02 else half / math.tanh(half) - 1
    return _log_uniform_mean(q) * math.sqrt(excess)


LOG_UNIFORM = Family(
    parameters=("low", "high"),
    valid=lambda q: require(
        {
            "low > 0": number(q, "low") > 0,
            "low ≥ 1e-100": number(q, "low") >= 1e-100,
            "high ≥ low (1 + 1e-12)": number(q, "high") >= number(q, "low") * (1 + 1e-12),
            **places(q, "high"),
        }
    ),
    quantile=_log_uniform_quantile,
    cdf=lambda x, q: _log_uniform_tails(x, q)[0],
    sf=lambda x, q: _log_uniform_tails(x, q)[1],
    mean=_log_uniform_mean,
    sd=_log_uniform_sd,
    support=ends,
    tabled=False,
)


# Triangular -----------------------------------------------------------------------------------------------------


def _triangular_quantile(p: Array, q: Parameters) -> Array:
    low, high = ends(q)
    mode, width = number(q, "mode"), high - low
    rising = np.minimum(low + np.sqrt(p * width * (mode - low)), mode)
    falling = np.maximum(high - np.sqrt((1 - p) * width * (high - mode)), mode)
    return np.where(p * width <= mode - low, rising, falling)


def _triangular_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    low, high = ends(q)
    mode, width = number(q, "mode"), high - low
    left, right = np.clip(x - low, 0, width), np.clip(high - x, 0, width)
    before = (x < mode) & (mode > low)
    rise, fall = (mode - low) or width, (high - mode) or width
    rising = left / width * (np.minimum(left, rise) / rise)
    falling = right / width * (np.minimum(right, fall) / fall)
    lower = np.where(before, rising, 1 - falling)
    upper = np.where(before, 1 - rising, falling)
    return np.where(x >= high, 1.0, lower), np.where(x >= high, 0.0, upper)


def _triangular_sd(q: Parameters) -> float:
    low, mode, high = (number(q, name) for name in ("low", "mode", "high"))
    return math.sqrt(((high - low) ** 2 - (mode - low) * (high - mode)) / 18)


TRIANGULAR = Family(
    parameters=("low", "mode", "high"),
    valid=_mode_between,
    quantile=_triangular_quantile,
    cdf=lambda x, q: _triangular_tails(x, q)[0],
    sf=lambda x, q: _triangular_tails(x, q)[1],
    mean=lambda q: (number(q, "low") + number(q, "mode") + number(q, "high")) / 3,
    sd=_triangular_sd,
    support=ends,
    tabled=False,
)


# Beta -----------------------------------------------------------------------------------------------------------


def _beta_sd(q: Parameters) -> float:
    a, b = number(q, "a"), number(q, "b")
    return math.sqrt(a * b / (a + b + 1)) / (a + b)


def _beta_valid(q: Parameters) -> Phrase | None:
    a, b = number(q, "a"), number(q, "b")
    signs: Mapping[str | Phrase, bool] = {"a > 0": a > 0, "b > 0": b > 0}
    return require({**signs, "0.001 ≤ a ≤ 1e9": 1e-3 <= a <= 1e9, "0.001 ≤ b ≤ 1e9": 1e-3 <= b <= 1e9})


def _beta_cdf(x: Array, q: Parameters) -> Array:
    inside = np.clip(x, 0.0, 1.0)
    return beta_tails(number(q, "a"), number(q, "b"), inside, 1.0 - inside)[0]


def _beta_sf(x: Array, q: Parameters) -> Array:
    inside = np.clip(x, 0.0, 1.0)
    return beta_tails(number(q, "a"), number(q, "b"), inside, 1.0 - inside)[1]


BETA = Family(
    parameters=("a", "b"),
    valid=_beta_valid,
    quantile=lambda p, q: beta_inverse(number(q, "a"), number(q, "b"), p)[0],
    cdf=_beta_cdf,
    sf=_beta_sf,
    mean=lambda q: number(q, "a") / (number(q, "a") + number(q, "b")),
    sd=_beta_sd,
    support=lambda _: (0.0, 1.0),
)


# PERT: a beta between two hard ends, a = 1 + 4 (mode − low)/(high − low); Malcolm et al. (1959) -------------------


def _pert_shapes(q: Parameters) -> tuple[float, float]:
    low, high = ends(q)
    mode = number(q, "mode")
    a = 1 + 4 * (mode - low) / (high - low)
    return a, 6 - a


def _pert_sd(q: Parameters) -> float:
    low, high = ends(q)
    a, b = _pert_shapes(q)
    return (high - low) * _beta_sd({"a": a, "b": b})


PERT = Family(
    parameters=("low", "mode", "high"),
    valid=_mode_between,
    quantile=lambda p, q: _between(q, *beta_inverse(*_pert_shapes(q), p)),
    cdf=lambda x, q: beta_tails(*_pert_shapes(q), *_shares(x, q))[0],
    sf=lambda x, q: beta_tails(*_pert_shapes(q), *_shares(x, q))[1],
    mean=lambda q: (number(q, "low") + 4 * number(q, "mode") + number(q, "high")) / 6,
    sd=_pert_sd,
    support=ends,
)


# Logit-normal: mu and sigma of ln(x/(1 − x)) --------------------------------------------------------------------


def _logistic(logit: Array) -> Array:
    """Share with this logit; small ones keep their digits."""
    small = np.exp(-np.abs(logit))
    return np.where(logit < 0, small, 1.0) / (1.0 + small)


def _logit_normal_quantile(p: Array, q: Parameters) -> Array:
    from scipy.special import ndtri

    return _logistic(number(q, "mu") + number(q, "sigma") * ndtri(p))


def _logit_normal_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    from scipy.special import ndtr

    inside = np.clip(x, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        z = (np.log(inside) - np.log1p(-inside) - number(q, "mu")) / number(q, "sigma")
    return ndtr(z), ndtr(-z)


def _logit_normal_moments(q: Parameters) -> tuple[float, float]:
    """Mean and sd by the trapezoidal rule on the normal scale, as distances from the median m, so that nothing cancels.

    Λ(mu + t) − Λ(mu) = Λ(mu) Λ(−mu − t) (e^t − 1), Λ the logistic function. The integrand has its
    poles at least π/5 from the line, so that the rule with steps of 0.02 is exact to all digits. Above ½ in the mirror.
    """
    mu, sigma = -abs(number(q, "mu")), number(q, "sigma")
    z: Array = np.arange(-2000.0, 2001.0) * 0.02
    weights = np.exp(-(z**2) / 2) * (0.02 / math.sqrt(2 * math.pi))
    median = float(_logistic(np.array(mu)))
    away = median * _logistic(-mu - sigma * z) * np.expm1(sigma * z)
    shift = float(weights @ away)
    mean, sd = median + shift, math.sqrt(float(weights @ (away - shift) ** 2))
    return (mean, sd) if number(q, "mu") <= 0 else (1.0 - mean, sd)


LOGIT_NORMAL = Family(
    parameters=("mu", "sigma"),
    valid=lambda q: require(
        {
            "0 < sigma ≤ 5": 0 < number(q, "sigma") <= 5,
            "sigma ≥ 1e-100": number(q, "sigma") >= 1e-100,
            "|mu| ≤ 100": abs(number(q, "mu")) <= 100,
        }
    ),
    quantile=_logit_normal_quantile,
    cdf=lambda x, q: _logit_normal_tails(x, q)[0],
    sf=lambda x, q: _logit_normal_tails(x, q)[1],
    mean=lambda q: _logit_normal_moments(q)[0],
    sd=lambda q: _logit_normal_moments(q)[1],
    support=lambda _: (0.0, 1.0),
)
