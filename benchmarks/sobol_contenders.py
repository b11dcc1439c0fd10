"""Sobol' indices of the net result of the total, S1 and ST with 95 % intervals, by several programs.

Rivals get the same vectorised model (``expected_net``); all use the same number of base points. Every contender gives
a table (inputs, 6) in the order of the calculation: S1 with both ends of its interval, ST with both ends of its own;
ends are NaN where it gives none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from draw_contenders import of_chaospy, of_openturns
from expected_net import Clock, Floats, frozen, net_model, net_of_columns, net_of_points
from numpy_model import load

RESAMPLES = 100  # SALib's own default, given to SciPy too; OpenTURNS' default is the same
MOST_TERMS = 2000  # of chaospy's polynomial
SAMPLING = "SobolIndicesExperiment-SamplingMethod"
Work = Callable[[int, int, Clock], Floats]  # base points, seed, the clock of the quantile functions


def soemrisk(path: Path) -> Work:
    """``sr.sobol`` of a scenario: all actors, of which the total is shown."""
    import soemrisk as sr

    scenario = sr.read(path)
    names = [one.name for one in load(path).inputs]

    def work(draws: int, seed: int, clock: Clock) -> Floats:
        del clock  # quantile functions are inside
        found = sr.sobol(scenario, draws=draws, seed=seed).sel(actor="total", input=names)
        columns = [found[index + end].values for index in ("S1", "ST") for end in ("", "_low", "_high")]
        return np.array(columns).T

    return work


def salib(path: Path) -> Work:
    """SALib: sample, the model, analyse."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    model = net_model(load(path), ("total",))
    names = [one.name for one in model.calculation.inputs]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    def work(draws: int, seed: int, clock: Clock) -> Floats:
        points = sample.sample(problem, draws, calc_second_order=False, seed=seed)
        net = net_of_points(model, points, clock)
        found = analyse.analyze(problem, net, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
        s1, st, s1_half, st_half = (np.asarray(found[key]) for key in ("S1", "ST", "S1_conf", "ST_conf"))
        return np.array([s1, s1 - s1_half, s1 + s1_half, st, st - st_half, st + st_half]).T

    return work


@dataclass(frozen=True, slots=True)
class _TimedFamily:
    """A distribution whose quantile function is timed."""

    family: Any
    clock: Clock

    def ppf(self, points: Floats) -> Floats:
        with self.clock.running():
            found: Floats = self.family.ppf(points)
        return found


def scipy(path: Path, resamples: int) -> Work:
    """``scipy.stats.sobol_indices``, which takes quantiles of A and B alone, with or without its bootstrap (BCa)."""
    from scipy.stats import sobol_indices

    model = net_model(load(path), ("total",))
    inputs = model.calculation.inputs

    def work(draws: int, seed: int, clock: Clock) -> Floats:
        families = [_TimedFamily(frozen(one), clock) for one in inputs]
        found = sobol_indices(
            func=partial(net_of_columns, model), n=draws, dists=families, rng=np.random.default_rng(seed)
        )
        ends = np.full((4, len(inputs)), np.nan)
        if resamples:
            both = found.bootstrap(n_resamples=resamples)
            intervals = (both.first_order.confidence_interval, both.total_order.confidence_interval)
            ends = np.array([end for one in intervals for end in (one.low, one.high)]).reshape(4, -1)
        s1, st = (np.asarray(one).reshape(-1) for one in (found.first_order, found.total_order))
        return np.array([s1, *ends[:2], st, *ends[2:]]).T

    return work


def openturns(path: Path, estimator: str) -> Work:
    """OpenTURNS with its own distributions and low-discrepancy points; one estimator gives both indices."""
    import openturns as ot

    model = net_model(load(path), ("total",))
    distribution = ot.JointDistribution([of_openturns(ot, one) for one in model.calculation.inputs])

    def work(draws: int, seed: int, clock: Clock) -> Floats:
        del clock  # quantile functions are inside
        ot.RandomGenerator.SetSeed(seed)
        method = ot.ResourceMap.Get(SAMPLING)  # of the whole process: put back, so that others find their own
        ot.ResourceMap.Set(SAMPLING, "QMC")
        design = ot.SobolIndicesExperiment(distribution, draws, False).generate()
        ot.ResourceMap.Set(SAMPLING, method)
        net = net_of_columns(model, np.asarray(design).T)
        found = getattr(ot, f"{estimator}SensitivityAlgorithm")(design, ot.Sample(net[:, None]), draws)
        columns = []
        for order in ("FirstOrder", "TotalOrder"):
            interval = getattr(found, f"get{order}IndicesInterval")()
            columns.append(np.array(getattr(found, f"get{order}Indices")()))
            columns += [np.array(interval.getLowerBound()), np.array(interval.getUpperBound())]
        return np.array(columns).T

    return work


def chaospy(path: Path) -> Work:
    """chaospy: a polynomial of degree 2 in orthonormal terms, fitted to a sample; indices from its coefficients.

    Its estimators from samples take a polynomial, not a function, and its ``Sens_m`` of a polynomial in 40 inputs takes
    minutes: reading the indices off the coefficients is the same and at once. There are no intervals.
    """
    import chaospy as cp
    import numpoly

    model = net_model(load(path), ("total",))
    inputs = model.calculation.inputs
    terms = (len(inputs) + 1) * (len(inputs) + 2) // 2
    if terms > MOST_TERMS:
        raise NotImplementedError(f"{terms} terms of degree 2 in {len(inputs)} inputs are too many for chaospy")
    distribution = cp.J(*[of_chaospy(cp, one) for one in inputs])
    powers = numpoly.glexindex(0, 3, dimensions=len(inputs), graded=True, reverse=True)

    def work(draws: int, seed: int, clock: Clock) -> Floats:
        expansion = cp.generate_expansion(2, distribution, normed=True)
        with clock.running():
            values = distribution.sample(max(draws, 2 * terms), rule="random", seed=seed)
        net = net_of_columns(model, values)
        _, coefficients = cp.fit_regression(expansion, values, net, retall=1)
        parts = np.asarray(coefficients) ** 2
        parts[~powers.any(axis=1)] = 0.0
        has = powers > 0
        alone = has & (has.sum(axis=1) == 1)[:, None]
        none = np.full(len(inputs), np.nan)
        s1, st = ((parts @ which) / parts.sum() for which in (alone, has))
        return np.array([s1, none, none, st, none, none]).T

    return work


CONTENDERS: dict[str, Callable[[Path], Work]] = {
    "soemrisk": soemrisk,
    "salib": salib,
    "scipy": partial(scipy, resamples=0),
    "scipy-bootstrap": partial(scipy, resamples=RESAMPLES),
    "openturns-saltelli": partial(openturns, estimator="Saltelli"),
    "openturns-jansen": partial(openturns, estimator="Jansen"),
    "chaospy-polynomial": chaospy,
}
