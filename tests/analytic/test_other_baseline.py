"""A change carried over to another baseline: × level / level_studied, in every engine, and off unless it is stated."""

import copy

import numpy as np
import pytest

import soemrisk as sr
from conftest import DOCUMENT, digested, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.answer import warnings
from soemrisk.bands import change_and_use
from soemrisk.chance_moments import expected_chance
from soemrisk.closed_form import parts
from soemrisk.design import plan, points
from soemrisk.moments import moments, products_of
from soemrisk.transform import columns, values_at

PLAN = plan(4096, 1)
WHY = {"level_scaling": "proportional", "level_scaling_source": "assumption: the same share is saved"}


def scaled(here, studied, **settings):
    document = copy.deepcopy(DOCUMENT)
    document["settings"].update(settings or WHY)
    document["consequences"]["bolig"].update(level=here, level_studied=studied)
    return document


HERE = number(180.0, "day", se=20.0)
STUDIED = number(150.0, "day", ci={"low": 120.0, "high": 187.5, "level": "95%", "scale": "log-ratio"})


def with_change_times(factor):
    document = copy.deepcopy(DOCUMENT)
    document["consequences"]["bolig"]["change"]["value"] *= factor
    return document


def areas(document):
    model = model_of(document)
    return kernel.evaluate(model, model.base[None], None).area


def test_certain_levels_multiply_the_change_and_without_the_setting_they_move_nothing():
    found = areas(scaled(number(180.0, "day"), number(150.0, "day")))
    np.testing.assert_allclose(found, areas(with_change_times(1.2)), rtol=1e-12)
    off = areas(scaled(number(180.0, "day"), number(150.0, "day"), level_scaling="none"))
    np.testing.assert_array_equal(off, areas(DOCUMENT))


def certain(part):
    """The same document with every number counted as certain."""
    if isinstance(part, dict):
        spread = {"low", "high", "meaning", "significant", "family", "parameters"} if "unit" in part else set()
        return {key: certain(one) for key, one in part.items() if key not in spread}
    return part


def test_the_mean_and_the_spread_are_products_of_moments():
    """Lognormal levels and all else certain: E[1/X] = exp(s²/2 − m), E[1/X²] = exp(2s² − 2m)."""
    document = certain(DOCUMENT)
    worth = areas(document)[0, 0]  # of the main area, by actor
    total = areas(document)[0].sum(axis=0)
    document["settings"].update(WHY)
    document["consequences"]["bolig"].update(level=HERE, level_studied=STUDIED)
    found = sr.exact(scenario_of(document))
    mu, sigma = np.log(150.0), np.log(187.5 / 120.0) / (2 * 1.959963984540054)
    mean = 180.0 * np.exp(sigma**2 / 2 - mu)
    square = 180.0**2 * (1 + (20 / 180) ** 2) * np.exp(2 * sigma**2 - 2 * mu)
    np.testing.assert_allclose(found["mean"], total + worth * (mean - 1), rtol=1e-9)
    np.testing.assert_allclose(found["variance"], worth**2 * (square - mean**2), rtol=1e-7)
    assert not found["vector"].any()


def test_kernel_reference_and_closed_forms_agree():
    document = scaled(HERE, STUDIED)
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
    size = products.weights.shape[2]
    for exact, drawn in ((found.mean[::size], draws.mean(axis=1)), (found.variance[::size], draws.var(axis=1))):
        errors = drawn.std(axis=0, ddof=1) / 4
        assert np.all(np.abs(exact - drawn.mean(axis=0)) <= 5 * errors + 1e-9 * np.abs(exact))
    assert expected_chance(products, PLAN) is not None


def test_the_unit_of_use_does_not_matter():
    """Both levels in thirds of a day: the same result, draw by draw."""
    thirds = scaled(number(540.0 / 6, "day", se=10.0), number(450.0 / 6, "day", se=5.0))
    whole = scaled(number(180.0, "day", se=20.0), number(150.0, "day", se=10.0))
    found = []
    for document in (thirds, whole):
        model = model_of(document)
        values = values_at(model, points(PLAN, model.columns, 0))
        found.append(kernel.evaluate(model, values, None).expected)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10, atol=1e-6)


def test_with_bands_no_more_is_saved_than_is_used_here():
    """All of 80 days in the group studied is all of what is used here, whatever was drawn."""
    document = scaled(HERE, number(31.0, "day"))
    service = document["services"][document["consequences"]["bolig"]["service"]]
    service["shares"] = [service["shares"], {"above": 90, "kommune": 1.0}]
    service["bands"] = "year"
    model = model_of(document)
    values = values_at(model, points(PLAN, model.columns, 0))
    changed, used = change_and_use(model.bands[0], values)
    change, level = values[:, model.bands[0].change], values[:, model.bands[0].level]
    wanted = change[:, None] * model.bands[0].changes * (level / 31.0)[:, None]
    if model.bands[0].factor is not None:
        wanted *= values[:, model.bands[0].factor, None]
    kept = wanted >= -used
    np.testing.assert_allclose(changed[kept], wanted[kept], rtol=1e-12)
    np.testing.assert_array_equal(changed[~kept], -used[~kept])
    assert kept.any()


def test_the_result_says_what_is_scaled_and_how_often_more_is_saved_than_is_used(simulate_document):
    """More is saved than is used where 30 days or more of 31 are, times the group's factor."""
    document = scaled(HERE, number(31.0, "day"))
    simulation = simulate_document(document)
    scenario, model = scenario_of(document), simulation.model
    said = warnings(scenario, digested(scenario, simulation), "en")
    values = np.concatenate([values_at(model, points(PLAN, model.columns, r)) for r in range(PLAN.replicates)])
    position = {one.path: n for n, one in enumerate(model.inputs)}
    saved = values[:, position["groups.register.factor"]] * values[:, position["consequences.bolig.change"]]
    assert simulation.capped.mean() == pytest.approx((saved < -31.0).mean(), abs=0.02)
    assert any("all of the change is counted" in one for one in said)
    assert any("an assumption (the same share is saved): bolig" in one for one in said)


def test_levels_are_inputs_with_names():
    driven = sr.what_drives(scenario_of(scaled(HERE, STUDIED)), draws=512)
    for name in ("level", "level_studied"):
        assert f"consequences.bolig.{name}" in driven["break_even"]
