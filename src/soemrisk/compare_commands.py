"""The command that compares several interventions, or two versions of one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from soemrisk.command_frame import FAILED, WRONG_INPUT, as_json, complain, refuse, sampling, threads_for, writing
from soemrisk.errors import ScenarioError
from soemrisk.messages import text

MOST = 1e15  # kr. of a budget or a spread
EXPLAINING = 4096  # draws for what changed: every set of changes is simulated


@click.command()
@sampling
@click.option("--actor", help="Whose choice it is; default: the first actor. total: all together.")
@click.option("--per", type=click.Choice(["total", "participant"]), default="total", show_default=True)
@click.option("--budget", type=float, help="Kr. a year: add the best set of interventions within it.")
@click.option("--payer", help="Whose costs the budget is for; default: the actor.")
@click.option("--spread", type=float, help="Kr.: how much interventions differ; default: estimated, or our convention.")
@click.option("--changes", is_flag=True, help="Explain the difference of two versions, change by change.")
@click.option("--out", type=click.Path(path_type=Path), help="Directory for comparison.json, tables and a picture.")
def compare(scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare interventions on common draws: differences, which is best, the best set, what has changed."""
    from soemrisk.comparing import compared, comparison_of

    found, names, lang = _read(scenarios, options)
    design = _design(options, lang)
    try:
        comparison = comparison_of(
            found, design, names=names, per=options["per"], threads=options["threads"] or threads_for(design.draws)
        )
        figures = compared(comparison, options["actor"], options["spread"])
        if options["budget"] is not None:
            figures["portfolio"] = _portfolio(comparison, figures["deciding"], options)
        if options["changes"] or (len(found) == 2 and found[0].id == found[1].id):
            figures["changed"] = _changed(comparison, options)
    except (ValueError, MemoryError) as error:
        click.echo(text("cannot-simulate", lang, reason=str(error) or type(error).__name__), err=True)
        sys.exit(FAILED)
    figures["warnings"] = _warnings(found, names, lang)
    if figures.get("changed", {}) is None:
        figures["warnings"].append(text("compare-not-explained", lang))
    if options["out"] is not None:
        _write(comparison, figures, options["out"], lang)
    if options["as_json"]:
        click.echo(as_json(figures))
        return
    from soemrisk.compare_page import compare_page

    click.echo(compare_page(comparison, figures, lang))


def _read(sources: Sequence[str], options: dict[str, Any]) -> tuple[list[Any], list[str], str]:
    """Scenarios, what tells them apart, and the language; every problem is told before anything runs."""
    from soemrisk.comparing import not_comparable
    from soemrisk.reading import read

    found, wrong = [], False
    for source in sources:
        try:
            found.append(read(source))
        except ScenarioError as error:
            wrong = True
            complain(error, options["lang"])
    if wrong:
        sys.exit(WRONG_INPUT)
    lang = options["lang"] or found[0].lang
    labels = _labels([one.id for one in found], sources)
    problems: list[tuple[str, dict[str, Any]]] = [(key, dict(values)) for key, values in not_comparable(found, labels)]
    actors = list(dict.fromkeys(actor for one in found for actor in ("total", *one.actors)))
    problems += [
        ("compare-actor", {"option": name, "found": options[name], "allowed": actors})
        for name in ("actor", "payer")
        if options[name] is not None and options[name] not in actors
    ]
    problems += [
        ("compare-number", {"option": name, "found": options[name]})
        for name in ("budget", "spread")
        if options[name] is not None and not 0 <= options[name] <= MOST
    ]
    if options["changes"] and len(found) != 2:
        problems.append(("compare-changes-two", {"count": len(found)}))
    refuse(problems, lang)
    return found, labels, lang


def _labels(ids: Sequence[str], sources: Sequence[str]) -> list[str]:
    """What tells scenarios apart: their ids; with the name of the file, or a number, where several have the same."""
    labels = []
    for id_, source in zip(ids, sources, strict=True):
        label = id_ if ids.count(id_) == 1 else f"{id_} ({Path(source).stem})"
        while label in labels:
            label = f"{label} 2"
        labels.append(label)
    return labels


