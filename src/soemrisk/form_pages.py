"""Sheets of the form that state nothing: the guide, the library to look things up in, the lists behind drop-downs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soemrisk.form_looks import (
    DARK,
    FIRST,
    HEAD,
    LINE,
    MORE_TAB,
    PROTECTION,
    Book,
    Dressed,
    Entries,
    lines_needed,
    print_setup,
    write_cell,
    write_top,
)
from soemrisk.messages import text
from soemrisk.scenario_sheets import SHEETS
from soemrisk.sheet_headings import choice_label
from soemrisk.sheet_shapes import CHOICES


def write_lists(sheet: Any, kinds: Mapping[str, Sequence[str]], lang: str) -> dict[str, str]:
    """Columns of what may be chosen, on a sheet that nobody sees."""
    from xlsxwriter.utility import xl_col_to_name

    listed = {name: [choice_label(name, one, lang) for one in options] for name, options in CHOICES.items()}
    listed |= {f"library {kind}": list(names) for kind, names in kinds.items()}
    ranges = {}
    for n, (name, options) in enumerate(listed.items()):
        sheet.write_column(0, n, [name, *options])
        letter = xl_col_to_name(n)
        ranges[name] = f"='{text('form-lists', lang)}'!${letter}$2:${letter}${len(options) + 1}"
    return ranges


def write_guide(here: Book, sheet: Any, title: str, names: Sequence[str]) -> None:
    """The first sheet: what to fill in, in which order, and what to do then."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, here.say("guide-title"), here.look("title"))
    sheet.write_string(1, 0, title, here.look("caption"))
    row = 3

    def part(key: str, rows: Sequence[tuple[str, str]]) -> None:
        nonlocal row
        sheet.write_string(row, 0, here.say(key), here.look("caption"))
        row += 1
        for name, said in rows:
            sheet.set_row(row, LINE * lines_needed(said, 92) + 3)
            if name:
                sheet.write_url(row, 0, f"internal:'{name}'!A1", here.look("said"), string=name)
                sheet.write_string(row, 1, said, here.look("said"))
            else:
                sheet.set_row(row, LINE * lines_needed(said, 116) + 3)
                sheet.merge_range(row, 0, row, 1, "", here.look("line"))
                sheet.write_string(row, 0, said, here.look("line"))
            row += 1
        row += 1

    there = [one for one in SHEETS if one.name in names]

    def links(*, step: bool) -> list[tuple[str, str]]:
        return [(here.say(f"form-{one.name}"), here.say(f"intro-{one.name}")) for one in there if one.step is step]

    part("guide-steps", links(step=True))
    hints = ("example", "cells", "numbers", "spread", "sources", "library", "own")
    part("guide-how", [("", here.say(f"guide-{one}")) for one in hints])
    part("guide-more", [*links(step=False), (here.say("form-entries"), here.say("intro-entries"))])
    part("guide-run", [("", here.say(f"guide-{one}")) for one in ("check", "do", "memo", "import")])
    print_setup(here, sheet, "guide", (24, 92), row)
    sheet.set_tab_color(DARK)
    sheet.protect("", PROTECTION)


def write_entries(here: Book, sheet: Any, entries: Entries) -> None:
    """The library, to look up what can be chosen."""
    widths = (40.0, 48.0, 14.0, 12.0, 20.0, 9.0, 70.0)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    write_top(here, sheet, "entries", widths)
    for n, key in enumerate(("id", "name", "kind", "value", "unit", "year", "source")):
        sheet.write_string(HEAD, n, here.say(f"entries-{key}"), here.look("head"))
    for r, (name, entry) in enumerate(sorted(entries.items()), start=FIRST):
        price = entry.get("price") if isinstance(entry.get("price"), Mapping) else {}
        called, unit = (_in(entry.get(key, (price or {}).get(key, "")), here.lang) for key in ("name", "unit"))
        value = entry.get("value", (price or {}).get("value"))
        cells = (
            name,
            called,
            entry.get("kind"),
            value,
            unit,
            entry.get("price_year"),
            _in(entry.get("source", ""), here.lang),
        )
        shown = [one if isinstance(one, str | int | float) else None for one in cells]
        for n, cell in enumerate(shown):
            write_cell(here, sheet, (r, n), Dressed(value=cell, role="listed"))
    print_setup(here, sheet, "entries", widths, FIRST)  # what it is: dozens of pages of entries are for the screen
    sheet.autofilter(HEAD, 0, max(HEAD + len(entries), HEAD + 1), len(widths) - 1)
    sheet.set_tab_color(MORE_TAB)
    sheet.freeze_panes(FIRST, 1)
    sheet.protect("", PROTECTION)


def _in(words: Any, lang: str) -> Any:
    return words.get(lang, next(iter(words.values()), "")) if isinstance(words, Mapping) else words
