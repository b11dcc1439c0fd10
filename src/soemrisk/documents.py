"""From the bytes of a file to a document: UTF-8, TOML, and the limits within which a file is read at all.

Apart from ``reading`` because nothing here knows what a scenario is. The limits keep a file of any content from
taking more than a moment: how deep it is nested is seen from its brackets and dots, before it is parsed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from soemrisk.errors import Problem, ScenarioError
from soemrisk.messages import Phrase, phrase
from soemrisk.toml_lines import without_texts

MOST_LEVELS = 12
MOST_PACKED = 5_000_000  # bytes of a workbook; one of ours has 20 to 200 kB
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")  # other formats than .xlsx are told to be saved as one


def is_workbook(content: bytes, name: str) -> bool:
    """Whether a file is to be read as a workbook: by its name, or since it is a zip.

    Examples
    --------
    >>> is_workbook(b"schema = 1", "a.toml"), is_workbook(b"", "A.XLSX")
    (False, True)
    """
    return name.lower().endswith(WORKBOOKS) or content.startswith(b"PK\x03\x04")


def document_of(content: bytes, name: str) -> tuple[dict[str, Any], str]:
    r"""Parse the content of a TOML file.

    Parameters
    ----------
    content : bytes
        UTF-8 text, with or without a byte order mark.
    name : str
        What messages call the file.

    Returns
    -------
    document : dict
        What ``tomllib`` gives.
    text : str
        The text that it was parsed from, with LF as line end.

    Raises
    ------
    ScenarioError
        Not UTF-8, not TOML, or nested too deeply.

    Examples
    --------
    >>> document_of(b"a = 1\r\n", "x.toml")
    ({'a': 1}, 'a = 1\n')
    """
    text = _decode(content, name)
    plain = without_texts(text)
    deep = _too_deep(plain)
    if deep is not None:
        raise ScenarioError([Problem(rule="too-deep", file=name, line=deep)])
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(list(_syntax_problems(text, plain, name, str(error)))) from None
    except RecursionError:
        raise ScenarioError([Problem(rule="too-deep", file=name)]) from None
    except ValueError:  # Python converts whole numbers up to 4300 digits
        long = re.search(r"[0-9_]{4000,}", text)
        line = text.count("\n", 0, long.start()) + 1 if long else None
        found = long[0][:20] + "…" if long else "–"
        raise ScenarioError([Problem(rule="too-many-digits", file=name, line=line, values={"found": found})]) from None


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScenarioError([Problem(rule="not-utf8", file=name, line=line)]) from None


_DEPTH = re.compile(r"[\[\]{}\n=,.]")


def _too_deep(plain: str) -> int | None:
    """Line where brackets, or the parts of one dotted key, first go deeper than a scenario can.

    Brackets and dots are counted in a text without strings and comments, whether it is TOML or not.
    """
    line, brackets, dots = 1, 0, 0
    for found in _DEPTH.finditer(plain):
        mark = found[0]
        if mark == ".":
            dots += 1
        elif mark in "[{":
            brackets += 1
            dots = 0
        else:
            brackets = max(brackets - (mark in "]}"), 0)
            dots = 0
        if max(brackets, dots) >= MOST_LEVELS:
            return line
        line += mark == "\n"
    return None


_THOUSANDS = re.compile(r"=\s*(-?\d{1,3}(?:\.\d{3}){2,}|-?\d{1,3}(?:\.\d{3})+,\d+)\b")
_DECIMAL_COMMA = re.compile(r"=\s*(-?\d+,\d+)\b(?!\s*,\s*-?\d)")


def _syntax_problems(text: str, plain: str, name: str, message: str) -> Iterator[Problem]:
    """Yield the decimal commas of the text, which explain most syntax errors; else what the parser says."""
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    where = int(at[1]) if at else text.count("\n") + 1
    lines = plain.split("\n")
    commas = dict.fromkeys((n, m[1]) for n, line in enumerate(lines, 1) for m in _DECIMAL_COMMA.finditer(line))
    for line, found in commas:
        values = {"found": found, "write": found.replace(",", ".")}
        yield Problem(rule="decimal-comma", file=name, line=line, values=values)
    points = dict.fromkeys((n, m[1]) for n, line in enumerate(lines, 1) for m in _THOUSANDS.finditer(line))
    for line, found in points:
        values = {"found": found, "write": found.replace(".", "").replace(",", ".")}
        yield Problem(rule="thousands-mark", file=name, line=line, values=values)
    if not any(line == where for line, _ in (*commas, *points)):
        said = message.split(" (at ", maxsplit=1)[0]
        if re.search("overwrite|twice|Duplicate", said):
            found = _named_twice(said, text.split("\n")[where - 1])
            yield Problem(rule="duplicate-key", file=name, line=where, values={"found": found})
        else:
            place = phrase("toml-at", column=at[2]) if at else ""
            yield Problem(rule="toml-syntax", file=name, line=where, values={"reason": _reason(said), "at": place})


REASONS = (  # what the parser says, and what we say; the first that fits
    ("Expected '=' after a key", "toml-equals"),
    ("Expected newline or end of document", "toml-line-end"),
    ("Expected ']", "toml-heading"),
    ("Expected ", "toml-open-text"),  # three quotation marks
    ("Unterminated string", "toml-open-text"),
    ("Illegal character '\\n'", "toml-open-text"),
    ("Illegal character", "toml-character"),
    ("Found invalid character", "toml-character"),
    ("Invalid value", "toml-value"),
    ("Invalid initial character for a key part", "toml-key"),
    ("Invalid statement", "toml-statement"),
    ("Unclosed array", "toml-open-list"),
    ("Unclosed inline table", "toml-open-table"),
    ("Unescaped", "toml-backslash"),
    ("Invalid hex value", "toml-backslash"),
    ("Escaped character is not", "toml-backslash"),
    ("Invalid date", "toml-date"),
    ("Cannot mutate immutable namespace", "toml-closed-table"),
    ("Cannot redefine namespace", "toml-closed-table"),
)


def _reason(said: str) -> Phrase:
    """What the parser says in English, in the catalogue's words."""
    key = next((key for begins, key in REASONS if said.startswith(begins)), "toml-other")
    quoted = said[said.find("'") + 1 :].partition("'")[0]
    return phrase(key, mark=quoted, found=quoted)


def _named_twice(said: str, line: str) -> str:
    """Key or table that is there twice: as the parser names it, else as its line begins."""
    parts = re.findall("'([^']*)'", said)
    return ".".join(parts) if parts else line.partition("=")[0].strip()
