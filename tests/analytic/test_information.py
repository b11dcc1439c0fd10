"""Value of information: closed forms, an independent nested Monte Carlo, and what must hold between values."""

import copy
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, betabinom, nbinom, norm

from conftest import DOCUMENT, model_of, number
from soemrisk import kernel, reference
from soemrisk.block_worth import avoided, of_one_block, of_replicates
from soemrisk.closed_form import conditional_coefficients
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.families import FAMILIES
from soemrisk.information import (
    of_blocks,
    of_counts,
    of_groups,
    of_net,
    of_normal_records,
    of_poisson_counts,
    sample_information,
)
from soemrisk.moments import all_moments, moments, nodes_of, products_of, vector_values
from soemrisk.product_values import function_values
from soemrisk.reading import read
from soemrisk.simulation import simulate_model
from soemrisk.transform import values_at

PLAN = plan(2**16, 5)
VALID = Path(__file__).parents[1] / "spec" / "valid"


def worth_of_act():
    model = compile_scenario(read("act-randers"))
    products = products_of(model)
    return model, products, of_blocks(products, PLAN)


def test_act_success_rate_against_nested_monte_carlo():
    """Outer draws of the rate, inner draws of everything else by plain Monte Carlo through the kernel."""
    model, products, worth = worth_of_act()
    at = products.paths.index("success.with")
    rng = np.random.Generator(np.random.Philox(7))
    outer, inner = 400, 4000
    q = next(n for n, one in enumerate(model.inputs) if one.path == "success.with")
    conditional = np.empty((outer, len(model.actors)))
    noise = np.empty_like(conditional)
    values = values_at(model, rng.uniform(size=(inner, len(model.columns))))
    levels = (np.arange(outer) + rng.uniform(size=outer)) / outer
    parameters = model.inputs[q].distribution.parameters
    for n, rate in enumerate(beta(parameters["a"], parameters["b"]).ppf(levels)):
        values[:, q] = rate
        net = kernel.evaluate(model, values, None).expected
        conditional[n], noise[n] = net.mean(axis=0), net.std(axis=0) / np.sqrt(inner)
    found = np.maximum(conditional, 0).mean(axis=0) - np.maximum(conditional.mean(axis=0), 0)
    # the inner draws are common to all rates, so that their error shifts all conditional means together
    assert np.all(np.abs(worth[at].value - found) <= 4 * noise.max(axis=0))
    assert worth[at].value[1] == pytest.approx(405_408, abs=1)
    assert found[1] == pytest.approx(405_408, rel=0.15)


def test_linear_normal_input_is_the_unit_normal_loss():
    """A change that is normal and nothing else uncertain: EVPPI = EVPI = σ [φ(z) − z Φ(−z)]."""
    document = copy.deepcopy(DOCUMENT)
    for rate in document["success"].values():
        for name in ("family", "parameters", "low", "high", "meaning"):
            rate.pop(name, None)
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    document["consequences"]["skat"]["change"] = number([2.0, 4.0, 4.0], "week")
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", se=12.0)
    model = model_of(document)
    products = products_of(model)
    (worth,) = of_blocks(products, PLAN)
    everything = of_groups(products, [[0]], PLAN)[0]
    q = int(products.blocks[0].inputs[0])
    two = np.stack([model.means, model.means])
    two[1, q] += 1.0
    mean, more = reference.evaluate(model, two).expected
    for a in range(3):
        sd = 12.0 * abs(more[a] - mean[a])
        z = abs(mean[a]) / sd
        expected = sd * (norm.pdf(z) - z * norm.cdf(-z))
        assert worth.value[a] == pytest.approx(expected, rel=1e-9)
        assert abs(everything.value[a] - expected) <= 4 * everything.error[a]


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus", "laere-eksempel"])
def test_more_knowledge_is_worth_no_less(source):
    model = compile_scenario(read(source))
    products = products_of(model)
    worth = of_blocks(products, PLAN)
    count = len(products.blocks)
    nested = [range(size) for size in range(1, count + 1)]
    groups = of_groups(products, nested, PLAN)
    for less, more in pairwise(groups):
        assert np.all(less.value <= more.value + 4 * (less.error + more.error) + 1e-6)
    assert np.all(worth[0].value <= groups[-1].value + 4 * groups[-1].error + 1e-6)
    for one in (*worth, *groups):
        assert np.all(one.value >= 0)
    for b, one in enumerate(of_groups(products, [[b] for b in range(min(count, 6))], PLAN)):
        assert np.all(np.abs(one.value - worth[b].value) <= 4 * one.error + 1e-6 * worth[b].value + 1e-6)


