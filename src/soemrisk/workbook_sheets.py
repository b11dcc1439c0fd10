"""Sheets of the result and the main areas, with sums as formulas, and what every sheet shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from soemrisk.answer import labels, price_line
from soemrisk.digits import grouped
from soemrisk.memo_case import Case
from soemrisk.memo_parts import FactBox, Memo, Paragraph
from soemrisk.names import shortened
from soemrisk.workbook_cells import (
    Cell,
    Chart,
    Column,
    Fact,
    Lines,
    Page,
    Table,
    count,
    estimate,
    kroner,
    size_of,
    words,
)

LEVELS = ("p10", "p50", "p90")
NARROW, WIDE = 7.5, 30.0
NOTHING = Cell()


def page(
    case: Case,
    key: str,
    parts: Iterable[Table | Chart | Lines],
    facts: Sequence[Fact] = (),
    *,
    landscape: bool = True,
) -> Page:
    """One sheet with what stands over every sheet: name, prices, sign, draws."""
    found = case.found
    said = {"draws": grouped(found["draws"], case.lang), "sampler": found["sampler"], "seed": found["seed"]}
    return Page(
        name=case.say(f"sheet-{key}"),
        title=case.say(f"title-{key}"),
        lines=(
            case.scenario.name.in_(case.lang),
            price_line(case.scenario, "price-line", case.lang),
            case.say("note-sign"),
            case.say("workbook-draws", **said),
        ),
        parts=tuple(parts),
        facts=tuple(facts),
        landscape=landscape,
    )


def in_unit(case: Case, name: str, size: str) -> str:
    """The head of a column with the unit of its amounts."""
    return case.say(f"in-{size}", name=name)


def roots(case: Case) -> list[str]:
    """Actors who add up to the total: those that are no part of another."""
    return [actor for actor in case.actors if case.scenario.actors[actor].parent is None]


def of(case: Case, actor: str) -> str:
    """Key of the column of an actor, whatever the id."""
    return f"actor-{case.actors.index(actor)}"


def persons(case: Case) -> Fact:
    """How many complete."""
    return Fact(key="persons", label=case.say("fact-participants"), cell=Cell(value=case.persons, form="#,##0.##"))


def banded(case: Case, names: Iterable[str], size: str) -> list[Column]:
    """Columns of estimates, each with its error."""
    shown = {"mean": case.say("head-mean"), "p10": "P10", "p50": "P50", "p90": "P90"}
    found = []
    for name in names:
        found.append(Column(key=name, head=in_unit(case, shown[name], size), width=10.5))
        found.append(Column(key=f"{name}-error", head=case.say("head-error"), width=NARROW))
    return found


def result(case: Case, memo: Memo) -> Page:
    """Each actor in every reading, then what the first page of the memo says."""
    size = size_of(stats[name] for by_actor in case.readings.values() for stats in by_actor.values() for name in LEVELS)
    columns = (
        Column(key="actor", head=case.say("col-actor"), width=WIDE),
        Column(key="reading", head=case.say("col-reading"), width=36),
        Column(key="base", head=case.say("in-kroner", name=case.say("head-base"))),
        Column(key="budget", head=case.say("head-budget"), width=16),
        Column(key="each", head=case.say("head-each")),
        *banded(case, ("mean", *LEVELS), size),
        Column(key="gain", head=case.say("head-gain"), width=18),
        Column(key="gain-error", head=case.say("head-points"), width=NARROW),
    )
    named = labels(case.scenario, case.lang)
    stated = {actor: n * len(case.readings) for n, actor in enumerate(named)}
    summed = ",".join(f"{{base@{stated[actor]}}}" for actor in roots(case))
    rows = []
    for actor, name in named.items():
        for reading, by_actor in case.readings.items():
            formula = f"=SUM({summed})" if actor == "total" else ""
            own = [kroner(case.base(actor), formula), kroner(-case.base(actor), "=-{base}"), _each(case, actor)]
            rows.append(
                (
                    words(name),
                    words(case.say(f"reading-{reading}")),
                    *(own if reading == "stated" else [NOTHING] * 3),
                    *estimates(by_actor[actor], ("mean", *LEVELS), size),
                    *gains(case, actor, reading),
                )
            )
    table = Table(
        title=case.say("workbook-result"),
        columns=columns,
        rows=tuple(rows),
        strong=tuple(stated.values()),
        notes=(case.say("note-sums"), case.say("note-budget")),
    )
    return page(case, "result", (table, *_first_page(memo)), [persons(case)])


def _each(case: Case, actor: str) -> Cell:
    return kroner(case.base(actor) / case.persons, "={base}/{:persons}")


def gains(case: Case, actor: str, reading: str) -> tuple[Cell, Cell]:
    """Chance of a gain of an actor and its error; in words where no term concerns the actor."""
    stats = case.stats(actor, reading)
    if not case.touched(actor):
        return words(case.say("untouched")), NOTHING
    return count(stats["prob_positive"], stats["mcse_prob"], case.lang)


def estimates(stats: Mapping[str, float], names: Iterable[str], size: str) -> list[Cell]:
    """Estimates and errors side by side."""
    return [cell for name in names for cell in estimate(stats[name], stats[f"mcse_{name}"], size)]


def _first_page(memo: Memo) -> list[Lines]:
    """Sentences and facts of the first page."""
    parts = [part for section in memo.sections if section.key == "summary" for part in section.parts]
    said = [part.words for part in parts if isinstance(part, Paragraph) and part.role in {"lead", "caution"}]
    facts = [f"{label}: {text}" for part in parts if isinstance(part, FactBox) for label, text in part.rows]
    return [Lines(words=tuple(one)) for one in (said, facts) if one]


def unit(case: Case, size: str) -> str:
    """Name of a unit of kroner."""
    return case.say({"millions": "axis-millions", "thousands": "axis-thousands", "kroner": "unit-kroner"}[size])


def areas(case: Case) -> Page:
    """Main areas: base case by actor, for each who completes, and the band of the total."""
    found = case.found
    size = size_of(found["area"][key]["total"][name] for key in case.scenario.areas for name in ("p10", "p90"))
    last = len(case.scenario.areas) - 1
    rows = []
    for key, area in case.scenario.areas.items():
        base = found["base"]["area"][key]
        own = [kroner(base[actor]) for actor in case.actors]
        rows.append((words(area.name.in_(case.lang)), *own, *_totals(case, base, case.areas[key]["total"], size)))
    sums = actor_sums(case, last)
    whole = {actor: case.base(actor) for actor in case.names}
    rows.append((words(case.names["total"]), *sums, *_totals(case, whole, case.stats("total"), size)))
    table = Table(
        title=case.say("workbook-areas"),
        columns=(
            Column(key="area", head=case.say("col-area"), width=WIDE),
            *actor_columns(case),
            *total_columns(case),
            Column(key="each", head=case.say("head-each")),
            *banded(case, LEVELS, size),
        ),
        rows=tuple(rows),
        strong=(last + 1,),
        notes=tuple(case.say(key) for key in ("note-sums", "note-budget")),
    )
    return page(case, "areas", [table], [persons(case)])


def actor_columns(case: Case) -> list[Column]:
    """A column of kroner for each actor."""
    named = labels(case.scenario, case.lang)
    heads = {actor: case.say("in-kroner", name=shortened(named[actor])) for actor in case.actors}
    return [Column(key=of(case, actor), head=head) for actor, head in heads.items()]


def actor_sums(case: Case, last: int) -> list[Cell]:
    """What each actor's column adds up to, to its last row: the net result."""
    columns = [(actor, of(case, actor)) for actor in case.actors]
    return [kroner(case.base(actor), f"=SUM({{{column}@0}}:{{{column}@{last}}})") for actor, column in columns]


def total_columns(case: Case) -> tuple[Column, Column]:
    """The total, and what it means for the budget of the actor who decides."""
    first = case.say("head-budget-of", actor=shortened(case.names[case.first], 40))
    total = case.say("in-kroner", name=case.names["total"])
    return Column(key="total", head=total), Column(key="budget", head=first, width=17)


def _totals(case: Case, base: Mapping[str, float], stats: Mapping[str, float], size: str) -> list[Cell]:
    each = base["total"] / case.persons
    return [
        *total_cells(case, base),
        kroner(each, "={total}/{:persons}"),
        *estimates(stats, LEVELS, size),
    ]


def total_cells(case: Case, base: Mapping[str, float]) -> list[Cell]:
    """The total as the sum of its row, and the budget effect of the actor who decides."""
    summed = ",".join(f"{{{of(case, actor)}}}" for actor in roots(case))
    return [kroner(base["total"], f"=SUM({summed})"), kroner(-base[case.first], f"=-{{{of(case, case.first)}}}")]
