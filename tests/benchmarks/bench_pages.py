"""How long the server takes for each sort of page, and how much it sends.

    python tests/benchmarks/bench_pages.py [--pages 2000] [--leaflets 500] [--asked 50]
    python tests/benchmarks/bench_pages.py --archive FOLDER

Makes an archive of documents of 40 pages and of many more of one page, and asks for every sort of page with
other words, documents and pages each time, so nothing is remembered from having been asked before; or asks
an archive that is there, in words that stand in it. CPU time of this process, in milliseconds and as a
multiple of that of the help page, which needs neither catalogue nor index; bytes of the answer, plain and
as it travels.
"""

import argparse
import gzip
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench_search import Question, Sample, at, look_at, questions, store, timed
from flask.testing import FlaskClient
from multilingual_text import MadeUpDocument, documents

from archive.catalogue.catalogue import Catalogue
from archive.records import Box, Description, Document, Page, Word
from archive.settings import read
from index.indexer import Indexer
from search_app import create_app

_LINE, _LETTER = 14.0, 5.0
"""Points that a made-up line and letter take."""


def main() -> None:
    """Make the archive, or open the one that is named, ask for the pages and print the results."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--pages", type=int, default=2_000, help="of the long documents together")
    arguments.add_argument("--leaflets", type=int, default=500, help="documents of one page")
    arguments.add_argument("--asked", type=int, default=50, help="how often each sort of page is asked for")
    arguments.add_argument("--seed", type=int, default=1, help="chooses other words")
    arguments.add_argument("--archive", type=Path, help="a data folder; nothing in it is changed")
    options = arguments.parse_args()
    chance, sample = random.Random(options.seed), Sample()
    with tempfile.TemporaryDirectory() as made:
        folder = options.archive or Path(made)
        with Catalogue.open(read({"TERUGBLIK_DATA": str(folder)}).database_url) as catalogue:
            if not options.archive:
                fill(catalogue, folder, options.pages, options.leaflets)
            held = catalogue.documents()
            for document in chance.sample(held, min(len(held), 150)):
                pages = tuple(page for page in catalogue.pages(document.id) if is_prose(page))
                look_at(MadeUpDocument(0, Description(), pages), sample, chance)
        measure(folder, held, sample, options.asked, chance)


def fill(catalogue: Catalogue, folder: Path, pages: int, leaflets: int) -> None:
    """Store and index the made-up documents."""
    for document in documents(pages):
        store(catalogue, replace(document, pages=tuple(map(drawn, document.pages))))
    for number, document in enumerate(documents(leaflets * 40, seed=7)):
        if number == leaflets:
            break
        store(catalogue, replace(document, number=pages + number, pages=document.pages[:1]))
    Indexer(catalogue, folder / "index").rebuild()


def drawn(page: Page) -> Page:
    """The page with a box for every word, twelve words a line."""
    top, passages = 60.0, []
    for passage in page.blocks:
        words: list[Word] = []
        start, left = 0, 60.0
        for number, text in enumerate(passage.text.split(" ")):
            if number and number % 12 == 0:
                top, left = top + _LINE, 60.0
            box: Box = (left, top, left + _LETTER * len(text), top + 11)
            words.append(Word(text, start, (box,)))
            start, left = start + len(text) + 1, box[2] + _LETTER
        passages.append(replace(passage, words=tuple(words)))
        top += 2 * _LINE
    return replace(page, blocks=tuple(passages))


def is_prose(page: Page) -> bool:
    """Whether there is enough on the page to draw words from."""
    return bool(page.blocks) and len(page.blocks[-1].text.split()) > 8


def measure(
    folder: Path, held: Sequence[Document], sample: Sample, asked: int, chance: random.Random
) -> None:
    """Ask for everything and print how long it took."""
    client = create_app(read({"TERUGBLIK_DATA": str(folder)})).test_client()
    client.get("/nl/search?q=werk*")  # opens what is opened once
    pages = sum(document.pages for document in held)
    print(f"{len(held):,} documents, {pages:,} pages; each sort of page {asked} times")
    print(f"{'':16}{'CPU ms, p50':>12}{'p95':>8}{'x help':>8}{'kB, p50':>10}{'most':>8}{'travels':>9}")
    reference = 0.0
    for name, addresses in addresses_of(held, sample, asked, chance).items():
        sizes: list[int] = []
        travels: list[int] = []
        times = sorted(timed(partial(ask, client, address, sizes, travels)) for address in addresses)
        reference = reference or at(times, 0.5)
        print(
            f"{name:16}{at(times, 0.5):12.1f}{at(times, 0.95):8.1f}{at(times, 0.5) / reference:8.1f}"
            f"{at(sorted(sizes), 0.5) / 1000:10.1f}{max(sizes) / 1000:8.1f}{max(travels) / 1000:9.1f}",
            flush=True,
        )


def ask(client: FlaskClient, address: str, sizes: list[int], travels: list[int]) -> None:
    """Get a page and note its sizes."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, (address, answer.status_code)
    is_small = answer.headers.get("Content-Encoding") == "gzip"
    sizes.append(len(gzip.decompress(answer.data) if is_small else answer.data))
    travels.append(len(answer.data))


def addresses_of(
    held: Sequence[Document], sample: Sample, asked: int, chance: random.Random
) -> Mapping[str, Sequence[str]]:
    """The addresses to ask for, by the sort of page; the first is the reference."""
    kinds = questions(sample, max(1, asked // 8), chance)
    searches = [question for some in kinds.values() for question in some]
    words = [
        word
        for language, counts in sample.counts.items()
        for word, _count in counts.most_common(asked * 4)
        if language in ("nl", "fr")
    ]

    def some_pages() -> Iterator[str]:
        for _ in range(asked):
            document = chance.choice(held)
            yield f"/nl/document/{document.id}/page/{chance.randint(1, document.pages)}"

    return {
        "help": ["/nl/help"] * asked,
        "start": [f"/{chance.choice(['nl', 'fr', 'en'])}/" for _ in range(asked)],
        "documents": [f"/nl/documents?page={number % 5 + 1}" for number in range(asked)],
        "search": [f"/nl/search?{query_of(question)}" for question in searches],
        "by page": [f"/nl/search?by=page&sort=date&{query_of(question)}" for question in searches],
        "concordance": [f"/fr/concordance?q={word}" for word in chance.sample(words, min(asked, len(words)))],
        "trends": [
            f"/nl/trends?term={one}&term={other}"
            for one, other in zip(chance.sample(words, asked), chance.sample(words, asked), strict=True)
        ],
        "document": [f"/fr/document/{chance.choice(held).id}" for _ in range(asked)],
        "page": list(some_pages()),
        "page, marked": [f"{address}?q={chance.choice(words)}" for address in some_pages()],
        "words of a page": [
            address.replace("/nl/document/", "/page-words/").replace("/page/", "/") + ".json"
            for address in some_pages()
        ],
        "feed": [f"/nl/search.atom?q={word}" for word in chance.sample(words, min(asked, len(words)))],
    }


def query_of(question: Question) -> str:
    """The question as the address of a search asks it."""
    years = question.years
    asked = {
        "q": question.text,
        "year": f"{years[0]}-{years[1]}" if years else "",
        "language": question.language,
    }
    return urlencode({name: value for name, value in asked.items() if value})


if __name__ == "__main__":
    main()
