"""What observations teach of a number with any distribution: the exact posterior on nodes, written as steps.

Prior and likelihood meet on the probability u of the prior: with x = Q(u) the posterior is L(Q(u)) du over its
integral, so that a quantile function is all that is needed. Apart from ``conjugate``, which has closed forms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.families import FAMILIES
from soemrisk.family import Parameters
from soemrisk.quadrature import Made, Nodes, nodes

Floats = NDArray[np.float64]

IMPOSSIBLE = 1e-10  # p-value, or highest likelihood of a value there is, of 1 between the ends: below, refused
NO_DIGITS = 1e-13  # integral of that likelihood below which probabilities of the prior have too few digits
BINS = 60
TAILS = (1e-8, 1e-6, 1e-5, 1e-4)  # posterior probabilities outside the first steps
AROUND = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)  # standard errors from the observation at which panels end
DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was observed of one number.

    Attributes
    ----------
    kind : {"counts", "events", "estimate", "logarithm"}
        So many of so many; events in person-years; an estimate with its standard error; an estimate with the standard
        error of its logarithm.
    found : float
        Successes, events, or the estimate.
    size : float
        Persons, person-years, or the standard error.
    """

    kind: str
    found: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """A distribution after observations, as steps or, where the earlier one is discrete, as values with weights.

    Attributes
    ----------
    family : {"histogram", "discrete"}
    parameters : dict
    weight : float
        Weight of the earlier mean in the best linear estimate, between 0 and 1 (credibility).
    surprise : float
        Two-sided prior predictive p-value.
    mean_error, sd_error : float
        Mean and standard deviation of the steps less those of the posterior, in the unit of the number.
    distance : float
        Largest distance of the two distribution functions.
    """

    family: str
    parameters: dict[str, object]
    weight: float
    surprise: float
    mean_error: float
    sd_error: float
    distance: float


def posterior(family: str, parameters: Parameters, seen: Seen) -> Posterior:
    """Posterior of a number with any distribution.

    Parameters
    ----------
    family : str
        Row of the family table; without jumps, or with nothing else.
    parameters : mapping
    seen : Seen

    Returns
    -------
    Posterior
        The weights of its steps are exact; inside a step it is flat.

    Raises
    ------
    ValueError
        The distribution has both jumps and a continuous part, or what was observed is all but impossible by it.

    Notes
    -----
    Bayes' theorem by Gauss-Legendre nodes in the probability of the prior. The weight is that of Bühlmann 1967 (ASTIN
    Bull. 4:199), E Var(y | x)/(E Var(y | x) + Var x), which is the exact one in conjugate cases.

    Examples
    --------
    >>> found = posterior("uniform", {"low": 0.0, "high": 1.0}, Seen(kind="counts", found=3.0, size=10.0))
    >>> round(FAMILIES[found.family].mean(found.parameters) - found.mean_error, 6), found.distance < 0.001
    (0.333333, True)
    """
    jumps = FAMILIES[family].jumps(parameters)
    top = _log_likelihood(np.array([_nearest(family, parameters, seen)]), seen)[0]

    def relative(values: Floats) -> Floats:
        found: Floats = np.exp(_log_likelihood(values[0], seen) - top)[:, None]
        return found

    prior = nodes([(family, parameters)], _breaks(family, parameters, _around(seen)), relative)
    values, likelihood = prior.values[0], relative(prior.values)[:, 0]
    mass = float(prior.weights @ likelihood)
    told = {"weight": _credibility(prior, seen), "surprise": _surprise(prior, seen)}
    if min(float(likelihood.max()), told["surprise"]) < IMPOSSIBLE:
        raise ValueError("update-impossible")
    if mass < NO_DIGITS:
        raise ValueError("update-too-narrow")
    weights = prior.weights * likelihood / mass
    if len(jumps):
        if not np.isin(values, jumps).all():
            raise ValueError("update-mixed")
        exact = {"mean_error": 0.0, "sd_error": 0.0, "distance": 0.0}
        return Posterior(family="discrete", parameters=_as_values(values, weights), **told, **exact)
    edges = _edges(values, weights, FAMILIES[family].support(parameters))
    steps, distance = _steps((family, parameters), edges, seen, relative)
    mean = float(weights @ values)
    errors = {
        "mean_error": FAMILIES["histogram"].mean(steps) - mean,
        "sd_error": FAMILIES["histogram"].sd(steps) - math.sqrt(float(weights @ (values - mean) ** 2)),
    }
    return Posterior(family="histogram", parameters=steps, **told, **errors, distance=distance)


def p_value(family: str, parameters: Parameters, seen: Seen) -> float:
    """Two-sided prior predictive p-value of what was observed, by a distribution that does not learn from it.

    Examples
    --------
    >>> round(p_value("normal", {"mean": 0.0, "sd": 3.0}, Seen(kind="estimate", found=9.8, size=4.0)), 4)
    0.05
    """
    return _surprise(nodes([(family, parameters)], _breaks(family, parameters, _around(seen))), seen)


