"""Sobol' indices of one function by four programs: SciPy, OpenTURNS and, where installed, SALib."""

import numpy as np
import openturns as ot
import pytest
from scipy.stats import lognorm, norm, sobol_indices, uniform

import soemrisk as sr

# Borehole flow, Morris, Mitchell and Ylvisaker 1993, Technometrics 35:243; ranges of Harper and Gupta 1983
BOREHOLE = {
    "rw": ("normal", {"mean": 0.10, "sd": 0.0161812}),
    "r": ("lognormal", {"mu": 7.71, "sigma": 1.0056}),
    "Tu": ("uniform", {"low": 63070.0, "high": 115600.0}),
    "Hu": ("uniform", {"low": 990.0, "high": 1110.0}),
    "Tl": ("uniform", {"low": 63.1, "high": 116.0}),
    "Hl": ("uniform", {"low": 700.0, "high": 820.0}),
    "L": ("uniform", {"low": 1120.0, "high": 1680.0}),
    "Kw": ("uniform", {"low": 9855.0, "high": 12045.0}),
}


def borehole(x):
    rw, r, tu, hu, tl, hl, length, kw = np.asarray(x).T
    across = np.log(r / rw)
    return 2 * np.pi * tu * (hu - hl) / (across * (1 + 2 * length * tu / (across * rw**2 * kw) + tu / tl))


@pytest.fixture(scope="module")
def ours():
    return {
        estimator: sr.sobol(borehole, BOREHOLE, draws=2**15, seed=1, estimator=estimator)
        for estimator in ("saltelli", "jansen", "janon")
    }


def repeated(estimate, count):
    """Mean and standard error of repeated estimates of S1 and ST."""
    found = np.array([estimate(k) for k in range(count)])
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(count)


def agree(ours, mean, se):
    for table in ours.values():
        for name, value, error in zip(("S1", "ST"), mean, se, strict=True):
            apart = np.abs(table[name].values - value)
            assert np.all(apart <= 4 * np.hypot(table[f"{name}_se"].values, error) + 1e-6), name


def test_scipy_finds_the_same(ours):
    frozen = {
        "normal": lambda p: norm(p["mean"], p["sd"]),
        "lognormal": lambda p: lognorm(p["sigma"], 0, np.exp(p["mu"])),
        "uniform": lambda p: uniform(p["low"], p["high"] - p["low"]),
    }
    dists = [frozen[family](given) for family, given in BOREHOLE.values()]

    def once(k):
        found = sobol_indices(func=lambda x: borehole(x.T), n=2**11, dists=dists, rng=np.random.default_rng(k))
        return found.first_order, found.total_order

    agree(ours, *repeated(once, 16))


def test_openturns_finds_the_same(ours):
    made = {
        "normal": lambda p: ot.Normal(p["mean"], p["sd"]),
        "lognormal": lambda p: ot.LogNormal(p["mu"], p["sigma"]),
        "uniform": lambda p: ot.Uniform(p["low"], p["high"]),
    }
    distribution = ot.JointDistribution([made[family](given) for family, given in BOREHOLE.values()])
    ot.ResourceMap.Set("SobolIndicesExperiment-SamplingMethod", "MonteCarlo")  # another test may have changed it
    ot.RandomGenerator.SetSeed(1)

    def once(_):
        size = 2**11
        design = ot.SobolIndicesExperiment(distribution, size).generate()
        outcome = ot.Sample(borehole(np.array(design))[:, None].tolist())
        found = ot.SaltelliSensitivityAlgorithm(design, outcome, size)
        return np.array(found.getFirstOrderIndices()), np.array(found.getTotalOrderIndices())

    agree(ours, *repeated(once, 32))


def test_salib_finds_the_same(ours):
    sample = pytest.importorskip("SALib.sample.sobol")
    analyze = pytest.importorskip("SALib.analyze.sobol")
    problem = {"num_vars": 8, "names": list(BOREHOLE), "bounds": [[0.0, 1.0]] * 8}

    def once(k):
        cube = np.clip(sample.sample(problem, 2**11, calc_second_order=False, seed=k + 1), 1e-12, 1 - 1e-12)
        columns = [sr.quantile(*one, cube[:, d]) for d, one in enumerate(BOREHOLE.values())]
        outcome = borehole(np.stack(columns, axis=1))
        found = analyze.analyze(problem, outcome, calc_second_order=False, num_resamples=2, seed=1)
        return found["S1"], found["ST"]

    agree(ours, *repeated(once, 16))
