"""The figures of a memo as an Excel workbook: native tables and charts, formulas where a reader would check a sum.

What stands on a sheet is decided in ``workbook_sheets`` and its neighbours; here it becomes cells. Texts of users are
written as text and never as a formula, a link or a part of a format.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from textwrap import wrap
from typing import Any

from soemrisk.memo_case import Case
from soemrisk.memo_parts import Memo
from soemrisk.workbook_actors import actors
from soemrisk.workbook_cells import Cell, Chart, Lines, Page, Table, cleaned, placed, shown_length
from soemrisk.workbook_charts import LINE, chart_height, native_chart
from soemrisk.workbook_inputs import assumptions, method, sensitivity
from soemrisk.workbook_sheets import areas, result
from soemrisk.workbook_years import years

NO_DATE = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
A4, READ, TALLEST, ROW = 9, 125, 409.0, 15.0  # paper; characters of a line; points of the tallest row and of a row
DARK, WASH, RULE = "#1F3A4D", "#EEF3F7", "#B8C4CE"
NARROWEST, PADDING, LABEL, BOLD, SMALL = 6.0, 2.6, 34.0, 1.12, 0.92  # characters; what bold and small letters take
Looks = Callable[[str, str], Any]

HEAD = {"bold": True, "text_wrap": True, "bg_color": DARK, "font_color": "#FFFFFF", "valign": "vcenter"}
RULED = {"bottom": 1, "bottom_color": RULE}
ROLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#005A99"},
    "line": {"text_wrap": True, "font_color": "#404040"},
    "said": {"text_wrap": True},
    "caption": {"bold": True, "font_size": 12},
    "head-words": HEAD | {"align": "left", "indent": 1},
    "head-number": HEAD | {"align": "right"},
    "words": RULED | {"text_wrap": True, "align": "left", "indent": 1},
    "number": RULED | {"align": "right"},
    "strong-words": RULED | {"text_wrap": True, "align": "left", "indent": 1, "bold": True, "bg_color": WASH},
    "strong-number": RULED | {"align": "right", "bold": True, "bg_color": WASH},
}


def memo_workbook(case: Case, memo: Memo) -> bytes:
    """Write the workbook of a memo.

    Parameters
    ----------
    case : Case
    memo : Memo

    Returns
    -------
    bytes
        The same for the same memo.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    clean = _cleaner(case)
    book.set_properties(
        {"title": clean(memo.title)[:255], "subject": clean(memo.kind)[:255], "author": "", "created": NO_DATE}
    )
    book.set_calc_mode("auto")
    looks = _looks(book)
    sheets = (
        result(case, memo),
        actors(case),
        areas(case),
        years(case),
        sensitivity(case),
        assumptions(case),
        method(case, memo),
    )
    for page in sheets:
        sheet = book.add_worksheet(page.name)
        _write_page(book, sheet, page, (looks, clean))
        _print_setup(sheet, page, case, clean)
    book.close()
    return stream.getvalue()


def _cleaner(case: Case) -> Callable[[str], str]:
    cut = case.say("workbook-cut")
    return lambda text: cleaned(text, cut)


def _looks(book: Any) -> Looks:
    """Formats of the workbook, each made once."""

    @cache
    def look(role: str, form: str) -> Any:
        return book.add_format({"valign": "top", **ROLES[role], **({"num_format": form} if form else {})})

    return look


def _places(page: Page) -> tuple[int, list[int]]:
    """First row of the facts, and of each part."""
    row = 1 + len(page.lines)
    facts, row = row, row + len(page.facts) + 1
    tops = []
    for part in page.parts:
        tops.append(row)
        if isinstance(part, Table):
            row += 2 + len(part.rows) + len(part.notes) + 1
        elif isinstance(part, Chart):
            row += math.ceil(chart_height(part) / LINE) + 1
        else:
            row += len(part.words) + 1
    return facts, tops


def _widths(page: Page) -> list[float]:
    """Width of each column in characters: what its cells need, and not more than the columns allow."""
    found: list[float] = []
    for table in page.tables:
        for n, column in enumerate(table.columns):
            if n == len(found):
                found.append(NARROWEST)
            longest = max((len(word) for word in column.head.split()), default=0) * BOLD
            needed = max([longest, *(shown_length(row[n]) for row in table.rows)])
            found[n] = max(found[n], min(needed + PADDING, column.width))
    labels = max((len(fact.label) for fact in page.facts), default=0)
    first = found[0] if found else NARROWEST  # a sheet without a table has its labels alone
    return [max(first, min(labels + PADDING, LABEL)), *found[1:]]


def _height(texts: list[tuple[str, float]]) -> float:
    """Height in points of a row of texts that are broken at the widths of their columns."""
    counts = [
        sum(max(len(wrap(line, max(int(width / SMALL), 1))), 1) for line in text.split("\n")) for text, width in texts
    ]
    return min(ROW * max(counts, default=1), TALLEST)


def _write_page(book: Any, sheet: Any, page: Page, dress: tuple[Looks, Callable[[str], str]]) -> None:
    """Everything on a sheet."""
    looks, clean = dress
    widths = _widths(page)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    first_fact, tops = _places(page)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, page.title, looks("title", ""))
    for n, words in enumerate(page.lines, start=1):
        _write_line(sheet, n, clean(words), widths, looks("line", ""))
    for n, fact in enumerate(page.facts, start=first_fact):
        sheet.write_string(n, 0, clean(fact.label), looks("words", ""))
        _write_cell(sheet, (n, 1), fact.cell, looks("number", fact.cell.form), "")
    address = _addresses(page, first_fact, tops)
    for part, top in zip(page.parts, tops, strict=True):
        if isinstance(part, Table):
            _write_table(sheet, part, (top, page.tables.index(part), widths), (looks, clean, address))
            for n, note in enumerate(part.notes, start=top + 2 + len(part.rows)):
                _write_line(sheet, n, clean(note), widths, looks("line", ""))
        elif isinstance(part, Lines):
            for n, words in enumerate(part.words, start=top):
                _write_line(sheet, n, clean(words), widths, looks("said", ""))
        else:
            drawn = native_chart(book, part, f"={_quoted(page)}!$A${top + 3}", *_references(page, part, tops))
            sheet.write_string(top + 2, 0, clean(part.title), looks("line", ""))  # behind the chart
            options = {"description": " ".join(clean(part.alt).split()), "object_position": 1, "y_offset": 4}
            sheet.insert_chart(top, 0, drawn, options)


