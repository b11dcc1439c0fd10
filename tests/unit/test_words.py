"""Numbers and texts as people read them."""

import string
from pathlib import Path

import pytest

from soemrisk import families
from soemrisk.batch_texts import BATCH_TEXTS
from soemrisk.compare_texts import COMPARE_TEXTS
from soemrisk.condition_texts import CONDITION_TEXTS
from soemrisk.digits import grouped, kroner, of_hundred, percent, span
from soemrisk.driver_texts import DRIVER_TEXTS
from soemrisk.evidence_texts import EVIDENCE_TEXTS
from soemrisk.families import FAMILIES
from soemrisk.library_texts import LIBRARY_TEXTS
from soemrisk.memo_texts import MEMO_TEXTS
from soemrisk.messages import CATALOGUE, phrase, text
from soemrisk.outcome_texts import OUTCOME_TEXTS
from soemrisk.picture_texts import PICTURE_TEXTS
from soemrisk.problem_texts import PROBLEM_TEXTS
from soemrisk.reason_texts import REASON_TEXTS
from soemrisk.report_texts import REPORT_TEXTS
from soemrisk.sentence_texts import SENTENCE_TEXTS
from soemrisk.sheet_problem_texts import SHEET_PROBLEM_TEXTS
from soemrisk.sheet_texts import SHEET_TEXTS
from soemrisk.sheet_wording_texts import SHEET_WORDING_TEXTS
from soemrisk.statement_texts import STATEMENT_TEXTS
from soemrisk.update_texts import UPDATE_TEXTS
from soemrisk.workbook_texts import WORKBOOK_TEXTS


def test_danish_and_english_marks():
    assert grouped(-3705454.5, "da", 1) == "−3.705.454,5"
    assert grouped(-3705454.5, "en", 1) == "−3,705,454.5"
    assert grouped(-0.2, "da") == "0"
    assert percent(0.6310, "da") == "63\u00a0%"


@pytest.mark.parametrize(("error", "shown"), [(0, "166.423"), (4, "166.420"), (711, "170.000"), (60_000, "200.000")])
def test_an_amount_has_only_the_digits_that_its_error_leaves(error, shown):
    assert kroner(166_422.6, "da", error) == shown


def test_millions_lose_their_decimal_when_the_error_is_large():
    assert span(-3_016_095, 9e6, "da", 1000)["low"] == "−3,0"
    assert span(-3_016_095, 9e6, "da", 200_000)["low"] == "−3"


def test_amounts_below_a_million_are_in_kroner():
    assert span(-9000, 4000, "da", 20) == {"low": "−9.000", "high": "4.000", "size": "kroner"}


def test_a_chance_is_never_0_or_100():
    assert of_hundred(0.0, "da") == "færre end 1"
    assert of_hundred(1.0, "da") == "flere end 99"
    assert of_hundred(1.0, "en", 0.02) == "more than 95"


def test_both_languages_fill_in_the_same_fields_and_none_is_empty():
    for key, (danish, english) in CATALOGUE.items():
        assert danish.strip(), key
        assert english.strip(), key
        fields = [{name for _, name, _, _ in string.Formatter().parse(one) if name} for one in (danish, english)]
        assert fields[0] == fields[1], key


def test_danish_numbers_in_messages_have_a_comma():
    assert "1,5" in text("share-negative", "da", found=1.5)
    assert "1.5" in text("share-negative", "en", found=1.5)


def test_claims_that_no_memo_may_make_are_not_in_the_catalogue():
    forbidden = (
        "garanteret",
        "risikofri",
        "beviser",
        "besparelse",
        "konfidensinterval",
        "mest sandsynlige",
        "worst case",
    )
    for key, both in CATALOGUE.items():
        for word in forbidden:
            assert word not in " ".join(both).lower(), key


def test_no_id_stands_for_two_texts():
    parts = (PROBLEM_TEXTS, STATEMENT_TEXTS, REPORT_TEXTS, DRIVER_TEXTS, PICTURE_TEXTS, CONDITION_TEXTS, REASON_TEXTS)
    parts += (MEMO_TEXTS, SENTENCE_TEXTS, WORKBOOK_TEXTS, LIBRARY_TEXTS, EVIDENCE_TEXTS, UPDATE_TEXTS)
    parts += (SHEET_TEXTS, SHEET_PROBLEM_TEXTS, SHEET_WORDING_TEXTS, OUTCOME_TEXTS, COMPARE_TEXTS, BATCH_TEXTS)
    assert len(CATALOGUE) == sum(map(len, parts))


def test_every_condition_in_words_is_in_use():
    sources = Path(families.__file__).parent.glob("*.py")
    code = "".join(one.read_text(encoding="utf-8") for one in sources if not one.stem.endswith("_texts"))
    assert not [key for key in (*CONDITION_TEXTS, *REASON_TEXTS) if f'"{key}"' not in code]


@pytest.mark.parametrize(
    ("family", "parameters", "danish"),
    [
        ("normal", {"mean": 0, "sd": 0}, "sd > 0"),
        ("histogram", {"edges": [0, 0], "weights": [1]}, "kanterne (edges) stiger"),
        ("discrete", {"values": [1, 2], "weights": [1]}, "values og weights er lige lange"),
        ("metalog", {"probabilities": [0.5], "values": [1]}, "der er 2 til 16 fraktiler"),
        (
            "mixture",
            {"components": [{"family": "binomial", "parameters": {"n": 0.5, "p": 0}}], "weights": [1]},
            "komponent 1 (binomial): n er et helt tal",
        ),
        (
            "mixture",
            {"components": [{"family": "normal", "parameters": {"mean": 0}}], "weights": [1]},
            "komponent 1 har sin fordelings parametre (normal: har parametrene mean, sd, her står mean)",
        ),
        ("mixture", {"components": [{}], "weights": [1]}, "komponent 1 har nøglerne family og parameters"),
    ],
)
def test_what_a_family_asks_is_said_in_danish(family, parameters, danish):
    assert FAMILIES[family].valid(parameters).in_("da") == danish


def test_a_phrase_in_a_text_is_said_in_the_language_of_the_text():
    inner = phrase("edges-rise")
    assert text("family-condition", "da", family="histogram", condition=inner).endswith("stiger« er ikke opfyldt")
    assert text("family-condition", "en", family="histogram", condition=inner) == "histogram: edges rise does not hold"
