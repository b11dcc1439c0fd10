"""What ``run`` prints: a compact table, two sentences, and what one must know to trust them.

Every amount has only the digits that its Monte Carlo error leaves; the base case alone is printed to the krone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soemrisk.actor_tree import depth, in_order
from soemrisk.answer import grants_booked, labels, price_line
from soemrisk.digest import Digest
from soemrisk.digits import grouped, kroner, of_hundred, percent, span
from soemrisk.messages import text
from soemrisk.model import Model
from soemrisk.names import element_name
from soemrisk.outcome_rows import amount_rows, note, plane_sentences, worth_rows
from soemrisk.reference import evaluate, net_rate
from soemrisk.scenario import Scenario
from soemrisk.statistics import interval_factor

WIDTH = 110
NAMED, WORTH_NAMING = 3, 0.05  # drivers that the text names at most, and the share from which
INDENT = "  "  # for each actor that an actor is inside of


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the lines of one run are made from."""

    scenario: Scenario
    digest: Digest
    found: dict[str, Any]
    lang: str
    names: Mapping[str, str]
    stats: Mapping[str, Mapping[str, float]]

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue in the language of the page."""
        return text(key, self.lang, **values)

    def gain_in(self, stats: Mapping[str, float]) -> str:
        """The chance of a gain as a count of 100."""
        return of_hundred(stats["prob_positive"], self.lang, stats["mcse_prob"])

    def between(self, stats: Mapping[str, float]) -> dict[str, str]:
        """P10 and P90 as text, and their unit."""
        found = span(stats["p10"], stats["p90"], self.lang, max(stats["mcse_p10"], stats["mcse_p90"]))
        return {"low": found["low"], "high": found["high"], "unit": self.say(f"unit-{found['size']}")}


def report(scenario: Scenario, digest: Digest, found: dict[str, Any], lang: str) -> str:
    """The text of one run.

    Parameters
    ----------
    scenario : Scenario
    digest : Digest
    found : dict
        The answer.
    lang : {"da", "en"}

    Returns
    -------
    str
        Without a final newline.
    """
    names = {actor: scenario.actors[actor].name.in_(lang) for actor in in_order(scenario.actors)}
    names = {"total": text("total", lang), **names}
    stats = dict(zip(names, digest.net, strict=True))
    page = Page(scenario=scenario, digest=digest, found=found, lang=lang, names=names, stats=stats)
    prose = [*_sentences(page), "", *_knowledge(page)]
    prose += [page.say("warning", message=message) for message in found["warnings"]]
    numbers = [*_table(page), *map(_wrapped, _errors(page)), "", *_areas(page), *_outcomes(page)]
    return "\n".join([*_head(page), "", *numbers, "", *map(_wrapped, prose)])


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, WIDTH, break_long_words=False)) if line else ""


def _head(page: Page) -> Iterator[str]:
    yield page.scenario.name.in_(page.lang)
    yield price_line(page.scenario, "price-line", page.lang)


def _table(page: Page) -> Iterator[str]:
    rows = [["", page.say("som-number"), page.say("column-mean"), "P10", "P50", "P90", page.say("column-gain")]]
    for actor, name in page.names.items():
        stats = page.stats[actor]
        amounts = [kroner(stats[key], page.lang, stats[f"mcse_{key}"]) for key in ("mean", "p10", "p50", "p90")]
        base = grouped(page.found["base"]["net"][actor], page.lang)
        touched = stats["sd"] > 0 or stats["mean"] != 0
        gain = page.say("of-100", count=page.gain_in(stats)) if touched else page.say("untouched")
        indented = name if actor == "total" else INDENT * depth(page.scenario.actors, actor) + name
        rows.append([indented, base, *amounts, gain])
    yield from aligned(rows)


def _areas(page: Page) -> Iterator[str]:
    """Mean of each area by actor, and in total for each who completes; each with the digits that its error leaves."""
    persons = float(page.digest.model.completers.sum())
    rows = [[page.say("area-title"), *labels(page.scenario, page.lang).values(), page.say("per-participant")]]
    for area, by_actor in zip(page.scenario.areas.values(), page.digest.area, strict=True):
        means = [kroner(stats["mean"], page.lang, stats["mcse_mean"]) for stats in by_actor]
        total = by_actor[0]
        each = kroner(total["mean"] / persons, page.lang, total["mcse_mean"] / persons)
        rows.append([area.name.in_(page.lang), *means, each])
    yield from aligned(rows)


def _outcomes(page: Page) -> Iterator[str]:
    """Outcomes that are no money: how much, and what a unit must be worth; nothing where there are none."""
    if not page.found["outcomes"]:
        return
    yield ""
    yield from aligned(amount_rows(page.scenario, page.found, page.lang))
    for key in page.found["outcomes"]:
        yield ""
        yield page.scenario.outcomes[key].name.in_(page.lang)
        yield from aligned(worth_rows(page.found, key, labels(page.scenario, page.lang), page.lang))
    yield ""
    both = {actor: page.names[actor] for actor in (page.digest.model.actors[1], "total")}
    yield from map(_wrapped, plane_sentences(page.scenario, page.found, both, page.lang))
    yield _wrapped(note(page.scenario, page.found, page.lang))


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Lines of a table: first column to the left, the others to the right, two blanks between."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _errors(page: Page) -> Iterator[str]:
    """One line with the 95 % errors of the simulation, t intervals from the replicates, rounded up."""
    factor = interval_factor(page.digest.plan.replicates)
    means = [f"{name} ±{_up(factor * page.stats[actor]['mcse_mean'], page.lang)}" for actor, name in page.names.items()]
    worst = max(stats["mcse_prob"] for stats in page.stats.values())
    yield page.say(
        "error-line",
        draws=grouped(page.found["draws"], page.lang),
        sampler=page.found["sampler"],
        seed=page.found["seed"],
        means=", ".join(means),
        points=grouped(factor * worst * 100 + 0.005, page.lang, 2),
    )
    yield page.say("sign-line")


def _up(error: float, lang: str) -> str:
    """An error with two significant digits, rounded up."""
    if error <= 0:
        return "0"
    unit = 10.0 ** max(len(str(int(error))) - 2, 0)
    return grouped(-(-error // unit) * unit, lang)


def _sentences(page: Page) -> Iterator[str]:
    """Two sentences on the first actor, who decides, with the total beside it."""
    actor = page.digest.model.actors[1]
    stats = page.stats[actor]
    if stats["sd"] == 0 and stats["mean"] == 0:
        yield page.say("not-touched", actor=page.names[actor])
        return
    other = of_hundred(1 - stats["prob_positive"], page.lang, stats["mcse_prob"])
    total = page.gain_in(page.stats["total"])
    joint = page.found["joint"]
    loses = joint["loses_while_total_gains"][actor]
    yield page.say("sentence-chance", actor=page.names[actor], count=page.gain_in(stats), other=other, total=total)
    everyone = of_hundred(joint["all_gain"]["prob"], page.lang, joint["all_gain"]["mcse"])
    while_total = of_hundred(loses["prob"], page.lang, loses["mcse"])
    yield page.say("sentence-joint", actor=page.names[actor], all=everyone, loses=while_total)
    base = grouped(page.found["base"]["net"][actor], page.lang)
    zero = _break_even_words(page, page.found["break_even"]["success_rate"][actor])
    yield page.say("sentence-size", actor=page.names[actor], base=base, zero=zero, **page.between(stats))


def _break_even_words(page: Page, line: Mapping[str, float | None]) -> str:
    """The base case's break-even in words, by the cases of docs/methods.md."""
    model = page.digest.model
    found = line["base"]
    if found is None:
        return page.say("zero-never" if page.found["base"]["net"][model.actors[1]] < 0 else "zero-always")
    per_rate = float(evaluate(model, model.base[None]).per_rate[0, 1])
    if per_rate < 0:
        return page.say("zero-only-below", zero=percent(found, page.lang))
    if found > 1:
        return page.say("zero-above")
    if found <= 0:
        return page.say("zero-always")
    rate = float(net_rate(model, model.base[None])[0])
    return page.say("zero-at", zero=percent(found, page.lang), rate=percent(rate, page.lang))