def _design(options: dict[str, Any], lang: str) -> Any:
    from soemrisk import kernel
    from soemrisk.design import plan

    if not kernel.is_ready():
        click.echo(text("compiling", lang), err=True)
    design = plan(options["draws"], options["seed"], options["sampler"])
    if design.draws != options["draws"]:
        key = "rounded-draws-sobol" if design.sampler == "sobol" else "rounded-draws-random"
        click.echo(text(key, lang, asked=options["draws"], draws=design.draws), err=True)
    return design


def _portfolio(comparison: Any, deciding: str, options: dict[str, Any]) -> dict[str, Any]:
    """The best set within the budget, as plain values."""
    import numpy as np

    from soemrisk.comparing import persons
    from soemrisk.portfolio import portfolio, yearly_costs

    payer = options["payer"] or deciding
    costs = [yearly_costs(model, payer) for model in comparison.models]
    years = sorted({year for one in costs for year in one})
    sizes = [persons(model) if comparison.per == "participant" else 1.0 for model in comparison.models]
    expected = comparison.expected[comparison.actors.index(deciding)] * np.array(sizes)[:, None, None]
    table = np.array([[one.get(year, 0.0) for year in years] for one in costs])
    found = portfolio(expected, table, options["budget"], comparison.families)
    return {
        "actor": deciding,
        "payer": payer,
        "budget": options["budget"],
        "value": found.value,
        "solved": found.solved,
        "scenarios": {
            name: {
                "chosen": bool(found.chosen[s]),
                "prob_in_best": float(found.prob_in_best[s]),
                "mcse": float(found.mcse[s]),
                "costs": {str(year): cost for year, cost in costs[s].items()},
            }
            for s, name in enumerate(comparison.names)
        },
    }


def _changed(comparison: Any, options: dict[str, Any]) -> dict[str, Any] | None:
    """What changed from the first to the second, as plain values; None where that cannot be told."""
    from soemrisk.design import plan
    from soemrisk.version_changes import NoVersionError, explained

    design = plan(min(EXPLAINING, options["draws"]), options["seed"], options["sampler"])
    old, new = comparison.scenarios
    try:
        found = explained(old, new, design)
    except NoVersionError:
        return None
    ends = {
        "before": (found.before, found.error_before, comparison.names[0]),
        "after": (found.after, found.error_after, comparison.names[1]),
    }
    keys = ("base", "mean", "prob_positive")
    return {
        "draws": design.draws,
        "orders": found.orders,
        **{
            key: {
                "name": name,
                "figures": {
                    actor: {
                        **dict(zip(keys, map(float, values[:, a]), strict=True)),
                        "mcse_mean": float(errors[1, a]),
                        "mcse_prob": float(errors[2, a]),
                    }
                    for a, actor in enumerate(found.actors)
                },
            }
            for key, (values, errors, name) in ends.items()
        },
        "parts": [
            {
                "places": [".".join(place) for place in change.places],
                "kind": change.kind,
                "figures": {
                    actor: {
                        **dict(zip(keys, map(float, part[:, a]), strict=True)),
                        "mcse_mean": float(error[1, a]),
                        "mcse_prob": float(error[2, a]),
                    }
                    for a, actor in enumerate(found.actors)
                },
            }
            for change, part, error in zip(found.changes, found.parts, found.errors, strict=True)
        ],
    }


def _warnings(found: Sequence[Any], names: Sequence[str], lang: str) -> list[str]:
    """What makes the figures less alike than they look."""
    windows = [f"{one.years[0]}–{one.years[-1]}" for one in found]
    rates = [" / ".join(f"{rate.value:g}" for rate in one.settings.discount_rate) for one in found]
    costs = [text("compare-yes" if one.settings.costs_discounted else "compare-no", lang) for one in found]
    timings = [one.settings.timing for one in found]
    told = []
    for key, values in (
        ("compare-windows", windows),
        ("compare-rates", rates),
        ("compare-costs", costs),
        ("compare-timings", timings),
    ):
        if len(set(values)) > 1:
            years = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
            told.append(text(key, lang, years=years))
    return told


def _write(comparison: Any, figures: dict[str, Any], folder: Path, lang: str) -> None:
    from soemrisk.compare_figures import compare_pictures
    from soemrisk.compare_tables import compare_tables
    from soemrisk.store import write_all

    files = {f"tables/{name}": content for name, content in compare_tables(figures, lang).items()}
    files |= compare_pictures(comparison, figures, lang)
    files["comparison.json"] = (as_json(figures) + "\n").encode()
    with writing(folder, lang):
        write_all(folder, files)
