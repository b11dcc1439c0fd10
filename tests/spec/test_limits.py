"""What nobody means as a scenario: files without end, measure or sense get one message each, at once.

The times are processor seconds of a real process with everything that belongs to it, so that a busy machine changes
nothing. The limit is the two seconds of the contract.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soemrisk import reading
from soemrisk.errors import ScenarioError
from soemrisk.reading import MOST_BYTES, MOST_PROBLEMS, parse, read
from soemrisk.scenario import Scenario
from soemrisk.toml_text import toml_text

ROOT = Path(__file__).parents[2]
SHORTEST = (ROOT / "tests" / "spec" / "valid" / "shortest.toml").read_bytes()
SHIPPED = [(ROOT / "scenarios" / f"{name}.toml").read_bytes() for name in ("act-randers", "cti-aarhus")]
SECONDS = 2.0


def filled(start: bytes, piece: bytes, end: bytes = b"") -> bytes:
    """As many pieces as a file of the largest size that is read can hold."""
    return start + piece * ((MOST_BYTES - len(start) - len(end)) // len(piece)) + end


def keys(count: int) -> bytes:
    return b"".join(b"k%d = 1\n" % n for n in range(count))


CONSEQUENCE = b'[consequences.c%d]\nservice = "h"\nchange = {value=1,unit="d",source="x"}\n'

LARGE: dict[str, tuple[bytes, str]] = {
    "one byte too many": (filled(b"", b"#") + b"#", "file-too-large"),
    "10,000 levels of arrays": (b"a = " + b"[" * 10_000 + b"]" * 10_000, "too-deep"),
    "arrays to the end": (filled(b"a = ", b"["), "too-deep"),
    "10,000 levels of inline tables": (b"a = " + b"{a=" * 10_000 + b"1" + b"}" * 10_000, "too-deep"),
    "10,000 levels of a dotted key": (b"a" + b".a" * 10_000 + b" = 1", "too-deep"),
    "a dotted key to the end": (filled(b"a", b".a", b" = 1"), "too-deep"),
    "quoted dotted keys": (filled(b"a", b'."a"', b" = 1"), "too-deep"),
    "10,000 levels of a table": (b"[a" + b".a" * 10_000 + b"]", "too-deep"),
    "a list of tables as deep": (b"[[a" + b".a" * 10_000 + b"]]", "too-deep"),
    "a comment to the end": (filled(b"#", b"x"), "missing-key"),
    "empty lines": (filled(b"", b"\n"), "missing-key"),
    "one line of digits": (filled(b"a = ", b"1"), "too-many-digits"),
    "one line of text": (filled(b'a = "', b"x", b'"'), "missing-key"),
    "a text without end": (filled(b'a = """', b'\\"""'), "toml-syntax"),
    "quotes": (filled(b"", b'"'), "toml-syntax"),
    "apostrophes": (filled(b"", b"' "), "toml-syntax"),
    "equal signs": (filled(b"", b"= "), "toml-syntax"),
    "brackets that close": (filled(b"", b"]"), "toml-syntax"),
    "decimal commas": (filled(b"", b"a = 1,5\n"), "decimal-comma"),
    "a long list": (filled(b"a = [", b"1,", b"]"), "missing-key"),
    "a long list where a number belongs": (
        SHORTEST.replace(b"-60", filled(b"[", b"1,", b"]")[: MOST_BYTES - 3002] + b"]"), "list-too-long",
    ),
    "many tables": (b"".join(b"[t%d]\n" % n for n in range(45_000)), "unknown-key"),
    "a list of tables": (filled(b"", b"[[t]]\n"), "missing-key"),
    "40,000 unknown keys": (keys(33_000), "unknown-key"),
    "a name of the whole size": (filled(b"", b"k", b" = 1"), "unknown-key"),
    "an actor of the whole size": (
        SHORTEST.replace(b"kommune.name", filled(b"", b"k")[:-3000] + b".name"), "unknown-reference",
    ),
    "NUL bytes": (b"\0" * 100_000, "toml-syntax"),
    "bytes of no text": (b"\xff" * 100_000, "not-utf8"),
    "NaN": (SHORTEST.replace(b"value = -60", b"value = nan"), "not-finite"),
    "inf": (SHORTEST.replace(b"value = -60", b"value = -inf"), "not-finite"),
    "many consequences with a mistake": (
        SHORTEST + b"".join(b'[consequences.c%d]\nservice = "x"\n' % n for n in range(9_000)), "missing-key",
    ),
    "many rules broken across sections": (
        SHORTEST
        + b"".join(CONSEQUENCE % n for n in range(5_000)),
        "unknown-reference",
    ),
    "many actors and misspelt ones": (
        b"\n".join(b"[actors.a%d]\nname = 'x'" % n for n in range(4_000))
        + b"\n[promised]\n" + b"\n".join(b"b%d = 1" % n for n in range(4_000)),
        "missing-key",
    ),
}  # fmt: skip


def told_by_a_process(argument: str, folder: Path, stdin: bytes = b"") -> tuple[int, str, str, float]:
    """Exit code, output, messages and processor seconds of ``soemrisk check``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", "from soemrisk.cli import main; main()", "check", argument, "--lang", "en"],
        cwd=folder, input=stdin, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout.decode(), done.stderr.decode(), seconds


