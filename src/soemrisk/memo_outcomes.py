"""What a memo says of outcomes that are no money: how much, what a unit must be worth, where the numbers are from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from soemrisk.answer import labels
from soemrisk.distribution import resolve
from soemrisk.families import FAMILIES
from soemrisk.memo_assumptions import source
from soemrisk.memo_case import Case
from soemrisk.memo_parts import Bullets, Grid, Part
from soemrisk.names import input_names
from soemrisk.outcome_rows import amount, amount_rows, note, plane_sentences, worth_rows
from soemrisk.quantity import DOMAINS
from soemrisk.scenario import OwnUnitOutcome


def outcome_parts(case: Case) -> Iterator[Part]:
    """Tables and sentences on outcomes; nothing where the scenario states none.

    Parameters
    ----------
    case : Case

    Yields
    ------
    Part
    """
    if not case.found["outcomes"]:
        return
    head, *rows = amount_rows(case.scenario, case.found, case.lang)
    yield _grid(head[0], [case.say("outcome-one"), *head[1:]], rows, (0.34, 0.12, 0.1, 0.1, 0.1, 0.1, 0.14))
    names = labels(case.scenario, case.lang)
    for key, one in case.scenario.outcomes.items():
        head, *rows = worth_rows(case.found, key, names, case.lang)
        title = f"{one.name.in_(case.lang)}: {head[0][0].lower()}{head[0][1:]}"
        yield _grid(title, [case.say("col-actor"), *head[1:]], rows, (0.22, 0.13, 0.12, 0.12, 0.12, 0.16, 0.13))
    both = {actor: case.names[actor] for actor in dict.fromkeys((case.first, "total")) if case.touched(actor)}
    yield Bullets(lines=tuple(plane_sentences(case.scenario, case.found, both, case.lang)))
    yield _sources(case)


def _grid(title: str, head: list[str], rows: list[list[str]], widths: tuple[float, ...]) -> Grid:
    return Grid(title=title, head=tuple(head), rows=tuple(map(tuple, rows)), look="numbers", widths=widths)


def _sources(case: Case) -> Grid:
    """Value, spread and source of what is stated, and the consequences from which the others are counted."""
    inputs = input_names(case.scenario, case.lang)
    rows = []
    for one in case.scenario.outcomes.values():
        if one.gain is None:
            counted = "; ".join(inputs[f"consequences.{key}.change"] for key in one.counted)
            rows.append((one.name.in_(case.lang), "–", "–", case.say("outcome-counted-from", names=counted)))
        else:
            value, spread = _stated(case, one)
            rows.append((one.name.in_(case.lang), value, spread, source(case, one.gain.source)))
    return Grid(
        title=case.say("outcome-sources"),
        head=tuple(case.say(key) for key in ("outcome-one", "col-value", "col-width", "col-source")),
        rows=tuple(rows),
        look="words",
        widths=(0.24, 0.2, 0.16, 0.4),
        note=note(case.scenario, case.found, case.lang),
    )


def _stated(case: Case, outcome: OwnUnitOutcome) -> tuple[str, str]:
    """What is stated for whom, and P10 to P90; of what is stated year by year these are a factor."""
    assert outcome.gain is not None
    found = resolve(outcome.gain, DOMAINS["change"])
    values = found.profile or (found.base,)
    unit = outcome.gain.unit.in_(case.lang)
    shown = " + ".join(amount(value, case.lang) for value in values)
    value = case.say(f"outcome-per-{outcome.per}", value=shown, unit=unit)
    if found.family is None:
        return value, "–"
    ends = FAMILIES[found.family].quantile(np.array([0.1, 0.9]), found.parameters)
    spread = " – ".join(amount(float(end), case.lang) for end in ends)
    return value, f"× {spread}" if found.profile is not None else spread
