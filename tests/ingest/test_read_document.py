"""A whole document: blocks with the way back to the page, running lines, labels, title, warnings."""

import resource
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.languages import Language
from archive.reading_warnings import ReadingWarning
from archive.records import Block, Page
from ingest.errors import NoPages, TooManyPages
from ingest.language.line_end_hyphens import DocumentVocabulary
from ingest.read_document import Reading, read_document

ROOT = Path(__file__).parents[2]
DOCUMENTS = Path(__file__).parents[1] / "documents"
CORPUS = ROOT.parent / "shared" / "corpus"
SENATE = CORPUS / "plans" / "be-senate-annals-5-19-fr-nl.pdf"
READABLE = [
    path
    for path in sorted(DOCUMENTS.glob("*.pdf"))
    if path.name not in {"encrypted.pdf", "no-pages.pdf", "scans.pdf"}
]


def read(path: Path) -> tuple[Reading, list[Page]]:
    reading = read_document(path, 1000, lambda done, total: None, ocr_seconds=0)
    return reading, list(reading.pages)


def blocks(path: Path, *kinds: str) -> list[Block]:
    return [block for page in read(path)[1] for block in page.blocks if not kinds or block.kind in kinds]


@pytest.mark.parametrize("path", READABLE, ids=[path.stem for path in READABLE])
def test_words_are_where_their_offsets_and_boxes_say(path: Path) -> None:
    for page in read(path)[1]:
        for block in page.blocks:
            rebuilt = block.text
            end = 0
            for word in block.words:
                assert block.text[word.start : word.end] == word.text
                assert block.text[end : word.start].strip() == ""
                end = word.end
                assert word.boxes
                for x0, y0, x1, y1 in word.boxes:
                    assert -1 <= x0 <= x1 <= page.width + 1
                    assert -1 <= y0 <= y1 <= page.height + 1
            assert rebuilt[end:].strip() == ""


def test_columns_in_two_languages_stay_apart() -> None:
    _, pages = read(DOCUMENTS / "columns-drawn-row-by-row.pdf")
    for page in pages:
        body = [block for block in page.blocks if block.kind != "running"]
        sides = [{box[0] > 300 for word in block.words for box in word.boxes} for block in body]
        assert all(len(side) == 1 for side in sides)
        assert [block.language for block in body] == ["nl" if True in side else "fr" for side in sides]
        assert page.languages == ("fr", "nl")


def test_broken_words_are_joined_as_the_document_writes_them() -> None:
    (page,) = read(DOCUMENTS / "hyphens-and-ligatures.pdf")[1]
    text = page.blocks[-1].text
    assert text.startswith(
        "Een sociaal-economische raad. De werkgelegenheid neemt toe. Noord- en Zuid-Brussel."
    )
    assert "Het Vlaams-Brabantse bedrijf. Een efficiënte financiering. COVID-19 en het fietspad" in text


def test_a_broken_word_has_a_box_for_each_part() -> None:
    (page,) = read(DOCUMENTS / "hyphens-and-ligatures.pdf")[1]
    word = next(word for word in page.blocks[-1].words if word.text == "werkgelegenheid")
    (_, first_top, first_right, _), (second_left, second_top, _, _) = word.boxes
    assert second_top > first_top
    assert second_left < first_right


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("werkgele-", "genheid", "werkgelegenheid"),
        ("werkgele\u00ad", "genheid,", "werkgelegenheid,"),
        ("(sociaal-", "economisch)", "(sociaal-economisch)"),
        ("Noord-", "en", None),
        ("Vlaams-", "Brabant", "Vlaams-Brabant"),
        ("pre-", "COVID", "pre-COVID"),
        ("2010-", "2011", "2010-2011"),
        ("peut-", "il", "peut-il"),
        ("onbe-", "kend", "onbekend"),
        ("klimaat-", "maatregelen,", "klimaatmaatregelen,"),
        ("technisch-", "wetenschappelijke", "technisch-wetenschappelijke"),
        ("ondervra-", "gingsproef", "ondervragingsproef"),
        ("Zwijn-", "drecht", "Zwijndrecht"),
        ("xyzwq-", "vbnm", "xyzwqvbnm"),
        ("xyzwq-", "plan", "xyzwq-plan"),
        ("pro-", "blematiek", "problematiek"),
        ("citoy-", "en·nes", "citoyen·nes"),
        ("WERKGELE-", "GENHEID", "WERKGELEGENHEID"),
        ("ECONO-", "MIE", "ECONOMIE"),
        ("–", "punt", None),
        ("-", "punt", None),
        ("woord", "woord", None),
        ("woord-", "»", None),
    ],
)
def test_the_words_of_the_document_decide_on_hyphens(first: str, second: str, whole: str | None) -> None:
    vocabulary = DocumentVocabulary()
    vocabulary.add(["De", "werkgelegenheid", "is", "sociaal-economisch;", "peut", "être"])
    assert vocabulary.joined(first, second, "nl") == whole


