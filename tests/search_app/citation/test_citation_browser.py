"""Quoting in a real browser: select words, press a key, have them with their source on the clipboard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from archive.records import Description
from search_app.document.word_links import passage_of
from search_app.web.parameters import WordRange
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    WORD,
    Site,
    Watch,
    site,  # noqa: F401 (a fixture)
    take_in,
    watch,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)

DOCUMENTS = Path(__file__).parents[2] / "documents"

CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def hard(site: Site) -> dict[str, str]:
    """Identifiers of documents with columns, broken words, tables and rotated pages."""
    names = ("columns-drawn-row-by-row", "hyphens-and-ligatures", "tables", "turned-and-cropped")
    return {
        name: take_in(site.room, DOCUMENTS / f"{name}.pdf", Description(name, 2011, "new-deal", "plan"))
        for name in names
    }


@pytest.fixture
def context(browser: Browser, site: Site, watch: Watch) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1280, "height": 900}, permissions=CLIPBOARD
    )
    watch.over(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def card_of(page: Page) -> Locator:
    return page.get_by_role("dialog").locator(".citation-card")


def clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def words_of(site: Site, identifier: str, number: int) -> list[str]:
    page = site.room.catalogue.page(identifier, number)
    return [word.text for passage in page.blocks for word in passage.words]


def open_page(page: Page, identifier: str, number: int, language: str = "en") -> None:
    page.goto(f"/{language}/document/{identifier}/page/{number}")
    expect(page.locator(".text-layer")).to_be_attached()


def drag(page: Page, first: Locator, last: Locator) -> None:
    """Draw a selection from the middle of one word to the middle of another."""
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), last.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


SELECT = """([within, first, last, isBackward]) => {
    const word = number => [...document.querySelectorAll(`${within} [data-word="${number}"]`)];
    const start = word(first)[0].firstChild, end = word(last).at(-1).firstChild;
    const length = text => text.data.trim().length;
    const ends = [start, Math.floor((length(start) - 1) / 2), end, Math.ceil(length(end) / 2)];
    const [from, at, to, until] = isBackward ? [...ends.slice(2), ...ends.slice(0, 2)] : ends;
    getSelection().setBaseAndExtent(from, at, to, until);
}"""
"""Select from the middle of a word to the middle of another, or of itself."""


@pytest.mark.parametrize("within", [".page-text", ".text-layer"])
@pytest.mark.parametrize("number", [1, 3])  # page 3 is rotated
def test_words_are_drawn_over_with_the_mouse_and_quoted(
    page: Page, site: Site, within: str, number: int
) -> None:
    open_page(page, site.pact, number)
    words = page.locator(f"{within} [data-word]")
    first, last = words.filter(has_text="Over").first, words.filter(has_text=WORD).first
    button = page.get_by_role("button", name="Quote")
    expect(button).to_be_hidden()
    drag(page, first, last)
    expect(button).to_be_in_viewport()
    end, place = last.bounding_box(), button.bounding_box()
    assert end
    assert place
    assert abs(place["x"] + place["width"] / 2 - end["x"] - end["width"]) < 160
    assert 0 < place["y"] - end["y"] < 60
    button.click()
    expect(card_of(page).locator("blockquote")).to_have_text(f"Over de {WORD}")
    expect(page.get_by_role("dialog", name="Quote these words")).to_be_visible()
    for fact in ("Het pact", "2011", f"page {number}", site.room.catalogue.document(site.pact).sha256):
        expect(card_of(page)).to_contain_text(fact)
    page.keyboard.press("c")
    expect(card_of(page).get_by_role("status")).to_have_text("Copied.")
    assert clipboard(page).startswith(f"“Over de {WORD}” Terugblik, Het pact (2011), demonstration text")
    link = re.search(r"https://terugblik[.]example(\S+)[.] SHA-256", clipboard(page))
    assert link
    page.goto(link[1])
    expect(page.locator("mark")).to_have_text([f"Over de {WORD}"])
    expect(page.locator(".mark rect")).to_have_count(3)


@pytest.mark.parametrize("within", [".page-text", ".text-layer"])
@pytest.mark.parametrize(
    ("name", "number", "spans"),
    [
        ("columns-drawn-row-by-row", 2, [(0, 3), (310, 345), (100, 500)]),  # 310 is French, 345 Dutch
        ("hyphens-and-ligatures", 1, [(0, 31), (5, 5), (7, 20)]),
        ("tables", 1, [(0, 63), (10, 30), (40, 41)]),
        ("turned-and-cropped", 1, [(0, 5), (2, 3)]),
        ("turned-and-cropped", 2, [(0, 5), (2, 3)]),
        ("turned-and-cropped", 3, [(0, 5), (2, 3)]),
        ("turned-and-cropped", 4, [(0, 5), (2, 3)]),
    ],
)
def test_the_card_has_whole_words_whatever_lies_between_them(
    page: Page,
    site: Site,
    hard: dict[str, str],
    within: str,
    name: str,
    number: int,
    spans: list[tuple[int, int]],
) -> None:
    read = site.room.catalogue.page(hard[name], number)
    open_page(page, hard[name], number)
    for place, (first, last) in enumerate(spans):
        page.evaluate(SELECT, [within, first, last, place % 2 == 1])  # every other one is drawn backwards
        page.keyboard.press("c")
        quote = card_of(page).locator("blockquote")
        expect(quote).to_have_text(passage_of(read, WordRange(first, last)).text)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_word_that_is_only_touched_is_not_quoted(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    page.evaluate(
        """() => {
            const word = number => document.querySelector(`.page-text [data-word="${number}"]`).firstChild;
            getSelection().setBaseAndExtent(word(0), word(0).length, word(3), 0);
        }"""
    )
    page.keyboard.press("c")
    expect(card_of(page).locator("blockquote")).to_have_text("pact van")


def test_a_selection_made_with_the_keyboard_is_quoted(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    page.locator(".page-text [data-word]").filter(has_text="Brusselse").dblclick()
    expect(page.get_by_role("button", name="Quote")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("c")
    expect(card_of(page).locator("blockquote")).to_have_text("Brusselse regering")
    expect(card_of(page).get_by_role("button", name="Copy")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card_of(page).get_by_role("status")).to_have_text("Copied.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("getSelection().toString()").startswith("Brusselse")
    expect(page.get_by_role("button", name="Quote")).to_be_visible()


def test_a_selection_on_a_telephone_is_quoted_with_the_button(
    browser: Browser, site: Site, watch: Watch
) -> None:
    """No mouse and no key is about when a long press or its handles select: the selection alone tells."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
        permissions=CLIPBOARD,
    )
    watch.over(context)
    page = context.new_page()
    open_page(page, site.pact, 1, "nl")
    number = words_of(site, site.pact, 1).index("opleiding")
    page.locator(f".page-text [data-word='{number}']").scroll_into_view_if_needed()
    page.evaluate(SELECT, [".page-text", number, number, False])
    button = page.get_by_role("button", name="Citeren")
    expect(button).to_be_in_viewport()
    button.tap()
    expect(card_of(page).locator("blockquote")).to_have_text("opleiding")
    dialog = page.get_by_role("dialog").bounding_box()
    assert dialog
    assert dialog["x"] >= 0
    assert dialog["x"] + dialog["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    copy = card_of(page).get_by_role("button", name="Kopiëren")
    expect(copy).to_be_in_viewport()
    copy.tap()
    expect(card_of(page).get_by_role("status")).to_have_text("Gekopieerd.")
    assert clipboard(page).startswith("“opleiding” Terugblik, Het pact (2011)")
    context.close()


def test_with_nothing_selected_the_page_is_cited_or_the_passage_of_the_link(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Cite this page")).to_be_visible()
    expect(card_of(page).locator("blockquote")).to_have_count(0)
    page.goto(f"/en/document/{site.pact}/page/1?passage=de+Brusselse+regering")
    page.keyboard.press("c")
    expect(card_of(page).locator("blockquote")).to_have_text("de Brusselse regering")


def test_focus_goes_back_to_where_it_was(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    link = page.get_by_role("link", name="Cite", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    expect(card_of(page).get_by_role("button", name="Copy")).to_be_focused()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(link).to_be_focused()


def test_a_focused_hit_is_cited_with_the_key(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}&by=page&sort=date")
    for _ in range(3):
        page.keyboard.press("j")
    where = page.locator("[data-hit]").nth(2)
    expect(where.locator(".to-page")).to_be_focused()
    page.keyboard.press("c")
    target = where.locator("[data-key=c]").get_attribute("href")
    assert target
    own = page.get_by_role("link", name="Open as a page")
    expect(own).to_have_attribute("href", f"{site.address}{target}")
    expect(card_of(page)).to_contain_text(where.locator(".to-page").inner_text())
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(where.locator(".to-page")).to_be_focused()
    page.get_by_label("speech").check()  # hits that came later have their cards as well
    expect(page.locator("[data-hit]")).to_have_count(1)
    page.locator("[data-hit]").get_by_role("link", name="cite").click()
    expect(card_of(page)).to_contain_text("Le discours")


def test_documents_and_checked_quotations_are_cited_in_place(page: Page, site: Site) -> None:
    page.goto(f"/fr/document/{site.speech}")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog", name="Citer ce document")).to_be_visible()
    page.goto("/fr/quote?text=nous+parlons+de+l’emploi+et+de+la+formation")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(card_of(page).locator("blockquote")).to_have_text("nous parlons de l'emploi et de la formation")


def test_the_notation_that_was_chosen_is_remembered_in_this_browser(page: Page, site: Site) -> None:
    open_page(page, site.pact, 1)
    page.keyboard.press("c")
    shown = card_of(page).locator("pre:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Terugblik, Het pact (2011)")
    card_of(page).get_by_text("RIS", exact=True).click()
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("TY  - RPRT")
    page.goto(f"/nl/document/{site.speech}")
    page.keyboard.press("c")
    expect(card_of(page).get_by_role("radio", name="RIS")).to_be_checked()
    page.keyboard.press("c")
    expect(card_of(page).get_by_role("status")).to_have_text("Gekopieerd.")
    assert clipboard(page).startswith("TY  - SLIDE")
    assert clipboard(page).rstrip().endswith("ER  -")
    assert page.context.cookies() == []


def test_notations_are_chosen_with_the_arrow_keys(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1/cite?words=0-3")
    page.get_by_role("radio", name="Text, English").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="HTML")).to_be_checked()
    page.keyboard.press("c")
    expect(page.locator(".copying [role=status]")).to_have_text("Copied.")


def test_html_is_pasted_as_a_quotation_or_as_its_source(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1/cite?words=0-3")
    page.get_by_text("HTML", exact=True).click()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".copying [role=status]")).to_have_text("Copied.")
    kinds = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async kind => [kind, await (await item.getType(kind)).text()];
            return Object.fromEntries(await Promise.all(item.types.map(read)));
        }"""
    )
    assert set(kinds) == {"text/plain", "text/html"}
    assert kinds["text/plain"].startswith('<blockquote cite="https://terugblik.example/')
    assert "<blockquote" in kinds["text/html"]
    assert "&lt;" not in kinds["text/html"]


def test_where_the_browser_forbids_copying_the_text_is_selected(
    browser: Browser, site: Site, watch: Watch
) -> None:
    """Browsers have no clipboard for scripts on sites without HTTPS."""
    context = browser.new_context(base_url=site.address)
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    watch.over(context)
    page = context.new_page()
    open_page(page, site.pact, 1)
    page.evaluate(SELECT, [".page-text", 0, 3, False])
    page.keyboard.press("c")
    card_of(page).get_by_role("button", name="Copy").click()
    expect(card_of(page).get_by_role("status")).to_contain_text("press Ctrl+C")
    shown = card_of(page).locator("pre:visible").inner_text()
    assert page.evaluate("getSelection().toString()") == shown
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Quote")).to_be_visible()
    context.close()


def test_a_card_that_does_not_come_says_so_and_leads_to_its_page(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    open_page(page, site.pact, 1)
    context.set_offline(True)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_have_text(
        "The citation could not be fetched. Try again, or open it as a page."
    )
    expect(dialog.get_by_role("link", name="Open as a page")).to_have_attribute(
        "href", f"{site.address}/en/document/{site.pact}/page/1/cite"
    )
    page.keyboard.press("Escape")
    context.set_offline(False)
    page.keyboard.press("c")
    expect(card_of(page)).to_be_visible()
    expect(dialog.get_by_role("status").first).to_be_hidden()
    context.close()


def test_a_document_withdrawn_meanwhile_is_not_cited(browser: Browser, site: Site) -> None:
    withdrawn = take_in(site.room, DOCUMENTS / "three-columns.pdf", Description("Ingetrokken", 2011))
    page = browser.new_page(base_url=site.address)
    open_page(page, withdrawn, 1)
    site.room.catalogue.withdraw(withdrawn, "A better scan is held.", "test")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("A better scan is held.")
    page.close()


def test_everything_but_copying_works_without_a_script(browser: Browser, site: Site, watch: Watch) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    watch.over(context)
    page = context.new_page()
    page.goto(f"/fr/document/{site.pact}/page/1?passage=de+Brusselse+regering")
    page.get_by_role("link", name="Référence", exact=True).click()
    expect(page.locator(".citation-card blockquote")).to_have_text("de Brusselse regering")
    shown = page.locator(".citation-card pre:visible")
    expect(shown).to_contain_text("«\u00a0de Brusselse regering\u00a0»")
    page.get_by_text("BibTeX", exact=True).click()
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("@report{")
    expect(page.get_by_role("button", name="Copier")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert re.fullmatch(rf"terugblik-{site.pact}-p1-[0-9a-f]{{8}}\.bib", download.value.suggested_filename)
    context.close()


def test_a_permanent_link_opens_at_the_passage(browser: Browser, site: Site, hard: dict[str, str]) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 800})
    page = context.new_page()
    identifier = hard["columns-drawn-row-by-row"]
    link = page.request.get(f"/nl/document/{identifier}/page/1/cite.json?words=600-610").json()["url"]
    page.goto(link.removeprefix("https://terugblik.example"))
    expect(page.locator("mark").first).to_be_in_viewport()
    context.close()
