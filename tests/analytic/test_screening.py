"""Screening: against closed forms and SALib's own calls, and what must not go wrong around it."""

import copy
import warnings
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import pawn

import soemrisk as sr
from conftest import DOCUMENT, scenario_of
from soemrisk.design import Plan, plan, points
from soemrisk.screening import METHODS, given_data

CORRELATED = Path(__file__).parents[1] / "spec" / "valid" / "correlations.toml"
UNIT = ("uniform", {"low": 0.0, "high": 1.0})
GIVEN = ("delta", "pawn", "rbd_fast")
FIRST = {"morris": "mu_star", "delta": "delta", "pawn": "pawn", "rbd_fast": "S1"}
SOME = {"delta": 320}  # kernel densities take time


def draws_of(method):
    return SOME.get(method, 4096)


def test_morris_of_a_linear_model_is_its_slopes():
    families = {f"x{i}": UNIT for i in range(4)}
    found = sr.screen(lambda x: 3 * x[:, 0] - 2 * x[:, 1] + x[:, 2], families, draws=100, seed=0)
    for name, exact in (("mu", [2.7, -1.8, 0.9, 0]), ("mu_star", [2.7, 1.8, 0.9, 0]), ("sigma", [0, 0, 0, 0])):
        assert np.allclose(found[name], exact, atol=1e-12), name
    assert found.attrs["evaluations"] == 100  # 20 trajectories of 5 points


def test_morris_sees_an_interaction_that_has_no_mean():
    found = sr.screen(lambda x: (x[:, 0] - 0.5) * (x[:, 1] - 0.5), {"x": UNIT, "y": UNIT}, draws=900, seed=1)
    assert np.all(np.abs(found["mu"]) < 4 * found["sigma"] / np.sqrt(300))
    assert np.all(found["mu_star"] > 0.1)


@pytest.mark.parametrize("method", GIVEN)
def test_what_is_in_no_formula_is_below_what_matters(method):
    families = {"x": UNIT, "y": ("discrete", {"values": [0.0, 1.0], "weights": [0.5, 0.5]}), "inert": UNIT}
    found = sr.screen(lambda x: 1e6 + 2 * x[:, 0] + x[:, 1], families, method=method, draws=draws_of(method), seed=0)
    measure = found[FIRST[method]]
    assert found["above_noise"].values[:2].all()
    assert measure[2] < 0.5 * measure[:2].min()
    assert abs(measure[2] - found["noise_floor"]) < found["noise_floor"] + 0.02
    assert all(np.isfinite(found[name]).all() for name in found.data_vars)


@pytest.mark.parametrize("method", GIVEN)
def test_an_inert_input_is_above_the_noise_in_one_of_twenty_cases(method):
    families = {"x": UNIT, **{f"inert{k}": UNIT for k in range(8)}}
    seeds = 2 if method == "delta" else 10
    above = [
        sr.screen(lambda x: x[:, 0] ** 2, families, method=method, draws=256, seed=seed)["above_noise"].values[1:]
        for seed in range(seeds)
    ]
    assert np.mean(above) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / np.size(above)) + 0.03  # cases share their noise


def test_rbd_fast_is_the_exact_first_index_of_act():
    scenario = sr.read("act-randers")
    found = sr.screen(scenario, method="rbd_fast", draws=4096, actors=["total", "kommune"])
    exact = sr.sobol(scenario, draws=2**14).sel(actor=["total", "kommune"])
    assert found["input"].values.tolist() == exact["input"].values.tolist()
    away = np.abs(found["S1"] - exact["S1"])
    assert np.all(away <= 4 * np.hypot(found["S1_se"], exact["S1_se"]) + 2e-3)


