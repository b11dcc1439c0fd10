"""Sentences of the memo: what may be said of which figures, and what is never said."""

import copy
import itertools
import re
from dataclasses import replace

import pytest

from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel
from soemrisk import memo_knowledge_sentences as knowledge
from soemrisk import memo_result_sentences as result
from soemrisk import memo_zero_sentences as zero
from soemrisk.answer import answer
from soemrisk.chance_words import clear_word, word
from soemrisk.design import plan
from soemrisk.drivers import drivers
from soemrisk.memo_case import case_of, corrected_scenario
from soemrisk.memo_sections import cautions
from soemrisk.messages import text
from soemrisk.running import run_scenario
from soemrisk.sentence_texts import SENTENCE_TEXTS

FORBIDDEN = {
    "da": (
        r"\bsikker\b", "garanter", "risikofri", "bevise", "skyldes", "besparelse", "tjener sig hjem", "forventet",
        "mest sandsynlige", "worst", "best case", "konfidensinterval", "signifikant gevinst", r"\b0 af 100",
        "100 af 100",

        r"i 100 udfald", "dobbelt så", "krone giver", "cirka", "op til", "anbefal", r"\bmuligt\b", "indstilles",
    ),
    "en": (
        r"\bsafe\b", "guarant", "risk-free", r"\bproves?\b", r"\bdue to the intervention", "saving", "pays for itself",
        "most likely result", "worst", "best case", "confidence interval", "significant gain", r"\b0 of 100",
        "100 of 100",
        "twice as likely", "krone gives", "approximately", "up to", "recommend", r"\bpossible\b",
    ),
}  # fmt: skip


def built(document, lang="da", draws=4096):
    scenario = scenario_of(document)
    simulated = run_scenario(scenario, plan(draws, 0, "sobol"))
    found = answer(scenario, simulated[0], lang)
    driven = drivers(scenario, simulated, evaluate=kernel.evaluate)
    return case_of(scenario, simulated[0], (found, driven), lang, lambda one, design: run_scenario(one, design)[0])


@pytest.fixture(scope="module")
def tiny():
    return built(copy.deepcopy(DOCUMENT))


def with_stats(case, actor="kommune", reading=None, **changed):
    """The case with other statistics of one actor, in one reading or in all."""
    readings = {
        name: {**by_actor, actor: {**by_actor[actor], **changed}} if reading in {None, name} else by_actor
        for name, by_actor in case.readings.items()
    }
    return replace(case, readings=readings)


def with_found(case, place, **changed):
    """The case with other figures at a place of the answer."""
    found = copy.deepcopy(dict(case.found))
    at = found
    for key in place.split("/"):
        at = at[key]
    at.update(changed)
    return replace(case, found=found)


def spaced(words):
    """Text with plain blanks in place of those that keep a number and its unit together."""
    return words.replace("\u00a0", " ")


def everything(case):
    """All that the modules of sentences say of a case."""
    for actor in case.names:
        for say in (
            result.in_words, result.skew, result.mean_and_base, result.other_readings, zero.break_even,
            zero.payback, zero.promise, zero.worst, knowledge.knowledge_and_chance, knowledge.largest,
            knowledge.settled_cells, knowledge.worth_knowing, knowledge.rests_on, knowledge.turning, result.lead,
            zero.lead, zero.curve,
        ):  # fmt: skip
            yield from say(case, actor)
    for say in (result.together, zero.costs_and_gains, zero.grants):
        yield from say(case)
    yield from knowledge.counted_as_known(case, 3)
    yield from knowledge.counted_as_known(case, 1)
    yield from knowledge.caveats(case)
    yield from cautions(case)


