"""The words of all documents read so far, used to decide how a word broken at a line end is spelled.

They are stored as sorted fingerprints (:func:`ingest.language.lexicon.fingerprint`), four bytes for each
word, followed by the SHA-256 of all of them. The file can be made again from the catalogue. If it is missing
or damaged, the reader of a document treats it as empty, and the worker makes it again
(:mod:`ingest.language.collection_words_file`).
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive.files.durable_files import whole_file
from archive.records import Page
from ingest.language.lexicon import fingerprint, lexical_form

_FEWEST = 2
"""How often a document must have a word for it to be added: a single one may be misread."""
_SHORTEST = 4
_DIGEST = hashlib.sha256().digest_size


class DamagedWords(Exception):
    """A file was not written by :meth:`CollectionWords.save`, or is damaged. The message says how."""


class CollectionWords:
    """The set of words of a collection."""

    def __init__(self, numbers: npt.NDArray[np.uint32] | None = None) -> None:
        self._numbers = np.empty(0, dtype=np.uint32) if numbers is None else numbers

    @classmethod
    def load(cls, path: Path) -> "CollectionWords":
        """The words in the file at `path`; none if there is no such file, or it is damaged."""
        try:
            return cls.read(path)
        except (OSError, DamagedWords):
            return cls()

    @classmethod
    def read(cls, path: Path) -> "CollectionWords":
        """The words in the file at `path`.

        Raises:
            OSError: it is not there, or cannot be read.
            DamagedWords: it was not written by :meth:`save`, or has changed since.
        """
        content = path.read_bytes()
        try:
            numbers = np.load(io.BytesIO(content), allow_pickle=False)
        except Exception as error:  # NumPy does not document which errors it raises for other files
            raise DamagedWords("is cut off, or was never a list of words") from error
        if not isinstance(numbers, np.ndarray) or numbers.dtype != np.uint32 or numbers.ndim != 1:
            raise DamagedWords("is no list of words")
        written, digest = content[:-_DIGEST], content[-_DIGEST:]
        if hashlib.sha256(written).digest() != digest:
            raise DamagedWords("holds other bytes than were written")
        return cls(numbers)

    def __contains__(self, word: str) -> bool:
        number = np.uint32(fingerprint(lexical_form(word)))
        place = int(np.searchsorted(self._numbers, number))
        return place < len(self._numbers) and bool(self._numbers[place] == number)

    def with_words(self, words: "UnbrokenWords") -> "CollectionWords":
        """These words and those of one more document."""
        new = [
            fingerprint(word)
            for word, count in words.counts.items()
            if count >= _FEWEST and len(word) >= _SHORTEST
        ]
        return CollectionWords(np.union1d(self._numbers, np.array(new, dtype=np.uint32)))

    def save(self, path: Path) -> None:
        """Write them to the file at `path`, as a whole or not at all."""
        content = io.BytesIO()
        np.save(content, self._numbers)
        written = content.getvalue()
        with whole_file(path, path.with_suffix(".part")) as file:
            file.write(written + hashlib.sha256(written).digest())


class UnbrokenWords:
    """Counts the words of a document that are not broken at a line end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """The number of times that each word occurs, by its lexical form."""

    def of(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Yields the same pages, and counts their words on the way."""
        for page in pages:
            self.counts.update(
                lexical_form(word.text.strip(".,;:!?()[]«»“”„\"'‘’"))
                for block in page.blocks
                for word in block.words
                if len(word.boxes) == 1
            )
            yield page
