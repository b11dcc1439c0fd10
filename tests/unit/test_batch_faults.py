"""Faults for real: what is killed, torn or full loses nothing that was finished and changes no byte of the rest.

The short form; with ``-m slow`` the long one, of 200 blocks and more kills.
"""

import os
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from batch_rigs import (
    blocks_in,
    cluster,
    files_of,
    finished,
    killing,
    poison_in,
    started,
    study_of,
    wait_for_blocks,
    workers_of,
)

from soemrisk.batch_cluster import _outcome

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes by signals")
BLOCKS, MANY = 16, 200
DIE = "os.kill(os.getpid(), 9)"


def whole(folder, blocks):
    path = study_of(folder, blocks)
    code, said = finished(started(path, folder / "out"))
    assert code == 0, said
    assert blocks_in(folder / "out") == blocks
    return path, files_of(folder / "out")


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    return whole(tmp_path_factory.mktemp("unbroken"), BLOCKS)


@pytest.fixture(scope="module")
def long_unbroken(tmp_path_factory):
    return whole(tmp_path_factory.mktemp("long"), MANY)


def test_workers_are_killed_at_random_and_nothing_is_lost(unbroken, tmp_path):
    path, expected = unbroken
    driver = started(path, tmp_path / "out", "--workers", 2)
    with killing(lambda: workers_of(driver), 4, 0.8) as killed:
        wait_for_blocks(tmp_path / "out", BLOCKS, driver)
    code, said = finished(driver)
    assert code == 0, said
    assert killed
    assert files_of(tmp_path / "out") == expected


def test_the_driver_is_killed_and_the_run_resumed(unbroken, tmp_path):
    path, expected = unbroken
    driver = started(path, tmp_path / "out")
    wait_for_blocks(tmp_path / "out", 6, driver)
    driver.kill()
    finished(driver)
    assert 6 <= blocks_in(tmp_path / "out") < BLOCKS
    code, said = finished(started(path, tmp_path / "out", "--resume", "--workers", 2))
    assert code == 0, said
    assert "is no more; going on" in said
    assert files_of(tmp_path / "out") == expected


def test_workers_end_when_their_driver_is_killed(tmp_path):
    import psutil

    driver = started(study_of(tmp_path, BLOCKS), tmp_path / "out", "--workers", 2)
    wait_for_blocks(tmp_path / "out", 2, driver)
    workers = [psutil.Process(one) for one in workers_of(driver)]
    assert len(workers) == 2
    driver.kill()
    finished(driver)
    _, left = psutil.wait_procs(workers, timeout=30)
    assert not left


@pytest.mark.slow
def test_an_interrupted_run_keeps_what_is_finished(unbroken, tmp_path):
    path, expected = unbroken
    driver = started(path, tmp_path / "out", "--workers", 2)
    wait_for_blocks(tmp_path / "out", 4, driver)
    driver.send_signal(signal.SIGINT)
    code, said = finished(driver)
    assert (code, said.strip()) == (130, ""), said
    assert not (tmp_path / "out" / "lock").exists()
    assert finished(started(path, tmp_path / "out", "--resume"))[0] == 0
    assert files_of(tmp_path / "out") == expected


def test_a_block_that_kills_its_worker_is_told_of_and_the_others_finish(unbroken, tmp_path):
    path, expected = unbroken
    driver = started(path, tmp_path / "out", "--workers", 2, poison=poison_in(tmp_path, 35, DIE))
    code, said = finished(driver)
    assert code == 1
    assert "10 cells in 1 block could not be calculated" in said
    assert "block 3, cells 30–39: the process that calculated it died each time" in said
    assert blocks_in(tmp_path / "out") == BLOCKS - 1
    assert finished(started(path, tmp_path / "out", "--resume"))[0] == 0
    assert files_of(tmp_path / "out") == expected


@pytest.mark.slow
def test_a_block_that_takes_too_long_is_given_up(unbroken, tmp_path):
    path, _ = unbroken
    slow = poison_in(tmp_path, 35, "time.sleep(1000)")
    code, said = finished(started(path, tmp_path / "out", "--workers", 2, "--timeout", 4, poison=slow))
    assert code == 1
    assert "block 3, cells 30–39: it took longer than --timeout" in said
    assert blocks_in(tmp_path / "out") == BLOCKS - 1


