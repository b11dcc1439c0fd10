"""What a study says of the measure that ranks its cells: its own errors, equal results, order of numbers."""

import numpy as np
import pytest

from soemrisk import read, read_study, simulate
from soemrisk.batch_cells import STATISTICS, row_size
from soemrisk.batch_options import at_place
from soemrisk.batch_page import _option, page_of
from soemrisk.batch_pictures import heat_of
from soemrisk.batch_plan import BatchAxis, cell_at, content_key, options_of, text_of
from soemrisk.batch_pools import in_process
from soemrisk.batch_reading import read_batch
from soemrisk.batch_report import MEASURES, matters, measured, report_of, turns, variable
from soemrisk.batch_running import run_blocks, table_of
from soemrisk.batch_stated import _net_rate, stated_cells
from soemrisk.batch_store import open_store
from soemrisk.quantity import base_value
from soemrisk.statistics import sorted_quantile, standard_error

HEAD = 'schema = 1\nid = "s"\nname = "S"\nlang = "en"\nscenarios = ["act-randers"]\ndraws = 1024\n'
UNSORTED = """
[axes.rate]
place = "settings.discount_rate"
values = [0.05, 0.0, 0.035]
[axes.cost]
place = "costs.indsats.amount"
factors = [1.3, 0.7, 1]
"""
SORTED = UNSORTED.replace("[0.05, 0.0, 0.035]", "[0.0, 0.035, 0.05]").replace("[1.3, 0.7, 1]", "[0.7, 1, 1.3]")


def calculated(folder, text):
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    batch = read_batch(path)
    stated = text_of(batch)
    key = content_key(stated)
    open_store(folder / "out", stated, resume=False)
    run_blocks(batch, folder / "out", in_process(stated, key), range(batch.blocks))
    return batch, table_of(folder / "out", batch, key)


@pytest.fixture(scope="module")
def unsorted(tmp_path_factory):
    return calculated(tmp_path_factory.mktemp("unsorted"), HEAD + UNSORTED)


@pytest.fixture(scope="module")
def in_sorted_order(tmp_path_factory):
    return calculated(tmp_path_factory.mktemp("sorted"), HEAD + SORTED)


def test_every_measure_has_its_own_error_and_the_base_figure_none(unsorted):
    batch, table = unsorted
    net = variable(batch, table, "net")
    for measure in MEASURES:
        found = report_of(batch, table, "kommune", measure)
        values = measured(batch, table, "kommune", measure)
        best = found["best"][0]
        assert best[measure] == values.max()
        assert {"mean", "mcse_mean", "prob_positive"} <= set(best)
        if measure == "base":
            counts = {"positive": (values > 0).sum(), "negative": (values < 0).sum()}
            assert found["signs"] == {"level": 0.0, **counts, "undecided": None}
            continue
        error = {"mean": "mcse_mean", "prob_positive": "mcse_prob"}.get(measure, f"mcse_{measure}")
        errors = net[:, batch.actors.index("kommune"), STATISTICS.index(error)]
        assert (errors > 0).all()
        level = 0.5 if measure == "prob_positive" else 0
        assert found["signs"]["undecided"] == (np.abs(values - level) <= 2 * errors).sum()


def test_errors_of_p10_and_p90_are_the_spread_between_replicates(tmp_path):
    calculated(tmp_path, HEAD)
    found = read_study(tmp_path / "out")["net"].sel(scenario="act-randers", actor="kommune")
    draws = simulate(read("act-randers"), draws=1024, seed=1)
    net = draws["net"].sel(actor="kommune").values
    for level in (0.1, 0.9):
        each = sorted_quantile(np.sort(net.reshape(16, -1), axis=1), level)
        expected = standard_error(each)
        assert found.sel(statistic=f"mcse_p{level * 100:.0f}").item() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("measure", "expected", "never"),
    [
        ("p10", ["Best (P10):\n  P10 DKK", "(mean DKK", "P10 is above 0 in ", "two Monte Carlo errors"], "a loss"),
        ("base", ["SØM number DKK", "The SØM number is above 0 in "], "Monte Carlo errors"),
        ("mean", ["Best (mean):\n  DKK", "Sign: a gain in "], "(mean DKK"),
        ("prob_positive", ["A gain is likelier than a loss in "], "(mean DKK"),
    ],
)
def test_the_page_says_what_ranks_its_cells(measure, expected, never, unsorted):
    batch, table = unsorted
    page = page_of(batch, report_of(batch, table, "kommune", measure), "en")
    for one in expected:
        assert one in page, page
    assert never not in page


