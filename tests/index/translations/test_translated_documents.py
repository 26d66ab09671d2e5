"""Which documents of an archive translate each other, and which columns of one."""

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from archive.database.database import NotACatalogue
from archive.languages import LANGUAGES, Language
from archive.records import Description, Document, Page
from index.indexer import open_engine
from index.studies import Studies
from index.translations.translated_documents import (
    LEAST_SHARE,
    LIKELY,
    TextKey,
    TranslatedDocuments,
    Translation,
)
from tests.surroundings.reading_room import ReadingRoom, Said, make_page

SENTENCES: Sequence[tuple[str, str]] = (
    (
        "De regering en de sociale gesprekspartners sloten op {day} april {year} een pact.",
        "Le gouvernement et les interlocuteurs sociaux ont conclu un pacte le {day} avril {year}.",
    ),
    (
        "Het telt {first} maatregelen voor de werkgelegenheid van jongeren in Brussel.",
        "Il compte {first} mesures pour l’emploi des jeunes à Bruxelles.",
    ),
    (
        "ACTIRIS begeleidt elk jaar {second} werkzoekenden naar een opleiding of een baan.",
        "ACTIRIS accompagne chaque année {second} demandeurs d’emploi vers une formation ou un emploi.",
    ),
    (
        "De opvolging gebeurt in Brupartners, dat {third} keer vergadert in {year}.",
        "Le suivi a lieu au sein de Brupartners, qui se réunit {third} fois en {year}.",
    ),
    (
        "Voor de scholen is {fourth} euro voorzien, voor de ondernemingen {first} euro.",
        "Un montant de {fourth} euros est prévu pour les écoles, de {first} euros pour les entreprises.",
    ),
    (
        "Het BISA publiceert voor het einde van {year} een evaluatie van {fourth} bladzijden.",
        "L’IBSA publie avant la fin de {year} une évaluation de {fourth} pages.",
    ),
)


def sentences(year: int, language: Language) -> list[str]:
    """A text about the pact of a year; those of other years differ in their numbers alone."""
    numbers = {
        "year": year,
        "day": year % 27 + 1,
        "first": year * 7 % 1000,
        "second": year * 31 % 100_000,
        "third": year % 9 + 2,
        "fourth": year * 13 % 10_000,
    }
    return [pair[language == "fr"].format(**numbers) for pair in SENTENCES]


def pages_of(year: int, language: Language) -> list[Page]:
    texts = sentences(year, language)
    halves = texts[:3], texts[3:]
    return [
        make_page(number, [("paragraph", language, text) for text in half])
        for number, half in enumerate(halves, 1)
    ]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path)
    yield room
    room.close()


def add(room: ReadingRoom, year: int, language: Language, *, is_described: bool = True) -> Document:
    description = Description(f"Pact {year} {language}", year if is_described else None, language=language)
    return room.add(pages_of(year, language), description, filename=f"{year}-{language}.pdf")


class Reader:
    """Asks for translations as the reading room does."""

    def __init__(self, room: ReadingRoom) -> None:
        self.translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
        self._engine = open_engine(room.settings.data / "index")

    def find(self, document: Document, source: Language, target: Language) -> Translation | None:
        return self.translations.translation(TextKey(document.id, source), target, self._engine)

    def all(self, document: Document, source: Language) -> list[TextKey]:
        """The best translations, best first, one for each language that there is one in."""
        found = filter(None, (self.find(document, source, each) for each in LANGUAGES if each != source))
        return [each.key for each in sorted(found, key=lambda translation: -translation.share)]


