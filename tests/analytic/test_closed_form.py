"""Closed forms of variance: against enumeration of small discrete cases, against draws, and by what must add up."""

import copy
from itertools import combinations, product
from math import factorial
from pathlib import Path

import numpy as np
import pytest

import soemrisk as sr
from conftest import DOCUMENT, SOURCE, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.closed_form import of_group, parts, second_order
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.moments import moments, products_of
from soemrisk.product_values import evaluate_products
from soemrisk.quadrature import nodes
from soemrisk.reading import read
from soemrisk.transform import values_at

VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))
SHIPPED = ["act-randers", "cti-aarhus", "laere-eksempel"]
PLAN = plan(2**18, 1)


def taken_apart(model):
    products = products_of(model)
    return products, moments(products, PLAN, 0)


@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_products_are_the_reference(source):
    model = compile_scenario(read(source))
    values = values_at(model, points(plan(512, 3), model.columns, 0))
    outcome = reference.evaluate(model, values)
    found = evaluate_products(products_of(model), values)
    areas = len(model.areas)
    scale = 1 + np.abs(outcome.year).sum(axis=(1, 2), keepdims=True)
    assert np.abs(found[:, :, 0] - outcome.expected).max() <= 1e-12 * scale.max()
    assert np.all(np.abs(found[:, :, 1 : 1 + areas] - outcome.area.transpose(0, 2, 1)) <= 1e-12 * scale)
    assert np.all(np.abs(found[:, :, 1 + areas :] - outcome.year.transpose(0, 2, 1)) <= 1e-12 * scale)


def discrete(values, weights, unit="x", **more):
    """A quantity with few values, for enumeration."""
    return number(values[0], unit, family="discrete", parameters={"values": values, "weights": weights}, **more)


def certain(one, **more):
    """The same quantity without its spread."""
    return {**{name: one[name] for name in ("value", "unit", "source")}, **more}


def enumerated(model):
    """Every combination of the values of the columns: levels in the cube, and probabilities."""
    levels, weights = [], []
    for column in range(len(model.columns)):
        found = nodes(
            [
                (model.inputs[q].distribution.family, model.inputs[q].distribution.parameters)
                for q, at in zip(model.uncertain, model.column, strict=True)
                if at == column
            ]
        )
        levels.append(found.levels)
        weights.append(found.weights)
    cube = np.array(list(product(*levels)))
    return cube, np.array([np.prod(one) for one in product(*weights)])


