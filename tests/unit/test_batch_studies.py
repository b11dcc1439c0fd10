"""Batch studies: what a study file means, and that any stop, worker or order of work gives the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from soemrisk import break_even, exact, read, read_study, simulate, summary
from soemrisk.batch_blocks import block_bytes, rows_of
from soemrisk.batch_estimates import estimated
from soemrisk.batch_lock import StoreError, at_work
from soemrisk.batch_models import Models, cell_model, same
from soemrisk.batch_plan import batch_of, cell_at, content_key, options_of, text_of
from soemrisk.batch_pools import Failure, Pool, calculated, in_process, processes
from soemrisk.batch_reading import read_batch
from soemrisk.batch_running import run_blocks
from soemrisk.batch_store import block_path, open_store, tidy
from soemrisk.compilation import compile_scenario
from soemrisk.errors import ScenarioError
from soemrisk.messages import phrase

HEAD = 'schema = 1\nid = "s"\nname = "S"\nscenarios = ["act-randers"]\ndraws = 256\n'
RATES = '[axes.rate]\nplace = "settings.discount_rate"\nvalues = [0.0, 0.035, 0.05]\n'
COSTS = '[axes.cost]\nplace = "costs.indsats.amount"\nfactors = [0.5, 1, 2]\n'
SHIPPED = Path(__file__).parents[2] / "scenarios" / "studies"


def study(folder, text):
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", "from soemrisk.cli import main; main()", "study", *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, **environment},
    )  # fmt: skip


def files_of(store):
    return {path.relative_to(store): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def in_small_blocks(batch, size=2):
    stated = json.loads(text_of(batch))
    return batch_of(json.dumps({**stated, "block": size}))


def run_all(batch, store, pool=None, blocks=None):
    text = text_of(batch)
    open_store(store, text, resume=True)
    pool = pool or in_process(text, content_key(text))
    try:
        return run_blocks(batch, store, pool, range(batch.blocks) if blocks is None else blocks)
    finally:
        pool.close()


# What a study file means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_study_is_read(path):
    batch = read_batch(path)
    assert batch.cells >= 20
    assert batch_of(text_of(batch)) == batch


def test_a_study_without_axes_is_a_run(tmp_path):
    batch = read_batch(study(tmp_path, HEAD))
    run_all(batch, tmp_path / "out")
    found = read_study(tmp_path / "out")
    expected = summary(simulate(read("act-randers"), draws=256, seed=1))["net"]
    ours = found["net"].sel(statistic=expected["statistic"])
    assert np.allclose(ours.values[0], expected.values, rtol=1e-11, atol=1e-6)
    assert found["base"].sel(actor="kommune").item() == pytest.approx(225612.33, abs=0.01)


def test_break_even_and_drivers_are_those_of_a_run(tmp_path):
    batch = read_batch(study(tmp_path, HEAD + 'analyses = ["break_even", "drivers"]\n'))
    run_all(batch, tmp_path / "out")
    found = read_study(tmp_path / "out").isel(scenario=0)
    expected = break_even(read("act-randers"), draws=256, seed=1)
    for name in ("base", "p10", "p50", "prob_reached", "mcse_p50"):
        ours = found["break_even"].sel(statistic_break_even=name)
        assert np.allclose(ours, expected[name], rtol=1e-9, atol=1e-12), name
    closed = exact(read("act-randers"))
    for part, name in (("first", "S1"), ("total", "ST")):
        ours = found["drivers"].sel(part=part, actor="kommune")
        ours = ours.dropna("input")
        assert len(ours) > 10
        assert np.allclose(ours, closed[name].sel(actor="kommune", input=ours["input"]), rtol=1e-9, atol=1e-12)


def test_a_list_takes_the_options_of_all_axes_together(tmp_path):
    text = HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]') + 'design = "list"\n'
    batch = read_batch(study(tmp_path, text + RATES + COSTS))
    assert (batch.cells, batch.dims) == (6, ("scenario", "point"))
    run_all(batch, tmp_path / "out")
    found = read_study(tmp_path / "out")
    assert found["rate"].values.tolist() == [0.0, 0.035, 0.05]
    assert found["cost"].values.tolist() == [0.5, 1.0, 2.0]
    assert found["base"].sel(scenario="act-randers", actor="kommune").values[1] == pytest.approx(225612.33, abs=0.01)
    assert len(found["net"].to_dataframe()) == 6 * 4 * 17


def test_an_actor_that_a_scenario_does_not_have_is_missing(tmp_path):
    other = (SHIPPED.parent / "act-randers.toml").read_text(encoding="utf-8")
    for old, new in (('id = "act-randers"', 'id = "other"'), ("kommune", "by"), ("Kommune", "By")):
        other = other.replace(old, new)
    (tmp_path / "other.toml").write_text(other, encoding="utf-8")
    text = HEAD.replace('["act-randers"]', '["act-randers", "other.toml"]')
    batch = read_batch(study(tmp_path, text))
    assert batch.actors == ("total", "kommune", "region", "stat", "by")
    run_all(batch, tmp_path / "out")
    base = read_study(tmp_path / "out")["base"]
    assert np.isnan(base.sel(scenario="other", actor="kommune"))
    assert np.isnan(base.sel(scenario="act-randers", actor="by"))
    assert base.sel(scenario="other", actor="by") == base.sel(scenario="act-randers", actor="kommune")


def test_a_value_counts_as_certain_and_a_factor_keeps_the_spread(tmp_path):
    place = '[axes.a]\nplace = "costs.indsats.amount"\n'
    certain = cell_at(read_batch(study(tmp_path, HEAD + place + "values = [5e6]\n")), (0, 0)).scenario
    assert certain.costs["indsats"].amount.low is None
    assert certain.costs["indsats"].amount.value == 5e6
    assert "Study s" in certain.costs["indsats"].amount.source
    scaled = cell_at(read_batch(study(tmp_path, HEAD + place + "factors = [0.5]\n")), (0, 0)).scenario
    assert scaled.costs["indsats"].amount.high == 3943000
    assert scaled.costs["indsats"].amount.meaning == "90%"


def test_success_rate_is_set_whatever_way_the_scenario_states_it(tmp_path):
    text = HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]')
    batch = read_batch(study(tmp_path, text + '[axes.a]\nplace = "success_rate"\nvalues = [0.3, 0.5]\n'))
    for cell in range(batch.cells):
        s, n = options_of(batch, cell)
        found = cell_at(batch, (s, n)).scenario
        assert found.success.net.value == (0.3, 0.5)[n]
        assert found.success.with_ is None


def test_a_star_stands_for_every_id_and_what_is_not_stated_is_created(tmp_path):
    text = HEAD + '[axes.a]\nplace = "consequences.*.persistence"\nvalues = [0.8]\n'
    found = cell_at(read_batch(study(tmp_path, text)), (0, 0)).scenario
    assert {one.persistence.value for one in found.consequences.values()} == {0.8}


def test_an_option_changes_several_places(tmp_path):
    text = HEAD + (
        '[axes.a]\noptions = [\n{ label = "x", set = { "settings.timing" = "mid", "costs.indsats.amount" = 1e6 } },\n'
        '{ label = "y", set = { "success.with" = { value = 0.5, se = 0.1 } } },\n]\n'
    )
    batch = read_batch(study(tmp_path, text))
    assert cell_at(batch, (0, 0)).scenario.settings.timing == "mid"
    other = cell_at(batch, (0, 1)).scenario.success.with_
    assert (other.se, other.counts) == (0.1, None)


def test_a_sampled_design_has_its_points_within_the_limits(tmp_path):
    text = HEAD + 'design = "sample"\n[sample]\npoints = 50\n[axes.a]\nplace = "settings.discount_rate"\n'
    text += 'low = 0.01\nhigh = 0.05\n[axes.b]\nreadings = ["stated", "correlated"]\n'
    batch = read_batch(study(tmp_path, text))
    assert (batch.cells, batch.dims) == (50, ("scenario", "point"))
    assert np.histogram(batch.axes[0].options, bins=50, range=(0.01, 0.05))[0].tolist() == [1] * 50
    assert batch.axes[1].options.count("stated") == 25


def test_cells_share_the_draws_of_what_they_share(tmp_path):
    # a certain cost leaves all other draws as they are, so the difference between cells is that of the cost alone
    costs = '[axes.c]\nplace = "costs.indsats.amount"\nvalues = [1e6, 3e6]\n'
    batch = read_batch(study(tmp_path, HEAD + RATES + costs))
    run_all(batch, tmp_path / "out")
    net = read_study(tmp_path / "out")["net_by_replicate"].sel(actor="kommune", scenario="act-randers")
    apart = net.isel(c=1) - net.isel(c=0)
    assert np.allclose(apart, -2e6, rtol=1e-9, atol=0)


MIXED = """
[axes.rate]
place = "settings.discount_rate"
values = [0.0, 0.05]
[axes.cost]
place = "costs.indsats.amount"
factors = [0.5, 1]
[axes.spread]
place = "services.botilbud.price"
statements = [{ value = 2000 }, { value = 2461, se = 100 }]
[axes.reading]
readings = ["stated", "corrected", "correlated"]
[axes.when]
place = "settings.timing"
values = ["start", "mid"]
"""


@pytest.mark.parametrize("extra", ["", '[axes.use]\nplace = "consequences.herberg.change"\nvalues = [-20, -10]\n'])
def test_what_is_exchanged_gives_the_model_that_is_compiled(extra, tmp_path):
    text = HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]')
    batch = read_batch(study(tmp_path, text + MIXED + extra))
    models = Models(batch=batch)
    for cell in range(0, batch.cells, 5):
        stated = cell_at(batch, options_of(batch, cell))
        found, correlated = cell_model(models, cell)
        assert correlated == stated.correlated
        assert same(found, compile_scenario(stated.scenario))
    # rate and timing, and readings and a change, are in one section each, and are compiled for each combination
    assert len(models.compiled) <= (2 * (1 + 4) if not extra else 2 * (1 + 4 * 6))


def test_columns_are_allocated_over_all_scenarios(tmp_path):
    both = HEAD.replace('["act-randers"]', '["act-randers", "cti-aarhus"]')
    columns = read_batch(study(tmp_path, both)).columns
    turned = read_batch(study(tmp_path, both.replace('"act-randers", "cti-aarhus"', '"cti-aarhus", "act-randers"')))
    assert turned.columns == columns
    assert len(set(columns)) == len(columns)
    assert set(read_batch(study(tmp_path, HEAD)).columns) < set(columns)


WRONG = {
    "unknown key": (HEAD + "axis = 1\n", ":6: axis: unknown key", "axes"),
    "no kind": (HEAD + '[axes.a]\nplace = "settings.timing"\n', ":6: axes.a: an axis has exactly one of", ""),
    "two kinds": (HEAD + RATES + "factors = [1]\n", ":6: axes.rate: an axis has exactly one of", ""),
    "no place": (HEAD + "[axes.a]\nvalues = [1]\n", ':6: axes.a: the key "place" is missing', ""),
    "misspelt place": (HEAD + '[axes.a]\nplace = "cost.indsats.amount"\nvalues = [1]\n', ":7: axes.a.place", "costs"),
    "misspelt key": (HEAD + RATES.replace("place", "plase"), ':7: axes.rate.plase: unknown key "plase"', '"place"?'),
    "not allowed": (HEAD + '[axes.a]\nplace = "settings.timing"\nvalues = ["noon"]\n', ":8: axes.a.values.0", "noon"),
    "outside": (HEAD + RATES.replace("0.05", "5"), ":8: axes.rate.values.2", "act-randers"),
    "labels": (HEAD + RATES + 'labels = ["x"]\n', ":9: axes.rate.labels: labels has 1 texts", ""),
    "lists": (HEAD + 'design = "list"\n' + RATES + COSTS.replace(", 2]", "]"), ":6: design", "3, 2"),
    "range in a grid": (HEAD + '[axes.a]\nplace = "success.with"\nlow = 0.1\nhigh = 0.2\n', ":6: axes.a: low", ""),
    "same place": (HEAD + RATES + RATES.replace("axes.rate", "axes.again"), ':9: axes.again: "settings', "rate"),
    "no scenario": (HEAD.replace("act-randers", "act-rander"), "act-rander: neither a file", '"act-randers"?'),
    "not scaled": (HEAD + '[axes.a]\nplace = "success.with"\nfactors = [1.1]\n', ":8: axes.a.factors.0", "counts"),
    "reserved": (HEAD + RATES.replace("axes.rate", "axes.actor"), ":6: axes.actor", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_told_with_their_line_before_anything_runs(name, tmp_path):
    text, expected, also = WRONG[name]
    with pytest.raises(ScenarioError) as caught:
        read_batch(study(tmp_path, text))
    said = caught.value.describe("en")
    assert expected in said, said
    assert also in said, said


def test_all_mistakes_are_told_at_once_and_the_exit_code_is_2(tmp_path):
    text = HEAD + RATES + 'labels = ["x"]\n[axes.b]\nvalues = [1]\n'
    done = command("run", study(tmp_path, text), "--out", tmp_path / "out", "--lang", "en")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert not (tmp_path / "out").exists()


# Any stop, worker or order gives the same bytes -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    batch = in_small_blocks(read_batch(study(folder, HEAD + RATES + COSTS)))
    run_all(batch, folder / "out")
    return batch, files_of(folder / "out")


def test_blocks_are_the_same_in_any_order_and_after_any_stop(whole, tmp_path):
    batch, expected = whole
    run_all(batch, tmp_path, blocks=[3, 0])
    assert len(files_of(tmp_path)) < len(expected)
    done = run_all(batch, tmp_path, blocks=range(batch.blocks))
    assert (done.kept, done.made) == (2, batch.blocks - 2)
    assert files_of(tmp_path) == expected


def test_blocks_are_the_same_from_processes(whole, tmp_path):
    batch, expected = whole
    text = text_of(batch)
    run_all(batch, tmp_path, processes(text, content_key(text), 2, 60.0))
    assert files_of(tmp_path) == expected


@pytest.mark.parametrize("change", [lambda old: old[:-1], lambda old: old[:40] + b"\x00" + old[41:], lambda _: b""])
def test_a_corrupted_block_is_found_and_made_anew(change, whole, tmp_path):
    batch, expected = whole
    run_all(batch, tmp_path)
    path = block_path(tmp_path, 1)
    path.write_bytes(change(path.read_bytes()))
    done = run_all(batch, tmp_path)
    assert (done.corrupted, done.made) == ((1,), 1)
    assert files_of(tmp_path) == expected


def test_a_block_in_the_place_of_another_one_is_not_taken_for_it(whole):
    batch, _ = whole
    text = text_of(batch)
    key = content_key(text)
    one = block_bytes(text, key, 0)
    assert rows_of(batch, key, 0, one) is not None
    assert rows_of(batch, key, 1, one) is None
    assert rows_of(batch, content_key("other"), 0, one) is None


def test_a_folder_is_gone_on_with_only_if_asked_and_only_with_the_same_study(whole, tmp_path):
    batch, _ = whole
    text = text_of(batch)
    open_store(tmp_path / "out", text, resume=False)
    with pytest.raises(StoreError, match="--resume"):
        open_store(tmp_path / "out", text, resume=False)
    open_store(tmp_path / "out", text, resume=True)
    other = json.dumps({**json.loads(text), "seed": 2}, ensure_ascii=False)
    with pytest.raises(StoreError, match="another study"):
        open_store(tmp_path / "out", other, resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="no folder"):
        open_store(tmp_path / "mine", text, resume=True)


def test_of_two_at_work_on_a_folder_the_second_is_refused(tmp_path):
    with at_work(tmp_path), pytest.raises(StoreError, match="somebody else"), at_work(tmp_path):
        pass
    with at_work(tmp_path) as before:
        assert before is None
    assert not list(tmp_path.iterdir())


def test_the_place_of_a_process_that_is_no_more_is_taken(tmp_path):
    code = "import os, sys; from pathlib import Path; from soemrisk.batch_lock import at_work\n"
    code += f"with at_work(Path({str(tmp_path)!r})): os._exit(9)"
    subprocess.run([sys.executable, "-c", code], check=False)
    holder = json.loads((tmp_path / "lock").read_text(encoding="utf-8"))
    with at_work(tmp_path) as before:
        assert before == holder["process"]
    elsewhere = json.dumps({**holder, "host": "another-host"})
    (tmp_path / "lock").write_text(elsewhere, encoding="utf-8")
    with pytest.raises(StoreError, match="another-host"), at_work(tmp_path):
        pass
    assert (tmp_path / "lock").read_text(encoding="utf-8") == elsewhere


def test_parts_are_worked_on_at_the_same_time_but_not_with_all_of_it(tmp_path):
    with at_work(tmp_path, (1, 3)), at_work(tmp_path, (2, 3)):
        for other in (None, (2, 3), (1, 2)):
            with pytest.raises(StoreError, match="somebody else"), at_work(tmp_path, other):
                pass
    with at_work(tmp_path), pytest.raises(StoreError, match="somebody else"), at_work(tmp_path, (1, 3)):
        pass
    assert not list(tmp_path.iterdir())


def test_parts_from_the_command_line_are_put_together(tmp_path):
    path, out = study(tmp_path, HEAD + RATES + COSTS), tmp_path / "out"
    for part in ("2/2", "1/2"):
        done = command("run", path, "--out", out, "--part", part, "--lang", "en")
        assert done.returncode == 0, done.stderr
        assert f"Part {part}" in done.stderr
    assert not (out / "study.nc").exists()
    done = command("run", path, "--out", out, "--resume", "--lang", "en")
    assert "1 were there, 0 calculated" in done.stderr
    assert (out / "study.nc").exists()
    assert command("run", path, "--out", out, "--part", "3/2").returncode == 2


def test_what_a_killed_run_left_half_written_is_taken_away(whole, tmp_path):
    batch, expected = whole
    run_all(batch, tmp_path)
    (tmp_path / "blocks" / "000" / ".000001.abc.part").write_bytes(b"half")
    tidy(tmp_path)
    assert files_of(tmp_path) == expected


def test_a_block_whose_worker_dies_is_tried_three_times_the_last_time_alone():
    running, log = [], []

    def wait():
        block = running.pop(0)
        log.append((block, len(running)))
        return [(block, Failure(phrase("study-block-died"), died=True) if block == 3 else b"x")]

    pool = Pool(room=lambda: 4, submit=running.append, wait=wait, close=lambda: None)
    found = dict(calculated(pool, range(8)))
    assert [block for block, one in found.items() if isinstance(one, Failure)] == [3]
    assert len(found) == 8
    assert [others for block, others in log if block == 3][-1] == 0
    assert len([1 for block, _ in log if block == 3]) == 3


def test_run_and_resume_and_show_from_the_command_line(tmp_path):
    path = study(tmp_path, HEAD + RATES + COSTS)
    out = tmp_path / "out"
    done = command("run", path, "--out", out, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "9 cells" in done.stderr
    assert done.stdout == ""
    before = files_of(out)
    assert {"study.json", "study.nc", "cells.csv"} <= {path.name for path in before}
    again = command("run", path, "--out", out, "--lang", "en")
    assert again.returncode == 2
    assert "--resume" in again.stderr
    assert command("run", path, "--out", out, "--resume").returncode == 0
    assert files_of(out) == before
    shown = command("show", out, "--json")
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert (found["cells"], found["finished"], found["actor"]) == (9, 9, "kommune")
    assert found["best"][0]["options"] == {"rate": 0.0, "cost": 0.5}
    assert found["worst"][0]["options"]["cost"] == 2.0
    for lang, word in (("da", "Bedst"), ("en", "Best")):
        page = command("show", out, "--lang", lang)
        assert word in page.stdout
    assert command("show", tmp_path).returncode == 2
    assert command("show", out, "--actor", "nobody").returncode == 2


def test_a_dry_run_writes_nothing_and_estimates(tmp_path):
    path = study(tmp_path, HEAD + RATES)
    done = command("run", path, "--dry-run", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "3 cells (1 × 3) in 1 block, 256 draws" in done.stdout
    assert "±" in done.stdout
    assert list(tmp_path.iterdir()) == [path]


def test_the_memory_of_an_estimate_is_that_of_a_process_that_calculates(tmp_path):
    batch = read_batch(study(tmp_path, HEAD + RATES))
    ballast = np.ones(60_000_000)  # of the process that asks: 480 MB
    found = estimated(batch)
    assert 50e6 < found.worker < ballast.nbytes < found.driver
