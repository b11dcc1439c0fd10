"""Sentences on what the result rests on: knowledge and chance, what drives it, what to find out, and its caveats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from soemrisk.digits import percent
from soemrisk.driver_rows import reach
from soemrisk.evidence_levels import level_of
from soemrisk.memo_case import Case
from soemrisk.names import element_names, input_names
from soemrisk.priorities import SETTLED

PART = 0.05  # of the variance, from which both ignorance and chance are told
FEW = 100  # participants, up to which one success is told
LITTLE = 0.01  # of the cost: errors above leave open whether knowledge is worth something
TWO_DIGITS = 0.005  # of a figure: as if its error were so large, two significant digits of it are shown


def knowledge_and_chance(case: Case, actor: str) -> Iterator[str]:
    """Which part of the variance can be examined (31)."""
    share = case.found["chance_share"][actor]
    if PART < share < 1 - PART:
        known, chance = case.percent(1 - share), case.percent(share)
        yield case.say("memo-chance-share", actor=case.names[actor], ignorance=known, chance=chance)


def _ranked(case: Case, actor: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Elements of one actor, the largest part of the variance first."""
    rows = case.driven["priorities"]["actors"][actor].items()
    return sorted(rows, key=lambda row: (-row[1]["shapley"], -row[1]["evppi"], row[0]))


def largest(case: Case, actor: str) -> Iterator[str]:
    """Where most of the uncertainty comes from (32), or that the first two cannot be ranked (33)."""
    rows = [row for row in _ranked(case, actor) if row[1]["shapley"] > 0]
    names = element_names(case.scenario, case.driven["inputs"], case.lang)
    if not rows:
        return
    first, one = rows[0]
    values = {"actor": case.names[actor], "first": names[first]}
    if len(rows) > 1:
        second, other = rows[1]
        if one["shapley"] - other["shapley"] <= reach(one["shapley_error"] + other["shapley_error"]):
            yield case.say("memo-unranked", **values, second=names[second])
            return
    yield case.say("memo-largest", **values, share=percent(one["shapley"], case.lang))


def settled_cells(case: Case, actor: str) -> Iterator[str]:
    """What matters but is known well, beside what is uncertain but matters little (34)."""
    limits = case.driven["priorities"]["thresholds"]
    names = element_names(case.scenario, case.driven["inputs"], case.lang)
    rows = [row for row in _ranked(case, actor) if row[1]["category"] == "less"]
    known = [key for key, one in rows if one["width"] is not None and one["width"] < limits["width"]]
    little = [key for key, one in rows if one["importance"] < limits["importance"] and key not in known]
    if known and little:
        yield case.say("memo-cells", known=names[known[0]], little=names[little[0]])


def counted_as_known(case: Case, count: int) -> Iterator[str]:
    """How many assumptions count as known (35)."""
    if count:
        yield case.say("memo-certain-one" if count == 1 else "memo-certain", count=count)


def worth_knowing(case: Case, actor: str) -> Iterator[str]:
    """What full knowledge of one element is worth at most (36), more observations (37), or that nothing is (38).

    Calibrated lines are fitted to a published total: what to find out is not in them, and they are passed over.
    """
    information = case.driven["information"][actor]
    names = element_names(case.scenario, case.driven["inputs"], case.lang)
    elements = {key: one for key, one in information["elements"].items() if not key.startswith("calibrated/")}
    worth = {key: one for key, one in elements.items() if one["value"] > max(2 * one["mcse"], 1)}
    settled = information["evpi"]["value"] <= SETTLED * abs(case.driven["variance"][actor]["mean"])
    if worth:
        key = max(worth, key=lambda one: worth[one]["value"])
        fitted = [one["value"] for path, one in information["elements"].items() if path not in elements]
        besides = case.say("memo-fitted-apart") if max(fitted, default=0.0) > worth[key]["value"] else ""
        values = {"actor": case.names[actor], "name": names[key], "value": case.money(*worth_of(worth[key]))}
        values["besides"] = besides
        yield case.say("memo-worth-little" if settled else "memo-worth", **values)
        if not settled:
            yield from _observing(case, information)
        return
    errors = [one["mcse"] for one in elements.values()]
    if settled or max(errors, default=0.0) < LITTLE * -case.lines["total"][0]:
        fitted = [one for key, one in information["elements"].items() if key not in elements]
        apart = any(one["value"] > max(2 * one["mcse"], 1) for one in fitted)
        yield case.say("memo-no-worth-apart" if apart else "memo-no-worth", actor=case.names[actor])


