"""Correlated inputs, shares that add up to 1, and amounts that differ between persons, against closed forms."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from test_closed_forms import certain

from conftest import SOURCE, model_of, number
from soemrisk import kernel, reference
from soemrisk.dependence import joined, nearest_correlations, normal_correlation, triangular_factor
from soemrisk.design import plan, points
from soemrisk.scenario import Scenario
from soemrisk.simulation import simulate_model
from soemrisk.statistics import standard_error
from soemrisk.transform import columns, values_at


def correlated(document, rank, *between):
    document["correlations"] = [{"between": list(between), "rank": rank, "source": SOURCE}]
    return document


def two_changes(document, rank):
    certain(document)
    document["success"] = {"net": number(1.0, "andel")}
    for key, value in (("bolig", -30.0), ("skat", 4.0)):
        document["consequences"][key] = {
            "service": key,
            "change": number(value, "day" if key == "bolig" else "week", se=abs(value) / 4),
        }
    return correlated(document, rank, "consequences.bolig.change", "consequences.skat.change")


@pytest.mark.parametrize("rank", [-1.0, -0.6, 0.3, 0.95, 1.0])
def test_the_variance_of_two_correlated_changes_is_that_of_a_sum(document, simulate_document, rank):
    simulation = simulate_document(two_changes(document, rank), draws=65_536)
    model = simulation.model
    one = {}
    for key in ("bolig", "skat"):
        values = model.base[None].repeat(2, axis=0)
        place = next(n for n, i in enumerate(model.inputs) if i.path == f"consequences.{key}.change")
        values[1, place] = 0
        expected = reference.evaluate(model, values).expected[:, 0]
        one[key] = (expected[0] - expected[1]) / 4 * np.sign(model.base[place])  # a standard deviation of the change
    r = float(normal_correlation(rank))
    exact = one["bolig"] ** 2 + one["skat"] ** 2 + 2 * r * one["bolig"] * one["skat"]
    found = simulation.expected[:, :, 0].var(axis=1)
    assert abs(found.mean() - exact) < 5 * standard_error(found) + 1e-9 * exact + 1e-4 * one["skat"] ** 2


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
@pytest.mark.parametrize("rank", [-0.4, 0.5])
def test_drawn_inputs_have_the_stated_rank_correlation_and_their_own_margins(document, rank, sampler):
    model = model_of(correlated(document, rank, "services.bolig.price", "success.without", "costs.drift.amount"))
    place = {one.path: n for n, one in enumerate(model.inputs)}
    ranks, means = [], []
    for r in range(16):
        cube = points(plan(16 * 1024, 5, sampler), columns(model), r)
        values = values_at(model, cube[:, : len(model.columns)])
        drawn = [values[:, place[p]] for p in ("services.bolig.price", "success.without", "costs.drift.amount")]
        ranks.append([stats.spearmanr(drawn[i], drawn[j]).statistic for i, j in ((0, 1), (0, 2), (1, 2))])
        means.append([one.mean() for one in drawn])
    for found in np.array(ranks).T:
        assert abs(found.mean() - rank) < 5 * standard_error(found) + 1e-3
    exact = [model.means[place[p]] for p in ("services.bolig.price", "success.without", "costs.drift.amount")]
    for found, mean in zip(np.array(means).T, exact, strict=True):
        assert abs(found.mean() - mean) < 5 * standard_error(found) + 1e-9 * mean


def test_inputs_outside_a_correlation_and_its_first_member_keep_their_points(document):
    plain = model_of(document)
    tied = model_of(correlated(document, 0.7, "services.bolig.price", "costs.drift.amount"))
    cube = points(plan(1024, 0), columns(plain), 0)
    assert columns(plain) == columns(tied)
    before, after = (values_at(model, cube[:, : len(model.columns)]) for model in (plain, tied))
    for n, one in enumerate(plain.inputs):
        same = before[:, n].tobytes() == after[:, n].tobytes()
        assert same == (one.path != "services.bolig.price"), one.path


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_the_nearest_correlations_are_possible_and_possible_ones_stay(size, seed):
    rng = np.random.default_rng(seed)
    wild = np.clip(rng.uniform(-1.3, 1.3, (size, size)), -1, 1)
    wild = np.tril(wild, -1) + np.tril(wild, -1).T + np.eye(size)
    repaired = nearest_correlations(wild)
    factor = triangular_factor(repaired)
    np.testing.assert_allclose(factor @ factor.T, repaired, atol=1e-4)
    np.testing.assert_allclose(np.diag(repaired), 1)
    loadings = rng.normal(size=(size, size))
    loadings /= np.linalg.norm(loadings, axis=1, keepdims=True)
    possible = loadings @ loadings.T
    np.testing.assert_allclose(nearest_correlations(possible), possible, atol=1e-9)
    exact = triangular_factor(possible)
    np.testing.assert_allclose(exact @ exact.T, possible, atol=1e-8)


def test_repaired_correlations_are_as_near_as_any_that_a_search_finds():
    wild = np.array([[1.0, 0.9, -0.5], [0.9, 1.0, 0.6], [-0.5, 0.6, 1.0]])
    best = np.linalg.norm(nearest_correlations(wild) - wild)
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(200_000, 3, 3))
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    others = np.linalg.norm(rows @ rows.transpose(0, 2, 1) - wild, axis=(1, 2))
    assert best <= others.min()
    assert others.min() < best + 0.05


def test_impossible_correlations_are_refused_by_the_factor():
    with pytest.raises(ValueError, match="negative eigenvalue"):
        triangular_factor(np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]))


def gram(vectors):
    """Correlations of what has these coordinates."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / lengths) @ (vectors / lengths).T


