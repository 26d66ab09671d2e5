"""Sentences that run on over the end of a page or a column, past notes, heads, feet and tables."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Block, BlockKind, Description, Page, Word
from index.engine.contract import Engine
from index.indexer import open_engine
from index.quotation.quote_report import QuoteReport
from index.quotation.verdict import find, quoted_passages_on_page
from ingest.read_document import read_document
from tests.surroundings.reading_room import ReadingRoom

A4 = (595.0, 842.0)
FILLING = (
    "Het verslag van het jaar beschrijft de werking van alle diensten en de uitgaven die daarmee samenhangen."
)


def block(
    text: str,
    top: float,
    *,
    left: float = 70,
    size: float = 10,
    kind: BlockKind = "paragraph",
    language: Language = "nl",
) -> Block:
    """Lines of text; a word that begins with ^ is set small and raised, as the number of a note."""
    words: list[Word] = []
    offset = 0
    for number, line in enumerate(text.split("\n")):
        x, y = left, top + 1.2 * size * number
        for written in line.split(" "):
            is_raised, word = written.startswith("^"), written.removeprefix("^")
            height = 0.6 * size if is_raised else size
            width = 0.5 * height * len(word)
            words.append(Word(word, offset, ((x, y, x + width, y + height),)))
            x += width + (0 if is_raised else 0.25 * size)
            offset += len(word) + 1
    return Block(kind, language, text.replace("\n", " ").replace("^", ""), tuple(words))


def page(number: int, *blocks: Block) -> Page:
    head = block("Jaarverslag van de stad", 30, size=8, kind="running")
    foot = block(f"bladzijde {number}", 800, size=8, kind="running")
    return Page(number, str(number), *A4, "text layer", False, (head, *blocks, foot))


Find = Callable[[str], QuoteReport]


class Archive:
    def __init__(self, room: ReadingRoom, engine: Engine) -> None:
        self.catalogue: Catalogue = room.catalogue
        self._engine = engine

    def find(self, text: str) -> QuoteReport:
        return find(text, self._engine, self.catalogue)


PAGES: Sequence[Page] = (
    page(
        1,
        block(FILLING, 70),
        block("De directeur van het waterbedrijf kondigde ^4 tijdens een persconferentie aan dat", 600),
        block("^4 Zie ook de bijlage over de betrokken diensten,\nwaarvan de lijst", 740, size=8),
    ),
    page(
        2,
        block("de tarieven voor gezinnen volgend jaar zullen stijgen. Daarna volgt een lange evalu-", 60),
        block("werd opgemaakt door het gewest in het voorjaar.", 750, size=8),
    ),
    page(
        3,
        block("atie van alle plannen die het bestuur sinds de verkiezingen van twee jaar geleden", 60),
    ),
    page(
        4,
        block("Tabel 3\t12\t14\nTabel 4\t15\t17", 60, kind="table"),
        block("ooit heeft goedgekeurd, besluit Europa. Wie dat leest", 200),
        block(
            "ziet het. Voor circa ^98 600 woningen is er dit jaar geld. Wie dat leest, denkt meteen aan", 700
        ),
        block("Bron: eigen berekening van de dienst.", 760, size=7.5),
    ),
    page(
        5,
        block("Brussel en haar rand", 60),
        block("In de linkse kolom gaat het\nover de haven van de stad en\nde nieuwe kaaien die daar", 300),
        block("^5 Met dank aan de havenmeester.", 420, size=8),
        block(
            "volgend jaar worden gebouwd\ndoor een groep van Gentse\nbedrijven. ^6 Zij beginnen nu.",
            300,
            left=320,
        ),
    ),
    page(
        6,
        block("De rekenkamer vraagt op het einde van haar advies dat het bestuur de leegstaande", 700),
    ),
    page(
        7,
        block("Advies van de rekenkamer", 40),
        block("winkels in de wijken opnieuw telt. Daarna volgt een plan voor het hele gewest.", 70),
        block("De haven verhuurt aan een groep van kleine bedrijven een loods met een oppervlakte van", 700),
    ),
    page(
        8,
        block("De haven en haar loodsen, een verslag van het jaar", 40),
        block("92 vierkante meter. Daarna volgt een plan voor het hele gewest.", 70),
    ),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("archive")
    room = ReadingRoom(folder)
    room.add(PAGES, Description(title="Jaarverslag", year=2011))
    yield Archive(room, open_engine(folder / "index"))
    room.close()


@pytest.mark.parametrize(
    ("quotation", "found", "between"),
    [
        (
            "tijdens een persconferentie aan dat de tarieven voor gezinnen volgend jaar",
            "tijdens een persconferentie aan dat de tarieven voor gezinnen volgend jaar",
            ["note", "foot", "head"],
        ),
        (
            "De directeur van het waterbedrijf kondigde tijdens een persconferentie aan dat de tarieven",
            "De directeur van het waterbedrijf kondigde⁴ tijdens een persconferentie aan dat de tarieven",
            ["note", "foot", "head"],
        ),
        (
            "de betrokken diensten, waarvan de lijst werd opgemaakt door het gewest",
            "de betrokken diensten, waarvan de lijst werd opgemaakt door het gewest",
            ["foot", "head", "paragraph"],
        ),
        (
            "volgt een lange evaluatie van alle plannen",
            "volgt een lange evalu-atie van alle plannen",
            ["note", "foot", "head"],
        ),
        (
            "sinds de verkiezingen van twee jaar geleden ooit heeft goedgekeurd",
            "sinds de verkiezingen van twee jaar geleden ooit heeft goedgekeurd",
            ["foot", "head", "table"],
        ),
        (
            "jaar geld. Wie dat leest, denkt meteen aan Brussel en haar rand",
            "jaar geld. Wie dat leest, denkt meteen aan Brussel en haar rand",
            ["note", "foot", "head"],
        ),
        (
            "en de nieuwe kaaien die daar volgend jaar worden gebouwd",
            "en de nieuwe kaaien die daar volgend jaar worden gebouwd",
            ["note"],
        ),
        (
            "dat het bestuur de leegstaande winkels in de wijken opnieuw telt",
            "dat het bestuur de leegstaande winkels in de wijken opnieuw telt",
            ["foot", "head", "paragraph"],
        ),
        (
            "een loods met een oppervlakte van 92 vierkante meter",
            "een loods met een oppervlakte van 92 vierkante meter",
            ["foot", "head", "paragraph"],
        ),
    ],
)
def test_a_sentence_runs_on_past_what_stands_between(
    archive: Archive, quotation: str, found: str, between: list[str]
) -> None:
    report = archive.find(quotation)
    assert report.verdict == "verbatim", report
    (match,) = report.matches
    assert match.text == found
    assert [skipped.kind for skipped in match.between] == between


FULL = "De dienst van de haven meldt in het verslag van dit jaar dat zij samen met de Gentse"
"""A line as wide as the column below."""
ENDED = "De dienst van de haven meldt dit jaar in het verslag over de kaaien en sluizen alles."


@pytest.fixture(scope="module")
def headed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Pages whose first line comes nowhere else, above text that begins with a capital letter."""
    folder = tmp_path_factory.mktemp("headed")
    room = ReadingRoom(folder)

    def pair(last: str, top: Block, text_at: float = 90) -> list[Page]:
        filling = block("\n".join([FULL, FULL, last]), 600)
        return [page(1, filling), page(2, top, block(f"Havenmeester een plan maakt.\n{FILLING}", text_at))]

    for title, pages in (
        ("Los", pair(FULL, block("Verslag over de kaaien", 40))),
        ("Einde", pair(ENDED, block("Een los opschrift", 40))),
        ("Kop", pair(ENDED, block("De volgende kop", 40, kind="heading"))),
        ("Dicht", pair(ENDED, block("Een gewone regel", 74))),
        ("Klein", pair(f"{FULL[:70]} kleine", block("Klein opschrift", 73, size=8))),
        ("Rafel", pair("De dienst van de haven meldt ons alles over de kaaien.", block("Losse kop", 40))),
        ("Vet", pair(f"{FULL[:64]} Economische en", block("Verslag in vet", 40, kind="heading"))),
        ("Kort", pair("Dat is alles.", block("Een kort opschrift", 40))),
    ):
        room.add(pages, Description(title=title, year=2011))
    yield Archive(room, open_engine(folder / "index"))
    room.close()


