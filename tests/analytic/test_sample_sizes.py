"""How many observations pay: closed forms against sums, search against enumeration, records against nested draws."""

import copy
import json
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, norm

from conftest import DOCUMENT, model_of, number
from soemrisk import kernel
from soemrisk.block_worth import of_one_block
from soemrisk.closed_form import conditional_coefficients
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.digits import grouped
from soemrisk.distribution import Uncertain
from soemrisk.driver_page import driver_page
from soemrisk.driver_tables import driver_tables
from soemrisk.drivers import drivers
from soemrisk.families import FAMILIES
from soemrisk.information import of_counts, of_net, of_normal_records, of_poisson_counts, step_of
from soemrisk.moments import moments, products_of
from soemrisk.quantity import Effort
from soemrisk.receipt import content_hash
from soemrisk.references import with_references
from soemrisk.running import run_scenario
from soemrisk.sample_sizes import MOST, best_number, hours_of, worth_by_number
from soemrisk.scenario import Scenario
from soemrisk.transform import values_at

PLAN = plan(2**12, 5)
RATE = Uncertain(base=0.7, family="beta", parameters={"a": 16.5, "b": 7.5})
SKEW = Uncertain(base=0.02, family="beta", parameters={"a": 0.3, "b": 14.0})
RECORDS = Uncertain(base=-60.0, family="normal", parameters={"mean": -60.0, "sd": 14.0}, individual_sd=90.0)
EVENTS = Uncertain(base=18.0, family="gamma", parameters={"shape": 9.0, "scale": 2.0})
RARE = Uncertain(base=0.05, family="gamma", parameters={"shape": 0.4, "scale": 0.125})
CASES = {
    "rate above 0": ("participants", RATE, (-640_000.0, 1_000_000.0)),
    "rate below 0": ("participants", RATE, (-720_000.0, 1_000_000.0)),
    "rate falls": ("comparison", RATE, (500_000.0, -700_000.0)),
    "zero at a fraction that counts can meet": ("participants", RATE, (-0.5, 1.0)),
    "skew": ("participants", SKEW, (-30_000.0, 1_000_000.0)),
    "no zero": ("participants", RATE, (100.0, 1.0)),
    "records": ("records", RECORDS, (-800_000.0, -15_000.0)),
    "records far from 0": ("records", RECORDS, (-300_000.0, -15_000.0)),
    "events above 0": ("persons", EVENTS, (-160_000.0, 10_000.0)),
    "events below 0": ("persons", EVENTS, (-230_000.0, 10_000.0)),
    "events fall": ("persons", EVENTS, (200_000.0, -10_000.0)),
    "rare": ("persons", RARE, (-9.0, 100.0)),
    "rare the other way": ("persons", RARE, (4.0, -100.0)),
    "events without a zero": ("persons", EVENTS, (100.0, 1.0)),
}


