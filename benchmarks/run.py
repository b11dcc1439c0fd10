"""Measure soemrisk side by side with every tool that a user would take instead: one raw file, which grows.

    python benchmarks/run.py                        all of the plan that is not yet in benchmarks/raw.jsonl
    python benchmarks/run.py --minutes 25           the most important first, and no new measurement after 25 minutes
    python benchmarks/run.py --only numpy salib     these contenders alone (also --cases, --kinds, --rounds)
    python benchmarks/run.py --again                also what has been measured already
    python benchmarks/run.py --list                 the plan: what is done, and what is not
    python benchmarks/run.py --short                small sizes, one round, less than a minute: are the results right?
    python benchmarks/report.py                     RESULTS.md and plots, from the raw file alone

Every measurement is a process of its own, with one thread for BLAS. Contenders take turns within each round and in
another order in every round, so that a slow moment of the machine does not fall on one of them. soemrisk is measured
anew when its code has changed; what has been measured is not repeated otherwise. A rival that is not installed, or
takes too long, is passed over with a line that says so. Results that are further from the exact values than chance
explains, or contenders that fail, make the exit code 1; time never does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generated import case_text
from judging import Truth, judged, truth
from plan import COMMANDS, PLAN, SCRIPTS, SHORT, Measurement, measurements
from records import Record, read_raw

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "scenarios"
RAW = HERE / "raw.jsonl"
PACKAGES = {"salib": "SALib", "openturns": "openturns", "chaospy": "chaospy", "monaco": "monaco"}
COMPILED = ("c", "c-2-threads")
VERSIONS = ("soemrisk", "numpy", "scipy", "numba", *PACKAGES.values())
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENTURNS_NUM_THREADS")
PATIENCE = 3.0  # limits after which a process is ended
SCRIPT_PATIENCE = 12.0  # of a script, which has its whole size whatever it takes
COPIES = 2.5  # of SALib's sample that a script has in memory at the same time
SMALLER = 8  # the size that follows one that took too long is so many times smaller
ENTRY = "from soemrisk.cli import main; main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A process that has ended: how, and what it took, its children included."""

    code: int
    output: str
    complaint: str  # the last line on stderr
    seconds: float
    processor: float


def finished(command: list[str], patience: float, **environment: str) -> Finished:
    """Run a command to its end, or end it when it has taken too long."""
    given = {**os.environ, **dict.fromkeys(THREADS, "1"), **environment}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=given)
        watch = threading.Timer(patience, process.kill)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines() or [""]
        return Finished(
            code=process.returncode,
            output=output.read().decode(),
            complaint=said[-1],
            seconds=seconds,
            processor=usage.ru_utime + usage.ru_stime,
        )


def scenario_file(case: str, folder: Path) -> Path:
    """The file of a case: a shipped scenario, or one made for it."""
    if not case.startswith("generated-"):
        return SHIPPED / f"{case}.toml"
    path = folder / f"{case}.toml"
    path.write_text(case_text(case), encoding="utf-8")
    return path


def whole_process(one: Measurement, path: Path, folder: Path, limit: float) -> tuple[str, Record, Finished]:
    """A command or a script, start to end."""
    patience = (SCRIPT_PATIENCE if one.contender in SCRIPTS else PATIENCE) * limit
    with tempfile.TemporaryDirectory(dir=folder) as own:
        if one.contender in SCRIPTS:
            script = str(HERE / "contender.py")
            command = [script, "sobol", SCRIPTS[one.contender], str(path), str(one.size), str(one.turn), "once"]
            done = finished([sys.executable, *command], patience)
        else:
            words = [word.format(path=path, out=f"{own}/out") for word in COMMANDS[one.contender]]
            is_first = one.contender.endswith("first")
            new = {"NUMBA_CACHE_DIR": f"{own}/compiled"} if is_first else {}
            for _ in range(1 if is_first else 2):  # what is not the first run finds compiled code and files in memory
                done = finished([sys.executable, "-c", ENTRY, *words], patience, **new)
    return _state(done, patience), {"seconds": done.seconds, "processor": done.processor}, done


