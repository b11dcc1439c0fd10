"""Sobol' estimators: against closed forms, against the direct calculation, and what must not matter."""

import copy
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import soemrisk as sr
from conftest import DOCUMENT, number, scenario_of
from soemrisk.block_swaps import sums_of_products, swaps_of_products
from soemrisk.closed_form import of_group, parts, second_order
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.moments import moments, products_of
from soemrisk.pick_freeze import (
    ESTIMATORS,
    accumulate,
    accumulate_sums,
    first_order_effect,
    second_order_effect,
    settled,
    swap_plan,
    swaps_of_function,
    total_effect,
    without_gain,
    without_spread,
)
from soemrisk.reference import evaluate
from soemrisk.transform import values_at

VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))
CORRELATED = VALID[0].parent / "correlations.toml"
SHIPPED = ["act-randers", "cti-aarhus", "laere-eksempel"]
ISHIGAMI = {name: ("uniform", {"low": -np.pi, "high": np.pi}) for name in ("x1", "x2", "x3")}
UNIT = ("uniform", {"low": 0.0, "high": 1.0})
SUMS = ("a", "b", "aa", "bb", "ab", "d", "dd", "ad", "bd", "pairs")


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_parts():
    """Variance and its parts: Ishigami and Homma 1990, ISUMA '90; a = 7, b = 0.1."""
    alone = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.0])
    both = 8 * 0.1**2 * np.pi**8 / 225  # of x1 and x3 together
    return alone.sum() + both, alone, alone + np.array([both, 0, both]), both


def test_ishigami_is_its_closed_form():
    variance, alone, total, both = ishigami_parts()
    for estimator in ESTIMATORS:
        found = sr.sobol(ishigami, ISHIGAMI, draws=2**14, estimator=estimator, second_order=True)
        for name, exact in (("S1", alone), ("ST", total)):
            assert np.all(np.abs(found[name] - exact / variance) <= 4 * found[f"{name}_se"]), name
        assert np.all(found["S1_se"] < 0.005)
        assert abs(found["variance"] - variance) <= 4 * found["variance_se"]
        assert abs(found["mean"] - 3.5) <= 4 * found["mean_se"]
        pairs = np.zeros((3, 3))
        pairs[0, 2] = pairs[2, 0] = both / variance
        assert np.all(np.abs(found["S2"] - pairs) <= 4 * found["S2_se"])
        assert found["S2_distinguishable"].values.sum() == 2
        assert found["S1_distinguishable"].values.tolist() == [True, True, False]
        assert found.attrs["evaluations"] == 2**14 * 8


def test_sobol_g_is_its_closed_form_and_groups_too():
    # Saltelli and Sobol' 1995: V_i = 1/(3 (1 + a_i)²), and 1 + V is the product of the 1 + V_i
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    own = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + own) - 1

    def g(x):
        return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)

    families = {f"x{i}": UNIT for i in range(5)}
    found = sr.sobol(g, families, draws=2**15, seed=0)
    assert np.all(np.abs(found["S1"] - own / variance) <= 4 * found["S1_se"])
    total = own * np.prod(1 + own) / (1 + own) / variance
    assert np.all(np.abs(found["ST"] - total) <= 4 * found["ST_se"])
    grouped = sr.sobol(g, families, draws=2**15, groups={"first": ["x0", "x2"]}, second_order=True)
    assert grouped["input"].values.tolist() == ["first", "x1", "x3", "x4"]
    together = (1 + own[0]) * (1 + own[2]) - 1
    first = grouped.sel(input="first")
    assert abs(first["S1"] - together / variance) <= 4 * first["S1_se"]
    assert abs(first["ST"] - together * np.prod(1 + own[[1, 3, 4]]) / variance) <= 4 * first["ST_se"]
    assert abs(first["S2"].sel(other="x1") - together * own[1] / variance) <= 4 * first["S2_se"].sel(other="x1")


