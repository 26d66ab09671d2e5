"""The sentences on how a query was read."""

import re
from typing import get_args

import pytest

from archive.languages import INTERFACE_LANGUAGES, LANGUAGES, Language
from index.query.explanation import notice_text, read_as
from index.query.parser import Notice, NoticeKind, parse


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        (
            "werk -brussel lang:fr year:2011-2020",
            "en",
            "Pages with “werk” and without “brussel”, in French, 2011–2020",
        ),
        (
            "werk -brussel lang:fr year:2011-2020",
            "nl",
            "Pagina’s met “werk” en zonder “brussel”, in het Frans, 2011–2020",
        ),
        (
            "werk -brussel lang:fr year:2011-2020",
            "fr",
            "Pages avec «\u00a0werk\u00a0» et sans «\u00a0brussel\u00a0», en français, 2011–2020",
        ),
        ('"pacte de l\'emploi"', "en", "Pages with “pacte de l emploi” word for word"),
        ('"werk"', "nl", "Pagina’s met “werk” in precies deze vorm"),
        ("xx werk OR plan", "en", "Pages with “xx” and (“werk” or “plan”)"),
        ("werk OR (plan xx)", "en", "Pages with “werk” or (“plan” and “xx”)"),
        ('"xx yy"~5', "en", "Pages with “xx” and “yy” with at most 5 other words between them"),
        ("werk*", "en", "Pages with “werk” as the beginning of a word"),
        ("plan~", "en", "Pages with “plan” with at most one typo"),
        ("title:(xx OR yy)", "en", "Pages with (“xx” or “yy”) in the title"),
        ("sociaal-economisch", "nl", "Pagina’s met “sociaal-economisch”"),
        ("pact voor de werkgelegenheid", "en",
         "Pages with “pact” and “werkgelegenheid”, ignoring common words (“voor”, “de”)"),
        ("voor de", "en", "Pages with “voor” and “de”"),
        ("-werk", "nl", "Pagina’s zonder “werk”"),
        ("year:2015 plan:new-deal", "nl", "Alle pagina’s, 2015, van het plan new-deal"),
        ("", "en", "No words to search for"),
    ],
)  # fmt: skip
def test_sentences(text: str, language: Language, sentence: str) -> None:
    assert read_as(parse(text), language) == sentence


def test_a_language_that_the_site_does_not_speak_gets_english() -> None:
    assert read_as(parse("werk"), "de") == read_as(parse("werk"), "en")


@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_every_notice_has_a_sentence_in_every_language(kind: NoticeKind) -> None:
    said = {notice_text(Notice(kind, "wat er {stond}"), language) for language in INTERFACE_LANGUAGES}
    assert len(said) == len(INTERFACE_LANGUAGES)
    assert all(sentence.endswith(".") for sentence in said)


def test_what_a_notice_repeats_is_kept_short() -> None:
    for language in LANGUAGES:
        assert len(notice_text(Notice("unknown field", "x" * 900), language)) < 200


@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_no_french_notice_parts_punctuation_from_its_word(kind: NoticeKind) -> None:
    text = notice_text(Notice(kind, "année:2020"), "fr")
    assert not re.search(r"«(?!\xa0)|(?<!\xa0)[»;!?]|\s:(?<!\xa0:)", text)
