"""The corpus of the scenario language: what can be read, and what each mistake is called.

Each file in ``invalid`` is an edit of ``valid/shortest.toml``. Its first lines are its messages, in order;
its name starts with the id of the rule that it breaks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import BaseModel

from soemrisk import reading
from soemrisk.condition_texts import CONDITION_TEXTS
from soemrisk.errors import ScenarioError
from soemrisk.families import FAMILIES
from soemrisk.messages import CATALOGUE
from soemrisk.quantity import DOMAINS, MEANINGS, Quantity
from soemrisk.reading import parse, read
from soemrisk.reason_texts import REASON_TEXTS
from soemrisk.scenario import Scenario

HERE = Path(__file__).parent
SOURCE = Path(reading.__file__).parent
VALID = sorted((HERE / "valid").glob("*.toml"))
INVALID = sorted((HERE / "invalid").glob("*.toml"))
SHORTEST = HERE / "valid" / "shortest.toml"
WRITTEN = HERE.parents[1] / "docs" / "scenario.md"
ACT = HERE.parents[1] / "scenarios" / "act-randers.toml"
MANY = "many"
WITHOUT_A_FILE = {
    "not-a-file": "is about a path; tested in test_limits.py",
    "file-too-large": "is about a size that is no use in a corpus; tested below",
    "unknown-scenario": "is about an id on the command line; tested below",
    "library-cycle": "is about the library, which has none; tested in test_references.py",
    "not-valid": "is what is said of a value that no other rule knows; no file is known that reaches it",
    "csv-more": "comes after ten problems of csv-number; many--csv-cells has it",
    "did-you-mean": "is no rule, but the second sentence of other messages",
}
ONLY_OF_SUCCESSES_AND_CHANGES = (
    *("counts", "significant", "z", "corrected", "evidence", "n", "effort"),
    *("studies", "scale", "target", "tau", "discount"),
)
RULES_END_BEFORE = "total"  # the first id of the catalogue that is not about a file


def name_of(path: Path) -> str:
    return path.stem


def told(path: Path, lang: str) -> list[str]:
    """Messages of a file without the name of the file."""
    with pytest.raises(ScenarioError) as caught:
        read(path)
    lines = caught.value.describe(lang).split("\n")
    beside = f"{path.parent}/observations/"  # files of observations have problems of their own
    assert all(line.startswith((f"{path}:", beside)) for line in lines)
    return [line.removeprefix(f"{path}:").removeprefix(f"{path.parent}/").strip() for line in lines]


def expected(path: Path) -> list[str]:
    """Leading comment lines of a file; that it is not UTF-8 can be the mistake."""
    content = path.read_bytes()
    text = content.decode("latin-1" if path.stem.startswith("not-utf8") else "utf-8")
    lines = text.split("\n")
    first_other = next((n for n, line in enumerate(lines) if not line.startswith("# ")), len(lines))
    return [line.removeprefix("# ") for line in lines[:first_other]]


def parts(value: object) -> Iterator[BaseModel]:
    """Every table of a scenario, from the outside in."""
    if isinstance(value, BaseModel):
        yield value
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for one in value:
            yield from parts(one)


def rules_in_the_source() -> set[str]:
    """Every id of the catalogue that the modules that read a scenario name, and one for each domain."""
    modules = (
        "quantity",
        "statements",
        "stated_values",
        "study_statements",
        "observation_files",
        "distribution",
        "scenario",
        "correlations",
        "data_steps",
        "rules",
        "use_rules",
        "success_rules",
        "level_scaling",
        "outcome_rules",
        "complaints",
        "documents",
        "references",
        "reading",
    )
    text = "\n".join((SOURCE / f"{name}.py").read_text(encoding="utf-8") for name in modules)
    named = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9_]+)+)"', text)) | {f"outside-{name}" for name in DOMAINS}
    return named & set(CATALOGUE) - set(CONDITION_TEXTS) - set(REASON_TEXTS)


def rules_of_the_catalogue() -> set[str]:
    ids = list(CATALOGUE)
    return set(ids[: ids.index(RULES_END_BEFORE)])


@pytest.mark.parametrize("path", VALID, ids=name_of)
def test_a_valid_file_reads_without_problems(path: Path) -> None:
    assert read(path).id


def test_the_valid_files_use_every_key_of_the_language() -> None:
    used: dict[type[BaseModel], set[str]] = defaultdict(set)
    for path in VALID:
        for table in parts(read(path)):
            used[type(table)] |= table.model_fields_set
    unused = {(kind.__name__, key) for kind, keys in used.items() for key in set(kind.model_fields) - keys}
    impossible = {(kind, key) for kind in ("PriceStep", "RateStep") for key in ONLY_OF_SUCCESSES_AND_CHANGES}
    of_the_library = {("Study", "library")}  # an entry of kind effect; tested in test_references.py
    assert unused - {("RateStep", "se")} - of_the_library == impossible  # no price or rate can be stated so
    assert {"Scenario", "Grant", "Group", "PriceIndex", "ShareStep"} <= {kind.__name__ for kind in used}


def test_the_valid_files_state_numbers_in_every_way_and_with_every_family() -> None:
    stated = [table for path in VALID for table in parts(read(path)) if isinstance(table, Quantity)]
    assert {one.meaning for one in stated} == {None, *MEANINGS}
    assert {one.family for one in stated if one.parameters is not None} == set(FAMILIES)
    assert any(isinstance(one.value, tuple) for one in stated)
    assert any(one.value is None and one.counts is not None for one in stated)


def test_the_files_of_other_editors_have_kept_their_bytes() -> None:
    assert (HERE / "valid" / "byte-order-mark.toml").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (HERE / "valid" / "windows-line-ends.toml").read_bytes()


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_an_invalid_file_gives_the_messages_in_its_first_lines(path: Path) -> None:
    assert told(path, "en") == expected(path)


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_an_invalid_file_is_explained_in_danish_too(path: Path) -> None:
    danish, english = told(path, "da"), told(path, "en")
    assert len(danish) == len(english)
    assert all(one != other for one, other in zip(danish, english, strict=True))
    assert not any("{" in line for line in danish + english)


@pytest.mark.parametrize("path", [path for path in INVALID if not path.stem.startswith(MANY)], ids=name_of)
def test_an_invalid_file_breaks_the_rule_that_it_is_named_after(path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(path)
    assert {problem.rule for problem in caught.value.problems} == {path.stem.split("--")[0]}


def test_eight_mistakes_of_different_kinds_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        read(HERE / "invalid" / f"{MANY}.toml")
    assert len({problem.rule for problem in caught.value.problems}) == 8


def test_every_rule_has_an_invalid_file() -> None:
    rules = rules_of_the_catalogue() | rules_in_the_source()
    assert rules - {path.stem.split("--")[0] for path in INVALID} == set(WITHOUT_A_FILE)


def test_every_rule_of_the_catalogue_is_in_use() -> None:
    assert rules_of_the_catalogue() - {"did-you-mean"} <= rules_in_the_source()


def test_the_written_spec_names_every_rule_and_no_other() -> None:
    chapter = WRITTEN.read_text(encoding="utf-8").split("\n## 4. Rules")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in chapter.split("\n") if line.startswith("| `")]
    written = {rule for cell in cells for rule in re.findall("`(.+?)`", cell)}
    assert written == rules_of_the_catalogue() - {"did-you-mean"}


def test_the_example_of_the_written_spec_reads_without_problems() -> None:
    examples = re.findall(r"```toml\n(schema = .*?)```", WRITTEN.read_text(encoding="utf-8"), re.DOTALL)
    assert [parse(example.encode(), "example").id for example in examples] == ["eksempel"]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert told(tmp_path / "nowhere.toml", "en") == ["the file does not exist"]


def test_a_directory_is_a_problem(tmp_path: Path) -> None:
    assert told(tmp_path, "en")[0].startswith("the file cannot be read: ")


def test_a_name_that_no_file_can_have_is_a_problem(tmp_path: Path) -> None:
    assert told(tmp_path / ("a" * 5000 + ".toml"), "en")[0].startswith("the file cannot be read: ")


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 3_000_001)
    monkeypatch.setattr(reading, "MOST_BYTES", 3_000_000)
    assert told(path, "en") == ["the file is too large; at most 3 MB"]


def test_a_misspelt_id_of_a_shipped_scenario_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    # what ships is copied when the package is built, so a checkout has nothing
    monkeypatch.setattr(reading, "shipped_ids", lambda: ("act-randers", "cti-aarhus"))
    with pytest.raises(ScenarioError, match=r'act-randers, cti-aarhus.* Did you mean "act-randers"\?$'):
        read("act-rander")


def reads_or_complains(content: bytes) -> None:
    """Fail on anything but a scenario or a ``ScenarioError`` with texts in both languages."""
    try:
        outcome: Scenario | ScenarioError = parse(content, "broken.toml")
    except ScenarioError as error:
        outcome = error
    assert isinstance(outcome, Scenario) or (outcome.describe("da") and outcome.describe("en"))


@pytest.mark.parametrize("part", range(40))
def test_a_file_cut_off_anywhere_reads_or_complains(part: int) -> None:
    content = ACT.read_bytes()
    reads_or_complains(content[: len(content) * part // 40 + 7 * part])


@pytest.mark.parametrize("seed", range(30))
def test_a_file_that_lost_lines_reads_or_complains(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = ACT.read_bytes().split(b"\n")
    lost = set(rng.choice(len(lines), size=1 + seed % 6, replace=False).tolist())
    reads_or_complains(b"\n".join(line for n, line in enumerate(lines) if n not in lost))


@pytest.mark.parametrize("seed", range(30))
def test_a_file_with_garbled_characters_reads_or_complains(seed: int) -> None:
    rng = np.random.default_rng([seed, 1])
    content = bytearray(SHORTEST.read_bytes())
    for place in rng.integers(0, len(content), size=1 + seed % 4):
        content[place] = b'",.=[]{}-0e\n'[rng.integers(0, 12)]
    reads_or_complains(bytes(content))


def edited(found: str, put: str) -> bytes:
    text = SHORTEST.read_text(encoding="utf-8")
    assert text.count(found) == 1
    return text.replace(found, put).encode()


DEEP = ".a" * 3000
NOBODY_WRITES = {
    "nothing": b"",
    "UTF-16": b"\xff\xfe" + "schema = 1".encode("utf-16-le"),
    "zeros": b"\0" * 100,
    "no tables": b"schema = 1\nactors = 1\nservices = []\nfacts = 2020-01-01\nsuccess = nan",
    "a number of 5000 digits": edited("value = 2000000", "value = " + "9" * 5000),
    "a number of 400 digits": edited("value = 2000000", "value = " + "9" * 400),
    "an error beyond measure": edited("value = 2000000", "value = 1e-200, se = 1e200"),
    "a square too large": edited("value = 2000000", "value = 1, se = 1e160"),
    "an endless ratio": edited("value = 1200, low = 1000", "value = 1200, low = 1e-300"),
    "a year in deep water": edited("first_year = 2020", f"first_year{DEEP} = 2020"),
    "a language as deep": edited("schema = 1", f'schema = 1\nlang{DEEP} = "da"'),
    "an id as deep": edited("[services.herberg]", f"[services.herberg{DEEP}]"),
    "a list in a list in a list": edited("value = 0.3", "value = " + "[" * 300 + "]" * 300),
    "no steps": edited("shares = { kommune = 0.5, stat = 0.5 }", "shares = []"),
}


@pytest.mark.parametrize("content", NOBODY_WRITES.values(), ids=NOBODY_WRITES.keys())
def test_what_nobody_would_write_reads_or_complains(content: bytes) -> None:
    reads_or_complains(content)