def test_a_large_mean_changes_nothing_visible():
    for estimator in ESTIMATORS:
        near = sr.sobol(ishigami, ISHIGAMI, draws=2**12, estimator=estimator, second_order=True)
        far = sr.sobol(lambda x: ishigami(x) + 1e6, ISHIGAMI, draws=2**12, estimator=estimator, second_order=True)
        for name in ("S1", "ST", "S2", "S1_se", "ST_se", "S2_se", "variance"):
            assert np.allclose(near[name], far[name], rtol=1e-7, atol=1e-8), (estimator, name)
        assert far["S1_distinguishable"].equals(near["S1_distinguishable"])


def test_one_sequence_of_twice_the_dimensions_is_accurate():
    variance, alone, total, _ = ishigami_parts()
    found = sr.sobol(ishigami, ISHIGAMI, draws=2**16)
    assert np.abs(found["S1"] - alone / variance).max() < 0.005
    assert np.abs(found["ST"] - total / variance).max() < 0.005


def exact(source, outcome=0):
    """Products, and closed forms of the net result by actor as shares of the variance."""
    products = products_of(compile_scenario(source))
    found = moments(products, plan(2**18, 1), 0)
    of = parts(products, found)
    net = np.arange(products.weights.shape[1]) * products.weights.shape[2] + outcome
    return products, found, of, net


@pytest.mark.parametrize("source", [*SHIPPED, CORRELATED], ids=lambda source: Path(source).stem)
def test_scenarios_are_within_their_errors_of_the_closed_form(source):
    scenario = sr.read(source)
    products, _, of, net = exact(scenario)
    found = sr.sobol(scenario, draws=2**14)
    assert found.sizes == {"actor": len(net), "input": len(products.blocks)}
    for name, share in (("S1", of.first), ("ST", of.total)):
        away = np.abs(found[name] - (share[:, net] / of.variance[net]).T)
        assert np.all(away <= 4 * found[f"{name}_se"] + 1e-12), name
    assert np.all(np.abs(found["variance"] - of.variance[net]) <= 4 * found["variance_se"] + 1e-9 * of.variance[net])
    assert np.all(np.abs(found["mean"] - of.mean[net]) <= 4 * found["mean_se"] + 1e-9 * np.abs(of.mean[net]))


def test_second_order_and_groups_of_a_scenario_are_the_closed_form():
    scenario = sr.read("act-randers")
    products, found_moments, of, net = exact(scenario)
    paths = list(products.paths)
    group = ["success.with", paths[3], paths[7]]
    pairs = second_order(products, found_moments, net) / of.variance[net]
    found = sr.sobol(scenario, draws=2**13, second_order=True)
    within = np.abs(found["S2"].values - pairs.transpose(2, 0, 1)) <= 4 * found["S2_se"].values + 1e-12
    assert within.mean() > 0.995  # 25 × 25 × 4 figures
    grouped = sr.sobol(scenario, draws=2**13, groups={"some": group}, inputs=["some", paths[4]])
    closed, total = of_group(products, found_moments, [paths.index(path) for path in group])
    some = grouped.sel(input="some")
    assert np.all(np.abs(some["S1"] - closed[net] / of.variance[net]) <= 4 * some["S1_se"])
    assert np.all(np.abs(some["ST"] - total[net] / of.variance[net]) <= 4 * some["ST_se"])
    assert grouped["input"].values.tolist() == ["some", paths[4]]


def direct(model, products, groups):
    """Whole evaluations of the reference at mixed values: the slow twin."""
    count = len(model.inputs)
    return swaps_of_function(
        lambda stated: evaluate(model, model.derive(np.asfortranarray(stated))).expected.T,
        lambda points: values_at(model, points)[:, :count],
        [[int(q) for b in group for q in products.blocks[b].inputs] for group in groups],
        back=True,
    )


def inputs_and_a_group(products):
    count = len(products.blocks)
    return [[b] for b in range(count)] + ([[0, count - 1]] if count > 1 else [])


def agree(one, other):
    """Each sum to 1e-9 of the root mean square of the outcome, or of its square."""
    scale = np.sqrt(np.mean(one.aa) + np.mean((one.origin + one.a) ** 2)) + 1e-300
    assert np.abs(one.origin - other.origin).max() <= 1e-9 * scale
    assert np.abs(one.farthest - other.farthest).max() <= 1e-9 * scale
    for name in SUMS:
        power = 1 if name in {"a", "b", "d"} else 2
        assert getattr(one, name).shape == getattr(other, name).shape
        assert np.abs(getattr(one, name) - getattr(other, name)).max(initial=0) <= 1e-9 * scale**power, name