def test_turns_are_between_neighbouring_numbers_whatever_the_order_of_the_file(unsorted, in_sorted_order):
    found = []
    for batch, table in (unsorted, in_sorted_order):
        report = report_of(batch, table, "kommune")
        by_number = {
            name: [
                (axis.options[one["from"]], axis.options[one["to"]], one["count"], one["certain"])
                for axis in batch.axes
                if axis.id == name
                for one in row["between"]
            ]
            for name, row in report["turns"].items()
        }
        assert any(by_number.values())
        assert all(low < high for rows in by_number.values() for low, high, *_ in rows)
        sign = next(line for line in page_of(batch, report, "en").splitlines() if line.startswith("  cost:"))
        found.append((by_number, sign))
    assert found[0] == found[1]


def test_a_heat_map_has_its_numbers_by_size(unsorted, in_sorted_order):
    maps = []
    for batch, table in (unsorted, in_sorted_order):
        heat = heat_of(batch, measured(batch, table, "kommune", "mean"), ["rate", "cost"])
        named = [next(a.options for a in batch.axes if a.id == name) for name in heat.dims[1:]]
        assert [[options[n] for n in shown] for options, shown in zip(named, heat.options[1:], strict=True)] == [
            [0.7, 1.0, 1.3], [0.0, 0.035, 0.05],
        ]  # fmt: skip
        maps.append(heat.values)
    assert np.array_equal(maps[0], maps[1])


def test_turns_skip_no_number_in_a_closed_form(unsorted):
    batch, _ = unsorted
    rate, cost = (np.array(axis.options) for axis in batch.axes)
    values = (0.02 - rate[:, None] + 0 * cost).ravel()
    (turn,) = turns(batch, values, np.zeros(9))["rate"]["between"]
    assert (rate[turn["from"]], rate[turn["to"]], turn["count"]) == (0.0, 0.035, 3)


EQUAL = """
[axes.price]
place = "services.botilbud.price"
values = [2000, 2461]
[axes.when]
options = [
    { label = "a", set = { "facts.intervention" = "x" } },
    { label = "b", set = { "facts.intervention" = "y" } },
    { label = "c", set = { "facts.intervention" = "z" } },
]
"""


def test_cells_with_the_same_result_are_one_result_with_their_number(tmp_path):
    batch, table = calculated(tmp_path, HEAD + EQUAL)
    found = report_of(batch, table, "kommune")
    assert [one["alike"] for one in found["best"]] == [3, 3]
    assert found["best"][0]["mean"] > found["best"][1]["mean"]
    assert found["lead"]["difference"] > 0
    page = page_of(batch, found, "en")
    assert "[2 cells more with the same result]" in page
    assert "less than" not in page
    assert "[2 celler mere med samme resultat]" in page_of(batch, found, "da")


def test_a_grid_says_one_best_one_worst_and_the_scenario_as_stated(unsorted):
    batch, table = unsorted
    found = report_of(batch, table, "kommune")
    ((cell, spread),) = stated_cells(batch).items()
    assert options_of(batch, cell) == (0, 2, 2)
    assert spread
    assert cell_at(batch, (0, 2, 2)).scenario.costs == cell_at(batch, (0, None, None)).scenario.costs
    assert found["as_stated"][0]["cell"] == cell
    page = page_of(batch, found, "en")
    assert page.count("a gain in") == 4  # best, worst, as stated, and the line on signs
    assert "The scenario as stated:\n  DKK" in page


def test_a_number_that_is_stated_counts_as_certain_and_is_told_so(tmp_path):
    amount = read("act-randers").costs["indsats"].amount.value
    text = HEAD + f'[axes.cost]\nplace = "costs.indsats.amount"\nvalues = [1e6, {amount}]\n'
    batch, table = calculated(tmp_path, text)
    assert stated_cells(batch) == {1: False}
    assert "what is varied counts as certain" in page_of(batch, report_of(batch, table, "kommune"), "en")


