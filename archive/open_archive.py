"""The catalogue and the originals of an archive, opened together."""

import os
from dataclasses import dataclass

from archive.catalogue.catalogue import Catalogue
from archive.errors import ReadOnlyArchive
from archive.files.privacy import keep_private
from archive.originals import Originals
from archive.records import Damage, Document
from archive.settings import Settings


@dataclass
class OpenArchive:
    """All that is true in an archive. Safe to share between threads."""

    catalogue: Catalogue
    originals: Originals
    settings: Settings

    @classmethod
    def open(cls, settings: Settings) -> "OpenArchive":
        """Open the archive in `settings.data`, creating the folder and the catalogue where need be.

        Raises:
            DamagedArchive, ServiceUnavailable: see :meth:`Catalogue.open`.
        """
        originals = Originals(settings.data / "originals")
        catalogue = Catalogue.open(settings.database_url, originals.folder)
        opened = OpenArchive(catalogue, originals, settings)
        if not opened.is_read_only():
            keep_private(settings.data, settings.database_url)
        return opened

    def is_read_only(self) -> bool:
        """Whether this archive can be read but not changed, such as a read-only copy or another user's
        archive.
        """
        data = self.settings.data
        return self.catalogue.database.is_read_only() or (data.exists() and not os.access(data, os.W_OK))

    def require_writing(self) -> None:
        """Call this before changing anything.

        Raises:
            ReadOnlyArchive: it cannot be changed.
        """
        if self.is_read_only():
            raise ReadOnlyArchive(f"The archive in {self.settings.data} is read-only.")

    def damage(self, document: Document) -> Damage | None:
        """What is wrong with the original of a document now; None if its bytes match its checksum.

        They are read the first time that somebody asks, and again if the file has been touched.
        """
        kind = self.originals.damage(document.sha256)
        return Damage(kind, document.damage.since if document.damage else None) if kind else None
