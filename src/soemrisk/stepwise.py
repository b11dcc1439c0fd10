"""Families whose values have probabilities of their own: discrete, Bernoulli, binomial, empirical.

The quantile at p is the smallest value x with P(X ≤ x) ≥ p; at a level that p hits to the last digit, the lower value.
"""

from __future__ import annotations

import math

import numpy as np

from soemrisk.family import FAR, Array, Family, Parameters, Places, number, numbers, require, same_length
from soemrisk.levels import levels, weights_add_up
from soemrisk.messages import Phrase, phrase

# Discrete: values with weights ----------------------------------------------------------------------------------


def _steps(q: Parameters) -> tuple[Array, Array, Array]:
    """Possible values in rising order, their weights, and the levels P(X ≤ x)."""
    values, weights = numbers(q, "values"), numbers(q, "weights")
    values, weights = values[weights > 0], weights[weights > 0]
    order = np.argsort(values, kind="stable")
    return values[order], weights[order] / weights.sum(), levels(weights[order])[0]


def _discrete_quantile(p: Array, q: Parameters) -> Array:
    values, _, upto = _steps(q)
    return values[np.searchsorted(upto[:-1], p, side="left")]


def _discrete_cdf(x: Array, q: Parameters) -> Array:
    values, _, upto = _steps(q)
    return np.concatenate([[0.0], upto])[np.searchsorted(values, x, side="right")]


def _discrete_sf(x: Array, q: Parameters) -> Array:
    values, weights, _ = _steps(q)
    beyond = levels(weights[::-1])[0][::-1]
    return np.concatenate([beyond, [0.0]])[np.searchsorted(values, x, side="right")]


def _discrete_mean(q: Parameters) -> float:
    values, weights, _ = _steps(q)
    return float(values @ weights)


def _discrete_sd(q: Parameters) -> float:
    values, weights, _ = _steps(q)
    return math.sqrt(float(weights @ (values - _discrete_mean(q)) ** 2))


def _discrete_valid(q: Parameters) -> Phrase | None:
    if not all(isinstance(q[name], list | tuple | np.ndarray) for name in ("values", "weights")):
        return phrase("are-lists", one="values", other="weights")
    values, weights = numbers(q, "values"), numbers(q, "weights")
    return require(
        {
            same_length("values", "weights"): len(values) == len(weights) and len(values) > 0,
            "|values| ≤ 1e100": bool(np.all(np.abs(values) <= 1e100)),
            **weights_add_up(weights),
        }
    )


DISCRETE = Family(
    parameters=("values", "weights"),
    lists=("values", "weights"),
    valid=_discrete_valid,
    quantile=_discrete_quantile,
    cdf=_discrete_cdf,
    sf=_discrete_sf,
    mean=_discrete_mean,
    sd=_discrete_sd,
    support=lambda q: (float(_steps(q)[0][0]), float(_steps(q)[0][-1])),
    jumps=lambda q: np.unique(_steps(q)[0]),
    tabled=False,
)


# Empirical: each of n observations with weight 1/n, as when one of them is drawn with replacement --------------------


def _empirical_quantile(p: Array, q: Parameters) -> Array:
    values = np.sort(numbers(q, "observations"))
    n = len(values)
    place: Places = np.clip(np.ceil(n * p) - 1, 0, n - 1).astype(np.intp)
    return values[place]


def _empirical_cdf(x: Array, q: Parameters) -> Array:
    values = np.sort(numbers(q, "observations"))
    return np.searchsorted(values, x, side="right") / len(values)


def _empirical_sf(x: Array, q: Parameters) -> Array:
    values = np.sort(numbers(q, "observations"))
    return (len(values) - np.searchsorted(values, x, side="right")) / len(values)


EMPIRICAL = Family(
    parameters=("observations",),
    lists=("observations",),
    valid=lambda q: require({"|observations| ≤ 1e100": bool(np.all(np.abs(numbers(q, "observations")) <= 1e100))}),
    quantile=_empirical_quantile,
    cdf=_empirical_cdf,
    sf=_empirical_sf,
    mean=lambda q: float(np.mean(numbers(q, "observations"))),
    sd=lambda q: float(np.std(numbers(q, "observations"))),
    support=lambda q: (float(np.min(numbers(q, "observations"))), float(np.max(numbers(q, "observations")))),
    jumps=lambda q: np.unique(numbers(q, "observations")),
    tabled=False,
)


