"""The metalog: a distribution with given quantiles, as its quantile function.

Keelin 2016, "The Metalog Distributions", Decision Analysis 13:243. With y the probability and L = ln(y/(1 − y)),

    M(y) = A(y) + B(y) L          A, B polynomials; as many coefficients in all as there are quantiles

(his equation 6: the terms are 1, L, (y − ½)L, y − ½, (y − ½)², (y − ½)²L, …). M goes through transformed values:
x itself without ends; ln(x − lower), −ln(upper − x) or ln((x − lower)/(upper − x)) with one end or both (section 4).

The polynomials are kept by their Bernstein coefficients, which neither cancel towards the ends nor need y − ½, and the
linear system is solved in decimal arithmetic, since it loses more than ten digits when the quantiles are many. All
values are counted from the middle one: what is left is of the size of the spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np

from soemrisk.family import Array, Family, Parameters, number, numbers, require, same_length
from soemrisk.messages import Phrase, phrase

MOST_TERMS = 16
SINGULAR = Decimal("1e-15")  # 7, 11 or 15 probabilities symmetric about ½ determine no metalog (pivot 0, or rounding)
STEEPEST_TAIL = 0.49  # mean and variance with one end exist for a coefficient of L below ½ at the open side
END = 745.0  # logits beyond it belong to no double


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """M(y) − M at the middle quantile: Bernstein coefficients of A and B; where x is counted from; the ends."""

    a: Array
    b: Array
    origin: float
    lower: float
    upper: float


def _degrees(terms: int) -> tuple[int, int]:
    """Degrees of A and B; Keelin's third term comes before his fourth."""
    return (0, 1) if terms == 3 else ((terms - 1) // 2, max(terms // 2 - 1, 0))


def _bounds(q: Parameters) -> tuple[float, float]:
    return (
        number(q, "lower") if "lower" in q else -math.inf,
        number(q, "upper") if "upper" in q else math.inf,
    )


def fit(q: Parameters) -> Fit:
    """Solve for the coefficients; 160 decimal digits are more than 16 probabilities 1e-9 apart can lose."""
    lower, upper = _bounds(q)
    middle = len(numbers(q, "values")) // 2
    with localcontext() as context:
        context.prec = 160
        y = [Decimal(float(p)) for p in numbers(q, "probabilities")]
        x = [Decimal(float(value)) for value in numbers(q, "values")]
        z = [_free_of_ends(value, x[middle], lower, upper) for value in x]
        degrees = _degrees(len(x))
        rows = []
        for p, value in zip(y, z, strict=True):
            logit = (p / (1 - p)).ln()
            flat, steep = (_bernstein(degree, p) for degree in degrees)
            rows.append([*flat, *(logit * term for term in steep), value])
        solved = [float(value) for value in _solve(rows)]
    cut, origin = degrees[0] + 1, float(numbers(q, "values")[middle])
    return Fit(a=np.array(solved[:cut]), b=np.array(solved[cut:]), origin=origin, lower=lower, upper=upper)


def _free_of_ends(value: Decimal, origin: Decimal, lower: float, upper: float) -> Decimal:
    """Z of a value minus z of the origin."""
    if lower == -math.inf and upper == math.inf:
        return value - origin
    found = Decimal(0)
    if lower != -math.inf:
        found += ((value - Decimal(lower)) / (origin - Decimal(lower))).ln()
    if upper != math.inf:
        found -= ((Decimal(upper) - value) / (Decimal(upper) - origin)).ln()
    return found


def _bernstein(degree: int, y: Decimal) -> list[Decimal]:
    return [math.comb(degree, k) * y**k * (1 - y) ** (degree - k) for k in range(degree + 1)]


def _solve(rows: list[list[Decimal]]) -> list[Decimal]:
    """Gauss and Jordan with the largest pivot; ArithmeticError if the system is singular but for rounding."""
    n = len(rows)
    for column in range(n):
        pivot = max(range(column, n), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < SINGULAR:
            raise ArithmeticError("singular")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [entry / rows[column][column] for entry in rows[column]]
        for row in range(n):
            if row != column:
                factor = rows[row][column]
                rows[row] = [x - factor * y for x, y in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]


def _polynomial(coefficients: Array, y: Array, rest: Array) -> Array:
    """Bernstein polynomial at y = 1 − rest."""
    degree = len(coefficients) - 1
    found = np.zeros_like(y)
    for k, coefficient in enumerate(coefficients):
        found += math.comb(degree, k) * coefficient * y**k * rest ** (degree - k)
    return found


def _derivative(coefficients: Array) -> Array:
    """Coefficients of the derivative; of a constant, one 0."""
    return (len(coefficients) - 1) * np.diff(coefficients) if len(coefficients) > 1 else np.zeros(1)


def _logistic(logit: Array) -> tuple[Array, Array]:
    """Probability below and above."""
    small = np.exp(-np.abs(logit))
    near, far = small / (1 + small), 1 / (1 + small)
    return np.where(logit < 0, near, far), np.where(logit < 0, far, near)


def _slope(found: Fit, logit: Array) -> Array:
    """DM/dL = y(1 − y)(A' + B' L) + B: positive where the density is."""
    y, rest = _logistic(logit)
    along = _polynomial(_derivative(found.a), y, rest) + _polynomial(_derivative(found.b), y, rest) * logit
    return y * rest * along + _polynomial(found.b, y, rest)


def _height(found: Fit, logit: Array) -> Array:
    y, rest = _logistic(logit)
    return _polynomial(found.a, y, rest) + _polynomial(found.b, y, rest) * logit


# From M to x and back -------------------------------------------------------------------------------------------


def _value(found: Fit, m: Array) -> Array:
    """X for M, counted from the origin or from the end that is near, so that nothing cancels."""
    origin = found.origin
    down, up = origin - found.lower, found.upper - origin
    if math.isinf(down) and math.isinf(up):
        return origin + m
    small = np.exp(-np.abs(m))  # e^M or e^−M, whichever cannot overflow
    if math.isinf(up):
        return np.where(m < -0.5, found.lower + down * small, origin + down * np.expm1(np.minimum(m, 700.0)))
    if math.isinf(down):
        return np.where(m > 0.5, found.upper - up * small, origin - up * np.expm1(np.minimum(-m, 700.0)))
    below, above = up + down * small, down + up * small
    moved = -np.expm1(-np.abs(m)) * np.where(m < 0, -down / below, down / above) * up
    low_side = found.lower + down * small * ((down + up) / below)
    high_side = found.upper - up * small * ((down + up) / above)
    return np.where(m < -0.5, low_side, np.where(m > 0.5, high_side, origin + moved))


def _height_of(found: Fit, x: Array) -> Array:
    """M for x, infinite at and beyond the ends."""
    moved = x - found.origin
    if math.isinf(found.lower) and math.isinf(found.upper):
        return moved
    low = high = np.zeros_like(moved)
    with np.errstate(divide="ignore"):
        if not math.isinf(found.lower):
            low = np.log1p(np.maximum(moved / (found.origin - found.lower), -1.0))
        if not math.isinf(found.upper):
            high = -np.log1p(np.maximum(-moved / (found.upper - found.origin), -1.0))
    return np.where(low == -np.inf, low, np.where(high == np.inf, high, low + high))


def _logit_of(found: Fit, x: Array) -> Array:
    """L with M(L) = M of x: Newton's steps inside a bracket that closes."""
    wanted = _height_of(found, np.ravel(x))
    low, high = np.full_like(wanted, -END), np.full_like(wanted, END)
    logit = np.zeros_like(wanted)
    for _ in range(100):
        miss = _height(found, logit) - wanted
        low, high = np.where(miss < 0, logit, low), np.where(miss < 0, high, logit)
        moved = logit - miss / _slope(found, logit)
        new = np.where((moved > low) & (moved < high), moved, (low + high) / 2)
        step, logit = np.abs(new - logit), new
        if np.all(step <= 1e-14 * (1 + np.abs(logit))):
            break
    return logit.reshape(np.shape(x))


def _quantile(p: Array, q: Parameters) -> Array:
    found = fit(q)
    logit = np.log(p) - np.log1p(-p)
    return np.clip(_value(found, _height(found, logit)), found.lower, found.upper)


def _moments(q: Parameters) -> tuple[float, float]:
    """Mean and sd by the trapezoidal rule over L, which for such integrands is exact to all digits.

    The density of L is w = y(1 − y). Everything is multiplied by √w before it is squared, so that exp(M) with a slow
    tail stays in range.
    """
    found = fit(q)
    reach = 60.0
    if math.isinf(found.upper) != math.isinf(found.lower):
        reach /= 1 - 2 * max(float(found.b[-1] if math.isinf(found.upper) else found.b[0]), 0.0)
    logit = np.arange(-math.ceil(16 * reach), math.ceil(16 * reach) + 1) / 16
    root = np.exp(-np.abs(logit) / 2) / (1 + np.exp(-np.abs(logit))) / 4
    m = _height(found, logit)
    if math.isinf(found.upper) != math.isinf(found.lower):
        sign = 1.0 if math.isinf(found.upper) else -1.0
        gap = found.origin - found.lower if sign > 0 else found.upper - found.origin
        grown = np.exp(sign * m - np.abs(logit) / 2) / (1 + np.exp(-np.abs(logit))) / 4 - root
        moved = sign * gap * np.where(sign * m > 1, grown, np.expm1(np.minimum(sign * m, 1.0)) * root)
    else:
        moved = (_value(found, m) - found.origin) * root
    centre = float(moved @ root)
    return found.origin + centre, math.sqrt(float(np.sum((moved - centre * root) ** 2)))


# What is accepted -----------------------------------------------------------------------------------------------


def _rises(found: Fit) -> bool:
    """Whether the quantile density is positive on (0, 1), proved cell by cell.

    Notes
    -----
    g = dM/dL at the middle of a cell of L, less the most that g can fall towards its borders, must be positive:
    |dg/dL| ≤ v(|A'| + |B' L| + v(|A''| + |B'' L|) + 2|B'|), v = y(1 − y), with Bernstein coefficients as bounds.
    Cells that do not show it are halved. Beyond |L| = 60, g is B at the end to 20 digits.
    """
    a1, b1 = _derivative(found.a), _derivative(found.b)
    a1_most, b1_most = np.abs(a1).max(), np.abs(b1).max()
    a2_most, b2_most = np.abs(_derivative(a1)).max(), np.abs(_derivative(b1)).max()
    rounding = 1e-13 * (a1_most + b1_most + np.abs(found.b).max())
    if min(found.b[0], found.b[-1]) <= rounding:
        return False
    half = 0.125
    middle = np.arange(-60 + half, 60, 2 * half)
    while middle.size:
        slope = _slope(found, middle)
        if middle.size > 100_000 or np.any(slope <= rounding):
            return False
        largest = np.abs(middle) + half
        below, above = _logistic(np.maximum(np.abs(middle) - half, 0.0))
        v = below * above
        fall = v * (a1_most + b1_most * largest + v * (a2_most + b2_most * largest) + 2 * b1_most)
        open_cells = middle[slope - half * fall <= rounding]
        half /= 2
        middle = np.concatenate([open_cells - half, open_cells + half])
    return True


def _keeps_digits(found: Fit) -> bool:
    """Whether the terms of M are small enough beside M and its quartiles for ten digits (p from 2^-64)."""
    logit = np.linspace(-45, 45, 721)
    y, rest = _logistic(logit)
    terms = _polynomial(np.abs(found.a), y, rest) + _polynomial(np.abs(found.b), y, rest) * np.abs(logit)
    first, third = _height(found, np.array([-math.log(3), math.log(3)]))
    return bool(np.all(1e-15 * terms <= 5e-11 * np.maximum(np.abs(_height(found, logit)), (third - first) / 1000)))


def _valid(q: Parameters) -> Phrase | None:
    y, x = numbers(q, "probabilities"), numbers(q, "values")
    lower, upper = _bounds(q)
    padded = np.concatenate([[0.0], y, [1.0]])
    failed = require(
        {
            same_length("probabilities", "values"): len(y) == len(x),
            phrase("metalog-count", most=MOST_TERMS): 2 <= len(x) <= MOST_TERMS,
            "probabilities-rise": bool(np.all(np.diff(padded) > 0)),
            "probabilities-apart": bool(np.all(np.diff(padded) >= 1e-9)),
            "values-rise": bool(np.all(np.diff(x) > 0)),
            "values-apart": bool(np.all(np.diff(x) >= 1e-100)),
            "lower < values < upper": lower < x[0] and x[-1] < upper,
            "values-in-reach": all(abs(one) <= 1e100 for one in (*x, lower, upper) if math.isfinite(one)),
        }
    )
    if failed is not None:
        return failed
    try:
        found = fit(q)
    except ArithmeticError:
        return phrase("quantiles-determine")
    tails: dict[str | Phrase, bool] = {
        "tail-above-thin": math.isinf(lower) or found.b[-1] <= STEEPEST_TAIL,
        "tail-below-thin": math.isinf(upper) or found.b[0] <= STEEPEST_TAIL,
    }
    return require(
        {
            "density-positive": _rises(found),
            **(tails if math.isinf(lower) != math.isinf(upper) else {}),
            "digits-kept": _keeps_digits(found),
        }
    )


METALOG = Family(
    parameters=("probabilities", "values"),
    optional=("lower", "upper"),
    lists=("probabilities", "values"),
    valid=_valid,
    quantile=_quantile,
    cdf=lambda x, q: _logistic(_logit_of(fit(q), x))[0],
    sf=lambda x, q: _logistic(_logit_of(fit(q), x))[1],
    mean=lambda q: _moments(q)[0],
    sd=lambda q: _moments(q)[1],
    support=_bounds,
)