def test_evpi_is_that_of_draws_and_does_not_see_chance():
    """E max(net, 0) − max(E net, 0) of E[net | θ], the smallest expected loss; with chance it would be larger (T47)."""
    model, products, _ = worth_of_act()
    everything = of_groups(products, [range(len(products.blocks))], PLAN)[0]
    simulation = simulate_model(model, plan(2**16, 11), evaluate=kernel.evaluate)
    found = np.array([np.maximum(one, 0).mean(axis=0) - np.maximum(one.mean(axis=0), 0) for one in simulation.expected])
    error = found.std(axis=0, ddof=1) / 4 + everything.error
    assert np.all(np.abs(everything.value - found.mean(axis=0)) <= 5 * error)
    chance = np.maximum(simulation.net, 0).mean(axis=(0, 1)) - np.maximum(simulation.net.mean(axis=(0, 1)), 0)
    assert chance[1] > 1.05 * everything.value[1]


def test_the_same_with_chance_switched_on_or_off():
    document = copy.deepcopy(DOCUMENT)
    values = []
    for chance in ("nobody-harmed", "independent"):
        document["settings"]["chance"] = chance
        worth = of_blocks(products_of(model_of(document)), PLAN)
        values.append([one.value.tolist() for one in worth])
    assert values[0] == values[1]


def test_an_option_that_always_wins_has_no_value_of_information():
    assert avoided(np.array([[1.0], [5.0]]), np.array([3.0])).tolist() == [[0.0], [0.0]]
    assert avoided(np.array([[-1.0], [-5.0]]), np.array([-3.0])).tolist() == [[0.0], [0.0]]


LINE = (np.array([-0.63, 1.0, -0.2]), np.array([1.0, -1.3, 0.0]))


@pytest.mark.parametrize("n", [1, 7, 60])
def test_counts_against_scipy(n):
    a, b = 16.5, 7.5
    seen = np.arange(n + 1)
    conditional = LINE[0] + LINE[1] * ((a + seen) / (a + b + n))[:, None]
    chances = betabinom(n, a, b).pmf(seen)
    wanted = chances @ np.maximum(conditional, 0) - np.maximum(LINE[0] + LINE[1] * a / (a + b), 0)
    assert of_counts((a, b), LINE, n) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("n", [1, 7, 60])
def test_poisson_counts_against_scipy(n):
    shape, scale = 3.0, 0.25
    seen = np.arange(4000)
    chances = nbinom(shape, 1 / (1 + n * scale)).pmf(seen)
    conditional = LINE[0] + LINE[1] * ((shape + seen) / (1 / scale + n))[:, None]
    wanted = chances @ np.maximum(conditional, 0) - np.maximum(LINE[0] + LINE[1] * shape * scale, 0)
    assert of_poisson_counts((shape, scale), LINE, n) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("n", [1, 7, 60])
def test_records_against_draws(n):
    mean, sd, between = 0.6, 0.3, 1.2
    spread = sd**2 / np.sqrt(sd**2 + between**2 / n)
    later = mean + spread * norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    conditional = LINE[0] + LINE[1] * later[:, None]
    wanted = np.maximum(conditional, 0).mean(axis=0) - np.maximum(LINE[0] + LINE[1] * mean, 0)
    assert of_normal_records((mean, sd), between, LINE, n) == pytest.approx(wanted, abs=2e-6)


def test_following_more_rises_to_full_knowledge():
    _, products, worth = worth_of_act()
    net = of_net(products)
    at = products.paths.index("success.with")
    table = conditional_coefficients(net, moments(net, PLAN, 0))[at]
    values = [sample_information(net.blocks[at], net, table, n)[1] for n in (1, 10, 100, 1000, 100_000)]
    assert np.all(np.diff(values) > 0)
    assert values[-1] == pytest.approx(worth[at].value[1], rel=1e-3)
    assert values[-1] <= worth[at].value[1] * (1 + 1e-9)


