"""Every text that a user sees, in Danish and English: one catalogue, numbers filled in from values.

Apart from the code that decides what to say, so that both languages stay complete (a test compares them) and a
translator finds all of it in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from soemrisk.batch_texts import BATCH_TEXTS
from soemrisk.compare_texts import COMPARE_TEXTS
from soemrisk.condition_texts import CONDITION_TEXTS
from soemrisk.driver_texts import DRIVER_TEXTS
from soemrisk.evidence_texts import EVIDENCE_TEXTS
from soemrisk.library_texts import LIBRARY_TEXTS
from soemrisk.memo_texts import MEMO_TEXTS
from soemrisk.outcome_texts import OUTCOME_TEXTS
from soemrisk.picture_texts import PICTURE_TEXTS
from soemrisk.problem_texts import PROBLEM_TEXTS
from soemrisk.reason_texts import REASON_TEXTS
from soemrisk.report_texts import REPORT_TEXTS
from soemrisk.sentence_texts import SENTENCE_TEXTS
from soemrisk.sheet_problem_texts import SHEET_PROBLEM_TEXTS
from soemrisk.sheet_texts import SHEET_TEXTS
from soemrisk.sheet_wording_texts import SHEET_WORDING_TEXTS
from soemrisk.statement_texts import STATEMENT_TEXTS
from soemrisk.update_texts import UPDATE_TEXTS
from soemrisk.workbook_texts import WORKBOOK_TEXTS

MOST_LISTED = 60  # names that a message lists; the longest list of keys that the language has is shorter
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the catalogue and what fills it, to be said when the language is known; it can fill another text.

    Examples
    --------
    >>> text("family-condition", "en", family="histogram", condition=phrase("edges-rise"))
    'histogram: edges rise does not hold'
    """

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def in_(self, lang: str) -> str:
        """Return the text in ``lang``."""
        return text(self.key, lang, **dict(self.values))


def phrase(key: str, /, **values: object) -> Phrase:
    """A text of the catalogue with its values, to be said later."""
    return Phrase(key, tuple(values.items()))


def _shown(value: object, lang: str) -> str:
    """A filled-in value as text: lists by commas, numbers with the language's decimal mark, phrases in the language."""
    if isinstance(value, Phrase):
        return value.in_(lang)
    if isinstance(value, list | tuple):
        named = [item.in_(lang) if isinstance(item, Phrase) else str(item) for item in value[:MOST_LISTED]]
        items = [one[:LONGEST_NAME] for one in named]
        return ", ".join(items + ["…"] * (len(value) > MOST_LISTED)) or "–"
    if isinstance(value, float):
        plain = f"{value:.15g}".replace("inf", "∞")
        return plain.replace(".", ",") if lang == "da" else plain
    return str(value)


def text(key: str, lang: str, /, **values: object) -> str:
    """Return one text of the catalogue with its values filled in.

    Parameters
    ----------
    key : str
        Id in the catalogue.
    lang : {"da", "en"}
    **values : object
        What the text's fields are filled with; more than it needs does no harm.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        No such text, or a field without value.

    Examples
    --------
    >>> text("share-negative", "en", found=-0.5)
    'a share is negative (-0.5); shares are from 0 to 1'
    """
    danish, english = CATALOGUE[key]
    template = danish if lang == "da" else english
    filled = template.format_map({name: _shown(value, lang) for name, value in values.items()})
    return filled.replace("kr..", "kr.")  # the point of an abbreviation at the end closes the sentence


CATALOGUE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **PROBLEM_TEXTS,
        **STATEMENT_TEXTS,
        **EVIDENCE_TEXTS,
        **REPORT_TEXTS,
        **OUTCOME_TEXTS,
        **DRIVER_TEXTS,
        **PICTURE_TEXTS,
        **CONDITION_TEXTS,
        **REASON_TEXTS,
        **MEMO_TEXTS,
        **SENTENCE_TEXTS,
        **WORKBOOK_TEXTS,
        **SHEET_TEXTS,
        **SHEET_PROBLEM_TEXTS,
        **SHEET_WORDING_TEXTS,
        **LIBRARY_TEXTS,
        **UPDATE_TEXTS,
        **COMPARE_TEXTS,
        **BATCH_TEXTS,
    }
)
