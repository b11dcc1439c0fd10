"""The closed form of the variance, whole and one stage at a time, each for every actor, area and year; no rival has it.

``sr.exact`` has S1, ST, Shapley effects and S2 with their labels, and the receipt with the hash of the scenario. Its
stages after ``compile_scenario`` are what the calculation itself takes. And what is made once before anything is drawn:
the tables of quantile functions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from expected_net import Clock

Work = Callable[[int, int, Clock], Any]  # nothing is drawn: size and seed do not matter
LEVELS = 64  # at which a curve is known
VECTOR_DRAWS = 65_536  # of inputs that depend on each other, as ``sr.evppi`` has them


def whole(path: Path) -> Work:
    """All of ``sr.exact``."""
    import soemrisk as sr

    scenario = sr.read(path)

    def work(size: int, seed: int, clock: Clock) -> Any:
        del size, seed, clock
        found = sr.exact(scenario)
        return {"sd of the total": float(found["sd"].sel(actor="total"))}

    return work


def stage(path: Path, name: str) -> Work:
    """One stage; what goes before it is done beforehand."""
    from soemrisk.chance_moments import expected_chance
    from soemrisk.closed_form import parts, second_order
    from soemrisk.compilation import compile_scenario
    from soemrisk.design import Plan
    from soemrisk.moments import moments, products_of
    from soemrisk.products import outcomes_of
    from soemrisk.reading import read

    scenario = read(path)
    model = compile_scenario(scenario)
    products = products_of(model)
    plan = Plan(sampler="sobol", seed=1, size=512)  # of vectors, of which there are none
    known = moments(products, plan, 0)
    net = np.arange(len(model.actors)) * outcomes_of(model)
    stages: dict[str, Callable[[], Any]] = {
        "compile_scenario": lambda: compile_scenario(scenario),
        "products_of": lambda: products_of(model),
        "moments": lambda: moments(products, plan, 0),
        "closed_form.parts": lambda: parts(products, known),
        "closed_form.second_order": lambda: second_order(products, known, net),
        "chance_moments.expected_chance": lambda: expected_chance(products, plan),
    }

    def work(size: int, seed: int, clock: Clock) -> Any:
        del size, seed, clock
        stages[name]()
        return {"stage": name}

    return work


def of_every_input(path: Path) -> Work:
    """S1, ST, EVPPI and E[net | x] at some levels, of every input for every actor, from the compiled model on.

    What bins of a run would estimate with noise and bias are integrals here. Inputs that depend on each other are one
    vector: its S1 and EVPPI are sampled, and it has no curve.
    """
    from soemrisk.closed_form import conditional_coefficients, parts
    from soemrisk.compilation import compile_scenario
    from soemrisk.design import plan
    from soemrisk.information import of_blocks, of_net
    from soemrisk.moments import all_moments, block_values, products_of
    from soemrisk.product_values import function_values
    from soemrisk.reading import read

    model = compile_scenario(read(path))
    levels = (np.arange(LEVELS) + 0.5) / LEVELS
    design = plan(VECTOR_DRAWS, 1)

    def work(size: int, seed: int, clock: Clock) -> Any:
        del size, seed, clock
        products = products_of(model)
        known = all_moments(products, design)
        shares = [parts(products, one) for one in known]
        worth = of_blocks(products, design)
        net = of_net(products)
        coefficients = conditional_coefficients(net, known[0])
        curves = {
            block.path: function_values(net, block, block_values(model, block, levels)) @ coefficients[b]
            for b, block in enumerate(net.blocks)
            if not block.vector
        }
        return {"variances": len(shares), "worths": len(worth), "curves": len(curves)}

    return work


def tables(path: Path) -> Work:
    """Tables of the quantile functions of all uncertain inputs, made anew; their largest error at random points."""
    from soemrisk.compilation import compile_scenario
    from soemrisk.families import FAMILIES
    from soemrisk.quantile_tables import build, values
    from soemrisk.reading import read

    model = compile_scenario(read(path))
    every = [model.inputs[q].distribution for q in model.uncertain]
    tabled = {(one.family, tuple(one.parameters.items())): one for one in every if FAMILIES[one.family].tabled}
    points = np.random.default_rng(1).random(2000) * 10.0 ** np.repeat([0.0, -3.0, -9.0, -15.0], 500)
    points = np.concatenate([points, 1.0 - points[points < 1.0 - 1e-16]])
    points = points[(points > 0.0) & (points < 1.0)]
    error = 0.0
    for one in every:
        exact = FAMILIES[one.family].quantile(points, one.parameters)
        low, high = FAMILIES[one.family].quantile(np.array([0.25, 0.75]), one.parameters)
        apart = np.abs(values(one.family, one.parameters, points) - exact)
        error = max(error, float(np.max(apart / np.maximum(np.abs(exact), (high - low) / 1000.0))))

    def work(size: int, seed: int, clock: Clock) -> Any:
        del size, seed, clock
        for one in tabled.values():
            build(FAMILIES[one.family], one.parameters)
        return {"quantile_error": error}

    return work


STAGES = (
    "compile_scenario",
    "products_of",
    "moments",
    "closed_form.parts",
    "closed_form.second_order",
    "chance_moments.expected_chance",
)
OF_INPUTS = "S1, EVPPI, curves"
CONTENDERS: dict[str, Callable[[Path], Work]] = {
    "sr.exact": whole,
    OF_INPUTS: of_every_input,
    "quantile_tables.build": tables,
} | {name: (lambda path, name=name: stage(path, name)) for name in STAGES}
