"""Are quotations judged rightly? Quotations of the corpus as printed, retyped, over breaks, and altered.

    python tests/benchmarks/bench_quote.py [--quotations 1000] [--seed 1]

Adds the corpus, where present, and the demonstration collection to an archive of its own, and two books with
notes that are set from sentences of it. Draws passages with a seed, quotes them in every way of
``planted_quotations.py`` and over the breaks of ``quotations_over_breaks.py``, and prints for each kind how
many were called verbatim that are not, how many true ones were denied, other mistakes, and the time of an
answer. What is called verbatim although it was altered is checked once more: it may really stand elsewhere.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from planted_quotations import KINDS, Expected, Kind  # noqa: E402 - found by the line above
from quotations_over_breaks import (  # noqa: E402
    Book,
    OverBreak,
    book,
    clean_sentences,
    columns_of,
    lines_of,
    over_page_breaks,
    plain,
)

from archive.catalogue.catalogue import Catalogue  # noqa: E402
from archive.catalogue.queue import Queue  # noqa: E402
from archive.originals import Originals  # noqa: E402
from archive.records import Description, Page  # noqa: E402
from index.engine.contract import Engine  # noqa: E402
from index.indexer import open_engine  # noqa: E402
from index.preparation import Publication  # noqa: E402
from index.quotation.quote_report import QuoteReport  # noqa: E402
from index.quotation.verdict import find  # noqa: E402
from ingest.acquisition.intake import Intake  # noqa: E402
from ingest.jobs.worker import Worker  # noqa: E402
from ingest.read_document import read_document  # noqa: E402
from ingest.sandbox.supervisor import Limits  # noqa: E402
from tests.surroundings.reading_room import ReadingRoom  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "plans"
DEMONSTRATION = ROOT / "archive" / "demonstration"
_KINDS_OVER_BREAKS = 9


@dataclass(frozen=True)
class Planted:
    """A quotation, and what is to be said of it."""

    kind: str
    text: str
    expected: Expected
    document: str
    told_as: str = ""


@dataclass
class Score:
    """How the quotations of a kind were judged."""

    asked: int = 0
    false_verbatim: int = 0
    missed_verbatim: int = 0
    other: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)


def on_the_page(catalogue: Catalogue, count: int, draw: random.Random) -> Iterator[Planted]:
    """Stretches of 8 to 60 words of passages, as they stand and changed: so many in all."""
    documents = [document for document in catalogue.documents() if document.pages > 1]
    for kind in KINDS:
        for _ in range(count // len(KINDS)):
            yield _planted(kind, documents, catalogue, draw)


def _planted(kind: Kind, documents: Sequence[object], catalogue: Catalogue, draw: random.Random) -> Planted:
    while True:
        document = draw.choice(documents)
        page = catalogue.page(document.id, draw.randrange(1, document.pages + 1))
        text = _stretch(page, draw)
        quotation = kind.change(text, draw) if text else None
        if quotation and (quotation != text or kind.name == "as printed"):
            return Planted(kind.name, quotation, kind.expected, document.id, kind.told_as)


def _stretch(page: Page, draw: random.Random) -> str | None:
    body = [passage for passage in page.blocks if passage.kind in ("paragraph", "list")]
    words = draw.choice(body).text.split() if body else []
    length = draw.randrange(8, 60)
    start = draw.randrange(max(1, len(words) - length))
    chosen = words[start : start + length]
    around = [*words[max(0, start - 1) : start], *words[start + length : start + length + 1]]
    is_in_number = any(word[:1].isdigit() or word[-1:].isdigit() for word in around)
    if len(chosen) < 8 or sum(map(str.isalpha, chosen)) < 6 or is_in_number or "…" in " ".join(chosen):
        return None
    return None if "..." in " ".join(chosen) else " ".join(chosen)


def not_in_a_row(catalogue: Catalogue, count: int, draw: random.Random) -> Iterator[Planted]:
    """The end of a paragraph and the beginning of one that does not follow it."""
    documents = [document for document in catalogue.documents() if document.pages > 1]
    while count:
        document = draw.choice(documents)
        page = catalogue.page(document.id, draw.randrange(1, document.pages + 1))
        body = [passage for passage in page.blocks if passage.kind == "paragraph"]
        if len(body) < 4:
            continue
        first = draw.randrange(len(body) - 3)
        words = body[first].text.split()[-8:], body[first + 3].text.split()[:8]
        if min(map(len, words)) == 8 and body[first].language == body[first + 3].language:
            count -= 1
            yield Planted("blocks not in a row", " ".join(chain(*words)), "not verbatim", document.id)


def over_breaks(
    catalogue: Catalogue, originals: Originals, count: int, draw: random.Random
) -> Iterator[Planted]:
    """Quotations over page breaks of the corpus, where both halves were read as they are printed."""
    found: list[tuple[str, OverBreak]] = []
    for document in catalogue.documents():
        if not document.ocr_pages:
            pages = lines_of(originals.path(document.sha256))
            found += [(document.id, each) for each in over_page_breaks(pages)]
    draw.shuffle(found)
    right = [(document, one) for document, one in found if _is_read(one, document, catalogue)]
    print(f"page breaks of the corpus: {len(found)} found by poppler, both halves read in {len(right)}")
    for document, one in right[:count]:
        yield Planted("over a page break", one.text, "verbatim", document)


def _is_read(one: OverBreak, document: str, catalogue: Catalogue) -> bool:
    texts = [" ".join(each.text for each in catalogue.page(document, page).blocks) for page in one.pages]
    return all(
        half.rstrip("-‐") in " ".join(text.split()) for half, text in zip(one.halves, texts, strict=True)
    )


def of_books(books: dict[str, Book], count: int, draw: random.Random) -> Iterator[Planted]:
    """Quotations over the page breaks of books with notes, and of words that have a note."""
    for document, made in books.items():
        yield from _past_notes(document, made, count, draw)
        for number in draw.sample(made.noted, min(count, len(made.noted))):
            note = made.noted.index(number) + 1
            start, end = max(0, number - draw.randrange(5, 12)), number + draw.randrange(5, 12)
            before, after = made.words[start : number + 1], made.words[number + 1 : end]
            raised = str(note).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
            marks = {"left out": "", "raised": raised, "on the line": str(note), "apart": f" {note}"}
            for name, mark in marks.items():
                text = f"{' '.join(before)}{mark} {' '.join(after)}"
                yield Planted(f"number of a note {name}", text, "verbatim", document)
            text = f"{' '.join(before)} {note + 100} {' '.join(after)}"
            yield Planted("another number than that of the note", text, "not verbatim", document)


def _past_notes(document: str, made: Book, count: int, draw: random.Random) -> Iterator[Planted]:
    """Quotations that begin in one column of a book and end in the next, where notes stand between."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(made.pdf)
        file.flush()
        columns = columns_of(lines_of(Path(file.name)), made.columns)
    starts = list(range(0, len(made.words) - 16, 4))
    draw.shuffle(starts)
    counts: Counter[str] = Counter()
    for start in starts:
        words = made.words[start : start + 16]
        ends = [plain("".join(words[:4])), plain("".join(words[-4:]))]
        first, last = ([place for place, text in columns.items() if end in text] for end in ends)
        if len(first) == len(last) == 1 and first[0] != last[0]:
            kind = "over a column break" if first[0][0] == last[0][0] else "over a page break past notes"
            if counts[kind] == count:
                continue
            counts[kind] += 1
            yield Planted(kind, " ".join(words), "verbatim", document)
            notes = [note for note in made.notes if plain(note)[-25:] in columns[first[0]]]
            if notes:
                text = " ".join([*notes[-1].split()[-6:], *words[-6:]])
                yield Planted("a note and what follows the break", text, "not verbatim", document)


