"""Families between two ends: uniform, log-uniform, triangular, beta, PERT.

Near an end a quantile is the end plus or minus something small. Each half is therefore measured from its own end,
with the probability of its own tail.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from soemrisk.family import Array, Family, Parameters, ends, ends_apart, number, places, require
from soemrisk.inverses import beta_inverse, beta_tails


def _between(q: Parameters, share: Array, rest: Array) -> Array:
    """Low plus a share of the width, counted from the nearer end; rounding does not lead outside."""
    low, high = ends(q)
    width = high - low
    return np.clip(np.where(share <= rest, low + width * share, high - width * rest), low, high)


def _shares(x: Array, q: Parameters) -> tuple[Array, Array]:
    """Share of the width below x, and above."""
    low, high = ends(q)
    return np.clip((x - low) / (high - low), 0.0, 1.0), np.clip((high - x) / (high - low), 0.0, 1.0)


def _mode_between(q: Parameters) -> str | None:
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
)


# Beta -----------------------------------------------------------------------------------------------------------


def _beta_sd(q: Parameters) -> float:
    a, b = number(q, "a"), number(q, "b")
    return math.sqrt(a * b / (a + b + 1)) / (a + b)


def _beta_valid(q: Parameters) -> str | None:
    a, b = number(q, "a"), number(q, "b")
    signs: Mapping[str, bool] = {"a > 0": a > 0, "b > 0": b > 0}
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
