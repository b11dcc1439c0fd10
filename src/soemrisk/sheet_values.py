"""One cell: what a scenario says as a cell, and what a cell says to a scenario.

A number that is stored as text is understood where it can mean one thing only; else it is refused with what it may
mean. Nothing is guessed: a value goes into a cell only where reading that cell gives it back.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from soemrisk.sheet_headings import LANGUAGES, choice_label, plain
from soemrisk.sheet_shapes import CHOICES

LONGEST = 32_767  # characters that a cell of Excel holds
ERRORS = frozenset(
    [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
    ]
)
NUMBERS = ("number", "share", "whole", "year")
_WORDS = {"sand": True, "falsk": False}
_PLAIN = re.compile(r"[0-9]+")
_ONE_MARK = re.compile(r"([0-9]+)[.,]([0-9]+)")
_NOT_HELD = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML, or changed by it
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell cannot be read: the rule, what fills its message, and what stands in the document instead."""

    rule: str
    values: dict[str, object] = field(default_factory=dict)


def read_cell(raw: Any, kind: str, choices: str = "") -> Any:
    """What a cell says.

    Parameters
    ----------
    raw : object
        Value of the cell: text, number, truth value or date; an empty text is an empty cell.
    kind : str
        Of its column (``scenario_sheets.Column``).
    choices : str
        Which list a choice is from.

    Returns
    -------
    object
        Text, number, truth value or list; None for an empty cell; ``Wrong`` where it cannot be read.

    Examples
    --------
    >>> read_cell("0,65", "number"), read_cell("65 %", "share"), read_cell(2024.0, "text"), read_cell(" ", "text")
    (0.65, 0.65, '2024', None)
    >>> read_cell("1.234", "number").rule
    'cell-ambiguous'
    """
    raw = raw.strip() if isinstance(raw, str) else raw
    if raw is None or raw == "":
        return None
    if isinstance(raw, str) and raw in ERRORS:
        return Wrong("cell-error", {"found": raw})
    if kind in NUMBERS:
        return _number(raw)
    if kind in {"choice", "truth"}:
        return _choice(raw, choices)
    said = _said(raw)
    if kind == "places":
        return [one.strip() for one in said.split(";") if one.strip()]
    return said


def _number(raw: Any) -> Any:
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        return Wrong("cell-date", {"found": str(raw)[:40]})
    if isinstance(raw, bool):
        return Wrong("cell-not-a-number", {"found": str(raw).upper()})
    return number_in(raw) if isinstance(raw, str) else rounded(float(raw))


def rounded(number: float) -> int | float:
    """A number with the 15 significant digits that Excel keeps; a whole one without a point.

    Examples
    --------
    >>> rounded(0.1 + 0.2), rounded(25.0)
    (0.3, 25)
    """
    if not math.isfinite(number):
        return number
    kept = float(f"{number:.15g}")
    return int(kept) if kept.is_integer() and abs(kept) < 1e15 and repr(kept) != "-0.0" else kept


def number_in(said: str) -> Any:
    """A number that stands as text, with a decimal comma or point, thousands marks or a per cent sign.

    Parameters
    ----------
    said : str

    Returns
    -------
    float, int or Wrong
        ``Wrong`` for what is no number, and for one mark before three digits, which separates thousands or decimals.

    Examples
    --------
    >>> number_in("1.234,5"), number_in("−6,5 %"), number_in("1.234.567"), number_in("0,125")
    (1234.5, -0.065, 1234567, 0.125)
    >>> number_in("1,234").values["large"], number_in("12 kr.").rule
    (1234.0, 'cell-not-a-number')
    """
    text = said.replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    sign, text = (text[0], text[1:].strip()) if text[:1] in {"-", "+"} else ("", text)
    one_mark = _ONE_MARK.fullmatch(text)
    if _PLAIN.fullmatch(text):
        digits = text
    elif one_mark and not (len(one_mark[2]) == 3 and len(one_mark[1]) <= 3 and one_mark[1].strip("0")):
        digits = f"{one_mark[1]}.{one_mark[2]}"
    elif one_mark:
        small, large = float(f"{sign}{one_mark[1]}.{one_mark[2]}"), float(f"{sign}{one_mark[1]}{one_mark[2]}")
        return Wrong("cell-ambiguous", {"found": said[:60], "small": small, "large": large})
    elif _GROUPED.fullmatch(text):
        mark = next(c for c in text if c in "., ")
        digits = text.replace(mark, "").replace(",", ".")
    else:
        return Wrong("cell-not-a-number", {"found": said[:60]})
    exact = Decimal(sign + digits)
    return rounded(float(exact / 100 if percent else exact))


def _choice(raw: Any, choices: str) -> Any:
    options = CHOICES[choices]
    if isinstance(raw, bool):
        found = {str(raw).lower()}
    elif isinstance(raw, int | float):
        found = {f"{raw:.10g}", f"{100 * raw:.10g}%"}  # Excel makes a number of what is chosen as 80%
    else:
        found = {plain(_said(raw))}
    for option in options:
        if found & {str(option).lower(), *(plain(choice_label(choices, option, lang)) for lang in LANGUAGES)}:
            return option
    if choices == "truth":
        word = next(iter(found))
        return _WORDS[word] if word in _WORDS else Wrong("cell-truth", {"found": _said(raw)[:60]})
    return Wrong("cell-choice", {"found": _said(raw)[:60], "choices": choices})


def _said(raw: Any) -> str:
    """A cell as text: what was typed as a number or date and is meant as text."""
    if isinstance(raw, dt.datetime) and raw.time() == dt.time(0):
        raw = raw.date()
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return f"{raw:.15g}"
    return raw.isoformat() if isinstance(raw, dt.date) else str(raw)


def write_cell(value: Any, kind: str, choices: str, lang: str) -> Any:
    """The cell that says a value, or None where no cell of the kind says it.

    Parameters
    ----------
    value : object
    kind, choices : str
        As for ``read_cell``.
    lang : {"da", "en"}
        Of what drop-downs show.

    Returns
    -------
    str, int, float or None

    Examples
    --------
    >>> write_cell(True, "truth", "truth", "da"), write_cell("80%", "choice", "meaning", "en")
    ('ja', '80 % interval')
    >>> write_cell(" #REF!", "text", "", "da"), write_cell("x", "number", "", "da")
    (None, None)
    """
    cell = value
    if kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
    elif kind in {"choice", "truth"}:
        if not any(value == one and type(value) is type(one) for one in CHOICES[choices]):
            return None
        cell = choice_label(choices, value, lang)
    elif kind == "places" and isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        cell, value = "; ".join(value), list(value)
    elif not isinstance(value, str) or not holds(value):
        return None
    return cell if _same(read_cell(cell, kind, choices), value) else None


def holds(said: str) -> bool:
    r"""Whether a cell holds a text as it is.

    Examples
    --------
    >>> holds("= en tekst, ikke en formel"), holds("a\x00b")
    (True, False)
    """
    units = len(said) + sum(ord(c) > 0xFFFF for c in said)  # Excel counts UTF-16 units
    return units <= LONGEST and _NOT_HELD.search(said) is None


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return type(one) is type(other) and bool(one == other)
