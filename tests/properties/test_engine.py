"""What holds for every scenario: identities, scaling, order, keys, threads, seeds."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DOCUMENT, SOURCE, digested, model_of, number, scenario_of
from soemrisk import kernel
from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.reading import read
from soemrisk.receipt import content_hash
from soemrisk.simulation import simulate_model
from soemrisk.transform import columns, values_at


def simulated(model, draws=1024, seed=0, sampler="sobol", threads=1):
    return simulate_model(model, plan(draws, seed, sampler), evaluate=kernel.evaluate, threads=threads)


def draws_by_key(model, sampler, seed=0):
    keys = columns(model)
    cube = points(plan(256, seed, sampler), keys, 0)
    return dict(zip(keys, cube.T, strict=True))


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_totals_are_the_sums_of_actors_areas_and_years(name):
    simulation = simulated(compile_scenario(read(name)))
    scale = np.abs(simulation.area).sum(axis=(2, 3))[..., None]
    actors = simulation.net[..., 1:].sum(axis=-1)
    assert np.all(np.abs(simulation.net[..., 0] - actors) <= 1e-12 * scale[..., 0])
    assert np.all(np.abs(simulation.net - simulation.area.sum(axis=2)) <= 1e-12 * scale)
    assert np.all(np.abs(simulation.net - simulation.year.sum(axis=2)) <= 1e-12 * scale)


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_threads_change_no_byte(sampler):
    model = compile_scenario(read("act-randers"))
    one, two, five = (simulated(model, 2048, 3, sampler, threads) for threads in (1, 2, 5))
    for field in ("net", "correlated", "expected", "area", "year", "chance_variance"):
        assert getattr(one, field).tobytes() == getattr(two, field).tobytes() == getattr(five, field).tobytes()


def test_seed_0_is_a_seed_like_any_other():
    model = compile_scenario(read("act-randers"))
    zero, again, one = simulated(model, seed=0), simulated(model, seed=0), simulated(model, seed=1)
    assert zero.net.tobytes() == again.net.tobytes()
    assert zero.net.tobytes() != one.net.tobytes()


def test_reordering_a_file_changes_nothing(document):
    turned = {
        key: dict(reversed(value.items())) if key in {"services", "consequences", "areas", "costs", "groups"} else value
        for key, value in reversed(document.items())
    }
    first, second = simulated(model_of(document)), simulated(model_of(turned))
    assert content_hash(scenario_of(document)) == content_hash(scenario_of(turned))
    assert first.net.tobytes() == second.net.tobytes()
    order = [second.model.areas.index(area) for area in first.model.areas]
    assert first.area.tobytes() == second.area[:, :, order].tobytes()


def test_adding_or_removing_an_input_changes_no_other_inputs_random_draws(document):
    less = copy.deepcopy(document)
    del less["consequences"]["skat"]
    for key in ("low", "high", "meaning"):
        del less["costs"]["drift"]["amount"][key]
    more = draws_by_key(model_of(document), "random")
    fewer = draws_by_key(model_of(less), "random")
    assert set(fewer) < set(more)
    for key, column in fewer.items():
        np.testing.assert_array_equal(column, more[key])


def test_sobol_dimensions_are_in_canonical_order_structural_inputs_first():
    keys = columns(compile_scenario(read("act-randers")))
    assert keys[:4] == (
        "act-randers/success/with",
        "act-randers/success/without",
        "act-randers/costs/indsats/amount",
        "act-randers/groups/register/factor",
    )
    later = list(keys[4 : keys.index("act-randers/chance/2019/completers")])
    assert later == sorted(later)
    assert len(set(keys)) == len(keys)


def test_each_input_has_one_draw_for_all_cohorts_and_years(document):
    model = model_of(document)
    cube = points(plan(1024, 0), columns(model), 0)
    values = values_at(model, cube[:, : len(model.columns)])
    assert values.shape == (64, len(model.inputs))  # a value a quantity, whatever the cohorts


@settings(max_examples=20, deadline=None)
@given(st.integers(-20, 20))
def test_scaling_kroner_by_a_power_of_two_scales_results_and_leaves_probabilities(power):
    factor = 2.0**power
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = number(0.0, "pr. år")
    scaled = copy.deepcopy(document)
    for place in (scaled["costs"]["drift"]["amount"], *(s["price"] for s in scaled["services"].values())):
        for key in ("value", "low", "high"):
            if key in place:
                place[key] = float(f"{place[key] * factor:.15g}")
    first, second = simulated(model_of(document), 256), simulated(model_of(scaled), 256)
    np.testing.assert_allclose(second.net, first.net * factor, rtol=1e-9, atol=1e-9 * factor * np.abs(first.net).max())
    assert abs((first.net > 0).mean() - (second.net > 0).mean()) < 1e-3


@pytest.mark.parametrize("share", [0.0, 0.1, 1 / 3, 1.0])
def test_moving_cost_to_another_payer_moves_that_actor_and_no_byte_of_the_total(document, share):
    before = simulated(model_of(document))
    document["costs"]["drift"]["payer"] = {"kommune": 1 - float(f"{share:.12g}"), "stat": float(f"{share:.12g}")}
    after = simulated(model_of(document))
    for field in ("net", "expected", "correlated"):
        assert getattr(before, field)[..., 0].tobytes() == getattr(after, field)[..., 0].tobytes()
    moved = after.net[..., 1] - before.net[..., 1]
    np.testing.assert_allclose(moved, -(after.net[..., 2] - before.net[..., 2]), rtol=1e-9, atol=1e-6)
    assert (moved.mean() > 0) == (share > 0)


def test_a_booked_grant_moves_money_between_actors_and_leaves_the_total(document):
    grant = {
        "name": "Pulje", "area": "omkostninger", "amount": number(100_000.0), "years": {"2020": 1.0},
        "payer": "stat", "receiver": "kommune", "booked": False, "booked_source": SOURCE,
    }  # fmt: skip
    document["grants"] = {"pulje": grant}
    unbooked = simulated(model_of(document))
    document["grants"]["pulje"]["booked"] = True
    booked = simulated(model_of(document))
    assert unbooked.net[..., 0].tobytes() == booked.net[..., 0].tobytes()
    np.testing.assert_allclose(booked.net[..., 1] - unbooked.net[..., 1], 100_000, rtol=1e-9)
    np.testing.assert_allclose(booked.net[..., 2] - unbooked.net[..., 2], -100_000, rtol=1e-9)


def test_shares_and_prices_step_by_calendar_year(document):
    document["services"]["bolig"]["shares"] = [{"kommune": 1.0}, {"from": 2022, "stat": 1.0}]
    price = document["services"]["bolig"]["price"]
    document["services"]["bolig"]["price"] = [
        price,
        {**price, "value": 1200.0, "low": 1100.0, "high": 1300.0, "from": 2023},
    ]
    del document["consequences"]["skat"]
    document["costs"] = {}
    model = model_of(document)
    from soemrisk.reference import evaluate

    year = evaluate(model, model.base[None]).year[0]
    assert np.all(year[:2, 1] > 0)
    assert np.all(year[:2, 2] == 0)
    assert np.all(year[2:, 1] == 0)
    discount = 1.04 ** -np.arange(5)
    undiscounted = year[:, 0] / discount
    assert undiscounted[3] == pytest.approx(undiscounted[2] * 1.2)


def test_steps_of_one_price_share_one_draw(document):
    price = document["services"]["bolig"]["price"]
    step = {**price, "value": 1100.0, "low": 900.0, "high": 1300.0, "from": 2022}
    document["services"]["bolig"]["price"] = [price, step, {**step, "from": 2024}]
    model = model_of(document)
    cube = points(plan(1024, 0), columns(model), 0)
    values = values_at(model, cube[:, : len(model.columns)])
    prices = [n for n, one in enumerate(model.inputs) if one.path.startswith("services.bolig.price")]
    assert len(prices) == 3
    low, high = values[:, prices[0]], values[:, prices[1]]
    np.testing.assert_array_equal(np.argsort(low), np.argsort(high))
    np.testing.assert_array_equal(high, values[:, prices[2]])


def test_the_price_index_converts_own_prices_to_the_calculations_year(document):
    before = model_of(document)
    index = {"2015": 100.0, "2020": 110.0}
    document["settings"]["price_index"] = {"name": "NPI", "source": SOURCE, "values": index}
    document["services"]["bolig"]["price_year"] = 2015
    after = model_of(document)
    bolig = 0  # terms are in the order of their keys
    np.testing.assert_allclose(after.weights[bolig], before.weights[bolig] * 1.1, rtol=1e-14)
    np.testing.assert_array_equal(after.weights[1], before.weights[1])


def test_simulating_leaves_its_arguments_unchanged():
    scenario = read("act-randers")
    model = compile_scenario(scenario)
    before = content_hash(scenario), model.weights.tobytes(), model.base.tobytes()
    simulated(model)
    assert before == (content_hash(scenario), model.weights.tobytes(), model.base.tobytes())
    with pytest.raises(ValueError, match="read-only"):
        model.weights[0] = 0


def test_mean_is_within_5_errors_of_the_base_where_inputs_have_the_base_as_mean(document):
    document["success"]["without"] = number(0.1, "andel", low=0.0, high=0.2, meaning="hard")
    model = model_of(document)
    np.testing.assert_allclose(model.means, model.base, rtol=1e-12)
    simulation = simulated(model, 65_536, 4)
    from soemrisk.reference import evaluate
    from soemrisk.statistics import standard_error

    base = evaluate(model, model.base[None]).expected[0]
    for a in range(3):
        means = simulation.net[:, :, a].mean(axis=1)
        assert abs(means.mean() - base[a]) < 5 * standard_error(means)


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_the_answer_has_the_keys_of_the_contract_and_only_json_values(name):
    scenario = read(name)
    found = answer(scenario, digested(scenario, simulated(compile_scenario(scenario), 512)), "da")
    assert list(found) == [
        "schema", "scenario", "seed", "draws", "sampler", "base", "net", "net_expected", "net_correlated",
        "chance_share", "area", "year", "cumulated", "payback", "break_even", "risk", "grant", "drivers",
        "stable", "per_participant", "joint", "mean_minus_base", "listed", "outcomes", "warnings",
    ]  # fmt: skip
    actors = ["total", "kommune", "region", "stat"]
    assert list(found["net"]) == list(found["base"]["net"]) == list(found["risk"]) == list(found["payback"]) == actors
    assert list(found["year"]) == [str(year) for year in range(2019, 2029)] == list(found["cumulated"])
    assert list(found["break_even"]["success_rate"]["kommune"]) == [
        "base", "p10", "p50", "p90", "prob_always", "prob_never", "prob_above_one", "prob_reached",
        "mcse_p10", "mcse_p50", "mcse_p90",
        "mcse_prob_always", "mcse_prob_never", "mcse_prob_above_one", "mcse_prob_reached",
    ]  # fmt: skip
    assert list(found["risk"]["kommune"]) == [
        "promised", "prob_below", "expected_shortfall", "expected_windfall", "prob_wrong_sign", "p10", "cvar10",
        "mcse_prob_below", "mcse_expected_shortfall", "mcse_expected_windfall", "mcse_prob_wrong_sign", "mcse_p10",
        "mcse_cvar10",
    ]  # fmt: skip
    assert list(found["grant"]) == actors
    assert list(found["grant"]["kommune"]["lump_sum"]) == ["p50", "p70", "p90"]
    assert list(found["grant"]["kommune"]["per_success"]) == ["p50", "p70", "p90", "prob_reachable"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_results_have_no_time_path_host_or_thread_count():
    from soemrisk.receipt import receipt

    found = receipt(read("act-randers"), plan(64, 0))
    assert set(found) == {
        "scenario", "scenario_sha256", "seed", "draws", "replicates", "sampler",
        "version_soemrisk", "version_numpy", "version_scipy", "version_numba",
    }  # fmt: skip
