"""The sheet of the actors: who bears and gets, bands, break-even, the promised figure."""

from __future__ import annotations

from collections.abc import Mapping

from soemrisk.answer import labels
from soemrisk.digits import money
from soemrisk.memo_case import Case
from soemrisk.names import shortened
from soemrisk.workbook_cells import (
    YEAR,
    Cell,
    Chart,
    Column,
    Page,
    Table,
    count,
    estimate,
    kroner,
    share,
    size_of,
    words,
)
from soemrisk.workbook_sheets import LEVELS, NARROW, WIDE, in_unit, page, persons, roots, unit

PAID = ("lump_sum", "per_success")


def actors(case: Case) -> Page:
    """Who bears and gets, bands, break-even, the promised figure."""
    built: list[Table | Chart] = [_who(case)]
    data = _chart_data(case)
    stats = case.stats(case.first)
    low, middle, high = (money(stats[name], case.lang, stats[f"mcse_{name}"]) for name in LEVELS)
    size = size_of(case.stats(actor)[name] for actor in case.names for name in ("p10", "p90"))
    later = [_zeros(case), _promises(case), *_payments(case), data]
    chart = Chart(
        kind="bands",
        table=len(later),
        columns=("name", "p50", "height", "to-low", "to-high", "to-p25", "to-p75", "base", "p10", "p90"),
        rows=len(data.rows),
        title=case.say("chart-bands"),
        axis=case.say("chart-axis-net", unit=unit(case, size)),
        size=size,
        alt=case.say("alt-bands", actor=shortened(case.names[case.first]), p10=low, p50=middle, p90=high),
    )
    return page(case, "actors", (*built, chart, *later), [persons(case)], landscape=False)


def _who(case: Case) -> Table:
    """Gains and costs of the base case, and the net result as their difference."""
    keys = {"gains": "col-gain-part", "costs": "col-cost-part", "net": "head-base"}
    named = labels(case.scenario, case.lang)
    place = {actor: n for n, actor in enumerate(named)}
    rows = []
    for actor, name in named.items():
        gains, costs, net = case.lines[actor][1] * case.rate, -case.lines[actor][0], case.base(actor)
        sums = [
            "=SUM(" + ",".join(f"{{{key}@{place[one]}}}" for one in roots(case)) + ")" if actor == "total" else ""
            for key in ("gains", "costs")
        ]
        rows.append(
            (
                words(name),
                kroner(gains, sums[0]),
                kroner(costs, sums[1]),
                kroner(net, "={gains}-{costs}"),
                kroner(-net, "=-{net}"),
                kroner(net / case.persons, "={net}/{:persons}"),
                share(case.found["chance_share"][actor], 0),
            )
        )
    return Table(
        title=case.say("workbook-who"),
        columns=(
            Column(key="actor", head=case.say("col-actor"), width=WIDE),
            *(Column(key=key, head=case.say("in-kroner", name=case.say(head))) for key, head in keys.items()),
            Column(key="budget", head=case.say("head-budget"), width=16),
            Column(key="each", head=case.say("head-each")),
            Column(key="chance", head=case.say("head-chance-share"), width=17),
        ),
        rows=tuple(rows),
        strong=(0,),
        notes=(case.say("note-budget"),),
    )


def _touched(case: Case) -> dict[str, str]:
    """Names of the total and of the actors that some term concerns."""
    return {actor: name for actor, name in labels(case.scenario, case.lang).items() if case.touched(actor)}


def _zeros(case: Case) -> Table:
    """Success rate at which each actor's result is 0, and when the money is earned back."""
    error = case.say("head-error")
    levels = [
        Column(key=f"{one}{end}", head=head) for one in LEVELS for end, head in (("", one.upper()), ("-error", error))
    ]
    rows = []
    for actor, name in _touched(case).items():
        found, back = case.found["break_even"]["success_rate"][actor], case.found["payback"][actor]
        year = words("–") if back["p50"] is None else Cell(value=back["p50"], form=YEAR)
        within = count(back["prob_within"], back["mcse_prob_within"], case.lang)
        rates = [cell for one in LEVELS for cell in (_rate(case, actor, found[one]), share(found[f"mcse_{one}"], 2))]
        rows.append((words(name), _rate(case, actor, found["base"]), *rates, year, *within))
    return Table(
        title=case.say("workbook-zero"),
        columns=(
            Column(key="actor", head=case.say("col-actor"), width=WIDE),
            Column(key="zero", head=case.say("col-zero")),
            *levels,
            Column(key="payback", head=case.say("head-payback")),
            Column(key="within", head=case.say("head-within"), width=18),
            Column(key="within-error", head=case.say("head-points"), width=NARROW),
        ),
        rows=tuple(rows),
        strong=(0,),
        notes=(case.say("note-rates"),),
    )


def _rate(case: Case, actor: str, rate: float | None) -> Cell:
    """A break-even rate; in words where every rate, or none, is high enough."""
    if rate is not None and not (rate <= 0 and case.lines[actor][1] > 0):
        return share(rate, 0)
    never = rate is None and case.found["break_even"]["success_rate"][actor]["prob_never"] > 0
    return words(case.say("no-rate" if never else "any-rate"))


