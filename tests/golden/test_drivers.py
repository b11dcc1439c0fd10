"""``soemrisk drivers`` as its user meets it, and the figures of the shipped scenarios."""

import copy
import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from test_command_line import soemrisk

import soemrisk as sr
from soemrisk import kernel
from soemrisk.design import plan, points
from soemrisk.driver_page import driver_page
from soemrisk.driver_tables import driver_tables
from soemrisk.drivers import drivers
from soemrisk.names import element_names, input_names
from soemrisk.priorities import Thresholds
from soemrisk.running import run_scenario
from soemrisk.transform import values_at


@pytest.fixture(scope="module")
def act():
    scenario = sr.read("act-randers")
    return scenario, drivers(scenario, run_scenario(scenario, plan(2**14, 1)), evaluate=kernel.evaluate)


@pytest.fixture(scope="module")
def cti():
    scenario = sr.read("cti-aarhus")
    return scenario, drivers(scenario, run_scenario(scenario, plan(2**14, 1)), evaluate=kernel.evaluate)


def test_the_page_answers_in_a_table_and_sentences(act):
    page = driver_page(*act, "da")
    assert "Succesrate med indsats" in page
    assert "405.408" in page  # worth of knowing the success rate: an integral, to the krone
    assert "mest usikkerhed kommer fra »Kalibreret: Sociale serviceydelser«, 40\u00a0%" in " ".join(page.split("\n"))
    assert "7 linjer er tilpasset offentliggjorte totaler" in page
    assert all(len(line) <= 140 for line in page.splitlines())


def test_the_page_of_another_actor_and_language(act):
    page = driver_page(*act, "en", "region")
    assert page.startswith("What drives the result? Region")
    told = "full knowledge of everything is worth at most DKK 6,000 for the decision, under 1 % of the expected result"
    assert told in " ".join(page.split())


def test_an_actor_whose_decision_is_settled_gets_no_worth(cti):
    page = " ".join(driver_page(*cti, "da").split("\n"))
    assert "ingen enkelt oplysning ventes at ændre beslutningen" in page
    assert "kr. værd" not in page


def test_nothing_is_important_for_a_settled_decision(act):
    _, found = act
    evpi, mean = found["information"]["stat"]["evpi"]["value"], found["variance"]["stat"]["mean"]
    assert 0 < evpi < 0.01 * mean
    assert all(row["importance"] == 0 for row in found["priorities"]["actors"]["stat"].values())
    assert any(row["importance"] > 0 for row in found["priorities"]["actors"]["kommune"].values())


def test_a_settled_decision_is_not_told_to_be_improved(act):
    """Stat: full knowledge is worth less than 1 % of the expected result, whatever a count would give."""
    scenario, found = act
    evsi = {"success.with": dict.fromkeys(found["information"]["stat"]["evsi"]["success.with"], 500.0)}
    changed = {**found, "information": {**found["information"], "stat": {**found["information"]["stat"], "evsi": evsi}}}
    page = " ".join(driver_page(scenario, changed, "da", "stat").split())
    told = "fuld viden om alt er højst 700 kr. værd for beslutningen, under 1 % af det forventede resultat"
    assert told in page
    assert "Følges 25" not in page
    assert "Følges 25" in " ".join(driver_page(scenario, found, "da", "kommune").split())


def test_a_price_with_steps_has_no_single_zero(act):
    scenario, found = act
    path = "services.botilbud.price"
    assert "2.240" in driver_page(scenario, found, "da")
    stepped = {**found, "break_even": {**found["break_even"], f"{path}@2023": found["break_even"][path]}}
    assert "2.240" not in driver_page(scenario, stepped, "da")


def test_two_inputs_are_ranked_where_their_intervals_do_not_meet(act):
    scenario, found = act
    ranked = "dernæst fra"
    assert ranked in " ".join(driver_page(scenario, found, "da").split())
    rows = found["priorities"]["actors"]["kommune"]
    first, second = sorted(rows, key=lambda key: -rows[key]["shapley"])[:2]
    apart = rows[first]["shapley"] - rows[second]["shapley"]
    for error, told in ((0.2 * apart, True), (0.3 * apart, False)):  # 2.131 × (error + error) beside the distance
        unsure = copy.deepcopy(found)
        for key in (first, second):
            unsure["priorities"]["actors"]["kommune"][key]["shapley_error"] = error
        assert (ranked in " ".join(driver_page(scenario, unsure, "da").split())) == told


