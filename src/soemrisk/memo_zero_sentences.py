"""Sentences on what must hold, who pays and who gains, when, and on the figure that was promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite

from soemrisk.answer import grants_booked
from soemrisk.digits import of_hundred, plain
from soemrisk.driver_rows import chance_at, rate_at
from soemrisk.memo_case import Case

CLEAR_BELOW = 0.60  # chance of less than was promised from which it is told as too high; mirrored
RARE = 0.01
NEAR = 0.10  # margin up to which rates have a decimal, so that they subtract to it


def zero_of(case: Case, actor: str) -> tuple[str, float]:
    """Which case of the break-even of the base case an actor is, and the rate where there is one.

    Parameters
    ----------
    case : Case
    actor : str

    Returns
    -------
    (str, float)
        ``nothing``: no cost and no gain; ``free``: pays nothing; ``burden``: pays nothing and each success costs;
        ``always``, ``never``; ``below``: a gain only below the rate; ``at``: a gain from the rate up.
    """
    at_zero, per_rate = case.lines[actor]
    if at_zero == 0:
        return ("free" if per_rate > 0 else "burden" if per_rate < 0 else "nothing"), 0.0
    zero = -at_zero / per_rate if per_rate != 0 else float("inf")
    if at_zero > 0:
        return ("below", zero) if 0 <= zero < 1 and per_rate < 0 else ("always", zero)
    return ("at", zero) if per_rate > 0 and zero <= 1 else ("never", zero)


def rate(case: Case, share: float, decimals: int = 0) -> str:
    """A success rate as per cent; above 100 and below 1 it says so."""
    if share > 1:
        return case.say("above-all")
    return case.say("below-one") if 0 < share < RARE else case.percent(share, decimals)


def break_even(case: Case, actor: str) -> Iterator[str]:
    """Where the actor's result is 0 (14), the margin to the assumed rate (15–20), and how well it is known (21)."""
    kind, zero = zero_of(case, actor)
    if kind == "at":
        yield case.say("memo-zero", **_margin_words(case, actor, zero))
        yield from _margin(case, actor, zero)
        yield from _known(case, case.found["break_even"]["success_rate"][actor])
        yield from _half(case, actor, zero)
    elif kind != "nothing":
        missed, error = not_enough(case.found["break_even"]["success_rate"][actor])
        count = of_hundred(missed, case.lang, error)
        yield case.say(f"memo-zero-{kind}", actor=case.names[actor], zero=rate(case, zero), count=count)


def lead(case: Case, actor: str) -> Iterator[str]:
    """The first page's sentence on what must hold, and on one success fewer."""
    kind, zero = zero_of(case, actor)
    if kind == "at" and zero < case.rate:
        said = [case.say("memo-zero-margin", **_margin_words(case, actor, zero)), *_one_fewer(case, zero)]
    else:
        said = [*break_even(case, actor)][:2]
    if said:
        yield " ".join(said)


def _margin_words(case: Case, actor: str, zero: float) -> dict[str, str]:
    margin = case.rate - zero
    decimals = 1 if abs(margin) < NEAR else 0
    return {
        "actor": case.names[actor],
        "zero": rate(case, zero, decimals),
        "rate": case.percent(case.rate, decimals),
        "points": plain(100 * abs(margin), case.lang, 2),
        "persons": plain(margin * case.persons, case.lang, 2),
        "all": plain(case.persons, case.lang),
    }


def _margin(case: Case, actor: str, zero: float) -> Iterator[str]:
    if zero < case.rate:
        yield case.say("memo-margin", **_margin_words(case, actor, zero))
        yield from _one_fewer(case, zero)
    elif zero > case.rate:
        yield case.say("memo-missing", **_margin_words(case, actor, zero))


def _one_fewer(case: Case, zero: float) -> Iterator[str]:
    if 0 < (case.rate - zero) * case.persons < 1:
        yield case.say("memo-one-fewer")


