"""Families beyond the first seven against SciPy and NumPy at ordinary parameters; digits are a test of their own."""

import numpy as np
import pytest
from scipy import stats

from soemrisk.families import FAMILIES, quantile
from soemrisk.simplex import dirichlet

P = np.array([1e-12, 1e-6, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-9])
CASES = {
    "truncated_normal": ({"mean": 1.0, "sd": 2.0, "low": -1.0, "high": 4.0}, stats.truncnorm(-1, 1.5, 1, 2)),
    "log_uniform": ({"low": 2.0, "high": 50.0}, stats.loguniform(2, 50)),
    "gamma": ({"shape": 2.5, "scale": 3.0}, stats.gamma(2.5, scale=3.0)),
    "weibull": ({"shape": 1.5, "scale": 3.0}, stats.weibull_min(1.5, scale=3.0)),
    "student_t": ({"df": 5.0, "location": 1.0, "scale": 2.0}, stats.t(5.0, 1.0, 2.0)),
    "bernoulli": ({"p": 0.3}, stats.bernoulli(0.3)),
    "binomial": ({"n": 20.0, "p": 0.3}, stats.binom(20, 0.3)),
}


@pytest.mark.parametrize("family", CASES)
def test_quantiles_means_and_sds_are_those_of_scipy(family):
    parameters, oracle = CASES[family]
    row = FAMILIES[family]
    np.testing.assert_allclose(quantile(family, parameters, P), oracle.ppf(P), rtol=1e-9, atol=1e-9)
    assert row.mean(parameters) == pytest.approx(oracle.mean(), rel=1e-10)
    assert row.sd(parameters) == pytest.approx(oracle.std(), rel=1e-10)


STATED = {
    **{name: parameters for name, (parameters, _) in CASES.items()},
    "empirical": {"observations": [3.0, 1.0, 1.0, 7.0]},
    "histogram": {"edges": [0.0, 1.0, 4.0], "weights": [1.0, 3.0]},
    "metalog": {"probabilities": [0.1, 0.5, 0.9], "values": [-90.0, -60.0, -20.0]},
    "mixture": {
        "components": [
            {"family": "normal", "parameters": {"mean": 0.0, "sd": 1.0}},
            {"family": "uniform", "parameters": {"low": 5.0, "high": 6.0}},
        ],
        "weights": [3.0, 1.0],
    },
}


@pytest.mark.parametrize("family", STATED)
def test_mean_and_sd_are_those_of_the_quantile_function(family):
    points = (np.arange(400_000) + 0.5) / 400_000
    drawn = quantile(family, STATED[family], points)
    row = FAMILIES[family]
    assert np.all(np.diff(drawn) >= 0)
    assert row.mean(STATED[family]) == pytest.approx(drawn.mean(), abs=1e-4 * drawn.std())
    assert row.sd(STATED[family]) == pytest.approx(drawn.std(), rel=2e-3)
    low, high = row.support(STATED[family])
    assert low <= drawn[0]
    assert drawn[-1] <= high


@pytest.mark.parametrize("family", STATED)
def test_far_points_give_finite_rising_values(family):
    points = np.array([5e-324, 1e-300, 2.0**-64, 1e-9, 0.5, 1 - 2.0**-53])
    values = quantile(family, STATED[family], points)
    assert np.isfinite(values).all()
    assert (np.diff(values) >= 0).all()


def test_a_metalog_goes_through_its_quantiles():
    stated = STATED["metalog"]
    np.testing.assert_allclose(quantile("metalog", stated, stated["probabilities"]), stated["values"], rtol=1e-12)


def test_a_mixture_weighs_the_cdfs_of_its_components():
    x = quantile("mixture", STATED["mixture"], P)
    cdf = 0.75 * stats.norm.cdf(x) + 0.25 * stats.uniform(5, 1).cdf(x)
    np.testing.assert_allclose(cdf, P, rtol=1e-6, atol=1e-12)


def test_an_empirical_family_resamples_its_observations():
    values = quantile("empirical", STATED["empirical"], [0.1, 0.3, 0.6, 0.9])
    assert values.tolist() == [1.0, 1.0, 3.0, 7.0]


def test_dirichlet_shares_add_up_to_1_and_have_the_means_of_their_weights():
    cube = (stats.qmc.Sobol(2, seed=1).random(4096) * (1 - 2e-9)) + 1e-9
    shares = dirichlet([2.0, 3.0, 5.0], cube)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(shares.mean(axis=0), [0.2, 0.3, 0.5], atol=1e-3)
    wanted = [0.2 * 0.8 / 11, 0.3 * 0.7 / 11, 0.5 * 0.5 / 11]
    np.testing.assert_allclose(shares.var(axis=0), wanted, rtol=0.02)
