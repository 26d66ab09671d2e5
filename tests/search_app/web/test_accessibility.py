"""Every page can be used by everyone: axe-core finds nothing in any width and colour scheme, and in a narrow
window nothing has to be scrolled sideways, in any language.

Axe looks at each sort of page in one language, in turn. The languages share templates and styles, and differ
in words only. What words can break is tested in each language: they overflow a narrow window (looked at on
every page), they are missing, or two parts of a page have the same name (both read in the catalogues, by
`test_messages.py`). The other rules are put to a few pages in each language, which have every kind of element
between them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState

from archive.languages import INTERFACE_LANGUAGES, Language
from tests.browser import CHROMIUM
from tests.search_app.test_browser import (
    ARCHIVIST,
    FAINT_TEXT,
    WORD,
    Site,
    Watch,
    site,  # noqa: F401 (a fixture)
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

AXE = Axe().axe_script
"""What is put into a page once, to be asked many times."""

STYLES = Path(__file__).parents[3] / "search_app" / "static"

COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""What axe can only tell by colours. It takes more time than all other rules together."""

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # all else would only be carried from the browser to here
}
RULES_WITHOUT_COLOURS = {**RULES, "rules": {rule: {"enabled": False} for rule in COLOUR_RULES}}
RULES_OF_COLOURS = {**RULES, "runOnly": COLOUR_RULES}

WIDTHS = (390, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

AXE_RULES: dict[tuple[int, str], Mapping[str, object]] = {
    (WIDTHS[0], "light"): RULES_WITHOUT_COLOURS,
    (WIDTHS[1], "light"): RULES,
}

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
        "password": "/password",
        "describing": f"/document/{site.pact}/",
        "readings": f"/document/{site.pact}/pages",
        "correcting": f"/document/{site.pact}/page/1/",
    }


def address_in(language: str, name: str, site: Site) -> str:  # noqa: F811
    """The address of a page; the description of the API has one for all languages."""
    address = addresses(site)[name]
    return address if name == "api" else f"/{language}{address}"


def open_list_of_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


OPENED: dict[str, Callable[[Page], None]] = {
    "list of keys": open_list_of_keys,
    "open filters": lambda page: page.evaluate("document.getElementById('show-filters').checked = true"),
    "enlarged page": lambda page: page.keyboard.press("+"),
}
"""What is done to a page before it is looked at."""


REFUSALS = frozenset(
    {"wrong filter", "wrong year", "no such passage", "no such page", "no trends", "wrong trends"}
)
"""Pages that come with a status at which the browser complains."""

NAMES = tuple(addresses(Site("", "", "", None)))  # type: ignore[arg-type]
DESK = frozenset(desk(Site("", "", "", None)))  # type: ignore[arg-type]


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


@pytest.fixture(scope="module")
def window(browser: Browser, site: Site) -> Iterator[Page]:  # noqa: F811
    """A window for all these tests, since a new one takes longer than most pages."""
    context = browser.new_context(base_url=site.address)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def watch(window: Page, site: Site) -> Watch:  # noqa: F811
    """What goes wrong in the window."""
    watch = Watch(site.address)
    watch.over(window.context)
    return watch


@pytest.fixture
def page(window: Page, session: StorageState, watch: Watch, name: str) -> Iterator[Page]:
    """The window as a new visitor has it, or an archivist for the pages of the desk."""
    if name in DESK:
        window.context.add_cookies(session["cookies"])  # type: ignore[arg-type]
    watch.wrongs.clear()
    yield window
    if name not in REFUSALS:
        assert watch.wrongs == []
    window.evaluate("localStorage.clear(), sessionStorage.clear()")
    window.context.clear_cookies()
    window.goto("about:blank")


IN_EVERY_LANGUAGE = ("home", "search", "page", "trends", "help", "desk", "correcting")
"""Pages that have every kind of element between them."""


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_and_no_page_is_heavy(page: Page, site: Site, name: str) -> None:  # noqa: F811
    addresses = {language: address_in(language, name, site) for language in in_turn(NAMES.index(name))}
    prepare = OPENED.get(name, lambda _page: None)
    assert violations(page, addresses, prepare) == []
    assert ("/sign-in" in page.url) == (name in {"sign in", "archivists"})
    loaded = weights(page)
    assert 2_000 < sum(loaded.values()) < MOST, loaded


@pytest.mark.parametrize("name", IN_EVERY_LANGUAGE)
def test_axe_finds_nothing_in_the_other_languages_and_in_the_dark(
    page: Page,
    site: Site,  # noqa: F811
    name: str,
) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(color_scheme="light")
    found = []
    *others, _has_been_looked_at = in_turn(NAMES.index(name))
    for language in others:
        open_in(page, language, address_in(language, name, site), OPENED.get(name, lambda _page: None))
        page.evaluate(AXE)
        found += [(language, *broken) for broken in broken_rules(page, RULES_WITHOUT_COLOURS)]
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    page.emulate_media(color_scheme="dark")
    found += [("dark", *broken) for broken in broken_rules(page, RULES_OF_COLOURS)]
    assert found == []


