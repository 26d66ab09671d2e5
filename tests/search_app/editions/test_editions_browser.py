"""A journalist reads an update beside the plan, in a real browser: what changed, and where it is printed."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from archive.records import Document
from tests.browser import CHROMIUM
from tests.material.two_editions import COUNTS, DROPPED, add_editions
from tests.search_app.test_browser import (
    Site,
    page,  # noqa: F401 (a fixture)
    site,  # noqa: F401 (a fixture)
    watch,  # noqa: F401 (a fixture)
)
from tests.search_app.web.test_accessibility import MOST, in_turn, violations, weights

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

# ruff: noqa: F811 (fixtures are named by arguments)


@pytest.fixture(scope="module")
def editions(site: Site) -> tuple[Document, Document]:
    return add_editions(site.room)


@pytest.fixture(scope="module")
def beside(editions: tuple[Document, Document]) -> str:
    """The path of the comparison, without the language of the interface."""
    older, newer = editions
    return f"/document/{older.id}/versions/{newer.id}"


def test_from_a_page_to_what_changed_and_back_to_the_page(
    page: Page, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    page.goto(f"/en/document/{older.id}/page/2")
    page.keyboard.press("v")
    page.get_by_role("link", name=newer.title).click()
    expect(page.locator(".count-of.changed strong")).to_have_text(str(COUNTS["changed"]))

    page.get_by_role("link", name="2 With other numbers").click()
    expect(page.locator("h2#rows")).to_contain_text("2 passages in which numbers changed")
    first = page.locator(".comparison-row").first
    expect(first.locator(".half.old del").first).to_have_text("removed: 17")
    expect(first.locator(".half.new ins").first).to_have_text("added: 18")

    first.locator(".half.new .to-page").click()
    expect(page.locator(".reading-text mark").first).to_contain_text("Het plan telt 18 doelstellingen")
    page.go_back()
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".fold").first).to_be_visible()


def test_keys_walk_through_the_differences(page: Page, beside: str) -> None:
    page.goto(f"/nl{beside}")
    seen = []
    for _ in range(sum(COUNTS.values()) - COUNTS["kept"]):
        page.keyboard.press("j")
        seen.append(page.evaluate("document.activeElement.closest('[data-hit]').id"))
    hits = page.locator("[data-hit]").evaluate_all("hits => hits.map((hit) => hit.id)")
    assert list(dict.fromkeys(seen)) == hits
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('[data-hit]').id") == hits[-2]
    assert page.evaluate("document.activeElement.matches('a.to-page')")


def test_every_difference_is_cited_and_seen_by_keys(page: Page, beside: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    page.goto(f"/nl{beside}")
    for _ in page.locator("[data-hit]").all():
        page.keyboard.press("j")
        hit = page.locator("[data-hit]:focus-within")
        page.wait_for_function(
            """() => {
                const box = document.querySelector("[data-hit]:focus-within").getBoundingClientRect();
                return box.top >= 0 && (box.bottom <= innerHeight || box.top < innerHeight / 3);
            }"""
        )
        page.keyboard.press("c")
        expect(page.get_by_role("dialog").locator("blockquote")).to_be_visible()
        page.keyboard.press("Escape")
        expect(hit.locator("[data-key=o]")).to_have_attribute("href", re.compile("#page=[0-9]+$"))


def test_kept_passages_are_folded_and_open_without_a_script(
    browser: Browser, site: Site, beside: str
) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/fr{beside}")
    fold = page.locator(".fold").first
    expect(fold.locator("li").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("li").first).to_be_visible()
    expect(page.get_by_text(DROPPED[:60])).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "is_beside"), [(1280, True), (390, False)])
def test_the_editions_stand_beside_each_other_where_there_is_room(
    page: Page, beside: str, width: int, is_beside: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/en{beside}?show=changed")
    row = page.locator(".comparison-row").first
    old, new = row.locator(".half.old").bounding_box(), row.locator(".half.new").bounding_box()
    assert old
    assert new
    assert (old["x"] + old["width"] <= new["x"]) == is_beside
    assert (old["y"] + old["height"] <= new["y"]) != is_beside
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_the_changes_stay_visible(page: Page, beside: str) -> None:
    page.goto(f"/en{beside}?show=changed")
    page.emulate_media(media="print")
    decoration = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator(".said del").first.evaluate(decoration) == "line-through"
    assert page.locator(".said ins").first.evaluate(decoration) == "underline"
    expect(page.locator(".masthead nav").first).to_be_hidden()


SHOWN = ("", "?show=numbers", "?show=kept", "?show=dropped", "?page=2")


@pytest.mark.parametrize("shown", SHOWN)
def test_axe_finds_nothing_and_no_page_is_heavy(
    browser: Browser, site: Site, beside: str, shown: str
) -> None:
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    found = violations(
        page,
        {language: f"/{language}{beside}{shown}" for language in in_turn(SHOWN.index(shown))},
        lambda page: page.evaluate(
            "document.querySelectorAll('details').forEach((each) => (each.open = true))"
        ),
    )
    sizes = weights(page)
    context.close()
    assert found == []
    assert 2_000 < sum(sizes.values()) < MOST, sizes
