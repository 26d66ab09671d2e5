"""The language of the site: the one in the address, otherwise the one that the browser prefers."""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
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

_VALUE = re.compile(r"%\((\w+)\)s")
"""Where a message has a value."""

_OPENING, _CLOSING = ("lparen", "lbracket", "lbrace"), ("rparen", "rbracket", "rbrace")
"""The types of tokens in pairs."""

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

    ``_("Search")`` becomes the translation, ``{{ _("page %(number)s", number=number) }}`` the text of the
    translation around that number, ``interface_language`` the language, and
    ``url_for('static', filename='search.js')`` the address. Jinja joins such texts with the HTML around them.
    Messages that depend on a count, and addresses with other values, stay calls.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        return self._replaced(list(stream))

    def _replaced(self, tokens: Sequence[Token]) -> Iterator[Token]:
        translations: NullTranslations = self.environment.translations  # type: ignore[attr-defined]
        place = 0
        while place < len(tokens):
            line = tokens[place].lineno
            match [(each.type, each.value) for each in tokens[place : place + 5]]:
                case [("variable_begin", _), ("name", "_"), ("lparen", _), ("string", text), ("comma", _)]:
                    values, end = _values(tokens, place + 4)
                    if [each.type for each in tokens[end : end + 2]] == ["rparen", "variable_end"]:
                        yield from self._message_around(translations.ugettext(text), values, line)
                        place = end + 2
                        continue
                case [("name", "_"), ("lparen", _), ("string", text), ("rparen", _), *_]:
                    yield from _unescaped(translations.ugettext(text) % {}, line)
                    place += 4
                    continue
                case [("name", "_"), ("lparen", _), ("string", text), ("comma", _), *_]:
                    values, end = _values(tokens, place + 3)
                    if tokens[end].type == "rparen":
                        yield from self._message_with(translations.ugettext(text), values, line)
                        place = end + 1
                        continue
                case [("name", "url_for"), ("lparen", _), ("string", endpoint), *_]:
                    values, end = _values(tokens, place + 3)
                    if tokens[end].type == "rparen" and all(map(_is_text, values.values())):
                        named: dict[str, Any] = {name: value[0].value for name, value in values.items()}
                        yield Token(line, "string", url_for(endpoint, **named))
                        place = end + 1
                        continue
                case [("name", "interface_language"), (following, _), *_] if following != "assign":
                    yield Token(line, "string", self.environment.language)  # type: ignore[attr-defined]
                    place += 1
                    continue
            yield tokens[place]
            place += 1

    def _message_around(
        self, message: str, values: Mapping[str, Sequence[Token]], line: int
    ) -> Iterator[Token]:
        """A message, put out in pieces: its own text as HTML, and the values as those of any expression."""
        for number, piece in enumerate(_VALUE.split(message)):
            if number % 2:
                yield Token(line, "variable_begin", "{{")
                yield from self._replaced(values[piece])
                yield Token(line, "variable_end", "}}")
            elif piece:
                yield Token(line, "data", piece % ())

    def _message_with(
        self, message: str, values: Mapping[str, Sequence[Token]], line: int
    ) -> Iterator[Token]:
        """A message with values as an expression: one is in another call, say."""
        yield Token(line, "lparen", "(")
        yield from _unescaped(message, line)
        yield from (Token(line, "mod", "%"), Token(line, "name", "dict"), Token(line, "lparen", "("))
        for name, value in values.items():
            yield from (Token(line, "name", name), Token(line, "assign", "="))
            yield from self._replaced(value)
            yield Token(line, "comma", ",")
        yield from (Token(line, "rparen", ")"), Token(line, "rparen", ")"))


def _is_text(tokens: Sequence[Token]) -> bool:
    return [each.type for each in tokens] == ["string"]


def _unescaped(text: str, line: int) -> Iterator[Token]:
    """The text as an expression that is not escaped, like what `gettext` returns."""
    yield Token(line, "lparen", "(")
    yield Token(line, "string", text)
    yield Token(line, "pipe", "|")
    yield Token(line, "name", "safe")
    yield Token(line, "rparen", ")")


def _values(tokens: Sequence[Token], place: int) -> tuple[dict[str, Sequence[Token]], int]:
    """The further arguments of a call from this place on, as far as they have names, and the place after
    them."""
    values: dict[str, Sequence[Token]] = {}
    while [each.type for each in tokens[place : place + 3]] == ["comma", "name", "assign"]:
        name, start = tokens[place + 1].value, place + 3
        place, depth = start, 0
        while depth or tokens[place].type not in ("comma", "rparen"):
            depth += tokens[place].type in _OPENING
            depth -= tokens[place].type in _CLOSING
            place += 1
        values[name] = tokens[start:place]
    return values, place


def path_to(endpoint: str, **values: str | int) -> str:
    """What `url_for` gives for these values, which are all part of the path. It is kept: making it takes as
    long as finding a page in the index."""
    return _path_to(endpoint, interface_language(), tuple(values.items()))


@lru_cache(maxsize=2_000)
def _path_to(endpoint: str, _language: Language, values: tuple[tuple[str, str | int], ...]) -> str:
    """The language and the root are those of the request, on which an address depends as well."""
    named: dict[str, Any] = dict(values)
    return url_for(endpoint, **named)


def _same_page_in(language: Language) -> str:
    """The address of this page in another interface language; the home page if there is none.

    For a withdrawn document the query is dropped, because it may contain words of the document.
    """
    if request.endpoint and current_app.url_map.is_endpoint_expecting(request.endpoint, "interface"):
        address = path_to(request.endpoint, interface=language, **(request.view_args or {}))
        query = "" if g.get("is_gone") else request.query_string.decode(errors="replace")
        return f"{address}?{query}" if 0 < len(query) <= _LONGEST_ASKED else address
    return path_to("home.start", interface=language)
