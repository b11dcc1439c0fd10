"""From draws to the figures that are printed, each with its error from independent replicates.

Estimates pool all draws; the error of each is the spread of the same estimate over the replicates, divided by √r.
That holds for scrambled Sobol' points, where s/√n is many times too large for a mean, and for quantiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.10, 0.25, 0.30, 0.50, 0.75, 0.90, 0.95)
REPORTED = (0.05, 0.10, 0.30, 0.50, 0.90, 0.95)  # levels whose error is told
NAMES = ("mean", "sd", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "prob_positive")
PUBLIC = (*NAMES, "mcse_mean", "mcse_prob", "mcse_p5", "mcse_p50", "mcse_p95")  # keys of STATS in docs/output.md


def statistics(draws: Floats) -> dict[str, float]:
    """Summarise one result.

    Parameters
    ----------
    draws : (r, n) float64
        r independent replicates of n draws, in kr.

    Returns
    -------
    dict
        mean, sd, quantiles p5 … p95 and P(> 0), with Monte Carlo standard errors ``mcse_*``.

    Notes
    -----
    Where every replicate finds the same probability although the result varies, its error is 1/(r n): the
    resolution, not 0.

    Examples
    --------
    >>> statistics(np.array([[1.0, 3.0], [2.0, 2.0]]))["mean"]
    2.0
    """
    count = draws.size
    # Deviations from a common point: draws that are all alike have a mean of just that value and a spread of 0.
    origin = float(draws.flat[0])
    deviation = draws - origin
    replicate_means = deviation.mean(axis=1)
    mean = float(replicate_means.mean())
    within = np.sort(draws, axis=1)
    pooled = np.sort(within, axis=None)
    positive = (draws > 0).mean(axis=1)
    sd = float(np.sqrt(((deviation - mean) ** 2).mean()))
    result = {"mean": origin + mean, "sd": sd}
    for level in LEVELS:
        result[f"p{level * 100:.0f}"] = float(sorted_quantile(pooled[None], level)[0])
    result["prob_positive"] = float(positive.mean())
    result["mcse_mean"] = standard_error(replicate_means)
    error = standard_error(positive)
    result["mcse_prob"] = error if error > 0 or sd == 0 else 1 / count
    for level in REPORTED:
        result[f"mcse_p{level * 100:.0f}"] = standard_error(sorted_quantile(within, level))
    return result


def public(stats: Mapping[str, float]) -> dict[str, float]:
    """The keys of STATS that the JSON contract names (docs/output.md), in its order."""
    return {name: stats[name] for name in PUBLIC}


def standard_error(estimates: Floats) -> float:
    """Standard error of the mean of r independent estimates; 0 for a single one."""
    return float(standard_errors(estimates))


def standard_errors(estimates: Floats) -> Floats:
    """``standard_error`` of each column of (r, …) estimates; 0 where all are alike."""
    if len(estimates) < 2:
        return np.zeros(estimates.shape[1:])
    return np.asarray(np.std(estimates - estimates[0], axis=0, ddof=1) / np.sqrt(len(estimates)))


def sorted_quantile(ordered: Floats, level: float) -> Floats:
    """Quantile of each row of sorted values, linear between order statistics (Hyndman and Fan 1996, type 5).

    The k-th of n stratified points lies in the middle of its stratum, at level (k − ½)/n; other types are off by up to
    ½/n.
    """
    place = min(max(level * ordered.shape[1] - 0.5, 0.0), ordered.shape[1] - 1.0)
    below = int(np.floor(place))
    above = min(below + 1, ordered.shape[1] - 1)
    weight = place - below
    between: Floats = ordered[:, below] + weight * (ordered[:, above] - ordered[:, below])
    return between


@lru_cache(maxsize=16)
def interval_factor(replicates: int) -> float:
    """Standard errors on each side of a 95 % interval: Student's t with r − 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(replicates - 1, 0.975))