@pytest.mark.parametrize(
    ("quotation", "titles"),
    [
        ("dat zij samen met de Gentse Havenmeester een plan maakt", {"Los"}),
        ("de kaaien en sluizen alles. Havenmeester een plan maakt", {"Einde"}),
        ("meldt ons alles over de kaaien. Havenmeester een plan maakt", set()),
        ("dit jaar dat zij Economische en Havenmeester een plan maakt", {"Vet"}),
        ("Gentse Dat is alles. Havenmeester een plan maakt", set()),
        ("over de kaaien en sluizen alles. Een gewone regel Havenmeester", {"Dicht"}),
        ("dit jaar dat zij samen kleine Havenmeester een plan maakt", {"Klein"}),
    ],
)
def test_a_head_that_comes_once_may_stand_between(headed: Archive, quotation: str, titles: set[str]) -> None:
    report = headed.find(quotation)
    found = {headed.catalogue.document(match.document).title for match in report.matches}
    assert (report.verdict == "verbatim") == bool(titles), report
    assert not titles or found == titles


def test_a_sentence_may_end_where_the_next_word_has_no_room(tmp_path: Path) -> None:
    """Lines that are not justified end before the edge."""
    room = ReadingRoom(tmp_path)
    last = f"{FULL[:70]} meer." + "\n"
    for title, word in (("Lang", "Havenmeesters"), ("Kort", "Zij")):
        room.add(
            [
                page(1, block(f"{FULL}\n{FULL}\n{last}".strip(), 600)),
                page(2, block("Verslag over kaaien", 40), block(f"{word} maken plannen.\n{FILLING}", 90)),
            ],
            Description(title=title),
        )
    engine = open_engine(tmp_path / "index")
    for word, verdict in (("Havenmeesters", "verbatim"), ("Zij", "altered")):
        report = find(f"dit jaar dat zij samen meer. {word} maken plannen", engine, room.catalogue)
        assert report.verdict == verdict, report
    room.close()