def small_case(**changed):
    """Few discrete inputs: a rate, a discount rate, a factor of all consequences, and a price that steps."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = discrete([0.0, 0.03, 0.06], [0.2, 0.5, 0.3])
    document["success"] = {"net": discrete([0.2, 0.4, 0.9], [0.3, 0.4, 0.3])}
    document["groups"]["register"]["factor"] = discrete([0.0, 1.0, 3.0], [0.5, 0.25, 0.25])
    for cost in document["costs"].values():
        cost["amount"] = certain(cost["amount"])
    for consequence in document["consequences"].values():
        if isinstance(consequence["change"], dict):
            consequence["change"] = certain(consequence["change"])
    document["services"]["bolig"]["price"] = [
        discrete([100.0, 300.0], [0.6, 0.4], "kr. pr. day"),
        discrete([150.0, 500.0], [0.5, 0.5], "kr. pr. day", **{"from": 2022}),
    ]
    return model_of({**document, **changed})


def by_enumeration(model, outcome):
    """Variance of E[f | u] for every set of columns u."""
    cube, weights = enumerated(model)
    values = outcome(model, values_at(model, cube))
    mean = weights @ values
    closed = {}
    columns = range(cube.shape[1])
    for size in range(cube.shape[1] + 1):
        for group in combinations(columns, size):
            found = 0.0
            _, place = np.unique(cube[:, list(group)], axis=0, return_inverse=True)
            place = place.reshape(-1)
            mass = np.bincount(place, weights)
            conditional = np.bincount(place, weights * values) / mass
            found = mass @ (conditional - mean) ** 2
            closed[group] = found
    return mean, closed


def shapley(closed, b, count):
    others = [one for one in range(count) if one != b]
    found = 0.0
    for size in range(count):
        for group in combinations(others, size):
            share = factorial(size) * factorial(count - size - 1) / factorial(count)
            found += share * (closed[tuple(sorted((*group, b)))] - closed[group])
    return found


def test_small_discrete_case_is_enumeration():
    model = small_case()
    count = len(model.columns)
    assert count == 4
    products, found_moments = taken_apart(model)
    found = parts(products, found_moments)
    pairs = second_order(products, found_moments, np.arange(found.mean.size))
    outcomes = products.weights.shape[2]

    def of(a, o):
        def outcome(one, values):
            everything = reference.evaluate(one, values)
            by_outcome = [everything.expected[:, :, None], everything.area.transpose(0, 2, 1)]
            return np.concatenate([*by_outcome, everything.year.transpose(0, 2, 1)], axis=2)[:, a, o]

        return outcome

    for a in range(len(model.actors)):
        for o in range(outcomes):
            k = a * outcomes + o
            mean, closed = by_enumeration(model, of(a, o))
            whole = closed[tuple(range(count))]
            scale = max(whole, 1.0)
            assert found.mean[k] == pytest.approx(mean, rel=1e-12, abs=1e-9)
            assert abs(found.variance[k] - whole) <= 1e-10 * scale
            for b in range(count):
                rest = tuple(one for one in range(count) if one != b)
                assert abs(found.first[b, k] - closed[(b,)]) <= 1e-10 * scale
                assert abs(found.total[b, k] - (whole - closed[rest])) <= 1e-10 * scale
                assert abs(found.shapley[b, k] - shapley(closed, b, count)) <= 1e-10 * scale
                for other in rest:
                    both = tuple(sorted((b, other)))
                    alone = closed[both] - closed[(b,)] - closed[(other,)]
                    assert abs(pairs[b, other, k] - alone) <= 1e-10 * scale
            group, last = of_group(products, found_moments, [0, 2])
            assert abs(group[k] - closed[(0, 2)]) <= 1e-10 * scale
            assert abs(last[k] - (whole - closed[(1, 3)])) <= 1e-10 * scale


@pytest.mark.parametrize("source", [*SHIPPED, VALID[0].parent / "correlations.toml"], ids=lambda s: Path(s).stem)
def test_mean_and_variance_are_those_of_a_million_draws(source):
    model = compile_scenario(read(source))
    products = products_of(model)
    found = parts(products, moments(products, plan(2**20, 1), 0))
    net = np.arange(len(model.actors)) * products.weights.shape[2]
    design = plan(2**20, 7)
    draws = [
        kernel.evaluate(model, values_at(model, points(design, model.columns, r)), None).expected
        for r in range(design.replicates)
    ]
    for what, exact in (("mean", found.mean[net]), ("var", found.variance[net])):
        estimates = np.array([getattr(one, what)(axis=0) for one in draws])
        error = estimates.std(axis=0, ddof=1) / np.sqrt(len(draws))
        vectors = any(block.vector for block in products.blocks)
        allowed = 5 * error + (3e-4 if vectors else 1e-12) * np.abs(exact)
        assert np.all(np.abs(estimates.mean(axis=0) - exact) <= allowed), what


@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_parts_add_up(source):
    products, found_moments = taken_apart(compile_scenario(read(source)))
    found = parts(products, found_moments)
    scale = 1e-9 * (found.variance + 1e-12 * found.mean**2 + 1e-300)
    assert np.all(found.first <= found.shapley + scale)
    assert np.all(found.shapley <= found.total + scale)
    closed, total = of_group(products, found_moments, range(len(products.blocks)))
    assert np.all(np.abs(closed - found.variance) <= scale)
    assert np.all(np.abs(total - found.variance) <= scale)


def test_steps_keep_the_spread_of_their_family():
    """A price in two equal steps with a heavy tail has the variance of the price in one piece."""
    heavy = {"family": "lognormal", "parameters": {"mu": 5.0, "sigma": 3.0}}
    one = number(150.0, "kr. pr. day", **heavy)
    variances = []
    for price in (one, [one, {**one, "from": 2022}]):
        document = copy.deepcopy(DOCUMENT)
        document["services"]["bolig"]["price"] = price
        variances.append(parts(*taken_apart(model_of(document))).variance[0])
    assert variances[1] == pytest.approx(variances[0], rel=1e-9)


def test_steps_of_the_discount_rate_with_keys_of_their_own_are_one_block():
    document = copy.deepcopy(DOCUMENT)
    rate = number(0.04, "pr. år", low=0.0, high=0.2, meaning="hard")
    later = {**rate, "from": 2, "library": "another-rate"}
    document["settings"]["discount_rate"] = [rate, later]
    model = model_of(document)
    assert len({model.inputs[q].draw_key for q in model.discount}) == 2
    found = parts(*taken_apart(model))
    design = plan(2**18, 7)
    draws = [kernel.evaluate(model, values_at(model, points(design, model.columns, r)), None) for r in range(16)]
    means = np.array([one.expected[:, 0].mean() for one in draws])
    assert abs(found.mean[0] - means.mean()) <= 5 * means.std(ddof=1) / 4 + 3e-4 * abs(means.mean())


def test_means_of_zero_are_no_trouble():
    zero = {"net": discrete([-0.5, 0.5], [0.5, 0.5])}
    consequences = copy.deepcopy(DOCUMENT["consequences"])
    for consequence in consequences.values():
        consequence["change"] = discrete([-1.0, 1.0], [0.5, 0.5], consequence["change"]["unit"])
    model = small_case(success=zero, consequences=consequences)
    products, found_moments = taken_apart(model)
    found = parts(products, found_moments)
    pairs = second_order(products, found_moments, np.arange(1))
    mean, closed = by_enumeration(model, lambda one, values: reference.evaluate(one, values).expected[:, 0])
    count = len(model.columns)
    assert found.mean[0] == pytest.approx(mean, rel=1e-12)
    assert found.variance[0] == pytest.approx(closed[tuple(range(count))], rel=1e-12)
    for b in range(count):
        assert found.first[b, 0] == pytest.approx(closed[(b,)], abs=1e-10 * found.variance[0])
        for c in range(b):
            both = closed[(c, b)] - closed[(b,)] - closed[(c,)]
            assert pairs[b, c, 0] == pytest.approx(both, abs=1e-10 * found.variance[0])


def three_costs(rank=0.5):
    """Three lognormal costs, two of them correlated, and nothing else that varies: a sum."""
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.5, "andel")}
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    for consequence in document["consequences"].values():
        consequence["change"].pop("significant")
    document["settings"]["discount_rate"] = number(0.0, "pr. år")
    drift = document["costs"].pop("drift")
    for name, sigma in (("a", 0.1), ("b", 0.2), ("c", 0.3)):
        amount = number(1e6, family="lognormal", parameters={"mu": float(np.log(1e6).round(9)), "sigma": sigma})
        document["costs"][name] = {**copy.deepcopy(drift), "amount": amount}
    pair = {"between": ["costs.a.amount", "costs.b.amount"], "rank": rank, "source": SOURCE}
    document["correlations"] = [pair]
    score = 2 * np.sin(np.pi * rank / 6)
    means = 1e6 * np.exp(np.array([0.1, 0.2, 0.3]) ** 2 / 2)
    spread = np.outer(means, means) * np.expm1([[0.01, 0.02 * score, 0], [0.02 * score, 0.04, 0], [0, 0, 0.09]])
    return scenario_of(document), spread[:2, :2].sum(), spread[2, 2]


def test_errors_of_vectors_cover_the_closed_form():
    """Covariance of lognormals; the pair is one input, and additive: its Shapley effect is its own part."""
    scenario, together, alone = three_costs()
    apart = []
    for seed in range(20):
        found = sr.exact(scenario, {"pair": ["costs.a.amount", "costs.b.amount"]}, seed=seed).sel(actor="kommune")
        whole = together + alone
        pair = found.sel(input="costs.a.amount")
        wanted = {"sd": np.sqrt(whole), **dict.fromkeys(("S1", "ST", "shapley"), together / whole)}
        for name, value in wanted.items():
            table = found if name == "sd" else pair
            apart.append(float((table[name] - value) / table[f"{name}_se"]))
            assert 0 < float(table[f"{name}_se"]) < 0.01 * value
        assert float(found["closed"].sel(group="pair")) == pytest.approx(float(pair["S1"]), rel=1e-9)
        assert float(found["closed_se"].sel(group="pair")) == pytest.approx(float(pair["S1_se"]), rel=1e-6)
        third = found.sel(input="costs.c.amount")
        assert float(third["shapley_se"]) == pytest.approx(float(pair["shapley_se"]), rel=1e-6)  # they add up to 1
        assert float(found["year_sd"].sel(year=2023)) == float(found["year_sd_se"].sel(year=2023)) == 0.0
        assert float(found["S2_se"].max()) <= 1e-9
    assert np.abs(apart).max() < 5.0
    assert np.mean(np.square(apart)) < 2.5  # 1.15 of Student's t with 15 degrees of freedom


def test_errors_of_vectors_are_the_spread_over_seeds():
    scenario, _, _ = three_costs(rank=-0.6)
    found = [sr.exact(scenario, draws=16 * 64, seed=seed).sel(actor="kommune") for seed in range(60)]
    for name in ("sd", "shapley"):
        tables = found if name == "sd" else [one.sel(input="costs.c.amount") for one in found]
        spread = np.std([float(one[name]) for one in tables], ddof=1)
        told = np.sqrt(np.mean([float(one[f"{name}_se"]) ** 2 for one in tables]))
        assert 0.7 < told / spread < 1.4  # 60 seeds know a standard deviation to 9 %


def test_what_is_not_sampled_has_no_error():
    found = sr.exact(read("act-randers"))
    for name in found.data_vars:
        if name.endswith("_se"):
            assert float(np.abs(found[name]).max()) == 0.0, name


def two_payers_in_one_parent():
    """Two uncertain shares: what one payer inside the municipality bears less, the other bears more."""
    document = copy.deepcopy(DOCUMENT)
    document["actors"] = {
        "kommune": {"name": "Kommune"},
        "jobcenter": {"name": "Jobcenter", "parent": "kommune"},
        "social": {"name": "Social", "parent": "kommune"},
        "stat": {"name": "Stat"},
    }
    document["services"]["bolig"] |= {"shares": {"jobcenter": 0.5, "social": 0.5}, "shares_concentration": 5.0}
    return scenario_of(document)


def test_two_uncertain_shares_move_against_each_other():
    scenario = two_payers_in_one_parent()
    found, worth = sr.exact(scenario), sr.evppi(scenario, draws=4096)
    draws = sr.simulate(scenario, draws=2**16)["net_expected"]
    share = "services.bolig.shares.jobcenter"
    assert float(found["ST"].sel(actor="kommune", input=share)) < 1e-12
    assert float(found["ST"].sel(actor="jobcenter", input=share)) > 0.05
    assert float(worth["evppi"].sel(actor="kommune", input=share)) < 1e-6
    for actor in ("kommune", "jobcenter", "social"):
        each = draws.sel(actor=actor).var("point")
        error, drawn = float(each.std("replicate", ddof=1)) / 4, float(each.mean())
        assert error > 0
        assert float(found["variance"].sel(actor=actor)) == pytest.approx(drawn, abs=5 * error)
