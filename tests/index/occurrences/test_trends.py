"""How often a term occurs, against the words of its own language."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Description
from index.engine.contract import Filters
from index.indexer import open_engine
from index.occurrences import concordance as module
from index.occurrences.concordance import concordance
from index.occurrences.trends import Scale, Trend, trend
from index.query.parser import parse
from index.query.tree import UNDATED
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

ANYTHING = Filters()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("filled")
    room = ReadingRoom(folder)
    fill(room)
    room.close()
    return folder


@pytest.fixture
def room(filled: Path, tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom.copied(filled, tmp_path)
    yield room
    room.close()


def ask(
    room: ReadingRoom,
    term: str,
    language: Language | None = None,
    filters: Filters = ANYTHING,
    scale: Scale = "year",
) -> Trend:
    engine = open_engine(room.settings.data / "index")
    held = room.catalogue.documents()
    return trend(engine, room.catalogue, held, term, language, filters, scale)


def points(found: Trend) -> list[tuple[str, int, int]]:
    return [(point.place, point.count, point.words) for point in found.points]


def test_a_dutch_and_a_french_term_are_each_counted_against_their_own_words(room: ReadingRoom) -> None:
    dutch, french = ask(room, "werkgelegenheid"), ask(room, "emploi")
    assert (dutch.language, french.language) == ("nl", "fr")
    assert points(dutch) == [("2011", 2, 15), ("2015", 1, 7)]
    assert points(french) == [("2011", 6, 47), ("2015", 1, 13)]
    assert dutch.points[0].frequency == 10_000 * 2 / 15
    assert (dutch.count, dutch.words) == (3, 22)


def test_a_year_without_the_language_is_a_gap_and_one_without_the_term_a_zero(room: ReadingRoom) -> None:
    assert points(ask(room, "formation")) == [("2011", 1, 47), ("2015", 0, 13)]
    assert "2020" not in {point.place for point in ask(room, "formation").points}


def test_words_are_counted_without_their_compounds_unless_asked_for(room: ReadingRoom) -> None:
    text = "Het plan, de plannen en het beleidsplan voor beleid; plannen maken."
    room.add([make_page(1, [("paragraph", "nl", text)])], Description("Beleid", 2014, language="nl"))
    engine = open_engine(room.settings.data / "index")
    held = room.catalogue.documents()

    def counted(term: str, *, with_compounds: bool = False) -> Trend:
        return trend(
            *(engine, room.catalogue, held, term, "nl", Filters(years=(2014, 2014)), "year"),
            with_compounds=with_compounds,
        )

    alone, all_of_them = counted("plan"), counted("plan", with_compounds=True)
    assert [(form.word, form.count) for form in alone.forms.named] == [("plan", 1), ("plannen", 2)]
    assert [(form.word, form.count) for form in all_of_them.forms.named] == [
        ("plan", 1),
        ("plannen", 2),
        ("beleidsplan", 1),
    ]
    assert (alone.count, all_of_them.count) == (3, 4)
    assert (alone.term, alone.query, all_of_them.query) == ("plan", "compounds:no plan", "plan")
    assert counted("plan compounds:yes").count == counted("plan samenstellingen:ja").count == 4
    assert counted("plan compounds:no", with_compounds=True).count == 3
    assert counted('"plannen"').query == '"plannen"', "quotation marks leave nothing to say"
    assert counted("plannen").forms.named[0].word == "plannen", "the word asked comes first"


def test_forms_beyond_ten_are_told_as_a_number(room: ReadingRoom) -> None:
    text = " ".join([f"abc{letter}" for letter in "abcdefghijkl"] + ["abca", "abcb"])
    room.add([make_page(1, [("paragraph", "nl", text)])], Description("Veel", 2014, language="nl"))
    forms = ask(room, "abc*", "nl").forms
    assert (len(forms.named), forms.more, forms.more_count, forms.count) == (10, 2, 2, 14)
    assert (forms.searched, forms.named[0].word) == ("abc*", "abca"), "a beginning is no form"


def test_documents_without_a_year_or_plan_are_a_place_of_their_own(room: ReadingRoom) -> None:
    note = make_page(1, [("paragraph", "fr", "Un emploi par jeune.")])
    room.add([note], Description("Note", language="fr"))
    assert points(ask(room, "emploi")) == [("2011", 6, 47), ("2015", 1, 13), ("none", 1, 4)]
    assert points(ask(room, "emploi year:none")) == [("none", 1, 4)]
    assert points(ask(room, "emploi", filters=Filters(years=UNDATED))) == [("none", 1, 4)]
    assert points(ask(room, "emploi", scale="plan"))[-1] == ("none", 1, 4)
    assert points(ask(room, "emploi", filters=Filters(years=(1800, 2200)))) == [
        ("2011", 6, 47),
        ("2015", 1, 13),
    ]


def test_a_few_words_of_a_language_make_no_text_in_it(room: ReadingRoom) -> None:
    dutch = ("paragraph", "nl", "Dit verslag gaat over de begroting van het Gewest. " * 120)
    strays = [make_page(n, [dutch, ("paragraph", "fr", "Maison de l’emploi " * 9)]) for n in range(1, 5)]
    room.add(strays, Description("Verslag", 2026, language="nl"))
    found = ask(room, "emploi", "fr")
    assert points(found) == [("2011", 6, 47), ("2015", 1, 13)]
    assert [(stray.place, stray.count, stray.words) for stray in found.strays] == [("2026", 36, 4 * 36)]
    assert (found.count, found.stray_count) == (7, 36)
    assert ask(room, "formation", "fr").strays == ()
    passage = make_page(5, [("paragraph", "fr", "Un avis sur la politique de l’emploi " * 15)])
    room.add([*strays, passage], Description("Verslag met advies", 2026, language="nl"))
    found = ask(room, "emploi", "fr")
    assert points(found)[-1] == ("2026", 36 + 36 + 15, 2 * 4 * 36 + 15 * 8)
    assert found.strays == ()


def test_by_plan(room: ReadingRoom) -> None:
    assert points(ask(room, "emploi", scale="plan")) == [("new-deal", 6, 47), ("strategie-2025", 1, 13)]


def test_the_language_can_be_chosen(room: ReadingRoom) -> None:
    found = ask(room, "strategie", "fr")
    assert found.language == "fr"
    assert ask(room, "strategie").language in {"nl", "fr"}
    assert points(ask(room, "brussels", "en")) == [("2020", 1, 9)]
    assert ask(room, "emploi", "nl").count == 0


def test_a_term_that_does_not_occur_has_no_language_and_no_points(room: ReadingRoom) -> None:
    found = ask(room, "zzzz")
    assert (found.term, found.language, found.points) == ("zzzz", None, ())


def test_a_trend_stops_where_a_concordance_does(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OCCURRENCES", 6)
    with pytest.raises(module.TooManyOccurrences):
        ask(room, "emploi")
    monkeypatch.setattr(module, "MOST_OCCURRENCES", 7)
    assert ask(room, "emploi").count


@pytest.mark.parametrize("term", ["emploi", "emplo*", "emplois~", "emploi OR formation", "stratégie"])
def test_single_words_are_counted_without_reading_a_text(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    read: list[object] = []
    block_texts = Catalogue.block_texts

    def noted(catalogue: Catalogue, pages: Sequence[tuple[str, int, Language]]) -> list[list[str]]:
        read.append(pages)
        return block_texts(catalogue, pages)

    monkeypatch.setattr(Catalogue, "block_texts", noted)
    found = ask(room, term)
    assert (found.count + found.stray_count > 0, read) == (True, [])
    by_reading = ask(room, f"({term}) -xyz")
    assert read
    assert (found.points, found.strays) == (by_reading.points, by_reading.strays)
    assert [form.count for form in by_reading.forms.named if form.count] == [
        form.count for form in found.forms.named if form.count
    ]


def test_a_trend_names_the_state_of_the_index_that_it_counts_in(room: ReadingRoom) -> None:
    engine = open_engine(room.settings.data / "index")
    held = room.catalogue.documents()
    before = trend(engine, room.catalogue, held, "emploi", None, ANYTHING, "year").generation
    assert before == engine.generation()
    room.add([make_page(1, [("paragraph", "fr", "emploi")])], Description("Plan", 2012, language="fr"))
    engine.refresh()
    assert trend(engine, room.catalogue, held, "emploi", None, ANYTHING, "year").generation != before


@pytest.mark.parametrize(
    ("filters", "in_the_query"),
    [
        (Filters(years=(2011, 2012)), "emploi year:2011-2012"),
        (Filters(plans=frozenset({"strategie-2025"})), "emploi plan:strategie-2025"),
        (Filters(languages=frozenset({"fr"})), "emploi lang:fr"),
    ],
)
def test_filters_narrow_occurrences_and_words_alike(
    room: ReadingRoom, filters: Filters, in_the_query: str
) -> None:
    assert points(ask(room, "emploi", filters=filters)) == points(ask(room, in_the_query))
    assert all(point.count for point in ask(room, "emploi", filters=filters).points)


def test_a_point_counts_the_lines_of_the_concordance(room: ReadingRoom) -> None:
    engine = open_engine(room.settings.data / "index")
    for term in ("emploi", '"emploi des jeunes"', "emplo*", "werkgelegenheid", "jeune -formation"):
        found = ask(room, term)
        for point in found.points:
            year = int(point.place)
            filters = Filters(
                years=(year, year), languages=frozenset({found.language} if found.language else ())
            )
            lines = concordance(engine, room.catalogue, parse(term), filters, "year").lines
            assert len(lines) == point.count


def test_withdrawn_documents_count_for_nothing(room: ReadingRoom) -> None:
    before = points(ask(room, "emploi"))
    added = room.add(
        [make_page(1, [("paragraph", "fr", "emploi emploi emploi")])], Description("X", 2011, language="fr")
    )
    assert points(ask(room, "emploi"))[0] == ("2011", before[0][1] + 3, before[0][2] + 3)
    room.catalogue.withdraw(added.id, "a test", "test")
    assert points(ask(room, "emploi")) == before
