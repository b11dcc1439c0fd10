"""The labelled shell of what drives a result: variance in closed form, values of information, everything at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from soemrisk import kernel
from soemrisk.closed_form import second_order
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan, plan
from soemrisk.drivers import drivers
from soemrisk.information import Worth, of_blocks, of_groups
from soemrisk.model import Model
from soemrisk.moments import products_of
from soemrisk.products import Products, outcomes_of
from soemrisk.receipt import receipt
from soemrisk.running import run_scenario
from soemrisk.scenario import Scenario
from soemrisk.variance_tables import NOISE, Analysis, analysed


def exact(scenario: Scenario, *, draws: int = 8192, seed: int = 1) -> xr.Dataset:
    """Mean and variance of E[net | θ] in closed form, and what each input contributes.

    Parameters
    ----------
    scenario : Scenario
    draws, seed : int
        Draws of inputs that depend on each other, whose moments are sampled; nothing else depends on them.

    Returns
    -------
    xarray.Dataset
        ``mean`` (kr.), ``variance`` (kr. squared) over actor; ``S1``, ``ST``, ``shapley`` over (actor, input) and
        ``S2`` over (actor, input, other) as shares of the variance; the same with the prefix ``area_`` over (actor,
        area, …) and ``year_`` over (actor, year, …), without S2. Inputs that depend on each other are one input, named
        after the first; ``vector`` says which. 0 where nothing varies.

    Notes
    -----
    docs/methods.md, "Where the uncertainty comes from".

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = exact(read("act-randers"))
    >>> float(found["shapley"].sel(actor="kommune").sum().round(12))
    1.0
    """
    model = compile_scenario(scenario)
    planned = plan(draws, seed)
    analysis = analysed(model, planned)
    products = analysis.products
    outcomes = outcomes_of(model)
    variance, shares = _by_outcome(analysis)
    mean = analysis.parts.mean.reshape(variance.shape)
    data: dict[str, Any] = {}
    ends = {"": slice(0, 1), "area": slice(1, 1 + len(model.areas)), "year": slice(1 + len(model.areas), outcomes)}
    for dim, part in ends.items():
        over, prefix = (("actor", dim), f"{dim}_") if dim else (("actor",), "")
        tables = {"mean": mean[:, part], "variance": variance[:, part]}
        for name, values in tables.items():
            data[prefix + name] = (over, values if dim else values[:, 0])
        for name, table in shares.items():
            data[prefix + name] = ((*over, "input"), table[:, part] if dim else table[:, 0])
    net = np.arange(len(model.actors)) * outcomes
    pairs = np.mean([second_order(products, known, net) for known in analysis.moments], axis=0)
    whole = np.where(variance[:, 0] > 0, variance[:, 0], np.inf)
    data["S2"] = (("actor", "input", "other"), np.moveaxis(pairs / whole, -1, 0))
    data["vector"] = (("input",), [block.vector for block in products.blocks])
    paths = list(products.paths)
    coordinates = {"actor": list(model.actors), "area": list(model.areas), "year": list(model.years)}
    inputs = {"input": paths, "other": paths}
    return xr.Dataset(data, coords={**coordinates, **inputs}, attrs=dict(receipt(scenario, planned)))


def _by_outcome(analysis: Analysis) -> tuple[Any, dict[str, Any]]:
    """Variance, (a, o), 0 where it is only rounding, and shares of it by kind, (a, o, b)."""
    model, found = analysis.products.model, analysis.parts
    shape = (len(model.actors), outcomes_of(model))
    variance = found.variance.reshape(shape)
    variance = np.where(variance > NOISE * found.mean.reshape(shape) ** 2, variance, 0.0)
    whole = np.where(variance > 0, variance, np.inf)
    shares = {
        name: np.moveaxis(table.reshape(-1, *shape) / whole, 0, -1)
        for name, table in (("S1", found.first), ("ST", found.total), ("shapley", found.shapley))
    }
    return variance, shares


def evppi(
    scenario: Scenario, groups: dict[str, list[str]] | None = None, *, draws: int = 65_536, seed: int = 1
) -> xr.Dataset:
    """What it is worth to know inputs before the decision, for each actor.

    Parameters
    ----------
    scenario : Scenario
    groups : dict of str to list of str, optional
        Groups of inputs by name, each input by its place; without it each input alone.
    draws, seed : int
        Draws for groups, for everything together, and for inputs that depend on each other.

    Returns
    -------
    xarray.Dataset over (actor, input)
        ``evppi`` and its standard error ``evppi_se``; over actor ``evpi``, ``evpi_se``, and the expected net result
        ``mean``; all in kr. The error is 0 where the value is an integral and not an estimate.

    Raises
    ------
    ValueError
        A group names something that is no uncertain input.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = evppi(read("act-randers"), draws=4096)
    >>> round(float(found["evppi"].sel(actor="kommune", input="success.with")), -3)
    405000.0
    """
    model = compile_scenario(scenario)
    planned = plan(draws, seed)
    products = products_of(model)
    everything = of_groups(products, [range(len(products.blocks))], planned)[0]
    if groups is None:
        names, found = list(products.paths), of_blocks(products, planned)
    else:
        names = list(groups)
        numbers = [sorted({_block(products, path) for path in group}) for group in groups.values()]
        found = of_groups(products, numbers, planned)
    data = {
        "evppi": (("actor", "input"), _table(found, "value", model)),
        "evppi_se": (("actor", "input"), _table(found, "error", model)),
        "evpi": ("actor", everything.value),
        "evpi_se": ("actor", everything.error),
        "mean": (
            "actor",
            analysed(model, Plan(sampler="sobol", seed=seed, size=512)).parts.mean[:: outcomes_of(model)],
        ),
    }
    coordinates = {"actor": list(model.actors), "input": names}
    return xr.Dataset(data, coords=coordinates, attrs=dict(receipt(scenario, planned)))


def _table(found: tuple[Worth, ...], name: str, model: Model) -> Any:
    return np.array([getattr(one, name) for one in found]).reshape(len(found), len(model.actors)).T


def _block(products: Products, path: str) -> int:
    for b, block in enumerate(products.blocks):
        if path in {products.model.inputs[int(q)].path.split("@")[0] for q in block.inputs}:
            return b
    raise ValueError(f"{path!r} is no uncertain input of the scenario; there are {', '.join(products.paths)}")


def what_drives(scenario: Scenario, *, draws: int = 65_536, seed: int = 1, importance: str = "evppi") -> dict[str, Any]:
    """Everything that ``soemrisk drivers --json`` prints, as plain values.

    Parameters
    ----------
    scenario : Scenario
    draws, seed : int
        As ``simulate``.
    importance : {"evppi", "total", "elasticity"}
        Axis of betydning in the 2×2.

    Returns
    -------
    dict
        As docs/output.md, "What drives a result".

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = what_drives(read("laere-eksempel"), draws=1024)
    >>> sorted(found["tornado"])
    ['p10_p90', 'ten_percent']
    """
    if importance not in {"evppi", "total", "elasticity"}:
        raise ValueError(f"importance is evppi, total or elasticity, not {importance!r}")
    return drivers(scenario, run_scenario(scenario, plan(draws, seed)), evaluate=kernel.evaluate, importance=importance)
