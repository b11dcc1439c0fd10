"""Screening as labelled tables: the public ``screen``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from soemrisk.block_swaps import block_names, net_outcomes
from soemrisk.caller_functions import Function, Inputs, checked_inputs, input_values, outcomes_of_function
from soemrisk.compilation import compile_scenario
from soemrisk.dependence import joined
from soemrisk.design import Plan, plan, points
from soemrisk.moments import products_of
from soemrisk.products import Products
from soemrisk.receipt import receipt
from soemrisk.scenario import Scenario
from soemrisk.screening import METHODS, Outcomes, Screened, given_data, morris
from soemrisk.shapley_effects import member_paths, members_of
from soemrisk.transform import values_at

Floats = NDArray[np.float64]


class _Model(NamedTuple):
    """What is screened: keys of coordinates, their outcomes, and inputs as Morris moves them, by name."""

    keys: tuple[str, ...]
    outcomes: Outcomes
    moved: dict[str, tuple[int, ...]]
    actors: tuple[str, ...] | None = None
    products: Products | None = None


def screen(
    of: Scenario | Function,
    families: Inputs | None = None,
    *,
    method: str = "morris",
    draws: int = 4096,
    seed: int = 1,
    sampler: str = "random",
    actors: Sequence[str] = ("total",),
) -> xr.Dataset:
    """Screen the inputs of a scenario, or of any vectorised function, by SALib.

    Parameters
    ----------
    of : Scenario or callable
    families : mapping of str to (family, parameters)
        Inputs of a callable, as for ``sobol``.
    method : {"morris", "delta", "pawn", "rbd_fast"}
        ``delta`` takes seconds for each actor where the others take a fraction of one: at 4,096 draws SALib estimates
        374 densities for each input and 1,938 for the 19 in no formula, and the draws that each takes grow with all.
    draws : int
        Evaluations; for ``morris`` at most so many.
    seed : int
        From 0. The draws are those of ``simulate`` with the sampler ``random``.
    sampler : {"random"}
        Others are refused.
    actors : sequence of str
        Of a scenario; "total" and those that it names.

    Returns
    -------
    xarray.Dataset
        Over (actor, input), for a function over input. ``morris``: ``mu_star``, ``mu``, ``sigma`` (kr., or the unit of
        the outcome, for the way from P5 to P95 of the input). Others: ``delta``, ``pawn`` (median of the classes) with
        ``pawn_highest``, or ``S1``; ``…_se`` where there is one; ``noise_floor``, the highest measure of 19 inputs in
        no formula from as many draws, and ``above_noise``. ``constant``: no spread, all measures are 0.

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> found = screen(lambda x: x[:, 0] ** 2, {name: ("normal", {"mean": 0, "sd": 1}) for name in "xy"}, method="pawn")
    >>> found["above_noise"].values.tolist()
    [True, False]
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    design = _plan(draws, seed, sampler)
    model = _screened_model(of, families)
    chosen = _chosen(model, actors)
    if method == "morris":
        names, found = _moved(model, chosen, int(draws), design.seed)
    else:
        names, found = _ranked(model, chosen, method, design)
    stated: dict[str, Any] = dict(receipt(of, design)) if isinstance(of, Scenario) else {"seed": design.seed}
    return _table(found, names, list(actors) if model.actors else None, {**stated, "method": method})


def _plan(draws: int, seed: int, sampler: str) -> Plan:
    if sampler != "random":
        raise ValueError(
            f"screening takes plain Monte Carlo draws (sampler 'random'), not {sampler!r}: measures by ranks are "
            "biased where points are spread evenly"
        )
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or not isinstance(seed, int | np.integer):
        raise ValueError("draws and seed must be whole numbers")
    return plan(int(draws), int(seed), "random")


