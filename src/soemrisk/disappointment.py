"""The option that looks best is on average less good than it looks: what was promised, and what to expect.

Estimates of several options err, and the highest of them has, more often than not, erred upwards (Smith and Winkler
2006, Management Science 52:311). Pulled towards their common mean as far as they err, they no longer do on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST = 5  # options from which the spread of what is true is estimated from them

How = Literal["stated", "estimated", "convention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """Estimates pulled towards their mean.

    Attributes
    ----------
    mean : float
        Of what is true over all options, generalised least squares, kr.
    spread : float
        Standard deviation of what is true between options, kr.
    how : {"stated", "estimated", "convention"}
        Where the spread comes from; the convention is that options differ at least as much as estimates err.
    errors, delivered : (k,) float64
        Standard error of each estimate, and what to expect of each, kr.
    """

    mean: float
    spread: float
    how: How
    errors: Floats
    delivered: Floats


def shrunk(estimates: Floats, covariance: Floats, spread: float | None = None) -> Shrunk:
    """Pull estimates of several options towards their common mean.

    Parameters
    ----------
    estimates : (k,) float64
        Mean net result of each option, kr.
    covariance : (k, k) float64
        Of their errors: what is not known of one moves another where both share a number.
    spread : float, optional
        Standard deviation of what is true between options, kr. Where it is not stated: the root mean square error
        of the estimates, or what they differ by beyond their errors where that is more (restricted maximum
        likelihood from five options on, else moments).

    Returns
    -------
    Shrunk

    Notes
    -----
    m | μ ~ N(μ, Σ), μ_i ~ N(μ₀, τ²), flat in μ₀: E[μ | m] = m − Σ V⁻¹ (m − μ₀ 1), V = Σ + τ² I,
    μ₀ = 1ᵀV⁻¹m / 1ᵀV⁻¹1, kept between the lowest and the highest of m.

    Examples
    --------
    >>> found = shrunk(np.array([2.0, 0.0]), np.eye(2), spread=1.0)
    >>> found.delivered.tolist()
    [1.5, 0.5]
    """
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    how: How = "stated"
    if spread is None:
        rms = float(np.sqrt(np.mean(errors**2)))
        many = len(estimates) >= FEWEST
        found = _between(estimates, covariance, rms) if many else _apart(estimates, covariance)
        spread, how = max(rms, found), "estimated" if many and found > rms else "convention"
    common, residual = _weighted(estimates, covariance, spread)
    return Shrunk(mean=common, spread=spread, how=how, errors=errors, delivered=estimates - covariance @ residual)


def _weighted(estimates: Floats, covariance: Floats, spread: float) -> tuple[float, Floats]:
    """Generalised least squares mean, and V⁻¹ (m − μ₀ 1); the plain mean and 0 where nothing varies."""
    ones = np.ones(len(estimates))
    between = covariance + spread**2 * np.eye(len(estimates))
    inverse = np.linalg.pinv(between, hermitian=True)
    weight = float(ones @ inverse @ ones)
    common = float(ones @ inverse @ estimates) / weight if weight > 0 else float(estimates.mean())
    common = min(max(common, float(estimates.min())), float(estimates.max()))  # errors that are correlated weigh oddly
    return common, inverse @ (estimates - common)


def _apart(estimates: Floats, covariance: Floats) -> float:
    """Spread of what is true by moments: what estimates differ by beyond what their errors explain."""
    count = len(estimates)
    if count < 2:
        return 0.0
    of_errors = float(np.mean(np.diag(covariance))) - float(covariance.sum() - np.trace(covariance)) / (
        count * (count - 1)
    )
    return float(np.sqrt(max(float(np.var(estimates, ddof=1)) - of_errors, 0.0)))


def _between(estimates: Floats, covariance: Floats, scale: float) -> float:
    """Restricted maximum likelihood of the spread, found on a scale of its logarithm; 0 where that is no worse."""
    from scipy.optimize import minimize_scalar

    scale = max(scale, float(np.std(estimates)), 1e-12)

    def deviance(spread: float) -> float:
        between = covariance + spread**2 * np.eye(len(estimates))
        sign, log_volume = np.linalg.slogdet(between)
        if sign <= 0:
            return np.inf
        inverse = np.linalg.inv(between)
        ones = np.ones(len(estimates))
        common = float(ones @ inverse @ estimates) / float(ones @ inverse @ ones)
        off = estimates - common
        return float(log_volume + np.log(ones @ inverse @ ones) + off @ inverse @ off)

    found = minimize_scalar(
        lambda log: deviance(scale * np.exp(log)), bounds=(-12.0, 5.0), method="bounded", options={"xatol": 1e-10}
    )
    best = float(scale * np.exp(found.x))
    return 0.0 if deviance(1e-9 * scale) <= found.fun else best
