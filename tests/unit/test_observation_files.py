"""Columns of CSV files in both dialects, and what is said of those that cannot be read."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soemrisk.errors import Problem, ScenarioError
from soemrisk.observation_files import beside, with_observations
from soemrisk.reading import MOST_OBSERVED_BYTES, read
from soemrisk.tables import csv_bytes

VALID = Path(__file__).parents[1] / "spec" / "valid" / "observations.toml"


def read_column(content, column="pris", file="a.csv"):
    asked = {"services": {"x": {"price": [{"observations": {"file": file, "column": column}}]}}}
    document, unread = with_observations(asked, lambda name: (f"folder/{name}", content))
    assert all(where == ("services", "x", "price", "0", "observations") for where, _ in unread)
    return document["services"]["x"]["price"][0]["observations"], [problem for _, problem in unread]


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("pris;antal\r\n1,5;2\r\n-3;4\r\n", [1.5, -3.0]),
        ("\ufeffantal;pris\n1;2,25\n\n;\n2;3\n", [2.25, 3.0]),
        ("antal,pris\n1,2.25\n2,1e3\n", [2.25, 1000.0]),
        ('"by, land",pris\n"Ry, DK",7\n', [7.0]),
        ('"by; land";"pris"\r\n"Ry; DK";"7,5"\r\n', [7.5]),
        ("pris\n1,5\n2\n", [1.5, 2.0]),
        ("pris\n1.5\n.5\n+2.\n", [1.5, 0.5, 2.0]),
        ("pris", None),
        ("pris\n1,5\n1.5\n", None),
        ("pris,antal\n\"1,5\",1\n", None),
        ("pris;antal\n1.200;1\n", None),
        ("pris;antal\n1 200;1\n", None),
        ("pris;antal\n;1\n", None),
        ("antal;pris\n1\n", None),
        ("antal;pris\n1;1e999\n", None),
        ("antal;pris\n1;nan\n", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_column_is_read_in_its_dialect_or_not_at_all(content, numbers):
    found, problems = read_column(content.encode())
    assert bool(problems) == (numbers is None)
    assert numbers is None or found == numbers
    assert all(problem.describe("da") != problem.describe("en") for problem in problems)


def test_every_wrong_cell_has_its_line():
    _, problems = read_column(b"antal;pris\r\n1;x\r\n2;2\r\n3;y\r\n")
    assert [one.describe("en") for one in problems] == [
        f'folder/a.csv:{line}: pris: "{cell}" is not a number as this file writes them: '
        "decimal mark , and no thousands mark"
        for line, cell in ((2, "x"), (4, "y"))
    ]


def test_a_misspelt_column_is_recognised():
    _, (problem,) = read_column(b"antal;pris\n1;2\n", "priis")
    assert problem.describe("da").endswith("der findes: antal, pris. Mente du »pris«?")


@given(st.lists(st.floats(-1e15, 1e15).map(lambda x: float(f"{x:.15g}")), min_size=1), st.sampled_from(["da", "en"]))
def test_what_our_own_tables_write_is_read_again(numbers, lang):
    table = csv_bytes(["nr", "pris"], enumerate(numbers), lang)
    assert read_column(table) == (numbers, [])
    assert read_column(csv_bytes(["pris"], ([one] for one in numbers), lang)) == (numbers, [])


@given(st.binary(max_size=200))
def test_any_bytes_are_numbers_or_a_problem(content):
    found, problems = read_column(b"antal;pris\n" + content)
    assert problems or all(np.isfinite(found))
    assert all(problem.describe("da") for problem in problems)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../a.csv",
        "data/../../a.csv",
        "C:\\a.csv",
        "c:a.csv",
        "..\\a.csv",
        "\\\\server\\a.csv",
        "a\0.csv",
    ],
)
def test_no_name_leads_away_from_the_scenario(name):
    assert not beside(name)
    _, (problem,) = read_column(b"pris\n1\n", file=name)
    assert problem.rule == "observations-path"


def test_what_is_called_observations_and_is_none_is_left_alone():
    document = {"services": {"observations": {"name": "x"}}, "observations": [{"file": 1, "column": "x"}]}
    assert with_observations(document, pytest.fail) == (document, [])


def test_a_file_that_cannot_be_opened_is_told_at_the_place_that_names_it():
    def missing(name):
        raise ScenarioError([Problem(rule="file-missing", file=name)])

    asked = {"price": {"observations": {"file": "a.csv", "column": "pris"}}}
    _, [(where, problem)] = with_observations(asked, missing)
    assert (where, problem.path, problem.file) == (("price", "observations"), "file", "")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    scenario = tmp_path / "a.toml"
    (tmp_path / "observations").mkdir()
    scenario.write_bytes(VALID.read_bytes())
    for name in ("priser.csv", "prices.csv", "one-column.csv", "personer.csv"):
        (tmp_path / "observations" / name).write_bytes((VALID.parent / "observations" / name).read_bytes())
    assert read(scenario) == read(VALID)
    (tmp_path / "observations" / "priser.csv").write_bytes(b"pris\n" + b"1\n" * (MOST_OBSERVED_BYTES // 2))
    with pytest.raises(ScenarioError, match="the file is too large; at most 1 MB"):
        read(scenario)


def test_checking_observations_loads_nothing_heavy():
    code = f"import sys; from soemrisk.reading import read; read({str(VALID)!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scipy", "pandas", "xarray", "numba", "matplotlib"} & set(loaded)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"pris\n1\n2\n3\n4\n")
    folder = tmp_path / "case"
    (folder / "observations").mkdir(parents=True)
    for name in ("prices.csv", "one-column.csv", "personer.csv"):
        (folder / "observations" / name).write_bytes((VALID.parent / "observations" / name).read_bytes())
    (folder / "observations" / "priser.csv").symlink_to(secret)
    (folder / "a.toml").write_bytes(VALID.read_bytes())
    with pytest.raises(ScenarioError) as caught:
        read(folder / "a.toml")
    assert "observations-path" in {problem.rule for problem in caught.value.problems}


@pytest.mark.parametrize("content", [b"antal,pris\n1,-80,5\n", b"pris\n-80,5\n", b"pris, kr.\n-80,5,1\n"])
def test_a_row_with_more_cells_than_the_header_is_no_number(content):
    numbers, problems = read_column(content, column="pris")
    assert problems or numbers == [-80.5]
    assert -80.0 not in numbers
