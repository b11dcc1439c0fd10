"""What is kept of a scenario belongs to what it says: nothing that says another thing is answered with it."""

import copy
from pathlib import Path

import numpy as np

import soemrisk as sr
from conftest import DOCUMENT, model_of, scenario_of
from soemrisk.compilation import compile_scenario
from soemrisk.kept_products import KEPT, kept_products
from soemrisk.moments import products_of
from soemrisk.pick_freeze import swap_plan
from soemrisk.rare_values import _shares, rare_shares

VALID = Path(__file__).parents[1] / "spec" / "valid"


def test_the_same_statements_are_the_same_products_whatever_object_says_them():
    first, again = scenario_of(copy.deepcopy(DOCUMENT)), scenario_of(copy.deepcopy(DOCUMENT))
    assert first is not again
    assert kept_products(first) is kept_products(again)


def test_another_number_and_another_order_of_areas_are_other_products():
    changed, turned = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    changed["success"]["with"]["value"] += 0.01
    turned["areas"] = dict(reversed(turned["areas"].items()))
    for document in (DOCUMENT, changed, turned):
        kept, anew = kept_products(scenario_of(document)), products_of(model_of(document))
        assert kept.model.areas == anew.model.areas
        assert np.array_equal(kept.model.stated, anew.model.stated)
        assert kept.weights.tobytes() == anew.weights.tobytes()


def test_few_scenarios_are_kept():
    documents = [copy.deepcopy(DOCUMENT) for _ in range(KEPT + 1)]
    for n, document in enumerate(documents):
        document["success"]["with"]["value"] += 0.001 * n
    first = kept_products(scenario_of(documents[0]))
    for document in documents[1:]:
        kept_products(scenario_of(document))
    assert kept_products(scenario_of(documents[0])) is not first


def test_calls_on_what_is_kept_give_what_a_first_call_gives():
    scenario = sr.read("act-randers")
    first = sr.sobol(scenario, draws=256, seed=4)
    sr.sobol(scenario, draws=512, seed=5)
    assert first.identical(sr.sobol(scenario, draws=256, seed=4))


def test_rare_shares_are_kept_by_the_number_of_draws_and_cannot_be_changed():
    products = products_of(model_of(DOCUMENT))
    found = rare_shares(products, swap_plan(1024, 0, "sobol"))
    assert rare_shares(products, swap_plan(1024, 7, "random")) is found
    assert not found.flags.writeable
    other = rare_shares(products, swap_plan(4096, 0, "sobol"))
    assert other is not found
    assert other.tobytes() == _shares.__wrapped__(products, swap_plan(4096, 9, "sobol")).tobytes()


def test_rare_shares_beside_inputs_that_are_sampled_are_those_of_their_own_draws():
    products = products_of(compile_scenario(sr.read(VALID / "correlations.toml")))
    found = [rare_shares(products, swap_plan(1024, seed, "sobol")) for seed in (1, 2)]
    assert found[0].tobytes() != found[1].tobytes()
    for seed, shares in enumerate(found, 1):
        assert shares.tobytes() == _shares.__wrapped__(products, swap_plan(1024, seed, "sobol")).tobytes()
