"""Which inputs one draw moves: steps of one quantity, and one library entry that stands in several places.

What is not known about such a number is the same wherever it stands, so a question about it moves all of its places.
"""

from __future__ import annotations

from soemrisk.model import Model


def place_of(path: str) -> str:
    """Place of an input in the scenario: its path without the year of a step."""
    return path.split("@", maxsplit=1)[0]


def drawn_with(model: Model, q: int) -> tuple[int, ...]:
    """Inputs that are the same number as one of them, itself included.

    Parameters
    ----------
    model : Model
    q : int
        Position among the inputs.

    Returns
    -------
    tuple of int
        Rising positions: those that are drawn from the same column; of a certain input the certain ones of the same
        library entry or quantity. One of several shares that add up to 1 stands alone: the others move against it.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> drawn_with(compile_scenario(read("act-randers")), 3)
    (3,)
    """
    if model.simplex_of(q) is not None:
        return (q,)
    mark = _draw(model, q)
    return tuple(k for k in range(len(model.inputs)) if _draw(model, k) == mark and model.simplex_of(k) is None)


def _draw(model: Model, q: int) -> tuple[str, bool]:
    """Key of what an input is drawn from, and whether it is certain: a certain one is not drawn with the others."""
    one = model.inputs[q]
    return one.draw_key, one.distribution.family is None


def moved_together(model: Model) -> dict[str, tuple[int, ...]]:
    """Inputs that are moved together, by the place of the first of them.

    Parameters
    ----------
    model : Model

    Returns
    -------
    dict of str to tuple of int
        In canonical order; inputs of one place (steps), and those of ``drawn_with``.

    Examples
    --------
    >>> from soemrisk.compilation import compile_scenario
    >>> from soemrisk.reading import read
    >>> list(moved_together(compile_scenario(read("act-randers"))))[:2]
    ['success.with', 'success.without']
    """
    groups: list[tuple[set[object], list[int]]] = []
    for q, one in enumerate(model.inputs):
        marks: set[object] = {place_of(one.path)}
        if model.simplex_of(q) is None:
            marks.add(_draw(model, q))
        alike = [group for group in groups if group[0] & marks]
        groups = [group for group in groups if not group[0] & marks]
        members = [k for _, several in alike for k in several]
        groups.append((marks.union(*(known for known, _ in alike)), [*members, q]))
    rising = sorted(tuple(sorted(members)) for _, members in groups)
    return {place_of(model.inputs[members[0]].path): members for members in rising}


def places_of(model: Model, members: tuple[int, ...]) -> tuple[str, ...]:
    """Places of some inputs, each once."""
    return tuple(dict.fromkeys(place_of(model.inputs[q].path) for q in members))


def by_place(model: Model) -> dict[str, tuple[int, ...]]:
    """Inputs that are moved with the one at a place, by every place: as ``moved_together``, which has the first."""
    return {place: members for members in moved_together(model).values() for place in places_of(model, members)}
