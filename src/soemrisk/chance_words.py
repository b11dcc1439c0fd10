"""Words for probabilities, and when one may be said: only where it is clear.

Cuts are those of Forsvarets Efterretningstjeneste with two tails of our own (docs/methods.md, the memo); the lower end
is included. A word is clear where it is the same at two Monte Carlo errors to either side and in every reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

CUTS = (0.0, 0.01, 0.15, 0.40, 0.60, 0.85, 0.99)
WORDS = ("word-excluded", "word-improbable", "word-less", "word-even", "word-probable", "word-very", "word-certain")
EVEN = 0.40  # below it, the sentence is about the loss


def word(probability: float) -> str:
    """Text id of the word for a probability.

    Examples
    --------
    >>> word(0.85), word(0.4), word(0.005)
    ('word-very', 'word-even', 'word-excluded')
    """
    return WORDS[max(sum(probability >= cut for cut in CUTS), 1) - 1]


def clear_word(chances: Iterable[tuple[float, float]]) -> str | None:
    """Text id of the word that holds for every (probability, standard error); None where they differ.

    Examples
    --------
    >>> clear_word([(0.7, 0.001), (0.65, 0.001)]), clear_word([(0.7, 0.001), (0.599, 0.001)])
    ('word-probable', None)
    """
    found = [word(p + 2 * sign * e) for p, e in chances for sign in (-1, 1)]
    return found[0] if found and all(one == other for one, other in pairwise(found)) else None
