"""Two inputs at once: where the net result of each actor is 0, from P10 to P90 of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from soemrisk.answer import price_line
from soemrisk.chart_style import ACTORS, GREY, INK, MARGIN, WIDTH, Key, look_of, ranks_of, sheet
from soemrisk.digits import grouped
from soemrisk.driver_rows import actor_name, setting_of, shown_actors, unit_of_input
from soemrisk.driver_tales import Tale, pair_gains, pair_names

LEFT, HEIGHT = 0.95, 3.6
BEYOND = 0.06  # of the range of an input, shown on both sides of it
ROOM = 0.8  # of the width: further to the right a word stands to the left of its point
MARKS, APART = 0.12, 0.03  # of the diagonal, between markers of a line; between those of lines that lie on each other


def pair(tale: Tale, message: str) -> Figure:
    """The line at which each actor's net result is 0, over two inputs.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    actors, everyone = shown_actors(tale.found, ACTORS + 1), len(tale.found["variance"])
    ranks = ranks_of(tale.found["variance"], actors)
    key = Key([_named(tale, actor) for actor in actors], [ranks[actor] for actor in actors])
    prices = price_line(tale.scenario, "picture-prices", tale.lang) + "."
    what = [tale.say("pair-what", prices=prices)]
    what += [tale.say("curve-some", count=ACTORS, all=everyone - 1)] if everyone > ACTORS + 1 else []
    page = sheet(message, " ".join(what), key.height + 0.1 + HEIGHT + 0.55)
    axes = page.panel(LEFT, key.height + 0.1, WIDTH - LEFT - MARGIN, HEIGHT)
    key.write(page, 0.0)
    _frame(axes, tale)
    for actor in actors:
        for xs, ys in _zero_lines(axes, tale, actor):
            marks = (APART * (ranks[actor] % 4), MARKS)
            axes.plot(xs, ys, zorder=3, markevery=marks, **look_of(ranks[actor]))
    return page.figure


def _named(tale: Tale, actor: str) -> str:
    """Name of an actor, and whether it has a gain everywhere or nowhere, where no line is drawn."""
    signs = set(pair_gains(tale, actor).ravel().tolist())
    name = actor_name(tale.scenario, actor, tale.lang)
    if len(signs) == 2:
        return name
    return tale.say("pair-all-gain" if signs == {True} else "pair-all-loss", name=name)


def _zero_lines(axes: Axes, tale: Tale, actor: str) -> list[tuple[Sequence[float], Sequence[float]]]:
    """Lines between gain and loss through the finer table; a line in each value alone is met exactly at its edges."""
    table = tale.found["pair"]["finer"]
    net = np.transpose(table["net"][actor])
    if net.min() > 0 or net.max() <= 0:
        return []
    drawn = axes.contour(table["first"], table["second"], net, levels=[0.0])
    drawn.remove()
    return [(line[:, 0].tolist(), line[:, 1].tolist()) for line in drawn.allsegs[0]]


def _frame(axes: Axes, tale: Tale) -> None:
    """Both ranges, the stated values, and a sign for gain or loss of the deciding actor at each point of the table."""
    table = tale.found["pair"]
    xs, ys = np.array(table["first"]), np.array(table["second"])
    bases = [tale.found["inputs"][path]["base"] for path in table["inputs"]]
    axes.set_xlim(*_limits([*xs, bases[0]]))
    axes.set_ylim(*_limits([*ys, bases[1]]))
    box = Rectangle((xs[0], ys[0]), xs[-1] - xs[0], ys[-1] - ys[0], facecolor="#F1F5F9", edgecolor=GREY, zorder=0)
    axes.add_patch(box)
    gains = np.array(table["net"][tale.actor]) > 0
    for sign, marker in ((True, "+"), (False, "_")):
        across, up = np.nonzero(gains == sign)
        axes.plot(xs[across], ys[up], linestyle="none", marker=marker, markersize=5, color=GREY, zorder=2)
    axes.plot(*bases, marker="D", markersize=8, markerfacecolor="#FFFFFF", markeredgecolor=INK, zorder=5)
    right = axes.transLimits.transform(bases)[0] < ROOM
    axes.annotate(
        tale.say("pair-base"), (bases[0], bases[1]), xytext=(8 if right else -8, 6), textcoords="offset points",
        ha="left" if right else "right", fontsize=7.5, zorder=6,
        bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip
    axes.tick_params(labelsize=7)
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for axis, path, name in zip((axes.xaxis, axes.yaxis), table["inputs"], pair_names(tale), strict=True):
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _, path=path: _tick(path, value, tale.lang)))
        unit = unit_of_input((tale.scenario, tale.found), path, tale.lang)
        axis.set_label_text(f"{name} ({unit})" if unit else name, fontsize=7.5)


def _tick(path: str, value: float, lang: str) -> str:
    return grouped(value, lang) if abs(value) >= 1000 else setting_of(path, round(value, 9), lang)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = BEYOND * (high - low)
    return low - spare, high + spare
