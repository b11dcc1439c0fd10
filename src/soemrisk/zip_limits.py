"""What is inside a workbook, within limits: no byte of it is trusted before it has been looked at.

An ``.xlsx`` is a zip of XML. It may come from anyone, so sizes are counted while it is unpacked, whatever its headers
say, and only the parts that hold cells are kept: macros, links, pictures and notes are left behind unread. What is kept
is packed anew, so that the reader of workbooks sees the same bytes that were looked at here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from soemrisk.documents import MOST_PACKED
from soemrisk.errors import Problem, ScenarioError

MOST_UNPACKED = 20_000_000  # bytes of all parts together, counted while unpacking
MOST_RATIO = 200  # of one part that is larger than LEAST_BOMB; XML of cells is packed some 10 to 60 times
LEAST_BOMB = 1_000_000
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 1_000, 300_000  # of the rectangle that a sheet's cells span
MOST_TEXT = 100_000_000  # characters of all texts, each counted as often as a cell may refer to it
KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml"
    r"|xl/styles\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how the old .xls begins, and a workbook that is locked with a password
NO_FORMAT = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_DECLARED = re.compile(rb"<!(?!--|\[CDATA\[)")
_ADDRESS = re.compile(r"\s*\$?([A-Za-z]{1,7})\$?([0-9]{1,9})\s*")
_ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\bt\s*=\s*)(["'])e\2""")


def judged_workbook(content: bytes, name: str) -> bytes:
    """A workbook with nothing but its cells, after its limits were checked.

    Parameters
    ----------
    content : bytes
        Any bytes.
    name : str
        What messages call the file.

    Returns
    -------
    bytes
        A zip of the parts that hold cells. Errors of formulas are texts in it, ``#REF!``.

    Raises
    ------
    ScenarioError
        It is no such workbook, or more than is read.

    Examples
    --------
    >>> judged_workbook(b"schema = 1", "x.xlsx")
    Traceback (most recent call last):
    ...
    soemrisk.errors.ScenarioError: x.xlsx: this is no Excel workbook (.xlsx), whatever its name says
    """
    try:
        parts = _parts(content)
        _judge(parts)
    except _NotRead as found:
        raise ScenarioError([Problem(rule=found.rule, file=name, values=found.values)]) from None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for part, body in parts.items():
            archive.writestr(zipfile.ZipInfo(part), _ERROR.sub(rb'\1"str"', body) if SHEET.fullmatch(part) else body)
    return packed.getvalue()


class _NotRead(Exception):  # noqa: N818 -- never leaves this module: it becomes a problem
    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(rule)
        self.rule, self.values = rule, values


def _parts(content: bytes) -> dict[str, bytes]:
    """Parts that hold cells, unpacked; every part counts towards the limits by what its header says."""
    if len(content) > MOST_PACKED:
        raise _NotRead("file-too-large", most=f"{MOST_PACKED // 1_000_000} MB")
    if content.startswith(OLE):
        raise _NotRead("workbook-old")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError):
        rule = "workbook-damaged" if content.startswith(b"PK\x03\x04") else "workbook-not-one"
        raise _NotRead(rule) from None
    names = [one.filename for one in listed]
    if len(listed) > MOST_PARTS:
        raise _NotRead("workbook-parts", most=MOST_PARTS)
    if any(_leads_out(one) for one in names) or len({one.casefold() for one in names}) < len(names):
        raise _NotRead("workbook-names")
    if any(one.flag_bits & 1 for one in listed):
        raise _NotRead("workbook-old")
    kind = _other_kind({one.casefold() for one in names})
    if kind is not None:
        raise _NotRead("workbook-kind", kind=kind)
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for one in listed:
        if KEPT.fullmatch(one.filename):
            parts[one.filename] = _unpacked(content, one, left)
            left -= len(parts[one.filename])
        elif one.file_size > left:
            raise _too_much()
        else:
            left -= one.file_size
    return parts


def _leads_out(name: str) -> bool:
    return ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name or "\0" in name