def risk(draws: Floats, promised: float) -> dict[str, float]:
    """How the result may miss a promised figure.

    Parameters
    ----------
    draws : (r, n) float64
        Net result, kr., chance included.
    promised : float
        The figure on which the decision rests, kr.

    Returns
    -------
    dict
        ``prob_below`` P(net < promised); ``expected_shortfall`` E[(promised − net)⁺] and ``expected_windfall``, both
        unconditional; ``prob_wrong_sign``; ``p10``; ``cvar10``, the mean of the worst tenth (Rockafellar and
        Uryasev 2002, J. Banking Finance 26:1443: the draw at the limit counts with the part that is missing).

    Examples
    --------
    >>> risk(np.array([[0.0, 4.0], [2.0, 2.0]]), 3.0)["expected_shortfall"]
    1.25
    """
    gap = draws - promised
    wrong = draws <= 0 if promised > 0 else draws >= 0 if promised < 0 else np.zeros_like(draws, dtype=bool)
    within, ordered = np.sort(draws, axis=1), np.sort(draws, axis=None)
    short, over = np.maximum(-gap, 0), np.maximum(gap, 0)
    pooled = {
        "prob_below": float((gap < 0).mean()),
        "expected_shortfall": float(short.mean()),
        "expected_windfall": float(over.mean()),
        "prob_wrong_sign": float(wrong.mean()),
        "p10": float(sorted_quantile(ordered[None], 0.10)[0]),
        "cvar10": float(_worst_tenth(ordered[None])[0]),
    }
    each = {
        "prob_below": (gap < 0).mean(axis=1),
        "expected_shortfall": short.mean(axis=1),
        "expected_windfall": over.mean(axis=1),
        "prob_wrong_sign": wrong.mean(axis=1),
        "p10": sorted_quantile(within, 0.10),
        "cvar10": _worst_tenth(within),
    }
    return {"promised": promised, **pooled, **errors(each, draws.size)}


def _worst_tenth(ordered: Floats) -> Floats:
    """Mean of the lowest tenth of each row of sorted values; one at the limit counts with the part that is missing."""
    tail = 0.1 * ordered.shape[1]
    whole = int(np.floor(tail))
    rest = tail - whole
    worst = ordered[:, :whole].sum(axis=1)
    if rest > 0:
        worst = worst + rest * ordered[:, whole]
    return np.asarray(worst / tail)


def errors(by_replicate: Mapping[str, Floats], draws: int) -> dict[str, float]:
    """Standard errors of figures from their values in each replicate, as ``mcse_<name>``.

    Parameters
    ----------
    by_replicate : mapping of str to (r,) float64
    draws : int
        In all.

    Returns
    -------
    dict
        Inf where a replicate has no finite value. Of a probability that is the same in all replicates the error is
        the resolution 1/draws, unless it is 0 or 1.

    Examples
    --------
    >>> errors({"prob_below": np.array([0.4, 0.6]), "p10": np.array([1.0, np.inf])}, 10)["mcse_p10"]
    inf
    """
    found = {}
    for name, values in by_replicate.items():
        error = standard_error(values) if np.isfinite(values).all() else np.inf
        settled = name.startswith("prob_") and error == 0 and 0 < values[0] < 1
        found[f"mcse_{name}"] = 1 / draws if settled else error
    return found


def payback(year: Floats, first_year: int) -> Floats:
    """Calendar year from which the cumulated net result stays at or above 0; inf where it does not in the window.

    Parameters
    ----------
    year : (..., y) float64
        Net result by year, kr.
    first_year : int
        Calendar year of the first column.

    Returns
    -------
    (...) float64

    Examples
    --------
    >>> float(payback(np.array([-2.0, 1.0, 1.0]), 2019))
    2021.0
    """
    last = years_of_loss(year, -1)
    return np.where(last == year.shape[-1], np.inf, first_year + last)


def cumulated(year: Floats, axis: int) -> Floats:
    """Running sums over the years, as ``np.cumsum``, each year of all draws at once.

    Examples
    --------
    >>> cumulated(np.array([[1.0, 2.0, 3.0]]), -1).tolist()
    [[1.0, 3.0, 6.0]]
    """
    by_year = np.moveaxis(year, axis, 0)
    found = by_year.copy(order="K")
    for y in range(1, len(found)):
        np.add(found[y - 1 : y], found[y : y + 1], out=found[y : y + 1])
    return np.moveaxis(found, 0, axis)


def years_of_loss(year: Floats, axis: int) -> NDArray[np.int64]:
    """Number of years up to the last one in which the cumulated result is a loss; 0 where there is none.

    Examples
    --------
    >>> years_of_loss(np.array([[-2.0, 1.0, 1.0], [1.0, 1.0, 1.0]]), -1).tolist()
    [2, 0]
    """
    by_year = np.moveaxis(cumulated(year, axis), axis, 0)
    last = np.zeros(by_year.shape[1:], dtype=np.int64)
    for y, one in enumerate(by_year):
        np.copyto(last, y + 1, where=one < 0)
    return last


def payback_statistics(base_payback: float, years: Floats) -> dict[str, float]:
    """Payback in the base case, P10, P50, P90 (inf where never), the chance that it is in the window and its error."""
    ordered = np.sort(years, axis=None)
    result: dict[str, float] = {"base": base_payback}
    for level in (0.10, 0.50, 0.90):
        place = max(0, int(np.ceil(level * ordered.size)) - 1)  # a year is not interpolated
        result[f"p{level * 100:.0f}"] = float(ordered[place])
    result["prob_within"] = float(np.isfinite(ordered).mean())
    return {**result, **errors({"prob_within": np.isfinite(years).mean(axis=1)}, years.size)}
