"""Tables of the memo: the same figures as the sentences, with no more digits than their errors leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soemrisk.answer import labels
from soemrisk.digits import grouped, kroner, of_hundred, percent, plain
from soemrisk.memo_case import Case
from soemrisk.memo_parts import Grid
from soemrisk.names import element_names, shortened

SHOWN = 8  # elements in the table of what drives the result; the others are one row


def columns(first: float, others: int) -> tuple[float, ...]:
    """Widths of a first column and of others that share the rest of the page."""
    return (first, *([(1 - first) / others] * others))


def _noted(case: Case, *keys: str) -> str:
    return " ".join(case.say(key) for key in ("note-sign", *keys))


def _amount(case: Case, stats: Mapping[str, float], name: str) -> str:
    return kroner(stats[name], case.lang, stats[f"mcse_{name}"])


def short_result(case: Case) -> Grid:
    """Who pays and who gains, on the first page: SØM number, P10, P90, chance of a gain."""
    head = (case.say("col-actor"), case.say("col-base"), "P10", "P50", "P90", case.say("col-gain"))
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        stats = case.stats(actor)
        amounts = [_amount(case, stats, level) for level in ("p10", "p50", "p90")]
        gain = case.count(actor) if case.touched(actor) else case.say("untouched")
        rows.append((name, grouped(case.base(actor), case.lang), *amounts, gain))
    return Grid(
        title=case.say("table-short"),
        head=head,
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.2, 5),
        strong=(0,),
        note=_noted(case),
    )


def readings(case: Case) -> Grid:
    """Each actor in every reading of the consequences: mean, P10, P50, P90, chance of a gain."""
    head = (
        case.say("col-actor"),
        case.say("col-reading"),
        case.say("col-mean"),
        "P10",
        "P50",
        "P90",
        case.say("col-gain"),
    )
    rows: list[tuple[str, ...]] = []
    strong = []
    for actor, name in labels(case.scenario, case.lang).items():
        for reading, by_actor in case.readings.items():
            stats = by_actor[actor]
            if reading == "stated":
                strong.append(len(rows))
            amounts = [_amount(case, stats, level) for level in ("mean", "p10", "p50", "p90")]
            gain = case.count(actor, reading) if case.touched(actor) else case.say("untouched")
            rows.append((name if reading == "stated" else "", case.say(f"reading-{reading}"), *amounts, gain))
    return Grid(
        title=case.say("table-readings"),
        head=head,
        rows=tuple(rows),
        look="numbers",
        left=2,
        widths=(0.12, 0.27, 0.125, 0.125, 0.125, 0.125, 0.11),
        strong=tuple(strong),
        note=_noted(case, "note-quantiles"),
    )


def areas(case: Case) -> Grid:
    """Base case and band of each main area, in total and for each who completes."""
    head = (case.say("col-area"), case.say("col-base"), "P10", "P50", "P90", case.say("col-each"))
    rows = []
    for key, area in case.scenario.areas.items():
        base = case.found["base"]["area"][key]["total"]
        rows.append((area.name.in_(case.lang), *_row(case, base, case.found["area"][key]["total"])))
    rows.append((case.names["total"], *_row(case, case.base("total"), case.found["net"]["total"])))
    return Grid(
        title=case.say("table-areas"),
        head=head,
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.34, 5),
        strong=(len(rows) - 1,),
        note=_noted(case, "note-quantiles"),
    )


def _row(case: Case, base: float, stats: Mapping[str, float]) -> tuple[str, ...]:
    """Base case, quantiles, base case for each who completes; errors of P10 and P90 are taken as those of P5, P95."""
    errors = {"p10": "mcse_p5", "p50": "mcse_p50", "p90": "mcse_p95"}
    amounts = [kroner(stats[name], case.lang, stats[error]) for name, error in errors.items()]
    return (grouped(base, case.lang), *amounts, grouped(base / case.persons, case.lang))


def years(case: Case, actor: str) -> Grid:
    """Base case of each year, and cumulated with its band."""
    head = (case.say("col-year"), case.say("col-base"), case.say("col-cumulated"), "P10", "P50", "P90")
    rows, running = [], 0.0
    for year, by_actor in case.found["base"]["year"].items():
        running += by_actor[actor]
        cells = _row(case, running, case.found["cumulated"][year][actor])
        rows.append((year, grouped(by_actor[actor], case.lang), cells[0], *cells[1:4]))
    return Grid(
        title=case.say("table-years", actor=case.names[actor]),
        head=head,
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.12, 5),
        note=_noted(case),
    )


def zeros(case: Case) -> Grid:
    """Net success rate at which each actor's result is 0: base case, quantiles, margin."""
    head = (
        case.say("col-actor"),
        case.say("col-zero"),
        case.say("col-margin"),
        "P10",
        "P50",
        "P90",
        case.say("col-never"),
    )
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        zero = case.found["break_even"]["success_rate"][actor]
        at_zero, per_rate = case.lines[actor]
        if not case.touched(actor):
            continue
        rising = per_rate > 0 > at_zero
        margin = plain(100 * (case.rate - zero["base"]), case.lang, 2) if rising else "–"
        cells = [_rate(case, zero[level], actor) for level in ("p10", "p50", "p90")]
        never = of_hundred(zero["prob_never"], case.lang, zero["mcse_prob_never"]) if zero["prob_never"] else "0"
        rows.append((name, _rate(case, zero["base"], actor), margin, *cells, never))
    return Grid(
        title=case.say("table-zero"),
        head=head,
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.22, 6),
        strong=(0,),
        note=case.say("note-zero"),
    )


