"""What one row of a sheet states: its cells as paths and values, whatever kind of sheet it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from soemrisk.documents import document_of
from soemrisk.errors import ScenarioError
from soemrisk.sheet_columns import Headed
from soemrisk.sheet_document import Place, Stated, Workbook, named
from soemrisk.sheet_headings import LANGUAGES, choice_label
from soemrisk.sheet_shapes import CHOICES, Column, Path, Sheet
from soemrisk.sheet_values import Wrong, read_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that says something: its filled cells by column, and the cell of every column."""

    filled: dict[Headed, Any]
    cells: dict[Headed, int]

    def first(self, sheet: Sheet) -> tuple[Any, int]:
        """What says which row it is, and its cell."""
        for one, cell in self.cells.items():
            if one.column == sheet.columns[0]:
                return self.filled.get(one), cell
        return None, min(self.cells.values())


def stated_by(book: Workbook, row: Row, home: Place) -> list[Stated]:
    """What a row states, by path below its table; lists by position are one value."""
    stated: list[Stated] = []
    columns: dict[Column, list[Headed]] = {}
    for one in row.cells:
        if one.column.head not in {"id", "field", "year"}:
            columns.setdefault(one.column, []).append(one)
    listed = {column.path[:-1]: column for column in columns if column.many == "position"}
    by_path = {column.path: column for column in columns if not column.many}
    for column, cell, rule in _contradictions(row, by_path, listed):
        book.told.append((cell, rule, {}))
        book.places.add((*named(home), *column.path))
        columns.pop(listed.get(column.path, column), None)  # of a number and a list the number stands
    for column, headed in columns.items():
        if column.kind == "other":
            for one in headed:
                if one in row.filled:
                    table = fragment(book, str(row.filled[one]), row.cells[one], home)
                    stated += [((key,), value, row.cells[one]) for key, value in table.items()]
        elif column.many == "position":
            stated += _listed(book, column, (row, headed), home)
        elif column.many:
            for one in headed:
                path = (*column.path[:-1], one.key)
                stated += stated_in(book, home, ({one: row.filled.get(one)}, row.cells), (column.kind, "", path))
        else:
            cells = {one: row.filled.get(one) for one in headed}
            stated += stated_in(book, home, (cells, row.cells), (column.kind, column.choices, column.path))
    return stated


def _contradictions(
    row: Row, by_path: dict[Path, Column], listed: dict[Path, Column]
) -> Iterator[tuple[Column, int, str]]:
    """Columns of a number that is stated in others of its row too: beside its years, or beside what was counted."""
    filled = {one.column: row.cells[one] for one in row.filled if not one.twin}
    for path, column in by_path.items():
        if column not in filled or path[-1:] != ("value",):
            continue
        counts = [by_path.get((*path[:-1], "counts", key)) for key in ("successes", "of")]
        if listed.get(path) in filled:
            yield column, filled[column], "cell-beside-years"
        elif any(one in filled for one in counts):
            yield column, filled[column], "cell-beside-counts"


def fragment(book: Workbook, said: str, cell: int, home: Place) -> dict[str, Any]:
    """TOML of a cell; nothing where it is none."""
    try:
        return document_of(said.encode("utf-8", "replace"), "")[0]
    except ScenarioError as error:
        wrong = error.problems[0]
        book.told.append((cell, wrong.rule, dict(wrong.values)))
        if home:
            book.places.add(named(home))
        return {}


def _listed(book: Workbook, column: Column, where: tuple[Row, list[Headed]], home: Place) -> list[Stated]:
    """A list that stands in one column for each position; nothing may be missing inside."""
    row, headed = where
    by_position = {int(one.key): one for one in headed}
    last = max((n for n, one in by_position.items() if one in row.filled), default=-1)
    if last < 0:
        return []
    values = []
    path = column.path[:-1]
    first = row.cells[by_position[min(by_position)]]
    for n in range(last + 1):
        one = by_position.get(n)
        value = None if one is None else read_cell(row.filled.get(one), column.kind)
        cell = first if one is None else row.cells[one]
        if value is None or isinstance(value, Wrong):
            wrong = value or Wrong("cell-gap")
            book.told.append((cell, wrong.rule, wrong.values))
            book.places.add((*named(home), *path))
            value = 0
        book.cells.setdefault((*named(home), *path, str(n)), cell)
        values.append(value)
    return [(path, values, first)]


def stated_in(
    book: Workbook,
    home: Place,
    where: tuple[dict[Headed, Any], dict[Headed, int]],
    what: tuple[str, str, tuple[str, ...]],
) -> list[Stated]:
    """A value and its cell, both languages of a text together; nothing for empty cells."""
    (raws, cells), (kind, choices, path) = where, what
    place = (*named(home), *path)
    found: dict[str, Any] = {}
    main, first = "da", min(cells[one] for one in raws)
    for one, raw in raws.items():
        value = read_cell(raw, kind, choices)
        if isinstance(value, Wrong):
            values = dict(value.values)
            if "choices" in values:
                options = CHOICES[str(values.pop("choices"))]
                values["allowed"] = [choice_label(choices, option, one.lang) for option in options]
            book.told.append((cells[one], value.rule, values))
            book.places.add(place)
            value = str(raw)
        main = one.lang if not one.twin else main
        first = cells[one] if not one.twin else first
        if value is not None:
            found[_other(one.lang) if one.twin else one.lang] = value
    book.cells.setdefault(place, first)
    if not found:
        return []
    single = set(found) == {main}
    return [(path, found[main] if single else {lang: found[lang] for lang in LANGUAGES if lang in found}, first)]


def _other(lang: str) -> str:
    return "en" if lang == "da" else "da"
