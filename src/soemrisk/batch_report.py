"""What a batch study says: best and worst cell, where the sign turns, and which setting matters.

Cells share their draws, so that differences between them, and shares of the variance over the grid, have errors from
the replicates of one design: each is worked out replicate by replicate.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.batch_cells import STATISTICS, layout
from soemrisk.batch_plan import Batch, BatchAxis, is_number, option_values, options_of
from soemrisk.batch_stated import stated_cells
from soemrisk.statistics import standard_error

Floats = NDArray[np.float64]
SCHEMA = 1
QUANTILES = ("p5", "p10", "p50", "p90", "p95")
MEASURES = ("mean", "prob_positive", *QUANTILES, "base")
ERRORS: Mapping[str, str] = {  # of what is drawn; the SØM number has none
    "mean": "mcse_mean",
    "prob_positive": "mcse_prob",
    **{name: f"mcse_{name}" for name in QUANTILES},
}
LISTED = 5  # different results that are listed from each end
ALIKE = 1e-9  # relative; what differs by less is the same result
CERTAIN = 2.0  # standard errors from which a sign is certain
LEAST_POINTS = 20  # of a list or sample from which shares of the variance are worked out


def variable(batch: Batch, table: Floats, name: str) -> Floats:
    """One variable of all cells, (cells, …)."""
    start = 0
    for one, (_, shape) in layout(batch).items():
        size = int(np.prod(shape))
        if one == name:
            return table[:, start : start + size].reshape(-1, *shape)
        start += size
    raise KeyError(name)


def report_of(batch: Batch, table: Floats, actor: str, measure: str = "mean") -> dict[str, Any]:
    """What the study says of one actor.

    Parameters
    ----------
    batch : Batch
    table : (cells, k) float64
        NaN where a cell is missing.
    actor : str
        Of ``batch.actors``.
    measure : str
        Of ``MEASURES``: what cells are ranked by.

    Returns
    -------
    dict
        As docs/output.md; only JSON types, None where there is no such figure.
    """
    a = batch.actors.index(actor)
    net = variable(batch, table, "net")[:, a]
    values = measured(batch, table, actor, measure)
    error = ERRORS.get(measure)
    errors = np.zeros(batch.cells) if error is None else net[:, STATISTICS.index(error)]
    replicates = variable(batch, table, "net_by_replicate")[:, a]
    there = np.flatnonzero(~np.isnan(values))
    order = there[np.argsort(-values[there], kind="stable")]
    backwards = there[np.argsort(values[there], kind="stable")]
    compared = replicates if measure == "mean" else values[:, None]
    best, worst = (_distinct(compared, one) for one in (order, backwards))
    names = ["mean", "mcse_mean", "prob_positive", "mcse_prob", *([] if error is None else [measure, error])]
    figures = {**{name: net[:, STATISTICS.index(name)] for name in names}, measure: values}

    def cell(n: int) -> dict[str, Any]:
        return {**settings(batch, n), **{name: float(column[n]) for name, column in figures.items()}}

    level = 0.5 if measure == "prob_positive" else 0.0
    sure = np.abs(values - level) > CERTAIN * errors
    stated = stated_cells(batch).items()
    return {
        "schema": SCHEMA,
        "study": batch.id,
        "actor": actor,
        "measure": measure,
        "cells": batch.cells,
        "finished": int((~np.isnan(table[:, 0])).sum()),
        "best": [{**cell(n), "alike": alike} for n, alike in best],
        "worst": [{**cell(n), "alike": alike} for n, alike in worst],
        "as_stated": [{**cell(n), "spread": spread} for n, spread in stated if not np.isnan(values[n])],
        "lead": _lead(replicates, [n for n, _ in best], measure),
        "signs": {
            "level": level,
            "positive": int((sure & (values > level)).sum()),
            "negative": int((sure & (values < level)).sum()),
            "undecided": None if error is None else int((~sure & ~np.isnan(values)).sum()),
        },
        "turns": turns(batch, values - level, errors),
        "matters": matters(batch, values, replicates if measure == "mean" else None),
    }


def _distinct(results: Floats, order: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The first cells of an order that have different results (cells, k), and how many have the same as each."""
    found: list[tuple[int, int]] = []
    left = order
    while len(left) and len(found) < LISTED:
        first = results[left[0]]
        alike = (np.abs(results[left] - first) <= ALIKE * np.abs(first).max()).all(axis=1)
        found.append((int(left[0]), int(alike.sum())))
        left = left[~alike]
    return found


