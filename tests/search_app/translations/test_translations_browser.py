"""Parallel reading in a real browser: there and back with one key, narrow, printed, without scripts."""

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from waitress.server import create_server

from search_app import create_app
from tests.browser import CHROMIUM
from tests.material.parallel_texts import fill_parallel
from tests.search_app.test_browser import (
    WORD,
    Site,
    page,  # noqa: F401 (a fixture)
    watch,  # noqa: F401 (a fixture)
)
from tests.search_app.web.test_accessibility import MOST, in_turn, violations, weights
from tests.surroundings.reading_room import ReadingRoom

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)


@pytest.fixture(scope="module")
def held() -> dict[str, str]:
    """The identifiers of the documents of the site, by a short name."""
    return {}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, held: dict[str, str]) -> Iterator[Site]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    held.update({name: document.id for name, document in fill_parallel(room).items()})
    server = create_server(create_app(room.settings), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", held["plan_nl"], held["plan_fr"], room)
    server.close()
    thread.join(timeout=10)
    room.close()


def test_one_key_leads_from_a_hit_to_its_passage_and_back(page: Page, site: Site) -> None:
    page.goto(f"/en/search?q={WORD}&document={site.pact}")
    page.keyboard.press("j")
    expect(page.locator(".to-page").first).to_be_focused()
    page.locator("[data-hit]", has_text="page 2").locator(".to-page").focus()
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/page/2/parallel"))
    mark = page.locator(".pairs mark.current")
    expect(mark).to_have_text(WORD)
    expect(mark).to_be_in_viewport()
    expect(mark.locator("xpath=ancestor::li")).to_contain_text("L’emploi dans l’horeca")
    page.keyboard.press("t")
    page.wait_for_url(re.compile(rf"/page/2\?q={WORD}#match-1$"))
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/page/2/parallel.*#match-1$"))
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator(".found")).to_be_visible()


def test_the_key_keeps_to_the_match_that_is_read(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1?q={WORD}")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/parallel.*#match-2$"))
    current = page.locator(".pairs mark.current")
    expect(current).to_have_attribute("data-mark", "2")
    page.keyboard.press("p")
    expect(current).to_have_attribute("data-mark", "1")
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/page/1.*#match-1$"))
    expect(page.locator(".page-text mark.current")).to_have_attribute("data-mark", "1")


def test_matches_lead_on_to_the_next_page(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1/parallel?q={WORD}#occurrence-nl-2")
    expect(page.locator(".pairs mark.current")).to_have_attribute("data-mark", "2")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/page/2/parallel"))
    expect(page.locator(".pairs mark.current")).to_have_attribute("data-mark", "1")
    page.keyboard.press("p")
    page.wait_for_url(re.compile("/page/1/parallel"))
    expect(page.locator(".pairs mark.current")).to_have_attribute("data-mark", "2")


def test_a_match_that_is_not_in_this_view_makes_no_other_current(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/1/parallel?q={WORD}#occurrence-nl-9")
    page.wait_for_load_state("load")
    expect(page.locator(".pairs mark")).not_to_have_count(0)
    expect(page.locator(".current")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator(".pairs mark.current")).to_have_attribute("data-mark", "1")


def test_keys_walk_through_the_passages(page: Page, site: Site) -> None:
    page.goto(f"/nl/document/{site.pact}/page/2/parallel")
    places = page.locator(".pairs .to-page")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(places.nth(1)).to_be_focused()
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/page/2.passage="))
    expect(page.locator(".page-text mark")).to_contain_text("werkgelegenheid in de horeca")
    page.go_back()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("/page/3/parallel"))


def test_a_pair_is_cited_by_its_key(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/2/parallel")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").locator("blockquote")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"/en/counterparts?q={WORD}")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog").locator("blockquote")).to_contain_text(WORD)


def select_words(page: Page, side: str, first: str, last: str) -> None:
    """Select on a side, with the mouse, from one word of it to another."""
    for word, press in ((first, "down"), (last, "up")):
        box = page.locator(
            f".pairs .side.{side} [data-word]", has_text=re.compile(f"^{word}$")
        ).first.bounding_box()
        assert box
        page.mouse.move(box["x"] + (1 if press == "down" else box["width"] - 1), box["y"] + box["height"] / 2)
        getattr(page.mouse, press)()


def cited(page: Page) -> tuple[list[str], str]:
    """The words on the card, and where they are cited."""
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("blockquote").first).to_be_visible()
    said = dialog.locator("blockquote").all_inner_texts()
    address = dialog.locator(".own-page").get_attribute("href") or ""
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    return said, address


def test_what_is_selected_on_a_side_is_cited_from_that_side(
    page: Page, site: Site, held: dict[str, str]
) -> None:
    page.goto(f"/en/document/{site.pact}/page/2/parallel")
    for side, document, first, last, words in (
        ("right", "plan_fr", "centre", "construction,", "centre de formation à la construction,"),
        ("left", "plan_nl", "centrum", "opleiding", "centrum voor opleiding"),
        ("right", "plan_fr", "2014.", "l’horeca", "2014. L’emploi dans l’horeca"),
    ):
        select_words(page, side, first, last)
        page.keyboard.press("c")
        said, address = cited(page)
        assert said == [words]
        assert f"/document/{held[document]}/page/" in address
        expect(page.locator("#quote-words")).to_be_visible()
        page.locator("#quote-words").click()
        assert cited(page)[0] == [words], "the button under the selection cites the same"