def judge(planted: Planted, report: QuoteReport, catalogue: Catalogue, score: Score) -> bool:
    """Count what is wrong with an answer; whether there is anything."""
    is_verbatim = report.verdict == "verbatim"
    if planted.expected == "verbatim":
        if not is_verbatim:
            score.missed_verbatim += 1
        elif all(match.document != planted.document for match in report.matches):
            score.other["elsewhere"] += 1
        else:
            return False
    elif is_verbatim:
        if all(_stands(planted.text, match.document, match.page, catalogue) for match in report.matches):
            return False
        score.false_verbatim += 1
    elif planted.expected == "too short":
        if report.is_too_short:
            return False
        score.other[report.verdict] += 1
    elif planted.expected in ("altered", "not found") and report.verdict != planted.expected:
        score.other[report.verdict] += 1
    elif planted.told_as and all(
        each.kind != planted.told_as for match in report.matches for each in match.differences
    ):
        score.other[f"does not name the {planted.told_as}"] += 1
    else:
        return False
    return True


def _stands(text: str, document: str, number: int, catalogue: Catalogue) -> bool:
    """Whether what was altered stands on a page in these very characters."""
    page = catalogue.page(document, number)
    return any(" ".join(text.split()).rstrip("?") in " ".join(each.text.split()) for each in page.blocks)


