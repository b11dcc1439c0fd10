"""Drivers as bars: the tornado with its two questions side by side, and shares of the variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from soemrisk.answer import price_line
from soemrisk.chart_style import (
    DARK,
    GREY,
    INK,
    LIGHT,
    MARGIN,
    SMALLEST,
    WIDTH,
    Sheet,
    fitted,
    fitted_names,
    height_of,
    inner_ticks,
    sheet,
    unit_of,
    width_of,
)
from soemrisk.digits import NO_BREAK
from soemrisk.driver_rows import (
    KINDS,
    Share,
    Swing,
    TornadoRow,
    hull,
    largest,
    part,
    reach,
    setting_of,
    shares,
    tornado_rows,
)
from soemrisk.driver_tales import Tale

ROW = 0.40  # inches a row
LOW_ROW = 0.33  # where names have no line below
NAMES = 2.05  # inches for names
NARROWEST = 0.01  # of the largest amount: an axis never shows less, or its figures would have no room
GAP = 0.06  # inches between a bar and what stands at it
RATE_DIGITS = 2  # significant digits of a rate at a bar


def tornado(tale: Tale, message: str) -> Figure:
    """Both tornados of the deciding actor in one order.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    rows = tornado_rows(tale.scenario, tale.found, tale.lang)
    shown, rest = largest(rows, tale.most)
    base = tale.found["base"][tale.actor]
    unit, size = unit_of([base, *(end for panel in (0, 1) for end in hull(rows, panel) or ())])
    height = (len(shown) + bool(rest)) * ROW
    page = sheet(message, _tornado_what(tale, shown, rest, tale.say(unit)), 0.38 + height + 0.42)
    width = (WIDTH - NAMES - 2 * MARGIN - 0.2) / 2
    _names(page, [row.name + _dagger(row) for row in shown], [row.detail for row in shown], 0.38)
    if rest:
        _names(page, [tale.say("rest-shown", count=len(rest))], [""], 0.38 + len(shown) * ROW)
    for panel, kind in enumerate(KINDS):
        left = MARGIN + NAMES + panel * (width + 0.2)
        question = fitted(tale.say(f"panel-{kind}"), width, 8, 2, "bold")
        page.write(left, 0.34 - height_of(question, 8), question, fontweight="bold")
        axes = page.panel(left, 0.38, width, max(height, ROW))
        _tornado_panel(axes, (shown, rest), panel, tale, width)
        axes.axvline(base, color=INK, linewidth=0.9, zorder=1)
        if _zero_is_near(rows, base):
            axes.axvline(0, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=1)
        inner_ticks(axes, tale.lang, size)
        axes.tick_params(axis="x", labelsize=SMALLEST)
        axes.set_xlabel(tale.say(unit), fontsize=SMALLEST)
    return page.figure


def _zero_is_near(rows: Sequence[TornadoRow], base: float) -> bool:
    """Whether zero is no further from the results than they are from each other; else it would press the bars flat."""
    ends = [base, *(end for panel in (0, 1) for end in hull(rows, panel) or ())]
    return min(map(abs, ends)) <= max(ends) - min(ends) or min(ends) <= 0 <= max(ends)


def _dagger(row: TornadoRow) -> str:
    return "" if all(bar is None or bar.monotone for bar in row.bars) else f"{NO_BREAK}†"


def _tornado_what(tale: Tale, shown: Sequence[TornadoRow], rest: Sequence[TornadoRow], unit: str) -> str:
    prices = price_line(tale.scenario, "picture-prices", tale.lang)
    lines = [tale.say("tornado-what", prices=prices + ".", unit=unit)]
    if any(row.key.startswith("calibrated/") for row in [*shown, *rest]):
        lines.append(tale.say("tornado-groups"))
    if not _zero_is_near([*shown, *rest], tale.found["base"][tale.actor]):
        lines.append(tale.say("tornado-no-zero"))
    if rest:
        lines.append(tale.say("tornado-rest"))
    if any(_dagger(row) for row in shown):
        lines.append(tale.say("tornado-turning"))
    return " ".join(lines)


def _names(page: Sheet, names: Sequence[str], details: Sequence[str], top: float, row: float = ROW) -> None:
    """Names of rows, and a small line below each where there is something to add."""
    for n, (words, detail) in enumerate(zip(fitted_names(names, NAMES - 0.1, SMALLEST), details, strict=True)):
        below = height_of(words, SMALLEST) if detail else 0.0
        room = row - below - (height_of(detail, SMALLEST) if detail else height_of(words, SMALLEST))
        start = top + n * row + room / 2
        page.write_level(MARGIN, start + height_of(words, SMALLEST) / 2, words, SMALLEST)
        if detail:
            small = fitted(detail, NAMES - 0.1, SMALLEST, 1)
            page.write_level(MARGIN, start + below + height_of(small, SMALLEST) / 2, small, SMALLEST, color=GREY)


