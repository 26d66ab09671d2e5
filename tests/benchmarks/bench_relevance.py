"""Does a search find the page that the reader means? Ours beside Whoosh, SQLite FTS5 and Xapian.

    python tests/benchmarks/bench_relevance.py

Over the corpus (where present) and the demonstration collection. Queries come in classes:

* known items: five telling words of a passage that was drawn with a fixed seed; any page with the whole
  passage answers. The same without accents, with a typo (one letter of the longest word left out, doubled or
  exchanged), and the passage's beginning in quotation marks;
* apostrophes: words with one, written with the other kind; numbers: dates, articles, amounts, references;
* inflected words and compounds: words in their forms, written down beforehand (relevance_queries.py and
  dutch_families.py); every page with a word of the family answers.

For each class and engine: MRR (one over the rank of the first right page), recall@10 (right pages among the
first ten, of ten or of all there are) and the share of queries without any result. In the typo class our
suggestion counts: where nothing is found, the reader clicks on "did you mean". Every engine gets the language
of the query if it can use it; words are joined by AND. Xapian is asked in the system's Python
(apt-get install python3-xapian) and left out, with a line that says so, where it is missing.
"""

import argparse
import json
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Literal, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from bench_quote import fill  # noqa: E402 - found by the line above
from dutch_families import HELD_OUT, IN_VIEW  # noqa: E402
from relevance_queries import COMPOUNDS, INFLECTED, Forms  # noqa: E402
from whoosh.analysis import LanguageAnalyzer, StandardAnalyzer  # noqa: E402
from whoosh.fields import ID, TEXT, Schema  # noqa: E402
from whoosh.filedb.filestore import RamStorage  # noqa: E402
from whoosh.qparser import QueryParser  # noqa: E402

from archive.catalogue.catalogue import Catalogue  # noqa: E402
from archive.languages import LANGUAGES, Language  # noqa: E402
from index.engine.contract import Engine, Filters, SearchRequest  # noqa: E402
from index.indexer import open_engine  # noqa: E402
from index.query.parser import parse  # noqa: E402
from index.query.suggestion import did_you_mean  # noqa: E402
from index.text.analysis import is_stop_word, tokens  # noqa: E402

Key = tuple[str, int]
"""Document and page."""
_SEEN = 50
"""Entries asked for; the pages among them are ranked."""


class Entry(NamedTuple):
    """A page in one language."""

    key: Key
    language: Language
    text: str


@dataclass(frozen=True)
class Question:
    text: str
    language: Language
    right: frozenset[Key]


Search = Callable[[str, Language], list[Key]]


def entries_of(catalogue: Catalogue) -> list[Entry]:
    found = []
    for document in catalogue.documents():
        for page in catalogue.pages(document.id):
            for language in page.languages:
                text = "\n".join(one.text for one in page.blocks if one.language == language)
                found.append(Entry((document.id, page.number), language, text))
    return found


# Questions


def questions(entries: Sequence[Entry]) -> dict[str, list[Question]]:
    draw = random.Random(7)
    words = [frozenset(token.text for token in tokens(entry.text)) for entry in entries]
    usual = Counter(word for page in words for word in page)
    items = [item for language in LANGUAGES for item in _known_items(entries, language, usual, draw)]
    return {
        "known item": [Question(" ".join(chosen), one.language, right) for one, chosen, _, right in items],
        "without accents": [
            Question(_bare(" ".join(chosen)), one.language, right)
            for one, chosen, _, right in items
            if _bare(" ".join(chosen)) != " ".join(chosen)
        ],
        "typo": [
            Question(_mistyped(chosen, usual, draw), one.language, right) for one, chosen, _, right in items
        ],
        "quotation": [
            Question('"' + " ".join(passage.split()[:6]).replace('"', "") + '"', one.language, right)
            for one, _, passage, right in items
        ],
        "apostrophe": _with_pattern(entries, r"\b(?:l|d|qu|s)[’'][^\W\d_]{6,}", draw, 20, _other_apostrophe),
        "number": _with_pattern(
            entries,
            r"\b\d{1,2} (?:januari|maart|juni|mars|juin|janvier|septembre|May|Januar) \d{4}\b"
            r"|\b(?:artikel|article|Article) \d{1,3}\b|\b\d{4}/\d{2,4}\b|\b\d{1,3},\d{1,2} ?%",
            draw,
            40,
            str,
        ),
        "inflected": _with_forms(INFLECTED, entries, words),
        "compound": _with_forms(
            (
                *COMPOUNDS,
                *(
                    Forms("nl", one.queries[:1], _family(one.members, one.others))
                    for one in (*IN_VIEW, *HELD_OUT)
                ),
            ),
            entries,
            words,
        ),
    }