def test_statements_settings_and_net_rates_are_known_as_stated(tmp_path):
    scenario = read("act-randers")
    price = scenario.services["botilbud"].price[0]
    text = HEAD + (
        f'[axes.when]\nplace = "settings.timing"\nvalues = ["start", "mid", "end"]\n'
        f'[axes.price]\nplace = "services.botilbud.price"\nvalues = [1, {price.value}]\n'
        '[axes.net]\nplace = "success_rate"\nvalues = [0.1, 0.2]\n'
    ).replace("axes.net", "axes.netrate")
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    batch = read_batch(path)
    assert stated_cells(batch) == {}  # the net rate is neither
    rate = _net_rate(at_place(batch.scenarios["act-randers"], ("success",)))
    path.write_text(text.replace("[0.1, 0.2]", f"[0.1, {rate:.15g}]"), encoding="utf-8")
    batch = read_batch(path)
    ((cell, _),) = stated_cells(batch).items()
    _, when, second, third = options_of(batch, cell)
    assert (("start", "mid", "end")[when], second, third) == (scenario.settings.timing, 1, 1)


def test_no_share_where_options_are_as_many_as_points(tmp_path):
    listed = ", ".join(f'{{ value = {-20 - n}, low = {-40 - n}, high = -5, meaning = "90%" }}' for n in range(24))
    text = HEAD + f'design = "list"\n[axes.s]\nplace = "consequences.herberg.change"\nstatements = [{listed}]\n'
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    batch = read_batch(path)
    table = np.random.Generator(np.random.Philox(1)).normal(size=(batch.cells, row_size(batch)))
    found = matters(batch, measured(batch, table, "kommune", "mean"), None)
    assert found == {"s": {"first": None, "options": 24}}
    page = page_of(batch, report_of(batch, table, "kommune"), "en")
    assert "s: cannot be told; 24 different options are too many for so few points" in page


def test_one_cell_is_singular(tmp_path):
    batch, table = calculated(tmp_path, HEAD)
    page = page_of(batch, report_of(batch, table, "kommune"), "en")
    assert page.splitlines()[0] == "S: 1 cell"
    assert "1 cells" not in page


def test_a_statement_of_the_stated_net_rate_with_another_spread_is_known(tmp_path):
    success = read("act-randers").success
    rate = base_value(success.with_) - base_value(success.without)
    of = f'{{ value = {rate:.15g}, low = 0.01, high = 0.9, meaning = "90%" }}'
    path = tmp_path / "study.toml"
    axis = f'[axes.a]\nplace = "success_rate"\nstatements = [{of}, {{ value = 0.5 }}]\n'
    path.write_text(HEAD + axis, encoding="utf-8")
    assert stated_cells(read_batch(path)) == {0: False}


def test_the_stated_statement_of_a_net_rate_is_the_stated_cell(tmp_path):
    stated = read("cti-aarhus").success.net
    of = f'{{ value = {stated.value}, low = {stated.low}, high = {stated.high}, meaning = "{stated.meaning}" }}'
    text = HEAD.replace("act-randers", "cti-aarhus")
    path = tmp_path / "study.toml"
    axis = f'[axes.a]\nplace = "success_rate"\nstatements = [{{ value = 0.5 }}, {of}]\n'
    path.write_text(text + axis, encoding="utf-8")
    assert stated_cells(read_batch(path)) == {1: True}


def test_an_unfinished_scenario_says_why_nothing_matters(unsorted):
    batch, table = unsorted
    part = table.copy()
    part[0] = np.nan
    page = page_of(batch, report_of(batch, part, "kommune"), "en")
    assert "What matters: can be told when all cells of at least one scenario are calculated." in page
    assert "kan først siges, når alle celler" in page_of(batch, report_of(batch, part, "kommune"), "da")
    assert "can be told when" not in page_of(batch, report_of(batch, table, "kommune"), "en")


def test_what_is_alike_is_named_where_it_is_not_the_mean(tmp_path):
    batch, table = calculated(tmp_path, HEAD + EQUAL)
    found = report_of(batch, table, "kommune", "base")
    assert "[2 cells more with the same SØM number]" in page_of(batch, found, "en")
    assert "[2 celler mere med samme SØM-tal]" in page_of(batch, found, "da")


def test_options_have_as_many_digits_as_keep_them_apart():
    options = (0.12345671, 0.12345678, 0.5, 1234567.1, 1234567.2)
    axis = BatchAxis(id="a", name={}, unit=None, kind="values", options=options, labels=None, places={})
    shown = [_option(axis, n, "en") for n in range(len(options))]
    assert shown == ["0.1234567", "0.1234568", "0.5", "1234567.1", "1234567.2"]
