"""The site in a real browser, before a real server, on documents that went through the real reader.

In these documents the word that is searched for is black and all else is grey: where black ink is, marks
must be, whatever the reader says of boxes.
"""

import io
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from waitress.server import create_server

from archive.accounts.accounts import Accounts
from archive.catalogue.wanted_images import WantedImage, WantedImages
from archive.images.large_images import LargeImages
from archive.records import Description, Provenance
from ingest.large_pages import LargePages
from ingest.page.render import render_pages
from ingest.read_document import read_document
from ingest.sandbox.document_reader import DocumentReader
from ingest.sandbox.supervisor import Limits
from search_app import create_app
from tests.browser import CHROMIUM
from tests.surroundings.reading_room import ReadingRoom

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

ARCHIVIST = ("ann", "correct horse battery")
WORD = "werkgelegenheid"
PAGES_WITH_THE_WORD = (1, 3, 4)
INK = 70
"""Grey values below this are black ink; the grey text is at 140 and more."""


@dataclass
class Site:
    """A running site and what it holds."""

    address: str
    pact: str
    speech: str
    room: ReadingRoom


@dataclass
class Watch:
    """What a browser should not do."""

    address: str
    wrongs: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Note everything that goes wrong in the pages of a context, and every request to elsewhere."""
        context.on("console", lambda message: self._note_message(message.type, message.text))
        context.on("weberror", lambda error: self.wrongs.append(f"error: {error.error}"))
        context.on("request", lambda request: self._note_request(request.url))
        context.on("requestfailed", lambda request: self._note_failure(request.url, request.failure))

    def _note_message(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.wrongs.append(f"{kind}: {text}")

    def _note_failure(self, url: str, reason: str | None) -> None:
        if reason != "net::ERR_ABORTED":  # a page that was left before its image had come
            self.wrongs.append(f"failed: {url}: {reason}")

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.address, "chrome-extension:", "blob:", "data:")):
            self.wrongs.append(f"request: {url}")


def draw_pact(path: Path) -> None:
    """Four pages: the word on the first, twice on the third, which is rotated, and on the last."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for number in range(1, 5):
        canvas.setPageRotation(90 if number == 3 else 0)
        if number == 3:  # drawn lying on its side, so that /Rotate sets it upright
            canvas.translate(A4[1], 0)
            canvas.rotate(90)
        _grey(canvas, 760, "Het pact van de Brusselse regering met de sociale gesprekspartners")
        if number in PAGES_WITH_THE_WORD:
            left = 72 + 40 * number
            _grey(canvas, 700, "Over de", left=72)
            canvas.setFillGray(0)
            canvas.drawString(left + 60, 700, WORD)
            _grey(canvas, 700, "in het Gewest wordt gesproken", left=left + 180)
        if number == 3:
            canvas.setFillGray(0)
            canvas.drawString(90, 300, WORD)
            _grey(canvas, 300, "staat hier nog eens voorop", left=220)
        for line in range(12):
            _grey(
                canvas, 660 - 18 * line, f"Regel {line} gaat over opleiding en over de economie van de stad"
            )
        canvas.showPage()
    canvas.save()


def _grey(canvas: Canvas, height: float, text: str, left: float = 72) -> None:
    canvas.setFont("Helvetica", 12)
    canvas.setFillGray(0.55)
    canvas.drawString(left, height, text)


def draw_speech(path: Path) -> None:
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.drawString(72, 700, "Ce soir nous parlons de l'emploi et de la formation à Bruxelles.")
    canvas.drawString(72, 680, "La werkgelegenheid est un mot néerlandais que chacun connaît ici.")
    canvas.save()


def take_in(room: ReadingRoom, path: Path, description: Description) -> str:
    """What the worker does, without its limits: store, read, index, render."""
    with path.open("rb") as file:
        original = room.originals.store(file)
    document, _ = room.catalogue.receive(original, path.name, description, Provenance(), "test", True)
    room.catalogue.start(document.id, "test")
    reading = read_document(path, 100, lambda _done, _total: None)
    room.catalogue.store_pages(document.id, reading.pages, reading.warnings, reading.title, "test")
    room.indexer.add(document.id)
    room.catalogue.mark_ready(document.id, "test")
    folder = room.settings.data / "renditions" / document.id
    assert render_pages(path, folder, lambda _done, _total: None) == []
    room.catalogue.mark_images(document.id, "test")
    return document.id


