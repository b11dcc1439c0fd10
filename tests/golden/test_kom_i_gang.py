"""The guide for analysts is true: its commands are run in an empty folder, its edits made, and its outputs compared.

``python tests/golden/test_kom_i_gang.py`` writes the outputs anew; then read what the guide says of them.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from soemrisk import kernel, terminal
from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.reading import parse, read
from soemrisk.running import run_scenario

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "kom-i-gang.md"
BLOCK = re.compile(r"(?:<!-- (?P<order>.*?) -->\n)?```(?P<kind>\w+)\n(?P<content>.*?)```\n", re.DOTALL)
REST = "…"  # the lines after this are left out of the guide


def soemrisk(arguments: list[str], folder: Path) -> str:
    """What a command prints, messages last, as a person sees it who sends both to one place."""
    done = subprocess.run(
        [sys.executable, "-c", "from soemrisk.cli import main; main()", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def carried_out(content: str, folder: Path) -> str:
    """A console block with the outputs that its commands really give."""
    shown: list[str] = []
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, _, written = part.partition("\n")
        words = shlex.split(command)
        if words[0] == "cp":
            shutil.copy(folder / words[1], folder / words[2])
            output = ""
        else:
            assert words[0] == "soemrisk", command
            output = soemrisk(words[1:], folder)
        lines = written.splitlines()
        if REST in lines:  # as many lines as the guide shows, up to the mark
            output = "\n".join([*output.splitlines()[: max(lines.index(REST), SHOWN)], REST, ""])
        shown.append(f"$ {command}\n{output}")
    return "".join(shown)


SHOWN = 7  # lines of a page up to the end of its table: title, years, blank, header, total, two actors


def rewritten(guide: str, folder: Path) -> str:
    """The guide with every output as it really is; edits are made in the order of the guide."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    wanted: tuple[Path, str] | None = None

    def block(found: re.Match[str]) -> str:
        nonlocal wanted
        order, kind, content = found["order"] or "", found["kind"], found["content"]
        if order.startswith("find i "):
            wanted = folder / order.removeprefix("find i "), content.rstrip("\n")
        elif order == "ret til":
            assert wanted is not None
            path, old = wanted
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{path.name} has not one place with: {old}"
            path.write_text(text.replace(old, content.rstrip("\n")), encoding="utf-8")
            wanted = None
        elif order.startswith("første linje af "):
            first = (folder / order.removeprefix("første linje af ")).read_text(encoding="utf-8-sig").splitlines()[0]
            content = first + "\n"
        elif kind == "console":
            content = carried_out(content, folder)
        else:
            assert kind in {"sh", "powershell"}, f"nobody tries this block: {content}"
        head = f"<!-- {order} -->\n" if order else ""
        return f"{head}```{kind}\n{content}```\n"

    return BLOCK.sub(block, guide)


@pytest.fixture(scope="module", autouse=True)
def _compiled_before() -> None:
    """So that no output has the line about compiling."""
    model = compile_scenario(read("act-randers"))
    kernel.evaluate(model, model.base[None], None)


def test_every_output_in_the_guide_is_what_the_commands_give(tmp_path):
    guide = GUIDE.read_text(encoding="utf-8")
    real = rewritten(guide, tmp_path)
    assert real == guide, "\n".join(difflib.unified_diff(guide.splitlines(), real.splitlines(), lineterm="", n=1))


def test_the_guide_installs_as_the_readme_does():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        if found["kind"] in {"sh", "powershell"}:
            assert found["content"].strip() in readme


def rows_under(heading: str) -> Iterator[list[str]]:
    section = GUIDE.read_text(encoding="utf-8").split(f"{heading}\n", 1)[1].split("\n##")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return ([cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:])


def test_every_line_of_the_page_is_explained(monkeypatch):
    scenario = read(ROOT / "scenarios" / "act-randers.toml")
    digest, _ = run_scenario(scenario, plan(65_536, 1))
    monkeypatch.setattr(terminal, "WIDTH", 10_000)
    page = terminal.report(scenario, digest, answer(scenario, digest, "da"), "da").splitlines()
    header = page[3]
    explained = [row[0].strip("`") for row in rows_under("### Tabellen")]
    assert re.split(r"\s{2,}", header.strip()) == explained
    openings = [row[0].strip("`") for row in rows_under("### Linjerne under tabellen")]
    parts = "\n".join(page[4 + len(scenario.actors) + 1 :]).split("\n\n")
    tables = [part.split("\n")[0] for part in parts if re.search(r"\S {2,}\S", part)]  # their rows need no words
    lines = [*tables, *(line for part in parts if part.split("\n")[0] not in tables for line in part.split("\n"))]
    assert tables
    for line in lines:
        assert any(line.startswith(opening) for opening in openings), f"not explained: {line}"
    for opening in openings:
        assert any(line.startswith(opening) for line in lines), f"not on the page: {opening}"


STATEMENTS = [row[1].strip("`") for row in rows_under("## 6. Sig, hvor usikkert et tal er") if row[1] != "ingenting"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_in_the_table_can_be_written_so(statement):
    text = (ROOT / "scenarios" / "laere-eksempel.toml").read_text(encoding="utf-8")
    if "counts" in statement:
        old, new = "value = 0.1\n", statement + "\n"
    elif any(word in statement for word in ("significant", "individuals", "ci =", "evidence")):
        old, new = 'value = 25, unit = "uge"', f'value = 25, {statement}, unit = "uge"'
    else:
        old, new = "value = 1000,", f"value = 1000, {statement},"
    assert text.count(old) == 1
    before, after = (compile_scenario(parse(one.encode(), "x.toml")) for one in (text, text.replace(old, new)))
    assert len(after.uncertain) == len(before.uncertain) + 1


def test_the_files_in_the_table_are_the_files_that_are_written(tmp_path):
    soemrisk(["run", str(ROOT / "scenarios" / "laere-eksempel.toml"), "--draws", "64", "--out", "x"], tmp_path)
    written = {path.relative_to(tmp_path / "x").as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    named = {
        name for row in rows_under("## 8. Åbn tabellerne i Excel") for name in re.findall(r"`([\w/.]+\.\w+)`", row[0])
    }
    assert named == {name for name in written if not name.endswith(".svg")}


def test_the_guide_is_danish_in_its_numbers():
    prose = BLOCK.sub("", GUIDE.read_text(encoding="utf-8"))
    outside_code = re.sub(r"`[^`]*`", "", prose)
    assert not re.search(r"\d,\d{3}\b(?! ?%)", outside_code)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        anew = rewritten(GUIDE.read_text(encoding="utf-8"), Path(folder))
    GUIDE.write_text(anew, encoding="utf-8")
