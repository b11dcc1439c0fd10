"""What ``compare`` prints: results side by side, the difference, the choice and its disappointment, the best set."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soemrisk.answer import price_line
from soemrisk.comparing import Comparison
from soemrisk.digits import grouped, kroner, money, of_hundred
from soemrisk.messages import text
from soemrisk.names import input_names, shortened
from soemrisk.statistics import interval_factor
from soemrisk.terminal import WIDTH, aligned

Row = list[str]
LONGEST_NAME = 36
LISTED = 5  # places that are shared, named at most
RESOLUTION = 0.005  # of a figure without an error of its own: two significant digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A comparison and how it is told."""

    comparison: Comparison
    found: Mapping[str, Any]
    lang: str

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue in the language of the page."""
        return text(key, self.lang, **values)

    @property
    def names(self) -> dict[str, str]:
        """Names of the scenarios by what tells them apart, which stands for a name that several have."""
        full = [one.name.in_(self.lang) for one in self.comparison.scenarios]
        return {
            label: name if full.count(name) == 1 else label
            for label, name in zip(self.comparison.names, full, strict=True)
        }

    def actor(self, actor: str) -> str:
        """Name of an actor, from the first scenario that has it."""
        if actor == "total":
            return self.say("total")
        return next(one.actors[actor].name.in_(self.lang) for one in self.comparison.scenarios if actor in one.actors)

    def place(self, place: str) -> str:
        """What stands at a place of the file, by the name that the first scenario with it gives."""
        for scenario in self.comparison.scenarios:
            name = input_names(scenario, self.lang).get(place)
            if name is not None:
                return name
        return place

    def amount(self, value: float, error: float) -> str:
        """Kr. with the digits that an error leaves."""
        return kroner(value, self.lang, error)

    def count(self, probability: float, error: float) -> str:
        """A chance as a count of 100."""
        return of_hundred(probability, self.lang, error)

    def short(self, label: str) -> str:
        """Name of a scenario as a row of a table has it."""
        return shortened(self.names[label], LONGEST_NAME)

    @property
    def versions(self) -> bool:
        """Whether all are versions of one scenario."""
        return len(set(self.comparison.families)) == 1

    @property
    def shown(self) -> tuple[str, ...]:
        """Actors that are told of: the one who chooses, and the total."""
        return tuple(dict.fromkeys((str(self.found["deciding"]), "total")))


def compare_page(comparison: Comparison, found: Mapping[str, Any], lang: str) -> str:
    """The text of a comparison.

    Parameters
    ----------
    comparison : Comparison
    found : mapping
        As ``comparing.compared``, with ``portfolio`` and ``changed`` where they were asked for.
    lang : {"da", "en"}

    Returns
    -------
    str
        Without a final newline.
    """
    told = Told(comparison=comparison, found=found, lang=lang)
    parts = [list(_head(told))]
    for actor in told.shown:
        parts += [list(_net(told, actor))]
    parts += [list(_difference(told, one)) for one in found["differences"][:MOST_PAIRS]]
    more = len(found["differences"]) - MOST_PAIRS
    parts += [[told.say("compare-difference-note")] + [told.say("compare-more-pairs", count=more)] * (more > 0)]
    if not told.versions:  # of two versions of one intervention nothing is picked
        parts += [list(_ranking(told, actor)) for actor in told.shown]
        parts += [[told.say("compare-choice")]]
    if found.get("portfolio"):
        parts += [list(_set(told))]
    if found.get("changed"):
        parts += [list(_changes(told, actor)) for actor in told.shown]
        parts += [list(_how_changed(told))]
    parts += [list(_foot(told))]
    return "\n\n".join("\n".join(_wrapped(line) for line in part) for part in parts if part)


MOST_PAIRS = 6  # differences that are printed; all are in the JSON and the tables


def _wrapped(line: str) -> str:
    return line if "  " in line else "\n".join(textwrap.wrap(line, WIDTH, break_long_words=False))


def _head(told: Told) -> Iterator[str]:
    yield told.say("compare-title")
    yield price_line(told.comparison.scenarios[0], "price-line", told.lang)
    shared = told.found["shared"]
    if not shared:
        yield told.say("compare-none-shared")
        return
    more = ["…"] * (len(shared) > LISTED)
    yield told.say("compare-shared", count=len(shared), places=", ".join([*map(told.place, shared[:LISTED]), *more]))


def _net(told: Told, actor: str) -> Iterator[str]:
    key = "compare-net-each" if told.found["per"] == "participant" else "compare-net"
    heads = (told.say("som-number"), told.say("column-mean"), "P10", "P50", "P90", told.say("column-gain"))
    rows: list[Row] = [[told.say(key, actor=told.actor(actor)), *heads]]
    for label in told.names:
        stats = told.found["net"][label][actor]
        errors = {"mean": "mcse_mean", "p10": "mcse_p5", "p50": "mcse_p50", "p90": "mcse_p95"}
        rows.append(
            [
                told.short(label),
                grouped(told.found["base"][label][actor], told.lang),
                *(told.amount(stats[one], stats[error]) for one, error in errors.items()),
                told.count(stats["prob_positive"], stats["mcse_prob"]),
            ]
        )
    yield from aligned(rows)


def _difference(told: Told, one: Mapping[str, Any]) -> Iterator[str]:
    first, second = told.short(one["first"]), told.short(one["second"])
    rows: list[Row] = [
        ["", told.say("som-number"), told.say("column-mean"), "P10", "P50", "P90", told.say("compare-first")]
    ]
    for actor, stats in one["net"].items():
        rows.append(
            [
                told.actor(actor),
                grouped(stats["base"], told.lang),
                told.amount(stats["mean"], stats["mcse_mean"]),
                told.amount(stats["p10"], stats["mcse_p5"]),
                told.amount(stats["p50"], stats["mcse_p50"]),
                told.amount(stats["p90"], stats["mcse_p95"]),
                told.count(stats["prob_first"], stats["mcse_prob"]),
            ]
        )
    yield told.say("compare-difference", first=first, second=second)
    yield from aligned(rows)


def _ranking(told: Told, actor: str) -> Iterator[str]:
    ranking = told.found["ranking"][actor]
    heads = ("compare-promised", "compare-error", "compare-delivered", "compare-best", "compare-loss")
    rows: list[Row] = [[told.say("compare-ranking", actor=told.actor(actor)), *map(told.say, heads)]]
    for one in ranking["order"]:
        error = max(one["mcse_mean"], RESOLUTION * one["sd"])
        figures = (one["mean"], one["sd"], one["delivered"])
        choice = told.found["choice"][actor][one["scenario"]]
        rows.append(
            [
                told.short(one["scenario"]),
                *(told.amount(figure, error) for figure in figures),
                told.count(choice["prob_best"], choice["mcse_prob_best"]),
                told.amount(choice["expected_loss"], choice["mcse_expected_loss"]),
            ]
        )
    yield from aligned(rows)
    best = ranking["order"][0]
    error = max(best["mcse_mean"], RESOLUTION * best["sd"])
    if ranking["disappointment"] > 2 * error:
        yield told.say(
            "compare-disappointed",
            name=told.short(best["scenario"]),
            count=len(ranking["order"]),
            promised=money(best["mean"], told.lang, error),
            delivered=money(best["delivered"], told.lang, error),
            spread=told.amount(ranking["spread"], RESOLUTION * ranking["spread"]),
            how=told.say(f"spread-{ranking['spread_from']}"),
        )


def _set(told: Told) -> Iterator[str]:
    found = told.found["portfolio"]
    title = told.say("compare-set", budget=grouped(found["budget"], told.lang), payer=told.actor(found["payer"]))
    rows: list[Row] = [[title, *map(told.say, ("compare-dearest", "compare-chosen", "compare-in-set"))]]
    for label in told.names:
        one = found["scenarios"][label]
        rows.append(
            [
                told.short(label),
                grouped(max(one["costs"].values(), default=0.0), told.lang),
                told.say("compare-yes" if one["chosen"] else "compare-no"),
                told.count(one["prob_in_best"], one["mcse"]),
            ]
        )
    yield from aligned(rows)
    if not any(one["chosen"] for one in found["scenarios"].values()):
        yield told.say("compare-set-none")
    worst = max(one["mcse"] for one in found["scenarios"].values())
    factor = interval_factor(told.comparison.plan.replicates)
    yield told.say(
        "compare-set-note",
        actor=told.actor(found["actor"]),
        price_year=told.comparison.scenarios[0].settings.price_year,
        solved=grouped(found["solved"], told.lang),
        points=grouped(factor * worst * 100 + 0.05, told.lang, 1),
    )


def _changes(told: Told, actor: str) -> Iterator[str]:
    changed = told.found["changed"]
    names = {key: told.say(f"compare-{key}", name=changed[key]["name"]) for key in ("before", "after")}
    rows: list[Row] = [
        [told.say("compare-changes", actor=told.actor(actor)), told.say("som-number"), told.say("compare-expected"),
         told.say("compare-points")]
    ]  # fmt: skip
    for key in ("before", "after"):
        rows.append(_change_row(told, names[key], changed[key]["figures"][actor]))
        for part in changed["parts"] if key == "before" else ():
            places = shortened(", ".join(map(told.place, part["places"])), LONGEST_PLACES)
            rows.append(_change_row(told, told.say(f"compare-{part['kind']}", places=places), part["figures"][actor]))
    yield from aligned(rows)


def _change_row(told: Told, name: str, figures: Mapping[str, float]) -> Row:
    """A version or a change: SØM number, expected result, how often there is a gain, with the digits of errors."""
    unit = next(one for one in (0.1, 1.0, 10.0) if 200 * figures["mcse_prob"] <= one or one == 10.0)
    points = grouped(round(100 * figures["prob_positive"] / unit) * unit, told.lang, 1 if unit < 1 else 0)
    return [name, grouped(figures["base"], told.lang), told.amount(figures["mean"], figures["mcse_mean"]), points]


LONGEST_PLACES = 60


def _how_changed(told: Told) -> Iterator[str]:
    changed = told.found["changed"]
    if not changed["parts"]:
        yield told.say("compare-no-change")
        return
    figures = [by for part in changed["parts"] for by in part["figures"].values()]
    factor = interval_factor(told.comparison.plan.replicates)
    worst = {name: factor * max(by[name] for by in figures) for name in ("mcse_mean", "mcse_prob")}
    how = told.say(
        "compare-some-orders" if changed["orders"] else "compare-all-orders",
        orders=changed["orders"],
        error=grouped(worst["mcse_mean"] + 0.5, told.lang),
        points=grouped(100 * worst["mcse_prob"] + 0.05, told.lang, 1),
    )
    yield told.say("compare-changes-note", how=how)


def _foot(told: Told) -> Iterator[str]:
    found = told.found
    stats = [stats for by_actor in found["net"].values() for stats in by_actor.values()]
    stats += [stats for one in found["differences"] for stats in one["net"].values()]
    factor = interval_factor(told.comparison.plan.replicates)
    yield told.say(
        "compare-errors",
        draws=grouped(found["draws"], told.lang),
        sampler=found["sampler"],
        seed=found["seed"],
        mean=grouped(factor * max(one["mcse_mean"] for one in stats) + 0.5, told.lang),
        points=grouped(factor * 100 * max(one["mcse_prob"] for one in stats) + 0.005, told.lang, 2),
    )
    yield told.say("sign-line")
    for words in found["warnings"]:
        yield told.say("warning", message=words)
