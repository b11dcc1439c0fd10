"""The commands on batch studies: run one, and show what came out."""

from __future__ import annotations

import errno
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from soemrisk.command_frame import FAILED, LANGUAGE, WRONG_INPUT, as_json, complain, progress, refuse, writing
from soemrisk.errors import ScenarioError, system_reason
from soemrisk.messages import text

LONGEST_PART = 20  # characters of --part
MEASURES = ("mean", "prob_positive", "p5", "p10", "p50", "p90", "p95", "base")


@click.group()
def study() -> None:
    """Calculate many scenarios and settings, here or on a cluster, and show what matters."""


def _part(said: str) -> tuple[int, int] | None:
    """Which of how many parts a run is; None where that is not what is said."""
    first, _, of = said.partition("/")
    short = len(said) <= LONGEST_PART  # a number of thousands of digits is no part, and not even a number to Python
    sound = short and first.isdecimal() and of.isdecimal() and 1 <= int(first) <= int(of)
    return (int(first), int(of)) if sound else None


@study.command()
@click.argument("source", metavar="STUDY")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the study.")
@click.option("--dry-run", is_flag=True, help="Check, and say what it takes; nothing is written.")
@click.option("--resume", is_flag=True, help="Go on with what is in the folder.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes of this machine; default: this one.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler that has the workers.")
@click.option("--timeout", type=click.FloatRange(1), default=600.0, show_default=True, help="Seconds of a block.")
@click.option(
    "--patience", type=click.FloatRange(1), default=60.0, show_default=True, help="Seconds without any worker."
)
@click.option("--tls-ca", type=click.Path(), help="Certificate of who signed the scheduler's.")
@click.option("--tls-cert", type=click.Path(), help="Own certificate.")
@click.option("--tls-key", type=click.Path(), help="Key of the own certificate.")
@click.option("--part", metavar="I/N", help="Every N-th block from the I-th on: a job of an array.")
@click.option("--lang", type=LANGUAGE, help="Language of messages; default: the study's, else da.")
def run(source: str, **options: Any) -> None:
    """Run a batch study, or go on with one."""
    from soemrisk.batch_reading import read_batch

    try:
        batch = read_batch(source)
    except ScenarioError as error:
        complain(error, options["lang"])
        sys.exit(WRONG_INPUT)
    lang = options["lang"] or batch.lang
    wrong: list[tuple[str, dict[str, Any]]] = []
    if options["workers"] and options["scheduler"]:
        wrong.append(("study-both-pools", {}))
    if options["out"] is None and not options["dry_run"]:
        wrong.append(("study-no-out", {}))
    if options["part"] is not None:
        wrong += [] if _part(options["part"]) else [("study-part", {"found": options["part"]})]
        options["part"] = _part(options["part"])
    wrong += _missing_files(options)
    refuse(wrong, lang)
    if options["dry_run"]:
        _tell_plan(batch, lang)
        return
    _run(batch, options, lang)


