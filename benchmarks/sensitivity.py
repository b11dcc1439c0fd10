"""Measure where the uncertainty comes from and what it is worth to know: time, memory and accuracy beside peers.

    python benchmarks/sensitivity.py               the whole measurement, as tables in Markdown
    python benchmarks/sensitivity.py --write       the same, into benchmarks/SENSITIVITY.md

As in ``run.py`` every measurement is a process of its own with one thread for BLAS, contenders take turns within each
round, and ratios are taken within a round. Estimates further from the exact values than chance explains end the
measurement.
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
from typing import Any

import information_contenders
import numpy as np
import sobol_contenders
from information_contenders import BINS, DEGREE
from numpy_model import load
from run import HERE, ONE_THREAD, machine, memory, scenario_file, spread
from sobol_contenders import RESAMPLES

THREADS = ONE_THREAD | dict.fromkeys(("NUMBA_NUM_THREADS", "OPENTURNS_NUM_THREADS"), "1")
AGREE = 6.0  # largest error of an index times the root of the base points; of the EVPI, in standard errors
INDICES = {"S1": 0, "ST": 3}  # columns of the tables: the index, the low and the high end of its interval
# The most numbers that a rival's design, base points × inputs², may have here; base points are halved until it fits
CELLS = dict.fromkeys(("salib", "scipy", "openturns-saltelli", "openturns-jansen"), 6e8)
CELLS |= {"scipy-bootstrap": 1.4e8}  # it leaves out each point in turn: its work grows with the square of their number
COST = ("time", "processor time", "seconds", "seconds of processor")  # the first two over soemrisk's
INFORMATION = "act-randers"
DECIDES, LEADING = "kommune", "success.with"  # whose value of which input is shown

Measured = dict[str, Any]
Rounds = dict[str, list[Measured]]


def measure(kind: str, name: str, path: Path, draws: int, seed: int) -> Measured:
    """One measurement in a process of its own, with the highest load of the machine around it."""
    command = [sys.executable, str(HERE / "sensitivity_contender.py"), kind, name, str(path), str(draws), str(seed)]
    before = os.getloadavg()[0]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **THREADS})
    if done.returncode:
        raise SystemExit(f"{' '.join(command[2:])}\n{done.stderr}")
    found: Measured = json.loads(done.stdout)
    print(f"{path.stem}: {kind}, {name}, {draws} draws, seed {seed}", file=sys.stderr)
    return found | {"draws": draws, "load": max(before, os.getloadavg()[0])}


def in_turns(kind: str, sizes: dict[str, int], path: Path, repeats: int) -> Rounds:
    """All contenders in turn, ``repeats`` times, another first in every round."""
    names = list(sizes)
    kept: Rounds = {name: [] for name in names}
    for seed in range(1, repeats + 1):
        turn = seed % len(names)
        for name in (*names[turn:], *names[:turn]):
            kept[name].append(measure(kind, name, path, sizes[name], seed))
    return kept


def base_points(contender: str, inputs: int, draws: int) -> int:
    """Base points for a contender: as many as asked for, or halved until its design fits."""
    while draws * inputs**2 > CELLS.get(contender, np.inf):
        draws //= 2
    return draws


def accuracy(table: np.ndarray, truth: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Largest and root mean square error of S1 and ST, and the share of the intervals that hold the exact value."""
    found = {}
    for index, at in INDICES.items():
        exact, (value, low, high) = np.array(truth[index]), table[:, at : at + 3].T
        errors = np.abs(value - exact)
        held = float(np.mean((low <= exact) & (exact <= high))) if np.isfinite(low).all() else float("nan")
        found[index] = {"largest": float(errors.max()), "rms": float(np.sqrt(np.mean(errors**2))), "held": held}
    return found


def wrong_indices(kept: Rounds, truth: dict[str, list[float]]) -> list[str]:
    """Contenders whose indices are further from the exact ones than the number of points explains."""
    return [
        f"{name}: an error of {one['largest']:.3g} in {index} at {found['draws']} base points"
        for name, rounds in kept.items()
        for found in rounds
        for index, one in accuracy(np.array(found["found"]), truth).items()
        if not one["largest"] <= AGREE / found["draws"] ** 0.5
    ]


def times(rounds: list[Measured], kind: str, part: str = "whole", without: str = "") -> list[float]:
    """Seconds of a part of the work in every round, those of another part taken off."""
    return [one["times"][part][kind] - (one["times"][without][kind] if without else 0.0) for one in rounds]


def ratios(rounds: list[Measured], ours: list[Measured]) -> list[str]:
    """Time and processor time over soemrisk's in the same round."""
    kinds = ("seconds", "processor")
    pairs = [zip(times(rounds, kind), times(ours, kind), strict=True) for kind in kinds]
    return [spread([theirs / own for theirs, own in both]) for both in pairs]


