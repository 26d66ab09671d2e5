"""Divides a web page into the lines of text that a reader sees, each with its position in the tree of
elements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

_INLINE = {"a", "abbr", "b", "cite", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"}
_RANKS = {f"h{level}": level for level in range(1, 7)}
_RANKS |= dict.fromkeys(("summary", "dt", "legend", "caption", "th", "button"), 7)
_RANKS |= dict.fromkeys(("strong", "b"), 8)
_FRAME = {"nav", "aside", "head", "script", "style", "template", "noscript", "svg"}
_FRAME_ROLES = {"navigation", "contentinfo", "banner", "search"}
_FRAME_NAMES = re.compile(
    r"(?:(?:site|page|main|global)-)?(?:nav|navbar|navigation|menu|sidebar|footer)|footer-.+"
    r"|breadcrumbs?|cookies?(?:-.+)?",
    re.IGNORECASE,
)
"""Classes and identifiers of the frame of a page. They do not match has-sidebar of a page, nor card-footer
of an entry."""
_SEPARATE = {"article", "section", "li", "td", "details", "main"}
"""Elements with their own header and footer: within these, a header or footer does not belong to the page."""
_LEFT_OPEN: dict[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"dl"})),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"tr", "table"})),
    "tr": ({"tr"}, {"table"}),
}
"""Elements whose end tag may be left out in HTML: for each, the open elements that it ends, and the
elements within which it does so."""
_NO_WORD = re.compile(r"\W+")
_DEEPEST = 200
"""Most levels of nesting; deeper elements are not read. Pages made for readers have fewer."""


@dataclass(frozen=True, slots=True)
class WebPageLine:
    """A line of text."""

    holders: tuple[Tag, ...]
    """The element that it is a line of, and the elements around that, innermost first."""
    strings: tuple[str, ...]
    """Its text, in the pieces into which the markup divides it."""
    anchors: tuple[Tag, ...]
    """The links in it."""
    rank: int | None
    """Its rank as a heading: 1–6, 7 for other labels, 8 for a line in bold; None for running text."""

    @property
    def text(self) -> str:
        """The text with single spaces; empty for a picture that is a link."""
        return " ".join("".join(self.strings).split())

    @property
    def is_only_links(self) -> bool:
        """Whether it has no text outside its links, except separators."""
        linked = "".join(anchor.get_text() for anchor in self.anchors)
        return bool(self.anchors) and _NO_WORD.sub("", linked) == _NO_WORD.sub("", self.text)


def read_lines(soup: BeautifulSoup) -> Iterator[WebPageLine]:
    """The lines of a page in order, without those of its frame: menus, footer, notices."""
    _end_elements_left_open(soup)
    return _Reader(soup).lines()


def _end_elements_left_open(soup: BeautifulSoup) -> None:
    """Make elements siblings that the parser nested because their end tags were left out, as HTML permits."""
    for tag in soup.find_all(list(_LEFT_OPEN)):
        ended, within = _LEFT_OPEN[tag.name]
        for holder in tag.parents:
            if holder.name in within:
                break
            if holder.name in ended:
                holder.insert_after(tag.extract())
                break


def attribute(tag: Tag | None, *names: str) -> str:
    """The values of an element's attributes, with a space between; empty where there are none."""
    values = [tag.get(name) or "" for name in names] if tag is not None else []
    return " ".join(value if isinstance(value, str) else " ".join(value) for value in values)


class _Reader:
    """Goes through the elements of a page once, and remembers what it found about those that contain
    others."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._soup = soup
        self._has_own_text: dict[int, bool] = {}
        self._is_frame: dict[int, bool] = {}

    def lines(self) -> Iterator[WebPageLine]:
        holders: tuple[Tag, ...] = ()
        strings: list[str] = []
        anchors: dict[int, Tag] = {}
        for element in self._soup.descendants:
            text = _own_text(element)
            if text is None:
                continue
            around = tuple(islice(element.parents, _DEEPEST))
            if isinstance(element, Tag):
                around = (element, *around)
            place = self._place_of_unit(around)
            is_break = text == "\n"
            if strings and (is_break or around[place] is not holders[0]):
                if "".join(strings).strip() or anchors:
                    yield _line(holders, strings, anchors)
                strings, anchors = [], {}
            if not is_break and self._is_content(around):
                holders = around[place:]
                strings.append(text)
                anchors |= {id(tag): tag for tag in around if _is_link(tag)}
        if "".join(strings).strip() or anchors:
            yield _line(holders, strings, anchors)

    def _place_of_unit(self, around: tuple[Tag, ...]) -> int:
        """The index in `around` of the element that a text is a line of.

        That is its block element, such as a paragraph. If the block has only elements, it is the child in it.
        """
        place = next(place for place, tag in enumerate(around) if tag.name not in _INLINE)
        block = around[place]
        if id(block) not in self._has_own_text:
            self._has_own_text[id(block)] = any(
                type(child) is NavigableString and child.strip() for child in block.children
            )
        return place if self._has_own_text[id(block)] or place == 0 else place - 1

    def _is_content(self, around: tuple[Tag, ...]) -> bool:
        """Whether something within these elements is content of the page, and not part of its frame."""
        return isinstance(around[-1], BeautifulSoup) and not any(
            self._is_frame_of_page(tag, around[place + 1 :]) for place, tag in enumerate(around)
        )

    def _is_frame_of_page(self, tag: Tag, holders: tuple[Tag, ...]) -> bool:
        if id(tag) not in self._is_frame:
            is_frame = tag.name in _FRAME or tag.get("role") in _FRAME_ROLES
            if _is_like_a_footer(tag):
                is_frame = is_frame or not any(holder.name in _SEPARATE for holder in holders)
            self._is_frame[id(tag)] = is_frame
        return self._is_frame[id(tag)]


def _line(holders: tuple[Tag, ...], strings: list[str], anchors: dict[int, Tag]) -> WebPageLine:
    ranks = [_RANKS[tag.name] for tag in holders if tag.name in _RANKS]
    ranks += [7 for tag in holders if tag.get("role") == "heading"]
    return WebPageLine(holders, tuple(strings), tuple(anchors.values()), min(ranks, default=None))


def _own_text(element: PageElement) -> str | None:
    """The text of an element without children: a line feed for <br>, an empty text for a link without text.

    None for any other element.
    """
    if type(element) is NavigableString:
        return str(element).replace("\n", " ")
    if isinstance(element, Tag) and element.name == "br":
        return "\n"
    if isinstance(element, Tag) and _is_link(element) and not element.get_text().strip():
        return ""
    return None


def _is_link(tag: Tag) -> bool:
    return tag.name == "a" and bool(tag.get("href"))


def _is_like_a_footer(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main"):
        return False
    names = attribute(tag, "class", "id").split()
    return tag.name in ("header", "footer") or any(map(_FRAME_NAMES.fullmatch, names))
