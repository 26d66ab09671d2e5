"""How does a worker begin? When its archive can be opened and, beside a site, when it can be written."""

import threading

from archive.errors import ReadOnlyArchive, ServiceUnavailable
from archive.open_archive import OpenArchive
from archive.settings import Settings
from archive.worker_notice import NoticeBoard
from ingest.jobs.hindrance import HindranceReporter

_PAUSE = 5.0
"""Seconds between two looks at a read-only archive."""


def open_in_time(settings: Settings, stop: threading.Event) -> OpenArchive:
    """The archive, once it can be opened: on a full disk not even that may be possible.

    Raises:
        ReadOnlyArchive: its catalogue is new or not up to date, and cannot be written.
        ServiceUnavailable: `stop` was set, and it could not be opened yet.
    """
    hindrance = HindranceReporter(NoticeBoard(settings.data), settings.data)
    while True:
        try:
            return OpenArchive.open(settings)
        except ReadOnlyArchive:
            raise
        except ServiceUnavailable as error:
            if stop.is_set():
                raise
            hindrance.met(error)
            hindrance.wait(stop)


def wait_until_writable(opened: OpenArchive, stop: threading.Event) -> None:
    """A site that shows a read-only archive has nothing to work on, until it can be written after all."""
    while opened.is_read_only() and not stop.wait(_PAUSE):
        pass
