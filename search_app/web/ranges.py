"""Sends parts of files: a browser that shows a large PDF requests one part after another (RFC 9110, section
14)."""

import io
from collections.abc import Mapping
from typing import BinaryIO, cast

from flask import Request, Response
from werkzeug.http import parse_date
from werkzeug.wsgi import wrap_file

Environment = dict[str, object]


class Answer(Response):
    """An answer of this site. If it is a file, one range of it may be requested.

    A request for several ranges, or in other units than bytes, gets the whole file.
    """

    def make_conditional(
        self,
        request_or_environ: Environment | Request,  # type: ignore[override]  # as werkzeug has it
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> "Answer":
        """Answer as the conditions of the request say: with the whole file, a part, or "not modified"."""
        request_environment: Mapping[str, object] = (
            request_or_environ.environ if isinstance(request_or_environ, Request) else request_or_environ
        )
        environment = dict(request_environment)
        if not _is_one_part_wanted(environment, self):
            environment.pop("HTTP_RANGE", None)
        file = getattr(self.response, "file", None)
        super().make_conditional(environment, accept_ranges, complete_length)
        part = self.content_range
        if file is not None and self.status_code == 206 and part.start is not None and part.stop is not None:
            self.response = wrap_file(environment, cast(BinaryIO, _Part(file, part.start, part.stop)))
        return self


def _is_one_part_wanted(environment: Mapping[str, object], answer: Response) -> bool:
    unit, has_parts, parts = str(environment.get("HTTP_RANGE", "")).partition("=")
    is_one = has_parts and unit.strip().lower() == "bytes" and "," not in parts
    if not is_one or environment["REQUEST_METHOD"] != "GET":
        return False
    condition = str(environment.get("HTTP_IF_RANGE", ""))
    if not condition:
        return True
    if (date := parse_date(condition)) is not None:
        return date == answer.last_modified
    tag, is_weak = answer.get_etag()
    return tag is not None and not is_weak and condition == f'"{tag}"'


class _Part:
    """A part of a file, which the server reads as fast as the client receives it, as it does with whole
    files."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self._file, self._stop = file, stop
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; empty at the end of the part."""
        left = max(0, self._stop - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def seekable(self) -> bool:
        """Whether the position can be changed."""
        return True

    def tell(self) -> int:
        """The position in the file."""
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position in the file, or to one relative to the end of the part."""
        if whence == io.SEEK_END:
            return self._file.seek(self._stop + offset)
        return self._file.seek(offset, whence)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
