"""The 2×2 as a picture: usikkerhed over betydning, numbered points, and a list of what they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from soemrisk.chart_style import (
    DARK,
    GREY,
    INK,
    LIGHT,
    MARGIN,
    SMALLEST,
    WIDTH,
    Sheet,
    fitted_names,
    height_of,
    sheet,
    width_of,
)
from soemrisk.digits import percent
from soemrisk.driver_rows import largest, levels_of_evidence, reach
from soemrisk.driver_stories import PLACES, placed
from soemrisk.driver_tales import Tale
from soemrisk.names import element_names

LEFT, SIDE = 0.68, 2.6  # inches: left of the plot, and its width and height
STRIP = 0.26  # inches above and below the points, for the names of the quadrants
RADIUS = 0.095
WIDEST = 4.0  # relative width beyond which a point stands at the edge
TICKS = (0.0, 1.0, 0.5, 0.25, 0.1, 2.0, 0.05, 4.0, 0.01)  # the first that have room
APART = 0.42  # inches between ticks
LOOKS: Mapping[str, tuple[str, str, str]] = {  # face, edge, ink
    "most": (DARK, DARK, "#FFFFFF"),
    "open": ("#FFFFFF", INK, INK),
    "less": (LIGHT, DARK, INK),
    "not": ("#FFFFFF", "#8A8A8A", INK),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A compressed axis: inches from the corner for a value, by its square root."""

    most: float
    inches: float

    def __call__(self, value: float) -> float:
        """Inches of a value; what lies beyond stands at the edge."""
        return math.sqrt(min(max(value, 0.0), self.most) / self.most) * self.inches


def priorities(tale: Tale, message: str) -> Figure:
    """The 2×2 of the deciding actor.

    Parameters
    ----------
    tale : Tale
    message : str

    Returns
    -------
    Figure
    """
    rows = tale.found["priorities"]["actors"][tale.actor]
    by_place = placed(tale.found)
    order = [key for place in PLACES for key in by_place[place]]
    numbered, rest = largest(order, tale.most)
    listed = _legend(tale, numbered, rows)
    room = max(SIDE + 2 * STRIP + 0.55, sum(height for _, height in listed) + 0.1)
    page = sheet(message, _what(tale, rest, rows), room)
    scales = _scales(tale, rows)
    axes = _plot(page, tale, scales)
    limits = tale.found["priorities"]["thresholds"]
    corner = (scales[0](limits["importance"]), scales[1](limits["width"]))
    taken: list[tuple[float, float]] = []
    for number, key in enumerate(numbered, 1):
        _point(axes, (str(number), rows[key]), (scales, corner), taken)
    for key in rest:
        x, y = _at(rows[key], scales)
        axes.plot(x, y, marker=".", markersize=4, color=GREY, zorder=2, clip_on=False)
    _write_legend(page, listed)
    return page.figure


def _what(tale: Tale, rest: Sequence[str], rows: Mapping[str, Mapping[str, Any]]) -> str:
    settings = tale.found["priorities"]
    limits = {name: percent(value, tale.lang) for name, value in settings["thresholds"].items()}
    lines = [tale.say("places-what", kind=tale.say(f"kind-of-{settings['importance']}"), **limits)]
    if any(row["category"] == "open" for row in rows.values()):
        lines.append(tale.say("places-errors"))
    if levels_of_evidence(tale.found):
        lines.append(tale.say("places-evidence"))
    if rest:
        lines.append(tale.say("places-rest", count=len(rest)))
    lines += tale.together_note()
    return " ".join(lines)


def _scales(tale: Tale, rows: Mapping[str, Mapping[str, Any]]) -> tuple[Scale, Scale]:
    """Scales of importance and of uncertainty, with room beyond what there is and around the thresholds."""
    limits = tale.found["priorities"]["thresholds"]
    importance = max([2.5 * limits["importance"], *(row["importance"] for row in rows.values())]) * 1.08
    known = [min(row["width"], WIDEST) for row in rows.values() if row["width"] is not None]
    uncertainty = max([2.5 * limits["width"], *known]) * 1.08
    return Scale(most=importance or 1.0, inches=SIDE), Scale(most=uncertainty or 1.0, inches=SIDE)


