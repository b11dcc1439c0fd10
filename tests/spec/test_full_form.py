"""``check --resolved``: what is printed is the scenario itself, and says what each number means."""

from __future__ import annotations

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DOCUMENT, number
from soemrisk.cli import commands
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.full_form import full_document, full_form
from soemrisk.kernel import evaluate
from soemrisk.names import input_units
from soemrisk.reading import parse, read
from soemrisk.receipt import content_hash
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.simulation import simulate_model
from soemrisk.toml_text import toml_text

VALID = sorted((Path(__file__).parent / "valid").glob("*.toml"))
SHIPPED = ("act-randers", "cti-aarhus")
ALL = [*map(str, VALID), *SHIPPED]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("source", ALL, ids=lambda source: Path(source).stem)
def test_the_full_form_is_the_same_scenario(source: str, lang: str) -> None:
    scenario = read(source)
    written = full_form(scenario, lang)
    again = parse(written.encode(), "full.toml")
    assert again == scenario
    assert content_hash(again) == content_hash(scenario)
    assert full_form(again, lang) == written


def test_a_unit_in_one_language_is_written_as_one_text_and_keeps_the_hash_of_its_file() -> None:
    shortest = next(path for path in VALID if path.stem == "shortest")
    assert content_hash(read(str(shortest))) == "f3a24a8fa926c54f3555d49cb9ae88bc0a90cbdfda14d3c1e1caae50d50f4ef0"
    assert full_document(read(str(shortest)))["services"]["herberg"]["unit"] == "døgn"
    both = next(path for path in VALID if path.stem == "units-in-two-languages")
    service = full_document(read(str(both)))["services"]["herberg"]
    assert service["unit"] == {"da": "døgn", "en": "day"}
    assert service["price"]["unit"] == {"da": "kr. pr. døgn", "en": "DKK per day"}


def test_units_are_told_in_the_language_of_what_is_read() -> None:
    scenario = read(str(next(path for path in VALID if path.stem == "units-in-two-languages")))
    danish, english = (input_units(scenario, lang) for lang in ("da", "en"))
    told = {path: (danish[path], english[path]) for path in danish}
    assert told["settings.discount_rate"] == ("pr. år", "a year")
    assert told["success.net"] == ("andel", "share")
    assert told["costs.team.amount"] == ("kr.", "DKK")
    assert told["services.botilbud.price"] == ("kr. pr. uge", "DKK per week")  # from the unit of the service
    assert told["consequences.herberg.change"] == ("døgn", "day")
    assert told["consequences.botilbud.change"] == ("uge", "week")
    assert {one.unit for one in compile_scenario(scenario).inputs if one.path.endswith("herberg.price")} == {
        {"da": "kr. pr. døgn", "en": "DKK per day"}[scenario.lang]
    }


@pytest.mark.parametrize("source", ALL, ids=lambda source: Path(source).stem)
def test_the_full_form_gives_the_same_results(source: str) -> None:
    scenario = read(source)
    again = parse(full_form(scenario, "da").encode(), "full.toml")
    first, second = (
        simulate_model(compile_scenario(one), plan(256, 1, "sobol"), evaluate=evaluate) for one in (scenario, again)
    )
    assert np.array_equal(first.net, second.net)
    assert [one.key for one in first.model.inputs] == [one.key for one in second.model.inputs]


@pytest.mark.parametrize("source", ALL, ids=lambda source: Path(source).stem)
def test_every_key_that_has_a_value_is_written_and_every_quantity_said(source: str) -> None:
    scenario = read(source)
    document = tomllib.loads(full_form(scenario, "en"))
    assert document == full_document(scenario)
    for table, model in (("settings", scenario.settings), ("participants", scenario.participants)):
        stated = {field.alias or name for name, field in type(model).model_fields.items()}
        assert stated - set(document[table]) == {name for name in stated if getattr(model, name, 0) is None}
    said = re.findall("^# (counts as certain|.*P10–P90 .* to .*)$", full_form(scenario, "en"), re.MULTILINE)
    assert len(said) == len([*quantities(scenario)])


