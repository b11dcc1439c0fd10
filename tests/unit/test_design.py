"""The points of the unit cube: uniform, keyed, extendable, and scrambled as the theory says."""

import numpy as np
import pytest
from scipy.stats import kurtosis, qmc

from soemrisk import design
from soemrisk.design import MOST_DIMENSIONS, _directions, _from_mirrored, plan, points
from soemrisk.point_kernel import sobol_columns
from soemrisk.streams import first_words

KEYS = ["a", "b", "c"]


def test_unscrambled_points_are_those_of_scipy():
    count, size = 60, 256
    numbers = np.stack([_directions(d) for d in range(count)])
    words = np.zeros((size, count), dtype=np.uint64)
    for level in range(8):
        half = 1 << level
        words[half : 2 * half] = words[:half] ^ numbers[:, level]
    ours = {tuple(row) for row in _from_mirrored(words) * 2.0**-64}
    theirs = {tuple(row) for row in qmc.Sobol(count, scramble=False, bits=32).random(size)}
    assert ours == theirs


@pytest.mark.parametrize("sampler", ["sobol", "lhs"])
def test_every_replicate_has_one_point_in_each_of_n_intervals(sampler):
    cube = points(plan(16 * 1024, 7, sampler), KEYS, 5)
    for column in cube.T:
        assert sorted((column * 1024).astype(int)) == list(range(1024))


def test_pairs_of_columns_fill_elementary_boxes():
    cube = points(plan(16 * 256, 3), KEYS, 0)
    boxes = {(int(x * 16), int(y * 16)) for x, y in cube[:, :2]}
    assert len(boxes) == 256


def test_a_longer_block_begins_with_the_points_of_a_shorter_one():
    short, long = points(plan(16 * 64, 1), KEYS, 2), points(plan(16 * 256, 1), KEYS, 2)
    np.testing.assert_array_equal(long[:64], short)


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_points_lie_strictly_inside_the_cube(sampler):
    cube = points(plan(2**16, 0, sampler), KEYS, 0)
    assert cube.min() > 0
    assert cube.max() < 1


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_seed_0_is_a_seed_and_seeds_and_replicates_differ(sampler):
    first = points(plan(256, 0, sampler), KEYS, 0)
    np.testing.assert_array_equal(first, points(plan(256, 0, sampler), KEYS, 0))
    assert not np.array_equal(first, points(plan(256, 1, sampler), KEYS, 0))
    assert not np.array_equal(first, points(plan(256, 0, sampler), KEYS, 1))


@pytest.mark.parametrize("sampler", ["random", "lhs"])
def test_columns_depend_on_their_own_key_alone(sampler):
    both = points(plan(512, 4, sampler), ["x", "y"], 1)
    alone = points(plan(512, 4, sampler), ["y"], 1)
    np.testing.assert_array_equal(both[:, 1], alone[:, 0])


def test_sobol_dimension_is_the_position_and_the_scramble_the_key():
    three = points(plan(512, 4), ["x", "y", "z"], 1)
    two = points(plan(512, 4), ["x", "y"], 1)
    np.testing.assert_array_equal(three[:, :2], two)


def test_the_mean_of_x_has_the_variance_of_nested_scrambling_and_no_rare_large_errors():
    # Owen (1995): within each of n intervals one uniform point, so Var = 1 / (12 n^3), and nearly normal
    size = 64
    means = np.array([[column.mean() - 0.5 for column in points(plan(16 * size, s), KEYS, 0).T] for s in range(800)])
    ratio = means.var(axis=0) * 12 * size**3
    assert np.all(np.abs(ratio - 1) < 5 * np.sqrt(2 / 800))
    assert np.all(np.abs(kurtosis(means)) < 1)
    assert np.all(np.abs(means.mean(axis=0)) < 5 * means.std(axis=0) / np.sqrt(800))


def test_columns_of_a_latin_hypercube_are_independent_of_each_other():
    cube = points(plan(16 * 4096, 2, "lhs"), KEYS, 3)
    correlation = np.corrcoef(cube.T)
    assert np.all(np.abs(correlation[np.triu_indices(3, 1)]) < 5 / 4096**0.5)


def test_plans_are_rounded_up_to_replicates_of_a_power_of_two():
    assert plan(65_536, 1).draws == 65_536
    assert plan(65_537, 1).draws == 131_072
    assert plan(1000, 1, "random").draws == 1008
    assert plan(1, 0).size == 2


def test_what_cannot_be_planned_is_refused():
    for arguments in ((0, 1), (10, -1), (10, 1, "halton")):
        with pytest.raises(ValueError, match=r"."):
            plan(*arguments)
    with pytest.raises(ValueError, match="random sampler"):
        points(plan(16, 1), [str(n) for n in range(MOST_DIMENSIONS + 1)], 0)


@pytest.mark.parametrize(("start", "size"), [(0, 4096), (0, 1), (0, 5), (8192, 4096), (4096, 100), (7, 1)])
def test_compiled_points_are_those_of_the_slow_twin(start, size):
    numbers = np.array([design._directions(dimension) for dimension in (0, 1, 2, 50, 400)])
    constants = design._constants(3, ("a", "b", "c", "d", "e"), 7)
    found, rows = np.full((7, size), -1.0), np.array([0, 5, 2, 6, 3])
    sobol_columns(numbers, constants, rows, start, found)
    assert found[rows].tobytes() == design.sobol_columns_slowly(numbers, constants, start, size).T.tobytes()
    assert (found[[1, 4]] == -1.0).all()


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_a_column_that_nobody_asks_of_changes_no_other(sampler):
    design_ = plan(16 * 64, 3, sampler)
    every, some = points(design_, ["a", "b", "c", "d"], 2), points(design_, ["a", None, "c", None], 2)
    assert every[:, [0, 2]].tobytes() == some[:, [0, 2]].tobytes()
    assert (some[:, [1, 3]] == 0.5).all()


def test_words_of_many_streams_are_those_of_numpy():
    rng = np.random.Generator(np.random.Philox(key=4))
    keys = rng.integers(0, 2**64, (200, 2), dtype=np.uint64)
    keys[0] = 0
    keys[1] = 2**64 - 1
    for key, words in zip(keys, first_words(keys, 12), strict=True):
        whole = int(key[0]) + (int(key[1]) << 64)
        assert words.tolist() == np.random.Philox(key=whole).random_raw(12).tolist()
    for replicate in (2, 16, 37):
        named = design._stream(5, "å/key", replicate).random_raw(3 * design.ROUNDS)
        assert design._constants(5, ("x", "å/key"), replicate)[1].tolist() == named.tolist()


def test_sobol_points_fill_the_room_that_is_given():
    design, keys = plan(16 * 64, 3), ["x", "y", "z"]
    room = np.full((3, 32), np.nan)
    found = points(design, keys, 2, (32, 64), room)
    assert np.shares_memory(found, room)
    assert found.tobytes() == points(design, keys, 2)[32:].tobytes()
