"""How fast a full page of results is, against SQLite FTS5 doing the same job on the same texts.

A full page is what a reader gets: the ten best pages with marked excerpts from the stored text, the exact
number of pages and of documents, the counts for year, language, plan and kind, and (ours alone) the forms of
the words with their counts. Every query is asked
once, so nothing is remembered from having asked it before. CPU time, in milliseconds.

Then, by processes of their own: the memory of one that was asked everything, and of one that was not; what a
commit of one document costs, and the first full page after it.

    python tests/benchmarks/bench_search.py [--pages 2000 20000 100000] [--queries 40] [--seed 1]

100,000 pages take an hour of computing and 3 GB of disk, so they are measured when they are asked for.
"""

import argparse
import hashlib
import multiprocessing
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from multilingual_text import PAGES_PER_DOCUMENT, MadeUpDocument, documents

from archive.catalogue.catalogue import Catalogue
from archive.languages import LANGUAGES, Language
from archive.originals import StoredOriginal
from archive.records import Provenance
from index.engine.contract import Engine, Filters, SearchRequest
from index.indexer import Indexer, open_engine
from index.query.parser import parse
from index.text.analysis import is_stop_word, tokens
from index.text.excerpts import excerpt
from tests.material.spellings import spellings_one_typo_from

LIMITS = {2_000: 15, 20_000: 60, 100_000: 200}
"""Milliseconds that 95 of 100 full pages may take, by the number of pages in the archive."""


@dataclass(frozen=True)
class Question:
    """One query, as each of the two engines is asked it."""

    text: str
    fts5: str
    years: tuple[int, int] | None = None
    language: Language | None = None


