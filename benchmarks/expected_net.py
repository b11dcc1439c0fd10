"""E[net | θ] of a SØM calculation in plain numpy: what rivals of the sensitivity analyses are given as their model.

The same calculation as ``numpy_model`` without results by area and year: what does not depend on the draws is
multiplied out beforehand, so a draw costs one product for each service and no more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from numpy_model import CHUNK, Calculation, Input, net_rate

Floats = NDArray[np.float64]
SMALLEST = 2.0**-53  # a point on the edge of the unit cube has no finite quantile


@dataclass(slots=True)
class Clock:
    """Seconds, and seconds of processor, that a part of the work took in all."""

    seconds: float = 0.0
    processor: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Add what passes inside."""
        began, ticks = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - began
        self.processor += time.process_time() - ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class NetModel:
    """What is left of a calculation for E[net | θ] of some actors: t services, u costs, a actors."""

    calculation: Calculation
    successes: float  # successes × years × discount factors of a net rate of 1
    worth: Floats  # (t, a)
    paid: Floats  # (u, a)


def net_model(calculation: Calculation, actors: tuple[str, ...]) -> NetModel:
    """Multiply out what is certain."""
    at = [calculation.actors.index(actor) for actor in actors]
    worth = calculation.worth.reshape(len(calculation.worth), -1, len(calculation.actors)).sum(axis=1)
    paid = (calculation.cost_worth * calculation.cost_discount).sum(axis=(1, 3))
    return NetModel(
        calculation=calculation,
        successes=float(calculation.completers @ calculation.alive @ calculation.discount),
        worth=worth[:, at],
        paid=paid[:, at],
    )


def net_of(model: NetModel, values: Mapping[str, Floats], n: int) -> Floats:
    """E[net | θ] of n draws, (n, a), kr.; an input that is not given has its base value."""
    calculation, base = model.calculation, model.calculation.base
    products = np.empty((n, len(calculation.terms)))
    for t, (factor, change, price) in enumerate(calculation.terms):
        products[:, t] = values.get(change, base[change]) * values.get(price, base[price])
        if factor is not None:
            products[:, t] *= values.get(factor, base[factor])
    net: Floats = products @ model.worth * (model.successes * net_rate(calculation, dict(values), n))[:, None]
    for u, name in enumerate(calculation.cost_names):
        net += np.broadcast_to(values.get(name, base[name]), n)[:, None] * model.paid[u]
    return net


def net_of_columns(model: NetModel, values: Floats) -> Floats:
    """E[net | θ] of the first actor, (n,), from values (d, n) of the inputs, in chunks that stay in the cache."""
    n = values.shape[1]
    found = np.empty(n)
    for start in range(0, n, CHUNK):
        part = values[:, start : start + CHUNK]
        named = {one.name: part[d] for d, one in enumerate(model.calculation.inputs)}
        found[start : start + CHUNK] = net_of(model, named, part.shape[1])[:, 0]
    return found


def net_of_points(model: NetModel, points: Floats, clock: Clock) -> Floats:
    """E[net | θ] of the first actor, (n,), at points (n, d) of the unit cube; the clock is for quantile functions."""
    families = [frozen(one) for one in model.calculation.inputs]
    found = np.empty(len(points))
    for start in range(0, len(points), CHUNK):
        with clock.running():
            cube = np.clip(points[start : start + CHUNK].T, SMALLEST, 1.0 - SMALLEST)
            values = np.array([family.ppf(row) for family, row in zip(families, cube, strict=True)])
        found[start : start + CHUNK] = net_of_columns(model, values)
    return found


def frozen(one: Input) -> Any:
    """The distribution of an input by ``scipy.stats``."""
    from scipy import stats

    if one.family == "beta":
        a, b, low, width = one.parameters
        return stats.beta(a, b, loc=low, scale=width)
    if one.family == "lognormal":
        return stats.lognorm(one.parameters[1], scale=math.exp(one.parameters[0]))
    return stats.norm(*one.parameters)
