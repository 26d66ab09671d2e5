"""The language of the site: the one in the address, otherwise the one that the browser prefers."""

from collections.abc import Iterator, MutableMapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask import Flask, current_app, g, request, url_for
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import force_locale, get_translations
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

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
    return _locale(interface_language())


def _locale(language: Language) -> str:
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
            "same_page_in": cache(_same_page_in),  # twice on a page
            "today": datetime.now(ZoneInfo("Europe/Brussels")).date(),
        }

    # Flask-Babel would look up the catalogue for each text.
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


class TemplatesInLanguages(Environment):
    """The templates of the site, compiled for each language of the interface.

    Most messages and many addresses in a template are the same in every answer in one language. They are
    worked out once, when it is compiled; working them out for each answer took a third of its time. So
    compiled templates must be kept by `environment.language`, if they are ever kept in files.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._by_language: dict[Language, Environment] = {}

    def get_or_select_template(
        self,
        template_name_or_list: str | Template | list[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name for it
    ) -> Template:
        """The template, in the language of the request."""
        if self.overlayed:
            return super().get_or_select_template(template_name_or_list, parent, globals)
        language = interface_language()
        if language not in self._by_language:
            made = self.overlay(extensions=[_WorkedOutOnce])
            with force_locale(_locale(language)):
                made.extend(language=language, translations=get_translations())
            self._by_language[language] = made
        return self._by_language[language].get_or_select_template(template_name_or_list, parent, globals)


class _WorkedOutOnce(Extension):
    """Replaces what is always the same in a template that is being compiled.

    ``_("Search")`` becomes the translation, ``_("page %(number)s", number=number)`` the translation with that
    number, and ``url_for('static', filename='search.js')`` the address. Jinja joins such texts with the HTML
    around them. Messages that depend on a count, and addresses with other values, stay calls.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        translations: NullTranslations = self.environment.translations  # type: ignore[attr-defined]
        tokens, depth, place = list(stream), 0, 0
        with_values: list[int] = []
        """How many parentheses were open where a message with values began."""
        while place < len(tokens):
            token, line = tokens[place], tokens[place].lineno
            match [(each.type, each.value) for each in tokens[place : place + 4]]:
                case [("name", "_"), ("lparen", _), ("string", text), ("rparen", _)]:
                    yield from _unescaped(translations.ugettext(text) % {}, line)
                    place += 4
                    continue
                case [("name", "_"), ("lparen", _), ("string", text), ("comma", _)]:
                    yield Token(line, "lparen", "(")
                    yield from _unescaped(translations.ugettext(text), line)
                    yield from (Token(line, "mod", "%"), Token(line, "name", "dict"), tokens[place + 1])
                    with_values.append(depth)
                    depth += 1
                    place += 4
                    continue
                case [("name", "url_for"), ("lparen", _), ("string", endpoint), _] if not request.script_root:
                    values, end = _literal_values(tokens, place + 3)
                    if tokens[end].type == "rparen":
                        yield Token(line, "string", url_for(endpoint, **values))
                        place = end + 1
                        continue
            depth += (token.type == "lparen") - (token.type == "rparen")
            yield token
            if token.type == "rparen" and with_values and with_values[-1] == depth:
                with_values.pop()
                yield token
            place += 1


def _unescaped(text: str, line: int) -> Iterator[Token]:
    """The text as an expression that is not escaped, like what `gettext` returns."""
    yield Token(line, "lparen", "(")
    yield Token(line, "string", text)
    yield Token(line, "pipe", "|")
    yield Token(line, "name", "safe")
    yield Token(line, "rparen", ")")


def _literal_values(tokens: Sequence[Token], place: int) -> tuple[dict[str, Any], int]:
    """The further arguments of a call from this place on, as far as they are literal texts with names, and
    the place after them."""
    values: dict[str, Any] = {}
    while [each.type for each in tokens[place : place + 4]] == ["comma", "name", "assign", "string"]:
        values[tokens[place + 1].value] = tokens[place + 3].value
        place += 4
    return values, place


def _same_page_in(language: Language) -> str:
    """The address of this page in another interface language; the home page if there is none.

    For a withdrawn document the query is dropped, because it may contain words of the document.
    """
    if request.endpoint and current_app.url_map.is_endpoint_expecting(request.endpoint, "interface"):
        address = url_for(request.endpoint, interface=language, **(request.view_args or {}))
        query = "" if g.get("is_gone") else request.query_string.decode(errors="replace")
        return f"{address}?{query}" if 0 < len(query) <= _LONGEST_ASKED else address
    return url_for("home.start", interface=language)