def _known(case: Case, zero: Mapping[str, float | None]) -> Iterator[str]:
    """The band of the break-even, or how often not even success for all is enough."""
    low, high = zero["p10"], zero["p90"]
    missed, error = not_enough(zero)
    if low is not None and high is not None and 0 <= low < high <= 1:
        yield case.say("memo-zero-band", low=rate(case, low), high=rate(case, high))
    if missed > 0:
        yield case.say("memo-not-enough", count=of_hundred(missed, case.lang, error))


def not_enough(zero: Mapping[str, float | None]) -> tuple[float, float]:
    """Chance that not even success for all is enough, and its error."""
    parts = [(zero[name] or 0.0, zero[f"mcse_{name}"] or 0.0) for name in ("prob_never", "prob_above_one")]
    return sum(chance for chance, _ in parts), sum(error for _, error in parts)


def _half(case: Case, actor: str, zero: float) -> Iterator[str]:
    """The rate from which 50 of 100 outcomes are a gain, where all else is uncertain too."""
    found = rate_at(case.driven, actor, 0.5)
    if found is not None and found[0] <= 1 and case.percent(found[0]) != case.percent(zero):
        decimals = 1 if abs(case.rate - zero) < NEAR else 0
        yield case.say("memo-zero-half", zero=rate(case, zero, decimals), half=case.percent(found[0]))


def curve(case: Case, actor: str) -> Iterator[str]:
    """Why the curve at the assumed rate has another count than the first page: there the rate is uncertain, too."""
    known = case.driven["success_rate"]
    if case.touched(actor) and known["p10"] < known["p90"] and 0 <= case.rate <= 1:
        chance, error = chance_at(case.driven, actor, case.rate)
        at = of_hundred(chance, case.lang, error)
        if at != case.count(actor):
            words = {"rate": case.percent(case.rate), "at": at, "count": case.count(actor)}
            yield case.say("memo-curve", actor=case.names[actor], **words)


def costs_and_gains(case: Case) -> Iterator[str]:
    """Which part of the costs and of the gains each actor has (22), in kroner where a part has no meaning."""
    roots = [actor for actor in case.actors if case.scenario.actors[actor].parent is None and case.touched(actor)]
    costs = {actor: 0.0 - case.lines[actor][0] for actor in roots}
    gains = {actor: case.lines[actor][1] * case.rate for actor in roots}
    all_costs, all_gains = sum(costs.values()), sum(gains.values())
    as_parts = min([*costs.values(), *gains.values(), 0.0]) >= 0 and all_costs > 0 and all_gains > 0
    for actor in roots:
        if as_parts:
            parts = {"costs": case.percent(costs[actor] / all_costs), "gains": case.percent(gains[actor] / all_gains)}
            yield case.say("memo-parts", actor=case.names[actor], **parts)
        else:
            amounts = {"costs": case.kroner(costs[actor]), "gains": case.kroner(gains[actor])}
            yield case.say("memo-amounts", actor=case.names[actor], **amounts)


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
    """When the money is earned back in the middle outcome, and how often it is not (26); only of those who pay."""
    if case.lines[actor][0] >= 0:
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
            missing = case.money(risk["expected_shortfall"] / below, risk["mcse_expected_shortfall"] / below)
            yield case.say("memo-shortfall", missing=missing)
        if below - 2 * error > CLEAR_BELOW and _median_beside(case, actor, -1):
            yield case.say("memo-promise-high")
        elif below + 2 * error < 1 - CLEAR_BELOW and _median_beside(case, actor, 1):
            yield case.say("memo-promise-low")


def _median_beside(case: Case, actor: str, sign: int) -> bool:
    """Whether the median lies on one side of the promised figure at two errors in every reading."""
    promised = case.found["risk"][actor]["promised"]
    return all(sign * (one[actor]["p50"] - promised) > 2 * one[actor]["mcse_p50"] for one in case.readings.values())


def worst(case: Case, actor: str) -> Iterator[str]:
    """Mean of the worst tenth (30); the actor is named by the first sentence of a point."""
    if case.stats(actor)["sd"] > 0:
        risk = case.found["risk"][actor]
        words = case.say("memo-worst", value=case.money(risk["cvar10"], risk["mcse_cvar10"]))
        yield (
            words
            if actor in case.scenario.promised
            else case.say("memo-of-actor", actor=case.names[actor], words=words)
        )
