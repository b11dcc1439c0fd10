"""The memo as a whole: what stands where, in the order that readers of SØM know. One document for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from soemrisk import memo_knowledge_sentences as knowledge
from soemrisk import memo_result_sentences as result
from soemrisk import memo_tables as tables
from soemrisk import memo_zero_sentences as zero
from soemrisk.answer import price_line
from soemrisk.digits import grouped, percent, plain
from soemrisk.effect_sizes import rate_with
from soemrisk.memo_assumptions import assumptions, known_numbers
from soemrisk.memo_case import Case
from soemrisk.memo_outcomes import outcome_parts
from soemrisk.memo_parts import Bullets, FactBox, Memo, Paragraph, Part, Picture, Section, in_one_direction
from soemrisk.quantity import base_value
from soemrisk.scenario import Success
from soemrisk.statistics import interval_factor


def memo_of(
    case: Case, alts: Mapping[str, str], pictures: Mapping[str, bytes], made_from: Mapping[str, str | int]
) -> Memo:
    """Put a memo together.

    Parameters
    ----------
    case : Case
    alts : mapping of str to str
        Alternative text of each picture by its name.
    pictures : mapping of str to bytes
        ``<name>.svg``, ``<name>.png``, or both, as the formats need.
    made_from : mapping
        The receipt.

    Returns
    -------
    Memo
    """
    line = price_line(case.scenario, "price-line", case.lang)
    name = case.scenario.name.in_(case.lang)
    built = (
        summary(case, alts),
        results(case, alts),
        where_and_when(case, alts),
        what_must_hold(case, alts),
        too_high_or_low(case),
        who_pays(case),
        uncertainty(case, alts),
        find_out(case),
        not_in_kroner(case),
        reservations(case),
        method(case, made_from),
        assumed(case),
        receipt_section(case, made_from),
    )
    return in_one_direction(
        Memo(
            lang=case.lang,
            kind=case.say("memo-kind"),
            title=name,
            line=line,
            sections=tuple(one for one in built if one.parts),
            foot=name,
            page_word=case.say("memo-page"),
            pictures=pictures,
        )
    )


def _said(lines: Iterable[str], role: str = "plain") -> Iterator[Paragraph]:
    """Sentences as one paragraph; none where there are none."""
    words = " ".join(lines)
    if words:
        yield Paragraph(words=words, role=role)  # type: ignore[arg-type]


def _listed(*several: Iterable[str]) -> Iterator[Bullets]:
    """Each group of sentences as one point."""
    lines = tuple(words for words in (" ".join(one) for one in several) if words)
    if lines:
        yield Bullets(lines=lines)


def _pictured(alts: Mapping[str, str], name: str, width: float = 1.0) -> Iterator[Picture]:
    if name in alts:
        yield Picture(name=name, alt=alts[name], width=width)


def summary(case: Case, alts: Mapping[str, str]) -> Section:
    """The first page: three sentences, what they rest on, the dots, who pays and gains, the facts."""
    as_of = case.scenario.facts.as_of
    dated = [case.say("memo-as-of", date=as_of.in_(case.lang))] if as_of is not None else []
    parts: list[Part] = [
        fact_box(case),
        *(Paragraph(words=words, role="lead") for words in result.lead(case, case.first)),
        *(Paragraph(words=words, role="lead") for words in zero.lead(case, case.first)),
        *(Paragraph(words=words, role="caution") for words in cautions(case)),
        *_pictured(alts, "dots"),
        tables.short_result(case),
        *_said([*zero.costs_and_gains(case), *dated]),
    ]
    return Section(key="summary", title=case.say("head-summary"), parts=tuple(parts))


def cautions(case: Case) -> list[str]:
    """What must be said on the first page, the gravest first."""
    both = dict.fromkeys((case.first, "total"))
    found = [words for actor in both for words in knowledge.turning(case, actor)]
    found.extend(zero.grants(case))
    for actor in both:
        if result.readings_differ(case, actor):
            counts = ", ".join(
                case.say("summary-reading", count=case.count(actor, one), reading=case.say(f"reading-{one}"))
                for one in case.readings
            )
            found.append(case.say("summary-readings", actor=case.names[actor], counts=counts))
    found.extend(_opposite(case))
    for actor in both:
        found.extend(result.skew(case, actor))
    if not any(knowledge.turns_without(case, actor) for actor in both):
        found.extend(knowledge.rests_on(case, case.first))
    return found


def _opposite(case: Case) -> Iterator[str]:
    """Total and deciding actor of different sign, in the base case or in the middle outcome."""
    first = case.first
    for name in ("p50", "base"):
        own, total = (case.base(actor) if name == "base" else case.stats(actor)["p50"] for actor in (first, "total"))
        if own * total < 0:
            errors = [0.0 if name == "base" else case.stats(actor)["mcse_p50"] for actor in (first, "total")]
            if abs(own) > 2 * errors[0] and abs(total) > 2 * errors[1]:
                shown = case.amounts({"own": (own, errors[0]), "total": (total, errors[1])})
                yield case.say(f"summary-opposite-{name}", actor=case.names[first], **shown)
                return


def fact_box(case: Case) -> FactBox:
    """Facts in the order of SØM's fact box."""
    scenario, facts, lang = case.scenario, case.scenario.facts, case.lang
    completers = {year: n for year, n in scenario.participants.completers.items() if n}
    years = f"{min(completers)}–{max(completers)}" if len(completers) > 1 else str(min(completers))
    base = ", ".join(f"{case.names[actor]} {case.kroner(case.base(actor))}" for actor in case.names)
    rows = [
        ("facts-intervention", facts.intervention.in_(lang)),
        ("facts-target", facts.target_group.in_(lang)),
        ("facts-measure", facts.success_measure.in_(lang)),
        ("facts-rate", _rate_words(case)),
        ("facts-period", facts.project_period.in_(lang) if facts.project_period is not None else ""),
        ("facts-duration", facts.duration.in_(lang) if facts.duration is not None else ""),
        ("facts-participants", case.say("facts-completers", persons=plain(case.persons, lang, 6), years=years)),
        ("facts-costs", facts.costs.in_(lang) if facts.costs is not None else case.kroner(-case.lines["total"][0])),
        ("facts-results", base),
        ("facts-source", facts.source.in_(lang)),
    ]
    return FactBox(title=case.say("facts-title"), rows=tuple((case.say(key), words) for key, words in rows if words))


