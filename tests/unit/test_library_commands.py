"""The commands on the library, its search, its check, and the page that is made of it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from soemrisk.cli import commands
from soemrisk.distribution import resolve
from soemrisk.families import FAMILIES
from soemrisk.library import SECTIONS, library, topics
from soemrisk.library_audit import mistakes, worth_knowing
from soemrisk.library_details import details, taken
from soemrisk.library_lines import counts, line_of
from soemrisk.library_search import folded, nearest, search
from soemrisk.messages import CATALOGUE
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.reading import parse
from soemrisk.references import keys_of
from soemrisk.toml_text import toml_text

ROOT = Path(__file__).parents[2]
SHORTEST = tomllib.loads((ROOT / "tests/spec/valid/shortest.toml").read_text(encoding="utf-8"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["library", *arguments])


# search


@pytest.mark.parametrize("spelling", ["fængsel", "faengsel", "FÆNGSEL", "Faengsel"])
def test_danish_letters_are_found_in_every_spelling(spelling: str) -> None:
    assert search([spelling]) == search(["fængsel"])
    assert "faengsel-lukket" in search([spelling])


@pytest.mark.parametrize(
    ("one", "other"), [("børn på ø", "boern paa oe"), ("børn på ø", "born pa o"), ("ÅRHUS", "aarhus"), ("Ærø", "aero")]
)
def test_spellings_fold_to_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_every_entry_is_found_by_its_id_and_first_where_it_is_asked_for_whole() -> None:
    for key in library():
        assert key in search([key]), key
    for key in ("refusionstrappen", "nettoprisindeks", "herberg-110", "recidiv-faengsel"):
        assert search([key])[0] == key


def test_all_words_must_be_there_and_order_does_not_matter() -> None:
    both = search(["herberg", "refusion"])
    assert both
    assert set(both) == set(search(["refusion", "herberg"])) == set(search(["herberg"])) & set(search(["refusion"]))
    assert search(["herberg", "xyzq"]) == search([]) == search(["…"]) == []


def test_words_of_notes_sources_and_populations_are_found_in_both_languages() -> None:
    assert "move-gennemfoert-behandling" in search(["Pedersen", "2021"])
    assert "housing-first-act-bolig-12" in search(["severe", "mental"])
    assert "housing-first-act-bolig-12" in search(["støttebehov"])
    assert "nettoprisindeks" in search(["PRIS116"])


def test_a_name_counts_more_than_a_source() -> None:
    entries = {
        "a": {"kind": "price", "name": {"da": "Andet", "en": "Other"}, "source": "krisecenter"},
        "b": {"kind": "price", "name": {"da": "Krisecenter", "en": "Centre"}, "source": "x"},
        "c": {"kind": "price", "name": {"da": "Krisecentre", "en": "Centres"}, "source": "x"},
    }
    assert search(["krisecenter"], entries) == ["b", "a"]
    assert search(["krisecent"], entries) == ["b", "c", "a"]


def test_what_is_found_is_told_with_value_and_year() -> None:
    result = run("search", "lukket", "faengsel")
    assert result.exit_code == 0
    first = result.output.splitlines()[0]
    assert first.startswith("faengsel-lukket-pris-2015: Lukket fængsel · 1.878 kr. pr. døgn")
    assert "2015-priser" in first
    assert "2015 prices" in run("search", "lukket", "faengsel", "--lang", "en").output


def test_a_misspelt_word_gets_the_nearest_and_is_no_mistake() -> None:
    result = run("search", "kontanthjalpp")
    assert result.exit_code == 0
    assert "Ingen post har alle ordene: kontanthjalpp." in result.output
    assert "Mente du kontanthjælp?" in result.output


# list


def test_the_list_has_every_entry_once_and_counts_by_section() -> None:
    lines = run("list").output.splitlines()
    assert lines[0].startswith(f"{len(library())} poster: Effekt {counts()['effekt']} · ")
    for key in library():
        assert sum(line.startswith(f"{key}: ") for line in lines) == 1
    assert sum(counts().values()) == len(library())
    assert tuple(counts()) == SECTIONS


def test_the_list_is_of_a_kind_and_a_section() -> None:
    found = json.loads(run("list", "--kind", "level", "--section", "maalgrupper", "--json").output)
    assert {entry["id"] for entry in found["entries"]} == {k for k, e in library().items() if e["kind"] == "level"}
    assert {entry["section"] for entry in found["entries"]} == {"maalgrupper"}
    assert found["counts"] == counts()
    assert "Ingen post passer." in run("list", "--kind", "price", "--section", "effekt").output
    wrong = run("list", "--kind", "prise")
    assert wrong.exit_code == 2
    assert "price_index" in wrong.stderr
    assert run("list", "--section", "x").exit_code == 2


# show


@pytest.mark.parametrize("key", library())
def test_every_entry_is_shown_in_both_languages(key: str) -> None:
    for lang in ("da", "en"):
        told = dict(details(key, lang))
        assert told.get("source") or told.get("shares_source")
        assert line_of(key, lang).name
        for label in told:
            assert f"lib-label-{label}" in CATALOGUE
    assert taken(key) or f"lib-use-{library()[key]['kind']}" in CATALOGUE
    section, topic = next(place for place, entries in topics().items() if key in entries)
    assert {f"lib-section-{section}", f"lib-topic-{topic}", f"lib-kind-{library()[key]['kind']}"} <= set(CATALOGUE)


def test_an_entry_is_told_whole() -> None:
    page = run("show", "ips-arbejde-18", "--lang", "en").output
    for piece in (
        "IPS: employment or education at 18 months (Denmark)", "success rate, net", "Value: 0.134 andel",
        "standard error 0.0451", "mean 0.1340", "P10–P90", "severe mental illness (Denmark)",
        "1: meta-analysis or randomised trial", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6727676",
        'net = { library = "ips-arbejde-18" }',
    ):  # fmt: skip
        assert piece in page, piece
    danish = run("show", "herberg-110").output
    assert "over 120 døgn: kommune 100 %" in danish
    assert "Som fordeling: pert" in danish


def test_the_distribution_that_is_shown_is_that_of_the_scenario() -> None:
    entry = library()["ips-arbejde-18"]
    quantity = Quantity.model_validate({k: v for k, v in entry.items() if k in keys_of(Quantity)}, strict=False)
    found = resolve(quantity, DOMAINS["net_rate"])
    assert found.family is not None
    low, high = FAMILIES[found.family].quantile([0.1, 0.9], found.parameters)
    said = json.loads(run("show", "ips-arbejde-18", "--json").output)["said"]["en"]["distribution"]
    assert f"{low:.5f} to {high:.4f}" in said


TAKEN = [key for key in library() if taken(key)]


@pytest.mark.parametrize("key", TAKEN)
def test_the_line_with_which_an_entry_is_taken_is_toml_that_names_it(key: str) -> None:
    document = tomllib.loads(taken(key).replace("<id>", "x"))
    if library()[key]["kind"] == "shares":
        assert document["services"]["x"]["shares_source"] == library()[key]["source"]
        assert document["services"]["x"]["shares"] == library()[key]["shares"]
    else:
        assert f'"{key}"' in json.dumps(document)


@pytest.mark.parametrize(
    ("key", "place"),
    [("ips-arbejde-18", ("success", "net")), ("nettoprisindeks", ("settings", "price_index")),
     ("diskonteringsrente-2013", ("settings", "discount_rate")), ("refusionstrappen", ("services", "herberg"))],
)  # fmt: skip
def test_a_scenario_with_the_line_is_read(key: str, place: tuple[str, str]) -> None:
    lines = tomllib.loads(taken(key).replace("<id>", "herberg"))
    document = copy.deepcopy(SHORTEST)
    section, name = place
    own: dict[str, Any] = document[section].get(name, {})
    new = lines[section][name]
    document[section][name] = {**own, **new} if "library" not in new else new
    if key == "refusionstrappen":
        document["consequences"]["herberg"]["level"] = {"value": 100, "unit": "døgn", "source": "x"}
    scenario = parse(toml_text(document).encode(), "x.toml")
    assert key in scenario.model_dump_json(exclude_defaults=True) or key == "refusionstrappen"


@pytest.mark.parametrize("key", [key for key in TAKEN if library()[key]["kind"] == "effect"])
def test_an_effect_with_a_spread_is_taken_beside_the_rate_without(key: str) -> None:
    stated = tomllib.loads(taken(key))["success"]
    without = {"value": 0.3, "unit": "andel", "source": "x"}
    document = {**SHORTEST, "success": {"without": without, **stated}}
    assert parse(toml_text(document).encode(), "x.toml").success.effect is not None


def test_effects_on_other_scales_and_without_a_spread_have_no_line() -> None:
    effects = {key: entry for key, entry in library().items() if entry["kind"] == "effect"}
    without = {key for key in effects if not taken(key)}
    assert {effects[key]["scale"] for key in effects if key not in without} == {
        "rate_difference", "odds_ratio", "risk_ratio", "hazard_ratio", "cohen_d",
    }  # fmt: skip
    assert all("certain" in effects[k] or effects[k]["scale"] in {"rate_ratio", "mean_difference"} for k in without)
    page = run("show", "egen-bolig-denver-arrestdage").output
    assert "Ingen plads i en beregning" in page
    assert 'effect = { library = "ips-ma-arbejde-24" }' in run("show", "ips-ma-arbejde-24").output


def test_an_unknown_id_is_the_users_mistake_and_gets_the_nearest() -> None:
    result = run("show", "herberg-101")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "»herberg-101« findes ikke" in result.stderr
    assert "herberg-110" in result.stderr
    assert nearest("nettopris-indeks")[0] == "nettoprisindeks"


# check


def test_the_library_is_in_order_and_old_prices_are_told() -> None:
    assert mistakes() == []
    result = run("check")
    assert result.exit_code == 0
    assert f"{len(library())} poster er i orden." in result.output
    assert "heroinbehandling-pris-2009" in result.output
    assert "faengsel-lukket-pris-2015" not in result.output
    assert "faengsel-lukket-pris-2015" in run("check", "--years", "5").output
    assert "priser er fra før" not in run("check", "--years", "100").output


def test_the_check_as_json_counts_what_is_old() -> None:
    found = json.loads(run("check", "--json", "--years", "10").output)
    assert found["mistakes"] == []
    stale = next(one for one in found["notes"] if one["rule"] == "lib-note-stale")
    assert stale["count"] == len(stale["names"])
    assert {library()[key]["price_year"] < 2014 for key in stale["names"]} == {True}
    others = {k for k, e in library().items() if e["kind"] in {"price", "amount"}} - set(stale["names"])
    assert all(library()[key]["price_year"] >= 2014 for key in others)
    assert worth_knowing(10)[0].in_("en").startswith(f"{stale['count']} prices are from before 2014")


GOOD = {
    "kind": "price", "name": {"da": "Nat", "en": "Night"}, "value": 1200, "unit": "kr. pr. døgn", "price_year": 2022,
    "source": "A tariff (https://example.org)", "certain": {"da": "x", "en": "x"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, None),
        ({"kind": "prise"}, "lib-finding-kind"),
        ({"unit": "kr. pr. nat"}, "lib-finding-unit"),
        ({"unit": "døgn"}, "lib-finding-unit"),
        ({"source": "somebody said so"}, "lib-finding-source"),
        ({"certain": None}, "lib-finding-spread"),
        ({"certain": None, "low": 1300, "high": 1400, "meaning": "hard"}, "lib-finding-resolves"),
        ({"kind": "shares", "shares": {"kommune": 0.5, "stat": 0.4}, "unit": ""}, "lib-finding-shares"),
        ({"kind": "shares", "shares": [{"kommune": 1}, {"above": 4, "kommune": 0.9}]}, "lib-finding-shares"),
    ],
)
def test_each_mistake_is_found(change: dict[str, Any], rule: str | None) -> None:
    entry = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    if change.get("kind") == "shares":
        entry["unit"] = "uge"
    found = {one.what.key for one in mistakes({"x": entry})}
    assert (rule in found) if rule is not None else not found


def test_the_same_number_twice_is_found() -> None:
    found = mistakes({"x": GOOD, "y": dict(GOOD), "z": {**GOOD, "price_year": 2023}})
    assert [(one.id, one.what.key, dict(one.what.values)["other"]) for one in found] == [
        ("y", "lib-finding-twice", "x")
    ]


# the page


def test_the_page_of_the_library_is_not_stale() -> None:
    script = "import sys; sys.path.insert(0, 'docs'); import make_library as m; sys.stdout.write(m.content())"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    page = (ROOT / "docs/library.md").read_bytes()
    assert done.stdout.replace(b"\r\n", b"\n") == page, "python docs/make_library.py"
    for key in library():
        assert page.count(f"| `{key}` |".encode()) == 1
    assert b"What was found and left out, and why" in page
