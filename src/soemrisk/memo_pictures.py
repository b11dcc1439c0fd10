"""The pictures of a memo: one hundred dots for each actor, and those of the run and of what drives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from soemrisk.answer import price_line
from soemrisk.chart_style import (
    GREY,
    INK,
    KINDS,
    MARGIN,
    SMALLEST,
    STYLE,
    WIDTH,
    Sheet,
    colour_of,
    fitted_name,
    inner_ticks,
    picture_bytes,
    ranks_of,
    sheet,
    unit_of,
)
from soemrisk.digits import count_of_hundred
from soemrisk.memo_case import Case

Floats = NDArray[np.float64]

DOTS = 100
BINS = 34  # of the width of a panel: dots touch and do not overlap
HIGHEST = 10  # dots in a stack, at which a panel is full
BESIDE = 4  # panels in a row
HIGH, TITLE, BELOW = 1.22, 0.36, 0.4  # inches: a panel, its two lines of title, and what stands below its axis


def dot_values(draws: Floats) -> Floats:
    """One hundred equally likely outcomes: quantiles at (k − ½)/100.

    Parameters
    ----------
    draws : (n,) float64
        Net result of one actor, kr.

    Returns
    -------
    (100,) float64
        From the lowest to the highest; round(100 p) of them are above 0 where p of the draws are, give or take one.

    Examples
    --------
    >>> dot_values(np.arange(1000.0))[:2].tolist()
    [4.5, 14.5]
    """
    levels = (np.arange(1, DOTS + 1) - 0.5) / DOTS
    return np.quantile(draws, levels, method="hazen")


def stacked(values: Floats, wide: float) -> tuple[Floats, Floats]:
    """Places of dots that stand on each other: each in the middle of its bin, from below.

    Parameters
    ----------
    values : (k,) float64
        In rising order.
    wide : float
        Of a bin; 0 and its multiples are edges, so that no dot crosses the line of no gain.

    Returns
    -------
    (k,), (k,) float64
        Middle of the bin, and height in dots from 0.5.

    Examples
    --------
    >>> [one.tolist() for one in stacked(np.array([-0.1, 0.2, 0.3]), 1.0)]
    [[-0.5, 0.5, 0.5], [0.5, 0.5, 1.5]]
    """
    bins = np.where(values > 0, np.ceil(values / wide) - 1, np.minimum(np.floor(values / wide), -1.0))
    heights = np.zeros(len(values))
    for n in range(1, len(values)):
        heights[n] = heights[n - 1] + 1 if bins[n] == bins[n - 1] else 0
    return (bins + 0.5) * wide, heights + 0.5


def dots(case: Case, values: Mapping[str, Floats], message: str) -> Figure:
    """Draw one panel of dots for each actor, four side by side at most; filled is a gain, open is none."""
    shown = [actor for actor in case.names if case.touched(actor)]
    columns = min(max(len(shown), 2), BESIDE)
    rows = -(-len(shown) // columns)
    what = case.say("dots-what", line=price_line(case.scenario, "figure-prices", case.lang))
    page = sheet(message, what, rows * HIGH + 0.05)
    wide = (WIDTH - (columns + 1) * MARGIN) / columns
    for place, actor in enumerate(shown):
        left = MARGIN + (place % columns) * (wide + MARGIN)
        _panel(case, page, (left, (place // columns) * HIGH, wide, HIGH), (actor, values[actor]))
    return page.figure


def _panel(case: Case, page: Sheet, place: tuple[float, float, float, float], what: tuple[str, Floats]) -> None:
    left, top, wide, high = place
    actor, values = what
    colour = GREY if actor == "total" else colour_of(ranks_of(case.names, filter(case.touched, case.names))[actor])
    name = fitted_name(case.names[actor], wide, 9, 1)
    title = case.say("dots-panel", actor=name, count=case.count(actor))
    page.write(left, top, title, fontsize=9, fontweight="bold", color=INK)
    axes = page.panel(left + 0.05, top + TITLE, wide - 0.1, high - TITLE - BELOW)
    low, up = min(float(values[0]), 0.0), max(float(values[-1]), 0.0)
    bin_width = (up - low) / BINS if up > low else 1.0
    x, y = stacked(values, bin_width)
    stats = case.stats(actor)
    gains = count_of_hundred(stats["prob_positive"], stats["mcse_prob"])
    filled = np.arange(DOTS) >= DOTS - gains
    size = min((wide - 0.1) / (BINS + 2), (high - TITLE - BELOW) / max(HIGHEST, float(y.max()) + 0.5)) * 72 * 0.92
    axes.plot(x[filled], y[filled], "o", markersize=size, color=colour, markeredgecolor=colour, markeredgewidth=0.6)
    axes.plot(
        x[~filled], y[~filled], "o", markersize=size, color="#FFFFFF", markeredgecolor=colour, markeredgewidth=0.8
    )
    axes.set_xlim(low - bin_width, up + bin_width)
    axes.set_ylim(0, max(HIGHEST, float(y.max()) + 0.5))
    _dress(case, axes, max(abs(low), abs(up)))


def _dress(case: Case, axes: Axes, largest: float) -> None:
    """The line of no gain, and amounts below."""
    axes.axvline(0, color=INK, linewidth=0.9)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=SMALLEST)
    key, unit = unit_of([largest])
    inner_ticks(axes, case.lang, unit)
    axes.set_xlabel(case.say(key), fontsize=SMALLEST, labelpad=1)


def dot_picture(case: Case, values: Mapping[str, Floats], kinds: Sequence[str] = KINDS) -> tuple[dict[str, bytes], str]:
    """The picture of dots, and its alternative text."""
    message = case.say("dots-message", actor=case.names[case.first], count=case.count(case.first))
    stats = case.stats(case.first)
    ends = {name: case.money(stats[name], stats[f"mcse_{name}"]) for name in ("p10", "p90")}
    alt = case.say("dots-alt", message=message, total=case.count("total"), **ends)
    with rc_context(STYLE):
        return picture_bytes(dots(case, values, message), "dots", (message, alt), kinds), alt
