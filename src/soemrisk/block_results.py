"""What a block of draws leaves: results that are counted, and quantities that are averaged, each in its place.

In plain numpy, all draws of a quantity at once: the slow twin of ``tally_kernel``, and the one place that says in which
order things stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from soemrisk.bins import Bins
from soemrisk.break_evens import break_even
from soemrisk.digest import JOINT, falls
from soemrisk.model import Model
from soemrisk.outcome_figures import PLANE, plane, worth_needed
from soemrisk.payments import payment_needed
from soemrisk.simulation import Evaluated, Flags
from soemrisk.sketch import Tally, count_slowly
from soemrisk.statistics import cumulated, years_of_loss

Floats = NDArray[np.float64]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all blocks are added with.

    Attributes
    ----------
    model : Model
    promised : (a,) float64
        Figure on which the decision rests, by actor, kr.
    typical : (o + 1, a) float64
        From ``typical_sizes``.
    bins : Bins
    """

    model: Model
    promised: Floats
    typical: Floats
    bins: Bins


class Add(Protocol):
    """``tally_kernel.add``, or its slow twin ``add_slowly``."""

    def __call__(self, found: Evaluated, frame: Frame, tally: Tally, /) -> None:
        """Add a block of draws to a tally."""


def add_slowly(found: Evaluated, frame: Frame, tally: Tally) -> None:
    """Add a block of draws to a tally, in plain numpy.

    Parameters
    ----------
    found : Evaluated
    frame : Frame
    tally : Tally
        Added to in place.
    """
    count_slowly(results(found, frame.typical), frame.bins, tally.counted)
    tally.told[:] += told(frame.model, found, frame.promised).sum(axis=1)
    tally.paid_back[:] += _years_of_payback(found.outcome.year)


def results(found: Evaluated, typical: Floats) -> Floats:
    """All results of a block, (s, n), in their order.

    Net, expected, correlated, by area, by year, cumulated but for the first and the last year, which are the first
    year and the net result; units of outcomes with chance and without, and what one must
    be worth; break-even, and the payment for each success from which it is a gain. What is worth, break-even and
    payment, x, are counted as x / (1 + |x|), which takes the extended line to −1 … 1; what is worth and the payment in
    units of their ``typical`` size, (o + 1, a).
    """
    outcome = found.outcome
    parts = (
        outcome.net,
        outcome.expected,
        outcome.correlated,
        outcome.area,
        outcome.year,
        cumulated(outcome.year, 1)[:, 1:-1],
    )
    folded = (
        _folded(break_even(outcome.at_zero, outcome.per_rate)),
        _folded(payment_needed(outcome.net, outcome.successes) / typical[-1]),
    )
    return np.concatenate([*map(_rows, parts), own_results(found, typical), *map(_rows, folded)])


def own_places(model: Model) -> range:
    """Where ``own_results`` stand among the results."""
    a, o = len(model.actors), len(model.outcomes)
    first = (3 + len(model.areas) + len(model.years) + max(len(model.years) - 2, 0)) * a
    return range(first, first + o * (2 + a))


def own_results(found: Evaluated, typical: Floats) -> Floats:
    """Those of ``results`` that outcomes in own units have, (m, n)."""
    if found.own.size == 0:
        return np.zeros((0, len(found.own)))
    parts = found.own.sum(axis=2), found.own_expected, _folded(_worths(found) / typical[:-1])
    return np.concatenate([_rows(part) for part in parts])


def _rows(part: NDArray[Any]) -> NDArray[Any]:
    """Every column of what has one draw after the other on its first axis, as a row."""
    return part.transpose(*range(1, part.ndim), 0).reshape(-1, len(part))


def _worths(found: Evaluated) -> Floats:
    """What one unit of each outcome must be worth to each actor, (n, o, a)."""
    return worth_needed(found.outcome.expected[:, None], found.own_expected[:, :, None])


def typical_sizes(found: Evaluated) -> Floats:
    """Typical size of what a unit of each outcome must be worth, and last of the payment, to each actor, (o + 1, a)."""
    payments = payment_needed(found.outcome.net, found.outcome.successes)
    return _typical_size(np.concatenate([_worths(found), payments[:, None]], axis=1))


def _typical_size(amounts: Floats) -> Floats:
    """Median size over draws, (…), of what is finite and not 0; 1 where nothing is."""
    size = np.abs(amounts)
    size[~np.isfinite(size) | (size == 0)] = np.nan
    known = ~np.isnan(size).all(axis=0)
    found = np.ones(amounts.shape[1:])
    found[known] = np.nanmedian(size[:, known], axis=0)
    return found


def _folded(x: Floats) -> Floats:
    size = np.abs(x)
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(size), np.sign(x), x / (1.0 + size))


def unfolded(folded: Floats | float) -> Floats:
    """The extended line back from −1 … 1."""
    size = np.abs(folded)
    with np.errstate(divide="ignore"):
        return np.where(size >= 1, np.copysign(np.inf, folded), folded / (1 - size))


def told(model: Model, found: Evaluated, promised: Floats) -> Floats:
    """What is averaged besides the results, (k, n).

    Each of ``TOLD`` by actor, ``JOINT``, a negative rate; then ``rarely_told``.
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
        (outcome.lowest_rate < 0)[:, None],
    )
    often = np.concatenate([_rows(part).astype(np.float64, copy=False) for part in parts])
    return np.concatenate([often, rarely_told(found)])


def told_count(model: Model) -> int:
    """How many quantities ``told`` has."""
    a, o, y = len(model.actors), len(model.outcomes), len(model.years)
    often = len(TOLD) * a + len(JOINT) + 1
    return often + len(model.bands) + len(model.uncapped) + o * (len(PLANE) * a + y) + len(model.derived_rates)


def rarely_told(found: Evaluated) -> Floats:
    """What is averaged where a scenario has it, (m, n).

    Capped; of outcomes in own units each of ``PLANE`` by outcome and actor, and their units by year; effects that lead
    beyond a rate.
    """
    parts: list[NDArray[Any]] = [found.capped, found.beyond]
    if found.own.size:
        planes = plane(found.outcome.expected[:, None], found.own_expected[:, :, None])
        parts[1:1] = [*planes.values(), found.own]
    return np.concatenate([_rows(part).astype(np.float64, copy=False) for part in parts])


def _years_of_payback(year: Floats) -> NDArray[np.int64]:
    """Draws by actor and position of the year from which the cumulated result is no loss, (a, y + 1), as ``payback``.

    ``year`` (n, y, a) is the net result; the last position is for never.
    """
    place = years_of_loss(year, 1)
    return np.array([np.bincount(one, minlength=year.shape[1] + 1) for one in place.T])
