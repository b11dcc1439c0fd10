"""Whether the library is in order: what is wrong in it is our mistake, and what is worth knowing is told beside.

Apart from the tests because whoever uses the library may ask, and because prices grow old while nobody changes them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from soemrisk.errors import ScenarioError
from soemrisk.library import Entry, library
from soemrisk.library_lines import addresses, source_of, stated, whole
from soemrisk.messages import Phrase, phrase
from soemrisk.reading import parse
from soemrisk.toml_text import toml_text

Document = dict[str, Any]
SCENARIO_KINDS = ("price", "amount", "change", "level", "factor", "rate", "net_rate", "discount_rate")
UNITS = frozenset(  # of what is consumed
    {"døgn", "dag", "uge", "måned", "år", "time", "kontakt", "indlæggelse", "sigtelse", "afgørelse", "person"}
)
OTHER_UNITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "amount": frozenset({"kr."}),
        "factor": frozenset({"faktor"}),
        "rate": frozenset({"andel"}),
        "net_rate": frozenset({"andel"}),
        "discount_rate": frozenset({"pr. år"}),
        "shares": frozenset({"uge", "døgn", "kr. om året"}),
    }
)
PUBLISHERS = re.compile(r"Finansministeriet|Ankestyrelsen|Social- og Boligstyrelsen")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in one entry."""

    id: str
    what: Phrase


def mistakes(entries: Mapping[str, Entry] | None = None) -> list[Finding]:
    """Everything that is wrong in the library.

    Parameters
    ----------
    entries : mapping, optional
        Entry by id; the shipped library if left out.

    Returns
    -------
    list of Finding
        Empty if all is in order.

    Examples
    --------
    >>> [one.what.in_("en") for one in mistakes({"x": {"kind": "prise"}})]
    ['kind = "prise" is not known']
    """
    looked = library() if entries is None else entries
    found = [Finding(key, what) for key, entry in looked.items() for what in _of_entry(key, entry, looked)]
    return [*found, *_twice(looked)]


def worth_knowing(years: int) -> list[Phrase]:
    """What whoever uses the library should know: old prices, numbers without a spread, assumptions.

    Parameters
    ----------
    years : int
        A price is old that is so many years older than the newest price year.

    Returns
    -------
    list of Phrase

    Examples
    --------
    >>> worth_knowing(1000)[0].key
    'lib-note-certain'
    """
    priced = {key: entry["price_year"] for key, entry in library().items() if entry["kind"] in {"price", "amount"}}
    newest = max(priced.values())
    stale = [key for key, year in priced.items() if year < newest - years]
    old = {"count": len(stale), "year": newest - years, "years": years, "newest": newest, "names": stale}
    certain = [entry for entry in library().values() if entry["kind"] in SCENARIO_KINDS and "certain" in entry]
    statutory = [one for one in certain if re.search("sats|takst|honorar|Fastsat", one["certain"]["da"])]
    assumed = [entry for entry in library().values() if "assumption" in source_of(entry)]
    weaker = [entry for entry in library().values() if entry.get("evidence_level", 1) > 1]
    return [
        *([phrase("lib-note-stale", **old)] if stale else []),
        phrase("lib-note-certain", count=len(certain), statutory=len(statutory)),
        phrase("lib-note-assumed", count=len(assumed)),
        phrase("lib-note-level", count=len(weaker)),
    ]


def _of_entry(key: str, entry: Entry, entries: Mapping[str, Entry]) -> Iterator[Phrase]:
    """What is wrong with one entry."""
    kind = entry.get("kind")
    if kind not in {*SCENARIO_KINDS, *_PLACES, *WITHOUT_A_PLACE}:
        yield phrase("lib-finding-kind", found=str(kind))
        return
    if not _known_unit(kind, str(entry.get("unit", ""))):
        yield phrase("lib-finding-unit", found=str(entry.get("unit", "")))
    source = source_of(whole(entry)) if entries is library() else str(entry.get("source", ""))
    if not addresses(source) and not PUBLISHERS.search(source):
        yield phrase("lib-finding-source")
    if kind in {*SCENARIO_KINDS, *WITHOUT_A_PLACE} - {"shares"} and not set(SPREADS) & set(entry):
        yield phrase("lib-finding-spread")
    steps = entry.get("shares", [])
    for step in steps if isinstance(steps, list) else [steps]:
        total = math.fsum(part for actor, part in step.items() if actor not in {"from", "above"})
        if abs(total - 1) > 1e-9:
            yield phrase("lib-finding-shares", found=total)
    if kind in _PLACES:
        yield from _misplaced(key, entry, entries)


SPREADS = ("low", "se", "significant", "certain", "cv", "counts", "quantiles", "ci", "evidence", "observations")
WITHOUT_A_PLACE = ("effect", "calibration", "result", "statistic", "shares")


