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

COLUMNS = [Column(family, parameters, d, 2 * d + 1) for d, (family, parameters) in enumerate(EVERY.items())]
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
    "all alike": (lambda keys: np.full((64, len(keys)), 0.3), 64),
    "one": (lambda keys: np.full((1, len(keys)), 0.9), 1024),
    "none": (lambda keys: np.empty((0, len(keys))), 1024),
}


@pytest.mark.parametrize("which", POINTS)
def test_values_are_those_of_each_input_alone_to_the_last_bit(which):
    made, together = POINTS[which]
    u = np.ascontiguousarray(made([f"key {d}" for d in range(len(COLUMNS))]).T)
    found = np.full((2 * len(COLUMNS) + 1, u.shape[1]), -7.0)
    read_columns(quantile_columns(COLUMNS), u, found, together)
    for one in COLUMNS:
        alone = values(one.family, one.parameters, u[one.source])
        assert found[one.target].tobytes() == alone.tobytes(), one.family
    assert (found[::2] == -7.0).all()  # other rows stay as they are


@pytest.mark.parametrize("which", POINTS)
def test_the_compiled_twin_gives_the_same_bytes_and_counts(which):
    made, together = POINTS[which]
    tabled = [one for one in COLUMNS if FAMILIES[one.family].tabled]
    u = np.ascontiguousarray(made([f"key {d}" for d in range(len(COLUMNS))]).T)
    tables = side_by_side([(one.family, one.parameters) for one in tabled])
    places = np.array([(one.source, t) for t, one in enumerate(tabled)], dtype=np.int64)
    fast, slow = np.empty((2, len(tabled), u.shape[1]))
    of_fast, of_slow = np.empty((2, len(tabled)), dtype=np.int64)
    quantile_kernel.read_columns(
        tables, places, u, (PARTS, CELLS, together), quantile_kernel.room(together), fast, of_fast
    )
    read_columns_slowly(tables, places, u, slow, of_slow)
    np.testing.assert_array_equal(fast, slow)
    np.testing.assert_array_equal(of_fast, of_slow)


def test_points_outside_the_unit_interval_reach_no_memory_of_others():
    u = np.tile((np.arange(64) + 0.5) / 64, (1, 1))
    for odd in (0.0, 1.0, -3.0, 1e30, np.nan, np.inf, -np.inf):
        u[0, 5] = odd
        table = coefficients("normal", EVERY["normal"])[None]
        found, missing = np.empty((1, 64)), np.empty(1, dtype=np.int64)
        quantile_kernel.read_columns(
            table, np.zeros((1, 2), dtype=np.int64), u, (PARTS, CELLS, 64), quantile_kernel.room(4096), found, missing
        )
        assert np.isfinite(np.delete(found[0], 5)).all()
        assert missing[0] == np.isnan(found[0]).sum()


def test_tables_side_by_side_are_those_of_each_and_are_made_once():
    normal, other = ("normal", {"mean": 10.0, "sd": 2.0}), ("normal", {"mean": 1, "sd": 3})
    found = side_by_side([normal, other])
    np.testing.assert_array_equal(found, [coefficients(*normal), coefficients(*other)])
    assert not found.flags.writeable
    assert side_by_side([("normal", {"sd": 2.0, "mean": 10}), other]) is found
    np.testing.assert_array_equal(side_by_side([other, normal]), found[::-1])


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
