"""What pictures of drivers show, row by row: the largest, and the others as one row that claims no more than it may.

A sum of swings is no swing and a sum of total shares is no total share: the row of the others says what it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from soemrisk.actor_tree import depth
from soemrisk.digits import NO_BREAK, at_most, grouped, percent, plain, step
from soemrisk.drivers import MULTIPLE
from soemrisk.messages import text
from soemrisk.names import element_names, input_names, input_units
from soemrisk.priorities import SETTLED
from soemrisk.scenario import Scenario
from soemrisk.statistics import interval_factor

Found = Mapping[str, Any]
Row = TypeVar("Row")

REPLICATES = 16
SHOWN = 12  # rows of a picture; the others are one row
KINDS = ("p10_p90", "ten_percent")
IN_PERCENT = re.compile(  # places of inputs
    r"(subgroups\.[^.]+\.)?success\.(net|with|without)|subgroups\.[^.]+\.share|settings\.discount_rate.*"
    r"|services\.[^.]+\.shares\..*|consequences\.[^.]+\.persistence"
)
FACTORS = re.compile(r"participants\.factor|groups\.[^.]+\.factor")
FLAT = 1e-9  # of the largest swing: below, a result does not move


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One bar of a tornado: what is set at its ends, and the net results there, kr.

    Attributes
    ----------
    low, high : float or None
        None for lines that are taken together, which have no common unit.
    at_low, at_high : float
    monotone : bool
    """

    low: float | None
    high: float | None
    at_low: float
    at_high: float
    monotone: bool

    @property
    def size(self) -> float:
        """Distance between the results, kr."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """One row of both panels: P10–P90 and ±10 %; None where a panel has no bar."""

    key: str
    name: str
    detail: str
    bars: tuple[Swing | None, Swing | None]

    @property
    def order(self) -> tuple[float, float, str]:
        """Largest P10–P90 swing first, then ±10 %, then by place."""
        first, second = (0.0 if bar is None else bar.size for bar in self.bars)
        return -first, -second, self.key


def deciding(found: Found) -> str:
    """The actor who decides: the one that was asked for, else the first after the total."""
    actors: list[str] = list(found["variance"])
    return str(found.get("deciding") or actors[1])


def largest(rows: Sequence[Row], most: int = SHOWN) -> tuple[Sequence[Row], Sequence[Row]]:
    """Rows with a place of their own and the others, of which there is never one alone."""
    return (rows[:most], rows[most:]) if len(rows) > most + 1 else (rows, [])


def reach(error: float) -> float:
    """Half the width of a 95 % interval of the simulation, from a standard error of its replicates."""
    return interval_factor(REPLICATES) * error


def shown_actors(found: Found, most: int) -> list[str]:
    """The total and the first actors that anything concerns, so many at most, and the deciding one in any case."""
    own = deciding(found)
    every = [actor for actor, one in found["variance"].items() if actor in {"total", own} or one["mean"] or one["sd"]]
    shown = every[:most]
    return shown if own in shown else [*shown[:-1], own]


def levels_of_evidence(found: Found) -> dict[str, list[int]]:
    """Levels of evidence that are stated within elements, the strongest (1) first; elements without are left out."""
    levels: dict[str, set[int]] = {}
    for one in found["inputs"].values():
        if one["evidence"] is not None:
            levels.setdefault(one["element"], set()).add(one["evidence"])
    return {key: sorted(several) for key, several in levels.items()}


def settled(found: Found, actor: str) -> bool:
    """Whether full knowledge is worth so little beside the expected result that the decision of an actor stands."""
    evpi, mean = found["information"][actor]["evpi"]["value"], found["variance"][actor]["mean"]
    return bool(evpi <= SETTLED * abs(mean))


def is_worth(value: float, error: float) -> bool:
    """Whether something is worth a krone or more, and more than twice its standard error."""
    return value >= max(2 * error, 1.0)


def little_worth(found: Found, actor: str, lang: str) -> dict[str, str] | None:
    """What full knowledge is worth to an actor whose decision is settled: in kr. and at most of the expected result.

    None where the decision is not settled, or full knowledge not worth a krone.
    """
    evpi = found["information"][actor]["evpi"]
    if not settled(found, actor) or not is_worth(evpi["value"], evpi["mcse"]):
        return None
    return {"all": at_most(evpi["value"], lang, evpi["mcse"]), "part": percent(SETTLED, lang)}


def actor_name(scenario: Scenario, actor: str, lang: str) -> str:
    """Name of an actor or of the total; of one inside another as a part of it."""
    if actor == "total":
        return text("total", lang)
    name = scenario.actors[actor].name.in_(lang)
    return text("of-which", lang, name=name) if depth(scenario.actors, actor) else name


def tornado_rows(scenario: Scenario, found: Found, lang: str) -> list[TornadoRow]:
    """All rows of the tornado of the deciding actor that move its result, the largest P10–P90 swing first.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``.
    lang : {"da", "en"}

    Returns
    -------
    list of TornadoRow
        Calibrated lines of an area are one row, moved together.
    """
    actor = deciding(found)
    names, elements = input_names(scenario, lang), element_names(scenario, found["inputs"], lang)
    grouped_lines = {path for kind in KINDS for bar in found["tornado_elements"][kind] for path in bar["inputs"]}
    bars: dict[str, dict[str, Swing]] = {}
    details: dict[str, str] = {}
    for bar in found["tornado"][KINDS[1]]:
        if bar["together_with"]:
            names[bar["input"]] = text("name-together", lang, name=names[bar["input"]])
    for kind in KINDS:
        for bar in found["tornado"][kind]:
            if bar["input"] not in grouped_lines:
                bars.setdefault(bar["input"], {})[kind] = _swing(bar, actor, (bar["low"], bar["high"]))
                path = bar["input"]
                details[path] = unit_of_input((scenario, found), path, lang)
        for bar in found["tornado_elements"][kind]:
            bars.setdefault(bar["element"], {})[kind] = _swing(bar, actor, (None, None))
            count = len(bar["inputs"])
            details[bar["element"]] = text("lines-together" if count > 1 else "one-line", lang, count=count)
    largest = max((bar.size for row in bars.values() for bar in row.values()), default=0.0)
    rows = [
        TornadoRow(
            key=key,
            name=elements.get(key, "") if key.startswith("calibrated/") else names[key],
            detail=details[key],
            bars=(row.get(KINDS[0]), row.get(KINDS[1])),
        )
        for key, row in bars.items()
        if max(bar.size for bar in row.values()) > FLAT * largest
    ]
    return sorted(rows, key=lambda row: row.order)


def _swing(bar: Mapping[str, Any], actor: str, values: tuple[float | None, float | None]) -> Swing:
    return Swing(
        low=values[0],
        high=values[1],
        at_low=bar["at_low"][actor],
        at_high=bar["at_high"][actor],
        monotone=bar["monotone"][actor],
    )


def unit_of_input(known: tuple[Scenario, Found], path: str, lang: str) -> str:
    """Unit of an input in a language; of one that is stated year by year, what it multiplies; no word for a number."""
    scenario, found = known
    if IN_PERCENT.fullmatch(path) or FACTORS.fullmatch(path):
        return ""
    stated = found["inputs"].get(path, {}).get("unit", "")
    return text("unit-all-years", lang) if stated == MULTIPLE else input_units(scenario, lang).get(path, stated)


def hull(rows: Sequence[TornadoRow], panel: int) -> tuple[float, float] | None:
    """Lowest and highest result of some rows, each moved alone; None where none moves."""
    ends = [end for row in rows if (bar := row.bars[panel]) is not None for end in (bar.at_low, bar.at_high)]
    return (min(ends), max(ends)) if ends else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Share of the variance of E[net | θ] of one element: alone, and with everything it takes part in; with errors."""

    key: str
    name: str
    alone: float
    total: float
    alone_error: float
    total_error: float


