"""Value of information of every single input, for each actor's decision, by several methods; and the EVPI.

Every contender gives two tables in the order of the calculation: EVPPI (actors, inputs), and EVPI with its standard
error (actors, 2), in kr.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from expected_net import SMALLEST, Clock, Floats, NetModel, frozen, net_model, net_of
from numpy_model import CHUNK, drawn, load

BINS = 64
DEGREE = 3
NEVER = 1e-12  # a turn that is less probable is worth less than anyone counts, and its levels are rounded
Work = Callable[[int, int, Clock], tuple[Floats, Floats]]  # draws, seed, an unused clock


def soemrisk(path: Path) -> Work:
    """``sr.evppi``: one-dimensional integrals; draws for the EVPI."""
    import soemrisk as sr

    scenario, calculation = sr.read(path), load(path)
    names = [one.name for one in calculation.inputs]

    def work(draws: int, seed: int, clock: Clock) -> tuple[Floats, Floats]:
        del clock
        found = sr.evppi(scenario, draws=draws, seed=seed).sel(actor=list(calculation.actors))
        every = np.array([found["evpi"].values, found["evpi_se"].values]).T
        return found["evppi"].sel(input=names).transpose("actor", "input").values, every

    return work


def integral(path: Path) -> Work:
    """``scipy.integrate.quad`` over the quantile function, by one who knows that E[net | x] is a line in each input."""
    model = _all_actors(path)
    inputs = model.calculation.inputs

    def work(draws: int, seed: int, clock: Clock) -> tuple[Floats, Floats]:
        del clock
        families = {one.name: frozen(one) for one in inputs}
        means = {name: np.array([family.mean()]) for name, family in families.items()}
        value = np.array([_of_line(model, means, name, family) for name, family in families.items()]).T
        return value, _evpi(_simulated(model, draws, np.random.default_rng(seed))[0])

    return work


def _of_line(model: NetModel, means: Mapping[str, Floats], name: str, family: object) -> list[float]:
    """EVPPI of one input for each actor."""
    from scipy.integrate import quad

    start = net_of(model, {**means, name: np.array([0.0])}, 1)[0]
    slope = net_of(model, {**means, name: np.array([1.0])}, 1)[0] - start
    now = start + slope * means[name][0]
    found = []
    for a, b, sign in zip(start, slope, np.where(now > 0, -1.0, 1.0), strict=True):
        turn = float(family.cdf(-a / b)) if b else 0.0  # type: ignore[attr-defined]
        low, high = (0.0, turn) if sign * b < 0 else (turn, 1.0)

        def lost(level: float, a: float = a, b: float = b, sign: float = sign) -> float:
            return float(sign * (a + b * family.ppf(min(level, 1.0 - SMALLEST))))  # type: ignore[attr-defined]

        found.append(
            quad(lost, low, high, epsabs=1e-3, epsrel=1e-10, limit=200)[0] if b and NEVER < turn < 1 - NEVER else 0.0
        )
    return found


def nested(path: Path) -> Work:
    """For each input an outer sample of it, and for each of its values an inner sample of all others: √draws each."""
    model = _all_actors(path)
    calculation = model.calculation

    def work(draws: int, seed: int, clock: Clock) -> tuple[Floats, Floats]:
        del clock
        rng = np.random.default_rng(seed)
        outer = int(draws**0.5)
        inner = draws // outer
        now = _simulated(model, draws, rng)[0]
        value = np.empty((len(calculation.actors), len(calculation.inputs)))
        for d, one in enumerate(calculation.inputs):
            chosen = drawn(calculation, outer, rng)[one.name]
            means = np.empty((outer, len(calculation.actors)))
            rows = max(CHUNK // inner, 1)
            for start in range(0, outer, rows):
                part = chosen[start : start + rows]
                values = drawn(calculation, len(part) * inner, rng)
                values[one.name] = np.repeat(part, inner)
                net = net_of(model, values, len(part) * inner)
                means[start : start + rows] = net.reshape(len(part), inner, -1).mean(axis=1)
            value[:, d] = _value(means)
        return value, _evpi(now)

    return work


def regression(path: Path, fitted: Callable[[Floats, Floats], Floats]) -> Work:
    """One plain sample; E[net | x] is what a regression of the net result on the input says."""
    model = _all_actors(path)

    def work(draws: int, seed: int, clock: Clock) -> tuple[Floats, Floats]:
        del clock
        net, values = _simulated(model, draws, np.random.default_rng(seed))
        found = [_value(fitted(values[one.name], net)) for one in model.calculation.inputs]
        return np.array(found).T, _evpi(net)

    return work


def bin_means(x: Floats, net: Floats) -> Floats:
    """Means of the net result, (bins, a), in bins of the input with equally many draws."""
    order = np.argsort(x)
    return net[order[: len(order) // BINS * BINS]].reshape(BINS, -1, net.shape[1]).mean(axis=1)


def polynomial(x: Floats, net: Floats) -> Floats:
    """A polynomial of degree 3 in the input by least squares, at the draws, (n, a)."""
    powers = np.vander((x - x.mean()) / x.std(), DEGREE + 1)
    found: Floats = powers @ np.linalg.lstsq(powers, net, rcond=None)[0]
    return found


def _all_actors(path: Path) -> NetModel:
    calculation = load(path)
    return net_model(calculation, calculation.actors)


def _simulated(model: NetModel, draws: int, rng: np.random.Generator) -> tuple[Floats, dict[str, Floats]]:
    """E[net | θ] of plain draws, (n, a), and the inputs."""
    values = drawn(model.calculation, draws, rng)
    net = np.empty((draws, model.worth.shape[1]))
    for start in range(0, draws, CHUNK):
        part = {name: column[start : start + CHUNK] for name, column in values.items()}
        net[start : start + CHUNK] = net_of(model, part, len(net[start : start + CHUNK]))
    return net, values


def _value(conditional: Floats) -> Floats:
    """E max(E[net | x], 0) − max(E net, 0) by actor, from conditional means (n, a)."""
    found: Floats = np.maximum(conditional, 0.0).mean(axis=0) - np.maximum(conditional.mean(axis=0), 0.0)
    return found


def _evpi(net: Floats) -> Floats:
    """EVPI and its standard error, (a, 2): the mean of what is avoided by deciding anew."""
    avoided = np.maximum(np.where(net.mean(axis=0) > 0, -net, net), 0.0)
    return np.array([avoided.mean(axis=0), avoided.std(axis=0) / len(net) ** 0.5]).T


CONTENDERS: dict[str, Callable[[Path], Work]] = {
    "soemrisk": soemrisk,
    "integral": integral,
    "nested": nested,
    "binned": partial(regression, fitted=bin_means),
    "polynomial": partial(regression, fitted=polynomial),
}
