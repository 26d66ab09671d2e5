"""How the words of a block are packed: nothing is lost but what lies below a hundredth of a point."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.page_rows import pack_words, unpack_words
from archive.errors import DamagedArchive
from archive.records import Word
from tests.material.sample_pages import sample_block

_side = st.integers(-100_000, 1_000_000).map(lambda hundredths: hundredths / 100)
_boxes = st.lists(st.tuples(_side, _side, _side, _side), max_size=3).map(tuple)
_words = st.lists(
    st.tuples(st.text(min_size=1, max_size=8), st.integers(0, 3), _boxes, st.booleans()), max_size=20
)


@given(_words)
def test_words_come_out_as_they_went_in(
    parts: list[tuple[str, int, tuple[tuple[float, ...], ...], bool]],
) -> None:
    text, words = "", []
    for word, gap, boxes, is_doubtful in parts:
        text += " " * gap
        words.append(Word(word, len(text), boxes, is_doubtful))  # type: ignore[arg-type]
        text += word
    assert unpack_words(text, pack_words(text, words)) == tuple(words)


def test_words_that_an_older_version_packed_are_not_doubtful() -> None:
    packed = zlib.compress(b"[[0,1],[4,5],[1,1],[1000,500],[2000,0],[2000,2500],[1000,1000]]")
    assert unpack_words("pact 2025!", packed) == (
        Word("pact", 0, ((10.0, 20.0, 30.0, 30.0),)),
        Word("2025!", 5, ((35.0, 20.0, 60.0, 30.0),)),
    )


def test_places_are_kept_to_a_hundredth_of_a_point() -> None:
    word = Word("a", 0, ((1.004, 2.006, 3.0049999, 1 / 3),))
    assert unpack_words("a", pack_words("a", [word]))[0].boxes == ((1.0, 2.01, 3.0, 0.33),)


def test_a_page_of_words_packs_small() -> None:
    block = sample_block(" ".join(["werkgelegenheid", "van", "de", "Brusselaars"] * 125))
    assert len(pack_words(block.text, block.words)) < 5 * len(block.words)


@pytest.mark.parametrize(("word", "start"), [("pact", 1), ("pact", 99), ("Pact", 0), ("t", -1)])
def test_a_word_that_is_not_in_the_text_is_refused(word: str, start: int) -> None:
    with pytest.raises(ValueError, match="is not at"):
        pack_words("pact", [Word(word, start, ())])


@pytest.mark.parametrize("packed", [b"", b"garbage", pack_words("", [])[:-3]])
def test_damaged_words_are_a_damaged_archive(packed: bytes) -> None:
    with pytest.raises(DamagedArchive):
        unpack_words("", packed)
