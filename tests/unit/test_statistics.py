"""Statistics, risk and payback by hand and against numpy."""

import numpy as np
import pytest

from soemrisk.break_evens import break_even, break_even_statistics
from soemrisk.statistics import PUBLIC, errors, interval_factor, payback, payback_statistics, public, risk, statistics

DRAWS = np.random.Generator(np.random.PCG64(3)).normal(5.0, 10.0, (16, 512))


def test_statistics_are_those_of_numpy_on_the_pooled_draws():
    found = statistics(DRAWS)
    assert found["mean"] == pytest.approx(DRAWS.mean(), rel=1e-12)
    assert found["sd"] == pytest.approx(DRAWS.std(), rel=1e-12)
    for level in (5, 10, 25, 50, 75, 90, 95):
        assert found[f"p{level}"] == pytest.approx(np.quantile(DRAWS, level / 100, method="hazen"), rel=1e-12)
    assert found["prob_positive"] == (DRAWS > 0).mean()
    assert found["mcse_mean"] == pytest.approx(DRAWS.mean(axis=1).std(ddof=1) / 4, rel=1e-12)


def test_the_public_keys_are_those_of_the_contract_in_their_order():
    assert list(public(statistics(DRAWS))) == list(PUBLIC)
    assert PUBLIC == (
        "mean", "sd", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "prob_positive",
        "mcse_mean", "mcse_prob", "mcse_p5", "mcse_p50", "mcse_p95",
    )  # fmt: skip


def test_draws_that_are_all_alike_have_no_spread_and_no_error():
    found = statistics(np.full((16, 64), 0.1))
    assert (found["mean"], found["sd"], found["mcse_mean"], found["mcse_prob"]) == (0.1, 0.0, 0.0, 0.0)


def test_a_probability_that_no_replicate_contradicts_has_the_error_of_its_resolution():
    found = statistics(np.abs(DRAWS) + 1)
    assert found["prob_positive"] == 1.0
    assert found["mcse_prob"] == 1 / DRAWS.size


def test_interval_factor_is_students_t():
    assert interval_factor(16) == pytest.approx(2.131449545559323, rel=1e-12)


def test_risk_by_hand():
    found = risk(np.array([[-4.0, 0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0, 8.0]]), 3.0)
    assert found["prob_below"] == 0.4
    assert found["expected_shortfall"] == pytest.approx((7 + 3 + 2 + 1) / 10)
    assert found["expected_windfall"] == pytest.approx((1 + 2 + 3 + 4 + 5) / 10)
    assert found["prob_wrong_sign"] == 0.2
    assert found["cvar10"] == -4.0
    assert risk(np.array([[-1.0, 1.0]]), -2.0)["prob_wrong_sign"] == 0.5


def test_cvar_takes_the_missing_part_of_a_draw():
    draws = np.arange(15.0).reshape(1, 15)
    assert risk(draws, 1.0)["cvar10"] == pytest.approx((0 * 1 + 1 * 0.5) / 1.5)


def test_shortfall_and_windfall_differ_by_the_mean():
    found = risk(DRAWS, 3.0)
    assert found["expected_windfall"] - found["expected_shortfall"] == pytest.approx(DRAWS.mean() - 3.0)


def test_payback_is_the_year_from_which_the_sum_stays_at_or_above_zero():
    years = np.array([[-1.0, 2.0, -3.0, 4.0], [-1.0, 1.0, 0.0, 0.0], [-1.0, 0.5, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    assert payback(years, 2020).tolist() == [2023.0, 2021.0, np.inf, 2020.0]


def test_payback_statistics_are_infinite_where_the_quantile_is_never():
    found = payback_statistics(np.inf, np.array([[2021.0, 2022.0], [np.inf, np.inf]]))
    assert found == {
        "base": np.inf, "p10": 2021.0, "p50": 2022.0, "p90": np.inf, "prob_within": 0.5, "mcse_prob_within": 0.5,
    }  # fmt: skip


def test_break_even_has_all_cases_of_a_line():
    at_zero = np.array([-3.0, 0.0, 2.0, -3.0, -3.0, 2.0, 2.0, -9.0])
    per_rate = np.array([6.0, 6.0, 6.0, 0.0, -1.0, 0.0, -4.0, 6.0])
    expected = [0.5, 0.0, -1 / 3, np.inf, np.inf, -np.inf, 0.5, 1.5]
    np.testing.assert_allclose(break_even(at_zero, per_rate), expected)


def test_break_even_statistics_count_each_case_apart():
    at_zero = np.array([[-3.0, 2.0, -3.0, -9.0]])
    per_rate = np.array([[6.0, 6.0, -1.0, 6.0]])
    found = break_even_statistics((-3.0, 6.0), (at_zero, per_rate), at_zero + 0.5 * per_rate)
    assert found["base"] == 0.5
    assert found["prob_always"] == 0.25
    assert found["prob_never"] == 0.25
    assert found["prob_above_one"] == 0.25
    assert found["prob_reached"] == 0.5
    assert found["p90"] == np.inf


def test_break_even_is_never_clipped_and_never_a_mean():
    rng = np.random.Generator(np.random.PCG64(1))
    per_rate = rng.normal(1.0, 0.5, (16, 1000))
    found = break_even_statistics((-0.9, 1.0), (np.full_like(per_rate, -0.9), per_rate), -0.9 + 0.5 * per_rate)
    assert found["p90"] is not None
    assert found["p90"] > 1
    assert "mean" not in found


def test_errors_of_risk_are_the_spread_of_the_figure_over_the_replicates():
    draws = np.random.Generator(np.random.PCG64(0)).normal(1.0, 2.0, (16, 4096))
    found = risk(draws, 0.5)
    each = [risk(one[None], 0.5) for one in draws]
    for name in ("prob_below", "expected_shortfall", "expected_windfall", "prob_wrong_sign", "p10", "cvar10"):
        spread = np.std([one[name] for one in each], ddof=1) / 4
        assert found[f"mcse_{name}"] == pytest.approx(spread, rel=1e-9)
    assert found["mcse_prob_below"] == pytest.approx(np.sqrt(0.4013 * 0.5987 / draws.size), rel=0.5)


def test_an_error_is_infinite_where_a_replicate_has_no_finite_figure_and_not_0_where_a_chance_varies():
    found = errors({"p10": np.array([1.0, np.inf]), "prob_a": np.array([0.5, 0.5]), "prob_b": np.ones(2)}, 8)
    assert found == {"mcse_p10": np.inf, "mcse_prob_a": 1 / 8, "mcse_prob_b": 0.0}
