"""Which documents of the archive may be editions of one another.

Two editions have a text, a name or a plan in common. Passages of a document are asked of the engine as
phrases: another edition holds many of them word for word, however it is called. What archivists wrote (title,
plan) and the name of the file count as well, without numbers, as years and versions are what editions differ
in.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.languages import Language
from archive.records import Document
from index.analysis import is_stop_word, tokens
from index.edition import Edition
from index.engine import Engine, Filters
from index.query import Or, Phrase, Query

_PHRASES, _WORDS = 24, 6
"""Phrases that are asked of the engine, and words in each."""
_MOST_PAGES = 2_000
"""Pages that may answer."""
_NAME, _TEXT, _FAMILY = 0.5, 1.0, 0.25
"""What the likeness of name and text counts, and that both belong to one plan or to a plan and its update."""
_LEAST = 0.45
"""From which likeness on a document is suggested."""
_BESIDE = 0.1
"""Share of the phrases that a document holds whose main language is another."""
_MOST_SUGGESTED = 8

_LETTERS = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """A document that may be another edition."""

    document: Document
    likeness: float
    """Higher is likelier; see :data:`_LEAST`."""
    shared: float
    """Share of the phrases asked that it holds word for word."""


def in_order(one: Document, other: Document) -> tuple[Document, Document]:
    """The older and the newer of two editions: by year, and within a year or without one as they were
    received."""
    older, newer = sorted((one, other), key=_age)
    return older, newer


def suggest(
    document: Document,
    language: Language,
    edition: Edition,
    documents: Sequence[Document],
    hidden: frozenset[str],
    engine: Engine,
) -> Sequence[OtherEdition]:
    """Documents that may be other editions of a document in a language, the likeliest first.

    Args:
        edition: the document in this language.
        documents: all that readers see, among them the document itself.
        hidden: those that the index may know and readers may not see.
    """
    shared = _shared(edition, engine, hidden | {document.id})
    found = []
    for other in documents:
        is_in_language = other.language == language or shared.get(other.id, 0.0) >= _BESIDE
        if other.id == document.id or language not in other.languages or not is_in_language:
            continue
        likeness = (
            _NAME * max(_alike(document.title, other.title), _alike(document.filename, other.filename))
            + _TEXT * shared.get(other.id, 0.0)
            + _FAMILY * _is_one_family(document.plan, other.plan)
        )
        if likeness >= _LEAST:
            found.append(OtherEdition(other, likeness, shared.get(other.id, 0.0)))
    found.sort(key=lambda each: (-each.likeness, _age(each.document)))
    return found[:_MOST_SUGGESTED]


def _age(document: Document) -> tuple[int, datetime, str]:
    return document.year or 9999, document.received_at, document.id


def _shared(edition: Edition, engine: Engine, hidden: frozenset[str]) -> dict[str, float]:
    """The share of a text's phrases that each document holds."""
    phrases = _phrases(edition)
    holders: Counter[str] = Counter()
    for phrase in phrases:
        query = Query("", Or((Phrase(phrase),)))
        filters = Filters(languages=frozenset({edition.language}))
        hits = engine.search(query, filters, limit=_MOST_PAGES, hidden=hidden).hits
        holders.update({hit.document for hit in hits})
    return {document: count / len(phrases) for document, count in holders.items()}


def _phrases(edition: Edition) -> list[tuple[str, ...]]:
    """Words from the middle of long passages throughout the text."""
    long = [
        passage.words
        for passage in edition.passages
        if passage.unit.kind != "table" and len(passage.other_words) >= 2 * _WORDS
    ]
    chosen = long[:: len(long) // _PHRASES + 1]
    middles = ((len(words) - _WORDS) // 2 for words in chosen)
    return [
        tuple(word.form for word in words[middle : middle + _WORDS] if word.form[0].isalnum())
        for words, middle in zip(chosen, middles, strict=True)
    ]


def _alike(one: str, other: str) -> float:
    """How much of two names is the same, numbers and stop words aside (Dice)."""
    words, others = _name_words(one), _name_words(other)
    return 2 * len(words & others) / (len(words) + len(others)) if words and others else 0.0


def _name_words(name: str) -> frozenset[str]:
    spoken = _LETTERS.findall(name.removesuffix(".pdf"))
    return frozenset(token.text for token in tokens(" ".join(spoken)) if not is_stop_word(token.text, "nl"))


def _is_one_family(one: str | None, other: str | None) -> bool:
    """Whether two slugs are of one plan, or of a plan and its update."""
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith(f"{shorter}-")
