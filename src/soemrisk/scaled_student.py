"""Student's t between ends, and on the scales of ratios and of rates: what several pooled studies say of a new place.

Apart from ``unbounded`` because t itself has no variance with 1 or 2 degrees of freedom, and exp(t) has no mean with
any: these rows have both, since their values have ends. ``location`` and ``scale`` are of the number, its logarithm or
its logit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soemrisk.family import Array, Family, Parameters, ends, ends_apart, number, places, require, scales
from soemrisk.messages import Phrase
from soemrisk.unbounded import student_quantile, student_tails

LEAST_TAIL = 1e-140  # of t itself: below, a quantile with one degree of freedom leaves the range of doubles
NODES = 16  # of a panel (Gauss-Legendre)
FURTHEST = 46.0  # asinh of the largest |t| that moments know of


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A scale: value → place on it, place → value, and how far a value lies from that at the location."""

    place: Callable[[Array], Array]
    back: Callable[[Array], Array]
    away: Callable[[float, Array], Array]  # (location, distance on the scale) → distance of the values


def _log(x: Array) -> Array:
    return np.log(x, where=x > 0, out=np.full_like(x, -np.inf))


def _logit(x: Array) -> Array:
    inside = np.clip(x, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(inside) - np.log1p(-inside))


def _logistic(logit: Array) -> Array:
    """Share with this logit; small ones keep their digits."""
    small = np.exp(-np.abs(logit))
    return np.where(logit < 0, small, 1.0) / (1.0 + small)


def _logistic_away(location: float, distance: Array) -> Array:
    """Λ(m + d) − Λ(m), for either sign of d without cancelling: Λ(m) Λ(−m − d) (e^d − 1)."""
    middle = float(_logistic(np.array(location)))
    mirrored = 1.0 - middle if location < 0 else float(_logistic(np.array(-location)))
    up = middle * _logistic(-location - distance) * np.expm1(np.minimum(distance, 0.0))
    down = -mirrored * _logistic(location + distance) * np.expm1(np.minimum(-distance, 0.0))
    return np.where(distance < 0, up, down)


PLAIN = Axis(place=lambda x: x, back=lambda y: y, away=lambda _, d: d)
LOG = Axis(place=_log, back=np.exp, away=lambda m, d: math.exp(m) * np.expm1(d))
LOGIT = Axis(place=_logit, back=_logistic, away=_logistic_away)


def _standard(q: Parameters) -> Parameters:
    return {"df": q["df"], "location": 0.0, "scale": 1.0}


def _t_ends(q: Parameters, axis: Axis) -> tuple[float, float]:
    """Ends as values of t; infinite where there are none."""
    if "low" not in q:
        return -math.inf, math.inf
    placed = axis.place(np.array(ends(q)))
    low, high = (placed - number(q, "location")) / number(q, "scale")
    return float(low), float(high)


def _outside(q: Parameters, axis: Axis) -> tuple[float, float]:
    """Probabilities of t below the low end and above the high end."""
    low, high = _t_ends(q, axis)
    if low == -math.inf:
        return 0.0, 0.0
    below = student_tails(np.array([low]), _standard(q))[0]
    above = student_tails(np.array([high]), _standard(q))[1]
    return float(below[0]), float(above[0])


def _quantile(p: Array, q: Parameters, axis: Axis) -> Array:
    """Through the smaller tail of t on either side of the location."""
    below, above = _outside(q, axis)
    mass = 1.0 - below - above
    lower, upper = below + p * mass, above + (1.0 - p) * mass
    tail = np.clip(np.minimum(lower, upper), LEAST_TAIL, 0.5)
    t = student_quantile(tail, _standard(q))
    found = axis.back(number(q, "location") + number(q, "scale") * np.where(lower <= upper, t, -t))
    return found if "low" not in q else np.clip(found, *ends(q))


def _tails(x: Array, q: Parameters, axis: Axis) -> tuple[Array, Array]:
    below, above = _outside(q, axis)
    mass = 1.0 - below - above
    inside = np.asarray(x, dtype=np.float64) if "low" not in q else np.clip(x, *ends(q))
    t = np.clip((axis.place(inside) - number(q, "location")) / number(q, "scale"), -1e150, 1e150)
    lower, upper = student_tails(t, _standard(q))
    return np.clip((lower - below) / mass, 0.0, 1.0), np.clip((upper - above) / mass, 0.0, 1.0)


