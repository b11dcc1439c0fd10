"""Sheets of inputs: what drives the result, every assumption with its source, the method."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from soemrisk.digits import plain
from soemrisk.distribution import resolve
from soemrisk.driver_rows import SHOWN, Swing, TornadoRow, tornado_rows
from soemrisk.evidence_levels import level_of
from soemrisk.families import FAMILIES
from soemrisk.memo_case import Case
from soemrisk.memo_parts import Bullets, FactBox, Memo, Paragraph
from soemrisk.names import element_names, input_names, input_units, shortened
from soemrisk.quantity import DOMAINS
from soemrisk.rules import moving_quantities
from soemrisk.workbook_cells import (
    Cell,
    Chart,
    Column,
    Fact,
    Page,
    Table,
    estimate,
    kroner,
    measured,
    share,
    size_of,
    words,
)
from soemrisk.workbook_sheets import NARROW, WIDE, in_unit, page, unit

ENDS = (("at-low", "at-high"), ("less", "more"))
SOURCE = 62.0  # characters
CALCULATED = 0.005  # digits shown of what has no error of simulation, as a share
Row = tuple[Cell, ...]


def sensitivity(case: Case) -> Page:
    """One input at a time, and the ranking, of the deciding actor."""
    rows = tornado_rows(case.scenario, case.driven, case.lang)
    evpi = case.driven["information"][case.first]["evpi"]
    size = size_of([evpi["value"]])
    name = shortened(case.names[case.first])
    facts = (
        Fact(key="base", label=case.say("fact-base", actor=name), cell=kroner(case.base(case.first))),
        Fact(
            key="evpi",
            label=in_unit(case, case.say("fact-evpi"), size),
            cell=estimate(evpi["value"], evpi["mcse"], size)[0],
        ),
    )
    tables = [_swings(case, rows), _ranked(case)]
    parts: list[Chart | Table] = [*_swing_charts(case, rows), *(one for one in tables if one.rows)]
    return page(case, "sensitivity", parts, facts, landscape=False)


def _swing_charts(case: Case, rows: list[TornadoRow]) -> Iterator[Chart]:
    """P10–P90, and 10 % up and down, in one order; each only where something moves."""
    base = case.base(case.first)
    shown = rows[:SHOWN]
    for panel, (title, ends) in enumerate(zip(("chart-uncertainty", "chart-ten-percent"), ENDS, strict=True)):
        bars = [bar for row in shown if (bar := row.bars[panel]) is not None]
        if not any(bar.size for bar in bars):
            continue
        largest, bar = max(
            ((row.name, bar) for row in shown if (bar := row.bars[panel]) is not None), key=lambda one: one[1].size
        )
        size = size_of(end - base for bar in bars for end in (bar.at_low, bar.at_high))
        low, high, middle = (case.kroner(value) for value in (bar.at_low, bar.at_high, base))
        yield Chart(
            kind="swings",
            table=0,
            columns=("name", *(f"change-{end}" for end in ends)),
            rows=len(shown),
            title=case.say(title, actor=shortened(case.names[case.first])),
            axis=case.say("chart-axis-change", unit=unit(case, size)),
            size=size,
            alt=case.say("alt-swings", name=shortened(largest), low=low, high=high, base=middle),
        )


def _swings(case: Case, rows: list[TornadoRow]) -> Table:
    """Result at both ends of each input, and the changes from the base case as formulas."""
    heads = ("at-low", "at-high", "less", "more")
    made: list[Row] = []
    for row in rows:
        ends = [cell for bar, keys in zip(row.bars, ENDS, strict=True) for cell in _ends(case, bar, keys)]
        bar = row.bars[0]
        values = [words("–") if bar is None or one is None else measured(one, 3) for one in _set(bar)]
        name = words(shortened(row.name))
        made.append((name, words(row.detail), *values, *ends[:2], *ends[4:6], *ends[2:4], *ends[6:]))
    return Table(
        title=case.say("workbook-tornado", actor=case.names[case.first]),
        columns=(
            Column(key="name", head=case.say("col-input"), width=WIDE),
            Column(key="unit", head=case.say("head-unit"), width=16),
            Column(key="low", head=case.say("head-low"), width=11),
            Column(key="high", head=case.say("head-high"), width=11),
            *(Column(key=key, head=case.say(f"head-{key}")) for key in heads),
            *(Column(key=f"change-{key}", head=case.say(f"change-{key}")) for key in heads),
        ),
        rows=tuple(made),
        notes=(case.say("note-tornado"),),
    )


def _set(bar: Swing | None) -> tuple[float | None, float | None]:
    return (None, None) if bar is None else (bar.low, bar.high)


def _ends(case: Case, bar: Swing | None, keys: tuple[str, str]) -> list[Cell]:
    """Results at both ends, then their changes; empty where the input has no such bar."""
    if bar is None:
        return [Cell()] * 4
    base, at = case.base(case.first), (bar.at_low, bar.at_high)
    changes = [kroner(end - base, f"={{{key}}}-{{:base}}") for end, key in zip(at, keys, strict=True)]
    return [kroner(end) for end in at] + changes


def _ranked(case: Case) -> Table:
    """Part of the variance, worth of knowing, and place of each element."""
    listed = case.driven["priorities"]["actors"][case.first]
    names = element_names(case.scenario, case.driven["inputs"], case.lang)
    largest = max((one["evppi"] for one in listed.values()), default=0.0)
    size = size_of([largest])
    rows = []
    for key, one in sorted(listed.items(), key=lambda row: (-row[1]["shapley"], -row[1]["evppi"], row[0])):
        known = case.driven["inputs"]
        evidence = sorted({known[path]["evidence"] for path in one["inputs"]} - {None})
        rows.append(
            (
                words(names[key]),
                words(case.say(f"place-{one['category']}")),
                share(one["shapley"]),
                share(one["total"]),
                share(one["total_error"]),
                estimate(
                    one["evppi"], max(one["evppi_error"], CALCULATED * one["evppi"], CALCULATED * largest / 10), size
                )[0],
                estimate(one["evppi"], one["evppi_error"], size)[1],
                words(", ".join(str(level) for level in evidence) or "–"),
            )
        )
    return Table(
        title=case.say("workbook-drivers", actor=case.names[case.first]),
        columns=(
            Column(key="name", head=case.say("col-input"), width=WIDE),
            Column(key="place", head=case.say("col-place"), width=16),
            Column(key="shapley", head=case.say("head-shapley"), width=11),
            Column(key="total", head=case.say("head-total-share"), width=11),
            Column(key="total-error", head=case.say("head-error"), width=NARROW),
            Column(key="worth", head=in_unit(case, case.say("col-worth"), size)),
            Column(key="worth-error", head=case.say("head-error"), width=NARROW),
            Column(key="evidence", head=case.say("col-evidence"), width=10),
        ),
        rows=tuple(rows),
        notes=(case.say("note-ranked"),),
    )


def assumptions(case: Case) -> Page:
    """Every number that moves a figure, and who bears what, with unit, spread, mark, evidence and source."""
    heads = ("col-input", "col-value", "head-unit", "head-low", "head-high", "head-known", "head-mark", "col-evidence")
    widths = (WIDE, 14, 18, 11, 11, 10, 11, 9)
    columns = [
        Column(key=f"column-{n}", head=case.say(head), width=width)
        for n, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    columns.append(Column(key="source", head=case.say("col-source"), width=SOURCE))
    columns.append(Column(key="path", head=case.say("head-place-in-file"), width=26))
    table = Table(
        title=case.say("workbook-assumptions"),
        columns=tuple(columns),
        rows=(*_quantities(case), *_shares(case)),
        notes=(case.say("note-marks"),),
        filtered=True,
    )
    return page(case, "assumptions", [table])


def _quantities(case: Case) -> Iterator[Row]:
    """One row for each number; of a change that is stated by year the values, and the spread of their factor."""
    names, units = input_names(case.scenario, case.lang), input_units(case.scenario, case.lang)
    for path, quantity, domain in moving_quantities(case.scenario):
        found = resolve(quantity, DOMAINS[domain])
        place, _, year = path.partition("@")
        spread, known = (words("–"), words("–")), "known-certain"
        if found.family is not None:
            ends = FAMILIES[found.family].quantile(np.array([0.1, 0.9]), found.parameters)
            spread, known = (measured(float(ends[0]), 3), measured(float(ends[1]), 3)), "known-uncertain"
        value, named = measured(found.base, 6), units[place]
        if found.profile is not None:
            value = words("; ".join(plain(float(one), case.lang, 15) for one in found.profile))
            named = case.say("factor-of", unit=named)
        stated = level_of(quantity)
        level = words("–") if stated is None else Cell(value=stated, form="0")
        yield (
            words(names[place] + (f" ({year})" if year else "")),
            value,
            words(named),
            *spread,
            words(case.say(known)),
            words(mark(case, quantity.source)),
            level,
            words(quantity.source),
            words(path),
        )


def mark(case: Case, source: str) -> str:
    """Whether a number is calibrated or rests on a judgement, as its source says."""
    if "calibrated to" in source:
        return case.say("mark-calibrated")
    return case.say("mark-assumed") if "assumption" in source else ""


def _shares(case: Case) -> Iterator[Row]:
    """Who bears a unit of each service, from each year or amount on that is stated."""
    for key, service in case.scenario.services.items():
        name = case.say("shares-of", name=service.name.in_(case.lang))
        known = "known-certain" if service.shares_concentration is None else "known-uncertain"
        for step in service.shares:
            since = "" if step.from_ is None else f" ({step.from_})"
            above = "" if step.above is None else f" (> {step.above})"
            for actor, part in step.shares.items():
                yield (
                    words(f"{name}: {case.names[actor]}{since}{above}"),
                    share(part),
                    words(""),
                    words("–"),
                    words("–"),
                    words(case.say(known)),
                    words(mark(case, service.shares_source)),
                    words("–"),
                    words(service.shares_source),
                    words(f"services.{key}.shares.{actor}"),
                )


def method(case: Case, memo: Memo) -> Page:
    """How it is calculated, reservations, and what the figures were made from."""
    guide = case.say("workbook-reading-guide")
    rows = [(words(guide), words(case.say(key))) for key in ("note-formulas", "note-fifteen", "note-budget")]
    for section in memo.sections:
        if section.key not in {"method", "caveats", "unpriced", "receipt"}:
            continue
        for part in section.parts:
            if isinstance(part, Paragraph):
                rows.append((words(section.title), words(part.words)))
            elif isinstance(part, Bullets):
                rows.extend((words(section.title), words(line)) for line in part.lines)
            elif isinstance(part, FactBox):
                rows.extend((words(label), words(text)) for label, text in part.rows)
    table = Table(
        title=case.say("workbook-method"),
        columns=(
            Column(key="topic", head=case.say("head-topic"), width=WIDE),
            Column(key="text", head=case.say("head-text"), width=110),
        ),
        rows=tuple(rows),
    )
    return page(case, "method", [table], landscape=False)
