"""Every assumption of a memo with value, spread, evidence and source; those that count as known apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from soemrisk.digits import percent
from soemrisk.distribution import Uncertain, resolve
from soemrisk.families import FAMILIES
from soemrisk.memo_case import Case
from soemrisk.memo_parts import Grid
from soemrisk.memo_tables import number
from soemrisk.names import input_names
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.rules import moving_quantities

Row = tuple[str, ...]


def assumptions(case: Case) -> tuple[Grid, ...]:
    """The uncertain ones, and those counted as known; each table only where it has rows."""
    uncertain: list[Row] = []
    certain: list[Row] = []
    names = input_names(case.scenario, case.lang)
    for path, quantity, domain in moving_quantities(case.scenario):
        found = resolve(quantity, DOMAINS[domain])
        name = names[path.split("@")[0]] + (f" ({path.split('@')[1]})" if "@" in path else "")
        if found.family is None:
            certain.append((name, _value(case, quantity, found), source(case, quantity.source)))
        else:
            level = str(quantity.evidence) if quantity.evidence is not None else "–"
            uncertain.append(
                (name, _value(case, quantity, found), _spread(case, found), level, source(case, quantity.source))
            )
    certain.extend(_joined(_stated_shares(case)))
    keys: Row = ("col-input", "col-value", "col-width", "col-evidence", "col-source")
    marks = case.say("note-marks")
    wide: tuple[float, ...] = (0.19, 0.13, 0.13, 0.08, 0.47)
    if all(row[3] == "–" for row in uncertain):  # no column for what nobody states
        uncertain = [(*row[:3], row[4]) for row in uncertain]
        keys, wide = (*keys[:3], keys[4]), (0.19, 0.13, 0.13, 0.55)
        marks = f"{marks} {case.say('note-no-evidence')}"
    few = ("col-input", "col-value", "col-source")
    tables = (
        (case.say("table-uncertain-inputs"), keys, uncertain, wide, marks),
        (case.say("table-certain-inputs"), few, certain, (0.24, 0.19, 0.57), ""),
    )
    return tuple(
        Grid(
            title=title,
            head=tuple(case.say(key) for key in head),
            rows=tuple(rows),
            look="words",
            widths=widths,
            note=note,
        )
        for title, head, rows, widths, note in tables
        if rows
    )


def _value(case: Case, quantity: Quantity, found: Uncertain) -> str:
    """The stated value with its unit; of one that is stated year by year the first and the last."""
    if found.profile is not None:
        first, last = (number(case, found.profile[n]) for n in (0, -1))
        shown = first if first == last else case.say("as-changes", first=first, last=last)
    else:
        shown = number(case, found.base)
    return f"{shown} {quantity.unit}"


def _spread(case: Case, found: Uncertain) -> str:
    """P10 to P90; of a change that is stated year by year as a factor on all of it."""
    assert found.family is not None
    low, high = FAMILIES[found.family].quantile(np.array([0.1, 0.9]), found.parameters)
    shown = f"{number(case, float(low))} – {number(case, float(high))}"
    return f"× {shown}" if found.profile is not None else shown


def source(case: Case, words: str) -> str:
    """A source with its mark where it is calibrated or rests on a judgement."""
    if "calibrated to" in words:
        return f"[{case.say('mark-calibrated')}] {words}"
    return f"[{case.say('mark-assumed')}] {words}" if "assumption" in words else words


def _joined(rows: Iterable[Row]) -> list[Row]:
    """Rows of the same value and source as one, their names one after the other."""
    names: dict[Row, list[str]] = {}
    for name, *rest in rows:
        names.setdefault(tuple(rest), []).append(name)
    return [("; ".join(several), *rest) for rest, several in names.items()]


def _stated_shares(case: Case) -> Iterator[Row]:
    """Who bears a unit of each service, where that counts as known."""
    for service in case.scenario.services.values():
        if service.shares_concentration is None:
            name = service.name.in_(case.lang)
            steps = [step.shares for step in service.shares]
            parts = ", ".join(
                f"{case.names[actor]} {percent(share, case.lang)}" for actor, share in steps[0].items() if share
            )
            more = case.say("more-steps", count=len(steps)) if len(steps) > 1 else ""
            yield name, case.say("shares-value", parts=parts + more), source(case, service.shares_source)
