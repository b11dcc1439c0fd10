"""Numbers, counts and texts as a file states them: what is taken, and what is said of anything else."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)
MOST = 1e30  # no number of a calculation is larger; products of a few of them stay finite
MOST_DIGITS = 15  # what Excel keeps; more would not survive a round trip (IEEE 754: 15 digits always do)


def read_number(value: object) -> float:
    """Accept an int or float of at most 15 significant digits; say what else was found.

    Parameters
    ----------
    value : object
        What the file holds.

    Returns
    -------
    float

    Raises
    ------
    PydanticCustomError
        Not a number, not finite, or more digits than Excel keeps.

    Examples
    --------
    >>> read_number(3)
    3.0
    """
    if isinstance(value, str) and value.replace(",", "", 1).replace("-", "", 1).isdigit() and "," in value:
        raise PydanticCustomError("decimal-comma", "decimal comma", {"found": value, "write": value.replace(",", ".")})
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("not-a-number", "not a number", {"found": shown(value)})
    if abs(value) > MOST or not math.isfinite(value):
        raise PydanticCustomError("not-finite", "not finite", {"found": str(value)[:40]})
    digits = repr(float(value)).split("e")[0].replace(".", "").replace("-", "").strip("0")
    if len(digits) > MOST_DIGITS:
        raise PydanticCustomError("too-many-digits", "too many digits", {"found": repr(value)})
    return float(value)


def shown(value: object) -> str:
    """A value as a message quotes it: spelt as in TOML, at most 60 characters."""
    found = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        found = found.lower()
    elif isinstance(value, dict):
        found = "{ " + ", ".join(f"{key} = {shown(one)}" for key, one in value.items()) + " }"
    elif isinstance(value, list):
        found = "[" + ", ".join(shown(one) for one in value) + "]"
    return found if len(found) <= 60 else found[:57] + "…"


def number_or_list(value: object) -> float | tuple[float, ...]:
    """Accept a number, or a list of numbers by year."""
    if isinstance(value, list | tuple):
        if not value:
            raise PydanticCustomError("empty-list", "empty list")
        return tuple(read_number(item) for item in value)
    return read_number(value)


def number_list(value: object) -> tuple[float, ...]:
    """Accept a list of numbers."""
    if not isinstance(value, list | tuple):
        raise PydanticCustomError("not-a-list", "not a list", {"found": shown(value)})
    if not value:
        raise PydanticCustomError("empty-list", "empty list")
    return tuple(read_number(item) for item in value)


AS_NUMBER = {"type": "number", "minimum": -MOST, "maximum": MOST}  # as the JSON Schema says it
AS_NUMBERS = {"type": "array", "items": AS_NUMBER, "minItems": 1}
Number = Annotated[float, BeforeValidator(read_number), WithJsonSchema(AS_NUMBER)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(number_list), WithJsonSchema(AS_NUMBERS)]
NumberOrList = Annotated[
    float | tuple[float, ...], BeforeValidator(number_or_list), WithJsonSchema({"anyOf": [AS_NUMBER, AS_NUMBERS]})
]


def whole(value: object) -> int:
    """Accept a whole number from 0."""
    number = read_number(value)
    if number != int(number) or number < 0:
        raise PydanticCustomError("not-a-count", "not a count", {"found": shown(value)})
    return int(number)


def whole_if_number(value: object) -> object:
    """Refuse ``true`` and 2.0 where one of some whole numbers is meant; Python would take them for 1 and 2."""
    if isinstance(value, bool | float):
        raise PydanticCustomError("not-a-count", "not a count", {"found": shown(value)})
    return value


Whole = Annotated[int, BeforeValidator(whole), WithJsonSchema({"type": "integer", "minimum": 0})]


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("not-a-text", "not a text", {"found": shown(value)})
    if not value.strip():
        raise PydanticCustomError("empty-text", "empty text")
    return value.strip()


NonEmpty = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string", "pattern": r"\S"})]


class Text(BaseModel):
    """A text in both languages."""

    model_config = FROZEN
    da: NonEmpty
    en: NonEmpty

    def in_(self, lang: str) -> str:
        """Return the text in ``lang``."""
        return self.da if lang == "da" else self.en


def both_languages(value: object) -> object:
    """Accept one text for both languages, or a table of two."""
    if not isinstance(value, str | dict | Text):
        raise PydanticCustomError("not-a-text", "not a text", {"found": shown(value)})
    return {"da": value, "en": value} if isinstance(value, str) else value


def _as_stated(value: Text) -> object:
    """One text where both languages have the same: what a file says is written as shortly as it may be said."""
    return value.da if value.da == value.en else {"da": value.da, "en": value.en}


Words = Annotated[Text, BeforeValidator(both_languages)]
Unit = Annotated[Words, PlainSerializer(_as_stated)]