def test_errors_of_variance_are_in_the_tables(act):
    scenario, found = act
    unsure = copy.deepcopy(found)
    unsure["variance"]["kommune"]["sd_mcse"] = 123.5
    unsure["variance"]["kommune"]["inputs"]["success.with"]["shapley_mcse"] = 0.0625
    tables = driver_tables(scenario, unsure, "en")

    def rows(name):
        return list(csv.DictReader(io.StringIO(tables[name].decode("utf-8-sig"))))

    assert [row["sd_mcse"] for row in rows("spread.csv") if row["actor"] == "kommune"] == ["123.5"]
    of_input = {(row["actor"], row["input"]): row for row in rows("variance.csv")}
    assert of_input["kommune", "success.with"]["shapley_mcse"] == "0.0625"


def test_no_forbidden_claim_is_on_a_page(act, cti):
    for one in (act, cti):
        for lang in ("da", "en"):
            page = driver_page(*one, lang).lower()
            for claim in ("garanter", "beviser", "konfidens", "skyldes indsatsen", "mest sandsynlige", "guarant"):
                assert claim not in page


def test_shares_add_up_and_calibrated_lines_are_together(act):
    _, found = act
    for table in found["variance"].values():
        assert sum(row["shapley"] for row in table["inputs"].values()) == pytest.approx(1.0, abs=1e-9)
        for row in table["inputs"].values():
            assert row["first"] <= row["shapley"] + 1e-9
            assert row["shapley"] <= row["total"] + 1e-9
    rows = found["priorities"]["actors"]["total"]
    assert sum(row["shapley"] for row in rows.values()) == pytest.approx(1.0, abs=1e-9)
    calibrated = {key: row["inputs"] for key, row in rows.items() if key.startswith("calibrated/")}
    assert sum(len(inputs) for inputs in calibrated.values()) == 7
    for key, inputs in calibrated.items():
        if len(inputs) == 1:
            assert rows[key]["category"] == "open"


def test_places_follow_the_thresholds(act):
    scenario, found = act
    row = found["priorities"]["actors"]["kommune"]["success.with"]
    assert row["category"] == "most"
    assert row["width"] == pytest.approx((0.8042 - 0.5639) / 0.6875, abs=0.01)
    strict = Thresholds(width=0.5)
    run = run_scenario(scenario, plan(2**12, 1))
    less = drivers(scenario, run, evaluate=kernel.evaluate, thresholds=strict)
    assert less["priorities"]["actors"]["kommune"]["success.with"]["category"] == "less"
    by_percent = drivers(scenario, run, evaluate=kernel.evaluate, importance="elasticity")
    one = by_percent["priorities"]["actors"]["kommune"]["success.with"]
    net = run[0].net[1]
    assert one["importance"] == pytest.approx(one["ten_percent"] / (net["p90"] - net["p10"]))


def test_chance_by_area_and_year_is_what_the_closed_form_leaves(act):
    scenario, found = act
    _, simulation = run_scenario(scenario, plan(2**14, 1))
    expected = kernel.evaluate  # the kernel without chance, at the same points
    model = simulation.model
    values = [values_at(model, points(simulation.plan, model.columns, r)) for r in range(simulation.plan.replicates)]
    without = np.stack([expected(model, one, None).area for one in values])
    for h, area in enumerate(model.areas):
        for a, actor in enumerate(model.actors):
            row = found["variance_by_area"][area][actor]
            whole = simulation.area[:, :, h, a].var()
            wanted = 1 - without[:, :, h, a].var() / whole if whole > 0 else 0.0
            assert row["chance_share"] == pytest.approx(wanted, abs=5 * row["chance_share_mcse"] + 2e-3)
    costs = found["variance_by_area"]["omkostninger"]["kommune"]
    assert abs(costs["chance_share"]) <= 5 * costs["chance_share_mcse"] + 1e-6


def test_there_is_no_nan_and_no_infinite_number(act, cti):
    for _, found in (act, cti):
        json.dumps(found, allow_nan=False)


def test_tables_hold_what_the_object_holds(act):
    scenario, found = act
    tables = driver_tables(scenario, found, "en")

    def rows(name):
        return list(csv.DictReader(io.StringIO(tables[name].decode("utf-8-sig"))))

    variance = {(row["actor"], row["input"]): row for row in rows("variance.csv")}
    wanted = found["information"]["kommune"]["evppi"]["success.with"]["value"]
    assert float(variance["kommune", "success.with"]["evppi"]) == wanted
    assert {row["actor"] for row in rows("chance_of_gain.csv")} == {"total", "kommune", "region", "stat"}
    assert len(rows("by_year.csv")) == 10 * 4 * len(found["variance"]["total"]["inputs"])
    split = [row for row in rows("split.csv") if row["by"] == "actor"]
    assert sum(float(row["cvar10"]) for row in split) == pytest.approx(
        sum(row["cvar10"] for row in found["split"]["area"].values()), rel=1e-9
    )
    danish = driver_tables(scenario, found, "da")["variance.csv"].decode("utf-8-sig").splitlines()
    assert danish[0].startswith("actor;input;name")
    assert "," in danish[1]


