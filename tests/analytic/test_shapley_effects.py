"""Shapley effects with dependent inputs: against closed forms, against brute force, and by what must add up."""

import copy
from dataclasses import replace
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import soemrisk as sr
from conftest import DOCUMENT, SOURCE, number, scenario_of
from soemrisk import shapley_effects
from soemrisk.closed_form import parts
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.moments import moments, products_of
from soemrisk.reference import evaluate
from soemrisk.transform import values_at

VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))
CORRELATED = VALID[0].parent / "correlations.toml"


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus", "laere-eksempel"])
def test_independent_inputs_have_the_closed_form(source):
    scenario = sr.read(source)
    products = products_of(compile_scenario(scenario))
    of = parts(products, moments(products, plan(64, 1), 0))
    net = np.arange(products.weights.shape[1]) * products.weights.shape[2]
    found = sr.shapley(scenario, seed=0)
    assert found.attrs["exact"] == 1
    assert tuple(found["input"].values) == products.paths
    assert np.allclose(found["shapley"], (of.shapley[:, net] / of.variance[net]).T, rtol=1e-10, atol=1e-14)
    assert np.allclose(found["variance"], of.variance[net], rtol=1e-10)
    assert np.all(found["shapley_se"] == 0)
    assert np.all(found["variance_se"] == 0)


def shapley_of(size, closed):
    """Shapley values of a game: by the definition."""
    found = np.zeros((size, *np.shape(closed(()))))
    for i in range(size):
        rest = [j for j in range(size) if j != i]
        for k in range(size):
            for u in combinations(rest, k):
                share = factorial(k) * factorial(size - k - 1) / factorial(size)
                found[i] += share * (closed(tuple(sorted((*u, i)))) - closed(u))
    return found


SD = {"a": 10.0, "b": 5.0, "c": 8.0}
RANKS = {("a", "b"): 0.6, ("b", "c"): -0.3, ("a", "c"): 0.2}


def linear(pairs=RANKS, names="abc"):
    """Consequences of one service that are normal and correlated, all else certain."""
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.5, "andel")}
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["services"]["bolig"]["shares"] = {"kommune": 1.0}
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    del document["groups"], document["services"]["skat"]
    document["consequences"] = {
        name: {
            "service": "bolig",
            "change": number(-30.0, "day", family="normal", parameters={"mean": -30.0, "sd": SD[name]}),
        }
        for name in names
    }
    document["correlations"] = [
        {"between": [f"consequences.{one}.change", f"consequences.{other}.change"], "rank": rank, "source": SOURCE}
        for (one, other), rank in pairs.items()
    ]
    return document


def test_a_linear_model_of_correlated_normals_has_the_closed_form():
    # Owen and Prieur 2017, theorem 2: of Y = Σ β x, Var E[Y | x_u] = β' Σ_u Σ_uu⁻¹ Σ_u' β
    scenario = scenario_of(linear())
    sd = np.array(list(SD.values()))
    matrix = np.eye(3)
    for (one, other), rank in RANKS.items():
        i, j = list(SD).index(one), list(SD).index(other)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
    covariance = matrix * np.outer(sd, sd)

    def closed(u):
        u = list(u)
        with_all = covariance[:, u].sum(axis=0)
        return float(with_all @ np.linalg.solve(covariance[np.ix_(u, u)], with_all)) if u else 0.0

    exact = shapley_of(3, closed) / covariance.sum()
    found = sr.shapley(scenario, draws=2**12, seed=0)
    total = found.sel(actor="total")
    worth = np.abs(products_of(compile_scenario(scenario)).weights[:, 0, 0]).min()  # kr. for a day
    assert total["input"].values.tolist() == [f"consequences.{name}.change" for name in SD]
    assert abs(total["variance"] - covariance.sum() * worth**2) <= 4 * total["variance_se"]
    assert np.all(np.abs(total["shapley"] - exact) <= 4 * total["shapley_se"])
    assert np.all(total["shapley_se"] < 0.005)
    assert np.allclose(found["shapley"].sum("input"), [1.0, 1.0, 0.0], atol=1e-12)
    assert found["constant"].values.tolist() == [False, False, True]


def test_two_normals_have_the_formula_of_owen_and_prieur():
    # section 4.1: β₁²σ₁²(1 − ρ²/2) + β₁β₂ρσ₁σ₂ + β₂²σ₂²ρ²/2
    document = linear({("a", "b"): 0.8}, "ab")
    found = sr.shapley(scenario_of(document), draws=2**12, seed=3).sel(actor="total")
    rho = 2 * np.sin(np.pi * 0.8 / 6)
    one, other = SD["a"], SD["b"]
    variance = one**2 + other**2 + 2 * rho * one * other
    exact = one**2 * (1 - rho**2 / 2) + rho * one * other + other**2 * rho**2 / 2
    first = found.isel(input=0)
    assert abs(first["shapley"] - exact / variance) <= 4 * first["shapley_se"]


def test_what_is_the_same_as_another_shares_with_it():
    document = linear({("a", "b"): 1.0}, "ab")
    found = sr.shapley(scenario_of(document), draws=2**10).sel(actor="total")
    assert np.allclose(found["shapley"], 0.5, atol=1e-6)


