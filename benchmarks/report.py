"""RESULTS.md and its plots, from the raw file and nothing else.

    python benchmarks/report.py                     benchmarks/RESULTS.md and benchmarks/plots/
    python benchmarks/report.py --raw FILE --out FOLDER

Which bars are reached is calculated here; ``bars.toml`` says what they are, and why some are missed.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from draw_contenders import CONTENDERS as DRAWS
from exact_contenders import CONTENDERS as EXACT
from information_contenders import CONTENDERS as INFORMATION
from plan import COMMANDS, SCRIPTS
from records import (
    GROWING,
    INPUTS,
    Record,
    Records,
    chosen,
    curve,
    exponent,
    growth,
    in_order,
    latest,
    ratios,
    reached,
    read_raw,
    short,
    spread,
    values,
)
from report_texts import ACCURACY, DRAWN, EXACTLY, GROWN, HEAD, INFORMED, INTERVALS, PROCESSES
from sobol_contenders import CONTENDERS as SOBOL

HERE = Path(__file__).parent
CASES = ("generated-40", "generated-184", "generated-1000", "act-randers")
ERRORS = {"draws": ("mean", "sd"), "sobol": ("S1", "ST"), "evppi": ("rms",)}
ORDER = {"draws": tuple(DRAWS), "sobol": tuple(SOBOL), "evppi": tuple(INFORMATION), "exact": tuple(EXACT)}
SMALLEST = {"draws": 2**16, "sobol": 2**12, "evppi": 2**16}  # sizes below are in the curves alone
SECOND = 1.0


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown."""
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)] + [""]


def bar_values(records: Records, bar: dict[str, Any]) -> list[float]:
    """What a bar is about, in every round."""
    of = chosen(records, **bar["of"])
    if "over" not in bar:
        return [{**one, **one["errors"]}[bar["what"]] for one in of]
    over = chosen(records, **bar["over"])
    if bar["what"] == "same_digest":
        same = [(one, two) for one in of for two in over if all(one[key] == two[key] for key in ("turn", "size"))]
        return [float(one["digest"] == two["digest"]) for one, two in same]
    return ratios(of, over, bar["what"], per_size=bar["what"] != "peak")


def bar_row(records: Records, bar: dict[str, Any]) -> list[str]:
    """A bar, what was reached, and what stands in the way."""
    if "grows" in bar:
        found = exponent(growth(records, bar["of"]["kind"], bar["grows"]))
        numbers, shown = ([], "–") if found is None else ([found[0] - 2 * found[1]], "{:.2f} ± {:.2f}".format(*found))
    else:
        numbers = bar_values(records, bar) if "of" in bar else []
        shown = spread(numbers)
    limit = f"≥ {bar['least']:,g}" if "least" in bar else f"≤ {bar['most']:,g}" if "most" in bar else ""
    if not numbers:
        return [bar["text"], limit, shown, "not measured", bar["why"]]
    kept = bar.get("least", float("-inf")) <= median(numbers) <= bar.get("most", float("inf"))
    why = "" if kept else bar["why"] or "not yet explained"
    return [bar["text"], limit, shown, "reached" if kept else "**missed**", why]


def stated_bars() -> list[dict[str, Any]]:
    """The bars of ``bars.toml``."""
    with (HERE / "bars.toml").open("rb") as file:
        stated: list[dict[str, Any]] = tomllib.load(file)["bar"]
    return stated


def bars(records: Records) -> list[str]:
    """All bars."""
    heads = ["bar", "limit", "reached", "", "what stands in the way"]
    return ["## The bars", "", *table(heads, [bar_row(records, bar) for bar in stated_bars()])]


def cases_of(records: Records, kind: str) -> list[str]:
    """Cases that are compared, the known ones first."""
    there = {one["case"] for one in chosen(records, kind=kind) if one["contender"] != "soemrisk"}
    return [case for case in CASES if case in there] + sorted(there - set(CASES))


def lines_of(records: Records, kind: str) -> list[tuple[str, str, bool]]:
    """Contenders, those whose inputs can be precomputed with a second line: shown name, name, precomputed or not.

    Two threads take as many seconds of processor as one, so they have no line of their own.
    """
    lines = []
    for name in in_order(chosen(records, kind=kind), ORDER[kind]):
        if name.endswith("2-threads"):
            continue
        lines.append((name, name, False))
        if any(one["inputs_seconds"] for one in chosen(records, kind=kind, contender=name)):
            lines.append((f"{name}, {INPUTS}", name, True))
    return lines


