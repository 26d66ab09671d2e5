"""The fields of a page in the Whoosh index, and how its text becomes terms.

Plain Whoosh can search the index: ``text_nl`` has the stems of a Dutch page, ``words_nl`` its very words
with their positions. Each language has fields of its own, so that its words are known. Stems are for finding;
words are for quotations and for looking up words by their letters. Where capitals or separators may matter, a
word has its written form as well, at the same position, preceded by :data:`index.text.writing.AS_WRITTEN`.

``beginnings_nl`` has the first letters of the words of a Dutch page, and with them the words that begin so:
one list answers for all words with a beginning, however many they are.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from whoosh import columns, fields
from whoosh.analysis import Analyzer, Token
from whoosh.formats import Format

from archive.languages import LANGUAGES, Language
from index.engine.contract import Entry
from index.text import analysis
from index.text.fast_words import TextWords
from index.text.writing import AS_WRITTEN

Zone = str
"""`text` or `title`: what a node of a query is asked of."""

ZONES: tuple[Zone, ...] = ("text", "title")

IN_HEADING = 2
"""What a word gains in weight, over the 1 of every word, where it stands in a heading."""

BEGINNING = 2
"""Letters of a word that it is listed under. With three, building takes longer; with one, reading does."""

_text_words = lru_cache(maxsize=8)(TextWords)
"""Stems and words of a text are two fields, but one analysis."""


def stem_field(zone: Zone, language: Language) -> str:
    """Name of the field with the stems of `zone` of the entries in `language`."""
    return f"{zone}_{language}"


def word_field(zone: Zone, language: Language) -> str:
    """Name of the field with the words of `zone` of the entries in `language`."""
    return f"words_{language}" if zone == "text" else f"{zone}_words_{language}"


def beginning_field(zone: Zone, language: Language) -> str:
    """Name of the field with the beginnings of the words of `zone` of the entries in `language`."""
    return f"beginnings_{language}" if zone == "text" else f"{zone}_beginnings_{language}"


def beginning_of(word: str) -> str:
    """The first letters, without accents, of a word or written form; the term under which it is listed."""
    return analysis.fold(word.removeprefix(AS_WRITTEN).lower())[:BEGINNING]


def heading_field(language: Language) -> str:
    """Name of the field with the stems of the headings of the entries in `language`."""
    return f"headings_{language}"


class StemAnalyzer(Analyzer):  # type: ignore[misc]
    """The stems of a text, by the rules of its language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, value: str, *, start_pos: int = 0, **options: Any) -> Iterator[Token]:
        """The tokens of a text, as Whoosh asks for them; also of the words of a query."""
        for place, word in enumerate(analysis.tokens(value)):
            token = Token(**options)
            token.text, token.pos = analysis.stem(word.text, self.language), start_pos + place
            token.boost, token.startchar, token.endchar = 1.0, word.start, word.end
            yield token

    def counted(self, text: str) -> Mapping[str, int]:
        """How often each stem occurs in a text."""
        counts: Counter[str] = Counter()
        for word, count in Counter(_text_words(text).all).items():
            counts[analysis.stem(word, self.language)] += count
        return counts


class WordAnalyzer(Analyzer):  # type: ignore[misc]
    """The words of a text in their verbatim form, accents included."""

    def __call__(self, value: str, *, start_pos: int = 0, **options: Any) -> Iterator[Token]:
        """The tokens of a text, as Whoosh asks for them; also of the words of a query."""
        for place, word in enumerate(analysis.tokens(value)):
            token = Token(**options)
            token.text, token.pos, token.boost = word.text, start_pos + place, 1.0
            token.startchar, token.endchar = word.start, word.end
            yield token


@lru_cache(maxsize=8)
def placed(text: str) -> Mapping[str, list[int]]:
    """Where each word and each written form stands in a text."""
    found = _text_words(text)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(found.all):
        places[word].append(place)
    for place, form in found.written.items():
        places[AS_WRITTEN + form].append(place)
    return places