def assert_told(argument: str, folder: Path, says: str = "") -> str:
    code, output, messages, seconds = told_by_a_process(argument, folder)
    if seconds >= SECONDS:  # a busy machine; what is really slow is so again
        seconds = min(seconds, told_by_a_process(argument, folder)[-1])
    assert code == 2, messages
    assert output == ""
    assert "Traceback" not in messages
    lines = messages.rstrip("\n").split("\n")
    assert 1 <= len(lines) <= MOST_PROBLEMS + 1
    assert max(map(len, lines)) < 3000 + len(argument)
    assert says in messages
    assert seconds < SECONDS
    return messages


@pytest.mark.parametrize(("content", "rule"), LARGE.values(), ids=LARGE.keys())
def test_a_file_without_measure_is_a_problem_at_once(content: bytes, rule: str, tmp_path: Path) -> None:
    assert len(content) <= MOST_BYTES + 1
    (tmp_path / "x.toml").write_bytes(content)
    started = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path / "x.toml")
    assert time.process_time() - started < SECONDS
    assert rule in {problem.rule for problem in caught.value.problems}


IN_A_PROCESS = ("10,000 levels of arrays", "a text without end", "a long list", "40,000 unknown keys", "NaN")


@pytest.mark.parametrize("name", [*IN_A_PROCESS, *(pytest.param(n, marks=pytest.mark.slow) for n in LARGE)])
def test_a_process_tells_it_within_two_seconds(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(LARGE[name][0])
    assert_told("x.toml", tmp_path)


def test_a_file_of_100_mb_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "x.toml").open("wb") as sparse:
        sparse.truncate(100_000_000)
    assert assert_told("x.toml", tmp_path) == "x.toml: the file is too large; at most 400 kB\n"


def test_ten_thousand_problems_are_counted_and_the_first_hundred_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(SHORTEST + b"[nothing]\n" + b"".join(b"[u%d]\n" % n for n in range(9_999)))
    lines = assert_told("x.toml", tmp_path).rstrip("\n").split("\n")
    assert len(lines) == MOST_PROBLEMS + 1
    assert lines[0].startswith("x.toml:53: nothing: unknown key")
    assert lines[-1] == "x.toml: and 9900 more problems, which are shown when these are mended"


def test_rules_across_sections_are_counted_too() -> None:
    more = b"".join(CONSEQUENCE % n for n in range(150))
    with pytest.raises(ScenarioError) as caught:
        parse(SHORTEST + more, "x.toml")
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.more == 50
    assert [problem.path for problem in caught.value.problems[:2]] == [f"consequences.c{n}.service" for n in (0, 1)]


ODD_PATHS: dict[str, Callable[[Path], str]] = {
    "a directory": str,
    "a pipe": lambda folder: os.mkfifo(folder / "pipe") or str(folder / "pipe"),
    "an endless device": lambda _: "/dev/zero",
    "an empty device": lambda _: "/dev/null",
    "a name that is too long": lambda _: "a" * 5000 + ".toml",
    "an empty name": lambda _: "",
    "a file inside a file": lambda folder: f"{folder / 'x.toml'}/y.toml",
    "a loop of links": lambda folder: (folder / "loop.toml").symlink_to("loop.toml") or str(folder / "loop.toml"),
    "a name that is no UTF-8": lambda _: os.fsdecode(b"\xff\xfe.toml"),
    "a name with a line break": lambda _: "a\nb.toml",
    "a name that moves the cursor": lambda _: "\x1b[2Ja.toml",
}