def test_a_box_as_wide_as_the_page_does_not_tell_the_width_of_a_column(tmp_path: Path) -> None:
    """It stands below the note at the end of the first column."""
    room = ReadingRoom(tmp_path)
    room.add(
        [
            page(
                1,
                block("De stad koopt huizen voor wie\ner lang op wacht. Zij betaalt.", 300),
                block("De raad bespreekt het plan\nvoor de haven en kijkt naar", 400),
                block("^1 Zie het verslag van de raad.", 460, size=8),
                block("de kosten van de kaaien. Dan\nvolgt een stemming in de raad.", 300, left=320),
                block(f"{FULL} {FULL[:20]}\n{FILLING}", 600, left=78),
            )
        ],
        Description(title="Kader"),
    )
    quotation = "bespreekt het plan voor de haven en kijkt naar de kosten van de kaaien"
    assert find(quotation, open_engine(tmp_path / "index"), room.catalogue).verdict == "verbatim"
    room.close()


def test_an_address_over_a_break_with_a_box_between(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    room.add(
        [
            page(
                1,
                block(
                    f"{FULL}\nHet hele verslag en alle plannen staan op https://www.haven.example/kaaien-",
                    600,
                ),
            ),
            page(
                2,
                block("Een kader met een hele zin.", 70),
                block(f"2006/nieuws. Daar staat ook\n{FULL}", 110),
            ),
        ],
        Description(title="Adres"),
    )
    quotation = "alle plannen staan op https://www.haven.example/kaaien-2006/nieuws. Daar staat ook"
    assert find(quotation, open_engine(tmp_path / "index"), room.catalogue).verdict == "verbatim"
    room.close()


def test_a_sentence_runs_on_below_a_box_with_whole_sentences(tmp_path: Path) -> None:
    """The box is at the head of the page, or under a heading."""
    room = ReadingRoom(tmp_path)
    box = block("Een kader met een hele zin.\nEn nog een zin.", 100)
    room.add(
        [
            page(
                1,
                block(f"{FULL}\nHet bestuur van de haven heeft in dat jaar van de raad en van de stad", 600),
            ),
            page(
                2,
                block("Werking", 60, size=14, kind="heading"),
                box,
                block(f"elf nieuwe kades gekregen.\n{FULL}", 160),
            ),
        ],
        Description(title="Kader"),
    )
    report = find(
        "van de raad en van de stad elf nieuwe kades gekregen",
        open_engine(tmp_path / "index"),
        room.catalogue,
    )
    assert report.verdict == "verbatim"
    assert "Een kader met een hele zin. En nog een zin." in {each.text for each in report.matches[0].between}
    room.close()


def test_a_note_may_have_a_box_below_it(tmp_path: Path) -> None:
    """A word is broken at the end of the page above both."""
    room = ReadingRoom(tmp_path)
    note = block("^3 Zie het verslag van de stad over de", 700, size=7)
    box = block("Een kader met een hele zin.", 740)
    room.add(
        [
            page(
                1,
                block(
                    f"{FULL}\nHet bestuur van de haven heeft in dat jaar van de raad en de stad zeven nieu-",
                    600,
                ),
                note,
                box,
            ),
            page(2, block(f"we kades gekregen.\n{FULL}", 90)),
        ],
        Description(title="Noot"),
    )
    report = find(
        "van de raad en de stad zeven nieuwe kades gekregen", open_engine(tmp_path / "index"), room.catalogue
    )
    assert report.verdict == "verbatim"
    assert report.matches[0].between[0].kind == "note"
    room.close()


def test_what_stood_between_is_told_of_a_head_that_comes_once(headed: Archive) -> None:
    (match,) = headed.find("dat zij samen met de Gentse Havenmeester een plan maakt").matches
    between = [(each.kind, each.text) for each in match.between if each.kind == "paragraph"]
    assert between == [("paragraph", "Verslag over de kaaien")]


def test_a_sentence_over_a_break_is_found_among_many_that_are_nearly_the_same(tmp_path: Path) -> None:
    """Each of the others has more of it in a row on one page."""
    begins = "Tussen 2002 en 2021 stelden de sociale partners samen zes plannen"
    ends = "op, de bijwerking van 2021 meegerekend."
    room = ReadingRoom(tmp_path)
    for number in range(12):
        others = f"{begins} {ends} De dienst van afdeling {number} verwacht nog een plan."
        room.add([page(1, block(others, 70))], Description(title=f"Ander {number}"))
    over = [
        page(1, block(FILLING, 70), block(begins, 700)),
        page(2, block(f"{ends} De ombudsman verwacht een\nplan.", 70)),
    ]
    document = room.add(over, Description(title="Over de bladzijde"))
    quotation = f"{begins} {ends} De ombudsman"
    report = find(quotation, open_engine(tmp_path / "index"), room.catalogue)
    assert report.verdict == "verbatim"
    assert [(match.document, match.page) for match in report.matches] == [(document.id, 1)]
    report = find(f"{begins} {ends}", open_engine(tmp_path / "index"), room.catalogue)
    assert document.id in {match.document for match in report.matches}
    room.close()


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("De raad bespreekt de bouw van de", "Europese woningen in de wijk aan de haven."),
        ("De raad bespreekt de plannen, de", "„oude kaaien” niet meegerekend in het verslag."),
    ],
)
def test_a_sentence_runs_on_under_a_box_across_the_columns(tmp_path: Path, first: str, rest: str) -> None:
    """The box has whole sentences; what runs on begins with a capital letter, or a low quotation mark."""
    room = ReadingRoom(tmp_path)
    lines = "De stad koopt huizen voor wie\ner lang op wacht. Zij betaalt."
    room.add(
        [
            page(1, block(lines, 300), block(f"{lines}\n{first}", 400, left=320)),
            page(
                2,
                block(f"{FULL}\n{FILLING}", 60),
                block(f"{rest}\n{lines}", 120),
                block(f"{lines}\n{lines}", 120, left=430),
            ),
        ],
        Description(title="Kader"),
    )
    report = find(f"{first} {rest}", open_engine(tmp_path / "index"), room.catalogue)
    assert report.verdict == "verbatim"
    room.close()


