"""The reader's query: parses any string into our own tree.

================== =============================================================================
``werk opleiding`` both words, in any form, on one page
``"pacte social"`` exactly these words in a row; also in “ ”, „ “ and « »
``"a b"~5``        exactly these words with at most 5 others between them
``a OR b``         either; ``OR`` takes its two neighbours only: ``x a OR b`` is x and (a or b)
``-a``             without; also before a phrase or parentheses
``werk*``          words that begin so, three letters or more
``werk~``          the word with at most one typo
``title:a``        in the title of the document; also ``title:"a b"`` and ``title:(a OR b)``
``year:2011-2020`` filters of the whole query, as are ``year:2011``, ``lang:fr``, ``plan:new-deal``
``compounds:no``   no word of the query matches compounds that contain it
``year:none``      documents without a year; also ``plan:none``
================== =============================================================================

A word typed with accents matches only words with them; one typed without matches every spelling. A number
matches however it is written (``2500000`` matches ``2.500.000``). In quotation marks, and if it looks like a
year, it matches only as typed: ``2026`` is not ``2.026``.

The fields have Dutch and French names too. A word with inner hyphens or slashes matches its parts on one
page; pages with the parts in a row come first. One with digits or single letters, such as ``covid-19``,
matches its parts in a row only. An elided article or a clitic need not be there: ``l'emploi`` finds what
``emploi`` finds, but pages with ``l'emploi`` come first.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from urllib.parse import quote_plus

from archive.languages import LANGUAGES, Language
from index.query.compounds import LINKS
from index.query.tree import (
    NONE,
    UNDATED,
    And,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Notice,
    NoticeKind,
    Or,
    Phrase,
    Prefix,
    Query,
    QueryFilters,
    Term,
    Title,
    Years,
    either_joined,
    joined_words,
    leaves,
    set_compounds,
)
from index.text.analysis import tokens
from index.text.writing import AS_WRITTEN, number_as_written

__all__ = [
    "DEEPEST",
    "FARTHEST",
    "HEAVIEST",
    "LONGEST",
    "MOST_TERMS",
    "SHORTEST",
    "And",
    "Everything",
    "Fuzzy",
    "Near",
    "Node",
    "Not",
    "Nothing",
    "Notice",
    "NoticeKind",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "QueryFilters",
    "Term",
    "Title",
    "either_joined",
    "filter_places",
    "joined_words",
    "leaves",
    "parse",
    "set_compounds",
    "without_compounds",
]

LONGEST = 1000
"""Characters of a query that are read."""
HEAVIEST = 2000
"""Most bytes of a query in an address, where a letter with an accent takes six: every link of a page of
results repeats it. A thousand characters of Dutch, French, English or German are shorter."""
DEEPEST = 10
"""Deepest nesting of parentheses; deeper ones are left out."""
MOST_TERMS = 40
"""Most words, phrases and beginnings of words in a query; the rest is left out."""
FARTHEST = 50
"""Most other words between the words of a near search."""
SHORTEST = 3
"""Least letters before ``*`` or ``~``."""


def parse(text: str, languages: Sequence[Language] = LANGUAGES) -> Query:
    """Parse a query. Never raises: what cannot be read as written is read as words, with a notice.

    Args:
        languages: the languages of the language filter outside the query.
    """
    whole = _UNREADABLE.sub(" ", text).strip()
    text = whole[:LONGEST]
    text = text[: bisect_right(list(accumulate(len(quote_plus(each)) for each in text)), HEAVIEST)]
    reader = _Reader(text)
    if len(text) < len(whole):
        reader.notices.append(Notice("too long"))
    tree = reader.read()
    filters = QueryFilters(
        reader.years, frozenset(reader.languages), frozenset(reader.plans), reader.with_compounds
    )
    if filters.languages and not filters.languages & frozenset(languages):
        reader.notices.append(Notice("no language left"))
    if tree is None and replace(filters, with_compounds=None) != QueryFilters():
        tree = Everything()
    if tree is not None and filters.with_compounds is not None:
        tree = set_compounds(tree, filters.with_compounds)
    if tree is None and text and not reader.notices:
        reader.notices.append(Notice("no words", text))
    return Query(text, tree or Nothing(), filters, tuple(dict.fromkeys(reader.notices)))


def without_compounds(query: Query, languages: Iterable[Language] = LANGUAGES) -> Query:
    """The same query without compounds, unless its text already says whether compounds count.

    ``compounds:no`` is added to the text, so that a link finds the same occurrences.

    Args:
        languages: the languages that are searched; only some write compounds as one word.
    """
    tree = set_compounds(query.tree, with_compounds=False)
    is_in_text = query.filters.with_compounds is not None
    if is_in_text or tree == query.tree or LINKS.keys().isdisjoint(languages):
        return query
    return replace(query, text=f"{_WITHOUT_COMPOUNDS} {query.text}", tree=tree)


def filter_places(text: str) -> list[tuple[int, int]]:
    """Start and end offset of each filter in the text of a query."""
    return [match.span() for match in _LEXEME.finditer(text) if match.lastgroup == "filter"]


_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffe\uffff]")
_QUOTES = '"“”„‟«»‹›'
_APOSTROPHES = frozenset("'’‘ʼ´`")
_ELIDED = frozenset(["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"])
_CLITICS = frozenset(["d", "ll", "m", "n", "re", "s", "t", "ve"])

_FILTERS = {
    **dict.fromkeys(("year", "jaar", "année", "annee"), "year"),
    **dict.fromkeys(("lang", "language", "taal", "langue"), "lang"),
    "plan": "plan",
    **dict.fromkeys(("compounds", "samenstellingen", "composés", "composes"), "compounds"),
}
_YES_OR_NO = {
    **dict.fromkeys(("yes", "ja", "oui"), True),
    **dict.fromkeys(("no", "nee", "non"), False),
}
_LEXEME = re.compile(
    rf"""
      (?P<phrase>  [{_QUOTES}] (?P<quoted>[^{_QUOTES}]*) (?:(?P<end>[{_QUOTES}])(?P<near>~\d*)?|\Z) )
    | (?P<opening> \( )
    | (?P<closing> \) )
    | (?P<minus>   -+ (?=[^\s)-]) )
    | (?P<or>      (?-i:OR) (?![^\s(){_QUOTES}]) )
    | (?P<and>     (?-i:AND) (?![^\s(){_QUOTES}]) )
    | (?P<title>   (?:title|titel|titre) : (?=[^\s)]) )
    | (?P<filter>  (?P<field>{"|".join(_FILTERS)}) : [{_QUOTES}]? (?P<value>[^\s(){_QUOTES}]+) [{_QUOTES}]? )
    | (?P<word>    (?<!\d\ )[1-9]\d?\d?(?:\ \d\d\d)+(?![^\s)]) | [^\s(){_QUOTES}]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HYPHENS = re.compile(r"[-‐‑/.@_&+]+")
