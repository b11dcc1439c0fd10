"""Scales on which studies report: which axis each is symmetric on, and what counts and intervals say there.

Apart from ``quantity`` because it is arithmetic on plain numbers. What an effect does to a rate is here too: the rate
with the intervention, from the rate without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soemrisk.pooling import Pooled
from soemrisk.scales import SCALES, on_scale

Floats = NDArray[np.float64]
StudyScale = Literal[
    "mean", "rate", "rate_difference", "odds_ratio", "risk_ratio", "hazard_ratio", "rate_ratio", "cohen_d"
]
Conversion = Literal["logistic", "probit"]
Numbers = tuple[int, int]  # successes, of

AXES: Mapping[str, str] = MappingProxyType(
    {
        "mean": "difference",
        "rate": "logit",
        "rate_difference": "difference",
        "odds_ratio": "log-ratio",
        "risk_ratio": "log-ratio",
        "hazard_ratio": "log-ratio",
        "rate_ratio": "log-ratio",
        "cohen_d": "difference",
    }
)
OF_COUNTS = ("rate", "rate_difference", "odds_ratio", "risk_ratio")
BY_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "probability": ("rate",),
        "net_rate": ("rate_difference",),
        "factor": ("risk_ratio", "rate_ratio"),
        "change": ("mean",),
        "ratio": ("odds_ratio", "risk_ratio", "hazard_ratio"),
        "rate_difference": ("rate_difference",),
        "effect_size": ("cohen_d",),
    }
)
KIND_OF_EFFECT: Mapping[str, str] = MappingProxyType(
    {
        "odds_ratio": "ratio",
        "risk_ratio": "ratio",
        "hazard_ratio": "ratio",
        "rate_difference": "rate_difference",
        "cohen_d": "effect_size",
    }
)
FURTHEST_RATIO = 100.0  # ratios of pooled studies end there: exp(t) has no mean


def of_counts(scale: str, with_: Numbers, without: Numbers | None) -> tuple[float, float]:
    """Estimate and standard error of one study from its counts, on the axis of the scale.

    Parameters
    ----------
    scale : str
        One of ``OF_COUNTS``.
    with_, without : (successes, of)
        With the intervention and without it; a plain rate has no other.

    Returns
    -------
    (estimate, standard error)

    Notes
    -----
    The usual large-sample variances (Fleiss and Berlin 2009, in Cooper, Hedges and Valentine, *The Handbook of Research
    Synthesis*, ch. 13). Where one of the cells is 0, ½ is added to each (Haldane 1955, Ann. Hum. Genet. 20:309).

    Examples
    --------
    >>> estimate, error = of_counts("risk_ratio", (4, 123), (11, 139))
    >>> round(estimate, 4), round(error**2, 4)
    (-0.8893, 0.3256)
    """
    cells = [float(one) for s, n in (with_, *(() if without is None else (without,))) for one in (s, n - s)]
    if min(cells) == 0:
        cells = [one + 0.5 for one in cells]
    a, b, *others = cells
    if not others:
        return math.log(a / b), math.sqrt(1 / a + 1 / b)
    c, d = others
    if scale == "odds_ratio":
        return math.log(a / b) - math.log(c / d), math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    p, r = a / (a + b), c / (c + d)
    if scale == "risk_ratio":
        return math.log(p) - math.log(r), math.sqrt((1 - p) / a + (1 - r) / c)
    return p - r, math.sqrt(p * (1 - p) / (a + b) + r * (1 - r) / (c + d))


def of_error(scale: str, estimate: float, se: float) -> tuple[float, float]:
    """Estimate and standard error on the axis; the se is of the logarithm of a ratio, else of the number itself.

    Examples
    --------
    >>> [round(one, 3) for one in of_error("rate", 0.2, 0.04)]
    [-1.386, 0.25]
    """
    axis = AXES[scale]
    placed = SCALES[axis].place(estimate)
    return placed, se / (estimate * (1 - estimate)) if axis == "logit" else se


def of_interval(scale: str, estimate: float, ends: tuple[float, float], coverage: float) -> tuple[float, float]:
    """Estimate and standard error on the axis from a confidence interval."""
    return on_scale(AXES[scale], estimate, ends, coverage)


def number_at(scale: str, place: float) -> float:
    """The number at a place of the axis: back from logarithm or logit.

    Examples
    --------
    >>> round(number_at("odds_ratio", 0.6931471805599453), 12), number_at("rate", 0.0)
    (2.0, 0.5)
    """
    axis = AXES[scale]
    if axis == "log-ratio":
        return math.exp(place)
    return place if axis == "difference" else 1 / (1 + math.exp(-place))


def least_studies(target: str, *, ends: bool) -> int:
    """Number of studies from which τ is estimated: t has 1 degree of freedom where the number has ends, else 3.

    With fewer than 3 degrees of freedom t has no variance, and without ends the net result would have none.
    """
    return (1 if ends else 3) + (1 if target == "mean" else 2)


def meaning_of_studies(
    scale: str, found: Pooled, target: str, known: tuple[bool, tuple[float, float]]
) -> tuple[str, dict[str, object]]:
    """Family and parameters of pooled studies.

    Parameters
    ----------
    scale : str
    found : Pooled
    target : {"place", "mean"}
        A new place, or the mean of all.
    known : (bool, (low, high))
        Whether the spread between places is stated; ends of the kind of number, which may be infinite.

    Returns
    -------
    (family, parameters)

    Notes
    -----
    A new place: μ + t √(τ² + se²), t with k − 2 degrees of freedom (Higgins, Thompson and Spiegelhalter 2009,
    J. R. Stat. Soc. A 172:137), one for the mean and one for τ. The mean: t with k − 1. Where τ is stated, and for one
    study, normal.

    Examples
    --------
    >>> from soemrisk.pooling import pooled
    >>> meaning_of_studies("mean", pooled([1.0], [0.5]), "mean", (False, (-math.inf, math.inf)))
    ('normal', {'mean': 1.0, 'sd': 0.5})
    """
    stated, ends = known
    axis = AXES[scale]
    spread = found.se_of_mean if target == "mean" else found.se_of_place
    inside: dict[str, object] = {"low": ends[0], "high": ends[1]} if math.isfinite(ends[1]) else {}
    if stated or found.count == 1:
        if axis == "difference":
            return ("truncated_normal" if inside else "normal"), {"mean": found.mean, "sd": spread, **inside}
        return ("lognormal" if axis == "log-ratio" else "logit_normal"), {"mu": found.mean, "sigma": spread}
    t: dict[str, object] = {
        "df": float(found.count - (1 if target == "mean" else 2)),
        "location": found.mean,
        "scale": spread,
    }
    if axis == "difference":
        return ("truncated_student_t" if inside else "student_t"), {**t, **inside}
    if axis == "log-ratio":
        return "log_student_t", {**t, "low": 1 / FURTHEST_RATIO, "high": FURTHEST_RATIO}
    return "logit_student_t", t


def rate_with(without: Floats, effect: Floats, scale: str, conversion: str | None) -> Floats:
    """Rate with the intervention, from the rate without it and the effect.

    Parameters
    ----------
    without : (n,) float64
        Rates between 0 and 1.
    effect : (n,) float64
        On its own scale: a ratio is a ratio and no logarithm.
    scale : str
        A key of ``KIND_OF_EFFECT``.
    conversion : {"logistic", "probit"} or None
        What a standardised difference is of: a threshold in a logistic or a normal distribution.

    Returns
    -------
    (n,) float64
        Between 0 and 1; a risk ratio or a difference that would lead beyond ends there.

    Notes
    -----
    Odds ratio: p/(1 − p) times the ratio. Hazard ratio: 1 − (1 − p)^ratio, proportional hazards over the same time.
    Cohen's d: ln OR = d π/√3 (Chinn 2000, Stat. Med. 19:3127), or Φ(Φ⁻¹(p) + d) (Furukawa and Leucht 2011, PLoS ONE
    6:e19070).

    Examples
    --------
    >>> float(rate_with(np.array([0.2]), np.array([4.0]), "odds_ratio", None)[0])
    0.5
    """
    p = np.asarray(without, dtype=np.float64)
    if scale == "rate_difference":
        return np.clip(p + effect, 0.0, 1.0)
    if scale == "risk_ratio":
        return np.minimum(p * effect, 1.0)
    if scale == "hazard_ratio":
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = -np.expm1(effect * np.log1p(-p))
        return np.where(np.asarray(effect) == 0, 0.0, moved)
    if conversion == "probit":
        from scipy.special import ndtr, ndtri

        return np.asarray(ndtr(ndtri(p) + effect))
    ratio = effect if scale == "odds_ratio" else np.exp(np.clip(effect * math.pi / math.sqrt(3), -700.0, 700.0))
    odds = p * ratio
    with np.errstate(invalid="ignore"):
        return np.where(odds > 0, odds / (1.0 - p + odds), 0.0)
