"""The command line: read, ask, print.

Only this module, ``command_frame`` and the groups of commands (``*_commands``) print and know exit codes. Heavy
libraries are loaded inside the commands that need them.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from soemrisk.command_frame import (
    FAILED,
    INTERRUPTED,
    LANGUAGE,
    WRONG_INPUT,
    as_json,
    complain,
    each,
    progress,
    read_all,
    refuse,
    sampling,
    threads_for,
    writing,
)
from soemrisk.compare_commands import compare
from soemrisk.errors import ScenarioError, system_reason
from soemrisk.library_commands import library
from soemrisk.messages import phrase, text
from soemrisk.study_commands import study
from soemrisk.update_commands import update
from soemrisk.workbook_commands import workbook

MOST = 1e9  # of a threshold
SAME_TO = 1e-9  # of the largest value: what another processor or library version may change


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="soemrisk")
def commands() -> None:
    """Soemrisk: how sure is a SØM calculation, who carries the risk, and what drives it."""


commands.add_command(workbook)
commands.add_command(library)
commands.add_command(update)
commands.add_command(compare)
commands.add_command(study)


@commands.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO…")
@click.option("--lang", type=LANGUAGE, help="Language of messages; default: the scenario's, else da.")
@click.option("--resolved", is_flag=True, help="Print in full: defaults, references, what each number means.")
def check(scenarios: tuple[str, ...], lang: str | None, resolved: bool) -> None:
    """Check scenario files and tell every problem at once."""
    from soemrisk.full_form import fit_lines, full_form
    from soemrisk.reading import read

    wrong = False
    for source in scenarios:
        try:
            scenario = read(source)
        except ScenarioError as error:
            wrong = True
            complain(error, lang)
            continue
        if not resolved:
            click.echo(text("check-good", lang or scenario.lang, name=source))
            for line in fit_lines(scenario, lang or scenario.lang):
                click.echo(line)
            continue

        head = f"# {source}\n" if len(scenarios) > 1 else ""
        click.echo(head + full_form(scenario, lang or scenario.lang))
    if wrong:
        sys.exit(WRONG_INPUT)


@commands.command()
@sampling
@click.option("--until-stable", is_flag=True, help="Double the draws until the printed figures no longer move.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Directory for result.nc, summary.json, tables and pictures."
)
def run(scenarios: tuple[str, ...], **options: Any) -> None:
    """Simulate scenarios and print the net result as a distribution."""
    stop = options["until_stable"] and options["sampler"] == "lhs"
    read_ones = read_all(scenarios, options["lang"], ["lhs-not-stable"] if stop else [])
    each(read_ones, options, _run_one)


@commands.command()
@sampling
@click.option("--actor", help="Whose decision it is; default: the first actor. total: all together.")
@click.option("--importance", type=click.Choice(["evppi", "total", "elasticity"]), default="evppi", show_default=True)
@click.option("--width-from", type=click.FloatRange(0), help="Uncertainty is high from here; default: 1/3 of the size.")
@click.option("--importance-from", type=click.FloatRange(0), help="Importance is high from here; default: 0.1.")
@click.option("--pair", nargs=2, metavar="INPUT INPUT", help="Add the table of two inputs, and the line net = 0.")
@click.option("--out", type=click.Path(path_type=Path), help="Directory for drivers.json, tables and pictures.")
def drivers(scenarios: tuple[str, ...], **options: Any) -> None:
    """Say what drives the result, where the largest uncertainty is, and what it is worth to find out."""
    each(read_all(scenarios, options["lang"], []), options, _drive_one)


FORMATS = ("html", "pdf", "docx", "xlsx")


@commands.command()
@sampling
@click.option("--actor", help="Whose decision it is; default: the first actor.")
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, help="Repeat for more; default: all.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Directory for the memo and its workbook.")
def memo(scenarios: tuple[str, ...], **options: Any) -> None:
    """Write the decision memo: HTML, PDF, Word and a workbook."""
    each(read_all(scenarios, options["lang"], []), options, _memo_one)


def _run_one(scenario: Any, folder: Path | None, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Answer of one scenario, and its page of text where one is asked for."""
    from soemrisk.answer import answer

    lang = options["lang"] or scenario.lang
    digest, simulation = _simulate(scenario, options, lang)
    found = answer(scenario, digest, lang)
    if folder is not None:
        _write(scenario, (digest, simulation), found, folder, lang)
    if options["as_json"]:
        return found, ""
    from soemrisk.terminal import report

    return found, report(scenario, digest, found, lang)


