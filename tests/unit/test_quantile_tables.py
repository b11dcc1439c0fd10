"""Tables of quantile functions against the exact functions: error, rise, exact kinks, the same bytes on every way."""

import subprocess
import sys
from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
from exact_quantiles import DIGITS, exact
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_families import EVERY, EXTREMES, PARAMETERS
from test_family_digits import FEW

from soemrisk import quantile_kernel
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.families import FAMILIES, quantile
from soemrisk.quantile_grid import CELLS, PARTS, grid
from soemrisk.quantile_tables import build, coefficients, read, read_slowly, values
from soemrisk.reading import read as read_scenario
from soemrisk.transform import values_at

TABLED = [family for family, row in FAMILIES.items() if row.tabled]
CASES = [
    *((family, parameters) for family, parameters in [*EVERY.items(), *EXTREMES] if FAMILIES[family].tabled),
    *((family, parameters) for family, found in FEW.items() if FAMILIES[family].tabled for parameters in found),
]
CANCELLED = -1e100  # a metalog with such a lower end has no digits left in its exact function either
CASES = [(family, parameters) for family, parameters in CASES if parameters.get("lower") != CANCELLED]


def in_both_tails(rng, count):
    """Points of the cube in both tails as the samplers make them, as many in each octave; and plain ones."""
    tail = np.ceil(2.0 ** -rng.uniform(1, 52, count) * 2.0**52) * 2.0**-52 - 2.0**-53
    return np.sort(np.concatenate([tail, 1 - tail, rng.random(count) * (1 - 2.0**-20) + 2.0**-21]))


def scale_of(family, parameters, x):
    """What errors are relative to: max(|x|, IQR/1000)."""
    first, third = quantile(family, parameters, [0.25, 0.75])
    return np.maximum(np.maximum(np.abs(x), (third - first) / 1000), 1e-300)


@pytest.mark.parametrize(("family", "parameters"), CASES)
def test_values_are_within_1e_9_of_the_exact_function_in_both_tails(family, parameters):
    u = in_both_tails(np.random.default_rng(3), 700)
    x = quantile(family, parameters, u)
    found = values(family, parameters, u)
    assert np.max(np.abs(found - x) / scale_of(family, parameters, x)) < 1e-9
    falls = np.maximum(-np.diff(x), 0.0) + 1e-12 * scale_of(family, parameters, x[1:])
    assert (np.diff(found) >= -falls).all()


@pytest.mark.parametrize("family", TABLED)
def test_values_have_nine_digits_of_references_in_50_digits(family):
    levels = [2.0**-53, 1e-9, 0.013, 0.26, 0.37, 0.7, 0.98, 1 - 1e-9, 1 - 2.0**-53]
    found = values(family, EVERY[family], levels)
    with mp.workdps(DIGITS):
        true = [exact(family, EVERY[family], p, near) for p, near in zip(levels, found, strict=True)]
        errors = [float(abs(mp.mpf(float(x)) - y)) for x, y in zip(found, true, strict=True)]
    assert np.max(errors / scale_of(family, EVERY[family], found)) < 1e-9


quietly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("family", TABLED)
def test_whatever_is_accepted_is_within_1e_9_and_rises_inside_the_support(family):
    @quietly
    @given(PARAMETERS[family] if family in PARAMETERS else st.just(EVERY[family]), st.integers(0, 2**32))
    def check(parameters, seed):
        row = FAMILIES[family]
        assume(row.valid(parameters) is None)
        u = in_both_tails(np.random.default_rng(seed), 150)
        borders = np.array([0.25, 0.3125, 0.4375, 2.0**-6, 2.0**-10, 2.0**-16, 2.0**-24])
        borders = np.concatenate([borders, 1 - borders])
        u = np.sort(np.concatenate([u, borders, np.nextafter(borders, 0), np.nextafter(borders, 1)]))
        x, found = quantile(family, parameters, u), values(family, parameters, u)
        scale = scale_of(family, parameters, x)
        assert np.max(np.abs(found - x) / scale) < 1e-9
        assert (np.diff(found) >= -np.maximum(-np.diff(x), 0.0) - 1e-12 * scale[1:]).all()
        low, high = row.support(parameters)
        assert low <= found.min() <= found.max() <= high

    check()


@pytest.mark.parametrize("family", TABLED)
def test_ordinary_parameters_are_read_from_the_table_but_for_single_points(family):
    """A table that is empty would be right and slow; the mixture has a bend near a quarter."""
    u = (np.arange(2**16) + 0.5) / 2**16
    empty = np.isnan(read_slowly(coefficients(family, EVERY[family]), u)).mean()
    assert empty <= {"mixture": 0.25, "logit_student_t": 0.04, "log_student_t": 0.003}.get(family, 0.0)


# The same bytes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("family", "parameters"), CASES[:30])
def test_the_compiled_twin_gives_the_same_bytes(family, parameters):
    table = build(FAMILIES[family], parameters)
    u = np.concatenate([in_both_tails(np.random.default_rng(5), 999), [5e-324, 1e-300, 2.0**-54, 2.0**-53, 0.5]])
    found = np.empty(len(u))
    quantile_kernel.read(table, u, (PARTS, CELLS), quantile_kernel.room(4096), found)
    assert found.tobytes() == np.where(np.isnan(found), found, read_slowly(table, u)).tobytes()
    assert (np.isnan(found) == np.isnan(read_slowly(table, u))).all()
    assert np.array_equal(read(table, u), found, equal_nan=True)


