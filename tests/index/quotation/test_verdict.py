"""Quotations, looked up in a real catalogue through the real engine."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from archive.errors import UsageError
from archive.languages import Language
from archive.records import BlockKind, Description, Page
from index.engine.contract import Engine
from index.indexer import open_engine
from index.quotation.continuous_text import continuous_texts, worded
from index.quotation.differences import Difference, align
from index.quotation.quote_report import QuoteReport, as_json
from index.quotation.verdict import MOST_WORDS, find, quoted_passages_on_page
from index.text.comparable_words import Letters, wordings
from tests.surroundings.reading_room import ReadingRoom, make_page

PLEDGE = (
    "De Brusselse regering en de sociale partners verbinden zich ertoe om tegen 2025 niet minder dan 2.500 "
    "stageplaatsen te scheppen in het onderwijs en in de zorg."
)
STRATEGY = (
    "La stratégie repose sur l'emploi, la formation et l’œuvre commune des partenaires sociaux, "
    "avec un budget de 3,5 % du total."
)
OTHER = "Elk jaar beoordeelt een onafhankelijke raad de voortgang van alle werven en brengt zij verslag uit."


def page(number: int, *texts: str, language: Language = "nl", kind: BlockKind = "paragraph") -> Page:
    return make_page(number, [(kind, language, text) for text in texts], label=f"p{number}")


class Archive(NamedTuple):
    room: ReadingRoom
    engine: Engine

    def find(self, text: str) -> QuoteReport:
        return find(text, self.engine, self.room.catalogue)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    room = ReadingRoom(folder)
    head: Sequence[tuple[BlockKind, Language, str]] = [("running", "nl", "Pact voor de toekomst 12")]
    room.add(
        [
            page(1, "Inleiding", PLEDGE),
            make_page(
                2, [*head, ("paragraph", "nl", "Deze zin begint onderaan de bladzijde en gaat daarna")]
            ),
            make_page(3, [*head, ("paragraph", "nl", "verder op de volgende, zonder dat iemand het merkt.")]),
            make_page(
                4,
                [("paragraph", "fr", STRATEGY), ("paragraph", "nl", "De strategie steunt op vier pijlers.")],
            ),
            page(5, "Zo staat het er twee keer. Zo staat het er twee keer."),
        ],
        Description(title="Pact", year=2011, plan="new-deal", kind="plan"),
        filename="pact.pdf",
    )
    room.add([page(1, OTHER), page(2, "Het pact telt 100 werven.")], Description(title="Verslag", year=2012))
    withdrawn = room.add(
        [page(1, "Dit geheime besluit werd later weer ingetrokken.")], Description(title="Weg")
    )
    room.catalogue.withdraw(withdrawn.id, "niet voor lezers", "test")
    yield Archive(room, open_engine(folder / "index"))
    room.close()


@pytest.mark.parametrize(
    "quotation",
    [
        PLEDGE,
        "de Brusselse regering en de sociale partners",
        "“De Brusselse regering en de sociale partners”",
        "Sociale partners verbinden zich",
        "verbinden zich ertoe om tegen\n2025 niet minder dan 2 500 stage-\nplaatsen te scheppen",
        "in het onder\u00adwijs en in de zorg",
        "De strategie steunt op vier pijlers",
        "stratégie repose sur l’emploi, la formation et l'oeuvre commune",
        "un budget de 3,5% du total",
        "Deze zin begint onderaan de bladzijde en gaat daarna verder op de volgende",
        "Pact voor de toekomst",
    ],
)
def test_verbatim(archive: Archive, quotation: str) -> None:
    report = archive.find(quotation)
    assert report.verdict == "verbatim"
    assert not any(match.differences for match in report.matches)


def test_a_match_says_where(archive: Archive) -> None:
    (match,) = archive.find("sociale partners verbinden zich").matches
    assert (match.page, match.page_label, match.language) == (1, "p1", "nl")
    assert match.text == "sociale partners verbinden zich"
    assert len(match.boxes) == 4
    assert match.document == archive.room.catalogue.documents()[0].id


def test_every_place_is_found(archive: Archive) -> None:
    matches = archive.find("Zo staat het er twee keer").matches
    assert len(matches) == 2
    assert matches[0].boxes != matches[1].boxes


def test_over_a_page_break_it_is_on_the_page_where_it_begins(archive: Archive) -> None:
    (match,) = archive.find("de bladzijde en gaat daarna verder op de volgende").matches
    assert match.page == 2
    assert match.text == "de bladzijde en gaat daarna verder op de volgende"
    assert len(match.boxes) == 5


@pytest.mark.parametrize(
    ("quotation", "differences"),
    [
        (
            "verbinden zich ertoe om tegen 2025 minder dan 2.500 stageplaatsen te scheppen",
            [("negation", "", "niet")],
        ),
        (
            "verbinden zich ertoe om tegen 2025 niet minder dan 3.500 stageplaatsen te scheppen",
            [("number", "3.500", "2.500")],
        ),
        ("verbinden zich ertoe om tegen 2025 niet minder dan 2.500 werkplaatsen te scheppen",
         [("substitution", "werkplaatsen", "stageplaatsen")]),
        ("De Brusselse regering en de partners verbinden zich ertoe", [("deletion", "", "sociale")]),
        ("De Brusselse regering en ook de sociale partners verbinden zich", [("insertion", "ook", "")]),
        ("De brusselse regering en de sociale partners", [("case", "brusselse", "Brusselse")]),
        ("La strategie repose sur l'emploi, la formation", [("accent", "strategie", "stratégie")]),
        ("avec un budget de 3,5 € du total", [("substitution", "€", "%")]),
        ("De strategie steunt op vijf pijlers", [("number", "vijf", "vier")]),
        (
            "en de partners verbinden zich ertoe om tegen 2025 minder dan 2.500 stageplaatsen te scheppen",
            [("deletion", "", "sociale"), ("negation", "", "niet")],
        ),
    ],
)  # fmt: skip
def test_altered(archive: Archive, quotation: str, differences: list[tuple[str, str, str]]) -> None:
    report = archive.find(quotation)
    assert report.verdict == "altered"
    assert report.matches[0].differences == tuple(Difference(*difference) for difference in differences)  # type: ignore[arg-type]


def test_assembled_from_two_places(archive: Archive) -> None:
    report = archive.find(
        "De Brusselse regering en de sociale partners alle werven en brengt zij verslag uit"
    )
    assert report.verdict == "assembled"
    assert [match.text for match in report.matches] == [
        "De Brusselse regering en de sociale partners",
        "alle werven en brengt zij verslag uit",
    ]
    assert len({match.document for match in report.matches}) == 2


@pytest.mark.parametrize("ellipsis", ["…", "[…]", "(...)", "[ . . . ]", "..."])
def test_an_ellipsis_stands_for_anything(archive: Archive, ellipsis: str) -> None:
    report = archive.find(
        f"De Brusselse regering {ellipsis} tegen 2025 {ellipsis} in het onderwijs {ellipsis}"
    )
    assert report.verdict == "verbatim"
    assert report.matches[0].text == "De Brusselse regering … tegen 2025 … in het onderwijs"
    assert len(report.matches[0].boxes) == 8


def test_an_ellipsis_keeps_the_order(archive: Archive) -> None:
    report = archive.find(
        "stageplaatsen te scheppen in het onderwijs […] De Brusselse regering en de sociale partners"
    )
    assert report.verdict == "assembled"
    assert len(report.matches) == 2


def test_an_alteration_beside_an_ellipsis(archive: Archive) -> None:
    report = archive.find(
        "De Brusselse regering en de vaste partners … stageplaatsen te scheppen in het onderwijs"
    )
    assert report.verdict == "altered"
    assert report.matches[0].differences == (Difference("substitution", "vaste", "sociale"),)


@pytest.mark.parametrize(
    "quotation",
    [
        "Hier staat een zin die in geen enkel stuk van dit archief ooit werd geschreven",
        "zorg de in en onderwijs het in scheppen te stageplaatsen 2.500 dan minder niet",
        "xyzzy qwerty asdf zxcvb",
        "",
        " …  ",
        "Dit geheime besluit werd later weer ingetrokken",
        "\x00\ud800",
    ],
)
def test_not_found(archive: Archive, quotation: str) -> None:
    assert archive.find(quotation) == QuoteReport("not found")


def test_a_part_of_a_word_is_no_quotation(archive: Archive) -> None:
    assert archive.find("russelse regering en de sociale partners").verdict == "altered"


def test_a_book_is_no_quotation(archive: Archive) -> None:
    archive.find("woord " * MOST_WORDS)
    with pytest.raises(UsageError, match="1001 words"):
        archive.find("woord " * (MOST_WORDS + 1))
    with pytest.raises(UsageError, match="21 parts"):
        archive.find("de … " * 21)


def test_words_over_and_over_do_not_take_long(archive: Archive) -> None:
    assert archive.find("de " * MOST_WORDS).verdict == "not found"
    assert archive.find("Zo … " * 20).verdict in {"assembled", "altered", "not found"}


def test_json_is_as_designed(archive: Archive) -> None:
    report = archive.find("De brusselse regering en de sociale partners")
    body = as_json(report, lambda match: f"/page/{match.page}", "/search")
    assert body["verdict"] == "altered"
    (match,) = body["matches"]
    assert list(match) == [
        *(
            "document",
            "page",
            "page_label",
            "text",
            "boxes",
            "differences",
            "between",
            "omissions",
            "doubtful",
            "cells",
            "apart",
            "order_unsure",
            "url",
        )
    ]
    assert (body["too_short"], body["search"]) == (False, None)
    assert match["differences"] == [{"kind": "case", "quoted": "brusselse", "original": "Brusselse"}]
    assert match["url"] == "/page/1"
    assert all(len(box) == 4 for box in match["boxes"])


def test_an_altered_passage_is_shown_in_order_with_its_differences(archive: Archive) -> None:
    (match,) = archive.find("de brusselse regering en de sociale partners (…) niet minder dan 3.500").matches
    assert match.comparison == (
        "De",
        Difference("case", "brusselse", "Brusselse"),
        "regering en de sociale partners",
        "…",
        "niet minder dan",
        Difference("number", "3.500", "2.500"),
    )


@pytest.mark.parametrize(
    ("number", "marked"),
    [
        (2, ["gaat daarna"]),
        (3, ["verder op de volgende"]),
        (4, []),
    ],
)
def test_a_passage_over_a_page_break_is_found_on_both_pages(
    archive: Archive, number: int, marked: list[str]
) -> None:
    (match,) = archive.find("gaat daarna verder op de volgende").matches
    standings = list(quoted_passages_on_page(match.text, match.document, number, archive.room.catalogue))
    page = archive.room.catalogue.page(match.document, number)
    text = "\n".join(passage.text for passage in page.blocks if passage.language == "nl")
    found = [([each.number for each in standing.pages], standing.spans) for standing in standings]
    assert ["".join(text[start:end] for start, end in spans) for _pages, spans in found] == marked
    assert all(pages == [2, 3] for pages, _spans in found)


def test_each_part_of_a_passage_with_ellipses_is_found_on_its_page(archive: Archive) -> None:
    (match,) = archive.find("begint onderaan (…) zonder dat iemand").matches
    assert match.text == "begint onderaan … zonder dat iemand"
    for number in (2, 3):
        (standing,) = quoted_passages_on_page(match.text, match.document, number, archive.room.catalogue)
        assert standing.text == match.text
        assert len(standing.spans) == 1


def test_the_oldest_document_comes_first(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    years = {
        room.add([page(1, PLEDGE), page(2, f"Uit {year}")], Description(title=str(year), year=year)).id: year
        for year in (2020, 2002, 2011)
    }
    report = find(PLEDGE, open_engine(tmp_path / "index"), room.catalogue)
    assert [years[match.document] for match in report.matches] == [2002, 2011, 2020]
    altered = find(PLEDGE.replace("2.500", "9.500"), open_engine(tmp_path / "index"), room.catalogue)
    assert [years[match.document] for match in altered.matches] == [2002, 2011, 2020]
    room.close()


def letters(text: str) -> Letters:
    return Letters(list(wordings(text)))


def test_other_spaces_make_other_words() -> None:
    alignment = align(
        letters("de werk gelegenheid stijgt snel"), letters("Nu de werkgelegenheid stijgt zeer snel")
    )
    assert alignment is not None
    assert alignment.comparison == (
        "de",
        Difference("substitution", "werk gelegenheid", "werkgelegenheid"),
        "stijgt",
        Difference("deletion", "", "zeer"),
        "snel",
    )


def test_differences_are_shown_as_they_are_written() -> None:
    alignment = align(letters("hij zei dat het moest"), letters("hij zei volgens l'Echo dat het moest"))
    assert alignment is not None
    gap = Difference("deletion", "", "volgens l'Echo")
    assert alignment.comparison == ("hij zei", gap, "dat het moest")


def test_nothing_is_near_to_other_words() -> None:
    assert align(letters("een twee drie"), letters("vier vijf zes")) is None


def test_ligatures_with_capitals() -> None:
    assert [word.cased for word in wordings("Œuvre ĲS ﬁn Straße 2.500")] == [
        "Oeuvre",
        "IJS",
        "fin",
        "Straße",
        "2500",
    ]


def test_running_heads_stand_aside() -> None:
    pages = [
        make_page(1, [("paragraph", "nl", "een zin die"), ("running", "nl", "voet 1")]),
        make_page(
            2, [("running", "nl", "hoofd"), ("paragraph", "nl", "doorloopt"), ("paragraph", "fr", "non")]
        ),
    ]
    texts = continuous_texts("x", "nl", [worded(each, "nl") for each in pages])
    assert [text.text(0, len(text.letters.words)) for text in texts] == [
        "een zin die doorloopt",
        "voet 1",
        "hoofd",
    ]
    assert (texts[0].page_of(2).number, texts[0].page_of(3).number) == (1, 2)
    assert len(texts[0].boxes(0, 4, pages[1])) == 1


@pytest.mark.parametrize("also_one", [False, True])
def test_cells_that_were_copied_together_are_not_one_number(tmp_path: Path, also_one: bool) -> None:
    """Between them there is a tab in the table, and a space in the quotation."""
    room = ReadingRoom(tmp_path)
    cells = [("table", "nl", "Jaar\tWerk\tZorg\nEr zijn\t102\t204\twerkzoekenden")]
    table = room.add([make_page(1, cells)], Description("Tabel", 2011))  # type: ignore[arg-type]
    if also_one:
        room.add([page(1, "Er zijn 102 204 werkzoekenden.")], Description("Verslag", 2012))
    report = find("Er zijn 102 204 werkzoekenden", open_engine(tmp_path / "index"), room.catalogue)
    assert report.verdict == "verbatim"
    assert len(report.matches) == 1 + also_one
    assert (report.matches[0].document, report.matches[0].text) == (
        table.id,
        "Er zijn | 102 | 204 | werkzoekenden",
    )
    room.close()


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("figures")
    room = ReadingRoom(folder)
    table: BlockKind = "table"
    room.add(
        [
            make_page(1, [(table, "nl", "Lasten\t-5.234\t-6.802\t−4.204\nBaten\t10\t102\t\t7")]),
            make_page(2, [(table, "fr", "Estimation du nombre d’habitants desservis\t12 122\t13 950")]),
            page(3, "De termijn van -9 maanden en een looptijd ≥ 1 jaar, met een bedrag van € 80.000."),
            page(4, "In de jaren 2019 –2021 daalde dat met 87,4 procent, of -€ 5 per inwoner."),
            page(5, "Er waren toen 2 500\n000 mensen in het hele land aan het werk."),
        ],
        Description("Cijfers", 2011),
    )
    yield Archive(room, open_engine(folder / "index"))
    room.close()


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("-5.234 -6.802 -4.204 Baten", "-5.234 | -6.802 | −4.204 / Baten"),
        ("-5.234 −6.802 – 4.204 Baten", None),
        ("5.234 -6.802 -4.204 Baten", None),
        ("Lasten 5.234 -6.802 -4.204", None),
        ("Lasten -52346802 -4.204 Baten", None),
        ("Baten 10 102 7", "Baten | 10 | 102 | | 7"),
        ("Baten 10 101 027", None),
        ("Baten 10 1027", None),
        ("habitants desservis 12 122 13 950", "habitants desservis | 12 122 | 13 950"),
        ("nombre d’habitants desservis 12 122", "nombre d’habitants desservis | 12 122"),
        ("d’habitants desservis 121 2213950", None),
        ("d'habitants desservis 12122 13950", "d’habitants desservis | 12 122 | 13 950"),
        ("termijn van -9 maanden", "termijn van -9 maanden"),
        ("termijn van 9 maanden", None),
        ("en een looptijd ≤ 1 jaar", None),
        ("en een looptijd 1 jaar", None),
        ("een bedrag van € 80 000", "een bedrag van € 80.000"),
        ("een bedrag van € 800 00", None),
        ("de jaren 2019-2021 daalde", "de jaren 2019 –2021 daalde"),
        ("met 8 7,4 procent", None),
        ("of €5 per inwoner", None),
        ("of -€5 per inwoner", "of -€ 5 per inwoner"),
        ("waren toen 2 500 000 mensen", "waren toen 2 500 000 mensen"),
        ("waren toen 250 0000 mensen", None),
        ("waren toen 2500000 mensen", "waren toen 2 500 000 mensen"),
    ],
)
def test_numbers_are_told_to_the_digit_and_the_sign(
    figures: Archive, quotation: str, found: str | None
) -> None:
    report = figures.find(quotation)
    assert (report.verdict == "verbatim") == (found is not None), report
    if found:
        assert [match.text for match in report.matches] == [found]
    else:
        assert all(each.differences for each in report.matches)