def test_delta_of_a_discrete_input_is_half_the_mean_distance_of_its_densities():
    # y = z + s, z uniform on (0, 1), s 0 or 2: the halves do not overlap, so delta of s is 1/2
    families = {"z": UNIT, "s": ("discrete", {"values": [0.0, 2.0], "weights": [0.5, 0.5]})}
    found = sr.screen(lambda x: x[:, 0] + x[:, 1], families, method="delta", draws=512)
    assert found["delta"].values[1] == pytest.approx(0.5, abs=0.1)  # a kernel density is smooth where this one is not
    assert np.all(found["delta_se"] > 0)


def test_pawn_is_that_of_salib_on_the_draws_of_simulate():
    scenario = sr.read("laere-eksempel")
    found = sr.screen(scenario, method="pawn", draws=1600, seed=7)
    simulated = sr.simulate(scenario, draws=1600, seed=7, sampler="random")["net_expected"].sel(actor="total")
    design = plan(1600, 7, "random")
    from soemrisk.compilation import compile_scenario

    columns = compile_scenario(scenario).columns
    cube = np.concatenate([points(design, columns, r) for r in range(16)])
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = pawn.analyze(problem, cube, simulated.values.ravel(), S=10)
    assert np.allclose(found["pawn"].sel(actor="total"), theirs["median"], rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_constant_outcomes_have_no_measures(method):
    families = {"x": UNIT, "y": UNIT}
    found = sr.screen(lambda x: 0.1 * (1 + 1e-15 * x[:, 0]), families, method=method, draws=512)
    assert found["constant"]
    assert np.all(found[FIRST[method]] == 0)
    if method != "morris":
        assert not found["above_noise"].any()
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    table = sr.screen(scenario_of(document), method=method, draws=256, actors=["region", "stat"])
    assert table["constant"].values.tolist() == [True, False]
    assert np.all(table[FIRST[method]].sel(actor="region") == 0)


@pytest.mark.parametrize("method", METHODS)
def test_seed_0_is_a_seed_and_global_state_is_left_alone(method):
    families = {"x": UNIT, "y": UNIT}
    before = copy.deepcopy(families)
    form, filters = warnings.formatwarning, list(warnings.filters)
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first, again, other = (
        sr.screen(lambda x: x[:, 0] + x[:, 1] ** 2, families, method=method, draws=256, seed=seed) for seed in (0, 0, 1)
    )
    assert np.array_equal(np.random.random(3), expected)  # noqa: NPY002
    assert first.identical(again)
    assert not first.equals(other)
    assert families == before
    assert warnings.formatwarning is form
    assert list(warnings.filters) == filters


@pytest.mark.parametrize("method", METHODS)
def test_correlated_inputs_and_shares_are_screened(method):
    found = sr.screen(sr.read(CORRELATED), method=method, draws=256)
    assert found.sizes["input"] == (2 if method == "morris" else 5)
    assert np.isfinite(found[FIRST[method]]).all()


def test_draws_that_are_spread_evenly_are_refused():
    for sampler in ("sobol", "lhs"):
        with pytest.raises(ValueError, match="plain Monte Carlo"):
            sr.screen(lambda x: x[:, 0], {"x": UNIT}, method="pawn", sampler=sampler)
        with pytest.raises(ValueError, match="plain Monte Carlo"):
            given_data("delta", np.zeros((256, 1)), np.zeros((1, 256)), Plan(sampler=sampler, seed=0, size=16))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"method": "fast"}, "none of morris, delta, pawn, rbd_fast"),
        ({"draws": 16, "method": "pawn"}, "at least 256"),
        ({"draws": 2.5}, "whole numbers"),
        ({"draws": 16}, "morris needs at least"),
        ({"actors": ["sky"]}, "no actor 'sky'"),
        ({"actors": "total"}, "list of names"),
        ({"families": {"x": UNIT}}, "families belong to a function"),
    ],
)
def test_wrong_arguments_are_refused(changed, says):
    with pytest.raises(ValueError, match=says):
        sr.screen(sr.read("act-randers"), **changed)
    with pytest.raises(ValueError, match="scenario or a function"):
        sr.screen("act-randers")
