"""What observations teach of a number in closed form: beta–binomial, normal–normal (of a logarithm too), gamma–Poisson.

Apart from ``updating`` because it is arithmetic on parameters. Each update says how much the earlier knowledge weighs,
and how surprising the observations are to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Parameters = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A distribution after observations.

    Attributes
    ----------
    parameters : dict
        Of the same family as before.
    weight : float
        Weight of the earlier mean in the new one, between 0 and 1.
    surprise : float
        Prior predictive p-value: probability, by the earlier knowledge alone, of observations that are as improbable as
        these or more so.
    """

    parameters: dict[str, object]
    weight: float
    surprise: float


def of_counts(prior: Parameters, successes: int, of: int, power: float = 1.0) -> Update:
    """Beta prior, so many successes of so many persons: Beta(a + s, b + n − s).

    Parameters
    ----------
    prior : mapping
        ``a`` and ``b``.
    successes, of : int
    power : float
        What the earlier knowledge counts for, 0 to 1: a and b are multiplied by it.

    Returns
    -------
    Update

    Notes
    -----
    Gelman et al., *Bayesian Data Analysis*, 3rd ed. 2013, section 2.4; the power prior is that of Ibrahim and Chen
    2000, Stat. Sci. 15:46; the prior predictive p-value that of Box 1980, J. R. Stat. Soc. A 143:383.

    Examples
    --------
    >>> found = of_counts({"a": 2.0, "b": 2.0}, 6, 6)
    >>> found.parameters, round(found.weight, 2), round(found.surprise, 3)
    ({'a': 8.0, 'b': 2.0}, 0.4, 0.167)
    """
    from scipy.special import betaln, gammaln

    a, b = power * _number(prior, "a"), power * _number(prior, "b")
    s = np.arange(of + 1.0)
    ways = gammaln(of + 1) - gammaln(s + 1) - gammaln(of - s + 1)
    chances = np.exp(ways + betaln(a + s, b + of - s) - betaln(a, b))
    return Update(
        parameters={"a": a + successes, "b": b + of - successes},
        weight=(a + b) / (a + b + of),
        surprise=_as_improbable(chances, successes),
    )


def of_estimate(prior: Parameters, estimate: float, se: float, power: float = 1.0) -> Update:
    """Normal prior, an estimate with its standard error: precisions add up.

    Notes
    -----
    Gelman et al. 2013, section 2.5. The p-value is two-sided, of the estimate under Normal(mean, sd² + se²).

    Examples
    --------
    >>> found = of_estimate({"mean": -60.0, "sd": 10.0}, -40.0, 10.0)
    >>> found.parameters["mean"], round(found.parameters["sd"], 3), found.weight, round(found.surprise, 3)
    (-50.0, 7.071, 0.5, 0.157)
    """
    mean, variance = _number(prior, "mean"), _number(prior, "sd") ** 2 / power
    weight = se**2 / (variance + se**2)
    z = abs(estimate - mean) / math.sqrt(variance + se**2)
    return Update(
        parameters={
            "mean": weight * mean + (1 - weight) * estimate,
            "sd": math.sqrt(variance * se**2 / (variance + se**2)),
        },
        weight=weight,
        surprise=math.erfc(z / math.sqrt(2)),
    )


def of_logarithm(prior: Parameters, centre: float, error: float, power: float = 1.0) -> Update:
    """Lognormal prior, an estimate of the logarithm with its standard error: precisions of the logarithm add up.

    Examples
    --------
    >>> found = of_logarithm({"mu": 7.0, "sigma": 0.2}, 7.2, 0.2)
    >>> round(found.parameters["mu"], 3), round(found.parameters["sigma"], 3), found.weight
    (7.1, 0.141, 0.5)
    """
    found = of_estimate({"mean": prior["mu"], "sd": prior["sigma"]}, centre, error, power)
    parameters = {"mu": found.parameters["mean"], "sigma": found.parameters["sd"]}
    return Update(parameters=parameters, weight=found.weight, surprise=found.surprise)


def of_events(prior: Parameters, events: int, persons: float, power: float = 1.0) -> Update:
    """Gamma prior of a number of events per person and year, so many events in so many person-years.

    Notes
    -----
    Gelman et al. 2013, section 2.6: shape + k, 1/scale + n. The number of events is negative binomial beforehand.

    Examples
    --------
    >>> found = of_events({"shape": 4.0, "scale": 0.5}, 10, 2.0)
    >>> found.parameters, found.weight, round(found.surprise, 3)
    ({'shape': 14.0, 'scale': 0.25}, 0.5, 0.046)
    """
    from scipy.stats import nbinom

    shape, rate = power * _number(prior, "shape"), power / _number(prior, "scale")
    ahead = nbinom(shape, rate / (rate + persons))
    most = int(max(ahead.ppf(1 - 1e-12), events)) + 1
    return Update(
        parameters={"shape": shape + events, "scale": 1 / (rate + persons)},
        weight=rate / (rate + persons),
        surprise=_as_improbable(ahead.pmf(np.arange(most + 1)), events),
    )


def _as_improbable(chances: np.ndarray, found: int) -> float:
    """Sum of the chances that are not above that of what was found, rounding included."""
    return min(1.0, float(chances[chances <= chances[found] * (1 + 1e-9)].sum()))


def _number(parameters: Parameters, name: str) -> float:
    return float(parameters[name])  # type: ignore[arg-type]
