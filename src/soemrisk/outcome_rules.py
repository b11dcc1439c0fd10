"""Rules on outcomes in units of their own: stated by a number, or counted from what consequences change.

Apart from ``rules`` because none of them is about kroner.
"""

from __future__ import annotations

from collections.abc import Iterator

from soemrisk.quantity import Quantity
from soemrisk.scenario import OwnUnitOutcome, Scenario
from soemrisk.stated_values import Text

Found = tuple[str, str, dict[str, object]]
ONLY_STATED = ("per", "onset", "group", "subgroup")  # keys that say how a stated number counts


def outcome_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity, str]]:
    """Yield what outcomes state as (path, statement, domain name); like a change, it may have either sign.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> list(outcome_quantities(read("act-randers")))
    []
    """
    for key, outcome in scenario.outcomes.items():
        if outcome.gain is not None:
            yield f"outcomes.{key}.gain", outcome.gain, "change"


def outcome_references(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield what outcomes name as (path, section, id)."""
    for key, outcome in scenario.outcomes.items():
        for name in ("group", "subgroup"):
            if getattr(outcome, name) is not None:
                yield f"outcomes.{key}.{name}", f"{name}s", getattr(outcome, name)
        for name in ("less_of", "more_of"):
            for one in getattr(outcome, name):
                yield f"outcomes.{key}.{name}", "consequences", one


def unit_of_outcome(scenario: Scenario, outcome: OwnUnitOutcome) -> Text:
    """Unit of an outcome: as stated, or that of the service whose use is counted."""
    if outcome.gain is not None:
        return outcome.gain.unit
    return scenario.services[scenario.consequences[outcome.counted[0]].service].unit


def broken_outcome_rules(scenario: Scenario) -> Iterator[Found]:
    """Yield every broken rule on outcomes.

    Parameters
    ----------
    scenario : Scenario
        Well-formed sections.

    Yields
    ------
    (path, rule, values)
    """
    for key, outcome in scenario.outcomes.items():
        place = f"outcomes.{key}"
        if sum((outcome.gain is not None, bool(outcome.less_of), bool(outcome.more_of))) != 1:
            yield place, "outcome-form", {}
        elif outcome.gain is None:
            yield from _counted_rules(scenario, place, outcome)
        else:
            yield from _stated_rules(scenario, place, outcome.gain)


def _stated_rules(scenario: Scenario, place: str, gain: Quantity) -> Iterator[Found]:
    if gain.of == "individuals":
        yield f"{place}.gain.of", "outcome-individuals", {}
    if isinstance(gain.value, tuple) and len(gain.value) > len(scenario.years) > 0:
        yield f"{place}.gain.value", "list-too-long", {"found": len(gain.value), "most": len(scenario.years)}


def _counted_rules(scenario: Scenario, place: str, outcome: OwnUnitOutcome) -> Iterator[Found]:
    """What is counted has one unit, each consequence once; its years and persons are those of the consequences."""
    key = "less_of" if outcome.less_of else "more_of"
    for name in ONLY_STATED:
        if getattr(outcome, name) != OwnUnitOutcome.model_fields[name].default:
            yield f"{place}.{name}", "outcome-counted", {"key": name}
    twice = [one for one in dict.fromkeys(outcome.counted) if outcome.counted.count(one) > 1]
    if twice:
        yield f"{place}.{key}", "outcome-twice", {"found": twice[0]}
    known = [scenario.consequences[one].service for one in outcome.counted if one in scenario.consequences]
    units = {scenario.services[one].unit.da for one in known if one in scenario.services}
    if len(units) > 1:
        yield f"{place}.{key}", "outcome-units", {"found": tuple(sorted(units))}