def too_large(one: Measurement, path: Path) -> str | None:
    """Why a script does not fit the memory that is free, if it does not: SALib's sample is points × inputs²."""
    if one.contender != "salib script":
        return None
    from numpy_model import load

    inputs = len(load(path).inputs)
    needed = COPIES * 8 * one.size * (inputs + 2) * inputs
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"needs {needed / 1e9:,.0f} GB of memory, {free / 1e9:.0f} GB are free" if needed > free else None


def contended(one: Measurement, size: int, path: Path, limit: float) -> tuple[str, Record, Finished]:
    """A contender, which measures itself."""
    words = (one.kind, one.contender, path, size, one.turn, limit)
    done = finished([sys.executable, str(HERE / "contender.py"), *map(str, words)], PATIENCE * limit)
    state = _state(done, PATIENCE * limit)
    found: Record = json.loads(done.output) if state == "measured" else {}
    return ("refused" if "refused" in found else state), found, done


def _state(done: Finished, patience: float) -> str:
    if not done.code:
        return "measured"
    return "too long" if done.seconds >= patience else "failed"


def measure(one: Measurement, folder: Path, limit: float, exact: Truth) -> list[Record]:
    """What is to be written of a measurement; one that took too long is followed by a smaller one."""
    path, records = scenario_file(one.case, folder), []
    if reason := too_large(one, path):
        return [{**asdict(one), "asked": one.size, "state": "too large", "note": reason, "load": os.getloadavg()[0]}]
    for size in (one.size, one.size // SMALLER):
        load = os.getloadavg()[0]
        if one.kind == "process":
            state, found, done = whole_process(one, path, folder, limit)
        else:
            state, found, done = contended(one, size, path, limit)
        answers = found.pop("found", [])
        record = {**asdict(one), "size": size, "asked": one.size, "state": state, **found}
        record["load"] = max(load, os.getloadavg()[0])
        if state == "measured":
            record["errors"], record["wrong"] = judged(one.kind, one.contender, answers, record["size"], exact)
            record["digest"] = answers[0].get("digest") if answers and isinstance(answers[0], dict) else None
        elif state == "failed":
            record["note"] = done.complaint.replace(str(folder), "").replace(str(HERE), "")
        records.append(record)
        if state != "too long" or one.kind == "process":
            break
    return records


def engine() -> str:
    """A digest of soemrisk's code as it is installed."""
    found = find_spec("soemrisk")
    assert found is not None
    assert found.submodule_search_locations is not None
    digest = hashlib.sha256()
    for file in sorted(Path(found.submodule_search_locations[0]).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def surroundings() -> Record:
    """Versions of what is measured, cores and memory."""
    installed = {name: metadata.version(name) for name in VERSIONS if find_spec(name)}
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "engine": engine(),
        "versions": {"Python": platform.python_version(), **installed},
        "machine": {"cores": os.cpu_count(), "memory": round(memory), "processor": platform.machine()},
    }


def key(record: Record, engine: str) -> tuple[Any, ...]:
    """What makes a measurement the same: of soemrisk also its code."""
    size = record.get("asked", record["size"])
    of_soemrisk = is_ours(record["kind"], record["contender"]) and record.get("engine", engine)
    return record["kind"], record["contender"], record["case"], size, record["turn"], of_soemrisk


def is_ours(kind: str, contender: str) -> bool:
    """Whether soemrisk is measured."""
    return kind == "exact" or contender.startswith("soemrisk")


def missing(contender: str) -> str | None:
    """The package or program that a contender needs and that is not installed."""
    if contender in COMPILED:
        return None if shutil.which("cc") else "a C compiler (cc)"
    package = next((package for start, package in PACKAGES.items() if contender.startswith(start)), None)
    return package if package and not find_spec(package) else None


def told(one: Measurement, record: Record) -> str:
    """A line on a measurement."""
    line = f"{one.case}: {one.kind}, {one.contender}, {one.size:,}, round {one.turn}: {record['state']}"
    if record["state"] == "measured":
        line += f", {record['seconds']:.3g} s" + (f", at {record['size']:,}" if record["size"] != one.size else "")
    return "\n".join([line, *([record["note"]] if "note" in record else []), *record.get("wrong", [])])


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="CONTENDER", help="these contenders, or those that begin so")
    parser.add_argument("--cases", nargs="+", metavar="CASE", help="these cases")
    parser.add_argument("--kinds", nargs="+", metavar="KIND", help="of process, draws, sobol, evppi, exact")
    parser.add_argument("--rounds", type=int, help="of everything, in place of the plan's own")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no new measurement after so many")
    parser.add_argument("--limit", type=float, help="seconds that one measurement may take (default: 120, 20 if short)")
    parser.add_argument("--again", action="store_true", help="repeat what has been measured")
    parser.add_argument("--list", action="store_true", help="show the plan, measure nothing")
    parser.add_argument("--short", action="store_true", help="small sizes, one round, kept only with --raw")
    parser.add_argument("--raw", type=Path, help="the file that grows (default: raw.jsonl beside this program)")
    options = parser.parse_args()
    options.limit = options.limit or (20.0 if options.short else 120.0)
    return options