def slow(kind, meant, line, n):
    """One number of observations by the sums of ``information``."""
    lines = (np.array([line[0]]), np.array([line[1]]))
    found = meant.parameters
    if kind == "records":
        return of_normal_records((found["mean"], found["sd"]), meant.individual_sd, lines, n)[0]
    if kind == "persons":
        return of_poisson_counts((found["shape"], found["scale"]), lines, n)[0]
    return of_counts((found["a"], found["b"]), lines, n)[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_numbers_at_once_are_those_of_one_by_one(case):
    kind, meant, line = CASES[case]
    found = worth_by_number(kind, meant, line, 400)
    size = abs(line[0]) + abs(line[1]) * abs(meant.mean)
    assert len(found) == 401
    assert found[0] == 0
    for n in (1, 2, 3, 10, 57, 199, 400):
        assert found[n] == pytest.approx(slow(kind, meant, line, n), rel=1e-9, abs=1e-12 * size)


def test_counts_against_scipy_for_many_participants():
    n, (constant, slope) = 20_000, CASES["rate above 0"][2]
    seen = np.arange(n + 1)
    later = constant + slope * (16.5 + seen) / (24.0 + n)
    now = constant + slope * 16.5 / 24.0
    wanted = betabinom(n, 16.5, 7.5).pmf(seen) @ np.maximum(later, 0) - max(now, 0)
    assert worth_by_number("participants", RATE, (constant, slope), n)[n] == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_more_observations_are_worth_no_less_and_never_more_than_full_knowledge(case):
    kind, meant, line = CASES[case]
    found = worth_by_number(kind, meant, line, 20_000)
    size = abs(line[0]) + abs(line[1]) * abs(meant.mean)
    full = full_knowledge(case)
    assert np.all(found >= 0)
    assert np.all(np.diff(found) >= -1e-12 * size)
    assert found[-1] <= full * (1 + 1e-4) + 1e-9 * size
    assert found[-1] >= full * (1 - 5e-2) - 1e-9 * size


@cache
def full_knowledge(case):
    """EVPPI by the quantiles of the number."""
    _, meant, line = CASES[case]
    levels = (np.arange(100_000) + 0.5) / 100_000
    later = line[0] + line[1] * FAMILIES[meant.family].quantile(levels, meant.parameters)
    return np.maximum(later, 0).mean() - max(later.mean(), 0.0)


@given(
    a=st.floats(0.05, 200),
    b=st.floats(0.05, 200),
    zero=st.floats(0.01, 0.99),
    slope=st.sampled_from([-1e6, -3.0, 1.0, 2e5]),
    n=st.integers(1, 60),
)
def test_any_counts(a, b, zero, slope, n):
    meant = Uncertain(base=0.5, family="beta", parameters={"a": a, "b": b})
    line = (-zero * slope, slope)
    found = worth_by_number("participants", meant, line, n)
    assert found[n] == pytest.approx(slow("participants", meant, line, n), rel=1e-8, abs=1e-12 * abs(slope))
    assert np.all(np.diff(found) >= 0)


@given(
    shape=st.floats(0.05, 200),
    scale=st.floats(0.01, 20),
    ratio=st.floats(0.05, 5),
    slope=st.sampled_from([-1e6, -3.0, 1.0, 2e5]),
    n=st.integers(1, 40),
)
def test_any_events(shape, scale, ratio, slope, n):
    meant = Uncertain(base=1.0, family="gamma", parameters={"shape": shape, "scale": scale})
    line = (-ratio * shape * scale * slope, slope)
    size = abs(slope) * shape * scale
    found = worth_by_number("persons", meant, line, n)
    assert found[n] == pytest.approx(slow("persons", meant, line, n), rel=1e-7, abs=1e-9 * size)
    assert np.all(np.diff(found) >= -1e-11 * size)


EFFORTS = {
    "with a price": {"hours": 1.5, "start": 8.0, "hourly": 450.0},
    "cheap": {"hours": 0.1, "hourly": 10.0},
    "dear": {"hours": 40.0, "start": 100.0, "hourly": 900.0},
    "per hour": {"hours": 1.5, "start": 8.0},
    "per hour from the first": {"hours": 1.5},
}


@pytest.mark.parametrize("effort", EFFORTS, ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_best_number_is_that_of_enumeration(case, effort):
    kind, meant, line = CASES[case]
    stated = Effort(source="x", **EFFORTS[effort])
    most = 20_000
    values = worth_by_number(kind, meant, line, most)
    full = full_knowledge(case) * (1 + 1e-3)
    found = best_number(lambda size: worth_by_number(kind, meant, line, size), full, stated)
    n = np.arange(1.0, most + 1)
    hours = stated.start + stated.hours * n
    score = values[1:] / hours if stated.hourly is None else values[1:] - stated.hourly * hours
    wanted = int(np.argmax(score)) + 1 if score.max() > 0 and full >= 0.01 else 0
    assert found == wanted


def test_a_first_observation_that_changes_nothing_does_not_end_the_search():
    """Five more participants who all fail leave 19.5/27 > 0.72; six do not."""
    meant = Uncertain(base=0.9, family="beta", parameters={"a": 19.5, "b": 2.5})
    line = (-720_000.0, 1_000_000.0)
    values = worth_by_number("participants", meant, line, 40)
    assert np.all(values[:6] == 0)
    assert values[6] > 0
    best = best_number(
        lambda most: worth_by_number("participants", meant, line, most),
        2 * values[-1],
        Effort(hours=0.001, hourly=1.0, source="x"),
    )
    assert best >= 6


def test_hours_are_none_for_nothing_and_the_search_ends_at_a_million():
    effort = Effort(hours=2.0, start=5.0, source="x")
    assert hours_of(effort, np.array([0.0, 1.0, 10.0])).tolist() == [0.0, 7.0, 25.0]
    free = Effort(hours=1e-9, hourly=1e-6, source="x")
    assert best_number(lambda most: 1e6 - 1e6 / np.sqrt(1 + np.arange(most + 1.0)), 1e6, free) == MOST


def document_with(change, **more):
    document = copy.deepcopy(DOCUMENT)
    document["consequences"]["bolig"]["change"] = change
    document["consequences"]["bolig"] |= more
    return document


KOMMUNE = 1


def undecided(document):
    """The same with a cost at which the kommune just gains, so that records can turn its decision."""
    nets = []
    for amount in (0.0, 1_000_000.0):
        document["costs"]["drift"]["amount"] = number(amount)
        model = model_of(document)
        nets.append(kernel.evaluate(model, model.means[None], None).expected[0, KOMMUNE])
    document["costs"]["drift"]["amount"] = number(float(f"{0.97e6 * nets[0] / (nets[0] - nets[1]):.6g}"))
    return document


INDIVIDUALS = {
    "days": (number(-30.0, "day", sd=45.0, of="individuals", n=20), {}),
    "by year": (number([-30.0, -20.0, -10.0], "day", cv=1.5, of="individuals", n=20), {}),
    "a step a year": (number(-30.0, "day", sd=45.0, of="individuals", n=20), {"yearly": 5.0, "duration": 3}),
    "with persistence": (number(-30.0, "day", sd=45.0, of="individuals", n=20), {"persistence": number(0.8, "andel")}),
}


@pytest.mark.parametrize("case", INDIVIDUALS, ids=str)
def test_records_against_nested_monte_carlo_in_days(case):
    """Records are days of persons in the first year; their likelihood weighs draws that go through the kernel.

    Nothing of the closed form is used: neither the posterior nor the line, and the unit is that of the file.
    """
    change, more = INDIVIDUALS[case]
    model = model_of(undecided(document_with(change, **more)))
    net = of_net(products_of(model))
    at = net.paths.index("consequences.bolig.change")
    table = conditional_coefficients(net, moments(net, PLAN, 0))[at]
    assert step_of(net.blocks[at], net) == "records"
    q = int(net.blocks[at].inputs[0])
    days = abs(np.atleast_1d(change["value"])[0])  # of the first year
    between = 1.5 * days  # of persons, in days: 45
    prior = between / np.sqrt(20)
    records, sets, inner = 15, 3000, 2000
    rng = np.random.Generator(np.random.Philox(11))
    draws = -days + prior * norm.ppf((np.arange(inner) + 0.5) / inner)  # of the mean in the first year, in days
    values = np.tile(model.means, (inner, 1))
    values[:, q] = draws * (model.means[q] / -days)
    of_draws = kernel.evaluate(model, values, None).expected
    truth = -days + prior * rng.normal(size=sets)
    observed = truth[:, None] + between * rng.normal(size=(sets, records))
    logs = -((observed.mean(axis=1)[:, None] - draws) ** 2) / (2 * between**2 / records)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    later = (weights @ of_draws) / weights.sum(axis=1, keepdims=True)
    now = of_draws.mean(axis=0)
    # all other inputs are at their means: the net result is a sum of products, and they are independent
    gain = np.where(now > 0, np.maximum(-later, 0), np.maximum(later, 0))[:, KOMMUNE]
    line = (float(table[0, KOMMUNE]), float(table[1, KOMMUNE]))
    wanted = worth_by_number("records", model.inputs[q].distribution, line, records)[records]
    error = gain.std() / np.sqrt(sets)
    assert abs(gain.mean() - wanted) <= 4 * error
    assert error < 0.05 * wanted
    assert wanted > 1000


@pytest.mark.parametrize("case", INDIVIDUALS, ids=str)
def test_the_variation_between_records_is_that_of_chance(case):
    """What persons differ by in the simulation is what records differ by: kr. of one success, the same in both."""
    change, more = INDIVIDUALS[case]
    model = model_of(document_with(change, **more))
    net = of_net(products_of(model))
    at = net.paths.index("consequences.bolig.change")
    q = int(net.blocks[at].inputs[0])
    meant = model.inputs[q].distribution
    assert meant.individual_sd == pytest.approx(1.5 * abs(meant.base))
    assert meant.parameters["sd"] == pytest.approx(meant.individual_sd / np.sqrt(20))
    assert np.all(model.individual_sd[model.individual_sd > 0] == meant.individual_sd)


def stated(effort, **rate):
    document = copy.deepcopy(DOCUMENT)
    document["success"]["with"] = {**document["success"]["with"], **rate} | ({"effort": effort} if effort else {})
    return Scenario.model_validate_json(json.dumps(document))


EFFORT = {"hours": 1.5, "start": 8.0, "hourly": 450.0, "source": "x"}


def what_drives(scenario):
    return drivers(scenario, run_scenario(scenario, plan(2**10, 3)), evaluate=kernel.evaluate)


def test_steps_say_what_numbers_of_observations_take_and_which_is_best():
    scenario = stated(EFFORT)
    found = what_drives(scenario)["information"]
    bare = what_drives(stated(None))["information"]
    net = of_net(products_of(model_of(copy.deepcopy(DOCUMENT))))
    at = net.paths.index("success.with")
    table = conditional_coefficients(net, moments(net, PLAN, 0))[at]
    full = of_one_block(net, net.blocks[at], table)
    for a, actor in enumerate(found):
        step = found[actor]["steps"]["success.with"]
        assert found[actor]["evsi"] == bare[actor]["evsi"]
        assert bare[actor]["steps"]["success.with"]["best"] is None
        assert step["kind"] == "participants"
        for n, row in step["by_number"].items():
            assert row["value"] == found[actor]["evsi"]["success.with"][n]
            assert row["hours"] == 8 + 1.5 * int(n)
            assert row["cost"] == 450 * row["hours"]
            assert row["net"] == row["value"] - row["cost"]
            assert row["value_per_hour"] == row["value"] / row["hours"]
        values = worth_by_number(
            "participants", model_of(DOCUMENT).inputs[_position("success.with")].distribution, tuple(table[:, a]), 5000
        )
        nets = values - 450 * (8 + 1.5 * np.arange(5001.0))
        nets[0] = 0
        assert full[a] < 450 * (8 + 1.5 * 5000)
        assert step["best"]["n"] == int(np.argmax(nets))
        assert step["best"].get("net") == pytest.approx(nets.max(), abs=1e-6)
        assert step["best"]["mcse"] == 0
    assert any(found[actor]["steps"]["success.with"]["best"]["n"] > 0 for actor in found)


def _position(path):
    return next(n for n, one in enumerate(model_of(DOCUMENT).inputs) if one.path == path)


def test_without_an_hourly_cost_the_most_valuable_hour_is_sought():
    found = what_drives(stated({"hours": 1.5, "start": 8.0, "source": "x"}))["information"]
    for table in found.values():
        step = table["steps"]["success.with"]
        assert "cost" not in step["best"]
        if step["best"]["n"]:
            assert all(row["value_per_hour"] <= step["best"]["value_per_hour"] for row in step["by_number"].values())


def test_an_effort_moves_no_result():
    with_effort, without = stated(EFFORT), stated(None)
    assert content_hash(with_effort) != content_hash(without)
    results = [run_scenario(one, plan(2**10, 3))[0] for one in (with_effort, without)]
    assert results[0].net == results[1].net


def test_an_effort_beside_a_number_of_the_library_changes_neither_number_nor_draws():
    document = copy.deepcopy(DOCUMENT)
    entry = {"kind": "rate", "counts": {"successes": 16, "of": 23}, "unit": "andel", "source": "entry"}
    inputs = []
    for beside in ({}, {"effort": EFFORT}):
        document["success"]["with"] = {"library": "followed", **beside}
        filled, findings = with_references(document, {"followed": entry})
        assert not findings
        scenario = Scenario.model_validate_json(json.dumps(filled))
        assert (scenario.success.with_.effort is not None) == bool(beside)
        inputs.append(compile_scenario(scenario).inputs)
    assert inputs[0] == inputs[1]
    assert inputs[0][0].key == "followed"


def test_a_price_or_factor_of_counted_events_has_no_step():
    """Kroner are not counted one by one: the value of such counts would depend on the unit."""
    document = copy.deepcopy(DOCUMENT)
    gamma = {"family": "gamma", "parameters": {"shape": 25.0, "scale": 40.0}}
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day", **gamma)
    document["groups"]["register"]["factor"] = number(0.5, "faktor", family="beta", parameters={"a": 5.0, "b": 5.0})
    net = of_net(products_of(model_of(document)))
    for path in ("services.bolig.price", "groups.register.factor"):
        assert step_of(net.blocks[net.paths.index(path)], net) is None


def test_a_net_rate_from_counts_is_none():
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.6, "andel", family="beta", parameters={"a": 6.0, "b": 4.0})}
    net = of_net(products_of(model_of(document)))
    assert step_of(net.blocks[net.paths.index("success.net")], net) is None


