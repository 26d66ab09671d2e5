"""Parallel reading and counterparts as data, for the API and for downloads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypedDict

from archive.languages import Language
from archive.records import BlockKind
from index.translations.counterparts import Counterpart, Doubt
from index.translations.translated_documents import AlignedTexts
from search_app.search.counted_forms import FormsJson, forms_as_json
from search_app.translations.chosen_texts import SideBySide, TextSide
from search_app.translations.counterparts_study import EXAMPLES, ShownPair, Study, TextPair
from search_app.translations.spread import Spread
from search_app.translations.translation_rows import MarkSegment, ShownUnit, Sureness, TranslationRow, rows


class SideJson(TypedDict):
    """One of two texts: a document in one of its languages."""

    document: str
    title: str
    year: int | None
    language: Language


class PassageJson(TypedDict):
    """A heading, a paragraph, an item of a list or a table; marks are [start, end] in its text."""

    kind: BlockKind
    language: Language
    text: str
    pages: list[int]
    page_labels: list[str]
    marks: list[list[int]]


class RowJson(TypedDict):
    """Passages that translate each other, and how sure that is: 0 to 1, and in a word."""

    confidence: float
    sureness: Sureness
    left: list[PassageJson]
    right: list[PassageJson]
    url: str


class CandidateJson(TypedDict):
    """A word that may translate the term: its forms, the number of sentence pairs with it and the term, and
    with it, and how sure it is. `doubts` say why it is uncertain: fewer than three different sentences have
    it; most sentences with the term do not have it; it mostly occurs elsewhere; or other words occur in the
    same sentences."""

    word: str
    forms: list[str]
    pairs_with_term: int
    pairs: int
    log_likelihood_ratio: float
    certainty: Literal["likely", "uncertain"]
    doubts: list[Doubt]


class TranslationJson(TypedDict):
    """A page with its translation; if there is none, `right` is null and there are no rows. `share`, from 0
    to 1, is how much of both texts is in passages that likely translate each other."""

    document: str
    page: int
    page_label: str
    query: str
    left: SideJson | None
    right: SideJson | None
    share: float
    rows: list[RowJson]
    pairs_with_term: int
    candidates: list[CandidateJson]


class ExampleJson(TypedDict):
    """A pair of sentences, or of groups of them, that translate each other."""

    document: str
    page: int
    page_label: str
    text: str
    translation: str
    translation_page: int
    translation_page_label: str
    translation_text: str
    url: str


class CounterpartJson(CandidateJson):
    """A candidate with the first pairs that have it."""

    examples: list[ExampleJson]


class LookedAtJson(TypedDict):
    """A document and its translation, with the number of their pairs of sentences."""

    document: str
    title: str
    translation: str
    translation_title: str
    pairs: int
    pairs_with_term: int


class CounterpartsJson(TypedDict):
    """How a term is translated, and what was looked at to tell.

    Left out are documents without a translation (`untranslated`), those written in another language that hold
    the term in single passages only (`stray`), and as many as there was no time for (`unread`, and
    `unread_documents`: the same request reads further). `unpaired` sentences have the term and no likely
    translation. Of `cut_documents` only the first pages were read."""

    query: str
    source: Language
    target: Language
    pairs: int
    pairs_with_term: int
    forms: FormsJson
    candidates: list[CounterpartJson]
    unexplained: int
    unexplained_examples: list[ExampleJson]
    documents: list[LookedAtJson]
    untranslated: list[str]
    stray: list[str]
    unread: int
    unread_documents: list[str]
    unpaired: int
    cut_documents: list[str]


def spread_as_json(spread: Spread, base_url: str) -> TranslationJson:
    """A page with its translation as JSON; addresses begin with `base_url`."""
    pair, found = spread.pair, spread.found
    return {
        "document": spread.document.id,
        "page": spread.page.number,
        "page_label": spread.page.label,
        "query": spread.query.text,
        "left": _side_as_json(pair.left) if pair else None,
        "right": _side_as_json(pair.right) if pair and pair.right else None,
        "share": round(spread.share, 3),
        "rows": [_row_as_json(row, pair, spread.page.number, base_url) for row in spread.rows]
        if pair
        else [],
        "pairs_with_term": len(found.with_term) if found else 0,
        "candidates": [_candidate_as_json(candidate) for candidate in found.candidates] if found else [],
    }


def study_as_json(study: Study, base_url: str) -> CounterpartsJson:
    """How a term is translated, as JSON; addresses begin with `base_url`."""
    found = study.found
    return {
        "query": study.query.text,
        "source": study.source,
        "target": study.target,
        "pairs": found.pairs,
        "pairs_with_term": len(found.with_term),
        "forms": forms_as_json(study.forms),
        "candidates": [
            {
                **_candidate_as_json(each),
                "examples": [
                    _example_as_json(example, base_url) for example in study.unmarked(each.examples, EXAMPLES)
                ],
            }
            for each in found.candidates
        ],
        "unexplained": len(study.unexplained),
        "unexplained_examples": [
            _example_as_json(example, base_url) for example in study.unmarked(study.unexplained, EXAMPLES)
        ],
        "documents": [
            _looked_at_as_json(texts, pairs, with_term) for texts, pairs, with_term in study.looked_at()
        ],
        "untranslated": [document.id for document in study.untranslated],
        "stray": [document.id for document in study.stray],
        "unread": len(study.unread),
        "unread_documents": list(study.unread),
        "unpaired": found.unpaired,
        "cut_documents": [document.id for document in study.cut],
    }


TRANSLATION_COLUMNS = (
    *("confidence", "sureness"),
    *("left_page", "left_page_label", "left_last_page", "left_last_page_label", "left"),
    *("right_page", "right_page_label", "right_last_page", "right_last_page_label", "right", "url"),
)
"""The columns of :func:`translation_file_rows`."""


def translation_file_rows(
    pair: SideBySide, texts: AlignedTexts, base_url: str
) -> Iterator[Mapping[str, object]]:
    """All passages of two documents in pairs, as the rows of a table."""
    page = 1
    for row in rows(texts, texts.beads):
        page = row.left_pages[0] if row.left else page
        yield {
            "confidence": round(row.confidence, 3),
            "sureness": row.sureness,
            **_place("left", pair.left, row.left),
            **(_place("right", pair.right, row.right) if pair.right else {}),
            "url": base_url + pair.row_address(row, page),
        }


COUNTERPART_COLUMNS = (
    *("candidate", "certainty", "document", "page", "page_label", "text"),
    *("translation", "translation_page", "translation_page_label", "translation_text", "url"),
)
"""The columns of :func:`counterpart_rows`."""


def counterpart_rows(study: Study, base_url: str) -> Iterator[Mapping[str, object]]:
    """All pairs of sentences with the term, as the rows of a table: one row for each candidate in the pair,
    or one without a candidate."""
    for candidate in study.found.candidates:
        for example in study.unmarked(candidate.examples):
            certainty = "uncertain" if candidate.doubts else "likely"
            yield {
                "candidate": candidate.forms[0],
                "certainty": certainty,
                **_example_as_json(example, base_url),
            }
    for example in study.unmarked(study.unexplained):
        yield {"candidate": "", "certainty": "", **_example_as_json(example, base_url)}


def _side_as_json(side: TextSide) -> SideJson:
    document = side.document
    return {
        "document": document.id,
        "title": document.title,
        "year": document.year,
        "language": side.language,
    }


def _row_as_json(row: TranslationRow, pair: SideBySide, page: int, base_url: str) -> RowJson:
    right = pair.right
    return {
        "confidence": round(row.confidence, 3),
        "sureness": row.sureness,
        "left": [_passage_as_json(block, pair.left) for block in row.left],
        "right": [_passage_as_json(block, right) for block in row.right] if right else [],
        "url": base_url + pair.row_address(row, page),
    }


def _passage_as_json(block: ShownUnit, side: TextSide) -> PassageJson:
    unit = block.unit
    return {
        "kind": unit.kind,
        "language": unit.language,
        "text": unit.text,
        "pages": list(unit.pages),
        "page_labels": [side.label(page) for page in unit.pages],
        "marks": [[mark.start, mark.end] for mark in block.marks],
    }


def _candidate_as_json(candidate: Counterpart) -> CandidateJson:
    return {
        "word": candidate.forms[0],
        "forms": list(candidate.forms),
        "pairs_with_term": candidate.both,
        "pairs": candidate.right,
        "log_likelihood_ratio": round(candidate.ratio, 2),
        "certainty": "uncertain" if candidate.doubts else "likely",
        "doubts": list(candidate.doubts),
    }


def _example_as_json(example: ShownPair, base_url: str) -> ExampleJson:
    return {
        "document": example.texts.document.id,
        "page": example.page,
        "page_label": example.label,
        "text": _text(example.left),
        "translation": example.texts.translation.id,
        "translation_page": example.other_page,
        "translation_page_label": example.other_label,
        "translation_text": _text(example.right),
        "url": base_url + example.path,
    }


def _looked_at_as_json(texts: TextPair, pairs: int, with_term: int) -> LookedAtJson:
    return {
        "document": texts.document.id,
        "title": texts.document.title,
        "translation": texts.translation.id,
        "translation_title": texts.translation.title,
        "pairs": pairs,
        "pairs_with_term": with_term,
    }


def _text(pieces: Sequence[MarkSegment]) -> str:
    return "".join(piece.text for piece in pieces).strip()


def _place(name: str, side: TextSide, blocks: Sequence[ShownUnit]) -> Mapping[str, object]:
    """The text of blocks and the places where it begins and ends, as cells of a table."""
    first, last = (blocks[0].unit.pages[0], blocks[-1].unit.pages[-1]) if blocks else (None, None)
    return {
        f"{name}_page": first,
        f"{name}_page_label": side.label(first) if first else None,
        f"{name}_last_page": last,
        f"{name}_last_page_label": side.label(last) if last else None,
        name: "\n".join(block.unit.text for block in blocks),
    }
