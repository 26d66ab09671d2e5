"""How is a word translated? By words that are in the translations of its sentences, and seldom elsewhere.

Candidates are the words of the other language and groups of up to three of them, with inflected forms merged
by stem. They are ranked by the log-likelihood ratio of being in the same pairs of sentences (Dunning 1993,
see :mod:`index.translations.word_pairs`), as in Melamed, *Models of translational equivalence among words*,
Computational Linguistics 26, 2000.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from archive.languages import Language
from index.engine.contract import Engine
from index.language.noun_phrases import is_function_word, ties
from index.query.asking_nodes import free_children
from index.query.parser import And, Near, Node, Not, Or, Phrase, Query
from index.text.analysis import Token, fold, is_stop_word, stem, tokens
from index.text.text_units import TextUnit
from index.text.writing import written_form
from index.translations.alignment import Bead, PairedSentences, align_sentences, sentences_of
from index.translations.anchors import beginning
from index.translations.word_pairs import Counts, log_likelihood_ratio

LONGEST = 3
"""Most words of a candidate; stop words between them are not counted."""
_LEAST_RATIO = 6.63
"""Least log-likelihood ratio of a candidate: p = .01 for a single comparison."""
_LEAST_TOGETHER = 2
"""Least number of pairs with a candidate: in a single pair, every word could be the translation."""
_MOSTLY, _SURER = 0.6, 1.1
"""A longer group of words replaces a candidate if it is in this share of its pairs, and surer by this factor.
Sureness is the share of the pairs with a group that have the term."""
_CERTAIN_SENTENCES = 3
"""Least number of different sentences with a candidate that is not uncertain. Repeated sentences, as in
editions of one document, count once."""
_CERTAIN_SHARE, _CERTAIN_SURENESS = 0.55, 0.3
"""For a candidate that is not uncertain: least share of the pairs with the term that have the candidate, and
of the pairs with the candidate that have the term."""
_ROUNDED = 1e-5
"""Ratios that differ by less than this may be equal when rounded for ranking."""
_RIVAL = 0.9
"""Other words of the same pairs are rivals from this share of the candidate's ratio on."""
_SHORTEST, _SHORTEST_OUTER = 2, 3
"""Least letters of a counterpart, and of the first and last word of a group: not *Vote nº*."""

_CUT = re.compile(r"[.,;:!?()\[\]«»\"“”\n\t/|]")
"""Characters at which a term ends."""

Stems = tuple[str, ...]

SentencePosition = tuple[int, int]
"""Number of a pair of texts, and of a pair of sentences in it."""


