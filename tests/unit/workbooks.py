"""Workbooks for tests: the cells of one as lists that can be changed, and a workbook written from such lists."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import python_calamine as calamine
import xlsxwriter

from soemrisk.zip_limits import judged_workbook

Grids = dict[str, list[list[Any]]]
FIRST = 4  # row of the first entry, from 0


def grids(content: bytes) -> Grids:
    """Every sheet by name, row by row from A1 on."""
    book = calamine.load_workbook(io.BytesIO(judged_workbook(content, "x")))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def written(sheets: Grids, merged: dict[str, str] | None = None) -> bytes:
    """A workbook of plain cells; ``#REF!`` is a formula with that error, ``=…`` a formula that gives 0.5."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    date = book.add_format({"num_format": "d/m/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("#"):
                    sheet.write_formula(r, c, "=1/0", None, cell)
                elif isinstance(cell, str) and cell.startswith("=0"):
                    sheet.write_formula(r, c, cell, None, 0.5)
                elif isinstance(cell, str):
                    sheet.write_string(r, c, cell)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(r, c, dt.datetime.combine(cell, dt.time(0)), date)
                elif isinstance(cell, bool):
                    sheet.write_boolean(r, c, cell)
                elif cell is not None:
                    sheet.write_number(r, c, cell)
        if merged and name in merged:
            sheet.merge_range(merged[name], rows[FIRST][0])
    book.close()
    return stream.getvalue()


def put(sheet: list[list[Any]], row: int, heading: str, cell: Any) -> None:
    """Change the cell of a row (0 is the first below the headings) under a heading."""
    column = sheet[FIRST - 1].index(heading)
    sheet[FIRST + row] += [""] * (column + 1 - len(sheet[FIRST + row]))
    sheet[FIRST + row][column] = cell