def test_names_are_all_different(act):
    scenario, found = act
    for lang in ("da", "en"):
        names = input_names(scenario, lang)
        assert len(set(names.values())) == len(names)
        assert set(found["inputs"]) <= set(names)
        assert set(element_names(scenario, found["inputs"], lang)) == {
            one["element"] for one in found["inputs"].values()
        }


def test_two_tornados_are_side_by_side_over_the_same_inputs(act):
    _, found = act
    uncertain = {bar["input"] for bar in found["tornado"]["p10_p90"]}
    every = {bar["input"] for bar in found["tornado"]["ten_percent"]}
    assert uncertain == set(found["inputs"])
    assert uncertain < every


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    done = soemrisk("drivers", "act-randers", "--draws", 4096, "--seed", 0, "--out", folder, "--json", "--threads", 1)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_json_is_the_file_and_threads_change_no_byte(written):
    folder, printed = written
    assert (folder / "drivers.json").read_text(encoding="utf-8") == printed
    found = json.loads(printed)
    assert (found["seed"], found["draws"]) == (0, 4096)
    again = soemrisk("drivers", "act-randers", "--draws", 4096, "--seed", 0, "--json", "--threads", 2)
    assert again.stdout == printed


def test_a_pair_adds_its_table():
    pair = ["--pair", "success.with", "costs.indsats.amount"]
    done = soemrisk("drivers", "act-randers", "--draws", 1024, "--json", *pair)
    found = json.loads(done.stdout)["pair"]
    assert np.shape(found["net"]["kommune"]) == (9, 9)
    assert len(found["zero"]["kommune"]) == 9


