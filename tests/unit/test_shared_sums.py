"""What products share, taken out once: the sum stays the same, and it gets shorter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import soemrisk as sr
from soemrisk.block_swaps import _function_rows, net_weights
from soemrisk.compilation import compile_scenario
from soemrisk.moments import products_of
from soemrisk.shared_sums import shared_sums, steps_of


def value(sums, factors):
    """The whole sum at values of the functions, (k,)."""
    nodes = np.zeros((sums.size, sums.tail_weights.shape[1]))
    for node, length, rows, weights in zip(
        sums.tail_nodes, sums.tail_lengths, sums.tail_rows, sums.tail_weights, strict=True
    ):
        nodes[node] += weights * np.prod(factors[rows[:length]])
    for (parent, child, row), sign in reversed(list(zip(sums.edges, sums.signs, strict=True))):
        nodes[parent] += sign * factors[row] * nodes[child]
    return nodes[0]


@given(
    rows=st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=24),
    seed=st.integers(0, 2**32),
    whole=st.booleans(),
)
def test_any_sum_of_products_is_the_same_sum(rows, seed, whole):
    # four blocks of two functions each; whole weights from few values, so that sums are alike up to their sign
    rng = np.random.default_rng(seed)
    functions = np.array(rows)
    numbers = np.where(functions > 0, functions + 2 * np.arange(4), 0)
    weights = rng.integers(-1, 2, (3, len(rows))).astype(float) if whole else rng.normal(size=(3, len(rows)))
    factors = np.concatenate([[1.0], rng.normal(size=8)])
    found = shared_sums(numbers, weights)
    terms = weights * np.prod(factors[numbers], axis=1)
    assert np.allclose(value(found, factors), terms.sum(axis=1), rtol=0, atol=1e-13 * (1 + np.abs(terms).sum()))
    assert np.all(found.edges[:, 0] < found.edges[:, 1])  # one way up and one way down meet every node in its turn
    assert np.all(np.diff(found.edges[:, 0]) >= 0)


def test_what_two_rates_share_is_one_sum():
    # common × (with − without) × Σ price × change, the same for what is in no group, and the cost
    products = products_of(compile_scenario(sr.read("act-randers")))
    found = shared_sums(_function_rows(products), net_weights(products))
    assert products.functions.shape == (25, 25)
    paths = [(parent, child, products.paths[row - 1]) for parent, child, row in found.edges]
    assert paths == [
        (0, 1, "consequences.brugerdefineret.change"),
        (0, 2, "groups.register.factor"),
        (2, 3, "success.with"),
        (2, 3, "success.without"),
    ]
    assert found.signs[2] == -found.signs[3]
    assert found.size == 4
    assert np.bincount(found.tail_nodes).tolist() == [1, 2, 0, 11]


def test_an_input_in_one_product_is_alone_in_its_tail():
    found = shared_sums(np.array([[1, 2], [1, 3]]), np.ones((1, 2)))
    steps = steps_of(found, [[1], [2], [3]], [[0], [1], [2], [1, 2]])
    assert steps.alone.tolist() == [[-1, -1], [0, 0], [1, 0], [-1, -1]]


def test_products_with_the_same_factors_are_one_tail_and_none_is_a_constant():
    found = shared_sums(np.array([[1, 2], [2, 1], [0, 0]]), np.array([[1.0, 2.0, 5.0]]))
    assert found.tail_rows.tolist() == [[0, 0], [1, 2]]
    assert found.tail_weights.tolist() == [[5.0], [3.0]]
    assert len(found.edges) == 0


def test_no_products_are_an_empty_sum():
    found = shared_sums(np.zeros((0, 0), dtype=np.int64), np.zeros((2, 0)))
    assert found.size == 1
    assert value(found, np.ones(1)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("groups", [[[0], [1], [0, 1]], [[1]], []])
def test_inputs_have_the_places_of_their_functions_and_groups_move_all_of_theirs(groups):
    found = shared_sums(np.array([[1, 3], [2, 3], [1, 0]]), np.array([[1.0, 2.0, 3.0]]))
    steps = steps_of(found, [range(1, 3), range(3, 4)], groups)
    of_rows = {0: {1, 2}, 1: {3}}
    for i, group in enumerate(groups):
        own = steps.places[steps.first[i] : steps.first[i + 1]].tolist()
        if len(group) > 1:
            assert own == []
            assert steps.moved[steps.group[i]].tolist() == [0, 1, 1, 1]
        else:
            rows = [found.edges[n, 2] if place < 0 else found.tail_rows[n, place] for n, place in own]
            assert set(map(int, rows)) == of_rows[group[0]]
            assert steps.alone[i].tolist() == (own[0] if len(own) == 1 and own[0][1] >= 0 else [-1, -1])
            assert steps.group[i] == -1