def begins(contender: str, names: list[str]) -> bool:
    """Whether a contender has one of the names, or begins with all words of one."""
    return any(re.match(f"{re.escape(name)}($|[- ])", contender) for name in names)


def wanted(options: argparse.Namespace) -> list[Measurement]:
    """The part of the plan that is asked for."""
    blocks, rounds = (SHORT, options.rounds or 1) if options.short else (PLAN, options.rounds)
    return [
        one
        for one in measurements(blocks, rounds)
        if (not options.only or begins(one.contender, options.only))
        and (not options.cases or one.case in options.cases)
        and (not options.kinds or one.kind in options.kinds)
    ]


def run(plan: list[Measurement], options: argparse.Namespace, raw: Path, folder: Path) -> bool:
    """Measure and write; whether all results are right."""
    began, around, right = time.monotonic(), surroundings(), True
    done = {key(one, around["engine"]) for one in read_raw(raw) if one["state"] in {"measured", "refused"}}
    absent: set[str] = set()
    exact = cache(lambda case, kind: truth(scenario_file(case, folder), [kind]))
    for number, one in enumerate(plan, 1):
        if key(asdict(one), around["engine"]) in done and not options.again:
            continue
        if missing(one.contender):
            if one.contender not in absent:
                absent.add(one.contender)
                record = {**asdict(one), "asked": one.size, "state": "missing", "note": missing(one.contender)}
                write(raw, {**record, **around})
                print(f"{one.contender}: {missing(one.contender)} is not installed, passed over", file=sys.stderr)
            continue
        if time.monotonic() - began > 60 * options.minutes:
            print(f"{options.minutes:g} minutes have passed before {number} of {len(plan)}", file=sys.stderr)
            break
        for record in measure(one, folder, options.limit, exact(one.case, one.kind)):
            write(raw, {**record, **around})
            right = right and not record.get("wrong") and record["state"] != "failed"
            print(f"[{number}/{len(plan)}] {told(one, record)}", file=sys.stderr)
    return right


def write(raw: Path, record: Record) -> None:
    """Add a line to the raw file."""
    with raw.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def main() -> None:
    """Measure what is not yet measured."""
    options = arguments()
    plan = wanted(options)
    if not plan:
        raise SystemExit("nothing in the plan is as asked for")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        raw = options.raw or (folder / "raw.jsonl" if options.short else RAW)
        if options.list:
            now = engine()
            done = {key(one, now) for one in read_raw(raw) if one["state"] in {"measured", "refused"}}
            for one in plan:
                state = "done" if key(asdict(one), now) in done else "to do"
                print(f"{state}  {one.kind}, {one.contender}, {one.case}, {one.size:,}, round {one.turn}")
            return
        right = run(plan, options, raw, folder)
        if options.short:
            from report import markdown

            print(markdown(read_raw(raw)))
    raise SystemExit(0 if right else 1)


if __name__ == "__main__":
    main()