def _moments(q: Parameters, axis: Axis) -> tuple[float, float]:
    """Mean and sd as distances from the value at the location, over panels in which density and value are smooth.

    t = sinh(s): panels of s, and where the value is no straight line also panels of its scale.
    """
    from scipy.special import gammaln

    df, location, scale = number(q, "df"), number(q, "location"), number(q, "scale")
    first, last = (float(np.clip(np.arcsinh(t), -FURTHEST, FURTHEST)) for t in _t_ends(q, axis))
    edges = np.linspace(first, last, 401)
    if axis is not PLAIN:
        near = np.linspace(-45.0, 45.0, 451) if axis is LOGIT else axis.place(np.geomspace(*ends(q), 401))
        also = np.arcsinh((near - location) / scale)
        edges = np.unique(np.concatenate([edges, also[(also > first) & (also < last)]]))
    points, weights = np.polynomial.legendre.leggauss(NODES)
    width = np.diff(edges)[:, None]
    s = (edges[:-1, None] + width * (points + 1) / 2).ravel()
    t = np.sinh(s)
    log_density = -(df + 1) / 2 * np.log1p(t**2 / df)
    log_density += gammaln((df + 1) / 2) - gammaln(df / 2) - math.log(df * math.pi) / 2
    mass = (width * weights / 2).ravel() * np.exp(log_density) * np.cosh(s)
    mass /= mass.sum()
    away = axis.away(location, scale * t)
    shift = float(mass @ away)
    middle = float(axis.back(np.array(location)))
    return middle + shift, math.sqrt(float(mass @ (away - shift) ** 2))


def _degrees(q: Parameters) -> dict[str | Phrase, bool]:
    return {"df ≥ 1": number(q, "df") >= 1, "df ≤ 1e9": number(q, "df") <= 1e9}


def _wide(distance: float, scale: float) -> dict[str | Phrase, bool]:
    """Conditions on the distance of the ends on the scale."""
    return {
        "high − low ≥ 1e-4 × scale": distance >= 1e-4 * scale,
        "high − low ≤ 1e12 × scale": distance <= 1e12 * scale,
    }


def _row(axis: Axis, **row: object) -> Family:
    """One row; all but names, conditions and support is the same on every scale."""
    return Family(
        quantile=lambda p, q: _quantile(p, q, axis),
        cdf=lambda x, q: _tails(x, q, axis)[0],
        sf=lambda x, q: _tails(x, q, axis)[1],
        mean=lambda q: _moments(q, axis)[0],
        sd=lambda q: _moments(q, axis)[1],
        **row,  # type: ignore[arg-type]
    )


TRUNCATED_STUDENT_T = _row(
    PLAIN,
    parameters=("df", "location", "scale", "low", "high"),
    valid=lambda q: require(
        {
            **_degrees(q),
            **places(q, "location"),
            **scales(q, "scale"),
            **ends_apart(q),
            "low ≤ location ≤ high": number(q, "low") <= number(q, "location") <= number(q, "high"),
            **_wide(number(q, "high") - number(q, "low"), number(q, "scale")),
        }
    ),
    support=ends,
)


def _log_ends(q: Parameters) -> tuple[float, float]:
    """Logarithms of the ends, −∞ of what has none."""
    low, high = ends(q)
    return math.log(low) if low > 0 else -math.inf, math.log(high) if high > 0 else -math.inf


LOG_STUDENT_T = _row(
    LOG,
    parameters=("df", "location", "scale", "low", "high"),
    valid=lambda q: require(
        {
            **_degrees(q),
            "1e-12 ≤ scale ≤ 5": 1e-12 <= number(q, "scale") <= 5,
            "low ≥ 1e-30": number(q, "low") >= 1e-30,
            "high ≤ 1e30": number(q, "high") <= 1e30,
            "high ≤ 1e8 × low": number(q, "high") <= 1e8 * number(q, "low"),
            "ln low ≤ location ≤ ln high": _log_ends(q)[0] <= number(q, "location") <= _log_ends(q)[1],
            "ln(high/low) ≥ 0.001 × scale": _log_ends(q)[1] - _log_ends(q)[0] >= 1e-3 * number(q, "scale"),
            "high ≥ 1.000001 × low": number(q, "high") >= 1.000001 * number(q, "low"),
        }
    ),
    support=ends,
)

LOGIT_STUDENT_T = _row(
    LOGIT,
    parameters=("df", "location", "scale"),
    valid=lambda q: require(
        {
            **_degrees(q),
            "1e-12 ≤ scale ≤ 5": 1e-12 <= number(q, "scale") <= 5,
            "|location| ≤ 30": abs(number(q, "location")) <= 30,
        }
    ),
    support=lambda _: (0.0, 1.0),
)