def row(*cells: str) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def sobol_tables(kept: Rounds, truth: dict[str, list[float]]) -> list[str]:
    """What it cost, and how exact it is."""
    lines = [
        row("contender", "base points", *COST, "without quantiles", "peak, MB"),
        row(*["---"] * 8),
    ]
    for name, rounds in kept.items():
        inside = not any(times(rounds, "seconds", "quantiles"))
        lines.append(
            row(
                name,
                f"{rounds[0]['draws']:,}",
                *ratios(rounds, kept["soemrisk"]),
                spread(times(rounds, "seconds")),
                spread(times(rounds, "processor")),
                "–" if inside else spread(times(rounds, "processor", without="quantiles")),
                memory(rounds),
            )
        )
    heads = [f"{index} {what}" for index in INDICES for what in ("largest error", "rms error", "intervals that hold")]
    lines += ["", row("contender", "base points", *heads), row(*["---"] * 8)]
    for name, rounds in kept.items():
        found = [accuracy(np.array(one["found"]), truth) for one in rounds]
        cells = []
        for index in INDICES:
            cells += [spread([one[index][what] for one in found]) for what in ("largest", "rms")]
            held = [100 * one[index]["held"] for one in found]
            cells.append("no intervals" if np.isnan(held).any() else f"{spread(held)} %")
        lines.append(row(name, f"{rounds[0]['draws']:,}", *cells))
    return lines


def sobol(case: str, path: Path, draws: int, repeats: int) -> tuple[list[str], list[float]]:
    """Sobol' indices of a case, compared with the closed form; lines, and loads of the machine."""
    inputs = len(load(path).inputs)
    sizes = {name: base_points(name, inputs, draws) for name in sobol_contenders.CONTENDERS}
    truth = measure("exact", "sr.exact", path, 0, 1)["found"]
    kept = in_turns("sobol", sizes, path, repeats)
    wrong = wrong_indices(kept, truth)
    if wrong:
        raise SystemExit(f"{case}:\n" + "\n".join(wrong))
    return [*sobol_tables(kept, truth), ""], [one["load"] for rounds in kept.values() for one in rounds]


def wrong_information(kept: Rounds) -> list[str]:
    """Contenders whose EVPI is not that of soemrisk, and an integral that is not that of soemrisk."""
    ours = {key: np.array(kept["soemrisk"][0]["found"][key]) for key in ("evppi", "evpi")}
    found = []
    for name, rounds in kept.items():
        for one in rounds:
            evpi = np.array(one["found"]["evpi"])
            apart = np.abs(evpi[:, 0] - ours["evpi"][:, 0]) > AGREE * np.hypot(evpi[:, 1], ours["evpi"][:, 1])
            found += [f"{name}: EVPI of actor {a}, {evpi[a, 0]:.0f}" for a in np.flatnonzero(apart)]
    for one in kept["integral"]:
        apart = np.abs(np.array(one["found"]["evppi"]) - ours["evppi"]) > 1e-6 * (ours["evppi"] + ours["evpi"][:, :1])
        found += [f"integral: EVPPI of input {d} for actor {a}" for a, d in zip(*np.nonzero(apart), strict=True)]
    return found


def information(path: Path, draws: dict[str, int], repeats: int) -> tuple[list[str], list[float]]:
    """EVPPI of every input for every actor, compared with the integrals."""
    kept = in_turns("information", draws, path, repeats)
    wrong = wrong_information(kept)
    if wrong:
        raise SystemExit(f"{path.stem}:\n" + "\n".join(wrong))
    calculation = load(path)
    actor = calculation.actors.index(DECIDES)
    leading = [one.name for one in calculation.inputs].index(LEADING)
    truth = np.array(kept["soemrisk"][0]["found"]["evppi"])
    lines = [
        row("contender", "draws", *COST, "peak, MB"),
        row(*["---"] * 7),
    ]
    for name, rounds in kept.items():
        cells = [spread(times(rounds, kind)) for kind in ("seconds", "processor")]
        lines.append(row(name, f"{draws[name]:,}", *ratios(rounds, kept["soemrisk"]), *cells, memory(rounds)))
    heads = ("largest error", "rms error", "mean error", f"{LEADING} for {DECIDES}", f"EVPI of {DECIDES}", "its error")
    lines += ["", row("contender", "draws", *heads), row(*["---"] * 8)]
    for name, rounds in kept.items():
        tables = [np.array(one["found"]["evppi"]) for one in rounds]
        errors = [table - truth for table in tables]
        evpi = [one["found"]["evpi"][actor] for one in rounds]
        sizes = [(np.abs(one).max(), np.sqrt(np.mean(one**2)), one.mean()) for one in errors]
        compared = [spread([float(one) for one in column]) for column in zip(*sizes, strict=True)]
        cells = [
            *(["reference"] * 3 if name == "soemrisk" else compared),
            spread([float(table[actor, leading]) for table in tables], 6),
            spread([value for value, _ in evpi], 6),
            spread([error for _, error in evpi]),
        ]
        lines.append(row(name, f"{draws[name]:,}", *cells))
    return lines, [one["load"] for rounds in kept.values() for one in rounds]


