"""How many observations pay: the value of every number of them, against the hours that they take.

Apart from ``information`` because a search asks for all numbers up to a largest one, where a table asks for six.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from soemrisk.distribution import Uncertain
from soemrisk.information import of_normal_records
from soemrisk.quantity import Effort

Floats = NDArray[np.float64]
Line = tuple[float, float]  # expected net result as constant and slope in the number, kr.

FIRST = 1024  # numbers that a search begins with; it doubles them as long as more may pay
MOST = 1_000_000  # observations that are considered at all
STEPS = 60  # of a curve over the number
WIDE = 2.5  # a curve goes on to so many times the best number
LEAST = 0.01  # kr.; knowledge of less worth is not sought


def worth_by_number(kind: str, meant: Uncertain, line: Line, most: int) -> Floats:
    """EVSI of 0, 1, … observations.

    Parameters
    ----------
    kind : str
        What is observed, from ``data_steps.data_step``.
    meant : Uncertain
        The number's distribution.
    line : (constant, slope)
        Expected net result as a line in the number, kr.
    most : int
        Largest number of observations.

    Returns
    -------
    (most + 1,) float64, kr.
        Rises from 0 towards the EVPPI.

    Examples
    --------
    >>> rate = Uncertain(base=0.5, family="beta", parameters={"a": 1.0, "b": 1.0})
    >>> worth_by_number("participants", rate, (-0.5, 1.0), 2).round(6).tolist()
    [0.0, 0.083333, 0.083333]
    """
    if line[1] == 0 or most == 0:
        return np.zeros(most + 1)
    return BY_KIND[kind](meant, line, most)


def _of_counts(meant: Uncertain, line: Line, most: int) -> Floats:
    """One more observation adds value only where it can turn the decision, since the posterior mean is a martingale.

    With s of n successes that is the one s for which (a + s)/(a + b + n + 1) < r < (a + s + 1)/(a + b + n + 1), r the
    rate at which the net result is 0; what it adds is weighed with the beta-binomial chance of that s.
    """
    from scipy.special import betaln, gammaln

    a, b = _number(meant, "a"), _number(meant, "b")
    zero = -line[0] / line[1]
    n = np.arange(float(most))
    s = np.floor(zero * (a + b + n + 1) - a)
    inside = (s >= 0) & (s <= n)
    n, s = n[inside], s[inside]
    ways = gammaln(n + 1) - gammaln(s + 1) - gammaln(n - s + 1)
    chances = np.exp(ways + betaln(a + s, b + n - s) - betaln(a, b))
    mean, total = (a + s) / (a + b + n), a + b + n + 1
    turned = np.minimum(mean * ((a + s + 1) / total - zero), (1 - mean) * (zero - (a + s) / total))
    added = np.zeros(most)
    added[inside] = abs(line[1]) * chances * np.maximum(turned, 0.0)
    return np.concatenate([[0.0], np.cumsum(added)])


def _of_records(meant: Uncertain, line: Line, most: int) -> Floats:
    constant, slope = np.full(most, line[0]), np.full(most, line[1])
    prior = _number(meant, "mean"), _number(meant, "sd")
    found = of_normal_records(prior, meant.individual_sd, (constant, slope), np.arange(1.0, most + 1))
    return np.concatenate([[0.0], found])


def _of_events(meant: Uncertain, line: Line, most: int) -> Floats:
    """Sums over the negative binomial number of events as incomplete beta functions.

    With k events of n persons the posterior mean is (shape + k)/(1/scale + n); it lies beyond r, at which the net
    result is 0, from a whole number of events on. E[k; k ≥ j] = n shape scale P(k' ≥ j − 1), k' the number of events
    with shape + 1.
    """
    from scipy.special import betainc

    shape, scale = _number(meant, "shape"), _number(meant, "scale")
    zero, mean = -line[0] / line[1], shape * scale
    if zero <= 0:  # the number is never on its other side
        return np.zeros(most + 1)
    n = np.arange(1.0, most + 1)
    least = np.maximum(np.floor(zero * (1 / scale + n) - shape) + 1, 0)  # events from which the mean is above
    q, p = n * scale / (1 + n * scale), 1 / (1 + n * scale)
    above = mean < zero
    parts = []
    for more, size in ((least, shape), (least - 1, shape + 1)):
        some = more > 0  # else all numbers of events are above
        ends = np.maximum(more, 1.0)
        tail = betainc(ends, size, q) if above else betainc(size, ends, p)
        parts.append(np.where(some, tail, 1.0 if above else 0.0))
    loss = shape * (parts[0] + n * scale * parts[1]) / (1 / scale + n) - zero * parts[0]
    value: Floats = abs(line[1]) * np.maximum(loss if above else -loss, 0.0)
    return np.concatenate([[0.0], value])


BY_KIND: Mapping[str, Callable[[Uncertain, Line, int], Floats]] = MappingProxyType(
    {"participants": _of_counts, "comparison": _of_counts, "records": _of_records, "persons": _of_events}
)


def _number(meant: Uncertain, name: str) -> float:
    return float(meant.parameters[name])  # type: ignore[arg-type]


def numbers_of_curve(told: Sequence[int], best: int | None) -> NDArray[np.int64]:
    """Numbers of observations through which a curve of their worth is drawn, closer together where it is steep.

    Parameters
    ----------
    told : sequence of int
        Numbers whose worth is told, from the smallest.
    best : int or None
        The number that pays best; None without an effort, 0 where none does.

    Returns
    -------
    (some 60,) int64
        From 0 to the first number told that is 2.5 times the best one, or a little beyond the best one; to the largest
        told where there is none. Those told and the best one are among them.

    Examples
    --------
    >>> numbers_of_curve((5, 10), 3).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    """
    most = told[-1]
    if best:
        most = next((n for n in told if n >= WIDE * best), max(most, round(1.15 * best)))
    spread = np.rint(most * np.linspace(0, 1, STEPS + 1) ** 2).astype(np.int64)
    return np.union1d(spread, [n for n in (*told, best or 0) if n <= most])


def hours_of(effort: Effort, n: Floats) -> Floats:
    """Hours of work for numbers of observations; none for none."""
    hours: Floats = np.where(n > 0, effort.start + effort.hours * n, 0.0)
    return hours


def best_number(worth: Callable[[int], Floats], full: float, effort: Effort) -> int:
    """Number of observations that pays best: the largest net of its cost, or without an hourly cost the most per hour.

    Parameters
    ----------
    worth : callable
        most → EVSI of 0 to ``most`` observations, (most + 1,) kr.
    full : float
        EVPPI, what no number of observations exceeds, kr.
    effort : Effort

    Returns
    -------
    int
        0 where no number is worth its cost; the smallest of several that are equally good.

    Notes
    -----
    EVSI is not concave in n (counts: a first observation may change no decision), so all numbers are tried up to one
    from which full knowledge itself, at the cost of one more observation, would not be better than the best so far.
    That is a proof, since EVSI ≤ EVPPI and hours rise with n. Numbers above a million are not tried.

    Examples
    --------
    >>> effort = Effort(hours=1.0, hourly=10.0, source="x")
    >>> best_number(lambda most: 100 - 100 / np.sqrt(1 + np.arange(most + 1.0)), 100.0, effort)
    2
    """
    if full < LEAST:
        return 0
    most = FIRST
    while True:
        n = np.arange(most + 1.0)
        hours = hours_of(effort, np.append(n, most + 1.0))
        values = np.append(worth(most), full)  # full knowledge at the cost of one more
        if effort.hourly is None:
            score = np.concatenate([[0.0], values[1:] / hours[1:]])
        else:
            score = values - effort.hourly * hours
        best = int(np.argmax(score[:-1]))
        if score[-1] <= score[best] or most == MOST:
            return best
        most = min(2 * most, MOST)
