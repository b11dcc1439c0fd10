"""What all commands share: the options of those that simulate, how problems are told, and how a command ends.

Exit 0: done. 2: the user's input is wrong. 1: anything else. 130: interrupted. Results go to stdout, messages to
stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from soemrisk.errors import ScenarioError, system_reason
from soemrisk.messages import text

WRONG_INPUT = 2
FAILED = 1
INTERRUPTED = 130
LANGUAGE = click.Choice(["da", "en"])


def sampling(command: Any) -> Any:
    """Give a command the options of every command that simulates.

    Parameters
    ----------
    command : click.Command or function

    Returns
    -------
    the same, with its options

    Examples
    --------
    >>> from inspect import signature
    >>> list(signature(sampling).parameters)
    ['command']
    """
    options = [
        click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…"),
        click.option("--draws", type=click.IntRange(1), default=65_536, show_default=True, help="Draws in all."),
        click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="0 is a seed."),
        click.option("--sampler", type=click.Choice(["sobol", "random", "lhs"]), default="sobol", show_default=True),
        click.option(
            "--threads",
            type=click.IntRange(1, 1024),
            help="Default: one up to 131072 draws, which take no time; else all cores. Changes no result.",
        ),
        click.option("--lang", type=LANGUAGE, help="Language of the text; default: the scenario's, else da."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def threads_for(draws: int) -> int:
    """Threads that pay where none are asked for: few draws are made before threads have waited for each other."""
    from soemrisk.running import KEPT

    return 1 if draws <= KEPT else os.cpu_count() or 1


def read_all(sources: Sequence[str], lang: str | None, wrong: Sequence[str]) -> list[Any]:
    """Scenarios from all files; every problem is told before anything runs.

    Parameters
    ----------
    sources : sequence of str
        Paths, or ids of shipped scenarios.
    lang : {"da", "en"} or None
    wrong : sequence of str
        Ids of texts on what is wrong with the options; told with the rest.

    Returns
    -------
    list of Scenario

    Raises
    ------
    SystemExit
        Code 2 if anything is wrong.

    Examples
    --------
    >>> [scenario.id for scenario in read_all(["act-randers", "cti-aarhus"], "en", [])]
    ['act-randers', 'cti-aarhus']
    """
    from soemrisk.reading import read

    found = []
    failed = bool(wrong)
    for source in sources:
        try:
            found.append(read(source))
        except ScenarioError as error:
            failed = True
            complain(error, lang)
    ids = [scenario.id for scenario in found]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        failed = True
        click.echo(text("same-id", lang or found[0].lang, found=twice), err=True)
    for key in wrong:
        click.echo(text(key, lang or "da"), err=True)
    if failed:
        sys.exit(WRONG_INPUT)
    return found


def each(
    read_ones: Sequence[Any],
    options: dict[str, Any],
    do: Callable[[Any, Path | None, dict[str, Any]], tuple[dict[str, Any], str]],
) -> None:
    """Do the same for each scenario, and print pages or one JSON object.

    Parameters
    ----------
    read_ones : sequence of Scenario
    options : dict
        Of the command line; each of several scenarios has a folder of its own.
    do : function of scenario, folder and options
        Gives the object and the page of text.

    Examples
    --------
    >>> each(read_all(["act-randers"], "en", []), {"out": None, "as_json": False}, lambda one, *_: ({}, one.id))
    act-randers
    """
    several = len(read_ones) > 1
    results = []
    for number, scenario in enumerate(read_ones):
        folder = options["out"] / scenario.id if several and options["out"] is not None else options["out"]
        found, page = do(scenario, folder, options)
        results.append(found)
        if page and not options["as_json"]:
            click.echo(("\n" if number else "") + page)
    if options["as_json"]:
        click.echo(as_json({"schema": results[0]["schema"], "scenarios": results} if several else results[0]))


def refuse(problems: Sequence[tuple[str, dict[str, Any]]], lang: str) -> None:
    """Tell what is wrong with what is asked for, all at once, and end; return if nothing is.

    Parameters
    ----------
    problems : sequence of (id of a text, its values)
    lang : {"da", "en"}

    Raises
    ------
    SystemExit
        Code 2 if there is a problem.

    Examples
    --------
    >>> refuse([], "en")
    """
    for key, values in problems:
        click.echo(text(key, lang, **values).rstrip(), err=True)
    if problems:
        sys.exit(WRONG_INPUT)


@contextmanager
def progress(total: int, **looks: Any) -> Iterator[Callable[..., object]]:
    """Show on a terminal how much is done; elsewhere not even what draws a bar is loaded.

    Parameters
    ----------
    total : int
    **looks
        Of the bar, as tqdm names them.

    Yields
    ------
    function
        To be called with how much has been done since it was last called; 1 if left out.

    Examples
    --------
    >>> with progress(2) as tick:
    ...     tick(2)
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from tqdm import tqdm

    with tqdm(total=total, leave=False, **looks) as bar:
        yield bar.update


@contextmanager
def writing(folder: Path, lang: str) -> Iterator[None]:
    """Make the folder, and say where the files are, or why there are none.

    Parameters
    ----------
    folder : Path
    lang : {"da", "en"}

    Raises
    ------
    SystemExit
        Code 1 if the operating system refuses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place, writing(Path(place) / "new", "en"):
    ...     (Path(place) / "new").is_dir()
    True
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        click.echo(text("cannot-write", lang, directory=str(folder), reason=system_reason(error)), err=True)
        sys.exit(FAILED)
    click.echo(text("written", lang, directory=str(folder)), err=True)


def as_json(found: dict[str, Any]) -> str:
    """One JSON object with full precision, keys in the order of the contract.

    Parameters
    ----------
    found : dict

    Returns
    -------
    str

    Examples
    --------
    >>> print(as_json({"net": 0.1}))
    {
     "net": 0.1
    }
    """
    return json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1)


def complain(error: ScenarioError, lang: str | None) -> None:
    """Tell every problem of a file on stderr.

    Parameters
    ----------
    error : ScenarioError
    lang : {"da", "en"} or None
        None: the file's.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> try:
    ...     read("no-such-scenario")
    ... except ScenarioError as error:
    ...     complain(error, "en")
    """
    click.echo(error.describe(lang or error.lang or "da"), err=True)