def _rate(case: Case, rate: float | None, actor: str) -> str:
    if rate is not None and rate <= 0 and case.lines[actor][1] > 0:
        return case.say("any-rate")
    if rate is None:
        never = case.found["break_even"]["success_rate"][actor]["prob_never"] > 0
        return case.say("no-rate" if never else "any-rate")
    return percent(rate, case.lang)


def promises(case: Case) -> Grid:
    """The figure on which the decision rests, how often it is reached, what is missing, and the worst tenth."""
    keys = ("col-actor", "col-promised", "col-reached", "col-shortfall", "col-wrong-sign", "col-worst")
    named = labels(case.scenario, case.lang).items()
    return Grid(
        title=case.say("table-promise"),
        head=tuple(case.say(key) for key in keys),
        rows=tuple((name, *_risk_cells(case, case.found["risk"][one])) for one, name in named if case.touched(one)),
        look="numbers",
        widths=columns(0.2, 5),
        strong=(0,),
        note=_noted(case, "note-promise"),
    )


def _risk_cells(case: Case, risk: Mapping[str, float]) -> tuple[str, ...]:
    below = risk["prob_below"]
    shortfall, error = risk["expected_shortfall"], risk["mcse_expected_shortfall"]
    return (
        grouped(risk["promised"], case.lang),
        of_hundred(1 - below, case.lang, risk["mcse_prob_below"]),
        kroner(shortfall / below, case.lang, error / below) if below > 0 else "–",
        of_hundred(risk["prob_wrong_sign"], case.lang, risk["mcse_prob_wrong_sign"]),
        kroner(risk["cvar10"], case.lang, risk["mcse_cvar10"]),
    )


def drivers(case: Case, actor: str) -> Grid:
    """What drives the result of one actor: part of the variance, worth of knowing, place."""
    keys = ("col-input", "col-width", "col-share", "col-worth", "col-place")
    listed = case.driven["priorities"]["actors"][actor].items()
    order = sorted(listed, key=lambda row: (-row[1]["shapley"], -row[1]["evppi"], row[0]))
    names = element_names(case.scenario, case.driven["inputs"], case.lang)
    rows = [(shortened(names[key]), *_driver_cells(case, one)) for key, one in order[:SHOWN]]
    left = len(order) - len(rows)
    if left:
        rows.append((case.say("others", count=left), "", "", "", ""))
    limits = {name: percent(value, case.lang) for name, value in case.driven["priorities"]["thresholds"].items()}
    return Grid(
        title=case.say("table-drivers", actor=case.names[actor]),
        head=tuple(case.say(key) for key in keys),
        rows=tuple(rows),
        look="numbers",
        widths=(0.36, 0.26, 0.12, 0.12, 0.14),
        note=case.say("note-places", **limits),
    )


def _driver_cells(case: Case, one: Mapping[str, Any]) -> tuple[str, ...]:
    worth = one["evppi"]
    return (
        _width(case, one["inputs"]),
        percent(one["shapley"], case.lang) if one["shapley"] >= 0.01 else f"<{percent(0.01, case.lang)}",
        kroner(worth, case.lang, max(one["evppi_error"], 0.005 * worth)) if worth > 2 * one["evppi_error"] else "0",
        case.say(f"place-{one['category']}"),
    )


def _width(case: Case, paths: list[str]) -> str:
    """P10 to P90 of one input with its unit, or how many lines are taken together."""
    if len(paths) > 1:
        return case.say("lines-together", count=len(paths))
    one = case.driven["inputs"][paths[0]]
    low, high = (number(case, one[name]) for name in ("p10", "p90"))
    return case.say("from-to", low=low, high=high, unit=one["unit"])


def number(case: Case, value: float) -> str:
    """A value of an input with three significant digits, thousands marked."""
    rounded = float(f"{value:.3g}")
    return grouped(rounded, case.lang) if abs(rounded) >= 1000 else plain(value, case.lang, 3)


def who(case: Case) -> Grid:
    """Costs and gains of the base case by actor."""
    keys = ("col-actor", "col-cost-part", "col-gain-part", "col-base")
    rows = tuple(
        (
            name,
            grouped(-case.lines[actor][0], case.lang),
            grouped(case.lines[actor][1] * case.rate, case.lang),
            grouped(case.base(actor), case.lang),
        )
        for actor, name in labels(case.scenario, case.lang).items()
    )
    return Grid(
        title=case.say("table-who"),
        head=tuple(case.say(key) for key in keys),
        rows=rows,
        look="numbers",
        widths=columns(0.34, 3),
        strong=(0,),
        note=_noted(case),
    )


def payments(case: Case) -> Grid:
    """Grant, and payment for each success, with which each actor has a gain in 50, 70 and 90 of 100 outcomes."""
    levels = ("p50", "p70", "p90")
    heads = (case.say("col-level", count=level.removeprefix("p")) for level in levels)
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        for kind, found in case.found["grant"][actor].items() if actor != "total" and case.touched(actor) else ():
            cells = [_payment(case, found[level]) for level in levels]
            rows.append((name if kind == "lump_sum" else "", case.say(f"payment-{kind}"), *cells))
    return Grid(
        title=case.say("table-payments"),
        head=(case.say("col-actor"), case.say("col-payment"), *heads),
        rows=tuple(rows),
        look="numbers",
        left=2,
        widths=(0.2, 0.26, 0.18, 0.18, 0.18),
        note=case.say("note-payments"),
    )


def _payment(case: Case, found: Mapping[str, float | None]) -> str:
    amount = found["amount"]
    return case.say("not-reached") if amount is None else kroner(amount, case.lang, found["mcse"] or 0.0)
