"""What is a searchable page? The fields of an entry, and the terms in each.

Text and title are indexed twice. Once as stems, for finding: with a weight and without positions. Once as
words, for quotations and for looking up words by their letters: with accents, stop words and true positions.
Words whose capitals or separators may matter have their written form in addition (:mod:`index.text.writing`).
Each language has fields of its own, so that its words are known.
"""

from collections.abc import Mapping

from archive.languages import LANGUAGES, Language

Zone = str
"""`text` or `title`: what a node of a query is asked of."""

ZONES: tuple[Zone, ...] = ("text", "title")

IN_HEADING = 2
"""What a word gains in weight, over the 1 of every word, where it stands in a heading."""


def stem_field(zone: Zone, language: Language) -> str:
    """Name of the field with the stems of `zone` of the entries in `language`."""
    return f"{zone}_stems_{language}"


def word_field(zone: Zone, language: Language) -> str:
    """Name of the field with the words of `zone` of the entries in `language`."""
    return f"{zone}_words_{language}"


def written_field(zone: Zone, language: Language) -> str:
    """Name of the field with the written forms of words that have one; they stand among the words as well."""
    return f"{zone}_written_{language}"


DOCUMENT_FIELD = "document"
"""Holds the document's identifier as its only term."""

FIELDS: tuple[str, ...] = (
    DOCUMENT_FIELD,
    *(
        field(zone, language)
        for zone in ZONES
        for language in LANGUAGES
        for field in (stem_field, word_field, written_field)
    ),
)

STEMMED: Mapping[str, Language] = {
    field(zone, language): language
    for zone in ZONES
    for language in LANGUAGES
    for field in (word_field, written_field)
}
"""The fields of words, and the language by which each word has its stem."""

DESCRIPTION = f"{FIELDS} {IN_HEADING}"
"""Changes whenever an index made earlier can no longer be read with this module."""
