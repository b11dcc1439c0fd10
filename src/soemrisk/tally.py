"""Outcomes counted as they come, so that memory does not grow with the number of draws.

Of each result the moments are summed, and its draws are counted in bins that a pilot gives. Quantiles then lie in the
right bin, not on the right draw. Blocks and replicates have a fixed size and order, so the number of threads changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import numpy as np
from numpy.typing import NDArray

from soemrisk.bins import bins_of
from soemrisk.block_results import TOLD, Add, Frame, own_places, results, told_count, typical_sizes, unfolded
from soemrisk.break_evens import break_even
from soemrisk.design import Plan, blocks
from soemrisk.digest import JOINT, Digest, base_line, base_payback, base_units, share_of_chance, with_error
from soemrisk.model import Model
from soemrisk.outcome_figures import PLANE, OwnFigures, Ratios, figures
from soemrisk.payments import CHANCES, payment_figures
from soemrisk.reference import Evaluate
from soemrisk.simulation import evaluate_at
from soemrisk.sketch import (
    Counts,
    Sketch,
    Tally,
    empty_tally,
    mean_of_lowest,
    means_of_lowest,
    pooled_quantile,
    replicate_quantile,
    replicate_quantiles,
    sketch,
    sketch_statistics,
)
from soemrisk.statistics import errors
from soemrisk.transform import asked_columns, directions

Floats = NDArray[np.float64]

PILOT = 8192  # draws that the bins are made of
BLOCK = 4096  # draws evaluated at a time


def digest_in_blocks(
    model: Model,
    plan: Plan,
    promised: Floats,
    *,
    evaluate: Evaluate,
    add: Add,
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
    add : callable
        ``tally_kernel.add``, or ``add_slowly``.
    threads : int
        Replicates evaluated at the same time; changes no byte of the result.
    tick : callable, optional
        Called after each replicate, in any order.

    Returns
    -------
    Digest
        As ``digest_draws`` of the same plan; quantiles, and what follows from them, up to the width of a bin.
    """
    keys, signs = asked_columns(model), directions(model)

    frame, k = _framed(model, plan, promised, evaluate)
    bins, a = frame.bins, len(model.actors)
    stopped = Event()

    def replicate(r: int) -> Tally:
        tally = empty_tally(bins, plan.size, a, k, (a, len(model.years) + 1))
        for cube in blocks(plan, keys, r, BLOCK):
            if stopped.is_set():
                break
            add(evaluate_at(model, cube, signs, evaluate), frame, tally)
        if tick is not None:
            tick()
        return tally

    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        gathered = sketch(pool.map(replicate, range(plan.replicates)), bins)
    finally:
        stopped.set()  # what has begun ends with its block, where a run is broken off
        pool.shutdown(cancel_futures=True)
    return _digest(model, plan, promised, (gathered, frame.typical))


def _framed(model: Model, plan: Plan, promised: Floats, evaluate: Evaluate) -> tuple[Frame, int]:
    """What blocks are added with, from a pilot that is forgotten, and how many quantities are averaged."""
    pilot = evaluate_at(model, next(blocks(plan, asked_columns(model), 0, PILOT)), directions(model), evaluate)
    typical = typical_sizes(pilot)
    bins = bins_of(results(pilot, typical), own_places(model))
    return Frame(model=model, promised=promised, typical=typical, bins=bins), told_count(model)


