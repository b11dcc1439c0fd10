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
    from soemrisk.reading import load, parse, read
    from soemrisk.store import write_whole
    from soemrisk.toml_text import toml_text
    from soemrisk.updating import learn, observations_of, updated_document

    try:
        scenario = read(source)
        name, content = load(observed)
        found = observations_of(document_of(content, name)[0], name)
        learnt = learn(scenario, found, name)
    except ScenarioError as error:
        complain(error, lang)
        sys.exit(WRONG_INPUT)
    spoken = lang or scenario.lang
    refuse(_wrong_name(Path(out), Path(source), Path(observed), force=force), spoken)
    document = updated_document(full_document(scenario), scenario, learnt, {one.place: one.source for one in found})
    changed = parse(toml_text(document, {}, ()).encode(), out)
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


def _tell(scenario: Any, changed: Any, learnt: Any, how: tuple[str, bool, str]) -> None:
    """Before and after side by side, as text or as one object."""
    from soemrisk.answer import base_case
    from soemrisk.compilation import compile_scenario
    from soemrisk.digits import kroner, percent, plain
    from soemrisk.updating import CONFLICT, rows

    lang, json_, out = how
    before, after = (base_case(compile_scenario(one))["net"] for one in (scenario, changed))
    figures = list(rows(learnt))
    if json_:
        keys = ("mean", "p10", "p90")
        numbers = {
            place: {
                "before": dict(zip(keys, old, strict=True)),
                "after": dict(zip(keys, new, strict=True)),
                "prior_weight": one.update.weight,
                "p_value": one.update.surprise,
                "conflict": one.update.surprise < CONFLICT,
            }
            for (place, old, new), one in zip(figures, learnt, strict=True)
        }
        click.echo(
            as_json({"schema": SCHEMA, "written": out, "numbers": numbers, "base": {"before": before, "after": after}})
        )
        return
    click.echo(text("update-head", lang))
    for (place, old, new), one in zip(figures, learnt, strict=True):
        shown = [plain(number, lang) for number in (*old, *new)]
        named = dict(zip(("before", "low", "high", "after", "new_low", "new_high"), shown, strict=True))
        click.echo(text("update-row", lang, place=place, weight=percent(one.update.weight, lang), **named))
        if one.update.surprise < CONFLICT:
            click.echo(text("update-conflict", lang, place=place, p=plain(one.update.surprise, lang, 2)))
    for actor in before:
        name = scenario.actors[actor].name.in_(lang) if actor in scenario.actors else text("total", lang)
        pair = {"before": kroner(before[actor], lang), "after": kroner(after[actor], lang)}
        click.echo(text("update-base", lang, actor=name, **pair))
    click.echo(text("update-written", lang, name=out), err=True)
