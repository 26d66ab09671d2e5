"""Puts uploaded files aside in temporary files, each on its own, while the request is read.

If there is no room for one, that file is dropped and the others are read on, so that each gets its own
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
    """A file on its way in; empty, with the `trouble` that it met, where it could not be put aside whole."""

    def __init__(self) -> None:
        self.trouble: ServiceUnavailable | None = None
        self._file: IO[bytes] = BytesIO()
        try:
            self._file = TemporaryFile()  # noqa: SIM115 (closed with the request)
        except OSError as error:
            self._let_go(error)

    def write(self, data: bytes) -> int:
        """Put aside some more."""
        if self.trouble is None:
            try:
                self._file.write(data)
                self._file.flush()
            except OSError as error:
                self._let_go(error)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; all that are left, if negative."""
        return self._file.read(size)

    def seek(self, place: int, whence: int = SEEK_SET) -> int:
        """Go on at another place."""
        return self._file.seek(place, whence)

    def seekable(self) -> bool:
        """It always is."""
        return True

    def tell(self) -> int:
        """The place where it goes on."""
        return self._file.tell()

    def close(self) -> None:
        """Let it go."""
        self._file.close()

    def _let_go(self, error: OSError) -> None:
        self.trouble = trouble_behind(error)
        if self.trouble is None:
            raise error
        with suppress(OSError):  # what could not be written is tried once more, in vain
            self._file.close()
        self._file = BytesIO()


class SpoolingRequest(Request):
    """A request whose files are put aside like that."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Spool()  # type: ignore[return-value]
