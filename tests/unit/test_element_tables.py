"""Elements of several inputs: moved together, and by year."""

import numpy as np
import pytest

from conftest import model_of, number, scenario_of
from soemrisk import kernel, read
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.drivers import drivers
from soemrisk.reference import evaluate, net_rate
from soemrisk.running import run_scenario
from soemrisk.thresholds import rate_quantiles
from soemrisk.tornado import by_uncertainty, together_by_ten_percent, together_by_uncertainty
from soemrisk.transform import values_at


@pytest.fixture(scope="module")
def found():
    scenario = read("act-randers")
    return drivers(scenario, run_scenario(scenario, plan(4096, 1)), evaluate=kernel.evaluate)


def test_lines_that_add_up_swing_together_by_the_sum_of_their_swings(found):
    # two services, each a sum of its own beside the base case, so that the distances from it add up
    model = compile_scenario(read("act-randers"))
    base = evaluate(model, model.base[None]).expected[0, 1]
    alone = {bar["input"]: (bar["at_low"]["kommune"], bar["at_high"]["kommune"]) for bar in found["tornado"]["p10_p90"]}
    area = next(b for b in found["tornado_elements"]["p10_p90"] if b["element"] == "calibrated/sociale_serviceydelser")
    ends = [base + sum(end(alone[path]) - base for path in area["inputs"]) for end in (min, max)]
    assert [area["at_low"]["kommune"], area["at_high"]["kommune"]] == pytest.approx(ends, rel=1e-12)


def test_lines_that_work_against_each_other_do_not_cancel(document):
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", low=-40.0, high=-20.0, meaning="hard")
    document["consequences"]["skat"]["change"] = number(4.0, "week", low=2.0, high=6.0, meaning="hard")
    model = model_of(document)
    paths = ["consequences.bolig.change", "consequences.skat.change"]
    (both,) = together_by_uncertainty(model, {"both": paths}, evaluate)
    alone = {bar.path: bar for bar in by_uncertainty(model, evaluate)}
    base = evaluate(model, model.base[None]).expected[0]
    low = base + sum(np.minimum(alone[p].at_low, alone[p].at_high) - base for p in paths)
    assert both.at_low == pytest.approx(low, rel=1e-12)
    assert (both.at_high > both.at_low).all()
    (ten,) = together_by_ten_percent(model, {"both": paths}, evaluate)
    assert ten.at_low + ten.at_high == pytest.approx(2 * base, rel=1e-12)


def test_what_is_known_of_the_rate_are_quantiles_of_its_draws(document):
    model = model_of(document)
    known = rate_quantiles(model, plan(8192, 3))
    free = values_at(model, np.random.Generator(np.random.PCG64(5)).random((200_000, len(model.columns))))
    rates = net_rate(model, free)
    error = rates.std() / np.sqrt(8192) * 3
    assert known["base"] == pytest.approx(0.5)
    assert known["mean"] == pytest.approx(rates.mean(), abs=error)
    assert [known["p10"], known["p90"]] == pytest.approx(np.quantile(rates, (0.1, 0.9)).tolist(), abs=2 * error)


def test_an_element_by_year_ends_at_its_worth(found):
    for actor, information in found["information"].items():
        for key, by_year in information["elements_by_year"].items():
            whole, last = information["elements"][key], list(by_year.values())[-1]
            error = np.hypot(whole["mcse"], last["mcse"])
            assert last["value"] == pytest.approx(whole["value"], abs=4 * error + 1e-6), (actor, key)


def test_an_area_of_one_line_has_the_share_of_the_line(found):
    row = found["variance_by_year"]["2028"]["kommune"]
    line = row["total"]["consequences.brugerdefineret.change"]
    assert row["elements"]["calibrated/brugerdefinerede_ydelser"] == pytest.approx(line, rel=1e-9)


def test_shares_have_errors_where_something_is_sampled_and_none_elsewhere(found, document):
    exact = found["variance"]["kommune"]["inputs"]["success.with"]
    assert exact["first_mcse"] == exact["total_mcse"] == 0.0
    document["correlations"] = [
        {"between": ["costs.drift.amount", "services.bolig.price"], "rank": 0.5, "source": "assumption: test"}
    ]
    scenario = scenario_of(document)
    sampled = drivers(scenario, run_scenario(scenario, plan(4096, 1)), evaluate=kernel.evaluate)
    assert sampled["sampled"]
    errors = [row["total_mcse"] for row in sampled["variance"]["kommune"]["inputs"].values()]
    assert max(errors) > 0


def test_parts_by_year_and_pairs_have_errors_that_hold_the_truth(document):
    """Two correlated inputs whose correlation is 0 in all but name: sampled shares beside those in closed form."""
    document["consequences"]["bolig"]["change"]["source"] = "calibrated to a total"
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day", low=500.0, high=1500.0, meaning="hard")
    exact = drivers(scenario_of(document), run_scenario(scenario_of(document), plan(2048, 1)), evaluate=kernel.evaluate)
    tiny = {"between": ["success.with", "services.bolig.price"], "rank": 1e-9, "source": "assumption: test"}
    document["correlations"] = [tiny]
    scenario = scenario_of(document)
    sampled = drivers(scenario, run_scenario(scenario, plan(2048, 1)), evaluate=kernel.evaluate)
    for table in ("variance_by_year", "variance_by_area"):
        for label, by_actor in sampled[table].items():
            for actor, row in by_actor.items():
                known = exact[table][label][actor]
                assert set(row["total_mcse"]) == set(row["total"])
                assert set(row["elements_mcse"]) == set(row["elements"])
                assert all(error == 0 for error in known["total_mcse"].values())
                for path in set(row["total"]) & set(known["total"]) - {"success.with"}:
                    slack = 5 * row["total_mcse"][path] + 1e-9
                    assert row["total"][path] == pytest.approx(known["total"][path], abs=slack), (label, actor, path)
    assert max(max(row["kommune"]["total_mcse"].values()) for row in sampled["variance_by_year"].values()) > 0
    (pair,) = [one for one in sampled["variance"]["kommune"]["pairs"]
               if set(one["inputs"]) == {"success.with", "groups.register.factor"}]  # fmt: skip
    assert pair["share_mcse"] > 0
    information = sampled["information"]["kommune"]
    for path, by_year in information["by_year"].items():
        worth = information["evppi"][path]
        assert by_year["2024"] == pytest.approx(worth["value"], rel=1e-9, abs=1e-6)
        assert information["by_year_mcse"][path]["2024"] == pytest.approx(worth["mcse"], rel=1e-6, abs=1e-6)
    assert max(max(row.values()) for row in information["by_year_mcse"].values()) > 0


def test_no_interaction_is_told_that_is_rounding(found):
    assert all(row["share"] > 1e-12 for one in found["variance"].values() for row in one["pairs"])
    assert all(row["share_mcse"] == 0 for one in found["variance"].values() for row in one["pairs"])


def test_rounding_is_no_interaction(document):
    """Costs only add: their interactions are 0, and as rounding they are not listed."""
    big = {f"c{n}": {**document["costs"]["drift"], "name": f"C{n}"} for n in range(12)}
    document["costs"] = big
    scenario = scenario_of(document)
    found = drivers(scenario, run_scenario(scenario, plan(1024, 1)), evaluate=kernel.evaluate)
    for table in found["variance"].values():
        assert table["pairs"]
        assert not any("costs" in path for row in table["pairs"] for path in row["inputs"])