PAGES = {
    "participants": "At følge {n} deltagere mere (»Succesrate med indsats«)",
    "comparison": "At følge {n} personer uden indsatsen (»Succesrate uden indsats«)",
    "records": "At slå {n} sager mere op (»Bolig: ændring pr. succes«)",
}


def of_kind(kind, effort):
    """A scenario with the effort on the one number that is observed so, and a kommune that nearly breaks even."""
    rate = number(0.2, "andel", family="beta", parameters={"a": 4.0, "b": 16.0})
    document = document_with(number(-30.0, "day", sd=45.0, of="individuals", n=20))
    document["success"]["without"] = rate
    weeks = number(4.0, "week", family="gamma", parameters={"shape": 4.0, "scale": 1.0})
    document["consequences"]["skat"]["change"] = weeks
    document["services"]["skat"]["shares"] = {"kommune": 1.0}
    document["services"]["skat"]["price"] = number(5000.0, "kr. pr. week")
    undecided(document)
    places = {
        "participants": document["success"]["with"],
        "comparison": document["success"]["without"],
        "records": document["consequences"]["bolig"]["change"],
        "persons": weeks,
    }
    places[kind] |= {"effort": effort}
    return Scenario.model_validate_json(json.dumps(document))


@pytest.mark.parametrize("kind", PAGES, ids=str)
def test_the_page_says_what_pays(kind):
    scenario = of_kind(kind, {"hours": 1.0, "start": 2.0, "hourly": 40.0, "source": "x"})
    found = what_drives(scenario)
    ((path, step),) = ((p, s) for p, s in found["information"]["kommune"]["steps"].items() if s["best"] is not None)
    best = step["best"]
    assert step["kind"] == kind
    assert best["net"] > 0
    page = " ".join(driver_page(scenario, found, "da", "kommune").split())
    value, cost, hours = (grouped(best[name], "da") for name in ("value", "cost", "hours"))
    said = f"{PAGES[kind].format(n=grouped(best['n'], 'da'))} ventes at forbedre beslutningen med {value} kr., før"
    assert f"{said} udgiften på {cost} kr. ({hours} timer)." in page
    assert "before the cost of DKK" in " ".join(driver_page(scenario, found, "en", "kommune").split())
    table = driver_tables(scenario, found, "en")["steps.csv"].decode("utf-8-sig").splitlines()
    assert table[0] == "actor,input,name,kind,observed,value,mcse,hours,value_per_hour,cost,net,best"
    (row,) = (line for line in table if line.startswith(f"kommune,{path},") and line.endswith(",1"))
    assert f",{kind},{best['n']},{best['value']!r}," in row


