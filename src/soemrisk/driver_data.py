"""The labelled shell of what drives a result: variance in closed form, values of information, everything at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from soemrisk import kernel
from soemrisk.chance_moments import expected_chance
from soemrisk.closed_form import of_group, second_order
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan, plan, points
from soemrisk.digest import share_of_chance
from soemrisk.drivers import IMPORTANCE, check_request, drivers
from soemrisk.information import Worth, of_blocks, of_everything, of_groups
from soemrisk.messages import text
from soemrisk.model import Model
from soemrisk.moments import products_of
from soemrisk.priorities import Thresholds
from soemrisk.products import Products, outcomes_of
from soemrisk.receipt import receipt
from soemrisk.running import run_scenario
from soemrisk.scenario import Scenario
from soemrisk.transform import values_at
from soemrisk.variance_tables import (
    Analysis,
    analysed,
    errors_of,
    mean_errors,
    sd_errors,
    share_errors,
    varies,
)

Floats = NDArray[np.float64]


def exact(
    scenario: Scenario,
    groups: Mapping[str, Sequence[str]] | None = None,
    *,
    draws: int = 8192,
    seed: int = 1,
    chance: bool = True,
) -> xr.Dataset:
    """Mean and variance of E[net | θ] in closed form, and what each input contributes.

    Parameters
    ----------
    scenario : Scenario
    groups : mapping of str to sequence of str, optional
        Groups of inputs by name, each input by its place.
    draws, seed : int
        Draws of inputs that depend on each other, whose moments are sampled; all inputs are drawn for the share of
        chance where a rate or the number of completers is one of those.
    chance : bool
        Whether the share of chance is calculated too.

    Returns
    -------
    xarray.Dataset
        ``mean`` (kr.), ``variance`` (kr. squared) over actor; ``S1``, ``ST``, ``shapley`` over (actor, input) and
        ``S2`` over (actor, input, other) as shares of the variance; the same with the prefix ``area_`` over (actor,
        area, …) and ``year_`` over (actor, year, …), without S2. Inputs that depend on each other are one input, named
        after the first; ``vector`` says which. With groups ``closed`` and ``group_total`` over (actor, group). 0 where
        nothing varies. ``sd`` is the root of the variance (kr.). Each of these but the variance has a standard error
        with ``_se`` after its name, 0 where no input is a vector. ``chance_share`` over actor, and ``chance_share_se``:
        chance as a share of the variance of the net result, which is outside all the others.

    Raises
    ------
    ValueError
        A group names something that is no uncertain input, or a part of inputs that depend on each other.

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
    paths = list(analysis.products.paths)
    coordinates = {"actor": list(model.actors), "area": list(model.areas), "year": list(model.years)}
    inputs = {"input": paths, "other": paths, **({"group": list(groups)} if groups else {})}
    data = _shares(analysis) | _of_groups(analysis, groups or {})
    if chance:
        data |= _chance(analysis, planned)
    return xr.Dataset(data, coords={**coordinates, **inputs}, attrs=dict(receipt(scenario, planned)))


def _shares(analysis: Analysis) -> dict[str, Any]:
    """Means, variances and shares of the net result, of areas and of years."""
    products, model = analysis.products, analysis.products.model
    outcomes = outcomes_of(model)
    variance, shares = _by_outcome(analysis)
    tables = {
        "mean": analysis.parts.mean.reshape(variance.shape),
        "mean_se": mean_errors(analysis).reshape(variance.shape),
        "variance": variance,
        "sd": np.sqrt(variance),
        "sd_se": sd_errors(analysis).reshape(variance.shape),
    }
    data: dict[str, Any] = {}
    ends = {"": slice(0, 1), "area": slice(1, 1 + len(model.areas)), "year": slice(1 + len(model.areas), outcomes)}
    for dim, part in ends.items():
        over, prefix = (("actor", dim), f"{dim}_") if dim else (("actor",), "")
        for name, values in tables.items():
            data[prefix + name] = (over, values[:, part] if dim else values[:, 0])
        for name, table in shares.items():
            data[prefix + name] = ((*over, "input"), table[:, part] if dim else table[:, 0])
    net = np.arange(len(model.actors)) * outcomes
    pairs = np.array([second_order(products, known, net) for known in analysis.moments])
    shared, error = _of_net(analysis, np.moveaxis(pairs, -1, 1))
    data["S2"], data["S2_se"] = ((("actor", "input", "other"), one) for one in (shared, error))
    data["vector"] = (("input",), [block.vector for block in products.blocks])
    return data


def _of_net(analysis: Analysis, by_replicate: Floats) -> tuple[Floats, Floats]:
    """Parts of the variance of the net result, (r, a, …), as shares of it, and standard errors, each (a, …)."""
    net = slice(None, None, outcomes_of(analysis.products.model))
    moves = varies(analysis)[net]

    def shares_of(parts: Floats, variance: Floats) -> Floats:
        whole = np.where(moves, variance[net], np.inf)
        return parts / whole.reshape(-1, *[1] * (parts.ndim - 1))

    each = [shares_of(one, known.variance) for one, known in zip(by_replicate, analysis.replicates, strict=True)]
    return shares_of(by_replicate.mean(axis=0), analysis.parts.variance), errors_of(each)


