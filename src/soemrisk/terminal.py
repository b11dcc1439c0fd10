"""What ``run`` prints: a compact table, two sentences, and what one must know to trust them.

Every amount has only the digits that its Monte Carlo error leaves; the base case alone is printed to the krone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from soemrisk.answer import mean_minus_base
from soemrisk.digits import grouped, kroner, millions, of_hundred, percent
from soemrisk.messages import text
from soemrisk.model import Model
from soemrisk.reference import net_rate
from soemrisk.scenario import Scenario
from soemrisk.simulate import Simulation
from soemrisk.summary import interval_factor, statistics


def report(scenario: Scenario, simulation: Simulation, found: dict[str, Any], lang: str) -> str:
    """The text of one run.

    Parameters
    ----------
    scenario : Scenario
    simulation : Simulation
    found : dict
        The answer.
    lang : {"da", "en"}

    Returns
    -------
    str
        Without a final newline.
    """
    names = {"total": text("total", lang), **{actor: one.name.in_(lang) for actor, one in scenario.actors.items()}}
    full = {actor: statistics(simulation.net[:, :, a]) for a, actor in enumerate(names)}
    parts = [
        *_head(scenario, lang),
        "",
        *_table(names, full, found, lang),
        *_error_line(names, full, found, lang),
        "",
        *_sentences(simulation, names, full, found, lang),
        "",
        *_knowledge(scenario, simulation, names, found, lang),
        *(text("warning", lang, message=message) for message in found["warnings"]),
    ]
    return "\n".join(parts)


def _head(scenario: Scenario, lang: str) -> Iterator[str]:
    settings = scenario.settings
    index = settings.price_index.name.in_(lang) if settings.price_index is not None else text("fixed-prices", lang)
    yield scenario.name.in_(lang)
    yield text(
        "price-line", lang, first=settings.first_year, last=settings.last_year, price_year=settings.price_year,
        index=index, base_year=settings.base_year or settings.first_year,
    )


def _table(names: dict[str, str], full: dict[str, dict[str, float]], found: dict[str, Any], lang: str) -> Iterator[str]:
    header = [text(key, lang) for key in ("som-number", "column-mean")] + ["P10", "P50", "P90", text("column-gain", lang)]
    rows = []
    for actor in names:
        stats = full[actor]
        amounts = [kroner(stats[name], lang, stats[f"mcse_{name}"]) for name in ("mean", "p10", "p50", "p90")]
        base = grouped(found["base"]["net"][actor], lang)
        rows.append([names[actor], base, *amounts, text("of-100", lang, count=of_hundred(stats["prob_positive"], lang))])
    yield from aligned([["", *header], *rows])


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Lines of a table: first column to the left, the others to the right, two blanks between."""
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _error_line(names: dict[str, str], full: dict[str, dict[str, float]], found: dict[str, Any], lang: str) -> Iterator[str]:
    factor = interval_factor(16)
    means = [f"{name} ±{_up(factor * full[actor]['mcse_mean'], lang)}" for actor, name in names.items()]
    worst = max(stats["mcse_prob"] for stats in full.values())
    yield text(
        "error-line", lang, draws=grouped(found["draws"], lang), sampler=found["sampler"], seed=found["seed"],
        means=", ".join(means), points=grouped(factor * worst * 100, lang, 2),
    )
    yield text("sign-line", lang)


def _up(error: float, lang: str) -> str:
    """An error with two significant digits, rounded up."""
    if error <= 0:
        return "0"
    unit = 10.0 ** max(len(str(int(error))) - 2, 0)
    return grouped(-(-error // unit) * unit, lang)


def _sentences(
    simulation: Simulation, names: dict[str, str], full: dict[str, dict[str, float]], found: dict[str, Any], lang: str
) -> Iterator[str]:
    """Two sentences on the first actor, who decides, with the total beside it."""
    actor = simulation.model.actors[1]
    stats, total = full[actor], full["total"]
    yield text(
        "sentence-chance", lang, actor=names[actor], count=of_hundred(stats["prob_positive"], lang),
        other=of_hundred(1 - stats["prob_positive"], lang), total=of_hundred(total["prob_positive"], lang),
    )
    line = found["break_even"]["success_rate"][actor]
    yield text(
        "sentence-size", lang, actor=names[actor], base=grouped(found["base"]["net"][actor], lang),
        low=millions(stats["p10"], lang, stats["mcse_p10"]), high=millions(stats["p90"], lang, stats["mcse_p90"]),
        zero=_break_even_words(line, simulation.model, lang),
    )


def _break_even_words(line: dict[str, float | None], model: Model, lang: str) -> str:
    found = line["base"]
    if found is None or found > 1:
        return text("zero-never" if found is None else "zero-above", lang)
    if found <= 0:
        return text("zero-always", lang)
    rate = float(net_rate(model, model.base[None])[0])
    return text("zero-at", lang, zero=percent(found, lang), rate=percent(rate, lang))


def _knowledge(scenario: Scenario, simulation: Simulation, names: dict[str, str], found: dict[str, Any], lang: str) -> Iterator[str]:
    for actor in list(names)[:2]:
        stats = found["net_correlated"][actor]
        yield text(
            "correlated-line", lang, actor=names[actor], low=millions(stats["p10"], lang, stats["mcse_p5"]),
            high=millions(stats["p90"], lang, stats["mcse_p95"]), count=of_hundred(stats["prob_positive"], lang),
        )
    shares = ", ".join(f"{names[actor]} {percent(share, lang)}" for actor, share in found["chance_share"].items())
    yield text("chance-line", lang, shares=shares)
    parts = mean_minus_base(simulation)
    first = list(names)[1]
    error = found["net_expected"][first]["mcse_mean"]
    yield text(
        "mean-line", lang, actor=names[first], inputs=kroner(parts[first][0], lang, max(error, 5)),
        shape=kroner(parts[first][1], lang, max(error, 5)),
    )
    for grant in scenario.grants.values():
        if not grant.booked:
            yield _grant_line(scenario, grant.name.in_(lang), (grant.payer, grant.receiver), float(grant.amount.value), found, lang)  # type: ignore[arg-type]
    certain = [one for one in simulation.model.inputs if one.distribution.family is None]
    calibrated = [one for one in simulation.model.inputs if "calibrated to" in one.source]
    assumed = [one for one in simulation.model.inputs if "assumption:" in one.source or "(assumption)" in one.source]
    yield text(
        "sources-line", lang, inputs=len(simulation.model.inputs), certain=len(certain), calibrated=len(calibrated), assumed=len(assumed),
    )
    if certain:
        yield text("certain-line", lang, names=", ".join(one.path for one in certain))


def _grant_line(scenario: Scenario, name: str, actors: tuple[str, str], amount: float, found: dict[str, Any], lang: str) -> str:
    payer, receiver = actors
    base = found["base"]["net"]
    return text(
        "grant-line", lang, name=name, amount=grouped(amount, lang), payer=scenario.actors[payer].name.in_(lang),
        receiver=scenario.actors[receiver].name.in_(lang), payer_net=grouped(base[payer] - amount, lang),
        receiver_net=grouped(base[receiver] + amount, lang),
    )