def draw_what_is_wanted(room: ReadingRoom, wanted: WantedImage) -> None:
    """What the worker does when a reader has asked for a larger image: waits for that, and draws it."""
    deadline = time.monotonic() + 30
    while wanted not in WantedImages(room.catalogue).waiting(100):
        assert time.monotonic() < deadline, "nobody asked"
        time.sleep(0.05)
    work, nobody = room.settings.data / "work", threading.Event()
    parts = (room.catalogue, room.originals, work, Limits())
    reader = DocumentReader(*parts, lambda _document, _done, _total: None, nobody, "test")
    large_images = LargeImages.of(room.settings.data, room.settings.image_room)
    LargePages(room.catalogue, large_images).draw_wanted(reader)
    assert large_images.find(wanted.document, wanted.page) is not None


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A site with nothing in it yet, before a real server."""
    room = ReadingRoom(folder / "archive")
    Accounts(room.catalogue).add(*ARCHIVIST)
    server = create_server(create_app(room.settings), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", "", "", room)
    server.close()
    thread.join(timeout=10)
    room.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with two documents. They are read once in a test process, and copied for each file of tests."""
    read = tmp_path_factory.getbasetemp() / "site-of-two-documents"
    if not read.exists():
        _read_two_documents(tmp_path_factory.mktemp("unfinished")).rename(read)
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(read / "archive", folder / "archive")
    with running(folder) as site:
        ids = {document.title: document.id for document in site.room.catalogue.documents()}
        site.pact, site.speech = ids["Het pact"], ids["Le discours"]
        yield site


def _read_two_documents(folder: Path) -> Path:
    """The folder, with an archive in it."""
    draw_pact(folder / "pact.pdf")
    draw_speech(folder / "toespraak.pdf")
    room = ReadingRoom(folder / "archive")
    take_in(room, folder / "pact.pdf", Description("Het pact", 2011, "new-deal", "plan", "nl"))
    take_in(room, folder / "toespraak.pdf", Description("Le discours", 2015, None, "speech", "fr"))
    room.close()
    return folder


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    watch = Watch(site.address)
    yield watch
    assert watch.wrongs == []


@pytest.fixture
def page(browser: Browser, site: Site, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 900})
    watch.over(context)
    yield context.new_page()
    context.close()


def assert_marks_lie_over_the_ink(page: Page, expected: int) -> None:
    """Every mark holds a whole black word, and no black word is without its mark."""
    sheet = page.locator(".sheet")
    expect(sheet.locator("img")).to_have_js_property("complete", True)
    picture = Image.open(io.BytesIO(sheet.screenshot())).convert("L")
    boxes = sheet.evaluate(
        """sheet => [...sheet.querySelectorAll(".mark rect")].map(rect => {
            const around = sheet.getBoundingClientRect(), box = rect.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom].map((edge, side) =>
                (edge - (side % 2 ? around.top : around.left)) / around.width);
        })"""
    )
    assert len(boxes) == expected
    ink = picture.point(lambda value: 255 if value < INK else 0)
    for box in boxes:
        left, top, right, bottom = (round(edge * picture.width) for edge in box)
        black = ink.crop((left, top, right, bottom)).getbbox()
        assert black, "a mark over nothing"
        assert max(black[2] - black[0], black[3] - black[1]) > 0.9 * max(right - left, bottom - top)
        ink.paste(0, (left - 1, top - 1, right + 1, bottom + 1))
    assert ink.getbbox() is None, "a word without a mark"


def test_from_a_search_to_the_original(page: Page, site: Site) -> None:
    page.goto("/nl/")
    page.get_by_role("searchbox").fill(WORD)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".count")).to_contain_text("4")
    expect(page.locator(".found > li")).to_have_count(2)

    with page.expect_navigation():
        page.get_by_label("Pact voor een Duurzame Stedelijke Groei").check()
    expect(page.locator(".found > li")).to_have_count(1)
    assert page.url == f"{site.address}/nl/search?q={WORD}&plan=new-deal"
    expect(page.locator(".chips a")).to_have_count(1)

    page.get_by_role("link", name="pagina 1", exact=True).click()
    assert_marks_lie_over_the_ink(page, expected=1)
    expect(page.locator("mark")).to_have_text([WORD])

    def follow(direction: str, number: int, marks: int) -> None:
        page.locator(f"[data-match={direction}]").click()
        page.wait_for_url(f"**/page/{number}?q={WORD}#match-{'1' if direction == 'next' else 'last'}")
        expect(page.locator("mark.current")).to_have_count(1)
        assert_marks_lie_over_the_ink(page, expected=marks)

    # A result leads to its match, which is the only one of the page: the next one is on another page.
    expect(page).to_have_url(f"{site.address}/nl/document/{site.pact}/page/1?q={WORD}#match-first")
    expect(page.locator("mark.current, .mark.current")).to_have_count(2)
    follow("next", 3, marks=2)
    page.locator("[data-match=next]").click()  # the second match of the rotated page
    expect(page.locator("#match-2")).to_have_class("current")
    expect(page.locator("#match-1")).not_to_have_class("current")
    follow("next", 4, marks=1)
    follow("previous", 3, marks=2)
    expect(page.locator("#match-2")).to_have_class("current")

    original = page.get_by_role("link", name="Origineel op deze pagina")
    assert original.get_attribute("href") == f"/original/{site.pact}.pdf#page=3"
    answer = page.request.get(f"/original/{site.pact}.pdf", headers={"Range": "bytes=0-4"})
    assert (answer.status, answer.body()) == (206, b"%PDF-")


