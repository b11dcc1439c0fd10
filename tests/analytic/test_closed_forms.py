"""Simulated moments against closed forms, with tolerances in standard errors of the simulation."""

import numpy as np
import pytest

from conftest import SOURCE, digested, model_of, number, scenario_of
from soemrisk.answer import answer, mean_minus_base
from soemrisk.break_evens import break_even
from soemrisk.compilation import compile_scenario
from soemrisk.families import FAMILIES, quantile
from soemrisk.reading import read
from soemrisk.reference import Drawn, evaluate, net_rate
from soemrisk.statistics import standard_error


def certain(document, *keep):
    """Take every spread out of a document but those of the named paths."""
    spread = ("low", "high", "meaning", "se", "significant", "family", "parameters")
    places = {
        "success.with": document["success"]["with"],
        "success.without": document["success"]["without"],
        "costs.drift": document["costs"]["drift"]["amount"],
        "groups.register": document["groups"]["register"]["factor"],
        "bolig.price": document["services"]["bolig"]["price"],
        "bolig.change": document["consequences"]["bolig"]["change"],
        "skat.change": document["consequences"]["skat"]["change"],
    }
    for name, place in places.items():
        if name not in keep:
            for key in spread:
                place.pop(key, None)
    return document


def test_with_everything_certain_nothing_varies_but_chance_and_the_base_is_the_mean(document, simulate_document):
    simulation = simulate_document(certain(document))
    model = simulation.model
    base = evaluate(model, model.base[None]).expected[0]
    assert len(model.uncertain) == 0
    np.testing.assert_array_equal(np.ptp(simulation.expected, axis=(0, 1)), 0)
    np.testing.assert_allclose(simulation.expected[0, 0], base, rtol=1e-15)
    found = digested(scenario_of(document), simulation).chance_share
    assert found[0] == pytest.approx(1.0)
    means = simulation.net.mean(axis=1)
    for a in range(len(model.actors)):
        assert abs(means[:, a].mean() - base[a]) < 5 * standard_error(means[:, a])


def test_act_with_everything_certain_prints_sd_0_and_the_base_to_the_ore(document, simulate_document):
    document["participants"]["completers"] = {"2020": 10}
    document["success"] = {"net": {"value": 1.0, "unit": "andel", "source": "assumption: all succeed"}}
    for place in (
        document["costs"]["drift"]["amount"],
        document["groups"]["register"]["factor"],
        document["services"]["bolig"]["price"],
        document["consequences"]["bolig"]["change"],
        document["consequences"]["skat"]["change"],
    ):
        for key in ("low", "high", "meaning", "significant"):
            place.pop(key, None)
    simulation = simulate_document(document)
    from conftest import scenario_of

    scenario = scenario_of(document)
    found = answer(scenario, digested(scenario, simulation), "da")
    for actor, stats in found["net"].items():
        assert stats["sd"] == 0.0
        assert stats["mcse_mean"] == 0.0
        assert stats["mean"] == pytest.approx(found["base"]["net"][actor], abs=0.005)


def test_with_only_the_rate_uncertain_quantiles_are_those_of_the_rate_on_a_line(document, simulate_document):
    simulation = simulate_document(certain(document, "success.with"), draws=65_536)
    model = simulation.model
    base = evaluate(model, model.base[None])
    beta = {"a": 6.0, "b": 4.0}
    for a in range(len(model.actors)):
        line = base.at_zero[0, a] + base.per_rate[0, a] * (quantile("beta", beta, [0.05, 0.5, 0.95]) - 0.1)
        spread = np.quantile(simulation.expected[:, :, a], [0.05, 0.5, 0.95], axis=1, method="hazen")
        for level in range(3):
            error = standard_error(spread[level])
            assert abs(spread[level].mean() - line[level]) < 5 * error
        variance = base.per_rate[0, a] ** 2 * FAMILIES["beta"].sd(beta) ** 2
        found = simulation.expected[:, :, a].var(axis=1)
        assert abs(found.mean() - variance) < 5 * standard_error(found)
    # one draw for all cohorts: without chance every draw is the line at its own rate
    exact = base.at_zero[0] + base.per_rate[0] * simulation.rate[..., None]
    np.testing.assert_allclose(simulation.expected, exact, rtol=1e-12)


def test_chance_adds_the_variance_of_the_binomial_and_no_mean(document, simulate_document):
    simulation = simulate_document(certain(document), draws=65_536)
    model = simulation.model
    worth = evaluate_worth(model)
    s = float(net_rate(model, model.base[None])[0])
    for a in range(len(model.actors)):
        variance = sum(n * s * (1 - s) * worth[c, a] ** 2 for c, n in enumerate(model.completers))
        found = simulation.net[:, :, a].var(axis=1)
        assert abs(found.mean() - variance) < 5 * standard_error(found) + 1e-3 * variance
        assert simulation.chance_variance[0, 0, a] == pytest.approx(variance, rel=1e-12)
        means = simulation.net[:, :, a].mean(axis=1)
        assert abs(means.mean() - simulation.expected[0, 0, a]) < 5 * standard_error(means)


