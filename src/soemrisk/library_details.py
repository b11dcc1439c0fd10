"""Everything that the library says of one entry: its number as a distribution, who pays, and how a scenario takes it.

Apart from ``library_lines`` because a distribution needs numpy, and a list of entries does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from soemrisk.distribution import resolve
from soemrisk.full_form import meaning
from soemrisk.library import Entry, library
from soemrisk.library_lines import line_of, number, shares_text, source_of, stated, whole
from soemrisk.messages import text
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.references import keys_of
from soemrisk.toml_text import toml_text

Detail = tuple[str, str]  # id of a label, text
DOMAIN_OF: Mapping[str, str] = MappingProxyType({"rate": "probability", "level": "use"})  # else the kind
PLACE_OF: Mapping[str, tuple[str, str]] = MappingProxyType(
    {  # kind of a number: the section and the key that take it
        "price": ("services.<id>", "price"),
        "amount": ("costs.<id>", "amount"),
        "change": ("consequences.<id>", "change"),
        "level": ("consequences.<id>", "level"),
        "factor": ("groups.<id>", "factor"),
        "rate": ("success", "with"),
        "net_rate": ("success", "net"),
        "discount_rate": ("settings", "discount_rate"),
        "price_index": ("settings", "price_index"),
        "steps": ("settings", "discount_rate"),
    }
)
SECTION_OF: Mapping[str, str] = MappingProxyType(
    {"service": "services", "consequence": "consequences", "group": "groups"}
)
OF_A_RATE = ("rate_difference", "odds_ratio", "risk_ratio", "hazard_ratio", "cohen_d")  # scales of success.effect
BANDS_OF: Mapping[str, str] = MappingProxyType({"uge": "spell", "døgn": "year"})
PLAIN = ("n", "followup_months")
WITHOUT = "uden-indsats"  # how the id of a rate ends that is of people who are in no intervention


def details(key: str, lang: str) -> list[Detail]:
    """What is known of an entry, piece by piece.

    Parameters
    ----------
    key : str
        Id.
    lang : {"da", "en"}

    Returns
    -------
    list of (id of a label, text)

    Examples
    --------
    >>> dict(details("herberg-110-pris-2022", "en"))["distribution"].split(":")[0]
    'pert (low = 1100, mode = 1100, high = 1449)'
    """
    entry = whole(library()[key])
    return [(label, said) for label, said in (*_numbers(key, entry, lang), *_labels(entry, lang)) if said]


def distribution_of(entry: Entry, lang: str) -> str:
    """What the number of an entry means as a distribution; nothing for what is no quantity of a scenario.

    Parameters
    ----------
    entry : mapping
    lang : {"da", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> distribution_of(library()["diskonteringsrente-2021"], "en")
    'counts as certain'
    """
    inner = stated(entry)
    domain = DOMAIN_OF.get(inner.get("kind", "factor"), inner.get("kind", "factor"))
    if domain not in DOMAINS:
        return ""
    keys = {name: value for name, value in inner.items() if name in keys_of(Quantity)}
    return meaning(resolve(Quantity.model_validate(keys, strict=False), DOMAINS[domain]), lang)


def taken(key: str) -> str:
    """Lines of TOML with which a scenario takes an entry; nothing for kinds that have no place in one.

    Parameters
    ----------
    key : str
        Id.

    Returns
    -------
    str

    Examples
    --------
    >>> print(taken("ips-arbejde-18"))
    [success]
    net = { library = "ips-arbejde-18" }
    """
    entry = library()[key]
    kind = entry["kind"]
    if kind in SECTION_OF:
        return f'[{SECTION_OF[kind]}.{key}]\nlibrary = "{key}"'
    if kind in PLACE_OF:
        section, place = PLACE_OF[kind]
        place = "without" if kind == "rate" and key.endswith(WITHOUT) else place
        return f'[{section}]\n{place} = {{ library = "{key}" }}'
    if kind == "effect" and entry["scale"] in OF_A_RATE and {"low", "se"} & set(entry):
        by = '\nconversion = "logistic"' if entry["scale"] == "cohen_d" else ""
        return f'[success]\neffect = {{ library = "{key}" }}{by}'
    if kind != "shares" or "kr." in entry.get("unit", ""):
        return ""
    steps = entry["shares"] if isinstance(entry["shares"], list) else [entry["shares"]]
    lines = [toml_text({"x": step}).partition(" = ")[2].strip() for step in steps]
    shares = lines[0] if len(lines) == 1 else "[\n" + "".join(f"    {line},\n" for line in lines) + "]"
    bands = f'bands = "{BANDS_OF[entry["unit"]]}"\n' if "unit" in entry else ""
    return f"[services.<id>]\nshares = {shares}\n{bands}{toml_text({'shares_source': entry['source']}).strip()}"


def _numbers(key: str, entry: Entry, lang: str) -> Iterator[Detail]:
    """The number, its spread, and the distribution that it means."""
    line = line_of(key, lang)
    if entry["kind"] == "price_index":
        yield "values", ", ".join(f"{year} {number(value, lang)}" for year, value in entry["values"].items())
    else:
        yield "shares" if entry["kind"] == "shares" else "value", line.value
    yield "year" if "year" in entry else "price_year", line.price_year
    yield "spread", line.spread if "certain" not in stated(entry) else ""
    yield "certain", stated(entry).get("certain", {}).get(lang, "")
    yield "distribution", distribution_of(entry, lang)
    if entry["kind"] == "service":
        yield "shares", shares_text(entry["shares"], entry["unit"], lang)
        yield "price", str(stated(entry).get("source", ""))


def _labels(entry: Entry, lang: str) -> Iterator[Detail]:
    """What was studied, when it holds, where it is from."""
    for name in ("outcome", "population", "comparator"):
        yield name, entry.get(name, {}).get(lang, "")
    for name in PLAIN:
        yield name, number(entry[name], lang) if name in entry else ""
    yield "evidence_level", text(f"lib-level-{entry['evidence_level']}", lang) if "evidence_level" in entry else ""
    parts = entry.get("parts", {})
    yield "parts", ", ".join(f"{text(f'lib-part-{who}', lang)} {number(value, lang)}" for who, value in parts.items())
    yield "chance_positive", number(entry["chance_positive"], lang) if "chance_positive" in entry else ""
    valid = [text("lib-valid-from", lang, from_=entry["valid_from"])] if "valid_from" in entry else []
    valid += [text("lib-valid-to", lang, to=entry["valid_to"])] if "valid_to" in entry else []
    yield "valid", " ".join(valid)
    yield "shares_source" if entry["kind"] == "service" else "source", source_of(entry)
    yield "note", entry.get("note", {}).get(lang, "")