def accuracy(records: Records) -> list[str]:
    """Errors that are reached in a second."""
    found = ["## Accuracy at equal time", "", ACCURACY]
    for kind, title in (("draws", "The distribution"), ("sobol", "Sobol' indices"), ("evppi", "Value of information")):
        some = chosen(records, kind=kind)
        cases = cases_of(records, kind)
        if not cases:
            continue
        heads = ["contender", *(f"{case}: {error}" for case in cases for error in ERRORS[kind])]
        rows = []
        for shown, name, precomputed in lines_of(records, kind):
            cells = [
                reached(curve(chosen(some, contender=name, case=case), error, precomputed=precomputed), SECOND)
                for case in cases
                for error in ERRORS[kind]
            ]
            rows.append([shown, *cells])
        if kind != "evppi":
            took = [exact_seconds(records, case) for case in cases]
            told = ["–" if one is None else f"0, in {short(1e3 * one)} ms" for one in took]
            rows.append(["sr.exact", *(one for one in told for _ in ERRORS[kind])])
        found += [f"### {title}", "", f"![{title}](plots/accuracy_{kind}.png)", "", *table(heads, rows)]
    return found


def exact_seconds(records: Records, case: str) -> float | None:
    """Seconds of processor of ``sr.exact``, which has no error."""
    found = [one["processor"] for one in chosen(records, kind="exact", contender="sr.exact", case=case)]
    return median(found) if found else None


def sized(rounds: Records) -> str:
    """The size that was measured, and the one that was asked for where the contender does not bear it."""
    sizes, asked = values(rounds, "size"), rounds[0]["asked"]
    shown = "–".join(f"{size:,}" for size in dict.fromkeys((sizes[0], sizes[-1])))
    return shown if sizes == [asked] else f"{shown} of {asked:,}"


def costs(rounds: Records, ours: Records) -> list[str]:
    """Over soemrisk's in the same round: time and processor time, for each draw; seconds; and the memory."""
    return [
        *(spread(ratios(rounds, ours, what)) for what in ("seconds", "processor")),
        *(spread([one[what] for one in rounds]) for what in ("seconds", "processor")),
        precomputed(rounds),
        spread([one["peak"] / 1e6 for one in rounds if one["peak"]]),
    ]


COSTS = ["time", "processor time", "seconds", "seconds of processor", INPUTS, "peak, MB"]


def precomputed(rounds: Records) -> str:
    """Seconds of processor without those of the inputs."""
    if not any(one["inputs_processor"] for one in rounds):
        return "–"
    return spread([one["processor"] - one["inputs_processor"] for one in rounds])


def compared(records: Records, kind: str, heads: list[str], cells: Callable[[Records], list[str]]) -> list[str]:
    """Tables of a kind: what each contender took, and what is told of it."""
    found = []
    for case in cases_of(records, kind):
        some = chosen(records, kind=kind, case=case)
        sizes = values(some, "asked")
        for asked in [size for size in sizes if size >= SMALLEST[kind]] or sizes[-1:]:
            here = chosen(some, asked=asked)
            rows = []
            for name in in_order(here, ORDER[kind]):
                rounds = chosen(here, contender=name)
                costing = costs(rounds, chosen(here, contender="soemrisk"))
                rows.append([name, sized(rounds), *costing, *cells(rounds)])
            found += [f"### {case}, {asked:,}", "", *table(["contender", "size", *COSTS, *heads], rows)]
    return found


def draws(records: Records) -> list[str]:
    """Draws a second."""

    def cells(rounds: Records) -> list[str]:
        speeds = [one["size"] / one["seconds"] for one in rounds]
        return [spread(speeds), spread([one["first"] for one in rounds])]

    found = compared(records, "draws", ["draws a second", "first result, seconds of processor"], cells)
    return ["## Draws a second", "", "![Draws a second](plots/speed.png)", "", DRAWN, *found]


def sobol(records: Records) -> list[str]:
    """Sobol' indices."""

    def cells(rounds: Records) -> list[str]:
        found = []
        for index in ("S1", "ST"):
            held = [100 * one["errors"][f"{index}_held"] for one in rounds if f"{index}_held" in one["errors"]]
            found.append(spread([one["errors"][index] for one in rounds]))
            found.append(spread([one["errors"][f"{index}_largest"] for one in rounds]))
            found.append(f"{spread(held)} %" if held else "no intervals")
        return found

    heads = [f"{index} {what}" for index in ("S1", "ST") for what in ("rms error", "largest error", "intervals hold")]
    return ["## Sobol' indices", "", INTERVALS, *compared(records, "sobol", heads, cells)]


def information(records: Records) -> list[str]:
    """Value of information."""

    def cells(rounds: Records) -> list[str]:
        return [spread([one["errors"][what] for one in rounds]) for what in ("rms", "largest", "mean")]

    heads = ["rms error, kr.", "largest error, kr.", "mean error, kr."]
    return ["## Value of information", "", INFORMED, *compared(records, "evppi", heads, cells)]


