"""Every assumption of a memo with value, spread, evidence and source; those that count as known apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from soemrisk.digits import percent, plain
from soemrisk.distribution import Uncertain, resolve
from soemrisk.evidence_levels import level_of
from soemrisk.families import FAMILIES
from soemrisk.memo_case import Case
from soemrisk.memo_parts import Grid
from soemrisk.memo_tables import number
from soemrisk.names import input_names, input_units
from soemrisk.quantity import DOMAINS
from soemrisk.rules import moving_quantities
from soemrisk.terms import price_years

Row = tuple[str, ...]


def assumptions(case: Case) -> tuple[Grid, ...]:
    """The uncertain ones, and those counted as known; each table only where it has rows."""
    uncertain: list[Row] = []
    certain: list[Row] = []
    names, units = input_names(case.scenario, case.lang), input_units(case.scenario, case.lang)
    for path, quantity, domain in moving_quantities(case.scenario):
        found = resolve(quantity, DOMAINS[domain])
        name = names[path.split("@")[0]] + (f" ({path.split('@')[1]})" if "@" in path else "")
        value = _value(case, units[path.split("@")[0]], (found, domain))
        if found.family is None:
            certain.append((name, value, source(case, quantity.source)))
        else:
            level = str(level_of(quantity) or "–")
            uncertain.append((name, value, _spread(case, found, domain), level, source(case, quantity.source)))
    certain = [*_settings(case), *certain, *_joined(_stated_shares(case))]
    keys: Row = ("col-input", "col-value", "col-width", "col-evidence", "col-source")
    marks = case.say("note-marks")
    wide: tuple[float, ...] = (0.17, 0.115, 0.115, 0.055, 0.545)
    if all(row[3] == "–" for row in uncertain):  # no column for what nobody states
        uncertain = [(*row[:3], row[4]) for row in uncertain]
        keys, wide = (*keys[:3], keys[4]), (0.18, 0.12, 0.12, 0.58)
    marks += " " + case.say("note-evidence" if "col-evidence" in keys else "note-no-evidence")
    few = ("col-input", "col-value", "col-source")
    tables = (
        (case.say("table-uncertain-inputs"), keys, uncertain, wide, marks),
        (case.say("table-certain-inputs"), few, certain, (0.2, 0.19, 0.61), ""),
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


SHARES = {"probability", "net_rate", "discount_rate"}  # kinds of number that are told as per cent


def _number(case: Case, value: float, domain: str) -> str:
    return percent(value, case.lang, 1) if domain in SHARES else number(case, value)


def _value(case: Case, unit: str, resolved: tuple[Uncertain, str]) -> str:
    """The stated value with its unit; of one that is stated year by year the first and the last."""
    found, domain = resolved
    if found.profile is not None:
        first, last = (number(case, found.profile[n]) for n in (0, -1))
        shown = first if first == last else case.say("as-changes", first=first, last=last)
    else:
        shown = _number(case, found.base, domain)
    return shown if domain in SHARES else f"{shown} {unit}"


def _spread(case: Case, found: Uncertain, domain: str) -> str:
    """P10 to P90, as a factor on what is stated year by year; marked where the value lies outside."""
    assert found.family is not None
    low, high = FAMILIES[found.family].quantile(np.array([0.1, 0.9]), found.parameters)
    shown = f"{_number(case, float(low), domain)} – {_number(case, float(high), domain)}"
    if found.profile is not None:
        return f"× {shown}"
    return shown if low <= found.base <= high else f"{shown} *"


def _settings(case: Case) -> Iterator[Row]:
    """What is stated as it is and has no spread: participants, how costs are discounted, price index, grants."""
    scenario = case.scenario
    stated = scenario.participants
    years = ", ".join(f"{year}: {plain(n, case.lang, 6)}" for year, n in stated.completers.items())
    yield case.say("facts-participants"), years, source(case, stated.source)
    settings = scenario.settings
    how = case.say("costs-discounted" if settings.costs_discounted else "costs-not-discounted")
    yield case.say("facts-costs"), how, source(case, settings.costs_discounted_source)
    if settings.price_index is not None:
        index = settings.price_index
        yield case.say("price-index"), index.name.in_(case.lang), source(case, index.source)
        if index.beyond is not None and index.beyond_source is not None and price_years(scenario) - set(index.values):
            rise = f"{plain(100 * index.beyond, case.lang)} %"
            yield case.say("price-index-beyond"), rise, source(case, index.beyond_source)
    if settings.level_scaling_source is not None:
        why = settings.level_scaling_source
        how = case.say("changes-follow-use")
        yield case.say("level-scaling"), how, source(case, why if "assumption" in why else f"assumption: {why}")
    for grant in scenario.grants.values():
        booked = case.say("grant-booked" if grant.booked else "grant-not-booked")
        yield grant.name.in_(case.lang), booked, source(case, grant.booked_source)
    for cost in scenario.costs.values():
        payers = ", ".join(
            f"{case.names[one]} {percent(share, case.lang)}" for one, share in cost.payer.items() if share
        )
        yield cost.name.in_(case.lang), payers, source(case, cost.payer_source)


MARKED = (("calibrated to", "calibrated"), ("assumption", "assumed"))


def source(case: Case, words: str) -> str:
    """A source with its mark where it is calibrated or rests on a judgement."""
    for word, kind in MARKED:
        if words.startswith(word):  # the mark says it, and in the language of the memo
            opening = case.say({"calibrated": "mark-calibrated-to"}.get(kind, f"mark-{kind}"))
            return f"[{opening}] {words.removeprefix(word).lstrip(': ')}"
        if word in words:
            return f"[{case.say(f'mark-{kind}')}] {words}"
    return words


def known_rows(case: Case) -> int:
    """How many assumptions count as known: numbers without a spread, and shares of payers that have none."""
    return len(assumptions(case)[-1].rows)


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
            yield name, parts + more, source(case, service.shares_source)