def test_a_sentence_runs_on_where_its_next_word_had_no_room(tmp_path: Path) -> None:
    """The line above the box ends early, as lines that are not justified do before a long word."""
    room = ReadingRoom(tmp_path)
    lines = "De stad koopt huizen voor wie\ner lang op wacht. Zij betaalt."
    room.add(
        [
            page(
                1,
                block(f"{lines}\n{lines}", 300),
                block(lines, 300, left=320),
                block("De raad van de stad bespreekt\nhet plan voor een", 400, left=320),
                block(f"{FULL}.", 500),
            ),
            page(2, block(f"opleidingsprogramma voor\nschippers. {FILLING}", 60)),
        ],
        Description(title="Lang woord"),
    )
    quotation = "bespreekt het plan voor een opleidingsprogramma voor schippers"
    assert find(quotation, open_engine(tmp_path / "index"), room.catalogue).verdict == "verbatim"
    room.close()


@pytest.mark.parametrize("head", ["", "Verslag over kaaien"])
def test_a_sentence_runs_on_once_only(tmp_path: Path, head: str) -> None:
    """The second column of the next page begins with a capital letter, too."""
    room = ReadingRoom(tmp_path)
    lines = "De stad koopt huizen voor wie\ner lang op wacht. Zij betaalt."
    room.add(
        [
            page(1, block(f"{FULL}\n{FULL}\n{FULL[:64]} Economie en de", 600)),
            page(
                2,
                *([block(head, 40)] if head else []),
                block("Tewerkstelling, en dat\nplan geldt tot 2010.", 90),
                block(lines, 120),
                block("Voor de overheid geldt\ndat jaar een ander plan.", 90, left=320),
            ),
        ],
        Description(title="Een keer"),
    )
    report = find(
        "Economie en de Tewerkstelling, en dat plan", open_engine(tmp_path / "index"), room.catalogue
    )
    assert report.verdict == "verbatim", report
    room.close()


