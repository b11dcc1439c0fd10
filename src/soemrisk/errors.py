"""What went wrong in a user's file: problems with their place, gathered and raised together.

Apart from everything else so that every layer can report a problem in the same form, and so that a
file with ten mistakes gives ten messages and not one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from soemrisk.messages import text


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
    """

    rule: str
    path: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    file: str = ""
    line: int | None = None

    def describe(self, lang: str) -> str:
        """Return the message as one line of text in ``lang`` (``da`` or ``en``)."""
        place = ":".join(str(part) for part in (self.file, self.line) if part not in ("", None))
        head = ": ".join(part for part in (place, self.path) if part)
        written = {
            k: f"{v:.15g}" if isinstance(v, float) else v for k, v in self.values.items()
        }  # as the file writes it
        body = " ".join(text(self.rule, lang, **written).split())  # a text of several lines stays one message
        suggestion = self.values.get("suggestion")
        if suggestion:
            body += " " + text("did-you-mean", lang, suggestion=suggestion)
        return f"{head}: {body}" if head else body


class ScenarioError(ValueError):
    """The user's file is wrong; carries every problem found.

    Parameters
    ----------
    problems : iterable of Problem
        At least one.
    lang : {"da", "en"}, optional
        Language that the file asks for, where it could be read.

    Examples
    --------
    >>> error = ScenarioError([Problem(rule="file-missing", file="x.toml")])
    >>> print(error)
    x.toml: the file does not exist
    """

    def __init__(self, problems: Iterable[Problem], lang: str | None = None) -> None:
        self.problems = tuple(problems)
        self.lang = lang
        super().__init__(self.describe("en"))

    def describe(self, lang: str) -> str:
        """Return all problems in ``lang``, one a line, in the order of the file."""
        ordered = sorted(self.problems, key=lambda p: (p.file, p.line or 0))
        return "\n".join(problem.describe(lang) for problem in ordered)