Doubt = Literal["few_sentences", "small_share", "often_elsewhere", "rivals"]
"""Why a counterpart is uncertain: fewer than three different sentences show it; most sentences with the term
do not have it; it mostly occurs without the term; other words occur in the same sentences."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A word or group of words that may translate the term."""

    stems: Stems
    forms: Sequence[str]
    """How it is written, the most frequent form first."""
    both: int
    """Number of pairs with the term on the left and this on the right."""
    right: int
    """Number of pairs with this on the right."""
    ratio: float
    """Log-likelihood ratio: how much more often both are together than by chance, in the pairs that better
    candidates do not explain."""
    examples: Sequence[SentencePosition]
    doubts: Sequence[Doubt] = ()
    """Why it is uncertain; empty if it is not."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """How a term is translated."""

    candidates: Sequence[Counterpart]
    """The likeliest first."""
    pairs: int
    """Number of pairs of sentences that were compared."""
    with_term: Sequence[SentencePosition]
    """The pairs that have the term."""
    unpaired: int = 0
    """Number of sentences with the term that are in no pair, because their translation is doubtful or was not
    found."""


class WordGroup(NamedTuple):
    """Words that follow each other, with their offsets in the text."""

    stems: Stems
    start: int
    end: int


class SentencesOfText:
    """Sentences of a text, in pairs with their translations or alone. Their words are looked up only once."""

    def __init__(self, all_sentences: Sequence[PairedSentences]) -> None:
        self.all = all_sentences

    @cached_property
    def left_words(self) -> Mapping[Language, Mapping[str, set[int]]]:
        """For each language, the words on the left and the numbers of the pairs that have them.

        A word is in its written form if it has one (:mod:`index.text.writing`), else in its verbatim form.
        """
        found: dict[Language, dict[str, set[int]]] = {}
        for number, pair in enumerate(self.all):
            for sentence in pair.left:
                words = found.setdefault(sentence.language, {})
                for token in tokens(sentence.text):
                    written = written_form(sentence.text[token.start : token.end])
                    words.setdefault(written or token.text, set()).add(number)
        return found

    def holding(self, query: Query, engine: Engine) -> set[int]:
        """The numbers of the pairs whose left side matches a query. Exclusions are ignored: they apply to
        pages, not to sentences."""
        return set().union(
            *(self._holding(query.tree, query, engine, language) for language in self.left_words)
        )

    def _holding(self, node: Node, query: Query, engine: Engine, language: Language) -> set[int]:
        words = self.left_words[language]
        match node:
            case And(children):
                free = free_children(children, language)
                of_children = [
                    self._holding(child, query, engine, language)
                    for number, child in enumerate(children)
                    if number not in free and not isinstance(child, Not)
                ]
                return set.intersection(*of_children) if of_children else set()
            case Or(children):
                return set().union(*(self._holding(child, query, engine, language) for child in children))
            case Phrase(together) | Near(together) if len(together) > 1:
                likely = set.intersection(
                    *(self._holding(Phrase((word,)), query, engine, language) for word in together)
                )
                node_query = replace(query, tree=node)
                return {
                    number
                    for number in likely
                    if any(
                        engine.matches(node_query, language, sentence.text)
                        for sentence in self.all[number].left
                    )
                }
            case _:
                every = "\n".join(words)
                marks = engine.matches(replace(query, tree=node), language, every)
                found = {every[start:end] for start, end in marks}
                return set().union(*(words.get(word, set()) for word in found))


class SentencePairs(SentencesOfText):
    """The sentences of two texts, in pairs."""

    def __init__(self, left: Sequence[TextUnit], right: Sequence[TextUnit], beads: Sequence[Bead]) -> None:
        """Pair the sentences of passages.

        Args:
            beads: the passages that likely translate each other.
        """
        super().__init__(align_sentences(left, right, beads))
        paired = {sentence.parts for pair in self.all for sentence in pair.left}
        every = (sentence for unit in left for sentence in sentences_of(unit))
        self.unpaired = SentencesOfText(
            [PairedSentences([sentence], ()) for sentence in every if sentence.parts not in paired]
        )
        """The sentences of the left text that are in no pair."""

    def looked_up(self) -> "SentencePairs":
        """Compute the cached properties that every term needs, so that they are stored with the pairs."""
        _ = self.left_words, self.groups, self.unpaired.left_words
        return self

    @cached_property
    def groups(self) -> Mapping[Stems, set[int]]:
        """For each word or group of words, the numbers of the pairs that have it on the right."""
        found: dict[Stems, set[int]] = {}
        for number, forms in enumerate(self.right_forms):
            for stems in forms:
                found.setdefault(stems, set()).add(number)
        return found

    @cached_property
    def right_forms(self) -> Sequence[Mapping[Stems, Sequence[str]]]:
        """For each pair, the words and groups of words on the right, with the forms in which they occur."""
        found = []
        for pair in self.all:
            forms: dict[Stems, list[str]] = {}
            for sentence in pair.right:
                for group in word_groups(sentence.text, sentence.language):
                    forms.setdefault(group.stems, []).append(sentence.text[group.start : group.end])
            found.append(forms)
        return found


def word_groups(text: str, language: Language) -> Iterator[WordGroup]:
    """Every word of a text but stop words and numbers, and every group of words that may be one term.

    A group does not go beyond its noun phrase.
    """
    run: list[tuple[Token, str]] = []
    between: list[str] = []
    before = 0
    for token in tokens(text):
        if _CUT.search(text, before, token.start):
            run, between = [], []
        before = token.end
        if is_stop_word(token.text, language) or len(token.text) < _SHORTEST:
            between.append(token.text)
            continue
        if token.text[0].isdecimal() or not ties(between, language):
            run = []
        between = []
        if token.text[0].isdecimal():
            continue
        word = (token, stem(token.text, language))
        if is_function_word(token.text, language):
            run = []
            yield WordGroup((word[1],), token.start, token.end)
            continue
        run = [*run[1 - LONGEST :], word]
        for length in range(1, len(run) + 1):
            some = run[-length:]
            if length > 1 and min(len(some[0][0].text), len(some[-1][0].text)) < _SHORTEST_OUTER:
                continue
            yield WordGroup(tuple(each for _token, each in some), some[0][0].start, token.end)


def counterparts(
    texts: Sequence[SentencePairs], query: Query, engine: Engine, most: int = 20
) -> Counterparts:
    """Find candidates for the translation of a query in pairs of texts of the same two languages.

    Args:
        most: the most candidates to return.
    """
    with_term = [
        (number, place) for number, text in enumerate(texts) for place in sorted(text.holding(query, engine))
    ]
    pairs = sum(len(text.all) for text in texts)
    together: dict[Stems, set[SentencePosition]] = {}
    for number, place in with_term:
        for stems in texts[number].right_forms[place]:
            together.setdefault(stems, set()).add((number, place))
    repeated = {stems: found for stems, found in together.items() if len(found) >= _LEAST_TOGETHER}
    everywhere = {stems: _places_of(texts, stems) for stems in repeated}
    candidates = [
        Counterpart(
            stems=choice.stems,
            forms=_forms(texts, choice.stems, repeated[choice.stems]),
            both=len(repeated[choice.stems]),
            right=len(everywhere[choice.stems]),
            ratio=choice.ratio,
            examples=sorted(repeated[choice.stems]),
            doubts=_doubts(
                texts, repeated[choice.stems], len(everywhere[choice.stems]), len(with_term), choice
            ),
        )
        for choice in _chosen(repeated, everywhere, set(with_term), pairs, most, _beginnings(query))
    ]
    unpaired = sum(len(text.unpaired.holding(query, engine)) for text in texts)
    return Counterparts(candidates, pairs, with_term, unpaired)


class _Choice(NamedTuple):
    """A candidate that was chosen."""

    stems: Stems
    ratio: float
    has_rivals: bool
    """Whether other words in the same pairs may just as well be the translation."""


def _chosen(
    together: Mapping[Stems, set[SentencePosition]],
    everywhere: Mapping[Stems, set[SentencePosition]],
    with_term: set[SentencePosition],
    pairs: int,
    most: int,
    beginnings: frozenset[str],
) -> list[_Choice]:
    """Choose the best candidate, then the best for the pairs that it does not explain, and so on.

    Otherwise words next to a translation, such as *durable* after *développement*, would rank second. Among
    candidates that are equally often together with the term, the best has most cognates of it and few other
    words; if none has cognates, it is the longest.

    Args:
        beginnings: those of the words of the term; see :func:`index.translations.anchors.beginning`.
    """
    chosen: list[_Choice] = []
    explained: set[SentencePosition] = set()
    rest = list(together)

    def rank(number: int) -> tuple[float, int, int]:
        stems = rest[number]
        cognates = sum(beginning(each) in beginnings for each in stems)
        return round(float(ratios[number]), 6), cognates, cognates - len(stems) if cognates else len(stems)

    while rest and len(chosen) < most:
        both = np.array([len(together[stems] - explained) for stems in rest], np.int64)
        right = np.array([len(everywhere[stems] - explained) for stems in rest], np.int64)
        left = np.full(len(rest), len(with_term - explained))
        ratios = log_likelihood_ratio(both, left, right, pairs - len(explained))
        highest = np.flatnonzero(ratios >= ratios.max() - _ROUNDED).tolist()
        best = max(highest, key=rank)
        if ratios[best] < _LEAST_RATIO or both[best] < _LEAST_TOGETHER:
            break
        best = best if rank(best)[1] else _fuller(best, rest, both, right)
        rivals = (rest[number] for number in np.flatnonzero(ratios >= _RIVAL * ratios[best]))
        has_rivals = not rank(best)[1] and any(not set(stems) & set(rest[best]) for stems in rivals)
        chosen.append(_Choice(rest[best], float(ratios[best]), has_rivals))
        explained |= together[rest[best]]
        rest = [stems for stems, some in zip(rest, both, strict=True) if some >= _LEAST_TOGETHER]
        rest = [stems for stems in rest if stems != chosen[-1].stems]
    return chosen


def _beginnings(query: Query) -> frozenset[str]:
    """The beginnings of the words of a query that may have cognates."""
    found = (beginning(fold(token.text)) for token in tokens(query.text))
    return frozenset(each for each in found if each)


def _doubts(
    texts: Sequence[SentencePairs],
    found: Collection[SentencePosition],
    everywhere: int,
    with_term: int,
    choice: _Choice,
) -> tuple[Doubt, ...]:
    """Why a candidate is uncertain, if it is."""
    sentences = {
        tuple(side)
        for number, place in found
        for side in [[token.text for unit in texts[number].all[place].right for token in tokens(unit.text)]]
    }
    reasons: tuple[tuple[Doubt, bool], ...] = (
        ("few_sentences", len(sentences) < _CERTAIN_SENTENCES),
        ("small_share", len(found) < _CERTAIN_SHARE * with_term),
        ("often_elsewhere", len(found) < _CERTAIN_SURENESS * everywhere),
        ("rivals", choice.has_rivals),
    )
    return tuple(doubt for doubt, is_true in reasons if is_true)


def _fuller(best: int, groups: Sequence[Stems], both: Counts, right: Counts) -> int:
    """The longer group that a candidate is mostly part of, if it is surer, else the candidate itself.

    For example *équipe de facilitation* for *équipe*. Candidates are given and returned by number.
    """
    sureness = both / np.maximum(right, 1)
    fuller = [
        number
        for number, stems in enumerate(groups)
        if both[number] >= _MOSTLY * both[best]
        and sureness[number] >= _SURER * sureness[best]
        and _is_within(groups[best], stems)
    ]
    return max(fuller, key=lambda number: (sureness[number], both[number]), default=best)


def _is_within(some: Stems, stems: Stems) -> bool:
    return any(stems[start : start + len(some)] == some for start in range(len(stems) - len(some) + 1))


def places(text: str, language: Language, stems: Stems) -> list[tuple[int, int]]:
    """Start and end offset of each occurrence of a candidate in a text."""
    return [(group.start, group.end) for group in word_groups(text, language) if group.stems == stems]


def _places_of(texts: Sequence[SentencePairs], stems: Stems) -> set[SentencePosition]:
    return {(number, place) for number, text in enumerate(texts) for place in text.groups.get(stems, ())}


def _forms(texts: Sequence[SentencePairs], stems: Stems, found: Iterable[SentencePosition]) -> list[str]:
    """The forms of a candidate, most frequent first; forms that differ only in capitals are one."""
    forms: dict[str, Counter[str]] = {}
    for number, place in sorted(found):
        for form in texts[number].right_forms[place][stems]:
            forms.setdefault(form.lower(), Counter())[form] += 1
    ranked = sorted(forms.values(), key=lambda some: -some.total())
    return [some.most_common(1)[0][0] for some in ranked]
