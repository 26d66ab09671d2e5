"""Pages read with lxml, for tests that look at hundreds of them: BeautifulSoup takes longer than the site."""

import lxml.html


def read_html(markup: bytes) -> lxml.html.HtmlElement:
    """The root of a page."""
    return lxml.html.document_fromstring(markup)


def has_class(name: str) -> str:
    """The condition of XPath for elements of this class, whichever others they have."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
