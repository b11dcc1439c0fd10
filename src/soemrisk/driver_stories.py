"""What each picture of drivers says: its message under its condition, and a text for who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from soemrisk.digits import at_most, kroner, of_hundred, percent, span
from soemrisk.driver_rows import (
    actor_name,
    amount,
    chance_at,
    deciding,
    part,
    rate_at,
    reach,
    settled,
    share_in_year,
    shares,
    tornado_rows,
    worth_in_year,
)
from soemrisk.driver_tales import Tale, evsi_message, evsi_numbers, pair_message, pair_numbers, paying_steps, tale_of
from soemrisk.names import short_names, shortened
from soemrisk.scenario import Scenario

ALIKE = 0.01  # two swings that differ by less are told as alike
LISTED = 3  # names in a sentence


def messages(scenario: Scenario, found: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The message of each picture.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
        ``tornado``, ``variance``, ``break_even``, ``priorities``, ``heat_actor``, ``heat_year``; ``evsi`` and ``pair``
        where there is something to show.
    """
    tale = tale_of(scenario, found, lang)
    return {name: message(tale) for name, (message, _) in _stories(tale).items()}


def alt_texts(scenario: Scenario, found: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What is read to those who do not see a picture: its type, its message, three numbers.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
        By the name of the picture.
    """
    tale = tale_of(scenario, found, lang)
    return {
        name: f"{tale.say(f'type-{name}')} {message(tale)}. {tale.say(f'alt-{name}', **numbers(tale))}"
        for name, (message, numbers) in _stories(tale).items()
    }


def _amounts(tale: Tale, low: float, high: float) -> dict[str, str]:
    """Two results of the base case in one unit."""
    found = span(low, high, tale.lang)
    return {"low": found["low"], "high": found["high"], "unit": tale.say(f"unit-{found['size']}")}


def _tornado(tale: Tale) -> str:
    rows = tornado_rows(tale.scenario, tale.found, tale.lang)
    uncertain = [row for row in rows if row.bars[0] is not None and row.bars[0].size > 0]
    if not uncertain:
        return tale.say("tornado-nothing")
    names = short_names({row.key: row.name for row in rows})
    first, name = uncertain[0], names[uncertain[0].key]
    if tale.found["inputs"].get(first.key, {}).get("together_with"):
        return tale.say("tornado-together", first=name)
    most = max(rows, key=lambda row: 0.0 if row.bars[1] is None else row.bars[1].size)
    sizes = [row.bars[0].size for row in uncertain[:2] if row.bars[0] is not None]
    if len(sizes) > 1 and sizes[1] > (1 - ALIKE) * sizes[0]:
        return tale.say("tornado-alike", first=name, second=names[uncertain[1].key], third=names[most.key])
    if most.key == first.key:
        return tale.say("tornado-both", first=name)
    return tale.say("tornado-differ", first=name, second=names[most.key])


def _tornado_numbers(tale: Tale) -> dict[str, str]:
    rows = tornado_rows(tale.scenario, tale.found, tale.lang)
    base = tale.found["base"][tale.actor]
    ends = sorted((rows[0].bars[0].at_low, rows[0].bars[0].at_high)) if rows and rows[0].bars[0] else (base, base)
    return {**_amounts(tale, *ends), "base": kroner(base, tale.lang)}


def _variance(tale: Tale) -> str:
    rows = shares(tale.scenario, tale.found, tale.lang)
    if not rows:
        return tale.say("picture-nothing")
    names = tale.elements()
    first = names[rows[0].key]
    if len(rows) == 1:
        return tale.say("variance-alone", first=first)
    second = names[rows[1].key]
    if rows[0].total - reach(rows[0].total_error) <= rows[1].total + reach(rows[1].total_error):
        return tale.say("variance-not-ranked", first=first, second=second)
    share = part(rows[0].total, tale.lang, rows[0].total_error)
    return tale.say("variance-most", first=first, share=share)


def _variance_numbers(tale: Tale) -> dict[str, str]:
    rows = shares(tale.scenario, tale.found, tale.lang)
    chance = tale.found["variance"][tale.actor]["chance_share"]
    total = part(rows[0].total, tale.lang, rows[0].total_error) if rows else percent(0, tale.lang)
    alone = part(rows[0].alone, tale.lang, rows[0].alone_error) if rows else percent(0, tale.lang)
    return {"total": total, "alone": alone, "chance": part(chance, tale.lang)}


def _curve(tale: Tale) -> str:
    table = tale.found["chance_of_gain"][tale.actor]
    base = tale.found["success_rate"]["base"]
    probs, errors = table["prob"], table["mcse"]
    worst = max(errors)
    zero = rate_at(tale.found, tale.actor, 0.5)
    rising = probs[-1] > probs[0] and all(b >= a - 4 * worst for a, b in pairwise(probs))
    if rising and zero is not None:
        rate = rate_text(zero, tale.lang)
        return tale.say("curve-from", rate=rate, base=percent(base, tale.lang))
    if rising and probs[-1] < 0.5:
        return tale.say("curve-never", count=of_hundred(probs[-1], tale.lang, errors[-1]))
    if rising and probs[0] >= 0.5:
        return tale.say("curve-always", count=of_hundred(probs[0], tale.lang, errors[0]))
    chance, error = chance_at(tale.found, tale.actor, base)
    return tale.say("curve-at", count=of_hundred(chance, tale.lang, error), base=percent(base, tale.lang))


def rate_text(found: tuple[float, float], lang: str) -> str:
    """A success rate with the digits that its standard error leaves."""
    return part(found[0], lang, found[1])


def _curve_numbers(tale: Tale) -> dict[str, str]:
    base = tale.found["success_rate"]["base"]
    chance, error = chance_at(tale.found, tale.actor, base)
    table = tale.found["chance_of_gain"][tale.actor]
    return {
        "base": percent(base, tale.lang),
        "count": of_hundred(chance, tale.lang, error),
        "most": of_hundred(table["prob"][-1], tale.lang, table["mcse"][-1]),
    }


def placed(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """Elements of the deciding actor by their place in the 2×2, the most important first."""
    rows = found["priorities"]["actors"][deciding(found)]
    order = sorted(rows, key=lambda key: (-rows[key]["importance"], -rows[key]["total"], key))
    return {place: [key for key in order if rows[key]["category"] == place] for place in PLACES}


PLACES = ("most", "open", "less", "not")


def _places(tale: Tale) -> str:
    by_place = placed(tale.found)
    names = tale.elements(45)
    most = [names[key] for key in by_place["most"]]
    if most:
        more = len(most) - LISTED
        listed = ", ".join(f"»{name}«" if tale.lang == "da" else f"“{name}”" for name in most[:LISTED])
        return tale.say("places-more" if more > 0 else "places-most", names=listed, count=more)
    if tale.found["priorities"]["importance"] == "evppi" and settled(tale.found, tale.actor):
        return tale.settled("places")
    count = len(by_place["open"])
    if count:
        return tale.say("places-open-one" if count == 1 else "places-open", count=count)
    return tale.say("places-none")


def _places_numbers(tale: Tale) -> dict[str, object]:
    return {place: len(keys) for place, keys in placed(tale.found).items()}


def _by_actor(tale: Tale) -> str:
    tops = {}
    for actor in list(tale.found["variance"])[1:]:
        rows = shares(tale.scenario, tale.found, tale.lang, actor)
        if rows:
            tops[actor] = rows[0]
    if not tops:
        return tale.say("picture-nothing")
    names, keys = tale.elements(), {row.key for row in tops.values()}
    if len(tops) > 1 and len(keys) == 1:
        return tale.say("heat-same", name=names[keys.pop()])
    if len(tops) == 1 or tale.actor not in tops:
        actor, row = next(iter(tops.items()))
        whose = shortened(actor_name(tale.scenario, actor, tale.lang))
        return tale.say("heat-one", actor=whose, name=names[row.key])
    other = next(actor for actor, row in tops.items() if row.key != tops[tale.actor].key)
    return tale.say(
        "heat-differ",
        name=names[tops[tale.actor].key],
        other=shortened(actor_name(tale.scenario, other, tale.lang)),
        second=names[tops[other].key],
    )


def _by_actor_numbers(tale: Tale) -> dict[str, str]:
    rows = shares(tale.scenario, tale.found, tale.lang)
    information = tale.found["information"][tale.actor]
    evpi = information["evpi"]
    nothing = {"value": 0.0, "mcse": 0.0}
    best = max(information["elements"].values(), key=lambda one: float(one["value"]), default=nothing)
    return {
        "share": part(rows[0].total, tale.lang, rows[0].total_error) if rows else percent(0, tale.lang),
        "best": amount(best["value"], tale.lang, 1.0, best["mcse"]),
        "evpi": at_most(evpi["value"], tale.lang, evpi["mcse"]),
    }


def _tops_by_year(tale: Tale) -> dict[str, str]:
    """Element with the largest total share of each year in which something varies."""
    keys = tale.elements()
    tops = {}
    for year, by_actor in tale.found["variance_by_year"].items():
        if by_actor[tale.actor]["sd"] > 0:
            tops[year] = max(keys, key=lambda key, year=year: (share_in_year(tale.found, key, year), key))  # type: ignore[misc]
    return tops


def _by_year(tale: Tale) -> str:
    tops = _tops_by_year(tale)
    names = tale.elements()
    if not tops:
        return tale.say("picture-nothing")
    years = list(tops)
    first, last = years[0], years[-1]
    if len(set(tops.values())) == 1:
        return tale.say("years-same", name=names[tops[first]], first=first, last=last)
    if tops[first] == tops[last]:
        return tale.say("years-end", name=names[tops[last]], last=last)
    return tale.say("years-differ", first=first, name=names[tops[first]], last=last, second=names[tops[last]])


def _by_year_numbers(tale: Tale) -> dict[str, str]:
    tops = _tops_by_year(tale)
    years = list(tale.found["variance_by_year"])
    first, last = (next(iter(tops), years[0]), years[-1])
    key = tops.get(last)
    worth = worth_in_year(tale.found, key, last) if key is not None else (0.0, 0.0)
    start = share_in_year(tale.found, tops[first], first) if first in tops else 0.0
    return {
        "first": first,
        "start": part(start, tale.lang),
        "last": last,
        "end": part(share_in_year(tale.found, key, last), tale.lang) if key is not None else percent(0, tale.lang),
        "worth": amount(worth[0], tale.lang, 1.0, worth[1]),
    }


def _stories(tale: Tale) -> dict[str, Story]:
    """Those of the pictures that there are."""
    some = {"evsi": bool(paying_steps(tale)), "pair": bool(tale.found["pair"])}
    return {name: story for name, story in STORIES.items() if some.get(name, True)}


Story = tuple[Callable[[Tale], str], Callable[[Tale], Mapping[str, object]]]
STORIES: dict[str, Story] = {
    "tornado": (_tornado, _tornado_numbers),
    "variance": (_variance, _variance_numbers),
    "break_even": (_curve, _curve_numbers),
    "priorities": (_places, _places_numbers),
    "heat_actor": (_by_actor, _by_actor_numbers),
    "heat_year": (_by_year, _by_year_numbers),
    "evsi": (evsi_message, evsi_numbers),
    "pair": (pair_message, pair_numbers),
}
