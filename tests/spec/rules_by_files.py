"""Which files of the corpus show each rule: ``python tests/spec/rules_by_files.py`` prints the table.

A valid file lies on the boundary of a rule if one small edit takes it over: its first lines say which,
``# holds <rule>: <found> ⇒ <put>``. An invalid file begins its name with the rule that it breaks.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
WRITTEN = HERE.parents[1] / "docs" / "scenario.md"
_EDIT = re.compile(rb"# holds ([a-z0-9_-]+): (.+?) \xe2\x87\x92 ?(.*)")


def edits(path: Path) -> list[tuple[str, bytes, bytes]]:
    r"""Edits that take a valid file over a boundary: (rule, what is found, what is put there).

    ``\n`` is a line break and ``\xNN`` a byte.
    """
    found = []
    for line in path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines():
        if not line.startswith(b"#"):
            break
        if line.startswith(b"# holds"):
            match = _EDIT.fullmatch(line)
            assert match is not None, (path.name, line.decode())
            found.append((match[1].decode(), _bytes(match[2]), _bytes(match[3])))
    return found


def _bytes(text: bytes) -> bytes:
    return re.sub(rb"\\x([0-9a-f]{2})", lambda one: bytes([int(one[1], 16)]), text.replace(b"\\n", b"\n"))


def edited(path: Path, found: bytes, put: bytes) -> bytes:
    """Content of a file with the one place where something is found outside its first comments changed."""
    lines = path.read_bytes().splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if not line.startswith(b"#"))
    head, body = b"".join(lines[:start]), b"".join(lines[start:])
    assert body.count(found) == 1, (path.name, found.decode())
    return head + body.replace(found, put)


def rules() -> list[str]:
    """Every rule of the written spec, in its order."""
    chapter = WRITTEN.read_text(encoding="utf-8").split("\n## 4. Rules")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in chapter.split("\n") if line.startswith("| `")]
    return [rule for cell in cells for rule in re.findall("`(.+?)`", cell)]


def files_by_rule() -> Mapping[str, tuple[list[str], list[str]]]:
    """Rule to the names of its valid files and of its invalid ones."""
    table: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for path in sorted((HERE / "valid").glob("*.toml")):
        for rule in dict.fromkeys(rule for rule, _, _ in edits(path)):
            table[rule][0].append(path.stem)
    for path in sorted((HERE / "invalid").glob("*.toml")):
        table[path.stem.split("--")[0]][1].append(path.stem)
    return table


def main() -> None:
    """Print the table."""
    table = files_by_rule()
    lines = ["| rule | valid files at its boundary | invalid files |", "| --- | --- | --- |"]
    for rule in rules():
        valid, invalid = table.get(rule, ([], []))
        lines.append(f"| `{rule}` | {', '.join(valid) or '–'} | {', '.join(invalid) or '–'} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
