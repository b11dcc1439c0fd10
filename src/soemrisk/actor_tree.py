"""Actors inside actors: a forvaltning in a kommune. What an actor has includes what those inside it have.

Apart from ``scenario`` because rules, weights and all that prints need the same order and the same families.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from soemrisk.scenario import Actor


def lineage(actors: Mapping[str, Actor], name: str) -> tuple[str, ...]:
    """Actors that an actor belongs to: itself, its parent, the parent's parent, up to the root.

    Parameters
    ----------
    actors : mapping of id to Actor
        Parents that are no id here are passed over; a ring of parents is walked once.
    name : str
        Id of an actor.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> kommune, social = Actor(name="Kommune"), Actor(name="Social", parent="kommune")
    >>> lineage({"kommune": kommune, "social": social}, "social")
    ('social', 'kommune')
    """
    chain: list[str] = []
    current: str | None = name
    while current is not None and current in actors and current not in chain:
        chain.append(current)
        current = actors[current].parent
    return tuple(chain)


def depth(actors: Mapping[str, Actor], name: str) -> int:
    """Number of actors that an actor is inside of; 0 for a root."""
    return len(lineage(actors, name)) - 1


def in_order(actors: Mapping[str, Actor]) -> tuple[str, ...]:
    """Ids in the order of the file, but each actor followed by those inside it.

    Examples
    --------
    >>> social, kommune = Actor(name="Social", parent="kommune"), Actor(name="Kommune")
    >>> in_order({"social": social, "stat": Actor(name="Stat"), "kommune": kommune})
    ('stat', 'kommune', 'social')
    """
    place = {name: n for n, name in enumerate(actors)}
    return tuple(sorted(actors, key=lambda name: [place[one] for one in reversed(lineage(actors, name))]))


def rolled_up(actors: Mapping[str, Actor], shares: Mapping[str, float]) -> tuple[float, ...]:
    """Share of each actor with those inside it, in the order of ``in_order``.

    Parameters
    ----------
    actors : mapping of id to Actor
    shares : mapping of id to float
        What each bears itself; those left out bear nothing.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> actors = {"kommune": Actor(name="Kommune"), "social": Actor(name="Social", parent="kommune")}
    >>> rolled_up(actors, {"social": 0.75, "kommune": 0.25})
    (1.0, 0.75)
    """
    parts: dict[str, list[float]] = {name: [] for name in actors}
    for name, share in shares.items():
        for one in lineage(actors, name):
            parts[one].append(share)
    return tuple(math.fsum(parts[name]) for name in in_order(actors))