def test_gross_counts_say_nothing_of_a_net_rate():
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.6, "andel", family="beta", parameters={"a": 6.0, "b": 4.0})}
    net = of_net(products_of(model_of(document)))
    at = net.paths.index("success.net")
    table = conditional_coefficients(net, moments(net, PLAN, 0))[at]
    assert sample_information(net.blocks[at], net, table, 10) is None


def test_vectors_are_sampled_with_an_error():
    model = compile_scenario(read(VALID / "correlations.toml"))
    products = products_of(model)
    worth = of_blocks(products, plan(2**12, 5))
    for block, one in zip(products.blocks, worth, strict=True):
        assert np.all(one.value >= 0)
        assert block.vector or not any(b.vector for b in products.blocks) or one.error.shape == one.value.shape
    assert any(block.vector for block in products.blocks)


def test_points_of_one_input_are_its_integral():
    """EVPPI as an integral, against 2^20 points through the model with everything else at its mean."""
    model, products, worth = worth_of_act()
    at = products.paths.index("groups.register.factor")
    q = int(products.blocks[at].inputs[0])
    cube = points(plan(2**20, 3), model.columns, 0)
    values = np.tile(model.means, (len(cube), 1))
    values[:, q] = values_at(model, cube)[:, q]
    net = kernel.evaluate(model, values, None).expected
    wanted = np.maximum(net, 0).mean(axis=0) - np.maximum(net.mean(axis=0), 0)
    assert worth[at].value == pytest.approx(wanted, rel=2e-4, abs=1.0)


def by_nodes(net, block, line):
    """EVPPI of one line in a plain block, node by node over the whole distribution, with a break at its zero."""
    distribution = net.model.inputs[int(block.inputs[0])].distribution
    level = FAMILIES[distribution.family].cdf(-line[0] / line[1], distribution.parameters)
    nodes = nodes_of(net, block, [float(level)])
    values = function_values(net, block, nodes.values) @ line
    return nodes.weights @ avoided(values, nodes.weights @ values)


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus", "correlations.toml", "discounts.toml"])
def test_replicates_at_once_are_each_alone_and_each_node_by_node(source):
    """Lines near those of the scenario, and lines whose zeros lie anywhere in and outside the distribution."""
    path = VALID / source
    net = of_net(products_of(compile_scenario(read(path if path.exists() else source))))
    known = all_moments(net, plan(2**12, 5))
    rng = np.random.Generator(np.random.Philox(3))
    for b, block in enumerate(net.blocks):
        if block.vector:
            continue
        own = [conditional_coefficients(net, one)[b] for one in known]
        tables = [own[r % len(own)] * (1 + 0.2 * rng.standard_normal(own[0].shape)) for r in range(16)]
        if block.plain:
            low, high = np.quantile(next(iter(nodes_of(net, block).values.values())), [0, 1])
            zeros = rng.uniform(2 * low - high, 2 * high - low, (8, own[0].shape[1]))
            tables += [np.stack([-zero, np.ones_like(zero)]) * (1 - 2 * (n % 2)) for n, zero in enumerate(zeros)]
        for table, found in zip(tables, of_replicates(net, block, tables), strict=True):
            size = np.abs(table).sum(axis=0) + np.abs(function_values(net, block, nodes_of(net, block).values) @ table)
            assert np.all(np.abs(found - of_one_block(net, block, table)) <= 1e-12 * size.max(axis=0))
            for k in np.flatnonzero(table[1]) if block.plain else ():
                assert abs(found[k] - by_nodes(net, block, table[:, k])) <= 1e-12 * size.max(axis=0)[k]


def test_vectors_alone_have_the_values_of_the_whole_model():
    """Values of members, and of what is derived from them, at the same points with and without all other columns."""
    seen = 0
    for path in sorted(VALID.glob("*.toml")):
        model = compile_scenario(read(path))
        vectors = [block for block in products_of(model).blocks if block.vector]
        if not vectors:
            continue
        cube = points(plan(256, 5), model.columns, 0)
        whole, columns = values_at(model, cube), {int(column) for block in vectors for column in block.columns}
        alone = vector_values(model, vectors, {column: cube[:, column] for column in columns})
        needed = {int(q) for block in vectors for q in block.inputs}
        needed |= {one.position for block in vectors for f in block.functions for one in f if one.kind == "value"}
        for q in needed:
            assert alone[q].tolist() == whole[:, q].tolist(), (path.stem, q)
        seen += 1
    assert seen >= 5
