"""The printed 95 % errors hold: how often the interval of a small run covers the result of a very large one.

The short form runs in CI (200 seeds; 91 to 98.5 %: a correct interval fails that in fewer than 1 of 100 cases). The
long form, ``python -m pytest -m slow tests/long``, takes seeds 0…999 and asks for 93 to 97 %.
"""

import numpy as np
import pytest

from soemrisk import kernel
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.reading import read
from soemrisk.statistics import interval_factor, statistics
from soemrisk.transform import columns, values_at

PRINTED = {"mean": "mcse_mean", "prob_positive": "mcse_prob", "p5": "mcse_p5", "p95": "mcse_p95"}
SIZE = 512  # points of a replicate; a run has 8192


def net(model, size, seed, sampler="sobol"):
    """Net results of 16 replicates, (r, n, a)."""
    planned = plan(16 * size, seed, sampler)
    keys, d = columns(model), len(model.columns)
    found = []
    for replicate in range(planned.replicates):
        cube = points(planned, keys, replicate)
        found.append(kernel.evaluate(model, values_at(model, cube[:, :d]), cube[:, d:-1]).year.sum(axis=1))
    return np.stack(found)


@pytest.fixture(scope="module")
def act():
    model = compile_scenario(read("act-randers"))
    large = net(model, 65_536, 424_242)
    return model, [statistics(large[:, :, a]) for a in range(4)]


def coverage(act, seeds, sampler="sobol"):
    """Share of seeds whose interval covers, by figure and actor."""
    model, truth = act
    factor = interval_factor(16)
    covered = {(a, name): 0 for a in range(4) for name in PRINTED}
    for seed in seeds:
        draws = net(model, SIZE, seed, sampler)
        for a in range(4):
            found = statistics(draws[:, :, a])
            for name, error in PRINTED.items():
                covered[a, name] += abs(found[name] - truth[a][name]) <= factor * found[error]
    return {key: count / len(seeds) for key, count in covered.items()}


@pytest.mark.parametrize("sampler", ["sobol"])
def test_printed_errors_cover_over_200_seeds(act, sampler):
    for key, share in coverage(act, range(200), sampler).items():
        assert 0.91 <= share <= 0.985, (key, share)


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_printed_errors_cover_over_1000_seeds(act, sampler):
    found = coverage(act, range(1000), sampler)
    lines = "\n".join(f"{sampler} actor {a} {name}: {share:.3f}" for (a, name), share in found.items())
    for share in found.values():
        assert 0.93 <= share <= 0.97, lines
