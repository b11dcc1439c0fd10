"""What goes wrong around a study is told in words, and no one waits for ever."""

import errno
import json
import subprocess
import sys
import time

import numpy as np
import pytest

from soemrisk import batch_pools
from soemrisk.batch_lock import StoreError
from soemrisk.batch_plan import content_key, text_of
from soemrisk.batch_pools import PoolLostError, in_process, processes
from soemrisk.batch_reading import read_batch
from soemrisk.batch_running import run_blocks, table_of
from soemrisk.batch_store import block_path, keep_block, open_store, stored_batch
from soemrisk.errors import system_reason

STUDY = (
    'schema = 1\nid = "s"\nname = "S"\nscenarios = ["act-randers"]\ndraws = 64\n'
    '[axes.rate]\nplace = "settings.discount_rate"\nvalues = [0.0, 0.035]\n'
    '[axes.cost]\nplace = "costs.indsats.amount"\nfactors = [0.5, 1]\n'
)


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-c", "from soemrisk.cli import main; main()", "study", *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return read_batch(path)


@pytest.fixture
def store(batch, tmp_path):
    text = text_of(batch)
    folder = tmp_path / "store"
    open_store(folder, text, resume=False)
    run_blocks(batch, folder, in_process(text, content_key(text)), range(batch.blocks))
    return folder


def test_a_process_that_cannot_be_started_ends_the_run_with_its_reason(batch, monkeypatch):
    def refused(*_, **__):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(batch_pools.subprocess, "Popen", refused)
    pool = processes(text_of(batch), "key", 2, 60.0)
    pool.submit(0)
    try:
        with pytest.raises(PoolLostError, match="no more files may be opened"):
            _waited(pool)
    finally:
        pool.close()


def test_a_thread_that_cannot_be_started_ends_the_run_with_its_reason(batch, monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(batch_pools.threading.Thread, "start", refused)
    pool = processes(text_of(batch), "key", 2, 60.0)
    with pytest.raises(PoolLostError, match="the system allows no more processes"):
        _waited(pool)
    pool.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are those of POSIX")
def test_a_worker_whose_answer_nobody_reads_ends_in_silence(batch):
    text = text_of(batch)
    told = json.dumps({"text": text, "key": content_key(text)}) + "\n0\n"
    with subprocess.Popen(
        [sys.executable, "-m", "soemrisk.batch_worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        assert "versions" in process.stdout.readline()
        process.stdout.close()
        process.stdin.write(told)
        process.stdin.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


def _waited(pool, within=20.0):
    until = time.monotonic() + within
    while time.monotonic() < until:
        pool.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
def test_too_many_open_files_for_all_workers_is_told_and_what_is_finished_is_kept(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    code = (
        "import resource; from soemrisk.cli import main\n"
        "import soemrisk.batch_pools, soemrisk.batch_reading, soemrisk.batch_running, soemrisk.batch_dataset, tqdm\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)); main()"
    )
    arguments = ["study", "run", path, "--out", tmp_path / "out", "--workers", "12", "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "The run stopped: no further process can be started (no more files may be opened)" in done.stderr
    assert "Traceback" not in done.stderr
    again = command("run", path, "--out", tmp_path / "out", "--resume", "--lang", "en")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM, errno.EAGAIN])
def test_what_the_system_lacks_is_said_in_both_languages(number):
    said = system_reason(OSError(number, "x"))
    assert {"system-other"} != {said.key}
    assert said.in_("da") != said.in_("en")


def changed(store, change):
    path = store / "study.json"
    stated = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(stated)), encoding="utf-8")


SHAPES = {
    "no study": (lambda _: {"schema": 1}, "is no folder of"),
    "a list": (lambda _: [1], "is no folder of"),
    "no axes": (
        lambda old: {**old, "study": {k: v for k, v in old["study"].items() if k != "axes"}},
        "study.json is not what",
    ),
    "blocks of 0": (lambda old: {**old, "study": {**old["study"], "block": 0}}, "study.json is not what"),
    "no versions": (lambda old: {**old, "versions": {}}, "study.json is not what"),
    "versions of text": (lambda old: {**old, "versions": "x"}, "is no folder of"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_study_that_is_not_what_was_written_is_told_of(name, batch, store):
    change, expected = SHAPES[name]
    changed(store, change)
    with pytest.raises(StoreError, match=expected):
        stored_batch(store)
    with pytest.raises(StoreError, match=expected):
        open_store(store, text_of(batch), resume=True)


def test_a_store_of_other_versions_is_shown_and_not_gone_on_with(batch, store):
    text = text_of(batch)

    def older(stated):
        made_with = {**stated["versions"], "numpy": "1.0"}
        return {**stated, "versions": made_with, "key": content_key(text, made_with)}

    changed(store, older)
    assert stored_batch(store)[0] == batch
    with pytest.raises(StoreError, match=r"numpy 1\.0 → "):
        open_store(store, text, resume=True)


def test_a_folder_in_the_place_of_a_block_is_a_block_that_is_not_there(batch, store):
    path = block_path(store, 0)
    path.unlink()
    path.mkdir()
    table = table_of(store, batch, content_key(text_of(batch)))
    assert np.isnan(table).all()
    done = command("show", store, "--lang", "en")
    assert done.returncode == 2
    assert "Nothing is finished" in done.stderr


def test_an_empty_folder_in_the_place_of_a_block_goes_and_another_is_named(batch, store):
    key = content_key(text_of(batch))
    path = block_path(store, 0)
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    (path / "mine").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        keep_block(store, 0, content)
    assert str(path) in caught.value.reason.in_("da")
    assert "delete it, and go on with --resume" in caught.value.reason.in_("en")
    (path / "mine").unlink()
    keep_block(store, 0, content)
    assert not np.isnan(table_of(store, batch, key)).any()


def test_show_of_what_is_no_study_says_so(store, tmp_path):
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    done = command("show", file, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == f'cannot show the study: {file} is no folder of "soemrisk study run"'
    twice = command("show", store, "--axis", "rate", "--axis", "rate", "--lang", "en")
    assert twice.returncode == 2
    assert "--axis rate is there twice" in twice.stderr


UNREACHABLE = {
    "no address": (["--scheduler", "nonsense::"], 1, "there is no scheduler at nonsense::"),
    "no protocol": (["--scheduler", "carrier://127.0.0.1:1"], 1, "there is no scheduler at carrier://127.0.0.1:1"),
    "no answer": (["--scheduler", "tcp://127.0.0.1:1", "--patience", "2"], 1, "there is no scheduler at"),
    "no certificate": (
        ["--scheduler", "tls://127.0.0.1:1", "--tls-ca", "/nope/ca.pem"], 2, "--tls-ca /nope/ca.pem: it does not exist",
    ),
    "a certificate that is none": (["--scheduler", "tls://127.0.0.1:1", "--tls-ca", __file__], 1, "no scheduler"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_scheduler_that_cannot_be_reached_is_told_of_once_and_at_once(name, tmp_path):
    pytest.importorskip("distributed")
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    options, code, expected = UNREACHABLE[name]
    began = time.monotonic()
    done = command("run", path, "--out", tmp_path / "out", "--lang", "en", *options)
    assert done.returncode == code, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert time.monotonic() - began < 30
