"""Distribution families: one table, a row a family, each with its quantile function.

A draw is a point of the unit interval put through ``quantile``; nothing here knows of random numbers,
scenarios or kroner. The other columns (cdf, mean, sd, support) are what checks, reports and closed forms need.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

Parameters = Mapping[str, object]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One row of the table.

    Attributes
    ----------
    parameters : tuple of str
        Names, in the order in which a scenario states them; all are required.
    valid : callable
        ``valid(parameters)`` returns the name of the first condition that fails, or None.
    quantile, cdf : callable
        ``f(points, parameters)``, element by element.
    mean, sd : callable
        ``f(parameters)``.
    support : callable
        ``support(parameters)`` returns (lowest, highest) possible value.
    """

    parameters: tuple[str, ...]
    valid: Callable[[Parameters], str | None]
    quantile: Callable[[Array, Parameters], Array]
    cdf: Callable[[Array, Parameters], Array]
    mean: Callable[[Parameters], float]
    sd: Callable[[Parameters], float]
    support: Callable[[Parameters], tuple[float, float]]


def _number(parameters: Parameters, name: str) -> float:
    return float(parameters[name])  # type: ignore[arg-type]


def _require(**conditions: bool) -> str | None:
    """Name of the first condition that does not hold; underscores read as blanks."""
    return next((name.replace("_", " ") for name, holds in conditions.items() if not holds), None)


# Normal: mean, sd -------------------------------------------------------------------------------------------


def _normal_quantile(p: Array, q: Parameters) -> Array:
    from scipy.special import ndtri

    return _number(q, "mean") + _number(q, "sd") * ndtri(p)


def _normal_cdf(x: Array, q: Parameters) -> Array:
    from scipy.special import ndtr

    return ndtr((x - _number(q, "mean")) / _number(q, "sd"))


# Lognormal: mu and sigma of the logarithm ---------------------------------------------------------------------


def _lognormal_quantile(p: Array, q: Parameters) -> Array:
    return np.exp(_normal_quantile(p, {"mean": q["mu"], "sd": q["sigma"]}))


def _lognormal_cdf(x: Array, q: Parameters) -> Array:
    logs = np.log(np.where(x > 0, x, 1.0))
    return np.where(x > 0, _normal_cdf(logs, {"mean": q["mu"], "sd": q["sigma"]}), 0.0)


def _lognormal_mean(q: Parameters) -> float:
    return math.exp(_number(q, "mu") + _number(q, "sigma") ** 2 / 2)


def _lognormal_sd(q: Parameters) -> float:
    return _lognormal_mean(q) * math.sqrt(math.expm1(_number(q, "sigma") ** 2))


# Beta: a, b on [0, 1] -----------------------------------------------------------------------------------------


def _beta_quantile(p: Array, q: Parameters) -> Array:
    from scipy.special import betaincinv

    return betaincinv(_number(q, "a"), _number(q, "b"), p)


def _beta_cdf(x: Array, q: Parameters) -> Array:
    from scipy.special import betainc

    return betainc(_number(q, "a"), _number(q, "b"), np.clip(x, 0.0, 1.0))


def _beta_mean(q: Parameters) -> float:
    a, b = _number(q, "a"), _number(q, "b")
    return a / (a + b)


def _beta_sd(q: Parameters) -> float:
    a, b = _number(q, "a"), _number(q, "b")
    return math.sqrt(a * b / (a + b + 1)) / (a + b)


# PERT: a beta between two hard ends, a = 1 + 4 (mode − low)/(high − low); Malcolm et al. (1959) -----------------


def _pert_shape(q: Parameters) -> dict[str, object]:
    low, mode, high = (_number(q, name) for name in ("low", "mode", "high"))
    a = 1 + 4 * (mode - low) / (high - low)
    return {"a": a, "b": 6 - a}


def _pert_quantile(p: Array, q: Parameters) -> Array:
    low, high = _number(q, "low"), _number(q, "high")
    return low + (high - low) * _beta_quantile(p, _pert_shape(q))


