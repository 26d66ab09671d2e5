"""The page for corrections in a real browser: one text beside the image, which shows where the cursor is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from archive.records import Description
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    FAINT_TEXT,
    Site,
    Watch,
    site,  # noqa: F401 (a fixture)
    take_in,
    watch,  # noqa: F401 (a fixture)
)
from tests.search_app.web.test_accessibility import session, violations  # noqa: F401 (a fixture)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)

SAID = (
    ("De arbeidsmarkt van het Gewest groeide in de rıaam van twee jaar.", 700),
    ("Een tweede alinea gaat over de opleiding van jongeren.", 640),
    ("Helemaal onderaan staat een derde alinea over de zorg.", 90),
)


@pytest.fixture(scope="module")
def scan(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with three paragraphs, one far below the others, and a word that OCR was not sure of."""
    path: Path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for text, height in SAID:
        canvas.drawString(72, height, text.replace("ı", "i"))
    canvas.save()
    identifier = take_in(site.room, path, Description("Scan", 2013))
    (page,) = site.room.catalogue.pages(identifier)
    passages = tuple(
        replace(
            passage,
            words=tuple(word._replace(is_doubtful=word.text == "riaam") for word in passage.words),
        )
        for passage in page.blocks
    )
    site.room.catalogue.store_pages(
        identifier, [replace(page, source="ocr", blocks=passages)], [], None, "test"
    )
    return identifier


@pytest.fixture
def desk(browser: Browser, site: Site, session: StorageState, watch: Watch) -> Iterator[Page]:
    """A window of an archivist."""
    context = browser.new_context(
        base_url=site.address, storage_state=session, viewport={"width": 1280, "height": 800}
    )
    watch.over(context)
    yield context.new_page()
    context.close()


def put_cursor(desk: Page, before: str) -> None:
    desk.evaluate(
        """(before) => {
            const area = document.getElementById("page-text");
            area.focus();
            area.selectionStart = area.selectionEnd = area.value.indexOf(before);
        }""",
        before,
    )


def test_the_image_stands_beside_one_text_and_shows_the_passage_at_the_cursor(
    desk: Page, site: Site, scan: str
) -> None:
    desk.goto(f"/en/archivist/document/{scan}/page/1/")
    image, text = desk.locator(".sheet img"), desk.get_by_label("Text of the page")
    expect(desk.locator("form.correction textarea")).to_have_count(1)
    assert text.input_value() == "\n\n".join(said.replace("ı", "i") for said, _height in SAID)
    desk.wait_for_function("document.querySelector('.sheet img').naturalWidth > 0")
    drawn, written = image.bounding_box(), text.bounding_box()
    assert drawn
    assert written
    assert drawn["width"] > 400
    assert drawn["height"] / drawn["width"] == pytest.approx(A4[1] / A4[0], rel=0.02)
    assert drawn["x"] + drawn["width"] < written["x"]
    marked = desk.locator(".drawn-block.current")
    for number, (said, height) in enumerate(SAID):
        put_cursor(desk, said.replace("ı", "i")[5:])
        expect(marked).to_have_attribute("data-block", str(number))
        expect(marked).to_be_in_viewport()
        box = marked.bounding_box()
        assert box
        middle = (box["y"] + box["height"] / 2 - image.bounding_box()["y"]) / drawn["height"]  # type: ignore[index]
        assert middle == pytest.approx((A4[1] - height) / A4[1], abs=0.02)
    # A passage that is put in, or cut in two, moves the others.
    text.press("Control+Home")
    text.press_sequentially("Iets nieuws")
    text.press("Enter")
    text.press("Enter")
    put_cursor(desk, "Helemaal")
    expect(marked).to_have_attribute("data-block", "2")
    # From the image to the text.
    desk.locator(".drawn-block[data-block='1'] rect").first.scroll_into_view_if_needed()
    where = desk.locator(".drawn-block[data-block='1']").bounding_box()
    assert where
    desk.mouse.click(where["x"] + 5, where["y"] + where["height"] / 2)
    assert desk.evaluate(
        "document.activeElement.value.slice(document.activeElement.selectionStart)"
    ).startswith("Een tweede")


def test_doubtful_words_are_marked_until_they_are_put_right(desk: Page, site: Site, scan: str) -> None:
    desk.goto(f"/en/archivist/document/{scan}/page/1/")
    expect(desk.locator(".doubts path")).to_have_count(1)
    expect(desk.locator("form .warning .doubtful")).to_have_text("riaam")
    below = desk.locator(".under .doubtful-below")
    expect(below).to_have_text("riaam")
    text = desk.get_by_label("Text of the page")
    text.fill(text.input_value().replace("riaam", "raam"))
    expect(below).to_have_count(0)


def test_the_kind_of_the_passage_at_the_cursor_is_chosen(desk: Page, site: Site, scan: str) -> None:
    desk.goto(f"/en/archivist/document/{scan}/page/1/")
    text = desk.get_by_label("Text of the page")
    put_cursor(desk, "tweede")
    kind = desk.get_by_label("Type")
    expect(kind).to_have_value("paragraph")
    kind.select_option("heading")
    assert "\n\n[heading nl]\nEen tweede" in text.input_value()
    kind.select_option("list")
    assert "\n\n[list nl]\nEen tweede" in text.input_value()
    desk.get_by_role("button", name="Preview the differences").click()
    assert "\n\n[list nl]\nEen tweede" in text.input_value()
    put_cursor(desk, "Helemaal")
    expect(desk.locator(".drawn-block.current")).to_have_attribute("data-block", "2")


def test_nothing_hinders_those_who_do_not_see(desk: Page, site: Site, scan: str) -> None:
    for address in (f"/en/archivist/document/{scan}/page/1/", f"/en/document/{scan}/page/1"):
        assert violations(desk, {"en": address}) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_everyone_can_correct(desk: Page, site: Site, scan: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    for language in ("nl", "fr", "en"):
        desk.goto(f"/{language}/archivist/document/{scan}/page/1/")
        put_cursor(desk, "Helemaal")
        expect(desk.locator(".drawn-block.current")).to_be_in_viewport()
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(FAINT_TEXT) == []


def test_readers_see_which_words_are_doubtful(desk: Page, site: Site, scan: str) -> None:
    desk.goto(f"/en/document/{scan}/page/1")
    expect(desk.locator(".reading-text .warning")).to_contain_text("1 word was hard to recognise")
    word = desk.locator(".page-text .doubtful")
    expect(word).to_have_text("riaam")
    assert word.evaluate("(word) => getComputedStyle(word).textDecorationStyle") == "dotted"
    assert word.evaluate("(word) => getComputedStyle(word, '::after').content") == '"?"'
    line = desk.locator(".doubts path").bounding_box()
    image = desk.locator(".sheet img").bounding_box()
    assert line
    assert image
    assert (line["y"] - image["y"]) / image["height"] == pytest.approx((A4[1] - SAID[0][1]) / A4[1], abs=0.02)
    word.dblclick()
    desk.keyboard.press("c")
    dialog = desk.get_by_role("dialog")
    expect(dialog.locator("blockquote")).to_have_text("riaam")
    expect(dialog.locator(".warning").last).to_contain_text("OCR was not sure of this word: riaam.")
