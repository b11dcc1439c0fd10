"""Many inputs read in one call: the same bytes as one by one, whatever the points and however many at once."""

import subprocess
import sys

import numpy as np
import pytest
from test_families import EVERY

from soemrisk import quantile_kernel
from soemrisk.design import plan, points
from soemrisk.families import FAMILIES
from soemrisk.quantile_columns import Column, quantile_columns, read_columns, read_columns_slowly
from soemrisk.quantile_grid import CELLS, PARTS
from soemrisk.quantile_tables import coefficients, side_by_side, values

EACH = [Column(family, parameters, d, 2 * d + 1) for d, (family, parameters) in enumerate(EVERY.items())]
ALIKE = [("normal", {"mean": -3.0, "sd": 0.5}), ("gamma", EVERY["gamma"]), ("normal", {"mean": 1e6, "sd": 2.0})]
MORE = [Column(*one, 0, 2 * len(EACH) + 2 * n + 1) for n, one in enumerate(ALIKE)]  # read at the points of the first
COLUMNS = [*EACH, *MORE]
POINTS = {
    "Sobol', whole parts": (lambda keys: points(plan(16 * 2048, 5), keys, 3), 1024),
    "Sobol', small replicates": (lambda keys: points(plan(16 * 64, 5), keys, 1), 64),
    "Sobol', several replicates": (
        lambda keys: np.concatenate([points(plan(16 * 256, 5), keys, r) for r in range(3)]),
        256,
    ),
    "Sobol', more than belong together": (lambda keys: points(plan(16 * 64, 5), keys, 1)[:48], 1024),
    "random": (lambda keys: points(plan(16 * 1000, 5, "random"), keys, 0), 1024),
    "an odd number at once": (lambda keys: points(plan(16 * 512, 5), keys, 0)[:255], 255),
    "far out": (lambda keys: np.linspace(2.0**-53, 1e-9, 32)[:, None] * np.ones(len(keys)), 16),
    "rising": (lambda keys: np.tile((np.arange(1024) + 0.5)[:, None] / 1024, len(keys)), 1024),
    "on the edges of strata": (lambda keys: np.tile(np.maximum(np.arange(1024), 0.5)[:, None] / 1024, len(keys)), 1024),
    "one of them on an edge": (
        lambda keys: np.tile(np.where(np.arange(1024) == 768, 768.0, np.arange(1024) + 0.5)[:, None] / 1024, len(keys)),
        1024,
    ),
    "all alike": (lambda keys: np.full((64, len(keys)), 0.3), 64),
    "one": (lambda keys: np.full((1, len(keys)), 0.9), 1024),
    "none": (lambda keys: np.empty((0, len(keys))), 1024),
}


@pytest.mark.parametrize("which", POINTS)
def test_values_are_those_of_each_input_alone_to_the_last_bit(which):
    made, together = POINTS[which]
    u = np.ascontiguousarray(made([f"key {d}" for d in range(len(EACH))]).T)
    found = np.full((2 * len(COLUMNS) + 1, u.shape[1]), -7.0)
    read_columns(quantile_columns(COLUMNS), u, found, together)
    for one in COLUMNS:
        alone = values(one.family, one.parameters, u[one.source])
        assert found[one.target].tobytes() == alone.tobytes(), one.family
    assert (found[::2] == -7.0).all()  # other rows stay as they are


@pytest.mark.parametrize("which", POINTS)
def test_the_compiled_twin_gives_the_same_bytes_and_counts(which):
    made, together = POINTS[which]
    inputs = quantile_columns(COLUMNS)
    u = np.ascontiguousarray(made([f"key {d}" for d in range(len(EACH))]).T)
    fast, slow = np.full((2, 2 * len(COLUMNS) + 1, u.shape[1]), -7.0)
    of_fast, of_slow = np.empty((2, len(inputs.places)), dtype=np.int64)
    frame, room = (PARTS, CELLS, together), quantile_kernel.room(together)
    quantile_kernel.read_columns(inputs.tables, inputs.places, inputs.scales, u, frame, room, fast, of_fast)
    read_columns_slowly(inputs, u, slow, of_slow)
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(of_fast, of_slow)


def test_points_outside_the_unit_interval_reach_no_memory_of_others():
    u = np.tile((np.arange(64) + 0.5) / 64, (1, 1))
    for odd in (0.0, 1.0, -3.0, 1e30, np.nan, np.inf, -np.inf):
        u[0, 5] = odd
        one = quantile_columns([Column("normal", EVERY["normal"], 0, 0)])
        found, missing = np.empty((1, 64)), np.empty(1, dtype=np.int64)
        frame, room = (PARTS, CELLS, 64), quantile_kernel.room(4096)
        quantile_kernel.read_columns(one.tables, one.places, one.scales, u, frame, room, found, missing)
        assert np.isfinite(np.delete(found[0], 5)).all()
        assert missing[0] == np.isnan(found[0]).sum()


def test_tables_side_by_side_are_those_that_differ_and_are_made_once():
    gamma, other = ("gamma", EVERY["gamma"]), ("normal", {"mean": 1, "sd": 3})
    tables, which, scales = side_by_side([("normal", {"mean": 10.0, "sd": 2.0}), gamma, other])
    np.testing.assert_array_equal(tables, [coefficients("normal", {"mean": 0.0, "sd": 1.0}), coefficients(*gamma)])
    assert which.tolist() == [0, 1, 0]
    assert scales.tolist() == [[10.0, 2.0], [0.0, 1.0], [1.0, 3.0]]
    assert not tables.flags.writeable
    assert side_by_side([("normal", {"sd": 2.0, "mean": 10}), gamma, other])[0] is tables
    np.testing.assert_array_equal(side_by_side([gamma, other])[0], tables[::-1])


@pytest.mark.parametrize("parameters", [{"mean": 3.0, "sd": 1.0}, {"mean": -8.0, "sd": 2.0}, {"mean": 1e9, "sd": 1e-3}])
def test_a_shared_table_is_as_near_to_the_exact_function_as_one_of_its_own(parameters):
    tails = np.concatenate([np.geomspace(2.0**-53, 0.5, 20_001)[:-1], 1 - np.geomspace(2.0**-53, 0.5, 20_001)[:-1]])
    exact = FAMILIES["normal"].quantile(tails, parameters)
    assert np.all(
        np.abs(values("normal", parameters, tails) - exact)
        <= 1e-9 * np.maximum(np.abs(exact), 1.349e-3 * parameters["sd"])
    )


@pytest.mark.parametrize("family", [family for family, row in FAMILIES.items() if row.tabled])
def test_location_and_scale_of_a_family_are_those_of_its_exact_function(family):
    location, scale, standard = FAMILIES[family].standard(EVERY[family])
    u = np.linspace(0.001, 0.999, 101)
    exact, of_standard = (FAMILIES[family].quantile(u, one) for one in (EVERY[family], standard))
    np.testing.assert_allclose(location + scale * of_standard, exact, rtol=1e-14)
    assert (standard is EVERY[family]) == (family != "normal")


def test_few_points_need_no_compiler():
    asked = (
        "import sys, numpy as np\n"
        "from soemrisk.quantile_columns import Column, quantile_columns, read_columns\n"
        "found = np.empty((1, 1))\n"
        "read_columns(quantile_columns([Column('normal', {'mean': 0, 'sd': 1}, 0, 0)]), np.array([[0.9]]), found)\n"
        "print('numba' in sys.modules, round(found[0, 0], 6))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "1.281552"]
