"""Words of a page in a real browser: chosen with the mouse on its image, and by keys in its text."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from archive.records import Description
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    WORD,
    Site,
    page,  # noqa: F401 (a fixture)
    site,  # noqa: F401 (a fixture)
    take_in,
    watch,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)

DOCUMENTS = Path(__file__).parents[2] / "documents"


@pytest.fixture(scope="module")
def columns(site: Site) -> str:
    """A document whose second page has French on the left and Dutch on the right."""
    path = DOCUMENTS / "columns-drawn-row-by-row.pdf"
    return take_in(site.room, path, Description("Columns", 2012, "new-deal", "plan"))


@pytest.fixture(scope="module")
def turned(site: Site) -> str:
    """A document with rotated pages, and a word that stands on its side."""
    path = DOCUMENTS / "turned-and-cropped.pdf"
    return take_in(site.room, path, Description("Turned", 2012, "new-deal", "plan"))


def open_page(page: Page, identifier: str, number: int, asked: str = "") -> None:
    page.goto(f"/en/document/{identifier}/page/{number}{asked}")
    expect(page.locator(".text-layer span").first).to_be_attached()


def over(page: Page, number: int) -> dict[str, float]:
    """Where a word lies on the image."""
    box = page.locator(f".text-layer [data-word='{number}']").first.bounding_box()
    assert box
    return {
        "left": box["x"],
        "right": box["x"] + box["width"],
        "top": box["y"],
        "bottom": box["y"] + box["height"],
        "middle": box["y"] + box["height"] / 2,
    }


def draw(page: Page, start: tuple[float, float], *then: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for point in then:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def quoted(page: Page) -> list[str]:
    """The words that the card has for what is chosen."""
    page.keyboard.press("c")
    words = page.get_by_role("dialog").locator("blockquote").inner_text().split()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    return words


def width_of(sheet: Locator) -> float:
    box = sheet.bounding_box()
    assert box
    return box["width"]


def test_the_image_grows_again_with_its_window(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    picture = page.locator(".sheet img")
    before = width_of(picture)
    fitting = picture.get_attribute("sizes") or picture.get_attribute("data-sizes")
    assert before > 400
    for across, down in ((390, 900), (1280, 900), (1280, 700), (1280, 900)):
        page.set_viewport_size({"width": across, "height": down})
        page.wait_for_function("across => innerWidth === across", arg=across)
    assert width_of(picture) == pytest.approx(before, abs=1)
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert width_of(picture) == pytest.approx(before, abs=1)
    assert picture.get_attribute("sizes") == fitting is not None


def test_a_size_that_was_chosen_outlives_the_address_bar_and_a_turn(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 700})
    page = context.new_page()
    open_page(page, site.pact, 1)
    sheet, told = page.locator(".sheet"), page.locator(".zoom output")
    fitted = width_of(sheet)
    for _ in range(2):
        page.keyboard.press("+")
    middle = """() => {
        const frame = document.querySelector(".frame");
        return (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
    }"""
    page.evaluate("() => { document.querySelector('.frame').scrollLeft = 40; }")
    seen = page.evaluate(middle)
    page.set_viewport_size({"width": 390, "height": 640})
    page.wait_for_function("() => innerHeight === 640")
    expect(told).to_have_text("200%")
    assert width_of(sheet) == pytest.approx(2 * fitted, abs=2)
    page.set_viewport_size({"width": 600, "height": 390})
    page.wait_for_function(
        "fitted => document.querySelector('.sheet').clientWidth > 2.5 * fitted", arg=fitted
    )
    expect(told).to_have_text("200%")
    assert page.evaluate(middle) == pytest.approx(seen, abs=0.03)
    assert page.evaluate("document.documentElement.scrollWidth") <= 600
    context.close()


def test_a_drag_into_the_gutter_stays_in_its_column(page: Page, columns: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 1400})
    open_page(page, columns, 2)
    lines = page.evaluate(
        """() => {
            const spans = [...document.querySelectorAll(".text-layer [data-word]")];
            const place = (span, side) => parseFloat(span?.style[side]);
            const ends = spans.filter((span, at) =>
                place(span, "left") < 48 && place(spans[at + 1], "top") > place(span, "top") + 0.5);
            return ends.slice(3, 7).map((span) => Number(span.dataset.word));
        }"""
    )
    first, last = lines[0] - 1, lines[3]
    start, end = over(page, first), over(page, last)
    draw(page, (start["left"] + 3, start["middle"]), (end["right"] + 8, end["middle"]))
    assert len(quoted(page)) == last - first + 1
    beyond = (end["right"] + 8, (end["middle"] + over(page, lines[2])["middle"]) / 2)
    draw(page, (start["left"] + 3, start["middle"]), beyond)
    assert last - first - 12 <= len(quoted(page)) <= last - first + 1


def test_a_drag_across_columns_reaches_the_word_under_the_mouse(page: Page, columns: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 1400})
    open_page(page, columns, 2)
    start, end = over(page, 310), over(page, 345)  # French, Dutch
    draw(page, (start["left"] + 3, start["middle"]), (end["left"] + 3, end["middle"]))
    page.keyboard.press("c")
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("the words in these languages are left out: Dutch")
    assert len(card.locator("blockquote").inner_text().split()) == 26  # 310 to 335; the rest is Dutch
    expect(card.get_by_role("link", name="words=310-").first).to_be_attached()


@pytest.mark.parametrize("number", range(5))
def test_a_drag_from_the_very_edge_of_a_word_has_it(page: Page, site: Site, number: int) -> None:
    open_page(page, site.pact, 1)
    words = [word.text for passage in site.room.catalogue.page(site.pact, 1).blocks for word in passage.words]
    word = site.room.catalogue.page(site.pact, 1).blocks[0].words
    right = page.evaluate(
        """share => share * document.querySelector(".text-layer").clientWidth
            + document.querySelector(".text-layer").getBoundingClientRect().left""",
        word[number].boxes[0][2] / site.room.catalogue.page(site.pact, 1).width,
    )
    start, end = over(page, number), over(page, number + 2)
    draw(page, (right - 1, start["middle"]), (end["left"] + 4, end["middle"]))
    assert quoted(page) == words[number : number + 3]
    draw(page, (end["left"] + 4, end["middle"]), (right - 1, start["middle"]))
    assert quoted(page) == words[number : number + 3]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_words_are_drawn_over_however_the_page_lies(page: Page, site: Site, turned: str, number: int) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    open_page(page, turned, number)
    words = [
        word.text for passage in site.room.catalogue.page(turned, number).blocks for word in passage.words
    ]
    first = words.index("het")
    start, end = over(page, first), over(page, first + 1)
    middle = [((box["left"] + box["right"]) / 2, box["middle"]) for box in (start, end)]
    draw(page, middle[0], middle[1])
    assert quoted(page) == words[first : first + 2]


def test_what_is_chosen_is_shaded_evenly_on_the_image(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    start, end = over(page, 0), over(page, 11)
    draw(page, (start["left"] + 2, start["middle"]), (end["left"] + 2, end["middle"]))
    strips = page.locator(".chosen i")
    expect(strips).to_have_count(2)  # one for each line
    assert page.evaluate("getComputedStyle(document.querySelector('.chosen')).opacity") == "0.3"
    of_words = page.evaluate(
        "getComputedStyle(document.querySelector('.text-layer span'), '::selection').backgroundColor"
    )
    assert of_words == "rgba(0, 0, 0, 0)"
    page.mouse.click(start["left"] + 2, start["middle"])
    expect(strips).to_have_count(0)


def test_words_are_chosen_and_quoted_by_keys_alone(page: Page, site: Site) -> None:
    open_page(page, site.pact, 2)
    words = [
        word.text
        for passage in site.room.catalogue.page(site.pact, 2).blocks
        for word in passage.words
        if passage.kind != "running"
    ]
    told = page.locator("#chosen-words")
    page.keyboard.press("w")
    expect(told).to_have_text(f"Chosen words: 1. {words[0]}")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(told).to_have_text(f"Chosen words: 4. {' '.join(words[:4])}")
    expect(page.locator(".chosen i")).to_have_count(1)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("w")  # the other end
    page.keyboard.press("Shift+ArrowRight")
    assert quoted(page) == words[1:3]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert quoted(page) == words[2:4], "beyond the other end the choice turns round"
    page.keyboard.press("Escape")
    expect(page.locator(".chosen i")).to_have_count(0)


def test_what_is_let_go_right_after_the_card_stays_let_go(page: Page, site: Site) -> None:
    """The event "close" comes later than the closing of a dialog: what it does, it does to the next."""
    open_page(page, site.pact, 1)
    page.keyboard.press("w")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").locator("blockquote")).to_be_visible()
    closed = page.evaluate(
        """async () => {
            const dialog = document.querySelector("dialog[open]"), selection = document.getSelection();
            const closed = new Promise((resolve) => dialog.addEventListener("close", resolve));
            selection.removeAllRanges();  // as a click in the card would
            dialog.close();
            await null;
            const kept = !selection.isCollapsed;
            selection.removeAllRanges();
            await closed;
            return [kept, selection.isCollapsed];
        }"""
    )
    assert closed == [True, True]


@pytest.mark.parametrize("view", ["page", "text"])
def test_a_match_is_quoted_and_widened_by_keys(page: Page, site: Site, view: str) -> None:
    page.goto(f"/en/document/{site.pact}/page/1?q={WORD}&view={view}")
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_text(WORD)
    assert quoted(page) == [WORD]
    page.keyboard.press("Shift+ArrowRight")
    assert quoted(page) == [WORD, "in"]
    page.keyboard.press("w")
    page.keyboard.press("Shift+ArrowLeft")
    assert quoted(page) == ["de", WORD, "in"]


@pytest.fixture(scope="module")
def headed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A document whose running head holds the word, as does the last line of each page."""
    path = tmp_path_factory.mktemp("headed") / "headed.pdf"
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for number in range(1, 4):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 800, f"Nota over {WORD} in Brussel – {number}")
        canvas.setFont("Helvetica", 11)
        about = ("opleiding", "huisvesting", "vervoer")[number - 1]
        for line in range(38):
            who = ("de regering", "de raad", "de minister", "iedereen", "niemand", "de burger", "de stad")
            where = ("het Gewest", "de wijken", "het land", "elke straat", "het dorp", "de haven")
            canvas.drawString(
                72,
                740 - 17 * line,
                f"Over {about} zegt {who[line % 7]} wat er in {where[(line + number) % 6]} te doen is.",
            )
        if number == 2:
            canvas.drawString(72, 94, f"Pas onderaan komt de {WORD} zelf ter sprake, en dan is het uit.")
        canvas.showPage()
    canvas.save()
    return take_in(site.room, path, Description("Nota", 2013))


