"""Pictures of a batch study: a heat map over two settings, small multiples over a third; points over each setting.

Blue is a gain and orange a loss, darker is more, and a line goes where the sign turns; numbers stand in the cells where
they have room, so that nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from soemrisk.batch_page import actor_name, dimension_name, option_name
from soemrisk.batch_plan import Batch, is_number
from soemrisk.batch_report import in_order, measured
from soemrisk.chart_style import (
    COLOURS,
    DARK,
    GREY,
    INK,
    MARGIN,
    STYLE,
    WIDTH,
    Sheet,
    fitted,
    fitted_names,
    height_of,
    in_units,
    inner_ticks,
    picture_bytes,
    sheet,
    unit_of,
    width_of,
)
from soemrisk.digits import grouped
from soemrisk.messages import text

Floats = NDArray[np.float64]
LOSS = COLOURS[1]
MOST_PANELS, MOST_ROWS, MOST_COLUMNS = 6, 30, 40
ROW, GAP, HEAD = 0.2, 0.28, 0.24  # inches
SIZE = 7.0  # points of the type in panels


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A heat map: values over (panels, rows, columns), the dimensions that these are, and what is averaged over.

    Attributes
    ----------
    values : (p, y, x) float64
    dims : tuple of str
        Of panels (empty where there is one), rows and columns.
    options : tuple of tuple of int
        Positions of the options that are shown, of each of them.
    rest : tuple of str
        Dimensions over which the values are means.
    """

    values: Floats
    dims: tuple[str, str, str]
    options: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    rest: tuple[str, ...]


def heat_of(batch: Batch, values: Floats, order: Sequence[str]) -> Heat | None:
    """Values of a grid over the first dimensions of an order: columns, rows, panels.

    Parameters
    ----------
    batch : Batch
    values : (cells,) float64
    order : sequence of str
        Dimensions, those that matter most first.

    Returns
    -------
    Heat or None
        None where fewer than two dimensions have several options.
    """
    if batch.design != "grid" or len(order) < 2:
        return None
    first = sorted(order[:2], key=lambda name: not _has_order(batch, name))  # numbers along the columns
    chosen = [order[2] if len(order) > 2 else "", first[1], first[0]]
    grid = values.reshape(batch.shape)
    kept = [batch.dims.index(name) for name in chosen if name]
    rest = tuple(n for n in range(grid.ndim) if n not in kept)
    mean = np.nanmean(grid, axis=rest, keepdims=True) if rest else grid
    table = np.moveaxis(mean, kept, range(len(kept))).reshape([batch.shape[n] for n in kept])
    table = table if chosen[0] else table[None]
    ordered = [in_order(batch, name) if name else [0] for name in chosen]
    limits = zip(ordered, (MOST_PANELS, MOST_ROWS, MOST_COLUMNS), strict=True)
    shown = [[order[n] for n in _shown(len(order), most)] for order, most in limits]
    return Heat(
        values=table[np.ix_(*shown)],
        dims=(chosen[0], chosen[1], chosen[2]),
        options=(tuple(shown[0]), tuple(shown[1]), tuple(shown[2])),
        rest=tuple(batch.dims[n] for n in rest if batch.shape[n] > 1),
    )


def _has_order(batch: Batch, name: str) -> bool:
    return any(axis.id == name and is_number(axis) for axis in batch.axes)


def _shown(size: int, most: int) -> list[int]:
    """Positions of at most so many options, evenly, the ends included."""
    return sorted({round(float(n)) for n in np.linspace(0, size - 1, min(size, most))})


def study_pictures(
    batch: Batch, table: Floats, found: Mapping[str, Any], lang: str, axes: Sequence[str] = ()
) -> dict[str, bytes]:
    """Pictures of a study for one actor.

    Parameters
    ----------
    batch : Batch
    table : (cells, k) float64
    found : mapping
        From ``batch_report.report_of``.
    lang : {"da", "en"}
    axes : sequence of str, optional
        Dimensions of columns, rows and panels; those that matter most where they are left out.

    Returns
    -------
    dict of str to bytes
        ``heat.svg`` and ``heat.png`` of a grid with two settings or more; ``points.svg`` and ``points.png`` of a list
        or sample.
    """
    values = measured(batch, table, found["actor"], found["measure"])
    order = [*axes, *(name for name in found["matters"] if name not in axes)]
    whose = actor_name(batch, found["actor"], lang)
    measure = text(f"study-measure-{found['measure']}", lang)
    message = text("study-picture", lang, name=batch.name[lang], actor=whose, measure=measure)
    with rc_context(STYLE):
        if batch.design == "grid":
            heat = heat_of(batch, values, order)
            if heat is None:
                return {}
            drawn, what = _heat_figure(batch, heat, (message, found["measure"]), lang)
            return picture_bytes(drawn, "heat", (message, what))
        numeric = [axis.id for axis in batch.axes if is_number(axis)]
        chosen = [name for name in order if name in numeric][:MOST_PANELS]
        if not chosen:
            return {}
        drawn, what = _points_figure(batch, values, (message, found["measure"]), chosen, lang)
        return picture_bytes(drawn, "points", (message, what))