def grid(case):
    """Cases over a grid of results: chances, sizes, bands, lines, promises, readings that agree and do not."""
    chances, errors = (0.0, 0.004, 0.05, 0.2, 0.5, 0.72, 0.9, 0.995, 1.0), (0.001, 0.03)
    for p, error, other in itertools.product(chances, errors, (None, 0.1, 0.9)):
        for scale, shift in itertools.product((2_000.0, 3e6), (-2, -0.02, 0.02, 2)):
            levels = {"p10": shift - 1, "p50": shift - 0.05, "p90": shift + 1, "mean": shift + 0.05}
            stats = {name: scale * value for name, value in levels.items()}
            errors_of = {f"mcse_{name}": 0.002 * scale for name in levels}
            told = with_stats(case, prob_positive=p, mcse_prob=error, **stats, **errors_of)
            if other is not None:
                told = with_stats(told, reading="correlated", prob_positive=other)
            below = {"prob_below": 1 - p, "cvar10": stats["p10"], "promised": scale}
            told = with_found(told, "risk/kommune", **below)
            told = with_found(told, "payback/kommune", prob_within=p, p50=None if p < 0.5 else 2023.0)
            told = with_found(told, "joint/all_gain", prob=p)
            told = with_found(told, "mean_minus_base/kommune", inputs=scale * shift, shape=scale)
            told = with_found(told, "base/net", kommune=scale * shift)
            yield replace(told, lines={**case.lines, "kommune": (-scale, scale * (shift + 0.5))}, rate=0.5)
    yield from special(case)


def with_net_rate(case, **changed):
    """The case with a net rate and no rate without the intervention."""
    success = case.scenario.success
    net = success.with_.model_copy(update=changed)
    alone = success.model_copy(update={"with_": None, "without": None, "net": net})
    return replace(case, scenario=case.scenario.model_copy(update={"success": alone}))


def fitted_worth_more(case):
    """The case in which calibrated lines are worth more to know than anything else."""
    driven = copy.deepcopy(dict(case.driven))
    for one in driven["information"].values():
        one["evpi"] = {"value": 1e9, "mcse": 1.0}
        one["elements"] = {key: {"value": 1e6, "mcse": 1.0} for key in one["elements"]}
        one["elements"]["calibrated/sociale"] = {"value": 2e6, "mcse": 1.0}
    return replace(case, driven=driven)


def special(case):
    """Cases that a grid of results does not reach: lines of every shape, elements that cannot be ranked."""
    lines = [(1e5, 1e6), (1e5, -1e6), (-1e5, 2.05e5), (-1e5, 1.5e5), (-1e5, 5e4), (0.0, 1e5), (0.0, -1e5), (-1.0, 1e5)]
    for line in lines:
        costs = dict.fromkeys(case.names, (-100000.0, 400000.0))
        told = replace(case, lines={**costs, "kommune": line}, rate=0.5, persons=25.0)
        yield told
        band = {"p10": 0.2, "p50": 0.4, "p90": 0.6}
        yield with_found(told, "break_even/success_rate/kommune", **band)
        yield with_found(told, "break_even/success_rate/kommune", p10=0.3, p90=None, prob_never=0.2)
    turned = {kind: {actor: -case.base(actor) for actor in case.names} for kind in ("user_defined", "calibrated")}
    yield replace(case, bare=turned)
    mirrored = {"mean": -1e5, "p50": 1e5, "mcse_mean": 10.0, "mcse_p50": 10.0, "p10": -3e5, "mcse_p10": 10.0}
    yield with_stats(case, **mirrored)
    driven = copy.deepcopy(dict(case.driven))
    for rows in driven["priorities"]["actors"].values():
        for n, one in enumerate(rows.values()):
            one.update(shapley=0.1, category="less", width=(0.01, 2.0)[n % 2], importance=(0.9, 0.0)[n % 2])
    yield replace(case, driven=driven)
    worthless = copy.deepcopy(dict(case.driven))
    for one in worthless["information"].values():
        one["elements"] = {key: {"value": 0.0, "mcse": 0.0} for key in one["elements"]}
    yield replace(case, driven=worthless)
    fitted = copy.deepcopy(worthless)
    for one in fitted["information"].values():
        one["elements"]["calibrated/social"] = {"value": 5e3, "mcse": 1.0}
    yield replace(case, driven=fitted)
    valued = copy.deepcopy(dict(case.driven))
    for one in valued["information"].values():
        one["evpi"] = {"value": 1e9, "mcse": 1.0}
        one["elements"] = {key: {"value": 1e6, "mcse": 1.0} for key in one["elements"]}
        one["evsi"] = {path: dict.fromkeys(numbers, 1e5) for path, numbers in one["evsi"].items()}
    yield replace(case, driven=valued)
    little = copy.deepcopy(valued)
    for actor, one in little["information"].items():
        one["evpi"] = {"value": 0.001 * abs(little["variance"][actor]["mean"]), "mcse": 0.0}
    yield replace(case, driven=little)
    yield with_found(case, "chance_share", kommune=0.3)
    yield fitted_worth_more(case)
    yield with_stats(case, sd=0.0)
    yield with_stats(case, actor="region", sd=1.0, mean=1.0)


