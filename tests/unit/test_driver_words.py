"""What the page and the pictures of ``drivers`` say in cases that need words of their own."""

import copy
from itertools import pairwise

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.text import Text

from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel
from soemrisk.chart_style import STYLE
from soemrisk.design import plan
from soemrisk.driver_bars import _limits
from soemrisk.driver_figures import driver_charts
from soemrisk.driver_page import driver_page
from soemrisk.driver_stories import messages
from soemrisk.drivers import drivers
from soemrisk.names import shortened
from soemrisk.running import run_scenario
from soemrisk.sample_sizes import numbers_of_curve


def found_of(document, draws=512, pair=None):
    scenario = scenario_of(document)
    return scenario, drivers(scenario, run_scenario(scenario, plan(draws, 1)), evaluate=kernel.evaluate, pair=pair)


def words(page):
    return " ".join(page.split())


def document_with_discount_rate():
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = number(0.04, "pr. år", low=0.01, high=0.08, meaning="hard")
    document["success"]["with"]["effort"] = {"hours": 3.0, "hourly": 450.0, "source": "assumption: test"}
    return document


@pytest.fixture(scope="module")
def rate():
    return found_of(document_with_discount_rate(), 2048)


@pytest.mark.parametrize(
    ("roots", "lang", "told"),
    [([0.0375], "da", "3,75\u00a0%"), ([0.02, 0.05], "da", "flere"), ([0.02, 0.05], "en", "several"), ([], "da", None)],
)
def test_the_root_of_an_input_that_enters_in_another_way_is_on_the_page(rate, roots, lang, told):
    scenario, found = rate
    changed = copy.deepcopy(found)
    changed["break_even"]["settings.discount_rate"]["kommune"] = {"roots": roots}
    page = driver_page(scenario, changed, lang, "kommune")
    row = next(line for line in page.splitlines() if line.startswith(("Diskonteringsrente", "Discount rate")))
    bare = copy.deepcopy(changed)
    bare["break_even"]["settings.discount_rate"]["kommune"] = {"roots": []}
    without = driver_page(scenario, bare, lang, "kommune")
    assert (told is None) == (page == without)
    if told is not None:
        assert f" {told} " in row


def correlated_document(count):
    """A price that is correlated with so many others, and moves the result most."""
    document = copy.deepcopy(DOCUMENT)
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day", low=1.0, high=9000.0, meaning="hard")
    document["services"]["bolig"]["name"] = "Særlig forebyggende indsats i eget hjem efter servicelovens § 85, stk. 1"
    for n in range(count):
        document["services"][f"s{n}"] = {
            "name": f"Ydelse {n}",
            "area": "social",
            "unit": "day",
            "price": number(10.0, "kr. pr. day", low=8.0, high=12.0, meaning="hard"),
            "price_year": 2020,
            "shares": {"kommune": 1.0},
            "shares_source": "assumption: test",
        }
        document["consequences"][f"s{n}"] = {"service": f"s{n}", "change": number(-1.0, "day")}
    between = ["services.bolig.price", *(f"services.s{n}.price" for n in range(count))]
    document["correlations"] = [{"between": between, "rank": 0.3, "source": "assumption: test"}]
    return document


@pytest.fixture(scope="module")
def correlated():
    return found_of(correlated_document(7))


def test_a_note_on_inputs_that_belong_together_lists_five_and_counts_the_others(correlated):
    danish, english = (words(driver_page(*correlated, lang)) for lang in ("da", "en"))
    name = "Særlig forebyggende indsats i eget…§ 85, stk. 1: pris"
    assert f"»{name}« hænger sammen med »Ydelse 0: pris«," in danish
    assert "»Ydelse 4: pris« og 2 mere og er taget samlet" in danish
    assert f'"{name.replace("pris", "price")}" depends on "Ydelse 0: price",' in english
    assert '"Ydelse 4: price" and 2 more and is taken together' in english
    assert "Ydelse 5: pri" not in danish.split("hænger sammen")[1]


def test_a_tornado_led_by_one_of_several_that_belong_together_says_it_is_moved_alone(correlated):
    assert messages(*correlated, "da")["tornado"].startswith("Kommune: flyttet alene flytter »Særlig")
    assert messages(*correlated, "en")["tornado"].startswith("Kommune: moved alone, “Særlig")
    plain = correlated_document(1)
    del plain["correlations"]
    assert "alene" not in messages(*found_of(plain), "da")["tornado"]