def test_a_cell_that_cannot_be_calculated_is_told_of(unbroken, tmp_path):
    path, _ = unbroken
    wrong = poison_in(tmp_path, 35, "raise ValueError('no such number')")
    code, said = finished(started(path, tmp_path / "out", poison=wrong))
    assert code == 1
    assert "block 3, cells 30–39: the calculation failed: ValueError: no such number" in said
    assert blocks_in(tmp_path / "out") == BLOCKS - 1


def test_the_second_of_two_drivers_is_refused(unbroken, tmp_path):
    path, expected = unbroken
    first = started(path, tmp_path / "out")
    wait_for_blocks(tmp_path / "out", 2, first)
    first.send_signal(signal.SIGSTOP)  # else it may be done before the second comes
    code, said = finished(started(path, tmp_path / "out", "--resume"))
    first.send_signal(signal.SIGCONT)
    assert code == 1
    assert f"process {first.pid}" in said
    assert finished(first)[0] == 0
    assert files_of(tmp_path / "out") == expected


@pytest.mark.slow
def test_where_a_file_cannot_be_written_the_finished_is_kept(unbroken, tmp_path):
    path, expected = unbroken
    code, said = finished(started(path, tmp_path / "out", limit=40_000))  # blocks are smaller, study.nc is larger
    assert code == 1
    assert "Cannot write" in said
    assert "go on with --resume" in said
    assert not [one for one in files_of(tmp_path / "out") if ".part" in one]
    assert finished(started(path, tmp_path / "out", "--resume"))[0] == 0
    assert files_of(tmp_path / "out") == expected


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", place]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_keeps_what_is_finished(unbroken, small_disk):
    path, expected = unbroken
    out = small_disk / "out"
    code, said = finished(started(path, out, "--workers", 2))
    assert code == 1
    assert "there is no room left" in said
    kept = files_of(out)
    assert 0 < len(kept) < len(expected)
    assert all(expected[name] == content for name, content in kept.items())
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
    assert finished(started(path, out, "--resume"))[0] == 0
    assert files_of(out) == expected


def test_dask_workers_are_killed_and_nothing_is_lost(unbroken, tmp_path):
    path, expected = unbroken
    with cluster(tmp_path) as (address, _, calculating):
        driver = started(path, tmp_path / "out", "--scheduler", address)
        wait_for_blocks(tmp_path / "out", 1, driver)
        with killing(calculating, 2, 0.4) as killed:
            wait_for_blocks(tmp_path / "out", BLOCKS, driver)
        code, said = finished(driver)
    assert code == 0, said
    assert killed
    assert files_of(tmp_path / "out") == expected


def test_a_worker_that_dies_with_a_finished_block_is_a_death_and_no_crash():
    distributed = pytest.importorskip("distributed")
    deaths = [distributed.KilledWorker("x", None, 3), distributed.CancelledError(), TimeoutError(), OSError()]
    for error in [*deaths, ValueError("no such number")]:
        found = _outcome(SimpleNamespace(result=Mock(side_effect=error)))
        assert found.died == (error in deaths)
    assert "no such number" in found.reason.in_("en")


def test_a_lost_scheduler_is_told_of_and_the_run_resumed_without_it(unbroken, tmp_path):
    path, expected = unbroken
    with cluster(tmp_path, workers=1) as (address, scheduler, _):
        driver = started(path, tmp_path / "out", "--scheduler", address, "--patience", 5)
        wait_for_blocks(tmp_path / "out", 3, driver)
        scheduler.kill()
        code, said = finished(driver, 120)
    assert code == 1
    assert "The run stopped" in said
    assert "Traceback" not in said
    assert 3 <= blocks_in(tmp_path / "out") < BLOCKS
    assert finished(started(path, tmp_path / "out", "--resume"))[0] == 0
    assert files_of(tmp_path / "out") == expected


