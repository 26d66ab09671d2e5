"""Keeps the file with the words of all documents intact; used by the worker.

Separate from :mod:`ingest.language.collection_words`, which the reader process uses too: that process must
not open a catalogue.
"""

import logging
import shutil
import time
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.errors import TerugblikError
from archive.files.file_lock import FileLock, worker_lock
from ingest.language.collection_words import CollectionWords, DamagedWords, UnbrokenWords

_PAUSE_AFTER_FAILURE = 10.0
"""Seconds until a file that could not be made anew is tried again."""

_log = logging.getLogger(__name__)


class WordsFile:
    """The words of all documents of an archive, in a file that is made anew where it is not sound."""

    def __init__(self, data: Path, catalogue: Catalogue) -> None:
        """Keep them in the folder of the archive."""
        self._data = data.absolute()
        self.path = self._data / "words.npy"
        self._catalogue = catalogue
        self._sound: tuple[int, int, int] | None = None
        """How the file looked when it was found sound."""
        self._not_before = 0.0
        self._last_trouble = ""

    def add(self, words: UnbrokenWords) -> None:
        """Add the words of a document.

        Raises:
            OSError: the file cannot be written, as on a full disk.
        """
        with self._changing():  # else the words that another worker adds could be lost
            try:
                known = CollectionWords.read(self.path)
            except (OSError, DamagedWords) as error:
                known = self._read_anew(error)
            self._save(known.with_words(words))
            self._sound = self._look()

    def look_over(self) -> None:
        """Make the file anew if it is missing or damaged; cheap while it stays as it was. What cannot be done
        now, as on a full disk, is told and tried again later."""
        if time.monotonic() < self._not_before or (self._sound and self._look() == self._sound):
            return
        try:
            seen = self._look()
            CollectionWords.read(self.path)
            self._sound = seen
        except (OSError, DamagedWords):
            try:
                self._make_anew()
            except (OSError, TerugblikError) as trouble:
                if self._last_trouble != str(trouble):  # once, not each time that it is tried
                    _log.warning("%s cannot be made anew now: %s It is tried again.", self.path, trouble)
                self._last_trouble = str(trouble)
                self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE

    def _make_anew(self) -> None:
        """Make the file anew, unless another process has done so meanwhile."""
        with self._changing():
            try:
                CollectionWords.read(self.path)
            except (OSError, DamagedWords) as error:
                self._save(self._read_anew(error))
            self._sound = self._look()

    def _changing(self) -> FileLock:
        """A block in which only one process changes the file."""
        return worker_lock(self._data, "words")

    def damage(self) -> str | None:
        """What is wrong with the file, in a sentence; nothing while the archive has no documents."""
        try:
            CollectionWords.read(self.path)
        except (OSError, DamagedWords) as error:
            if self._catalogue.documents():
                return f"{self.path} {'is missing' if isinstance(error, FileNotFoundError) else error}."
        return None

    def _read_anew(self, trouble: Exception) -> CollectionWords:
        documents = self._catalogue.documents(("ready", "processing"))
        if any(document.status == "ready" for document in documents):  # else there is none yet
            what = "is missing" if isinstance(trouble, FileNotFoundError) else str(trouble)
            _log.warning("%s %s. It is made anew from the catalogue.", self.path, what)
        found = CollectionWords()
        for document in documents:
            words = UnbrokenWords()
            for _page in words.of(self._catalogue.pages(document.id)):
                pass
            found = found.with_words(words)
        return found

    def _save(self, words: CollectionWords) -> None:
        if self.path.is_dir() and not self.path.is_symlink():
            shutil.rmtree(self.path)  # a folder in the place of the file cannot be replaced by one
        words.save(self.path)

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
