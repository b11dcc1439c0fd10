"""What each input of a scenario is called where people read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from soemrisk.messages import text
from soemrisk.rules import moving_quantities
from soemrisk.scenario import Scenario
from soemrisk.terms import uncertain_shares

STRUCTURE = {
    "success.with": "name-success-with",
    "success.without": "name-success-without",
    "success.net": "name-success-net",
    "participants.factor": "name-participants",
    "settings.discount_rate": "name-discount",
}


def input_names(scenario: Scenario, lang: str) -> dict[str, str]:
    """Name of each input that moves a figure, by its place in the file without the years of steps.

    Parameters
    ----------
    scenario : Scenario
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
        All different: where two would be alike, the key in the file stands behind.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> input_names(read("act-randers"), "da")["services.herberg.price"]
    'Herberg og forsorgshjem (§ 110): pris'
    """
    listed = {path: _name(scenario, path, lang) for path in _places(scenario)}
    seen = list(listed.values())
    return {
        path: text("name-again", lang, name=name, key=path) if seen.count(name) > 1 else name
        for path, name in listed.items()
    }


def element_names(scenario: Scenario, inputs: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, str]:
    """Name of each element that is ranked: an input, several that are taken together, or calibrated lines of an area.

    Parameters
    ----------
    scenario : Scenario
    inputs : mapping
        ``inputs`` of what drives a result: each with its ``element`` and what it is taken ``together_with``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
    """
    found: dict[str, str] = {}
    for one in inputs.values():
        key = str(one["element"])
        found.setdefault(key, element_name(scenario, key, together=bool(one["together_with"]), lang=lang))
    return found


def element_name(scenario: Scenario, key: str, *, together: bool, lang: str) -> str:
    """Name of one element that is ranked; ``together``: it stands for several inputs that depend on each other."""
    if key.startswith("calibrated/"):
        return text("name-calibrated", lang, area=scenario.areas[key.removeprefix("calibrated/")].name.in_(lang))
    name = input_names(scenario, lang)[key]
    return text("name-together", lang, name=name) if together else name


def _places(scenario: Scenario) -> Iterator[str]:
    for path, _, _ in moving_quantities(scenario):
        yield path.split("@")[0]
    for key, service in scenario.services.items():
        for step in service.shares if service.shares_concentration is not None else ():
            for actor, _ in uncertain_shares(step.shares):
                yield f"services.{key}.shares.{actor}"


def _name(scenario: Scenario, path: str, lang: str) -> str:
    if path in STRUCTURE:
        return text(STRUCTURE[path], lang)
    section, key, *rest = path.split(".")
    if section == "groups":
        return scenario.groups[key].name.in_(lang)
    if section in {"costs", "grants"}:
        owner = scenario.costs[key] if section == "costs" else scenario.grants[key]
        return text("name-amount", lang, name=owner.name.in_(lang))
    service = scenario.services[scenario.consequences[key].service if section == "consequences" else key]
    name = service.name.in_(lang)
    if rest[0] == "shares":
        return text("name-share", lang, name=name, actor=scenario.actors[rest[1]].name.in_(lang))
    return text(f"name-{rest[0].replace('_', '-')}", lang, name=name)


LONGEST = 60  # letters of a name in a sentence or a picture


def shortened(name: str, letters: int = LONGEST) -> str:
    """A name with so many letters at most, cut in the middle: names of inputs differ at their ends.

    Parameters
    ----------
    name : str
    letters : int

    Returns
    -------
    str

    Examples
    --------
    >>> shortened("Forebyggende hjemmebesøg, § 79 a: pris", 28)
    'Forebyggende h…§ 79 a: pris'
    """
    if len(name) <= letters:
        return name
    head, colon, tail = name.rpartition(": ")
    if not colon or len(tail) > letters // 2:
        head, colon, tail = name, "", ""
    room = letters - len(colon) - len(tail) - 1
    end = room // 3
    return f"{head[: room - end].rstrip()}…{head[len(head) - end :].lstrip()}{colon}{tail}"