def test_a_document_that_is_read_anew_in_another_language_meanwhile_translates_nothing(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the proposal of a document and the look at its numbers."""
    dutch = add(room, 2011, "nl")
    french = [add(room, year, "fr") for year in (2011, 2012)]
    reader = Reader(room)
    document = room.catalogue.document

    def after_others_were_read(identifier: str) -> Document:
        if identifier == french[0].id:
            room.catalogue.store_pages(french[1].id, pages_of(2012, "en"), (), None, "test")
        return document(identifier)

    monkeypatch.setattr(room.catalogue, "document", after_others_were_read)
    found = reader.find(dutch, "nl", "fr")
    assert found is not None
    assert found.key.document == french[0].id


@pytest.mark.parametrize("is_described", [True, False], ids=["described", "by content alone"])
def test_each_plan_finds_its_own_translation_and_never_that_of_another_year(
    room: ReadingRoom, is_described: bool
) -> None:
    years = (2002, 2005, 2011, 2015)
    dutch = {year: add(room, year, "nl", is_described=is_described) for year in years}
    french = {year: add(room, year, "fr", is_described=is_described) for year in years}
    reader = Reader(room)
    for year in years:
        for document, source, target, other in (
            (dutch[year], "nl", "fr", french[year]),
            (french[year], "fr", "nl", dutch[year]),
        ):
            found = reader.find(document, source, target)
            assert found is not None
            assert found.key == (other.id, target)
            assert found.share >= LEAST_SHARE
        assert reader.all(dutch[year], "nl") == [(french[year].id, "fr")]


def test_a_document_without_translation_has_none(room: ReadingRoom) -> None:
    alone = add(room, 2011, "nl")
    room.add(
        [
            make_page(1, [("paragraph", "fr", "La commune entretient les chemins ruraux et les fossés.")]),
            make_page(2, [("paragraph", "fr", "Le marché de 2011 se tient le mardi matin sur la place.")]),
        ],
        Description("Commune", 2011, language="fr"),
    )
    reader = Reader(room)
    assert reader.find(alone, "nl", "fr") is None
    assert reader.all(alone, "nl") == []


def test_a_document_of_the_same_year_and_plan_is_no_translation_for_that(room: ReadingRoom) -> None:
    """A summary shares plan, year and some numbers, and cannot be laid beside the plan."""
    plan = add(room, 2011, "nl")
    summary: list[Said] = [
        ("heading", "fr", "Synthèse 2011"),
        ("paragraph", "fr", "Bruxelles a connu six plans depuis 2002, dont celui de 2011 avec ACTIRIS."),
        ("paragraph", "fr", "La présente note rappelle leurs titres et renvoie aux textes officiels."),
        ("paragraph", "fr", "Elle ne remplace pas ces textes, que chacun peut consulter librement."),
    ]
    room.add([make_page(1, summary)], Description("Synthèse", 2011, language="fr"))
    assert Reader(room).find(plan, "nl", "fr") is None


def test_two_columns_of_one_page_are_texts_of_one_document(room: ReadingRoom) -> None:
    said: list[Said] = []
    for dutch, french in zip(sentences(2020, "nl"), sentences(2020, "fr"), strict=True):
        said += [("paragraph", "fr", french), ("paragraph", "nl", dutch)]
    document = room.add([make_page(1, said)], Description("Overleg – Concertation", 2020))
    add(room, 2020, "nl")
    reader = Reader(room)
    french, dutch = TextKey(document.id, "fr"), TextKey(document.id, "nl")
    found = reader.find(document, "fr", "nl")
    assert found is not None
    assert found.key == dutch
    beads = reader.translations.aligned(french, dutch).beads
    assert [(tuple(bead.left), tuple(bead.right)) for bead in beads if bead.confidence >= LIKELY] == [
        ((number,), (number,)) for number in range(len(SENTENCES))
    ]


def test_a_pair_is_the_same_from_both_sides(room: ReadingRoom) -> None:
    one, other = TextKey(add(room, 2011, "nl").id, "nl"), TextKey(add(room, 2011, "fr").id, "fr")
    translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
    there, back = translations.aligned(one, other), translations.aligned(other, one)
    assert (there.left.key, there.right.key) == (one, other)
    assert (back.left.key, back.right.key) == (other, one)
    assert there.share == back.share
    assert [(bead.left, bead.right, bead.confidence) for bead in there.beads] == [
        (bead.right, bead.left, bead.confidence) for bead in back.beads
    ]


def test_withdrawn_documents_are_no_translations(room: ReadingRoom) -> None:
    dutch, french = add(room, 2011, "nl"), add(room, 2011, "fr")
    reader = Reader(room)
    assert reader.find(dutch, "nl", "fr") is not None
    room.catalogue.withdraw(french.id, "a test", "test")
    assert reader.find(dutch, "nl", "fr") is None


def test_a_page_that_is_read_anew_is_aligned_anew(room: ReadingRoom) -> None:
    dutch, french = add(room, 2011, "nl"), add(room, 2011, "fr")
    translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
    keys = TextKey(dutch.id, "nl"), TextKey(french.id, "fr")
    assert translations.aligned(*keys).share > 0.9
    other = [make_page(1, [("paragraph", "fr", "La piscine ferme en août pour des travaux de peinture.")])]
    room.catalogue.store_pages(french.id, other, (), None, "test")
    assert translations.aligned(*keys).share < LEAST_SHARE
    assert len(translations.text(keys[1]).units) == 1


def test_a_language_that_a_document_is_not_written_in_is_an_empty_text(room: ReadingRoom) -> None:
    dutch, french = add(room, 2011, "nl"), add(room, 2011, "fr")
    translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
    assert translations.languages(dutch.id) == ("nl",)
    nothing = TextKey(french.id, "de")
    assert not translations.text(nothing).units
    texts = translations.aligned(TextKey(dutch.id, "nl"), nothing)
    assert texts.share == 0.0
    assert all(bead.confidence == 0.0 for bead in texts.beads)
    assert translations.sentences(TextKey(dutch.id, "nl"), nothing).all == []


def test_sentences_are_those_of_likely_passages(room: ReadingRoom) -> None:
    keys = TextKey(add(room, 2011, "nl").id, "nl"), TextKey(add(room, 2011, "fr").id, "fr")
    pairs = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies")).sentences(*keys).all
    assert [([one.text for one in pair.left], [other.text for other in pair.right]) for pair in pairs] == [
        ([dutch], [french])
        for dutch, french in zip(sentences(2011, "nl"), sentences(2011, "fr"), strict=True)
    ]


def test_many_readers_at_once_get_one_answer_that_is_worked_out_once(room: ReadingRoom) -> None:
    dutch, french = add(room, 2011, "nl"), add(room, 2011, "fr")
    translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
    keys = TextKey(dutch.id, "nl"), TextKey(french.id, "fr")
    with ThreadPoolExecutor(8) as readers:
        found = list(readers.map(lambda _number: translations.sentences(*keys), range(16)))
    assert len({id(pairs) for pairs in found}) == 1


def test_a_failure_is_not_kept(room: ReadingRoom) -> None:
    key = TextKey(add(room, 2011, "nl").id, "nl")
    translations = TranslatedDocuments(room.catalogue, Studies(room.settings.data / "studies"))
    catalogue = room.settings.data / "catalogue.sqlite"
    with closing(sqlite3.connect(catalogue)) as connection:
        connection.execute("ALTER TABLE passages RENAME TO away")
        with pytest.raises(NotACatalogue):
            translations.text(key)
        connection.execute("ALTER TABLE away RENAME TO passages")
    assert translations.text(key).units
