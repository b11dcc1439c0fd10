"""Subgroups with rates and consequences of their own: together they are the sum of a scenario for each of them."""

import copy

import numpy as np
import pytest

import soemrisk as sr
from conftest import DOCUMENT, SOURCE, model_of, number, scenario_of
from soemrisk import kernel
from soemrisk.chance_moments import expected_chance
from soemrisk.closed_form import parts
from soemrisk.design import plan, points
from soemrisk.moments import moments, products_of
from soemrisk.product_values import evaluate_products
from soemrisk.reference import net_rates
from soemrisk.transform import columns, values_at

PLAN = plan(4096, 1)
YOUNG, OLDER = 0.4, 0.6
RATES = {
    "unge": {"net": number(0.3, "andel", se=0.1)},
    "voksne": {
        "with": number(0.6, "andel", family="beta", parameters={"a": 6.0, "b": 4.0}),
        "without": number(0.1, "andel", low=0.0, high=0.2, meaning="hard"),
    },
}


def with_subgroups():
    """Both consequences for all, and a third for the young alone; nothing but the rates is uncertain."""
    document = copy.deepcopy(DOCUMENT)
    del document["success"]
    document["subgroups"] = {
        "unge": {"name": "Unge", "share": YOUNG, "share_source": SOURCE, "success": RATES["unge"]},
        "voksne": {"name": "Voksne", "share": OLDER, "share_source": SOURCE, "success": RATES["voksne"]},
    }
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["consequences"]["bolig"]["change"] = number(-30.0, "day")
    document["consequences"]["skat"]["change"] = number([2.0, 4.0, 4.0], "week")
    document["consequences"]["unges"] = {
        "service": "bolig",
        "subgroup": "unge",
        "change": number(-10.0, "day", sd=20.0, of="individuals"),
    }
    return document


def of_one(name, share):
    """The subgroup as a scenario of its own, with its part of the costs."""
    document = with_subgroups()
    del document["subgroups"]
    document["success"] = RATES[name]
    completers = document["participants"]["completers"]
    document["participants"]["completers"] = {year: share * count for year, count in completers.items()}
    document["costs"]["drift"]["amount"]["value"] *= share
    third = document["consequences"].pop("unges")
    if name == "unge":
        document["consequences"]["unges"] = {key: value for key, value in third.items() if key != "subgroup"}
    return document


def test_the_base_case_mean_variance_and_chance_are_those_of_the_subgroups_together():
    models = [model_of(one) for one in (with_subgroups(), of_one("unge", YOUNG), of_one("voksne", OLDER))]
    bases = [kernel.evaluate(model, model.base[None], None).area for model in models]
    np.testing.assert_allclose(bases[0], bases[1] + bases[2], rtol=1e-12)
    taken = [products_of(model) for model in models]
    found = [parts(one, moments(one, PLAN, 0)) for one in taken]
    np.testing.assert_allclose(found[0].mean, found[1].mean + found[2].mean, rtol=1e-12)
    np.testing.assert_allclose(found[0].variance, found[1].variance + found[2].variance, rtol=1e-12)
    chance = [expected_chance(one, PLAN) for one in taken]
    np.testing.assert_allclose(chance[0], chance[1] + chance[2], rtol=1e-12)


def test_subgroups_that_do_not_differ_are_no_subgroups():
    document = with_subgroups()
    del document["consequences"]["unges"]
    for one in document["subgroups"].values():
        del one["success"]
    document["success"] = RATES["voksne"]
    plain = copy.deepcopy(document)
    del plain["subgroups"]
    one, other = model_of(document), model_of(plain)
    assert one.columns == other.columns
    cube = points(PLAN, one.columns, 0)
    ours, theirs = (kernel.evaluate(model, values_at(model, cube), None) for model in (one, other))
    np.testing.assert_allclose(ours.year, theirs.year, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(ours.per_rate, theirs.per_rate, rtol=1e-12)
    np.testing.assert_allclose(ours.rate, theirs.rate, rtol=1e-15)


def test_the_order_of_subgroups_in_a_file_is_nothing():
    document = with_subgroups()
    turned = copy.deepcopy(document)
    turned["subgroups"] = dict(reversed(list(document["subgroups"].items())))
    models = [model_of(one) for one in (document, turned)]
    assert columns(models[0]) == columns(models[1])
    results = []
    for model in models:
        cube = points(PLAN, columns(model), 3)
        d = len(model.columns)
        results.append(kernel.evaluate(model, values_at(model, cube[:, :d]), cube[:, d:-1]))
    assert results[0].area.tobytes() == results[1].area.tobytes()


def test_the_break_even_of_the_success_rate_moves_the_rates_in_proportion():
    scenario = scenario_of(with_subgroups())
    model = model_of(with_subgroups())
    found = sr.break_even(scenario, draws=1024)
    base = float(found["base"].sel(actor="kommune"))
    mean = YOUNG * 0.3 + OLDER * 0.5
    values = model.base[None].copy()
    by_path = {one.path: n for n, one in enumerate(model.inputs)}
    scale = base / mean
    values[0, by_path["subgroups.unge.success.net"]] = 0.3 * scale
    values[0, by_path["subgroups.voksne.success.with"]] = 0.1 + 0.5 * scale
    net = kernel.evaluate(model, values, None).expected[0, 1]
    assert net == pytest.approx(0.0, abs=1e-6)


def test_rates_of_subgroups_have_names_places_and_data_steps():
    scenario = scenario_of(with_subgroups())
    found = sr.what_drives(scenario, draws=1024)
    assert {"subgroups.unge.success.net", "subgroups.voksne.success.with"} <= set(found["inputs"])
    assert "subgroups.voksne.success.with" in found["information"]["kommune"]["evsi"]
    assert "subgroups.unge.success.net" not in found["information"]["kommune"]["evsi"]


def test_an_effect_on_the_rate_without_in_a_subgroup():
    """Each subgroup's rate with follows from its own rate without: closed forms and draws agree with two scenarios."""
    document = with_subgroups()
    document["subgroups"]["unge"]["success"] = {
        "without": number(0.2, "andel", se=0.05),
        "effect": number(2.0, "odds ratio", se=0.4, scale="odds_ratio"),
    }
    document["subgroups"]["voksne"]["success"] = {
        "without": number(0.1, "andel"),
        "effect": number(0.2, "andel", se=0.05, scale="rate_difference"),
    }
    model = model_of(document)
    assert len(model.derived_rates) == 2
    cube = points(PLAN, model.columns, 0)
    values = values_at(model, cube)
    by_path = {one.path: n for n, one in enumerate(model.inputs)}
    p, r = (values[:, by_path[f"subgroups.unge.success.{name}"]] for name in ("without", "effect"))
    d = values[:, by_path["subgroups.voksne.success.effect"]]
    rates = net_rates(model, values)
    np.testing.assert_allclose(rates[:, 0], p * r / (1 - p + p * r) - p, rtol=1e-12)
    np.testing.assert_allclose(rates[:, 1], d, rtol=1e-12)
    products = products_of(model)
    outcome = kernel.evaluate(model, values, None)
    np.testing.assert_allclose(evaluate_products(products, values)[:, :, 0], outcome.expected, rtol=1e-11)
    assert expected_chance(products, PLAN) is None
    assert float(sr.exact(scenario_of(document), draws=1024)["chance_share"].min()) > 0