def _family(members: str, others: str) -> str:
    return rf"^(?!.*(?:{others or chr(0)})).*(?:{members})"


def _known_items(
    entries: Sequence[Entry], language: Language, usual: Counter[str], draw: random.Random
) -> Iterator[tuple[Entry, list[str], str, frozenset[Key]]]:
    pages = [entry for entry in entries if entry.language == language]
    plain = [" ".join(token.text for token in tokens(page.text)) for page in pages]
    made = 0
    while pages and made < 15:
        entry = draw.choice(pages)
        passage = draw.choice(entry.text.split("\n"))
        said = [token.text for token in tokens(passage)]
        if not 14 <= len(said) <= 120:
            continue
        start = draw.randrange(len(said) - 13)
        stretch = said[start : start + 14]
        telling = [
            word
            for word in dict.fromkeys(stretch)
            if word.isalpha() and len(word) > 3 and not is_stop_word(word, language)
        ]
        if len(telling) < 5:
            continue
        rarest = sorted(telling, key=lambda word: usual[word])[:5]
        sought = " ".join(stretch)
        right = frozenset(page.key for page, text in zip(pages, plain, strict=True) if sought in text)
        written = " ".join(passage.split()[:9])
        made += 1
        yield entry, [word for word in telling if word in rarest], written, right


