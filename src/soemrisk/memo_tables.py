"""Tables of the memo: the same figures as the sentences, with no more digits than their errors leave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from soemrisk.answer import labels
from soemrisk.digits import grouped, kroner, of_hundred, percent, plain, step
from soemrisk.driver_rows import IN_PERCENT, unit_of_input
from soemrisk.memo_case import Case
from soemrisk.memo_knowledge_sentences import worth_of
from soemrisk.memo_parts import Grid
from soemrisk.memo_zero_sentences import not_enough, rate, zero_of
from soemrisk.names import element_names, shortened

SHOWN = 8  # elements in the table of what drives the result; the others are one row


def columns(first: float, others: int) -> tuple[float, ...]:
    """Widths of a first column and of others that share the rest of the page."""
    return (first, *([(1 - first) / others] * others))


def _noted(case: Case, *keys: str) -> str:
    """What stands below a table of net results: what its signs mean, and more."""
    year = case.scenario.settings.price_year
    return " ".join(case.say(key, price_year=year) for key in ("note-sign", *keys))


def _amount(case: Case, stats: Mapping[str, float], name: str) -> str:
    return kroner(stats[name], case.lang, stats[f"mcse_{name}"])


def short_result(case: Case) -> Grid:
    """Who pays and who gains, on the first page: SØM number, P10, P90, chance of a gain."""
    head = (case.say("col-actor"), case.say("col-gain"), case.say("col-base"), "P10", "P50", "P90")
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        stats = case.stats(actor)
        amounts = [_amount(case, stats, level) for level in ("p10", "p50", "p90")]
        gain = case.count(actor) if case.touched(actor) else case.say("untouched")
        rows.append((name, gain, grouped(case.base(actor), case.lang), *amounts))
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
            rows.append((name, case.say(f"reading-{reading}"), *amounts, gain))
    return Grid(
        title=case.say("table-readings" if len(case.readings) > 1 else "table-reading"),
        head=head,
        rows=tuple(rows),
        look="numbers",
        left=2,
        widths=(0.13, 0.34, 0.106, 0.106, 0.106, 0.106, 0.106),
        strong=tuple(strong),
        note=_noted(case, "note-mean-correlated" if "correlated" in case.readings else "note-mean", "note-quantiles"),
    )


def areas(case: Case) -> Grid:
    """Base case and band of each main area, in total and for each who completes."""
    head = (case.say("col-area"), case.say("col-base"), "P10", "P50", "P90", case.say("col-each"))
    rows = []
    for key, area in case.scenario.areas.items():
        base = case.found["base"]["area"][key]["total"]
        rows.append((area.name.in_(case.lang), *_row(case, base, case.areas[key]["total"]), _each(case, base)))
    base = case.base("total")
    rows.append((case.names["total"], *_row(case, base, case.stats("total")), _each(case, base)))
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
    """Base case and quantiles."""
    return (grouped(base, case.lang), *(_amount(case, stats, name) for name in ("p10", "p50", "p90")))


def _each(case: Case, base: float) -> str:
    """Base case for each who completes."""
    return grouped(base / case.persons, case.lang) if case.persons > 0 else "–"


def years(case: Case, actor: str) -> Grid:
    """Base case of each year as it falls and discounted, and cumulated with its band."""
    keys = ("col-year", "col-cash", "col-base", "col-cumulated")
    rows, running = [], 0.0
    for year, by_actor in case.found["base"]["year"].items():
        running += by_actor[actor]
        cash, value = (grouped(one, case.lang) for one in (case.cash[year][actor], by_actor[actor]))
        rows.append((year, cash, value, *_row(case, running, case.cumulated[year][actor])))
    return Grid(
        title=case.say("table-years", actor=case.names[actor]),
        head=(*(case.say(key) for key in keys), "P10", "P50", "P90"),
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.1, 6),
        note=_noted(case, "note-years"),
    )


def zeros(case: Case) -> Grid:
    """Net success rate at which each actor's result is 0: base case, margin, quantiles, and where no rate is enough."""
    words = [case.say(key) for key in ("col-actor", "col-zero", "col-margin", "col-not-enough")]
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        if not case.touched(actor):
            continue
        found = case.found["break_even"]["success_rate"][actor]
        kind, zero = zero_of(case, actor)
        cells = [_rate(case, found[level], found) for level in ("p10", "p50", "p90")]
        if kind == "at":
            margin = signed(100 * (case.rate - zero), case.lang)
            rows.append((name, rate(case, zero, 1), margin, *cells, _missed(case, found)))
        elif kind == "never":
            rows.append((name, case.say("rate-never"), "–", *cells, _missed(case, found)))
        else:
            shown = rate(case, zero) if kind == "below" else case.say(f"rate-{kind}")
            rows.append((name, shown, "–", "–", "–", "–", "–" if kind == "free" else _missed(case, found)))
    return Grid(
        title=case.say("table-zero"),
        head=(*words[:3], "P10", "P50", "P90", words[3]),
        rows=tuple(rows),
        look="numbers",
        widths=(0.16, 0.16, 0.12, 0.13, 0.13, 0.13, 0.17),
        strong=(0,),
        note=case.say("note-zero"),
    )


