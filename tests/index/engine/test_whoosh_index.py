"""The index is one that plain Whoosh opens and searches, made through Whoosh's public interface alone."""

import ast
from pathlib import Path

import numpy as np
import pytest
import whoosh.index
from hypothesis import given
from hypothesis import strategies as st
from whoosh.qparser import QueryParser
from whoosh.query import And, NumericRange, Term

from archive.languages import Language
from index.engine.contract import Change, Entry, Filters, SearchRequest
from index.engine.whoosh_index import page_writer, schema, segment
from index.engine.whoosh_index.postings import Postings
from index.engine.whoosh_index.segment import ReadLists
from index.engine.whoosh_index.vocabulary import Words, as_bytes, from_bytes
from index.engine.whoosh_index.whoosh_engine import WhooshStore
from index.query.parser import parse
from index.text.analysis import fold, stem
from index.text.typos import is_near
from index.text.writing import AS_WRITTEN

ENGINE = Path(segment.__file__).parent


def entry(text: str, language: Language = "nl", page: int = 1, year: int | None = 2011) -> Entry:
    return Entry(f"d{page}", page, "", language, year, None, "plan", "Het plan", "", text, f"d{page}:1")


def test_plain_whoosh_opens_the_index_and_finds_pages_by_their_words_year_and_language(
    tmp_path: Path,
) -> None:
    WhooshStore(tmp_path).commit(
        Change(
            add=[
                entry("De werken aan de haven, één kaai.", page=1, year=2005),
                entry("Het werk aan de stad.", page=2),
                entry("Les travaux du canal.", "fr", page=3),
            ]
        )
    )
    index = whoosh.index.open_dir(tmp_path)
    fields = {"document", "page", "language", "year", "plan", "kind", "text_nl", "words_nl", "text_fr"}
    assert fields <= set(index.schema.names())
    with index.searcher() as searcher:

        def pages(query: object) -> list[int]:
            return sorted(hit["page"] for hit in searcher.search(query, limit=None))

        def read(field: str, text: str) -> list[int]:
            return pages(QueryParser(field, index.schema).parse(text))

        assert read("text_nl", "werk") == [1, 2]
        assert read("text_nl", "werken year:2005") == [1]
        assert read("words_nl", "één") == [1]
        assert read("words_nl", "werk") == [2]
        assert read("words_nl", '"aan de stad"') == [2]
        assert read("title_nl", "plannen") == [1, 2]
        assert pages(And([Term("text_fr", stem("travaux", "fr")), Term("language", "fr")])) == [3]
        assert pages(And([Term("text_fr", stem("travaux", "fr")), Term("language", "nl")])) == []
        assert pages(NumericRange("year", 2006, 2020)) == [2, 3]


def test_only_public_names_of_whoosh_are_used() -> None:
    of_whoosh = {"whoosh.index", "whoosh.fields", "whoosh.formats", "whoosh.analysis", "whoosh.columns"}
    of_whoosh |= {"whoosh.reading", "whoosh.writing", "whoosh.filedb.filestore", "whoosh"}
    used: set[str] = set()
    for path in ENGINE.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        from_whoosh = [node for node in imports if (node.module or "").startswith("whoosh")]
        used |= {str(node.module) for node in from_whoosh}
        names = {alias.name for node in from_whoosh for alias in node.names}
        assert not [name for name in names if name.startswith("_")], path
        if from_whoosh:
            private = {
                node.attr
                for node in nodes
                if isinstance(node, ast.Attribute)
                and node.attr.startswith("_")
                and not node.attr.startswith("__")
                and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "changed"))
            }
            assert not private, path
    assert used <= of_whoosh
    assert "whoosh.index" in used


def postings_of(folder: Path) -> list[tuple[str, bytes, int, float, object, int | None]]:
    """All that an index says of its terms."""
    with whoosh.index.open_dir(folder).reader() as reader:
        found = []
        for field, term in reader.all_terms():
            matcher = reader.postings(field, term)
            while matcher.is_active():
                length = reader.doc_field_length(matcher.id(), field)
                found.append((field, term, matcher.id(), matcher.weight(), matcher.value(), length))
                matcher.next()
        return found


@pytest.mark.parametrize("room", [1_000, 128 * 1024 * 1024])
def test_what_is_written_is_what_whoosh_itself_would_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(page_writer, "MOST_BYTES", room)
    pages = [entry(f"De Één werken van {page} 2.500 kaaien, de kaai", page=page) for page in range(1, 10)]
    store = WhooshStore(tmp_path / "ours")
    store.commit(Change(add=pages[:2]))
    for page in pages[2:]:
        store.commit(Change(add=[page]))
    last = entry("Eén kaai", page=10)
    store.commit(Change(frozenset(["d2"]), [last]))  # makes one segment of all
    theirs = whoosh.index.create_in(tmp_path, schema.SCHEMA).writer()
    for page in (last, pages[0], *pages[2:]):
        theirs.add_document(**schema.as_document(page))
    theirs.commit()
    assert postings_of(tmp_path / "ours") == postings_of(tmp_path)


