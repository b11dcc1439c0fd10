"""Pictures of a batch study show what its table has, the same bytes each time."""

import numpy as np
import pytest

from soemrisk.batch_page import page_of
from soemrisk.batch_pictures import heat_of, study_pictures
from soemrisk.batch_plan import content_key, text_of
from soemrisk.batch_pools import in_process
from soemrisk.batch_reading import read_batch
from soemrisk.batch_report import measured, report_of
from soemrisk.batch_running import run_blocks, table_of
from soemrisk.batch_store import open_store

GRID = """schema = 1
id = "s"
name = { da = "Et studie", en = "A study" }
scenarios = ["act-randers", "cti-aarhus"]
draws = 256
[axes.rate]
name = { da = "Rente", en = "Rate" }
place = "settings.discount_rate"
values = [0.0, 0.035, 0.05]
[axes.cost]
name = { da = "Udgift", en = "Cost" }
place = "costs.indsats.amount"
factors = [0.5, 1]
[axes.when]
place = "settings.timing"
values = ["start", "mid"]
"""
SAMPLE = """schema = 1
id = "s"
name = { da = "Et studie", en = "A study" }
scenarios = ["act-randers"]
design = "sample"
draws = 256
[sample]
points = 24
[axes.rate]
name = { da = "Rente", en = "Rate" }
place = "settings.discount_rate"
low = 0.01
high = 0.05
[axes.cost]
name = { da = "Udgift", en = "Cost" }
place = "costs.indsats.amount"
low = 2e6
high = 9e6
"""


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
def grid(tmp_path_factory):
    return calculated(tmp_path_factory.mktemp("grid"), GRID)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return calculated(tmp_path_factory.mktemp("sample"), SAMPLE)


def test_a_heat_map_has_the_means_over_what_it_does_not_show(grid):
    batch, table = grid
    values = measured(batch, table, "kommune", "mean")
    heat = heat_of(batch, values, ["when", "cost", "scenario", "rate"])
    assert heat.dims == ("scenario", "when", "cost")  # numbers along the columns
    assert heat.rest == ("rate",)
    whole = values.reshape(2, 3, 2, 2).mean(axis=1)  # scenario, cost, when
    assert np.allclose(heat.values, whole.transpose(0, 2, 1), rtol=1e-12, atol=0)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("measure", ["mean", "prob_positive"])
def test_pictures_of_a_grid_are_the_same_bytes_and_have_a_text_for_who_cannot_see_them(grid, lang, measure):
    batch, table = grid
    found = report_of(batch, table, "kommune", measure)
    drawn = study_pictures(batch, table, found, lang)
    assert set(drawn) == {"heat.svg", "heat.png"}
    assert study_pictures(batch, table, found, lang) == drawn
    svg = drawn["heat.svg"].decode()
    assert ("Et studie" if lang == "da" else "A study") in svg
    assert "<desc id=" in svg


def test_pictures_of_a_sample_have_a_panel_for_each_number(sample):
    batch, table = sample
    found = report_of(batch, table, "kommune")
    drawn = study_pictures(batch, table, found, "en")
    assert set(drawn) == {"points.svg", "points.png"}
    assert "Rate" in drawn["points.svg"].decode()
    assert list(found["matters"]) == ["cost", "rate"]
    assert found["matters"]["cost"]["first"] > 0.8


def test_what_is_printed_follows_the_figures(grid):
    batch, table = grid
    found = report_of(batch, table, "kommune")
    page = page_of(batch, found, "en")
    best = found["best"][0]
    assert best["options"] == {"rate": 0.0, "cost": 0.5, "when": best["options"]["when"]}
    assert max(measured(batch, table, "kommune", "mean")) == best["mean"]
    assert "24 cells (2 scenario × 3 Rate × 2 Cost × 2 when)" in page
    assert f"Sign: a gain in {found['signs']['positive']} cells" in page
    assert sum(found["signs"][name] for name in ("positive", "negative", "undecided")) == 24
    assert page != page_of(batch, found, "da")


def test_a_missing_cell_is_left_out(grid):
    batch, table = grid
    torn = table.copy()
    torn[:2] = np.nan
    found = report_of(batch, torn, "kommune")
    assert found["finished"] == 22
    assert found["matters"]  # of the other scenario alone
    assert study_pictures(batch, torn, found, "da")