def shares(scenario: Scenario, found: Found, lang: str, actor: str | None = None) -> list[Share]:
    """Shares of all elements of an actor, the largest total share first.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
    lang : {"da", "en"}
    actor : str, optional
        The deciding one where none is said.

    Returns
    -------
    list of Share
        Those above 0.
    """
    table = found["variance"][deciding(found) if actor is None else actor]
    rows = []
    for key, name in element_names(scenario, found["inputs"], lang).items():
        whole = table["elements"].get(key)
        first, row = ("closed", whole) if whole is not None else ("first", table["inputs"][key])
        rows.append(
            Share(
                key=key,
                name=name,
                alone=row[first],
                total=row["total"],
                alone_error=row[f"{first}_mcse"],
                total_error=row["total_mcse"],
            )
        )
    return sorted((row for row in rows if row.total > 0), key=lambda row: (-row.total, row.key))


def rate_at(found: Found, actor: str, chance: float) -> tuple[float, float] | None:
    """Lowest success rate from which an actor has a chance of a gain, with its standard error; None if there is none.

    Between the points of the curve the chance is taken as a line. The error is half the distance between the rates at
    which the chance is one standard error lower and higher; where one of them is on no point of the curve, the distance
    to the other.
    """
    table = found["chance_of_gain"]
    rates, probs, errors = table["rate"], table[actor]["prob"], table[actor]["mcse"]
    at = _reached(rates, probs, chance)
    if at is None:
        return None
    k, rate = at
    error = max(errors[k - 1], errors[k])
    ends = [end for end in (_reached(rates, probs, chance - error), _reached(rates, probs, chance + error)) if end]
    return rate, sum(abs(end[1] - rate) for end in ends) / max(len(ends), 1)