def _other_kind(names: set[str]) -> str | None:
    """What else the zip is; None for a workbook with its cells in XML."""
    if "xl/workbook.xml" in names:
        return None
    kinds = {"xl/workbook.bin": ".xlsb", "content.xml": ".ods", "word/document.xml": ".docx"}
    return next((kind for part, kind in kinds.items() if part in names), "zip")


def _too_much() -> _NotRead:
    return _NotRead("workbook-unpacked", most=f"{MOST_UNPACKED // 1_000_000} MB")


def _unpacked(content: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """One part, never more than so many bytes of it, whatever its header says of its size."""
    head = content[part.header_offset : part.header_offset + 30]
    if len(head) < 30 or part.compress_type not in NO_FORMAT or part.file_size > most:
        raise _NotRead("workbook-damaged") if part.file_size <= most else _too_much()
    start = part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        body = packed
    else:
        unpacker = zlib.decompressobj(-15)
        try:
            body = unpacker.decompress(packed, most + 1)
        except zlib.error:
            raise _NotRead("workbook-damaged") from None
        if len(body) <= most and not unpacker.eof:
            raise _NotRead("workbook-damaged")
    if len(body) > most or (len(body) > LEAST_BOMB and len(body) > MOST_RATIO * max(len(packed), 1)):
        raise _too_much()
    if zlib.crc32(body) != part.CRC:
        raise _NotRead("workbook-damaged")
    return body


def _judge(parts: Mapping[str, bytes]) -> None:
    """Refuse XML that could mean more than it shows, and cells that would fill the memory."""
    shared = [body for name, body in parts.items() if name.casefold() == "xl/sharedstrings.xml"]
    longest = max((len(one) for body in shared for one in re.split(rb"</(?:\w+:)?si\s*>", body)), default=0)
    texts = 0
    for name, body in parts.items():
        if b"\0" in body or body.startswith((b"\xfe\xff", b"\xff\xfe")) or _DECLARED.search(body):
            raise _NotRead("workbook-xml", part=name)
        if SHEET.fullmatch(name):
            rows, columns, shared_texts = _extent(name, body)
            if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
                raise _NotRead("workbook-cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
            texts += shared_texts * longest
    if texts > MOST_TEXT:
        raise _too_much()


def _extent(name: str, body: bytes) -> tuple[int, int, int]:
    """Rows and columns of the rectangle that the filled cells of a sheet span, at most, and how many are shared texts.

    As a parser of XML sees them: what a pattern looks for could be hidden from it in an attribute.
    """
    counted = dict.fromkeys(("rows", "columns", "unplaced", "all rows", "shared"), 0)
    empty: list[list[str]] = []  # addresses of the cell that is open, as long as it has nothing inside

    def fill(*_: object) -> None:
        for addresses in empty:
            counted["unplaced"] += not addresses
            for address in addresses:
                at = _ADDRESS.fullmatch(address)
                if at is None:
                    raise _NotRead("workbook-cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
                counted["rows"] = max(counted["rows"], int(at[2]))
                counted["columns"] = max(counted["columns"], _column(at[1].encode()))
        empty.clear()

    def start(tag: str, attributes: dict[str, str]) -> None:
        fill()
        local = tag.rpartition(":")[2]
        own = [(key.rpartition(":")[2], value.strip()) for key, value in attributes.items()]
        if local == "row":
            counted["all rows"] += 1
            counted["rows"] = max([counted["rows"], *(int(one) for key, one in own if key == "r" and one.isdigit())])
        elif local == "c":
            empty.append([one for key, one in own if key == "r"])
            counted["shared"] += ("t", "s") in own

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "c":
            empty.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, fill
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError):
        raise _NotRead("workbook-xml", part=name) from None
    if counted["unplaced"]:  # cells without an address follow each other, from where their row stands
        counted["rows"] += counted["all rows"]
        counted["columns"] += counted["unplaced"]
    return counted["rows"], counted["columns"], counted["shared"]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