# Bernoulli: 1 with probability p, else 0 ------------------------------------------------------------------------


def _bernoulli_quantile(u: Array, q: Parameters) -> Array:
    p = number(q, "p")
    above = u > 1 - p if p >= 0.5 else 1 - u < p  # the side on which the difference is exact
    return np.where(above, 1.0, 0.0)


def _bernoulli_sf(x: Array, q: Parameters) -> Array:
    return np.where(x < 0, 1.0, np.where(x < 1, number(q, "p"), 0.0))


def _probability(q: Parameters) -> dict[str | Phrase, bool]:
    return {"0 ≤ p ≤ 1": 0 <= number(q, "p") <= 1}


def _reached(n: int, q: Parameters) -> tuple[float, float]:
    """Lowest and highest count of n that is possible."""
    return float(n if number(q, "p") == 1 else 0), float(0 if number(q, "p") == 0 else n)


BERNOULLI = Family(
    parameters=("p",),
    valid=lambda q: require(_probability(q)),
    quantile=_bernoulli_quantile,
    cdf=lambda x, q: np.where(x < 0, 0.0, np.where(x < 1, 1 - number(q, "p"), 1.0)),
    sf=_bernoulli_sf,
    mean=lambda q: number(q, "p"),
    sd=lambda q: math.sqrt(number(q, "p") * (1 - number(q, "p"))),
    support=lambda q: _reached(1, q),
    jumps=lambda q: np.unique(_reached(1, q)),
    tabled=False,
)


# Binomial: successes among n ------------------------------------------------------------------------------------


def _window(q: Parameters, smallest: float) -> Array:
    """Counts outside which neither tail reaches ``smallest``: Bernstein's inequality, a few counts wider."""
    n, p = number(q, "n"), number(q, "p")
    log = -math.log(smallest)
    reach = log / 3 + math.sqrt(log**2 / 9 + 2 * log * n * p * (1 - p)) + 2
    return np.arange(max(0.0, math.floor(n * p - reach)), min(n, math.ceil(n * p + reach)) + 1)


def _binomial_tails(x: Array, q: Parameters) -> tuple[Array, Array]:
    """P(X ≤ k) = I_(1−p)(n − k, k + 1), DLMF 8.17.24; each tail on its own side of the mean."""
    from scipy.special import betainc, betaincc

    n, p = number(q, "n"), number(q, "p")
    k = np.clip(np.floor(x), -1.0, n)
    before = k < n * p
    inner = (k >= 0) & (k < n)
    lower, upper = np.where(k < 0, 0.0, 1.0), np.where(k < 0, 1.0, 0.0)
    left, right = inner & before, inner & ~before
    lower[left] = betaincc(k[left] + 1, n - k[left], p)
    upper[left] = 1.0 - lower[left]
    upper[right] = betainc(k[right] + 1, n - k[right], p)
    lower[right] = 1.0 - upper[right]
    return lower, upper


def _binomial_quantile(u: Array, q: Parameters) -> Array:
    """Search the levels of all counts that can be asked for, from below up to ½ and from above beyond."""
    below = np.ravel(u)
    above = 1.0 - below
    counts = _window(q, float(np.min(np.minimum(below, above), initial=0.5)))
    lower, upper = _binomial_tails(counts, q)
    slack = 1 + 1e-15  # a level that u hits to the last digit is reached
    first = np.searchsorted(lower * slack, below, side="left")
    later = len(counts) - np.searchsorted(upper[::-1], above * slack, side="right")
    place = np.where(below <= 0.5, first, later)
    return counts[np.minimum(place, len(counts) - 1)].reshape(np.shape(u))


BINOMIAL = Family(
    parameters=("n", "p"),
    valid=lambda q: require(
        {
            "n-whole": number(q, "n") == math.floor(number(q, "n")),
            "1 ≤ n ≤ 1e7": 1 <= number(q, "n") <= 1e7,
            **_probability(q),
        }
    ),
    quantile=_binomial_quantile,
    cdf=lambda x, q: _binomial_tails(x, q)[0],
    sf=lambda x, q: _binomial_tails(x, q)[1],
    mean=lambda q: number(q, "n") * number(q, "p"),
    sd=lambda q: math.sqrt(number(q, "n") * number(q, "p") * (1 - number(q, "p"))),
    support=lambda q: _reached(int(number(q, "n")), q),
    jumps=lambda q: _window(q, FAR),
    tabled=False,
)
