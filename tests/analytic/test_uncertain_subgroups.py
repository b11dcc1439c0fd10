"""Uncertain shares of subgroups: margins, the sum 1, kernel against reference and products, closed forms."""

import copy

import numpy as np
import pytest
from scipy.stats import beta, kstest

import soemrisk as sr
from conftest import DOCUMENT, SOURCE, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.chance_moments import expected_chance
from soemrisk.design import plan, points
from soemrisk.gain_curve import _in_proportion
from soemrisk.moments import products_of
from soemrisk.names import input_names
from soemrisk.product_values import evaluate_products
from soemrisk.simulation import simulate_model
from soemrisk.transform import chance_columns, columns, values_at

PLAN = plan(4096, 1)


def with_subgroups(concentration, rates=(0.5, 0.2), **rest):
    document = copy.deepcopy(DOCUMENT)
    document["participants"]["shares_concentration"] = concentration
    document["subgroups"] = {
        name: {"name": name.capitalize(), "share": share, "share_source": SOURCE}
        for name, share in (("unge", 0.3), ("voksne", 0.7))
    }
    for one, rate in zip(document["subgroups"].values(), rates, strict=True):
        one["success"] = {"net": number(rate, "andel")}
    del document["success"]
    return {**document, **rest}


def drawn(model, replicate=0, planned=PLAN):
    cube = points(planned, columns(model), replicate)
    return values_at(model, cube[:, : len(model.columns)]), chance_columns(model, cube)


def place(model, path):
    return next(n for n, one in enumerate(model.inputs) if one.path == path)


def test_shares_add_up_to_one_and_each_is_a_beta_distribution():
    model = model_of(with_subgroups(20.0))
    values, _ = drawn(model, planned=plan(65_536, 1))
    young, old = (values[:, place(model, f"subgroups.{name}.share")] for name in ("unge", "voksne"))
    np.testing.assert_allclose(young + old, 1.0, rtol=1e-12)
    assert kstest(young, beta(6.0, 14.0).cdf).statistic < 0.002


def test_kernel_reference_and_products_agree():
    document = with_subgroups(12.0)
    document["consequences"]["bolig"]["subgroup"] = "unge"
    document["participants"]["factor"] = number(1.0, "faktor", low=0.8, high=1.1, meaning="hard")
    document["outcomes"] = {"one": {"name": "One", "gain": number(1.0, "point"), "per": "participant"}}
    model = model_of(document)
    values, chance = drawn(model)
    fast = kernel.evaluate(model, values, chance)
    slow = reference.evaluate(model, values, reference.draw_chance(model, values, chance))
    for name in ("area", "year", "expected", "per_rate", "chance_variance", "rate", "by_cohort"):
        wanted = getattr(slow, name)
        np.testing.assert_allclose(getattr(fast, name), wanted, rtol=1e-10, atol=1e-10 * np.abs(wanted).max())
    products = evaluate_products(products_of(model), values)[:, :, 0]
    np.testing.assert_allclose(products, fast.expected, rtol=1e-10, atol=1e-9 * np.abs(fast.expected).max())


def test_the_variance_of_successes_is_that_of_one_share_times_the_difference_of_rates():
    model = model_of(with_subgroups(20.0))
    found = simulate_model(model, plan(65_536, 2), evaluate=kernel.evaluate)
    rates = found.rate
    known = 0.3 * 0.7 / 21 * (0.5 - 0.2) ** 2
    variances = rates.var(axis=1)
    assert abs(variances.mean() - known) <= 5 * variances.std(ddof=1) / 4
    assert rates.mean() == pytest.approx(0.3 * 0.5 + 0.7 * 0.2, abs=1e-5)


def test_the_closed_form_has_the_moments_of_the_draws_and_leaves_chance_to_them():
    document = with_subgroups(20.0)
    exact = sr.exact(scenario_of(document), draws=4096)
    found = simulate_model(model_of(document), plan(65_536, 3), evaluate=kernel.evaluate)
    variances = found.expected.var(axis=1)
    errors = variances.std(axis=0, ddof=1) / 4
    assert np.all(np.abs(exact["variance"].values - variances.mean(axis=0)) <= 5 * errors)
    assert expected_chance(products_of(found.model), PLAN) is None
    shares = exact["chance_share"].values
    wanted = found.chance_variance.mean(axis=(0, 1))
    np.testing.assert_allclose(shares, wanted / (wanted + variances.mean(axis=0)), rtol=0.02)


def test_nearly_known_shares_give_what_certain_ones_do():
    near, certain = (model_of(one) for one in (with_subgroups(1e6), with_subgroups(None)))
    figures = [simulate_model(model, PLAN, evaluate=kernel.evaluate) for model in (near, certain)]
    sd = figures[1].net.std(axis=(0, 1))
    assert np.all(np.abs(figures[0].net.mean(axis=(0, 1)) - figures[1].net.mean(axis=(0, 1))) < 0.05 * sd)
    np.testing.assert_allclose(figures[0].net.std(axis=(0, 1)), sd, rtol=0.02)
    assert certain.share.tolist() == [-1] * 4


def test_the_rates_of_the_curve_have_the_asked_mean_over_the_drawn_persons():
    model = model_of(with_subgroups(5.0))
    values, _ = drawn(model)
    people = reference.completers_of_all(model, values)
    wanted = _in_proportion(model, reference.net_rates(model, values), people, 0.6)
    np.testing.assert_allclose((wanted * people).sum(axis=1) / people.sum(axis=1), 0.6, rtol=1e-12)
    assert wanted.max() <= 1.0


def test_the_shares_are_inputs_with_names_of_their_own():
    names = input_names(scenario_of(with_subgroups(20.0)), "da")
    assert names["subgroups.unge.share"] == "Unge: andel af deltagerne"
    found = sr.break_even(scenario_of(with_subgroups(20.0)), "subgroups.unge.share", draws=1024)
    assert np.isfinite(found["base"].values).all()
