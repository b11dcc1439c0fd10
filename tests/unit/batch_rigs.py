"""What tests of faults are made with: a study in many small blocks, what kills processes, a cluster of this machine."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

STUDY = """schema = 1
id = "s"
name = "S"
scenarios = ["act-randers"]
draws = 4096
[axes.rate]
place = "success_rate"
values = [{rates}]
[axes.cost]
place = "costs.indsats.amount"
factors = [0.5, 0.75, 1, 1.25, 1.5]
"""
BIN = Path(sys.executable).parent


def study_of(folder, blocks):
    """A study of so many blocks of ten cells."""
    path = folder / "study.toml"
    rates = ", ".join(f"{0.3 + 0.0005 * n:.4f}" for n in range(2 * blocks))
    path.write_text(STUDY.format(rates=rates), encoding="utf-8")
    return path


def started(path, store, *options, poison=None, limit=None):
    """A driver with blocks of ten cells; files of at most so many bytes where a limit is stated."""
    # interruptions may be ignored where tests run
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "import soemrisk.batch_trials as t; t.WORK = 10 * (t.SIZE_OF_CELL + 4096 * 792) + 1\n"
    if limit is not None:
        code += f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    code += "from soemrisk.cli import main; main()"
    arguments = ["study", "run", path, "--out", store, "--lang", "en", *options]
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(poison),
    )  # fmt: skip


def finished(process, within=300):
    """Exit code and what was said."""
    _, said = process.communicate(timeout=within)
    return process.returncode, said


def environment(poison):
    found = dict(os.environ)
    if poison is not None:
        found["PYTHONPATH"] = str(poison)
    return found


def poison_in(folder, cell, deed):
    """A folder that makes every Python which has it on its path do something when it calculates a cell."""
    place = folder / "poison"
    place.mkdir()
    code = (
        "import os, sys, time\n"
        "def _spoil():\n"
        "    import soemrisk.batch_blocks as blocks\n"
        "    calculate = blocks.cell_row\n"
        "    def spoiled(models, columns, cell):\n"
        f"        if cell == {cell}:\n            {deed}\n"
        "        return calculate(models, columns, cell)\n"
        "    blocks.cell_row = spoiled\n"
        "if any('batch_worker' in one or 'dask' in one or one == '-c' for one in sys.orig_argv):\n    _spoil()\n"
    )
    (place / "sitecustomize.py").write_text(code, encoding="utf-8")
    return place


def files_of(store):
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def blocks_in(store):
    return len(list((store / "blocks").rglob("[0-9]*[0-9]"))) - len(list((store / "blocks").glob("*")))


def wait_for_blocks(store, count, process, within=120):
    """Wait until so many blocks are there, or the process ends."""
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None and blocks_in(store) < count:
        time.sleep(0.02)


@contextmanager
def killing(find, kills, pause, seed=0):
    """Kill one of the processes that ``find`` gives, again and again, at random; yields the list of those killed."""
    killed, over, chance = [], threading.Event(), random.Random(seed)  # noqa: S311 -- whom to kill is no secret

    def work():
        while len(killed) < kills and not over.wait(chance.uniform(0.5, 1.5) * pause):
            found = find()
            if found:
                one = chance.choice(found)
                try:
                    os.kill(one, signal.SIGKILL)
                    killed.append(one)
                except ProcessLookupError:
                    pass

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def workers_of(process):
    """Processes that calculate blocks for a driver."""
    try:
        listed = psutil.Process(process.pid).children()
        return [one.pid for one in listed if "soemrisk.batch_worker" in " ".join(one.cmdline())]
    except psutil.Error:
        return []


@contextmanager
def cluster(folder, workers=2, poison=None, certificate=None):
    """A Dask scheduler and workers on this machine; yields its address, the scheduler, and who calculates."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"{'tls' if certificate else 'tcp'}://127.0.0.1:{port}"
    tls = []
    for name, path in zip(("--tls-ca-file", "--tls-cert", "--tls-key"), certificate or (), strict=False):
        tls += [name, str(path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment(poison)}
    command = [BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", *tls]
    command += ["--protocol", "tls"] if tls else []
    scheduler = subprocess.Popen(command, **quiet)
    options = ["--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", *tls]
    options += ["--local-directory", str(folder / "dask")]
    own = [subprocess.Popen([BIN / "dask", "worker", address, *options], **quiet) for _ in range(workers)]

    def calculating():
        found = []
        for nanny in own:
            try:
                found += [one.pid for one in psutil.Process(nanny.pid).children() if "spawn_main" in str(one.cmdline())]
            except psutil.Error:
                continue
        return found

    try:
        yield address, scheduler, calculating
    finally:
        for process in [*own, scheduler]:
            try:
                family = psutil.Process(process.pid).children(recursive=True)
            except psutil.Error:
                family = []
            process.kill()
            process.wait()
            for one in family:
                if one.is_running():
                    one.kill()