def _missing_files(options: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield certificates that cannot be read."""
    from soemrisk.store import read_whole

    for key in ("tls_ca", "tls_cert", "tls_key"):
        if options[key] is not None:
            said = {"option": "--" + key.replace("_", "-"), "found": options[key]}
            try:
                if read_whole(Path(options[key])) is None:
                    yield "study-no-pem", {**said, "reason": system_reason(FileNotFoundError(errno.ENOENT, ""))}
            except (OSError, ValueError) as error:
                yield "study-no-pem", {**said, "reason": system_reason(error)}


def _tell_plan(batch: Any, lang: str) -> None:
    """Cells, time, memory and disk."""
    from soemrisk.batch_estimates import estimated
    from soemrisk.batch_page import counted
    from soemrisk.batch_pools import PoolLostError
    from soemrisk.digits import grouped

    try:
        found = estimated(batch)
    except PoolLostError as error:
        click.echo(text("cannot-simulate", lang, reason=error.reason), err=True)
        sys.exit(FAILED)
    shape = " × ".join(str(size) for size in batch.shape)
    said = {
        "name": batch.name[lang],
        "cells": counted("cells", batch.cells, lang),
        "shape": shape,
        "blocks": counted("blocks", batch.blocks, lang),
        "draws": grouped(batch.plan.draws, lang),
        "time": duration(found.seconds, lang),
        "error": duration(found.error, lang),
        "measured": counted("cells", found.measured, lang),
        "of_cell": grouped(found.of_cell * 1000, lang, 1),
        "start": grouped(found.start, lang, 1),
        "worker": grouped(found.worker / 1e6, lang),
        "driver": grouped(found.driver / 1e6, lang),
        "table": grouped(found.table / 1e6, lang, 1),
        "disk": grouped(found.disk / 1e6, lang, 1),
    }
    for key in ("study-plan-cells", "study-plan-time", "study-plan-size"):
        click.echo(text(key, lang, **said))


def duration(seconds: float, lang: str) -> str:
    """A time in the unit that suits it.

    Examples
    --------
    >>> duration(90.0, "en"), duration(7200.0, "da")
    ('90 s', '120 min')
    """
    from soemrisk.digits import grouped

    units = ((1.0, "s"), (60.0, "min"), (3600.0, "h" if lang == "en" else "t"))
    size, unit = next((one for one in units if seconds < 200 * one[0]), units[-1])
    return f"{grouped(seconds / size, lang, 1 if seconds < 10 * size else 0)} {unit}"


def _run(batch: Any, options: dict[str, Any], lang: str) -> None:
    """Calculate what is missing, and put the table together."""
    from soemrisk.batch_lock import at_work
    from soemrisk.batch_plan import text_of
    from soemrisk.batch_running import run_blocks
    from soemrisk.batch_store import open_store, tidy

    store, part = options["out"], options["part"]
    blocks = range(batch.blocks) if part is None else range(part[0] - 1, batch.blocks, part[1])
    with _told(store, lang), at_work(store, part) as gone:
        if gone is not None:
            click.echo(text("study-taken-over", lang, process=gone, name=str(store)), err=True)
        open_store(store, text_of(batch), resume=options["resume"] or part is not None)
        if part is None:
            tidy(store)
        pool = _pool(batch, options)
        try:
            with progress(batch.cells, unit_scale=True) as tick:
                found = run_blocks(batch, store, pool, blocks, tick)
        finally:
            pool.close()
        _finish(batch, found, options, lang)


@contextmanager
def _told(store: Path, lang: str) -> Iterator[None]:
    """Say why a run stopped."""
    from soemrisk.batch_lock import AtWorkError, StoreError
    from soemrisk.batch_pools import PoolLostError

    try:
        yield
    except AtWorkError as error:
        click.echo(text("cannot-simulate", lang, reason=error.reason), err=True)
        sys.exit(FAILED)
    except StoreError as error:
        click.echo(text("cannot-simulate", lang, reason=error.reason), err=True)
        sys.exit(WRONG_INPUT)
    except PoolLostError as error:
        click.echo(text("study-lost", lang, reason=error.reason), err=True)
        sys.exit(FAILED)
    except OSError as error:
        click.echo(text("study-cannot-write", lang, name=str(store), reason=system_reason(error)), err=True)
        sys.exit(FAILED)


def _pool(batch: Any, options: dict[str, Any]) -> Any:
    """Who calculates."""
    from soemrisk.batch_plan import content_key, text_of
    from soemrisk.batch_pools import in_process, processes

    stated = text_of(batch)
    key = content_key(stated)
    if options["scheduler"]:
        from soemrisk.batch_cluster import cluster, security_of

        security = security_of(options["tls_ca"], options["tls_cert"], options["tls_key"])
        limits = {"timeout": options["timeout"], "patience": options["patience"]}
        return cluster(stated, key, options["scheduler"], security=security, **limits)
    if options["workers"]:
        return processes(stated, key, options["workers"], options["timeout"])
    return in_process(stated, key)


def _finish(batch: Any, found: Any, options: dict[str, Any], lang: str) -> None:
    """Put the table together where all blocks are there; else tell which are not."""
    from soemrisk.batch_blocks import cells_of
    from soemrisk.batch_dataset import write_tables
    from soemrisk.batch_page import counted
    from soemrisk.batch_plan import content_key, text_of

    store = options["out"]
    if found.corrupted:
        listed = tuple(map(str, found.corrupted))
        click.echo(text("study-corrupted", lang, count=counted("blocks", len(listed), lang), blocks=listed), err=True)
    if found.failed:
        cells = counted("cells", sum(len(cells_of(batch, block)) for block in found.failed), lang)
        blocks = counted("blocks", len(found.failed), lang)
        click.echo(text("study-failed-head", lang, cells=cells, blocks=blocks), err=True)
        for block, failure in found.failed.items():
            of = cells_of(batch, block)
            row = {"block": block, "first": of[0], "last": of[-1], "reason": failure.reason}
            click.echo(text("study-failed-row" if len(of) > 1 else "study-failed-row-one", lang, **row), err=True)
        sys.exit(FAILED)
    said = {"kept": found.kept, "made": found.made, "name": str(store)}
    said |= {key: counted(key, getattr(batch, key), lang) for key in ("cells", "blocks")}
    if options["part"] is not None:
        click.echo(text("study-part-done", lang, part="/".join(map(str, options["part"])), **said), err=True)
        return
    write_tables(store, batch, content_key(text_of(batch)))
    click.echo(text("study-done", lang, **said), err=True)


@contextmanager
def _readable(store: Path, lang: str) -> Iterator[None]:
    """Say why the folder of a study cannot be shown."""
    from soemrisk.batch_lock import StoreError

    try:
        yield
    except StoreError as error:
        click.echo(text("study-cannot-show", lang, reason=error.reason), err=True)
        sys.exit(WRONG_INPUT)
    except (OSError, ValueError) as error:
        click.echo(text("study-cannot-read", lang, name=str(store), reason=system_reason(error)), err=True)
        sys.exit(FAILED)


@study.command()
@click.argument("store", type=click.Path(path_type=Path), metavar="STORE")
@click.option("--actor", help="Whose result; default: the first actor. total: all together.")
@click.option("--measure", type=click.Choice(MEASURES), default="mean", show_default=True, help="What ranks cells.")
@click.option("--axis", "axes", multiple=True, help="Of the heat map: columns, rows, panels; default: what matters.")
@click.option("--out", type=click.Path(path_type=Path), help="Directory for show.json and pictures.")
@click.option("--lang", type=LANGUAGE, help="Language of the text; default: the study's.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object and nothing else.")
def show(store: Path, actor: str | None, measure: str, lang: str | None, **options: Any) -> None:
    """Say what a study found: best, worst, where the sign turns, what matters."""
    import numpy as np

    from soemrisk.batch_page import counted, page_of
    from soemrisk.batch_report import report_of
    from soemrisk.batch_running import table_of
    from soemrisk.batch_store import stored_batch

    with _readable(store, lang or "da"):
        batch, key = stored_batch(store)
    spoken = lang or batch.lang
    whose = actor or batch.actors[1]
    if whose not in batch.actors:
        refuse([("study-no-actor", {"found": whose, "allowed": batch.actors})], spoken)
    with _readable(store, spoken):
        table = table_of(store, batch, key)
    missing = int(np.isnan(table[:, 0]).sum())
    if missing == batch.cells:
        refuse([("study-nothing-finished", {"name": str(store)})], spoken)
    if missing:
        cells = counted("cells", batch.cells, spoken)
        click.echo(text("study-unfinished", spoken, missing=missing, cells=cells), err=True)
    several = [name for name, size in zip(batch.dims, batch.shape, strict=True) if size > 1]
    wrong = [("study-no-axis", {"found": one, "allowed": several}) for one in options["axes"] if one not in several]
    twice = [one for one, count in Counter(options["axes"]).items() if count > 1]
    refuse([*wrong, *(("study-axis-twice", {"found": one}) for one in twice)], spoken)
    found = report_of(batch, table, whose, measure)
    if options["out"] is not None:
        from soemrisk.batch_pictures import study_pictures
        from soemrisk.store import write_all

        files = study_pictures(batch, table, found, spoken, options["axes"])
        with writing(options["out"], spoken):
            write_all(options["out"], {**files, "show.json": (as_json(found) + "\n").encode()})
    click.echo(as_json(found) if options["json_"] else page_of(batch, found, spoken))