def _together(model: Model) -> bool:
    """Whether different quantities err together: by a correlation, or as one library number in several places."""
    paths: dict[int, set[str]] = {}
    for k, n in enumerate(model.uncertain):
        paths.setdefault(int(model.column[k]), set()).add(model.inputs[n].path.partition("@")[0])
    return bool(model.copulas) or any(len(places) > 1 for places in paths.values())


def _knowledge(page: Page) -> Iterator[str]:
    """What the figures rest on: dependence, chance, means, grants, sources."""
    model, lang = page.digest.model, page.lang
    if not model.columns:
        yield from _sources(page)
        return
    for a, actor in enumerate(model.actors[:2] if len(model.changes) > 1 else ()):
        stats = page.digest.correlated[a]
        yield page.say("correlated-line", actor=page.names[actor], count=page.gain_in(stats), **page.between(stats))
    yield from _listed(page)
    shares = [f"{page.names[actor]} {percent(share, lang)}" for actor, share in page.found["chance_share"].items()]
    yield page.say("chance-line", shares=", ".join(shares))
    yield from _drivers(page)
    first = model.actors[1]
    parts = page.found["mean_minus_base"][first]
    error = max(page.found["net_expected"][first]["mcse_mean"], 0.5)
    split = {part: kroner(value, lang, error) for part, value in parts.items()}
    if max(map(abs, parts.values())) >= 0.5:
        yield page.say("mean-line-together" if _together(model) else "mean-line", actor=page.names[first], **split)
    yield from _grants(page)
    yield from _sources(page)