NEARLY_SINGULAR = {
    **{f"two, 1 - {off:g}": np.array([[1, 1 - off], [1 - off, 1]]) for off in (1e-6, 1e-9, 1e-10, 1e-12, 1e-15)},
    **{
        f"a pair {off:g} apart and one that tells them apart": gram(np.array([[1, 0, 0], [1, off, 0], [0, 1, 0.5]]))
        for off in (1e-3, 1e-5, 3e-5, 1e-6, 1e-8, 0.0)
    },
    "one factor": gram(np.array([[1.0], [-1.0], [1.0], [1.0]])),
    "rank two of five": gram(np.array([[1, 0], [0, 1], [1, 1], [1, -1], [2, 1.0]])),
    "rank three of six": gram(np.random.default_rng(1).normal(size=(6, 3))),
    "a twin before a free one": np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1.0]]),
    "all nearly the same": gram(1 + 1e-6 * np.random.default_rng(2).normal(size=(8, 8))),
}


@pytest.mark.parametrize("matrix", NEARLY_SINGULAR.values(), ids=NEARLY_SINGULAR)
def test_the_factor_of_a_nearly_singular_matrix_gives_it_back(matrix):
    factor = triangular_factor(matrix)
    np.testing.assert_allclose(factor @ factor.T, matrix, rtol=0, atol=1e-12)
    assert np.array_equal(factor, np.tril(factor))
    assert (np.diag(factor) >= 0).all()
    np.testing.assert_allclose(np.linalg.norm(factor, axis=1), 1, rtol=0, atol=1e-15)


@given(seed=st.integers(0, 10_000), size=st.integers(2, 9), rank=st.integers(1, 9), log_off=st.floats(-12, 0))
def test_the_factor_of_any_correlations_gives_them_back(seed, size, rank, log_off):
    rng = np.random.default_rng(seed)
    common, own = rng.normal(size=(size, rank)), rng.normal(size=(size, size))
    matrix = gram(np.hstack([common, 10**log_off * own]))
    factor = triangular_factor(matrix)
    np.testing.assert_allclose(factor @ factor.T, matrix, rtol=0, atol=1e-12)
    assert np.array_equal(triangular_factor(matrix), factor)


def test_the_factor_is_that_of_cholesky_where_there_is_one():
    matrix = gram(np.random.default_rng(3).normal(size=(6, 9)))
    np.testing.assert_allclose(triangular_factor(matrix), np.linalg.cholesky(matrix), rtol=0, atol=1e-14)