@pytest.mark.parametrize(
    ("chance", "completers"), [("independent", {"2020": 10, "2021": 20}), ("nobody-harmed", {"2020": 7.5})]
)
def test_chance_variance_holds_for_independent_rates_and_fractional_completers(
    document, simulate_document, chance, completers
):
    document["settings"]["chance"] = chance
    document["participants"]["completers"] = completers
    document["success"]["with"]["value"] = 0.63  # a rate of 1/2 would be hit without any error
    simulation = simulate_document(certain(document), draws=65_536)
    for a in range(3):
        found = simulation.net[:, :, a].var(axis=1)
        assert abs(found.mean() - simulation.chance_variance[0, 0, a]) <= 5 * standard_error(found)
        means = simulation.net[:, :, a].mean(axis=1)
        assert abs(means.mean() - simulation.expected[0, 0, a]) <= 5 * standard_error(means)


def test_an_uncertain_number_of_completers_scales_gains_and_costs_for_each_of_them(document, simulate_document):
    certain(document)
    document["participants"]["factor"] = number(1.0, "andel", low=0.5, high=1.5, meaning="hard")
    document["costs"]["hver"] = {
        "name": "x",
        "area": "omkostninger",
        "amount": number(10_000.0),
        "per": "completer",
        "payer": {"stat": 1.0},
        "payer_source": SOURCE,
    }
    simulation = simulate_document(document, draws=65_536)
    model = simulation.model
    values = np.repeat(model.base[None], 2, axis=0)
    values[1, model.turnout] = 0.5
    whole, half = evaluate(model, values).expected
    fixed = -evaluate(model, model.base[None]).at_zero[0, 1]  # the kommune's cost is a total
    np.testing.assert_allclose(half[1] + fixed, (whole[1] + fixed) / 2, rtol=1e-12)
    np.testing.assert_allclose(half[2], whole[2] / 2, rtol=1e-12)
    for a in range(3):  # Var(net) = Var(E[net | θ]) + E Var(net | θ), with ⌊n⌋ + Bernoulli completers
        found = simulation.net[:, :, a].var(axis=1)
        parts = simulation.expected[:, :, a].var() + simulation.chance_variance[:, :, a].mean()
        assert abs(found.mean() - parts) < 5 * standard_error(found) + 1e-3 * parts


def evaluate_worth(model):
    """Kr. of one success by cohort and actor, by counting one success more."""
    c = len(model.completers)
    counted = np.vstack([np.zeros(c), np.eye(c)])
    one_more = Drawn(successes=counted, persons=counted, scores=np.zeros((c + 1, 0, c)))
    ones = evaluate(model, np.repeat(model.base[None], c + 1, axis=0), one_more)
    net = ones.year.sum(axis=1)
    return net[1:] - net[0]


def test_the_mean_of_act_is_the_product_of_means():
    # independent inputs in a sum of products: E f(X) = f(E X)
    from soemrisk.design import plan
    from soemrisk.kernel import evaluate as fast
    from soemrisk.simulation import simulate_model

    model = compile_scenario(read("act-randers"))
    simulation = simulate_model(model, plan(65_536, 2), evaluate=fast)
    exact = evaluate(model, model.means[None]).expected[0]
    for a, actor in enumerate(model.actors):
        means = simulation.expected[:, :, a].mean(axis=1)
        assert abs(means.mean() - exact[a]) < 5 * standard_error(means)
        inputs, shape = mean_minus_base(digested(read("act-randers"), simulation))[actor].values()
        assert inputs + shape == pytest.approx(
            means.mean() - evaluate(model, model.base[None]).expected[0, a], rel=1e-9
        )
        assert abs(shape) < 5 * standard_error(means)


