"""Outcomes counted as they come, so that memory does not grow with the number of draws.

Of each result the moments are summed, and its draws are counted in bins between limits that a pilot gives. Quantiles
then lie between the smallest and the largest draw of one bin: off by far less than their Monte Carlo error. Blocks and
replicates have a fixed size and order, so the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import break_even
from soemrisk.design import Plan, blocks
from soemrisk.digest import JOINT, Digest, base_line, base_payback, falls, share_of_chance, with_error
from soemrisk.model import Model
from soemrisk.payments import CHANCES, payment_figures, payment_needed
from soemrisk.reference import Outcome
from soemrisk.simulation import Evaluate, Flags, evaluate_at
from soemrisk.sketch import (
    Count,
    Sketch,
    Tally,
    bins_of,
    empty_tally,
    mean_of_lowest,
    means_of_lowest,
    pooled_quantile,
    replicate_quantiles,
    sketch,
    sketch_statistics,
)
from soemrisk.statistics import errors, payback
from soemrisk.transform import columns, directions

Floats = NDArray[np.float64]

BLOCK = 8192  # draws evaluated at a time


def _results(outcome: Outcome, correlated: Floats) -> Floats:
    """All results of a block side by side, (n, s).

    Net, expected, correlated, by area, by year, cumulated, break-even, and the payment for each success from which it
    is a gain. The last two, x, are counted as x / (1 + |x|), which takes the extended line to −1 … 1.
    """
    n, net = len(correlated), outcome.year.sum(axis=1)
    parts = (
        net,
        outcome.expected,
        correlated,
        outcome.area.reshape(n, -1),
        outcome.year.reshape(n, -1),
        np.cumsum(outcome.year, axis=1).reshape(n, -1),
        _folded(break_even(outcome.at_zero, outcome.per_rate)),
        _folded(payment_needed(net, outcome.successes)),
    )
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def _folded(x: Floats) -> Floats:
    size = np.abs(x)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(size), np.sign(x), x / (1.0 + size))


def _unfolded(folded: Floats | float) -> Floats:
    """The extended line back from −1 … 1."""
    size = np.abs(folded)
    with np.errstate(divide="ignore"):
        return np.where(size >= 1, np.copysign(np.inf, folded), folded / (1 - size))


TOLD = (
    "below",
    "shortfall",
    "windfall",
    "wrong",
    "always",
    "never",
    "above_one",
    "reached",
    "falling",
    "loses",
    "reachable",
    "chance",
)


def _told(model: Model, outcome: Outcome, capped: Flags, promised: Floats) -> Floats:
    """What is averaged besides the results, (n, k): each of ``TOLD`` by actor, ``JOINT``, capped, a negative rate."""
    net = outcome.year.sum(axis=1)
    zero, slope = outcome.at_zero, outcome.per_rate
    gap = net - promised
    wrong = np.where(promised > 0, net <= 0, np.where(promised < 0, net >= 0, False))
    gains = net > 0
    by_actor = {
        "below": gap < 0,
        "shortfall": np.maximum(-gap, 0),
        "windfall": np.maximum(gap, 0),
        "wrong": wrong,
        "always": (zero >= 0) & (zero + slope >= 0),
        "never": (slope <= 0) & (zero < 0),
        "above_one": (slope > 0) & (break_even(zero, slope) > 1),
        "reached": outcome.expected >= 0,
        "falling": falls(zero, slope),
        "loses": (net < 0) & gains[:, :1],
        "reachable": gains | (outcome.successes[:, None] > 0),
        "chance": outcome.chance_variance,
    }
    roots = gains[:, model.roots]
    joint = {"all_gain": roots.all(axis=1), "none_gains": ~roots.any(axis=1)}
    return np.concatenate(
        [
            *(by_actor[name].astype(np.float64) for name in TOLD),
            *(joint[name].astype(np.float64)[:, None] for name in JOINT),
            capped.astype(np.float64),
            (outcome.lowest_rate < 0).astype(np.float64)[:, None],
        ],
        axis=1,
    )


def digest_in_blocks(
    model: Model,
    plan: Plan,
    promised: Floats,
    *,
    evaluate: Evaluate,
    count: Count,
    threads: int = 1,
    tick: Callable[[], object] | None = None,
) -> Digest:
    """Draw, evaluate and forget, block by block.

    Parameters
    ----------
    model : Model
    plan : Plan
    promised : (a,) float64
        Figure on which the decision rests, by actor, kr.
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.
    count : callable
        ``kernel.count``, or ``count_slowly``.
    threads : int
        Replicates evaluated at the same time; changes no byte of the result.
    tick : callable, optional
        Called after each replicate, in any order.

    Returns
    -------
    Digest
        As ``digest_draws`` of the same plan; quantiles, and what follows from them, up to the width of a bin.
    """
    keys, signs = columns(model), directions(model)

    pilot, both, capped = evaluate_at(model, next(blocks(plan, keys, 0, BLOCK)), signs, evaluate)
    frame = bins_of(_results(pilot, both))
    told = _told(model, pilot, capped, promised).shape[1]

    def replicate(r: int) -> Tally:
        tally = empty_tally(frame, told, model)
        for cube in blocks(plan, keys, r, BLOCK):
            outcome, correlated, capped = evaluate_at(model, cube, signs, evaluate)
            count(_results(outcome, correlated), frame, tally.counted)
            tally.told[:] += _told(model, outcome, capped, promised).sum(axis=0)
            for a in range(len(model.actors)):
                year = payback(outcome.year[..., a], 0)
                place = np.where(np.isinf(year), len(model.years), year).astype(np.int64)
                tally.paid_back[a] += np.bincount(place, minlength=len(model.years) + 1)
        if tick is not None:
            tick()
        return tally

    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        gathered = sketch(pool.map(replicate, range(plan.replicates)), frame)
    finally:
        pool.shutdown(cancel_futures=True)
    return _digest(model, plan, promised, gathered)


def _digest(model: Model, plan: Plan, promised: Floats, found: Sketch) -> Digest:
    """Put the figures of all results in their places."""
    a, h, y = len(model.actors), len(model.areas), len(model.years)
    stats = [sketch_statistics(found, one) for one in range(3 * a + (h + 2 * y) * a)]
    rows = [tuple(stats[n : n + a]) for n in range(0, len(stats), a)]
    means = found.told / plan.size  # (r, k)
    told = {name: means[:, n * a : (n + 1) * a] for n, name in enumerate(TOLD)}
    joint = {name: with_error(means[:, len(TOLD) * a + n], plan.draws) for n, name in enumerate(JOINT)}
    overall = {name: values.mean(axis=0) for name, values in told.items()}
    return Digest(
        model=model,
        plan=plan,
        net=rows[0],
        expected=rows[1],
        correlated=rows[2],
        area=tuple(rows[3 : 3 + h]),
        year=tuple(rows[3 + h : 3 + h + y]),
        cumulated=tuple(rows[3 + h + y :]),
        risk=tuple(_risk(found, told, float(promised[n]), n) for n in range(a)),
        payback=tuple(_payback(model, found.paid_back[:, n], n) for n in range(a)),
        break_even=tuple(_break_even(model, found, told, n) for n in range(a)),
        payment=tuple(_payment(model, found, overall, n) for n in range(a)),
        chance_share=share_of_chance(overall["chance"], np.array([one["sd"] ** 2 for one in rows[1]])),
        falling=overall["falling"],
        negative_rate=float(means[:, -1].mean()),
        capped=means[:, len(TOLD) * a + len(JOINT) : -1].mean(axis=0),
        joint=joint,
        loses_while_total_gains=tuple(with_error(told["loses"][:, n], plan.draws) for n in range(a)),
    )


RISKS = {
    "prob_below": "below",
    "expected_shortfall": "shortfall",
    "expected_windfall": "windfall",
    "prob_wrong_sign": "wrong",
}


def _risk(found: Sketch, told: dict[str, Floats], promised: float, a: int) -> dict[str, float]:
    """As ``statistics.risk``; ``told`` are means by replicate and actor."""
    each = {name: told[kind][:, a] for name, kind in RISKS.items()}
    pooled = {name: float(values.mean()) for name, values in each.items()}
    pooled |= {"p10": pooled_quantile(found, a, 0.10), "cvar10": mean_of_lowest(found, a, 0.10)}
    each |= {"p10": replicate_quantiles(found, a, 0.10), "cvar10": means_of_lowest(found, a, 0.10)}
    return {"promised": promised, **pooled, **errors(each, int(found.counts[:, a].sum()))}


def _payback(model: Model, by_replicate: NDArray[np.int64], a: int) -> dict[str, float]:
    """As ``statistics.payback_statistics``, from the number of draws by replicate and year."""
    years = [float(year) for year in model.years] + [np.inf]
    counts = by_replicate.sum(axis=0)
    upto, whole = np.cumsum(counts), int(counts.sum())
    result = {"base": base_payback(model, a)}
    for level in (0.10, 0.50, 0.90):
        place = max(0, int(np.ceil(level * whole)) - 1)
        result[f"p{level * 100:.0f}"] = years[int(np.searchsorted(upto, place, side="right"))]
    result["prob_within"] = float(upto[-2] / whole)
    within = 1 - by_replicate[:, -1] / by_replicate.sum(axis=1)
    return {**result, **errors({"prob_within": within}, whole)}


def _break_even(model: Model, found: Sketch, told: dict[str, Floats], a: int) -> dict[str, float]:
    """As ``break_evens.break_even_statistics``."""
    zero, slope = base_line(model, a)
    result = {"base": float(break_even(np.array(zero), np.array(slope)))}
    place = found.counts.shape[1] - 2 * len(model.actors) + a
    levels = {f"p{level * 100:.0f}": level for level in (0.10, 0.50, 0.90)}
    each = {name: _unfolded(replicate_quantiles(found, place, level)) for name, level in levels.items()}
    for name, level in levels.items():
        result[name] = float(_unfolded(pooled_quantile(found, place, level)))
    for name in ("always", "never", "above_one", "reached"):
        each[f"prob_{name}"] = told[name][:, a]
        result[f"prob_{name}"] = float(told[name][:, a].mean())
    return {**result, **errors(each, int(found.counts[:, place].sum()))}


def _payment(model: Model, found: Sketch, overall: dict[str, Floats], a: int) -> dict[str, float]:
    """As ``payments.payment_statistics``."""
    place = found.counts.shape[1] - len(model.actors) + a
    return payment_figures(
        {chance: float(_unfolded(pooled_quantile(found, place, chance / 100))) for chance in CHANCES},
        {chance: _unfolded(replicate_quantiles(found, place, chance / 100)) for chance in CHANCES},
        float(overall["reachable"][a]),
    )
