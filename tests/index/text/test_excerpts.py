"""Excerpts with marks, boxes on the page, and the quick way to the words of a text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.languages import LANGUAGES, Language
from archive.records import Block, Word
from index.engine.whoosh_index.text_matches import Finder
from index.language.stemming import OTHER_BEGINNINGS
from index.query.parser import parse
from index.text.analysis import fold, stem, tokens
from index.text.excerpts import Fragment, boxes_of, excerpt
from index.text.fast_words import TextWords, words
from index.text.writing import written_form

TEXT = (
    "Het Sociaal Pact voor de Werkgelegenheid van de Brusselaars werd gesloten in 2002. "
    "De sociale gesprekspartners namen er deel aan het uitwerken van het beleid. "
    "Opleiding en tewerkstelling kregen voorrang, en de administratie werd eenvoudiger. "
    "Een jaar later volgde een eerste evaluatie van het pact en van de opleiding."
)


def spans_of(text: str, *wanted: str) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in tokens(text) if token.text in wanted]


def shown(fragments: list[Fragment]) -> str:
    return "".join(f"[{piece.text}]" if piece.mark else piece.text for piece in fragments)


def test_an_excerpt_shows_the_densest_matches_between_whole_words() -> None:
    fragments = excerpt(TEXT, spans_of(TEXT, "sociale", "gesprekspartners", "deel"), 70)
    text = shown(fragments)
    assert "[sociale] [gesprekspartners] namen er [deel]" in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert all(word in TEXT for word in text.replace("[", "").replace("]", "").strip("… ").split())


def test_two_excerpts_show_words_that_stand_far_apart() -> None:
    text = shown(excerpt(TEXT, spans_of(TEXT, "brusselaars", "evaluatie"), 100))
    assert "[Brusselaars]" in text
    assert "[evaluatie]" in text
    assert text.count("…") >= 2


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("Het pact.", [(4, 8)]) == [
        Fragment("Het ", False),
        Fragment("pact", True),
        Fragment(".", False),
    ]
    assert excerpt("", []) == []
    assert excerpt("pact", [(0, 4)]) == [Fragment("pact", True)]


def test_without_matches_the_beginning_is_shown() -> None:
    assert shown(excerpt("\n " + TEXT, [], 39)) == "Het Sociaal Pact voor de …"


def test_white_space_becomes_one_space() -> None:
    assert shown(excerpt("Doel  in\n2011 \nBudget", [(9, 13)])) == "Doel in [2011] Budget"


def test_numbers_in_two_cells_are_not_one() -> None:
    text = "Werk:\n2009\t102\t204\n2010\t5 000\t7\nBron: RSZ\nen RVA"
    line = "Werk: / 2009 | 102 | 204 / 2010 | 5 000 | 7 / Bron: RSZ en RVA"
    assert shown(excerpt(text, [])) == line
    for start, end in ((6, 10), (11, 14), (15, 18), (19, 23), (24, 29), (30, 31), (32, 37)):
        word = text[start:end]
        assert shown(excerpt(text, [(start, end)])) == line.replace(word, f"[{word}]", 1)


def test_a_match_longer_than_the_excerpt_is_cut_between_words() -> None:
    start = TEXT.index("gesloten")
    text = shown(excerpt(TEXT, [(start, len(TEXT))], 60))
    assert text.startswith("… [gesloten in 2002.")
    assert text.endswith("] …")
    assert len(text) < 80


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    text = "a" * 500
    assert len(shown(excerpt(text, [], 100))) <= 102
    assert len(shown(excerpt(text, [(200, 210)], 100))) <= 110


@given(
    st.text("ab \n", max_size=300),
    st.lists(st.integers(0, 300), max_size=12),
    st.integers(10, 120),
)
def test_an_excerpt_is_never_much_longer_and_marks_only_matches(
    text: str, edges: list[int], length: int
) -> None:
    edges = sorted({min(edge, len(text)) for edge in edges})
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    fragments = excerpt(text, spans, length)
    assert len(shown(fragments)) <= length + 10 + 2 * len(fragments)
    matches = {" ".join(text[start:end].split()) for start, end in spans}
    for piece in fragments:
        if piece.mark:
            assert any(" ".join(piece.text.split()) in match for match in matches)
    if spans and any(text[start:end].strip() for start, end in spans):
        assert any(piece.mark for piece in fragments)


# Boxes


def block(text: str, top: float) -> Block:
    """A block of words drawn one beside the other, ten points each; a hyphenated one in two boxes."""
    drawn = []
    start = 0
    for number, part in enumerate(text.split(" ")):
        boxes = [(10.0 * number, top, 10.0 * number + 9, top + 9)]
        if part == "werkgelegenheid":
            boxes.append((0.0, top + 10, 9.0, top + 19))
        drawn.append(Word(part, start, tuple(boxes)))
        start += len(part) + 1
    return Block("paragraph", "nl", text, tuple(drawn))


def test_boxes_are_those_of_the_words_touched() -> None:
    blocks = [block("Le pacte de l’emploi,", 0), block("de werkgelegenheid en meer", 100)]
    text = "\n".join(each.text for each in blocks)
    assert boxes_of(blocks, spans_of(text, "emploi")) == [(30, 0, 39, 9)]
    assert boxes_of(blocks, spans_of(text, "l", "emploi")) == [(30, 0, 39, 9)], "one word, drawn once"
    assert boxes_of(blocks, spans_of(text, "werkgelegenheid")) == [(10, 100, 19, 109), (0, 110, 9, 119)]
    across = (text.index("emploi"), text.index("werk"))
    assert boxes_of(blocks, [across]) == [(30, 0, 39, 9), (0, 100, 9, 109)]
    assert boxes_of(blocks, []) == []
    assert boxes_of([], [(0, 5)]) == []


def test_boxes_leave_out_text_that_was_not_drawn() -> None:
    drawn = Block("table", "nl", "a\tb", (Word("b", 2, ((5, 5, 6, 6),)),))
    assert boxes_of([drawn], [(0, 1)]) == []
    assert boxes_of([drawn], [(0, 3)]) == [(5, 5, 6, 6)]


# Words


@given(st.text() | st.text("ab1 2,.5\n\t'’-\u00a0\u00ad\u0301éﬁ", max_size=60))
@example("2 500 000 euro\n1 000")
@example("1 000\n000 2\u00a0500 3.5")
def test_the_quick_way_to_words_gives_the_words_of_the_analysis(text: str) -> None:
    exact = tokens(text)
    quick = TextWords(text)
    assert words(text) == quick.all == [token.text for token in exact]
    assert [quick.place(number) for number in range(len(exact))] == exact


@settings(max_examples=2000)
@given(st.text("abcdefghijklmnoprstuvwyzäéèœßij", min_size=1, max_size=9), st.sampled_from(LANGUAGES))
@example("gewerkt", "nl")
@example("yeux", "fr")
@example("dying", "en")
@example("überhaupt", "de")
@example("genutzt", "de")
def test_the_stem_of_a_longer_word_begins_as_the_word_does(text: str, language: Language) -> None:
    """Marking relies on it, to stem only the words that may be meant."""
    for token in tokens(text):
        if len(token.text) > 2 and not token.text.startswith(OTHER_BEGINNINGS[language]):
            assert stem(token.text, language)[:1] == fold(token.text)[:1]


@given(st.text(alphabet="éÉeEŒœ aB.2'026 -\n"))
def test_written_forms_are_those_of_the_words_in_their_places(text: str) -> None:
    expected = {}
    for number, token in enumerate(tokens(text)):
        if form := written_form(text[token.start : token.end]):
            expected[number] = form
    assert TextWords(text).written == expected


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        ("EEN", "EEN"),
        ("Eén", "Eén"),
        ("ŒUVRE", "OEUVRE"),
        ("É\u00adTAT", "ÉTAT"),
        ("Brussel", ""),
        ("brussel", ""),
        ("2.026", "2.026"),
        ("2\u202f026", "2 026"),
        ("2’026", "2'026"),
        ("3,5", "3,5"),
        ("2026", ""),
        ("1/2", ""),
        ("½", ""),
    ],
)
def test_what_has_a_written_form(raw: str, form: str) -> None:
    assert written_form(raw) == form


def test_a_form_that_begins_with_another_letter_is_marked() -> None:
    def no_compounds(_word: str, _language: Language) -> tuple[str, ...]:
        return ()

    text = "Un œil, deux yeux, oeillère."
    for asked in ("yeux", "œil"):
        found = Finder(parse(asked).tree, "fr", no_compounds).find(text)
        assert [text[start:end] for start, end in found] == ["œil", "yeux"]
    text = "Sie nutzen, was genutzt wird."
    for asked in ("nutzen", "genutzt"):
        found = Finder(parse(asked).tree, "de", no_compounds).find(text)
        assert [text[start:end] for start, end in found] == ["nutzen", "genutzt"]