def versions() -> str:
    """Versions of what is measured."""
    names = ("soemrisk", "numpy", "scipy", "numba", "SALib", "openturns")
    return f"Python {platform.python_version()}, " + ", ".join(f"{name} {metadata.version(name)}" for name in names)


HEAD = """# Where the uncertainty comes from, and what it is worth to know: speed, memory, accuracy

Written by `{command}`.
{machine}; {versions}. Figures are median (smallest–largest) over the rounds.
Load average of the machine (one minute): {before:.2f} before the first measurement; during them {load}, of which
the measured process is 1. What is above 1 is other work, from which "seconds" suffer, and seconds of processor less.

"Time" and "processor time" are over soemrisk's in the same round: above 1 soemrisk is faster, below 1 slower.

Files are read, libraries imported and a small run made before the clock starts; the interpreter and the libraries are
in the memory. All have one thread.
"""
SOBOL = f"""S1 and ST with 95 % intervals of the net result of the total, compared with the closed form.

- **soemrisk**: `sr.sobol`, all actors; intervals from 16 independent scramblings.
- **salib**: sample (scrambled Sobol' points), model, analyse; {RESAMPLES} resamples.
- **scipy**: `sobol_indices`, without intervals; **scipy-bootstrap** with its bootstrap (BCa), {RESAMPLES} resamples.
- **openturns-…**: its own distributions, low-discrepancy points, its bootstrap of 100. Its Saltelli estimator has
  another formula for ST, and Jansen's another for S1, than the others.

Rivals have the same vectorised numpy model of the total alone (`expected_net.py`), their families by `scipy.stats`.
"Without quantiles" is the processor time without the quantile functions, as if they were precomputed; – where they are
inside. A rival whose design would take too much memory or time here has fewer base points. "Intervals that hold" the
exact value should be 95 %; all inputs of a round share its points, so this one number has a wide error.
"""
INFORMED = f"""Value of knowing each input alone, for each actor's decision ("yes" or "no" to the intervention), and of
knowing everything (EVPI), in kr. Errors are over all actors and inputs, against soemrisk's integrals.

- **soemrisk**: `sr.evppi`, one-dimensional integrals; the draws are for the EVPI alone.
- **integral**: `scipy.integrate.quad` over the quantile function, by one who knows that E[net | x] is a line in x here.
- **nested**: for each input √draws values of it, and √draws of all others for each of these, by numpy's own samplers.
- **binned**: one plain sample; means in {BINS} bins of the input with equally many draws.
- **polynomial**: one plain sample; a polynomial of degree {DEGREE} in the input by least squares.

A mean error above 0 is the bias of estimated conditional means: their noise looks like something worth to know.
"""


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sobol", nargs="+", type=int, default=[40, 184], help="numbers of inputs, generated")
    parser.add_argument("--draws", type=int, default=2**14, help="base points of Sobol' indices")
    parser.add_argument("--repeats", nargs="+", type=int, default=[2, 1], help="rounds, one number for each of --sobol")
    parser.add_argument("--evppi-draws", type=int, default=2**16, help="of the EVPI, and of regressions")
    parser.add_argument("--nested-draws", type=int, default=2**20, help="for each input")
    parser.add_argument("--rounds", type=int, default=2, help="of the value of information")
    parser.add_argument("--write", action="store_true", help="into SENSITIVITY.md instead of on the screen")
    return parser.parse_args()


def main() -> None:
    """Measure, and print or write the tables."""
    options = arguments()
    before, loads = os.getloadavg()[0], []
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = {size: scenario_file(f"generated-{size}", Path(folder)) for size in options.sobol}
        sizes = dict.fromkeys(information_contenders.CONTENDERS, options.evppi_draws) | {"nested": options.nested_draws}
        found, load_then = information(scenario_file(INFORMATION, Path(folder)), sizes, options.rounds)
        worth, loads = found, [*loads, *load_then]
        lines += ["## Sobol' indices", "", SOBOL]
        for size, repeats in zip(options.sobol, options.repeats, strict=True):
            found, load_then = sobol(f"generated-{size}", paths[size], options.draws, repeats)
            lines += [f"### generated-{size}, rounds: {repeats}", "", *found]
            loads += load_then
    lines += [f"## Value of information of {INFORMATION}, rounds: {options.rounds}", "", INFORMED, *worth]
    command = " ".join(["python benchmarks/sensitivity.py", *sys.argv[1:]])
    head = HEAD.format(command=command, machine=machine(), versions=versions(), before=before, load=spread(loads))
    text = "\n".join([head, *lines]).rstrip() + "\n"
    if options.write:
        (HERE / "SENSITIVITY.md").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
