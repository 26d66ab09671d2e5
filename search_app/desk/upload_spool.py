"""Stores each uploaded file in a temporary file of its own while the request is read.

If there is no room for one, that file is dropped and reading continues, so that each file gets its own
answer.
"""

from contextlib import suppress
from io import SEEK_SET, BytesIO
from tempfile import TemporaryFile
from typing import IO

from flask import Request

from archive.errors import ServiceUnavailable
from archive.surroundings import trouble_behind


class Spool:
    """An uploaded file; empty, with the error in `trouble`, if it could not be stored completely."""

    def __init__(self) -> None:
        self.trouble: ServiceUnavailable | None = None
        self._file: IO[bytes] = BytesIO()
        try:
            self._file = TemporaryFile()  # noqa: SIM115 (closed with the request)
        except OSError as error:
            self._let_go(error)

    def write(self, data: bytes) -> int:
        """Write more of the file."""
        if self.trouble is None:
            try:
                self._file.write(data)
                self._file.flush()
            except OSError as error:
                self._let_go(error)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; all that are left if it is negative."""
        return self._file.read(size)

    def seek(self, place: int, whence: int = SEEK_SET) -> int:
        """Move to another position."""
        return self._file.seek(place, whence)

    def seekable(self) -> bool:
        """Always True."""
        return True

    def tell(self) -> int:
        """The current position."""
        return self._file.tell()

    def close(self) -> None:
        """Close and delete the temporary file."""
        self._file.close()

    def _let_go(self, error: OSError) -> None:
        self.trouble = trouble_behind(error)
        if self.trouble is None:
            raise error
        with suppress(OSError):  # what could not be written is tried once more, in vain
            self._file.close()
        self._file = BytesIO()


class SpoolingRequest(Request):
    """A request whose files are stored in a :class:`Spool` each."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Spool()  # type: ignore[return-value]
