"""Problems in the words of a workbook: headings in place of keys, and the row in place of a path.

Apart from ``reading``, which finds problems, because only this knows what who works in Excel sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from soemrisk.complaints import Where
from soemrisk.messages import CATALOGUE, Phrase, phrase
from soemrisk.scenario import LANGUAGES
from soemrisk.scenario_sheets import SHEETS
from soemrisk.sheet_shapes import Column, Sheet

Finding = tuple[Where, str, dict[str, object]]  # place, rule, values of the message
NAMES_OF_KEYS = ("key", "missing", "partners")  # values of problems that are keys
ID = re.compile("[a-z0-9_-]+")
NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
WAYS = {"range": "in-sheet-range", "counts": "in-sheet-counts"}  # to state a spread, with several columns


def in_form(finding: Finding, cells: Mapping[Where, int]) -> Finding:
    """A finding at the place, and of the rule, that a form has for it: what one half lacks is the other half's row.

    Parameters
    ----------
    finding : (place, rule, values)
    cells : mapping
        Cell of every place that the form states.

    Returns
    -------
    (place, rule, values)

    Examples
    --------
    >>> in_form((("success",), "success-form", {"other": "with"}), {})
    (('success',), 'missing-key', {'key': 'with'})
    """
    where, rule, values = finding
    if rule == "success-form" and "other" in values:
        return where, "missing-key", {"key": values["other"]}
    if where == ("subgroups",) and rule in {"share-negative", "shares-not-one"}:  # a column, and no row as elsewhere
        column = [one for one in cells if one[:1] == where and one[2:] == ("share",)]
        place = next((one for one in column if one[1] == values.get("whose", one[1])), where)
        return place, "column-not-one" if rule == "shares-not-one" else rule, values
    if rule == "unknown-reference":  # what is no id is told as such, and not offered
        return where, rule, {**values, "allowed": tuple(one for one in values["allowed"] if ID.fullmatch(str(one)))}  # type: ignore[attr-defined]
    if rule == "scaling-and-source":
        keys = [(*where, key) for key in ("level_scaling", "level_scaling_source")]
        return next((one for one in keys if one in cells), where), rule, values
    return finding


def in_words(rule: str, where: Where, values: Mapping[str, object]) -> dict[str, object]:
    """Values of a problem with headings in place of keys.

    Parameters
    ----------
    rule : str
    where : tuple of str
        Place in the document.
    values : mapping

    Returns
    -------
    dict

    Examples
    --------
    >>> place = ("consequences", "herberg", "change")
    >>> in_words("range-incomplete", place, {"missing": "meaning"})["missing"][0].in_("da")
    'Lav og høj er'
    """
    said = dict(values)
    names = (*NAMES_OF_KEYS, *(["found"] if rule == "several-spreads" else []))
    for name in names:
        if isinstance(said.get(name), str | tuple):
            said[name] = _headings(where, said[name])
    if rule == "missing-key":
        said["key"] = _lacking(where, str(values["key"]))
    if rule in {"not-a-count", "not-a-year"} and NUMBER.fullmatch(str(values["found"])):
        said["found"] = float(str(values["found"]))  # with the decimal mark of the language
    if rule == "library-kind":
        said |= {name: _kind(str(values[name])) for name in ("kind", "expected")}
    sheet = next((one for one in SHEETS if one.place == (values.get("section"),)), None)
    if rule == "unknown-reference":
        other = phrase("sheet-of-other", section=values["section"])
        said["sheet"] = other if sheet is None else phrase(f"form-{sheet.name}")
    return said


def _lacking(where: Where, key: str) -> object:
    """Heading of what is missing at a place; of one language of a text that of the text."""
    found = heading_of((*where, key))
    if found is None and key in LANGUAGES:
        fields = any(one.place == where for sheet in SHEETS for one in sheet.fields)
        found = phrase("column-text") if fields else heading_of(where)
    return found or key


def _kind(kind: str) -> object:
    return phrase(f"lib-kind-{kind}") if f"lib-kind-{kind}" in CATALOGUE else kind


def _headings(where: Where, keys: object) -> object:
    """Headings of keys that stand beside each other at a place; what has no column stays as it is."""
    listed = keys.split(", ") if isinstance(keys, str) else [str(one) for one in keys]  # type: ignore[attr-defined]
    found: list[object] = []
    for one in listed:
        key = one.split(" ")[0]
        also = where[:-1] if where and where[-1] == key else where
        found.append(phrase(WAYS[key]) if key in WAYS else heading_of((*also, key)) or one)
    return tuple(found)


def heading_of(where: Where) -> Phrase | None:
    """Heading of the column, or label of the row, that states a place; None where there is none.

    Examples
    --------
    >>> heading_of(("success", "with")).in_("da"), heading_of(("costs", "indsats", "amount", "low")).in_("en")
    ('Succesrate med indsatsen', 'Low')
    """
    for sheet in SHEETS:
        if where[: len(sheet.place)] == sheet.place:
            found = _label(sheet, where) if sheet.rows == "fields" else _heading(sheet, where)
            if found is not None:
                return found
    return None


def _heading(sheet: Sheet, where: Where) -> Phrase | None:
    rest = where[len(sheet.place) + (sheet.rows in {"entries", "items"}) :]
    return _of_columns(sheet.columns, rest) if rest else None


def _label(sheet: Sheet, where: Where) -> Phrase | None:
    """A field as a whole by its label; what it states by the heading of the column."""
    for field in sheet.fields:
        size = len(field.place)
        if size and where[:size] == field.place:
            if where == field.place:
                return phrase(f"field-{field.label}")
            return _of_columns(sheet.columns, where[size:])
        if field.source and where == field.source:
            return phrase("column-source")
    return None


def _of_columns(columns: tuple[Column, ...], rest: Where) -> Phrase | None:
    """Heading of a path below a row; the position of a step is passed over."""
    plain = tuple(part for part in rest if not part.isdigit())
    for column in columns:
        if column.path and not column.many and column.path in {rest, plain}:
            return phrase(f"column-{column.head}")
        if column.many and len(rest) == len(column.path) and rest[:-1] == column.path[:-1]:
            return phrase(f"column-{column.head}", key=rest[-1])
    return None


def row_of(where: Where) -> Phrase | str:
    """What the row of a place is called: an id, or the label of a field; empty where the cell alone says it.

    Examples
    --------
    >>> row_of(("consequences", "herberg", "change", "low")), row_of(("success", "without", "value")).in_("da")
    ('herberg', 'Succesrate uden indsatsen')
    """
    for sheet in SHEETS:
        size = len(sheet.place)
        if sheet.rows == "entries" and where[:size] == sheet.place and len(where) > size:
            return where[size]
        for field in sheet.fields:
            if field.place and where[: len(field.place)] == field.place:
                return phrase(f"field-{field.label}")
    return ""