def tornado_told(swings, lang="da"):
    """The message of a tornado whose inputs swing so far from P10 to P90 and at ±10 %."""
    scenario, found = found_of(copy.deepcopy(DOCUMENT))
    changed = copy.deepcopy(found)
    for kind, sizes in zip(("p10_p90", "ten_percent"), zip(*swings.values(), strict=True), strict=True):
        by_path = {bar["input"]: bar for bar in changed["tornado"][kind]}
        for bar in by_path.values():
            bar["at_low"] = bar["at_high"] = dict.fromkeys(bar["at_low"], 0.0)
        for path, size in zip(swings, sizes, strict=True):
            by_path[path]["at_high"] = dict.fromkeys(by_path[path]["at_low"], size)
    return messages(scenario, changed, lang)["tornado"]


def test_a_tornado_tells_what_moves_from_p10_to_p90_and_what_the_result_is_most_sensitive_to():
    rate, cost = "success.with", "costs.drift.amount"
    told = tornado_told({rate: (100.0, 10.0), cost: (50.0, 20.0)})
    assert told.startswith("Kommune: fra P10 til P90 flytter »")
    assert "resultatet mest, men det er mest følsomt for »Drift: beløb«" in told
    alike = tornado_told({rate: (100.0, 10.0), cost: (99.9, 20.0)})
    assert "fra P10 til P90 flytter »" in alike
    assert "omtrent lige meget; mest følsomt er det for »Drift: beløb«" in alike
    both = tornado_told({rate: (10.0, 10.0), cost: (50.0, 20.0)}, "en")
    assert both.endswith("moves the result most from P10 to P90 and is also what it is most sensitive to")
    assert not any("usikkerhed" in one for one in (told, alike))


def test_names_are_cut_between_words_where_that_leaves_most_of_them():
    long = "Særlig forebyggende indsats efter servicelovens § 107, stk. 2 for voksne: pris"
    assert shortened(long, 60) == "Særlig forebyggende indsats efter…stk. 2 for voksne: pris"
    assert shortened("Botilbud, § 107 mv.", 12) == "Botilbud…mv."
    assert shortened("x" * 30, 10) == "x" * 6 + "…" + "x" * 3
    for letters in range(8, 61):
        assert len(shortened(long, letters)) <= letters


def test_knowledge_that_is_worth_something_only_together_is_said_so(rate):
    scenario, found = rate
    changed = copy.deepcopy(found)
    rows = changed["priorities"]["actors"]["kommune"].values()
    changed["information"]["kommune"]["evpi"] = {"value": 1e6, "mcse": 0.0}
    for worth, alone in ((9_900.0, False), (10_100.0, True)):
        for row in rows:
            row |= {"evppi": worth, "evppi_error": 0.0}
        danish, english = (words(driver_page(scenario, changed, lang, "kommune")) for lang in ("da", "en"))
        assert ("kun flere tilsammen: fuld viden om alt er højst 1.000.000 kr. værd" in danish) != alone
        assert ("only several together" in english) != alone
        assert ("Fuld viden om »" in danish) == alone


@pytest.mark.parametrize("base", [-696_588.2, 12_345_678.0, 1e9])
def test_the_axis_of_what_is_certain_is_wide_enough_for_its_figures(base):
    low, high = _limits([(base, 0, 0.06), (base, 1, 0.9)], 2.4)
    assert high - low > 0.0099 * abs(base)
    assert low < base < high
    wide = _limits([(0.0, 0, 0.06), (5e5, 0, 0.06)], 2.4)
    assert wide[1] - wide[0] < 6e5  # where results differ nothing changes


