"""The query as a tree: what must be true of an entry, independent of how the reader wrote it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from archive.languages import Language


@dataclass(frozen=True, slots=True)
class Term:
    """A word in any of its forms.

    Words in nodes are in their verbatim form (:mod:`index.text.analysis`). Numbers that must be found as
    written are in that form instead (:data:`index.text.writing.AS_WRITTEN`).
    """

    word: str
    with_compounds: bool = True
    """Whether compounds that contain it match as well."""
    typed: tuple[str, ...] = field(default=(), compare=False)
    """The word with those that an apostrophe parted from it, as in ``l'emploi`` or ``foto's``; empty without
    one. Only the word itself is asked for, but entries with all of these in a row come first."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly these words in a row; at least one."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Exactly these words, at least two, in any order, with at most `distance` other words between them."""

    words: tuple[str, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words with this beginning, including its accents."""

    stem: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """The word, or one with a letter added, removed, changed or swapped; accents are ignored."""

    word: str


@dataclass(frozen=True, slots=True)
class Title:
    """The child must match in the title of the document."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more, none of them an And."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not match the child."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every entry matches, as for a query of filters only."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No entry matches, as for a query without words."""


Node = Term | Phrase | Near | Prefix | Fuzzy | Title | And | Or | Not | Everything | Nothing

NoticeKind = Literal[
    "too long",
    "too deep",
    "too many terms",
    "too far",
    "too short",
    "misplaced star",
    "one typo only",
    "unclosed quotation mark",
    "unclosed parenthesis",
    "stray parenthesis",
    "stray operator",
    "near without distance",
    "unknown field",
    "unusable value",
    "excluded filter",
    "filter inside",
    "second year",
    "no language left",
    "no words",
]


class Notice(NamedTuple):
    """A part of the query that was read differently than written."""

    kind: NoticeKind
    about: str = ""
    """The part of the query; "" for the whole query."""


_QUOTES = re.compile('["“”„‟«»‹›…]')

NONE = "none"
"""No year or no plan: a value of these filters, and a key of their facets."""

Years = tuple[int, int]
"""First and last year, both included. Documents without a year are outside every range."""

UNDATED: Years = (0, 0)
"""Instead of a range of years: only documents without a year."""


def is_within(year: int | None, years: Years) -> bool:
    """Whether a range of years includes a year; None is the year of documents without one."""
    if year is None or years == UNDATED:
        return year is None and years == UNDATED
    return years[0] <= year <= years[1]


def years_as_text(years: Years) -> str:
    """Years as written in an address: ``2011``, ``2011-2020`` or ``none``."""
    return NONE if years == UNDATED else "-".join(str(year) for year in dict.fromkeys(years))


def as_phrase(text: str) -> str:
    """The query for exactly these words in a row."""
    return f'"{" ".join(_QUOTES.sub(" ", text).split())}"'


@dataclass(frozen=True, slots=True)
class QueryFilters:
    """The filters written in the query itself; None and empty sets mean no filter."""

    years: Years | None = None
    """:data:`UNDATED` for documents without a year."""
    languages: frozenset[Language] = frozenset()
    plans: frozenset[str] = frozenset()
    """Slugs of plans; :data:`NONE` for documents without a plan."""
    with_compounds: bool | None = None
    """Whether words match their compounds as well; None if the query does not say."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    text: str
    """The query as typed, without control characters, cut to the part that was read."""
    tree: Node
    filters: QueryFilters = QueryFilters()
    notices: tuple[Notice, ...] = ()


def either_joined(words: tuple[str, ...]) -> Or:
    """The node for a word with inner hyphens: its parts on one page, preferably in a row."""
    terms = tuple(map(Term, dict.fromkeys(words)))
    return Or((Phrase(words), And(terms) if len(terms) > 1 else terms[0]))


def joined_words(node: Node) -> tuple[str, ...]:
    """The words from which :func:`either_joined` made `node`; empty if it did not."""
    match node:
        case Or((Phrase(words), _)) if set_compounds(node, True) == either_joined(words):
            return words
        case _:
            return ()


def set_compounds(node: Node, with_compounds: bool) -> Node:
    """The same node with `with_compounds` set on all its words."""

    def each(children: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(set_compounds(child, with_compounds) for child in children)

    match node:
        case Term():
            return replace(node, with_compounds=with_compounds)
        case And(children):
            return And(each(children))
        case Or(children):
            return Or(each(children))
        case Not(child):
            return Not(set_compounds(child, with_compounds))
        case Title(child):
            return Title(set_compounds(child, with_compounds))
        case _:
            return node


def leaves(node: Node) -> Iterator[Node]:
    """The nodes without children, in the order of the query."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Not(child) | Title(child):
            yield from leaves(child)
        case _:
            yield node
