"""Measure soemrisk beside a plain numpy model and one with scipy's quantile functions: speed and peak memory.

    python benchmarks/run.py                       the whole measurement, as a table in Markdown
    python benchmarks/run.py --write               the same, into benchmarks/RESULTS.md
    python benchmarks/run.py --memory 8388608      soemrisk alone at one more size, for its memory

Every measurement is a process of its own, with one thread for BLAS. Contenders take turns within each round and in
another order in every round, so that a slow moment of the machine does not fall on one of them. Ratios are taken within
a round. Contenders that do not agree on mean and standard deviation of the net result end the measurement.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "scenarios"
CASES = ("act-randers", "generated-40", "generated-184")
CONTENDERS = ("soemrisk", "soemrisk-2-threads", "numpy", "numpy-few-outputs", "scipy-quantiles")
AGREE = 0.12  # of a standard deviation, at 2^10 draws; falls with the root of the draws
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")

Measured = dict[str, Any]


def scenario_file(case: str, folder: Path) -> Path:
    """The file of a case: a shipped scenario, or one made for its number of inputs."""
    if not case.startswith("generated-"):
        return SHIPPED / f"{case}.toml"
    from generated import scenario_text

    path = folder / f"{case}.toml"
    path.write_text(scenario_text(int(case.removeprefix("generated-"))), encoding="utf-8")
    return path


def measure(contender: str, path: Path, draws: int, seed: int) -> Measured:
    """One measurement in a process of its own."""
    arguments = [contender, str(path), str(draws), str(seed)]
    done = subprocess.run(
        [sys.executable, str(HERE / "contender.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **ONE_THREAD},
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}\n{done.stderr}")
    found: Measured = json.loads(done.stdout)
    return found


def disagreements(found: dict[str, Measured], draws: int) -> list[str]:
    """Contenders whose mean or standard deviation of the net result is not soemrisk's, by more than chance explains."""
    wanted = found["soemrisk"]["net"]
    allowed = AGREE * (1024 / draws) ** 0.5
    return [
        f"{contender}, {actor}: {key} {one['net'][actor][key]:.0f}, soemrisk {stats[key]:.0f}"
        for contender, one in found.items()
        for actor, stats in wanted.items()
        for key in ("mean", "sd")
        if abs(one["net"][actor][key] - stats[key]) > allowed * stats["sd"]
    ]


def rounds(case: str, path: Path, draws: int, repeats: int) -> dict[str, list[Measured]]:
    """All contenders in turn, ``repeats`` times."""
    kept: dict[str, list[Measured]] = {contender: [] for contender in CONTENDERS}
    for seed in range(1, repeats + 1):
        turn = seed % len(CONTENDERS)
        order = (*CONTENDERS[turn:], *CONTENDERS[:turn])
        found = {contender: measure(contender, path, draws, seed) for contender in order}
        wrong = disagreements(found, draws)
        if wrong:
            raise SystemExit(f"{case}, {draws} draws:\n" + "\n".join(wrong))
        for contender, one in found.items():
            kept[contender].append(one)
        print(f"{case}, {draws} draws: round {seed} of {repeats}", file=sys.stderr)
    return kept


def spread(values: list[float], digits: int = 3) -> str:
    """Median (smallest–largest), or the one value."""
    shown = [f"{float(f'{value:.{digits}g}'):,.10g}" for value in (median(values), min(values), max(values))]
    return shown[0] if len(values) == 1 else f"{shown[0]} ({shown[1]}–{shown[2]})"


def table(kept: dict[str, list[Measured]], draws: int) -> list[str]:
    """One row for each contender; a ratio above 1 says that soemrisk with one thread is faster."""
    lines = [
        "| contender | time | processor time | draws a second | peak memory, MB |",
        "| --- | --- | --- | --- | --- |",
    ]
    ours = kept["soemrisk"]
    for contender, found in kept.items():
        whole = [one["seconds"] / own["seconds"] for one, own in zip(found, ours, strict=True)]
        work = [one["processor"] / own["processor"] for one, own in zip(found, ours, strict=True)]
        speed = [draws / one["seconds"] for one in found]
        cells = (contender, spread(whole), spread(work), spread(speed), memory(found))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def memory(found: list[Measured]) -> str:
    """Peak of memory in MB (10^6 bytes)."""
    if any(one["peak"] is None for one in found):
        return "not known"
    return spread([one["peak"] / 1e6 for one in found])


def machine() -> str:
    """Cores and memory."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return f"{os.cpu_count()} cores" + (f", {pages / 2**30:.0f} GiB" if pages else "")


def versions() -> str:
    """Versions of what is measured."""
    names = ("soemrisk", "numpy", "scipy", "numba")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {metadata.version(name)}" for name in names)


HEAD = """# Speed and memory

Written by `{command}`.
{machine}; {versions}. Figures are median (smallest–largest) over the rounds.

- **soemrisk**: all that `run --json` does, with one thread: Sobol' points in 16 replicates, quantile functions to ten
  digits, the stated band and the fully correlated one, every figure with its error, in memory that does not grow.
- **soemrisk-2-threads**: the same bytes with two threads.
- **numpy**: an independent model in chunks of 8,192 (`numpy_model.py`): plain Monte Carlo with numpy's own samplers,
  the stated band alone; mean, standard deviation, seven quantiles and the share above 0 of the same results by actor,
  area and year, without errors.
- **numpy-few-outputs**: the same with some twenty results in place of over a hundred.
- **scipy-quantiles**: as numpy, but scrambled Sobol' points through the quantile functions of scipy.stats.

"Time" is that of the whole work over soemrisk's with one thread in the same round: above 1 soemrisk is faster, below 1
slower. "Processor time" is the same in seconds of processor, on which other work on the machine has little influence.
Imports and compiling are not in the times; the interpreter and the libraries are in the memory. All contenders agree on
mean and standard deviation of the net result of every actor within the error of the simulation, or there is no table.
"""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="+", default=CASES, help="shipped scenarios, or generated-<number of inputs>")
    parser.add_argument("--draws", nargs="+", type=int, default=[2**16, 2**20])
    parser.add_argument("--repeats", nargs="+", type=int, default=[5, 3], help="rounds, one number for each of --draws")
    parser.add_argument("--memory", type=int, default=0, help="draws at which soemrisk alone runs the first case")
    parser.add_argument("--write", action="store_true", help="into RESULTS.md instead of on the screen")
    return parser.parse_args()


def main() -> None:
    """Measure, and print or write the tables."""
    options = arguments()
    command = " ".join(["python benchmarks/run.py", *sys.argv[1:]])
    lines = [HEAD.format(command=command, machine=machine(), versions=versions())]
    with tempfile.TemporaryDirectory() as folder:
        for case in options.cases:
            path = scenario_file(case, Path(folder))
            for draws, repeats in zip(options.draws, options.repeats, strict=True):
                kept = rounds(case, path, draws, repeats)
                lines += [f"## {case}, {draws:,} draws, rounds: {repeats}", "", *table(kept, draws), ""]
        if options.memory:
            case, draws = options.cases[0], options.memory
            found = measure("soemrisk", scenario_file(case, Path(folder)), draws, 1)
            lines += [f"## {case}, {draws:,} draws, soemrisk alone", ""]
            lines += [f"Peak memory {memory([found])} MB, {spread([draws / found['seconds']])} draws a second.", ""]
    text = "\n".join(lines).rstrip() + "\n"
    if options.write:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