def closed_form(records: Records) -> list[str]:
    """The closed form, by its stages."""
    some = chosen(records, kind="exact")
    rows = [
        [case, name, *(spread([1e3 * one[what] for one in rounds]) for what in ("seconds", "processor"))]
        for case in values(some, "case")
        for name in in_order(some, ORDER["exact"])
        if (rounds := chosen(some, case=case, contender=name))
    ]
    return ["## The closed form", "", EXACTLY, *table(["case", "part", "ms", "ms of processor"], rows)]


def processes(records: Records) -> list[str]:
    """Commands and scripts, start to end."""
    some = chosen(records, kind="process")
    rows = [
        [name, case, *(spread([one[what] for one in chosen(some, contender=name, case=case)]) for what in WHOLE)]
        for name in in_order(some, (*COMMANDS, *SCRIPTS))
        for case in values(chosen(some, contender=name), "case")
    ]
    return ["## Start to end", "", PROCESSES, *table(["", "case", "seconds", "seconds of processor"], rows)]


WHOLE = ("seconds", "processor")


def growths(records: Records) -> list[str]:
    """Exponents of growth."""
    rows = []
    for what in ("size", *GROWING):
        cells = [what if what != "size" else "draws, or base points"]
        for kind in ("draws", "sobol"):
            points = growth(records, kind, what)
            found = exponent(points)
            ends = f" ({points[0][0]:,.0f}–{points[-1][0]:,.0f})" if points else ""
            cells.append("–" if found is None else f"{found[0]:.2f} ± {found[1]:.2f}{ends}")
        rows.append(cells)
    shown = table(["grows with", "run", "Sobol' indices"], rows)
    return ["## Growth", "", "![Growth](plots/growth.png)", "", GROWN, *shown]


def notes(records: Records) -> list[str]:
    """What is missing, refused, too long, failed or wrong, in the last record of each measurement."""
    last: dict[Any, Record] = {}
    for one in records:
        last[one["kind"], one["contender"], one["case"], one["asked"], one["turn"]] = one
    installed = {one["contender"] for one in last.values() if one["state"] == "measured"}
    lines = []
    for one in [*(one for one in records if one["state"] == "too long"), *last.values()]:
        what = f"{one['contender']}, {one['kind']}, {one['case']}, {one['size']:,}"
        if one["state"] == "missing" and one["contender"] not in installed:
            lines.append(f"- {one['contender']}: {one['note']} was not installed, so it is not here.")
        elif one["state"] in {"refused", "failed", "too long", "too large"}:
            lines.append(f"- {what}: {one['state']}" + (f" ({one['note']})." if one.get("note") else "."))
        lines += [f"- {what}: **wrong**: {text}" for text in one.get("wrong", [])]
    smaller: dict[str, list[str]] = {}
    for one in last.values():
        if one["state"] == "measured" and 0 < one["size"] < one["asked"]:
            told = smaller.setdefault(f"{one['contender']}, {one['kind']}, {one['case']}", [])
            told.append(f"{one['size']:,} in place of {one['asked']:,}")
    lines += [f"- {what}: {', '.join(dict.fromkeys(sizes))} (time or memory)." for what, sizes in smaller.items()]
    return ["## Not as planned", "", *(dict.fromkeys(lines) or ["Nothing."]), ""]


def surroundings(records: Records) -> dict[str, str]:
    """Machine, versions, rounds and load, for the head."""
    versions = [", ".join(f"{name} {number}" for name, number in one["versions"].items()) for one in records]
    engines = {one["engine"] for one in records if one["contender"].startswith("soemrisk")}
    machines = [f"{one['machine']['cores']} cores, {one['machine']['memory']} GiB" for one in records]
    mixed = "" if len(engines) < 2 else f" soemrisk was measured with {len(engines)} states of its code."
    return {
        "machine": "; ".join(dict.fromkeys(machines)),
        "versions": "; ".join(dict.fromkeys(versions)) + "." + mixed,
        "rounds": str(max(one["turn"] for one in records)),
        "load": spread([one["load"] for one in records]),
    }


def markdown(records: Records) -> str:
    """The whole text."""
    kept = latest(records)
    parts = (bars, accuracy, draws, sobol, information, closed_form, processes, growths)
    lines = [HEAD.format(**surroundings(kept)), *(line for part in parts for line in part(kept)), *notes(records)]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write text and plots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=HERE / "raw.jsonl")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    records = read_raw(options.raw)
    if not latest(records):
        raise SystemExit(f"nothing is measured in {options.raw.name}")
    from plots import draw_all

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "RESULTS.md").write_text(markdown(records), encoding="utf-8")
    draw_all(latest(records), options.out / "plots")


if __name__ == "__main__":
    main()