def _write_line(sheet: Any, row: int, words: str, widths: list[float], look: Any) -> None:
    """A sentence over so many columns as are read at a glance, in a row that is tall enough."""
    sums = list(accumulate(widths))
    last = next((n for n, width in enumerate(sums) if width >= READ), len(sums) - 1)
    sheet.set_row(row, _height([(words, sums[last])]))
    if last:
        sheet.merge_range(row, 0, row, last, "", look)
    sheet.write_string(row, 0, words, look)


def _addresses(page: Page, first_fact: int, tops: list[int]) -> Callable[..., str]:
    """Address of a column of a table in a row, or of a fact (table −1)."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    bodies = [top + 2 for part, top in zip(page.parts, tops, strict=True) if isinstance(part, Table)]

    def address(table: int, key: str, row: int, *, absolute: bool = False) -> str:
        if table < 0:
            fact = next(n for n, one in enumerate(page.facts) if one.key == key)
            return str(xl_rowcol_to_cell(first_fact + fact, 1, row_abs=True, col_abs=True))
        column = next(n for n, one in enumerate(page.tables[table].columns) if one.key == key)
        return str(xl_rowcol_to_cell(bodies[table] + row, column, row_abs=absolute, col_abs=absolute))

    return address


def _in_row(address: Callable[..., str], table: int, row: int) -> Callable[[int | None, str, int | None], str]:
    """Addresses as seen from one row of one table."""

    def place(other: int | None, key: str, at: int | None) -> str:
        return address(table if other is None else other, key, row if at is None else at)

    return place


def _quoted(page: Page) -> str:
    """Name of a sheet as a formula has it."""
    return "'" + page.name.replace("'", "''") + "'"


def _references(page: Page, chart: Chart, tops: list[int]) -> tuple[Callable[..., str], Callable[[str], str]]:
    """How a chart refers to the columns of its table, and to their heads."""
    address = _addresses(page, 0, tops)
    sheet = _quoted(page)

    def where(key: str, row: int | None) -> str:
        first, last = (0, chart.rows - 1) if row is None else (row, row)
        ends = (address(chart.table, key, n, absolute=True) for n in (first, last))
        return f"={sheet}!" + ":".join(dict.fromkeys(ends))

    def head(key: str) -> str:
        return f"={sheet}!{address(chart.table, key, -1, absolute=True)}"

    return where, head


def _write_table(sheet: Any, table: Table, place: tuple[int, int, list[float]], dress: tuple[Any, ...]) -> None:
    """Caption, heads and rows of a table."""
    (top, number, widths), (looks, clean, address) = place, dress
    sheet.write_string(top, 0, clean(table.title), looks("caption", ""))
    heads = [(column.head, widths[n] / BOLD) for n, column in enumerate(table.columns)]
    sheet.set_row(top + 1, _height(heads))
    kinds = ["number" if any(row[n].form for row in table.rows) else "words" for n in range(len(table.columns))]
    for n, column in enumerate(table.columns):
        sheet.write_string(top + 1, n, clean(column.head), looks(f"head-{kinds[n]}", ""))
    for r, row in enumerate(table.rows):
        strong = "strong-" if r in table.strong else ""
        texts = [(one.value, width) for one, width in zip(row, widths, strict=False) if isinstance(one.value, str)]
        sheet.set_row(top + 2 + r, _height(texts))
        for n, cell in enumerate(row):
            look = looks(strong + kinds[n], cell.form)
            shown = Cell(value=clean(cell.value)) if isinstance(cell.value, str) else cell
            formula = placed(cell.formula, _in_row(address, number, r))
            _write_cell(sheet, (top + 2 + r, n), shown, look, formula)
    if table.filtered:
        sheet.autofilter(top + 1, 0, top + 1 + len(table.rows), len(table.columns) - 1)


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, look: Any, formula: str) -> None:
    """One cell: a formula with its result, a number, or text that is nothing but text."""
    if formula:
        sheet.write_formula(*place, formula, look, cell.value)
    elif isinstance(cell.value, str):
        sheet.write_string(*place, cell.value, look)
    elif cell.value is None:
        sheet.write_blank(*place, None, look)
    else:
        sheet.write_number(*place, cell.value, look)


def _print_setup(sheet: Any, page: Page, case: Case, clean: Callable[[str], str]) -> None:
    """Paper, repeated rows, header, footer, and what stays in view."""
    head = _places(page)[1][0] + 1 if len(page.parts) and isinstance(page.parts[0], Table) else 0
    alone = len(page.tables) == 1
    top = head if alone else 0
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    if page.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    pages = case.say("workbook-page", page="&P", pages="&N")
    sheet.set_header(f"&L{_marked(clean(page.lines[0]))}&R{_marked(page.name)}")
    sheet.set_footer(f"&L{_marked(clean(page.lines[1]))}&R{pages}")


def _marked(words: str) -> str:
    """Text in a header or footer, where & begins a code; no more than fits."""
    return " " + " ".join(words.split())[:90].replace("&", "&&")
