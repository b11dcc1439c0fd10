"""Consequences for relatives: each counts as many times as there are of them for a success."""

import copy

import numpy as np

import soemrisk as sr
from conftest import DOCUMENT, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.chance_moments import expected_chance
from soemrisk.closed_form import parts
from soemrisk.design import plan, points
from soemrisk.moments import moments, products_of
from soemrisk.transform import columns, values_at

PLAN = plan(4096, 1)


def with_children(**spread):
    document = copy.deepcopy(DOCUMENT)
    document["relatives"] = {"boern": {"name": "Børn", "number": number(1.5, "børn", **spread)}}
    document["consequences"]["bolig"]["relatives"] = "boern"
    return document


def test_a_certain_number_multiplies_the_change():
    scaled = copy.deepcopy(DOCUMENT)
    scaled["consequences"]["bolig"]["change"]["value"] *= 1.5
    models = [model_of(one) for one in (with_children(), scaled)]
    bases = [kernel.evaluate(model, model.base[None], None).area for model in models]
    np.testing.assert_allclose(bases[0], bases[1], rtol=1e-12)


def test_kernel_reference_and_closed_forms_agree():
    document = with_children(se=0.3)
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", sd=45.0, of="individuals", n=30)
    model = model_of(document)
    cube = points(PLAN, columns(model), 0)
    d = len(model.columns)
    values, chance = values_at(model, cube[:, :d]), cube[:, d:-1]
    fast = kernel.evaluate(model, values, chance)
    slow = reference.evaluate(model, values, reference.draw_chance(model, values, chance))
    for name in ("area", "expected", "chance_variance"):
        wanted = getattr(slow, name)
        np.testing.assert_allclose(getattr(fast, name), wanted, rtol=1e-10, atol=1e-10 * np.abs(wanted).max())
    products = products_of(model)
    found = parts(products, moments(products, PLAN, 0))
    draws = np.array(
        [kernel.evaluate(model, values_at(model, points(PLAN, model.columns, r)), None).expected for r in range(16)]
    )
    variances = draws.var(axis=1)
    errors = variances.std(axis=0, ddof=1) / 4
    size = products.weights.shape[2]
    assert np.all(np.abs(found.variance[::size] - variances.mean(axis=0)) <= 5 * errors)
    assert expected_chance(products, PLAN) is not None


def test_the_number_is_an_input_with_a_name():
    scenario = scenario_of(with_children(se=0.3))
    found = sr.exact(scenario, draws=512)
    assert float(found["ST"].sel(actor="total", input="relatives.boern.number")) > 0
    driven = sr.what_drives(scenario, draws=512)
    assert "relatives.boern.number" in driven["break_even"]
