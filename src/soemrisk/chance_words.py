"""Words for probabilities, and when one may be said: only where it is clear.

Cuts are those of Forsvarets Efterretningstjeneste with a tail of our own (docs/methods.md, the memo); the lower end is
included. What is less likely than not is told by the word for its opposite, so that there are no words below 40 %.
"""

from __future__ import annotations

from collections.abc import Iterable

WORDS = ((0.99, "word-certain"), (0.85, "word-very"), (0.60, "word-probable"), (0.40, "word-even"))
EVEN = 0.40  # below it, the sentence is about the opposite


def word(probability: float) -> str | None:
    """Text id of the word for a probability; None below 40 %.

    Examples
    --------
    >>> word(0.85), word(0.4), word(0.39)
    ('word-very', 'word-even', None)
    """
    return next((name for cut, name in WORDS if probability >= cut), None)


def clear_word(chances: Iterable[tuple[float, float]]) -> str | None:
    """Text id of the word that holds for every (probability, standard error), two errors to either side; else None.

    Examples
    --------
    >>> clear_word([(0.7, 0.001), (0.65, 0.001)]), clear_word([(0.7, 0.001), (0.599, 0.001)])
    ('word-probable', None)
    """
    found = {word(p + 2 * sign * e) for p, e in chances for sign in (-1, 1)}
    return found.pop() if len(found) == 1 else None
