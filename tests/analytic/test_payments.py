"""What an actor must be paid for a chance of a gain: against quantiles by hand, and by paying it to the draws."""

import copy

import numpy as np
import pytest
from scipy.stats import norm

from conftest import DOCUMENT, digested, model_of, number, scenario_of
from soemrisk import reference
from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.kernel import evaluate
from soemrisk.payments import payment_needed
from soemrisk.reading import read
from soemrisk.simulation import simulate_model
from soemrisk.transform import columns, values_at

CHANCES = {"p50": 0.5, "p70": 0.7, "p90": 0.9}


def run(scenario, draws=2**14):
    simulation = simulate_model(compile_scenario(scenario), plan(draws, 2), evaluate=evaluate)
    return simulation, answer(scenario, digested(scenario, simulation), "en")


def certain_document(rate, persons):
    """Nothing uncertain: kommune pays all costs and has all of what housing saves, stat has the tax."""
    document = copy.deepcopy(DOCUMENT)
    document["participants"]["completers"] = persons
    document["success"] = {"net": number(rate, "andel")}
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    document["services"]["bolig"] |= {"price": number(1000.0, "kr. pr. day"), "shares": {"kommune": 1.0}}
    document["services"]["skat"]["shares"] = {"stat": 1.0}
    for key in ("bolig", "skat"):
        document["consequences"][key]["change"].pop("significant")
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    return document


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_with_the_payment_the_draws_are_a_gain_as_often_as_said(name):
    simulation, found = run(read(name))
    for a, actor in enumerate(simulation.model.actors):
        net, successes = simulation.net[..., a], simulation.successes
        ways = found["grant"][actor]
        assert ways["per_success"]["prob_reachable"] == ((net > 0) | (successes > 0)).mean()
        for key, chance in CHANCES.items():
            once = (net + ways["lump_sum"][key]["amount"] > 0).mean()
            each = (net + ways["per_success"][key]["amount"] * successes > 0).mean()
            assert once == pytest.approx(chance, abs=2 / net.size)
            assert each == pytest.approx(chance, abs=2 / net.size)
            assert ways["lump_sum"][key]["mcse"] > 0
            assert ways["per_success"][key]["mcse"] > 0
        amounts = [[way[key]["amount"] for key in CHANCES] for way in ways.values()]
        assert all(row == sorted(row) for row in amounts)


def test_discounted_successes_are_those_that_are_drawn():
    model = model_of(copy.deepcopy(DOCUMENT))
    design = plan(16 * 64, 2)
    cube, d = points(design, columns(model), 3), len(model.columns)
    values = values_at(model, cube[:, :d])
    drawn = reference.draw_chance(model, values, cube[:, d:-1]).successes
    by_hand = drawn[:, 0] * 1.04**0 + drawn[:, 1] / 1.04  # completed in 2020, the base year, and 2021
    simulation = simulate_model(model, design, evaluate=evaluate)
    np.testing.assert_allclose(simulation.successes[3], by_hand, rtol=1e-12)
    without = reference.evaluate(model, values)
    rate = values[:, model.rates[0, 0]] - values[:, model.rates[0, 1]]
    np.testing.assert_allclose(without.successes, rate * (10 + 20 / 1.04), rtol=1e-12)


def test_payments_of_a_normal_result():
    """Everybody succeeds and one change is normal: the net result is normal, the number of successes certain."""
    document = certain_document(1.0, {"2020": 10, "2021": 20})
    document["costs"]["drift"]["amount"] = number(20_000_000.0)
    document["consequences"]["bolig"]["change"] = number(
        -30.0, "day", family="normal", parameters={"mean": -30.0, "sd": 6.0}
    )
    scenario = scenario_of(document)
    model = compile_scenario(scenario)
    simulation, found = run(scenario)
    mean = reference.evaluate(model, model.means[None]).expected[0, 1]
    free = certain_document(1.0, {"2020": 10, "2021": 20})
    free["costs"]["drift"]["amount"] = number(0.0)
    saved = reference.evaluate(model_of(free), model_of(free).base[None]).expected[0, 1]
    sd, successes = saved * 6.0 / 30.0, 10 + 20 / 1.04
    assert simulation.successes.ravel() == pytest.approx(successes)
    ways = found["grant"]["kommune"]
    for key, chance in CHANCES.items():
        wanted = -(mean + sd * norm.ppf(1 - chance))
        for way, divisor in (("lump_sum", 1.0), ("per_success", successes)):
            row = ways[way][key]
            assert abs(row["amount"] - wanted / divisor) <= 5 * row["mcse"]
            assert row["mcse"] < 2e-3 * sd / divisor
    assert found["grant"]["stat"]["lump_sum"]["p90"]["amount"] < 0  # a gain anyhow: what could be given away


@pytest.mark.parametrize(("rate", "reached"), [(0.4, ()), (0.6, ("p50",)), (0.8, ("p50", "p70"))])
def test_a_payment_for_a_success_that_does_not_come_is_no_payment(rate, reached):
    """One person: kommune loses the costs, and with a success gains what housing saves."""
    scenario = scenario_of(certain_document(rate, {"2021": 1}))
    simulation, found = run(scenario)
    table = found["grant"]["kommune"]["per_success"]
    assert table["prob_reachable"] == pytest.approx(rate, abs=2e-3)
    loss = -simulation.net[..., 1].max()
    for key in CHANCES:
        if key in reached:
            assert table[key]["amount"] == pytest.approx(loss * 1.04)
            assert table[key]["mcse"] == pytest.approx(0.0, abs=1e-6)
        else:
            assert table[key] == {"amount": None, "mcse": None}
            assert np.isfinite(found["grant"]["kommune"]["lump_sum"][key]["amount"])


def test_nothing_is_paid_back_for_negative_successes():
    net, successes = np.array([[5.0], [-5.0], [-5.0]]), np.array([-2.0, -2.0, 2.0])
    assert payment_needed(net, successes).ravel().tolist() == [-np.inf, np.inf, 2.5]
