"""Which documents of the archive may be editions of each other?

Two editions share a text, a name or a plan. Passages of a document are searched as phrases: another edition
contains many of them word for word, whatever its title. The title and plan that archivists wrote, and the
file name, count as well, without their numbers, because editions differ in years and versions. A name alone
is not enough: the minutes of two meetings have one name and are two texts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.languages import Language
from archive.records import Document
from index.editions.edition import Edition
from index.engine.contract import Engine, Filters
from index.query.parser import Or, Phrase, Query
from index.text.analysis import fold, is_stop_word, tokens

_PHRASES, _WORDS = 24, 6
"""Number of phrases that are searched, and of words in each."""
_NAME, _TEXT, _FAMILY = 0.5, 1.0, 0.25
"""Weights of a similar name, of a shared text, and of belonging to one plan or to a plan and its update."""
_LEAST = 0.45
"""Least likeness of a document that is suggested."""
_LEAST_SHARED, _LEAST_SHARED_BY_NAME = 0.2, 0.1
"""Least share of phrases in common, unless both belong to one plan; the second is for equal names."""
_LEAST_IN_LANGUAGE = 0.25
"""Least share of a document's words in the language of the edition, if its main language is another."""
_MEETING = re.compile(
    r"vergadering|zitting|notulen|besluitenlijst|raad\b|seance|conseil|proces-verbal|compte-rendu"
    r"|compte rendu|meeting|minutes|council|sitzung|protokoll"
)
_MOST_SUGGESTED = 8
"""Most documents that are suggested."""

_DAY = "2014-04-24"
_LETTERS = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """A document that may be another edition."""

    document: Document
    likeness: float
    """Higher is likelier; see :data:`_LEAST`."""
    shared: float
    """Share of the searched phrases that it contains word for word."""


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
        documents: all that readers may see, including the document itself.
        hidden: revisions in the index that readers may not see.
    """
    shared = _shared(edition, engine, hidden)
    shares = _language_shares(engine, language, hidden)
    found = []
    for other in documents:
        share = shares.get(other.id, 0.0)
        is_in_language = (other.language == language and share) or share >= _LEAST_IN_LANGUAGE
        if other.id == document.id or not is_in_language:
            continue
        text = shared.get(other.id, 0.0)
        is_family = _is_one_family(document.plan, other.plan)
        name = max(_alike(document.title, other.title), _alike(document.filename, other.filename))
        if are_two_meetings(document, other):
            name = 0.0
        likeness = _NAME * name + _TEXT * text + _FAMILY * is_family
        least = _LEAST_SHARED_BY_NAME if name == 1 else _LEAST_SHARED
        if likeness >= _LEAST and (is_family or text >= least):
            found.append(OtherEdition(other, likeness, text))
    found.sort(key=lambda each: (-each.likeness, each.document.date or "9999", each.document.id))
    return found[:_MOST_SUGGESTED]


def are_two_meetings(one: Document, other: Document) -> bool:
    """Whether both are papers of meetings, on different days. Those are not editions of one text."""
    names = (fold(f"{document.title} {document.filename}") for document in (one, other))
    days = {document.date for document in (one, other) if document.date and len(document.date) == len(_DAY)}
    return len(days) == 2 and all(_MEETING.search(name) for name in names)


def _language_shares(engine: Engine, language: Language, hidden: frozenset[str]) -> dict[str, float]:
    """The share of each document's words that is in a language, 0 to 1; of documents that have any."""
    shares = {}
    for document, totals in groupby(engine.word_totals(Filters(), hidden), key=lambda each: each.document):
        words = {each.language: each.words for each in totals}
        if language in words:
            shares[document] = words[language] / sum(words.values())
    return shares


def _shared(edition: Edition, engine: Engine, hidden: frozenset[str]) -> dict[str, float]:
    """For each document, the share of the edition's phrases that it contains, 0 to 1."""
    phrases = _phrases(edition)
    holders: Counter[str] = Counter()
    for phrase in phrases:
        query = Query("", Or((Phrase(phrase),)))
        filters = Filters(languages=frozenset({edition.language}))
        holders.update(engine.count_by(query, filters, hidden, "document").keys())
    return {document: count / len(phrases) for document, count in holders.items()}


def _phrases(edition: Edition) -> list[tuple[str, ...]]:
    """A few words from the middle of long passages, spread over the text."""
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
    """Dice coefficient of the words of two names, without numbers and stop words."""
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
