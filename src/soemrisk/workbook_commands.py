"""``soemrisk workbook``: a form to fill in, a filled form as TOML, and any scenario as a form."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from soemrisk.command_frame import FAILED, LANGUAGE, WRONG_INPUT, complain, refuse
from soemrisk.errors import ScenarioError, system_reason
from soemrisk.messages import text

FORCE = click.option("--force", is_flag=True, help="Write over a file that exists.")
LANG = click.option("--lang", type=LANGUAGE, help="Language of the workbook and of messages.")
FILE = click.Path(path_type=Path)


@click.group()
def workbook() -> None:
    """Scenarios in Excel: a new form, a filled form as TOML, any scenario as a form."""


@workbook.command()
@click.argument("file", type=FILE, metavar="FILE.xlsx")
@LANG
@FORCE
def new(file: Path, lang: str | None, force: bool) -> None:
    """Write a form with an example filled in, which runs as it is."""
    from soemrisk.workbook_files import example_workbook

    said = lang or "da"
    _may_write(file, ".xlsx", said, force=force)
    _write(file, lambda: example_workbook(said), said)


@workbook.command("import")
@click.argument("file", metavar="FILE.xlsx")
@click.argument("out", type=FILE, metavar="OUT.toml")
@LANG
@FORCE
def import_(file: str, out: Path, lang: str | None, force: bool) -> None:
    """Read a filled form and write it as TOML; every problem is told with sheet and cell."""
    from soemrisk.workbook_files import toml_of_workbook

    _may_write(out, ".toml", lang or "da", force=force)
    _write(out, lambda: toml_of_workbook(file).encode(), lang, _stated_language)


@workbook.command()
@click.argument("scenario", metavar="SCENARIO")
@click.argument("out", type=FILE, metavar="OUT.xlsx")
@LANG
@FORCE
def export(scenario: str, out: Path, lang: str | None, force: bool) -> None:
    """Write any scenario as a form."""
    from soemrisk.workbook_files import workbook_of_scenario

    _may_write(out, ".xlsx", lang or "da", force=force)
    _write(out, lambda: workbook_of_scenario(scenario, lang), lang)


def _stated_language(scenario: bytes) -> str:
    """Language that a scenario written as TOML asks for."""
    import tomllib

    return str(tomllib.loads(scenario.decode()).get("lang", "da"))


def _may_write(path: Path, ending: str, lang: str, *, force: bool) -> None:
    """End with what is wrong with the name of a file that is to be written: someone may have worked in it."""
    wrong = []
    if path.suffix.lower() != ending:
        wrong.append(("workbook-ending", {"found": str(path), "ending": ending}))
    elif path.exists() and not force:
        wrong.append(("workbook-exists", {"name": str(path)}))
    refuse(wrong, lang)


def _write(
    path: Path, made: Callable[[], bytes], lang: str | None, stated: Callable[[bytes], str] = lambda _: "da"
) -> None:
    """Make the content and write it whole; say where, or what is wrong: in a language, else in that of the content."""
    from soemrisk.store import write_whole

    try:
        content = made()
    except ScenarioError as error:
        complain(error, lang)
        sys.exit(WRONG_INPUT)
    spoken = lang or stated(content)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        reason = system_reason(error)
        click.echo(text("cannot-write", spoken, directory=str(path), reason=reason), err=True)
        sys.exit(FAILED)
    click.echo(text("workbook-written", spoken, name=str(path)), err=True)
