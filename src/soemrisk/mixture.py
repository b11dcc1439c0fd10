"""A mixture: each component with its weight; the quantile by inverting the cdf.

Apart because it asks other rows of the family table, which is handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from soemrisk.family import FAR, Array, Family, Parameters, Places, Truths, ill_formed, numbers, require, same_length
from soemrisk.levels import ratio, weights_add_up, whole_numbers
from soemrisk.messages import Phrase, phrase

Table = Mapping[str, Family]
Part = tuple[Family, Parameters]


def mixture_of(table: Table) -> Family:
    """Row of the mixtures whose components are rows of ``table``."""

    def valid(q: Parameters) -> Phrase | None:
        return _valid(q, table)

    def parts(q: Parameters) -> tuple[list[Part], Array]:
        return _parts(q, table)

    return Family(
        parameters=("components", "weights"),
        lists=("weights",),
        nested=("components",),
        valid=valid,
        quantile=lambda p, q: _quantile(p, *parts(q)),
        cdf=lambda x, q: _weighted([row.cdf(x, one) for row, one in parts(q)[0]], parts(q)[1]),
        sf=lambda x, q: _weighted([row.sf(x, one) for row, one in parts(q)[0]], parts(q)[1]),
        mean=lambda q: _moments(*parts(q))[0],
        sd=lambda q: _moments(*parts(q))[1],
        support=lambda q: _support(*parts(q)),
        jumps=lambda q: _jumps(*parts(q)),
    )


def _valid(q: Parameters, table: Table) -> Phrase | None:
    components, weights = q["components"], numbers(q, "weights")
    assert isinstance(components, Sequence)
    failed = require(
        {
            same_length("components", "weights"): len(components) == len(weights),
            **weights_add_up(weights),
            "weights-not-too-small": bool(np.all((weights == 0) | (weights >= 1e-15 * weights.sum()))),
        }
    )
    if failed is not None:
        return failed
    for place, one in enumerate(components, start=1):
        if not isinstance(one, Mapping) or set(one) != {"family", "parameters"}:
            return phrase("component-keys", place=place)
        if not isinstance(one["family"], str) or one["family"] not in table:
            return phrase("component-family", place=place, allowed=tuple(table))
        row = table[one["family"]]
        wrong = ill_formed(row, one["parameters"])
        if wrong is not None:
            return phrase("component-parameters", place=place, family=one["family"], wrong=wrong)
        failed = row.valid(one["parameters"])
        if failed is not None:
            return phrase("component-condition", place=place, family=one["family"], condition=failed)
    return None


def _parts(q: Parameters, table: Table) -> tuple[list[Part], Array]:
    """Components with a weight above 0, and their weights as they are stated."""
    components, weights = q["components"], numbers(q, "weights")
    assert isinstance(components, Sequence)
    found = [(table[one["family"]], one["parameters"]) for one, w in zip(components, weights, strict=True) if w > 0]
    return found, weights[weights > 0]


def _weighted(columns: Sequence[Array], weights: Array) -> Array:
    found = np.zeros_like(columns[0])
    for column, weight in zip(columns, weights / weights.sum(), strict=True):
        found += weight * column
    return found


def _moments(parts: Sequence[Part], weights: Array) -> tuple[float, float]:
    """Law of total variance."""
    share = weights / weights.sum()
    means = np.array([row.mean(one) for row, one in parts])
    sds = np.array([row.sd(one) for row, one in parts])
    mean = float(share @ means)
    return mean, math.sqrt(float(share @ (sds**2 + (means - mean) ** 2)))


def _support(parts: Sequence[Part], _: Array) -> tuple[float, float]:
    supports = [row.support(one) for row, one in parts]
    return min(low for low, _ in supports), max(high for _, high in supports)


def _jumps(parts: Sequence[Part], _: Array) -> Array:
    return np.unique(np.concatenate([row.jumps(one) for row, one in parts]))


# The quantile ---------------------------------------------------------------------------------------------------


def _quantile(p: Array, parts: Sequence[Part], weights: Array) -> Array:
    """Between the components' quantiles, after asking whether p hits a value with a probability of its own."""
    flat = np.maximum(np.ravel(p), FAR)
    columns = np.array([row.quantile(flat, one) for row, one in parts])
    low, high = columns.min(axis=0), columns.max(axis=0)
    excess = _excess(parts, weights)
    jumps = _jumps(parts, weights)
    on_jump = np.zeros(flat.shape, dtype=bool)
    if jumps.size:
        on_jump, low, high = _around_jumps(flat, jumps, excess, (low, high))
    x = np.where(on_jump, high, low)
    todo = ~on_jump & (low < high)
    wanted = flat[todo]
    x[todo] = _between(lambda x, i: _in_logarithms(excess(x, wanted[i]), wanted[i]), low[todo], high[todo])
    far = np.flatnonzero(np.ravel(p) < FAR)  # further out in parallel to the outermost component
    if far.size:
        lowest = np.array([row.quantile(np.ravel(p)[far], one) for row, one in parts]).min(axis=0)
        x[far] += lowest - columns[:, far].min(axis=0)
    found: Array = np.clip(x, *_support(parts, weights)).reshape(np.shape(p))
    return found


