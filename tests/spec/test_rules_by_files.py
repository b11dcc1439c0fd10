"""Each rule has a valid file at its boundary and an invalid one beyond it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rules_by_files import HERE, edited, edits, files_by_rule, rules
from test_spec import WITHOUT_A_FILE

from soemrisk.errors import ScenarioError
from soemrisk.reading import beside, parse

CASES = [
    pytest.param(path, *edit, id=f"{edit[0]}-{path.stem}-{n}")
    for path in sorted((HERE / "valid").glob("*.toml"))
    for n, edit in enumerate(edits(path))
]


@pytest.mark.parametrize(("path", "rule", "found", "put"), CASES)
def test_one_small_edit_takes_a_valid_file_over_the_boundary(path: Path, rule: str, found: bytes, put: bytes) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(edited(path, found, put), path.name, beside=beside(path))
    assert {problem.rule for problem in caught.value.problems} == {rule}


def test_every_rule_has_a_valid_file_and_an_invalid_one() -> None:
    table = files_by_rule()
    lacking = {rule for rule in rules() if not all(table.get(rule, ([], [])))}
    assert lacking == set(WITHOUT_A_FILE) - {"did-you-mean"}
    assert set(table) - {"many"} <= set(rules())


def test_the_table_is_printed_with_a_row_for_each_rule() -> None:
    script = HERE / "rules_by_files.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, encoding="utf-8")
    assert len(done.stdout.splitlines()) == len(rules()) + 2
