"""Outcomes that are no money as rows of tables and sentences, with the digits that their errors leave.

Apart from the writers because the text of a run and the memo show the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from soemrisk.digits import grouped, kroner, of_hundred
from soemrisk.messages import text
from soemrisk.scenario import Scenario

DIGITS = 4  # significant ones of an amount, at most
PLANE = ("dominates", "costs", "dominated", "saves_less")
LEVELS = ("p10", "p50", "p90")
ERRORS = {"mean": "mcse_mean", "p10": "mcse_p5", "p50": "mcse_p50", "p90": "mcse_p95"}  # told

Found = Mapping[str, Any]


def amount(value: float, lang: str, error: float = 0.0) -> str:
    """An amount of an outcome: the digits that its error leaves, and four at most.

    Examples
    --------
    >>> amount(3639.119, "da", 0.45), amount(0.012341, "en"), amount(60.0, "en")
    ('3.639', '0.01234', '60')
    """
    if value == 0:
        return "0"
    finest = math.floor(math.log10(abs(value))) + 1 - DIGITS
    if error > 0:
        finest = max(finest, math.ceil(math.log10(2 * error) - 1e-9))
    finest = min(finest, math.floor(math.log10(abs(value))))  # one digit is left
    rounded = round(value, -finest)
    decimals = max(-finest, 0)
    while error == 0 and decimals > 0 and round(rounded, decimals - 1) == rounded:
        decimals -= 1
    return grouped(rounded, lang, decimals)


def amount_rows(scenario: Scenario, found: Found, lang: str) -> list[list[str]]:
    """How much there is of each outcome: SØM number, mean, P10, P50, P90, per participant.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        The answer.
    lang : {"da", "en"}

    Returns
    -------
    list of list of str
        The head first.
    """
    head = [text(key, lang) for key in ("outcome-title", "som-number", "column-mean")]
    rows = [[*head, *(level.upper() for level in LEVELS), text("outcome-per", lang)]]
    persons = found["per_participant"]["participants"]
    for key, one in found["outcomes"].items():
        name = text("outcome-named", lang, name=scenario.outcomes[key].name.in_(lang), unit=one["unit"])
        stats = one["amount"]
        shown = [amount(stats[figure], lang, stats[error]) for figure, error in ERRORS.items()]
        each = amount(stats["mean"] / persons, lang, stats["mcse_mean"] / persons)
        rows.append([name, amount(one["base"], lang), *shown, each])
    return rows


def worth_rows(found: Found, key: str, names: Mapping[str, str], lang: str) -> list[list[str]]:
    """What one unit must be worth, by actor: SØM number, P10, P50, P90, how often nothing, loss per unit in the mean.

    Parameters
    ----------
    found : mapping
        The answer.
    key : str
        Id of the outcome.
    names : mapping of str to str
        Of the total and the actors.
    lang : {"da", "en"}

    Returns
    -------
    list of list of str
        The head first.
    """
    one = found["outcomes"][key]
    head = [text("outcome-worth-title", lang, unit=one["unit"]), text("som-number", lang)]
    last = [text("outcome-free", lang), text("outcome-mean-cost", lang)]
    rows = [[*head, *(level.upper() for level in LEVELS), *last]]
    for actor, name in names.items():
        net = found["net"][actor]
        if net["sd"] == 0 and net["mean"] == 0:
            rows.append([name, *[text("untouched", lang)] * 5, ""])
            continue
        worth, cost = one["worth"][actor], one["cost_per_unit"][actor]
        free = of_hundred(worth["prob_free"], lang, worth["mcse_prob_free"])
        mean = cost["of_means"]
        unclear = text("outcome-unclear", lang)
        rows.append(
            [
                name,
                _worth(worth["base"], lang, free=found["base"]["net"][actor] >= 0),
                *(_level(worth, level, lang) for level in LEVELS),
                text("of-100", lang, count=free),
                unclear if mean is None else kroner(mean, lang, cost["mcse_of_means"]),
            ]
        )
    return rows


def _level(worth: Mapping[str, float | None], level: str, lang: str) -> str:
    """A quantile; where it is infinite a gain or a loss without units."""
    part = int(level[1:]) / 100
    free = worth["prob_free"]
    assert free is not None
    return _worth(worth[level], lang, worth[f"mcse_{level}"], free=free >= part)


def _worth(value: float | None, lang: str, error: float | None = None, *, free: bool) -> str:
    if value is None:
        return text("outcome-nothing" if free else "outcome-never", lang)
    return kroner(value, lang, error or 0.0)


def plane_sentences(scenario: Scenario, found: Found, actors: Mapping[str, str], lang: str) -> Iterator[str]:
    """How often each outcome costs, and how often the intervention is better or worse in both; by actor.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        The answer.
    actors : mapping of str to str
        Names of those that are told of.
    lang : {"da", "en"}

    Yields
    ------
    str
    """
    for key, one in found["outcomes"].items():
        if one["base"] < 0:
            yield text("outcome-lost", lang, name=scenario.outcomes[key].name.in_(lang), unit=one["unit"])
        for actor, name in actors.items():
            cost = one["cost_per_unit"][actor]
            counts = {part: of_hundred(cost[f"prob_{part}"], lang, cost[f"mcse_prob_{part}"]) for part in PLANE}
            middle = text("outcome-middle-none", lang)
            if cost["p50"] is not None:
                levels = {level: kroner(cost[level], lang, cost[f"mcse_{level}"] or 0.0) for level in LEVELS}
                middle = text("outcome-middle", lang, **levels)
            words = {"name": scenario.outcomes[key].name.in_(lang), "actor": name, "middle": middle}
            yield text("outcome-plane", lang, **words, **counts)


def note(scenario: Scenario, found: Found, lang: str) -> str:
    """What stands below the tables: outcomes are no kroner, and whether they are discounted."""
    discounted = [key for key, one in found["outcomes"].items() if one["discounted"]]
    if not discounted:
        how = text("outcome-undiscounted", lang)
    elif len(discounted) == len(found["outcomes"]):
        how = text("outcome-discounted", lang)
    else:
        names: Sequence[str] = [scenario.outcomes[key].name.in_(lang) for key in discounted]
        how = text("outcome-some-discounted", lang, names=", ".join(names))
    return text("outcome-note", lang, discount=how)
