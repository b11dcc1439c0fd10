"""How sheets of the form look: colours, heights, paper, and what Excel lets be changed.

Apart from ``scenario_workbook_writing``, which decides what stands where.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from soemrisk.messages import text

HELP, HEAD, FIRST = 2, 3, 4  # rows of a sheet, from 0: help, headings, the first of the table
SPARE = 12  # empty rows to fill in
A4, LINE, TALLEST = 9, 14.5, 200.0  # paper; points of a line of text, and of the tallest row
DARK, PALE, INPUT, RULE, GREY = "#1F3A4D", "#EEF3F7", "#FFF9E5", "#D9C98F", "#5A6670"
STEP_TAB, MORE_TAB = "#005A99", "#9AA5AE"
INDENT = 2  # characters that a text in a cell keeps free
WIDEST, PORTRAIT, LANDSCAPE = 125.0, 120.0, 240.0  # characters of a line of text, and across a page
FORMS = {"share": "0.0##\\ %", "year": "0", "whole": "0"}
LOOKS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#005A99"},
    "line": {"text_wrap": True, "font_color": "#404040", "valign": "top"},
    "caption": {"bold": True, "font_size": 12},
    "help": {"text_wrap": True, "italic": True, "font_size": 9, "font_color": GREY, "valign": "bottom"},
    "head": {
        "bold": True,
        "text_wrap": True,
        "bg_color": DARK,
        "font_color": "#FFFFFF",
        "valign": "vcenter",
        "border": 1,
        "border_color": "#FFFFFF",
    },
    "head-input": {
        "bold": True,
        "text_wrap": True,
        "bg_color": "#4A6B82",
        "font_color": "#FFFFFF",
        "valign": "vcenter",
        "border": 1,
        "border_color": "#FFFFFF",
        "locked": False,
    },
    "label": {"text_wrap": True, "bg_color": PALE, "valign": "top", "border": 1, "border_color": RULE},
    "input": {
        "text_wrap": True,
        "bg_color": INPUT,
        "valign": "top",
        "border": 1,
        "border_color": RULE,
        "locked": False,
    },
    "words": {
        "text_wrap": True,
        "bg_color": INPUT,
        "valign": "top",
        "align": "left",
        "indent": 1,
        "border": 1,
        "border_color": RULE,
        "locked": False,
    },
    "off": {"bg_color": "#F5F5F5", "valign": "top", "border": 1, "border_color": "#E4E4E4"},
    "listed": {"border": 1, "border_color": "#E4E4E4"},
    "said": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#E4E4E4"},
}
PROTECTION = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "insert_columns": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What all sheets are written with: XlsxWriter's workbook, its formats, the language, and lists of choices."""

    book: Any
    look: Any
    lang: str
    lists: dict[str, str]  # name of a list of choices to the range that holds it

    def say(self, key: str, **values: object) -> str:
        """A text in the language of the workbook."""
        return text(key, self.lang, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dressed:
    """A cell with its look, number format and what may be chosen."""

    value: Any
    role: str = "input"
    form: str = ""


def write_top(here: Book, sheet: Any, name: str, widths: Sequence[float]) -> None:
    """Write the title of a sheet and the line under it, over as many columns as are read at a glance."""
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, here.say(f"form-{name}"), here.look("title"))
    said = here.say(f"intro-{name}")
    last, total = 0, 0.0
    for n, width in enumerate(widths):
        if total >= WIDEST:
            break
        last, total = n, total + width
    sheet.set_row(1, LINE * max(len(wrap(said, max(int(total), 20))), 1) + 2)
    if last:
        sheet.merge_range(1, 0, 1, last, "", here.look("line"))
    sheet.write_string(1, 0, said, here.look("line"))


def write_cell(here: Book, sheet: Any, place: tuple[int, int], cell: Dressed) -> None:
    """Write one cell: a number, a text that is nothing but text, or an empty cell."""
    look = here.look(cell.role, cell.form)
    if cell.value is None:
        sheet.write_blank(*place, None, look)
    elif isinstance(cell.value, str):
        sheet.write_string(*place, cell.value, look)
    else:
        sheet.write_number(*place, cell.value, look)


def lines_needed(said: str, width: float) -> int:
    """Lines that a text takes in a column of so many characters.

    Examples
    --------
    >>> lines_needed("en to tre", 6), lines_needed("", 6)
    (2, 1)
    """
    return max(sum(max(len(wrap(line, max(int(1.1 * width), 4))), 1) for line in said.split("\n")), 1)


def row_height(row: Sequence[Any], widths: Sequence[float]) -> float:
    """Height in points of a row of cells, as tall as its longest text needs."""
    texts = [(one, width - INDENT) for one, width in zip(row, widths, strict=True) if isinstance(one, str)]
    return min(LINE * max((lines_needed(one, width) for one, width in texts), default=1) + 2, TALLEST)


def print_setup(here: Book, sheet: Any, name: str, widths: Sequence[float], rows: int) -> None:
    """Paper of a sheet: as many pages side by side as it takes to be read, each with the first column."""
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    if sum(widths) > PORTRAIT:
        sheet.set_landscape()
    across = math.ceil(sum(widths) / LANDSCAPE)
    sheet.fit_to_pages(across, 0)
    if across > 1:
        sheet.repeat_columns(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.print_area(0, 0, rows - 1, len(widths) - 1)
    if name != "guide":
        sheet.repeat_rows(HEAD)
    pages = here.say("workbook-page", page="&P", pages="&N")
    sheet.set_footer(f"&L{here.say(f'form-{name}')}&R{pages}")
