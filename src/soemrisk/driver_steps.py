"""What more observations are worth to the deciding actor: a curve over their number, beside what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from soemrisk.chart_style import (
    DARK,
    GREY,
    INK,
    MARGIN,
    WIDTH,
    fitted,
    height_of,
    in_units,
    sheet,
    unit_of,
)
from soemrisk.digits import grouped, kroner
from soemrisk.driver_tales import Step, Tale, observed, paying_steps

SHOWN = 4  # steps with a panel
LEFT, HEIGHT, BETWEEN = 0.75, 2.1, 0.8
HEAD = 0.36  # inches for the name of a panel
TOP = 1.25  # of full knowledge: the highest amount that is shown
SEEN = 0.05  # of the width: a line of costs that leaves the picture before is not drawn


def evsi(tale: Tale, message: str) -> Figure:
    """EVSI over the number of observations, one panel for each data step.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    steps = paying_steps(tale)
    shown = steps[:SHOWN]
    what = [tale.say("evsi-what")]
    what += [tale.say("evsi-cost")] if any(_cost_is_seen(step) for step in shown) else []
    what += [tale.say("evsi-ring")] if any(step.pays for step in shown) else []
    what += [tale.say("evsi-rest", count=len(steps) - SHOWN)] if len(steps) > SHOWN else []
    columns = min(len(shown), 2)
    rows = -(-len(shown) // 2)
    each = HEAD + HEIGHT + 0.65
    page = sheet(message, " ".join(what), rows * each)
    width = (WIDTH - MARGIN - columns * LEFT) / columns - 0.05
    for n, step in enumerate(shown):
        left, top = LEFT + n % 2 * (width + LEFT), n // 2 * each
        name = fitted(step.name, width, 8, 2, "bold")
        page.write(left, top + HEAD - 0.06 - height_of(name, 8), name, fontweight="bold")
        _panel(page.panel(left, top + HEAD, width, HEIGHT), step, tale)
    return page.figure


def _panel(axes: Axes, step: Step, tale: Tale) -> None:
    most = step.curve[-1][0]
    unit, size = unit_of([step.full])
    axes.set_xlim(0, most)
    axes.set_ylim(0, TOP * step.full)
    told = {n for n, _ in step.by_number}
    marked = [k for k, (n, _) in enumerate(step.curve) if n in told]
    look: dict[str, Any] = {"color": DARK, "linewidth": 1.4, "marker": "o", "markersize": 4, "markevery": marked}
    axes.plot(*zip(*step.curve, strict=True), clip_on=False, zorder=3, **look)
    axes.axhline(step.full, color=GREY, linewidth=0.9, linestyle=(0, (6, 3)), zorder=1)
    full = tale.say("evsi-full", value=kroner(step.full, tale.lang))
    axes.text(0.99 * most, 1.03 * step.full, full, fontsize=7, ha="right", va="bottom", color=GREY)
    if _cost_is_seen(step):
        start, slope = _cost(step)
        dotted = (0, (2, 1.5))
        axes.plot([0, most], [start, start + slope * most], color=INK, linewidth=1.1, linestyle=dotted, zorder=2)
    elif step.priced:
        axes.text(0.99 * most, 1.13 * step.full, tale.say("evsi-cost-above"), fontsize=7, ha="right", va="bottom")
    if step.best is not None:
        _best(axes, step, tale, most)
    in_kroner = tale.say(unit)
    axes.set_ylabel(in_kroner, fontsize=7.5)
    axes.set_xlabel(tale.say(f"observed-{step.kind}-axis"), fontsize=7.5)
    axes.tick_params(labelsize=7)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    in_units(axes.yaxis, tale.lang, size)
    axes.xaxis.set_major_locator(FixedLocator(_ticks(most)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: grouped(value, tale.lang)))


def _ticks(most: int) -> Sequence[float]:
    places = MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=True).tick_values(0, most)
    return [float(n) for n in places if 0 <= n <= most]


def _cost(step: Step) -> tuple[float, float]:
    """What observing costs as a line in the number, which two numbers tell: start and slope, kr."""
    (n, first), (m, second) = step.by_number[0], step.by_number[1]
    slope = (second["cost"] - first["cost"]) / (m - n)
    return first["cost"] - slope * n, slope


def _cost_is_seen(step: Step) -> bool:
    """Whether the cost is known and so low that its line is in the picture."""
    if not step.priced:
        return False
    start, slope = _cost(step)
    return start + slope * SEEN * step.curve[-1][0] < TOP * step.full


def _best(axes: Axes, step: Step, tale: Tale, most: int) -> None:
    """A ring at the number that pays best, or a word that none does."""
    assert step.best is not None
    n = step.best["n"]
    if not step.pays or n == 0:
        axes.text(0.02 * most, 1.03 * step.full, tale.say("evsi-none"), fontsize=7, va="bottom")
        return
    axes.plot(n, step.best["value"], marker="o", markersize=9, markerfacecolor="none", markeredgecolor=INK, zorder=5)
    axes.plot([n, n], [0, step.best["value"]], color=INK, linewidth=0.7, linestyle=(0, (1, 2)), zorder=2)
    words = tale.say("evsi-best" if step.priced else "evsi-best-hour", count=observed(tale, step.kind, n))
    axes.text(0.02 * most, 1.13 * step.full, words, fontsize=7, va="bottom")
