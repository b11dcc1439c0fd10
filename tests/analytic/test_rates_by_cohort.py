"""Cohorts that succeed at different rates: kernel, reference, products and closed forms agree, and by hand."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from test_closed_form import certain, discrete, enumerated

from conftest import DOCUMENT, model_of, number
from soemrisk import kernel, reference
from soemrisk.chance_moments import expected_chance
from soemrisk.closed_form import parts
from soemrisk.design import plan, points
from soemrisk.gain_curve import _in_proportion, chance_of_gain
from soemrisk.moments import moments, products_of
from soemrisk.product_values import evaluate_products
from soemrisk.simulation import simulate_model
from soemrisk.transform import columns, values_at

PLAN = plan(4096, 1)


def two_rates(*, independent=False):
    """The cohorts of 2020 and 2021 swap their rates: what one has with, the other has without and the other way."""
    document = copy.deepcopy(DOCUMENT)
    document["costs"]["drift"]["amount"] = certain(document["costs"]["drift"]["amount"])
    document["services"]["bolig"]["price"] = certain(document["services"]["bolig"]["price"])
    document["consequences"]["bolig"]["change"] = discrete([-50.0, 10.0], [0.6, 0.4], "day")
    document["consequences"]["skat"]["change"] = number(2.0, "week")
    document["groups"]["register"]["factor"] = discrete([0.5, 1.5], [0.5, 0.5])
    document["success"] = {
        "with": discrete([0.3, 0.8], [0.3, 0.7]),
        "without": discrete([0.0, 0.2], [0.5, 0.5]),
    }
    if independent:
        document["settings"]["chance"] = "independent"
    model = model_of(document)
    one, other = model.rates
    return replace(model, rates=np.array([one, other[::-1]]))


@pytest.mark.parametrize("independent", [False, True])
def test_the_kernel_is_the_reference(independent):
    model = two_rates(independent=independent)
    assert not model.one_rate
    cube = points(plan(2048, 3), columns(model), 0)
    values, chance = values_at(model, cube[:, : len(model.columns)]), cube[:, len(model.columns) : -1]
    for fast, slow in (
        (kernel.evaluate(model, values, None), reference.evaluate(model, values)),
        (
            kernel.evaluate(model, values, chance),
            reference.evaluate(model, values, reference.draw_chance(model, values, chance)),
        ),
    ):
        for name in (
            "area",
            "year",
            "expected",
            "at_zero",
            "per_rate",
            "chance_variance",
            "rate",
            "lowest_rate",
            "successes",
        ):
            wanted = getattr(slow, name)
            np.testing.assert_allclose(getattr(fast, name), wanted, rtol=1e-11, atol=1e-11 * np.abs(wanted).max())


def test_the_mean_rate_is_that_of_those_who_complete_and_the_line_goes_through_the_result():
    model = two_rates()
    values = values_at(model, points(PLAN, model.columns, 0))
    found = kernel.evaluate(model, values, None)
    gross, without = values[:, model.rates[0, 0]], values[:, model.rates[0, 1]]
    np.testing.assert_allclose(found.rate, (10 * (gross - without) + 20 * (without - gross)) / 30, atol=1e-15)
    moving = found.rate != 0
    line = found.at_zero + found.rate[:, None] * found.per_rate
    np.testing.assert_allclose(line[moving], found.expected[moving], rtol=1e-12)


def test_products_and_closed_forms_are_enumeration():
    model = two_rates()
    cube, weights = enumerated(model)
    values = values_at(model, cube)
    outcome = reference.evaluate(model, values)
    products = products_of(model)
    np.testing.assert_allclose(evaluate_products(products, values)[:, :, 0], outcome.expected, rtol=1e-12)
    found = parts(products, moments(products, PLAN, 0))
    size = products.weights.shape[2]
    mean = weights @ outcome.expected
    np.testing.assert_allclose(found.mean[::size], mean, rtol=1e-12)
    np.testing.assert_allclose(found.variance[::size], weights @ (outcome.expected - mean) ** 2, rtol=1e-10)


@pytest.mark.parametrize("independent", [False, True])
def test_the_closed_form_of_chance_is_enumeration(independent):
    model = two_rates(independent=independent)
    cube, weights = enumerated(model)
    known = weights @ reference.evaluate(model, values_at(model, cube)).chance_variance
    found = expected_chance(products_of(model), PLAN)
    assert found is not None
    np.testing.assert_allclose(found[0], known, rtol=1e-12)


def test_draws_have_the_variance_of_the_formula():
    model = two_rates()
    simulation = simulate_model(model, plan(2**16, 1), evaluate=kernel.evaluate)
    for a in range(len(model.actors)):
        apart = simulation.net[:, :, a] - simulation.expected[:, :, a]
        squares = (apart**2).mean(axis=1)
        known = simulation.chance_variance[:, :, a].mean()
        assert abs(squares.mean() - known) <= 4 * squares.std(ddof=1) / len(squares) ** 0.5


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.7, 0.95, 1.0])
def test_rates_in_proportion_have_the_wanted_mean_and_none_is_above_1(rate):
    model = two_rates()
    drawn = np.array([[0.2, 0.4], [0.9, 0.1], [0.0, 0.5], [0.3, -0.1], [0.0, 0.0]])
    found = _in_proportion(model, drawn, np.broadcast_to(model.completers, drawn.shape), rate)
    np.testing.assert_allclose(found @ [1 / 3, 2 / 3], rate, atol=1e-12)
    assert found.min() >= 0
    assert found.max() <= 1
    if rate == 0.3:
        np.testing.assert_allclose(found[0], [0.18, 0.36])
        np.testing.assert_allclose(found[3:], 0.3)
    if rate == 0.7:
        np.testing.assert_allclose(found[1], [1.0, 0.55])


def test_the_chance_of_a_gain_rises_from_costs_alone_to_all_succeeding():
    model = two_rates()
    prob, error = chance_of_gain(model, PLAN, np.linspace(0, 1, 5), kernel.evaluate)
    assert prob[0].max() == 0
    assert (np.diff(prob[:, 0]) >= -3 * error[1:, 0]).all()
    assert prob[-1, 0] > 0.2
