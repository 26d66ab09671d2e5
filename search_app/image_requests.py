"""The page images that the site shows, and the request to the worker if one is damaged or missing."""

from pathlib import Path
from typing import Literal

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import NotFound, ServiceUnavailable
from archive.page_images import ImageSize, PageImages
from archive.records import Document
from search_app.worker_requests import WorkerRequests

ImageState = Literal["whole", "being made", "not drawn"]


class ImageBeingMade(ServiceUnavailable):
    """The page exists, but its image does not exist yet, or no longer."""

    code = "image-being-made"


class ImageNotDrawn(NotFound):
    """The page exists, but no image of it can be made."""

    code = "image-not-drawn"


class ImageRequests:
    """The images of one archive. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue, data: Path, requests: WorkerRequests) -> None:
        self._queue = Queue(catalogue)
        self._data = data
        self._requests = requests

    def find(self, document: Document, page: int, size: ImageSize = "page") -> Path | None:
        """An intact image; if there is none of this size, that of the normal size, if any."""
        images = PageImages.of(self._data, document.id)
        found = images.find(page, size)
        if found is None:
            self._ask_for(document)
        return found if found is not None or size == "page" else images.find(page)

    def state(self, document: Document, page: int) -> ImageState:
        """Whether the page has an image; if not, whether one will be made."""
        if self.find(document, page) is not None:
            return "whole"
        if PageImages.of(self._data, document.id).cannot_be_drawn(page):
            return "not drawn"
        job = self._queue.latest(document.id, "render")
        return "not drawn" if job is not None and job.state == "failed" else "being made"

    def _ask_for(self, document: Document) -> None:
        images = PageImages.of(self._data, document.id)
        self._requests.ask(document.id, "render", lambda: not images.condition(document.pages).is_sound)