@pytest.mark.parametrize(
    ("first", "second", "language", "whole"),
    [
        ("développe-", "ment", "fr", "développement"),
        ("socio-", "économique", "fr", "socio-économique"),
        ("après-", "midi", "fr", "après-midi"),
        ("contrat-", "programme", "fr", "contrat-programme"),
        ("vice-", "président", "fr", "vice-président"),
        ("ci-", "dessous", "fr", "ci-dessous"),
        ("ci-", "toyen·nes", "fr", "citoyen·nes"),
        ("résou-", "drait-elle", "fr", "résoudrait-elle"),
        ("Beschäf-", "tigung", "de", "Beschäftigung"),
        ("employ-", "ment", "en", "employment"),
        ("well-", "being", "en", "well-being"),
    ],
)
def test_a_hyphen_goes_only_where_the_joined_word_is_known(
    first: str, second: str, language: Language, whole: str
) -> None:
    assert DocumentVocabulary().joined(first, second, language) == whole


@given(st.text(max_size=12), st.text(max_size=12))
def test_joining_loses_no_letter(first: str, second: str) -> None:
    whole = DocumentVocabulary().joined(first, second, "fr")
    assert whole is None or whole.replace("-", "") == (first[:-1] + second).replace("-", "")


def test_cells_stand_apart_by_tabs_and_rows_by_line_feeds() -> None:
    ruled, free = blocks(DOCUMENTS / "tables.pdf", "table")
    assert ruled.text.split("\n")[0] == "Risico\tToelichting\tBedrag"
    assert free.text.split("\n")[1:3] == ["Overhead\t368.000\t371.500", "Kapitaallasten\t175.000\t169.250"]


def test_a_table_in_two_languages_is_parted(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "parallel.pdf"))
    canvas.setFont("Helvetica", 9)
    canvas.grid([40, 290, 540], [700, 720, 740])
    for y, left, right in (
        (
            706,
            "La Région et les partenaires ont signé le pacte.",
            "Het Gewest en de partners hebben het pact getekend.",
        ),
        (726, "Le pacte est pour les dix ans à venir.", "Het pact is er voor de komende tien jaar."),
    ):
        canvas.drawString(45, y, left)
        canvas.drawString(295, y, right)
    canvas.save()
    french, dutch = blocks(tmp_path / "parallel.pdf")
    assert (french.language, dutch.language) == ("fr", "nl")
    assert (
        french.text
        == "Le pacte est pour les dix ans à venir.\nLa Région et les partenaires ont signé le pacte."
    )


def test_sentences_go_on_in_the_next_column() -> None:
    text = " ".join(block.text for block in blocks(DOCUMENTS / "three-columns.pdf", "paragraph"))
    assert text.count("gevolgd werden en de steun die de ondernemingen hebben gekregen") == 6


def test_running_lines_are_first_and_last_and_never_in_the_body() -> None:
    _, pages = read(DOCUMENTS / "running-heads.pdf")
    for page in pages:
        kinds = [block.kind for block in page.blocks]
        assert kinds[0] == kinds[-1] == "running"
        assert "running" not in kinds[1:-1]
        assert page.blocks[0].text == "Verslag over de werkgelegenheid 2024"