def test_choosing_words_begins_at_the_match_and_not_in_the_running_head(
    page: Page, site: Site, headed: str
) -> None:
    held = site.room.catalogue.page(headed, 2)
    assert WORD in next(passage.text for passage in held.blocks if passage.kind == "running")
    open_page(page, headed, 2, f"?q={WORD}")
    page.keyboard.press("w")
    expect(page.locator("#chosen-words")).to_have_text(f"Chosen words: 1. {WORD}")
    page.keyboard.press("Shift+ArrowRight")
    assert quoted(page) == [WORD, "zelf"]
    open_page(page, headed, 2)
    page.keyboard.press("w")
    expect(page.locator("#chosen-words")).to_have_text("Chosen words: 1. Over")


def test_a_result_leads_to_its_match_in_text_and_image(page: Page, site: Site, headed: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"/en/search?q={WORD}&document={headed}")
    page.locator(".to-page", has_text="page 2").click()
    page.wait_for_url(re.compile("#match-first$"))
    match = page.locator(".page-text mark.current")
    expect(match).to_have_text(WORD)
    expect(page.locator(".page-text .running mark")).not_to_have_class("current")
    expect(match).to_be_in_viewport(ratio=0.99)
    expect(page.locator(".sheet .mark.current")).to_be_in_viewport(ratio=0.99)
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_contain_text("Cite this page")