def _digest(model: Model, plan: Plan, promised: Floats, counted: tuple[Sketch, Floats]) -> Digest:
    """Put the figures of all results in their places."""
    found, typical = counted
    a, h, y = len(model.actors), len(model.areas), len(model.years)
    stats = sketch_statistics(found, range(own_places(model).start))
    rows = [tuple(stats[n : n + a]) for n in range(0, len(stats), a)]
    years = rows[3 + h : 3 + h + y]
    means = found.told / plan.size  # (r, k)
    of_actors = {name: means[:, n * a : (n + 1) * a] for n, name in enumerate(TOLD)}
    joint = {name: with_error(means[:, len(TOLD) * a + n], plan.draws) for n, name in enumerate(JOINT)}
    overall = {name: values.mean(axis=0) for name, values in of_actors.items()}
    negative = len(TOLD) * a + len(JOINT)
    behind = negative + 1 + len(model.bands) + len(model.uncapped)
    return Digest(
        model=model,
        plan=plan,
        net=rows[0],
        expected=rows[1],
        correlated=rows[2],
        area=tuple(rows[3 : 3 + h]),
        year=tuple(years),
        cumulated=(years[0], *rows[3 + h + y :], rows[0])[:y],
        risk=tuple(_risk(found, of_actors, float(promised[n]), n) for n in range(a)),
        payback=tuple(_payback(model, found.paid_back[:, n], n) for n in range(a)),
        break_even=tuple(_break_even(model, found, of_actors, n) for n in range(a)),
        payment=tuple(_payment(model, found, float(typical[-1, n]), overall, n) for n in range(a)),
        chance_share=share_of_chance(overall["chance"], np.array([one["sd"] ** 2 for one in rows[1]])),
        falling=overall["falling"],
        negative_rate=float(means[:, negative].mean()),
        beyond=means[:, means.shape[1] - len(model.derived_rates) :].mean(axis=0),
        capped=means[:, negative + 1 : behind].mean(axis=0),
        own=tuple(_own(model, found, typical, means[:, behind:])),
        joint=joint,
        loses_while_total_gains=tuple(with_error(of_actors["loses"][:, n], plan.draws) for n in range(a)),
    )


def _own(model: Model, found: Sketch, typical: Floats, means: Floats) -> Iterator[OwnFigures]:
    """Figures of the outcomes that are no money; ``means`` (r, k) are those of ``_planes`` and of units by year."""
    a, o, y = len(model.actors), len(model.outcomes), len(model.years)
    net, units = base_units(model)
    first, parts = own_places(model).start, len(PLANE) * o * a
    shares = means[:, :parts].reshape(len(means), len(PLANE), o, a)
    by_year = means[:, parts : parts + o * y].reshape(len(means), o, y)
    centre = found.means + found.origin  # (r, s)
    for k in range(o):
        known = [
            Ratios(
                net=centre[:, a + n],
                units=centre[:, first + o + k],
                shares={name: shares[:, p, k, n] for p, name in enumerate(PLANE)},
                pooled=partial(_unfolded_quantile, found, first + 2 * o + k * a + n, float(typical[k, n])),
                each=partial(_unfolded_quantiles, found, first + 2 * o + k * a + n, float(typical[k, n])),
                draws=int(found.upto_all[0, -1]),
            )
            for n in range(a)
        ]
        drawn, expected = (sketch_statistics(found, range(one, one + 1))[0] for one in (first + k, first + o + k))
        yield figures((net, units[k]), (drawn, expected), by_year[:, k], known)


def _unfolded_quantile(found: Sketch, place: int, size: float, level: float) -> float:
    return size * float(unfolded(pooled_quantile(found, place, level)))


def _unfolded_quantiles(found: Sketch, place: int, size: float, levels: Floats) -> Floats:
    each = [replicate_quantile(found, place, r, float(level)) for r, level in enumerate(levels)]
    return size * np.asarray(unfolded(np.array(each)))


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
    return {"promised": promised, **pooled, **errors(each, int(found.upto_all[a, -1]))}


def _payback(model: Model, by_replicate: Counts, a: int) -> dict[str, float]:
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
    place = len(found.upto_all) - 2 * len(model.actors) + a
    levels = {f"p{level * 100:.0f}": level for level in (0.10, 0.50, 0.90)}
    each = {name: unfolded(replicate_quantiles(found, place, level)) for name, level in levels.items()}
    for name, level in levels.items():
        result[name] = float(unfolded(pooled_quantile(found, place, level)))
    for name in ("always", "never", "above_one", "reached"):
        each[f"prob_{name}"] = told[name][:, a]
        result[f"prob_{name}"] = float(told[name][:, a].mean())
    return {**result, **errors(each, int(found.upto_all[place, -1]))}


def _payment(model: Model, found: Sketch, size: float, overall: dict[str, Floats], a: int) -> dict[str, float]:
    """As ``payments.payment_statistics``."""
    place = len(found.upto_all) - len(model.actors) + a
    levels = {chance: chance / 100 for chance in CHANCES}
    return payment_figures(
        {chance: _unfolded_quantile(found, place, size, level) for chance, level in levels.items()},
        {
            chance: size * np.asarray(unfolded(replicate_quantiles(found, place, level)))
            for chance, level in levels.items()
        },
        float(overall["reachable"][a]),
    )