def test_wrong_requests_are_told_all_at_once():
    done = soemrisk("drivers", "act-randers", "--actor", "komune", "--pair", "success.wth", "services.herberg.price")
    assert done.returncode == 2
    assert done.stdout == ""
    actor, pair = done.stderr.splitlines()
    known = "der er total, kommune, region, stat"
    assert actor == f"komune er ingen aktør i beregningen; {known}. Mente du »kommune«?"
    assert pair.startswith("success.wth er ingen forudsætning i beregningen; usikre forudsætninger: success.with, ")
    assert pair.endswith("Mente du »success.with«?")


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (("success.with", "success.with"), "to forskellige"),
        (("settings.discount_rate", "success.with"), "regnet som kendt"),
    ],
)
def test_pairs_that_say_nothing_are_refused(pair, told):
    done = soemrisk("drivers", "act-randers", "--pair", *pair)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_nothing_uncertain_is_an_answer_too(tmp_path):
    source = (Path(__file__).parents[2] / "scenarios" / "laere-eksempel.toml").read_text(encoding="utf-8")
    certain = re.sub(r", low = [^,]*, high = [^,]*, meaning = \"[^\"]*\"|, family = \"[^\"]*\"", "", source)
    certain = re.sub(r"^(low|high|meaning|family) = .*$", "", certain, flags=re.MULTILINE)
    path = tmp_path / "certain.toml"
    path.write_text(certain.replace('id = "laere-eksempel"', 'id = "certain"'), encoding="utf-8")
    done = soemrisk("drivers", path, "--draws", 64, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Kommune: ingen forudsætning er usikker." in done.stdout
    assert (tmp_path / "out" / "drivers.json").exists()


def test_exact_in_python_is_what_the_command_prints(act):
    scenario, found = act
    table = sr.exact(scenario)
    for actor, row in found["variance"].items():
        for path, shares in row["inputs"].items():
            for name, key in (("S1", "first"), ("ST", "total"), ("shapley", "shapley")):
                assert float(table[name].sel(actor=actor, input=path)) == pytest.approx(
                    shares[key], rel=1e-12, abs=1e-15
                )
    assert float(table["S2"].sel(actor="kommune").max()) > 0
    share = table["chance_share"].sel(actor="kommune")
    assert float(share) == pytest.approx(
        found["variance"]["kommune"]["chance_share"], abs=2e-3
    )  # the latter from draws
    assert table["year_ST"].dims == ("actor", "year", "input")


def test_exact_without_chance_is_the_same_without_it():
    scenario = sr.read("act-randers")
    whole, without = sr.exact(scenario), sr.exact(scenario, chance=False)
    assert set(whole.data_vars) - set(without.data_vars) == {"chance_share", "chance_share_se"}
    assert without.equals(whole[list(without.data_vars)])


def test_break_even_of_any_input_in_python_is_that_of_drivers():
    scenario = sr.read("act-randers")
    found = sr.what_drives(scenario, draws=1024)["break_even"]
    table = sr.break_even(scenario, ["success_rate", *found], draws=1024)
    assert list(table["input"].values) == ["success_rate", *found]
    rate = sr.break_even(scenario, draws=1024)
    assert rate["p50"].sel(actor="kommune") == table["p50"].sel(input="success_rate", actor="kommune")
    for path, by_actor in found.items():
        for actor, row in by_actor.items():
            own = table.sel(input=path, actor=actor)
            assert [root for root in own["roots"].values.tolist() if not np.isnan(root)] == row.get("roots", [])
            for name in set(row) - {"roots"}:
                value = float(own[name])
                if row[name] is None:
                    assert not np.isfinite(value), (path, actor, name)
                else:
                    assert value == pytest.approx(row[name], rel=1e-6, abs=1e-9), (path, actor, name)
    alone = sr.break_even(scenario, "services.botilbud.price", draws=1024)
    assert alone["base"].dims == ("actor",)
    assert float(alone["base"].sel(actor="kommune")) == found["services.botilbud.price"]["kommune"]["base"]
    with pytest.raises(ValueError, match=r"known for success_rate, success\.with, .* not for 'sucess'"):
        sr.break_even(scenario, "sucess")


def test_python_asks_for_what_the_command_can_and_more():
    scenario = sr.read("act-randers")
    pair = ("success.with", "costs.indsats.amount")
    found = sr.what_drives(scenario, draws=1024, pair=pair, thresholds={"width": 0.5}, sampler="lhs")
    assert found["pair"]["inputs"] == list(pair)
    assert np.shape(found["pair"]["net"]["kommune"]) == (9, 9)
    assert found["sampler"] == "lhs"
    assert found["priorities"]["thresholds"] == {"width": 0.5, "importance": 0.1}
    assert found["priorities"]["actors"]["kommune"]["success.with"]["category"] == "less"
    with pytest.raises(ValueError, match="thresholds are width, evppi, total, elasticity, not 'breadth'"):
        sr.what_drives(scenario, thresholds={"breadth": 1.0})
    with pytest.raises(ValueError, match="from 0 up"):
        sr.what_drives(scenario, thresholds={"width": float("nan")})
    with pytest.raises(ValueError, match=r"success\.wth is no input"):
        sr.what_drives(scenario, pair=("success.wth", "success.with"))


def test_groups_in_closed_form():
    scenario = sr.read("act-randers")
    everything = list(sr.exact(scenario)["input"].values)
    found = sr.exact(scenario, {"all": everything, "rate": ["success.with"], "rest": everything[1:]})
    by_group = found.sel(actor="kommune")
    assert float(by_group["closed"].sel(group="all")) == pytest.approx(1.0, abs=1e-12)
    assert float(by_group["closed"].sel(group="rate")) == pytest.approx(
        float(by_group["S1"].sel(input="success.with")), rel=1e-12
    )
    rest = float(by_group["closed"].sel(group="rest"))
    assert rest == pytest.approx(1 - float(by_group["ST"].sel(input="success.with")), abs=1e-12)


def test_a_part_of_what_depends_on_each_other_is_refused():
    scenario = sr.read(Path(__file__).parents[1] / "spec" / "valid" / "correlations.toml")
    table = sr.exact(scenario)
    name = str(table["input"].values[table["vector"].values.argmax()])
    for ask in (sr.exact, sr.evppi):
        with pytest.raises(ValueError, match="depends on inputs of the group"):
            ask(scenario, {"x": [name]}, draws=1024)


def test_evppi_of_groups_in_python():
    scenario = sr.read("act-randers")
    groups = {"rates": ["success.with", "success.without"], "rate": ["success.with"]}
    found = sr.evppi(scenario, groups, draws=2**14)
    one = found.sel(actor="kommune")
    assert float(one["evppi"].sel(input="rate")) == pytest.approx(
        405_408, abs=4 * float(one["evppi_se"].sel(input="rate"))
    )
    assert float(one["evppi"].sel(input="rate")) < float(one["evppi"].sel(input="rates")) < float(one["evpi"])
    with pytest.raises(ValueError, match="no uncertain input"):
        sr.evppi(scenario, {"x": ["success.wth"]})
    with pytest.raises(ValueError, match="importance"):
        sr.what_drives(scenario, importance="size")


@pytest.mark.parametrize("actor", ["total", "stat"])
def test_pictures_of_another_actor(actor, tmp_path):
    done = soemrisk("drivers", "act-randers", "--draws", 1024, "--actor", actor, "--out", tmp_path, "--lang", "en")
    assert done.returncode == 0, done.stderr
    name = {"total": "Total", "stat": "State"}[actor]
    assert name in (tmp_path / "tornado.svg").read_text(encoding="utf-8")
    assert "deciding" not in json.loads((tmp_path / "drivers.json").read_text(encoding="utf-8"))
