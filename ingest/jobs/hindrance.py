"""Reports what stops a worker, and waits until it may be over."""

import logging
import threading
import time
from pathlib import Path

from archive.errors import ServiceUnavailable, TerugblikError
from archive.files.presence import is_present
from archive.surroundings import LEAST_ROOM, TROUBLES, NoRoom, free_room, trouble_behind
from archive.worker_notice import NoticeBoard, WorkerNotice

_PAUSE = 0.5
"""Seconds between two looks at the disk."""
_PATIENCE, _LONGEST_PATIENCE = 5.0, 300.0
"""Seconds until work that trouble of the machine stopped is tried again: the first time, and at most."""

_log = logging.getLogger(__name__)


class HindranceReporter:
    """Reports trouble that stops the worker of an archive: once, and not each time that it occurs."""

    def __init__(self, notices: NoticeBoard, data: Path) -> None:
        self.worker = ""
        """The name of the worker, once it has one."""
        self._notices = notices
        self._data = data
        self._last_cause = ""
        self._is_first = True
        self._patience = _PATIENCE

    def met(self, error: Exception) -> None:
        """Log it, and show it at the desk."""
        trouble = error if isinstance(error, TerugblikError) else trouble_behind(error)
        is_unforeseen = trouble is None
        if trouble is None:
            trouble = ServiceUnavailable(f"The worker met an error: {type(error).__name__}: {error}")
        cause = trouble.code if trouble.code in TROUBLES else trouble.message
        if cause != self._last_cause:
            text = f"The worker waits. {trouble.message} {trouble.hint}"
            _log.error("%s", text, exc_info=error if is_unforeseen else None)
        self._last_cause = cause
        self._notices.tell(trouble, self.worker)

    def is_over(self) -> None:
        """The work continues."""
        if self._last_cause:
            _log.warning("The worker goes on.")
        notice = self._notices.notice()
        # The first time the file gets the size with which a notice can be written on a full disk.
        if self._is_first if notice is None else self._may_take_down(notice):
            self._notices.clear()
        self._last_cause = ""
        self._is_first = False
        self._patience = _PATIENCE

    def _may_take_down(self, notice: WorkerNotice) -> bool:
        """Whether a notice is this worker's, or of one that is no more; another one may wait still."""
        return notice.by in ("", self.worker) or not is_present(self._data, notice.by)

    def wait(self, stop: threading.Event) -> None:
        """Wait until the disk has more room, or some time has passed.

        If the disk has too little room, the time grows with each attempt, because finding out whether there
        is enough room may mean reading a document.
        """
        free = free_room(self._data)
        deadline = time.monotonic() + self._patience
        if self._last_cause == NoRoom.code:
            self._patience = min(2 * self._patience, _LONGEST_PATIENCE)
        while time.monotonic() < deadline and not stop.wait(_PAUSE):
            if free_room(self._data) >= free + LEAST_ROOM:
                return