def _rate_words(case: Case) -> str:
    """The success rate as the base case has it, with the rates that it is made from."""
    scenario, lang = case.scenario, case.lang
    net = percent(case.rate, lang, 0 if abs(case.rate * 100 - round(case.rate * 100)) < 1e-9 else 1)
    if scenario.subgroups:
        rates = [
            (one.name.in_(lang), _rates(one.success or scenario.success)[0]) for one in scenario.subgroups.values()
        ]
        groups = ", ".join(f"{name} {percent(rate, lang, 1)}" for name, rate in rates)
        return case.say("facts-rates-of-subgroups", net=net, groups=groups)
    apart = [percent(one, lang, 1) for one in _rates(scenario.success)[1:]]
    return case.say("facts-rates", net=net, with_=apart[0], without=apart[1]) if apart else net


def results(case: Case, alts: Mapping[str, str]) -> Section:
    """Result by actor, in every reading."""
    each = [result.in_words(case, actor) for actor in case.names]
    parts: tuple[Part, ...] = (
        *_pictured(alts, "net_by_actor"),
        tables.readings(case),
        *_listed(*each, result.together(case)),
        *_said(result.other_readings(case, case.first)),
        *_said(result.mean_and_base(case, case.first)),
    )
    return Section(key="result", title=case.say("head-result"), parts=parts, own_page=True)


def where_and_when(case: Case, alts: Mapping[str, str]) -> Section:
    """Main areas, years, and when the money is earned back."""
    parts: tuple[Part, ...] = (
        tables.areas(case),
        *_pictured(alts, "cumulated"),
        *_listed(*(zero.payback(case, actor) for actor in case.names)),
        tables.years(case, case.first),
    )
    return Section(key="areas", title=case.say("head-areas"), parts=parts)


def what_must_hold(case: Case, alts: Mapping[str, str]) -> Section:
    """Break-even of the success rate by actor."""
    parts: tuple[Part, ...] = (
        *_listed(*(zero.break_even(case, actor) for actor in case.names)),
        *_said(zero.curve(case, case.first)),
        *_pictured(alts, "break_even"),
        tables.zeros(case),
    )
    return Section(key="zero", title=case.say("head-zero"), parts=parts)


def too_high_or_low(case: Case) -> Section:
    """The risk of over- and underestimation against the promised figure."""
    told = [one for one in dict.fromkeys(("total", case.first, *case.scenario.promised)) if case.touched(one)]
    each = ([*zero.promise(case, actor), *zero.worst(case, actor)] for actor in told)
    return Section(key="promise", title=case.say("head-promise"), parts=(*_listed(*each), tables.promises(case)))


def uncertainty(case: Case, alts: Mapping[str, str]) -> Section:
    """Ignorance and chance apart, what drives the result, the 2×2."""
    calibrated = [one for one in case.driven["inputs"].values() if one["element"].startswith("calibrated/")]
    grouped_why = [case.say("note-grouped", count=len(calibrated))] if calibrated else []
    parts: tuple[Part, ...] = (
        *_said(
            [
                *knowledge.largest(case, case.first),
                *knowledge.settled_cells(case, case.first),
                *knowledge.knowledge_and_chance(case, case.first),
                *grouped_why,
            ]
        ),
        *_pictured(alts, "tornado"),
        tables.drivers(case, case.first),
        *_pictured(alts, "priorities"),
        *_said(knowledge.counted_as_known(case, known_numbers(case))),
    )
    return Section(key="uncertain", title=case.say("head-uncertain"), parts=parts)


