"""A scenario as rows of cells: what goes into which sheet, column and row of the form.

Pure, and the inverse of ``sheet_reading``. What no column takes goes into the column »Øvrigt« of its row as TOML, and
what no row takes into the field »Øvrigt« of the settings, so that nothing is lost.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from soemrisk.complaints import steps_by_position, steps_by_year
from soemrisk.scenario_sheets import SHEETS
from soemrisk.sheet_headings import LANGUAGES
from soemrisk.sheet_shapes import MANY, Column, Field, Path, Sheet
from soemrisk.sheet_values import LONGEST, holds, write_cell
from soemrisk.toml_text import toml_text

Row = dict[tuple[int, str, bool], Any]  # (column of the sheet, key of MANY, twin) → cell
WHEN = ("from", "above")  # which step a row is
BEGINNING = (-1, -1)
YEARS, POSITIONS = 5, 10  # columns that a sheet has at least; SØM's consequences have ten years
LAST_YEAR = 2200
YEAR_BEFORE_ALL = 2025  # of a form without any year
PIECE = 30_000  # characters of a cell of the field »Øvrigt«


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A sheet with its columns (column of the form, key of ``MANY``, twin), and its rows of cells."""

    sheet: Sheet
    columns: tuple[tuple[Column, str, bool], ...]
    rows: tuple[tuple[Any, ...], ...]
    fields: tuple[Field | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """All sheets, lists of observations by place, and what could not be put anywhere."""

    sheets: tuple[Filled, ...]
    observed: dict[str, list[float]]
    left: dict[str, Any]


def filled_sheets(document: dict[str, Any], lang: str) -> Filling:
    """Put a document into the sheets of the form.

    Parameters
    ----------
    document : dict
        A scenario, its observations as lists.
    lang : {"da", "en"}
        Of what drop-downs and labels show.

    Returns
    -------
    Filling

    Examples
    --------
    >>> filling = filled_sheets({"schema": 1, "areas": {"a": {"name": "A", "new": 1}}}, "da")
    >>> next(one.rows for one in filling.sheets if one.sheet.name == "areas")
    (('a', 'A', None, 'new = 1'),)
    """
    rest = copy.deepcopy(document)
    rest.pop("schema", None)
    observed = dict(_observed(rest, (), document))
    taken = {sheet.name: list(_rows(sheet, rest, document, lang)) for sheet in SHEETS}
    rest = _pruned(rest)
    pieces = _pieces(toml_text(rest)) if rest else []
    left = {} if pieces is not None else rest
    taken["settings"] += [(_other_field(), _row_of_field(piece)) for piece in pieces or []]
    return Filling(
        sheets=tuple(_filled(sheet, taken[sheet.name], document, lang) for sheet in SHEETS),
        observed=observed,
        left=left,
    )


def _other_field() -> Field:
    return next(one for sheet in SHEETS for one in sheet.fields if one.kind == "other")


def _row_of_field(cell: Any) -> Row:
    return {(1, "", False): cell}


def _pieces(said: str) -> list[str] | None:
    """Whole lines in pieces that a cell holds; None where a line is too long or holds what no cell does."""
    pieces = [""]
    for line in said.strip().split("\n"):
        if len(line) > PIECE or not holds(line):
            return None
        if len(pieces[-1]) + len(line) >= PIECE:
            pieces.append("")
        pieces[-1] += line + "\n"
    return [one.rstrip("\n") for one in pieces]


def _observed(rest: Any, where: Path, document: dict[str, Any]) -> Iterator[tuple[str, list[float]]]:
    """Take lists of observations out of the document, with the places under which they are found again."""
    if isinstance(rest, list):
        for n, one in enumerate(rest):
            yield from _observed(one, (*where, str(n)), document)
    elif isinstance(rest, dict):
        for key, value in [*rest.items()]:
            place = ".".join(steps_by_year(where, document))
            alone = not set(rest) - {*WHEN, key}  # then no row would say that there is such a step
            again = steps_by_position(tuple(place.split(".")), document)
            found_again = where in {again, (*again, "0")}  # the first of several steps has no year in its name
            if key == "observations" and _are_numbers(value) and found_again and not alone:
                yield place, rest.pop(key)
            elif key != "parameters":  # their numbers are as they were written, 1 or 1.0
                yield from _observed(value, (*where, key), document)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(write_cell(x, "number", "", "da") is not None for x in value)


def _rows(
    sheet: Sheet, rest: dict[str, Any], document: dict[str, Any], lang: str
) -> Iterator[tuple[Field | None, Row]]:
    """Rows of a sheet; what they hold is taken out of ``rest``."""
    if sheet.rows == "fields":
        for one in sheet.fields:
            yield from ((one, row) for row in _field_rows(sheet, one, rest, lang))
        return
    found = _at(rest, sheet.place)
    if sheet.rows == "years" and isinstance(found, dict):
        yield from ((None, row) for row in _year_rows(sheet, found, lang))
    elif sheet.rows == "items" and isinstance(found, list):
        rows = [_taken(sheet, one, lang) for one in found]
        if all(isinstance(one, dict) and not _pruned(one) for one in found):
            found.clear()
            yield from ((None, row) for row in rows)
        else:
            _put_back(rest, sheet.place, _at(document, sheet.place))
    elif sheet.rows == "entries" and isinstance(found, dict):
        for name in [*found]:
            yield from ((None, {(0, "", False): name, **row}) for row in _entry_rows(sheet, found, name, lang))


def _put_back(rest: dict[str, Any], place: Path, value: Any) -> None:
    _at(rest, place[:-1])[place[-1]] = copy.deepcopy(value)


def _at(table: Any, place: Path) -> Any:
    for part in place:
        table = table.get(part) if isinstance(table, dict) else None
    return table


def _entry_rows(sheet: Sheet, section: dict[str, Any], name: str, lang: str) -> Iterator[Row]:
    """Rows of one entry: one, or one for each step."""
    entry = section[name]
    if not isinstance(entry, dict):  # its one column is the entry itself; a sheet with others has no place for it
        cell = write_cell(entry, sheet.columns[1].kind, sheet.columns[1].choices, lang)
        if cell is not None and not sheet.columns[1].path:
            del section[name]
            yield {(1, "", False): cell}
        return
    for n, (step, table) in enumerate(_by_step(sheet, entry)):
        row = _taken(sheet, table, lang)
        row |= {
            (position, "", False): value
            for position, column in enumerate(sheet.columns)
            for key, value in zip(WHEN, step, strict=True)
            if column.path == (key,) and value >= 0
        }
        if n == 0:
            for key in [one for one in entry if one not in table]:
                del entry[key]
        yield row
        kept = _pruned(table)
        if n == 0:
            entry.clear()
            entry.update(kept)


def _by_step(sheet: Sheet, entry: dict[str, Any]) -> list[tuple[tuple[int, int], dict[str, Any]]]:
    """The entry once for each of its steps, with the keys of that step only; the first has all other keys."""
    steps: dict[tuple[int, int], dict[str, Any]] = {BEGINNING: {k: v for k, v in entry.items() if k not in sheet.steps}}
    for key in sheet.steps:
        if key not in entry:
            continue
        several = entry[key] if isinstance(entry[key], list) else [entry[key]]
        for one in several:
            when = tuple(one.get(name, -1) for name in WHEN)
            assert len(when) == 2
            steps.setdefault(when, {})[key] = {k: v for k, v in one.items() if k not in WHEN}
    return sorted(steps.items(), key=lambda one: one[0])


def _year_rows(sheet: Sheet, entry: dict[str, Any], lang: str) -> Iterator[Row]:
    """One row for each year of the entry's year tables; what holds for all years is in the first."""
    by_year = [(n, column) for n, column in enumerate(sheet.columns) if column.path[-1:] == (MANY,)]
    tables = {n: _at(entry, column.path[:-1]) for n, column in by_year}
    years = sorted({year for table in tables.values() if isinstance(table, dict) for year in table})
    rows: list[Row] = []
    for year in years:
        row: Row = {(0, "", False): int(year)} if year.isdigit() and len(year) == 4 else {}
        for n, column in by_year:
            table = tables[n]
            cell = write_cell(table.get(year), column.kind, "", lang) if row and isinstance(table, dict) else None
            if cell is not None and isinstance(table, dict):
                row[n, "", False] = cell
                del table[year]
        rows += [row] if len(row) > 1 else []
    if rows:
        rows[0] |= _taken(sheet, entry, lang)
    yield from rows


def _field_rows(sheet: Sheet, one: Field, rest: dict[str, Any], lang: str) -> Iterator[Row]:
    """Rows of one field; nothing where the document does not state it."""
    if one.kind == "other":
        return
    found, home = _at(rest, one.place), _at(rest, one.place[:-1])
    if found is None:
        return
    if one.kind == "quantity":
        steps = found if one.many and isinstance(found, list) else [found]
        rows = [_taken(sheet, step, lang) for step in steps if isinstance(step, dict)]
        if isinstance(found, list) and any(_pruned(step) for step in steps):
            return  # a list cannot be put together from here and »Øvrigt«
        if isinstance(found, list):
            del home[one.place[-1]]
        yield from rows
        return
    items = found if one.many and isinstance(found, list) else [found]
    rows = [_words(1, item, one.kind, one.choices, lang) for item in items]
    if not all(rows):
        return
    del home[one.place[-1]]
    source = _at(rest, one.source) if one.source else None
    where = next((n for n, column in enumerate(sheet.columns) if column.head == "source"), 0)
    cell = write_cell(source, "text", "", lang) if where else None
    if cell is not None:
        rows[0][where, "", False] = cell
        del _at(rest, one.source[:-1])[one.source[-1]]
    yield from rows


def _words(position: int, value: Any, kind: str, choices: str, lang: str) -> Row:
    """Cells of a value, two for a text in two languages; none where they do not say it."""
    if kind in {"text", "words"} and isinstance(value, dict) and set(value) == set(LANGUAGES):
        other = "en" if lang == "da" else "da"
        cells = {
            (position, "", twin): write_cell(value[one], "text", "", lang)
            for one, twin in ((lang, False), (other, True))
        }
        return cells if all(cell is not None for cell in cells.values()) else {}
    cell = write_cell(value, kind, choices, lang)
    return {} if cell is None else {(position, "", False): cell}


def _taken(sheet: Sheet, table: Any, lang: str) -> Row:
    """Cells of what the columns of a sheet take out of a table, and of what is left of it as TOML."""
    row: Row = {}
    if not isinstance(table, dict):
        return row
    for n, column in enumerate(sheet.columns):
        if not column.path or (column.path[-1:] == (MANY,) and sheet.rows == "years"):
            continue
        key, home = column.path[-1], _at(table, column.path[:-1])
        if key == "value" and isinstance(home, dict) and "counts" in home:
            continue  # the form takes one of the two; both stand with the number in »Øvrigt«
        if key != MANY:
            cells = (
                _words(n, home[key], column.kind, column.choices, lang)
                if isinstance(home, dict) and key in home
                else {}
            )
            row |= cells
            if cells:
                assert isinstance(home, dict)
                del home[key]
        elif column.many == "position":
            row |= _list_taken(n, column, table, lang)
        elif isinstance(home, dict):
            for one in [*home]:
                cell = write_cell(home[one], column.kind, "", lang)
                if cell is not None and (column.many != "year" or (one.isdigit() and len(one) == 4)):
                    row[n, one, False] = cell
                    del home[one]
    left = _pruned(table)
    place = next((n for n, column in enumerate(sheet.columns) if column.kind == "other"), None)
    if left and place is not None:
        said = toml_text(left).strip()
        if holds(said) and len(said) < LONGEST:
            row[place, "", False] = said
            table.clear()
    return row


def _list_taken(n: int, column: Column, table: dict[str, Any], lang: str) -> Row:
    """Cells of a list, one for each position, where all of its items are numbers."""
    home = _at(table, column.path[:-2])
    values = home.get(column.path[-2]) if isinstance(home, dict) else None
    if not isinstance(values, list) or not values:
        return {}
    cells = [write_cell(one, column.kind, "", lang) for one in values]
    if any(cell is None for cell in cells):
        return {}
    del home[column.path[-2]]
    return {(n, str(k), False): cell for k, cell in enumerate(cells)}


def _pruned(table: Any) -> Any:
    """A table without the tables that have become empty."""
    if not isinstance(table, dict):
        return table
    inside = {key: _pruned(value) for key, value in table.items()}
    return {key: value for key, value in inside.items() if value not in ({}, [])}


def _filled(sheet: Sheet, rows: list[tuple[Field | None, Row]], document: dict[str, Any], lang: str) -> Filled:
    """Rows with the columns that they need, and those that the sheet always has."""
    del lang
    used = {place for _, row in rows for place in row}
    actors = document.get("actors")
    columns: list[tuple[int, str, bool]] = []
    for n, column in enumerate(sheet.columns):
        keys = {key for m, key, _ in used if m == n and key}
        if column.many == "actor":
            known = [*actors] if isinstance(actors, dict) else []
            columns += [(n, key, False) for key in [*known, *sorted(keys - set(known))]]
        elif column.many:
            columns += [(n, key, False) for key in _run(keys, column.many, document)]
        elif column.usual or any(m == n for m, _, _ in used):
            columns.append((n, "", False))
            if column.kind == "words" or (n, "", True) in used:
                columns.append((n, "", True))
    return Filled(
        sheet=sheet,
        columns=tuple((sheet.columns[n], key, twin) for n, key, twin in columns),
        rows=tuple(tuple(row.get(place) for place in columns) for _, row in rows),
        fields=tuple(one for one, _ in rows),
    )


def _run(keys: set[str], many: str, document: dict[str, Any]) -> list[str]:
    """Years and positions in order, and more of them where there are few: columns cannot be added to a locked sheet."""
    if many == "position":
        return [str(n) for n in range(max(POSITIONS, 1 + max((int(key) for key in keys), default=0)))]
    settings = document.get("settings")
    begin = settings.get("first_year") if isinstance(settings, dict) else None
    first = int(min(keys)) if keys else begin if isinstance(begin, int) else YEAR_BEFORE_ALL
    more = (str(year) for year in range(first, min(first + YEARS, LAST_YEAR + 1)))
    return sorted({*keys, *(year for year in more if len(keys) < YEARS)})