def _tornado_panel(
    axes: Axes, rows: tuple[Sequence[TornadoRow], Sequence[TornadoRow]], panel: int, tale: Tale, width: float
) -> None:
    shown, rest = rows
    base = tale.found["base"][tale.actor]
    others = hull(rest, panel)
    bars = [row.bars[panel] for row in shown]
    keys = [row.key for row in shown]
    ends = [base, *([0.0] if _zero_is_near([*shown, *rest], base) else []), *(hull([*shown, *rest], panel) or ())]
    labels = [
        (at, side, width_of(label, SMALLEST) + 2 * GAP)
        for key, bar in zip(keys, bars, strict=True)
        if bar is not None and bar.size > 0
        for (at, side), label in zip(_sides(bar, base), _end_labels(key, bar, panel, tale), strict=True)
    ]
    known = width_of(tale.say(("taken-as-known", "stated-as-0")[panel]), SMALLEST) + 2 * GAP
    labels += [(base, 1, known)] if None in bars else []
    low, high = _limits([*((end, 0, GAP) for end in ends), *labels], width)
    scale = (high - low) / width
    axes.set_xlim(low, high)
    axes.set_ylim(max(len(shown) + bool(rest), 1), 0)
    for n, bar in enumerate(bars):
        if bar is None or bar.size == 0:
            if bar is None:
                _beside(axes, tale.say(("taken-as-known", "stated-as-0")[panel]), (base, n + 0.5), (scale, 1), GREY)
            continue
        for end, colour in ((bar.at_high, LIGHT), (bar.at_low, DARK)):
            axes.barh(n + 0.5, end - base, left=base, height=0.5, color=colour, edgecolor=DARK, linewidth=0.7, zorder=2)
        for (at, side), label in zip(_sides(bar, base), _end_labels(keys[n], bar, panel, tale), strict=True):
            _beside(axes, label, (at, n + 0.5), (scale, side), INK)
    if others is not None:
        axes.barh(
            len(shown) + 0.5, others[1] - others[0], left=others[0], height=0.3, color="#FFFFFF", edgecolor=GREY,
            hatch="////", linewidth=0.7, zorder=2,
        )  # fmt: skip
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _limits(things: Sequence[tuple[float, int, float]], width: float) -> tuple[float, float]:
    """Limits of an axis of some inches between which all things have room: (kr., side or 0 for both, inches)."""
    places = [at for at, _, _ in things]
    spread = max(max(places) - min(places), NARROWEST * max(map(abs, places)))

    def ends(scale: float) -> tuple[float, float]:
        low = min(at - (room * scale if side <= 0 else 0.0) for at, side, room in things)
        high = max(at + (room * scale if side >= 0 else 0.0) for at, side, room in things)
        return low, high

    fits = next(
        scale
        for scale in (1.02**n * (spread or 1.0) / width for n in range(400))
        if ends(scale)[1] - ends(scale)[0] <= width * scale
    )
    low, high = ends(fits)
    spare = (width * fits - (high - low)) / 2
    return low - spare, high + spare


def _end_labels(key: str, bar: Swing, panel: int, tale: Tale) -> tuple[str, str]:
    """What is set at both ends of a bar, the one at ``at_low`` first."""
    if bar.low is None or bar.high is None:
        low, high = (("all-low", "all-high"), ("all-times-low", "all-times-high"))[panel]
        return tale.say(low), tale.say(high)
    return setting_of(key, bar.low, tale.lang, RATE_DIGITS), setting_of(key, bar.high, tale.lang, RATE_DIGITS)


def _sides(bar: Swing, base: float) -> tuple[tuple[float, int], tuple[float, int]]:
    """Where the labels of both ends stand, and on which side: outside of the bar and of the line at the base."""
    right = 1 if bar.at_low > bar.at_high else -1
    outside = {1: max(bar.at_low, bar.at_high, base), -1: min(bar.at_low, bar.at_high, base)}
    return (outside[right], right), (outside[-right], -right)