def _excess(parts: Sequence[Part], weights: Array) -> Callable[[Array, Array], Array]:
    """Function P(X ≤ x) − p that keeps its digits between components that are far apart.

    With B the components that lie mostly below x, it is (Σ_B w − p) − Σ_B w P(X > x) + Σ_others w P(X ≤ x): small
    numbers, and a difference of weights that is made in twice the digits.
    """
    whole = whole_numbers(weights)
    shares = [ratio(one, sum(whole)) for one in whole]

    def excess(x: Array, p: Array) -> Array:
        first, second = -p, np.zeros_like(p)
        rest = np.zeros_like(p)
        for (row, one), (share, lost) in zip(parts, shares, strict=True):
            lower, upper = row.cdf(x, one), row.sf(x, one)
            below = lower > upper
            rest += share * np.where(below, -upper, lower)
            added = np.where(below, share, 0.0)
            total = first + added
            back = total - first  # Knuth's exact sum: what rounding takes from the total goes to the second part
            second += (first - (total - back)) + (added - back) + np.where(below, lost, 0.0)
            first = total
        return first + (second + rest)

    return excess


def _in_logarithms(excess: Array, p: Array) -> Array:
    """Sign of the excess, size of the logarithm of the smaller tail: straighter in the tails."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = np.log1p(np.maximum(excess / p, -1.0)), -np.log1p(np.maximum(-excess / (1.0 - p), -1.0))
    return np.clip(np.where(p <= 0.5, low, high), -800.0, 800.0)


def _around_jumps(
    p: Array, jumps: Array, excess: Callable[[Array, Array], Array], bracket: tuple[Array, Array]
) -> tuple[Truths, Array, Array]:
    """Points that a jump takes, and brackets without a jump inside for the others."""
    first, last = np.zeros(p.shape, dtype=np.intp), np.full(p.shape, len(jumps), dtype=np.intp)
    while np.any(first < last):  # the first jump at which P(X ≤ x) has reached p
        middle = (first + last) // 2
        reached = excess(jumps[np.minimum(middle, len(jumps) - 1)], p) >= 0
        last = np.where(reached, middle, last)
        first = np.where(reached | (first >= last), first, middle + 1)
    low, high = bracket
    padded = np.concatenate([[-np.inf], jumps, [np.inf]])
    before = np.nextafter(padded[first + 1], -np.inf)
    on_jump = (first < len(jumps)) & (excess(np.where(first < len(jumps), before, low), p) < 0)
    low = np.maximum(low, padded[first])
    return on_jump, low, np.where(on_jump, padded[first + 1], np.maximum(np.minimum(high, before), low))


def _between(excess: Callable[[Array, Places], Array], low: Array, high: Array) -> Array:
    """Smallest double in each bracket at which the excess is not negative.

    Doubles of one sign are whole numbers in order, and halving there is halving of the exponent first. The steps are
    those of Oliveira and Takahashi 2020, ACM Trans. Math. Softw. 47:5 (interpolate, truncate, project), with a plain
    halving every fourth time in place of the projection.
    """
    every = np.arange(low.size)
    zero = np.flatnonzero((low < 0) & (high > 0))
    up = excess(np.zeros(zero.size), zero) >= 0
    low, high = low.copy(), high.copy()
    high[zero[up]], low[zero[~up]] = 0.0, 0.0
    a, b = _ordered(low), _ordered(high)
    at_a, at_b = excess(low, every), excess(high, every)
    b = np.where(at_a >= 0, a, b)
    start = np.maximum((b - a).astype(np.float64), 1.0)
    for round_ in range(300):
        todo = np.flatnonzero(b - a > 1)
        if todo.size == 0:
            break
        width = b[todo] - a[todo]
        middle = a[todo] + width // 2
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.nan_to_num(at_a[todo] / (at_a[todo] - at_b[todo]), nan=0.5)
        left, right = _double(a[todo]), _double(b[todo])
        secant = np.clip(_ordered(left + part * (right - left)), a[todo] + 1, b[todo] - 1)
        shift = np.maximum(0.2 * width * (width / start[todo]), 1.0).astype(np.int64)
        far = np.abs(middle - secant) > shift
        behind = width * 2.0 ** (round_ / 2 - 2) > start[todo]
        trial = np.where(far & ~behind, secant + np.sign(middle - secant) * shift, middle)
        found = excess(_double(trial), todo)
        below = found < 0
        a[todo[below]], at_a[todo[below]] = trial[below], found[below]
        b[todo[~below]], at_b[todo[~below]] = trial[~below], found[~below]
    return _double(b)


def _ordered(x: Array) -> NDArray[np.int64]:
    """Place of a double in the row of all doubles."""
    bits = (x + 0.0).view(np.int64)  # + 0.0: no negative zero
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def _double(place: NDArray[np.int64]) -> Array:
    bits = np.where(place < 0, np.int64(-(2**63)) - place, place)
    return bits.view(np.float64)
