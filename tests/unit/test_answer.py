"""The answer object, line by line: each figure from the draws that it is about, each table beside its base."""

import csv
import io

import numpy as np
import pytest

from conftest import SOURCE, digested, number, scenario_of
from soemrisk.answer import answer, grants_booked, warnings
from soemrisk.receipt import content_hash
from soemrisk.reference import draw_chance, evaluate
from soemrisk.statistics import risk, statistics
from soemrisk.tables import tables
from soemrisk.terminal import report


@pytest.fixture
def run(simulate_document):
    def simulated(document, lang="da", draws=2048):
        scenario = scenario_of(document)
        simulation = simulate_document(document, draws=draws)
        return scenario, simulation, answer(scenario, digested(scenario, simulation), lang)

    return simulated


def test_each_table_of_the_answer_is_about_its_own_draws(document, run):
    _, simulation, found = run(document)
    for a, actor in enumerate(simulation.model.actors):
        for key, draws in (
            ("net", simulation.net),
            ("net_expected", simulation.expected),
            ("net_correlated", simulation.correlated),
        ):
            assert found[key][actor]["sd"] == statistics(draws[:, :, a])["sd"]
        assert found["risk"][actor]["cvar10"] == risk(simulation.net[:, :, a], 0.0)["cvar10"]
        last = found["cumulated"]["2024"][actor]
        assert last["mean"] == pytest.approx(found["net"][actor]["mean"], rel=1e-9)
        assert found["cumulated"]["2021"][actor]["mean"] == pytest.approx(
            found["year"]["2020"][actor]["mean"] + found["year"]["2021"][actor]["mean"], rel=1e-9
        )
    sds = [found[key]["total"]["sd"] for key in ("net_expected", "net", "net_correlated")]
    assert len(set(sds)) == 3
    assert sds[0] < sds[1]


def test_break_even_is_reached_as_often_as_the_expected_result_is_a_gain(document, run):
    _, simulation, found = run(document)
    for a, actor in enumerate(simulation.model.actors):
        reached = found["break_even"]["success_rate"][actor]["prob_reached"]
        assert reached == (simulation.expected[:, :, a] >= 0).mean()


def test_the_promised_figure_is_the_stated_one_and_else_the_base(document, run):
    document["promised"] = {"kommune": 123_456.0}
    _, _, found = run(document)
    assert found["risk"]["kommune"]["promised"] == 123_456.0
    assert found["risk"]["stat"]["promised"] == found["base"]["net"]["stat"]


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_tables_stand_beside_their_own_base_case(document, run):
    _, simulation, found = run(document, "en")
    files = tables(simulation.model, found, "en")
    for row in rows_of(files["area.csv"]):
        assert float(row["base"]) == found["base"]["area"][row["area"]][row["actor"]]
    running = dict.fromkeys(simulation.model.actors, 0.0)
    for row in rows_of(files["cumulated.csv"]):
        running[row["actor"]] += found["base"]["year"][row["year"]][row["actor"]]
        assert float(row["base"]) == pytest.approx(running[row["actor"]], rel=1e-12)
    for row in rows_of(files["net.csv"]):
        assert float(row["base"]) == found["base"]["net"][row["actor"]]
        assert float(row["mean"]) == found[row["result"]][row["actor"]]["mean"]


def test_the_hash_follows_what_a_scenario_says(document):
    first = content_hash(scenario_of(document))
    document["consequences"]["bolig"]["change"]["value"] = -30.5
    assert content_hash(scenario_of(document)) != first


def test_an_answer_is_refused_for_a_simulation_of_another_scenario(document, simulate_document):
    digest = digested(scenario_of(document), simulate_document(document))
    document["id"] = "other"
    with pytest.raises(ValueError, match="tiny"):
        answer(scenario_of(document), digest, "da")


def negative(document):
    document["success"] = {"net": number(0.0, "andel", low=-0.4, high=0.4, meaning="hard")}
    return document


def test_a_negative_net_rate_is_drawn_as_its_mirror_image_and_told(document, run):
    scenario, simulation, found = run(negative(document), draws=16_384)
    model = simulation.model
    values = np.repeat(model.base[None], 4, axis=0)
    rate = model.rates[0, 0]
    values[:, rate] = [0.3, -0.3, 0.3, -0.3]
    chance = np.full((4, 6), 0.37)
    drawn = draw_chance(model, values, chance).successes
    np.testing.assert_array_equal(drawn[0], -drawn[1])
    assert drawn[0].sum() > 0
    share = simulation.net[:, :, 0].std() / simulation.expected[:, :, 0].std()
    assert share > 1
    spread = simulation.expected[:, :, 0].var() + simulation.chance_variance[:, :, 0].mean()
    assert simulation.net[:, :, 0].var() == pytest.approx(spread, rel=0.02)
    told = [*found["warnings"], *warnings(scenario, digested(scenario, simulation), "en")]
    assert any("af 100 udfald er succesraten lavere med indsatsen end uden" in one for one in told)
    assert any("of 100 draws the success rate is lower with the intervention than without" in one for one in told)


def test_kernel_and_reference_mirror_a_negative_rate_alike(document):
    from conftest import model_of
    from soemrisk import kernel
    from soemrisk.design import plan, points
    from soemrisk.transform import columns, values_at

    model = model_of(negative(document))
    cube = points(plan(16 * 512, 1), columns(model), 0)
    values, chance = values_at(model, cube[:, : len(model.columns)]), cube[:, len(model.columns) : -1]
    slow = evaluate(model, values, draw_chance(model, values, chance))
    fast = kernel.evaluate(model, values, chance)
    np.testing.assert_allclose(fast.year, slow.year, atol=1e-9 * np.abs(slow.year).max())
    assert (slow.rate < 0).mean() > 0.3


