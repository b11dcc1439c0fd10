"""What a result was made from: enough to make it again, and nothing that changes when it is.

No time, path, host, thread count or duration: the same files, seed and versions give the same receipt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata
from types import MappingProxyType

from soemrisk.design import Plan
from soemrisk.scenario import Scenario

LIBRARIES = ("numpy", "scipy", "numba")


def content(scenario: Scenario) -> str:
    """What a scenario says as one line of JSON, from which it can be read again.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> scenario = read("act-randers")
    >>> Scenario.model_validate_json(content(scenario)) == scenario
    True
    """
    return json.dumps(_stated(scenario), ensure_ascii=False)


def _stated(scenario: Scenario) -> dict[str, object]:
    """What a scenario says, in the types of JSON alone: all keys are text."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def said(scenario: Scenario) -> str:
    """``content`` in the fewest characters and the least time: what is kept of a scenario is known by it.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> scenario = read("act-randers")
    >>> json.loads(said(scenario)) == json.loads(content(scenario))
    True
    """
    return scenario.model_dump_json(by_alias=True, exclude_defaults=True)


def content_hash(scenario: Scenario) -> str:
    """SHA-256 of what a scenario says, whatever the layout and order of its file.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> len(content_hash(read("act-randers")))
    64
    """
    return _hash_of(said(scenario))


@lru_cache(maxsize=4)
def _hash_of(stated: str) -> str:
    """Hash of what is said, its keys in order: a call after another mostly asks for the same."""
    return hashlib.sha256(json.dumps(json.loads(stated), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def receipt(scenario: Scenario, plan: Plan) -> dict[str, str | int]:
    """Receipt of one run: scenario and its hash, seed, draws, sampler, replicates, versions.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan

    Returns
    -------
    dict
        Text and whole numbers only.
    """
    return {
        "scenario": scenario.id,
        "scenario_sha256": content_hash(scenario),
        "seed": plan.seed,
        "draws": plan.draws,
        "replicates": plan.replicates,
        "sampler": plan.sampler,
        **_versions(),
    }


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, str]:
    """Versions of what calculates; they do not change while it runs."""
    return MappingProxyType({f"version_{name}": metadata.version(name) for name in ("soemrisk", *LIBRARIES)})
