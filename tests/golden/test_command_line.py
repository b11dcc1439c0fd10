"""The command line as its user meets it: results to stdout, messages to stderr, exit codes, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import soemrisk as sr

ACT = Path(__file__).parents[2] / "scenarios" / "act-randers.toml"


def soemrisk(*arguments, cwd=None, lang="C.UTF-8"):
    environment = {**os.environ, "LANG": lang, "PYTHONUTF8": "1"}
    code = "from soemrisk.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    done = soemrisk("run", ACT, "--draws", 4096, "--seed", 0, "--out", folder, "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_run_prints_a_table_and_sentences_in_danish():
    done = soemrisk("run", ACT, "--draws", 4096)
    assert done.returncode == 0
    assert "3.705.454" in done.stdout
    assert "225.612" in done.stdout
    assert "af 100 lige sandsynlige udfald" in done.stdout
    assert "63\u00a0%" in done.stdout
    assert "Er skønnene over alle konsekvenser forkerte i samme retning" in done.stdout
    assert "Traceback" not in done.stderr


def test_run_prints_english_on_request():
    done = soemrisk("run", "act-randers", "--draws", 4096, "--lang", "en")
    assert done.returncode == 0
    assert "3,705,454" in done.stdout
    assert "equally likely outcomes" in done.stdout
    assert "udfald" not in done.stdout


def test_json_is_one_object_and_nothing_else(written):
    folder, found = written
    assert found["scenario"] == "act-randers"
    assert found["seed"] == 0
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == found


def test_out_holds_the_files_that_are_promised(written):
    folder, _ = written
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {
        "result.nc", "summary.json", "net_by_actor.svg", "net_by_actor.png", "cumulated.svg", "cumulated.png",
        "tables/net.csv", "tables/area.csv", "tables/year.csv", "tables/break_even.csv", "tables/assumptions.csv",
    } <= names  # fmt: skip
    assert not [name for name in names if "part" in name]


def test_pictures_open_and_are_not_blank(written):
    folder, _ = written
    for name in ("net_by_actor", "cumulated"):
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.size[0] == 1440
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 20
        assert (folder / f"{name}.svg").read_text(encoding="utf-8").count("<text") > 10


def test_two_runs_write_the_same_bytes_whatever_the_threads(written, tmp_path):
    folder, _ = written
    done = soemrisk("run", ACT, "--draws", 4096, "--seed", 0, "--threads", 2, "--out", tmp_path, "--json")
    assert done.returncode == 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes(), path.name


def test_the_netcdf_opens_with_xarray_and_carries_the_receipt(written):
    import xarray as xr

    folder, found = written
    with xr.open_dataset(folder / "result.nc", engine="h5netcdf") as result:
        assert result["net"].dims == ("replicate", "point", "actor")
        assert float(result["net"].sel(actor="kommune").mean()) == pytest.approx(found["net"]["kommune"]["mean"])
        assert result.attrs["seed"] == 0
        assert len(result.attrs["scenario_sha256"]) == 64


def test_verify_tells_the_same_bytes_close_and_not_reproduced_apart(written, tmp_path):
    import xarray as xr

    folder, _ = written
    same = soemrisk("verify", folder / "result.nc")
    assert (same.returncode, same.stderr) == (0, "")
    assert "samme bytes" in same.stdout
    with xr.open_dataset(folder / "result.nc", engine="h5netcdf") as opened:
        stored = opened.load()
    for factor, code, words in ((1 + 1e-12, 0, "1e-9"), (1 + 1e-6, 1, "not reproduced")):
        changed = stored.copy(deep=True)
        changed["net"] *= factor
        changed["net"].attrs = stored["net"].attrs
        changed.attrs = {**stored.attrs, "version_numpy": "1.0"}
        changed.to_netcdf(tmp_path / f"{code}.nc", engine="h5netcdf")
        done = soemrisk("verify", tmp_path / f"{code}.nc", "--lang", "en")
        assert done.returncode == code
        assert words in done.stdout
        assert "numpy 1.0" in done.stdout


@pytest.mark.parametrize("content", [b"", b"no result", None])
def test_verify_refuses_what_is_no_result(content, tmp_path):
    path = tmp_path / "x.nc"
    if content is not None:
        path.write_bytes(content)
    done = soemrisk("verify", path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "x.nc" in done.stderr


def test_python_and_the_command_line_give_the_same(written):
    _, found = written
    result = sr.simulate(sr.read(ACT), draws=4096, seed=0)
    table = sr.summary(result)
    for actor, stats in found["net"].items():
        for name, value in stats.items():
            assert float(table["net"].sel(actor=actor, statistic=name)) == value
    zero = sr.break_even(sr.read(ACT), "success_rate", draws=4096, seed=0)
    assert float(zero["base"].sel(actor="kommune")) == found["break_even"]["success_rate"]["kommune"]["base"]


def test_wrong_input_exits_2_with_every_problem_and_writes_nothing(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(ACT.read_text(encoding="utf-8").replace('meaning = "hard"', 'meaning = "hrad"', 1).replace(
        "kommune = 0.5, stat = 0.5", "komune = 0.5, stat = 0.4"), encoding="utf-8")  # fmt: skip
    out = tmp_path / "out"
    done = soemrisk("run", broken, "--out", out)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 3
    assert "Mente du »hard«?" in done.stderr
    assert "Mente du »kommune«?" in done.stderr
    assert "0.9" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nowhere.toml"],
        ["check", "act-rander"],
        ["run"],
        ["run", "act-randers", "--draws", "0"],
        ["run", "act-randers", "--seed", "-1"],
        ["run", "act-randers", "--lang", "sv"],
        ["fly"],
    ],
)
def test_every_wrong_argument_exits_2_without_a_traceback(arguments, tmp_path):
    done = soemrisk(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "danish", "english"),
    [
        (["run"], "SCENARIO… mangler", "SCENARIO… is missing"),
        (["run", "x", "--draws", "0"], "--draws: »0« er ikke et helt tal fra 1", '"0" is not a whole number from 1'),
        (["run", "x", "--draws", "mange"], "»mange« er ikke et helt tal fra 1", '"mange" is not a whole number from 1'),
        (["run", "x", "--threads", "0"], "»0« er ikke et helt tal fra 1 til 1024", "from 1 to 1024"),
        (["run", "x", "--sampler", "mc"], "»mc« kan ikke vælges; muligt er: sobol, random, lhs", "allowed: sobol"),
        (["run", "x", "--draw", "9"], "ingen valgmulighed »--draw«. Mente du »--draws«?", 'Did you mean "--draws"?'),
        (["run", "x", "--seed"], "--seed mangler en værdi", "--seed needs a value"),
        (["run", "x", "--json=3"], "--json har ingen værdi", "--json takes no value"),
        (["verify", "x.nc", "y.nc"], "for meget på linjen: y.nc", "too much on the line: y.nc"),
        (["fly"], "ingen kommando »fly«", 'no command "fly"'),
    ],
)
def test_a_wrong_command_line_is_explained_in_the_language_asked_for(arguments, danish, english):
    for lang, words, head in (("da", danish, "Brug: "), ("en", english, "Usage: ")):
        done = soemrisk(arguments[0], "--lang", lang, *arguments[1:])
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.startswith((head, "--"))
        assert "rror" not in done.stderr


def test_check_says_that_a_file_is_good():
    done = soemrisk("check", ACT, "--lang", "en")
    assert done.returncode == 0
    assert "no problems" in done.stdout


def test_a_directory_that_cannot_be_written_exits_1_with_the_reason(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    done = soemrisk("run", ACT, "--draws", 64, "--out", blocked / "out")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "out" in done.stderr


def test_an_uneven_number_of_draws_is_rounded_up_and_said():
    done = soemrisk("run", ACT, "--draws", 1000, "--json")
    assert json.loads(done.stdout)["draws"] == 1024
    assert "1024" in done.stderr


SPEC = Path(__file__).parents[1] / "spec"


def test_check_shows_how_near_a_distribution_comes_to_stated_quantiles():
    danish = soemrisk("check", SPEC / "valid" / "quantiles.toml")
    assert danish.returncode == 0
    assert len(danish.stdout.splitlines()) == 12  # the file and its eleven quantities with quantiles
    assert (
        "consequences.normal.change: normal (mean −60,33, sd 15,22), angivet → fundet: "
        "p10 −80 → −79,83; p50 −60 → −60,33; p90 −41 → −40,83. Afvigelse 0,6 % af spændet"
    ) in danish.stdout
    english = soemrisk("check", SPEC / "valid" / "quantiles.toml", "--lang", "en")
    assert "normal (mean −60.33, sd 15.22), stated → fitted: p10 −80 → −79.83;" in english.stdout


def test_observations_lie_beside_the_scenario_wherever_one_stands(tmp_path):
    assert soemrisk("check", SPEC / "valid" / "observations.toml", cwd=tmp_path).returncode == 0
    done = soemrisk("check", "invalid/csv-number.toml", cwd=SPEC)
    assert done.returncode == 2
    assert done.stderr.startswith("invalid/observations/tusinder.csv:2: pris: »1.200,50« er ikke et tal")
