"""The labelled shell around the arrays: the same results as ``xarray.Dataset``s for Python users.

Names, units and axes live here; no figure is computed here that ``answer`` or ``statistics`` does not compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from soemrisk import kernel
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan, plan
from soemrisk.digest import Digest
from soemrisk.labelled_arrays import labelled_arrays
from soemrisk.model import Model
from soemrisk.receipt import receipt
from soemrisk.running import KEPT, run_scenario
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation
from soemrisk.statistics import PUBLIC, public, statistics
from soemrisk.threshold_tables import break_evens_of_input
from soemrisk.thresholds import drawn_values, lines


def simulate(
    scenario: Scenario,
    *,
    draws: int = 65_536,
    seed: int = 1,
    sampler: str = "sobol",
    threads: int = 1,
    kept: int = KEPT,
) -> xr.Dataset:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario
    draws : int
        Total number of draws, rounded up to 16 replicates (of 2^m points for ``sobol``).
    seed : int
        From 0; the same seed gives the same bytes.
    sampler : {"sobol", "random", "lhs"}
    threads : int
        Changes the time and nothing else.
    kept : int
        With more draws than this none is kept, so that memory does not grow with their number: the result then holds
        the tables of ``summary`` in place of the draws.

    Returns
    -------
    xarray.Dataset
        Draws over (replicate, point) in kr.: ``net``, ``net_expected``, ``net_correlated``, ``net_by_area``,
        ``net_by_year``, ``at_zero``, ``per_rate``; the receipt as attributes.

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> result = simulate(read("act-randers"), draws=1024, seed=0)
    >>> result.sizes["actor"]
    4
    """
    digest, simulation = run_scenario(scenario, plan(draws, seed, sampler), kept=kept, threads=threads)
    return labelled(scenario, digest, simulation)


def labelled(scenario: Scenario, digest: Digest, simulation: Simulation | None) -> xr.Dataset:
    """The Dataset of a run, from its labelled arrays."""
    found = labelled_arrays(scenario, digest, simulation)
    return xr.Dataset(dict(found.variables), coords=dict(found.coordinates), attrs=dict(found.attributes))


def again(stored: xr.Dataset, threads: int = 1) -> dict[str, float]:
    """Simulate anew what a stored result was made from, and compare.

    Parameters
    ----------
    stored : xarray.Dataset
        From ``simulate``, or a file that ``run --out`` wrote.
    threads : int

    Returns
    -------
    dict
        By variable the largest difference, relative to the variable's largest value; 0 where every byte is the same,
        inf where shapes or labels differ.
    """
    scenario = Scenario.model_validate_json(stored.attrs["content"])
    draws, seed, sampler = (stored.attrs[name] for name in ("draws", "seed", "sampler"))
    kept = int(draws) if "point" in stored.dims else 0
    fresh = simulate(scenario, draws=int(draws), seed=int(seed), sampler=str(sampler), threads=threads, kept=kept)
    expected = [name for name in fresh.data_vars if kept == 0 or name in STORED or name in stored.data_vars]
    found = {}
    for name in dict.fromkeys([*map(str, expected), *map(str, stored.data_vars)]):
        found[name] = _difference(stored[name], fresh[name]) if name in stored and name in fresh else float("inf")
    for name in ("answer", "content", "scenario_sha256"):
        if stored.attrs.get(name) != fresh.attrs[name] and (name != "answer" or all(v == 0 for v in found.values())):
            found[name] = float("inf")
    return found


STORED = ("net", "net_expected", "net_correlated")  # variables of a file whose draws are kept


def _difference(old: xr.DataArray, new: xr.DataArray) -> float:
    """Largest difference, relative to the largest value; inf where shapes, labels or what is no number differ."""
    same_frame = old.dims == new.dims and old.shape == new.shape
    if not same_frame or any(list(old[dim].values) != list(new[dim].values) for dim in old.coords):
        return float("inf")
    if old.values.tobytes() == new.values.tobytes():
        return 0.0
    apart = float(np.abs(old.values - new.values).max() / max(np.abs(new.values).max(), 1e-300))
    return apart if np.isfinite(apart) else float("inf")


def summary(result: xr.Dataset) -> xr.Dataset:
    """Summarise a simulation: STATS of the net result by actor, area and year.

    Parameters
    ----------
    result : xarray.Dataset
        From ``simulate``, a part of it (some replicates), or a file that ``run --out`` wrote; figures are calculated
        from the draws that it holds, and those whose draws it does not hold are left out. A result without draws
        holds its summary already.

    Returns
    -------
    xarray.Dataset
        ``net``, ``net_expected``, ``net_correlated`` over (actor, statistic), ``by_area`` over (area, actor,
        statistic), ``by_year`` and ``cumulated`` over (year, actor, statistic), in kr. (``prob_positive`` and
        ``mcse_prob``: shares); ``chance_share`` over actor.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> table = summary(simulate(read("act-randers"), draws=1024, seed=0))
    >>> bool(table["net"].sel(actor="kommune", statistic="sd") > 0)
    True
    """
    if "point" not in result.dims:
        return result.drop_attrs(deep=False).assign_attrs(_shown(result))
    frames = {
        "net": result["net"],
        "net_expected": result["net_expected"],
        "net_correlated": result["net_correlated"],
    }
    if "net_by_area" in result:
        frames["by_area"] = result["net_by_area"]
    if "net_by_year" in result:
        frames["by_year"] = result["net_by_year"]
        frames["cumulated"] = result["net_by_year"].cumsum("year").assign_coords(year=result["year"])
    tables = {name: _statistics(frame) for name, frame in frames.items()}
    if "chance_variance" in result:
        chance = result["chance_variance"].mean(("replicate", "point"))
        ignorance = result["net_expected"].var(("replicate", "point"))
        tables["chance_share"] = (chance / (chance + ignorance)).fillna(0.0)
    return xr.Dataset(tables, attrs=_shown(result))