def test_the_variance_of_act_is_that_of_the_sum_of_products():
    # Var = Σ_t Σ_t' (E[g g'] − E g E g'), expectations of products of independent inputs from their means and sds
    from soemrisk.design import plan
    from soemrisk.kernel import evaluate as fast
    from soemrisk.simulation import simulate_model

    model = compile_scenario(read("act-randers"))
    mean = model.means
    sd = np.array(
        [
            0.0
            if one.distribution.family is None
            else FAMILIES[one.distribution.family].sd(one.distribution.parameters)
            for one in model.inputs
        ]
    )
    discount = (1 + mean[model.discount[0]]) ** -model.years_at_rate[0]
    terms = []  # (coefficient by actor, positions multiplied)
    weight = np.einsum("tcay,c,y->ta", model.weights, model.completers, discount)
    for t, factors in enumerate(model.factors):
        inside = [int(f) for f in factors if f >= 0]
        terms.append((weight[t], [int(model.rates[0, 0]), *inside]))
        terms.append((-weight[t], [int(model.rates[0, 1]), *inside]))
    for u, q in enumerate(model.cost_quantity):
        terms.append((model.cost_weights[u].sum(axis=1), [int(q)]))
    variance = np.zeros(len(model.actors))
    for left, ours in terms:
        for right, theirs in terms:
            product = np.prod([mean[q] ** 2 + sd[q] ** 2 if q in theirs else mean[q] for q in ours])
            product *= np.prod([mean[q] for q in theirs if q not in ours])
            apart = np.prod(mean[ours]) * np.prod(mean[theirs])
            variance += left * right * (product - apart)
    simulation = simulate_model(model, plan(65_536, 5), evaluate=fast)
    for a in range(len(model.actors)):
        found = simulation.expected[:, :, a].var(axis=1)
        assert abs(found.mean() - variance[a]) < 5 * standard_error(found)


def test_break_even_draws_follow_the_line(document, simulate_document):
    simulation = simulate_document(document)
    zero = break_even(simulation.at_zero[..., 1], simulation.per_rate[..., 1])
    finite = np.isfinite(zero) & (simulation.per_rate[..., 1] > 0)
    at_zero = simulation.at_zero[..., 1] + simulation.per_rate[..., 1] * np.where(finite, zero, 0)
    np.testing.assert_allclose(at_zero[finite], 0, atol=1e-6)
    reached = simulation.rate[finite] >= zero[finite]
    np.testing.assert_array_equal(reached, simulation.expected[..., 1][finite] >= 0)


def test_all_consequences_correlated_is_wider_where_all_are_savings_or_income(document, simulate_document):
    document["services"]["skat"]["shares"] = {"kommune": 1.0}
    simulation = simulate_document(certain(document, "bolig.change", "skat.change"), draws=65_536)
    model = simulation.model
    rate = net_rate(model, model.base[None])[0]
    # sd of fully correlated normals is the sum of their sds, of independent ones the root of the sum of squares
    gains = [evaluate_gain(model, name) * rate for name in ("bolig", "skat")]
    sds = [abs(gain) / 1.959963984540054 for gain in gains]
    together = simulate_without_chance(model, correlated=True).std()
    apart = simulate_without_chance(model, correlated=False).std()
    assert together == pytest.approx(sum(sds), rel=0.01)
    assert apart == pytest.approx(np.hypot(*sds), rel=0.01)


def evaluate_gain(model, name):
    values = np.repeat(model.base[None], 2, axis=0)
    position = next(n for n, one in enumerate(model.inputs) if one.path == f"consequences.{name}.change")
    values[1, position] = 0
    per_rate = evaluate(model, values).per_rate[:, 0]
    return per_rate[0] - per_rate[1]


def simulate_without_chance(model, *, correlated):
    from soemrisk.design import plan, points
    from soemrisk.transform import columns, correlated_values, directions, values_at

    cube = points(plan(16 * 8192, 0), columns(model), 0)
    values = values_at(model, cube[:, : len(model.columns)])
    if correlated:
        values = correlated_values(model, values, cube[:, -1], directions(model))
    return evaluate(model, values).expected[:, 0]


def test_model_of_a_document_has_the_terms_that_the_formula_has(document):
    model = model_of(document)
    assert model.weights.shape == (2, 2, 3, 5)
    one = evaluate(model, model.base[None])
    # by hand, undiscounted at rate 0.5: cohort 2020 5 successes, 5 years; cohort 2021 10 successes, 4 years
    d = [1.04 ** -(year - 2020) for year in range(2020, 2025)]
    bolig = 30 * 1000 * (5 * sum(d) + 10 * sum(d[1:]))
    skat = 500 * (5 * (2 * d[0] + 4 * d[1] + 4 * d[2]) + 10 * (2 * d[1] + 4 * d[2] + 4 * d[3]))
    cost = 1_000_000 * (0.5 * d[0] + 0.5 * d[1])
    assert one.expected[0, 0] == pytest.approx(bolig + skat - cost, rel=1e-12)
    assert one.expected[0, 1] == pytest.approx(0.5 * bolig + 0.25 * skat - cost, rel=1e-12)
    assert one.expected[0, 2] == pytest.approx(0.5 * bolig + 0.75 * skat, rel=1e-12)