@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_gains_of_touched_products_are_differences_of_whole_evaluations(source):
    model = compile_scenario(sr.read(source))
    products = products_of(model)
    groups = inputs_and_a_group(products)
    design = swap_plan(32, 3, "sobol")
    slow = accumulate(design, model.columns, direct(model, products, groups))
    agree(accumulate(design, model.columns, swaps_of_products(products, groups, back=True)), slow)
    agree(accumulate_sums(design, model.columns, sums_of_products(products, groups, back=True)), slow)


@pytest.mark.parametrize("draws", [64, 2**12, 2**15])  # a part of a tile, one tile, and two pieces of several tiles
@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_compiled_sums_are_those_of_arrays_and_each_estimate_too(source, draws):
    model = compile_scenario(sr.read(source))
    products = products_of(model)
    groups = inputs_and_a_group(products)
    design, back = swap_plan(draws, 5, "random"), draws < 2**15
    fast = accumulate_sums(design, model.columns, sums_of_products(products, groups, back=back))
    slow = accumulate(design, model.columns, swaps_of_products(products, groups, back=back))
    if back:
        agree(fast, slow)
    assert np.array_equal(without_spread(fast), without_spread(slow))
    assert np.array_equal(without_gain(fast), without_gain(slow))
    still = without_spread(slow)
    estimates = [partial(first_order_effect, estimator=one) for one in ESTIMATORS] + [total_effect]
    for estimate in estimates + [second_order_effect] * back:
        one, other = (settled(*estimate(sums), still) for sums in (fast, slow))
        for name in ("value", "se", "low", "high"):
            assert np.abs(getattr(one, name) - getattr(other, name)).max(initial=0) <= 1e-9, (estimate, name)


@pytest.mark.parametrize("source", ["laere-eksempel", CORRELATED], ids=lambda source: Path(source).stem)
@pytest.mark.parametrize("made", [swaps_of_products, sums_of_products])
def test_bytes_do_not_depend_on_how_many_points_are_drawn_at_once(made, source):
    model = compile_scenario(sr.read(source))
    found = made(products_of(model), [[0], [0, 1]], back=True)
    add = accumulate if made is swaps_of_products else accumulate_sums
    for sampler, draws in (("sobol", 2**16), ("random", 2**16), ("sobol", 2**14)):
        design = swap_plan(draws, 5, sampler)
        whole = add(design, model.columns, found, drawn=2**16)
        by_parts = add(design, model.columns, found, drawn=2**10)
        for name in (*SUMS, "origin", "farthest"):
            assert getattr(whole, name).tobytes() == getattr(by_parts, name).tobytes(), name


def test_what_moves_nothing_is_not_distinguishable_and_what_is_constant_has_no_indices():
    families = {"x": UNIT, "dummy": UNIT, "y": ("normal", {"mean": 0.0, "sd": 1.0})}
    found = sr.sobol(lambda x: 1e6 + x[:, 0] + x[:, 2], families, draws=4096, seed=0)
    assert found["S1_distinguishable"].values.tolist() == [True, False, True]
    assert found["ST_distinguishable"].values.tolist() == [True, False, True]
    assert not found["constant"]
    for noise in (0.0, 1e-15):
        still = sr.sobol(lambda x, noise=noise: 0.1 * (1 + noise * x[:, 0]), families, draws=256, second_order=True)
        assert still["constant"]
        for name in ("S1", "S1_se", "S1_low", "ST", "ST_high", "S2", "S2_se"):
            assert np.all(still[name] == 0), name
        assert not still["S1_distinguishable"].any()
        assert not still["ST_distinguishable"].any()
    nothing = sr.sobol(lambda x: np.zeros(len(x)), families, draws=256)
    assert nothing["constant"]
    assert all(np.isfinite(nothing[name]).all() for name in nothing.data_vars)


def test_an_actor_without_uncertainty_is_constant():
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    found = sr.sobol(scenario_of(document), draws=256)
    assert found["constant"].sel(actor="region")
    assert not found["constant"].sel(actor="stat")
    assert np.all(found["S1"].sel(actor="region") == 0)


