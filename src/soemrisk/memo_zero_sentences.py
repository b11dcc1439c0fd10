"""Sentences on what must hold, who pays and who gains, when, and on the figure that was promised."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from soemrisk.answer import grants_booked
from soemrisk.digits import of_hundred, plain
from soemrisk.memo_case import Case

CLEAR_BELOW = 0.60  # chance of less than was promised from which it is told as too high; mirrored
RARE = 0.01


def break_even(case: Case, actor: str) -> Iterator[str]:
    """Where the actor's result is 0 (14), the margin to the assumed rate (15–20), and its band (21)."""
    zero = case.found["break_even"]["success_rate"][actor]
    at_zero, per_rate = case.lines[actor]
    name = case.names[actor]
    if at_zero == 0 and per_rate == 0:
        return
    if per_rate < 0 <= at_zero:
        yield case.say("memo-zero-below", actor=name, zero=case.percent(-at_zero / per_rate))
    elif at_zero >= 0:
        yield case.say("memo-zero-always", actor=name)
    elif per_rate <= 0 or -at_zero > per_rate:
        yield case.say("memo-zero-never", actor=name)
    else:
        yield from _margin(case, actor, -at_zero / per_rate)
    yield from _band_of_zero(case, zero)


def lead(case: Case, actor: str) -> Iterator[str]:
    """The first page's sentence on what must hold."""
    found = [*break_even(case, actor)]
    at_zero, per_rate = case.lines[actor]
    if per_rate > 0 > at_zero and -at_zero / per_rate < case.rate:
        yield case.say("memo-zero-margin", **_margin_words(case, actor, -at_zero / per_rate))
    elif found:
        yield found[0]


def _margin_words(case: Case, actor: str, zero: float) -> dict[str, str]:
    return {
        "actor": case.names[actor],
        "zero": case.percent(zero),
        "rate": case.percent(case.rate),
        "points": plain(100 * (case.rate - zero), case.lang, 2),
        "persons": plain((case.rate - zero) * case.persons, case.lang, 2),
        "all": plain(case.persons, case.lang),
    }


def _margin(case: Case, actor: str, zero: float) -> Iterator[str]:
    margin = case.rate - zero
    words = _margin_words(case, actor, zero)
    yield case.say("memo-zero", **words)
    if margin > 0:
        yield case.say("memo-margin", **words)
        if margin * case.persons < 1:
            yield case.say("memo-one-fewer", actor=case.names[actor])
    elif margin < 0:
        yield case.say("memo-missing", points=plain(-100 * margin, case.lang, 2))


def _band_of_zero(case: Case, zero: dict[str, float | None]) -> Iterator[str]:
    low, high = zero["p10"], zero["p90"]
    if low is not None and high is not None and high > low:
        if low >= 0 and high <= 1:
            yield case.say("memo-zero-band", low=case.percent(low), high=case.percent(high))
        else:
            yield case.say("memo-zero-outside")
    elif high is None and zero["prob_never"]:
        yield case.say("memo-zero-outside")


def costs_and_gains(case: Case) -> Iterator[str]:
    """Which part of the costs and of the gains each actor has (22), in kroner where a part has no meaning."""
    roots = [actor for actor in case.actors if case.scenario.actors[actor].parent is None]
    costs = {actor: -case.lines[actor][0] for actor in roots}
    gains = {actor: case.lines[actor][1] * case.rate for actor in roots}
    all_costs, all_gains = sum(costs.values()), sum(gains.values())
    as_parts = min(*costs.values(), *gains.values(), 0.0) >= 0 and all_costs > 0 and all_gains > 0
    for actor in roots:
        values = {"actor": case.names[actor]}
        if as_parts:
            parts = {"costs": case.percent(costs[actor] / all_costs), "gains": case.percent(gains[actor] / all_gains)}
            yield case.say("memo-parts", **values, **parts)
        else:
            yield case.say("memo-amounts", **values, costs=case.kroner(costs[actor]), gains=case.kroner(gains[actor]))


