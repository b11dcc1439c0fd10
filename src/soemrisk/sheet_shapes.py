"""Shapes of the form: columns, fields and sheets, and the columns that many sheets share.

Apart from ``scenario_sheets``, which says what sheets there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Path = tuple[str, ...]
MANY = "*"  # in the path of a column: there is one for each year, actor or position


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet, or one for each year, actor or position.

    Attributes
    ----------
    head : str
        Its heading and help in the catalogue: ``column-<head>``, ``help-<head>``.
    path : tuple of str
        Key below the entry of the row; with ``MANY`` at the end one column for each key there.
    kind : str
        What a cell holds: ``text``, ``words`` (in two languages), ``number``, ``share`` (a number shown as per cent),
        ``whole``, ``year``, ``truth``, ``choice``, ``places`` (several, by semicolons), ``other`` (TOML).
    many : str
        ``year``, ``actor`` or ``position``.
    usual : bool
        Whether the sheet always has it; else only where a row needs it.
    choices : str
        A list of ``CHOICES``, a sheet whose ids may be chosen, or ``library <kind>``.
    width : float
        Characters.
    """

    head: str
    path: Path
    kind: str = "text"
    many: Literal["", "year", "actor", "position"] = ""
    usual: bool = True
    choices: str = ""
    width: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row of a sheet of fields: its label ``field-<label>`` and the place that it states.

    ``kind`` is that of a column, or ``quantity`` for a row with all columns of the sheet. ``many``: the label may
    stand in several rows, items of a list or steps of a quantity. ``source`` is the place of the row's source, where
    the field is no quantity.
    """

    label: str
    place: Path
    kind: str = "text"
    many: Literal["", "items", "steps"] = ""
    usual: bool = True
    choices: str = ""
    source: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: ``entries`` by id, ``years``, ``fields`` by label, or ``items``; its first column says which row.

    ``steps`` are keys that may be lists of steps: one row each, with the columns ``from`` and ``above``. One that is
    not ``usual`` is there only where a scenario needs it.
    """

    name: str
    place: Path
    rows: Literal["entries", "years", "fields", "items"]
    columns: tuple[Column, ...] = ()
    fields: tuple[Field, ...] = ()
    steps: Path = ()
    usual: bool = True
    step: bool = False  # a step of SØM's own


CHOICES: Mapping[str, tuple[object, ...]] = MappingProxyType(
    {
        "meaning": ("hard", "80%", "90%", "95%"),
        "of": ("mean", "individuals", "one"),
        "evidence": (1, 2, 3),
        "outcome-per": ("success", "participant"),
        "per": ("total", "year", "completer", "starter"),
        "bands": ("year", "spell"),
        "lang": ("da", "en"),
        "timing": ("start", "mid", "end"),
        "window": ("common", "cohort"),
        "chance": ("nobody-harmed", "independent"),
        "correlations": ("refuse", "nearest"),
        "truth": (True, False),
    }
)


def quantity_columns(
    prefix: Path, head: str, usual: str, *, kind: str = "number", named: str = ""
) -> tuple[Column, ...]:
    """Columns of a quantity; ``usual`` are those that are always there, ``named`` begins the headings of some."""

    def column(key: str, **also: object) -> Column:
        own = f"{named}-{key}" if named and key in {"unit", "source", "library"} else key
        shown = head if key == "value" else own
        where = (*prefix, *key.split("."))
        return Column(head=shown.replace(".", "-").replace("_", "-"), path=where, usual=key in usual.split(), **also)  # type: ignore[arg-type]

    return (
        column("value", kind=kind),
        column("counts.successes", kind="whole", width=9),
        column("counts.of", kind="whole", width=8),
        column("low", kind=kind),
        column("high", kind=kind),
        column("meaning", kind="choice", choices="meaning", width=18),
        column("se", kind="number"),
        column("sd", kind="number"),
        column("cv", kind="share"),
        column("of", kind="choice", choices="of", width=15),
        column("n", kind="whole", width=9),
        column("evidence", kind="choice", choices="evidence", width=22),
        column("evidence_level", kind="choice", choices="evidence", width=22),
        column("significant", kind="share", width=13),
        column("corrected", kind="truth", choices="truth", width=9),
        column("family", width=14),
        column("unit", width=15),
        column("source", width=36),
        column("library", choices=" ".join(["library", *prefix]), width=24),
    )


ID = Column(head="id", path=(), kind="text", width=20)
FIELD = Column(head="field", path=(), kind="text", width=36)
YEAR = Column(head="year", path=(), kind="year", width=9)
NAME = Column(head="name", path=("name",), kind="words", width=26)
AREA = Column(head="area", path=("area",), choices="areas", width=22)
FROM = Column(head="from", path=("from",), kind="whole", usual=False, width=9)
ABOVE = Column(head="above", path=("above",), kind="whole", usual=False, width=9)
OTHER = Column(head="other", path=(), kind="other", width=30)
RARE = replace(OTHER, usual=False)
RANGE = "value low high meaning unit source"


def library_column(kind: str, *, usual: bool = True) -> Column:
    """A column that takes an entry of the library of a kind."""
    return Column(head="library", path=("library",), choices=f"library {kind}", usual=usual, width=24)


def columns_by_actor(key: str) -> Column:
    """A column of shares for each actor."""
    return Column(head="share", path=(key, MANY), kind="share", many="actor", width=11)