def rich_document():
    """A scenario with everything that a sentence may be about."""
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    document["promised"] = {"kommune": 200_000, "stat": 1}
    document["services"]["skat"]["user_defined"] = True
    document["consequences"]["bolig"]["change"]["source"] = "calibrated to a total"
    grant = {
        "name": "Tilskud", "area": "omkostninger", "amount": number(300_000.0), "years": {"2020": 1.0}, "payer": "stat",
        "receiver": "kommune", "booked": False, "booked_source": "x",
    }  # fmt: skip
    document["grants"] = {"en": grant, "to": {**grant, "booked": True, "name": "Andet tilskud"}}
    return document


@pytest.fixture(scope="module")
def rich():
    return built(rich_document())


NOT_IN_THE_GRID = {
    "memo-net-stated",  # the rates of the grid are assumed
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_forbidden_claim_comes_out_of_a_grid_of_results(rich, lang, monkeypatch):
    used = set()

    def recorded(key, language, /, **values):
        used.add(key)
        return text(key, language, **values)

    monkeypatch.setattr("soemrisk.memo_case.text", recorded)
    told = replace(rich, lang=lang)
    said = {line for case in grid(told) for line in everything(case)} | {*knowledge.caveats(with_net_rate(told))}
    assert set(SENTENCE_TEXTS) - used == NOT_IN_THE_GRID
    assert len(said) > 200
    for line in said:
        for claim in FORBIDDEN[lang]:
            assert not re.search(claim, line, re.IGNORECASE), (claim, line)
        assert "{" not in line
        assert "nan" not in line.lower().split()
        assert "inf" not in line.lower().split()
        assert "−0 " not in line
        assert ".." not in line


def test_words_have_the_cuts_of_the_specification():
    for low, name in {0.4: "even", 0.6: "probable", 0.85: "very", 0.99: "certain"}.items():
        assert word(low) == f"word-{name}"
        assert word(low - 1e-9) != f"word-{name}"
    assert word(0.3999) is None
    assert word(1.01) == "word-certain"


def test_a_word_is_clear_only_where_errors_and_readings_leave_it():
    assert clear_word([(0.7, 0.01)]) == "word-probable"
    assert clear_word([(0.615, 0.01)]) is None
    assert clear_word([(0.7, 0.0), (0.5, 0.0)]) is None
    assert clear_word([]) is None


def test_a_word_for_a_gain_is_said_only_where_all_readings_agree(tiny):
    sure = with_stats(tiny, prob_positive=0.9, mcse_prob=0.001)
    assert "meget sandsynligt, at der er gevinst" in " ".join(result.lead(sure, "kommune"))
    other = with_stats(sure, reading="corrected", prob_positive=0.5)
    assert "sandsynligt" not in " ".join(result.lead(other, "kommune"))
    assert any("rettet, som om hver kun lige var signifikant" in line for line in cautions(other))
    loss = with_stats(tiny, prob_positive=0.05, mcse_prob=0.001)
    assert "meget sandsynligt, at der ikke er gevinst" in " ".join(result.lead(loss, "kommune"))


@pytest.mark.parametrize(("corrected", "told"), [(0.012, False), (0.056, False), (0.060, True)])
def test_readings_that_are_alike_are_no_caution(tiny, corrected, told):
    rare = with_stats(tiny, prob_positive=0.008, mcse_prob=0.0001)  # no word: almost certain that not, or very likely
    case = with_stats(rare, reading="corrected", prob_positive=corrected)
    assert not [*result.chance_word(case, "kommune")]
    assert result.readings_differ(case, "kommune") == told


def test_both_ends_of_a_band_are_in_one_unit(tiny):
    case = with_stats(tiny, p10=-1_100_000.0, p90=-915_400.0, mcse_p10=10.0, mcse_p90=10.0)
    ends = {name: spaced(words) for name, words in result.band(case, "kommune").items()}
    assert (ends["p10"], ends["p90"]) == ("−1,1 mio. kr.", "−0,9 mio. kr.")


def test_counts_are_never_0_or_100(tiny):
    for p, words in ((0.0, "færre end 1"), (1.0, "flere end 99")):
        assert words in next(result.lead(with_stats(tiny, prob_positive=p, mcse_prob=0.0005), "kommune"))


def test_an_actor_without_any_term_is_not_touched():
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    case = built(document, draws=256)
    assert [*result.lead(case, "region")] == ["Region: berøres ikke."]
    assert [*zero.payback(case, "region")] == []


def test_signs_of_the_band(tiny):
    def size(**stats):
        return " ".join(result.in_words(with_stats(tiny, mcse_p10=1.0, mcse_p90=1.0, **stats), "kommune"))

    assert "fortegnet er ikke afgjort" in size(p10=-100.0, p90=100.0)
    assert "lave udfald (P10)" in size(p10=100.0, p90=300.0)
    assert "høje udfald (P90)" in size(p10=-300.0, p90=-100.0)
    unclear = size(p10=1.0, p90=100.0)
    assert "afgjort" not in unclear
    assert "P10" not in unclear


def test_mean_and_median_of_different_sign_are_told_on_the_first_page(tiny):
    up = with_stats(tiny, mean=5e4, p50=-5e4, mcse_mean=10.0, mcse_p50=10.0)
    assert any("få store gevinster trækker op" in line for line in cautions(up))
    down = with_stats(tiny, mean=-5e4, p50=5e4, mcse_mean=10.0, mcse_p50=10.0)
    assert any("få store tab trækker ned" in line for line in cautions(down))
    assert not any("trækker" in line for line in cautions(with_stats(up, mcse_p50=4e4)))


def test_total_and_deciding_actor_of_different_sign_are_told_on_the_first_page(tiny):
    apart = with_stats(with_stats(tiny, p50=-1e6, mcse_p50=10.0), actor="total", p50=2e6, mcse_p50=10.0)
    assert any("2,0 mio." in spaced(line) and "−1,0 mio." in spaced(line) for line in cautions(apart))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ((-100.0, 200.0), "nulpunktet er 50,0"),
        ((-100.0, 50.0), "selv med succes for alle er SØM-tallet negativt; i"),
        ((-100.0, -50.0), "selv med succes for alle er SØM-tallet negativt; i"),
        ((10.0, 50.0), "SØM-tallet er positivt også uden en eneste succes"),
        ((10.0, -50.0), "SØM-tallet er kun positivt under 20"),
    ],
)
def test_every_case_of_the_break_even_has_its_sentence(tiny, line, words):
    case = replace(tiny, lines={**tiny.lines, "kommune": line}, rate=0.6, persons=30.0)
    assert words in " ".join(zero.break_even(case, "kommune"))