def test_a_falling_line_is_told(document, run):
    document["consequences"]["bolig"]["change"]["value"] = 30.0
    document["costs"]["drift"]["saved"] = True
    _, _, found = run(document)
    told = [one for one in found["warnings"] if one.startswith("Kommune: i ")]
    assert told
    assert all("af 100 udfald" in one and one.endswith("under den, hvor resultatet er nul.") for one in told)


def test_a_falling_line_of_an_actor_who_pays_nothing_is_a_loss_at_any_rate(document, run):
    document["consequences"]["bolig"]["change"]["value"] = 30.0
    document["services"]["bolig"]["shares"] = {"kommune": 0.5, "stat": 0.5}
    document["consequences"]["skat"]["change"]["value"] = [-2.0]
    _, _, found = run(document)
    told = next(one for one in found["warnings"] if one.startswith("Stat: i "))
    assert told.endswith("så at der da er tab ved enhver succesrate over nul.")
    assert "under den" not in told


def test_a_cost_of_another_price_year_is_indexed(document):
    from conftest import model_of

    before = model_of(document).cost_weights
    document["settings"]["price_index"] = {"name": "NPI", "source": SOURCE, "values": {"2015": 100.0, "2020": 125.0}}
    document["costs"]["drift"]["price_year"] = 2015
    np.testing.assert_allclose(model_of(document).cost_weights, before * 1.25, rtol=1e-14)


def grant(**changes):
    return {
        "name": "Pulje",
        "area": "omkostninger",
        "amount": number(100_000.0),
        "years": {"2020": 1.0},
        "payer": "stat",
        "receiver": "kommune",
        "booked": False,
        "booked_source": SOURCE,
        **changes,
    }


def test_the_grant_line_says_what_payer_and_receiver_would_have(document, run):
    document["grants"] = {"pulje": grant()}
    scenario, simulation, found = run(document, "en")
    base, booked = found["base"]["net"], grants_booked(scenario, "pulje")
    assert booked["kommune"] == pytest.approx(base["kommune"] + 100_000)
    assert booked["stat"] == pytest.approx(base["stat"] - 100_000)
    page = " ".join(report(scenario, digested(scenario, simulation), found, "en").split())
    payer, receiver = (f"{booked[actor]:,.0f}".replace("-", "−") for actor in ("stat", "kommune"))
    assert f"is {payer} for Stat and {receiver} for Kommune" in page


@pytest.mark.parametrize(
    ("amount", "words"),
    [(1e9, "selv med succes for alle er der tab"), (0.0, "gevinst også uden en eneste succes"), (4e5, "nul nås ved")],
)
def test_break_even_is_said_in_the_words_of_its_case(document, run, amount, words):
    document["costs"]["drift"]["amount"] = number(amount)
    scenario, simulation, found = run(document)
    assert words in " ".join(report(scenario, digested(scenario, simulation), found, "da").split())


def test_small_results_are_said_in_kroner(document, run):
    for place in (document["costs"]["drift"]["amount"], *(s["price"] for s in document["services"].values())):
        for key in ("value", "low", "high"):
            if key in place:
                place[key] /= 1000
    scenario, simulation, found = run(document, "en")
    page = report(scenario, digested(scenario, simulation), found, "en")
    assert "million" not in page
    assert "0.0" not in page.split("draws (")[0]


def test_an_actor_without_any_term_is_not_touched(document, run):
    document["actors"] = {"region": {"name": "Region"}, **document["actors"]}
    scenario, simulation, found = run(document)
    page = report(scenario, digested(scenario, simulation), found, "da")
    assert "Region berøres ikke." in page
    assert "færre end 1" not in page.split("Region", 2)[1]


@pytest.mark.parametrize("last", [2020, 2021])
def test_pictures_of_a_short_window_with_names_full_of_signs(document, run, last):
    from soemrisk.figures import pictures

    document["settings"]["last_year"] = last
    document["participants"]["completers"] = {"2020": 10}
    document["costs"]["drift"]["years"] = {"2020": 1.0}
    document["consequences"]["skat"]["change"]["value"] = [2.0]
    document["actors"]["kommune"]["name"] = r"Kr$x$ $\frac{$ <b> & _^"
    scenario, _, found = run(document)
    drawn = pictures(scenario, found, "da")
    assert set(drawn) == {"net_by_actor.svg", "net_by_actor.png", "cumulated.svg", "cumulated.png"}
    assert b"&lt;b&gt;" in drawn["net_by_actor.svg"]


def test_the_page_names_what_errs_together_where_the_mean_is_moved_by_it(document, run):
    between = ["services.bolig.price", "consequences.bolig.change"]
    together = "because inputs that err together are multiplied by each other, or the relation is otherwise not linear"
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", se=15.0)
    for correlations, words in (([], "because the relation is not linear"), ([(0.9, between)], together)):
        document["correlations"] = [{"between": b, "rank": r, "source": SOURCE} for r, b in correlations]
        scenario, simulation, found = run(document, "en")
        shape = abs(found["mean_minus_base"][simulation.model.actors[1]]["shape"])
        page = " ".join(report(scenario, digested(scenario, simulation), found, "en").split())
        assert words in page
        assert (shape > 5 * found["net_expected"][simulation.model.actors[1]]["mcse_mean"]) == bool(correlations)