def test_an_image_that_is_being_made_is_shown_when_it_is_there(page: Page, site: Site) -> None:
    document = site.room.catalogue.document(site.speech)
    folder = site.room.settings.data / "renditions" / document.id
    shutil.rmtree(folder)
    page.goto(f"{site.address}/nl/document/{document.id}/page/1")
    expect(page.locator("[data-awaits]")).to_contain_text("De afbeelding van deze pagina wordt gemaakt.")
    expect(page.locator("svg.outline text").first).to_be_visible()
    render_pages(site.room.originals.path(document.sha256), folder, lambda _done, _total: None)
    expect(page.locator(".sheet img")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-awaits]")).to_have_count(0)


def test_everything_works_without_javascript(browser: Browser, site: Site, watch: Watch) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    watch.over(context)
    page = context.new_page()
    page.goto("/fr/")
    page.get_by_role("searchbox").fill(WORD)
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(".found > li")).to_have_count(2)
    page.get_by_label("néerlandais").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator(".found > li")).to_have_count(1)
    page.get_by_role("link", name="page 1", exact=True).click()
    expect(page.locator("mark")).to_have_text([WORD])
    page.get_by_role("link", name="Occurrence suivante").click()
    page.wait_for_url(f"**/page/3?q={WORD}#match-1")
    page.get_by_role("link", name="Occurrence suivante").click()
    page.wait_for_url(f"**/page/4?q={WORD}#match-1")
    page.get_by_role("link", name="Page précédente").click()
    page.wait_for_url(f"**/page/3?q={WORD}")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{site.address}/en/document/{site.pact}/page/3?q={WORD}")

    page.get_by_role("link", name="All results").click()
    page.get_by_role("link", name="2011: 3 pages").click()
    expect(page.locator(".count")).to_have_text("3 pages in 1 document")
    page.get_by_role("link", name="Concordance").click()
    expect(page.locator(".complete")).to_have_text("All 4 occurrences shown on 3 pages in 1 document")
    page.get_by_role("link", name="By the words after").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.path().read_text("utf-8-sig").count(WORD) >= 4
    page.get_by_role("link", name="Trends", exact=True).last.click()
    page.get_by_label("Term 2", exact=True).fill("emploi")
    page.get_by_role("button", name="Show").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    table.get_by_role("link", name="4", exact=True).click()
    expect(page.locator(".kwic tbody tr")).to_have_count(4)
    context.close()


