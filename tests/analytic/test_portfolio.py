"""The best set under a budget: the solver and the trial of all sets agree, and both with enumeration by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from soemrisk.portfolio import best_set, best_sets, portfolio


def by_hand(values, costs, budget):
    best, chosen = 0.0, set()
    for size in range(len(values) + 1):
        for one in combinations(range(len(values)), size):
            worth = sum(values[i] for i in one)
            if worth > best and all(sum(costs[i][y] for i in one) <= budget for y in range(costs.shape[1])):
                best, chosen = worth, set(one)
    return chosen


@pytest.mark.parametrize("seed", range(12))
def test_the_solver_finds_the_set_that_enumeration_finds(seed):
    rng = np.random.default_rng(seed)
    values, costs = rng.normal(1e6, 2e6, 7), rng.uniform(0, 3e6, (7, 4))
    budget = float(rng.uniform(1e6, 9e6))
    expected = by_hand(values, costs, budget)
    assert set(np.flatnonzero(best_set(values, costs, budget))) == expected
    assert set(np.flatnonzero(best_sets(values[None], costs, budget)[0])) == expected


def test_many_interventions_are_left_to_the_solver(capfd):
    rng = np.random.default_rng(3)
    draws = rng.normal(1e6, 2e6, (14, 4, 8))
    found = portfolio(draws, rng.uniform(0, 2e6, (14, 3)), 6e6)
    assert found.solved == 32
    assert found.value == pytest.approx(draws.mean(axis=(1, 2))[found.chosen].sum())
    assert capfd.readouterr().out == ""


def test_more_money_never_gives_less():
    rng = np.random.default_rng(4)
    draws, costs = rng.normal(1e6, 2e6, (6, 4, 64)), rng.uniform(0.5e6, 2e6, (6, 5))
    worth = [portfolio(draws, costs, budget).value for budget in (0.0, 1e6, 2e6, 4e6, 2e7)]
    assert worth == sorted(worth)
    assert worth[0] == 0.0
    free = portfolio(draws, costs, 2e7)
    assert free.prob_in_best == pytest.approx((draws > 0).mean(axis=(1, 2)))


def test_what_always_wins_is_always_in_and_its_error_is_zero():
    draws = np.stack([np.full((4, 8), 5.0), np.full((4, 8), 4.0)])
    found = portfolio(draws, np.ones((2, 2)), 1.0)
    assert found.prob_in_best.tolist() == [1.0, 0.0]
    assert found.mcse.tolist() == [0.0, 0.0]
