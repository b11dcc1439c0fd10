"""The rivals of the sensitivity benchmark calculate what soemrisk calculates, and what does not agree is found.

Small sizes of the measurement, judged by what is found and never by the time it took.
"""

import copy
import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import soemrisk as sr
from soemrisk import reference
from soemrisk.compilation import compile_scenario
from soemrisk.reading import read

ROOT = Path(__file__).parents[2]
NAMES = ("expected_net", "information_contenders", "numpy_model", "run", "sensitivity", "sobol_contenders")
POINTS = 1024


@pytest.fixture
def benchmarks(monkeypatch):
    """The modules beside ``sensitivity.py``, imported as it imports them."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return {name: importlib.import_module(name) for name in NAMES}


def measured(tables, draws):
    return {name: [{"found": table, "draws": draws}] for name, table in tables.items()}


@pytest.mark.parametrize("case", ["act-randers", "cti-aarhus", "generated-40"])
def test_the_model_of_the_rivals_gives_the_expected_net_result_of_every_actor(benchmarks, case, tmp_path):
    path = benchmarks["run"].scenario_file(case, tmp_path)
    model, calculation = compile_scenario(read(path)), benchmarks["numpy_model"].load(path)
    n = 500
    drawn = benchmarks["numpy_model"].drawn(calculation, n, np.random.default_rng(3))
    values = np.tile(model.base, (n, 1))
    for q, one in enumerate(model.inputs):
        if q in model.uncertain:
            values[:, q] = drawn[one.path]
    ours = reference.evaluate(model, values).expected
    net = benchmarks["expected_net"].net_model(calculation, model.actors)
    theirs = benchmarks["expected_net"].net_of(net, drawn, n)
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12 * np.abs(ours).max())


def test_points_and_values_lead_to_the_same_net_result(benchmarks, tmp_path):
    expected_net = benchmarks["expected_net"]
    calculation = benchmarks["numpy_model"].load(benchmarks["run"].scenario_file("generated-6", tmp_path))
    model = expected_net.net_model(calculation, ("total",))
    points = np.random.default_rng(5).random((10_000, 6))
    values = benchmarks["numpy_model"].quantiles(calculation, points)
    clock = expected_net.Clock()
    found = expected_net.net_of_points(model, points, clock)
    np.testing.assert_allclose(found, expected_net.net_of(model, values, 10_000)[:, 0], rtol=1e-12)
    assert clock.seconds > 0


def test_every_program_finds_the_exact_indices_and_a_wrong_one_is_named(benchmarks, tmp_path):
    path = benchmarks["run"].scenario_file("generated-6", tmp_path)
    names = [one.name for one in benchmarks["numpy_model"].load(path).inputs]
    exact = sr.exact(sr.read(path)).sel(actor="total", input=names)
    truth = {index: exact[index].values.tolist() for index in ("S1", "ST")}
    clock = benchmarks["expected_net"].Clock()
    contenders = benchmarks["sobol_contenders"].CONTENDERS
    tables = {name: contender(path)(POINTS, 1, clock) for name, contender in contenders.items()}
    wrong_indices = benchmarks["sensitivity"].wrong_indices
    assert wrong_indices(measured(tables, POINTS), truth) == []
    for name, table in tables.items():
        bare = name == "scipy"
        assert np.isnan(table[:, [1, 2, 4, 5]]).all() if bare else np.all(np.isfinite(table)), name
        if not bare:
            assert np.all(table[:, [1, 4]] <= table[:, [2, 5]]), name
    swapped = {**tables, "salib": tables["salib"][::-1]}
    assert all(text.startswith("salib: an error of 0.9") for text in wrong_indices(measured(swapped, POINTS), truth))
    assert len(wrong_indices(measured(swapped, POINTS), truth)) == 2
    missing = {**tables, "scipy": np.full_like(tables["scipy"], np.nan)}
    assert len(wrong_indices(measured(missing, POINTS), truth)) == 2


def test_every_method_finds_the_value_of_information_and_a_wrong_one_is_named(benchmarks):
    path = ROOT / "scenarios" / "act-randers.toml"
    clock = benchmarks["expected_net"].Clock()
    tables = {}
    for name, contender in benchmarks["information_contenders"].CONTENDERS.items():
        evppi, evpi = contender(path)(4096, 1, clock)
        tables[name] = {"evppi": evppi.tolist(), "evpi": evpi.tolist()}
    calculation = benchmarks["numpy_model"].load(path)
    at = calculation.actors.index("kommune"), [one.name for one in calculation.inputs].index("success.with")
    truth = np.array(tables["integral"]["evppi"])[at]
    assert truth > 400_000
    for name, allowed in (("soemrisk", 1e-9), ("binned", 0.1), ("polynomial", 0.1), ("nested", 0.4)):
        assert abs(np.array(tables[name]["evppi"])[at] / truth - 1) < allowed, name
    wrong_information = benchmarks["sensitivity"].wrong_information
    assert wrong_information(measured(tables, 4096)) == []
    broken = copy.deepcopy(tables)
    broken["integral"]["evppi"][at[0]][at[1]] *= 1.001
    broken["nested"]["evpi"][at[0]][0] *= 2
    found = wrong_information(measured(broken, 4096))
    assert [text.split(",")[0] for text in found] == [
        f"nested: EVPI of actor {at[0]}",
        f"integral: EVPPI of input {at[1]} for actor {at[0]}",
    ]


def test_a_rival_gets_fewer_base_points_where_its_design_is_too_large(benchmarks):
    base_points = benchmarks["sensitivity"].base_points
    assert base_points("soemrisk", 184, 2**14) == 2**14
    assert base_points("salib", 184, 2**14) == 2**14
    assert base_points("scipy-bootstrap", 40, 2**14) == 2**14
    assert base_points("scipy-bootstrap", 184, 2**14) == 2**12


def test_accuracy_is_the_largest_error_the_root_mean_square_and_the_intervals_that_hold(benchmarks):
    table = np.array([[0.1, 0.0, 0.2, 0.5, 0.4, 0.6], [0.4, 0.35, 0.45, 0.5, 0.4, 0.6]])
    found = benchmarks["sensitivity"].accuracy(table, {"S1": [0.1, 0.0], "ST": [0.5, 0.8]})
    assert found["S1"] == pytest.approx({"largest": 0.4, "rms": 0.4 / 2**0.5, "held": 0.5})
    assert found["ST"] == pytest.approx({"largest": 0.3, "rms": 0.3 / 2**0.5, "held": 0.5})


@pytest.mark.slow
def test_the_sensitivity_measurement_runs_from_end_to_end():
    sizes = ["--sobol", "6", "8", "--draws", "1024", "--repeats", "2", "1", "--rounds", "2"]
    draws = ["--evppi-draws", "4096", "--nested-draws", "4096"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "sensitivity.py"), *sizes, *draws],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| scipy-bootstrap |") == 4
    assert done.stdout.count("| polynomial |") == 2
    assert str(ROOT) not in done.stdout


def test_the_measurement_of_the_closed_form_runs_from_end_to_end():
    command = [sys.executable, str(ROOT / "benchmarks" / "closed_form.py"), "--sizes", "6", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for part in ("closed_form.parts", "chance_moments.expected_chance", "**after compile**", "sr.exact"):
        assert f"| generated-6 | {part} |" in done.stdout
    assert str(ROOT) not in done.stdout
