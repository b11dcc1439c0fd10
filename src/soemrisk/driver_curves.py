"""The chance of a gain over the success rate, actor by actor, and what we know of the rate below."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from soemrisk.chart_style import (
    ACTORS,
    GREY,
    INK,
    LIGHT,
    MARGIN,
    SMALLEST,
    WIDTH,
    Key,
    Sheet,
    fitted,
    height_of,
    look_of,
    ranks_of,
    sheet,
)
from soemrisk.digits import NO_BREAK, grouped, percent
from soemrisk.driver_rows import actor_name, rate_at, reach, shown_actors
from soemrisk.driver_stories import rate_text
from soemrisk.driver_tales import Tale
from soemrisk.threshold_tables import RATES

MARKED = (0.5, 0.7, 0.9)
LEFT = 0.62
HEIGHT = 1.8


def break_even(tale: Tale, message: str) -> Figure:
    """The curve of each actor, with 50, 70 and 90 of 100 marked and the rate that is assumed as a line.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    table = tale.found["chance_of_gain"]
    shown, everyone = shown_actors(tale.found, ACTORS + 1), len(tale.found["variance"])
    worst = reach(max(max(table[actor]["mcse"]) for actor in shown))
    what = [tale.say("curve-what", points=grouped(worst * 100 + 0.05, tale.lang, 1))]
    if len(shown) < everyone:
        what.append(tale.say("curve-some", count=len(shown) - 1, all=everyone - 1))
    ranks = ranks_of(tale.found["variance"], shown)
    key = Key([actor_name(tale.scenario, actor, tale.lang) for actor in shown], [ranks[actor] for actor in shown])
    rings = fitted(_reached(tale), WIDTH - 2 * MARGIN, SMALLEST, 2)
    legend = key.height + height_of(rings, SMALLEST) + 0.08
    page = sheet(message, " ".join(what), legend + 0.25 + HEIGHT + 1.06)
    axes = page.panel(LEFT, legend + 0.25, WIDTH - LEFT - 0.3, HEIGHT)
    for row, actor in enumerate(shown):
        look = look_of(ranks[actor])
        every = [table["rate"].index(rate) for rate in RATES[2 * row :: 10].tolist()]
        axes.plot(table["rate"], table[actor]["prob"], markevery=every, zorder=3, clip_on=False, **look)
    key.write(page, 0.0)
    page.write(MARGIN, key.height + 0.03, rings, fontsize=SMALLEST)
    _frame(axes, tale)
    _marks(axes, tale)
    _strip(page, tale, legend + 0.25 + HEIGHT + 0.5)
    return page.figure


def _frame(axes: Axes, tale: Tale) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 0.7, 0.9, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f}"))
    axes.set_xticks([n / 10 for n in range(11)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f}{NO_BREAK}%"))
    axes.tick_params(labelsize=SMALLEST)
    axes.set_ylabel(tale.say("curve-chance"), fontsize=SMALLEST)
    axes.set_xlabel(tale.say("curve-rate"), fontsize=SMALLEST)
    for chance in MARKED:
        axes.axhline(chance, color="#8A8A8A", linewidth=0.6, zorder=1)
    base = tale.found["success_rate"]["base"]
    at = min(max(base, 0.0), 1.0)
    axes.axvline(at, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    axes.text(
        min(max(at, 0.12), 0.88), 1.02, tale.say("curve-base", base=percent(base, tale.lang)), fontsize=SMALLEST,
        ha="center", va="bottom",
    )  # fmt: skip


def _marks(axes: Axes, tale: Tale) -> None:
    """Where the deciding actor reaches 50, 70 and 90 of 100."""
    for chance in MARKED:
        found = rate_at(tale.found, tale.actor, chance)
        if found is None:
            continue
        axes.plot(found[0], chance, marker="o", markersize=8, markerfacecolor="none", markeredgecolor=INK, zorder=5)
        axes.plot([found[0]] * 2, [0, chance], color=INK, linewidth=0.6, linestyle=(0, (1, 2)), zorder=2)


def _reached(tale: Tale) -> str:
    """The rates at which the deciding actor reaches 50, 70 and 90 of 100, in words."""
    reached = [(chance, rate_at(tale.found, tale.actor, chance)) for chance in MARKED]
    parts = [
        tale.say("curve-zero", count=f"{chance * 100:.0f}", rate=rate_text(found, tale.lang))
        for chance, found in reached
        if found is not None
    ]
    if parts:
        return tale.say("curve-rings", parts=", ".join(parts))
    high = [prob >= MARKED[0] for prob in tale.found["chance_of_gain"][tale.actor]["prob"]]
    return tale.say("curve-above" if all(high) else "curve-falling" if any(high) else "curve-below")


def _strip(page: Sheet, tale: Tale, top: float) -> None:
    """Quantiles of the rate on the axis of the curves."""
    known = tale.found["success_rate"]
    names = ("p10", "p25", "p50", "p75", "p90")
    key = "curve-known" if known["p10"] < known["p90"] else "curve-certain"
    words = tale.say(key, **{name: percent(known[name], tale.lang) for name in ("base", *names)})
    page.write(LEFT, top, fitted(words, WIDTH - LEFT - MARGIN, SMALLEST, 2), fontsize=SMALLEST, color=GREY)
    axes = page.panel(LEFT, top + 0.2, WIDTH - LEFT - 0.3, 0.3)
    axes.set_xlim(0, 1)
    axes.set_ylim(-1, 1)
    axes.plot([known["p10"], known["p90"]], [0, 0], color=INK, linewidth=1.4, solid_capstyle="butt")
    axes.barh(0, known["p75"] - known["p25"], left=known["p25"], height=1.2, color=LIGHT, edgecolor=INK, linewidth=0.8)
    axes.plot([known["p50"]] * 2, [-0.6, 0.6], color=INK, linewidth=1.6)
    axes.axvline(min(max(known["base"], 0.0), 1.0), color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    axes.set_axis_off()
