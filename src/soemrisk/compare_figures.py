"""The picture of a comparison: each intervention as a band, and below them the difference of the two best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from soemrisk.answer import price_line
from soemrisk.chance_words import clear_word
from soemrisk.chart_style import (
    INK,
    SMALLEST,
    STYLE,
    WIDTH,
    colour_of,
    fitted_name,
    inner_ticks,
    picture_bytes,
    sheet,
    unit_of,
)
from soemrisk.compare_page import Told
from soemrisk.comparing import Comparison
from soemrisk.digits import money, of_hundred
from soemrisk.names import shortened

ROW, NAMES, COUNTS = 0.36, 2.3, 1.25  # inches: a row, the names to the left, the counts to the right
TOTAL = "#FFFFFF"
SHORT = 26  # letters of a name where two stand in one label
BELOW = 0.55


def compare_pictures(comparison: Comparison, found: Mapping[str, Any], lang: str) -> dict[str, bytes]:
    """Picture of a comparison as SVG and PNG.

    Parameters
    ----------
    comparison : Comparison
    found : mapping
        As ``comparing.compared``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to bytes
        ``comparison.svg`` and ``comparison.png``.
    """
    told = Told(comparison=comparison, found=found, lang=lang)
    message, alt = _story(told)
    with rc_context(STYLE):
        return picture_bytes(_picture(told, message), "comparison", (message, alt))


def _story(told: Told) -> tuple[str, str]:
    actor = told.shown[0]
    if told.versions:
        first, second, *_ = told.names.values()
        message = told.say("compare-figure-versions", first=first, second=second, actor=told.actor(actor))
    else:
        message = _best(told, actor)
    words = []
    for name, shown in told.names.items():
        stats = told.found["net"][name][actor]
        ends = {
            key: money(stats[key], told.lang, stats[error]) for key, error in (("p10", "mcse_p5"), ("p90", "mcse_p95"))
        }
        words.append(told.say("compare-figure-row", name=shown, **ends))
    return message, told.say("compare-figure-alt", message=message, words="; ".join(words))


def _best(told: Told, actor: str) -> str:
    """What is said of the first of the ranking: how often it is the best, where that is clear."""
    best = told.found["ranking"][actor]["order"][0]["scenario"]
    one = told.found["choice"][actor][best]
    clear = clear_word([(one["prob_best"], one["mcse_prob_best"])]) not in {None, "word-even"}
    count = of_hundred(one["prob_best"], told.lang, one["mcse_prob_best"])
    values = {"name": told.names[best], "actor": told.actor(actor)}
    return told.say("compare-figure-net" if clear else "compare-figure-alike", **values, count=count)


def _picture(told: Told, message: str) -> Figure:
    actor = told.shown[0]
    order = sorted(told.names, key=lambda name: -told.found["net"][name][actor]["mean"])
    rows = [(told.names[name], told.found["net"][name][actor], told.found["base"][name][actor]) for name in order]
    pair = {order[0], order[1]}
    gap = next(one for one in told.found["differences"] if {one["first"], one["second"]} == pair)
    difference = gap["net"][actor]
    names = {key: shortened(told.names[gap[key]], SHORT) for key in ("first", "second")}
    line = price_line(told.comparison.scenarios[0], "figure-prices", told.lang)
    what = told.say("compare-figure-what", actor=told.actor(actor), line=line)
    page = sheet(message, what, (len(rows) + 1) * ROW + 2 * BELOW + 0.1)
    wide = WIDTH - NAMES - COUNTS
    upper = page.panel(NAMES, 0.05, wide, len(rows) * ROW)
    lower = page.panel(NAMES, 0.05 + len(rows) * ROW + BELOW, wide, ROW)
    for n, (_, stats, base) in enumerate(rows):
        _band(upper, n, stats, base, colour_of(1 + n % 3) if n < 3 else "#8A8A8A")
    _band(lower, 0, difference, difference["base"], TOTAL)
    counts = [_count(told, "column-gain", stats["prob_positive"], stats["mcse_prob"]) for _, stats, _ in rows]
    _dress(told, upper, [name for name, _, _ in rows], counts)
    label = told.say("compare-figure-difference", **names)
    better = _count(told, "compare-first", difference["prob_first"], difference["mcse_prob"])
    _dress(told, lower, [label], [better])
    return page.figure


def _count(told: Told, key: str, probability: float, error: float) -> str:
    """What is counted, and below it how many of 100."""
    return f"{told.say(key)}\n{told.say('of-100', count=told.count(probability, error))}"


def _band(axes: Axes, row: int, stats: Mapping[str, float], base: float, colour: str) -> None:
    edge = INK if colour == TOTAL else colour
    axes.plot([stats["p10"], stats["p90"]], [row, row], color=edge, linewidth=1.4, solid_capstyle="butt", zorder=2)
    axes.barh(row, stats["p75"] - stats["p25"], left=stats["p25"], height=0.5, color=colour, edgecolor=edge, zorder=3)
    inside = INK if colour == TOTAL else "#FFFFFF"
    axes.plot([stats["p50"]] * 2, [row - 0.25, row + 0.25], color=inside, linewidth=1.6, zorder=4)
    axes.plot(base, row, marker="D", markersize=5.5, color="#FFFFFF", markeredgecolor=INK, zorder=5, linestyle="none")


def _dress(told: Told, axes: Axes, names: list[str], counts: list[str]) -> None:
    """Names to the left, counts to the right, the line of no gain, and amounts below."""
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.set_yticks(range(len(names)), [fitted_name(name, NAMES - 0.25, SMALLEST, 2) for name in names])
    axes.tick_params(axis="y", length=0, labelsize=SMALLEST)
    axes.tick_params(axis="x", labelsize=SMALLEST)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    for n, words in enumerate(counts):
        axes.annotate(words, (1.02, n), xycoords=("axes fraction", "data"), va="center", fontsize=SMALLEST)
    key, unit = unit_of(list(axes.get_xlim()))
    inner_ticks(axes, told.lang, unit)
    axes.set_xlabel(told.say(key), fontsize=SMALLEST, labelpad=1)
