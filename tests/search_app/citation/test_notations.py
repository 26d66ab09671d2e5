"""The notations of a citation: independent readers of each get back what went in, whatever signs it holds."""

import html as markup
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import bibtexparser
import mwparserfromhell
import pytest
import rispy
from bs4 import BeautifulSoup
from citeproc import Citation as Cited
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from archive.languages import INTERFACE_LANGUAGES, Language
from archive.records import Document, Kind
from search_app import create_app
from search_app.citation.citation import Citation
from search_app.citation.embedded_metadata import tags
from search_app.citation.notations import WORKS, write, written_date
from search_app.document.word_links import Passage, Sheet
from search_app.web.display_names import says_year
from tests.surroundings.reading_room import ReadingRoom, fill


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


FIELD = (
    st.lists(
        st.one_of(
            st.sampled_from(sorted("{}[]|<>\"'`\\%_&#$~^*:;=-,!?/@ \n\t")),
            st.sampled_from(("--", "''", "``", "<<", ",,", "{{", "}}", "[[", "]]", "~~~~", "''x''", "</p>")),
            st.sampled_from(("<script>", "&amp;", "https://a.b", "ER  - ", "\\end{x}", "<ref>", "{{!}}")),
            st.sampled_from(sorted("aé€ßœñİжאب漢字ﬁ\u00a0")),
            st.characters(exclude_categories=("C",)),
        ),
        max_size=20,
    )
    .map("".join)
    .filter(lambda text: bool(text.strip()))
)