def _of_groups(analysis: Analysis, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Closed and total shares of groups of inputs."""
    if not groups:
        return {}
    products = analysis.products
    net = slice(None, None, outcomes_of(products.model))
    found = np.array(
        [
            [[part[net] for part in of_group(products, known, _blocks(products, paths))] for paths in groups.values()]
            for known in analysis.moments
        ]
    )  # (r, g, 2, a)
    data = {}
    for n, name in enumerate(("closed", "group_total")):
        share, error = _of_net(analysis, np.moveaxis(found[:, :, n], 1, 2))
        data[name], data[f"{name}_se"] = (("actor", "group"), share), (("actor", "group"), error)
    return data


def _chance(analysis: Analysis, planned: Plan) -> dict[str, Any]:
    """Chance as a share of the variance of the net result: in closed form, or from draws where there is none."""
    model, net = analysis.products.model, slice(None, None, outcomes_of(analysis.products.model))
    known = expected_chance(analysis.products, planned)
    if known is None:
        draws = [values_at(model, points(planned, model.columns, r)) for r in range(planned.replicates)]
        known = np.array([kernel.evaluate(model, one, None).chance_variance.mean(axis=0) for one in draws])
    moves = varies(analysis)[net]
    variances = np.array([np.where(moves, one.variance[net], 0.0) for one in analysis.replicates])
    each = share_of_chance(*np.broadcast_arrays(known, variances))
    whole = share_of_chance(known.mean(axis=0), np.where(moves, analysis.parts.variance[net], 0.0))
    return {"chance_share": ("actor", whole), "chance_share_se": ("actor", errors_of(list(each)))}


def _by_outcome(analysis: Analysis) -> tuple[Any, dict[str, Any]]:
    """Variance, (a, o), 0 where it is only rounding, and shares of it by kind with their errors, (a, o, b)."""
    model, found = analysis.products.model, analysis.parts
    shape = (len(model.actors), outcomes_of(model))
    variance = np.where(varies(analysis), found.variance, 0.0).reshape(shape)
    whole = np.where(variance > 0, variance, np.inf)
    shares: dict[str, Any] = {}
    for name, part in (("S1", "first"), ("ST", "total"), ("shapley", "shapley")):
        shares[name] = np.moveaxis(getattr(found, part).reshape(-1, *shape) / whole, 0, -1)
        shares[f"{name}_se"] = np.moveaxis(share_errors(analysis, part).reshape(-1, *shape), 0, -1)
    return variance, shares


def evppi(
    scenario: Scenario, groups: Mapping[str, Sequence[str]] | None = None, *, draws: int = 65_536, seed: int = 1
) -> xr.Dataset:
    """What it is worth to know inputs before the decision, for each actor.

    Parameters
    ----------
    scenario : Scenario
    groups : mapping of str to sequence of str, optional
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
        A group names something that is no uncertain input, or a part of inputs that depend on each other.

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
        numbers = [_blocks(products, group) for group in groups.values()]
        found = of_groups(products, numbers, planned)
    everything = of_everything(everything, found)
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


def _blocks(products: Products, paths: Sequence[str]) -> list[int]:
    """Blocks of a group of inputs: all members of a block, or none."""
    places = [{products.model.inputs[int(q)].path.split("@")[0] for q in block.inputs} for block in products.blocks]
    known = [path for members in places for path in sorted(members)]
    for path in paths:
        if path not in known:
            raise ValueError(f"{path!r} is no uncertain input of the scenario; there are {', '.join(known)}")
    found = [b for b, members in enumerate(places) if members & set(paths)]
    for b in found:
        missing = sorted(places[b] - set(paths))
        if missing:
            raise ValueError(f"{', '.join(missing)} depends on inputs of the group and must be in it too")
    return found


def what_drives(
    scenario: Scenario,
    *,
    draws: int = 65_536,
    seed: int = 1,
    sampler: str = "sobol",
    importance: str = "evppi",
    thresholds: Mapping[str, float] | None = None,
    pair: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Everything that ``soemrisk drivers --json`` prints, as plain values.

    Parameters
    ----------
    scenario : Scenario
    draws, seed, sampler
        As ``simulate``.
    importance : {"evppi", "total", "elasticity"}
        Axis of betydning in the 2×2.
    thresholds : mapping of str to float, optional
        From where on an axis of the 2×2 is high, by axis: ``width`` (P10–P90 as a part of the size; 1/3 without), and
        ``evppi``, ``total``, ``elasticity`` (0.1).
    pair : (path, path), optional
        Places of two uncertain inputs; ``pair`` of the result is then the table over both.

    Returns
    -------
    dict
        As docs/output.md, "What drives a result": among others ``tornado``, ``break_even`` of every input,
        ``chance_of_gain`` over the success rate, ``information``, ``priorities`` and ``pair``.

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = what_drives(read("laere-eksempel"), draws=1024, thresholds={"width": 0.5})
    >>> sorted(found["tornado"]), found["priorities"]["thresholds"]["width"]
    (['p10_p90', 'ten_percent'], 0.5)
    """
    if importance not in IMPORTANCE:
        raise ValueError(f"importance is evppi, total or elasticity, not {importance!r}")
    wrong = check_request(scenario, None, () if pair is None else pair)
    if wrong or (pair is not None and len(pair) != 2):
        raise ValueError("; ".join(text(name, "en", **words) for name, words in wrong) or "a pair is two inputs")
    return drivers(
        scenario,
        run_scenario(scenario, plan(draws, seed, sampler)),
        evaluate=kernel.evaluate,
        importance=importance,
        thresholds=_thresholds(thresholds or {}),
        pair=pair,
    )


def _thresholds(stated: Mapping[str, float]) -> Thresholds:
    known = [one.name for one in fields(Thresholds)]
    for name, value in stated.items():
        if name not in known:
            raise ValueError(f"thresholds are {', '.join(known)}, not {name!r}")
        if not 0 <= value < np.inf:
            raise ValueError(f"the threshold {name} is a number from 0 up, not {value!r}")
    return Thresholds(**stated)
