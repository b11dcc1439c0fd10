"""A document written as TOML 1.0 that people read: short tables on one line, longer ones under a header of their own.

``tomllib`` only reads. This writes what it reads: ``tomllib.loads(toml_text(document)) == document`` for every
document of texts, numbers, truth values, dates, lists and tables.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

LONGEST_LINE = 120
Path = tuple[str, ...]
NO_COMMENTS: Mapping[Path, str] = MappingProxyType({})
_BARE = re.compile("[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_text(
    document: Mapping[str, Any], comments: Mapping[Path, str] = NO_COMMENTS, keyed: Collection[str] = ()
) -> str:
    r"""Write a document as TOML.

    Parameters
    ----------
    document : mapping
        Texts, numbers, truth values, dates, lists and tables by key.
    comments : mapping, optional
        Path of keys (list items by position) to a line of text that is put before the key.
    keyed : collection of str, optional
        Names of sections whose entries get a header each, as sections that hold tables do; other tables get one only
        where their line would be too long.

    Returns
    -------
    str
        Lines of at most 120 characters where texts and numbers allow it.

    Raises
    ------
    ValueError
        A value that TOML does not have.

    Examples
    --------
    >>> print(toml_text({"a": {"b": {"c": 1.5}}, "d": "x"}), end="")
    d = "x"
    <BLANKLINE>
    [a]
    b = { c = 1.5 }
    """
    return "\n".join(_table((), document, comments, keyed)).lstrip("\n") + "\n"


def _table(
    path: Path, table: Mapping[str, Any], comments: Mapping[Path, str], keyed: Collection[str], named: Path = ()
) -> Iterator[str]:
    """Lines of a table: what fits on lines first, since TOML has no way back out of a header.

    ``named`` is the path as headers write it, without the positions of list items.
    """
    later: list[str] = []
    for name, value in table.items():
        here, title = (*path, name), ".".join(map(_key, (*named, name)))
        line = f"{_key(name)} = {_inline(value)}"
        headed = (len(here) == 1 and _holds_tables(value)) or (len(here) == 2 and path[0] in keyed)
        if isinstance(value, Mapping) and (headed or len(line) > LONGEST_LINE) and value:
            inside = list(_table(here, value, comments, keyed, (*named, name)))
            said = [*_comment(here, comments)]
            header = [] if inside[0] == "" and not said else ["", *said, f"[{title}]"]
            later += header + inside
        elif _is_list_of_tables(value) and (len(line) > LONGEST_LINE or _commented_inside(here, comments)):
            for n, item in enumerate(value):
                later += ["", *_comment((*here, str(n)), comments), f"[[{title}]]"]
                later += _table((*here, str(n)), item, comments, keyed, (*named, name))
        else:
            yield from _comment(here, comments)
            if isinstance(value, list | tuple) and len(line) > LONGEST_LINE:
                yield from (f"{_key(name)} = [", *(f"    {_inline(item)}," for item in value), "]")
            else:
                yield line
    yield from later


def _comment(path: Path, comments: Mapping[Path, str]) -> Iterator[str]:
    if path in comments:
        yield from ("# " + "".join(c if c.isprintable() else " " for c in line) for line in comments[path].split("\n"))


def _commented_inside(path: Path, comments: Mapping[Path, str]) -> bool:
    return (*path, "1") in comments


def _holds_tables(value: object) -> bool:
    return isinstance(value, Mapping) and any(isinstance(one, Mapping | list | tuple) for one in value.values())


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    def escaped(c: str) -> str:
        if c in _ESCAPES:
            return _ESCAPES[c]
        return f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else c

    return '"' + "".join(map(escaped, value)) + '"'


def _inline(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_inline(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    for kind, written in _SCALARS:
        if isinstance(value, kind):
            return written(value)
    raise ValueError(f"TOML has no {type(value).__name__}")


def _number(value: float) -> str:
    """Shortest text that is read as the same float; TOML asks for a digit on both sides of the point."""
    if not math.isfinite(value):
        return repr(value)
    found = repr(value)
    mantissa, _, exponent = found.partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}" if exponent else found


_SCALARS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: str(value).lower()),  # before int, of which bool is a kind
    (str, _text),
    (int, str),
    (float, _number),
    (dt.date | dt.time, lambda value: value.isoformat()),
)
