"""Letters that change how others are shown: taken out of what people read, so that no name can turn a figure around."""

from __future__ import annotations

OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def one_direction(words: str) -> str:
    r"""Words without marks that override or isolate the direction of writing (Unicode TR9, explicit formatting).

    Letters of scripts from right to left keep their own direction.

    Examples
    --------
    >>> one_direction("Kom\u202emune")
    'Kommune'
    """
    return words.translate(OVERRIDES)