def test_the_rarest_words_of_a_quotation_may_stand_on_both_sides_of_a_break(tmp_path: Path) -> None:
    """Its other words stand on more pages than are read one by one."""
    begins, ends = "De woningbouwvereniging inventariseert", "de ideeën van de bewoners bij de start"
    room = ReadingRoom(tmp_path)
    for number in range(45):
        others = (
            f"De dienst {number} inventariseert {ends} van het schooljaar. De woningbouwvereniging"
            f" inventariseert plan {number}. De dienst verwacht de ideeën van de bewoners."
        )
        room.add([page(1, block(others, 70))], Description(title=f"Ander {number}"))
    over = [page(1, block(FILLING, 70), block(begins, 700)), page(2, block(f"{ends} van het jaar.", 70))]
    document = room.add(over, Description(title="Over de bladzijde"))
    report = find(f"{begins} {ends}", open_engine(tmp_path / "index"), room.catalogue)
    assert report.verdict == "verbatim"
    assert [match.document for match in report.matches] == [document.id]
    room.close()


@pytest.mark.parametrize("number", ["", "(2) ", "( 2 ) "])
def test_a_note_may_be_quoted_with_its_number_in_brackets(tmp_path: Path, number: str) -> None:
    room = ReadingRoom(tmp_path)
    note = "Zie het verslag van de raad van 12 juli over de haven."
    room.add(
        [page(1, block(f"{FULL}\n{FULL}", 300), block(f"( ^2 ) {note}", 700, size=8))],
        Description(title="Noot"),
    )
    report = find(f"{number}{note}", open_engine(tmp_path / "index"), room.catalogue)
    assert report.verdict == "verbatim", report
    room.close()


