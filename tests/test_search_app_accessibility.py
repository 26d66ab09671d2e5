"""Every page can be used by everyone: axe-core finds nothing, in each language, width and colour scheme, and
nothing has to be scrolled sideways in a narrow window."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, StorageState

from archive.languages import INTERFACE_LANGUAGES, Language
from tests.test_search_app_browser import (
    ARCHIVIST,
    CHROMIUM,
    WORD,
    Site,
    browser,  # noqa: F401 (a fixture)
    playwright,  # noqa: F401 (a fixture)
    site,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # all else would only be carried from the browser to here
}

WIDTHS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

MOST = 150_000
"""Bytes of a page with all that it loads, images of pages aside."""


def addresses(site: Site) -> dict[str, str]:  # noqa: F811
    """Every sort of page by a name, without the language that its address begins with."""
    page = f"/document/{site.pact}/page/3"
    return {
        "home": "/",
        "documents": "/documents",
        "help": "/help",
        "search": f"/search?q={WORD}",
        "filtered": "/search?q=pact&language=nl&plan=new-deal&kind=plan&year=2011",
        "page by page": f"/search?q={WORD}&by=page&sort=date",
        "nothing found": "/search?q=xyzzyqq",
        "wrong filter": f"/search?q={WORD}&year=soon",
        "wrong year": f"/search?q={WORD}&from=20",
        "concordance": f"/concordance?q={WORD}&order=right",
        "no lines": "/concordance?q=title:pact",
        "quotation": "/quote?text=de+Brusselse+regering+met+alle+sociale+gesprekspartners",
        "document": f"/document/{site.pact}",
        "other editions": f"/document/{site.pact}/versions",
        "page": f"{page}?q={WORD}",
        "passage": f"{page}?passage=de+Brusselse+regering",
        "text only": f"{page}?view=text",
        "citation": f"/document/{site.pact}/page/1/cite?words=0-8",
        "citation of a document": f"/document/{site.pact}/cite",
        "no such passage": f"{page}/cite?passage=nowhere",
        "without translation": f"{page}/parallel?q={WORD}",
        "counterparts": f"/counterparts?q={WORD}",
        "archivists": "/archivist/",
        "no such page": f"/document/{site.pact}/page/99",
        "no search": "/search",
        "trends": f"/trends?term={WORD}&term=emploi&term=zzzz",
        "trends by plan": f"/trends?term={WORD}&term=emploi&by=plan&language=nl",
        "no trends": "/trends",
        "wrong trends": "/trends?term=a&year=soon",
        "api": "/api/",
        "sign in": "/archivist/sign-in",
        "list of keys": "/help",
        "open filters": f"/search?q={WORD}&kind=plan",
        "enlarged page": f"{page}?q={WORD}",
        **{name: f"/archivist{address}" for name, address in desk(site).items()},
    }


def desk(site: Site) -> dict[str, str]:  # noqa: F811
    """The pages for those who have signed in."""
    return {
        "desk": "/",
        "adding": "/add",
        "holdings": "/documents",
        "history": "/history",
        "describing": f"/document/{site.pact}/",
        "readings": f"/document/{site.pact}/pages",
        "correcting": f"/document/{site.pact}/page/1/",
    }


def address_in(language: str, name: str, site: Site) -> str:  # noqa: F811
    """The address of a page; the description of the API has one for all languages."""
    address = addresses(site)[name]
    return address if name == "api" else f"/{language}{address}"


OPENED: dict[str, Callable[[Page], None]] = {
    "list of keys": lambda page: page.keyboard.press("?"),
    "open filters": lambda page: page.evaluate("document.getElementById('show-filters').checked = true"),
    "enlarged page": lambda page: page.keyboard.press("+"),
}
"""What is done to a page before it is looked at."""


NAMES = tuple(addresses(Site("", "", "", None)))  # type: ignore[arg-type]
DESK = frozenset(desk(Site("", "", "", None)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.fixture(scope="module")
def session(browser: Browser, site: Site) -> StorageState:  # noqa: F811
    """The cookies of somebody who has signed in."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/en/archivist/sign-in")
    page.get_by_label("Name").fill(ARCHIVIST[0])
    page.get_by_label("Password").fill(ARCHIVIST[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/archivist/")
    state = context.storage_state()
    context.close()
    return state


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(
    browser: Browser,  # noqa: F811
    site: Site,  # noqa: F811
    session: StorageState,
    axe: Axe,
    name: str,
) -> None:
    context = browser.new_context(base_url=site.address, storage_state=session if name in DESK else None)
    page = context.new_page()
    found = violations(
        page,
        axe,
        {language: address_in(language, name, site) for language in INTERFACE_LANGUAGES},
        OPENED.get(name, lambda _page: None),
    )
    assert ("/sign-in" in page.url) == (name in {"sign in", "archivists"})
    context.close()
    assert found == []


def violations(
    page: Page,
    axe: Axe,
    addresses: Mapping[Language, str],
    prepare: Callable[[Page], object] = lambda _page: None,
) -> list[tuple[str, int, str, str, list[str]]]:
    """What axe finds on a page, in each language, width and colour scheme, and whether it fits 320 pixels.

    Args:
        prepare: what is done to the page before it is looked at.
    """
    found = []
    for language, address in addresses.items():
        page.set_extra_http_headers({"Accept-Language": language})
        page.goto(address)
        assert page.locator(f"html[lang={language}]").count() == 1
        prepare(page)
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            for violation in axe.run(page, options=RULES).response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                found.append((language, width, scheme, violation["id"], nodes))
        page.set_viewport_size({"width": 320, "height": 800})  # a window of 1280 at four times its size
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            found.append((language, 320, "", "reflow (WCAG 1.4.10)", []))
    return found


@pytest.mark.parametrize("name", ["page", "search", "document", "quotation"])
def test_axe_finds_nothing_in_the_card_over_a_page(
    browser: Browser,  # noqa: F811
    site: Site,  # noqa: F811
    axe: Axe,
    name: str,
) -> None:
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    found = []
    for language, (width, scheme) in zip(INTERFACE_LANGUAGES, product(WIDTHS, SCHEMES), strict=False):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"/{language}{addresses(site)[name]}")
        page.keyboard.press("c")
        page.get_by_role("dialog").locator(".citation-card").wait_for()
        for violation in axe.run(page, options=RULES).response["violations"]:
            found.append((language, width, scheme, violation["id"], violation["nodes"][0]["html"][:120]))
    context.close()
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_heavy(browser: Browser, site: Site, session: StorageState, name: str) -> None:  # noqa: F811
    context = browser.new_context(base_url=site.address, storage_state=session if name in DESK else None)
    loaded = weights(context.new_page(), address_in("nl", name, site))
    context.close()
    assert 2_000 < sum(loaded.values()) < MOST, loaded


def weights(page: Page, address: str) -> dict[str, int]:
    """Bytes of all that a page loads, images of pages aside, by their addresses."""
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: _size(answer)}))
    page.goto(address, wait_until="networkidle")
    return {url: size for url, size in sizes.items() if "/page-image/" not in url}


def _size(answer: Response) -> int:
    return int(answer.headers.get("content-length", 0))
