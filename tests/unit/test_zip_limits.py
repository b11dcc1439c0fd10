"""Files that claim to be workbooks: each is refused in a moment with what is wrong, before any cell is read."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from workbooks import grids, written

from soemrisk.errors import ScenarioError
from soemrisk.reading import parse
from soemrisk.workbook_files import example_workbook
from soemrisk.zip_limits import MOST_PACKED, MOST_PARTS, judged_workbook

GOOD = example_workbook("da")
SHEET = "xl/worksheets/sheet2.xml"


def changed(parts: dict[str, bytes], *, drop: tuple[str, ...] = (), method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The good workbook with parts put in place of others."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(packed, "w", method) as new:
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return packed.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return packed.getvalue()


def lying(content: bytes, name: str, size: int) -> bytes:
    """The same zip with another unpacked size in the header of one part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        one = archive.getinfo(name)
    put = bytearray(content)
    struct.pack_into("<L", put, one.header_offset + 22, size)
    central = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    struct.pack_into("<L", put, central + 24, size)
    return bytes(put)


def flagged(content: bytes) -> bytes:
    """The same zip with every part marked as encrypted."""
    put = bytearray(content)
    start = 0
    while (start := content.find(b"PK\x01\x02", start)) >= 0:
        put[start + 8] |= 1
        start += 4
    return bytes(put)


def far_away(at: str) -> bytes:
    cell = f'<sheetData><row r="5"><c r="{at}"><v>1</v></c></row>'.encode()
    return part(SHEET).replace(b"<sheetData>", cell, 1)


def hidden(attributes: bytes) -> bytes:
    """A cell whose address a pattern may miss."""
    return far_away("B6").replace(b'r="B6"', attributes, 1)


NOWHERE = far_away("B6").replace(b' r="B6"', b"", 1).replace(b'row r="5"', b'row r="1048000"', 1)
BOMB = b"0" * 30_000_000
LONG = b"<si><t>" + b"x" * 900_000 + b"</t></si>"
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + LONG + b"</sst>"
REFERS = b"<sheetData>" + b'<row r="1">' + b'<c r="A1" t="s"><v>0</v></c>' * 500 + b"</row>"
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>'

HOSTILE = {
    "nothing": (b"", "er ikke en Excel-projektmappe"),
    "text": (b"schema = 1\n", "er ikke en Excel-projektmappe"),
    "old excel, or a password": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "gamle Excel-format"),
    "half a file": (GOOD[: len(GOOD) // 2], "beskadiget"),
    "one byte changed": (GOOD[:1000] + bytes([GOOD[1000] ^ 255]) + GOOD[1001:], "beskadiget"),
    "too many bytes": (GOOD + b"\0" * MOST_PACKED, "højst 5 MB"),
    "ods": (zipped({"mimetype": b"x", "content.xml": b"<a/>"}), ".ods-fil"),
    "xlsb": (zipped({"xl/workbook.bin": b"x"}), ".xlsb-fil"),
    "docx": (zipped({"word/document.xml": b"x"}), ".docx-fil"),
    "a zip of something": (zipped({"a.txt": b"x"}), "zip-fil"),
    "encrypted parts": (flagged(GOOD), "låst med adgangskode"),
    "bomb in a sheet": (changed({SHEET: BOMB}), "20 MB udpakket"),
    "bomb in another part": (changed({"xl/media/a.png": BOMB}), "20 MB udpakket"),
    "bomb that lies of its size": (lying(changed({SHEET: BOMB}), SHEET, 1000), "20 MB udpakket"),
    "dense": (changed({SHEET: b"<a>" + b" " * 3_000_000 + b"</a>"}), "urimeligt tæt"),
    "many parts": (changed({f"xl/a{n}.xml": b"" for n in range(MOST_PARTS)}), "500 dele"),
    "leads out": (changed({"../../etc/passwd": b"x"}), "peger ud"),
    "absolute": (changed({"/etc/passwd": b"x"}), "peger ud"),
    "backslash": (changed({"xl\\a.xml": b"x"}), "peger ud"),
    "two parts of one name": (changed({"XL/WORKBOOK.xml": b"x"}), "hedder det samme"),
    "entities": (changed({SHEET: ENTITIES + part(SHEET)}), "erklæringer"),
    "entities in utf-16": (changed({SHEET: ENTITIES.decode().encode("utf-16")}), "erklæringer"),
    "a cell in the last row": (changed({SHEET: far_away("B1048576")}), "længere ude"),
    "a cell in the last column": (changed({SHEET: far_away("XFD6")}), "længere ude"),
    "a cell without an address": (changed({SHEET: NOWHERE}), "længere ude"),
    "an address behind another attribute": (changed({SHEET: hidden(b'foo="/>" r="XFD1048576"')}), "længere ude"),
    "an address behind a prefix": (changed({SHEET: hidden(b'xmlns:y="y" y:a="1" r="XFD1048576"')}), "længere ude"),
    "an address inside a text": (changed({SHEET: hidden(b"""a=" r='A1'" r="XFD1048576\"""")}), "længere ude"),
    "one long text in many cells": (
        changed({"xl/sharedStrings.xml": STRINGS, SHEET: part(SHEET).replace(b"<sheetData>", REFERS, 1)}),
        "20 MB udpakket",
    ),
    "no xml": (changed({"xl/workbook.xml": b"\xff\xff\xff"}), "beskadiget"),
    "a sheet that is not there": (changed({}, drop=(SHEET,)), "beskadiget"),
    "another packing": (changed({}, method=zipfile.ZIP_LZMA), "beskadiget"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_sound_workbook_is_refused_in_a_moment(name: str) -> None:
    content, said = HOSTILE[name]
    start = time.perf_counter()
    with pytest.raises(ScenarioError) as error:
        parse(content, "fil.xlsx")
    assert time.perf_counter() - start < 2
    assert said in error.value.describe("da")
    assert error.value.describe("da").startswith("fil.xlsx: ")
    assert len(error.value.problems) == 1


def test_macros_and_links_are_left_behind_unread() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content = changed({"xl/vbaProject.bin": b"x" * 1000, "xl/externalLinks/externalLink1.xml": link})
    assert parse(content, "fil.xlsm") == parse(GOOD, "fil.xlsx")
    with zipfile.ZipFile(io.BytesIO(judged_workbook(content, "fil.xlsm"))) as archive:
        names = archive.namelist()
    assert not [name for name in names if "vba" in name or "external" in name]
    assert {"xl/workbook.xml", SHEET} <= set(names)


def test_more_rows_than_any_scenario_has_are_refused_in_a_moment() -> None:
    sheets = grids(GOOD)
    sheets["Konsekvenser"] += [[f"k{n}", "herberg", -1.0, *[""] * 15, "døgn", "kilde"] for n in range(5_000)]
    content = written(sheets)
    start = time.perf_counter()
    with pytest.raises(ScenarioError) as error:
        parse(content, "fil.xlsx")
    assert time.perf_counter() - start < 2
    assert error.value.describe("da") == (
        "fil.xlsx: mere end 20000 udfyldte celler, eller mere end 150000 observationer, bliver ikke læst"
    )


def test_the_largest_workbook_that_is_read_takes_a_moment() -> None:
    sheets = grids(GOOD)
    sheets["Noter"] = [[float(r * c) for c in range(20)] for r in range(14_000)]
    content = written(sheets)
    start = time.perf_counter()
    assert parse(content, "fil.xlsx") == parse(GOOD, "fil.xlsx")
    assert time.perf_counter() - start < 4
