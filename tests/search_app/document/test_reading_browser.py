"""What researchers do all day, in a real browser: narrow a search, walk through hits, enlarge, select."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from archive.catalogue.wanted_images import WantedImage
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    WORD,
    Site,
    Watch,
    assert_marks_lie_over_the_ink,
    draw_what_is_wanted,
    page,  # noqa: F401 (a fixture)
    site,  # noqa: F401 (a fixture)
    watch,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)


def count_navigations(page: Page) -> list[str]:
    """Addresses of whole pages that are loaded from now on."""
    loaded: list[str] = []
    page.on("load", lambda: loaded.append(page.url))
    return loaded


def test_results_follow_the_filters_without_a_new_page(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}")
    loaded = count_navigations(page)
    speech = page.get_by_label("speech")
    speech.check()
    expect(page.locator(".found > li")).to_have_count(1)
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}&kind=speech")
    expect(speech).to_be_checked()
    expect(speech).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("1 page in 1 document")
    expect(page.locator(".languages [lang=fr]")).to_have_attribute("href", f"/fr/search?q={WORD}&kind=speech")

    speech.uncheck()
    page.get_by_role("link", name="2011: 3 pages").click()
    expect(page.locator("input[name=from]")).to_have_value("2011")
    expect(page.locator(".count")).to_have_text("3 pages in 1 document")
    page.get_by_label("Dutch").check()
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator(".count")).to_have_text("4 pages in 2 documents")
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}")

    page.get_by_role("link", name="Page by page").click()
    expect(page.locator(".sorting [aria-current]").last).to_have_text("Page by page")
    page.get_by_role("link", name="Concordance").click()
    expect(page.locator(".kwic tbody tr")).to_have_count(5)
    page.go_back()
    expect(page.locator(".sorting [aria-current]").last).to_have_text("Page by page")
    page.go_back()
    expect(page.locator(".sorting [aria-current]").last).to_have_text("By document")
    assert len(loaded) == 2, "only the concordance and the way back from it are other pages"


def test_the_address_tells_the_whole_state(page: Page, browser: Browser, site: Site) -> None:
    page.goto(f"/fr/search?q={WORD}")
    page.get_by_label("néerlandais").check()
    page.get_by_label("de", exact=True).fill("2010")
    page.get_by_label("de", exact=True).press("Enter")
    expect(page).to_have_url(f"{site.address}/fr/search?q={WORD}&from=2010&language=nl")
    expect(page.locator(".count")).to_have_text("3 pages dans 1 document")
    shared = browser.new_page()
    shared.goto(page.url)
    assert shared.locator("#findings").inner_text() == page.locator("#findings").inner_text()
    shared.close()


def test_what_is_typed_is_looked_up_and_back_goes_to_the_search_before(page: Page, site: Site) -> None:
    page.goto("/nl/search?q=discours")
    box = page.locator("#q")
    box.fill(WORD[:5])
    expect(page).to_have_title(f"{WORD[:5]} · Zoeken · Terugblik")
    box.fill(WORD)
    expect(page.locator(".found > li")).to_have_count(2)
    expect(page).to_have_title(f"{WORD} · Zoeken · Terugblik")
    expect(box).to_have_value(WORD)
    box.fill("opleiding")
    box.press("Enter")
    expect(page.locator(".count")).to_have_text("4 pagina’s in 1 document")
    page.go_back()
    expect(box).to_have_value(WORD)
    expect(page.locator(".found > li")).to_have_count(2)
    page.go_back()
    expect(box).to_have_value("discours")  # what was typed in a row is one step
    expect(page.locator(".nothing")).to_be_visible()
    page.goto("/nl/")
    recent = page.get_by_role("region", name="Recente zoekopdrachten").get_by_role("link")
    expect(recent).to_have_text(["opleiding", "discours"])  # and nobody searched for its beginnings


def test_years_are_chosen_by_drawing_over_the_chart(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}")
    bars = page.locator(".bars a")
    first, last = bars.first.bounding_box(), bars.last.bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 3, first["y"] + 40)
    page.mouse.down()
    page.mouse.move(last["x"] + 3, last["y"] + 40, steps=5)
    page.mouse.up()
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}&from=2011&to=2015")
    expect(page.locator(".bars [aria-current]")).to_have_count(2)


def test_a_year_is_chosen_by_key_and_by_finger(
    page: Page, browser: Browser, site: Site, watch: Watch
) -> None:
    page.goto(f"/en/search?q={WORD}")
    bar = page.get_by_role("link", name="2015: 1 page")
    bar.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}&year=2015")
    expect(bar).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}")

    context = browser.new_context(
        base_url=site.address, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    watch.over(context)
    telephone = context.new_page()
    telephone.goto(f"/en/search?q={WORD}")
    telephone.get_by_text("Filters", exact=True).tap()
    telephone.get_by_role("link", name="2011: 3 pages").locator(".reach").tap(force=True)
    expect(telephone).to_have_url(f"{site.address}/en/search?q={WORD}&year=2011")
    expect(telephone.locator(".count")).to_have_text("3 pages in 1 document")
    context.close()


def test_the_latest_answer_wins(page: Page, site: Site) -> None:
    """The answer to an earlier question comes after that to a later one, and is not shown."""
    held: list[Route] = []
    page.goto(f"/en/search?q={WORD}")
    page.route("**/search?*kind=speech*", lambda route: held.append(route))
    page.get_by_label("speech").check()
    page.wait_for_function("() => document.getElementById('findings').ariaBusy === 'true'")
    page.get_by_label("speech").uncheck()
    page.get_by_label("Dutch").check()
    expect(page.locator(".count")).to_have_text("3 pages in 1 document")
    assert held
    for late in held:
        late.continue_()
    page.wait_for_timeout(500)
    expect(page.locator(".count")).to_have_text("3 pages in 1 document")
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}&language=nl")


def test_a_year_that_is_being_typed_is_not_lost_to_an_answer(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.goto(f"/en/search?q={WORD}")
    page.route("**/search?*language=nl", lambda route: held.append(route), times=1)
    page.get_by_label("Dutch").check()
    start = page.get_by_label("from", exact=True)
    start.press_sequentially("201")
    held[0].continue_()
    expect(page.locator(".count")).to_have_text("3 pages in 1 document")
    expect(start).to_be_focused()
    expect(start).to_have_value("201")
    start.press("End")
    start.press_sequentially("2")
    page.get_by_role("link", name="Concordance").focus()  # leaving the field is enough
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}&from=2012&language=nl")
    expect(page.locator(".count")).to_have_text("Nothing found")


def test_a_way_within_the_page_is_not_another_search(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search" in request.url else None)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "Skip to the content"
    expect(page.locator("#content")).to_be_focused()
    page.go_back()
    expect(page).to_have_url(f"{site.address}/en/search?q={WORD}")
    page.wait_for_timeout(300)
    assert asked == []


def test_keys_walk_through_the_hits(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}")
    links = page.locator(".to-page")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    target = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}{target}")
    page.goto(f"/en/concordance?q={WORD}")
    page.keyboard.press("j")
    expect(page.locator(".kwic .to-page").first).to_be_focused()


def test_the_list_of_keys(page: Page) -> None:
    page.goto("/fr/documents")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("link", name="Raccourcis clavier").click()
    page.get_by_role("button", name="Fermer").click()
    expect(keys).to_be_hidden()


def test_recent_searches_stay_in_the_browser(page: Page, site: Site) -> None:
    page.goto("/nl/")
    expect(page.locator("#recent")).to_be_hidden()
    page.goto(f"/nl/search?q={WORD}&language=nl")
    page.goto("/nl/search?q=opleiding")
    recent = page.get_by_role("region", name="Recente zoekopdrachten")
    expect(recent.get_by_role("link")).to_have_text([WORD])
    page.goto("/nl/")
    expect(recent.get_by_role("link")).to_have_text(["opleiding", WORD])
    recent.get_by_role("link", name=WORD).click()
    page.wait_for_url(f"{site.address}/nl/search?q={WORD}&language=nl")
    page.goto("/nl/")
    recent.get_by_role("button", name="Wissen").click()
    expect(recent).to_be_hidden()
    page.reload()
    expect(recent).to_be_hidden()
    assert page.context.cookies() == []


@pytest.mark.parametrize("number", [1, 3])  # page 3 is rotated
def test_the_text_over_the_image_is_where_the_words_are_at_every_size(
    page: Page, site: Site, number: int
) -> None:
    page.goto(f"/en/document/{site.pact}/page/{number}?q={WORD}")
    sheet, layer = page.locator(".sheet"), page.locator(".text-layer")
    expect(layer).to_be_attached()
    marks = len(page.locator(".mark rect").all())

    def words_lie_on_their_marks() -> None:
        off = page.evaluate(
            """() => [...document.querySelectorAll(".mark rect")].map(rect => {
                const mark = rect.getBoundingClientRect();
                const words = [...document.querySelectorAll(".text-layer span")].filter(
                    span => span.textContent.trim() === "werkgelegenheid");
                return Math.min(...words.map(span => {
                    const range = document.createRange();
                    range.setStart(span.firstChild, 0);
                    range.setEnd(span.firstChild, span.firstChild.length - 1);
                    const box = range.getBoundingClientRect();
                    return Math.max(Math.abs(box.left - mark.left), Math.abs(box.right - mark.right),
                        Math.abs(box.top - mark.top));
                })) / mark.width;
            })"""
        )
        assert len(off) == marks
        assert max(off) < 0.06

    words_lie_on_their_marks()
    assert_marks_lie_over_the_ink(page, expected=marks)
    before = sheet.bounding_box()
    for _ in range(3):
        page.keyboard.press("+")
    expect(page.locator(".zoom output")).to_have_text("300%")
    after = sheet.bounding_box()
    assert before
    assert after
    assert after["width"] == pytest.approx(3 * before["width"], rel=0.02)
    words_lie_on_their_marks()
    picture = page.locator(".sheet img")
    expect(picture).to_have_js_property("currentSrc", f"{site.address}/page-image/{site.pact}/{number}.webp")
    status = page.locator(".zoom [role=status]")
    expect(status).to_have_text("A sharper image is being made.")
    draw_what_is_wanted(site.room, WantedImage(site.pact, number))
    page.wait_for_function("() => document.querySelector('.sheet img').currentSrc.endsWith('size=large')")
    page.wait_for_function("() => document.querySelector('.sheet img').complete")
    expect(status).to_be_empty()
    words_lie_on_their_marks()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.get_by_role("button", name="Fit").click()
    fitted = sheet.bounding_box()
    assert fitted
    assert fitted["width"] == pytest.approx(before["width"], rel=0.02)
    assert_marks_lie_over_the_ink(page, expected=marks)


def test_a_page_that_was_enlarged_is_large_at_once(page: Page, site: Site) -> None:
    address = f"/page-image/{site.pact}/4.webp?size=large"
    first = page.request.get(address)
    draw_what_is_wanted(site.room, WantedImage(site.pact, 4))
    assert len(page.request.get(address).body()) > len(first.body())
    page.goto(f"/en/document/{site.pact}/page/4")
    expect(page.locator(".sheet img")).to_have_js_property("complete", True)
    for _ in range(3):
        page.keyboard.press("+")
    page.wait_for_function("() => document.querySelector('.sheet img').currentSrc.endsWith('size=large')")
    expect(page.locator(".zoom [role=status]")).to_be_empty()


def test_a_line_of_the_concordance_reads_as_on_the_page(page: Page, site: Site) -> None:
    """No space is put in or lost beside the word that was found: lines are quoted from here."""
    page.goto(f"/nl/concordance?q={WORD}")
    lines = page.locator(".kwic tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent).join(''))"
    )
    assert any(f"Over de {WORD} in het Gewest" in line for line in lines)
    assert page.evaluate(
        """() => [...document.querySelectorAll(".kwic .keyword")].every(cell =>
            cell.previousSibling.className === "left" && cell.nextSibling.className === "right")"""
    ), "cells that stand in a line of text have no space between them"


def test_counts_hide_no_page_number_in_text_only(page: Page, site: Site) -> None:
    page.goto(f"/nl/document/{site.pact}/page/1?q={WORD}&view=text")
    for leaf in page.locator(".strip a:has(.tally)").all():
        number, tally = leaf.locator(".number").bounding_box(), leaf.locator(".tally").bounding_box()
        assert number
        assert tally
        assert number["x"] + number["width"] <= tally["x"]


def test_words_on_the_image_can_be_selected(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1?q={WORD}")
    words = page.locator(".text-layer span")
    first, last = (
        words.filter(has_text="Over").first.bounding_box(),
        words.filter(has_text=WORD).bounding_box(),
    )
    assert first
    assert last
    page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] * 0.98, last["y"] + last["height"] / 2, steps=8)
    page.mouse.up()
    assert page.evaluate("getSelection().toString().trim()") == f"Over de {WORD}"


def test_the_strip_shows_where_the_matches_are(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1?q={WORD}")
    strip = page.get_by_role("navigation", name="Pages of the document")
    assert [link.inner_text().split() for link in strip.get_by_role("link").all()] == [
        ["Page", "1", "1", "match"],
        ["Page", "2"],
        ["Page", "3", "2", "matches"],
        ["Page", "4", "1", "match"],
    ]
    expect(strip.get_by_role("link", name="Page 1")).to_have_attribute("aria-current", "page")
    natural = strip.locator("img").nth(2).evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert max(natural) == 240
    strip.get_by_role("link", name="Page 3").click()
    page.wait_for_url(f"**/page/3?q={WORD}")


def test_to_a_page_by_its_number(page: Page, site: Site, watch: Watch) -> None:
    page.goto(f"/nl/document/{site.pact}/page/1?q={WORD}")
    page.get_by_label("Naar pagina").fill("4")
    page.get_by_label("Naar pagina").press("Enter")
    page.wait_for_url(f"**/page/4?q={WORD}")
    page.get_by_label("Naar pagina").fill("xii")
    page.get_by_role("button", name="Ga", exact=True).click()
    expect(page.locator(".trouble")).to_contain_text("geen pagina 'xii'")
    expect(page.locator(".trouble")).to_contain_text("van 1 tot en met 4")
    assert [wrong for wrong in watch.wrongs if "404" not in wrong] == []
    watch.wrongs.clear()  # the browser tells of a page that is not there


def test_text_only_has_no_image_and_stays_so_from_page_to_page(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1?q={WORD}")
    page.get_by_role("link", name="Text only").click()
    expect(page.locator("main img")).to_have_count(0)
    expect(page.locator("mark")).to_have_text([WORD])
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/page/2?q={WORD}&view=text")
    page.get_by_role("link", name="Image and text").click()
    expect(page.locator(".sheet img")).to_have_count(1)


def test_a_print_of_a_table_cuts_no_line_and_no_context(page: Page) -> None:
    page.emulate_media(media="print")
    style = "(element, name) => getComputedStyle(element)[name]"
    page.goto(f"/en/concordance?q={WORD}")
    assert page.locator(".kwic tr").first.evaluate(style, "breakInside") == "avoid"
    for part in (".left", ".right", ".left span", ".keyword"):
        assert page.locator(f".kwic {part}").first.evaluate(style, "whiteSpace") == "normal"
    side = page.locator(".kwic .right").first
    assert side.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.goto(f"/en/trends?term={WORD}")
    assert page.locator("tfoot").first.evaluate(style, "display") == "table-row-group"
    assert page.locator("tbody tr").first.evaluate(style, "breakInside") == "avoid"


def test_a_print_holds_the_words_and_the_address_and_no_controls(page: Page, site: Site) -> None:
    page.emulate_media(media="print")
    for address, shown in (
        (f"/en/search?q={WORD}", ".excerpt"),
        (f"/en/document/{site.pact}/page/1", ".page-text"),
    ):
        page.goto(address)
        expect(page.locator(shown).first).to_be_visible()
        expect(page.locator(".printed")).to_contain_text(f"https://terugblik.example{address}")
        for control in page.locator("nav, .filters, .masthead-search, .zoom").all():
            expect(control).to_be_hidden()


def test_a_telephone_keeps_its_filters_open_while_they_change(
    browser: Browser, site: Site, watch: Watch
) -> None:
    context = browser.new_context(base_url=site.address, viewport={"width": 390, "height": 800})
    watch.over(context)
    page = context.new_page()
    page.goto(f"/nl/search?q={WORD}")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("toespraak").check()
    expect(page.locator(".found > li")).to_have_count(1)
    expect(page.get_by_label("toespraak")).to_be_visible()
    context.close()