@dataclass
class Sample:
    """What was seen of the texts while they were stored, to ask sensible questions about them."""

    counts: dict[Language, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """On how many pages a word was seen, for words that are not stop words."""
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    """Four words in a row, two of them stop words."""


def main() -> None:
    """Measure at each size and print the results."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "--pages", type=int, nargs="+", default=[2_000, 20_000], help="sizes of the archive"
    )
    arguments.add_argument("--queries", type=int, default=40, help="queries of each kind")
    arguments.add_argument("--seed", type=int, default=1, help="chooses other queries")
    options = arguments.parse_args()
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), pages, options.queries, random.Random(options.seed))


def measure(folder: Path, pages: int, queries: int, chance: random.Random) -> None:
    """Make an archive of so many pages, index it both ways, ask both the same."""
    print(f"\n{pages:,} pages", flush=True)
    sample, address, index = Sample(), f"sqlite:///{folder / 'catalogue.sqlite'}", folder / "index"
    with Catalogue.open(address) as catalogue:
        fts5 = Fts5(folder / "fts5.sqlite")
        for document in documents(pages):
            store(catalogue, document)
            fts5.add(document)
            look_at(document, sample, chance)
        fts5.finish()
        asked = questions(sample, queries, chance)
        build(catalogue, index, pages)
        print(
            f"FTS5 built in {fts5.seconds:.0f} s CPU, {pages / fts5.seconds:,.0f} pages/s, "
            f"{fts5.size() / 1e6:,.0f} MB"
        )
        compare(catalogue, open_engine(index), fts5, asked, LIMITS.get(pages))
        everything = [question for some in asked.values() for question in some]
        for name, some in (("nothing", []), ("everything", everything)):
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                told = process.submit(memory, address, index, some).result()
            print(f"a process that was asked {name}: {told}")
        add_one_document(catalogue, index)


def build(catalogue: Catalogue, index: Path, pages: int) -> None:
    """Build the index and print what it took."""
    before, started = used_cpu(), time.monotonic()
    Indexer(catalogue, index).rebuild()
    seconds, elapsed = used_cpu() - before, time.monotonic() - started
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    print(
        f"index built in {elapsed:.0f} s, {pages / elapsed:,.0f} pages/s; of processors {seconds:.0f} s, "
        f"{pages / seconds:,.0f} pages/s; {size / 1e6:,.0f} MB"
    )


def used_cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def memory(address: str, index: Path, asked: Sequence[Question]) -> str:
    """Memory of a process that has the index open and was asked some questions; it is called in a new one."""
    with Catalogue.open(address) as catalogue:
        engine = open_engine(index)
        for question in asked:
            full_page(catalogue, engine, question)
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {
        name: int(value.split()[0]) for name, _colon, value in (line.partition(":") for line in lines)
    }
    return f"{kilobytes['Rss'] / 1024:,.0f} MB resident, {kilobytes['Pss'] / 1024:,.0f} MB of its own (PSS)"


def add_one_document(catalogue: Catalogue, index: Path) -> None:
    """Print what it costs to add a document of 40 pages, and the first full page after that."""
    engine = open_engine(index)
    full_page(catalogue, engine, Question("werk*", ""))
    (document,) = documents(PAGES_PER_DOCUMENT, seed=2030)
    added = store(catalogue, replace(document, number=-1))
    indexer = Indexer(catalogue, index)
    took = [timed(lambda: indexer.add(added)) for _ in range(3)]
    first = timed(lambda: full_page(catalogue, engine, Question("werk*", "")))
    print(
        f"adding a document of {PAGES_PER_DOCUMENT} pages: {took[0]:,.0f} ms, by a process that has added "
        f"one before {min(took[1:]):,.0f} ms; first full page after it: {first:,.0f} ms"
    )


def compare(
    catalogue: Catalogue,
    engine: Engine,
    fts5: "Fts5",
    asked: Mapping[str, Sequence[Question]],
    limit: int | None,
) -> None:
    """Ask both everything and print how long it took."""
    full_page(catalogue, engine, Question("werk*", ""))  # opens what is opened once
    print(f"{'CPU ms, p50 and p95':24}{'ours':>14}{'limit':>8}{'FTS5':>18}{'p95 ratio':>12}{'found':>10}")
    for name, some in asked.items():
        ours = sorted(timed(partial(full_page, catalogue, engine, question)) for question in some)
        theirs = sorted(timed(partial(fts5.full_page, question)) for question in some)
        totals = sorted(full_page(catalogue, engine, question) for question in some)
        print(
            f"{name:24}{at(ours, 0.5):7.1f}{at(ours, 0.95):7.1f}{limit or '-':>8}"
            f"{at(theirs, 0.5):9.1f}{at(theirs, 0.95):9.1f}{at(ours, 0.95) / at(theirs, 0.95):12.2f}"
            f"{at(totals, 0.5):10,.0f}",
            flush=True,
        )


def timed(work: Callable[[], object]) -> float:
    """CPU milliseconds that `work` takes."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def at(ordered: Sequence[float], share: float) -> float:
    """What this share of all stays within."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def full_page(catalogue: Catalogue, engine: Engine, question: Question) -> int:
    """A full page by our engine; the total."""
    languages = frozenset([question.language]) if question.language else frozenset()
    engine.refresh()
    query = parse(question.text)
    result = engine.search(
        SearchRequest(query, Filters(years=question.years, languages=languages), with_forms=True)
    )
    texts = catalogue.block_texts([(hit.document, hit.page, hit.language) for hit in result.hits])
    for hit, passages in zip(result.hits, texts, strict=True):
        text = "\n".join(passages)
        assert excerpt(text, engine.matches(query, hit.language, text))
    return result.total


def store(catalogue: Catalogue, document: MadeUpDocument) -> str:
    """Put a document into the catalogue as the pipeline does; its identifier."""
    original = StoredOriginal(hashlib.sha256(str(document.number).encode()).hexdigest(), 1)
    row, _ = catalogue.receive(
        original, f"{document.number}.pdf", document.description, Provenance(), "benchmark"
    )
    catalogue.start(row.id, "benchmark")
    catalogue.store_pages(row.id, document.pages, (), None, "benchmark")
    catalogue.mark_ready(row.id, "benchmark")
    return row.id


def look_at(document: MadeUpDocument, sample: Sample, chance: random.Random) -> None:
    """Remember words and phrases of some of the document's pages."""
    for page in document.pages:
        language = page.blocks[0].language
        words = [token.text for token in tokens(page.blocks[-1].text)]
        sample.counts[language].update(
            {word for word in words if not is_stop_word(word, language) and word.isalpha()}
        )
        place = chance.randrange(len(words) - 4)
        phrase = tuple(words[place : place + 4])
        if sum(is_stop_word(word, language) for word in phrase) == 2:
            sample.phrases.append(phrase)


def questions(sample: Sample, count: int, chance: random.Random) -> dict[str, list[Question]]:
    """So many queries of each kind."""
    ranked = {
        language: [word for word, _ in words.most_common()] for language, words in sample.counts.items()
    }
    rare = [word for words in sample.counts.values() for word in words if words[word] == 1 and len(word) > 6]
    middling = [word for words in ranked.values() for word in words[100:2000] if len(word) > 6]

    def common(number: int) -> list[str]:
        """Some of the most common words of one language."""
        return chance.sample(ranked[chance.choice(LANGUAGES[:2])][:100], number)

    def typo(word: str) -> str:
        place = chance.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def each(make: Callable[[], Question]) -> list[Question]:
        return [make() for _ in range(count)]

    def term(word: str) -> Question:
        return Question(word, f'"{word}"')

    def joined(words: Sequence[str], operator: str) -> Question:
        return Question(f" {operator} ".join(words), f" {operator} ".join(f'"{word}"' for word in words))

    def phrase(words: Sequence[str]) -> Question:
        return Question(f'"{" ".join(words)}"', f'"{" ".join(words)}"')

    def prefix(word: str) -> Question:
        return Question(f"{word}*", f'"{word}"*')

    def fuzzy(word: str) -> Question:
        return Question(f"{word}~", f"~{word}")

    def filtered() -> Question:
        language = chance.choice(LANGUAGES[:2])
        word = chance.choice(ranked[language][:100])
        first = chance.randrange(2000, 2016)
        return Question(word, f'"{word}"', (first, first + 9), language)

    return {
        "rare term": [term(word) for word in chance.sample(rare, count)],
        "common term": each(lambda: term(*common(1))),
        "AND of two": each(lambda: joined(common(2), "AND")),
        "OR of three": each(lambda: joined(common(3), "OR")),
        "phrase of four words": [phrase(words) for words in chance.sample(sample.phrases, count)],
        "prefix": each(lambda: prefix(chance.choice(middling)[: chance.randint(3, 5)])),
        "one typo": each(lambda: fuzzy(typo(chance.choice(middling)))),
        "year and language": each(filtered),
    }


class Fts5:
    """SQLite FTS5 doing the same job."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = sqlite3.connect(path)
        self._database.executescript(
            """
            CREATE TABLE pages (id INTEGER PRIMARY KEY, document INTEGER, page INTEGER, language TEXT,
                year INTEGER, plan TEXT, kind TEXT);
            CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = "unicode61 remove_diacritics 2");
            CREATE VIRTUAL TABLE words USING fts5vocab(texts, row);
            """
        )
        self.seconds = 0.0

    def add(self, document: MadeUpDocument) -> None:
        described = document.description
        rows = [
            (document.number, page.number, described.language, described.year, described.plan, described.kind)
            for page in document.pages
        ]
        texts = [("\n".join(passage.text for passage in page.blocks),) for page in document.pages]
        started = time.process_time()
        self._database.executemany(
            "INSERT INTO pages (document, page, language, year, plan, kind) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        self._database.executemany("INSERT INTO texts (text) VALUES (?)", texts)
        self.seconds += time.process_time() - started

    def finish(self) -> None:
        started = time.process_time()
        self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._database.commit()
        self.seconds += time.process_time() - started
        self._vocabulary = {word for (word,) in self._database.execute("SELECT term FROM words")}
        self._alphabet = frozenset().union(*self._vocabulary)

    def size(self) -> int:
        """Bytes, without those of the texts themselves."""
        texts = self._database.execute("SELECT sum(length(CAST(text AS BLOB))) FROM texts").fetchone()[0]
        return self._path.stat().st_size - int(texts)

    def full_page(self, question: Question) -> int:
        """A full page by FTS5; the total."""
        match = question.fts5
        if match.startswith("~"):
            spellings = spellings_one_typo_from(match[1:], self._alphabet) & self._vocabulary
            match = " OR ".join(f'"{word}"' for word in spellings or [match[1:]])
        database = self._database
        database.execute("DROP TABLE IF EXISTS temp.found")
        database.execute(
            "CREATE TEMP TABLE found AS SELECT pages.* FROM texts JOIN pages ON pages.id = texts.rowid "
            "WHERE texts MATCH ?",
            (match,),
        )
        in_years = "year BETWEEN {} AND {}".format(*question.years) if question.years else "TRUE"
        in_language = f"language = '{question.language}'" if question.language else "TRUE"
        (total, _) = database.execute(
            f"SELECT count(*), count(DISTINCT document) FROM found WHERE {in_years} AND {in_language}"
        ).fetchone()
        for dimension, filters in (
            ("year", in_language),
            ("language", in_years),
            ("plan", f"{in_years} AND {in_language}"),
            ("kind", f"{in_years} AND {in_language}"),
        ):
            database.execute(
                f"SELECT {dimension}, count(*) FROM found WHERE {filters} GROUP BY {dimension}"
            ).fetchall()
        database.execute(
            "SELECT pages.document, pages.page, bm25(texts), snippet(texts, 0, '<', '>', '…', 40) "
            "FROM texts JOIN pages ON pages.id = texts.rowid "
            f"WHERE texts MATCH ? AND {in_years} AND {in_language} ORDER BY rank LIMIT 10",
            (match,),
        ).fetchall()
        return int(total)


if __name__ == "__main__":
    main()