def test_a_selection_passes_over_the_other_language_of_a_page(
    page: Page, site: Site, held: dict[str, str]
) -> None:
    """Where both languages stand on a page, words of the other one lie between the selected ones."""
    page.goto(f"/en/document/{held['both']}/page/1/parallel?from=nl&to=fr")
    rows = page.locator(".pairs > li")
    words = [rows.nth(number).locator(".side.left [data-word]").all_inner_texts() for number in range(2)]
    page.evaluate(
        """() => {
            const rows = [...document.querySelectorAll(".pairs > li")];
            const side = (row) => [...rows[row].querySelectorAll(".left [data-word]")];
            const [from, to] = [side(0).at(-2).firstChild, side(1)[1].firstChild];
            document.getSelection().setBaseAndExtent(from, 0, to, to.data.length);
        }"""
    )
    page.keyboard.press("c")
    assert cited(page)[0] == [" ".join([*words[0][-2:], *words[1][:2]])]


def test_the_mouse_cites_a_side_or_both(page: Page, site: Site, held: dict[str, str]) -> None:
    page.goto(f"/en/document/{site.pact}/page/2/parallel")
    row = page.locator(".pairs > li", has_text="stemmen tegen 17")
    row.locator(".right").get_by_role("link", name="Cite").click()
    french = "Le parlement a adopté l’ordonnance par 62 voix contre 17."
    assert cited(page)[0] == [french]
    select_words(page, "left", "centrum", "opleiding")
    row.get_by_role("link", name="Cite both").click()
    said, address = cited(page)
    assert said == ["Het parlement keurde de ordonnantie goed met 62 stemmen tegen 17.", french]
    page.goto(address)
    written = page.locator("pre").first.inner_text()
    for document in ("plan_nl", "plan_fr"):
        assert f"/document/{held[document]}/page/2?" in written
    page.get_by_role("link", name="Page 2 with its translation").click()
    page.wait_for_url(re.compile("/page/2/parallel"))


def test_without_a_selection_the_key_cites_the_page(page: Page, site: Site) -> None:
    page.goto(f"/en/document/{site.pact}/page/2/parallel")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Cite this page")
    expect(dialog.locator("blockquote")).to_have_count(0)


def test_a_link_to_a_passage_leads_to_it_and_puts_the_focus_there(page: Page, site: Site) -> None:
    page.goto(f"/nl/document/{site.pact}/page/1/parallel")
    page.set_viewport_size({"width": 1280, "height": 400})
    link = page.locator(".pairs > li").last.locator(".sureness a").get_attribute("href")
    page.goto(f"{site.address}{link}")
    row = page.locator(".pairs > li:target")
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    expect(row).to_contain_text("38 miljoen euro")
    page.keyboard.press("t")
    page.wait_for_url(re.compile("/page/1.passage=Voor"))


def test_on_a_telephone_the_two_stand_one_below_the_other(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (f"/fr/document/{site.pact}/page/2/parallel?q={WORD}", f"/fr/counterparts?q={WORD}"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"/fr/document/{site.pact}/page/2/parallel")
    left, right = (page.locator(f".pairs .side.{side}").first for side in ("left", "right"))
    expect(left.locator(".tongue")).to_have_text("néerlandais")
    expect(right.locator(".tongue")).to_be_visible()
    above, below = left.bounding_box(), right.bounding_box()
    assert above
    assert below
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] <= below["y"]


def test_on_paper_the_two_stand_beside_each_other(page: Page, site: Site) -> None:
    page.goto(f"/nl/document/{site.pact}/page/1/parallel?q={WORD}")
    page.emulate_media(media="print")
    expect(page.locator(".pairs > li").first).to_contain_text("zeker")
    expect(page.locator("form.other")).to_be_hidden()
    expect(page.locator(".ways")).to_be_hidden()
    expect(page.locator(".printed")).to_contain_text(f"/page/1/parallel?q={WORD}")


def test_everything_works_without_scripts(browser: Browser, site: Site, held: dict[str, str]) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/nl/search?q={WORD}&document={site.pact}")
    page.get_by_role("link", name="met de vertaling ernaast").first.click()
    expect(page.locator(".pairs mark:has(:target)")).to_have_text(WORD)
    page.locator(".candidates a").click()
    expect(page.locator(".counterparts h2")).to_have_text("emploi")
    page.locator(".counterparts .to-page").nth(2).click()
    expect(page.locator(".pairs > li:target")).to_contain_text("horeca")
    page.get_by_label("Document ernaast").select_option(held["both"])
    page.get_by_role("button", name="Ernaast zetten").click()
    expect(page.locator(".heads")).to_contain_text("Overleg – La concertation")
    expect(page.get_by_label("Document ernaast")).to_have_value(held["both"])
    context.close()


SEEN_BY_EVERYONE = ("parallel", "counterparts", "columns", "passage")


@pytest.mark.parametrize("name", SEEN_BY_EVERYONE)
def test_everyone_can_use_the_pages_and_none_is_heavy(
    browser: Browser, site: Site, held: dict[str, str], name: str
) -> None:
    languages = in_turn(SEEN_BY_EVERYONE.index(name))
    addresses = {
        "parallel": f"/document/{site.pact}/page/2/parallel?q={WORD}",
        "counterparts": f"/counterparts?q={WORD}",
        "columns": f"/document/{held['both']}/page/1/parallel",
        "passage": f"/document/{site.pact}/page/3/parallel?passage=De+evaluatie+van+2018",
    }
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    assert violations(page, {each: f"/{each}{addresses[name]}" for each in languages}) == []
    assert 2_000 < sum(weights(page).values()) < MOST
    context.close()
