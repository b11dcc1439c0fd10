"""Two inputs at once: the picture, the page and the table of ``drivers --pair`` tell what the net result does."""

import copy
import csv
import io
import warnings

import numpy as np
import pytest
from matplotlib import rc_context

from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel
from soemrisk.chart_style import STYLE
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.digits import kroner
from soemrisk.driver_figures import driver_charts, driver_pictures
from soemrisk.driver_page import driver_page
from soemrisk.driver_stories import messages
from soemrisk.driver_tables import driver_tables
from soemrisk.drivers import check_request, drivers
from soemrisk.running import run_scenario

RATE, PRICE = "success.with", "services.hospital.price"


def document_with_region():
    """The region alone pays for a service, and its net result turns where the rates are alike, whatever the price."""
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    document["success"]["with"] = number(0.4, "andel", low=0.1, high=0.9, meaning="hard")
    document["success"]["without"] = number(0.3, "andel", low=0.1, high=0.5, meaning="hard")
    document["costs"]["drift"]["amount"] = number(100_000.0, low=90_000.0, high=110_000.0, meaning="hard")
    document["services"]["hospital"] = {
        "name": "Hospital",
        "area": "social",
        "unit": "day",
        "price": number(4000.0, "kr. pr. day", low=3000.0, high=6000.0, meaning="hard"),
        "price_year": 2020,
        "shares": {"region": 1.0},
        "shares_source": "assumption: test",
    }
    document["consequences"]["hospital"] = {"service": "hospital", "change": number(-15.0, "day")}
    return document


def found_of(document, pair):
    scenario = scenario_of(document)
    return scenario, drivers(scenario, run_scenario(scenario, plan(512, 1)), evaluate=kernel.evaluate, pair=pair)


@pytest.fixture(scope="module")
def region():
    return found_of(document_with_region(), (RATE, PRICE))


def lines_of(case):
    """Lines net = 0 that are drawn, in the order of the total and the actors, each once."""
    with rc_context(STYLE):
        axes = driver_charts(*case, "da")["pair"].axes[0]
    return [
        np.column_stack(one.get_data())
        for one in axes.get_lines()
        if len(one.get_xdata()) > 2 and one.get_linestyle() != "None"
    ]


def test_lines_of_a_pair_are_drawn_where_the_net_result_is_0_and_nowhere_else(region):
    scenario, found = region
    model = compile_scenario(scenario)
    paths = [one.path for one in model.inputs]
    drawn = lines_of(region)
    assert len(drawn) == 4  # each in one piece
    for a, line in enumerate(drawn):
        middles = (line[1:] + line[:-1]) / 2  # of what is drawn between two points too
        stated = np.tile(model.stated, (len(middles), 1))
        stated[:, [paths.index(RATE), paths.index(PRICE)]] = middles
        net = kernel.evaluate(model, model.derive(np.asfortranarray(stated)), None).expected[:, a]
        assert np.abs(net).max() < 1e-3 * np.abs(found["pair"]["net"][model.actors[a]]).max()
    own, regional = drawn[1], drawn[model.actors.index("region")]
    assert np.ptp(own[:, 0]) < 1e-9  # the price is the region's: the line of the kommune stands upright
    assert regional[:, 0] == pytest.approx(0.3)  # as it does where both rates are alike
    for line in (own, regional):
        ends = [found["pair"]["second"][end] for end in (0, -1)]
        assert sorted([line[0, 1], line[-1, 1]]) == pytest.approx(ends)


def test_the_message_of_a_pair_says_which_input_decides(region):
    scenario, found = region
    assert "kun »Succesrate med indsats« afgør" in messages(scenario, found, "da")["pair"]
    assert "“Hospital: price” makes next to no difference" in messages(scenario, found, "en")["pair"]
    turned = found_of(document_with_region(), (PRICE, RATE))
    assert "kun »Succesrate med indsats« afgør" in messages(*turned, "da")["pair"]
    both = found_of(document_with_region(), (RATE, "groups.register.factor"))
    assert "afgør tilsammen" in messages(*both, "da")["pair"]
    neither = {**found, "deciding": "stat", "pair": found_of(document_with_region(), ("groups.register.factor", PRICE))}
    neither["pair"] = neither["pair"][1]["pair"]
    assert "gevinst ved alle værdier" in messages(scenario, neither, "da")["pair"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_pair_is_on_the_page_as_a_table_and_a_sentence(region, lang):
    scenario, found = region
    page = driver_page(scenario, found, lang, "region")
    assert max(map(len, page.splitlines())) <= 110
    words = " ".join(page.split())
    told = {
        "da": ("Nettoresultat for Region, kr., ved P10", "Region: kun »Succesrate med indsats« afgør"),
        "en": ("Net result of Region, DKK, at P10", "Region: only “Success rate with the intervention” decides"),
    }
    assert all(one in words for one in told[lang])
    highest = [kroner(value, lang) for value in found["pair"]["net"]["region"][8][::2]]
    assert next(line for line in page.splitlines() if line.endswith(highest[-1])).split()[-5:] == highest
    assert told[lang][0] not in " ".join(driver_page(scenario, {**found, "pair": {}}, lang, "region").split())


def test_a_pair_is_a_table_in_a_file(region):
    scenario, found = region
    rows = list(csv.DictReader(io.StringIO(driver_tables(scenario, found, "en")["pair.csv"].decode("utf-8-sig"))))
    assert len(rows) == 9 * 9 * 4
    assert list(rows[0]) == ["input", "other", "first", "second", "actor", "net", "zero"]
    own = [row for row in rows if row["actor"] == "total"]
    assert [float(row["net"]) for row in own] == np.ravel(found["pair"]["net"]["total"]).tolist()
    assert [float(row["zero"]) for row in own[::9]] == found["pair"]["zero"]["total"]
    assert {(row["input"], row["other"]) for row in rows} == {(RATE, PRICE)}
    assert float(own[9]["first"]) == found["pair"]["first"][1]
    assert float(own[1]["second"]) == found["pair"]["second"][1]
    assert "pair.csv" not in driver_tables(scenario, {**found, "pair": {}}, "en")


def document_with_few_values(weights):
    document = document_with_region()
    parameters = {"values": [0.5, 1.0, 1.5], "weights": weights}
    document["groups"]["register"]["factor"] = number(1.0, "faktor", family="discrete", parameters=parameters)
    return document


def test_a_pair_that_does_not_move_from_p10_to_p90_is_refused():
    scenario = scenario_of(document_with_few_values([0.05, 0.9, 0.05]))
    ((key, values),) = check_request(scenario, None, ("groups.register.factor", RATE))
    assert (key, values["found"]) == ("flat-pair", "groups.register.factor")
    assert RATE in values["known"]
    assert "groups.register.factor" not in values["known"]


def test_a_pair_with_few_values_is_drawn_without_a_warning():
    document = document_with_few_values([0.3, 0.4, 0.3])
    assert check_request(scenario_of(document), None, ("groups.register.factor", RATE)) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scenario, found = found_of(document, ("groups.register.factor", RATE))
        assert driver_pictures(scenario, found, "da")["pair.png"]
    assert found["pair"]["finer"]["first"] == [0.5, 1.0, 1.5]
    assert len(found["pair"]["first"]) == 9
    assert len(lines_of((scenario, found))) >= 3
