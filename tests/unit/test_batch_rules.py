"""What a study file cannot say, whatever its scenarios are, and readings and net rates in full."""

import subprocess
import sys
import time
import weakref
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from soemrisk import batch_trials, read
from soemrisk.batch_cells import row_size
from soemrisk.batch_dataset import _csv_header, labelled_table
from soemrisk.batch_language import RESERVED
from soemrisk.batch_lock import AtWorkError, at_work
from soemrisk.batch_models import Models, cell_model, same
from soemrisk.batch_plan import cell_at, options_of
from soemrisk.batch_reading import read_batch
from soemrisk.compilation import compile_scenario
from soemrisk.errors import ScenarioError
from soemrisk.memo_case import corrected_scenario
from soemrisk.study_commands import _part

HEAD = 'schema = 1\nid = "s"\nname = "S"\nscenarios = ["act-randers"]\ndraws = 64\n'
COST = '[axes.cost]\nplace = "costs.indsats.amount"\n'
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def study(folder, text):
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder, text, lang="en"):
    with pytest.raises(ScenarioError) as caught:
        read_batch(study(folder, text))
    return caught.value.describe(lang)


def test_readings_of_several_axes_hold_together(tmp_path):
    text = HEAD + '[axes.a]\nreadings = ["stated", "corrected"]\n[axes.b]\nreadings = ["stated", "correlated"]\n'
    batch = read_batch(study(tmp_path, text))
    act = read("act-randers")
    corrected = corrected_scenario(act)
    assert corrected is not None
    assert not same(compile_scenario(corrected), compile_scenario(act))
    models = Models(batch=batch)
    for cell in range(batch.cells):
        _, a, b = options_of(batch, cell)
        expected = compile_scenario(corrected if a else act)
        found = cell_at(batch, (0, a, b))
        assert (same(compile_scenario(found.scenario), expected), found.correlated) == (True, bool(b))
        model, correlated = cell_model(models, cell)
        assert (same(model, expected), correlated) == (True, bool(b))


def test_a_reading_that_two_axes_have_is_refused(tmp_path):
    text = HEAD + '[axes.a]\nreadings = ["stated", "corrected"]\n[axes.b]\nreadings = ["correlated", "corrected"]\n'
    said = refusal(tmp_path, text)
    assert ':9: axes.b.readings: the axis "a" has the reading "corrected" too' in said
    assert len(said.splitlines()) == 1


WITH_RATE = """
[axes.rate]
place = "success_rate"
statements = [{ value = 0.6, low = 0.4, high = 0.8, meaning = "90%" }, { value = 0.6 }]
"""


def test_a_statement_of_the_success_rate_is_the_net_rate_with_its_spread(tmp_path):
    text = HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]')
    batch = read_batch(study(tmp_path, text + WITH_RATE))
    for s in range(2):
        found = cell_at(batch, (s, 0)).scenario.success
        assert found.with_ is found.without is found.effect is None
        assert (found.net.value, found.net.low, found.net.high, found.net.meaning) == (0.6, 0.4, 0.8, "90%")
        assert found.net.source == "Study s: rate"
        certain = cell_at(batch, (s, 1)).scenario.success.net
        assert (certain.value, certain.low) == (0.6, None)
    drawn = compile_scenario(cell_at(batch, (0, 0)).scenario)
    assert "act-randers/success/net" in drawn.columns
    assert "act-randers/success/net" not in compile_scenario(cell_at(batch, (0, 1)).scenario).columns


def test_an_option_can_set_the_whole_of_success_or_the_net_rate(tmp_path):
    of = "value = 0.5, unit = 'andel', source = 'x'"
    text = HEAD + (
        f'[axes.a]\noptions = [{{ label = "x", set = {{ success = {{ net = {{ {of} }} }} }} }},\n'
        '{ label = "y", set = { success_rate = { value = 0.5, se = 0.1 } } }]\n'
    )
    batch = read_batch(study(tmp_path, text))
    assert cell_at(batch, (0, 0)).scenario.success.net.source == "x"
    assert cell_at(batch, (0, 1)).scenario.success.net.se == 0.1


