"""Reference quantiles with more than 40 digits, in mpmath, by formulas that the engine does not use.

Where a family has no closed form, its tails are written down and solved by Newton's steps inside a bracket, which come
to the same end from any start. The metalog is solved in Keelin's own terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any

import mpmath as mp

DIGITS = 70
ENOUGH = mp.mpf(10) ** -58
TINY = mp.mpf(10) ** -400
Parameters = Mapping[str, Any]


def root(function: Callable[[Any], tuple[Any, Any]], start: Any) -> Any:
    """Zero of a rising function that also gives its slope."""
    low = high = None
    x = start
    for _ in range(400):
        value, slope = function(x)
        low, high = (x, high) if value < 0 else (low, x)
        step = -value / slope if slope > 0 else None
        if step is not None and abs(step) <= mp.mpf(10) ** -40 * max(abs(x), mp.mpf(10) ** -10):
            return x + step
        moved = None if step is None or abs(step) > 2 * (1 + abs(x)) else x + step
        if moved is None or (low is not None and moved <= low) or (high is not None and moved >= high):
            away = x + (1 + abs(x)) * (1 if high is None else -1)
            moved = away if low is None or high is None else (low + high) / 2
        x = moved
    raise AssertionError("no convergence")


def on_smaller_tail(tails: Callable[[Any], tuple[Any, Any, Any]], p: Any, start: Any) -> Any:
    """Solve for the quantile at p in a coordinate in which ``tails`` gives lower, upper and density."""

    def miss(x: Any) -> tuple[Any, Any]:
        lower, upper, density = tails(x)
        if p <= 0.5:
            return (mp.log(lower / p), density / lower) if lower > 0 else (mp.mpf(-1), mp.mpf(0))
        return (-mp.log(upper / (1 - p)), density / upper) if upper > 0 else (mp.mpf(1), mp.mpf(0))

    return root(miss, start)


def continued(step: Callable[[int], tuple[Any, Any]], start: Any) -> Any:
    """Continued fraction start + n1/(d1 + n2/(d2 + …)) by Lentz's modified method; ``step(m)`` is (n, d)."""
    c = value = start or TINY
    d, m = mp.mpf(0), 0
    while True:
        m += 1
        above, below = step(m)
        d = 1 / ((below + above * d) or TINY)
        c = (below + above / c) or TINY
        value *= c * d
        if abs(c * d - 1) < ENOUGH:
            return value


# Tails ----------------------------------------------------------------------------------------------------------


def normal_tails(z: Any) -> tuple[Any, Any, Any]:
    half = z / mp.sqrt(2)
    return mp.erfc(-half) / 2, mp.erfc(half) / 2, mp.exp(-(half**2)) / mp.sqrt(2 * mp.pi)


def beta_tails(a: Any, b: Any, logit: Any) -> tuple[Any, Any, Any]:
    """At x with this logit: DLMF 8.17.22; the density is that of the logit."""
    x, y = 1 / (1 + mp.exp(-logit)), 1 / (1 + mp.exp(logit))
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    density = mp.exp(a * mp.log(x) + b * mp.log(y) - log_beta)
    flip = x > (a + 1) / (a + b + 2)
    if flip:
        a, b, x = b, a, y

    def step(m: int) -> tuple[Any, Any]:
        n = m // 2
        if m % 2:
            return -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)), 1
        return n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)), 1

    lower = density / a / continued(step, mp.mpf(1))
    return (1 - lower, lower, density) if flip else (lower, 1 - lower, density)


