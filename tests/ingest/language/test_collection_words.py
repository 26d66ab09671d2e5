"""The words of other documents help to read a word that is broken at a line end."""

import hashlib
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from archive.catalogue.catalogue import Catalogue
from archive.originals import StoredOriginal
from archive.records import Description, Provenance
from ingest.language.collection_words import CollectionWords, UnbrokenWords
from ingest.language.collection_words_file import WordsFile
from ingest.language.line_end_hyphens import DocumentVocabulary
from tests.material.sample_pages import sample_block, sample_page


def words_of(*texts: str) -> UnbrokenWords:
    words = UnbrokenWords()
    pages = [sample_page(number, sample_block(text)) for number, text in enumerate(texts, 1)]
    assert list(words.of(pages)) == pages
    return words


def test_the_collection_knows_names_that_no_list_has(tmp_path: Path) -> None:
    path = tmp_path / "words.npy"
    assert DocumentVocabulary().joined("Vrob-", "kwestie", "nl") == "Vrob-kwestie"
    CollectionWords().with_words(words_of("In Vrobkwestie,", "«Vrobkwestie» dus.")).save(path)
    collection = CollectionWords.load(path)
    assert DocumentVocabulary(collection).joined("Vrob-", "kwestie", "nl") == "Vrobkwestie"
    more = collection.with_words(words_of("klimaat-maatregelen klimaat-maatregelen"))
    assert DocumentVocabulary(more).joined("klimaat-", "maatregelen", "nl") == "klimaat-maatregelen"
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


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "cut off": lambda path: os.truncate(path, path.stat().st_size - 5),
    "empty": lambda path: os.truncate(path, 0),
    "random bytes": lambda path: path.write_bytes(random.Random(5).randbytes(400)),
    "random numbers": lambda path: path.write_bytes(
        path.read_bytes()[:128] + random.Random(5).randbytes(path.stat().st_size - 128)
    ),
    "one bit": lambda path: path.write_bytes(
        path.read_bytes()[:128] + bytes([path.read_bytes()[128] ^ 1]) + path.read_bytes()[129:]
    ),
    "a folder in its place": lambda path: (path.unlink(), path.mkdir()),
    "other numbers": lambda path: np.save(path, np.arange(9.0)),
    "an archive of arrays": lambda path: path.write_bytes(b"PK\x03\x04" + bytes(60)),
    "a size that cannot be": lambda path: path.write_bytes(
        path.read_bytes()[:128].replace(b"(", b"(99999999999")
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_and_made_anew_from_the_catalogue(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        words_file = WordsFile(tmp_path, catalogue)
        words_file.look_over()
        for name in ("Vrobkwestie", "Klompmaatregel"):
            page = sample_page(1, sample_block(f"{name} is {name} vandaag"))
            original = StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), 1)
            document, _ = catalogue.receive(original, "a.pdf", Description(), Provenance(), "test")
            catalogue.start(document.id, "test")
            catalogue.store_pages(document.id, [page], (), None, "test")
            words = UnbrokenWords()
            list(words.of([page]))
            words_file.add(words)
            catalogue.mark_ready(document.id, "test")
        whole = words_file.path.read_bytes()
        assert caplog.text == "", "a first file is no damage"
        DAMAGES[damage](words_file.path)
        assert "vandaag" not in CollectionWords.load(words_file.path), "and it stops no reading"
        words_file.look_over()
        assert words_file.path.read_bytes() == whole
        assert "made anew" in caplog.text
        caplog.clear()
        words_file.look_over()
        DAMAGES[damage](words_file.path)
        words_file.add(words)
        assert words_file.path.read_bytes() == whole, "no other document's words are lost"
        assert "made anew" in caplog.text


def test_workers_that_add_words_at_once_lose_none(tmp_path: Path) -> None:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        files = [WordsFile(tmp_path, catalogue) for _ in range(4)]
        names = [f"naam{letter}zoveel" for letter in "abcdefghijklmnop"]

        def add(number: int) -> None:
            files[number % len(files)].add(words_of(f"{names[number]} {names[number]}"))

        with ThreadPoolExecutor(len(files)) as workers:
            list(workers.map(add, range(len(names))))
    words = CollectionWords.read(tmp_path / "words.npy")
    assert [name for name in names if name not in words] == []