def test_what_is_free_of_twins_keeps_its_own_points():
    assert triangular_factor(NEARLY_SINGULAR["a twin before a free one"]).tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]


def test_far_points_stay_inside_the_cube():
    far = np.array([[5e-324, 5e-324], [1 - 2.0**-53, 1 - 2.0**-53]])
    moved = joined(far, triangular_factor(np.array([[1.0, 0.999], [0.999, 1.0]])))
    assert ((moved > 0) & (moved < 1)).all()


# Shares ---------------------------------------------------------------------------------------------------------


def test_uncertain_shares_have_dirichlet_moments_and_never_touch_the_total(document, simulate_document):
    certain(document)
    plain = simulate_document(document, draws=65_536)
    document["services"]["bolig"] |= {"shares": {"kommune": 0.3, "stat": 0.7}, "shares_concentration": 24.0}
    simulation = simulate_document(document, draws=65_536)
    model = simulation.model
    assert simulation.expected[:, :, 0].tobytes() == plain.expected[:, :, 0].tobytes()
    terms = reference.value_of_success(model, model.base[None])[0].sum(axis=3)  # (t, c, a)
    rate = reference.net_rate(model, model.base[None])[0]
    whole = float(terms[model.factors[:, 2] == model.factors[0, 2], :, 0].sum(axis=0) @ model.completers) * rate
    sums = simulation.expected[:, :, 1] + simulation.expected[:, :, 2] - simulation.expected[:, :, 0]
    assert np.abs(sums).max() < 1e-9 * abs(whole)
    for a, share in ((1, 0.3), (2, 0.7)):
        drawn = simulation.expected[:, :, a]
        variance = whole**2 * share * (1 - share) / 25  # s (1 − s)/(concentration + 1)
        found = drawn.var(axis=1)
        assert abs(found.mean() - variance) < 5 * standard_error(found) + 1e-3 * variance
        base = reference.evaluate(model, model.base[None]).expected[0, a]
        means = drawn.mean(axis=1)
        assert abs(means.mean() - base) < 5 * standard_error(means) + 1e-6 * abs(base)


def test_three_uncertain_shares_in_two_steps_add_up_in_every_draw(document, simulate_document):
    document["actors"]["region"] = {"name": "Region"}
    document["services"]["bolig"] |= {
        "shares": [{"kommune": 0.3, "stat": 0.7}, {"from": 2022, "kommune": 0.2, "region": 0.5, "stat": 0.3}],
        "shares_concentration": 5.0,
    }
    simulation = simulate_document(document)
    sums = simulation.net[:, :, 1:].sum(axis=2)
    np.testing.assert_allclose(sums, simulation.net[:, :, 0], atol=1e-6)
    keys = [key for key in columns(simulation.model) if "/shares/" in key]
    assert keys == ["tiny/services/bolig/shares/kommune", "tiny/services/bolig/shares/region"]


# Persons --------------------------------------------------------------------------------------------------------


def with_variation(model, sd):
    """The model with a standard deviation between persons on its first consequence."""
    first = model.factors[:, 1] == model.factors[0, 1]
    return dataclasses.replace(
        model,
        varying=("bolig",),
        variation=np.where(first, 0, -1),
        individual_sd=np.where(first, sd, 0.0),
    )