def signed(value: float, lang: str) -> str:
    """A number with two significant digits and its sign."""
    return ("+" if value > 0 else "") + plain(value, lang, 2)


def _rate(case: Case, found: float | None, zero: Mapping[str, float | None]) -> str:
    if found is None:
        return case.say("no-rate" if zero["prob_never"] else "any-rate")
    return case.say("any-rate") if found <= 0 else rate(case, found)


def _missed(case: Case, zero: Mapping[str, float | None]) -> str:
    chance, error = not_enough(zero)
    return of_hundred(chance, case.lang, error) if chance > 0 else "0"


def promises(case: Case) -> Grid:
    """What was promised, else the SØM number: how often it is reached, what is missing, the worst tenth."""
    stated = case.scenario.promised
    keys = ("col-actor", "col-promised" if stated else "col-base", "col-reached", "col-shortfall", "col-wrong-sign")
    rows = []
    for actor, name in labels(case.scenario, case.lang).items():
        if case.touched(actor):
            risk = case.found["risk"][actor]
            beside = _risk_cells(case, risk) if actor in stated or not stated else ("–",) * 4
            rows.append((name, *beside, kroner(risk["cvar10"], case.lang, risk["mcse_cvar10"])))
    return Grid(
        title=case.say("table-promise" if stated else "table-base-risk"),
        head=(*(case.say(key) for key in keys), case.say("col-worst")),
        rows=tuple(rows),
        look="numbers",
        widths=columns(0.2, 5),
        strong=(0,),
        note=_noted(case, "note-promise" if stated else "note-base-risk"),
    )


def _risk_cells(case: Case, risk: Mapping[str, float]) -> tuple[str, ...]:
    below = risk["prob_below"]
    missing, error = -risk["expected_shortfall"], risk["mcse_expected_shortfall"]
    return (
        grouped(risk["promised"], case.lang),
        of_hundred(1 - below, case.lang, risk["mcse_prob_below"]),
        kroner(missing / below, case.lang, error / below) if below > 0 else "–",
        of_hundred(risk["prob_wrong_sign"], case.lang, risk["mcse_prob_wrong_sign"]),
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
    worth, error = worth_of({"value": one["evppi"], "mcse": one["evppi_error"]})
    return (
        _width(case, one["inputs"]),
        percent(one["shapley"], case.lang) if one["shapley"] >= 0.01 else f"<{percent(0.01, case.lang)}",
        kroner(worth, case.lang, error) if worth > max(2 * one["evppi_error"], 1) else "0",
        case.say(f"place-{one['category']}"),
    )


def _width(case: Case, paths: list[str]) -> str:
    """P10 to P90 of one input with its unit, or how many lines are taken together."""
    if len(paths) > 1:
        return case.say("lines-together", count=len(paths))
    one = case.driven["inputs"][paths[0]]
    share = IN_PERCENT.fullmatch(paths[0]) is not None
    low, high = (percent(one[name], case.lang, 1) if share else number(case, one[name]) for name in ("p10", "p90"))
    unit = "" if share else unit_of_input((case.scenario, case.driven), paths[0], case.lang)
    return case.say("from-to", low=low, high=high, unit=unit).strip()


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
            grouped(case.lines[actor][0], case.lang),
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
            rows.append((name, case.say(f"payment-{kind}"), *cells))
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
    """The next amount above with the digits that its error leaves: what is printed is enough, also at an atom."""
    if found["amount"] is None:
        return case.say("not-reached")
    unit = step(found["mcse"] or 0.0)
    return grouped((math.floor(found["amount"] / unit) + 1) * unit, case.lang)