@pytest.mark.parametrize("kind", PAGES, ids=str)
def test_the_page_says_what_does_not_pay_and_what_an_hour_gives(kind):
    dear = of_kind(kind, {"hours": 1000.0, "hourly": 40_000.0, "source": "x"})
    found = what_drives(dear)
    assert all(one["best"]["n"] == 0 for table in found["information"].values() for one in _stated(table))
    assert "Det kan ikke betale sig at" in " ".join(driver_page(dear, found, "da", "kommune").split())
    assert "It does not pay to" in " ".join(driver_page(dear, found, "en", "kommune").split())
    hourly = of_kind(kind, {"hours": 1.0, "start": 2.0, "source": "x"})
    found = what_drives(hourly)
    (step,) = _stated(found["information"]["kommune"])
    rate = grouped(step["best"]["value_per_hour"], "da")
    assert f"{rate} kr. pr. time, før udgiften" in " ".join(driver_page(hourly, found, "da", "kommune").split())


def _stated(table):
    return [one for one in table["steps"].values() if one["best"] is not None]


def test_values_of_the_table_rise():
    found = what_drives(stated(EFFORT))["information"]
    for table in found.values():
        for step in table["steps"].values():
            values = [row["value"] for row in step["by_number"].values()]
            assert all(less <= more + 1e-6 for less, more in pairwise(values))
            assert values[-1] <= table["evppi"]["success.with"]["value"] * (1 + 1e-9) + 1e-6


