"""The net result as a distribution, by several programs: draws of the inputs, the model, and a summary of the outcomes.

Every contender gives mean and standard deviation of the net result by actor. Rivals get the same vectorised model
(``numpy_model``), and draw the inputs in their own way; the clock is for that part of their work, so that the time with
precomputed inputs is known too.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from expected_net import SMALLEST, Clock
from numpy_model import Calculation, Floats, Input, Source, drawn, load, net_rate, outcomes, quantiles, simulated
from numpy_model import summarised as summary_of

Net = dict[str, Any]
Work = Callable[[int, int, Clock], Net]  # draws, seed, the clock of the inputs


def soemrisk(path: Path, threads: int) -> Work:
    """All that ``soemrisk run --json`` does, to the text of the answer; the digest tells whether it is the same."""
    from soemrisk.cli import commands

    def work(draws: int, seed: int, clock: Clock) -> Net:
        del clock  # all is in one loop
        arguments = ["run", str(path), "--json", "--draws", str(draws), "--seed", str(seed), "--threads", str(threads)]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            commands.main(arguments, standalone_mode=False)
        text = printed.getvalue()
        net = json.loads(text)["net"]
        found = {actor: {key: stats[key] for key in ("mean", "sd")} for actor, stats in net.items()}
        return {"net": found, "digest": hashlib.sha256(text.encode()).hexdigest()[:16]}

    return work


def chunked(path: Path, sampler: Callable[[Calculation, int], Source], few: bool) -> Work:
    """The numpy model in chunks, with draws of the inputs by some program."""
    calculation = load(path)

    def work(draws: int, seed: int, clock: Clock) -> Net:
        with clock.running():
            source = sampler(calculation, seed)

        def timed(n: int) -> tuple[dict[str, Floats], Floats | None]:
            with clock.running():
                return source(n)

        found = summary_of(simulated(calculation, draws, timed, np.random.default_rng(seed), few=few))
        return {"net": _by_actor(calculation, found["mean"], found["sd"])}

    return work


def _by_actor(calculation: Calculation, mean: Floats, sd: Floats) -> dict[str, dict[str, float]]:
    return {actor: {"mean": float(mean[a]), "sd": float(sd[a])} for a, actor in enumerate(calculation.actors)}


def numpy_samplers(calculation: Calculation, seed: int) -> Source:
    """Plain Monte Carlo with numpy's samplers: no quantile function."""
    rng = np.random.default_rng(seed)
    return lambda n: (drawn(calculation, n, rng), None)


def scipy_quantiles(calculation: Calculation, seed: int) -> Source:
    """A scrambled Sobol' sequence through the quantile functions of ``scipy.stats``, successes too."""
    from scipy.stats import qmc

    cohorts = len(calculation.completers)
    cube = qmc.Sobol(len(calculation.inputs) + cohorts, rng=np.random.default_rng(seed))

    def source(n: int) -> tuple[dict[str, Floats], Floats | None]:
        points = np.clip(cube.random(n), SMALLEST, 1.0 - SMALLEST)
        return quantiles(calculation, points), points[:, -cohorts:]

    return source


def openturns_sample(calculation: Calculation, seed: int) -> Source:
    """OpenTURNS' distributions and its random generator."""
    import openturns as ot

    distribution = ot.JointDistribution([of_openturns(ot, one) for one in calculation.inputs])
    ot.RandomGenerator.SetSeed(seed)
    return lambda n: (_named(calculation, np.asarray(distribution.getSample(n)).T), None)


def chaospy_sample(calculation: Calculation, seed: int) -> Source:
    """Chaospy's distributions and numpy's random points."""
    import chaospy

    distribution = chaospy.J(*[of_chaospy(chaospy, one) for one in calculation.inputs])
    seeds = np.random.default_rng(seed)
    return lambda n: (_named(calculation, distribution.sample(n, rule="random", seed=int(seeds.integers(2**31)))), None)


def _named(calculation: Calculation, values: Floats) -> dict[str, Floats]:
    """Values (d, n) by the name of the input."""
    return {one.name: np.ascontiguousarray(values[d]) for d, one in enumerate(calculation.inputs)}


def of_openturns(ot: Any, one: Input) -> Any:
    """An input as a distribution of OpenTURNS."""
    if one.family == "beta":
        a, b, low, width = one.parameters
        return ot.Beta(a, b, low, low + width)
    return (ot.LogNormal if one.family == "lognormal" else ot.Normal)(*one.parameters)


