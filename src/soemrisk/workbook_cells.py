"""What a sheet of the workbook consists of, whatever writes it: cells with number formats and live formulas.

A formula names columns and not addresses, ``={gains}-{costs}``, so that a sheet can be put together before it is known
where its tables stand. The value of a cell is the result of its formula, for viewers that do not calculate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from soemrisk.digits import of_hundred, step
from soemrisk.letters import one_direction

LONGEST = 32_767  # characters in a cell of Excel
YEAR, WHOLE, POINTS = "0", "#,##0", "0.0"
COMMAS: Mapping[str, str] = {"kroner": "", "thousands": ",", "millions": ",,"}  # each divides what is shown by 1,000
ZEROS: Mapping[str, int] = {"kroner": 0, "thousands": 3, "millions": 6}
DECIMALS = 3  # at most, of an estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value, how it is shown, and the formula that gives it.

    Attributes
    ----------
    value : float, str or None
    form : str
        Number format of Excel; empty for text.
    formula : str
        ``{column}`` is a cell of the same row, ``{column@n}`` of row n of the table, ``{m.column@n}`` of table m,
        ``{:fact}`` a fact of the sheet.
    """

    value: float | str | None = None
    form: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its key; the width is in characters."""

    key: str
    head: str
    width: float = 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as long as the columns; ``strong`` are totals, ``notes`` stand below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    filtered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A native chart of the figures of one table.

    Attributes
    ----------
    kind : {"bands", "fan", "swings"}
    table : int
        Which table of the sheet.
    columns : tuple of str
        Keys of the columns that it shows; what each means is the kind's.
    rows : int
        So many rows of the table, from the first on.
    title : str
    axis : str
        Without a word of a user: it does not reach the chart through a cell.
    size : {"kroner", "thousands", "millions"}
        Unit of the axis.
    alt : str
    colour : int
        Number of the actor; −1 is the total.
    """

    kind: Literal["bands", "fan", "swings"]
    table: int
    columns: tuple[str, ...]
    rows: int
    title: str
    axis: str
    size: str
    alt: str
    colour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Sentences, each over the whole width."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure over the tables, to which formulas refer by its key."""

    key: str
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One sheet: its name, what stands over the tables, and its parts from top to bottom."""

    name: str
    title: str
    lines: tuple[str, ...]
    parts: tuple[Table | Chart | Lines, ...]
    facts: tuple[Fact, ...] = ()
    landscape: bool = True

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables."""
        return tuple(part for part in self.parts if isinstance(part, Table))


def signed(form: str) -> str:
    """A number format with a true minus sign.

    Examples
    --------
    >>> signed("#,##0")
    '#,##0;"−"#,##0;#,##0'
    """
    return f'{form};"−"{form};{form}'


def kroner(value: float, formula: str = "") -> Cell:
    """An amount without an error, to the krone; what rounds to 0 has no sign."""
    return Cell(value=value, form=signed(WHOLE) if abs(value) >= 0.5 else "0;0;0", formula=formula)


def share(value: float | None, decimals: int = 1, formula: str = "") -> Cell:
    """A share as per cent; an infinite one is a dash."""
    if value is None or not math.isfinite(value):
        return words("–")
    return Cell(value=value, form=signed("0." + "0" * decimals + " %" if decimals else "0 %"), formula=formula)


def words(value: str) -> Cell:
    """Text."""
    return Cell(value=value)


def estimate(value: float, error: float, size: str) -> tuple[Cell, Cell]:
    """An amount in a unit with the decimals that its standard error leaves, and the error with one more.

    Parameters
    ----------
    value, error : float
        Kr.
    size : {"kroner", "thousands", "millions"}

    Returns
    -------
    (Cell, Cell)
        Full values; decimal marks of a column stand below each other.

    Examples
    --------
    >>> [cell.form.split(";")[0] for cell in estimate(3_675_155.3, 10_317.1, "millions")]
    ['#,##0.0,,_0_0', '0.00,,']
    """
    most = min(DECIMALS, ZEROS[size])
    left = min(max(ZEROS[size] - round(math.log10(step(error))), 0), most)
    shown = signed(_decimals(WHOLE, left, most, COMMAS[size]))
    if abs(value) < 0.5 * 10.0 ** (ZEROS[size] - left):
        shown = shown.split(";", maxsplit=1)[0].replace("#,##", "")
        shown = f"{shown};{shown};{shown}"
    finer = min(left + 1, ZEROS[size])
    return Cell(value=value, form=shown), Cell(value=error, form=_decimals("0", finer, finer, COMMAS[size]))


