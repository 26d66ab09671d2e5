"""Draws the pages that readers want to see larger, between the jobs of the queue."""

import logging
from dataclasses import dataclass

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.wanted_images import WantedImage, WantedImages
from archive.errors import BadInputFile, TerugblikError
from archive.images.large_images import LargeImages
from archive.surroundings import trouble_behind
from ingest.sandbox.document_reader import DocumentReader, drawing

_DRAWN_AT_ONCE = 8
"""Pages before the queue has its turn. A reader waits for a page; a document takes longer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LargePages:
    """Draws what is wanted of one archive. Only its worker does that."""

    catalogue: Catalogue
    images: LargeImages

    def draw_wanted(self, reader: DocumentReader) -> None:
        """Draw what waits, a few pages at most.

        What hinders that is no reason to keep jobs waiting: the reader has the smaller image, and asks again.

        Raises:
            Stopped: the work was called off.
        """
        wanted_images = WantedImages(self.catalogue)
        for wanted in wanted_images.waiting(_DRAWN_AT_ONCE):
            wanted_images.begin(wanted)
            is_settled = True
            try:
                is_settled = self._draw(wanted, reader)
            except BadInputFile as error:
                _log.info(
                    "Page %s of %s was not drawn larger: %s", wanted.page, wanted.document, error.message
                )
                is_settled = False
            except (TerugblikError, OSError) as error:
                trouble = trouble_behind(error) or error
                _log.warning("Page %s of %s was not drawn larger: %s", wanted.page, wanted.document, trouble)
            finally:
                if is_settled:
                    wanted_images.settle(wanted)

    def try_again(self, document: str) -> None:
        """Let what was tried in vain of a document be tried once more."""
        WantedImages(self.catalogue).forget(document)

    def forget(self, document: str) -> None:
        """Delete what is drawn of a document, and draw nothing of it that waits."""
        WantedImages(self.catalogue).forget(document)
        self.images.forget(document)

    def _draw(self, wanted: WantedImage, reader: DocumentReader) -> bool:
        """Draw a page, if it has no large image yet; whether it has one now, or needs none."""
        document = self.catalogue.document(wanted.document)
        is_shown = document.status == "ready" and 0 < wanted.page <= document.pages
        if not is_shown or self.images.find(document.id, wanted.page) is not None:
            return True
        with reader.scratch(document) as scratch:
            folder = scratch / "large"
            reader.run(document, "render", scratch, *drawing(folder, [wanted.page]), "--large")
            drawn = next(folder.glob(f"{wanted.page}.*"), None)
            return drawn is not None and self.images.keep(document.id, wanted.page, drawn)
