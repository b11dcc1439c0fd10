"""Dirichlet shares: sums, moments, margins, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from soemrisk.families import quantile
from soemrisk.simplex import dirichlet, with_share

POINTS = qmc.Sobol(3, seed=7).random(4096)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_shares_are_not_negative_and_add_up_to_1(alphas, seed):
    cube = np.random.default_rng(seed).uniform(1e-16, 1, (50, len(alphas) - 1))
    shares = dirichlet(alphas, cube)
    assert shares.shape == (50, len(alphas))
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-14)


def test_two_shares_are_a_beta_and_its_complement():
    shares = dirichlet([2.0, 5.0], POINTS[:, :1])
    np.testing.assert_allclose(shares[:, 0], quantile("beta", {"a": 2.0, "b": 5.0}, POINTS[:, 0]), rtol=1e-14)


def test_means_and_covariances_are_those_of_the_dirichlet():
    # mean alpha_i/A, covariance (delta_ij A alpha_i − alpha_i alpha_j)/(A² (A + 1)): Ferguson 1973, Ann. Stat. 1:209
    alphas = np.array([4.0, 0.7, 2.0, 3.3])
    shares = dirichlet(alphas, POINTS)
    whole = alphas.sum()
    np.testing.assert_allclose(shares.mean(axis=0), alphas / whole, atol=1e-4)
    expected = (np.diag(alphas) * whole - np.outer(alphas, alphas)) / whole**2 / (whole + 1)
    np.testing.assert_allclose(np.cov(shares.T), expected, atol=1e-4)


def test_every_share_has_a_beta_as_its_margin():
    alphas = np.array([4.0, 0.7, 2.0, 3.3])
    shares = np.sort(dirichlet(alphas, POINTS), axis=0)
    for i, alpha in enumerate(alphas):
        levels = (np.arange(len(shares)) + 0.5) / len(shares)
        margin = quantile("beta", {"a": alpha, "b": alphas.sum() - alpha}, levels)
        inner = (levels > 0.01) & (levels < 0.99)
        np.testing.assert_allclose(shares[inner, i], margin[inner], atol=0.01)


def test_a_larger_point_gives_its_share_more_and_all_later_ones_less():
    low, high = dirichlet([1.0, 2.0, 3.0], [[0.3, 0.3], [0.4, 0.3]])
    assert high[0] > low[0]
    assert (high[1:] < low[1:]).all()


def test_what_is_left_keeps_its_digits():
    shares = dirichlet([1.0, 1.0], [[1 - 2.0**-53], [1 - 2.0**-40]])
    np.testing.assert_allclose(shares[:, 1], [2.0**-53, 2.0**-40], rtol=1e-12)


@pytest.mark.parametrize(
    ("alphas", "cube", "message"),
    [
        ([1.0], [[]], "alphas"),
        ([1.0, 0.0], [[0.5]], "alphas"),
        ([1.0, np.nan], [[0.5]], "alphas"),
        ([1e9, 1.0], [[0.5]], "alphas"),
        ([[1.0, 2.0]], [[0.5]], "alphas"),
        ([1.0, 2.0], [[0.5, 0.5]], "1 columns"),
        ([1.0, 2.0], [0.5], "1 columns"),
        ([1.0, 2.0], [[1.0]], "strictly"),
        ([1.0, 2.0], [[np.nan]], "strictly"),
    ],
)
def test_what_is_no_dirichlet_is_refused(alphas, cube, message):
    with pytest.raises(ValueError, match=message):
        dirichlet(alphas, cube)


def test_a_share_moves_and_the_others_keep_their_proportions():
    shares = np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]])
    moved = with_share(shares, 0, [0.2, 0.4], [6.0, 1.0, 3.0])
    np.testing.assert_allclose(moved, [[0.2, 0.48, 0.32], [0.4, 0.15, 0.45]], rtol=1e-15)
    np.testing.assert_allclose(with_share(shares, 0, shares[:, 0], [6.0, 1.0, 3.0]), shares, rtol=1e-15)
    assert shares.tolist() == [[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]]  # the argument stays as it is
