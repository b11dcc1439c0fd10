"""The memo as files: each format holds the same document, hostile text comes out as text, and two builds are alike."""

import copy
import io
import re
import zipfile
from html.parser import HTMLParser

import numpy as np
import pytest
from pypdf import PdfReader

import soemrisk as sr
from conftest import DOCUMENT, scenario_of
from soemrisk.design import plan
from soemrisk.memo_assumptions import source
from soemrisk.memo_building import build_memo
from soemrisk.memo_files import memo_files
from soemrisk.memo_parts import FactBox, Grid, Picture
from soemrisk.memo_pictures import dot_values, stacked
from soemrisk.running import run_scenario
from soemrisk.workbook_inputs import assumptions

DOCUMENTS = ("html", "pdf", "docx")
HOSTILE = (
    "<script>alert(1)</script>", "a & b", "#heading *bold* _it_ $x$ @ref ~", "=1+1", "{{ 7*7 }}{% raw %}",
    "#eval(\"1\")",
    "\\[\\]\\u{41}", "`code`", "http://a.example/<b>", "100 %", "emoji \U0001f9a9",
    "turned \u202earound", "עברית العربية", "line\nbreak\ttab",
    "'quote\" »dansk«", "//comment /* x */", "x" * 10_000,
)  # fmt: skip


def build(document, lang="da", draws=1024):
    scenario = scenario_of(document)
    return build_memo(scenario, run_scenario(scenario, plan(draws, 0, "sobol")), lang)


@pytest.fixture(scope="module")
def tiny():
    case, memo = build(copy.deepcopy(DOCUMENT))
    return case, memo, memo_files(case, memo, DOCUMENTS)


@pytest.fixture(scope="module")
def act():
    scenario = sr.read("act-randers")
    case, memo = build_memo(scenario, run_scenario(scenario, plan(4096, 1, "sobol"), threads=2), "da")
    return case, memo, memo_files(case, memo, DOCUMENTS)


class Texts(HTMLParser):
    """What a browser would show, the alternative texts, and everything that an element refers to."""

    def __init__(self):
        super().__init__()
        self.shown, self.alts, self.refers, self.tags = [], [], [], []
        self.style = False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.style = tag == "style"
        for name, value in attrs:
            if name == "alt":
                self.alts.append(value)
            if name in {"src", "href", "data", "action", "srcset"}:
                self.refers.append(value)

    def handle_endtag(self, tag):
        self.style = self.style and tag != "style"

    def handle_data(self, data):
        if not self.style:
            self.shown.append(data)


def read_html(content):
    found = Texts()
    found.feed(content.decode())
    return found


def squeezed(words):
    """Without blanks and the hyphens that lines are broken with: what does not change with the width of a page."""
    return re.sub(r"[\s\u00a0\u00ad\u200b\u200e\u200f\u2010-]", "", words)


def pdf_text(content):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def docx_text(content):
    import docx

    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(one.text for one in document.paragraphs), *cells])


def sentences(memo):
    """Every paragraph, point and cell of a document."""
    for section in memo.sections:
        yield section.title
        for part in section.parts:
            if isinstance(part, Grid):
                yield from (part.title, *part.head, *(cell for row in part.rows for cell in row), part.note)
            elif isinstance(part, FactBox):
                yield from (part.title, *(words for row in part.rows for words in row))
            elif part.kind == "bullets":
                yield from part.lines
            elif part.kind == "paragraph":
                yield part.words


def test_every_format_holds_every_sentence_of_the_document(act):
    _, memo, files = act
    shown = {
        "html": squeezed(" ".join(read_html(files["memo.html"]).shown)),
        "pdf": squeezed(pdf_text(files["memo.pdf"])),
        "docx": squeezed(docx_text(files["memo.docx"])),
    }
    for kind, whole in shown.items():
        missing = [words for words in sentences(memo) if squeezed(words) not in whole]
        assert not missing, (kind, missing[:3])


def test_html_asks_for_nothing_and_runs_nothing(act):
    found = read_html(act[2]["memo.html"])
    assert "script" not in found.tags
    assert all(one.startswith(("data:image/svg+xml;base64,", "#")) for one in found.refers)
    assert len(found.alts) == sum(isinstance(part, Picture) for one in act[1].sections for part in one.parts)
    assert all(len(words) > 40 for words in found.alts)
    assert b'<html lang="da">' in act[2]["memo.html"]


