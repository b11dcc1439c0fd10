"""What the highest of several estimates promises and gives: closed form, an independent posterior, REML, a property."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from soemrisk.disappointment import shrunk
from soemrisk.pooling import pooled

HIGHEST = {2: 0.5642, 5: 1.1630, 10: 1.5388, 20: 1.8675}  # expected highest of k standard normal numbers


@pytest.mark.parametrize(("options", "printed"), [(2, 0.40), (5, 0.82), (10, 1.09), (20, 1.32)])
def test_options_as_different_as_their_errors_disappoint_as_smith_and_winkler_print(options, printed):
    rng = np.random.default_rng(1)
    truth = rng.standard_normal((4_000, options))
    seen = truth + rng.standard_normal((4_000, options))
    gaps = []
    for true, estimates in zip(truth, seen, strict=True):
        found = shrunk(estimates, np.eye(options), spread=1.0)
        best = int(np.argmax(estimates))
        gaps.append((estimates[best] - true[best], found.delivered[best] - true[best], estimates[best]))
    promised, delivered, _ = np.array(gaps).T
    assert HIGHEST[options] / np.sqrt(2) == pytest.approx(printed, abs=0.006)
    assert promised.mean() == pytest.approx(HIGHEST[options] / np.sqrt(2), abs=4 * promised.std() / np.sqrt(4_000))
    assert delivered.mean() == pytest.approx(0.0, abs=4 * delivered.std() / np.sqrt(4_000))


def test_the_posterior_is_that_of_the_joint_normal_distribution():
    rng = np.random.default_rng(2)
    root = rng.normal(size=(4, 4))
    covariance, spread, wide = root @ root.T, 1.7, 1e4  # a flat prior of the common mean as a very wide one
    estimates = rng.normal(size=4) * 3
    prior = wide**2 * np.ones((4, 4)) + spread**2 * np.eye(4)
    expected = prior @ np.linalg.solve(prior + covariance, estimates)
    found = shrunk(estimates, covariance, spread=spread)
    assert found.delivered == pytest.approx(expected, abs=1e-5)
    assert found.how == "stated"


def test_the_spread_of_many_is_that_of_restricted_maximum_likelihood():
    estimates = np.array([1.0, 3.5, -2.0, 0.4, 5.0, 2.2])
    errors = np.array([0.8, 1.1, 0.7, 1.5, 0.9, 1.2])
    found = shrunk(estimates, np.diag(errors**2))
    assert found.how == "estimated"
    assert found.spread == pytest.approx(pooled(estimates.tolist(), errors.tolist(), None).tau, rel=1e-5)


def test_options_that_differ_no_more_than_their_errors_fall_back_on_the_convention():
    found = shrunk(np.array([1.0, 1.01, 0.99, 1.0, 1.02]), np.eye(5))
    assert (found.how, found.spread) == ("convention", 1.0)
    assert np.ptp(found.delivered) == pytest.approx(0.015, abs=1e-12)


def test_the_common_mean_lies_between_the_estimates_however_errors_are_correlated():
    errors = np.array([1.0, 1.2, 1.4, 1.7, 2.4])
    covariance = np.outer(errors, errors) * (0.995 + 0.005 * np.eye(5))
    estimates = np.array([0.09, -0.4, -0.9, -1.4, -1.9])
    found = shrunk(estimates, covariance)
    assert estimates.min() <= found.mean <= estimates.max()
    assert found.delivered.max() <= estimates.max() + errors.max()
    assert found.spread >= errors.min()


def test_few_differ_at_least_as_much_as_their_errors_and_more_where_they_lie_apart():
    near = shrunk(np.array([1.0, 1.1]), np.eye(2))
    apart = shrunk(np.array([0.0, 20.0]), np.eye(2))
    assert (near.how, near.spread) == ("convention", 1.0)
    assert apart.spread == pytest.approx(np.sqrt(200.0 - 1.0))


def test_a_shared_error_moves_no_difference():
    shared = np.full((2, 2), 100.0)
    found = shrunk(np.array([3.0, 1.0]), shared, spread=1.0)
    assert found.delivered[0] - found.delivered[1] == pytest.approx(2.0)


def test_the_highest_of_normal_numbers_is_as_in_the_tables():
    for options, highest in HIGHEST.items():
        grid = np.linspace(-9, 9, 20_001)
        density = options * stats.norm.pdf(grid) * stats.norm.cdf(grid) ** (options - 1)
        assert np.trapezoid(grid * density, grid) == pytest.approx(highest, abs=1e-4)
