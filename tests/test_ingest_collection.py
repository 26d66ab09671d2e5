"""The words of other documents help to read a word that is broken at a line end."""

from pathlib import Path

import numpy as np
import pytest

from ingest.collection import CollectionWords, UnbrokenWords
from ingest.hyphens import Vocabulary
from tests.sample_pages import sample_page, sample_passage


def words_of(*texts: str) -> UnbrokenWords:
    words = UnbrokenWords()
    pages = [sample_page(number, sample_passage(text)) for number, text in enumerate(texts, 1)]
    assert list(words.of(pages)) == pages
    return words


def test_the_collection_knows_names_that_no_list_has(tmp_path: Path) -> None:
    path = tmp_path / "words.npy"
    assert Vocabulary().joined("Vrob-", "kwestie", "nl") == "Vrob-kwestie"
    CollectionWords().with_words(words_of("In Vrobkwestie,", "«Vrobkwestie» dus.")).save(path)
    collection = CollectionWords.load(path)
    assert Vocabulary(collection).joined("Vrob-", "kwestie", "nl") == "Vrobkwestie"
    more = collection.with_words(words_of("klimaat-maatregelen klimaat-maatregelen"))
    assert Vocabulary(more).joined("klimaat-", "maatregelen", "nl") == "klimaat-maatregelen"
    assert "vrobkwestie" in more


def test_a_word_that_stands_there_once_may_be_damaged() -> None:
    assert "tewerkstelling" not in CollectionWords().with_words(words_of("tewerkstelling"))


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "other numbers"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "words.npy"
    if damage == "other numbers":
        np.save(path, np.zeros((2, 2)))
    elif damage != "missing":
        path.write_bytes(b"" if damage == "empty" else b"geen getallen")
    assert "woord" not in CollectionWords.load(path)