def test_a_factor_on_the_success_rate_is_one_on_the_net_rate_where_that_is_stated(tmp_path):
    factors = '[axes.a]\nplace = "success_rate"\nfactors = [1, 0.5]\n'
    said = refusal(tmp_path, HEAD + factors)
    assert "a factor on success_rate needs a scenario that states success.net" in said
    assert "success.with, success.without" in said
    net = (SCENARIOS / "act-randers.toml").read_text(encoding="utf-8")
    start, end = net.index("[success.with]"), net.index("[", net.index("[success.without]") + 1)
    rate = '[success]\nnet = { value = 0.6, low = 0.4, high = 0.8, meaning = "90%", unit = "andel", source = "x" }\n\n'
    (tmp_path / "net.toml").write_text(net[:start] + rate + net[end:], encoding="utf-8")
    batch = read_batch(study(tmp_path, HEAD.replace("act-randers", "net.toml") + factors))
    found = cell_at(batch, (0, 1)).scenario.success.net
    assert (found.value, found.low, found.high) == (0.3, 0.2, 0.4)


SAMPLE = 'design = "sample"\n[sample]\npoints = {points}\nsampler = "{sampler}"\n' + COST + "low = 1\nhigh = 2\n"
TOO_MANY = {
    "points": SAMPLE.format(points=20_000_000, sampler="lhs"),
    "sobol": SAMPLE.format(points=2**40, sampler="sobol"),
    "grid": "".join(f'[axes.a{n}]\nplace = "x{n}"\nvalues = {list(range(2000))}\n' for n in range(3)),
}


@pytest.mark.parametrize("name", TOO_MANY)
def test_what_is_too_large_is_refused_at_once(name, tmp_path):
    began = time.perf_counter()
    said = refusal(tmp_path, HEAD + TOO_MANY[name])
    assert time.perf_counter() - began < 2
    assert "at most 1000000 can be run" in said or "8000000000 for each of 1 scenarios" in said


def test_scenarios_count_among_the_cells_also_those_of_a_pattern(tmp_path):
    act = (SCENARIOS / "act-randers.toml").read_text(encoding="utf-8")
    for n in range(3):
        (tmp_path / f"a{n}.toml").write_text(act.replace('"act-randers"', f'"a{n}"', 1), encoding="utf-8")
    axes = "".join(f'[axes.{key}]\nplace = "{key}"\nvalues = {list(range(2000))}\n' for key in "xy")
    said = refusal(tmp_path, HEAD.replace("act-randers", "a?*.toml") + axes)
    assert "the study has 12000000 cells (4000000 for each of 3 scenarios)" in said


def test_absolute_patterns_stand_for_files_and_impossible_ones_for_none(tmp_path):
    act = (SCENARIOS / "act-randers.toml").read_text(encoding="utf-8")
    (tmp_path / "far").mkdir()
    for name in ("b", "a"):
        (tmp_path / "far" / f"{name}.toml").write_text(act.replace('"act-randers"', f'"{name}"', 1), encoding="utf-8")
    text = HEAD.replace("act-randers", f"{tmp_path / 'far'}/*.toml")
    assert list(read_batch(study(tmp_path, text)).scenarios) == ["a", "b"]
    assert "no file is like" in refusal(tmp_path, HEAD.replace("act-randers", "***x"))
    assert "no file is like" in refusal(tmp_path, HEAD.replace("act-randers", "*\\u0000"))


