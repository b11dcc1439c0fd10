"""What the sheets of the form are called: names, headings and labels in both languages, and which cell they lead to.

Apart from ``scenario_sheets``, which knows no language: a sheet may have headings of either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soemrisk.messages import text
from soemrisk.scenario_sheets import OBSERVED, SHEETS, UNREAD
from soemrisk.sheet_shapes import Column, Field, Sheet

LANGUAGES = ("da", "en")
NOTE = re.compile("note|bemærkning", re.IGNORECASE)  # begins names of what users keep for themselves


def plain(heading: object) -> str:
    """A heading as it is compared: letters and digits, whatever their case and the spaces between them.

    Examples
    --------
    >>> plain(" Lav og  høj er ")
    'lav og høj er'
    """
    return " ".join(str(heading).split()).casefold()


def sheet_names() -> dict[str, str]:
    """Name of every sheet in both languages, as compared, to its id."""
    names = [*(one.name for one in SHEETS), OBSERVED, *UNREAD]
    return {plain(text(f"form-{name}", lang)): name for name in names for lang in LANGUAGES}


def heading(column: Column, lang: str, key: str = "", *, twin: bool = False) -> str:
    """Heading of a column; ``key`` is the year, actor or position, ``twin`` the column of the other language.

    Examples
    --------
    >>> from soemrisk.sheet_shapes import NAME
    >>> heading(NAME, "da"), heading(NAME, "da", twin=True), heading(NAME, "en", twin=True)
    ('Navn', 'Navn (engelsk)', 'Name (Danish)')
    """
    if column.many == "year":
        return key
    found = text(f"column-{column.head}", lang, key=key)
    return text("column-twin", lang, head=found) if twin else found


def headings(sheet: Sheet) -> Iterator[tuple[str, Column, str, bool]]:
    """Yield (heading as compared, column, language, whether it is the twin) of the columns that have one heading."""
    for column in sheet.columns:
        if not column.many:
            for lang in LANGUAGES:
                yield plain(heading(column, lang)), column, lang, False
                if column.kind in {"text", "words"} and column.path:
                    yield plain(heading(column, lang, twin=True)), column, lang, True


def labels(sheet: Sheet) -> dict[str, Field]:
    """Label of every field of a sheet in both languages, as compared, to the field."""
    return {plain(text(f"field-{one.label}", lang)): one for one in sheet.fields for lang in LANGUAGES}


def choice_label(choices: str, value: object, lang: str) -> str:
    """What a drop-down shows for a value.

    Examples
    --------
    >>> choice_label("truth", True, "da"), choice_label("meaning", "80%", "da")
    ('ja', '80 %-interval')
    """
    return text(f"choice-{choices}-{str(value).lower().rstrip('%')}", lang)
