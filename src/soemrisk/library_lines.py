"""An entry of the library as people read it: value, spread, price year and source, each as one piece of text.

Apart from ``library_commands`` because the generated page of the documentation says the same; no number is calculated
here, so that a list needs neither numpy nor scipy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soemrisk.digits import grouped, plain
from soemrisk.library import Entry, library, topics
from soemrisk.messages import text

ADDRESS = re.compile(r"https?://[^\s()]*[^\s().,;:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is told of an entry where there is one line for it."""

    id: str
    name: str
    value: str
    spread: str
    price_year: str


def counts() -> dict[str, int]:
    """Number of entries by section.

    Returns
    -------
    dict

    Examples
    --------
    >>> sum(counts().values()) == len(library())
    True
    """
    found: dict[str, int] = {}
    for (section, _), entries in topics().items():
        found[section] = found.get(section, 0) + len(entries)
    return found


def whole(entry: Entry) -> Entry:
    """Return an entry with what it takes from the entries that it refers to.

    Parameters
    ----------
    entry : mapping

    Returns
    -------
    mapping

    Examples
    --------
    >>> whole(library()["sygedagpenge-refusionstrappen"])["unit"]
    'uge'
    """
    return {**(whole(library()[entry["library"]]) if "library" in entry else {}), **entry}


def name_of(key: str, lang: str) -> str:
    """Name of an entry; a consequence without one has that of its change.

    Examples
    --------
    >>> name_of("herberg-110", "en")
    'Homeless shelter (section 110)'
    """
    entry = whole(library()[key])
    if "name" in entry:
        return str(entry["name"][lang])
    inner = next((entry[part]["library"] for part in ("change", "price") if "library" in entry.get(part, {})), None)
    return name_of(inner, lang) if inner is not None else key


def line_of(key: str, lang: str) -> Line:
    """Name, value, spread and price year of an entry.

    Parameters
    ----------
    key : str
        Id.
    lang : {"da", "en"}

    Returns
    -------
    Line

    Examples
    --------
    >>> line_of("ips-arbejde-18", "en").value, line_of("ips-arbejde-18", "en").spread
    ('0.134 andel', 'standard error 0.0451')
    """
    entry = stated(whole(library()[key]))
    return Line(
        id=key,
        name=name_of(key, lang),
        value=_value(entry, lang),
        spread=_spread(entry, lang),
        price_year=str(entry.get("price_year", entry.get("year", ""))),
    )


def stated(entry: Entry) -> Entry:
    """Return the number that an entry is about: its own, or the price, change or factor inside it."""
    inner = next((entry[part] for part in ("price", "change", "factor") if part in entry), None)
    if not isinstance(inner, Mapping):
        return entry
    number = library()[inner["library"]] if "library" in inner else inner
    return {**number, **({"price_year": entry["price_year"]} if "price_year" in entry else {})}


def number(value: float, lang: str) -> str:
    """Write a number with its own decimals and the marks of the language.

    Examples
    --------
    >>> number(18642, "da"), number(0.0451, "da"), number(2756.31, "en")
    ('18.642', '0,0451', '2,756.31')
    """
    decimals = len(repr(float(value)).rpartition(".")[2].rstrip("0"))
    return grouped(value, lang, decimals)


def shares_text(shares: Any, unit: str, lang: str) -> str:
    """Who bears how much, step by step.

    Parameters
    ----------
    shares : mapping or list of mappings
        Parts by actor, with ``from`` and ``above`` where they hold from a year or for use above a number of units.
    unit : str
        What ``above`` counts.
    lang : {"da", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> shares_text([{"kommune": 0.5, "stat": 0.5}, {"above": 120, "kommune": 1}], "døgn", "en")
    'kommune 50 %, stat 50 %; above 120 days: kommune 100 %'
    """
    steps = shares if isinstance(shares, list) else [shares]
    return "; ".join(_step(step, unit, lang) for step in steps)


def addresses(source: str) -> list[str]:
    """Addresses in a source.

    Examples
    --------
    >>> addresses("Danmarks Statistik (https://www.dst.dk), 2020")
    ['https://www.dst.dk']
    """
    return ADDRESS.findall(source)


def source_of(entry: Entry) -> str:
    """Source of an entry: of a service that of its shares, of a consequence or group that of its number."""
    return str(entry.get("source") or entry.get("shares_source") or stated(entry).get("source", ""))


def _step(step: Mapping[str, Any], unit: str, lang: str) -> str:
    """One step of shares."""
    units = text(f"lib-units-{unit}", lang) if "above" in step else ""
    when = [text("lib-from", lang, year=step["from"])] if "from" in step else []
    when += [text("lib-above", lang, units=number(step["above"], lang), unit=units)] if "above" in step else []
    borne = {actor: part for actor, part in step.items() if actor not in {"from", "above"}}
    parts = ", ".join(f"{actor} {plain(100 * part, lang)} %" for actor, part in borne.items())
    return f"{' '.join(when)}: {parts}" if when else parts


def _value(entry: Entry, lang: str) -> str:
    """The number with its unit, or what stands for it."""
    kind = entry.get("kind", "")  # a number inside an entry has none
    if kind == "shares":
        return shares_text(entry["shares"], entry.get("unit", ""), lang)
    if kind == "steps":
        steps = [(step.get("from"), library()[step["library"]]) for step in entry["steps"]]
        told = [(number(one["value"], lang), text("lib-from-year", lang, year=n) if n else "") for n, one in steps]
        return "; ".join(f"{value} {when}".strip() for value, when in told)
    if kind == "price_index":
        return text("lib-years", lang, first=min(entry["values"]), last=max(entry["values"]))
    if kind == "effect":
        scale = text(f"lib-scale-{entry['scale']}", lang)
        return f"{scale} {number(entry['estimate'], lang)}" + (f" {entry['unit']}" if "unit" in entry else "")
    value = entry.get("value", "")
    shown = "; ".join(number(one, lang) for one in value) if isinstance(value, list) else number(value, lang)
    return f"{shown} {entry.get('unit', '')}".strip()


def _spread(entry: Entry, lang: str) -> str:
    """What is known of the number's uncertainty, as it is stated."""
    return "; ".join(_spreads(entry, lang))


def _spreads(entry: Entry, lang: str) -> Iterator[str]:
    if "low" in entry:
        how = entry.get("meaning", entry.get("level"))
        coverage = how if isinstance(how, float) else float(str(how).rstrip("%") or 0) / 100 if how != "hard" else 0.0
        said = text("lib-hard", lang) if how == "hard" else f"{plain(100 * coverage, lang)} %"
        low, high = number(entry["low"], lang), number(entry["high"], lang)
        yield text("lib-range" if entry["low"] >= 0 else "lib-range-below-0", lang, low=low, high=high, how=said)
    if "se" in entry:
        on_log = str(entry.get("scale", "")).endswith("_ratio")
        yield text("lib-se-log" if on_log else "lib-se", lang, se=number(entry["se"], lang))
    if "significant" in entry:
        yield text("lib-significant", lang, level=plain(100 * entry["significant"], lang))
    if "certain" in entry:
        yield text("lib-without-spread", lang)
