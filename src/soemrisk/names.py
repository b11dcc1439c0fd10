"""What each input of a scenario is called where people read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from soemrisk.messages import text
from soemrisk.rules import KRONER, moving_quantities, price_unit
from soemrisk.scenario import Scenario
from soemrisk.terms import uncertain_shares, uncertain_subgroups

STRUCTURE = {
    "success.with": "name-success-with",
    "success.without": "name-success-without",
    "success.net": "name-success-net",
    "success.effect": "name-success-effect",
    "participants.factor": "name-participants",
    "share": "name-subgroup-share",  # of a subgroup
    "settings.discount_rate": "name-discount",
}


OWN_NAMES = {  # sections whose entries have one number each
    "costs": "name-amount",
    "grants": "name-amount",
    "groups": "name-of-group",
    "relatives": "name-of-relatives",
}


def input_names(scenario: Scenario, lang: str) -> dict[str, str]:
    """Name of each input that moves a figure, by its place in the file without the years of steps.

    Parameters
    ----------
    scenario : Scenario
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
        All different: where two would be alike, the key in the file stands with the name, and the whole place where
        that is not enough.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> input_names(read("act-randers"), "da")["services.herberg.price"]
    'Herberg og forsorgshjem (§ 110): pris'
    """
    plain = {path: _name(scenario, path, lang) for path in _places(scenario)}
    listed = dict(plain)
    for parts in (slice(1, 2), slice(None)):
        seen = Counter(listed.values())
        for path, name in plain.items():
            if seen[listed[path]] > 1:
                head, tail = _in_two(name)
                listed[path] = text("name-again", lang, name=head, key=".".join(path.split(".")[parts])) + tail
    return listed


def input_units(scenario: Scenario, lang: str) -> dict[str, str]:
    """Unit of each quantity that moves a figure, by its place in the file without the years of steps.

    Parameters
    ----------
    scenario : Scenario
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
        Kroner, prices and changes in use have theirs from the unit of the service: it alone must be stated in both
        languages.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> input_units(read("act-randers"), "en")["services.herberg.price"]
    'DKK per day'
    """
    found = {}
    for path, quantity, domain in moving_quantities(scenario):
        unit, key = quantity.unit, path.split(".")[1]
        if unit.da == unit.en and domain == "amount":
            unit = KRONER
        elif unit.da == unit.en and domain == "price":
            unit = price_unit(scenario.services[key])
        elif unit.da == unit.en and domain in {"change", "use"}:
            unit = scenario.services[scenario.consequences[key].service].unit
        found[path.split("@")[0]] = unit.in_(lang)
    return found


def element_names(scenario: Scenario, inputs: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, str]:
    """Name of each element that is ranked: an input, several that are taken together, or calibrated lines of an area.

    Parameters
    ----------
    scenario : Scenario
    inputs : mapping
        ``inputs`` of what drives a result: each with its ``element`` and what it is taken ``together_with``.
    lang : {"da", "en"}

    Returns
    -------
    dict of str to str
    """
    found: dict[str, str] = {}
    for one in inputs.values():
        key = str(one["element"])
        found.setdefault(key, element_name(scenario, key, together=bool(one["together_with"]), lang=lang))
    return found


def element_name(scenario: Scenario, key: str, *, together: bool, lang: str) -> str:
    """Name of one element that is ranked; ``together``: it stands for several inputs that depend on each other."""
    if key.startswith("calibrated/"):
        return text("name-calibrated", lang, area=scenario.areas[key.removeprefix("calibrated/")].name.in_(lang))
    name = input_names(scenario, lang)[key]
    return text("name-together", lang, name=name) if together else name


def _places(scenario: Scenario) -> Iterator[str]:
    for path, _, _ in moving_quantities(scenario):
        yield path.split("@")[0]
    yield from (path for path, _ in uncertain_subgroups(scenario))
    for key, service in scenario.services.items():
        for step in service.shares if service.shares_concentration is not None else ():
            for actor, _ in uncertain_shares(step.shares):
                yield f"services.{key}.shares.{actor}"


def _name(scenario: Scenario, path: str, lang: str) -> str:
    if path in STRUCTURE:
        return text(STRUCTURE[path], lang)
    section, key, *rest = path.split(".")
    if section == "subgroups":
        rate = text(STRUCTURE[".".join(rest)], lang)
        name = scenario.subgroups[key].name.in_(lang)
        return text("name-of-subgroup", lang, name=name, rate=rate[0].lower() + rate[1:])
    if section in OWN_NAMES:
        return text(OWN_NAMES[section], lang, name=getattr(scenario, section)[key].name.in_(lang))
    service = scenario.services[scenario.consequences[key].service if section == "consequences" else key]
    name = service.name.in_(lang)
    if rest[0] == "shares":
        return text("name-share", lang, name=name, actor=scenario.actors[rest[1]].name.in_(lang))
    return text(f"name-{rest[0].replace('_', '-')}", lang, name=name)


def _in_two(name: str) -> tuple[str, str]:
    """What a name is of, and which number of it, with its colon: ``Herberg`` and ``: pris``."""
    head, colon, tail = name.rpartition(": ")
    return (head, colon + tail) if colon else (name, "")


LONGEST = 60  # letters of a name in a sentence or a picture
SHORTEST = 8
MOST = 2 / 3  # of the letters on one side of a cut; so many must be left for it to be made between words
ENDS = (4, 6, 8, 10)  # twelfths of the letters that the end of a name may have, the first where nothing else is needed


def shortened(name: str, letters: int = LONGEST, end: int = ENDS[0]) -> str:
    """A name with so many letters at most, cut in the middle: names of inputs differ at their ends.

    Parameters
    ----------
    name : str
    letters : int
    end : int
        Twelfths of the letters before ``: pris`` that are of the end.

    Returns
    -------
    str

    Examples
    --------
    >>> shortened("Forebyggende hjemmebesøg, § 79 a: pris", 28)
    'Forebyggende…§ 79 a: pris'
    """
    if len(name) <= letters:
        return name
    head, tail = _in_two(name)
    if len(tail) > letters // 2 + 2:
        head, tail = name, ""
    room = letters - len(tail) - 1
    last = room * end // 12
    start, rest = len(head) - last, head[: room - last]
    before = rest if head[room - last] == " " else _whole(rest, rest.rfind(" "), slice(None, rest.rfind(" ")))
    after = head[start:]
    if last and head[start - 1] != " ":
        after = _whole(after, len(after) - after.find(" ") - 1 if " " in after else -1, slice(after.find(" "), None))
    return f"{before.rstrip()}…{after.lstrip()}{tail}"


def _whole(words: str, letters: int, cut: slice) -> str:
    """Words without the part of one at the cut, where that leaves most of the letters."""
    return words[cut] if letters >= MOST * len(words) else words


def fitting(name: str, end: int, fits: Callable[[str], bool]) -> str:
    """A name shortened no more than it must be to fit somewhere.

    Parameters
    ----------
    name : str
    end : int
        As of ``shortened``.
    fits : callable
        Whether words have room.

    Returns
    -------
    str
        The shortest form where none fits.
    """
    tried = (shortened(name, letters, end) for letters in range(LONGEST, SHORTEST - 1, -2))
    return next((short for short in tried if fits(short)), shortened(name, SHORTEST, end))


def told_apart(names: Sequence[str], shorten: Callable[[str, int], str]) -> list[str]:
    """Short forms of names, none of which reads like another.

    Parameters
    ----------
    names : sequence of str
        Of what is shown together.
    shorten : callable
        (name, twelfths of its end) → a short form.

    Returns
    -------
    list of str
        Where short forms would be alike, those show more of their ends; else what follows their common beginning; and
        as the last resort they are numbered.

    Examples
    --------
    >>> told_apart(["Botilbud, § 107 mv.", "Botilbud, § 108 mv."], lambda name, end: shortened(name, 12, end))
    ['Botilb…7 mv.', 'Botilb…8 mv.']
    """
    found = [shorten(name, ENDS[0]) for name in names]
    alike: dict[str, list[int]] = {}
    for n, short in enumerate(found):
        alike.setdefault(" ".join(short.split()), []).append(n)
    for several in (rows for rows in alike.values() if len(rows) > 1):
        taken = {" ".join(short.split()) for n, short in enumerate(found) if n not in several}
        tried = list(_other_forms([names[n] for n in several], shorten))
        chosen = next((forms for forms in tried if _all_new(forms, taken)), tried[-1])
        for n, short in zip(several, chosen, strict=True):
            found[n] = short
    return found


def _other_forms(names: Sequence[str], shorten: Callable[[str, int], str]) -> Iterator[list[str]]:
    """Ways to shorten names whose short forms are alike, the numbered one last."""
    for end in ENDS[1:]:
        yield [shorten(name, end) for name in names]
    columns = zip(*names, strict=False)
    differ = next((n for n, letters in enumerate(columns) if len(set(letters)) > 1), min(map(len, names)))
    same = names[0][:differ].rfind(" ") + 1
    yield [shorten("…" + name[same:], ENDS[0]) for name in names]
    yield [shorten(f"{n}. {name}", ENDS[0]) for n, name in enumerate(names, 1)]


def _all_new(forms: Sequence[str], taken: set[str]) -> bool:
    seen = {" ".join(form.split()) for form in forms}
    return len(seen) == len(forms) and not seen & taken


def short_names(names: Mapping[str, str], letters: int = LONGEST) -> dict[str, str]:
    """Names as they stand in sentences, short and all different.

    Parameters
    ----------
    names : mapping of str to str
        By key, all different.
    letters : int

    Returns
    -------
    dict of str to str
    """
    short = told_apart(list(names.values()), lambda name, end: shortened(name, letters, end))
    return dict(zip(names, short, strict=True))
