"""Says in the language of the interface what keeps the worker waiting.

The worker is another process. It leaves a notice where it can; a full disk can be seen from here.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext

from archive.surroundings import LEAST_ROOM, NoMeans, NoMemory, NoRoom, free_room
from archive.worker_notice import NoticeBoard


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the worker waits."""

    message: str
    hint: str
    """What to do about it."""
    since: datetime | None
    detail: str
    """The message of the worker, in English; may be empty."""


def hindrance(data: Path) -> Hindrance | None:
    """What keeps the worker of the archive in the folder `data` waiting; None if nothing does."""
    notice = NoticeBoard(data).notice()
    if notice is not None:
        return Hindrance(*_words(notice.code), notice.since, notice.message)
    if free_room(data) < LEAST_ROOM:
        return Hindrance(*_words(NoRoom.code), None, "")
    return None


def _words(code: str) -> tuple[str, str]:
    by_itself = gettext("Nothing is lost, and the work continues by itself when this is over.")
    words = {
        NoRoom.code: (
            gettext("The disk of the archive is full: nothing can be added, read or changed."),
            gettext("Free disk space on the server. Nothing is lost, and the work then continues by itself."),
        ),
        NoMemory.code: (gettext("The server has no free memory."), by_itself),
        NoMeans.code: (
            gettext(
                "The server prevents documents from being processed: files cannot be opened, programs "
                "started or data written."
            ),
            by_itself,
        ),
    }
    return words.get(code, (gettext("Something prevents documents from being processed."), by_itself))