def find_out(case: Case) -> Section:
    """What to find out next, in kroner, for each actor's decision."""
    each = (knowledge.worth_knowing(case, actor) for actor in case.names if case.touched(actor))
    return Section(key="find-out", title=case.say("head-find-out"), parts=tuple(_listed(*each)))


def who_pays(case: Case) -> Section:
    """Who bears the costs and who gets the gains; grants, and the payments with which an actor has a gain."""
    parts: tuple[Part, ...] = (
        tables.who(case),
        tables.payments(case),
    )
    return Section(key="who", title=case.say("head-who"), parts=parts)


def not_in_kroner(case: Case) -> Section:
    """What the scenario names that has no price, and outcomes in units of their own."""
    named = [words.in_(case.lang) for words in case.scenario.facts.not_in_kroner]
    counted = tuple(outcome_parts(case))
    nothing = [] if counted else [case.say("unpriced-none")]
    parts = _listed(*([one] for one in named)) if named else _said(nothing)
    return Section(key="unpriced", title=case.say("head-unpriced"), parts=(*parts, *counted))


def reservations(case: Case) -> Section:
    """Caveats of every calculation, of this one, and those that its file states."""
    notes = [words.in_(case.lang) for words in case.scenario.facts.notes]
    general = [*knowledge.rests_on(case, case.first), *knowledge.caveats(case)]
    lines = (*general, *notes, *map(_sentence, case.found["warnings"]))
    parts = tuple(_listed(*([one] for one in lines)))
    return Section(key="caveats", title=case.say("head-caveats"), parts=parts, small=True)


def _sentence(words: str) -> str:
    """A message as a sentence."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def assumed(case: Case) -> Section:
    """Every assumption with its source."""
    return Section(key="assumptions", title=case.say("head-assumptions"), parts=assumptions(case), small=True)


def method(case: Case, made_from: Mapping[str, str | int]) -> Section:
    """How it is calculated, in half a page."""
    factor = interval_factor(int(made_from["replicates"]))
    stats = [one for by_actor in case.readings.values() for one in by_actor.values()]
    points = factor * max(one["mcse_prob"] for one in stats) * 100
    amount = factor * max(one["mcse_mean"] for one in stats)
    settings = case.scenario.settings
    rates = " / ".join(percent(base_value(one) or 0.0, case.lang, 1) for one in settings.discount_rate)
    index = settings.price_index.name.in_(case.lang) if settings.price_index is not None else ""
    prices = case.say("method-index" if index else "method-fixed", price_year=settings.price_year, index=index)
    texts = (
        case.say("method-net"),
        case.say(
            "method-draws",
            draws=grouped(int(made_from["draws"]), case.lang),
            sampler=str(made_from["sampler"]),
            points=grouped(points + 0.005, case.lang, 2),
            amount=case.kroner(amount + 0.5),
        ),
        case.say("method-drivers"),
        case.say("method-words"),
        case.say(
            "method-discount",
            rate=rates,
            costs=case.say("costs-discounted" if settings.costs_discounted else "costs-not-discounted"),
            prices=prices,
        ),
    )
    parts = tuple(Paragraph(words=words) for words in texts)
    return Section(key="method", title=case.say("head-method"), parts=parts, small=True)


def _rates(success: Success | None) -> list[float]:
    """Base value of a net rate; behind it those with and without, where the difference is not stated itself."""
    assert success is not None
    if success.net is not None:
        return [base_value(success.net) or 0.0]
    assert success.without is not None
    without = base_value(success.without) or 0.0
    if success.with_ is not None:
        gross = base_value(success.with_) or 0.0
    else:
        assert success.effect is not None
        assert success.effect.scale is not None
        effect = base_value(success.effect) or 0.0
        gross = float(rate_with(np.array(without), np.array(effect), success.effect.scale, success.conversion))
    return [gross - without, gross, without]


RECEIPT = ("scenario", "scenario_sha256")  # rows of their own; the others are one


def receipt_section(case: Case, made_from: Mapping[str, str | int]) -> Section:
    """What the figures were made from."""
    versions = ", ".join(
        f"{name.removeprefix('version_')} {value}" for name, value in made_from.items() if name.startswith("version_")
    )
    shown = {
        name: (case.say(f"receipt-{name}"), _shown(value, case.lang))
        for name, value in made_from.items()
        if not name.startswith("version_")
    }
    rows = [shown[name] for name in RECEIPT]
    run = ", ".join(f"{label.lower()} {value}" for name, (label, value) in shown.items() if name not in RECEIPT)
    rows.append((case.say("receipt-run"), run))
    rows.append((case.say("receipt-versions"), versions))
    box = FactBox(title=case.say("receipt-again"), rows=tuple(rows))
    return Section(key="receipt", title=case.say("head-receipt"), parts=(box,), small=True)


def _shown(value: str | int, lang: str) -> str:
    return grouped(value, lang) if isinstance(value, int) and value >= 1000 else str(value)
