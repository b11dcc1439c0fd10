"""The form as an Excel workbook: sheets that can be filled in, with help, choices and everything else locked.

What stands in which cell is decided in ``sheet_rows``; here is how it looks. Texts are written as text and never as a
formula or a link. Of the modules that write scenarios the only one that knows XlsxWriter.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from soemrisk.form_looks import (
    FIRST,
    FORMS,
    HEAD,
    HELP,
    LINE,
    LOOKS,
    MORE_TAB,
    PROTECTION,
    SPARE,
    STEP_TAB,
    Book,
    Dressed,
    Entries,
    lines_needed,
    print_setup,
    row_height,
    write_cell,
    write_top,
)
from soemrisk.form_pages import write_entries, write_guide, write_lists
from soemrisk.messages import text
from soemrisk.scenario_sheets import OBSERVED, SHEETS
from soemrisk.sheet_headings import heading
from soemrisk.sheet_rows import Filled, Filling
from soemrisk.sheet_shapes import Column, Field
from soemrisk.sheet_values import NUMBERS

THOUSANDS = 10_000  # and more have marks
NO_DATE = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def scenario_workbook(filling: Filling, entries: Entries, lang: str, *, title: str) -> bytes:
    """Write the form with what a scenario fills it with.

    Parameters
    ----------
    filling : Filling
    entries : mapping
        The library.
    lang : {"da", "en"}
    title : str
        On the first sheet.

    Returns
    -------
    bytes
        The same for the same scenario.

    Examples
    --------
    >>> from soemrisk.sheet_rows import filled_sheets
    >>> scenario_workbook(filled_sheets({"schema": 1}, "da"), {}, "da", title="x")[:2]
    b'PK'
    """
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"title": title[:255], "author": "", "created": NO_DATE})

    @cache
    def look(role: str, form: str = "") -> Any:
        return book.add_format({**LOOKS[role], **({"num_format": form} if form else {})})

    there = [one for one in filling.sheets if one.sheet.usual or one.rows]
    names = ["guide", *(one.sheet.name for one in there)]
    sheets = {name: book.add_worksheet(text(f"form-{name}", lang)) for name in names}
    kinds = _by_kind(entries)
    if filling.observed:
        sheets[OBSERVED] = book.add_worksheet(text(f"form-{OBSERVED}", lang))
    sheets["entries"] = book.add_worksheet(text("form-entries", lang))
    lists = book.add_worksheet(text("form-lists", lang))
    lists.very_hidden()
    here = Book(book=book, look=look, lang=lang, lists=write_lists(lists, kinds, lang))
    write_guide(here, sheets["guide"], title, names)
    for filled in there:
        _write_sheet(here, sheets[filled.sheet.name], filled)
    if filling.observed:
        _write_observed(here, sheets[OBSERVED], filling.observed)
    write_entries(here, sheets["entries"], entries)
    book.close()
    return stream.getvalue()


def _by_kind(entries: Entries) -> dict[str, list[str]]:
    """Ids of the library by what they are; quantities inside an entry are left to those who know their names."""
    kinds: dict[str, list[str]] = {}
    for name, entry in entries.items():
        kinds.setdefault(str(entry.get("kind")), []).append(name)
    return {kind: sorted(names) for kind, names in kinds.items()}


def _write_sheet(here: Book, sheet: Any, filled: Filled) -> None:
    """A sheet of the form: title, help, headings, rows, and empty rows to fill in."""
    form = filled.sheet
    widths = [column.width for column, _, _ in filled.columns]
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    write_top(here, sheet, form.name, widths)
    helps = [here.say("help-twin") if twin else here.say(f"help-{column.head}") for column, _, twin in filled.columns]
    heads = [heading(column, here.lang, key, twin=twin) for column, key, twin in filled.columns]
    sheet.set_row(HELP, LINE * max(lines_needed(said, width) for said, width in zip(helps, widths, strict=True)))
    sheet.set_row(
        HEAD, LINE * max(lines_needed(said, width / 1.15) for said, width in zip(heads, widths, strict=True)) + 6
    )
    for n, (column, key, _) in enumerate(filled.columns):
        sheet.write_string(HELP, n, helps[n], here.look("help"))
        if column.many == "year":
            sheet.write_number(HEAD, n, int(key), here.look("head-input", "0"))
        else:
            sheet.write_string(HEAD, n, heads[n], here.look("head-input" if column.many == "actor" else "head"))
    rows = _with_all_fields(filled, here.lang) if form.rows == "fields" else [(None, row) for row in filled.rows]
    spare = 0 if form.rows == "fields" else SPARE
    for r, (one, row) in enumerate([*rows, *[(None, (None,) * len(widths))] * spare], start=FIRST):
        sheet.set_row(r, row_height(row, widths))
        for n, (column, _, twin) in enumerate(filled.columns):
            write_cell(here, sheet, (r, n), _dressed(column, one, row[n], twin=twin))
    _add_choices(here, sheet, filled, [one for one, _ in rows] + [None] * spare)
    print_setup(here, sheet, form.name, widths, FIRST + len(rows) + spare)
    sheet.set_tab_color(STEP_TAB if form.step else MORE_TAB)
    sheet.freeze_panes(FIRST, 1)
    sheet.protect("", PROTECTION)


def _with_all_fields(filled: Filled, lang: str) -> list[tuple[Field | None, tuple[Any, ...]]]:
    """Rows of a sheet of fields with their labels, those that are not stated too, and one more for a list."""
    rows: list[tuple[Field | None, tuple[Any, ...]]] = []
    empty = (None,) * (len(filled.columns) - 1)
    for one in filled.sheet.fields:
        label = text(f"field-{one.label}", lang)
        mine = [(label, *row[1:]) for field, row in zip(filled.fields, filled.rows, strict=True) if field == one]
        if one.many == "items" or (not mine and one.usual):
            mine.append((label, *empty))
        rows += [(one, row) for row in mine]
    return rows


def _dressed(column: Column, one: Field | None, value: Any, *, twin: bool) -> Dressed:
    """How a cell of a column looks in a row."""
    if column.head == "field":
        return Dressed(value=value, role="label")
    kind = _kind(column, one, twin=twin)
    if not kind:
        return Dressed(value=value, role="off")
    if kind not in NUMBERS:
        return Dressed(value=value, role="words")
    large = kind == "number" and isinstance(value, int) and abs(value) >= THOUSANDS
    return Dressed(value=value, role="input", form="#,##0" if large else FORMS.get(kind, ""))


def _kind(column: Column, one: Field | None, *, twin: bool) -> str:
    """Kind of a cell in the row of a field; empty where the field has nothing there."""
    if one is None:
        return column.kind
    if one.kind == "quantity":
        usual = one.label == "factor" and column.kind == "share" and column.path != ("significant",)
        rates = one.label == "discount_rate" and column.path in {("value",), ("low",), ("high",)}
        when = column.head != "from" or one.many == "steps"
        return ("number" if usual else "share" if rates else column.kind) if when else ""
    if column.path == ("value",):
        return one.kind if not twin or one.kind == "text" else ""
    return "text" if column.head == "source" and one.source else ""


def _add_choices(here: Book, sheet: Any, filled: Filled, fields: Sequence[Field | None]) -> None:
    """Drop-downs and tests of what is typed, over all rows of a column or for the row of a field."""
    for n, (column, _, twin) in enumerate(filled.columns):
        runs: list[tuple[int, int, str, str]] = []
        for r, one in enumerate(fields, start=FIRST):
            kind = _kind(column, one, twin=twin)
            choices = column.choices
            if one is not None and (choices == "library" or (one.kind != "quantity" and column.path == ("value",))):
                choices = one.choices
            if runs and runs[-1][1] == r - 1 and runs[-1][2:] == (kind, choices):
                runs[-1] = (runs[-1][0], r, kind, choices)
            else:
                runs.append((r, r, kind, choices))
        for first, last, kind, choices in runs:
            rule = _validation(here, kind, choices)
            if rule and not twin:
                sheet.data_validation(first, n, last, n, rule)


def _validation(here: Book, kind: str, choices: str) -> dict[str, Any]:
    """What Excel lets be typed; empty for any text."""
    wrong = {"error_title": here.say("input-wrong")}
    if any(one.name == choices and one.usual for one in SHEETS):
        source = f"='{here.say(f'form-{choices}')}'!$A${FIRST + 1}:$A${FIRST + 200}"
        return {
            "validate": "list",
            "source": source,
            "error_message": here.say("input-choice"),
            "error_type": "warning",
            **wrong,
        }
    if choices in here.lists:
        listed = {"validate": "list", "source": here.lists[choices], "error_message": here.say("input-choice"), **wrong}
        return {**listed, "error_type": "warning"} if choices.startswith("library") else listed
    if kind in {"number", "share", "whole", "year"}:
        limits = {"minimum": 1900, "maximum": 2200} if kind == "year" else {"minimum": -1e30, "maximum": 1e30}
        return {
            "validate": "decimal",
            "criteria": "between",
            **limits,
            "error_message": here.say("input-number"),
            **wrong,
        }
    return {}


def _write_observed(here: Book, sheet: Any, observed: Mapping[str, Sequence[float]]) -> None:
    """One column of numbers for each list of observations, under its place."""
    widths = [6.0, *(max(len(name) + 2.0, 14.0) for name in observed)]
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    write_top(here, sheet, OBSERVED, [*widths, 60.0])
    sheet.write_string(HEAD, 0, here.say("column-number"), here.look("head"))
    longest = max(map(len, observed.values()))
    for r in range(longest):
        sheet.write_number(FIRST + r, 0, r + 1, here.look("label"))
    for n, (name, values) in enumerate(observed.items(), start=1):
        sheet.write_string(HEAD, n, name, here.look("head-input"))
        for r in range(longest + SPARE):
            write_cell(here, sheet, (FIRST + r, n), Dressed(value=values[r] if r < len(values) else None))
    print_setup(here, sheet, OBSERVED, widths, FIRST + longest)
    sheet.set_tab_color(MORE_TAB)
    sheet.freeze_panes(FIRST, 1)
    sheet.protect("", PROTECTION)
