"""What drives a result as tables: CSV that the reader's Excel opens, with full precision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from soemrisk.names import element_names, input_names
from soemrisk.scenario import Scenario
from soemrisk.tables import csv_bytes

Found = Mapping[str, Any]


def driver_tables(scenario: Scenario, found: Found, lang: str) -> dict[str, bytes]:
    """All tables of what drives a result, by file name.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to bytes
    """
    names = input_names(scenario, lang)
    facts = ["unit", "base", "mean", "p10", "p90", "evidence", "element"]
    shares = [*SHARES, "evppi", "evppi_mcse"]
    ends = ["low", "high", "actor", "at_low", "at_high", "monotone", "together_with"]
    every = {
        "inputs.csv": (
            ["input", "name", *facts],
            ([path, names[path], *(one[key] for key in facts)] for path, one in found["inputs"].items()),
        ),
        "spread.csv": (["actor", *SPREAD], _spreads(found)),
        "variance.csv": (["actor", "input", "name", *shares], _variance(found, names)),
        "priorities.csv": _priorities(found, element_names(scenario, found["inputs"], lang)),
        "tornado.csv": (["kind", "input", "name", *ends], _tornado(found, names)),
        "break_even.csv": (["input", "actor", *BREAK_EVEN, "roots", "others", "together_with"], _break_even(found)),
        "chance_of_gain.csv": (["actor", "rate", "prob", "mcse", "draws"], _chances(found)),
        "by_year.csv": (["year", "actor", "input", *BY_LABEL, *TOTAL, *TO_YEAR], _by_year(found)),
        "by_area.csv": (["area", "actor", "input", *BY_LABEL, *TOTAL], _by_area(found)),
        "split.csv": _split(found),
        "evsi.csv": (["actor", "input", "observed", "value"], _evsi(found)),
        "steps.csv": (["actor", "input", "name", "kind", "observed", *STEP, "best"], _steps(found, names)),
        "pairs.csv": (["actor", "input", "other", "share", "share_mcse"], _pairs(found)),
    }
    if found["pair"]:
        every["pair.csv"] = (["input", "other", "first", "second", "actor", "net", "zero"], _pair(found["pair"]))
    return {name: csv_bytes(header, rows, lang) for name, (header, rows) in every.items()}


SPREAD = ("mean", "mean_mcse", "sd", "sd_mcse", "chance_share", "chance_share_mcse")
SHARES = ("first", "first_mcse", "total", "total_mcse", "shapley", "shapley_mcse")
TOTAL = ("total", "total_mcse")
TO_YEAR = ("evppi_to_year", "evppi_to_year_mcse")
BY_LABEL = ("sd", "sd_mcse", "chance_share", "chance_share_mcse")
ESTIMATED = ("p10", "p50", "p90", "prob_rising", "prob_always", "prob_never", "prob_reached")
BREAK_EVEN = ("base", "slope", *ESTIMATED, *(f"mcse_{name}" for name in ESTIMATED))


def _variance(found: Found, names: Mapping[str, str]) -> Iterator[list[Any]]:
    for actor, table in found["variance"].items():
        for path, row in table["inputs"].items():
            worth = found["information"][actor]["evppi"][path]
            yield [actor, path, names[path], *(row[column] for column in SHARES), worth["value"], worth["mcse"]]


def _spreads(found: Found) -> Iterator[list[Any]]:
    for actor, table in found["variance"].items():
        yield [actor, *(table[column] for column in SPREAD)]


def _priorities(found: Found, names: Mapping[str, str]) -> tuple[list[str], Iterator[list[Any]]]:
    columns = [
        "width",
        "width_mcse",
        "importance",
        "importance_mcse",
        "evppi",
        "evppi_error",
        "total",
        "shapley",
        "shapley_error",
        "ten_percent",
    ]
    rows = (
        [actor, key, names[key], *(row[column] for column in columns), row["category"], found["draws"]]
        for actor, table in found["priorities"]["actors"].items()
        for key, row in table.items()
    )
    return ["actor", "element", "name", *columns, "category", "draws"], rows


def _tornado(found: Found, names: Mapping[str, str]) -> Iterator[list[Any]]:
    for kind, bars in found["tornado"].items():
        for bar in bars:
            for actor in bar["at_low"]:
                ends = [bar["at_low"][actor], bar["at_high"][actor], int(bar["monotone"][actor])]
                ends.append(" ".join(bar["together_with"]))
                yield [kind, bar["input"], names[bar["input"]], bar["low"], bar["high"], actor, *ends]


def _break_even(found: Found) -> Iterator[list[Any]]:
    for path, by_actor in found["break_even"].items():
        for actor, row in by_actor.items():
            roots = " ".join(repr(root) for root in row.get("roots", ()))
            others = [row.get("others"), " ".join(row.get("together_with", ())) or None]
            yield [path, actor, *(row.get(column) for column in BREAK_EVEN), roots, *others]


def _chances(found: Found) -> Iterator[list[Any]]:
    table = found["chance_of_gain"]
    for actor in found["variance"]:
        for rate, prob, mcse in zip(table["rate"], table[actor]["prob"], table[actor]["mcse"], strict=True):
            yield [actor, rate, prob, mcse, table["draws"]]


def _by_year(found: Found) -> Iterator[list[Any]]:
    for year, actor, path, shares in _by_label(found["variance_by_year"]):
        tables = [found["information"][actor][name] for name in ("by_year", "by_year_mcse")]
        yield [year, actor, path, *shares, *(table[path][year] if path in table else None for table in tables)]


def _by_area(found: Found) -> Iterator[list[Any]]:
    for area, actor, path, shares in _by_label(found["variance_by_area"]):
        yield [area, actor, path, *shares]


def _by_label(tables: Found) -> Iterator[tuple[str, str, str, list[float]]]:
    """Label, actor and input with what is said of them."""
    for label, by_actor in tables.items():
        for actor, row in by_actor.items():
            for path, total in row["total"].items():
                yield label, actor, path, [*(row[column] for column in BY_LABEL), total, row["total_mcse"][path]]


def _split(found: Found) -> tuple[list[str], Iterator[list[Any]]]:
    columns = ["sd", "sd_mcse", "cvar10", "cvar10_mcse"]
    rows = (
        [by, label, *(row[column] for column in columns), found["split"]["draws"]]
        for by, table in found["split"].items()
        if by != "draws"
        for label, row in table.items()
    )
    return ["by", "part", *columns, "draws"], rows


def _evsi(found: Found) -> Iterator[list[Any]]:
    for actor, table in found["information"].items():
        for path, steps in table["evsi"].items():
            for count, value in steps.items():
                yield [actor, path, int(count), value]


STEP = ("value", "mcse", "hours", "value_per_hour", "cost", "net")


def _steps(found: Found, names: Mapping[str, str]) -> Iterator[list[Any]]:
    """Numbers of observations and what they take; with ``best`` = 1 the number that pays best."""
    for actor, table in found["information"].items():
        for path, step in table["steps"].items():
            rows = [(int(n), row, 0) for n, row in step["by_number"].items()]
            rows += [] if step["best"] is None else [(step["best"]["n"], step["best"], 1)]
            for n, row, best in rows:
                yield [actor, path, names[path], step["kind"], n, *(row.get(column) for column in STEP), best]


def _pairs(found: Found) -> Iterator[list[Any]]:
    for actor, table in found["variance"].items():
        for row in table["pairs"]:
            yield [actor, *row["inputs"], row["share"], row["share_mcse"]]


def _pair(table: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Net result over the two inputs asked for; ``zero`` is what the other must be at a value of the first."""
    for actor, by_first in table["net"].items():
        zeros = table["zero"].get(actor, [None] * len(by_first))
        for first, net, zero in zip(table["first"], by_first, zeros, strict=True):
            for second, value in zip(table["second"], net, strict=True):
                yield [*table["inputs"], first, second, actor, value, zero]