def test_text_that_the_body_runs_on_from_is_no_running_line(tmp_path: Path) -> None:
    """A form: its first lines are the same on every page."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "form.pdf"))
    for number in range(4):
        for row, line in enumerate(
            ("Naam van de aanvrager", "Adres van de aanvrager", f"Aanvraag {number} van dit jaar")
        ):
            canvas.drawString(60, 780 - 14 * row, line)
        canvas.showPage()
    canvas.save()
    assert {block.kind for block in blocks(tmp_path / "form.pdf")} == {"paragraph"}


def test_labels_come_from_the_file_or_from_the_printed_numbers() -> None:
    def labels(name: str) -> list[str]:
        return [page.label for page in read(DOCUMENTS / name)[1]]

    assert labels("running-heads.pdf") == ["i", "ii", "1", "2", "3", "4"]
    assert labels("printed-page-numbers.pdf") == ["47", "48", "49", "50", "51"]
    assert labels("columns-drawn-row-by-row.pdf") == ["11", "12", "13"]
    assert labels("page-missing.pdf") == ["1", "2", "3"]


def test_the_largest_heading_is_the_title() -> None:
    assert read(DOCUMENTS / "three-columns.pdf")[0].title == "Een titel over de hele breedte"
    assert read(DOCUMENTS / "doubled-text.pdf")[0].title is None


def test_a_missing_page_is_kept_empty_and_told() -> None:
    reading, pages = read(DOCUMENTS / "page-missing.pdf")
    assert [len(page.blocks) for page in pages] == [1, 0, 1]
    assert reading.warnings == [ReadingWarning("unreadable", (2,))]


def test_a_repaired_file_is_told() -> None:
    reading, pages = read(DOCUMENTS / "damaged-xref.pdf")
    assert len(pages) == 2
    assert reading.warnings[0] == ReadingWarning("damaged")


def test_limits_and_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_document(DOCUMENTS / "running-heads.pdf", 6, lambda done, total: told.append((done, total)))
    assert told == [(number, 6) for number in range(1, 7)]
    with pytest.raises(TooManyPages, match="6 pages"):
        read_document(DOCUMENTS / "running-heads.pdf", 5, lambda done, total: None)
    with pytest.raises(NoPages):
        read_document(DOCUMENTS / "no-pages.pdf", 5, lambda done, total: None)


def test_a_long_document_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """Eight hundred pages in a process that may take 165 MiB in all."""
    with pdfium.PdfDocument(DOCUMENTS / "running-heads.pdf") as source, pdfium.PdfDocument.new() as long:
        for _ in range(134):
            long.import_pages(source)
        long.save(tmp_path / "long.pdf")
    program = (
        "import sys; from pathlib import Path; from ingest.read_document import read_document\n"
        "from tests.surroundings.peak_memory import peak_memory\n"
        "pages = sum(1 for _ in read_document(Path(sys.argv[1]), 1000, lambda done, total: None).pages)\n"
        "print(pages, round(peak_memory()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "long.pdf")],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    pages, mebibytes = map(int, run.stdout.split())
    assert pages == 804
    assert mebibytes < 165


@pytest.mark.skipif(not CORPUS.exists(), reason="corpus not present")
def test_real_annals_in_two_columns() -> None:
    """French left, Dutch right of 297 points, page 12 and on; counts of votes from page 42 to 47 included."""
    _, pages = read(SENATE)
    assert [page.label for page in pages[2:]] == [str(number) for number in range(3, 63)]
    checked = 0
    for page in pages[11:]:
        for block in page.blocks:
            edges = [box for word in block.words for box in word.boxes]
            is_left = max(box[2] for box in edges) < 299
            is_right = min(box[0] for box in edges) > 297
            is_across = not is_left and not is_right
            if block.kind == "running" or (is_across and 42 <= page.number <= 48):
                continue
            assert not is_across, (page.number, block.text)
            if len(block.words) >= 8 and not 42 <= page.number <= 48:
                checked += 1
                assert block.language == ("fr" if is_left else "nl"), (page.number, block.text)
    assert checked > 900


HOSTILE = sorted((CORPUS / "hostile").glob("*.pdf"))[::2]


@pytest.mark.skipif(not CORPUS.exists(), reason="corpus not present")
def test_hostile_files_end_as_pages_or_as_a_reason() -> None:
    """Every other one but the bombs, in one process; what kills a process is for the pipeline to test. The
    longest is refused for its 101 pages."""
    program = (
        "import sys; from pathlib import Path\n"
        "from archive.errors import BadInputFile\n"
        "from ingest.read_document import read_document\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        for page in read_document(Path(name), 100, lambda done, total: None, ocr_seconds=0).pages:\n"
        "            for block in page.blocks: block.text.encode()\n"
        "    except BadInputFile: pass\n"
        "    print(name)\n"
    )
    files = [str(path) for path in HOSTILE if "bomb" not in path.name and path.stat().st_size < 1_000_000]
    run = subprocess.run(
        [sys.executable, "-c", program, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)),
    )
    assert run.stdout.split("\n")[:-1] == files, run.stderr[-500:]