def test_the_margin_is_in_points_and_persons_and_one_success_fewer_is_told(tiny):
    case = replace(tiny, lines={**tiny.lines, "kommune": (-100.0, 200.0)}, rate=0.52, persons=25.0)
    said = " ".join(zero.break_even(case, "kommune"))
    assert "Marginen er 2 procentpoint: 0,5 af 25 deltagere." in said
    assert "Lykkes det for én deltager færre, er SØM-tallet negativt." in said
    assert "én deltager færre" not in " ".join(zero.break_even(replace(case, rate=0.6), "kommune"))
    assert "skal være 10 procentpoint højere" in " ".join(zero.break_even(replace(case, rate=0.4), "kommune"))


def test_shares_of_costs_and_gains_are_told_only_where_they_have_a_meaning(tiny):
    lines = {"total": (-100.0, 400.0), "kommune": (-75.0, 100.0), "stat": (-25.0, 300.0)}
    said = [*zero.costs_and_gains(replace(tiny, lines=lines, rate=0.5))]
    assert spaced(said[0]) == "Kommune: 75 % af omkostningerne og 25 % af gevinsterne."
    odd = [*zero.costs_and_gains(replace(tiny, lines={**lines, "stat": (5.0, 300.0)}, rate=0.5))]
    assert "kr." in odd[0]