def test_a_tornado_without_uncertainty_has_figures_that_do_not_overlap():
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"with": number(0.5, "andel"), "without": number(0.1, "andel")}
    document["groups"]["register"] = {"name": "Register", "factor": number(1.0, "faktor")}
    document["costs"]["drift"]["amount"] = number(900_123.0)
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    for one, change in (("bolig", -30.0), ("skat", [2.0, 4.0, 4.0])):
        document["consequences"][one]["change"] = number(change, document["services"][one]["unit"])
    with rc_context(STYLE):
        figure = driver_charts(*found_of(document), "da")["tornado"]
        figure.canvas.draw()
        for axes in figure.axes:
            shown = [one.get_window_extent() for one in axes.get_xticklabels() if one.get_text()]
            assert all(a.x1 < b.x0 for a, b in pairwise(shown))


def test_the_curve_of_more_observations_goes_through_the_numbers_told_and_the_best(rate):
    _, found = rate
    for table in found["information"].values():
        for step in table["steps"].values():
            curve = dict(zip(step["curve"]["n"], step["curve"]["value"], strict=True))
            told = {n: row["value"] for n, row in step["by_number"].items() if int(n) <= max(curve)}
            assert [curve[int(n)] for n in told] == pytest.approx(list(told.values()), rel=1e-8, abs=1e-6)
            assert all(b >= a - 1e-6 for a, b in pairwise(step["curve"]["value"]))
    best = found["information"]["kommune"]["steps"]["success.with"]["best"]
    step = found["information"]["kommune"]["steps"]["success.with"]["curve"]
    assert dict(zip(step["n"], step["value"], strict=True))[best["n"]] == pytest.approx(best["value"])
    assert 30 <= len(step["n"]) <= 70


def test_numbers_of_a_curve_are_close_where_it_is_steep():
    numbers = numbers_of_curve((5, 10, 25, 50, 100, 250), 1600)
    assert numbers[0] == 0
    assert numbers[-1] == 1840
    assert 1600 in numbers
    assert np.diff(numbers)[:5].max() < 10
    assert len(numbers) < 70
    assert numbers_of_curve((5, 10, 25), None)[-1] == 25


def test_a_cost_above_the_picture_is_said_and_not_shown(rate):
    scenario, found = rate
    dear = copy.deepcopy(found)
    for step in dear["information"]["kommune"]["steps"].values():
        for row in (*step["by_number"].values(), step["best"] or {}):
            if "cost" in row:
                row |= {"cost": row["cost"] + 1e9, "net": row["value"] - row["cost"] - 1e9}
    for one, seen in ((found, True), (dear, False)):
        with rc_context(STYLE):
            figure = driver_charts(scenario, {**one, "deciding": "kommune"}, "da")["evsi"]
        told = [text.get_text() for axes in figure.axes for text in axes.texts]
        head = " ".join(text.get_text() for text in figure.texts) + " ".join(told)
        assert ("udgiften ligger over billedet" in told) != seen
        assert ("Stiplet skrå" in " ".join(head.split())) == seen
        assert ("Ring:" in head) == (seen and any(s["best"]["net"] > 1 for s in _priced(one)))


def _priced(found):
    return [one for one in found["information"]["kommune"]["steps"].values() if one["best"] is not None]


@pytest.mark.parametrize(
    ("value", "mcse", "told"), [(10_376.0, 334.0, True), (10_376.0, 6000.0, False), (0.9, 0.0, False)]
)
def test_a_settled_decision_tells_what_full_knowledge_is_worth_where_that_is_more_than_nothing(rate, value, mcse, told):
    scenario, found = rate
    changed = copy.deepcopy(found)
    changed["information"]["kommune"]["evpi"] = {"value": value, "mcse": mcse}
    changed["variance"]["kommune"]["mean"] = 2e6
    for row in changed["priorities"]["actors"]["kommune"].values():
        row |= {"category": "less", "importance": 0.0}
    danish, english = (words(driver_page(scenario, changed, lang, "kommune")) for lang in ("da", "en"))
    amount = "fuld viden om alt er højst 11.000 kr. værd for beslutningen, under 1\u00a0% af det forventede resultat"
    assert (words(amount) in danish) == told
    assert ("ingen enkelt oplysning" in danish) != told
    assert ("worth at most DKK 11,000 for the decision, under 1 % of the expected result" in english) == told
    assert ("no single piece of information" in english) != told
    for lang, nothing, little in (
        ("da", "ingen viden ventes at ændre beslutningen", "fuld viden om alt er højst 11.000 kr. værd"),
        (
            "en",
            "no knowledge is expected to change the decision",
            "full knowledge of everything is worth at most DKK 11,000",
        ),
    ):
        for picture in ("evsi", "priorities"):
            message = messages(scenario, changed, lang)[picture]
            assert (little in message, nothing in message) == (told, not told), picture