@pytest.mark.parametrize("chance", ["nobody-harmed", "independent"])
def test_variation_between_persons_adds_the_variance_of_a_sum_of_persons(document, chance):
    document["settings"]["chance"] = chance
    model = with_variation(model_of(certain(document)), 45.0)
    simulation = simulate_model(model, plan(131_072, 2), evaluate=kernel.evaluate)
    unit = reference.value_of_success(model, model.base[None], np.where(model.variation == 0, 1.0, 0.0))[0]
    value = reference.value_of_success(model, model.base[None])[0].sum(axis=(0, 3))  # (c, a)
    s_with, s_without = model.base[model.rates[0]]
    s = s_with - s_without
    persons = s if chance == "nobody-harmed" else s_with + s_without
    spread = s * (1 - s) if chance == "nobody-harmed" else s_with * (1 - s_with) + s_without * (1 - s_without)
    for a in range(len(model.actors)):
        amounts = 45.0**2 * unit.sum(axis=(0, 3))[:, a] ** 2
        variance = float(model.completers @ (spread * value[:, a] ** 2 + persons * amounts))
        assert simulation.chance_variance[0, 0, a] == pytest.approx(variance, rel=1e-12)
        found = simulation.net[:, :, a].var(axis=1)
        assert abs(found.mean() - variance) < 5 * standard_error(found) + 1e-3 * variance
        means = simulation.net[:, :, a].mean(axis=1)
        assert abs(means.mean() - simulation.expected[0, 0, a]) < 5 * standard_error(means)
    np.testing.assert_array_equal(np.ptp(simulation.expected, axis=(0, 1)), 0)


@pytest.mark.parametrize("chance", ["nobody-harmed", "independent"])
def test_kernel_and_reference_agree_with_variation_shares_and_correlations(document, chance):
    document["settings"]["chance"] = chance
    document["services"]["bolig"]["shares_concentration"] = 12.0
    document["participants"]["completers"] = {"2020": 10.5, "2022": 7.25}
    correlated(document, 0.4, "services.bolig.price", "consequences.bolig.change")
    model = with_variation(model_of(document), 20.0)
    cube = points(plan(16 * 256, 3), columns(model), 0)
    d = len(model.columns)
    values, chance_points = values_at(model, cube[:, :d]), cube[:, d:-1]
    assert chance_points.shape[1] == 3 * 2 + 2
    slow = reference.evaluate(model, values, reference.draw_chance(model, values, chance_points))
    fast = kernel.evaluate(model, values, chance_points)
    for field in ("area", "year", "expected", "at_zero", "per_rate", "chance_variance", "rate"):
        one, other = getattr(fast, field), getattr(slow, field)
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12 * np.abs(other).max(), err_msg=field)


@pytest.mark.parametrize("name", ["with", "without", "completers", "other"])
def test_draws_of_persons_are_not_those_of_successes_whatever_the_consequence_is_called(document, name):
    certain(document)
    document["consequences"] = {name: document["consequences"]["bolig"]}
    document["consequences"][name]["change"] = number(-30.0, "day", sd=60.0, of="individuals")
    model = model_of(document)
    keys = columns(model)
    assert len(set(keys)) == len(keys)
    simulation = simulate_model(model, plan(65_536, 1, "random"), evaluate=kernel.evaluate)
    found = simulation.net[:, :, 0].var(axis=1)
    expected = simulation.chance_variance[0, 0, 0]
    assert abs(found.mean() - expected) < 5 * standard_error(found)


def test_a_change_of_which_only_persons_are_known_counts_as_certain_in_a_correlation(document):
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", sd=60.0, of="individuals")
    correlated(document, 0.5, "consequences.bolig.change", "services.bolig.price")
    with pytest.raises(AssertionError, match="correlation-certain"):
        model_of(document)


def test_correlations_of_one_library_number_in_two_places_are_judged_as_of_one(document):
    from soemrisk.correlations import changed_correlations

    document["correlations"] = [
        {"between": ["services.bolig.price", "success.with"], "rank": 0.58, "source": SOURCE},
        {"between": ["services.skat.price", "success.without"], "rank": 0.58, "source": SOURCE},
        {"between": ["success.with", "success.without"], "rank": -0.58, "source": SOURCE},
    ]
    scenario = Scenario.model_validate(document)
    assert changed_correlations(scenario, {}) == []
    one = {"services.bolig.price": "library-price", "services.skat.price": "library-price"}
    changed = changed_correlations(scenario, one)
    assert {frozenset(row[:2]) for row in changed} == {
        frozenset(("services.bolig.price", "success.with")),
        frozenset(("services.bolig.price", "success.without")),
        frozenset(("success.with", "success.without")),
    }