def told(text: str) -> str:
    """A text on one line, as notations have it; spaces that do not break stay."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    sheet = Sheet(7, told(draw(FIELD)))
    text = told(draw(FIELD))
    place = Passage(text, "fr", frozenset(["text layer"]), sheet, sheet, {}, {"passage": text})
    return Citation(
        document="0123456789abcdef",
        title=draw(FIELD),
        author=draw(st.none() | FIELD),
        year=draw(st.none() | st.integers(1900, 2030)),
        kind=draw(st.sampled_from(tuple(WORKS))),
        genre="plan",
        language=draw(st.sampled_from(("nl", "fr", "en", "de", None))),
        pages=12,
        sheets=(sheet,),
        quote=draw(st.none() | st.just(place)),
        places=1,
        url="https://terugblik.example/fr/document/0123456789abcdef/page/7?passage=a+%C3%A9&words=3-6",
        original_url="https://terugblik.example/original/0123456789abcdef.pdf",
        sha256="0123456789abcdef" * 4,
        is_demonstration=draw(st.booleans()),
        accessed=date(2026, 3, 1),
    )


def _read_tex(text: str) -> str:
    """What LaTeX prints. pylatexenc lacks the commands for braces, and prints an accent for a caret."""
    commands = get_default_latex_context_db()
    signs = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    commands.add_context_category(
        "signs", prepend=True, macros=[MacroTextSpec(name, sign) for name, sign in signs.items()]
    )
    return str(LatexNodes2Text(latex_context=commands, strict_latex_spaces=True).latex_to_text(text))


@settings(max_examples=300, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_bibtex_gives_back_what_it_got(citation: Citation, interface: Language) -> None:
    library = bibtexparser.parse_string(write(citation, "bib", interface))
    assert library.failed_blocks == []
    (entry,) = library.entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    # BibTeX counts every brace, also one that TeX is told to print.
    assert all(value.count("{") == value.count("}") for value in fields.values())
    assert entry.key == citation.key
    assert entry.key.startswith("terugblik-0123456789abcdef-p7")
    assert entry.entry_type == WORKS[citation.kind].bibtex
    assert _read_tex(fields["title"]) == told(citation.title)
    assert fields.get("year") == (str(citation.year) if citation.year else None)
    assert fields["url"] == citation.url
    assert fields["urldate"] == "2026-03-01"
    assert citation.sha256 in fields["note"]
    assert _read_tex(fields["pages"]) == citation.sheets[0].label
    for name in ("author", "institution"):
        assert _read_tex(fields.get(name, "")) == told(citation.author or "")
    assert _read_tex(fields.get("annotation", "")) == (citation.quote.text if citation.quote else "")


@settings(max_examples=300, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_ris_gives_back_what_it_got(citation: Citation, interface: Language) -> None:
    text = write(citation, "ris", interface)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n")[:-1])
    (record,) = rispy.loads(text)
    assert record["type_of_reference"] == WORKS[citation.kind].ris
    assert record["title"] == told(citation.title)
    assert record.get("year") == (str(citation.year) if citation.year else None)
    assert record.get("authors", []) == ([told(citation.author)] if citation.author else [])
    assert record["start_page"] == citation.sheets[0].label
    assert record["urls"] == [citation.url]
    assert record["file_attachments1"] == citation.original_url
    assert record["access_date"] == "2026/03/01"
    assert any(citation.sha256 in note for note in record["notes"])
    if citation.quote:
        marks = {"nl": "“{}”", "fr": "«\u00a0{}\u00a0»", "en": "“{}”"}[interface]
        assert record["notes"][0] == marks.format(citation.quote.text)


_NAME = {
    "type": "object",
    "required": ["literal"],
    "properties": {"literal": {"type": "string", "minLength": 1}},
}
_DATE = {
    "type": "object",
    "required": ["date-parts"],
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array",
            "maxItems": 1,
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
        }
    },
}
_TEXTS = ("id", "title", "publisher", "genre", "language", "page", "archive", "URL", "note", "annote")
CSL = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": ["report", "speech", "document"]},
            "author": {"type": "array", "items": _NAME},
            "issued": _DATE,
            "accessed": _DATE,
            "number-of-pages": {"type": ["string", "number"]},
            **{name: {"type": "string", "minLength": 1} for name in _TEXTS},
        },
    },
}
"""What the specification of CSL-JSON (version 1.0.2) says of the variables that are used here."""


@settings(max_examples=200, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_csl_json_gives_back_what_it_got(citation: Citation, interface: Language) -> None:
    items = json.loads(write(citation, "csl.json", interface))
    assert list(Draft202012Validator(CSL).iter_errors(items)) == []
    (item,) = items
    assert item["title"] == told(citation.title)
    assert item.get("author") == ([{"literal": told(citation.author)}] if citation.author else None)
    assert item.get("annote") == (citation.quote.text if citation.quote else None)
    assert item["page"] == citation.sheets[0].label
    assert item["accessed"]["date-parts"] == [[2026, 3, 1]]
    assert citation.sha256 in item["note"]


def test_csl_json_is_what_a_citation_processor_renders(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    answer = client.get(f"/fr/document/{held['pact_fr'].id}/page/1/cite.csl.json")
    source = CiteProcJSON(answer.get_json(force=True))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Cited([CitationItem(f"terugblik-{held['pact_fr'].id}-p1")]))
    (line,) = [str(item) for item in bibliography.bibliography()]
    assert "Gouvernement de la Région de Bruxelles-Capitale" in line
    assert "2011" in line
    assert "Pacte de croissance urbaine durable" in line
    assert f"https://terugblik.example/fr/document/{held['pact_fr'].id}/page/1" in line


_NAMES_IN_TEMPLATES = {
    "nl": ("Citeer web", "titel", "auteur", "citaat", "pagina's", "datum", "bezochtdatum", "2026-03-01"),
    "fr": (
        "Lien web",
        "titre",
        "auteur institutionnel",
        "citation",
        "page",
        "année",
        "consulté le",
        "1er mars 2026",
    ),
    "en": ("cite report", "title", "author", "quote", "page", "year", "access-date", "2026-03-01"),
}


@settings(max_examples=300, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_wikitext_gives_back_what_it_got(citation: Citation, language: Language) -> None:
    name, title, author, quote, page, year, accessed, day = _NAMES_IN_TEMPLATES[language]
    code = mwparserfromhell.parse(write(citation, f"wiki-{language}", "nl"))  # type: ignore[arg-type]
    (template,) = code.nodes
    assert template.name.strip() == name

    def value(parameter: str) -> str | None:
        if not template.has(parameter):
            return None
        kinds = {type(node).__name__ for node in template.get(parameter).value.nodes}
        assert kinds <= ({"Text", "ExternalLink"} if parameter == "url" else {"Text", "HTMLEntity"})
        return markup.unescape(str(template.get(parameter).value)).strip()

    assert value(title) == told(citation.title)
    assert value(author) == (told(citation.author) if citation.author else None)
    assert value(quote) == (citation.quote.text if citation.quote else None)
    assert value(page) == citation.sheets[0].label
    is_said = says_year(citation.title, citation.year)
    assert value(year) == (str(citation.year) if citation.year and not is_said else None)
    assert value(accessed) == day
    assert value("url") == citation.url


@settings(max_examples=300, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_html_gives_back_what_it_got(citation: Citation, interface: Language) -> None:
    page = BeautifulSoup(write(citation, "html", interface), "html.parser")
    assert page.cite.a.text == told(citation.title)
    assert page.cite.a["href"] == citation.url
    line = page.find_all("p")[-1]
    assert line["lang"] == interface
    assert citation.sha256 in line.text
    assert written_date(citation.accessed, interface) in line.text
    assert {tag.name for tag in page.find_all(True)} <= {"blockquote", "p", "cite", "a"}
    if citation.quote:
        assert page.blockquote.text == citation.quote.text
        assert page.blockquote["cite"] == citation.url
        assert page.blockquote["lang"] == "fr"


@settings(max_examples=200, deadline=None)
@given(citations(), st.sampled_from(INTERFACE_LANGUAGES))
def test_plain_text_holds_everything_on_one_line(citation: Citation, language: Language) -> None:
    line = write(citation, f"text-{language}", "nl")  # type: ignore[arg-type]
    assert "\n" not in line
    for part in (
        citation.title,
        citation.author or "",
        citation.sheets[0].label,
        citation.url,
        citation.sha256,
    ):
        assert told(part) in line
    if citation.quote:
        marks = {"nl": "“{}”", "fr": "«\u00a0{}\u00a0»", "en": "“{}”"}[language]
        assert line.startswith(marks.format(citation.quote.text) + " ")
    assert written_date(citation.accessed, language) in line


def test_footnotes_follow_the_conventions_of_each_language(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    cited = client.get(f"/fr/document/{document.id}/page/2/cite.json?words=0-3").get_json()
    written = {notation["name"]: notation["text"] for notation in cited["notations"]}
    link, sha = cited["url"], document.sha256
    work = "Gouvernement de la Région de Bruxelles-Capitale, Pacte de croissance urbaine durable"
    day = date.fromisoformat(str(cited["accessed"]))
    assert written["text-nl"] == (
        f"“La formation des jeunes” {work} (2011), p. 1 (pagina 2 van het bestand). Terugblik, "
        f"geraadpleegd op {written_date(day, 'nl')}, {link}. SHA-256 van het origineel: {sha}."
    )
    assert written["text-fr"] == (
        f"«\u00a0La formation des jeunes\u00a0» {work}, 2011, p.\u00a01 (page 2 du fichier). Terugblik, "
        f"consulté le {written_date(day, 'fr')}, {link}. SHA-256 de l’original\u00a0: {sha}."
    )
    assert written["text-en"] == (
        f"“La formation des jeunes” {work} (2011), p. 1 (page 2 of the file). Terugblik, "
        f"accessed {written_date(day, 'en')}, {link}. SHA-256 of the original: {sha}."
    )
    note = f"page 2 du fichier\u00a0; SHA-256 de l’original\u00a0: {sha}"
    assert f"N1  - {note}\r\n" in written["ris"]


def test_dates_are_written_out() -> None:
    first = date(2026, 5, 1)
    assert [written_date(first, language) for language in INTERFACE_LANGUAGES] == [
        "1 mei 2026",
        "1er mai 2026",
        "1 May 2026",
    ]


def test_downloads_have_a_type_and_a_name(client: FlaskClient, held: dict[str, Document]) -> None:
    document = held["pact_fr"]
    for ending, kind in (
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ):
        answer = client.get(f"/fr/document/{document.id}/page/2/cite.{ending}?words=0-3")
        assert answer.content_type == kind
        name = f"terugblik-{document.id}-p2-w0-3.{ending}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert "La formation des jeunes" in answer.text


def test_every_kind_of_document_has_its_type_elsewhere() -> None:
    assert set(WORKS) == set(get_args(Kind))


def page_seven(title: str) -> Citation:
    sheet = Sheet(7, "7")
    return Citation(
        document="0123456789abcdef",
        title=title,
        author=None,
        year=2024,
        kind="plan",
        genre="plan",
        language="nl",
        pages=12,
        sheets=(sheet,),
        quote=None,
        places=1,
        url="https://terugblik.example/nl/document/0123456789abcdef/page/7",
        original_url="https://terugblik.example/original/0123456789abcdef.pdf",
        sha256="0123456789abcdef" * 4,
        is_demonstration=False,
        accessed=date(2026, 3, 1),
    )


@pytest.mark.parametrize(
    ("full", "parts", "ris_date"),
    [
        ("2024-04-03", [2024, 4, 3], "2024/04/03/"),
        ("2024-04", [2024, 4], "2024/04//"),
        ("2024", [2024], None),
    ],
)
def test_months_and_days_are_told_where_a_notation_has_them(
    full: str, parts: list[int], ris_date: str | None
) -> None:
    citation = replace(page_seven("Begroting"), full_date=full)
    assert json.loads(write(citation, "csl.json", "nl"))[0]["issued"] == {"date-parts": [parts]}
    record = rispy.loads(write(citation, "ris", "nl"))[0]
    assert (record["year"], record.get("date")) == ("2024", ris_date)
    assert write(citation, "text-nl", "nl").startswith("Begroting (2024), p. 7.")
    told = dict(tags(citation))
    assert (told["DC.date"], told["citation_publication_date"]) == (full, full.replace("-", "/"))


@pytest.mark.parametrize(
    ("title", "footnote"),
    [
        ("Begroting 2024", "Begroting 2024, p. 7."),
        ("Plan 2024-2028", "Plan 2024-2028 (2024), p. 7."),
        ("Begroting", "Begroting (2024), p. 7."),
        ("Raad van 10/12/2024", "Raad van 10/12/2024, p. 7."),
        ("Raad van 10.12.2024", "Raad van 10.12.2024, p. 7."),
        ("Raad, 2024-12-10", "Raad, 2024-12-10, p. 7."),
        ("Dossier 1227/2024", "Dossier 1227/2024 (2024), p. 7."),
        ("Rekening 2023–2024", "Rekening 2023–2024 (2024), p. 7."),
    ],
)
def test_a_year_that_the_title_says_is_not_said_again(title: str, footnote: str) -> None:
    citation = page_seven(title)
    assert write(citation, "text-nl", "nl").startswith(footnote)
    for notation in ("text-fr", "text-en", "html", "wiki-nl", "wiki-fr", "wiki-en"):
        assert write(citation, notation, "nl").count("2024") == footnote.count("2024"), notation
    # Data have the year in a field of its own, once, for styles that put it where they will.
    assert bibtexparser.parse_string(write(citation, "bib", "nl")).entries[0]["year"] == "2024"
    assert write(citation, "bib", "nl").count("2024") == title.count("2024") + 1
    assert json.loads(write(citation, "csl.json", "nl"))[0]["issued"] == {"date-parts": [[2024]]}
    assert write(citation, "csl.json", "nl").count("2024") == title.count("2024") + 1
    assert rispy.loads(write(citation, "ris", "nl"))[0]["year"] == "2024"
    assert write(citation, "ris", "nl").count("2024") == title.count("2024") + 1
