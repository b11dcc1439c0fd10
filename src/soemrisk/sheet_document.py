"""A document that is put together value by value, each from its cell: what ``tomllib`` would give, and where it stands.

Apart from ``sheet_reading``, which knows what sheets say; here are only places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from soemrisk.complaints import Where

Place = tuple[str | int, ...]  # a whole number is a position in a list
Stated = tuple[tuple[str, ...], Any, int]  # path below the row's table, value, cell
WIDE, LONG = 100_000, 1_000_000  # a cell is one number: sheet, row, column
WHOLE_SHEET = WIDE - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A scenario that was read from sheets.

    Attributes
    ----------
    document : dict
        As ``tomllib`` would give it.
    cells : dict
        Place to the number of its cell, in the order of sheets, rows and columns; ``cell_name`` gives its name.
    told : list of (cell or None, rule, values)
        What is wrong with the sheets themselves.
    places : set
        Places of which that says all.
    tabs : list of str
        Names of the sheets.
    """

    tabs: list[str]
    document: dict[str, Any] = field(default_factory=dict)
    cells: dict[Where, int] = field(default_factory=dict)
    told: list[tuple[int | None, str, dict[str, object]]] = field(default_factory=list)
    places: set[Where] = field(default_factory=set)


def cell_number(tab: int, row: int, column: int) -> int:
    """Number of a cell, which rises by sheet, row and column."""
    return (tab * LONG + row) * WIDE + column


def cell_name(book: Workbook, cell: int) -> str:
    """Name of a cell as Excel writes it.

    Examples
    --------
    >>> cell_name(Workbook(tabs=["Priser", "Fælles faktorer"]), (LONG + 4) * WIDE + 1)
    "'Fælles faktorer'!B5"
    """
    row, column = divmod(cell, WIDE)
    tab, row = divmod(row, LONG)
    name = book.tabs[tab]
    shown = name if name.isalnum() else "'" + name.replace("'", "''") + "'"
    return shown if column == WHOLE_SHEET else f"{shown}!{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Letters of a column, from 0.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    left, last = divmod(column, 26)
    return (letters(left - 1) if left else "") + chr(65 + last)


def named(place: Place) -> Where:
    """A place as messages know it, positions as text."""
    return tuple(str(part) for part in place)


def state(book: Workbook, home: Place, stated: list[Stated]) -> None:
    """Put what a row states below a place."""
    for path, value, cell in stated:
        if isinstance(value, dict):
            merge(book, (*home, *path), value, cell)
        else:
            put(book, (*home, *path), value, cell)


def merge(book: Workbook, place: Place, table: dict[str, Any], cell: int) -> None:
    """Put a table into the document key by key."""
    if not table and place:
        put(book, place, {}, cell)
    for key, value in table.items():
        if isinstance(value, dict):
            merge(book, (*place, key), value, cell)
        else:
            put(book, (*place, key), value, cell)


def put(book: Workbook, place: Place, value: Any, cell: int | None) -> None:
    """Put one value into the document; what is there already is told where it differs."""
    table: Any = book.document
    for n, part in enumerate(place):
        last = n == len(place) - 1
        new: Any = value if last else [] if isinstance(place[n + 1], int) else {}
        if isinstance(part, int):
            if not isinstance(table, list):
                return
            table += [new] * (part == len(table))
            table = table[part]
        else:
            if not isinstance(table, dict):
                _tell_twice(book, place, cell)
                return
            if last and part in table and table[part] != value and value != {} and cell is not None:
                _tell_twice(book, place, cell)
                return
            table = table.setdefault(part, new)
        if cell is not None:
            book.cells.setdefault(named(place[: n + 1]), cell)


def _tell_twice(book: Workbook, place: Place, cell: int | None) -> None:
    book.told.append((cell, "cell-stated-twice", {"key": ".".join(named(place))}))
    book.places.add(named(place))