def _at(row: Mapping[str, Any], scales: tuple[Scale, Scale]) -> tuple[float, float]:
    width = scales[1].most if row["width"] is None else row["width"]
    return scales[0](row["importance"]), scales[1](width)


def _plot(page: Sheet, tale: Tale, scales: tuple[Scale, Scale]) -> Axes:
    """The four fields with their names, in inches."""
    limits = tale.found["priorities"]["thresholds"]
    x, y = scales[0](limits["importance"]), scales[1](limits["width"])
    axes = page.panel(LEFT, 0.0, SIDE, SIDE + 2 * STRIP)
    axes.set_xlim(0, SIDE)
    axes.set_ylim(-STRIP, SIDE + STRIP)
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)
    axes.axvline(x, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axes.axhline(y, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axes.axvspan(x, SIDE, ymin=(y + STRIP) / (SIDE + 2 * STRIP), color="#F1F5F9", zorder=0)
    fields = ((0.0, x, SIDE, "less"), (x, SIDE, SIDE, "most"), (0.0, x, -STRIP, "not"), (x, SIDE, -STRIP, "less"))
    for start, end, bottom, place in fields:
        words = tale.say(f"place-title-{place}")
        if width_of(words, 8, "bold") < end - start - 0.07:
            axes.text(start + 0.06, bottom + STRIP / 2, words, fontsize=8, fontweight="bold", va="center", color=GREY)
    kind = tale.found["priorities"]["importance"]
    label = "axis-importance" if kind == "evppi" else f"axis-importance-{kind}"
    axes.set_xlabel(tale.say(label), fontsize=8)
    axes.set_ylabel(tale.say("axis-uncertainty"), fontsize=8)
    for axis, scale, limit in ((axes.xaxis, scales[0], limits["importance"]), (axes.yaxis, scales[1], limits["width"])):
        values = _ticks(scale, limit)
        axis.set_ticks([scale(value) for value in values], [percent(value, tale.lang) for value in values])
        axis.set_tick_params(labelsize=SMALLEST)
    return axes


def _ticks(scale: Scale, threshold: float) -> list[float]:
    """The threshold, and round values that have room beside it."""
    found = [threshold]
    for value in TICKS:
        if value <= scale.most and all(abs(scale(value) - scale(other)) >= APART for other in found):
            found.append(value)
    return sorted(found)


def _point(
    axes: Axes,
    one: tuple[str, Mapping[str, Any]],
    frame: tuple[tuple[Scale, Scale], tuple[float, float]],
    taken: list[tuple[float, float]],
) -> None:
    """A number in a circle at its place, or beside it with a line; ``frame`` is the scales and where fields meet."""
    number, row = one
    scales, corner = frame
    x, y = _at(row, scales)
    face, edge, ink = LOOKS[row["category"]]
    for scale, value, error, across in (
        (scales[0], row["importance"], row["importance_mcse"], True),
        (scales[1], row["width"], row["width_mcse"], False),
    ):
        if value is not None and error > 0:
            ends = [scale(value - reach(error)), scale(value + reach(error))]
            axes.plot(*((ends, [y, y]) if across else ([x, x], ends)), color=INK, linewidth=0.9, zorder=2)
    centre = free_place((x, y), corner, taken)
    taken.append(centre)
    if centre != (x, y):
        axes.plot([x, centre[0]], [y, centre[1]], color=GREY, linewidth=0.6, zorder=2)
        axes.plot(x, y, marker=".", markersize=4, color=INK, zorder=3, clip_on=False)
    style = {"linestyle": (0, (2, 1.5))} if row["category"] == "open" else {}
    axes.add_patch(_circle(centre, {"facecolor": face, "edgecolor": edge, **style}))
    _number(axes, centre, number, ink)


def _number(axes: Axes, centre: tuple[float, float], number: str, ink: str) -> None:
    axes.text(
        *centre, number, fontsize=SMALLEST, ha="center", va="center_baseline", color=ink, fontweight="bold", zorder=6
    )


def _circle(centre: tuple[float, float], style: Mapping[str, Any]) -> Circle:
    return Circle(centre, RADIUS, linewidth=1.0, zorder=5, clip_on=False, **style)


def free_place(
    own: tuple[float, float], corner: tuple[float, float], taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Where a number stands: at its own place, or the nearest on a spiral that no other has and that is in its field.

    Parameters
    ----------
    own : (float, float)
        Inches from the lower left corner of the points.
    corner : (float, float)
        Where the four fields meet; what is on its edge is in the field above it.
    taken : sequence of (float, float)
        Places of the numbers before.

    Returns
    -------
    (float, float)
        Where a field is full, the place that is farthest from the others.

    Examples
    --------
    >>> free_place((1.0, 0.9), (2.0, 1.0), []), free_place((1.0, 0.9), (2.0, 1.0), [(1.0, 0.8)])[1] < 1.0 - RADIUS
    ((1.0, 0.9), True)
    """
    fields = [(edge, SIDE) if value >= edge else (0.0, edge) for value, edge in zip(own, corner, strict=True)]

    def nearest(place: tuple[float, float]) -> float:
        return min((math.dist(place, other) for other in taken), default=math.inf)

    gap = 2 * RADIUS + 0.02
    free = (place for place in _around(own, fields) if nearest(place) >= gap)
    return next(free, None) or max(_around(own, fields), key=nearest)


def _around(own: tuple[float, float], fields: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The own place, unless it is at an edge of the plot, and others in the same field on a spiral around it."""
    x, y = (value if _within(value, 0.0, SIDE) == value else _within(value, *fields[n]) for n, value in enumerate(own))
    yield x, y
    for n in range(1, 4000):
        turn, distance = 2.399963 * n, 0.03 * math.sqrt(n) + 0.1
        x, y = own[0] + distance * math.cos(turn), own[1] + distance * math.sin(turn)
        yield _within(x, *fields[0]), _within(y, *fields[1])


def _within(value: float, low: float, high: float) -> float:
    """A coordinate at which a circle stands between two edges; in the middle where they are nearer than it is wide."""
    spare = min(RADIUS + 0.02, (high - low) / 2)
    return min(max(value, low + spare), high - spare)


def _legend(tale: Tale, numbered: Sequence[str], rows: Mapping[str, Mapping[str, Any]]) -> list[tuple[Any, float]]:
    """What stands in the list beside the plot: (place, number, words) with their heights, inches."""
    names, levels = element_names(tale.scenario, tale.found["inputs"], tale.lang), levels_of_evidence(tale.found)
    inches = WIDTH - MARGIN - (LEFT + SIDE + 0.2) - 0.26
    found: list[tuple[Any, float]] = []
    before = None
    short = fitted_names([names[key] for key in numbered], inches, SMALLEST)
    for number, (key, name) in enumerate(zip(numbered, short, strict=True), 1):
        stated = ", ".join(map(str, levels.get(key, ())))
        words = f"{name}\n{tale.say('evidence-of', levels=stated)}" if stated else name
        place = rows[key]["category"]
        if place != before:
            found.append(((place, "", tale.say(f"place-title-{place}")), 0.22))
            before = place
        found.append(((place, str(number), words), max(height_of(words, SMALLEST), 2 * RADIUS) + 0.08))
    return found


def _write_legend(page: Sheet, listed: Sequence[tuple[Any, float]]) -> None:
    left, top = LEFT + SIDE + 0.2, 0.0
    for (place, number, words), height in listed:
        if not number:
            page.write(left, top + 0.03, words, fontsize=8, fontweight="bold")
        else:
            face, edge, ink = LOOKS[place]
            axes = page.panel(left, top, 2 * RADIUS + 0.02, 2 * RADIUS + 0.02)
            axes.set_xlim(0, 2 * RADIUS + 0.02)
            axes.set_ylim(0, 2 * RADIUS + 0.02)
            axes.set_axis_off()
            centre = (RADIUS + 0.01, RADIUS + 0.01)
            style = {"linestyle": (0, (2, 1.5))} if place == "open" else {}
            axes.add_patch(_circle(centre, {"facecolor": face, "edgecolor": edge, **style}))
            _number(axes, centre, number, ink)
            page.write_level(left + 0.26, top + RADIUS + 0.01, words, SMALLEST)
        top += height
