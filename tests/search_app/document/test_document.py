"""The document page, the page view with its marks, the original file."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.catalogue.wanted_images import WantedImage, WantedImages
from archive.images.large_images import LargeImages
from archive.images.page_images import SIZES, PageImages
from archive.reading_warnings import ReadingWarning
from archive.records import Block, Description, Document, Page, Provenance, Word
from search_app import create_app
from search_app.document.document_views import safe_filename
from search_app.document.marks import drawn_words, mark_page
from tests.surroundings.reading_room import HEIGHT, WIDTH, ReadingRoom, fill, make_page

WEBP = b"RIFF" + (4).to_bytes(4, "little") + b"WEBP"
"""The shortest file that says how long it is, as WebP does."""

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
"""Begins and ends as PNG does."""

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def documents(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, documents: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return BeautifulSoup(answer.data, "html.parser")


def test_the_document_page_tells_what_is_known(client: FlaskClient, documents: dict[str, Document]) -> None:
    document = documents["pact_fr"]
    page = soup(client, f"/en/document/{document.id}")
    assert page.h1.text == document.title
    assert page.h1["lang"] == "fr"
    facts = {name.text: name.find_next_sibling("dd").text for name in page.select("dt")}
    assert facts["Languages"] == "French"
    assert facts["Source"] == "https://go4.brussels/pacte.pdf"
    assert facts["Retrieved from"] == "https://web.archive.org/web/2012/pacte.pdf"
    assert facts["SHA-256"] == document.sha256
    assert facts["File"].startswith("pacte (2011).pdf")
    assert facts["Permanent link"] == f"https://terugblik.example/en/document/{document.id}"
    warnings = [warning.text for warning in page.select(".warning")]
    assert warnings[0].startswith("5 pages were read, but another program counts 6.")
    assert warnings[1].startswith("1 page is an image")
    assert page.select_one("a[download]")["href"] == f"/original/{document.id}.pdf"
    leaves = page.select(".leaves a")
    assert [leaf["href"].rsplit("/", 1)[1] for leaf in leaves] == ["1", "2", "3", "4", "5"]
    assert leaves[0]["aria-label"] == "page 1 (printed: i)"
    assert page.select_one(f"form input[name=document][value='{document.id}']")


def test_the_pages_of_a_long_document_are_listed_by_the_hundred(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    pages = [make_page(number, []) for number in range(1, 202)]
    document = room.add(pages, Description("Lang"), is_indexed=False)
    client = create_app(room.settings).test_client()
    page = soup(client, f"/en/document/{document.id}")
    assert [link.text for link in page.select(".hundreds a")] == ["1–100", "101–200", "201"]
    seen = []
    for link in page.select(".hundreds a"):
        page = soup(client, link["href"].partition("#")[0])
        assert page.select_one(".hundreds a[aria-current]").text == link.text
        seen += [(leaf.text, leaf["href"]) for leaf in page.select(".leaves ol a")]
    assert seen == [(str(n), f"/en/document/{document.id}/page/{n}") for n in range(1, 202)]
    last = soup(client, f"/en/document/{document.id}?leaves=99")
    assert [leaf.text for leaf in last.select(".leaves ol a")] == ["201"]
    assert client.get(f"/en/document/{document.id}?leaves=all").status_code == 400
    room.close()


def test_a_demonstration_document_says_what_it_is(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    page = soup(client, f"/en/document/{documents['speech'].id}")
    assert "not the official document" in page.select_one(".document .notice").text


def test_the_page_view_marks_matches_in_text_and_on_the_page(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom
) -> None:
    identifier = documents["pact_fr"].id
    page = soup(client, f"/fr/document/{identifier}/page/3?q=emploi")
    marks = page.select("mark")
    assert [mark.text for mark in marks] == ["Emploi", "emploi"]
    assert [mark["id"] for mark in marks] == ["match-1", "match-2"]
    drawn = page.select("svg .mark")
    assert [group["data-mark"] for group in drawn] == ["1", "2"]
    words = [word for passage in room.catalogue.page(identifier, 3).blocks for word in passage.words]
    expected = [word.boxes[0] for word in words if word.text in {"Emploi", "l’emploi"}]
    for group, (x0, y0, x1, y1) in zip(drawn, expected, strict=True):
        box = group.rect
        assert (float(box["x"]), float(box["y"])) == (x0, y0)
        assert (float(box["width"]), float(box["height"])) == pytest.approx((x1 - x0, y1 - y0))
    assert page.select_one(".sheet > svg .mark")
    assert [float(edge) for edge in page.select_one(".sheet svg")["viewbox"].split()] == [0, 0, WIDTH, HEIGHT]


def test_matches_lead_to_the_matches_of_other_pages(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    base = f"/fr/document/{documents['pact_fr'].id}/page"
    first, third, last = (soup(client, f"{base}/{number}?q=emploi") for number in (1, 3, 5))

    def way(page: BeautifulSoup, direction: str) -> str:
        return page.select_one(f"a[data-match={direction}]")["href"]

    assert way(first, "next") == f"{base}/2?q=emploi#match-1"
    assert way(third, "previous") == f"{base}/2?q=emploi#match-last"
    assert way(third, "next") == f"{base}/5?q=emploi#match-1"
    assert way(last, "next") == "#match-2"
    assert third.select_one("a[rel=next]")["href"] == f"{base}/4?q=emploi"
    assert third.select_one("a[rel=prev]")["href"] == f"{base}/2?q=emploi"
    assert not first.select("a[rel=prev]")
    assert not last.select("a[rel=next]")


def test_a_page_without_a_query_has_no_marks(client: FlaskClient, documents: dict[str, Document]) -> None:
    page = soup(client, f"/fr/document/{documents['pact_fr'].id}/page/3")
    assert not page.select("mark, svg .mark, .matches")
    assert page.select_one("link[rel=canonical]")["href"].endswith(f"{documents['pact_fr'].id}/page/3")


def test_a_query_that_only_other_pages_match_still_leads_there(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    page = soup(client, f"/en/document/{documents['pact_fr'].id}/page/4?q=emploi")
    assert page.select_one(".matches p").text.startswith("0 matches of emploi on this page")
    assert page.select_one("a[data-match=next]")["href"].endswith("/page/5?q=emploi#match-1")


def test_the_text_keeps_its_form_and_its_languages(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    figures = soup(client, f"/nl/document/{documents['pact_fr'].id}/page/3")
    assert figures.select_one(".reading-text h2").text == "Chiffres"
    rows = [[cell.text for cell in row.select("td")] for row in figures.select(".page-text tr")]
    assert rows == [["Année", "Emploi"], ["2009", "660 000"], ["2010", "671 000"]]
    assert len(figures.select(".reading-text li")) == 3
    both = soup(client, f"/en/document/{documents['strategy'].id}/page/1")
    assert [part["lang"] for part in both.select(".reading-text p[lang]")] == ["fr", "nl", "fr"]


def test_a_match_counts_in_the_language_of_its_passage(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    page = soup(client, f"/en/document/{documents['strategy'].id}/page/1?q=objectifs")
    assert [mark.text for mark in page.select("mark")] == ["objectifs"]
    assert page.mark.find_parent("p")["lang"] == "fr"


@pytest.mark.parametrize("said", ["p. 3", "p.3", "p3", "blz. 3", "Page 3", "pagina 3", "pag. 3"])
def test_a_page_may_be_called_as_readers_write_it(
    client: FlaskClient, documents: dict[str, Document], said: str
) -> None:
    answer = client.get(
        f"/nl/document/{documents['pact_fr'].id}/page/", query_string={"to": said, "by": "number"}
    )
    assert answer.headers["Location"].endswith("/page/3")


def test_a_page_that_needs_ocr_says_so(client: FlaskClient, documents: dict[str, Document]) -> None:
    page = soup(client, f"/en/document/{documents['pact_fr'].id}/page/4")
    assert "(OCR)" in page.select_one(".reading-text .warning").text


def test_without_an_image_the_page_is_outlined_by_its_words(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom
) -> None:
    identifier = documents["pact_nl"].id
    outline = soup(client, f"/nl/document/{identifier}/page/2")
    assert [word.text for word in outline.select("svg.outline text")] == [
        word.text for passage in room.catalogue.page(identifier, 2).blocks for word in passage.words
    ]
    image = room.settings.data / "renditions" / identifier / "2.webp"
    image.parent.mkdir(parents=True)
    image.write_bytes(WEBP)
    with_image = soup(client, f"/nl/document/{identifier}/page/2")
    assert with_image.select_one(".sheet img")["src"] == f"/page-image/{identifier}/2.webp"
    assert not with_image.select("svg text")
    answer = client.get(f"/page-image/{identifier}/2.webp")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/webp", WEBP)
    assert answer.cache_control.no_cache
    again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("language", "said", "again"),
    [
        ("nl", "De afbeelding van deze pagina wordt gemaakt.", "Opnieuw proberen"),
        ("fr", "L’image de cette page est en cours de création.", "Réessayer"),
        ("en", "The image of this page is being made.", "Try again"),
    ],
)
def test_an_image_that_is_not_there_is_said_to_be_made(
    client: FlaskClient,
    documents: dict[str, Document],
    room: ReadingRoom,
    language: str,
    said: str,
    again: str,
) -> None:
    identifier = documents["pact_fr"].id
    page = soup(client, f"/{language}/document/{identifier}/page/3?q=emploi")
    notice = page.select_one("[data-awaits]")
    assert notice.span.text.startswith(said)
    assert notice.a.text == again
    assert notice.a["href"] == f"/{language}/document/{identifier}/page/3?q=emploi"
    address = notice["data-awaits"]
    for size in ("", "?size=large", "?size=thumbnail"):
        answer = client.get(address + size)
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
        assert client.get(address + size, headers={"Accept": "application/json"}).json["error"]["code"] == (
            "image-being-made"
        )
    deadline = time.monotonic() + 20
    while room.queue.latest(identifier, "render") is None and time.monotonic() < deadline:
        time.sleep(0.02)
    jobs = [job.kind for job in room.queue.waiting() if job.document == identifier]
    assert jobs.count("render") == 1, "the worker is told once"
    assert client.get(f"/page-image/{identifier}/6.webp").status_code == 404, "there is no such page"
    assert client.get(f"/page-image/{identifier}/0.webp").status_code == 404


def test_a_damaged_image_is_not_shown(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom
) -> None:
    document = documents["speech"]
    images = PageImages.of(room.settings.data, document.id)
    images.make_room([1])
    for size in SIZES:
        images.place(1, size).write_bytes(WEBP)
    images.record(1)
    address = f"/page-image/{document.id}/1.webp"
    assert client.get(address).status_code == 200
    for content in (b"", WEBP[:-1], bytes(len(WEBP))):
        images.place(1, "page").write_bytes(content)
        assert client.get(address).status_code == 503
        assert soup(client, f"/en/document/{document.id}/page/1").select_one("[data-awaits]")
        assert not soup(client, f"/en/document/{document.id}").select_one(".cover")
    images.place(1, "page").write_bytes(WEBP)
    images.place(1, "thumbnail").unlink()
    instead = client.get(address + "?size=thumbnail")
    assert (instead.data, instead.headers["Content-Location"]) == (WEBP, address), "the larger one stands in"


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[tuple[ReadingRoom, Document, FlaskClient]]:
    """A document of two pages, whose images are drawn."""
    room = ReadingRoom(tmp_path)
    said = [make_page(number, [("paragraph", "nl", "Werk")]) for number in (1, 2)]
    document = room.add(said, Description("Plan", 2011))
    images = PageImages.of(room.settings.data, document.id)
    images.make_room([1, 2])
    for page in (1, 2):
        for size in SIZES:
            images.place(page, size).with_suffix(".webp").write_bytes(WEBP)
    images.record(2)
    yield room, document, create_app(room.settings).test_client()
    room.close()


def keep_large(room: ReadingRoom, document: Document, page: int) -> Path:
    """What the worker does."""
    file = room.settings.data / "drawn.png"
    file.write_bytes(PNG)
    images = LargeImages.of(room.settings.data, room.settings.image_room)
    assert images.keep(document.id, page, file)
    kept = images.find(document.id, page)
    assert kept is not None
    return kept


def wait_until_asked(room: ReadingRoom, *wanted: WantedImage) -> None:
    """Requests are left while nobody waits."""
    deadline = time.monotonic() + 20
    while set(WantedImages(room.catalogue).waiting(100)) != set(wanted):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_larger_image_is_asked_for_and_shown_once_it_is_there(
    drawn: tuple[ReadingRoom, Document, FlaskClient],
) -> None:
    room, document, client = drawn
    address = f"/page-image/{document.id}/1.webp"
    large = f"{address}?size=large"
    for method in (client.get, client.head, client.get):
        meanwhile = method(large)
        assert (meanwhile.status_code, meanwhile.mimetype) == (200, "image/webp")
        assert meanwhile.headers["Content-Location"] == address
    assert client.get(large).data == WEBP
    client.get(f"/page-image/{document.id}/2.webp?size=large")
    one, other = (WantedImage(document.id, page) for page in (1, 2))
    wait_until_asked(room, one, other)
    assert "Content-Location" not in client.get(address).headers
    before = soup(client, f"/nl/document/{document.id}/page/1").select_one(".sheet img")
    assert not before.has_attr("srcset")
    assert before["data-srcset"] == f"{address} 1131w, {large} 2261w"

    kept = keep_large(room, document, 1)
    shown = client.get(large)
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", PNG)
    assert "Content-Location" not in shown.headers
    assert shown.headers["Content-Disposition"] == f"inline; filename={document.id}-1.png"
    assert (shown.cache_control.private, shown.cache_control.no_cache) == (True, True)
    tag = {"If-None-Match": shown.headers["ETag"]}
    assert client.get(large, headers=tag).status_code == 304
    assert client.get(large, headers={"If-None-Match": meanwhile.headers["ETag"]}).status_code == 200
    after = soup(client, f"/nl/document/{document.id}/page/1").select_one(".sheet img")
    assert after["srcset"] == before["data-srcset"]

    kept.write_bytes(PNG[:-1])
    damaged = client.get(large)
    assert (damaged.data, damaged.headers["Content-Location"]) == (WEBP, address), "it is not shown"
    kept.unlink()
    assert client.get(large).data == WEBP, "others needed its room"


def test_a_larger_image_that_is_looked_at_is_noted(
    drawn: tuple[ReadingRoom, Document, FlaskClient],
) -> None:
    room, document, client = drawn
    kept = keep_large(room, document, 1)
    os.utime(kept, (1, 1))
    client.get(f"/page-image/{document.id}/1.webp?size=large")
    assert kept.stat().st_atime > time.time() - 60
    assert kept.stat().st_mtime == 1


def test_a_larger_image_of_a_withdrawn_document_is_not_shown(
    drawn: tuple[ReadingRoom, Document, FlaskClient],
) -> None:
    room, document, client = drawn
    keep_large(room, document, 1)
    address = f"/page-image/{document.id}/1.webp?size=large"
    assert client.get(address).status_code == 200
    room.catalogue.withdraw(document.id, "asked for", "test")
    assert client.get(address).status_code == 410


def test_a_page_that_cannot_be_drawn_says_that(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom
) -> None:
    document = documents["strategy"]
    images = PageImages.of(room.settings.data, document.id)
    images.make_room([1])
    assert images.record(1) == [1]
    page = soup(client, f"/en/document/{document.id}/page/1")
    assert (
        "No image of this page can be made; see the original" in page.select_one(".printed-page .notice").text
    )
    assert not page.select("[data-awaits]")
    answer = client.get(f"/page-image/{document.id}/1.webp", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "image-not-drawn")
    assert images.condition(1).is_sound, "nobody is told to draw it"


def test_the_original_is_sent_whole_inline_and_for_this_reader(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom
) -> None:
    document = documents["pact_fr"]
    answer = client.get(f"/original/{document.id}.pdf")
    assert answer.data == room.originals.path(document.sha256).read_bytes()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="pacte (2011).pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.cache_control.no_cache
    assert answer.cache_control.max_age == 0
    assert answer.cache_control.private
    assert not answer.cache_control.public
    assert answer.headers["ETag"] == f'"{document.sha256}"'
    again = client.get(f"/original/{document.id}.pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-7", slice(0, 8)), ("bytes=5-", slice(5, None)), ("bytes=-4", slice(-4, None))],
)
def test_the_original_is_sent_in_parts(
    client: FlaskClient, documents: dict[str, Document], room: ReadingRoom, asked: str, part: slice
) -> None:
    document = documents["pact_fr"]
    whole = room.originals.path(document.sha256).read_bytes()
    answer = client.get(f"/original/{document.id}.pdf", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == whole[part]
    assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_range_beyond_the_original_is_refused(client: FlaskClient, documents: dict[str, Document]) -> None:
    address = f"/original/{documents['pact_fr'].id}.pdf"
    assert client.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416


@pytest.mark.parametrize(
    "address",
    [
        "/en/document/{unknown}",
        "/en/document/{unknown}/page/1",
        "/original/{unknown}.pdf",
        "/page-image/{unknown}/1.webp",
        "/en/document/..%2f..%2fcatalogue.sqlite",
        "/original/..%2f..%2fcatalogue.sqlite.pdf",
        "/en/document/{known}/page/6",
        "/en/document/{known}/page/0",
        "/en/document/{known}/page/99999999999999999999999",
        "/page-image/{known}/0.webp",
    ],
)
def test_what_is_not_there_is_not_found(
    client: FlaskClient, documents: dict[str, Document], address: str
) -> None:
    answer = client.get(address.format(unknown="0123456789abcdef", known=documents["pact_fr"].id))
    assert answer.status_code == 404
    if address.endswith(".webp"):
        assert answer.content_type == "text/plain; charset=utf-8"
    else:
        assert BeautifulSoup(answer.data, "html.parser").h1


def test_documents_that_readers_may_not_see(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    pages = [make_page(1, [("paragraph", "nl", "Geheim")])]
    withdrawn = room.add(pages, Description("Ingetrokken", 2011))
    room.catalogue.withdraw(withdrawn.id, "Wrong edition", "test")
    unread, _ = room.catalogue.receive(
        room.originals.store(BytesIO(b"%PDF-1.7 unread")), "x.pdf", Description(), Provenance(), "test"
    )
    client = create_app(room.settings).test_client()
    for address in ("/en/document/{}", "/en/document/{}/page/1", "/original/{}.pdf", "/page-image/{}/1.webp"):
        gone = client.get(address.format(withdrawn.id))
        assert gone.status_code == 410
        assert "Wrong edition" in gone.text
        assert "Geheim" not in gone.text
        assert client.get(address.format(unread.id)).status_code == 404
    assert "Ingetrokken" not in client.get("/en/documents").text
    assert "Ingetrokken" not in client.get("/en/search?q=geheim").text
    room.close()


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    said = f"Brussel {HOSTILE} werk"
    document = room.add(
        [make_page(1, [("heading", "nl", said), ("table", "nl", f"{HOSTILE}\tb\nc\td")], label=HOSTILE[:30])],
        Description(HOSTILE, 2011, "new-deal"),
        filename='a";b\r\nX-Evil: 1\x00<script>.pdf',
        provenance=Provenance("javascript:alert(3)", "javascript:alert(4)"),
        warnings=[ReadingWarning("noted", (), {"text": HOSTILE})],
    )
    client = create_app(room.settings).test_client()
    for address in (
        f"/nl/document/{document.id}",
        f"/nl/document/{document.id}/page/1?q=brussel",
        f"/nl/document/{document.id}/page/1?q=script+{HOSTILE}",
        "/nl/search?q=brussel",
        f"/nl/search?q=brussel&document={document.id}",
        f"/nl/search?q={HOSTILE}",
        f"/nl/search?q=brussel&plan={HOSTILE}&year={HOSTILE}",
        f"/nl/quote?text={HOSTILE}",
        f"/nl/{HOSTILE}",
        "/nl/documents",
        "/nl/",
    ):
        answer = client.get(address)
        page = BeautifulSoup(answer.data, "html.parser")
        assert answer.status_code in {200, 400, 404}, address
        run = page.select("script:not([type='application/ld+json'])")
        assert all(script["src"].startswith("/static/") for script in run)
        assert not page.select("img[src=x], [onerror], [href^='javascript:']"), address
        assert "7*7" in answer.text or HOSTILE[:8] not in page.text
    disposition = client.get(f"/original/{document.id}.pdf").headers["Content-Disposition"]
    assert not set("\r\n\x00<") & set(disposition)
    room.close()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Pacte (2011).pdf", "Pacte (2011).pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fake\\Strategie 2025.PDF", "Strategie 2025.pdf"),
        ('x";\r\nSet-Cookie: a=b.pdf', "x Set-Cookie a b.pdf"),
        ("....pdf", "original.pdf"),
        ("", "original.pdf"),
        ("é" * 400, "é" * 120 + ".pdf"),
    ],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


def test_marks_number_matches_in_reading_order_and_cut_runs_at_cells() -> None:
    page = make_page(
        1, [("table", "nl", "aa bb\tcc\ndd\tee"), ("paragraph", "fr", "ff"), ("paragraph", "nl", "gg hh")]
    )
    text = "aa bb\tcc\ndd\tee\ngg hh"
    marked = mark_page(page, {"nl": [(3, 11), (text.index("hh"), len(text))], "fr": [(0, 2)]})
    runs = [
        (run.text, run.match, run.is_start)
        for block in marked.blocks
        for row in block.rows
        for cell in row
        for run in cell
        if run.match
    ]
    assert runs == [
        ("bb", 1, True),
        ("cc", 1, False),
        ("dd", 1, False),
        ("ff", 2, True),
        ("hh", 3, True),
    ]
    assert [len(mark.boxes) for mark in marked.marks] == [3, 1, 1]


def test_a_broken_word_is_drawn_in_parts() -> None:
    word = Word("werkgelegenheid", 0, ((500.0, 10.0, 530.0, 20.0), (50.0, 24.0, 170.0, 34.0)))
    page = Page(1, "1", WIDTH, HEIGHT, "text layer", False, (Block("paragraph", "nl", word.text, (word,)),))
    assert [word.text for word in drawn_words(page)] == ["wer", "kgelegenheid"]


def test_dots_that_lead_the_eye_are_no_words() -> None:
    contents = "\n".join(f"Hoofdstuk {number} {'. ' * 40}{number}" for number in range(1, 4))
    page = make_page(1, [("list", "nl", contents), ("paragraph", "nl", "Einde.")])
    words = drawn_words(page)
    assert " ".join(word.text for word in words) == "Hoofdstuk 1 1 Hoofdstuk 2 2 Hoofdstuk 3 3 Einde."
    assert words[-1].number == 3 * 43, "numbers count every word, as in the text beside the image"


def test_the_heaviest_pages_are_light(tmp_path: Path) -> None:
    """As in the corpus: two columns of small print, and a table of contents."""
    room = ReadingRoom(tmp_path)
    contents = "\n".join(f"{number}. Over de werkgelegenheid {'. ' * 50}{number}" for number in range(60))
    prose = " ".join(["de Brusselse regering en haar sociale gesprekspartners"] * 150)
    document = room.add(
        [make_page(1, [("list", "nl", contents)]), make_page(2, [("paragraph", "nl", prose)])],
        Description("Zwaar"),
    )
    client = create_app(room.settings).test_client()
    dots = client.get(f"/nl/document/{document.id}/page/1?q=werkgelegenheid").data
    assert len(dots) < 80_000, "three thousand dots are not drawn"
    for number in (1, 2):
        address = f"/nl/document/{document.id}/page/{number}?q=sociale"
        sent = client.get(address, headers={"Accept-Encoding": "gzip"}).data
        words = client.get(
            f"/page-words/{document.id}/{number}.json", headers={"Accept-Encoding": "gzip"}
        ).data
        assert 3_000 < len(sent) + len(words) < 40_000
    room.close()


@pytest.mark.parametrize("name", ["00000000120", "²", "1\n2", "99"])
def test_a_number_is_read_whole_or_not_at_all(
    client: FlaskClient, documents: dict[str, Document], name: str
) -> None:
    address = f"/nl/document/{documents['pact_fr'].id}/page/"
    answer = client.get(address, query_string={"to": name, "by": "number"})
    assert answer.status_code == 404
    answer = client.get(address, query_string={"to": "002", "by": "number"})
    assert answer.location.endswith("/page/2")


def test_the_reader_goes_to_a_page_by_its_number_however_it_is_written(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    identifier = documents["pact_fr"].id
    for wanted, page in (("3", 3), ("003", 3), (" 5 ", 5), ("0" * 39 + "1", 1)):
        answer = client.get(f"/en/document/{identifier}/page/?to={wanted}&by=number")
        assert answer.location.endswith(f"/en/document/{identifier}/page/{page}"), wanted
    for wanted in ("0", "6", "0000000012", "1" + "0" * 39, "000", "-1", "²", ""):
        answer = client.get(f"/en/document/{identifier}/page/?to={wanted}&by=number")
        assert answer.status_code == 404, wanted
        assert "numbered 1 to 5" in answer.text
    answer = client.get(f"/en/document/{identifier}/page/?to=1" + "0" * 5000)
    assert answer.status_code == 400
    assert "at most 40 characters" in answer.text


def test_text_that_was_read_from_an_image_says_so_before_it_begins(
    room: ReadingRoom, client: FlaskClient
) -> None:
    read = replace(make_page(1, [("paragraph", "fr", "Lu sur une image.")]), source="ocr")
    document = room.add([read], Description("Scan", 2004, None, "other", "fr"))
    page = soup(client, f"/en/document/{document.id}/page/1")
    before = [element.get_text() for element in page.select_one(".page-text").find_previous_siblings("p")]
    assert any("read from an image" in text for text in before)
