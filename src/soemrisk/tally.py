"""Outcomes counted as they come, so that memory does not grow with the number of draws.

Of each result the moments are summed, and its draws are counted in bins between limits that a pilot gives. Quantiles
then lie between the smallest and the largest draw of one bin: off by far less than their Monte Carlo error. Blocks and
replicates have a fixed size and order, so the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import break_even
from soemrisk.design import Plan, blocks
from soemrisk.digest import JOINT, Digest, base_line, base_payback, base_units, falls, share_of_chance, with_error
from soemrisk.model import Model
from soemrisk.outcome_figures import PLANE, OwnFigures, Ratios, figures, plane, worth_needed
from soemrisk.payments import CHANCES, payment_figures, payment_needed
from soemrisk.reference import Evaluate
from soemrisk.simulation import Evaluated, Flags, evaluate_at
from soemrisk.sketch import (
    Bins,
    Count,
    Counted,
    Sketch,
    Tally,
    bins_of,
    empty_tally,
    mean_of_lowest,
    means_of_lowest,
    part_of,
    pooled_quantile,
    replicate_quantile,
    replicate_quantiles,
    sketch,
    sketch_statistics,
)
from soemrisk.statistics import cumulated, errors, years_of_loss
from soemrisk.transform import columns, directions

Floats = NDArray[np.float64]

BLOCK = 8192  # draws evaluated at a time


def _results(found: Evaluated, typical: Floats) -> tuple[Floats, ...]:
    """All results of a block in parts, each (n, …), in their order.

    Net, expected, correlated, by area, by year, cumulated; units of outcomes with chance and without, and what one must
    be worth; break-even, and the payment for each success from which it is a gain. What is worth, break-even and
    payment, x, are counted as x / (1 + |x|), which takes the extended line to −1 … 1; what is worth in units of its
    ``typical`` size, (o, a).
    """
    outcome = found.outcome
    return (
        outcome.net,
        outcome.expected,
        outcome.correlated,
        outcome.area,
        outcome.year,
        cumulated(outcome.year, 1),
        found.own.sum(axis=2),
        found.own_expected,
        _folded(_worths(found) / typical),
        _folded(break_even(outcome.at_zero, outcome.per_rate)),
        _folded(payment_needed(outcome.net, outcome.successes)),
    )


def _rows(part: NDArray[Any]) -> NDArray[Any]:
    """Every column of what has one draw after the other on its first axis, as a row."""
    return np.moveaxis(part, 0, -1).reshape(-1, len(part))


def _worths(found: Evaluated) -> Floats:
    """What one unit of each outcome must be worth to each actor, (n, o, a)."""
    return worth_needed(found.outcome.expected[:, None], found.own_expected[:, :, None])


def _typical_size(worths: Floats) -> Floats:
    """Median size over draws, (o, a), of what is finite and not 0; 1 where nothing is."""
    size = np.abs(worths)
    size[~np.isfinite(size) | (size == 0)] = np.nan
    known = ~np.isnan(size).all(axis=0)
    found = np.ones(worths.shape[1:])
    found[known] = np.nanmedian(size[:, known], axis=0)
    return found


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


def _told(model: Model, found: Evaluated, promised: Floats) -> Floats:
    """What is averaged besides the results, (n, k), the draws of each side by side in memory.

    Each of ``TOLD`` by actor, ``JOINT``, capped, a negative rate; of outcomes in own units each of ``PLANE`` by outcome
    and actor, and their units by year; effects that lead beyond a rate.
    """
    outcome = found.outcome
    net = outcome.net
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
    roots: Flags = gains[:, model.roots]
    joint = {"all_gain": np.asarray(roots.all(axis=1)), "none_gains": np.asarray(~roots.any(axis=1))}
    parts = (
        *(by_actor[name] for name in TOLD),
        *(joint[name][:, None] for name in JOINT),
        found.capped,
        (outcome.lowest_rate < 0)[:, None],
        *_planes(found).values(),
        found.own,
        found.beyond,
    )
    return np.concatenate([_rows(part).astype(np.float64, copy=False) for part in parts]).T


def _count_parts(parts: tuple[Floats, ...], frame: Bins, into: Counted, count: Count) -> None:
    """Count results that lie beside each other in the bins, part by part."""
    start = 0
    for part in map(_rows, parts):
        stop = start + len(part)
        count(part.T, part_of(frame, start, stop), part_of(into, start, stop))
        start = stop


def _years_of_payback(year: Floats) -> NDArray[np.int64]:
    """Draws by actor and position of the year from which the cumulated result is no loss, (a, y + 1), as ``payback``.

    ``year`` (n, y, a) is the net result; the last position is for never.
    """
    place = years_of_loss(year, 1)
    return np.array([np.bincount(one, minlength=year.shape[1] + 1) for one in place.T])


def _planes(found: Evaluated) -> dict[str, Flags]:
    """Of each part of ``PLANE`` whether a draw is there, (n, o, a)."""
    return plane(found.outcome.expected[:, None], found.own_expected[:, :, None])


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
        ``count_kernel.count``, or ``count_slowly``.
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

    pilot = evaluate_at(model, next(blocks(plan, keys, 0, BLOCK)), signs, evaluate)
    typical = _typical_size(_worths(pilot))
    frame = bins_of(np.concatenate([_rows(part) for part in _results(pilot, typical)]).T)
    told = _told(model, pilot, promised).shape[1]

    def replicate(r: int) -> Tally:
        tally = empty_tally(frame, told, model)
        for cube in blocks(plan, keys, r, BLOCK):
            found = evaluate_at(model, cube, signs, evaluate)
            _count_parts(_results(found, typical), frame, tally.counted, count)
            tally.told[:] += _told(model, found, promised).sum(axis=0)
            tally.paid_back[:] += _years_of_payback(found.outcome.year)
        if tick is not None:
            tick()
        return tally

    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        gathered = sketch(pool.map(replicate, range(plan.replicates)), frame)
    finally:
        pool.shutdown(cancel_futures=True)
    return _digest(model, plan, promised, (gathered, typical))


def _digest(model: Model, plan: Plan, promised: Floats, counted: tuple[Sketch, Floats]) -> Digest:
    """Put the figures of all results in their places."""
    found, typical = counted
    a, h, y = len(model.actors), len(model.areas), len(model.years)
    stats = [sketch_statistics(found, one) for one in range(3 * a + (h + 2 * y) * a)]
    rows = [tuple(stats[n : n + a]) for n in range(0, len(stats), a)]
    means = found.told / plan.size  # (r, k)
    told = {name: means[:, n * a : (n + 1) * a] for n, name in enumerate(TOLD)}
    joint = {name: with_error(means[:, len(TOLD) * a + n], plan.draws) for n, name in enumerate(JOINT)}
    overall = {name: values.mean(axis=0) for name, values in told.items()}
    flags = len(TOLD) * a + len(JOINT)
    behind = flags + len(model.bands) + len(model.uncapped)
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
        negative_rate=float(means[:, behind].mean()),
        beyond=means[:, means.shape[1] - len(model.derived_rates) :].mean(axis=0),
        capped=means[:, flags:behind].mean(axis=0),
        own=tuple(_own(model, found, typical, means[:, behind + 1 :])),
        joint=joint,
        loses_while_total_gains=tuple(with_error(told["loses"][:, n], plan.draws) for n in range(a)),
    )


def _own(model: Model, found: Sketch, typical: Floats, means: Floats) -> Iterator[OwnFigures]:
    """Figures of the outcomes that are no money; ``means`` (r, k) are those of ``_planes`` and of units by year."""
    a, h, y, o = len(model.actors), len(model.areas), len(model.years), len(model.outcomes)
    net, units = base_units(model)
    first, parts = (3 + h + 2 * y) * a, len(PLANE) * o * a
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
        stats = (sketch_statistics(found, first + k), sketch_statistics(found, first + o + k))
        yield figures((net, units[k]), stats, by_year[:, k], known)


def _unfolded_quantile(found: Sketch, place: int, size: float, level: float) -> float:
    return size * float(_unfolded(pooled_quantile(found, place, level)))


def _unfolded_quantiles(found: Sketch, place: int, size: float, levels: Floats) -> Floats:
    each = [replicate_quantile(found, place, r, float(level)) for r, level in enumerate(levels)]
    return size * np.asarray(_unfolded(np.array(each)))


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
    place = len(found.upto_all) - 2 * len(model.actors) + a
    levels = {f"p{level * 100:.0f}": level for level in (0.10, 0.50, 0.90)}
    each = {name: _unfolded(replicate_quantiles(found, place, level)) for name, level in levels.items()}
    for name, level in levels.items():
        result[name] = float(_unfolded(pooled_quantile(found, place, level)))
    for name in ("always", "never", "above_one", "reached"):
        each[f"prob_{name}"] = told[name][:, a]
        result[f"prob_{name}"] = float(told[name][:, a].mean())
    return {**result, **errors(each, int(found.upto_all[place, -1]))}


def _payment(model: Model, found: Sketch, overall: dict[str, Floats], a: int) -> dict[str, float]:
    """As ``payments.payment_statistics``."""
    place = len(found.upto_all) - len(model.actors) + a
    return payment_figures(
        {chance: float(_unfolded(pooled_quantile(found, place, chance / 100))) for chance in CHANCES},
        {chance: _unfolded(replicate_quantiles(found, place, chance / 100)) for chance in CHANCES},
        float(overall["reachable"][a]),
    )
