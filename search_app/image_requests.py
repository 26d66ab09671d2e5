"""The page images that the site shows, and the request to the worker if one is damaged or missing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.catalogue.wanted_images import WantedImage
from archive.errors import NotFound, ServiceUnavailable
from archive.images.image_files import ImageSize
from archive.images.large_images import LargeImages, note_use
from archive.images.page_images import PageImages
from archive.records import Document
from archive.settings import Settings
from search_app.worker_requests import WorkerRequests

ImageState = Literal["whole", "being made", "not drawn"]


class ImageBeingMade(ServiceUnavailable):
    """The page exists, but its image does not exist yet, or no longer."""

    code = "image-being-made"


class ImageNotDrawn(NotFound):
    """The page exists, but no image of it can be made."""

    code = "image-not-drawn"


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image that is whole."""

    path: Path
    size: ImageSize


class ImageRequests:
    """The images of one archive. Safe to share between threads."""

    def __init__(self, catalogue: Catalogue, settings: Settings, requests: WorkerRequests) -> None:
        self._queue = Queue(catalogue)
        self._data = settings.data
        self._large = LargeImages.of(settings.data, settings.image_room)
        self._requests = requests

    def find(self, document: Document, page: int, size: ImageSize = "page") -> FoundImage | None:
        """An intact image, which a reader is shown; if there is none of this size, that of the normal size.

        The worker is asked for what is missing.
        """
        images = PageImages.of(self._data, document.id)
        if size == "large":
            return self._find_large(document, page)
        found = images.find(page, size)
        if found is not None:
            return FoundImage(found, size)
        self._ask_for(document)
        instead = images.find(page) if size != "page" else None
        return FoundImage(instead, "page") if instead is not None else None

    def has_large(self, document: Document, page: int) -> bool:
        """Whether the page has an image for those who enlarge it."""
        return self._large.find(document.id, page) is not None

    def _find_large(self, document: Document, page: int) -> FoundImage | None:
        found, wanted = self._large.find(document.id, page), WantedImage(document.id, page)
        if found is not None:
            note_use(found)
            self._requests.is_there(wanted)
            return FoundImage(found, "large")
        instead = self.find(document, page)
        if instead is not None:
            self._requests.ask_for_image(wanted)
        return instead

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