@pytest.mark.parametrize("made", ODD_PATHS.values(), ids=ODD_PATHS.keys())
def test_an_odd_path_is_told_in_one_line(made: Callable[[Path], str], tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(SHORTEST)
    messages = assert_told(made(tmp_path), tmp_path)
    assert messages.count("\n") == 1
    assert "\x1b" not in messages


def test_a_path_that_no_system_has_is_a_problem() -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        read("a\0b.toml")


def test_a_file_that_grew_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(SHORTEST)
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    with pytest.raises(ScenarioError, match="at most 0 kB"):
        read(path)


def reads_or_complains(content: bytes) -> None:
    """Fail on anything but a scenario or a ``ScenarioError`` whose messages are whole lines in both languages."""
    try:
        outcome: Scenario | ScenarioError = parse(content, "x.toml")
    except ScenarioError as error:
        outcome = error
    if isinstance(outcome, Scenario):
        return
    for lang in ("da", "en"):
        lines = outcome.describe(lang).replace("\u00a0", " ").split("\n")
        assert len(lines) == len(outcome.problems) + (outcome.more > 0)
        assert all(line.startswith("x.toml:") and line.isprintable() for line in lines)


WORDS = st.sampled_from(
    ["schema", "id", "settings", "actors", "areas", "services", "shares", "price", "from", "value", "change", "library",
     "consequences", "costs", "years", "2020", "low", "high", "meaning", "parameters", "family", "counts", "kommune"]
)  # fmt: skip
SCALARS = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.text(max_size=8), st.dates(), st.datetimes(), WORDS,
    st.sampled_from([0, 1, -1, 0.5, 2020, "hard", "beta", "kr.", 1e30, 1e300, -0.0]),
)  # fmt: skip
DOCUMENTS = st.dictionaries(
    WORDS | st.text(max_size=4),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5),
        max_leaves=12,
    ),
    max_size=8,
)


@st.composite
def changed_scenarios(draw: st.DrawFn, pieces: st.SearchStrategy[bytes], most: int) -> bytes:
    """A real scenario with a few stretches replaced."""
    content = draw(st.sampled_from([SHORTEST, *SHIPPED]))
    for _ in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, len(content)))
        content = content[:start] + draw(pieces) + content[start + draw(st.integers(0, 30)) :]
    return content


PIECES = st.one_of(
    st.binary(max_size=6),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"=", b"[", b"]", b"{", b"}", b",", b'"', b"'", b"\n", b"nan", b"inf", b"1e999", b"-", b"[[",
                     b'"""', b"[]", b"{}", b"0", b"1979-05-27", b"true", b"\\", b"\r", b"library = 'x'",
                     b"{ library = 'x' }"]),
)  # fmt: skip


def written(document: dict[str, Any]) -> bytes:
    return toml_text(document).encode()


def check_bytes(examples: int) -> None:
    settings(max_examples=examples)(given(st.binary(max_size=200))(reads_or_complains))()


def check_changed(examples: int) -> None:
    settings(max_examples=examples)(given(changed_scenarios(PIECES, 4))(reads_or_complains))()


def check_documents(examples: int) -> None:
    settings(max_examples=examples)(given(DOCUMENTS.map(written))(reads_or_complains))()


SHORT = [(check_bytes, 200), (check_changed, 150), (check_documents, 200)]
LONG = [(check_bytes, 10_000), (check_changed, 1_500), (check_documents, 5_000)]


@pytest.mark.parametrize(("check", "examples"), SHORT, ids=["bytes", "changed", "documents"])
def test_whatever_is_read_only_problems_are_raised(check: Callable[[int], None], examples: int) -> None:
    check(examples)


@pytest.mark.slow
@pytest.mark.parametrize(("check", "examples"), LONG, ids=["bytes", "changed", "documents"])
def test_whatever_is_read_only_problems_are_raised_long(check: Callable[[int], None], examples: int) -> None:
    check(examples)