def in_turn(number: int) -> tuple[Language, ...]:
    """The languages of the site, each of them the last for every third number."""
    turn = number % len(INTERFACE_LANGUAGES)
    return (*INTERFACE_LANGUAGES[turn:], *INTERFACE_LANGUAGES[:turn])


Violation = tuple[str, int, str, str, list[str]]
"""Language, width, colour scheme, rule, elements."""


def violations(
    page: Page, addresses: Mapping[Language, str], prepare: Callable[[Page], object] = lambda _page: None
) -> list[Violation]:
    """What axe finds on a page in the last of the languages, in each width and colour scheme, and whether the
    page fits its window in all of them.

    In the dark only colours differ, as the test of the style sheets proves. For them axe takes as long as for
    all other rules: in a narrow window and in the dark the contrast of each text is worked out more simply.

    Args:
        addresses: of the page, by language.
        prepare: what is done to the page before it is looked at.
    """
    found: list[Violation] = []
    widths = (1280, 320)  # the narrow one is the wide one at four times its size
    for language, address in addresses.items():
        page.set_viewport_size({"width": widths[0], "height": 900})
        open_in(page, language, address, prepare)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((language, width, "", "reflow (WCAG 1.4.10)", []))
        if twice := page.evaluate(TWICE):
            found.append((language, 0, "", "an id is given twice", twice))
        widths = widths[::-1]  # to draw a page anew takes time, so the next one begins as this one ends
    page.evaluate(AXE)
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if rules := AXE_RULES.get((width, scheme)):
            found += [(language, width, scheme, *broken) for broken in broken_rules(page, rules)]
        if width == WIDTHS[0] and (faint := page.evaluate(FAINT_TEXT)):
            found.append((language, width, scheme, "contrast (WCAG 1.4.3)", list(map(str, faint))))
    return found


TWICE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
"""Names that more than one element of a page has: a link or a script finds the first of them."""


def open_in(page: Page, language: Language, address: str, prepare: Callable[[Page], object]) -> None:
    """Open a page in a language, and do to it what it is to be looked at with."""
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(address)
    assert page.locator(f"html[lang={language}]").count() == 1
    prepare(page)


def broken_rules(page: Page, rules: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    """The rules that a page breaks as it stands now, with the first elements; axe has to be in it."""
    violations = page.evaluate("async rules => (await axe.run(rules)).violations", rules)
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in violations]


@pytest.mark.parametrize("name", ["page", "search", "document", "quotation"])
def test_axe_finds_nothing_in_the_card_over_a_page(page: Page, site: Site, name: str) -> None:  # noqa: F811
    found = []
    for language, (width, scheme) in zip(INTERFACE_LANGUAGES, product(WIDTHS, SCHEMES), strict=False):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"/{language}{addresses(site)[name]}")
        page.keyboard.press("c")
        page.get_by_role("dialog").locator(".citation-card").wait_for()
        page.evaluate(AXE)
        found += [(language, width, scheme, *broken) for broken in broken_rules(page, RULES)]
    assert found == []


def dark_blocks(style: str) -> list[str]:
    """The declarations of a style sheet that count in the dark alone."""
    blocks = re.findall(r"@media[^{]*prefers-color-scheme: dark[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", style)
    assert len(blocks) == style.count("prefers-color-scheme")
    return [declaration for block in blocks for declaration in re.findall(r"[\w-]+:[^;{}]+", block)]


def test_only_colours_differ_in_the_dark_and_only_quotation_marks_by_language() -> None:
    colour = re.compile(
        r"(--[\w-]+|color|background): (#[0-9a-f]{6}|color-mix\(in srgb, #[0-9a-f]{6} \d+%, transparent\))"
    )
    seen = languages = 0
    for sheet in STYLES.rglob("*.css"):
        style = sheet.read_text()
        for declaration in dark_blocks(style):
            assert colour.fullmatch(declaration), declaration
            seen += 1
        for rule in re.findall(r"[^{}]*(?::lang\(|\[lang)[^{}]*\{[^{}]*\}", style):
            assert re.fullmatch(r"[^{}]*\{ quotes: [^:;{}]+; \}", rule), rule
            languages += 1
    assert seen > 12
    assert languages == 1
    assert not any("prefers-color-scheme" in script.read_text() for script in STYLES.rglob("*.js"))


def weights(page: Page) -> dict[str, int]:
    """Bytes, as sent, of a page and of all that it has loaded, images of pages aside, by their addresses."""
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(
        """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
            (entry) => [entry.name, entry.encodedBodySize])"""
    )
    return {url: size for url, size in loaded if "/page-image/" not in url}
