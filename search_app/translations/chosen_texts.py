"""Chooses the two texts that a request shows next to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import url_for
from flask_babel import gettext

from archive.languages import INTERFACE_LANGUAGES, LANGUAGES, Language
from archive.records import Document, Page
from index.translations.translated_documents import TextKey
from search_app.document.marks import Span
from search_app.library import Library, PageLabels
from search_app.translations.translation_rows import TranslationRow
from search_app.web.display_names import language_name
from search_app.web.parameters import BESIDE, SOURCE, TARGET, Arguments, WrongParameter

_WHOLE = 0.8
"""Share of two texts that translate each other, from which on no better translation is searched. Less is a
summary or an edition of another year."""


@dataclass(frozen=True, slots=True)
class TextSide:
    """One of two texts."""

    document: Document
    language: Language
    labels: PageLabels

    @property
    def key(self) -> TextKey:
        """Document and language."""
        return TextKey(self.document.id, self.language)

    def label(self, page: int) -> str:
        """The printed label of a page."""
        return self.labels.label(page)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A text and the one that is shown next to it, if there is one."""

    left: TextSide
    right: TextSide | None

    @property
    def address_values(self) -> dict[str, Any]:
        """The two texts as parameters of an address, so that it shows the same to every reader."""
        return {
            "from": self.left.language,
            "to": self.right.language if self.right else None,
            "with": self.right.document.id if self.right else None,
        }

    def row_address(self, row: TranslationRow, page: int, **values: Any) -> str:
        """The address of a row on the view of a page of the left document."""
        return url_for(
            "translations.page",
            identifier=self.left.document.id,
            number=page,
            **self.address_values,
            **values,
            _anchor=f"passage-{row.name}",
        )


def read_pair(
    library: Library,
    document: Document,
    arguments: Arguments,
    reader: Language,
    shown: Page | None = None,
    marked: Mapping[Language, Sequence[Span]] = MappingProxyType({}),
) -> SideBySide | None:
    """The text of a document and the one next to it, as chosen by the parameters of a request.

    Without parameters they are the language of the page or of what is marked on it, and the best translation.
    None if the text of the document is unknown.
    """
    left = _left(library, document, SOURCE.read(arguments), shown, marked)
    if left is None:
        return None
    right = _right(library, left, TARGET.read(arguments), BESIDE.read(arguments), reader)
    return SideBySide(_side(left, library), _side(right, library) if right else None)


def _left(
    library: Library,
    document: Document,
    chosen: Language | None,
    shown: Page | None,
    marked: Mapping[Language, Sequence[Span]],
) -> TextKey | None:
    languages = library.translations.languages(document.id)
    if not languages:
        return None
    if chosen and chosen in languages:
        return TextKey(document.id, chosen)
    if chosen and chosen not in document.languages:
        raise _not_in(chosen, document, "from")
    # A language with only a few passages, such as names, is part of the text in the main language.
    on_page = [language for language in shown.languages if language in languages] if shown else []
    on_page.sort(key=lambda language: not marked.get(language))
    return TextKey(document.id, next(iter([*on_page, *languages])))


def _right(
    library: Library, left: TextKey, chosen: Language | None, beside: str | None, reader: Language
) -> TextKey | None:
    if chosen == left.language:
        raise same_language(left.language)
    preferred = dict.fromkeys((reader, *INTERFACE_LANGUAGES, *LANGUAGES))
    wanted = [chosen] if chosen else [language for language in preferred if language != left.language]
    if beside:
        document = library.document(beside)
        languages = library.translations.languages(document.id)
        found = next((language for language in wanted if language in languages), None)
        if found is None:
            raise _not_in(chosen, document, "with")
        return TextKey(document.id, found)
    translations = []
    for language in wanted:
        if translation := library.translations.translation(left, language, library.engine()):
            translations.append(translation)
            if translation.share >= _WHOLE:
                break
    best = max(translations, key=lambda translation: translation.share, default=None)
    return best.key if best else None


def same_language(language: Language) -> WrongParameter:
    """The error for a request for two texts in the same language."""
    name = language_name(language)
    return WrongParameter(
        gettext("Both texts would be in the same language: %(language)s.", language=name),
        gettext("Choose two languages."),
    )


def _not_in(language: Language | None, document: Document, parameter: str) -> WrongParameter:
    if language is None:
        message = gettext("“%(title)s” has no text in another language.", title=document.title)
    else:
        name = language_name(language)
        message = gettext("“%(title)s” is not written in %(language)s.", title=document.title, language=name)
    hint = gettext("Leave out the parameter %(name)s, or choose another document.", name=parameter)
    return WrongParameter(message, hint)


def _side(key: TextKey, library: Library) -> TextSide:
    return TextSide(library.document(key.document), key.language, library.page_labels(key.document))