def test_a_comment_tells_family_parameters_mean_spread_and_interval() -> None:
    text = full_form(read(str(VALID[0].parent / "shortest.toml")), "en")
    assert (
        "# pert (low = 1000, mode = 1200, high = 1500): mean 1,217, standard deviation 93.65, P10–P90 1,094 to 1,345\n"
        "[services.herberg.price]\nvalue = 1200\n" in text
    )
    assert "# not stated: base_year; here it is 2020\n[settings]\n" in text
    assert "# counts as certain\ndiscount_rate = { value = 0.035," in text


def test_the_command_prints_scenarios_one_after_the_other(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("schema = 1\n")
    done = CliRunner().invoke(commands, ["check", "--resolved", *SHIPPED])
    assert done.exit_code == 0
    parts = re.split("^# (act-randers|cti-aarhus)\n", done.stdout, flags=re.MULTILINE)
    assert parts[1::2] == list(SHIPPED)
    assert [parse(part.encode(), "x").id for part in parts[2::2]] == list(SHIPPED)
    one = CliRunner().invoke(commands, ["check", "--resolved", "act-randers"])
    assert parse(one.stdout.encode(), "x") == read("act-randers")
    failed = CliRunner().invoke(commands, ["check", "--resolved", str(wrong), "act-randers"])
    assert failed.exit_code == 2
    assert "wrong.toml: nøglen »id« mangler" in failed.stderr
    assert failed.stdout.startswith("# act-randers\n")


TEXTS = st.text(min_size=1, max_size=20).filter(str.strip)
IDS = st.text("abcxyz019-_", min_size=1, max_size=5).filter(lambda one: one not in {"total", "kommune"})
AMOUNTS = st.integers(1, 10**9).map(float) | st.floats(0.001, 1e9).map(lambda x: float(f"{x:.12g}"))


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """The small scenario with other words, ids, numbers and statements."""
    document = copy.deepcopy(DOCUMENT)
    document["name"] = draw(TEXTS | st.fixed_dictionaries({"da": TEXTS, "en": TEXTS}))
    document["facts"]["notes"] = draw(st.lists(TEXTS, max_size=3))
    three = st.lists(AMOUNTS, min_size=3, max_size=3, unique=True).filter(lambda found: max(found) < 1e6 * min(found))
    low, value, high = sorted(draw(three))
    spread = draw(
        st.sampled_from(
            [{}, {"low": low, "high": high, "meaning": "hard"}, {"low": low, "high": high, "meaning": "90%"}]
        )
    )
    document["costs"]["drift"]["amount"] = number(value, **spread)
    actor, area = draw(IDS), draw(IDS)
    document["actors"][actor] = {"name": draw(TEXTS)}
    document["areas"][area] = {"name": draw(TEXTS)}
    share = draw(st.integers(0, 1024)) / 1024
    document["services"]["bolig"]["shares"] = draw(
        st.sampled_from([{actor: 1.0}, [{"kommune": 1.0}, {"from": 2022, actor: share, "kommune": 1 - share}]])
    )
    document["services"]["bolig"]["area"] = area
    document["consequences"]["skat"]["change"] = number(
        draw(st.lists(st.integers(-52, 52).map(float), min_size=1, max_size=5).filter(any)), "week", significant=0.05
    )
    document["settings"] |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "base_year": st.integers(1990, 2100), "timing": st.sampled_from(["start", "mid", "end"]),
                "window": st.sampled_from(["common", "cohort"]), "costs_discounted": st.booleans(),
            },
        )
    )  # fmt: skip
    document["promised"] = draw(st.dictionaries(st.sampled_from(["total", "kommune", actor]), AMOUNTS | st.just(-0.0)))
    return document


def check(examples: int) -> None:
    @settings(max_examples=examples)
    @given(scenarios())
    def holds(document: dict[str, Any]) -> None:
        scenario = parse(toml_text(document).encode(), "x.toml")
        assert scenario == Scenario.model_validate(document)
        written = full_form(scenario, "da")
        again = parse(written.encode(), "full.toml")
        assert again == scenario
        assert full_form(again, "da") == written
        assert content_hash(again) == content_hash(scenario)

    holds()


def test_any_scenario_survives_the_full_form() -> None:
    check(100)


@pytest.mark.slow
def test_any_scenario_survives_the_full_form_long() -> None:
    check(1000)
