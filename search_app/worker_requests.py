"""The jobs that the site queues for the worker when something derived is missing."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from cachetools import TTLCache

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.catalogue.wanted_images import WantedImage, WantedImages
from archive.errors import TerugblikError
from archive.records import JobKind

_ASK_EVERY = 60.0
"""Seconds between two requests for the same thing."""
_MOST_REMEMBERED = 1000

_log = logging.getLogger(__name__)

IsNeeded = Callable[[], bool]

_Request = tuple[str, JobKind] | WantedImage
"""A job for a document, or a page to draw larger."""


class WorkerRequests:
    """Requests of the site to the worker, by way of the catalogue. Threads may share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._queue = Queue(catalogue)
        self._images = WantedImages(catalogue)
        self._last_requests: TTLCache[_Request, None] = TTLCache(_MOST_REMEMBERED, _ASK_EVERY)
        """What was requested within the last minute."""
        self._unwritten: OrderedDict[_Request, Callable[[], object]] = OrderedDict()
        """Requests that are still to be written, with what writes each."""
        self._is_writing = False
        self._lock = threading.Lock()

    def ask(self, document: str, kind: JobKind, is_needed: IsNeeded = lambda: True) -> None:
        """Queue a job for the worker, at most once a minute for each document and kind.

        The job is written by another thread, so that the caller does not wait.

        Args:
            is_needed: called before the job is written; may take a while.
        """
        self._write_soon(
            (document, kind), lambda: is_needed() and self._queue.enqueue_unless_failed(document, kind)
        )

    def ask_for_image(self, wanted: WantedImage) -> None:
        """The same for a page that is to be drawn larger."""
        self._write_soon(wanted, lambda: self._images.ask(wanted))

    def is_there(self, image: WantedImage) -> None:
        """The image is there; if it is missing again, the worker is asked at once."""
        with self._lock:
            self._last_requests.pop(image, None)

    def _write_soon(self, request: _Request, write: Callable[[], object]) -> None:
        with self._lock:
            if request in self._last_requests or len(self._unwritten) >= _MOST_REMEMBERED:
                return
            self._last_requests[request] = None
            self._unwritten[request] = write
            if self._is_writing:
                return
            self._is_writing = True
        threading.Thread(target=self._write_all, daemon=True).start()

    def _write_all(self) -> None:
        while True:
            with self._lock:
                if not self._unwritten:
                    self._is_writing = False
                    return
                request, write = self._unwritten.popitem(last=False)
            try:
                write()
            except TerugblikError as error:  # such as a read-only archive; the worker also looks by itself
                _log.info("The worker was not asked for %s: %s", request, error.message)
            except Exception:
                _log.exception("The worker was not asked for %s.", request)
