"""What a memo consists of, whatever it is written as: sections of plain text, tables and pictures.

Texts are plain and carry no markup: each writer escapes them for its own format, so that nothing that a user typed can
become part of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from soemrisk.letters import one_direction

Role = Literal["plain", "lead", "caution", "note"]
Look = Literal["numbers", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Sentences that belong together; ``role`` says how they stand out."""

    words: str
    role: Role = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """Sentences that stand beside each other."""

    lines: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactBox:
    """What is calculated: label and text, row by row."""

    title: str
    rows: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table.

    Attributes
    ----------
    title : str
        What it shows.
    head : tuple of str
    rows : tuple of tuple of str
        As long as the head; the first cell names the row.
    look : {"numbers", "words"}
        All columns but the first to the right, or all to the left.
    left : int
        Columns of words at the left, where the others are numbers.
    widths : tuple of float
        Of the columns, as parts of the page; they add up to 1.
    strong : tuple of int
        Positions of rows that stand out: totals.
    note : str
        What stands below it; empty where nothing does.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    look: Look
    widths: tuple[float, ...]
    left: int = 1
    strong: tuple[int, ...] = ()
    note: str = ""
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by its name in ``Memo.pictures``; its two titles are in it.

    Attributes
    ----------
    name : str
    alt : str
        Type, message and three numbers, for who cannot see it.
    width : float
        As a part of the page.
    """

    name: str
    alt: str
    width: float = 1.0
    kind: Literal["picture"] = "picture"


Part = Paragraph | Bullets | FactBox | Grid | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it.

    Attributes
    ----------
    key, title : str
    parts : tuple of Part
    own_page : bool
        Whether it begins a page on paper.
    small : bool
        Whether its type is smaller: what is looked up and not read.
    """

    key: str
    title: str
    parts: tuple[Part, ...]
    own_page: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """One memo in one language.

    Attributes
    ----------
    lang : {"da", "en"}
    kind : str
        What sort of document it is, over the title.
    title : str
    line : str
        Window, price year, index and base year.
    sections : tuple of Section
    foot : str
        On every page, beside its number.
    page_word : str
        Before the number of a page.
    pictures : mapping of str to bytes
        ``<name>.svg``, ``<name>.png``, or both, as the formats need.
    """

    lang: str
    kind: str
    title: str
    line: str
    sections: tuple[Section, ...]
    foot: str
    page_word: str
    pictures: Mapping[str, bytes]


def in_one_direction(memo: Memo) -> Memo:
    """The same document without letters that turn others around."""
    told = {one.name: _turned(getattr(memo, one.name)) for one in fields(memo) if one.name != "pictures"}
    return replace(memo, **told)


def _turned(value: Any) -> Any:
    if isinstance(value, str):
        return one_direction(value)
    if isinstance(value, tuple):
        return tuple(_turned(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _turned(getattr(value, one.name)) for one in fields(value)})
    return value