def of_chaospy(chaospy: Any, one: Input) -> Any:
    """An input as a distribution of chaospy."""
    if one.family == "beta":
        a, b, low, width = one.parameters
        return chaospy.Beta(a, b, low, low + width)
    return (chaospy.LogNormal if one.family == "lognormal" else chaospy.Normal)(*one.parameters)


def of_monaco(one: Input) -> tuple[Any, dict[str, float]]:
    """An input as monaco takes it: a family of ``scipy.stats`` and its arguments."""
    from scipy import stats

    if one.family == "beta":
        a, b, low, width = one.parameters
        return stats.beta, {"a": a, "b": b, "loc": low, "scale": width}
    if one.family == "lognormal":
        return stats.lognorm, {"s": one.parameters[1], "scale": float(np.exp(one.parameters[0]))}
    return stats.norm, dict(zip(("loc", "scale"), one.parameters, strict=True))


def monaco(path: Path) -> Work:
    """monaco, which calls the model case by case: one draw at a time, the net result by actor alone."""
    import monaco as mc

    calculation = load(path)
    names = [one.name for one in calculation.inputs]

    def work(draws: int, seed: int, clock: Clock) -> Net:
        rng = np.random.default_rng(seed)

        def given(case: Any) -> tuple[list[float]]:
            return ([case.invals[name].val for name in names],)

        def net(values: list[float]) -> Any:
            one = {name: np.array([value]) for name, value in zip(names, values, strict=True)}
            rate = net_rate(calculation, one, 1)
            found = np.sign(rate)[:, None] * rng.binomial(calculation.completers.astype(int), np.abs(rate)[:, None])
            return tuple(outcomes(calculation, one, found)[1].sum(axis=1)[0])

        def taken(case: Any, *net: float) -> None:
            for actor, value in zip(calculation.actors, net, strict=True):
                case.addOutVal(actor, float(value))

        stages = (mc.SimFunctions.PREPROCESS, mc.SimFunctions.RUN, mc.SimFunctions.POSTPROCESS)
        simulation = mc.Sim("net", draws, dict(zip(stages, (given, net, taken), strict=True)), seed=seed, verbose=False)
        with clock.running():
            for one in calculation.inputs:
                simulation.addInVar(one.name, *of_monaco(one))
            simulation.drawVars()
        simulation.runSim()
        columns = np.array([simulation.outvars[actor].nums for actor in calculation.actors])
        return {"net": _by_actor(calculation, columns.mean(axis=1), columns.std(axis=1))}

    return work


def hand_written(path: Path, threads: int) -> Work:
    """The limit: ``limit.c``, a process of its own that takes a scenario as plain arrays."""
    import limit

    from soemrisk.answer import promised
    from soemrisk.compilation import compile_scenario
    from soemrisk.design import plan
    from soemrisk.reading import read

    scenario = read(path)
    model = compile_scenario(scenario)
    limit.program()

    def work(draws: int, seed: int, clock: Clock) -> Net:
        del clock
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "job"
            limit.write(model, promised(scenario, model), plan(draws, seed), file)
            done = limit.run(file, threads)
        peak = done.printed.pop("peak")
        net = zip(model.actors, limit.named(model, done.printed).net, strict=True)
        found = {actor: {key: stats[key] for key in ("mean", "sd")} for actor, stats in net}
        digest = hashlib.sha256(json.dumps(done.printed).encode()).hexdigest()[:16]
        own = {"seconds": done.seconds, "processor": done.processor, "peak": peak}
        return {"net": found, "digest": digest, "own": own}

    return work


CONTENDERS: dict[str, Callable[[Path], Work]] = {
    "soemrisk": partial(soemrisk, threads=1),
    "soemrisk-2-threads": partial(soemrisk, threads=2),
    "c": partial(hand_written, threads=1),
    "c-2-threads": partial(hand_written, threads=2),
    "numpy": partial(chunked, sampler=numpy_samplers, few=False),
    "numpy-few-outputs": partial(chunked, sampler=numpy_samplers, few=True),
    "scipy-quantiles": partial(chunked, sampler=scipy_quantiles, few=False),
    "scipy-few-outputs": partial(chunked, sampler=scipy_quantiles, few=True),
    "openturns-few-outputs": partial(chunked, sampler=openturns_sample, few=True),
    "chaospy-few-outputs": partial(chunked, sampler=chaospy_sample, few=True),
    "monaco-one-by-one": monaco,
}
