"""The pictures of a run: net result by actor, and cumulated over the years.

Bands include chance; two titles, the message and what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from soemrisk.answer import labels, price_line
from soemrisk.chart_style import (
    GREY,
    INK,
    KINDS,
    MARGIN,
    POINTS,
    SMALLEST,
    SPACING,
    STYLE,
    TOTAL,
    WIDTH,
    balanced,
    colour_of,
    fitted,
    fitted_names,
    height_of,
    in_units,
    picture_bytes,
    ranks_of,
)
from soemrisk.digits import money, of_hundred
from soemrisk.messages import text
from soemrisk.scenario import Scenario

PANEL = 1.0  # inches, at least, of the height of a panel over the years


def pictures(
    scenario: Scenario,
    found: dict[str, Any],
    lang: str,
    deciding: str | None = None,
    *,
    kinds: Sequence[str] = KINDS,
) -> dict[str, bytes]:
    """Draw both pictures as SVG and PNG.

    Parameters
    ----------
    scenario : Scenario
    found : dict
        The answer.
    lang : {"da", "en"}
    deciding : str, optional
        Actor of whom the messages tell; the first one of the file where none is said.
    kinds : sequence of {"svg", "png"}

    Returns
    -------
    dict of str to bytes
        ``net_by_actor`` and ``cumulated``, each ``.svg`` and ``.png``; the same bytes for the same answer.
    """
    drawn: dict[str, bytes] = {}
    told = stories(scenario, found, lang, deciding)
    with rc_context(STYLE):
        for name, draw in (("net_by_actor", _net_by_actor), ("cumulated", _cumulated)):
            drawn |= picture_bytes(draw(scenario, found, lang, told[name][0]), name, told[name], kinds)
    return drawn


def stories(
    scenario: Scenario, found: dict[str, Any], lang: str, deciding: str | None = None
) -> dict[str, tuple[str, str]]:
    """Message of each picture, and the text for who cannot see it: type, message, three numbers.

    Parameters
    ----------
    scenario : Scenario
    found : dict
        The answer.
    lang : {"da", "en"}
    deciding : str, optional
        Actor of whom they tell; the first one of the file where none is said.

    Returns
    -------
    dict of str to (str, str)
    """
    names = labels(scenario, lang)
    first, last = deciding or list(names)[1], list(found["cumulated"])[-1]
    count = {
        key: of_hundred(found["net"][key]["prob_positive"], lang, found["net"][key]["mcse_prob"])
        for key in ("total", first)
    }
    back = found["payback"][first]
    told = {
        "year": "" if back["p50"] is None else f"{back['p50']:.0f}",
        "missing": of_hundred(1 - back["prob_within"], lang, back["mcse_prob_within"]),
    }
    key = "figure-cumulated" if told["year"] else "figure-cumulated-not"
    if told["year"] == next(iter(found["cumulated"])):  # nothing is to be earned back
        key = "figure-cumulated-gain"
    messages = {
        "net_by_actor": text("figure-net", lang, total=count["total"], actor=names[first], count=count[first]),
        "cumulated": text(key, lang, actor=names[first], count=count[first], last=last, **told),
    }
    ends = {"net_by_actor": found["net"][first], "cumulated": found["cumulated"][last][first]}
    return {
        name: (
            message,
            text(
                f"alt-{name.replace('_', '-')}",
                lang,
                message=message,
                actor=names[first],
                last=last,
                p10=money(ends[name]["p10"], lang, ends[name]["mcse_p5"]),
                p50=money(ends[name]["p50"], lang, ends[name]["mcse_p50"]),
                p90=money(ends[name]["p90"], lang, ends[name]["mcse_p95"]),
            ),
        )
        for name, message in messages.items()
    }


def _net_by_actor(scenario: Scenario, found: dict[str, Any], lang: str, message: str) -> Figure:
    names = labels(scenario, lang)
    ranks = ranks_of(names, names)
    figure = Figure(figsize=(WIDTH, 1.25 + 0.38 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    for row, actor in enumerate(names):
        stats, base = found["net"][actor], found["base"]["net"][actor]
        colour = TOTAL if actor == "total" else colour_of(ranks[actor])
        edge = INK if actor == "total" else colour
        axes.plot([stats["p10"], stats["p90"]], [row, row], color=edge, linewidth=1.4, solid_capstyle="butt", zorder=2)
        axes.barh(
            row, stats["p75"] - stats["p25"], left=stats["p25"], height=0.42, color=colour, edgecolor=edge, zorder=3
        )
        inside = "#FFFFFF" if actor != "total" else "#000000"
        axes.plot([stats["p50"]] * 2, [row - 0.21, row + 0.21], color=inside, linewidth=1.6, zorder=4)
        axes.plot(
            base, row, marker="D", markersize=6, color="#FFFFFF", markeredgecolor="#000000", zorder=5, linestyle="none"
        )
        count = of_hundred(stats["prob_positive"], lang, stats["mcse_prob"])
        axes.annotate(
            text("gain-in", lang, count=count) if _touched(found, actor) else text("untouched", lang),
            (1.01, row),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=SMALLEST,
        )
    axes.axvline(0, color="#000000", linewidth=0.8, zorder=1)
    axes.set_yticks(range(len(names)), fitted_names(list(names.values()), 1.5, 9))
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)
    in_units(axes.xaxis, lang)
    axes.set_xlabel(text("axis-millions", lang))
    _titles(figure, message, price_line(scenario, "figure-net-what", lang))
    return figure


def _titles(figure: Figure, message: str, what: str) -> None:
    """The message, and below it what is shown, broken to the width of the figure."""
    inches = WIDTH - 2 * MARGIN
    first, second = balanced(message, inches, 11, 3), fitted(what, inches, 8, 5)
    below = MARGIN + height_of(first, 11) + 0.05
    lines = (below + height_of(second, 8)) * POINTS / (11 * SPACING)
    figure.suptitle(
        "\n" * round(lines), fontsize=11
    )  # the room that both take; drawn where the layout may not move them
    height = figure.get_figheight()
    figure.text(
        MARGIN / WIDTH, 1 - MARGIN / height, first, fontsize=11, fontweight="bold", va="top", linespacing=SPACING
    )
    figure.text(MARGIN / WIDTH, 1 - below / height, second, fontsize=8, color=GREY, va="top", linespacing=SPACING)


def _touched(found: dict[str, Any], actor: str) -> bool:
    """Whether anything of the calculation concerns an actor."""
    stats, base = found["net"][actor], found["base"]["net"][actor]
    return bool(stats["sd"] > 0 or stats["mean"] != 0 or base != 0)


def _cumulated(scenario: Scenario, found: dict[str, Any], lang: str, message: str) -> Figure:
    every = labels(scenario, lang)
    names = {actor: name for actor, name in every.items() if actor == "total" or _touched(found, actor)}
    ranks = ranks_of(every, names)
    years = [int(year) for year in found["cumulated"]]
    columns = 2
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(WIDTH, 0.9 + 1.5 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, squeeze=False)
    titles = fitted_names(list(names.values()), 2.8, 9, 1)
    for place, actor in enumerate(names):
        axes = panels[place // columns][place % columns]
        colour = "#555555" if actor == "total" else colour_of(ranks[actor])
        bands = {
            name: [found["cumulated"][str(year)][actor][name] for year in years]
            for name in ("p10", "p25", "p50", "p75", "p90")
        }
        axes.fill_between(
            years, bands["p10"], bands["p90"], facecolor=colour, alpha=0.22, edgecolor=colour, linewidth=0.6
        )
        axes.fill_between(years, bands["p25"], bands["p75"], facecolor=colour, alpha=0.38, linewidth=0)
        axes.plot(years, bands["p50"], color=colour, linewidth=1.8)
        base, running = [], 0.0
        for year in years:
            running += found["base"]["year"][str(year)][actor]
            base.append(running)
        axes.plot(years, base, color="#000000", linewidth=1.0, linestyle=(0, (4, 2)))
        axes.axhline(0, color="#000000", linewidth=0.7)
        axes.set_title(titles[place], fontsize=9, fontweight="bold")
        axes.set_xticks(years[:: max(1, len(years) // 5)])
        in_units(axes.yaxis, lang)
        axes.tick_params(labelsize=SMALLEST)
        axes.set_ylabel(text("axis-millions", lang), fontsize=SMALLEST)
        if place == 0:
            _label_bands(axes, years, {**bands, "base": base}, lang)
        axes.xaxis.set_tick_params(labelbottom=True)
    for empty in range(len(names), rows * columns):
        panels[empty // columns][empty % columns].set_visible(False)
    _titles(figure, message, price_line(scenario, "figure-cumulated-what", lang))
    return figure


def _label_bands(axes: Axes, years: list[int], bands: dict[str, list[float]], lang: str) -> None:
    """Name the bands at their right end, in the first panel only."""
    at = min(2, len(years) - 1)
    labels = {"p10": "P10", "p25": "P25", "p50": text("median", lang), "p75": "P75", "p90": "P90"}
    low, high = axes.get_ylim()
    scale = PANEL * POINTS / (high - low)
    for lift, (name, label) in zip(_lifts([bands[name][-1] * scale for name in labels]), labels.items(), strict=True):
        axes.annotate(
            label,
            (years[-1], bands[name][-1]),
            xytext=(4, lift),
            textcoords="offset points",
            fontsize=SMALLEST,
            va="center",
            annotation_clip=False,
        )
    above = bands["base"][at] < (low + high) / 2
    axes.annotate(
        text("som-number", lang),
        (years[at], bands["base"][at]),
        xytext=(2, 16 if above else -16),
        textcoords="offset points",
        fontsize=SMALLEST,
        bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        arrowprops={"arrowstyle": "-", "linewidth": 0.5},
    )


def _lifts(places: list[float]) -> list[float]:
    """How far labels at rising places must be moved, points, so that none runs into another."""
    gap = SMALLEST * SPACING
    middle = sum(places) / len(places)
    apart = [places[0]]
    for place in places[1:]:
        apart.append(max(place, apart[-1] + gap))
    back = sum(apart) / len(apart) - middle  # those below give way as well
    return [there - back - place for there, place in zip(apart, places, strict=True)]
