"""Several studies as one number: random effects with REML, and how far a new place may lie from the mean.

Apart from the statement of studies because it is arithmetic on estimates and standard errors, on whatever scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 1e-14  # relative: where Fisher's scoring ends
STEPS = 500
STARTS = 121  # of the search, on a grid of τ² from nothing to far beyond the spread of the estimates


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Studies pooled with random effects.

    Attributes
    ----------
    count : int
        Number of studies, k.
    mean : float
        Estimate of the mean effect, μ = Σ w y / Σ w, w = 1/(v + τ²).
    se : float
        1/√Σ w, as if τ² were known.
    q : float
        Hartung and Knapp's factor on its square, Σ w (y − μ)²/(k − 1); 1 for one study.
    tau : float
        Standard deviation between places; the stated one where it was stated.
    heterogeneity : float
        Cochran's Q.
    inconsistency : float
        I², the part of the variance of estimates that is between places.
    """

    count: int
    mean: float
    se: float
    q: float
    tau: float
    heterogeneity: float
    inconsistency: float

    @property
    def se_of_mean(self) -> float:
        """Standard error of the mean by Hartung and Knapp, never below the one with a known τ²."""
        return self.se * math.sqrt(max(1.0, self.q))

    @property
    def se_of_place(self) -> float:
        """Spread of what is not known of a new place: √(τ² + se²)."""
        return math.hypot(self.tau, self.se_of_mean)


def pooled(estimates: Sequence[float], errors: Sequence[float], tau: float | None = None) -> Pooled:
    """Pool estimates with random effects.

    Parameters
    ----------
    estimates, errors : sequence of float
        Estimate and standard error of each study, on the scale on which its error is symmetric.
    tau : float, optional
        Standard deviation between places, where it is not estimated.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        No study, or a standard error that is not above 0.

    Notes
    -----
    REML by Fisher's scoring: Viechtbauer 2005, J. Educ. Behav. Stat. 30:261. Standard error of the mean: Hartung and
    Knapp 2001, Stat. Med. 20:3875, with q at least 1 (Knapp and Hartung 2003, Stat. Med. 22:2693). I² from the typical
    variance of a study: Higgins and Thompson 2002, Stat. Med. 21:1539.

    Examples
    --------
    >>> found = pooled([0.1, 0.3, 0.35, 0.65], [0.1, 0.1, 0.1, 0.1])
    >>> round(found.mean, 3), round(found.tau**2, 6), round(found.heterogeneity, 2)
    (0.35, 0.041667, 15.5)
    """
    if not estimates or len(estimates) != len(errors) or min(errors) <= 0:
        raise ValueError("each study has an estimate and a standard error above 0")
    variances = [error**2 for error in errors]
    k = len(estimates)
    between = tau**2 if tau is not None else _reml(estimates, variances)
    weights = [1 / (v + between) for v in variances]
    total = math.fsum(weights)
    mean = _mean(estimates, weights)
    squares = math.fsum(w * (y - mean) ** 2 for w, y in zip(weights, estimates, strict=True))
    fixed = [1 / v for v in variances]
    fixed_mean = _mean(estimates, fixed)
    typical = (k - 1) * math.fsum(fixed) / _spread(fixed) if k > 1 else variances[0]
    return Pooled(
        count=k,
        mean=mean,
        se=1 / math.sqrt(total),
        q=squares / (k - 1) if k > 1 else 1.0,
        tau=math.sqrt(between),
        heterogeneity=math.fsum(w * (y - fixed_mean) ** 2 for w, y in zip(fixed, estimates, strict=True)),
        inconsistency=between / (between + typical),
    )


def _mean(estimates: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(w * y for w, y in zip(weights, estimates, strict=True)) / math.fsum(weights)


def _spread(weights: Sequence[float]) -> float:
    """(Σ w)² − Σ w², without cancelling."""
    return 2 * math.fsum(w * v for n, w in enumerate(weights) for v in weights[:n])


def _reml(estimates: Sequence[float], variances: Sequence[float]) -> float:
    """τ² with the largest restricted likelihood, 0 where that falls from there on."""
    if len(estimates) == 1:
        return 0.0
    largest = 4 * (max(estimates) - min(estimates)) ** 2 + max(variances)
    grid = [0.0, *(largest * 10 ** (-12 + 0.1 * n) for n in range(STARTS))]
    likelihoods = [_likelihood(one, estimates, variances) for one in grid]
    n = max(range(len(grid)), key=likelihoods.__getitem__)
    found = _scored(grid[n], estimates, variances)
    return found if _likelihood(found, estimates, variances) >= likelihoods[n] else grid[n]


def _likelihood(between: float, estimates: Sequence[float], variances: Sequence[float]) -> float:
    """Logarithm of the restricted likelihood, without constants."""
    weights = [1 / (v + between) for v in variances]
    mean = _mean(estimates, weights)
    squares = math.fsum(w * (y - mean) ** 2 for w, y in zip(weights, estimates, strict=True))
    return (math.fsum(map(math.log, weights)) - math.log(math.fsum(weights)) - squares) / 2


def _scored(between: float, estimates: Sequence[float], variances: Sequence[float]) -> float:
    """Fisher's scoring from a start: score and information of the restricted likelihood in τ²."""
    for _ in range(STEPS):
        weights = [1 / (v + between) for v in variances]
        total, second = math.fsum(weights), math.fsum(w**2 for w in weights)
        third = math.fsum(w**3 for w in weights)
        mean = _mean(estimates, weights)
        squares = math.fsum((w * (y - mean)) ** 2 for w, y in zip(weights, estimates, strict=True))
        score = (squares - total + second / total) / 2
        information = (second - 2 * third / total + (second / total) ** 2) / 2
        moved = max(between + score / information, 0.0)
        if abs(moved - between) <= NEAR * (moved + min(variances)):
            return moved
        between = moved
    return between