def test_only_one_match_looks_current(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/3?q={WORD}#match-1")
    outlined = """() => [...document.querySelectorAll(".page-text mark")].filter(
        mark => getComputedStyle(mark).outlineStyle !== "none").map(mark => mark.dataset.mark)"""
    page.wait_for_function("() => document.querySelector('mark.current')")
    assert page.evaluate(outlined) == ["1"]
    page.keyboard.press("n")
    assert page.evaluate(outlined) == ["2"]


def test_a_line_of_the_concordance_is_cited_and_opened_by_keys(page: Page, site: Site) -> None:
    page.goto(f"/en/concordance?q={WORD}")
    page.keyboard.press("j")
    assert quoted(page)[:3] == ["Over", "de", WORD]
    page.keyboard.press("j")
    original = page.evaluate(
        "document.activeElement.closest('[data-hit]').querySelector('[data-key=o]').getAttribute('href')"
    )
    assert original.endswith("#page=3")


def test_results_are_those_of_what_stands_in_the_box(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}")
    box = page.locator("#q")
    box.fill("ab")
    expect(page.locator(".count")).to_have_text("Nothing found")
    expect(page).to_have_url(f"{site.address}/en/search?q=ab")
    box.fill("")
    expect(page.locator(".found")).to_have_count(0)
    expect(page).to_have_title("Search · Terugblik")


def test_the_width_of_the_concordance_is_for_its_lines(page: Page, site: Site) -> None:
    page.goto(f"/en/concordance?q={WORD}")
    for line in page.locator(".kwic [data-hit]").all():
        left, keyword, right = (
            line.locator(f".{part}").bounding_box() for part in ("left", "keyword", "right")
        )
        assert left
        assert keyword
        assert right
        assert left["width"] > 350
        assert right["width"] > 300
        assert right["x"] - keyword["x"] - keyword["width"] < 2
    expect(page.locator(".kwic .of").first).to_have_text("Het pact")
    expect(page.get_by_role("rowheader").first).to_contain_text("2011 p. 1")
    expect(page.locator(".filters")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("French").check()
    expect(page.locator(".kwic [data-hit]")).to_have_count(1)


def test_on_a_telephone_the_image_comes_soon(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    open_page(page, site.pact, 1)
    sheet, strip = page.locator(".sheet").bounding_box(), page.locator(".strip").bounding_box()
    assert sheet
    assert strip
    assert sheet["y"] < 600
    assert strip["y"] >= sheet["y"] + sheet["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_what_is_cut_at_the_edge_shows_that_it_scrolls(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"/en/trends?term={WORD}")
    drawing = page.locator(".drawing")

    def shade_at_the_right() -> int:
        picture = Image.open(io.BytesIO(drawing.screenshot())).convert("L")
        return int(picture.getpixel((picture.width - 12, 4))) - int(picture.getpixel((picture.width - 1, 4)))

    assert shade_at_the_right() > 15
    drawing.evaluate("drawing => drawing.scrollTo(drawing.scrollWidth, 0)")
    assert abs(shade_at_the_right()) < 8
    context.close()
