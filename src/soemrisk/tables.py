"""The answer as tables: CSV that the reader's Excel opens, with full precision.

Danish: semicolons, decimal comma, UTF-8 with byte order mark. English: commas and points. A text that a
spreadsheet would take for a formula is marked as text.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from soemrisk.model import Model

Row = Sequence[object]


def csv_bytes(header: Sequence[str], rows: Iterable[Row], lang: str) -> bytes:
    r"""Write a table in the dialect of a language.

    Parameters
    ----------
    header : sequence of str
    rows : iterable of sequences
        Texts, numbers and None (an empty cell).
    lang : {"da", "en"}

    Returns
    -------
    bytes

    Examples
    --------
    >>> csv_bytes(["a"], [[1.5]], "da").decode("utf-8-sig")
    'a\r\n1,5\r\n'
    """
    return b"".join(csv_pieces(header, rows, lang))


ROWS = 1000  # of a piece


def csv_pieces(header: Sequence[str], rows: Iterable[Row], lang: str) -> Iterator[bytes]:
    """The bytes of ``csv_bytes`` piece by piece, for tables that are larger than memory should be.

    Parameters
    ----------
    header : sequence of str
    rows : iterable of sequences
    lang : {"da", "en"}

    Yields
    ------
    bytes
    """
    left = iter(rows)
    yield codecs.BOM_UTF8 + _csv_lines([header], lang)
    while piece := [[_cell(value, lang) for value in row] for row in islice(left, ROWS)]:
        yield _csv_lines(piece, lang)


def _csv_lines(rows: Iterable[Sequence[str]], lang: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";" if lang == "da" else ",").writerows(rows)
    return stream.getvalue().encode()


def _cell(value: object, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).replace(".", ",") if lang == "da" else repr(value)
    shown = str(value)
    return "'" + shown if isinstance(value, str) and shown[:1] in {"=", "+", "-", "@", "\t", "\r"} else shown


def tables(model: Model, found: dict[str, Any], lang: str) -> dict[str, bytes]:
    """All tables of a run by file name.

    Parameters
    ----------
    model : Model
    found : dict
        The answer.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to bytes
    """
    statistics = list(found["net"]["total"])
    by_actor = {name: found[name] for name in ("net", "net_expected", "net_correlated")}
    result = {
        "net.csv": csv_bytes(
            ["result", "actor", "base", *statistics, "draws"],
            (
                [name, actor, found["base"]["net"][actor], *stats.values(), found["draws"]]
                for name, rows in by_actor.items()
                for actor, stats in rows.items()
            ),
            lang,
        ),
        "break_even.csv": _flat(found["break_even"]["success_rate"], lang),
        "payback.csv": _flat(found["payback"], lang),
        "risk.csv": _flat(found["risk"], lang),
        "grant.csv": _grants(found["grant"], lang),
        "chance_share.csv": csv_bytes(["actor", "chance_share"], found["chance_share"].items(), lang),
        "assumptions.csv": _assumptions(model, lang),
    }
    for name, key in (("area", "area"), ("year", "year"), ("cumulated", "year")):
        base = _cumulated(found["base"]["year"]) if name == "cumulated" else found["base"][name]
        result[f"{name}.csv"] = csv_bytes(
            [key, "actor", "base", *statistics, "draws"],
            (
                [place, actor, base[place][actor], *stats.values(), found["draws"]]
                for place, rows in found[name].items()
                for actor, stats in rows.items()
            ),
            lang,
        )
    if found["outcomes"]:
        result |= _outcomes(found, lang)
    return result


def _outcomes(found: dict[str, Any], lang: str) -> dict[str, bytes]:
    """Outcomes that are no money: how much and by year, and what a unit costs and must be worth by actor."""
    outcomes = found["outcomes"]
    statistics, facts = list(found["net"]["total"]), ("unit", "per")
    first = next(iter(outcomes.values()))
    worth, costs = (list(first[name]["total"]) for name in ("worth", "cost_per_unit"))
    return {
        "outcomes.csv": csv_bytes(
            ["outcome", *facts, "discounted", "result", "base", *statistics, "draws"],
            (
                [
                    key,
                    *(one[fact] for fact in facts),
                    str(one["discounted"]).lower(),
                    name,
                    one["base"],
                    *one[name].values(),
                    found["draws"],
                ]
                for key, one in outcomes.items()
                for name in ("amount", "amount_expected")
            ),
            lang,
        ),
        "outcomes_by_year.csv": csv_bytes(
            ["outcome", "year", "base", "mean", "mcse_mean"],
            ([key, year, *row.values()] for key, one in outcomes.items() for year, row in one["year"].items()),
            lang,
        ),
        "outcomes_worth.csv": csv_bytes(
            ["outcome", "actor", *worth],
            ([key, actor, *row.values()] for key, one in outcomes.items() for actor, row in one["worth"].items()),
            lang,
        ),
        "outcomes_cost.csv": csv_bytes(
            ["outcome", "actor", *costs],
            (
                [key, actor, *row.values()]
                for key, one in outcomes.items()
                for actor, row in one["cost_per_unit"].items()
            ),
            lang,
        ),
    }


def _cumulated(by_year: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Running sums over the years by actor."""
    running: dict[str, float] = {}
    result = {}
    for year, row in by_year.items():
        running = {actor: running.get(actor, 0.0) + value for actor, value in row.items()}
        result[year] = running
    return result


def _flat(rows: dict[str, dict[str, float | None]], lang: str) -> bytes:
    names = list(next(iter(rows.values())))
    return csv_bytes(["actor", *names], ([actor, *row.values()] for actor, row in rows.items()), lang)


def _grants(found: dict[str, Any], lang: str) -> bytes:
    """Payments by actor, way to be paid, and chance of a gain."""
    header = ["actor", "paid", "chance", "amount", "mcse", "prob_reachable"]
    rows = [
        [actor, paid, int(name[1:]) / 100, row["amount"], row["mcse"], table.get("prob_reachable")]
        for actor, ways in found.items()
        for paid, table in ways.items()
        for name, row in table.items()
        if name != "prob_reachable"
    ]
    return csv_bytes(header, rows, lang)


def _assumptions(model: Model, lang: str) -> bytes:
    """Every quantity with base value, distribution, mean, unit and source; those without family count as certain."""
    rows = []
    for one in (*model.inputs, *model.own_inputs):
        distribution = one.distribution
        parameters = " ".join(f"{name}={_plain(value, lang)}" for name, value in distribution.parameters.items())
        base = distribution.base if distribution.profile is None else _plain(distribution.profile, lang)
        persons = distribution.individual_sd or None
        rows.append([one.key, one.unit, base, distribution.mean, distribution.family, parameters, persons, one.source])
    return csv_bytes(["key", "unit", "base", "mean", "family", "parameters", "individual_sd", "source"], rows, lang)


def _plain(value: object, lang: str) -> str:
    """A number or list as text with the decimal mark of the language."""
    if isinstance(value, tuple | list):
        return "[" + "; ".join(_plain(item, lang) for item in value) + "]"
    if isinstance(value, Mapping):
        inner = " ".join(f"{name}={_plain(item, lang)}" for name, item in value.items())
        return "{" + inner + "}"
    if isinstance(value, str):
        return value
    return _cell(float(value), lang)  # type: ignore[arg-type]
