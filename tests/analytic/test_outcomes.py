"""Outcomes that are no money: amounts against closed forms and a plain loop, what a unit costs and must be worth."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from conftest import DOCUMENT, digested, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.digest import base_units
from soemrisk.level_scaling import is_scaled
from soemrisk.outcome_figures import cost_figures, plane, ratios_of_draws, worth_figures, worth_needed
from soemrisk.outcome_rows import plane_sentences, worth_rows
from soemrisk.profiles import change_by_year
from soemrisk.reading import parse, read
from soemrisk.reference import discount_factors
from soemrisk.running import run_scenario
from soemrisk.simulation import evaluate_at, simulate_model
from soemrisk.tables import tables
from soemrisk.terminal import report
from soemrisk.transform import columns, common_column, directions, values_at, with_own

VALID = Path(__file__).parents[1] / "spec" / "valid"
OUTCOMES, ACT = VALID / "outcomes.toml", VALID / "act-outcomes.toml"
PLAN = plan(4096, 1)


def with_outcome(**stated):
    document = copy.deepcopy(DOCUMENT)
    document["outcomes"] = {"one": {"name": "Outcome", **stated}}
    return document


def simulated(document, planned=PLAN):
    return simulate_model(model_of(document), planned, evaluate=kernel.evaluate)


def near(estimate, truth, by_replicate, times=5.0):
    error = np.std(by_replicate, ddof=1) / np.sqrt(len(by_replicate))
    assert abs(estimate - truth) <= times * error, (estimate, truth, error)


def test_the_amount_has_the_mean_and_the_variance_of_a_product_of_a_gain_and_a_binomial_number():
    document = with_outcome(gain=number(2.0, "QALY", se=0.5))
    document["success"] = {"net": number(0.5, "andel", family="uniform", parameters={"low": 0.2, "high": 0.8})}
    draws = simulated(document, plan(65_536, 3))
    persons, mean, second = 30.0, 0.5, 0.5**2 + 0.6**2 / 12  # 10 + 20 who complete; moments of the rate
    successes = persons * (mean - second) + persons**2 * second  # E M²
    amounts = draws.own.sum(axis=3)[:, :, 0]
    near(amounts.mean(), 2.0 * persons * mean, amounts.mean(axis=1))
    variance = (2.0**2 + 0.5**2) * successes - (2.0 * persons * mean) ** 2
    near(amounts.var(), variance, amounts.var(axis=1))
    known = (2.0**2 + 0.5**2) * persons**2 * second - (2.0 * persons * mean) ** 2
    expected = draws.own_expected[:, :, 0]
    near(expected.var(), known, expected.var(axis=1))


def test_the_expected_cost_of_a_unit_is_the_ratio_of_the_closed_means():
    document = with_outcome(gain=number(2.0, "QALY", se=0.3))
    found = digested(scenario_of(document), simulated(document, plan(65_536, 3))).own[0]
    one = run_scenario(scenario_of(document), plan(65_536, 4))[0]
    net, units = one.expected[0]["mean"], one.own[0].expected["mean"]
    assert units == pytest.approx(2.0 * 30 * 0.5, rel=1e-4)
    assert found.cost[0]["of_means"] == pytest.approx(-net / units, abs=6 * found.cost[0]["mcse_of_means"])


def by_hand(scenario, values, name):
    """Units of an outcome by year, from the scenario and values by path, one cohort and year at a time."""
    outcome = scenario.outcomes[name]
    groups = list(scenario.subgroups.items()) or [(None, None)]
    found = dict.fromkeys(scenario.years, 0.0)
    for completed, count in scenario.participants.completers.items():
        for group, own in groups:
            persons = count * (1.0 if own is None else own.share)
            place = "success.net" if own is None or own.success is None else f"subgroups.{group}.success.net"
            successes = persons * values[place]
            for year in scenario.years:
                since = year - completed
                if outcome.gain is not None:
                    stated = outcome.gain.value if isinstance(outcome.gain.value, tuple) else (1.0,)
                    k = since - outcome.onset
                    if not 0 <= k < len(stated) or outcome.subgroup not in {None, group}:
                        continue
                    each = stated[k] * values[f"outcomes.{name}.gain"]
                    each *= values[f"groups.{outcome.group}.factor"] if outcome.group else 1.0
                    found[year] += each * (persons if outcome.per == "participant" else successes)
                    continue
                for key in outcome.counted:
                    consequence = scenario.consequences[key]
                    if since < 0 or consequence.subgroup not in {None, group}:
                        continue
                    change = values[f"consequences.{key}.change"] * change_by_year(consequence, scenario.horizon)[since]
                    change *= values[f"groups.{consequence.group}.factor"] if consequence.group else 1.0
                    change *= values[f"relatives.{consequence.relatives}.number"] if consequence.relatives else 1.0
                    if is_scaled(scenario, consequence):
                        here, studied = (values[f"consequences.{key}.{name_}"] for name_ in ("level", "level_studied"))
                        change *= here / studied
                    if consequence.persistence is not None:
                        change *= values[f"consequences.{key}.persistence"] ** max(since - consequence.onset, 0)
                    if scenario.services[consequence.service].bands is not None:
                        change = max(change, -values[f"consequences.{key}.level"])
                    found[year] += successes * change * (-1 if outcome.less_of else 1)
    return found


BASELINE = """
[outcomes.uger]
name = "Uger"
less_of = ["kontanthjaelp", "pension"]