def gamma_tails(shape: Any, log_x: Any) -> tuple[Any, Any, Any]:
    """At x with this logarithm, scale 1: DLMF 8.7.1 and 8.9.2; the density is that of the logarithm."""
    x = mp.exp(log_x)
    density = mp.exp(shape * log_x - x - mp.loggamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = 0
        while term > total * ENOUGH:
            n += 1
            term *= x / (shape + n)
            total += term
        return density * total, 1 - density * total, density
    upper = density / continued(lambda m: (-m * (m - shape), x + 2 * m + 1 - shape), x + 1 - shape)
    return 1 - upper, upper, density


# Quantiles ------------------------------------------------------------------------------------------------------


def normal(p: Any, q: Parameters, near: float) -> Any:
    start = min(max((near - q["mean"]) / q["sd"], mp.mpf(-40)), mp.mpf(40))
    return q["mean"] + q["sd"] * on_smaller_tail(normal_tails, p, start)


def truncated_normal(p: Any, q: Parameters, near: float) -> Any:
    a, b = (q["low"] - q["mean"]) / q["sd"], (q["high"] - q["mean"]) / q["sd"]
    if a + b < 0:  # in the mirror: all mass is then taken from upper tails, which keep their digits
        return -truncated_normal(1 - p, {**q, "mean": -q["mean"], "low": -q["high"], "high": -q["low"]}, -near)
    a = max(a, mp.mpf(-200))  # beyond, the tails are below all digits
    b = min(b, max(a, 0) + 200)
    first, last = normal_tails(a)[1], normal_tails(b)[1]
    wanted = (1 - p) * first + p * last

    def miss(z: Any) -> tuple[Any, Any]:
        _, upper, density = normal_tails(z)
        return -mp.log(upper / wanted), density / upper

    return q["mean"] + q["sd"] * root(miss, min(max((near - q["mean"]) / q["sd"], a), b))


def lognormal(p: Any, q: Parameters, near: float) -> Any:
    return mp.exp(normal(p, {"mean": q["mu"], "sd": q["sigma"]}, mp.log(near)))


def beta_pair(a: Any, b: Any, p: Any, near: Any) -> tuple[Any, Any]:
    start = mp.log(near / (1 - near)) if 0 < near < 1 else mp.mpf(0)
    logit = on_smaller_tail(lambda t: beta_tails(a, b, t), p, start)
    return 1 / (1 + mp.exp(-logit)), 1 / (1 + mp.exp(logit))


def pert(p: Any, q: Parameters, near: float) -> Any:
    width = q["high"] - q["low"]
    a = 1 + 4 * (q["mode"] - q["low"]) / width
    return q["low"] + width * beta_pair(a, 6 - a, p, (near - q["low"]) / width)[0]


def triangular(p: Any, q: Parameters, _: float) -> Any:
    low, mode, high = q["low"], q["mode"], q["high"]
    if p * (high - low) <= mode - low:
        return low + mp.sqrt(p * (high - low) * (mode - low))
    return high - mp.sqrt((1 - p) * (high - low) * (high - mode))


def gamma(p: Any, q: Parameters, near: float) -> Any:
    shape = q["shape"]
    start = mp.log(near / q["scale"]) if near > 0 else (mp.log(p) + mp.loggamma(shape + 1)) / shape
    return q["scale"] * mp.exp(on_smaller_tail(lambda t: gamma_tails(shape, t), p, start))


def weibull(p: Any, q: Parameters, _: float) -> Any:
    return q["scale"] * (-mp.log(1 - p)) ** (1 / q["shape"])


def student_t(p: Any, q: Parameters, near: float) -> Any:
    if p == 0.5:
        return q["location"]
    t2 = ((near - q["location"]) / q["scale"]) ** 2
    w, rest = beta_pair(q["df"] / 2, mp.mpf(1) / 2, 2 * min(p, 1 - p), q["df"] / (q["df"] + t2))
    return q["location"] + q["scale"] * mp.sqrt(q["df"] * rest / w) * mp.sign(p - 0.5)


def metalog(p: Any, q: Parameters, _: float) -> Any:
    """In the terms of Keelin 2016, equations 6 to 8, and with his transformations."""
    lower, upper = q.get("lower"), q.get("upper")

    def terms(y: Any) -> list[Any]:
        logit, u = mp.log(y / (1 - y)), y - mp.mpf(1) / 2
        later = [u ** ((k - 1) // 2) if k % 2 else u ** (k // 2 - 1) * logit for k in range(5, 17)]
        return [mp.mpf(1), logit, u * logit, u, *later][: len(q["values"])]

    def free(x: Any) -> Any:
        if lower is None and upper is None:
            return x
        return (0 if lower is None else mp.log(x - lower)) - (0 if upper is None else mp.log(upper - x))

    a = mp.lu_solve(mp.matrix([terms(y) for y in q["probabilities"]]), mp.matrix([free(x) for x in q["values"]]))
    m = mp.fsum(one * term for one, term in zip(a, terms(p), strict=True))
    if lower is None and upper is None:
        return m
    if upper is None:
        return lower + mp.exp(m)
    return upper - mp.exp(-m) if lower is None else (lower + upper * mp.exp(m)) / (1 + mp.exp(m))


def tails_of(family: str, q: Parameters, x: Any) -> tuple[Any, Any, Any]:
    """Tails and density of the families that mixtures are tested with."""
    if family == "normal":
        lower, upper, density = normal_tails((x - q["mean"]) / q["sd"])
        return lower, upper, density / q["sd"]
    if family == "beta":
        if not 0 < x < 1:
            return (mp.mpf(0), mp.mpf(1), mp.mpf(0)) if x <= 0 else (mp.mpf(1), mp.mpf(0), mp.mpf(0))
        lower, upper, density = beta_tails(q["a"], q["b"], mp.log(x / (1 - x)))
        return lower, upper, density / x / (1 - x)
    if x <= 0:
        return mp.mpf(0), mp.mpf(1), mp.mpf(0)
    if family == "lognormal":
        lower, upper, density = normal_tails((mp.log(x) - q["mu"]) / q["sigma"])
        return lower, upper, density / q["sigma"] / x
    assert family == "gamma"
    lower, upper, density = gamma_tails(q["shape"], mp.log(x / q["scale"]))
    return lower, upper, density / x


def mixture(p: Any, q: Parameters, near: float) -> Any:
    whole = mp.fsum(q["weights"])

    def tails(x: Any) -> tuple[Any, Any, Any]:
        parts = [tails_of(one["family"], one["parameters"], x) for one in q["components"]]
        return tuple(
            mp.fsum(w / whole * part[i] for w, part in zip(q["weights"], parts, strict=True)) for i in range(3)
        )

    if any(one["family"] == "normal" for one in q["components"]):
        return on_smaller_tail(tails, p, mp.mpf(near))

    def of_logarithm(t: Any) -> tuple[Any, Any, Any]:  # no value is negative, and many may be tiny
        lower, upper, density = tails(mp.exp(t))
        return lower, upper, density * mp.exp(t)

    return mp.exp(on_smaller_tail(of_logarithm, p, mp.log(near) if near > 0 else mp.mpf(-700)))


def histogram(p: Any, q: Parameters, _: float) -> Any:
    level, weights = Fraction(float(p)), [Fraction(float(w)) for w in q["weights"]]
    upto = list(accumulate(weights))
    k = next(k for k, level_k in enumerate(upto) if weights[k] > 0 and level_k >= level * upto[-1])
    left, right = Fraction(float(q["edges"][k])), Fraction(float(q["edges"][k + 1]))
    x = right - (right - left) * (upto[k] - level * upto[-1]) / weights[k]
    return mp.mpf(x.numerator) / x.denominator


def logit_normal(p: Any, q: Parameters, near: float) -> Any:
    logit = normal(p, {"mean": q["mu"], "sd": q["sigma"]}, mp.log(near / (1 - near)) if 0 < near < 1 else q["mu"])
    return 1 / (1 + mp.exp(-logit))


def filtered(p: Any, q: Parameters, near: float) -> Any:
    """In units of the standard error, by quadrature of the density and Newton's steps; 30 digits are enough here."""
    if q["estimate"] < 0:
        return -filtered(1 - p, {**q, "estimate": -q["estimate"]}, -near)
    z, c, x = q["estimate"] / q["se"], q["critical"], near / q["se"]
    with mp.workdps(30):

        def density(m: Any) -> Any:
            listed = mp.erfc((c - m) / mp.sqrt(2)) + mp.erfc((c + m) / mp.sqrt(2))
            return mp.exp(-((m - z) ** 2) / 2) / listed

        def integral(start: Any, end: Any) -> Any:
            return mp.quad(density, [start + (end - start) * k / 16 for k in range(17)], method="gauss-legendre")

        whole = integral(z - 24, z + 24)
        for _ in range(60):
            tail = integral(x - 24, x) if p <= 0.5 else integral(x, x + 24)
            wanted = min(p, 1 - p) * whole
            step = (1 if p <= 0.5 else -1) * mp.log(wanted / tail) * tail / density(x)
            x += step
            if abs(step) < mp.mpf(10) ** -15:  # the error is about its square
                return x * q["se"]
    raise AssertionError("no convergence")


def scaled_student_t(
    p: Any, q: Parameters, near: float, axis: tuple[Callable[[Any], Any], Callable[[Any], Any]]
) -> Any:
    """Through the smaller tail of t, in the terms of the beta distribution of df/(df + t²)."""
    place, back = axis
    df = q["df"]

    def tails(t: Any) -> tuple[Any, Any]:
        upper = beta_tails(df / 2, mp.mpf(1) / 2, mp.log(df / t**2))[0] / 2 if t != 0 else mp.mpf(1) / 2
        return (1 - upper, upper) if t >= 0 else (upper, 1 - upper)

    below = above = mp.mpf(0)
    if "low" in q:
        a, b = ((place(q[end]) - q["location"]) / q["scale"] for end in ("low", "high"))
        below, above = tails(a)[0], tails(b)[1]
    mass = 1 - below - above
    lower, upper = below + p * mass, above + (1 - p) * mass
    wanted, sign = (lower, -1) if lower <= upper else (upper, 1)
    if wanted >= mp.mpf(1) / 2 - mp.mpf(10) ** -60:
        return back(q["location"])
    inside = 0 < near < 1 if "low" not in q else near > 0 or place(mp.mpf(1)) == 1
    t2 = ((place(near) - q["location"]) / q["scale"]) ** 2 if inside else mp.mpf(1)
    w, rest = beta_pair(df / 2, mp.mpf(1) / 2, 2 * wanted, df / (df + t2))
    return back(q["location"] + q["scale"] * sign * mp.sqrt(df * rest / w))


PLAIN = (lambda x: x, lambda y: y)
LOGIT = (lambda x: mp.log(x / (1 - x)), lambda y: 1 / (1 + mp.exp(-y)))


QUANTILES: Mapping[str, Callable[[Any, Parameters, float], Any]] = {
    "normal": normal,
    "truncated_normal": truncated_normal,
    "lognormal": lognormal,
    "beta": lambda p, q, near: beta_pair(q["a"], q["b"], p, mp.mpf(near))[0],
    "pert": pert,
    "triangular": triangular,
    "uniform": lambda p, q, _: q["low"] + (q["high"] - q["low"]) * p,
    "log_uniform": lambda p, q, _: q["low"] * (q["high"] / q["low"]) ** p,
    "gamma": gamma,
    "weibull": weibull,
    "student_t": student_t,
    "metalog": metalog,
    "mixture": mixture,
    "histogram": histogram,
    "logit_normal": logit_normal,
    "filtered": filtered,
    "truncated_student_t": lambda p, q, near: scaled_student_t(p, q, near, PLAIN),
    "log_student_t": lambda p, q, near: scaled_student_t(p, q, near, (mp.log, mp.exp)),
    "logit_student_t": lambda p, q, near: scaled_student_t(p, q, near, LOGIT),
}


def exact(family: str, parameters: Parameters, p: float, near: float) -> Any:
    """Quantile at the double p; ``near`` is where the search begins."""
    with mp.workdps(DIGITS):
        return +QUANTILES[family](mp.mpf(p), _exactly(parameters), mp.mpf(near))


def _exactly(value: Any) -> Any:
    """All doubles inside as numbers of mpmath."""
    if isinstance(value, Mapping):
        return {key: _exactly(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_exactly(one) for one in value]
    return value if isinstance(value, str) else mp.mpf(float(value))
