"""Keeps the index sound without anybody's help.

Notices an index that is missing, damaged, of another version or different from the catalogue, reports it on
stderr and repairs or rebuilds it.
"""

import logging
import time
from collections.abc import Hashable, Sequence
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import TerugblikError
from index import indexer
from index.engine import generations
from index.engine.manifest import Guard
from index.errors import IndexUnusable
from index.indexer import Indexer
from index.soundness import Finding, look

_PAUSE_AFTER_FAILURE = 10.0
"""Seconds until a failed repair is tried again."""

_log = logging.getLogger(__name__)


class Caretaker:
    """Checks an index regularly, and repairs it. Used by the worker of an archive."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self._catalogue = catalogue
        self._queue = Queue(catalogue)
        self._folder = folder
        self._indexer = Indexer(catalogue, folder)
        self._guard: Guard | None = None
        """The guard of the generation that was checked."""
        self._sound: Hashable = None
        """The result of :meth:`_now` when the index was last found sound."""
        self._not_before = 0.0
        self._last_trouble = ""

    def look_over(self) -> None:
        """Check the index, and repair it if needed. Fast if nothing has changed since the last time.

        If it cannot be repaired now, as on a full disk, that is logged and tried again later. Nothing is
        raised.
        """
        if time.monotonic() < self._not_before:
            return
        try:
            self._look_over()
            self._last_trouble = ""
        except (TerugblikError, OSError) as error:
            if self._last_trouble != str(error):  # logged once, not at each attempt
                _log.warning("The index cannot be mended now: %s It is tried again.", error)
            self._last_trouble = str(error)
            self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE
        except Exception:
            _log.exception("The index cannot be mended. It is tried again.")
            self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE

    def _look_over(self) -> None:
        if generations.take_hint(self._folder):
            self._guard = None  # so that all files are read again
        if not generations.stamp(self._folder) and not self._catalogue.ready_documents():
            self._indexer.rebuild()  # an empty archive can be searched, too
        is_queue_empty = not self._queue.changing()
        stamp = generations.stamp(self._folder)
        before, now = self._guard, self._now(is_queue_empty)
        if now == self._sound and self._guard is before:
            return
        # Waiting jobs change many documents one by one, so documents are compared when none is waiting.
        findings = look(
            self._catalogue,
            self._folder,
            self._guard,
            answers=self._guard is not before,
            contents=is_queue_empty,
        )
        if findings:
            self._mend(findings, stamp)
            self._guard = None
        else:
            self._sound = now

    def _now(self, is_queue_empty: bool) -> Hashable:
        """A value that changes with the catalogue, with each commit to the index, and if a file of it is
        changed."""
        stamp = generations.stamp(self._folder)
        try:
            generation = generations.current(self._folder, indexer.FINGERPRINT)
            if self._guard is None or self._guard.generation != generation:
                self._guard = Guard(generation)
            damage: Sequence[str] = self._guard.damage()
        except IndexUnusable as error:
            damage = [error.message]
        return self._catalogue.state(), is_queue_empty, stamp, tuple(damage)

    def _mend(self, findings: Sequence[Finding], stamp: tuple[object, ...]) -> None:
        first, documents = findings[0], [one.document for one in findings if one.document is not None]
        if len(documents) == len(findings):
            others = f" The same holds for {len(documents) - 1} more." if documents[1:] else ""
            _log.warning("%s%s The index is brought up to date.", first.detail, others)
            self._indexer.follow(documents)
            return
        _log.warning("%s The index is made anew.", first.detail)
        if self._indexer.rebuild_unless_changed(stamp):
            _log.warning("The index has been made anew.")
