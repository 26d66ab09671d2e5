"""The demonstration collection: complete, honest about what it is, and what its texts say."""

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from PIL import ImageChops, ImageStat

from archive.demonstration import FOLDER, DemonstrationDocument, collection
from archive.demonstration.generate import SCANNED, generate
from archive.languages import INTERFACE_LANGUAGES, LANGUAGES
from archive.records import KINDS

NOTICES = {
    "nl": "Dit is niet het officiële document.",
    "fr": "Ceci n’est pas le document officiel.",
    "en": "This is not the official document.",
}
NAMES = {"nl": "demonstratietekst", "fr": "texte de démonstration", "en": "demonstration text"}
BROKEN_WORD = "\ufffe"
"""What pdfium gives for a hyphen at the end of a line."""

with (FOLDER.parent / "plans.toml").open("rb") as file:
    PLANS = tomllib.load(file)["plan"]

TYPESET = [document for document in collection() if document.path.name != SCANNED]
TWO_COLUMNS = FOLDER / "2020-concertation-overleg-fr-nl.pdf"


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("remade")
    generate(folder)
    return folder


@pytest.fixture(params=TYPESET, ids=lambda document: document.path.stem)
def typeset(request: pytest.FixtureRequest) -> DemonstrationDocument:
    document: DemonstrationDocument = request.param
    return document


def texts_of_pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def structure(text: str) -> Iterator[str]:
    """Headings, list items and tables of a text, in order."""
    for line in text.splitlines():
        if found := re.match(r"=+ |[-+] |#facts|#figure|#series|  \[", line):
            yield found.group()


def test_plans_are_six_in_three_languages_oldest_first() -> None:
    assert [plan["year"] for plan in PLANS] == [2002, 2005, 2011, 2015, 2020, 2021]
    assert len({plan["slug"] for plan in PLANS}) == 6
    for plan in PLANS:
        assert set(plan["titles"]) == set(plan["descriptions"]) == set(INTERFACE_LANGUAGES)
        assert plan["page"] == "https://go4.brussels/nl/terugblik/"


def test_each_plan_has_a_document_in_dutch_and_one_in_french() -> None:
    held = Counter(
        (document.description.plan, document.description.language)
        for document in collection()
        if document.description.kind in ("plan", "update")
    )
    assert held == {(plan["slug"], language): 1 for plan in PLANS for language in ("nl", "fr")}


def test_each_document_is_described_and_its_title_says_what_it_is() -> None:
    years = {plan["slug"]: plan["year"] for plan in PLANS}
    for document in collection():
        about = document.description
        assert document.path.is_file()
        assert about.kind in KINDS
        assert about.language is None or about.language in LANGUAGES
        assert about.plan is None or about.year == years[about.plan]
        assert any(name in (about.title or "") for name in NAMES.values())


def test_folder_holds_the_listed_documents_only_and_stays_small() -> None:
    files = sorted(FOLDER.glob("*.pdf"))
    assert files == sorted(document.path for document in collection())
    assert sum(path.stat().st_size for path in files) < 3_000_000


def test_documents_are_what_the_texts_give(remade: Path, typeset: DemonstrationDocument) -> None:
    assert texts_of_pages(remade / typeset.path.name) == texts_of_pages(typeset.path)


def test_making_them_twice_gives_the_same_bytes(remade: Path, tmp_path: Path) -> None:
    for path in generate(tmp_path):
        assert path.read_bytes() == (remade / path.name).read_bytes(), path.name


def test_every_page_says_that_it_is_not_the_official_document(typeset: DemonstrationDocument) -> None:
    language = typeset.description.language
    notices = [NOTICES[language]] if language else [NOTICES["fr"], NOTICES["nl"]]
    for text in texts_of_pages(typeset.path):
        assert all(notice in text for notice in notices)


def test_title_labels_and_bookmarks(typeset: DemonstrationDocument) -> None:
    with pypdfium2.PdfDocument(typeset.path) as pdf:
        labels = [pdf.get_page_label(number) for number in range(len(pdf))]
        bookmarks = [bookmark.get_title() for bookmark in pdf.get_toc()]
        assert pdf.get_metadata_value("Title") == typeset.description.title
        assert pdf.get_metadata_value("Author") == "Terugblik"
    assert labels == (["1"] if typeset.path == TWO_COLUMNS else ["i", "ii", "1", "2", "3"])
    assert len(bookmarks) >= 9


def test_words_are_broken_at_line_ends_but_not_at_the_end_of_a_page(typeset: DemonstrationDocument) -> None:
    pages = texts_of_pages(typeset.path)
    assert sum(text.count(BROKEN_WORD) for text in pages) >= 3
    if typeset.path != TWO_COLUMNS:  # there, the line beside it follows a broken word
        foot = "|".join(NAMES.values())  # and footnotes start with their number
        assert not any(re.search(rf"{BROKEN_WORD}\s*(\d|{foot})", text, re.IGNORECASE) for text in pages)


def test_ligatures_are_glyphs_of_their_own(typeset: DemonstrationDocument) -> None:
    with pdfplumber.open(typeset.path) as pdf:
        glyphs = {char["text"] for char in pdf.pages[0].chars}
    assert "ffi" in glyphs


@pytest.mark.parametrize("slug", [f"{plan['year']}-{plan['slug']}" for plan in PLANS])
def test_dutch_and_french_run_parallel(slug: str) -> None:
    dutch, french = (
        list(structure((FOLDER / "texts" / f"{slug}-{language}.typ").read_text("utf-8")))
        for language in ("nl", "fr")
    )
    assert dutch == french
    assert dutch.count("= ") >= 6
    assert {"#facts", "#series", "- "} <= set(dutch)


@pytest.mark.parametrize("path", sorted((FOLDER / "texts").glob("*.typ")), ids=lambda path: path.stem)
def test_no_line_of_a_text_starts_a_list_by_accident(path: Path) -> None:
    """`2025. De strategie` at the start of a line would be item 2025 of a list."""
    assert not re.search(r"^\s*\d+\. ", path.read_text("utf-8"), re.MULTILINE)


def test_columns_are_drawn_row_by_row() -> None:
    with pdfplumber.open(TWO_COLUMNS) as pdf:
        page = pdf.pages[0]
        sides = [char["x0"] > page.width / 2 for char in page.chars if char["bottom"] < page.height - 80]
    crossings = sum(before != after for before, after in pairwise(sides))
    assert crossings > 60
    assert "sociaal-economische raad" in texts_of_pages(TWO_COLUMNS)[0]


def test_scan_is_an_image_without_text(remade: Path) -> None:
    path = FOLDER / SCANNED
    assert [text.strip() for text in texts_of_pages(path)] == [""]
    with pypdfium2.PdfDocument(path) as held, pypdfium2.PdfDocument(remade / SCANNED) as made:
        pictures = [pdf[0].render(scale=1).to_pil().convert("L") for pdf in (held, made)]
    difference = ImageStat.Stat(ImageChops.difference(*pictures)).mean[0]
    assert difference < 2
    assert ImageStat.Stat(pictures[0]).stddev[0] > 10


def test_reading_the_collection_needs_no_development_package() -> None:
    script = (
        "import sys, archive.demonstration as d; d.collection(); print({'typst', 'PIL'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=FOLDER.parents[1], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
