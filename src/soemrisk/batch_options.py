"""What one option of an axis does to a scenario: documents in, document out, nothing is opened and nothing drawn.

A place is called what it is called everywhere (``costs.indsats.amount``, ``services.herberg.price@2023``); ``*`` in the
place of an id stands for all of them. A number at the place of a quantity is a value that counts as certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from soemrisk.complaints import STEPPED, label_of, suggestion_for
from soemrisk.quantity import Quantity
from soemrisk.references import inner_tables, keys_of
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario, Settings, Success

Where = tuple[str, ...]
Document = dict[str, Any]
SUCCESS_RATE, SUCCESS, NET_RATE = "success_rate", ("success",), ("success", "net")
KEPT = ("unit", "source", "library", "from")  # of a quantity with another statement; draws are keyed by the library
SCALED = ("value", "low", "high", "se", "sd", "quantiles", "observations")
UNSCALED = ("counts", "ci", "studies", "parameters")  # statements that a factor does not carry over to
UNITS = {"net": "andel", "persistence": "andel", "factor": "faktor"}  # of a quantity that the scenario does not state
DIGITS = 15  # what a scenario keeps


class MisplacedError(ValueError):
    """An option does not fit a scenario: the id of the message, and its values."""

    def __init__(self, rule: str, **values: object) -> None:
        self.rule, self.values = rule, values
        super().__init__(rule)


def wheres(document: Document, place: str) -> list[Where]:
    """Every place of a document that a name stands for.

    Parameters
    ----------
    document : dict
        A scenario as ``receipt.content`` has it: steps are lists.
    place : str
        ``*`` stands for every id, ``@*`` for every step.

    Returns
    -------
    list of tuple of str
        Keys, and positions of steps; the last key may be one that the document leaves out.

    Raises
    ------
    MisplacedError
        No such place, or one of several steps.

    Examples
    --------
    >>> wheres({"costs": {"a": {"amount": {}}, "b": {"amount": {}}}}, "costs.*.amount")
    [('costs', 'a', 'amount'), ('costs', 'b', 'amount')]
    """
    if place == SUCCESS_RATE:
        return [SUCCESS]
    found = list(_walked(document, tuple(place.split(".")), ()))
    if not found:
        known = known_places(document)
        raise MisplacedError("study-no-place", found=place, suggestion=suggestion_for(place, known))
    return found


def known_places(document: Document) -> list[str]:
    """Places of quantities and settings that a scenario has: what a misspelt one is compared with."""
    scenario = Scenario.model_validate(document)
    return [*(path for path, _, _ in quantities(scenario)), *(f"settings.{key}" for key in keys_of(Settings))]


def _walked(value: Any, parts: Where, place: Where) -> Iterator[Where]:
    if not parts:
        yield place
        return
    name, _, label = parts[0].partition("@")
    if not isinstance(value, Mapping):
        return
    for key in value if name == "*" else [name]:
        here = (*place, key)
        if key not in value:
            if len(parts) == 1 and not label and _has_key(place, key):
                yield here
            continue
        inner = value[key]
        if key in STEPPED and isinstance(inner, list):
            for position in _steps(inner, label, here):
                step = inner[position]
                apart = ("shares",) if "shares" in step and len(parts) > 1 else ()
                yield from _walked(step["shares"] if apart else step, parts[1:], (*here, str(position), *apart))
        elif not label:
            yield from _walked(inner, parts[1:], here)


def _steps(steps: list[Any], label: str, here: Where) -> list[int]:
    """Positions of the steps that a label means; without one the only step."""
    names = [label_of(step, first=n == 0) for n, step in enumerate(steps)]
    if label == "*":
        return list(range(len(steps)))
    if label:
        return [n for n, name in enumerate(names) if name == f"@{label}"]
    if len(steps) > 1:
        raise MisplacedError("study-steps", found=".".join(here), allowed=tuple(name or "–" for name in names))
    return [0]


def model_at(place: Where) -> type[BaseModel] | None:
    """Class of the data model at a place; None where there is a plain value."""
    model: type[BaseModel] | None = Scenario
    by_id = False
    for part in place:
        if by_id or part.isdigit():
            by_id = False
        else:
            model, by_id = inner_tables(model).get(part, (None, False)) if model is not None else (None, False)
    return None if by_id else model


def _has_key(place: Where, key: str) -> bool:
    model = model_at(place)
    return model is not None and key in keys_of(model)


def is_quantity(place: Where) -> bool:
    """Whether a number with its uncertainty stands at a place.

    Examples
    --------
    >>> is_quantity(("services", "herberg", "price", "0")), is_quantity(("settings", "timing"))
    (True, False)
    """
    model = model_at(place)
    return model is not None and issubclass(model, Quantity)


def changed(document: Document, places: list[Where], stated: Any, source: str) -> Document:
    """The document with something else at some places.

    Parameters
    ----------
    document : dict
    places : list of tuple of str
        From ``wheres``.
    stated : object
        A number or text; a table replaces what is there, of a quantity all but unit and source.
    source : str
        Where the number is from.

    Returns
    -------
    dict
        A copy where it differs.

    Examples
    --------
    >>> changed({"settings": {"timing": "start"}}, [("settings", "timing")], "mid", "x")
    {'settings': {'timing': 'mid'}}
    """
    for place in places:
        document = _put(document, place, _content(document, place, stated, source))
    return document


def _content(document: Document, place: Where, stated: Any, source: str) -> Any:
    """What stands at a place when it is set: a quantity in full where it is the place of one."""
    if place == SUCCESS and not (isinstance(stated, Mapping) and set(stated) & set(keys_of(Success))):
        _no_rates_of_subgroups(document)
        return {"net": _content(document, NET_RATE, stated, source)}
    if not is_quantity(place):
        return stated
    old = at_place(document, place)
    kept = {key: old[key] for key in KEPT if key in old} if isinstance(old, Mapping) else {}
    kept = {"unit": UNITS.get(place[-1], "–"), **kept, "source": source}
    return {**kept, **stated} if isinstance(stated, Mapping) else {**kept, "value": stated}


def _no_rates_of_subgroups(document: Document) -> None:
    if any("success" in one for one in document.get("subgroups", {}).values()):
        raise MisplacedError("study-rate-of-subgroups")


def scaled(document: Document, places: list[Where], factor: float) -> Document:
    """The document with some quantities a factor larger, spread and all.

    Parameters
    ----------
    document : dict
    places : list of tuple of str
        From ``wheres``.
    factor : float

    Returns
    -------
    dict

    Raises
    ------
    MisplacedError
        No quantity, or one whose statement has no scale: counts, studies, a family with parameters.

    Examples
    --------
    >>> price = {"value": 100, "low": 90, "high": 120, "meaning": "hard", "unit": "kr.", "source": "x"}
    >>> of = {"services": {"s": {"price": [price]}}}
    >>> scaled(of, [("services", "s", "price", "0")], 2.0)["services"]["s"]["price"][0]["high"]
    240.0
    """
    for stated in places:
        place = _scaled_rate(document) if stated == SUCCESS else stated
        old = at_place(document, place)
        if not is_quantity(place) or not isinstance(old, Mapping):
            raise MisplacedError("study-not-scaled", found=".".join(place), key=".".join(place))
        strange = [key for key in old if key in UNSCALED]
        if strange:
            raise MisplacedError("study-not-scaled", found=".".join(place), key=strange[0])
        new = {key: _times(value, factor) if key in SCALED else value for key, value in old.items()}
        document = _put(document, place, new)
    return document


def _scaled_rate(document: Document) -> Where:
    """Place of the net rate: a factor on a difference of two rates, or on an effect, could mean several things."""
    _no_rates_of_subgroups(document)
    stated = [key for key in document.get("success", {}) if key != "conversion"]
    if stated != ["net"]:
        raise MisplacedError("study-rate-not-scaled", found=tuple(f"success.{key}" for key in stated))
    return NET_RATE


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list | tuple):
        return [_times(one, factor) for one in value]
    if isinstance(value, Mapping):
        return {key: _times(one, factor) for key, one in value.items()}
    return in_digits(value * factor)


def in_digits(value: float, digits: int = DIGITS) -> float:
    """A number of so many significant digits."""
    return float(f"{value:.{digits}g}")


def at_place(value: Any, place: Where) -> Any:
    """What stands at a place of a document; None where nothing does."""
    for part in place:
        listed = isinstance(value, list)
        value = value[int(part)] if listed else value.get(part) if isinstance(value, Mapping) else None
    return value


def _put(value: Any, place: Where, new: Any) -> Any:
    """Copy of a document with another value at one place."""
    if not place:
        return new
    head, *rest = place
    if isinstance(value, list):
        n = int(head)
        return [*value[:n], _put(value[n], tuple(rest), new), *value[n + 1 :]]
    return {**(value or {}), head: _put((value or {}).get(head), tuple(rest), new)}
