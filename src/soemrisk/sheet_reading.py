"""Rows of cells as the document that a TOML file gives, with the cell that each of its values came from.

Pure, and the inverse of ``sheet_rows``: ``reading`` judges the document as it judges every other, and tells the cell
where it would tell the line. What cannot be read at all is told here, and stands in the document as it was typed,
so that the rest is judged too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from soemrisk.complaints import steps_by_position, suggestion_for
from soemrisk.errors import Problem, ScenarioError
from soemrisk.messages import text
from soemrisk.scenario import Scenario
from soemrisk.scenario_sheets import OBSERVED, SHEETS, UNREAD
from soemrisk.sheet_columns import Grid, Layout, is_blank, layout_of
from soemrisk.sheet_document import WHOLE_SHEET, Place, Workbook, cell_number, letters, merge, put, state
from soemrisk.sheet_headings import LANGUAGES, NOTE, heading, labels, plain, sheet_names
from soemrisk.sheet_shapes import MANY, Field, Sheet
from soemrisk.sheet_statements import Row, fragment, stated_by, stated_in
from soemrisk.sheet_values import Wrong, read_cell

REQUIRED = {  # what a sheet brings that every scenario has
    "intervention": (("id",), ("name",), ("facts",)),
    "participants": (("participants",),),
    "effect": (("success",),),
    "settings": (("settings",),),
    "actors": (("actors",),),
    "areas": (("areas",),),
}
MOST_FILLED, MOST_OBSERVED = 20_000, 150_000  # cells of the form; a real scenario has some thousand
FEWEST = 3  # required sheets of a form; a workbook with fewer is something else, as the figures of a memo
WHEN = ("from", "above")
BY_ID = {one.name: one for one in SHEETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A sheet as it is in the file: its name, its cells from A1 on, and ranges of merged cells (first, last)."""

    name: str
    grid: Grid
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def workbook_of(tabs: Sequence[Tab]) -> Workbook:
    """Put the sheets of a workbook together as a document.

    Parameters
    ----------
    tabs : sequence of Tab

    Returns
    -------
    Workbook

    Examples
    --------
    >>> tab = Tab(name="Hovedområder", grid=[["Id", "Navn"], ["social", "Sociale ydelser"]])
    >>> workbook_of([tab, Tab(name="Aktører", grid=[]), Tab(name="Effekt", grid=[])]).document["areas"]
    {'social': {'name': 'Sociale ydelser'}}
    """
    book = Workbook(tabs=[one.name for one in tabs])
    book.document["schema"] = 1
    known = sheet_names()
    lang = _language(tabs)
    if len({known.get(plain(one.name)) for one in tabs} & set(REQUIRED)) < FEWEST:
        book.told.append((None, "workbook-no-form", {}))
        book.places.add(())
        return book
    sheets = dict(_recognised(book, tabs, known, lang))
    for sheet in SHEETS:
        if sheet.name not in sheets and (sheet.step or sheet.name in REQUIRED):
            rule = "sheet-missing" if sheet.name in REQUIRED else "sheet-missing-empty"
            book.told.append((None, rule, {"found": text(f"form-{sheet.name}", lang)}))
            book.places.update(REQUIRED.get(sheet.name, (sheet.place,)))
    filled = {
        name: sum(not is_blank(cell) for row in tabs[number].grid for cell in row) for name, number in sheets.items()
    }
    observed = filled.pop(OBSERVED, 0)
    if sum(filled.values()) > MOST_FILLED or observed > MOST_OBSERVED:
        values: dict[str, object] = {"most": MOST_FILLED, "observed": MOST_OBSERVED}
        raise ScenarioError([Problem(rule="workbook-filled", values=values)])
    fragments: list[tuple[str, int]] = []
    for name, number in sheets.items():
        if filled.get(name):
            _read_sheet(book, (BY_ID[name], number, tabs[number], lang), fragments)
    if fragments:
        table = fragment(book, "\n".join(said for said, _ in fragments), fragments[0][1], ())
        merge(book, (), table, fragments[0][1])
    if OBSERVED in sheets:
        _read_observed(book, sheets[OBSERVED], tabs[sheets[OBSERVED]].grid)
    order = [one.alias or name for name, one in Scenario.model_fields.items()]
    ordered = sorted(book.document.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    book.document.clear()
    book.document.update(ordered)
    return book


def _language(tabs: Sequence[Tab]) -> str:
    """Language of most of the sheets' names."""
    counts = [
        sum(plain(one.name) == plain(text(f"form-{name}", lang)) for one in tabs for name in (*BY_ID, *UNREAD))
        for lang in LANGUAGES
    ]
    return "en" if counts[1] > counts[0] else "da"


def _recognised(book: Workbook, tabs: Sequence[Tab], known: dict[str, str], lang: str) -> Iterator[tuple[str, int]]:
    """Yield the sheets of the form and their positions; others are told, and read as what was probably meant."""
    there = {known[plain(one.name)] for one in tabs if plain(one.name) in known}
    seen: set[str] = set()
    allowed = [text(f"form-{name}", lang) for name in (*BY_ID, OBSERVED)]
    for number, tab in enumerate(tabs):
        name = known.get(plain(tab.name))
        if name is None:
            blank = all(is_blank(cell) for row in tab.grid for cell in row)
            if blank or NOTE.match(tab.name.strip()):
                continue
            missing = [text(f"form-{one}", lang) for one in (*BY_ID, OBSERVED) if one not in there]
            meant = suggestion_for(tab.name, missing)
            values: dict[str, object] = {"found": tab.name[:60], "allowed": allowed, "suggestion": meant}
            book.told.append((cell_number(number, 0, WHOLE_SHEET), "sheet-unknown", values))
            name = None if meant is None else known[plain(meant)]
        if name is None or name in UNREAD:
            continue
        if name in seen:
            book.told.append((cell_number(number, 0, WHOLE_SHEET), "sheet-twice", {"found": tab.name}))
            continue
        seen.add(name)
        yield name, number


def _read_sheet(book: Workbook, source: tuple[Sheet, int, Tab, str], fragments: list[tuple[str, int]]) -> None:
    """Everything that one sheet states."""
    sheet, number, tab, lang = source
    layout = layout_of(sheet, tab.grid, lang)
    if layout is None:
        values: dict[str, object] = {"allowed": [heading(one, lang) for one in sheet.columns[:6] if not one.many]}
        book.told.append((cell_number(number, 0, WHOLE_SHEET), "sheet-no-headings", values))
        book.places.update(REQUIRED.get(sheet.name, (sheet.place,) if sheet.place else ()))
        return
    for at, rule, values in layout.wrong:
        book.told.append((cell_number(number, layout.row, WHOLE_SHEET if at is None else at), rule, values))
    if sheet.place:
        book.cells.setdefault(sheet.place, cell_number(number, layout.row, 0))
    rows = [*_rows(book, number, tab, layout)]
    if sheet.rows == "entries":
        _read_entries(book, sheet, rows, lang)
    elif sheet.rows == "fields":
        _read_fields(book, (sheet, lang), rows, fragments)
    elif sheet.rows == "years":
        _read_years(book, sheet, rows, lang)
    else:
        for n, row in enumerate(rows):
            state(book, (*sheet.place, n), stated_by(book, row, (*sheet.place, n)))


def _rows(book: Workbook, number: int, tab: Tab, layout: Layout) -> Iterator[Row]:
    """Rows below the headings that are not empty."""
    grid = [[*row] for row in tab.grid]
    first = min(one.at for one in layout.columns)
    for (top, left), (bottom, right) in tab.merged:
        inside = [one.at for one in layout.columns if left <= one.at <= right]
        if bottom > layout.row and inside and top < len(grid):
            found = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            book.told.append((cell_number(number, top, left), "cell-merged", {"found": found}))
            for n in range(top + 1, min(bottom + 1, len(grid))):  # as if each had it, so that this is the one message
                wide = [*grid[n], *[""] * (left + 1 - len(grid[n]))]
                grid[n] = [] if left <= first else [*wide[:left], grid[top][left], *wide[left + 1 :]]
    for r, row in enumerate(grid[layout.row + 1 :], start=layout.row + 1):
        filled = {one: row[one.at] for one in layout.columns if one.at < len(row) and not is_blank(row[one.at])}
        if filled:
            yield Row(filled=filled, cells={one: cell_number(number, r, one.at) for one in layout.columns})


def _read_entries(book: Workbook, sheet: Sheet, rows: list[Row], lang: str) -> None:
    """Entries by id, each in one row, or in one for each step."""
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        raw, cell = row.first(sheet)
        name = read_cell(raw, "text")
        if name is None or isinstance(name, Wrong):
            wrong = name or Wrong("row-without-id", {"head": heading(sheet.columns[0], lang)})
            book.told.append((cell, wrong.rule, wrong.values))
            continue
        if name in by_id and not sheet.steps:
            book.told.append((cell, "row-twice", {"found": name[:60]}))
            continue
        by_id.setdefault(name, []).append(row)
        book.cells.setdefault((*sheet.place, name), cell)
    for name, several in by_id.items():
        home: Place = (*sheet.place, name)
        if sheet.columns[1].path == ():
            state(book, home, stated_by(book, several[0], home))
            continue
        tables = [stated_by(book, row, home) for row in several]
        put(book, home, {}, None)
        for key in sheet.steps:
            stating = [table for table in tables if any(path[:1] == (key,) for path, _, _ in table)]
            alone = len(stating) == 1 and not any(path in (("from",), ("above",)) for path, _, _ in stating[0])
            for n, table in enumerate(stating):
                inner: Place = (*home, key) if alone else (*home, key, n)
                state(
                    book, inner, [(path, value, cell) for path, value, cell in table if path in (("from",), ("above",))]
                )
                state(book, inner, [(path[1:], value, cell) for path, value, cell in table if path[0] == key])
        for table in tables:
            stepped = any(path[0] in sheet.steps for path, _, _ in table)
            state(book, home, [one for one in table if one[0][0] not in (*sheet.steps, *(WHEN if stepped else ()))])


def _read_years(book: Workbook, sheet: Sheet, rows: list[Row], lang: str) -> None:
    """Year tables by row; what holds for all years is stated once, or alike."""
    seen = set()
    for row in rows:
        raw, cell = row.first(sheet)
        year = read_cell(raw, "year")
        if year is None or isinstance(year, Wrong):
            wrong = year or Wrong("row-without-id", {"head": heading(sheet.columns[0], lang)})
            book.told.append((cell, wrong.rule, wrong.values))
            continue
        if year in seen:
            book.told.append((cell, "row-twice", {"found": str(year)}))
            continue
        seen.add(year)
        for path, value, at in stated_by(book, row, sheet.place):
            key = tuple(str(year) if part == MANY else part for part in path)
            state(book, sheet.place, [(key, value, at)])


def _read_fields(book: Workbook, source: tuple[Sheet, str], rows: list[Row], fragments: list[tuple[str, int]]) -> None:
    """Fields by label; those that may stand in several rows are gathered first."""
    sheet, lang = source
    known = labels(sheet)
    several: dict[Field, list[Row]] = {}
    for row in rows:
        raw, cell = row.first(sheet)
        if raw is None:
            head = heading(sheet.columns[0], lang)
            book.told.append((cell, "row-without-id", {"head": head}))
            continue
        one = known.get(plain(raw))
        if one is None:
            allowed = [text(f"field-{each.label}", lang) for each in sheet.fields]
            meant = suggestion_for(str(raw), allowed)
            values: dict[str, object] = {"found": str(raw)[:60], "allowed": allowed, "suggestion": meant}
            book.told.append((cell, "row-unknown", values))
            one = known[plain(meant)] if meant else None
        value = next((place for each, place in row.cells.items() if each.column.path == ("value",)), cell)
        if one is None:
            continue
        book.cells.setdefault(one.place, value)
        if one.source:
            beside = (place for each, place in row.cells.items() if each.column.head == "source")
            book.cells.setdefault(one.source, next(beside, cell))
        if len(row.filled) == 1:
            continue
        if one in several and not one.many:
            book.told.append((cell, "row-twice", {"found": str(raw)[:60]}))
            continue
        several.setdefault(one, []).append(row)
    for one, mine in several.items():
        if one.kind == "quantity":
            tables = [stated_by(book, row, one.place) for row in mine]
            alone = len(mine) == 1 and not any(path == ("from",) for path, _, _ in tables[0])
            for n, table in enumerate(tables):
                state(book, one.place if alone else (*one.place, n), table)
            continue
        for n, row in enumerate(mine):
            _read_plain(book, one, (row, n), fragments)


def _read_plain(book: Workbook, one: Field, which: tuple[Row, int], fragments: list[tuple[str, int]]) -> None:
    """A field with one value, its source, and nothing else in its row."""
    row, n = which
    place: Place = (*one.place, n) if one.many == "items" and one.place else one.place
    mine = {each: raw for each, raw in row.filled.items() if each.column.path == ("value",)}
    kind = one.kind
    if kind == "other":
        fragments += [(str(raw), row.cells[each]) for each, raw in mine.items() if not each.twin]
    else:
        twins = {each: raw for each, raw in mine.items() if kind in {"text", "words"} or not each.twin}
        if twins:
            state(book, place, [*stated_in(book, place, (twins, row.cells), (kind, one.choices, ()))])
        mine = twins
    for each, raw in row.filled.items():
        if each in mine or each.column.head == "field":
            continue
        if each.column.head == "source" and one.source:
            found = {each: raw}
            state(book, one.source, [*stated_in(book, one.source, (found, row.cells), ("text", "", ()))])
            continue
        label = next(str(raw_label) for other, raw_label in row.filled.items() if other.column.head == "field")
        values: dict[str, object] = {"found": str(read_cell(raw, "text"))[:60], "field": label}
        book.told.append((row.cells[each], "cell-unused", values))


def _read_observed(book: Workbook, number: int, grid: Grid) -> None:
    """Lists of observations, each under the place of its quantity."""
    head = plain(text("column-number", "da")), plain(text("column-number", "en"))
    top = next((n for n, row in enumerate(grid) if row and plain(row[0]) in head), None)
    for column in range(1, len(grid[top]) if top is not None else 0):
        assert top is not None
        name = grid[top][column]
        cells = [(r, row[column]) for r, row in enumerate(grid[top + 1 :], start=top + 1) if not is_blank(row[column])]
        if is_blank(name) or not cells:
            continue
        home = steps_by_position(tuple(str(name).strip().split(".")), book.document)
        place = (*home, "observations")
        values = []
        for r, raw in cells:
            value = read_cell(raw, "number")
            if isinstance(value, Wrong):
                book.told.append((cell_number(number, r, column), value.rule, value.values))
                book.places.add(place)
                value = 0
            values.append(value)
        table = _table_at(book.document, home)
        if isinstance(table, dict):
            table["observations"] = values
            book.cells.setdefault(place, cell_number(number, top, column))
        else:
            book.told.append((cell_number(number, top, column), "observed-place", {"found": str(name)[:60]}))


def _table_at(document: dict[str, Any], home: Sequence[str]) -> Any:
    """The table of a quantity, also where nothing else of it is stated; None for no such place."""
    table: Any = document
    for n, part in enumerate(home):
        if isinstance(table, dict) and n and n == len(home) - 1:
            table = table.setdefault(part, {})
        elif isinstance(table, dict):
            table = table.get(part)
        else:
            inside = isinstance(table, list) and part.isdigit() and int(part) < len(table)
            table = table[int(part)] if inside else None
    return table[0] if isinstance(table, list) and table else table