def test_a_scheduler_without_workers_or_none_at_all_is_told_of(tmp_path):
    path = study_of(tmp_path, 2)
    with cluster(tmp_path, workers=0) as (address, _, _):
        code, said = finished(started(path, tmp_path / "out", "--scheduler", address, "--patience", 2))
    assert code == 1
    assert "has had no worker for 2 seconds" in said
    assert not (tmp_path / "out" / "lock").exists()
    nowhere = ["--scheduler", "tcp://127.0.0.1:9", "--patience", 3]
    code, said = finished(started(path, tmp_path / "out", "--resume", *nowhere))
    assert code == 1
    assert "there is no scheduler at tcp://127.0.0.1:9" in said


def test_a_connection_with_certificates_is_kept_to_them(unbroken, tmp_path):
    path, expected = unbroken
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=soemrisk"]
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    made = subprocess.run(["openssl", *asked, "-keyout", key, "-out", certificate], check=False, capture_output=True)
    assert made.returncode == 0, made.stderr
    own = ["--tls-ca", certificate, "--tls-cert", certificate, "--tls-key", key]
    with cluster(tmp_path, workers=1, certificate=(certificate, certificate, key)) as (address, _, _):
        code, said = finished(started(path, tmp_path / "out", "--scheduler", address, *own))
        assert code == 0, said
        stranger = started(path, tmp_path / "other", "--scheduler", address, "--patience", 3)
        code, said = finished(stranger)
    assert files_of(tmp_path / "out") == expected
    assert code == 1
    assert "there is no scheduler" in said
    open_one = ["--scheduler", address.replace("tls", "tcp"), "--patience", 3, *own]
    code, said = finished(started(path, tmp_path / "third", *open_one))  # certificates refuse what is not encrypted
    assert code == 1
    assert "there is no scheduler" in said


@pytest.mark.slow
def test_a_block_that_kills_dask_workers_is_told_of_and_the_others_finish(unbroken, tmp_path):
    path, _ = unbroken
    with cluster(tmp_path, poison=poison_in(tmp_path, 35, DIE)) as (address, _, _):
        code, said = finished(started(path, tmp_path / "out", "--scheduler", address))
    assert code == 1, said
    assert "block 3, cells 30–39" in said
    assert "10 cells in 1 block" in said
    assert blocks_in(tmp_path / "out") == BLOCKS - 1


def test_help_does_not_load_dask():
    code = "import sys\nfrom soemrisk.cli import main\nsys.argv = ['soemrisk', 'study', 'run', '--help']\n"
    code += "try:\n    main()\nexcept SystemExit:\n    pass\n"
    code += "print('distributed' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False"


@pytest.mark.slow
def test_workers_are_killed_at_random_while_200_blocks_run(long_unbroken, tmp_path):
    path, expected = long_unbroken
    driver = started(path, tmp_path / "out", "--workers", 2)
    with killing(lambda: workers_of(driver), 20, 0.4) as killed:
        wait_for_blocks(tmp_path / "out", MANY - 10, driver, 600)
    code, said = finished(driver)
    assert code == 0, said
    assert len(killed) >= 8
    assert files_of(tmp_path / "out") == expected


@pytest.mark.slow
def test_the_driver_is_killed_again_and_again_while_200_blocks_run(long_unbroken, tmp_path):
    path, expected = long_unbroken
    for kill in range(8):
        driver = started(path, tmp_path / "out", "--resume", "--workers", 1 + kill % 2)
        wait_for_blocks(tmp_path / "out", 20 * (kill + 1), driver, 300)
        driver.kill()
        finished(driver)
    code, said = finished(started(path, tmp_path / "out", "--resume"))
    assert code == 0, said
    assert files_of(tmp_path / "out") == expected


@pytest.mark.slow
def test_dask_workers_are_killed_while_200_blocks_run(long_unbroken, tmp_path):
    path, expected = long_unbroken
    with cluster(tmp_path) as (address, _, calculating):
        driver = started(path, tmp_path / "out", "--scheduler", address)
        wait_for_blocks(tmp_path / "out", 1, driver)
        with killing(calculating, 12, 1.0) as killed:
            wait_for_blocks(tmp_path / "out", MANY - 10, driver, 600)
        code, said = finished(driver)
    assert code == 0, said
    assert len(killed) >= 5
    assert files_of(tmp_path / "out") == expected
