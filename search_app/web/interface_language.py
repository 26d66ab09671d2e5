"""The language of the site: the one in the address, otherwise the one that the browser prefers."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_translations

from archive.languages import INTERFACE_LANGUAGES, Language

_LONGEST_ASKED = 3_000
"""Most characters of a query string that the links to other languages repeat; a longer one is left out."""


def interface_language() -> Language:
    """The language of the interface in this request."""
    if "interface_language" not in g:
        g.interface_language = request.accept_languages.best_match(INTERFACE_LANGUAGES, default="nl")
    language: Language = g.interface_language
    return language


def interface_locale() -> str:
    """The locale of the interface in this request: English dates are written as in Brussels, not as in the
    United States."""
    language = interface_language()
    return "en_GB" if language == "en" else language


def register(app: Flask) -> None:
    """Take the language of the interface from addresses, and add it to the addresses that views make."""

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "interface" in values:
            g.interface_language = values.pop("interface")

    @app.url_defaults
    def put(endpoint: str, values: dict[str, Any]) -> None:
        if "interface" not in values and app.url_map.is_endpoint_expecting(endpoint, "interface"):
            values["interface"] = interface_language()

    @app.context_processor
    def offer() -> dict[str, Any]:
        return {
            "interface_language": interface_language(),
            "interface_languages": INTERFACE_LANGUAGES,
            "same_page_in": _same_page_in,
            "today": datetime.now(ZoneInfo("Europe/Brussels")).date(),
        }

    # A page has hundreds of texts to translate, and Flask-Babel would look up the catalogue for each of them.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of its extension
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        pgettext=lambda context, text: _translations().upgettext(context, text),
        newstyle=True,
    )


def _translations() -> NullTranslations:
    """The translations for the templates in this request."""
    if "translations" not in g:
        g.translations = get_translations()
    translations: NullTranslations = g.translations
    return translations


def _same_page_in(language: Language) -> str:
    """The address of this page in another interface language; the home page if there is none.

    For a withdrawn document the query is dropped, because it may contain words of the document.
    """
    if request.endpoint and current_app.url_map.is_endpoint_expecting(request.endpoint, "interface"):
        address = url_for(request.endpoint, interface=language, **(request.view_args or {}))
        query = "" if g.get("is_gone") else request.query_string.decode(errors="replace")
        return f"{address}?{query}" if 0 < len(query) <= _LONGEST_ASKED else address
    return url_for("home.start", interface=language)