def payer(case: Case) -> Iterator[str]:
    """Who pays most and who gets most (23), where both are clear and not the same."""
    roots = [actor for actor in case.actors if case.scenario.actors[actor].parent is None]
    costs = {actor: -case.lines[actor][0] for actor in roots}
    most, receiver = max(costs, key=lambda one: costs[one]), max(roots, key=case.base)
    if most != receiver and costs[most] > 0 and _most_in_all(case, receiver, roots):
        yield case.say("memo-payer", payer=case.names[most], receiver=case.names[receiver])


def _most_in_all(case: Case, actor: str, roots: list[str]) -> bool:
    """Whether the mean of an actor is the largest at two errors in every reading."""
    return all(
        one[actor]["mean"] - one[other]["mean"] > 2 * (one[actor]["mcse_mean"] + one[other]["mcse_mean"])
        for one in case.readings.values()
        for other in roots
        if other != actor
    )


def grants(case: Case) -> Iterator[str]:
    """A grant that is booked and one that is not (24)."""
    for key, grant in case.scenario.grants.items():
        booked = grants_booked(case.scenario, key)
        values = {
            "name": grant.name.in_(case.lang),
            "payer": case.names[grant.payer],
            "receiver": case.names[grant.receiver],
            "payer_net": case.kroner(booked[grant.payer]),
            "receiver_net": case.kroner(booked[grant.receiver]),
        }
        yield case.say("memo-grant-booked" if grant.booked else "memo-grant-not-booked", **values)


def payback(case: Case, actor: str) -> Iterator[str]:
    """When the money is earned back in the middle outcome, and how often it is not (26)."""
    if not case.touched(actor):
        return
    found = case.found["payback"][actor]
    missing = of_hundred(1 - found["prob_within"], case.lang, found["mcse_prob_within"])
    values = {"actor": case.names[actor], "missing": missing, "last": list(case.found["year"])[-1]}
    if found["p50"] is not None and isfinite(found["p50"]):
        yield case.say("memo-payback", **values, year=f"{found['p50']:.0f}")
    else:
        yield case.say("memo-payback-not", **values)


def promise(case: Case, actor: str) -> Iterator[str]:
    """How often the promised figure is reached (27), what is missing where not (28), and on which side it lies (29)."""
    risk = case.found["risk"][actor]
    error, below, name = risk["mcse_prob_below"], risk["prob_below"], case.names[actor]
    if actor in case.scenario.promised and case.touched(actor):
        reached = of_hundred(1 - below, case.lang, error)
        yield case.say("memo-promise", actor=name, promised=case.kroner(risk["promised"]), count=reached)
        if below > RARE:
            yield case.say(
                "memo-shortfall",
                missing=case.money(risk["expected_shortfall"] / below, risk["mcse_expected_shortfall"] / below),
            )
        if below - 2 * error > CLEAR_BELOW and _median_beside(case, actor, -1):
            yield case.say("memo-promise-high")
        elif below + 2 * error < 1 - CLEAR_BELOW and _median_beside(case, actor, 1):
            yield case.say("memo-promise-low")


def _median_beside(case: Case, actor: str, sign: int) -> bool:
    """Whether the median lies on one side of the promised figure at two errors in every reading."""
    promised = case.found["risk"][actor]["promised"]
    return all(sign * (one[actor]["p50"] - promised) > 2 * one[actor]["mcse_p50"] for one in case.readings.values())


def worst(case: Case, actor: str) -> Iterator[str]:
    """Mean of the worst tenth (30)."""
    if case.stats(actor)["sd"] > 0:
        value = case.found["risk"][actor]["cvar10"]
        yield case.say(
            "memo-worst", actor=case.names[actor], value=case.money(value, case.found["risk"][actor]["mcse_cvar10"])
        )
