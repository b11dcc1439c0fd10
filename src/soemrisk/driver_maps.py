"""Drivers as tables of coloured cells: input by actor, and input by year; a number in each cell, darker is more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from soemrisk.answer import price_line
from soemrisk.chart_style import (
    DARK,
    GREY,
    MARGIN,
    WIDTH,
    Sheet,
    fitted,
    fitted_names,
    height_of,
    sheet,
    unit_of,
    width_of,
)
from soemrisk.driver_rows import (
    SHOWN,
    actor_name,
    amount,
    part,
    share_in_year,
    shares,
    shown_actors,
    worth_in_year,
)
from soemrisk.driver_tales import Tale
from soemrisk.names import element_names

ROW = 0.27
NAMES = 2.1
UPRIGHT = 1.65  # inches of names of columns that stand on end
HEADS = (6.5, 6.0)  # points of names of columns
LONG_NAMES = 2.5  # where a table has the whole width
BESIDE = 5  # columns with which both tables stand side by side
MOST_ACTORS, MOST_YEARS = 8, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table: how dark each cell is, from 0 to 1, and what stands in it."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    shade: Sequence[Sequence[float]]
    words: Sequence[Sequence[str]]


def heat_actor(tale: Tale, message: str) -> Figure:
    """Shares of the variance and values of information, element by actor.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    found, lang = tale.found, tale.lang
    actors = shown_actors(found, MOST_ACTORS)
    names = element_names(tale.scenario, found["inputs"], lang)
    by_actor = {a: {row.key: row for row in shares(tale.scenario, found, lang, a)} for a in actors}
    total = {key: [by_actor[a][key].total if key in by_actor[a] else 0.0 for a in actors] for key in names}
    largest = sorted((key for key in names if max(total[key]) > 0), key=lambda key: (-max(total[key]), key))
    own = actors.index(tale.actor)
    keys = sorted(largest[:SHOWN], key=lambda key: (-total[key][own], -max(total[key]), key))
    worth = {key: [found["information"][a]["elements"][key] for a in actors] for key in keys}
    unit, size = unit_of([one["value"] / 10 for row in worth.values() for one in row])
    columns = [actor_name(tale.scenario, a, lang) for a in actors]
    told = tale.say(unit)
    tables = [
        Cells(
            title=tale.say("heat-share"),
            rows=[names[key] for key in keys],
            columns=columns,
            shade=[total[key] for key in keys],
            words=[
                [_bare(part(by_actor[a][key].total, lang, by_actor[a][key].total_error)) if key in by_actor[a] else "0"
                 for a in actors]
                for key in keys
            ],
        ),
        Cells(
            title=tale.say("heat-worth", unit=told),
            rows=[names[key] for key in keys],
            columns=columns,
            shade=_relative([[one["value"] for one in worth[key]] for key in keys], size),
            words=[[amount(one["value"], lang, size, one["mcse"]) for one in worth[key]] for key in keys],
        ),
    ]  # fmt: skip
    prices = price_line(tale.scenario, "picture-prices", lang) + "."
    what = [tale.say("heat-what", unit=told, prices=prices)]
    if not _worth_something((one["value"], one["mcse"]) for row in worth.values() for one in row):
        tables, what = tables[:1], [tale.say("heat-share-what"), tale.say("heat-no-worth")]
    what += [tale.say("heat-rest", count=len(largest) - SHOWN)] if len(largest) > SHOWN else []
    everyone = len(found["variance"])
    what += [tale.say("curve-some", count=MOST_ACTORS - 1, all=everyone - 1)] if everyone > MOST_ACTORS else []
    return _drawn(tables, (message, " ".join(what)), beside=len(tables) == 2 and len(columns) <= BESIDE)


