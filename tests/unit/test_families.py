"""The family table against SciPy, against mpmath, and against itself."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from soemrisk.families import FAMILIES, quantile

CASES = {
    "normal": ({"mean": -10.0, "sd": 5.1}, stats.norm(-10.0, 5.1)),
    "lognormal": ({"mu": 1.0, "sigma": 0.4}, stats.lognorm(0.4, scale=np.exp(1.0))),
    "beta": ({"a": 16.5, "b": 7.5}, stats.beta(16.5, 7.5)),
    "pert": ({"low": 1.0, "mode": 2.0, "high": 5.0}, stats.beta(2.0, 4.0, 1.0, 4.0)),
    "triangular": ({"low": 1.0, "mode": 2.0, "high": 5.0}, stats.triang(0.25, 1.0, 4.0)),
    "uniform": ({"low": 1.0, "high": 5.0}, stats.uniform(1.0, 4.0)),
}
POINTS = np.array([1e-9, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-9])


@pytest.mark.parametrize("family", CASES)
def test_quantiles_are_those_of_scipy(family):
    parameters, oracle = CASES[family]
    np.testing.assert_allclose(quantile(family, parameters, POINTS), oracle.ppf(POINTS), rtol=1e-9)


@pytest.mark.parametrize("family", CASES)
def test_mean_sd_and_cdf_are_those_of_scipy(family):
    parameters, oracle = CASES[family]
    row = FAMILIES[family]
    assert row.mean(parameters) == pytest.approx(oracle.mean(), rel=1e-12)
    assert row.sd(parameters) == pytest.approx(oracle.std(), rel=1e-12)
    x = oracle.ppf(np.array([0.01, 0.3, 0.5, 0.9, 0.99]))
    np.testing.assert_allclose(row.cdf(x, parameters), oracle.cdf(x), rtol=1e-9)


@pytest.mark.parametrize("p", [1e-12, 0.001, 0.3, 0.7])
def test_beta_and_normal_quantiles_have_ten_digits_against_mpmath(p):
    with mpmath.workdps(40):
        beta = mpmath.findroot(
            lambda x: mpmath.betainc(16.5, 7.5, 0, x, regularized=True) - mpmath.mpf(p),
            float(stats.beta(16.5, 7.5).ppf(p)),
        )
        normal = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)
    assert float(quantile("beta", {"a": 16.5, "b": 7.5}, p)) == pytest.approx(float(beta), rel=1e-10)
    assert float(quantile("normal", {"mean": 0.0, "sd": 1.0}, p)) == pytest.approx(float(normal), rel=1e-10)


def test_a_discrete_family_takes_its_values_with_their_probabilities():
    q = {"values": (3.0, 1.0, 2.0), "weights": (1.0, 1.0, 2.0)}
    assert quantile("discrete", q, [0.1, 0.25, 0.26, 0.74, 0.76]).tolist() == [1.0, 1.0, 2.0, 2.0, 3.0]
    assert FAMILIES["discrete"].mean(q) == 2.0
    assert FAMILIES["discrete"].sd(q) == pytest.approx(np.sqrt(0.5))
    assert FAMILIES["discrete"].cdf(np.array([0.5, 1.0, 2.5]), q).tolist() == [0.0, 0.25, 0.75]


@given(st.floats(1e-12, 1 - 1e-12), st.floats(1e-12, 1 - 1e-12))
def test_every_quantile_function_rises_and_stays_in_the_support(p, q):
    low, high = min(p, q), max(p, q)
    for family, (parameters, _) in CASES.items():
        x, y = quantile(family, parameters, [low, high])
        assert x <= y
        start, end = FAMILIES[family].support(parameters)
        assert start <= x
        assert y <= end


@pytest.mark.parametrize("mode", [1.0, 5.0])
def test_a_mode_at_an_end_is_allowed(mode):
    for family in ("pert", "triangular"):
        values = quantile(family, {"low": 1.0, "mode": mode, "high": 5.0}, POINTS)
        assert np.isfinite(values).all()
        assert (np.diff(values) >= 0).all()
        middle = np.array([2.0, 3.0])
        assert np.isfinite(FAMILIES[family].cdf(middle, {"low": 1.0, "mode": mode, "high": 5.0})).all()


@pytest.mark.parametrize(
    ("family", "parameters", "p"),
    [
        ("gauss", {}, 0.5),
        ("normal", {"mean": 0.0}, 0.5),
        ("normal", {"mean": 0.0, "sd": 0.0}, 0.5),
        ("uniform", {"low": 2.0, "high": 1.0}, 0.5),
        ("beta", {"a": 1.0, "b": 0.0}, 0.5),
        ("discrete", {"values": [1.0], "weights": [0.0]}, 0.5),
        ("normal", {"mean": 0.0, "sd": 1.0}, 0.0),
        ("normal", {"mean": 0.0, "sd": 1.0}, 1.0),
        ("normal", {"mean": 0.0, "sd": 1.0}, float("nan")),
    ],
)
def test_what_makes_no_sense_is_refused(family, parameters, p):
    with pytest.raises(ValueError, match=r"."):
        quantile(family, parameters, p)
