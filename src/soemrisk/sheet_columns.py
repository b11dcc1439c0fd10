"""Where on a sheet its table is: the row of headings, and which column of the form each column is.

Rows and columns may have been moved, and columns added; what cannot be recognised is told with what was probably meant,
and read as that, so that one wrong heading is one message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from soemrisk.complaints import suggestion_for
from soemrisk.messages import text
from soemrisk.scenario_sheets import SHEETS
from soemrisk.sheet_headings import LANGUAGES, NOTE, heading, headings, plain
from soemrisk.sheet_shapes import Column, Sheet

Grid = Sequence[Sequence[Any]]
Finding = tuple[int | None, str, dict[str, object]]  # column, rule, values
LONGEST_HEADING = 200  # characters; a sheet's title may be longer
SEARCHED = 100  # rows in which the headings are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Headed:
    """A column of a sheet: where it is, which column of the form, its key and language, whether it is the twin."""

    at: int
    column: Column
    key: str = ""
    lang: str = "da"
    twin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The row of headings, its columns, and what is wrong with them: (column or None, rule, values)."""

    row: int
    columns: tuple[Headed, ...]
    wrong: list[Finding] = field(default_factory=list)


SEVERAL_YEARS = re.compile(r"((?:19|20|21)[0-9]{2})\s*[-/–—]\s*[0-9]{2,4}")  # a heading as 2025-26


def is_blank(cell: Any) -> bool:
    """Whether a cell has nothing in it that could be seen.

    Examples
    --------
    >>> is_blank(" "), is_blank(0.0)
    (True, False)
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def layout_of(sheet: Sheet, grid: Grid, lang: str) -> Layout | None:
    """Find the table of a sheet.

    Parameters
    ----------
    sheet : Sheet
    grid : sequence of rows
        Cells from A1 on.
    lang : {"da", "en"}
        In which headings are suggested.

    Returns
    -------
    Layout or None
        None where no row has headings.

    Examples
    --------
    >>> from soemrisk.scenario_sheets import SHEETS
    >>> areas = next(one for one in SHEETS if one.name == "areas")
    >>> layout_of(areas, [["Hovedområder"], ["Id", "Navn"], ["a", "A"]], "da").row
    1
    """
    found = [[_headed(sheet, cell, n) for n, cell in enumerate(row)] for row in grid[:SEARCHED]]
    counts = [sum(one is not None for one in row) for row in found]
    best = max(counts, default=0)
    if best < min(2, len(sheet.columns) - 1):
        return None
    at = counts.index(best)
    known = [one for one in found[at] if one is not None]
    wrong: list[Finding] = []
    columns: dict[tuple[Column, str, bool], Headed] = {}
    for one in known:
        place = (one.column, one.key, one.twin)
        if place in columns:
            wrong.append((one.at, "heading-twice", {"found": str(grid[at][one.at])[:60]}))
        columns.setdefault(place, one)
    missing = [
        heading(column, lang)
        for column in sheet.columns
        if column.usual and not column.many and (column, "", False) not in columns
    ]
    for n in range(max(map(len, grid))):
        if n >= len(found[at]) or found[at][n] is None:
            meant = _unrecognised(sheet, (grid, at, n), missing, lang, wrong)
            probable = _headed(sheet, meant, n) if meant else None
            if probable is not None:
                columns.setdefault((probable.column, probable.key, probable.twin), probable)
    return Layout(row=at, columns=tuple(columns.values()), wrong=wrong)


def _unrecognised(
    sheet: Sheet, where: tuple[Grid, int, int], missing: list[str], lang: str, wrong: list[Finding]
) -> str | None:
    """Tell what is wrong with a column that has no heading of the form; the heading that was probably meant."""
    grid, at, n = where
    cell = grid[at][n] if n < len(grid[at]) else ""
    if isinstance(cell, str) and NOTE.match(cell.strip()):
        return None
    if is_blank(cell):
        if not any(n < len(row) and not is_blank(row[n]) for row in grid[at + 1 :]):
            return None
        wrong.append((n, "heading-gone", {"allowed": missing or _allowed(sheet, lang)}))
        return missing[0] if len(missing) == 1 else None
    shown = str(cell).strip()[:60]
    several = SEVERAL_YEARS.fullmatch(shown)
    if several and any(column.many == "year" for column in sheet.columns):
        wrong.append((n, "heading-years", {"found": shown, "year": several[1]}))
        return several[1]
    meant = suggestion_for(shown, missing) or suggestion_for(shown, _allowed(sheet, lang))
    usual = [heading(one, lang) for one in sheet.columns if one.usual and not one.many]
    wrong.append((n, "heading-unknown", {"found": shown, "allowed": usual, "suggestion": meant}))
    return meant


def _allowed(sheet: Sheet, lang: str) -> list[str]:
    """Headings of a sheet in a language."""
    return [heading(one, lang) for one in sheet.columns if not one.many]


@cache
def _known(name: str) -> dict[str, tuple[Column, str, bool]]:
    """Headings of a sheet as compared, to column, language and twin."""
    sheet = next(one for one in SHEETS if one.name == name)
    return {said: (column, lang, twin) for said, column, lang, twin in headings(sheet)}


@cache
def _beginnings(head: str) -> tuple[str, ...]:
    """How headings with a key begin, as compared."""
    return tuple(plain(text(f"column-{head}", lang, key="")) for lang in LANGUAGES)


def _headed(sheet: Sheet, cell: Any, at: int) -> Headed | None:
    """The column of the form that a cell is the heading of."""
    if is_blank(cell) or len(str(cell)) > LONGEST_HEADING:
        return None
    said = plain(f"{cell:.15g}" if isinstance(cell, float) else cell)
    found = _known(sheet.name).get(said)
    if found is not None:
        return Headed(at=at, column=found[0], lang=found[1], twin=found[2])
    keys = ((column, _key(column, said)) for column in sheet.columns if column.many)
    return next((Headed(at=at, column=column, key=key) for column, key in keys if key), None)


def _key(column: Column, said: str) -> str:
    """Year, actor or position that a heading names; empty where it is none of the column's."""
    if column.many == "year":
        return said if len(said) == 4 and said.isdigit() and 1900 <= int(said) <= 2200 else ""
    for begins in _beginnings(column.head):
        rest = said.removeprefix(begins).strip()
        if said.startswith(begins) and rest and (column.many == "actor" or (rest.isascii() and rest.isdigit())):
            return rest if column.many == "actor" else str(int(rest))
    return ""
