"""Files are whole or not there; tables open in the reader's Excel and hold no formula."""

import csv
import io

import numpy as np
import pytest
import xarray as xr

from soemrisk import store
from soemrisk.dataset import again, labelled, simulate
from soemrisk.design import plan
from soemrisk.labelled_arrays import labelled_arrays
from soemrisk.reading import read
from soemrisk.running import run_scenario
from soemrisk.store import read_dataset, write_all, write_labelled, write_whole
from soemrisk.tables import csv_bytes


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    target = tmp_path / "summary.json"
    write_whole(target, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_directories_are_made(tmp_path):
    write_all(tmp_path / "a", {"tables/x.csv": b"1", "y.json": b"2"})
    assert (tmp_path / "a" / "tables" / "x.csv").read_bytes() == b"1"


def test_danish_csv_has_semicolons_commas_and_a_byte_order_mark():
    content = csv_bytes(["navn", "tal"], [["a", 1.25], ["b", None]], "da")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == "navn;tal\r\na;1,25\r\nb;\r\n"


def test_csv_carries_full_precision():
    value = 0.1 + 0.2
    rows = list(csv.reader(io.StringIO(csv_bytes(["x"], [[value]], "en").decode("utf-8-sig"))))
    assert float(rows[1][0]) == value


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_calculate_is_marked_as_text(evil):
    rows = list(csv.reader(io.StringIO(csv_bytes(["x"], [[evil]], "en").decode("utf-8-sig"), newline="")))
    assert rows[1][0] == "'" + evil


@pytest.mark.parametrize("kept", [0, 10**6])
def test_what_was_changed_in_a_result_is_seen(kept):
    stored = simulate(read("act-randers"), draws=1024, seed=3, kept=kept)
    assert max(again(stored).values()) == 0
    for name in list(stored.data_vars)[:3]:
        broken = stored.copy(deep=True)
        broken[name].values.flat[0] = np.nan
        assert again(broken)[name] == np.inf
    swapped = stored.assign_coords(actor=["total", "stat", "region", "kommune"])
    assert again(swapped)["net"] == np.inf
    assert again(stored.drop_vars("net_expected"))["net_expected"] == np.inf
    assert max(again(stored.assign_attrs(answer="{}")).values()) == np.inf
    assert max(again(stored.assign_attrs(scenario_sha256="0" * 64)).values()) == np.inf


@pytest.mark.parametrize("kept", [4096, 0], ids=["draws", "figures"])
def test_a_file_of_results_is_the_dataset_in_memory(tmp_path, kept):
    scenario = read("act-randers")
    digest, simulation = run_scenario(scenario, plan(1024, 1), kept=kept)
    write_labelled(tmp_path / "result.nc", labelled_arrays(scenario, digest, simulation))
    first = (tmp_path / "result.nc").read_bytes()
    stored, whole = read_dataset(tmp_path / "result.nc"), labelled(scenario, digest, simulation)
    xr.testing.assert_equal(stored, whole)
    assert {name: stored[name].attrs for name in stored} == {name: whole[name].attrs for name in whole}
    assert stored.attrs == whole.attrs
    write_labelled(tmp_path / "result.nc", labelled_arrays(scenario, digest, simulation))
    assert (tmp_path / "result.nc").read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == ["result.nc"]