def _scale(values: Floats, measure: str) -> tuple[float, str, float]:
    """Where the sign turns, and text id and size of the unit."""
    if measure == "prob_positive":
        return 0.5, "", 0.01
    key, size = unit_of([float(np.nanmax(np.abs(values)))] if np.isfinite(values).any() else [0.0])
    return 0.0, key, size


def _heat_figure(batch: Batch, heat: Heat, told: tuple[str, str], lang: str) -> tuple[Figure, str]:
    level, unit, size = _scale(heat.values, told[1])
    panels, rows, columns = heat.values.shape
    across = 1 if panels == 1 else 2 if panels <= 4 or columns > 8 else 3
    inside = WIDTH - 2 * MARGIN
    width = (inside - GAP * (across - 1)) / across
    row_names = [option_name(batch, heat.dims[1], n, lang) for n in heat.options[1]]
    longest = min(max(width_of(name, SIZE) for name in row_names) + 0.08, 0.4 * width)
    cell_high = min(max(ROW, 1.6 / rows), 0.32)
    tall = HEAD + rows * cell_high + 0.42
    what = _heat_words(batch, heat, (unit, size, told[1]), lang)
    page = sheet(told[0], what, -(-panels // across) * tall)
    words = _words(heat.values, size, lang)
    room = (width - longest) / columns
    most = float(np.nanmax(np.abs(heat.values - level))) or 1.0
    for p in range(panels):
        left, top = MARGIN + p % across * (width + GAP), p // across * tall
        if heat.dims[0]:
            name = option_name(batch, heat.dims[0], heat.options[0][p], lang)
            whole = f"{dimension_name(batch, heat.dims[0], lang)}: {name}"
            if heat.dims[0] != "scenario" and width_of(whole, 8, "bold") <= width:
                name = whole
            page.write(left, top, fitted(name, width, 8, 1, "bold"), fontweight="bold")
        for r, name in enumerate(fitted_names(row_names, longest - 0.04, SIZE, 1)):
            page.write_level(left, top + HEAD + (r + 0.5) * cell_high, name, SIZE)
        place = (left + longest, top + HEAD, width - longest, rows * cell_high)
        shown = words[p] if max(width_of(one, 6) for row in words[p] for one in row) < room - 0.03 else None
        _cells(page, place, (heat.values[p] - level) / most, shown)
        _column_names(page, batch, heat, place, lang)
    return page.figure, what


def _heat_words(batch: Batch, heat: Heat, told: tuple[str, float, str], lang: str) -> str:
    unit, size, measure = told
    ends = [grouped(float(end(heat.values)) / size, lang, 1) for end in (np.nanmin, np.nanmax)]
    said = [
        text(
            "study-heat-what",
            lang,
            rows=dimension_name(batch, heat.dims[1], lang),
            columns=dimension_name(batch, heat.dims[2], lang),
            unit=text(unit, lang) if unit else "%",
            low=ends[0],
            high=ends[1],
        ),
        text("study-heat-half" if measure == "prob_positive" else "study-heat-sign", lang),
    ]
    if heat.rest:
        rest = ", ".join(dimension_name(batch, name, lang) for name in heat.rest)
        said.append(text("study-heat-rest", lang, rest=rest))
    return " ".join(said)


def _words(values: Floats, size: float, lang: str) -> list[list[list[str]]]:
    """Numbers of the cells in the unit, with a decimal where they are small."""
    decimals = 1 if float(np.nanmax(np.abs(values))) / size < 20 else 0
    return [
        [["–" if np.isnan(one) else grouped(one / size, lang, decimals) for one in row] for row in panel]
        for panel in values.tolist()
    ]


def _cells(page: Sheet, place: tuple[float, float, float, float], shades: Floats, words: Any) -> None:
    """Coloured cells, a line where the sign turns, and words where they have room."""
    rows, columns = shades.shape
    axes = page.panel(*place)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    for r in range(rows):
        for c in range(columns):
            colour = _tint(float(shades[r, c]))
            axes.add_patch(Rectangle((c, r), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=0.3))
            if words is not None:
                ink = "#FFFFFF" if _luminance(colour) < 0.18 else INK
                axes.text(c + 0.5, r + 0.5, words[r][c], fontsize=6, ha="center", va="center_baseline", color=ink)
    gains = shades > 0
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and gains[r, c] != gains[r, c + 1]:
                axes.plot([c + 1, c + 1], [r, r + 1], color=INK, linewidth=1.4, clip_on=False)
            if r + 1 < rows and gains[r, c] != gains[r + 1, c]:
                axes.plot([c, c + 1], [r + 1, r + 1], color=INK, linewidth=1.4, clip_on=False)


def _column_names(page: Sheet, batch: Batch, heat: Heat, place: tuple[float, float, float, float], lang: str) -> None:
    """Names of the columns below the cells, so many as have room, and what they are."""
    left, top, width, height = place
    names = [option_name(batch, heat.dims[2], n, lang) for n in heat.options[2]]
    cell = width / len(names)
    stride = int(-(-(max(width_of(name, SIZE) for name in names) + 0.08) // cell))
    if stride > 1 and not _has_order(batch, heat.dims[2]):
        stride, names = 1, fitted_names(names, cell - 0.04, SIZE, 1)
    for c in range(0, len(names), stride):
        page.write(left + (c + 0.5) * cell, top + height + 0.03, names[c], fontsize=SIZE, ha="center")
    page.write(left + width, top + height + 0.17, dimension_name(batch, heat.dims[2], lang), fontsize=SIZE, ha="right",
               color=GREY)  # fmt: skip


def _points_figure(
    batch: Batch, values: Floats, told: tuple[str, str], chosen: Sequence[str], lang: str
) -> tuple[Figure, str]:
    """The measure over each setting, a panel each, a dot for each cell."""
    level, unit, size = _scale(values, told[1])
    across = 2 if len(chosen) in (2, 4) else min(len(chosen), 3)
    width = (WIDTH - 2 * MARGIN - GAP * (across - 1)) / across
    tall = 2.05
    what = text("study-points-what", lang, unit=text(unit, lang) if unit else "%")
    page = sheet(told[0], what, -(-len(chosen) // across) * tall)
    table = values.reshape(batch.shape)
    for n, name in enumerate(chosen):
        axis = next(one for one in batch.axes if one.id == name)
        left, top = MARGIN + n % across * (width + GAP), n // across * tall
        axes = page.panel(left + 0.42, top + 0.08, width - 0.46, tall - 0.62)
        x = np.array(axis.options, dtype=np.float64)
        for row in table:
            gains = row > level
            axes.scatter(x[gains], row[gains], s=7, color=DARK, marker="o", linewidths=0)
            axes.scatter(x[~gains], row[~gains], s=7, color=LOSS, marker="v", linewidths=0)
        axes.axhline(level, color=INK, linewidth=0.8)
        axes.tick_params(labelsize=SIZE)
        in_units(axes.yaxis, lang, size)
        inner_ticks(axes, lang, 1e6 if np.abs(x).max() >= 1e6 else 1.0)
        called = dimension_name(batch, name, lang)
        called += f" ({text('axis-millions', lang)})" if np.abs(x).max() >= 1e6 else ""
        words = fitted(called, width, SIZE, 2)
        page.write(left + 0.42, top + tall - 0.32, words, fontsize=SIZE, color=GREY)
        assert height_of(words, SIZE) < 0.32
    return page.figure, what


def _tint(shade: float) -> tuple[float, float, float]:
    """From white to blue for a gain, to orange for a loss: lightness only falls with size."""
    if np.isnan(shade):
        return to_rgb("#D9D9D9")
    end = to_rgb(DARK if shade > 0 else LOSS)
    part = 0.08 + 0.92 * min(abs(shade), 1.0) if shade else 0.0
    red, green, blue = (1 + part * (one - 1) for one in end)
    return red, green, blue


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
