"""What is written as TOML is read as the same document."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soemrisk.toml_text import LONGEST_LINE, toml_text

SCALARS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.booleans(),
    st.text(max_size=30),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
)
KEYS = st.text(max_size=6) | st.sampled_from(["a", "b", "a-1", "2020", "0_9", "", " ", '"', "æ", "a.b"])
TABLES = st.dictionaries(
    KEYS,
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)),
    max_size=5,
)


@given(TABLES, st.lists(KEYS, max_size=3))
def test_what_is_written_is_read_as_the_same_document(document: dict[str, Any], keyed: list[str]) -> None:
    comments = {(name,): "a comment\nof two lines \x00 and a \x1b" for name in document}
    assert tomllib.loads(toml_text(document)) == document
    assert tomllib.loads(toml_text(document, comments, keyed)) == document


@given(st.floats(allow_nan=False, allow_infinity=True))
def test_a_number_keeps_its_bits(number: float) -> None:
    read = tomllib.loads(toml_text({"a": number}))["a"]
    assert isinstance(read, float)
    assert read.hex() == number.hex()


def test_short_tables_stay_on_a_line_and_long_ones_get_a_header() -> None:
    short = {"value": 1.5, "unit": "kr."}
    long = {**short, "source": "x" * 90}
    written = toml_text({"s": {"x": {"price": short, "steps": [short, short]}, "y": {"price": long}}})
    assert written == (
        '[s]\nx = { price = { value = 1.5, unit = "kr." }, steps = [{ value = 1.5, unit = "kr." }, '
        '{ value = 1.5, unit = "kr." }] }\n\n[s.y.price]\nvalue = 1.5\nunit = "kr."\n'
        f'source = "{"x" * 90}"\n'
    )
    assert all(len(line) <= LONGEST_LINE for line in written.split("\n"))


def test_a_long_list_has_an_item_a_line_and_long_tables_of_a_list_a_header_each() -> None:
    written = toml_text({"a": [1.25] * 40, "t": [{"da": "x" * 80}, {"da": "y" * 80}]})
    assert written.startswith("a = [\n    1.25,\n")
    assert written.count("[[t]]") == 2


def test_entries_of_keyed_sections_get_a_header_each_and_comments_stand_before_their_key() -> None:
    document = {"costs": {"team": {"amount": {"value": 1}, "name": "Team"}}, "facts": {"a": {"b": 1}}}
    written = toml_text(document, {("costs", "team", "amount"): "certain", ("facts",): "what"}, keyed=("costs",))
    assert written == (
        '[costs.team]\n# certain\namount = { value = 1 }\nname = "Team"\n\n# what\n[facts]\na = { b = 1 }\n'
    )


def test_what_toml_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="NoneType"):
        toml_text({"a": None})