def test_pdf_is_tagged_and_names_its_language_title_and_pictures(act):
    reader = PdfReader(io.BytesIO(act[2]["memo.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("da")
    assert reader.metadata.title == "ACT-indsats i Randers Kommune"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert "/CreationDate" not in reader.metadata


def test_docx_has_alternative_texts_repeated_heads_and_page_numbers(act):
    archive = zipfile.ZipFile(io.BytesIO(act[2]["memo.docx"]))
    body = archive.read("word/document.xml").decode()
    pictures = [part for one in act[1].sections for part in one.parts if isinstance(part, Picture)]
    assert body.count('descr="') >= len(pictures)
    assert body.count("w:tblHeader") == sum(isinstance(part, Grid) for one in act[1].sections for part in one.parts)
    footers = [archive.read(name).decode() for name in archive.namelist() if "footer" in name]
    assert any('w:instr="PAGE"' in one for one in footers)
    assert "da-DK" in archive.read("word/styles.xml").decode()


def test_two_builds_give_the_same_bytes(tiny):
    case, memo = build(copy.deepcopy(DOCUMENT))
    assert memo_files(case, memo, DOCUMENTS) == tiny[2]


def test_the_number_of_threads_changes_no_byte():
    scenario = sr.read("laere-eksempel")
    one, two = (sr.memo(scenario, draws=1024, formats=["html"], threads=n) for n in (1, 2))
    assert one == two


def test_hostile_text_comes_out_as_text_in_every_format():
    document = copy.deepcopy(DOCUMENT)
    words = " | ".join(HOSTILE)
    document["name"] = words
    document["facts"] = dict.fromkeys(document["facts"], words) | {"notes": list(HOSTILE), "not_in_kroner": [words]}
    document["actors"]["kommune"]["name"] = words[:300]
    document["areas"]["social"]["name"] = words[:200]
    document["services"]["bolig"] |= {"name": words[:400], "shares_source": words}
    case, memo = build(document, draws=256)
    files = memo_files(case, memo, DOCUMENTS)
    html = read_html(files["memo.html"])
    assert "script" not in html.tags
    whole = {"html": "".join(html.shown), "docx": docx_text(files["memo.docx"])}
    for kind, text in whole.items():
        assert "\u202e" not in text
        for one in HOSTILE:
            assert squeezed(one.replace("\u202e", "")) in squeezed(text), (kind, one[:40])
    pdf = squeezed(pdf_text(files["memo.pdf"]))
    for one in HOSTILE:
        if "עב" not in one and "\U0001f9a9" not in one:
            assert squeezed(one.replace("\u202e", "")) in pdf, one[:40]
    assert "[flamingo]" in pdf  # a letter that no font has is named
    assert "49" not in squeezed(whole["html"]).split(squeezed("{{ 7*7 }}"))[0][-2:]


def test_dots_above_zero_are_the_count_of_the_sentence(act):
    case, _, _ = act
    simulated = sr.simulate(case.scenario, draws=4096, seed=1)
    for actor in case.names:
        values = dot_values(simulated["net"].sel(actor=actor).to_numpy().ravel())
        gains = round(100 * case.stats(actor)["prob_positive"])
        assert abs(int((values > 0).sum()) - gains) <= 1
        places, heights = stacked(values, 1e5)
        assert ((places > 0) == (values > 0)).all()
        assert len({*zip(places.tolist(), heights.tolist(), strict=True)}) == 100


def test_dots_are_quantiles_in_the_middle_of_their_hundredths():
    assert dot_values(np.arange(100.0)) == pytest.approx(np.arange(100.0), abs=1e-12)


def test_formats_and_languages_are_told_where_they_are_not_known():
    scenario = sr.read("laere-eksempel")
    with pytest.raises(ValueError, match="html, pdf, docx, xlsx"):
        sr.memo(scenario, formats=["odt"])
    with pytest.raises(ValueError, match="da, en"):
        sr.memo(scenario, lang="de")


def test_the_actor_who_decides_leads_the_first_page(act):
    scenario = act[0].scenario
    files = sr.memo(scenario, draws=1024, actor="stat", formats=["html"])
    shown = " ".join(read_html(files["memo.html"]).shown)
    lead = shown[shown.index("Kilde") :]
    assert lead.index("Stat: af 100 lige sandsynlige udfald") < lead.index("SØM-tallet, hvor alt går som angivet")
    assert sr.memo(scenario, draws=1024, actor="total", formats=["html"])
    with pytest.raises(ValueError, match="kommune"):
        sr.memo(scenario, draws=1024, actor="nobody")


def test_alternative_texts_tell_of_the_actor_who_decides(act):
    scenario = act[0].scenario
    run = run_scenario(scenario, plan(1024, 0, "sobol"))
    _, memo = build_memo(scenario, run, "da", deciding="stat")
    alts = {part.name: part.alt for one in memo.sections for part in one.parts if isinstance(part, Picture)}
    assert "Stat: i " in alts["net_by_actor"]
    assert "Stat: gevinst i flere end 99 af 100 udfald ved udgangen af 2028" in alts["cumulated"]  # it pays nothing
    assert not any("Kommune" in alts[name] for name in ("dots", "net_by_actor", "cumulated", "break_even", "tornado"))


def grids(memo):
    return {part.title.split(",")[0]: part for one in memo.sections for part in one.parts if isinstance(part, Grid)}


def test_the_sign_line_stands_under_tables_of_net_results_and_payments_have_their_own(act):
    notes = {title: grid.note for title, grid in grids(act[1]).items()}
    sign = "Plus er gevinst"
    without = {title for title, note in notes.items() if sign not in note}
    assert {"Succesrate", "Betaling", "Hvad driver resultatet (Kommune)"} <= without
    assert {"Resultat efter aktør", "Det lovede tal og risikoen", "Hvem bærer"} & without == set()
    assert notes["Betaling"].startswith("Plus: så meget skal aktøren have, rundet op. Minus: så meget kan den undvære.")


def test_a_note_on_what_was_promised_stands_only_where_something_was(act, tiny):
    assert "det lovede" in grids(act[1])["Det lovede tal og risikoen"].note
    assert "lovede" not in grids(tiny[1])["SØM-tallet og risikoen"].note
    for grid in (grids(act[1])["Det lovede tal og risikoen"], grids(tiny[1])["SØM-tallet og risikoen"]):
        assert "Nul eller andet fortegn, af 100" in grid.head


def test_a_mark_does_not_repeat_the_words_of_a_source(act):
    case = act[0]
    assert source(case, "calibrated to Sundhedsydelser") == "[tilpasset til] Sundhedsydelser"
    assert source(case, "assumption: as the year before") == "[skøn] as the year before"
    assert source(case, "ACT, where it is calibrated to x") == "[tilpasset] ACT, where it is calibrated to x"
    assert source(case, "Tariff 2022") == "Tariff 2022"
    shown = [cell for grid in grids(act[1]).values() for row in grid.rows for cell in row]
    assert any("[tilpasset til]" in cell for cell in shown)
    assert not any("] calibrated to" in cell or "] assumption" in cell for cell in shown)


def test_units_stand_in_the_language_of_the_memo_and_rates_of_a_tornado_are_per_cent(act):
    scenario = act[0].scenario
    case, memo = build_memo(scenario, run_scenario(scenario, plan(1024, 0, "sobol")), "en")
    tables = grids(memo)
    shown = [
        row[1]
        for title in ("What drives the result (Municipality)", "Uncertain assumptions")
        for row in tables[title].rows
    ]
    shown += re.findall(r"<text[^>]*>([^<]*)</text>", memo.pictures["tornado.svg"].decode())
    shown += [row[2].value for part in assumptions(case).parts for row in part.rows]
    assert any(one == "DKK per day" for one in shown)
    danish = {"døgn", "uge", "kr.", "pr.", "andel", "faktor", "indlæggelse", "besøg", "sigtelse", "afgørelse"}
    assert not [one for one in shown if danish & set(str(one).split())]
    labels = [one for one in shown if re.fullmatch(r"\d+(\.\d+)?\u00a0%", str(one))]
    assert any("56" in one for one in labels)
    assert "Sources are quoted in the language in which they were stated." in tables["Uncertain assumptions"].note


def test_type_in_pictures_is_at_least_7_5_points_on_paper(act):
    text_width = (210 - 2 * 19) / 25.4  # inches, of the template of the PDF
    shown = {part.name: part.width for one in act[1].sections for part in one.parts if isinstance(part, Picture)}
    assert set(shown) == {"dots", "net_by_actor", "cumulated", "break_even", "tornado", "priorities"}
    for name, part in shown.items():
        svg = act[1].pictures[f"{name}.svg"].decode()
        drawn = float(re.search(r'<svg [^>]*width="([\d.]+)pt"', svg)[1])
        sizes = [float(one) for one in re.findall(r"font(?:-size)?: (?:bold )?([\d.]+)px", svg)]
        assert sizes
        assert min(sizes) * part * text_width * 72 / drawn >= 7.5, name


def test_no_forbidden_claim_stands_anywhere_in_a_memo(act, tiny):
    from test_memo_sentences import FORBIDDEN

    for case, memo, _ in (act, tiny):
        stated = {words for text in (case.scenario.facts.notes, case.scenario.facts.not_in_kroner) for words in text}
        own = {one.in_("da") for one in stated}
        said = [
            *sentences(memo),
            *(part.alt for one in memo.sections for part in one.parts if isinstance(part, Picture)),
        ]
        for line in said:
            for claim in FORBIDDEN["da"] if line not in own and "http" not in line else ():
                assert not re.search(claim, line, re.IGNORECASE), (claim, line)
