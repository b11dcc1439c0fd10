"""The files of a finished study are written piece by piece, and are what the table in memory would be."""

import csv
import io
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from soemrisk import batch_dataset, read_study
from soemrisk.batch_cells import STATISTICS, row_size
from soemrisk.batch_dataset import labelled_table, pieces, write_tables
from soemrisk.batch_estimates import estimated
from soemrisk.batch_plan import content_key, text_of
from soemrisk.batch_pools import in_process
from soemrisk.batch_reading import read_batch
from soemrisk.batch_running import rows_between, run_blocks, table_of
from soemrisk.batch_store import open_store
from soemrisk.store import whole_file
from soemrisk.tables import csv_bytes, csv_pieces

HEAD = 'schema = 1\nid = "s"\nname = "S"\nscenarios = ["act-randers", "cti-aarhus"]\ndraws = 64\n'
AXES = """
analyses = ["break_even", "drivers"]
[axes.rate]
name = { da = "Rente", en = "Rate" }
place = "settings.discount_rate"
values = [0.0, 0.035, 0.05]
[axes.cost]
place = "costs.indsats.amount"
factors = [0.5, 1]
[axes.reading]
readings = ["stated", "correlated"]
"""
LIST = 'design = "list"\n[axes.cost]\nplace = "costs.indsats.amount"\nfactors = [0.5, 1, 2]\n'


@pytest.fixture(scope="module", params=["", AXES, LIST], ids=["scenarios", "grid", "list"])
def finished(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.toml").write_text(HEAD + request.param, encoding="utf-8")
    batch = read_batch(folder / "study.toml")
    text = text_of(batch)
    key = content_key(text)
    store = folder / "out"
    open_store(store, text, resume=False)
    run_blocks(batch, store, in_process(text, key), range(batch.blocks))
    return batch, key, store


@pytest.mark.parametrize("piece", [1, 30_000, 2**25])
def test_what_is_written_in_pieces_is_the_labelled_table(finished, piece, monkeypatch):
    batch, key, store = finished
    whole = labelled_table(batch, table_of(store, batch, key))
    write_tables(store, batch, key)
    expected = [(store / name).read_bytes() for name in ("study.nc", "cells.csv")]
    monkeypatch.setattr(batch_dataset, "PIECE", piece)
    write_tables(store, batch, key)
    assert [(store / name).read_bytes() for name in ("study.nc", "cells.csv")] == expected
    found = read_study(store)
    xr.testing.assert_identical(found, whole)
    assert found["net"].dims == whole["net"].dims
    assert not [one for one in store.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 100])
def test_pieces_are_all_cells_once_in_their_order(finished, most):
    batch, key, store = finished
    table = table_of(store, batch, key)
    numbers = np.arange(batch.cells).reshape(batch.shape)
    seen = []
    for place, cells in pieces(batch, most):
        assert numbers[place].ravel().tolist() == list(cells)
        assert len(cells) <= most
        assert np.array_equal(rows_between(store, batch, key, cells), table[cells], equal_nan=True)
        seen += cells
    assert seen == list(range(batch.cells))


def test_a_table_for_people_has_kroner_with_two_decimals(finished):
    batch, key, store = finished
    write_tables(store, batch, key)
    rows = list(csv.reader(io.StringIO((store / "cells.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    head, first = rows[0], rows[1]
    net = read_study(store)["net"].values.reshape(batch.cells, len(batch.actors), -1)
    figures = dict(zip(head[-len(STATISTICS) :], first[-len(STATISTICS) :], strict=True))
    for n, name in enumerate(STATISTICS):
        decimals = 8 if name in ("prob_positive", "mcse_prob") else 2
        assert len(figures[name].partition(",")[2]) <= decimals
        assert float(figures[name].replace(",", ".")) == pytest.approx(net[0, 0, n], abs=0.51 * 10**-decimals)
    assert "-0,0" not in {one for row in rows for one in row}
    assert len(rows) == 1 + int((~np.isnan(read_study(store)["base"].values)).sum())


def test_the_estimate_of_the_disk_counts_blocks_table_and_csv(finished):
    batch, key, store = finished
    write_tables(store, batch, key)
    blocks = sum(-(-one.stat().st_size // 4096) * 4096 for one in (store / "blocks").rglob("*") if one.is_file())
    files = sum((store / name).stat().st_size for name in ("study.nc", "cells.csv", "study.json"))
    found = estimated(batch)
    assert found.disk == pytest.approx(blocks + files, rel=0.1, abs=60_000)
    assert found.table == batch.cells * row_size(batch) * 8


def test_pieces_of_csv_are_the_bytes_of_the_whole():
    rows = [[n, n / 7, "=x" if n % 3 else None] for n in range(2500)]
    for lang in ("da", "en"):
        parts = list(csv_pieces(["a", "b", "c"], rows, lang))
        assert len(parts) == 4
        assert b"".join(parts) == csv_bytes(["a", "b", "c"], rows, lang)
        assert csv_bytes(["a", "b", "c"], rows, lang).count(b"\xef\xbb\xbf") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
def test_room_is_claimed_before_a_library_writes(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path; from soemrisk.store import whole_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"with whole_file(Path({str(tmp_path / 'x')!r}), 5000): print('written')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "written" not in done.stdout
    assert "OSError" in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_error_while_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"old")

    def written():
        with whole_file(path) as temporary:
            temporary.write_bytes(b"half")
            raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        written()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