def heat_year(tale: Tale, message: str) -> Figure:
    """Shares of the variance of each year, and values of information up to it, for the deciding actor.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    found, lang = tale.found, tale.lang
    every = list(found["variance_by_year"])
    stride = -(-len(every) // MOST_YEARS)
    years = every[::-1][::stride][::-1]
    names = element_names(tale.scenario, found["inputs"], lang)
    total = {key: [share_in_year(found, key, year) for year in years] for key in names}
    listed = [row.key for row in shares(tale.scenario, found, lang)]
    largest = [*listed, *(key for key in names if key not in listed and max(total[key]) > 0)]
    keys = largest[:SHOWN]
    worth = {key: [worth_in_year(found, key, year) for year in years] for key in keys}
    unit, size = unit_of([value / 10 for row in worth.values() for value, _ in row])
    told = tale.say(unit)
    tables = [
        Cells(
            title=tale.say("heat-share"),
            rows=[names[key] for key in keys],
            columns=years,
            shade=[total[key] for key in keys],
            words=[[_bare(part(share, lang)) for share in total[key]] for key in keys],
        ),
        Cells(
            title=tale.say("heat-worth", unit=told),
            rows=[names[key] for key in keys],
            columns=years,
            shade=_relative([[value for value, _ in worth[key]] for key in keys], size),
            words=[[amount(value, lang, size, error) for value, error in worth[key]] for key in keys],
        ),
    ]
    prices = price_line(tale.scenario, "picture-prices", lang) + "."
    what = [tale.say("years-what", unit=told, prices=prices)]
    if not _worth_something(one for row in worth.values() for one in row):
        tables, what = tables[:1], [tale.say("years-share"), tale.say("years-no-worth")]
    what += [tale.say("years-some", step=stride)] if stride > 1 else []
    what += [tale.say("heat-rest", count=len(largest) - SHOWN)] if len(largest) > SHOWN else []
    return _drawn(tables, (message, " ".join(what)), beside=False)


def _bare(percent: str) -> str:
    """Per cent without its sign, which stands in the title."""
    return percent.replace("\u00a0%", "")


def _relative(values: Sequence[Sequence[float]], unit: float) -> list[list[float]]:
    """Values as parts of the largest one, or of the unit of the table where all are below it."""
    most = max([unit, *(value for row in values for value in row)])
    return [[value / most for value in row] for row in values]


def _worth_something(worth: Iterable[tuple[float, float]]) -> bool:
    """Whether a value is a krone or more, and above twice its error."""
    return any(value >= max(2 * error, 1.0) for value, error in worth)


def _drawn(tables: Sequence[Cells], titles: tuple[str, str], *, beside: bool) -> Figure:
    """Tables on a sheet, two side by side with names once, or one below the other."""
    names = NAMES if beside else LONG_NAMES
    whole = WIDTH - 2 * MARGIN - names
    width = whole / 2 - 0.08 if beside else whole
    cell = width / max(len(tables[0].columns), 1)
    columns = _heads(tables[0].columns, cell - 0.04)
    tables = tables if tables[0].rows else ()
    title = max((height_of(fitted(table.title, width, 8, 2, "bold"), 8) for table in tables), default=0.0)
    head = title + columns.height + 0.1
    height = head + len(tables[0].rows) * ROW if tables else 0.0
    page = sheet(*titles, height + 0.1 if beside else len(tables) * (height + 0.25))
    for n, table in enumerate(tables):
        left = MARGIN + names + (n * (whole / 2 + 0.08) if beside else 0.0)
        top = 0.0 if beside else n * (height + 0.25)
        page.write(left, top, fitted(table.title, width, 8, 2, "bold"), fontweight="bold")
        for c, name in enumerate(columns.names):
            place = left + (c + 0.5) * cell, top + head - 0.04
            if columns.upright:
                page.write(*place, name, fontsize=columns.size, rotation=90, ha="center", va="bottom")
            else:
                page.write_level(place[0], place[1] - columns.height / 2, name, columns.size, ha="center")
        if n == 0 or not beside:
            _row_names(page, table.rows, top + head, names - 0.1)
        _cells(page, table, (left, top + head), width)
    return page.figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Names of columns as they are set: in lines, of a size in points, with what height in inches; on end or not."""

    names: Sequence[str]
    size: float
    height: float
    upright: bool


def _heads(columns: Sequence[str], inches: float) -> Heads:
    """Names above columns of a width: smaller or on end rather than with a broken word."""
    words = [word for name in columns for word in name.split()]
    for size in HEADS:
        if all(width_of(word, size) <= inches for word in words):
            names = fitted_names(columns, inches, size, 3)
            return Heads(names=names, size=size, height=max(height_of(one, size) for one in names), upright=False)
    names = fitted_names(columns, UPRIGHT, HEADS[0])
    longest = max(width_of(line, HEADS[0]) for one in names for line in one.split("\n"))
    return Heads(names=names, size=HEADS[0], height=longest, upright=True)


def _row_names(page: Sheet, rows: Sequence[str], top: float, inches: float) -> None:
    for n, words in enumerate(fitted_names(rows, inches, 7)):
        page.write_level(MARGIN, top + (n + 0.5) * ROW, words, 7)


def _cells(page: Sheet, table: Cells, place: tuple[float, float], width: float) -> None:
    columns, rows = len(table.columns), len(table.rows)
    if not rows:
        return
    longest = max(width_of(words, 7) for row in table.words for words in row)
    size = min(7.0, 7 * (width / columns - 0.06) / longest)
    axes = page.panel(*place, width, rows * ROW)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    for r, (shades, words_of_row) in enumerate(zip(table.shade, table.words, strict=True)):
        for c, (shade, words) in enumerate(zip(shades, words_of_row, strict=True)):
            colour = _tint(shade)
            axes.add_patch(_cell_at((c, r), colour))
            ink = "#000000" if _luminance(colour) > 0.18 else "#FFFFFF"
            ink = GREY if words == "0" else ink
            axes.text(c + 0.5, r + 0.5, words, fontsize=size, ha="center", va="center_baseline", color=ink)


def _cell_at(place: tuple[int, int], colour: tuple[float, float, float]) -> Patch:
    return Rectangle(place, 1, 1, facecolor=colour, edgecolor="#9A9A9A", linewidth=0.4, clip_on=False)


def _tint(shade: float) -> tuple[float, float, float]:
    """From white to the dark colour: its lightness only falls."""
    red, green, blue = (1 + min(max(shade, 0.0), 1.0) * (end - 1) for end in to_rgb(DARK))
    return red, green, blue


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of WCAG 2.1; where it is above 0.18 black stands out more than white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