_UNKNOWN_FIELD = re.compile(r"([^\W\d_]+):(?=\w)")
_ENDING = re.compile(r"(?<=[^\W_])(?P<sign>[*~])+(?P<typos>\d*)[^\w*~]*\Z")
_YEAR = re.compile(r"(?:1[89]|20)\d\d", re.ASCII)
"""A number that looks like a year; it does not match ``1.850``."""
_YEARS = re.compile(r"(\d{4})(?:[-–](\d{4}))?")
_SLUG = re.compile(r"[a-z0-9-]+")
_WITHOUT_COMPOUNDS = "compounds:no"
_NONE = frozenset(
    [
        NONE,
        "unknown",
        "undated",
        "geen",
        "zonder",
        "onbekend",
        "aucun",
        "aucune",
        "sans",
        "inconnu",
        "inconnue",
    ]
)
"""Values that people write for documents without a year or plan."""


class _Reader:
    """Parses one query from its beginning to its end, and collects notices."""

    def __init__(self, text: str) -> None:
        self.notices: list[Notice] = []
        self.years: Years | None = None
        self.languages: set[Language] = set()
        self.plans: set[str] = set()
        self.with_compounds: bool | None = None
        self._lexemes = _LEXEME.finditer(text)
        self._depth = 0
        self._open = 0
        self._left_out = 0
        self._terms = 0

    def read(self) -> Node | None:
        """The whole text as one node; None if there are no words to search for."""
        node = self._all()
        alone = node.children if isinstance(node, And) else (node,)
        if all(isinstance(each, Not) for each in alone):
            return And((Everything(), *alone))
        return node

    def _note(self, kind: NoticeKind, about: str = "") -> None:
        self.notices.append(Notice(kind, about))

    def _all(self) -> Node | None:
        """Everything up to the closing parenthesis of the group, or to the end."""
        alternatives: list[list[Node]] = []
        is_alternative = False
        is_closed = False
        for lexeme in self._lexemes:
            kind = lexeme.lastgroup
            if kind == "closing":
                if self._left_out:
                    self._left_out -= 1
                elif self._open:
                    is_closed = True
                    break
                else:
                    self._note("stray parenthesis")
            elif kind == "or":
                if is_alternative or not alternatives:
                    self._note("stray operator", "OR")
                is_alternative = bool(alternatives)
            elif kind != "and" and (node := self._one(lexeme)):
                if is_alternative:
                    alternatives[-1].append(node)
                else:
                    alternatives.append([node])
                is_alternative = False
        if is_alternative:
            self._note("stray operator", "OR")
        if self._open and not is_closed:
            self._note("unclosed parenthesis")
        return _all_of([_any_of(nodes) for nodes in alternatives])

    def _one(self, lexeme: re.Match[str], *, is_excluded: bool = False) -> Node | None:
        match lexeme.lastgroup:
            case ("opening" | "minus" | "title") as kind if self._depth == DEEPEST:
                self._note("too deep")
                self._left_out += kind == "opening"
                return None
            case "opening":
                return self._group()
            case "minus":
                return self._without()
            case "title":
                return self._title()
            case "phrase":
                return self._phrase(lexeme)
            case "filter" if is_excluded:
                self._note("excluded filter", lexeme[0])
                return None
            case "filter" if self._filter(lexeme["field"], lexeme["value"]):
                if self._depth:
                    self._note("filter inside", lexeme[0])
                return None
            case "filter":
                self._note("unusable value", lexeme[0])
                return self._word(f"{lexeme['field']}, {lexeme['value']}", is_exact=is_excluded)
            case _:
                return self._word(lexeme[0], is_exact=is_excluded)

    def _group(self) -> Node | None:
        self._depth += 1
        self._open += 1
        node = self._all()
        self._open -= 1
        self._depth -= 1
        return node

    def _without(self) -> Node | None:
        self._depth += 1
        node = self._one(next(self._lexemes), is_excluded=True)
        self._depth -= 1
        return node and (node.child if isinstance(node, Not) else Not(node))

    def _title(self) -> Node | None:
        self._depth += 1
        node = self._one(next(self._lexemes))
        self._depth -= 1
        return node and (node if isinstance(node, Title) else Title(node))

    def _phrase(self, lexeme: re.Match[str]) -> Node | None:
        if lexeme["end"] is None:
            self._note("unclosed quotation mark")
        quoted = lexeme["quoted"]
        words = tuple(
            number_as_written(quoted[token.start : token.end], token.text) for token in tokens(quoted)
        )
        if not words:
            self._note("no words", lexeme[0])
            return None
        if lexeme["near"] == "~":
            self._note("near without distance", lexeme[0])
        elif lexeme["near"] and len(words) > 1:
            distance = int(lexeme["near"][1:])
            if distance > FARTHEST:
                self._note("too far", lexeme[0])
            return self._counted(Near(words, min(distance, FARTHEST)))
        return self._counted(Phrase(words))

    def _filter(self, field: str, value: str) -> bool:
        """Set a filter of the query; False if the value cannot be used."""
        value = value.rstrip(",;.").lower()
        values = value.split(",")
        match _FILTERS[field.lower()]:
            case "year" if years := _years(value):
                if self.years:
                    self._note("second year", value)
                self.years = years
            case "lang" if set(values) <= set(LANGUAGES):
                self.languages.update(language for language in LANGUAGES if language in values)
            case "plan" if all(each in _NONE or _SLUG.fullmatch(each) for each in values):
                self.plans.update(NONE if each in _NONE else each for each in values)
            case "compounds" if value in _YES_OR_NO:
                self.with_compounds = _YES_OR_NO[value]
            case _:
                return False
        return True

    def _word(self, raw: str, *, is_exact: bool = False) -> Node | None:
        if field := _UNKNOWN_FIELD.match(raw):
            self._note("unknown field", field[0])
        ending = _ENDING.search(raw)
        body = raw[: ending.start()] if ending else raw
        if "*" in body:
            self._note("misplaced star" if tokens(body) else "stray operator", raw)
        elif not tokens(body) and body.startswith(("-", "~")):
            self._note("stray operator", raw)
        runs = _runs_of_words(body)
        if ending is None or not runs:
            return _all_of([node for run in runs if (node := self._joined(run, is_exact=is_exact))])
        *before, last = chain.from_iterable(runs)
        nodes = (*map(self._counted, before), self._open_ended(last.word, ending))
        return _all_of([node for node in nodes if node])

    def _open_ended(self, word: str, ending: re.Match[str]) -> Node | None:
        word = word.removeprefix(AS_WRITTEN)
        if len(word) < SHORTEST:
            self._note("too short", word + ending["sign"])
            return self._counted(Term(word))
        if ending["sign"] == "*":
            return self._counted(Prefix(word))
        if ending["typos"] not in ("", "1"):
            self._note("one typo only", word + ending[0])
        return self._counted(Fuzzy(word))

    def _joined(self, terms: tuple[Term, ...], *, is_exact: bool) -> Node | None:
        if len(terms) < 2:
            return self._counted(terms[0]) if terms else None
        words = tuple(term.word for term in terms)
        if is_exact or not all(len(word) > 1 and word.isalpha() for word in words):
            return self._counted(Phrase(words))
        return self._counted(either_joined(words))

    def _counted(self, node: Node) -> Node | None:
        self._terms += sum(1 for _ in leaves(node))
        if self._terms <= MOST_TERMS:
            return node
        self._note("too many terms")
        return None