def _screened_model(of: Scenario | Function, families: Inputs | None) -> _Model:
    if isinstance(of, Scenario):
        if families is not None:
            raise ValueError("families belong to a function; a scenario states its own")
        model = compile_scenario(of)
        products = products_of(model)
        moved = {
            name: tuple(int(column) for column in block.columns)
            for name, block in zip(block_names(products), products.blocks, strict=True)
        }
        return _Model(model.columns, lambda cube: net_outcomes(products, cube), moved, model.actors, products)
    if not callable(of):
        raise ValueError(f"screen takes a scenario or a function, not {type(of).__name__}")
    known = checked_inputs(families)
    moved = {name: (d,) for d, name in enumerate(known)}
    return _Model(tuple(known), lambda cube: outcomes_of_function(of, input_values(known, cube)), moved)


def _chosen(model: _Model, actors: Sequence[str]) -> list[int]:
    """Positions of the actors; of a function the one outcome."""
    if model.actors is None:
        return [0]
    if isinstance(actors, str) or not actors:
        raise ValueError("actors must be a list of names")
    for actor in actors:
        if actor not in model.actors:
            raise ValueError(f"there is no actor {actor!r}; there are {', '.join(model.actors)}")
    return [model.actors.index(actor) for actor in actors]


def _moved(model: _Model, chosen: list[int], draws: int, seed: int) -> tuple[list[str], Screened]:
    """Names of inputs, and Morris' measures."""
    order = [column for columns in model.moved.values() for column in columns]
    ends = np.cumsum([0, *(len(columns) for columns in model.moved.values())])

    def outcomes(grid: Floats) -> Floats:
        cube = np.full((len(grid), len(model.keys)), 0.5, order="F")
        cube[:, order] = grid
        return model.outcomes(cube)[chosen]

    groups = [range(int(one), int(other)) for one, other in pairwise(ends)]
    return list(model.moved), morris(outcomes, groups, draws, seed)


def _ranked(model: _Model, chosen: list[int], method: str, design: Plan) -> tuple[list[str], Screened]:
    """Names of inputs, and measures from draws."""
    cube = np.concatenate([points(design, model.keys, r) for r in range(design.replicates)])
    listed = _ranks(model, cube)
    ranks = np.stack(list(listed.values()), axis=1) if listed else np.empty((len(cube), 0))
    return list(listed), given_data(method, ranks, model.outcomes(cube)[chosen], design)


def _ranks(model: _Model, cube: Floats) -> dict[str, Floats]:
    """Points of each input by name, with their correlations; values of shares that add up to 1."""
    if model.products is None:
        return {name: cube[:, columns[0]] for name, columns in model.moved.items()}
    compiled = model.products.model
    moved = cube.copy()
    for copula in compiled.copulas:
        moved[:, copula.columns] = joined(cube[:, copula.columns], copula.factor)
    found: dict[str, Floats] = {}
    for block in model.products.blocks:
        for columns in members_of(compiled, block):
            if len(columns) == 1:
                found[" + ".join(member_paths(compiled, block, columns))] = moved[:, columns[0]]
            else:
                values = values_at(compiled, np.asfortranarray(cube))
                for simplex in compiled.simplexes:
                    if set(simplex.columns) == set(columns):
                        found |= {compiled.inputs[int(q)].path: values[:, q] for q in simplex.inputs}
    return found


def _table(found: Screened, names: list[str], actors: list[str] | None, attributes: dict[str, Any]) -> xr.Dataset:
    first = next(iter(found.measures.values()))
    data: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {
        name: (("actor", "input"), measure) for name, measure in found.measures.items()
    }
    if found.floor is not None:
        data["noise_floor"] = (("actor",), found.floor)
        data["above_noise"] = (("actor", "input"), (first > found.floor[:, None]) & ~found.constant[:, None])
    data["constant"] = (("actor",), found.constant)
    table = xr.Dataset(data, {"input": names}, {**attributes, "evaluations": found.evaluations})
    return table.isel(actor=0) if actors is None else table.assign_coords(actor=actors)
