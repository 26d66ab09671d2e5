"""Says what keeps the worker waiting, so that the desk, another process, can show it.

The notice is a line in ``worker.notice``. The file gets its full size as soon as there is room and is only
overwritten in place after that, so a full disk can be reported on that very disk.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import TerugblikError
from archive.outside_text import clean_line

_SIZE = 4096
"""Bytes of the file: a block of most disks."""
_LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class WorkerNotice:
    """Why the worker waits."""

    code: str
    """The code of the error, such as `no-room`."""
    message: str
    since: datetime
    by: str = ""
    """The name of the worker that wrote it; empty if it had none yet."""


class NoticeBoard:
    """The workers for a folder write their notice here, and everybody may read it. There is one, the newest.

    Writing is best effort: failing to write is no reason to stop.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "worker.notice"

    def tell(self, error: TerugblikError, by: str = "") -> None:
        """Record that the worker named `by` waits because of `error`; the time is kept if one was waiting
        already."""
        known = self.notice()
        since = known.since if known else datetime.now(UTC)
        message = clean_line(f"{error.message} {error.hint}")[:_LONGEST_MESSAGE]
        self._write({"code": error.code, "message": message, "since": since.isoformat(), "by": by})

    def clear(self) -> None:
        """Remove the notice; the file keeps its size for the next one."""
        self._write(None)

    def notice(self) -> WorkerNotice | None:
        """The notice; None if there is none."""
        try:
            stored = json.loads(self._path.read_bytes())
            since = datetime.fromisoformat(stored["since"])
            code, message = str(stored["code"]), str(stored["message"])
            return WorkerNotice(code, message, since, str(stored.get("by", "")))
        except (OSError, ValueError, TypeError, LookupError, AttributeError):
            return None

    def _write(self, stored: object) -> None:
        line = json.dumps(stored).encode("ascii").ljust(_SIZE - 1) + b"\n"
        with suppress(OSError):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, line, 0)
            finally:
                os.close(descriptor)
