"""The figures of one cell of a batch study as one row of numbers, and what each of them is.

A row has the same length for all cells of a study, so that cells of any number are one table. What a scenario does not
have (an actor of another one, say) is NaN.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soemrisk.batch_draws import Columns
from soemrisk.batch_models import Models, cell_model
from soemrisk.batch_outcomes import CellOutcome, cell_outcome
from soemrisk.batch_plan import Batch
from soemrisk.break_evens import break_even_statistics
from soemrisk.design import Plan
from soemrisk.digest import base_line, base_outcome, share_of_chance
from soemrisk.model import Model
from soemrisk.products import outcomes_of
from soemrisk.statistics import PUBLIC, standard_error, statistics
from soemrisk.variance_tables import analysed, varies

Floats = NDArray[np.float64]
STATISTICS = (*PUBLIC, "mcse_p10", "mcse_p90")  # so that each that ranks cells has an error
EXPECTED = ("mean", "sd", "mcse_mean")
FALLBACK = ("base", "p10", "p50", "p90", "prob_always", "prob_never", "prob_above_one", "prob_reached")
BREAK_EVEN = (*FALLBACK, *(f"mcse_{name}" for name in FALLBACK[1:]))
PARTS = ("first", "total", "shapley")
FEW = 2**10  # draws a replicate of what has no closed form among drivers


def layout(batch: Batch) -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
    """Variables of a cell: names of their dimensions beside the cell, and sizes, in the order of a row.

    Parameters
    ----------
    batch : Batch

    Returns
    -------
    dict of str to (dims, shape)
    """
    a, r = len(batch.actors), batch.plan.replicates
    found: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
        "base": (("actor",), (a,)),
        "net": (("actor", "statistic"), (a, len(STATISTICS))),
        "net_expected": (("actor", "statistic_expected"), (a, len(EXPECTED))),
        "chance_share": (("actor",), (a,)),
        "net_by_replicate": (("actor", "replicate"), (a, r)),
    }
    if "break_even" in batch.analyses:
        found["break_even"] = (("actor", "statistic_break_even"), (a, len(BREAK_EVEN)))
    if "drivers" in batch.analyses:
        found["drivers"] = (("actor", "input", "part"), (a, len(batch.inputs), len(PARTS)))
    return found


def row_size(batch: Batch) -> int:
    """Numbers in the row of a cell."""
    return sum(math.prod(shape) for _, shape in layout(batch).values())


def cell_row(models: Models, columns: Columns, cell: int) -> Floats:
    """Calculate a cell.

    Parameters
    ----------
    models : Models
    columns : Columns
        Both of the study.
    cell : int

    Returns
    -------
    (k,) float64
        In the order of ``layout``.
    """
    batch = models.batch
    model, correlated = cell_model(models, cell)
    found = cell_outcome(model, columns, correlated=correlated)
    figures = {
        "base": base_outcome(model).year[0].sum(axis=0)[:, None],
        "net": np.array([[of[name] for name in STATISTICS] for of in map(statistics, found.net)]),
        "net_expected": np.array([_expected(one) for one in found.expected]),
        "chance_share": share_of_chance(found.chance_variance, found.expected.var(axis=(1, 2)))[:, None],
        "net_by_replicate": found.net.mean(axis=2),
    }
    if "break_even" in batch.analyses:
        figures["break_even"] = _break_even(model, found)
    if "drivers" in batch.analyses:
        figures["drivers"] = _drivers(model, batch.plan, batch.inputs)
    parts_of_row = []
    for name, (_, shape) in layout(batch).items():
        table = np.full((len(batch.actors), math.prod(shape[1:])), np.nan)
        for one, row in zip(model.actors, figures[name], strict=True):
            table[batch.actors.index(one)] = row
        parts_of_row.append(table.ravel())
    return np.concatenate(parts_of_row)


def _expected(draws: Floats) -> list[float]:
    return [float(draws.mean()), float(draws.std()), standard_error(draws.mean(axis=1))]


def _break_even(model: Model, found: CellOutcome) -> Floats:
    rows = [
        break_even_statistics(base_line(model, a), (found.at_zero[a], found.per_rate[a]), found.expected[a])
        for a in range(len(model.actors))
    ]
    return np.array([[row.get(name, np.nan) for name in BREAK_EVEN] for row in rows])


def _drivers(model: Model, plan: Plan, inputs: tuple[str, ...]) -> Floats:
    """Shares of the variance of E[net | θ] by input, (a, inputs × parts); NaN where nothing varies."""
    few = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, FEW))
    analysis = analysed(model, few)
    table = np.full((len(model.actors), len(inputs), len(PARTS)), np.nan)
    for a in range(len(model.actors)):
        k = a * outcomes_of(model)
        if varies(analysis)[k]:
            found = np.array([getattr(analysis.parts, name)[:, k] for name in PARTS]) / analysis.parts.variance[k]
            for b, block in enumerate(analysis.products.blocks):
                table[a, inputs.index(block.path)] = found[:, b]
    return table.reshape(len(model.actors), -1)
