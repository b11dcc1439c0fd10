"""A comparison as tables with full precision, every estimate with its error and the number of draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soemrisk.tables import csv_bytes


def compare_tables(found: Mapping[str, Any], lang: str) -> dict[str, bytes]:
    """Tables of a comparison by file name.

    Parameters
    ----------
    found : mapping
        As ``compare --json``.
    lang : {"da", "en"}
        Dialect of the CSV.

    Returns
    -------
    dict of str to bytes
    """
    draws = found["draws"]
    any_stats = next(iter(next(iter(found["net"].values())).values()))
    files = {
        "net.csv": csv_bytes(
            ["scenario", "actor", "base", *any_stats, "draws"],
            (
                [name, actor, found["base"][name][actor], *stats.values(), draws]
                for name, by_actor in found["net"].items()
                for actor, stats in by_actor.items()
            ),
            lang,
        ),
        "differences.csv": csv_bytes(
            ["first", "second", "actor", "result", *DIFFERENCE, *any_stats, "draws"],
            (
                [one["first"], one["second"], actor, result, *(stats[key] for key in DIFFERENCE), *row.values(), draws]
                for one in found["differences"]
                for actor, stats in one["net"].items()
                for result, row in (
                    ("net", {key: stats[key] for key in any_stats}),
                    ("net_expected", stats["expected"]),
                )
            ),
            lang,
        ),
    }
    return files | _on_request(found, lang)


def _on_request(found: Mapping[str, Any], lang: str) -> dict[str, bytes]:
    """Tables of what is worked out where something is picked, or where it is asked for."""
    draws = found["draws"]
    files: dict[str, bytes] = {}
    if found["choice"]:
        files |= {
            "choice.csv": _flat(found["choice"], ("actor", "scenario"), draws, lang),
            "ranking.csv": csv_bytes(
                ["actor", *RANKED, "draws"],
                (
                    [actor, *(one[key] for key in RANKED), draws]
                    for actor, ranking in found["ranking"].items()
                    for one in ranking["order"]
                ),
                lang,
            ),
        }
    if found.get("portfolio"):
        by_scenario = found["portfolio"]["scenarios"]
        files["portfolio.csv"] = csv_bytes(
            ["scenario", "chosen", "prob_in_best", "mcse", "solved", "dearest_year"],
            (
                [name, int(one["chosen"]), one["prob_in_best"], one["mcse"], found["portfolio"]["solved"],
                 max(one["costs"].values(), default=0.0)]
                for name, one in by_scenario.items()
            ),
            lang,
        )  # fmt: skip
    changed = found.get("changed")
    if changed:
        files["changed.csv"] = csv_bytes(
            ["places", "kind", "actor", *CHANGED, "draws"],
            (
                [
                    ", ".join(part["places"]),
                    part["kind"],
                    actor,
                    *(by[key] for key in CHANGED),
                    changed["draws"],
                ]
                for part in changed["parts"]
                for actor, by in part["figures"].items()
            ),
            lang,
        )
    return files


Table = Mapping[str, Mapping[str, Mapping[str, float]]]
DIFFERENCE = ("base", "prob_first", "prob_second")
RANKED = ("scenario", "base", "mean", "mcse_mean", "sd", "delivered")
CHANGED = ("base", "mean", "mcse_mean", "prob_positive", "mcse_prob")


def _flat(
    table: Mapping[str, Mapping[str, Mapping[str, float]]], keys: tuple[str, str], draws: int, lang: str
) -> bytes:
    names = list(next(iter(next(iter(table.values())).values())))
    return csv_bytes(
        [*keys, *names, "draws"],
        ([one, other, *row.values(), draws] for one, rows in table.items() for other, row in rows.items()),
        lang,
    )