@pytest.mark.parametrize(("family", "parameters"), CASES)
def test_a_value_depends_on_its_point_alone(family, parameters):
    rng = np.random.default_rng(7)
    u = rng.permutation(np.concatenate([in_both_tails(rng, 60), [1e-300, 2.0**-60, 0.5]]))
    whole = values(family, parameters, u)
    for size in (1, 3, 16, 100):
        parts = [values(family, parameters, u[start : start + size]) for start in range(0, len(u), size)]
        assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_points_have_any_shape_and_order():
    u = np.asfortranarray(np.random.default_rng(1).random((7, 5)))
    found = values("normal", EVERY["normal"], u)
    assert found.shape == (7, 5)
    assert found.tolist() == values("normal", EVERY["normal"], np.ascontiguousarray(u)).tolist()
    assert found[:, 2].tolist() == values("normal", EVERY["normal"], u[:, 2]).tolist()
    assert values("normal", EVERY["normal"], []).shape == (0,)
    assert values("normal", EVERY["normal"], 0.5).shape == ()


def test_a_table_is_made_once_however_its_parameters_are_spelt():
    first = coefficients("metalog", EVERY["metalog"])
    again = {name: np.array(one) if isinstance(one, list) else one for name, one in EVERY["metalog"].items()}
    assert coefficients("metalog", again) is first
    assert coefficients("metalog", {**EVERY["metalog"], "lower": 1.0}) is not first
    mixture = EVERY["mixture"]
    assert coefficients("mixture", {**mixture, "components": tuple(mixture["components"])}) is coefficients(
        "mixture", mixture
    )
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1.0


def test_few_points_need_no_compiler():
    code = """
import sys, numpy as np
from soemrisk.quantile_tables import values
assert "scipy" not in sys.modules
values("beta", {"a": 2.0, "b": 3.0}, np.random.default_rng(0).random(10_000))
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# What is exact --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - set(TABLED)))
def test_families_that_are_fast_or_stepped_are_asked_themselves(family):
    u = in_both_tails(np.random.default_rng(2), 100)
    assert values(family, EVERY[family], u).tobytes() == quantile(family, EVERY[family], u).tobytes()


@pytest.mark.parametrize(("family", "parameters"), CASES)
def test_points_outside_the_cells_go_to_the_exact_function(family, parameters):
    u = np.array([5e-324, 1e-300, 1e-100, 2.0**-64, np.nextafter(2.0**-53, 0), 0.5])
    assert values(family, parameters, u).tobytes() == quantile(family, parameters, u).tobytes()


def test_a_spike_keeps_its_probability_to_the_last_digit():
    parts = [
        {"family": "discrete", "parameters": {"values": [0.0], "weights": [1.0]}},
        {"family": "lognormal", "parameters": {"mu": 0.0, "sigma": 1.0}},
    ]
    q = {"components": parts, "weights": [0.3, 0.7]}
    edge = 0.3
    around = np.array([edge - 1e-9, np.nextafter(edge, 0), edge, np.nextafter(edge, 1), edge + 1e-9])
    assert values("mixture", q, around).tobytes() == quantile("mixture", q, around).tobytes()
    drawn = values("mixture", q, (np.arange(10_000) + 0.5) / 10_000)
    assert (drawn == 0).sum() == 3000


def test_a_bend_goes_to_the_exact_function():
    parts = [{"family": "uniform", "parameters": {"low": float(k), "high": float(k + 1)}} for k in (0, 3)]
    q = {"components": parts, "weights": [0.2, 0.8]}
    u = np.linspace(0.15, 0.25, 1001)
    np.testing.assert_allclose(values("mixture", q, u), quantile("mixture", q, u), rtol=1e-9)
    assert np.isnan(read_slowly(coefficients("mixture", q), np.array([0.2]))).all()


def test_a_step_of_the_size_of_the_tolerance_is_found_wherever_it_lies_in_a_cell():
    """The check sees at least a twentieth of a step, so that none above 1e-9 stays in a cell that is kept."""

    stepped = replace(
        FAMILIES["uniform"],
        quantile=lambda p, q: 1.0 + p + np.where(p > q["at"], 3e-9, 0.0),
        support=lambda _: (1.0, 3.0),
    )
    for at in np.linspace(0.2501, 0.3124, 200):
        assert np.isnan(read_slowly(build(stepped, {"at": at}), np.array([at]))).all(), at
    smooth = build(stepped, {"at": 2.0})
    assert not np.isnan(read_slowly(smooth, np.array([0.2501, 0.999, 2.0**-20]))).any()


# The grid, and who draws ----------------------------------------------------------------------------------------


def test_upper_nodes_are_one_minus_lower_nodes_to_the_last_digit():
    lower, upper = grid().points.reshape(2, -1)
    nodes = grid().nodes
    assert (1.0 - upper[:nodes] == lower[:nodes]).all()
    assert lower.min() >= 2.0**-53
    assert upper.max() == 1 - 2.0**-53


def test_bernstein_coefficients_bound_their_polynomial():
    rng = np.random.default_rng(4)
    t = np.linspace(-0.5, 0.5, 501)
    for powers in rng.normal(size=(50, 10)):
        found = np.polynomial.polynomial.polyval(t, powers)
        bounds = grid().bernstein @ powers
        assert bounds.min() - 1e-12 <= found.min() <= found.max() <= bounds.max() + 1e-12
        np.testing.assert_allclose(bounds[[0, -1]], found[[0, -1]], rtol=1e-11, atol=1e-12)


def test_draws_of_a_scenario_are_those_of_the_exact_functions():
    model = compile_scenario(read_scenario("act-randers"))
    cube = points(plan(4096, 3), model.columns, 2)
    found = values_at(model, cube)
    for d, q in zip(model.column, model.uncertain, strict=True):
        stated = model.inputs[q].distribution
        x = quantile(stated.family, stated.parameters, cube[:, d])
        assert np.max(np.abs(found[:, q] - x) / scale_of(stated.family, stated.parameters, x)) < 1e-10