def _years(value: str) -> Years | None:
    """Parse a year, a range of years in either order, or a value for no year; None for anything else."""
    if value in _NONE:
        return UNDATED
    match = _YEARS.fullmatch(value)
    if match is None:
        return None
    first, last = sorted((int(match[1]), int(match[2] or match[1])))
    return first, last


def _runs_of_words(raw: str) -> list[tuple[Term, ...]]:
    """The words of `raw`, in runs: words with only hyphens, slashes and the like between them are one run.

    Elided articles and clitics are no words of their own; the word beside them remembers them.
    """
    runs: list[tuple[Term, ...]] = []
    end = 0
    for token in tokens(raw):
        gap = raw[end : token.start]
        word = AS_WRITTEN + token.text if _YEAR.fullmatch(raw[token.start : token.end]) else token.text
        if not runs or not (gap in _APOSTROPHES or _HYPHENS.fullmatch(gap)):
            runs.append((Term(word),))
        elif gap in _APOSTROPHES and runs[-1][-1].word in _ELIDED:
            *before, elided = runs[-1]
            runs[-1] = (*before, Term(word, typed=(elided.word, word)))
        elif gap in _APOSTROPHES and token.text in _CLITICS:
            *before, last = runs[-1]
            runs[-1] = (*before, replace(last, typed=(*(last.typed or (last.word,)), word)))
        else:
            runs[-1] = (*runs[-1], Term(word))
        end = token.end
    return runs


def _all_of(nodes: Sequence[Node]) -> Node | None:
    flat = dict.fromkeys(
        chain.from_iterable(node.children if isinstance(node, And) else [node] for node in nodes)
    )
    return And(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def _any_of(nodes: Sequence[Node]) -> Node:
    different = tuple(dict.fromkeys(nodes))
    return Or(different) if len(different) > 1 else different[0]
