"""Distribution families: one table, a row a family, each with its quantile function.

A draw is a point of the unit interval put through ``quantile``; nothing here knows of random numbers,
scenarios or kroner. The other columns (cdf, mean, sd, support) are what checks, reports and closed forms need.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from soemrisk.bounded import BETA, LOG_UNIFORM, LOGIT_NORMAL, PERT, TRIANGULAR, UNIFORM
from soemrisk.family import Array, Family, Parameters, misfit
from soemrisk.filtered import FILTERED
from soemrisk.histogram import HISTOGRAM
from soemrisk.metalog import METALOG
from soemrisk.mixture import mixture_of
from soemrisk.scaled_student import LOG_STUDENT_T, LOGIT_STUDENT_T, TRUNCATED_STUDENT_T
from soemrisk.stepwise import BERNOULLI, BINOMIAL, DISCRETE, EMPIRICAL
from soemrisk.truncated import TRUNCATED_NORMAL
from soemrisk.unbounded import GAMMA, LOGNORMAL, NORMAL, STUDENT_T, WEIBULL

__all__ = ["FAMILIES", "Family", "Parameters", "misfit", "quantile"]

SIMPLE: Mapping[str, Family] = MappingProxyType(
    {
        "normal": NORMAL,
        "truncated_normal": TRUNCATED_NORMAL,
        "lognormal": LOGNORMAL,
        "beta": BETA,
        "pert": PERT,
        "triangular": TRIANGULAR,
        "uniform": UNIFORM,
        "log_uniform": LOG_UNIFORM,
        "gamma": GAMMA,
        "weibull": WEIBULL,
        "student_t": STUDENT_T,
        "bernoulli": BERNOULLI,
        "binomial": BINOMIAL,
        "discrete": DISCRETE,
        "empirical": EMPIRICAL,
        "histogram": HISTOGRAM,
        "metalog": METALOG,
        "logit_normal": LOGIT_NORMAL,
        "filtered": FILTERED,
        "truncated_student_t": TRUNCATED_STUDENT_T,
        "log_student_t": LOG_STUDENT_T,
        "logit_student_t": LOGIT_STUDENT_T,
    }
)
FAMILIES: Mapping[str, Family] = MappingProxyType({**SIMPLE, "mixture": mixture_of(SIMPLE)})


def quantile(family: str, parameters: Parameters, p: ArrayLike) -> Array:
    r"""Value below which a share ``p`` of the distribution lies.

    Parameters
    ----------
    family : str
        A key of the table, for example ``"beta"``.
    parameters : mapping
        The family's parameters by name; docs/scenario.md lists them with what is accepted.
    p : array_like
        Probabilities strictly between 0 and 1, any shape.

    Returns
    -------
    ndarray of float64, shape of ``p``
        In the unit of the quantity. Where values have probabilities of their own, the smallest value x with
        P(X ≤ x) ≥ p. Ten digits, relative to max(\|x\|, IQR/1000), for p from 2^-64 to 1 − 2^-53.

    Raises
    ------
    ValueError
        Unknown family, wrong parameters, or p outside (0, 1).

    Examples
    --------
    >>> float(quantile("uniform", {"low": 2, "high": 4}, 0.25))
    2.5
    """
    row = FAMILIES.get(family) if isinstance(family, str) else None
    if row is None:
        raise ValueError(f"unknown family {family!r}; there are {', '.join(FAMILIES)}")
    wrong = misfit(row, parameters)
    if wrong:
        raise ValueError(f"{family}: {wrong}")
    try:
        points = np.asarray(p, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("p must be a number or an array of numbers") from None
    if not np.all((points > 0) & (points < 1)):
        raise ValueError("p must lie strictly between 0 and 1")
    return np.asarray(row.quantile(points, parameters), dtype=np.float64)