def ask(
    planted: Sequence[Planted], engine: Engine, catalogue: Catalogue, *, is_shown: bool
) -> dict[str, Score]:
    """Ask all, and judge the answers by kind."""
    scores: dict[str, Score] = {}
    for one in planted:
        score = scores.setdefault(one.kind, Score())
        started = time.process_time()
        report = find(one.text, engine, catalogue)
        score.times.append(1000 * (time.process_time() - started))
        score.asked += 1
        if judge(one, report, catalogue, score) and is_shown:
            nearest = report.matches[0] if report.matches else None
            print(
                f"  {one.kind}: {report.verdict} {one.document}\n    {one.text!r}\n"
                f"    {nearest and (nearest.document, nearest.page, nearest.differences or nearest.text)}"
            )
    return scores


def table(scores: dict[str, Score]) -> Iterator[str]:
    yield f"{'quotation':38}{'asked':>6}{'false':>7}{'missed':>8}{'median':>9}{'p95':>8}  other mistakes"
    for name, score in scores.items():
        p95 = sorted(score.times)[int(0.95 * len(score.times))]
        yield (
            f"{name:38}{score.asked:6}{score.false_verbatim:7}{score.missed_verbatim:8}"
            f"{statistics.median(score.times):6.0f} ms{p95:5.0f} ms  {dict(score.other) or ''}"
        )
    asked, false, missed = (
        sum(getattr(score, name) for score in scores.values())
        for name in ("asked", "false_verbatim", "missed_verbatim")
    )
    yield f"{'all':38}{asked:6}{false:7}{missed:8}"


def sentences_of(catalogue: Catalogue) -> dict[str, list[str]]:
    """Sentences of the corpus by language, each once."""
    found: dict[str, dict[str, None]] = {"nl": {}, "fr": {}}
    for document in catalogue.documents():
        if document.language in found and document.pages < 130:
            for page in catalogue.pages(document.id):
                for passage in page.blocks:
                    if passage.kind == "paragraph" and passage.language == document.language:
                        found[document.language].update(dict.fromkeys(clean_sentences(passage.text)))
    return {language: list(each) for language, each in found.items()}


def make_books(
    room: ReadingRoom, sentences: dict[str, list[str]], folder: Path, seed: int
) -> dict[str, Book]:
    """Books in one and in two columns, read and added to an archive of their own."""
    books = {}
    for columns, language in ((1, "nl"), (2, "fr")):
        made = book(sentences[language], columns, seed)
        path = folder / f"book-{language}.pdf"
        path.write_bytes(made.pdf)
        pages = list(read_document(path, 500, lambda _done, _total: None).pages)
        books[room.add(pages, Description(title=f"Book {language}")).id] = made
    return books


def fill(data: Path) -> Catalogue:
    """An archive with the corpus and the demonstration collection."""
    catalogue = Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}")
    originals = Originals(data / "originals")
    intake = Intake(catalogue, originals, "benchmark", max_size=500_000_000)
    for path in [*sorted(CORPUS.glob("*.pdf")), *sorted(DEMONSTRATION.glob("*.pdf"))]:
        intake.accept(str(path))
    queue, publication = Queue(catalogue), Publication(catalogue, data / "index", data / "studies")
    Worker(catalogue, queue, originals, data, Limits(time=600), publication).run_once()
    return catalogue


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quotations", type=int, default=1000, help="to ask, about (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    parser.add_argument("--archive", type=Path, help="folder of an archive to use instead of making one")
    parser.add_argument("--show", action="store_true", help="print the quotations that are judged wrongly")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    a_kind = options.quotations // (len(KINDS) + _KINDS_OVER_BREAKS)
    with tempfile.TemporaryDirectory() as folder:
        data = options.archive or Path(folder) / "archive"
        if options.archive is None:
            data.mkdir()
            catalogue = fill(data)
        else:
            catalogue = Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}")
        with catalogue:
            planted = [
                *on_the_page(catalogue, a_kind * len(KINDS), draw),
                *not_in_a_row(catalogue, a_kind, draw),
                *over_breaks(catalogue, Originals(data / "originals"), a_kind, draw),
            ]
            scores = ask(planted, open_engine(data / "index"), catalogue, is_shown=options.show)
            room = ReadingRoom(Path(folder) / "books")
            books = make_books(room, sentences_of(catalogue), Path(folder), options.seed)
        engine = open_engine(Path(folder) / "books" / "index")
        scores |= ask(list(of_books(books, a_kind // 2, draw)), engine, room.catalogue, is_shown=options.show)
        room.close()
    print(*table(scores), sep="\n")


if __name__ == "__main__":
    main()
