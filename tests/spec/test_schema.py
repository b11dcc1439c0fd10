"""The JSON Schema: generated, shipped, and true to what ``check`` says of the form of a file."""

from __future__ import annotations

import json
import tomllib
from importlib import resources, util
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from soemrisk.errors import ScenarioError
from soemrisk.full_form import full_document
from soemrisk.json_schema import scenario_schema
from soemrisk.reading import read

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs" / "scenario.schema.json"
SCHEMA: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
VALID = sorted((Path(__file__).parent / "valid").glob("*.toml"))
INVALID = sorted((Path(__file__).parent / "invalid").glob("*.toml"))
SHIPPED = sorted((ROOT / "scenarios").glob("*.toml"))
OF_FORM = {
    "bad-id", "empty-list", "empty-text", "family-parameters", "missing-key", "not-a-count", "not-a-list",
    "not-a-number", "not-a-quantity", "not-a-table", "not-a-text", "not-a-year", "not-finite", "not-true-or-false",
    "nothing-there", "parameters-without-family", "range-incomplete", "reserved-id", "unknown-choice", "unknown-key",
}  # fmt: skip
NOT_SEEN = {
    "empty-list--csv": "the list is a column of a file",
    "unknown-choice--of": "what can be chosen depends on the statement",
    "many--promised": "NaN compares with nothing, and whether an actor is there depends on another section",
    "missing-key--section": "success may be stated by each subgroup instead",
    "missing-key--source-of-an-own-number": "what is needed beside a reference depends on what the entry has",
    "missing-key--source-of-own-shares": "what is needed beside a reference depends on what the entry has",
    "missing-key--source-of-own-index": "what is needed beside a reference depends on what the entry has",
    "missing-key--value": "a value is needed unless the statement brings one",
    "missing-key--discount": "a discount needs any one of four keys",
    "missing-key--years-of-a-cost": "whether years are needed depends on another key",
    "not-a-count--evidence-with-a-point": "in JSON 2.0 is the whole number 2",
    "not-finite": "NaN compares with nothing",
    "unknown-choice--family-of-statement": "which family is possible depends on the statement",
}


def document_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def parses(path: Path) -> bool:
    try:
        document_of(path)
    except (ValueError, RecursionError):
        return False
    return True


def test_the_schema_is_not_stale() -> None:
    spec = util.spec_from_file_location("make_schema", ROOT / "docs" / "make_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert STORED.read_text(encoding="utf-8") == module.content(), "run python docs/make_schema.py"


def test_the_schema_ships_where_a_shipped_scenario_looks_for_it() -> None:
    shipped = resources.files("soemrisk") / "docs" / "scenario.schema.json"
    assert shipped.read_text(encoding="utf-8") == STORED.read_text(encoding="utf-8")
    for path in SHIPPED:
        first = path.read_text(encoding="utf-8").split("\n")[0]
        assert first == "#:schema ../docs/scenario.schema.json", path.name
        assert (path.parent / first.removeprefix("#:schema ")).resolve() == STORED


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].startswith("http://json-schema.org/draft-07")
    assert "null" not in STORED.read_text(encoding="utf-8")


def test_every_key_has_a_description_and_every_table_is_closed() -> None:
    documented = {"Facts", "Settings", "Named", "Participants", "Success", "Cost", "Grant", "Group", "Service",
                  "Consequence", "Correlation", "Quantity", "PriceStep", "RateStep"}  # fmt: skip
    for name, table in {"Scenario": SCHEMA, **SCHEMA["definitions"]}.items():
        assert table["additionalProperties"] is False or name == "ShareStep"
        assert table["description"]
        if name in documented | {"Scenario"}:
            lacking = [key for key, value in table["properties"].items() if not value.get("description")]
            assert not lacking, (name, lacking)


@pytest.mark.parametrize("path", [*VALID, *SHIPPED], ids=lambda path: path.stem)
def test_what_is_valid_fits_the_schema_in_short_and_in_full(path: Path) -> None:
    for document in (document_of(path), full_document(read(path))):
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@pytest.mark.parametrize("path", [path for path in INVALID if parses(path)], ids=lambda path: path.stem)
def test_what_is_wrong_in_form_does_not_fit_the_schema(path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(path)
    rules = {problem.rule for problem in caught.value.problems}
    if rules & OF_FORM:
        assert VALIDATOR.is_valid(document_of(path)) == (path.stem in NOT_SEEN)


def test_the_exceptions_are_files_of_the_corpus() -> None:
    assert set(NOT_SEEN) <= {path.stem for path in INVALID}


def test_descriptions_come_from_the_written_spec() -> None:
    assert SCHEMA["definitions"]["Cost"]["properties"]["payer"]["description"].startswith("part that each actor pays")
    assert "description" not in scenario_schema()["properties"]["lang"]


def test_a_family_completes_its_own_parameters() -> None:
    cases = [
        item
        for item in SCHEMA["definitions"]["Quantity"]["allOf"]
        if item["if"]["properties"]["family"]["const"] == "pert"
    ]
    (pert,) = cases
    assert list(pert["then"]["properties"]["parameters"]["properties"]) == ["low", "mode", "high"]