def test_arguments_are_not_changed_and_a_function_may_write_into_what_it_is_given():
    parameters = {"low": 0.0, "high": 1.0}
    families = {"x": ("uniform", parameters), "y": ("uniform", parameters)}
    groups = {"both": ["x", "y"]}
    before = copy.deepcopy((families, groups))

    def careless(x):
        x *= 2
        x[:, 0] += x[:, 1]
        return x[:, 0]

    found = sr.sobol(careless, families, draws=1024, second_order=True)
    clean = sr.sobol(lambda x: 2 * x[:, 0] + 2 * x[:, 1], families, draws=1024, second_order=True)
    assert found.equals(clean)
    sr.sobol(careless, families, draws=64, groups=groups)
    assert (families, groups) == before


def test_seed_0_is_a_seed_and_no_global_state_is_touched():
    state = np.random.get_state()[1].tobytes()  # noqa: NPY002
    first, again, other = (sr.sobol(ishigami, ISHIGAMI, draws=64, seed=seed) for seed in (0, 0, 1))
    assert first.identical(again)
    assert not first.equals(other)
    assert np.random.get_state()[1].tobytes() == state  # noqa: NPY002


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"estimator": "sobol"}, "none of saltelli, jansen, janon"),
        ({"sampler": "lhs"}, "none of sobol, random"),
        ({"draws": 0}, "at least 1"),
        ({"draws": 10.5}, "whole numbers"),
        ({"seed": -1}, "seed from 0"),
        ({"inputs": ["x9"]}, "no uncertain input 'x9'"),
        ({"inputs": "x1"}, "list of names"),
        ({"groups": {"g": ["x1", "x9"]}}, "no uncertain input 'x9'"),
        ({"groups": {"g": ["x1"], "h": ["x1"]}}, "more than one group"),
        ({"groups": {"x2": ["x1"]}}, "name of a group and of an input"),
        ({"groups": {"g": []}}, "list of names"),
    ],
)
def test_wrong_arguments_are_refused(changed, says):
    with pytest.raises(ValueError, match=says):
        sr.sobol(ishigami, ISHIGAMI, **changed)


@pytest.mark.parametrize(
    ("function", "families", "says"),
    [
        (ishigami, None, "table of inputs"),
        (ishigami, {}, "table of inputs"),
        (ishigami, {"x": "uniform"}, "family and its parameters"),
        (ishigami, {"x": ("unform", {})}, "input 'x': unknown family"),
        (ishigami, {"x": ("uniform", {"low": 2, "high": 1})}, "input 'x': uniform"),
        (lambda x: x, ISHIGAMI, "one number for each"),
        (lambda x: x[:, 0] * np.nan, ISHIGAMI, "not finite"),
        ("ishigami", ISHIGAMI, "scenario or a function"),
    ],
)
def test_wrong_functions_and_families_are_refused(function, families, says):
    with pytest.raises(ValueError, match=says):
        sr.sobol(function, families)


def test_plain_indices_of_a_member_of_a_correlation_group_are_refused():
    scenario = sr.read(CORRELATED)
    vector = "success.net + costs.team.amount + consequences.herberg.change + services.herberg.price"
    found = sr.sobol(scenario, draws=64)
    assert vector in found["input"].values
    with pytest.raises(ValueError, match=r"'success\.net' is not independent of the others of"):
        sr.sobol(scenario, inputs=["success.net"])
    with pytest.raises(ValueError, match=r"has 'success\.net' and not all that it depends on"):
        sr.sobol(scenario, groups={"g": ["success.net"]})
    alone = sr.sobol(scenario, draws=64, inputs=[vector])
    assert alone["S1"].equals(found["S1"].sel(input=[vector]))
    members = vector.split(" + ")
    grouped = sr.sobol(scenario, draws=64, groups={"g": members}, inputs=["g"])
    assert np.array_equal(grouped["S1"].values, alone["S1"].values)
    with pytest.raises(ValueError, match="families belong to a function"):
        sr.sobol(scenario, ISHIGAMI)