WRONG = {
    "draws": (HEAD.replace("64", "0"), "draws: 0 is not a whole number from 1", "0 er ikke et helt tal fra 1"),
    "seed": (HEAD + "seed = 1e20\n", "seed: the seed 100000000000000000000 is too large", "det største er"),
    "points": (HEAD + SAMPLE.format(points=0, sampler="lhs"), "sample.points: 0 is not a whole number from 1", ""),
    "sample seed": (HEAD + SAMPLE.format(points=4, sampler='lhs"\nseed = 1e19\n#'), "sample.seed: the seed 1", ""),
    "same value": (HEAD + COST + "values = [1, 2, 1.0]\n", "axes.cost.values.2: option 3 is the same as option 1", ""),
    "same statement": (
        HEAD + COST + "statements = [{ value = 1, se = 2 }, { se = 2, value = 1 }]\n",
        "axes.cost.statements.1: option 2 is the same as option 1",
        "mulighed 2 er den samme som mulighed 1",
    ),
    "same statement in floats": (
        HEAD + COST + "statements = [{ value = 1 }, { value = 1.0 }]\n",
        "axes.cost.statements.1: option 2 is the same as option 1",
        "",
    ),
    "same quantiles in floats": (
        HEAD + "[axes.a]\noptions = [\n"
        '{ label = "x", set = { "costs.indsats.amount" = { quantiles = [[0.1, 1], [0.9, 2]] } } },\n'
        '{ label = "y", set = { "costs.indsats.amount" = { quantiles = [[0.1, 1.0], [0.9, 2]] } } }]\n',
        "axes.a.options.1: option 2 is the same as option 1",
        "",
    ),
    "draws and a half": (HEAD.replace("64", "1.5"), "draws: 1.5 is not a whole number from 1", "et helt tal fra 1"),
    "same label": (
        HEAD + COST + 'values = [1, 2]\nlabels = [{ da = "x", en = "a" }, { da = "x", en = "b" }]\n',
        'axes.cost.labels.1: two options are both called "x"',
        "to muligheder hedder begge »x«",
    ),
    "same label of options": (
        HEAD + '[axes.a]\noptions = [{ label = "x", set = { "settings.timing" = "mid" } },\n'
        '{ label = "x", set = { "settings.timing" = "end" } }]\n',
        'two options are both called "x"',
        "",
    ),
    "empty place": (HEAD + '[axes.a]\nplace = ""\nvalues = [1]\n', ":7: axes.a.place: the text is empty", "tom"),
    "no place of": (
        HEAD + '[axes.a]\nplace = { act-randers = "costs.indsats.amount", cti = "x" }\nvalues = [1]\n',
        '"cti" is no scenario of the study; there are: act-randers.',
        "»cti« er ikke en beregning i studiet",
    ),
    "place of none": (
        HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]')
        + '[axes.a]\nplace = { act-randers = "costs.indsats.amount" }\nvalues = [1]\n',
        'the place for the scenario "cti-aarhus" is missing',
        "mangler stedet for beregningen »cti-aarhus«",
    ),
    "misspelt": (
        HEAD + '[axes.a]\nplace = "costs.indsat.amount"\nvalues = [1]\n',
        '"costs.indsat.amount" is no place in act-randers. Did you mean',
        "ikke et sted i act-randers. Mente du",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_once_and_in_words_that_are_true(name, tmp_path):
    text, english, danish = WRONG[name]
    said = refusal(tmp_path, text)
    assert english in said, said
    assert len(said.splitlines()) == 1, said
    assert danish in refusal(tmp_path, text, "da")


def test_the_points_of_a_list_may_be_alike_but_not_called_alike_where_they_differ(tmp_path):
    text = HEAD + 'design = "list"\n' + COST + 'values = [1, 1, 2]\nlabels = ["a", "a", "b"]\n'
    assert read_batch(study(tmp_path, text)).cells == 3
    assert "both called" in refusal(tmp_path, text.replace('"b"', '"a"'))


def test_where_no_place_inside_is_to_blame_no_empty_brackets_are_told(tmp_path):
    said = refusal(tmp_path, HEAD + '[axes.a]\nplace = "success_rate"\nfactors = [2]\n')
    assert "()" not in said
    assert "cannot be used in act-randers: " in said


def test_no_axis_has_a_name_of_the_result(tmp_path):
    analyses = 'analyses = ["break_even", "drivers"]\n'
    batch = read_batch(study(tmp_path, HEAD + analyses + COST + "factors = [1, 2]\n"))
    table = labelled_table(batch, np.zeros((batch.cells, row_size(batch))))
    names = {*map(str, table.variables), *map(str, table.dims), *_csv_header(batch), "point"} - {"cost"}
    assert names <= RESERVED
    for name in sorted(names):
        said = refusal(tmp_path, HEAD + COST.replace("axes.cost", f"axes.{name}") + "factors = [1, 2]\n")
        assert f'an axis cannot be called "{name}", since the result has a variable or column of that name' in said


def test_the_lock_that_is_there_is_named_and_no_other_file_is_one(tmp_path):
    (tmp_path / "locksmith.txt").write_text("x", encoding="utf-8")
    (tmp_path / "lock-of-mine").write_text("x", encoding="utf-8")
    with at_work(tmp_path, (3, 50)), pytest.raises(AtWorkError, match='"lock-3-of-50"'), at_work(tmp_path):
        pass
    with at_work(tmp_path), pytest.raises(AtWorkError, match='"lock"'), at_work(tmp_path, (3, 50)):
        pass


@pytest.mark.parametrize("said", ["", "1", "0/2", "3/2", "1/2/3", "-1/2", "x/y", "1/" + "9" * 5000])
def test_what_is_no_part_is_none(said):
    assert _part(said) is None
    assert _part("3/50") == (3, 50)


def test_a_part_of_thousands_of_digits_is_refused_by_the_command(tmp_path):
    code = "from soemrisk.cli import main; main()"
    arguments = ["study", "run", str(study(tmp_path, HEAD)), "--out", str(tmp_path / "o"), "--part", "9" * 5000 + "/2"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def alone_and_whole(batch):
    """Options that are tried by themselves, and how many cells are tried in full."""
    seen = list(batch_trials._trials(batch))
    alone = [options[1:] for options, place in seen if place.startswith("axes.")]
    return alone, sum(place == "axes" for _, place in seen)


def test_of_very_many_points_few_are_tried_by_themselves(tmp_path):
    rate = '[axes.rate]\nplace = "settings.discount_rate"\nlow = 0\nhigh = 0.1\n'
    batch = read_batch(study(tmp_path, HEAD + SAMPLE.format(points=4000, sampler="lhs") + rate))
    alone, whole = alone_and_whole(batch)
    assert whole == 500
    cost, rates = (axis.options for axis in batch.axes)
    found = [(a if a is None else cost[a], b if b is None else rates[b]) for a, b in alone]
    assert found == [(min(cost), None), (max(cost), None), (None, min(rates)), (None, max(rates))]


def test_of_a_long_list_the_ends_and_others_evenly_by_size_are_tried(tmp_path):
    values = [float((7919 * n) % 3001 + 1) for n in range(3001)]  # each number once, in no order
    text = HEAD + 'design = "list"\n[axes.cost]\nplace = "costs.indsats.amount"\nvalues = '
    batch = read_batch(study(tmp_path, f"{text}{values}\n"))
    found = sorted(values[n] for n in batch_trials.options_to_try(batch.axes[0], 500))
    assert (len(set(found)), found[0], found[-1]) == (500, 1.0, 3001.0)
    assert max(b - a for a, b in pairwise(found)) == 7
    rates = [n / 1000 for n in range(1000)]
    text = text.replace("costs.indsats.amount", "settings.discount_rate")
    assert "axes.cost.values.700" in refusal(tmp_path, f"{text}{[*rates[:700], 5.0, *rates[700:]]}\n")


def test_a_sample_of_few_options_tries_each_once(tmp_path):
    text = 'design = "sample"\n[sample]\npoints = 2000\n[axes.a]\noptions = [\n'
    text += "".join(f'{{ label = "{one}", set = {{ "settings.timing" = "{one}" }} }},' for one in ("mid", "end"))
    text += "]\n"
    batch = read_batch(study(tmp_path, HEAD + text))
    alone, whole = alone_and_whole(batch)
    assert (len(alone), whole) == (2, 500)
    assert len({id(one) for one in batch.axes[0].options}) == 2


def test_models_that_were_tried_are_not_kept(tmp_path, monkeypatch):
    arrays, alive = [], []
    keep = batch_trials._keep

    def watched(seen, model):
        keep(seen, model)
        arrays.append(weakref.ref(model.weights))
        alive.append(sum(one() is not None for one in arrays))

    monkeypatch.setattr(batch_trials, "_keep", watched)
    read_batch(study(tmp_path, HEAD + COST + f"factors = {list(range(1, 30))}\n"))
    assert len(alive) == 1 + 29 + 29
    assert max(alive) <= 3
