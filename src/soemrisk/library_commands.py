"""The commands on the library: what there is, where it is found, what it means, and whether it is in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from soemrisk.command_frame import FAILED, LANGUAGE, WRONG_INPUT, as_json
from soemrisk.library import SECTIONS, topics
from soemrisk.library import library as entries_by_id
from soemrisk.library_lines import counts, line_of, name_of
from soemrisk.library_search import nearest, nearest_words
from soemrisk.library_search import search as found_ids
from soemrisk.messages import text

SCHEMA = 1
IN_LANGUAGE = click.option("--lang", type=LANGUAGE, default="da", show_default=True, help="Language of the text.")
AS_JSON = click.option("--json", "json_", is_flag=True, help="Print one JSON object and nothing else.")


@click.group()
def library() -> None:
    """Find what is known: prices, effects, levels, rules and parameters, each with its source."""


@library.command("list")
@click.option("--kind", help="Only this kind: price, service, level, effect, …")
@click.option("--section", type=click.Choice(SECTIONS), help="Only this section.")
@IN_LANGUAGE
@AS_JSON
def list_entries(kind: str | None, section: str | None, lang: str, *, json_: bool) -> None:
    """List the entries of the library by section and topic."""
    kinds = sorted({entry["kind"] for entry in entries_by_id().values()})
    if kind is not None and kind not in kinds:
        click.echo(text("usage-choice", lang, name="--kind", found=kind, allowed=kinds), err=True)
        sys.exit(WRONG_INPUT)
    chosen = {
        (inside, topic): [key for key, entry in entries.items() if kind in (None, entry["kind"])]
        for (inside, topic), entries in topics().items()
        if section in (None, inside)
    }
    keys = [key for ids in chosen.values() for key in ids]
    if json_:
        click.echo(as_json({"schema": SCHEMA, "counts": counts(), "entries": [_object(key) for key in keys]}))
        return
    sections = " · ".join(f"{text(f'lib-section-{one}', lang)} {count}" for one, count in counts().items())
    click.echo(text("lib-counts", lang, total=len(entries_by_id()), sections=sections))
    for (inside, topic), ids in chosen.items():
        if ids:
            click.echo(f"\n{_heading(inside, topic, lang)} ({len(ids)})")
            click.echo("\n".join(_line(key, lang) for key in ids))
    if not keys:
        click.echo(text("lib-none", lang))


@library.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD…")
@IN_LANGUAGE
@AS_JSON
def search(words: tuple[str, ...], lang: str, *, json_: bool) -> None:
    """Find entries that have all the words, in any spelling of æ, ø and å, those first that are most about them."""
    keys = found_ids(words)
    near = [] if keys else nearest_words([one for word in words for one in word.split()])
    if json_:
        found: dict[str, Any] = {"schema": SCHEMA, "words": list(words), "entries": [_object(key) for key in keys]}
        click.echo(as_json({**found, "nearest": near}))
        return
    if keys:
        click.echo("\n".join(_line(key, lang) for key in keys))
        click.echo("\n" + text("lib-found", lang, count=len(keys)))
        return
    click.echo(text("lib-nothing", lang, words=list(words)))
    if near:
        click.echo(text("lib-nearest", lang, names=" ".join(near)))


@library.command()
@click.argument("key", metavar="ID")
@IN_LANGUAGE
@AS_JSON
def show(key: str, lang: str, *, json_: bool) -> None:
    """Tell everything of one entry: what it means as a distribution, its source, and how a scenario takes it."""
    if key not in entries_by_id():
        click.echo(text("lib-unknown", lang, found=key), err=True)
        near = nearest(key) or found_ids([key])[:3]
        if near:
            click.echo(text("lib-nearest", lang, names=near), err=True)
        sys.exit(WRONG_INPUT)
    from soemrisk.library_details import details, taken

    if json_:
        said = {language: dict(details(key, language)) for language in ("da", "en")}
        click.echo(as_json({"schema": SCHEMA, **_object(key), "said": said, "taken": taken(key)}))
        return
    click.echo("\n".join(_page(key, details(key, lang), taken(key), lang)))


@library.command()
@click.option("--years", type=click.IntRange(0, 200), default=10, show_default=True, help="A price older is told.")
@IN_LANGUAGE
@AS_JSON
def check(years: int, lang: str, *, json_: bool) -> None:
    """Check units, sources, duplicates, shares and spreads of the library; say which prices are old."""
    from soemrisk.library_audit import mistakes, worth_knowing

    wrong, worth = mistakes(), worth_knowing(years)
    if json_:
        told = [{"id": one.id, "rule": one.what.key, "text": one.what.in_(lang)} for one in wrong]
        notes = [{"rule": one.key, **dict(one.values)} for one in worth]
        click.echo(as_json({"schema": SCHEMA, "entries": len(entries_by_id()), "mistakes": told, "notes": notes}))
    elif wrong:
        click.echo(text("lib-check-wrong", lang, count=len(wrong)))
        click.echo("\n".join(f"{one.id}: {one.what.in_(lang)}" for one in wrong))
    else:
        click.echo(text("lib-check-good", lang, total=len(entries_by_id())))
    if not json_:
        click.echo("\n" + text("lib-check-worth", lang))
        click.echo("\n".join(f"- {one.in_(lang)}" for one in worth))
    if wrong:
        sys.exit(FAILED)


def _object(key: str) -> dict[str, Any]:
    """An entry with its id, section and topic."""
    section, topic = next(place for place, entries in topics().items() if key in entries)
    return {"id": key, "section": section, "topic": topic, **entries_by_id()[key]}


def _heading(section: str, topic: str, lang: str) -> str:
    return f"{text(f'lib-section-{section}', lang)} · {text(f'lib-topic-{topic}', lang)}"


def _line(key: str, lang: str) -> str:
    """One line for an entry: id, name, value, spread, price year."""
    line, entry = line_of(key, lang), entries_by_id()[key]
    year = text("lib-year" if "year" in entry else "lib-price-year", lang, year=line.price_year)
    pieces = [line.name, line.value, line.spread, year if line.price_year else ""]
    return f"{key}: " + " · ".join(piece for piece in pieces if piece)


def _page(key: str, details: Sequence[tuple[str, str]], taken: str, lang: str) -> Iterator[str]:
    """Lines of text on one entry."""
    found = _object(key)
    yield f"{key}: {name_of(key, lang)}"
    kind = text(f"lib-kind-{found['kind']}", lang)
    heading = _heading(found["section"], found["topic"], lang)
    yield f"{kind}, {heading}"
    for label, said in details:
        yield f"  {text(f'lib-label-{label}', lang)}: {said}"
    if taken:
        yield f"\n{text('lib-label-take', lang)}:"
        yield from (f"  {line}" for line in taken.split("\n"))
    else:
        yield f"\n{text('lib-label-no-place', lang)}: {text('lib-use-' + found['kind'], lang)}"
