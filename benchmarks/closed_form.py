"""Measure the closed form of the variance, one stage at a time: time and memory.

    python benchmarks/closed_form.py               the table in Markdown
    python benchmarks/closed_form.py --write       the same, into benchmarks/CLOSED_FORM.md

Apart from ``sensitivity.py`` because no rival has it and it takes a minute. Every measurement is a process of its own
with one thread.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from run import HERE, machine, memory, scenario_file, spread
from sensitivity import in_turns, row, times

HEAD = """# The closed form of the variance: speed and memory

Written by `{command}`.
{machine}. Figures are median (smallest–largest) over {rounds} rounds. Load average of the machine (one minute):
{before:.2f} before the first measurement; during them {load}, of which the measured process is 1.

S1, ST, Shapley effects and the variance of the net result, of every area and of every year, for every actor. The
stages of `sr.exact`: `parts` has all of these, `second_order` S2 of all pairs, `expected_chance` what chance adds to
the variance. `after compile` is the sum of the stages after `compile_scenario`. `sr.exact` as a whole has the labels
and the receipt too, with the hash of the scenario. Calls are repeated for a fifth of a second and the mean is given.
All have one thread; the memory of the stages is that of their process.
"""


def table(path: Path, repeats: int) -> tuple[list[str], list[float]]:
    """Rows of one case, in milliseconds, and loads of the machine."""
    kept = in_turns("exact", dict.fromkeys(("stages", "sr.exact"), 0), path, repeats)
    lines = []
    for name, rounds in kept.items():
        parts = list(rounds[0]["times"])
        for part in parts:
            cells = [spread([1e3 * one for one in times(rounds, kind, part)]) for kind in ("seconds", "processor")]
            lines.append(row(path.stem, part, *cells, memory(rounds)))
        if name == "stages":
            sums = [
                [sum(one["times"][part][kind] for part in parts[1:]) for one in rounds]
                for kind in ("seconds", "processor")
            ]
            cells = [spread([1e3 * one for one in each]) for each in sums]
            lines.append(row(path.stem, "**after compile**", *cells, ""))
    return lines, [one["load"] for rounds in kept.values() for one in rounds]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[40, 184, 200], help="numbers of inputs, generated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="into CLOSED_FORM.md instead of on the screen")
    return parser.parse_args()


def main() -> None:
    """Measure, and print or write the table."""
    options = arguments()
    before, loads = os.getloadavg()[0], []
    lines = [row("case", "part", "ms", "ms of processor", "peak, MB"), row(*["---"] * 5)]
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            found, load_then = table(scenario_file(f"generated-{size}", Path(folder)), options.rounds)
            lines, loads = [*lines, *found], [*loads, *load_then]
    command = " ".join(["python benchmarks/closed_form.py", *sys.argv[1:]])
    numbers = {"rounds": options.rounds, "before": before, "load": spread(loads)}
    text = "\n".join([HEAD.format(command=command, machine=machine(), **numbers), *lines]) + "\n"
    if options.write:
        (HERE / "CLOSED_FORM.md").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
