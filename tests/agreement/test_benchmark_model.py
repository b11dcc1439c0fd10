"""The rivals of the benchmarks calculate what soemrisk calculates, and the generated scenarios are what they say.

The numpy model was written apart and reads the files itself, so this is one more independent calculation.
"""

import importlib
from pathlib import Path

import numpy as np
import pytest

from soemrisk import reference
from soemrisk.compilation import compile_scenario
from soemrisk.reading import parse, read

ROOT = Path(__file__).parents[2]
NAMES = ("draw_contenders", "exact_contenders", "expected_net", "generated", "judging", "numpy_model", "run")
SIZES = (6, 40, 184)
PROGRAMS = ("soemrisk", "numpy", "numpy-few-outputs", "scipy-few-outputs", "openturns-few-outputs")
CASES = ("act-randers", "cti-aarhus", *(f"generated-{size}" for size in SIZES))


@pytest.fixture
def benchmarks(monkeypatch):
    """The modules beside ``run.py``, imported as it imports them."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return {name: importlib.import_module(name) for name in NAMES}


@pytest.mark.parametrize("size", SIZES)
def test_a_generated_scenario_has_as_many_uncertain_inputs_as_asked_for(benchmarks, size):
    text = benchmarks["generated"].scenario_text(size)
    assert len(compile_scenario(parse(text.encode(), "generated.toml")).uncertain) == size


@pytest.mark.parametrize("size", [5, 4, 41])
def test_a_number_of_inputs_that_cannot_be_is_refused(benchmarks, size):
    with pytest.raises(ValueError, match="even and at least 6"):
        benchmarks["generated"].scenario_text(size)


@pytest.mark.parametrize(
    ("case", "years", "cohorts", "actors"),
    [("generated-6", 10, 4, 3), ("generated-12-years-40-cohorts-16", 40, 16, 3), ("generated-40-actors-7", 10, 4, 7)],
)
def test_a_name_gives_the_horizon_the_cohorts_and_the_actors_of_a_scenario(benchmarks, case, years, cohorts, actors):
    text = benchmarks["generated"].case_text(case)
    model = compile_scenario(parse(text.encode(), "generated.toml"))
    inputs = int(case.split("-")[1])
    assert (len(model.uncertain), len(model.years), len(model.actors)) == (inputs, years, actors + 1)
    assert text.splitlines()[1] == f'id = "{case}"'
    completers = next(line for line in text.splitlines() if line.startswith("completers"))
    assert completers.count(" = 25") == cohorts


@pytest.mark.parametrize("shape", [{"cohorts": 11}, {"years": 3}, {"actors": 0}, {"cohorts": 0}])
def test_a_shape_that_cannot_be_is_refused(benchmarks, shape):
    with pytest.raises(ValueError, match="a year for each cohort"):
        benchmarks["generated"].scenario_text(6, **shape)


@pytest.mark.parametrize("case", CASES)
def test_the_numpy_model_gives_what_soemrisk_gives_for_the_same_values(benchmarks, case, tmp_path):
    numpy_model = benchmarks["numpy_model"]
    path = benchmarks["run"].scenario_file(case, tmp_path)
    model, calculation = compile_scenario(read(path)), numpy_model.load(path)
    n = 500
    rng = np.random.default_rng(3)
    drawn = numpy_model.drawn(calculation, n, rng)
    values = np.tile(model.base, (n, 1))
    for q, one in enumerate(model.inputs):
        if q in model.uncertain:
            values[:, q] = drawn[one.path]
    assert len(drawn) == len(model.uncertain)
    rate = numpy_model.net_rate(calculation, drawn, n)
    theirs_area, theirs_year = numpy_model.outcomes(calculation, drawn, rate[:, None] * calculation.completers)
    ours = reference.evaluate(model, values)
    actors = [calculation.actors.index(actor) for actor in model.actors]
    areas = [calculation.areas.index(area) for area in model.areas]
    scale = np.abs(ours.area).max()
    np.testing.assert_allclose(theirs_area[:, areas][:, :, actors], ours.area, rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(theirs_year[:, :, actors], ours.year, rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(rate, ours.rate, rtol=0, atol=1e-15)


@pytest.mark.parametrize("case", CASES)
def test_the_scipy_quantiles_are_those_of_the_families(benchmarks, case, tmp_path):
    numpy_model = benchmarks["numpy_model"]
    path = benchmarks["run"].scenario_file(case, tmp_path)
    model, calculation = compile_scenario(read(path)), numpy_model.load(path)
    from soemrisk.families import FAMILIES

    points = np.random.default_rng(4).random((50, len(calculation.inputs)))
    theirs = numpy_model.quantiles(calculation, points)
    ours = {one.path: one.distribution for one in model.inputs}
    for d, one in enumerate(calculation.inputs):
        distribution = ours[one.name]
        quantiles = FAMILIES[distribution.family].quantile(points[:, d], distribution.parameters)
        np.testing.assert_allclose(theirs[one.name], quantiles, rtol=1e-6)


def test_what_the_numpy_model_does_not_cover_is_refused(benchmarks):
    with pytest.raises(ValueError, match="not covered here"):
        benchmarks["numpy_model"].load(ROOT / "scenarios" / "laere-eksempel.toml")


def test_a_distribution_that_is_not_the_exact_one_is_named(benchmarks):
    exact = {"draws": {"total": {"mean": 100.0, "sd": 50.0}}}
    judged = benchmarks["judging"].judged
    near, far = ({"net": {"total": {"mean": 100.0, "sd": sd}}} for sd in (50.1, 60.0))
    assert judged("draws", "numpy", [near], 65_536, exact) == ({"mean": 0.0, "sd": pytest.approx(0.002)}, [])
    _, wrong = judged("draws", "scipy-quantiles", [near, far], 65_536, exact)
    assert wrong == ["scipy-quantiles: total, sd 60 at 65536 draws, exactly 50"]
    assert judged("draws", "numpy", [{"net": {"total": {"mean": np.nan, "sd": 50.0}}}], 65_536, exact)[1]


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_finds_the_exact_distribution(benchmarks, name, tmp_path):
    path = benchmarks["run"].scenario_file("generated-12", tmp_path)
    clock = benchmarks["expected_net"].Clock()
    found = [benchmarks["draw_contenders"].CONTENDERS[name](path)(4096, seed, clock) for seed in (1, 2)]
    exact = benchmarks["judging"].truth(path, ["draws"])
    errors, wrong = benchmarks["judging"].judged("draws", name, found, 4096, exact)
    assert wrong == []
    assert 0 < errors["mean"] < 0.05
    assert 0 < errors["sd"] < 0.05
    assert (clock.seconds > 0) == (name != "soemrisk")


def test_tables_of_quantiles_are_as_exact_as_the_bar_and_worse_ones_are_named(benchmarks, tmp_path):
    path = benchmarks["run"].scenario_file("generated-12", tmp_path)
    found = benchmarks["exact_contenders"].CONTENDERS["quantile_tables.build"](path)(0, 1, None)
    judged = benchmarks["judging"].judged
    errors, wrong = judged("exact", "quantile_tables.build", [found], 0, {})
    assert 0 < errors["quantile_error"] <= 1e-9
    assert wrong == []
    _, wrong = judged("exact", "quantile_tables.build", [found, {"quantile_error": 2e-9}], 0, {})
    assert wrong == ["quantile_tables.build: an error of 2e-09"]