def _drive_one(scenario: Any, folder: Path | None, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What drives one scenario, and its page of text where one is asked for."""
    from soemrisk import kernel
    from soemrisk.driver_page import driver_page
    from soemrisk.drivers import check_request, drivers
    from soemrisk.priorities import Thresholds

    lang = options["lang"] or scenario.lang
    problems = check_request(scenario, options["actor"], options["pair"] or ())
    for name in ("width_from", "importance_from"):
        if options[name] is not None and not options[name] < MOST:
            where = "--" + name.replace("_", "-")
            problems.append(("usage-number-from", {"name": where, "found": str(options[name]), "least": 0}))
    refuse(problems, lang)
    stated = {"width": options["width_from"], options["importance"]: options["importance_from"]}
    simulated = _simulate(scenario, options, lang)
    found = drivers(
        scenario,
        simulated,
        evaluate=kernel.evaluate,
        thresholds=Thresholds(**{name: value for name, value in stated.items() if value is not None}),
        importance=options["importance"],
        pair=options["pair"] or None,
    )
    if folder is not None:
        _write_drivers(scenario, {**found, "deciding": options["actor"]}, folder, lang)
    return found, "" if options["as_json"] else driver_page(scenario, found, lang, options["actor"])


def _memo_one(scenario: Any, folder: Path | None, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Write the memo of one scenario; the answer that it is made from, and no page of text."""
    from soemrisk.drivers import check_request
    from soemrisk.memo_building import build_memo
    from soemrisk.memo_files import memo_files, missing_extras, picture_kinds
    from soemrisk.store import write_all

    assert folder is not None
    lang = options["lang"] or scenario.lang
    refuse(check_request(scenario, options["actor"], ()), lang)
    missing = missing_extras(options["formats"] or FORMATS)
    for kind, extra in missing.items():
        click.echo(text("memo-needs-extra", lang, format=kind, extra=extra), err=True)
    if missing and options["formats"]:
        sys.exit(FAILED)
    simulated = _simulate(scenario, options, lang)
    deciding, threads = options["actor"], options["threads"] or threads_for(simulated[0].plan.draws)
    formats = [one for one in options["formats"] or FORMATS if one not in missing]
    kinds = picture_kinds(formats)
    case, document = build_memo(scenario, simulated, lang, deciding=deciding, threads=threads, kinds=kinds)
    files = memo_files(case, document, formats)
    with writing(folder, lang):
        write_all(folder, files)
    return dict(case.found), ""


def _write_drivers(scenario: Any, found: dict[str, Any], folder: Path, lang: str) -> None:
    from soemrisk.driver_figures import driver_pictures
    from soemrisk.driver_tables import driver_tables
    from soemrisk.store import write_all

    files = {f"tables/{name}": content for name, content in driver_tables(scenario, found, lang).items()}
    files |= driver_pictures(scenario, found, lang)
    told = {name: value for name, value in found.items() if name != "deciding"}
    files["drivers.json"] = (as_json(told) + "\n").encode()
    with writing(folder, lang):
        write_all(folder, files)


def _simulate(scenario: Any, options: dict[str, Any], lang: str) -> Any:
    from soemrisk.design import plan
    from soemrisk.running import is_compiled, run_scenario

    if not is_compiled(options["draws"]):
        click.echo(text("compiling", lang), err=True)
    try:
        planned = plan(options["draws"], options["seed"], options["sampler"])
        if planned.draws != options["draws"]:
            key = "rounded-draws-sobol" if planned.sampler == "sobol" else "rounded-draws-random"
            click.echo(text(key, lang, asked=options["draws"], draws=planned.draws), err=True)
        if options.get("until_stable"):
            return _until_stable(scenario, planned, options["threads"], lang)
        with progress(planned.replicates) as tick:
            threads = options["threads"] or threads_for(planned.draws)
            return run_scenario(scenario, planned, threads=threads, tick=tick)
    except (ValueError, MemoryError) as error:
        click.echo(text("cannot-simulate", lang, reason=str(error) or type(error).__name__), err=True)
        sys.exit(FAILED)


def _until_stable(scenario: Any, planned: Any, threads: int | None, lang: str) -> Any:
    from soemrisk.digits import grouped
    from soemrisk.running import run_scenario
    from soemrisk.stopping import MOST_DRAWS, stable, until_stable

    last: list[Any] = [None]

    def run(one: Any) -> Any:
        with progress(one.replicates, desc=f"{one.draws:,}".replace(",", " ")) as tick:
            last[0] = run_scenario(scenario, one, threads=threads or threads_for(one.draws), tick=tick)
        return last[0][0]

    digest = until_stable(planned, run)
    key = "stable-after" if stable(digest) else "not-stable"
    click.echo(text(key, lang, draws=grouped(digest.plan.draws, lang), most=grouped(MOST_DRAWS, lang)), err=True)
    return last[0]


@commands.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT.nc")
@click.option("--lang", type=LANGUAGE, default="da", show_default=True, help="Language of the text.")
def verify(result: Path, lang: str) -> None:
    """Simulate a stored result anew, and say whether it is the same."""
    from importlib import metadata

    from soemrisk.dataset import again
    from soemrisk.receipt import LIBRARIES
    from soemrisk.store import read_dataset

    try:
        stored = read_dataset(result)
        missing = {"content", "draws", "seed", "sampler", "scenario_sha256"} - set(stored.attrs)
    except (OSError, ValueError) as error:
        known = isinstance(error, OSError) and error.errno is not None
        reason = system_reason(error) if known else phrase("no-netcdf")
        click.echo(text("not-a-result", lang, name=str(result), reason=reason), err=True)
        sys.exit(WRONG_INPUT)
    if missing:
        click.echo(text("not-a-result", lang, name=str(result), reason=", ".join(sorted(missing))), err=True)
        sys.exit(WRONG_INPUT)
    versions = {
        key.removeprefix("version_"): value for key, value in stored.attrs.items() if key.startswith("version_")
    }
    here = {name: metadata.version(name) for name in versions if name in {*LIBRARIES, "soemrisk"}}
    changed = [f"{name} {old} → {here.get(name, '–')}" for name, old in versions.items() if old != here.get(name)]
    try:
        differences = again(stored, threads=os.cpu_count() or 1)
    except (ValueError, KeyError):
        click.echo(text("not-a-result", lang, name=str(result), reason=phrase("incomplete-result")), err=True)
        sys.exit(WRONG_INPUT)
    worst = max(differences.values())
    if worst == 0:
        click.echo(text("verify-same", lang, name=str(result)))
    elif worst <= SAME_TO:
        click.echo(text("verify-close", lang, name=str(result), size=f"{worst:.1g}", changed=", ".join(changed) or "–"))
    else:
        apart = ", ".join(name for name, size in differences.items() if size > SAME_TO)
        click.echo(
            text(
                "verify-not",
                lang,
                name=str(result),
                size=f"{worst:.1g}",
                apart=apart,
                changed=", ".join(changed) or "–",
            )
        )
        sys.exit(FAILED)


def _write(scenario: Any, outcome: tuple[Any, Any], found: dict[str, Any], folder: Path, lang: str) -> None:
    from soemrisk.figures import pictures
    from soemrisk.labelled_arrays import labelled_arrays
    from soemrisk.store import write_all, write_labelled
    from soemrisk.tables import tables

    digest, simulation = outcome
    files = {f"tables/{name}": content for name, content in tables(digest.model, found, lang).items()}
    files |= pictures(scenario, found, lang)
    files["summary.json"] = (as_json(found) + "\n").encode()
    with writing(folder, lang):
        result = labelled_arrays(scenario, digest, simulation)
        if simulation is not None:
            result = result.only(["net", "net_expected", "net_correlated"])
        write_labelled(folder / "result.nc", result)
        write_all(folder, files)


def main() -> None:
    """Entry point: text is UTF-8 wherever it goes; interruptions and closed pipes end quietly."""
    gc.set_threshold(100_000, 20, 20)  # importing makes many objects that stay: to look for garbage takes time
    atexit.register(gc.freeze)  # and at the end all is looked through several times more: a quarter of a short run
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # none is ours; to look takes time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        from soemrisk.usage import language, usage_problem

        click.echo(usage_problem(error, language(sys.argv[1:])), err=True)
        sys.exit(WRONG_INPUT)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