def test_a_journey_by_keys_alone(page: Page, site: Site) -> None:
    """From the start to the match, its original within reach, and back: nothing needs a mouse."""
    page.goto("/en/")
    page.keyboard.press("/")
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    expect(page.locator(".found > li")).to_have_count(2)
    page.wait_for_load_state()  # keys are listened to from then on
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/*?q=*")
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_count(1)
    for key, size in (("+", "150%"), ("+", "200%"), ("-", "150%"), ("0", "100%")):
        page.keyboard.press(key)
        expect(page.locator(".zoom output")).to_have_text(size)
    before = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_function("address => location.href !== address", arg=before)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("address => location.href === address", arg=before.partition("#")[0])
    page.get_by_label("To page").focus()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/4?q=*")
    focused = page.evaluate(FOCUS_RINGS, 60)
    assert len(focused) > 20
    assert [name for name, ring in focused if ring == "none"] == []


@pytest.mark.parametrize("has_javascript", [True, False])
def test_an_archivist_corrects_a_page(
    browser: Browser, site: Site, watch: Watch, has_javascript: bool
) -> None:
    context = browser.new_context(
        base_url=site.address, java_script_enabled=has_javascript, viewport={"width": 1280, "height": 900}
    )
    watch.over(context)
    page = context.new_page()
    page.goto(f"/en/archivist/document/{site.pact}/pages")
    page.get_by_label("Name").fill(ARCHIVIST[0])
    page.get_by_label("Password").fill(ARCHIVIST[1])
    page.get_by_role("button", name="Sign in").click()

    def fits(*, at: int) -> None:
        page.set_viewport_size({"width": at, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= at, page.url
        assert page.evaluate(FAINT_TEXT) == [], page.url

    page.goto(f"/en/archivist/document/{site.pact}/pages")
    page.get_by_role("group", name="OCR of page 1").get_by_role("button", name="Forbid").click()
    expect(page.get_by_role("status")).to_contain_text("will be read again")
    pressed = page.get_by_role("group", name="OCR of page 1").get_by_role("button", pressed=True)
    expect(pressed).to_have_text("Forbid")
    page.get_by_role("group", name="OCR of page 1").get_by_role("button", name="Automatic").click()
    expect(pressed).to_have_text("Automatic")
    fits(at=390)
    fits(at=1280)

    page.get_by_role("link", name="page 1", exact=True).click()
    box = page.get_by_label("Text of the page")
    text = box.input_value()
    assert f"\n\nOver de {WORD}" in text
    box.fill(text.replace(f"Over de {WORD}", "[list nl]\nOver de tewerkstelling"))
    page.get_by_role("button", name="Preview the differences").click()
    expect(page.locator(".compared del")).to_have_text([WORD])
    expect(page.locator(".compared ins")).to_have_text(["tewerkstelling"])
    assert "\n\n[list nl]\nOver de tewerkstelling" in box.input_value()
    fits(at=390)
    fits(at=1280)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("The page has been corrected")
    expect(page.locator(".history li:first-child ins")).to_have_text(["tewerkstelling"])
    fits(at=390)
    site.room.indexer.add(site.pact)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/en/document/{site.pact}/page/1?q=tewerkstelling")
    assert_marks_lie_over_the_ink(page, expected=1)
    expect(page.locator(".about-text")).to_contain_text("corrected by hand")

    page.goto(f"/en/archivist/document/{site.pact}/page/1/")
    page.get_by_role("button", name="Withdraw the correction").click()
    expect(page.locator("p[role=status]")).to_contain_text("has been withdrawn")
    expect(box).to_have_value(text)
    site.room.indexer.add(site.pact)
    context.close()


def test_filters_fold_away_on_a_telephone_without_javascript(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        base_url=site.address, java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(f"/nl/search?q={WORD}")
    expect(page.locator(".filters")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.locator(".filters")).to_be_visible()
    context.close()


def test_french_quotation_marks_have_their_spaces(page: Page) -> None:
    page.goto("/fr/")
    marks = """() => {
        const quoted = document.querySelector("main").appendChild(document.createElement("q"));
        return getComputedStyle(quoted).quotes;
    }"""
    assert page.evaluate(marks).startswith('"«\u00a0" "\u00a0»"')
    page.goto("/nl/")
    assert page.evaluate(marks) == "auto"


def test_keys(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/3?q={WORD}")
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_id("match-1")
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_id("match-2")
    page.keyboard.press("p")
    expect(page.locator("mark.current")).to_have_id("match-1")
    page.keyboard.press("p")
    page.wait_for_url("**/page/1?**")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/page/2?**")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search the archive")
    expect(box).to_be_focused()
    page.keyboard.type("/n")
    expect(box).to_have_value("/n")


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/en/documents")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


FAINT_TEXT = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const drawn = new Map();
    const solid = colour => {
        if (drawn.has(colour)) return drawn.get(colour);
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        drawn.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
        return drawn.get(colour);
    };
    const light = colour => {
        const [r, g, b] = solid(colour).slice(0, 3).map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
        for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (solid(colour)[3] === 255) return colour;
        }
        return "white";
    };
    const faint = [];
    for (const element of document.body.querySelectorAll("*:not(svg, svg *, option)")) {
        const speaks = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!speaks || !element.getClientRects().length) continue;
        if (!solid(getComputedStyle(element).color)[3]) continue; // its background alone is there to be seen
        const ink = light(getComputedStyle(element).color), paper = light(behind(element));
        const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        if (contrast < 4.5) faint.push([element.className || element.tagName, contrast]);
    }
    return faint;
}"""
"""Texts whose contrast with what is behind them is less than the 4.5 of WCAG 2 AA."""

FOCUS_RINGS = """most => [...document.querySelectorAll("a[href], button, input, select, [tabindex='0']")]
    .filter(element => element.getClientRects().length).slice(0, most).map(element => {
        element.focus({ focusVisible: true });
        return [element.outerHTML.slice(0, 60), getComputedStyle(element).outlineStyle];
    })"""
"""How each element that takes the focus shows it."""