def _pert_cdf(x: Array, q: Parameters) -> Array:
    low, high = _number(q, "low"), _number(q, "high")
    return _beta_cdf((x - low) / (high - low), _pert_shape(q))


def _pert_mean(q: Parameters) -> float:
    return (_number(q, "low") + 4 * _number(q, "mode") + _number(q, "high")) / 6


def _pert_sd(q: Parameters) -> float:
    return (_number(q, "high") - _number(q, "low")) * _beta_sd(_pert_shape(q))


# Triangular: low, mode, high ----------------------------------------------------------------------------------


def _triangular_quantile(p: Array, q: Parameters) -> Array:
    low, mode, high = (_number(q, name) for name in ("low", "mode", "high"))
    width = high - low
    rising = low + np.sqrt(p * width * (mode - low))
    falling = high - np.sqrt((1 - p) * width * (high - mode))
    return np.where(p * width <= mode - low, rising, falling)


def _triangular_cdf(x: Array, q: Parameters) -> Array:
    low, mode, high = (_number(q, name) for name in ("low", "mode", "high"))
    width = high - low
    rising = np.clip(x - low, 0, None) ** 2 / (width * (mode - low)) if mode > low else np.zeros_like(x)
    falling = 1 - np.clip(high - x, 0, None) ** 2 / (width * (high - mode)) if high > mode else np.ones_like(x)
    return np.where(x < mode, rising, falling)


def _triangular_mean(q: Parameters) -> float:
    return (_number(q, "low") + _number(q, "mode") + _number(q, "high")) / 3


def _triangular_sd(q: Parameters) -> float:
    low, mode, high = (_number(q, name) for name in ("low", "mode", "high"))
    return math.sqrt(((high - low) ** 2 - (mode - low) * (high - mode)) / 18)


# Uniform: low, high -------------------------------------------------------------------------------------------


def _uniform_quantile(p: Array, q: Parameters) -> Array:
    low, high = _number(q, "low"), _number(q, "high")
    return low + (high - low) * p


def _uniform_cdf(x: Array, q: Parameters) -> Array:
    low, high = _number(q, "low"), _number(q, "high")
    return np.clip((x - low) / (high - low), 0, 1)


# Discrete: values with weights --------------------------------------------------------------------------------


def _points_of(q: Parameters) -> tuple[Array, Array]:
    """Values in rising order and their probabilities (weights need not add up to 1)."""
    values = np.asarray(q["values"], dtype=np.float64)
    weights = np.asarray(q["weights"], dtype=np.float64)
    order = np.argsort(values, kind="stable")
    return values[order], weights[order] / weights.sum()


def _discrete_quantile(p: Array, q: Parameters) -> Array:
    values, probabilities = _points_of(q)
    upper = np.cumsum(probabilities)[:-1]
    return values[np.searchsorted(upper, p, side="left")]


def _discrete_cdf(x: Array, q: Parameters) -> Array:
    values, probabilities = _points_of(q)
    steps = np.concatenate([[0.0], np.cumsum(probabilities)])
    return steps[np.searchsorted(values, x, side="right")]


def _discrete_mean(q: Parameters) -> float:
    values, probabilities = _points_of(q)
    return float(values @ probabilities)


def _discrete_sd(q: Parameters) -> float:
    values, probabilities = _points_of(q)
    return math.sqrt(float(probabilities @ (values - _discrete_mean(q)) ** 2))


def _discrete_valid(q: Parameters) -> str | None:
    values, weights = q["values"], q["weights"]
    if not isinstance(values, list | tuple) or not isinstance(weights, list | tuple):
        return "values and weights are lists"
    return _require(
        values_and_weights_have_the_same_length=len(values) == len(weights) and len(values) > 0,
        weights_are_not_negative=all(w >= 0 for w in weights),
        some_weight_is_positive=any(w > 0 for w in weights),
    )


def _mode_between(q: Parameters) -> str | None:
    low, mode, high = (_number(q, name) for name in ("low", "mode", "high"))
    return _require(**{"low < high": low < high, "low ≤ mode ≤ high": low <= mode <= high})


