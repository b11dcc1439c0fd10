"""Sentences on the result: how likely a gain is, and how large; each under its condition.

Numbers first, words second, and both sides. The numbering is that of docs/methods.md, the sentences of the memo.
"""

from __future__ import annotations

from collections.abc import Iterator

from soemrisk.chance_words import EVEN, clear_word
from soemrisk.digits import of_hundred
from soemrisk.memo_case import Case

ALIKE = 0.05  # chances that differ by no more are not told apart on the first page
VISIBLE = 2.0  # Monte Carlo errors from which a difference is told


def chance_word(case: Case, actor: str) -> Iterator[str]:
    """The word for the chance of a gain, or of none, where all readings agree on it."""
    probability = case.stats(actor)["prob_positive"]
    key = clear_word(case.chances(actor) if probability >= EVEN else [(1 - p, e) for p, e in case.chances(actor)])
    if case.touched(actor) and key is not None:
        which = "memo-word-gain" if probability >= EVEN else "memo-word-no-gain"
        yield case.say(which, word=case.say(key))


def lead(case: Case, actor: str) -> Iterator[str]:
    """The first page's sentences on how likely a gain is, for the actor and in total, and how large it is."""
    name = case.names[actor]
    if not case.touched(actor):
        yield case.say("memo-untouched", actor=name)
        return
    counts = {"count": case.count(actor), "other": case.count(actor, loss=True), "total": case.count("total")}
    said = [case.say("memo-of-actor", actor=name, words=words) for words in chance_word(case, actor)]
    yield " ".join([case.say("sentence-chance", actor=name, **counts), *said])
    known = "memo-base-band" if case.stats(actor)["sd"] > 0 else "memo-base-alone"
    yield case.say(known, actor=name, base=case.kroner(case.base(actor)), **band(case, actor))


def together(case: Case) -> Iterator[str]:
    """How often all actors of the upper level gain at once (4), where there are several and all are touched."""
    roots = [actor for actor in case.actors if case.scenario.actors[actor].parent is None]
    if len(roots) > 1 and all(case.touched(actor) for actor in roots):
        everyone = case.found["joint"]["all_gain"]
        first, last = ", ".join(case.names[actor] for actor in roots[:-1]), case.names[roots[-1]]
        names = case.say("memo-and", first=first, last=last)
        yield case.say("memo-together", names=names, count=of_hundred(everyone["prob"], case.lang, everyone["mcse"]))


def readings_differ(case: Case, actor: str) -> bool:
    """Whether no word for the chance of a gain, or of none, holds in every reading, and the chances are not alike."""
    chances = [chance for chance, _ in case.chances(actor)]
    return case.touched(actor) and max(chances) - min(chances) > ALIKE and not [*chance_word(case, actor)]


def in_words(case: Case, actor: str) -> Iterator[str]:
    """What the table cannot say of an actor: the word (2, 3), and on which side the band lies (9, 10, 11)."""
    if not case.touched(actor):
        yield case.say("memo-untouched", actor=case.names[actor])
        return
    said = [*chance_word(case, actor), *side(case, actor)]
    if said:
        yield case.say("memo-of-actor", actor=case.names[actor], words=" ".join(said))


def side(case: Case, actor: str) -> Iterator[str]:
    """Whether the band reaches from loss to gain (9), or lies on one side (10, 11)."""
    stats = case.stats(actor)
    if stats["p10"] + VISIBLE * stats["mcse_p10"] < 0 < stats["p90"] - VISIBLE * stats["mcse_p90"]:
        yield case.say("memo-both-signs")
    elif case.in_all(actor, "p10", 1):
        yield case.say("memo-low-gain")
    elif case.in_all(actor, "p90", -1):
        yield case.say("memo-high-loss")


def band(case: Case, actor: str, reading: str = "stated") -> dict[str, str]:
    """P10, P50 and P90 as text."""
    stats = case.stats(actor, reading)
    ends = {"p10": stats["p90"], "p90": stats["p10"], "p50": 0.0}
    return {name: case.money(stats[name], stats[f"mcse_{name}"], beside) for name, beside in ends.items()}


def skew(case: Case, actor: str) -> Iterator[str]:
    """Mean and median of different sign (12)."""
    stats = case.stats(actor)
    mean, median = ((stats[name], VISIBLE * stats[f"mcse_{name}"]) for name in ("mean", "p50"))
    if mean[0] > mean[1] and median[0] < -median[1]:
        yield case.say("memo-mean-above", actor=case.names[actor])
    elif mean[0] < -mean[1] and median[0] > median[1]:
        yield case.say("memo-mean-below", actor=case.names[actor])


def mean_and_base(case: Case, actor: str) -> Iterator[str]:
    """Mean and SØM number are not the same (13)."""
    expected = case.found["net_expected"][actor]
    error = expected["mcse_mean"]
    apart = expected["mean"] - case.base(actor)
    parts = case.found["mean_minus_base"][actor]
    if abs(apart) > VISIBLE * error and abs(apart) >= 1:
        why = "memo-apart-inputs" if abs(parts["inputs"]) >= abs(parts["shape"]) else "memo-apart-shape"
        where = "memo-apart-above" if apart > 0 else "memo-apart-below"
        yield case.say(where, actor=case.names[actor], apart=case.money(abs(apart), error), why=case.say(why))


def other_readings(case: Case, actor: str) -> Iterator[str]:
    """The band if all consequences err together (42), and with the filter corrected (43)."""
    name = case.names[actor]
    for reading in ("correlated", "corrected"):
        if reading in case.readings and (reading == "correlated" or _too_large(case, actor)):
            count = case.count(actor, reading)
            yield case.say(f"memo-{reading}", actor=name, count=count, **band(case, actor, reading))
    if case.found["listed"] and _too_large(case, actor):
        stated, corrected = case.stats(actor), case.stats(actor, "corrected")
        ends = {"as_listed": stated, "just_significant": corrected}
        shown = {end: case.money(one["mean"], one["mcse_mean"]) for end, one in ends.items()}
        yield case.say("memo-listed", actor=name, **shown)


def _too_large(case: Case, actor: str) -> bool:
    """Whether the filter of significance makes the result of an actor too large, at two errors."""
    if "corrected" not in case.readings:
        return False
    stated, corrected = case.stats(actor), case.stats(actor, "corrected")
    return stated["mean"] - corrected["mean"] > VISIBLE * (stated["mcse_mean"] + corrected["mcse_mean"])