def test_the_value_of_sampled_moments_has_an_error():
    document = copy.deepcopy(DOCUMENT)
    document["success"]["with"] |= {"effort": EFFORT}
    document["correlations"] = [
        {"between": ["costs.drift.amount", "services.bolig.price"], "rank": 0.5, "source": "x"},
        {"between": ["groups.register.factor", "services.bolig.price"], "rank": 0.5, "source": "x"},
    ]
    found = what_drives(Scenario.model_validate_json(json.dumps(document)))
    assert found["sampled"]
    best = [table["steps"]["success.with"]["best"] for table in found["information"].values()]
    assert any(one["mcse"] > 0 for one in best if one["n"])
    assert all(one["mcse"] == 0 for one in best if not one["n"])


def test_points_are_not_needed_for_a_step():
    """The line that a step is valued on, against draws of everything else."""
    model = model_of(copy.deepcopy(DOCUMENT))
    net = of_net(products_of(model))
    at = net.paths.index("success.with")
    table = conditional_coefficients(net, moments(net, PLAN, 0))[at]
    q = int(net.blocks[at].inputs[0])
    values = values_at(model, points(plan(2**16, 3), model.columns, 0))
    for rate in (0.3, 0.8):
        values[:, q] = rate
        net_at = kernel.evaluate(model, values, None).expected
        error = net_at.std(axis=0) / np.sqrt(len(values))
        assert np.all(np.abs(net_at.mean(axis=0) - table[0] - table[1] * rate) <= 4 * error + 1e-6)
