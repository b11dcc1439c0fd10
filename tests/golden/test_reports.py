"""The committed memos are what the scenarios give: built again, same text, same numbers; and made for readers."""

import importlib.util
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[2]
VERSIONS = re.compile(r"soemrisk [\d.]+, numpy [\d.]+, scipy [\d.]+, numba [\d.]+")
SAME_TO = 1e-9


def load():
    found = importlib.util.spec_from_file_location("build", ROOT / "reports" / "build.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built():
    return {(name, lang): files for name, lang, files in load().reports()}


def committed(name, lang, file):
    return (ROOT / "reports" / name / lang / file).read_bytes()


REPORTS = [(name, lang) for name in ("act-randers", "cti-aarhus") for lang in ("da", "en")]


class Words(HTMLParser):
    """Texts and alternative texts of a page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, _, attrs):
        self.found += [value for name, value in attrs if name == "alt"]

    def handle_data(self, data):
        self.found.append(data)


def words_of_html(content):
    page = Words()
    page.feed(content.decode())
    return VERSIONS.sub("", "\n".join(page.found))


def words_of_pdf(content):
    return [VERSIONS.sub("", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def words_of_docx(content):
    import docx

    document = docx.Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return VERSIONS.sub("", repr([one.text for one in document.paragraphs]) + repr(rows))


@pytest.mark.parametrize(("name", "lang"), REPORTS)
def test_pages_say_what_is_committed(built, name, lang):
    assert words_of_html(built[name, lang]["memo.html"]) == words_of_html(committed(name, lang, "memo.html"))
    assert words_of_pdf(built[name, lang]["memo.pdf"]) == words_of_pdf(committed(name, lang, "memo.pdf"))


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_documents_say_what_is_committed(built, name):
    assert words_of_docx(built[name, "da"]["memo.docx"]) == words_of_docx(committed(name, "da", "memo.docx"))


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_workbooks_have_the_committed_numbers(built, name):
    new, old = (
        CalamineWorkbook.from_filelike(io.BytesIO(content))
        for content in (built[name, "da"]["workbook.xlsx"], committed(name, "da", "workbook.xlsx"))
    )
    assert new.sheet_names == old.sheet_names
    for sheet in new.sheet_names:
        for row, other in zip(*(one.get_sheet_by_name(sheet).to_python() for one in (new, old)), strict=True):
            for value, stored in zip(row, other, strict=True):
                if isinstance(value, float):
                    assert value == pytest.approx(stored, rel=SAME_TO, abs=1e-6), sheet
                else:
                    assert VERSIONS.sub("", str(value)) == VERSIONS.sub("", str(stored)), sheet


@pytest.mark.parametrize(("name", "lang"), REPORTS)
def test_a_memo_has_six_to_eight_pages_and_the_first_stands_alone(built, name, lang):
    pages = words_of_pdf(built[name, lang]["memo.pdf"])
    assert 6 <= len(pages) <= 8
    second = {"da": "Samme beregning, læst på tre måder", "en": "The same calculation in other readings"}[lang]
    first = {
        "da": ("Resumé", "Fakta om beregningen", "udfald af netop denne indsats", "Plus er gevinst"),
        "en": ("Summary", "Facts on the calculation", "outcomes of this very", "Plus is a gain"),
    }[lang]
    flat = " ".join(pages[0].split())
    assert all(words in flat for words in first)
    assert second not in flat