def _reached(rates: Sequence[float], probs: Sequence[float], chance: float) -> tuple[int, float] | None:
    """First point of a curve from which a chance is reached, and the rate where the line before it does."""
    for k in range(1, len(rates)):
        if probs[k - 1] < chance <= probs[k]:
            return k, rates[k - 1] + (chance - probs[k - 1]) / (probs[k] - probs[k - 1]) * (rates[k] - rates[k - 1])
    return None


def chance_at(found: Found, actor: str, rate: float) -> tuple[float, float]:
    """Chance of a gain at a success rate, and its standard error, between the points of the curve."""
    table = found["chance_of_gain"]
    rates, probs, errors = table["rate"], table[actor]["prob"], table[actor]["mcse"]
    k = next((n for n in range(1, len(rates)) if rate <= rates[n]), len(rates) - 1)
    weight = min(max((rate - rates[k - 1]) / (rates[k] - rates[k - 1]), 0.0), 1.0)
    return probs[k - 1] + weight * (probs[k] - probs[k - 1]), max(errors[k - 1], errors[k])


def worth_in_year(found: Found, key: str, year: str) -> tuple[float, float]:
    """EVPPI of an element for the deciding actor if the window ended in a year, and its standard error, kr."""
    information = found["information"][deciding(found)]
    if key in information["elements_by_year"]:
        row = information["elements_by_year"][key][year]
        return row["value"], row["mcse"]
    path = next(path for path, one in found["inputs"].items() if one["element"] == key)
    return information["by_year"][path][year], 0.0


def share_in_year(found: Found, key: str, year: str) -> float:
    """Total share of an element in the variance of one year of the deciding actor."""
    row = found["variance_by_year"][year][deciding(found)]
    return float(row["elements"].get(key, row["total"].get(key, 0.0)))


def part(share: float, lang: str, error: float = 0.0) -> str:
    r"""A share as whole per cent, as 5 or 10 where two errors are more than a half, and never as a rounded 0.

    Examples
    --------
    >>> part(0.4231, "da"), part(0.4231, "da", 0.02), part(0.002, "da")
    ('42\xa0%', '40\xa0%', '<1\xa0%')
    """
    unit = next(one for one in (1, 5, 10) if 200 * error <= one or one == 10)
    if 0 < share * 100 < unit / 2:
        return f"<{unit}{NO_BREAK}%"
    return percent(round(share * 100 / unit) * unit / 100, lang)


def amount(value: float, lang: str, size: float, error: float = 0.0) -> str:
    """Kroner in a unit, with the digits that the error leaves and at most three; what is rounded to 0 says so."""
    unit = max(step(error), 10.0 ** _digits(value, 3)) if value else 1.0
    rounded = round(value / unit) * unit
    decimals = 1 if size > unit and size >= 1e6 else 0
    if value > 0 and rounded / size < 0.5 * 10.0**-decimals:
        return "<" + grouped(10.0**-decimals, lang, decimals)
    return grouped(rounded / size, lang, decimals)


def _digits(value: float, kept: int) -> int:
    """Power of ten of the last of some significant digits."""
    return len(f"{abs(value):.0f}") - kept


def setting_of(path: str, value: float, lang: str, digits: int = 3) -> str:
    r"""The value of an input as ``setting`` has it; of a rate or share as per cent.

    Examples
    --------
    >>> setting_of("success.with", 0.56391, "da"), setting_of("costs.drift.amount", 0.56391, "da")
    ('56,4\xa0%', '0,564')
    """
    if not IN_PERCENT.fullmatch(path):
        return setting(value, lang)
    return f"{setting(100 * value, lang, digits)}{NO_BREAK}%"


TINY = 1e-4  # nearer to 0, numbers would be written with powers of ten


def setting(value: float, lang: str, digits: int = 3) -> str:
    """The value of an input with three significant digits, or others, and thousands marks where it is long.

    Examples
    --------
    >>> setting(0.56391, "da"), setting(7_206_400, "da"), setting(1.2e-34, "da"), setting(0, "da")
    ('0,564', '7.210.000', '<0,0001', '0')
    """
    if 0 < abs(value) < TINY:
        return f"{'<' if value > 0 else '>'}{plain(math.copysign(TINY, value), lang)}"
    rounded = float(f"{value:.{digits}g}")
    return grouped(rounded, lang) if abs(rounded) >= 1000 else plain(value, lang, digits)