def _shown(result: xr.Dataset) -> dict[str, Any]:
    return {k: v for k, v in result.attrs.items() if k not in {"answer", "content"}}


def _statistics(frame: xr.DataArray) -> xr.DataArray:
    """STATS of draws, with the statistic as last axis."""
    others = [dim for dim in frame.dims if dim not in {"replicate", "point"}]
    draws = frame.transpose(*others, "replicate", "point").values
    rows = [list(public(statistics(one)).values()) for one in draws.reshape(-1, *draws.shape[-2:])]
    values = np.array(rows).reshape(*draws.shape[:-2], len(PUBLIC))
    coordinates = {**{dim: frame[dim].values for dim in others}, "statistic": list(PUBLIC)}
    return xr.DataArray(values, dims=(*others, "statistic"), coords=coordinates)


def break_even(
    scenario: Scenario, of: str | Sequence[str] = "success_rate", *, draws: int = 65_536, seed: int = 1
) -> xr.Dataset:
    """Break-even of the success rate, or of other inputs, by actor: base case and distribution.

    Parameters
    ----------
    scenario : Scenario
    of : str or sequence of str
        ``success_rate`` (with minus without), or the place of an input, ``costs.indsats.amount``; a step has its year,
        ``services.herberg.price@2023``. Of several each place.
    draws, seed : int
        As ``simulate``.

    Returns
    -------
    xarray.Dataset over actor, of several over (input, actor)
        Of the success rate ``base``, ``p10``, ``p50``, ``p90`` (shares; inf: never a gain, −inf: a gain at every rate),
        ``prob_always``, ``prob_never``, ``prob_above_one``, ``prob_reached``. Of another input ``base``, ``p10``,
        ``p50``, ``p90`` in its unit, ``slope`` (kr. per unit), ``prob_rising``, ``prob_always``, ``prob_never``,
        ``prob_reached``; of a certain one ``base`` and ``slope``; of one in which the result is no line ``roots`` over
        (…, root), all those of the base case on its support. What comes from draws has an error ``mcse_…``. NaN where
        there is no such figure.

    Raises
    ------
    ValueError
        Something else is asked for.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> table = break_even(read("act-randers"), draws=1024)
    >>> round(float(table["base"].sel(actor="kommune")), 3)
    0.631
    >>> price = break_even(read("act-randers"), "services.botilbud.price", draws=1024)
    >>> round(float(price["base"].sel(actor="kommune")))
    2237
    """
    planned = plan(draws, seed)
    asked = [of] if isinstance(of, str) else list(of)
    model = compile_scenario(scenario)
    known = [SUCCESS_RATE, *(one.path for one in model.inputs)]
    for path in asked:
        if path not in known:
            raise ValueError(f"break-even is known for {', '.join(known)}, not for {path!r}")
    tables = _turning_tables(_turning_points(scenario, model, asked, planned), len(model.actors))
    coordinates = {"actor": list(model.actors), "input": asked}
    found = xr.Dataset(tables, coords=coordinates, attrs=dict(receipt(scenario, planned)))
    return found.isel(input=0, drop=True) if isinstance(of, str) else found


SUCCESS_RATE = "success_rate"


Rows = list[dict[str, Any]]  # by actor


def _turning_points(scenario: Scenario, model: Model, asked: Sequence[str], planned: Plan) -> list[Rows]:
    """Figures of break-even of each thing that is asked for, by actor."""
    positions = {one.path: q for q, one in enumerate(model.inputs)}
    drawn = drawn_values(model, planned) if set(asked) & set(positions) else None
    found: list[Rows] = []
    for path in asked:
        if path == SUCCESS_RATE:
            found.append([dict(row) for row in run_scenario(scenario, planned)[0].break_even])
            continue
        assert drawn is not None
        q = positions[path]
        known = partial(lines, model, drawn, q, kernel.evaluate)
        found.append(break_evens_of_input(model, q, known, kernel.evaluate))
    return found


def _turning_tables(found: list[Rows], actors: int) -> dict[str, Any]:
    """Figures over (input, actor), NaN where there is none; roots over a third axis, as long as the longest list."""
    every = [row for rows in found for row in rows]
    most = max(len(row.get("roots", ())) for row in every)
    data: dict[str, Any] = {}
    for name in dict.fromkeys(name for row in every for name in row):
        if name == "roots":
            lists = [row.get(name, []) for row in every]
            values = np.array([several + [np.nan] * (most - len(several)) for several in lists])
            data[name] = (("input", "actor", "root"), values.reshape(-1, actors, most))
        else:
            values = np.array([row.get(name, np.nan) for row in every], dtype=np.float64)
            data[name] = (("input", "actor"), values.reshape(-1, actors))
    return data
