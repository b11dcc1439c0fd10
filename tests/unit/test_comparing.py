"""Comparison on common draws: what is shared, differences, choice, and what the command says of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import soemrisk as sr
from soemrisk.cli import commands
from soemrisk.common_draws import together
from soemrisk.comparing import compare, compared, comparison_of
from soemrisk.design import plan, points
from soemrisk.transform import values_at


@pytest.fixture(scope="module")
def both():
    return [sr.read("act-randers"), sr.read("cti-aarhus")]


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    source = _text("act-randers")
    changed = source.replace("counts = { successes = 16, of = 23 }", "counts = { successes = 20, of = 40 }")
    changed = changed.replace("value = 0.035\n", "value = 0.03\n", 1)
    assert changed != source
    (folder / "act-2027.toml").write_text(changed, encoding="utf-8")
    return folder / "act-2027.toml"


def _text(name):
    from importlib import resources

    return (resources.files("soemrisk") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")


def run(*words):
    return CliRunner().invoke(commands, ["compare", *map(str, words)])


def values(found, n, design):
    model = found.models[n]
    cube = points(design, found.keys, 0)
    taken = [found.keys.index(key) for key in model.columns]
    table = values_at(model, np.asfortranarray(cube[:, taken]))
    return {one.path: table[:, q] for q, one in enumerate(model.inputs)}


def test_what_is_stated_alike_at_one_place_has_the_same_draws_and_nothing_else(both):
    found, design = together(both), plan(4096, 3)
    first, second = values(found, 0, design), values(found, 1, design)
    assert "services.herberg.price" in found.shared
    for path in found.shared:
        assert np.array_equal(first[path], second[path]), path
    apart = [path for path in set(first) & set(second) if path not in found.shared and np.ptp(first[path]) > 0]
    assert {"costs.indsats.amount"} <= set(apart)
    for path in apart:
        if np.ptp(second[path]) > 0:
            assert abs(np.corrcoef(first[path], second[path])[0, 1]) < 0.2


def test_the_order_of_scenarios_only_turns_differences_round(both):
    one = compare(both, draws=2048, seed=5)
    other = compare(both[::-1], draws=2048, seed=5)
    assert one["net"] == other["net"]
    assert one["choice"]["kommune"] == other["choice"]["kommune"]
    for actor in ("total", "kommune", "region", "stat"):
        first, second = one["differences"][0]["net"][actor], other["differences"][0]["net"][actor]
        assert first["mean"] == pytest.approx(-second["mean"], rel=1e-12)
        assert first["p10"] == pytest.approx(-second["p90"], rel=1e-12)
        assert first["prob_first"] == second["prob_second"]


def test_differences_and_losses_are_those_of_the_draws(both):
    found = comparison_of(both, plan(4096, 2))
    told = compared(found)
    a = found.actors.index("kommune")
    first, second = found.expected[a].reshape(2, -1)
    assert told["differences"][0]["net"]["kommune"]["expected"]["mean"] == pytest.approx((first - second).mean())
    loss = told["choice"]["kommune"]["cti-aarhus"]["expected_loss"]
    assert loss == pytest.approx(np.maximum(first - second, 0).mean())
    assert told["net"]["act-randers"]["kommune"]["mean"] == pytest.approx(found.net[a, 0].mean())
    alone = sr.simulate(both[0], draws=65_536, seed=9)
    wide = sr.summary(alone)
    error = float(wide["mcse_mean"].sel(actor="total")) if "mcse_mean" in wide else 1e4
    assert abs(float(found.net[0, 0].mean()) - float(alone["net"].sel(actor="total").mean())) < 6 * max(error, 5e3)


def test_common_draws_make_the_difference_surer_than_separate_ones(both):
    found = comparison_of(both, plan(16_384, 1))
    total = found.expected[0].reshape(2, -1)
    apart = np.sqrt(total[0].var() + total[1].var())
    assert (total[0] - total[1]).std() < 0.9 * apart


def test_a_scenario_beside_itself_differs_in_chance_alone(both):
    twin = both[0].model_copy(update={"id": "act-igen"})
    told = compare([both[0], twin], draws=2048, seed=0)
    same = told["differences"][0]["net"]["total"]
    assert same["base"] == 0.0
    assert same["expected"]["sd"] > 0  # rates and costs of its own
    variant = both[0].model_copy(update={"id": "act-igen", "draws_as": "act-randers"})
    told = compare([both[0], variant, both[1]], draws=2048, seed=0)
    same = told["differences"][0]["net"]["total"]
    assert (same["sd"], same["prob_first"], same["prob_second"]) == (0.0, 0.0, 0.0)
    shares = [told["choice"]["total"][name]["prob_best"] for name in ("act-randers", "act-igen")]
    assert shares[0] == shares[1] == pytest.approx(0.5, abs=0.01)


def test_per_participant_divides_by_those_who_complete(both):
    whole, each = (compare(both, draws=1024, seed=1, per=per) for per in ("total", "participant"))
    for name in ("act-randers", "cti-aarhus"):
        assert each["net"][name]["kommune"]["mean"] == pytest.approx(whole["net"][name]["kommune"]["mean"] / 25)
        assert each["base"][name]["total"] == pytest.approx(whole["base"][name]["total"] / 25)


def test_an_actor_that_one_scenario_does_not_have_has_nothing_there(both):
    actors = dict(both[0].actors) | {"region2": both[0].actors["region"]}
    told = compare([both[0].model_copy(update={"id": "x", "actors": actors}), both[1]], draws=256, seed=1)
    assert told["net"]["cti-aarhus"]["region2"]["sd"] == 0.0
    assert told["base"]["cti-aarhus"]["region2"] == 0.0


@pytest.mark.parametrize("third", ["aaa", "zzz"])
def test_a_third_scenario_leaves_the_common_draws_of_two_versions(both, third):
    act = both[0]
    herberg = act.services["herberg"]
    dearer = herberg.price[0].model_copy(update={"high": 1_500.0})
    changed = {**act.services, "herberg": herberg.model_copy(update={"price": (dearer,)})}
    other = act.model_copy(update={"services": changed})
    stranger = other.model_copy(update={"id": third})
    design = plan(1024, 2)
    found = together([act, other, stranger])
    first, second, last = (values(found, n, design)["services.herberg.price"] for n in range(3))
    assert np.corrcoef(first, second)[0, 1] > 0.95
    assert np.array_equal(second, last)


def test_what_is_correlated_in_one_scenario_alone_is_not_listed_as_drawn_alike():
    source = Path(__file__).parents[1] / "spec" / "valid" / "correlations.toml"
    one = sr.read(source)
    apart = one.model_copy(update={"id": "apart", "correlations": ()})
    members = {member for group in one.correlations for member in group.between}
    assert members
    assert not members & set(together([one, apart]).shared)


def test_versions_are_neither_ranked_nor_bought_twice(both, versions):
    told = compare([both[0], sr.read(versions)], draws=512, seed=1)
    assert told["ranking"] == {}
    assert told["choice"] == {}
    done = run("act-randers", versions, "--draws", 512, "--budget", 1e9, "--actor", "total", "--json")
    chosen = [one["chosen"] for one in json.loads(done.stdout)["portfolio"]["scenarios"].values()]
    assert chosen.count(True) == 1


@pytest.mark.parametrize(
    ("old", "new"), [("price_year = 2022", "price_year = 2019"), ("base_year = 2019", "base_year = 2015")]
)
def test_versions_in_kroner_of_different_years_are_refused_too(tmp_path, old, new):
    (tmp_path / "new.toml").write_text(_text("act-randers").replace(old, new), encoding="utf-8")
    done = run("act-randers", tmp_path / "new.toml", "--draws", 64)
    assert done.exit_code == 2
    assert "act-randers (new)" in done.stderr


def test_per_participant_counts_those_who_complete(both):
    half = sr.read("act-randers").participants.factor
    assert half is None
    factor = both[0].groups["register"].factor.model_copy(update={"value": 0.5, "low": 0.4, "high": 0.6})
    fewer = both[0].participants.model_copy(update={"factor": factor})
    told = compare([both[0].model_copy(update={"participants": fewer}), both[1]], draws=256, seed=1, per="participant")
    whole = compare([both[0].model_copy(update={"participants": fewer}), both[1]], draws=256, seed=1)
    assert told["base"]["act-randers"]["kommune"] == pytest.approx(whole["base"]["act-randers"]["kommune"] / 12.5)


def test_a_choice_that_only_seems_certain_has_the_error_of_its_draws(both):
    told = compare(both, draws=64, seed=1)
    assert told["choice"]["total"]["act-randers"]["mcse_prob_best"] == pytest.approx(1 / 64)


def test_the_command_prints_one_object_and_the_same_bytes_for_any_number_of_threads():
    words = ("act-randers", "cti-aarhus", "--draws", 1024, "--json", "--budget", 5_000_000)
    one, two = run(*words, "--threads", 1), run(*words, "--threads", 2)
    assert one.exit_code == 0
    assert one.stdout == two.stdout
    found = json.loads(one.stdout)
    assert found["portfolio"]["scenarios"]["cti-aarhus"]["chosen"] is False
    assert found["deciding"] == "kommune"
    assert found["warnings"] == []


def test_the_page_is_danish_or_english_and_no_wider_than_a_terminal():
    for lang, words in (("da", "Sammenligning på fælles træk"), ("en", "Comparison on common draws")):
        done = run("act-randers", "cti-aarhus", "--draws", 1024, "--lang", lang, "--budget", 5_000_000)
        assert done.exit_code == 0
        assert done.stdout.startswith(words)
        assert max(map(len, done.stdout.splitlines())) <= 118


def test_two_versions_are_told_apart_and_what_changed_is_explained(versions):
    done = run("act-randers", versions, "--draws", 1024, "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["scenarios"] == ["act-randers (act-randers)", "act-randers (act-2027)"]
    parts = {part["places"][0]: part["figures"]["kommune"]["base"] for part in found["changed"]["parts"]}
    assert set(parts) == {"settings.discount_rate", "success.with"}
    bases = [found["base"][name]["kommune"] for name in found["scenarios"]]
    assert sum(parts.values()) == pytest.approx(bases[1] - bases[0])
    page = run("act-randers", versions, "--draws", 1024, "--lang", "da").stdout
    assert "ændret: Succesrate med indsats" in page
    assert "Rangorden" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("act-randers",), "mindst to beregninger"),
        (("act-randers", "laere-eksempel"), "forskellige prisår (act-randers: 2022, laere-eksempel: 2025)"),
        (("act-randers", "cti-aarhus", "--actor", "komune"), "--actor: komune er ikke en aktør"),
        (("act-randers", "cti-aarhus", "--budget", -1), "--budget skal være et tal fra 0"),
        (("act-randers", "cti-aarhus", "--spread", "nan"), "--spread skal være et tal fra 0"),
        (("act-randers", "cti-aarhus", "act-randers", "--changes"), "--changes er for to udgaver"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(words, said):
    done = run(*words, "--draws", 64)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_python_refuses_with_every_reason_at_once(both):
    with pytest.raises(ValueError, match=r"nobody is no actor.*per is total or participant"):
        compare(both, draws=64, deciding="nobody", per="head")


def test_files_have_every_estimate_with_its_error_and_draws(tmp_path, versions):
    done = run("act-randers", versions, "--draws", 1024, "--out", tmp_path / "x", "--budget", 3e6, "--lang", "en")
    assert done.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "x").rglob("*") if path.is_file())
    assert names == [
        "changed.csv", "comparison.json", "comparison.png", "comparison.svg", "differences.csv", "net.csv",
        "portfolio.csv",
    ]  # fmt: skip
    for name in ("net", "differences", "changed"):
        head = (tmp_path / "x" / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert "mcse" in head
        assert head.endswith("draws")