def _promises(case: Case) -> Table:
    """The figure on which the decision rests, how often it is reached, and the worst tenth."""
    stated = case.scenario.promised
    named = {actor: name for actor, name in _touched(case).items() if actor in stated or not stated}
    risks = case.found["risk"]
    size = size_of(risks[actor]["cvar10"] for actor in named)
    rows = []
    for actor, name in named.items():
        risk = risks[actor]
        below = risk["prob_below"]
        missing = (words("–"), words("–"))
        if below > 0:
            missing = estimate(-risk["expected_shortfall"] / below, risk["mcse_expected_shortfall"] / below, size)
        rows.append(
            (
                words(name),
                kroner(risk["promised"]),
                *count(1 - below, risk["mcse_prob_below"], case.lang),
                *count(risk["prob_wrong_sign"], risk["mcse_prob_wrong_sign"], case.lang),
                *missing,
                *estimate(risk["cvar10"], risk["mcse_cvar10"], size),
            )
        )
    points = case.say("head-points")
    return Table(
        title=case.say("table-promise" if stated else "table-base-risk"),
        columns=(
            Column(key="actor", head=case.say("col-actor"), width=WIDE),
            Column(key="promised", head=case.say("in-kroner", name=case.say("col-promised" if stated else "col-base"))),
            Column(key="reached", head=case.say("col-reached"), width=18),
            Column(key="reached-error", head=points, width=NARROW),
            Column(key="sign", head=case.say("col-wrong-sign"), width=18),
            Column(key="sign-error", head=points, width=NARROW),
            Column(key="missing", head=in_unit(case, case.say("col-shortfall"), size)),
            Column(key="missing-error", head=case.say("head-error"), width=NARROW),
            Column(key="worst", head=in_unit(case, case.say("col-worst"), size)),
            Column(key="worst-error", head=case.say("head-error"), width=NARROW),
        ),
        rows=tuple(rows),
        strong=(0,),
        notes=(case.say("note-promise"),),
    )


def _payments(case: Case) -> list[Table]:
    """Grant, and payment for each success, with which each actor has a gain in 50, 70 and 90 of 100 outcomes."""
    levels, found = ("p50", "p70", "p90"), case.found["grant"]
    named = {actor: name for actor, name in _touched(case).items() if actor != "total"}
    size = size_of(found[actor][kind][level]["amount"] or 0.0 for actor in named for kind in PAID for level in levels)
    columns = [
        Column(key="actor", head=case.say("col-actor"), width=WIDE),
        Column(key="paid", head=case.say("col-payment"), width=18),
    ]
    for level in levels:
        head = case.say("col-level", count=level.removeprefix("p"))
        columns.append(Column(key=level, head=in_unit(case, head, size)))
        columns.append(Column(key=f"{level}-error", head=case.say("head-error"), width=NARROW))
    rows = []
    for actor, name in named.items():
        for kind in PAID:
            cells = [cell for level in levels for cell in _payment(case, found[actor][kind][level], size)]
            rows.append((words(name), words(case.say(f"payment-{kind}")), *cells))
    if not rows:
        return []
    notes = (case.say("note-payments"),)
    return [Table(title=case.say("table-payments"), columns=tuple(columns), rows=tuple(rows), notes=notes)]


def _payment(case: Case, found: Mapping[str, float | None], size: str) -> tuple[Cell, Cell]:
    """An amount and its error; in words where no payment is enough."""
    if found["amount"] is None:
        return words(case.say("not-reached")), words("–")
    cell, error = estimate(found["amount"], found["mcse"] or 0.0, size)
    return cell, error if found["mcse"] is not None else words("–")


def _chart_data(case: Case) -> Table:
    """What the chart of the actors is drawn from: distances are formulas."""
    named = labels(case.scenario, case.lang)
    size = size_of(case.stats(actor)[name] for actor in named for name in ("p10", "p90"))
    rows = []
    for place, (actor, name) in enumerate(named.items()):
        stats = case.stats(actor)
        error = max(stats[f"mcse_{one}"] for one in LEVELS)
        levels = [estimate(stats[one], error, size)[0] for one in ("p10", "p25", "p50", "p75", "p90")]
        spans = (("p50", "p10"), ("p90", "p50"), ("p50", "p25"), ("p75", "p50"))
        gaps = [estimate(stats[a] - stats[b], error, size)[0] for a, b in spans]
        formulas = [f"={{{a}}}-{{{b}}}" for a, b in spans]
        made = [Cell(value=cell.value, form=cell.form, formula=one) for cell, one in zip(gaps, formulas, strict=True)]
        height = Cell(value=len(named) - place, form="0")
        rows.append((words(shortened(name, 40)), *levels, kroner(case.base(actor)), *made, height))
    heads = ("data-to-low", "data-to-high", "data-to-p25", "data-to-p75")
    return Table(
        title=case.say("workbook-chart-data"),
        columns=(
            Column(key="name", head=case.say("data-name"), width=WIDE),
            *(Column(key=f"p{n}", head=in_unit(case, f"P{n}", size)) for n in (10, 25, 50, 75, 90)),
            Column(key="base", head=case.say("in-kroner", name=case.say("head-base"))),
            *(Column(key=head.removeprefix("data-"), head=in_unit(case, case.say(head), size)) for head in heads),
            Column(key="height", head=case.say("data-height"), width=NARROW),
        ),
        rows=tuple(rows),
        notes=(
            case.say("note-errors-elsewhere", sheet=case.say("sheet-result")),
            case.say("note-inner"),
        ),
    )
