"""Numbers as people read them: Danish or English marks, no more digits than the error allows.

JSON, netCDF and CSV carry full precision and do not come here.
"""

from __future__ import annotations

import math

MINUS = "−"
NO_BREAK = "\u00a0"


def grouped(value: float, lang: str, decimals: int = 0) -> str:
    """A number with thousands and decimal marks: ``−3.705.454,5`` in Danish, ``−3,705,454.5`` in English.

    Examples
    --------
    >>> grouped(-3705454, "da")
    '−3.705.454'
    """
    plain = f"{abs(value):,.{decimals}f}"
    if lang == "da":
        plain = plain.replace(",", "·").replace(".", ",").replace("·", ".")
    negative = value < 0 and any(c in "123456789" for c in plain)
    return MINUS + plain if negative else plain


def plain(value: float, lang: str, digits: int = 4) -> str:
    """A number with some significant digits and the decimal mark of the language, without thousands marks.

    Examples
    --------
    >>> plain(-1234.5678, "da"), plain(0.0123456, "en")
    ('−1235', '0.01235')
    """
    rounded = float(f"{value:.{digits}g}") + 0.0
    shown = f"{abs(rounded):.{max(digits, 15)}g}"
    return (MINUS if rounded < 0 else "") + (shown.replace(".", ",") if lang == "da" else shown)


def step(error: float) -> float:
    """Smallest power of ten that is not below two standard errors; 1 where there is no error."""
    return 10.0 ** math.ceil(math.log10(2 * error) - 1e-9) if error > 0.5 else 1.0


def kroner(value: float, lang: str, error: float = 0.0) -> str:
    """An amount in whole kroner, rounded to the digits that its Monte Carlo standard error leaves.

    Examples
    --------
    >>> kroner(166422.6, "da", 711)
    '170.000'
    """
    unit = _unit(value, error)
    return grouped(round(value / unit) * unit, lang)


def at_most(value: float, lang: str, error: float = 0.0) -> str:
    """An amount as ``kroner`` has it, rounded up: what is said to be the most is not below what it is made of.

    Examples
    --------
    >>> kroner(233.2, "en", 15.0), at_most(233.2, "en", 15.0)
    ('200', '300')
    """
    unit = _unit(value, error)
    return grouped(math.ceil(value / unit - ROUNDING) * unit, lang)


ROUNDING = 1e-9


def _unit(value: float, error: float) -> float:
    """Kroner to which an amount is rounded; a value that differs from 0 keeps its first digit."""
    unit = step(error)
    return 10.0 ** math.floor(math.log10(abs(value))) if 2 * error < abs(value) < unit else unit


def span(low: float, high: float, lang: str, error: float = 0.0) -> dict[str, str]:
    """Two amounts in one unit that suits their size: millions with at most one decimal, or kroner below a million.

    Returns
    -------
    dict
        ``low``, ``high`` as text, and ``size``: ``millions`` or ``kroner``.

    Examples
    --------
    >>> span(-3016095, 3762901, "da", 2000)
    {'low': '−3,0', 'high': '3,8', 'size': 'millions'}
    >>> span(-9000, 4000, "da", 20)["low"]
    '−9.000'
    """
    if max(abs(low), abs(high)) < 1e6:
        return {"low": kroner(low, lang, error), "high": kroner(high, lang, error), "size": "kroner"}
    decimals = 1 if step(error) <= 100_000 else 0
    return {"low": grouped(low / 1e6, lang, decimals), "high": grouped(high / 1e6, lang, decimals), "size": "millions"}


def percent(share: float, lang: str, decimals: int = 0) -> str:
    r"""A share as per cent with a no-break space.

    Examples
    --------
    >>> percent(0.6310, "da")
    '63\xa0%'
    """
    return f"{grouped(share * 100, lang, decimals)}{NO_BREAK}%"


def unit_of_hundred(error: float) -> int:
    """How fine a count of 100 may be: 1, or 5 or 10 where two standard errors are larger."""
    return next(unit for unit in (1, 5, 10) if 2 * error * 100 <= unit or unit == 10)


def count_of_hundred(probability: float, error: float = 0.0) -> int:
    """A chance as a count of 100, as fine as two standard errors allow.

    Examples
    --------
    >>> count_of_hundred(0.478), count_of_hundred(0.478, 0.02)
    (48, 50)
    """
    unit = unit_of_hundred(error)
    return round(probability * 100 / unit) * unit


def of_hundred(probability: float, lang: str, error: float = 0.0) -> str:
    """A chance as a count of 100; never 0 or 100, and only as fine as two standard errors allow (1, 5 or 10).

    Examples
    --------
    >>> of_hundred(0.478, "da"), of_hundred(0.478, "da", 0.02), of_hundred(0.9999, "en")
    ('48', '50', 'more than 99')
    """
    unit, count = unit_of_hundred(error), count_of_hundred(probability, error)
    if count >= 100:
        return f"flere end {100 - unit}" if lang == "da" else f"more than {100 - unit}"
    if count <= 0:
        return f"færre end {unit}" if lang == "da" else f"fewer than {unit}"
    return str(count)


def money(value: float, lang: str, error: float = 0.0, beside: float = 0.0) -> str:
    r"""An amount with its unit: millions with at most one decimal from a million on, else whole kroner.

    Parameters
    ----------
    value : float
        Kr.
    lang : {"da", "en"}
    error : float
        Monte Carlo standard error; digits that it does not leave are not shown.
    beside : float
        An amount that it is told with: from a million on both are in millions, where this one has a digit there.

    Returns
    -------
    str
        With a no-break space before the unit.

    Examples
    --------
    >>> money(-3016095, "da", 2000), money(225612.33, "da"), money(3705454, "en")
    ('−3,0\xa0mio.\xa0kr.', '225.612\xa0kr.', 'DKK\xa03.7\xa0million')
    >>> money(-915400, "da", 20, beside=-1.1e6), money(-15400, "da", 20, beside=-1.1e6)
    ('−0,9\xa0mio.\xa0kr.', '−15.400\xa0kr.')
    """
    unit = step(error)
    least = 1e5 if abs(beside) >= 1e6 else 1e6
    if max(abs(round(value / unit) * unit), unit) >= least:
        shown = grouped(value / 1e6, lang, 1 if unit <= 100_000 else 0)
        return f"{shown}{NO_BREAK}mio.{NO_BREAK}kr." if lang == "da" else f"DKK{NO_BREAK}{shown}{NO_BREAK}million"
    shown = kroner(value, lang, error)
    return f"{shown}{NO_BREAK}kr." if lang == "da" else f"DKK{NO_BREAK}{shown}"