class CountFormat(Format):  # type: ignore[misc]
    """Postings that say how often a term occurs in an entry, and not where."""

    posting_size = 0

    def word_values(
        self, value: str, analyzer: StemAnalyzer, **options: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        """The terms of a text as Whoosh writes them: term, how often, weight, and nothing more."""
        return ((term, count, float(count), b"") for term, count in analyzer.counted(value).items())


_PLACE = "I"
"""The type of a position in an array: 32 bits without a sign."""


class PlaceFormat(Format):  # type: ignore[misc]
    """Postings that say where a term occurs in an entry: its positions, 32 bits each."""

    def word_values(
        self, value: str, analyzer: WordAnalyzer, **options: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        """The terms of a text as Whoosh writes them: term, how often, weight, positions."""
        return (
            (term, len(places), float(len(places)), array(_PLACE, places).tobytes())
            for term, places in placed(value).items()
        )

    def decode_positions(self, data: bytes) -> list[int]:
        """The positions of a posting, which plain Whoosh asks for in phrases."""
        return array(_PLACE, data).tolist()

    def decode_frequency(self, data: bytes) -> int:
        """How often the term occurs."""
        return len(data) // array(_PLACE).itemsize


class BeginningFormat(Format):  # type: ignore[misc]
    """Postings that say which words of an entry begin so, and how often each is there."""

    def word_values(
        self, value: str, analyzer: WordAnalyzer, **options: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        """The beginnings of a text as Whoosh writes them: term, 1, 1, and the words.

        Each word stands on a line, with how often it occurs behind a tab.
        """
        words: defaultdict[str, list[str]] = defaultdict(list)
        for word, places in placed(value).items():
            words[_beginning_of(word)].append(f"{word}\t{len(places)}")
        return ((start, 1, 1.0, "\n".join(lines).encode()) for start, lines in words.items())


_beginning_of = lru_cache(200_000)(beginning_of)

_NEVER = 2**32 - 1
"""The amount that an entry without one would have; Whoosh leaves it out of its files, which stay empty."""


def _number(*, stored: bool = False) -> fields.NUMERIC:
    return fields.NUMERIC(int, signed=False, shift_step=0, sortable=True, stored=stored)


def _amount() -> fields.COLUMN:
    return fields.COLUMN(columns.NumericColumn("I", default=_NEVER))


def _name(*, stored: bool = False) -> fields.ID:
    return fields.ID(sortable=columns.VarBytesColumn(), stored=stored)


def _stems(language: Language) -> fields.FieldType:
    return fields.FieldType(CountFormat(), StemAnalyzer(language), scorable=True)


def _words() -> fields.FieldType:
    return fields.FieldType(PlaceFormat(), WordAnalyzer(), scorable=True)


def _beginnings() -> fields.FieldType:
    return fields.FieldType(BeginningFormat(), WordAnalyzer())


SCHEMA = fields.Schema(
    document=_name(stored=True),
    revision=_name(),
    page=_number(stored=True),
    label=fields.STORED(),
    language=_name(stored=True),
    year=_number(stored=True),
    plan=_name(stored=True),
    kind=_name(stored=True),
    length=_amount(),
    lettered=_amount(),
    **{stem_field(zone, language): _stems(language) for zone in ZONES for language in LANGUAGES},
    **{heading_field(language): _stems(language) for language in LANGUAGES},
    **{word_field(zone, language): _words() for zone in ZONES for language in LANGUAGES},
    **{beginning_field(zone, language): _beginnings() for zone in ZONES for language in LANGUAGES},
)
"""`year` is 0 where none is known. `length` counts the words of the text, `lettered` those with a letter."""


def as_document(entry: Entry) -> dict[str, object]:
    """An entry as Whoosh's writer takes it."""
    words = _text_words(entry.text).all
    known = {
        "document": entry.document,
        "revision": entry.revision,
        "page": entry.page,
        "label": entry.label,
        "language": entry.language,
        "year": entry.year or 0,
        "plan": entry.plan,
        "kind": entry.kind,
        "length": len(words),
        "lettered": sum(map(_has_letter, words)),
        stem_field("text", entry.language): entry.text,
        word_field("text", entry.language): entry.text,
        heading_field(entry.language): entry.headings or None,
        stem_field("title", entry.language): entry.title,
        word_field("title", entry.language): entry.title,
        beginning_field("text", entry.language): entry.text,
        beginning_field("title", entry.language): entry.title,
    }
    return {name: value for name, value in known.items() if value is not None}


def terms_of(entry: Entry) -> frozenset[str]:
    """The words and written forms of an entry, its title included."""
    return frozenset(placed(entry.text)) | frozenset(placed(entry.title))


@lru_cache(200_000)
def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


DESCRIPTION = " ".join(
    f"{name}: {type(field).__name__} {type(field.format).__name__} {type(field.analyzer).__name__}"
    for name, field in SCHEMA.items()
)
"""Changes whenever an index made earlier can no longer be read with this module."""
