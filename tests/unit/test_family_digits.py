"""Ten digits of every quantile, against mpmath, at the ends of what is accepted and in between.

The error counts relative to max(|x|, IQR/1000), for p from 2^-64 to 1 − 2^-53. As a script, with the number of random
parameters as argument, this file prints the worst case of each family over the dense grid and over the random ones.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from exact_quantiles import DIGITS, QUANTILES, beta_pair, exact

from soemrisk.families import FAMILIES, quantile
from soemrisk.inverses import beta_inverse

LEVELS = [2.0**-64, 1e-9, 0.01, 0.25, 0.37, 0.5, 0.75, 0.99, 1 - 1e-9, 1 - 2.0**-53]
MORE_LEVELS = sorted({*LEVELS, 1e-18, 1e-15, 1e-12, 1e-6, 1e-4, 0.1, 0.4, 0.63, 0.9, 1 - 1e-4, 1 - 2.0**-40})
Parameters = Mapping[str, Any]


def rows(names: str, *values: tuple[Any, ...]) -> list[Parameters]:
    return [dict(zip(names.split(), one, strict=True)) for one in values]


def part(family: str, **parameters: float) -> Parameters:
    return {"family": family, "parameters": parameters}


def normal(mean: float, sd: float) -> Parameters:
    return part("normal", mean=mean, sd=sd)


THREE = [(1, 2, 5), (0, 0, 1), (0, 1, 1), (-1, 0, 1), (1e10, 1e10 + 1, 1e10 + 3), (-1e100, 0, 1e100), (-1, -0.5, 1e6)]
EXPERT = {"probabilities": [0.1, 0.5, 0.9], "values": [10, 20, 40]}

# The few: ordinary values, the ends of what is accepted, and where SciPy's own functions fail.
FEW: Mapping[str, list[Parameters]] = {
    "normal": rows("mean sd", (-10, 5.1), (0, 1e-100), (1e100, 1e100), (1e10, 1e-3)),
    "truncated_normal": rows(
        "mean sd low high",
        (0, 1, -1, 1), (0, 1, 5, 6), (0, 1, 1e6, 1e6 + 1), (1e6, 1, -1e-6, 3), (0, 1, 1, 1 + 1e-9), (100, 30, 0, 1e6),
        (0, 1, 0, 40), (0, 1, -1e6 - 2, -1e6), (0, 1, 2.9, 3.4), (0, 1e-100, -1e100, 1e100), (5, 1, -1e-3, 1e10),
    ),
    "lognormal": rows("mu sigma", (1, 0.4), (100, 5), (-100, 5), (0, 1e-100)),
    "beta": rows(
        "a b",
        (16.5, 7.5), (0.5, 0.5), (2, 4), (1e-3, 1e-3), (1e-3, 1e9), (1e3, 1e6), (1e3, 1e9), (1e5, 1e3), (1e6, 5),
        (0.01, 30),
    ),
    "pert": rows("low mode high", *THREE),
    "triangular": rows("low mode high", *THREE),
    "uniform": rows("low high", (0, 1), (-3, 0), (1e10, 1e10 + 1), (-1e100, 1e100), (0, 1e-100)),
    "log_uniform": rows("low high", (1, 2), (1e-100, 1e100), (1, 1 + 1e-12), (1e-5, 1e-2)),
    "gamma": rows("shape scale", (2.5, 400), (1e-3, 1e100), (0.5, 1), (30, 1e-100), (1e5, 1), (1.001e5, 1)),
    "weibull": rows("shape scale", (1.7, 12), (0.05, 1e100), (1e6, 1e-100)),
    "student_t": rows("df location scale", (4.5, -2, 3), (2.0000001, 0, 1), (3, 100, 1), (1e3, 0, 1e100), (1e9, 1, 1)),
    "histogram": rows(
        "edges weights",
        ([0, 1, 2, 4], [1, 2, 1]), ([0, 1, 1000, 1001], [1, 1e-12, 1]), ([-1e6, 1e6, 1e6 + 1], [0.1, 0.9]),
        ([0, 1, 2, 3], [0, 1, 0]), ([-1e100, 0, 1e-100, 1], [1e-30, 1, 0.3]), ([-1, 1], [1]),
    ),
    "metalog": [
        *({**EXPERT, **ends} for ends in ({}, {"lower": 0}, {"upper": 50}, {"lower": 0, "upper": 100})),
        {**EXPERT, "lower": -1e6, "upper": 1e6},
        {"probabilities": [0.1, 0.9], "values": [-1, 1], "lower": -1e9},
        {"probabilities": [0.05, 0.25, 0.5, 0.75, 0.95], "values": [1, 2, 3, 5, 10], "lower": 0},
        {"probabilities": [0.01, 0.1, 0.25, 0.5, 0.7, 0.95], "values": [-3.1, -1.3, -0.67, 0.0, 0.52, 1.65]},
    ],
    "mixture": rows(
        "components weights",
        ([normal(0, 1), normal(3, 1)], [0.5, 0.5]), ([normal(-1, 1), normal(1, 1)], [0.3, 0.7]),
        ([normal(0, 1), normal(20, 1)], [0.5, 0.5]), ([normal(0, 1), normal(20, 1)], [0.3, 0.7]),
        ([part("lognormal", mu=0, sigma=1), part("gamma", shape=0.5, scale=3)], [1, 3]),
        ([part("beta", a=2, b=5), part("beta", a=20, b=5)], [0.5, 0.5]),
        ([normal(1e6, 1e-3), normal(0, 1)], [1e-6, 1]),
        ([part("lognormal", mu=0, sigma=5), normal(0, 1e-3)], [0.5, 0.5]),
    ),
    "logit_normal": rows("mu sigma", (0, 1), (100, 5), (-100, 5), (0, 1e-100), (-2, 0.3)),
    "filtered": rows(
        "estimate se critical",
        (-10, 5.1, 1.959963984540054), (3, 1, 1.96), (1e100, 1e98, 1.96), (8, 1, 8), (0, 1e-100, 0), (2, 1, 0.1),
    ),
    "truncated_student_t": rows(
        "df location scale low high",
        (1, 0.1, 0.05, -1, 1), (2, -1, 3, -1, 1), (8, 0, 1e-9, -1, 1), (1e9, 5, 1e3, 0, 9),
    ),
    "log_student_t": rows(
        "df location scale low high", (1, 0, 0.3, 0.01, 100), (3, 4.6, 5, 1, 1e8), (11, 0.5, 1e-9, 1, 2)
    ),
    "logit_student_t": rows("df location scale", (1, -2, 0.3), (2, 0, 5), (9, 30, 1), (1e6, -30, 1e-9)),
}  # fmt: skip

SHAPES = (1e-3, 0.01, 0.5, 1, 2.5, 30, 1e3, 1e6, 1e9)
MANY: Mapping[str, list[Parameters]] = {
    **{family: [] for family in FEW},
    "normal": rows("mean sd", *product((-1e100, -10, 0, 5.1, 1e10), (1e-100, 1e-3, 1, 1e100))),
    "lognormal": rows("mu sigma", *product((-100, 0, 3.3, 100), (1e-100, 1e-5, 0.5, 5))),
    "beta": rows("a b", *product(SHAPES, SHAPES)),
    "gamma": rows("shape scale", *product((1e-3, 0.01, 0.3, 1, 3, 100, 1e4, 9.99e4, 1.01e5, 1e6), (2,))),
    "weibull": rows("shape scale", *product((0.05, 0.3, 1, 1.5, 10, 1e3, 1e6), (1e-100, 2, 1e100))),
    "student_t": rows(
        "df location scale",
        *((df, *at) for df, at in product((2.0000001, 2.1, 3, 10, 100, 1e4, 1e6, 1e9), ((0, 1), (-3, 2), (100, 1)))),
    ),
}


def worst(family: str, parameters: Parameters, levels: list[float]) -> tuple[float, float]:
    """Largest error over the levels, and the level."""
    assert FAMILIES[family].valid(parameters) is None, parameters
    found = quantile(family, parameters, levels)
    with mp.workdps(DIGITS):
        true = [exact(family, parameters, p, near) for p, near in zip(levels, found, strict=True)]
        middle = abs(true[levels.index(0.75)] - true[levels.index(0.25)]) / 1000
        floor = mp.mpf(10) ** -300  # below, doubles have fewer digits, and 0 is what is left of 1e-400
        errors = [
            float(abs(mp.mpf(float(x)) - y) / max(abs(y), middle, floor)) for x, y in zip(found, true, strict=True)
        ]
    place = int(np.argmax(errors))
    return errors[place], levels[place]


def at_random(family: str, rng: np.random.Generator) -> Parameters:
    """Parameters from the whole of what is accepted, extremes as likely as ordinary ones."""

    def power(low: float, high: float) -> float:
        return float(10 ** rng.uniform(low, high))

    def place() -> float:
        return float(rng.choice([-1, 0, 1])) * power(-3, 6)

    low, width, sd = place(), power(-6, 6), power(-2, 2)
    critical = float(rng.uniform(0, 8))
    ends = {"low": low, "high": low + width}
    if family in {"pert", "triangular"}:
        return {**ends, "mode": min(low + width * float(rng.choice([0, 1, rng.uniform()])), low + width)}
    if family == "truncated_normal":
        start = place() + float(rng.uniform(-10, 10)) * power(-3, 4) * sd
        return {"mean": low, "sd": sd, "low": low + start, "high": low + start + power(-8, 3) * sd}
    if family == "histogram":
        weights = [float(rng.choice([0, 1, power(-12, 0)])) for _ in range(4)]
        return {"edges": sorted(place() + power(-3, 3) for _ in range(6)), "weights": [*weights, 1.0]}
    if family == "metalog":
        n = int(rng.integers(2, 9))
        y = np.sort(rng.uniform(0.01, 0.99, n))
        x = low + sd * (np.log(y / (1 - y)) + float(rng.uniform(-1, 1)) * y)
        more = {"lower": float(x[0]) - sd * power(0, 4), "upper": float(x[-1]) + sd * power(0, 4)}
        kept = {name: value for name, value in more.items() if rng.uniform() < 0.5}
        return {"probabilities": y.tolist(), "values": x.tolist(), **kept}
    if family == "mixture":
        kinds = [str(rng.choice(["normal", "gamma", "lognormal", "beta"])) for _ in range(int(rng.integers(1, 4)))]
        return {
            "components": [{"family": kind, "parameters": at_random(kind, rng)} for kind in kinds],
            "weights": [power(-3, 0) for _ in kinds],
        }
    return {
        "normal": {"mean": low, "sd": sd},
        "lognormal": {"mu": float(rng.uniform(-50, 50)), "sigma": power(-6, 0.69)},
        "beta": {"a": power(-3, 6), "b": power(-3, 6)},
        "gamma": {"shape": power(-3, 5), "scale": sd},
        "weibull": {"shape": power(-1.3, 6), "scale": sd},
        "student_t": {"df": 2 + power(-6, 8), "location": float(rng.uniform(-99, 99)) * sd, "scale": sd},
        "uniform": ends,
        "logit_normal": {"mu": float(rng.uniform(-50, 50)), "sigma": power(-6, 0.69)},
        "filtered": {
            "estimate": (critical + float(rng.choice([0, power(-3, 2)]))) * sd,
            "se": sd,
            "critical": critical,
        },
        "truncated_student_t": {
            "df": power(0, 4),
            "location": low,
            "scale": power(-6, 3),
            "low": low - power(-3, 2) * float(rng.choice([0, 1])),
            "high": low + power(-3, 2),
        },
        "log_student_t": {
            "df": power(0, 4),
            "location": float(rng.uniform(-3, 3)),
            "scale": power(-6, 0.69),
            "low": power(-4, -1.4),
            "high": power(1.4, 4),
        },
        "logit_student_t": {"df": power(0, 4), "location": float(rng.uniform(-30, 30)), "scale": power(-6, 0.69)},
        "log_uniform": {"low": sd, "high": sd * (1 + power(-8, 12))},
    }[family]


def random_cases(family: str, seed: int, count: int) -> Iterator[Parameters]:
    rng = np.random.default_rng(seed)
    while count:
        parameters = at_random(family, rng)
        if FAMILIES[family].valid(parameters) is None:
            count -= 1
            yield parameters


def test_every_family_with_a_quantile_that_is_no_step_is_counted():
    assert set(FEW) == set(QUANTILES) == set(FAMILIES) - {"bernoulli", "binomial", "discrete", "empirical"}


@pytest.mark.parametrize(("family", "parameters"), [(family, one) for family, found in FEW.items() for one in found])
def test_quantiles_have_ten_digits(family, parameters):
    assert worst(family, parameters, LEVELS)[0] < 1e-10


@pytest.mark.parametrize("family", FEW)
def test_quantiles_of_random_parameters_have_ten_digits(family):
    for parameters in random_cases(family, 1, 4):
        assert worst(family, parameters, LEVELS)[0] < 1e-10, parameters


@pytest.mark.slow
@pytest.mark.parametrize("family", FEW)
def test_quantiles_have_ten_digits_over_the_dense_grid(family):
    for parameters in [*FEW[family], *MANY[family], *random_cases(family, 2, 200)]:
        assert worst(family, parameters, MORE_LEVELS)[0] < 1e-10, parameters


@pytest.mark.parametrize(("a", "b"), [(0.5, 3.0), (200.0, 0.5), (1e4, 1e4), (1e9, 2.0)])
def test_the_complement_of_a_beta_keeps_its_digits_too(a, b):
    levels = np.array([2.0**-40, 0.25, 0.75, 1 - 2.0**-40])  # so that 1 − p is exact
    _, y = beta_inverse(a, b, levels)
    with mp.workdps(DIGITS):
        true = [mp.mpf(1) * beta_pair(mp.mpf(a), mp.mpf(b), mp.mpf(p), mp.mpf(0.5))[1] for p in levels]
    np.testing.assert_allclose(y, [float(one) for one in true], rtol=1e-10)


def test_a_binomial_steps_where_its_exact_levels_are_reached():
    n, p = 30, 0.3
    with mp.workdps(DIGITS):
        chance = [mp.binomial(n, k) * mp.mpf(p) ** k * (1 - mp.mpf(p)) ** (n - k) for k in range(n + 1)]
        upto = [mp.fsum(chance[: k + 1]) for k in range(n)]
        for k, level in enumerate(upto):
            if float(level) < 1 - 1e-12:
                around = [float(level * (1 - mp.mpf(10) ** -13)), float(level * (1 + mp.mpf(10) ** -13))]
                assert quantile("binomial", {"n": n, "p": p}, around).tolist() == [k, k + 1]


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name in FEW:
        cases = [*FEW[name], *MANY[name], *random_cases(name, 2, count)]
        results = [(*worst(name, one, MORE_LEVELS), one) for one in cases]
        error, level, where = max(results, key=lambda result: result[0])
        sys.stdout.write(
            f"{name:17s} {len(cases) * len(MORE_LEVELS):6d} quantiles  {error:.1e}  p = {level!r}  {where}\n"
        )
        sys.stdout.flush()
