"""Variance from values too rare for the draws: against closed forms and by numerical integration."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

import soemrisk as sr
from conftest import DOCUMENT, model_of, number
from soemrisk.closed_form import parts
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan
from soemrisk.families import FAMILIES
from soemrisk.moments import moments, nodes_of, products_of
from soemrisk.pick_freeze import swap_plan
from soemrisk.product_values import function_values
from soemrisk.products import outcomes_of
from soemrisk.rare_values import (
    _rule,
    _smooth_squares,
    is_outcome_heavy,
    is_rare_heavy,
    rare_share_of_normal,
    rare_shares,
)

VALID = Path(__file__).parents[1] / "spec" / "valid"


def of_input(path, stated, draws):
    """Rare share of an input that is stated so, over its share of the variance, for the total and the kommune."""
    document = copy.deepcopy(DOCUMENT)
    section, name, key = path.split(".")
    document[section][name][key] = stated
    products, design = products_of(model_of(document)), swap_plan(draws, 0, "random")
    block = [one.path for one in products.blocks].index(path)
    every = parts(products, moments(products, design, 0))
    net = slice(0, 2 * outcomes_of(products.model), outcomes_of(products.model))
    return rare_shares(products, design)[block, :2] / (every.first[block, net] / every.variance[net])


@pytest.mark.parametrize("draws", [1024, 16_384, 2**20])
def test_rare_share_of_a_normal_is_its_integral_beyond_both_ends(draws):
    beyond = 2 * integrate.quad(lambda z: z * z * stats.norm.pdf(z), stats.norm.isf(1 / draws), np.inf)[0]
    assert rare_share_of_normal(draws) == pytest.approx(beyond, rel=1e-8)
    stated = number(-30.0, "day", family="normal", parameters={"mean": -30.0, "sd": 5.0})
    found = of_input("consequences.bolig.change", stated, draws)
    assert np.allclose(found, beyond, rtol=1e-4)


@pytest.mark.parametrize(("sigma", "heavy"), [(0.25, False), (1.0, True), (1.5, True)])
def test_rare_share_of_a_lognormal_is_its_integral_beyond_both_ends(sigma, heavy):
    # E[X²; X < c] = m² exp(2 s²) Φ(z − 2 s) and E[X; X < c] = m exp(s²/2) Φ(z − s) at c = m exp(s z)
    end = stats.norm.isf(1 / 4096)
    first, second = (np.exp(k * k * sigma**2 / 2) for k in (1, 2))
    between = [stats.norm.cdf(end - k * sigma) - stats.norm.cdf(-end - k * sigma) for k in (0, 1, 2)]
    within = second * between[2] - 2 * first**2 * between[1] + first**2 * between[0]
    beyond = 1 - within / (second - first**2)
    stated = number(160_000.0, family="lognormal", parameters={"mu": 12.0, "sigma": sigma})
    found = of_input("costs.drift.amount", stated, 4096)
    assert np.allclose(found, beyond, rtol=1e-4)
    assert is_rare_heavy(found, 4096).tolist() == [heavy, heavy]


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("pert", {"low": 1.0, "mode": 2.0, "high": 9.0}),
        ("triangular", {"low": 0.0, "mode": 0.07, "high": 4.0}),  # a kink at the level 0.0175
    ],
)
def test_rare_share_of_any_shape_is_its_integral_beyond_both_ends(family, parameters):
    mean, end = FAMILIES[family].mean(parameters), 1 / 1024

    def square(u):
        return (sr.quantile(family, parameters, u) - mean) ** 2

    beyond = integrate.quad(square, 0, end)[0] + integrate.quad(square, 1 - end, 1)[0]
    found = of_input("costs.drift.amount", number(2.0, family=family, parameters=parameters), 1024)
    assert np.allclose(found, beyond / FAMILIES[family].sd(parameters) ** 2, rtol=1e-5)


def test_values_that_are_not_rare_have_no_share():
    parameters = {"values": [1.0, 2.0, 40.0], "weights": [0.3, 0.69, 0.01]}
    found = of_input("costs.drift.amount", number(2.0, family="discrete", parameters=parameters), 1024)
    assert np.all(found < 1e-12)


def test_shares_of_all_inputs_fall_with_the_draws_and_stay_below_the_first_order_share():
    scenario = sr.read("cti-aarhus")
    first = sr.exact(scenario)["S1"].values.T
    products = products_of(compile_scenario(scenario))
    few, many = (rare_shares(products, Plan(sampler="sobol", seed=0, size=size)) for size in (64, 4096))
    assert np.all(few >= 0)
    assert np.all(few <= first + 1e-12)
    assert np.all(many <= few + 1e-12)
    assert few.sum(axis=0).max() < 0.02


def test_inputs_that_depend_on_each_other_have_no_share():
    products = products_of(compile_scenario(sr.read(VALID / "correlations.toml")))
    shares = rare_shares(products, swap_plan(1024, 0, "sobol"))
    vector = np.array([block.vector for block in products.blocks])
    assert vector.any()
    assert np.all(shares[vector] == 0)


def test_one_outcome_is_heavy_from_a_64th_of_the_variance_and_ten_standard_deviations():
    share = np.array([0.015, 0.016, 0.049, 0.05])
    assert is_outcome_heavy(share, 100_000).tolist() == [False, True, True, True]
    assert is_outcome_heavy(share, 2048).tolist() == [False, False, True, True]


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus", "laere-eksempel", *VALID.glob("*.toml")], ids=str)
def test_inputs_taken_together_have_what_each_has_by_nodes_of_its_own(source):
    products = products_of(compile_scenario(sr.read(source)))
    net = replace(products, weights=products.weights[:, :, :1])
    known = moments(net, swap_plan(4096, 0, "sobol"), 0)
    rule = _rule(1 / 4096)
    for b, square in _smooth_squares(net, known, rule).items():
        exact = nodes_of(net, net.blocks[b], (rule.end, 1 - rule.end))
        inside = (exact.levels > rule.end) & (exact.levels < 1 - rule.end)
        values = function_values(net, net.blocks[b], exact.values)[inside, 1]
        expected = exact.weights[inside] @ (values - known.means[b][1]) ** 2
        assert square == pytest.approx(expected, rel=1e-9, abs=1e-12 * known.deviations[b][1, 1]), b
