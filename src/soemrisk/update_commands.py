"""The command that teaches a scenario what has been observed since."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from soemrisk.command_frame import FAILED, LANGUAGE, WRONG_INPUT, as_json, complain, refuse
from soemrisk.errors import ScenarioError, system_reason
from soemrisk.messages import text

SCHEMA = 1


@click.command()
@click.argument("source", metavar="SCENARIO")
@click.option("--observed", required=True, metavar="FILE", help="TOML file of what was observed (docs/scenario.md).")
@click.argument("out", metavar="OUT")
@click.option("--lang", type=LANGUAGE, help="Language of messages; default: the scenario's, else da.")
@click.option("--force", is_flag=True, help="Overwrite OUT.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object and nothing else.")
def update(source: str, observed: str, out: str, lang: str | None, *, force: bool, json_: bool) -> None:
    """Update numbers with own observations, and write the new scenario."""
    from soemrisk.documents import document_of
    from soemrisk.full_form import full_document, full_form
    from soemrisk.observed_numbers import observations_of
    from soemrisk.reading import beside, load, parse, read
    from soemrisk.store import write_whole
    from soemrisk.toml_text import toml_text
    from soemrisk.updating import learn, updated_document

    try:
        scenario = read(source)
        name, content = load(observed)
        found = observations_of(document_of(content, name)[0], name, beside(observed))
        learnt = learn(scenario, found, name)
        refuse(_wrong_name(Path(out), Path(source), Path(observed), force=force), lang or scenario.lang)
        document = updated_document(full_document(scenario), scenario, learnt, {one.place: one.source for one in found})
        changed = parse(toml_text(document, {}, ()).encode(), out)
    except ScenarioError as error:
        complain(error, lang)
        sys.exit(WRONG_INPUT)
    spoken = lang or scenario.lang
    try:
        write_whole(Path(out), (full_form(changed, spoken) + "\n").encode())
    except OSError as error:
        click.echo(text("cannot-write", spoken, directory=out, reason=system_reason(error)), err=True)
        sys.exit(FAILED)
    _tell(scenario, changed, learnt, (spoken, json_, out))


def _wrong_name(out: Path, source: Path, observed: Path, *, force: bool) -> list[tuple[str, dict[str, Any]]]:
    """What is wrong with the name of the file that is to be written: no input is overwritten, nor anything unasked."""
    if out.suffix.lower() == ".xlsx":
        return [("update-ending", {"name": str(out)})]
    if not out.exists():
        return []
    for key, path in (("update-same-file", source), ("update-same-observed", observed)):
        if path.exists() and out.samefile(path):
            return [(key, {})]
    return [] if force else [("update-exists", {"name": str(out)})]


def _row(one: Any, old: list[float], new: list[float]) -> dict[str, Any]:
    """One number of the object that ``--json`` prints."""
    from soemrisk.updating import CONFLICT

    keys, error = ("mean", "p10", "p90"), one.error
    steps = None if error is None else {"mean": error.mean_error, "sd": error.sd_error, "distance": error.distance}
    return {
        "before": dict(zip(keys, old, strict=True)),
        "after": dict(zip(keys, new, strict=True)),
        "method": one.method,
        "prior_weight": one.weight,
        "p_value": one.surprise,
        "conflict": one.surprise is not None and one.surprise < CONFLICT,
        "price_factor": one.price_factor,
        "error": steps,
    }


def _tell_number(one: Any, shown: list[str], lang: str) -> None:
    """One number in lines of text."""
    from soemrisk.digits import percent, plain
    from soemrisk.updating import CONFLICT

    named = dict(zip(("before", "low", "high", "after", "new_low", "new_high"), shown, strict=True))
    row = "update-replaced" if one.method == "replaced" else "update-row"
    click.echo(text(row, lang, place=one.place, weight=percent(one.weight, lang), **named))
    if one.price_factor != 1:
        click.echo(text("update-price", lang, place=one.place, factor=plain(one.price_factor, lang)))
    if one.error is not None:
        distances = {"mean": plain(abs(one.error.mean_error), lang, 2), "distance": plain(one.error.distance, lang, 2)}
        click.echo(text("update-numerical", lang, place=one.place, **distances))
    if one.surprise is not None and one.surprise < CONFLICT:
        told = "update-replaced-conflict" if one.method == "replaced" else "update-conflict"
        click.echo(text(told, lang, place=one.place, p=plain(one.surprise, lang, 2)))


def _tell(scenario: Any, changed: Any, learnt: Any, how: tuple[str, bool, str]) -> None:
    """Before and after side by side, as text or as one object."""
    from soemrisk.answer import base_case
    from soemrisk.compilation import compile_scenario
    from soemrisk.digits import kroner, plain
    from soemrisk.updating import rows

    lang, json_, out = how
    before, after = (base_case(compile_scenario(one))["net"] for one in (scenario, changed))
    figures = list(rows(learnt))
    if json_:
        numbers = {place: _row(one, old, new) for (place, old, new), one in zip(figures, learnt, strict=True)}
        click.echo(
            as_json({"schema": SCHEMA, "written": out, "numbers": numbers, "base": {"before": before, "after": after}})
        )
        return
    click.echo(text("update-head", lang))
    for (_, old, new), one in zip(figures, learnt, strict=True):
        _tell_number(one, [plain(number, lang) for number in (*old, *new)], lang)
    for actor in before:
        name = scenario.actors[actor].name.in_(lang) if actor in scenario.actors else text("total", lang)
        pair = {"before": kroner(before[actor], lang), "after": kroner(after[actor], lang)}
        click.echo(text("update-base", lang, actor=name, **pair))
    click.echo(text("update-written", lang, name=out), err=True)
