"""Draws the pages that readers want to see enlarged, between the jobs of the queue."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.wanted_images import MOST_WAITING, WantedImage, WantedImages
from archive.errors import BadInputFile, TerugblikError
from archive.files.file_lock import worker_lock
from archive.images.large_images import LargeImages
from archive.surroundings import trouble_behind
from ingest.sandbox.document_reader import DocumentReader, drawing

_DRAWN_AT_ONCE = 8
"""Most pages that are drawn between two jobs."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LargePages:
    """Draws the requested pages of one archive. Only its workers use this, one at a time in a folder."""

    catalogue: Catalogue
    images: LargeImages

    def draw_wanted(self, reader: DocumentReader) -> None:
        """Draw some of the pages that wait, unless another worker does.

        Troubles of the machine are ignored here, so that jobs do not wait: the reader has the smaller
        image, and can request the page again.

        Raises:
            Stopped: the work was cancelled.
        """
        wanted_images = WantedImages(self.catalogue)
        waiting = self._waiting_here(wanted_images, reader)
        turn = worker_lock(self.images.folder.parent, "large-pages")
        try:
            if not waiting or not turn.acquire():
                return
        except OSError as error:
            _log.warning("No page can be drawn larger: %s", trouble_behind(error) or error)
            return
        try:
            self._draw_all(waiting, wanted_images, reader)
        finally:
            turn.release()

    def _waiting_here(self, wanted_images: WantedImages, reader: DocumentReader) -> Sequence[WantedImage]:
        """The pages to draw now. Those whose original another host has wait for that."""
        if not self.catalogue.database.is_shared_by_hosts:
            return wanted_images.waiting(_DRAWN_AT_ONCE)
        waiting = wanted_images.waiting(MOST_WAITING)
        documents = self.catalogue.documents_by_id({wanted.document for wanted in waiting})
        here = {one.id for one in documents.values() if reader.originals.holds(one.sha256)}
        return [wanted for wanted in waiting if wanted.document in here][:_DRAWN_AT_ONCE]

    def _draw_all(
        self, waiting: Sequence[WantedImage], wanted_images: WantedImages, reader: DocumentReader
    ) -> None:
        for wanted in waiting:
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
        """Have pages of a document that could not be drawn tried again."""
        WantedImages(self.catalogue).forget(document)

    def forget(self, document: str) -> None:
        """Delete the large images of a document, and its pages that wait."""
        WantedImages(self.catalogue).forget(document)
        self.images.forget(document)

    def _draw(self, wanted: WantedImage, reader: DocumentReader) -> bool:
        """Draw a page, unless it has a large image. Returns whether it has one now, or needs none."""
        document = self.catalogue.document(wanted.document)
        if (
            not self._is_shown(document.id, wanted.page)
            or self.images.find(document.id, wanted.page) is not None
        ):
            return True
        with reader.scratch(document) as scratch:
            folder = scratch / "large"
            reader.run(document, "render", scratch, *drawing(folder, [wanted.page]), "--large")
            drawn = next(folder.glob(f"{wanted.page}.*"), None)
            return drawn is not None and self.images.keep(
                document.id, wanted.page, drawn, lambda: self._is_shown(document.id, wanted.page)
            )

    def _is_shown(self, document: str, page: int) -> bool:
        held = self.catalogue.document(document)
        return held.status == "ready" and 0 < page <= held.pages