def worth_of(found: Mapping[str, float]) -> tuple[float, float]:
    """A worth of knowing in kr., and the error with which it has two significant digits at most."""
    return found["value"], max(found["mcse"], TWO_DIGITS * found["value"])


def _observing(case: Case, information: Mapping[str, Any]) -> Iterator[str]:
    """What it is worth to follow 25 participants more, where that is a data step (37)."""
    named = input_names(case.scenario, case.lang)
    for path, by_number in information["evsi"].items():
        if path.startswith("success.") and by_number.get("25", 0.0) >= 1:
            value = case.money(*worth_of({"value": by_number["25"], "mcse": 0.0}))
            yield case.say("memo-follow", name=named[path], number=25, value=value)


def rests_on(case: Case, actor: str) -> Iterator[str]:
    """Lines that are calibrated (39) and lines of the user's own (40)."""
    if case.calibrated_areas:
        named = [
            case.say("memo-quoted", name=case.scenario.areas[key].name.in_(case.lang)) for key in case.calibrated_areas
        ]
        areas = case.listed(named)
        yield case.say("memo-calibrated", areas=areas)
    if "user_defined" in case.bare:
        own = [one.name.in_(case.lang) for one in case.scenario.services.values() if one.user_defined]
        net = case.kroner(case.bare["user_defined"][actor])
        yield case.say("memo-own-line", names=", ".join(own), actor=case.names[actor], net=net)


def turning(case: Case, actor: str) -> Iterator[str]:
    """That the sign of an actor's SØM number rests on lines that are not measured."""
    kinds = turns_without(case, actor)
    if not kinds:
        return
    own = [one.name.in_(case.lang) for one in case.scenario.services.values() if one.user_defined]
    values = {"names": ", ".join(own), "count": case.calibrated}
    parts = [case.say(f"memo-turns-{kind}", net=case.kroner(case.bare[kind][actor]), **values) for kind in kinds]
    both = case.say("memo-and", first=parts[0], last=parts[-1]) if len(parts) > 1 else parts[0]
    yield case.say("memo-turns", actor=case.names[actor], parts=both)


def turns_without(case: Case, actor: str) -> tuple[str, ...]:
    """Kinds of lines without which the SØM number of an actor has another sign."""
    base = case.base(actor)
    return tuple(kind for kind, bare in case.bare.items() if (bare[actor] > 0) != (base > 0))


def caveats(case: Case) -> Iterator[str]:
    """What holds of every calculation with SØM, and what holds of this one (41, 44–47)."""
    changes = [one.change for one in case.scenario.consequences.values()]
    if any(change.significant is not None for change in changes):
        yield case.say("memo-registers")
    value = case.lines[case.first][1] / case.persons if 0 < case.persons <= FEW else 0.0
    if abs(value) >= 1:
        persons = f"{case.persons:g}".replace(".", "," if case.lang == "da" else ".")
        yield case.say("memo-one-success", persons=persons, actor=case.names[case.first], value=case.money(value))
    yield case.say("memo-average-prices")
    yield case.say("memo-not-in-kroner")
    if _compared(case):
        yield case.say("memo-net-rate", how=case.say("memo-net-assumed" if _assumed_rate(case) else "memo-net-stated"))
    else:
        worse = [case.say("memo-net-gross")] if case.lines[case.first][1] > 0 else []
        yield " ".join([case.say("memo-net-only"), *worse])


COMPARED = {1, 2}  # levels of evidence of estimates with a comparison group


def _compared(case: Case) -> bool:
    """Whether the rate without the intervention is stated, or a net rate that was compared; of every subgroup."""
    rates = case.scenario.success_by_place.values()
    return all(one.without is not None or (one.net is not None and level_of(one.net) in COMPARED) for one in rates)


def _assumed_rate(case: Case) -> bool:
    rates = case.scenario.success_by_place.values()
    told = [success.without if success.without is not None else success.net for success in rates]
    return any(one is not None and ("assumption" in one.source or "antag" in one.source.lower()) for one in told)