@pytest.mark.parametrize(
    ("ends", "danish", "english"),
    [((0.1, 0.49), "når ikke op på gevinst i 50 af 100 udfald ved nogen rate.", "50 of 100 outcomes at no rate."),
     ((0.55, 0.65), "gevinst i mindst 50 af 100 udfald ved alle rater.", "at least 50 of 100 outcomes at every rate."),
     ((0.9, 0.2), "ved nogle rater, men ikke ved de højeste.", "at some rates, but not at the highest.")],
)  # fmt: skip
def test_a_curve_that_rises_through_no_mark_says_on_which_side_it_is(rate, ends, danish, english):
    scenario, found = rate
    changed = copy.deepcopy(found)
    table = changed["chance_of_gain"]
    table["kommune"]["prob"] = np.interp(table["rate"], (0.0, 1.0), ends).tolist()
    for lang, told in (("da", danish), ("en", english)):
        with rc_context(STYLE):
            figure = driver_charts(scenario, changed, lang)["break_even"]
        shown = words(" ".join(one.get_text() for one in figure.texts))
        assert told in shown
        assert "Ringe:" not in shown


@pytest.mark.parametrize(("lang", "mark"), [("da", ","), ("en", ".")])
def test_rates_and_shares_are_told_as_per_cent_and_factors_as_numbers_without_a_unit(lang, mark):
    document = document_with_discount_rate()
    document["consequences"]["skat"]["persistence"] = number(0.9, "andel", low=0.8, high=0.99, meaning="hard")
    scenario, found = found_of(document, pair=("success.with", "groups.register.factor"))
    page = driver_page(scenario, found, lang)
    for path, one in found["inputs"].items():
        ends = [f"{100 * one[name]:.3g}".replace(".", mark) for name in ("p10", "p90")]
        if path.startswith(("success.", "settings.", "consequences.skat.persistence")):
            assert f" {ends[0]}–{ends[1]}\u00a0%  " in page, path
    known = found["inputs"]["groups.register.factor"]
    ends = [f"{known[name]:.3g}".replace(".", mark) for name in ("p10", "p90")]
    assert f" {ends[0]}–{ends[1]}  " in page
    assert not any(word in page for word in ("andel ", "andel,", "faktor ", "faktor,", "( ", "  ("))
    down, across = (("nedad", "henad"), ("down", "across"))[lang == "en"]
    assert f"({down})" in page
    assert f"({across})" in page
    table = page.split(f"({across})")[1].splitlines()
    levels = [f"{100 * value:.3g}".replace(".", mark) + "\u00a0%" for value in found["pair"]["first"][::2]]
    assert [line.split("  ")[0].strip() for line in table[2:7]] == levels
    with rc_context(STYLE):
        figures = driver_charts(scenario, found, lang)
    axes = figures["pair"].axes[0]
    axes.figure.canvas.draw()
    assert all(one.get_text().endswith("%") for one in axes.get_xticklabels())
    assert not any("%" in one.get_text() for one in axes.get_yticklabels())
    assert "(" not in axes.get_xlabel() + axes.get_ylabel()
    labels = " ".join(one.get_text() for one in figures["tornado"].findobj(Text))
    assert "faktor" not in labels.replace("fælles faktor", "")
    assert "andel" not in labels


def test_the_value_at_which_a_decision_turns_is_told_in_its_unit(rate):
    scenario, found = rate
    for path, base, told in (
        ("success.with", 0.62, "er 62\u00a0% (der er regnet med 60\u00a0%)"),
        ("groups.register.factor", 0.955, "er 0,955 (der er regnet med 1)"),
        ("costs.drift.amount", 1_020_000.0, "er 1.020.000 kr. (der er regnet med 1.000.000)"),
    ):
        changed = copy.deepcopy(found)
        for other, row in changed["break_even"].items():
            row["kommune"] = {"base": base if other == path else None}
        assert words(told) in words(driver_page(scenario, changed, "da", "kommune"))
