"""How pictures look and how they become bytes: colours, type, places in inches, words that fit, SVG and PNG.

Colours by actor hold in grey and for colour-blind readers (kommune, region, stat differ in lightness: L* 37, 60, 12).
Words are measured before they are set, so that no name can run into another.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from matplotlib import get_data_path
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedLocator, FuncFormatter

from soemrisk.digits import NO_BREAK, grouped
from soemrisk.letters import one_direction
from soemrisk.names import ENDS, fitting, told_apart

KINDS = ("svg", "png")  # of files of a picture
COLOURS = ("#005A99", "#CC8000", "#1F1F1F", "#7A3B69", "#4C7A34")  # white background: contrast ≥ 3.2
MARKERS = ("o", "s", "^", "D", "v")
DASHES = ("solid", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2)), (0, (1, 1)))
ACTORS = len(COLOURS)  # with a colour, marker and dash of their own
TOTAL = "#FFFFFF"
DARK, LIGHT, INK, GREY = "#005A99", "#CFE0EE", "#000000", "#404040"
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "soemrisk",
    "svg.fonttype": "none",
    "axes.titlelocation": "left",
    "text.parse_math": False,  # names come from users; $ is a character like any other
}

WIDTH = 7.2  # inches, of a page with margins
SMALLEST = 8.0  # points of the smallest type: 7.5 where a page leaves 6.8 inches
MARGIN = 0.12
SPACING = 1.25  # between lines, of the size of the type
POINTS = 72.0  # an inch
SAFE = 1.03  # words are up to so much wider on a screen, where letters stand on whole pixels
CAPITAL, PITCH = 0.73, 1.15  # height of a capital and distance of two baselines, of the size of the type


def font_folder() -> Path:
    """Folder of the fonts in which pictures are set."""
    return Path(get_data_path()) / "fonts/ttf"


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """Code points that the font of the pictures has."""
    return frozenset(FT2Font(str(font_folder() / "DejaVuSans.ttf")).get_charmap())


def drawable(words: str) -> str:
    r"""Words in which a letter without a glyph is named, and one that shows nothing is a blank; lines stay.

    Examples
    --------
    >>> drawable("pris\t\U0001f9a9")
    'pris [flamingo]'
    """
    return "".join(c if c == "\n" or ord(c) in letters() else _named(c) for c in one_direction(words))


def _named(letter: str) -> str:
    if unicodedata.category(letter)[0] in "CZM":
        return " "
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def picture_bytes(
    figure: Figure, name: str, alt: tuple[str, str] | None = None, kinds: Sequence[str] = KINDS
) -> dict[str, bytes]:
    """A picture as SVG and PNG, the same bytes for the same figure.

    Parameters
    ----------
    figure : Figure
    name : str
        Of the files, without ending.
    alt : (title, description), optional
        What is read to those who do not see it.
    kinds : sequence of {"svg", "png"}
        Those that are needed: each takes its time.

    Returns
    -------
    dict of str to bytes
    """
    drawn = {}
    for kind in kinds:
        metadata = {"Date": None, "Creator": "soemrisk"} if kind == "svg" else {"Software": "soemrisk"}
        stream = io.BytesIO()
        extra = {"Title": alt[0], "Description": alt[1]} if alt is not None and kind == "png" else {}
        figure.savefig(stream, format=kind, metadata=metadata | extra, dpi=200)
        drawn[f"{name}.{kind}"] = stream.getvalue()
    if alt is not None and "svg" in kinds:
        drawn[f"{name}.svg"] = _described(drawn[f"{name}.svg"], name, alt)
    return drawn


def _described(svg: bytes, name: str, alt: tuple[str, str]) -> bytes:
    """Put title and description first in an SVG, where readers of screens look for them."""
    title, description = (escape(_clean(words), quote=False) for words in alt)
    ids = f"{name}-title", f"{name}-desc"
    head = f'<title id="{ids[0]}">{title}</title><desc id="{ids[1]}">{description}</desc>'
    opening = re.compile(rb"<svg [^>]*>")
    match = opening.search(svg)
    assert match is not None
    tag = match.group(0)[:-1] + f' role="img" aria-labelledby="{ids[0]} {ids[1]}">'.encode()
    return svg[: match.start()] + tag + head.encode() + svg[match.end() :]


def _clean(words: str) -> str:
    """Without characters that XML and pictures cannot hold."""
    return "".join(c if c.isprintable() or c == NO_BREAK else " " for c in one_direction(words))


@lru_cache(maxsize=4096)
def width_of(words: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(drawable(words).replace("\n", " "), font, ismath=False)
    return SAFE * float(width) / POINTS


def fitted(words: str, inches: float, size: float, lines: int = 2, weight: str = "normal") -> str:
    r"""Words broken to a width, cut with … where they are too many for the lines.

    Parameters
    ----------
    words : str
    inches : float
    size : float
        Of the type, in points.
    lines : int
        Not more than so many.
    weight : {"normal", "bold"}

    Returns
    -------
    str

    Examples
    --------
    >>> fitted("Herberg", 2.0, 8), fitted("to ord", 0.3, 8), fitted("alt for langt", 0.3, 8, 1)
    ('Herberg', 'to\nord', 'alt…')
    """

    def fits(line: str) -> bool:
        return width_of(line, size, weight) <= inches

    found: list[str] = []
    rest = drawable(words).replace("\n", " ").strip().replace("§ ", f"§{NO_BREAK}")
    while rest:
        line, rest = _first_line(rest, fits)
        if len(found) == lines - 1 and rest:
            line = f"{line} {rest}"
            while line and not fits(line.rstrip(" ,;:(") + "…"):
                line = line[:-1]
            found.append(line.rstrip(" ,;:(") + "…")
            break
        found.append(line)
    return "\n".join(found)


def fitted_name(name: str, inches: float, size: float, lines: int = 2, end: int = ENDS[0]) -> str:
    """A name in its place: cut in its middle, so that names that differ at their ends stay apart."""
    short = fitting(name, end, lambda words: not fitted(words, inches, size, lines).endswith("…"))
    return fitted(short, inches, size, lines)


def fitted_names(names: Sequence[str], inches: float, size: float, lines: int = 2) -> list[str]:
    """Names of what stands together, each in its place and no two alike."""
    return told_apart(names, lambda name, end: fitted_name(name, inches, size, lines, end))


def balanced(words: str, inches: float, size: float, lines: int, weight: str = "bold") -> str:
    """As ``fitted``, with lines of about one length: no word stands alone in the last."""
    widest = fitted(words, inches, size, lines, weight)
    if widest.endswith("…"):
        return widest
    tried = (fitted(words, inches * n / 20, size, lines + 1, weight) for n in range(10, 21))
    return next(one for one in (*tried, widest) if one.count("\n") == widest.count("\n"))


def _first_line(words: str, fits: Any) -> tuple[str, str]:
    """The first line of words and what is left; a word that is too long is broken."""
    line, rest = "", words
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if not fits(longer):
            break
        line = longer
        rest = words[len(line) + 1 :]
    if line:
        return line, rest
    end = next((n for n in range(len(words), 1, -1) if fits(words[:n])), 1)
    return words[:end], words[end:].lstrip()


def height_of(words: str, size: float) -> float:
    """Height in inches of the lines of a text."""
    return (words.count("\n") + 1) * size * SPACING / POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A figure whose places are inches from its upper left corner.

    Attributes
    ----------
    figure : Figure
    top : float
        Where the titles end.
    """

    figure: Figure
    top: float

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place below the titles."""
        wide, high = self.figure.get_size_inches()
        bottom = high - self.top - top - height
        return self.figure.add_axes((left / wide, bottom / high, width / wide, height / high))

    def write(self, left: float, top: float, words: str, **kind: Any) -> None:
        """Text at a place below the titles, from its upper left corner."""
        wide, high = self.figure.get_size_inches()
        place: dict[str, Any] = {"ha": "left", "va": "top", "fontsize": 8, "linespacing": SPACING} | kind
        self.figure.text(left / wide, (high - self.top - top) / high, drawable(words), **place)

    def write_level(self, left: float, middle: float, words: str, size: float, **kind: Any) -> None:
        """Text whose lines stand around a height by their baselines, so that letters with tails do not lift it."""
        lines = words.split("\n")
        for n, line in enumerate(lines):
            baseline = middle + (CAPITAL / 2 + (n - (len(lines) - 1) / 2) * PITCH) * size / POINTS
            self.write(left, baseline, line, fontsize=size, va="baseline", linespacing=1.0, **kind)


def sheet(message: str, what: str, height: float) -> Sheet:
    """A figure with two titles, the message and what is shown, and room below them.

    Parameters
    ----------
    message, what : str
    height : float
        Of the room, inches.

    Returns
    -------
    Sheet
    """
    inches = WIDTH - 2 * MARGIN
    first, second = balanced(message, inches, 11, 3), fitted(what, inches, 8, 5)
    below = MARGIN + height_of(first, 11) + 0.05
    top = below + height_of(second, 8) + 0.12
    figure = Figure(figsize=(WIDTH, top + height))
    page = Sheet(figure=figure, top=0.0)
    page.write(MARGIN, MARGIN, first, fontsize=11, fontweight="bold")
    page.write(MARGIN, below, second, color=GREY)
    return Sheet(figure=figure, top=top)


KNOWN = {"kommune": 1, "region": 2, "stat": 3}  # actors whose looks are the same in every scenario


def ranks_of(actors: Iterable[str], shown: Iterable[str]) -> dict[str, int]:
    """Which look each actor of a picture has: 0 for the total, and no two alike while there are looks.

    Parameters
    ----------
    actors : iterable of str
        All of the scenario, in the order of its file.
    shown : iterable of str
        Those of the picture.

    Returns
    -------
    dict of str to int
        Of those that are shown. Actors that everybody knows have their own look in every scenario, and the others what
        is left, the same in all pictures of a scenario unless another in the picture has it.

    Examples
    --------
    >>> ranks_of(["total", "stat", "forvaltning", "kommune"], ["total", "forvaltning", "kommune"])
    {'total': 0, 'forvaltning': 2, 'kommune': 1}
    """
    every, several = list(actors), list(shown)
    fixed = {"total": 0} | KNOWN
    left = _left({fixed[actor] for actor in every if actor in fixed})
    own = {actor: (next(left) - 1) % ACTORS + 1 for actor in every if actor not in fixed}
    found = {actor: fixed[actor] for actor in several if actor in fixed}
    for actor in several:
        if actor not in fixed:
            taken = set(found.values())
            found[actor] = next(_left(taken)) if own[actor] in taken else own[actor]
    return {actor: found[actor] for actor in several}


def _left(taken: Collection[int]) -> Iterator[int]:
    """Looks that nobody has."""
    return (n for n in count(1) if n not in taken)


def colour_of(rank: int) -> str:
    """Colour of an actor by its rank."""
    return COLOURS[(rank - 1) % len(COLOURS)]


def look_of(rank: int) -> dict[str, Any]:
    """Colour, marker and dash of a line: the total (0) is an outline, each actor has its own."""
    if rank == 0:
        return {
            "color": INK, "linewidth": 1.0, "linestyle": (0, (1, 1)), "marker": "o",
            "markersize": 5, "markerfacecolor": "#FFFFFF", "markeredgecolor": INK,
        }  # fmt: skip
    n = (rank - 1) % len(COLOURS)
    return {"color": COLOURS[n], "linewidth": 1.6, "linestyle": DASHES[n], "marker": MARKERS[n], "markersize": 5}


COLUMN, BESIDE, LINE = 1.7, 0.6, 0.2  # inches of an entry of a key, of it beside its name, and its height


@dataclass(frozen=True, slots=True)
class Key:
    """Which line is whose: as many entries in a row as have room."""

    names: Sequence[str]
    ranks: Sequence[int]

    @property
    def columns(self) -> int:
        """Entries in a row."""
        longest = max(width_of(name, 7.5) for name in self.names) + BESIDE
        return int((WIDTH - 2 * MARGIN) / min(max(COLUMN, longest), (WIDTH - 2 * MARGIN) / 2))

    @property
    def height(self) -> float:
        """Inches."""
        return -(-len(self.names) // self.columns) * LINE

    def write(self, page: Sheet, top: float) -> None:
        """Set all entries from a height below the titles on."""
        column = max(COLUMN, (WIDTH - 2 * MARGIN) / self.columns) if self.columns < 4 else COLUMN
        for n, name in enumerate(fitted_names(self.names, column - BESIDE, SMALLEST, 1)):
            left, height = MARGIN + 0.1 + n % self.columns * column, top + n // self.columns * LINE
            axes = page.panel(left, height, 0.38, 0.15)
            axes.plot([0, 0.5, 1], [0, 0, 0], markevery=[1], **look_of(self.ranks[n]))
            axes.set_axis_off()
            page.write_level(left + 0.45, height + 0.075, name, SMALLEST)


def in_units(axis: Axis, lang: str, size: float = 1e6) -> None:
    """Label the ticks in millions, or another size, with the decimals that their distance needs."""
    ticks = axis.get_majorticklocs()
    gap = abs(ticks[1] - ticks[0]) / size if len(ticks) > 1 else 1.0
    decimals = next((n for n in range(4) if abs(gap * 10**n - round(gap * 10**n)) < 1e-6), 4)
    axis.set_major_formatter(FuncFormatter(lambda value, _: grouped(value / size, lang, decimals)))


def unit_of(amounts: Sequence[float]) -> tuple[str, float]:
    """Text id and size in kr. of the unit that suits amounts: millions, thousands or kroner."""
    largest = max(map(abs, amounts), default=0.0)
    if largest >= 1e6:
        return "axis-millions", 1e6
    return ("axis-thousands", 1e3) if largest >= 1e4 else ("unit-kroner", 1.0)


def inner_ticks(axes: Axes, lang: str, size: float, room: float = 0.16) -> None:
    """Ticks of the x axis so far inside that their labels stay within its width, as many as do not touch."""
    from matplotlib.ticker import MaxNLocator

    low, high = axes.get_xlim()
    inches = axes.get_position().width * WIDTH / (high - low)
    for most in (6, 5, 4, 3, 2):
        places = MaxNLocator(nbins=most, steps=[1, 2, 5, 10]).tick_values(low, high)
        shown = [x for x in places if low + room / inches <= x <= high - room / inches]
        axes.xaxis.set_major_locator(FixedLocator(shown))
        in_units(axes.xaxis, lang, size)
        labels = [width_of(axes.xaxis.get_major_formatter()(x), SMALLEST) for x in shown]
        if len(shown) < 2 or max(labels) + 0.06 <= (shown[1] - shown[0]) * inches:
            return