[outcomes.doegn]
name = "Døgn"
less_of = ["herberg"]

[outcomes.dage]
name = "Dage"
more_of = ["stoffer", "stoffer_senere"]
"""


def with_other_baseline():
    text = (VALID / "other-baseline.toml").read_text(encoding="utf-8")
    return parse((text + BASELINE).encode(), "x.toml")


@pytest.mark.parametrize("scenario", [read(OUTCOMES), with_other_baseline()], ids=["outcomes", "other-baseline"])
def test_every_kind_of_outcome_is_what_a_plain_loop_counts(scenario):
    model = compile_scenario(scenario)
    cube = points(plan(1024, 5), columns(model), 0)
    values = values_at(model, cube[:, : len(model.columns)])
    own = with_own(model, values, cube)
    found = evaluate_at(model, cube, directions(model), kernel.evaluate)
    discount = discount_factors(model, values)
    behind = values.shape[1]
    for row in range(0, 64, 7):
        by_path = {one.path: values[row, n] for n, one in enumerate(model.inputs)}
        by_path |= {one.path: own[row, behind + n] for n, one in enumerate(model.own_inputs)}
        for o, outcome in enumerate(model.outcomes):
            years = by_hand(scenario, by_path, outcome.name)
            factors = discount[row] if outcome.discounted else np.ones(len(years))
            total = sum(units * factor for units, factor in zip(years.values(), factors, strict=True))
            assert found.own_expected[row, o] == pytest.approx(total, rel=1e-12), outcome.name


@pytest.mark.parametrize("path", [OUTCOMES, ACT], ids=lambda path: path.stem)
def test_the_kernel_and_its_slow_twin_count_the_same(path):
    model = compile_scenario(read(path))
    cube = points(plan(512, 2), columns(model), 3)
    fast, slow = (
        evaluate_at(model, cube, directions(model), how) for how in (kernel.evaluate, reference.evaluate_points)
    )
    np.testing.assert_allclose(fast.own, slow.own, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(fast.outcome.by_cohort, slow.outcome.by_cohort)
    assert np.abs(fast.own.sum(axis=2) - fast.own_expected).max() > 0


def test_counted_draws_give_the_figures_of_kept_ones():
    scenario = read(OUTCOMES)
    planned = plan(16 * 8192, 2)
    kept, counted = (run_scenario(scenario, planned, kept=most)[0] for most in (planned.draws, 0))
    for one, other in zip(kept.own, counted.own, strict=True):
        assert one.base == other.base
        np.testing.assert_allclose(one.year, other.year, rtol=1e-10)
        for name in ("mean", "mcse_mean", "prob_positive"):
            assert other.amount[name] == pytest.approx(one.amount[name], rel=1e-7)
        for tables_, others in ((one.worth, other.worth), (one.cost, other.cost)):
            for row, again in zip(tables_, others, strict=True):
                assert list(row) == list(again)
                for name, value in row.items():
                    level = name.removeprefix("mcse_") in {"p10", "p50", "p90"}  # between two draws of a bin
                    wide = 1e-7 if not level else 5e-2 if name.startswith("mcse_") else 1e-2
                    assert again[name] == pytest.approx(value, rel=wide, abs=1e-9, nan_ok=True), name


def test_an_outcome_more_changes_no_other_figure_whatever_the_sampler():
    for sampler in ("sobol", "random", "lhs"):
        planned = plan(2048, 7, sampler)
        told = []
        for scenario in (read("act-randers"), read(ACT)):
            found = answer(scenario, run_scenario(scenario, planned)[0], "da")
            told.append({key: one for key, one in found.items() if key not in {"scenario", "outcomes"}})
        assert json.dumps(told[0]) == json.dumps(told[1])


def test_a_unit_twice_as_large_is_worth_twice_as_much():
    figures = []
    for scale in (1.0, 8.0):
        document = with_outcome(gain=number(0.25 * scale, "unit", se=0.125 * scale))
        figures.append(digested(scenario_of(document), simulated(document)).own[0])
    small, large = figures
    assert large.base == 8 * small.base
    assert large.amount["p90"] == 8 * small.amount["p90"]
    for one, other in zip(small.worth, large.worth, strict=True):
        for name in ("base", "p10", "p50", "p90"):
            assert other[name] * 8 == pytest.approx(one[name], rel=1e-13)
        assert other["prob_free"] == one["prob_free"]
    for one, other in zip(small.cost, large.cost, strict=True):
        assert other["of_means"] * 8 == pytest.approx(one["of_means"], rel=1e-12)


def test_what_must_be_worth_is_where_net_and_worth_add_up_to_nothing():
    rng = np.random.Generator(np.random.Philox(5))
    net, units = rng.normal(-1e5, 2e5, (16, 500)), rng.normal(20.0, 4.0, (16, 500))
    known = ratios_of_draws(net, units)
    found = worth_figures((-1e5, 20.0), known)
    assert found["base"] == 5000
    assert found["prob_free"] == pytest.approx((net >= 0).mean(), rel=1e-12)
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert (net + found[name] * units >= 0).mean() == pytest.approx(level, abs=2 / net.size)


def test_quantiles_of_a_cost_are_of_the_draws_that_cost_and_give_alone():
    rng = np.random.Generator(np.random.Philox(6))
    net, units = rng.normal(0.0, 1e5, (16, 1000)), rng.normal(10.0, 10.0, (16, 1000))
    found = cost_figures(ratios_of_draws(net, units))
    both = (net < 0) & (units > 0)
    alone = -net[both] / units[both]
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert found[name] == pytest.approx(np.quantile(alone, level, method="hazen"), rel=1e-9)
    shares = [found[f"prob_{name}"] for name in plane(net, units)]
    assert sum(shares) == pytest.approx(1.0)
    assert found["prob_costs"] == both.mean()
    assert found["of_means"] == pytest.approx(-net.mean() / units.mean())


def test_the_error_of_the_ratio_of_means_is_that_of_repeated_runs():
    document = with_outcome(gain=number(2.0, "QALY", se=1.0))
    runs = [digested(scenario_of(document), simulated(document, plan(1024, seed, "random"))) for seed in range(60)]
    ratios = [one.own[0].cost[1]["of_means"] for one in runs]
    errors = [one.own[0].cost[1]["mcse_of_means"] for one in runs]
    assert 0.75 < np.sqrt(np.mean(np.square(errors))) / np.std(ratios, ddof=1) < 1.3  # sd of an sd of 60: 9 %


def test_without_units_no_worth_is_enough_and_without_a_loss_none_is_needed():
    net, units = np.array([-1.0, 1.0, 0.0, -1.0]), np.array([0.0, -3.0, 2.0, 1e-320])
    assert worth_needed(net, units).tolist() == [np.inf, -np.inf, 0.0, np.inf]
    nothing = cost_figures(ratios_of_draws(np.full((16, 50), -1.0), np.zeros((16, 50))))
    assert np.isnan(nothing["of_means"])
    assert np.isnan(nothing["p50"])
    assert nothing["prob_dominated"] == 1.0


def test_units_that_may_be_none_have_no_cost_in_the_mean():
    document = with_outcome(gain=number(0.0, "point", se=1.0))
    found = digested(scenario_of(document), simulated(document))
    told = answer(scenario_of(document), found, "en")["outcomes"]["one"]
    assert told["cost_per_unit"]["total"]["of_means"] is None
    assert told["worth"]["total"]["base"] is None
    assert told["worth"]["total"]["prob_never"] > 0.1
    rows = worth_rows(answer(scenario_of(document), found, "en"), "one", {"total": "Total"}, "en")
    assert "not settled" in rows[1]


def test_what_counts_for_each_participant_does_not_depend_on_success():
    document = with_outcome(gain=number(3.0, "point"), per="participant")
    document["participants"]["completers"] = {"2020": 10.5, "2021": 20}
    draws = simulated(document)
    amounts = draws.own.sum(axis=3)[:, :, 0]
    assert set(np.unique(amounts)) == {90.0, 93.0}
    assert amounts.mean() == pytest.approx(3 * 30.5, rel=1e-3)
    assert base_units(draws.model)[1].sum() == 3 * 30.5


def test_differences_between_persons_reach_what_is_counted():
    document = with_outcome(less_of=["bolig"])
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", sd=45.0, of="individuals")
    document["success"] = {"net": number(0.5, "andel")}
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    draws = simulated(document, plan(65_536, 1))
    amounts = draws.own.sum(axis=3)[:, :, 0]
    variance = 0.0
    for persons, years in ((10, 5), (20, 4)):
        variance += persons * 0.25 * (30 * years) ** 2 + persons * 0.5 * (45 * years) ** 2
    near(amounts.var(), variance, amounts.var(axis=1))


def test_an_entry_of_the_library_in_two_places_is_one_number():
    document = with_outcome(gain=number(-30.0, "day", se=4.0, library="same"))
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", se=4.0, library="same")
    model = model_of(document)
    assert model.own_columns == ()
    cube = points(PLAN, columns(model), 0)
    own = with_own(model, values_at(model, cube[:, : len(model.columns)]), cube)
    place = next(n for n, one in enumerate(model.inputs) if one.path == "consequences.bolig.change")
    assert model.outcomes[0].patterns[0].factors == (place,)
    assert own[:, place].std() > 1


def test_the_common_point_is_found_before_the_outcomes():
    model = compile_scenario(read(OUTCOMES))
    cube = np.arange(len(columns(model)), dtype=np.float64)[None] / 1000
    assert columns(model)[round(float(common_column(model, cube)[0]) * 1000)] == "outcomes/correlated"


def test_text_and_tables_tell_of_outcomes_only_where_there_are_some():
    for path, some in ((ACT, True), ("act-randers", False)):
        scenario = read(path)
        digest = run_scenario(scenario, plan(1024, 1))[0]
        found = answer(scenario, digest, "en")
        assert bool(found["outcomes"]) is some
        assert ("Outcomes that are not money" in report(scenario, digest, found, "en")) is some
        written = tables(digest.model, found, "en")
        assert ("outcomes_worth.csv" in written) is some
        assert (b"outcomes/maaneder_i_egen_bolig/gain" in written["assumptions.csv"]) is some


def test_counts_of_the_plane_are_told_for_each_outcome_and_actor():
    scenario = read(ACT)
    found = answer(scenario, run_scenario(scenario, plan(16_384, 1))[0], "en")
    told = list(plane_sentences(scenario, found, {"kommune": "Municipality"}, "en"))
    assert len(told) == 2
    share = found["outcomes"]["herbergsdoegn"]["cost_per_unit"]["kommune"]["prob_dominates"]
    assert f"in {100 * share:.0f} of 100 draws there is a gain and more units" in told[0]


def test_nothing_is_avoided_that_is_not_used():
    document = copy.deepcopy(DOCUMENT)
    steps = [{"kommune": 0.5, "stat": 0.5}, {"above": 20, "kommune": 1.0}]
    document["services"]["bolig"] |= {"bands": "year", "shares": steps}
    document["consequences"]["bolig"] |= {"change": number(-30.0, "day", se=20.0), "level": number(31.0, "day")}
    document["outcomes"] = {"one": {"name": "Days", "less_of": ["bolig"]}}
    model = model_of(document)
    found = simulate_model(model, PLAN, evaluate=kernel.evaluate)
    cube = points(PLAN, columns(model), 0)[:, : len(model.columns)]
    successes = reference.evaluate(model, values_at(model, cube)).by_cohort
    most = 31.0 * (successes * [5, 4]).sum(axis=1)
    assert np.all(found.own_expected[0, :, 0] <= most * (1 + 1e-12))
    assert np.isclose(found.own_expected[0, :, 0], most).mean() > 0.3