def _known_unit(kind: str, unit: str) -> bool:
    """Whether a unit is one that the kind has; kinds that no scenario takes may have any."""
    if kind == "price":
        return unit.startswith("kr. pr. ") and unit.removeprefix("kr. pr. ") in UNITS
    if kind in {"change", "level"}:
        return unit in UNITS
    return kind not in OTHER_UNITS or unit in OTHER_UNITS[kind] or (kind == "shares" and not unit)


def _twice(entries: Mapping[str, Entry]) -> Iterator[Finding]:
    """Entries that state the same number of the same thing in the same unit and year."""
    seen: dict[tuple[Any, ...], str] = {}
    for key, entry in entries.items():
        if "value" not in entry or "name" not in entry:
            continue
        year = entry.get("price_year", entry.get("year"))
        same = (entry["kind"], entry["name"]["da"], entry.get("unit"), year, str(entry["value"]))
        if same in seen:
            yield Finding(key, phrase("lib-finding-twice", other=seen[same]))
        seen.setdefault(same, key)


def _misplaced(key: str, entry: Entry, entries: Mapping[str, Entry]) -> Iterator[Phrase]:
    """What a small scenario that takes the entry in the place of its kind says against it."""
    document = _PLACES[entry["kind"]](stated(whole(entry)) if entries is library() else entry, {"library": key})
    try:
        parse(toml_text({**_SMALL, **document}).encode(), key, entries)
    except ScenarioError as error:
        yield phrase("lib-finding-resolves", problem=error.problems[0].describe("en"))


_X = {"unit": "–", "source": "x"}
_SHARES = {"shares": {"kommune": 1}, "shares_source": "x"}
_SMALL: Document = {
    "schema": 1,
    "id": "small",
    "name": "x",
    "facts": dict.fromkeys(("intervention", "target_group", "success_measure", "source"), "x"),
    "settings": {
        "first_year": 2020, "last_year": 2040, "price_year": 2020, "costs_discounted": True,
        "costs_discounted_source": "x", "discount_rate": {"value": 0, **_X},
    },
    "actors": {one: {"name": one} for one in ("kommune", "region", "stat")},
    "areas": {
        one: {"name": one}
        for one in (
            "indkomstoverfoersler", "sundhedsydelser", "politi_retsvaesen_kriminalforsorg", "sociale_serviceydelser",
        )
    },
    "participants": {"completers": {"2020": 1}, "source": "x"},
    "success": {"net": {"value": 0.5, **_X}},
}  # fmt: skip
_INDEXED = {**_SMALL["settings"], "price_index": {"name": "x", "source": "x", "values": {"2020": 1}, "beyond": 0.0,
                                                  "beyond_source": "x"}}  # fmt: skip


def _service(unit: str) -> Document:
    price = {"value": 1, "unit": f"kr. pr. {unit}", "source": "x"}
    return {"name": "x", "area": "sundhedsydelser", "unit": unit, "price": price, "price_year": 2020, **_SHARES}


def _used(unit: str, change: object, **beside: object) -> Document:
    """A consequence of a service, where a change or level of the library stands."""
    return {"services": {"s": _service(unit)}, "consequences": {"c": {"service": "s", "change": change, **beside}}}


def _priced(entry: Entry, reference: Document) -> Document:
    service = {**_service(entry["unit"].removeprefix("kr. pr. ")), "price": reference}
    del service["price_year"]
    return {"settings": _INDEXED, "services": {"s": service}}


def _cost(_: Entry, reference: Document) -> Document:
    cost = {"name": "x", "area": "sundhedsydelser", "amount": reference, "years": {"2020": 1}, "payer": {"stat": 1}}
    return {"settings": _INDEXED, "costs": {"c": {**cost, "payer_source": "x"}}}


_PLACES: Mapping[str, Callable[[Entry, Document], Document]] = MappingProxyType(
    {
        "price": _priced,
        "amount": _cost,
        "change": lambda entry, reference: _used(entry["unit"], reference),
        "level": lambda entry, reference: _used(
            entry["unit"], {"value": -1, "unit": entry["unit"], "source": "x"}, level=reference
        ),
        "factor": lambda _, reference: {"groups": {"g": {"name": "x", "factor": reference}}},
        "rate": lambda _, reference: {"success": {"with": reference, "without": {"value": 0, **_X}}},
        "net_rate": lambda _, reference: {"success": {"net": reference}},
        "discount_rate": lambda _, reference: {"settings": {**_SMALL["settings"], "discount_rate": reference}},
        "steps": lambda _, reference: {"settings": {**_SMALL["settings"], "discount_rate": reference}},
        "price_index": lambda _, reference: {"settings": {**_SMALL["settings"], "price_index": reference}},
        "service": lambda _, reference: {"settings": _INDEXED, "services": {"s": reference}},
        "consequence": lambda entry, reference: {
            "services": {"s": _service(entry["unit"])}, "consequences": {"c": {**reference, "service": "s"}},
        },
        "group": lambda _, reference: {"groups": {"g": reference}},
    }
)  # fmt: skip
