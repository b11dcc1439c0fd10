"""The value of the success rate at which an actor's net result is 0, and how sure that is.

The net result is a line in the rate, α + β x, for every draw of the rest: two evaluations give the line. What is
reported are quantiles of x* on the extended line, never its mean, and never clipped at 100 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soemrisk.statistics import errors

Floats = NDArray[np.float64]

ROUNDING = 1e-12  # of the terms of a line: what is left of nothing


def break_even(at_zero: Floats, per_rate: Floats) -> Floats:
    """Break-even x* = −α/β of each draw (docs/methods.md).

    Parameters
    ----------
    at_zero, per_rate : (...) float64
        α, the net result at a rate of 0, and β, its slope, in kr.

    Returns
    -------
    (...) float64
        β > 0: gain from x* up. β < 0 ≤ α: gain only below x*. β ≤ 0 and α < 0: +inf, never a gain.
        β = 0 ≤ α: −inf, a gain at every rate.

    Examples
    --------
    >>> break_even(np.array([-3.0, -3.0, 2.0]), np.array([6.0, 0.0, 0.0])).tolist()
    [0.5, inf, -inf]
    """
    slope = np.where(per_rate == 0, 1.0, per_rate)
    with np.errstate(over="ignore"):  # a slope of next to nothing: the break-even is beyond every number
        finite = 0.0 - at_zero / slope
    never = (per_rate <= 0) & (at_zero < 0)
    always_flat = (per_rate == 0) & (at_zero >= 0)
    return np.where(never, np.inf, np.where(always_flat, -np.inf, finite))


def break_even_statistics(
    base: tuple[float, float], lines: tuple[Floats, Floats], expected: Floats
) -> dict[str, float]:
    """Break-even of one actor: base case, quantiles and the chances that count.

    Parameters
    ----------
    base : (α, β)
        Line of the base case.
    lines : (α, β), each (r, n)
        Lines of the draws, without plain chance.
    expected : (r, n)
        E[net | θ] of the draws.

    Returns
    -------
    dict
        ``base``, ``p10``, ``p50``, ``p90`` (±inf where there is none), ``prob_always`` (a gain at every rate from 0 to
        1), ``prob_never`` (a loss however high the rate), ``prob_above_one`` (finite, but above 100 %) and
        ``prob_reached`` = P(E[net | θ] ≥ 0); of each of these estimates the error ``mcse_*`` from the replicates.
    """
    at_zero, per_rate = lines
    found = break_even(at_zero, per_rate)
    ordered = np.sort(found, axis=None)
    result: dict[str, float] = {"base": float(break_even(np.array(base[0]), np.array(base[1])))}
    for level in (0.10, 0.50, 0.90):
        result[f"p{level * 100:.0f}"] = extended_quantile(ordered, level)
    result["prob_always"] = float(((at_zero >= 0) & (at_zero + per_rate >= 0)).mean())
    result["prob_never"] = float(((per_rate <= 0) & (at_zero < 0)).mean())
    result["prob_above_one"] = float(((per_rate > 0) & (found > 1)).mean())
    result["prob_reached"] = float((expected >= 0).mean())
    within = np.sort(found, axis=1)
    each = {f"p{level * 100:.0f}": quantiles_of_rows(within, level) for level in (0.10, 0.50, 0.90)} | {
        "prob_always": ((at_zero >= 0) & (at_zero + per_rate >= 0)).mean(axis=1),
        "prob_never": ((per_rate <= 0) & (at_zero < 0)).mean(axis=1),
        "prob_above_one": ((per_rate > 0) & (found > 1)).mean(axis=1),
        "prob_reached": (expected >= 0).mean(axis=1),
    }
    return {**result, **errors(each, expected.size)}


def quantiles_of_rows(ordered: Floats, level: float) -> Floats:
    """``extended_quantile`` of each row of sorted values, (r,)."""
    return np.array([extended_quantile(row, level) for row in ordered])


def zero_of_line(at_zero: Floats, per_unit: Floats) -> Floats:
    """Where a line is 0, wherever that is: for inputs that may have either sign.

    Parameters
    ----------
    at_zero, per_unit : (...) float64
        α and β, kr. and kr. per unit.

    Returns
    -------
    (...) float64
        −α/β; for β = 0: −inf where α ≥ 0 (a gain at every value), else +inf (never).

    Examples
    --------
    >>> zero_of_line(np.array([-3.0, 1.0]), np.array([-6.0, 0.0])).tolist()
    [-0.5, -inf]
    """
    slope = np.where(per_unit == 0, 1.0, per_unit)
    flat = np.where(at_zero >= 0, -np.inf, np.inf)
    return np.where(per_unit == 0, flat, 0.0 - at_zero / slope)


def line_statistics(
    base: tuple[float, float], lines: tuple[Floats, Floats], drawn: Floats, support: tuple[float, float]
) -> dict[str, float]:
    """Break-even of any input that enters linearly, for one actor.

    Parameters
    ----------
    base : (α, β)
        Line of the base case.
    lines : (α, β), each (r, n)
        Lines of the draws, without plain chance.
    drawn : (r, n)
        The input itself.
    support : (low, high)
        Lowest and highest possible value of the input; may be infinite.

    Returns
    -------
    dict
        ``base``, ``p10``, ``p50``, ``p90``: where the line is 0, also outside the support (±inf where it is flat);
        ``slope`` of the base case (above 0: a gain from there up, below 0: a gain from there down) and ``prob_rising``,
        the share of draws with a slope above 0; ``prob_always`` and ``prob_never``: a gain, or a loss, at every value
        of the support; ``prob_reached`` = P(E[net | θ] ≥ 0); and the error ``mcse_*`` of each of these estimates.
    """
    at_zero, per_unit = lines
    found = zero_of_line(at_zero, per_unit)
    ordered, within = np.sort(found, axis=None), np.sort(found, axis=1)
    result: dict[str, float] = {"base": float(zero_of_line(np.array(base[0]), np.array(base[1])))}
    for level in (0.10, 0.50, 0.90):
        result[f"p{level * 100:.0f}"] = extended_quantile(ordered, level)
    result["slope"] = base[1]
    result["prob_rising"] = float((per_unit > 0).mean())
    ends = np.stack([_at(at_zero, per_unit, np.array(end)) for end in support])
    result["prob_always"] = float((ends >= 0).all(axis=0).mean())
    result["prob_never"] = float((ends < 0).all(axis=0).mean())
    reached = _at(at_zero, per_unit, drawn) >= 0
    result["prob_reached"] = float(reached.mean())
    each = {f"p{level * 100:.0f}": quantiles_of_rows(within, level) for level in (0.10, 0.50, 0.90)} | {
        "prob_rising": (per_unit > 0).mean(axis=1),
        "prob_always": (ends >= 0).all(axis=0).mean(axis=1),
        "prob_never": (ends < 0).all(axis=0).mean(axis=1),
        "prob_reached": reached.mean(axis=1),
    }
    return {**result, **errors(each, drawn.size)}


def _at(at_zero: Floats, per_unit: Floats, x: Floats) -> Floats:
    """Height of a line, where a single x may be infinite; 0 where it is what rounding leaves of nothing."""
    if np.isfinite(x).all():
        moved = per_unit * x
        height = at_zero + moved
        return np.where(np.abs(height) > ROUNDING * (np.abs(at_zero) + np.abs(moved)), height, 0.0)
    steep = np.where(per_unit == 0, 1.0, per_unit)
    return np.where(per_unit == 0, at_zero, np.sign(steep) * x)


def extended_quantile(ordered: Floats, level: float) -> float:
    """Type 5 quantile, as ``statistics``; where a neighbour is infinite, the nearer order statistic."""
    place = min(max(level * ordered.size - 0.5, 0.0), ordered.size - 1.0)
    below = int(np.floor(place))
    low, high = float(ordered[below]), float(ordered[min(below + 1, ordered.size - 1)])
    weight = place - below
    if not np.isfinite(low) or not np.isfinite(high):
        return low if weight < 0.5 else high
    return low + weight * (high - low)