def _bare(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _mistyped(words: Sequence[str], usual: Counter[str], draw: random.Random) -> str:
    """The words with a letter of the longest left out, doubled or exchanged with the next."""
    longest = max(words, key=len)
    while True:
        place = draw.randrange(1, len(longest) - 2)
        wrong = draw.choice(
            [
                longest[:place] + longest[place + 1 :],
                longest[:place] + longest[place] + longest[place:],
                longest[:place] + longest[place + 1] + longest[place] + longest[place + 2 :],
            ]
        )
        if wrong not in usual:
            return " ".join(wrong if word == longest else word for word in words)


def _other_apostrophe(text: str) -> str:
    return text.translate(str.maketrans("’'", "'’"))


def _with_pattern(
    entries: Sequence[Entry], pattern: str, draw: random.Random, count: int, change: Callable[[str], str]
) -> list[Question]:
    """What the pattern matches somewhere, as queries; all pages with the same words in a row answer."""
    found = sorted(
        {(match[0], entry.language) for entry in entries for match in re.finditer(pattern, entry.text)}
    )
    chosen = draw.sample(found, min(count, len(found)))
    return [
        Question(
            change(text),
            language,
            frozenset(
                entry.key for entry in entries if entry.language == language and _holds(entry.text, text)
            ),
        )
        for text, language in chosen
    ]


def _holds(text: str, sought: str) -> bool:
    pattern = r"\s".join(map(re.escape, _straight(sought).split()))
    return re.search(rf"(?<!\w){pattern}(?!\w)", _straight(text), re.IGNORECASE) is not None


def _straight(text: str) -> str:
    return text.replace("’", "'")


def _with_forms(
    forms: Sequence[Forms], entries: Sequence[Entry], words: Sequence[frozenset[str]]
) -> list[Question]:
    made = []
    for one in forms:
        members = re.compile(one.members)
        right = frozenset(
            entry.key
            for entry, on_page in zip(entries, words, strict=True)
            if entry.language == one.language
            and any(word.isalpha() and members.search(word) for word in on_page)
        )
        made += [Question(query, one.language, right) for query in one.queries if right]
    return made


# Engines


def ours(engine: Engine) -> Search:
    def spellings(word: str, typos: Literal[0, 1, 2]) -> Mapping[str, int]:
        return engine.spellings(word, frozenset(), typos)

    def search(text: str, language: Language) -> list[Key]:
        filters = Filters(languages=frozenset({language}))
        query = parse(text)
        found = engine.search(SearchRequest(query, filters, limit=_SEEN))
        if not found.total and (meant := did_you_mean(query, spellings)):
            found = engine.search(SearchRequest(parse(meant), filters, limit=_SEEN))
        return list(dict.fromkeys((hit.document, hit.page) for hit in found.hits))

    return search


def whoosh_search(entries: Sequence[Entry], *, by_language: bool) -> Search:
    analyzers = {one: LanguageAnalyzer(one) if by_language else StandardAnalyzer() for one in LANGUAGES}
    schema = Schema(number=ID(stored=True), **{one: TEXT(analyzer=analyzers[one]) for one in LANGUAGES})
    index = RamStorage().create_index(schema)
    writer = index.writer(limitmb=512)
    for number, entry in enumerate(entries):
        writer.add_document(number=str(number), **{entry.language: entry.text})
    writer.commit()
    searcher = index.searcher()

    def search(text: str, language: Language) -> list[Key]:
        query = QueryParser(language, schema).parse(text)
        return [entries[int(hit["number"])].key for hit in searcher.search(query, limit=_SEEN)]

    return search


def fts5_search(entries: Sequence[Entry]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE pages USING"
        " fts5(text, language UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')"
    )
    database.executemany(
        "INSERT INTO pages (rowid, text, language) VALUES (?, ?, ?)",
        ((number, entry.text, entry.language) for number, entry in enumerate(entries)),
    )

    def search(text: str, language: Language) -> list[Key]:
        parts = re.findall(r'"([^"]+)"', text) or text.split()
        query = " ".join('"' + part.replace('"', "") + '"' for part in parts)
        rows = database.execute(
            "SELECT rowid FROM pages WHERE pages MATCH ? AND language = ? ORDER BY rank LIMIT ?",
            (query, language, _SEEN),
        )
        return [entries[row].key for (row,) in rows]

    return search


_XAPIAN = """
import json, sys, xapian
names = {"nl": "dutch", "fr": "french", "en": "english", "de": "german"}
database = xapian.WritableDatabase(sys.argv[2], xapian.DB_CREATE_OR_OVERWRITE)
generator = xapian.TermGenerator()
for line in open(sys.argv[1]):
    language, text = json.loads(line)
    document = xapian.Document()
    generator.set_stemmer(xapian.Stem(names[language]))
    generator.set_document(document)
    generator.index_text(text)
    document.add_boolean_term("L" + language)
    database.add_document(document)
database.commit()
print("ready", flush=True)
for line in sys.stdin:
    language, text, most = json.loads(line)
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem(names[language]))
    parser.set_stemming_strategy(parser.STEM_SOME)
    parser.set_default_op(xapian.Query.OP_AND)
    query = xapian.Query(xapian.Query.OP_FILTER, parser.parse_query(text), xapian.Query("L" + language))
    enquire = xapian.Enquire(database)
    enquire.set_query(query)
    print(json.dumps([match.docid - 1 for match in enquire.get_mset(0, most)]), flush=True)
"""


def xapian_search(entries: Sequence[Entry], folder: Path) -> Search | None:
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import xapian"], capture_output=True).returncode:
        print(
            "Xapian is not installed and not compared with: apt-get install python3-xapian", file=sys.stderr
        )
        return None
    pages = folder / "pages.jsonl"
    pages.write_text(
        "".join(json.dumps([one.language, one.text]) + "\n" for one in entries), encoding="utf-8"
    )
    process = subprocess.Popen(
        [python, "-c", _XAPIAN, str(pages), str(folder / "xapian")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked, answered = process.stdin, process.stdout
    assert asked is not None
    assert answered is not None
    answered.readline()

    def search(text: str, language: Language) -> list[Key]:
        asked.write(json.dumps([language, text, _SEEN]) + "\n")
        asked.flush()
        return [entries[number].key for number in json.loads(answered.readline())]

    return search


# Measures


def measured(search: Search, asked: Sequence[Question]) -> tuple[float, float, float]:
    """MRR, recall@10 and the share of queries without a result."""
    ranks, recalls, empty = [], [], 0
    for question in asked:
        found = list(dict.fromkeys(search(question.text, question.language)))
        first = next((rank for rank, key in enumerate(found, 1) if key in question.right), None)
        ranks.append(1 / first if first else 0.0)
        recalls.append(len(question.right.intersection(found[:10])) / min(10, len(question.right)))
        empty += not found
    return mean(ranks), mean(recalls), empty / len(asked)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="folder of an archive to use instead of making one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = options.archive or folder
        url = f"sqlite:///{data / 'catalogue.sqlite'}"
        with fill(folder) if options.archive is None else Catalogue.open(url) as catalogue:
            entries = entries_of(catalogue)
            asked = {kind: made for kind, made in questions(entries).items() if made}
            engines = {
                "ours": ours(open_engine(data / "index")),
                "Whoosh": whoosh_search(entries, by_language=False),
                "Whoosh, by language": whoosh_search(entries, by_language=True),
                "FTS5": fts5_search(entries),
                "Xapian": xapian_search(entries, folder),
            }
            known = {name: search for name, search in engines.items() if search}
            print(f"{len(entries)} pages in a language, {sum(map(len, asked.values()))} queries")
            print("MRR / recall@10 / without a result\n")
            print("| class | queries | " + " | ".join(known) + " |")
            print("|---|---|" + "---|" * len(known))
            for kind, made in asked.items():
                figures = [measured(search, made) for search in known.values()]
                cells = ["{:.2f} / {:.2f} / {:.0%}".format(*each) for each in figures]
                print(f"| {kind} | {len(made)} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
