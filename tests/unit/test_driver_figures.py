"""Pictures of what drives a result: the same bytes, nothing overlaps, names of any kind, a text for who cannot see."""

import copy
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel, read
from soemrisk.chart_style import GREY, SMALLEST, STYLE, fitted, fitted_name, fitted_names, width_of
from soemrisk.design import plan
from soemrisk.driver_figures import driver_charts, driver_pictures
from soemrisk.driver_page import driver_page
from soemrisk.driver_rows import amount, chance_at, hull, part, rate_at, shares, tornado_rows
from soemrisk.driver_stories import alt_texts, messages
from soemrisk.drivers import drivers
from soemrisk.names import input_names, short_names, shortened
from soemrisk.running import run_scenario

NAMES = ("tornado", "variance", "break_even", "priorities", "heat_actor", "heat_year")
LONG = "Forebyggende og efterfølgende indsats i eget hjem efter § {n:03d} mv."  # 60 letters and more


def large_document():
    """23 services with an uncertain price and change: more than 40 inputs, long names, many actors and years."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["last_year"] = 2035
    for n in range(8):
        document["actors"][f"kommune{n}"] = {"name": f"Forvaltningen for særlige opgaver nr. {n}"}
    document["areas"]["sundhed"] = {"name": "Sundhedsydelser og psykiatri i regionen"}
    for n in range(23):
        key = f"ydelse{n}"
        document["services"][key] = {
            "name": LONG.format(n=n),
            "area": "sundhed" if n % 2 else "social",
            "unit": "day",
            "price": number(1000.0 + n, "kr. pr. day", low=800.0, high=1300.0, meaning="hard"),
            "price_year": 2020,
            "shares": {"kommune": 0.5, f"kommune{n % 8}": 0.5},
            "shares_source": "assumption: test",
        }
        change = number(-3.0 - n / 10, "day", low=-6.0 - n / 10, high=0.0, meaning="hard")
        if n < 4:
            change["source"] = "calibrated to a published total, assumption: test"
        document["consequences"][key] = {"service": key, "group": "register", "change": change}
    document["correlations"] = [
        {"between": ["services.ydelse5.price", "services.ydelse6.price"], "rank": 0.5, "source": "assumption: test"}
    ]
    return document


def found_of(scenario, draws=2048, pair=None):
    return drivers(scenario, run_scenario(scenario, plan(draws, 1)), evaluate=kernel.evaluate, pair=pair)


def observed_document():
    """A rate and a change of which more can be observed at a cost, and a level of evidence."""
    document = copy.deepcopy(DOCUMENT)
    document["success"]["with"]["effort"] = {"hours": 3.0, "start": 10.0, "hourly": 450.0, "source": "assumption: test"}
    document["success"]["without"] = number(0.1, "andel", evidence=2)
    effort = {"hours": 1.5, "source": "assumption: test"}
    records = number(-30.0, "day", sd=90.0, of="individuals", n=40, effort=effort)
    document["consequences"]["bolig"]["change"] = records
    return document


PAIRS = {
    "act-randers": ("success.with", "costs.indsats.amount"),
    "large": ("services.ydelse0.price", "success.with"),
    "observed": ("success.with", "consequences.bolig.change"),
}


@pytest.fixture(scope="module")
def cases():
    scenarios = {name: read(name) for name in ("act-randers", "cti-aarhus")}
    scenarios["large"] = scenario_of(large_document())
    scenarios["observed"] = scenario_of(observed_document())
    draws = {"large": 512}
    return {
        name: (scenario, found_of(scenario, draws.get(name, 2048), PAIRS.get(name)))
        for name, scenario in scenarios.items()
    }


def boxes(figure):
    """Bounding boxes of all texts that are drawn, in pixels."""
    figure.dpi = 200  # as it is written
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    words = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    off = [axis for axes in figure.axes if not axes.axison for axis in (axes.xaxis, axes.yaxis)]
    hidden = {text for axis in off for text in axis.findobj(Text)}
    limits = {
        text: (axis, axes)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for text in axis.get_ticklabels()
    }
    shown = []
    for one in words:
        if one in hidden:
            continue
        if one in limits:
            axis, _ = limits[one]
            place = one.get_position()[0 if axis.axis_name == "x" else 1]
            low, high = sorted(axis.get_view_interval())
            if not low - 1e-9 <= place <= high + 1e-9:
                continue
        shown.append((one.get_text(), Text.get_window_extent(one, renderer)))
    return shown, figure.bbox


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus", "large", "observed"])
def test_all_texts_are_on_the_canvas_and_no_two_overlap(cases, name, lang):
    scenario, found = cases[name]
    with rc_context(STYLE):
        for picture, figure in driver_charts(scenario, found, lang).items():
            shown, canvas = boxes(figure)
            assert len(shown) > 10, picture
            for words, box in shown:
                assert box.x0 >= 0, (picture, words)
                assert box.y0 >= 0, (picture, words)
                assert box.x1 <= canvas.x1, (picture, words)
                assert box.y1 <= canvas.y1, (picture, words)
            for (one, first), (other, second) in combinations(shown, 2):
                across = min(first.x1, second.x1) - max(first.x0, second.x0)
                up = min(first.y1, second.y1) - max(first.y0, second.y0)
                assert min(across, up) <= 1.0, (picture, one, other)  # a pixel of rounding


def test_the_large_scenario_has_more_than_forty_inputs_and_sampled_errors(cases):
    _, found = cases["large"]
    assert len(found["inputs"]) > 40
    assert found["sampled"]


@pytest.mark.parametrize("name", ["act-randers", "large"])
def test_the_same_object_gives_the_same_bytes(cases, name):
    scenario, found = cases[name]
    first, second = (driver_pictures(scenario, copy.deepcopy(found), "da") for _ in range(2))
    assert first == second
    assert set(first) == {f"{picture}.{kind}" for picture in (*NAMES, "evsi", "pair") for kind in ("svg", "png")}


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus", "large", "observed"])
def test_an_alternative_text_has_type_message_and_three_numbers(cases, name, lang):
    scenario, found = cases[name]
    told = messages(scenario, found, lang)
    for picture, words in alt_texts(scenario, found, lang).items():
        assert told[picture] in words
        after = words.split(told[picture], 1)[1]
        assert len(re.findall(r"\d+(?:[.,]\d+)*", after)) >= 3, words
        assert "{" not in words


def test_an_svg_is_named_and_described_for_readers_of_screens(cases):
    scenario, found = cases["act-randers"]
    drawn, told = driver_pictures(scenario, found, "da"), messages(scenario, found, "da")
    described = alt_texts(scenario, found, "da")
    space = "{http://www.w3.org/2000/svg}"
    for picture in NAMES:
        root = ET.fromstring(drawn[f"{picture}.svg"])  # noqa: S314 - our own
        assert root.find(f"{space}title").text.split() == told[picture].split()
        assert root.find(f"{space}desc").text.split() == described[picture].split()
        assert root.get("role") == "img"
        named = root.get("aria-labelledby").split()
        assert named == [root.find(f"{space}title").get("id"), root.find(f"{space}desc").get("id")]


HOSTILE = [r"Kr$x$ $\frac{$ <b>fed</b> & _^ {0} %s", "W" * 180, "linje\none\ttab \x07", "]]> <!-- &amp; \"'", "a " * 90]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_of_any_kind_are_safe_and_stay_in_their_place(document, hostile):
    for part_of in (document["actors"]["kommune"], document["services"]["bolig"], document["costs"]["drift"]):
        part_of["name"] = hostile
    document["areas"]["social"]["name"] = hostile
    document["consequences"]["bolig"]["change"]["source"] = "calibrated to a total, assumption: test"
    scenario = scenario_of(document)
    found = found_of(scenario, 256)
    for content in (
        content for name, content in driver_pictures(scenario, found, "da").items() if name.endswith("svg")
    ):
        ET.fromstring(content)  # noqa: S314 - our own
    with rc_context(STYLE):
        for picture, figure in driver_charts(scenario, found, "da").items():
            shown, canvas = boxes(figure)
            for words, box in shown:
                assert box.x1 <= canvas.x1, (picture, words)
                assert box.x0 >= 0, (picture, words)


def test_a_scenario_in_which_nothing_is_uncertain_has_pictures_that_say_so(document):
    document["success"] = {"with": number(0.5, "andel"), "without": number(0.1, "andel")}
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    for one in document["consequences"].values():
        value = one["change"]["value"]
        one["change"] = number(value, one["change"]["unit"])
    scenario = scenario_of(document)
    found = found_of(scenario, 256)
    assert not found["inputs"]
    assert len(driver_pictures(scenario, found, "en")) == 2 * len(NAMES)
    assert "no uncertain input" in messages(scenario, found, "en")["tornado"]


def test_calibrated_lines_are_one_bar_and_no_line_of_them_is_named(cases):
    scenario, found = cases["act-randers"]
    rows = tornado_rows(scenario, found, "da")
    alone = {path for path, one in found["inputs"].items() if one["element"].startswith("calibrated/")}
    assert alone
    assert not alone & {row.key for row in rows}
    area = next(row for row in rows if row.key == "calibrated/sociale_serviceydelser")
    stated = next(one for one in found["tornado_elements"]["p10_p90"] if one["element"] == area.key)
    assert (area.bars[0].at_low, area.bars[0].at_high) == (stated["at_low"]["kommune"], stated["at_high"]["kommune"])


def test_rows_are_in_the_order_of_their_swing_from_p10_to_p90(cases):
    for scenario, found in cases.values():
        sizes = [row.bars[0].size if row.bars[0] else 0.0 for row in tornado_rows(scenario, found, "da")]
        assert sizes == sorted(sizes, reverse=True)
        totals = [row.total for row in shares(scenario, found, "da")]
        assert totals == sorted(totals, reverse=True)


def test_the_row_of_the_others_holds_each_of_them_and_adds_nothing_up(cases):
    scenario, found = cases["large"]
    rest = tornado_rows(scenario, found, "da")[12:]
    low, high = hull(rest, 0)
    ends = [end for row in rest if row.bars[0] for end in (row.bars[0].at_low, row.bars[0].at_high)]
    assert (low, high) == (min(ends), max(ends))


def test_a_message_ranks_two_elements_only_where_their_intervals_lie_apart(cases):
    scenario, found = cases["act-randers"]
    assert "42\u00a0%" in messages(scenario, found, "da")["variance"]
    unsure = copy.deepcopy(found)
    unsure["variance"]["kommune"]["elements"]["calibrated/sociale_serviceydelser"]["total_mcse"] = 0.1
    assert "ikke kan rangordnes" in messages(scenario, unsure, "da")["variance"]


def test_the_curve_is_told_by_its_shape(cases):
    scenario, found = cases["act-randers"]
    curve = copy.deepcopy(found)
    table = curve["chance_of_gain"]["kommune"]
    count = len(table["prob"])
    assert re.search("fra 6\\d\u00a0% succes", messages(scenario, found, "da")["break_even"])
    table["prob"] = [0.3 * k / count for k in range(count)]
    assert "selv med succes for alle" in messages(scenario, curve, "da")["break_even"]
    table["prob"] = [0.6 + 0.3 * k / count for k in range(count)]
    assert "uden en eneste succes" in messages(scenario, curve, "da")["break_even"]
    table["prob"] = [0.9 - 0.8 * k / count for k in range(count)]
    assert "ved 65\u00a0% succes, som der er regnet med" in messages(scenario, curve, "da")["break_even"]


def test_rates_and_chances_are_read_between_the_points_of_the_curve():
    found = {"chance_of_gain": {"rate": [0.0, 0.5, 1.0], "stat": {"prob": [0.0, 0.4, 0.8], "mcse": [0.01] * 3}}}
    rate, error = rate_at(found, "stat", 0.5)
    assert rate == pytest.approx(0.625)
    assert error == pytest.approx(0.01 / 0.8)
    assert rate_at(found, "stat", 0.9) is None
    assert chance_at(found, "stat", 0.25)[0] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("value", "size", "error", "shown"),
    [(405_407, 1e3, 0, "405"), (405_407, 1.0, 0, "405.000"), (200, 1e3, 0, "<1"), (0, 1e3, 0, "0"),
     (123_456, 1e3, 8000, "100"), (45_678_000, 1e6, 0, "45,7")],
)  # fmt: skip
def test_amounts_have_three_digits_or_what_their_error_leaves(value, size, error, shown):
    assert amount(value, "da", size, error) == shown


def test_shares_are_as_fine_as_their_errors():
    assert [part(0.4231, "da", error) for error in (0.0, 0.01, 0.03)] == ["42\u00a0%", "40\u00a0%", "40\u00a0%"]
    assert part(0.001, "en") == "<1\u00a0%"
    assert part(0.0, "en") == "0\u00a0%"


def test_words_are_cut_to_their_width_and_keep_what_tells_inputs_apart():
    for lines in (1, 2, 3):
        words = fitted("W" * 50 + " og en hel del flere ord", 1.2, 8, lines)
        assert len(words.split("\n")) <= lines
        assert all(width_of(line, 8) <= 1.2 for line in words.split("\n"))
        assert words.endswith("…")
    price, change = (shortened(f"{'x' * 70}: {kind}") for kind in ("pris", "ændring pr. succes"))
    assert len(price) <= 60
    assert price.endswith(": pris")
    assert change.endswith(": ændring pr. succes")


def test_long_names_that_differ_at_their_end_stay_different():
    names = [f"{LONG.format(n=n)}: ændring pr. succes" for n in range(20)]
    assert len({fitted_name(name, 1.95, 7.5) for name in names}) == 20
    assert len({shortened(name) for name in names}) == 20


ALIKE = [
    f"Døgnophold i botilbud til længerevarende ophold for voksne, § {n} (botilbud{n}_{when}): ændring pr. succes"
    for n in (107, 108, 109)
    for when in ("foerste_aar", "senere")
]
MIDDLE = [f"Botilbud, § {n} til længerevarende ophold for voksne med særlige behov i kommunen: pris" for n in (1, 2)]


@pytest.mark.parametrize("names", [ALIKE, MIDDLE, ["w" * 90] * 3, ALIKE + MIDDLE], ids=["ids", "middle", "w", "both"])
def test_no_two_names_that_stand_together_read_alike(names):
    for inches, lines in ((1.95, 2), (1.1, 3), (2.4, 1)):
        short = fitted_names(names, inches, 7.5, lines)
        assert len({" ".join(one.split()) for one in short}) == len(names), short
        assert all(width_of(line, 7.5) <= inches for one in short for line in one.split("\n"))
    in_words = short_names({str(n): name for n, name in enumerate(names)}, 36)
    assert len(set(in_words.values())) == len(names)
    assert max(map(len, in_words.values())) <= 36


def test_what_a_number_is_of_stays_where_its_name_is_shortened():
    assert [one[-20:] for one in short_names(dict(enumerate(ALIKE)), 45).values()] == [": ændring pr. succes"] * 6
    short = ["Herberg: pris", "Herberg: ændring pr. succes"]
    assert fitted_names(short, 2, 8) == short


def long_document():
    """Services with equal names of 80 letters and more, each with two consequences."""
    document = copy.deepcopy(DOCUMENT)
    for n in range(3):
        key = f"indsats{n}"
        document["services"][key] = copy.deepcopy(document["services"]["bolig"])
        name = "Forebyggende, støttende og opfølgende indsats for borgere i eget hjem og i nærmiljøet"
        document["services"][key]["name"] = name
        for when in ("foerst", "senere"):
            change = number(-3.0 - n, "day", low=-9.0, high=1.0, meaning="hard")
            document["consequences"][f"{key}_{when}"] = {"service": key, "group": "register", "change": change}
    return document


def names_of_rows(figure, size):
    """What stands at the left margin in type of a size, lines of one name together."""
    found, before = [], None
    for one in figure.texts:
        if one.get_fontsize() == size and one.get_ha() == "left" and one.get_color() != GREY:
            left, height = one.get_position()[0], one.get_position()[1] * figure.get_figheight() * 72
            if before is not None and before[0] == left and 0 < before[1] - height < 1.2 * size:
                found[-1] += f" {one.get_text()}"
            else:
                found.append(one.get_text())
            before = left, height
    return found


@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_two_rows_of_a_page_or_picture_read_alike(lang):
    scenario = scenario_of(long_document())
    assert len(set(input_names(scenario, lang).values())) == len(input_names(scenario, lang))
    found = found_of(scenario, 256)
    lines = driver_page(scenario, found, lang).split("\n\n")[1].splitlines()[2:]
    names = re.sub("\n  +", " ", "\n".join(line[:40].rstrip() for line in lines)).splitlines()
    assert len([name for name in names if name.startswith("Forebyggende")]) >= 6
    assert len(set(names)) == len(names)
    with rc_context(STYLE):
        figures = driver_charts(scenario, found, lang)
    for picture, size in (("tornado", SMALLEST), ("variance", SMALLEST), ("priorities", SMALLEST), ("heat_actor", 7.0)):
        names = names_of_rows(figures[picture], size)
        assert len([name for name in names if name.startswith("Forebyg")]) >= 6, picture
        assert len(set(names)) == len(names), picture


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_page_is_no_wider_than_110_letters(cases, lang):
    several = [*cases.values(), *((one, found_of(one, 256)) for one in (scenario_of(long_document()),))]
    for scenario, found in several:
        for actor in found["variance"]:
            assert max(map(len, driver_page(scenario, found, lang, actor).splitlines())) <= 110


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_cells_darken_with_their_number_and_the_number_stands_out(cases):
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    scenario, found = cases["act-randers"]
    figure = driver_charts(scenario, found, "da")["heat_actor"]
    pairs = []
    for axes in figure.axes:
        cells = [one for one in axes.get_children() if isinstance(one, Rectangle) and one is not axes.patch]
        words = [one for one in axes.texts if one.get_text()]
        assert len(cells) == len(words)
        for cell, word in zip(cells, words, strict=True):
            light, ink = luminance(cell.get_facecolor()), luminance(to_rgb(word.get_color()))
            assert (max(light, ink) + 0.05) / (min(light, ink) + 0.05) >= 4.5, word.get_text()
            if axes is figure.axes[0]:
                pairs.append((float(word.get_text().replace("<1", "0.5")), light))
    pairs.sort()
    assert all(low >= high - 0.02 for (_, low), (_, high) in pairwise(pairs))


def line_of(figure, words):
    """Axes whose labels have some words."""
    return next(axes for axes in figure.axes if words in axes.get_xlabel())


def test_the_curve_of_more_observations_shows_their_worth_their_cost_and_the_best_number(cases):
    scenario, found = cases["observed"]
    information = found["information"]["kommune"]
    step, full = information["steps"]["success.with"], information["evppi"]["success.with"]["value"]
    with rc_context(STYLE):
        figure = driver_charts(scenario, found, "da")["evsi"]
    axes = line_of(figure, "deltagere")
    curve, level, cost, ring = axes.get_lines()[:4]
    shown = dict(zip(curve.get_xdata(), curve.get_ydata(), strict=True))
    assert shown[0] == 0.0
    assert shown[5] == step["by_number"]["5"]["value"]
    assert shown[step["best"]["n"]] == step["best"]["value"]
    assert set(level.get_ydata()) == {full}
    assert max(shown.values()) <= full
    slope = (cost.get_ydata()[1] - cost.get_ydata()[0]) / (cost.get_xdata()[1] - cost.get_xdata()[0])
    assert slope == pytest.approx(3.0 * 450.0)
    assert cost.get_ydata()[0] == pytest.approx(10.0 * 450.0)
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (step["best"]["n"], step["best"]["value"])
    by_hour = line_of(figure, "sager")
    assert len(by_hour.get_lines()) == 4  # curve, level, ring and its line: hours without a price have no cost
    assert any("mest pr. time" in one.get_text() for one in by_hour.texts)


def test_what_more_observations_are_worth_is_told_by_what_is_known_of_their_cost(cases):
    scenario, found = cases["observed"]
    best = found["information"]["kommune"]["steps"]["success.with"]["best"]
    told = messages(scenario, found, "da")["evsi"]
    assert f"{best['n']} deltagere mere" in told
    assert "når udgiften er trukket fra" in told
    changed = copy.deepcopy(found)
    for step in changed["information"]["kommune"]["steps"].values():
        step["best"] = None
    assert "af fuld viden om" in messages(scenario, changed, "da")["evsi"]
    changed = copy.deepcopy(found)
    del changed["information"]["kommune"]["steps"]["consequences.bolig.change"]
    changed["information"]["kommune"]["steps"]["success.with"]["best"] |= {"n": 0, "net": 0.0, "value": 0.0}
    assert "end det er værd" in messages(scenario, changed, "da")["evsi"]
    changed["information"]["kommune"]["evpi"]["value"] = 0.0
    assert "ingen viden ventes at ændre beslutningen" in messages(scenario, changed, "da")["evsi"]
    assert "evsi" not in messages(*cases["cti-aarhus"], "da")


def test_the_line_of_a_pair_is_where_the_net_result_is_0(cases):
    from soemrisk.compilation import compile_scenario

    scenario, found = cases["observed"]
    with rc_context(STYLE):
        axes = driver_charts(scenario, found, "da")["pair"].axes[0]
    lines = [one for one in axes.get_lines() if len(one.get_xdata()) > 2 and one.get_linestyle() != "None"]
    model = compile_scenario(scenario)
    paths = [one.path for one in model.inputs]
    places = [paths.index(path) for path in found["pair"]["inputs"]]
    net = [np.array(found["pair"]["net"][actor]) for actor in model.actors]
    turning = [a for a, values in enumerate(net) if values.min() <= 0 < values.max()]
    assert len(lines) == len(turning) == 2
    for a, line in zip(turning, lines, strict=True):  # total and actors in their order
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
            values = model.base.copy()
            values[places] = x, y
            net = kernel.evaluate(model, values[None], None).expected[0, a]
            assert abs(net) < 1e-6 * abs(kernel.evaluate(model, model.base[None], None).expected[0, a])


def test_the_line_of_a_pair_is_read_from_the_table_where_there_is_no_other(cases):
    scenario, found = cases["observed"]
    exact = found["pair"]["zero"]["kommune"]
    without = {**found, "pair": {**found["pair"], "zero": {}}}
    with rc_context(STYLE):
        axes = driver_charts(scenario, without, "da")["pair"].axes[0]
    low, high = found["pair"]["second"][0], found["pair"]["second"][-1]
    drawn = next(one for one in axes.get_lines() if one.get_marker() == "o" and one.get_color() == "#005A99")
    for x, y in zip(found["pair"]["first"], exact, strict=True):
        if low <= y <= high:
            near = [b for a, b in zip(drawn.get_xdata(), drawn.get_ydata(), strict=True) if a == pytest.approx(x)]
            assert min(abs(b - y) for b in near) < 1e-6 * abs(y)


def test_a_pair_is_told_by_where_there_is_a_gain(cases):
    scenario, found = cases["observed"]
    assert "afgør tilsammen" in messages(scenario, found, "da")["pair"]
    for sign, words in ((1.0, "gevinst ved alle"), (-1.0, "ingen gevinst ved nogen")):
        table = {actor: [[sign * 5.0] * 9] * 9 for actor in found["pair"]["net"]}
        changed = {**found, "pair": {**found["pair"], "net": table, "finer": {"net": table}}}
        assert words in messages(scenario, changed, "da")["pair"]


def test_levels_of_evidence_are_on_the_page_and_in_the_places_only_where_they_are_stated(cases):
    scenario, found = cases["observed"]
    page = " ".join(driver_page(scenario, found, "da").split())
    assert "1 er det stærkeste: niveau 2 »Succesrate uden indsats«." in page
    assert "Spredning efter evidensniveau er soemrisks egen tommelfingerregel." in page
    labelled = " ".join(driver_page(*cases["act-randers"], "da").split())
    assert "1 er det stærkeste: niveau 3 »Succesrate med indsats«." in labelled
    assert "tommelfingerregel" not in labelled  # the label alone has no spread
    assert "Evidens" not in driver_page(*cases["large"], "da")
    with rc_context(STYLE):
        for case, level in (("observed", 2), ("act-randers", 3), ("large", None)):
            words = [one.get_text() for one in driver_charts(*cases[case], "da")["priorities"].texts]
            assert [one for one in words if one.startswith("evidens ")] == ([f"evidens {level}"] if level else [])


@pytest.mark.parametrize("actor", ["kommune0", "kommune7"])
def test_the_actor_who_decides_is_shown_however_many_there_are(cases, actor):
    scenario, found = cases["large"]
    name = scenario.actors[actor].name.da
    with rc_context(STYLE):
        figures = driver_charts(scenario, {**found, "deciding": actor}, "da")
    for picture in ("break_even", "heat_actor", "pair"):
        texts = " ".join(" ".join(one.get_text() for one in figures[picture].texts).split())
        assert name[-5:] in texts.split("Vist er")[1], picture


def test_what_is_worth_less_than_a_krone_is_not_shown_as_worth_something(cases):
    scenario, found = cases["act-randers"]
    changed = copy.deepcopy(found)
    for table in changed["information"].values():
        for one in table["elements"].values():
            one["value"] = min(one["value"], 0.4)
    with rc_context(STYLE):
        figure = driver_charts(scenario, changed, "da")["heat_actor"]
    assert len(figure.axes) == 1
    assert "ændrer ingen aktørs beslutning" in " ".join(figure.texts[1].get_text().split())


def test_the_label_of_a_bar_stands_outside_of_it_on_either_side():
    from soemrisk.driver_bars import _sides
    from soemrisk.driver_rows import Swing

    bar = Swing(low=1.0, high=2.0, at_low=10.0, at_high=50.0, monotone=True)
    assert _sides(bar, 0.0) == ((0.0, -1), (50.0, 1))  # both ends above the base
    assert _sides(bar, 20.0) == ((10.0, -1), (50.0, 1))
