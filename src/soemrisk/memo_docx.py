"""The memo as a Word document that can be edited: styles, real tables, alternative texts, numbered pages.

Pictures are PNG, since Word of some years back shows no SVG. The same memo gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from soemrisk.memo_parts import Bullets, FactBox, Grid, Memo, Paragraph, Part, Picture

BLUE, GREY, AMBER, RULE, WASH = "005A99", "555555", "CC8000", "B8C4CE", "EEF3F7"
PAGE, MARGIN = (210, 297), 17  # mm, A4
TEXT = PAGE[0] - 2 * MARGIN
SHRUNK = {"dots": 0.76}  # pictures that make room: the first page holds on to its table
INSIDE = "40"  # twentieths of a point between the edge of a cell and its words
WIDE = 6  # columns from which the type of a table is smaller
SHORT = 12  # rows of a table that stays on one page, with what stands below it
NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)


def memo_docx(memo: Memo) -> bytes:
    """Write a memo as DOCX.

    Parameters
    ----------
    memo : Memo

    Returns
    -------
    bytes

    Raises
    ------
    ModuleNotFoundError
        python-docx is not installed (the extra ``office``).
    """
    import docx

    document = docx.Document()
    _dress(document, memo)
    document.add_paragraph(_clean(memo.kind.upper()), style="Subtitle")
    document.add_heading(_clean(memo.title), level=0)
    document.add_paragraph(_clean(memo.line), style="Caption")
    for section in memo.sections:
        heading = document.add_heading(_clean(section.title), level=1)
        heading.paragraph_format.page_break_before = section.own_page
        for part in section.parts:
            _add(document, memo, part, 7.0 if section.small else 8.5)
    stream = io.BytesIO()
    document.save(stream)
    return _without_dates(stream.getvalue())


def _clean(words: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(c if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff" else " " for c in words)


def _dress(document: Any, memo: Memo) -> None:
    """Page, styles, language, footer with the number of the page, title."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
    sizes = {"Normal": 9.5, "Title": 20, "Subtitle": 9, "Caption": 9, "Heading 1": 14, "List Bullet": 9.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        _set_fonts(style)
        style.font.italic = False
        style.font.bold = name in {"Title", "Heading 1"}
        if name != "Normal":
            colour = BLUE if name in {"Title", "Heading 1"} else GREY
            style.font.color.rgb = RGBColor.from_string("1A1A1A" if name == "List Bullet" else colour)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Normal"].paragraph_format.line_spacing = 1.0
    document.styles["Title"].paragraph_format.space_after = Pt(6)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(12)
    _set_language(document, "da-DK" if memo.lang == "da" else "en-GB")
    properties = document.core_properties
    properties.title, properties.author, properties.language = _clean(memo.title)[:255], "", memo.lang
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = NO_DATE
    footer = page.footer.paragraphs[0]
    footer.style = document.styles["Caption"]
    footer.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(f"{_clean(memo.foot)}\t{memo.page_word} ")
    _add_field(footer, "PAGE")


def _set_fonts(style: Any) -> None:
    """One font for all scripts: the template names others for headings."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), "Calibri")


def _set_language(document: Any, tag: str) -> None:
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)


def _add_field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "1"
    run.append(words)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001  python-docx has no public call for a field


def _add(document: Any, memo: Memo, part: Part, size: float) -> None:
    match part:
        case Paragraph():
            _add_paragraph(document, part)
        case Bullets():
            for line in part.lines:
                document.add_paragraph(_clean(line), style="List Bullet")
        case FactBox():
            _add_facts(document, part)
        case Grid():
            _add_grid(document, part, size)
        case Picture():
            _add_picture(document, memo, part)


def _add_paragraph(document: Any, part: Paragraph) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    run = paragraph.add_run(_clean(part.words))
    if part.role == "lead":
        run.font.size = Pt(10)
    elif part.role == "note":
        run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(GREY)
    elif part.role == "caution":
        paragraph.paragraph_format.left_indent = Pt(8)
        _border(paragraph._p.get_or_add_pPr(), "w:pBdr", {"left": (AMBER, 20)})  # noqa: SLF001


def _border(parent: Any, name: str, edges: dict[str, tuple[str, int]]) -> None:
    """Lines at some edges; size in eighths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement(name)
    for edge, (colour, size) in edges.items():
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", colour)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    parent.append(borders)


def _add_facts(document: Any, part: FactBox) -> None:
    from docx.shared import Mm, Pt

    title = document.add_paragraph()
    title.add_run(_clean(part.title)).bold = True
    title.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    _set_widths(table, (0.28, 0.72))
    for label, words in part.rows:
        row = table.add_row()
        for cell, text, width in zip(row.cells, (label, words), (0.28, 0.72), strict=True):
            _fill(cell, text, 9.0)
            cell.width = Mm(TEXT * width)
            _shade(cell)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _set_widths(table: Any, widths: tuple[float, ...]) -> None:
    """Widths of the columns as parts of the text: Word reads those of the cells, others those of the columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), INSIDE)
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)  # noqa: SLF001
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(TEXT * width)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", WASH)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _fill(cell: Any, words: str, size: float, *, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(_clean(words))
    run.font.size, run.bold = Pt(size), bold
    paragraph.paragraph_format.space_after = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_grid(document: Any, part: Grid, size: float) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    title = document.add_paragraph()
    title.add_run(_clean(part.title)).bold = True
    title.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(part.head))
    table.autofit = False
    _set_widths(table, part.widths)
    size = size - 1 if len(part.head) > WIDE else size
    _border(table._tbl.tblPr, "w:tblBorders", {"top": (RULE, 4), "bottom": (RULE, 4), "insideH": (RULE, 2)})  # noqa: SLF001
    for n, words in enumerate((part.head, *part.rows), -1):
        row = table.add_row()
        for column, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            right = part.look == "numbers" and column >= part.left
            _fill(cell, text, size, bold=n < 0 or n in part.strong, right=right)
            if right and n >= 0:
                _keep_whole(cell)
            cell.paragraphs[0].paragraph_format.keep_with_next = len(part.rows) <= SHORT
            cell.width = Mm(TEXT * part.widths[column])
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        for name in ("w:cantSplit", *(("w:tblHeader",) if n < 0 else ())):
            mark = OxmlElement(name)
            mark.set(qn("w:val"), "true")
            properties.append(mark)
    _add_paragraph(document, Paragraph(words=part.note, role="note"))


def _keep_whole(cell: Any) -> None:
    """No line break in a cell: an amount is not broken."""
    from docx.oxml import OxmlElement

    cell._tc.get_or_add_tcPr().append(OxmlElement("w:noWrap"))  # noqa: SLF001


def _add_picture(document: Any, memo: Memo, part: Picture) -> None:
    from docx.shared import Mm

    shape = document.add_picture(
        io.BytesIO(memo.pictures[f"{part.name}.png"]), width=Mm(TEXT * part.width * SHRUNK.get(part.name, 1.0))
    )
    shape._inline.docPr.set("descr", _clean(part.alt))  # noqa: SLF001  no public call for alternative text


def _without_dates(content: bytes) -> bytes:
    """The same archive with one date for all files in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, old.read(name))
    return stream.getvalue()
