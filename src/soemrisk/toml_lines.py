"""Where in a TOML text each key stands: the line of every dotted path.

``tomllib`` gives values but no places. This scanner gives places but no values; it reads the same tokens
(headers, keys, strings, comments, brackets) and nothing else, so that a message can name the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_STRING = r"""\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'"""
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<comment>\#[^\n]*)|(?P<newline>\n\s*)|(?P<mark>[\[\]{{}}=,.])|(?P<bare>[^\s\[\]{{}}=,.#\"']+)",
    re.DOTALL,
)

Path = tuple[str, ...]


def lines_of(text: str) -> dict[Path, int]:
    r"""Return the line (from 1) of every key and table of a well-formed TOML text.

    Parameters
    ----------
    text : str
        A text that ``tomllib`` accepts.

    Returns
    -------
    dict
        Path of keys, list items by position, to line.

    Examples
    --------
    >>> lines_of("[a]\nb = { c = 1 }\n")[("a", "b", "c")]
    2
    """
    return _Scanner(text).lines


_OPENING = re.compile(r"""\"{3}|'{3}|["'#]""")
_REST = MappingProxyType(
    {
        '"""': re.compile(r"""(?:\\.|[^\\])*?(?:\"{3,5}|\Z)""", re.DOTALL),
        "'''": re.compile(r".*?(?:'{3,5}|\Z)", re.DOTALL),
        '"': re.compile(r"""(?:\\[^\n]|[^"\\\n])*"?"""),
        "'": re.compile(r"[^'\n]*'?"),
        "#": re.compile(r"[^\n]*"),
    }
)


def without_texts(text: str) -> str:
    """The text with every character of a string or comment blanked, line by line as before.

    The text need not be TOML: a string without an end goes on to the end of its line, a string of several lines to
    the end of the text. One pass, whatever the text.

    Examples
    --------
    >>> without_texts('a = "b" # c')
    'a =        '
    """
    parts: list[str] = []
    place = 0
    while (opening := _OPENING.search(text, place)) is not None:
        parts.append(text[place : opening.start()])
        rest = _REST[opening[0]].match(text, opening.end())
        place = len(text) if rest is None else rest.end()
        parts.append(re.sub(r"[^\n]", " ", text[opening.start() : place]))
    return "".join([*parts, text[place:]])


def nearest(lines: Mapping[Path, int], path: Path) -> int | None:
    """Line of ``path``, or of the longest part of it that the file has.

    Parts that only our data model has (positions of steps written as one table) are passed over.
    """
    found: Path = ()
    for part in path:
        if (*found, part) in lines:
            found = (*found, part)
    return lines.get(found)


class _Scanner:
    """One pass over the tokens; the open places are a stack of paths."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._header: Path = ()
        self._line = 1
        self._tokens = [(token.lastgroup or "", token.group()) for token in _TOKEN.finditer(text)]
        self._end = len(self._tokens)
        self._tokens.append(("", ""))
        self._next = 0
        while self._next < self._end:
            self._statement()

    def _take(self) -> tuple[str, str]:
        kind, word = token = self._tokens[self._next]
        self._next += 1
        if kind in {"newline", "string"}:
            self._line += word.count("\n")
        return token

    def _peek(self) -> str:
        return self._tokens[self._next][1]

    def _skip_blank(self) -> None:
        while self._tokens[self._next][0] in {"newline", "comment"}:
            self._take()

    def _statement(self) -> None:
        self._skip_blank()
        if self._next >= self._end:
            return
        if self._peek() == "[":
            self._take()
            if self._peek() == "[":
                self._take()
                self._open_table(self._key("]"), repeated=True)
                self._take()
            else:
                self._open_table(self._key("]"), repeated=False)
            return
        self._pair(self._header)

    def _open_table(self, key: Path, *, repeated: bool) -> None:
        key = self._inside_lists(key)
        if repeated:
            position = self._tables.get(key, -1) + 1
            self._tables[key] = position
            key = (*key, str(position))
        self._header = key
        self._mark(key)

    def _inside_lists(self, key: Path) -> Path:
        """Path of a header with the positions of the lists of tables that it lies in."""
        path: Path = ()
        for part in key[:-1]:
            path = (*path, part)
            if path in self._tables:
                path = (*path, str(self._tables[path]))
        return (*path, *key[-1:])

    def _mark(self, path: Path) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], self._line)

    def _key(self, end: str) -> Path:
        parts: list[str] = []
        while self._next < self._end:
            kind, word = self._take()
            if word == end:
                break
            if kind == "string":
                parts.append(word[1:-1])
            elif kind == "bare":
                parts.append(word)
        return tuple(parts)

    def _pair(self, prefix: Path) -> None:
        line = self._line
        path = (*prefix, *self._key("="))
        for length in range(len(prefix) + 1, len(path) + 1):
            self.lines.setdefault(path[:length], line)
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self._peek()
        if opening == "{":
            self._inline_table(path)
        elif opening == "[":
            self._list(path)
        else:
            while self._tokens[self._next][0] in {"string", "bare"} or self._peek() == ".":
                self._take()

    def _inline_table(self, path: Path) -> None:
        self._take()
        while self._next < self._end:
            self._skip_blank()
            if self._peek() == "}":
                self._take()
                return
            if self._peek() == ",":
                self._take()
                continue
            self._pair(path)

    def _list(self, path: Path) -> None:
        self._take()
        started = self._line
        position = 0
        while self._next < self._end:
            kind, word = self._tokens[self._next]
            if kind in {"newline", "comment"}:
                self._skip_blank()
            elif word == "]":
                self._take()
                return
            elif word == ",":
                self._next += 1
                position += 1
            else:
                item = (*path, str(position))
                if self._line != started or word in {"{", "["}:  # the others stand where the list stands
                    self.lines.setdefault(item, self._line)
                self._value(item)
