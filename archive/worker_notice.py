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
    """Of the error, such as `no-room`."""
    message: str
    since: datetime


class NoticeBoard:
    """Where the one worker of an archive writes its notice, and everybody reads it. Telling is best effort:
    what cannot be told is no reason to stop."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "worker.notice"

    def tell(self, error: TerugblikError) -> None:
        """Put up that the worker waits because of `error`; the time stays as it is if it waited already."""
        known = self.notice()
        since = known.since if known else datetime.now(UTC)
        message = clean_line(f"{error.message} {error.hint}")[:_LONGEST_MESSAGE]
        self._write({"code": error.code, "message": message, "since": since.isoformat()})

    def clear(self) -> None:
        """Take the notice down; the room of the file stays taken for the next one."""
        self._write(None)

    def notice(self) -> WorkerNotice | None:
        """The notice; None where there is none."""
        try:
            told = json.loads(self._path.read_bytes())
            since = datetime.fromisoformat(told["since"])
            return WorkerNotice(str(told["code"]), str(told["message"]), since)
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def _write(self, told: object) -> None:
        line = json.dumps(told).encode("ascii").ljust(_SIZE - 1) + b"\n"
        with suppress(OSError):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, line, 0)
            finally:
                os.close(descriptor)