def _drivers(page: Page) -> Iterator[str]:
    """The elements that most of the uncertainty of the first actor comes from; those from 5 %, at most three."""
    actor = page.digest.model.actors[1]
    named = [
        (element_name(page.scenario, one["element"], together=False, lang=page.lang), one["share"])
        for one in page.found["drivers"][actor][:NAMED]
        if one["share"] >= WORTH_NAMING
    ]
    if named:
        parts = ", ".join(f"{name} ({percent(share, page.lang)})" for name, share in named)
        yield page.say("run-drivers", actor=page.names[actor], parts=parts)


def _listed(page: Page) -> Iterator[str]:
    """Both ends of what the filter of significance leaves, for the total and the first actor."""
    names = {actor: page.names[actor] for actor in ("total", page.digest.model.actors[1])}
    for actor, name in names.items() if page.found["listed"] else ():
        error = page.found["net_expected"][actor]["mcse_mean"]
        ends = {end: kroner(mean, page.lang, error) for end, mean in page.found["listed"][actor].items()}
        yield page.say("listed-line", actor=name, **ends)


def _grants(page: Page) -> Iterator[str]:
    """What the base case is if a grant that is not booked were booked at its payer."""
    for key, grant in page.scenario.grants.items():
        if not grant.booked:
            booked = grants_booked(page.scenario, key)
            yield page.say(
                "grant-line",
                name=grant.name.in_(page.lang),
                amount=grouped(page.digest.model.base_of(f"grants.{key}.amount"), page.lang),
                payer=page.names[grant.payer],
                receiver=page.names[grant.receiver],
                payer_net=grouped(booked[grant.payer], page.lang),
                receiver_net=grouped(booked[grant.receiver], page.lang),
            )


def _sources(page: Page) -> Iterator[str]:
    inputs = page.digest.model.inputs
    certain = [one.path for one in inputs if one.distribution.family is None]
    calibrated = sum("calibrated to" in one.source for one in inputs)
    assumed = sum("assumption" in one.source and "calibrated to" not in one.source for one in inputs)
    counts = {"inputs": len(inputs), "calibrated": calibrated, "assumed": assumed}
    yield page.say("sources-line", rest=len(inputs) - calibrated - assumed, **counts)
    if page.scenario.facts.notes:
        yield page.say("notes-line", count=len(page.scenario.facts.notes))
    if certain:
        yield page.say("certain-line", count=len(certain), names=", ".join(certain))
    for key, group in page.scenario.groups.items():
        if f"groups.{key}.factor" in certain:
            yield page.say("group-certain-line", name=group.name.in_(page.lang), reason=group.factor.source)