def test_a_promise_is_told_as_too_high_only_where_every_reading_says_so(tiny):
    scenario = tiny.scenario.model_copy(update={"promised": {"kommune": 1e6}})
    case = with_found(replace(tiny, scenario=scenario), "risk/kommune", promised=1e6, prob_below=0.8)
    low = with_stats(case, p50=2e5, mcse_p50=10.0, mcse_prob=0.001)
    assert "snarere for højt" in " ".join(zero.promise(low, "kommune"))
    mixed = with_stats(low, reading="correlated", p50=2e6)
    assert "snarere" not in " ".join(zero.promise(mixed, "kommune"))


def test_a_sign_that_rests_on_lines_that_are_not_measured_is_told_first(tiny):
    assert tiny.bare == {}
    document = copy.deepcopy(DOCUMENT)
    document["services"]["bolig"]["user_defined"] = True
    document["costs"]["drift"]["amount"] = number(500_000.0, low=450_000.0, high=550_000.0, meaning="hard")
    document["consequences"]["skat"]["change"]["source"] = "calibrated to a total"
    case = built(document, draws=256)
    assert set(case.bare) == {"user_defined", "calibrated"}
    assert knowledge.turns_without(case, "kommune") == ("user_defined",)
    assert "uden den brugerdefinerede linje »Bolig«" in cautions(case)[0]


def test_without_a_line_the_result_is_what_the_scenario_without_it_gives():
    document = copy.deepcopy(DOCUMENT)
    document["services"]["skat"]["user_defined"] = True
    case = built(document, draws=256)
    del document["consequences"]["skat"]
    without = built(document, draws=256)
    assert case.bare["user_defined"] == pytest.approx({actor: without.base(actor) for actor in case.names}, rel=1e-12)


def test_the_corrected_reading_shrinks_what_is_just_significant_by_44_percent():
    scenario = scenario_of(copy.deepcopy(DOCUMENT))
    corrected = corrected_scenario(scenario)
    assert {one.change.corrected for one in corrected.consequences.values()} == {True}
    case = built(copy.deepcopy(DOCUMENT), draws=16384)
    gains = {name: by_actor["total"]["mean"] for name, by_actor in case.readings.items()}
    cost = case.found["area"]["omkostninger"]["total"]["mean"]
    part = (gains["corrected"] - cost) / (gains["stated"] - cost)
    assert part == pytest.approx(0.56, abs=0.01)  # T45: mean/b at z = 1.96
    document = copy.deepcopy(DOCUMENT)
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", se=3.0)
    document["consequences"]["skat"]["change"] = number(2.0, "week", se=0.3)
    assert corrected_scenario(scenario_of(document)) is None


def test_the_number_of_one_success_is_told_only_with_few_participants(tiny):
    assert any("flytter én succes" in line for line in knowledge.caveats(tiny))
    assert not any("flytter én succes" in line for line in knowledge.caveats(replace(tiny, persons=101.0)))


def test_what_lines_are_fitted_to_may_be_the_result_of_another_intervention(rich):
    assert any("(se kilderne), som kan være en anden indsats'" in line for line in knowledge.rests_on(rich, "kommune"))


def test_a_net_rate_that_was_not_compared_may_be_gross(tiny):
    def last(case):
        return [*knowledge.caveats(case)][-1]

    assert last(tiny).startswith("Succesraten er fratrukket")
    alone = with_net_rate(tiny, evidence=None)
    assert last(alone) == f"{text('memo-net-only', 'da')} {text('memo-net-gross', 'da')}"
    assert last(with_net_rate(tiny, evidence=3)) == last(alone)
    assert last(with_net_rate(tiny, evidence=2)).startswith("Succesraten er fratrukket")
    falling = replace(alone, lines={**tiny.lines, "kommune": (0.0, -1.0)})
    assert last(falling) == text("memo-net-only", "da")


