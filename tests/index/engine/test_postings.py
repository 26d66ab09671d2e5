"""Posting lists: written and read in any size, turned around, and put together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.whoosh_files import postings_cache
from index.engine.whoosh_files.postings import Postings, by_term, decode, decode_many, encode, inverted
from index.engine.whoosh_files.postings_cache import PostingsCache

SIZES = st.sampled_from([200, 60_000, 2**31 - 2])


@st.composite
def lists(draw: st.DrawFn, with_positions: bool) -> Postings:
    """A posting list with numbers of one, two or four bytes."""
    ids = draw(st.lists(st.integers(0, draw(SIZES)), min_size=1, max_size=6, unique=True).map(sorted))
    if not with_positions:
        weights = draw(st.lists(st.integers(1, draw(SIZES)), min_size=len(ids), max_size=len(ids)))
        return postings(ids, weights, [])
    positions = [draw(st.lists(st.integers(0, draw(SIZES)), min_size=1, max_size=4)) for _ in ids]
    return postings(ids, [len(each) for each in positions], [one for each in positions for one in each])


def postings(ids: list[int], weights: list[int], positions: list[int]) -> Postings:
    return Postings(*(np.array(column, np.int32) for column in (ids, weights, positions)))


def plain(found: Postings) -> list[list[int]]:
    return [column.tolist() for column in found]


FIELDS = st.booleans().flatmap(lambda with_positions: st.lists(lists(with_positions), min_size=1, max_size=5))


@given(FIELDS, st.data())
def test_lists_are_read_as_they_were_written(written: list[Postings], data: st.DataObject) -> None:
    encoded = encode(written)
    assert [plain(decode(each)) for each in encoded] == [plain(each) for each in written]

    chosen = data.draw(st.lists(st.integers(0, len(written) - 1), max_size=8))
    offsets = np.cumsum([0, *(len(each) for each in encoded)])
    buffer = np.frombuffer(b"".join(encoded), np.uint8)
    counts, found = decode_many(buffer, offsets[chosen].astype(np.int64))
    assert counts.tolist() == [len(written[number].ids) for number in chosen]
    assert plain(found) == [
        [one for number in chosen for one in written[number][column].tolist()] for column in range(3)
    ]
    _, without = decode_many(buffer, offsets[chosen].astype(np.int64), with_positions=False)
    assert plain(without) == [found.ids.tolist(), found.weights.tolist(), []]


@given(st.lists(st.lists(st.sampled_from("abcé"), max_size=6), max_size=5))
def test_texts_turned_around_give_each_word_its_places(texts: list[list[str]]) -> None:
    words = ["é", "b", "a", "c"]
    flat = [
        (words.index(word), entry, place)
        for entry, text in enumerate(texts)
        for place, word in enumerate(text)
    ]
    numbers, entries, positions = (np.array([row[column] for row in flat], np.int32) for column in range(3))
    expected = {}
    for word in sorted(words):
        held = [
            (entry, [place for place, each in enumerate(text) if each == word])
            for entry, text in enumerate(texts)
        ]
        held = [(entry, places) for entry, places in held if places]
        if held:
            ids = [entry for entry, _ in held]
            places = [place for _, each in held for place in each]
            expected[word] = [ids, [len(each) for _, each in held], places]

    found = list(inverted(words, numbers, entries, positions=positions))
    assert [word for word, _ in found] == list(expected)
    assert {word: plain(each) for word, each in found} == expected

    weighed = inverted(words, numbers, entries, weights=np.full(len(flat), 3, np.int32))
    assert {word: plain(each) for word, each in weighed} == {
        word: [ids, [3 * count for count in counts], []] for word, (ids, counts, _) in expected.items()
    }


def test_postings_of_several_segments_come_together_by_term() -> None:
    found = postings([0, 2, 1, 3], [1, 2, 1, 1], [7, 1, 2, 5, 9])
    numbers = np.array([1, 0, 1, 0], np.int32)
    assert [(term, plain(each)) for term, each in by_term(["b", "a", "never"], numbers, found)] == [
        ("a", [[0, 1], [1, 1], [7, 5]]),
        ("b", [[2, 3], [2, 1], [1, 2, 9]]),
    ]


def test_lists_read_before_are_kept_up_to_their_bytes_and_the_latest_used_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postings_cache, "MOST_BYTES", 3_000)
    cache, read = PostingsCache(), list[str]()

    def get(name: str, entries: int = 10) -> int:
        def read_it() -> Postings:
            read.append(name)
            return postings(list(range(entries)), [1] * entries, [])

        return len(cache.get(("index", "text", name), read_it).ids)

    assert [get(name) for name in ("one", "two", "three", "four", "one", "five")] == [10] * 6
    assert [get(name) for name in ("one", "two")] == [10, 10]
    assert read == ["one", "two", "three", "four", "five", "two"], "two was used longest ago"
    assert [get("large", 400) for _ in range(2)] == [400, 400]
    assert read[-2:] == ["large", "large"], "larger than all that is kept"
    assert get("two") == 10
    assert read[-1] == "large", "and nothing else goes for it"
