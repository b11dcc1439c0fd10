"""The library (vidensdatabase): what is known of prices, levels, changes and effects, each entry with unit and source.

Apart from ``reading`` because it ships with soemrisk and is nobody's file: what is wrong in it is our mistake, found by
the tests and by ``soemrisk library check``, and what is wrong in a reference to it is the scenario's (``references``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

Entry = Mapping[str, Any]
SECTIONS = ("effekt", "maalgrupper", "konsekvenser", "priser", "parametre")  # as SØM's vidensdatabase is divided


@cache
def library() -> Mapping[str, Entry]:
    """Return every entry of the shipped library by id.

    Returns
    -------
    mapping
        Id to entry, by section and in the order of the files' names; ``docs/scenario.md`` section 7 says what an entry
        holds.

    Examples
    --------
    >>> library()["faengsel-lukket-pris-2015"]["value"]
    1878
    """
    return MappingProxyType({key: entry for entries in topics().values() for key, entry in entries.items()})


@cache
def topics() -> Mapping[tuple[str, str], Mapping[str, Entry]]:
    """Return the entries of each file, by section (its folder) and topic (its name).

    Examples
    --------
    >>> [section for section, topic in topics() if topic == "kriminalforsorgen"]
    ['priser']
    """
    folder = resources.files("soemrisk") / "distributions"
    found = {
        (section, file.name.removesuffix(".toml")): MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
        for section in SECTIONS
        for file in _files(folder / section)
    }
    ids = [key for entries in found.values() for key in entries]
    assert len(set(ids)) == len(ids)
    return MappingProxyType(found)


def entry_behind(reference: str | None) -> Entry:
    """Return the entry that a number of a scenario stands in as the library has it; empty for a number of one's own.

    Parameters
    ----------
    reference : str or None
        ``library`` of a quantity: an id, or ``<id>/<key>`` for a number inside an entry.

    Returns
    -------
    mapping

    Examples
    --------
    >>> entry_behind("ips-arbejde-18")["evidence_level"], len(entry_behind(None))
    (1, 0)
    """
    return library().get(reference.partition("/")[0], {}) if reference is not None else {}


def _files(folder: Traversable) -> Iterator[Traversable]:
    """TOML files of a folder and of those in it, by name."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith(".toml"):
            yield one
