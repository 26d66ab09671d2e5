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

_Wish = tuple[str, JobKind] | WantedImage
"""A job for a document, or a page to draw larger."""


class WorkerRequests:
    """What readers need of the worker, put into the catalogue of an archive. Threads may share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._queue = Queue(catalogue)
        self._images = WantedImages(catalogue)
        self._last_requests: TTLCache[_Wish, None] = TTLCache(_MOST_REMEMBERED, _ASK_EVERY)
        """What was requested within the last minute."""
        self._to_tell: OrderedDict[_Wish, Callable[[], object]] = OrderedDict()
        self._is_telling = False
        self._lock = threading.Lock()

    def ask(self, document: str, kind: JobKind, is_needed: IsNeeded = lambda: True) -> None:
        """Queue a job for the worker, at most once a minute for each document and kind.

        The job is written by another thread, so that the caller does not wait.

        Args:
            is_needed: called before the job is written; may take a while.
        """
        self._leave_word(
            (document, kind), lambda: is_needed() and self._queue.enqueue_unless_failed(document, kind)
        )

    def ask_for_image(self, wanted: WantedImage) -> None:
        """The same for a page that is to be drawn larger."""
        self._leave_word(wanted, lambda: self._images.ask(wanted))

    def is_there(self, image: WantedImage) -> None:
        """The image has come; if it goes again, the worker is told at once."""
        with self._lock:
            self._last_requests.pop(image, None)

    def _leave_word(self, wish: _Wish, tell: Callable[[], object]) -> None:
        with self._lock:
            if wish in self._last_requests or len(self._to_tell) >= _MOST_REMEMBERED:
                return
            self._last_requests[wish] = None
            self._to_tell[wish] = tell
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
                wish, tell = self._to_tell.popitem(last=False)
            try:
                tell()
            except TerugblikError as error:  # the catalogue can only be read; the worker looks by itself too
                _log.info("The worker was not told of %s: %s", wish, error.message)
            except Exception:
                _log.exception("The worker was not told of %s.", wish)
