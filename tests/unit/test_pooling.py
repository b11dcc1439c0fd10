"""Studies pooled: against published figures, closed forms, and SciPy's minimiser."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from soemrisk.pooling import pooled

# Thirteen trials of BCG against tuberculosis (Colditz et al. 1994): ill and not ill, vaccinated and control, as printed
# in Viechtbauer 2010, Conducting meta-analyses in R with the metafor package, J. Stat. Software 36(3), section 2.1.
BCG = [
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
]  # fmt: skip


def log_risk_ratios() -> tuple[list[float], list[float]]:
    estimates = [math.log(a / (a + b)) - math.log(c / (c + d)) for a, b, c, d in BCG]
    errors = [math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG]
    return estimates, errors


def test_thirteen_trials_give_the_published_random_effects_estimate() -> None:
    """Viechtbauer 2010, section 3.1, output of rma(yi, vi) with REML, all digits that are printed."""
    found = pooled(*log_risk_ratios())
    assert round(found.mean, 4) == -0.7145
    assert round(found.se, 4) == 0.1798
    assert round(found.tau**2, 4) == 0.3132
    assert round(found.tau, 4) == 0.5597
    assert round(100 * found.inconsistency, 2) == 92.22
    assert round(found.heterogeneity, 4) == 152.2330


@pytest.mark.parametrize("k", [2, 3, 5, 12])
def test_with_equal_errors_everything_has_a_closed_form(k: int) -> None:
    """τ² = s² − v, the mean is the mean, and the error of the mean s/√k: q is 1."""
    estimates = np.random.default_rng(k).normal(2, 1, k).tolist()
    spread = float(np.var(estimates, ddof=1))
    error = 0.3 * math.sqrt(spread)
    found = pooled(estimates, [error] * k)
    assert found.mean == pytest.approx(np.mean(estimates), rel=1e-14)
    assert found.tau**2 == pytest.approx(spread - error**2, rel=1e-10)
    assert found.q == pytest.approx(1, rel=1e-10)
    assert found.se_of_mean == pytest.approx(math.sqrt(spread / k), rel=1e-10)
    assert found.se_of_place == pytest.approx(math.sqrt(spread - error**2 + spread / k), rel=1e-10)
    assert found.inconsistency == pytest.approx(1 - error**2 / spread, rel=1e-9)


def test_estimates_that_agree_have_no_spread_between_places_and_are_not_overrated() -> None:
    found = pooled([0.30, 0.31, 0.29], [0.1, 0.2, 0.15])
    assert found.tau == 0.0
    assert found.q < 1
    weights = 1 / np.array([0.1, 0.2, 0.15]) ** 2
    assert found.se_of_mean == pytest.approx(weights.sum() ** -0.5, rel=1e-14)


def test_one_study_is_itself() -> None:
    found = pooled([0.4], [0.1])
    assert found.mean == pytest.approx(0.4, rel=1e-15)
    assert (found.tau, found.q) == (0.0, 1.0)
    assert found.se_of_mean == pytest.approx(0.1)
    one = pooled([0.4], [0.1], tau=0.2)  # its place differs from the mean, and the new place does too
    assert one.se_of_mean**2 == pytest.approx(0.1**2 + 0.2**2)
    assert one.se_of_place**2 == pytest.approx(0.1**2 + 2 * 0.2**2)


def test_a_stated_spread_is_taken() -> None:
    found = pooled([0.1, 0.5], [0.1, 0.2], tau=0.3)
    assert found.tau == pytest.approx(0.3)
    weights = 1 / (np.array([0.01, 0.04]) + 0.09)
    assert found.mean == pytest.approx(weights @ [0.1, 0.5] / weights.sum())


def test_nothing_can_be_pooled_from_nothing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        pooled([], [])
    with pytest.raises(ValueError, match="above 0"):
        pooled([1.0], [0.0])


def minus_likelihood(between: float, y: np.ndarray, v: np.ndarray) -> float:
    """Of the contrasts with the mean, by the determinant and the inverse of their covariance matrix."""
    contrasts = np.eye(len(y))[1:] - np.eye(len(y))[:1]
    covariance = contrasts @ np.diag(v + between) @ contrasts.T
    seen = contrasts @ y
    return float(np.linalg.slogdet(covariance)[1] + seen @ np.linalg.solve(covariance, seen)) / 2


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(0, 10**6), st.floats(-3, 1))
def test_tau_is_where_scipy_finds_the_largest_restricted_likelihood(k: int, seed: int, power: float) -> None:
    """The likelihood of contrasts (Harville 1974, Biometrika 61:383) on a grid, refined by SciPy."""
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.05, 0.6, k)
    estimates = rng.normal(0, np.sqrt(errors**2 + (10.0**power) ** 2))
    found = pooled(estimates.tolist(), errors.tolist())
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 1e4, 400)])
    least = grid[int(np.argmin([minus_likelihood(one, estimates, errors**2) for one in grid]))]
    refined = optimize.minimize_scalar(
        minus_likelihood, bounds=(least / 2, 2 * least + 1e-6), args=(estimates, errors**2), options={"xatol": 1e-12}
    )
    best = min(float(refined.fun), minus_likelihood(0.0, estimates, errors**2))
    assert minus_likelihood(found.tau**2, estimates, errors**2) <= best + 1e-10
    if refined.fun < minus_likelihood(0.0, estimates, errors**2) - 1e-6:
        assert found.tau**2 == pytest.approx(refined.x, rel=1e-4)


def test_the_interval_of_the_mean_covers_it_as_often_as_it_says() -> None:
    """2,000 sets of six studies: Hartung and Knapp's interval with q at least 1 holds 95 %, within 3.5 errors."""
    rng = np.random.default_rng(6)
    t = stats.t(5).ppf(0.975)
    inside = 0
    for _ in range(2000):
        errors = rng.uniform(0.1, 0.4, 6)
        found = pooled(rng.normal(0.5, np.sqrt(errors**2 + 0.09)).tolist(), errors.tolist())
        inside += abs(found.mean - 0.5) <= t * found.se_of_mean
    assert inside / 2000 > 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / 2000)