LETTERS = st.text("aeën", min_size=1, max_size=5)
FORMS = st.frozensets(
    st.one_of(LETTERS, LETTERS.map(lambda word: AS_WRITTEN + word.capitalize())), max_size=30
)


@given(first=FORMS, second=FORMS, asked=LETTERS)
def test_words_are_looked_up_as_reading_them_all_would_find_them(
    first: frozenset[str], second: frozenset[str], asked: str
) -> None:
    words = Words().and_also(first, "nl").and_also(second, "nl")
    words = from_bytes(as_bytes({"nl": words, "fr": Words(), "en": Words(), "de": Words()}))["nl"]
    letters = {each: fold(each.removeprefix(AS_WRITTEN).lower()) for each in first | second}
    asked = fold(asked)
    assert list(words.starting_with("")) == sorted(set(letters.values()))
    assert list(words.ending_with(asked)) == sorted(
        {each for each in letters.values() if each.endswith(asked)}
    )
    assert set(words.with_any_of([asked[:1]])) == {
        (each, place) for each in letters.values() for place in range(5) if each[place:].startswith(asked[:1])
    }
    assert (asked in words) == (asked in letters.values())
    assert set(words.spelled(asked)) == {each for each in letters if letters[each] == asked}
    assert list(words.starting_with(asked)) == sorted(
        {each for each in letters.values() if each.startswith(asked)}
    )
    assert set(words.with_stem(asked)) == {
        each for each in letters if stem(each.removeprefix(AS_WRITTEN).lower(), "nl") == asked
    }
    near = {each for each in letters.values() if is_near(each, asked, 1)}
    assert words.near(asked, 1) == sorted(near)
    near = {each for each in letters.values() if is_near(each, asked, 2)}
    third = asked[: len(asked) // 3]
    assert {each for each in near if third and each.startswith(third)} <= set(words.near(asked, 2)) <= near


def test_a_commit_leaves_the_words_of_its_own_state_alone(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path)
    for page, word in enumerate(["een", "twee", "drie"], 1):
        store.commit(Change(add=[entry(word, page=page)]))
    [words] = tmp_path.glob("words-*.txt")
    assert {line.split(b"\t")[0] for line in words.read_bytes().split()} >= {b"een", b"twee", b"drie"}
    assert store.engine().counts(["een", "twee", "drie"]) == {"een": 1, "twee": 1, "drie": 1}


def test_a_beginning_stands_for_all_words_whatever_the_order_of_commits(tmp_path: Path) -> None:
    words = [f"abc{number:04}" for number in range(2_500)]
    for name, step in (("together", 2_500), ("apart", 500)):
        store = WhooshStore(tmp_path / name)
        for start in range(0, len(words), step):
            some = words[start : start + step]
            pages = [entry(" ".join(some[at : at + 50]), page=start + at) for at in range(0, step, 50)]
            store.commit(Change(add=pages))
        result = store.engine().search(SearchRequest(parse("abc*"), limit=100, with_forms=True))
        assert sorted(hit.page for hit in result.hits) == list(range(0, 2_500, 50))
        assert [(forms.count, forms.more) for forms in result.forms] == [(2_500, 2_490)]


def test_the_best_thousand_are_ordered_by_where_their_words_stand_and_the_others_come_after(
    tmp_path: Path,
) -> None:
    store = WhooshStore(tmp_path)
    far_apart, close = f"pact {'van ' * 30}werk", f"pact werk {'van ' * 30}"
    store.commit(
        Change(add=[entry(close if page == 500 else far_apart, page=page) for page in range(1, 1101)])
    )
    engine = store.engine()
    first, then = (
        engine.search(SearchRequest(parse("pact werk"), offset=at, limit=1000)) for at in (0, 1000)
    )
    assert first.total == then.total == 1100
    assert first.hits[0].page == 500
    assert first.hits[0].score > first.hits[1].score
    assert [*first.hits, *then.hits] == list(
        engine.walk(parse("pact werk"), Filters(), frozenset(), "relevance")
    )


def test_lists_read_before_are_kept_up_to_their_bytes_and_the_latest_used_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(segment, "MOST_BYTES", 3_000)
    lists, read = ReadLists(), list[str]()

    def get(name: str, entries: int = 10) -> int:
        def read_it() -> Postings:
            read.append(name)
            numbers = np.arange(entries, dtype=np.int32)
            return Postings(numbers, numbers, np.empty(0, np.int32))

        return len(lists.get(("segment", "text_nl", name), read_it).ids)

    assert [get(name) for name in ("one", "two", "three", "four", "one", "five")] == [10] * 6
    assert [get(name) for name in ("one", "two")] == [10, 10]
    assert read == ["one", "two", "three", "four", "five", "two"], "two was used longest ago"
    assert [get("large", 400) for _ in range(2)] == [400, 400]
    assert read[-2:] == ["large", "large"], "larger than all that is kept"
    assert get("two") == 10
    assert read[-1] == "large", "and nothing else goes for it"