def root(matrix):
    """A matrix with R R' = the given one, which may be singular."""
    sizes, directions = np.linalg.eigh(matrix)
    return directions * np.sqrt(np.maximum(sizes, 0.0))


def brute_force(model, columns, size, seed):
    """Var E[net | members u] for every set u: a draw and a second one that is conditional on the first."""
    rng = np.random.Generator(np.random.PCG64(seed))
    matrix = np.eye(len(model.columns))
    for copula in model.copulas:
        matrix[np.ix_(copula.columns, copula.columns)] = copula.factor @ copula.factor.T
    free = replace(model, copulas=())
    first = rng.standard_normal((size, len(matrix))) @ root(matrix).T
    one = evaluate(model, values_at(free, np.asfortranarray(ndtr(first)))).expected
    centre = one.mean(axis=0)

    def closed(u):
        if not u:
            return np.zeros(one.shape[1])
        known = [column for i in u for column in columns[i]]
        rest = [column for column in range(len(matrix)) if column not in known]
        second = first.copy()
        if rest:
            slope = np.linalg.pinv(matrix[np.ix_(known, known)], rcond=1e-9) @ matrix[np.ix_(known, rest)]
            left = matrix[np.ix_(rest, rest)] - matrix[np.ix_(rest, known)] @ slope
            noise = rng.standard_normal((size, len(rest))) @ root(left).T
            second[:, rest] = first[:, known] @ slope + noise
        other = evaluate(model, values_at(free, np.asfortranarray(ndtr(second)))).expected
        return ((one - centre) * (other - centre)).mean(axis=0)

    return {u: closed(u) for k in range(len(columns) + 1) for u in combinations(range(len(columns)), k)}


def test_products_of_correlated_inputs_and_shares_are_brute_force():
    scenario = sr.read(CORRELATED)
    model = compile_scenario(scenario)
    columns = [[column] for column in range(len(model.columns))]
    found = sr.shapley(scenario, draws=2**13, seed=5)
    assert found.attrs["exact"] == 0
    assert found.sizes["input"] == len(columns)
    assert np.allclose(found["shapley"].sum("input"), 1.0)
    repeated = []
    for seed in range(6):
        known = brute_force(model, columns, 4000, seed)
        whole = known[tuple(range(len(columns)))]
        repeated.append(shapley_of(len(columns), known.__getitem__) / whole)
    mean = np.mean(repeated, axis=0).T
    error = np.std(repeated, axis=0, ddof=1).T / np.sqrt(len(repeated))
    apart = np.abs(found["shapley"].values - mean)
    assert np.all(apart <= 4 * np.hypot(error, found["shapley_se"].values) + 1e-12)


def test_random_orders_of_a_large_group_are_within_their_errors(monkeypatch):
    scenario = sr.read(CORRELATED)
    every = sr.shapley(scenario, draws=2**13, seed=1)
    monkeypatch.setattr(shapley_effects, "ENUMERATED", 2)
    some = sr.shapley(scenario, draws=2**13, seed=2)
    assert np.all(np.abs(every["shapley"] - some["shapley"]) <= 4 * np.hypot(every["shapley_se"], some["shapley_se"]))
    assert np.allclose(some["shapley"].sum("input"), 1.0)


@pytest.mark.parametrize("source", VALID, ids=lambda source: source.stem)
def test_effects_add_up_for_every_valid_file(source):
    found = sr.shapley(sr.read(source), draws=256)
    assert np.allclose(found["shapley"].sum("input"), np.where(found["constant"], 0.0, 1.0))
    assert len(set(found["input"].values)) == found.sizes["input"]


def test_normal_scores_given_others_have_the_right_distribution():
    matrix = np.array([[1.0, 0.5, -0.4], [0.5, 1.0, 0.2], [-0.4, 0.2, 1.0]])
    rng = np.random.Generator(np.random.PCG64(0))
    first, other = (rng.standard_normal((200_000, 3)) @ np.linalg.cholesky(matrix).T for _ in range(2))
    again = shapley_effects.given(first, other, matrix, np.array([0]))
    assert np.array_equal(again[:, 0], first[:, 0])
    assert np.allclose(np.corrcoef(again.T), matrix, atol=0.01)
    assert np.allclose(np.cov(again[:, 1:].T), matrix[1:, 1:], atol=0.01)
    # what both draws have in common is what is known from the first score: r₀ᵢ r₀ⱼ
    common = first[:, 1:].T @ again[:, 1:] / len(first)
    assert np.allclose(common, np.outer(matrix[0, 1:], matrix[0, 1:]), atol=0.01)
    assert np.allclose(ndtri(ndtr(again[:5])), again[:5])


def test_the_same_seed_gives_the_same_and_wrong_arguments_are_refused():
    scenario = sr.read(CORRELATED)
    assert sr.shapley(scenario, draws=64, seed=0).identical(sr.shapley(scenario, draws=64, seed=0))
    assert not sr.shapley(scenario, draws=64, seed=0).equals(sr.shapley(scenario, draws=64, seed=1))
    with pytest.raises(ValueError, match="takes a scenario"):
        sr.shapley(lambda x: x)
    with pytest.raises(ValueError, match="none of sobol, random"):
        sr.shapley(scenario, sampler="lhs")
