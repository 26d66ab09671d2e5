"""The jobs that the site queues for the worker when something derived is missing."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from cachetools import TTLCache

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import TerugblikError
from archive.records import JobKind

_ASK_EVERY = 60.0
"""Seconds between two requests for the same document."""
_MOST_REMEMBERED = 1000

_log = logging.getLogger(__name__)

IsNeeded = Callable[[], bool]


class WorkerRequests:
    """Jobs that readers need, put into the queue of an archive. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._queue = Queue(catalogue)
        self._last_requests: TTLCache[tuple[str, JobKind], None] = TTLCache(_MOST_REMEMBERED, _ASK_EVERY)
        """What was requested within the last minute."""
        self._to_tell: OrderedDict[tuple[str, JobKind], IsNeeded] = OrderedDict()
        self._is_telling = False
        self._lock = threading.Lock()

    def ask(self, document: str, kind: JobKind, is_needed: IsNeeded = lambda: True) -> None:
        """Queue a job for the worker, at most once a minute for each document and kind.

        The job is written by another thread, so that the caller does not wait.

        Args:
            is_needed: called before the job is written; may take a while.
        """
        key = document, kind
        with self._lock:
            if key in self._last_requests or len(self._to_tell) >= _MOST_REMEMBERED:
                return
            self._last_requests[key] = None
            self._to_tell[key] = is_needed
            if self._is_telling:
                return
            self._is_telling = True
        threading.Thread(target=self._tell_worker, daemon=True).start()

    def _tell_worker(self) -> None:
        while True:
            with self._lock:
                if not self._to_tell:
                    self._is_telling = False
                    return
                (document, kind), is_needed = self._to_tell.popitem(last=False)
            try:
                if is_needed():
                    self._queue.enqueue_unless_failed(document, kind)
            except TerugblikError as error:  # the catalogue can only be read; the worker looks by itself too
                _log.info("The worker was not told to %s %s: %s", kind, document, error.message)
            except Exception:
                _log.exception("The worker was not told to %s %s.", kind, document)
