"""The rivals of the benchmarks calculate what soemrisk calculates, and the generated scenarios are what they say.

The numpy model was written apart and reads the files itself, so this is one more independent calculation.
"""

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from soemrisk import reference
from soemrisk.compilation import compile_scenario
from soemrisk.reading import parse, read

ROOT = Path(__file__).parents[2]
SIZES = (6, 40, 184)
CASES = ("act-randers", "cti-aarhus", *(f"generated-{size}" for size in SIZES))


@pytest.fixture
def benchmarks(monkeypatch):
    """The modules beside ``run.py``, imported as it imports them."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return {name: importlib.import_module(name) for name in ("generated", "numpy_model", "run")}


@pytest.mark.parametrize("size", SIZES)
def test_a_generated_scenario_has_as_many_uncertain_inputs_as_asked_for(benchmarks, size):
    text = benchmarks["generated"].scenario_text(size)
    assert len(compile_scenario(parse(text.encode(), "generated.toml")).uncertain) == size


@pytest.mark.parametrize("size", [5, 4, 41])
def test_a_number_of_inputs_that_cannot_be_is_refused(benchmarks, size):
    with pytest.raises(ValueError, match="even and at least 6"):
        benchmarks["generated"].scenario_text(size)


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


def test_contenders_that_differ_end_the_measurement(benchmarks):
    net = {"total": {"mean": 100.0, "sd": 50.0}}
    other = {"total": {"mean": 100.0, "sd": 60.0}}
    found = {"soemrisk": {"net": net}, "numpy": {"net": net}, "scipy-quantiles": {"net": other}}
    assert benchmarks["run"].disagreements(found, 65_536) == ["scipy-quantiles, total: sd 60, soemrisk 50"]


@pytest.mark.slow
def test_the_measurement_runs_from_end_to_end():
    arguments = ["--draws", "1024", "--repeats", "2", "--memory", "4096"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "run.py"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| scipy-quantiles |") == 3
    assert done.stdout.count("| soemrisk-2-threads |") == 3
    assert "soemrisk alone" in done.stdout
    assert str(ROOT) not in done.stdout
