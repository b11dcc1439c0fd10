"""Why a file cannot be read: in Danish and English words of our own, whatever a parser or the system says."""

import errno
import inspect
import os
import re
import tomllib
from pathlib import Path

import pytest

from soemrisk.documents import document_of
from soemrisk.errors import ScenarioError, system_reason
from soemrisk.reading import read

MISTAKES = [
    ("a = 12 kr", "ved tegn 8: efter værdien står der mere på linjen"),
    ("a = tolv", "ved tegn 5: værdien kan ikke læses"),
    ("a 3", "ved tegn 3: efter nøglen mangler et ="),
    ("æ = 3", "linjen begynder hverken med en nøgle"),
    ("[å]", "her skal stå en nøgle"),
    ("[[x]\n", "overskriften mangler ]] til sidst"),
    ("a = [1, 2", "en liste mangler komma eller ]"),
    ("a = { b = 1", "en tabel i { } mangler komma eller }"),
    ('a = "x\n', "en tekst mangler sit sidste anførselstegn"),
    ('a = """x', "en tekst mangler sit sidste anførselstegn"),
    ("a = '''x", "en tekst mangler sit sidste anførselstegn"),
    ('a = "x\x02"', "tegnet \\x02 må ikke stå her"),
    ("# \x01", "tegnet \\x01 må ikke stå her"),
    (r'a = "c:\dir"', "en omvendt skråstreg"),
    (r'a = "\u12"', "en omvendt skråstreg"),
    ("a = 2020-02-30T00:00:00", "datoen findes ikke"),
    ("[a.b]\nc = 1\n[a]\nb.d = 2", "tabellen er afsluttet et andet sted"),
    ("a = 1\na = 2", "står to gange: a"),
    ("[t.u]\n[t.u]", "står to gange: t.u"),
    ("a = { b = 1, b = 2 }", "står to gange: b"),
]


@pytest.mark.parametrize(("content", "words"), MISTAKES)
def test_a_mistake_in_toml_is_explained_without_the_words_of_the_parser(content, words):
    with pytest.raises(tomllib.TOMLDecodeError) as parser:
        tomllib.loads(content)
    with pytest.raises(ScenarioError) as caught:
        document_of(content.encode(), "x.toml")
    danish, english = (caught.value.describe(lang) for lang in ("da", "en"))
    assert words in danish
    said = str(parser.value).split(" (at ")[0]
    assert said not in danish
    assert said not in english


def test_every_message_of_the_parser_has_words_of_its_own():
    source = inspect.getsource(inspect.getmodule(tomllib.loads))
    said = re.findall(r'suffixed_err\(\s*\w+, \w+, f?"((?:[^"\\]|\\.)*)"', source)
    assert len(said) > 20
    from soemrisk.documents import REASONS

    known = [one for one in said if one.startswith(tuple(begins for begins, _ in REASONS))]
    assert all(re.search("overwrite|twice|Duplicate", one) for one in set(said) - set(known))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EISDIR, errno.ENOSPC, errno.EBUSY, errno.EIO])
def test_the_system_speaks_the_language_of_the_user(number):
    error = OSError(number, os.strerror(number))
    danish, english = (system_reason(error).in_(lang) for lang in ("da", "en"))
    assert danish != english
    assert os.strerror(number) not in danish
    assert (errno.errorcode[number] in danish) == (number in {errno.EBUSY, errno.EIO})


def test_paths_that_cannot_be_opened_say_why(tmp_path: Path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    reasons = {
        tmp_path: "det er en mappe",
        tmp_path / "file" / "x.toml": "en del af stien er ikke en mappe",
        tmp_path / ("a" * 5000 + ".toml"): "ingen fil kan have det navn",
        tmp_path / "a\0.toml": "ingen fil kan have det navn",
    }
    for path, reason in reasons.items():
        with pytest.raises(ScenarioError) as caught:
            read(path)
        assert caught.value.describe("da").endswith(f"filen kan ikke læses: {reason}")