def measured(batch: Batch, table: Floats, actor: str, measure: str) -> Floats:
    """What cells are ranked by, (cells,)."""
    a = batch.actors.index(actor)
    if measure == "base":
        return variable(batch, table, "base")[:, a]
    return variable(batch, table, "net")[:, a, STATISTICS.index(measure)]


def _lead(replicates: Floats, order: list[int], measure: str) -> dict[str, float] | None:
    """By how much the best result is before the second, on the same draws."""
    if len(order) < 2 or measure != "mean":
        return None
    apart = replicates[order[0]] - replicates[order[1]]
    return {"difference": float(apart.mean()), "mcse": standard_error(apart)}


def settings(batch: Batch, cell: int) -> dict[str, Any]:
    """What a cell is: its number, its scenario, and the option of each axis."""
    s, *options = options_of(batch, cell)
    listed = zip(batch.axes, options, strict=True)
    return {
        "cell": cell,
        "scenario": list(batch.scenarios)[s],
        "options": {axis.id: option_values(axis, batch.lang)[n] for axis, n in listed},
    }


def in_order(batch: Batch, name: str) -> list[int]:
    """Positions of the options of a dimension: by size where they are numbers, else as the file has them.

    Examples
    --------
    >>> axis = BatchAxis(id="a", name={}, unit=None, kind="values", options=(3, 1, 2), labels=None, places={})
    >>> one = Batch(id="x", lang="da", name={}, design="grid", draws=16, seed=1, sampler="sobol", analyses=(),
    ...             scenarios={"s": {}, "t": {}}, axes=(axis,))
    >>> in_order(one, "a"), in_order(one, "scenario")
    ([1, 2, 0], [0, 1])
    """
    axis = next((one for one in batch.axes if one.id == name), None)
    if axis is None or not is_number(axis):
        return list(range(batch.shape[batch.dims.index(name)]))
    return sorted(range(len(axis.options)), key=lambda n: axis.options[n])


def factors_of(batch: Batch) -> list[tuple[str, int]]:
    """Dimensions with several options, and their places in the shape."""
    return [(name, n) for n, name in enumerate(batch.dims) if batch.shape[n] > 1]


def turns(batch: Batch, values: Floats, errors: Floats) -> dict[str, Any]:
    """Where the sign turns along each axis of a grid while all others stand still.

    Parameters
    ----------
    batch : Batch
    values, errors : (cells,) float64

    Returns
    -------
    dict of axis to dict
        ``lines``: number of settings of the other axes; ``turning``: how many of them turn; ``between``: how often
        between which two neighbouring numbers (positions of the options, by size), and how often both signs are
        certain; empty where options are no numbers and have no order.
    """
    if batch.design != "grid":
        return {}
    grid, error = values.reshape(batch.shape), errors.reshape(batch.shape)
    found = {}
    for name, n in factors_of(batch):
        axis = next((one for one in batch.axes if one.id == name), None)
        order = in_order(batch, name)
        lines = np.moveaxis(grid, n, -1).reshape(-1, batch.shape[n])[:, order]
        sure = np.moveaxis(np.abs(grid) > CERTAIN * error, n, -1).reshape(-1, batch.shape[n])[:, order]
        turned = lines[:, 1:] * lines[:, :-1] < 0
        certain = turned & sure[:, 1:] & sure[:, :-1]
        found[name] = {
            "lines": len(lines),
            "turning": int(((lines > 0).any(axis=1) & (lines < 0).any(axis=1)).sum()),
            "between": [
                {"from": low, "to": high, "count": int(turned[:, k].sum()), "certain": int(certain[:, k].sum())}
                for k, (low, high) in enumerate(pairwise(order))
                if axis is not None and is_number(axis) and turned[:, k].any()
            ],
        }
    return found


