"""What went wrong in a user's file: problems with their place, gathered and raised together.

Apart from everything else so that every layer can report a problem in the same form, and so that a
file with ten mistakes gives ten messages and not one.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from soemrisk.messages import CATALOGUE, Phrase, phrase, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in one place of a file.

    Attributes
    ----------
    rule : str
        Message id in the catalogue, which is also the id of the rule that was broken.
    path : str
        Dotted place in the document, for example ``services.herberg.price.low``; empty for the file.
    values : mapping
        What the message text fills in.
    file : str
        File name as the user gave it.
    line : int or None
        Line in the file, from 1.
    cell : str
        Sheet and cell, ``Priser!D7``, in a workbook.
    row : str or Phrase
        What the row of the cell is called, which a workbook's message says in place of the path.
    """

    rule: str
    path: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    cell: str = ""
    row: str | Phrase = ""

    def describe(self, lang: str) -> str:
        """Return the message as one line of text in ``lang`` (``da`` or ``en``)."""
        place = ":".join(str(part) for part in (self.file, self.line, self.cell) if part not in ("", None))
        row = self.row.in_(lang) if isinstance(self.row, Phrase) else self.row
        head = ": ".join(part for part in (place, _short(row if self.cell else self.path)) if part)
        written = {
            k: f"{v:.15g}".replace("inf", "∞")
            if isinstance(v, float) and not self.cell
            else _short(v)
            if isinstance(v, str)
            else v
            for k, v in self.values.items()
        }  # as the file writes it: in a workbook with the decimal mark of the language
        own = f"in-sheet-{self.rule}"
        key = own if self.cell and own in CATALOGUE else self.rule
        body = " ".join(text(key, lang, **written).split())  # a text of several lines stays one message
        suggestion = self.values.get("suggestion")
        if suggestion:
            body += " " + text("did-you-mean", lang, suggestion=suggestion)
        return _printable(f"{head}: {body}" if head else body)


MOST_PROBLEMS = 100  # that are told; of the others it is said how many there are
LONGEST = 200  # of what a message quotes: enough to find it


def _short(found: str) -> str:
    return found if len(found) <= LONGEST else found[: LONGEST - 1] + "…"


def _printable(line: str) -> str:
    """Line without characters that would move a terminal's cursor or that no encoding has; they are spelt out."""
    return "".join(c if c.isprintable() or c == "\u00a0" else repr(c)[1:-1] for c in line)


SYSTEM_REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.EACCES: "system-denied",
        errno.EPERM: "system-denied",
        errno.EISDIR: "system-directory",
        errno.ENOTDIR: "system-no-directory",
        errno.ENOENT: "system-missing",
        errno.EEXIST: "system-exists",
        errno.ENAMETOOLONG: "system-name",
        errno.EINVAL: "system-name",
        errno.ELOOP: "system-links",
        errno.ENOSPC: "system-full",
        errno.EROFS: "system-read-only",
        errno.EMFILE: "system-open-files",
        errno.ENFILE: "system-open-files",
        errno.ENOMEM: "system-memory",
        errno.EAGAIN: "system-processes",
    }
)


def system_reason(error: Exception) -> Phrase:
    """Why a file could not be opened, read or written, in the catalogue's words and not in the system's English.

    Examples
    --------
    >>> system_reason(PermissionError(13, "Permission denied")).in_("da")
    'der er ikke adgang til den'
    """
    number = error.errno if isinstance(error, OSError) else errno.EINVAL  # else no file can have such a name
    code = type(error).__name__ if number is None else errno.errorcode.get(number, str(number))
    return phrase(SYSTEM_REASONS.get(number or 0, "system-other"), code=code)


class ScenarioError(ValueError):
    """The user's file is wrong; carries the problems found, in the order of the file, the first hundred of them.

    Parameters
    ----------
    problems : iterable of Problem
        At least one.
    lang : {"da", "en"}, optional
        Language that the file asks for, where it could be read.
    more : int
        Number of further problems that are known of.

    Examples
    --------
    >>> error = ScenarioError([Problem(rule="file-missing", file="x.toml")])
    >>> print(error)
    x.toml: the file does not exist
    """

    def __init__(self, problems: Iterable[Problem], lang: str | None = None, more: int = 0) -> None:
        ordered = sorted(problems, key=lambda p: (p.file, p.line or 0))
        self.problems = tuple(ordered[:MOST_PROBLEMS])
        self.more = more + len(ordered[MOST_PROBLEMS:])
        self.lang = lang
        super().__init__(self.describe("en"))

    def describe(self, lang: str) -> str:
        """Return the problems in ``lang``, one a line, and in a last line how many more there are."""
        lines = [problem.describe(lang) for problem in self.problems]
        if self.more:
            file = self.problems[-1].file
            lines.append((f"{file}: " if file else "") + text("more-problems", lang, more=self.more))
        return "\n".join(lines)
