"""The rivals of the sensitivity benchmark calculate what soemrisk calculates, and what does not agree is found.

Small sizes of the measurement, judged by what is found and never by the time it took.
"""

import copy
import importlib
from pathlib import Path

import numpy as np
import pytest

import soemrisk as sr
from soemrisk import reference
from soemrisk.compilation import compile_scenario
from soemrisk.reading import read

ROOT = Path(__file__).parents[2]
NAMES = ("contender", "expected_net", "information_contenders", "judging", "numpy_model", "run", "sobol_contenders")
POINTS = 1024


@pytest.fixture
def benchmarks(monkeypatch):
    """The modules beside ``run.py``, imported as it imports them."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return {name: importlib.import_module(name) for name in NAMES}


def wrong(benchmarks, kind, tables, truth):
    """What cannot be right in the tables of several contenders."""
    judged = benchmarks["judging"].judged
    size = POINTS if kind == "sobol" else 4096
    return [text for name, table in tables.items() for text in judged(kind, name, [table], size, {kind: truth})[1]]


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
    truth = {index: exact[index].values for index in ("S1", "ST")}
    clock = benchmarks["expected_net"].Clock()
    contenders = benchmarks["sobol_contenders"].CONTENDERS
    there = {name: contender for name, contender in contenders.items() if not benchmarks["run"].missing(name)}
    tables = {name: contender(path)(POINTS, 1, clock) for name, contender in there.items()}
    assert wrong(benchmarks, "sobol", tables, truth) == []
    for name, table in tables.items():
        bare = name in {"scipy", "chaospy-polynomial"}
        assert np.isnan(table[:, [1, 2, 4, 5]]).all() if bare else np.all(np.isfinite(table)), name
        if not bare:
            assert np.all(table[:, [1, 4]] <= table[:, [2, 5]]), name
    swapped = {**tables, "salib": tables["salib"][::-1]}
    assert all(text.startswith("salib: an error of 0.9") for text in wrong(benchmarks, "sobol", swapped, truth))
    assert len(wrong(benchmarks, "sobol", swapped, truth)) == 2
    missing = {**tables, "scipy": np.full_like(tables["scipy"], np.nan)}
    assert len(wrong(benchmarks, "sobol", missing, truth)) == 2


def test_every_method_finds_the_value_of_information_and_a_wrong_one_is_named(benchmarks):
    path = ROOT / "scenarios" / "act-randers.toml"
    clock = benchmarks["expected_net"].Clock()
    tables = {}
    for name, contender in benchmarks["information_contenders"].CONTENDERS.items():
        evppi, evpi = contender(path)(4096, 1, clock)
        tables[name] = [evppi.tolist(), evpi.tolist()]
    calculation = benchmarks["numpy_model"].load(path)
    at = calculation.actors.index("kommune"), [one.name for one in calculation.inputs].index("success.with")
    truth = np.array(tables["integral"][0])[at]
    assert truth > 400_000
    for name, allowed in (("soemrisk", 1e-9), ("binned", 0.1), ("polynomial", 0.1), ("nested", 0.4)):
        assert abs(np.array(tables[name][0])[at] / truth - 1) < allowed, name
    exact = benchmarks["judging"].truth(path, ["evppi"])["evppi"]
    assert wrong(benchmarks, "evppi", tables, exact) == []
    broken = copy.deepcopy(tables)
    broken["integral"][0][at[0]][at[1]] *= 1.001
    broken["nested"][1][at[0]][0] *= 2
    found = wrong(benchmarks, "evppi", broken, exact)
    assert [text.split(",")[0] for text in found] == [
        f"integral: EVPPI of input {at[1]} for kommune",
        "nested: EVPI of kommune",
    ]


def test_soemrisk_finds_the_integrals_of_a_scenario_whose_decisions_hardly_turn(benchmarks, tmp_path):
    path = benchmarks["run"].scenario_file("generated-40", tmp_path)
    exact = benchmarks["judging"].truth(path, ["evppi"])["evppi"]
    evppi, evpi = benchmarks["information_contenders"].CONTENDERS["soemrisk"](path)(4096, 1, None)
    assert np.all(np.isfinite(exact["evppi"]))
    assert exact["evppi"].max() > 1000
    assert wrong(benchmarks, "evppi", {"soemrisk": [evppi, evpi]}, exact) == []
    assert wrong(benchmarks, "evppi", {"soemrisk": [evppi * np.nan, evpi]}, exact)


def test_a_rival_gets_fewer_base_points_where_its_design_is_too_large(benchmarks, tmp_path):
    fitting = benchmarks["contender"].fitting
    small, large = (benchmarks["run"].scenario_file(f"generated-{inputs}", tmp_path) for inputs in (40, 184))
    assert fitting("sobol", "soemrisk", large, 2**14) == 2**14
    assert fitting("sobol", "salib", large, 2**14) == 2**14
    assert fitting("sobol", "scipy-bootstrap", small, 2**14) == 2**14
    assert fitting("sobol", "scipy-bootstrap", large, 2**14) == 2**12


def test_accuracy_is_the_largest_error_the_root_mean_square_and_the_intervals_that_hold(benchmarks):
    table = np.array([[0.1, 0.0, 0.2, 0.5, 0.4, 0.6], [0.4, 0.35, 0.45, 0.5, 0.4, 0.6]])
    truth = {"S1": np.array([0.1, 0.0]), "ST": np.array([0.5, 0.8])}
    found, _ = benchmarks["judging"].judged("sobol", "any", [table, table], 100, {"sobol": truth})
    expected = {"S1": 0.4 / 2**0.5, "S1_largest": 0.4, "S1_held": 0.5}
    expected |= {"ST": 0.3 / 2**0.5, "ST_largest": 0.3, "ST_held": 0.5}
    assert found == pytest.approx(expected)


def test_work_that_would_take_too_long_gets_a_smaller_size(benchmarks):
    foretold = benchmarks["contender"].foretold
    assert foretold([(100, 1.0)], 1000) == pytest.approx(10.0)
    assert foretold([(100, 1.1), (800, 1.8)], 8000) == pytest.approx(9.0)  # a second that does not grow
    assert foretold([(100, 1.0), (800, 64.0)], 1600) == pytest.approx(256.0)  # with the square