def test_a_quotation_over_two_page_breaks(archive: Archive) -> None:
    report = archive.find(
        "aan dat de tarieven voor gezinnen volgend jaar zullen stijgen. "
        "Daarna volgt een lange evaluatie van alle"
    )
    assert report.verdict == "verbatim"
    assert [skipped.page for skipped in report.matches[0].between] == [1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize(
    "quotation",
    [
        "kondigde⁴ tijdens een persconferentie aan dat",
        "het waterbedrijf kondigde 4 tijdens een persconferentie",
        "het waterbedrijf kondigde4 tijdens een persconferentie",
        "het waterbedrijf kondigde (4) tijdens een persconferentie",
        "Voor circa 600 woningen is er dit jaar",
        "door een groep van Gentse bedrijven. Zij beginnen nu",
        "door een groep van Gentse bedrijven.6 Zij beginnen nu",
    ],
)
def test_the_number_of_a_note_never_counts(archive: Archive, quotation: str) -> None:
    report = archive.find(quotation)
    assert report.verdict == "verbatim", report
    assert not report.matches[0].differences


@pytest.mark.parametrize(
    "quotation",
    [
        "in het voorjaar. atie van alle plannen die",
        "door het gewest in het voorjaar. Jaarverslag van de stad",
        "kondigde 5 tijdens een persconferentie aan dat",
        "waarvan de lijst de tarieven voor gezinnen volgend jaar",
        "over de haven van de stad en volgend jaar worden gebouwd",
        "Met dank aan de havenmeester. volgend jaar worden gebouwd",
        "persconferentie aan dat de tarieven van gezinnen volgend jaar",
        "Voor circa woningen is er dit jaar geld",
    ],
)
def test_what_nobody_wrote_is_not_verbatim(archive: Archive, quotation: str) -> None:
    assert archive.find(quotation).verdict != "verbatim"


def test_a_block_over_a_break_is_marked_on_both_pages(archive: Archive) -> None:
    (match,) = archive.find("kondigde tijdens een persconferentie aan dat de tarieven voor gezinnen").matches
    for number, marked in (
        (1, "kondigde 4 tijdens een persconferentie aan dat"),
        (2, "de tarieven voor gezinnen"),
    ):
        (standing,) = quoted_passages_on_page(match.text, match.document, number, archive.catalogue)
        text = "\n".join(block.text for block in archive.catalogue.page(match.document, number).blocks)
        assert [text[start:end] for start, end in standing.spans] == [marked]


@pytest.mark.parametrize(
    ("quotation", "omissions"),
    [
        ("De directeur van het waterbedrijf […] kondigde tijdens", []),
        (
            "tarieven voor gezinnen … een lange evaluatie",
            [("volgend jaar zullen stijgen. Daarna volgt", ("sentence end",))],
        ),
        (
            "evaluatie van alle plannen … sinds de verkiezingen … geleden",
            [("die het bestuur", ()), ("van twee jaar", ("number",))],
        ),
        ("besluit Europa (...) Wie dat leest", [(".", ("sentence end",))]),
    ],
)
def test_what_an_ellipsis_left_out_is_told(
    archive: Archive, quotation: str, omissions: list[tuple[str, tuple[str, ...]]]
) -> None:
    report = archive.find(quotation)
    assert report.verdict == "verbatim", report
    assert [(each.text, each.kinds) for each in report.matches[0].omissions] == omissions


def test_a_note_at_the_end_of_a_page_that_was_read(tmp_path: Path) -> None:
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True)
    sentence = ("De raad van de haven heeft gisteren na een lang debat met alle partners beslist dat",
                "de nieuwe sluis voor de binnenvaart in de loop van het najaar open zal gaan.")  # fmt: skip
    notes = ("Zie ook de bijlage over de betrokken diensten.", "Het debat staat in het verslag van mei.")
    for number, line in enumerate(sentence, 1):
        canvas.setFont("Times-Roman", 10)
        for row in range(20):
            canvas.drawString(72, 770 - 12 * row, FILLING)
        top = 770 - 12 * 21 if number == 1 else 782
        canvas.drawString(72, top, line)
        canvas.setFont("Times-Roman", 5)
        canvas.drawString(72, 64, str(number))
        canvas.setFont("Times-Roman", 8)
        canvas.drawString(75, 60, notes[number - 1])
        canvas.showPage()
    canvas.save()
    path = tmp_path / "note.pdf"
    path.write_bytes(file.getvalue())
    room = ReadingRoom(tmp_path / "archive")
    pages = list(read_document(path, 10, lambda done, total: None).pages)
    room.add(pages, Description(title="Haven"))
    quoted = "na een lang debat met alle partners beslist dat de nieuwe sluis voor de binnenvaart"
    report = find(quoted, open_engine(tmp_path / "archive" / "index"), room.catalogue)
    assert report.verdict == "verbatim"
    assert report.matches[0].between[0].kind == "note"
    room.close()