def test_what_is_worth_most_says_that_fitted_lines_are_left_out_where_they_are_worth_more(rich):
    assert "(tilpassede linjer ikke medregnet)" in next(knowledge.worth_knowing(fitted_worth_more(rich), "kommune"))
    same = fitted_worth_more(rich)
    for one in same.driven["information"].values():
        one["elements"]["calibrated/sociale"]["value"] = 5e5
    assert "medregnet" not in next(knowledge.worth_knowing(same, "kommune"))


def test_the_curve_and_the_first_page_are_told_apart_where_the_rate_is_uncertain(tiny):
    apart = with_stats(tiny, prob_positive=0.5, mcse_prob=0.001)
    told = " ".join(zero.curve(apart, "kommune"))
    assert "Forsidens 50 af 100 regner også succesraten som usikker." in told
    at = re.search(r"gevinst i ([\w ]+) af 100 udfald", told)[1]
    same = with_stats(tiny, prob_positive=float(re.sub(r"\D", "", at)) / 100, mcse_prob=0.001)
    assert at == same.count("kommune") or at.startswith("f")
    assert not at.isdigit() or not [*zero.curve(same, "kommune")]
    known = {**tiny.driven["success_rate"], "p10": 0.3, "p90": 0.3}
    assert not [*zero.curve(replace(apart, driven={**tiny.driven, "success_rate": known}), "kommune")]


def test_the_mean_is_one_figure_in_tables_and_sentences(tiny):
    for actor in tiny.names:
        expected = tiny.found["net_expected"][actor]
        assert tiny.stats(actor)["mean"] == expected["mean"]
        assert tiny.stats(actor)["mcse_mean"] == expected["mcse_mean"] <= tiny.found["net"][actor]["mcse_mean"]
    if tiny.found["listed"]:
        assert tiny.found["listed"]["kommune"]["as_listed"] == pytest.approx(tiny.stats("kommune")["mean"], rel=1e-12)


def test_figures_have_no_more_digits_than_their_errors(tiny):
    case = with_stats(tiny, p10=-1234567.0, p50=123456.0, p90=1234567.0, mcse_p10=3e3, mcse_p50=3e3, mcse_p90=3e3)
    assert {name: spaced(words) for name, words in result.band(case, "kommune").items()} == {
        "p10": "−1,2 mio. kr.",
        "p50": "120.000 kr.",
        "p90": "1,2 mio. kr.",
    }


def test_the_first_page_tells_of_the_total_too_that_its_sign_rests_on_fitted_lines(tiny):
    bare = {"calibrated": dict.fromkeys(tiny.names, -5e6)}
    found = {**tiny.found, "base": {**tiny.found["base"], "net": dict.fromkeys(tiny.names, 1e6)}}
    told = [line for line in cautions(replace(tiny, bare=bare, found=found, calibrated=2)) if "ikke er målt" in line]
    assert len(told) == 2
    assert any(line.startswith("I alt") for line in told)


def test_a_worth_in_fitted_lines_alone_is_not_called_nothing(tiny):
    information = {
        "evpi": {"value": 900.0, "mcse": 10.0},
        "elements": {"calibrated/social": {"value": 800.0, "mcse": 5.0}, "x": {"value": 0.0, "mcse": 0.0}},
        "evsi": {},
    }
    variance = {**tiny.driven["variance"], "kommune": {**tiny.driven["variance"]["kommune"], "mean": 1e9}}
    driven = {
        **tiny.driven,
        "variance": variance,
        "information": {**tiny.driven["information"], "kommune": information},
    }
    told = " ".join(knowledge.worth_knowing(replace(tiny, driven=driven), "kommune"))
    assert told.startswith("Kommune: uden for de tilpassede linjer")
    information["elements"]["calibrated/social"]["value"] = 0.0
    told = " ".join(knowledge.worth_knowing(replace(tiny, driven=driven), "kommune"))
    assert told.startswith("Kommune: ingen enkelt oplysning")