@given(shift=st.floats(-1e6, 1e6), scale=st.floats(1e-3, 1e3), seed=st.integers(0, 2**40))
def test_a_linear_change_of_the_outcome_changes_no_index(shift, scale, seed):
    families = {"x": UNIT, "y": ("discrete", {"values": [0.0, 2.0], "weights": [0.75, 0.25]})}

    def product(x):
        return x[:, 0] * (1 + x[:, 1])

    plain = sr.sobol(product, families, draws=64, seed=seed)
    moved = sr.sobol(lambda x: shift + scale * product(x), families, draws=64, seed=seed)
    for name in ("S1", "ST", "S1_se", "ST_se"):
        assert np.allclose(plain[name], moved[name], rtol=1e-5, atol=1e-6), name


def test_a_certain_scenario_has_no_inputs():
    document = copy.deepcopy(DOCUMENT)
    for quantity in (document["success"], document["costs"]["drift"], document["groups"]["register"]):
        for name, one in quantity.items():
            if isinstance(one, dict) and "unit" in one:
                quantity[name] = number(one["value"], one["unit"])
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    for one in document["consequences"].values():
        one["change"] = number(one["change"]["value"], one["change"]["unit"])
    found = sr.sobol(scenario_of(document), draws=64)
    assert found.sizes["input"] == 0
    assert found["constant"].all()


HEAVY = ("quantiles.toml", "boundaries-of-statements.toml")  # a metalog and wide lognormals: coverage 60 to 95 %


@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.parametrize(("draws", "seed"), [(1024, 0), (4096, 1), (4096, 2), (2**14, 3)])
def test_intervals_that_heavy_tails_make_too_narrow_are_told(name, draws, seed):
    scenario = sr.read(VALID[0].parent / name)
    found = sr.sobol(scenario, draws=draws, seed=seed)
    assert found["heavy_tailed"].all()
    assert len(found.attrs["warnings"]) == found.sizes["actor"]
    assert all("for smalle" in said and "sr.exact" in said for said in found.attrs["warnings"])
    if draws == 1024:
        english = sr.sobol(scenario, draws=draws, seed=seed, lang="en")
        assert all("too narrow" in said for said in english.attrs["warnings"])
        assert english.drop_attrs().identical(found.drop_attrs())


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(("draws", "seed"), [(1024, 0), (4096, 1), (4096, 2), (2**14, 3)])
def test_shipped_scenarios_have_no_heavy_tails(name, draws, seed):
    found = sr.sobol(sr.read(name), draws=draws, seed=seed)
    assert not found["heavy_tailed"].any()
    assert found.attrs["warnings"] == []


def test_one_outcome_of_a_function_with_much_of_the_variance_is_told():
    families = {name: ("normal", {"mean": 0.0, "sd": 1.0}) for name in "xy"}
    seen = []

    def heavy(x):
        seen.append(np.exp(2 * x[:, 0]) + x[:, 1])
        return seen[-1]

    found = sr.sobol(heavy, families, draws=4096, seed=0)
    outcomes = np.concatenate(seen[::4] + seen[1::4])  # of each piece at A and B, before the swaps
    squares = (outcomes - outcomes.mean()) ** 2
    assert len(outcomes) == 8192
    assert found["largest_share"] == pytest.approx(squares.max() / squares.sum(), rel=0.05)
    assert found["heavy_tailed"]
    assert found.attrs["warnings"][0].startswith("The outcome: a single outcome out of 8,192 makes up")
    assert sr.sobol(heavy, families, draws=4096, lang="da").attrs["warnings"][0].startswith("Resultatet: et enkelt")


def test_functions_with_light_tails_are_not_told_of():
    unit = {f"x{i}": UNIT for i in range(3)}
    for draws in (1024, 4096):
        for seed in range(5):
            for function, families in (
                (ishigami, ISHIGAMI),
                (lambda x: np.prod((np.abs(4 * x - 2) + np.arange(3)) / (1 + np.arange(3)), axis=1), unit),
            ):
                found = sr.sobol(function, families, draws=draws, seed=seed)
                assert not found["heavy_tailed"]
                assert found.attrs["warnings"] == []


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="da or en"):
        sr.sobol(ishigami, ISHIGAMI, lang="de")
