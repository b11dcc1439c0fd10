"""A cell of a batch study is the calculation that a run of its scenario makes, the short way and the long way."""

from pathlib import Path

import numpy as np
import pytest

from soemrisk import kernel
from soemrisk.batch_draws import columns_for, input_columns
from soemrisk.batch_outcomes import cell_outcome, is_short, long_way, short_way
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.reading import read
from soemrisk.simulation import simulate_model
from soemrisk.transform import columns

FILES = [*sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml")), "act-randers", "cti-aarhus"]
NAMES = ("net", "expected", "at_zero", "per_rate")


def by_actor(simulated, name):
    return np.moveaxis(getattr(simulated, name), -1, 0)


@pytest.mark.parametrize("source", FILES, ids=lambda source: Path(source).stem)
@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_a_cell_has_the_outcomes_of_a_run(source, sampler):
    model = compile_scenario(read(source))
    design = plan(512, 3, sampler)
    shared = columns_for(design, columns(model))
    made = input_columns(model, correlated=False)
    run = simulate_model(model, design, evaluate=kernel.evaluate)
    slow = long_way(model, shared, made)
    for name in NAMES:
        assert np.array_equal(getattr(slow, name), by_actor(run, name)), name
    assert np.allclose(slow.chance_variance, run.chance_variance.mean(axis=(0, 1)), rtol=1e-12, atol=0)
    if is_short(model, made):
        fast = short_way(model, shared, made)
        size = max(float(np.abs(getattr(slow, name)).max()) for name in NAMES)
        for name in NAMES:
            assert np.abs(getattr(fast, name) - getattr(slow, name)).max() <= 1e-12 * size, name
        assert np.allclose(fast.chance_variance, slow.chance_variance, rtol=1e-11, atol=1e-24 * size**2)
    both = cell_outcome(model, shared, correlated=True)
    size = float(np.abs(run.correlated).max())
    assert np.abs(both.net - by_actor(run, "correlated")).max() <= 1e-12 * size


def test_most_valid_files_go_the_short_way_and_some_the_long():
    models = [compile_scenario(read(source)) for source in FILES]
    short = [is_short(model, input_columns(model, correlated=False)) for model in models]
    assert 0 < sum(short) < len(short)