def _log_likelihood(x: Floats, seen: Seen) -> Floats:
    from scipy.special import xlog1py, xlogy

    if seen.kind == "counts":
        found = xlogy(seen.found, x) + xlog1py(seen.size - seen.found, -x)
    elif seen.kind == "events":
        found = xlogy(seen.found, x) - seen.size * x
    elif seen.kind == "estimate":
        found = -(((x - seen.found) / seen.size) ** 2) / 2
    else:
        found = -(((np.log(np.maximum(x, 1e-300)) - math.log(seen.found)) / seen.size) ** 2) / 2
    return np.asarray(found, dtype=np.float64)


def _nearest(family: str, parameters: Parameters, seen: Seen) -> float:
    """The possible value at which the likelihood is highest."""
    low, high = FAMILIES[family].support(parameters)
    mode = seen.found / seen.size if seen.kind in {"counts", "events"} else seen.found
    return min(max(mode, low), high)


def _around(seen: Seen) -> Floats:
    """Values around what was observed, between which the likelihood is smooth."""
    steps = np.array([sign * far for far in AROUND for sign in (-1.0, 1.0)])
    if seen.kind == "logarithm":
        return np.asarray(seen.found * np.exp(steps * seen.size), dtype=np.float64)
    if seen.kind == "estimate":
        return seen.found + steps * seen.size
    rate = seen.found / seen.size
    spread = rate * (1 - rate) / seen.size if seen.kind == "counts" else rate / seen.size
    return rate + steps * math.sqrt(spread + 1 / seen.size**2)


def _breaks(family: str, parameters: Parameters, values: Floats) -> Floats:
    low, high = FAMILIES[family].support(parameters)
    inside = np.clip(values, low, high)
    levels = np.asarray(FAMILIES[family].cdf(inside, parameters))
    return np.unique(levels[(levels > 0) & (levels < 1)])


def _credibility(prior: Nodes, seen: Seen) -> float:
    """Weight of the earlier mean in the best linear estimate; of the logarithm where that was estimated."""
    x = np.log(np.maximum(prior.values[0], 1e-300)) if seen.kind == "logarithm" else prior.values[0]
    mean = float(prior.weights @ x)
    between = float(prior.weights @ (x - mean) ** 2)
    inside = {
        "counts": float(prior.weights @ (x * (1 - x))) / seen.size,
        "events": mean / seen.size,
    }.get(seen.kind, seen.size**2)
    return inside / (inside + between)


def _surprise(prior: Nodes, seen: Seen) -> float:
    """Twice the smaller of the chances, by the earlier knowledge, of so much or less and of so much or more."""
    from scipy.special import bdtr, bdtrc, ndtr, pdtr, pdtrc

    x, found, size = prior.values[0], seen.found, seen.size
    if seen.kind == "counts":
        most = bdtr(found, int(size), np.clip(x, 0.0, 1.0))
        least = bdtrc(found - 1, int(size), np.clip(x, 0.0, 1.0)) if found > 0 else np.ones(len(x))
    elif seen.kind == "events":
        most = pdtr(found, size * x)
        least = pdtrc(found - 1, size * x) if found > 0 else np.ones(len(x))
    else:
        apart = found - x if seen.kind == "estimate" else math.log(found) - np.log(np.maximum(x, 1e-300))
        most, least = ndtr(apart / size), ndtr(-apart / size)
    return min(1.0, 2 * min(float(prior.weights @ most), float(prior.weights @ least)))


def _as_values(values: Floats, weights: Floats) -> dict[str, object]:
    """Of a discrete distribution: the same values with other weights, exactly."""
    kept, place = np.unique(values, return_inverse=True)
    sums = np.bincount(place, weights)
    some = sums > 1e-15
    return {"values": tuple(map(float, kept[some])), "weights": tuple(_rounded(one) for one in sums[some])}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _edges(values: Floats, weights: Floats, support: tuple[float, float]) -> Floats:
    """Ends of the steps: quantiles of the posterior, nearer to each other towards the tails (Chebyshev)."""
    inner = (1 - np.cos(np.pi * np.arange(1, BINS) / BINS)) / 2
    levels = np.concatenate([TAILS, inner, 1 - np.array(TAILS[::-1])])
    found = np.interp(levels, np.cumsum(weights) - weights / 2, values)
    return np.unique(np.clip([_rounded(one) for one in found], *support))


def _steps(prior: tuple[str, Parameters], edges: Floats, seen: Seen, relative: Made) -> tuple[dict[str, object], float]:
    """Exact weights of the steps, and how far inside them the distribution function is from a straight line."""
    if len(edges) < 2:
        raise ValueError("update-too-narrow")
    fine = np.sort(np.concatenate([edges, (edges[1:] + edges[:-1]) / 2]))
    breaks = _breaks(*prior, np.concatenate([fine, _around(seen)]))
    found = nodes([prior], breaks, relative)
    place = np.searchsorted(fine, found.values[0], side="right") - 1
    inside = (place >= 0) & (place < len(fine) - 1)
    likelihood = relative(found.values)[:, 0]
    halves = np.bincount(place[inside], (found.weights * likelihood)[inside], len(fine) - 1).reshape(-1, 2)
    halves = halves / halves.sum()
    weights = tuple(_rounded(one) if one > 1e-15 else 0.0 for one in halves.sum(axis=1))
    distance = float(np.abs(halves[:, 0] - halves[:, 1]).max() / 2)
    return {"edges": tuple(map(float, edges)), "weights": weights}, distance