def matters(batch: Batch, values: Floats, replicates: Floats | None) -> dict[str, Any]:
    """Which setting matters: the variance over the cells, split by axis.

    Parameters
    ----------
    batch : Batch
    values : (cells,) float64
        Cells without a value are left out, scenario by scenario.
    replicates : (cells, r) float64 or None
        The same in each replicate, for errors.

    Returns
    -------
    dict of axis to dict
        Of a grid ``first`` and ``total`` as shares of the variance of all cells, each cell as likely as any other (the
        analysis of variance), with ``first_mcse`` and ``total_mcse``; ``range``, from the lowest to the highest mean of
        an option. Of a list or sample ``first`` alone: what a curve of the second degree in that setting explains,
        adjusted for its freedom; None where it has no freedom left, with nearly as many ``options`` as points.
    """
    whole = values.reshape(batch.shape)
    kept = ~np.isnan(whole).any(axis=tuple(range(1, whole.ndim)))
    if not kept.any():
        return {}
    grid = whole[kept]
    each = None if replicates is None else replicates.reshape(*batch.shape, -1)[kept]
    if batch.design != "grid":
        return _of_points(batch, grid)
    found: dict[str, dict[str, Any]] = {}
    for name, n in factors_of(batch):
        if grid.shape[n] > 1:
            of_option = grid.mean(axis=tuple(k for k in range(grid.ndim) if k != n))
            first, total = _shares(grid, n)
            by_replicate = [] if each is None else [_shares(each[..., r], n) for r in range(each.shape[-1])]
            found[name] = {
                "first": first,
                "total": total,
                "first_mcse": standard_error(np.array([one[0] for one in by_replicate])) if by_replicate else None,
                "total_mcse": standard_error(np.array([one[1] for one in by_replicate])) if by_replicate else None,
                "range": float(of_option.max() - of_option.min()),
            }
    return dict(sorted(found.items(), key=lambda one: -one[1]["total"]))


def _shares(grid: Floats, n: int) -> tuple[float, float]:
    """First-order and total share of the variance of one axis of a full grid: 0 where nothing varies."""
    variance = float(grid.var())
    if variance <= 0:
        return 0.0, 0.0
    first = float(grid.mean(axis=tuple(k for k in range(grid.ndim) if k != n)).var())
    others = float(grid.mean(axis=n).var())
    return first / variance, 1.0 - others / variance


def _of_points(batch: Batch, grid: Floats) -> dict[str, Any]:
    """Shares by axis over the points of a list or sample, and of the scenarios beside them."""
    found: dict[str, Any] = {}
    variance = float(grid.var())
    if variance <= 0:
        return {}
    if len(grid) > 1:
        found["scenario"] = {"first": float(grid.mean(axis=1).var()) / variance}
    by_point = grid.mean(axis=0)
    for axis in batch.axes if len(by_point) >= LEAST_POINTS else ():
        columns = _design_of(axis)
        if columns.shape[1] > 0:  # else nothing is varied
            share = explained(columns, by_point)
            first = None if share is None else share * float(by_point.var()) / variance
            found[axis.id] = {"first": first, "options": columns.shape[1] + 1}
    return dict(sorted(found.items(), key=lambda one: (one[1]["first"] is None, -(one[1]["first"] or 0.0))))


def _design_of(axis: BatchAxis) -> Floats:
    """Columns that a setting may act through: number and square, or one for each option."""
    if is_number(axis):
        x = np.array(axis.options, dtype=np.float64)
        spread = x.std() or 1.0
        scaled = (x - x.mean()) / spread
        return np.stack([scaled, scaled**2], axis=1)
    listed = list(dict.fromkeys(map(str, axis.options)))
    return np.array([[1.0 if str(one) == name else 0.0 for name in listed[1:]] for one in axis.options])


def explained(columns: Floats, values: Floats) -> float | None:
    """Share of the variance that a linear combination of columns explains, adjusted for their number; may be below 0.

    None where there are so many columns that they explain anything; 0 where nothing varies.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 50)
    >>> round(explained(np.stack([x, x**2], axis=1), 1 + x + x**2), 12)
    1.0
    """
    n, k = columns.shape
    if n - k - 1 <= 0:
        return None
    if values.var() <= 0:
        return 0.0
    centred = np.column_stack([np.ones(n), columns])
    fitted = centred @ np.linalg.lstsq(centred, values, rcond=None)[0]
    left = float(np.sum((values - fitted) ** 2)) / (n - k - 1)
    return float(1.0 - left / np.var(values, ddof=1))