def _decimals(whole: str, decimals: int, most: int, commas: str) -> str:
    """A number format with some decimals, and blanks as wide as those that are missing."""
    mark = "" if decimals else "_." * (most > 0)
    return whole + ("." + "0" * decimals) * (decimals > 0) + commas + mark + "_0" * (most - decimals)


def count(chance: float, error: float, lang: str) -> tuple[Cell, Cell]:
    """A chance as so many of 100, shown as in the memo, and its standard error in points.

    Examples
    --------
    >>> [cell.form for cell in count(0.4679, 0.0008, "da")], count(0.99999, 0.0001, "da")[0].form
    (['0" af 100"', '0.00'], '"flere end 99 af 100"')
    """
    shown, of = of_hundred(chance, lang, error), "af" if lang == "da" else "of"
    exact = shown == str(round(100 * chance))
    form = f'0" {of} 100"' if exact else f'"{shown} {of} 100"'
    return Cell(value=100 * chance, form=form), Cell(value=100 * error, form="0.00")


def measured(value: float, digits: int = 15) -> Cell:
    """A value of an input with so many significant digits and thousands marks where it is long."""
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0:
        return Cell(value=value, form="0;0;0")
    mantissa, exponent = f"{abs(rounded):.{digits - 1}e}".split("e")
    decimals = max(len(mantissa.rstrip("0")) - 2 - int(exponent), 0)
    whole = WHOLE if abs(rounded) >= 1000 else "0"
    return Cell(value=value, form=signed(whole + ("." + "0" * decimals) * (decimals > 0)))


def shown_length(cell: Cell) -> int:
    """Characters that a cell shows, about.

    Examples
    --------
    >>> shown_length(kroner(-3_705_454)), shown_length(words("Kommune"))
    (10, 7)
    """
    if not isinstance(cell.value, float | int):
        return len(cell.value or "")
    form = cell.form.split(";", maxsplit=1)[0]
    said = "".join(re.findall('"([^"]*)"', form))
    number = re.sub('"[^"]*"', "", form)
    percent = 100 if "%" in number else 1
    places = re.search(r"\.(0+)", number)
    value = cell.value * percent / 1000 ** (number.count(",") - number.count("#,#"))
    shown = f"{value:,.{len(places.group(1)) if places else 0}f}" if "0" in number else ""
    return len(shown) + len(said) + 2 * (percent > 1) + number.count("_")


def size_of(amounts: Iterable[float]) -> str:
    """Unit that suits amounts in kr.: millions, thousands or kroner."""
    largest = max(map(abs, amounts), default=0.0)
    return "millions" if largest >= 1e6 else "thousands" if largest >= 1e4 else "kroner"


def cleaned(text: str, cut: str) -> str:
    r"""Text without characters that XML cannot hold, cut where a cell ends.

    Parameters
    ----------
    text : str
    cut : str
        What says that it was cut.

    Returns
    -------
    str

    Examples
    --------
    >>> cleaned("a\x00b", "…"), len(cleaned("x" * 40_000, "…"))
    ('a b', 32767)
    """
    allowed = "".join(
        c if c in "\t\n" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff") else " "
        for c in one_direction(text)
    )
    # Excel counts UTF-16 units: a letter outside the first plane counts twice
    if len(allowed.encode("utf-16-le")) <= 2 * LONGEST:
        return allowed
    room = 2 * LONGEST - len(cut.encode("utf-16-le"))
    return allowed.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + cut


NAMED = re.compile(r"\{(?:(\d*)([.:]))?([a-z0-9_-]+)(?:@(\d+))?\}")


def placed(formula: str, place: Callable[[int | None, str, int | None], str]) -> str:
    """A formula with addresses for the names in it.

    Parameters
    ----------
    formula : str
    place : callable
        Address of (table or None for the same, column, row or None for the same); the table −1 is the facts.

    Returns
    -------
    str

    Examples
    --------
    >>> placed("=SUM({net@0}:{net@2})/{:persons}", lambda table, key, row: f"{key}{table or ''}{row or ''}")
    '=SUM(net:net2)/persons-1'
    """

    def address(found: re.Match[str]) -> str:
        table, mark, key, row = found.groups()
        number = -1 if mark == ":" else int(table) if table else None
        return place(number, key, int(row) if row is not None else None)

    return NAMED.sub(address, formula)