def _beside(axes: Axes, words: str, at: tuple[float, float], side: tuple[float, int], colour: str) -> None:
    """Words to the left (−1) or right (1) of a point; ``side`` is (kr. an inch, side)."""
    scale, direction = side
    axes.text(
        at[0] + direction * GAP * scale, at[1], words, fontsize=SMALLEST, va="center", color=colour, zorder=4,
        ha="left" if direction > 0 else "right", bbox={"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def variance(tale: Tale, message: str) -> Figure:
    """Shares of the variance of the deciding actor, alone and in all, with the part of chance above.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    rows = shares(tale.scenario, tale.found, tale.lang)
    shown, rest = largest(rows)
    notes = [tale.say("variance-what")]
    notes += [tale.say("variance-errors")] if any(row.total_error > 0 for row in shown) else []
    notes += [tale.say("variance-rest")] if rest else []
    notes += tale.together_note()
    count = len(shown) + bool(rest)
    page = sheet(message, " ".join(notes), 0.75 + max(count, 1) * LOW_ROW + 0.4)
    left, columns = MARGIN + NAMES + 0.35, (WIDTH - MARGIN - 0.55, WIDTH - MARGIN)
    width = columns[0] - 0.5 - left
    _whole(page, tale, left, columns[1] - left)
    heads = ("column-alone", "column-in-all") if rows else ()
    for column, key in zip(columns, heads, strict=False):
        page.write(column, 0.56, tale.say(key), fontsize=SMALLEST, color=GREY, ha="right")
    entries = [*shown, *([_others(tale, rest)] if rest else [])]
    _names(page, [row.name for row in entries], [""] * count, 0.75, LOW_ROW)
    axes = page.panel(left, 0.75, width, max(count, 1) * LOW_ROW)
    most = max((row.total + reach(row.total_error) for row in entries), default=1.0)
    axes.set_xlim(0, min(max(most * 1.04, 0.05), 1.05) if most <= 1 else most * 1.04)
    axes.set_ylim(max(count, 1), 0)
    for n, row in enumerate(entries):
        hatch: dict[str, Any] = {"hatch": "////"} if rest and n == len(shown) else {}
        axes.barh(n + 0.5, row.total, height=0.6, color=LIGHT, edgecolor=DARK, linewidth=0.7, **hatch)
        axes.barh(n + 0.5, row.alone, height=0.3, color=DARK, zorder=3)
        if row.total_error > 0:
            half = reach(row.total_error)
            axes.errorbar(row.total, n + 0.5, xerr=half, color=INK, capsize=2, linewidth=0.9, zorder=4)
        told = ((row.alone, row.alone_error), (row.total, row.total_error))
        for column, (share, error) in zip(columns, told, strict=True):
            words = part(share, tale.lang, error)
            page.write_level(column, 0.75 + (n + 0.5) * LOW_ROW, words, SMALLEST, ha="right")
    _percent_axis(axes)
    axes.set_visible(bool(rows))
    return page.figure


def _others(tale: Tale, rest: Sequence[Share]) -> Share:
    """The others as one row; sums of shares, errors as if independent."""
    return Share(
        key="",
        name=tale.say("rest-shown", count=len(rest)),
        alone=sum(row.alone for row in rest),
        total=sum(row.total for row in rest),
        alone_error=sum(row.alone_error**2 for row in rest) ** 0.5,
        total_error=sum(row.total_error**2 for row in rest) ** 0.5,
    )


def _percent_axis(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.3g}\u00a0%"))
    axes.tick_params(axis="x", labelsize=SMALLEST)
    axes.set_yticks([])


def _whole(page: Sheet, tale: Tale, left: float, width: float) -> None:
    """What we do not know and chance as parts of the whole variance, in one bar."""
    chance = tale.found["variance"][tale.actor]["chance_share"]
    words = fitted(tale.say("whole-variance"), NAMES + 0.2, SMALLEST, 1)
    page.write_level(MARGIN, 0.27, words, SMALLEST)
    axes = page.panel(left, 0.17, width, 0.2)
    axes.set_xlim(0, 1)
    axes.barh(0, 1 - chance, height=1, color="#E8E8E8", edgecolor=INK, linewidth=0.7)
    axes.barh(0, chance, left=1 - chance, height=1, color="#FFFFFF", edgecolor=INK, hatch="....", linewidth=0.7)
    axes.set_ylim(-0.55, 0.55)
    axes.set_axis_off()
    known = tale.say("knowledge-part", share=part(1 - chance, tale.lang))
    page.write(left, 0.0, known, fontsize=SMALLEST, color=GREY)
    page.write(left + width, 0.0, tale.say("chance-part", share=part(chance, tale.lang)), fontsize=SMALLEST, ha="right")
