"""The library (vidensdatabase): what is known of prices, levels, changes and rates, each entry with unit and source.

Apart from ``reading`` because it ships with soemrisk and is nobody's file: what is wrong in it is our mistake, found by
the tests, and what is wrong in a reference to it is the scenario's (``references``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

Entry = Mapping[str, Any]


@cache
def library() -> Mapping[str, Entry]:
    """Return every entry of the shipped library by id.

    Returns
    -------
    mapping
        Id to entry, in the order of the files' names; ``docs/scenario.md`` section 7 says what an entry holds.

    Examples
    --------
    >>> library()["faengsel-lukket-pris-2015"]["value"]
    1878
    """
    folder = resources.files("soemrisk") / "distributions"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    entries = [(key, entry) for one in files for key, entry in tomllib.loads(one.read_text(encoding="utf-8")).items()]
    assert len({key for key, _ in entries}) == len(entries)
    return MappingProxyType(dict(entries))
