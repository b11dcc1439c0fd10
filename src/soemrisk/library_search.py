"""Finding entries of the library by words, however they are spelt: æ or ae, ø, oe or o, å, aa or a, small or large.

Apart from ``library`` because that says what there is, and this how near it is to what somebody types.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from soemrisk.library import Entry, library

WEIGHTS: Mapping[str, int] = MappingProxyType(  # our convention: how much an entry is about a word that stands there
    {"id": 8, "name": 6, "population": 3, "outcome": 3, "note": 2, "certain": 1, "source": 1}
)
BEGINS, WHOLE = 2, 3  # times the weight, for a word that begins with what is sought or is it
_SPELLINGS = (("æ", "ae"), ("ø", "o"), ("å", "a"), ("oe", "o"), ("aa", "a"))
_WORD = re.compile(r"[^\W_]+")


def folded(words: str) -> str:
    """Words in one spelling: without case, and Danish letters as they are written where there are none.

    Parameters
    ----------
    words : str

    Returns
    -------
    str

    Examples
    --------
    >>> folded("Hjemløse på krisecenter") == folded("hjemloese paa KRISECENTER") == folded("hjemlose pa krisecenter")
    True
    """
    found = words.casefold()
    for spelling, plain in _SPELLINGS:
        found = found.replace(spelling, plain)
    return found


def search(words: Sequence[str], entries: Mapping[str, Entry] | None = None) -> list[str]:
    """Ids of the entries that have every word, those first that are most about them.

    Parameters
    ----------
    words : sequence of str
        Beginnings or parts of words; an entry has all of them in id, name, note, source, or in who was studied and what
        was measured, in either language.
    entries : mapping, optional
        What is searched; the shipped library if left out.

    Returns
    -------
    list of str
        Ranked: the entry whose id the words are, then by where they stand (``WEIGHTS``), then in the library's order.

    Examples
    --------
    >>> search(["lukket", "faengsel"])[0]
    'faengsel-lukket-pris-2015'
    """
    sought = [folded(one) for word in words for one in _WORD.findall(word)]
    scores = {key: _score(sought, fields) for key, fields in _texts(entries).items()} if sought else {}
    named = " ".join(sought)
    found = [key for key in scores if scores[key] > 0]
    return sorted(found, key=lambda key: (folded(key).replace("-", " ") != named, -scores[key]))


def nearest(found: str, entries: Mapping[str, Entry] | None = None) -> list[str]:
    """Ids, at most three, that somebody may have meant.

    Parameters
    ----------
    found : str
        An id as it was typed.
    entries : mapping, optional
        The shipped library if left out.

    Returns
    -------
    list of str

    Examples
    --------
    >>> nearest("herberg-101")[0]
    'herberg-110'
    """
    by_folded = {folded(key): key for key in (library() if entries is None else entries)}
    close = difflib.get_close_matches(folded(found)[:100], by_folded, n=3, cutoff=0.6)
    return [by_folded[one] for one in close]


def nearest_words(words: Sequence[str]) -> list[str]:
    """The words of names and ids that are nearest to words that no entry has; nothing for those that some have.

    Examples
    --------
    >>> nearest_words(["fængzel", "lukket"])
    ['fængsel']
    """
    known: dict[str, str] = {}
    for key, entry in library().items():
        texts = " ".join([key, *entry.get("name", {}).values()])
        known |= {folded(word): word.casefold() for word in _WORD.findall(texts) if len(word) > 3}
    near = [difflib.get_close_matches(folded(word), known, n=1, cutoff=0.7) for word in words if not search([word])]
    return [known[one] for close in near for one in close]


def _score(sought: Sequence[str], fields: Mapping[str, str]) -> int:
    """Sum over the words of the most that a field gives for each; 0 where a word is nowhere."""
    best = [max((WEIGHTS[name] * _match(word, text) for name, text in fields.items()), default=0) for word in sought]
    return sum(best) if all(best) else 0


def _match(word: str, text: str) -> int:
    """How well a text has a word: 0 not, 1 inside another, more at its beginning, most as a word of its own."""
    if word not in text:
        return 0
    return max(WHOLE if one == word else BEGINS if one.startswith(word) else 1 for one in [*text.split(), "-"])


def _texts(entries: Mapping[str, Entry] | None) -> Mapping[str, Mapping[str, str]]:
    return _shipped() if entries is None else {key: dict(_fields(key, entry)) for key, entry in entries.items()}


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    return {key: dict(_fields(key, entry)) for key, entry in library().items()}


def _fields(key: str, entry: Entry) -> Iterator[tuple[str, str]]:
    """Folded text of each field that is searched, words apart; a service has its source beside its shares."""
    stated = {**entry, "id": key, "source": entry.get("source", entry.get("shares_source", ""))}
    for name in WEIGHTS:
        value = stated.get(name, "")
        whole = value if isinstance(value, str) else " ".join(value.values())
        yield name, " ".join(_WORD.findall(folded(whole)))
