"""Images of pages that the site shows, and the word that it leaves for the worker where one is not whole."""

import logging
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Literal

from archive.catalogue import Catalogue
from archive.errors import NotFound, ServiceUnavailable, TerugblikError
from archive.page_images import ImageSize, PageImages
from archive.queue import Queue
from archive.records import Document

ImageState = Literal["whole", "being made", "not drawn"]

_ASK_EVERY = 60.0
"""Seconds between two words about the same document."""
_MOST_DOCUMENTS = 1000

_log = logging.getLogger(__name__)


class ImageBeingMade(ServiceUnavailable):
    """The page exists, and its image does not yet, or not any more."""

    code = "image-being-made"


class ImageNotDrawn(NotFound):
    """The page exists, and cannot be drawn."""

    code = "image-not-drawn"


class ImageRequests:
    """The images of one archive. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue, data: Path) -> None:
        self._queue = Queue(catalogue)
        self._data = data
        self._asked: OrderedDict[str, float] = OrderedDict()
        """When the worker was last told of a document."""
        self._is_telling = False
        self._lock = threading.Lock()

    def find(self, document: Document, page: int, size: ImageSize = "page") -> Path | None:
        """A whole image; where one of its size is not to be had, the one of the page's own size, if any."""
        images = PageImages.of(self._data, document.id)
        found = images.find(page, size)
        if found is None:
            self._ask_for(document)
        return found if found is not None or size == "page" else images.find(page)

    def state(self, document: Document, page: int) -> ImageState:
        """Whether the page has an image; where it has none, whether one will come."""
        if self.find(document, page) is not None:
            return "whole"
        if PageImages.of(self._data, document.id).cannot_be_drawn(page):
            return "not drawn"
        job = self._queue.latest(document.id, "render")
        return "not drawn" if job is not None and job.state == "failed" else "being made"

    def _ask_for(self, document: Document) -> None:
        """Leave word for the worker, at most once in a while for each document; nobody waits until that can
        be written."""
        now = time.monotonic()
        with self._lock:
            if self._is_telling or now < self._asked.get(document.id, -_ASK_EVERY) + _ASK_EVERY:
                return
            self._is_telling = True
            self._asked[document.id] = now
            self._asked.move_to_end(document.id)
            if len(self._asked) > _MOST_DOCUMENTS:
                self._asked.popitem(last=False)
        threading.Thread(target=self._tell_worker, args=(document,), daemon=True).start()

    def _tell_worker(self, document: Document) -> None:
        try:
            if not PageImages.of(self._data, document.id).condition(document.pages).is_sound:
                self._queue.enqueue_unless_failed(document.id, "render")
        except TerugblikError as error:  # the catalogue can only be read now; the worker looks by itself too
            _log.info("The worker was not told of the images of %s: %s", document.id, error.message)
        finally:
            with self._lock:
                self._is_telling = False