def _ends(q: Parameters) -> tuple[float, float]:
    return _number(q, "low"), _number(q, "high")


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "normal": Family(
            parameters=("mean", "sd"),
            valid=lambda q: _require(**{"sd > 0": _number(q, "sd") > 0}),
            quantile=_normal_quantile,
            cdf=_normal_cdf,
            mean=lambda q: _number(q, "mean"),
            sd=lambda q: _number(q, "sd"),
            support=lambda q: (-math.inf, math.inf),  # noqa: ARG005
        ),
        "lognormal": Family(
            parameters=("mu", "sigma"),
            valid=lambda q: _require(
                **{"0 < sigma ≤ 5": 0 < _number(q, "sigma") <= 5, "|mu| ≤ 100": abs(_number(q, "mu")) <= 100}
            ),
            quantile=_lognormal_quantile,
            cdf=_lognormal_cdf,
            mean=_lognormal_mean,
            sd=_lognormal_sd,
            support=lambda q: (0.0, math.inf),  # noqa: ARG005
        ),
        "beta": Family(
            parameters=("a", "b"),
            valid=lambda q: _require(**{"a > 0": _number(q, "a") > 0, "b > 0": _number(q, "b") > 0}),
            quantile=_beta_quantile,
            cdf=_beta_cdf,
            mean=_beta_mean,
            sd=_beta_sd,
            support=lambda q: (0.0, 1.0),  # noqa: ARG005
        ),
        "pert": Family(
            parameters=("low", "mode", "high"),
            valid=_mode_between,
            quantile=_pert_quantile,
            cdf=_pert_cdf,
            mean=_pert_mean,
            sd=_pert_sd,
            support=_ends,
        ),
        "triangular": Family(
            parameters=("low", "mode", "high"),
            valid=_mode_between,
            quantile=_triangular_quantile,
            cdf=_triangular_cdf,
            mean=_triangular_mean,
            sd=_triangular_sd,
            support=_ends,
        ),
        "uniform": Family(
            parameters=("low", "high"),
            valid=lambda q: _require(**{"low < high": _number(q, "low") < _number(q, "high")}),
            quantile=_uniform_quantile,
            cdf=_uniform_cdf,
            mean=lambda q: (_number(q, "low") + _number(q, "high")) / 2,
            sd=lambda q: (_number(q, "high") - _number(q, "low")) / math.sqrt(12),
            support=_ends,
        ),
        "discrete": Family(
            parameters=("values", "weights"),
            valid=_discrete_valid,
            quantile=_discrete_quantile,
            cdf=_discrete_cdf,
            mean=_discrete_mean,
            sd=_discrete_sd,
            support=lambda q: (float(min(q["values"])), float(max(q["values"]))),  # type: ignore[call-overload]
        ),
    }
)


def quantile(family: str, parameters: Parameters, p: ArrayLike) -> Array:
    """Value below which a share ``p`` of the distribution lies.

    Parameters
    ----------
    family : str
        A key of the table, for example ``"beta"``.
    parameters : mapping
        The family's parameters by name.
    p : array_like
        Probabilities strictly between 0 and 1, any shape.

    Returns
    -------
    ndarray of float64, shape of ``p``
        In the unit of the quantity.

    Raises
    ------
    ValueError
        Unknown family, wrong parameters, or p outside (0, 1).

    Examples
    --------
    >>> float(quantile("uniform", {"low": 2, "high": 4}, 0.25))
    2.5
    """
    row = FAMILIES.get(family)
    if row is None:
        raise ValueError(f"unknown family {family!r}; there are {', '.join(FAMILIES)}")
    if set(parameters) != set(row.parameters):
        raise ValueError(f"{family} takes the parameters {', '.join(row.parameters)}, got {', '.join(parameters)}")
    failed = row.valid(parameters)
    if failed:
        raise ValueError(f"{family}: {failed} does not hold for {dict(parameters)}")
    points = np.asarray(p, dtype=np.float64)
    if not np.all((points > 0) & (points < 1)):
        raise ValueError("p must lie strictly between 0 and 1")
    return row.quantile(points, parameters)
